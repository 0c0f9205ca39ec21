//! How patient the watcher is: the `watcher` section of the user's own
//! configuration.

use crate::config::parse_duration;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// The `watcher` section.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Look at the files every second instead of being told by the kernel.
    pub poll: bool,
    /// How long a crashed worker waits before it is started again; twice as
    /// long after each further crash.
    #[serde(deserialize_with = "duration")]
    pub backoff: Duration,
    /// It never waits longer than this.
    #[serde(deserialize_with = "duration")]
    pub backoff_max: Duration,
    /// At so many crashes in a row the bead is escalated.
    pub crash_budget: u32,
    /// A worker that ran so long begins with a clean slate.
    #[serde(deserialize_with = "duration")]
    pub steady_after: Duration,
    /// A worker that shows no progress for so long is told so.
    #[serde(deserialize_with = "duration")]
    pub stalled_after: Duration,
    /// If it shows none for so much longer, its bead is escalated.
    #[serde(deserialize_with = "duration")]
    pub escalate_after: Duration,
    /// Whether to land what is completed.
    pub refinery: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        Self {
            poll: false,
            backoff: Duration::from_secs(1),
            backoff_max: minutes(5),
            crash_budget: 5,
            steady_after: minutes(10),
            stalled_after: minutes(10),
            escalate_after: minutes(20),
            refinery: true,
        }
    }
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no duration: use 90s, 20m or 2h"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_as_it_is() {
        let settings: Settings =
            serde_yaml::from_str("backoff: 2s\ncrash_budget: 3\npoll: true\n").unwrap();
        let expected = Settings {
            backoff: Duration::from_secs(2),
            crash_budget: 3,
            poll: true,
            ..Settings::default()
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in ["backof: 2s\n", "backoff: soon\n", "crash_budget: -1\n"] {
            assert!(serde_yaml::from_str::<Settings>(text).is_err(), "{text}");
        }
    }
}
