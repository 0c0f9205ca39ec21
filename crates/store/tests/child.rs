//! Jobs that run in processes of their own: this test binary, run again.
//!
//! A job ends with exit status 0, 1 for "somebody else was first", or 3 with
//! the error on standard error.

use crate::support::{bead, open, open_with, parse};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use store::{Lock, Options, Patience};

/// "Somebody else was first."
pub(crate) const LOST: i32 = 1;

/// An error of the store.
pub(crate) const FAILED: i32 = 3;

/// A job in the store of `root`, ready to start.
pub(crate) fn command(job: &str, root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    prepare(&mut command, job, root, args);
    command
}

/// The same under another program, such as `strace -f`.
pub(crate) fn command_under(wrapper: &[&str], job: &str, root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(wrapper[0]);
    command
        .args(&wrapper[1..])
        .arg(std::env::current_exe().unwrap());
    prepare(&mut command, job, root, args);
    command
}

fn prepare(command: &mut Command, job: &str, root: &Path, args: &[&str]) {
    command
        .args([
            "child::job",
            "--exact",
            "--nocapture",
            "--test-threads=1",
            "--quiet",
        ])
        .env("STORE_JOB", job)
        .env("STORE_ROOT", root)
        .env("STORE_ARGS", args.join("\u{1f}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
}

/// Waits until `path` is there; a process that is told to go on makes it.
pub(crate) fn wait_for(path: &Path) {
    for _ in 0..30_000 {
        if path.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("{} never came", path.display());
}

/// Does nothing unless this process was started by [`command`].
#[test]
fn job() {
    let Ok(job) = std::env::var("STORE_JOB") else {
        return;
    };
    let root = PathBuf::from(std::env::var_os("STORE_ROOT").unwrap());
    let args = std::env::var("STORE_ARGS").unwrap();
    let args: Vec<&str> = args.split('\u{1f}').collect();
    let done = match job.as_str() {
        "create" => create(&root, &args),
        "save" => save(&root, &args),
        "hold" => hold(&root, &args),
        "hold-and-spawn" => hold_and_spawn(&root, &args),
        "take" => take(&root, &args),
        "take-often" => take_often(&root, &args),
        "attempts" => attempts(&root, &args),
        "host" => host(&root, &args),
        "watch" => crate::checkout::watch(&root, &args),
        other => panic!("no job called {other}"),
    };
    match done {
        Ok(true) => std::process::exit(0),
        Ok(false) => std::process::exit(LOST),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(FAILED);
        }
    }
}

/// Creates one bead once the file `args[2]` is there.
fn create(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let store = open(root);
    let dir = store
        .tracked()
        .make_dir(&store::layout::bead(&parse(args[0])).folder)?;
    let bead = bead(args[0], args[1]);
    if let Some(start) = args.get(2) {
        wait_for(Path::new(start));
    }
    // Without the lock, which would let only one of them try at a time.
    let text = store::yaml::Document::render(&bead);
    dir.create(&format!("{}.yaml", bead.id), text.as_bytes())
}

fn save(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    // Calls are counted by thread, and the harness writes once in its own:
    // now the second write of a thread is the store's.
    std::fs::write("/dev/null", "x").unwrap();
    let mut bead = bead(args[0], args[1]);
    bead.description = Some("word ".repeat(200));
    crate::support::save(&open(root), &bead)
}

/// Holds the lock of a bead until it is killed; says so by making `args[1]`.
fn hold(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let store = open(root);
    let held = store.lock(&[Lock::bead(&parse(args[0]))])?;
    std::fs::write(args[1], "held").unwrap();
    std::thread::sleep(Duration::from_secs(60));
    drop(held);
    Ok(true)
}

/// Starts a process while it holds the lock, and ends without it.
#[allow(
    clippy::zombie_processes,
    reason = "it outlives this process; the test that started both ends it"
)]
fn hold_and_spawn(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let store = open(root);
    let held = store.lock(&[Lock::bead(&parse(args[0]))])?;
    let child = Command::new("sleep").arg("60").spawn().unwrap();
    std::fs::write(args[1], child.id().to_string()).unwrap();
    drop(held);
    Ok(true)
}

/// Takes the lock of a bead, waiting so many milliseconds; says what it was
/// told meanwhile on standard error.
fn take(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let limit = Duration::from_millis(args[1].parse().unwrap());
    let patience = Patience {
        limit,
        announce: |what| eprintln!("told: {what}"),
    };
    let options = Options {
        patience,
        ..Options::default()
    };
    let store = open_with(root, options);
    let _held = store.lock(&[Lock::bead(&parse(args[0]))])?;
    Ok(true)
}

/// Takes several locks in the order given, again and again, and counts in a
/// file that would show two holders at once.
fn take_often(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let store = open(root);
    let locks: Vec<Lock> = args[2..].iter().map(|id| Lock::bead(&parse(id))).collect();
    let counter = Path::new(args[0]);
    for _ in 0..args[1].parse::<u32>().unwrap() {
        let _held = store.lock(&locks)?;
        let count: u32 = std::fs::read_to_string(counter).unwrap().parse().unwrap();
        std::thread::yield_now();
        std::fs::write(counter, (count + 1).to_string()).unwrap();
    }
    Ok(true)
}

/// Draws attempts of a bead and appends them to a file, one by one.
fn attempts(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    use std::io::Write;
    let store = open(root);
    let bead = bead(args[0], "Fix it");
    let mut log = std::fs::OpenOptions::new()
        .append(true)
        .open(args[1])
        .unwrap();
    for _ in 0..args[2].parse::<u32>().unwrap() {
        let locked = store.lock(&[Lock::bead(&bead.id)])?;
        let number = locked.next_attempt(&bead, "ann", &crate::support::now())?;
        log.write_all(format!("{number}\n").as_bytes()).unwrap();
    }
    Ok(true)
}

/// Asks for the host's ID and writes it to a file.
fn host(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let id = open(root).make_host(args[0])?;
    std::fs::write(args[1], id).unwrap();
    Ok(true)
}
