use super::*;

#[test]
fn the_server_keeps_no_secret() {
    let kept = |name: &str| is_kept(name.as_ref());
    for name in ["PATH", "HOME", "LC_ALL", "PLAINTOWN_CONFIG"] {
        assert!(kept(name), "{name}");
    }
    for name in ["ANTHROPIC_API_KEY", "SSH_AUTH_SOCK", "GT_AGENT", "PATHS"] {
        assert!(!kept(name), "{name}");
    }
}

#[test]
fn without_tmux_it_says_so() {
    let env = [("PATH".into(), "/nowhere".into())];
    let error = Server::at(Path::new("/x"), &env).unwrap_err();
    assert!(
        error.hint().unwrap().contains("--session process"),
        "{error}"
    );
}
