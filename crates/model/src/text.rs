//! Rules for names and one-line texts.

/// The longest title, in characters.
pub const TITLE_MAX: usize = 500;

/// Why a title is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TitleError {
    /// Nothing but white space.
    #[error("title is required")]
    Empty,
    /// More than [`TITLE_MAX`] characters.
    #[error("title must be {TITLE_MAX} characters or less (it has {0})")]
    TooLong(usize),
    /// It would not fit on one line.
    #[error("title must be one line: it has a line break at character {0}")]
    LineBreak(usize),
}

/// Checks a title: 1 to 500 characters on one line. Control characters other
/// than line breaks are allowed; they are escaped on disk and made visible on
/// a terminal.
pub fn check_title(title: &str) -> Result<(), TitleError> {
    if title.trim().is_empty() {
        return Err(TitleError::Empty);
    }
    let length = title.chars().count();
    if length > TITLE_MAX {
        return Err(TitleError::TooLong(length));
    }
    match title
        .chars()
        .position(|c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
    {
        Some(at) => Err(TitleError::LineBreak(at + 1)),
        None => Ok(()),
    }
}

/// A text as one word of a shell's command line.
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Whether a text may name a rig, polecat, dog or crew member:
/// `[a-z0-9][a-z0-9_-]*`, at most 64 bytes.
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 64
        && bytes
            .next()
            .is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}
