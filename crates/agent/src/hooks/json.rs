//! Where the values of a JSON text stand, and changes to it that leave every
//! other byte alone.
//!
//! The text has been parsed by a full parser before; this only finds places.
//! What was put in at the end of a list or object and is taken out again
//! leaves the very bytes that were there.

mod scan;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};
use std::ops::Range;

pub(super) use scan::scan;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// What it holds.
    pub(super) kind: Kind,
}

/// What a value holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keys with their values.
    Object(Vec<Member>),
    /// Values.
    Array(Vec<Node>),
    /// Text, unescaped.
    Text(String),
    /// A number or a word.
    Other,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// The key, unescaped.
    pub(super) key: String,
    /// From the key to the end of the value.
    pub(super) span: Range<usize>,
    /// The value.
    pub(super) value: Node,
}

impl Node {
    /// The value under a key; the last one, as parsers have it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Object(members) => {
                let found = members.iter().rfind(|it| it.key == key);
                found.map(|it| &it.value)
            }
            _ => None,
        }
    }

    /// The values of a list.
    pub(super) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it has keys.
    pub(super) fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    /// Whether it is a list.
    pub(super) fn is_array(&self) -> bool {
        matches!(self.kind, Kind::Array(_))
    }

    /// Which entry of this object has the key and holds nothing.
    pub(super) fn index_of_empty(&self, key: &str) -> Option<usize> {
        match &self.kind {
            Kind::Object(members) => members
                .iter()
                .rposition(|it| it.key == key && it.value.is_empty()),
            _ => None,
        }
    }

    /// Whether it is a list or an object without anything in it.
    pub(super) fn is_empty(&self) -> bool {
        self.parts().is_some_and(|parts| parts.is_empty())
    }

    /// Where the entries stand.
    fn parts(&self) -> Option<Vec<Range<usize>>> {
        match &self.kind {
            Kind::Object(members) => Some(members.iter().map(|it| it.span.clone()).collect()),
            Kind::Array(items) => Some(items.iter().map(|it| it.span.clone()).collect()),
            _ => None,
        }
    }

    /// The text with one more entry at the end of this list or object, which
    /// stands `depth` levels deep. An object's entry has a key.
    pub(super) fn append(
        &self,
        text: &str,
        key: Option<&str>,
        entry: &Value,
        depth: usize,
    ) -> String {
        let unit = indentation(text);
        let inner = format!("\n{}", unit.repeat(depth + 1));
        let key = key.map_or_else(String::new, |key| format!("{}: ", Value::from(key)));
        let entry = key + &rendered(entry, unit).replace('\n', &inner);
        match self.parts().unwrap_or_default().last() {
            Some(last) => spliced(text, last.end..last.end, &format!(",{inner}{entry}")),
            None => {
                let inside = self.span.start + 1..self.span.end - 1;
                let outer = format!("\n{}", unit.repeat(depth));
                spliced(text, inside, &format!("{inner}{entry}{outer}"))
            }
        }
    }

    /// The text without one entry of this list or object.
    pub(super) fn without(&self, text: &str, index: usize) -> String {
        let parts = self.parts().unwrap_or_default();
        let Some(part) = parts.get(index) else {
            return text.to_owned();
        };
        let gone = match (index.checked_sub(1), parts.get(index + 1)) {
            (Some(before), _) => parts[before].end..part.end,
            (None, Some(next)) => part.start..next.start,
            (None, None) => self.span.start + 1..self.span.end - 1,
        };
        spliced(text, gone, "")
    }
}

fn spliced(text: &str, gone: Range<usize>, new: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(gone, new);
    text
}

/// A value on several lines.
pub(super) fn rendered(value: &Value, unit: &str) -> String {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(unit.as_bytes());
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .expect("a value can be written to memory");
    String::from_utf8(bytes).expect("JSON is text")
}

/// What one level is set in by: as the first line that is.
fn indentation(text: &str) -> &str {
    let set_in = text.lines().find_map(|line| {
        let rest = line.trim_start_matches([' ', '\t']);
        (rest.starts_with('"') && rest.len() < line.len()).then(|| &line[..line.len() - rest.len()])
    });
    set_in.unwrap_or("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEXT: &str = "{\n    \"a\" : [1,  {\"b\": \"\\u0041\\\"]\"}],\n    \"c\": {}\n}\n";

    fn root(text: &str) -> Node {
        scan(text).expect("it is JSON")
    }

    #[test]
    fn values_are_found_where_they_stand() {
        let root = root(TEXT);
        let list = root.get("a").unwrap();
        assert_eq!(&TEXT[list.span.clone()], "[1,  {\"b\": \"\\u0041\\\"]\"}]");
        assert_eq!(list.items()[1].get("b").unwrap().text(), Some("A\"]"));
        assert!(root.get("c").unwrap().is_empty());
        assert_eq!(root.get("d"), None);
        let twice = super::tests::root("{\"a\": 1, \"a\": [true, null, -1.5e3]}");
        assert_eq!(twice.get("a").unwrap().items().len(), 3);
    }

    #[test]
    fn what_is_put_in_stands_as_the_rest_does() {
        let longer = root(TEXT).append(TEXT, Some("d"), &json!({"x": [1]}), 0);
        let expected = "\n    \"c\": {},\n    \"d\": {\n        \"x\": [\n            1\n        ]\n    }\n}\n";
        assert!(longer.ends_with(expected), "{longer}");
        assert_eq!(root(&longer).without(&longer, 2), TEXT);
    }

    #[test]
    fn every_entry_can_be_taken_out() {
        for (text, index, expected) in [
            ("[1, 2, 3]", 0, "[2, 3]"),
            ("[1, 2, 3]", 1, "[1, 3]"),
            ("[1, 2, 3]", 2, "[1, 2]"),
            ("[ 1 ]", 0, "[]"),
            ("[1]", 1, "[1]"),
            ("{\"a\": 1, \"b\": 2}", 0, "{\"b\": 2}"),
        ] {
            assert_eq!(root(text).without(text, index), expected);
        }
        let empty = "{}";
        let filled = root(empty).append(empty, Some("a"), &json!([]), 0);
        assert_eq!(filled, "{\n  \"a\": []\n}");
        assert_eq!(root(&filled).without(&filled, 0), empty);
    }
}
