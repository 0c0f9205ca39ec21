//! Making a store in a repository.
//!
//! Writes `.beads` and nothing else: no commit, no hook, no line of git's
//! configuration. What is there already stays as it is.

use crate::Setup;
use crate::error::Error;
use model::{address, id, text};
use std::path::Path;
use store::init::Made;

/// What a new store is called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The rig's name; by default the folder's.
    pub name: Option<String>,
    /// The prefix of its beads; by default made of the name.
    pub prefix: Option<String>,
}

/// Makes a store at the root of the work tree around `setup`'s folder, or
/// completes the one there is, which has to have the names asked for.
pub fn init(setup: &Setup, names: &Names) -> Result<Made, Error> {
    if setup.options.readonly {
        return Err(store::Error::ReadOnly.into());
    }
    check(names)?;
    let git = store::locate::repository(&setup.cwd)?;
    let made = store::init::init(&git, names.name.as_deref(), names.prefix.as_deref())?;
    agree("prefix", names.prefix.as_deref(), &made.prefix)?;
    agree("name", names.name.as_deref(), &made.name)?;
    warn_of_network(setup, &made.beads);
    Ok(made)
}

/// Says it loudly where other machines can reach the files of a store: locks do
/// not keep them out, and what they change is not heard of.
pub fn warn_of_network(setup: &Setup, path: &Path) {
    if let Some(kind) = store::filesystem::network(path) {
        (setup.warn)(&format!(
            "{} is on {kind}, a network file system: use it from one machine only, \
             where its locks hold; another machine has a clone of its own, and git \
             carries the work between them",
            path.display()
        ));
    }
}

fn check(names: &Names) -> Result<(), Error> {
    if let Some(prefix) = names.prefix.as_deref().filter(|it| !id::is_prefix(it)) {
        return Err(Error::usage(
            format!("`{}` is not a prefix", prefix.escape_debug()),
            "use a few letters and digits, such as gt or my-app",
        ));
    }
    let is_free = |name: &&str| text::is_name(name) && !address::RESERVED.contains(name);
    match names.name.as_deref().filter(|name| !is_free(name)) {
        Some(name) => Err(Error::usage(
            format!("`{}` cannot name a rig", name.escape_debug()),
            "use a-z, 0-9, `_` and `-`; mayor, overseer and deacon are taken",
        )),
        None => Ok(()),
    }
}

fn agree(what: &str, asked: Option<&str>, found: &str) -> Result<(), Error> {
    match asked.filter(|asked| *asked != found) {
        Some(asked) => Err(Error::refused(
            format!("this store is there already, and its {what} is {found}, not {asked}"),
            "a store keeps its names: beads are never renamed",
        )),
        None => Ok(()),
    }
}
