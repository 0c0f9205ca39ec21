//! One YAML file, read with nothing but a YAML parser.
//!
//! Promises that a missing key and a `null` are the same. Never guesses a type: a
//! key of another type than asked for counts as missing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

/// The fields of one file.
#[derive(Debug)]
pub(super) struct Document {
    /// Where it stands below the store's root.
    pub(super) path: PathBuf,
    fields: Value,
}

impl Document {
    /// Reads a file, or says what is wrong with it.
    pub(super) fn read(root: &Path, file: &Path) -> Result<Self, String> {
        let path = file.strip_prefix(root).unwrap_or(file).to_owned();
        let complain = |reason: &str| format!("{}: {reason}", path.display());
        let text = fs::read_to_string(file).map_err(|error| complain(&error.to_string()))?;
        if text.is_empty() {
            return Err(complain("is empty"));
        }
        let fields: Value =
            serde_yaml::from_str(&text).map_err(|error| complain(&error.to_string()))?;
        if !fields.is_mapping() {
            return Err(complain("is no mapping"));
        }
        if !text.ends_with('\n') {
            return Err(complain("ends within a line"));
        }
        Ok(Self { path, fields })
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.fields.get(key)?.as_str()
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.fields.get(key)?.as_u64()
    }

    /// Whether the key is there with a value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.get(key).is_some_and(|value| !value.is_null())
    }

    /// A list of maps, as pairs of two of their keys.
    pub(super) fn pairs(&self, key: &str, first: &str, second: &str) -> Vec<(&str, &str)> {
        let list = self.fields.get(key).and_then(Value::as_sequence);
        list.into_iter()
            .flatten()
            .filter_map(|map| Some((map.get(first)?.as_str()?, map.get(second)?.as_str()?)))
            .collect()
    }

    /// Its name without folders and extension.
    pub(super) fn stem(&self) -> &str {
        self.path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
    }

    /// The folders above it, below the first, joined by slashes.
    pub(super) fn inner_folders(&self) -> String {
        let folders = self.path.parent().into_iter().flat_map(Path::components);
        let names: Vec<_> = folders
            .skip(1)
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        names.join("/")
    }
}
