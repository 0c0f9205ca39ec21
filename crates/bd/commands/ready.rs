//! `bd ready`

use crate::answer;
use crate::open::Context;
use crate::picture::{Loaded, Picture, report};
use cli::views::ListView;
use cli::{CommandError, ExitStatus};
use model::{Bead, Hook, Id, Kind, Priority, ReadyOptions, Sort, ready};
use town::Town;

mod explain;

/// List what can be begun now: open, not blocked, not put off
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// At most so many; 0 for all
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,

    /// Of one of these priorities
    #[arg(short, long, value_name = "PRIORITY", value_delimiter = ',', value_parser = Priority::parse)]
    priority: Vec<Priority>,

    /// Of one of these types; gates, messages and other machinery only if named
    #[arg(short = 't', long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = Kind::parse)]
    kind: Vec<Kind>,

    /// With all of these labels
    #[arg(
        short,
        long = "label",
        alias = "labels",
        value_name = "LABEL",
        value_delimiter = ','
    )]
    label: Vec<String>,

    /// With one of these labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    label_any: Vec<String>,

    /// Assigned to this one
    #[arg(short, long, value_name = "NAME")]
    assignee: Option<String>,

    /// Assigned to nobody
    #[arg(short, long)]
    unassigned: bool,

    /// Order: priority, hybrid, oldest or another of `bd list`
    #[arg(long, value_name = "ORDER", default_value = "priority")]
    sort: Sort,

    /// Part of this issue, however deep
    #[arg(long, value_name = "ID")]
    parent: Option<String>,

    /// Steps of this molecule
    #[arg(long, value_name = "ID")]
    mol: Option<String>,

    /// All work, also while your hook has a molecule
    #[arg(long, conflicts_with = "mol")]
    all_work: bool,

    /// Put-off issues, too
    #[arg(long)]
    include_deferred: bool,

    /// Say of every open issue why it is ready, or why not
    #[arg(long, conflicts_with = "claim")]
    explain: bool,

    /// Claim the first one that nobody has
    #[arg(long)]
    claim: bool,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let options = self.options(&town)?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        if self.explain {
            context.shell.show(&explain::explain(&picture));
            return Ok(report(context.shell, loaded.problems()));
        }
        let now = picture.context().now;
        let beads = ready::ready(&picture.graph, &options, now);
        if self.claim {
            return self.claim(context, &town, &picture, &beads);
        }
        let view = ListView::new(picture.views(&town, beads)).when_empty("No ready issues found");
        context.shell.show(&view);
        Ok(report(context.shell, loaded.problems()))
    }

    fn options(&self, town: &Town) -> Result<ReadyOptions, CommandError> {
        let resolve = |text: &String| town.store.resolve_partial(text);
        let molecule = match &self.mol {
            Some(text) => Some(resolve(text)?),
            None if self.all_work => None,
            None => molecule_of_hook(town)?,
        };
        Ok(ReadyOptions {
            kinds: self.kind.clone(),
            priorities: self.priority.clone(),
            labels: self.label.clone(),
            labels_any: self.label_any.clone(),
            assignee: self.assignee.clone(),
            unassigned: self.unassigned,
            parent: self.parent.as_ref().map(resolve).transpose()?,
            molecule,
            include_deferred: self.include_deferred,
            limit: (self.limit > 0 && !self.claim).then_some(self.limit),
            sort: self.sort,
        })
    }

    fn claim(
        &self,
        context: &Context<'_>,
        town: &Town,
        picture: &Picture<'_>,
        beads: &[&Bead],
    ) -> Result<ExitStatus, CommandError> {
        let is_free =
            |bead: &&&Bead| bead.assignee.is_none() || town.actor.is(bead.assignee.as_deref());
        let ids: Vec<Id> = beads
            .iter()
            .filter(is_free)
            .map(|bead| bead.id.clone())
            .collect();
        let claimed = town::update::claim_first(town, &ids)?;
        let problems = report(context.shell, picture.problems());
        let Some(changed) = claimed else {
            context
                .shell
                .answer(&[(); 0], "No ready issues found: nothing was claimed");
            return Ok(problems);
        };
        let done = [changed];
        let line = |it: &town::life::Changed| format!("Claimed {}: {}", it.bead.id, it.bead.title);
        answer::show(context, town, &done, line)?;
        answer::settle(context, town, &done, None)
    }
}

/// The molecule that guides the actor's work, if the hook has one.
fn molecule_of_hook(town: &Town) -> Result<Option<Id>, CommandError> {
    let Some(agent) = town.actor.address() else {
        return Ok(None);
    };
    let hook = town.store.read::<Hook>(agent)?;
    Ok(hook.and_then(|hook| hook.molecule))
}
