//! `gt hooks list`: which runtimes run our hooks in a work tree.

use agent::hooks::{Dialect, RUNTIMES, Way};
use cli::views::View;
use cli::{CommandError, ExitStatus, Look, Shell};
use model::Fault;
use serde::Serialize;
use town::runtime_hooks::install::{self, Place, State};

/// One runtime.
#[derive(Debug, Serialize)]
struct Row {
    runtime: &'static str,
    state: &'static str,
    file: &'static str,
    worker: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Rows(Vec<Row>);

impl View for Rows {
    fn text(&self, _: &Look) -> String {
        let line = |row: &Row| format!("{:<9} {:<14} {}\n", row.runtime, row.state, row.file);
        self.0.iter().map(line).collect()
    }
}

/// A file that cannot be used is told of, and is no runtime without hooks.
pub(super) fn run(place: &Place, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let mut status = ExitStatus::OK;
    let mut rows = Vec::new();
    for dialect in RUNTIMES.into_iter().filter_map(Dialect::of) {
        let state = match install::state(place, dialect) {
            Ok(state) => word(state),
            Err(error) => {
                shell.warn(&error.in_one_line());
                status = error.class().into();
                "unusable"
            }
        };
        rows.push(Row {
            runtime: dialect.runtime(),
            state,
            file: dialect.file(),
            worker: by(dialect),
        });
    }
    shell.show(&Rows(rows));
    Ok(status)
}

fn word(state: State) -> &'static str {
    match state {
        State::Installed => "installed",
        State::Missing => "not installed",
        State::Shared => "in the project",
        State::Tracked => "tracked",
    }
}

/// How a worker of the runtime gets them.
fn by(dialect: Dialect) -> &'static str {
    match dialect.way() {
        Way::Argument => "argument",
        Way::File => "file",
        Way::None => "none",
    }
}
