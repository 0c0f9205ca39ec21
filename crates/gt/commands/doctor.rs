//! `gt doctor`: what is not as it should be, and bringing it forward.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell, visible};
use model::Class;
use serde::Serialize;
use town::Town;
use town::doctor::{self, Item};

/// Find what is not as it should be, and with --fix complete what a killed command left half done
///
/// It never deletes work: what needs a decision is reported with the remedy.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Complete and repair what can be
    #[arg(long)]
    fix: bool,
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
    let report = if arguments.fix {
        doctor::fix(town)?
    } else {
        doctor::examine(town)?
    };
    let views = |items: &[Item]| items.iter().map(ItemView::new).collect();
    let view = View {
        fixed: views(&report.fixed),
        found: views(&report.found),
    };
    if shell.is_json() {
        shell.json(&view);
    } else {
        text(&view, shell);
    }
    Ok(if report.found.is_empty() {
        ExitStatus::OK
    } else {
        Class::Damaged.into()
    })
}

fn text(view: &View, shell: &Shell) {
    for item in &view.fixed {
        shell.line(&format!("fixed: {}", item.what));
    }
    for item in &view.found {
        shell.line(&format!("found: {}", item.what));
        let remedy = if item.can_fix {
            Some("`gt doctor --fix` completes it")
        } else {
            item.remedy.as_deref()
        };
        remedy
            .iter()
            .for_each(|remedy| shell.out(&format!("       {}\n", visible(remedy))));
    }
    if view.fixed.is_empty() && view.found.is_empty() {
        shell.line("Everything is as it should be");
    }
}

impl ItemView {
    fn new(item: &Item) -> Self {
        Self {
            what: item.what.clone(),
            remedy: item.remedy.clone(),
            can_fix: item.can_fix,
        }
    }
}
