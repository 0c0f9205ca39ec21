//! Saying something to a worker while it works.

use super::*;

/// An agent that keeps what is typed to it, line by line.
const LISTENS: &str = "session: tmux\nruntimes:\n  listens:\n    command: [sleep, '60', '{prompt}']\n    interactive: [sh, -c, 'while read -r line; do printf \"%s\\n\" \"$line\" >>\"$HOME/heard\"; done', x, '{prompt}']\n";

fn listening() -> (Town, Slung) {
    let town = rig("hang");
    town.config(LISTENS);
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["--agent", "listens"]);
    (town, slung)
}

fn heard(town: &Town) -> String {
    fs::read_to_string(town.root().join("home/heard")).unwrap_or_default()
}

#[test]
fn in_a_terminal_it_is_typed_as_it_is() {
    let (town, slung) = listening();
    // Somebody has opened a window beside it, which gets nothing.
    let beside = [
        "new-window",
        "-t",
        "=gt-app-toast:",
        "cat >\"$HOME/beside\"",
    ];
    tmux(&town, &beside).ok();
    let text = "Enter C-c 'it'; $(id) #{pane_id} %1 -t \\n é";
    let answer = town.gt(&["nudge", "toast", text]).ok();
    assert_eq!(
        answer.text(),
        "Typed into the terminal of app/polecats/toast"
    );
    town.wait_until(LONG, || heard(&town).ends_with('\n'));
    assert_eq!(heard(&town), format!("{text}\n"));
    // Whoever scrolls back in the pane gets no key of it.
    let panes = tmux(&town, &["list-panes", "-a", "-F", "#{pane_pid} #{pane_id}"]).stdout;
    let own = pid(&town, &slung.agent).to_string();
    let pane = panes.lines().find_map(|line| line.strip_prefix(&own));
    tmux(&town, &["copy-mode", "-t", pane.unwrap().trim()]).ok();
    let call = town.call("gt", &["nudge", "gt-one", "-", "--json"]);
    let json = call.stdin("two\r\nlines\n").run().ok().json();
    assert_eq!(json["how"], "typed");
    let all = format!("{text}\ntwo\nlines\n");
    town.wait_until(LONG, || heard(&town) == all);
    let beside = fs::read_to_string(town.root().join("home/beside")).unwrap_or_default();
    assert_eq!(beside, "");
    assert_eq!(tmux(&town, &["list-buffers"]).stdout, "", "nothing is kept");
}

#[test]
fn keys_and_volumes_are_refused() {
    let (town, _) = listening();
    for (text, word) in [
        ("stop\u{3}", "\\u{3}"),
        ("\u{1b}[201~rm -rf", "\\u{1b}"),
        ("  ", "no text"),
    ] {
        let refused = changes_nothing(&town, || town.gt(&["nudge", "toast", text]));
        says(refused, 2, &[word]);
    }
    let call = town.call("gt", &["nudge", "toast", "-"]);
    says(call.stdin("x".repeat(20_000)).run(), 2, &["20000 bytes"]);
    assert_eq!(heard(&town), "");
}

#[test]
fn without_a_terminal_it_is_mail() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    let answer = town.gt(&["nudge", "gt-one", "look", "here"]).ok();
    assert!(
        answer.stdout.contains("has no terminal: it has mail"),
        "{answer}"
    );
    let primed = slung.gt(&town, &["prime"]).ok();
    assert!(primed.stdout.contains("Your inbox:"), "{primed}");
    assert!(primed.stdout.contains("from overseer: Nudge"), "{primed}");
    let read = slung.gt(&town, &["mail", "read"]).ok();
    assert!(read.stdout.contains("look here"), "{read}");
    town.gt(&["release", "gt-one"]).ok();
    let answer = town.gt(&["nudge", "toast", "again", "--json"]).ok().json();
    assert_eq!(answer["how"], "mailed");
    says(
        town.gt(&["nudge", "other/toast", "hi"]),
        3,
        &["no rig other"],
    );
}

#[test]
fn the_watcher_says_so_to_one_that_stalls_and_hears_no_echo() {
    let town = rig("hang");
    let settings = "watcher:\n  stalled_after: 2s\n  escalate_after: 6s\n";
    town.config(&format!("{settings}default_runtime: listens\n{LISTENS}"));
    town.gt(&["up"]).ok();
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || heard(&town).ends_with('\n'));
    assert!(heard(&town).starts_with("No progress on gt-one was seen"));
    // What the terminal showed of it is no progress of the worker's.
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    assert_eq!(heard(&town).lines().count(), 1, "said once");
    town.gt(&["down"]).ok();
}
