//! Everything the loop is woken by: a closed set.
//!
//! Inputs are hints. None of them carries what has happened; the loop looks.

use crate::ends::Ends;
use crate::error::Error;
use crate::hands::Done;
use crate::subject::Subject;
use model::Address;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What woke the loop.
#[derive(Debug)]
pub(crate) enum Input {
    /// Files changed.
    Files(BTreeSet<Subject>),
    /// Some that changed were not named.
    Overflow,
    /// A worker's process has ended.
    ProcessEnded(Address),
    /// Something that was being done is done.
    Done(Box<Done>),
    /// It is time.
    Timer,
    /// Somebody asked to stop.
    Stop,
}

/// Where other threads and signals leave what they have to say.
#[derive(Debug, Clone)]
pub(crate) struct Inbox {
    shared: Arc<Mutex<Heard>>,
    bell: Arc<UnixStream>,
    stop: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Heard {
    subjects: BTreeSet<Subject>,
    overflow: bool,
    done: Vec<Done>,
}

/// The loop's end of the inbox.
#[derive(Debug)]
pub(crate) struct Inputs {
    inbox: Inbox,
    bell: UnixStream,
}

/// Asks a running watcher to stop; may be kept, cloned and used anywhere.
#[derive(Debug, Clone)]
pub struct Stop(Inbox);

impl Stop {
    /// Asks it to stop.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::SeqCst);
        self.0.ring();
    }

    /// Stops it when the process gets SIGTERM, SIGINT or SIGHUP.
    pub fn on_signals(&self) -> Result<(), Error> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let failed = |source| Error::system("wait for signals", source);
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&self.0.stop)).map_err(failed)?;
            let bell = self.0.bell.try_clone().map_err(failed)?;
            signal_hook::low_level::pipe::register(signal, bell).map_err(failed)?;
        }
        Ok(())
    }
}

impl Inbox {
    /// Files changed.
    pub(crate) fn touch(&self, subjects: impl IntoIterator<Item = Subject>) {
        let mut heard = self.heard();
        let before = heard.subjects.len();
        heard.subjects.extend(subjects);
        if heard.subjects.len() > before {
            drop(heard);
            self.ring();
        }
    }

    /// Files changed, and nobody knows which.
    pub(crate) fn overflow(&self) {
        self.heard().overflow = true;
        self.ring();
    }

    /// Something is done.
    pub(crate) fn done(&self, done: Done) {
        self.heard().done.push(done);
        self.ring();
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        // A bell that rings already is full, which is as good.
        let _ = (&*self.bell).write(&[0]);
    }
}

impl Inputs {
    /// An inbox and its reader.
    pub(crate) fn new() -> Result<Self, Error> {
        let failed = |source| Error::system("make a pair of sockets", source);
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        ours.set_nonblocking(true).map_err(failed)?;
        theirs.set_nonblocking(true).map_err(failed)?;
        let inbox = Inbox {
            shared: Arc::default(),
            bell: Arc::new(theirs),
            stop: Arc::default(),
        };
        Ok(Self { inbox, bell: ours })
    }

    /// For whoever has something to say.
    pub(crate) fn inbox(&self) -> Inbox {
        self.inbox.clone()
    }

    /// For whoever wants it to stop.
    pub(crate) fn stop(&self) -> Stop {
        Stop(self.inbox())
    }

    /// Waits until something is heard, a process ends, or it is time.
    pub(crate) fn wait(&self, ends: &Ends, deadline: Instant) -> Result<Vec<Input>, Error> {
        let processes = ends.descriptors();
        let mut fds = vec![PollFd::new(&self.bell, PollFlags::IN)];
        let polled = processes.iter().map(|(_, fd)| fd.as_fd());
        fds.extend(polled.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)));
        let left = deadline.saturating_duration_since(Instant::now());
        // Rounded up: a timer that is a little early would spin.
        let left = left.saturating_add(Duration::from_micros(500));
        let timeout = Timespec::try_from(left).ok();
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(Error::system("wait for events", errno)),
        }
        let ended = fds[1..].iter().zip(&processes);
        let mut inputs: Vec<Input> = ended
            .filter(|(fd, _)| !fd.revents().is_empty())
            .map(|(_, (agent, _))| Input::ProcessEnded(agent.clone()))
            .collect();
        self.take(&mut inputs)?;
        if inputs.is_empty() && Instant::now() >= deadline {
            inputs.push(Input::Timer);
        }
        Ok(inputs)
    }

    fn take(&self, inputs: &mut Vec<Input>) -> Result<(), Error> {
        self.silence()?;
        let heard = std::mem::take(&mut *self.inbox.heard());
        if heard.overflow {
            inputs.push(Input::Overflow);
        }
        if !heard.subjects.is_empty() {
            inputs.push(Input::Files(heard.subjects));
        }
        let done = heard.done.into_iter();
        inputs.extend(done.map(|done| Input::Done(Box::new(done))));
        if self.inbox.stop.load(Ordering::SeqCst) {
            inputs.push(Input::Stop);
        }
        Ok(())
    }

    /// Before what was heard is taken: what is said later rings again.
    fn silence(&self) -> Result<(), Error> {
        let mut rings = [0; 64];
        loop {
            match (&self.bell).read(&mut rings) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::system("hear the bell", error)),
            }
        }
    }
}
