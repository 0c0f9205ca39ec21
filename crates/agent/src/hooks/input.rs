//! What a runtime tells its hook on standard input.
//!
//! The runtimes differ in names only, so one reader knows them all. Whatever
//! it does not understand it passes over: empty input and noise are an input
//! that says nothing.

use crate::conversation::Conversation;
use serde_json::Value;

/// When the hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A session starts, or goes on.
    Start,
    /// What was said so far is about to be summed up.
    Compact,
    /// Somebody gave it a prompt.
    Prompt,
    /// It is about to stop.
    Stop,
}

/// Why a session starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// It is new.
    #[default]
    Startup,
    /// An earlier conversation goes on.
    Resume,
    /// Its user cleared it.
    Clear,
    /// It was summed up: what was said before is gone.
    Compact,
}

/// What a runtime tells its hook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    /// The runtime's ID of the conversation.
    pub conversation: Option<Conversation>,
    /// When the hook runs, where it is said.
    pub event: Option<Event>,
    /// Why the session starts.
    pub source: Source,
    /// It goes on only because a hook told it to.
    pub is_held_back: bool,
    /// It stops because its user interrupted it, or because it failed.
    pub is_broken_off: bool,
}

const CONVERSATION: [&str; 5] = [
    "session_id",
    "sessionId",
    "sessionID",
    "conversation_id",
    "conversationId",
];

impl Input {
    /// Reads it. What is no JSON object says nothing.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Ok(Value::Object(said)) = serde_json::from_slice(bytes) else {
            return Self::default();
        };
        let text = |keys: &[&str]| {
            let mut found = keys.iter().filter_map(|key| said.get(*key)?.as_str());
            found.next().map(str::to_owned)
        };
        let event = text(&["hook_event_name", "hookEventName", "event"]);
        let status = text(&["status"]).unwrap_or_default();
        let ids = CONVERSATION
            .iter()
            .filter_map(|key| said.get(*key)?.as_str());
        Self {
            conversation: ids.filter_map(Conversation::parse).next(),
            event: event.and_then(|name| event_of(&name)),
            source: source_of(&text(&["source", "trigger"]).unwrap_or_default()),
            is_held_back: said.get("stop_hook_active") == Some(&Value::Bool(true))
                || said.get("loop_count").and_then(Value::as_u64) > Some(0),
            is_broken_off: matches!(status.as_str(), "aborted" | "error"),
        }
    }
}

fn event_of(name: &str) -> Option<Event> {
    match name {
        "SessionStart" | "sessionStart" | "session.created" => Some(Event::Start),
        "PreCompact" | "preCompact" | "PreCompress" => Some(Event::Compact),
        "UserPromptSubmit" | "userPromptSubmitted" | "beforeSubmitPrompt" | "BeforeAgent" => {
            Some(Event::Prompt)
        }
        "Stop" | "stop" | "agentStop" | "AfterAgent" | "session.idle" => Some(Event::Stop),
        _ => None,
    }
}

fn source_of(name: &str) -> Source {
    match name {
        "resume" => Source::Resume,
        "clear" => Source::Clear,
        "compact" => Source::Compact,
        _ => Source::Startup,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Input {
        Input::read(text.as_bytes())
    }

    #[test]
    fn each_runtimes_words_are_understood() {
        let table = [
            (
                r#"{"session_id":"a1","transcript_path":"/x","cwd":"/y","hook_event_name":"SessionStart","source":"compact"}"#,
                Some(Event::Start),
                Source::Compact,
            ),
            (
                r#"{"sessionId":"a1","timestamp":1,"cwd":"/y","source":"new"}"#,
                None,
                Source::Startup,
            ),
            (
                r#"{"conversation_id":"a1","hook_event_name":"preCompact","trigger":"auto"}"#,
                Some(Event::Compact),
                Source::Startup,
            ),
            (
                r#"{"session_id":"a1","hook_event_name":"AfterAgent","prompt":"x"}"#,
                Some(Event::Stop),
                Source::Startup,
            ),
        ];
        for (text, event, source) in table {
            let input = read(text);
            assert_eq!(input.conversation, Conversation::parse("a1"), "{text}");
            assert_eq!((input.event, input.source), (event, source), "{text}");
        }
    }

    #[test]
    fn noise_says_nothing() {
        let deep = "[".repeat(100_000);
        for text in ["", " ", "null", "[1]", "{", "\u{0}", "not json", &deep] {
            assert_eq!(read(text), Input::default(), "{text:.20}");
        }
        assert_eq!(Input::read(&[0xff, 0xfe, b'{']), Input::default());
        let odd =
            r#"{"session_id":7,"source":["resume"],"hook_event_name":{},"stop_hook_active":"yes"}"#;
        assert_eq!(read(odd), Input::default());
    }

    #[test]
    fn an_id_that_could_be_an_option_is_passed_over() {
        let bad = read(r#"{"session_id":"--dangerous","conversation_id":"good-1"}"#);
        assert_eq!(bad.conversation, Conversation::parse("good-1"));
        assert_eq!(read(r#"{"session_id":"a b"}"#).conversation, None);
    }

    #[test]
    fn a_stop_says_whether_it_was_held_back_before() {
        assert!(read(r#"{"hook_event_name":"Stop","stop_hook_active":true}"#).is_held_back);
        assert!(!read(r#"{"hook_event_name":"Stop","stop_hook_active":false}"#).is_held_back);
        assert!(
            read(r#"{"hook_event_name":"stop","status":"completed","loop_count":1}"#).is_held_back
        );
        assert!(!read(r#"{"hook_event_name":"stop","loop_count":0}"#).is_held_back);
        assert!(read(r#"{"hook_event_name":"stop","status":"aborted"}"#).is_broken_off);
    }
}
