//! What the child does to itself between fork and exec.
#![allow(unsafe_code)]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

const FIRST_INHERITED: libc::c_uint = 3;

/// Arranges that the child leads its own session, passes no descriptor above
/// standard error on to its program, and has every signal as it was born
/// with. (The standard library empties the mask of blocked signals.)
pub(super) fn before_exec(command: &mut Command) {
    // SAFETY: between fork and exec of a process with threads only functions
    // that are safe in a signal handler may run. `detach` calls setsid(2),
    // signal(2) and close_range(2) or fcntl(2) on plain numbers; it allocates
    // nothing, takes no lock, and cannot panic.
    unsafe { command.pre_exec(detach) };
}

fn detach() -> io::Result<()> {
    rustix::process::setsid()?;
    default_signals();
    match close_all_on_exec() {
        // Linux before 5.11.
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL)) => {
            close_each_on_exec();
            Ok(())
        }
        outcome => outcome,
    }
}

/// Ignored signals (a caller under `nohup`) would stay ignored after exec.
fn default_signals() {
    for signal in 1..=libc::SIGRTMAX() {
        // SAFETY: SIG_DFL installs no handler. The numbers that cannot be
        // changed are refused, which leaves them as they should be.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

fn close_all_on_exec() -> io::Result<()> {
    // SAFETY: marks descriptors; none is closed before exec, so that the one
    // by which the standard library reports a failed exec still works.
    let outcome = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            FIRST_INHERITED,
            libc::c_uint::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
    if outcome == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

fn close_each_on_exec() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let last = limit.map_or(1 << 20, |limit| limit.min(1 << 20));
    for fd in FIRST_INHERITED as i32..i32::try_from(last).unwrap_or(i32::MAX) {
        // SAFETY: F_SETFD reads no memory; a number that is no descriptor is
        // refused.
        unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
}

/// Goes on in the background: whoever started this program finds that it has
/// ended. Only for a program that has no threads.
pub fn go_aside() -> io::Result<()> {
    // SAFETY: with a single thread, the child may do all that the parent could.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(()),
        // SAFETY: ends the process at once, without anything that the child
        // has, too, being done twice.
        _ => unsafe { libc::_exit(0) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};

    type Close = fn();

    #[test]
    fn both_ways_mark_every_descriptor() {
        let file = std::fs::File::open("/dev/null").unwrap();
        let ways: [Close; 2] = [|| close_all_on_exec().unwrap(), close_each_on_exec];
        for way in ways {
            fcntl_setfd(&file, FdFlags::empty()).unwrap();
            way();
            assert_eq!(fcntl_getfd(&file).unwrap(), FdFlags::CLOEXEC);
        }
    }
}
