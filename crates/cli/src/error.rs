//! The one error that a command ends with: what happened, what kind of failure
//! it is, and what to do next.
//!
//! Libraries have typed errors; here they are classified once. Rendering is
//! pure, the [`Shell`](crate::Shell) prints it.

use crate::{ExitStatus, visible};
use model::{Class, Fault};
use serde::Serialize;
use std::fmt::Display;

/// Why a command failed.
///
/// It is no [`std::error::Error`], so that every [`Fault`] turns into one with
/// `?`. Errors without a class of their own take a constructor:
/// `Id::parse(text).map_err(CommandError::usage)?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandError {
    /// What kind of failure it is.
    pub class: Class,
    /// What happened; completes "error: ".
    pub message: String,
    /// What to do next, the best advice first.
    pub hints: Vec<String>,
}

/// What `--json` prints on standard error.
#[derive(Debug, Serialize)]
struct ErrorView<'a> {
    error: &'a str,
    code: &'a str,
    hint: Option<String>,
}

impl CommandError {
    /// A failure of any class.
    pub fn new(class: Class, message: impl Display) -> Self {
        Self {
            class,
            message: message.to_string(),
            hints: Vec::new(),
        }
    }

    /// The command line or an input is wrong.
    pub fn usage(message: impl Display) -> Self {
        Self::new(Class::Usage, message)
    }

    /// There is no such thing.
    pub fn not_found(message: impl Display) -> Self {
        Self::new(Class::NotFound, message)
    }

    /// The state of things does not allow it.
    pub fn refused(message: impl Display) -> Self {
        Self::new(Class::Refused, message)
    }

    /// It failed for a reason without a class of its own.
    pub fn failed(message: impl Display) -> Self {
        Self::new(Class::Failed, message)
    }

    /// The machine is at fault.
    pub fn environment(message: impl Display) -> Self {
        Self::new(Class::Environment, message)
    }

    /// The state machine refused to move this bead; its remedy is the hint.
    pub fn transition(refusal: &model::Refusal, id: &model::Id) -> Self {
        Self::refused(format!("{id}: {refusal}")).with_hint(refusal.remedy_for(id))
    }

    /// Adds advice.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The status the command ends with.
    pub fn exit_status(&self) -> ExitStatus {
        self.class.into()
    }

    /// As text for standard error: `error: …`, then a line for each hint.
    pub fn to_text(&self) -> String {
        let mut text = format!("error: {}\n", visible(&self.message));
        for hint in &self.hints {
            text.push_str(&format!("hint: {}\n", visible(hint)));
        }
        text
    }

    /// As one line of JSON for standard error.
    pub fn to_json(&self) -> String {
        error_json(&self.message, self.class.code(), &self.hints)
    }
}

/// One error as one line of JSON, for codes that are no [`Class`] too.
pub(crate) fn error_json(error: &str, code: &str, hints: &[String]) -> String {
    let hint = (!hints.is_empty()).then(|| hints.join("\n"));
    let view = ErrorView { error, code, hint };
    let mut line = serde_json::to_string(&view).expect("strings always serialize");
    line.push('\n');
    line
}

impl<E: Fault> From<E> for CommandError {
    fn from(fault: E) -> Self {
        Self {
            class: fault.class(),
            message: with_causes(&fault),
            hints: fault.hint().into_iter().collect(),
        }
    }
}

/// The error and its causes, joined by `: `. A cause that the error already
/// quotes is not said twice.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !message.ends_with(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        next = cause.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[derive(Debug, thiserror::Error)]
    enum Sample {
        #[error("cannot read {0}")]
        Apart(&'static str, #[source] io::Error),
        #[error("cannot read it: {0}")]
        Quoted(#[source] io::Error),
    }

    impl Fault for Sample {
        fn class(&self) -> Class {
            Class::Environment
        }

        fn hint(&self) -> Option<String> {
            Some("look at the permissions".into())
        }
    }

    fn fail(error: Sample) -> Result<(), CommandError> {
        Err(error)?
    }

    #[test]
    fn causes_are_said_once() {
        let apart = fail(Sample::Apart("a/b.yaml", io::Error::other("denied"))).unwrap_err();
        assert_eq!(apart.message, "cannot read a/b.yaml: denied");
        assert_eq!(apart.exit_status().code(), 8);
        let quoted = fail(Sample::Quoted(io::Error::other("denied"))).unwrap_err();
        assert_eq!(quoted.message, "cannot read it: denied");
    }

    #[test]
    fn text_makes_control_characters_visible() {
        let error = CommandError::not_found("no issue found matching \"\x1b[2J\"")
            .with_hint("`bd list` shows what there is")
            .with_hint("`bd where` says which store was searched");
        insta::assert_snapshot!(error.to_text(), @r#"
        error: no issue found matching "\u{1b}[2J"
        hint: `bd list` shows what there is
        hint: `bd where` says which store was searched
        "#);
    }

    #[test]
    fn json_is_one_line() {
        let error = CommandError::usage("two\nlines")
            .with_hint("a")
            .with_hint("b");
        insta::assert_snapshot!(error.to_json(), @r#"{"error":"two\nlines","code":"usage","hint":"a\nb"}"#);
        insta::assert_snapshot!(CommandError::failed("x").to_json(), @r#"{"error":"x","code":"failed","hint":null}"#);
    }

    #[test]
    fn a_refused_move_names_the_remedy_for_this_bead() {
        let id = model::Id::parse("gt-abc12").unwrap();
        let refusal = model::Refusal {
            status: model::Status::Closed,
            verb: "be slung",
            remedy: "`bd reopen {id}` opens it again",
        };
        let error = CommandError::transition(&refusal, &id);
        insta::assert_snapshot!(error.to_text(), @r"
        error: gt-abc12: a bead that is closed cannot be slung
        hint: `bd reopen gt-abc12` opens it again
        ");
    }
}
