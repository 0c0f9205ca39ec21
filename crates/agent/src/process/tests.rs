use super::*;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use crate::launch::{Launch, Spawned, spawn};

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

struct Worker {
    dir: tempfile::TempDir,
    spawned: Spawned,
}

impl Worker {
    /// Starts the script and waits until it has printed `ready`.
    fn start(script: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let launch = Launch {
            argv: ["sh", "-c", script].map(OsString::from).into(),
            cwd: dir.path().into(),
            env: vec![("PATH".into(), "/usr/bin:/bin".into())],
            log: dir.path().join("log"),
        };
        let worker = Self {
            spawned: spawn(&launch).unwrap(),
            dir,
        };
        worker.until("log", |text| text.contains("ready"));
        worker
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn until(&self, name: &str, done: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let text = fs::read_to_string(self.path(name)).unwrap_or_default();
            if done(&text) {
                return text;
            }
            assert!(started.elapsed() < LONG, "{name} is still {text:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The process whose number the script wrote to this file.
    fn recorded(&self, name: &str) -> Identity {
        let text = self.until(name, |text| text.ends_with('\n'));
        Identity::of(text.trim().parse().unwrap())
            .unwrap()
            .expect("it runs")
    }

    fn identity(&self) -> Identity {
        self.spawned.identity.clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.spawned.child.kill();
        let _ = self.spawned.child.wait();
    }
}

#[test]
fn a_zombie_is_not_alive_and_has_ended() {
    let worker = Worker::start("echo ready");
    assert!(wait_exit(&worker.identity(), LONG).unwrap());
    let stat = fs::read_to_string(format!("/proc/{}/stat", worker.identity().pid)).unwrap();
    assert!(stat.contains(") Z "), "not reaped yet: {stat}");
    assert!(!worker.identity().is_alive().unwrap());
    assert_eq!(stop(&worker.identity(), LONG).unwrap(), Stopped::NotRunning);
}

#[test]
fn waiting_ends_with_the_process_or_with_the_time() {
    let worker =
        Worker::start("echo ready; read x < pipe || while ! [ -e go ]; do sleep 0.01; done");
    let started = Instant::now();
    assert!(!wait_exit(&worker.identity(), SHORT).unwrap());
    assert!(started.elapsed() >= SHORT);
    fs::write(worker.path("go"), "").unwrap();
    assert!(wait_exit(&worker.identity(), LONG).unwrap());
    assert!(started.elapsed() < LONG);
}

#[test]
fn a_number_that_is_a_threads_now_is_a_stranger() {
    let (tell, told) = std::sync::mpsc::channel();
    let (done, end) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        tell.send(fs::read_link("/proc/thread-self").unwrap())
            .unwrap();
        let _ = end.recv();
    });
    let path = told.recv().unwrap();
    let number = path.file_name().unwrap().to_str().unwrap();
    let recorded = Identity {
        pid: number.parse().unwrap(),
        start: 1,
        ..Identity::current().unwrap()
    };
    assert!(!recorded.is_alive().unwrap());
    assert!(wait_exit(&recorded, LONG).unwrap());
    assert_eq!(
        stop(&recorded, Duration::ZERO).unwrap(),
        Stopped::NotRunning
    );
    drop(done);
    thread.join().unwrap();
}

#[test]
fn a_number_that_was_used_again_is_a_stranger() {
    let worker = Worker::start("echo ready; exec sleep 60");
    let true_one = worker.identity();
    for forged in [
        Identity {
            start: true_one.start - 1,
            ..true_one.clone()
        },
        Identity {
            boot: "11111111-2222-3333-4444-555555555555".into(),
            ..true_one.clone()
        },
    ] {
        assert!(!forged.is_alive().unwrap());
        assert!(
            wait_exit(&forged, LONG).unwrap(),
            "that one has ended long ago"
        );
        assert_eq!(stop(&forged, Duration::ZERO).unwrap(), Stopped::NotRunning);
    }
    assert!(true_one.is_alive().unwrap(), "a stranger was signalled");
}

#[test]
fn a_willing_worker_ends_within_the_grace_time() {
    let worker =
        Worker::start("trap 'echo bye > bye; exit' TERM; echo ready; while :; do sleep 0.02; done");
    assert_eq!(stop(&worker.identity(), LONG).unwrap(), Stopped::Terminated);
    assert_eq!(fs::read_to_string(worker.path("bye")).unwrap(), "bye\n");
    assert!(!worker.identity().is_alive().unwrap());
}

#[test]
fn a_suspended_worker_hears_that_it_should_end() {
    let worker =
        Worker::start("trap 'echo bye > bye; exit' TERM; echo ready; kill -STOP $$; sleep 60");
    let stat = format!("/proc/{}/stat", worker.identity().pid);
    let started = Instant::now();
    while !fs::read_to_string(&stat).unwrap().contains(") T ") {
        assert!(started.elapsed() < LONG);
    }
    assert_eq!(stop(&worker.identity(), LONG).unwrap(), Stopped::Terminated);
    assert!(worker.path("bye").exists());
}

#[test]
fn one_that_ignores_the_request_is_killed_with_its_children() {
    let worker = Worker::start(
        "setsid sh -c 'echo $$ > stranger; exec sleep 60' &
         trap '' TERM
         sh -c 'echo $$ > child; while :; do sleep 0.05; done' &
         while ! [ -s child ] || ! [ -s stranger ]; do sleep 0.01; done
         echo ready
         while :; do sleep 0.05; done",
    );
    let (child, stranger) = (worker.recorded("child"), worker.recorded("stranger"));
    assert_eq!(stop(&worker.identity(), SHORT).unwrap(), Stopped::Killed);
    assert!(!worker.identity().is_alive().unwrap());
    assert!(
        !child.is_alive().unwrap(),
        "a member of the session lives on"
    );
    assert!(stranger.is_alive().unwrap(), "it had a session of its own");
    assert_eq!(stop(&stranger, LONG).unwrap(), Stopped::Terminated);
}

#[test]
fn children_that_stay_when_the_worker_goes_are_killed_too() {
    let worker = Worker::start(
        "sh -c 'trap \"\" TERM; echo $$ > child; while :; do sleep 0.05; done' &
         while ! [ -s child ]; do sleep 0.01; done
         echo ready
         wait",
    );
    let child = worker.recorded("child");
    assert_eq!(stop(&worker.identity(), SHORT).unwrap(), Stopped::Killed);
    assert!(!child.is_alive().unwrap());
}

#[test]
fn a_worker_that_keeps_forking_is_gone_in_the_end() {
    let worker = Worker::start("trap '' TERM; echo ready; while :; do sleep 0.001 & done");
    assert_eq!(stop(&worker.identity(), SHORT).unwrap(), Stopped::Killed);
    assert_eq!(session::members(&worker.identity()).unwrap().len(), 0);
}

/// Not a test of its own: a command that a worker runs to give up its work.
#[test]
#[ignore = "run by a_worker_can_have_itself_stopped"]
fn giving_up() {
    let session = rustix::process::getsid(None).unwrap();
    let leader = Identity::of(session.as_raw_pid() as u32).unwrap().unwrap();
    let stopped = stop(&leader, LONG).unwrap();
    fs::write("outcome", format!("{stopped:?}\n")).unwrap();
}

#[test]
fn a_worker_can_have_itself_stopped() {
    let program = std::env::current_exe().unwrap();
    let worker = Worker::start(&format!(
        "sleep 60 &
         echo $! > child
         echo ready
         {} --exact process::tests::giving_up --ignored
         echo went on > after",
        program.display()
    ));
    assert_eq!(
        worker.until("outcome", |text| text.ends_with('\n')),
        "Terminated\n"
    );
    assert!(!worker.identity().is_alive().unwrap());
    assert!(
        !worker.path("after").exists(),
        "only the command itself goes on"
    );
    let child: u32 = fs::read_to_string(worker.path("child"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!(
        Identity::of(child)
            .unwrap()
            .is_none_or(|child| !child.is_alive().unwrap())
    );
}
