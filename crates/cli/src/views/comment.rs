//! Comments.

use super::View;
use super::layout::indent;
use crate::{Look, visible, visible_line};
use model::Comment;
use serde::Serialize;

/// One comment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommentView {
    /// The part of its file's name that sorts by time.
    pub id: String,
    /// The bead it is about.
    pub issue_id: String,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub created_at: String,
}

impl CommentView {
    /// A comment under the ID that its file's name has.
    pub fn new(id: impl Into<String>, comment: &Comment) -> Self {
        Self {
            id: id.into(),
            issue_id: comment.bead.to_string(),
            author: comment.author.clone(),
            text: comment.text.clone(),
            created_at: comment.created_at.to_string(),
        }
    }
}

impl View for CommentView {
    fn text(&self, look: &Look) -> String {
        let author = visible_line(&self.author);
        let when = look.faint(&self.created_at);
        format!("{author}  {when}\n{}", indent(&visible(&self.text), 2))
    }
}

/// All comments of a bead; an array as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct CommentsView(pub Vec<CommentView>);

impl View for CommentsView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No comments\n".into();
        }
        let texts: Vec<String> = self.0.iter().map(|comment| comment.text(look)).collect();
        texts.join("\n")
    }
}
