//! The watcher, killed at random and begun anew.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::Town;

/// Lets watchers live for a moment each until the evening is over, and returns how
/// many there were.
pub(super) fn watch_and_kill(town: &Town, seed: u64, is_over: &AtomicBool) -> usize {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut lives = 0;
    while !is_over.load(Ordering::Relaxed) {
        // Most are short; some are long enough for a merge on a busy machine.
        let longest = if random.u8(..4) == 0 { 3_000 } else { 500 };
        let life = Duration::from_millis(random.u64(20..longest));
        let mut watcher = town.call("gt", &["--quiet", "up", "--foreground"]).start();
        thread::sleep(life);
        watcher.kill().unwrap();
        watcher.wait().unwrap();
        lives += 1;
        thread::sleep(Duration::from_millis(random.u64(..200)));
    }
    lives
}

/// Ends a process at once, by its number.
pub(super) fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.unwrap().success());
}
