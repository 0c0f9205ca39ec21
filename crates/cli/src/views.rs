//! What commands show: one struct feeds both text and JSON, so that the two
//! never drift apart.
//!
//! Views are pure. They take records and counts as arguments; they never read
//! a store, a clock or a terminal. Text has gone through
//! [`visible`](crate::visible()); JSON is as it is.

use crate::Look;
use serde::Serialize;

mod bead;
mod comment;
mod convoy;
mod counts;
mod hook;
mod layout;
mod list;
mod mail;
mod merge_request;
mod queue;
mod show;
mod tree;

pub use bead::{BeadView, Counts, DependencyView};
pub use comment::{CommentView, CommentsView};
pub use convoy::{ConvoyListView, ConvoyView};
pub use counts::{
    CountView, EpicListView, EpicView, GroupView, LabelCount, LabelCountsView, StatsSummary,
    StatsView,
};
pub use hook::HookView;
pub use list::{BlockedListView, BlockedView, Layout, ListView, list_line};
pub use mail::{MailListView, MailView};
pub use merge_request::MergeRequestFields;
pub use queue::{MergeRequestView, QueueView};
pub use show::{LinkedView, ShowListView, ShowView};
pub use tree::tree;

/// Something that can be shown as JSON and as text.
pub trait View: Serialize {
    /// As text that ends with a line break, or is empty.
    fn text(&self, look: &Look) -> String;
}

#[cfg(test)]
mod samples;
