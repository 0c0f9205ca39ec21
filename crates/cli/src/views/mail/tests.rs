use super::super::samples::{now, time};
use super::*;
use model::Address;

fn mail() -> Mail {
    Mail {
        from: "gastown/polecats/toast".into(),
        to: Address::Mayor,
        subject: "Which provider?".into(),
        priority: Priority::parse("1").unwrap(),
        created_at: time("2026-01-15T11:00:00Z"),
        thread: None,
        body: Some("gt-abc12 needs a decision.\x07\n".into()),
        extra: Vec::new(),
    }
}

#[test]
fn inbox() {
    let view = |name: &str| MailView::new(name, &mail(), now());
    let list = MailListView(vec![
        view("20260115T110000Z-p2qa"),
        view("20260115T110000Z-zzzz").marked(true, false),
    ]);
    insta::assert_snapshot!(list.text(&Look::default()), @r"
    20260115T110000Z-p2qa  new   P1  gastown/polecats/toast  Which provider?  1h
    20260115T110000Z-zzzz  read  P1  gastown/polecats/toast  Which provider?  1h
    ");
}

#[test]
fn one_message() {
    let view = MailView::new("20260115T110000Z-p2qa", &mail(), now());
    insta::assert_snapshot!(view.text(&Look::default()), @r"
    Which provider?
    From: gastown/polecats/toast
    To: mayor
    Date: 2026-01-15T11:00:00Z
    Priority: P1

    gt-abc12 needs a decision.\u{7}
    ");
    let json = serde_json::to_value(&view).unwrap();
    assert_eq!(json["body"], "gt-abc12 needs a decision.\u{7}\n");
    assert_eq!(json["read"], false);
}
