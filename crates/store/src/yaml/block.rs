//! Literal blocks: prose that git merges by lines.

/// Appends ` |-` and the lines of `text`, `indent` spaces deep.
///
/// The header names the indentation (`|2`) where the first line begins with
/// white space, since readers could not guess it.
pub(super) fn push(out: &mut String, text: &str, indent: usize) {
    out.push_str(" |");
    if text.starts_with([' ', '\t']) {
        out.push('2');
    }
    let body = match text.strip_suffix('\n') {
        Some(body) => body,
        None => {
            out.push('-');
            text
        }
    };
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
        out.push('\n');
    }
}
