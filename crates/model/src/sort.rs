//! Orders in which beads are listed. Each is total: ties go by ID.

use crate::{Bead, Context};
use jiff::{SignedDuration, Timestamp};
use std::cmp::{Ordering, Reverse};

/// How long a bead counts as recent in [`Sort::Hybrid`].
const RECENT: SignedDuration = SignedDuration::from_hours(48);

/// What beads are listed by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Most urgent first, then oldest.
    #[default]
    Priority,
    /// Oldest first.
    Oldest,
    /// Those made in the last 48 hours by priority, then the others oldest
    /// first, so that what came in today is seen and nothing starves unseen.
    Hybrid,
    /// Newest first.
    Created,
    /// Last changed first.
    Updated,
    /// Last closed first; those that are not closed come last.
    Closed,
    /// By title, whatever the case.
    Title,
    /// By the status's name.
    Status,
    /// By the type's name.
    Type,
    /// By assignee; those without one come last.
    Assignee,
    /// By ID.
    Id,
}

/// Why a text is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an order: use {}", .0.escape_debug(), Sort::NAMES.map(|(name, _)| name).join(", "))]
pub struct SortError(String);

impl Sort {
    /// Every order with its name on the command line.
    pub const NAMES: [(&'static str, Self); 11] = [
        ("priority", Self::Priority),
        ("oldest", Self::Oldest),
        ("hybrid", Self::Hybrid),
        ("created", Self::Created),
        ("updated", Self::Updated),
        ("closed", Self::Closed),
        ("title", Self::Title),
        ("status", Self::Status),
        ("type", Self::Type),
        ("assignee", Self::Assignee),
        ("id", Self::Id),
    ];

    /// Sorts beads.
    pub fn sort(self, beads: &mut [&Bead], context: &Context<'_>) {
        match self {
            Self::Updated => {
                beads.sort_by_cached_key(|bead| (Reverse(context.updated(bead)), bead.id.clone()))
            }
            Self::Title => {
                beads.sort_by_cached_key(|bead| (bead.title.to_lowercase(), bead.id.clone()))
            }
            _ => beads.sort_by(|a, b| {
                self.compare(a, b, context.now)
                    .then_with(|| a.id.cmp(&b.id))
            }),
        }
    }

    fn compare(self, a: &Bead, b: &Bead, now: Timestamp) -> Ordering {
        let oldest = || created(a).cmp(&created(b));
        match self {
            Self::Priority => a.priority.cmp(&b.priority).then_with(oldest),
            Self::Oldest => oldest(),
            Self::Hybrid => hybrid_key(a, now)
                .cmp(&hybrid_key(b, now))
                .then_with(oldest),
            Self::Created => oldest().reverse(),
            Self::Closed => b.closed_at.cmp(&a.closed_at),
            Self::Status => a.status.as_str().cmp(b.status.as_str()),
            Self::Type => a.kind.cmp(&b.kind),
            Self::Assignee => assignee_key(a).cmp(&assignee_key(b)),
            Self::Updated | Self::Title | Self::Id => Ordering::Equal,
        }
    }
}

fn created(bead: &Bead) -> Timestamp {
    bead.created_at.timestamp()
}

fn hybrid_key(bead: &Bead, now: Timestamp) -> (bool, u8) {
    match now.duration_since(created(bead)) > RECENT {
        true => (true, 0),
        false => (false, bead.priority.level()),
    }
}

fn assignee_key(bead: &Bead) -> (bool, Option<&str>) {
    (bead.assignee.is_none(), bead.assignee.as_deref())
}

impl std::str::FromStr for Sort {
    type Err = SortError;

    fn from_str(text: &str) -> Result<Self, SortError> {
        Self::NAMES
            .into_iter()
            .find(|(name, _)| *name == text)
            .map(|(_, sort)| sort)
            .ok_or_else(|| SortError(text.chars().take(40).collect()))
    }
}
