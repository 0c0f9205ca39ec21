//! Columns, indents and headings: the few shapes that text views share.

use crate::Look;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Fills up with spaces to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{:missing$}", "")
}

/// Cuts to `columns`, with `…` where something is missing.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept = String::new();
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// Moves every line that is not empty to the right.
pub(super) fn indent(text: &str, columns: usize) -> String {
    let mut indented = String::with_capacity(text.len() + columns);
    for line in text.lines() {
        if !line.is_empty() {
            indented.push_str(&" ".repeat(columns));
            indented.push_str(line);
        }
        indented.push('\n');
    }
    indented
}

/// A blank line, a heading and what stands below it; nothing for an empty body.
pub(super) fn section(look: &Look, heading: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", look.heading(heading), indent(body, 2))
}

/// `Label: value` on a line of its own, if there is a value.
pub(super) fn labelled(label: &str, value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| {
        format!("{label}: {}\n", crate::visible_line(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(pad("東京", 6), "東京  ");
        assert_eq!(fit("東京タワー", 5), "東京…");
        assert_eq!(fit("tower", 5), "tower");
        assert_eq!(fit("towers", 5), "towe…");
    }

    #[test]
    fn blank_lines_stay_blank() {
        assert_eq!(indent("a\n\nb", 2), "  a\n\n  b\n");
        assert_eq!(section(&Look::default(), "Notes", ""), "");
    }
}
