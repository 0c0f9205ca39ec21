//! Git can rewind a bead; it cannot rewind attempts.

use crate::child;
use crate::support::{Rig, bead, now, parse, save};
use model::Bead;
use store::Lock;

/// The next attempt at a bead as its file has it now.
fn next(rig: &Rig, holder: &str) -> u32 {
    let store = rig.open();
    let id = parse("gt-abc12");
    let locked = store.lock(&[Lock::bead(&id)]).unwrap();
    let stored = store.read::<Bead>(&id).unwrap();
    let mut bead = stored.unwrap_or_else(|| bead("gt-abc12", "Fix it"));
    bead.attempt = locked.next_attempt(&bead, holder, &now()).unwrap();
    locked.save(&bead).unwrap();
    bead.attempt
}

#[test]
fn attempts_survive_what_git_does_to_the_bead() {
    let rig = Rig::new();
    save(&rig.open(), &bead("gt-abc12", "Fix it")).unwrap();
    rig.commit_all("filed");
    assert_eq!((next(&rig, "ann"), next(&rig, "bob")), (1, 2));
    rig.git(&["checkout", "-q", "--", ".beads"]);
    assert_eq!(rig.open().bead(&parse("gt-abc12")).unwrap().attempt, 0);
    assert_eq!(next(&rig, "cat"), 3);
    rig.git(&["stash", "-q", "-u"]);
    assert_eq!(next(&rig, "dan"), 4);
    std::fs::remove_file(rig.path_of("gt-abc12")).unwrap();
    assert_eq!(next(&rig, "eve"), 5);
    rig.git(&["clean", "-fdxq"]);
    rig.git(&["reset", "-q", "--hard"]);
    assert_eq!(next(&rig, "fay"), 6);
}

#[test]
fn the_larger_number_counts() {
    let rig = Rig::new();
    assert_eq!(next(&rig, "ann"), 1);
    let store = rig.open();
    let mut pulled = store.bead(&parse("gt-abc12")).unwrap();
    pulled.attempt = 7;
    save(&store, &pulled).unwrap();
    assert_eq!(next(&rig, "bob"), 8, "another clone was further");
    let last = store.last_attempt(&parse("gt-abc12")).unwrap().unwrap();
    assert_eq!((last.number, last.holder.as_str()), (8, "bob"));
    assert_eq!(store.last_attempt(&parse("gt-other")).unwrap(), None);
}

#[test]
fn holders_with_spaces_and_line_breaks_are_kept_on_one_line() {
    let rig = Rig::new();
    next(&rig, "Ann\nof 2 rigs");
    let last = rig.open().last_attempt(&parse("gt-abc12")).unwrap();
    assert_eq!(last.unwrap().holder, "Ann of 2 rigs");
}

#[test]
fn numbers_never_repeat_between_processes() {
    let rig = Rig::new();
    let log = rig.home().join("log");
    std::fs::write(&log, "").unwrap();
    let children: Vec<_> = (0..8)
        .map(|_| {
            let args = ["gt-abc12", log.to_str().unwrap(), "25"];
            child::command("attempts", &rig.root(), &args)
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let text = std::fs::read_to_string(log).unwrap();
    let numbers: Vec<u32> = text.lines().map(|line| line.parse().unwrap()).collect();
    let wanted: Vec<u32> = (1..=200).collect();
    assert_eq!(numbers, wanted, "each under the lock, in order");
}
