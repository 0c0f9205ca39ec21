//! `gt convoy`: batches of beads that close by themselves.

use super::{report, resolve_all};
use clap::{Args, Subcommand};
use cli::views::{ConvoyListView, ConvoyView};
use cli::{CommandError, ExitStatus, Shell};
use model::{Convoy, Fault, Priority};
use town::life::Closing;
use town::{Town, convoy};

mod view;
use view::{CheckView, StrandedView, standing};

/// Follow batches of beads that close by themselves
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a convoy of beads
    Create(Create),
    /// Add beads to a convoy; a closed one opens again
    Add(Add),
    /// List the open convoys
    List(List),
    /// Show a convoy: where each bead stands, and why it waits
    #[command(visible_alias = "show")]
    Status(Status),
    /// Close a convoy before its beads are
    Close(Close),
    /// Bring all convoys up to date, and close those that are done
    Check,
    /// List the open convoys that nobody moves, and why
    Stranded,
}

#[derive(Args)]
struct Create {
    /// What the batch is for
    title: String,
    /// Its beads
    #[arg(value_name = "BEAD")]
    beads: Vec<String>,
    /// Who asks for it; you if nobody is named
    #[arg(long)]
    owner: Option<String>,
    /// How urgent it is: 0 to 4, or critical, high, medium, low
    #[arg(short, long, default_value = "2")]
    priority: Priority,
    /// What it is about
    #[arg(short, long)]
    description: Option<String>,
}

#[derive(Args)]
struct Add {
    /// The convoy
    convoy: String,
    /// The beads
    #[arg(value_name = "BEAD", required = true)]
    beads: Vec<String>,
}

#[derive(Args)]
struct List {
    /// List the closed ones, too
    #[arg(short, long)]
    all: bool,
}

#[derive(Args)]
struct Status {
    /// The convoy; the beginning of its ID is enough
    convoy: String,
}

#[derive(Args)]
struct Close {
    /// The convoy
    convoy: String,
    /// Why; needed, or --force, while beads are open
    #[arg(short, long)]
    reason: Option<String>,
    /// Close it although beads are open
    #[arg(short, long)]
    force: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::Create(create) => create.run(town, shell),
        Command::Add(add) => add.run(town, shell),
        Command::List(list) => list.run(town, shell),
        Command::Status(status) => status.run(town, shell),
        Command::Close(close) => close.run(town, shell),
        Command::Check => check(town, shell),
        Command::Stranded => stranded(town, shell),
    }
}

impl Create {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let convoy = convoy::create(
            town,
            &convoy::New {
                title: self.title.clone(),
                beads: resolve_all(town, &self.beads)?,
                owner: self.owner.clone(),
                priority: self.priority,
                description: self.description.clone(),
            },
        )?;
        let view = view(town, &convoy);
        let line = format!("Created convoy: {} ({})", view.id, view.progress);
        shell.answer(&view, &line);
        Ok(ExitStatus::OK)
    }
}

impl Add {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let id = convoy::resolve_exact(town, &self.convoy)?;
        let done = convoy::add(town, &id, &resolve_all(town, &self.beads)?)?;
        let added: Vec<String> = done.added.iter().map(ToString::to_string).collect();
        let line = match (added.as_slice(), done.reopened) {
            ([], _) => format!("Nothing to add: {id} names them already"),
            (_, false) => format!("Added to {id}: {}", added.join(", ")),
            (_, true) => format!("Added to {id}, which is open again: {}", added.join(", ")),
        };
        shell.answer(&view(town, &done.convoy), &line);
        Ok(report(shell, &done.problems))
    }
}

impl List {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let listing = convoy::list(town, self.all)?;
        let views = listing.records.iter().map(|it| view(town, it)).collect();
        shell.show(&ConvoyListView(views));
        Ok(report(shell, &listing.problems))
    }
}

impl Status {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let id = convoy::resolve_partial(town, &self.convoy)?;
        let found = convoy::status(town, &id)?;
        shell.show(&standing(&found, &town.now()));
        Ok(report(shell, &found.problems))
    }
}

impl Close {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let id = convoy::resolve_exact(town, &self.convoy)?;
        let closing = Closing {
            reason: self.reason.clone(),
            forced: self.force,
        };
        let done = convoy::close(town, &id, &closing)?;
        let line = match done.changed {
            true => format!("Closed {id}"),
            false => format!("{id} is closed already"),
        };
        shell.answer(&view(town, &done.convoy), &line);
        Ok(report(shell, &done.problems))
    }
}

fn check(town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let checked = convoy::check(town)?;
    shell.show(&CheckView::new(&checked, &town.now()));
    let status = report(shell, &checked.problems);
    let mut errors = checked.errors.into_iter();
    let Some(first) = errors.next() else {
        return Ok(status);
    };
    errors.for_each(|error| shell.warn(&error.in_one_line()));
    Err(first.into())
}

fn stranded(town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let stranded = convoy::stranded(town)?;
    shell.show(&StrandedView::new(&stranded, &town.now()));
    Ok(report(shell, &stranded.problems))
}

fn view(town: &Town, convoy: &Convoy) -> ConvoyView {
    ConvoyView::new(convoy, town.now().timestamp())
}
