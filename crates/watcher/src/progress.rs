//! Whether a worker gets anywhere: its log grows, its worktree's git changes,
//! its bead or step changes, or, where none of these say so, its files do.
//!
//! The time without progress is measured by the monotonic clock: a clock that
//! is set forward makes nobody look stuck.

use agent::process::Identity;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use store::gitdir::GitDir;

/// The files of a worktree's git folder that change when its agent does
/// something.
const GIT_FILES: &[&str] = &["index", "HEAD", "logs/HEAD", "COMMIT_EDITMSG"];

/// A worktree may be large: it is not searched more often than this.
const SEARCH_PAUSE: Duration = Duration::from_secs(30);

/// Whatever happens, its traces are not looked at more often than this.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// So long what is said to a worker may take to show in its terminal.
const ECHO: Duration = Duration::from_secs(5);

/// Since when each worker has shown no progress.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    workers: BTreeMap<String, Watched>,
}

#[derive(Debug)]
struct Watched {
    print: Print,
    since: Instant,
    looked: Instant,
    /// When its worktree was searched last.
    searched: Option<Instant>,
    /// Until when what changes is the echo of what was said to it.
    echoes: Option<Instant>,
}

/// What changes when there is progress.
#[derive(Debug, Clone, PartialEq)]
struct Print(Vec<(u64, i64, i64)>);

/// What to look at for one worker.
#[derive(Debug, Clone)]
pub(crate) struct Traces {
    pub(crate) process: Identity,
    pub(crate) worktree: Option<PathBuf>,
    /// Its log, and the files of its hook and bead.
    pub(crate) files: Vec<PathBuf>,
}

impl Progress {
    /// For how long a worker has shown no progress; beyond `suspicious` its
    /// worktree is searched for files that changed.
    pub(crate) fn idle(&mut self, traces: &Traces, suspicious: Duration) -> Duration {
        let now = Instant::now();
        let name = traces.process.to_string();
        if let Some(watched) = self.workers.get(&name)
            && now - watched.looked < (suspicious / 8).min(LOOK_PAUSE)
        {
            return now - watched.since;
        }
        let (print, newest) = look(traces);
        let watched = self.workers.entry(name).or_insert_with(|| Watched {
            print: print.clone(),
            since: now - age(newest).min(uptime(&traces.process)),
            looked: now,
            searched: None,
            echoes: None,
        });
        watched.looked = now;
        if watched.print != print {
            watched.print = print;
            // It may be seen long after it happened.
            let happened = now.checked_sub(age(newest)).unwrap_or(now);
            if watched.echoes.is_none_or(|until| happened > until) {
                watched.since = now;
            }
        }
        let idle = now - watched.since;
        let pause = (suspicious / 4).min(SEARCH_PAUSE);
        if idle < suspicious || watched.searched.is_some_and(|at| now - at < pause) {
            return idle;
        }
        watched.searched = Some(now);
        match traces.worktree.as_deref().and_then(newest_below) {
            Some(newest) if age(Some(newest)) < idle => {
                watched.since = now - age(Some(newest));
                age(Some(newest))
            }
            _ => idle,
        }
    }

    /// Something is said to a worker: that its terminal shows it is no progress.
    pub(crate) fn expect_echo(&mut self, process: &str) {
        if let Some(watched) = self.workers.get_mut(process) {
            watched.echoes = Some(Instant::now() + ECHO);
        }
    }

    /// Forgets the workers that run no more.
    pub(crate) fn keep(&mut self, running: &[String]) {
        self.workers.retain(|process, _| running.contains(process));
    }
}

fn look(traces: &Traces) -> (Print, Option<SystemTime>) {
    let found = |path| GitDir::find(path).ok().flatten();
    let git = traces.worktree.as_deref().and_then(found);
    let of_git = git
        .iter()
        .flat_map(|git| GIT_FILES.iter().map(|name| git.dir.join(name)));
    let metas: Vec<Metadata> = of_git
        .chain(traces.files.iter().cloned())
        .filter_map(|path| path.symlink_metadata().ok())
        .collect();
    let newest = metas.iter().filter_map(|meta| meta.modified().ok()).max();
    let print = |meta: &Metadata| (meta.size(), meta.mtime(), meta.mtime_nsec());
    (Print(metas.iter().map(print).collect()), newest)
}

/// The newest file of a work tree, without its git folder.
fn newest_below(worktree: &Path) -> Option<SystemTime> {
    let mut folders = vec![worktree.to_owned()];
    let mut newest = None;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).ok()?.filter_map(Result::ok) {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() && entry.file_name() != ".git" {
                folders.push(entry.path());
            } else if meta.is_file() {
                newest = newest.max(meta.modified().ok());
            }
        }
    }
    newest
}

/// A time in the future, after the clock was set back, is no age.
fn age(at: Option<SystemTime>) -> Duration {
    at.and_then(|at| at.elapsed().ok()).unwrap_or_default()
}

/// For how long a process has been there, or would have been.
pub(crate) fn uptime(process: &Identity) -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let now = Duration::try_from(now).unwrap_or_default();
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    let started = Duration::from_millis(process.start.saturating_mul(1000) / ticks);
    now.saturating_sub(started)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(log: &Path) -> Traces {
        Traces {
            process: Identity::current().unwrap(),
            worktree: log.parent().map(|folder| folder.join("tree")),
            files: vec![log.to_owned()],
        }
    }

    #[test]
    fn progress_is_seen_in_the_log_and_in_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "one\n").unwrap();
        std::fs::create_dir_all(folder.path().join("tree/src")).unwrap();
        let (traces, mut progress) = (traces(&log), Progress::default());
        let pause = Duration::from_millis(60);
        let (often, never) = (4 * pause, 8 * pause);
        progress.idle(&traces, never);
        std::thread::sleep(pause);
        assert!(progress.idle(&traces, never) >= pause);
        std::fs::write(&log, "one\ntwo\n").unwrap();
        std::thread::sleep(2 * pause);
        assert!(progress.idle(&traces, never) < pause, "its log grew");
        std::thread::sleep(often);
        assert!(progress.idle(&traces, often) >= often, "no file changed");
        std::thread::sleep(often);
        std::fs::write(folder.path().join("tree/src/a"), "").unwrap();
        assert!(progress.idle(&traces, often) < often, "a file did");
    }

    #[test]
    fn what_is_said_to_a_worker_is_no_progress() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "one\n").unwrap();
        let (traces, mut progress) = (traces(&log), Progress::default());
        let pause = Duration::from_millis(60);
        let never = 8 * pause;
        progress.idle(&traces, never);
        progress.expect_echo(&traces.process.to_string());
        std::thread::sleep(2 * pause);
        std::fs::write(&log, "one\nsaid\n").unwrap();
        assert!(progress.idle(&traces, never) >= 2 * pause, "its echo");
        let watched = progress.workers.values_mut().next().unwrap();
        watched.echoes = Some(Instant::now());
        std::thread::sleep(2 * pause);
        std::fs::write(&log, "one\nsaid\ndone\n").unwrap();
        assert!(progress.idle(&traces, never) < pause, "its answer");
    }

    #[test]
    fn this_process_is_not_a_day_old() {
        let own = Identity::current().unwrap();
        assert!(uptime(&own) < Duration::from_secs(86_400));
    }
}
