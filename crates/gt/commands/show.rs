//! `gt show`: a bead with who has it, and what becomes of its work.

use super::report;
use super::shared::{Whole, comments, linked};
use clap::Args;
use cli::views::{
    ConvoyListView, ConvoyView, HookView, LinkedView, MergeRequestView, QueueView, ShowView, View,
};
use cli::{CommandError, ExitStatus, Look, Shell};
use model::{Bead, Graph, Hook};
use serde::Serialize;
use store::Problem;
use town::{Town, convoy, queue};

/// Show beads with their hook, merge requests and convoys
#[derive(Args)]
pub(crate) struct Arguments {
    /// The beads; the beginning of an ID will do
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let ids = arguments
        .ids
        .iter()
        .map(|text| town.store.resolve_partial(text));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let whole = Whole::read(town)?;
    let graph = whole.graph();
    let mut problems = whole.snapshot.problems.clone();
    let mut views = Vec::new();
    for id in ids {
        let bead = town.store.bead(&id)?;
        views.push(Surroundings::of(
            town,
            &whole,
            &graph,
            &bead,
            &mut problems,
        )?);
    }
    shell.show(&Shown(views));
    Ok(report(shell, &problems))
}

/// A bead and everything that `gt` knows of it.
#[derive(Serialize)]
struct Surroundings {
    #[serde(flatten)]
    show: ShowView,
    hook: Option<HookView>,
    merge_requests: Vec<MergeRequestView>,
    convoys: Vec<ConvoyView>,
}

/// Several beads; an array as JSON, also for one.
#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Vec<Surroundings>);

impl Surroundings {
    fn of(
        town: &Town,
        whole: &Whole,
        graph: &Graph<'_>,
        bead: &Bead,
        problems: &mut Vec<Problem>,
    ) -> Result<Self, CommandError> {
        let now = town.now().timestamp();
        let convoys = convoy::naming(town, &bead.id)?;
        problems.extend(convoys.problems);
        let requests = queue::of_source(town, &bead.id)?;
        problems.extend(requests.problems);
        Ok(Self {
            show: show(town, whole, graph, bead, problems)?,
            hook: hook(town, bead)?.as_ref().map(HookView::new),
            merge_requests: requests
                .records
                .iter()
                .map(|it| MergeRequestView::new(it, now))
                .collect(),
            convoys: convoys
                .records
                .iter()
                .map(|it| ConvoyView::new(it, now))
                .collect(),
        })
    }
}

/// The hook that holds the bead now.
fn hook(town: &Town, bead: &Bead) -> Result<Option<Hook>, CommandError> {
    let Some(agent) = bead.agent() else {
        return Ok(None);
    };
    let hook = town.store.read::<Hook>(&agent)?;
    Ok(hook.filter(|hook| hook.bead == bead.id && hook.attempt == bead.attempt))
}

fn show(
    town: &Town,
    whole: &Whole,
    graph: &Graph<'_>,
    bead: &Bead,
    problems: &mut Vec<Problem>,
) -> Result<ShowView, CommandError> {
    let view = |bead: &Bead| linked(town, whole, graph, bead);
    let dependencies = town::dependency::of(bead).into_iter().filter_map(|edge| {
        let target = graph.get(&edge.id)?;
        Some(LinkedView::new(view(target), edge.kind.to_string()))
    });
    let dependents = graph.dependents(&bead.id).into_iter();
    let dependents = dependents.map(|(it, kind)| LinkedView::new(view(it), kind.to_string()));
    Ok(ShowView::new(
        view(bead),
        dependencies.collect(),
        dependents.collect(),
        comments(town, &bead.id, problems)?,
    ))
}

impl View for Surroundings {
    fn text(&self, look: &Look) -> String {
        let mut text = self.show.text(look);
        let mut section = |heading: &str, body: String| {
            let lines = body.lines().map(|line| match line {
                "" => "\n".to_owned(),
                line => format!("  {line}\n"),
            });
            text += &format!("\n{}\n{}", look.heading(heading), lines.collect::<String>());
        };
        if let Some(hook) = &self.hook {
            section("Hook", hook.text(look));
        }
        if !self.merge_requests.is_empty() {
            section(
                "Merge requests",
                QueueView(self.merge_requests.clone()).text(look),
            );
        }
        if !self.convoys.is_empty() {
            section("Convoys", ConvoyListView(self.convoys.clone()).text(look));
        }
        text
    }
}

impl View for Shown {
    fn text(&self, look: &Look) -> String {
        let texts: Vec<String> = self.0.iter().map(|view| view.text(look)).collect();
        texts.join("\n")
    }
}
