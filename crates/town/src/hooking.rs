//! `gt hook`: what is on a hook, and putting a bead on one's own.

use crate::Town;
use crate::error::Error;
use crate::sling::{self, Action, Request, Target};
use crate::ticket::Ground;
use git::{BranchName, Git};
use model::{Address, Bead, Hook, Id, Ticket};
use std::path::PathBuf;
use store::gitdir::GitDir;

/// A hook as `gt hook` shows it.
#[derive(Debug, Clone)]
pub struct OnHook {
    /// Whose hook.
    pub agent: Address,
    /// What is on it.
    pub hook: Option<Hook>,
    /// What this clone knows of it.
    pub ticket: Option<Ticket>,
    /// Its bead, if it is there.
    pub bead: Option<Bead>,
    /// Whether lines that its ticket covers were changed since it was slung.
    pub is_changed: bool,
}

/// What is on an agent's hook. Writes nothing.
pub fn look(town: &Town, agent: &Address) -> Result<OnHook, Error> {
    let hook = town.store.read::<Hook>(agent)?;
    let ticket = town.store.read::<Ticket>(agent)?;
    let is_changed = match (&hook, &ticket) {
        (Some(hook), Some(ticket)) if hook.nonce == ticket.nonce => {
            let text = crate::ticket::hook_text(town, agent)?;
            text.is_some_and(|text| crate::ticket::hash(&text) != ticket.hash)
        }
        _ => false,
    };
    let bead = hook
        .as_ref()
        .map(|hook| town.store.read::<Bead>(&hook.bead))
        .transpose()?
        .flatten();
    Ok(OnHook {
        agent: agent.clone(),
        hook,
        ticket,
        bead,
        is_changed,
    })
}

/// The acting agent's address.
pub fn own_address(town: &Town) -> Result<Address, Error> {
    town.actor.address().cloned().ok_or_else(|| {
        Error::usage(
            format!("{} has no hook: only agents' addresses have", town.actor),
            "set GT_AGENT, or use --actor with an address such as overseer",
        )
    })
}

/// What hooking a bead by hand did.
#[derive(Debug, Clone)]
pub struct Hooked {
    /// The bead.
    pub bead: Bead,
    /// Whose hook it is on.
    pub agent: Address,
    /// The branch the work is expected on.
    pub branch: Option<String>,
    /// False where it was on this hook already.
    pub changed: bool,
    /// Whether that branch is the one that work lands on.
    pub on_target: bool,
}

/// Puts a bead on the actor's own hook, and notes the worktree and branch that
/// the command runs in.
pub fn take(
    town: &Town,
    id: &Id,
    forced: bool,
    instructions: Option<String>,
) -> Result<Hooked, Error> {
    let agent = own_address(town)?;
    let request = Request {
        beads: vec![id.clone()],
        target: Target::Own,
        runtime: None,
        session: None,
        instructions,
        forced,
        spawn: false,
        convoy: Some(false),
        title: None,
    };
    let plan = sling::plan(town, request)?;
    let step = &plan.steps[0];
    if let Action::Nothing(_) | Action::Restart(_) = step.action {
        let branch = step.bead.branch.clone();
        return Ok(Hooked {
            bead: step.bead.clone(),
            agent,
            branch,
            changed: false,
            on_target: false,
        });
    }
    let (ground, branch) = here(town)?;
    let bead = sling::hook_here(town, &plan, step, &agent, branch.as_deref(), &ground)?;
    let on_target = branch.as_deref() == Some(plan.target.as_str());
    Ok(Hooked {
        bead,
        agent,
        branch,
        changed: true,
        on_target,
    })
}

/// The worktree and branch that the command runs in.
fn here(town: &Town) -> Result<(Ground, Option<String>), Error> {
    let git = GitDir::find(&town.setup().cwd).map_err(store::Error::from)?;
    let tree = git.and_then(|git| git.work_tree);
    let tree = tree.unwrap_or_else(|| town.store.located().root.clone());
    let branch = git::refs::current_branch(&Git::at(&tree))?;
    let target = BranchName::parse(&town.config().target)?;
    let base = sling::target_tip(town, &target)?.to_string();
    let ground = Ground {
        worktree: Some(path_text(tree)?),
        base: Some(base),
        tip: None,
        spawn: false,
        session: None,
    };
    Ok((ground, branch.map(|branch| branch.to_string())))
}

fn path_text(path: PathBuf) -> Result<String, Error> {
    path.into_os_string().into_string().map_err(|path| {
        Error::usage(
            format!("the path {} is not UTF-8", path.display()),
            "move the worktree to a path of plain text",
        )
    })
}
