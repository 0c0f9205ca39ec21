//! Of any number of processes that create one file, exactly one does.

use crate::child::{self, LOST};
use crate::support::{Rig, bead, parse, save, temporary_files};
use std::path::PathBuf;
use store::Lock;

const PROCESSES: usize = 16;
const ROUNDS: usize = 50;

#[test]
fn one_of_sixteen_processes_wins() {
    let rig = Rig::new();
    for round in 0..ROUNDS {
        let id = format!("gt-r{round}");
        let start = rig.home().join(format!("start-{round}"));
        let racers: Vec<_> = (0..PROCESSES)
            .map(|racer| {
                let title = format!("racer {racer}");
                let args = [id.as_str(), &title, start.to_str().unwrap()];
                child::command("create", &rig.root(), &args)
                    .spawn()
                    .unwrap()
            })
            .collect();
        std::fs::write(&start, "").unwrap();
        let codes: Vec<i32> = racers
            .into_iter()
            .map(|mut racer| racer.wait().unwrap().code().unwrap())
            .collect();
        let winners: Vec<usize> = (0..PROCESSES).filter(|&at| codes[at] == 0).collect();
        assert_eq!(winners.len(), 1, "round {round}: {codes:?}");
        assert!(codes.iter().all(|code| [0, LOST].contains(code)));
        let bead = rig.open().bead(&parse(&id)).unwrap();
        assert_eq!(bead.title, format!("racer {}", winners[0]));
    }
    assert_eq!(temporary_files(&rig.root()), [] as [PathBuf; 0]);
    assert_eq!(rig.open().load().unwrap().beads.len(), ROUNDS);
}

#[test]
fn creating_what_is_there_changes_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    save(&store, &bead("gt-abc12", "First")).unwrap();
    let locked = store.lock(&[Lock::bead(&parse("gt-abc12"))]).unwrap();
    assert!(!locked.create(&bead("gt-abc12", "Second")).unwrap());
    assert_eq!(store.bead(&parse("gt-abc12")).unwrap().title, "First");
}
