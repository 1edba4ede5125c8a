//! Floats: exact scaling and rounding, Python's division and power, and conversions from values.
//!
//! Called by `float`'s slots, by `int` where results are floats, and by native modules.

use crate::number::int::{Num, int_to_f64};
use crate::prelude::*;

/// `(mantissa, exponent)` of a finite non-negative float: exactly `mantissa * 2 ** exponent`.
pub fn decode(f: f64) -> (u64, i32) {
    let bits = f.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// The float nearest to `m * 2 ** exponent`, ties to even; `None` when it would be infinite. The lowest bit of `m` may
/// stand for any bits cut off below it (then `m` must have more than 54 bits).
pub fn round_scaled(m: u128, exponent: i64) -> Option<f64> {
    if m == 0 {
        return Some(0.0);
    }
    let bits = 128 - m.leading_zeros() as i64;
    let leading = exponent + bits - 1;
    if leading > 1023 {
        return None;
    }
    let precision = if leading >= -1022 { 53 } else { 53 - (-1022 - leading) };
    if precision < 0 {
        return Some(0.0);
    }
    let drop = bits - precision;
    if drop <= 0 {
        return Some(ldexp(m as f64, exponent as i32));
    }
    let kept = if drop >= 128 { 0 } else { m >> drop };
    let rest = m - if drop >= 128 { 0 } else { kept << drop };
    let half = 1u128 << (drop - 1);
    let rounded = if rest > half || (rest == half && kept & 1 == 1) { kept + 1 } else { kept };
    let f = ldexp(rounded as f64, (exponent + drop) as i32);
    if f.is_infinite() { None } else { Some(f) }
}

/// `f * 2 ** exponent`, rounded once.
pub fn ldexp(f: f64, exponent: i32) -> f64 {
    let power = |e: i32| f64::from_bits(((e + 1023) as u64) << 52);
    let (mut f, mut e) = (f, exponent);
    if e > 1023 {
        f *= power(1023);
        e -= 1023;
        if e > 1023 {
            f *= power(1023);
            e = (e - 1023).min(1023);
        }
    } else if e < -1022 {
        // Keep 53 bits until the last step, so that rounding happens once.
        f *= power(-1022) * power(53);
        e += 1022 - 53;
        if e < -1022 {
            f *= power(-1022) * power(53);
            e = (e + 1022 - 53).max(-1022);
        }
    }
    f * power(e)
}

/// `frexp`: a fraction in `[0.5, 1)` and an exponent.
pub fn frexp(f: f64) -> (f64, i32) {
    if f == 0.0 || !f.is_finite() {
        return (f, 0);
    }
    let bits = f.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    if exponent == 0 {
        let (m, e) = frexp(f * (1u64 << 54) as f64);
        return (m, e - 54);
    }
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - 1022)
}

/// The float in `v` when it is a `float` (or an instance of a subclass) or an int that fits.
///
/// `Ok(None)` for other types: the caller answers NotImplemented.
#[inline]
pub fn operand(cx: &mut Cx, v: Value) -> PyResult<Option<f64>> {
    if let Some(f) = v.as_float() {
        return Ok(Some(f));
    }
    if let Some(i) = v.as_small_or_bool() {
        return Ok(Some(i as f64));
    }
    let v = v.unwrap_payload();
    if let Some(f) = v.as_float() {
        return Ok(Some(f));
    }
    match Num::of(v) {
        Some(n) => int_to_f64(cx, n).map(Some),
        None => Ok(None),
    }
}

/// The float in a `float` or an instance of a subclass.
#[inline]
pub fn exact(v: Value) -> Option<f64> {
    v.as_float().or_else(|| v.unwrap_payload().as_float())
}

/// `v` as a float: `__float__`, then `__index__`; TypeError "must be real number, not str".
pub fn as_f64(cx: &mut Cx, v: Value) -> PyResult<f64> {
    if let Some(f) = exact(v) {
        return Ok(f);
    }
    if let Some(i) = v.as_small_or_bool() {
        return Ok(i as f64);
    }
    let class = cx.class_of(v);
    if let Some(float) = class.slots.float.get() {
        let result = float(cx, v)?;
        return check_float_result(cx, v, result);
    }
    if class.slots.index.get().is_some() {
        let index = index_value(cx, v)?;
        return match Num::of(index) {
            Some(n) => int_to_f64(cx, n),
            None => Ok(0.0),
        };
    }
    let name = type_name(cx, v);
    Err(type_error(cx, format!("must be real number, not {name}")))
}

/// Check what `__float__` returned.
pub fn check_float_result(cx: &mut Cx, v: Value, result: Value) -> PyResult<f64> {
    if let Some(f) = result.as_float() {
        return Ok(f);
    }
    let (of, name) = (type_name(cx, v), type_name(cx, result));
    match exact(result) {
        Some(f) => {
            let message = format!(
                "{of}.__float__ returned non-float (type {name}).  The ability to return an instance of a strict subclass of float is deprecated, and may be removed in a future version of Python."
            );
            let class = cx.types().DeprecationWarning;
            crate::warnings::warn(cx, class, &message, 1)?;
            Ok(f)
        }
        None => Err(type_error(cx, format!("{of}.__float__ returned non-float (type {name})"))),
    }
}

/// Python's `x % y` for floats, `y != 0`.
pub fn modulo(x: f64, y: f64) -> f64 {
    let m = x % y;
    if m != 0.0 { if (y < 0.0) != (m < 0.0) { m + y } else { m } } else { 0.0f64.copysign(y) }
}

/// Python's `divmod(x, y)` for floats, `y != 0`.
pub fn div_mod(x: f64, y: f64) -> (f64, f64) {
    let mut m = x % y;
    let mut div = (x - m) / y;
    if m != 0.0 {
        if (y < 0.0) != (m < 0.0) {
            m += y;
            div -= 1.0;
        }
    } else {
        m = 0.0f64.copysign(y);
    }
    let quotient = if div != 0.0 {
        let floor = div.floor();
        if div - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0.0f64.copysign(x / y)
    };
    (quotient, m)
}

/// `x ** y`: a float, or a complex for a fractional power of a negative number.
pub fn pow(cx: &mut Cx, x: f64, y: f64) -> PyResult {
    if x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(zero_division_error(cx, "zero to a negative power"));
    }
    if x < 0.0 && x.is_finite() && y.is_finite() && y != y.floor() {
        let (re, im) = crate::number::complex::pow((x, 0.0), (y, 0.0));
        return Ok(cx.heap.complex(re, im).value());
    }
    let result = x.powf(y);
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(raise_errno(cx));
    }
    Ok(cx.heap.float(result))
}

/// OverflowError as the C library's `ERANGE` reads.
fn raise_errno(cx: &mut Cx) -> Raised {
    let message = cx.heap.str("Numerical result out of range");
    let args = [Int::from_len(34).value(), message];
    let class = cx.types().OverflowError;
    match call(cx, class.value(), &args) {
        Ok(exception) => raise_object(cx, exception),
        Err(raised) => raised,
    }
}

/// `round(f, digits)` half to even in decimal, through the exact decimal expansion; `None` on overflow.
pub fn round_digits(f: f64, digits: i64) -> Option<f64> {
    if !f.is_finite() || f == 0.0 {
        return Some(f);
    }
    // Beyond these, `f` is unchanged or rounds to zero (as CPython's NDIGITS_MAX and NDIGITS_MIN).
    if digits > 323 {
        return Some(f);
    }
    if digits < -308 {
        return Some(0.0f64.copysign(f));
    }
    let rounded = if digits >= 0 {
        // The formatting of the standard library is exact and rounds half to even on the exact value.
        format!("{:.*}", digits as usize, f)
    } else {
        let n = (-digits) as usize;
        let text = format!("{:.0}", f.abs().trunc());
        let fraction = f.abs() != f.abs().trunc();
        let rounded = round_decimal(text.as_bytes(), n, fraction);
        format!("{}{}", if f < 0.0 { "-" } else { "" }, rounded)
    };
    let result: f64 = rounded.parse().ok()?;
    if result.is_infinite() { None } else { Some(result) }
}

/// The decimal integer `digits` rounded to a multiple of `10 ** n`; `more` says that a fraction was cut off.
fn round_decimal(digits: &[u8], n: usize, more: bool) -> String {
    if n > digits.len() {
        return "0".to_owned();
    }
    let (kept, rest) = digits.split_at(digits.len() - n);
    let mut kept = kept.to_vec();
    let zeros = |s: &[u8]| s.iter().all(|&d| d == b'0');
    let up = match rest.first() {
        Some(b'6'..=b'9') => true,
        Some(b'5') => more || !zeros(&rest[1..]) || kept.last().is_some_and(|d| d & 1 == 1),
        _ => false,
    };
    if up {
        let mut i = kept.len();
        loop {
            if i == 0 {
                kept.insert(0, b'1');
                break;
            }
            i -= 1;
            if kept[i] == b'9' {
                kept[i] = b'0';
            } else {
                kept[i] += 1;
                break;
            }
        }
    }
    kept.extend(std::iter::repeat_n(b'0', n));
    if kept.is_empty() { "0".to_owned() } else { String::from_utf8_lossy(&kept).into_owned() }
}

/// The int nearest to `f`, ties to even (`f` finite).
pub fn round_half_even(f: f64) -> f64 {
    f.round_ties_even()
}

/// Parse the text of a float: sign, digits with single underscores between them, `inf`, `nan`; no white space.
pub fn parse(text: &str) -> Option<f64> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if rest.eq_ignore_ascii_case("inf") || rest.eq_ignore_ascii_case("infinity") {
        return Some(sign * f64::INFINITY);
    }
    if rest.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN.copysign(sign));
    }
    if !rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
        return None;
    }
    if !rest.bytes().any(|b| b.is_ascii_digit()) || matches!(rest.as_bytes()[0], b'+' | b'-') {
        return None;
    }
    // Rust's grammar agrees but for huge exponents, which it handles by saturating as well.
    rest.parse::<f64>().ok().map(|f| sign * f)
}
