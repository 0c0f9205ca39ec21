//! The overseer, by a script: answers who asks, and hands what was sent back to
//! somebody who mends it. Everything goes through the commands a person has.

use std::cell::RefCell;

use serde_json::Value;
use testkit::{Output, Town};

/// One who looks now and then.
pub(super) struct Overseer<'a> {
    town: &'a Town,
    troubles: RefCell<Vec<String>>,
}

impl<'a> Overseer<'a> {
    pub(super) fn new(town: &'a Town) -> Self {
        Self {
            town,
            troubles: RefCell::default(),
        }
    }

    /// Answers all questions but the one that has no answer, and hands out anew
    /// what came back.
    pub(super) fn look(&self) {
        for asked in list(self.town.gt(&["escalate", "list", "--json"])) {
            let bead = asked["bead"].as_str().unwrap().to_owned();
            let reason = asked["reason"].as_str().unwrap_or_default();
            if !(bead.starts_with("gt-doom") && reason.contains("times in a row")) {
                self.note(
                    self.town
                        .gt(&["escalate", "resolve", &bead, "-m", "the first half"]),
                );
            }
        }
        for open in list(
            self.town
                .bd(&["list", "--status", "open", "--type", "task", "--json"]),
        ) {
            let bead = open["id"].as_str().unwrap();
            if self.was_sent_back(bead) {
                self.note(self.town.gt(&["sling", bead, "app", "--agent", "mender"]));
            }
        }
    }

    fn was_sent_back(&self, bead: &str) -> bool {
        let comments = self.town.bd(&["comments", bead]).ok();
        comments.stdout.contains("Sent back by the refinery")
    }

    fn note(&self, output: Output) {
        if !output.status.success() {
            self.troubles.borrow_mut().push(output.to_string());
        }
    }

    /// What was refused.
    pub(super) fn troubles(&self) -> String {
        self.troubles.borrow().join("\n")
    }
}

fn list(output: Output) -> Vec<Value> {
    let answer = output.ok().json();
    answer.as_array().cloned().unwrap_or_default()
}

/// What is found in the morning: where each bead of each convoy stands, and why.
pub(super) fn morning(town: &Town) -> String {
    let convoys = town.gt(&["convoy", "list", "--all", "--json"]).ok().json();
    let ids = convoys.as_array().unwrap().iter();
    let shown = ids.map(|convoy| {
        let id = convoy["id"].as_str().unwrap();
        town.gt(&["convoy", "status", id]).ok().stdout
    });
    shown.collect()
}
