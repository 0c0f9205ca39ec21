//! `gt handoff`: a fresh session goes on with the same work.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use model::Class;
use town::handoff::{self, HandedOff};
use town::worker::Started;
use town::{Town, release};

/// End a worker's session and let a fresh one go on with the same work
///
/// The note becomes a comment on the bead, and `gt prime` shows it to the fresh
/// session. Worktree, branch and attempt stay; the conversation begins anew.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The bead whose worker hands off; without one it is your own
    #[arg(value_name = "BEAD")]
    bead: Option<String>,
    /// What whoever goes on should know
    #[arg(short, long, value_name = "NOTE")]
    message: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let note = arguments.message.as_deref();
    let bead = arguments.bead.as_deref();
    let bead = bead
        .map(|text| town.store.resolve_exact(text))
        .transpose()?;
    // Whoever hands off its own bead by name does not wait for its own end.
    let own = town
        .setup()
        .var("GT_ATTEMPT")
        .and(release::own_bead(town).ok());
    let handed = match bead.filter(|id| own.as_ref() != Some(id)) {
        Some(id) => handoff::of_bead(town, &id, note)?,
        None => handoff::own(town, note)?,
    };
    let (state, line) = told(&handed);
    let value = serde_json::json!({
        "bead": handed.bead.to_string(),
        "agent": handed.agent.to_string(),
        "comment": handed.comment,
        "session": state,
    });
    shell.answer(&value, &format!("Handed off {}: {line}", handed.bead));
    match handed.worker {
        Some(Started::EndedAtOnce { status, .. }) => {
            let message = format!("the fresh session ended at once ({status})");
            let hint = format!("`gt logs {}` shows its output", handed.bead);
            Err(CommandError::new(Class::Failed, message).with_hint(hint))
        }
        _ => Ok(ExitStatus::OK),
    }
}

fn told(handed: &HandedOff) -> (&'static str, String) {
    let agent = &handed.agent;
    match &handed.worker {
        None => (
            "ending",
            format!("your session ends now, and a fresh one of {agent} goes on; stop here"),
        ),
        Some(Started::Full { running, limit }) => (
            "waiting",
            format!(
                "a fresh session of {agent} waits, since {running} of {} workers run",
                limit.most
            ),
        ),
        Some(Started::EndedAtOnce { .. }) => ("ended", format!("{agent} was started afresh")),
        Some(_) => ("running", format!("a fresh session of {agent} goes on")),
    }
}
