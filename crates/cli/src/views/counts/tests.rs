use super::super::samples::view;
use super::*;

#[test]
fn statistics() {
    let stats = StatsView {
        summary: StatsSummary {
            total_issues: 12,
            ready_issues: 3,
            average_lead_time_hours: 7.25,
            ..Default::default()
        },
    };
    insta::assert_snapshot!(stats.text(&Look::default()), @r"
    Issues
      Total                  12
      Open                    0
      Ready                   3
      Blocked                 0
      Hooked                  0
      In progress             0
      Escalated               0
      Deferred                0
      Completed               0
      Closed                  0
      Pinned                  0
      Epics to close          0
      Average lead time     7.2 h
    ");
    let json = serde_json::to_value(&stats).unwrap();
    assert_eq!(json["summary"]["total_issues"], 12);
    assert_eq!(json["summary"]["average_lead_time_hours"], 7.25);
}

#[test]
fn counts() {
    let all = CountView::All { count: 3 };
    assert_eq!(serde_json::to_string(&all).unwrap(), r#"{"count":3}"#);
    assert_eq!(all.text(&Look::default()), "3\n");
    let grouped = CountView::Grouped {
        total: 3,
        groups: vec![GroupView {
            group: "open".into(),
            count: 3,
        }],
    };
    assert_eq!(
        serde_json::to_string(&grouped).unwrap(),
        r#"{"total":3,"groups":[{"group":"open","count":3}]}"#
    );
    assert_eq!(grouped.text(&Look::default()), "Total: 3\nopen       3\n");
}

#[test]
fn labels() {
    let label = |label: &str, count| LabelCount {
        label: label.into(),
        count,
    };
    let list = LabelCountsView(vec![label("auth", 12), label("w\x1beb", 1)]);
    insta::assert_snapshot!(list.text(&Look::default()), @r"
    auth           12
    w\u{1b}eb       1
    ");
    assert_eq!(serde_json::to_value(&list).unwrap()[0]["label"], "auth");
}

#[test]
fn an_epic_without_children_cannot_be_closed() {
    let epic = |closed, total| EpicView::new(view("gt-epic1", "Login"), closed, total);
    assert!(!epic(0, 0).eligible_for_close);
    let list = EpicListView(vec![epic(1, 2), epic(2, 2)]);
    insta::assert_snapshot!(list.text(&Look::default()), @r"
    gt-epic1  P2  open  task  Login  1/2 closed
    gt-epic1  P2  open  task  Login  2/2 closed  can be closed
    ");
    let json = serde_json::to_value(&list).unwrap();
    assert_eq!(json[0]["epic"]["id"], "gt-epic1");
    assert_eq!(json[1]["eligible_for_close"], true);
}
