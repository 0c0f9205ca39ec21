//! Workers whose bead is over by somebody else's doing: people are told, and as soon
//! as nothing here stands for them they are stopped. What they did is kept.

use super::*;
use crate::gt::life::support::*;

const TOAST: &str = "app/polecats/toast";

/// A bead at work, all of which is committed.
fn at_work(town: &Town) -> Slung {
    bead(town, "gt-one", "One");
    let slung = sling(town, "gt-one", &["app/toast"]);
    town.wait_until(LONG, || status(town, "gt-one") == "in_progress");
    fs::write(slung.worktree.join("half.txt"), "half").unwrap();
    slung.commit(town, "begun.txt");
    let repo = town.repo();
    town.run_in(&repo, "git", &["add", ".beads"]).ok();
    town.run_in(&repo, "git", &["commit", "--quiet", "-m", "Track"])
        .ok();
    slung
}

/// Another clone brings the bead into this state, without a word of when.
fn pull(town: &Town, state: &str) {
    let (repo, other) = (town.repo(), town.root().join("other"));
    let root = town.root();
    town.run_in(root, "git", &["clone", "--quiet", "repo", "other"])
        .ok();
    let file = other.join(".beads/beads/o/gt-one.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace("status: in_progress", &format!("status: {state}"));
    fs::write(&file, text).unwrap();
    let ann = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
    let commit = [&ann[..], &["commit", "--quiet", "-am", "Elsewhere"]].concat();
    town.run_in(&other, "git", &commit).ok();
    let pull = ["pull", "--quiet", "--no-rebase", "../other", "main"];
    town.run_in(&repo, "git", &pull).ok();
    assert_eq!(status(town, "gt-one"), state);
}

#[track_caller]
fn is_kept(town: &Town, slung: &Slung) {
    assert!(slung.worktree.join("half.txt").exists());
    let branch = ["rev-parse", "--verify", "--quiet", &slung.branch];
    town.run_in(town.repo(), "git", &branch).ok();
}

/// A look at a branch that says otherwise is no order to stop.
#[test]
fn one_whose_bead_is_over_by_git_is_told_of_and_works_on() {
    for state in ["closed", "deferred"] {
        let town = watched("hang", &[]);
        let slung = at_work(&town);
        let repo = town.repo();
        let before = town.run_in(&repo, "git", &["rev-parse", "HEAD"]).ok();
        pull(&town, state);
        let told = format!("its worker still runs, but gt-one is {state}");
        let is_it = |it: &Value| it["what"].as_str().is_some_and(|it| it.contains(&told));
        town.wait_until(LONG, || events(&town, "problem").iter().any(is_it));
        let shown = agent(&town, "gt-one");
        let remedy = shown["remedy"].as_str().unwrap();
        assert!(remedy.contains("bring the bead back with git"), "{shown}");
        // As the remedy says.
        let back = ["reset", "--quiet", "--hard", before.text()];
        town.run_in(&repo, "git", &back).ok();
        town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "working");
        assert!(ticket_file(&town, TOAST).exists());
        assert_eq!(town.agents_at_work().len(), 1);
        assert_eq!(starts(&town, "gt-one"), 1, "nobody started it again");
        assert_eq!(events(&town, "agent_exited"), Vec::<Value>::new());
        is_kept(&town, &slung);
        town.gt(&["down"]).ok();
        sound(&town);
    }
}

/// Who took the bead away was killed before it stopped the worker.
#[test]
fn one_that_has_lost_its_ticket_is_stopped_by_the_next_watcher() {
    let town = rig("hang");
    let slung = at_work(&town);
    pull(&town, "closed");
    fs::remove_file(ticket_file(&town, TOAST)).unwrap();
    fs::remove_file(hook_file(&town, TOAST)).unwrap();
    assert!(!town.agents_at_work().is_empty());
    let shown = agent(&town, "gt-one");
    assert_eq!(shown["state"], "over", "{shown}");
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || town.agents_at_work().is_empty());
    is_kept(&town, &slung);
    town.gt(&["down"]).ok();
}

/// The doctor cannot know whether git brings the bead back; who releases it does.
#[test]
fn the_doctor_tells_of_it_and_a_release_stops_it() {
    for state in ["closed", "deferred", "open"] {
        let town = rig("hang");
        let slung = at_work(&town);
        pull(&town, state);
        let before = bead_file(&town, "gt-one");
        let told = town.gt(&["doctor", "--fix"]).fails(5).stdout;
        let what = format!("gt-one is {state} at attempt 1, and no command here has ended");
        assert!(told.contains(&what), "{told}");
        assert!(ticket_file(&town, TOAST).exists());
        assert_eq!(town.agents_at_work().len(), 1);
        let shown = agent(&town, "gt-one");
        let remedy = shown["remedy"].as_str().unwrap();
        assert!(remedy.starts_with("`gt release gt-one` "), "{shown}");
        assert!(told.contains("`gt release gt-one` "), "{told}");
        let released = town.gt(&["release", "gt-one"]).ok().stdout;
        let what = format!("off the hook of {TOAST}; it stays {state}, at attempt 1");
        assert!(released.contains(&what), "{released}");
        assert!(!ticket_file(&town, TOAST).exists() && !hook_file(&town, TOAST).exists());
        assert!(town.agents_at_work().is_empty());
        // The keeper of its log ends with it.
        town.wait_until(LONG, || town.processes().is_empty());
        assert_eq!(bead_file(&town, "gt-one"), before);
        is_kept(&town, &slung);
        town.gt(&["doctor"]).ok();
    }
}

/// Its farewell takes longer than anybody waits before a stray is stopped.
const FAREWELL: &str = "gt prime >/dev/null\ngt done --no-mr && sleep 5 && touch \"$HOME/bye\"\n";

#[test]
fn one_that_ends_its_own_work_says_goodbye_in_peace() {
    let town = watched("hang", &[]);
    let path = town.root().join("agent.sh");
    fs::write(&path, FAREWELL).unwrap();
    town.config(&format!(
        "default_runtime: own\nruntimes:\n  own:\n    command: [sh, {path:?}]\n"
    ));
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "app"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "closed");
    town.gt(&["doctor", "--fix"]).ok();
    town.wait_until(LONG, || town.root().join("home/bye").exists());
    assert_eq!(events(&town, "problem"), Vec::<Value>::new());
    town.gt(&["down"]).ok();
}
