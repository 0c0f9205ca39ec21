//! `.beads/trusted.yaml`: read from a commit, never from the work tree.

use crate::Town;
use crate::config::{Gate, parse_duration};
use crate::error::Error;
use git::Oid;
use git::blob::{self, Entry};
use model::{Field, FieldError, Fields, Record, Value};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Duration;
use store::yaml::Document;

/// Where it lies in the repository.
pub const PATH: &str = ".beads/trusted.yaml";

/// A proposal larger than this is not looked at: nobody could read it.
const LIMIT: u64 = 64 * 1024;

/// After how long a gate without a `timeout` is killed.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// What a repository proposes to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Exactly its bytes, which are UTF-8.
    pub text: String,
    /// The SHA-256 of them, in hex.
    pub sha256: String,
    /// The merge gates in it.
    pub gates: Vec<Gate>,
}

/// The file as a record. Whatever else it held would be approved without
/// being understood, so nothing else may be in it.
struct File {
    gates: Vec<Gate>,
}

impl Proposal {
    /// The proposal at a commit: none where there is no file, or in words why
    /// it cannot be used.
    pub fn at(town: &Town, commit: &Oid) -> Result<Result<Option<Self>, String>, Error> {
        let entry = blob::at(&town.git(), commit, Path::new(PATH), LIMIT)?;
        let unusable = |why: &str| Err(format!("{PATH} {why}"));
        Ok(match entry {
            Entry::Missing => Ok(None),
            Entry::File(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Self::read(&text).map(Some),
                Err(_) => unusable("is not UTF-8"),
            },
            Entry::TooLarge(_) => unusable("is larger than 64 KiB"),
            Entry::Link => unusable("is a symbolic link, which is refused"),
            Entry::Other => unusable("is no file"),
        })
    }

    /// Reads its text.
    pub fn read(text: &str) -> Result<Self, String> {
        let file = Document::<File>::read(text).map_err(|flaw| match flaw.line {
            Some(line) => format!("{PATH}, line {line}: {}", flaw.what),
            None => format!("{PATH}: {}", flaw.what),
        })?;
        let digest = Sha256::digest(text.as_bytes());
        Ok(Self {
            text: text.to_owned(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            gates: file.gates,
        })
    }
}

impl Record for File {
    const KIND: &'static str = "proposal";

    /// It is only ever read.
    fn fields(&self) -> Vec<Field> {
        vec![Field::auto("gates", Value::List(Vec::new()))]
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let gates = fields.maps("gates")?;
        let gates: Vec<Gate> = gates.into_iter().map(gate).collect::<Result<_, _>>()?;
        let twice = |(at, gate): (usize, &Gate)| {
            let is_again = gates[..at].iter().any(|other| other.name == gate.name);
            is_again.then(|| gate.name.clone())
        };
        if let Some(name) = gates.iter().enumerate().find_map(twice) {
            return Err(FieldError::new(
                "gates",
                format!("has two of the name {name}"),
            ));
        }
        nothing_else(fields, None)?;
        Ok(Self { gates })
    }
}

fn gate(mut fields: Fields) -> Result<Gate, FieldError> {
    let wrong = |problem: String| FieldError::new("gates", problem);
    let name = fields.need_string("name")?;
    if !model::text::is_name(&name) {
        let shown = name.escape_debug();
        return Err(wrong(format!("has a `name` that is no name: `{shown}`")));
    }
    let command = fields.strings("command")?;
    if command.first().is_none_or(String::is_empty) {
        return Err(wrong(format!("has no `command` for {name}")));
    }
    let timeout = match fields.string("timeout")? {
        None => TIMEOUT,
        Some(text) => parse_duration(&text).ok_or_else(|| {
            wrong(format!(
                "has a `timeout` for {name} that is no duration such as 90s or 20m"
            ))
        })?,
    };
    nothing_else(fields, Some(&name))?;
    Ok(Gate {
        name,
        command,
        timeout,
    })
}

fn nothing_else(fields: Fields, gate: Option<&str>) -> Result<(), FieldError> {
    match fields.rest().first() {
        None => Ok(()),
        Some((key, _)) => {
            let place = gate
                .map(|name| format!(" in gate {name}"))
                .unwrap_or_default();
            let problem = format!("is no key that this version knows{place}");
            Err(FieldError::new(key.clone(), problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_read_and_every_byte_counts() {
        let text = "format: 1\n\ngates:\n  - name: test\n    command:\n      - cargo\n      - test\n    timeout: 90s\n";
        let proposal = Proposal::read(text).unwrap();
        assert_eq!(proposal.gates[0].command, ["cargo", "test"]);
        assert_eq!(proposal.gates[0].timeout, Duration::from_secs(90));
        let other = Proposal::read(&format!("{text}# harmless\n")).unwrap();
        assert_ne!(proposal.sha256, other.sha256);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, words) in [
            ("format: 1\nhooks: []\n", "hooks"),
            ("format: 2\ngates: []\n", "format"),
            (
                "format: 1\ngates:\n  - name: a\n    command: [x]\n    shell: true\n",
                "shell",
            ),
            (
                "format: 1\ngates:\n  - name: ../a\n    command: [x]\n",
                "no name",
            ),
            (
                "format: 1\ngates:\n  - name: a\n    command: []\n",
                "command",
            ),
            (
                "format: 1\ngates:\n  - name: a\n    command: [x]\n    timeout: soon\n",
                "timeout",
            ),
            (
                "format: 1\ngates:\n  - &a\n    name: a\n    command: [x]\n  - *a\n",
                "trusted.yaml",
            ),
            ("format: 1\ngates: []\ngates: []\n", "trusted.yaml"),
            (
                "format: 1\ngates:\n  - {name: a, command: [x]}\n  - {name: a, command: [y]}\n",
                "two of the name a",
            ),
            ("<<<<<<< HEAD\nformat: 1\n", "trusted.yaml"),
        ] {
            let why = Proposal::read(text).unwrap_err();
            assert!(why.contains(words), "{text:?}: {why}");
        }
    }
}
