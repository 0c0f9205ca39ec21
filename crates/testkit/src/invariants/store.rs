//! The files of a store: each whole, each where its name says.
//!
//! Promises that a file that cannot be read is named and left out, so that the
//! other rules still judge the rest.

use std::collections::BTreeMap;
use std::path::Path;

use walkdir::WalkDir;

use super::document::Document;

/// Hidden files that belong in a store.
const HIDDEN: [&str; 3] = [".gitattributes", ".gitignore", ".gitkeep"];
/// What editors, git and half-done writes leave behind.
const REMAINS: [&str; 6] = [".tmp", ".lock", ".orig", ".rej", ".swp", "~"];
/// The folders that hold one YAML file for each object.
const OBJECTS: [&str; 6] = [
    "beads",
    "comments",
    "hooks",
    "convoys",
    "molecules",
    "archive",
];

/// All objects of a store, by their names.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) prefix: String,
    pub(super) beads: BTreeMap<String, Document>,
    pub(super) hooks: BTreeMap<String, Document>,
    pub(super) convoys: BTreeMap<String, Document>,
    broken: Vec<String>,
}

impl Store {
    pub(super) fn load(root: &Path) -> Self {
        let mut store = Self::default();
        for found in WalkDir::new(root).sort_by_file_name() {
            match found {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if entry.file_type().is_file() => store.take(root, entry.path()),
                Ok(entry) => store.complain(entry.path(), "is neither file nor folder"),
                Err(error) => store.broken.push(error.to_string()),
            }
        }
        store
    }

    /// Adds the ephemeral beads that this clone keeps for itself.
    pub(super) fn add_wisps(&mut self, root: &Path) {
        let files = WalkDir::new(root).into_iter().flatten();
        for file in files.filter(|entry| is_yaml(entry.path())) {
            match Document::read(root, file.path()) {
                Ok(wisp) => {
                    let id = wisp.text("id").unwrap_or_default().to_owned();
                    self.beads.insert(id, wisp);
                }
                Err(reason) => self.broken.push(format!("wisp {reason}")),
            }
        }
    }

    pub(super) fn broken(&mut self) -> Vec<String> {
        std::mem::take(&mut self.broken)
    }

    /// Whether beads of this name live here.
    pub(super) fn is_local(&self, id: &str) -> bool {
        id.strip_prefix(self.prefix.as_str())
            .is_some_and(|rest| rest.starts_with('-'))
    }

    fn complain(&mut self, path: &Path, reason: &str) {
        self.broken.push(format!("{}: {reason}", path.display()));
    }

    fn take(&mut self, root: &Path, file: &Path) {
        let path = file.strip_prefix(root).unwrap_or(file);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hidden = name.starts_with('.') && !HIDDEN.contains(&name.as_ref());
        if hidden || REMAINS.iter().any(|end| name.contains(end)) {
            return self.complain(path, "was left behind");
        }
        let folder = path.iter().next().unwrap_or_default().to_string_lossy();
        if is_yaml(file) {
            match Document::read(root, file) {
                Ok(document) => self.file(&folder, document),
                Err(reason) => self.broken.push(reason),
            }
        } else if OBJECTS.contains(&folder.as_ref()) && !name.starts_with('.') {
            self.complain(path, "is no object");
        }
    }

    fn file(&mut self, folder: &str, document: Document) {
        match folder {
            "beads" | "archive" => self.file_bead(document),
            "molecules" => self.file_step(document),
            "hooks" => self.file_hook(document),
            "convoys" => {
                let id = document.stem().to_owned();
                self.expect(&document, "id", &id);
                self.convoys.insert(id, document);
            }
            "comments" => {
                let bead = document
                    .stem()
                    .rsplit_once('.')
                    .map_or("", |(bead, _)| bead);
                self.expect(&document, "bead", bead);
                self.expect_shard(&document, bead);
            }
            "config.yaml" => {
                self.prefix = document.text("prefix").unwrap_or_default().to_owned();
            }
            _ => {}
        }
    }

    fn file_bead(&mut self, document: Document) {
        let id = document.stem().to_owned();
        self.expect(&document, "id", &id);
        self.expect_shard(&document, &id);
        self.insert_bead(id, document);
    }

    fn file_step(&mut self, document: Document) {
        let id = match (document.inner_folders(), document.stem()) {
            (molecule, "0") => molecule,
            (molecule, step) => format!("{molecule}.{step}"),
        };
        self.expect(&document, "id", &id);
        self.insert_bead(id, document);
    }

    fn insert_bead(&mut self, id: String, document: Document) {
        let here = document.path.clone();
        if let Some(other) = self.beads.insert(id, document) {
            self.complain(&here, &format!("has a double in {}", other.path.display()));
        }
    }

    fn file_hook(&mut self, document: Document) {
        let address = match (document.inner_folders(), document.stem()) {
            (folders, name) if folders.is_empty() => name.to_owned(),
            (folders, name) => format!("{folders}/{name}"),
        };
        self.expect(&document, "agent", &address);
        self.hooks.insert(address, document);
    }

    fn expect(&mut self, document: &Document, key: &str, value: &str) {
        if document.text(key) != Some(value) {
            self.complain(&document.path, &format!("its {key} is not {value}"));
        }
    }

    fn expect_shard(&mut self, document: &Document, id: &str) {
        let folder = document.path.iter().rev().nth(1).unwrap_or_default();
        if folder.to_str() != Some(shard(id).as_str()) {
            self.complain(
                &document.path,
                &format!("{id} belongs in folder {}", shard(id)),
            );
        }
    }
}

fn is_yaml(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "yaml")
}

/// The folder of a bead: the character after the last hyphen of its root id.
fn shard(id: &str) -> String {
    let root = id.split('.').next().unwrap_or_default();
    let suffix = root.rsplit('-').next().unwrap_or_default();
    let first = suffix.chars().next().map(|c| c.to_ascii_lowercase());
    first
        .filter(char::is_ascii_alphanumeric)
        .unwrap_or('_')
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::shard;

    #[test]
    fn shards_follow_the_last_part_of_the_root() {
        for (id, folder) in [
            ("gt-abc12", "a"),
            ("gt-mr-abc12.2", "a"),
            ("claude-os-7g4", "7"),
            ("gt-Abc.x-9", "a"),
            ("gt-ö", "_"),
            ("gt-", "_"),
        ] {
            assert_eq!(shard(id), folder, "{id}");
        }
    }
}
