//! The native encoders of text to bytes: UTF-8, UTF-16, UTF-32, ASCII, Latin-1.
//!
//! Each has a straight path for text that it can encode and falls back to [`encode_with`], which asks the error handler
//! about runs of characters that it cannot.

use super::errors::{Handling, Replacement, encode_error, handle_encode};
use crate::prelude::*;
use object::Chars;

/// Appends one character to the bytes; false, and nothing written, when the encoding does not have it.
pub type Put<'a> = &'a dyn Fn(&mut Vec<u8>, u32) -> bool;

/// Encode `s` character by character. A run of characters that `put` refuses goes to the error handler at once.
pub fn encode_with(
    cx: &mut Cx,
    s: Gc<Str>,
    handling: &Handling,
    encoding: &str,
    reason: &str,
    unit: usize,
    put: Put,
) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(s.len() * unit);
    encode_into(cx, s, handling, encoding, reason, unit, put, &mut out)?;
    Ok(out)
}

#[allow(clippy::too_many_arguments, reason = "what an encoding is, and where its output goes")]
fn encode_into(
    cx: &mut Cx,
    s: Gc<Str>,
    handling: &Handling,
    encoding: &str,
    reason: &str,
    unit: usize,
    put: Put,
    out: &mut Vec<u8>,
) -> PyResult<()> {
    let mut i = 0;
    while i < s.len() {
        if put(out, s.get(i)) {
            i += 1;
            continue;
        }
        let start = i;
        let mut end = i + 1;
        let mark = out.len();
        // The encoders of wide units ask about one character at a time.
        while unit == 1 && end < s.len() && !put(out, s.get(end)) {
            end += 1;
        }
        out.truncate(mark);
        let (replacement, position) = handle_encode(cx, handling, encoding, s, start, end, reason)?;
        match replacement {
            Replacement::Bytes(bytes) => {
                if bytes.len() % unit != 0 {
                    return Err(encode_error(cx, encoding, s, start, end, reason));
                }
                out.extend_from_slice(&bytes);
            }
            Replacement::Text(text) => {
                // In the place of a surrogate only ASCII is taken.
                let ascii_only = reason == SURROGATES;
                for c in text.iter() {
                    if ascii_only && c > 127 || !put(out, c) {
                        return Err(encode_error(cx, encoding, s, start, end, reason));
                    }
                }
            }
        }
        i = position;
    }
    Ok(())
}

const SURROGATES: &str = "surrogates not allowed";

pub fn utf8(cx: &mut Cx, s: Gc<Str>, handling: &Handling) -> PyResult<Vec<u8>> {
    if let Ok(text) = s.to_utf8() {
        return Ok(text.into_bytes());
    }
    encode_with(cx, s, handling, "utf-8", SURROGATES, 1, &|out, c| match char::from_u32(c) {
        Some(c) => {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            true
        }
        None => false,
    })
}

pub fn ascii(cx: &mut Cx, s: Gc<Str>, handling: &Handling) -> PyResult<Vec<u8>> {
    if let Some(text) = s.as_ascii() {
        return Ok(text.as_bytes().to_vec());
    }
    encode_with(cx, s, handling, "ascii", "ordinal not in range(128)", 1, &|out, c| {
        if c < 128 {
            out.push(c as u8);
        }
        c < 128
    })
}

pub fn latin1(cx: &mut Cx, s: Gc<Str>, handling: &Handling) -> PyResult<Vec<u8>> {
    if let Some(data) = s.as_latin1() {
        return Ok(data.to_vec());
    }
    encode_with(cx, s, handling, "latin-1", "ordinal not in range(256)", 1, &|out, c| {
        if c < 256 {
            out.push(c as u8);
        }
        c < 256
    })
}

/// The order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The machine's, behind a byte-order mark.
    Marked,
    Little,
    Big,
}

impl Order {
    fn is_big(self) -> bool {
        self == Order::Big || self == Order::Marked && cfg!(target_endian = "big")
    }

    fn name(self, names: [&'static str; 3]) -> &'static str {
        names[self as usize]
    }
}

fn push16(out: &mut Vec<u8>, unit: u16, big: bool) {
    out.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

fn push32(out: &mut Vec<u8>, unit: u32, big: bool) {
    out.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

pub fn utf16(cx: &mut Cx, s: Gc<Str>, handling: &Handling, order: Order) -> PyResult<Vec<u8>> {
    let big = order.is_big();
    let mut out = Vec::with_capacity(2 * s.len() + 2);
    if order == Order::Marked {
        push16(&mut out, 0xFEFF, big);
    }
    if let Chars::Latin1(data) = s.chars() {
        data.iter().for_each(|&b| push16(&mut out, b as u16, big));
        return Ok(out);
    }
    let encoding = order.name(["utf-16", "utf-16-le", "utf-16-be"]);
    let put = |out: &mut Vec<u8>, c: u32| match char::from_u32(c) {
        Some(c) => {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|&unit| push16(out, unit, big));
            true
        }
        None => false,
    };
    encode_into(cx, s, handling, encoding, SURROGATES, 2, &put, &mut out)?;
    Ok(out)
}

pub fn utf32(cx: &mut Cx, s: Gc<Str>, handling: &Handling, order: Order) -> PyResult<Vec<u8>> {
    let big = order.is_big();
    let mut out = Vec::with_capacity(4 * s.len() + 4);
    if order == Order::Marked {
        push32(&mut out, 0xFEFF, big);
    }
    let encoding = order.name(["utf-32", "utf-32-le", "utf-32-be"]);
    let put = |out: &mut Vec<u8>, c: u32| {
        let valid = char::from_u32(c).is_some();
        if valid {
            push32(out, c, big);
        }
        valid
    };
    encode_into(cx, s, handling, encoding, SURROGATES, 4, &put, &mut out)?;
    Ok(out)
}
