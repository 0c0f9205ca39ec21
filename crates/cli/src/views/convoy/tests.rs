use super::super::samples::{id, now, time};
use super::*;

fn convoy() -> Convoy {
    let mut convoy = Convoy::new(
        id("hq-cv-7x2k9"),
        "Auth system fixes",
        time("2026-01-10T10:35:00Z"),
    );
    convoy.owner = Some("overseer".into());
    convoy.see(
        &id("gt-abc12"),
        "Fix login redirect loop",
        &Status::InProgress,
    );
    convoy.see(&id("gt-def34"), "Add email validation", &Status::Closed);
    convoy.see(&id("frontend-ghi56"), "Show \u{202e}it", &Status::Closed);
    convoy
}

#[test]
fn progress_on_a_line() {
    let mut other = convoy();
    other.title = "Second".into();
    other.beads.clear();
    let list = ConvoyListView(vec![
        ConvoyView::new(&convoy(), now()),
        ConvoyView::new(&other, now()),
    ]);
    insta::assert_snapshot!(list.text(&Look::default()), @r"
    hq-cv-7x2k9  P2  open    [#####---]  2/3 closed  Auth system fixes  5d
    hq-cv-7x2k9  P2  open    [--------]  0/0 closed  Second  5d
    ");
}

#[test]
fn with_its_beads() {
    let view = ConvoyView::new(&convoy(), now());
    insta::assert_snapshot!(view.text(&Look::default()), @r"
    hq-cv-7x2k9  Auth system fixes
    Status: open  Priority: P2
    Progress: [#####---] 2/3 closed
    Owner: overseer
    Created: 2026-01-10T10:35:00Z

    Beads (3)
      gt-abc12        in_progress  Fix login redirect loop
      gt-def34        closed       Add email validation
      frontend-ghi56  closed       Show \u{202e}it
    ");
    let json = serde_json::to_string_pretty(&view).unwrap();
    insta::assert_snapshot!(json.replace('\u{202e}', "<RLO>"), @r#"
    {
      "id": "hq-cv-7x2k9",
      "title": "Auth system fixes",
      "status": "open",
      "priority": 2,
      "owner": "overseer",
      "closed_at": null,
      "close_reason": null,
      "description": null,
      "progress": {
        "closed": 2,
        "total": 3
      },
      "beads": [
        {
          "id": "gt-abc12",
          "title": "Fix login redirect loop",
          "status": "in_progress"
        },
        {
          "id": "gt-def34",
          "title": "Add email validation",
          "status": "closed"
        },
        {
          "id": "frontend-ghi56",
          "title": "Show <RLO>it",
          "status": "closed"
        }
      ],
      "created_at": "2026-01-10T10:35:00Z"
    }
    "#);
}

#[test]
fn the_bar_is_full_only_at_the_end() {
    let bar = |closed, total| Progress { closed, total }.bar();
    assert_eq!(bar(0, 0), "[--------]");
    assert_eq!(bar(99, 100), "[#######-]");
    assert_eq!(bar(100, 100), "[########]");
}
