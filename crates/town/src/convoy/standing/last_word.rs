//! What was said when work on a bead stopped: the reason it was put off or sent
//! back, from its comments. Only what `gt` filed counts, and only its first line.

use crate::Town;
use crate::refinery::SENT_BACK;
use model::{Bead, Comment, Exit, Status};

/// Why nobody goes on with a bead, if that was said. Comments that cannot be
/// read say nothing: whoever reads them is told of it.
pub(super) fn last_word(town: &Town, bead: &Bead) -> Option<String> {
    let opening = opening(bead)?;
    let (comments, _) = town.store.comments(&bead.id).ok()?;
    said(comments.iter().map(|it| &it.comment), &opening)
}

/// How the comment begins that explains the state of a bead.
fn opening(bead: &Bead) -> Option<String> {
    match bead.status {
        Status::Deferred => Some(format!("{}: ", Exit::Deferred)),
        Status::Open if bead.attempt > 0 => Some(SENT_BACK.to_owned()),
        _ => None,
    }
}

fn said<'a>(comments: impl Iterator<Item = &'a Comment>, opening: &str) -> Option<String> {
    let reasons = comments.filter_map(|it| it.text.strip_prefix(opening));
    let first = reasons.last()?.lines().next()?.trim_end_matches('.');
    Some(first.to_owned()).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, Time};

    #[test]
    fn the_last_reason_counts_in_one_line() {
        let comment = |text: &str| Comment {
            bead: Id::parse("gt-abc12").unwrap(),
            author: "app/refinery".to_owned(),
            text: text.to_owned(),
            extra: Vec::new(),
            created_at: Time::parse("2026-01-15T10:00:00Z").unwrap(),
        };
        let comments = [
            "DEFERRED: the key",
            "Sent back by the refinery: a conflict.",
            "Sent back by the refinery: gate tests was red.\n\nThe end:",
            "DEFERRED is not what this is about",
        ]
        .map(comment);
        let said = |opening: &str| said(comments.iter(), opening);
        assert_eq!(said(SENT_BACK).as_deref(), Some("gate tests was red"));
        assert_eq!(said("DEFERRED: ").as_deref(), Some("the key"));
        assert_eq!(said("ESCALATED: "), None);
    }
}
