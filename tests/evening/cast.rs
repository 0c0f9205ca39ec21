//! Who plays: one bead for each part, and how it ends.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::Town;

/// One bead.
pub(super) struct Part {
    /// Its ID, which says what its agent does: see the scripts.
    pub(super) bead: &'static str,
    /// The state in which it ends.
    pub(super) end: &'static str,
    /// Whether its agent stays when the work is done.
    pub(super) lingers: bool,
}

const fn merged(bead: &'static str) -> Part {
    Part {
        bead,
        end: "closed",
        lingers: false,
    }
}

const fn ends(bead: &'static str, end: &'static str) -> Part {
    Part {
        end,
        ..merged(bead)
    }
}

/// All of them; a convoy is made of the first seven, the next seven, and the rest.
pub(super) const CAST: [Part; 20] = [
    merged("gt-good1"),
    merged("gt-crash1"),
    ends("gt-doom1", "escalated"),
    merged("gt-hang1"),
    merged("gt-ask1"),
    ends("gt-later1", "deferred"),
    merged("gt-clock1"),
    merged("gt-wait1"),
    merged("gt-empty1"),
    merged("gt-thief1"),
    merged("gt-twice1"),
    merged("gt-dirty1"),
    merged("gt-smuggle1"),
    merged("gt-back1"),
    merged("gt-bad1"),
    merged("gt-same1"),
    merged("gt-same2"),
    Part {
        lingers: true,
        ..merged("gt-linger1")
    },
    merged("gt-fork1"),
    merged("gt-good2"),
];

/// Short times, and a gate.
const SETTINGS: &str = "watcher:
  crash_budget: 3
  backoff: 1s
  backoff_max: 2s
  stalled_after: 4s
  escalate_after: 3s
";

/// A rig whose watcher runs, with all beads.
pub(super) fn town() -> Town {
    let mut town = Town::new(env!("CARGO_BIN_EXE_gt"));
    town.agents("hang");
    town.config(&configuration());
    town.bd(&["init", "--name", "app", "--prefix", "gt"]).ok();
    let config = town.read(".beads/config.yaml");
    town.write(
        ".beads/config.yaml",
        &config.replace("max_polecats: 4", "max_polecats: 6"),
    );
    town.commit_all("Track work");
    town.gt(&["up"]).ok();
    for part in &CAST {
        let title = format!("Play {}", part.bead);
        town.bd(&["create", &title, "--id", part.bead]).ok();
    }
    timer(&town);
    town.gt(&["down"]).ok();
    town
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/testkit/agents/evening")
}

/// The script of the gate.
pub(super) fn gate() -> PathBuf {
    scripts().join("gate.sh")
}

fn configuration() -> String {
    let folder = scripts();
    let folder = folder.display();
    format!(
        "runtimes:
  cast:
    command: [\"sh\", \"{folder}/play.sh\", \"play\", \"{{prompt}}\"]
  mender:
    command: [\"sh\", \"{folder}/play.sh\", \"mend\", \"{{prompt}}\"]

gates:
  app:
    - name: whole
      command: [\"sh\", \"{folder}/gate.sh\"]

{SETTINGS}"
    )
}

/// A gate that opens by itself while the evening is on.
fn timer(town: &Town) {
    town.bd(&[
        "create",
        "Ten seconds",
        "--type",
        "gate",
        "--id",
        "gt-timer",
    ])
    .ok();
    let path = town.repo().join(".beads/beads/t/gt-timer.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let text = format!("{}\n\nawait_type: timer\n\ntimeout: 10s\n", text.trim_end());
    fs::write(&path, text).unwrap();
}

/// Three convoys, slung one after the other.
pub(super) fn sling(town: &Town) {
    for (number, beads) in CAST.chunks(7).enumerate() {
        let mut args = vec!["sling"];
        args.extend(beads.iter().map(|part| part.bead));
        let subject = format!("Act {}", number + 1);
        args.extend(["app", "--agent", "cast", "--subject", &subject]);
        // One that crashes at once is told; all are on their hooks.
        let slung = town.gt(&args).stdout;
        let is_slung = |part: &Part| slung.contains(&format!("Slung {} to", part.bead));
        assert!(beads.iter().all(is_slung), "{slung}");
    }
}
