//! What happens, in order.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::checks;
use crate::place::Place;
use crate::say;

/// How long the workers may take. They need about a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// Goes the whole way from an empty store to a closed convoy, and checks it.
pub(crate) fn tell(place: &Place) -> Result<()> {
    say("A small project gets a store, one folder of plain files:\n");
    found(place)?;

    say("\nThree pieces of work. Trimming slugs needs trim:\n");
    let greet = create(place, "Greet the world", "../work/greet.md")?;
    let trim = create(place, "Add trim", "../work/trim.md")?;
    let slug = create(place, "Trim slugs", "../work/slug.md")?;
    place.run(&["bd", "dep", "add", &slug, &trim])?;
    let convoy = ["gt", "convoy", "create", "First words"];
    place.run(&[&convoy[..], &[&greet, &trim, &slug]].concat())?;
    place.run(&["bd", "ready"])?;
    commit_state(place, "Plan the first convoy")?;

    say("\nTwo are ready. Each gets a worker of its own, in a worktree of its own:\n");
    place.run(&["gt", "sling", &greet, &trim, "words", "--no-convoy"])?;
    wait_for(place, &[&greet, &trim])?;

    say("\nBoth are handed in. The refinery merges, runs the tests on the result, and lands it:\n");
    place.run(&["gt", "refinery", "run"])?;

    say("\nTrim has landed, so the third is ready:\n");
    place.run(&["bd", "ready"])?;
    place.run(&["gt", "sling", &slug, "words"])?;
    wait_for(place, &[&slug])?;
    place.run(&["gt", "refinery", "run"])?;
    commit_state(place, "The first convoy has landed")?;

    say("\nThe convoy closed by itself:\n");
    place.run(&["gt", "convoy", "list", "--all"])?;
    let convoy = convoy_of(place)?;
    place.run(&["gt", "convoy", "show", &convoy])?;
    place.run(&["git", "log", "--graph", "--oneline"])?;
    place.run(&["cat", &bead_file(&slug)?])?;

    checks::check(place, &convoy, &[&greet, &trim, &slug])?;
    say("\nChecked: the convoy is closed; main has three merges with their trailers, and its");
    say("tests pass; `git fsck` and `gt doctor` find nothing; no worktree or branch is left.");
    Ok(())
}

fn found(place: &Place) -> Result<()> {
    place.ask(&["git", "init", "--quiet", "--initial-branch=main"])?;
    place.ask(&["git", "config", "user.name", "Ann"])?;
    place.ask(&["git", "config", "user.email", "ann@example.com"])?;
    place.ask(&["git", "add", "--all"])?;
    place.ask(&["git", "commit", "--quiet", "-m", "A few words"])?;
    place.run(&["bd", "init", "--prefix", "wd"])?;
    Ok(())
}

fn create(place: &Place, title: &str, body: &str) -> Result<String> {
    let answer = place.run(&["bd", "create", title, "--body-file", body])?;
    let id = answer
        .lines()
        .find_map(|line| line.strip_prefix("Created issue: "));
    let id = id.with_context(|| format!("`bd create` named no ID: {answer}"))?;
    Ok(id.trim().to_owned())
}

/// State is committed like code, by whoever works here and when they like.
fn commit_state(place: &Place, subject: &str) -> Result<()> {
    place.run(&["git", "add", ".beads"])?;
    place.run(&["git", "commit", "--quiet", "-m", subject])?;
    Ok(())
}

/// Tells each change of state until all beads are handed in.
fn wait_for(place: &Place, beads: &[&str]) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    let mut seen = vec![String::new(); beads.len()];
    while seen.iter().any(|status| status != "completed") {
        let now = statuses(place, beads)?;
        for ((bead, before), after) in beads.iter().zip(&seen).zip(&now) {
            if before != after {
                say(&format!("  … {bead} is {after}"));
            }
            match after.as_str() {
                "hooked" | "in_progress" | "completed" => {}
                _ => bail!("{bead} is {after}, but it was to be worked on and handed in"),
            }
        }
        ensure!(
            Instant::now() < end,
            "no end of the work after {PATIENCE:?}"
        );
        seen = now;
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn statuses(place: &Place, beads: &[&str]) -> Result<Vec<String>> {
    let shown = place.json(&[&["bd", "show", "--json"], beads].concat())?;
    let shown = shown.as_array().context("`bd show --json` is no list")?;
    let status_of = |id: &&str| {
        let bead = shown.iter().find(|bead| bead["id"] == **id);
        let status = bead.and_then(|bead| bead["status"].as_str());
        Ok(status
            .with_context(|| format!("{id} has no status"))?
            .to_owned())
    };
    beads.iter().map(status_of).collect()
}

fn convoy_of(place: &Place) -> Result<String> {
    let list = place.json(&["gt", "convoy", "list", "--all", "--json"])?;
    let only = list.as_array().filter(|list| list.len() == 1);
    let id = only.and_then(|list| list[0].get("id").and_then(Value::as_str));
    Ok(id.context("there is not exactly one convoy")?.to_owned())
}

/// A bead's folder is the first character of its random part's last word.
fn bead_file(id: &str) -> Result<String> {
    let suffix = id.rsplit('-').next().and_then(|it| it.chars().next());
    let folder = suffix.with_context(|| format!("{id} has no folder"))?;
    Ok(format!(".beads/beads/{folder}/{id}.yaml"))
}
