//! Taking work away from whoever has it.

use crate::Town;
use crate::error::Error;
use crate::life::{self, Changed};
use crate::{work, worker};
use model::{Event, Id, Status, transition};

/// Gives a bead back: bead first, then hook and ticket; then its worker is
/// asked to stop, and killed after a grace time. Its worktree and branch stay.
pub fn release(town: &Town, id: &Id) -> Result<Changed, Error> {
    take_off(town, id, |_| true, "")
}

/// The same for a bead that is on a hook; a deferred one is left alone.
pub fn unsling(town: &Town, id: &Id) -> Result<Changed, Error> {
    take_off(
        town,
        id,
        Status::is_on_a_hook,
        "it is on no hook: `gt release` gives back what was put down",
    )
}

/// The bead on the acting agent's own hook.
pub fn own_bead(town: &Town) -> Result<Id, Error> {
    crate::ticket::of_actor(town).map(|(_, ticket)| ticket.bead)
}

fn take_off(
    town: &Town,
    id: &Id,
    allowed: fn(&Status) -> bool,
    hint: &str,
) -> Result<Changed, Error> {
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    if !allowed(&bead.status) {
        return Err(Error::refused(format!("{id} is {}", bead.status), hint));
    }
    let next =
        transition(&bead.status, &Event::Release).map_err(|refusal| Error::refusal(id, refusal))?;
    let holder = work.is_held().then(|| work.agent.clone()).flatten();
    bead.assignee = None;
    bead.defer_until = None;
    bead.move_to(next, &town.now());
    let changed = life::finish(town, work, &bead, holder)?;
    if let Some(agent) = &changed.orphan {
        worker::stop(town, agent)?;
    }
    Ok(changed)
}
