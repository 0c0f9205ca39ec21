//! `gt mq`: the merge queue.

mod accept;

use super::report;
use super::shared::comments;
use clap::{Args, Subcommand};
use cli::views::{MergeRequestView, QueueView, ShowView, View};
use cli::{CommandError, ExitStatus, Look, Shell, visible_line};
use serde::Serialize;
use town::{Town, queue};

/// See what waits to be merged
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List what waits to be merged, the next first
    List(List),
    /// Show where a merge request stands, and what it waits for
    Status(Status),
    Accept(accept::Arguments),
}

#[derive(Args)]
struct List {
    /// List what was merged or sent back, too
    #[arg(short, long)]
    all: bool,
}

#[derive(Args)]
struct Status {
    /// The merge request, or the bead whose work it is
    id: String,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::List(list) => list.run(town, shell),
        Command::Status(status) => status.run(town, shell),
        Command::Accept(arguments) => accept::run(arguments, town, shell),
    }
}

impl List {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let listing = queue::all(town)?;
        let now = town.now().timestamp();
        let mut position = 0;
        let mut views = Vec::new();
        for bead in &listing.records {
            let view = MergeRequestView::new(bead, now);
            if queue::is_pending(bead) {
                position += 1;
                views.push(view.at(position));
            } else if self.all {
                views.push(view);
            }
        }
        shell.show(&QueueView(views));
        Ok(report(shell, &listing.problems))
    }
}

impl Status {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let id = queue::resolve(town, &self.id)?;
        let (status, mut problems) = queue::status(town, &id)?;
        let mut view = MergeRequestView::new(&status.bead, town.now().timestamp());
        view.position = status.position;
        let gates = view
            .bead
            .merge_request
            .iter_mut()
            .flat_map(|it| &mut it.gates);
        for (gate, log) in gates.zip(&status.logs) {
            if let Some(path) = log {
                gate.log = Some(path.display().to_string());
            }
        }
        if !status.why.is_empty() {
            view.waiting = Some(status.why.join("; it "));
        }
        let comments = comments(town, &id, &mut problems)?;
        view.bead.comment_count = comments.len();
        let show = ShowView::new(view.bead.clone(), Vec::new(), Vec::new(), comments);
        shell.show(&StatusView { view, show });
        Ok(report(shell, &problems))
    }
}

/// A merge request as in the queue, and as text with everything about it.
#[derive(Serialize)]
struct StatusView {
    #[serde(flatten)]
    view: MergeRequestView,
    #[serde(skip)]
    show: ShowView,
}

impl View for StatusView {
    fn text(&self, look: &Look) -> String {
        let place = self.view.position.map_or_else(String::new, |position| {
            format!("Place in the queue: {position}\n")
        });
        let waiting = self
            .view
            .waiting
            .as_deref()
            .map_or_else(String::new, |why| {
                let line = format!("Waiting: it {}", visible_line(why));
                format!("{}\n", look.warning(&line))
            });
        let show = self.show.text(look);
        match place.len() + waiting.len() {
            0 => show,
            _ => format!("{show}\n{place}{waiting}"),
        }
    }
}
