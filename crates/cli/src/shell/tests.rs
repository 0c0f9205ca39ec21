use super::*;
use std::rc::Rc;

#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

fn captured(mode: Mode) -> (Shell, Buffer, Buffer) {
    let (out, err) = (Buffer::default(), Buffer::default());
    let shell = Shell::new(Box::new(out.clone()), Box::new(err.clone()), mode);
    (shell, out, err)
}

fn on_failing(kind: io::ErrorKind) -> (Shell, Buffer) {
    let err = Buffer::default();
    let shell = Shell::new(
        Box::new(Failing(kind)),
        Box::new(err.clone()),
        Mode::default(),
    );
    (shell, err)
}

const QUIET: Mode = Mode {
    json: false,
    quiet: true,
    verbose: false,
};
const JSON: Mode = Mode {
    json: true,
    quiet: false,
    verbose: true,
};

#[test]
fn data_and_status_are_apart() {
    let (shell, out, err) = captured(Mode::default());
    shell.line("Created issue: gt-abc12 \x1b[2J");
    shell.status("waiting for the lock");
    shell.warn("a\u{202e}b");
    shell.detail("unseen");
    assert_eq!(shell.finish(Ok(ExitStatus::OK)), ExitStatus::OK);
    assert_eq!(out.text(), "Created issue: gt-abc12 \\u{1b}[2J\n");
    assert_eq!(err.text(), "waiting for the lock\nwarning: a\\u{202e}b\n");
}

#[test]
fn quiet_keeps_data_warnings_and_errors() {
    let (shell, out, err) = captured(QUIET);
    shell.status("unseen");
    shell.warn("w");
    shell.line("data");
    let status = shell.finish(Err(CommandError::refused("no")));
    assert_eq!(status.code(), 4);
    assert_eq!(out.text(), "data\n");
    assert_eq!(err.text(), "warning: w\nerror: no\n");
}

#[test]
fn with_json_every_line_of_standard_error_is_json() {
    let (shell, out, err) = captured(JSON);
    shell.status("unseen");
    shell.detail("unseen");
    shell.warn("w");
    shell.answer(
        &serde_json::json!({"id": "gt-abc12"}),
        "Created issue: gt-abc12",
    );
    shell.finish(Err(CommandError::not_found("gone")));
    assert_eq!(out.text(), "{\n  \"id\": \"gt-abc12\"\n}\n");
    for line in err.text().lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    assert_eq!(err.text().lines().count(), 2);
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let (shell, err) = on_failing(io::ErrorKind::BrokenPipe);
    assert!(!shell.is_closed());
    shell.out(&"x".repeat(1 << 20));
    assert!(shell.is_closed());
    assert_eq!(shell.finish(Ok(ExitStatus::OK)), ExitStatus::OK);
    assert_eq!(err.text(), "");
}

#[test]
fn a_full_disk_is() {
    let (shell, err) = on_failing(io::ErrorKind::StorageFull);
    shell.json(&[1, 2]);
    assert_eq!(shell.finish(Ok(ExitStatus::OK)).code(), 8);
    assert!(
        err.text()
            .starts_with("error: cannot write to standard output: ")
    );
}

#[test]
fn the_error_of_the_command_comes_first() {
    let (shell, err) = on_failing(io::ErrorKind::StorageFull);
    shell.line("x");
    assert_eq!(shell.finish(Err(CommandError::usage("bad"))).code(), 2);
    assert_eq!(err.text(), "error: bad\n");
}

#[test]
fn a_failing_standard_error_changes_nothing() {
    let out = Buffer::default();
    let err = Failing(io::ErrorKind::BrokenPipe);
    let shell = Shell::new(Box::new(out.clone()), Box::new(err), Mode::default());
    shell.warn("w");
    shell.line("data");
    assert_eq!(shell.finish(Ok(ExitStatus::OK)), ExitStatus::OK);
    assert_eq!(out.text(), "data\n");
}
