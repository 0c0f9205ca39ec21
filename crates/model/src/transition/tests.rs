use super::*;

fn all_states() -> Vec<Status> {
    [
        "open",
        "hooked",
        "in_progress",
        "escalated",
        "deferred",
        "completed",
        "closed",
        "blocked",
        "review",
    ]
    .map(|name| Status::parse(name).unwrap())
    .to_vec()
}

fn reached(event: &Event) -> String {
    all_states()
        .iter()
        .map(|from| match transition(from, event) {
            Ok(to) => format!("{from}>{to}"),
            Err(refusal) => {
                assert!(!refusal.remedy.is_empty());
                format!("{from}!")
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn sling() {
    assert_eq!(
        reached(&Event::Sling { forced: false }),
        "open>hooked hooked! in_progress! escalated! deferred! completed! closed! blocked>hooked review>hooked"
    );
    assert_eq!(
        reached(&Event::Sling { forced: true }),
        "open>hooked hooked>hooked in_progress>hooked escalated>hooked deferred>hooked completed>hooked closed! blocked>hooked review>hooked"
    );
}

#[test]
fn claim_and_pick_up() {
    assert_eq!(
        reached(&Event::Claim { mine: false }),
        "open>in_progress hooked! in_progress! escalated! deferred! completed! closed! blocked>in_progress review>in_progress"
    );
    assert_eq!(
        reached(&Event::PickUp),
        "open! hooked>in_progress in_progress>in_progress escalated! deferred! completed! closed! blocked! review!"
    );
}

#[test]
fn the_four_exits() {
    let expected = |to: &str| {
        format!(
            "open! hooked>{to} in_progress>{to} escalated! deferred! completed! closed! blocked! review!"
        )
    };
    assert_eq!(reached(&Event::Complete), expected("completed"));
    assert_eq!(reached(&Event::Finish), expected("closed"));
    assert_eq!(
        reached(&Event::Escalate),
        "open! hooked>escalated in_progress>escalated escalated>escalated deferred! completed! closed! blocked! review!"
    );
    assert_eq!(
        reached(&Event::Defer { held: false }),
        "open>deferred hooked>deferred in_progress>deferred escalated! deferred>deferred completed! closed! blocked>deferred review>deferred"
    );
}

#[test]
fn only_completed_work_lands() {
    assert_eq!(
        reached(&Event::Land),
        "open! hooked! in_progress! escalated! deferred! completed>closed closed! blocked! review!"
    );
    assert_eq!(
        reached(&Event::SendBack),
        "open! hooked! in_progress! escalated! deferred! completed>open closed! blocked! review!"
    );
}

#[test]
fn closing() {
    let by = |by, forced| reached(&Event::Close { by, forced });
    assert!(by(Closer::Unheld, false).contains("completed!"));
    assert!(by(Closer::Holder, false).contains("in_progress!"));
    assert!(by(Closer::Other, false).contains("hooked!"));
    assert!(!by(Closer::Other, true).contains('!'));
}

#[test]
fn status_is_set_freely_only_where_no_hook_holds_it() {
    let free = |to: &str, held| {
        reached(&Event::Set {
            to: Status::parse(to).unwrap(),
            held,
        })
    };
    assert_eq!(
        free("deferred", false),
        "open>deferred hooked>deferred in_progress>deferred escalated>deferred deferred>deferred completed! closed>deferred blocked>deferred review>deferred"
    );
    assert!(free("open", true).contains("in_progress!"));
    for to in ["hooked", "escalated", "completed"] {
        assert!(free(to, false).contains("open!"), "{to}");
    }
}
