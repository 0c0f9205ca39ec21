//! The pages that are made of what the binaries say of themselves.

use super::check;
use testkit::{Call, Output};

/// `--help` of a command, at a fixed width.
fn help(program: &str, words: &[String]) -> Output {
    let mut argv = vec![program.to_owned()];
    argv.extend_from_slice(words);
    argv.push("--help".to_owned());
    Call::new(&argv, "/").env("COLUMNS", "100").run().ok()
}

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The commands of a program that do something, in full.
pub(crate) fn commands_of(name: &str) -> Vec<String> {
    let program = match name {
        "bd" => env!("CARGO_BIN_EXE_bd"),
        _ => env!("CARGO_BIN_EXE_gt"),
    };
    let mut found = Vec::new();
    collect(name, program, &[], &mut found);
    found
}

fn collect(name: &str, program: &str, words: &[String], found: &mut Vec<String>) {
    let below = commands(&help(program, words).stdout);
    if below.is_empty() {
        found.push([&[name.to_owned()], words].concat().join(" "));
    }
    for command in below {
        collect(name, program, &[words, &[command]].concat(), found);
    }
}

/// A help text without the options that every command takes.
fn own_part(help: &str) -> &str {
    let end = help.find("\nGlobal options:").unwrap_or(help.len());
    help[..end].trim_end()
}

fn describe(page: &mut String, name: &str, program: &str, words: &[String]) {
    let text = help(program, words).stdout;
    let title = [&[name.to_owned()], words].concat().join(" ");
    let shown = if words.is_empty() {
        text.trim_end()
    } else {
        own_part(&text)
    };
    let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let level = "#".repeat(words.len() + 1);
    page.push_str(&format!(
        "{level} {title}\n\n```text\n{}\n```\n\n",
        shown.join("\n")
    ));
    for command in commands(&text) {
        describe(page, name, program, &[words, &[command]].concat());
    }
}

fn reference(name: &str, program: &str) -> String {
    let mut page = String::new();
    describe(&mut page, name, program, &[]);
    let (title, rest) = page.split_once('\n').expect("a page has lines");
    let about = "Made of what the command says of itself. Global options go with every subcommand.";
    format!("{title}\n\n{about}\n{}\n", rest.trim_end())
}

#[test]
fn bd() {
    check("docs/cli/bd.md", &reference("bd", env!("CARGO_BIN_EXE_bd")));
}

#[test]
fn gt() {
    check("docs/cli/gt.md", &reference("gt", env!("CARGO_BIN_EXE_gt")));
}

#[test]
fn exit_codes() {
    check("docs/exit-codes.md", &cli::exit::markdown());
}

#[test]
fn commands_are_found_in_a_help_text() {
    let help = "About\n\nCommands:\n  one    First\n  two    Second, which is\n         \
                long\n  help   Print\n\nOptions:\n  -h\n\nGlobal options:\n  -q\n";
    assert_eq!(commands(help), ["one", "two"]);
    assert!(own_part(help).ends_with("-h"));
}
