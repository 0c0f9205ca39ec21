//! What is refused before the full parser sees a text.
//!
//! The parser's time is quadratic in nested flow input, and it would expand
//! aliases; both end here, with the line.

use super::{Flaw, MAX_DEPTH};

/// Conflict markers, several documents, directives, anchors, aliases, tags and
/// deep flow nesting.
pub(super) fn check(text: &str) -> Result<(), Flaw> {
    let mut lexer = Lexer::default();
    for (at, line) in text.lines().enumerate() {
        conflict_marker(line, at + 1)?;
        lexer.line(line, at + 1)?;
    }
    Ok(())
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

#[derive(Default)]
struct Lexer {
    /// The indentation of the key that a literal or folded block belongs to.
    block: Option<usize>,
    quote: Option<char>,
    depth: usize,
    seen_content: bool,
}

impl Lexer {
    fn line(&mut self, line: &str, number: usize) -> Result<(), Flaw> {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(block) = self.block {
            if indent > block || line.trim().is_empty() {
                return Ok(());
            }
            self.block = None;
        }
        if self.quote.is_none() && self.depth == 0 {
            self.document_marks(line, number)?;
        }
        self.characters(line, number)?;
        if self.quote.is_none() && self.depth == 0 && opens_block(line) {
            self.block = Some(indent);
        }
        Ok(())
    }

    fn document_marks(&mut self, line: &str, number: usize) -> Result<(), Flaw> {
        let mark = line.split([' ', '\t']).next().unwrap_or_default();
        if mark == "..." || (mark == "---" && self.seen_content) {
            return Err(Flaw::at(number, "holds more than one YAML document"));
        }
        if line.starts_with('%') {
            return Err(Flaw::at(
                number,
                "holds a YAML directive, which is not allowed",
            ));
        }
        self.seen_content |= !line.trim().is_empty() && !line.starts_with('#');
        Ok(())
    }

    fn characters(&mut self, line: &str, number: usize) -> Result<(), Flaw> {
        let mut previous = ' ';
        let mut at_value = true;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            if let Some(quote) = self.quote {
                match c {
                    '\\' if quote == '"' => drop(chars.next()),
                    '\'' if quote == '\'' && chars.peek() == Some(&'\'') => drop(chars.next()),
                    c if c == quote => self.quote = None,
                    _ => {}
                }
                continue;
            }
            match c {
                '#' if previous.is_whitespace() => return Ok(()),
                '&' | '*' if at_value => {
                    return Err(Flaw::at(
                        number,
                        "uses a YAML anchor or alias, which is not allowed",
                    ));
                }
                '!' if at_value => {
                    return Err(Flaw::at(number, "uses a YAML tag, which is not allowed"));
                }
                '"' | '\'' if at_value => self.quote = Some(c),
                '[' | '{' if at_value || self.depth > 0 => self.open(number)?,
                ']' | '}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            at_value = match c {
                ' ' | '\t' => at_value || matches!(previous, ':' | '-' | '?' | ','),
                '-' | '?' => at_value && chars.peek().is_some_and(|next| next.is_whitespace()),
                '[' | '{' | ',' => true,
                _ => false,
            };
            previous = c;
        }
        Ok(())
    }

    fn open(&mut self, number: usize) -> Result<(), Flaw> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Flaw::at(
                number,
                format!("nests more than {MAX_DEPTH} deep"),
            ));
        }
        Ok(())
    }
}

/// Whether the line ends in the header of a literal or folded block.
fn opens_block(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    let last = line.rsplit([' ', '\t']).next().unwrap_or_default();
    last.starts_with(['|', '>'])
        && last.len() <= 3
        && last[1..]
            .bytes()
            .all(|b| matches!(b, b'+' | b'-' | b'1'..=b'9'))
        && line.len() > last.len()
}
