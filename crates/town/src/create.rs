//! Making a bead.
//!
//! Its file is created exclusively: two processes, or two clones, never make
//! the same bead. Nothing but the beads that are named is looked at, unless an
//! edge could close a cycle.

use crate::Town;
use crate::dependency;
use crate::edit::{self, Edit};
use crate::error::Error;
use model::{Bead, Dependency, DependencyType, Id};
use store::Lock;

/// How often an ID is drawn before longer ones are.
const DRAWS: usize = 3;

/// A bead to be.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its own ID; drawn if there is none.
    pub id: Option<Id>,
    /// What it is part of.
    pub parent: Option<Id>,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
    /// What it says. The title is needed.
    pub edit: Edit,
}

/// Creates the bead.
pub fn create(town: &Town, draft: &Draft) -> Result<Bead, Error> {
    check(town, draft)?;
    for draw in 0.. {
        let id = draw_id(town, draft, draw)?;
        let bead = preview(town, draft, id)?;
        if try_create(town, draft, &bead)? {
            return Ok(bead);
        }
        if draft.id.is_some() {
            return Err(Error::refused(
                format!("{} exists already", bead.id),
                "leave --id out, and one is drawn",
            ));
        }
    }
    unreachable!("a longer ID is free")
}

/// The bead as it would be created, under an ID that is not taken by this.
pub fn dry_run(town: &Town, draft: &Draft) -> Result<Bead, Error> {
    check(town, draft)?;
    let bead = preview(town, draft, draw_id(town, draft, 0)?)?;
    town.store.check_fits(&bead)?;
    Ok(bead)
}

fn check(town: &Town, draft: &Draft) -> Result<(), Error> {
    edit::check_title(draft.edit.title.as_deref().unwrap_or_default())?;
    draft.edit.check()?;
    if let Some(id) = &draft.id {
        check_prefix(town, id)?;
    }
    let targets = draft.dependencies.iter().map(|it| &it.id);
    for target in draft.parent.iter().chain(targets) {
        dependency::require(town, target)?;
    }
    Ok(())
}

/// A bead lives where its prefix says.
fn check_prefix(town: &Town, id: &Id) -> Result<(), Error> {
    let prefix = &town.config().prefix;
    if id.has_prefix(prefix) || id.has_prefix("hq") {
        return Ok(());
    }
    Err(Error::usage(
        format!("{id} does not belong to this store, whose prefix is {prefix}"),
        format!("use an ID such as {prefix}-abc12, or leave --id out"),
    ))
}

fn draw_id(town: &Town, draft: &Draft, draw: usize) -> Result<Id, Error> {
    let usage = |error: model::id::IdError| Error::usage(error.to_string(), "leave --parent out");
    let longer = draw.saturating_sub(DRAWS - 1);
    match (&draft.id, &draft.parent) {
        (Some(id), _) => Ok(id.clone()),
        (None, Some(parent)) => parent.child(&town.word(3 + longer)).map_err(usage),
        (None, None) if longer == 0 => town.fresh_id(&town.config().prefix),
        (None, None) => {
            let word = town.word(6 + longer);
            Id::parse(&format!("{}-{word}", town.config().prefix)).map_err(usage)
        }
    }
}

fn preview(town: &Town, draft: &Draft, id: Id) -> Result<Bead, Error> {
    let title = draft.edit.title.clone().unwrap_or_default();
    let mut bead = Bead::new(id, title, town.now(), town.actor.name());
    draft.edit.apply(&mut bead);
    bead.parent.clone_from(&draft.parent);
    for dependency in &draft.dependencies {
        dependency::link(&mut bead, dependency)?;
    }
    Ok(bead)
}

fn try_create(town: &Town, draft: &Draft, bead: &Bead) -> Result<bool, Error> {
    let mut locks = vec![Lock::bead(&bead.id)];
    let may_cycle = may_cycle(draft, bead);
    if may_cycle {
        locks.push(dependency::graph_lock());
    }
    // What a worker found may be filed also when its attempt is over.
    let locked = town.store.lock(&locks)?;
    if may_cycle && !town.store.has_bead(&bead.id)? {
        dependency::refuse_cycle_through(town, bead)?;
    }
    Ok(locked.create(bead)?)
}

/// A bead that nobody knows yet can only be on a cycle through its parent's
/// children, or through dependencies that were imported before it.
fn may_cycle(draft: &Draft, bead: &Bead) -> bool {
    let waits = bead
        .dependencies
        .iter()
        .any(|it| it.kind.affects_readiness() && it.kind != DependencyType::parent_child());
    waits && (bead.parent.is_some() || draft.id.is_some())
        || draft.id.is_some() && bead.parent.is_some()
}
