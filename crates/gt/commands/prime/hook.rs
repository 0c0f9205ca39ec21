//! `gt prime --hook`: the same for a runtime's session-start hook.
//!
//! Always says something useful and never fails: a runtime shows a hook that
//! fails to its user and not to the agent, who would take silence for "no
//! work".

use super::text;
use crate::open::Context;
use agent::hooks::{Event, Input, Source};
use cli::{CommandError, Shell, visible};
use model::{Address, Class, Fault};
use town::prime::{Orders, Prime};

/// What the agent is told.
pub(crate) fn answer(context: &Context<'_>, input: &Input) -> String {
    match told(context, input) {
        Ok(text) => text,
        // Whoever starts a runtime where there is no store does not work for it.
        Err(error) if error.class == Class::NoStore => String::new(),
        Err(error) => unknown(&error),
    }
}

fn told(context: &Context<'_>, input: &Input) -> Result<String, CommandError> {
    let town = context.town()?;
    if let Some(conversation) = &input.conversation {
        let noted = town::runtime_hooks::note(&town, conversation);
        warn_unless_noted(context.shell, noted);
    }
    let prime = town::prime::prime(&town)?;
    Ok(match (input.event, input.source) {
        (Some(Event::Compact | Event::Prompt), _) | (_, Source::Resume) => text::short(&prime),
        (_, Source::Clear | Source::Compact) => format!(
            "What was said before is gone; this is how things stand.\n\n{}",
            whole(&prime)
        ),
        (_, Source::Startup) => whole(&prime),
    })
}

/// Without it a restart begins a new conversation, which is no reason to fail.
pub(super) fn warn_unless_noted(shell: &Shell, noted: Result<bool, town::Error>) {
    if let Err(error) = noted {
        let why = error.in_one_line();
        shell.warn(&format!("the conversation is not noted: {why}"));
    }
}

/// A person's session waits for that person.
fn whole(prime: &Prime) -> String {
    let is_persons = !prime.agent.as_ref().is_some_and(Address::is_spawned);
    let mail = match prime.orders {
        Orders::Mail(_) if is_persons => "there is mail: `gt mail inbox` lists it",
        Orders::Wait if is_persons => "there is no mail",
        _ => return text::whole(prime, text::HOOK_PART),
    };
    format!(
        "You are {}. Nothing is on your hook, and {mail}. Do what you are asked; `gt ready` lists work that is free.\n",
        cli::visible_line(&prime.name)
    )
}

fn unknown(error: &CommandError) -> String {
    let mut text = format!(
        "`gt prime` cannot tell you your work: {}\n",
        visible(&error.message)
    );
    for hint in &error.hints {
        text.push_str(&format!("hint: {}\n", visible(hint)));
    }
    text.push_str(
        "That is not the same as having none. Run `gt prime` again before you do anything else.\n",
    );
    text
}
