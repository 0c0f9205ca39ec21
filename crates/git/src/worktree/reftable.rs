//! Admin folders where references are in reftables: git must write the HEAD.
//!
//! `git worktree add` is neither parallel-safe nor crash-safe, so it runs under
//! one lock, and a folder without our marker, which is written last, is begun
//! anew.

use std::ffi::OsString;
use std::time::Duration;

use super::add::Site;
use super::{Head, PREFIX, admin};
use crate::lock::Lock;
use crate::{Git, Result, durable, process};

pub(super) fn build(site: &Site<'_>) -> Result<()> {
    let lock = site.layout.lock("worktree-add")?;
    let _lock = Lock::acquire(&lock, Duration::from_secs(120))?;
    durable::remove_dir(&site.admin)?;
    let staged = durable::temp_dir(&site.layout.tmp()?, "add-")?;
    // git names the admin folder after the last component.
    let stand_in = staged.path().join(format!("{PREFIX}{}", site.spec.name));
    let mut args = [
        "worktree",
        "add",
        "--quiet",
        "--no-checkout",
        "--lock",
        "--force",
    ]
    .map(OsString::from)
    .to_vec();
    args.extend(match &site.spec.head {
        Head::Branch { branch, .. } => ["--".into(), stand_in.into(), branch.as_str().into()],
        Head::Detached(oid) => ["--detach".into(), stand_in.into(), oid.as_str().into()],
    });
    Git::in_git_dir(site.layout.common())
        .env(process::TASK, &site.admin)
        .run("add a worktree", args)?;
    admin::write_links(&site.admin, &site.admin, &site.work_tree)?;
    admin::write_ours(&site.admin, site.spec)
}
