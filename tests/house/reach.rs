//! What a crate never does, looked for in its text.

use super::{code, modules, read, source};
use std::path::Path;

/// What the model may not name: it is pure.
const OUTSIDE: [&str; 14] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::io",
    "std::net",
    "std::os",
    "std::thread",
    "SystemTime",
    "Instant",
    "::now(",
    "fastrand",
    "print!",
    "println!",
    "eprintln!",
];

const PRINTING: [&str; 5] = ["print!(", "println!(", "eprint!(", "eprintln!(", "dbg!("];

/// What takes a file that cannot be looked at for none: it would be made anew,
/// overwritten, or forgotten.
const CARELESS: [&str; 6] = [
    ".exists()",
    "symlink_metadata().ok()",
    ").ok()?.filter_map(Result::ok)",
    ".canonicalize().ok()",
    "symlink_metadata().is_ok()",
    "flatten().flatten()",
];

const PROGRAMS: [&str; 2] = ["crates/bd", "crates/gt"];

const STARTING: [&str; 3] = ["Command::new(", "std::process::Command", "process::Command"];

/// The forbidden words that a module's code holds.
fn found<'a>(text: &str, forbidden: &[&'a str]) -> Vec<&'a str> {
    let code = code(text);
    let holds = |word: &&&str| code.contains(**word);
    forbidden.iter().filter(holds).copied().collect()
}

#[track_caller]
fn is_free(folder: &Path, forbidden: &[&str]) {
    let mut seen = 0;
    for path in modules() {
        if Path::new(&path).starts_with(folder) {
            assert_eq!(found(&read(&path), forbidden), [""; 0], "{path}");
            seen += 1;
        }
    }
    assert!(seen > 0, "{} has no modules", folder.display());
}

#[test]
fn the_model_is_pure() {
    is_free(&source("model"), &OUTSIDE);
}

#[test]
fn libraries_never_print() {
    for name in ["model", "store", "git", "agent", "town"] {
        is_free(&source(name), &PRINTING);
    }
}

#[test]
fn the_store_and_what_is_shown_start_no_process() {
    for name in ["model", "store", "cli"] {
        is_free(&source(name), &STARTING);
    }
}

#[test]
fn what_cannot_be_looked_at_is_not_taken_for_none() {
    let libraries = ["store", "git", "agent", "town", "watcher"].map(source);
    for folder in libraries
        .iter()
        .map(|it| &**it)
        .chain(PROGRAMS.map(Path::new))
    {
        is_free(folder, &CARELESS);
    }
}

#[test]
fn only_one_crate_runs_git() {
    let other = ["agent", "town"].map(source);
    for folder in other.iter().map(|it| &**it).chain(PROGRAMS.map(Path::new)) {
        is_free(folder, &["Command::new(\"git\")"]);
    }
}

#[test]
fn the_programs_start_nothing_and_print_by_the_shell() {
    for folder in PROGRAMS.map(Path::new) {
        is_free(folder, &STARTING);
        is_free(folder, &PRINTING);
    }
}

#[test]
fn a_violation_is_found() {
    let pure = "//! It never uses std::fs.\nfn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n";
    assert_eq!(found(pure, &OUTSIDE), [""; 0]);
    let mutant = pure.replace("fn f() {}", "fn f() { std::fs::read(\"x\"); }");
    assert_eq!(found(&mutant, &OUTSIDE), ["std::fs"]);
    let mutant = pure.replace("fn f() {}", "fn f() { println!(); }");
    assert_eq!(found(&mutant, &PRINTING), ["println!("]);
    let mutant = pure.replace("fn f() {}", "fn f() { if !path.exists() { make(path) } }");
    assert_eq!(found(&mutant, &CARELESS), [".exists()"]);
}
