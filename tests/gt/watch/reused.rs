//! Process numbers that were used again: the stranger who has one now is never
//! signalled, and the hook is worked on.

use super::*;
use crate::gt::life::support::*;
use std::process::{Child, Command, Stdio};

/// Somebody who has nothing to do with it; ended with this.
struct Stranger(Child);

impl Stranger {
    fn new() -> Self {
        let mut sleep = Command::new("sleep");
        Self(sleep.arg("600").stdin(Stdio::null()).spawn().unwrap())
    }

    #[track_caller]
    fn is_untouched(&mut self) {
        assert_eq!(self.0.try_wait().unwrap(), None, "it was signalled");
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The worker's number is a stranger's now; when it started stays as recorded.
fn give_number_to(town: &Town, slung: &Slung, stranger: &Stranger) {
    let path = format!("plaintown/sessions/{}.yaml", slung.agent);
    let path = town.git_dir().join(path);
    let text = fs::read_to_string(&path).unwrap();
    let process = plain(&text, "process").unwrap();
    let parts: Vec<&str> = process.split(':').collect();
    let forged = format!("{}:{}:{}", parts[0], stranger.0.id(), parts[2]);
    fs::write(&path, text.replace(&process, &forged)).unwrap();
}

#[test]
fn a_stranger_with_the_number_of_a_worker_is_left_alone() {
    let town = watched("hang", &[]);
    let mut stranger = Stranger::new();
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "working");
    town.gt(&["down"]).ok();
    kill(town.agents_at_work()["gt-one"][0]);
    town.wait_until(LONG, || town.agents_at_work().is_empty());
    give_number_to(&town, &slung, &stranger);
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || starts(&town, "gt-one") == 2);
    stranger.is_untouched();
    town.gt(&["down"]).ok();
    give_number_to(&town, &slung, &stranger);
    town.gt(&["release", "gt-one"]).ok();
    stranger.is_untouched();
    town.gt(&["doctor", "--fix"]).ok();
    stranger.is_untouched();
}

/// What a container's first process does: a worker is killed, and its number is
/// given to somebody else before the watcher begins.
const REUSE: &str = r#"
within() { i=0; until eval "$1"; do i=$((i + 1)); [ $i -lt 600 ] || { echo "never: $1"; exit 3; }; sleep 0.05; done; }
starts() { grep -c '^start' "$PLAINTOWN_AGENT_LOG" 2>/dev/null; }
gt sling gt-one app/toast
within '[ "$(starts)" = 1 ]'
worker=$(sed -n 's/^process: .*:\([0-9]*\):[0-9"]*$/\1/p' .git/plaintown/sessions/app/polecats/toast.yaml)
# All of it: a number is not given again while a session has it.
kill -9 "-$worker"
within '! kill -0 "-$worker" 2>/dev/null'
stranger=
tries=0
while [ "$stranger" != "$worker" ]; do
    tries=$((tries + 1)); [ $tries -lt 200 ] || { echo "cannot be given again"; exit 0; }
    echo $((worker - 1)) >/proc/sys/kernel/ns_last_pid || { echo "cannot be given again"; exit 0; }
    sleep 600 & stranger=$!
    [ "$stranger" = "$worker" ] || kill "$stranger"
done
gt up
within '[ "$(starts)" = 2 ]'
gt release gt-one
gt doctor --fix
gt down
kill -0 "$stranger" && echo "the stranger lives"
"#;

#[test]
fn a_number_that_the_kernel_gave_again_is_a_stranger() {
    let town = rig("hang");
    bead(&town, "gt-one", "Work");
    let container = ["--map-root-user", "--pid", "--fork", "--mount-proc"];
    let args = [&container[..], &["--kill-child", "sh", "-c", REUSE]].concat();
    let said = town.call("unshare", &args).run();
    // A machine without namespaces cannot show this.
    if !said.stdout.contains("Slung gt-one") || said.stdout.contains("cannot be given again") {
        println!("SKIPPED: numbers cannot be given again here: {said}");
        return;
    }
    assert!(said.stdout.contains("the stranger lives"), "{said}");
    assert_eq!(starts(&town, "gt-one"), 2, "{said}");
}
