//! Two branches change one file; plain `git merge`, without any driver, joins
//! them.
//!
//! Only edits of the same field may conflict, and what merges holds both edits.
//! The outcome of every pair is the page docs/merge-table.md, which is written
//! anew when `UPDATE_DOCS` is set.

use super::{create, file, town};
use matrix::Matrix;
use std::fs;
use std::path::PathBuf;
use testkit::Town;

mod matrix;

/// What one branch does.
struct Edit {
    name: &'static str,
    words: &'static [&'static str],
}

const fn edit(name: &'static str, words: &'static [&'static str]) -> Edit {
    Edit { name, words }
}

const BEAD_EDITS: [Edit; 18] = [
    edit("claim", &["update", "ID", "--claim", "--actor", "ann"]),
    edit("close", &["close", "ID", "-r", "done"]),
    edit("defer", &["defer", "ID", "--until", "2026-03-01"]),
    edit("title", &["update", "ID", "--title", "Another title"]),
    edit("type", &["update", "ID", "-t", "chore"]),
    edit("priority", &["update", "ID", "-p", "4"]),
    edit("assignee", &["update", "ID", "-a", "bob"]),
    edit("parent", &["update", "ID", "--parent", "gt-new01"]),
    edit("add a label", &["label", "add", "ID", "fresh"]),
    edit("add a dependency", &["dep", "add", "ID", "gt-new02"]),
    edit("due", &["update", "ID", "--due", "2026-04-01"]),
    edit(
        "description",
        &["update", "ID", "-d", "Another text.\nOf lines."],
    ),
    edit(
        "design",
        &["update", "ID", "--design", "Another design.\nOf lines."],
    ),
    edit(
        "acceptance",
        &["update", "ID", "--acceptance", "- another\n- list"],
    ),
    edit("notes", &["update", "ID", "--notes", "Another note."]),
    edit("external ref", &["update", "ID", "--external-ref", "gh-99"]),
    edit("metadata", &["update", "ID", "--metadata", "fresh=yes"]),
    edit("comment", &["comment", "ID", "Said on a branch."]),
];

/// What only a bead with labels can have done to it.
const LABEL_EDITS: [Edit; 2] = [
    edit("remove a label", &["label", "remove", "ID", "web"]),
    edit("add another label", &["label", "add", "ID", "aardvark"]),
];

#[test]
fn the_table() {
    let page = [
        String::from(
            "# What merges by itself\n\n\
             Every pair of edits below was made on two branches and joined by plain `git merge`,\n\
             without any driver. `+` merged, and holds both edits; `=` is a conflict, and both\n\
             edits change the same field. A conflict anywhere else fails the test that writes\n\
             this page.\n",
        ),
        bead_table("An empty bead", &["Title"], &[]).render(),
        bead_table("A full bead", FULL, &LABEL_EDITS).render(),
        convoys().render(),
    ]
    .join("\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/merge-table.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &page).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, page, "run the tests with UPDATE_DOCS=1");
}

const FULL: &[&str] = &[
    "Title",
    "-t",
    "bug",
    "-p",
    "1",
    "-a",
    "ann",
    "-l",
    "auth,web",
    "-d",
    "A text.\n\nOf several paragraphs.",
    "--design",
    "A design.",
    "--acceptance",
    "- it works\n- it is tested",
    "--notes",
    "A note.\n",
    "--external-ref",
    "gh-1",
    "--due",
    "2026-02-01",
    "--metadata",
    "team=identity",
    "--metadata",
    "zone=north",
    "--deps",
    "blocks:gt-old01,related:gt-old02",
];

fn bead_table(heading: &str, words: &[&str], more: &[Edit]) -> Matrix {
    let mut town = town();
    town.at("2026-01-15T10:30:00Z");
    for id in ["gt-new01", "gt-new02", "gt-old01", "gt-old02"] {
        create(&town, &[id, "--id", id]);
    }
    let id = create(&town, words);
    let path = file(&town, &id);
    town.commit_all("the store");
    town.git(&["branch", "base"]);
    let mut matrix = Matrix::new(heading, town, path);
    for Edit { name, words } in BEAD_EDITS.iter().chain(more) {
        let words: Vec<&str> = words
            .iter()
            .map(|word| if *word == "ID" { &id } else { *word })
            .collect();
        matrix.branch(name, |town| drop(town.bd(&words).ok()));
    }
    matrix
}

/// Convoys are edited as `gt` does it: through their record.
fn convoys() -> Matrix {
    type Change = fn(&mut model::Convoy);
    let edits: [(&'static str, Change); 9] = [
        ("first bead closes", |it| {
            it.beads[0].status = model::Status::Closed
        }),
        ("second bead closes", |it| {
            it.beads[1].status = model::Status::Closed
        }),
        ("second bead's title", |it| {
            it.beads[1].title = "Another".to_owned()
        }),
        ("add a bead", |it| {
            let id = model::Id::parse("gt-new01").unwrap();
            it.see(&id, "New", &model::Status::Open);
        }),
        ("title", |it| it.title = "Another title".to_owned()),
        ("priority", |it| {
            it.priority = model::Priority::parse("0").unwrap()
        }),
        ("owner", |it| it.owner = Some("bob".to_owned())),
        ("description", |it| {
            it.description = Some("Text.\nOf lines.".to_owned())
        }),
        ("close", |it| {
            it.status = model::ConvoyStatus::Closed;
            it.close_reason = Some("enough".to_owned());
            it.closed_at = Some(model::Time::parse("2026-01-15T12:00:00Z").unwrap());
        }),
    ];
    let town = town();
    let path = convoy(&town);
    town.commit_all("the store");
    town.git(&["branch", "base"]);
    let mut matrix = Matrix::new("A convoy", town, path);
    for (name, change) in edits {
        let path = matrix.path.clone();
        matrix.branch(name, |_| {
            let text = fs::read_to_string(&path).unwrap();
            let document = store::yaml::Document::<model::Convoy>::parse(&text).unwrap();
            let mut changed = document.record.clone();
            change(&mut changed);
            fs::write(&path, document.with(&changed).unwrap()).unwrap();
        });
    }
    matrix
}

fn convoy(town: &Town) -> PathBuf {
    let id = model::Id::parse("hq-cv-7x2k9").unwrap();
    let time = model::Time::parse("2026-01-15T10:30:00Z").unwrap();
    let mut convoy = model::Convoy::new(id, "Auth fixes", time);
    for (id, title) in [
        ("gt-aaaaa", "One"),
        ("gt-bbbbb", "Two"),
        ("gt-ccccc", "Three"),
    ] {
        convoy.see(&model::Id::parse(id).unwrap(), title, &model::Status::Open);
    }
    let text = store::yaml::Document::render(&convoy);
    town.write(".beads/convoys/hq-cv-7x2k9.yaml", &text);
    town.repo().join(".beads/convoys/hq-cv-7x2k9.yaml")
}
