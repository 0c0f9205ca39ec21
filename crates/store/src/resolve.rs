//! From what a person typed to an ID.

use crate::error::Error;
use crate::layout;
use crate::look;
use crate::snapshot::name_to_id;
use crate::store::Store;
use model::Id;

impl Store {
    /// The bead that a text names, for commands that write: its whole ID, or
    /// its whole suffix where that fits one bead only.
    pub fn resolve_exact(&self, text: &str) -> Result<Id, Error> {
        self.resolve(text, |id, text| id.tail() == text)
    }

    /// The bead that a text names, for commands that only read: also the
    /// beginning of an ID or suffix, where it fits one bead only.
    pub fn resolve_partial(&self, text: &str) -> Result<Id, Error> {
        match self.resolve_exact(text) {
            Err(Error::NotFound { .. }) => {}
            result => return result,
        }
        self.resolve(text, |id, text| {
            id.as_str().starts_with(text) || id.tail().starts_with(text)
        })
    }

    fn resolve(&self, text: &str, fits: impl Fn(&Id, &str) -> bool) -> Result<Id, Error> {
        let whole = Id::parse(text).ok();
        match &whole {
            Some(id) if self.has_bead(id)? => return Ok(id.clone()),
            _ => {}
        }
        let mut found: Vec<Id> = self
            .in_shard_of(text)?
            .into_iter()
            .filter(|id| fits(id, text))
            .collect();
        found.sort();
        // The merge requests and gates of a bead have its suffix, too, behind a
        // longer prefix: who names the suffix means the bead.
        if found.iter().any(|id| id.prefix() == self.config().prefix) {
            found.retain(|id| id.prefix() == self.config().prefix);
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(Error::NotFound {
                kind: "issue",
                what: text.to_owned(),
                similar: whole.and_then(|id| similar(self, &id)),
            }),
            many => Err(Error::Ambiguous {
                what: text.to_owned(),
                candidates: many.iter().take(10).map(Id::to_string).collect(),
            }),
        }
    }

    /// Whether there is a file for this bead, readable or not.
    pub fn has_bead(&self, id: &Id) -> Result<bool, Error> {
        let path = self.tracked().path().join(layout::bead(id).path());
        Ok(look::is_there(&path)?)
    }

    /// The IDs in the one folder that a bead of this name can lie in.
    fn in_shard_of(&self, text: &str) -> Result<Vec<Id>, Error> {
        let root = text.split('.').next().unwrap_or(text);
        let suffix = root.rsplit('-').next().unwrap_or(root);
        let Ok(stand_in) = Id::parse(&format!("x-{suffix}")) else {
            return Ok(Vec::new());
        };
        let folder = layout::bead(&stand_in).folder;
        let names = self
            .tracked()
            .dir(&folder)?
            .map(|dir| dir.names())
            .transpose()?
            .unwrap_or_default();
        Ok(names.iter().filter_map(|name| name_to_id(name)).collect())
    }
}

/// The ID nearest to one that is not there, if it is near enough to be meant.
pub(crate) fn similar(store: &Store, id: &Id) -> Option<String> {
    let near = |other: &Id| strsim::osa_distance(other.as_str(), id.as_str());
    let ids = store.in_shard_of(id.as_str()).ok()?;
    ids.iter()
        .filter(|other| near(other) <= 2)
        .min_by_key(|other| near(other))
        .map(Id::to_string)
}
