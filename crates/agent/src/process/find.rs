//! Finding a worker whose start was recorded and whose number was not.
//!
//! A program that is killed between starting a worker and noting who it is
//! leaves a worker that nobody knows. Its environment carries the attempt's
//! random word, which no other process has.

use super::Identity;
use super::stat::{Stat, is_gone, is_hidden, unless_hidden};
use std::fs;
use std::io;
use std::thread;
use std::time::Duration;

/// So many looks at a process that is about to become another program, with this
/// pause between them.
const LOOKS: usize = 500;
const PAUSE: Duration = Duration::from_millis(1);

/// The leader of the session that was started with `name=value` in its
/// environment, if one runs. Reads the process table: for recovery only.
pub fn find_leader(name: &str, value: &str) -> io::Result<Option<Identity>> {
    let wanted = [format!("{name}={value}")];
    for stat in Stat::all()? {
        if stat.running && stat.session == stat.pid && carries(stat.pid, &wanted)? {
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
        if stat.running && stat.pid != own && carries(stat.pid, &wanted)? {
            found.extend(Identity::of(stat.pid)?);
        }
    }
    Ok(found)
}

/// What a process was started with: `name=value`, each ended by a zero byte. None
/// if there is no such process, or it is another user's, whose environment cannot
/// be read and who is none of ours. Whatever else keeps it from being read is an
/// error: it does not mean that nobody is there.
pub fn environment(pid: u32) -> io::Result<Option<Vec<u8>>> {
    for _ in 0..LOOKS {
        match fs::read(format!("/proc/{pid}/environ")) {
            Ok(found) if found.is_empty() && is_becoming(pid)? => thread::sleep(PAUSE),
            Ok(found) => return Ok(Some(found)),
            Err(error) if is_gone(&error) || is_hidden(&error) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn carries(pid: u32, wanted: &[String]) -> io::Result<bool> {
    let environment = environment(pid)?.unwrap_or_default();
    let has = |it: &String| {
        let mut entries = environment.split(|byte| *byte == 0);
        entries.any(|entry| entry == it.as_bytes())
    };
    Ok(wanted.iter().all(has))
}

/// Whether a process without an environment is in the middle of becoming another
/// program: for a moment it has neither environment nor arguments, although it
/// let go already of what it had locked before.
fn is_becoming(pid: u32) -> io::Result<bool> {
    let stat = Stat::read(pid).or_else(unless_hidden)?;
    if !stat.is_some_and(|stat| stat.running && stat.has_memory) {
        return Ok(false);
    }
    match fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(arguments) => Ok(arguments.is_empty()),
        Err(error) if is_gone(&error) || is_hidden(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::{Launch, spawn};
    use std::ffi::OsString;

    /// Not a test of its own: what is asked where no file can be opened.
    #[test]
    #[ignore = "run by what_cannot_be_looked_at_is_not_taken_for_none"]
    fn without_descriptors() {
        let mut held = Vec::new();
        while let Ok(file) = fs::File::open("/dev/null") {
            held.push(file);
        }
        let own = std::process::id();
        let answers = [
            environment(own).is_err(),
            find_leader("GT_SESSION", "none").is_err(),
            find_all(&[("GT_SESSION", "none")]).is_err(),
            Identity::of(own).is_err(),
        ];
        drop(held);
        assert_eq!(answers, [true; 4]);
    }

    #[test]
    fn what_cannot_be_looked_at_is_not_taken_for_none() {
        let program = std::env::current_exe().unwrap();
        let test = "process::find::tests::without_descriptors";
        let script = "ulimit -n 64; exec \"$0\" --exact \"$1\" --ignored";
        let answer = std::process::Command::new("sh")
            .args(["-c", script])
            .args([program.as_os_str(), test.as_ref()])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&answer.stdout);
        assert!(text.contains("1 passed"), "{text}");
    }

    #[test]
    fn one_without_an_environment_is_no_riddle() {
        let mut child = std::process::Command::new("sleep");
        let mut child = child.arg("60").env_clear().spawn().unwrap();
        let found = environment(child.id()).unwrap();
        let is_awaited = is_becoming(child.id()).unwrap();
        child.kill().unwrap();
        let zombie = environment(child.id()).unwrap();
        child.wait().unwrap();
        assert_eq!((found, zombie), (Some(Vec::new()), Some(Vec::new())));
        assert_eq!(environment(i32::MAX as u32).unwrap(), None);
        assert!(!is_awaited, "it has become what it was to be");
    }

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
