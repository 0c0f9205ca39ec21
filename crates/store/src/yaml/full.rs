//! The full parser, for files that people and other programs wrote.

use super::{Entry, Flaw, MAX_DEPTH, precheck, spans};
use model::Value;
use serde_yaml::Value as Yaml;

/// The top-level keys of a document, in order.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, Flaw> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty());
    }
    precheck::check(text)?;
    let yaml: Yaml = serde_yaml::from_str(text).map_err(|error| flaw(&error, text))?;
    let mapping = match yaml {
        Yaml::Mapping(mapping) => mapping,
        Yaml::Null => return Err(empty()),
        _ => return Err(Flaw::at(1, "is not a map of keys")),
    };
    mapping
        .into_iter()
        .map(|(key, value)| {
            Ok(Entry {
                key: key_text(key)?,
                value: convert(value, 1)?,
            })
        })
        .collect()
}

fn empty() -> Flaw {
    Flaw {
        line: None,
        what: "is empty".to_owned(),
        remedy: None,
    }
}

fn flaw(error: &serde_yaml::Error, text: &str) -> Flaw {
    let message = error.to_string();
    // The parser ends its messages with the place, which is said apart.
    let what = message.split(" at line ").next().unwrap_or(&message);
    let place = error.location().map(|place| place.line());
    Flaw {
        line: repeated_key(&message, text).or(place),
        what: format!("is broken YAML: {what}"),
        remedy: None,
    }
}

fn key_text(key: Yaml) -> Result<String, Flaw> {
    match key {
        Yaml::String(text) => Ok(text),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(it) => Ok(it.to_string()),
        _ => Err(Flaw {
            line: None,
            what: "has a key that is not text".to_owned(),
            remedy: None,
        }),
    }
}

fn convert(yaml: Yaml, depth: usize) -> Result<Value, Flaw> {
    if depth > MAX_DEPTH {
        return Err(Flaw {
            line: None,
            what: format!("nests more than {MAX_DEPTH} deep"),
            remedy: None,
        });
    }
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(it) => Value::Bool(it),
        Yaml::Number(number) => match number.as_i64() {
            Some(it) => Value::Int(it),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Yaml::String(text) => Value::Str(text),
        Yaml::Sequence(items) => Value::List(
            items
                .into_iter()
                .map(|item| convert(item, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        Yaml::Mapping(mapping) => Value::Map(
            mapping
                .into_iter()
                .map(|(key, value)| Ok((key_text(key)?, convert(value, depth + 1)?)))
                .collect::<Result<_, Flaw>>()?,
        ),
        Yaml::Tagged(_) => {
            return Err(Flaw {
                line: None,
                what: "uses a YAML tag, which is not allowed".to_owned(),
                remedy: None,
            });
        }
    })
}

/// The line of a key that stands there for the second time: the parser names
/// only the key.
fn repeated_key(message: &str, text: &str) -> Option<usize> {
    let named = message.strip_prefix("duplicate entry with key \"")?;
    let key = named.split('"').next()?;
    let mut lines = spans::spans(text).into_iter().filter(|it| it.key == key);
    lines.nth(1).map(|span| span.line)
}
