//! A program of the user's own that is run for an event.
//!
//! It gets the event as JSON on its standard input, and nothing of the event
//! as an argument: no title or reason ever reaches a shell.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};
use town::events::Noticed;

/// Why a reaction did not go well.
#[derive(Debug, thiserror::Error)]
pub enum ReactionError {
    /// It could not be run.
    #[error("cannot run {program}: {source}")]
    NotRun {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It failed.
    #[error("{program} ended with {status}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
}

/// Runs a program with its arguments and waits for its end, so that reactions
/// never overtake each other. Without a program nothing is run.
pub fn run(argv: &[OsString], noticed: &Noticed) -> Result<(), ReactionError> {
    let Some((name, arguments)) = argv.split_first() else {
        return Ok(());
    };
    let program = name.to_string_lossy().into_owned();
    let status = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            if let Some(mut stdin) = child.stdin.take() {
                let json = serde_json::to_string(noticed)?;
                // A program that does not read its input may still succeed.
                let _ = writeln!(stdin, "{json}");
            }
            child.wait()
        });
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(ReactionError::Failed { program, status }),
        Err(source) => Err(ReactionError::NotRun { program, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use town::events::Event;

    fn react(argv: &[&str]) -> Result<(), ReactionError> {
        let noticed = Noticed::now(Event::GateOpened {
            gate: "$(touch canary)".to_owned(),
            agent: "app/polecats/toast".to_owned(),
        });
        run(
            &argv.iter().map(OsString::from).collect::<Vec<_>>(),
            &noticed,
        )
    }

    #[test]
    fn the_event_is_on_its_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("event");
        let script = format!("cat > {}", file.display());
        react(&["sh", "-c", &script]).unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        let noticed: Noticed = serde_json::from_str(&text).unwrap();
        assert!(matches!(noticed.event, Event::GateOpened { .. }));
    }

    #[test]
    fn failures_say_which_program() {
        let failed = react(&["sh", "-c", "exit 3"]).unwrap_err().to_string();
        assert_eq!(failed, "sh ended with exit status: 3");
        let missing = react(&["/nowhere/to/be/found"]).unwrap_err().to_string();
        assert!(
            missing.starts_with("cannot run /nowhere/to/be/found: "),
            "{missing}"
        );
        assert!(react(&["true"]).is_ok(), "it need not read its input");
        assert!(react(&[]).is_ok());
    }
}
