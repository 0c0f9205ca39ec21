//! Exit statuses: a contract that scripts may branch on.
//!
//! A status never changes its meaning. Every failure has the one of its
//! [`Class`]; the rest are here.

use model::Class;
use std::fmt::Write as _;

/// What a finished command tells its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitStatus(u8);

impl ExitStatus {
    /// It did what was asked.
    pub const OK: Self = Self(0);
    /// A fault in the program itself.
    pub const INTERNAL_FAULT: Self = Self(101);
    /// Ctrl-C, as shells report it: 128 + SIGINT.
    pub const INTERRUPTED: Self = Self(130);

    /// The number.
    pub fn code(self) -> u8 {
        self.0
    }
}

impl From<Class> for ExitStatus {
    fn from(class: Class) -> Self {
        Self(class.exit_status())
    }
}

impl From<ExitStatus> for std::process::ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.0)
    }
}

/// The page that documents the statuses, as Markdown.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Exit statuses\n\n\
         Both `bd` and `gt` use these, and no other. With `--json` an error is one line on\n\
         standard error, `{\"error\": …, \"code\": …, \"hint\": …}`; `code` is the word below.\n\n\
         | status | code | meaning |\n|---|---|---|\n",
    );
    let mut row = |status: ExitStatus, code: &str, meaning: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| {} | {code} | {meaning} |", status.0);
    };
    row(ExitStatus::OK, "", "It did what was asked");
    for class in Class::ALL {
        let code = format!("`{}`", class.code());
        row(class.into(), &code, meaning(class));
    }
    row(
        ExitStatus::INTERNAL_FAULT,
        "`internal_fault`",
        "A fault in the program itself; please report it",
    );
    row(ExitStatus::INTERRUPTED, "", "Ctrl-C stopped it");
    page
}

fn meaning(class: Class) -> &'static str {
    match class {
        Class::Failed => "It failed for a reason without a status of its own",
        Class::Usage => "The command line or an input is wrong",
        Class::NotFound => "No such bead, convoy, hook or mail",
        Class::Refused => "The state of things does not allow it; the hint says what does",
        Class::Damaged => "A file cannot be read, or says what it must not",
        Class::NoStore => "There is no store here, or no repository",
        Class::Busy => "Somebody else is at it; later it may go",
        Class::Environment => "The machine: disk, permissions, git, or a program that is missing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract() {
        insta::assert_snapshot!(markdown(), @r#"
        # Exit statuses

        Both `bd` and `gt` use these, and no other. With `--json` an error is one line on
        standard error, `{"error": …, "code": …, "hint": …}`; `code` is the word below.

        | status | code | meaning |
        |---|---|---|
        | 0 |  | It did what was asked |
        | 1 | `failed` | It failed for a reason without a status of its own |
        | 2 | `usage` | The command line or an input is wrong |
        | 3 | `not_found` | No such bead, convoy, hook or mail |
        | 4 | `refused` | The state of things does not allow it; the hint says what does |
        | 5 | `damaged` | A file cannot be read, or says what it must not |
        | 6 | `no_store` | There is no store here, or no repository |
        | 7 | `busy` | Somebody else is at it; later it may go |
        | 8 | `environment` | The machine: disk, permissions, git, or a program that is missing |
        | 101 | `internal_fault` | A fault in the program itself; please report it |
        | 130 |  | Ctrl-C stopped it |
        "#);
    }

    #[test]
    fn no_two_meanings_share_a_status() {
        let mut statuses: Vec<u8> = Class::ALL.iter().map(|c| c.exit_status()).collect();
        statuses.extend([0, 101, 130]);
        let count = statuses.len();
        statuses.sort_unstable();
        statuses.dedup();
        assert_eq!(statuses.len(), count);
    }
}
