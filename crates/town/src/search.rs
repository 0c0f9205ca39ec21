//! Finding beads by their texts.

use model::Bead;

/// Whether any text of a bead contains another, whatever the case.
pub fn mentions(bead: &Bead, text: &str) -> bool {
    let wanted = text.to_lowercase();
    let prose = [
        &bead.description,
        &bead.design,
        &bead.acceptance_criteria,
        &bead.notes,
        &bead.close_reason,
        &bead.external_ref,
    ];
    let mut texts = [bead.id.as_str(), bead.title.as_str()]
        .into_iter()
        .chain(prose.into_iter().flatten().map(String::as_str))
        .chain(bead.labels.iter().map(String::as_str));
    texts.any(|it| it.to_lowercase().contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, Time};

    #[test]
    fn every_text_is_looked_at() {
        let time = Time::parse("2026-01-15T10:30:00Z").unwrap();
        let mut bead = Bead::new(Id::parse("gt-abc12").unwrap(), "Fix Login", time, "ann");
        bead.notes = Some("Firefox".into());
        bead.labels = vec!["web".into()];
        for text in ["ABC12", "login", "firefox", "we"] {
            assert!(mentions(&bead, text), "{text}");
        }
        assert!(!mentions(&bead, "ann"));
    }
}
