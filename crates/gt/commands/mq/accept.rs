//! `gt mq accept`: a merge request that this clone did not file, shown and
//! accepted.

use crate::commands::confirm::confirm;
use clap::Args;
use cli::views::{MergeRequestView, QueueView};
use cli::{CommandError, ExitStatus, Shell, visible_line};
use serde_json::json;
use town::queue::accept::{self, Offered, Standing};
use town::{Town, queue};

/// So many paths are shown; the rest is counted.
const SHOWN: usize = 20;

/// Accept a merge request that this clone did not file, so that it is merged
///
/// The refinery runs the gates on what it brings, and lands it. Accepted is the
/// commit that is shown, for the branch that is shown, and no other.
#[derive(Args)]
pub(super) struct Arguments {
    /// The merge request, or the bead whose work it is
    id: String,
    /// Accept without asking, after showing it
    #[arg(short, long)]
    yes: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let id = queue::resolve(town, &arguments.id)?;
    match accept::look(town, &id)? {
        Standing::Ours => {
            let value = json!({ "merge_request": id.to_string(), "changed": false });
            shell.answer(
                &value,
                &format!("{id} is merged as it is: there is nothing to accept"),
            );
            Ok(ExitStatus::OK)
        }
        Standing::Offered(offered) => decide(arguments, &offered, town, shell),
    }
}

fn decide(
    arguments: &Arguments,
    offered: &Offered,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let (id, filed) = (&offered.bead.id, &offered.filed);
    if !shell.is_json() {
        let view = MergeRequestView::new(&offered.bead, town.now().timestamp());
        shell.show(&QueueView(vec![view]));
        shell.line(&brings(offered));
        shell.flush();
    }
    let question = format!(
        "Run the gates on {:.12} here, and land it on {}?",
        filed.head,
        visible_line(&filed.target)
    );
    if !confirm(&question, arguments.yes, shell)? {
        shell.line("Not accepted: it is not merged here");
        return Ok(ExitStatus::OK);
    }
    accept::accept(town, offered)?;
    let value = json!({
        "merge_request": id.to_string(), "source": offered.source.to_string(),
        "attempt": offered.attempt, "head": filed.head, "target": filed.target,
        "commits": offered.commits, "changed": true,
    });
    shell.answer(&value, &format!("Accepted {id}: {:.12}", filed.head));
    shell.status("`gt refinery run` merges it, or the watcher");
    Ok(ExitStatus::OK)
}

/// What would come with it: its size, and the paths it changes.
fn brings(offered: &Offered) -> String {
    let (filed, paths) = (&offered.filed, &offered.paths);
    let mut text = format!(
        "{} commits, {} files ({}..{:.12}):",
        offered.commits,
        paths.len(),
        visible_line(&filed.target),
        filed.head
    );
    for path in paths.iter().take(SHOWN) {
        text += &format!("\n  {}", visible_line(&path.display().to_string()));
    }
    if paths.len() > SHOWN {
        text += &format!("\n  and {} more", paths.len() - SHOWN);
    }
    text
}
