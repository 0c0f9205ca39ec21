//! The canonical writer.
//!
//! One blank line before every key and two before one that follows a block, a
//! list of maps or a map: under plain `git merge` edits of neighbouring keys
//! then never touch.

use super::{block, float, scalar};
use model::{Field, Style, Value};

/// The bytes of a new file: the header's comment lines and all fields.
pub(super) fn file(header: &str, fields: &[Field]) -> String {
    let mut out = String::with_capacity(1024);
    out.push_str(header);
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push_str(gap_after(&fields[at - 1]));
        }
        out.push_str(&self::field(field));
    }
    out
}

/// The lines of one key, without blank lines around.
pub(super) fn field(field: &Field) -> String {
    let mut out = String::new();
    push_entry(&mut out, &field.key, &field.value, field.style, 0);
    out
}

/// The blank lines that stand after a field.
pub(super) fn gap_after(field: &Field) -> &'static str {
    if is_tall(field) { "\n\n" } else { "\n" }
}

fn is_tall(field: &Field) -> bool {
    match &field.value {
        Value::Str(text) => scalar::form(text, field.style) == scalar::Form::Block,
        Value::List(items) => items
            .iter()
            .any(|item| matches!(item, Value::Map(_) | Value::List(_))),
        Value::Map(entries) => !entries.is_empty(),
        _ => false,
    }
}

fn push_entry(out: &mut String, key: &str, value: &Value, style: Style, indent: usize) {
    if scalar::is_plain_key(key) {
        out.push_str(key);
    } else {
        out.push_str(&scalar::double_quoted(key));
    }
    out.push(':');
    push_value(out, value, style, indent);
}

/// What follows `key:` or `-`, with the final newline. `indent` is that of the
/// key; what is inside stands two deeper.
fn push_value(out: &mut String, value: &Value, style: Style, indent: usize) {
    match value {
        Value::Null => out.push_str(" null\n"),
        Value::Bool(it) => out.push_str(if *it { " true\n" } else { " false\n" }),
        Value::Int(it) => out.push_str(&format!(" {it}\n")),
        Value::Float(it) => out.push_str(&format!(" {}\n", float::render(*it))),
        Value::Str(text) => push_text(out, text, style, indent),
        Value::List(items) if items.is_empty() => out.push_str(" []\n"),
        Value::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Value::List(items) => push_list(out, items, indent + 2),
        Value::Map(entries) => {
            out.push('\n');
            push_map(out, entries, indent + 2);
        }
    }
}

fn push_text(out: &mut String, text: &str, style: Style, indent: usize) {
    match scalar::form(text, style) {
        scalar::Form::Plain => {
            out.push(' ');
            out.push_str(text);
            out.push('\n');
        }
        scalar::Form::Quoted => {
            out.push(' ');
            out.push_str(&scalar::double_quoted(text));
            out.push('\n');
        }
        scalar::Form::Block => block::push(out, text, indent + 2),
    }
}

fn push_list(out: &mut String, items: &[Value], indent: usize) {
    out.push('\n');
    let apart = items
        .iter()
        .any(|item| matches!(item, Value::Map(_) | Value::List(_)));
    for (at, item) in items.iter().enumerate() {
        if at > 0 && apart {
            out.push('\n');
        }
        push_spaces(out, indent);
        out.push('-');
        match item {
            Value::Map(entries) if !entries.is_empty() => {
                out.push(' ');
                push_entries(out, entries, indent + 2);
            }
            other => push_value(out, other, Style::Auto, indent),
        }
    }
}

fn push_map(out: &mut String, entries: &[(String, Value)], indent: usize) {
    push_spaces(out, indent);
    push_entries(out, entries, indent);
}

/// The entries of a map whose first one is already indented.
fn push_entries(out: &mut String, entries: &[(String, Value)], indent: usize) {
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 {
            push_spaces(out, indent);
        }
        push_entry(out, key, value, entry_style(key), indent);
    }
}

fn entry_style(key: &str) -> Style {
    if matches!(key, "title" | "note" | "name") {
        Style::Quoted
    } else {
        Style::Auto
    }
}

fn push_spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}
