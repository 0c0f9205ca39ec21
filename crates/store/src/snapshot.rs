//! All beads of a store, read anew. Uses every core.

use crate::error::{Error, Problem};
use crate::layout;
use crate::store::{Store, patient};
use crate::tree::{Content, Dir};
use crate::yaml::Document;
use model::{Bead, Id};
use rayon::prelude::*;
use std::path::Path;
use std::time::Instant;

/// What a store holds at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Its beads, by ID.
    pub beads: Vec<Bead>,
    /// Files that could not be read. The others are good.
    pub problems: Vec<Problem>,
}

/// The part of a snapshot that was read at the first try.
#[derive(Default)]
struct Part {
    snapshot: Snapshot,
    /// Beads whose files are to be read again, patiently.
    again: Vec<Id>,
}

impl Store {
    /// Reads all beads. A file that cannot be read is a problem of the
    /// snapshot, not a failure of the whole.
    ///
    /// While git is at work, files may be missing from a listing for a moment:
    /// then it is read again until nothing changes any more.
    pub fn load(&self) -> Result<Snapshot, Error> {
        patient::list(&self.located().git_dir, Snapshot::has_same_files, || {
            self.load_once()
        })
    }

    fn load_once(&self) -> Result<Snapshot, Error> {
        let (shards, problems) = self.shards()?;
        let parts = shards
            .par_iter()
            .map(|shard| self.load_shard(shard))
            .collect::<Result<Vec<_>, _>>()?;
        let mut whole = Snapshot {
            beads: Vec::with_capacity(parts.iter().map(|part| part.snapshot.beads.len()).sum()),
            problems,
        };
        let since = Instant::now();
        for part in parts {
            whole.beads.extend(part.snapshot.beads);
            whole.problems.extend(part.snapshot.problems);
            for id in part.again {
                whole.add(self.read_document_since(&id, since))?;
            }
        }
        // Sorted already, folder by folder: a stable sort makes use of that.
        whole.beads.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(whole)
    }

    /// The names of the folders of beads, and what else lies beside them.
    fn shards(&self) -> Result<(Vec<&'static str>, Vec<Problem>), Error> {
        let (dir, names) = match self.folder(layout::BEADS) {
            Ok(Some(listed)) => listed,
            Ok(None) => return Ok(Default::default()),
            Err(error) => return Ok((Vec::new(), vec![error.of_file()?])),
        };
        let shards = model::id::shards()
            .filter(|shard| names.iter().any(|name| name == shard))
            .collect();
        let problems = names
            .iter()
            .filter(|name| !is_hidden(name) && model::id::shards().all(|shard| shard != *name))
            .map(|name| {
                let what = "is no folder of beads: those are called a to z, 0 to 9 and _";
                let remedy = "move its beads to the folder of their suffix's first character";
                Problem::new(&dir.path().join(name), what, remedy)
            })
            .collect();
        Ok((shards, problems))
    }

    fn folder(&self, name: &str) -> Result<Option<(Dir, Vec<String>)>, Error> {
        let Some(dir) = self.tracked().dir(name)? else {
            return Ok(None);
        };
        let names = dir.names()?;
        Ok(Some((dir, names)))
    }

    fn load_shard(&self, shard: &str) -> Result<Part, Error> {
        let mut part = Part::default();
        let (dir, mut names) = match self.folder(&format!("{}/{shard}", layout::BEADS)) {
            Ok(Some(listed)) => listed,
            Ok(None) => return Ok(part),
            Err(error) => {
                part.snapshot.problems.push(error.of_file()?);
                return Ok(part);
            }
        };
        names.retain(|name| !is_hidden(name));
        names.sort_unstable();
        part.snapshot.beads.reserve(names.len());
        let mut buffer = Vec::new();
        for name in names {
            self.load_file(&dir, shard, &name, &mut buffer, &mut part);
        }
        Ok(part)
    }

    fn load_file(&self, dir: &Dir, shard: &str, name: &str, buffer: &mut Vec<u8>, part: &mut Part) {
        let Some(id) = name_to_id(name) else {
            part.snapshot.problems.push(stray(&dir.path().join(name)));
            return;
        };
        if id.shard() != shard {
            let remedy = format!("move it to {}", layout::bead(&id).folder);
            let path = dir.path().join(name);
            let problem = Problem::new(&path, "lies in the wrong folder", remedy);
            part.snapshot.problems.push(problem);
            return;
        }
        match quick(dir, name, self.options().file_limit, buffer) {
            Ok(Some(bead)) if bead.id == id => part.snapshot.beads.push(bead),
            // The file may be in the middle of a checkout.
            _ => part.again.push(id),
        }
    }
}

impl Snapshot {
    fn add(&mut self, read: Result<Option<Document<Bead>>, Error>) -> Result<(), Error> {
        match read {
            Ok(document) => self.beads.extend(document.map(|document| document.record)),
            Err(error) => self.problems.push(error.of_file()?),
        }
        Ok(())
    }

    fn has_same_files(&self, other: &Self) -> bool {
        let ids = |it: &Self| -> Vec<Id> { it.beads.iter().map(|bead| bead.id.clone()).collect() };
        ids(self) == ids(other) && self.problems == other.problems
    }
}

/// Reads a file at the first try, or not at all.
fn quick(dir: &Dir, name: &str, limit: u64, buffer: &mut Vec<u8>) -> Result<Option<Bead>, Error> {
    let Content::Bytes(bytes) = dir.read_into(std::mem::take(buffer), name, limit)? else {
        return Ok(None);
    };
    let bead = std::str::from_utf8(&bytes)
        .ok()
        .filter(|text| text.ends_with('\n'))
        .and_then(|text| Document::read(text).ok());
    *buffer = bytes;
    Ok(bead)
}

/// Temporary files of ours, and those that editors and file managers leave.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// The ID that a file's name stands for.
pub(crate) fn name_to_id(name: &str) -> Option<Id> {
    Id::parse(name.strip_suffix(".yaml")?).ok()
}

fn stray(path: &Path) -> Problem {
    Problem::new(
        path,
        "is no file of a bead: its name is no ID with `.yaml`",
        "rename or remove it",
    )
}
