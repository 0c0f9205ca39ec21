//! What is measured, and what each is compared with.

use crate::fixture::{BD, Fixture, GT};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What a subject's time is compared with, and how much of it is allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Yardstick {
    /// It is a yardstick itself.
    None,
    /// So many times `git status` on the same files, or any number.
    GitStatus(Option<f64>),
    /// So many starts of an empty process and durable writes.
    StartsAndWrites(u32, u32),
}

/// One thing that is measured.
pub(crate) struct Subject<'a> {
    /// How many beads the store has, or files the repository.
    pub(crate) size: usize,
    /// As a person types it.
    pub(crate) name: &'static str,
    /// What it is compared with.
    pub(crate) yardstick: Yardstick,
    /// Does it once, for the n-th time, and says how long it took.
    pub(crate) run: Box<dyn FnMut(usize) -> Duration + 'a>,
}

/// The name of the subject that starts an empty process.
pub(crate) const START: &str = "an empty process";

/// The name of the subject that writes one file durably.
pub(crate) const WRITE: &str = "one durable write";

/// The name of the subject that is git's.
pub(crate) const GIT_STATUS: &str = "git status";

/// Everything that is measured, in the order it is. `reading` is never
/// changed; `writing` has to have two open beads for each round.
pub(crate) fn all<'a>(
    reading: &'a Fixture,
    writing: &'a Fixture,
    rounds: usize,
) -> Vec<Subject<'a>> {
    let mut subjects = vec![
        Subject {
            size: reading.size(),
            name: START,
            yardstick: Yardstick::None,
            run: command(reading, "true", &[]),
        },
        Subject {
            size: reading.size(),
            name: WRITE,
            yardstick: Yardstick::None,
            run: durable_write(writing.repo()),
        },
    ];
    subjects.extend(readers(reading));
    subjects.extend(writers(writing, rounds));
    subjects
}

fn readers<'a>(fixture: &'a Fixture) -> Vec<Subject<'a>> {
    use Yardstick::{GitStatus, StartsAndWrites};
    let shown = fixture.open()[1].as_str();
    let read = |name, yardstick, program, args: &[&'a str]| Subject {
        size: fixture.size(),
        name,
        yardstick,
        run: command(fixture, program, args),
    };
    vec![
        read(GIT_STATUS, Yardstick::None, "git", &["status"]),
        read("bd version", StartsAndWrites(3, 0), BD, &["version"]),
        read("bd ready", GitStatus(Some(10.0)), BD, &["ready"]),
        read(
            "bd list --json -n 0",
            GitStatus(None),
            BD,
            &["list", "--json", "-n", "0"],
        ),
        read("bd show ID", GitStatus(Some(10.0)), BD, &["show", shown]),
        read(
            "bd show --no-dependents ID",
            StartsAndWrites(3, 1),
            BD,
            &["show", "--no-dependents", shown],
        ),
        read("gt hook", StartsAndWrites(3, 1), GT, &["hook"]),
    ]
}

fn writers<'a>(fixture: &'a Fixture, rounds: usize) -> Vec<Subject<'a>> {
    let open = fixture.open();
    let each = rounds + 1;
    assert!(
        open.len() > 2 * each,
        "too few open beads for {rounds} rounds"
    );
    let (closed, rest) = open[1..].split_at(each);
    vec![
        Subject {
            size: fixture.size(),
            name: "bd create TITLE",
            yardstick: Yardstick::StartsAndWrites(3, 1),
            run: command(fixture, BD, &["create", "Report every path"]),
        },
        Subject {
            size: fixture.size(),
            name: "bd close ID",
            yardstick: Yardstick::StartsAndWrites(3, 1),
            run: command_on_each(fixture, &["close"], closed),
        },
        // A claim also makes the number of the attempt durable, out of git's reach.
        Subject {
            size: fixture.size(),
            name: "bd update --claim ID",
            yardstick: Yardstick::StartsAndWrites(3, 2),
            run: command_on_each(fixture, &["update", "--claim"], rest),
        },
    ]
}

fn command<'a>(
    fixture: &'a Fixture,
    program: &'static str,
    args: &[&'a str],
) -> Box<dyn FnMut(usize) -> Duration + 'a> {
    let args = args.to_vec();
    Box::new(move |_| time(fixture.command(program, &args)))
}

/// Runs `bd` on another bead every time.
fn command_on_each<'a>(
    fixture: &'a Fixture,
    args: &'static [&'static str],
    ids: &'a [String],
) -> Box<dyn FnMut(usize) -> Duration + 'a> {
    Box::new(move |round| {
        let mut command = fixture.command(BD, args);
        command.arg(&ids[round]);
        time(command)
    })
}

fn time(mut command: Command) -> Duration {
    let start = Instant::now();
    let status = command.status();
    let taken = start.elapsed();
    let is_good = status.as_ref().is_ok_and(|status| status.success());
    assert!(is_good, "{command:?}: {status:?}");
    taken
}

/// What the promise of a durable write costs by itself: a file of a bead's size
/// under a new name, as safe as the store's own writes.
fn durable_write<'a>(repo: PathBuf) -> Box<dyn FnMut(usize) -> Duration + 'a> {
    let folder = repo.join(".git/durable");
    fs::create_dir(&folder).expect("the build can be written");
    Box::new(move |round| {
        let start = Instant::now();
        write_durably(&folder, &format!("{round}.yaml")).expect("the build can be written");
        start.elapsed()
    })
}

fn write_durably(folder: &Path, name: &str) -> std::io::Result<()> {
    let temporary = folder.join(format!(".{name}.tmp"));
    let mut file = File::create_new(&temporary)?;
    file.write_all(&[b'x'; 1600])?;
    file.sync_all()?;
    fs::rename(&temporary, folder.join(name))?;
    File::open(folder)?.sync_all()
}
