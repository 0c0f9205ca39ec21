//! Small pure helpers for git's machine formats.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The fields of a NUL-terminated list; a missing last terminator is forgiven.
pub(crate) fn nul_fields(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let body = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    let wanted = if bytes.is_empty() { 0 } else { usize::MAX };
    body.split(|byte| *byte == 0).take(wanted)
}

/// A path from git's bytes.
pub(crate) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as the bytes that git expects.
pub(crate) fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// NUL-terminated paths, for a `--stdin -z`.
pub(crate) fn nul_list<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<u8> {
    let mut list = Vec::new();
    for path in paths {
        list.extend_from_slice(bytes(path));
        list.push(0);
    }
    list
}

/// Text without the newline at its end.
pub(crate) fn line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_end_matches(['\n', '\r']).to_owned()
}

/// A few paths in one line, for messages.
pub(crate) fn listed(paths: &[PathBuf]) -> String {
    const SHOWN: usize = 5;
    let mut text = paths
        .iter()
        .take(SHOWN)
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ");
    if paths.len() > SHOWN {
        text.push_str(&format!(" and {} more", paths.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_empty_ones_inside_and_ignore_the_end() {
        let fields: Vec<_> = nul_fields(b"a\0\0b\0").collect();
        assert_eq!(fields, [&b"a"[..], b"", b"b"]);
        assert_eq!(nul_fields(b"").count(), 0);
    }

    #[test]
    fn long_lists_are_cut() {
        let paths: Vec<_> = (0..7).map(|n| PathBuf::from(n.to_string())).collect();
        assert_eq!(listed(&paths), "0, 1, 2, 3, 4 and 2 more");
    }
}
