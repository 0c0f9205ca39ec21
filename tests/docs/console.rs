//! Runs the ```` ```console ```` blocks of a page for real, in order, in one town.
//!
//! A line `$ command` is run by a shell (`> ` continues it), and what follows is what
//! it has to answer; a failure ends with `[exit N]`. Two comments are not shown to
//! readers: `<!-- run: command -->`, and `<!-- wait: BEAD STATUS -->`. Random names in
//! a page are the page's own; they are learned from the answers.

use super::mask::{Names, mask};
use super::root;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use testkit::Town;

/// The user's own configuration: the scripted agent, and the tests as gate.
const CONFIGURATION: &str = r#"default_runtime: scribe

runtimes:
  scribe:
    command: ["sh", "@HOME@/agents/scribe.sh", "{prompt}"]

gates:
  words:
    - name: tests
      command: ["sh", "run-tests.sh"]
"#;

/// The page with every answer as it is now.
pub(super) fn run(page: &str) -> String {
    let mut session = Session::new();
    let mut out = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if let Some(hidden) = comment(line, "run") {
            let answer = session.execute(hidden);
            assert!(!answer.contains("[exit "), "{hidden}: {answer}");
        } else if let Some(wait) = comment(line, "wait") {
            session.wait(wait);
        } else if line.trim() == "```console" {
            let mut block = Vec::new();
            while let Some(line) = lines.next_if(|line| line.trim() != "```") {
                block.push(line);
            }
            out.push_str(&session.block(&block));
        }
    }
    out
}

fn comment<'a>(line: &'a str, kind: &str) -> Option<&'a str> {
    let inside = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    inside.strip_prefix(kind)?.strip_prefix(": ")
}

/// A command and what the page says it answers.
struct Step<'a> {
    command: Vec<&'a str>,
    answer: String,
}

fn steps<'a>(block: &[&'a str]) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            let (command, answer) = (vec![command], String::new());
            steps.push(Step { command, answer });
            continue;
        }
        let step = steps.last_mut().expect("a block begins with `$ command`");
        match line.strip_prefix("> ").filter(|_| step.answer.is_empty()) {
            Some(more) => step.command.push(more),
            None => step.answer.push_str(&format!("{line}\n")),
        }
    }
    steps
}

/// A person at a shell.
struct Session {
    town: Town,
    names: Names,
    folder: PathBuf,
    commands: u32,
}

impl Session {
    fn new() -> Self {
        let town = Town::builder(env!("CARGO_BIN_EXE_gt")).project().build();
        let home = town.root().join("home");
        let folder = home.join("words");
        fs::rename(town.repo(), &folder).unwrap();
        fs::create_dir_all(home.join(".config/plaintown")).unwrap();
        let configuration = home.join(".config/plaintown/config.yaml");
        std::os::unix::fs::symlink(town.root().join("config.yaml"), configuration).unwrap();
        town.config(&CONFIGURATION.replace("@HOME@", &home.to_string_lossy()));
        let agents = root().join("examples/agents");
        for (from, to) in [(agents.clone(), "agents"), (agents.join("work"), "work")] {
            fs::create_dir(home.join(to)).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                if entry.path().is_file() {
                    fs::copy(entry.path(), home.join(to).join(entry.file_name())).unwrap();
                }
            }
        }
        Self {
            town,
            names: Names::default(),
            folder,
            commands: 0,
        }
    }

    fn block(&mut self, block: &[&str]) -> String {
        let mut out = String::new();
        for step in steps(block) {
            let real = self.execute(&step.command.join("\n"));
            self.names.learn(&step.answer, &real);
            let actual = self.names.shown(&real);
            out.push_str(&format!("$ {}\n", step.command.join("\n> ")));
            out.push_str(match mask(&actual) == mask(&step.answer) {
                true => &step.answer,
                false => &actual,
            });
        }
        out
    }

    /// Runs a line at its own minute, and returns what it said, in the places a
    /// person would see.
    fn execute(&mut self, command: &str) -> String {
        self.commands += 1;
        let (hours, minutes) = (10 + self.commands / 60, self.commands % 60);
        let now = format!("2026-01-15T{hours:02}:{minutes:02}:00Z");
        let left = self.town.root().join("left");
        let script = format!(
            "exec 2>&1\n{}\nstatus=$?\npwd >'{}'\nexit $status\n",
            self.names.real(command),
            left.display()
        );
        let output = self
            .town
            .call("sh", &["-c", &script])
            .dir(&self.folder)
            .env("PLAINTOWN_NOW", &now)
            .env("GIT_AUTHOR_DATE", &now)
            .env("GIT_COMMITTER_DATE", &now)
            .run();
        if let Ok(folder) = fs::read_to_string(left) {
            self.folder = PathBuf::from(folder.trim_end());
        }
        let mut said = output.stdout;
        let home = self.town.root().join("home");
        said = said.replace(&*home.to_string_lossy(), "/home/ann");
        if !said.is_empty() && !said.ends_with('\n') {
            said.push('\n');
        }
        let said: String = said
            .lines()
            .map(|it| format!("{}\n", it.trim_end()))
            .collect();
        assert!(!said.contains("```"), "this would end the block: {said}");
        match output.status.code() {
            Some(0) => said,
            code => format!("{said}[exit {}]\n", code.unwrap_or(-1)),
        }
    }

    fn wait(&mut self, words: &str) {
        let (bead, status) = words.split_once(' ').expect("a bead and a status");
        let end = Instant::now() + Duration::from_secs(60);
        let bead = self.names.real(bead);
        loop {
            let shown = self
                .town
                .call("bd", &["show", &bead, "--json"])
                .dir(&self.folder)
                .run()
                .ok();
            if shown.json()[0]["status"] == status {
                return;
            }
            assert!(Instant::now() < end, "{words}: still not so: {shown}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn answers_are_the_real_ones() {
    let page =
        "A page.\n\n```console\n$ echo one\none\n$ cat <<END\n> two\n> END\ntwo\n```\nEnd.\n";
    assert_eq!(run(page), page);
    let wrong = page.replace("\none\n$", "\nanother\n$");
    assert_eq!(run(&wrong), page);
}

#[test]
fn failures_and_folders_are_seen() {
    let page = "```console\n$ cd lib\n$ pwd; exit 3\n```\n";
    let expected = "```console\n$ cd lib\n$ pwd; exit 3\n/home/ann/words/lib\n[exit 3]\n```\n";
    assert_eq!(run(page), expected);
}

#[test]
fn a_page_keeps_its_own_names() {
    let page = "<!-- run: bd init -p gt -->\n```console\n$ bd create One\nCreated issue: gt-abc12\n\
                $ bd list\ngt-abc12  P2  open  task  One\n```\n";
    assert_eq!(run(page), page);
    let wrong = page.replace("  open  ", "  closed  ");
    assert_eq!(run(&wrong), page);
}
