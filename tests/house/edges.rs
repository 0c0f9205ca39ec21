//! The arrows between the crates, and what stands outside them.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Which of our crates each may use. Nothing else may.
const EDGES: [(&str, &[&str]); 9] = [
    (
        "plaintown",
        &["agent", "cli", "git", "model", "store", "town", "watcher"],
    ),
    ("plaintown-agent", &[]),
    ("plaintown-cli", &["model"]),
    ("plaintown-git", &[]),
    ("plaintown-model", &[]),
    ("plaintown-store", &["model"]),
    ("plaintown-testkit", &[]),
    ("plaintown-town", &["agent", "git", "model", "store"]),
    (
        "plaintown-watcher",
        &["agent", "git", "model", "store", "town"],
    ),
];

/// What the project was asked to be made with, as far as it is needed yet.
const ASKED_FOR: [&str; 8] = [
    "anyhow",
    "clap",
    "fs2",
    "notify",
    "serde",
    "tempfile",
    "walkdir",
    "yaml_serde",
];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(super::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap()
}

/// The crates of ours that a package needs to be built, sorted.
fn ours(package: &Package) -> Vec<String> {
    let built_in = |kind| matches!(kind, DependencyKind::Normal | DependencyKind::Build);
    let mut names: Vec<String> = package
        .dependencies
        .iter()
        .filter(|it| built_in(it.kind))
        .filter_map(|it| it.name.strip_prefix("plaintown-").map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[test]
fn the_arrows_are_these_and_no_others() {
    let metadata = metadata();
    let mut found: Vec<(String, Vec<String>)> = metadata
        .packages
        .iter()
        .map(|it| (it.name.to_string(), ours(it)))
        .collect();
    found.sort();
    let expected: Vec<(String, Vec<String>)> = EDGES
        .iter()
        .map(|(name, to)| {
            (
                (*name).to_owned(),
                to.iter().map(|it| (*it).to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_model_needs_no_library_that_reaches_outside() {
    let metadata = metadata();
    let model = metadata
        .packages
        .iter()
        .find(|it| *it.name == "plaintown-model")
        .unwrap();
    let mut names: Vec<&str> = model
        .dependencies
        .iter()
        .filter(|it| it.kind == DependencyKind::Normal)
        .map(|it| it.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["jiff", "serde_json", "thiserror"]);
}

#[test]
fn the_libraries_asked_for_are_in_use() {
    let metadata = metadata();
    let used = |name: &&str| {
        let all = metadata.packages.iter().flat_map(|it| &it.dependencies);
        all.into_iter().any(|it| it.name == **name)
    };
    let missing: Vec<&str> = ASKED_FOR.into_iter().filter(|name| !used(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_oldest_compiler_is_the_one_that_the_readme_names() {
    let metadata = metadata();
    for package in &metadata.packages {
        let oldest = package.rust_version.as_ref().unwrap();
        assert_eq!((oldest.major, oldest.minor), (1, 89), "{}", package.name);
    }
    assert!(super::read("README.md").contains("stable Rust, 1.89 or newer"));
}
