//! What the tests of the life of work begin with, and what they look at.
//!
//! Files are read as text: no code under test reads them here.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use testkit::{Call, Output, Town, invariants};

/// How long a scripted worker may take; a test that waits this long fails.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// A rig called `app` with the prefix `gt`, and this agent as its default.
pub(crate) fn rig(agent: &str) -> Town {
    in_rig(Town::new(env!("CARGO_BIN_EXE_gt")), agent)
}

/// Says that something is over, however it ends: whoever goes on beside it until
/// then would else hold up a test that failed.
pub(crate) struct Over<'a>(pub(crate) &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A rig in a town that was built with choices.
pub(crate) fn in_rig(mut town: Town, agent: &str) -> Town {
    town.agents(agent);
    town.bd(&["init", "--name", "app", "--prefix", "gt"]).ok();
    town
}

/// A new bead under an ID of its own choice, such as `gt-one`.
pub(crate) fn bead(town: &Town, id: &str, title: &str) -> String {
    town.bd(&["create", title, "--id", id, "--silent"]).ok();
    id.to_owned()
}

/// A plain value of a bead's file.
pub(crate) fn field(town: &Town, id: &str, key: &str) -> String {
    plain(&bead_file(town, id), key).unwrap_or_default()
}

pub(crate) fn status(town: &Town, id: &str) -> String {
    field(town, id, "status")
}

/// The text of a bead's file.
pub(crate) fn bead_file(town: &Town, id: &str) -> String {
    let root = id.split('.').next().unwrap_or(id);
    let suffix = root.rsplit('-').next().unwrap_or(root);
    town.read(format!(".beads/beads/{}/{id}.yaml", &suffix[..1]))
}

/// The value after `key: ` in a file of ours, without quotes.
pub(crate) fn plain(text: &str, key: &str) -> Option<String> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
    Some(value.trim_matches('"').to_owned())
}

pub(crate) fn hook_file(town: &Town, agent: &str) -> PathBuf {
    town.repo().join(format!(".beads/hooks/{agent}.yaml"))
}

pub(crate) fn ticket_file(town: &Town, agent: &str) -> PathBuf {
    town.repo()
        .join(format!(".git/plaintown/tickets/{agent}.yaml"))
}

/// As a command leaves a ticket that begins to end its attempt, so, and is killed.
#[track_caller]
pub(crate) fn begin_to_end(town: &Town, agent: &str, ends_as: &str) {
    let path = ticket_file(town, agent);
    let text = fs::read_to_string(&path).expect("there is a ticket");
    let begun = text.replace("ends_as: null", &format!("ends_as: {ends_as}"));
    assert_ne!(text, begun, "it stood");
    fs::write(path, begun).expect("a ticket can be written");
}

/// What the hook of an agent says under a key.
pub(crate) fn on_hook(town: &Town, agent: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(hook_file(town, agent)).ok()?;
    plain(&text, key)
}

/// One bead as a sling placed it.
#[derive(Debug, Clone)]
pub(crate) struct Slung {
    pub(crate) bead: String,
    pub(crate) agent: String,
    pub(crate) branch: String,
    pub(crate) worktree: PathBuf,
}

/// Slings to the rig, or wherever else `more` says, and returns where it went.
#[track_caller]
pub(crate) fn sling(town: &Town, id: &str, more: &[&str]) -> Slung {
    let mut args = vec!["sling", id];
    if more.first().is_none_or(|first| first.starts_with('-')) {
        args.push("app");
    }
    args.extend(more);
    args.push("--json");
    let answer = town.gt(&args).ok().json();
    placed(&answer["slung"][0])
}

/// Reads one entry of the answer of a sling.
pub(crate) fn placed(entry: &Value) -> Slung {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    Slung {
        bead: text("bead"),
        agent: text("agent"),
        branch: text("branch"),
        worktree: text("worktree").into(),
    }
}

/// Slings to a polecat whose process has ended without a word: its hook, its
/// worktree and its branch stand, and the test works in its place.
#[track_caller]
pub(crate) fn idle(town: &Town, id: &str) -> Slung {
    let answer = town.gt(&["sling", id, "app", "--agent", "ignore", "--json"]);
    let slung = placed(&answer.json()["slung"][0]);
    town.wait_until(LONG, || town.processes().is_empty());
    slung
}

impl Slung {
    /// A command of the polecat in its worktree, as its process would run it.
    pub(crate) fn call(&self, town: &Town, program: &str, args: &[&str]) -> Call {
        let number = on_hook(town, &self.agent, "attempt").unwrap_or_default();
        let nonce = on_hook(town, &self.agent, "nonce").unwrap_or_default();
        town.call(program, args)
            .dir(&self.worktree)
            .env("GT_AGENT", &self.agent)
            .env("GT_BEAD", &self.bead)
            .env("GT_ATTEMPT", format!("{number}-{nonce}"))
    }

    #[track_caller]
    pub(crate) fn gt(&self, town: &Town, args: &[&str]) -> Output {
        self.call(town, "gt", args).run()
    }

    /// Writes a file in its worktree and commits it; returns the commit.
    #[track_caller]
    pub(crate) fn commit(&self, town: &Town, file: &str) -> String {
        commit_in(town, &self.worktree, file)
    }
}

/// Writes a file of this name and text and commits it.
#[track_caller]
pub(crate) fn commit_in(town: &Town, tree: &Path, file: &str) -> String {
    fs::write(tree.join(file), file).expect("a worktree can be written to");
    town.run_in(tree, "git", &["add", file]).ok();
    town.run_in(tree, "git", &["commit", "--quiet", "--message", file])
        .ok();
    head(town, tree)
}

#[track_caller]
pub(crate) fn head(town: &Town, tree: &Path) -> String {
    let head = town.run_in(tree, "git", &["rev-parse", "HEAD"]).ok();
    head.text().to_owned()
}

/// Every file below the repository and the home folder with its bytes: what
/// "nothing was written" is judged by. Locks are never removed, workers write
/// their logs when they like, and git refreshes an index as it looks at it.
pub(crate) fn everything(town: &Town) -> Vec<(PathBuf, Vec<u8>)> {
    let noise = |path: &Path| {
        let text = path.to_string_lossy();
        text.contains("/plaintown/locks/")
            || text.contains("/plaintown/logs/")
            || text.ends_with("/.git/index")
    };
    let mut files = Vec::new();
    let mut folders = vec![town.repo(), town.root().join("home")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if !noise(&path) {
                let bytes = fs::read(&path).unwrap_or_default();
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    files
}

/// That the command changes no file.
#[track_caller]
pub(crate) fn changes_nothing<T>(town: &Town, command: impl FnOnce() -> T) -> T {
    let before = everything(town);
    let answer = command();
    let after = everything(town);
    let differ = |(path, bytes): &(PathBuf, Vec<u8>), others: &[(PathBuf, Vec<u8>)]| {
        let same = others
            .iter()
            .any(|other| other == &(path.clone(), bytes.clone()));
        (!same).then(|| path.clone())
    };
    let gone: Vec<_> = before.iter().filter_map(|it| differ(it, &after)).collect();
    let new: Vec<_> = after.iter().filter_map(|it| differ(it, &before)).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "changed or gone: {gone:#?}\nchanged or new: {new:#?}"
    );
    answer
}

/// That the invariants hold, and that the doctor finds nothing.
#[track_caller]
pub(crate) fn sound(town: &Town) {
    assert_eq!(invariants::check(town), Vec::<String>::new());
    town.gt(&["doctor"]).ok();
}

/// That a command failed with this status, saying each of these on stderr.
#[track_caller]
pub(crate) fn says(output: Output, code: i32, words: &[&str]) -> Output {
    let output = output.fails(code);
    for word in words {
        assert!(
            output.stderr.contains(word),
            "expected {word:?} on stderr of {output}"
        );
    }
    output
}

/// The scripted agent's ends for a bead, by their count.
pub(crate) fn ended(town: &Town, id: &str) -> usize {
    let log = town.agent_log();
    log.iter()
        .filter(|entry| !entry.start && entry.bead == id)
        .count()
}

/// Waits until the bead is in this state and nobody works any more.
#[track_caller]
pub(crate) fn wait_for(town: &Town, id: &str, state: &str) {
    town.wait_until(LONG, || {
        status(town, id) == state && town.processes().is_empty()
    });
}
