//! A hook that this clone has no ticket for: it came by git or by hand. Nothing
//! is started for it, whatever it says.
//!
//! Pure. What is wrong with it, and what helps, is the same for whoever asks.

use crate::worker;
use model::{Address, Id, Status};

/// Such a hook as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Whose hook.
    pub agent: &'a Address,
    /// The bead on it.
    pub bead: &'a Id,
    /// The attempt.
    pub attempt: u32,
    /// The host that wrote it.
    pub host: &'a str,
    /// What the bead says; none if it is not there.
    pub says: Option<&'a Says>,
}

/// What a bead says of who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// Its status.
    pub status: Status,
    /// Its attempt.
    pub attempt: u32,
    /// Whose hook it is on.
    pub agent: Option<Address>,
}

impl Says {
    /// The same, lent.
    pub fn lend(&self) -> worker::Says<'_> {
        worker::Says {
            status: &self.status,
            attempt: self.attempt,
            holder: self.agent.as_ref(),
        }
    }
}

/// Where the hook is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    /// The rig's name.
    pub rig: &'a str,
    /// This clone's host ID, if it has one yet.
    pub host: Option<&'a str>,
    /// The hook's file, as a shell reads it.
    pub file: &'a str,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Where it stands.
    pub standing: Standing,
    /// Why.
    pub why: String,
    /// What helps.
    pub remedy: String,
}

/// Where such a hook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits to be accepted.
    Unaccepted,
    /// It is another host's, or another rig's.
    Elsewhere,
    /// It cannot be accepted as it is.
    Broken,
    /// What is left of work that is over.
    Over {
        /// Whether the doctor removes it. Those of other hosts it leaves alone.
        is_known: bool,
    },
}

/// What is wrong with the hook, and what helps.
pub fn judge(offer: &Offer<'_>, here: &Here<'_>) -> Judged {
    let judged = |standing, why, remedy| Judged {
        standing,
        why,
        remedy,
    };
    if let Some(other) = offer.agent.rig().filter(|rig| *rig != here.rig) {
        let why = format!(
            "it is for an agent of the rig {other}, and this is {}",
            here.rig
        );
        return judged(Standing::Elsewhere, why, drop_it(here));
    }
    let Some(says) = offer.says else {
        let remedy = format!("{}; or bring the bead: it came without it", drop_it(here));
        let why = format!("there is no bead {}", offer.bead);
        return judged(Standing::Broken, why, remedy);
    };
    over(offer, says, here)
        .or_else(|| taken(offer, says, here))
        .or_else(|| ahead(offer, says, here))
        .unwrap_or_else(|| acceptable(offer, here))
}

fn over(offer: &Offer<'_>, says: &Says, here: &Here<'_>) -> Option<Judged> {
    let is_over = says.attempt > offer.attempt
        || (says.attempt == offer.attempt && !says.status.is_on_a_hook());
    if !is_over && !says.status.is_closed() {
        return None;
    }
    let is_known = is_over && here.host == Some(offer.host);
    let remedy = match is_known {
        true => "`gt doctor --fix` removes the hook".to_owned(),
        false => drop_it(here),
    };
    Some(Judged {
        standing: Standing::Over { is_known },
        why: format!(
            "{} is {} at attempt {}: what is left of attempt {} is in the way",
            offer.bead, says.status, says.attempt, offer.attempt
        ),
        remedy,
    })
}

fn taken(offer: &Offer<'_>, says: &Says, here: &Here<'_>) -> Option<Judged> {
    let (bead, agent) = (offer.bead, offer.agent);
    let other = says.agent.as_ref().filter(|_| says.status.is_on_a_hook());
    other.filter(|other| *other != agent).map(|other| Judged {
        standing: Standing::Unaccepted,
        why: format!("this clone has no ticket for it, and {bead} is on the hook of {other}"),
        remedy: format!(
            "{}; `gt sling {bead} {agent} --force` moves the bead here instead",
            drop_it(here)
        ),
    })
}

fn ahead(offer: &Offer<'_>, says: &Says, here: &Here<'_>) -> Option<Judged> {
    (offer.attempt > says.attempt.saturating_add(1)).then(|| Judged {
        standing: Standing::Broken,
        why: format!(
            "it is for attempt {} at {}, whose own file says {}: one of the two files is older",
            offer.attempt, offer.bead, says.attempt
        ),
        remedy: format!("{}; or pull and merge what is missing", drop_it(here)),
    })
}

fn acceptable(offer: &Offer<'_>, here: &Here<'_>) -> Judged {
    let agent = offer.agent;
    match here.host == Some(offer.host) {
        false => Judged {
            standing: Standing::Elsewhere,
            why: format!("it belongs to host {}, whose workers run there", offer.host),
            remedy: format!("`gt hook accept {agent}` takes it over"),
        },
        true => Judged {
            standing: Standing::Unaccepted,
            why: "it came by git or by hand, and this clone has no ticket for it".to_owned(),
            remedy: format!("`gt hook accept {agent}` lets it run here"),
        },
    }
}

/// What helps with a hook whose file cannot be read: where there is a ticket for
/// it, it can be written again.
pub fn unreadable_remedy(file: &str, has_ticket: bool) -> String {
    match has_ticket {
        true => format!("`rm {file} && gt doctor --fix` writes it again as it was slung"),
        false => format!("`rm {file}` drops the hook"),
    }
}

fn drop_it(here: &Here<'_>) -> String {
    format!("`rm {}` drops the hook", here.file)
}
