//! `gt hooks guard`: whether an agent may stop.
//!
//! Silence lets it. It is kept from stopping only with work of its own on its
//! hook, a worker twice at most and a person's session once, never twice in a row
//! where its runtime says that it was, and never by anything that went wrong.

use crate::open::Context;
use agent::hooks::Input;

/// Why it may not stop yet.
pub(crate) fn answer(context: &Context<'_>, input: &Input) -> Option<String> {
    if input.is_held_back || input.is_broken_off {
        return None;
    }
    let town = context.town().ok()?;
    let bead = town::runtime_hooks::guard(&town, input.conversation.as_ref()).ok()??;
    Some(format!(
        "{bead} is still on your hook, so your work has not ended. Go on with it, or end it with exactly one of: \
         `gt done` (finished and committed; `--no-mr` if no file had to change), \
         `gt done --escalate -m \"why\"` (blocked), `gt done --defer -m \"why\"` (it has to wait), \
         `gt done --phase` (the rest waits for a gate). `gt prime` prints the work."
    ))
}
