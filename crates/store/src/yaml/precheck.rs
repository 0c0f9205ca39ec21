//! What is refused before the full parser sees a text.
//!
//! The parser's time is quadratic in nested flow input, and it would expand
//! aliases; both end here, with the line.

use super::Flaw;

mod scanner;

/// Conflict markers, control characters, several documents, directives,
/// anchors, aliases, tags and deep flow nesting.
pub(super) fn check(text: &str) -> Result<(), Flaw> {
    for (at, line) in text.lines().enumerate() {
        conflict_marker(line, at + 1)?;
        control_character(line, at + 1)?;
    }
    scanner::check(text)
}

fn conflict_marker(line: &str, number: usize) -> Result<(), Flaw> {
    let is_marker = ["<<<<<<< ", ">>>>>>> ", "||||||| "]
        .iter()
        .any(|marker| line.starts_with(marker));
    if !is_marker && !matches!(line, "=======" | "<<<<<<<" | ">>>>>>>") {
        return Ok(());
    }
    Err(Flaw {
        line: Some(number),
        what: "holds conflict markers of a merge".to_owned(),
        remedy: Some("edit the file so that one side of each conflict remains, then `git add` it"),
    })
}

fn control_character(line: &str, number: usize) -> Result<(), Flaw> {
    let is_control = |c: &char| match c {
        '\t' | '\r' | '\u{85}' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    };
    line.chars().find(is_control).map_or(Ok(()), |c| {
        let what = format!(
            "holds the character U+{:04X}, which YAML does not allow",
            c as u32
        );
        Err(Flaw {
            line: Some(number),
            what,
            remedy: Some("remove it, or write it as an escape (\"\\x1B\") in double quotes"),
        })
    })
}
