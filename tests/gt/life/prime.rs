//! `gt prime`: what an agent is told, and who changes something by asking.

use std::fs;

use super::support::*;

#[test]
fn it_tells_who_what_and_how_and_picks_the_work_up() {
    let town = rig("hang");
    town.bd(&[
        "create",
        "Fix the login",
        "--id",
        "gt-one",
        "-d",
        "The callback loses it.",
    ])
    .ok();
    let slung = sling(
        &town,
        "gt-one",
        &["--no-spawn", "--args", "Focus on the handler"],
    );
    let told = slung
        .call(&town, "gt", &["prime"])
        .dir(town.repo())
        .run()
        .ok();
    let places: Vec<_> = [
        "You are app/polecats/toast",
        "begin now",
        "Fix the login",
        "The callback loses it.",
        "Focus on the handler",
        "gt done",
    ]
    .iter()
    .map(|text| {
        told.stdout
            .find(text)
            .unwrap_or_else(|| panic!("{text:?} is missing: {told}"))
    })
    .collect();
    assert!(places.is_sorted(), "{places:?}: {told}");
    assert_eq!(status(&town, "gt-one"), "in_progress");
    assert!(field(&town, "gt-one", "started_at").starts_with("20"));

    // A second one says the same and writes nothing.
    let again = changes_nothing(&town, || {
        slung.call(&town, "gt", &["prime"]).dir(town.repo()).run()
    });
    assert_eq!(again.stdout, told.stdout);
    sound(&town);
}

#[test]
fn nobody_elses_call_writes_anything() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    changes_nothing(&town, || {
        for args in [
            &["prime"][..],
            &["--actor", "mayor", "prime"],
            &["--actor", "app/polecats/acorn", "prime"],
            &["--actor", "Ann Smith", "prime"],
            &["hook", "--of", &slung.agent],
            &["--actor", &slung.agent, "hook"],
        ] {
            town.gt(args).ok();
        }
        // An earlier attempt of the same agent is somebody else.
        let stale = town
            .call("gt", &["prime"])
            .env("GT_AGENT", &slung.agent)
            .env("GT_ATTEMPT", "1-stale000");
        says(stale.run(), 4, &["is over", "stop here"]);
    });
    assert_eq!(status(&town, "gt-one"), "hooked");
}

#[test]
fn without_work_it_shows_the_inbox_and_else_says_wait() {
    let town = rig("hang");
    let prime = || changes_nothing(&town, || town.gt(&["--actor", "mayor", "prime"]).ok());
    assert!(prime().stdout.contains("Wait"));
    town.gt(&["mail", "send", "mayor", "-s", "Look here", "-m", "now"])
        .ok();
    let told = prime();
    assert!(
        told.stdout.contains("Look here") && told.stdout.contains("overseer"),
        "{told}"
    );
}

#[test]
fn a_hook_that_cannot_be_read_is_never_no_work() {
    for broken in [
        "<<<<<<< HEAD\nbead: gt-one\n=======\nbead: gt-two\n>>>>>>> other\n",
        "format: 1\nagent: [\n",
        "",
        "format: 99\n",
    ] {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let slung = idle(&town, "gt-one");
        slung.commit(&town, "work.txt");
        let file = hook_file(&town, &slung.agent);
        let whole = fs::read_to_string(&file).unwrap();
        let call = |args: &[&str]| slung_call(&town, &slung, &whole, args);
        fs::write(&file, broken).unwrap();
        for args in [&["prime"][..], &["hook"], &["done"]] {
            let answer = changes_nothing(&town, || call(args).run());
            let answer = says(answer, 5, &["hooks/app/polecats/toast.yaml"]);
            assert!(!answer.stdout.contains("Nothing is on"), "{answer}");
        }
    }
}

fn slung_call(town: &testkit::Town, slung: &Slung, hook: &str, args: &[&str]) -> testkit::Call {
    let nonce = plain(hook, "nonce").expect("a hook has a nonce");
    let place = Some(&slung.worktree).filter(|tree| tree.exists());
    town.call("gt", args)
        .dir(place.cloned().unwrap_or_else(|| town.repo()))
        .env("GT_AGENT", &slung.agent)
        .env("GT_ATTEMPT", format!("1-{nonce}"))
}

#[test]
fn a_hook_without_a_ticket_is_shown_and_not_begun() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    fs::remove_file(ticket_file(&town, &slung.agent)).unwrap();
    let prime = ["--actor", slung.agent.as_str(), "prime"];
    let told = changes_nothing(&town, || town.gt(&prime).ok());
    assert!(told.stdout.contains("Do not begin"), "{told}");
    assert!(!told.stdout.contains("begin now"), "{told}");
    let shown = town.gt(&["--actor", &slung.agent, "hook"]).ok();
    assert!(shown.stdout.contains("no ticket"), "{shown}");
    says(
        town.gt(&["--actor", &slung.agent, "done"]),
        3,
        &["nothing is on the hook"],
    );
    let found = town.gt(&["doctor"]).fails(5);
    assert!(found.stdout.contains("without a ticket"), "{found}");
}

#[test]
fn a_hook_that_git_took_away_is_still_work() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    let file = hook_file(&town, &slung.agent);
    let whole = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let told = slung_call(&town, &slung, &whole, &["prime"]).run().ok();
    assert!(told.stdout.contains("begin now"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), whole);
    sound(&town);
}
