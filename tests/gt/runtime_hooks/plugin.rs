//! The plugin for OpenCode, run by Node where there is one.

use std::fs;
use std::process::Command;

use super::support::*;
use crate::gt::life::support::*;

#[test]
fn it_tells_reminds_and_leaves_helpers_alone() {
    let node = Command::new("node").arg("--version").output();
    if !node.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: node is not here");
        return;
    }
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    town.gt(&["hooks", "install", "opencode"]).ok();
    let plugin = town.root().join("plaintown.mjs");
    fs::copy(town.repo().join(".opencode/plugins/plaintown.js"), &plugin).unwrap();
    let script = town.root().join("plugin.mjs");
    fs::write(&script, include_str!("plugin.mjs")).unwrap();
    let args = [script.to_str().unwrap(), plugin.to_str().unwrap()];
    let said = slung.call(&town, "node", &args).run().ok().json();
    assert_eq!(said["first"][0], "yours");
    let told = said["first"][1].as_str().unwrap();
    assert!(told.contains("ON YOUR HOOK: gt-one"), "{told}");
    assert_eq!(said["again"], said["first"]);
    assert_eq!(said["helper"].as_array().unwrap().len(), 1);
    let compacted = said["compacted"][1].as_str().unwrap();
    assert!(
        compacted.starts_with("What was said before is gone"),
        "{compacted}"
    );
    let prompts = said["prompts"].as_array().unwrap();
    assert_eq!(prompts.len(), 1, "{prompts:?}");
    assert_eq!(prompts[0]["path"]["id"], "ses_1");
    assert_eq!(session(&town, &slung.agent, "conversation"), "ses_1");
}
