//! What was seen of one kind of file, and what a new look at it changes.
//!
//! A file that cannot be read keeps what was last seen of it: unreadable is
//! not empty. One that is missing is believed to be gone only after a while,
//! since git takes files away for a moment; one that is broken is looked at
//! again before that is believed, since somebody may be writing it. A look
//! never waits for either: others would wait with it.

use crate::stamp::Stamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};
use store::{Problem, Stored};
use town::{Error, Town};

/// What was seen of the files of one kind.
#[derive(Debug)]
pub(crate) struct Shelf<K, V> {
    /// Asked for everybody at every step; no order is promised.
    seen: HashMap<K, Seen<V>>,
    /// For how long a file has to be missing until that is believed.
    patience: Duration,
}

#[derive(Debug)]
struct Seen<V> {
    stamp: Option<Stamp>,
    value: Option<V>,
    problem: Option<Problem>,
    missing_since: Option<Instant>,
    doubtful_since: Option<Instant>,
}

impl<V> Seen<V> {
    fn nothing() -> Self {
        Self {
            stamp: None,
            value: None,
            problem: None,
            missing_since: None,
            doubtful_since: None,
        }
    }

    fn is_known(&self) -> bool {
        self.value.is_some() || self.problem.is_some()
    }
}

/// How soon a file is looked at again that somebody may be writing.
const PAUSE: Duration = Duration::from_millis(25);

/// What a look at a file brought that was not known.
#[derive(Debug, PartialEq)]
pub(crate) enum News<V> {
    /// It changed, came, or went.
    Changed { before: Option<V>, after: Option<V> },
    /// It cannot be read.
    Unreadable(Problem),
}

impl<K: Hash + Eq + Clone, V: Clone + PartialEq> Shelf<K, V> {
    /// An empty one.
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            seen: HashMap::new(),
            patience,
        }
    }

    /// What was last seen of a file.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.seen.get(key)?.value.as_ref()
    }

    /// Why a file cannot be read.
    pub(crate) fn problem(&self, key: &K) -> Option<&Problem> {
        self.seen.get(key)?.problem.as_ref()
    }

    /// The names of all files that were seen.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.seen.keys()
    }

    /// The names of the files of which something is known.
    pub(crate) fn known(&self) -> impl Iterator<Item = &K> {
        let known = self.seen.iter().filter(|(_, seen)| seen.is_known());
        known.map(|(key, _)| key)
    }

    /// Whether something is known of a file.
    pub(crate) fn is_known(&self, key: &K) -> bool {
        self.seen.get(key).is_some_and(Seen::is_known)
    }

    /// Whether somebody may be writing a file right now.
    pub(crate) fn is_in_doubt(&self, key: &K) -> bool {
        self.seen
            .get(key)
            .is_some_and(|seen| seen.doubtful_since.is_some())
    }

    /// Files that are missing, and not believed to be gone yet; or broken, and
    /// not believed to stay so. Each with the time of the next look.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (&K, Instant)> {
        let patience = self.patience;
        let soon = Instant::now() + PAUSE;
        self.seen.iter().filter_map(move |(key, seen)| {
            let missing = seen.missing_since.map(|since| since + patience);
            let doubtful = seen.doubtful_since.map(|_| soon);
            Some((key, missing.or(doubtful)?))
        })
    }

    /// Looks at one file, and reads it if it is not as it was.
    pub(crate) fn look<R: Stored<Key = K>>(
        &mut self,
        town: &Town,
        key: &K,
        view: impl FnOnce(R) -> Result<V, Error>,
    ) -> Result<Option<News<V>>, Error> {
        let stamp = match Stamp::of(&town.store.path_of::<R>(key)) {
            Ok(Some(stamp)) => stamp,
            Ok(None) => return Ok(self.miss(key, Instant::now())),
            Err(error) => return self.refuse(key, None, error.into()),
        };
        if let Some(seen) = self.seen.get_mut(key)
            && seen.stamp.is_some_and(|read_at| stamp.is_still(&read_at))
        {
            seen.missing_since = None;
            return Ok(None);
        }
        let now = Instant::now();
        let since = self.seen.get(key).and_then(|seen| seen.doubtful_since);
        match town.store.glance::<R>(key, since.unwrap_or(now)) {
            Ok(None) => {
                self.doubt(key, now);
                Ok(None)
            }
            Ok(Some(Some(record))) => match view(record) {
                Ok(value) => Ok(self.put(key, stamp, value)),
                Err(error) => self.refuse(key, Some(stamp), error),
            },
            Ok(Some(None)) => Ok(self.miss(key, now)),
            Err(error) => self.refuse(key, Some(stamp), error.into()),
        }
    }

    /// What cannot be read is a problem of this file. Only what its text says
    /// stays so for as long as the text does; anything else is tried again.
    fn refuse(
        &mut self,
        key: &K,
        stamp: Option<Stamp>,
        error: Error,
    ) -> Result<Option<News<V>>, Error> {
        let stamp = stamp.filter(|_| matches!(error, Error::Store(store::Error::Problem(_))));
        Ok(self.fail(key, stamp, error.of_file()?))
    }

    fn put(&mut self, key: &K, stamp: Stamp, value: V) -> Option<News<V>> {
        let before = self.seen.remove(key).and_then(|seen| seen.value);
        let is_same = before.as_ref() == Some(&value);
        let after = (!is_same).then(|| value.clone());
        self.seen.insert(
            key.clone(),
            Seen {
                stamp: Some(stamp),
                value: Some(value),
                ..Seen::nothing()
            },
        );
        (!is_same).then_some(News::Changed { before, after })
    }

    fn fail(&mut self, key: &K, stamp: Option<Stamp>, problem: Problem) -> Option<News<V>> {
        let seen = self.seen.entry(key.clone()).or_insert(Seen::nothing());
        seen.stamp = stamp;
        seen.missing_since = None;
        seen.doubtful_since = None;
        let is_new = seen.problem.as_ref() != Some(&problem);
        seen.problem = Some(problem.clone());
        is_new.then_some(News::Unreadable(problem))
    }

    /// What was seen before is neither confirmed nor gone.
    fn doubt(&mut self, key: &K, now: Instant) {
        let seen = self.seen.entry(key.clone()).or_insert(Seen::nothing());
        seen.stamp = None;
        seen.missing_since = None;
        seen.doubtful_since.get_or_insert(now);
    }

    fn miss(&mut self, key: &K, now: Instant) -> Option<News<V>> {
        let seen = self.seen.get_mut(key)?;
        seen.stamp = None;
        seen.doubtful_since = None;
        let since = *seen.missing_since.get_or_insert(now);
        if now.duration_since(since) < self.patience {
            return None;
        }
        let before = self.seen.remove(key).and_then(|seen| seen.value);
        before.map(|before| News::Changed {
            before: Some(before),
            after: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn stamp() -> Stamp {
        Stamp::of(Path::new("/proc/self")).unwrap().unwrap()
    }

    #[test]
    fn only_what_is_new_is_told() {
        let mut shelf: Shelf<u8, char> = Shelf::new(Duration::ZERO);
        let came = News::Changed {
            before: None,
            after: Some('a'),
        };
        assert_eq!(shelf.put(&1, stamp(), 'a'), Some(came));
        assert_eq!(shelf.put(&1, stamp(), 'a'), None);
        let problem = Problem::new(Path::new("f"), "is broken", "mend it");
        assert_eq!(
            shelf.fail(&1, Some(stamp()), problem.clone()),
            Some(News::Unreadable(problem.clone()))
        );
        assert_eq!(shelf.fail(&1, Some(stamp()), problem), None);
        assert_eq!(shelf.get(&1), Some(&'a'), "unreadable is not empty");
        let went = News::Changed {
            before: Some('a'),
            after: None,
        };
        assert_eq!(shelf.miss(&1, Instant::now()), Some(went));
        assert_eq!(shelf.miss(&1, Instant::now()), None);
    }

    #[test]
    fn what_is_in_doubt_keeps_what_was_seen_and_is_looked_at_again() {
        let mut shelf: Shelf<u8, char> = Shelf::new(Duration::ZERO);
        let start = Instant::now();
        shelf.put(&1, stamp(), 'a');
        shelf.doubt(&1, start);
        shelf.doubt(&2, start);
        assert_eq!(shelf.missing().count(), 2);
        assert_eq!((shelf.get(&1), shelf.get(&2)), (Some(&'a'), None));
        assert_eq!(shelf.put(&1, stamp(), 'a'), None, "whole, and as it was");
        assert!(shelf.put(&2, stamp(), 'b').is_some(), "whole, and new");
        assert_eq!(shelf.missing().count(), 0);
    }

    #[test]
    fn what_is_missing_for_a_moment_is_not_gone() {
        let mut shelf: Shelf<u8, char> = Shelf::new(Duration::from_secs(1));
        let start = Instant::now();
        shelf.put(&1, stamp(), 'a');
        assert_eq!(shelf.miss(&1, start), None);
        assert_eq!(shelf.missing().count(), 1);
        assert_eq!(shelf.put(&1, stamp(), 'a'), None, "back as it was");
        assert_eq!(shelf.missing().count(), 0);
        assert_eq!(shelf.miss(&1, start), None);
        assert!(shelf.miss(&1, start + Duration::from_secs(1)).is_some());
        assert_eq!(shelf.keys().count(), 0);
    }
}
