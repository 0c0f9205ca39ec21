//! Giving work back, with the reason.
//!
//! The decision is written into the merge request first, whole. Whatever run
//! completes it then says the same and does it once: comment, bead, convoys,
//! merge request.

use super::queue::Request;
use super::{rounds, settle};
use crate::Town;
use crate::error::Error;
use model::{Bead, Comment, Event, Id, Outcome, transition};

/// How every comment of the refinery opens.
pub(crate) const OPENING: &str = "Sent back by the refinery: ";

/// Why work goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    /// The kind of it.
    pub(super) outcome: Outcome,
    /// In one line.
    pub(super) short: String,
    /// Everything that helps to do better.
    pub(super) detail: Option<String>,
}

/// Sends work back; false if its bead did not wait for it any more.
pub(super) fn send_back(town: &Town, request: &Request, reason: &Reason) -> Result<bool, Error> {
    let locked = settle::lock(town, request)?;
    if settle::waiting_bead(town, request)?.is_none() {
        return Ok(false);
    }
    let mut bead = town.store.bead(&request.bead.id)?;
    bead.notes = Some(text(request, reason));
    if let Some(merge) = &mut bead.merge_request {
        merge.outcome = Some(reason.outcome);
    }
    locked.save(&bead)?;
    drop(locked);
    complete(town, request, reason.outcome)?;
    Ok(true)
}

/// Does what was decided, from what the merge request says.
pub(super) fn complete(town: &Town, request: &Request, outcome: Outcome) -> Result<(), Error> {
    let locked = settle::lock(town, request)?;
    let decided = town.store.bead(&request.bead.id)?;
    if let Some(mut bead) = settle::waiting_bead(town, request)? {
        comment(town, &bead.id, &decided, outcome)?;
        let next = transition(&bead.status, &Event::SendBack)
            .map_err(|refusal| Error::refusal(&bead.id, refusal))?;
        bead.move_to(next, &town.now());
        bead.assignee = None;
        bead.branch = bead.branch.or(decided.branch);
        locked.save(&bead)?;
    }
    drop(locked);
    // Before it is finished: whoever completes a killed one tells, too.
    rounds::tell(town, &town.store.bead(&request.merge.source)?)?;
    settle::finish(town, request, outcome, None)
}

/// The reason in one line, as the decision has it.
pub(super) fn short(decided: &Bead) -> String {
    let first = decided
        .notes
        .as_deref()
        .and_then(|text| text.lines().next());
    let reason = first.and_then(|line| line.strip_prefix(OPENING));
    reason
        .unwrap_or("as decided before")
        .trim_end_matches('.')
        .to_owned()
}

/// The comment's word comes from what it is about, so that it is filed once.
fn comment(town: &Town, bead: &Id, decided: &Bead, outcome: Outcome) -> Result<(), Error> {
    let word = word(&decided.id, outcome);
    let (comments, _) = town.store.comments(bead)?;
    if comments.iter().any(|it| it.id.ends_with(&word)) {
        return Ok(());
    }
    let comment = Comment {
        bead: bead.clone(),
        author: super::address(town).to_string(),
        text: decided.notes.clone().unwrap_or_else(|| outcome.to_string()),
        extra: Vec::new(),
        created_at: town.now(),
    };
    town.store.add_comment(&comment, &word)?;
    Ok(())
}

fn word(merge_request: &Id, outcome: Outcome) -> String {
    let key = format!("{merge_request} {outcome}");
    let mut hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut word = String::new();
    for _ in 0..8 {
        // Less than 36, so always a digit.
        word.extend(char::from_digit((hash % 36) as u32, 36));
        hash /= 36;
    }
    word
}

fn text(request: &Request, reason: &Reason) -> String {
    let branch = match &request.bead.branch {
        Some(branch) => format!("The work is kept on branch {branch}."),
        None => format!("The work is kept as commit {}.", request.merge.head),
    };
    let detail = reason.detail.as_deref().map(|it| format!("\n\n{it}"));
    format!(
        "{OPENING}{}.\n\n{branch}{}",
        reason.short,
        detail.unwrap_or_default()
    )
}
