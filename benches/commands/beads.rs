//! Beads such as a project has after a while: prose, labels, dependencies,
//! parents and comments, the same ones in every run.

use crate::chance::Chance;
use model::{Bead, Comment, Dependency, DependencyType, Id, Kind, Priority, Status, Time};
use std::collections::HashSet;

/// The prefix of the stores that are measured.
pub(crate) const PREFIX: &str = "bn";

const LABELS: [&str; 8] = [
    "api", "build", "cli", "docs", "flaky", "parser", "security", "ui",
];

const KINDS: [&str; 5] = ["task", "bug", "feature", "chore", "task"];

const WORDS: [&str; 32] = [
    "the", "parser", "returns", "an", "empty", "list", "when", "its", "input", "ends", "in", "a",
    "comment:", "retry", "with", "backoff", "until", "lock", "is", "free", "and", "report", "path",
    "of", "every", "file", "that", "could", "not", "be", "read", "again",
];

/// So many beads, with the comments on them.
pub(crate) fn make(count: usize) -> (Vec<Bead>, Vec<Comment>) {
    let mut chance = Chance::new(count as u64);
    let (mut beads, mut comments, mut taken) = (Vec::new(), Vec::new(), HashSet::new());
    while beads.len() < count {
        let suffix = suffix(&mut chance);
        if taken.insert(suffix.clone()) {
            let id = Id::parse(&format!("{PREFIX}-{suffix}")).expect("it is an ID");
            let bead = bead(id, &beads, &mut chance);
            comments.extend(comment(&bead.id, &mut chance));
            beads.push(bead);
        }
    }
    (beads, comments)
}

fn bead(id: Id, earlier: &[Bead], chance: &mut Chance) -> Bead {
    let title = format!(
        "Make {} {} {}",
        chance.pick(&WORDS),
        chance.pick(&WORDS),
        id
    );
    let created_at = time(chance);
    let mut bead = Bead::new(id, title, created_at.clone(), "ann");
    bead.kind = Kind::parse(chance.pick(&KINDS)).expect("it is a type");
    bead.priority = Priority::parse(&chance.below(5).to_string()).expect("it is a priority");
    bead.description = Some(prose(chance, 120));
    bead.design = Some(prose(chance, 50));
    bead.acceptance_criteria = Some(prose(chance, 35));
    for _ in 0..chance.below(4) {
        bead.add_label(chance.pick(&LABELS));
    }
    connect(&mut bead, earlier, chance);
    if chance.below(5) < 2 {
        bead.move_to(Status::Closed, &created_at);
        bead.close_reason = Some("done".to_owned());
        bead.assignee = Some("ann".to_owned());
    }
    bead
}

fn connect(bead: &mut Bead, earlier: &[Bead], chance: &mut Chance) {
    if earlier.is_empty() {
        return;
    }
    for _ in 0..chance.below(3) {
        let target = earlier[chance.below(earlier.len())].id.clone();
        bead.add_dependency(Dependency::new(target, DependencyType::blocks()));
    }
    if chance.below(8) == 0 {
        bead.parent = Some(earlier[chance.below(earlier.len())].id.clone());
    }
}

fn comment(bead: &Id, chance: &mut Chance) -> Option<Comment> {
    (chance.below(2) == 0).then(|| Comment {
        bead: bead.clone(),
        author: "ann".to_owned(),
        text: prose(chance, 30),
        extra: Vec::new(),
        created_at: time(chance),
    })
}

fn suffix(chance: &mut Chance) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..5)
        .map(|_| char::from(DIGITS[chance.below(36)]))
        .collect()
}

fn prose(chance: &mut Chance, words: usize) -> String {
    let mut text = String::from("Because");
    for at in 1..words {
        text.push(if at % 12 == 0 { '\n' } else { ' ' });
        text.push_str(chance.pick(&WORDS));
    }
    text.push_str(".\n");
    text
}

fn time(chance: &mut Chance) -> Time {
    let (month, day, hour) = (1 + chance.below(12), 1 + chance.below(28), chance.below(24));
    Time::parse(&format!("2025-{month:02}-{day:02}T{hour:02}:30:00Z"))
        .expect("it is a day of that year")
}
