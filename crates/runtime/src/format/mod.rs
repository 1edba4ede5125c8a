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
use object::{BigInt, StrBuilder};
use spec::{FormatError, Spec};

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
    let out = Spec::parse(&spec, 's', b'<', "str").and_then(|spec| {
        check_width(&spec)?;
        layout::format_str(&s, &spec)
    });
    finish(cx, out)
}

/// `int.__format__(value, spec)` for a spec that is not empty; `value` may be a bool or an instance of a subclass.
pub fn format_int_value(cx: &mut Cx, value: Value, spec: Gc<Str>) -> PyResult<Gc<Str>> {
    let name = type_name(cx, value);
    let spec = raise(cx, Spec::parse(&spec, 'd', b'>', &name).and_then(|s| check_width(&s).map(|()| s)))?;
    let radix = match spec.kind_char() {
        'b' => 2,
        'o' => 8,
        'x' | 'X' => 16,
        'd' | 'n' => 10,
        _ => 0,
    };
    let text = if radix != 0 && spec.precision.is_none() {
        let (negative, digits) = int_digits(cx, value, radix)?;
        IntParts { value: value.unwrap_payload(), negative, digits }
    } else {
        IntParts { value: value.unwrap_payload(), negative: false, digits: String::new() }
    };
    let out = layout::format_int(&text, &spec, &name);
    finish(cx, out)
}

/// `float.__format__(x, spec)` for a spec that is not empty. `type_name` is the value's.
pub fn format_float_value(cx: &mut Cx, x: f64, spec: Gc<Str>, type_name: &str) -> PyResult<Gc<Str>> {
    let out = Spec::parse(&spec, '\0', b'>', type_name).and_then(|spec| {
        check_width(&spec)?;
        layout::format_float(x, &spec, type_name)
    });
    finish(cx, out)
}

/// `complex.__format__` for a spec that is not empty.
pub fn format_complex_value(cx: &mut Cx, re: f64, im: f64, spec: Gc<Str>, type_name: &str) -> PyResult<Gc<Str>> {
    let out = Spec::parse(&spec, '\0', b'>', type_name).and_then(|spec| {
        check_width(&spec)?;
        layout::format_complex(re, im, &spec, type_name)
    });
    finish(cx, out)
}

/// A width that no machine has memory for is refused before anything is laid out.
fn check_width(spec: &Spec) -> spec::Result<()> {
    const LIMIT: usize = 1 << 40;
    if spec.width.unwrap_or(0) > LIMIT || spec.precision.unwrap_or(0) > LIMIT && spec.kind_char() != 's' {
        return spec::value_error("Too many decimal digits in format string");
    }
    Ok(())
}

/// An int whose digits have been made already: that can raise.
struct IntParts {
    value: Value,
    negative: bool,
    digits: String,
}

impl layout::IntText for IntParts {
    fn is_negative(&self) -> bool {
        self.negative
    }

    fn digits(&self, _: u32) -> spec::Result<String> {
        Ok(self.digits.clone())
    }

    fn code_point(&self) -> spec::Result<Option<u32>> {
        match self.value.as_small_or_bool() {
            Some(c) => Ok(u32::try_from(c).ok().filter(|&c| c < 0x110000)),
            None if self.value.cast::<BigInt>().and_then(|b| b.to_i64()).is_some() => Ok(None),
            None => Err(FormatError::Overflow("Python int too large to convert to C long".to_owned())),
        }
    }

    fn to_f64(&self) -> spec::Result<f64> {
        crate::number::int::to_f64(self.value)
            .ok_or_else(|| FormatError::Overflow("int too large to convert to float".to_owned()))
    }
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
