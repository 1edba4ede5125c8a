//! `datetime.timedelta`: days, seconds and microseconds between two times.

use super::calendar::{MICROS_A_SECOND, SECONDS_A_DAY};
use dashu_int::IBig;
use runtime::native::new_native;
use runtime::number::int::{self, Num};
use runtime::prelude::*;
use std::cell::Cell;

const MAX_DAYS: i32 = 999_999_999;
const MICROS_A_DAY: i128 = SECONDS_A_DAY as i128 * MICROS_A_SECOND as i128;

/// A span of time: `seconds` and `micros` are never negative and less than a day's and a second's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Span {
    pub days: i32,
    pub seconds: i32,
    pub micros: i32,
}

impl Span {
    pub fn total_micros(self) -> i128 {
        i128::from(self.days) * MICROS_A_DAY
            + i128::from(self.seconds) * i128::from(MICROS_A_SECOND)
            + i128::from(self.micros)
    }

    pub fn is_zero(self) -> bool {
        self == Span::default()
    }

    /// Shorter than a day in both directions, as offsets are.
    pub fn is_less_than_a_day(self) -> bool {
        self.total_micros().abs() < MICROS_A_DAY
    }

    pub fn from_seconds(seconds: i64) -> Span {
        Span {
            days: seconds.div_euclid(SECONDS_A_DAY) as i32,
            seconds: seconds.rem_euclid(SECONDS_A_DAY) as i32,
            micros: 0,
        }
    }
}

#[derive(Trace)]
pub struct Delta {
    #[trace(skip)]
    pub span: Span,
    #[trace(skip)]
    hash: Cell<Option<i64>>,
}

impl NativeData for Delta {
    const NAME: &'static str = "datetime.timedelta";
}

pub type This = Gc<Native<Delta>>;

/// The span of a timedelta.
pub fn span_of(value: Value) -> Option<Span> {
    value.cast::<Native<Delta>>().map(|delta| delta.span)
}

fn make(cx: &mut Cx, class: Gc<Class>, span: Span) -> This {
    new_native(cx, class, Delta { span, hash: Cell::new(None) })
}

/// A timedelta of the span.
pub fn new_delta(cx: &mut Cx, span: Span) -> PyResult<This> {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(make(cx, class, span))
}

#[cold]
fn too_large(cx: &mut Cx) -> Raised {
    overflow_error(cx, "Python int too large to convert to C int")
}

/// The span of so many microseconds, if timedelta reaches that far.
pub fn span_of_micros(cx: &mut Cx, micros: i128) -> PyResult<Span> {
    let (days, rest) = (micros.div_euclid(MICROS_A_DAY), micros.rem_euclid(MICROS_A_DAY));
    let Ok(days) = i32::try_from(days) else { return Err(too_large(cx)) };
    if days.abs() > MAX_DAYS {
        return Err(overflow_error(cx, format_args!("days={days}; must have magnitude <= {MAX_DAYS}")));
    }
    let rest = rest as i64;
    Ok(Span { days, seconds: (rest / MICROS_A_SECOND) as i32, micros: (rest % MICROS_A_SECOND) as i32 })
}

/// A timedelta of so many microseconds.
pub fn delta_of_micros(cx: &mut Cx, micros: i128) -> PyResult<This> {
    let span = span_of_micros(cx, micros)?;
    new_delta(cx, span)
}

fn delta_of_big(cx: &mut Cx, micros: &IBig) -> PyResult<This> {
    match i128::try_from(micros) {
        Ok(micros) => delta_of_micros(cx, micros),
        Err(_) => Err(too_large(cx)),
    }
}

fn is_odd(number: &IBig) -> bool {
    number % IBig::from(2) != IBig::from(0)
}

/// `a / b`, rounded to the nearest, halves to even.
fn divide_nearest(cx: &mut Cx, a: IBig, b: IBig) -> PyResult<IBig> {
    let zero = IBig::from(0);
    if b == zero {
        return Err(zero_division_error(cx, "division by zero"));
    }
    let (quotient, rest): (IBig, IBig) = int::div_mod_ibig(a, &b);
    let two = IBig::from(2);
    // The rest has the divisor's sign.
    let (twice, magnitude) = if b < zero { (-(rest * &two), -b) } else { (rest * &two, b) };
    let is_odd = is_odd(&quotient);
    Ok(if twice > magnitude || twice == magnitude && is_odd { quotient + IBig::from(1) } else { quotient })
}

/// A float as a fraction: what the method of a subclass says.
fn ratio(cx: &mut Cx, value: Value, f: f64) -> PyResult<(IBig, IBig)> {
    if cx.class_of(value) == cx.types().float {
        return exact_ratio(cx, f);
    }
    let parts = super::invoke(cx, value, "as_integer_ratio", &[])?;
    let Some(tuple) = parts.downcast::<Tuple>() else {
        let name = type_name(cx, parts);
        let message = format!("unexpected return type from as_integer_ratio(): expected tuple, not '{name}'");
        return Err(type_error(cx, message));
    };
    if tuple.len() != 2 {
        let n = tuple.len();
        let message = format!("unexpected return type from as_integer_ratio(): expected tuple of size 2, not {n}");
        return Err(value_error(cx, message));
    }
    let part = |cx: &mut Cx, i: usize| {
        let part = index_value(cx, tuple.get(i))?;
        Ok(num(part.unwrap_payload()).to_ibig())
    };
    Ok((part(cx, 0)?, part(cx, 1)?))
}

fn exact_ratio(cx: &mut Cx, f: f64) -> PyResult<(IBig, IBig)> {
    if f.is_nan() {
        return Err(value_error(cx, "cannot convert NaN to integer ratio"));
    }
    if f.is_infinite() {
        return Err(overflow_error(cx, "cannot convert Infinity to integer ratio"));
    }
    let bits = f.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let mantissa = if f.is_sign_negative() { -IBig::from(mantissa) } else { IBig::from(mantissa) };
    Ok(if exponent >= 0 {
        (mantissa << exponent as usize, IBig::from(1))
    } else {
        (mantissa, IBig::from(1) << (-exponent) as usize)
    })
}

fn big_micros(span: Span) -> IBig {
    IBig::from(span.total_micros())
}

/// The microseconds of a timedelta as a Python int.
fn micros_value(cx: &mut Cx, span: Span) -> Value {
    BigInt::from_i128(&mut cx.heap, span.total_micros())
}

fn num(value: Value) -> Num {
    Num::of(value).expect("an int was made")
}

/// The sum of constructor arguments, and what floats left over of a microsecond.
struct Total {
    micros: IBig,
    leftover: f64,
}

impl Total {
    fn add(&mut self, cx: &mut Cx, name: &str, value: Value, factor: i64) -> PyResult<()> {
        if let Some(n) = Num::of(value) {
            self.micros += n.to_ibig() * IBig::from(factor);
            return Ok(());
        }
        let Some(f) = value.unwrap_payload().as_float() else {
            let class = type_name(cx, value);
            return Err(type_error(cx, format_args!("unsupported type for timedelta {name} component: {class}")));
        };
        let whole = int::from_f64(cx, f.trunc())?;
        self.micros += num(whole).to_ibig() * IBig::from(factor);
        let fraction = f.fract();
        if fraction != 0.0 {
            let rest = fraction * factor as f64;
            self.micros += IBig::from(rest.trunc() as i64);
            self.leftover += rest.fract();
        }
        Ok(())
    }

    fn finish(mut self) -> IBig {
        if self.leftover != 0.0 {
            let mut whole = self.leftover.round();
            if (whole - self.leftover).abs() == 0.5 {
                let odd = if is_odd(&self.micros) { 1.0 } else { 0.0 };
                whole = 2.0 * ((self.leftover + odd) * 0.5).round() - odd;
            }
            self.micros += IBig::from(whole as i64);
        }
        self.micros
    }
}

/// `timedelta` multiplied by a number; `None` for other operands.
fn multiply(cx: &mut Cx, span: Span, factor: Value) -> PyResult<Option<This>> {
    if let Some(n) = Num::of(factor) {
        let product = big_micros(span) * n.to_ibig();
        return delta_of_big(cx, &product).map(Some);
    }
    let Some(f) = factor.unwrap_payload().as_float() else { return Ok(None) };
    let (numerator, denominator) = ratio(cx, factor, f)?;
    let micros = divide_nearest(cx, big_micros(span) * numerator, denominator)?;
    delta_of_big(cx, &micros).map(Some)
}

pub fn repr_of_span(name: &str, span: Span) -> String {
    let parts = [("days", span.days), ("seconds", span.seconds), ("microseconds", span.micros)];
    let shown: Vec<String> = parts.iter().filter(|(_, n)| *n != 0).map(|(part, n)| format!("{part}={n}")).collect();
    if shown.is_empty() { format!("{name}(0)") } else { format!("{name}({})", shown.join(", ")) }
}

/// The hash of a timedelta: that of the tuple of its parts.
pub fn hash_span(cx: &mut Cx, span: Span) -> PyResult<i64> {
    let parts = [span.days, span.seconds, span.micros].map(|n| BigInt::from_i64(&mut cx.heap, i64::from(n)));
    let tuple = cx.heap.tuple(&parts).value();
    hash_of(cx, tuple)
}

#[native_class(
    name = "timedelta",
    module = "datetime",
    layout = Native<Delta>,
    flags = BASETYPE,
    doc = "Difference between two datetime values.\n\ntimedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\nAll arguments are optional and default to 0.\nArguments may be integers or floats, and may be positive or negative."
)]
pub mod class {
    use super::*;

    /// Parameters in their order, with the microseconds in one of them.
    const UNITS: [(&str, i64); 7] = [
        ("days", 86_400_000_000),
        ("seconds", 1_000_000),
        ("microseconds", 1),
        ("milliseconds", 1_000),
        ("minutes", 60_000_000),
        ("hours", 3_600_000_000),
        ("weeks", 604_800_000_000),
    ];

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let values = crate::arguments::bind(cx, "__new__", UNITS.map(|(name, _)| name), 0, args)?;
        let mut total = Total { micros: IBig::from(0), leftover: 0.0 };
        // Smaller units come first, as what floats leave over is summed in this order.
        for i in [2, 3, 1, 4, 5, 0, 6] {
            if values[i].is_bound() {
                let (name, factor) = UNITS[i];
                total.add(cx, name, values[i], factor)?;
            }
        }
        let micros = total.finish();
        let Ok(micros) = i128::try_from(&micros) else { return Err(too_large(cx)) };
        let span = span_of_micros(cx, micros)?;
        Ok(make(cx, class, span))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> String {
        let name = type_name(cx, this.value());
        repr_of_span(&name, this.span)
    }

    #[slot]
    fn str(_: &mut Cx, this: This) -> String {
        let Span { days, seconds, micros } = this.span;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mut text = match days {
            0 => String::new(),
            1 | -1 => format!("{days} day, "),
            _ => format!("{days} days, "),
        };
        text += &format!("{hours}:{minutes:02}:{seconds:02}");
        if micros != 0 {
            text += &format!(".{micros:06}");
        }
        text
    }

    #[slot]
    fn hash(cx: &mut Cx, this: This) -> PyResult<i64> {
        if let Some(hash) = this.hash.get() {
            return Ok(hash);
        }
        let hash = hash_span(cx, this.span)?;
        this.hash.set(Some(hash));
        Ok(hash)
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: This, other: Value, op: CompareOp) -> Value {
        match span_of(other) {
            Some(other) => super::super::ordering_result(this.span.cmp(&other), op),
            None => Value::NOT_IMPLEMENTED,
        }
    }

    #[slot]
    fn bool(_: &mut Cx, this: This) -> PyResult<bool> {
        Ok(!this.span.is_zero())
    }

    #[slot]
    fn negative(cx: &mut Cx, this: This) -> PyResult<This> {
        delta_of_micros(cx, -this.span.total_micros())
    }

    #[slot]
    fn positive(cx: &mut Cx, this: This) -> PyResult<This> {
        new_delta(cx, this.span)
    }

    #[slot]
    fn absolute(cx: &mut Cx, this: This) -> PyResult<This> {
        delta_of_micros(cx, this.span.total_micros().abs())
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        match (span_of(left), span_of(right)) {
            (Some(a), Some(b)) => Ok(delta_of_micros(cx, a.total_micros() + b.total_micros())?.value()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(binary = Subtract)]
    fn subtract(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        match (span_of(left), span_of(right)) {
            (Some(a), Some(b)) => Ok(delta_of_micros(cx, a.total_micros() - b.total_micros())?.value()),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(binary = Multiply)]
    fn multiplied(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let product = match (span_of(left), span_of(right)) {
            (Some(span), None) => multiply(cx, span, right)?,
            (None, Some(span)) => multiply(cx, span, left)?,
            _ => None,
        };
        Ok(product.map_or(Value::NOT_IMPLEMENTED, Gc::value))
    }

    #[slot(binary = FloorDivide)]
    fn floor_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let Some(span) = span_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        let micros = micros_value(cx, span);
        if let Some(other) = span_of(right) {
            let other = micros_value(cx, other);
            return int::floor_div(cx, num(micros), num(other));
        }
        let Some(n) = Num::of(right) else { return Ok(Value::NOT_IMPLEMENTED) };
        let quotient = int::floor_div(cx, num(micros), n)?;
        Ok(delta_of_big(cx, &num(quotient).to_ibig())?.value())
    }

    #[slot(binary = TrueDivide)]
    fn true_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let Some(span) = span_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = span_of(right) {
            let (a, b) = (micros_value(cx, span), micros_value(cx, other));
            let quotient = int::true_div(cx, num(a), num(b))?;
            return Ok(cx.heap.float(quotient));
        }
        let micros = if let Some(n) = Num::of(right) {
            divide_nearest(cx, big_micros(span), n.to_ibig())?
        } else if let Some(f) = right.unwrap_payload().as_float() {
            let (numerator, denominator) = ratio(cx, right, f)?;
            divide_nearest(cx, big_micros(span) * denominator, numerator)?
        } else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        Ok(delta_of_big(cx, &micros)?.value())
    }

    #[slot(binary = Remainder)]
    fn remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (Some(a), Some(b)) = (span_of(left), span_of(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        let (a, b) = (micros_value(cx, a), micros_value(cx, b));
        let rest = int::modulo(cx, num(a), num(b))?;
        Ok(delta_of_big(cx, &num(rest).to_ibig())?.value())
    }

    /// Return divmod(self, value).
    #[method("__divmod__($self, value, /)")]
    fn divmod(cx: &mut Cx, this: This, value: Value) -> PyResult {
        divide_with_rest(cx, this.value(), value)
    }

    /// Return divmod(value, self).
    #[method("__rdivmod__($self, value, /)")]
    fn rdivmod(cx: &mut Cx, this: This, value: Value) -> PyResult {
        divide_with_rest(cx, value, this.value())
    }

    fn divide_with_rest(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (Some(a), Some(b)) = (span_of(left), span_of(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        let (a, b) = (micros_value(cx, a), micros_value(cx, b));
        let (quotient, rest) = int::div_mod(cx, num(a), num(b))?;
        let rest = delta_of_big(cx, &num(rest).to_ibig())?.value();
        Ok(cx.heap.tuple(&[quotient, rest]).value())
    }

    /// Total seconds in the duration.
    #[method("total_seconds($self, /)")]
    fn total_seconds(cx: &mut Cx, this: This) -> PyResult<f64> {
        let (micros, second) = (micros_value(cx, this.span), Int::from_len(MICROS_A_SECOND as usize).value());
        int::true_div(cx, num(micros), num(second))
    }

    /// __reduce__() -> (cls, state)
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: This) -> Gc<Tuple> {
        let Span { days, seconds, micros } = this.span;
        let parts = [days, seconds, micros].map(|n| BigInt::from_i64(&mut cx.heap, i64::from(n)));
        let state = cx.heap.tuple(&parts);
        let class = cx.class_of(this.value());
        cx.heap.tuple(&[class.value(), state.value()])
    }

    #[getter(doc = "Number of days.")]
    fn days(this: This) -> i64 {
        i64::from(this.span.days)
    }

    #[getter(doc = "Number of seconds (>= 0 and less than 1 day).")]
    fn seconds(this: This) -> i64 {
        i64::from(this.span.seconds)
    }

    #[getter(doc = "Number of microseconds (>= 0 and less than 1 second).")]
    fn microseconds(this: This) -> i64 {
        i64::from(this.span.micros)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        for (name, span) in [
            ("resolution", Span { days: 0, seconds: 0, micros: 1 }),
            ("min", Span { days: -MAX_DAYS, seconds: 0, micros: 0 }),
            ("max", Span { days: MAX_DAYS, seconds: SECONDS_A_DAY as i32 - 1, micros: MICROS_A_SECOND as i32 - 1 }),
        ] {
            let delta = make(cx, class, span);
            super::super::set_class_attr(cx, class, name, delta.value())?;
        }
        Ok(())
    }
}
