//! Showing a worker's terminal.

use super::*;

/// The name of the window that looks, on a server of the test's own.
const OUTER: &str = "outer";

/// A command of the server of whoever looks; each has one of its own.
fn outer(town: &Town, who: &str, args: &[&str]) -> Output {
    let socket = town.root().join(format!("{who}.sock"));
    let mut words = vec!["-f", "/dev/null", "-S", socket.to_str().unwrap()];
    words.extend(args);
    town.call("tmux", &words).run()
}

#[test]
fn it_is_shown_and_left_again() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--session", "tmux"]);
    let clients = || tmux(&town, &["list-clients", "-F", "#{client_readonly}"]).stdout;
    for (what, more, read_only) in [("toast", "", "0"), ("gt-one", " --read-only", "1")] {
        let dir = town.repo();
        let line = format!("gt attach {what}{more}; echo LEFT $?; sleep 60");
        let start = ["new-session", "-d", "-s", OUTER, "-x", "180", "-y", "40"];
        let dir = ["-c", dir.to_str().unwrap(), &line];
        outer(&town, what, &[&start[..], &dir[..]].concat()).ok();
        let screen = || outer(&town, what, &["capture-pane", "-p", "-t", OUTER]).stdout;
        town.wait_until(LONG, || screen().contains("ON YOUR HOOK: gt-one"));
        assert_eq!(clients().trim(), read_only, "gt attach {what}{more}");
        tmux(&town, &["detach-client", "-s", "=gt-app-toast:"]).ok();
        town.wait_until(LONG, || screen().contains("LEFT 0"));
        outer(&town, what, &["kill-server"]).ok();
    }
    assert_eq!(town.agents_at_work().len(), 1, "it goes on");
}

#[test]
fn without_a_terminal_the_command_is_printed() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--session", "tmux"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let answer = changes_nothing(&town, || town.gt(&["attach", "app/polecats/toast"]));
    let line = answer.ok().text().to_owned();
    let socket = socket(&town);
    assert!(line.contains(socket.to_str().unwrap()), "{line}");
    assert!(line.contains(" attach-session -t %"), "{line}");
    let json = town.gt(&["attach", "toast", "-r", "--json"]).ok().json();
    assert_eq!(json["agent"], "app/polecats/toast");
    let words = json["command"].as_array().unwrap();
    assert!(words.iter().any(|word| word == "-r"), "{words:?}");
}

#[test]
fn what_has_no_terminal_says_what_to_do() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    sling(&town, "gt-one", &[]);
    says(
        town.gt(&["attach", "toast"]),
        4,
        &["has no terminal", "`gt logs -f gt-one`"],
    );
    says(town.gt(&["attach", "gt-two"]), 4, &["nobody has it"]);
    says(
        town.gt(&["attach", "nobody"]),
        3,
        &["no worker and no bead is called \"nobody\"", "`gt agents`"],
    );
    says(
        town.gt(&["attach", "gt-tw"]),
        3,
        &["no bead is called \"gt-tw\""],
    );
    says(
        town.gt(&["attach", "other/polecats/toast"]),
        3,
        &["no rig other"],
    );
    town.gt(&["release", "gt-one"]).ok();
    says(town.gt(&["attach", "toast"]), 4, &["does not run"]);
}
