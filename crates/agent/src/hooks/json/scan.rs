//! Finding the values of a JSON text that is known to be well-formed.

use super::{Kind, Member, Node};

/// The value of a text, with everything in it; `None` where it is no JSON.
pub(in crate::hooks) fn scan(text: &str) -> Option<Node> {
    // The full parser bounds the depth, too.
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut scanner = Scanner { text, at: 0 };
    scanner.value()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn value(&mut self) -> Option<Node> {
        let start = self.next_at()?;
        let kind = match self.byte()? {
            b'{' => Kind::Object(self.members()?),
            b'[' => Kind::Array(self.items()?),
            b'"' => Kind::Text(self.string()?),
            _ => self.word(),
        };
        let span = start..self.at;
        Some(Node { span, kind })
    }

    fn members(&mut self) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.closes(b'}')? {
            let start = self.at;
            let key = self.string()?;
            self.next_at()?;
            // The colon.
            self.at += 1;
            let value = self.value()?;
            let span = start..self.at;
            members.push(Member { key, span, value });
        }
        Some(members)
    }

    fn items(&mut self) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.closes(b']')? {
            items.push(self.value()?);
        }
        Some(items)
    }

    /// Goes past what stands between entries; whether the list ends there.
    fn closes(&mut self, with: u8) -> Option<bool> {
        self.next_at()?;
        if self.byte()? == b',' {
            self.at += 1;
            self.next_at()?;
        }
        let is_end = self.byte()? == with;
        self.at += usize::from(is_end);
        Some(is_end)
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.at += 1;
        while self.byte()? != b'"' {
            self.at += if self.byte()? == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        serde_json::from_str(&self.text[start..self.at]).ok()
    }

    fn word(&mut self) -> Kind {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b",]}".contains(&byte);
        while self.byte().is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
        Kind::Other
    }

    /// Goes past white space.
    fn next_at(&mut self) -> Option<usize> {
        while self.byte()?.is_ascii_whitespace() {
            self.at += 1;
        }
        Some(self.at)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
