//! When convoys are brought up to date with their beads: after a quiet moment,
//! and never while git is at work or a person is in the middle of something.

use std::time::{Duration, Instant};
use town::Town;

/// Beads change together.
const QUIET: Duration = Duration::from_secs(2);

/// What fails again and again is not tried more seldom than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// When, and whether it is being done.
#[derive(Debug, Default)]
pub(crate) struct Tidying {
    is_running: bool,
    due_at: Option<Instant>,
    /// How often in a row it failed.
    in_vain: u32,
}

impl Tidying {
    /// Beads changed.
    pub(crate) fn touch(&mut self) {
        self.due_at = Some(Instant::now() + QUIET);
    }

    /// Whether it has to be done now.
    pub(crate) fn is_due(&mut self, town: &Town, now: Instant) -> bool {
        if self.is_running || self.due_at.is_none_or(|at| now < at) {
            return false;
        }
        let git_dir = &town.store.located().git_dir;
        // Where it cannot be told, it is not free.
        let is_locked = store::look::is_there(&git_dir.join("index.lock")).unwrap_or(true);
        let is_free = !is_locked && matches!(git::status::in_progress(git_dir), Ok(None));
        if !is_free {
            self.due_at = Some(now + QUIET);
        }
        is_free
    }

    /// When it may be due.
    pub(crate) fn wake(&self) -> Option<Instant> {
        self.due_at.filter(|_| !self.is_running)
    }

    /// It is being done.
    pub(crate) fn begin(&mut self) {
        self.is_running = true;
        self.due_at = None;
    }

    /// It is done, or has to be tried again.
    pub(crate) fn end(&mut self, is_done: bool) {
        self.is_running = false;
        if is_done {
            self.in_vain = 0;
            return;
        }
        let pause = QUIET.saturating_mul(2_u32.saturating_pow(self.in_vain.min(10)));
        self.in_vain += 1;
        let again = Instant::now() + pause.min(LONGEST_PAUSE);
        self.due_at = Some(self.due_at.map_or(again, |at| at.min(again)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_due_again_after_a_growing_pause() {
        let mut tidying = Tidying::default();
        let mut last = Duration::ZERO;
        for _ in 0..3 {
            tidying.begin();
            assert_eq!(tidying.wake(), None, "it is being done");
            let began = Instant::now();
            tidying.end(false);
            let pause = tidying.wake().unwrap() - began;
            assert!(pause > last + Duration::from_secs(1), "{pause:?}");
            last = pause;
        }
        tidying.begin();
        tidying.end(true);
        assert_eq!(tidying.wake(), None);
    }
}
