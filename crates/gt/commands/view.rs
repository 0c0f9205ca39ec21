//! What several commands show.

use cli::visible_line;
use model::{Address, Bead};
use serde::Serialize;
use town::session::Session;
use town::sling::{Action, Place, Slung};

/// One bead and the hook it went to.
#[derive(Debug, Serialize)]
pub(crate) struct SlingView {
    pub(crate) bead: String,
    pub(crate) title: String,
    pub(crate) agent: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) branch: Option<String>,
    pub(crate) worktree: Option<String>,
    pub(crate) runtime: Option<String>,
    pub(crate) worker: Option<WorkerView>,
    pub(crate) changed: bool,
}

/// A worker's process.
#[derive(Debug, Serialize)]
pub(crate) struct WorkerView {
    pub(crate) state: String,
    pub(crate) pid: Option<u32>,
    pub(crate) log: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
}

impl SlingView {
    pub(crate) fn new(slung: &Slung) -> Self {
        let mut view = Self::of(&slung.bead, &slung.agent, slung.place.as_ref());
        view.worker = slung.worker.as_ref().map(WorkerView::from);
        view.changed = slung.changed;
        view
    }

    pub(crate) fn planned(bead: &Bead, action: &Action) -> Self {
        match action {
            Action::Nothing(agent) | Action::Restart(agent) | Action::Hook(agent) => {
                Self::of(bead, agent, None)
            }
            Action::Polecat(place) => Self::of(bead, &place.agent, Some(place)),
        }
    }

    fn of(bead: &Bead, agent: &Address, place: Option<&Place>) -> Self {
        Self {
            bead: bead.id.to_string(),
            title: bead.title.clone(),
            agent: Some(agent.to_string()),
            attempt: bead.attempt,
            branch: place.map(|place| place.branch.clone()),
            worktree: place.map(|place| place.worktree.display().to_string()),
            runtime: place.map(|place| place.runtime.clone()),
            worker: None,
            changed: false,
        }
    }

    pub(crate) fn text(&self) -> String {
        self.text_with(if self.changed {
            "Slung"
        } else {
            "On its hook already:"
        })
    }

    pub(crate) fn text_with(&self, verb: &str) -> String {
        let agent = self.agent.as_deref().unwrap_or("nobody");
        let mut out = format!(
            "{verb} {} to {agent}: {}\n",
            self.bead,
            visible_line(&self.title)
        );
        let mut row = |name: &str, value: &str| {
            out.push_str(&format!("  {name:<9} {}\n", visible_line(value)))
        };
        for (name, value) in [
            ("branch", &self.branch),
            ("worktree", &self.worktree),
            ("runtime", &self.runtime),
        ] {
            value.iter().for_each(|value| row(name, value));
        }
        if let Some(worker) = &self.worker {
            row("worker", &worker.state);
            worker.log.iter().for_each(|log| row("log", log));
            out.extend(worker.detail.iter().cloned());
        }
        out
    }
}

impl WorkerView {
    pub(crate) fn of(session: &Session, state: &str) -> Self {
        let pid = session
            .process
            .as_deref()
            .and_then(|text| text.split(':').nth(1)?.parse().ok());
        let state = pid.map_or_else(
            || state.to_owned(),
            |pid| format!("{state} ({}, pid {pid})", session.runtime),
        );
        Self {
            state,
            pid,
            log: Some(session.log.clone()),
            detail: None,
        }
    }

    pub(crate) fn waiting(state: String) -> Self {
        Self {
            state,
            pid: None,
            log: None,
            detail: None,
        }
    }
}

/// The lines of a log, set in.
pub(crate) fn rows(text: &str) -> String {
    text.lines()
        .map(|line| format!("  | {}\n", visible_line(line)))
        .collect()
}
