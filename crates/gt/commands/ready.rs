//! `gt ready`: what can be begun, rig by rig.

use super::report;
use super::shared::{Whole, linked};
use clap::Args;
use cli::views::{BeadView, ListView, View};
use cli::{CommandError, ExitStatus, Look, Shell};
use model::{Kind, Priority, ReadyOptions, Sort, ready};
use serde::Serialize;
use town::Town;

/// List what can be begun now, with the rig it belongs to
#[derive(Args)]
pub(crate) struct Arguments {
    /// At most so many; 0 for all
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,
    /// Of one of these priorities
    #[arg(short, long, value_name = "PRIORITY", value_delimiter = ',')]
    priority: Vec<Priority>,
    /// Of one of these types
    #[arg(short = 't', long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = Kind::parse)]
    kind: Vec<Kind>,
    /// With all of these labels
    #[arg(short, long, value_name = "LABEL", value_delimiter = ',')]
    label: Vec<String>,
    /// Assigned to this one
    #[arg(short, long, value_name = "NAME")]
    assignee: Option<String>,
    /// Assigned to nobody
    #[arg(short, long)]
    unassigned: bool,
    /// Order: priority, hybrid, oldest or another of `bd list`
    #[arg(long, value_name = "ORDER", default_value = "priority")]
    sort: Sort,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let whole = Whole::read(town)?;
    let graph = whole.graph();
    let found = ready::ready(&graph, &arguments.options(), town.now().timestamp());
    let views = found.iter().map(|bead| linked(town, &whole, &graph, bead));
    let view = RigView {
        rig: town.rig().to_owned(),
        beads: views.collect(),
    };
    shell.show(&ReadyView::new(view));
    Ok(report(shell, &whole.snapshot.problems))
}

impl Arguments {
    fn options(&self) -> ReadyOptions {
        ReadyOptions {
            kinds: self.kind.clone(),
            priorities: self.priority.clone(),
            labels: self.label.clone(),
            assignee: self.assignee.clone(),
            unassigned: self.unassigned,
            limit: (self.limit > 0).then_some(self.limit),
            sort: self.sort,
            ..ReadyOptions::default()
        }
    }
}

/// What is ready in one rig.
struct RigView {
    rig: String,
    beads: Vec<BeadView>,
}

/// What is ready, with the rig of each; an array as JSON.
#[derive(Serialize)]
#[serde(transparent)]
struct ReadyView {
    beads: Vec<RigBead>,
    #[serde(skip)]
    text: RigView,
}

#[derive(Serialize)]
struct RigBead {
    rig: String,
    #[serde(flatten)]
    bead: BeadView,
}

impl ReadyView {
    fn new(rig: RigView) -> Self {
        let bead = |bead: &BeadView| RigBead {
            rig: rig.rig.clone(),
            bead: bead.clone(),
        };
        Self {
            beads: rig.beads.iter().map(bead).collect(),
            text: rig,
        }
    }
}

impl View for ReadyView {
    fn text(&self, look: &Look) -> String {
        let heading = format!("{} ({} ready)", self.text.rig, self.text.beads.len());
        let list = ListView::new(self.text.beads.clone()).when_empty("Nothing is ready");
        format!("{}\n{}", look.heading(&heading), list.text(look))
    }
}
