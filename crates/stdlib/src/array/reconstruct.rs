//! Arrays out of pickles: bytes in a machine format that may not be this machine's.

use super::{ArrayData, Kind};
use runtime::prelude::*;

/// What the items of a pickled array are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Items {
    Unsigned(usize),
    Signed(usize),
    Float(usize),
    Text(usize),
}

/// A machine format: the items, little-endian before big-endian; the numbers are CPython's.
const FORMATS: [Items; 10] = [
    Items::Unsigned(2),
    Items::Signed(2),
    Items::Unsigned(4),
    Items::Signed(4),
    Items::Unsigned(8),
    Items::Signed(8),
    Items::Float(4),
    Items::Float(8),
    Items::Text(2),
    Items::Text(4),
];

/// Items and byte order of a format's number.
fn format(code: i32) -> Option<(Items, bool)> {
    match code {
        0 => Some((Items::Unsigned(1), false)),
        1 => Some((Items::Signed(1), false)),
        2..=21 => Some((FORMATS[(code as usize - 2) / 2], code % 2 == 1)),
        _ => None,
    }
}

/// The format in which this machine keeps items of a typecode.
pub fn native_format(code: char) -> usize {
    let items = match code {
        'b' => return 1,
        'B' => return 0,
        'h' => Items::Signed(2),
        'H' => Items::Unsigned(2),
        'i' => Items::Signed(4),
        'I' => Items::Unsigned(4),
        'l' | 'q' => Items::Signed(8),
        'L' | 'Q' => Items::Unsigned(8),
        'f' => Items::Float(4),
        'd' => Items::Float(8),
        _ => Items::Text(4),
    };
    let place = FORMATS.iter().position(|&f| f == items).expect("every kind of item is listed");
    2 + 2 * place + usize::from(cfg!(target_endian = "big"))
}

/// `_array_reconstructor`.
pub fn rebuild(cx: &mut Cx, class: Value, code: Value, format_code: i32, items: Value) -> PyResult {
    let base = class_of_spec(cx, &super::class::SPEC)?;
    let Some(array_class) = class.downcast::<Class>() else {
        let name = type_name(cx, class);
        return Err(type_error(cx, format_args!("first argument must be a type object, not {name}")));
    };
    if !array_class.is_subclass_of(base) {
        let (name, base) = (class_name(array_class), class_name(base));
        return Err(type_error(cx, format_args!("{name} is not a subtype of {base}")));
    }
    let code = match code.downcast::<Str>() {
        Some(text) if text.len() == 1 => char::from_u32(text.get(0)).unwrap_or('\0'),
        _ => {
            let name = type_name(cx, code);
            let message = format!("_array_reconstructor() argument 2 must be a unicode character, not {name}");
            return Err(type_error(cx, message));
        }
    };
    let Some(kind) = Kind::of(code) else { return Err(value_error(cx, "second argument must be a valid type code")) };
    let Some((shape, big_endian)) = format(format_code) else {
        return Err(value_error(cx, "third argument must be a valid machine format code."));
    };
    let Some(bytes) = items.downcast::<Bytes>() else {
        let name = type_name(cx, items);
        return Err(type_error(cx, format_args!("fourth argument should be bytes, not {name}")));
    };
    if format_code as usize == native_format(code) {
        let array = super::make(cx, array_class, kind, Vec::new());
        super::append_bytes(cx, array, &bytes.as_slice().to_vec())?;
        return Ok(array.value());
    }
    let data = bytes.as_slice().to_vec();
    let size = match shape {
        Items::Unsigned(n) | Items::Signed(n) | Items::Float(n) | Items::Text(n) => n,
    };
    // Texts must be of twice that: CPython's table says so.
    let multiple = if matches!(shape, Items::Text(_)) { 2 * size } else { size };
    if data.len() % multiple != 0 {
        return Err(value_error(cx, "string length not a multiple of item size"));
    }
    // Integers go into the type of their size and sign, whatever it was called on the other machine.
    let kind = match shape {
        Items::Unsigned(n) => Kind { code: ['B', 'H', 'I', 'Q'][n.trailing_zeros() as usize], size: n },
        Items::Signed(n) => Kind { code: ['b', 'h', 'i', 'q'][n.trailing_zeros() as usize], size: n },
        Items::Float(_) | Items::Text(_) => kind,
    };
    let array = super::make(cx, array_class, kind, Vec::new());
    if let Items::Text(2) = shape {
        let units = data.chunks_exact(2).map(|unit| {
            let unit = [unit[0], unit[1]];
            if big_endian { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) }
        });
        let points: Vec<u32> = char::decode_utf16(units)
            .map(|c| c.map_or_else(|e| u32::from(e.unpaired_surrogate()), u32::from))
            .collect();
        let bytes: Vec<u8> = points.into_iter().flat_map(u32::to_ne_bytes).collect();
        super::append_bytes(cx, array, &bytes)?;
        return Ok(array.value());
    }
    for item in data.chunks_exact(size) {
        append(cx, array, shape, item, big_endian)?;
    }
    Ok(array.value())
}

/// Append one item of a foreign format.
fn append(cx: &mut Cx, array: Gc<Native<ArrayData>>, shape: Items, item: &[u8], big_endian: bool) -> PyResult<()> {
    let mut word = [0; 8];
    word[..item.len()].copy_from_slice(item);
    if big_endian {
        word[..item.len()].reverse();
    }
    let word = u64::from_le_bytes(word);
    let value = match shape {
        Items::Unsigned(_) => int::BigInt::from_u64(&mut cx.heap, word),
        Items::Signed(n) => {
            let shift = 64 - 8 * n as u32;
            int::BigInt::from_i64(&mut cx.heap, ((word << shift) as i64) >> shift)
        }
        Items::Float(4) => cx.heap.float(f64::from(f32::from_bits(word as u32))),
        Items::Float(_) => cx.heap.float(f64::from_bits(word)),
        Items::Text(_) if word > 0x10FFFF => {
            return Err(value_error(cx, format_args!("character U+{word:x} is not in range [U+0000; U+10ffff]")));
        }
        Items::Text(_) => Str::from_char(&mut cx.heap, word as u32).value(),
    };
    super::append_item(cx, array, value)
}
