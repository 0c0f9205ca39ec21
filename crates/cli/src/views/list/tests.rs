use super::super::samples::{bead, full, view, view_of};
use super::*;

fn sample() -> Vec<BeadView> {
    vec![view_of(&full()), view("hq-9k2mz", "東京 \x1b[31mred\nline")]
}

#[test]
fn columns_are_aligned_and_control_characters_visible() {
    insta::assert_snapshot!(ListView::new(sample()).text(&Look::default()), @r"
    gt-abc12  P1  closed  bug   Fix login redirect loop   @gastown/polecats/toast  [auth, web]
    hq-9k2mz  P2  open    task  東京 \u{1b}[31mred\u{a}line
    ");
}

#[test]
fn a_terminal_cuts_titles_not_the_rest() {
    let look = Look {
        colour: false,
        width: Some(80),
    };
    let mut long = bead("gt-abc12", &"wide ".repeat(40));
    long.labels = vec!["web".into()];
    let line = list_line(&view_of(&long), &look);
    assert_eq!(width(&line), 80);
    assert!(line.ends_with("…  [web]"), "{line}");
}

#[test]
fn long_form() {
    let list = ListView::new(sample()).with_layout(Layout::Long);
    insta::assert_snapshot!(list.text(&Look::default()), @r"
    gt-abc12  P1  closed  bug  Fix login redirect loop   @gastown/polecats/toast  [auth, web]
        Created: 2026-01-15T10:30:00Z by overseer
        Updated: 2026-01-15T11:00:00Z
        Due: 2026-01-20T00:00:00Z
        Deferred until: 2026-01-16
        Closed: 2026-01-15T11:00:00Z
        Branch: polecat/toast/gt-abc12
        External: gh-123
        Depends on: gt-epic1 (parent-child), gt-def34 (blocks)

        The OAuth callback loses `next`.

        Steps: log in.

    hq-9k2mz  P2  open  task  東京 \u{1b}[31mred\u{a}line
        Created: 2026-01-15T10:30:00Z by overseer
        Updated: 2026-01-15T10:30:00Z
    ");
}

#[test]
fn colour_changes_no_text() {
    let look = Look {
        colour: true,
        width: None,
    };
    let list = ListView::new(sample());
    let coloured = list.text(&look);
    assert!(coloured.contains("\x1b[33mP1\x1b[0m"));
    let mut stripped = coloured;
    for code in ["0", "1", "2", "33"] {
        stripped = stripped.replace(&format!("\x1b[{code}m"), "");
    }
    assert_eq!(stripped, list.text(&Look::default()));
}

#[test]
fn nothing_is_said_in_words_and_as_an_empty_array() {
    let list = ListView::new(Vec::new()).when_empty("No open issues found");
    assert_eq!(list.text(&Look::default()), "No open issues found\n");
    assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
}

#[test]
fn blocked() {
    let list = BlockedListView(vec![BlockedView::new(
        view("gt-abc12", "Login"),
        vec!["gt-def34".into(), "gt-ghi56".into()],
    )]);
    insta::assert_snapshot!(list.text(&Look::default()), @r"
    gt-abc12  P2  open  task  Login
        Blocked by: gt-def34, gt-ghi56
    ");
    let json = serde_json::to_value(&list).unwrap();
    assert_eq!(json[0]["blocked_by_count"], 2);
    assert_eq!(json[0]["id"], "gt-abc12");
}
