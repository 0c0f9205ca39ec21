//! `gt resume`: lets a parked hook go on.

use super::view::WorkerView;
use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use town::{Town, resume};

/// Open what a parked bead waits for, and start its agent where it was
#[derive(Args)]
pub(crate) struct Arguments {
    /// The bead whose hook is parked
    bead: String,
    /// The answer: a comment on the bead, which the agent reads
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let id = town.store.resolve_exact(&arguments.bead)?;
    let resumed = resume::resume(town, &id, arguments.message.as_deref())?;
    let worker = resumed.worker.as_ref().map(WorkerView::from);
    let state = worker.as_ref().map_or_else(
        || "it is theirs to go on".to_owned(),
        |worker| worker.state.clone(),
    );
    let value = serde_json::json!({
        "bead": id.to_string(), "agent": resumed.agent.to_string(), "status": resumed.bead.status.as_str(),
        "waited_for": resumed.parked.on.to_string(), "worker": worker,
    });
    shell.answer(
        &value,
        &format!("Resumed {id} on the hook of {}: {state}", resumed.agent),
    );
    Ok(ExitStatus::OK)
}
