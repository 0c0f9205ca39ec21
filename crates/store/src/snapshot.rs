//! All beads of a store, read anew. Uses every core.

use crate::error::{Error, Problem};
use crate::layout;
use crate::store::{Store, check_name};
use crate::tree::{Content, Dir, is_temporary};
use crate::yaml::Document;
use model::{Bead, Id, Record};
use rayon::prelude::*;

/// What a store holds at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Its beads, by ID.
    pub beads: Vec<Bead>,
    /// Files that could not be read. The others are good.
    pub problems: Vec<Problem>,
}

impl Store {
    /// Reads all beads. A file that cannot be read is a problem of the
    /// snapshot, not a failure of the whole.
    pub fn load(&self) -> Result<Snapshot, Error> {
        let shards: Vec<&str> = model::id::shards().collect();
        let parts = shards
            .par_iter()
            .map(|shard| self.load_shard(shard))
            .collect::<Result<Vec<_>, _>>()?;
        let mut snapshot = Snapshot::default();
        for part in parts {
            snapshot.beads.extend(part.beads);
            snapshot.problems.extend(part.problems);
        }
        snapshot.beads.par_sort_unstable_by(|a, b| a.id.cmp(&b.id));
        Ok(snapshot)
    }

    fn load_shard(&self, shard: &str) -> Result<Snapshot, Error> {
        let mut snapshot = Snapshot::default();
        let Some(dir) = self.tracked().dir(&format!("{}/{shard}", layout::BEADS))? else {
            return Ok(snapshot);
        };
        for name in dir.names()? {
            if is_temporary(&name) {
                continue;
            }
            match self.load_file(&dir, &name) {
                Ok(Some(bead)) => snapshot.beads.push(bead),
                Ok(None) => {}
                Err(Error::Problem(problem)) => snapshot.problems.push(problem),
                Err(error) => return Err(error),
            }
        }
        Ok(snapshot)
    }

    fn load_file(&self, dir: &Dir, name: &str) -> Result<Option<Bead>, Error> {
        let path = dir.path().join(name);
        let id = name_to_id(name).ok_or_else(|| stray(&path))?;
        let in_place = layout::bead(&id).folder.ends_with(&shard_of(dir));
        if !in_place {
            let folder = layout::bead(&id).folder;
            return Err(Problem::new(
                &path,
                "lies in the wrong folder",
                format!("move it to {folder}"),
            )
            .into());
        }
        match quick(dir, name, self.options().file_limit)? {
            Some(bead) if check_name(&bead, &id, &path).is_ok() => Ok(Some(bead)),
            // Slow and patient: the file may be in the middle of a checkout.
            _ => self.read::<Bead>(&id),
        }
    }
}

fn shard_of(dir: &Dir) -> String {
    dir.path()
        .file_name()
        .map(|name| format!("/{}", name.to_string_lossy()))
        .unwrap_or_default()
}

fn quick<R: Record>(dir: &Dir, name: &str, limit: u64) -> Result<Option<R>, Error> {
    Ok(match dir.read(name, limit)? {
        Content::Bytes(bytes) => std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| Document::read(text).ok()),
        _ => None,
    })
}

/// The ID that a file's name stands for.
pub(crate) fn name_to_id(name: &str) -> Option<Id> {
    Id::parse(name.strip_suffix(".yaml")?).ok()
}

fn stray(path: &std::path::Path) -> Error {
    Problem::new(
        path,
        "is no file of a bead: its name is no ID with `.yaml`",
        "rename or remove it",
    )
    .into()
}
