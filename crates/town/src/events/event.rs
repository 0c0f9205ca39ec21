//! What happens, as it is told.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub enum Event {
    /// A bead was put on an agent's hook.
    HookAppeared {
        agent: String,
        bead: String,
        attempt: u32,
    },
    /// A hook changed: its attempt, its step, or what it waits for.
    HookChanged {
        agent: String,
        bead: String,
        attempt: u32,
        step: Option<String>,
        waits_for: Option<String>,
    },
    /// A hook is gone.
    HookRemoved {
        agent: String,
        bead: String,
        attempt: u32,
    },
    /// A bead was made (`from` is none), changed its status, or is gone.
    BeadChanged {
        bead: String,
        from: Option<String>,
        to: Option<String>,
    },
    /// All beads of a convoy are closed.
    ConvoyCompleted { convoy: String, title: String },
    /// What a parked hook waits for is there.
    GateOpened { gate: String, agent: String },
    /// A worker's process runs.
    AgentStarted {
        agent: String,
        bead: String,
        attempt: u32,
        pid: Option<u32>,
    },
    /// It runs again on the same hook, after its last process ended.
    AgentRestarted {
        agent: String,
        bead: String,
        attempt: u32,
        pid: Option<u32>,
    },
    /// A worker's process has ended; `how`, where this is known.
    AgentExited {
        agent: String,
        bead: String,
        attempt: u32,
        how: Option<String>,
    },
    /// A worker ended before its work did, so many times in a row, or could not
    /// be started.
    AgentCrashed {
        agent: String,
        bead: String,
        attempt: u32,
        times: u32,
        how: Option<String>,
    },
    /// A worker's process runs and shows no progress.
    AgentStalled {
        agent: String,
        bead: String,
        attempt: u32,
    },
    /// Somebody has to decide something before the agent goes on.
    AgentEscalated {
        agent: String,
        bead: String,
        reason: Option<String>,
    },
    /// A merge request has landed.
    MergeDone {
        merge_request: String,
        bead: String,
        commit: Option<String>,
    },
    /// A merge request was sent back or dropped.
    MergeRefused {
        merge_request: String,
        bead: String,
        outcome: String,
    },
    /// Something is not as it should be.
    Problem {
        what: String,
        remedy: Option<String>,
    },
}

/// An event, when it was told, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// When.
    pub at: Timestamp,
    /// Who did it and told; none of what was only noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The store it happened in, where that is a linked worktree's own: all
    /// worktrees of a clone share one journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

impl Noticed {
    /// An event that happens now.
    pub fn now(event: Event) -> Self {
        Self {
            at: Timestamp::now(),
            by: None,
            store: None,
            event,
        }
    }

    /// The same, told by who does it.
    pub fn by(self, who: &str) -> Self {
        let by = Some(who.to_owned());
        Self { by, ..self }
    }

    /// The same, in this store.
    pub fn within(self, store: Option<String>) -> Self {
        Self { store, ..self }
    }
}

impl fmt::Display for Noticed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        write!(f, "{time} {}", self.event)?;
        self.by.iter().try_for_each(|by| write!(f, ", by {by}"))
    }
}

impl Event {
    /// Whether it names this bead, agent, convoy, gate or merge request: in full,
    /// or by the last part of its name.
    pub fn is_about(&self, name: &str) -> bool {
        let is_it = |it: &String| {
            let rest = it.strip_suffix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '-']))
        };
        self.names().into_iter().any(is_it)
    }

    fn names(&self) -> Vec<&String> {
        match self {
            Self::BeadChanged { bead, .. } => vec![bead],
            Self::HookAppeared { agent, bead, .. }
            | Self::HookChanged { agent, bead, .. }
            | Self::HookRemoved { agent, bead, .. }
            | Self::AgentStarted { agent, bead, .. }
            | Self::AgentRestarted { agent, bead, .. }
            | Self::AgentExited { agent, bead, .. }
            | Self::AgentCrashed { agent, bead, .. }
            | Self::AgentStalled { agent, bead, .. }
            | Self::AgentEscalated { agent, bead, .. } => vec![agent, bead],
            Self::MergeDone {
                merge_request,
                bead,
                ..
            }
            | Self::MergeRefused {
                merge_request,
                bead,
                ..
            } => vec![merge_request, bead],
            Self::ConvoyCompleted { convoy, .. } => vec![convoy],
            Self::GateOpened { gate, agent } => vec![gate, agent],
            Self::Problem { .. } => Vec::new(),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HookAppeared {
                agent,
                bead,
                attempt,
            } => write!(f, "{agent}: {bead} is on its hook (attempt {attempt})"),
            Self::HookChanged {
                agent,
                bead,
                step,
                waits_for,
                ..
            } => match (waits_for, step) {
                (Some(on), _) => write!(f, "{agent}: its hook with {bead} waits for {on}"),
                (None, Some(step)) => write!(f, "{agent}: {bead} is at step {step}"),
                (None, None) => write!(f, "{agent}: its hook with {bead} changed"),
            },
            Self::HookRemoved { agent, bead, .. } => write!(f, "{agent}: {bead} is off its hook"),
            Self::BeadChanged { bead, from, to } => change(f, bead, from.as_ref(), to.as_ref()),
            Self::ConvoyCompleted { convoy, title } => write!(f, "{convoy} is complete: {title}"),
            Self::GateOpened { gate, agent } => write!(f, "{gate} is open, {agent} goes on"),
            Self::AgentStarted {
                agent, bead, pid, ..
            } => write!(f, "{agent} started on {bead}{}", Pid(*pid)),
            Self::AgentRestarted {
                agent, bead, pid, ..
            } => write!(f, "{agent} started again on {bead}{}", Pid(*pid)),
            Self::AgentExited {
                agent, bead, how, ..
            } => {
                write!(f, "{agent} has ended its work on {bead}")?;
                how.iter().try_for_each(|how| write!(f, " ({how})"))
            }
            Self::AgentCrashed {
                agent,
                bead,
                times,
                how,
                ..
            } => {
                let how = how.as_deref().unwrap_or("nobody saw how");
                write!(
                    f,
                    "{agent} crashed on {bead}, {times} in a row: {}",
                    first_line(how)
                )
            }
            Self::AgentStalled { agent, bead, .. } => {
                write!(f, "{agent} shows no progress on {bead}")
            }
            Self::AgentEscalated {
                agent,
                bead,
                reason,
            } => {
                let reason = reason.as_deref().unwrap_or("no reason given");
                write!(f, "{agent} is stuck on {bead}: {}", first_line(reason))
            }
            Self::MergeDone {
                merge_request,
                bead,
                commit,
            } => {
                let commit = commit.as_deref().unwrap_or("unknown");
                let short = commit.get(..10).unwrap_or(commit);
                write!(f, "{bead} has landed as {short} ({merge_request})")
            }
            Self::MergeRefused {
                merge_request,
                bead,
                outcome,
            } => write!(f, "{bead} was not merged: {outcome} ({merge_request})"),
            Self::Problem { what, remedy } => {
                write!(f, "problem: {what}")?;
                remedy.iter().try_for_each(|remedy| write!(f, "; {remedy}"))
            }
        }
    }
}

fn change(
    f: &mut fmt::Formatter<'_>,
    bead: &str,
    from: Option<&String>,
    to: Option<&String>,
) -> fmt::Result {
    match (from, to) {
        (None, Some(to)) => write!(f, "{bead} was made, {to}"),
        (Some(from), Some(to)) => write!(f, "{bead}: {from} -> {to}"),
        (_, None) => write!(f, "{bead} is gone"),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

struct Pid(Option<u32>);

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|pid| write!(f, " (pid {pid})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_flat_and_goes_both_ways() {
        let noticed = Noticed {
            at: "2026-01-15T10:30:00.25Z".parse().unwrap(),
            by: Some("overseer".to_owned()),
            store: None,
            event: Event::BeadChanged {
                bead: "gt-abc12".to_owned(),
                from: Some("open".to_owned()),
                to: Some("hooked".to_owned()),
            },
        };
        let text = serde_json::to_string(&noticed).unwrap();
        assert_eq!(
            text,
            r#"{"at":"2026-01-15T10:30:00.25Z","by":"overseer","event":"bead_changed","bead":"gt-abc12","from":"open","to":"hooked"}"#
        );
        assert_eq!(serde_json::from_str::<Noticed>(&text).unwrap(), noticed);
        assert_eq!(
            noticed.to_string(),
            "2026-01-15T10:30:00.250Z gt-abc12: open -> hooked, by overseer"
        );
    }

    #[test]
    fn it_is_about_what_it_names() {
        let event = Event::AgentStalled {
            agent: "app/polecats/toast".to_owned(),
            bead: "gt-abc12".to_owned(),
            attempt: 1,
        };
        for name in ["gt-abc12", "abc12", "toast", "app/polecats/toast"] {
            assert!(event.is_about(name), "{name}");
        }
        for name in ["c12", "oast", "gt-abc1", "app"] {
            assert!(!event.is_about(name), "{name}");
        }
    }
}
