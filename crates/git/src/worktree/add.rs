//! Making a worktree, step by step; every step can be taken twice.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Added, Head, Spec, admin, lock, reftable, sparse};
use crate::layout::Layout;
use crate::refs::{self, Created};
use crate::{BranchName, Error, Git, Oid, Result, durable, look, parse, process, ref_lock};

/// One worktree in the making.
pub(super) struct Site<'a> {
    pub(super) spec: &'a Spec,
    pub(super) layout: Layout,
    pub(super) admin: PathBuf,
    pub(super) work_tree: PathBuf,
}

/// A step: idempotent, and durable where the whole repository depends on it.
pub(super) type Step = fn(&Site<'_>) -> Result<()>;

/// In this order. The admin folder is built before the work tree points at it,
/// and the index comes last: it says that the checkout was complete.
pub(super) const STEPS: &[Step] = &[
    prepare_clone,
    create_branch,
    build_admin,
    keep_index,
    link_work_tree,
    check_out,
];

/// Makes a worktree, or completes one that was cut short.
pub fn add(spec: &Spec) -> Result<Added> {
    let layout = Layout::new(&spec.common_dir)?;
    let _lock = lock(&layout, &spec.name)?;
    let site = Site::survey(spec, layout)?;
    let began = admin::marker(&site.admin)?.is_some();
    if began && site.is_whole()? {
        return Ok(Added::Existed);
    }
    process::wait_for_strays(&site.admin)?;
    for step in STEPS {
        step(&site)?;
    }
    Ok(if began {
        Added::Completed
    } else {
        Added::Created
    })
}

/// That nothing else stands where a worktree is to be made. Writes nothing.
pub fn check(spec: &Spec) -> Result<()> {
    match look::is_there(&spec.path)? {
        true => Site::survey(spec, Layout::new(&spec.common_dir)?).map(drop),
        false => Ok(()),
    }
}

impl<'a> Site<'a> {
    /// Looks at what is there, and refuses what is not ours.
    pub(super) fn survey(spec: &'a Spec, layout: Layout) -> Result<Self> {
        let admin = layout.admin(&spec.name);
        durable::patiently(|| fs::create_dir_all(&spec.path))
            .map_err(Error::io("make the folder", &spec.path))?;
        let work_tree = spec
            .path
            .canonicalize()
            .map_err(Error::io("find", &spec.path))?;
        let site = Self {
            spec,
            layout,
            admin,
            work_tree,
        };
        site.refuse_strangers()?;
        Ok(site)
    }

    fn refuse_strangers(&self) -> Result<()> {
        let there = admin::marker(&self.admin)?;
        if there
            .as_ref()
            .is_some_and(|marker| *marker != self.spec.marker)
        {
            return Err(occupied(
                &self.admin,
                "the name belongs to another worker's worktree",
            ));
        }
        if there.is_some() && admin::work_tree(&self.admin)?.as_ref() != Some(&self.work_tree) {
            return Err(occupied(
                &self.admin,
                "the name belongs to a worktree at another place",
            ));
        }
        match admin::linked(&self.work_tree)? {
            Some(target) if target == self.admin => Ok(()),
            Some(_) => Err(occupied(&self.work_tree, "it is another worktree")),
            None if durable::entries(&self.work_tree)?
                .iter()
                .all(|path| is_own_scrap(path)) =>
            {
                Ok(())
            }
            None => Err(occupied(&self.work_tree, "the folder is not empty")),
        }
    }

    fn is_whole(&self) -> Result<bool> {
        Ok(self.is_linked()? && self.has_index()?)
    }

    fn is_linked(&self) -> Result<bool> {
        Ok(admin::linked(&self.work_tree)?.as_ref() == Some(&self.admin))
    }

    /// A power cut can leave an index without bytes.
    fn has_index(&self) -> Result<bool> {
        look::is_filled(&self.admin.join("index"))
    }

    /// Notes that a branch is being created. A note that stands already is of a
    /// killed run, whose lock on the reference is removed if it is proven ours.
    fn note_branch(&self, branch: &BranchName, tip: &Oid) -> Result<PathBuf> {
        let folder = self.layout.private().join("branching");
        durable::private_dir(&folder)?;
        let note = folder.join(&self.spec.name);
        let text = format!("{branch} {tip}\n");
        let since = fs::metadata(&note).and_then(|meta| meta.modified());
        if let (Some(left), Ok(since)) = (durable::read(&note)?, since) {
            self.clear_lock(&parse::line(&left), since)?;
        }
        durable::replace(&note, text.as_bytes())?;
        Ok(note)
    }

    fn clear_lock(&self, note: &str, since: SystemTime) -> Result<()> {
        let Some((branch, tip)) = note.split_once(' ') else {
            return Ok(());
        };
        let reference = BranchName::parse(branch)?.full_ref();
        let lock = self.layout.common().join(format!("{reference}.lock"));
        ref_lock::clear(&[lock], &Oid::parse(tip)?, since)
    }

    /// A command in the work tree whose process can be found again.
    fn git(&self) -> Git {
        Git::at(&self.work_tree).env(process::TASK, &self.admin)
    }
}

/// The temporary file of a `.git` that was never renamed into place.
fn is_own_scrap(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".plaintown-")
}

fn occupied(path: &Path, reason: &str) -> Error {
    Error::Occupied {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

fn prepare_clone(site: &Site<'_>) -> Result<()> {
    sparse::ensure(&site.layout)
}

fn create_branch(site: &Site<'_>) -> Result<()> {
    let Head::Branch { branch, tip } = &site.spec.head else {
        return Ok(());
    };
    // With an admin folder the branch is the worktree's own, wherever it is now.
    if admin::marker(&site.admin)?.is_some() {
        return Ok(());
    }
    let note = site.note_branch(branch, tip)?;
    let git = Git::in_git_dir(site.layout.common()).env(process::TASK, &site.admin);
    let created = refs::create_branch(&git, branch, tip);
    durable::remove_file(&note)?;
    match created? {
        Created::Existed(at) if at != *tip => Err(Error::BranchExists {
            branch: branch.clone(),
            at,
        }),
        _ => Ok(()),
    }
}

fn build_admin(site: &Site<'_>) -> Result<()> {
    if admin::marker(&site.admin)?.is_some() {
        return Ok(());
    }
    if site.layout.is_reftable()? {
        return reftable::build(site);
    }
    admin::build(&site.layout, site.spec, &site.work_tree)
}

/// Where the index of a worktree waits whose files are gone: while there is no
/// index, the worktree is known not to be whole.
const KEPT_INDEX: &str = "plaintown-index";

/// A work tree whose files are gone is filled again by what was staged in it,
/// rather than taken for one in which everything was deleted.
fn keep_index(site: &Site<'_>) -> Result<()> {
    if site.is_linked()? || !site.has_index()? {
        return Ok(());
    }
    durable::rename(&site.admin.join("index"), &site.admin.join(KEPT_INDEX))
}

fn link_work_tree(site: &Site<'_>) -> Result<()> {
    for scrap in durable::entries(&site.work_tree)?
        .iter()
        .filter(|path| is_own_scrap(path))
    {
        durable::remove_file(scrap)?;
    }
    admin::link(&site.work_tree, &site.admin)
}

/// Fills the work tree. Without an index nobody has worked here yet, so files
/// of an earlier try are overwritten: git leaves half-written ones behind.
fn check_out(site: &Site<'_>) -> Result<()> {
    if site.has_index()? {
        return Ok(());
    }
    durable::remove_file(&site.admin.join("index"))?;
    durable::remove_file(&site.admin.join("index.lock"))?;
    if look::is_there(&site.admin.join(KEPT_INDEX))? {
        return fill_again(site);
    }
    let args = ["read-tree", "--reset", "-u", "HEAD"].map(OsString::from);
    site.git().run("check out the worktree", args)?;
    Ok(())
}

fn fill_again(site: &Site<'_>) -> Result<()> {
    let kept = site.admin.join(KEPT_INDEX);
    let args = ["checkout-index", "--all", "--force"].map(OsString::from);
    let git = site.git().env("GIT_INDEX_FILE", &kept);
    git.run("fill the worktree again", args)?;
    durable::rename(&kept, &site.admin.join("index"))
}
