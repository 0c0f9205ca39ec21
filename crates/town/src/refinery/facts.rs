//! Everything that decides about one merge request, gathered at one moment.

use super::candidate::Merged;
use super::evidence;
use super::queue::Request;
use super::target::{Target, Tip};
use crate::Town;
use crate::error::Error;
use crate::merge_request;
use crate::trust::{self, Gates};
use crate::work;
use git::{Git, Oid, diff, merge};
use model::{Bead, Id, Outcome, Status};
use std::path::PathBuf;

/// What is known of a merge request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// The merge request.
    pub(super) id: Id,
    /// What an earlier run decided and did not complete.
    pub(super) decided: Option<Outcome>,
    /// The attempt it belongs to.
    pub(super) attempt: u32,
    /// Whether this clone filed it.
    pub(super) filed: Filed,
    /// Its bead's status and attempt, if the bead is there.
    pub(super) source: Option<(Status, u32)>,
    /// Why the target's tip is not known.
    pub(super) unknown_target: Option<String>,
    /// The commit by which it is on the target already.
    pub(super) landed: Option<Oid>,
    /// How it merges.
    pub(super) merge: Merge,
    /// The gates, as they are for the target's tip.
    pub(super) gates: Gates,
    /// Whether one is asked for.
    pub(super) require_gate: bool,
}

/// What this clone remembers of a merge request, out of git's reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filed {
    /// That it filed it so, or that a person accepted it so.
    AsItIs,
    /// That it filed another head, or for another target.
    Changed,
    /// Nothing.
    Elsewhere,
}

/// How a head and the target's tip merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Merge {
    /// The commit to merge is not in this clone.
    HeadGone,
    /// The paths in conflict.
    Conflict(Vec<PathBuf>),
    /// It would change the store.
    TouchesBeads(Vec<PathBuf>),
    /// It merges.
    Clean(Merged),
}

impl Facts {
    /// Gathers them. What a killed `gt done` left half done with the bead is
    /// completed first.
    pub(super) fn gather(
        town: &Town,
        request: &Request,
        target: &Target<'_>,
    ) -> Result<Self, Error> {
        let source = source(town, request)?;
        let git = town.git();
        let filed = filed(town, request)?;
        // Nothing is fetched for what a stranger asks.
        let head = match filed {
            Filed::AsItIs => request.head(town)?,
            Filed::Changed | Filed::Elsewhere => request.head_here(town)?,
        };
        let mut facts = Self {
            id: request.bead.id.clone(),
            filed,
            decided: request.merge.outcome,
            attempt: request.attempt,
            source: source.map(|bead| (bead.status, bead.attempt)),
            unknown_target: None,
            landed: None,
            merge: Merge::HeadGone,
            gates: Gates::Run(Vec::new()),
            require_gate: town.config().merge.require_gate,
        };
        match target.tip()? {
            Tip::Unknown(reason) => facts.unknown_target = Some(reason),
            Tip::At(tip) => {
                facts.gates = trust::gates(town, &tip)?;
                facts.look_at(&git, request, head, tip)?;
            }
        }
        Ok(facts)
    }

    fn look_at(
        &mut self,
        git: &Git,
        request: &Request,
        head: Option<Oid>,
        tip: Oid,
    ) -> Result<(), Error> {
        self.landed = evidence::landed(git, request, head.as_ref(), &tip)?;
        if let (Some(head), None) = (head, &self.landed) {
            self.merge = merge(git, tip, head)?;
        }
        Ok(())
    }
}

fn source(town: &Town, request: &Request) -> Result<Option<Bead>, Error> {
    let id = &request.merge.source;
    if town.store.read::<Bead>(id)?.is_none() {
        return Ok(None);
    }
    // It acts for no attempt, also where a worker runs it after its own `gt done`.
    Ok(Some(work::lock_to_end(town, id, None, &[])?.bead))
}

fn filed(town: &Town, request: &Request) -> Result<Filed, Error> {
    let merge = &request.merge;
    let known = merge_request::filed_here(town, &merge.source, request.attempt)?;
    Ok(match known {
        _ if town.user()?.refinery.accept_all => Filed::AsItIs,
        Some(filed) if filed.head == merge.head && filed.target == merge.target => Filed::AsItIs,
        Some(_) => Filed::Changed,
        None => Filed::Elsewhere,
    })
}

fn merge(git: &Git, tip: Oid, head: Oid) -> Result<Merge, Error> {
    Ok(match merge::merge_tree(git, &tip, &head)? {
        merge::Merged::Conflict { paths, .. } => match store_paths(&paths) {
            touched if touched.is_empty() => Merge::Conflict(paths),
            touched => Merge::TouchesBeads(touched),
        },
        merge::Merged::Clean { tree } => {
            let changed = diff::changed_paths(git, &tip, &tree)?;
            let paths: Vec<PathBuf> = changed.into_iter().map(|(_, path)| path).collect();
            match store_paths(&paths) {
                touched if touched.is_empty() => Merge::Clean(Merged { tip, head, tree }),
                touched => Merge::TouchesBeads(touched),
            }
        }
    })
}

fn store_paths(paths: &[PathBuf]) -> Vec<PathBuf> {
    let touched = paths.iter().filter(|path| path.starts_with(".beads"));
    touched.cloned().collect()
}
