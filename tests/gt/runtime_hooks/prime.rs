//! `gt prime --hook`: whatever a runtime says, its agent is told its work.

use std::fs;
use std::time::{Duration, Instant};

use super::support::*;
use crate::gt::life::support::*;

const START: &[u8] =
    br#"{"session_id":"abc-1","cwd":"/x","hook_event_name":"SessionStart","source":"startup"}"#;

#[test]
fn the_agent_is_told_its_work_and_the_conversation_is_noted() {
    let town = rig("ignore");
    bead(&town, "gt-one", "Fix the login");
    let slung = idle(&town, "gt-one");
    let told = hook(&town, &slung, &["prime", "--hook"], START);
    assert!(told.stdout.starts_with("You are app/polecats/toast"));
    assert!(told.stdout.contains("Fix the login") && told.stdout.contains("gt done"));
    assert_eq!(session(&town, &slung.agent, "conversation"), "abc-1");

    // Said again it changes nothing.
    changes_nothing(&town, || hook(&town, &slung, &["prime", "--hook"], START));

    let source = |source: &str| {
        let text = String::from_utf8(START.to_vec()).unwrap();
        let text = text.replace("startup", source);
        hook(&town, &slung, &["prime", "--hook"], text.as_bytes()).stdout
    };
    assert_eq!(source("clear"), source("compact"));
    assert!(source("compact").contains("begin now"), "the work again");
    let short = source("resume");
    assert!(short.contains("gt-one") && short.contains("go on where you were"));
    assert!(short.contains("gt done --escalate") && short.len() < told.stdout.len());
    sound(&town);
}

#[test]
fn whatever_comes_on_standard_input_the_work_is_told() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let told = hook(&town, &slung, &["prime"], b"").stdout;
    let large = vec![b'['; 5 * 1024 * 1024];
    for said in [
        &b""[..],
        b"garbage",
        b"{\"session_id\":",
        b"null",
        &[0xff, 0x00, 0xfe],
        br#"{"session_id":"--settings","source":7}"#,
        br#"{"session_id":"a/../../b"}"#,
        &large,
    ] {
        let answer = changes_nothing(&town, || hook(&town, &slung, &["prime", "--hook"], said));
        assert_eq!(answer.stdout, told);
    }
    assert_eq!(session(&town, &slung.agent, "conversation"), "null");

    // A runtime that leaves its end open is not waited for.
    let began = Instant::now();
    let script = "mkfifo ../open && { sleep 60 >../open 2>/dev/null & } && gt prime --hook <../open; kill $!";
    let answer = slung.call(&town, "sh", &["-c", script]).run().ok();
    assert_eq!(answer.stdout, told);
    assert!(began.elapsed() < Duration::from_secs(45));
}

#[test]
fn each_runtime_is_answered_in_its_own_form() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One \"quoted\"");
    let slung = idle(&town, "gt-one");
    let told = hook(&town, &slung, &["prime"], b"").stdout;
    for (runtime, path) in [
        ("gemini", "/hookSpecificOutput/additionalContext"),
        ("codex", "/hookSpecificOutput/additionalContext"),
        ("cursor", "/additional_context"),
        ("copilot", "/additionalContext"),
    ] {
        let flag = format!("--hook={runtime}");
        let answer = hook(&town, &slung, &["prime", &flag], b"{}").json();
        assert_eq!(answer.pointer(path).unwrap(), &told, "{runtime}");
    }
    let cursor =
        br#"{"conversation_id":"c-7","hook_event_name":"beforeSubmitPrompt","prompt":"x"}"#;
    let answer = hook(&town, &slung, &["prime", "--hook=cursor"], cursor);
    assert_eq!(answer.json()["continue"], true);
    assert_eq!(session(&town, &slung.agent, "conversation"), "c-7");
    own(&town, &slung, &["prime", "--hook=amp"]).run().fails(2);
}

#[test]
fn what_is_long_is_cut_to_what_a_runtime_takes() {
    let town = rig("ignore");
    let long = "ü\u{202e} and so on.\n".repeat(5_000);
    let create = [
        "create", "One", "--id", "gt-one", "-d", "-", "--design", "short",
    ];
    town.call("bd", &create).stdin(long).run().ok();
    let slung = idle(&town, "gt-one");
    let whole = hook(&town, &slung, &["prime"], b"").stdout;
    let told = hook(&town, &slung, &["prime", "--hook"], b"").stdout;
    assert!(whole.lines().count() > 5_000);
    assert!(told.chars().count() < 4_000, "{}", told.len());
    assert!(told.contains("`gt prime` prints all of it") && told.contains("  short"));
    assert!(
        told.contains("gt done --phase"),
        "how to end is always told"
    );
}

#[test]
fn trouble_is_told_and_never_fails_the_start() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let call = own(&town, &slung, &["prime", "--hook"]).stdin(START);
    let file = hook_file(&town, &slung.agent);
    let whole = fs::read_to_string(&file).unwrap();
    let stale = own(&town, &slung, &["prime", "--hook"]).env("GT_ATTEMPT", "1-stale000");
    fs::write(&file, "format: 1\nagent: [\n").unwrap();
    let told = call.run().ok();
    assert!(told.stdout.contains("hooks/app/polecats/toast.yaml"));
    assert!(told.stdout.contains("not the same as having none"));
    assert!(!told.stdout.contains("Nothing is on"), "{told}");

    // The bead was given to somebody else meanwhile.
    fs::write(&file, whole).unwrap();
    let told = stale.stdin(START).run().ok();
    assert!(told.stdout.contains("stop here"), "{told}");

    // Nothing on the hook, and no store at all.
    let told = town.gt(&["prime", "--hook"]).ok();
    assert!(told.stdout.contains("Nothing is on your hook"), "{told}");
    assert!(told.stdout.contains("Do what you are asked"), "{told}");
    town.gt(&["mail", "send", "overseer", "-s", "Look"]).ok();
    let told = town.gt(&["prime", "--hook"]).ok();
    assert!(told.stdout.contains("gt mail inbox"), "{told}");
    let elsewhere = town.run_in(town.root(), "gt", &["prime", "--hook"]).ok();
    assert_eq!(elsewhere.stdout, "");
}

#[test]
fn only_the_process_that_was_started_for_it_is_believed() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    // A person looks into the worktree with a runtime of their own.
    let call = town.call("gt", &["prime", "--hook"]).dir(&slung.worktree);
    let told = changes_nothing(&town, || call.stdin(START).run().ok());
    assert!(told.stdout.contains("gt-one"), "{told}");
    let other = own(&town, &slung, &["prime", "--hook"]).env("GT_ATTEMPT", "1-stale000");
    changes_nothing(&town, || other.stdin(START).run().ok());
}

#[test]
fn mail_is_told_at_a_prompt_and_only_where_there_is_some() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let check = |flag: &str| hook(&town, &slung, &["mail", "check", flag], b"{}").stdout;
    assert_eq!(check("--inject"), "");
    assert_eq!(check("--inject=gemini"), "");
    for n in 1..=7 {
        let subject = format!("Note {n}\u{1b}[2J");
        town.gt(&["mail", "send", &slung.agent, "-s", &subject])
            .ok();
    }
    let told = changes_nothing(&town, || check("--inject"));
    assert!(told.contains("7 unread messages") && told.contains("and 2 more"));
    assert!(
        told.contains("  1  from overseer: Note ") && told.contains("\\u{1b}[2J"),
        "{told}"
    );
    assert!(check("--inject=gemini").contains(r#""hookEventName":"BeforeAgent""#));
    let plain = hook(&town, &slung, &["mail", "check"], b"").stdout;
    assert_eq!(plain.lines().count(), 7);
    // A store that cannot be read is no reason to fail.
    fs::write(town.repo().join(".beads/config.yaml"), "[").unwrap();
    assert_eq!(check("--inject"), "");
}
