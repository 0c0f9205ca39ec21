//! What happened in a clone, step by step.
//!
//! Whoever changes a record tells it, by [`journal`], right before the change
//! can be seen: every step that was taken here has its line, also when nobody
//! watched. What came by git or by hand has one as soon as a watcher sees it.
//!
//! Never decides anything, and never fails a command: a line that cannot be
//! written is lost.

mod event;
pub mod journal;
mod scribe;
pub mod telling;
mod view;

pub use event::{Event, Noticed};
pub(crate) use scribe::Scribe;
use store::Located;

/// What events are marked with that happen in a linked worktree's own store: all
/// worktrees of a clone share one journal. None in the main one's.
pub fn mark(located: &Located) -> Option<String> {
    let is_main = located.git_dir == located.common;
    (!is_main).then(|| located.beads.display().to_string())
}

pub use view::{BeadView, ConvoyView, HookView, MergeView, SessionView};
