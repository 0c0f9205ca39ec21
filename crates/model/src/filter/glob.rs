//! Patterns with `*` and `?`, for labels.

/// Whether `pattern` matches all of `text`: `*` stands for any text, the empty
/// one included, and `?` for one character. Time is at most the product of the
/// lengths, whatever the pattern.
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and how much text it has taken so far: only
    // the last one ever has to take more.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                None => return false,
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, t) = (at + 1, taken + 1);
                }
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::glob_matches;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("**", "x"),
            ("area:*", "area:store"),
            ("*:store", "area:store"),
            ("a*b*c", "a-b-b-c"),
            ("?", "ä"),
            ("p?", "p1"),
            ("*ab", "aab"),
        ] {
            assert!(glob_matches(pattern, text), "{pattern:?} {text:?}");
        }
        for (pattern, text) in [
            ("", "x"),
            ("?", ""),
            ("area", "area:store"),
            ("a*b", "a-c"),
            ("p?", "p"),
            ("A*", "area"),
        ] {
            assert!(!glob_matches(pattern, text), "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn many_stars_end_soon() {
        assert!(!glob_matches(&"*a".repeat(500), &"b".repeat(5_000)));
    }
}
