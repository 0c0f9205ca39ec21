//! Messages to agents.

use super::View;
use super::bead::as_level;
use super::layout::{labelled, pad, width};
use crate::{Look, time::age, visible, visible_line};
use jiff::Timestamp;
use model::{Mail, Priority};
use serde::Serialize;

/// One message.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::Mail")]
pub struct MailView {
    /// The name of its file, which sorts by time.
    pub id: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    #[serde(serialize_with = "as_level")]
    pub priority: Priority,
    pub created_at: String,
    pub thread: Option<String>,
    pub body: Option<String>,
    pub read: bool,
    pub acknowledged: bool,
    #[serde(skip)]
    age: String,
}

impl MailView {
    /// An unread message as it stands at `now`.
    pub fn new(id: impl Into<String>, mail: &Mail, now: Timestamp) -> Self {
        Self {
            id: id.into(),
            from: mail.from.clone(),
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            priority: mail.priority,
            created_at: mail.created_at.to_string(),
            thread: mail.thread.clone(),
            body: mail.body.clone(),
            read: false,
            acknowledged: false,
            age: age(&mail.created_at, now),
        }
    }

    /// Whether it was read and acknowledged.
    pub fn marked(mut self, read: bool, acknowledged: bool) -> Self {
        self.read = read;
        self.acknowledged = acknowledged;
        self
    }

    fn mark(&self) -> &'static str {
        match (self.acknowledged, self.read) {
            (true, _) => "ack ",
            (false, true) => "read",
            (false, false) => "new ",
        }
    }

    fn line(&self, from: usize, look: &Look) -> String {
        format!(
            "{}  {}  {}  {}  {}  {}\n",
            visible_line(&self.id),
            self.mark(),
            look.priority(self.priority, &self.priority.to_string()),
            pad(&visible_line(&self.from), from),
            visible_line(&self.subject),
            look.faint(&self.age),
        )
    }
}

impl View for MailView {
    fn text(&self, look: &Look) -> String {
        let mut text = format!("{}\n", look.heading(&visible_line(&self.subject)));
        text += &labelled("From", Some(&self.from));
        text += &labelled("To", Some(&self.to));
        text += &labelled("Date", Some(&self.created_at));
        text += &labelled("Priority", Some(&self.priority.to_string()));
        text += &labelled("Thread", self.thread.as_deref());
        if let Some(body) = &self.body {
            text += &format!("\n{}\n", visible(body).trim_end());
        }
        text
    }
}

/// An inbox; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct MailListView(pub Vec<MailView>);

impl View for MailListView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No mail\n".into();
        }
        let from = self.0.iter().map(|it| width(&visible_line(&it.from))).max();
        let from = from.unwrap_or(0);
        self.0.iter().map(|it| it.line(from, look)).collect()
    }
}

#[cfg(test)]
mod tests;
