//! Which file makes a runtime run its hooks, and what is written into it.
//!
//! A file that holds more than ours keeps every byte of the rest: only our own
//! entries are put in and taken out. What cannot be read is an error, and never
//! replaced.

use super::Dialect;
use super::json::{self, Node};
use serde_json::{Value, json};

const PLUGIN: &str = include_str!("opencode.js");

/// Why a file cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It cannot be read.
    #[error("is no JSON: {0}")]
    Syntax(String),
    /// It is JSON of another shape.
    #[error("has something else than {expected} at {place}")]
    Shape {
        /// What was expected.
        expected: &'static str,
        /// Where.
        place: String,
    },
    /// A file of this name that we did not write.
    #[error("is not the file that was written here")]
    NotOurs,
}

/// What is left of a file without our entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// This text.
    Text(String),
    /// Nothing that anybody needs.
    Nothing,
}

/// How a worker gets the hooks of its runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By an argument that names a settings file.
    Argument,
    /// By a file in its worktree.
    File,
    /// Not at all: a new file would not be run.
    None,
}

impl Dialect {
    /// The runtime's name.
    #[must_use]
    pub fn runtime(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::Codex => "codex",
            Self::Gemini => "gemini",
            Self::Cursor => "cursor",
            Self::Copilot => "copilot",
            Self::OpenCode => "opencode",
        }
    }

    /// The file that the runtime reads in a work tree, relative to its root.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Claude => ".claude/settings.json",
            Self::Codex => ".codex/hooks.json",
            Self::Gemini => ".gemini/settings.json",
            Self::Cursor => ".cursor/hooks.json",
            Self::Copilot => ".github/hooks/plaintown.json",
            Self::OpenCode => ".opencode/plugins/plaintown.js",
        }
    }

    /// The variable in which the runtime tells the commands that its agent runs
    /// what it calls the conversation.
    #[must_use]
    pub fn conversation_variable(self) -> Option<&'static str> {
        (self == Self::Codex).then_some("CODEX_THREAD_ID")
    }

    /// How a worker of the runtime gets its hooks.
    #[must_use]
    pub fn way(self) -> Way {
        match self {
            Self::Claude => Way::Argument,
            // It runs what its user has trusted, file by file.
            Self::Codex => Way::None,
            _ => Way::File,
        }
    }

    /// The events that are hooked, with the command of each.
    ///
    /// To the runtimes exit status 2 means "hold it back", and to most programs
    /// "wrong usage": a `gt` that does not know its own command may not keep
    /// anybody from speaking or stopping. One that fails at the start is shown.
    fn commands(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Claude => vec![
                ("SessionStart", "gt prime --hook"),
                ("PreCompact", "gt prime --hook || true"),
                ("UserPromptSubmit", "gt mail check --inject || true"),
                ("Stop", "gt hooks guard || true"),
            ],
            Self::Codex => vec![
                ("SessionStart", "gt prime --hook=codex"),
                ("UserPromptSubmit", "gt mail check --inject=codex || true"),
                ("Stop", "gt hooks guard codex || true"),
            ],
            Self::Gemini => vec![
                ("SessionStart", "gt prime --hook=gemini"),
                ("PreCompress", "gt prime --hook=gemini || true"),
                ("BeforeAgent", "gt mail check --inject=gemini || true"),
                ("AfterAgent", "gt hooks guard gemini || true"),
            ],
            Self::Cursor => vec![
                ("sessionStart", "gt prime --hook=cursor"),
                ("preCompact", "gt prime --hook=cursor || true"),
                ("beforeSubmitPrompt", "gt prime --hook=cursor || true"),
                ("stop", "gt hooks guard cursor || true"),
            ],
            Self::Copilot => vec![
                ("sessionStart", "gt prime --hook=copilot"),
                ("agentStop", "gt hooks guard copilot || true"),
            ],
            Self::OpenCode => Vec::new(),
        }
    }

    fn entry(self, command: &str) -> Value {
        match self {
            Self::Cursor => json!({ "command": command }),
            Self::Copilot => json!({ "type": "command", "bash": command }),
            _ => json!({ "hooks": [{ "type": "command", "command": command }] }),
        }
    }

    /// A file that holds nothing yet.
    fn blank(self) -> Value {
        match self {
            Self::Cursor | Self::Copilot => json!({ "version": 1, "hooks": {} }),
            _ => json!({}),
        }
    }

    /// The whole of a file of ours alone.
    #[must_use]
    pub fn whole(self) -> String {
        if self == Self::OpenCode {
            return PLUGIN.to_owned();
        }
        let blank = format!("{}\n", json::rendered(&self.blank(), "  "));
        self.installed(&blank)
            .expect("a file of our own has the shape that we expect")
    }

    /// A file with our entries in it; one that has them all is not changed.
    pub fn installed(self, text: &str) -> Result<String, Flaw> {
        if self == Self::OpenCode {
            return is_plugin(text)
                .then(|| PLUGIN.to_owned())
                .ok_or(Flaw::NotOurs);
        }
        let mut text = text.to_owned();
        for (event, command) in self.commands() {
            if self.find(&read(&text)?, event, command)?.is_none() {
                text = put_in(&text, event, &self.entry(command))?;
            }
        }
        Ok(text)
    }

    /// Whether a file has all of our entries.
    pub fn is_installed(self, text: &str) -> Result<bool, Flaw> {
        Ok(match self {
            Self::OpenCode => is_plugin(text),
            _ => self.installed(text)? == text,
        })
    }

    /// A file without our entries.
    pub fn removed(self, text: &str) -> Result<Left, Flaw> {
        if self == Self::OpenCode {
            return is_plugin(text)
                .then_some(Left::Nothing)
                .ok_or(Flaw::NotOurs);
        }
        let mut text = text.to_owned();
        for (event, command) in self.commands() {
            while let Some(place) = self.find(&read(&text)?, event, command)? {
                text = take_out(&text, event, place)?;
            }
        }
        let left: Value = serde_json::from_str(&text).map_err(|it| Flaw::Syntax(it.to_string()))?;
        let is_nothing =
            left == json!({}) || left == json!({ "version": 1 }) || left == self.blank();
        Ok(if is_nothing {
            Left::Nothing
        } else {
            Left::Text(text)
        })
    }

    /// Where the entry for a command stands among those of its event.
    fn find(self, root: &Node, event: &str, command: &str) -> Result<Option<usize>, Flaw> {
        let Some(entries) = entries(root, event)? else {
            return Ok(None);
        };
        let runs = |node: &Node| {
            let said = node.get("command").or_else(|| node.get("bash"));
            said.and_then(Node::text) == Some(command)
        };
        Ok(entries
            .items()
            .iter()
            .position(|entry| match entry.get("hooks") {
                Some(hooks) => matches!(hooks.items(), [only] if runs(only)),
                None => runs(entry),
            }))
    }
}

/// A file of ours says so in its first line, whichever version wrote it.
fn is_plugin(text: &str) -> bool {
    text.lines().next() == PLUGIN.lines().next()
}

fn read(text: &str) -> Result<Node, Flaw> {
    json::scan(text).ok_or_else(|| {
        let error = serde_json::from_str::<Value>(text).err();
        Flaw::Syntax(error.map_or_else(|| "it ends early".to_owned(), |it| it.to_string()))
    })
}

fn entries<'n>(root: &'n Node, event: &str) -> Result<Option<&'n Node>, Flaw> {
    if !root.is_object() {
        return Err(shape("an object", "the top"));
    }
    let Some(hooks) = root.get("hooks") else {
        return Ok(None);
    };
    if !hooks.is_object() {
        return Err(shape("an object", "`hooks`"));
    }
    match hooks.get(event) {
        Some(list) if !list.is_array() => Err(shape("a list", &format!("`hooks.{event}`"))),
        found => Ok(found),
    }
}

fn shape(expected: &'static str, place: &str) -> Flaw {
    let place = place.to_owned();
    Flaw::Shape { expected, place }
}

fn put_in(text: &str, event: &str, entry: &Value) -> Result<String, Flaw> {
    let root = read(text)?;
    Ok(match (root.get("hooks"), entries(&root, event)?) {
        (_, Some(list)) => list.append(text, None, entry, 2),
        (Some(hooks), None) => hooks.append(text, Some(event), &json!([entry]), 1),
        (None, None) => root.append(text, Some("hooks"), &json!({ event: [entry] }), 0),
    })
}

/// What is empty then goes with it.
fn take_out(text: &str, event: &str, index: usize) -> Result<String, Flaw> {
    let root = read(text)?;
    let Some(list) = entries(&root, event)? else {
        return Ok(text.to_owned());
    };
    let text = list.without(text, index);
    let text = without_empty(&text, &["hooks"], event)?;
    without_empty(&text, &[], "hooks")
}

fn without_empty(text: &str, path: &[&str], key: &str) -> Result<String, Flaw> {
    let root = read(text)?;
    let parent = path.iter().try_fold(&root, |node, key| node.get(key));
    let index = parent.and_then(|parent| Some((parent, parent.index_of_empty(key)?)));
    Ok(match index {
        Some((parent, index)) => parent.without(text, index),
        None => text.to_owned(),
    })
}

#[cfg(test)]
mod tests;
