//! Branches that change one file, merged pair by pair.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use store::yaml::Document;
use testkit::Town;

/// The keys of a file with their values.
type Fields = Vec<(String, model::Value)>;

/// A file that several branches change, each in its own way.
pub(super) struct Matrix {
    heading: String,
    town: Town,
    pub(super) path: PathBuf,
    base: Fields,
    branches: Vec<Branch>,
}

struct Branch {
    name: &'static str,
    fields: Fields,
    /// All files of the branch that the base does not have.
    added: BTreeSet<String>,
}

impl Matrix {
    /// The file as it is on branch `base`.
    pub(super) fn new(heading: &str, town: Town, path: PathBuf) -> Self {
        Self {
            heading: heading.to_owned(),
            base: read(&path),
            town,
            path,
            branches: Vec::new(),
        }
    }

    /// A branch that makes one edit.
    pub(super) fn branch(&mut self, name: &'static str, edit: impl FnOnce(&Town)) {
        let branch = format!("edit-{}", self.branches.len());
        self.town
            .git(&["checkout", "--quiet", "-b", &branch, "base"]);
        edit(&self.town);
        self.town.commit_all(name);
        let added = ["diff", "--name-only", "--diff-filter=A", "base", "HEAD"];
        let added = self.town.git(&added).stdout;
        self.branches.push(Branch {
            name,
            fields: read(&self.path),
            added: added.lines().map(str::to_owned).collect(),
        });
    }

    /// Merges every pair and draws the outcome.
    pub(super) fn render(&self) -> String {
        let count = self.branches.len();
        let numbers: String = (1..=count).map(|n| format!(" {n} |")).collect();
        let mut text = format!("## {}\n\n| | |{numbers}\n|", self.heading);
        text += &"---|".repeat(count + 2);
        text.push('\n');
        for row in 0..count {
            text += &format!("| {} | {} |", row + 1, self.branches[row].name);
            for column in 0..count {
                let mark = match column > row {
                    true => self.merge(row, column),
                    false => " ",
                };
                text += &format!(" {mark} |");
            }
            text.push('\n');
        }
        text
    }

    fn merge(&self, left: usize, right: usize) -> &'static str {
        let other = format!("edit-{right}");
        self.town
            .git(&["checkout", "--quiet", "--detach", &format!("edit-{left}")]);
        let merge = ["merge", "--quiet", "--no-edit", &other];
        let merged = self.town.call("git", &merge).run();
        let (left, right) = (&self.branches[left], &self.branches[right]);
        let same = left
            .touches(&self.base)
            .intersection(&right.touches(&self.base))
            .count()
            > 0;
        if !merged.status.success() {
            assert!(same, "{} and {} conflict: {merged}", left.name, right.name);
            self.town.git(&["merge", "--abort"]);
            return "=";
        }
        let found = read(&self.path);
        for branch in [left, right].into_iter().filter(|_| !same) {
            branch.check(&self.base, &found, &self.town.repo());
        }
        "+"
    }
}

impl Branch {
    fn touches(&self, base: &Fields) -> BTreeSet<&str> {
        let changed = self.fields.iter().filter(|field| !base.contains(field));
        changed.map(|(key, _)| key.as_str()).collect()
    }

    /// Whether a merge holds what this branch did.
    #[track_caller]
    fn check(&self, base: &Fields, merged: &Fields, repository: &Path) {
        for field in self.fields.iter().filter(|field| !base.contains(field)) {
            assert!(merged.contains(field), "{} is lost: {field:?}", self.name);
        }
        for path in &self.added {
            assert!(repository.join(path).exists(), "{} lost {path}", self.name);
        }
    }
}

#[track_caller]
fn read(path: &Path) -> Fields {
    let text = fs::read_to_string(path).unwrap();
    let fields = match path.to_string_lossy().contains("convoys") {
        true => keys(&Document::<model::Convoy>::parse(&text).unwrap().record),
        false => keys(&Document::<model::Bead>::parse(&text).unwrap().record),
    };
    assert!(!text.contains("<<<<<<<"), "{text}");
    fields
}

/// The fields of a record; each bead of a convoy counts as a field of its own.
fn keys<R: model::Record>(record: &R) -> Fields {
    let mut fields = Fields::new();
    for field in record.fields() {
        match (field.key.as_ref(), field.value) {
            ("beads", model::Value::List(beads)) => {
                for (at, bead) in beads.into_iter().enumerate() {
                    entries(at, bead, &mut fields);
                }
            }
            (key, value) => fields.push((key.to_owned(), value)),
        }
    }
    fields
}

fn entries(at: usize, bead: model::Value, fields: &mut Fields) {
    let model::Value::Map(entries) = bead else {
        return;
    };
    for (key, value) in entries {
        fields.push((format!("{key} of bead {at}"), value));
    }
}
