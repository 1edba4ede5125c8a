//! Ints as text: digits in any base, `int("…")`, and the limit on the length of decimal conversions.

use crate::number::int::Num;
use crate::prelude::*;
use dashu_int::{IBig, UBig};
use smallvec::SmallVec;
use std::cell::Cell;
use std::fmt::Write;

/// Digits that conversions between decimal text and ints may have; 0 = no limit.
struct DigitLimit(Cell<u32>);

const DEFAULT_LIMIT: u32 = 4300;
/// Conversions of fewer digits are never refused (`sys.int_info.str_digits_check_threshold`).
const THRESHOLD: u32 = 640;

/// `sys.get_int_max_str_digits()`.
pub fn max_str_digits(cx: &Cx) -> u32 {
    cx.vm().extension(|| DigitLimit(Cell::new(DEFAULT_LIMIT))).0.get()
}

/// `sys.set_int_max_str_digits()`; false when the number is not allowed.
pub fn set_max_str_digits(cx: &Cx, digits: u32) -> bool {
    if digits != 0 && digits < THRESHOLD {
        return false;
    }
    cx.vm().extension(|| DigitLimit(Cell::new(DEFAULT_LIMIT))).0.set(digits);
    true
}

/// The digits of `n` in `radix` (2 to 36, lower case), with a minus sign; without a prefix.
pub fn to_text(cx: &mut Cx, n: Num, radix: u32) -> PyResult<String> {
    let big = match n {
        Num::Small(i) => return Ok(small_text(i, radix)),
        Num::Big(big) if radix == 10 && big.limbs().len() <= SHORT => return Ok(short_decimal(big)),
        Num::Big(_) => n.to_ibig(),
    };
    if !radix.is_power_of_two() {
        check_limit(cx, n)?;
    }
    Ok(big.in_radix(radix).to_string())
}

/// Limbs up to which taking off digits from the end is faster than what the library does; the limit on digits is above.
const SHORT: usize = 16;

/// The decimal digits of a big int that is not long, 19 at a time.
fn short_decimal(big: Gc<BigInt>) -> String {
    const STEP: u64 = 10_u64.pow(19);
    let mut limbs: SmallVec<[u64; SHORT]> = SmallVec::from_slice(big.limbs());
    let mut groups: SmallVec<[u64; SHORT + 2]> = SmallVec::new();
    while limbs.len() > 1 {
        let mut rest = 0;
        for limb in limbs.iter_mut().rev() {
            let part = u128::from(rest) << 64 | u128::from(*limb);
            *limb = (part / u128::from(STEP)) as u64;
            rest = (part - u128::from(*limb) * u128::from(STEP)) as u64;
        }
        groups.push(rest);
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
    }
    let top = limbs.first().copied().unwrap_or(0);
    let mut out = String::with_capacity((groups.len() + 1) * 20);
    if big.is_negative() {
        out.push('-');
    }
    let is_written = write!(out, "{top}").and_then(|()| groups.iter().rev().try_for_each(|g| write!(out, "{g:019}")));
    is_written.expect("strings take all");
    out
}

fn small_text(i: i64, radix: u32) -> String {
    match radix {
        10 => i.to_string(),
        16 => sign(i, format!("{:x}", i.unsigned_abs())),
        8 => sign(i, format!("{:o}", i.unsigned_abs())),
        2 => sign(i, format!("{:b}", i.unsigned_abs())),
        _ => IBig::from(i).in_radix(radix).to_string(),
    }
}

fn sign(i: i64, digits: String) -> String {
    if i < 0 { format!("-{digits}") } else { digits }
}

/// ValueError when `n` has more decimal digits than conversions may have.
fn check_limit(cx: &mut Cx, n: Num) -> PyResult<()> {
    let limit = max_str_digits(cx) as u64;
    // log10(2) = 0.30103; only numbers near the limit need the exact count.
    let bits = n.bit_length();
    if limit == 0 || bits < limit * 3 {
        return Ok(());
    }
    let surely = (bits as f64 - 1.0) * std::f64::consts::LOG10_2 > limit as f64 + 1.0;
    if surely || n.to_ibig().into_parts().1 >= UBig::from(10u8).pow(limit as usize) {
        return Err(value_error(
            cx,
            format_args!(
                "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
            ),
        ));
    }
    Ok(())
}

/// The decimal text of a machine word, written to the end of `room`.
pub fn decimal(i: i64, room: &mut [u8; 20]) -> &str {
    let mut at = room.len();
    let mut rest = i.unsigned_abs();
    while rest >= 100 {
        let pair = (rest % 100) as u8;
        rest /= 100;
        at -= 2;
        (room[at], room[at + 1]) = (b'0' + pair / 10, b'0' + pair % 10);
    }
    if rest >= 10 {
        at -= 1;
        room[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    at -= 1;
    room[at] = b'0' + rest as u8;
    if i < 0 {
        at -= 1;
        room[at] = b'-';
    }
    std::str::from_utf8(&room[at..]).expect("digits and a sign")
}

/// `repr(n)`.
pub fn repr(cx: &mut Cx, n: Num) -> PyResult<Gc<Str>> {
    if let Num::Small(i) = n {
        return Str::from_latin1(&mut cx.heap, decimal(i, &mut [0; 20]).as_bytes()).or_raise(cx);
    }
    let text = to_text(cx, n, 10)?;
    Str::from_latin1(&mut cx.heap, text.as_bytes()).or_raise(cx)
}

/// What is wrong with the text of a number.
pub enum ParseError {
    Malformed,
    /// More decimal digits than allowed.
    TooLong(usize),
}

/// The value of up to 37 decimal digits, perhaps behind a sign and between blanks; `None` for any other text.
pub fn parse_short(text: &str) -> Option<i128> {
    let text = text.as_bytes().trim_ascii();
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 37 {
        return None;
    }
    let mut value = 0;
    for part in digits.chunks(18) {
        let mut low = 0u64;
        for &digit in part {
            let digit = digit.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            low = low * 10 + digit as u64;
        }
        value = value * 10i128.pow(part.len() as u32) + low as i128;
    }
    Some(if negative { -value } else { value })
}

/// The int written as `text` (ASCII, see [`to_ascii`]) in `base` 2 to 36, or 0: as in Python source.
pub fn parse(text: &str, base: u32, limit: u32) -> Result<IBig, ParseError> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let (base, digits) = if prefix != 0 && (base == 0 || base == prefix) {
        // One underscore may follow the prefix.
        (prefix, text[2..].strip_prefix('_').unwrap_or(&text[2..]))
    } else if base == 0 {
        let zeros = text.bytes().all(|b| b == b'0' || b == b'_');
        if text.starts_with('0') && !zeros {
            return Err(ParseError::Malformed);
        }
        (10, text)
    } else {
        (base, text)
    };
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err(ParseError::Malformed);
    }
    if !digits.chars().all(|c| c == '_' || c.is_digit(base)) {
        return Err(ParseError::Malformed);
    }
    if digits.len() <= 18 && base <= 10 && !digits.contains('_') {
        let i = i64::from_str_radix(digits, base).map_err(|_| ParseError::Malformed)?;
        return Ok(IBig::from(if negative { -i } else { i }));
    }
    let joined;
    let digits = if digits.contains('_') {
        joined = digits.replace('_', "");
        &joined
    } else {
        digits
    };
    if limit > 0 && !base.is_power_of_two() && digits.len() > limit as usize {
        return Err(ParseError::TooLong(digits.len()));
    }
    let magnitude = UBig::from_str_radix(digits, base).map_err(|_| ParseError::Malformed)?;
    Ok(if negative { -IBig::from(magnitude) } else { IBig::from(magnitude) })
}

/// Code points whose decimal value is 0; the nine that follow each are 1 to 9 (Unicode 16).
#[rustfmt::skip]
const DECIMAL_ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136,
    0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0,
    0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// The value of a decimal digit of any script.
pub fn decimal_value(c: u32) -> Option<u32> {
    if c < 0x80 {
        return if (0x30..0x3a).contains(&c) { Some(c - 0x30) } else { None };
    }
    let i = DECIMAL_ZEROS.partition_point(|&zero| zero <= c).checked_sub(1)?;
    let value = c - DECIMAL_ZEROS[i];
    if value < 10 { Some(value) } else { None }
}

fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 0x1c..=0x20 | 0x85 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000)
}

/// The text of a number in ASCII: digits of any script as `0`-`9`, white space as blanks, stripped; other characters
/// beyond ASCII become `?`, which no number contains.
pub fn to_ascii(s: &Str) -> String {
    let text: String = s
        .iter()
        .map(|c| {
            if is_space(c) {
                ' '
            } else if c < 0x80 {
                c as u8 as char
            } else {
                decimal_value(c).and_then(|d| char::from_digit(d, 10)).unwrap_or('?')
            }
        })
        .collect();
    text.trim_matches(' ').to_owned()
}

/// The int written as `text`, which `literal` (a str or bytes) is quoted for in the error.
pub fn parse_value(cx: &mut Cx, text: &str, base: u32, literal: Value) -> PyResult {
    let limit = max_str_digits(cx);
    match parse(text, base, limit) {
        Ok(i) => crate::number::int::from_ibig(cx, i),
        Err(ParseError::TooLong(digits)) => Err(value_error(
            cx,
            format_args!(
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
            ),
        )),
        Err(ParseError::Malformed) => {
            let repr = repr_of(cx, literal)?;
            let text: String = repr.iter().take(200).map(|c| char::from_u32(c).unwrap_or('\u{fffd}')).collect();
            Err(value_error(cx, format_args!("invalid literal for int() with base {base}: {text}")))
        }
    }
}
