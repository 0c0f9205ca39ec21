//! Files that could not be read, beside those that could.

use cli::{ExitStatus, Shell};
use model::Class;
use store::Problem;

/// Warns of each problem, with its remedy. What could be read was shown all
/// the same, so the exit status says that it is not the whole.
pub(crate) fn report(shell: &Shell, problems: &[Problem]) -> ExitStatus {
    for problem in problems {
        shell.warn(&format!("{problem}; {}", problem.remedy));
    }
    match problems {
        [] => ExitStatus::OK,
        _ => Class::Damaged.into(),
    }
}
