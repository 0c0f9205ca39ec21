//! Colours and width: only for a terminal, and sparingly.
//!
//! Colour repeats what the words say; nothing is said by colour alone.

use model::{Priority, Status};

/// How text should look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether to colour.
    pub colour: bool,
    /// How many columns there are; without a limit where nobody looks.
    pub width: Option<usize>,
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const BOLD_RED: &str = "1;31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BLUE: &str = "34";
const CYAN: &str = "36";

impl Look {
    /// The look of a stream of this process. Colour needs a terminal, no
    /// `NO_COLOR`, and a `TERM` that is not `dumb`.
    pub fn detect(is_terminal: bool) -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let columns = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            colour: is_terminal && !is_set("NO_COLOR") && !is_dumb,
            width: is_terminal.then(columns).flatten(),
        }
    }

    /// A heading.
    pub fn heading(&self, text: &str) -> String {
        self.paint(BOLD, text)
    }

    /// Something of less weight.
    pub fn faint(&self, text: &str) -> String {
        self.paint(DIM, text)
    }

    /// The word before a warning.
    pub fn warning(&self, text: &str) -> String {
        self.paint(YELLOW, text)
    }

    /// Something that went well.
    pub fn good(&self, text: &str) -> String {
        self.paint(GREEN, text)
    }

    /// Something that went wrong.
    pub fn bad(&self, text: &str) -> String {
        self.paint(RED, text)
    }

    /// A priority's text, by how urgent it is.
    pub fn priority(&self, priority: Priority, text: &str) -> String {
        match priority.level() {
            0 => self.paint(BOLD_RED, text),
            1 => self.paint(YELLOW, text),
            _ => text.to_owned(),
        }
    }

    /// A status's text, by who has to act.
    pub fn status(&self, status: &Status, text: &str) -> String {
        match status {
            Status::Open | Status::Custom(_) => text.to_owned(),
            Status::Hooked => self.paint(CYAN, text),
            Status::InProgress => self.paint(YELLOW, text),
            Status::Escalated => self.paint(RED, text),
            Status::Completed => self.paint(BLUE, text),
            Status::Deferred | Status::Closed => self.paint(DIM, text),
        }
    }

    /// An error's text, its first words coloured.
    pub(crate) fn error_text(&self, text: &str) -> String {
        match text.strip_prefix("error:") {
            Some(rest) if self.colour => self.paint(BOLD_RED, "error:") + rest,
            _ => text.to_owned(),
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_only_where_it_is_wanted() {
        let plain = Look::default();
        let colourful = Look {
            colour: true,
            width: None,
        };
        assert_eq!(plain.heading("Labels"), "Labels");
        assert_eq!(colourful.heading("Labels"), "\x1b[1mLabels\x1b[0m");
        assert_eq!(
            colourful.error_text("error: x\nhint: y\n"),
            "\x1b[1;31merror:\x1b[0m x\nhint: y\n"
        );
        assert_eq!(Look::detect(false), Look::default());
    }
}
