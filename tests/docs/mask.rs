//! What changes from run to run, made equal: commits, processes, random IDs, places,
//! times of the real clock.
//!
//! Promises that nothing else is hidden: words, states, order and layout count.

/// The prefixes of the IDs that pages show.
const PREFIXES: [&str; 2] = ["gt", "hq"];

/// A text in which commits, hashes, process numbers, nonces, hosts and random file
/// names are equal.
pub(super) fn mask(text: &str) -> String {
    let text = without_real_times(text);
    let mut masked = String::new();
    let mut before = "";
    for word in words(&text) {
        let after_time = masked.ends_with("Z-");
        masked.push_str(match word {
            _ if before == "pid" && word.bytes().all(|it| it.is_ascii_digit()) => "N",
            _ if before == "nonce" && word.len() == 8 => "RAND",
            _ if before == "h" && word.len() == 6 => "RAND",
            _ if after_time && word.len() == 4 => "RAND",
            // Last: a random word may have no digits but those of a hash.
            _ if is_hash(word) => "HASH",
            _ => word,
        });
        if word.starts_with(|it: char| it.is_ascii_alphanumeric()) {
            before = word;
        }
    }
    // Quoted where it begins with a digit.
    masked.replace("nonce: \"RAND\"", "nonce: RAND")
}

/// Times with a fraction are of the machine's own clock, which no page can know.
fn without_real_times(text: &str) -> String {
    let is_real = |word: &str| word.len() == 24 && &word[10..11] == "T" && &word[19..20] == ".";
    let pieces = text.split_inclusive([' ', '\n']);
    let masked = pieces.map(|piece| {
        let word = piece.trim_end();
        match word.is_ascii() && is_real(word) {
            true => piece.replace(word, "TIME"),
            false => piece.to_owned(),
        }
    });
    masked.collect()
}

fn is_hash(word: &str) -> bool {
    let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    (6..=64).contains(&word.len()) && word.bytes().all(hex)
}

/// Runs of letters and digits, and each other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match rest.find(|it: char| !it.is_ascii_alphanumeric()) {
            Some(0) => first.len_utf8(),
            Some(end) => end,
            None => rest.len(),
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

/// Which random part of a real ID stands for which of the page's.
#[derive(Default)]
pub(super) struct Names(Vec<(String, String)>);

impl Names {
    /// Learns the names in an answer from what the page expected of it.
    pub(super) fn learn(&mut self, expected: &str, actual: &str) {
        let (wanted, found) = (random_parts(expected), random_parts(actual));
        if wanted.len() != found.len() {
            return;
        }
        for (shown, real) in wanted.into_iter().zip(found) {
            let known = self.0.iter().any(|it| it.0 == real || it.1 == shown);
            if !known {
                self.0.push((real, shown));
            }
        }
    }

    /// A real answer in the page's names.
    pub(super) fn shown(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (real, shown)| {
            rename(&text, real, shown)
        })
    }

    /// A command of the page in real names.
    pub(super) fn real(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (real, shown)| {
            rename(&text, shown, real)
        })
    }
}

/// Renames an ID's random part, and the folder that is named by its first character.
fn rename(text: &str, from: &str, to: &str) -> String {
    let mut text = text.to_owned();
    for prefix in PREFIXES {
        for kind in ["", "mr-", "cv-"] {
            let path = |part: &str| format!("/{}/{prefix}-{kind}{part}", &part[..1]);
            text = text.replace(&path(from), &path(to));
        }
    }
    text.replace(&format!("-{from}"), &format!("-{to}"))
}

/// The random parts of the IDs in a text, in order: `abc12` of `gt-mr-abc12.2`.
fn random_parts(text: &str) -> Vec<String> {
    let in_id = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    text.split(|it| !in_id(it))
        .filter_map(|word| {
            let (prefix, rest) = word.split_once('-')?;
            let part = rest.rsplit('-').next()?;
            (PREFIXES.contains(&prefix) && part.len() == 5).then(|| part.to_owned())
        })
        .collect()
}

#[test]
fn only_what_is_random_is_masked() {
    let masked = mask("Landed gt-abc12 as 22ece589af (pid 712, 3 s) 20260115T104200Z-k3x9.yaml");
    assert_eq!(
        masked,
        "Landed gt-abc12 as HASH (pid N, 3 s) 20260115T104200Z-RAND.yaml"
    );
    assert_eq!(
        mask("nonce: jcj9t55f\n\nhost: h-0s00qn"),
        "nonce: RAND\n\nhost: h-RAND"
    );
    assert_eq!(mask("nonce: \"53qmwcbg\""), mask("nonce: jcj9t55f"));
    assert_eq!(mask("nonce: ab12cd34"), mask("nonce: jcj9t55f"));
    assert_eq!(mask("host: h-ab12cd"), mask("host: h-0s00qn"));
    assert_ne!(mask("gt-abc12 is open"), mask("gt-abc12 is closed"));
}

#[test]
fn names_are_learned_and_translated_both_ways() {
    let mut names = Names::default();
    names.learn("Created issue: gt-abc12\n", "Created issue: gt-z9y8x\n");
    let shown = names.shown("cat .beads/beads/z/gt-z9y8x.yaml; gt-mr-z9y8x.1");
    assert_eq!(shown, "cat .beads/beads/a/gt-abc12.yaml; gt-mr-abc12.1");
    assert_eq!(names.real("bd show gt-abc12"), "bd show gt-z9y8x");
    names.learn("gt-abc12", "gt-other");
    assert_eq!(names.real("gt-abc12"), "gt-z9y8x");
}
