//! A stopped process's registers: what its call is about, and what it answers.
//!
//! Never touches a process that is not stopped by the calling thread's tracer:
//! the kernel refuses.
#![allow(unsafe_code)]

use libc::{c_int, pid_t};

#[cfg(target_arch = "x86_64")]
mod here {
    use std::{mem, ptr};

    use libc::{c_int, c_void, pid_t, user_regs_struct};

    /// The registers; `None` of a process that has died meanwhile.
    fn read(pid: pid_t) -> Option<user_regs_struct> {
        let nothing = ptr::null_mut::<c_void>();
        // SAFETY: `registers` outlives the call and is plain numbers.
        unsafe {
            let mut registers: user_regs_struct = mem::zeroed();
            let read = libc::ptrace(libc::PTRACE_GETREGS, pid, nothing, &raw mut registers);
            (read == 0).then_some(registers)
        }
    }

    pub(super) fn fail(pid: pid_t, number: c_int, spares_streams: bool) {
        let Some(mut registers) = read(pid) else {
            return;
        };
        // What cannot be said at all tells nobody anything.
        let first_spared = if spares_streams { 0 } else { 2 };
        if is_said(&registers) && registers.rdi >= first_spared {
            return;
        }
        registers.orig_rax = u64::MAX;
        registers.rax = i64::from(-number) as u64;
        let nothing = ptr::null_mut::<c_void>();
        // SAFETY: as above. One that has died meanwhile answers ESRCH, and its end
        // is reported by wait.
        unsafe { libc::ptrace(libc::PTRACE_SETREGS, pid, nothing, &raw const registers) };
    }

    /// Whether the call writes to a standard stream.
    fn is_said(registers: &user_regs_struct) -> bool {
        let writes = [libc::SYS_write, libc::SYS_writev].map(|number| number as u64);
        writes.contains(&registers.orig_rax) && registers.rdi <= 2
    }

    pub(super) fn first_argument(pid: pid_t) -> Option<u64> {
        read(pid).map(|registers| registers.rdi)
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod here {
    pub(super) fn fail(_: libc::pid_t, number: libc::c_int, _: bool) {
        panic!("calls cannot be made to fail with {number} on this architecture");
    }

    pub(super) fn first_argument(_: libc::pid_t) -> Option<u64> {
        panic!("calls cannot be looked at on this architecture");
    }
}

/// Makes the call that a process was stopped at fail instead of happen; not what it
/// says on standard error, nor on any standard stream, if these are spared. With 0
/// it says that it happened.
pub(super) fn fail(pid: pid_t, number: c_int, spares_streams: bool) {
    here::fail(pid, number, spares_streams);
}

/// The first argument of the call that a process was stopped at.
pub(super) fn first_argument(pid: pid_t) -> Option<u64> {
    here::first_argument(pid)
}
