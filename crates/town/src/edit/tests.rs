use super::*;

fn bead() -> Bead {
    let time = Time::parse("2026-01-15T10:30:00Z").unwrap();
    Bead::new(Id::parse("gt-abc12").unwrap(), "Title", time, "ann")
}

#[test]
fn an_edit_changes_what_it_names() {
    let mut edited = bead();
    let labels = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Edit {
        description: Change::To("text".into()),
        append_notes: Some("one".into()),
        estimated_minutes: Change::To(90),
        add_labels: labels(&["b", "a", "c"]),
        remove_labels: labels(&["c"]),
        set_metadata: parse_metadata("team=x").unwrap(),
        ..Edit::default()
    }
    .apply(&mut edited);
    assert_eq!(edited.title, "Title");
    assert_eq!(edited.labels, ["a", "b"]);
    assert_eq!(
        edited.extra("estimated_minutes").unwrap().to_json(),
        serde_json::json!(90)
    );
    let second = Edit {
        append_notes: Some("two".into()),
        estimated_minutes: Change::Clear,
        set_labels: Some(labels(&["z"])),
        unset_metadata: labels(&["team"]),
        ..Edit::default()
    };
    second.apply(&mut edited);
    assert_eq!(edited.notes.as_deref(), Some("one\ntwo"));
    assert_eq!(edited.labels, ["z"]);
    assert!(edited.metadata.is_empty() && edited.extra.is_empty());
}

#[test]
fn an_equal_value_keeps_its_place() {
    let mut first = bead();
    first.set_extra("estimated_minutes", Value::Int(5));
    first.set_extra("owner", Value::Str("ann".into()));
    let mut second = first.clone();
    let edit = Edit {
        estimated_minutes: Change::To(5),
        ..Edit::default()
    };
    edit.apply(&mut second);
    assert_eq!(first, second);
}

#[test]
fn labels_and_titles() {
    for label in ["", " a", "a,b", "a\nb", "\u{1b}[31m"] {
        assert!(check_label(label).is_err(), "{label:?}");
    }
    assert!(check_label("needs review").is_ok());
    let error = check_title(" ").unwrap_err();
    assert_eq!(error.to_string(), "title is required");
}
