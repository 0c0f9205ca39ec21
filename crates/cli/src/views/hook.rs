//! An agent's hook.

use super::View;
use super::bead::as_text;
use super::layout::{labelled, section};
use crate::{Look, visible, visible_line};
use model::{Address, Hook, Id};
use serde::Serialize;

/// What is on an agent's hook, or that nothing is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HookView {
    /// Whose hook it is.
    #[serde(serialize_with = "as_text")]
    pub agent: Address,
    /// The work; null for an empty hook.
    pub hook: Option<HookedView>,
    /// What is wrong with it, or has to be done before it runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The work on a hook, under the names of its file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::Hook")]
pub struct HookedView {
    pub bead: String,
    pub title: String,
    pub attempt: u32,
    pub nonce: String,
    pub host: String,
    pub runtime: Option<String>,
    pub branch: Option<String>,
    pub target: Option<String>,
    pub instructions: Option<String>,
    pub molecule: Option<String>,
    pub what_to_do: Option<String>,
    pub step: Option<String>,
    pub parked: Option<ParkedView>,
    pub hooked_at: String,
    pub hooked_by: String,
}

/// What a parked hook waits for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::Parked")]
pub struct ParkedView {
    pub on: String,
    pub reason: String,
    pub note: Option<String>,
    pub since: String,
}

impl HookView {
    /// A hook with work on it.
    pub fn new(hook: &Hook) -> Self {
        Self {
            agent: hook.agent.clone(),
            hook: Some(HookedView::new(hook)),
            notes: Vec::new(),
        }
    }

    /// A hook with nothing on it.
    pub fn empty(agent: &Address) -> Self {
        Self {
            agent: agent.clone(),
            hook: None,
            notes: Vec::new(),
        }
    }

    /// Adds a remark, such as that the hook waits to be accepted.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl HookedView {
    fn new(hook: &Hook) -> Self {
        Self {
            bead: hook.bead.to_string(),
            title: hook.title.clone(),
            attempt: hook.attempt,
            nonce: hook.nonce.clone(),
            host: hook.host.clone(),
            runtime: hook.runtime.clone(),
            branch: hook.branch.clone(),
            target: hook.target.clone(),
            instructions: hook.instructions.clone(),
            molecule: hook.molecule.as_ref().map(Id::to_string),
            what_to_do: hook.what_to_do.clone(),
            step: hook.step.clone(),
            parked: hook.parked.as_ref().map(ParkedView::new),
            hooked_at: hook.hooked_at.to_string(),
            hooked_by: hook.hooked_by.clone(),
        }
    }

    fn lines(&self, look: &Look) -> String {
        let title = format!("{}  {}", self.bead, visible_line(&self.title));
        let hooked = format!("{} by {}", self.hooked_at, self.hooked_by);
        let parked = self.parked.as_ref().map(ParkedView::line);
        format!("{}\n", look.heading(&title))
            + &labelled("Attempt", Some(&self.attempt.to_string()))
            + &labelled("Branch", self.branch.as_deref())
            + &labelled("Target", self.target.as_deref())
            + &labelled("Runtime", self.runtime.as_deref())
            + &labelled("Host", Some(&self.host))
            + &labelled("Molecule", self.molecule.as_deref())
            + &labelled("Step", self.step.as_deref())
            + &labelled("Parked", parked.as_deref())
            + &labelled("Hooked", Some(&hooked))
    }
}

impl ParkedView {
    fn new(parked: &model::Parked) -> Self {
        Self {
            on: parked.on.to_string(),
            reason: parked.reason.clone(),
            note: parked.note.clone(),
            since: parked.since.to_string(),
        }
    }

    fn line(&self) -> String {
        let note = self
            .note
            .as_ref()
            .map_or_else(String::new, |note| format!(": {note}"));
        format!("{} on {} since {}{note}", self.reason, self.on, self.since)
    }
}

impl View for HookView {
    fn text(&self, look: &Look) -> String {
        let mut text = match &self.hook {
            None => format!("{}: nothing on the hook\n", self.agent),
            Some(hook) => format!("{}\n{}", self.agent, hook.lines(look)),
        };
        for note in &self.notes {
            text += &format!(
                "{}\n",
                look.warning(&format!("Note: {}", visible_line(note)))
            );
        }
        if let Some(hook) = &self.hook {
            for (heading, prose) in [
                ("Instructions", &hook.instructions),
                ("What to do", &hook.what_to_do),
            ] {
                let body = prose.as_deref().map(visible).unwrap_or_default();
                text += &section(look, heading, body.trim_end());
            }
        }
        text
    }
}

#[cfg(test)]
mod tests;
