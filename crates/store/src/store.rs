//! One store, open for reading. Writing needs [`Locked`].

use crate::error::{Error, Problem};
use crate::layout;
use crate::locate::Located;
use crate::lock::{Held, Lock, Patience};
use crate::locked::Locked;
use crate::look;
use crate::stored::{Area, Stored};
use crate::tree::{Content, Dir, Tree};
use crate::witness::Witness;
use crate::yaml::Document;
use model::{Bead, Id, RigConfig};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

mod index;
pub(crate) mod patient;

use patient::Believed;

/// The largest file that is read: a bead with more belongs elsewhere, and a
/// parser's time grows faster than its input.
pub const FILE_LIMIT: u64 = 256 * 1024;

/// Choices that hold for one command.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How to wait for locks.
    pub patience: Patience,
    /// Refuse to write.
    pub readonly: bool,
    /// The largest file that is read, in bytes.
    pub file_limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        let patience = Patience {
            limit: Duration::from_secs(30),
            announce: |_| {},
        };
        Self {
            patience,
            readonly: false,
            file_limit: FILE_LIMIT,
        }
    }
}

/// A store: the tracked tree, and the clone's own folder beside it.
#[derive(Debug)]
pub struct Store {
    located: Located,
    tracked: Tree,
    private: std::sync::OnceLock<Tree>,
    config: RigConfig,
    options: Options,
    witness: Option<Box<dyn Witness>>,
}

impl Store {
    /// Opens a store that was located.
    pub fn open(located: Located, options: Options) -> Result<Self, Error> {
        let tracked = Tree::open(&located.beads)?;
        let config = read_config(&tracked, options.file_limit)?;
        let private = std::sync::OnceLock::new();
        let path = located.common.join(crate::locate::MARKER);
        if look::is_there(&path)? {
            let tree = Tree::open(path)?;
            if !options.readonly {
                crate::private::secure(&tree)?;
            }
            // Cannot be set yet: it was just made.
            let _ = private.set(tree);
        }
        Ok(Self {
            located,
            tracked,
            private,
            config,
            options,
            witness: None,
        })
    }

    /// From now on, tells of every change that is made here.
    pub fn witnessed_by(&mut self, witness: Box<dyn Witness>) {
        self.witness = Some(witness);
    }

    pub(crate) fn witness(&self) -> Option<&dyn Witness> {
        self.witness.as_deref()
    }

    /// Where it is and why.
    pub fn located(&self) -> &Located {
        &self.located
    }

    /// Its tracked configuration.
    pub fn config(&self) -> &RigConfig {
        &self.config
    }

    /// The choices of this command.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The `.beads` folder as a tree.
    pub fn tracked(&self) -> &Tree {
        &self.tracked
    }

    /// The clone's own folder, `<git common dir>/plaintown`, if it is there.
    pub fn private(&self) -> Option<&Tree> {
        self.private.get()
    }

    /// The clone's own folder, made if it is missing.
    pub fn make_private(&self) -> Result<&Tree, Error> {
        if self.options.readonly {
            return Err(Error::ReadOnly);
        }
        if let Some(tree) = self.private.get() {
            return Ok(tree);
        }
        let tree = Tree::create(self.private_path(), 0o700)?;
        Ok(self.private.get_or_init(|| tree))
    }

    /// Where the clone's own folder is.
    pub fn private_path(&self) -> PathBuf {
        self.located.common.join(crate::locate::MARKER)
    }

    /// The path of a tracked file, for messages.
    pub fn path_of<R: Stored>(&self, key: &R::Key) -> PathBuf {
        let base = match R::AREA {
            Area::Tracked => self.tracked.path().to_owned(),
            Area::Private => self.private_path(),
        };
        base.join(R::place(key).path())
    }

    /// Reads a record, or `None` if there is no file for it.
    ///
    /// Git writes files in place, so a file that is missing or broken while
    /// git is at work is read again before it is believed.
    pub fn read<R: Stored>(&self, key: &R::Key) -> Result<Option<R>, Error> {
        Ok(self
            .read_document(key)?
            .map(|document: Document<R>| document.record))
    }

    /// Reads a record together with its text.
    pub fn read_document<R: Stored>(&self, key: &R::Key) -> Result<Option<Document<R>>, Error> {
        self.read_document_since(key, Instant::now())
    }

    /// The same, as one of several that share their patience.
    pub(crate) fn read_document_since<R: Stored>(
        &self,
        key: &R::Key,
        since: Instant,
    ) -> Result<Option<Document<R>>, Error> {
        let Some((tree, path)) = self.file_of::<R>(key) else {
            return Ok(None);
        };
        let attempt = || self.attempt::<R>(tree, key);
        let document = match R::AREA {
            Area::Tracked => self.patiently(&path, since, attempt),
            // What git cannot reach is what it seems, whatever git does.
            Area::Private => attempt().map_err(Error::of_own_file),
        }?;
        named(document, key, &path)
    }

    /// Reads a record once, for whoever comes back instead of waiting: none if
    /// what is there, or that nothing is, may be passing. In doubt since then.
    pub fn glance<R: Stored>(
        &self,
        key: &R::Key,
        since: Instant,
    ) -> Result<Option<Option<R>>, Error> {
        let Some((tree, path)) = self.file_of::<R>(key) else {
            return Ok(Some(None));
        };
        let attempt = || self.attempt::<R>(tree, key);
        let read = match R::AREA {
            Area::Tracked => {
                let subject = self.subject(&path);
                match patient::once(subject, since, Document::is_whole, attempt) {
                    Believed::Yes(result) => result,
                    Believed::NotYet => return Ok(None),
                }
            }
            Area::Private => attempt(),
        };
        Ok(Some(
            named(read?, key, &path)?.map(|document| document.record),
        ))
    }

    fn file_of<R: Stored>(&self, key: &R::Key) -> Option<(&Tree, PathBuf)> {
        let tree = match R::AREA {
            Area::Tracked => Some(&self.tracked),
            Area::Private => self.private(),
        }?;
        Some((tree, tree.path().join(R::place(key).path())))
    }

    fn attempt<R: Stored>(&self, tree: &Tree, key: &R::Key) -> Result<Option<Document<R>>, Error> {
        let place = R::place(key).path();
        let content = tree.read(&place, self.options.file_limit)?;
        parse_content(content, &tree.path().join(place))
    }

    /// Reads one file of an open folder.
    pub(crate) fn read_in<R: model::Record>(
        &self,
        dir: &Dir,
        name: &str,
        since: Instant,
    ) -> Result<Option<R>, Error> {
        let path = dir.path().join(name);
        let document = self.patiently(&path, since, || {
            parse_content(dir.read(name, self.options.file_limit)?, &path)
        })?;
        Ok(document.map(|document: Document<R>| document.record))
    }

    fn patiently<R: model::Record>(
        &self,
        path: &Path,
        since: Instant,
        attempt: impl FnMut() -> Result<Option<Document<R>>, Error>,
    ) -> Result<Option<Document<R>>, Error> {
        patient::read(self.subject(path), since, Document::is_whole, attempt)
    }

    fn subject<'a>(&'a self, path: &'a Path) -> patient::Subject<'a> {
        patient::Subject {
            git_dir: &self.located.git_dir,
            name: path.file_name().and_then(|it| it.to_str()).unwrap_or(""),
        }
    }

    /// A bead that has to be there.
    pub fn bead(&self, id: &Id) -> Result<Bead, Error> {
        self.read::<Bead>(id)?.ok_or_else(|| Error::NotFound {
            kind: "issue",
            what: id.to_string(),
            similar: crate::resolve::similar(self, id),
        })
    }

    /// Refuses a record whose file would be too large to be read again, as
    /// writing it would.
    pub fn check_fits<R: Stored>(&self, record: &R) -> Result<(), Error> {
        self.check_size(R::KIND, &Document::render(record))
    }

    /// Refuses to write what would not be read back.
    pub(crate) fn check_size(&self, kind: &'static str, text: &str) -> Result<(), Error> {
        let (size, limit) = (text.len(), self.options.file_limit);
        if size as u64 <= limit {
            return Ok(());
        }
        Err(Error::TooLarge { kind, size, limit })
    }

    /// Locks objects for writing; waits for as long as the options allow.
    pub fn lock(&self, locks: &[Lock]) -> Result<Locked<'_>, Error> {
        let held = Held::take(self.make_private()?, locks, self.options.patience)?;
        Ok(Locked::new(self, held))
    }

    /// Whether the folder of this bead's shard is so full that a new ID should
    /// be longer. Reads no more names than it takes to know.
    pub fn is_crowded(&self, id: &Id) -> Result<bool, Error> {
        const PER_SHARD: usize = 500;
        let folder = layout::bead(id).folder;
        let names = self
            .tracked
            .dir(&folder)?
            .map(|dir| dir.first_names(PER_SHARD))
            .transpose()?;
        Ok(names.is_some_and(|names| names.len() >= PER_SHARD))
    }
}

fn read_config(tracked: &Tree, limit: u64) -> Result<RigConfig, Error> {
    let path = tracked.path().join(layout::CONFIG);
    match parse_content::<RigConfig>(tracked.read(layout::CONFIG, limit)?, &path)? {
        Some(document) => Ok(document.record),
        None => Err(Problem::new(
            &path,
            "is missing: this folder is no whole store",
            "restore it with `git checkout -- .beads`, or run `bd init`",
        )
        .into()),
    }
}

/// A file's content as a document; `None` if it is missing.
pub(crate) fn parse_content<R: model::Record>(
    content: Content,
    path: &Path,
) -> Result<Option<Document<R>>, Error> {
    let Some(text) = text(content, path)? else {
        return Ok(None);
    };
    match Document::parse(&text) {
        Ok(document) => Ok(Some(document)),
        Err(flaw) => Err(Problem::from_flaw(path, flaw).into()),
    }
}

pub(crate) fn text(content: Content, path: &Path) -> Result<Option<String>, Error> {
    let problem = |what: String, remedy: &str| Err(Problem::new(path, what, remedy).into());
    match content {
        Content::Missing => Ok(None),
        Content::Link => Err(Error::link(path.to_owned())),
        Content::NotAFile => problem(
            "is not a file".to_owned(),
            "remove it: a store holds nothing but files",
        ),
        Content::TooLarge(size) => problem(
            format!("has {size} bytes, more than the {FILE_LIMIT} that a file of a store may have"),
            "move what is large into a file of its own and refer to it",
        ),
        Content::Bytes(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            let mut problem = Problem::new(path, "is not UTF-8", "save the file as UTF-8");
            problem.line = Some(line);
            problem.into()
        }),
    }
}

/// A document, if it says that it is what its file's name says.
fn named<R: Stored>(
    document: Option<Document<R>>,
    key: &R::Key,
    path: &Path,
) -> Result<Option<Document<R>>, Error> {
    let Some(document) = document else {
        return Ok(None);
    };
    check_name(&document.record, key, path).map_err(|mut problem| {
        problem.line = document.line_of(R::NAME);
        problem
    })?;
    Ok(Some(document))
}

pub(crate) fn check_name<R: Stored>(record: &R, key: &R::Key, path: &Path) -> Result<(), Problem> {
    let (found, wanted) = (record.key().to_string(), key.to_string());
    if found == wanted {
        return Ok(());
    }
    Err(Problem::new(
        path,
        format!("says it is {found}, but its name says {wanted}"),
        "rename the file, or correct what it says: neither is changed by itself",
    ))
}
