//! Which of a person's changes a landing would overwrite.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{IndexLock, LandError, Place, Site};
use crate::diff::Change;
use crate::{Git, Result, durable, look, parse};

/// The paths that the landing changes and that are changed here in any way:
/// staged, edited, deleted, or in the way although untracked or ignored.
pub(super) fn find(
    site: &Site,
    place: &Place,
    index: &IndexLock,
    changes: &[Change],
) -> Result<Vec<PathBuf>, LandError> {
    let mut edited = edited(site, place, index, changes)?;
    edited.retain(|path| changes.iter().any(|change| change.path == *path));
    edited.extend(in_the_way(&place.work_tree, changes)?);
    Ok(edited.into_iter().collect())
}

/// Tracked paths that are not as in the old commit, by the eyes of a copy of
/// the index: refreshing must not touch the person's own.
fn edited(
    site: &Site,
    place: &Place,
    index: &IndexLock,
    changes: &[Change],
) -> Result<BTreeSet<PathBuf>, LandError> {
    let probe = index.probe();
    index.copy(&probe)?;
    let git = site.git().index_file(&probe);
    let tags = tags(&git)?;
    if tags.iter().any(|(tag, _)| *tag == b'M') {
        return Err(LandError::Busy {
            operation: "unmerged paths".to_owned(),
            path: place.work_tree.clone(),
        });
    }
    reveal(&git, &hidden(&place.work_tree, tags, changes)?)?;
    refresh(&git)?;
    let old = site.record.old.as_str();
    let mut paths = listed(
        &git,
        &[
            "diff-index",
            "--cached",
            "--name-only",
            "-z",
            "--no-renames",
            old,
            "--",
        ],
    )?;
    paths.extend(listed(
        &git,
        &[
            "diff-files",
            "--name-only",
            "-z",
            "--ignore-submodules=dirty",
        ],
    )?);
    Ok(paths)
}

/// Brings the index's notes about files up to date. "Needs update" is an
/// answer here, not a failure.
pub(super) fn refresh(git: &Git) -> Result<()> {
    git.ask(
        "refresh the index",
        ["update-index", "-q", "--refresh"],
        &[0, 1],
    )?;
    Ok(())
}

fn listed(git: &Git, args: &[&str]) -> Result<BTreeSet<PathBuf>> {
    let answer = git.run("look for edits", args)?;
    Ok(parse::nul_fields(&answer).map(parse::path).collect())
}

fn tags(git: &Git) -> Result<Vec<(u8, PathBuf)>> {
    let answer = git.run("list the index", ["ls-files", "-v", "-z"])?;
    let fields = parse::nul_fields(&answer).filter(|field| field.len() > 2);
    Ok(fields
        .map(|field| (field[0], parse::path(&field[2..])))
        .collect())
}

/// Changed paths that exist and that the index is told not to look at
/// (assume-unchanged, skip-worktree): people hide local edits that way.
fn hidden(work_tree: &Path, tags: Vec<(u8, PathBuf)>, changes: &[Change]) -> Result<Vec<PathBuf>> {
    let changed: BTreeSet<_> = changes.iter().map(|change| &change.path).collect();
    let mut hidden = Vec::new();
    for (tag, path) in tags {
        if tag != b'H' && changed.contains(&path) && look::is_there(&work_tree.join(&path))? {
            hidden.push(path);
        }
    }
    Ok(hidden)
}

fn reveal(git: &Git, paths: &[PathBuf]) -> Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    let list = parse::nul_list(paths.iter().map(PathBuf::as_path));
    for flag in ["--no-skip-worktree", "--no-assume-unchanged"] {
        git.clone().stdin(list.clone()).run(
            "look at hidden files",
            ["update-index", flag, "-z", "--stdin"],
        )?;
    }
    Ok(())
}

/// What stands where the landing adds something.
fn in_the_way(work_tree: &Path, changes: &[Change]) -> Result<BTreeSet<PathBuf>> {
    let leaving: BTreeSet<_> = changes
        .iter()
        .filter(|change| change.new.is_none())
        .map(|change| change.path.as_path())
        .collect();
    let mut found = BTreeSet::new();
    for change in changes.iter().filter(|change| change.old.is_none()) {
        match obstacle(work_tree, &change.path)? {
            None => {}
            Some((path, true)) => collect_files(work_tree, path, &leaving, &mut found)?,
            Some((path, false)) if leaving.contains(path) => {}
            Some((path, false)) => {
                found.insert(path.to_owned());
            }
        }
    }
    Ok(found)
}

/// The first thing on the way down to `path` that is no directory, or `path`
/// itself if that exists; true for a directory.
fn obstacle<'a>(work_tree: &Path, path: &'a Path) -> Result<Option<(&'a Path, bool)>> {
    let mut steps: Vec<_> = path
        .ancestors()
        .filter(|step| *step != Path::new(""))
        .collect();
    steps.reverse();
    for step in steps {
        let Some(meta) = look::at(&work_tree.join(step))? else {
            return Ok(None);
        };
        if !meta.is_dir() || step == path {
            return Ok(Some((step, meta.is_dir())));
        }
    }
    Ok(None)
}

/// A directory gives way only if nothing stays in it.
fn collect_files(
    work_tree: &Path,
    folder: &Path,
    leaving: &BTreeSet<&Path>,
    found: &mut BTreeSet<PathBuf>,
) -> Result<()> {
    for entry in durable::entries(&work_tree.join(folder))? {
        let path = folder.join(entry.file_name().unwrap_or_default());
        if look::at(&entry)?.is_some_and(|meta| meta.is_dir()) {
            collect_files(work_tree, &path, leaving, found)?;
        } else if !leaving.contains(path.as_path()) {
            found.insert(path);
        }
    }
    Ok(())
}
