//! Hooks, convoys and tickets: few enough to list.

use crate::error::{Error, Problem};
use crate::layout;
use crate::look;
use crate::snapshot::name_to_id;
use crate::store::Store;
use crate::stored::Stored;
use crate::tree::{Tree, is_temporary};
use model::{Address, Convoy, Hook, Ticket};

/// Records that were read, and files that could not be.
#[derive(Debug)]
pub struct Listing<R> {
    /// What was read, by name.
    pub records: Vec<R>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Store {
    /// All hooks of this store.
    pub fn hooks(&self) -> Result<Listing<Hook>, Error> {
        self.listing(addresses(self.tracked(), layout::HOOKS)?)
    }

    /// All tickets of this clone.
    pub fn tickets(&self) -> Result<Listing<Ticket>, Error> {
        let names = self
            .private()
            .map(|tree| addresses(tree, layout::TICKETS))
            .transpose()?;
        self.listing(names.unwrap_or_default())
    }

    /// All convoys of this store.
    pub fn convoys(&self) -> Result<Listing<Convoy>, Error> {
        let mut ids = Vec::new();
        if let Some(dir) = self.tracked().dir(layout::CONVOYS)? {
            ids.extend(dir.names()?.iter().filter_map(|name| name_to_id(name)));
        }
        ids.sort();
        self.listing(ids)
    }

    fn listing<R: Stored>(&self, keys: Vec<R::Key>) -> Result<Listing<R>, Error> {
        let mut listing = Listing {
            records: Vec::new(),
            problems: Vec::new(),
        };
        for key in keys {
            match self.read::<R>(&key) {
                Ok(record) => listing.records.extend(record),
                Err(error) => listing.problems.push(error.of_file()?),
            }
        }
        Ok(listing)
    }
}

/// The addresses that have a file below `base`, sorted.
pub(crate) fn addresses(tree: &Tree, base: &str) -> Result<Vec<Address>, Error> {
    let mut found = Vec::new();
    walk(tree, base, "", 3, &mut |path| {
        found.extend(
            path.strip_suffix(".yaml")
                .and_then(|address| Address::parse(address).ok()),
        );
    })?;
    found.sort();
    found.dedup();
    Ok(found)
}

/// Visits the `.yaml` files below a folder, by their path below it.
pub(crate) fn walk(
    tree: &Tree,
    base: &str,
    below: &str,
    depth: usize,
    visit: &mut impl FnMut(&str),
) -> Result<(), Error> {
    let folder = if below.is_empty() {
        base.to_owned()
    } else {
        format!("{base}/{below}")
    };
    let Some(dir) = tree.dir(&folder)? else {
        return Ok(());
    };
    for name in dir.names()? {
        if is_temporary(&name) {
            continue;
        }
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        if name.ends_with(".yaml") {
            visit(&path);
        } else if depth > 1
            && model::text::is_name(&name)
            && is_folder(tree, &format!("{base}/{path}"))?
        {
            walk(tree, base, &path, depth - 1, visit)?;
        }
    }
    Ok(())
}

fn is_folder(tree: &Tree, relative: &str) -> Result<bool, Error> {
    let there = look::at(&tree.path().join(relative))?;
    Ok(there.is_some_and(|meta| meta.is_dir()))
}
