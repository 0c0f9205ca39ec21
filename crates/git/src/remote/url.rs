//! Which URLs may be given to git.

use crate::{Error, Result};

/// Everything else, `ext::` above all, can run a command.
const SCHEMES: &[&str] = &["https", "http", "ssh", "git", "file", "git+ssh", "ssh+git"];

/// Refuses a URL that git would read as an option or as a command to run.
pub fn check_url(url: &str) -> Result<()> {
    match broken_rule(url) {
        None => Ok(()),
        Some(reason) => Err(Error::Invalid {
            kind: "repository URL",
            text: url.to_owned(),
            reason,
        }),
    }
}

fn broken_rule(url: &str) -> Option<&'static str> {
    if url.is_empty() {
        return Some("it is empty");
    }
    if url.starts_with('-') {
        return Some("it begins with -");
    }
    if url.chars().any(char::is_control) {
        return Some("it has a control character");
    }
    if let Some((scheme, rest)) = url.split_once("://") {
        return match SCHEMES.contains(&scheme) {
            true if rest.starts_with('-') => Some("its host begins with -"),
            true => None,
            false => Some("its scheme is none of https, http, ssh, git and file"),
        };
    }
    helper_or_host(url)
}

/// `helper::address` starts a remote helper; `host:path` is ssh, where a host
/// that begins with a dash would be an option of ssh.
fn helper_or_host(url: &str) -> Option<&'static str> {
    let (host, path) = url.split_once(':')?;
    if host.contains('/') {
        return None;
    }
    if path.starts_with(':') {
        return Some("it names a remote helper");
    }
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    host.starts_with('-').then_some("its host begins with -")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_urls_pass() {
        for url in [
            "https://example.org/a.git",
            "ssh://git@example.org:22/a",
            "git@example.org:team/a.git",
            "file:///srv/a",
            "/srv/a",
            "../a",
            "./odd:name",
        ] {
            assert!(check_url(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn anything_that_runs_something_is_refused() {
        for url in [
            "",
            "--upload-pack=touch x",
            "ext::sh -c 'touch x'",
            "fd::17",
            "ssh://-oProxyCommand=x/a",
            "-oProxyCommand=x:a",
            "git@-oProxyCommand=x:a",
            "gopher://x/",
            "https://x/\nfoo",
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
