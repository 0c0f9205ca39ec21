//! What tells one state of a file from another without reading it.
//!
//! Size, times, and inode; and, as git's index does it, a file that is as
//! young as the look at it is looked at again, since it may have changed within
//! the same tick of the file system's clock.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};
use store::error::PathError;
use store::look;

/// The coarsest tick of a file system's clock that is to be expected.
const TICK: Duration = Duration::from_millis(20);

/// The state of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    /// Whether it was so young that its next state may look the same.
    is_fresh: bool,
}

impl Stamp {
    /// The state of a file now; none if it is not there.
    pub(crate) fn of(path: &Path) -> Result<Option<Self>, PathError> {
        let Some(meta) = look::at(path)? else {
            return Ok(None);
        };
        let changed = (meta.ctime(), meta.ctime_nsec());
        Ok(Some(Self {
            inode: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed,
            is_fresh: is_fresh(changed, SystemTime::now()),
        }))
    }

    /// Whether a file of this state is certainly the one that was read at the
    /// other.
    pub(crate) fn is_still(&self, read_at: &Self) -> bool {
        !read_at.is_fresh
            && (self.inode, self.size) == (read_at.inode, read_at.size)
            && (self.modified, self.changed) == (read_at.modified, read_at.changed)
    }
}

/// A time in the future, after the clock was set back, counts as young.
fn is_fresh(changed: (i64, i64), now: SystemTime) -> bool {
    let Ok(seconds) = u64::try_from(changed.0) else {
        return false;
    };
    let nanos = u32::try_from(changed.1).unwrap_or(0);
    let changed = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos);
    now.duration_since(changed).map_or(true, |age| age < TICK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewrite_is_noticed_even_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let now = || Stamp::of(&path).unwrap();
        assert!(now().is_none());
        std::fs::write(&path, "one").unwrap();
        let young = now().unwrap();
        std::fs::write(&path, "two").unwrap();
        assert!(!now().unwrap().is_still(&young));
        std::thread::sleep(2 * TICK);
        let old = now().unwrap();
        assert!(now().unwrap().is_still(&old));
        std::fs::write(&path, "two").unwrap();
        assert!(!now().unwrap().is_still(&old));
    }
}
