//! `gt close`: the same as `bd close`.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use town::life::{self, Closing};
use town::{Town, worker};

/// Close beads without merging anything
#[derive(Args)]
pub(crate) struct Arguments {
    /// The beads
    #[arg(required = true)]
    beads: Vec<String>,
    /// Why
    #[arg(short, long, value_name = "TEXT")]
    reason: Option<String>,
    /// Take them from whoever has them
    #[arg(short, long)]
    force: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let closing = Closing {
        reason: arguments.reason.clone(),
        forced: arguments.force,
    };
    let mut closed = Vec::new();
    for text in &arguments.beads {
        let id = town.store.resolve_exact(text)?;
        let changed = life::close(town, &id, &closing)?;
        if let Some(session) = &changed.orphan {
            worker::stop(town, session)?;
        }
        if !shell.is_json() {
            shell.line(&format!("Closed {id}"));
        }
        closed.push(serde_json::json!({ "id": id.to_string(), "status": changed.bead.status.as_str(), "changed": changed.changed }));
    }
    if shell.is_json() {
        shell.json(&closed);
    }
    Ok(ExitStatus::OK)
}
