//! Whether a worker runs on that should not: its bead was taken away, closed or put
//! down, by a command that was killed, by hand, or by git. Pure, and the same for
//! everybody who asks.
//!
//! Never: cuts short the goodbye of one that has ended its attempt by itself.

use crate::session::Session;
use crate::work;
use jiff::{SignedDuration, Timestamp};
use model::{Address, Bead, Id, Status, Time};

/// How long a worker that has ended its work may take to say goodbye.
pub const GOODBYE: SignedDuration = SignedDuration::from_mins(10);

/// An attempt that a worker runs for.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Whose worker.
    pub agent: &'a Address,
    /// The number of the attempt.
    pub number: u32,
    /// When its own agent ended it, if it did.
    pub done_at: Option<Timestamp>,
    /// Whether this clone's ticket is still for it.
    pub has_ticket: bool,
}

/// What its bead says.
#[derive(Debug, Clone, Copy)]
pub struct Says<'a> {
    /// Its status.
    pub status: &'a Status,
    /// Its attempt.
    pub attempt: u32,
    /// Whose hook it is on, if it is on one.
    pub holder: Option<&'a Address>,
}

impl<'a> Says<'a> {
    /// What this bead says, whose hook it is on being known.
    pub(crate) fn of(bead: &'a Bead, holder: Option<&'a Address>) -> Self {
        Self {
            status: &bead.status,
            attempt: bead.attempt,
            holder,
        }
    }
}

/// Why a worker has to be stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Astray {
    /// Its bead went to somebody else, or back.
    TakenAway,
    /// Its bead has this status, and not by its own `gt done`.
    Over(Status),
    /// It ended its work, and did not end itself.
    Lingers,
}

impl Astray {
    /// Why a worker of this attempt has to be stopped; none where it may run.
    pub fn of(attempt: Attempt<'_>, says: Says<'_>, now: Timestamp) -> Option<Self> {
        let is_held = says.holder == Some(attempt.agent);
        // An older attempt is one that git brought back: the ticket goes before it.
        let is_over = says.attempt > attempt.number
            || says.attempt == attempt.number && !is_held
            || *says.status == Status::Open && !attempt.has_ticket;
        let may_say_goodbye = |done: Timestamp| now.duration_since(done) < GOODBYE;
        match attempt.done_at {
            _ if !is_over => None,
            Some(done) if may_say_goodbye(done) => None,
            Some(_) => Some(Self::Lingers),
            None if says.attempt > attempt.number => Some(Self::TakenAway),
            None if *says.status == Status::Open || says.holder.is_some() => Some(Self::TakenAway),
            None => Some(Self::Over(says.status.clone())),
        }
    }

    /// The same for a session that runs, and its bead.
    pub fn of_session(
        session: &Session,
        has_ticket: bool,
        bead: &Bead,
        now: Timestamp,
    ) -> Option<Self> {
        let attempt = Attempt {
            agent: &session.agent,
            number: session.attempt,
            done_at: session.done_at.as_ref().map(Time::timestamp),
            has_ticket,
        };
        let holder = work::standing::holder(bead);
        Self::of(attempt, Says::of(bead, holder.as_ref()), now)
    }

    /// In words, for a person.
    pub fn describe(&self, bead: &Id) -> String {
        match self {
            Self::TakenAway => format!("{bead} was taken away"),
            Self::Over(status) => format!("{bead} is {status}, and not by its own `gt done`"),
            Self::Lingers => format!("it has ended its work on {bead} long ago"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn toast() -> Address {
        Address::parse("app/polecats/toast").unwrap()
    }

    fn found(
        status: Status,
        attempt: u32,
        holder: Option<&str>,
        done: Option<&str>,
    ) -> Option<Astray> {
        let (agent, holder) = (toast(), holder.map(|it| Address::parse(it).unwrap()));
        let own = Attempt {
            agent: &agent,
            number: 2,
            done_at: done.map(at),
            has_ticket: true,
        };
        let says = Says {
            status: &status,
            attempt,
            holder: holder.as_ref(),
        };
        Astray::of(own, says, at("2026-01-15T12:00:00Z"))
    }

    #[test]
    fn one_that_has_its_bead_works_on() {
        let own = Some("app/polecats/toast");
        for status in [Status::Hooked, Status::InProgress, Status::Escalated] {
            assert_eq!(found(status, 2, own, None), None);
        }
        assert_eq!(found(Status::Open, 1, None, None), None, "git went back");
    }

    #[test]
    fn one_that_lost_its_bead_is_astray() {
        let (own, other) = (Some("app/polecats/toast"), Some("app/polecats/nux"));
        let table = [
            (Status::Open, 2, None, Astray::TakenAway),
            (Status::Hooked, 3, own, Astray::TakenAway),
            (Status::InProgress, 2, other, Astray::TakenAway),
            (Status::Closed, 3, None, Astray::TakenAway),
            (Status::Closed, 2, None, Astray::Over(Status::Closed)),
            (Status::Deferred, 2, None, Astray::Over(Status::Deferred)),
            (Status::Completed, 2, None, Astray::Over(Status::Completed)),
        ];
        for (status, attempt, holder, astray) in table {
            assert_eq!(
                found(status.clone(), attempt, holder, None),
                Some(astray),
                "{status}"
            );
        }
    }

    #[test]
    fn one_that_ended_its_work_may_say_goodbye() {
        for status in [
            Status::Closed,
            Status::Deferred,
            Status::Completed,
            Status::Open,
        ] {
            let after = |done| found(status.clone(), 2, None, Some(done));
            assert_eq!(after("2026-01-15T11:50:01Z"), None, "{status}");
            assert_eq!(after("2026-01-15T11:50:00Z"), Some(Astray::Lingers));
            assert_eq!(
                after("2026-01-15T13:00:00Z"),
                None,
                "the clock was set back"
            );
        }
    }
}
