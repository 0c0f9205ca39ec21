//! How often a bead went round: to a worker, to the refinery, and back.
//!
//! After so many rounds nothing is gained by another one of the same kind: who
//! decides gets mail, once for each, and it is slung again only by force. Never
//! changes a bead.

use super::send_back::OPENING;
use crate::error::Error;
use crate::escalation::Severity;
use crate::{Town, mail, notify};
use model::{Bead, Id};

/// Why the refinery sent a bead back, each time, in one line.
pub(crate) fn reasons(town: &Town, bead: &Id) -> Result<Vec<String>, Error> {
    let (comments, _) = town.store.comments(bead)?;
    let refinery = super::address(town).to_string();
    let reason = |text: &str| Some(text.lines().next()?.strip_prefix(OPENING)?.to_owned());
    let own = comments.iter().filter(|it| it.comment.author == refinery);
    Ok(own.filter_map(|it| reason(&it.comment.text)).collect())
}

/// That a bead may be handed out once more without a word from who decides.
pub(crate) fn check(town: &Town, bead: &Bead) -> Result<(), Error> {
    let limit = town.user()?.refinery.rounds;
    // Each round is an attempt.
    if bead.attempt < limit {
        return Ok(());
    }
    let reasons = reasons(town, &bead.id)?;
    let Some(last) = reasons.last().filter(|_| reasons.len() >= limit as usize) else {
        return Ok(());
    };
    Err(Error::refused(
        format!("{} was sent back {} times: {last}", bead.id, reasons.len()),
        format!(
            "`bd comments {}` has all the reasons; --force hands it out once more",
            bead.id
        ),
    ))
}

/// Tells who decides, unless it was told, that a bead came back too often.
pub(super) fn tell(town: &Town, bead: &Bead) -> Result<(), Error> {
    let reasons = reasons(town, &bead.id)?;
    if reasons.len() < town.user()?.refinery.rounds as usize {
        return Ok(());
    }
    let title: String = bead.title.chars().take(400).collect();
    let times = reasons.len();
    let subject = format!("Sent back {times} times: {title} ({})", bead.id);
    let body = format!(
        "{}\n\nIt is not handed out any more. `bd comments {1}` has the whole story; `gt sling {1} {2} --force` hands it out once more; `bd close {1}` gives it up.",
        reasons.join("\n"),
        bead.id,
        town.rig()
    );
    let severity = Severity::High;
    let mut is_new = false;
    for to in severity.receivers() {
        let inbox = mail::inbox(town, to, true)?;
        if inbox
            .letters
            .iter()
            .any(|it| it.letter.mail.subject == subject)
        {
            continue;
        }
        mail::notify(town, to, &subject, &body, severity.priority())?;
        is_new = true;
    }
    if is_new && severity.notifies() {
        notify::send(town, &subject, &body);
    }
    Ok(())
}
