//! Telling those who decide: by mail, and by the user's own command.
//!
//! Whoever was told of an escalation is not told again, so that a command that
//! was killed in between can be repeated.

use super::Record;
use crate::error::Error;
use crate::{Town, mail, notify};
use model::{Address, Bead, Status};

/// Sends what was not sent yet.
pub(crate) fn tell(town: &Town, bead: &Bead) -> Result<Vec<Address>, Error> {
    let missing = untold(town, bead)?;
    send(town, bead, missing)
}

/// Tells everybody of what was escalated just now, whatever their inboxes look like.
pub(crate) fn tell_first(town: &Town, bead: &Bead) -> Result<Vec<Address>, Error> {
    let receivers = Record::of(bead).map(|record| record.severity.receivers().to_vec());
    send(town, bead, receivers.unwrap_or_default())
}

/// A notification that fails is reported, and fails nothing.
fn send(town: &Town, bead: &Bead, missing: Vec<Address>) -> Result<Vec<Address>, Error> {
    let Some(record) = Record::of(bead).filter(|_| !missing.is_empty()) else {
        return Ok(missing);
    };
    let (subject, body) = (subject(bead), body(bead, &record));
    for to in &missing {
        mail::notify(town, to, &subject, &body, record.severity.priority())?;
    }
    if record.severity.notifies() {
        notify::send(town, &subject, &body);
    }
    Ok(missing)
}

/// Who should have mail about an escalated bead, and has none. An inbox that
/// cannot be read counts as told: what is in it is not known.
pub(crate) fn untold(town: &Town, bead: &Bead) -> Result<Vec<Address>, Error> {
    let Some(record) = Record::of(bead).filter(|_| bead.status == Status::Escalated) else {
        return Ok(Vec::new());
    };
    // Its title may have changed since.
    let tail = format!("({})", bead.id);
    let mut missing = Vec::new();
    for to in record.severity.receivers() {
        let inbox = mail::inbox(town, to, true)?;
        let since = record.at.timestamp();
        let is_of = |subject: &str| subject.starts_with(OPENING) && subject.ends_with(&tail);
        let has = |mail: &model::Mail| is_of(&mail.subject) && mail.created_at.timestamp() >= since;
        let told = inbox.letters.iter().any(|it| has(&it.letter.mail));
        if !told && inbox.problems.is_empty() {
            missing.push(to.clone());
        }
    }
    Ok(missing)
}

/// What the subject of every mail about an escalation begins with.
const OPENING: &str = "Escalated: ";

/// The title is cut so that the subject fits into one of a mail.
fn subject(bead: &Bead) -> String {
    let title: String = bead.title.chars().take(400).collect();
    format!("{OPENING}{title} ({})", bead.id)
}

fn body(bead: &Bead, record: &Record) -> String {
    format!(
        "{1}\n\nSeverity: {2}. Asked by {3}.\n\n`bd show {0}` has the whole story. `gt escalate ack {0}` says that you have seen it; `gt escalate resolve {0} -m \"answer\"` lets the agent go on; `gt release {0}` gives the bead back.",
        bead.id, record.reason, record.severity, record.by
    )
}
