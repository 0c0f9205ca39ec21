//! What git's index says of a file, without git.
//!
//! While git is at work its index is still the one from before: a file that it
//! names may be missing for a moment, and one that it does not name was none of
//! git's. Promises to say "maybe" wherever it cannot know. Never parses more than
//! that needs: the names stand in the index as they are, each with a zero byte
//! behind it.

use memchr::memmem;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Where a part of the index is a file of its own, that part has this name.
const SHARED: &str = "sharedindex.";

/// Whether the index of a git folder may name a file that is called so, in
/// whatever folder.
pub(super) fn may_name(git_dir: &Path, file: &str) -> bool {
    match fs::read(git_dir.join("index")) {
        Ok(index) => !has_whole_names(&index) || names(&index, file) || is_split(git_dir),
        // Nothing was ever added.
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// Version 4 leaves out what a name shares with the one before it.
fn has_whole_names(index: &[u8]) -> bool {
    index.starts_with(b"DIRC\0\0\0\x02") || index.starts_with(b"DIRC\0\0\0\x03")
}

fn is_split(git_dir: &Path) -> bool {
    let Ok(entries) = fs::read_dir(git_dir) else {
        return true;
    };
    let mut names = entries.map(|it| it.map(|it| it.file_name()));
    names.any(|name| name.map_or(true, |it| it.to_string_lossy().starts_with(SHARED)))
}

fn names(index: &[u8], file: &str) -> bool {
    let name = [b"/", file.as_bytes(), b"\0"].concat();
    memmem::find(index, &name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn git(folder: &Path, args: &[&str]) {
        let mut command = Command::new("git");
        command.args(args).current_dir(folder).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder);
        assert!(command.status().unwrap().success(), "{args:?}");
    }

    fn repository(version: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "--quiet"]);
        let version = ["config", "index.version", version];
        git(folder.path(), &version);
        folder
    }

    fn add(folder: &Path, names: &[&str]) {
        fs::create_dir_all(folder.join("beads/a")).unwrap();
        for name in names {
            fs::write(folder.join("beads/a").join(name), name).unwrap();
        }
        git(folder, &["add", "."]);
    }

    #[test]
    fn only_what_was_added_may_be_named() {
        for version in ["2", "3"] {
            let folder = repository(version);
            let git_dir = folder.path().join(".git");
            assert!(!may_name(&git_dir, "one.yaml"));
            add(folder.path(), &["one.yaml", "two.yaml.bak"]);
            assert!(may_name(&git_dir, "one.yaml"));
            for other in ["two.yaml", "ne.yaml", "three.yaml"] {
                assert!(!may_name(&git_dir, other), "{other}");
            }
        }
    }

    #[test]
    fn what_cannot_be_known_may_be() {
        let folder = repository("4");
        add(folder.path(), &["one.yaml"]);
        assert!(may_name(&folder.path().join(".git"), "three.yaml"));
        let folder = repository("2");
        add(folder.path(), &["one.yaml"]);
        git(folder.path(), &["update-index", "--split-index"]);
        assert!(may_name(&folder.path().join(".git"), "three.yaml"));
        fs::write(folder.path().join(".git/index"), "torn").unwrap();
        assert!(may_name(&folder.path().join(".git"), "three.yaml"));
        assert!(!may_name(&folder.path().join("nowhere"), "three.yaml"));
    }
}
