use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

const BEAD: &str = ".beads/beads/a/gt-abc12.yaml";
const HOOK: &str = ".beads/hooks/gt/polecats/toast.yaml";
const TICKET: &str = ".git/plaintown/tickets/gt/polecats/toast.yaml";
const CONVOY: &str = ".beads/convoys/hq-cv-7x2k9.yaml";

fn bead(status: &str, attempt: u32, closed_at: &str) -> String {
    format!(
        "format: 1\n\nid: gt-abc12\n\nstatus: {status}\n\nassignee: gt/polecats/toast\n\n\
         attempt: {attempt}\n\nbranch: work\n\nclosed_at: {closed_at}\n"
    )
}

fn hook(attempt: u32) -> String {
    format!(
        "# comment\nformat: 1\n\nagent: gt/polecats/toast\n\nbead: gt-abc12\n\n\
         attempt: {attempt}\n\nnonce: n1\n\nhost: h-1\n"
    )
}

fn convoy(status: &str, closed_at: &str, seen: &str) -> String {
    format!(
        "format: 1\n\nid: hq-cv-7x2k9\n\nstatus: {status}\n\nclosed_at: {closed_at}\n\n\
         close_reason: null\n\nbeads:\n  - id: gt-abc12\n    status: {seen}\n\n\n\
         created_at: 2026-01-15T10:35:00Z\n"
    )
}

/// A store with one bead in progress, its hook, ticket and convoy.
fn sound() -> Town {
    let town = Town::new("/bin/sh");
    for (path, text) in [
        (".beads/config.yaml", "format: 1\n\nprefix: gt\n".to_owned()),
        (
            ".beads/.gitattributes",
            "*.yaml merge=plaintown\n".to_owned(),
        ),
        (BEAD, bead("in_progress", 1, "null")),
        (HOOK, hook(1)),
        (TICKET, hook(1)),
        (CONVOY, convoy("open", "null", "in_progress")),
        (".git/plaintown/host", "h-1\n".to_owned()),
        (".git/plaintown/locks/gt-abc12.lock", String::new()),
        (".git/objects/maintenance.lock", String::new()),
    ] {
        town.write(path, &text);
    }
    town
}

#[track_caller]
fn finds(town: &Town, sentence: &str) {
    let broken = check(town);
    assert!(
        broken.iter().any(|found| found.contains(sentence)),
        "{sentence:?} is not in {broken:#?}"
    );
}

#[test]
fn a_sound_store_is_sound() {
    assert_eq!(check(&sound()), Vec::<String>::new());
    assert_eq!(hold(&sound()), Ok(()));
}

#[test]
fn a_store_that_is_not_there_is_not_sound() {
    finds(&Town::new("/bin/sh"), "No such file");
}

#[test]
fn each_broken_file_is_found() {
    let doubled = bead("open", 1, "null") + "\nstatus: closed\n";
    for (path, text, sentence) in [
        (BEAD, "", "a/gt-abc12.yaml: is empty"),
        (BEAD, "format: 1\n\nid: gt-ab", "ends within a line"),
        (BEAD, "<<<<<<< HEAD\nid: x\n", "beads/a/gt-abc12.yaml: "),
        (BEAD, &doubled, "duplicate entry"),
        (BEAD, "- a\n", "is no mapping"),
        (
            BEAD,
            "id: gt-other\n\nstatus: open\n",
            "its id is not gt-abc12",
        ),
        (
            ".beads/beads/b/gt-abd.yaml",
            "id: gt-abd\n\nstatus: open\n",
            "belongs in folder a",
        ),
        (
            ".beads/archive/2025/a/gt-abc12.yaml",
            "id: gt-abc12\n\nstatus: open\n",
            "has a double",
        ),
        (
            ".beads/molecules/gt-mol-1/2.yaml",
            "id: gt-mol-1.3\n",
            "its id is not gt-mol-1.2",
        ),
        (
            ".beads/comments/a/gt-abc12.2026-x.yaml",
            "bead: gt-x\n",
            "its bead is not gt-abc12",
        ),
        (
            ".beads/hooks/mayor.yaml",
            "agent: deacon\n",
            "its agent is not mayor",
        ),
        (".beads/beads/a/.tmpXy12", "", "was left behind"),
        (".beads/beads/a/gt-abc12.yaml.tmp", "", "was left behind"),
        (".beads/hooks/notes.txt", "", "is no object"),
    ] {
        let town = sound();
        town.write(path, text);
        finds(&town, sentence);
    }
}

#[test]
fn each_broken_life_is_found() {
    let completed = bead("completed", 1, "null");
    let other = bead("in_progress", 1, "null").replace("toast", "other");
    for (path, text, sentence) in [
        (
            BEAD,
            bead("open", 1, "null").as_str(),
            "gt-abc12 is on the hook of gt/polecats/toast and open",
        ),
        (
            BEAD,
            &bead("in_progress", 2, "null"),
            "are at different attempts",
        ),
        (BEAD, &other, "and gt/polecats/other's"),
        (
            BEAD,
            &bead("open", 1, "2026-01-15T10:30:00Z"),
            "closed_at says otherwise",
        ),
        (BEAD, &bead("closed", 1, "null"), "closed_at says otherwise"),
        (BEAD, &completed, "gt-mr-abc12.1 is not there"),
        (
            HOOK,
            &hook(1).replace("abc12", "zzz"),
            "names gt-zzz, which is not there",
        ),
        (
            HOOK,
            &hook(1).replace("abc12", "zzz"),
            "gt-abc12 is in_progress, and no hook holds it",
        ),
        (
            ".beads/hooks/mayor.yaml",
            &hook(1).replace("gt/polecats/toast", "mayor"),
            "is on the hooks of",
        ),
        (
            TICKET,
            &hook(2),
            "hook and ticket of gt/polecats/toast are of different attempts",
        ),
        (
            ".git/plaintown/tickets/mayor.yaml",
            "agent: mayor\n",
            "the ticket of mayor has no hook",
        ),
        (
            CONVOY,
            &convoy("open", "null", "closed"),
            "has gt-abc12 as closed, and it is in_progress",
        ),
        (
            CONVOY,
            &convoy("open", "null", "closed"),
            "all its beads are closed",
        ),
        (
            CONVOY,
            &convoy("closed", "2026-01-15T10:30:00Z", "in_progress"),
            "some of its beads are not",
        ),
        (".git/index.lock", "", "a lock is left"),
        (
            ".git/refs/heads/main",
            "0123456789012345678901234567890123456789\n",
            "git fsck",
        ),
    ] {
        let town = sound();
        town.write(path, text);
        finds(&town, sentence);
    }
}

#[test]
fn tickets_count_only_on_their_own_host() {
    let town = sound();
    fs::remove_file(town.repo().join(TICKET)).unwrap();
    finds(&town, "the hook of gt/polecats/toast has no ticket");
    town.write(".git/plaintown/host", "h-2\n");
    assert_eq!(check(&town), Vec::<String>::new());
}

#[test]
fn a_completed_bead_needs_its_branch_and_a_merged_one_its_commit() {
    let town = sound();
    fs::remove_file(town.repo().join(HOOK)).unwrap();
    fs::remove_file(town.repo().join(TICKET)).unwrap();
    let head = town.git(&["rev-parse", "HEAD"]).text().to_owned();
    let request = format!(
        "id: gt-mr-abc12.1\n\nstatus: open\n\nsource: gt-abc12\n\nhead: {head}\n\n\
         target: main\n\nhost: h-1\n\nmerge_commit: null\n"
    );
    town.write(BEAD, &bead("completed", 1, "null"));
    town.write(CONVOY, &convoy("open", "null", "completed"));
    town.write(".beads/beads/a/gt-mr-abc12.1.yaml", &request);
    finds(&town, "refs/heads/work does not hold");
    town.git(&["branch", "work"]);
    assert_eq!(check(&town), Vec::<String>::new());

    let merged = request + "\noutcome: merged\n";
    town.write(".beads/beads/a/gt-mr-abc12.1.yaml", &merged);
    finds(&town, "is not on main");
    let landed = merged.replace("merge_commit: null", &format!("merge_commit: {head}"));
    town.write(".beads/beads/a/gt-mr-abc12.1.yaml", &landed);
    assert_eq!(check(&town), Vec::<String>::new());
}

#[test]
fn settling_takes_a_second_look() {
    let bin = tempfile::tempdir().unwrap();
    let gt = bin.path().join("gt");
    for (answers, settled) in [
        (
            "[ -f seen ] && echo '{\"fixed\": 0, \"findings\": []}' || echo '[1]'; : >seen",
            true,
        ),
        ("[ -f seen ] && echo '[]' || exit 1; : >seen", false),
        ("echo '{\"findings\": [{\"id\": \"gt-1\"}]}'", false),
        ("echo '[]'; exit 1", false),
        ("echo broken", false),
        (":", false),
    ] {
        fs::write(&gt, format!("#!/bin/sh\n{answers}\n")).unwrap();
        fs::set_permissions(&gt, fs::Permissions::from_mode(0o755)).unwrap();
        let town = Town::new(&gt);
        assert_eq!(settle(&town).is_ok(), settled, "{answers}");
    }
}
