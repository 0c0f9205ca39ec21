//! An inbox with the number of each message.

use cli::Look;
use cli::views::{MailListView, MailView, View};
use serde::Serialize;

/// A message and its number in the inbox.
#[derive(Debug, Clone, Serialize)]
pub(super) struct InboxEntry {
    /// What `gt mail read` takes instead of the ID.
    pub(super) number: usize,
    /// The message.
    #[serde(flatten)]
    pub(super) mail: MailView,
}

/// An inbox; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct InboxView(pub(super) Vec<InboxEntry>);

impl View for InboxView {
    fn text(&self, look: &Look) -> String {
        let mails = self.0.iter().map(|entry| entry.mail.clone()).collect();
        let list = MailListView(mails).text(look);
        if self.0.is_empty() {
            return list;
        }
        // The list has one line for each message.
        self.0
            .iter()
            .zip(list.lines())
            .map(|(entry, line)| format!("{:>3}  {line}\n", entry.number))
            .collect()
    }
}
