use super::super::samples::{child, full, id, merge_request, time, view, view_of};
use super::*;

fn comment(text: &str) -> CommentView {
    let comment = model::Comment {
        bead: id("gt-abc12"),
        author: "gastown/polecats/toast".into(),
        text: text.into(),
        extra: Vec::new(),
        created_at: time("2026-01-15T10:42:00Z"),
    };
    CommentView::new("20260115T104200Z-k3x9", &comment)
}

fn sample() -> ShowView {
    let mut bead = full();
    bead.add_dependency(model::Dependency::new(
        id("gt-gone1"),
        model::DependencyType::parse("related").unwrap(),
    ));
    ShowView::new(
        view_of(&bead),
        vec![
            LinkedView::new(view("gt-epic1", "Login"), "parent-child"),
            LinkedView::new(view("gt-def34", "Add validation"), "blocks"),
        ],
        vec![
            LinkedView::new(view("gt-ghi56", "Announce"), "blocks"),
            LinkedView::new(
                child("gt-abc12.k3x", "Callback", "gt-abc12"),
                "parent-child",
            ),
        ],
        vec![
            comment("Reproduced with Firefox only."),
            comment("a\x1b]0;x\x07\nb"),
        ],
    )
}

#[test]
fn everything_about_a_bead() {
    insta::assert_snapshot!(sample().text(&Look::default()), @r"
    gt-abc12  Fix login redirect loop
    Status: closed  Priority: P1  Type: bug
    Assignee: gastown/polecats/toast (attempt 2)
    Labels: auth, web
    Parent: gt-epic1
    Branch: polecat/toast/gt-abc12
    External: gh-123
    Created: 2026-01-15T10:30:00Z by overseer
    Updated: 2026-01-15T11:00:00Z
    Started: 2026-01-15T10:41:07Z
    Closed: 2026-01-15T11:00:00Z (landed)
    Due: 2026-01-20T00:00:00Z
    Deferred until: 2026-01-16

    Description
      The OAuth callback loses `next`.

      Steps: log in.

    Design
      Keep it in the state.

    Acceptance criteria
      - the deep link survives

    Notes
      Firefox only.

    Metadata
      team: identity

    Other fields
      owner: ann
      estimated_minutes: 90

    Dependencies (3)
      gt-epic1  P2  open  task  Login  (parent-child)
      gt-def34  P2  open  task  Add validation  (blocks)
      gt-gone1  (related, not found)

    Children (1)
      gt-abc12.k3x  P2  open  task  Callback  (parent-child)

    Blocks (1)
      gt-ghi56  P2  open  task  Announce  (blocks)

    Comments (2)
      gastown/polecats/toast  2026-01-15T10:42:00Z
        Reproduced with Firefox only.

      gastown/polecats/toast  2026-01-15T10:42:00Z
        a\u{1b}]0;x\u{7}
        b
    ");
}

#[test]
fn json_holds_whole_beads() {
    let json = serde_json::to_value(ShowListView(vec![sample()])).unwrap();
    let bead = &json[0];
    assert_eq!(bead["dependencies"][1]["title"], "Add validation");
    assert_eq!(bead["dependencies"][1]["dependency_type"], "blocks");
    assert_eq!(bead["dependents"][0]["status"], "open");
    assert_eq!(bead["dangling"][0]["depends_on_id"], "gt-gone1");
    assert_eq!(
        bead["comments"][0],
        serde_json::json!({
            "id": "20260115T104200Z-k3x9",
            "issue_id": "gt-abc12",
            "author": "gastown/polecats/toast",
            "text": "Reproduced with Firefox only.",
            "created_at": "2026-01-15T10:42:00Z",
        })
    );
}

#[test]
fn no_key_appears_twice() {
    let text = serde_json::to_string(&ShowView::new(
        view_of(&full()),
        Vec::new(),
        Vec::new(),
        Vec::new(),
    ))
    .unwrap();
    for key in ["dependencies", "dependents", "comments", "updated_at"] {
        assert_eq!(text.matches(&format!("\"{key}\":")).count(), 1, "{key}");
    }
}

#[test]
fn a_merge_request_shows_its_gates() {
    let show = ShowView::new(
        view_of(&merge_request()),
        Vec::new(),
        Vec::new(),
        Vec::new(),
    );
    insta::assert_snapshot!(show.text(&Look::default()), @r"
    gt-mr-abc12.2  Fix login redirect loop
    Status: open  Priority: P2  Type: merge-request
    Created: 2026-01-15T10:30:00Z by overseer
    Updated: 2026-01-15T10:30:00Z

    Merge request
      Source: gt-abc12
      Head: 3f2a9c1d5e
      Target: main
      Worker: gastown/polecats/toast
      Host: h-3fk29c
      Outcome: red
      Gate test: red (exit 1) in 12s  gates/test.log
    ");
    assert_eq!(serde_json::to_value(&show).unwrap()["gates"][0]["exit"], 1);
}
