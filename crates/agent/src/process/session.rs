//! Who belongs to a worker: the processes of the session it leads.
//!
//! The kernel gives no process the number of a session that still has
//! members, so members found after the leader has ended are the leader's own
//! as long as nothing else has its number.

use std::io;

use super::handle::Handle;
use super::identity::Identity;
use super::stat::Stat;

/// Descriptors of the running members of the session that `leader` leads,
/// itself included, the calling process left out.
pub(super) fn members(leader: &Identity) -> io::Result<Vec<Handle>> {
    let all = Stat::all()?;
    let mut found = Vec::new();
    for stat in select(&all, leader, std::process::id()) {
        let member = Identity {
            boot: leader.boot.clone(),
            pid: stat.pid,
            start: stat.start,
        };
        found.extend(Handle::open(&member)?);
    }
    Ok(found)
}

fn select<'a>(all: &'a [Stat], leader: &Identity, own: u32) -> impl Iterator<Item = &'a Stat> {
    let leader = (leader.pid, leader.start);
    let reused = all
        .iter()
        .any(|stat| stat.pid == leader.0 && stat.start != leader.1);
    all.iter().filter(move |stat| {
        let is_leader = (stat.pid, stat.start) == leader;
        let is_member = !reused && stat.session == leader.0 && stat.start >= leader.1;
        stat.running && stat.pid != own && (is_leader || is_member)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(pid: u32, session: u32, start: u64) -> Stat {
        Stat {
            pid,
            session,
            start,
            running: true,
            has_memory: true,
        }
    }

    fn selected(all: &[Stat], own: u32) -> Vec<u32> {
        let leader = Identity {
            boot: "b".into(),
            pid: 10,
            start: 100,
        };
        select(all, &leader, own).map(|stat| stat.pid).collect()
    }

    #[test]
    fn the_leader_and_its_session_are_members() {
        let all = [
            stat(10, 10, 100),
            stat(11, 10, 105),
            stat(12, 12, 106),
            stat(9, 1, 50),
        ];
        assert_eq!(selected(&all, 1), [10, 11]);
    }

    #[test]
    fn a_session_outlives_its_leader() {
        assert_eq!(selected(&[stat(11, 10, 105)], 1), [11]);
        let zombie = Stat {
            running: false,
            ..stat(10, 10, 100)
        };
        assert_eq!(selected(&[zombie, stat(11, 10, 105)], 1), [11]);
    }

    #[test]
    fn strangers_under_the_same_number_are_left_alone() {
        assert_eq!(selected(&[stat(10, 10, 200), stat(11, 10, 205)], 1), [0; 0]);
        assert_eq!(
            selected(&[stat(11, 10, 99)], 1),
            [0; 0],
            "older than the leader"
        );
    }

    #[test]
    fn a_process_that_leads_no_session_is_alone() {
        let all = [stat(10, 3, 100), stat(11, 3, 105)];
        assert_eq!(selected(&all, 1), [10]);
    }

    #[test]
    fn the_caller_is_never_a_member() {
        assert_eq!(selected(&[stat(10, 10, 100), stat(11, 10, 105)], 11), [10]);
    }
}
