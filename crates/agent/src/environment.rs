//! What a worker sees of the environment it was started from.
//!
//! An allow-list: a variable that is not named here, by the runtime or by the
//! worker's identity does not reach the worker, so neither do the caller's
//! secrets. `GIT_*` of the caller never passes, not even when a runtime asks
//! for it: it could point the worker's git at another repository. Nor do the
//! caller's own `GT_*` and `BD_*`: a worker is itself, not whoever slung it.
//! Pure: the caller hands in its environment.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::runtime::Runtime;

/// Variables every worker may see; a `*` at the end stands for any rest.
pub const PASSED: &[&str] = &[
    // Who and where.
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "XDG_*",
    "PLAINTOWN_*",
    // Language and terminal.
    "LANG",
    "LANGUAGE",
    "LC_*",
    "TZ",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    // Reaching the network and git remotes.
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "SSH_AUTH_SOCK",
    // Where tool chains live.
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "GOPATH",
    "GOROOT",
    "GOMODCACHE",
    "JAVA_HOME",
    "NVM_DIR",
    "NVM_BIN",
    "PNPM_HOME",
    "BUN_INSTALL",
    "PYENV_ROOT",
    "VIRTUAL_ENV",
    "UV_CACHE_DIR",
    "NIX_PATH",
    "NIX_PROFILES",
];

const NEVER_PASSED: &[&str] = &["GIT_*", "GT_*", "BD_*"];

/// The complete environment of a worker, sorted by name: what may pass of
/// `current`, then what the runtime sets, then `identity` on top.
#[must_use]
pub fn worker(
    current: impl Iterator<Item = (OsString, OsString)>,
    runtime: &Runtime,
    identity: &[(String, String)],
) -> Vec<(OsString, OsString)> {
    let mut env: BTreeMap<OsString, OsString> = current
        .filter(|(name, _)| passes(name, &runtime.env_pass))
        .collect();
    let set = runtime.env_set.iter().chain(identity);
    env.extend(set.map(|(name, value)| (name.into(), value.into())));
    env.into_iter().collect()
}

/// Puts `dir` first in the environment's `PATH`, so that the worker finds the
/// same programs there as the caller meant. Other entries keep their order;
/// empty ones, which would mean the folder the worker is in, are left out.
pub fn put_first_on_path(env: &mut Vec<(OsString, OsString)>, dir: &Path) {
    let at = env
        .iter()
        .position(|(name, _)| name == "PATH")
        .unwrap_or_else(|| {
            env.push(("PATH".into(), OsString::new()));
            env.len() - 1
        });
    let old = std::mem::take(&mut env[at].1);
    let mut path = dir.as_os_str().to_owned();
    let others = std::env::split_paths(&old).filter(|entry| entry != dir);
    for entry in others.filter(|entry| !entry.as_os_str().is_empty()) {
        path.push(":");
        path.push(entry);
    }
    env[at].1 = path;
}

/// Whether a variable, or every one with a prefix, is kept from workers even
/// if a runtime asks for it.
pub(crate) fn is_withheld(entry: &str) -> bool {
    NEVER_PASSED
        .iter()
        .any(|pattern| matches(pattern, entry.as_ref()))
}

fn passes(name: &OsStr, also: &[String]) -> bool {
    !NEVER_PASSED.iter().any(|pattern| matches(pattern, name))
        && (PASSED.iter().any(|pattern| matches(pattern, name))
            || also.iter().any(|pattern| matches(pattern, name)))
}

fn matches(pattern: &str, name: &OsStr) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.as_bytes().starts_with(prefix.as_bytes()),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests;
