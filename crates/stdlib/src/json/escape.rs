//! Strings in JSON's notation.

use runtime::prelude::*;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// `string` in quotes, its characters written by `push`.
pub fn quoted(cx: &mut Cx, string: Value, push: fn(&mut StrBuilder, &Str)) -> PyResult<Gc<Str>> {
    let Some(text) = string.downcast::<Str>() else {
        let class = type_name(cx, string);
        return Err(type_error(cx, format_args!("first argument must be a string, not {class}")));
    };
    let mut out = StrBuilder::with_capacity(text.len() + 2);
    push(&mut out, &text);
    out.finish(&mut cx.heap).or_raise(cx)
}

fn push_unit(out: &mut StrBuilder, unit: u32) {
    let digit = |shift: u32| HEX[(unit >> shift & 15) as usize];
    out.push_latin1(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// The short escape of `c`, if it has one.
fn short(c: u32) -> Option<u8> {
    Some(match c {
        0x22 => b'"',
        0x5C => b'\\',
        0x08 => b'b',
        0x0C => b'f',
        0x0A => b'n',
        0x0D => b'r',
        0x09 => b't',
        _ => return None,
    })
}

fn push_escaped(out: &mut StrBuilder, c: u32) {
    match short(c) {
        Some(letter) => out.push_latin1(&[b'\\', letter]),
        None if c < 0x10000 => push_unit(out, c),
        None => {
            let c = c - 0x10000;
            push_unit(out, 0xD800 + (c >> 10));
            push_unit(out, 0xDC00 + (c & 0x3FF));
        }
    }
}

/// Quoted, with ASCII characters only.
pub fn push_ascii(out: &mut StrBuilder, text: &Str) {
    let is_plain = |b: u8| (b' '..=b'~').contains(&b) && b != b'"' && b != b'\\';
    out.push_latin1(b"\"");
    match text.as_latin1() {
        Some(bytes) => push_runs(out, bytes, is_plain),
        None => text
            .iter()
            .for_each(|c| if u8::try_from(c).is_ok_and(is_plain) { out.push(c) } else { push_escaped(out, c) }),
    }
    out.push_latin1(b"\"");
}

/// Quoted, with only those characters escaped that must be.
pub fn push_plain(out: &mut StrBuilder, text: &Str) {
    out.push_latin1(b"\"");
    match text.as_latin1() {
        Some(bytes) => push_runs(out, bytes, |b| b >= b' ' && b != b'"' && b != b'\\'),
        None => text
            .iter()
            .for_each(|c| if c >= 0x20 && c != 0x22 && c != 0x5C { out.push(c) } else { push_escaped(out, c) }),
    }
    out.push_latin1(b"\"");
}

fn push_runs(out: &mut StrBuilder, mut bytes: &[u8], is_plain: impl Fn(u8) -> bool) {
    loop {
        let n = bytes.iter().position(|&b| !is_plain(b)).unwrap_or(bytes.len());
        out.push_latin1(&bytes[..n]);
        let Some(&b) = bytes.get(n) else { return };
        push_escaped(out, b as u32);
        bytes = &bytes[n + 1..];
    }
}
