//! Formatting: the mini-language of `format()`, `str.format`, `%`, and floats as text.
//!
//! `__format__` of `str`, `int`, `float` and `complex` end in the `*_value` functions here; [`float::repr`] is the `repr`
//! of floats. Nothing here looks up `__format__`: that is [`crate::text::format_value`].

pub mod float;
pub mod layout;
pub mod percent;
pub mod spec;
pub mod template;

use crate::prelude::*;
use crate::types::str::edit::check_length;
use object::{BigInt, StrBuilder};
use spec::{FormatError, Spec};
use std::borrow::Cow;

pub use layout::complex_repr;

/// Raise what is wrong with a spec or a template.
pub fn raise<T>(cx: &mut Cx, result: spec::Result<T>) -> PyResult<T> {
    result.map_err(|error| match error {
        FormatError::Value(message) => value_error(cx, message),
        FormatError::Overflow(message) => overflow_error(cx, message),
    })
}

fn finish(cx: &mut Cx, out: spec::Result<StrBuilder>) -> PyResult<Gc<Str>> {
    let out = raise(cx, out)?;
    out.finish(&mut cx.heap).or_raise(cx)
}

/// `str.__format__(s, spec)`.
pub fn format_str_value(cx: &mut Cx, s: Gc<Str>, spec: Gc<Str>) -> PyResult<Gc<Str>> {
    if spec.is_empty() {
        return Ok(s);
    }
    let spec = parse(cx, spec, 's', b'<', "str")?;
    finish(cx, layout::format_str(&s, &spec))
}

/// `int.__format__(value, spec)` for a spec that is not empty; `value` may be a bool or an instance of a subclass.
pub fn format_int_value(cx: &mut Cx, value: Value, spec: Gc<Str>) -> PyResult<Gc<Str>> {
    let name = if value.as_int().is_some() { Cow::Borrowed("int") } else { Cow::Owned(type_name(cx, value)) };
    let spec = parse(cx, spec, 'd', b'>', &name)?;
    let radix = match spec.kind_char() {
        'b' => 2,
        'o' => 8,
        'x' | 'X' => 16,
        'd' | 'n' => 10,
        'c' => {
            raise(cx, layout::check_int(&spec))?;
            raise(cx, layout::check_char(&spec))?;
            let c = code_point(cx, value)?;
            return finish(cx, layout::format_char(c, &spec));
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            return match crate::number::int::to_f64(value.unwrap_payload()) {
                Some(x) => finish(cx, layout::format_float(x, &spec, &name)),
                None => Err(overflow_error(cx, "int too large to convert to float")),
            };
        }
        _ => return raise(cx, spec::unknown_type(spec.kind, &name)),
    };
    raise(cx, layout::check_int(&spec))?;
    let (negative, digits) = int_digits(cx, value, radix)?;
    finish(cx, Ok(layout::format_digits(negative, digits, &spec)))
}

/// The int as a character; `None` when it is none.
fn code_point(cx: &mut Cx, value: Value) -> PyResult<Option<u32>> {
    let value = value.unwrap_payload();
    if let Some(c) = value.as_small_or_bool() {
        return Ok(u32::try_from(c).ok().filter(|&c| c < 0x110000));
    }
    match value.cast::<BigInt>().and_then(|b| b.to_i64()) {
        Some(_) => Ok(None),
        None => Err(overflow_error(cx, "Python int too large to convert to C long")),
    }
}

/// `float.__format__(x, spec)` for a spec that is not empty. `type_name` is the value's.
pub fn format_float_value(cx: &mut Cx, x: f64, spec: Gc<Str>, type_name: &str) -> PyResult<Gc<Str>> {
    let spec = parse(cx, spec, '\0', b'>', type_name)?;
    finish(cx, layout::format_float(x, &spec, type_name))
}

/// `complex.__format__` for a spec that is not empty.
pub fn format_complex_value(cx: &mut Cx, re: f64, im: f64, spec: Gc<Str>, type_name: &str) -> PyResult<Gc<Str>> {
    let spec = parse(cx, spec, '\0', b'>', type_name)?;
    finish(cx, layout::format_complex(re, im, &spec, type_name))
}

/// Parse a spec and refuse what no machine has memory for.
fn parse(cx: &mut Cx, spec: Gc<Str>, kind: char, align: u8, type_name: &str) -> PyResult<Spec> {
    let spec = raise(cx, Spec::parse(&spec, kind, align, type_name))?;
    check_length(cx, spec.width.or(Some(0)))?;
    if kind != 's' && spec.precision.is_some_and(|p| p <= i32::MAX as usize) {
        check_length(cx, spec.precision)?;
    }
    Ok(spec)
}

/// Sign and digits of an int (or bool, or subclass) in radix 2, 8, 10 or 16.
pub fn int_digits(cx: &mut Cx, value: Value, radix: u32) -> PyResult<(bool, String)> {
    let value = value.unwrap_payload();
    if let Some(i) = value.as_small_or_bool() {
        let m = i.unsigned_abs();
        let digits = match radix {
            2 => format!("{m:b}"),
            8 => format!("{m:o}"),
            16 => format!("{m:x}"),
            _ => m.to_string(),
        };
        return Ok((i < 0, digits));
    }
    let text = crate::number::int::to_text(cx, value, radix)?;
    Ok(match text.strip_prefix('-') {
        Some(digits) => (true, digits.to_owned()),
        None => (false, text),
    })
}
