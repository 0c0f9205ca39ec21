use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Instant;

use rustix::io::{FdFlags, fcntl_setfd};

const LONG: Duration = Duration::from_secs(20);

/// A worker that is a shell script, in a folder of its own.
struct Scripted {
    dir: tempfile::TempDir,
}

impl Scripted {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn launch(&self, script: &str) -> Launch {
        Launch {
            argv: ["sh", "-c", script].map(OsString::from).into(),
            cwd: self.dir.path().into(),
            env: vec![
                ("PATH".into(), "/usr/bin:/bin".into()),
                ("GT_BEAD".into(), "gt-1".into()),
            ],
            log: self.path("logs/r/polecats/toast/1.log"),
        }
    }

    /// Runs the script to its end; what it wrote to its log.
    fn output(&self, script: &str) -> String {
        self.output_of(&self.launch(script))
    }

    fn output_of(&self, launch: &Launch) -> String {
        let mut spawned = spawn(launch).unwrap();
        assert!(
            exited_early(&mut spawned, LONG).unwrap().is_some(),
            "still running"
        );
        fs::read_to_string(&launch.log).unwrap()
    }

    fn program(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Written by this process, it could be open still in a child that another
        // test starts at the moment, and what is open for writing cannot be run.
        let write = r#"printf %s "$1" > "$0" && chmod "$2" "$0""#;
        let status = Command::new("sh")
            .args(["-c".as_ref(), write.as_ref(), path.as_os_str()])
            .args([text, &format!("{mode:o}")])
            .status();
        assert!(status.unwrap().success());
        path
    }

    fn error_of(&self, program: &str, path: &str) -> LaunchError {
        let mut launch = self.launch("");
        launch.argv = vec![program.into()];
        launch.env = vec![("PATH".into(), path.into())];
        spawn(&launch).unwrap_err()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_worker_has_exactly_the_environment_it_was_given() {
    let seen = Scripted::new().output("tr '\\0' '\\n' < /proc/$$/environ");
    assert_eq!(seen, "GT_BEAD=gt-1\nPATH=/usr/bin:/bin\n");
}

#[test]
fn a_worker_leads_its_own_session_and_starts_in_its_folder() {
    let town = Scripted::new();
    let seen = town.output("cut -d' ' -f1,5,6 /proc/$$/stat; pwd -P");
    let (ids, cwd) = seen.trim_end().split_once('\n').unwrap();
    let ids: Vec<&str> = ids.split(' ').collect();
    assert!(
        ids[0] == ids[1] && ids[1] == ids[2],
        "pid, group, session: {ids:?}"
    );
    assert_eq!(Path::new(cwd), town.dir.path().canonicalize().unwrap());
}

#[test]
fn no_descriptor_leaks_and_input_is_closed() {
    let town = Scripted::new();
    let lock = fs::File::create(town.path("lock")).unwrap();
    fcntl_setfd(&lock, FdFlags::empty()).unwrap();
    let seen = town.output("for fd in /proc/$$/fd/*; do echo ${fd##*/}=$(readlink $fd); done; cat");
    fcntl_setfd(&lock, FdFlags::CLOEXEC).unwrap();
    assert!(!seen.contains("/lock"), "{seen}");
    let log = town.launch("").log.canonicalize().unwrap();
    assert!(
        seen.starts_with(&format!("0=/dev/null\n1={0}\n2={0}\n", log.display())),
        "{seen}"
    );
}

#[test]
fn output_is_appended_to_a_private_log() {
    let town = Scripted::new();
    let launch = town.launch("echo out; echo err >&2");
    assert_eq!(town.output_of(&launch), "out\nerr\n");
    assert_eq!(town.output_of(&launch), "out\nerr\nout\nerr\n");
    assert_eq!(mode(&launch.log), 0o600);
    assert_eq!(mode(launch.log.parent().unwrap()), 0o700);
    assert_eq!(mode(&town.path("logs")), 0o700);
}

#[test]
fn a_log_that_is_kept_holds_all_and_says_when() {
    let town = Scripted::new();
    let launch = town.launch("echo out; echo err >&2; sleep 0.1; exec echo last");
    let script = "exec 3<&0; (cat <&3 >>\"$0\"; :) &";
    let keeper = ["/bin/sh", "-c", script, launch.log.to_str().unwrap()];
    let mut spawned = spawn_kept(&launch, &keeper.map(OsString::from)).unwrap();
    assert!(exited_early(&mut spawned, LONG).unwrap().is_some());
    assert!(spawned.written.unwrap().wait(LONG).unwrap());
    assert_eq!(fs::read_to_string(&launch.log).unwrap(), "out\nerr\nlast\n");
    assert_eq!(mode(&launch.log), 0o600);
}

#[test]
fn without_a_keeper_no_worker_is_started() {
    let town = Scripted::new();
    let launch = town.launch("touch started");
    let error = spawn_kept(&launch, &["/no/such/keeper".into()]).unwrap_err();
    assert!(matches!(error, LaunchError::Keeper { .. }), "{error}");
    assert!(!town.path("started").exists());
}

#[test]
fn arguments_arrive_as_they_are() {
    let town = Scripted::new();
    let mut launch = town.launch("printf '[%s]' \"$0\" \"$@\"");
    launch
        .argv
        .extend(["a b", "$(id)", "\"; x", "", "line\nbreak"].map(OsString::from));
    assert_eq!(
        town.output_of(&launch),
        "[a b][$(id)][\"; x][][line\nbreak]"
    );
}

#[test]
fn the_identity_is_the_workers() {
    let town = Scripted::new();
    let mut spawned = spawn(&town.launch("exec sleep 60")).unwrap();
    assert_eq!(spawned.identity.pid, spawned.child.id());
    assert!(spawned.identity.is_alive().unwrap());
    assert_eq!(
        exited_early(&mut spawned, Duration::from_millis(20)).unwrap(),
        None
    );
    spawned.child.kill().unwrap();
    spawned.child.wait().unwrap();
    assert!(!spawned.identity.is_alive().unwrap());
}

#[test]
fn one_that_exits_at_once_is_noticed_and_reaped() {
    let started = Instant::now();
    let mut spawned = spawn(&Scripted::new().launch("exit 7")).unwrap();
    let status = exited_early(&mut spawned, LONG)
        .unwrap()
        .expect("has ended");
    assert_eq!(status.code(), Some(7));
    assert!(started.elapsed() < LONG / 2, "waited for the whole time");
    assert!(!Path::new(&format!("/proc/{}", spawned.identity.pid)).exists());
    assert_eq!(
        exited_early(&mut spawned, LONG).unwrap(),
        Some(status),
        "asked again"
    );
}

#[test]
fn the_program_is_looked_up_in_the_workers_path() {
    let town = Scripted::new();
    town.program("bin/agent", "#!/bin/sh\necho \"mine $1\"\n", 0o755);
    let mut launch = town.launch("");
    launch.argv = ["agent", "x"].map(OsString::from).into();
    launch.env = vec![(
        "PATH".into(),
        format!("/nowhere:{}", town.path("bin").display()).into(),
    )];
    assert_eq!(town.output_of(&launch), "mine x\n");
}

#[test]
fn a_program_that_is_not_found_says_where_it_was_looked_for() {
    let error = Scripted::new().error_of("no-such-agent", "/usr/bin:/bin");
    assert_eq!(
        error.to_string(),
        "\"no-such-agent\" is not in the worker's PATH (/usr/bin:/bin)"
    );
    assert!(error.hint().unwrap().contains("install no-such-agent"));
    let unset = Scripted::new().error_of("sh", "");
    assert!(unset.to_string().ends_with("(which is not set)"), "{unset}");
}

#[test]
fn the_repository_is_not_searched_for_programs() {
    let town = Scripted::new();
    town.program("agent", "#!/bin/sh\n", 0o755);
    let up = "../".repeat(std::env::current_dir().unwrap().components().count());
    let relative = format!("{up}{}", town.dir.path().display());
    assert!(Path::new(&relative).join("agent").exists());
    for path in ["", ".", ":", "./", &relative] {
        let error = town.error_of("agent", path);
        assert!(
            matches!(error, LaunchError::ProgramNotFound { .. }),
            "{path:?}: {error}"
        );
    }
    let error = town.error_of("./agent", "/bin");
    assert!(
        matches!(error, LaunchError::RelativeProgram { .. }),
        "{error}"
    );
    assert!(error.hint().is_some());
}

#[test]
fn a_program_without_the_right_to_run_is_named() {
    let town = Scripted::new();
    let path = town.program("bin/agent", "#!/bin/sh\n", 0o644);
    for name in ["agent", path.to_str().unwrap()] {
        let error = town.error_of(name, town.path("bin").to_str().unwrap());
        assert_eq!(
            error.to_string(),
            format!("{path:?} is not an executable file")
        );
    }
    let folder = town.error_of(town.dir.path().to_str().unwrap(), "");
    assert!(
        matches!(folder, LaunchError::NotExecutable { .. }),
        "{folder}"
    );
}

#[test]
fn a_later_entry_that_can_run_wins_over_one_that_cannot() {
    let town = Scripted::new();
    town.program("a/agent", "#!/bin/sh\n", 0o644);
    town.program("b/agent", "#!/bin/sh\necho b\n", 0o755);
    let mut launch = town.launch("");
    let path = format!("{}:{}", town.path("a").display(), town.path("b").display());
    (launch.argv, launch.env) = (vec!["agent".into()], vec![("PATH".into(), path.into())]);
    assert_eq!(town.output_of(&launch), "b\n");
}

#[test]
fn what_the_kernel_will_not_run_is_explained() {
    let town = Scripted::new();
    let lost = town.program("lost", "#!/no/such/interpreter\n", 0o755);
    let error = town.error_of(lost.to_str().unwrap(), "");
    assert!(error.hint().unwrap().contains("interpreter"), "{error}");
    let absent = town.error_of("/no/such/agent", "");
    assert_eq!(absent.to_string(), "\"/no/such/agent\" does not exist");
}

#[test]
fn a_missing_folder_and_an_empty_command_are_refused_before_the_log_is_made() {
    let town = Scripted::new();
    let mut launch = town.launch("true");
    launch.cwd = town.path("gone");
    assert!(matches!(
        spawn(&launch),
        Err(LaunchError::CwdMissing { .. })
    ));
    launch = town.launch("true");
    launch.argv.clear();
    assert!(matches!(spawn(&launch), Err(LaunchError::NoProgram)));
    assert!(!town.path("logs").exists());
}

#[test]
fn a_log_that_cannot_be_opened_is_named_and_links_are_refused() {
    let town = Scripted::new();
    let mut launch = town.launch("true");
    fs::write(town.path("file"), "").unwrap();
    launch.log = town.path("file/1.log");
    let error = spawn(&launch).unwrap_err();
    assert!(error.to_string().contains("file/1.log"), "{error}");
    symlink(town.path("elsewhere"), town.path("link.log")).unwrap();
    launch.log = town.path("link.log");
    assert!(matches!(spawn(&launch), Err(LaunchError::Log { .. })));
    assert!(!town.path("elsewhere").exists());
}

/// Not a test of its own: a caller that starts a worker and ends. The tests
/// below run this very program again for it.
#[test]
#[ignore = "run by other tests"]
fn caller() {
    let variable = |name| std::env::var_os(name).expect("set by the test that runs this");
    let dir = PathBuf::from(variable("PLAINTOWN_TEST_DIR"));
    let script = variable("PLAINTOWN_TEST_SCRIPT");
    let argv = vec!["sh".into(), "-c".into(), script];
    let launch = Launch {
        argv,
        log: dir.join("1.log"),
        cwd: dir,
        ..Scripted::new().launch("")
    };
    let spawned = spawn(&launch).unwrap();
    fs::write(launch.cwd.join("identity"), spawned.identity.to_string()).unwrap();
}

/// Runs the script from a caller that is itself started by `sh`, after
/// `setup`, in a process group of its own.
fn started_by_another(town: &Scripted, setup: &str, script: &str) -> Identity {
    let status = Command::new("sh")
        .args([
            "-c",
            &format!("{setup}\nexec \"$0\" --exact launch::tests::caller --ignored"),
        ])
        .arg(std::env::current_exe().unwrap())
        .env("PLAINTOWN_TEST_DIR", town.dir.path())
        .env("PLAINTOWN_TEST_SCRIPT", script)
        .process_group(0)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    fs::read_to_string(town.path("identity"))
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn a_worker_outlives_its_caller() {
    let town = Scripted::new();
    let script = "while ! [ -e go ]; do sleep 0.02; done; echo done > end";
    let worker = started_by_another(&town, "", script);
    assert!(worker.is_alive().unwrap());
    fs::write(town.path("go"), "").unwrap();
    assert!(crate::process::wait_exit(&worker, LONG).unwrap());
    assert!(
        town.path("end").exists(),
        "it was stopped before its work was done"
    );
}

/// 32 and 33: the C library keeps them for its threads, ignores them in what
/// it spawns, and lets nobody change that.
const LIBRARY_SIGNALS: u64 = 0b11 << 31;

#[test]
fn a_signal_that_the_caller_ignores_is_not_ignored_by_the_worker() {
    let town = Scripted::new();
    let script = "grep -E '^Sig(Ign|Blk):' /proc/self/status";
    let worker = started_by_another(&town, "trap '' HUP INT TERM USR1", script);
    assert!(crate::process::wait_exit(&worker, LONG).unwrap());
    let seen = fs::read_to_string(town.path("1.log")).unwrap();
    let masks = seen.lines().map(|line| line.split('\t').nth(1).unwrap());
    let masks = masks.map(|hex| u64::from_str_radix(hex, 16).unwrap() & !LIBRARY_SIGNALS);
    assert_eq!(masks.collect::<Vec<_>>(), [0, 0], "{seen}");
}
