//! How one text is written.
//!
//! Measured against four readers of YAML 1.1 and 1.2: what is plain here is
//! the same string in all of them.

use model::{Style, Time};

/// The forms a text can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it stands.
    Plain,
    /// `"…"` with escapes.
    Quoted,
    /// A literal block.
    Block,
}

/// The form of `text` in a field of this style.
pub(super) fn form(text: &str, style: Style) -> Form {
    match style {
        Style::Quoted => Form::Quoted,
        Style::Prose if fits_block(text) => Form::Block,
        Style::Time if is_plain_time(text) => Form::Plain,
        Style::Auto if is_plain(text) || is_plain_time(text) => Form::Plain,
        Style::Auto if text.contains('\n') && fits_block(text) => Form::Block,
        _ => Form::Quoted,
    }
}

/// `[a-z][a-z0-9_./@-]*` and no word that a YAML 1.1 reader retypes.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.iter().all(|b| {
            b.is_ascii_lowercase()
                || b.is_ascii_digit()
                || matches!(b, b'_' | b'.' | b'/' | b'@' | b'-')
        })
        && !is_yaml_word(text)
}

/// A key that needs no quotes.
pub(super) fn is_plain_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
        && !is_yaml_word(text)
}

fn is_yaml_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Times have a form of their own, and only what is one gets it.
pub(super) fn is_plain_time(text: &str) -> bool {
    looks_like_time(text) && Time::parse(text).is_ok()
}

/// Four digits, a dash, and nothing but what times are made of.
pub(super) fn looks_like_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b'T' | b'Z' | b'+'))
}

/// Whether every reader gives this text back from a literal block.
fn fits_block(text: &str) -> bool {
    !text.trim().is_empty()
        && !text.ends_with("\n\n")
        && !text.starts_with('\n')
        && text.chars().all(|c| c == '\n' || !needs_escape(c))
        && text
            .trim_end_matches('\n')
            .lines()
            .next_back()
            .is_some_and(|last| !last.trim().is_empty())
}

fn needs_escape(c: char) -> bool {
    match c {
        '\t' => false,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => c.is_control(),
    }
}

/// A text in double quotes, on one line.
pub fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn push_escape(out: &mut String, c: char) {
    use std::fmt::Write;
    let code = c as u32;
    // Writing to a String cannot fail.
    let _ = if code < 0x100 {
        write!(out, "\\x{code:02X}")
    } else {
        write!(out, "\\u{code:04X}")
    };
}
