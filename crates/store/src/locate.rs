//! Which store a command uses, and why.
//!
//! Found by looking at files alone; no process is started, and nothing is
//! written.

use crate::error::PathError;
use crate::gitdir::GitDir;
use crate::look;
use crate::tree::read_small;
use model::{Class, Fault};
use std::fmt;
use std::path::{Path, PathBuf};

/// The folder of a store.
pub const STORE: &str = ".beads";

/// The marker that a worktree made for an agent carries in its own git folder.
pub const MARKER: &str = "plaintown";

/// Where a store is, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The `.beads` folder.
    pub beads: PathBuf,
    /// The git folder that all worktrees of the clone share.
    pub common: PathBuf,
    /// The git folder of the work tree that the store stands in.
    pub git_dir: PathBuf,
    /// The root of the work tree that the store stands in.
    pub root: PathBuf,
    /// The worktree that the command runs in, if it runs in one.
    pub worktree: Option<PathBuf>,
    /// The agent that this worktree was made for, as its marker says.
    pub agent: Option<String>,
    /// Why this one.
    pub why: Why,
}

/// Why a store was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `--db`
    Option,
    /// `BEADS_DIR`
    Environment,
    /// The worktree's marker names it.
    Marker,
    /// It stands at the root of this work tree.
    Root,
    /// This linked worktree has none of its own; the main one has.
    MainWorktree,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Option => "named by --db",
            Self::Environment => "named by BEADS_DIR",
            Self::Marker => {
                "this worktree was made for an agent, and its marker names the store that slung"
            }
            Self::Root => "at the root of this work tree",
            Self::MainWorktree => "this linked worktree has no .beads of its own; the main one has",
        })
    }
}

/// Why there is no store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocateError {
    /// No git repository.
    #[error("{} is not in a git repository (looked for .git in it and in every folder above)", .0.display())]
    NoRepository(PathBuf),
    /// A repository without a store.
    #[error("no .beads folder in this repository (looked in {})", list(.0))]
    NoStore(Vec<PathBuf>),
    /// The folder that was named holds no store.
    #[error("{} is no store: it has no config.yaml", .0.display())]
    NotAStore(PathBuf),
    /// A bare repository.
    #[error("{} is a bare repository, which has no work tree for .beads", .0.display())]
    Bare(PathBuf),
    /// A file that says where it is cannot be read.
    #[error(transparent)]
    Unreadable(#[from] PathError),
}

fn list(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

impl Fault for LocateError {
    fn class(&self) -> Class {
        match self {
            Self::Unreadable(_) => Class::Environment,
            _ => Class::NoStore,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable(error) => return error.hint(),
            Self::NoRepository(_) => {
                "run `git init` first, or change to your project's folder".to_owned()
            }
            Self::NoStore(_) | Self::NotAStore(_) => "`bd init` makes one".to_owned(),
            Self::Bare(_) => "set BEADS_DIR to the .beads folder of a work tree".to_owned(),
        })
    }
}

/// Finds the store for a command that runs in `from`. `named` is `--db`,
/// `env` is `BEADS_DIR`.
pub fn locate(
    from: &Path,
    named: Option<&Path>,
    env: Option<&Path>,
) -> Result<Located, LocateError> {
    match (named, env) {
        (Some(path), _) => explicit(from, path, Why::Option),
        (None, Some(path)) => explicit(from, path, Why::Environment),
        (None, None) => discover(from),
    }
}

/// The repository around a folder, with or without a store.
pub fn repository(from: &Path) -> Result<GitDir, LocateError> {
    GitDir::find(from)?.ok_or_else(|| LocateError::NoRepository(from.to_owned()))
}

fn explicit(from: &Path, path: &Path, why: Why) -> Result<Located, LocateError> {
    let path = from.join(path);
    let path = look::real(&path)?.unwrap_or(path);
    let beads = if path.ends_with(STORE) || is_store(&path)? {
        path
    } else {
        path.join(STORE)
    };
    if !is_store(&beads)? {
        return Err(LocateError::NotAStore(beads));
    }
    let parent = beads.parent().unwrap_or(&beads).to_owned();
    let git = repository(&parent)?;
    let here = GitDir::find(from)?;
    let marked = here.as_ref().map(marker).transpose()?.flatten();
    Ok(Located {
        common: git.common,
        git_dir: git.dir,
        root: parent,
        agent: marked.and_then(|it| it.agent),
        worktree: here.and_then(|here| here.work_tree),
        beads,
        why,
    })
}

fn discover(from: &Path) -> Result<Located, LocateError> {
    let git = repository(from)?;
    if let Some(marker) = marker(&git)? {
        return by_marker(git, marker);
    }
    let root = git
        .work_tree
        .clone()
        .ok_or_else(|| LocateError::Bare(git.dir.clone()))?;
    let mut looked = Vec::new();
    for (tree, why) in candidates(&git, &root)? {
        let beads = tree.join(STORE);
        if look::is_there(&beads)? {
            let found = match why {
                Why::Root => None,
                _ => GitDir::find(&tree)?,
            };
            return Ok(Located {
                beads,
                common: git.common,
                git_dir: found.map_or(git.dir, |found| found.dir),
                root: tree,
                worktree: Some(root),
                agent: None,
                why,
            });
        }
        looked.push(beads);
    }
    Err(LocateError::NoStore(looked))
}

fn candidates(git: &GitDir, root: &Path) -> Result<Vec<(PathBuf, Why)>, PathError> {
    let mut trees = vec![(root.to_owned(), Why::Root)];
    if git.is_linked() {
        let main = git.main_work_tree()?;
        trees.extend(main.map(|tree| (tree, Why::MainWorktree)));
    }
    Ok(trees)
}

/// What the marker of a worktree says.
struct Marker {
    store: PathBuf,
    agent: Option<String>,
}

/// Only of a git folder that a `.git` leads to, which git never tracks: a folder that
/// merely looks like one may have come with the files.
fn marker(git: &GitDir) -> Result<Option<Marker>, PathError> {
    if git.work_tree.is_none() {
        return Ok(None);
    }
    let text = read_small(&git.dir.join(MARKER))?.unwrap_or_default();
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    Ok(value("store: ").map(|store| Marker {
        store: PathBuf::from(store),
        agent: value("agent: ").map(str::to_owned),
    }))
}

fn by_marker(git: GitDir, marker: Marker) -> Result<Located, LocateError> {
    let beads = marker.store;
    if !is_store(&beads)? {
        return Err(LocateError::NotAStore(beads));
    }
    let root = beads.parent().unwrap_or(&beads).to_owned();
    let home = repository(&root)?;
    Ok(Located {
        beads,
        common: home.common,
        git_dir: home.dir,
        root,
        worktree: git.work_tree,
        agent: marker.agent,
        why: Why::Marker,
    })
}

fn is_store(folder: &Path) -> Result<bool, PathError> {
    look::is_there(&folder.join("config.yaml"))
}
