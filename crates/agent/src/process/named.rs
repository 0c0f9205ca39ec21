//! Processes by the name of their program.
//!
//! A process chooses its name, so it says who may be meant and proves nothing.

use super::stat::{Stat, is_gone, is_hidden, numbers, unless_hidden};
use std::fs;
use std::io;

/// The numbers of all running processes whose program's name begins so. Those that
/// end meanwhile, and those that `/proc` keeps from this user, are left out.
/// Whatever else keeps one from being read is an error: it does not mean that
/// nobody is there.
pub fn named(prefix: &str) -> io::Result<Vec<u32>> {
    let mut found = Vec::new();
    for pid in numbers()? {
        if name(pid)?.starts_with(prefix.as_bytes()) && is_running(pid)? {
            found.push(pid);
        }
    }
    Ok(found)
}

/// Nothing where the process is gone, or is kept from this user.
fn name(pid: u32) -> io::Result<Vec<u8>> {
    match fs::read(format!("/proc/{pid}/comm")) {
        Err(error) if is_gone(&error) || is_hidden(&error) => Ok(Vec::new()),
        read => read,
    }
}

fn is_running(pid: u32) -> io::Result<bool> {
    let stat = Stat::read(pid).or_else(unless_hidden)?;
    Ok(stat.is_some_and(|stat| stat.running))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::thread;
    use std::time::{Duration, Instant};

    /// It has its name, and its end, a moment after they were asked for.
    fn until(pid: u32, is_expected: bool, prefix: &str) {
        let end = Instant::now() + Duration::from_secs(30);
        while named(prefix).unwrap().contains(&pid) != is_expected {
            assert!(Instant::now() < end, "{prefix}");
            thread::yield_now();
        }
    }

    #[test]
    fn one_is_found_by_its_name_while_it_runs() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        for prefix in ["sleep", "sle"] {
            until(child.id(), true, prefix);
        }
        let other = named("sleeper").unwrap();
        child.kill().unwrap();
        until(child.id(), false, "sleep");
        child.wait().unwrap();
        assert!(!other.contains(&child.id()));
    }
}
