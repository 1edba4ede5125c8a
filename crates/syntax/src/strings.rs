//! Escape sequences of string and bytes literals.
//!
//! The parser decodes them too, but into `str`, which has no room for lone surrogates, and without CPython's warnings
//! about escapes that mean nothing; a literal with a backslash in it is decoded again here.

use bytecode::Wtf8Buf;

/// An escape sequence that cannot be decoded. Positions count bytes as CPython does: of the literal's content, with
/// every non-ASCII character written as a ten-byte `\U........`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EscapeError {
    pub message: String,
}

/// An escape sequence that stands for itself, at a byte offset of the content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidEscape {
    pub offset: usize,
    pub kind: InvalidEscapeKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidEscapeKind {
    Character(char),
    /// Octal, above `\377`.
    Octal([char; 3]),
}

impl InvalidEscape {
    /// CPython's warning.
    pub fn message(&self) -> String {
        let (escape, what) = match self.kind {
            InvalidEscapeKind::Character(c) => (c.to_string(), "escape sequence"),
            InvalidEscapeKind::Octal(digits) => (digits.iter().collect(), "octal escape sequence"),
        };
        format!(
            "\"\\{escape}\" is an invalid {what}. Such sequences will not work in the future. Did you mean \
             \"\\\\{escape}\"? A raw string is also an option."
        )
    }
}

/// What the content of a literal is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Braces {
    /// `{` is a character like others.
    Plain,
    /// `{{` stands for `{`: the text of an f-string or t-string.
    Doubled,
}

/// Decodes the content (without quotes) of a `str` literal that is not raw.
pub fn decode_str(content: &str, braces: Braces) -> Result<(Wtf8Buf, Option<InvalidEscape>), EscapeError> {
    Decoder { content, at: 0, braces, out: Wtf8Buf::new(), invalid: None }.run()
}

/// Decodes the content of a `bytes` literal that is not raw.
pub fn decode_bytes(content: &str) -> Result<(Vec<u8>, Option<InvalidEscape>), EscapeError> {
    let bytes = content.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut invalid = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&escape) = bytes.get(at) else {
            return Err(EscapeError { message: "(value error) Trailing \\ in string".into() });
        };
        at += 1;
        match escape {
            b'\n' => {}
            b'x' => match bytes.get(at..at + 2).and_then(hex) {
                Some(value) => {
                    out.push(value as u8);
                    at += 2;
                }
                None => {
                    let message = format!("(value error) invalid \\x escape at position {}", at - 2);
                    return Err(EscapeError { message });
                }
            },
            b'0'..=b'7' => {
                let (value, len) = octal(&bytes[at - 1..]);
                if value > 0o377 {
                    invalid = invalid.or(Some(octal_warning(bytes, at - 1)));
                }
                out.push(value as u8);
                at += len - 1;
            }
            _ => match simple_escape(escape) {
                Some(c) => out.push(c as u8),
                None => {
                    let kind = InvalidEscapeKind::Character(escape as char);
                    invalid = invalid.or(Some(InvalidEscape { offset: at - 1, kind }));
                    out.extend([b'\\', escape]);
                }
            },
        }
    }
    Ok((out, invalid))
}

fn simple_escape(escape: u8) -> Option<char> {
    Some(match escape {
        b'\\' => '\\',
        b'\'' => '\'',
        b'"' => '"',
        b'a' => '\x07',
        b'b' => '\x08',
        b'f' => '\x0C',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\x0B',
        _ => return None,
    })
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | (digit as char).to_digit(16)?))
}

/// Value and length of up to three octal digits.
fn octal(bytes: &[u8]) -> (u32, usize) {
    let len = bytes.iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    (bytes[..len].iter().fold(0, |value, &b| value << 3 | u32::from(b - b'0')), len)
}

fn octal_warning(bytes: &[u8], offset: usize) -> InvalidEscape {
    let digit = |i: usize| bytes[offset + i] as char;
    InvalidEscape { offset, kind: InvalidEscapeKind::Octal([digit(0), digit(1), digit(2)]) }
}

struct Decoder<'a> {
    content: &'a str,
    at: usize,
    braces: Braces,
    out: Wtf8Buf,
    invalid: Option<InvalidEscape>,
}

impl Decoder<'_> {
    fn run(mut self) -> Result<(Wtf8Buf, Option<InvalidEscape>), EscapeError> {
        let bytes = self.content.as_bytes();
        while self.at < bytes.len() {
            let stop = bytes[self.at..]
                .iter()
                .position(|&b| b == b'\\' || (self.braces == Braces::Doubled && (b == b'{' || b == b'}')))
                .map_or(bytes.len(), |i| self.at + i);
            self.out.push_str(&self.content[self.at..stop]);
            self.at = stop;
            match bytes.get(stop) {
                Some(b'\\') => self.escape()?,
                Some(&brace) => {
                    self.out.push(brace as char);
                    self.at += if bytes.get(stop + 1) == Some(&brace) { 2 } else { 1 };
                }
                None => {}
            }
        }
        Ok((self.out, self.invalid))
    }

    /// At a backslash.
    fn escape(&mut self) -> Result<(), EscapeError> {
        let bytes = self.content.as_bytes();
        let start = self.at;
        let Some(&escape) = bytes.get(start + 1) else {
            if self.braces == Braces::Doubled {
                // The brace that follows is not part of the text.
                self.at = start + 1;
                self.out.push_str("\\");
                let kind = InvalidEscapeKind::Character('{');
                self.invalid = self.invalid.or(Some(InvalidEscape { offset: start + 1, kind }));
                return Ok(());
            }
            return Err(self.error(start, 1, "\\ at end of string"));
        };
        self.at = start + 2;
        match escape {
            b'\n' => {}
            b'x' => self.hex_escape(start, 2, "truncated \\xXX escape")?,
            b'u' => self.hex_escape(start, 4, "truncated \\uXXXX escape")?,
            b'U' => self.hex_escape(start, 8, "truncated \\UXXXXXXXX escape")?,
            b'N' => self.named_escape(start)?,
            b'0'..=b'7' => {
                let (value, len) = octal(&bytes[start + 1..]);
                if value > 0o377 {
                    self.invalid = self.invalid.or(Some(octal_warning(bytes, start + 1)));
                }
                self.out.push_code_point(value);
                self.at = start + 1 + len;
            }
            _ => match simple_escape(escape) {
                Some(c) => self.out.push(c),
                None => {
                    let c = self.content[start + 1..].chars().next().expect("a byte follows the backslash");
                    self.out.push('\\');
                    self.at = start + 1;
                    let brace = self.braces == Braces::Doubled && (c == '{' || c == '}');
                    if !brace {
                        self.out.push(c);
                        self.at += c.len_utf8();
                    }
                    // CPython does not warn about other characters.
                    if c.is_ascii() {
                        let kind = InvalidEscapeKind::Character(c);
                        self.invalid = self.invalid.or(Some(InvalidEscape { offset: start + 1, kind }));
                    }
                }
            },
        }
        Ok(())
    }

    fn hex_escape(&mut self, start: usize, n_digits: usize, truncated: &str) -> Result<(), EscapeError> {
        let bytes = &self.content.as_bytes()[self.at..];
        let len = bytes.iter().take(n_digits).take_while(|b| b.is_ascii_hexdigit()).count();
        if len < n_digits {
            return Err(self.error(start, 2 + len, truncated));
        }
        let value = hex(&bytes[..len]).expect("all of them are hexadecimal digits");
        if value > 0x10_FFFF {
            return Err(self.error(start, 2 + len, "illegal Unicode character"));
        }
        self.out.push_code_point(value);
        self.at += len;
        Ok(())
    }

    fn named_escape(&mut self, start: usize) -> Result<(), EscapeError> {
        let rest = &self.content[self.at..];
        let Some(name) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name) else {
            let len = if rest.starts_with('{') { rest.len() } else { 0 };
            return Err(self.error(start, 2 + len, "malformed \\N character escape"));
        };
        if name.is_empty() {
            return Err(self.error(start, 4, "malformed \\N character escape"));
        }
        let Some(c) = unicode_names2::character(name) else {
            return Err(self.error(start, 2 + name.len() + 2, "unknown Unicode character name"));
        };
        self.out.push(c);
        self.at += name.len() + 2;
        Ok(())
    }

    fn error(&self, start: usize, len: usize, reason: &str) -> EscapeError {
        let position =
            |end: usize| -> usize { self.content[..end].chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum() };
        let first = position(start);
        let last = first + len - 1;
        let message = if first == last {
            format!("(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position {first}: {reason}")
        } else {
            format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {first}-{last}: {reason}")
        };
        EscapeError { message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(content: &str) -> Vec<u32> {
        decode_str(content, Braces::Plain).unwrap().0.code_points().collect()
    }

    #[test]
    fn escapes() {
        assert_eq!(decoded(r"a\x41\u00e9\ud800\101"), [0x61, 0x41, 0xE9, 0xD800, 0x41]);
        assert_eq!(decoded(r"\N{LATIN SMALL LETTER A}\q"), [0x61, 0x5C, 0x71]);
        assert_eq!(decode_bytes(r"\x00\n\777").unwrap().0, [0, 10, 0xFF]);
    }

    #[test]
    fn complaints() {
        let (_, invalid) = decode_str(r"ab\d", Braces::Plain).unwrap();
        assert_eq!(invalid.unwrap().offset, 3);
        let error = decode_str(r"é\x4", Braces::Plain).unwrap_err();
        let expected = "(unicode error) 'unicodeescape' codec can't decode bytes in position 10-12: \
                        truncated \\xXX escape";
        assert_eq!(error.message, expected);
    }
}
