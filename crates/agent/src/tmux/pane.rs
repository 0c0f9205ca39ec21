//! The pane of one worker: shown to people, and typed into.
//!
//! A pane is found by the process that was started in it, so nobody else's
//! window is ever typed into, whatever people have opened beside it.

use super::{Server, TmuxError, Words};
use std::convert::Infallible;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Programs that read a paste take what follows at once for a part of it.
const PAUSE: Duration = Duration::from_millis(500);

/// tmux does not let itself be shown in itself where it is told of these, even
/// if it is another server.
const OUTER: [&str; 2] = ["TMUX", "TMUX_PANE"];

impl Server {
    /// The command that shows the window of a worker, with its arguments; read
    /// only on demand.
    pub fn attach_command(&self, worker: u32, read_only: bool) -> Result<Vec<OsString>, TmuxError> {
        let pane = self.pane(worker)?;
        let mut argv = vec![self.program.clone().into_os_string()];
        argv.extend(self.options());
        argv.push("attach-session".into());
        if read_only {
            argv.push("-r".into());
        }
        argv.extend(["-t".into(), pane.into()]);
        Ok(argv)
    }

    /// This process becomes that command, in this environment. Returns only
    /// when it cannot.
    pub fn attach(
        &self,
        argv: &[OsString],
        env: &[(OsString, OsString)],
    ) -> Result<Infallible, TmuxError> {
        let own = env
            .iter()
            .filter(|(name, _)| OUTER.iter().all(|outer| name != outer));
        let error = Command::new(&self.program)
            .args(argv.iter().skip(1))
            .env_clear()
            .envs(own.map(|(name, value)| (name, value)))
            .exec();
        Err(TmuxError::System(error))
    }

    /// Types words into the pane of a worker, and presses Enter. They arrive as
    /// a paste does, as they are: none of them is a key or a command.
    pub fn say(&self, worker: u32, words: &Words) -> Result<(), TmuxError> {
        let pane = self.pane(worker)?;
        let buffer = format!("gt-{}", std::process::id());
        // Whoever scrolls back in the pane would get the Enter.
        let scrolled = ["if-shell", "-F", "-t", &pane, "#{pane_in_mode}"];
        let leave = format!("send-keys -t {pane} -X cancel");
        let mut args = words_of(&["load-buffer", "-b", &buffer, "-", ";"]);
        args.extend(words_of(&scrolled));
        args.extend(words_of(&[&leave, ";", "paste-buffer", "-d", "-p", "-r"]));
        args.extend(words_of(&["-b", &buffer, "-t", &pane]));
        self.tell(&args, words.as_str().as_bytes())?;
        std::thread::sleep(PAUSE);
        let enter = words_of(&["send-keys", "-t", &pane, "Enter"]);
        self.call(Path::new("/"), &enter).map(drop)
    }

    /// The pane in which a process was started.
    fn pane(&self, process: u32) -> Result<String, TmuxError> {
        let list = words_of(&["list-panes", "-a", "-F", "#{pane_pid} #{pane_id}"]);
        let said = self.call(Path::new("/"), &list)?;
        let wanted = process.to_string();
        let panes = said.lines().filter_map(|line| line.split_once(' '));
        let mut own = panes.filter(|(pid, _)| *pid == wanted);
        let (_, pane) = own.next().ok_or(TmuxError::NoWindow { process })?;
        Ok(pane.to_owned())
    }
}

fn words_of(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}
