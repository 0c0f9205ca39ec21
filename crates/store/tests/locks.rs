//! Locks between processes.

use crate::child::{self, FAILED, wait_for};
use crate::support::{Rig, parse};
use rustix::process::{Pid, Signal, kill_process};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};
use store::lock::{Held, Lock};

/// A process that holds the lock of `gt-abc12` now.
fn holder(rig: &Rig) -> Child {
    let held = rig.home().join("held");
    let child = child::command("hold", &rig.root(), &["gt-abc12", held.to_str().unwrap()])
        .spawn()
        .unwrap();
    wait_for(&held);
    child
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn take(rig: &Rig, millis: u32) -> (Option<i32>, String) {
    let millis = millis.to_string();
    let output = child::command("take", &rig.root(), &["gt-abc12", &millis])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

fn is_free(rig: &Rig) -> bool {
    let store = rig.open();
    let lock = Lock::bead(&parse("gt-abc12"));
    Held::is_free(store.make_private().unwrap(), &lock).unwrap()
}

#[test]
fn a_held_lock_is_waited_for_within_bounds() {
    let rig = Rig::new();
    let holder = holder(&rig);
    assert!(!is_free(&rig));
    let start = Instant::now();
    let (code, said) = take(&rig, 300);
    assert_eq!(code, Some(FAILED));
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert!(start.elapsed() < Duration::from_secs(10), "bounded");
    assert!(said.starts_with("cannot lock bead-"), "{said}");
    assert!(said.contains(&format!("(pid {})", holder.id())), "{said}");
    assert!(!said.contains("told:"), "too early to announce: {said}");
    end(holder);
}

#[test]
fn a_long_wait_is_announced_once() {
    let rig = Rig::new();
    let holder = holder(&rig);
    let (code, said) = take(&rig, 1_500);
    assert_eq!(code, Some(FAILED));
    let told: Vec<&str> = said.lines().filter(|it| it.starts_with("told:")).collect();
    assert_eq!(told.len(), 1, "{said}");
    assert!(
        told[0].contains(&format!("(pid {})", holder.id())),
        "{said}"
    );
    end(holder);
}

#[test]
fn a_killed_holder_frees_its_lock() {
    let rig = Rig::new();
    let holder = holder(&rig);
    assert!(!is_free(&rig));
    end(holder);
    assert_eq!(take(&rig, 5_000).0, Some(0));
}

#[test]
fn a_waiter_gets_the_lock_as_soon_as_it_is_free() {
    let rig = Rig::new();
    let holder = holder(&rig);
    let waiter = child::command("take", &rig.root(), &["gt-abc12", "20000"])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(100));
    end(holder);
    let start = Instant::now();
    assert!(waiter.wait_with_output().unwrap().status.success());
    // Less than it would have waited in vain.
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_lock_is_not_inherited() {
    let rig = Rig::new();
    let started = rig.home().join("started");
    let status = child::command(
        "hold-and-spawn",
        &rig.root(),
        &["gt-abc12", started.to_str().unwrap()],
    )
    .status()
    .unwrap();
    assert!(status.success());
    let pid: i32 = std::fs::read_to_string(started).unwrap().parse().unwrap();
    // Linux lets whoever starts a program go on some microseconds before it
    // closes the descriptors of the one that is starting.
    let free = take(&rig, 5_000).0 == Some(0);
    let alive = Path::new(&format!("/proc/{pid}")).exists();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    assert!(alive, "the process it started still runs");
    assert!(free, "and does not hold the lock");
}

/// Two processes name the same locks in opposite order, and a third some of
/// them: nobody waits for ever, and nobody is let in beside another.
#[test]
fn opposite_orders_never_deadlock() {
    let rig = Rig::new();
    let counter = rig.home().join("counter");
    std::fs::write(&counter, "0").unwrap();
    let orders: [&[&str]; 4] = [
        &["gt-aa", "gt-bb", "gt-cc", "gt-dd"],
        &["gt-dd", "gt-cc", "gt-bb", "gt-aa"],
        &["gt-bb", "gt-aa", "gt-bb"],
        &["gt-cc", "gt-bb"],
    ];
    let start = Instant::now();
    let takers: Vec<Child> = orders
        .iter()
        .map(|order| {
            let mut args = vec![counter.to_str().unwrap(), "200"];
            args.extend(*order);
            child::command("take-often", &rig.root(), &args)
                .spawn()
                .unwrap()
        })
        .collect();
    for taker in takers {
        assert!(taker.wait_with_output().unwrap().status.success());
    }
    assert!(start.elapsed() < Duration::from_secs(25));
    let count = std::fs::read_to_string(counter).unwrap();
    assert_eq!(count, "800", "all four shared the lock of gt-bb");
}

#[test]
fn a_lock_file_is_never_deleted() {
    let rig = Rig::new();
    assert_eq!(take(&rig, 0).0, Some(0));
    let locks = |rig: &Rig| -> Vec<PathBuf> {
        std::fs::read_dir(rig.root().join(".git/plaintown/locks"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    };
    let before = locks(&rig);
    assert_eq!(before.len(), 1);
    assert_eq!(take(&rig, 0).0, Some(0));
    assert_eq!(locks(&rig), before);
}

/// Writing a record whose lock is not held is a bug that the first test shows.
#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "the lock of gt-abc12 is not held")]
fn writing_without_the_lock_panics() {
    let rig = Rig::new();
    let store = rig.open();
    let locked = store.lock(&[Lock::named("other")]).unwrap();
    let _ = locked.save(&crate::support::bead("gt-abc12", "Fix it"));
}
