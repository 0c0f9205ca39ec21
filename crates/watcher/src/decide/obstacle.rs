//! A verdict with what stands in the way besides the files. Pure; for people who
//! ask, while the watcher finds out when it acts.

use super::verdict::{State, Verdict};
use std::path::Path;
use town::obstacles::{LostBranch, NoRuntime, Obstacles};

/// What is in the way, and the remedy.
type Told = (String, String);

/// Whether it is worth looking for obstacles: the work could go on, or be
/// accepted.
pub(crate) fn may_have(verdict: &Verdict) -> bool {
    match verdict.state {
        State::Working | State::Stalled | State::Spawning | State::Waiting => true,
        State::BackingOff | State::ByHand | State::Unaccepted | State::Elsewhere => true,
        State::Parked => true,
        State::Over | State::HookMissing | State::Changed => false,
        State::Unreadable | State::Broken => false,
    }
}

/// Adds what is in the way; the remedy of the worst of it comes first.
pub(crate) fn explain(verdict: Verdict, found: &Obstacles) -> Verdict {
    // What waits is made whole when it goes on, but for a program that is missing.
    let only_runtime = Obstacles {
        runtime: found.runtime.clone(),
        ..Obstacles::default()
    };
    let found = match verdict.state {
        State::Parked => &only_runtime,
        _ => found,
    };
    let is_ours = !matches!(verdict.state, State::Unaccepted | State::Elsewhere);
    let told: Vec<Told> = [
        found.runtime.as_ref().map(|it| runtime(&verdict, it)),
        found.branch.as_ref().map(|it| branch(&verdict, it)),
        found.worktree.as_ref().map(|it| worktree(&verdict, it)),
        left_behind(&found.left_behind),
        found.overflown.as_ref().map(|it| overflown(&verdict, it)),
        found.molecule.as_ref().filter(|_| is_ours).map(|it| {
            let what = format!("its molecule {it} does not exist");
            (what, anew(&verdict, "without it"))
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut verdict = verdict;
    if let Some(it) = found.molecule.as_ref().filter(|_| !is_ours) {
        add(
            &mut verdict,
            format!("its molecule {it} does not exist, and is left out"),
        );
    }
    for (what, remedy) in told.into_iter().rev() {
        add(&mut verdict, what);
        verdict.remedy = Some(remedy);
    }
    verdict
}

/// In front of what was known: it is nearer to the cause.
fn add(verdict: &mut Verdict, what: String) {
    verdict.why = Some(match verdict.why.take() {
        Some(why) => format!("{what}; {why}"),
        None => what,
    });
}

fn bead(verdict: &Verdict) -> String {
    verdict
        .bead
        .as_ref()
        .map_or_else(String::new, ToString::to_string)
}

fn anew(verdict: &Verdict, how: &str) -> String {
    let rig = verdict.agent.rig().unwrap_or(".");
    format!(
        "`gt sling {} {rig} --force` hands it out anew, {how}",
        bead(verdict)
    )
}

fn runtime(verdict: &Verdict, it: &NoRuntime) -> Told {
    let hint = it.hint.as_deref().unwrap_or("install it");
    let remedy = match &it.instead {
        Some(other) => format!(
            "`gt sling {} {} --force --agent {other}` hands it to another runtime; or: {hint}",
            bead(verdict),
            verdict.agent
        ),
        None if verdict.state == State::Parked => {
            let then = verdict.remedy.as_deref().unwrap_or_default();
            format!("{hint}; then {then}")
        }
        None => format!(
            "`gt sling {} {}` starts it once that is mended: {hint}",
            bead(verdict),
            verdict.agent
        ),
    };
    (it.why.clone(), remedy)
}

fn branch(verdict: &Verdict, it: &LostBranch) -> Told {
    let name = &it.name;
    match &it.was_at {
        Some(commit) => (
            format!("its branch {name} is gone; it was at {commit}"),
            format!("`git branch {name} {commit}` brings it back"),
        ),
        None => {
            let remedy = match verdict.state {
                State::ByHand => format!(
                    "`gt release {}` gives the bead back; hook it again on a branch that is there",
                    bead(verdict)
                ),
                _ => "`gt doctor --fix` makes it anew where it was last, or began".to_owned(),
            };
            (format!("its branch {name} is gone"), remedy)
        }
    }
}

fn worktree(verdict: &Verdict, path: &str) -> Told {
    let what = format!("its worktree {path} is gone");
    let remedy = match verdict.state {
        State::Working | State::Stalled => anew(verdict, "in a worktree of its own"),
        State::ByHand => format!("`gt release {}` gives the bead back", bead(verdict)),
        _ => format!(
            "`gt sling {} {}` makes it anew from its branch, and starts the worker there",
            bead(verdict),
            verdict.agent
        ),
    };
    (what, remedy)
}

fn left_behind(pids: &[u32]) -> Option<Told> {
    let list: Vec<String> = pids.iter().map(ToString::to_string).collect();
    let list = match pids {
        [] => return None,
        [one] => format!("process {one}"),
        _ => format!("processes {}", list.join(", ")),
    };
    Some((
        format!("its worker has left {list} behind"),
        "`gt doctor --fix` stops what is left; so does whoever starts it again".to_owned(),
    ))
}

/// Who prints a lot is not ill, and what it prints is bounded: nothing has to be
/// done.
fn overflown(verdict: &Verdict, aside: &Path) -> Told {
    let what = format!(
        "it has filled its log, which keeps within its limit: what came before is in {}",
        aside.display()
    );
    let remedy = format!(
        "`gt logs {}` shows what it prints; `log_limit` in your configuration says how much is kept",
        bead(verdict)
    );
    (what, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Address, Id};

    fn verdict(state: State) -> Verdict {
        Verdict {
            agent: Address::parse("app/polecats/toast").unwrap(),
            bead: Some(Id::parse("gt-abc12").unwrap()),
            attempt: Some(2),
            state,
            why: Some("it waits".to_owned()),
            remedy: Some("wait".to_owned()),
            action: None,
            wake: None,
            is_notable: false,
        }
    }

    #[test]
    fn the_remedy_of_the_worst_is_shown_and_all_of_it_told() {
        let found = Obstacles {
            worktree: Some("/w".to_owned()),
            branch: Some(LostBranch {
                name: "b".to_owned(),
                was_at: Some("abc".to_owned()),
            }),
            left_behind: vec![7],
            ..Obstacles::default()
        };
        let told = explain(verdict(State::Waiting), &found);
        let why = told.why.unwrap();
        for part in ["branch b", "worktree /w", "process 7", "it waits"] {
            assert!(why.contains(part), "{why}");
        }
        assert_eq!(told.remedy.unwrap(), "`git branch b abc` brings it back");
    }

    #[test]
    fn a_parked_hook_is_kept_from_going_on_by_its_runtime_alone() {
        let missing = |instead: Option<&str>| Obstacles {
            worktree: Some("/w".to_owned()),
            runtime: Some(NoRuntime {
                why: "claude is not in PATH".to_owned(),
                hint: Some("install claude".to_owned()),
                instead: instead.map(str::to_owned),
            }),
            ..Obstacles::default()
        };
        let told = explain(verdict(State::Parked), &missing(None));
        assert_eq!(told.why.unwrap(), "claude is not in PATH; it waits");
        assert_eq!(told.remedy.unwrap(), "install claude; then wait");
        let told = explain(verdict(State::Parked), &missing(Some("codex")));
        assert!(told.remedy.unwrap().contains("--force --agent codex"));
    }

    #[test]
    fn nothing_in_the_way_changes_nothing() {
        let told = explain(verdict(State::Working), &Obstacles::default());
        assert_eq!(told, verdict(State::Working));
    }

    #[test]
    fn the_remedy_fits_the_state() {
        let gone = Obstacles {
            worktree: Some("/w".to_owned()),
            ..Obstacles::default()
        };
        let table = [
            (State::Working, "`gt sling gt-abc12 app --force`"),
            (State::ByHand, "`gt release gt-abc12`"),
            (State::Waiting, "`gt sling gt-abc12 app/polecats/toast`"),
        ];
        for (state, remedy) in table {
            let told = explain(verdict(state), &gone).remedy.unwrap();
            assert!(told.starts_with(remedy), "{told}");
        }
        let found = Obstacles {
            molecule: Some(Id::parse("gt-mol-4hj2w").unwrap()),
            ..Obstacles::default()
        };
        let told = explain(verdict(State::Unaccepted), &found);
        assert!(told.why.unwrap().contains("is left out"));
        assert_eq!(told.remedy.unwrap(), "wait", "accepting it is the remedy");
    }
}
