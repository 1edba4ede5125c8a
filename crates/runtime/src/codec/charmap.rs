//! The `charmap` codec: characters by a mapping, as nearly all eight-bit encodings of the library use it.

use super::errors::{Handling, Replacement, encode_error, handle_decode, handle_encode};
use crate::prelude::*;
use object::StrBuilder;

const UNDEFINED: &str = "character maps to <undefined>";

/// What a mapping says of a byte.
enum Decoded {
    Undefined,
    Char(u32),
    Text(Gc<Str>),
}

fn decode_one(cx: &mut Cx, mapping: Value, byte: u8) -> PyResult<Decoded> {
    if let Some(table) = mapping.cast::<Str>() {
        return Ok(match (byte as usize) < table.len() {
            true if table.get(byte as usize) != 0xFFFE => Decoded::Char(table.get(byte as usize)),
            _ => Decoded::Undefined,
        });
    }
    let value = match get_item(cx, mapping, Int::from_len(byte as usize).value()) {
        Ok(value) => value,
        Err(raised) => {
            cx.catch(raised, cx.types().LookupError)?;
            return Ok(Decoded::Undefined);
        }
    };
    if value.is_none() {
        return Ok(Decoded::Undefined);
    }
    if let Some(text) = value.downcast::<Str>() {
        return Ok(if text.len() == 1 && text.get(0) == 0xFFFE { Decoded::Undefined } else { Decoded::Text(text) });
    }
    if cx.is_instance(value, cx.types().int) {
        return match value.unwrap_payload().as_small_or_bool() {
            Some(0xFFFE) => Ok(Decoded::Undefined),
            Some(c) if (0..0x110000).contains(&c) => Ok(Decoded::Char(c as u32)),
            _ => Err(type_error(cx, "character mapping must be in range(0x110000)")),
        };
    }
    Err(type_error(cx, "character mapping must return integer, None or str"))
}

/// Decode by `mapping`: a string indexed by bytes, or any mapping.
pub fn decode(cx: &mut Cx, data: Gc<Bytes>, handling: &Handling, mapping: Value) -> PyResult<Gc<Str>> {
    let mut data = data;
    let mut out = StrBuilder::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        let byte = data.as_slice()[at];
        match decode_one(cx, mapping, byte)? {
            Decoded::Char(c) => out.push(c),
            Decoded::Text(text) => out.push_py(&text),
            Decoded::Undefined => {
                at = handle_decode(cx, handling, "charmap", &mut data, at, at + 1, UNDEFINED, &mut out)?;
                continue;
            }
        }
        at += 1;
    }
    out.finish(&mut cx.heap).or_raise(cx)
}

/// Append what `mapping` has for `c`; false when it has nothing.
fn encode_one(cx: &mut Cx, mapping: Value, c: u32, out: &mut Vec<u8>) -> PyResult<bool> {
    let value = match get_item(cx, mapping, Int::from_len(c as usize).value()) {
        Ok(value) => value,
        Err(raised) => {
            cx.catch(raised, cx.types().LookupError)?;
            return Ok(false);
        }
    };
    if value.is_none() {
        return Ok(false);
    }
    if cx.is_instance(value, cx.types().int) {
        return match value.unwrap_payload().as_small_or_bool() {
            Some(b) if (0..256).contains(&b) => {
                out.push(b as u8);
                Ok(true)
            }
            _ => Err(type_error(cx, "character mapping must be in range(256)")),
        };
    }
    if let Some(bytes) = value.downcast::<Bytes>() {
        out.extend_from_slice(bytes.as_slice());
        return Ok(true);
    }
    let name = type_name(cx, value);
    Err(type_error(cx, format_args!("character mapping must return integer, bytes or None, not {name}")))
}

/// Encode by `mapping`.
pub fn encode(cx: &mut Cx, s: Gc<Str>, handling: &Handling, mapping: Value) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(s.len());
    let mut i = 0;
    while i < s.len() {
        if encode_one(cx, mapping, s.get(i), &mut out)? {
            i += 1;
            continue;
        }
        let start = i;
        let mut end = i + 1;
        let mut scratch = Vec::new();
        while end < s.len() && !encode_one(cx, mapping, s.get(end), &mut scratch)? {
            end += 1;
        }
        let (replacement, position) = handle_encode(cx, handling, "charmap", s, start, end, UNDEFINED)?;
        match replacement {
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(text) => {
                let chars: Vec<u32> = text.iter().collect();
                for c in chars {
                    if !encode_one(cx, mapping, c, &mut out)? {
                        return Err(encode_error(cx, "charmap", s, start, end, UNDEFINED));
                    }
                }
            }
        }
        i = position;
    }
    Ok(out)
}

/// `codecs.charmap_build(table)`: the mapping from characters back to bytes.
pub fn build(cx: &mut Cx, table: Gc<Str>) -> PyResult<Gc<Dict>> {
    let map = Dict::new(&mut cx.heap);
    for (byte, c) in table.iter().enumerate().take(256) {
        if c != 0xFFFE {
            let (key, value) = (Int::from_len(c as usize).value(), Int::from_len(byte).value());
            crate::dict::set(cx, map, key, value)?;
        }
    }
    Ok(map)
}
