//! What may be typed into somebody's terminal: text, and no keys.

/// So much may be said at once, in bytes.
pub const WORDS_MAX: usize = 16 << 10;

/// Text for a terminal. A control character would be a key that is pressed, so
/// there is none but the ends of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(String);

/// Why a text is not typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// There is nothing to say.
    #[error("there is no text")]
    Empty,
    /// It is longer than [`WORDS_MAX`].
    #[error("the text has {0} bytes; {WORDS_MAX} may be said at once")]
    TooLong(usize),
    /// It holds a key.
    #[error("the text holds the control character {}, which would be a key", .0.escape_debug())]
    Control(char),
}

impl Words {
    /// Checks a text. The ends of its lines are made uniform, tabs become
    /// blanks, and what is blank at its end is left out.
    pub fn new(text: &str) -> Result<Self, WordsError> {
        let text = text.replace("\r\n", "\n").replace('\t', "    ");
        let text = text.trim_end();
        if text.is_empty() {
            return Err(WordsError::Empty);
        }
        if text.len() > WORDS_MAX {
            return Err(WordsError::TooLong(text.len()));
        }
        match text.chars().find(|c| c.is_control() && *c != '\n') {
            Some(key) => Err(WordsError::Control(key)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_presses_a_key() {
        let words = Words::new("a\tb;\r\n$(id) `x` é\n\n").unwrap();
        assert_eq!(words.as_str(), "a    b;\n$(id) `x` é");
        for key in ['\u{1b}', '\u{3}', '\r', '\u{7f}', '\u{9b}', '\0'] {
            let error = Words::new(&format!("stop{key}now")).unwrap_err();
            assert_eq!(error, WordsError::Control(key));
            assert!(!error.to_string().contains(key), "{error:?}");
        }
    }

    #[test]
    fn there_is_a_least_and_a_most() {
        assert_eq!(Words::new(" \n"), Err(WordsError::Empty));
        assert!(Words::new(&"x".repeat(WORDS_MAX)).is_ok());
        let error = Words::new(&"x".repeat(WORDS_MAX + 1)).unwrap_err();
        assert_eq!(error, WordsError::TooLong(WORDS_MAX + 1));
    }
}
