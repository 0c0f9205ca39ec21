//! The message of the commit that lands.

use crate::config::Gate;
use model::{Bead, Id};

/// The message: what was done, and the trailers by which it is found again.
///
/// The title is one line whatever it holds, and nothing else of the bead gets
/// in: no text that others wrote can look like a trailer.
pub(super) fn message(bead: &Bead, attempt: u32, gates: &[Gate]) -> String {
    let title: String = bead
        .title
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let names = match gates {
        [] => vec!["none"],
        gates => gates.iter().map(|gate| gate.name.as_str()).collect(),
    };
    let gates: String = names.iter().map(|name| format!("Gate: {name}\n")).collect();
    format!(
        "{} ({})\n\nBead: {}\nAttempt: {attempt}\n{gates}",
        title.trim(),
        bead.id,
        bead.id
    )
}

/// Whether the values of the trailers are those of an attempt at a bead.
pub(super) fn names(bead: &Id, attempt: u32, trailers: (&str, &str)) -> bool {
    trailers.0 == bead.as_str() && trailers.1 == attempt.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;
    use std::time::Duration;

    fn bead(title: &str) -> Bead {
        let now = Time::parse("2026-01-15T10:30:00Z").unwrap();
        Bead::new(Id::parse("gt-abc12").unwrap(), title, now, "overseer")
    }

    #[test]
    fn trailers_name_bead_attempt_and_gates() {
        let gate = |name: &str| Gate {
            name: name.to_owned(),
            command: vec!["true".to_owned()],
            timeout: Duration::from_secs(1),
        };
        assert_eq!(
            message(&bead("Fix it"), 2, &[gate("lint"), gate("test")]),
            "Fix it (gt-abc12)\n\nBead: gt-abc12\nAttempt: 2\nGate: lint\nGate: test\n"
        );
        assert_eq!(
            message(&bead("Fix\u{7}it"), 1, &[]),
            "Fix it (gt-abc12)\n\nBead: gt-abc12\nAttempt: 1\nGate: none\n"
        );
    }
}
