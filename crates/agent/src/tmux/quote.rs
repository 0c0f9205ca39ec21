//! The command that reads a pane's output. tmux hands it to a shell, after it
//! has replaced formats (`#`) and times (`%`) in it; here each word is written
//! so that it arrives as it is.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// A line for `sh -c` that becomes the program with these arguments.
pub(super) fn pipe_command(argv: &[OsString]) -> OsString {
    let mut line = b"exec".to_vec();
    for word in argv {
        line.push(b' ');
        quote(word, &mut line);
    }
    OsString::from_vec(line)
}

fn quote(word: &OsStr, line: &mut Vec<u8>) {
    line.push(b'\'');
    for byte in word.as_bytes() {
        match byte {
            b'\'' => line.extend_from_slice(b"'\\''"),
            b'#' | b'%' => line.extend_from_slice(&[*byte, *byte]),
            byte => line.push(*byte),
        }
    }
    line.push(b'\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        let argv = ["/a b/gt", "it's", "#{pid} %H", "$(id);`x`"].map(OsString::from);
        assert_eq!(
            pipe_command(&argv),
            "exec '/a b/gt' 'it'\\''s' '##{pid} %%H' '$(id);`x`'"
        );
    }
}
