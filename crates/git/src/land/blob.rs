//! What a path of a work tree holds, compared with tree entries.

use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::diff::{Blob, Change};
use crate::{Error, Git, Oid, Result, look, parse};

/// A path after a landing that may have been cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing.
    Absent,
    /// What the old commit has.
    Old,
    /// What the new commit has, or the beginning of it: git writes files in
    /// place, and may have been killed doing so.
    New,
    /// Something else: a person's.
    Other,
}

/// Compares one path of the work tree with both sides of its change.
pub(super) fn held(git: &Git, work_tree: &Path, change: &Change) -> Result<Held> {
    let path = work_tree.join(&change.path);
    let Some(meta) = look::at(&path)? else {
        return Ok(Held::Absent);
    };
    if meta.is_dir() {
        return Ok(Held::Other);
    }
    let oid = hash(git, work_tree, &change.path, &meta)?;
    let is = |side: &Option<Blob>| {
        side.as_ref()
            .is_some_and(|blob| blob.oid == oid && blob.mode == mode(&meta))
    };
    if is(&change.old) {
        return Ok(Held::Old);
    }
    if is(&change.new) || is_torn(git, &path, change, &meta)? {
        return Ok(Held::New);
    }
    Ok(Held::Other)
}

fn mode(meta: &Metadata) -> &'static str {
    if meta.is_symlink() {
        "120000"
    } else if meta.permissions().mode() & 0o100 == 0 {
        "100644"
    } else {
        "100755"
    }
}

/// The object that git would make of the file, filters included.
fn hash(git: &Git, work_tree: &Path, path: &Path, meta: &Metadata) -> Result<Oid> {
    let answer = if meta.is_symlink() {
        let link = work_tree.join(path);
        let target = fs::read_link(&link).map_err(Error::io("read", &link))?;
        git.clone()
            .stdin(parse::bytes(&target).to_vec())
            .run("hash a link", ["hash-object", "--no-filters", "--stdin"])?
    } else {
        let args = ["hash-object".as_ref(), "--".as_ref(), path.as_os_str()];
        git.run("hash a file", args)?
    };
    Oid::from_line(&answer)
}

fn is_torn(git: &Git, path: &Path, change: &Change, meta: &Metadata) -> Result<bool> {
    let Some(new) = change
        .new
        .as_ref()
        .filter(|new| new.mode.starts_with("100"))
    else {
        return Ok(false);
    };
    if !meta.is_file() {
        return Ok(false);
    }
    let mut wanted = std::ffi::OsString::from("--path=");
    wanted.push(&change.path);
    let args = [
        "cat-file".into(),
        "--filters".into(),
        wanted,
        new.oid.as_str().into(),
    ];
    let whole = git.run("read a blob", args)?;
    let text = fs::read(path).map_err(Error::io("read", path))?;
    Ok(text.len() < whole.len() && whole.starts_with(&text))
}
