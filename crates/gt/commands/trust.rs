//! `gt trust`: what the repository proposes to run, and one's word on it.

use super::confirm::confirm;
use clap::Args;
use cli::{CommandError, ExitStatus, Shell, visible};
use serde_json::json;
use store::look;
use town::Town;
use town::trust::{self, Approval, Proposal, Proposed};

/// Show the commands that the repository proposes, and approve them
///
/// `.beads/trusted.yaml` does nothing until exactly its bytes were approved
/// here, as they are on the branch that work lands on. Any later change has to
/// be approved again.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Approve without asking, after showing them
    #[arg(short, long)]
    yes: bool,
    /// The branch that work lands on, where it is not the rig's target
    #[arg(long, value_name = "BRANCH")]
    target: Option<String>,
    /// List what was approved in this clone
    #[arg(long, conflicts_with_all = ["yes", "target", "revoke"])]
    list: bool,
    /// Take approvals back: all, or the one whose hash begins so
    #[arg(long, value_name = "HASH", num_args = 0..=1, conflicts_with_all = ["yes", "target"])]
    revoke: Option<Option<String>>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    if arguments.list {
        return list(town, shell);
    }
    if let Some(hash) = &arguments.revoke {
        return revoke(hash.as_deref(), town, shell);
    }
    let proposed = trust::proposed(town, arguments.target.as_deref())?;
    match &proposed.proposal {
        None => nothing(&proposed, town, shell),
        Some(proposal) => decide(arguments, &proposed, proposal, town, shell),
    }
}

fn nothing(proposed: &Proposed, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let branch = &proposed.branch;
    let line = format!("{branch} proposes no commands: it has no {}", trust::PATH);
    shell.answer(&json!({ "branch": branch, "proposed": null }), &line);
    let root = &town.store.located().root;
    if look::is_there(&root.join(trust::PATH)).map_err(store::Error::from)? {
        shell.status(&format!(
            "the one in {} counts when it is on {branch}",
            root.display()
        ));
    }
    Ok(ExitStatus::OK)
}

fn decide(
    arguments: &Arguments,
    proposed: &Proposed,
    proposal: &Proposal,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    if !shell.is_json() {
        shell.out(&shown(proposed, proposal));
        shell.flush();
    }
    let newly = proposed.approved.is_none()
        && confirm("Approve exactly these bytes?", arguments.yes, shell)?
        && trust::approve(town, proposal)?;
    let is_approved = newly || proposed.approved.is_some();
    let line = match &proposed.approved {
        Some(approval) => format!("Approved by {} at {}", approval.by, approval.at),
        None if newly => format!("Approved {}", &proposal.sha256[..12]),
        None => "Not approved: nothing of it is run".to_owned(),
    };
    shell.answer(&view(proposed, proposal, is_approved), &visible(&line));
    Ok(ExitStatus::OK)
}

/// All of the file: what is approved is what was seen.
fn shown(proposed: &Proposed, proposal: &Proposal) -> String {
    let lines = proposal.text.lines().map(|line| format!("    {line}\n"));
    let text: String = lines.collect();
    let tip: String = proposed.tip.chars().take(12).collect();
    format!(
        "{} on {} ({tip}) proposes to run, on this machine and as you:\n\n{}\nsha256 {}\n",
        trust::PATH,
        proposed.branch,
        visible(&text),
        proposal.sha256
    )
}

fn view(proposed: &Proposed, proposal: &Proposal, is_approved: bool) -> serde_json::Value {
    let gates = proposal.gates.iter().map(
        |gate| json!({ "name": gate.name, "command": gate.command, "timeout": gate.timeout.as_secs() }),
    );
    json!({
        "branch": proposed.branch, "commit": proposed.tip, "sha256": proposal.sha256,
        "proposed": { "gates": gates.collect::<Vec<_>>() }, "text": proposal.text, "approved": is_approved,
    })
}

fn list(town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let approvals = trust::approvals(town)?;
    tell(&approvals, "", shell);
    if approvals.is_empty() {
        shell.status("Nothing was approved in this clone");
    }
    Ok(ExitStatus::OK)
}

fn revoke(hash: Option<&str>, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let gone = trust::revoke(town, hash)?;
    if gone.is_empty() && hash.is_some() {
        return Err(
            CommandError::not_found("no such approval").with_hint("`gt trust --list` lists them")
        );
    }
    tell(&gone, "Revoked ", shell);
    Ok(ExitStatus::OK)
}

fn tell(approvals: &[Approval], verb: &str, shell: &Shell) {
    if shell.is_json() {
        let all = approvals
            .iter()
            .map(|it| json!({ "sha256": it.sha256, "by": it.by, "at": it.at.to_string() }));
        shell.json(&all.collect::<Vec<_>>());
        return;
    }
    for it in approvals {
        let line = format!("{verb}{}  {}  {}", it.sha256, it.at, it.by);
        shell.line(&visible(&line));
    }
}
