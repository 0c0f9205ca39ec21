//! Whether a worker that is started again goes on with its conversation.
//!
//! It does where the runtime told what the conversation is called. A process
//! that was started to go on has to prove that it could: until its own session
//! begins it has no conversation, and one that ended soon after is not asked a
//! second time. So what cannot be continued is begun anew, and nothing is tried
//! for ever.

use crate::session::Session;
use agent::conversation::Conversation;
use model::{Ticket, Time};

/// A process that went on for this many seconds could go on.
const PROVEN: i64 = 60;

/// The conversation that the next process of this attempt continues.
pub(super) fn conversation(
    last: Option<&Session>,
    ticket: &Ticket,
    runtime: &str,
    now: &Time,
) -> Option<Conversation> {
    let is_its = |it: &&Session| it.nonce == ticket.nonce && it.runtime == runtime;
    // What was handed off is gone on with in another conversation.
    let last = last.filter(|it| is_its(it) && it.handoff.is_none())?;
    if last.process.is_none() {
        // It was never seen to run, which says nothing of the conversation.
        return Conversation::parse(last.resumed.as_deref()?);
    }
    let ran = now.timestamp().as_second() - last.started_at.timestamp().as_second();
    if last.resumed.is_some() && ran < PROVEN {
        return None;
    }
    Conversation::parse(last.conversation.as_deref()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{self, ticket};

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn session(conversation: Option<&str>, resumed: Option<&str>) -> Session {
        Session {
            conversation: conversation.map(str::to_owned),
            resumed: resumed.map(str::to_owned),
            ..fixture::session()
        }
    }

    fn after(last: &Session, now: &str) -> Option<String> {
        let found = conversation(Some(last), &ticket(), "claude", &at(now));
        found.map(|it| it.to_string())
    }

    const SOON: &str = "2026-01-15T10:00:05Z";
    const LATER: &str = "2026-01-15T11:00:00Z";

    #[test]
    fn a_named_conversation_goes_on() {
        let last = session(Some("a1"), None);
        assert_eq!(after(&last, SOON).as_deref(), Some("a1"));
        assert_eq!(conversation(None, &ticket(), "claude", &at(SOON)), None);
        assert_eq!(
            conversation(Some(&last), &ticket(), "codex", &at(SOON)),
            None
        );
        let mut other = last.clone();
        other.nonce = "other".to_owned();
        assert_eq!(after(&other, SOON), None);
    }

    #[test]
    fn what_could_not_go_on_begins_anew() {
        // It ended before its session began.
        assert_eq!(after(&session(None, Some("a1")), LATER), None);
        // Its session began, and it ended at once.
        assert_eq!(after(&session(Some("a1"), Some("a1")), SOON), None);
        let proven = session(Some("a2"), Some("a1"));
        assert_eq!(after(&proven, LATER).as_deref(), Some("a2"));
        // A clock that was set back proves nothing.
        assert_eq!(after(&proven, "2025-12-01T00:00:00Z"), None);
    }

    #[test]
    fn what_was_handed_off_begins_anew() {
        let handed_off = Session {
            handoff: Some(at(SOON)),
            ..session(Some("a1"), None)
        };
        assert_eq!(after(&handed_off, LATER), None);
    }

    #[test]
    fn one_that_was_never_seen_to_run_is_tried_again() {
        let never = |conversation, resumed| Session {
            process: None,
            ..session(conversation, resumed)
        };
        assert_eq!(after(&never(None, Some("a1")), SOON).as_deref(), Some("a1"));
        assert_eq!(after(&never(None, None), SOON), None);
    }

    #[test]
    fn a_file_that_somebody_edited_names_no_option() {
        assert_eq!(after(&session(Some("--settings"), None), SOON), None);
    }
}
