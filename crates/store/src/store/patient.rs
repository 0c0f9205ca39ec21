//! Reading while git may be writing.
//!
//! Git replaces files in place: for a moment they are missing, empty or half
//! there. Git holds `index.lock` while it does, which tells a passing state
//! from a lasting one, and a file that is missing and that its index does not
//! name is none of git's. A lock that a killed git left behind is old, and an
//! old one is not waited for.

use super::index;
use crate::error::Error;
use crate::look;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// For how long a broken file is read again.
const BROKEN: Duration = Duration::from_millis(200);

/// For how long git may be at work before the file is believed.
const AT_WORK: Duration = Duration::from_secs(3);

/// For how long a listing has to stay the same while git is at work. Git may
/// be made to wait between removing a file and writing it anew.
const STABLE: Duration = Duration::from_millis(500);

/// For how long a listing may go on changing.
const UNSTABLE: Duration = Duration::from_secs(10);

/// No git works on one checkout for longer than this.
const ABANDONED: Duration = Duration::from_secs(60);

const PAUSE: Duration = Duration::from_millis(5);

/// What git's index says of what git does.
#[derive(PartialEq, Eq)]
struct Sign {
    at_work: bool,
    index: Option<(u64, SystemTime)>,
}

impl Sign {
    fn of(git_dir: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        let found = look::at(&git_dir.join("index"));
        let is_unknown = found.is_err();
        let meta = found.ok().flatten();
        Self {
            at_work: is_unknown || is_at_work(git_dir),
            index: meta.and_then(|meta| Some((meta.ino(), meta.modified().ok()?))),
        }
    }
}

/// Where it cannot be told, it is.
fn is_at_work(git_dir: &Path) -> bool {
    let lock = match look::at(&git_dir.join("index.lock")) {
        Ok(Some(lock)) => lock,
        Ok(None) => return false,
        Err(_) => return true,
    };
    let age = lock.modified().ok().and_then(|time| time.elapsed().ok());
    age.is_none_or(|age| age < ABANDONED)
}

/// A file that git may be about to write.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The git folder of the checkout.
    pub(crate) git_dir: &'a Path,
    /// What the file is called, without its folder.
    pub(crate) name: &'a str,
}

/// A result, unless it may be git's passing state.
pub(crate) enum Believed<T> {
    Yes(Result<Option<T>, Error>),
    NotYet,
}

/// Repeats `attempt` while its result may be git's passing state. Files that
/// are read one after the other share their patience from `since` on.
pub(crate) fn read<T>(
    subject: Subject<'_>,
    since: Instant,
    is_whole: impl Fn(&T) -> bool,
    mut attempt: impl FnMut() -> Result<Option<T>, Error>,
) -> Result<Option<T>, Error> {
    loop {
        match once(subject, since, &is_whole, &mut attempt) {
            Believed::Yes(result) => return result,
            Believed::NotYet => std::thread::sleep(PAUSE),
        }
    }
}

/// One attempt, in doubt since then. Of git that begins in the middle of it, two.
pub(crate) fn once<T>(
    subject: Subject<'_>,
    since: Instant,
    is_whole: impl Fn(&T) -> bool,
    mut attempt: impl FnMut() -> Result<Option<T>, Error>,
) -> Believed<T> {
    // Looked at before the file: git that ends in between has written it.
    let mut git_is_at_work = is_at_work(subject.git_dir);
    let mut result = attempt();
    if !git_is_at_work && seems_passing(&result, &is_whole) {
        // It may have begun after it was looked for, and ended, too.
        git_is_at_work = is_at_work(subject.git_dir);
        if !git_is_at_work {
            result = attempt();
        }
    }
    let may_pass = match &result {
        Ok(Some(it)) => git_is_at_work && !is_whole(it),
        Ok(None) => git_is_at_work && index::may_name(subject.git_dir, subject.name),
        Err(Error::Problem(problem)) => problem.may_pass(),
        Err(_) => false,
    };
    let limit = if git_is_at_work { AT_WORK } else { BROKEN };
    if may_pass && since.elapsed() < limit {
        Believed::NotYet
    } else {
        Believed::Yes(result)
    }
}

fn seems_passing<T>(result: &Result<Option<T>, Error>, is_whole: impl Fn(&T) -> bool) -> bool {
    match result {
        Ok(Some(it)) => !is_whole(it),
        Ok(None) => true,
        Err(Error::Problem(problem)) => problem.may_pass(),
        Err(_) => false,
    }
}

/// Repeats `attempt`, which lists files, until git did nothing meanwhile, or
/// until its result stays the same.
pub(crate) fn list<T>(
    git_dir: &Path,
    is_same: impl Fn(&T, &T) -> bool,
    mut attempt: impl FnMut() -> Result<T, Error>,
) -> Result<T, Error> {
    let start = Instant::now();
    let mut last: Option<(T, Instant)> = None;
    loop {
        let (before, at) = (Sign::of(git_dir), Instant::now());
        let result = attempt()?;
        let after = Sign::of(git_dir);
        let calm = before == after && !after.at_work;
        let since = match last {
            Some((last, since)) if is_same(&last, &result) => since,
            _ => at,
        };
        let stable = at - since >= STABLE;
        if calm || stable || start.elapsed() >= UNSTABLE {
            return Ok(result);
        }
        last = Some((result, since));
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A look at a file that git writes, which begins its work while it is read.
    fn look(during: impl FnMut(&Path) -> Option<&'static str>) -> Believed<&'static str> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index"), "names what it likes").unwrap();
        let subject = Subject {
            git_dir: folder.path(),
            name: "one.yaml",
        };
        let mut during = during;
        once(
            subject,
            Instant::now(),
            |text: &&str| text.ends_with('\n'),
            || Ok(during(folder.path())),
        )
    }

    #[test]
    fn git_that_begins_after_it_was_looked_for_is_noticed() {
        for seen in [None, Some("half")] {
            let looked = look(|git_dir| {
                fs::write(git_dir.join("index.lock"), "").unwrap();
                seen
            });
            assert!(matches!(looked, Believed::NotYet), "{seen:?}");
        }
    }

    #[test]
    fn git_that_began_and_ended_meanwhile_has_written_it() {
        let mut states = [None, Some("whole\n")].into_iter();
        let looked = look(|_| states.next().unwrap());
        assert!(matches!(looked, Believed::Yes(Ok(Some("whole\n")))));
        let looked = look(|_| None);
        assert!(matches!(looked, Believed::Yes(Ok(None))), "there is none");
    }
}
