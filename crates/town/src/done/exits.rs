//! The four exits, one function each.

use super::{Ended, Request, check, phase};
use crate::error::Error;
use crate::escalation::{self, Escalation};
use crate::session::Session;
use crate::work::{self, Work};
use crate::{Town, comment, convoy, merge_request, worker};
use git::Git;
use model::{Address, Bead, Event, Status, Ticket, transition};
use store::Lock;

/// An attempt whose agent wants to end it.
pub(super) struct Leaving<'a> {
    pub(super) town: &'a Town,
    pub(super) agent: Address,
    pub(super) ticket: Ticket,
    pub(super) request: &'a Request,
}

impl<'a> Leaving<'a> {
    /// The work is done: branch pushed, merge request filed with its head.
    pub(super) fn complete(&self) -> Result<Ended, Error> {
        let (town, ticket) = (self.town, &self.ticket);
        let git = self.committed()?;
        let head = check::commits(town, &git, ticket)?;
        let pushed_to = check::push(town, ticket, &head)?;
        let filed = ticket.bead.merge_request(ticket.attempt);
        let also = [Lock::bead(&filed)];
        let work = work::lock_to_end(town, &ticket.bead, Some(&self.agent), &also)?;
        let bead = if self.is_complete(&work) {
            // A `gt done` that was killed after it filed the request is complete now.
            let bead = work.bead.clone();
            drop(work);
            convoy::refresh(town, std::slice::from_ref(&bead.id))?;
            merge_request::check_head(town, &filed, head.as_str())?;
            bead
        } else {
            let work = self.checked(work)?;
            let next = step(&work, &Event::Complete)?;
            merge_request::check_head(town, &filed, head.as_str())?;
            self.note()?;
            self.mark(&work, &next)?;
            let target = &town.config().target;
            let (locked, head) = (&work.locked, head.as_str());
            merge_request::file(town, locked, &work.bead, ticket, head, target)
                .inspect_err(|_| work.go_on(town))?;
            self.end(work, next, |_| {})?
        };
        Ok(Ended {
            merge_request: Some(filed),
            pushed_to,
            ..self.ended(bead)
        })
    }

    /// The work is done and there is nothing to merge.
    pub(super) fn finish(&self) -> Result<Ended, Error> {
        self.committed()?;
        let work = self.lock()?;
        let next = step(&work, &Event::Finish)?;
        self.mark(&work, &next)?;
        let reason = self.request.message.clone();
        let reason = reason.unwrap_or_else(|| "done, nothing to merge".to_owned());
        let bead = self.end(work, next, |bead| bead.close_reason = Some(reason))?;
        Ok(self.ended(bead))
    }

    /// The work is put down; its branch is kept and named on the bead.
    pub(super) fn defer(&self) -> Result<Ended, Error> {
        self.committed()?;
        let work = self.lock()?;
        let next = step(&work, &Event::Defer { held: false })?;
        self.note()?;
        self.mark(&work, &next)?;
        let bead = self.end(work, next, |bead| bead.assignee = None)?;
        Ok(self.ended(bead))
    }

    /// Somebody has to decide something: bead, then hook; the worktree as it is.
    pub(super) fn escalate(&self) -> Result<Ended, Error> {
        let escalation = Escalation {
            by: self.agent.to_string(),
            severity: self.request.severity.unwrap_or_default(),
            reason: self.request.message.clone().unwrap_or_default(),
            fence: Some((self.ticket.attempt, self.ticket.nonce.clone())),
        };
        let escalated = escalation::escalate(self.town, &self.ticket.bead, &escalation)?;
        Ok(self.ended(escalated.bead))
    }

    /// A phase is done: the hook waits for a gate.
    pub(super) fn phase(&self) -> Result<Ended, Error> {
        let town = self.town;
        self.committed()?;
        let gate = match &self.request.gate {
            Some(gate) => phase::checked_gate(town, &self.ticket, gate)?,
            None => phase::human_gate(town, &self.ticket)?,
        };
        let work = self.lock()?;
        let next = step(&work, &Event::PickUp)?;
        self.note()?;
        let mut bead = work.bead.clone();
        bead.move_to(next, &town.now());
        work.locked.save(&bead)?;
        phase::park(town, &work, &gate, self.request.message.clone())?;
        drop(work);
        convoy::refresh(town, std::slice::from_ref(&bead.id))?;
        Ok(Ended {
            gate: Some(gate),
            ..self.ended(bead)
        })
    }

    /// The recorded worktree, where the agent stands and nothing is uncommitted.
    fn committed(&self) -> Result<Git, Error> {
        let git = check::place(self.town, &self.ticket)?;
        let bead = self.town.store.bead(&self.ticket.bead)?;
        check::committed(&git, &bead, &self.ticket, self.request)?;
        Ok(git)
    }

    /// Locks the work, and checks that the attempt is still the ticket's.
    fn lock(&self) -> Result<Work<'a>, Error> {
        let (bead, agent) = (&self.ticket.bead, &self.agent);
        self.checked(work::lock_to_end(self.town, bead, Some(agent), &[])?)
    }

    fn checked(&self, work: Work<'a>) -> Result<Work<'a>, Error> {
        let ticket = &self.ticket;
        if let Some(outlived) = &work.outlived {
            return Err(outlived.error(self.town));
        }
        let now = work.ticket.as_ref().map(|now| &now.nonce);
        if now == Some(&ticket.nonce) && work.bead.attempt == ticket.attempt {
            return Ok(work);
        }
        Err(Error::refused(
            format!(
                "attempt {} at {} is over: the bead is {} at attempt {}",
                ticket.attempt, ticket.bead, work.bead.status, work.bead.attempt
            ),
            format!(
                "`bd show {}` says where it stands; what you committed stays on your branch",
                ticket.bead
            ),
        ))
    }

    fn is_complete(&self, work: &Work<'_>) -> bool {
        work.bead.status == Status::Completed
            && work.bead.attempt == self.ticket.attempt
            && work.ticket.is_none()
    }

    /// Before anything else says that the attempt is over: its worker is saying
    /// goodbye from now on, and nobody stops it for that; and what a kill leaves of
    /// the end is completed. A session that cannot be read tells nobody whom to stop.
    fn mark(&self, work: &Work<'_>, next: &Status) -> Result<(), Error> {
        let session = match worker::recorded(self.town, &work.locked, &self.ticket) {
            Err(Error::Store(store::Error::Problem(_))) => None,
            found => found?,
        };
        if let Some(session) = session {
            work.locked.save(&Session {
                done_at: Some(self.town.now()),
                ..session
            })?;
        }
        work.begin_to_end(next)
    }

    /// What the agent wants whoever comes next to know.
    fn note(&self) -> Result<(), Error> {
        let text = self.request.message.as_deref();
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return Ok(());
        };
        let text = format!("{}: {text}", self.request.exit);
        comment::add(self.town, &self.ticket.bead, &text).map(drop)
    }

    /// Bead, hook, ticket, in this order; the convoys once the locks are free.
    fn end(
        &self,
        work: Work<'_>,
        next: Status,
        also: impl FnOnce(&mut Bead),
    ) -> Result<Bead, Error> {
        let now = self.town.now();
        let mut bead = work.bead.clone();
        // A bead that was never picked up was begun all the same.
        bead.move_to(Status::InProgress, &now);
        bead.move_to(next, &now);
        also(&mut bead);
        crate::life::end(self.town, work, &bead, Some(&self.agent))?;
        Ok(bead)
    }

    fn ended(&self, bead: Bead) -> Ended {
        Ended {
            bead,
            agent: self.agent.clone(),
            exit: self.request.exit,
            merge_request: None,
            branch: self.ticket.branch.clone(),
            pushed_to: None,
            gate: None,
        }
    }
}

fn step(work: &Work<'_>, event: &Event) -> Result<Status, Error> {
    transition(&work.bead.status, event).map_err(|refusal| Error::refusal(&work.bead.id, refusal))
}
