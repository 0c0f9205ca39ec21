//! Metadata as users give it: `key=value`, or a JSON object.

use crate::error::Error;
use model::Value;

/// How deep metadata nests: well within what every reader of YAML accepts.
const DEPTH: usize = 16;

/// Reads `key=value`, whose value is text, or a JSON object, whose values are
/// what they are.
pub fn parse_metadata(text: &str) -> Result<Vec<(String, Value)>, Error> {
    if !text.trim_start().starts_with('{') {
        let (key, value) = text.split_once('=').ok_or_else(|| unreadable(text, ""))?;
        return Ok(vec![(key.to_owned(), Value::Str(value.to_owned()))]);
    }
    let json: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|error| unreadable(text, &format!(": {error}")))?;
    Ok(json
        .iter()
        .map(|(key, value)| (key.clone(), Value::from_json(value)))
        .collect())
}

fn unreadable(text: &str, why: &str) -> Error {
    let shown: String = text.chars().take(60).collect();
    Error::usage(
        format!("`{}` is no metadata{why}", shown.escape_debug()),
        "write key=value, or a JSON object such as '{\"team\": \"identity\"}'",
    )
}

pub(super) fn check(key: &str, value: &Value) -> Result<(), Error> {
    if key.trim().is_empty() || key.chars().any(char::is_control) {
        return Err(Error::usage(
            format!("`{}` cannot be a key of metadata", key.escape_debug()),
            "use a word",
        ));
    }
    match depth(value) > DEPTH {
        true => Err(Error::usage(
            format!("the metadata of `{key}` nests more than {DEPTH} deep"),
            "make it flatter, or store it as text",
        )),
        false => Ok(()),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(entries) => 1 + entries.iter().map(|(_, it)| depth(it)).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_objects() {
        let text = |value: &str| Value::Str(value.to_owned());
        assert_eq!(
            parse_metadata("team=a=b").unwrap(),
            [("team".to_owned(), text("a=b"))]
        );
        assert_eq!(
            parse_metadata(r#"{"n": 3, "team": "x"}"#).unwrap(),
            [
                ("n".to_owned(), Value::Int(3)),
                ("team".to_owned(), text("x"))
            ]
        );
        for wrong in ["team", "{\"a\":", "[1]"] {
            assert!(parse_metadata(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_readers_would_refuse() {
        let nest = |depth| (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        assert!(check("a", &nest(DEPTH)).is_ok());
        assert!(check("a", &nest(DEPTH + 1)).is_err());
        assert!(check(" ", &Value::Null).is_err());
    }
}
