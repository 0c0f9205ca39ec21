//! The tracer: fork, seccomp and ptrace, by unsafe code.
//!
//! Promises what [`super::run`] says, driven from one thread: `__WNOTHREAD` keeps
//! its waiting away from the children of all other threads. If that thread dies,
//! the kernel kills the tree.
#![allow(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CString, OsStr, c_char, c_int, c_ulong, c_void};
use std::fs::File;
use std::io::{self, PipeReader, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::ptr;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use libc::{pid_t, sock_filter, sock_fprog};

use super::{Fault, Synced, filter, registers};
use crate::call::Call;

/// Everything the child needs, allocated before the fork: after it only
/// async-signal-safe calls are allowed.
pub(super) struct Image {
    program: CString,
    argv: Vec<CString>,
    env: Vec<CString>,
    dir: CString,
    stdin: File,
    stdout: OwnedFd,
    stderr: OwnedFd,
    filter: Vec<sock_filter>,
}

impl Image {
    pub(super) fn new(
        fault: Fault,
        call: &Call,
        stdout: OwnedFd,
        stderr: OwnedFd,
    ) -> io::Result<Self> {
        let pair = |(name, value): (&std::ffi::OsString, &std::ffi::OsString)| {
            c_string([name.as_bytes(), b"=", value.as_bytes()].concat())
        };
        Ok(Self {
            program: c_string(call.program().as_os_str().as_bytes())?,
            argv: call
                .argv
                .iter()
                .map(|arg| c_string(OsStr::as_bytes(arg)))
                .collect::<io::Result<_>>()?,
            env: call.env.iter().map(pair).collect::<io::Result<_>>()?,
            dir: c_string(call.dir.as_os_str().as_bytes())?,
            stdin: call.input()?,
            stdout,
            stderr,
            filter: filter::program(fault),
        })
    }
}

fn c_string(bytes: impl Into<Vec<u8>>) -> io::Result<CString> {
    CString::new(bytes).map_err(io::Error::other)
}

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    let end = std::iter::once(ptr::null());
    strings
        .iter()
        .map(|text| text.as_ptr())
        .chain(end)
        .collect()
}

/// How the tree ended.
pub(super) struct Ended {
    pub(super) calls: u64,
    pub(super) reached: bool,
    pub(super) struck: Option<String>,
    pub(super) timed_out: bool,
    pub(super) status: ExitStatus,
}

/// The processes and threads of a tree that have not been reaped, shared
/// between the tracer and whoever may lose patience.
#[derive(Default)]
pub(super) struct Shared(Mutex<Tree>);

#[derive(Default)]
struct Tree {
    root: pid_t,
    alive: BTreeSet<pid_t>,
    doomed: bool,
    timed_out: bool,
}

impl Shared {
    /// Kills the tree, unless its end is told before the limit.
    pub(super) fn kill_after(&self, limit: Duration, done: &Receiver<()>) {
        if done.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            self.give_up();
        }
    }

    /// Kills the tree, which took too long.
    pub(super) fn give_up(&self) {
        let mut tree = self.locked();
        tree.timed_out = true;
        tree.kill();
    }

    /// Asks the first process to end.
    pub(super) fn ask_to_end(&self) {
        let tree = self.locked();
        if tree.alive.contains(&tree.root) {
            // SAFETY: plain numbers; the pid was not reaped, so it is ours.
            unsafe { libc::kill(tree.root, libc::SIGTERM) };
        }
    }

    fn locked(&self) -> MutexGuard<'_, Tree> {
        self.0.lock().expect("nobody panics with the tree locked")
    }
}

impl Tree {
    fn kill(&mut self) {
        self.doomed = true;
        for &pid in &self.alive {
            kill(pid);
        }
    }
}

/// Starts the image, injects the fault at its `n`-th call, tells `first_ended`
/// when its first process has ended, and waits for the last one. Blocks the
/// calling thread, which must have no other child.
pub(super) fn trace(
    image: Image,
    fault: Fault,
    n: u64,
    tree: &Shared,
    first_ended: &mut dyn FnMut(Ended),
) -> io::Result<Ended> {
    let (gate, mut opener) = io::pipe()?;
    let root = start(&image, &gate)?;
    drop((image, gate));
    if let Err(error) = seize(root) {
        kill(root);
        return Err(error);
    }
    let mut locked = tree.locked();
    locked.alive.insert(root);
    locked.root = root;
    drop(locked);
    opener.write_all(b".")?;
    Tracer {
        n,
        root,
        calls: 0,
        fault,
        reached: false,
        struck: None,
        status: None,
        tree,
        groups: BTreeMap::new(),
    }
    .follow(first_ended)
}

struct Tracer<'a> {
    n: u64,
    root: pid_t,
    calls: u64,
    fault: Fault,
    reached: bool,
    struck: Option<String>,
    status: Option<ExitStatus>,
    tree: &'a Shared,
    /// Which process each thread belongs to.
    groups: BTreeMap<pid_t, pid_t>,
}

impl Tracer<'_> {
    fn follow(mut self, first_ended: &mut dyn FnMut(Ended)) -> io::Result<Ended> {
        while let Some((pid, status)) = wait()? {
            if libc::WIFSTOPPED(status) {
                self.stopped(pid, status);
            } else {
                self.ended(pid, status);
            }
            if pid == self.root
                && let Some(ended) = self.outcome()
            {
                first_ended(ended);
            }
        }
        self.outcome()
            .ok_or_else(|| io::Error::other("the first process was never seen to end"))
    }

    fn outcome(&self) -> Option<Ended> {
        Some(Ended {
            calls: self.calls,
            reached: self.reached,
            struck: self.struck.clone(),
            timed_out: self.tree.locked().timed_out,
            status: self.status?,
        })
    }

    fn ended(&mut self, pid: pid_t, status: c_int) {
        self.tree.locked().alive.remove(&pid);
        self.groups.remove(&pid);
        if pid == self.root {
            self.status = Some(ExitStatus::from_raw(status));
        }
    }

    fn stopped(&mut self, pid: pid_t, status: c_int) {
        let tree = self.tree;
        let mut tree = tree.locked();
        tree.alive.insert(pid);
        let event = status >> 16;
        if event == libc::PTRACE_EVENT_SECCOMP && !tree.doomed && self.counts(pid) {
            self.calls += 1;
            if self.calls == self.n {
                self.reached = true;
                self.struck = program_of(pid);
            }
            match self.fault {
                Fault::Kill if self.calls == self.n => tree.kill(),
                Fault::KillFirst if self.calls == self.n => {
                    kill(self.root);
                    return;
                }
                Fault::Error(number) | Fault::ReadOfFirst(number) if self.calls == self.n => {
                    registers::fail(pid, number, false);
                }
                Fault::Errors(number) | Fault::ErrorsOfFirst(number) if self.reached => {
                    registers::fail(pid, number, true);
                }
                // Not carried out, and no error: so it says that it was.
                Fault::NoSyncOf(kind) if synced(pid) == Some(kind) => {
                    registers::fail(pid, 0, false);
                }
                _ => {}
            }
        }
        if event == libc::PTRACE_EVENT_EXEC {
            forget_former_thread(&mut tree, pid);
        }
        if tree.doomed {
            // A process born while the tree was being killed shows itself here,
            // stopped, before its first instruction.
            kill(pid);
            return;
        }
        resume(pid, event, libc::WSTOPSIG(status));
    }

    /// Whether the fault is for the process that this thread belongs to.
    fn counts(&mut self, pid: pid_t) -> bool {
        let is_of_first = matches!(
            self.fault,
            Fault::KillFirst | Fault::ErrorsOfFirst(_) | Fault::ReadOfFirst(_)
        );
        if !is_of_first {
            return true;
        }
        let known = self.groups.get(&pid).copied();
        let group = known.or_else(|| group_of(pid)).unwrap_or(pid);
        self.groups.insert(pid, group);
        group == self.root
    }
}

/// The process that a thread belongs to.
fn group_of(thread: pid_t) -> Option<pid_t> {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}

/// What the call of a thread is to make durable.
fn synced(thread: pid_t) -> Option<Synced> {
    let fd = registers::first_argument(thread)?;
    let open = std::fs::metadata(format!("/proc/{thread}/fd/{fd}")).ok()?;
    Some(if open.is_dir() {
        Synced::Folders
    } else {
        Synced::Files
    })
}

/// The name of the program that a thread runs.
fn program_of(thread: pid_t) -> Option<String> {
    let process = group_of(thread)?;
    let name = std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(name.trim_end().to_owned())
}

/// A thread that executes a program takes its leader's number; its own is gone
/// without a word, and may be given to a stranger.
fn forget_former_thread(tree: &mut Tree, pid: pid_t) {
    let former = event_message(pid) as pid_t;
    if former != pid {
        tree.alive.remove(&former);
    }
}

fn resume(pid: pid_t, event: c_int, signal: c_int) {
    let (request, deliver) = match event {
        0 => (libc::PTRACE_CONT, signal),
        // A stop by job control: it stays stopped until it is continued.
        libc::PTRACE_EVENT_STOP if signal != libc::SIGTRAP => (libc::PTRACE_LISTEN, 0),
        _ => (libc::PTRACE_CONT, 0),
    };
    // SAFETY: plain numbers; a tracee that has died meanwhile answers ESRCH, and
    // its end is reported by wait.
    unsafe { libc::ptrace(request, pid, ptr::null_mut::<c_void>(), deliver as usize) };
}

fn event_message(pid: pid_t) -> c_ulong {
    let mut message: c_ulong = 0;
    // SAFETY: `message` outlives the call, which writes one word to it.
    unsafe {
        libc::ptrace(
            libc::PTRACE_GETEVENTMSG,
            pid,
            ptr::null_mut::<c_void>(),
            &raw mut message,
        )
    };
    message
}

fn kill(pid: pid_t) {
    // SAFETY: plain numbers; the pid is one that was not reaped, so it is ours.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}

fn seize(pid: pid_t) -> io::Result<()> {
    let options = libc::PTRACE_O_EXITKILL
        | libc::PTRACE_O_TRACESECCOMP
        | libc::PTRACE_O_TRACEFORK
        | libc::PTRACE_O_TRACEVFORK
        | libc::PTRACE_O_TRACECLONE
        | libc::PTRACE_O_TRACEEXEC;
    // SAFETY: plain numbers.
    let result = unsafe {
        libc::ptrace(
            libc::PTRACE_SEIZE,
            pid,
            ptr::null_mut::<c_void>(),
            options as usize,
        )
    };
    if result == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// The next change in the tree; `None` when it has no process left.
fn wait() -> io::Result<Option<(pid_t, c_int)>> {
    loop {
        let mut status = 0;
        // SAFETY: `status` outlives the call. __WNOTHREAD: only what this thread
        // forked or traces.
        let pid = unsafe { libc::waitpid(-1, &mut status, libc::__WALL | libc::__WNOTHREAD) };
        if pid > 0 {
            return Ok(Some((pid, status)));
        }
        let error = io::Error::last_os_error();
        match error.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::ECHILD) => return Ok(None),
            _ => return Err(error),
        }
    }
}

/// Forks a child that waits at the gate until it is traced.
fn start(image: &Image, gate: &PipeReader) -> io::Result<pid_t> {
    let (argv, env) = (pointers(&image.argv), pointers(&image.env));
    // SAFETY: the child allocates nothing, takes no lock and never returns.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        // SAFETY: this is the child, and the pointers are of memory it has copied.
        0 => unsafe { become_traced(image, &argv, &env, gate.as_raw_fd()) },
        pid => Ok(pid),
    }
}

/// # Safety
/// Only in a fresh child. `argv` and `env` end with null.
unsafe fn become_traced(
    image: &Image,
    argv: &[*const c_char],
    env: &[*const c_char],
    gate: RawFd,
) -> ! {
    let filter = sock_fprog {
        len: image.filter.len() as u16,
        filter: image.filter.as_ptr().cast_mut(),
    };
    let mut byte = 0u8;
    // SAFETY: all async-signal-safe, on memory prepared before the fork.
    unsafe {
        libc::dup2(image.stdin.as_raw_fd(), 0);
        libc::dup2(image.stdout.as_raw_fd(), 1);
        libc::dup2(image.stderr.as_raw_fd(), 2);
        // The runtime ignores SIGPIPE and may block signals; programs expect neither.
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &none, ptr::null_mut());
        libc::setpgid(0, 0);
        // Until it is traced: this process holds both ends of the gate.
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        let traced = libc::read(gate, (&raw mut byte).cast(), 1) == 1;
        if traced
            && libc::chdir(image.dir.as_ptr()) == 0
            && libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &filter) == 0
        {
            libc::execve(image.program.as_ptr(), argv.as_ptr(), env.as_ptr());
        }
        libc::_exit(127)
    }
}
