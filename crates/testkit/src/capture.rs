//! What a process writes to a pipe, collected by a thread.
//!
//! Promises that the process never blocks on a full pipe. Never waits for ever
//! for the end of the pipe: a process left behind may hold it.

use std::io::{self, PipeWriter, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// The reading end of a pipe, being drained.
pub(crate) struct Capture {
    text: Receiver<Vec<u8>>,
}

impl Capture {
    /// A capture and the end to write to.
    pub(crate) fn new() -> io::Result<(Self, PipeWriter)> {
        let (mut reader, writer) = io::pipe()?;
        let (send, text) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // A pipe that fails counts as ended: what came before is the text.
            let _ = reader.read_to_end(&mut bytes);
            let _ = send.send(bytes);
        });
        Ok((Self { text }, writer))
    }

    /// Everything that was written, or `None` where somebody still holds the
    /// writing end after `grace`.
    pub(crate) fn finish(self, grace: Duration) -> Option<String> {
        let bytes = self.text.recv_timeout(grace).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}
