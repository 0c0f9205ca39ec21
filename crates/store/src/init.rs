//! Making a store.

use crate::error::{Error, PathError};
use crate::gitdir::GitDir;
use crate::layout;
use crate::locate::{LocateError, STORE};
use crate::tree::{Content, Tree, read_small};
use crate::yaml::Document;
use model::{RigConfig, id};
use std::path::PathBuf;

/// Line endings are ours on every machine; a file is never merged by joining
/// both sides.
const ATTRIBUTES: &str = "* text eol=lf\n";

/// Writes under way are nobody's to commit.
const IGNORE: &str = ".*.tmp\n";

/// What making a store did.
#[derive(Debug, PartialEq, Eq)]
pub struct Made {
    /// Where the store is.
    pub beads: PathBuf,
    /// Its configuration.
    pub name: String,
    /// The prefix of its beads.
    pub prefix: String,
    /// False where it was there already.
    pub new: bool,
}

/// Makes a store at the root of a work tree, or completes the one there is.
/// What is there already is never changed.
pub fn init(git: &GitDir, name: Option<&str>, prefix: Option<&str>) -> Result<Made, Error> {
    let root = git
        .work_tree
        .clone()
        .ok_or_else(|| LocateError::Bare(git.dir.clone()))?;
    let beads = root.join(STORE);
    let tree = Tree::create(&beads, 0o777)?;
    let folder = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let name = name.map_or_else(|| plain_name(&folder), str::to_owned);
    let prefix = prefix.map_or_else(|| plain_prefix(&name), str::to_owned);
    let config = RigConfig::new(name, prefix, target(git)?);
    let dir = tree.make_dir(".")?;
    dir.create(".gitattributes", ATTRIBUTES.as_bytes())?;
    dir.create(".gitignore", IGNORE.as_bytes())?;
    for folder in [
        layout::BEADS,
        layout::COMMENTS,
        layout::CONVOYS,
        layout::HOOKS,
        layout::MAIL,
    ] {
        tree.make_dir(folder)?;
    }
    // Last: a folder with a configuration is a store.
    let new = dir.create(layout::CONFIG, Document::render(&config).as_bytes())?;
    let config = if new { config } else { existing(&tree)? };
    Ok(Made {
        beads,
        name: config.name,
        prefix: config.prefix,
        new,
    })
}

fn existing(tree: &Tree) -> Result<RigConfig, Error> {
    let path = tree.path().join(layout::CONFIG);
    let content = tree.read(layout::CONFIG, crate::store::FILE_LIMIT)?;
    match crate::store::parse_content(content, &path)? {
        Some(document) => Ok(document.record),
        None => crate::store::text(Content::NotAFile, &path)
            .and(Err(Error::Exists(path.display().to_string()))),
    }
}

/// A rig's name made of a folder's: lower-case, everything else a hyphen.
fn plain_name(folder: &str) -> String {
    let mapped: String = folder
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let joined = mapped
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let name: String = joined
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
        .chars()
        .take(32)
        .collect();
    let name = name.trim_end_matches('-').to_owned();
    if name.is_empty() || model::address::RESERVED.contains(&name.as_str()) {
        "rig".to_owned()
    } else {
        name
    }
}

/// The name itself where it is short, else the first letters of its parts.
fn plain_prefix(name: &str) -> String {
    let flat = name.replace('_', "-");
    if flat.len() <= 12 && id::is_prefix(&flat) {
        return flat;
    }
    let initials: String = flat
        .split('-')
        .filter_map(|part| part.chars().next())
        .take(6)
        .collect();
    let short: String = flat
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(6)
        .collect();
    [initials, short]
        .into_iter()
        .find(|it| it.len() > 1 && id::is_prefix(it))
        .unwrap_or_else(|| "bd".to_owned())
}

/// The branch that work lands on: the remote's default where it is known, else
/// the one checked out now.
fn target(git: &GitDir) -> Result<String, PathError> {
    for (file, prefix) in [
        ("refs/remotes/origin/HEAD", "refs/remotes/origin/"),
        ("HEAD", "refs/heads/"),
    ] {
        let text = read_small(&git.common.join(file))?.unwrap_or_default();
        let name = text.trim_end().strip_prefix("ref: ");
        if let Some(branch) = name.and_then(|name| name.strip_prefix(prefix)) {
            return Ok(branch.to_owned());
        }
    }
    Ok("main".to_owned())
}
