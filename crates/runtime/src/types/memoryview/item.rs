//! Single items of a buffer: their formats in the notation of `struct`, reading and writing them.

use crate::number::{float, int};
use crate::prelude::*;

/// The native format character of `format`, which may start with `@`; `None` for anything else.
pub fn native_format(format: &str) -> Option<(u8, usize)> {
    let &[c] = format.strip_prefix('@').unwrap_or(format).as_bytes() else { return None };
    let size = match c {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'P' | b'd' => 8,
        b'F' => 8,
        b'D' => 16,
        _ => return None,
    };
    Some((c, size))
}

fn unsupported(cx: &mut Cx, format: &str) -> Raised {
    not_implemented_error(cx, format_args!("memoryview: format {format} not supported"))
}

fn unsigned(data: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes[..data.len()].copy_from_slice(data);
    u64::from_ne_bytes(bytes)
}

/// A half-precision float.
pub fn half_to_f64(bits: u16) -> f64 {
    let sign = if bits >> 15 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = ((bits >> 10 & 0x1F) as i32, (bits & 0x3FF) as f64);
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// The half-precision float nearest to `x`; `None` when it is too large.
pub fn f64_to_half(x: f64) -> Option<u16> {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = x.abs();
    if x.is_nan() {
        return Some(sign | 0x7E00);
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7C00);
    }
    if magnitude < 2f64.powi(-14) {
        // Subnormal: units of 2^-24, ties to even.
        return Some(sign | (magnitude * 2f64.powi(24)).round_ties_even() as u16);
    }
    let exponent = magnitude.log2().floor() as i32;
    let exponent = if 2f64.powi(exponent) > magnitude { exponent - 1 } else { exponent };
    let fraction = ((magnitude / 2f64.powi(exponent) - 1.0) * 1024.0).round_ties_even() as i32;
    let bits = ((exponent + 15) << 10) + fraction;
    (bits < 0x7C00).then_some(sign | bits as u16)
}

/// The item in `data` as a Python object.
pub fn unpack(cx: &mut Cx, data: &[u8], format: &str) -> PyResult {
    let Some((c, size)) = native_format(format) else { return Err(unsupported(cx, format)) };
    if data.len() != size {
        return Err(unsupported(cx, format));
    }
    let bits = || unsigned(data);
    Ok(match c {
        b'c' => Bytes::new(&mut cx.heap, data).or_raise(cx)?.value(),
        b'?' => Value::bool(data[0] != 0),
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => {
            let shift = 64 - 8 * size as u32;
            BigInt::from_i64(&mut cx.heap, ((bits() << shift) as i64) >> shift)
        }
        b'B' | b'H' | b'I' | b'L' | b'Q' | b'N' | b'P' => BigInt::from_u64(&mut cx.heap, bits()),
        b'e' => cx.heap.float(half_to_f64(bits() as u16)),
        b'f' => cx.heap.float(f32::from_bits(bits() as u32) as f64),
        b'd' => cx.heap.float(f64::from_bits(bits())),
        b'F' => {
            let part = |at: usize| f32::from_bits(unsigned(&data[at..at + 4]) as u32) as f64;
            let (re, im) = (part(0), part(4));
            cx.heap.complex(re, im).value()
        }
        _ => {
            let part = |at: usize| f64::from_bits(unsigned(&data[at..at + 8]));
            let (re, im) = (part(0), part(8));
            cx.heap.complex(re, im).value()
        }
    })
}

/// `value` as an item of this format.
pub fn pack(cx: &mut Cx, value: Value, format: &str) -> PyResult<Vec<u8>> {
    let Some((c, size)) = native_format(format) else { return Err(unsupported(cx, format)) };
    let result = pack_native(cx, value, c, size);
    match result {
        Ok(Some(data)) => Ok(data),
        Ok(None) => Err(invalid_value(cx, c)),
        Err(raised) => {
            let types = cx.types();
            if cx.raised_is(types.TypeError) {
                cx.take_raised(raised);
                return Err(invalid_type(cx, c));
            }
            if cx.raised_is(types.OverflowError) || cx.raised_is(types.ValueError) {
                cx.take_raised(raised);
                return Err(invalid_value(cx, c));
            }
            Err(raised)
        }
    }
}

fn invalid_type(cx: &mut Cx, c: u8) -> Raised {
    type_error(cx, format_args!("memoryview: invalid type for format '{}'", c as char))
}

fn invalid_value(cx: &mut Cx, c: u8) -> Raised {
    value_error(cx, format_args!("memoryview: invalid value for format '{}'", c as char))
}

fn pack_native(cx: &mut Cx, value: Value, c: u8, size: usize) -> PyResult<Option<Vec<u8>>> {
    match c {
        b'c' => match value.downcast::<Bytes>() {
            Some(bytes) => Ok((bytes.len() == 1).then(|| bytes.as_slice().to_vec())),
            None => Err(invalid_type(cx, c)),
        },
        b'?' => Ok(Some(vec![is_true(cx, value)? as u8])),
        b'e' => {
            let x = float::as_f64(cx, value)?;
            Ok(f64_to_half(x).map(|bits| bits.to_ne_bytes().to_vec()))
        }
        b'f' => {
            // Too large a value becomes infinite, as by a C cast.
            let x = float::as_f64(cx, value)? as f32;
            Ok(Some(x.to_ne_bytes().to_vec()))
        }
        b'd' => Ok(Some(float::as_f64(cx, value)?.to_ne_bytes().to_vec())),
        b'F' | b'D' => {
            let (re, im) = match value.downcast::<Complex>() {
                Some(z) => (z.re, z.im),
                None => (float::as_f64(cx, value)?, 0.0),
            };
            let mut out = Vec::with_capacity(size);
            for part in [re, im] {
                if c == b'F' {
                    out.extend_from_slice(&(part as f32).to_ne_bytes());
                } else {
                    out.extend_from_slice(&part.to_ne_bytes());
                }
            }
            Ok(Some(out))
        }
        _ => {
            if cx.class_of(value).slots.index.get().is_none() {
                return Err(invalid_type(cx, c));
            }
            let value = index_value(cx, value)?;
            let signed = matches!(c, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
            let Some(n) = int::Num::of(value) else { return Ok(None) };
            Ok(int::to_le_bytes(n, size, signed).map(|mut bytes| {
                if cfg!(target_endian = "big") {
                    bytes.reverse();
                }
                bytes.to_vec()
            }))
        }
    }
}
