//! Functions of `builtins` on numbers: `bin`, `oct`, `hex`, `ord`, `sum`.

use crate::iterate::Walk;
use crate::number::int::{self, Num};
use crate::prelude::*;

/// The digits of an int in base `1 << bits`, behind a sign and `prefix`.
pub fn in_base(cx: &mut Cx, value: Value, bits: u32, prefix: &str) -> PyResult {
    let value = index_value(cx, value)?.unwrap_payload();
    if let Some(i) = value.as_small_or_bool() {
        return short_in_base(cx, i, bits, prefix);
    }
    let big = value.cast::<BigInt>().expect("an int is small or big");
    let (limbs, negative) = (big.limbs(), big.is_negative());
    let n_bits = limbs.len() * 64;
    let digit = |at: usize| {
        let (limb, shift) = (at / 64, at % 64);
        let mut d = limbs[limb] >> shift;
        if shift + bits as usize > 64 && limb + 1 < limbs.len() {
            d |= limbs[limb + 1] << (64 - shift);
        }
        b"0123456789abcdef"[(d & ((1 << bits) - 1)) as usize] as char
    };
    let digits: String = (0..n_bits.div_ceil(bits as usize)).rev().map(|i| digit(i * bits as usize)).collect();
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let text = format!("{}{prefix}{digits}", if negative { "-" } else { "" });
    Ok(Str::from_utf8(&mut cx.heap, &text).or_raise(cx)?.value())
}

/// As [`in_base`], of a machine word.
fn short_in_base(cx: &mut Cx, i: i64, bits: u32, prefix: &str) -> PyResult {
    let mut room = [0; 68];
    let mut at = room.len();
    let mut rest = i.unsigned_abs();
    loop {
        at -= 1;
        room[at] = b"0123456789abcdef"[(rest & ((1 << bits) - 1)) as usize];
        rest >>= bits;
        if rest == 0 {
            break;
        }
    }
    at -= prefix.len();
    room[at..at + prefix.len()].copy_from_slice(prefix.as_bytes());
    if i < 0 {
        at -= 1;
        room[at] = b'-';
    }
    Ok(Str::from_latin1(&mut cx.heap, &room[at..]).or_raise(cx)?.value())
}

/// `ord(character)`.
pub fn ord(cx: &mut Cx, character: Value) -> PyResult {
    let (length, first) = if let Some(s) = character.downcast::<Str>() {
        (s.len(), if s.len() == 1 { s.get(0) } else { 0 })
    } else if let Some(b) = character.downcast::<Bytes>() {
        (b.len(), b.as_slice().first().copied().unwrap_or(0).into())
    } else if let Some(array) = character.cast::<ByteArray>() {
        let data = array.data.borrow();
        (data.len(), data.first().copied().unwrap_or(0).into())
    } else {
        let name = type_name(cx, character);
        return Err(type_error(cx, format_args!("ord() expected string of length 1, but {name} found")));
    };
    if length != 1 {
        return Err(type_error(cx, format_args!("ord() expected a character, but string of length {length} found")));
    }
    Ok(Int::from_len(first as usize).value())
}

/// A running sum of floats with the lost low bits kept (Neumaier's variant of Kahan's sum).
#[derive(Clone, Copy, Default)]
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn add(&mut self, x: f64) {
        let t = self.high + x;
        self.low += if self.high.abs() >= x.abs() { (self.high - t) + x } else { (x - t) + self.high };
        self.high = t;
    }

    fn total(self) -> f64 {
        // Infinities and NaNs must not be spoiled by the compensation.
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// A float, or an int that is not too large for one.
fn real(item: Value) -> Option<f64> {
    item.as_float().or_else(|| Num::of(item).and_then(int::num_to_f64))
}

/// `sum(iterable, start)`.
pub fn sum(cx: &mut Cx, iterable: Value, start: Value) -> PyResult {
    let mut items = Walk::new(cx, iterable)?;
    if start.downcast::<Str>().is_some() {
        return Err(type_error(cx, "sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if start.downcast::<Bytes>().is_some() {
        return Err(type_error(cx, "sum() can't sum bytes [use b''.join(seq) instead]"));
    }
    if start.is_a::<ByteArray>() {
        return Err(type_error(cx, "sum() can't sum bytearray [use b''.join(seq) instead]"));
    }
    let mut total = start;
    loop {
        let Some(item) = items.next(cx)? else { return Ok(total) };
        if let (Some(a), Some(b)) = (total.as_int(), item.as_small_or_bool().and_then(Int::new))
            && let Some(sum) = a.checked_add(b)
        {
            total = sum.value();
            continue;
        }
        if let Some(first) = total.as_float() {
            let mut floats = Compensated { high: first, low: 0.0 };
            let mut pending = Some(item);
            while let Some(item) = pending {
                let Some(x) = real(item) else { break };
                floats.add(x);
                pending = items.next(cx)?;
            }
            total = cx.heap.float(floats.total());
            match pending {
                Some(item) => total = binary_op(cx, BinaryOp::Add, total, item)?,
                None => return Ok(total),
            }
            continue;
        }
        if let Some(first) = total.cast::<Complex>() {
            let mut re = Compensated { high: first.re, low: 0.0 };
            let mut im = Compensated { high: first.im, low: 0.0 };
            let mut pending = Some(item);
            while let Some(item) = pending {
                if let Some(x) = item.cast::<Complex>() {
                    re.add(x.re);
                    im.add(x.im);
                } else if let Some(x) = real(item) {
                    re.add(x);
                } else {
                    break;
                }
                pending = items.next(cx)?;
            }
            total = cx.heap.complex(re.total(), im.total()).value();
            match pending {
                Some(item) => total = binary_op(cx, BinaryOp::Add, total, item)?,
                None => return Ok(total),
            }
            continue;
        }
        total = binary_op(cx, BinaryOp::Add, total, item)?;
    }
}
