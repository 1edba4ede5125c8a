//! The codecs of escapes: `unicode_escape`, `raw_unicode_escape`, and the escapes of bytes literals.

use super::errors::{Handling, handle_decode};
use crate::prelude::*;
use object::StrBuilder;

/// `unicode_escape`: printable ASCII as it is, the rest escaped.
pub fn encode_unicode(s: &Str) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for c in s.iter() {
        match char::from_u32(c) {
            Some('\\') => out.extend_from_slice(b"\\\\"),
            Some('\t') => out.extend_from_slice(b"\\t"),
            Some('\n') => out.extend_from_slice(b"\\n"),
            Some('\r') => out.extend_from_slice(b"\\r"),
            _ if (0x20..0x7F).contains(&c) => out.push(c as u8),
            _ if c < 0x100 => out.extend_from_slice(format!("\\x{c:02x}").as_bytes()),
            _ => push_long(&mut out, c),
        }
    }
    out
}

/// `raw_unicode_escape`: Latin-1, the rest escaped.
pub fn encode_raw_unicode(s: &Str) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for c in s.iter() {
        if c < 0x100 { out.push(c as u8) } else { push_long(&mut out, c) }
    }
    out
}

fn push_long(out: &mut Vec<u8>, c: u32) {
    let text = if c < 0x10000 { format!("\\u{c:04x}") } else { format!("\\U{c:08x}") };
    out.extend_from_slice(text.as_bytes());
}

/// Up to `n` hexadecimal digits at `at`: their value and how many there are.
fn hex_digits(data: &[u8], at: usize, n: usize) -> (u32, usize) {
    let mut value = 0u32;
    let mut found = 0;
    while found < n
        && let Some(digit) = data.get(at + found).and_then(|&b| (b as char).to_digit(16))
    {
        value = value << 4 | digit;
        found += 1;
    }
    (value, found)
}

/// What an escape stands for.
enum Escape {
    Char(u32, usize),
    /// A backslash before a newline.
    Nothing(usize),
    /// Not an escape: the backslash stays, and the character behind it.
    Unknown(usize),
    /// The end of what is wrong, and why.
    Wrong(usize, &'static str),
}

/// The escape whose backslash is at `at`.
fn unicode_escape_at(data: &[u8], at: usize) -> Escape {
    let Some(&c) = data.get(at + 1) else { return Escape::Wrong(data.len(), "\\ at end of string") };
    let next = at + 2;
    let simple = |c: u8| Escape::Char(c as u32, next);
    let hex = |n: usize, reason: &'static str| {
        let (value, found) = hex_digits(data, next, n);
        if found < n {
            Escape::Wrong(next + found, reason)
        } else if value > 0x10FFFF {
            Escape::Wrong(next + n, "illegal Unicode character")
        } else {
            Escape::Char(value, next + n)
        }
    };
    match c {
        b'\n' => Escape::Nothing(next),
        b'\\' | b'\'' | b'"' => simple(c),
        b'b' => simple(8),
        b'f' => simple(12),
        b't' => simple(b'\t'),
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b'v' => simple(11),
        b'a' => simple(7),
        b'0'..=b'7' => {
            let n = data[at + 1..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
            let value = data[at + 1..at + 1 + n].iter().fold(0, |v, &b| v << 3 | (b - b'0') as u32);
            Escape::Char(value, at + 1 + n)
        }
        b'x' => hex(2, "truncated \\xXX escape"),
        b'u' => hex(4, "truncated \\uXXXX escape"),
        b'U' => hex(8, "truncated \\UXXXXXXXX escape"),
        b'N' => named_escape(data, next),
        _ => Escape::Unknown(next),
    }
}

/// `\N{name}` whose brace is at `at`.
fn named_escape(data: &[u8], at: usize) -> Escape {
    let malformed = "malformed \\N character escape";
    if data.get(at) != Some(&b'{') {
        return Escape::Wrong(at, malformed);
    }
    let Some(n) = data[at + 1..].iter().position(|&b| b == b'}') else { return Escape::Wrong(data.len(), malformed) };
    let end = at + 1 + n + 1;
    if n == 0 {
        return Escape::Wrong(end, malformed);
    }
    match std::str::from_utf8(&data[at + 1..at + 1 + n]).ok().and_then(crate::unicode::character_named) {
        Some(c) => Escape::Char(c as u32, end),
        None => Escape::Wrong(end, "unknown Unicode character name"),
    }
}

/// `unicode_escape`: bytes that are not escapes are Latin-1.
pub fn decode_unicode(cx: &mut Cx, data: Gc<Bytes>, handling: &Handling, is_final: bool) -> PyResult<(Gc<Str>, usize)> {
    let mut data = data;
    let mut out = StrBuilder::with_capacity(data.len());
    let mut at = 0;
    let mut warned = false;
    while at < data.len() {
        let bytes = data.as_slice();
        let plain = memchr::memchr(b'\\', &bytes[at..]).unwrap_or(bytes.len() - at);
        out.push_latin1(&bytes[at..at + plain]);
        at += plain;
        if at == bytes.len() {
            break;
        }
        match unicode_escape_at(bytes, at) {
            Escape::Char(c, next) => {
                if !warned && next > at + 3 && c > 0o377 && matches!(bytes[at + 1], b'0'..=b'7') {
                    warned = true;
                    let digits = String::from_utf8_lossy(&bytes[at + 1..next]).into_owned();
                    warn_escape(cx, &format!("\"\\{digits}\" is an invalid octal escape sequence"))?;
                }
                out.push(c);
                at = next;
            }
            Escape::Nothing(next) => at = next,
            Escape::Unknown(next) => {
                let c = bytes[at + 1];
                out.push_latin1(&[b'\\', c]);
                at = next;
                if !warned {
                    warned = true;
                    warn_escape(cx, &format!("\"\\{}\" is an invalid escape sequence", c as char))?;
                }
            }
            // More input may complete it.
            Escape::Wrong(end, _) if !is_final && end == bytes.len() => break,
            Escape::Wrong(end, reason) => {
                at = handle_decode(cx, handling, "unicodeescape", &mut data, at, end, reason, &mut out)?;
            }
        }
    }
    Ok((out.finish(&mut cx.heap).or_raise(cx)?, at))
}

fn warn_escape(cx: &mut Cx, message: &str) -> PyResult<()> {
    let class = cx.types().DeprecationWarning;
    crate::warnings::warn(cx, class, message, 1)
}

/// `raw_unicode_escape`: Latin-1 with `\u` and `\U` escapes.
pub fn decode_raw_unicode(
    cx: &mut Cx,
    data: Gc<Bytes>,
    handling: &Handling,
    is_final: bool,
) -> PyResult<(Gc<Str>, usize)> {
    let mut data = data;
    let mut out = StrBuilder::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        let bytes = data.as_slice();
        if bytes[at] != b'\\' {
            out.push(bytes[at] as u32);
            at += 1;
            continue;
        }
        let (n, reason) = match bytes.get(at + 1) {
            Some(b'u') => (4, "truncated \\uXXXX escape"),
            Some(b'U') => (8, "truncated \\UXXXXXXXX escape"),
            None if !is_final => break,
            other => {
                out.push('\\' as u32);
                if let Some(&c) = other {
                    out.push(c as u32);
                }
                at += 2;
                continue;
            }
        };
        let (value, found) = hex_digits(bytes, at + 2, n);
        let end = at + 2 + found;
        if found == n && value <= 0x10FFFF {
            out.push(value);
            at = end;
            continue;
        }
        if found < n && end == bytes.len() && !is_final {
            break;
        }
        let reason = if found < n { reason } else { "\\Uxxxxxxxx out of range" };
        at = handle_decode(cx, handling, "rawunicodeescape", &mut data, at, end, reason, &mut out)?;
    }
    let at = at.min(data.len());
    Ok((out.finish(&mut cx.heap).or_raise(cx)?, at))
}

/// `codecs.escape_encode`: as `repr` of bytes, always for single quotes.
pub fn encode_bytes(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    for &b in data {
        match b {
            b'\\' | b'\'' => out.extend_from_slice(&[b'\\', b]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x20..0x7F => out.push(b),
            _ => out.extend_from_slice(format!("\\x{b:02x}").as_bytes()),
        }
    }
    out
}

/// `codecs.escape_decode`: the escapes of bytes literals.
pub fn decode_bytes(cx: &mut Cx, data: &[u8], handling: &Handling) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    let mut warned = false;
    while at < data.len() {
        if data[at] != b'\\' {
            out.push(data[at]);
            at += 1;
            continue;
        }
        let Some(&c) = data.get(at + 1) else { return Err(value_error(cx, "Trailing \\ in string")) };
        if c == b'x' {
            let (value, found) = hex_digits(data, at + 2, 2);
            if found == 2 {
                out.push(value as u8);
                at += 4;
                continue;
            }
            match handling {
                Handling::Strict => {
                    return Err(value_error(cx, format_args!("invalid \\x escape at position {at}")));
                }
                Handling::Replace => out.push(b'?'),
                Handling::Ignore => {}
                _ => {
                    let message = "decoding error; unknown error handling code: ";
                    return Err(value_error(cx, message));
                }
            }
            at += 2 + found;
            continue;
        }
        if matches!(c, b'u' | b'U' | b'N') {
            out.extend_from_slice(&[b'\\', c]);
            at += 2;
            if !warned {
                warned = true;
                warn_escape(cx, &format!("\"\\{}\" is an invalid escape sequence", c as char))?;
            }
            continue;
        }
        match unicode_escape_at(data, at) {
            Escape::Char(c, next) => {
                if !warned && c > 0o377 {
                    warned = true;
                    let digits = String::from_utf8_lossy(&data[at + 1..next]).into_owned();
                    warn_escape(cx, &format!("\"\\{digits}\" is an invalid octal escape sequence"))?;
                }
                out.push(c as u8);
                at = next;
            }
            Escape::Nothing(next) => at = next,
            Escape::Unknown(_) | Escape::Wrong(..) => {
                out.extend_from_slice(&[b'\\', c]);
                at += 2;
                if !warned {
                    warned = true;
                    warn_escape(cx, &format!("\"\\{}\" is an invalid escape sequence", c as char))?;
                }
            }
        }
    }
    Ok(out)
}
