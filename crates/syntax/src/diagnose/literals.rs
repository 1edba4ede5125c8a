//! Number and string literals: the part of the tokenizer with most of the errors.

use super::lexer::{Done, Lexer, Scan, StringMode};
use super::tokens::Kind;

const MAX_STRING_NESTING: usize = 149;
const MAX_EXPRESSION_NESTING: i32 = 3;

fn is_digit(c: Option<u8>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

impl Lexer<'_> {
    pub(super) fn number(&mut self, first: u8) -> Scan<Kind> {
        if first != b'0' {
            let c = self.digits()?;
            return self.after_digits(c);
        }
        let mut c = self.advance();
        match c.map(|c| c.to_ascii_lowercase()) {
            Some(b'x') => self.in_base("hexadecimal", |c| c.is_ascii_hexdigit()),
            Some(b'o') => self.in_base("octal", |c| (b'0'..b'8').contains(&c)),
            Some(b'b') => self.in_base("binary", |c| c == b'0' || c == b'1'),
            _ => {
                loop {
                    if c == Some(b'_') {
                        c = self.advance();
                        if !is_digit(c) {
                            self.back_up(c);
                            return self.fail("invalid decimal literal");
                        }
                    }
                    if c != Some(b'0') {
                        break;
                    }
                    c = self.advance();
                }
                let zeros_end = self.cursor;
                let nonzero = is_digit(c);
                if nonzero {
                    c = self.digits()?;
                }
                match c {
                    Some(b'.' | b'e' | b'E' | b'j' | b'J') => self.after_digits(c),
                    _ if nonzero => {
                        self.back_up(c);
                        self.fail_over(
                            self.start,
                            zeros_end,
                            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal \
                             integers",
                        )
                    }
                    _ => self.end_of_number(c, "decimal"),
                }
            }
        }
    }

    fn in_base(&mut self, kind: &str, is_in_base: fn(u8) -> bool) -> Scan<Kind> {
        let mut c = self.advance();
        loop {
            if c == Some(b'_') {
                c = self.advance();
            }
            if !c.is_some_and(is_in_base) {
                return self.not_in_base(c, kind);
            }
            while c.is_some_and(is_in_base) {
                c = self.advance();
            }
            if c != Some(b'_') {
                break;
            }
        }
        if is_digit(c) { self.not_in_base(c, kind) } else { self.end_of_number(c, kind) }
    }

    fn not_in_base(&mut self, c: Option<u8>, kind: &str) -> Scan<Kind> {
        match c {
            Some(digit) if digit.is_ascii_digit() => {
                self.fail(format!("invalid digit '{}' in {kind} literal", digit as char))
            }
            _ => {
                self.back_up(c);
                self.fail(format!("invalid {kind} literal"))
            }
        }
    }

    /// The rest of a run of digits; what comes after it.
    fn digits(&mut self) -> Scan<Option<u8>> {
        loop {
            let mut c = self.advance();
            while is_digit(c) {
                c = self.advance();
            }
            if c != Some(b'_') {
                return Ok(c);
            }
            c = self.advance();
            if !is_digit(c) {
                self.back_up(c);
                return self.fail("invalid decimal literal");
            }
        }
    }

    /// What may follow the digits of a decimal number.
    fn after_digits(&mut self, c: Option<u8>) -> Scan<Kind> {
        if c == Some(b'.') {
            let next = self.advance();
            return self.fraction(next);
        }
        self.exponent(c)
    }

    /// From after the point on.
    pub(super) fn fraction(&mut self, mut c: Option<u8>) -> Scan<Kind> {
        if is_digit(c) {
            c = self.digits()?;
        }
        self.exponent(c)
    }

    fn exponent(&mut self, mut c: Option<u8>) -> Scan<Kind> {
        if matches!(c, Some(b'e' | b'E')) {
            let e = c;
            c = self.advance();
            if matches!(c, Some(b'+' | b'-')) {
                c = self.advance();
                if !is_digit(c) {
                    self.back_up(c);
                    return self.fail("invalid decimal literal");
                }
            } else if !is_digit(c) {
                self.back_up(c);
                return self.end_of_number(e, "decimal");
            }
            c = self.digits()?;
        }
        if matches!(c, Some(b'j' | b'J')) {
            c = self.advance();
            return self.end_of_number(c, "imaginary");
        }
        self.end_of_number(c, "decimal")
    }

    /// A number may be followed by a keyword, but by no other name. Takes what was read after the number.
    fn end_of_number(&mut self, c: Option<u8>, kind: &str) -> Scan<Kind> {
        self.back_up(c);
        let Some(byte) = c else { return Ok(Kind::NUMBER) };
        let rest = self.rest();
        let is_word = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_' || *c >= 128;
        let word = |keyword: &[u8]| rest.starts_with(keyword) && !rest.get(keyword.len()).is_some_and(is_word);
        let keyword = match byte {
            b'a' => word(b"and"),
            b'e' => word(b"else"),
            b'f' => word(b"for"),
            b'i' => matches!(rest.get(1), Some(b'f' | b'n' | b's')),
            b'o' => word(b"or"),
            b'n' => word(b"not"),
            _ => false,
        };
        if !keyword && byte < 128 && is_word(&byte) {
            return self.fail(format!("invalid {kind} literal"));
        }
        Ok(Kind::NUMBER)
    }

    /// A plain string, from its first quote on.
    pub(super) fn string(&mut self, quote: u8) -> Scan<Kind> {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let mut size = 1;
        let mut end_size = 0;
        let mut escaped_quote = false;
        let mut c = self.advance();
        if c == Some(quote) {
            c = self.advance();
            if c == Some(quote) {
                size = 3;
            } else {
                end_size = 1;
            }
        }
        if c != Some(quote) {
            self.back_up(c);
        }
        while end_size != size {
            c = self.advance();
            match c {
                None => return self.unterminated(quote, size, escaped_quote, true),
                Some(b'\n') if size == 1 => return self.unterminated(quote, size, escaped_quote, false),
                Some(byte) if byte == quote => end_size += 1,
                Some(byte) => {
                    end_size = 0;
                    if byte == b'\\' {
                        escaped_quote |= self.advance() == Some(quote);
                    }
                }
            }
        }
        Ok(Kind::STRING)
    }

    fn unterminated<T>(&mut self, quote: u8, size: usize, escaped_quote: bool, at_end: bool) -> Scan<T> {
        let detected = self.line;
        self.cursor = self.start + 1;
        self.line_start = self.multi_line_start;
        self.line = self.first_line;
        if let Some(mode) = self.modes.last()
            && mode.quote == quote
            && mode.quote_size == size
        {
            let prefix = mode.prefix;
            return self.fail(format!("{prefix}-string: expecting '}}'"));
        }
        let failure = if size == 3 {
            self.fail(format!("unterminated triple-quoted string literal (detected at line {detected})"))
        } else {
            let hint = if escaped_quote { "; perhaps you escaped the end quote?" } else { "" };
            self.fail(format!("unterminated string literal (detected at line {detected}){hint}"))
        };
        if at_end {
            self.done = Done::EofInString;
        }
        failure
    }

    /// The start of an f-string or t-string.
    pub(super) fn start_string_mode(&mut self, quote: u8, is_template: bool) -> Scan<Kind> {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let mut quote_size = 1;
        let after = self.advance();
        if after == Some(quote) {
            let after_after = self.advance();
            if after_after == Some(quote) {
                quote_size = 3;
            } else {
                self.back_up(after_after);
                self.back_up(after);
            }
        } else {
            self.back_up(after);
        }
        if self.modes.len() >= MAX_STRING_NESTING {
            return self.fail("too many nested f-strings or t-strings");
        }
        let is_raw = |at: usize| self.byte_at(at).eq_ignore_ascii_case(&b'r');
        self.modes.push(StringMode {
            quote,
            quote_size,
            start: self.start,
            line_start: self.line_start,
            first_line: self.line,
            raw: is_raw(self.start) || is_raw(self.start + 1),
            prefix: if is_template { 't' } else { 'f' },
            in_expression: false,
            depth: 0,
            expression_depth: -1,
            in_format_spec: false,
        });
        Ok(if is_template { Kind::TSTRING_START } else { Kind::FSTRING_START })
    }

    /// A token of an f-string's literal part: text, the end, or the start of an expression.
    pub(super) fn string_mode_token(&mut self) -> Scan<Option<Kind>> {
        let Some(mode) = self.modes.last() else { return Err(()) };
        let &StringMode { quote, quote_size, raw, prefix, in_format_spec, expression_depth, depth, .. } = mode;
        let is_template = prefix == 't';
        self.start_part();
        let first = self.advance();
        if first == Some(b'{') {
            let peek = self.advance();
            self.back_up(peek);
            self.back_up(first);
            if peek != Some(b'{') {
                self.enter_expression(false)?;
                return self.expression_token();
            }
        } else {
            self.back_up(first);
        }
        // The closing quotes.
        let mut n_quotes = 0;
        while n_quotes < quote_size {
            let c = self.advance();
            if c != Some(quote) {
                self.back_up(c);
                break;
            }
            n_quotes += 1;
        }
        if n_quotes == quote_size {
            self.modes.pop();
            return Ok(Some(if is_template { Kind::TSTRING_END } else { Kind::FSTRING_END }));
        }
        let middle = Ok(Some(if is_template { Kind::TSTRING_MIDDLE } else { Kind::FSTRING_MIDDLE }));
        self.multi_line_start = self.line_start;
        let in_format_spec = in_format_spec && expression_depth >= 0;
        let mut named_escape = false;
        let mut end_size = 0;
        while end_size != quote_size {
            let c = self.advance();
            if c.is_none() || (quote_size == 1 && c == Some(b'\n')) {
                if in_format_spec && c.is_some() {
                    return self.fail(format!(
                        "{prefix}-string: newlines are not allowed in format specifiers for single quoted \
                         {prefix}-strings"
                    ));
                }
                return self.unterminated_mode(c.is_none());
            }
            if c == Some(quote) {
                end_size += 1;
                continue;
            }
            end_size = 0;
            match c {
                Some(b'{') => {
                    let peek = self.advance();
                    if peek != Some(b'{') || in_format_spec {
                        self.back_up(peek);
                        self.back_up(c);
                        self.enter_expression(true)?;
                    }
                    return middle;
                }
                Some(b'}') => {
                    if named_escape {
                        return middle;
                    }
                    let peek = self.advance();
                    if peek != Some(b'}') || in_format_spec || depth != 0 {
                        self.back_up(peek);
                        self.back_up(c);
                        if let Some(mode) = self.modes.last_mut() {
                            mode.in_expression = true;
                            mode.in_format_spec = false;
                        }
                    }
                    return middle;
                }
                Some(b'\\') => {
                    let peek = self.advance();
                    if matches!(peek, Some(b'{' | b'}')) {
                        self.back_up(peek);
                    } else if !raw && peek == Some(b'N') {
                        let brace = self.advance();
                        if brace == Some(b'{') {
                            named_escape = true;
                        } else {
                            self.back_up(brace);
                        }
                    }
                }
                _ => {}
            }
        }
        for _ in 0..quote_size {
            self.back_up(Some(quote));
        }
        middle
    }

    fn enter_expression(&mut self, leave_format_spec: bool) -> Scan<()> {
        let Some(mode) = self.modes.last_mut() else { return Err(()) };
        mode.expression_depth += 1;
        if mode.expression_depth >= MAX_EXPRESSION_NESTING {
            let prefix = mode.prefix;
            return self.fail(format!("{prefix}-string: expressions nested too deeply"));
        }
        mode.in_expression = true;
        if leave_format_spec {
            mode.in_format_spec = false;
        }
        Ok(())
    }

    fn unterminated_mode<T>(&mut self, at_end: bool) -> Scan<T> {
        let Some(mode) = self.modes.last() else { return Err(()) };
        let &StringMode { quote_size, start, line_start, first_line, prefix, .. } = mode;
        let detected = self.line;
        self.cursor = start + 1;
        self.line_start = line_start;
        self.line = first_line;
        let quotes = if quote_size == 3 { "triple-quoted " } else { "" };
        let failure = self.fail(format!("unterminated {quotes}{prefix}-string literal (detected at line {detected})"));
        if at_end && quote_size == 3 {
            self.done = Done::EofInString;
        }
        failure
    }
}
