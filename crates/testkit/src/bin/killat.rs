//! `killat N COMMAND...`: runs a command and kills its whole process tree at its
//! N-th state-changing system call; 0 lets it end and says how many there were.
//! Exits with the command's own status, or 137 where it was killed.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitCode;
use std::time::Duration;

use plaintown_testkit::{Call, killat};

const USAGE: &str = "usage: killat N COMMAND...";

fn main() -> ExitCode {
    match parse(std::env::args_os().skip(1).collect()) {
        Some((n, command)) => execute(n, &command),
        None => {
            let _ = writeln!(io::stderr(), "{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut args: Vec<OsString>) -> Option<(u64, Vec<OsString>)> {
    if args.len() < 2 {
        return None;
    }
    let n = args.remove(0).to_str()?.parse().ok()?;
    Some((n, args))
}

fn execute(n: u64, command: &[OsString]) -> ExitCode {
    let mut call = Call::new(command, ".").limit(Duration::from_secs(3600));
    call.env = std::env::vars_os().collect();
    match killat::run(n, &call) {
        Ok(outcome) => report(&outcome).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            let _ = writeln!(io::stderr(), "killat: {error}");
            ExitCode::FAILURE
        }
    }
}

fn report(outcome: &killat::Outcome) -> io::Result<u8> {
    let code = outcome
        .status
        .code()
        .or_else(|| outcome.status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    io::stdout().write_all(outcome.stdout.as_bytes())?;
    io::stderr().write_all(outcome.stderr.as_bytes())?;
    writeln!(io::stderr(), "killat: {} calls, exit {code}", outcome.calls)?;
    Ok(u8::try_from(code).unwrap_or(1))
}
