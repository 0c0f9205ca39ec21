//! `bd ready --explain`

use crate::picture::Picture;
use cli::{Look, View, visible_line};
use model::ready;
use serde::Serialize;

/// Why each open bead is ready, or why not; an array as JSON.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct ExplainView(Vec<Explained>);

#[derive(Serialize)]
struct Explained {
    id: String,
    title: String,
    ready: bool,
    reasons: Vec<String>,
}

/// Looks at every bead that is not closed.
pub(super) fn explain(picture: &Picture<'_>) -> ExplainView {
    let now = picture.context().now;
    let open = picture.graph.beads().filter(|it| !it.status.is_closed());
    let explained = open.map(|bead| {
        let reasons = ready::explain(&picture.graph, &bead.id, now).unwrap_or_default();
        Explained {
            id: bead.id.to_string(),
            title: bead.title.clone(),
            ready: reasons.is_empty(),
            reasons: reasons.iter().map(ToString::to_string).collect(),
        }
    });
    ExplainView(explained.collect())
}

impl View for ExplainView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No open issues found\n".into();
        }
        self.0.iter().map(|it| it.text(look)).collect()
    }
}

impl Explained {
    fn text(&self, look: &Look) -> String {
        let why = match self.ready {
            true => look.good("is ready"),
            false => self.reasons.join("; "),
        };
        format!("{}  {}\n    {why}\n", self.id, visible_line(&self.title))
    }
}
