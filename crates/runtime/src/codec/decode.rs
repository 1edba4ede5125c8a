//! The native decoders of bytes to text: UTF-8, UTF-16, UTF-32, ASCII.
//!
//! All give the text and the number of bytes used, which is less than there are only when the input is not final and
//! ends within a character. Handlers may replace the input while it is decoded.

use super::errors::{Handling, handle_decode};
use crate::prelude::*;
use object::StrBuilder;

fn finish(cx: &mut Cx, out: StrBuilder) -> PyResult<Gc<Str>> {
    out.finish(&mut cx.heap).or_raise(cx)
}

pub fn utf8(cx: &mut Cx, data: Gc<Bytes>, handling: &Handling, is_final: bool) -> PyResult<(Gc<Str>, usize)> {
    if let Ok(text) = std::str::from_utf8(data.as_slice()) {
        return Ok((Str::from_utf8(&mut cx.heap, text).or_raise(cx)?, data.len()));
    }
    let mut data = data;
    let mut out = StrBuilder::with_capacity(data.len());
    let mut at = 0;
    loop {
        let rest = &data.as_slice()[at..];
        let error = match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                at = data.len();
                break;
            }
            Err(error) => error,
        };
        let valid = error.valid_up_to();
        if let Ok(text) = std::str::from_utf8(&rest[..valid]) {
            out.push_str(text);
        }
        at += valid;
        let (end, reason) = match error.error_len() {
            None if !is_final => break,
            None => (data.len(), "unexpected end of data"),
            Some(n) if matches!(rest[valid], 0x80..0xC2 | 0xF5..) => (at + n, "invalid start byte"),
            Some(n) => (at + n, "invalid continuation byte"),
        };
        at = handle_decode(cx, handling, "utf-8", &mut data, at, end, reason, &mut out)?;
    }
    Ok((finish(cx, out)?, at))
}

pub fn ascii(cx: &mut Cx, data: Gc<Bytes>, handling: &Handling) -> PyResult<(Gc<Str>, usize)> {
    if data.as_slice().is_ascii() {
        return Ok((Str::from_latin1(&mut cx.heap, data.as_slice()).or_raise(cx)?, data.len()));
    }
    let mut data = data;
    let mut out = StrBuilder::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        let rest = &data.as_slice()[at..];
        let n = rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len());
        out.push_latin1(&rest[..n]);
        at += n;
        if at < data.len() {
            let reason = "ordinal not in range(128)";
            at = handle_decode(cx, handling, "ascii", &mut data, at, at + 1, reason, &mut out)?;
        }
    }
    Ok((finish(cx, out)?, at))
}

/// The machine's byte order as the codecs count it: -1 little, 1 big.
const NATIVE: i32 = if cfg!(target_endian = "big") { 1 } else { -1 };

/// UTF-16. `order` is -1 (little), 1 (big) or 0 (from a byte-order mark, else the machine's); the third result is the
/// order in the end.
pub fn utf16(
    cx: &mut Cx,
    data: Gc<Bytes>,
    handling: &Handling,
    order: i32,
    is_final: bool,
) -> PyResult<(Gc<Str>, usize, i32)> {
    let (mut data, mut order, mut at) = (data, order, 0);
    if order == 0 {
        match data.as_slice() {
            [0xFF, 0xFE, ..] => (order, at) = (-1, 2),
            [0xFE, 0xFF, ..] => (order, at) = (1, 2),
            _ => {}
        }
    }
    let big = if order == 0 { NATIVE } else { order } > 0;
    let encoding = if big { "utf-16-be" } else { "utf-16-le" };
    let mut out = StrBuilder::with_capacity(data.len() / 2);
    loop {
        let bytes = data.as_slice();
        let unit = |i: usize| {
            let pair = [*bytes.get(i)?, *bytes.get(i + 1)?];
            Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) } as u32)
        };
        let (end, reason) = match unit(at) {
            None if at >= bytes.len() || !is_final => break,
            None => (bytes.len(), "truncated data"),
            Some(high @ 0xD800..0xDC00) => match unit(at + 2) {
                Some(low @ 0xDC00..0xE000) => {
                    out.push(0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF));
                    at += 4;
                    continue;
                }
                Some(_) => (at + 2, "illegal UTF-16 surrogate"),
                None if !is_final => break,
                None => (bytes.len(), "unexpected end of data"),
            },
            Some(0xDC00..0xE000) => (at + 2, "illegal encoding"),
            Some(c) => {
                out.push(c);
                at += 2;
                continue;
            }
        };
        at = handle_decode(cx, handling, encoding, &mut data, at, end, reason, &mut out)?;
    }
    Ok((finish(cx, out)?, at, order))
}

/// UTF-32; as [`utf16`].
pub fn utf32(
    cx: &mut Cx,
    data: Gc<Bytes>,
    handling: &Handling,
    order: i32,
    is_final: bool,
) -> PyResult<(Gc<Str>, usize, i32)> {
    let (mut data, mut order, mut at) = (data, order, 0);
    if order == 0 {
        match data.as_slice() {
            [0xFF, 0xFE, 0, 0, ..] => (order, at) = (-1, 4),
            [0, 0, 0xFE, 0xFF, ..] => (order, at) = (1, 4),
            _ => {}
        }
    }
    let big = if order == 0 { NATIVE } else { order } > 0;
    let encoding = if big { "utf-32-be" } else { "utf-32-le" };
    let mut out = StrBuilder::with_capacity(data.len() / 4);
    loop {
        let bytes = data.as_slice();
        let unit = bytes.get(at..at + 4).map(|four| {
            let four = [four[0], four[1], four[2], four[3]];
            if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
        });
        let (end, reason) = match unit {
            None if at >= bytes.len() || !is_final => break,
            None => (bytes.len(), "truncated data"),
            Some(0xD800..0xE000) => (at + 4, "code point in surrogate code point range(0xd800, 0xe000)"),
            Some(0x110000..) => (at + 4, "code point not in range(0x110000)"),
            Some(c) => {
                out.push(c);
                at += 4;
                continue;
            }
        };
        at = handle_decode(cx, handling, encoding, &mut data, at, end, reason, &mut out)?;
    }
    Ok((finish(cx, out)?, at, order))
}
