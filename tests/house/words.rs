//! What no file of the project says: whoever reads it has only the project.

use super::{files, root};

/// Places and numbers that mean nothing to a reader. Written in two parts, so that
/// this list does not find itself.
fn forbidden() -> Vec<String> {
    [
        ("/work/", "shared"),
        ("/work/", "main"),
        ("/work/", "."),
        ("/tmp/", "plan"),
        ("/tmp/", "target"),
        ("FAULTS", ".md"),
        ("SYSTEM", ".md"),
        ("INTERFACES", ".md"),
        ("STYLE", ".md"),
        ("issue", " #"),
        ("TO", "DO"),
        ("FIX", "ME"),
        ("todo", "!("),
        ("unimplemented", "!("),
    ]
    .map(|(first, second)| format!("{first}{second}"))
    .to_vec()
}

/// Forbidden words in a text, and numbers of issues.
fn found(text: &str) -> Vec<String> {
    let mut found = forbidden();
    found.retain(|word| text.contains(word));
    let lower = text.to_lowercase();
    let numbered = |(at, word): (usize, &str)| {
        let number = lower[at + word.len()..].starts_with(|it: char| it.is_ascii_digit());
        number.then(|| text[at..at + word.len() + 1].to_owned())
    };
    if text.is_ascii() {
        found.extend(lower.match_indices("issue ").filter_map(numbered));
    }
    found
}

#[test]
fn no_file_speaks_of_what_a_reader_cannot_see() {
    for path in files() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else {
            continue;
        };
        // The compiler macro of a lint's name in our own configuration is no such thing.
        let text = text.replace("todo = \"warn\"", "");
        assert_eq!(found(&text), [""; 0], "{path}");
    }
}

#[test]
fn forbidden_words_are_found() {
    assert_eq!(found("Created issue: gt-abc12"), [""; 0]);
    let number = format!("see issue {}", 2);
    assert_eq!(found(&number).len(), 1);
    assert_eq!(found(&format!("{}{}", "/work/", "shared/x")).len(), 1);
}
