//! The tables, and the page of the docs around them.

use crate::rounds::Measured;
use crate::slings::{GIT_ADD, Slings};
use crate::starts::Starts;
use crate::subjects::{GIT_STATUS, START, WRITE, Yardstick};
use std::fmt::Write;
use std::time::Duration;

/// Commands that must not care how many beads there are.
const INDEPENDENT: [&str; 3] = [
    "bd create TITLE",
    "bd close ID",
    "bd show --no-dependents ID",
];

const INTRODUCTION: &str = "\
# Speed

Whole processes, measured in turns in one run (`just bench`), in a new order each
time, so that a busy machine slows all of them alike: the ratios tell more than
the milliseconds.
`git status` on the same files is the yardstick for commands that look at every
bead, an empty process and one durable write (temporary file, fsync, rename,
fsync of the folder) for those that do not. A bead has about 1.6 KB; half of
them have a comment. Nothing is cached between commands: each reads the files.

";

/// All that was measured.
pub(crate) struct Report {
    /// What it was measured on.
    pub(crate) machine: String,
    /// How often.
    pub(crate) rounds: usize,
    /// The numbers of beads.
    pub(crate) sizes: Vec<usize>,
    /// What came of it.
    pub(crate) measured: Vec<Measured>,
    /// What worktrees cost.
    pub(crate) slings: Slings,
    /// How soon workers run.
    pub(crate) starts: Starts,
}

impl Report {
    /// The page of the docs.
    pub(crate) fn page(&self) -> String {
        let (machine, rounds) = (&self.machine, self.rounds);
        format!(
            "{INTRODUCTION}Measured on: {machine}; {rounds} rounds.\n{}",
            self.tables()
        )
    }

    /// The tables, as Markdown.
    pub(crate) fn tables(&self) -> String {
        let mut text = String::new();
        for size in &self.sizes {
            text += &table(*size, &self.of(*size));
        }
        text + &self.growth() + &worktrees(&self.slings) + &workers(&self.starts)
    }

    fn of(&self, size: usize) -> Vec<&Measured> {
        let of_size = self.measured.iter().filter(|it| it.size == size);
        of_size.collect()
    }

    /// How much more the largest store costs than the smallest.
    fn growth(&self) -> String {
        let (Some(&few), Some(&many)) = (self.sizes.first(), self.sizes.last()) else {
            return String::new();
        };
        let mut text = format!(
            "\n## From {few} to {many} beads\n\n\
             | command | ms at {few} | at {many} | ratio |\n|---|--:|--:|--:|\n"
        );
        for name in INDEPENDENT {
            let (before, after) = (median(&self.of(few), name), median(&self.of(many), name));
            let ratio = after.as_secs_f64() / before.as_secs_f64();
            let (before, after) = (ms(before), ms(after));
            line(
                &mut text,
                &format!("| `{name}` | {before} | {after} | {ratio:.2} |"),
            );
        }
        text
    }
}

/// How much more a sling costs than the worktree that it makes.
fn worktrees(slings: &Slings) -> String {
    let mut text = "\n## A worktree for a worker\n\n\
        `gt sling`, until its worker runs, beside a plain `git worktree add` of the same commit,\n\
        which also checks out the 400 beads of the store: a worker's worktree has none.\n\n\
        | files | `git worktree add` ms | min | `gt sling` ms | min | ratio | target |\n\
        |--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    let (plain, slung): (Vec<_>, Vec<_>) =
        slings.measured.iter().partition(|it| it.name == GIT_ADD);
    for (plain, slung) in plain.into_iter().zip(slung) {
        let ratio = slung.median().as_secs_f64() / plain.median().as_secs_f64();
        let [plain, slung] = [plain, slung].map(|it| (it.size, ms(it.median()), ms(it.min())));
        line(
            &mut text,
            &format!(
                "| {} | {} | {} | {} | {} | {ratio:.2} | ≤ 3 |",
                plain.0, plain.1, plain.2, slung.1, slung.2
            ),
        );
    }
    let (count, last) = (slings.at_once, ms(slings.last));
    line(
        &mut text,
        &format!("\n{count} slings at once: none failed, the last ended after {last} ms."),
    );
    text
}

/// How soon a worker runs whose hook has appeared.
fn workers(starts: &Starts) -> String {
    let mut text = format!(
        "\n## From a hook to a worker\n\n\
        Under `gt up`, a hook is renamed into place whose bead was handed out and has its worktree;\n\
        until the worker says its first word. While git checks out, it goes to and fro between two\n\
        branches of the same repository that differ in 300 files. There are {} hooks in each store.\n\n\
        | hooks appear | times | p50 ms | p99 | max | target |\n|---|--:|--:|--:|--:|---|\n",
        Starts::HOOKS
    );
    let together = format!("{} at once: the last one", Starts::AT_ONCE);
    let rows = [
        ("one by one", &starts.calm, "15 and 50"),
        ("while git checks out", &starts.disturbed, "15 and 50"),
        (together.as_str(), &starts.last, "1000"),
    ];
    for (name, sorted, target) in rows {
        let at = |percent: usize| ms(sorted[(sorted.len() - 1) * percent / 100]);
        let [p50, p99, max] = [50, 99, 100].map(at);
        let times = sorted.len();
        line(
            &mut text,
            &format!("| {name} | {times} | {p50} | {p99} | {max} | ≤ {target} |"),
        );
    }
    text
}

fn table(size: usize, measured: &[&Measured]) -> String {
    let mut text = format!(
        "\n## {size} beads\n\n\
         | command | median ms | min | max | ratio | to | target |\n\
         |---|--:|--:|--:|--:|---|--:|\n"
    );
    for it in measured {
        let (median, min, max) = (ms(it.median()), ms(it.min()), ms(it.max()));
        let compared = comparison(it, measured);
        line(
            &mut text,
            &format!(
                "| {} | {median} | {min} | {max} | {compared} |",
                shown(it.name)
            ),
        );
    }
    text
}

fn comparison(it: &Measured, all: &[&Measured]) -> String {
    let (yardstick, name, target) = match it.yardstick {
        Yardstick::None => return "| |".to_owned(),
        Yardstick::GitStatus(target) => (median(all, GIT_STATUS), GIT_STATUS.to_owned(), target),
        Yardstick::StartsAndWrites(starts, writes) => (
            median(all, START) * starts + median(all, WRITE) * writes,
            starts_and_writes(starts, writes),
            Some(1.0),
        ),
    };
    let ratio = it.median().as_secs_f64() / yardstick.as_secs_f64();
    let target = target.map(|target| format!("≤ {target:.0}"));
    format!("{ratio:.2} | {name} | {}", target.unwrap_or_default())
}

fn starts_and_writes(starts: u32, writes: u32) -> String {
    match writes {
        0 => format!("{starts} starts"),
        1 => format!("{starts} starts + 1 write"),
        _ => format!("{starts} starts + {writes} writes"),
    }
}

fn median(measured: &[&Measured], name: &str) -> Duration {
    let found = measured.iter().find(|it| it.name == name);
    found.expect("it is among the subjects").median()
}

fn shown(name: &str) -> String {
    match name {
        START | WRITE => name.to_owned(),
        _ => format!("`{name}`"),
    }
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}
