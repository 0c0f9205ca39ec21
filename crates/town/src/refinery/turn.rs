//! One merge request, from a look at it to its end.

use super::candidate::{self, Merged};
use super::facts::{Facts, Merge};
use super::gates::{self, Bench, Run};
use super::judge::{Verdict, judge};
use super::memo;
use super::queue::{self, Request};
use super::report::Report;
use super::send_back::{self, Reason};
use super::settle;
use super::target::{Moved, Target};
use crate::Town;
use crate::config::Gate;
use crate::error::Error;
use crate::trust::Gates;
use git::{BranchName, Oid};
use model::{Bead, GateResult, Id, Outcome};

/// How often work is merged anew because the target moved meanwhile.
const TRIES: usize = 5;

/// Takes one merge request as far as it goes.
pub(super) fn take(
    town: &Town,
    request: &Request,
    tell: &mut dyn FnMut(&Report),
) -> Result<Report, Error> {
    let wanted = request.host(town.config());
    if wanted != town.host()? {
        return Ok(Report::Elsewhere {
            merge_request: request.bead.id.to_string(),
            host: wanted.to_owned(),
        });
    }
    let report = match BranchName::parse(&request.merge.target) {
        Ok(branch) => Turn::new(town, request, branch, tell)?.run()?,
        Err(error) => bad_target(town, request, &error)?,
    };
    if let Report::Waiting { reason, .. } = &report {
        memo::waits(town, &request.bead.id, Some(reason))?;
    }
    Ok(report)
}

fn bad_target(town: &Town, request: &Request, error: &git::Error) -> Result<Report, Error> {
    let reason = Reason {
        outcome: Outcome::Rejected,
        short: format!("its target is no branch: {error}"),
        detail: None,
    };
    send_back::send_back(town, request, &reason)?;
    Ok(sent_back(request, reason.outcome, reason.short))
}

fn sent_back(request: &Request, outcome: Outcome, reason: String) -> Report {
    Report::SentBack {
        merge_request: request.bead.id.to_string(),
        bead: request.merge.source.to_string(),
        outcome: outcome.to_string(),
        reason,
    }
}

/// What a step came to: an end, or once more from the start.
type Step = Option<Report>;

struct Turn<'a> {
    town: &'a Town,
    id: Id,
    request: Request,
    target: Target<'a>,
    /// What the target's tip asks for.
    gates: Vec<Gate>,
    /// Why the target could not be moved last, in git's words.
    moved: String,
    tell: &'a mut dyn FnMut(&Report),
}

impl<'a> Turn<'a> {
    fn new(
        town: &'a Town,
        request: &Request,
        branch: BranchName,
        tell: &'a mut dyn FnMut(&Report),
    ) -> Result<Self, Error> {
        Ok(Self {
            town,
            id: request.bead.id.clone(),
            request: request.clone(),
            target: Target::new(town, branch)?,
            gates: Vec::new(),
            moved: String::new(),
            tell,
        })
    }

    fn run(&mut self) -> Result<Report, Error> {
        for _ in 0..TRIES {
            // It may have been changed since: by a person, or by ourselves.
            match queue::read(self.town, &self.id)? {
                Some(request) => self.request = request,
                None => return Ok(self.superseded("somebody closed it".to_owned())),
            }
            let facts = Facts::gather(self.town, &self.request, &self.target)?;
            let verdict = judge(&facts);
            if let Gates::Run(gates) = facts.gates {
                self.gates = gates;
            }
            if let Some(report) = self.follow(verdict, &facts.merge)? {
                return Ok(report);
            }
        }
        let target = self.target.name();
        let last = &self.moved;
        let reason = format!("{target} moved each of {TRIES} times that it was merged ({last})");
        Ok(Report::waiting(&self.id, reason))
    }

    fn follow(&mut self, verdict: Verdict, merge: &Merge) -> Result<Step, Error> {
        match verdict {
            Verdict::Resume => self.resume().map(Some),
            Verdict::AlreadyLanded(commit) => self.landed(&commit).map(Some),
            Verdict::Superseded(reason) => {
                settle::finish(self.town, &self.request, Outcome::Superseded, None)?;
                Ok(Some(self.superseded(reason)))
            }
            Verdict::SendBack(outcome, short) => {
                let detail = advice(merge, &self.target.name());
                self.send_back(&Reason {
                    outcome,
                    short,
                    detail,
                })
            }
            Verdict::Wait(reason) => Ok(Some(Report::waiting(&self.id, reason))),
            Verdict::Land(merged) => self.land(&merged),
        }
    }

    fn resume(&self) -> Result<Report, Error> {
        let outcome = self.request.merge.outcome.unwrap_or(Outcome::Rejected);
        send_back::complete(self.town, &self.request, outcome)?;
        let reason = send_back::short(&self.request.bead);
        Ok(sent_back(&self.request, outcome, reason))
    }

    fn send_back(&self, reason: &Reason) -> Result<Step, Error> {
        let done = send_back::send_back(self.town, &self.request, reason)?;
        Ok(done.then(|| sent_back(&self.request, reason.outcome, reason.short.clone())))
    }

    fn superseded(&self, reason: String) -> Report {
        Report::Superseded {
            merge_request: self.id.to_string(),
            bead: self.request.merge.source.to_string(),
            reason,
        }
    }

    fn land(&mut self, merged: &Merged) -> Result<Step, Error> {
        let bead = self.town.store.bead(&self.request.merge.source)?;
        let commit = candidate::commit(self.town, &self.request, &bead, &self.gates, merged)?;
        if let Some(reason) = self.test(&commit, merged)? {
            return self.send_back(&reason);
        }
        match self.move_target(merged, &commit)? {
            Some(Moved::Landed) => self.landed(&commit).map(Some),
            Some(Moved::Wait(reason)) => Ok(Some(Report::waiting(&self.id, reason))),
            Some(Moved::Elsewhere(text)) => {
                self.moved = text;
                (self.tell)(&Report::Moved {
                    merge_request: self.id.to_string(),
                    target: self.target.name(),
                });
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Moves the target and closes the bead under its lock: nobody gives the
    /// bead to another in between. `None` if somebody had done so before, or closed the merge
    /// request.
    fn move_target(&self, merged: &Merged, commit: &Oid) -> Result<Option<Moved>, Error> {
        let locked = settle::lock(self.town, &self.request)?;
        let is_open = queue::read(self.town, &self.id)?.is_some();
        let bead = settle::waiting_bead(self.town, &self.request)?;
        let Some(bead) = bead.filter(|_| is_open) else {
            return Ok(None);
        };
        let moved = self.target.land(&merged.tip, commit)?;
        if moved == Moved::Landed {
            settle::close_bead(self.town, &locked, bead, commit)?;
        }
        Ok(Some(moved))
    }

    fn landed(&self, commit: &Oid) -> Result<Report, Error> {
        let note = self.target.follow(commit);
        settle::landed(self.town, &self.request, commit)?;
        Ok(Report::Landed {
            merge_request: self.id.to_string(),
            bead: self.request.merge.source.to_string(),
            target: self.target.name(),
            commit: commit.to_string(),
            note,
        })
    }

    /// Runs the gates on the merged tree, unless they have passed on the same
    /// code. Returns why the work goes back, if it has to.
    fn test(&mut self, commit: &Oid, merged: &Merged) -> Result<Option<Reason>, Error> {
        if self.gates.is_empty() || self.has_passed(&merged.tree)? {
            return Ok(None);
        }
        let bench = Bench::at(self.town, commit)?;
        let on = format!("the merge with {}", self.target.name());
        let mut results = Vec::new();
        let mut red = None;
        let gates = self.gates.clone();
        for gate in &gates {
            let run = self.run_gate(&bench, gate, &on, false)?;
            results.push(run.result.clone());
            if !run.result.is_green() {
                red = Some((gate, run));
                break;
            }
        }
        self.record(results)?;
        match red {
            Some((gate, run)) => self.blame(&bench, gate, &run, &merged.tip).map(Some),
            None => {
                memo::passed(self.town, &self.id, &merged.tree, &self.gates)?;
                Ok(None)
            }
        }
    }

    fn has_passed(&self, tree: &Oid) -> Result<bool, Error> {
        let passed = memo::read(self.town, &self.id)?.passed;
        match passed.filter(|(_, gates)| *gates == memo::digest(&self.gates)) {
            Some((green, _)) => gates::same_code(self.town, &green, tree),
            None => Ok(false),
        }
    }

    fn run_gate(
        &mut self,
        bench: &Bench<'_>,
        gate: &Gate,
        on: &str,
        on_target: bool,
    ) -> Result<Run, Error> {
        (self.tell)(&Report::Gate {
            merge_request: self.id.to_string(),
            gate: gate.name.clone(),
            on: on.to_owned(),
        });
        let run = bench.run(gate, &gates::log_name(&self.id, gate, on_target))?;
        (self.tell)(&Report::GateEnded {
            merge_request: self.id.to_string(),
            gate: gate.name.clone(),
            green: run.result.is_green(),
            how: run.end.describe(),
        });
        Ok(run)
    }

    fn record(&self, results: Vec<GateResult>) -> Result<(), Error> {
        let locked = settle::lock(self.town, &self.request)?;
        let mut bead = self.town.store.bead(&self.id)?;
        if let Some(merge) = &mut bead.merge_request {
            merge.gates = results;
        }
        locked.save::<Bead>(&bead)?;
        Ok(())
    }

    /// Whether the work broke the gate, or the target was broken before it.
    fn blame(
        &mut self,
        bench: &Bench<'_>,
        gate: &Gate,
        red: &Run,
        tip: &Oid,
    ) -> Result<Reason, Error> {
        let target = self.target.name();
        bench.check_out(tip)?;
        let before = self.run_gate(bench, gate, &format!("{target} alone"), true)?;
        let blame = if before.result.is_green() {
            format!(
                "{target} alone, at {}, passes it: the work breaks it.",
                tip.short()
            )
        } else {
            format!(
                "It is red on {target} alone, too, at {}: it was broken before this work.",
                tip.short()
            )
        };
        let short = format!(
            "gate {} {} on the merge with {target}",
            gate.name,
            red.end.describe()
        );
        Ok(Reason {
            outcome: Outcome::Red,
            short,
            detail: Some(format!(
                "{blame}\n\nThe end of its output:\n\n{}",
                red.tail()
            )),
        })
    }
}

/// What helps besides the reason.
fn advice(merge: &Merge, target: &str) -> Option<String> {
    match merge {
        Merge::Conflict(_) => Some(
            "Merge the target into the branch, resolve the conflicts there, and run `gt done` again."
                .to_owned(),
        ),
        Merge::TouchesBeads(_) => Some(format!(
            "`git restore --source={target} --staged --ignore-skip-worktree-bits .beads`, commit, and run `gt done` again: \
             what concerns the store is said through `bd` and `gt`."
        )),
        _ => None,
    }
}
