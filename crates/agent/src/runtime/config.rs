//! What a user writes about a runtime, and why it may be refused.
//!
//! This belongs to the user's own configuration; the same words in a
//! repository mean nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Runtime, presets};
use crate::environment;

/// One entry under `runtimes:` in the user's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuntimeConfig {
    /// Program and arguments. Required unless the name is a preset's.
    pub command: Option<Vec<String>>,
    /// The same for a terminal, where a person may join in.
    pub interactive: Option<Vec<String>>,
    /// Arguments added at the end.
    pub args: Vec<String>,
    /// Further variables to pass on: names, or prefixes that end in `*`.
    pub env: Vec<String>,
}

impl RuntimeConfig {
    pub(super) fn over(
        &self,
        name: &str,
        preset: Option<Runtime>,
    ) -> Result<Runtime, RuntimeError> {
        self.env
            .iter()
            .try_for_each(|entry| check_variable(name, entry))?;
        let mut runtime = match (&self.command, preset) {
            (Some(command), preset) => replaced(name, command, preset)?,
            (None, Some(preset)) => preset,
            (None, None) => return Err(RuntimeError::NoCommand { name: name.into() }),
        };
        if let Some(interactive) = &self.interactive {
            if interactive.first().is_none_or(String::is_empty) {
                return Err(RuntimeError::NoCommand { name: name.into() });
            }
            runtime.interactive.clone_from(interactive);
            runtime.interactive_resume.clear();
        }
        for command in runtime.commands() {
            command.extend_from_slice(&self.args);
        }
        runtime.env_pass.extend_from_slice(&self.env);
        Ok(runtime)
    }
}

/// A command of the user's own. It keeps the preset's variables (it may wrap
/// that program), but not its way to resume: that belongs to the old command.
fn replaced(
    name: &str,
    command: &[String],
    preset: Option<Runtime>,
) -> Result<Runtime, RuntimeError> {
    if command.first().is_none_or(String::is_empty) {
        return Err(RuntimeError::NoCommand { name: name.into() });
    }
    let (env_pass, env_set) = preset.map(|p| (p.env_pass, p.env_set)).unwrap_or_default();
    let (name, command) = (name.to_owned(), command.to_vec());
    Ok(Runtime {
        name,
        command,
        resume: Vec::new(),
        interactive: Vec::new(),
        interactive_resume: Vec::new(),
        env_pass,
        env_set,
        hooks: None,
    })
}

impl Runtime {
    /// Every command line that there is.
    fn commands(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        [
            &mut self.command,
            &mut self.resume,
            &mut self.interactive,
            &mut self.interactive_resume,
        ]
        .into_iter()
        .filter(|command| !command.is_empty())
    }
}

fn check_variable(name: &str, entry: &str) -> Result<(), RuntimeError> {
    let (name, owned) = (name.to_owned(), entry.to_owned());
    if !is_variable(entry) {
        return Err(RuntimeError::Variable { name, entry: owned });
    }
    if environment::is_withheld(entry) {
        return Err(RuntimeError::Withheld { name, entry: owned });
    }
    Ok(())
}

fn is_variable(entry: &str) -> bool {
    let name = entry.strip_suffix('*').unwrap_or(entry);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Why a runtime cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    /// The name is neither a preset nor configured.
    #[error("runtime {name:?} is not known; known are {}", known.join(", "))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// Every name that would have worked, sorted.
        known: Vec<String>,
    },
    /// A runtime of the user's own without a program.
    #[error("runtime {name:?} has no command: `runtimes.{name}.command` is missing or empty")]
    NoCommand {
        /// The runtime's name.
        name: String,
    },
    /// An entry of `env` that is no variable name.
    #[error(
        "runtime {name:?}: {entry:?} in `runtimes.{name}.env` is not the name of a variable, \
         nor a prefix such as SCRIBE_*"
    )]
    Variable {
        /// The runtime's name.
        name: String,
        /// The entry as it was written.
        entry: String,
    },
    /// A variable that no worker gets from its caller.
    #[error("runtime {name:?}: {entry:?} in `runtimes.{name}.env` is never passed on to workers")]
    Withheld {
        /// The runtime's name.
        name: String,
        /// The entry as it was written.
        entry: String,
    },
}

impl RuntimeError {
    pub(super) fn unknown(name: &str, configured: &BTreeMap<String, RuntimeConfig>) -> Self {
        let mut known: Vec<String> = presets::known().map(str::to_owned).collect();
        known.extend(configured.keys().cloned());
        known.sort();
        known.dedup();
        Self::Unknown {
            name: name.to_owned(),
            known,
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { name, .. } | Self::NoCommand { name } => format!(
                "give `runtimes.{name}.command` as a list of arguments in your own \
                 configuration (~/.config/plaintown/config.yaml, or the file PLAINTOWN_CONFIG names)"
            ),
            Self::Withheld { .. } => "GIT_* could point a worker at another repository, and GT_* \
                 and BD_* are set for each worker; put settings for git into git's own \
                 configuration"
                .into(),
            Self::Variable { .. } => {
                "list names only: values are taken from the environment you run gt in".into()
            }
        }
    }
}
