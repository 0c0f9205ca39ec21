use super::*;
use clap::Parser;

#[derive(Debug, Parser)]
#[command(name = "bd", version, arg_required_else_help = true)]
struct Sample {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Create { title: String },
    List,
}

fn parse(words: &[&str]) -> Result<Sample, clap::Error> {
    Sample::try_parse_from(words)
}

#[test]
fn global_flags_stand_anywhere() {
    for words in [
        ["bd", "--json", "-q", "-C", "x", "--db", "s", "list"],
        ["bd", "list", "--json", "-q", "-C", "x", "--dir", "s"],
    ] {
        let global = parse(&words).unwrap().global;
        assert!(global.json && global.quiet && !global.verbose && !global.readonly);
        assert_eq!(global.directory.unwrap().as_os_str(), "x");
        assert_eq!(global.store.unwrap().as_os_str(), "s");
    }
}

#[test]
fn json_is_seen_before_parsing() {
    let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
    assert!(wants_json(&words(&["bd", "lst", "--json"])));
    assert!(!wants_json(&words(&["bd", "create", "--", "--json"])));
}

#[test]
fn a_typo_is_answered_with_a_suggestion() {
    let error = usage_error(&parse(&["bd", "lst"]).unwrap_err());
    insta::assert_snapshot!(error.to_text(), @r"
    error: unrecognized subcommand 'lst'
    hint: a similar subcommand exists: 'list'
    hint: Usage: bd [OPTIONS] <COMMAND>
    hint: `--help` says more
    ");
}

#[test]
fn what_is_missing_is_named_on_one_line() {
    let error = usage_error(&parse(&["bd", "create"]).unwrap_err());
    insta::assert_snapshot!(error.to_text(), @r"
    error: the following required arguments were not provided: <TITLE>
    hint: Usage: bd create <TITLE>
    hint: `--help` says more
    ");
    insta::assert_snapshot!(error.to_json(), @r#"{"error":"the following required arguments were not provided: <TITLE>","code":"usage","hint":"Usage: bd create <TITLE>\n`--help` says more"}"#);
}

#[test]
fn a_hostile_word_is_made_visible() {
    let error = usage_error(&parse(&["bd", "list", "--\x1b[2J"]).unwrap_err());
    assert!(!error.to_text().contains('\x1b'));
}
