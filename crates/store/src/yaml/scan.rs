//! A scanner for our own canonical bytes.
//!
//! It either reads a file exactly as the full parser would, or gives up with
//! `None` and leaves it to that one. It knows just the forms that the writer
//! makes, which is what lets it read ten thousand beads in the time of one
//! `git status`.

use super::{Entry, scalar};
use model::Value;
use std::borrow::Cow;

/// More keys than any file of ours has. The search for repeated ones takes
/// the square of their number.
const MAX_KEYS: usize = 256;

/// The keys of a canonical file, in order, or `None` if it is not one.
pub(super) fn scan(text: &str) -> Option<Vec<Entry>> {
    if !is_printable(text.as_bytes()) {
        return None;
    }
    let mut lines = Lines::new(text);
    let mut entries: Vec<Entry> = Vec::with_capacity(28);
    let mut seen = 0;
    while let Some(line) = lines.peek() {
        if line.is_empty() || line.starts_with('#') {
            lines.advance();
            continue;
        }
        let (key, rest) = split_key(line)?;
        let mark = mark(key);
        let is_twice = seen & mark != 0 && entries.iter().any(|entry| entry.key == key);
        if entries.len() >= MAX_KEYS || is_twice {
            return None;
        }
        seen |= mark;
        lines.advance();
        let value = match rest {
            "" => nested(&mut lines)?,
            rest if rest.starts_with('|') => Value::Str(block(rest, &mut lines)?),
            rest => inline(rest)?,
        };
        entries.push(Entry {
            key: key.to_owned(),
            value,
        });
    }
    (!entries.is_empty()).then_some(entries)
}

/// The lines of a text, one after the other.
#[derive(Clone, Copy)]
struct Lines<'a> {
    line: Option<&'a str>,
    rest: &'a str,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let mut lines = Self {
            line: None,
            rest: text,
        };
        lines.advance();
        lines
    }

    fn peek(&self) -> Option<&'a str> {
        self.line
    }

    fn advance(&mut self) {
        let end = memchr::memchr(b'\n', self.rest.as_bytes());
        (self.line, self.rest) = match end {
            Some(end) => (Some(&self.rest[..end]), &self.rest[end + 1..]),
            None => ((!self.rest.is_empty()).then_some(self.rest), ""),
        };
    }

    /// How long the text of the block that begins here may be.
    fn block_size(mut self) -> usize {
        let mut size = 0;
        while let Some(line) = self.line
            && (line.is_empty() || line.starts_with(' '))
        {
            size += line.len().max(2) - 1;
            self.advance();
        }
        size
    }
}

/// No control characters but tab and newline, and none of the characters that
/// readers take for a line break or a byte-order mark.
fn is_printable(bytes: &[u8]) -> bool {
    let is_suspect =
        |b: u8| (b < 0x20 && b != b'\n' && b != b'\t') || matches!(b, 0x7f | 0xc2 | 0xe2 | 0xef);
    // Without a way out in the middle, which lets the compiler take many bytes
    // at once.
    let is_plain = |chunk: &[u8]| !chunk.iter().fold(false, |found, &b| found | is_suspect(b));
    bytes.chunks(256).all(is_plain) || is_printable_slow(bytes)
}

fn is_printable_slow(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, &b)| {
        let next = |by: usize| bytes.get(at + by).copied().unwrap_or(0);
        match b {
            b'\n' | b'\t' => true,
            0..0x20 | 0x7f => false,
            0xc2 => next(1) >= 0xa0,
            0xe2 => !(next(1) == 0x80 && matches!(next(2), 0xa8 | 0xa9)),
            0xef => !(next(1) == 0xbb && next(2) == 0xbf || next(1) == 0xbf && next(2) >= 0xbe),
            _ => true,
        }
    })
}

/// One of 64 bits: keys that differ in it are different.
fn mark(key: &str) -> u64 {
    let sum = key.bytes().fold(0, |sum: u32, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    1 << (sum % 64)
}

/// `key: rest` or `key:`; the key as the writer writes it plain.
fn split_key(line: &str) -> Option<(&str, &str)> {
    let colon = line.bytes().position(|b| b == b':')?;
    let (key, rest) = (&line[..colon], &line[colon + 1..]);
    if !scalar::is_plain_key(key) {
        return None;
    }
    match rest.strip_prefix(' ') {
        Some("") => None,
        Some(value) => Some((key, value)),
        None => rest.is_empty().then_some((key, "")),
    }
}

/// A value that stands on the line of its key.
fn inline(text: &str) -> Option<Value> {
    let first = *text.as_bytes().first()?;
    match first {
        b'"' => quoted(text).map(|text| Value::Str(text.into_owned())),
        b'a'..=b'z' => word(text),
        b'0'..=b'9' | b'-' => number_or_time(text),
        b'[' => (text == "[]").then(|| Value::List(Vec::new())),
        b'{' => (text == "{}").then(|| Value::Map(Vec::new())),
        _ => None,
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "null" => Some(Value::Null),
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => scalar::is_plain(text).then(|| Value::Str(text.to_owned())),
    }
}

fn number_or_time(text: &str) -> Option<Value> {
    if scalar::looks_like_time(text) {
        return Some(Value::Str(text.to_owned()));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = digits == "0" || !digits.starts_with('0');
    let is_int = canonical && digits.bytes().all(|b| b.is_ascii_digit());
    (is_int && text != "-0")
        .then(|| text.parse().ok())
        .flatten()
        .map(Value::Int)
}

/// A double-quoted text that fills the rest of its line.
fn quoted(text: &str) -> Option<Cow<'_, str>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if text.len() < 2 {
        return None;
    }
    if !inner.contains(['"', '\\']) {
        return Some(Cow::Borrowed(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => out.push(escape(&mut chars)?),
            c => out.push(c),
        }
    }
    Some(Cow::Owned(out))
}

fn escape(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match chars.next()? {
        '"' => return Some('"'),
        '\\' => return Some('\\'),
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        'x' => 2,
        'u' => 4,
        _ => return None,
    };
    let mut code = 0;
    for _ in 0..digits {
        code = code * 16 + chars.next()?.to_digit(16)?;
    }
    char::from_u32(code)
}

/// A literal block whose header is `rest`; its lines stand two deep.
fn block(header: &str, lines: &mut Lines<'_>) -> Option<String> {
    let (told, keep_newline) = match header {
        "|-" => (false, false),
        "|" => (false, true),
        "|2-" => (true, false),
        "|2" => (true, true),
        _ => return None,
    };
    let mut out = String::with_capacity(lines.block_size());
    let mut blank = 0;
    let mut seen = false;
    while let Some(line) = lines.peek() {
        match line.strip_prefix("  ") {
            Some("") | None if line.trim_start_matches(' ').is_empty() => blank += 1,
            Some(content) => {
                // Only the header can tell where the first line begins.
                if !seen && (blank > 0 || (!told && content.starts_with([' ', '\t']))) {
                    return None;
                }
                if seen {
                    out.extend(std::iter::repeat_n('\n', blank + 1));
                }
                out.push_str(content);
                (seen, blank) = (true, 0);
            }
            None if line.starts_with([' ', '\t']) => return None,
            None => break,
        }
        lines.advance();
    }
    if keep_newline && seen {
        out.push('\n');
    }
    seen.then_some(out)
}

/// A list or map that stands two deep under its key.
fn nested(lines: &mut Lines<'_>) -> Option<Value> {
    let first = lines.peek()?;
    if first.starts_with("  - ") {
        list(lines).map(Value::List)
    } else {
        map(lines).map(Value::Map)
    }
}

fn list(lines: &mut Lines<'_>) -> Option<Vec<Value>> {
    let mut items = Vec::new();
    while let Some(line) = lines.peek() {
        if line.is_empty() {
            lines.advance();
            continue;
        }
        let Some(item) = line.strip_prefix("  - ") else {
            break;
        };
        lines.advance();
        items.push(if split_key(item).is_some() {
            Value::Map(list_map(item, lines)?)
        } else {
            inline(item)?
        });
    }
    ends_at_key(lines).then_some(items)
}

fn list_map(first: &str, lines: &mut Lines<'_>) -> Option<Vec<(String, Value)>> {
    let mut entries = Vec::new();
    push_pair(&mut entries, first)?;
    while let Some(line) = lines.peek() {
        let Some(pair) = line.strip_prefix("    ") else {
            break;
        };
        push_pair(&mut entries, pair)?;
        lines.advance();
    }
    Some(entries)
}

fn map(lines: &mut Lines<'_>) -> Option<Vec<(String, Value)>> {
    let mut entries = Vec::new();
    while let Some(line) = lines.peek() {
        let Some(pair) = line.strip_prefix("  ") else {
            break;
        };
        push_pair(&mut entries, pair)?;
        lines.advance();
    }
    (!entries.is_empty() && ends_at_key(lines)).then_some(entries)
}

/// One `key: value` of an inner map; no nesting, no repetition.
fn push_pair(entries: &mut Vec<(String, Value)>, line: &str) -> Option<()> {
    let (key, rest) = split_key(line)?;
    let is_repeated = entries.iter().any(|(name, _)| name == key);
    if rest.is_empty() || entries.len() >= MAX_KEYS || is_repeated {
        return None;
    }
    entries.push((key.to_owned(), inline(rest)?));
    Some(())
}

/// What follows an inner collection is a key, a comment or the end.
fn ends_at_key(lines: &Lines<'_>) -> bool {
    lines
        .peek()
        .is_none_or(|line| !line.starts_with([' ', '\t', '-']))
}
