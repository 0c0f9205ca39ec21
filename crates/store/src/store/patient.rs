//! Reading while git may be writing.
//!
//! Git replaces files in place: for a moment they are missing, empty or half
//! there. Git holds `index.lock` while it does, which tells a passing state
//! from a lasting one.

use crate::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// For how long a broken file is read again.
const BROKEN: Duration = Duration::from_millis(200);

/// For how long git may be at work before the file is believed.
const AT_WORK: Duration = Duration::from_secs(3);

/// Repeats `attempt` while its result may be git's passing state.
pub(super) fn read<T>(
    git_dir: &Path,
    mut attempt: impl FnMut() -> Result<Option<T>, Error>,
) -> Result<Option<T>, Error> {
    let start = Instant::now();
    loop {
        // Looked at before the file: git that ends in between has written it.
        let git_is_at_work = git_dir.join("index.lock").symlink_metadata().is_ok();
        let result = attempt();
        let limit = match &result {
            Ok(Some(_)) => return result,
            Ok(None) if git_is_at_work => AT_WORK,
            Ok(None) => return result,
            Err(Error::Problem(problem)) if !problem.may_pass() => return result,
            Err(Error::Problem(_)) if git_is_at_work => AT_WORK,
            Err(Error::Problem(_)) => BROKEN,
            Err(_) => return result,
        };
        if start.elapsed() >= limit {
            return result;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
