//! The files that make a runtime run its hooks in a work tree.
//!
//! A file that the repository tracks is everybody's, and is left alone. In one
//! that is not, only our own entries are put in and taken out. What did not
//! exist before is hidden from git, and goes again. No symbolic link is
//! followed.

use crate::error::Error;
use agent::hooks::{Dialect, Flaw, Left};
use git::{Git, hidden};
use model::Class;
use std::path::{Path, PathBuf};
use store::look;
use store::tree::{self, Content, Dir, Tree};

/// More than any settings have.
const LIMIT: u64 = 1024 * 1024;

/// The root of a work tree, and the clone it belongs to.
#[derive(Debug, Clone)]
pub struct Place {
    /// The root.
    pub root: PathBuf,
    common: PathBuf,
}

/// How a runtime's hooks stand in a work tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All of them are there.
    Installed,
    /// Not all of them are there.
    Missing,
    /// They are in a file that the repository tracks.
    Shared,
    /// The repository tracks the file, and they are not in it.
    Tracked,
}

impl Place {
    /// The work tree around a folder.
    pub fn around(folder: &Path) -> Result<Self, Error> {
        let found = git::repository::locate(&Git::at(folder))?;
        let found = found.and_then(|it| Some((it.work_tree?, it.common_dir)));
        let (root, common) = found.ok_or_else(|| {
            Error::usage(
                format!("{} is in no work tree", folder.display()),
                "run it in a work tree, or name one with -C",
            )
        })?;
        Ok(Self { root, common })
    }

    fn git(&self) -> Git {
        Git::at(&self.root)
    }

    fn path(&self, dialect: Dialect) -> PathBuf {
        self.root.join(dialect.file())
    }
}

/// How the hooks of a runtime stand.
pub fn state(place: &Place, dialect: Dialect) -> Result<State, Error> {
    let text = read(place, dialect)?;
    let is_there = match &text {
        Some(text) => dialect
            .is_installed(text)
            .map_err(|flaw| flawed(place, dialect, &flaw))?,
        None => false,
    };
    let is_tracked = hidden::is_tracked(&place.git(), dialect.file())?;
    Ok(match (is_tracked, is_there) {
        (true, true) => State::Shared,
        (true, false) => State::Tracked,
        (false, true) => State::Installed,
        (false, false) => State::Missing,
    })
}

/// Puts the hooks of a runtime in; false if they were there.
pub fn install(place: &Place, dialect: Dialect) -> Result<bool, Error> {
    refuse_tracked(place, dialect)?;
    let found = read(place, dialect)?;
    let text = match &found {
        Some(text) => dialect
            .installed(text)
            .map_err(|flaw| flawed(place, dialect, &flaw))?,
        None => dialect.whole(),
    };
    if found.as_ref() == Some(&text) {
        return Ok(false);
    }
    let git = place.git();
    if found.is_none() && !hidden::is_ignored(&git, dialect.file())? {
        hidden::hide(&place.common, dialect.file())?;
        if !hidden::is_ignored(&git, dialect.file())? {
            hidden::show(&place.common, dialect.file())?;
            return Err(visible(place, dialect));
        }
    }
    let (dir, name) = folder(place, dialect)?;
    dir.replace_as_was(name, text.as_bytes())?;
    Ok(true)
}

/// Takes the hooks of a runtime out; false if they were not there.
pub fn remove(place: &Place, dialect: Dialect) -> Result<bool, Error> {
    let Some(text) = read(place, dialect)? else {
        // One that was killed here may have left the line that hides it.
        if reveal(place, dialect)? {
            remove_empty_folders(place, dialect);
        }
        return Ok(false);
    };
    let left = dialect
        .removed(&text)
        .map_err(|flaw| flawed(place, dialect, &flaw))?;
    if left == Left::Text(text) {
        return Ok(false);
    }
    refuse_tracked(place, dialect)?;
    let (dir, name) = folder(place, dialect)?;
    match left {
        Left::Text(text) => dir.replace_as_was(name, text.as_bytes())?,
        Left::Nothing => {
            dir.remove(name)?;
            remove_empty_folders(place, dialect);
        }
    }
    reveal(place, dialect)?;
    Ok(true)
}

/// Takes the line out that hides the file, which stays while another work tree
/// needs it.
fn reveal(place: &Place, dialect: Dialect) -> Result<bool, Error> {
    let trees = hidden::work_trees(&place.git())?;
    for other in trees.iter().filter(|root| **root != place.root) {
        if look::is_there(&other.join(dialect.file()))? {
            return Ok(false);
        }
    }
    Ok(hidden::show(&place.common, dialect.file())?)
}

/// Git does not know empty folders, so nobody misses them.
fn remove_empty_folders(place: &Place, dialect: Dialect) {
    let folders = Path::new(dialect.file()).ancestors().skip(1);
    for folder in folders.filter(|it| !it.as_os_str().is_empty()) {
        // One that is not empty stays.
        if std::fs::remove_dir(place.root.join(folder)).is_err() {
            return;
        }
    }
}

fn folder(place: &Place, dialect: Dialect) -> Result<(Dir, &'static str), Error> {
    let (folder, name) = dialect
        .file()
        .rsplit_once('/')
        .expect("every runtime's file is in a folder");
    let dir = Tree::open(&place.root)?.make_dir(folder)?;
    for left in dir.names()? {
        // What a killed command was writing.
        if tree::is_temporary(&left) && left[1..].starts_with(name) {
            dir.remove_abandoned(&left)?;
        }
    }
    Ok((dir, name))
}

fn read(place: &Place, dialect: Dialect) -> Result<Option<String>, Error> {
    let path = place.path(dialect);
    match Tree::open(&place.root)?.read(dialect.file(), LIMIT)? {
        Content::Missing => Ok(None),
        Content::Bytes(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| unusable(&path, "is not UTF-8 text")),
        Content::Link => Err(unusable(&path, "is a symbolic link, or lies behind one")),
        Content::NotAFile => Err(unusable(&path, "is no file")),
        Content::TooLarge(_) => Err(unusable(&path, "is too large to be settings")),
    }
}

fn refuse_tracked(place: &Place, dialect: Dialect) -> Result<(), Error> {
    if !hidden::is_tracked(&place.git(), dialect.file())? {
        return Ok(());
    }
    Err(Error::refused(
        format!(
            "the repository tracks {}: to change it is to change it for everybody",
            dialect.file()
        ),
        format!(
            "`gt hooks show {}` prints what belongs into it; edit and commit it if all shall have it",
            dialect.runtime()
        ),
    ))
}

fn visible(place: &Place, dialect: Dialect) -> Error {
    Error::refused(
        format!(
            "{} cannot be hidden from git: a .gitignore asks for it",
            place.path(dialect).display()
        ),
        format!(
            "`git check-ignore -v {}` names the line; without it the file can be hidden",
            dialect.file()
        ),
    )
}

fn flawed(place: &Place, dialect: Dialect, flaw: &Flaw) -> Error {
    unusable(&place.path(dialect), &flaw.to_string())
}

fn unusable(path: &Path, what: &str) -> Error {
    Error::new(Class::Damaged, format!("{} {what}", path.display()))
        .with_hint("it was left as it is; correct it, or put it away, then repeat")
}
