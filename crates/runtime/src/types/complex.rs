//! `complex`: methods, operators and the constructor.

use crate::number::complex::{self, Pair};
use crate::number::int::{self, Num};
use crate::number::{float, int_text};
use crate::prelude::*;
use macros::native_class;

/// An operand of complex arithmetic. Real ones are kept apart: they have no imaginary part, not one of zero.
enum Operand {
    Complex(Pair),
    Real(f64),
}

impl Operand {
    fn pair(&self) -> Pair {
        match *self {
            Operand::Complex(z) => z,
            Operand::Real(x) => (x, 0.0),
        }
    }
}

fn pair(z: Gc<Complex>) -> Pair {
    (z.re, z.im)
}

fn operand(cx: &mut Cx, v: Value) -> PyResult<Option<Operand>> {
    if let Some(z) = v.downcast::<Complex>() {
        return Ok(Some(Operand::Complex(pair(z))));
    }
    Ok(float::operand(cx, v)?.map(Operand::Real))
}

macro_rules! operands {
    ($cx:ident, $left:ident, $right:ident) => {{
        let Some(a) = operand($cx, $left)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(b) = operand($cx, $right)? else { return Ok(Value::NOT_IMPLEMENTED) };
        (a, b)
    }};
}

fn new_value(cx: &mut Cx, z: Pair) -> Value {
    cx.heap.complex(z.0, z.1).value()
}

/// The complex that `__complex__` of `v` returns, when its class has that.
fn special_complex(cx: &mut Cx, v: Value) -> PyResult<Option<Pair>> {
    if let Some(z) = v.cast::<Complex>() {
        return Ok(Some(pair(z)));
    }
    let name = cx.names().__complex__;
    let Some(result) = call_special(cx, v, name, &[])? else { return Ok(None) };
    if let Some(z) = result.cast::<Complex>() {
        return Ok(Some(pair(z)));
    }
    let name = type_name(cx, result);
    let Some(z) = result.downcast::<Complex>() else {
        return Err(type_error(cx, format_args!("__complex__ returned non-complex (type {name})")));
    };
    let class = cx.types().DeprecationWarning;
    let message = format!(
        "__complex__ returned non-complex (type {name}).  The ability to return an instance of a strict subclass of complex is deprecated, and may be removed in a future version of Python."
    );
    crate::warnings::warn(cx, class, &message, 1)?;
    Ok(Some(pair(z)))
}

/// `v` as a complex number for `cmath` and the like: `__complex__`, `__float__`, `__index__`.
pub fn as_complex(cx: &mut Cx, v: Value) -> PyResult<Pair> {
    if let Some(z) = v.downcast::<Complex>() {
        return Ok(pair(z));
    }
    if let Some(z) = special_complex(cx, v)? {
        return Ok(z);
    }
    Ok((float::as_f64(cx, v)?, 0.0))
}

fn is_real(cx: &Cx, v: Value) -> bool {
    let slots = &cx.class_of(v).slots;
    slots.float.get().is_some() || slots.index.get().is_some()
}

/// The number that `text` begins with, and the rest.
fn take_number(text: &str) -> Option<(f64, &str)> {
    let bytes = text.as_bytes();
    let mut i = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let word = text[i..].to_ascii_lowercase();
    if let Some(n) = ["infinity", "inf", "nan"].into_iter().find(|w| word.starts_with(w)).map(str::len) {
        return Some((float::parse(&text[..i + n])?, &text[i + n..]));
    }
    let start = i;
    while bytes.get(i).is_some_and(|b| b.is_ascii_digit() || *b == b'.') {
        i += 1;
    }
    if i == start {
        return None;
    }
    if matches!(bytes.get(i), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(i + 1), Some(b'+' | b'-')));
        if bytes.get(i + 1 + sign).is_some_and(u8::is_ascii_digit) {
            i += 1 + sign;
            while bytes.get(i).is_some_and(u8::is_ascii_digit) {
                i += 1;
            }
        }
    }
    Some((float::parse(&text[..i])?, &text[i..]))
}

/// `complex("1+2j")`.
fn parse(text: &str) -> Option<Pair> {
    let space = |c: char| c.is_ascii_whitespace() || c == '\x0b';
    let mut text = text.trim_matches(space);
    if let Some(inner) = text.strip_prefix('(') {
        text = inner.strip_suffix(')')?.trim_matches(space);
    }
    let text = crate::types::float::without_underscores(text)?;
    let is_unit = |s: &str| matches!(s, "j" | "J");
    let unit = |s: &str| match s.as_bytes() {
        [b'j' | b'J'] | [b'+', b'j' | b'J'] => Some(1.0),
        [b'-', b'j' | b'J'] => Some(-1.0),
        _ => None,
    };
    if let Some(im) = unit(&text) {
        return Some((0.0, im));
    }
    let (first, rest) = take_number(&text)?;
    if rest.is_empty() {
        return Some((first, 0.0));
    }
    if is_unit(rest) {
        return Some((0.0, first));
    }
    if !rest.starts_with(['+', '-']) {
        return None;
    }
    if let Some(im) = unit(rest) {
        return Some((first, im));
    }
    let (im, rest) = take_number(rest)?;
    if is_unit(rest) { Some((first, im)) } else { None }
}

fn from_text(cx: &mut Cx, text: &Str) -> PyResult<Pair> {
    let text = int_text::to_ascii(text);
    match parse(&text) {
        Some(z) => Ok(z),
        None => Err(value_error(cx, "complex() arg is a malformed string")),
    }
}

/// `complex(x)` with one argument.
fn from_single(cx: &mut Cx, v: Value) -> PyResult<Pair> {
    if let Some(s) = v.downcast::<Str>() {
        return from_text(cx, &s);
    }
    if let Some(z) = special_complex(cx, v)? {
        return Ok(z);
    }
    if let Some(z) = v.downcast::<Complex>() {
        return Ok(pair(z));
    }
    if !is_real(cx, v) {
        let name = full_type_name(cx, v);
        return Err(type_error(cx, format_args!("complex() argument must be a string or a number, not {name}")));
    }
    Ok((float::as_f64(cx, v)?, 0.0))
}

/// One of two arguments: a real number; complex ones are deprecated.
fn part(cx: &mut Cx, v: Value, which: &str) -> PyResult<Operand> {
    let z = if which == "real" { special_complex(cx, v)? } else { None };
    let z = z.or_else(|| v.downcast::<Complex>().map(pair));
    let name = full_type_name(cx, v);
    if let Some(z) = z {
        if !is_real(cx, v) {
            let class = cx.types().DeprecationWarning;
            let message = format!("complex() argument '{which}' must be a real number, not {name}");
            crate::warnings::warn(cx, class, &message, 1)?;
        }
        return Ok(Operand::Complex(z));
    }
    if !is_real(cx, v) {
        return Err(type_error(cx, format_args!("complex() argument '{which}' must be a real number, not {name}")));
    }
    Ok(Operand::Real(crate::types::float::float_of(cx, v)?))
}

fn from_parts(cx: &mut Cx, re: Option<Value>, im: Value) -> PyResult<Pair> {
    let re = match re {
        Some(re) => part(cx, re, "real")?,
        None => Operand::Real(0.0),
    };
    let im = part(cx, im, "imag")?;
    let (mut z, i) = (re.pair(), im.pair());
    if matches!(im, Operand::Complex(_)) {
        z.0 -= i.1;
    }
    z.1 = if matches!(re, Operand::Complex(_)) { z.1 + i.0 } else { i.0 };
    Ok(z)
}

/// `(real, imag)` of `complex()`.
fn constructor_arguments(cx: &mut Cx, args: Args<'_>) -> PyResult<(Option<Value>, Option<Value>)> {
    const NAMES: [&str; 2] = ["real", "imag"];
    if args.values().len() > 2 {
        let n = args.values().len();
        return Err(type_error(cx, format_args!("complex() takes at most 2 arguments ({n} given)")));
    }
    let positional = args.positional();
    let mut out = [positional.first().copied(), positional.get(1).copied()];
    for (name, value) in args.keywords() {
        let Some(i) = NAMES.iter().position(|known| name.eq_str(known)) else {
            return Err(crate::suggest::unexpected_keyword(cx, "complex", name, NAMES.into_iter().map(str::to_owned)));
        };
        if out[i].replace(value).is_some() {
            let message = format!("argument for complex() given by name ('{}') and position ({})", NAMES[i], i + 1);
            return Err(type_error(cx, message));
        }
    }
    Ok((out[0], out[1]))
}

/// A real number divided by a complex one.
fn real_by_complex(a: f64, b: Pair) -> Option<Pair> {
    let (abs_re, abs_im) = (b.0.abs(), b.1.abs());
    let z = if abs_re >= abs_im {
        if abs_re == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        (a / denominator, (-a * ratio) / denominator)
    } else if abs_im >= abs_re {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        ((a * ratio) / denominator, -a / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    if z.0.is_nan() && z.1.is_nan() && a.is_finite() && (abs_re.is_infinite() || abs_im.is_infinite()) {
        let unit = |x: f64| if x.is_infinite() { 1.0f64.copysign(x) } else { 0.0f64.copysign(x) };
        return Some((0.0 * (a * unit(b.0)), 0.0 * (-a * unit(b.1))));
    }
    Some(z)
}

#[native_class(
    name = "complex",
    layout = Complex,
    flags = BASETYPE,
    doc = "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let (real, imag) = constructor_arguments(cx, args)?;
        let z = match (real, imag) {
            (None, None) => (0.0, 0.0),
            (Some(v), None) if args.n_keywords() > 0 => part(cx, v, "real")?.pair(),
            (Some(v), None) => {
                if v.is_a::<Complex>() && class == cx.types().complex {
                    return Ok(v);
                }
                from_single(cx, v)?
            }
            (re, Some(im)) => from_parts(cx, re, im)?,
        };
        let value = new_value(cx, z);
        crate::native::finish_new(cx, class, value)
    }

    #[slot]
    fn repr(_: &mut Cx, this: Gc<Complex>) -> String {
        crate::format::complex_repr(this.re, this.im)
    }

    #[slot]
    fn hash(_: &mut Cx, this: Value) -> PyResult<i64> {
        let Some(z) = this.downcast::<Complex>() else { return Ok(0) };
        let part = |f| object::hash::hash_f64(f).unwrap_or_else(|| crate::hashing::hash_identity(this));
        Ok(match part(z.re).wrapping_add(1000003i64.wrapping_mul(part(z.im))) {
            -1 => -2,
            h => h,
        })
    }

    #[slot]
    fn richcompare(_: &mut Cx, left: Value, right: Value, op: CompareOp) -> PyResult {
        let Some(a) = left.downcast::<Complex>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let equal = if let Some(b) = right.downcast::<Complex>() {
            a.re == b.re && a.im == b.im
        } else if let Some(b) = float::exact(right) {
            a.re == b && a.im == 0.0
        } else if let Some(n) = Num::of(right) {
            a.im == 0.0 && int::compare_with_f64(n, a.re).is_some_and(std::cmp::Ordering::is_eq)
        } else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        Ok(match op {
            CompareOp::Eq => Value::bool(equal),
            CompareOp::Ne => Value::bool(!equal),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot]
    fn bool_(_: &mut Cx, this: Gc<Complex>) -> PyResult<bool> {
        Ok(this.re != 0.0 || this.im != 0.0)
    }

    #[slot]
    fn negative(cx: &mut Cx, this: Gc<Complex>) -> Value {
        new_value(cx, (-this.re, -this.im))
    }

    #[slot]
    fn positive(cx: &mut Cx, this: Gc<Complex>) -> Value {
        new_value(cx, pair(this))
    }

    #[slot]
    fn absolute(cx: &mut Cx, this: Gc<Complex>) -> PyResult<f64> {
        let length = this.re.hypot(this.im);
        if length.is_infinite() && this.re.is_finite() && this.im.is_finite() {
            return Err(overflow_error(cx, "absolute value too large"));
        }
        Ok(length)
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        let z = match (&a, &b) {
            (Operand::Complex(z), Operand::Real(x)) | (Operand::Real(x), Operand::Complex(z)) => (z.0 + x, z.1),
            _ => (a.pair().0 + b.pair().0, a.pair().1 + b.pair().1),
        };
        Ok(new_value(cx, z))
    }

    #[slot(binary = Subtract)]
    fn sub(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        let z = match (&a, &b) {
            (Operand::Complex(z), Operand::Real(x)) => (z.0 - x, z.1),
            (Operand::Real(x), Operand::Complex(z)) => (x - z.0, -z.1),
            _ => (a.pair().0 - b.pair().0, a.pair().1 - b.pair().1),
        };
        Ok(new_value(cx, z))
    }

    #[slot(binary = Multiply)]
    fn mul(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        let z = match (&a, &b) {
            (Operand::Complex(z), Operand::Real(x)) | (Operand::Real(x), Operand::Complex(z)) => (z.0 * x, z.1 * x),
            _ => complex::mul(a.pair(), b.pair()),
        };
        Ok(new_value(cx, z))
    }

    #[slot(binary = TrueDivide)]
    fn div(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        let z = match (&a, &b) {
            (Operand::Complex(_), Operand::Real(0.0)) => None,
            (Operand::Complex(z), Operand::Real(x)) => Some((z.0 / x, z.1 / x)),
            (Operand::Real(x), Operand::Complex(z)) => real_by_complex(*x, *z),
            _ => complex::div(a.pair(), b.pair()),
        };
        match z {
            Some(z) => Ok(new_value(cx, z)),
            None => Err(zero_division_error(cx, "division by zero")),
        }
    }

    #[slot(binary = Power)]
    fn pow(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(cx, left, right);
        let (a, b) = (a.pair(), b.pair());
        let zero_power = "zero to a negative or complex power";
        let z = if b.1 == 0.0 && b.0 == b.0.floor() && b.0.abs() <= 100.0 {
            match complex::pow_int(a, b.0 as i64) {
                Some(z) => z,
                None => return Err(zero_division_error(cx, zero_power)),
            }
        } else {
            if a == (0.0, 0.0) && (b.1 != 0.0 || b.0 < 0.0) {
                return Err(zero_division_error(cx, zero_power));
            }
            complex::pow(a, b)
        };
        if z.0.is_infinite() || z.1.is_infinite() {
            return Err(overflow_error(cx, "complex exponentiation"));
        }
        Ok(new_value(cx, z))
    }

    #[slot]
    fn power3(cx: &mut Cx, left: Value, right: Value, modulus: Value) -> PyResult {
        if !modulus.is_none() {
            return Err(value_error(cx, "complex modulo"));
        }
        pow(cx, left, right)
    }

    /// Convert number to a complex floating-point number.
    #[classmethod("from_number($type, number, /)")]
    fn from_number(cx: &mut Cx, class: Gc<Class>, number: Value) -> PyResult {
        if class == cx.types().complex && number.is_a::<Complex>() {
            return Ok(number);
        }
        let z = as_complex(cx, number)?;
        let value = new_value(cx, z);
        if class == cx.types().complex { Ok(value) } else { call(cx, class.value(), &[value]) }
    }

    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[method("conjugate($self, /)")]
    fn conjugate(cx: &mut Cx, this: Gc<Complex>) -> Value {
        new_value(cx, (this.re, -this.im))
    }

    /// Convert this value to exact type complex.
    #[method("__complex__($self, /)")]
    fn to_complex(_: &mut Cx, this: Gc<Complex>) -> Gc<Complex> {
        this
    }

    #[method("__getnewargs__($self, /)")]
    fn getnewargs(cx: &mut Cx, this: Gc<Complex>) -> Gc<Tuple> {
        let (re, im) = (cx.heap.float(this.re), cx.heap.float(this.im));
        cx.heap.tuple(&[re, im])
    }

    /// Convert to a string according to format_spec.
    #[method("__format__($self, format_spec, /)")]
    fn format(cx: &mut Cx, this: Value, format_spec: Gc<Str>) -> PyResult<Gc<Str>> {
        let Some(z) = this.downcast::<Complex>().filter(|_| !format_spec.is_empty()) else { return str_of(cx, this) };
        let name = type_name(cx, this);
        crate::format::format_complex_value(cx, z.re, z.im, format_spec, &name)
    }

    /// the real part of a complex number
    #[getter]
    fn real(_: &mut Cx, this: Gc<Complex>) -> f64 {
        this.re
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(_: &mut Cx, this: Gc<Complex>) -> f64 {
        this.im
    }
}
