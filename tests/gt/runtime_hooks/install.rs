//! `gt hooks install`: a person's own work tree, when asked, and not a byte more.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use testkit::Town;

use crate::gt::life::support::*;

const RUNTIMES: [(&str, &str); 6] = [
    ("claude", ".claude/settings.json"),
    ("codex", ".codex/hooks.json"),
    ("gemini", ".gemini/settings.json"),
    ("cursor", ".cursor/hooks.json"),
    ("copilot", ".github/hooks/plaintown.json"),
    ("opencode", ".opencode/plugins/plaintown.js"),
];

fn tracked_rig() -> Town {
    let town = rig("hang");
    town.commit_all("the store");
    town
}

fn porcelain(town: &Town) -> String {
    town.git(&["status", "--porcelain"]).stdout
}

#[test]
fn what_is_installed_is_hidden_and_goes_without_a_trace() {
    let town = tracked_rig();
    let state = |word: &str| {
        let list = town.gt(&["hooks", "list", "--json"]).ok().json();
        list.as_array()
            .unwrap()
            .iter()
            .filter(|it| it["state"] == word)
            .count()
    };
    assert_eq!(state("not installed"), 6);
    // The list of what to ignore, and our own locks, which are never removed.
    let exclude = town.repo().join(".git/info/exclude");
    let excluded = fs::read(&exclude).unwrap();
    for (runtime, file) in RUNTIMES {
        let installed = town.gt(&["hooks", "install", runtime]).ok();
        assert!(installed.stdout.contains(file), "{installed}");
        let shown = town.gt(&["hooks", "show", runtime]).ok();
        assert_eq!(town.read(file), shown.stdout);
        assert_eq!(porcelain(&town), "", "{runtime}");
        let again = changes_nothing(&town, || town.gt(&["hooks", "install", runtime]).ok());
        assert!(again.stdout.starts_with("Unchanged"), "{again}");
    }
    assert_eq!(state("installed"), 6);
    town.git(&["add", "--all"]);
    assert_eq!(porcelain(&town), "");
    for (runtime, file) in RUNTIMES {
        town.gt(&["hooks", "remove", runtime]).ok();
        let folder = PathBuf::from(file.split('/').next().unwrap());
        assert!(!town.repo().join(folder).exists(), "{file} is gone");
        changes_nothing(&town, || town.gt(&["hooks", "remove", runtime]).ok());
    }
    assert_eq!(fs::read(&exclude).unwrap(), excluded);
}

#[test]
fn a_file_with_other_things_keeps_them() {
    let town = tracked_rig();
    let theirs = "{\n    \"model\": \"opus\",\n    \"hooks\": {\n        \"Stop\": [{ \"hooks\": [{ \"type\": \"command\", \"command\": \"say done\" }] }]\n    }\n}\n";
    let file = ".claude/settings.json";
    town.write(file, theirs);
    let path = town.repo().join(file);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    town.gt(&["hooks", "install", "claude"]).ok();
    let with = town.read(file);
    assert!(with.contains("say done") && with.contains("gt hooks guard"));
    assert!(
        porcelain(&town).contains(".claude/"),
        "what they saw they see"
    );
    town.gt(&["hooks", "remove", "claude"]).ok();
    assert_eq!(town.read(file), theirs);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn what_is_not_ours_to_change_is_left_alone() {
    let town = tracked_rig();
    let refused = |args: &[&str], code: i32, words: &[&str]| {
        changes_nothing(&town, || says(town.gt(args), code, words))
    };
    town.write(".claude/settings.json", "{}\n");
    town.git(&["add", "--force", ".claude"]);
    let install = ["hooks", "install", "claude"];
    refused(
        &install,
        4,
        &["tracks .claude/settings.json", "gt hooks show claude"],
    );
    let list = town.gt(&["hooks", "list"]).ok();
    assert!(list.stdout.contains("claude    tracked"), "{list}");

    town.write(".gemini/settings.json", "{ // mine\n}\n");
    refused(
        &["hooks", "install", "gemini"],
        5,
        &[".gemini/settings.json is no JSON"],
    );
    refused(&["hooks", "remove", "gemini"], 5, &["left as it is"]);
    let list = town.gt(&["hooks", "list"]).fails(5);
    assert!(list.stdout.contains("gemini    unusable"), "{list}");

    let elsewhere = town.root().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, town.repo().join(".cursor")).unwrap();
    refused(&["hooks", "install", "cursor"], 5, &["symbolic link"]);
    fs::create_dir(town.repo().join(".codex")).unwrap();
    symlink(elsewhere.join("x"), town.repo().join(".codex/hooks.json")).unwrap();
    refused(&["hooks", "install", "codex"], 5, &["symbolic link"]);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);

    town.write(".opencode/plugins/plaintown.js", "export {}\n");
    refused(
        &["hooks", "install", "opencode"],
        5,
        &["not the file that was written here"],
    );
    refused(&["hooks", "install", "amp"], 2, &["amp"]);

    // What a .gitignore shows on purpose cannot be hidden.
    town.write(".gitignore", "!/.github/hooks/plaintown.json\n");
    let install = ["hooks", "install", "copilot"];
    says(town.gt(&install), 4, &["cannot be hidden", ".gitignore"]);
    assert!(!town.repo().join(".github").exists());
}

#[test]
fn another_work_tree_is_named_by_its_folder() {
    let town = tracked_rig();
    let other = town.root().join("other");
    town.git(&["worktree", "add", "--quiet", other.to_str().unwrap()]);
    let dir = other.to_str().unwrap();
    for dir in [dir, "."] {
        town.gt(&["-C", dir, "hooks", "install", "gemini"]).ok();
    }
    let clean = |at: &std::path::Path| {
        let status = town.run_in(at, "git", &["status", "--porcelain"]).ok();
        assert_eq!(status.stdout, "");
    };
    // One goes, and the other stays hidden.
    town.gt(&["hooks", "remove", "gemini"]).ok();
    assert!(other.join(".gemini/settings.json").exists());
    clean(&other);
    town.gt(&["-C", dir, "hooks", "remove", "gemini"]).ok();
    let exclude = fs::read_to_string(town.repo().join(".git/info/exclude")).unwrap();
    assert!(!exclude.contains("gemini"), "{exclude}");
    let store = town.repo().join(".beads");
    let outside = ["-C", "/", "--db", store.to_str().unwrap(), "hooks", "list"];
    says(town.gt(&outside), 2, &["no work tree", "-C"]);
}
