//! The ends of workers, awaited through descriptors of their processes.
//!
//! A descriptor is checked against the recorded process after it was opened,
//! so a number that was used again is never mistaken for the worker. Workers
//! that were started here are reaped; how others ended nobody can tell.

use agent::process::Identity;
use model::Address;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, WaitId, WaitIdOptions, pidfd_open, waitid};
use std::collections::HashMap;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The processes whose ends are awaited, and how the last ones ended.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    awaited: HashMap<Address, (Identity, OwnedFd)>,
    ended: HashMap<Address, (Identity, Option<String>)>,
    /// Whose end was not told yet.
    news: Vec<Address>,
}

impl Ends {
    /// Whether an agent's process runs; from now on its end is awaited.
    pub(crate) fn is_running(&mut self, agent: &Address, process: &Identity) -> bool {
        if let Some((awaited, _)) = self.awaited.get(agent)
            && awaited == process
        {
            return true;
        }
        if self.ended.get(agent).is_some_and(|(it, _)| it == process) {
            return false;
        }
        self.awaited.remove(agent);
        match open(process) {
            Ok(Some(fd)) => {
                // A zombie has a descriptor, too, and may stay for ever where
                // the first process of a container reaps nobody.
                let has_ended = has_ended(&fd);
                self.awaited.insert(agent.clone(), (process.clone(), fd));
                if has_ended {
                    self.reap(agent);
                }
                !has_ended
            }
            Ok(None) => {
                self.end(agent, process.clone(), None);
                false
            }
            // Without a descriptor its end is noticed by the next look. What cannot
            // be looked at has not ended.
            Err(_) => process.is_alive().unwrap_or(true),
        }
    }

    /// How an agent's process ended, where this is known.
    pub(crate) fn how(&self, agent: &Address, process: &Identity) -> Option<String> {
        let (ended, how) = self.ended.get(agent)?;
        how.clone().filter(|_| ended == process)
    }

    /// What is to be polled, in no order.
    pub(crate) fn descriptors(&self) -> Vec<(Address, BorrowedFd<'_>)> {
        self.awaited
            .iter()
            .map(|(agent, (_, fd))| (agent.clone(), fd.as_fd()))
            .collect()
    }

    /// An agent's process has ended: reaps it if it was started here.
    pub(crate) fn reap(&mut self, agent: &Address) {
        if let Some((process, fd)) = self.awaited.remove(agent) {
            let how = status_of(&fd);
            self.end(agent, process, how);
        }
    }

    /// Somebody else reaped it and says how it ended.
    pub(crate) fn learn(&mut self, agent: &Address, process: &Identity, how: &str) {
        self.awaited.remove(agent);
        self.end(agent, process.clone(), Some(how.to_owned()));
    }

    /// Whose process has ended since this was asked last, and how.
    pub(crate) fn news(&mut self) -> Vec<(Address, Option<String>)> {
        let told = |agent: Address| {
            let (_, how) = self.ended.get(&agent)?;
            Some((agent, how.clone()))
        };
        std::mem::take(&mut self.news)
            .into_iter()
            .filter_map(told)
            .collect()
    }

    fn end(&mut self, agent: &Address, process: Identity, how: Option<String>) {
        let is_known = self.ended.get(agent).is_some_and(|(it, _)| *it == process);
        if !is_known {
            self.news.push(agent.clone());
        }
        self.ended.insert(agent.clone(), (process, how));
    }
}

/// None if this very process is neither running nor waiting to be reaped.
fn open(process: &Identity) -> std::io::Result<Option<OwnedFd>> {
    let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) else {
        return Ok(None);
    };
    match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(fd) => Ok((Identity::of(process.pid)?.as_ref() == Some(process)).then_some(fd)),
        // The number may be a thread's now: EINVAL, and ENOENT since Linux 6.15.
        Err(Errno::SRCH | Errno::INVAL | Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn has_ended(fd: &OwnedFd) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)];
    poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

fn status_of(fd: &OwnedFd) -> Option<String> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    // Of a process that is not our child nothing can be learned.
    let status = waitid(WaitId::PidFd(fd.as_fd()), options).ok()??;
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Some(format!("exit status: {code}")),
        (None, Some(signal)) => Some(format!("signal: {signal}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{Signal, kill_process};
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    fn wait(ends: &Ends) {
        let (_, fd) = &ends.descriptors()[0];
        let mut fds = [PollFd::from_borrowed_fd(*fd, PollFlags::IN)];
        assert_eq!(poll(&mut fds, None).unwrap(), 1);
    }

    #[test]
    fn our_own_child_is_reaped_and_says_how_it_ended() {
        let agent = Address::parse("app/polecats/toast").unwrap();
        let mut child = Command::new("sh")
            .args(["-c", "read line; exit 3"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let process = Identity::of(child.id()).unwrap().unwrap();
        let mut ends = Ends::default();
        assert!(ends.is_running(&agent, &process));
        drop(child.stdin.take());
        wait(&ends);
        ends.reap(&agent);
        assert!(!ends.is_running(&agent, &process));
        assert_eq!(
            ends.how(&agent, &process).as_deref(),
            Some("exit status: 3")
        );
        assert!(child.try_wait().is_err(), "reaped already");
    }

    #[test]
    fn one_that_nobody_reaps_has_ended() {
        let agent = Address::parse("app/polecats/toast").unwrap();
        let mut parent = Command::new("sh")
            .args(["-c", "sleep 600 & echo $!; exec sleep 600"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(parent.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let pid: u32 = line.trim().parse().unwrap();
        let process = Identity::of(pid).unwrap().unwrap();
        // From then on nobody reaps it.
        let comm = format!("/proc/{}/comm", parent.id());
        while std::fs::read_to_string(&comm).unwrap() != "sleep\n" {
            std::thread::yield_now();
        }
        let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
        kill_process(pid, Signal::KILL).unwrap();
        while process.is_alive().unwrap() {
            std::thread::yield_now();
        }
        assert!(!Ends::default().is_running(&agent, &process));
        parent.kill().unwrap();
        parent.wait().unwrap();
    }

    /// Not a test of its own: what is asked where no file can be opened.
    #[test]
    #[ignore = "run by one_that_cannot_be_looked_at_has_not_ended"]
    fn without_descriptors() {
        let agent = Address::parse("app/polecats/toast").unwrap();
        let own = Identity::current().unwrap();
        let mut held = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            held.push(file);
        }
        let is_running = Ends::default().is_running(&agent, &own);
        drop(held);
        assert!(is_running);
    }

    #[test]
    fn one_that_cannot_be_looked_at_has_not_ended() {
        let program = std::env::current_exe().unwrap();
        let test = "ends::tests::without_descriptors";
        let script = "ulimit -n 64; exec \"$0\" --exact \"$1\" --ignored";
        let answer = Command::new("sh")
            .args(["-c", script])
            .args([program.as_os_str(), test.as_ref()])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&answer.stdout);
        assert!(text.contains("1 passed"), "{text}");
    }

    #[test]
    fn a_stranger_with_the_number_is_not_the_worker() {
        let agent = Address::parse("app/polecats/toast").unwrap();
        let own = Identity::current().unwrap();
        let other = Identity {
            start: own.start + 1,
            ..own
        };
        assert!(!Ends::default().is_running(&agent, &other));
    }
}
