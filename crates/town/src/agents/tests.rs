use super::*;
use crate::fixture;
use model::Parked;

fn id() -> Id {
    Id::parse("gt-abc12").unwrap()
}

fn time() -> Time {
    Time::parse("2026-01-15T10:40:58Z").unwrap()
}

fn toast() -> Address {
    Address::parse("gastown/toast").unwrap()
}

fn hook() -> Hook {
    Hook {
        agent: toast(),
        bead: id(),
        title: "Fix it".to_owned(),
        attempt: 2,
        nonce: "7fq2k9x3".to_owned(),
        host: "h-here".to_owned(),
        runtime: Some("claude".to_owned()),
        branch: None,
        target: None,
        instructions: None,
        molecule: None,
        what_to_do: None,
        step: None,
        parked: None,
        hooked_at: time(),
        hooked_by: "overseer".to_owned(),
        extra: Vec::new(),
    }
}

fn ticket() -> Ticket {
    Ticket {
        agent: toast(),
        attempt: 2,
        nonce: "7fq2k9x3".to_owned(),
        ..fixture::ticket()
    }
}

fn session(nonce: &str) -> Session {
    Session {
        agent: toast(),
        attempt: 2,
        nonce: nonce.to_owned(),
        process: None,
        ..fixture::session()
    }
}

fn traces() -> Traces {
    Traces {
        hook: Some(hook()),
        ticket: Some(ticket()),
        session: Some(session("7fq2k9x3")),
        is_alive: true,
    }
}

fn after(change: impl FnOnce(&mut Traces)) -> State {
    let mut traces = traces();
    change(&mut traces);
    state(&traces, Some("h-here"))
}

#[test]
fn each_state() {
    assert_eq!(after(|_| {}), State::Working);
    assert_eq!(after(|it| it.is_alive = false), State::Stopped);
    assert_eq!(after(|it| it.session = None), State::Waiting);
    assert_eq!(after(|it| it.hook = None), State::HookMissing);
    assert_eq!(after(|it| it.ticket = None), State::Unaccepted);
    let by_hand = |it: &mut Traces| it.ticket.as_mut().unwrap().spawn = false;
    assert_eq!(after(by_hand), State::ByHand);
    let parked = Parked {
        on: id(),
        reason: "gate".to_owned(),
        note: None,
        since: time(),
    };
    let park = |it: &mut Traces| it.hook.as_mut().unwrap().parked = Some(parked);
    assert_eq!(after(park), State::Parked);
    let foreign = |it: &mut Traces| {
        it.ticket = None;
        it.hook.as_mut().unwrap().host = "h-there".to_owned();
    };
    assert_eq!(after(foreign), State::Elsewhere);
}

#[test]
fn an_earlier_attempt_says_nothing_of_this_one() {
    let old = |it: &mut Traces| it.session = Some(session("old"));
    assert_eq!(after(old), State::Waiting);
    let changed = |it: &mut Traces| it.hook.as_mut().unwrap().nonce = "other".to_owned();
    assert_eq!(after(changed), State::Unaccepted);
}
