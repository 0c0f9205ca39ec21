//! `gt sling`: hands beads to agents and starts their workers.

use super::view::{SlingView, WorkerView, rows};
use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use model::{Class, Fault, Id, SessionKind};
use town::sling::{self, Action, Plan, Request, Slung, Target};
use town::worker::Started;
use town::{Error, Town};

/// Put beads on agents' hooks, and start their workers
///
/// The last argument may be a target: `.` for your own hook, the rig's name for
/// a new polecat, <rig>/<name> for one by name, mayor, overseer, or
/// <rig>/crew/<name>. Without one the bead goes onto your own hook. Several
/// beads need the rig as target: each gets a polecat, and the batch a convoy.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The beads, then the target
    #[arg(value_name = "BEAD", required = true)]
    beads: Vec<String>,
    /// The agent runtime: a preset such as claude, or one of your own configuration
    #[arg(long, value_name = "RUNTIME")]
    agent: Option<String>,
    /// How to run the worker: as a detached process, or in tmux
    #[arg(long, value_name = "process|tmux")]
    session: Option<SessionKind>,
    /// What to tell the agent besides what the bead says
    #[arg(long, value_name = "TEXT")]
    args: Option<String>,
    /// The name of the polecat
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The title of the convoy that is made
    #[arg(short = 's', long, value_name = "TITLE")]
    subject: Option<String>,
    /// Make a convoy also for a single bead
    #[arg(long, conflicts_with = "no_convoy")]
    convoy: bool,
    /// Make no convoy for several beads
    #[arg(long)]
    no_convoy: bool,
    /// Stop after the hook: make no worktree and start nothing
    #[arg(long)]
    no_spawn: bool,
    /// Also beads that are blocked, deferred, or somebody else's
    #[arg(short, long)]
    force: bool,
    /// Show what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let plan = sling::plan(town, arguments.request(town)?)?;
    if arguments.dry_run {
        return Ok(preview(&plan, shell));
    }
    let mut told = Vec::new();
    let result = sling::apply(town, &plan, &mut |slung| {
        let view = SlingView::new(slung);
        if !shell.is_json() {
            shell.out(&view.text());
            shell.flush();
        }
        told.push(view);
    });
    let (batch, error) = match result {
        Ok(batch) => (Some(batch), None),
        Err(error) => (None, Some(error)),
    };
    let convoy = batch.as_ref().and_then(|batch| batch.convoy.as_ref());
    if shell.is_json() {
        shell.json(&serde_json::json!({ "slung": told, "convoy": convoy.map(|convoy| convoy.id.to_string()) }));
    } else if let Some(convoy) = convoy {
        shell.line(&format!(
            "Convoy {}: {} ({} beads)",
            convoy.id,
            convoy.title,
            convoy.beads.len()
        ));
    }
    match error {
        Some(error) => Err(error.into()),
        None => failures(
            batch
                .map(|batch| batch.slung)
                .unwrap_or_default()
                .as_slice(),
        ),
    }
}

impl Arguments {
    fn request(&self, town: &Town) -> Result<Request, Error> {
        let (mut target, texts) = self.target(town)?;
        if let Some(name) = &self.name {
            match target {
                Target::Rig(None) if texts.len() > 1 => {
                    return Err(Error::usage(
                        format!(
                            "--name names one polecat, and {} beads need one each",
                            texts.len()
                        ),
                        "leave --name out, or sling one bead at a time",
                    ));
                }
                Target::Rig(None) => target = Target::of_address(town, polecat(town, name)?)?,
                _ => {
                    return Err(Error::usage(
                        "--name goes with the rig as target",
                        format!("`gt sling <bead> {} --name {name}`", town.rig()),
                    ));
                }
            }
        }
        let beads = texts
            .iter()
            .map(|text| {
                let found = town.store.resolve_exact(text).map_err(Error::from);
                found.map_err(|error| self.or_no_target(town, text, error))
            })
            .collect::<Result<Vec<Id>, Error>>()?;
        Ok(Request {
            beads,
            target,
            runtime: self.agent.clone(),
            session: self.session,
            instructions: self.args.clone(),
            forced: self.force,
            spawn: !self.no_spawn,
            convoy: if self.convoy {
                Some(true)
            } else {
                self.no_convoy.then_some(false)
            },
            title: self.subject.clone(),
        })
    }

    /// The last of several words may have been meant as the target.
    fn or_no_target(&self, town: &Town, text: &String, error: Error) -> Error {
        let is_last = self.beads.len() > 1 && self.beads.last() == Some(text);
        match is_last && error.class() == Class::NotFound && Id::parse(text).is_err() {
            true => Target::unknown(town, text),
            false => error,
        }
    }

    fn target(&self, town: &Town) -> Result<(Target, &[String]), Error> {
        let (last, before) = self.beads.split_last().expect("clap asks for one at least");
        match Target::parse(town, last)? {
            Some(target) if !before.is_empty() => Ok((target, before)),
            Some(_) => Err(Error::usage(
                format!("`{last}` is a target: which bead?"),
                format!("`gt sling <bead> {last}`"),
            )),
            None => Ok((Target::Own, &self.beads)),
        }
    }
}

fn polecat(town: &Town, name: &str) -> Result<model::Address, Error> {
    model::Address::parse(&format!("{}/polecats/{name}", town.rig())).map_err(|_| {
        Error::usage(
            format!("`{}` is no name for a polecat", name.escape_debug()),
            "use a-z, 0-9, `_` and `-`, and no reserved word",
        )
    })
}

/// Workers that ended as soon as they began are a failure of the command: the
/// bead is on their hook, and nobody works on it.
fn failures(slung: &[Slung]) -> Result<ExitStatus, CommandError> {
    let ended = slung.iter().find_map(|it| match &it.worker {
        Some(Started::EndedAtOnce { status, .. }) => Some((it, status)),
        _ => None,
    });
    match ended {
        None => Ok(ExitStatus::OK),
        Some((it, status)) => {
            let message = format!(
                "the worker of {} ended at once ({status}), with {} on its hook",
                it.agent, it.bead.id
            );
            Err(CommandError::new(Class::Failed, message)
                .with_hint(format!("`gt logs {0}` shows its output; correct the agent's command, then `gt sling {0} {1}` starts it again", it.bead.id, it.agent)))
        }
    }
}

fn preview(plan: &Plan, shell: &Shell) -> ExitStatus {
    let views: Vec<SlingView> = plan
        .steps
        .iter()
        .map(|step| SlingView::planned(&step.bead, &step.action))
        .collect();
    if shell.is_json() {
        shell.json(&serde_json::json!({ "plan": views, "convoy": plan.convoy, "dry_run": true }));
        return ExitStatus::OK;
    }
    for (view, step) in views.iter().zip(&plan.steps) {
        let verb = match step.action {
            Action::Nothing(_) => "nothing to do for",
            Action::Restart(_) => "would start the worker of",
            Action::Polecat(_) | Action::Hook(_) => "would sling",
        };
        shell.out(&view.text_with(verb));
    }
    if let Some(title) = &plan.convoy {
        shell.line(&format!(
            "would make a convoy: {title} ({} beads)",
            plan.steps.len()
        ));
    }
    ExitStatus::OK
}

impl From<&Started> for WorkerView {
    fn from(started: &Started) -> Self {
        match started {
            // A watcher may have been quicker, which is the same to whoever slung.
            Started::Running(session) | Started::AlreadyRunning(session) => {
                Self::of(session, "running")
            }
            Started::EndedAtOnce {
                session,
                status,
                tail,
            } => Self {
                detail: Some(rows(tail)),
                ..Self::of(session, &format!("ended at once ({status})"))
            },
            Started::Full { running, limit } => Self::waiting(format!(
                "waits: {running} of {} polecats are at work ({}); when one is done the watcher (`gt up`) starts it, or `gt sling` with the same bead",
                limit.most,
                limit.place()
            )),
        }
    }
}
