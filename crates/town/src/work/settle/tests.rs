//! What bead, hook, ticket and merge request say together, as a table.

use super::*;
use crate::fixture;
use model::Kind;

const NOW: &str = "2026-01-15T10:05:00Z";

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

/// What is left of an attempt that is under way.
fn under_way() -> Situation {
    let ticket = fixture::ticket();
    let mut bead = Bead::new(ticket.bead.clone(), "Work", time(NOW), "overseer");
    bead.attempt = ticket.attempt;
    bead.assignee = Some(ticket.agent.to_string());
    bead.move_to(Status::InProgress, &time(NOW));
    Situation {
        agent: ticket.agent.clone(),
        bead: Some(bead),
        hook: Some(hook(ticket.attempt, &ticket.nonce)),
        ticket: Some(ticket),
        merge_request: None,
        is_followed: false,
        is_elsewhere: false,
    }
}

fn hook(attempt: u32, nonce: &str) -> Hook {
    let text = format!(
        "format: 1\nagent: app/polecats/toast\nbead: gt-abc12\ntitle: Work\nattempt: {attempt}\nnonce: {nonce}\nhost: h-one\nhooked_at: {NOW}\nhooked_by: overseer\n"
    );
    Document::<Hook>::read(&text).unwrap()
}

fn bead(situation: &mut Situation) -> &mut Bead {
    situation.bead.as_mut().unwrap()
}

/// As the command leaves the ticket that was about to write what the bead says, or
/// that was cut short before.
fn ending(situation: &mut Situation) {
    let ticket = situation.ticket.as_mut().unwrap();
    let bead = situation.bead.as_ref();
    ticket.ends_as = Some(match bead {
        Some(bead) if bead.attempt == ticket.attempt => bead.status.clone(),
        _ => Status::Hooked,
    });
}

fn filed(situation: &mut Situation) {
    let id = Id::parse("gt-mr-abc12.1").unwrap();
    let mut request = Bead::new(id, "Work", time(NOW), "toast");
    request.kind = Kind::merge_request();
    situation.merge_request = Some(request);
}

/// A short word for each finding.
fn found(situation: &Situation) -> String {
    let words = settle(situation).into_iter().map(|it| match it {
        Finding::Outlived(_) => "outlived".to_owned(),
        Finding::Report(_) => "report".to_owned(),
        Finding::Half(fix) => format!("{fix:?}"),
    });
    words.collect::<Vec<_>>().join(" ")
}

type Change = fn(&mut Situation);

/// What git or a hand may bring, while no command ends the attempt, and what is
/// found then; and what if a command had begun to.
#[test]
fn a_ticket_is_retired_only_where_a_command_ends_its_attempt() {
    let table: &[(&str, Change, &str, &str)] = &[
        ("under way", |_| (), "", "KeepTicket"),
        (
            "closed",
            |it| bead(it).move_to(Status::Closed, &time(NOW)),
            "outlived",
            "RemoveHook RetireTicket",
        ),
        (
            "open",
            |it| bead(it).move_to(Status::Open, &time(NOW)),
            "outlived",
            "RemoveHook RetireTicket",
        ),
        (
            "somebody else's",
            |it| {
                bead(it).assignee = Some("app/polecats/nux".to_owned());
                bead(it).move_to(Status::Hooked, &time(NOW));
            },
            "outlived",
            "outlived",
        ),
        (
            "at a later attempt",
            |it| bead(it).attempt = 2,
            "outlived",
            "RemoveHook RetireTicket",
        ),
        (
            "closed, and the hook gone",
            |it| {
                bead(it).move_to(Status::Closed, &time(NOW));
                it.hook = None;
            },
            "outlived",
            "RetireTicket",
        ),
        (
            "closed, and another hook in its place",
            |it| {
                bead(it).move_to(Status::Closed, &time(NOW));
                it.hook = Some(hook(1, "other"));
            },
            "outlived",
            "RetireTicket",
        ),
        (
            "closed at an earlier attempt",
            |it| {
                bead(it).move_to(Status::Closed, &time(NOW));
                bead(it).attempt = 0;
            },
            "outlived",
            "outlived",
        ),
        (
            "not slung yet",
            |it| {
                bead(it).move_to(Status::Open, &time(NOW));
                bead(it).attempt = 0;
                it.hook = None;
            },
            "HookBead RestoreHook",
            "HookBead RestoreHook",
        ),
        ("gone", |it| it.bead = None, "outlived", "outlived"),
        (
            "under way, and the hook gone",
            |it| it.hook = None,
            "RestoreHook",
            "KeepTicket RestoreHook",
        ),
        (
            "its merge request filed",
            filed,
            "",
            "CompleteBead RemoveHook RetireTicket",
        ),
        (
            "on its way to somebody else",
            |it| it.is_followed = true,
            "",
            "",
        ),
        (
            "closed in another store of the clone",
            |it| {
                bead(it).move_to(Status::Closed, &time(NOW));
                it.is_elsewhere = true;
            },
            "",
            "",
        ),
    ];
    for (what, change, as_it_is, ended) in table {
        let mut situation = under_way();
        change(&mut situation);
        assert_eq!(found(&situation), *as_it_is, "{what}");
        ending(&mut situation);
        assert_eq!(found(&situation), *ended, "{what}, and a command ends it");
    }
}

#[test]
fn an_escalation_parks_the_hook_and_an_answer_lets_it_go_on() {
    let mut situation = under_way();
    bead(&mut situation).move_to(Status::Escalated, &time(NOW));
    assert_eq!(found(&situation), "ParkHook");
    let parked = escalated(bead(&mut situation), &time(NOW));
    situation.hook.as_mut().unwrap().parked = Some(parked);
    assert_eq!(found(&situation), "");
    bead(&mut situation).move_to(Status::InProgress, &time(NOW));
    assert_eq!(found(&situation), "UnparkHook");
}

#[test]
fn a_hook_without_a_ticket_is_told_of() {
    let mut situation = under_way();
    situation.ticket = None;
    assert_eq!(found(&situation), "report");
    situation.hook = None;
    assert_eq!(found(&situation), "");
}
