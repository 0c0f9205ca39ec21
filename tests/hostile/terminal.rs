//! Text that came by git cannot steer the terminal it is shown on.

use super::support::*;
use testkit::{Output, Town};

/// Colour, a title, a clipboard, a link, reversed reading, an overwritten line,
/// and characters that nobody sees.
pub(crate) const EVIL: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}]8;;http://x\u{7}\u{202e}abc\u{2066}\u{200b}\u{9b}31m\rover\u{8}\u{7f}";

/// Nothing but printable text, line breaks and tabs.
#[track_caller]
pub(crate) fn harmless(output: &Output) {
    for text in [&output.stdout, &output.stderr] {
        let evil = text.chars().find(|c| {
            (c.is_control() && *c != '\n' && *c != '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
        });
        assert_eq!(evil, None, "{:?} of {output:?}", evil);
    }
}

/// A rig whose texts all are evil: a bead with a comment, a child and a dependent,
/// mail, a convoy, a hook with instructions, and an escalation.
pub(crate) fn evil() -> Town {
    let town = rig();
    let text = |what: &str| format!("{what} {EVIL}");
    let line = |what: &str| text(what).replace('\r', "");
    for args in [
        &[
            "create",
            &line("Title"),
            "--id",
            "gt-evil",
            "-d",
            &text("description"),
            "--notes",
            &text("notes"),
            "--external-ref",
            &line("ref"),
            "-a",
            &line("who"),
            "--metadata",
            "k=v\u{1b}[1m",
        ][..],
        &["comment", "gt-evil", &text("comment")],
        &["dep", "add", "gt-one", "gt-evil"],
        &["create", "Child", "--id", "gt-child", "--parent", "gt-evil"],
        &["create", &line("Asked"), "--id", "gt-asked"],
    ] {
        harmless(&town.bd(args).ok());
    }
    for args in [
        &[
            "mail",
            "send",
            "overseer",
            "-s",
            &line("subject"),
            "-m",
            &text("body"),
        ][..],
        &["convoy", "create", &line("Convoy"), "gt-evil"],
        &[
            "sling",
            "gt-evil",
            "app/toast",
            "--no-spawn",
            "--args",
            &text("instructions"),
            "--force",
        ],
        &["sling", "gt-asked", "app/nux", "--no-spawn"],
        &["escalate", "gt-asked", "-m", &text("why")],
    ] {
        harmless(&town.gt(args).ok());
    }
    town
}

#[test]
fn refusals_and_what_is_gone() {
    let town = evil();
    let text = |what: &str| format!("{what} {EVIL}");
    let mut outputs = every_look(&town);
    let bd: &[&[&str]] = &[
        &["close", "gt-evil"],
        &["show", &text("gt-nothing")],
        &["list", "--status", &text("x")],
        &[
            "create",
            &text("x"),
            "--type",
            &text("x"),
            "--parent",
            &text("x"),
        ],
    ];
    let gt: &[&[&str]] = &[
        &["logs", &text("x")],
        &["hook", &text("x")],
        &["sling", "gt-one", &text("x")],
        &["unsling", "gt-evil"],
    ];
    outputs.extend(bd.iter().map(|args| town.bd(args)));
    outputs.extend(gt.iter().map(|args| town.gt(args)));
    for output in &outputs {
        harmless(output);
    }
    let shown = outputs
        .iter()
        .filter(|it| it.stdout.contains("\\u{1b}"))
        .count();
    assert!(shown > 5, "the text was shown by {shown} commands");
}

#[test]
fn damaged_files_and_their_names() {
    let town = rig();
    for (path, text) in [
        (
            ".beads/beads/t/gt-two.yaml",
            format!("format: 1\nid: \"{EVIL}\"\n"),
        ),
        (".beads/beads/t/gt-t\u{1b}[1mx.yaml", "rubbish\n".to_owned()),
        (
            ".beads/hooks/app/polecats/a\u{1b}]0;x\u{7}.yaml",
            "rubbish\n".to_owned(),
        ),
        (
            ".beads/mail/overseer/x\u{202e}y.yaml",
            "rubbish\n".to_owned(),
        ),
        (".beads/convoys/hq-cv-\u{1b}.yaml", format!("{EVIL}: [\n")),
        (
            ".beads/comments/o/gt-one.20260115T104200Z-\u{1b}x.yaml",
            "rubbish\n".to_owned(),
        ),
    ] {
        town.write(path, &text);
        for output in every_look(&town) {
            harmless(&output);
        }
    }
}

#[test]
fn hooks_that_came_by_git_and_logs_of_workers() {
    let town = rig();
    let text = hook("app/polecats/toast", "gt-one", 1, "h-other1")
        .replace("title: \"One\"", "title: \"O\\e[31m\\u202ene\"")
        .replace(
            "instructions: |-\n  Do as I say.\n",
            "instructions: \"Do \\e]52;c;x\\a as\"\n",
        );
    town.write(".beads/hooks/app/polecats/toast.yaml", &text);
    hooked(&town, "gt-one", "app/polecats/toast", 1);
    let refused = town.gt(&["hook", "accept", "app/toast"]);
    assert!(refused.stdout.contains("\\u{1b}]52"), "{refused}");
    harmless(&refused);
    harmless(&town.gt(&["hook", "accept", "app/toast", "--yes"]));
    canary(&town, &format!("printf '%s\\n' '{EVIL}'; exec sleep 60"));
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
    for args in [
        &["logs", "gt-one"][..],
        &["polecat", "status", "toast"],
        &["polecat", "list"],
    ] {
        harmless(&town.gt(args));
    }
}
