//! Standard input of a program that is run by another one, which may say
//! nothing, say it without an end, or leave the stream open.
//!
//! Never waits longer than it was told to, and never fails: what came is what
//! there is.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// What comes on standard input until its end, at most `limit` bytes, within
/// `patience`. From a terminal nothing is read.
pub fn read_within(limit: usize, patience: Duration) -> Vec<u8> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Vec::new();
    }
    collect(stdin, limit, patience)
}

fn collect(mut stream: impl Read + Send + 'static, limit: usize, patience: Duration) -> Vec<u8> {
    let (sender, receiver) = mpsc::channel();
    // Left behind where the stream stays open; it ends with the process.
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    let deadline = Instant::now() + patience;
    let mut bytes = Vec::new();
    while bytes.len() < limit {
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(more) => bytes.extend(more),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    bytes.truncate(limit);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;
    use std::os::unix::net::UnixStream;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_ends_is_read_up_to_the_limit() {
        assert_eq!(collect(Cursor::new(b"abc"), 10, LONG), b"abc");
        assert_eq!(collect(Cursor::new(b"abc"), 2, LONG), b"ab");
        assert_eq!(collect(Cursor::new(b""), 10, LONG), b"");
        assert_eq!(collect(io::repeat(b'x'), 100_000, LONG).len(), 100_000);
    }

    #[test]
    fn what_stays_open_is_not_waited_for() {
        let (mut here, there) = UnixStream::pair().unwrap();
        io::Write::write_all(&mut here, b"{}").unwrap();
        let came = collect(there, 10, Duration::from_millis(50));
        assert!(b"{}".starts_with(&came), "{came:?}");
        drop(here);
    }
}
