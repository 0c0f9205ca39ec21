//! The only way to change what a store holds.
//!
//! A [`Locked`] is had by locking, and every write checks that the object's
//! lock is among those held: "forgot the lock" is a failure of the first test
//! that runs it.

use crate::error::Error;
use crate::lock::Held;
use crate::store::Store;
use crate::stored::{Area, Stored};
use crate::tree::Tree;
use crate::witness::Change;
use crate::yaml::Document;
use std::time::Instant;

/// A store with the locks of some objects held.
#[derive(Debug)]
#[must_use = "the locks are free as soon as this is dropped"]
pub struct Locked<'s> {
    store: &'s Store,
    held: Held,
}

impl<'s> Locked<'s> {
    pub(crate) fn new(store: &'s Store, held: Held) -> Self {
        Self { store, held }
    }

    /// The store.
    pub fn store(&self) -> &'s Store {
        self.store
    }

    /// Writes a record: new, or the spans that changed in the file there is.
    /// False, and nothing written, where nothing changed.
    pub fn save<R: Stored>(&self, record: &R) -> Result<bool, Error> {
        let key = record.key();
        match self.store.read_document::<R>(&key)? {
            None => self.create(record),
            Some(document) if document.record.fields() == record.fields() => Ok(false),
            Some(document) => {
                let path = self.store.path_of::<R>(&key);
                let text = document
                    .with(record)
                    .map_err(|flaw| crate::Problem::from_flaw(&path, flaw))?;
                self.put::<R>(&key, &text, || {
                    self.tell(Some(&document.record), Some(record));
                })?;
                Ok(true)
            }
        }
    }

    /// Writes the text of a record, as it is: to restore what git took away.
    pub fn write_text<R: Stored>(&self, key: &R::Key, text: &str) -> Result<(), Error> {
        let before = self.known::<R>(key);
        self.put::<R>(key, text, || {
            if let Ok(after) = Document::<R>::parse(text) {
                self.tell(before.as_ref(), Some(&after.record));
            }
        })
    }

    fn put<R: Stored>(&self, key: &R::Key, text: &str, first: impl FnOnce()) -> Result<(), Error> {
        self.store.check_size(R::KIND, text)?;
        let place = R::place(key);
        self.tree::<R>(key)?
            .make_dir(place.folder_or_root())?
            .replace_after(&place.name, text.as_bytes(), first)
    }

    /// Writes a record that must not be there yet; false if it is.
    pub fn create<R: Stored>(&self, record: &R) -> Result<bool, Error> {
        let key = record.key();
        let place = R::place(&key);
        let text = Document::render(record);
        self.store.check_size(R::KIND, &text)?;
        let dir = self.tree::<R>(&key)?.make_dir(place.folder_or_root())?;
        dir.create_after(&place.name, text.as_bytes(), || {
            if !dir.has(&place.name) {
                self.tell(None, Some(record));
            }
        })
    }

    /// Removes a record; false if it was not there.
    pub fn remove<R: Stored>(&self, key: &R::Key) -> Result<bool, Error> {
        let place = R::place(key);
        match self.tree::<R>(key)?.dir(place.folder_or_root())? {
            Some(dir) => {
                self.tell(self.known::<R>(key).as_ref(), None);
                dir.remove(&place.name)
            }
            None => Ok(false),
        }
    }

    fn tell<R: Stored>(&self, before: Option<&R>, after: Option<&R>) {
        if let Some(witness) = self.store.witness() {
            witness.witness(&Change::new(before, after));
        }
    }

    /// What is there, for the witness: what cannot be read at once is unknown.
    fn known<R: Stored>(&self, key: &R::Key) -> Option<R> {
        self.store.witness()?;
        self.store.glance(key, Instant::now()).ok()??
    }

    pub(crate) fn check_held<R: Stored>(&self, key: &R::Key) {
        debug_assert!(
            self.held.holds(&R::lock(key)),
            "the lock of {key} is not held"
        );
    }

    fn tree<R: Stored>(&self, key: &R::Key) -> Result<&'s Tree, Error> {
        self.check_held::<R>(key);
        match R::AREA {
            _ if self.store.options().readonly => Err(Error::ReadOnly),
            Area::Tracked => Ok(self.store.tracked()),
            Area::Private => self.store.make_private(),
        }
    }
}
