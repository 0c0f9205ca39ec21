//! The seccomp program that stops a process at its state-changing system calls.
//!
//! Pure: builds instructions. Calls that cannot change a file, a lock or the set
//! of processes are never stopped; an `open` for reading is one of them.

use libc::{c_long, sock_filter};

use super::Fault;

#[cfg(target_arch = "x86_64")]
const ARCH: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const ARCH: u32 = 0xC000_00B7;

/// Calls that change files.
const FILES: &[c_long] = &[
    libc::SYS_write,
    libc::SYS_pwrite64,
    libc::SYS_writev,
    libc::SYS_pwritev,
    libc::SYS_openat2,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_unlinkat,
    libc::SYS_mkdirat,
    libc::SYS_symlinkat,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_truncate,
    libc::SYS_fallocate,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_utimensat,
    libc::SYS_sendfile,
    libc::SYS_copy_file_range,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_creat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rename,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_link,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_unlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_mkdir,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rmdir,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_symlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
];

/// Calls that change locks, descriptors and processes. None of them fails for lack
/// of space or a broken disk, and a `close` that did not close would be a lie.
const PROCESSES: &[c_long] = &[
    libc::SYS_close,
    libc::SYS_flock,
    libc::SYS_fcntl,
    libc::SYS_execve,
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_kill,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_fork,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_vfork,
];

/// Calls that make a descriptor, and fail where there can be no more.
const MAKERS: &[c_long] = &[
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_dup,
    libc::SYS_pipe2,
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_epoll_create1,
    libc::SYS_inotify_init1,
    libc::SYS_pidfd_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_creat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_pipe,
];

/// Calls that read files and folders, or look at them.
const READS: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_readv,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_getdents64,
    libc::SYS_statx,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
];

/// Calls that make durable.
const SYNCS: &[c_long] = &[libc::SYS_fsync, libc::SYS_fdatasync];

/// Calls whose flags decide, with the argument that holds the flags.
const OPENS: &[(c_long, u32)] = &[
    (libc::SYS_openat, 2),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, 1),
];

const WRITING: u32 = (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC) as u32;

/// Offsets in `struct seccomp_data`.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;

/// The program: allow, or stop for the tracer at each call that the fault is for.
pub(super) fn program(fault: Fault) -> Vec<sock_filter> {
    let (always, by_flags): (&[&[c_long]], _) = match fault {
        Fault::Kill | Fault::KillFirst => (&[FILES, PROCESSES], OPENS),
        Fault::Error(libc::EMFILE)
        | Fault::Errors(libc::EMFILE)
        | Fault::ErrorsOfFirst(libc::EMFILE) => (&[MAKERS], &[][..]),
        Fault::ReadOfFirst(_) => (&[READS], &[][..]),
        Fault::NoSyncOf(_) => (&[SYNCS], &[][..]),
        Fault::Error(_) | Fault::Errors(_) | Fault::ErrorsOfFirst(_) => (&[FILES], OPENS),
    };
    let mut code = vec![
        load(ARCHITECTURE),
        branch(libc::BPF_JEQ, ARCH, 1, 0),
        allow(),
        load(NUMBER),
    ];
    for &number in always.iter().copied().flatten() {
        code.push(branch(libc::BPF_JEQ, number as u32, 0, 1));
        code.push(stop());
    }
    for &(number, argument) in by_flags {
        code.push(branch(libc::BPF_JEQ, number as u32, 0, 4));
        code.push(load(ARGUMENTS + 8 * argument));
        code.push(branch(libc::BPF_JSET, WRITING, 0, 1));
        code.push(stop());
        code.push(allow());
    }
    code.push(allow());
    code
}

fn load(offset: u32) -> sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
}

fn allow() -> sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW)
}

fn stop() -> sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_TRACE)
}

fn statement(code: u32, k: u32) -> sock_filter {
    sock_filter {
        code: code as u16,
        jt: 0,
        jf: 0,
        k,
    }
}

/// Skips `jt` instructions where `test` holds for `k`, `jf` where it does not.
fn branch(test: u32, k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter {
        code: (libc::BPF_JMP | test | libc::BPF_K) as u16,
        jt,
        jf,
        k,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel would answer for a call with these arguments.
    fn verdict(fault: Fault, number: c_long, arguments: [u32; 3]) -> u32 {
        let code = program(fault);
        let (mut at, mut value) = (0, 0);
        loop {
            let step = code[at];
            at += 1;
            match u32::from(step.code) & 0x07 {
                libc::BPF_LD if step.k == NUMBER => value = number as u32,
                libc::BPF_LD if step.k == ARCHITECTURE => value = ARCH,
                libc::BPF_LD => value = arguments[((step.k - ARGUMENTS) / 8) as usize],
                libc::BPF_RET => return step.k,
                _ => {
                    let holds = match u32::from(step.code) & 0xf0 {
                        libc::BPF_JEQ => value == step.k,
                        _ => value & step.k != 0,
                    };
                    at += usize::from(if holds { step.jt } else { step.jf });
                }
            }
        }
    }

    #[test]
    fn writers_are_stopped_and_readers_are_not() {
        let (write, read) = (
            libc::O_WRONLY as u32,
            (libc::O_RDONLY | libc::O_CLOEXEC) as u32,
        );
        for (number, arguments, expected) in [
            (libc::SYS_write, [0; 3], libc::SECCOMP_RET_TRACE),
            (libc::SYS_kill, [0; 3], libc::SECCOMP_RET_TRACE),
            (libc::SYS_read, [0; 3], libc::SECCOMP_RET_ALLOW),
            (libc::SYS_openat, [0, 0, write], libc::SECCOMP_RET_TRACE),
            (libc::SYS_openat, [9, 9, read], libc::SECCOMP_RET_ALLOW),
            #[cfg(target_arch = "x86_64")]
            (libc::SYS_open, [0, write, read], libc::SECCOMP_RET_TRACE),
        ] {
            assert_eq!(
                verdict(Fault::Kill, number, arguments),
                expected,
                "call {number}"
            );
        }
    }

    #[test]
    fn every_open_fails_where_there_can_be_no_more_descriptors() {
        let fault = Fault::Errors(libc::EMFILE);
        for (number, expected) in [
            (libc::SYS_openat, libc::SECCOMP_RET_TRACE),
            (libc::SYS_pipe2, libc::SECCOMP_RET_TRACE),
            (libc::SYS_write, libc::SECCOMP_RET_ALLOW),
        ] {
            assert_eq!(verdict(fault, number, [0; 3]), expected, "call {number}");
        }
    }

    #[test]
    fn a_disk_that_cannot_be_read_can_be_written() {
        let fault = Fault::ReadOfFirst(libc::EIO);
        for (number, expected) in [
            (libc::SYS_read, libc::SECCOMP_RET_TRACE),
            (libc::SYS_statx, libc::SECCOMP_RET_TRACE),
            (libc::SYS_openat, libc::SECCOMP_RET_TRACE),
            (libc::SYS_write, libc::SECCOMP_RET_ALLOW),
        ] {
            assert_eq!(verdict(fault, number, [0; 3]), expected, "call {number}");
        }
    }

    #[test]
    fn only_calls_on_files_are_made_to_fail() {
        let fault = Fault::Error(libc::ENOSPC);
        for (number, expected) in [
            (libc::SYS_write, libc::SECCOMP_RET_TRACE),
            (libc::SYS_fsync, libc::SECCOMP_RET_TRACE),
            (libc::SYS_close, libc::SECCOMP_RET_ALLOW),
            (libc::SYS_execve, libc::SECCOMP_RET_ALLOW),
        ] {
            assert_eq!(verdict(fault, number, [0; 3]), expected, "call {number}");
        }
    }
}
