//! `bd dep`

use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::{CommandError, ExitStatus};
use model::{Dependency, DependencyType, Id};
use serde_json::{Value, json};
use town::Town;
use town::dependency;

mod list;
mod tree;

/// Say what needs what
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The issue that has to be closed first
    #[arg(value_name = "ID", required = true)]
    id: Option<String>,

    /// The issue that waits for it
    #[arg(short, long, value_name = "ID", required = true)]
    blocks: Option<String>,
}

#[derive(clap::Subcommand)]
enum Command {
    Add(AddArgs),
    Remove(RemoveArgs),
    List(list::Arguments),
    Tree(tree::Arguments),
    /// List circles of issues that wait for each other
    Cycles,
    /// Relate two issues; neither waits for the other
    Relate(PairArgs),
    /// Unrelate two issues, whichever way they are related
    Unrelate(PairArgs),
}

/// Make an issue depend on another
#[derive(clap::Args)]
struct AddArgs {
    /// The issue that waits
    #[arg(value_name = "ID")]
    id: String,

    /// The issue that it depends on
    #[arg(value_name = "ON", required_unless_present = "target")]
    on: Option<String>,

    /// The same as a flag
    #[arg(
        long = "depends-on",
        alias = "blocked-by",
        id = "target",
        value_name = "ON",
        conflicts_with = "on"
    )]
    target: Option<String>,

    /// How: blocks, parent-child, waits-for, related, discovered-from, ...
    #[arg(short = 't', long = "type", value_name = "TYPE", default_value = "blocks", value_parser = DependencyType::parse)]
    kind: DependencyType,
}

/// Make an issue independent of another
#[derive(clap::Args)]
struct RemoveArgs {
    /// The issue that waits
    #[arg(value_name = "ID")]
    id: String,

    /// The issue that it depends on
    #[arg(value_name = "ON")]
    on: String,

    /// Only dependencies of this type
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = DependencyType::parse)]
    kind: Option<DependencyType>,
}

#[derive(clap::Args)]
struct PairArgs {
    /// One issue
    #[arg(value_name = "ID")]
    one: String,

    /// The other
    #[arg(value_name = "ID")]
    other: String,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        match &self.command {
            None => add(
                context,
                self.blocks.as_deref().unwrap_or_default(),
                self.id.as_deref().unwrap_or_default(),
                DependencyType::blocks(),
            ),
            Some(Command::Add(it)) => {
                let on = it.on.as_deref().or(it.target.as_deref());
                add(context, &it.id, on.unwrap_or_default(), it.kind.clone())
            }
            Some(Command::Remove(it)) => remove(context, &it.id, &it.on, it.kind.as_ref()),
            Some(Command::List(it)) => it.run(context),
            Some(Command::Tree(it)) => it.run(context),
            Some(Command::Cycles) => cycles(context),
            Some(Command::Relate(it)) => add(context, &it.one, &it.other, relates_to()),
            Some(Command::Unrelate(it)) => unrelate(context, it),
        }
    }
}

fn relates_to() -> DependencyType {
    DependencyType::parse("relates-to").expect("a standard type is one")
}

fn add(
    context: &Context<'_>,
    from: &str,
    to: &str,
    kind: DependencyType,
) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let (from, to) = pair(&town, from, to)?;
    let added = dependency::add(&town, &from, &Dependency::new(to.clone(), kind.clone()))?;
    let (status, note) = match added.changed {
        true => ("added", ""),
        false => ("unchanged", " (it did already)"),
    };
    let line = format!("Added dependency: {from} depends on {to} ({kind}){note}");
    context
        .shell
        .answer(&edge_json(status, &from, &to, Some(&kind)), &line);
    report(context.shell, &added.problems);
    town::touched::remember(&town, &from);
    Ok(ExitStatus::OK)
}

fn remove(
    context: &Context<'_>,
    from: &str,
    to: &str,
    kind: Option<&DependencyType>,
) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let from = town.store.resolve_exact(from)?;
    // What it depends on may be gone: then the text is all there is.
    let to = town
        .store
        .resolve_exact(to)
        .or_else(|error| Id::parse(to).map_err(|_| error))?;
    let removed = dependency::remove(&town, &from, &to, kind)?;
    let Some(first) = removed.first() else {
        let message = format!("{from} does not depend on {to}");
        return Err(CommandError::not_found(message)
            .with_hint(format!("`bd dep list {from}` says on what it does")));
    };
    let line = format!("Removed dependency: {from} no longer depends on {to}");
    context
        .shell
        .answer(&edge_json("removed", &from, &to, Some(first)), &line);
    town::touched::remember(&town, &from);
    Ok(ExitStatus::OK)
}

fn unrelate(context: &Context<'_>, pair_args: &PairArgs) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let (one, other) = pair(&town, &pair_args.one, &pair_args.other)?;
    let removed = dependency::unrelate(&town, &one, &other)?;
    if !removed {
        return Err(CommandError::not_found(format!(
            "{one} and {other} are not related"
        )));
    }
    let line = format!("Removed dependency: {one} and {other} are no longer related");
    context.shell.answer(
        &edge_json("removed", &one, &other, Some(&relates_to())),
        &line,
    );
    Ok(ExitStatus::OK)
}

fn cycles(context: &Context<'_>) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let loaded = Loaded::read(&town)?;
    let picture = loaded.picture();
    let cycles = picture.graph.cycles();
    let names = cycles.iter().map(|path| path.iter().map(Id::as_str));
    let names: Vec<Vec<&str>> = names.map(Iterator::collect).collect();
    let lines = names.iter().map(|path| path.join(" -> "));
    let text = match names.is_empty() {
        true => "No dependency cycles found".to_owned(),
        false => lines.collect::<Vec<_>>().join("\n"),
    };
    context.shell.answer(&names, &text);
    Ok(report(context.shell, loaded.problems()))
}

fn pair(town: &Town, from: &str, to: &str) -> Result<(Id, Id), CommandError> {
    Ok((
        town.store.resolve_exact(from)?,
        town.store.resolve_exact(to)?,
    ))
}

fn edge_json(status: &str, from: &Id, to: &Id, kind: Option<&DependencyType>) -> Value {
    json!({
        "status": status,
        "issue_id": from.as_str(),
        "depends_on_id": to.as_str(),
        "type": kind.map(DependencyType::as_str),
    })
}
