//! Calls that were interrupted: they are repeated, but not for ever.

use std::io::{ErrorKind, Result};

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
