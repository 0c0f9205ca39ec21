//! Values put into a command line, each argument in one pass.
//!
//! What was filled in is never searched again: a prompt that contains
//! `{bead}` arrives as it is. A value can neither add nor split an argument.

use std::ffi::OsString;

/// The values a command line can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholders<'a> {
    /// For `{prompt}`.
    pub prompt: &'a str,
    /// For `{bead}`: the ID.
    pub bead: &'a str,
    /// For `{agent}`: the address in its long form.
    pub agent: &'a str,
}

impl Placeholders<'_> {
    pub(super) fn fill_all(&self, command: &[String], session: Option<&str>) -> Vec<OsString> {
        command
            .iter()
            .map(|argument| self.fill(argument, session).into())
            .collect()
    }

    fn fill(&self, argument: &str, session: Option<&str>) -> String {
        let mut filled = String::new();
        let mut rest = argument;
        while let Some(open) = rest.find('{') {
            let (before, found) = rest.split_at(open);
            filled.push_str(before);
            let (value, taken) = self.value_at(found, session).unwrap_or(("{", 1));
            filled.push_str(value);
            rest = &found[taken..];
        }
        filled + rest
    }

    /// The value of the placeholder that `text` begins with, and the length
    /// of the placeholder itself.
    fn value_at<'s>(&'s self, text: &str, session: Option<&'s str>) -> Option<(&'s str, usize)> {
        let known = [
            ("{prompt}", Some(self.prompt)),
            ("{bead}", Some(self.bead)),
            ("{agent}", Some(self.agent)),
            ("{session}", session),
        ];
        let (name, value) = known.into_iter().find(|(name, _)| text.starts_with(name))?;
        Some((value?, name.len()))
    }
}
