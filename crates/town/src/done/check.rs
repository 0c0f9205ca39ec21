//! What has to be true before an attempt may end.

use super::Request;
use crate::Town;
use crate::error::Error;
use git::status::{self, Scope};
use git::{BranchName, Git, Oid};
use model::{Bead, Class, Exit, Ticket};
use std::path::{Path, PathBuf};
use store::gitdir::GitDir;
use store::look;

/// Flags that do not go together.
pub(super) fn request(request: &Request) -> Result<(), Error> {
    let clash = |what: &str, hint: &str| Err(Error::usage(what.to_owned(), hint.to_owned()));
    match request.exit {
        Exit::Completed => {}
        _ if request.no_mr => {
            return clash("--no-mr goes with a completed bead only", "leave it out");
        }
        Exit::Escalated if request.commit_all => {
            return clash(
                "an escalation leaves uncommitted work as it is",
                "leave out -a",
            );
        }
        _ => {}
    }
    if request.gate.is_some() && request.exit != Exit::PhaseComplete {
        return clash(
            "--gate goes with --phase only",
            "`gt done --phase --gate ID`",
        );
    }
    if request.severity.is_some() && request.exit != Exit::Escalated {
        return clash(
            "--severity goes with --escalate only",
            "`gt done --escalate --severity high -m \"why\"`",
        );
    }
    if request.exit == Exit::Escalated
        && request
            .message
            .as_deref()
            .is_none_or(|text| text.trim().is_empty())
    {
        return clash(
            "an escalation needs a reason",
            "`gt done --escalate -m \"why\"`",
        );
    }
    Ok(())
}

/// The recorded worktree, if the command stands in it and on the recorded
/// branch. Nothing is ever committed anywhere else.
pub(super) fn place(town: &Town, ticket: &Ticket) -> Result<Git, Error> {
    let here = GitDir::find(&town.setup().cwd)?;
    let here = here.and_then(|git| git.work_tree);
    let recorded = ticket.worktree.as_ref().map(PathBuf::from);
    let elsewhere = match recorded.as_deref() {
        Some(recorded) if !is_same(here.as_deref(), recorded)? => Some(recorded),
        _ => None,
    };
    if let Some(recorded) = elsewhere {
        let here = here.map_or_else(
            || "no worktree".to_owned(),
            |path| path.display().to_string(),
        );
        return Err(Error::refused(
            format!(
                "this is {here}, but {} is worked on in {}",
                ticket.bead,
                recorded.display()
            ),
            format!("`cd {}` and repeat", recorded.display()),
        ));
    }
    let git = Git::at(here.unwrap_or_else(|| town.store.located().root.clone()));
    let branch = git::refs::current_branch(&git)?.map(|branch| branch.to_string());
    if ticket.branch.is_some() && branch != ticket.branch {
        let wanted = ticket.branch.clone().unwrap_or_default();
        return Err(Error::refused(
            format!(
                "the branch is {}, but {} is worked on on {wanted}",
                branch.as_deref().unwrap_or("none (detached)"),
                ticket.bead
            ),
            branch_hint(&git, ticket, &wanted)?,
        ));
    }
    Ok(git)
}

/// How to get to the branch of the work, with what was committed elsewhere meanwhile.
fn branch_hint(git: &Git, ticket: &Ticket, wanted: &str) -> Result<String, Error> {
    let there = git::refs::resolve(git, &format!("refs/heads/{wanted}"))?;
    let (Some(there), Some(here)) = (there, git::refs::head_commit(git)?) else {
        return Ok(format!("`git switch {wanted}` and repeat"));
    };
    if !git::refs::is_ancestor(git, &here, &there)? {
        return Ok(format!(
            "`git switch {wanted}`, `git merge {}` brings what you committed here, and repeat",
            here.short()
        ));
    }
    Ok(match ticket.spawn {
        true => format!("`git switch {wanted}` and repeat"),
        false => format!(
            "`git switch {wanted}` and repeat; `gt unsling` and `gt hook` note another branch"
        ),
    })
}

fn is_same(here: Option<&Path>, recorded: &Path) -> Result<bool, Error> {
    let Some(here) = here.map(look::real).transpose()?.flatten() else {
        return Ok(false);
    };
    Ok(look::real(recorded)? == Some(here))
}

/// Nothing is uncommitted, after `-a` has committed what was. The store itself
/// does not count: its state is not part of the work.
pub(super) fn committed(
    git: &Git,
    bead: &Bead,
    ticket: &Ticket,
    request: &Request,
) -> Result<(), Error> {
    let dirty = status::dirty(git, Scope::WithoutBeads)?;
    if dirty.is_empty() {
        return Ok(());
    }
    if request.commit_all {
        let message = format!("{} ({})", bead.title, bead.id);
        let identity = identity(git, ticket)?;
        git::commit::all(git, &message, &identity)?;
        return Ok(());
    }
    let names: Vec<String> = dirty
        .iter()
        .take(5)
        .map(|entry| entry.path.display().to_string())
        .collect();
    let more = if dirty.len() > 5 {
        format!(" and {} more", dirty.len() - 5)
    } else {
        String::new()
    };
    Err(Error::refused(
        format!(
            "{} {} not committed: {}{more}",
            dirty.len(),
            if dirty.len() == 1 {
                "file is"
            } else {
                "files are"
            },
            names.join(", ")
        ),
        uncommitted_hint(request),
    ))
}

/// The same exit once more: whoever puts work down must not hand it in by following a
/// hint.
fn uncommitted_hint(request: &Request) -> &'static str {
    match request.exit {
        Exit::Completed if request.no_mr => {
            "remove them if nothing is to be merged; else commit them, and end with `gt done`"
        }
        Exit::Deferred => {
            "commit what belongs to the work, or `gt done --defer -a` commits all of it"
        }
        Exit::PhaseComplete => {
            "commit what belongs to the work, or `gt done --phase -a` commits all of it"
        }
        Exit::Completed | Exit::Escalated => {
            "commit what belongs to the work, or `gt done -a` commits all of it"
        }
    }
}

fn identity(git: &Git, ticket: &Ticket) -> Result<git::Identity, Error> {
    let configured = if ticket.spawn {
        None
    } else {
        git::identity::configured(git)?
    };
    let own = || {
        git::Identity::new(
            &ticket.agent.to_string(),
            &crate::worker::email(&ticket.agent),
        )
    };
    Ok(configured.unwrap_or_else(own))
}

/// The head of the work, if it has commits that the target lacks.
pub(super) fn commits(town: &Town, git: &Git, ticket: &Ticket) -> Result<Oid, Error> {
    let nothing =
        "`gt done --no-mr` ends work that changed no file; otherwise commit the change first";
    let Some(head) = git::refs::head_commit(git)? else {
        return Err(Error::refused("there is no commit yet", nothing));
    };
    let target = BranchName::parse(&town.config().target)?;
    if ticket.branch.as_deref() == Some(target.as_str()) {
        return Err(Error::refused(
            format!("the work is on {target} itself, so there is nothing to merge"),
            "`gt done --no-mr` ends it; next time `git switch -c <branch>` before `gt hook`",
        ));
    }
    let tip = crate::sling::target_tip(town, &target)?;
    if git::refs::count_commits(git, &tip, &head)? == 0 {
        let branch = ticket.branch.as_deref().unwrap_or("this branch");
        return Err(Error::refused(
            format!("{branch} has no commit that {target} does not have"),
            nothing,
        ));
    }
    Ok(head)
}

/// Pushes the branch where there is a remote, and says where to.
pub(super) fn push(town: &Town, ticket: &Ticket, head: &Oid) -> Result<Option<String>, Error> {
    let git = town.git();
    let remote = &town.config().remote;
    let Some(branch) = ticket.branch.as_deref() else {
        return Ok(None);
    };
    if !git::remote::has(&git, remote)? {
        return Ok(None);
    }
    let branch = BranchName::parse(branch)?;
    git::remote::push_branch(&git, remote, head, &branch, &git::remote::Expect::Any).map_err(|error| {
        Error::new(Class::Environment, format!("cannot push {branch} to {remote}: {error}"))
            .with_hint("nothing was recorded: check the remote and repeat; your commits are safe on the branch")
    })?;
    Ok(Some(remote.clone()))
}
