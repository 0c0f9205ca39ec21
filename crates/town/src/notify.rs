//! The user's own notification command: `notify.command` of their
//! configuration, run as arguments, without a shell, for ten seconds at most.
//!
//! A notification that fails is reported and never makes anything else fail.

use crate::Town;
use crate::error::Error;
use agent::process::{self, Identity};
use model::Class;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long a notification may take.
const LIMIT: Duration = Duration::from_secs(10);

/// How long one that is stopped may take to end.
const GRACE: Duration = Duration::from_millis(200);

/// How the user wants to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// Program and arguments; `{title}` and `{body}` are replaced.
    pub command: Vec<String>,
}

impl Notify {
    /// The command with its values. A value that holds a placeholder's text is
    /// not looked at again.
    fn argv(&self, title: &str, body: &str) -> Vec<String> {
        self.command
            .iter()
            .map(|part| fill(part, &[("{title}", title), ("{body}", body)]))
            .collect()
    }
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let hit = values.iter().find(|(name, _)| rest.starts_with(name));
        let (value, length) = hit.map_or(("{", 1), |(name, value)| (*value, name.len()));
        filled.push_str(value);
        rest = &rest[length..];
    }
    filled + rest
}

/// Tells the user, if they said how. Control characters are left out: a title
/// may come from anybody. True if it ran and succeeded.
pub fn send(town: &Town, title: &str, body: &str) -> bool {
    match try_send(town, title, body) {
        Ok(ran) => ran,
        Err(error) => {
            (town.setup().warn)(&format!("the notification was not sent: {error}"));
            false
        }
    }
}

fn try_send(town: &Town, title: &str, body: &str) -> Result<bool, Error> {
    let argv = town.user()?.notify.argv(&plain(title), &plain(body));
    let Some((program, args)) = argv.split_first() else {
        return Ok(false);
    };
    let failed = |what: String| Error::new(Class::Environment, format!("`{program}` {what}"));
    let silent = || agent::nowhere().map_err(|error| failed(format!("cannot be started: {error}")));
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        .envs(&town.setup().env)
        .current_dir(&town.store.located().root)
        .stdin(Stdio::null())
        .stdout(silent()?)
        .stderr(silent()?)
        .process_group(0);
    let mut child = command
        .spawn()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    let broken = |error: std::io::Error| failed(format!("cannot be waited for: {error}"));
    let identity = Identity::of(child.id()).map_err(broken)?;
    let ended = match &identity {
        Some(identity) => process::wait_exit(identity, LIMIT).map_err(broken)?,
        None => true,
    };
    if !ended {
        if let Some(identity) = &identity {
            process::stop(identity, GRACE).map_err(|error| failed(error.to_string()))?;
        }
        end_group(child.id());
        child.wait().map_err(broken)?;
        return Err(failed(format!(
            "was stopped after {} seconds",
            LIMIT.as_secs()
        )));
    }
    let status = child.wait().map_err(broken)?;
    if status.success() {
        return Ok(true);
    }
    Err(failed(format!("ended with {status}")))
}

/// What it started ends with it: the group is its own.
fn end_group(leader: u32) {
    let group = i32::try_from(leader).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // That nobody is left is what is wanted.
        let _none_left = kill_process_group(group, Signal::KILL);
    }
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|it| *it == '\n' || !it.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once() {
        let notify = Notify {
            command: ["tell", "{title}: {body}{", "{other}"]
                .map(str::to_owned)
                .into(),
        };
        assert_eq!(
            notify.argv("{body}", "b; rm -rf /"),
            ["tell", "{body}: b; rm -rf /{", "{other}"]
        );
        assert!(Notify::default().argv("a", "b").is_empty());
    }

    #[test]
    fn control_characters_are_left_out() {
        assert_eq!(plain("a\x1b[2J\nb\0"), "a[2J\nb");
    }
}
