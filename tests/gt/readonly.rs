//! `--readonly`, command by command: what writes is refused, and what does not
//! answers. No command is left out.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

use testkit::{Call, Town};

use super::life::support::*;
use crate::docs::reference::commands_of;

/// Each command with words that would change something, if it does.
///
/// `!` writes; `w!` does so in the place of the worker of gt-one; `?` only asks or
/// looks; `-` has something else than the store in its way here.
const TABLE: &str = "
! bd init
! bd create X
! bd q X
? bd show gt-two
? bd list
? bd ready
! bd ready --claim
! bd update gt-two --title X
! bd update gt-two --claim
! bd close gt-two
! bd reopen gt-shut
! bd dep add gt-two gt-three
! bd dep remove gt-four gt-three
! bd dep relate gt-two gt-three
! bd dep unrelate gt-two gt-three
? bd dep list gt-two
? bd dep tree gt-two
? bd dep cycles
? bd doctor
! bd doctor --fix
! bd label add gt-two x
! bd label remove gt-three x
? bd label list gt-two
? bd label list-all
! bd comment gt-two X
! bd comments add gt-two X
? bd comments gt-two
! bd note gt-two X
? bd search One
? bd blocked
? bd count
? bd stats
? bd epic status
! bd epic close-eligible
? bd children gt-two
! bd defer gt-two
! bd undefer gt-later
? bd where
? bd info
? bd version
? gt ready
! gt sling gt-two app
! gt sling gt-one app/polecats/toast
! gt hook gt-two
? gt hook
! gt hook accept app/polecats/nux --yes
! gt unsling gt-one
! gt release gt-one
w! gt prime
w! gt done --escalate -m X
! gt handoff gt-one
! gt resume gt-asked
! gt escalate gt-one -m X
? gt escalate list
! gt escalate ack gt-asked
! gt escalate resolve gt-asked
! gt close gt-two
? gt show gt-two
! gt convoy create X gt-two
! gt convoy add CONVOY gt-three
? gt convoy list
? gt convoy status CONVOY
! gt convoy close CONVOY --force
! gt convoy check
? gt convoy stranded
? gt mq list
? gt mq status gt-mr-done.1
- gt mq accept gt-mr-done.1 --yes
! gt refinery run
? gt refinery status
? gt polecat list
? gt polecat status toast
? gt agents
? gt logs gt-one
- gt attach gt-one
! gt nudge app/polecats/toast X
! gt hooks install claude
! gt hooks remove claude
? gt hooks list
? gt hooks show claude
? gt hooks guard
! gt mail send mayor -s X -m X
? gt mail inbox
! gt mail read
? gt mail check
? gt doctor
! gt doctor --fix
! gt up
! gt up --foreground
! gt down
? gt status
- gt watch
? gt feed
! gt trust --yes
? gt config show
";

/// A store in which each of them has something to do: the worker of gt-one, and
/// a convoy.
fn furnished() -> (Town, Slung, String) {
    let town = rig("ignore");
    for id in "one two three four asked shut later hand".split(' ') {
        bead(&town, &format!("gt-{id}"), "One");
    }
    let worker = idle(&town, "gt-one");
    idle(&town, "gt-asked");
    let epic = ["create", "Epic", "--id", "gt-epic", "--type", "epic"];
    town.bd(&epic).ok();
    for words in [
        "bd create Part --id gt-part --parent gt-epic",
        "bd close gt-part",
        "bd close gt-shut",
        "bd defer gt-later",
        "bd dep add gt-four gt-three",
        "bd label add gt-three x",
        "gt escalate gt-asked -m X",
        "gt mail send overseer -s X -m X",
    ] {
        run(&town, words).run().ok();
    }
    let hook = std::fs::read_to_string(hook_file(&town, &worker.agent)).unwrap();
    let hook = hook
        .replace(&worker.agent, NUX)
        .replace("gt-one", "gt-hand");
    std::fs::write(hook_file(&town, NUX), hook).unwrap();
    let proposal = "format: 1\n\ngates:\n  - name: t\n    command: [\"true\"]\n";
    town.write(".beads/trusted.yaml", proposal);
    town.git(&["add", ".beads/trusted.yaml"]);
    town.git(&["commit", "--quiet", "--message", "Gates"]);
    let convoy = ["convoy", "create", "X", "gt-two", "--json"];
    let convoy = town.gt(&convoy).ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    (town, worker, convoy)
}

const NUX: &str = "app/polecats/nux";

fn run(town: &Town, words: &str) -> Call {
    let (program, args) = words.split_once(' ').expect("a program and its words");
    town.call(program, &args.split(' ').collect::<Vec<_>>())
}

/// Each line's mark and words.
fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = TABLE.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.split_once(' ').expect("a mark and words"))
}

#[test]
fn what_writes_is_refused_and_what_looks_answers() {
    let (town, worker, convoy) = furnished();
    for (mark, words) in table().filter(|(mark, _)| *mark != "-") {
        let words = words
            .replace("CONVOY", &convoy)
            .replacen(' ', " --readonly ", 1);
        let told = changes_nothing(&town, || match mark {
            "w!" => {
                let (program, args) = words.split_once(' ').unwrap();
                let args: Vec<_> = args.split(' ').collect();
                worker.call(&town, program, &args).run()
            }
            _ => run(&town, &words).run(),
        });
        let is_refused = told.stderr.contains("leave out --readonly to write");
        assert_eq!(is_refused, mark.ends_with('!'), "{told}");
        assert_eq!(told.status.code() == Some(4), is_refused, "{told}");
    }
}

#[test]
fn no_command_is_left_out() {
    let is_in_table = |command: &str| {
        let starts =
            |(_, words): (&str, &str)| format!("{words} ").starts_with(&format!("{command} "));
        table().any(starts)
    };
    for program in ["bd", "gt"] {
        let commands = commands_of(program);
        assert!(commands.len() > 20, "{commands:?}");
        for command in commands {
            assert!(is_in_table(&command), "`{command}` is not in the table");
        }
    }
}
