//! Every command there is, over texts that would steer a terminal.

use super::support::*;
use super::terminal::{EVIL, evil, harmless};
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;
use testkit::{Output, Town};

/// In this order: what only looks comes first.
const GT: &[&[&str]] = &[
    &["ready"],
    &["show", "gt-evil"],
    &["show", "gt-one"],
    &["hook", "--of", "app/toast"],
    &["--actor", "app/toast", "prime"],
    &["agents"],
    &["status"],
    &["polecat", "list"],
    &["polecat", "status", "toast"],
    &["convoy", "list"],
    &["convoy", "status"],
    &["convoy", "stranded"],
    &["convoy", "check"],
    &["mq", "list"],
    &["mq", "status", "gt-mr-merge.1"],
    &["refinery", "status"],
    &["logs", "gt-evil"],
    &["attach", "gt-evil"],
    &["nudge", "gt-evil", "-m", "hello"],
    &["feed"],
    &["hooks", "list"],
    &["hooks", "show", "claude"],
    &["mail", "inbox"],
    &["mail", "check"],
    &["escalate", "list"],
    &["escalate", "ack", "gt-asked"],
    &["escalate", "resolve", "gt-asked", "-m", "go on"],
    &["config", "show"],
    &["trust"],
    &["doctor"],
    &["doctor", "--fix"],
    &["refinery", "run"],
    &["sling", "gt-evil", "app/toast", "--no-spawn"],
    &["resume", "gt-evil"],
    &["--actor", "app/toast", "handoff", "-m", "later"],
    &["unsling", "gt-evil"],
    &["release", "gt-evil"],
    &["done"],
    &["close", "gt-evil"],
    &["up", "--help"],
    &["down"],
    &["watch", "--help"],
    &["help"],
];

const BD: &[&[&str]] = &[
    &["show", "gt-evil"],
    &["list", "--all"],
    &["list", "--long"],
    &["list", "--tree"],
    &["ready"],
    &["ready", "--explain"],
    &["search", "Title"],
    &["comments", "gt-evil"],
    &["dep", "tree", "gt-one"],
    &["dep", "list", "gt-one"],
    &["blocked"],
    &["children", "gt-evil"],
    &["label", "list-all"],
    &["label", "list", "gt-evil"],
    &["count", "--by", "assignee"],
    &["stats"],
    &["epic", "status"],
    &["where"],
    &["info"],
    &["doctor"],
    &["note", "gt-evil", "more"],
    &["comment", "gt-evil", "more"],
    &["update", "gt-evil", "--priority", "1"],
    &["defer", "gt-child"],
    &["undefer", "gt-child"],
    &["close", "gt-child"],
    &["reopen", "gt-child"],
    &["create", "Another", "--parent", "gt-evil"],
    &["q", "Another"],
    &["init"],
    &["version"],
    &["help"],
];

/// The commands that a program says it has.
fn commands(help: &str) -> BTreeSet<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  "));
    let names = lines.filter(|line| !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// Those that a table runs.
fn run_by(table: &[&[&str]]) -> BTreeSet<String> {
    let name = |args: &&[&str]| match args.first() {
        Some(&"--actor") => args[2].to_owned(),
        first => first.copied().unwrap_or_default().to_owned(),
    };
    table.iter().map(name).collect()
}

/// A merge request whose target and worker are evil.
fn with_merge_request(town: &Town) {
    let bead = town.read(".beads/beads/e/gt-evil.yaml");
    let text = bead
        .replace("id: gt-evil", "id: gt-mr-merge.1")
        .replace("type: task", "type: merge-request")
        .replace(
            "\ncreated_at: ",
            "\nsource: gt-evil\n\nhead: 0123456789012345678901234567890123456789\n\n\
             target: \"m\\e[31m\\u202e\"\n\nworker: app/polecats/toast\n\nhost: h-other1\n\n\
             merge_commit: null\n\noutcome: null\n\ngates: []\n\n\ncreated_at: ",
        );
    town.write(".beads/beads/m/gt-mr-merge.1.yaml", &text);
}

#[test]
fn no_command_is_left_out() {
    let town = rig();
    for (program, table) in [("gt", GT), ("bd", BD)] {
        let help = town.call(program, &["--help"]).run().ok();
        let there = commands(&help.stdout);
        assert!(there.len() > 20, "{there:?}");
        let left_out: Vec<_> = there.difference(&run_by(table)).cloned().collect();
        assert_eq!(left_out, Vec::<String>::new(), "{program}");
    }
}

#[test]
fn every_command_that_prints() {
    let town = evil();
    with_merge_request(&town);
    let bd = BD.iter().map(|args| town.bd(args));
    let outputs: Vec<Output> = bd.chain(GT.iter().map(|args| town.gt(args))).collect();
    for output in &outputs {
        harmless(output);
        assert_ne!(output.status.code(), Some(101), "{output}");
    }
    let shown = outputs.iter().filter(|it| it.stdout.contains("\\u{1b}"));
    let shown = shown.count();
    assert!(shown > 20, "the text was shown by {shown} commands");
}

/// The watcher's own words, on its terminal and in its log.
#[test]
fn what_happens_while_somebody_watches() {
    let town = rig();
    let file = town.root().join("watched");
    let script = "gt watch >../watched 2>&1 & gt up --foreground >../up 2>&1";
    let mut shell = town.call("sh", &["-c", script]).start();
    let long = Duration::from_secs(60);
    let shown = || fs::read_to_string(&file).unwrap_or_default();
    let mut number = 0;
    town.wait_until(long, || {
        number += 1;
        let (id, title) = (
            format!("gt-e{number}"),
            format!("{number}{EVIL}").replace('\r', ""),
        );
        town.bd(&["create", &title, "--id", &id]).ok();
        town.gt(&["sling", &id, "app", "--no-spawn"]);
        town.gt(&["escalate", &id, "-m", &format!("why {EVIL}")]);
        town.write(
            ".beads/beads/b/gt-bad.yaml",
            &format!("format: 1\nid: \"{EVIL}{number}\"\n"),
        );
        shown().contains("\\u{1b}")
    });
    town.kill_all();
    shell.wait().expect("it was our child");
    for name in ["watched", "up"] {
        let text = fs::read_to_string(town.root().join(name)).expect("written");
        let output = town.call("cat", &[format!("../{name}")]).run().ok();
        assert!(!text.is_empty(), "{name}");
        harmless(&output);
    }
}
