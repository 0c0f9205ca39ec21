//! Saying something to a worker while it works: typed into its terminal, or,
//! where it has none, put into its inbox.
//!
//! What is said is text, and never a key or a command; only agents of this
//! store are spoken to, and in a terminal only the recorded process.

use crate::error::Error;
use crate::worker::{self, Reach};
use crate::{Town, mail};
use agent::tmux::{WORDS_MAX, Words, WordsError};
use model::{Address, Priority};
use store::Lock;

/// What mail is about that stands for typing.
const SUBJECT: &str = "Nudge";

/// How it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nudged {
    /// Into its terminal.
    Typed,
    /// By mail, since it has no terminal: the message's ID.
    Mailed {
        /// The message.
        id: String,
        /// Whether it runs at all.
        runs: bool,
    },
}

/// Says something to an agent.
pub fn nudge(town: &Town, agent: &Address, text: &str) -> Result<Nudged, Error> {
    let words = Words::new(text).map_err(|error| wrong(&error))?;
    // Two at once would be typed into each other; and the process that is
    // spoken to stays the recorded one.
    let locked = town.store.lock(&[Lock::hook(agent)])?;
    let reach = worker::reach(town, agent)?;
    if let Reach::Terminal { server, pid } = &reach {
        let said = server.say(*pid, &words);
        return match said {
            Ok(()) => Ok(Nudged::Typed),
            Err(error) => Err(worker::tmux_failed(&error)),
        };
    }
    drop(locked);
    let id = mail::notify(town, agent, SUBJECT, words.as_str(), Priority::default())?;
    Ok(Nudged::Mailed {
        id,
        runs: !matches!(reach, Reach::Nobody),
    })
}

fn wrong(error: &WordsError) -> Error {
    let hint = match error {
        WordsError::Empty => "say something, or `-` to read it from standard input".to_owned(),
        WordsError::TooLong(_) => {
            format!("put what is larger than {WORDS_MAX} bytes into a file, and name the file")
        }
        WordsError::Control(_) => {
            "leave it out; `gt attach` lets you press keys yourself".to_owned()
        }
    };
    Error::usage(error.to_string(), hint)
}
