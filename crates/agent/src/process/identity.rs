//! A process that cannot be mistaken for another one.

use std::fmt;
use std::fs;
use std::io;
use std::str::FromStr;

use super::stat::Stat;

const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// One process of one boot of this machine. As text it is `boot:pid:start`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// The kernel's random ID of the boot.
    pub boot: String,
    /// The process number, which another process may get later.
    pub pid: u32,
    /// When it started, in clock ticks since boot.
    pub start: u64,
}

impl Identity {
    /// The process that has the number `pid` now; `None` when there is none.
    pub fn of(pid: u32) -> io::Result<Option<Self>> {
        let stat = Stat::read(pid)?;
        stat.map(|stat| {
            Ok(Self {
                boot: boot_id()?,
                pid,
                start: stat.start,
            })
        })
        .transpose()
    }

    /// The calling process.
    pub fn current() -> io::Result<Self> {
        Self::of(std::process::id())?.ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, "/proc does not show this process")
        })
    }

    /// Whether this very process is still running. A zombie is not, and
    /// neither is another process that got its number.
    pub fn is_alive(&self) -> io::Result<bool> {
        Ok(self.boot == boot_id()? && self.stat()?.is_some_and(|stat| stat.running))
    }

    /// What the kernel says of this very process, a zombie included. Asks
    /// nothing about the boot.
    pub(super) fn stat(&self) -> io::Result<Option<Stat>> {
        Ok(Stat::read(self.pid)?.filter(|stat| stat.start == self.start))
    }
}

fn boot_id() -> io::Result<String> {
    Ok(fs::read_to_string(BOOT_ID)?.trim_end().to_owned())
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.boot, self.pid, self.start)
    }
}

/// Text that is no process identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("process identity {text:?} is not of the form boot:pid:start")]
pub struct ParseIdentityError {
    /// The text as it was given.
    pub text: String,
}

impl FromStr for Identity {
    type Err = ParseIdentityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseIdentityError {
            text: text.to_owned(),
        })
    }
}

fn parse(text: &str) -> Option<Identity> {
    let mut parts = text.split(':');
    let (boot, pid, start) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = !boot.is_empty() && boot.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !plain || parts.next().is_some() {
        return None;
    }
    let pid = number(pid).filter(|pid| (1..=i32::MAX as u64).contains(pid))?;
    let pid = u32::try_from(pid).ok()?;
    Some(Identity {
        boot: boot.to_owned(),
        pid,
        start: number(start)?,
    })
}

fn number(digits: &str) -> Option<u64> {
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_both_ways() {
        let own = Identity::current().unwrap();
        assert_eq!(own.to_string().parse(), Ok(own.clone()));
        assert_eq!(own.pid, std::process::id());
        let shown = Identity {
            boot: "b-1".into(),
            pid: 7,
            start: 99,
        }
        .to_string();
        assert_eq!(shown, "b-1:7:99");
    }

    #[test]
    fn text_that_is_no_identity_is_refused() {
        for bad in [
            "",
            "b",
            "b:1",
            ":1:2",
            "b:1:2:3",
            "b:x:2",
            "b:1:-2",
            "b:0:2",
            "b:+1:2",
            "b::2",
            "b:2147483648:2",
            "b c:1:2",
            "b:1:2 ",
            "b/..:1:2",
        ] {
            let error = bad.parse::<Identity>().unwrap_err();
            assert_eq!(error.text, bad);
        }
    }

    #[test]
    fn only_the_same_boot_number_and_start_is_alive() {
        let own = Identity::current().unwrap();
        assert!(own.is_alive().unwrap());
        assert!(
            !Identity {
                start: own.start + 1,
                ..own.clone()
            }
            .is_alive()
            .unwrap()
        );
        assert!(
            !Identity {
                boot: "another".into(),
                ..own.clone()
            }
            .is_alive()
            .unwrap()
        );
        assert!(
            !Identity {
                pid: i32::MAX as u32,
                ..own
            }
            .is_alive()
            .unwrap()
        );
    }
}
