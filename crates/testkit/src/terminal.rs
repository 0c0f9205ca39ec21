//! A person at a terminal: a command that has one, and keys that are pressed once
//! it asks.
//!
//! The terminal is the command's controlling one, so Ctrl-C is a signal and
//! Ctrl-D an end of input, as for a person. The only unsafe code here makes it so.

#![allow(unsafe_code)]

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, ExitStatus};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::call::{Call, ends_within};

/// What a person saw.
#[derive(Debug)]
pub struct Shown {
    /// How the command ended.
    pub status: ExitStatus,
    /// Everything on the terminal, the keys that it echoed included.
    pub text: String,
}

impl Call {
    /// Runs it on a terminal, presses `keys` as soon as it shows `question`, and
    /// waits for its end.
    ///
    /// # Panics
    /// If it cannot be started, does not ask, or takes longer than its limit.
    #[track_caller]
    pub fn answer(&self, question: &str, keys: &str) -> Shown {
        let (mut ours, theirs) = open().expect("a terminal can be made");
        let mut child = self.on_terminal(theirs);
        let end = Instant::now() + self.limit;
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(question) {
            let goes_on = Instant::now() < end && read_more(&mut ours, &mut seen);
            assert!(
                goes_on,
                "it did not ask: {}",
                String::from_utf8_lossy(&seen)
            );
        }
        ours.write_all(keys.as_bytes())
            .expect("keys can be pressed");
        while Instant::now() < end && read_more(&mut ours, &mut seen) {}
        let text = String::from_utf8_lossy(&seen).into_owned();
        if !ends_within(&child, self.limit) {
            let _ = child.kill();
            panic!("it took longer than {:?}: {text}", self.limit);
        }
        let status = child.wait().expect("our own child can be waited for");
        Shown { status, text }
    }

    #[track_caller]
    fn on_terminal(&self, terminal: File) -> Child {
        let end = || terminal.try_clone().expect("a terminal can be shared");
        let mut command = self.command(end().into(), end().into());
        command.stdin(end());
        // SAFETY: between fork and exec only setsid, signal and ioctl are called, on plain
        // numbers; nothing is allocated or locked.
        unsafe { command.pre_exec(take_terminal) };
        command.spawn().expect("it can be started")
    }
}

/// Makes standard input the controlling terminal of a session of its own, where
/// keys are signals: whoever runs the tests in the background may ignore those.
fn take_terminal() -> io::Result<()> {
    rustix::process::setsid()?;
    for signal in [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP] {
        // SAFETY: the default disposition runs no code of ours.
        if unsafe { libc::signal(signal, libc::SIG_DFL) } == libc::SIG_ERR {
            return Err(io::Error::last_os_error());
        }
    }
    // SAFETY: TIOCSCTTY reads and writes no memory.
    match unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// A terminal's two ends. No other child inherits them.
fn open() -> io::Result<(File, File)> {
    let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
    // SAFETY: a new descriptor, which nobody else owns, or -1.
    let ours = unsafe {
        let fd = libc::posix_openpt(flags);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        File::from_raw_fd(fd)
    };
    let mut name = [0; 64];
    // SAFETY: the descriptor is open, and the name ends within its array.
    let name = unsafe {
        let fd = ours.as_raw_fd();
        let is_made = libc::grantpt(fd) == 0
            && libc::unlockpt(fd) == 0
            && libc::ptsname_r(fd, name.as_mut_ptr(), name.len()) == 0;
        if !is_made {
            return Err(io::Error::last_os_error());
        }
        std::ffi::CStr::from_ptr(name.as_ptr())
    };
    let theirs = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NOCTTY)
        .open(name.to_string_lossy().as_ref())?;
    Ok((ours, theirs))
}

/// Waits for more to be shown. False once nobody can show anything any more.
fn read_more(terminal: &mut File, seen: &mut Vec<u8>) -> bool {
    let soon = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let mut fds = [PollFd::new(&*terminal, PollFlags::IN)];
    if matches!(
        poll(&mut fds, Some(&soon)),
        Ok(0) | Err(rustix::io::Errno::INTR)
    ) {
        return true;
    }
    let mut bytes = [0; 4096];
    match terminal.read(&mut bytes) {
        // Linux says EIO when the last one at the other end is gone.
        Ok(0) | Err(_) => false,
        Ok(count) => {
            seen.extend_from_slice(&bytes[..count]);
            true
        }
    }
}
