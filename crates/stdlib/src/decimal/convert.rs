//! Python objects as decimal numbers.

use super::class::{self, Decimal};
use super::context::Context;
use super::number::{Kind, MAX_EMAX, MAX_PREC, MIN_ETINY, Number, Rules, power_of_ten, status};
use super::short::Short;
use super::text;
use dashu_int::UBig;
use runtime::number::Num;
use runtime::prelude::*;

/// An int as a number, exactly.
pub fn of_int(n: Num) -> Number {
    let (sign, magnitude) = n.to_ibig().into_parts();
    Number::finite(sign == dashu_int::Sign::Negative, magnitude, 0)
}

/// A Decimal or an int as an operand; `None` for anything else.
pub fn operand(value: Value) -> Option<Number> {
    if let Some(decimal) = value.cast::<Native<Decimal>>() {
        return Some(decimal.number());
    }
    Num::of(value).map(of_int)
}

/// A Decimal or an int as a short number, when it is one.
#[inline]
pub fn short_operand(value: Value) -> Option<Short> {
    if let Some(decimal) = value.cast::<Native<Decimal>>() {
        return decimal.short();
    }
    let int = value.as_int()?.get();
    Some(Short { negative: int < 0, coefficient: u128::from(int.unsigned_abs()), exponent: 0 })
}

/// As [`operand`]; TypeError for anything else.
pub fn expect_operand(cx: &mut Cx, value: Value) -> PyResult<Number> {
    operand(value).ok_or(()).or_else(|()| Err(not_supported(cx, value)))
}

#[cold]
pub fn not_supported(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("conversion from {name} to Decimal is not supported"))
}

/// A float, exactly.
pub fn of_float(f: f64) -> Number {
    if f.is_nan() {
        return Number { negative: f.is_sign_negative(), ..Number::nan() };
    }
    if f.is_infinite() {
        return Number::infinity(f < 0.0);
    }
    let bits = f.to_bits();
    let (raw, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    let (mut mantissa, mut exponent) = if raw == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raw - 1075) };
    if mantissa == 0 {
        return Number::finite(f.is_sign_negative(), UBig::ZERO, 0);
    }
    let zeros = i64::from(mantissa.trailing_zeros());
    mantissa >>= zeros;
    exponent += zeros;
    if exponent >= 0 {
        return Number::finite(f < 0.0, UBig::from(mantissa) << exponent as usize, 0);
    }
    // m / 2**k is m * 5**k / 10**k.
    let coefficient = UBig::from(mantissa) * UBig::from(5_u8).pow(-exponent as usize);
    Number::finite(f < 0.0, coefficient, exponent)
}

/// A text with ASCII digits in place of any script's; `None` when it holds what no number does.
fn ascii_of(text: Gc<Str>) -> Option<String> {
    if let Some(ascii) = text.as_ascii() {
        return Some(ascii.to_owned());
    }
    text.iter()
        .map(|c| match char::from_u32(c) {
            Some(c) if c.is_ascii() => Some(c),
            Some(space) if space.is_whitespace() => Some(' '),
            _ => runtime::number::int_text::decimal_value(c).and_then(|digit| char::from_digit(digit, 10)),
        })
        .collect()
}

pub fn of_text(text: Gc<Str>) -> Option<Number> {
    if let Some(short) = text.as_ascii().and_then(|ascii| super::short::parse(ascii.as_bytes())) {
        return Some(short.number());
    }
    text::parse(&ascii_of(text)?)
}

/// A number that is to be kept exactly must be within the widest limits.
pub fn check_exact(cx: &mut Cx, number: Number, context: Gc<Native<Context>>) -> PyResult<Number> {
    let fits = match number.kind {
        Kind::Infinite => true,
        Kind::Quiet | Kind::Signaling => number.digits() <= MAX_PREC,
        Kind::Finite if number.coefficient.is_zero() => (MIN_ETINY..=MAX_EMAX).contains(&number.exponent),
        Kind::Finite => number.exponent >= MIN_ETINY && number.adjusted() <= MAX_EMAX,
    };
    if fits {
        return Ok(number);
    }
    context.note(cx, status::INVALID_OPERATION)?;
    Ok(Number::nan())
}

/// Three parts: sign, digits, exponent.
fn of_tuple(cx: &mut Cx, parts: Gc<Tuple>) -> PyResult<Number> {
    if parts.len() != 3 {
        return Err(value_error(cx, "argument must be a sequence of length 3"));
    }
    let small = |value: Value| Num::of(value).and_then(|n| n.to_i64());
    let negative = match small(parts.get(0)) {
        Some(0) => false,
        Some(1) => true,
        _ => return Err(value_error(cx, "sign must be an integer with the value 0 or 1")),
    };
    let exponent = parts.get(2);
    let (kind, exponent) = if let Some(text) = exponent.downcast::<Str>() {
        match text.as_ascii() {
            Some("F") => (Kind::Infinite, 0),
            Some("n") => (Kind::Quiet, 0),
            Some("N") => (Kind::Signaling, 0),
            _ => {
                let message = "string argument in the third position must be 'F', 'n' or 'N'";
                return Err(value_error(cx, message));
            }
        }
    } else {
        match Num::of(exponent) {
            Some(n) => (Kind::Finite, n.to_i64().unwrap_or(if n.is_negative() { i64::MIN / 4 } else { i64::MAX / 4 })),
            None => return Err(value_error(cx, "exponent must be an integer")),
        }
    };
    let digits = parts.get(1);
    let is_sequence = digits.downcast::<Tuple>().is_some() || digits.downcast::<List>().is_some();
    if !is_sequence {
        return Err(value_error(cx, "coefficient must be a tuple of digits"));
    }
    let digits = to_tuple(cx, digits)?;
    let mut written = String::with_capacity(digits.len());
    for digit in digits.iter() {
        match small(digit).and_then(|digit| u32::try_from(digit).ok()).and_then(|d| char::from_digit(d, 10)) {
            Some(digit) => written.push(digit),
            None => return Err(value_error(cx, "coefficient must be a tuple of digits")),
        }
    }
    let coefficient = match kind {
        Kind::Infinite => UBig::ZERO,
        _ => text::digits(&written).unwrap_or(UBig::ZERO),
    };
    Ok(Number { negative, kind, coefficient, exponent })
}

/// A text as contexts convert it: without white space around and underscores.
fn of_strict_text(text: Gc<Str>) -> Option<Number> {
    let ascii = ascii_of(text)?;
    let is_plain = !ascii.contains(|c: char| c == '_' || c.is_whitespace());
    if is_plain { text::parse(&ascii) } else { None }
}

/// As [`any`], with texts taken strictly.
pub fn any_strict(cx: &mut Cx, value: Value, context: Gc<Native<Context>>) -> PyResult<Number> {
    if let Some(text) = value.downcast::<Str>()
        && of_strict_text(text).is_none()
    {
        context.note(cx, status::CONVERSION_SYNTAX)?;
        return Ok(Number::nan());
    }
    any(cx, value, context)
}

/// What a constructor is given, before any limits; the context hears of floats and of texts that are no numbers.
pub fn any(cx: &mut Cx, value: Value, context: Gc<Native<Context>>) -> PyResult<Number> {
    if let Some(number) = operand(value) {
        return Ok(number);
    }
    if let Some(text) = value.downcast::<Str>() {
        return match of_text(text) {
            Some(number) => Ok(number),
            None => {
                context.note(cx, status::CONVERSION_SYNTAX)?;
                Ok(Number::nan())
            }
        };
    }
    if value.downcast::<Tuple>().is_some() || value.downcast::<List>().is_some() {
        let parts = to_tuple(cx, value)?;
        return of_tuple(cx, parts);
    }
    if let Some(f) = value.unwrap_payload().as_float() {
        context.note(cx, status::FLOAT_OPERATION)?;
        return Ok(of_float(f));
    }
    Err(not_supported(cx, value))
}

/// A number as an int, without what is behind the point.
pub fn to_int(cx: &mut Cx, number: &Number) -> PyResult {
    match number.kind {
        Kind::Infinite => return Err(overflow_error(cx, "cannot convert Infinity to integer")),
        Kind::Quiet | Kind::Signaling => return Err(value_error(cx, "cannot convert NaN to integer")),
        Kind::Finite => {}
    }
    let whole = super::number::to_integral(
        number,
        false,
        &Rules { rounding: super::number::Rounding::Down, ..Rules::WIDEST },
        &mut 0,
    );
    if whole.exponent > 1_000_000_000 && !whole.coefficient.is_zero() {
        return Err(memory_error(cx));
    }
    let magnitude = whole.coefficient * power_of_ten(whole.exponent.max(0) as u64);
    let magnitude = dashu_int::IBig::from(magnitude);
    runtime::number::int::from_ibig(cx, if number.negative { -magnitude } else { magnitude })
}

/// A number as a new Decimal.
pub fn wrap(cx: &mut Cx, number: Number) -> PyResult {
    let class = class_of_spec(cx, &class::class::SPEC)?;
    Ok(class::new_decimal(cx, class, number)?.value())
}

pub fn wrap_short(cx: &mut Cx, number: Short) -> PyResult {
    let class = class_of_spec(cx, &class::class::SPEC)?;
    Ok(class::new_short(cx, class, number).value())
}
