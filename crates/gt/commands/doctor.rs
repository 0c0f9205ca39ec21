//! `gt doctor` and `bd doctor`: what is not as it should be, and bringing it
//! forward. Both binaries share this file.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell, visible};
use model::Class;
use serde::Serialize;
use town::Town;
use town::doctor::{self, Item, Report};
use town::init::warn_of_network;

/// Find what is not as it should be, and with --fix repair it
///
/// It never deletes work: what needs a decision is reported with the remedy.
/// The exit status is 5 while something is left.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Repair what can be
    #[arg(long)]
    fix: bool,
    /// Show what --fix would do, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct View {
    fixed: Vec<ItemView>,
    found: Vec<ItemView>,
}

#[derive(Debug, Serialize)]
struct ItemView {
    what: String,
    remedy: Option<String>,
    can_fix: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    warn_of_network(town.setup(), town.common());
    let report = if arguments.fix && !arguments.dry_run {
        doctor::fix(town)?
    } else {
        Report {
            found: doctor::examine(town)?,
            ..Report::default()
        }
    };
    if shell.is_json() {
        let views = |items: &[Item]| items.iter().map(ItemView::new).collect();
        shell.json(&View {
            fixed: views(&report.fixed),
            found: views(&report.found),
        });
    } else {
        text(&report, arguments.dry_run, shell);
    }
    Ok(if report.found.is_empty() {
        ExitStatus::OK
    } else {
        Class::Damaged.into()
    })
}

fn text(report: &Report, dry_run: bool, shell: &Shell) {
    for item in &report.fixed {
        shell.line(&format!("fixed: {}", visible(&item.what)));
    }
    for item in &report.found {
        let word = if dry_run && item.can_fix() {
            "would fix"
        } else {
            "found"
        };
        shell.line(&format!("{word}: {}", visible(&item.what)));
        if word == "found" {
            shell.line(&format!("       {}", visible(item.advice())));
        }
    }
    if report.fixed.is_empty() && report.found.is_empty() {
        shell.line("Everything is as it should be");
    }
}

impl ItemView {
    fn new(item: &Item) -> Self {
        Self {
            what: item.what.clone(),
            remedy: item.remedy.clone(),
            can_fix: item.can_fix(),
        }
    }
}
