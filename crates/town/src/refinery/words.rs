//! Texts that people and agents read, made of what others wrote.
//!
//! Everything is bounded, and control characters are shown instead of sent.

use std::fmt::Write as _;
use std::path::Path;

/// How many paths are named before the rest is counted.
const PATHS: usize = 20;

/// How many characters of a line are shown.
const LINE: usize = 300;

/// Paths in one line, as many as can be read.
pub(super) fn listed<P: AsRef<Path>>(paths: &[P]) -> String {
    let mut names: Vec<String> = paths
        .iter()
        .take(PATHS)
        .map(|path| harmless(&path.as_ref().to_string_lossy()))
        .collect();
    if paths.len() > PATHS {
        names.push(format!("and {} more", paths.len() - PATHS));
    }
    names.join(", ")
}

/// One line without control characters, cut to a readable length.
pub(super) fn harmless(line: &str) -> String {
    let mut shown = String::new();
    for c in line.chars().take(LINE) {
        match c {
            '\t' => shown.push(' '),
            c if is_hidden(c) => {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    if line.chars().nth(LINE).is_some() {
        shown.push('…');
    }
    shown
}

/// The end of a program's output as an indented block.
pub(super) fn block(output: &str) -> String {
    let lines = output.lines().map(|line| {
        // A program that redraws its line shows what it drew last.
        let last = line.trim_end_matches('\r').rsplit('\r').next();
        format!("    {}", harmless(last.unwrap_or_default()).trim_end())
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_bounded_and_harmless() {
        let text = block("one\r\n\x1b[31mred\x1b[0m\n10%\r100%\n");
        assert_eq!(text, "    one\n    \\u{1b}[31mred\\u{1b}[0m\n    100%");
        assert_eq!(harmless(&"x".repeat(1000)).chars().count(), LINE + 1);
        let many: Vec<String> = (0..30).map(|n| format!("f{n}")).collect();
        assert!(listed(&many).ends_with("f19, and 10 more"));
        assert_eq!(listed(&["a\nb"]), "a\\u{a}b");
    }
}
