//! The hooks of a worker's runtime: by an argument where it has one, else by a
//! file in its worktree that git does not see and that goes with it.
//!
//! A worker without them works all the same, so what stands in the way is told
//! and never keeps it from starting.

use super::install::{self, Place};
use crate::Town;
use crate::error::Error;
use agent::hooks::{Dialect, Way};
use agent::runtime::Runtime;
use model::{Fault, Ticket};
use rustix::fs::Mode;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use store::interrupted::retry;
use store::tree::Content;

const FOLDER: &str = "runtimes";

/// Makes the runtime run its hooks; returns the arguments that it needs for
/// that.
pub(crate) fn prepare(town: &Town, ticket: &Ticket, runtime: &Runtime) -> Vec<OsString> {
    let Some(dialect) = runtime.hooks else {
        return Vec::new();
    };
    match hooked(town, ticket, runtime, dialect) {
        Ok(arguments) => arguments,
        Err(error) => {
            (town.setup().warn)(&format!(
                "{} starts without the hooks of {}: {}",
                ticket.agent,
                runtime.name,
                error.in_one_line()
            ));
            Vec::new()
        }
    }
}

fn hooked(
    town: &Town,
    ticket: &Ticket,
    runtime: &Runtime,
    dialect: Dialect,
) -> Result<Vec<OsString>, Error> {
    match (dialect.way(), &ticket.worktree) {
        (Way::Argument, _) => by_argument(town, runtime, dialect),
        (Way::File, Some(worktree)) => {
            install::install(&Place::around(Path::new(worktree))?, dialect)?;
            Ok(Vec::new())
        }
        (Way::File, None) | (Way::None, _) => Ok(Vec::new()),
    }
}

/// Where its user names a settings file in the arguments, that one stays the
/// only one.
fn by_argument(town: &Town, runtime: &Runtime, dialect: Dialect) -> Result<Vec<OsString>, Error> {
    let name = format!("{}.json", dialect.runtime());
    let path = town.store.private_path().join(FOLDER).join(&name);
    let Some(arguments) = runtime.hooks_argv(&path) else {
        return Ok(Vec::new());
    };
    write_private(town, &path, &name, &dialect.whole())?;
    Ok(arguments.into())
}

fn write_private(town: &Town, path: &PathBuf, name: &str, text: &str) -> Result<(), Error> {
    let dir = town.store.make_private()?.make_dir(FOLDER)?;
    let limit = town.store.options().file_limit;
    if dir.read(name, limit)? == Content::Bytes(text.as_bytes().to_vec()) {
        return Ok(());
    }
    dir.replace(name, text.as_bytes())?;
    retry(|| rustix::fs::chmod(path, Mode::from_raw_mode(0o600)))
        .map_err(|error| Error::io("protect", path, &error.into()))
}
