//! Reading from a remote.

use std::ffi::OsString;
use std::path::Path;

use super::{check_url, checked};
use crate::{BranchName, Error, Git, Oid, Result, look, parse, refs};

/// Fetches one branch into `refs/remotes/<remote>/<branch>`, also when it was
/// rewound; `None` when the remote has no such branch.
pub fn fetch(git: &Git, remote: &str, branch: &BranchName) -> Result<Option<Oid>> {
    if remote_tip(git, remote, branch)?.is_none() {
        return Ok(None);
    }
    let tracking = format!("refs/remotes/{remote}/{branch}");
    let refspec = format!("+{}:{tracking}", branch.full_ref());
    let args = [
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--end-of-options",
        remote,
        &refspec,
    ];
    git.limited().run("fetch a branch", args)?;
    refs::resolve(git, &tracking)
}

/// Where a branch is on the remote now; `None` when it is not there.
pub fn remote_tip(git: &Git, remote: &str, branch: &BranchName) -> Result<Option<Oid>> {
    checked(git, remote)?;
    let wanted = branch.full_ref();
    let args = ["ls-remote", "--refs", "--end-of-options", remote, &wanted];
    let answer = git.limited().run("ask the remote for a branch", args)?;
    // The pattern also matches `…/refs/heads/<branch>` below another folder.
    String::from_utf8_lossy(&answer)
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .find(|(_, reference)| *reference == wanted)
        .map(|(oid, _)| Oid::parse(oid))
        .transpose()
}

/// The branch that the remote's HEAD names: as noted at the clone, else asked.
pub fn default_branch(git: &Git, remote: &str) -> Result<Option<BranchName>> {
    checked(git, remote)?;
    let noted = format!("refs/remotes/{remote}/HEAD");
    let output = git.ask(
        "read the default branch",
        ["symbolic-ref", "--quiet", &noted],
        &[0, 1],
    )?;
    let prefix = format!("refs/remotes/{remote}/");
    let target = parse::line(&output.stdout);
    if let Some(short) = target.strip_prefix(&prefix) {
        return BranchName::parse(short).map(Some);
    }
    let args = ["ls-remote", "--symref", "--end-of-options", remote, "HEAD"];
    let answer = git
        .limited()
        .run("ask the remote for its default branch", args)?;
    Ok(String::from_utf8_lossy(&answer)
        .lines()
        .find_map(symbolic_head))
}

fn symbolic_head(line: &str) -> Option<BranchName> {
    let reference = line.strip_prefix("ref: ")?.strip_suffix("\tHEAD")?;
    BranchName::from_full_ref(reference)
}

/// Clones a repository into `destination`, which must not exist. A clone that
/// fails leaves nothing behind.
pub fn clone(url: &str, destination: &Path) -> Result<()> {
    check_url(url)?;
    let parent = destination.parent().unwrap_or(Path::new("/"));
    if look::is_there(destination)? {
        return Err(Error::Occupied {
            path: destination.to_owned(),
            reason: "it exists already".to_owned(),
        });
    }
    let args = [
        "clone",
        "--quiet",
        "--no-recurse-submodules",
        "--end-of-options",
        url,
    ]
    .map(OsString::from);
    let args = args.into_iter().chain([destination.as_os_str().to_owned()]);
    let result = Git::at(parent).limited().run("clone a repository", args);
    if result.is_err() {
        crate::durable::remove_dir(destination)?;
    }
    result.map(|_| ())
}
