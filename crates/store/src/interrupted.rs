//! Calls that were interrupted: they are repeated, but not for ever.
//!
//! Only for calls that may be repeated. An fsync of a file is none: after one
//! that failed a second says OK, and the data is gone.

use rustix::io::Errno;
use std::io::{Error, ErrorKind};
use std::os::fd::AsFd;

/// So often is a call repeated; one that is always interrupted would otherwise
/// never end.
pub(crate) const TRIES: usize = 100;

/// Repeats a call that was interrupted.
pub fn retry<T>(call: impl FnMut() -> rustix::io::Result<T>) -> rustix::io::Result<T> {
    repeat(call, |errno| matches!(*errno, Errno::INTR | Errno::AGAIN))
}

/// The same for calls of the standard library.
pub fn retry_io<T>(call: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    repeat(call, |error| error.kind() == ErrorKind::Interrupted)
}

/// Writes all bytes.
pub fn write_whole(file: impl AsFd, mut bytes: &[u8]) -> rustix::io::Result<()> {
    while !bytes.is_empty() {
        match retry(|| rustix::io::write(&file, bytes))? {
            0 => return Err(Errno::IO),
            count => bytes = &bytes[count..],
        }
    }
    Ok(())
}

fn repeat<T, E>(
    mut call: impl FnMut() -> Result<T, E>,
    is_interrupted: impl Fn(&E) -> bool,
) -> Result<T, E> {
    for _ in 1..TRIES {
        match call() {
            Err(error) if is_interrupted(&error) => {}
            result => return result,
        }
    }
    call()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_repeated_until_it_answers_and_not_for_ever() {
        let mut calls = 0;
        let answer = retry(|| {
            calls += 1;
            if calls < 3 { Err(Errno::INTR) } else { Ok(7) }
        });
        assert_eq!((answer, calls), (Ok(7), 3));
        let mut calls = 0;
        let never = retry(|| {
            calls += 1;
            Err::<(), _>(Errno::INTR)
        });
        assert_eq!((never, calls), (Err(Errno::INTR), TRIES));
        assert_eq!(retry(|| Err::<(), _>(Errno::IO)), Err(Errno::IO));
    }
}
