//! What `gt feed` tells of the evening explains it: each step of each bead follows
//! from the one before, each start from what ended the last one, and each landing
//! has its commit.

use serde_json::Value;
use testkit::Town;

use super::audit::Landing;
use super::cast::{CAST, Part};

/// What was told of a bead, in order.
struct Story {
    bead: &'static str,
    told: Vec<Value>,
}

pub(super) fn check(town: &Town, landings: &[Landing]) {
    let stories: Vec<Story> = CAST.iter().map(|part| Story::of(town, part)).collect();
    for (story, part) in stories.iter().zip(&CAST) {
        story.each_step_follows(part);
        story.each_start_follows();
        story.each_end_has_a_reason();
    }
    let landed: Vec<_> = stories.iter().flat_map(Story::landed).collect();
    assert_eq!(landed.len(), landings.len(), "{landed:?}");
    for landing in landings {
        let it = (landing.bead.clone(), landing.commit.clone());
        assert!(landed.contains(&it), "{it:?}: {landed:?}");
    }
}

impl Story {
    fn of(town: &Town, part: &Part) -> Self {
        let out = town
            .gt(&["feed", part.bead, "-n", "0", "--json"])
            .ok()
            .stdout;
        let lines = out.lines();
        Self {
            bead: part.bead,
            told: lines
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        }
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.told.iter().filter(move |it| it["event"] == kind)
    }

    /// A killed command may have told a step that it did not take any more: then the
    /// next begins where that one did.
    fn each_step_follows(&self, part: &Part) {
        let steps: Vec<&Value> = self.of_kind("bead_changed").collect();
        let steps: Vec<&Value> = steps
            .into_iter()
            .filter(|it| it["bead"] == self.bead)
            .collect();
        assert!(steps[0]["from"].is_null(), "{self}");
        for two in steps.windows(2) {
            let from = &two[1]["from"];
            let follows = *from == two[0]["to"] || *from == two[0]["from"];
            assert!(follows, "{} then {}\n{self}", two[0], two[1]);
            assert!(two[1]["by"].is_string(), "nobody did {}\n{self}", two[1]);
        }
        assert_eq!(steps.last().unwrap()["to"], part.end, "{self}");
    }

    /// A worker is started again when it ended, crashed, or was let go on.
    fn each_start_follows(&self) {
        let mut is_explained = true;
        for it in &self.told {
            match it["event"].as_str().unwrap() {
                "agent_restarted" => {
                    assert!(is_explained, "why {it}?\n{self}");
                    is_explained = false;
                }
                "agent_started" => is_explained = false,
                "agent_exited" | "agent_crashed" | "hook_changed" => is_explained = true,
                _ => {}
            }
        }
    }

    /// Who asks says what, and what came back says why.
    fn each_end_has_a_reason(&self) {
        let asked = |it: &&Value| it["to"] == "escalated";
        let reasons = self.of_kind("agent_escalated");
        let reasons = reasons.filter(|it| it["reason"].is_string()).count();
        let asked = self.of_kind("bead_changed").filter(asked).count();
        assert!(reasons > 0 || asked == 0, "{self}");
        let back = |it: &&Value| it["from"] == "completed" && it["to"] == "open";
        let back = self.of_kind("bead_changed").filter(back).count();
        let refused = self.of_kind("merge_refused").count();
        assert!(refused > 0 || back == 0, "{self}");
    }

    fn landed(&self) -> Option<(String, String)> {
        let done = self.of_kind("merge_done").last()?;
        Some((
            self.bead.to_owned(),
            done["commit"].as_str().unwrap_or_default().to_owned(),
        ))
    }
}

impl std::fmt::Display for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.told.iter().try_for_each(|it| writeln!(f, "{it}"))
    }
}
