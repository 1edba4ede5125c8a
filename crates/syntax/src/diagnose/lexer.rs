//! A tokenizer with the states and the errors of CPython's.
//!
//! It only ever runs over sources that do not parse, to find what CPython would say about them. It reads line by line,
//! as CPython's does: where an error is reported depends on the line read last.

use super::tokens::{Kind, Position, Token};
use crate::ast::Location;
use crate::{ErrorKind, SyntaxError};

/// Why there are no more tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    No,
    /// The source has ended.
    Eof,
    /// With [`Lexer::error`] set.
    Error,
    /// The same, because a string reached the end of the source.
    EofInString,
    Dedent,
    TabSpace,
    TooDeep,
    LineContinuation,
}

pub struct Bracket {
    pub character: u8,
    pub line: u32,
    pub column: i32,
}

/// What an f-string or t-string that is being read looks like.
pub(super) struct StringMode {
    pub quote: u8,
    pub quote_size: usize,
    pub start: usize,
    pub line_start: usize,
    pub first_line: u32,
    pub raw: bool,
    pub prefix: char,
    /// Whether a part between braces is being read.
    pub in_expression: bool,
    pub depth: i32,
    /// Depth at which the innermost expression starts; -1 outside of one.
    pub expression_depth: i32,
    pub in_format_spec: bool,
}

const MAX_INDENT: usize = 100;
const MAX_LEVEL: usize = 200;
const TAB_SIZE: u32 = 8;

pub struct Lexer<'s> {
    pub(super) source: &'s str,
    bytes: &'s [u8],
    pub(super) cursor: usize,
    line_end: usize,
    pub(super) line_start: usize,
    pub(super) line: u32,
    pub done: Done,
    pub error: Option<SyntaxError>,
    at_line_start: bool,
    pending: i32,
    indents: Vec<(u32, u32)>,
    pub brackets: Vec<Bracket>,
    pub(super) modes: Vec<StringMode>,
    pub(super) start: usize,
    start_column: i32,
    /// Whether a token has been begun: lines read now belong to it.
    in_token: bool,
    /// Where the line, or the token of several lines, that is being read starts.
    buffer_start: usize,
    pub(super) first_line: u32,
    pub(super) multi_line_start: usize,
}

pub(super) type Scan<T> = Result<T, ()>;

impl<'s> Lexer<'s> {
    pub fn new(source: &'s str) -> Self {
        Lexer {
            source,
            bytes: source.as_bytes(),
            cursor: 0,
            line_end: 0,
            line_start: 0,
            line: 0,
            done: Done::No,
            error: None,
            at_line_start: true,
            pending: 0,
            indents: vec![(0, 0)],
            brackets: Vec::new(),
            modes: Vec::new(),
            start: 0,
            start_column: -1,
            in_token: false,
            buffer_start: 0,
            first_line: 0,
            multi_line_start: 0,
        }
    }

    /// The next token. An error is one too; [`Lexer::done`] then tells which.
    pub fn next(&mut self) -> Token {
        let result = match self.modes.last() {
            Some(mode) if !mode.in_expression => self.string_mode_token(),
            _ => self.plain_token(),
        };
        match result {
            Ok(Some(kind)) if self.start_column < 0 => self.unplaced(kind),
            Ok(Some(kind)) => {
                let end = Position { line: self.line, column: self.column() };
                let line = if kind.is_string() { self.first_line } else { self.line };
                self.token(kind, Position { line, column: self.start_column }, end)
            }
            Ok(None) => self.unplaced(Kind::END_MARKER),
            Err(()) => self.unplaced(Kind::ERROR),
        }
    }

    /// Closes all blocks: what the end of interactive input does.
    pub fn imply_dedents(&mut self) {
        self.pending = -(self.indents.len() as i32 - 1);
        self.indents.truncate(1);
    }

    pub fn token(&self, kind: Kind, start: Position, end: Position) -> Token {
        Token { kind, start, end, text: (self.start as u32, self.cursor as u32), level: self.brackets.len() as u32 }
    }

    pub fn unplaced(&self, kind: Kind) -> Token {
        let position = Position { line: self.line, column: -1 };
        Token { kind, start: position, end: position, text: (0, 0), level: self.brackets.len() as u32 }
    }

    /// Byte column of the cursor.
    pub fn column(&self) -> i32 {
        self.cursor as i32 - self.line_start as i32
    }

    pub fn line(&self) -> u32 {
        self.line
    }

    /// The text of a line that an error is in: with its newline if the tokenizer has not gone past it.
    pub fn line_for_error(&self, line: u32) -> &'s str {
        if self.line <= line && self.line_end > 0 {
            return self.source.get(self.line_start..self.line_end).unwrap_or_default();
        }
        self.source.split('\n').nth(line.saturating_sub(1) as usize).unwrap_or_default()
    }

    /// `f` or `t`, of the string that is being read.
    pub fn string_prefix(&self) -> char {
        self.modes.last().map_or('f', |mode| mode.prefix)
    }

    pub fn is_in_string(&self) -> bool {
        !self.modes.is_empty()
    }

    /// Byte column of the cursor, from where the tokenizer's buffer starts.
    pub fn buffer_column(&self) -> i32 {
        self.cursor as i32 - self.buffer_start as i32
    }

    /// What is left of the source.
    pub fn rest(&self) -> &'s [u8] {
        &self.bytes[self.cursor..]
    }

    // Characters. The end of the source reads as `None`.

    pub(super) fn advance(&mut self) -> Option<u8> {
        if self.cursor == self.line_end {
            if self.done != Done::No {
                return None;
            }
            if self.cursor == self.bytes.len() {
                self.done = Done::Eof;
                return None;
            }
            if !self.in_token {
                self.buffer_start = self.cursor;
            }
            self.line_start = self.cursor;
            self.line += 1;
            let rest = &self.bytes[self.cursor..];
            self.line_end = self.cursor + rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |i| i + 1);
        }
        let byte = self.bytes[self.cursor];
        self.cursor += 1;
        Some(byte)
    }

    pub(super) fn back_up(&mut self, byte: Option<u8>) {
        if byte.is_some() {
            self.cursor -= 1;
        }
    }

    pub(super) fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    // Errors.

    /// An error at the cursor.
    pub(super) fn fail<T>(&mut self, message: impl Into<String>) -> Scan<T> {
        let column = self.characters(self.line_start, self.cursor);
        self.fail_at(column, column, message)
    }

    /// An error over a range of the current line.
    pub(super) fn fail_over<T>(&mut self, from: usize, to: usize, message: impl Into<String>) -> Scan<T> {
        let columns = (self.characters(self.line_start, from) + 1, self.characters(self.line_start, to));
        self.fail_at(columns.0, columns.1, message)
    }

    /// An error at columns of the current line, as Python counts them.
    fn fail_at<T>(&mut self, offset: i32, end_offset: i32, message: impl Into<String>) -> Scan<T> {
        let mut error = SyntaxError::of_kind(ErrorKind::SyntaxError, Location::NONE, message);
        error.lineno = self.line;
        error.end_lineno = self.line;
        error.offset = offset;
        error.end_offset = end_offset;
        let text = self.source.get(self.line_start..).unwrap_or_default();
        error.text = Some(text.split('\n').next().unwrap_or_default().to_owned());
        self.error = Some(error);
        self.done = Done::Error;
        Err(())
    }

    /// An error without a message of its own.
    fn stop<T>(&mut self, done: Done) -> Scan<T> {
        self.done = done;
        Err(())
    }

    /// How many characters a range has, one cut short by its end counted as well.
    pub(super) fn characters(&self, from: usize, to: usize) -> i32 {
        self.bytes[from..to].iter().filter(|&&b| b & 0xC0 != 0x80).count() as i32
    }

    fn continuation_line(&mut self) -> Scan<()> {
        if self.advance() != Some(b'\n') {
            return self.stop(Done::LineContinuation);
        }
        let c = self.advance();
        if c.is_none() {
            return self.stop(Done::Eof);
        }
        self.back_up(c);
        Ok(())
    }

    /// Reads the indentation of a line. Whether the line is blank.
    fn indentation(&mut self) -> Scan<bool> {
        let (mut column, mut alternate, mut continued) = (0, 0, 0);
        let c = loop {
            match self.advance() {
                Some(b' ') => (column, alternate) = (column + 1, alternate + 1),
                Some(b'\t') => (column, alternate) = ((column / TAB_SIZE + 1) * TAB_SIZE, alternate + 1),
                Some(b'\x0C') => (column, alternate) = (0, 0),
                Some(b'\\') => {
                    if continued == 0 {
                        continued = column;
                    }
                    self.continuation_line()?;
                }
                c => break c,
            }
        };
        self.back_up(c);
        let blank = matches!(c, Some(b'#' | b'\n'));
        if blank || !self.brackets.is_empty() {
            return Ok(blank);
        }
        if continued != 0 {
            (column, alternate) = (continued, continued);
        }
        let (current, current_alternate) = self.innermost();
        if column == current {
            if alternate != current_alternate {
                return self.inconsistent();
            }
        } else if column > current {
            if self.indents.len() >= MAX_INDENT {
                self.cursor = self.line_end;
                return self.stop(Done::TooDeep);
            }
            if alternate <= current_alternate {
                return self.inconsistent();
            }
            self.pending += 1;
            self.indents.push((column, alternate));
        } else {
            while self.indents.len() > 1 && column < self.innermost().0 {
                self.pending -= 1;
                self.indents.pop();
            }
            let (current, current_alternate) = self.innermost();
            if column != current {
                self.cursor = self.line_end;
                return self.stop(Done::Dedent);
            }
            if alternate != current_alternate {
                return self.inconsistent();
            }
        }
        Ok(blank)
    }

    fn innermost(&self) -> (u32, u32) {
        self.indents.last().copied().unwrap_or_default()
    }

    fn inconsistent<T>(&mut self) -> Scan<T> {
        self.cursor = self.line_end;
        self.stop(Done::TabSpace)
    }

    /// A token outside of the literal parts of f-strings. `None` is the end.
    fn plain_token(&mut self) -> Scan<Option<Kind>> {
        'line: loop {
            self.start_column = -1;
            self.in_token = false;
            let mut blank = false;
            if self.at_line_start {
                self.at_line_start = false;
                blank = self.indentation()?;
            }
            self.start = self.cursor;
            if self.pending != 0 {
                // These have no place of their own.
                let kind = if self.pending < 0 { Kind::DEDENT } else { Kind::INDENT };
                self.pending -= self.pending.signum();
                return Ok(Some(kind));
            }
            loop {
                self.in_token = false;
                let mut c = self.advance();
                while matches!(c, Some(b' ' | b'\t' | b'\x0C')) {
                    c = self.advance();
                }
                self.start = self.cursor - usize::from(c.is_some());
                self.in_token = true;
                self.start_column = self.start as i32 - self.line_start as i32;
                if c == Some(b'#') {
                    while !matches!(c, None | Some(b'\n')) {
                        c = self.advance();
                    }
                }
                let Some(byte) = c else {
                    self.start_column = -1;
                    return if self.brackets.is_empty() { Ok(None) } else { Err(()) };
                };
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => return self.name_or_string(byte).map(Some),
                    b'\n' => {
                        self.at_line_start = true;
                        if blank || !self.brackets.is_empty() {
                            continue 'line;
                        }
                        return Ok(Some(Kind::NEWLINE));
                    }
                    b'0'..=b'9' => return self.number(byte).map(Some),
                    b'.' => {
                        let next = self.advance();
                        if next.is_some_and(|n| n.is_ascii_digit()) {
                            return self.fraction(next).map(Some);
                        }
                        self.back_up(next);
                        return self.punctuation(byte).map(Some);
                    }
                    b'\'' | b'"' => return self.string(byte).map(Some),
                    b'\\' => self.continuation_line()?,
                    _ => return self.punctuation(byte).map(Some),
                }
            }
        }
    }

    fn name_or_string(&mut self, first: u8) -> Scan<Kind> {
        const PREFIXES: [u8; 5] = *b"burft";
        let mut seen = [false; 5];
        let mut c = Some(first);
        while let Some(i) = c.and_then(|c| PREFIXES.iter().position(|&p| p == c.to_ascii_lowercase())) {
            if seen[i] {
                break;
            }
            seen[i] = true;
            c = self.advance();
            if let Some(quote @ (b'"' | b'\'')) = c {
                self.check_prefixes(seen)?;
                return if seen[3] || seen[4] { self.start_string_mode(quote, seen[4]) } else { self.string(quote) };
            }
        }
        let mut ascii = true;
        while let Some(byte) = c {
            if !(byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128) {
                break;
            }
            ascii &= byte < 128;
            c = self.advance();
        }
        self.back_up(c);
        if !ascii {
            self.check_identifier()?;
        }
        Ok(Kind::keyword(&self.source[self.start..self.cursor]).unwrap_or(Kind::NAME))
    }

    fn check_prefixes(&mut self, [b, u, r, f, t]: [bool; 5]) -> Scan<()> {
        let pairs =
            [(u && b, "u", "b"), (u && r, "u", "r"), (u && f, "u", "f"), (u && t, "u", "t"), (b && f, "b", "f")];
        for (both, one, other) in pairs.into_iter().chain([(b && t, "b", "t"), (f && t, "f", "t")]) {
            if both {
                let message = format!("'{one}' and '{other}' prefixes are incompatible");
                return self.fail_over(self.start, self.cursor, message);
            }
        }
        Ok(())
    }

    fn check_identifier(&mut self) -> Scan<()> {
        let name = &self.source[self.start..self.cursor];
        let invalid = name.char_indices().find(|&(i, c)| {
            let fits = if i == 0 { unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) };
            !fits && c != '_'
        });
        match invalid {
            None => Ok(()),
            Some((i, c)) => {
                self.cursor = self.start + i + c.len_utf8();
                let code = c as u32;
                if is_printable(c) {
                    self.fail(format!("invalid character '{c}' (U+{code:04X})"))
                } else {
                    self.fail(format!("invalid non-printable character U+{code:04X}"))
                }
            }
        }
    }

    fn punctuation(&mut self, c: u8) -> Scan<Kind> {
        if let Some(mode) = self.modes.last_mut()
            && c == b':'
            && mode.expression_depth >= 0
            && mode.depth - 1 == mode.expression_depth
        {
            mode.in_expression = false;
            mode.in_format_spec = true;
            return Ok(operator(b":"));
        }
        // The longest operator that is there, within the line. Looking for it can find the end of the source.
        let next = self.advance();
        self.back_up(next);
        for len in [3, 2] {
            let end = self.start + len;
            if end <= self.line_end
                && let Some(kind) = Kind::operator(&self.bytes[self.start..end])
            {
                self.cursor = end;
                return Ok(kind);
            }
        }
        match c {
            b'(' | b'[' | b'{' => {
                if self.brackets.len() >= MAX_LEVEL {
                    return self.fail("too many nested parentheses");
                }
                let column = self.start as i32 - self.line_start as i32;
                self.brackets.push(Bracket { character: c, line: self.line, column });
                if let Some(mode) = self.modes.last_mut() {
                    mode.depth += 1;
                }
            }
            b')' | b']' | b'}' => self.closing(c)?,
            _ if c < 32 || c == 127 => {
                return self.fail(format!("invalid non-printable character U+{c:04X}"));
            }
            _ => {}
        }
        Ok(operator(&[c]))
    }

    fn closing(&mut self, c: u8) -> Scan<()> {
        let shown = c as char;
        let string = self.modes.last().map(|mode| (mode.prefix, mode.depth, mode.expression_depth));
        if let Some((prefix, 0, _)) = string
            && c == b'}'
        {
            return self.fail(format!("{prefix}-string: single '}}' is not allowed"));
        }
        let Some(Bracket { character: opening, line, .. }) = self.brackets.pop() else {
            return self.fail(format!("unmatched '{shown}'"));
        };
        if !matches!((opening, c), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            if let Some((prefix, depth, expression_depth)) = string
                && opening == b'{'
                && depth - 1 == expression_depth
            {
                return self.fail(format!("{prefix}-string: unmatched '{shown}'"));
            }
            let place = if line == self.line { String::new() } else { format!(" on line {line}") };
            let opening = opening as char;
            return self
                .fail(format!("closing parenthesis '{shown}' does not match opening parenthesis '{opening}'{place}"));
        }
        if let Some(mode) = self.modes.last_mut() {
            mode.depth -= 1;
            let prefix = mode.prefix;
            if mode.depth < 0 {
                return self.fail(format!("{prefix}-string: unmatched '{shown}'"));
            }
            if c == b'}' && mode.depth == mode.expression_depth {
                mode.expression_depth -= 1;
                mode.in_expression = false;
                mode.in_format_spec = false;
            }
        }
        Ok(())
    }

    /// Starts a token of a string's literal part.
    pub(super) fn start_part(&mut self) {
        self.start = self.cursor;
        self.in_token = true;
        self.first_line = self.line;
        self.start_column = self.column();
    }

    /// A token that begins an expression in a string is an ordinary one.
    pub(super) fn expression_token(&mut self) -> Scan<Option<Kind>> {
        self.plain_token()
    }
}

fn operator(text: &[u8]) -> Kind {
    Kind::operator(text).unwrap_or(Kind::OTHER)
}

/// What `str.isprintable` says, but for combining marks.
fn is_printable(c: char) -> bool {
    c.escape_debug().count() == 1
}
