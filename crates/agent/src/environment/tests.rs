use super::*;
use std::collections::BTreeMap;

fn runtime(name: &str) -> Runtime {
    Runtime::resolve(name, &BTreeMap::new()).unwrap()
}

fn worker_of(
    runtime: &Runtime,
    current: &[(&str, &str)],
    identity: &[(&str, &str)],
) -> BTreeMap<String, String> {
    let current = current
        .iter()
        .map(|(n, v)| (OsString::from(n), OsString::from(v)));
    let identity: Vec<_> = identity
        .iter()
        .map(|(n, v)| (n.to_string(), v.to_string()))
        .collect();
    worker(current, runtime, &identity)
        .into_iter()
        .map(|(n, v)| (n.into_string().unwrap(), v.into_string().unwrap()))
        .collect()
}

fn names_that_pass(runtime: &Runtime, names: &[&str]) -> Vec<String> {
    let current: Vec<_> = names.iter().map(|name| (*name, "1")).collect();
    worker_of(runtime, &current, &[]).into_keys().collect()
}

#[test]
fn the_common_variables_pass() {
    let names = [
        "HOME",
        "HTTPS_PROXY",
        "LC_ALL",
        "PATH",
        "PLAINTOWN_CONFIG",
        "SSH_AUTH_SOCK",
        "XDG_CONFIG_HOME",
        "no_proxy",
    ];
    assert_eq!(names_that_pass(&runtime("amp"), &names), names);
}

#[test]
fn secrets_and_look_alikes_do_not_pass() {
    let names = [
        "AWS_SECRET_ACCESS_KEY",
        "DATABASE_URL",
        "GITHUB_TOKEN",
        "OPENAI_API_KEY",
        "PATHS",
        "XDG",
        "MY_HOME",
        "LD_PRELOAD",
        "path",
        "ANTHROPICX",
    ];
    assert_eq!(names_that_pass(&runtime("claude"), &names), [""; 0]);
}

#[test]
fn each_runtime_gets_its_own_keys_only() {
    let keys = [
        "ANTHROPIC_API_KEY",
        "CODEX_HOME",
        "GEMINI_API_KEY",
        "IS_SANDBOX",
        "OPENAI_API_KEY",
    ];
    assert_eq!(
        names_that_pass(&runtime("claude"), &keys),
        ["ANTHROPIC_API_KEY", "IS_SANDBOX"]
    );
    assert_eq!(
        names_that_pass(&runtime("codex"), &keys),
        ["CODEX_HOME", "OPENAI_API_KEY"]
    );
    assert_eq!(
        names_that_pass(&runtime("gemini"), &keys),
        ["GEMINI_API_KEY"]
    );
}

#[test]
fn git_and_the_callers_own_identity_are_scrubbed_even_if_asked_for() {
    let mut greedy = runtime("claude");
    greedy.env_pass.extend(["GIT_*".into(), "GT_AGENT".into()]);
    let names = [
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_SSH_COMMAND",
        "GT_AGENT",
        "BD_ACTOR",
    ];
    assert_eq!(names_that_pass(&greedy, &names), [""; 0]);
}

#[test]
fn identity_lies_on_top_of_the_runtime_and_the_caller() {
    let env = worker_of(
        &runtime("opencode"),
        &[
            ("OPENCODE_PERMISSION", "ask"),
            ("GT_AGENT", "mayor"),
            ("HOME", "/home/ann"),
        ],
        &[
            ("GT_AGENT", "gastown/polecats/toast"),
            ("GIT_AUTHOR_NAME", "toast"),
            ("HOME", "/h"),
        ],
    );
    let expected = [
        ("GIT_AUTHOR_NAME", "toast"),
        ("GT_AGENT", "gastown/polecats/toast"),
        ("HOME", "/h"),
        ("OPENCODE_PERMISSION", r#"{"*":"allow"}"#),
    ];
    assert_eq!(
        env,
        expected.map(|(n, v)| (n.to_string(), v.to_string())).into()
    );
}

#[test]
fn values_that_are_no_text_pass_unchanged() {
    let odd = OsStr::from_bytes(b"/tmp/\xff").to_owned();
    let env = worker(
        [("HOME".into(), odd.clone())].into_iter(),
        &runtime("amp"),
        &[],
    );
    assert_eq!(env, [(OsString::from("HOME"), odd)]);
}

#[test]
fn a_folder_is_put_first_on_the_path_once() {
    let path = |value: &str| vec![(OsString::from("PATH"), OsString::from(value))];
    let with = |value: &str| {
        let mut env = path(value);
        put_first_on_path(&mut env, Path::new("/opt/pt"));
        env
    };
    assert_eq!(with("/usr/bin:/bin"), path("/opt/pt:/usr/bin:/bin"));
    assert_eq!(
        with("/usr/bin:/opt/pt::/bin:"),
        path("/opt/pt:/usr/bin:/bin")
    );
    let mut none = Vec::new();
    put_first_on_path(&mut none, Path::new("/opt/pt"));
    assert_eq!(none, path("/opt/pt"));
}
