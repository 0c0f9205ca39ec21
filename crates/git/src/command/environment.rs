//! Which environment git gets.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

/// The transports that may be used; `ext::` would run a command.
const TRANSPORTS: &str = "file:git:http:https:ssh";

/// What a user sets for every git on the machine: which configuration files
/// count, and how a remote is reached. Everything else that begins with `GIT_`
/// belongs to whoever called us, and is dropped.
const KEPT: &[&str] = &[
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_ASKPASS",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "GIT_SSL_NO_VERIFY",
    "GIT_PROXY_COMMAND",
    "GIT_PROXY_SSL_CAINFO",
];

pub(super) fn apply(command: &mut Command) {
    for (key, _) in env::vars_os() {
        if is_scrubbed(&key) {
            command.env_remove(&key);
        }
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_ALLOW_PROTOCOL", TRANSPORTS);
    #[cfg(test)]
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("HOME", "/nonexistent");
}

fn is_scrubbed(key: &OsStr) -> bool {
    let Some(key) = key.to_str() else {
        return key.as_encoded_bytes().starts_with(b"GIT_");
    };
    key.starts_with("GIT_") && !KEPT.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_repository_is_dropped_and_a_users_transport_is_kept() {
        for dropped in [
            "GIT_DIR",
            "GIT_INDEX_FILE",
            "GIT_TRACE",
            "GIT_CONFIG_COUNT",
            "GIT_EXEC_PATH",
        ] {
            assert!(is_scrubbed(OsStr::new(dropped)), "{dropped}");
        }
        for kept in [
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_GLOBAL",
            "PATH",
            "SSH_AUTH_SOCK",
        ] {
            assert!(!is_scrubbed(OsStr::new(kept)), "{kept}");
        }
    }
}
