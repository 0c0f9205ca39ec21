//! Closing a bead by hand, with everything that is said on the occasion.

use crate::error::Error;
use crate::life::{self, Changed, Closing};
use crate::{Town, comment, dependency};
use model::{Dependency, DependencyType, Id};

/// How a bead is closed.
#[derive(Debug, Clone, Default)]
pub struct Close {
    /// Why, in any number of pieces.
    pub reasons: Vec<String>,
    /// It will not be done.
    pub wontfix: bool,
    /// It is the same as this bead.
    pub duplicate: Option<Id>,
    /// A comment to go with it.
    pub comment: Option<String>,
    /// Take it from whoever has it.
    pub forced: bool,
}

/// Closes a bead. What can be refused comes first; the comment and the edge to
/// what it duplicates follow.
pub fn close(town: &Town, id: &Id, close: &Close) -> Result<Changed, Error> {
    if let Some(original) = close.duplicate.as_ref().filter(|original| *original == id) {
        return Err(Error::usage(
            format!("{original} cannot be a duplicate of itself"),
            "name the other issue",
        ));
    }
    let closing = Closing {
        reason: close.reason(),
        forced: close.forced,
    };
    let mut changed = life::close(town, id, &closing)?;
    if let Some(original) = &close.duplicate {
        let kind = DependencyType::parse("duplicates").expect("a standard type is one");
        let edge = Dependency::new(original.clone(), kind);
        let added = dependency::add(town, id, &edge)?;
        changed.changed |= added.changed;
        changed.bead = added.bead;
    }
    if let Some(text) = &close.comment {
        comment::add(town, id, text)?;
        changed.changed = true;
    }
    Ok(changed)
}

impl Close {
    fn reason(&self) -> Option<String> {
        let kind = match (&self.duplicate, self.wontfix) {
            (Some(original), _) => Some(format!("duplicate of {original}")),
            (None, true) => Some("wontfix".to_owned()),
            (None, false) => None,
        };
        let said = self.reasons.iter().filter(|text| !text.trim().is_empty());
        let said: Vec<&str> = said.map(String::as_str).collect();
        match (kind, said.is_empty()) {
            (None, true) => None,
            (None, false) => Some(said.join("; ")),
            (Some(kind), true) => Some(kind),
            (Some(kind), false) => Some(format!("{kind}: {}", said.join("; "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons() {
        let said = |wontfix, reasons: &[&str]| {
            let reasons = reasons.iter().map(|it| (*it).to_owned()).collect();
            let close = Close {
                reasons,
                wontfix,
                ..Close::default()
            };
            close.reason()
        };
        assert_eq!(said(false, &[" "]), None);
        assert_eq!(said(false, &["a", "b"]).as_deref(), Some("a; b"));
        assert_eq!(said(true, &[]).as_deref(), Some("wontfix"));
        assert_eq!(said(true, &["old"]).as_deref(), Some("wontfix: old"));
    }
}
