use super::*;
use rustix::process::{Pid, Signal};

#[test]
fn the_server_keeps_no_secret() {
    let kept = |name: &str| is_kept(name.as_ref());
    for name in ["PATH", "HOME", "LC_ALL", "PLAINTOWN_CONFIG"] {
        assert!(kept(name), "{name}");
    }
    for name in ["ANTHROPIC_API_KEY", "SSH_AUTH_SOCK", "GT_AGENT", "PATHS"] {
        assert!(!kept(name), "{name}");
    }
}

#[test]
fn without_tmux_it_says_so() {
    let env = [("PATH".into(), "/nowhere".into())];
    let error = Server::at(Path::new("/x"), &env).unwrap_err();
    assert!(
        error.hint().unwrap().contains("--session process"),
        "{error}"
    );
}

#[test]
fn a_server_that_is_just_ending_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let env: Vec<_> = std::env::vars_os().collect();
    let server = Server::at(&folder.path().join("s"), &env).unwrap();
    let (sleep, cat) = (["sleep", "600"].map(Into::into), ["cat".into()]);
    let window = Window {
        name: "w",
        cwd: folder.path(),
        argv: &sleep,
        reader: &cat,
    };
    let stop = |pid: u32| {
        let pid = Pid::from_raw(pid.cast_signed()).unwrap();
        rustix::process::kill_process(pid, Signal::KILL).unwrap();
    };
    let mut last = server.open(&window).unwrap();
    for round in 0..40 {
        // With its only session the server ends, some milliseconds later.
        stop(last);
        std::thread::sleep(Duration::from_micros(round * 100));
        last = server.open(&window).unwrap();
    }
    stop(last);
}
