//! The attempt that a command runs for: a worker carries it in `GT_ATTEMPT`.
//!
//! Promises: one whose attempt is over changes no bead, hook or convoy of the
//! store that slung it, whatever name it acts under, and adds nothing to what is
//! said of its own bead. It is told to stop.
//!
//! Never: keeps it from telling what it found. New beads, comments on other
//! beads and mail ask for no attempt; nor does the refinery, whoever runs it.

use crate::error::Error;
use crate::{Actor, Town, ticket};
use model::{Address, Id, Ticket};
use std::path::Path;
use store::{Lock, Locked};

impl Town {
    /// The locks of what a command changes; none for a worker whose attempt is
    /// over. What merely adds takes them from the store.
    pub(crate) fn lock(&self, locks: &[Lock]) -> Result<Locked<'_>, Error> {
        let locked = self.store.lock(locks)?;
        self.check_attempt()?;
        Ok(locked)
    }

    /// That the attempt the command runs for, if for one, stands or stood when
    /// the command began: a command may end it and go on.
    pub fn check_attempt(&self) -> Result<(), Error> {
        if !self.stood.get() {
            check(self)?;
            self.stood.set(true);
        }
        Ok(())
    }

    /// The same for a change of this bead, whose lock is held. The worker's own
    /// is asked for anew: another may have got it while this one waited.
    pub(crate) fn check_attempt_at(&self, bead: &Id) -> Result<(), Error> {
        if is_own_bead(self, bead) {
            self.stood.set(false);
        }
        self.check_attempt()
    }

    /// The same for a comment on this bead.
    pub(crate) fn check_attempt_to_comment(&self, bead: &Id) -> Result<(), Error> {
        match is_own_bead(self, bead) {
            true => self.check_attempt(),
            false => Ok(()),
        }
    }
}

/// That the attempt the command was started for, if it was started for one of
/// this agent, is the ticket's.
pub fn check_carried(town: &Town, agent: &Address, ticket: Option<&Ticket>) -> Result<(), Error> {
    match carried(town) {
        Some((of, _)) if of == *agent && !was_slung_by(town) => Err(elsewhere(town, agent)),
        Some((of, word)) if of == *agent && !is_of(ticket, &word) => Err(over(agent)),
        _ => Ok(()),
    }
}

fn check(town: &Town) -> Result<(), Error> {
    let Some((agent, word)) = carried(town).filter(|_| was_slung_by(town)) else {
        return Ok(());
    };
    let ticket = town.store.read::<Ticket>(&agent)?;
    match is_of(ticket.as_ref(), &word) {
        true => Ok(()),
        false => Err(over(&agent)),
    }
}

/// Whose worker the command runs in, and for which attempt.
fn carried(town: &Town) -> Option<(Address, String)> {
    let var = |name: &str| town.setup().var(name).filter(|it| !it.is_empty());
    let agent = Actor::named(&var("GT_AGENT")?).address().cloned()?;
    Some((agent, var("GT_ATTEMPT")?))
}

/// Whether the command runs in a worker of this agent.
pub(crate) fn is_worker(town: &Town, agent: &Address) -> bool {
    carried(town).is_some_and(|(of, _)| of == *agent)
}

fn is_of(ticket: Option<&Ticket>, word: &str) -> bool {
    ticket.is_some_and(|ticket| ticket::attempt_word(ticket) == word)
}

/// A worker's tickets are in the store that slung it, which its hook tells; what
/// it does in another store is no matter of its attempt.
fn was_slung_by(town: &Town) -> bool {
    let Some(hook) = town.setup().var("GT_HOOK") else {
        return true;
    };
    let hook = Path::new(&hook);
    // Where it cannot be told, it is ours.
    let folder = |path: &Path| store::look::real(path).ok().flatten();
    let theirs = hook
        .ancestors()
        .find(|it| it.ends_with(store::locate::STORE))
        .and_then(folder);
    theirs.is_none_or(|theirs| Some(theirs) == folder(&town.store.located().beads))
}

fn is_own_bead(town: &Town, bead: &Id) -> bool {
    town.setup().var("GT_BEAD").as_deref() == Some(bead.as_str())
}

/// What a worker has on its hook is nothing of another store that it stands in.
fn elsewhere(town: &Town, agent: &Address) -> Error {
    Error::refused(
        format!(
            "the work of {agent} is in another store than this, {}",
            town.store.located().beads.display()
        ),
        "change to the worktree that you were started in, and repeat",
    )
}

fn over(agent: &Address) -> Error {
    Error::refused(
        format!("this attempt of {agent} is over: it ended, or its bead was taken away"),
        "stop here, and change nothing more; what you committed stays on your branch",
    )
}
