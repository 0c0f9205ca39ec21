//! What was slung here, and its files afterwards.

use super::*;

#[test]
fn a_bead_that_is_gone_is_taken_off_the_hook() {
    let town = rig("ignore");
    slung(&town);
    fs::remove_file(town.repo().join(".beads/beads/o/gt-one.yaml")).unwrap();
    let shown = shows(&town, TOAST, "broken", "there is no bead gt-one");
    let output = heed(&town, &shown).ok();
    assert!(output.stdout.contains("there is no such bead"), "{output}");
    assert_eq!(of(&town, TOAST), Value::Null);
    assert!(!hook_file(&town, TOAST).exists());
    says(town.gt(&["release", "gt-one"]), 3, &["gt-one"]);
}

#[test]
fn a_bead_that_was_closed_is_tidied_up() {
    let town = rig("ignore");
    slung(&town);
    let text = bead_file(&town, "gt-one").replace("status: hooked", "status: closed");
    let text = text.replace("closed_at: null", "closed_at: 2026-01-15T10:40:58Z");
    town.write(".beads/beads/o/gt-one.yaml", &text);
    let shown = shows(&town, TOAST, "over", "gt-one is closed at attempt 1");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, TOAST), Value::Null);
    sound(&town);
}

#[test]
fn a_hook_that_was_changed_is_written_again() {
    let town = rig("ignore");
    slung(&town);
    let path = hook_file(&town, TOAST);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("target: main", "target: other")).unwrap();
    let shown = shows(&town, TOAST, "changed", "not the one that was slung");
    let doctor = town.gt(&["doctor"]).fails(5).stdout;
    assert!(doctor.contains("target: other"), "{doctor}");
    heed(&town, &shown).ok();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(of(&town, TOAST)["state"], "waiting");
    sound(&town);
}

#[test]
fn a_hook_that_was_half_written_is_written_again() {
    let town = rig("ignore");
    slung(&town);
    let path = hook_file(&town, TOAST);
    let text = fs::read(&path).unwrap();
    for half in [&text[..0], &text[..200], &text[..text.len() - 40]] {
        fs::write(&path, half).unwrap();
        let shown = shows(&town, TOAST, "unreadable", "toast.yaml");
        let doctor = town.gt(&["doctor"]).fails(5).stdout;
        assert!(!doctor.contains("no hook holds it"), "{doctor}");
        assert!(doctor.contains(&command(&shown)), "{shown} {doctor}");
        heed(&town, &shown).ok();
        assert_eq!(fs::read(&path).unwrap(), text);
    }
    sound(&town);
}

#[test]
fn a_hook_by_hand_that_is_half_written_is_dropped() {
    let town = rig("ignore");
    slung(&town);
    plant(&town, NUX, &[]);
    let text = fs::read(hook_file(&town, NUX)).unwrap();
    fs::write(hook_file(&town, NUX), &text[..200]).unwrap();
    let shown = shows(&town, NUX, "unreadable", "nux.yaml");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX), Value::Null);
}

#[test]
fn a_hook_that_is_gone_is_written_again() {
    let town = rig("ignore");
    slung(&town);
    fs::remove_file(hook_file(&town, TOAST)).unwrap();
    let shown = shows(&town, TOAST, "hook_missing", "while its ticket stands");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, TOAST)["state"], "waiting");
}

#[test]
fn a_bead_or_ticket_that_cannot_be_read_is_not_missing() {
    let town = rig("ignore");
    slung(&town);
    let files = [
        town.repo().join(".beads/beads/o/gt-one.yaml"),
        ticket_file(&town, TOAST),
    ];
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}<<<<<<< ours\n")).unwrap();
        let shown = shows(&town, TOAST, "unreadable", "holds conflict markers");
        let remedy = shown["remedy"].as_str().unwrap();
        assert!(remedy.contains("one side of each conflict"), "{shown}");
        fs::write(&path, text).unwrap();
        assert_eq!(of(&town, TOAST)["state"], "waiting");
    }
}
