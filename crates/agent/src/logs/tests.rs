use super::*;
use std::fs;
use std::io::Write;

fn tail_of(bytes: &[u8], lines: usize) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("1.log");
    fs::write(&path, bytes).unwrap();
    tail(&path, lines).unwrap()
}

#[test]
fn an_address_becomes_folders() {
    let path = log_path(Path::new("/logs"), "gastown/polecats/toast", 2).unwrap();
    assert_eq!(path, Path::new("/logs/gastown/polecats/toast/2.log"));
    assert_eq!(
        log_path(Path::new("/logs"), "mayor", 1).unwrap(),
        Path::new("/logs/mayor/1.log")
    );
}

#[test]
fn an_address_cannot_leave_the_folder() {
    let long = "x".repeat(65);
    for bad in [
        "", "/etc", "a//b", "a/", "..", "a/../b", ".git/x", "-rf", "a\0b", "a b", "é", &long,
    ] {
        let error = log_path(Path::new("/logs"), bad, 1).unwrap_err();
        assert_eq!(error.address, bad);
        assert!(error.to_string().contains("has no log"));
    }
}

#[test]
fn the_last_lines_are_returned() {
    assert_eq!(tail_of(b"a\nb\nc\n", 2), "b\nc\n");
    assert_eq!(tail_of(b"a\nb\nc", 2), "b\nc");
    assert_eq!(tail_of(b"a\nb\nc\n", 3), "a\nb\nc\n");
    assert_eq!(tail_of(b"a\nb\n", 9), "a\nb\n");
    assert_eq!(tail_of(b"\n\n\n", 2), "\n\n");
    assert_eq!(tail_of(b"", 3), "");
    assert_eq!(tail_of(b"a\n", 0), "");
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    assert_eq!(tail_of(b"x\n\xff\xfe!\n", 1), "\u{fffd}\u{fffd}!\n");
}

#[test]
fn lines_that_cross_chunks_are_whole() {
    let long = "y".repeat(usize::try_from(CHUNK).unwrap() + 7);
    let text = format!("first\n{long}\nlast\n");
    assert_eq!(tail_of(text.as_bytes(), 2), format!("{long}\nlast\n"));
    assert_eq!(tail_of(text.as_bytes(), 5), text);
}

#[test]
fn a_huge_sparse_log_is_read_from_its_end_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("1.log");
    let mut file = File::create(&path).unwrap();
    file.set_len(64 << 30).unwrap();
    file.seek(SeekFrom::End(0)).unwrap();
    file.write_all(b"\none\ntwo\n").unwrap();
    assert_eq!(tail(&path, 2).unwrap(), "one\ntwo\n");
    assert_eq!(tail(&path, 1000).unwrap().len() as u64, TAIL_LIMIT);
}

#[test]
fn a_log_that_is_absent_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let error = tail(&dir.path().join("none"), 1).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

#[test]
fn lines_that_were_put_aside_count() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("1.log");
    fs::write(older(&path), "a\nb\nc").unwrap();
    fs::write(&path, "d\ne\n").unwrap();
    for (lines, text) in [
        (1, "e\n"),
        (2, "cd\ne\n"),
        (3, "b\ncd\ne\n"),
        (9, "a\nb\ncd\ne\n"),
    ] {
        assert_eq!(tail(&path, lines).unwrap(), text);
    }
    fs::write(&path, "\nd\n").unwrap();
    assert_eq!(tail(&path, 1).unwrap(), "d\n");
    assert_eq!(tail(&path, 2).unwrap(), "c\nd\n");
    // Between two: the one that is full was put aside, and none is begun.
    fs::rename(&path, older(&path)).unwrap();
    assert_eq!(tail(&path, 1).unwrap(), "d\n");
}
