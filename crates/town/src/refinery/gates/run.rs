//! One command, from its start to its end and that of its children.

use crate::Town;
use crate::config::Gate;
use crate::error::Error;
use agent::launch::{self, Launch, LaunchError, Spawned};
use agent::process::{self, Identity};
use agent::runtime::Runtime;
use model::{Class, GateResult};
use rustix::process::{Pid, Signal, kill_process_group};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::interrupted::retry_io;

/// The variable in which everything that a gate starts carries the clone's own folder.
const MARK: &str = "PLAINTOWN_GATE";

/// How long a gate that is stopped may take to clean up.
const GRACE: Duration = Duration::from_secs(2);

/// A gate's run.
#[derive(Debug)]
pub(in super::super) struct Run {
    /// As it is recorded.
    pub(in super::super) result: GateResult,
    /// How it ended.
    pub(in super::super) end: End,
    /// Its log.
    pub(super) path: PathBuf,
}

/// How a gate ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal.
    Killed,
    /// By us, after this time.
    TimedOut(Duration),
    /// It never began.
    NotStarted(String),
}

impl End {
    /// The exit status, if it ended by itself.
    pub(super) fn exit(&self) -> Option<i64> {
        match self {
            Self::Exited(code) => Some(i64::from(*code)),
            _ => None,
        }
    }

    /// What it did, as the rest of a sentence.
    pub(in super::super) fn describe(&self) -> String {
        match self {
            Self::Exited(0) => "was green".to_owned(),
            Self::Exited(code @ (126 | 127)) => {
                format!("was red: it could not run (exit {code})")
            }
            Self::Exited(code) => format!("was red (exit {code})"),
            Self::Killed => "was red: a signal killed it".to_owned(),
            Self::TimedOut(limit) => {
                format!("was red: it was stopped after {} s", limit.as_secs())
            }
            Self::NotStarted(why) => format!("was red: it could not be started ({why})"),
        }
    }
}

/// Runs a gate in `cwd`, in a session of its own, with an environment of listed
/// variables and its output in `log`. Returns when its process has ended.
pub(super) fn run(town: &Town, cwd: &Path, gate: &Gate, log: &Path) -> Result<(End, i64), Error> {
    start_log(log)?;
    let launch = Launch {
        argv: argv(gate, cwd),
        cwd: cwd.to_owned(),
        env: environment(town),
        log: log.to_owned(),
    };
    let began = Instant::now();
    let end = match launch::spawn(&launch) {
        Ok(spawned) => finish(spawned, gate.timeout)?,
        Err(error) => not_started(&error, log)?,
    };
    let seconds = i64::try_from(began.elapsed().as_secs()).unwrap_or(i64::MAX);
    Ok((end, seconds))
}

/// The log of an earlier run makes room. Only the owner sees what gates print.
fn start_log(log: &Path) -> Result<(), Error> {
    let folder = log.parent().unwrap_or(log);
    let mut private = std::fs::DirBuilder::new();
    private.recursive(true).mode(0o700);
    retry_io(|| private.create(folder)).map_err(|error| Error::io("create", folder, &error))?;
    match retry_io(|| std::fs::remove_file(log)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", log, &error))
        }
        _ => Ok(()),
    }
}

/// A program named by a relative path is one of the tree that is tested.
fn argv(gate: &Gate, cwd: &Path) -> Vec<OsString> {
    let mut argv: Vec<OsString> = gate.command.iter().map(OsString::from).collect();
    if let Some(program) = argv
        .first_mut()
        .filter(|it| Path::new(it).components().count() > 1)
    {
        *program = cwd.join(&*program).into_os_string();
    }
    argv
}

/// As a worker's, without an identity: a gate is nobody's work.
fn environment(town: &Town) -> Vec<(OsString, OsString)> {
    let nothing_else = Runtime {
        name: "gate".to_owned(),
        command: Vec::new(),
        resume: Vec::new(),
        interactive: Vec::new(),
        interactive_resume: Vec::new(),
        env_pass: Vec::new(),
        env_set: Vec::new(),
        hooks: None,
    };
    let current = town.setup().env.clone().into_iter();
    let mark = (MARK.to_owned(), mark(town));
    agent::environment::worker(current, &nothing_else, &[mark])
}

/// By which the gates of a clone are found, whoever started them.
fn mark(town: &Town) -> String {
    town.store.private_path().display().to_string()
}

/// The processes of gates. Those of a refinery that was killed go on, without any
/// limit, in the tree that the next one tests in.
pub(in crate::refinery) fn running(town: &Town) -> Result<Vec<Identity>, Error> {
    let found = process::find_all(&[(MARK, &mark(town))]);
    found.map_err(|error| Error::io("read", Path::new("/proc"), &error))
}

/// Stops what [`running`] finds. The refinery's lock is held, so they are nobody's.
pub(in crate::refinery) fn stop_all(town: &Town) -> Result<(), Error> {
    let stopped = process::stop_rest(&[(MARK, &mark(town))], GRACE);
    let failed = |error| Error::new(Class::Environment, format!("cannot stop a gate: {error}"));
    stopped.map(drop).map_err(failed)
}

fn finish(mut spawned: Spawned, limit: Duration) -> Result<End, Error> {
    let failed = |what: &str, error: &dyn std::fmt::Display| {
        Error::new(Class::Environment, format!("cannot {what} a gate: {error}"))
    };
    let ended =
        process::wait_exit(&spawned.identity, limit).map_err(|error| failed("wait for", &error))?;
    if !ended {
        process::stop(&spawned.identity, GRACE).map_err(|error| failed("stop", &error))?;
    }
    end_children(spawned.identity.pid);
    let status = spawned
        .child
        .wait()
        .map_err(|error| failed("wait for", &error))?;
    Ok(match status.code() {
        _ if !ended => End::TimedOut(limit),
        Some(code) => End::Exited(code),
        None => End::Killed,
    })
}

/// What a gate left running would change the tree under the next one. The
/// ended leader has not been reaped, so its number is still its own.
fn end_children(leader: u32) {
    if let Some(pid) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        // Nobody left is as good.
        let _none_left = kill_process_group(pid, Signal::KILL);
    }
}

fn not_started(error: &LaunchError, log: &Path) -> Result<End, Error> {
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(log)
        .map_err(|error| Error::io("write", log, &error))?;
    writeln!(file, "{error}").map_err(|error| Error::io("write", log, &error))?;
    Ok(End::NotStarted(error.to_string()))
}
