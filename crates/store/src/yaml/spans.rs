//! Where each top-level key stands in the text.

use std::ops::Range;

/// The lines of one key: from its first byte to the end of its last line that
/// is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) key: String,
    pub(super) bytes: Range<usize>,
    pub(super) line: usize,
}

/// The spans of a document in block form, in order. Blank lines and comment
/// lines at the margin lie between them: they belong to the key below.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::with_capacity(28);
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if let Some(key) = key_of(line) {
            spans.push(Span {
                key,
                bytes: at..end,
                line: number + 1,
            });
        } else if !line.trim().is_empty()
            && !line.starts_with('#')
            && let Some(last) = spans.last_mut()
        {
            last.bytes.end = end;
        }
        at = end;
    }
    spans
}

/// The key that a line at the margin begins with.
fn key_of(line: &str) -> Option<String> {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line).trim_end();
    match line.bytes().next()? {
        b' ' | b'\t' | b'#' | b'[' | b'{' | b']' | b'}' => None,
        b'-' if line == "-" || line.starts_with("- ") || line.starts_with("---") => None,
        b'"' => quoted_key(line),
        b'\'' => line[1..]
            .split_once("':")
            .map(|(key, _)| key.replace("''", "'")),
        _ => {
            let colon = line
                .find(": ")
                .or_else(|| line.ends_with(':').then_some(line.len() - 1))?;
            Some(line[..colon].trim_end().to_owned())
        }
    }
}

fn quoted_key(line: &str) -> Option<String> {
    let mut escaped = false;
    let end = line[1..].char_indices().find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at + 1)
    })?;
    let is_key = line[end + 1..].trim_start().starts_with(':');
    is_key
        .then(|| serde_yaml::from_str(&line[..=end]).ok())
        .flatten()
}
