use super::*;

const JSON: [Dialect; 5] = [
    Dialect::Claude,
    Dialect::Codex,
    Dialect::Gemini,
    Dialect::Cursor,
    Dialect::Copilot,
];

#[test]
fn a_file_of_ours_alone_says_what_it_should() {
    let claude: Value = serde_json::from_str(&Dialect::Claude.whole()).unwrap();
    let run = |command: &str| json!([{ "hooks": [{ "type": "command", "command": command }] }]);
    let expected = json!({ "hooks": {
        "SessionStart": run("gt prime --hook"),
        "PreCompact": run("gt prime --hook || true"),
        "UserPromptSubmit": run("gt mail check --inject || true"),
        "Stop": run("gt hooks guard || true"),
    } });
    assert_eq!(claude, expected);
    let copilot: Value = serde_json::from_str(&Dialect::Copilot.whole()).unwrap();
    assert_eq!(copilot["version"], 1);
    let start = json!([{ "type": "command", "bash": "gt prime --hook=copilot" }]);
    assert_eq!(copilot["hooks"]["sessionStart"], start);
    for dialect in JSON {
        let whole = dialect.whole();
        assert!(dialect.is_installed(&whole).unwrap());
        assert_eq!(dialect.installed(&whole).unwrap(), whole);
        assert_eq!(dialect.removed(&whole).unwrap(), Left::Nothing);
    }
}

#[test]
fn other_peoples_entries_keep_every_byte() {
    let theirs = [
        "{\n\t\"model\": \"opus\",\n\t\"n\": 1.50\n}\n",
        "{\"hooks\":{\"SessionStart\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"x\"}]}]},\"z\":1}",
        "{\n    \"hooks\": {\n        \"Stop\": [\n            { \"hooks\": [ { \"type\": \"command\", \"command\": \"say done\" } ] }\n        ]\n    }\n}",
        "{ \"hooks\": { \"Other\": [] }, \"version\": 2 }\r\n",
    ];
    for text in theirs {
        for dialect in JSON {
            let with = dialect.installed(text).unwrap();
            assert!(dialect.is_installed(&with).unwrap());
            assert!(!dialect.is_installed(text).unwrap());
            assert_eq!(dialect.installed(&with).unwrap(), with, "twice is once");
            let parsed: Value = serde_json::from_str(&with).unwrap();
            assert!(parsed["hooks"].is_object());
            assert_eq!(dialect.removed(&with).unwrap(), Left::Text(text.to_owned()));
        }
    }
}

#[test]
fn a_part_of_it_is_completed() {
    let half = Dialect::Claude.whole().replace("Stop", "SubagentStop");
    let whole = Dialect::Claude.installed(&half).unwrap();
    assert_eq!(whole.matches("gt prime --hook").count(), 2);
    assert_eq!(whole.matches("gt hooks guard").count(), 2);
}

#[test]
fn an_entry_that_does_more_is_not_ours() {
    let both = r#"{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"gt hooks guard || true"},{"type":"command","command":"x"}]}]}}"#;
    assert_eq!(
        Dialect::Claude.removed(both).unwrap(),
        Left::Text(both.to_owned())
    );
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for (text, expected) in [
        ("", "is no JSON: EOF"),
        (
            "{\n  // no\n}",
            "is no JSON: key must be a string at line 2",
        ),
        ("[]", "something else than an object at the top"),
        ("{\"hooks\": []}", "an object at `hooks`"),
        ("{\"hooks\": {\"Stop\": {}}}", "a list at `hooks.Stop`"),
    ] {
        let installed = Dialect::Claude.installed(text).unwrap_err().to_string();
        assert!(installed.contains(expected), "{installed}");
        assert!(Dialect::Claude.removed(text).is_err());
    }
}

#[test]
fn the_plugin_replaces_an_older_one_and_nothing_else() {
    let dialect = Dialect::OpenCode;
    let older = format!("{}\nolder();\n", PLUGIN.lines().next().unwrap());
    assert_eq!(dialect.installed(&older).unwrap(), PLUGIN);
    assert_eq!(dialect.removed(&older).unwrap(), Left::Nothing);
    assert_eq!(dialect.installed("export {}\n"), Err(Flaw::NotOurs));
    assert_eq!(dialect.removed("export {}\n"), Err(Flaw::NotOurs));
}
