//! Which command line starts an agent.
//!
//! A runtime comes from the built-in presets or from the user's own
//! configuration, and from nowhere else: nothing here reads a repository.
//! Command lines are lists of arguments. No value ever passes through a
//! shell, and no value is looked at a second time after it was filled in.

mod config;
mod placeholders;
mod presets;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use crate::conversation::Conversation;
use crate::hooks::{Dialect, Way};

pub use config::{RuntimeConfig, RuntimeError};
pub use placeholders::Placeholders;
pub use presets::known;

/// A way to start an agent, ready to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtime {
    /// The name it is chosen by.
    pub name: String,
    /// Program and arguments, with placeholders. Never empty.
    pub command: Vec<String>,
    /// The same for continuing an earlier conversation, with `{session}` for
    /// its ID. Empty where the runtime has no way to do that unattended.
    pub resume: Vec<String>,
    /// The same two for a terminal, where a person may join in: the program
    /// does not end by itself. Empty where there is no such form.
    pub interactive: Vec<String>,
    /// Continuing an earlier conversation in a terminal.
    pub interactive_resume: Vec<String>,
    /// Variables passed on from the caller's environment besides the common
    /// ones: exact names, or prefixes that end in `*`.
    pub env_pass: Vec<String>,
    /// Variables that are set, whatever the caller has.
    pub env_set: Vec<(String, String)>,
    /// How its own hooks are spoken to, where the command line is the built-in
    /// one: what somebody's own command runs is not known.
    pub hooks: Option<Dialect>,
}

impl Runtime {
    /// Finds `name` in the user's configuration, laid over the presets.
    ///
    /// A configured `command` replaces the preset's command line; `args` are
    /// added at its end; `env` adds to what is passed on.
    pub fn resolve(
        name: &str,
        configured: &BTreeMap<String, RuntimeConfig>,
    ) -> Result<Self, RuntimeError> {
        let preset = presets::find(name);
        match (configured.get(name), preset) {
            (Some(config), preset) => config.over(name, preset),
            (None, Some(preset)) => Ok(preset),
            (None, None) => Err(RuntimeError::unknown(name, configured)),
        }
    }

    /// The command line of a new conversation.
    #[must_use]
    pub fn argv(&self, values: &Placeholders<'_>) -> Vec<OsString> {
        values.fill_all(&self.command, None)
    }

    /// The command line that continues the conversation `session`; `None`
    /// where the runtime cannot.
    #[must_use]
    pub fn resume_argv(
        &self,
        values: &Placeholders<'_>,
        session: &Conversation,
    ) -> Option<Vec<OsString>> {
        (!self.resume.is_empty()).then(|| values.fill_all(&self.resume, Some(session.as_str())))
    }

    /// The arguments that make it read its hooks from a file besides the work
    /// tree's own; `None` where it has no such argument, or has one already.
    #[must_use]
    pub fn hooks_argv(&self, file: &Path) -> Option<[OsString; 2]> {
        const FLAG: &str = "--settings";
        let is_taken = self.command.iter().any(|it| it.starts_with(FLAG));
        (self.hooks.map(Dialect::way) == Some(Way::Argument) && !is_taken)
            .then(|| [FLAG.into(), file.as_os_str().to_owned()])
    }

    /// The runtime as it is started in a terminal.
    #[must_use]
    pub fn in_terminal(mut self) -> Self {
        if !self.interactive.is_empty() {
            self.command = std::mem::take(&mut self.interactive);
            self.resume = std::mem::take(&mut self.interactive_resume);
        }
        self
    }

    /// Whether the command line carries the prompt. One that does not is
    /// started without it and finds its work through `gt prime`.
    #[must_use]
    pub fn takes_prompt(&self) -> bool {
        self.command
            .iter()
            .any(|argument| argument.contains("{prompt}"))
    }
}

#[cfg(test)]
mod tests;
