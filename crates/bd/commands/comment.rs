//! `bd comment`

use crate::open::Context;
use cli::views::CommentView;
use cli::{CommandError, ExitStatus, input};
use std::path::{Path, PathBuf};

/// Comment on an issue
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The issue, by its whole ID
    #[arg(value_name = "ID")]
    id: String,

    /// What to say; `-` reads standard input, and what begins with `-` follows `--`
    #[arg(value_name = "TEXT", required_unless_present = "file")]
    text: Vec<String>,

    /// Read it from a file; `-` reads standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let id = town.store.resolve_exact(&self.id)?;
        let filed = town::comment::add(&town, &id, &self.text()?)?;
        let view = CommentView::new(filed.id, &filed.comment);
        let line = format!("Comment added to {id}");
        context.shell.answer(&view, &line);
        Ok(ExitStatus::OK)
    }

    fn text(&self) -> Result<String, CommandError> {
        match (&self.file, self.text.join(" ").as_str()) {
            (Some(path), _) => Ok(input::read_text(path)?),
            (None, "-") => Ok(input::read_text(Path::new("-"))?),
            (None, text) => Ok(text.to_owned()),
        }
    }
}
