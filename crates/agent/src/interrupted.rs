//! Calls that were interrupted: they are repeated, but not for ever.

use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::io::{ErrorKind, Result, Write};
use std::path::Path;
use std::process::Stdio;

/// So often is a call repeated; one that is always interrupted would otherwise
/// never end.
const TRIES: usize = 100;

/// Repeats a call that was interrupted, for calls that may be repeated.
pub(crate) fn retry<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    for _ in 1..TRIES {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
    call()
}

/// Opens a file for writing. (The standard library repeats that for ever.)
pub(crate) fn writable(path: &Path, more: OFlags) -> Result<File> {
    let flags = OFlags::WRONLY | OFlags::CLOEXEC | more;
    let opened = retry(|| Ok(rustix::fs::open(path, flags, Mode::from_raw_mode(0o600))?))?;
    Ok(File::from(opened))
}

/// Writes all bytes.
pub(crate) fn put(mut file: &File, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        match retry(|| file.write(bytes))? {
            0 => return Err(ErrorKind::WriteZero.into()),
            count => bytes = &bytes[count..],
        }
    }
    Ok(())
}

/// Where a child prints what nobody is to see.
pub fn nowhere() -> Result<Stdio> {
    writable(Path::new("/dev/null"), OFlags::empty()).map(Stdio::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Error;

    #[test]
    fn a_call_is_repeated_until_it_answers_and_not_for_ever() {
        let mut calls = 0;
        let answer = retry(|| {
            calls += 1;
            if calls < 3 {
                return Err(Error::from(ErrorKind::Interrupted));
            }
            Ok(7)
        });
        assert_eq!((answer.expect("it answered"), calls), (7, 3));
        let never = retry(|| Err::<(), _>(Error::from(ErrorKind::Interrupted)));
        assert_eq!(
            never.expect_err("it gave up").kind(),
            ErrorKind::Interrupted
        );
    }
}
