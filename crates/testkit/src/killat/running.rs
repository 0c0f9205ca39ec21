//! A traced tree beside the test, until its first process has ended.
//!
//! Promises to follow what the first process leaves behind to its end: a traced
//! process whose tracer is gone could not write any more. Never waits for it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::{Fault, Outcome, outcome, tracer};
use crate::call::Call;
use crate::capture::Capture;

/// How often is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(5);

/// A tree that runs under the tracer. Dropping it kills nothing.
pub struct Running {
    fault: Fault,
    tree: Arc<tracer::Shared>,
    ended: Receiver<io::Result<tracer::Ended>>,
    out: Capture,
    err: Capture,
    end: Instant,
}

impl Running {
    /// Starts `call` and returns at once; the fault strikes at the `n`-th call.
    ///
    /// # Errors
    /// If pipes cannot be made.
    pub fn start(fault: Fault, n: u64, call: &Call) -> io::Result<Self> {
        let (out, out_end) = Capture::new()?;
        let (err, err_end) = Capture::new()?;
        let image = tracer::Image::new(fault, call, out_end.into(), err_end.into())?;
        let tree = Arc::<tracer::Shared>::default();
        let (sender, ended) = mpsc::channel();
        let shared = Arc::clone(&tree);
        thread::spawn(move || {
            // Nobody listens any more where the test has failed already.
            let mut tell = |ended| drop(sender.send(Ok(ended)));
            if let Err(error) = tracer::trace(image, fault, n, &shared, &mut tell) {
                let _ = sender.send(Err(error));
            }
        });
        Ok(Self {
            fault,
            tree,
            ended,
            out,
            err,
            end: Instant::now() + call.limit,
        })
    }

    /// Waits for the end of the first process, which is asked to end as soon as
    /// `is_enough`.
    ///
    /// # Errors
    /// If the tree cannot be started or traced.
    pub fn wait(self, mut is_enough: impl FnMut() -> bool) -> io::Result<Outcome> {
        let mut is_asked = false;
        let ended = loop {
            match self.ended.recv_timeout(LOOK) {
                Ok(ended) => break ended?,
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the tracer has ended without a word"));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            if Instant::now() >= self.end {
                self.tree.give_up();
            } else if !is_asked && is_enough() {
                is_asked = true;
                self.tree.ask_to_end();
            }
        };
        // What it left behind may hold its output for as long as it likes.
        let text = |capture: Capture| capture.finish(Duration::from_millis(200));
        let (stdout, stderr) = (text(self.out), text(self.err));
        let (stdout, stderr) = (stdout.unwrap_or_default(), stderr.unwrap_or_default());
        Ok(outcome(self.fault, &ended, stdout, stderr))
    }
}
