//! A rig whose runtime is a scripted `claude`, found on the `PATH` as the real
//! one would be.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use testkit::{Call, Output, Town};

use crate::gt::life::support::*;

/// What the scripted `claude` does each time that it is started.
pub(super) fn claude(plan: &[&str]) -> Town {
    let mut town = Town::new(env!("CARGO_BIN_EXE_gt"));
    let folder = town.root().join("programs");
    fs::create_dir(&folder).unwrap();
    let program = folder.join("claude");
    fs::write(&program, include_str!("claude.sh")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = town.run_in(town.repo(), "sh", &["-c", "echo \"$PATH\""]);
    let path = format!("{}:{}", folder.display(), path.ok().text());
    town.env("PATH", path);
    fs::write(home(&town, "plan"), plan.join("\n") + "\n").unwrap();
    town.bd(&["init", "--name", "app", "--prefix", "gt"]).ok();
    town
}

pub(super) fn home(town: &Town, name: &str) -> PathBuf {
    town.root().join("home").join(name)
}

/// What the scripted `claude` wrote into a file of its home.
pub(super) fn wrote(town: &Town, name: &str) -> String {
    fs::read_to_string(home(town, name)).unwrap_or_default()
}

/// Its starts so far: plan, and which conversation it continued.
pub(super) fn calls(town: &Town) -> Vec<(String, String)> {
    let text = wrote(town, "calls");
    let call = |line: &str| {
        let mut words = line.split(' ');
        let plan = words.next()?.to_owned();
        Some((plan, words.next()?.strip_prefix("resume=")?.to_owned()))
    };
    text.lines().filter_map(call).collect()
}

/// The session of an agent, as this clone notes it.
pub(super) fn session(town: &Town, agent: &str, key: &str) -> String {
    let file = town
        .repo()
        .join(format!(".git/plaintown/sessions/{agent}.yaml"));
    plain(&fs::read_to_string(file).unwrap_or_default(), key).unwrap_or_default()
}

/// A hook of an agent's own process, with this on its standard input.
#[track_caller]
pub(super) fn hook(town: &Town, slung: &Slung, args: &[&str], said: &[u8]) -> Output {
    own(town, slung, args).stdin(said).run().ok()
}

pub(super) fn own(town: &Town, slung: &Slung, args: &[&str]) -> Call {
    let tree = if slung.worktree.exists() {
        slung.worktree.clone()
    } else {
        town.repo()
    };
    slung.call(town, "gt", args).dir(tree)
}
