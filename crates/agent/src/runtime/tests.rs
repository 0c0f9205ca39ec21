use super::*;

const VALUES: Placeholders<'static> = Placeholders {
    prompt: "do {bead} now; $(id) \"x\"",
    bead: "gt-abc12",
    agent: "r/polecats/toast",
};

fn resolve(name: &str) -> Runtime {
    Runtime::resolve(name, &BTreeMap::new()).unwrap()
}

fn configured(yaml: &str) -> BTreeMap<String, RuntimeConfig> {
    serde_yaml::from_str(yaml).unwrap()
}

fn session(id: &str) -> Conversation {
    Conversation::parse(id).unwrap()
}

fn argv_of(command: &[&str]) -> Vec<OsString> {
    let command = command.iter().map(ToString::to_string).collect();
    let config = RuntimeConfig {
        command: Some(command),
        ..RuntimeConfig::default()
    };
    let own = BTreeMap::from([("own".to_string(), config)]);
    Runtime::resolve("own", &own).unwrap().argv(&VALUES)
}

#[test]
fn every_preset_has_its_command_line() {
    let table: &[(&str, &[&str])] = &[
        (
            "claude",
            &["claude", "-p", "P", "--dangerously-skip-permissions"],
        ),
        (
            "codex",
            &[
                "codex",
                "exec",
                "--dangerously-bypass-approvals-and-sandbox",
                "-c",
                "allow_login_shell=false",
                "P",
            ],
        ),
        ("gemini", &["gemini", "--approval-mode", "yolo", "-p", "P"]),
        ("cursor", &["cursor-agent", "-f", "-p", "P"]),
        ("opencode", &["opencode", "run", "P"]),
        ("copilot", &["copilot", "--yolo", "-p", "P"]),
        ("amp", &["amp", "--dangerously-allow-all", "-x", "P"]),
        ("auggie", &["auggie", "--print", "P"]),
        ("vibe", &["vibe", "--prompt", "P"]),
        ("pi", &["pi", "-p", "P"]),
        ("omp", &["omp", "-p", "P"]),
    ];
    assert_eq!(
        known().collect::<Vec<_>>(),
        table.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    );
    for (name, expected) in table {
        let runtime = resolve(name);
        assert_eq!(
            runtime.argv(&Placeholders {
                prompt: "P",
                ..VALUES
            }),
            *expected,
            "{name}"
        );
        assert!(runtime.takes_prompt(), "{name}");
    }
}

#[test]
fn every_preset_that_resumes_names_the_session_and_the_prompt_once() {
    for name in known() {
        let values = Placeholders {
            prompt: "P",
            ..VALUES
        };
        let argv = resolve(name).resume_argv(&values, &session("S-1")).unwrap();
        for word in ["P", "S-1"] {
            assert_eq!(
                argv.iter().filter(|argument| *argument == word).count(),
                1,
                "{name}: {argv:?}"
            );
        }
    }
}

#[test]
fn a_value_stays_one_argument_and_is_not_expanded_again() {
    let argv = argv_of(&["sh", "run.sh", "{prompt}", "--for={bead}:{agent}"]);
    let expected = [
        "sh",
        "run.sh",
        "do {bead} now; $(id) \"x\"",
        "--for=gt-abc12:r/polecats/toast",
    ];
    assert_eq!(argv, expected);
}

#[test]
fn other_braces_are_left_alone() {
    let odd = [
        "p",
        "{}",
        "{{bead}",
        "{bea",
        "{Bead}",
        "a{",
        "{session}",
        "é{bead}é",
    ];
    let expected = [
        "p",
        "{}",
        "{gt-abc12",
        "{bea",
        "{Bead}",
        "a{",
        "{session}",
        "égt-abc12é",
    ];
    assert_eq!(argv_of(&odd), expected);
}

#[test]
fn a_custom_command_without_the_placeholder_gets_no_prompt() {
    let own = configured("scribe: {command: [scribe, --quiet]}");
    let runtime = Runtime::resolve("scribe", &own).unwrap();
    assert_eq!(runtime.argv(&VALUES), ["scribe", "--quiet"]);
    assert!(!runtime.takes_prompt());
    assert_eq!(runtime.resume_argv(&VALUES, &session("S")), None);
}

#[test]
fn a_preset_takes_further_arguments_and_variables() {
    let own = configured("claude: {args: [--model, opus], env: [AWS_*, SCRIBE_TOKEN]}");
    let runtime = Runtime::resolve("claude", &own).unwrap();
    assert_eq!(
        runtime.argv(&VALUES)[3..],
        ["--dangerously-skip-permissions", "--model", "opus"]
    );
    assert_eq!(
        runtime.env_pass[2..],
        ["IS_SANDBOX", "AWS_*", "SCRIBE_TOKEN"]
    );
    let resumed = runtime.resume_argv(&VALUES, &session("S")).unwrap();
    assert_eq!(resumed[resumed.len() - 2..], ["--model", "opus"]);
}

#[test]
fn a_command_of_ones_own_wraps_a_preset() {
    let own = configured("opencode: {command: [wrap, '{prompt}'], args: [-v]}");
    let runtime = Runtime::resolve("opencode", &own).unwrap();
    assert_eq!(runtime.command, ["wrap", "{prompt}", "-v"]);
    assert_eq!(runtime.env_set[0].0, "OPENCODE_PERMISSION");
    assert_eq!(runtime.resume, [""; 0]);
}

#[test]
fn an_unknown_runtime_names_the_known_ones_and_where_to_configure() {
    let own = configured("scribe: {command: [scribe]}");
    let error = Runtime::resolve("claud", &own).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("\"claud\"") && text.contains("claude, codex"),
        "{text}"
    );
    assert!(text.contains("scribe"), "{text}");
    assert!(
        error.hint().contains("~/.config/plaintown/config.yaml"),
        "{}",
        error.hint()
    );
}

#[test]
fn an_empty_command_is_refused() {
    for yaml in [
        "x: {command: []}",
        "x: {command: ['']}",
        "x: {}",
        "x: {args: [-v]}",
    ] {
        let error = Runtime::resolve("x", &configured(yaml)).unwrap_err();
        assert_eq!(
            error,
            RuntimeError::NoCommand { name: "x".into() },
            "{yaml}"
        );
    }
    assert!(Runtime::resolve("claude", &configured("claude: {command: []}")).is_err());
}

#[test]
fn env_lists_names_not_values() {
    for entry in ["A=1", "*", "", "A B", "1A", "A*B"] {
        let config = RuntimeConfig {
            env: vec![entry.into()],
            ..RuntimeConfig::default()
        };
        let own = BTreeMap::from([("claude".to_string(), config)]);
        let error = Runtime::resolve("claude", &own).unwrap_err();
        assert!(matches!(error, RuntimeError::Variable { .. }), "{entry:?}");
        assert!(error.hint().contains("names only"));
    }
}

#[test]
fn what_no_worker_gets_cannot_be_asked_for() {
    for entry in ["GIT_DIR", "GIT_*", "GT_AGENT", "BD_ACTOR"] {
        let own = configured(&format!("claude: {{env: ['{entry}']}}"));
        let error = Runtime::resolve("claude", &own).unwrap_err();
        assert!(error.to_string().contains(entry), "{error}");
        assert!(matches!(error, RuntimeError::Withheld { .. }), "{error}");
    }
}

#[test]
fn unknown_keys_in_the_configuration_are_refused() {
    let wrong = "claude: {arguments: [--model]}";
    assert!(serde_yaml::from_str::<BTreeMap<String, RuntimeConfig>>(wrong).is_err());
}

#[test]
fn in_a_terminal_it_is_the_other_form() {
    let own = configured(
        "claude: {args: [--model, opus]}\n\
         scribe: {command: [scribe, '{prompt}'], interactive: [scribe, -i, '{prompt}']}\n\
         plain: {command: [plain]}\n",
    );
    let argv = |name: &str| {
        let runtime = Runtime::resolve(name, &own).unwrap().in_terminal();
        (runtime.argv(&VALUES), runtime)
    };
    let (claude, runtime) = argv("claude");
    assert_eq!(
        claude[1..],
        [
            "--dangerously-skip-permissions",
            VALUES.prompt,
            "--model",
            "opus"
        ]
    );
    let resumed = runtime
        .resume_argv(&VALUES, &Conversation::parse("S").unwrap())
        .unwrap();
    assert!(resumed.contains(&"S".into()) && !resumed.contains(&"-p".into()));
    assert_eq!(argv("scribe").0, ["scribe", "-i", VALUES.prompt]);
    assert_eq!(argv("plain").0, ["plain"], "there is only one form");
    let wrong = configured("claude: {interactive: []}");
    assert!(Runtime::resolve("claude", &wrong).is_err());
}
