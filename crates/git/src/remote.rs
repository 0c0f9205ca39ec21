//! Other repositories: looked at, fetched from, and pushed to by
//! compare-and-swap.
//!
//! Everything here has a time limit, [`crate::command::NETWORK_LIMIT`] unless
//! the caller's [`Git`] carries another. Nothing is ever forced over a state
//! that the caller has not seen.

mod fetch;
mod push;
mod url;

pub use fetch::{clone, default_branch, fetch, remote_tip};
pub use push::{Expect, PushError, Pushed, delete_remote_branch, push_branch};
pub use url::check_url;

use crate::{Error, Git, Result, parse};

/// The names of the configured remotes, sorted.
pub fn remotes(git: &Git) -> Result<Vec<String>> {
    let answer = git.run("list the remotes", ["remote"])?;
    Ok(String::from_utf8_lossy(&answer)
        .lines()
        .map(str::to_owned)
        .collect())
}

/// Whether a remote of this name is configured.
pub fn has(git: &Git, name: &str) -> Result<bool> {
    Ok(remotes(git)?.iter().any(|remote| remote == name))
}

/// The URL that a remote is fetched from; `None` when there is no such remote.
pub fn url(git: &Git, name: &str) -> Result<Option<String>> {
    check_name(name)?;
    let key = format!("remote.{name}.url");
    let output = git.ask(
        "read the URL of a remote",
        ["config", "--get", &key],
        &[0, 1],
    )?;
    Ok((output.status == Some(0)).then(|| parse::line(&output.stdout)))
}

/// A configured name only: in its place git would take any URL or path.
fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    let reason = match name {
        "" => "it is empty",
        _ if name.starts_with(['-', '.', '/']) => "it begins with a dash, a dot or a slash",
        _ if name.contains("..") => "it contains ..",
        _ if !name.chars().all(allowed) => "it has a character that no remote's name has",
        _ => return Ok(()),
    };
    Err(Error::Invalid {
        kind: "remote name",
        text: name.to_owned(),
        reason,
    })
}

/// The remote is named well, configured, and its URL may be used.
fn checked(git: &Git, name: &str) -> Result<()> {
    match url(git, name)? {
        Some(url) => check_url(&url),
        None => Err(Error::Invalid {
            kind: "remote name",
            text: name.to_owned(),
            reason: "no such remote is configured",
        }),
    }
}

#[cfg(test)]
mod tests;
