//! Minting tickets: this clone's own word that a hook may run here.

use crate::error::Error;
use crate::{Town, attempt};
use model::{Address, Hook, SessionKind, Ticket};
use sha2::{Digest, Sha256};
use store::yaml::{Document, text_without};

/// What a ticket is minted with besides the hook.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// The worktree the work happens in.
    pub worktree: Option<String>,
    /// The commit the target was at.
    pub base: Option<String>,
    /// The commit the branch begins at.
    pub tip: Option<String>,
    /// Whether a process is to be started for it.
    pub spawn: bool,
    /// How it is run, where somebody chose that.
    pub session: Option<SessionKind>,
}

/// The ticket for a hook.
pub fn mint(town: &Town, hook: &Hook, ground: &Ground) -> Ticket {
    let text = Document::render(hook);
    Ticket {
        agent: hook.agent.clone(),
        bead: hook.bead.clone(),
        attempt: hook.attempt,
        nonce: hook.nonce.clone(),
        hash: hash(&text),
        worktree: ground.worktree.clone(),
        branch: hook.branch.clone(),
        base: ground.base.clone(),
        tip: ground.tip.clone(),
        spawn: ground.spawn,
        session: ground.session,
        ends_as: None,
        hook: text,
        extra: Vec::new(),
        minted_at: hook.hooked_at.clone(),
        minted_by: town.actor.name().to_owned(),
    }
}

/// SHA-256 of every line of a hook but `step` and `parked`, which change while
/// the work goes on.
pub fn hash(hook: &str) -> String {
    let digest = Sha256::digest(text_without(hook, &["step", "parked"]).as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hook as it was minted.
pub fn minted(ticket: &Ticket) -> Result<Hook, Error> {
    Document::<Hook>::read(&ticket.hook).map_err(|_| {
        Error::refused(
            format!("the ticket of {} holds no hook", ticket.agent),
            format!("`gt release {}`, and sling it again", ticket.bead),
        )
    })
}

/// The attempt as `GT_ATTEMPT` carries it: number and nonce.
pub fn attempt_word(ticket: &Ticket) -> String {
    word(ticket.attempt, &ticket.nonce)
}

/// The same, of an attempt whose ticket may be gone.
pub(crate) fn word(attempt: u32, nonce: &str) -> String {
    format!("{attempt}-{nonce}")
}

/// The hook file's text, if there is one.
pub fn hook_text(town: &Town, agent: &Address) -> Result<Option<String>, Error> {
    let hook = town.store.read_document::<Hook>(agent)?;
    Ok(hook.map(Document::into_text))
}

/// The ticket of the acting agent, if the command runs for that attempt.
///
/// A worker carries the attempt it was started for in `GT_ATTEMPT`. One whose
/// bead was given to another is told so, whatever it asks for.
pub fn of_actor(town: &Town) -> Result<(Address, Ticket), Error> {
    let agent = town.actor.address().ok_or_else(|| {
        let message = format!("{} has no hook: only agents' addresses have", town.actor);
        Error::usage(
            message,
            "set GT_AGENT, or use --actor with an address such as overseer",
        )
    })?;
    let nothing = || {
        Error::not_found(
            format!("nothing is on the hook of {agent}"),
            "`gt hook <bead>` puts a bead on it; `gt ready` lists what is free",
        )
    };
    let ticket = town.store.read::<Ticket>(agent)?;
    attempt::check_carried(town, agent, ticket.as_ref())?;
    Ok((agent.clone(), ticket.ok_or_else(nothing)?))
}
