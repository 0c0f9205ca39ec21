//! One line of `/proc/<pid>/stat`.
//!
//! Parsing is pure. The program's name, which the process chooses, may hold
//! spaces, brackets and line breaks; it is never trusted to be well-formed.

use std::fs;
use std::io;

/// What the kernel says of a process, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) pid: u32,
    pub(super) session: u32,
    /// Clock ticks since boot.
    pub(super) start: u64,
    /// Still running code: not a zombie, or a zombie only as its first thread.
    pub(super) running: bool,
    /// Threads of the kernel have none, nor has what is about to end.
    pub(super) has_memory: bool,
}

impl Stat {
    /// `None` when there is no such process.
    pub(super) fn read(pid: u32) -> io::Result<Option<Self>> {
        match fs::read(format!("/proc/{pid}/stat")) {
            Ok(line) if is_being_reaped(&line) => Ok(None),
            Ok(line) => Self::parse(pid, &line)
                .map(Some)
                .ok_or_else(|| malformed(pid)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn parse(pid: u32, line: &[u8]) -> Option<Self> {
        let fields = fields(line)?;
        // proc_pid_stat(5) counts from 1, and `fields` begins with the third.
        let field = |number: usize| fields.get(number - 3).copied();
        let ended = matches!(field(3)?, "Z" | "X" | "x");
        let threads: i64 = field(20)?.parse().ok()?;
        Some(Self {
            pid,
            session: field(6)?.parse().ok()?,
            start: field(22)?.parse().ok()?,
            running: !ended || threads > 1,
            has_memory: field(23)? != "0",
        })
    }

    /// Every process there is. Those that end meanwhile, and those that `/proc`
    /// keeps from this user (`hidepid`), are left out.
    pub(super) fn all() -> io::Result<Vec<Self>> {
        let mut found = Vec::new();
        for pid in numbers()? {
            found.extend(Self::read(pid).or_else(unless_hidden)?);
        }
        Ok(found)
    }
}

/// The number of every process that `/proc` lists.
pub(super) fn numbers() -> io::Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        found.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    Ok(found)
}

/// The fields from the third on.
fn fields(line: &[u8]) -> Option<Vec<&str>> {
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(&line[close + 1..]).ok()?;
    Some(rest.split_whitespace().collect())
}

/// Its parent has waited for it, and it is in no session any more.
fn is_being_reaped(line: &[u8]) -> bool {
    fields(line).is_some_and(|fields| fields.get(3) == Some(&"-1"))
}

pub(super) fn unless_hidden(error: io::Error) -> io::Result<Option<Stat>> {
    if is_hidden(&error) {
        Ok(None)
    } else {
        Err(error)
    }
}

pub(super) fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
        || error.raw_os_error() == Some(rustix::io::Errno::SRCH.raw_os_error())
}

/// Whether it is another user's, which `/proc` keeps from this one.
pub(super) fn is_hidden(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

fn malformed(pid: u32) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("/proc/{pid}/stat is not as documented"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, state: char, threads: u32) -> String {
        format!(
            "42 ({name}) {state} 1 40 41 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 {threads} 0 9001 2 3\n"
        )
    }

    fn parsed(name: &str, state: char, threads: u32) -> Stat {
        Stat::parse(42, line(name, state, threads).as_bytes()).unwrap()
    }

    #[test]
    fn fields_are_counted_from_the_last_bracket() {
        let expected = Stat {
            pid: 42,
            session: 41,
            start: 9001,
            running: true,
            has_memory: true,
        };
        for name in ["sh", "a b", ") Z 1 (", "x\n)", "((", ""] {
            assert_eq!(parsed(name, 'S', 1), expected, "{name:?}");
        }
    }

    #[test]
    fn a_zombie_runs_only_while_other_threads_do() {
        assert!(!parsed("sh", 'Z', 1).running);
        assert!(!parsed("sh", 'X', 0).running);
        assert!(parsed("sh", 'Z', 3).running);
        assert!(parsed("sh", 'T', 1).running);
    }

    #[test]
    fn threads_of_the_kernel_have_no_memory() {
        let line = line("kworker", 'S', 1).replace(" 9001 2 3", " 9001 0 0");
        assert!(!Stat::parse(42, line.as_bytes()).unwrap().has_memory);
    }

    #[test]
    fn one_that_is_being_reaped_is_gone() {
        let reaped = "42 (sh) X 0 -1 -1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 0 0 9001 2 3\n";
        assert!(is_being_reaped(reaped.as_bytes()));
        assert!(!is_being_reaped(line("sh", 'Z', 1).as_bytes()));
        assert!(!is_being_reaped(b""));
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        for bad in ["", "42 (sh", "42 (sh) S 1 40 41", "42 (sh) S 1 40 x"] {
            assert_eq!(Stat::parse(42, bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn the_own_process_is_among_all() {
        let own = Stat::read(std::process::id()).unwrap().unwrap();
        assert!(own.running);
        assert!(
            Stat::all()
                .unwrap()
                .iter()
                .any(|s| (s.pid, s.start) == (own.pid, own.start))
        );
    }
}
