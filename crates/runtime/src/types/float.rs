//! `float`: methods and operators.

use crate::number::float;
use crate::number::int::{self, Num};
use crate::number::int_text;
use crate::prelude::*;
use macros::native_class;

/// Both operands as floats, or NotImplemented.
macro_rules! operands {
    ($cx:ident, $left:ident, $right:ident) => {{
        let Some(a) = float::operand($cx, $left)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(b) = float::operand($cx, $right)? else { return Ok(Value::NOT_IMPLEMENTED) };
        (a, b)
    }};
}

/// `float(x)`.
pub fn float_of(cx: &mut Cx, value: Value) -> PyResult<f64> {
    if let Some(f) = value.as_float() {
        return Ok(f);
    }
    if let Some(f) = value.cast::<Str>().and_then(|s| s.as_ascii().and_then(parse_plain)) {
        return Ok(f);
    }
    let has_float = cx.class_of(value).slots.float.get().is_some();
    let text = match value.downcast::<Str>() {
        _ if has_float => None,
        Some(s) => Some(int_text::to_ascii(&s)),
        None if float::exact(value).is_some() || Num::of(value).is_some() => None,
        None => crate::types::int::bytes_text(cx, value)?,
    };
    if let Some(text) = text {
        return parse(cx, &text, value);
    }
    let slots = &cx.class_of(value).slots;
    if slots.float.get().is_none() && slots.index.get().is_none() {
        let name = type_name(cx, value);
        return Err(type_error(cx, format_args!("float() argument must be a string or a real number, not '{name}'")));
    }
    if let Some(slot) = slots.float.get() {
        let result = slot(cx, value)?;
        return float::check_float_result(cx, value, result);
    }
    float::as_f64(cx, value)
}

/// The float of digits with perhaps a sign, a point and an exponent; `None` for any other text.
fn parse_plain(text: &str) -> Option<f64> {
    let plain = |b: u8| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    if text.bytes().all(plain) { text.parse().ok() } else { None }
}

fn parse(cx: &mut Cx, text: &str, literal: Value) -> PyResult<f64> {
    let stripped = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    match without_underscores(stripped).and_then(|t| float::parse(&t)) {
        Some(f) => Ok(f),
        None => {
            let repr = repr_of(cx, literal)?.to_string();
            Err(value_error(cx, format_args!("could not convert string to float: {repr}")))
        }
    }
}

/// The text without underscores, each of which must be between two digits.
pub(crate) fn without_underscores(text: &str) -> Option<String> {
    if !text.contains('_') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    for (i, _) in bytes.iter().enumerate().filter(|(_, b)| **b == b'_') {
        let digit = |j: Option<usize>| j.and_then(|j| bytes.get(j)).is_some_and(u8::is_ascii_digit);
        if !digit(i.checked_sub(1)) || !digit(Some(i + 1)) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}

/// `float.hex`.
fn hex(f: f64) -> String {
    if !f.is_finite() {
        return crate::format::float::repr(f);
    }
    let sign = if f.is_sign_negative() { "-" } else { "" };
    if f == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = f.to_bits();
    let raw = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (lead, exponent) = if raw == 0 { (0, -1022) } else { (1, raw - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

enum HexError {
    Invalid,
    TooLarge,
}

/// `float.fromhex`: sign, optional `0x`, hex digits with a point, optional binary exponent.
fn from_hex(text: &str) -> Result<f64, HexError> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = |f: f64| if negative { -f } else { f };
    if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
        return Ok(signed(f64::INFINITY));
    }
    if body.eq_ignore_ascii_case("nan") {
        return Ok(signed(f64::NAN));
    }
    let body = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")).unwrap_or(body);
    let (digits, exponent) = match body.find(['p', 'P']) {
        Some(i) => (&body[..i], Some(&body[i + 1..])),
        None => (body, None),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_hexdigit())
    {
        return Err(HexError::Invalid);
    }
    let exponent = match exponent {
        None => 0i64,
        Some(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(HexError::Invalid);
            }
            let huge = if text.starts_with('-') { -(1i64 << 40) } else { 1i64 << 40 };
            text.parse::<i64>().map_or(huge, |e| e.clamp(-(1 << 40), 1 << 40))
        }
    };
    // Leading digits into 128 bits, the rest as a sticky bit.
    let (mut m, mut sticky, mut dropped) = (0u128, false, 0i64);
    for digit in whole.chars().chain(fraction.chars()) {
        let value = digit.to_digit(16).unwrap_or(0) as u128;
        if m >> 120 == 0 {
            m = m << 4 | value;
        } else {
            sticky |= value != 0;
            dropped += 4;
        }
    }
    if m == 0 {
        return Ok(signed(0.0));
    }
    let scale = exponent - 4 * fraction.len() as i64 + dropped;
    match float::round_scaled(m | sticky as u128, scale) {
        Some(f) => Ok(signed(f)),
        None => Err(HexError::TooLarge),
    }
}

/// `round(f, ndigits)`.
fn round_to(cx: &mut Cx, f: f64, digits: Value) -> PyResult {
    let digits = int::as_i64_clamped(cx, digits)?;
    match float::round_digits(f, digits) {
        Some(f) => Ok(cx.heap.float(f)),
        None => Err(overflow_error(cx, "rounded value too large to represent")),
    }
}

#[native_class(
    name = "float",
    layout = Float,
    flags = BASETYPE | MATCH_SELF,
    doc = "Convert a string or number to a floating-point number, if possible."
)]
pub mod class {
    use super::*;

    #[slot(new, "float(x=0, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, x: Value) -> PyResult {
        let f = float_of(cx, x)?;
        let value = cx.heap.float(f);
        crate::native::finish_new(cx, class, value)
    }

    #[slot]
    fn repr(_: &mut Cx, this: f64) -> String {
        crate::format::float::repr(this)
    }

    #[slot]
    fn hash(_: &mut Cx, this: Value) -> PyResult<i64> {
        let f = float::exact(this).unwrap_or(0.0);
        Ok(object::hash::hash_f64(f).unwrap_or_else(|| crate::types::object::identity_hash(this)))
    }

    #[slot]
    fn richcompare(_: &mut Cx, left: Value, right: Value, op: CompareOp) -> PyResult {
        let Some(a) = float::exact(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        let ordering = match float::exact(right) {
            Some(b) => a.partial_cmp(&b),
            None => match Num::of(right) {
                Some(n) => int::compare_with_f64(n, a).map(std::cmp::Ordering::reverse),
                None => return Ok(Value::NOT_IMPLEMENTED),
            },
        };
        Ok(Value::bool(ordering.map_or(op == CompareOp::Ne, |o| op.holds(o))))
    }

    #[slot]
    fn bool_(_: &mut Cx, this: f64) -> PyResult<bool> {
        Ok(this != 0.0)
    }

    #[slot]
    fn int(cx: &mut Cx, this: f64) -> PyResult {
        int::from_f64(cx, this)
    }

    #[slot]
    fn float(cx: &mut Cx, this: f64) -> Value {
        cx.heap.float(this)
    }

    #[slot]
    fn negative(cx: &mut Cx, this: f64) -> Value {
        cx.heap.float(-this)
    }

    #[slot]
    fn positive(cx: &mut Cx, this: f64) -> Value {
        cx.heap.float(this)
    }

    #[slot]
    fn absolute(cx: &mut Cx, this: f64) -> Value {
        cx.heap.float(this.abs())
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        Ok(cx.heap.float(a + b))
    }

    #[slot(binary = Subtract)]
    fn sub(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        Ok(cx.heap.float(a - b))
    }

    #[slot(binary = Multiply)]
    fn mul(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        Ok(cx.heap.float(a * b))
    }

    #[slot(binary = TrueDivide)]
    fn true_div(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        if b == 0.0 {
            return Err(zero_division_error(cx, "division by zero"));
        }
        Ok(cx.heap.float(a / b))
    }

    #[slot(binary = FloorDivide)]
    fn floor_div(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        if b == 0.0 {
            return Err(zero_division_error(cx, "division by zero"));
        }
        Ok(cx.heap.float(float::div_mod(a, b).0))
    }

    #[slot(binary = Remainder)]
    fn modulo(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        if b == 0.0 {
            return Err(zero_division_error(cx, "division by zero"));
        }
        Ok(cx.heap.float(float::modulo(a, b)))
    }

    #[slot(binary = Power)]
    fn pow(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        float::pow(cx, a, b)
    }

    #[slot]
    fn power3(cx: &mut Cx, left: Value, right: Value, modulus: Value) -> PyResult {
        if !modulus.is_none() {
            return Err(type_error(cx, "pow() 3rd argument not allowed unless all arguments are integers"));
        }
        pow(cx, left, right)
    }

    /// Return divmod(self, value).
    #[method("__divmod__($self, value, /)")]
    fn divmod(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        if b == 0.0 {
            return Err(zero_division_error(cx, "division by zero"));
        }
        let (q, m) = float::div_mod(a, b);
        let q = cx.heap.float(q);
        let m = cx.heap.float(m);
        Ok(cx.heap.tuple(&[q, m]).value())
    }

    /// Return divmod(value, self).
    #[method("__rdivmod__($self, value, /)")]
    fn rdivmod(cx: &mut Cx, right: Value, left: Value) -> PyResult {
        divmod(cx, left, right)
    }

    /// Convert real number to a floating-point number.
    #[classmethod("from_number($type, number, /)")]
    fn from_number(cx: &mut Cx, class: Gc<Class>, number: Value) -> PyResult {
        if class == cx.types().float && number.as_float().is_some() {
            return Ok(number);
        }
        let f = float::as_f64(cx, number)?;
        let value = cx.heap.float(f);
        if class == cx.types().float { Ok(value) } else { call(cx, class.value(), &[value]) }
    }

    /// Return self, the complex conjugate of any float.
    #[method("conjugate($self, /)")]
    fn conjugate(cx: &mut Cx, this: f64) -> Value {
        cx.heap.float(this)
    }

    /// Return the Integral closest to x between 0 and x.
    #[method("__trunc__($self, /)")]
    fn trunc(cx: &mut Cx, this: f64) -> PyResult {
        int::from_f64(cx, this)
    }

    /// Return the floor as an Integral.
    #[method("__floor__($self, /)")]
    fn floor(cx: &mut Cx, this: f64) -> PyResult {
        int::from_f64(cx, this.floor())
    }

    /// Return the ceiling as an Integral.
    #[method("__ceil__($self, /)")]
    fn ceil(cx: &mut Cx, this: f64) -> PyResult {
        int::from_f64(cx, this.ceil())
    }

    /// Return the Integral closest to x, rounding half toward even.
    ///
    /// When an argument is passed, work like built-in round(x, ndigits).
    #[method("__round__($self, ndigits=None, /)")]
    fn round(cx: &mut Cx, this: f64, ndigits: Option<Value>) -> PyResult {
        match ndigits {
            None => int::from_f64(cx, float::round_half_even(this)),
            Some(digits) => round_to(cx, this, digits),
        }
    }

    /// Return a pair of integers, whose ratio is exactly equal to the original float.
    ///
    /// The ratio is in lowest terms and has a positive denominator.  Raise
    /// OverflowError on infinities and a ValueError on NaNs.
    ///
    /// >>> (10.0).as_integer_ratio()
    /// (10, 1)
    /// >>> (0.0).as_integer_ratio()
    /// (0, 1)
    /// >>> (-.25).as_integer_ratio()
    /// (-1, 4)
    #[method("as_integer_ratio($self, /)")]
    fn as_integer_ratio(cx: &mut Cx, this: f64) -> PyResult<Gc<Tuple>> {
        if this.is_infinite() {
            return Err(overflow_error(cx, "cannot convert Infinity to integer ratio"));
        }
        if this.is_nan() {
            return Err(value_error(cx, "cannot convert NaN to integer ratio"));
        }
        let (mut mantissa, mut exponent) = float::decode(this.abs());
        if mantissa != 0 {
            let zeros = mantissa.trailing_zeros() as i32;
            mantissa >>= zeros;
            exponent += zeros;
        } else {
            exponent = 0;
        }
        let signed = if this < 0.0 { -(mantissa as i64) } else { mantissa as i64 };
        let (mut numerator, mut denominator) = (int::from_i64(cx, signed), int::from_i64(cx, 1));
        let by = Num::Small(exponent.unsigned_abs() as i64);
        if exponent > 0 {
            numerator = int::shift_left(cx, Num::Small(signed), by)?;
        } else if exponent < 0 {
            denominator = int::shift_left(cx, Num::Small(1), by)?;
        }
        Ok(cx.heap.tuple(&[numerator, denominator]))
    }

    /// Return True if the float is an integer.
    #[method("is_integer($self, /)")]
    fn is_integer(_: &mut Cx, this: f64) -> bool {
        this.is_finite() && this == this.floor()
    }

    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (-0.1).hex()
    /// '-0x1.999999999999ap-4'
    /// >>> 3.14159.hex()
    /// '0x1.921f9f01b866ep+1'
    #[method("hex($self, /)")]
    fn hex(_: &mut Cx, this: f64) -> String {
        super::hex(this)
    }

    /// Create a floating-point number from a hexadecimal string.
    ///
    /// >>> float.fromhex('0x1.ffffp10')
    /// 2047.984375
    /// >>> float.fromhex('-0x1p-1074')
    /// -5e-324
    #[classmethod("fromhex($type, string, /)")]
    fn fromhex(cx: &mut Cx, class: Gc<Class>, string: Value) -> PyResult {
        let Some(s) = string.downcast::<Str>() else {
            return Err(type_error(cx, "bad argument type for built-in operation"));
        };
        let text = s.to_utf8().unwrap_or_else(|_| "?".to_owned());
        let f = match from_hex(&text) {
            Ok(f) => f,
            Err(HexError::Invalid) => return Err(value_error(cx, "invalid hexadecimal floating-point string")),
            Err(HexError::TooLarge) => {
                return Err(overflow_error(cx, "hexadecimal value too large to represent as a float"));
            }
        };
        let value = cx.heap.float(f);
        if class == cx.types().float { Ok(value) } else { call(cx, class.value(), &[value]) }
    }

    /// You probably don't want to use this function.
    ///
    ///   typestr
    ///     Must be 'double' or 'float'.
    ///
    /// It exists mainly to be used in Python's test suite.
    ///
    /// This function returns whichever of 'unknown', 'IEEE, big-endian' or 'IEEE,
    /// little-endian' best describes the format of floating-point numbers used by the
    /// C type named by typestr.
    #[classmethod("__getformat__($type, typestr, /)")]
    fn getformat(cx: &mut Cx, class: Gc<Class>, typestr: Gc<Str>) -> PyResult<&'static str> {
        let _ = class;
        if !typestr.eq_str("double") && !typestr.eq_str("float") {
            return Err(value_error(cx, "__getformat__() argument 1 must be 'double' or 'float'"));
        }
        Ok(if cfg!(target_endian = "little") { "IEEE, little-endian" } else { "IEEE, big-endian" })
    }

    #[method("__getnewargs__($self, /)")]
    fn getnewargs(cx: &mut Cx, this: f64) -> Gc<Tuple> {
        let f = cx.heap.float(this);
        cx.heap.tuple(&[f])
    }

    /// Formats the float according to format_spec.
    #[method("__format__($self, format_spec, /)")]
    fn format(cx: &mut Cx, this: Value, format_spec: Gc<Str>) -> PyResult<Gc<Str>> {
        if format_spec.is_empty() {
            return str_of(cx, this);
        }
        let name = type_name(cx, this);
        crate::format::format_float_value(cx, float::exact(this).unwrap_or(0.0), format_spec, &name)
    }

    /// the real part of a complex number
    #[getter]
    fn real(cx: &mut Cx, this: f64) -> Value {
        cx.heap.float(this)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(_: &mut Cx, _this: Value) -> f64 {
        0.0
    }
}
