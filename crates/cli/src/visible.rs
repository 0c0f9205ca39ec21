//! Text from files, made safe for a terminal.
//!
//! A title or comment comes from whoever could push to the repository. Printed
//! as it is, it could move the cursor, recolour the screen, reverse the reading
//! order or hide instructions from the person who reads along. Everything that
//! could is shown as `\u{..}` instead. Nothing is dropped but the carriage
//! return of a CRLF in prose. JSON never passes through here.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Prose: line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|c| is_deceptive(c) && c != '\n' && c != '\t')
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(escape(&text.replace("\r\n", "\n"), |c| {
        is_deceptive(c) && c != '\n' && c != '\t'
    }))
}

/// One line of a table or heading: line breaks and tabs are escaped too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_deceptive) {
        Cow::Owned(escape(text, is_deceptive))
    } else {
        Cow::Borrowed(text)
    }
}

fn escape(text: &str, hides: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hides(c) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

fn is_deceptive(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || is_invisible(c)
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Zero-width characters, line and paragraph separators, and the tag
/// characters that can spell out whole sentences unseen.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, prose, line) in [
            ("plain", "plain", "plain"),
            ("Straße 東京 🎉️", "Straße 東京 🎉️", "Straße 東京 🎉️"),
            ("a\nb\tc", "a\nb\tc", r"a\u{a}b\u{9}c"),
            ("a\r\nb", "a\nb", r"a\u{d}\u{a}b"),
            ("a\rb", r"a\u{d}b", r"a\u{d}b"),
            ("\x1b[31mred", r"\u{1b}[31mred", r"\u{1b}[31mred"),
            (
                "\x1b]0;title\x07",
                r"\u{1b}]0;title\u{7}",
                r"\u{1b}]0;title\u{7}",
            ),
            ("\0\x08\x7f", r"\u{0}\u{8}\u{7f}", r"\u{0}\u{8}\u{7f}"),
            ("\u{85}\u{9b}31m", r"\u{85}\u{9b}31m", r"\u{85}\u{9b}31m"),
            ("a\u{202e}b", r"a\u{202e}b", r"a\u{202e}b"),
            (
                "\u{2066}\u{2069}\u{200f}\u{61c}",
                r"\u{2066}\u{2069}\u{200f}\u{61c}",
                r"\u{2066}\u{2069}\u{200f}\u{61c}",
            ),
            (
                "a\u{200b}b\u{feff}",
                r"a\u{200b}b\u{feff}",
                r"a\u{200b}b\u{feff}",
            ),
            ("a\u{2028}b", r"a\u{2028}b", r"a\u{2028}b"),
            ("\u{e0041}", r"\u{e0041}", r"\u{e0041}"),
        ] {
            assert_eq!(visible(text), prose, "{text:?}");
            assert_eq!(visible_line(text), line, "{text:?}");
        }
    }

    #[test]
    fn no_control_character_survives() {
        let all: String = (0..=0x10_ffff).filter_map(char::from_u32).collect();
        assert!(!visible_line(&all).chars().any(char::is_control));
        let left: String = visible(&all).chars().filter(|c| c.is_control()).collect();
        assert_eq!(left, "\t\n");
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(visible("a\nb"), Cow::Borrowed(_)));
        assert!(matches!(visible_line("a b"), Cow::Borrowed(_)));
    }
}
