//! What a hook answers, in the form that its runtime reads.
//!
//! A reply is text on standard output, with exit status 0. Where a runtime has
//! no place for what would be said, the reply says nothing.

use super::Event;
use serde_json::json;

/// The runtimes that have hooks, by their names.
pub const RUNTIMES: [&str; 6] = ["claude", "codex", "gemini", "cursor", "copilot", "opencode"];

/// How a runtime wants to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Claude Code: plain text is context, JSON holds it back.
    Claude,
    /// Codex: context and decisions as JSON.
    Codex,
    /// Gemini CLI: nothing but JSON on standard output.
    Gemini,
    /// Cursor: JSON of its own.
    Cursor,
    /// Copilot CLI: JSON of its own.
    Copilot,
    /// Our plugin for OpenCode, which takes plain text.
    OpenCode,
}

impl Dialect {
    /// The dialect of a runtime by its name.
    #[must_use]
    pub fn of(runtime: &str) -> Option<Self> {
        Some(match runtime {
            "claude" => Self::Claude,
            "codex" => Self::Codex,
            "gemini" => Self::Gemini,
            "cursor" => Self::Cursor,
            "copilot" => Self::Copilot,
            "opencode" => Self::OpenCode,
            _ => return None,
        })
    }

    /// Tells the agent something. Empty text tells nothing.
    #[must_use]
    pub fn context(self, event: Event, text: &str) -> String {
        let name = match (self, event) {
            (Self::Claude | Self::OpenCode, _) => return text.to_owned(),
            (Self::Cursor, Event::Start) => {
                return told(json!({ "additional_context": text }), text);
            }
            (Self::Cursor, Event::Prompt) => return line(&json!({ "continue": true })),
            (Self::Copilot, Event::Start) => {
                return told(json!({ "additionalContext": text }), text);
            }
            (Self::Codex | Self::Gemini, Event::Start) => "SessionStart",
            (Self::Codex, Event::Prompt) => "UserPromptSubmit",
            (Self::Gemini, Event::Prompt) => "BeforeAgent",
            _ => return String::new(),
        };
        let output = json!({ "hookEventName": name, "additionalContext": text });
        told(json!({ "hookSpecificOutput": output }), text)
    }

    /// Keeps the agent from stopping, and says why.
    #[must_use]
    pub fn go_on(self, reason: &str) -> String {
        let reply = match self {
            Self::Claude | Self::Codex | Self::Copilot => {
                json!({ "decision": "block", "reason": reason })
            }
            Self::Gemini => json!({ "decision": "deny", "reason": reason }),
            Self::Cursor => json!({ "followup_message": reason }),
            Self::OpenCode => return reason.to_owned(),
        };
        line(&reply)
    }
}

fn told(reply: serde_json::Value, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    line(&reply)
}

fn line(reply: &serde_json::Value) -> String {
    format!("{reply}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_said_in_each_runtimes_words() {
        let say = |dialect: Dialect, event| dialect.context(event, "a \"b\"\n");
        assert_eq!(say(Dialect::Claude, Event::Start), "a \"b\"\n");
        assert_eq!(say(Dialect::OpenCode, Event::Start), "a \"b\"\n");
        for (dialect, event, expected) in [
            (
                Dialect::Codex,
                Event::Start,
                r#"{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"a \"b\"\n"}}"#,
            ),
            (
                Dialect::Gemini,
                Event::Prompt,
                r#"{"hookSpecificOutput":{"hookEventName":"BeforeAgent","additionalContext":"a \"b\"\n"}}"#,
            ),
            (
                Dialect::Cursor,
                Event::Start,
                r#"{"additional_context":"a \"b\"\n"}"#,
            ),
            (
                Dialect::Copilot,
                Event::Start,
                r#"{"additionalContext":"a \"b\"\n"}"#,
            ),
        ] {
            assert_eq!(say(dialect, event), format!("{expected}\n"));
        }
    }

    #[test]
    fn nothing_to_say_is_silence() {
        for name in ["claude", "codex", "gemini", "copilot", "opencode"] {
            let dialect = Dialect::of(name).unwrap();
            for event in [Event::Start, Event::Prompt, Event::Compact] {
                assert_eq!(dialect.context(event, ""), "", "{name}");
            }
        }
        // Where there is no place for it, text is not printed as something else.
        assert_eq!(Dialect::Gemini.context(Event::Compact, "work"), "");
        assert_eq!(Dialect::of("amp"), None);
    }

    #[test]
    fn a_stop_is_answered_in_each_runtimes_words() {
        let table = [
            (Dialect::Claude, r#"{"decision":"block","reason":"why"}"#),
            (Dialect::Gemini, r#"{"decision":"deny","reason":"why"}"#),
            (Dialect::Cursor, r#"{"followup_message":"why"}"#),
        ];
        for (dialect, expected) in table {
            assert_eq!(dialect.go_on("why").trim_end(), expected);
        }
        assert_eq!(Dialect::OpenCode.go_on("why"), "why");
    }
}
