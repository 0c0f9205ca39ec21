use super::super::samples::{id, time};
use super::*;
use model::Parked;

fn hook() -> Hook {
    Hook {
        agent: Address::parse("gastown/polecats/toast").unwrap(),
        bead: id("gt-abc12"),
        title: "Fix login redirect loop".into(),
        attempt: 2,
        nonce: "7fq2k9x3".into(),
        host: "h-3fk29c".into(),
        runtime: Some("claude".into()),
        branch: Some("polecat/toast/gt-abc12".into()),
        target: Some("main".into()),
        instructions: Some("Focus on the callback handler.".into()),
        molecule: Some(id("gt-mol-4hj2w")),
        what_to_do: Some("1. `bd show gt-abc12`".into()),
        step: Some("3 implement: Implement the solution".into()),
        parked: Some(Parked {
            on: id("gt-abc12"),
            reason: "escalated".into(),
            note: Some("which\nprovider?".into()),
            since: time("2026-01-15T11:00:00Z"),
        }),
        hooked_at: time("2026-01-15T10:40:58Z"),
        hooked_by: "overseer".into(),
        extra: Vec::new(),
    }
}

#[test]
fn work_on_a_hook() {
    let view = HookView::new(&hook()).with_note("came by git: `gt hook accept`");
    insta::assert_snapshot!(view.text(&Look::default()), @r"
    gastown/polecats/toast
    gt-abc12  Fix login redirect loop
    Attempt: 2
    Branch: polecat/toast/gt-abc12
    Target: main
    Runtime: claude
    Host: h-3fk29c
    Molecule: gt-mol-4hj2w
    Step: 3 implement: Implement the solution
    Parked: escalated on gt-abc12 since 2026-01-15T11:00:00Z: which\u{a}provider?
    Hooked: 2026-01-15T10:40:58Z by overseer
    Note: came by git: `gt hook accept`

    Instructions
      Focus on the callback handler.

    What to do
      1. `bd show gt-abc12`
    ");
    let json = serde_json::to_value(&view).unwrap();
    assert_eq!(json["agent"], "gastown/polecats/toast");
    assert_eq!(json["hook"]["parked"]["reason"], "escalated");
}

#[test]
fn an_empty_hook_is_null() {
    let view = HookView::empty(&Address::Mayor);
    assert_eq!(view.text(&Look::default()), "mayor: nothing on the hook\n");
    assert_eq!(
        serde_json::to_string(&view).unwrap(),
        r#"{"agent":"mayor","hook":null}"#
    );
}
