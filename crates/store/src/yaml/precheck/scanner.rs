//! Where the tokens of a YAML text begin.
//!
//! Follows the rules by which the full parser's own scanner tells quotes,
//! plain text and blocks apart: a bracket counts as nesting exactly when it
//! does there, so that no text can hide its depth. It stops at the first thing
//! that is not allowed, and leaves all other errors to the parser.

use super::super::{Flaw, MAX_DEPTH};

/// Refuses several documents, directives, anchors, aliases, tags and deep flow
/// nesting.
pub(super) fn check(text: &str) -> Result<(), Flaw> {
    let mut scanner = Scanner {
        rest: text,
        line: 1,
        column: 0,
        depth: 0,
        indents: Vec::new(),
        key_column: None,
        seen_content: false,
    };
    while scanner.skip_to_token() {
        scanner.token()?;
    }
    Ok(())
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
    /// How many flow collections are open.
    depth: usize,
    /// The columns of the block collections that are open.
    indents: Vec<usize>,
    /// Where on this line a token begins that may turn out to be a key.
    key_column: Option<usize>,
    seen_content: bool,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.chars().nth(ahead)
    }

    fn is_blank_after(&self, ahead: usize) -> bool {
        self.peek(ahead).is_none_or(is_blank_or_break)
    }

    fn advance(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        let ends_line = is_break(c) && !(c == '\r' && self.rest.starts_with('\n'));
        if ends_line {
            // Lines are counted as editors count them.
            self.line += usize::from(c == '\n');
            self.column = 0;
            if self.depth == 0 {
                self.key_column = None;
            }
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| !is_break(c)) {
            self.advance();
        }
    }

    /// Skips blanks, line ends and comments; false at the end of the text.
    fn skip_to_token(&mut self) -> bool {
        loop {
            match self.peek(0) {
                None => return false,
                Some('#') => self.skip_line(),
                Some(c) if is_blank_or_break(c) => drop(self.advance()),
                Some(_) => break,
            }
        }
        if self.depth == 0 {
            while self.indents.last().is_some_and(|&it| it > self.column) {
                self.indents.pop();
            }
        }
        true
    }

    fn token(&mut self) -> Result<(), Flaw> {
        if self.column == 0 {
            self.document_mark()?;
        }
        self.seen_content = true;
        let c = self.peek(0).unwrap_or(' ');
        match c {
            '[' | '{' => return self.open(),
            ']' | '}' => {
                self.depth = self.depth.saturating_sub(1);
                self.advance();
            }
            ',' => drop(self.advance()),
            '-' if self.is_blank_after(1) => return self.indicator(),
            '?' if self.depth > 0 || self.is_blank_after(1) => return self.indicator(),
            ':' if self.depth > 0 || self.is_blank_after(1) => return self.value(),
            '&' | '*' => return self.refuse("uses a YAML anchor or alias, which is not allowed"),
            '!' => return self.refuse("uses a YAML tag, which is not allowed"),
            '|' | '>' if self.depth == 0 => self.block(),
            '"' | '\'' => self.quoted(c),
            _ => self.plain(),
        }
        Ok(())
    }

    fn refuse(&self, what: impl Into<String>) -> Result<(), Flaw> {
        Err(Flaw::at(self.line, what))
    }

    fn document_mark(&mut self) -> Result<(), Flaw> {
        let is_mark = |mark| self.rest.starts_with(mark) && self.is_blank_after(3);
        if is_mark("...") || (is_mark("---") && self.seen_content) {
            return self.refuse("holds more than one YAML document");
        }
        if is_mark("---") {
            for _ in 0..3 {
                self.advance();
            }
            self.skip_to_token();
        } else if self.rest.starts_with('%') {
            return self.refuse("holds a YAML directive, which is not allowed");
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), Flaw> {
        self.may_be_key();
        self.depth += 1;
        self.check_depth()?;
        self.advance();
        Ok(())
    }

    fn may_be_key(&mut self) {
        if self.depth == 0 {
            self.key_column = Some(self.column);
        }
    }

    fn check_depth(&self) -> Result<(), Flaw> {
        if self.depth + self.indents.len() > MAX_DEPTH {
            return self.refuse(format!("nests more than {MAX_DEPTH} deep"));
        }
        Ok(())
    }

    /// A block collection begins or goes on in this column.
    fn roll_indent(&mut self, column: usize) -> Result<(), Flaw> {
        let is_deeper = self.indents.last().is_none_or(|&last| last < column);
        if self.depth == 0 && is_deeper {
            self.indents.push(column);
        }
        self.check_depth()
    }

    /// `- ` or `? `
    fn indicator(&mut self) -> Result<(), Flaw> {
        self.roll_indent(self.column)?;
        self.advance();
        Ok(())
    }

    /// `:` after a key, or without one.
    fn value(&mut self) -> Result<(), Flaw> {
        self.roll_indent(self.key_column.unwrap_or(self.column))?;
        if self.depth == 0 {
            self.key_column = None;
        }
        self.advance();
        Ok(())
    }

    fn quoted(&mut self, quote: char) {
        self.may_be_key();
        let column = self.key_column;
        self.advance();
        while let Some(c) = self.advance() {
            if c == '\\' && quote == '"' {
                self.advance();
            } else if c == quote {
                if quote == '\'' && self.peek(0) == Some('\'') {
                    self.advance();
                } else {
                    break;
                }
            }
        }
        self.key_column = column;
    }

    fn plain(&mut self) {
        self.may_be_key();
        let column = self.key_column;
        let inside = self.indents.last().map_or(0, |&indent| indent + 1);
        loop {
            self.plain_word();
            let line = self.line;
            while self.peek(0).is_some_and(is_blank_or_break) {
                self.advance();
            }
            let ends = self.peek(0).is_none_or(|c| c == '#')
                || (self.depth == 0 && self.column < inside)
                || (self.column == 0 && self.is_document_mark())
                || self.ends_plain();
            if ends {
                if self.line == line {
                    self.key_column = column;
                }
                return;
            }
        }
    }

    fn is_document_mark(&self) -> bool {
        (self.rest.starts_with("---") || self.rest.starts_with("...")) && self.is_blank_after(3)
    }

    fn plain_word(&mut self) {
        // What begins plain text belongs to it, whatever it is.
        let mut first = true;
        while self.peek(0).is_some_and(|c| !is_blank_or_break(c)) && (first || !self.ends_plain()) {
            self.advance();
            first = false;
        }
    }

    fn ends_plain(&self) -> bool {
        match self.peek(0) {
            Some(':') => self.is_blank_after(1) || (self.depth > 0 && self.is_flow_mark(1)),
            _ => self.depth > 0 && self.is_flow_mark(0),
        }
    }

    fn is_flow_mark(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), Some(',' | '[' | ']' | '{' | '}'))
    }

    /// A literal or folded block: its header, and all lines that are deep
    /// enough.
    fn block(&mut self) {
        let header = self.rest.split(is_break).next().unwrap_or_default();
        let told = header.chars().take(3).find_map(|c| c.to_digit(10));
        let told = told.and_then(|digit| usize::try_from(digit).ok());
        let mut indent = told.map(|digit| self.indents.last().map_or(0, |&it| it) + digit);
        let least = self.indents.last().map_or(1, |&it| it + 1);
        let mut blanks = 0;
        self.skip_line();
        self.advance_line_end();
        while !self.rest.is_empty() {
            let limit = indent.unwrap_or(usize::MAX);
            while self.column < limit && self.peek(0) == Some(' ') {
                self.advance();
            }
            if self.peek(0).is_some_and(is_break) {
                blanks = blanks.max(self.column);
                self.advance_line_end();
                continue;
            }
            let deep = *indent.get_or_insert(blanks.max(self.column).max(least));
            if self.column < deep {
                return;
            }
            self.skip_line();
            self.advance_line_end();
        }
    }

    fn advance_line_end(&mut self) {
        if self.advance() == Some('\r') && self.peek(0) == Some('\n') {
            self.advance();
        }
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank_or_break(c: char) -> bool {
    matches!(c, ' ' | '\t') || is_break(c)
}
