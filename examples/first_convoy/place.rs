//! The temporary folder that everything happens in, and how commands run there.
//!
//! Promises an environment made from nothing: no variable, configuration or identity
//! of yours reaches a command, except where programs are (`PATH`). Never writes
//! outside its folder.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::say;

/// The user's own configuration: the agent, and the gate that merges have to pass.
const CONFIGURATION: &str = r#"default_runtime: scribe

runtimes:
  scribe:
    command: ["sh", "@SCRIBE@", "{prompt}"]

gates:
  words:
    - name: tests
      command: ["sh", "run-tests.sh"]
      timeout: 2m
"#;

/// A home, a configuration and a repository.
pub(crate) struct Place {
    folder: TempDir,
    path: OsString,
}

impl Place {
    /// Makes the folder: the project of `fixtures/project`, not yet a repository, in
    /// `words`, and the descriptions of the work in `work`.
    pub(crate) fn new(binaries: &Path) -> Result<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::Builder::new()
            .prefix("first-convoy-")
            .tempdir()
            .context("cannot make a temporary folder")?;
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let path = [binaries.to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&inherited));
        let place = Self {
            path: std::env::join_paths(path).context("the PATH cannot be extended")?,
            folder,
        };
        for name in ["home", "tmp"] {
            fs::create_dir(place.at(name))?;
        }
        copy(&source.join("fixtures/project"), &place.repository())?;
        copy(&source.join("examples/agents/work"), &place.at("work"))?;
        let scribe = source.join("examples/agents/scribe.sh");
        let scribe = scribe.to_str().context("this folder's path is not UTF-8")?;
        let configuration = CONFIGURATION.replace("@SCRIBE@", scribe);
        fs::write(place.at("config.yaml"), configuration)?;
        Ok(place)
    }

    /// The repository.
    pub(crate) fn repository(&self) -> PathBuf {
        self.at("words")
    }

    /// Leaves the folder where it is.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    /// Runs a command in the repository, shows it and what it says as it says it, and
    /// returns that. Failing is an error.
    pub(crate) fn run(&self, argv: &[&str]) -> Result<String> {
        let command = format!("$ {}", shown(argv));
        say(&match std::io::stdout().is_terminal() {
            true => format!("\x1b[1m{command}\x1b[0m"),
            false => command,
        });
        let (said, end) = std::io::pipe()?;
        let mut child = self
            .command(argv)?
            .stdout(end.try_clone()?)
            .stderr(end)
            .spawn()
            .with_context(|| format!("cannot start `{}`", shown(argv)))?;
        let mut answer = String::new();
        for line in BufReader::new(said).lines() {
            let line = line?;
            say(format!("  {line}").trim_end());
            answer.push_str(&line);
            answer.push('\n');
        }
        let status = child.wait()?;
        ensure!(status.success(), "`{}` failed ({status})", shown(argv));
        Ok(answer)
    }

    /// Runs a command in the repository and returns its answer, without a word unless
    /// it fails.
    pub(crate) fn ask(&self, argv: &[&str]) -> Result<String> {
        let output = self
            .command(argv)?
            .output()
            .with_context(|| format!("cannot start `{}`", shown(argv)))?;
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        match output.status.success() {
            true => Ok(out),
            false => bail!("`{}` failed ({}): {out}{err}", shown(argv), output.status),
        }
    }

    /// The same for an answer in JSON.
    pub(crate) fn json(&self, argv: &[&str]) -> Result<Value> {
        let answer = self.ask(argv)?;
        serde_json::from_str(&answer).with_context(|| format!("`{}`: {answer}", shown(argv)))
    }

    /// Stops what still works here; returns what the workers wrote.
    pub(crate) fn clean_up_after_failure(&self) -> String {
        let beads = self.json(&["bd", "list", "--all", "--limit", "0", "--json"]);
        let mut logs = String::from("\nThe workers' logs:\n");
        for bead in beads.iter().filter_map(Value::as_array).flatten() {
            let id = bead["id"].as_str().unwrap_or_default();
            if let Ok(log) = self.ask(&["gt", "logs", id]) {
                logs.push_str(&format!("--- {id}\n{log}"));
            }
            // A bead that nobody holds has nothing to release.
            let _ = self.ask(&["gt", "release", id]);
        }
        logs
    }

    fn command(&self, argv: &[&str]) -> Result<Command> {
        let (program, arguments) = argv.split_first().context("no command to run")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.repository())
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.at("home"))
            .env("TMPDIR", self.at("tmp"))
            .env("XDG_CONFIG_HOME", self.at("home/.config"))
            .env("XDG_STATE_HOME", self.at("state"))
            .env("PLAINTOWN_CONFIG", self.at("config.yaml"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        Ok(command)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shown(argv: &[&str]) -> String {
    let quoted = |word: &&str| match word.contains([' ', '*', '"']) {
        true => format!("'{word}'"),
        false => (*word).to_owned(),
    };
    argv.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
