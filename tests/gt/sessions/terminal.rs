//! A worker in a terminal: started, recorded, watched and stopped like any
//! other.

use super::*;
use std::collections::BTreeMap;

/// What one process has in `/proc` under a name, by its zero bytes.
fn proc_words(pid: u32, name: &str) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
    let words = bytes.split(|byte| *byte == 0);
    words
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}

#[test]
fn it_runs_in_a_session_of_its_own_and_ends_with_its_work() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let answer = town.gt(&["sling", "gt-one", "app", "--session", "tmux", "--json"]);
    let answer = answer.ok().json();
    let pid = answer["slung"][0]["worker"]["pid"].as_u64().unwrap();
    let pid = u32::try_from(pid).unwrap();
    assert_eq!(sessions(&town), [("gt-app-toast".to_owned(), pid)]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let words: Vec<_> = stat.rsplit(')').next().unwrap().split(' ').collect();
    assert_eq!(words[4], pid.to_string(), "it leads its session");
    let log = || town.gt(&["logs", "gt-one"]).ok().stdout;
    town.wait_until(LONG, || log().contains("ON YOUR HOOK: gt-one"));
    assert!(
        log().starts_with("You are app/polecats/toast"),
        "from the first byte: {}",
        log()
    );
    town.gt(&["release", "gt-one"]).ok();
    town.wait_until(LONG, || town.processes().is_empty());
    assert_eq!(sessions(&town), [], "the server ends with its last session");
    sound(&town);
}

#[test]
fn its_environment_is_exact_and_shown_to_nobody() {
    let town = rig("hang");
    town.config(
        "session: tmux\nruntimes:\n  env:\n    command: [sleep, '60', '{prompt}']\n    interactive: [sh, -c, 'pwd >\"$HOME/cwd\"; exec sleep 60', 'a;', '{bead};']\n    env: [MY_TOKEN]\n",
    );
    bead(&town, "gt-one", "One");
    let secret = "s3cret-token";
    let call = town.call(
        "gt",
        &["sling", "gt-one", "app", "--agent", "env", "--json"],
    );
    let call = call.env("MY_TOKEN", secret).env("OTHER_TOKEN", secret);
    let slung = placed(&call.run().ok().json()["slung"][0]);
    town.wait_until(LONG, || town.root().join("home/cwd").exists());
    let cwd = fs::read_to_string(town.root().join("home/cwd")).unwrap();
    assert_eq!(cwd.trim_end(), slung.worktree.to_str().unwrap());
    let pid = pid(&town, &slung.agent);
    town.wait_until(LONG, || proc_words(pid, "cmdline")[0] == "sleep");
    let env: BTreeMap<String, String> = proc_words(pid, "environ")
        .iter()
        .filter_map(|it| it.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(env.get("MY_TOKEN").map(String::as_str), Some(secret));
    assert_eq!(env["GT_AGENT"], slung.agent);
    assert!(
        !env["TERM"].contains("dumb"),
        "as the terminal is: {}",
        env["TERM"]
    );
    for absent in ["OTHER_TOKEN", "TMUX", "TMUX_PANE"] {
        assert!(!env.contains_key(absent), "{absent}");
    }
    let others = town.processes().into_iter().filter(|it| *it != pid);
    for other in others {
        let said = [proc_words(other, "environ"), proc_words(other, "cmdline")].concat();
        let leaks: Vec<_> = said.iter().filter(|it| it.contains(secret)).collect();
        assert_eq!(leaks, Vec::<&String>::new());
    }
    let starting = town
        .repo()
        .join(".git/plaintown/starting/app/polecats/toast");
    for order in fs::read_dir(starting).unwrap() {
        assert_eq!(
            order.unwrap().metadata().unwrap().len(),
            0,
            "it holds secrets"
        );
    }
}

#[test]
fn it_is_started_again_where_it_was() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--no-spawn", "--session", "tmux"]);
    let agent = "app/polecats/toast";
    for _ in 0..2 {
        town.gt(&["sling", "gt-one", "app/toast"]);
        town.wait_until(LONG, || town.processes().is_empty());
        let terminal = of_session(&town, agent, "terminal");
        assert_eq!(terminal.as_deref(), socket(&town).to_str());
    }
    let starts = town.agent_log().iter().filter(|it| it.start).count();
    assert_eq!(starts, 2);
    // Slung with another kind, it begins anew.
    let answer = town.gt(&["sling", "gt-one", "app/toast", "--session", "process"]);
    assert!(answer.stdout.starts_with("Slung"), "{answer}");
    assert_eq!(
        of_session(&town, agent, "terminal").as_deref(),
        Some("null")
    );
    town.wait_until(LONG, || town.processes().is_empty());
    sound(&town);
}

#[test]
fn the_watcher_sees_its_end_and_starts_it_again() {
    let town = rig("hang");
    let config = town.root().join("config.yaml");
    let settings = fs::read_to_string(&config).unwrap() + "\nsession: tmux\n";
    fs::write(&config, settings).unwrap();
    town.gt(&["up"]).ok();
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--no-spawn"]);
    let at_work = || town.agents_at_work().remove("gt-one").unwrap_or_default();
    town.wait_until(LONG, || at_work().len() == 1);
    let first = at_work()[0];
    town.wait_until(LONG, || {
        sessions(&town) == [("gt-app-toast".to_owned(), first)]
    });
    // Somebody has opened a window beside it, which nobody closes for them.
    tmux(
        &town,
        &["new-window", "-t", "=gt-app-toast:", "-d", "sleep", "600"],
    )
    .ok();
    town.run_in("/", "kill", &["-9", &first.to_string()]).ok();
    town.wait_until(LONG, || at_work().first().is_some_and(|pid| *pid != first));
    let names: Vec<String> = sessions(&town).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.contains(&"gt-app-toast".to_owned()), "{names:?}");
    town.gt(&["down"]).ok();
}

#[test]
fn without_tmux_nothing_is_done_and_the_remedy_is_named() {
    let mut town = rig("hang");
    bead(&town, "gt-one", "One");
    let few = town.root().join("few");
    fs::create_dir(&few).unwrap();
    for program in ["git", "sh"] {
        let found = town.run_in("/", "sh", &["-c", &format!("command -v {program}")]);
        std::os::unix::fs::symlink(found.ok().text(), few.join(program)).unwrap();
    }
    let path = format!("{}:{}", town.bin().display(), few.display());
    town.env("PATH", path);
    let args = ["sling", "gt-one", "app", "--session", "tmux"];
    let refused = changes_nothing(&town, || town.gt(&args));
    says(refused, 8, &["tmux is not installed", "--session process"]);
    let args = ["sling", "gt-one", "app", "--session", "screen"];
    says(town.gt(&args), 2, &["use process or tmux"]);
    town.gt(&["sling", "gt-one", "app"]).ok();
}

#[test]
fn the_repository_does_not_choose_it() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let config = town.read(".beads/config.yaml");
    town.write(".beads/config.yaml", &format!("{config}\nsession: tmux\n"));
    let slung = sling(&town, "gt-one", &[]);
    assert_eq!(
        of_session(&town, &slung.agent, "terminal").as_deref(),
        Some("null")
    );
    assert!(!socket(&town).exists());
}
