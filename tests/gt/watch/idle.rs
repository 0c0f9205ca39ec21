//! What it costs while nothing happens.

use super::*;
use crate::gt::life::support::*;
use std::time::Duration;

/// Processor time of all threads of a process.
fn busy(pid: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    // A thread may end while they are read.
    let spent = tasks.filter_map(|task| {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

/// Waits until it has done what it does at first: its convoys and its queue are
/// looked at after a quiet moment.
fn come_to_rest(pid: u32) {
    let mut last = busy(pid);
    for _ in 0..30 {
        std::thread::sleep(Duration::from_secs(4));
        let now = busy(pid);
        if now.saturating_sub(last) <= Duration::from_millis(2) && now >= last {
            return;
        }
        last = now;
    }
}

/// Kilobytes in memory that are not pages of the program's own file.
fn resident(pid: u32, key: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let number = line.unwrap().trim_start_matches(':').trim();
    number.trim_end_matches(" kB").parse().unwrap()
}

/// So many beads like this one, and a hundred hooks of another host.
fn fill(town: &Town, beads: usize) {
    bead(town, "gt-one", "Work");
    let bead_text = bead_file(town, "gt-one");
    for number in 0..beads {
        let id = format!("gt-{number:05}");
        let path = format!(".beads/beads/{}/{id}.yaml", &id[3..4]);
        town.write(path, &bead_text.replace("gt-one", &id));
    }
    let slung = sling(town, "gt-one", &["--no-spawn"]);
    let hook = fs::read_to_string(hook_file(town, &slung.agent)).unwrap();
    for number in 0..100 {
        let agent = format!("app/polecats/p{number}");
        let text = hook.replace(&slung.agent, &agent);
        let text = text.replace("\nhost: ", "\nhost: x");
        fs::write(hook_file(town, &agent), text).unwrap();
    }
    town.gt(&["release", "gt-one"]).ok();
}

#[test]
fn while_nothing_happens_it_sleeps_and_stays_small() {
    let town = rig("hang");
    fill(&town, 10_000);
    town.gt(&["up"]).ok();
    let pid = pid(&town);
    come_to_rest(pid);
    let before = busy(pid);
    assert!(before > Duration::ZERO, "what it has done is seen");
    std::thread::sleep(Duration::from_secs(10));
    let spent = busy(pid).saturating_sub(before);
    let (anonymous, all) = (resident(pid, "RssAnon"), resident(pid, "VmRSS"));
    println!("idle for 10 s: {spent:?} busy; {all} kB resident, {anonymous} kB of them its own");
    assert!(spent <= Duration::from_millis(10), "{spent:?}");
    // An unoptimized program has more pages of its own file.
    assert!(anonymous <= 20_000, "{anonymous} kB");
}
