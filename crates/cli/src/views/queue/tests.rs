use super::super::samples::{merge_request, now};
use super::*;

#[test]
fn the_queue_says_why_it_waits() {
    let mut waiting = merge_request();
    if let Some(fields) = &mut waiting.merge_request {
        fields.outcome = None;
    }
    let queue = QueueView(vec![
        MergeRequestView::new(&waiting, now())
            .at(1)
            .waiting_for("gates are not approved: `gt trust`"),
        MergeRequestView::new(&merge_request(), now()),
    ]);
    insta::assert_snapshot!(queue.text(&Look::default()), @r"
    #1   gt-mr-abc12.2  gt-abc12 3f2a9c1 → main  gastown/polecats/toast  2h  waits: gates are not approved: `gt trust`
    red  gt-mr-abc12.2  gt-abc12 3f2a9c1 → main  gastown/polecats/toast  2h
    ");
    let json = serde_json::to_value(&queue).unwrap();
    assert_eq!(json[0]["position"], 1);
    assert_eq!(json[0]["source"], "gt-abc12");
    assert_eq!(json[1]["outcome"], "red");
}

#[test]
fn an_empty_queue() {
    assert_eq!(
        QueueView(Vec::new()).text(&Look::default()),
        "The merge queue is empty\n"
    );
}
