//! Finding a worker whose start was recorded and whose number was not.
//!
//! A program that is killed between starting a worker and noting who it is
//! leaves a worker that nobody knows. Its environment carries the attempt's
//! random word, which no other process has.

use super::Identity;
use super::stat::Stat;
use std::io;

/// The leader of the session that was started with `name=value` in its
/// environment, if one runs. Reads the process table: for recovery only.
pub fn find_leader(name: &str, value: &str) -> io::Result<Option<Identity>> {
    let wanted = format!("{name}={value}");
    for stat in Stat::all()? {
        if stat.running && stat.session == stat.pid && has(stat.pid, wanted.as_bytes()) {
            return Identity::of(stat.pid);
        }
    }
    Ok(None)
}

/// Every process with all these names and values in its environment, in whatever
/// session, but the calling one. Reads the process table.
pub fn find_all(entries: &[(&str, &str)]) -> io::Result<Vec<Identity>> {
    let wanted: Vec<String> = entries
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let own = std::process::id();
    let mut found = Vec::new();
    for stat in Stat::all()? {
        let has_all = || wanted.iter().all(|it| has(stat.pid, it.as_bytes()));
        if stat.running && stat.pid != own && has_all() {
            found.extend(Identity::of(stat.pid)?);
        }
    }
    Ok(found)
}

/// Another user's environment cannot be read, and is none of ours.
fn has(pid: u32, wanted: &[u8]) -> bool {
    std::fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environ| {
        environ
            .split(|byte| *byte == 0)
            .any(|entry| entry == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::{Launch, spawn};
    use std::ffi::OsString;

    #[test]
    fn a_worker_is_found_by_its_word() {
        let folder = tempfile::tempdir().unwrap();
        let word = format!("w{}", std::process::id());
        let launch = Launch {
            argv: ["sleep", "30"].map(OsString::from).to_vec(),
            cwd: folder.path().to_owned(),
            env: vec![
                ("PATH".into(), "/usr/bin:/bin".into()),
                ("GT_SESSION".into(), OsString::from(&word)),
            ],
            log: folder.path().join("log"),
        };
        let mut spawned = spawn(&launch).unwrap();
        let found = find_leader("GT_SESSION", &word).unwrap();
        let none = find_leader("GT_SESSION", "another").unwrap();
        let all = find_all(&[("GT_SESSION", &word)]).unwrap();
        spawned.child.kill().unwrap();
        spawned.child.wait().unwrap();
        assert_eq!(found, Some(spawned.identity.clone()));
        assert_eq!(none, None);
        assert_eq!(all, [spawned.identity]);
    }
}
