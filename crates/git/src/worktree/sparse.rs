//! Once for each clone: a sparse checkout for our worktrees and nobody else's.
//!
//! A conditional include, bound to the names of our admin folders, does what
//! `git sparse-checkout set` would do with `extensions.worktreeConfig`, which
//! makes other implementations of git refuse the repository.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use crate::layout::Layout;
use crate::lock::Lock;
use crate::proven_lock::ProvenLock;
use crate::{Error, Result, durable};

const FILE: &str = "worktree.gitconfig";
const INCLUDED: &str = "plaintown/worktree.gitconfig";
const INCLUSION: &str =
    "[includeIf \"gitdir:./worktrees/plaintown-*\"]\n\tpath = plaintown/worktree.gitconfig\n";
const SETTINGS: &str = "\
[core]
\tsparseCheckout = true
\tsparseCheckoutCone = false
[advice]
\tupdateSparsePath = false
";

/// Makes the settings apply, unless they do already.
pub(super) fn ensure(layout: &Layout) -> Result<()> {
    let settings = layout.private().join(FILE);
    if durable::read(&settings)?.as_deref() != Some(SETTINGS.as_bytes()) {
        durable::private_dir(&layout.private())?;
        durable::replace(&settings, SETTINGS.as_bytes())?;
    }
    if is_included(layout)? {
        return Ok(());
    }
    let lock = layout.lock("config")?;
    let _lock = Lock::acquire(&lock, Duration::from_secs(30))?;
    if is_included(layout)? {
        return Ok(());
    }
    include(layout)
}

/// Reads the file, since starting git for it would cost as much as the rest.
fn is_included(layout: &Layout) -> Result<bool> {
    let path = layout.common().join("config");
    let text = durable::read(&path)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    Ok(text
        .lines()
        .map(str::trim)
        .any(|line| line.strip_prefix("path = ") == Some(INCLUDED)))
}

/// Appends to the configuration by git's own protocol, without git: a killed
/// `git config` leaves a lock that nobody can be proven to have made.
fn include(layout: &Layout) -> Result<()> {
    let named = layout.common().join("config");
    let config = named.canonicalize().map_err(Error::io("find", &named))?;
    let lock = ProvenLock::new(
        durable::with_suffix(&config, ".lock"),
        layout.private().join("config-proof"),
    );
    lock.take()?;
    let result = write(&lock, &config);
    match &result {
        Ok(()) => durable::remove_file(lock.proof())?,
        Err(_) => lock.release()?,
    }
    result
}

fn write(lock: &ProvenLock, config: &Path) -> Result<()> {
    let mut text = durable::read(config)?.unwrap_or_default();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(INCLUSION.as_bytes());
    let mode = fs::metadata(config)
        .map_err(Error::io("read", config))?
        .mode();
    durable::write(lock.path(), &text)?;
    durable::protect(lock.path(), mode & 0o7777)?;
    durable::rename(lock.path(), config)
}
