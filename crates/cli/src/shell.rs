//! The only thing that prints.
//!
//! Standard output is data: what was asked for, as text or JSON. Standard error
//! is status, warnings and errors. Printing never stops the work: a write that
//! fails is remembered, later output is dropped, and [`Shell::finish`] turns it
//! into the exit status. A reader that went away (`bd list | head`) is no
//! failure. Nothing here panics, whatever becomes of either stream.

use crate::error::CommandError;
use crate::{ExitStatus, GlobalArgs, View, visible};
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal, Write};

mod look;
pub use look::Look;

/// The two streams and how to write on them.
pub struct Shell {
    out: RefCell<Output>,
    err: RefCell<Box<dyn Write>>,
    mode: Mode,
    look: Look,
    err_look: Look,
}

/// What the flags ask of the output.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mode {
    /// JSON instead of text.
    pub json: bool,
    /// No status lines.
    pub quiet: bool,
    /// More status lines.
    pub verbose: bool,
}

struct Output {
    stream: BufWriter<Box<dyn Write>>,
    failure: Option<io::Error>,
}

impl Output {
    fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.failure.is_none() {
            self.failure = write(&mut self.stream).err();
        }
    }
}

impl From<&GlobalArgs> for Mode {
    fn from(args: &GlobalArgs) -> Self {
        Self {
            json: args.json,
            quiet: args.quiet,
            verbose: args.verbose,
        }
    }
}

impl Shell {
    /// The process's own streams.
    pub fn of_process(mode: Mode) -> Self {
        let look = Look::detect(io::stdout().is_terminal());
        let err_look = Look::detect(io::stderr().is_terminal());
        Self::new(Box::new(io::stdout()), Box::new(io::stderr()), mode).with_looks(look, err_look)
    }

    /// Any two streams, without colour.
    pub fn new(out: Box<dyn Write>, err: Box<dyn Write>, mode: Mode) -> Self {
        let out = Output {
            stream: BufWriter::with_capacity(64 * 1024, out),
            failure: None,
        };
        Self {
            out: RefCell::new(out),
            err: RefCell::new(err),
            mode,
            look: Look::default(),
            err_look: Look::default(),
        }
    }

    fn with_looks(self, look: Look, err_look: Look) -> Self {
        Self {
            look,
            err_look,
            ..self
        }
    }

    /// Whether JSON was asked for.
    pub fn is_json(&self) -> bool {
        self.mode.json
    }

    /// Whether more detail was asked for.
    pub fn is_verbose(&self) -> bool {
        self.mode.verbose
    }

    /// How text on standard output should look.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Whether nobody reads on: a command that prints without end stops then.
    pub fn is_closed(&self) -> bool {
        self.out.borrow().failure.is_some()
    }

    /// Writes rendered text as it is. What comes from files has gone through
    /// [`visible()`] before.
    pub fn out(&self, text: &str) {
        self.out
            .borrow_mut()
            .write(|stream| stream.write_all(text.as_bytes()));
    }

    /// Writes one line, with control characters made visible.
    pub fn line(&self, text: &str) {
        self.out(&visible(text));
        self.out("\n");
    }

    /// Writes a value as JSON, indented, with a line break at the end.
    pub fn json(&self, value: &(impl Serialize + ?Sized)) {
        self.out.borrow_mut().write(|stream| {
            serde_json::to_writer_pretty(&mut *stream, value)?;
            stream.write_all(b"\n")
        });
    }

    /// Writes a value as JSON on one line and hands it over at once: one event
    /// of a stream.
    pub fn json_line(&self, value: &(impl Serialize + ?Sized)) {
        self.out.borrow_mut().write(|stream| {
            serde_json::to_writer(&mut *stream, value)?;
            stream.write_all(b"\n")?;
            stream.flush()
        });
    }

    /// Shows a view as what was asked for: JSON or text.
    pub fn show(&self, view: &(impl View + ?Sized)) {
        if self.is_json() {
            self.json(view);
        } else {
            self.out(&view.text(&self.look));
        }
    }

    /// Tells the outcome of a command: the value as JSON, or the line as text.
    pub fn answer(&self, value: &(impl Serialize + ?Sized), line: &str) {
        if self.is_json() {
            self.json(value);
        } else {
            self.line(line);
        }
    }

    /// What is going on, for people; not with `-q` or `--json`.
    pub fn status(&self, text: &str) {
        if !self.mode.quiet && !self.mode.json {
            self.err_line(&visible(text));
        }
    }

    /// What is going on in detail; only with `-v`.
    pub fn detail(&self, text: &str) {
        if self.mode.verbose {
            self.status(text);
        }
    }

    /// Something is wrong that did not stop the command.
    pub fn warn(&self, text: &str) {
        if self.mode.json {
            let line = serde_json::json!({ "warning": text });
            self.err_line(&line.to_string());
        } else {
            let word = self.err_look.warning("warning:");
            self.err_line(&format!("{word} {}", visible(text)));
        }
    }

    /// Why the command failed.
    pub fn error(&self, error: &CommandError) {
        if self.mode.json {
            self.err(&error.to_json());
        } else {
            self.err(&self.err_look.error_text(&error.to_text()));
        }
    }

    /// Hands over what was written so far.
    pub fn flush(&self) {
        self.out.borrow_mut().write(|stream| stream.flush());
    }

    /// Ends the command: hands over the rest, prints the error if there is one,
    /// and says with which status to exit.
    pub fn finish(&self, result: Result<ExitStatus, CommandError>) -> ExitStatus {
        self.flush();
        let error = match (result, self.write_error()) {
            (Ok(status), None) => return status,
            (Err(error), _) | (Ok(_), Some(error)) => error,
        };
        self.error(&error);
        error.exit_status()
    }

    fn write_error(&self) -> Option<CommandError> {
        let out = self.out.borrow();
        let failure = out.failure.as_ref()?;
        (failure.kind() != io::ErrorKind::BrokenPipe).then(|| {
            CommandError::environment(format!("cannot write to standard output: {failure}"))
        })
    }

    fn err_line(&self, text: &str) {
        self.err(&format!("{text}\n"));
    }

    // What was printed before stays before. There is nowhere to report that
    // standard error itself fails.
    fn err(&self, text: &str) {
        self.flush();
        let mut stream = self.err.borrow_mut();
        let _ = stream.write_all(text.as_bytes());
        let _ = stream.flush();
    }
}

#[cfg(test)]
mod tests;
