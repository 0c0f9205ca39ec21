//! The crash sweep judged on programs whose every step is known.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use plaintown_testkit::killat::{self, Fault, Points, sweep, sweep_with};
use plaintown_testkit::{Call, Town};

fn sh(script: &str, dir: &Path) -> Call {
    Call::new(&["/bin/sh", "-c", script], dir).env("PATH", "/usr/bin:/bin")
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("the folder is there");
    let mut names: Vec<_> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_count_is_stable_and_the_result_passes_through() {
    let temp = tempfile::tempdir().unwrap();
    let call = sh(
        "echo out; echo err >&2; mkdir x; rmdir x; exit 7",
        temp.path(),
    );
    let first = killat::run(0, &call).unwrap();
    assert_eq!(first.status.code(), Some(7));
    assert_eq!(
        (first.stdout.as_str(), first.stderr.as_str()),
        ("out\n", "err\n")
    );
    assert!(!first.killed && !first.timed_out && first.calls > 5);
    for _ in 0..5 {
        assert_eq!(killat::run(0, &call).unwrap().calls, first.calls);
    }
    let late = killat::run(first.calls + 1, &call).unwrap();
    assert!(!late.killed && late.status.code() == Some(7));
    let last = killat::run(first.calls, &call).unwrap();
    assert!(last.killed && last.status.code().is_none());
}

#[test]
fn a_kill_leaves_exactly_the_earlier_effects() {
    let script = ": >a; : >b; : >c";
    let mut seen = Vec::new();
    for n in 1.. {
        let temp = tempfile::tempdir().unwrap();
        let outcome = killat::run(n, &sh(script, temp.path())).unwrap();
        let left = names(temp.path());
        assert!(["a", "b", "c"].starts_with(&left.iter().map(String::as_str).collect::<Vec<_>>()));
        if seen.last() != Some(&left.len()) {
            seen.push(left.len());
        }
        if !outcome.killed {
            break;
        }
        assert_eq!(outcome.calls, n);
    }
    assert_eq!(seen, [0, 1, 2, 3]);
}

#[test]
fn killed_means_the_call_was_not_carried_out() {
    let temp = tempfile::tempdir().unwrap();
    let call = sh("exec mkdir made", temp.path());
    let calls = killat::run(0, &call).unwrap().calls;
    let mut last_without = 0;
    for n in 1..=calls {
        let _ = fs::remove_dir(temp.path().join("made"));
        assert!(killat::run(n, &call).unwrap().killed);
        if !temp.path().join("made").exists() {
            assert_eq!(last_without, n - 1, "made, and then not made again");
            last_without = n;
        }
    }
    assert!(last_without < calls);
}

#[test]
fn the_whole_tree_dies_sessions_included() {
    let temp = tempfile::tempdir().unwrap();
    // The child in its own session would go on to write for ever.
    let script = "setsid sh -c 'while :; do echo x >>beat; sleep 0.01; done' & \
                  while [ ! -s beat ]; do sleep 0.01; done; i=0; \
                  while [ $i -lt 100 ]; do i=$((i + 1)); : >done; done; wait";
    let outcome = killat::run(400, &sh(script, temp.path())).unwrap();
    assert!(outcome.killed, "{outcome:?}");
    let size = || fs::metadata(temp.path().join("beat")).unwrap().len();
    let before = size();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(size(), before);
}

#[test]
fn the_time_limit_ends_the_whole_tree() {
    let temp = tempfile::tempdir().unwrap();
    let call = sh("setsid sleep 60 & sleep 60", temp.path()).limit(Duration::from_millis(200));
    let outcome = killat::run(0, &call).unwrap();
    assert!(outcome.timed_out && !outcome.killed);
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let outcome = killat::run(0, &Call::new(&["/no/such/program"], "/")).unwrap();
    assert_eq!(outcome.status.code(), Some(127));
}

/// Not a test: the program that the next one runs. Four threads write files and
/// start processes, which std does by posix_spawn.
#[test]
#[ignore = "run by threads_and_spawned_processes_are_followed"]
fn busy() {
    let dir = std::env::current_dir().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let dir = &dir;
            scope.spawn(move || {
                for i in 0..5 {
                    fs::write(dir.join(format!("{thread}-{i}")), "x").unwrap();
                    assert!(Command::new("true").status().unwrap().success());
                }
            });
        }
    });
}

#[test]
fn threads_and_spawned_processes_are_followed() {
    let program = std::env::current_exe().unwrap();
    let busy = |dir: &Path| {
        let program = program.to_str().unwrap();
        Call::new(&[program, "--ignored", "--exact", "busy"], dir).env("PATH", "/usr/bin:/bin")
    };
    let temp = tempfile::tempdir().unwrap();
    let whole = killat::run(0, &busy(temp.path())).unwrap();
    assert!(whole.status.success(), "{whole:?}");
    assert_eq!(names(temp.path()).len(), 20);
    for n in (1..whole.calls).step_by(37) {
        let temp = tempfile::tempdir().unwrap();
        let outcome = killat::run(n, &busy(temp.path())).unwrap();
        assert!(!outcome.timed_out);
        assert_eq!(outcome.killed, outcome.status.code().is_none());
    }
}

#[test]
fn other_children_of_the_process_are_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    let mut bystander = Command::new("sh")
        .args(["-c", "sleep 0.3; exit 5"])
        .spawn()
        .unwrap();
    assert!(
        killat::run(3, &sh("echo a; echo b; echo c", temp.path()))
            .unwrap()
            .killed
    );
    assert_eq!(bystander.wait().unwrap().code(), Some(5));
}

#[test]
fn the_binary_passes_status_and_output_through() {
    let killat = |n: &str| {
        let args = [n, "sh", "-c", "echo hello; exit 4"];
        Command::new(env!("CARGO_BIN_EXE_killat"))
            .args(args)
            .output()
            .unwrap()
    };
    let whole = killat("0");
    assert_eq!(
        (whole.status.code(), whole.stdout.as_slice()),
        (Some(4), &b"hello\n"[..])
    );
    assert!(
        String::from_utf8(whole.stderr)
            .unwrap()
            .contains(" calls, exit 4")
    );
    assert_eq!(killat("1").status.code(), Some(137));
    let usage = Command::new(env!("CARGO_BIN_EXE_killat")).output().unwrap();
    assert_eq!(usage.status.code(), Some(2));
}

fn two_lines() -> Town {
    let town = Town::builder("/bin/sh").in_memory().build();
    town.write("state", "old\nold\n");
    town
}

fn old_or_new(town: &Town) -> Result<(), String> {
    match town.read("state").as_str() {
        "old\nold\n" | "new\nnew\n" => Ok(()),
        torn => Err(format!("torn: {torn:?}")),
    }
}

#[test]
fn a_sweep_finds_the_writer_that_is_not_atomic() {
    let script = "{ echo new; echo new; } >state";
    let report = sweep(
        Points::All,
        two_lines,
        |town| town.call("sh", &["-c", script]),
        |town, _| old_or_new(town),
    );
    let texts: Vec<_> = report
        .failures
        .iter()
        .map(|failure| failure.reason.as_str())
        .collect();
    assert!(texts.contains(&r#"torn: """#), "{report}");
    assert!(texts.contains(&r#"torn: "new\n""#), "{report}");
    assert_eq!(
        (report.visited, report.injected),
        (report.calls, report.calls)
    );
}

#[test]
fn a_sweep_is_content_with_the_writer_that_is() {
    let script = "{ echo new; echo new; } >state.tmp && mv state.tmp state";
    let report = sweep(
        Points::All,
        two_lines,
        |town| town.call("sh", &["-c", script]),
        |town, outcome| {
            old_or_new(town)?;
            match (outcome.killed, town.read("state").as_str()) {
                (false, "old\nold\n") => Err("it ended and wrote nothing".to_owned()),
                _ => Ok(()),
            }
        },
    );
    report.assert_clean();
}

#[test]
fn a_check_that_panics_is_a_failure_of_its_point() {
    let report = sweep(
        Points::Sample(2),
        two_lines,
        |town| town.call("sh", &["-c", "echo a >>state; echo b >>state"]),
        |town, outcome| {
            assert!(outcome.killed, "whole: {:?}", town.read("state"));
            Ok(())
        },
    );
    let [failure] = &report.failures[..] else {
        panic!("{report}");
    };
    assert_eq!(
        (failure.n, failure.reason.as_str()),
        (0, r#"whole: "old\nold\na\nb\n""#)
    );
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_call_that_fails_was_not_carried_out_and_says_why() {
    let temp = tempfile::tempdir().unwrap();
    let call = sh("exec mkdir made", temp.path()).env("LC_ALL", "C");
    let full = Fault::Error(28);
    assert_eq!(killat::inject(full, 0, &call).unwrap().calls, 1);
    fs::remove_dir(temp.path().join("made")).unwrap();
    let outcome = killat::inject(full, 1, &call).unwrap();
    assert!(outcome.failed && !outcome.killed && outcome.status.code() == Some(1));
    assert!(
        outcome.stderr.contains("No space left on device"),
        "{outcome:?}"
    );
    assert!(!temp.path().join("made").exists());
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_sweep_of_errors_finds_the_writer_that_does_not_look() {
    let judge = |town: &Town, outcome: &killat::Outcome| match (
        outcome.status.success(),
        town.read("state").as_str(),
    ) {
        (true, "new\nnew\n") | (false, "old\nold\n") => Ok(()),
        (success, text) => Err(format!("success {success}, {text:?}")),
    };
    let sweep = |script: &'static str| {
        let command = |town: &Town| town.call("sh", &["-c", script]);
        sweep_with(Fault::Error(28), Points::All, two_lines, command, judge)
    };
    sweep("{ echo new && echo new; } >state.tmp && mv state.tmp state").assert_clean();
    let careless = sweep("{ echo new; echo new; } >state.tmp; mv state.tmp state");
    assert!(!careless.failures.is_empty(), "{careless}");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_sweep_of_reads_finds_who_takes_what_cannot_be_looked_at_for_none() {
    let judge = |town: &Town, _: &killat::Outcome| match town.read("state").as_str() {
        "old\nold\n" => Ok(()),
        text => Err(format!("overwritten: {text:?}")),
    };
    let sweep = |script: &'static str| {
        let command = |town: &Town| town.call("sh", &["-c", script]);
        let eio = Fault::ReadOfFirst(5);
        sweep_with(eio, Points::All, two_lines, command, judge)
    };
    sweep("set -C; : >state").assert_clean();
    let careless = sweep("[ -e state ] || : >state");
    assert!(!careless.failures.is_empty(), "{careless}");
}

#[test]
fn no_process_of_one_point_lives_into_the_next() {
    let report = sweep(
        Points::Sample(6),
        two_lines,
        |town| town.call("sh", &["-c", "echo a >>state"]),
        |town, _| {
            let left = town.processes().len();
            let text = town.read("state");
            let busy = "setsid sh -c 'while :; do echo x >>state; done' >/dev/null 2>&1 &";
            town.call("sh", &["-c", busy]).run().ok();
            town.wait_until(Duration::from_secs(10), || town.read("state").contains('x'));
            match (left, text.as_str()) {
                (0, "old\nold\n" | "old\nold\na\n") => Ok(()),
                _ => Err(format!("{left} processes, {text:?}")),
            }
        },
    );
    report.assert_clean();
}
