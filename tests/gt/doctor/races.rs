//! What begins or ends while somebody looks, or is about to act upon what was seen.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

use crate::gt::life::support::*;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use testkit::{Call, Town};

const TOAST: &str = "app/polecats/toast";

/// A rig with two beads, the first of them at work.
fn at_work() -> (Town, Slung) {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let slung = sling(&town, "gt-one", &["app/toast"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    (town, slung)
}

/// The process that is remembered for an agent, as its file says.
fn process(town: &Town, agent: &str) -> Option<String> {
    let path = format!("plaintown/sessions/{agent}.yaml");
    plain(
        &fs::read_to_string(town.git_dir().join(path)).ok()?,
        "process",
    )
}

/// That the worker of this process is the only one, and alive.
#[track_caller]
fn works_on(town: &Town, id: &str, process: &str) {
    let pid: u32 = process.split(':').nth(1).unwrap().parse().unwrap();
    assert_eq!(town.agents_at_work()[id], [pid]);
}

/// As if the release had been killed before it stopped the worker.
fn take_away(town: &Town, id: &str) {
    fs::remove_file(hook_file(town, TOAST)).unwrap();
    fs::remove_file(ticket_file(town, TOAST)).unwrap();
    let text = bead_file(town, id).replace("status: in_progress", "status: open");
    let text = text.replace(&format!("assignee: {TOAST}"), "assignee: null");
    town.write(".beads/beads/o/gt-one.yaml", &text);
}

/// A command that waits at its first call of git until it is let go.
struct HeldAtGit {
    call: Call,
    folder: PathBuf,
}

impl HeldAtGit {
    fn new(town: &Town, args: &[&str]) -> Self {
        let folder = town.root().join("held");
        fs::create_dir(&folder).unwrap();
        let path = town.call("gt", args).env["PATH".as_ref() as &std::ffi::OsStr].clone();
        let path = path.to_str().unwrap().to_owned();
        let script = format!(
            "#!/bin/sh\nPATH='{path}'\ncd_to='{}'\nif mkdir \"$cd_to/begun\" 2>/dev/null; then\n  while ! [ -e \"$cd_to/go\" ]; do sleep 0.02; done\nfi\nexec git \"$@\"\n",
            folder.display()
        );
        let git = folder.join("git");
        fs::write(&git, script).unwrap();
        fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
        let call = town.call("gt", args);
        let call = call.env("PATH", format!("{}:{path}", folder.display()));
        Self { call, folder }
    }

    /// Runs it, and this while it waits.
    fn and_meanwhile(&self, town: &Town, meanwhile: impl FnOnce()) {
        let mut held = self.call.start();
        town.wait_until(LONG, || self.folder.join("begun").exists());
        meanwhile();
        File::create(self.folder.join("go")).unwrap();
        held.wait().unwrap();
    }
}

#[test]
fn a_worker_that_follows_one_that_had_to_be_stopped_works_on() {
    let (town, slung) = at_work();
    take_away(&town, "gt-one");
    let first = process(&town, &slung.agent).unwrap();
    let doctor = HeldAtGit::new(&town, &["doctor", "--fix"]);
    doctor.and_meanwhile(&town, || {
        sling(&town, "gt-one", &["app/toast"]);
        town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    });
    let second = process(&town, &slung.agent).unwrap();
    assert_ne!(first, second);
    works_on(&town, "gt-one", &second);
}

#[test]
fn a_worktree_that_is_made_again_while_the_doctor_looks_stays() {
    let (town, slung) = at_work();
    town.gt(&["release", "gt-one"]).ok();
    fs::remove_dir_all(&slung.worktree).unwrap();
    let doctor = HeldAtGit::new(&town, &["doctor", "--fix"]);
    doctor.and_meanwhile(&town, || {
        sling(&town, "gt-one", &["app/toast"]);
        town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    });
    assert!(slung.worktree.join(".git").exists(), "its worker is in it");
    works_on(&town, "gt-one", &process(&town, TOAST).unwrap());
}

#[test]
fn a_worker_whose_ticket_cannot_be_read_is_told_of_and_left_alone() {
    let (town, slung) = at_work();
    let process = process(&town, TOAST).unwrap();
    fs::write(ticket_file(&town, TOAST), "<<<<<<< ours\n").unwrap();
    let text = bead_file(&town, "gt-one").replace("status: in_progress", "status: open");
    town.write(".beads/beads/o/gt-one.yaml", &text);
    let said = town.gt(&["doctor", "--fix"]).fails(5).stdout;
    assert!(said.contains("tickets/app/polecats/toast.yaml"), "{said}");
    assert!(!said.contains("stop"), "{said}");
    works_on(&town, "gt-one", &process);
    assert!(hook_file(&town, &slung.agent).exists());
}

/// Whether a command of the town has the process table open.
fn looks_at_processes(town: &Town) -> bool {
    let has_open = |pid: u32| {
        let folder = fs::read_dir(format!("/proc/{pid}/fd"));
        let entries = folder.into_iter().flatten().flatten();
        let mut targets = entries.filter_map(|it| fs::read_link(it.path()).ok());
        targets.any(|it| it == Path::new("/proc"))
    };
    town.processes().into_iter().any(has_open)
}

#[test]
fn a_worker_that_is_slung_while_the_doctor_looks_works_on() {
    let (town, _) = at_work();
    let inject = "inject=getdents64:delay_enter=3000000:when=1";
    let slow = ["-f", "-qq", "-o", "/dev/null", "-P", "/proc", "-e", inject];
    let args = [&slow[..], &["gt", "doctor", "--fix"]].concat();
    let mut doctor = town.call("strace", &args).start();
    town.wait_until(LONG, || looks_at_processes(&town));
    let slung = sling(&town, "gt-two", &[]);
    let process = process(&town, &slung.agent).unwrap();
    doctor.wait().unwrap();
    works_on(&town, "gt-two", &process);
}

/// Nobody brings a convoy up to date while these are held.
fn hold_convoys(town: &Town) -> Vec<File> {
    let folder = town.git_dir().join("plaintown/locks");
    let names = (0..=255).map(|stripe| folder.join(format!("convoy-{stripe:02x}.lock")));
    let held = names.map(|path| {
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        file.lock().unwrap();
        file
    });
    held.collect()
}

#[test]
fn a_release_stops_whom_it_took_the_bead_from_and_nobody_else() {
    let (town, slung) = at_work();
    town.gt(&["convoy", "create", "Both", "gt-one", "gt-two"])
        .ok();
    let first = process(&town, TOAST).unwrap();
    let held = hold_convoys(&town);
    let mut release = town.call("gt", &["release", "gt-one"]).start();
    town.wait_until(LONG, || !ticket_file(&town, &slung.agent).exists());
    let sling = ["sling", "gt-one", "app/toast"];
    let mut slings = vec![town.call("gt", &sling).start()];
    town.wait_until(LONG, || hook_file(&town, TOAST).exists());
    // The first waits for the convoy before it starts the worker; the second begins
    // with that.
    slings.push(town.call("gt", &sling).start());
    town.wait_until(LONG, || process(&town, TOAST).is_some_and(|it| it != first));
    let second = process(&town, TOAST).unwrap();
    drop(held);
    assert!(release.wait().unwrap().success());
    for mut sling in slings {
        assert!(sling.wait().unwrap().success());
    }
    town.wait_until(LONG, || !town.agents_at_work().is_empty());
    works_on(&town, "gt-one", &second);
}

/// Some looks at the worker fail, as where too many files are open for a moment.
#[test]
fn a_worker_that_cannot_be_looked_at_is_not_taken_for_dead() {
    let (town, _) = at_work();
    let process = process(&town, TOAST).unwrap();
    let pid = process.split(':').nth(1).unwrap();
    let ranges = (1..=3).flat_map(|first| (first..=4).map(move |last| (first, last)));
    for (first, last) in ranges {
        for file in ["stat", "environ"] {
            let file = format!("/proc/{pid}/{file}");
            let inject = format!("inject=openat:error=EMFILE:when={first}..{last}");
            let failing = [
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-P",
                &file,
                "-e",
                &inject,
                "gt",
            ];
            for command in [&["sling", "gt-one", "app/toast"][..], &["doctor", "--fix"]] {
                town.call("strace", &[&failing[..], command].concat()).run();
                works_on(&town, "gt-one", &process);
            }
        }
    }
}
