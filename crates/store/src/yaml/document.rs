//! A file's text together with the record it holds.

use super::{Entry, Flaw, parse, spans, write};
use model::{Field, FieldError, Fields, Record};

/// A file that was read: its text, kept byte for byte, and the record.
#[derive(Debug, Clone)]
pub struct Document<R> {
    text: String,
    /// What the file holds.
    pub record: R,
}

impl<R: Record> Document<R> {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        Ok(Self {
            text: text.to_owned(),
            record: Self::read(text)?,
        })
    }

    /// The file's text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The line of a key.
    pub(crate) fn line_of(&self, key: &str) -> Option<usize> {
        line_of(&self.text, key)
    }

    /// Whether its last line ends. One that does not may still be written.
    pub(crate) fn is_whole(&self) -> bool {
        self.text.ends_with('\n')
    }

    /// The record alone, for reading only.
    pub fn read(text: &str) -> Result<R, Flaw> {
        let entries = parse(text)?;
        let fields = Fields::new(
            entries
                .into_iter()
                .map(|Entry { key, value }| (key, value))
                .collect(),
        );
        R::from_fields(fields).map_err(|error| with_line(text, &error))
    }

    /// The canonical text of a new file.
    pub fn render(record: &R) -> String {
        write::file(&record.header(), &record.fields())
    }

    /// The text with `record` in place of what it held: the spans of keys
    /// whose value changed are rewritten, all other bytes stay.
    pub fn with(&self, record: &R) -> Result<String, Flaw> {
        let (old, new) = (self.record.fields(), record.fields());
        if old == new {
            return Ok(self.text.clone());
        }
        let mut pieces = Pieces::of(&self.text)?;
        for field in &old {
            if !new.iter().any(|it| it.key == field.key) {
                pieces.remove(&field.key);
            }
        }
        for (at, field) in new.iter().enumerate() {
            let was = old.iter().find(|it| it.key == field.key);
            if was != Some(field) {
                pieces.put(field, was, &new[..at]);
            }
        }
        Ok(pieces.join())
    }
}

/// The lines of every key but `keys`, with the comments before them and
/// without blank lines: what a ticket covers.
pub fn text_without(text: &str, keys: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans::spans(text) {
        out.push_str(text[from..span.bytes.start].trim_start_matches('\n'));
        if !keys.contains(&span.key.as_str()) {
            out.push_str(&text[span.bytes.clone()]);
        }
        from = span.bytes.end;
    }
    out
}

fn with_line(text: &str, error: &FieldError) -> Flaw {
    let is_newer = error.key == "format" && error.problem.contains("newer");
    Flaw {
        line: line_of(text, &error.key),
        what: error.to_string(),
        remedy: is_newer.then_some("install a newer Plaintown: this one changes nothing in it"),
    }
}

fn line_of(text: &str, key: &str) -> Option<usize> {
    let mut spans = spans::spans(text).into_iter();
    spans.find(|span| span.key == key).map(|span| span.line)
}

fn line_end(text: &str) -> &'static str {
    let first = text.find('\n').unwrap_or(0);
    if text[..first].ends_with('\r') {
        "\r\n"
    } else {
        "\n"
    }
}

/// A text cut at its keys. A piece is what stands before a key, and the key's
/// own lines.
struct Pieces {
    pieces: Vec<Piece>,
    tail: String,
    /// How the text's lines end: what is written into it ends the same way.
    line_end: &'static str,
}

struct Piece {
    key: String,
    lead: String,
    body: String,
}

impl Pieces {
    fn of(text: &str) -> Result<Self, Flaw> {
        let spans = spans::spans(text);
        let keys = parse(text)?;
        if !spans
            .iter()
            .map(|span| &span.key)
            .eq(keys.iter().map(|entry| &entry.key))
        {
            return Err(Flaw {
                line: None,
                what: "is YAML in a form that cannot be edited in place".to_owned(),
                remedy: Some("write each key at the start of a line of its own, as `key: value`"),
            });
        }
        let mut from = 0;
        let mut pieces = Vec::with_capacity(spans.len());
        for span in spans {
            let lead = text[from..span.bytes.start].to_owned();
            let mut body = text[span.bytes.clone()].to_owned();
            if !body.ends_with('\n') {
                body.push_str(line_end(text));
            }
            from = span.bytes.end;
            pieces.push(Piece {
                key: span.key,
                lead,
                body,
            });
        }
        Ok(Self {
            pieces,
            tail: text[from..].to_owned(),
            line_end: line_end(text),
        })
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.key == key)
    }

    fn remove(&mut self, key: &str) {
        if let Some(at) = self.position(key) {
            self.pieces.remove(at);
        }
    }

    fn put(&mut self, field: &Field, was: Option<&Field>, before: &[Field]) {
        let body = self.lines(&write::field(field));
        match self.position(&field.key) {
            Some(at) => {
                self.pieces[at].body = body;
                if was.is_none_or(|was| write::gap_after(was) != write::gap_after(field)) {
                    self.set_gap(at + 1, write::gap_after(field));
                }
            }
            None => self.insert(field, body, before),
        }
    }

    fn insert(&mut self, field: &Field, body: String, before: &[Field]) {
        let previous = before
            .iter()
            .rev()
            .find_map(|it| self.position(&it.key).map(|at| (at, it)));
        let (at, lead) = match previous {
            Some((at, it)) => (at + 1, self.lines(write::gap_after(it))),
            None => (0, String::new()),
        };
        self.pieces.insert(
            at,
            Piece {
                key: field.key.to_string(),
                lead,
                body,
            },
        );
        self.set_gap(at + 1, write::gap_after(field));
    }

    /// Sets the blank lines that open what stands before the piece `at`.
    fn set_gap(&mut self, at: usize, gap: &str) {
        let gap = self.lines(gap);
        if let Some(piece) = self.pieces.get_mut(at) {
            piece.lead = format!("{gap}{}", piece.lead.trim_start_matches(['\r', '\n']));
        }
    }

    /// Lines of ours, with the line ends of this text.
    fn lines(&self, ours: &str) -> String {
        ours.replace('\n', self.line_end)
    }

    fn join(self) -> String {
        let mut out = String::with_capacity(2048);
        for piece in &self.pieces {
            out.push_str(&piece.lead);
            out.push_str(&piece.body);
        }
        out.push_str(&self.tail);
        out
    }
}
