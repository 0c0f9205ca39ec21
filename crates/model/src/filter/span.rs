//! Stretches of time, as `--created-after` and `--created-before` name them.

use crate::Time;
use jiff::Timestamp;

/// A stretch of time: from `after`, up to but without `before`, so that two
/// dates in a row are exactly one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Its first instant.
    pub after: Option<Timestamp>,
    /// The first instant beyond it.
    pub before: Option<Timestamp>,
}

impl Span {
    /// Whether it limits anything.
    pub fn is_set(&self) -> bool {
        self.after.is_some() || self.before.is_some()
    }

    /// Whether an instant lies in it. No instant lies in no stretch, but
    /// passes one that limits nothing.
    pub fn holds(&self, at: Option<Timestamp>) -> bool {
        match at {
            None => !self.is_set(),
            Some(at) => {
                self.after.is_none_or(|after| at >= after)
                    && self.before.is_none_or(|before| at < before)
            }
        }
    }

    pub(super) fn holds_time(&self, at: Option<&Time>) -> bool {
        self.holds(at.map(Time::timestamp))
    }
}
