//! What only `gt convoy` shows.

use cli::Look;
use cli::views::{ConvoyView, View};
use model::{ConvoyStatus, Time};
use serde::Serialize;
use town::convoy::{Report, StatusReport, Stranded};

/// A convoy whose beads say where they stand.
pub(super) fn standing(report: &StatusReport, now: &Time) -> ConvoyView {
    let mut view = ConvoyView::new(&report.convoy, now.timestamp());
    for (shown, bead) in view.beads.iter_mut().zip(&report.beads) {
        shown.assignee.clone_from(&bead.assignee);
        shown.merge_request = bead.merge_request.as_ref().map(ToString::to_string);
        shown.why.clone_from(&bead.why);
    }
    view
}

/// The convoys that nobody moves; an array as JSON.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct StrandedView(Vec<ConvoyView>);

impl StrandedView {
    pub(super) fn new(stranded: &Stranded, now: &Time) -> Self {
        let unfinished = |report: &StatusReport| {
            let mut view = standing(report, now);
            view.beads.retain(|bead| !bead.status.is_closed());
            view
        };
        Self(stranded.convoys.iter().map(unfinished).collect())
    }
}

impl View for StrandedView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No stranded convoys\n".to_owned();
        }
        let texts: Vec<String> = self.0.iter().map(|view| view.text(look)).collect();
        texts.join("\n")
    }
}

/// What a check changed.
#[derive(Serialize)]
pub(super) struct CheckView {
    checked: usize,
    changed: Vec<Changed>,
}

#[derive(Serialize)]
struct Changed {
    change: &'static str,
    #[serde(flatten)]
    convoy: ConvoyView,
}

impl CheckView {
    pub(super) fn new(report: &Report, now: &Time) -> Self {
        let changed = report.changed.iter().map(|it| Changed {
            change: match (it.before, it.convoy.status) {
                (ConvoyStatus::Open, ConvoyStatus::Closed) => "closed",
                (ConvoyStatus::Closed, ConvoyStatus::Open) => "reopened",
                _ => "updated",
            },
            convoy: ConvoyView::new(&it.convoy, now.timestamp()),
        });
        Self {
            checked: report.checked,
            changed: changed.collect(),
        }
    }
}

impl View for CheckView {
    fn text(&self, _: &Look) -> String {
        let line = |it: &Changed| {
            let ConvoyView { id, progress, .. } = &it.convoy;
            format!("{id}: {} ({progress})\n", it.change)
        };
        let lines: String = self.changed.iter().map(line).collect();
        let plural = if self.checked == 1 { "" } else { "s" };
        lines
            + &format!(
                "Checked {} convoy{plural}, {} changed\n",
                self.checked,
                self.changed.len()
            )
    }
}
