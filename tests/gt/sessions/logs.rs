//! Logs that are followed, and logs that stay within bounds.

use super::*;
use std::process::Child;
use std::time::Duration;

/// A default runtime that is this script for `sh`, in a terminal or not.
fn runs(town: &Town, more: &str, script: &str) {
    let path = town.root().join("agent.sh");
    fs::write(&path, script).unwrap();
    let words = format!("[sh, {:?}, '{{prompt}}']", path.to_str().unwrap());
    town.config(&format!(
        "{more}default_runtime: own\nruntimes:\n  own:\n    command: {words}\n    interactive: {words}\n"
    ));
}

fn home(town: &Town, name: &str) -> String {
    fs::read_to_string(town.root().join("home").join(name)).unwrap_or_default()
}

/// Follows a log; what it shows and says, and its exit status, are files.
fn follow(town: &Town, what: &str) -> Child {
    let script = format!(
        "gt logs -f {what} --lines 1000 >\"$HOME/seen\" 2>\"$HOME/said\"; echo $? >\"$HOME/left\""
    );
    town.call("sh", &["-c", &script]).start()
}

#[track_caller]
fn ends(town: &Town, mut child: Child) {
    town.wait_until(LONG, || !home(town, "left").is_empty());
    child.wait().unwrap();
    assert_eq!(home(town, "left"), "0\n", "{}", home(town, "said"));
    assert!(home(town, "said").ends_with("the worker has ended\n"));
}

/// Waits until the test has made this file.
const WAIT: &str = "wait_for() { while [ ! -e \"$HOME/$1\" ]; do sleep 0.02; done; }\n";

fn make(town: &Town, name: &str) {
    fs::write(town.root().join("home").join(name), "").unwrap();
}

#[test]
fn it_is_followed_to_the_end_of_its_worker() {
    for kind in ["process", "tmux"] {
        let town = rig("hang");
        let script = "gt prime\nwait_for go\nprintf 'a\\033[31mb\\303'; sleep 0.2; printf '\\251\\n'\ngt done --no-mr\necho LAST\n";
        runs(&town, "", &format!("{WAIT}{script}"));
        bead(&town, "gt-one", "One");
        sling(&town, "gt-one", &["--session", kind]);
        let child = follow(&town, "gt-one");
        town.wait_until(LONG, || home(&town, "seen").contains("ON YOUR HOOK"));
        make(&town, "go");
        ends(&town, child);
        let seen = home(&town, "seen");
        assert!(seen.contains("a\\u{1b}[31mb\u{e9}"), "{kind}: {seen}");
        assert!(seen.trim_end().ends_with("LAST"), "{kind}: {seen}");
        // One that has ended already is shown, and that is all.
        let answer = town.gt(&["logs", "--follow", "gt-one", "-n", "1"]).ok();
        assert!(answer.stdout.contains("LAST"), "{answer}");
    }
}

#[test]
fn it_is_followed_across_restarts_of_its_worker() {
    let town = rig("hang");
    let script = "gt prime >/dev/null\nif [ ! -e \"$HOME/again\" ]; then touch \"$HOME/again\"; echo FIRST; exit 1; fi\necho SECOND; wait_for go; gt done --no-mr\n";
    runs(
        &town,
        "watcher:\n  backoff: 2s\n",
        &format!("{WAIT}{script}"),
    );
    town.gt(&["up"]).ok();
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || {
        let logs = town.gt(&["logs", "gt-one"]);
        logs.stdout.contains("FIRST")
    });
    let child = follow(&town, "gt-one");
    town.wait_until(LONG, || home(&town, "seen").contains("SECOND"));
    assert!(home(&town, "seen").starts_with("FIRST\n"));
    assert_eq!(home(&town, "left"), "", "it goes on");
    make(&town, "go");
    ends(&town, child);
    assert!(home(&town, "seen").contains("gt-one"));
    town.gt(&["down"]).ok();
}

#[test]
fn nothing_is_lost_when_it_is_put_aside_and_waiting_costs_nothing() {
    let town = rig("hang");
    let script = "for part in 1 2 3; do\ni=0; while [ $i -lt 500 ]; do i=$((i+1)); echo \"$part $i ........................................................................................\"; done\necho \"END $part\"; wait_for go$part; done\ngt prime >/dev/null; gt done --no-mr >/dev/null\n";
    runs(&town, "log_limit: 64K\n", &format!("{WAIT}{script}"));
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &[]);
    let child = follow(&town, "toast");
    for part in ["1", "2", "3"] {
        town.wait_until(LONG, || {
            home(&town, "seen").contains(&format!("END {part}\n"))
        });
        if part == "2" {
            let before = time_of_gt(child.id());
            std::thread::sleep(Duration::from_secs(2));
            let spent = time_of_gt(child.id()) - before;
            assert!(spent <= 10, "it took {spent} ticks to wait for two seconds");
        }
        make(&town, &format!("go{part}"));
    }
    ends(&town, child);
    let expected = (1..=3).flat_map(|part| (1..=500).map(move |line| format!("{part} {line}")));
    let seen = home(&town, "seen");
    let lines = seen.lines().filter_map(|line| line.split_once(" ..."));
    let numbers: Vec<_> = lines.map(|(number, _)| number.to_owned()).collect();
    assert_eq!(numbers, expected.collect::<Vec<_>>());
    // The end of the log goes on in the file that was put aside.
    let tail = town.gt(&["logs", "gt-one", "-n", "600"]).ok().stdout;
    assert_eq!(tail.lines().count(), 600);
}

/// What the child of a process has spent, in clock ticks.
fn time_of_gt(parent: u32) -> u64 {
    let path = format!("/proc/{parent}/task/{parent}/children");
    let children = fs::read_to_string(path).unwrap();
    let child = children.split(' ').next().unwrap();
    let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap();
    let words: Vec<_> = stat.rsplit(')').next().unwrap().split(' ').collect();
    words[12].parse::<u64>().unwrap() + words[13].parse::<u64>().unwrap()
}

#[test]
fn one_that_prints_without_end_does_not_fill_the_disk() {
    let town = rig("hang");
    let script = "gt prime >/dev/null\nyes 'this is said again and again, which helps nobody' | head -c 100000000\necho; echo THE END\ngt done --no-mr\n";
    runs(&town, "log_limit: 1M\n", script);
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    let folder = format!(".git/plaintown/logs/gt-one/{}", slung.agent);
    let size = || {
        let entries = fs::read_dir(town.repo().join(&folder))
            .into_iter()
            .flatten();
        let sizes = entries
            .flatten()
            .filter_map(|it| Some(it.metadata().ok()?.len()));
        sizes.sum::<u64>()
    };
    let mut largest = 0;
    while !town.processes().is_empty() {
        largest = largest.max(size());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(largest.max(size()) <= 2 << 20, "{largest}");
    assert!(size() > 1 << 20);
    assert_eq!(status(&town, "gt-one"), "closed");
    let tail = town.gt(&["logs", "gt-one", "-n", "2"]).ok().stdout;
    assert!(tail.starts_with("THE END\n"), "{tail}");
    sound(&town);
}

#[test]
fn one_that_is_put_aside_and_not_begun_anew_yet_is_shown() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let log = format!(".git/plaintown/logs/gt-one/{}/1.log", slung.agent);
    town.write(&log, "what it said\n");
    let log = town.repo().join(log);
    fs::rename(&log, log.with_extension("log.1")).unwrap();
    for what in ["gt-one", &slung.agent] {
        let shown = town.gt(&["logs", what]).ok();
        assert_eq!(shown.stdout, "what it said\n");
    }
}
