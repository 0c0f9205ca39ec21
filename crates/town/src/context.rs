//! What every operation stands on: the store, who acts, the clock and chance.

use crate::actor::Actor;
use crate::config::UserConfig;
use crate::error::Error;
use crate::events::{Scribe, mark};
use model::{Class, Fault, Id, RigConfig, Time};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use store::{Located, Options, Store};

/// What a command knows before it opens anything.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The folder it runs in.
    pub cwd: PathBuf,
    /// `--db`
    pub store: Option<PathBuf>,
    /// `--actor`
    pub actor: Option<String>,
    /// How to wait, and whether to write.
    pub options: Options,
    /// Is told what is wrong besides what was asked for, such as a convoy that
    /// cannot be read while one of its beads is closed.
    pub warn: fn(&str),
    /// The environment it was started with.
    pub env: BTreeMap<OsString, OsString>,
}

/// A store with everything that operations need besides.
#[derive(Debug)]
pub struct Town {
    /// The store.
    pub store: Store,
    /// Who acts.
    pub actor: Actor,
    setup: Setup,
    user: OnceCell<UserConfig>,
    pub(crate) stood: Cell<bool>,
    chance: RefCell<fastrand::Rng>,
}

impl Setup {
    /// A variable of the environment, if it is set to text.
    pub fn var(&self, name: &str) -> Option<String> {
        self.env
            .get(&OsString::from(name))?
            .to_str()
            .map(str::to_owned)
    }

    /// Where the store is.
    pub fn locate(&self) -> Result<Located, Error> {
        let env = self
            .var("BEADS_DIR")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        let found = store::locate(&self.cwd, self.store.as_deref(), env.as_deref());
        found.map_err(|error| self.not_located(error.into()))
    }

    /// A worker that has lost its way makes no store of its own.
    fn not_located(&self, error: Error) -> Error {
        if error.class() != Class::NoStore || self.var("GT_HOOK").is_none() {
            return error;
        }
        Error::new(Class::NoStore, error.to_string())
            .with_hint("change to the worktree that you were started in, and repeat")
    }

    /// The time, or what `PLAINTOWN_NOW` says it is.
    pub fn now(&self) -> Time {
        let fixed = self
            .var("PLAINTOWN_NOW")
            .and_then(|text| Time::parse(&text).ok());
        fixed.unwrap_or_else(|| Time::from_timestamp(jiff::Timestamp::now()))
    }

    fn chance(&self) -> fastrand::Rng {
        match self
            .var("PLAINTOWN_SEED")
            .and_then(|text| text.parse().ok())
        {
            Some(seed) => fastrand::Rng::with_seed(seed),
            // Its own seed is little more than the time, and two processes may
            // begin at the same one.
            None => fastrand::Rng::with_seed(RandomState::new().hash_one(std::process::id())),
        }
    }
}

impl Town {
    /// Opens the store that the setup leads to.
    pub fn open(setup: Setup) -> Result<Self, Error> {
        let located = setup.locate()?;
        let actor = Actor::choose(
            setup.actor.as_deref(),
            |name| setup.var(name),
            located.agent.as_deref(),
        );
        let mut store = Store::open(located, setup.options)?;
        let scribe = Scribe::new(&store.private_path(), actor.name(), mark(store.located()));
        store.witnessed_by(Box::new(scribe));
        let chance = RefCell::new(setup.chance());
        let town = Self {
            store,
            actor,
            setup,
            user: OnceCell::new(),
            stood: Cell::new(false),
            chance,
        };
        town.part_from_original()?;
        Ok(town)
    }

    /// What runs in the clone that this one was copied from is not ours: neither
    /// to go on with, nor to stop.
    fn part_from_original(&self) -> Result<(), Error> {
        if let Some(original) = self.store.part_from_original(|| self.word(6))? {
            (self.setup.warn)(&format!(
                "this clone is a copy of host {original}: what runs there is not its own; `gt hook accept` takes a hook over"
            ));
        }
        Ok(())
    }

    /// That something may be changed, for what takes no lock of the store.
    pub fn check_writable(&self) -> Result<(), Error> {
        match self.store.options().readonly {
            true => Err(store::Error::ReadOnly.into()),
            false => Ok(()),
        }
    }

    /// What the command was started with.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The store's tracked configuration.
    pub fn config(&self) -> &RigConfig {
        self.store.config()
    }

    /// The rig's name.
    pub fn rig(&self) -> &str {
        &self.config().name
    }

    /// The user's own configuration, read when it is first needed.
    pub fn user(&self) -> Result<&UserConfig, Error> {
        if let Some(config) = self.user.get() {
            return Ok(config);
        }
        let config = UserConfig::load(&UserConfig::path(|name| self.setup.var(name)))?;
        Ok(self.user.get_or_init(|| config))
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.setup.now()
    }

    /// So many random characters of base 36.
    pub fn word(&self, length: usize) -> String {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let mut chance = self.chance.borrow_mut();
        (0..length)
            .map(|_| char::from(DIGITS[chance.usize(..DIGITS.len())]))
            .collect()
    }

    /// A random word that tells one attempt from any other. It begins with a
    /// letter, so that no reader of YAML takes it for a number.
    pub fn nonce(&self) -> String {
        let letter = char::from(b'a' + self.chance.borrow_mut().u8(..26));
        format!("{letter}{}", self.word(7))
    }

    /// An ID of this store that nobody has, as far as can be seen: five
    /// characters, six where the store is crowded.
    pub fn fresh_id(&self, prefix: &str) -> Result<Id, Error> {
        let id = self.random_id(prefix, 5);
        Ok(if self.store.is_crowded(&id)? {
            self.random_id(prefix, 6)
        } else {
            id
        })
    }

    /// The host's ID, drawn when it is first needed.
    pub fn host(&self) -> Result<String, Error> {
        Ok(self.store.make_host(&self.word(6))?)
    }

    /// Git, run in the work tree that the store stands in.
    pub fn git(&self) -> git::Git {
        git::Git::at(&self.store.located().root)
    }

    /// The git folder that all worktrees of this clone share.
    pub fn common(&self) -> &Path {
        &self.store.located().common
    }

    fn random_id(&self, prefix: &str, length: usize) -> Id {
        Id::parse(&format!("{prefix}-{}", self.word(length)))
            .expect("a prefix and base-36 characters are an ID")
    }
}
