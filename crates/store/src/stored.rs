//! Which record is which file, and which lock guards it.

use crate::layout::{self, Place};
use crate::lock::Lock;
use model::{Address, Bead, Convoy, Hook, Id, Record, RigConfig, Ticket};
use std::fmt::Display;

/// The tree that a record lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// `.beads`, which git tracks.
    Tracked,
    /// The clone's own folder, which git cannot reach.
    Private,
}

/// A record that is one file under one name.
pub trait Stored: Record + 'static {
    /// What names it.
    type Key: Display;

    /// The tree it lies in.
    const AREA: Area = Area::Tracked;

    /// The key of the file that holds its own name.
    const NAME: &'static str = "id";

    /// Its own name, which its file's name has to be.
    fn key(&self) -> Self::Key;

    /// Where it lies.
    fn place(key: &Self::Key) -> Place;

    /// The lock that guards it.
    fn lock(key: &Self::Key) -> Lock;
}

impl Stored for Bead {
    type Key = Id;

    fn key(&self) -> Id {
        self.id.clone()
    }

    fn place(id: &Id) -> Place {
        layout::bead(id)
    }

    fn lock(id: &Id) -> Lock {
        Lock::bead(id)
    }
}

impl Stored for Convoy {
    type Key = Id;

    fn key(&self) -> Id {
        self.id.clone()
    }

    fn place(id: &Id) -> Place {
        layout::convoy(id)
    }

    fn lock(id: &Id) -> Lock {
        Lock::convoy(id)
    }
}

impl Stored for Hook {
    type Key = Address;

    const NAME: &'static str = "agent";

    fn key(&self) -> Address {
        self.agent.clone()
    }

    fn place(agent: &Address) -> Place {
        layout::hook(agent)
    }

    fn lock(agent: &Address) -> Lock {
        Lock::hook(agent)
    }
}

impl Stored for Ticket {
    type Key = Address;

    const AREA: Area = Area::Private;

    const NAME: &'static str = "agent";

    fn key(&self) -> Address {
        self.agent.clone()
    }

    fn place(agent: &Address) -> Place {
        layout::ticket(agent)
    }

    fn lock(agent: &Address) -> Lock {
        Lock::hook(agent)
    }
}

impl Stored for RigConfig {
    type Key = &'static str;

    fn key(&self) -> &'static str {
        layout::CONFIG
    }

    fn place(_: &&'static str) -> Place {
        Place {
            folder: String::new(),
            name: layout::CONFIG.to_owned(),
        }
    }

    fn lock(_: &&'static str) -> Lock {
        Lock::named("config")
    }
}
