//! What several commands do on the way in and on the way out.

use cli::{CommandError, ExitStatus, Shell};
use model::{Class, Id};
use store::Problem;
use town::Town;

/// The beads that the arguments name, each exactly.
pub(crate) fn resolve_all(town: &Town, beads: &[String]) -> Result<Vec<Id>, CommandError> {
    beads
        .iter()
        .map(|text| Ok(town.store.resolve_exact(text)?))
        .collect()
}

/// Warns of each file that could not be read, with its remedy. What could be
/// read was shown all the same, so the exit status says that it is not the
/// whole.
pub(crate) fn report(shell: &Shell, problems: &[Problem]) -> ExitStatus {
    for problem in problems {
        shell.warn(&format!("{problem}; {}", problem.remedy));
    }
    match problems {
        [] => ExitStatus::OK,
        _ => Class::Damaged.into(),
    }
}
