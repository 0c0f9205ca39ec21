use super::*;
use indoc::indoc;
use model::{Bead, Field, Id, Status, Style, Time};
use proptest::prelude::*;

fn bead() -> Bead {
    let now = Time::parse("2026-01-15T10:30:00Z").unwrap();
    Bead::new(Id::parse("gt-abc12").unwrap(), "Fix login", now, "overseer")
}

fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\n\t]{0,60}",
        "\\PC{0,20}",
        "[ \n\t|>#:&*!%@`'\"\\[\\]{},?=<~-]{0,20}",
        prop::sample::select(vec![
            "off",
            "Yes",
            "~",
            "null",
            "0x1f",
            "1e3",
            "2026-01-15",
            "2026-01-15T10:30:00Z",
            "-",
            "--- a",
            "- a\n- b",
            "a: b",
            " a",
            "\ta\nb",
            "a\n",
            "a\n\n",
            "\na",
            "a\n \nb",
            "a\n  ",
            "\r\n",
            "\u{85}",
            "a\u{2028}b",
            "\u{feff}x",
            "\u{7f}",
            "\u{9f}",
            "\u{fffe}",
            "<<<<<<< HEAD\n=======\n>>>>>>> x",
            "#c\n#d",
            "a\n---\nb",
            "012",
            "-0",
            "1_000",
            "",
        ])
        .prop_map(str::to_owned),
    ]
}

fn scalar_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e300f64..1e300).prop_map(Value::Float),
        nasty().prop_map(Value::Str),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar_value().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map("[a-z_A-Z: -]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

fn style() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![Style::Auto, Style::Quoted, Style::Prose, Style::Time])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 1500 } else { 20_000 }))]

    #[test]
    fn what_is_written_is_read_by_both_readers(fields in prop::collection::vec((value(), style()), 1..6)) {
        let fields: Vec<Field> = fields
            .into_iter()
            .enumerate()
            .map(|(at, (value, style))| Field { key: format!("key{at}").into(), value, style })
            .collect();
        let text = write::file("# comment\n", &fields);
        let entries: Vec<Entry> =
            fields.iter().map(|f| Entry { key: f.key.to_string(), value: f.value.clone() }).collect();
        prop_assert_eq!(&full::parse(&text).map_err(|e| TestCaseError::fail(format!("{e:?}\n{text}")))?, &entries, "{}", text);
        if let Some(scanned) = scan::scan(&text) {
            prop_assert_eq!(&scanned, &entries, "{}", text);
        }
        let keys: Vec<String> = spans::spans(&text).into_iter().map(|s| s.key).collect();
        prop_assert_eq!(keys, entries.iter().map(|e| e.key.clone()).collect::<Vec<_>>(), "{}", text);
    }

    #[test]
    fn the_scanner_reads_plain_beads(text in nasty()) {
        let mut bead = bead();
        bead.description = Some(text.clone()).filter(|t| !t.is_empty());
        bead.assignee = Some(text.clone()).filter(|t| !t.is_empty());
        let written = Document::render(&bead);
        prop_assert!(scan::scan(&written).is_some() || !scalar_is_scannable(&text), "{}", written);
        prop_assert_eq!(Document::<Bead>::read(&written).unwrap(), bead);
    }

    /// The scanner never reads anything otherwise than the full parser.
    #[test]
    fn the_scanner_agrees_with_the_parser_on_any_text(
        lines in prop::collection::vec(prop::sample::select(vec![
            "a: b", "b: \"x\"", "c: |-", "d: |", "e: |2", "  text", "   more", "", " ", "    ", "f:", "  - x", "  - k: v", "    l: w",
            "  k: v", "# c", "g: []", "h: 12", "i: 012", "j: off", "k: 2026-01-15", "l: null", "  # c", "- x", "m: \"a\\x41\"", "n: a b", "\ttab", "o: |+", "  \t", "p: -1", "q: 2026-99",
        ]), 1..12)
    ) {
        let text = lines.join("\n") + "\n";
        if let Some(scanned) = scan::scan(&text) {
            prop_assert_eq!(Ok(scanned), full::parse(&text), "{}", text);
        }
    }

    #[test]
    fn an_edit_rewrites_only_its_own_span(title in "[a-z ]{1,20}x", description in nasty(), label in "[a-z]{1,5}") {
        let text = Document::render(&bead()).replace("labels: []", "# mind this\nlabels: []").replace("created_at:", "strange: {a: [1,   2]} # kept\n\ncreated_at:");
        let document = Document::<Bead>::parse(&text).unwrap();
        let mut edited = document.record.clone();
        edited.title = title;
        edited.description = Some(description);
        edited.add_label(&label);
        let after = document.with(&edited).unwrap();
        prop_assert_eq!(&Document::<Bead>::read(&after).unwrap(), &edited, "{}", after);
        let kept = ["# mind this\nlabels:\n  - ", "strange: {a: [1,   2]} # kept\n"];
        prop_assert!(kept.iter().all(|part| after.contains(part)), "{}", after);
        prop_assert_eq!(Document::<Bead>::parse(&after).unwrap().with(&document.record).unwrap(), text);
    }
}

fn scalar_is_scannable(text: &str) -> bool {
    !text.starts_with('\n') && !text.contains('\u{fffd}')
}

#[test]
fn the_canonical_bead() {
    let mut bead = bead();
    bead.add_label("web");
    bead.add_label("auth");
    bead.description = Some("First.\n\nSecond.".to_owned());
    bead.metadata = vec![("team".to_owned(), Value::Str("identity".to_owned()))];
    bead.move_to(
        Status::InProgress,
        &Time::parse("2026-01-15T10:41:07Z").unwrap(),
    );
    assert_eq!(
        Document::render(&bead),
        indoc! {r#"
            format: 1

            id: gt-abc12

            title: "Fix login"

            type: task

            status: in_progress

            priority: 2

            assignee: null

            attempt: 0

            parent: null

            labels:
              - auth
              - web

            dependencies: []

            branch: null

            started_at: 2026-01-15T10:41:07Z

            closed_at: null

            close_reason: null

            defer_until: null

            due_at: null

            description: |-
              First.

              Second.


            design: null

            acceptance_criteria: null

            notes: null

            external_ref: null

            metadata:
              team: identity


            created_at: 2026-01-15T10:30:00Z

            created_by: overseer
        "#}
    );
}

#[test]
fn writing_what_was_read_changes_nothing() {
    let text = Document::render(&bead());
    let document = Document::<Bead>::parse(&text).unwrap();
    assert_eq!(document.with(&document.record).unwrap(), text);
}

#[test]
fn hand_written_files_are_edited_in_place() {
    let text = "id: gt-abc12   # the one\nformat: 1\ntitle: Fix it\nstatus: open\nlabels: [b, a]\n\n\n# last\ncreated_at: 2026-01-15T10:30:00Z\n";
    let document = Document::<Bead>::parse(text).unwrap();
    let mut bead = document.record.clone();
    bead.status = Status::InProgress;
    bead.assignee = Some("ann".to_owned());
    assert_eq!(
        document.with(&bead).unwrap(),
        "id: gt-abc12   # the one\nformat: 1\ntitle: Fix it\nstatus: in_progress\n\nassignee: ann\n\nlabels: [b, a]\n\n\n# last\ncreated_at: 2026-01-15T10:30:00Z\n"
    );
}

#[test]
fn flaws_name_the_line_and_the_remedy() {
    let good = Document::render(&bead());
    let flaw = |text: &str| {
        let flaw = Document::<Bead>::read(text).unwrap_err();
        format!(
            "{}: {}",
            flaw.line.map_or("-".to_owned(), |line| line.to_string()),
            flaw.what
        )
    };
    let conflicted = good.replace(
        "status: open",
        "<<<<<<< HEAD\nstatus: open\n=======\nstatus: closed\n>>>>>>> b",
    );
    assert_eq!(flaw(&conflicted), "9: holds conflict markers of a merge");
    assert_eq!(
        flaw(&good.replace("priority: 2", "priority: urgent"))
            .split(": `urgent`")
            .next(),
        Some("11: `priority` is wrong")
    );
    assert!(
        flaw(&good.replace("status: open", "status: open\nstatus: closed")).contains("duplicate")
    );
    assert!(flaw(&good.replace("format: 1", "format: 2")).contains("newer than this program"));
    assert!(flaw(&good.replace("assignee: null", "assignee: &x a")).contains("anchor"));
    assert!(flaw(&good.replace("assignee: null", "assignee: !!str a")).contains("tag"));
    assert!(flaw(&format!("{good}---\n{good}")).contains("more than one YAML document"));
    assert!(
        flaw(&good.replace("metadata: null", &format!("metadata: {}", "[".repeat(9000))))
            .contains("nests more than 64 deep")
    );
    assert!(
        flaw(&good.replace("title: \"Fix login\"", "title: \"Fix"))
            .starts_with(|c: char| c.is_ascii_digit())
    );
    assert_eq!(flaw(""), "-: is empty");
}

#[test]
fn a_ticket_covers_all_but_step_and_parked() {
    let text = "# head\na: 1\n\nstep: null\n\nparked: null\n\nb: 2\n";
    let parked = "# head\na: 1\n\nstep: \"3\"\n\nparked:\n  on: x\n\n\nb: 2\n";
    let covered = |text: &str| text_without(text, &["step", "parked"]);
    assert_eq!(covered(text), covered(parked));
    assert_ne!(covered(text), covered(&text.replace("b: 2", "b: 3")));
    assert_ne!(covered(text), covered(&text.replace("# head", "# tail")));
}

/// Text that people write, which the precheck must not take for anything else.
#[test]
fn ordinary_yaml_is_not_refused() {
    let good = Document::render(&bead());
    for (notes, wanted) in [
        ("plain *bold* & more !", "plain *bold* & more !"),
        (
            "two\n  'lines', \"of\n  it's\n  *text",
            "two 'lines', \"of it's *text",
        ),
        ("'it''s [[ {'", "it's [[ {"),
        ("\"a \\\" [[ &x\n  b\"", "a \" [[ &x b"),
        (">\n  folded [[[\n  - &a *b !c\n", "folded [[[ - &a *b !c\n"),
        ("|2-\n    [ 'deep\n  \"", "  [ 'deep\n\""),
        ("a#b [c", "a#b [c"),
        ("x # ' comment [[ &", "x"),
        ("--- ...", "--- ..."),
        ("a: b".replace(": ", ":").as_str(), "a:b"),
    ] {
        let text = good.replace("notes: null", &format!("notes: {notes}"));
        let text = text.replace(
            "metadata: null",
            "metadata: {a: [1, {\"b\":'c'}], 'd': \"]\"}",
        );
        let read = Document::<Bead>::read(&text).unwrap_or_else(|flaw| panic!("{flaw:?}\n{text}"));
        assert_eq!(read.notes.as_deref(), Some(wanted), "{text}");
        assert_eq!(read.metadata.len(), 2);
    }
    let listed = good.replace(
        "dependencies: []",
        "dependencies:\n- id: gt-x # 'one\n  type: blocks\n-   id: \"gt-y\"\n    'type': related",
    );
    let read = Document::<Bead>::read(&format!("---\n{listed}")).unwrap();
    assert_eq!(read.dependencies.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 3000 } else { 50_000 }))]

    /// The precheck refuses nothing that the parser reads, other than what it
    /// is there to refuse; and it sees those wherever the parser does.
    #[test]
    fn the_precheck_sees_tokens_where_the_parser_does(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "b: ", "c:\n", " ", "  ", "\n", "\n  ", "- ", "? ", ": ", ":", ",", "[", "]", "{", "}", "'", "\"", "\\", "#", " #",
            "|\n", ">-\n", "|2\n", "x y", "\t", "\r\n", "''", "a: x\n", "n: y\n", "- z\n", "d: 'e'\n", "f: \"g\"\n", "h: [i, j]\n", "k: {l: m}\n",
        ]), 1..8),
        marked in any::<prop::sample::Index>(),
    ) {
        let text = pieces.concat();
        let is_read = |text: &str| serde_yaml::from_str::<serde_yaml::Value>(text).is_ok();
        if is_read(&text) {
            prop_assert_eq!(precheck::check(&text), Ok(()), "{}", text);
        }
        // A tag is one exactly where the parser takes it for one.
        let at = marked.index(pieces.len());
        let tagged = format!("{}!t {}", pieces[..at].concat(), pieces[at..].concat());
        if let Ok(value) = serde_yaml::from_str::<serde_yaml::Value>(&tagged) {
            let refused = precheck::check(&tagged).is_err();
            prop_assert_eq!(refused, has_tag(&value), "{}", tagged);
        }
    }
}

fn has_tag(value: &serde_yaml::Value) -> bool {
    match value {
        serde_yaml::Value::Tagged(_) => true,
        serde_yaml::Value::Sequence(items) => items.iter().any(has_tag),
        serde_yaml::Value::Mapping(map) => map
            .iter()
            .any(|(key, value)| has_tag(key) || has_tag(value)),
        _ => false,
    }
}
