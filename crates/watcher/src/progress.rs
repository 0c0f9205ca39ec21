//! Whether a worker gets anywhere: its log grows, its worktree's git changes,
//! its bead or step changes, or, where none of these say so, its files do.
//!
//! The time without progress is measured by the monotonic clock: a clock that
//! is set forward makes nobody look stuck.

use agent::process::Identity;
use std::collections::{BTreeMap, HashSet};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use store::gitdir::GitDir;
use store::look;

/// The files of a worktree's git folder that change when its agent does
/// something.
const GIT_FILES: &[&str] = &["index", "HEAD", "logs/HEAD", "COMMIT_EDITMSG"];

/// A worktree may be large: it is not searched more often than this.
const SEARCH_PAUSE: Duration = Duration::from_secs(30);

/// While nobody suspects it, its traces are not looked at more often than this.
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
    /// When its worktree was searched last, in vain.
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
    /// Its log, and other files that say something of it.
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
            && now - watched.since < suspicious
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
        match traces.worktree.as_deref().and_then(newest_below) {
            Some(newest) if age(Some(newest)) < idle => {
                // As soon as it is suspected again it is searched again.
                watched.searched = None;
                watched.since = now - age(Some(newest));
                age(Some(newest))
            }
            _ => {
                watched.searched = Some(now);
                idle
            }
        }
    }

    /// Something is said to a worker: that its terminal shows it is no progress.
    pub(crate) fn expect_echo(&mut self, process: &str) {
        if let Some(watched) = self.workers.get_mut(process) {
            watched.echoes = Some(Instant::now() + ECHO);
        }
    }

    /// Forgets the workers that run no more.
    pub(crate) fn keep(&mut self, running: &HashSet<&str>) {
        self.workers
            .retain(|process, _| running.contains(process.as_str()));
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
        .filter_map(|path| look::at(&path).ok().flatten())
        .collect();
    let newest = metas.iter().filter_map(changed).max();
    let print = |meta: &Metadata| (meta.size(), meta.mtime(), meta.mtime_nsec());
    (Print(metas.iter().map(print).collect()), newest)
}

/// The newest file of a work tree, without its git folder. What cannot be looked
/// at says nothing, and hides nothing else.
fn newest_below(worktree: &Path) -> Option<SystemTime> {
    let mut folders = vec![worktree.to_owned()];
    let mut newest = None;
    while let Some(folder) = folders.pop() {
        for path in look::entries(&folder).unwrap_or_default() {
            let Ok(Some(meta)) = look::at(&path) else {
                continue;
            };
            if meta.is_dir() && !path.ends_with(".git") {
                folders.push(path);
            } else if meta.is_file() {
                newest = newest.max(changed(&meta));
            }
        }
    }
    newest
}

/// When a file changed; none of a time in the future, which is wrong and would
/// be new for ever.
fn changed(meta: &Metadata) -> Option<SystemTime> {
    let at = meta.modified().ok()?;
    (at <= SystemTime::now()).then_some(at)
}

/// What is not known is not old.
fn age(at: Option<SystemTime>) -> Duration {
    at.and_then(|at| at.elapsed().ok()).unwrap_or_default()
}

/// How long ago a worker left its last trace, apart from the files of its work.
pub(crate) fn age_of(traces: &Traces) -> Duration {
    age(look(traces).1)
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
    use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};
    use std::os::unix::fs::PermissionsExt;

    fn traces(log: &Path) -> Traces {
        Traces {
            process: Identity::current().unwrap(),
            worktree: log.parent().map(|folder| folder.join("tree")),
            files: vec![log.to_owned()],
        }
    }

    /// As if it had shown no progress for so long.
    fn rest(progress: &mut Progress, traces: &Traces, long: Duration) {
        let watched = progress.workers.get_mut(&traces.process.to_string());
        let watched = watched.unwrap();
        watched.since = Instant::now() - long;
        watched.looked = watched.since;
        watched.searched = None;
    }

    fn write_at(path: &Path, at: SystemTime) {
        let file = std::fs::File::create(path).unwrap();
        file.set_modified(at).unwrap();
    }

    const LONG: Duration = Duration::from_secs(600);

    /// A worker whose files are an hour old, and that did nothing for that long.
    fn stuck(folder: &Path) -> (Traces, Progress) {
        let traces = traces(&folder.join("log"));
        let old = SystemTime::now() - 6 * LONG;
        std::fs::create_dir_all(folder.join("tree/src/deep")).unwrap();
        for name in ["log", "tree/a", "tree/src/b", "tree/src/deep/c"] {
            write_at(&folder.join(name), old);
        }
        let mut progress = Progress::default();
        progress.idle(&traces, LONG);
        rest(&mut progress, &traces, 6 * LONG);
        assert!(progress.idle(&traces, LONG) >= 6 * LONG);
        (traces, progress)
    }

    #[test]
    fn progress_is_seen_in_the_log_and_in_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let (traces, mut progress) = stuck(folder.path());
        std::fs::write(folder.path().join("log"), "one\n").unwrap();
        // Also right after a look, when it would be told that it is stuck.
        assert!(progress.idle(&traces, LONG) < LONG, "its log grew");
        rest(&mut progress, &traces, LONG);
        assert!(progress.idle(&traces, LONG) >= LONG, "no file changed");
        rest(&mut progress, &traces, LONG);
        std::fs::write(folder.path().join("tree/src/b"), "").unwrap();
        assert!(progress.idle(&traces, LONG) < LONG, "a file did");
    }

    #[test]
    fn one_that_is_suspected_again_is_searched_again() {
        let folder = tempfile::tempdir().unwrap();
        let (traces, mut progress) = stuck(folder.path());
        rest(&mut progress, &traces, LONG);
        let file = folder.path().join("tree/src/b");
        let second = Duration::from_secs(1);
        write_at(&file, SystemTime::now() - LONG + 60 * second);
        assert!(progress.idle(&traces, LONG) < LONG);
        // As it is a minute later, when it has written once more.
        progress.workers.values_mut().next().unwrap().since -= 60 * second;
        write_at(&file, SystemTime::now() - second);
        assert!(progress.idle(&traces, LONG) < LONG);
    }

    #[test]
    fn a_time_in_the_future_is_no_progress_and_hides_none() {
        let folder = tempfile::tempdir().unwrap();
        let (traces, mut progress) = stuck(folder.path());
        rest(&mut progress, &traces, 2 * LONG);
        write_at(&folder.path().join("tree/a"), SystemTime::now() + LONG);
        assert!(progress.idle(&traces, LONG) >= 2 * LONG, "not for ever");
        rest(&mut progress, &traces, 2 * LONG);
        std::fs::write(folder.path().join("tree/src/b"), "").unwrap();
        assert!(progress.idle(&traces, LONG) < LONG, "another one is new");
    }

    #[test]
    fn a_folder_that_cannot_be_listed_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path();
        std::fs::write(tree.join("a"), "").unwrap();
        let allow = |mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(tree.join("b"), mode).unwrap();
        };
        std::fs::create_dir(tree.join("b")).unwrap();
        allow(0);
        let found = without_privileges(|| newest_below(tree));
        allow(0o700);
        assert!(found.is_some());
    }

    /// Who may do everything can list every folder.
    fn without_privileges<T: Send>(look: impl FnOnce() -> T + Send) -> T {
        let none = CapabilitySets {
            effective: CapabilitySet::empty(),
            permitted: CapabilitySet::empty(),
            inheritable: CapabilitySet::empty(),
        };
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                set_capabilities(None, none).unwrap();
                look()
            });
            thread.join().unwrap()
        })
    }

    #[test]
    fn what_is_said_to_a_worker_is_no_progress() {
        let folder = tempfile::tempdir().unwrap();
        let (traces, mut progress) = stuck(folder.path());
        progress.expect_echo(&traces.process.to_string());
        std::fs::write(folder.path().join("log"), "said\n").unwrap();
        assert!(progress.idle(&traces, LONG) >= LONG, "its echo");
        let watched = progress.workers.values_mut().next().unwrap();
        watched.echoes = Some(Instant::now() - Duration::from_secs(60));
        std::fs::write(folder.path().join("log"), "said\ndone\n").unwrap();
        assert!(progress.idle(&traces, LONG) < LONG, "its answer");
    }

    #[test]
    fn this_process_is_not_a_day_old() {
        let own = Identity::current().unwrap();
        assert!(uptime(&own) < Duration::from_secs(86_400));
    }
}
