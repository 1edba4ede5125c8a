//! From lines to tokens.

use Mode::{Code, Middle};

/// Numbers of the kinds of tokens, as in module `token`.
pub mod kind {
    pub const ENDMARKER: u8 = 0;
    pub const NAME: u8 = 1;
    pub const NUMBER: u8 = 2;
    pub const STRING: u8 = 3;
    pub const NEWLINE: u8 = 4;
    pub const INDENT: u8 = 5;
    pub const DEDENT: u8 = 6;
    pub const OP: u8 = 55;
    pub const FSTRING_START: u8 = 59;
    pub const TSTRING_START: u8 = 62;
    pub const COMMENT: u8 = 65;
    pub const NL: u8 = 66;
}

/// Operators with their kinds, longest first.
const OPERATORS: [(&str, u8); 48] = [
    ("**=", 46),
    ("//=", 48),
    ("<<=", 44),
    (">>=", 45),
    ("...", 52),
    ("!=", 28),
    ("%=", 40),
    ("&=", 41),
    ("**", 35),
    ("*=", 38),
    ("+=", 36),
    ("-=", 37),
    ("->", 51),
    ("//", 47),
    ("/=", 39),
    (":=", 53),
    ("<<", 33),
    ("<=", 29),
    ("==", 27),
    (">=", 30),
    (">>", 34),
    ("@=", 50),
    ("^=", 43),
    ("|=", 42),
    ("<>", 28),
    ("!", 54),
    ("%", 24),
    ("&", 19),
    ("(", 7),
    (")", 8),
    ("*", 16),
    ("+", 14),
    (",", 12),
    ("-", 15),
    (".", 23),
    ("/", 17),
    (":", 11),
    (";", 13),
    ("<", 20),
    ("=", 22),
    (">", 21),
    ("@", 49),
    ("[", 9),
    ("]", 10),
    ("^", 32),
    ("{", 25),
    ("|", 18),
    ("}", 26),
];
const TILDE: u8 = 31;
/// Levels of indentation, the outermost included.
const MAX_INDENT: usize = 100;

/// The column of a token without a place; Python sees -1.
pub const NOWHERE: usize = usize::MAX;

/// A token: rows count from 1, columns from 0.
#[derive(Clone, Debug)]
pub struct Token {
    pub kind: u8,
    pub text: String,
    pub start: (usize, usize),
    pub end: (usize, usize),
    pub line: String,
}

/// Why the source has no further tokens.
#[derive(Clone, Debug)]
pub struct LexError {
    pub message: &'static str,
    pub at: (usize, usize),
    pub line: String,
    pub indentation: bool,
}

/// A formatted string that is open.
struct Formatted {
    start_kind: u8,
    quote: char,
    triple: bool,
    raw: bool,
    /// Brackets open where each replacement field began; empty = in the text.
    fields: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Code,
    /// In the text of the innermost formatted string or format spec.
    Middle,
}

pub struct Lexer {
    pub tokens: Vec<Token>,
    pub error: Option<LexError>,
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
    brackets: Vec<char>,
    indents: Vec<usize>,
    formatted: Vec<Formatted>,
    mode: Mode,
    extra: bool,
}

impl Lexer {
    /// All tokens of the lines.
    pub fn run(lines: Vec<Vec<char>>, extra: bool) -> Lexer {
        let mut lexer = Lexer {
            tokens: Vec::new(),
            error: None,
            lines,
            row: 0,
            column: 0,
            brackets: Vec::new(),
            indents: vec![0],
            formatted: Vec::new(),
            mode: Code,
            extra,
        };
        if let Err(error) = lexer.all() {
            lexer.error = Some(error);
        }
        lexer
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.lines.get(self.row)?.get(self.column + ahead).copied()
    }

    /// Whether the line ends here.
    fn is_line_end(&self) -> bool {
        self.peek(0) == Some('\n') || self.peek(0) == Some('\r') && self.peek(1) == Some('\n')
    }

    /// Characters of the line's end, which is here.
    fn line_end_size(&self) -> usize {
        if self.peek(0) == Some('\r') && self.peek(1) == Some('\n') { 2 } else { 1 }
    }

    fn line_text(&self, row: usize) -> String {
        self.lines.get(row).map(|l| l.iter().collect()).unwrap_or_default()
    }

    fn fail<T>(&self, message: &'static str) -> Result<T, LexError> {
        self.fail_at(message, (self.row + 1, self.column), false)
    }

    fn fail_at<T>(&self, message: &'static str, at: (usize, usize), indentation: bool) -> Result<T, LexError> {
        let line = self.line_text(at.0.saturating_sub(1));
        Err(LexError { message, at, line, indentation })
    }

    /// A token from `start` to the present place.
    fn push(&mut self, kind: u8, text: String, start: (usize, usize)) {
        let end = (self.row, self.column);
        let line = (start.0..=end.0).map(|row| self.line_text(row)).collect();
        self.tokens.push(Token { kind, text, start: (start.0 + 1, start.1), end: (end.0 + 1, end.1), line });
    }

    /// A token that stands for no text: the tokenizer proper gives it no column.
    fn push_nowhere(&mut self, kind: u8) {
        let place = (self.row + 1, NOWHERE);
        self.tokens.push(Token { kind, text: String::new(), start: place, end: place, line: self.line_text(self.row) });
    }

    fn take(&mut self, n: usize) -> String {
        let text = self.lines[self.row][self.column..self.column + n].iter().collect();
        self.column += n;
        text
    }

    fn all(&mut self) -> Result<(), LexError> {
        let mut new_line = true;
        while self.row < self.lines.len() {
            if self.mode == Middle {
                self.middle()?;
                continue;
            }
            if new_line && self.brackets.is_empty() && self.formatted.is_empty() && !self.line_start()? {
                continue;
            }
            new_line = false;
            while self.peek(0).is_some_and(|c| matches!(c, ' ' | '\t' | '\x0c' | '\r')) && !self.is_line_end() {
                self.column += 1;
            }
            match self.peek(0) {
                None => {
                    self.row += 1;
                    self.column = 0;
                }
                Some('\n' | '\r') => {
                    let start = (self.row, self.column);
                    let text = self.take(self.line_end_size());
                    if self.brackets.is_empty() && self.formatted.is_empty() {
                        if self.extra {
                            self.push(kind::NEWLINE, text, start);
                        } else {
                            self.column = start.1;
                            self.push(kind::NEWLINE, String::new(), start);
                        }
                        new_line = true;
                    } else if self.extra {
                        self.push(kind::NL, text, start);
                    }
                    self.row += 1;
                    self.column = 0;
                }
                Some('#') => self.comment(),
                Some('\\') if matches!((self.peek(1), self.peek(2)), (Some('\n'), _) | (Some('\r'), Some('\n'))) => {
                    if self.row + 1 >= self.lines.len() {
                        return self.fail("unexpected EOF while parsing");
                    }
                    self.row += 1;
                    self.column = 0;
                }
                Some('\\') => return self.fail("unexpected character after line continuation character"),
                Some(c) => self.token(c)?,
            }
        }
        self.end()
    }

    fn comment(&mut self) {
        let start = (self.row, self.column);
        let mut n = self.lines[self.row][self.column..].iter().take_while(|&&c| c != '\n').count();
        if n > 0 && self.peek(n).is_some() && self.peek(n - 1) == Some('\r') {
            n -= 1;
        }
        let text = self.take(n);
        if self.extra {
            self.push(kind::COMMENT, text, start);
        }
    }

    /// Indentation of a new logical line; false when the line is blank or a comment and was dealt with.
    fn line_start(&mut self) -> Result<bool, LexError> {
        let mut width = 0;
        while let Some(c) = self.peek(0) {
            match c {
                ' ' => width += 1,
                '\t' => width = width / 8 * 8 + 8,
                '\x0c' => width = 0,
                _ => break,
            }
            self.column += 1;
        }
        match self.peek(0) {
            None => {
                // A last line of blanks has an end that is not there.
                let start = (self.row, self.column);
                if self.extra && self.column > 0 {
                    self.column += 1;
                    self.push(kind::NL, String::new(), start);
                }
                self.row += 1;
                self.column = 0;
                return Ok(false);
            }
            Some('#' | '\n' | '\r') => {
                if self.peek(0) == Some('#') {
                    self.comment();
                }
                let start = (self.row, self.column);
                if self.extra {
                    let text = if self.peek(0).is_some() { self.take(self.line_end_size()) } else { String::new() };
                    if text.is_empty() {
                        self.column += 1;
                    }
                    self.push(kind::NL, text, start);
                }
                self.row += 1;
                self.column = 0;
                return Ok(false);
            }
            _ => {}
        }
        let current = *self.indents.last().unwrap_or(&0);
        if width > current {
            if self.indents.len() >= MAX_INDENT {
                return self.fail_at("too many levels of indentation", (self.row + 1, self.column), true);
            }
            self.indents.push(width);
            let text = self.lines[self.row][..self.column].iter().collect();
            if self.extra {
                self.push(kind::INDENT, text, (self.row, 0));
            } else {
                self.push_nowhere(kind::INDENT);
            }
        }
        while width < *self.indents.last().unwrap_or(&0) {
            self.indents.pop();
            if width > *self.indents.last().unwrap_or(&0) {
                let message = "unindent does not match any outer indentation level";
                return self.fail_at(message, (self.row + 1, self.column), true);
            }
            if self.extra {
                self.push(kind::DEDENT, String::new(), (self.row, self.column));
            } else {
                self.push_nowhere(kind::DEDENT);
            }
        }
        Ok(true)
    }

    fn token(&mut self, c: char) -> Result<(), LexError> {
        if c.is_ascii_digit() || c == '.' && self.peek(1).is_some_and(|d| d.is_ascii_digit()) {
            return self.number();
        }
        if is_name(c) {
            let line = &self.lines[self.row];
            let n = line[self.column..].iter().take_while(|&&c| is_name(c)).count();
            let quote = line.get(self.column + n).copied().filter(|q| matches!(q, '"' | '\''));
            let prefix: String = line[self.column..self.column + n].iter().collect::<String>().to_lowercase();
            if let Some(quote) = quote
                && is_prefix(&prefix)
            {
                return self.string(n, quote, &prefix);
            }
            let start = (self.row, self.column);
            let text = self.take(n);
            self.push(kind::NAME, text, start);
            return Ok(());
        }
        if matches!(c, '"' | '\'') {
            return self.string(0, c, "");
        }
        self.operator(c)
    }

    fn number(&mut self) -> Result<(), LexError> {
        let start = (self.row, self.column);
        let line: Vec<char> = self.lines[self.row][self.column..].to_vec();
        let at = |i: usize| line.get(i).copied().unwrap_or('\0');
        let digits = |mut i: usize, radix: u32| {
            while at(i).is_digit(radix) || at(i) == '_' && at(i + 1).is_digit(radix) {
                i += 1;
            }
            i
        };
        let radix = match (at(0), at(1).to_ascii_lowercase()) {
            ('0', 'x') => Some(16),
            ('0', 'o') => Some(8),
            ('0', 'b') => Some(2),
            _ => None,
        };
        let mut n = match radix {
            Some(radix) => digits(if at(2) == '_' { 3 } else { 2 }, radix),
            None => {
                let mut n = digits(0, 10);
                if at(n) == '.' {
                    n = digits(n + 1, 10);
                }
                let sign = matches!(at(n + 1), '+' | '-') as usize;
                if matches!(at(n), 'e' | 'E') && at(n + 1 + sign).is_ascii_digit() {
                    n = digits(n + 1 + sign, 10);
                }
                n + matches!(at(n), 'j' | 'J') as usize
            }
        };
        if radix.is_some() && n <= 2 {
            self.column += 2;
            return self.fail(match radix {
                Some(16) => "invalid hexadecimal literal",
                Some(8) => "invalid octal literal",
                _ => "invalid binary literal",
            });
        }
        if n == 0 {
            n = 1;
        }
        let text = self.take(n);
        self.push(kind::NUMBER, text, start);
        Ok(())
    }

    /// A string whose prefix has `n` characters; formatted ones only begin here.
    fn string(&mut self, n: usize, quote: char, prefix: &str) -> Result<(), LexError> {
        let start = (self.row, self.column);
        let triple = self.peek(n + 1) == Some(quote) && self.peek(n + 2) == Some(quote);
        let quotes = if triple { 3 } else { 1 };
        if prefix.contains(['f', 't']) {
            let start_kind = if prefix.contains('f') { kind::FSTRING_START } else { kind::TSTRING_START };
            let text = self.take(n + quotes);
            self.push(start_kind, text, start);
            let raw = prefix.contains('r');
            self.formatted.push(Formatted { start_kind, quote, triple, raw, fields: Vec::new() });
            self.mode = Middle;
            return Ok(());
        }
        let mut text = self.take(n + quotes);
        loop {
            let Some(c) = self.peek(0) else {
                if self.row + 1 >= self.lines.len() || !triple && !text.ends_with('\n') {
                    let message = if triple {
                        "unterminated triple-quoted string literal"
                    } else {
                        "unterminated string literal"
                    };
                    return self.fail_at(message, (start.0 + 1, start.1), false);
                }
                self.row += 1;
                self.column = 0;
                continue;
            };
            if c == '\\' {
                text.push(c);
                self.column += 1;
                if let Some(next) = self.peek(0) {
                    text.push(next);
                    self.column += 1;
                }
                continue;
            }
            if c == '\n' && !triple {
                return self.fail_at("unterminated string literal", (start.0 + 1, start.1), false);
            }
            let closes = c == quote && (!triple || self.peek(1) == Some(quote) && self.peek(2) == Some(quote));
            if closes {
                text.push_str(&self.take(quotes));
                self.push(kind::STRING, text, start);
                return Ok(());
            }
            text.push(c);
            self.column += 1;
        }
    }

    /// Text of a formatted string up to a replacement field or its end.
    fn middle(&mut self) -> Result<(), LexError> {
        let Some(open) = self.formatted.last() else {
            self.mode = Code;
            return Ok(());
        };
        let (quote, triple, raw, start_kind) = (open.quote, open.triple, open.raw, open.start_kind);
        let in_spec = !open.fields.is_empty();
        let start = (self.row, self.column);
        let mut text = String::new();
        loop {
            let Some(c) = self.peek(0) else {
                if self.row + 1 >= self.lines.len() {
                    let message = if triple {
                        "unterminated triple-quoted f-string literal"
                    } else {
                        "unterminated f-string literal"
                    };
                    return self.fail_at(message, (start.0 + 1, start.1), false);
                }
                self.row += 1;
                self.column = 0;
                continue;
            };
            let closes = c == quote && (!triple || self.peek(1) == Some(quote) && self.peek(2) == Some(quote));
            if closes && !in_spec {
                self.push_middle(start_kind, text, start);
                let at = (self.row, self.column);
                let end = self.take(if triple { 3 } else { 1 });
                self.push(start_kind + 2, end, at);
                self.formatted.pop();
                self.mode = Code;
                return Ok(());
            }
            match c {
                '{' | '}' if !in_spec && self.peek(1) == Some(c) => {
                    // The first of a doubled brace is text; the second is left out.
                    text.push(c);
                    self.column += 1;
                    self.push_middle(start_kind, text, start);
                    self.column += 1;
                    return Ok(());
                }
                '{' => {
                    self.push_middle(start_kind, text, start);
                    let at = (self.row, self.column);
                    let brace = self.take(1);
                    self.push(if self.extra { kind::OP } else { 25 }, brace, at);
                    self.brackets.push('{');
                    let depth = self.brackets.len();
                    if let Some(open) = self.formatted.last_mut() {
                        open.fields.push(depth);
                    }
                    self.mode = Code;
                    return Ok(());
                }
                '}' if in_spec => {
                    self.push_middle(start_kind, text, start);
                    self.mode = Code;
                    return Ok(());
                }
                '\n' if !triple => return self.fail("unterminated f-string literal"),
                '\\' => {
                    text.push(c);
                    self.column += 1;
                    let escaped = self.peek(0);
                    if let Some(next) = escaped.filter(|&n| !matches!(n, '{' | '}')) {
                        text.push(next);
                        self.column += 1;
                        if next == 'N' && !raw && self.peek(0) == Some('{') {
                            while let Some(c) = self.peek(0).filter(|&c| c != '\n') {
                                text.push(c);
                                self.column += 1;
                                if c == '}' {
                                    break;
                                }
                            }
                        }
                    }
                }
                _ => {
                    text.push(c);
                    self.column += 1;
                }
            }
        }
    }

    fn push_middle(&mut self, start_kind: u8, text: String, start: (usize, usize)) {
        if !text.is_empty() {
            self.push(start_kind + 1, text, start);
        }
    }

    fn operator(&mut self, c: char) -> Result<(), LexError> {
        let start = (self.row, self.column);
        let field = self.formatted.last().and_then(|f| f.fields.last().copied());
        let at_field = field == Some(self.brackets.len());
        let line = &self.lines[self.row][self.column..];
        // The parser alone knows of `<>`.
        let known = OPERATORS.iter().filter(|(text, _)| !self.extra || *text != "<>");
        let found = known.into_iter().find(|(text, _)| line.iter().copied().take(text.len()).eq(text.chars()));
        let (mut n, mut op) = match found {
            Some((text, kind)) => (text.len(), *kind),
            None if c == '~' => (1, TILDE),
            // Characters without a meaning are operators here; the parser refuses them.
            None if matches!(c, '$' | '?' | '!' | '`') => (1, kind::OP),
            None => {
                let message = if c.is_ascii_graphic() { "invalid syntax" } else { "invalid non-printable character" };
                return self.fail(message);
            }
        };
        // In a replacement field `:=` and `!=` … are only operators inside brackets; `:` ends the expression.
        if at_field && n > 1 && c == ':' {
            (n, op) = (1, 11);
        }
        let text = self.take(n);
        match c {
            '(' | '[' | '{' => self.brackets.push(c),
            ')' | ']' | '}' => {
                let wanted = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                match self.brackets.last() {
                    Some(&open) if open == wanted => {}
                    None if self.extra => {}
                    _ => {
                        self.column = start.1;
                        return self.fail(match c {
                            ')' => "unmatched ')'",
                            ']' => "unmatched ']'",
                            _ => "unmatched '}'",
                        });
                    }
                }
                self.brackets.pop();
                if at_field && c == '}' {
                    if let Some(open) = self.formatted.last_mut() {
                        open.fields.pop();
                    }
                    self.mode = Middle;
                }
            }
            ':' if at_field => self.mode = Middle,
            _ => {}
        }
        self.push(if self.extra { kind::OP } else { op }, text, start);
        Ok(())
    }

    fn end(&mut self) -> Result<(), LexError> {
        if let Some(open) = self.formatted.last() {
            let message = if open.triple {
                "unterminated triple-quoted f-string literal"
            } else {
                "unterminated f-string literal"
            };
            return self.fail_at(message, (self.lines.len(), 0), false);
        }
        if !self.brackets.is_empty() {
            return self.fail_at("unexpected EOF in multi-line statement", (self.lines.len() + 1, 0), false);
        }
        // A last line without its end gets an empty one.
        let ends_open = self.tokens.last().is_some_and(|t| {
            !matches!(t.kind, kind::NEWLINE | kind::NL | kind::INDENT | kind::DEDENT) && t.end.0 == self.lines.len()
        });
        if ends_open {
            let row = self.lines.len() - 1;
            let length = self.lines[row].len();
            let only_comment = self.tokens.last().is_some_and(|t| t.kind == kind::COMMENT)
                && self.tokens.iter().rev().nth(1).is_none_or(|t| matches!(t.kind, kind::NEWLINE | kind::NL));
            let line = self.line_text(row);
            let kind = if only_comment { kind::NL } else { kind::NEWLINE };
            let (start, end) = ((row + 1, length), (row + 1, length + 1));
            self.tokens.push(Token { kind, text: String::new(), start, end, line });
        }
        let at = (self.lines.len() + 1, 0);
        while self.indents.len() > 1 {
            self.indents.pop();
            self.tokens.push(Token {
                kind: kind::DEDENT,
                text: String::new(),
                start: at,
                end: at,
                line: String::new(),
            });
        }
        self.tokens.push(Token { kind: kind::ENDMARKER, text: String::new(), start: at, end: at, line: String::new() });
        Ok(())
    }
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || !c.is_ascii()
}

fn is_prefix(prefix: &str) -> bool {
    matches!(prefix, "r" | "u" | "b" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt")
}
