//! The user's own configuration. Commands to run come from here, from the
//! built-in presets, and from nowhere else.

mod layers;

use crate::error::Error;
use agent::runtime::RuntimeConfig;
use model::{Class, SessionKind};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use layers::{Setting, Source, in_force};

/// `~/.config/plaintown/config.yaml`, or the file that `PLAINTOWN_CONFIG` names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserConfig {
    /// The runtime of workers that nobody chose one for.
    pub default_runtime: Option<String>,
    /// How workers are run for which nobody chose it.
    #[serde(deserialize_with = "session")]
    pub session: SessionKind,
    /// How large the log of a worker grows, in bytes.
    #[serde(deserialize_with = "size")]
    pub log_limit: Option<u64>,
    /// In each store at most so many workers run at once, whatever its rig allows.
    pub max_polecats: Option<u32>,
    /// Custom runtimes, and changes to the presets.
    pub runtimes: BTreeMap<String, RuntimeConfig>,
    /// Merge gates by rig name. These count as approved.
    pub gates: BTreeMap<String, Vec<Gate>>,
    /// Where the worktrees of a lone repository go.
    pub worktrees: Option<PathBuf>,
    /// How patient the watcher is.
    pub watcher: crate::supervision::Settings,
    /// What is merged without being asked about.
    pub refinery: Refinery,
    /// How the user is told of what cannot wait.
    pub notify: crate::notify::Notify,
}

/// What the refinery of this machine's clones merges.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Refinery {
    /// Also what other clones filed and `refinery.host` gives to this one,
    /// without `gt mq accept`: whoever may write to the store may then have
    /// code run here by the gates, and landed.
    pub accept_all: bool,
    /// A bead that was sent back so often is handed out again only by force.
    pub rounds: u32,
}

impl Default for Refinery {
    fn default() -> Self {
        Self {
            accept_all: false,
            rounds: 3,
        }
    }
}

/// A command that the merged tree has to pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its name, for the trailer of the commit.
    pub name: String,
    /// Program and arguments; no shell.
    pub command: Vec<String>,
    /// After how long it is killed and counts as red: `90s`, `20m`, `2h`.
    #[serde(default = "default_timeout", deserialize_with = "timeout")]
    pub timeout: Duration,
}

impl UserConfig {
    /// Reads the configuration; a missing file is the empty one.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Error::io("read", path, &error)),
        };
        if text
            .lines()
            .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
        {
            return Ok(Self::default());
        }
        let config: Self = serde_yaml::from_str(&text).map_err(|error| {
            Error::new(Class::Usage, format!("{}: {error}", path.display()))
                .with_hint("correct your own configuration; docs/configuration.md lists its keys")
        })?;
        config.check(path)?;
        Ok(config)
    }

    /// Where it lies: `PLAINTOWN_CONFIG`, else below the configuration folder.
    pub fn path(env: impl Fn(&str) -> Option<String>) -> PathBuf {
        if let Some(path) = env("PLAINTOWN_CONFIG").filter(|path| !path.is_empty()) {
            return PathBuf::from(path);
        }
        let base = env("XDG_CONFIG_HOME")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        let home = env("HOME").unwrap_or_else(|| "/".to_owned());
        base.unwrap_or_else(|| Path::new(&home).join(".config"))
            .join("plaintown/config.yaml")
    }

    /// The runtime that is used where none is named.
    pub fn default_runtime(&self) -> &str {
        self.default_runtime.as_deref().unwrap_or("claude")
    }

    /// How large the log of a worker grows before it is put aside, in bytes.
    pub fn log_limit(&self) -> u64 {
        self.log_limit.unwrap_or(agent::logs::LIMIT)
    }

    /// The gates of a rig.
    pub fn gates_of(&self, rig: &str) -> &[Gate] {
        self.gates.get(rig).map_or(&[], Vec::as_slice)
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        for (rig, gates) in &self.gates {
            for gate in gates {
                if gate.command.is_empty() {
                    let message = format!(
                        "{}: gate {} of {rig} has an empty command",
                        path.display(),
                        gate.name
                    );
                    return Err(Error::usage(message, "name a program and its arguments"));
                }
                if !model::text::is_name(&gate.name) {
                    let message = format!(
                        "{}: `{}` is no name for a gate",
                        path.display(),
                        gate.name.escape_debug()
                    );
                    return Err(Error::usage(message, "use a-z, 0-9, `_` and `-`"));
                }
            }
        }
        Ok(())
    }
}

fn default_timeout() -> Duration {
    Duration::from_secs(20 * 60)
}

fn session<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SessionKind, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_size(&text)
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no size: use 64K, 8M or 1G")))
}

/// `64K`, `8M`, `1G`: bytes, by powers of 1024.
fn parse_size(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    let size = number.parse::<u64>().ok()?.checked_mul(factor)?;
    (size > 0).then_some(size)
}

fn timeout<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no duration: use 90s, 20m or 2h"))
    })
}

/// `90s`, `20m`, `2h`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    let seconds = number.parse::<u64>().ok()?.checked_mul(factor)?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(parse_duration("20m"), Some(Duration::from_secs(1200)));
        for text in ["", "m", "20", "-1s", "0s", "1d", "8é"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("8M"), Some(8 << 20));
        for text in ["", "M", "8", "-1K", "0K", "8T", "8é"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }

    #[test]
    fn sessions() {
        let config: UserConfig = serde_yaml::from_str("session: tmux\n").unwrap();
        assert_eq!(config.session, SessionKind::Tmux);
        assert!(serde_yaml::from_str::<UserConfig>("session: screen\n").is_err());
    }

    #[test]
    fn unknown_keys_are_refused() {
        let config: Result<UserConfig, _> = serde_yaml::from_str("gate: {}\n");
        assert!(config.is_err());
        let config: UserConfig =
            serde_yaml::from_str("gates:\n  app:\n    - name: test\n      command: [\"true\"]\n")
                .unwrap();
        assert_eq!(config.gates_of("app")[0].timeout, Duration::from_secs(1200));
    }
}
