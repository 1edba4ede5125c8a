//! `repr` and `ascii` of strings. Pure.

use crate::unicode::is_printable;
use object::{Str, StrBuilder};
use std::fmt::Write;

/// `c` as an escape of the least length.
pub fn push_escape(out: &mut StrBuilder, c: u32) {
    let _ = match c {
        0..0x100 => write!(out, "\\x{c:02x}"),
        0x100..0x10000 => write!(out, "\\u{c:04x}"),
        _ => write!(out, "\\U{c:08x}"),
    };
}

/// `repr(s)`: single quotes unless that takes more escapes.
pub fn repr(s: &Str) -> StrBuilder {
    if let Some(text) = s.as_ascii()
        && text.bytes().all(|b| matches!(b, 0x20..0x7F) && b != b'\'' && b != b'\\')
    {
        let mut out = StrBuilder::with_capacity(text.len() + 2);
        out.push_latin1(b"'");
        out.push_latin1(text.as_bytes());
        out.push_latin1(b"'");
        return out;
    }
    let has = |quote: char| s.iter().any(|c| c == quote as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' } as u32;
    let mut out = StrBuilder::with_capacity(s.len() + 2);
    out.push(quote);
    for c in s.iter() {
        match char::from_u32(c) {
            Some('\\') => out.push_str("\\\\"),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            _ if c == quote => {
                out.push('\\' as u32);
                out.push(c);
            }
            _ if is_printable(c) => out.push(c),
            _ => push_escape(&mut out, c),
        }
    }
    out.push(quote);
    out
}

/// `s` with everything outside ASCII escaped, as `ascii()` does to a `repr`; `None` when nothing needs it.
pub fn to_ascii(s: &Str) -> Option<StrBuilder> {
    if s.is_ascii() {
        return None;
    }
    let mut out = StrBuilder::with_capacity(s.len() + 16);
    for c in s.iter() {
        if c < 128 { out.push(c) } else { push_escape(&mut out, c) }
    }
    Some(out)
}
