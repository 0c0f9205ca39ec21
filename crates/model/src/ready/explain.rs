//! Why a bead is not ready, in words.

use super::{deferred_by, is_ephemeral, is_pinned};
use crate::{Graph, Id, Kind, Status, Time};
use jiff::Timestamp;
use std::fmt;

/// One reason why a bead is not ready. Its text completes "it …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReady {
    /// Its state does not wait for somebody to begin.
    Status(Status),
    /// It is pinned.
    Pinned,
    /// It is ephemeral, and only its molecule lists it.
    Ephemeral,
    /// Its type is listed only when asked for.
    Machinery(Kind),
    /// It, or an ancestor, is put off.
    Deferred {
        /// Until when.
        until: Time,
        /// The ancestor, if it is not the bead itself.
        ancestor: Option<Id>,
    },
    /// Another bead has to be closed first.
    Blocked {
        /// The bead to be closed.
        by: Id,
        /// The ancestor that is blocked, if it is not the bead itself.
        ancestor: Option<Id>,
        /// The bead whose children are waited for.
        child_of: Option<Id>,
    },
}

/// Why a bead is not ready: nothing for one that is. None for an ID that the
/// graph does not know.
pub fn explain(graph: &Graph<'_>, id: &Id, now: Timestamp) -> Option<Vec<NotReady>> {
    let bead = graph.get(id)?;
    let flags = [
        (!bead.status.is_waiting()).then(|| NotReady::Status(bead.status.clone())),
        is_pinned(bead).then_some(NotReady::Pinned),
        is_ephemeral(bead).then_some(NotReady::Ephemeral),
        (bead.kind.is_machinery()).then(|| NotReady::Machinery(bead.kind.clone())),
        deferred(graph, id, now),
    ];
    let blockers = graph
        .why_blocked(id)
        .into_iter()
        .map(|it| NotReady::Blocked {
            by: it.id.clone(),
            ancestor: it.ancestor.cloned(),
            child_of: it.child_of.cloned(),
        });
    Some(flags.into_iter().flatten().chain(blockers).collect())
}

fn deferred(graph: &Graph<'_>, id: &Id, now: Timestamp) -> Option<NotReady> {
    let later = deferred_by(graph, graph.get(id)?, now)?;
    Some(NotReady::Deferred {
        until: later.defer_until.clone()?,
        ancestor: (later.id != *id).then(|| later.id.clone()),
    })
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "is {status}"),
            Self::Pinned => write!(f, "is pinned"),
            Self::Ephemeral => write!(f, "is ephemeral, and shows only in its molecule"),
            Self::Machinery(kind) => write!(f, "is a {kind}, which shows only with --type {kind}"),
            Self::Deferred { until, ancestor } => {
                write_ancestor(f, ancestor.as_ref())?;
                write!(f, "is deferred until {until}")
            }
            Self::Blocked {
                by,
                ancestor,
                child_of,
            } => {
                write_ancestor(f, ancestor.as_ref())?;
                write!(f, "is blocked by {by}")?;
                match child_of {
                    Some(parent) => write!(f, ", a child of {parent}"),
                    None => Ok(()),
                }
            }
        }
    }
}

fn write_ancestor(f: &mut fmt::Formatter<'_>, ancestor: Option<&Id>) -> fmt::Result {
    match ancestor {
        Some(id) => write!(f, "is part of {id}, which "),
        None => Ok(()),
    }
}
