//! `decimal.Decimal`.

use super::context;
use super::convert::{self, operand, short_operand, wrap};
use super::number::{self, Kind, Number, Rounding, Rules, status};
use super::operation::{self, Op, of_values, run};
use super::short::{self, Short};
use super::{library, signals, text};
use dashu_int::UBig;
use runtime::native::new_native;
use runtime::number::Num;
use runtime::number::int;
use runtime::prelude::*;

/// A number, kept without memory of its own as long as the coefficient is short.
#[derive(Trace)]
pub struct Decimal {
    #[trace(skip)]
    kind: Kind,
    negative: bool,
    #[trace(skip)]
    exponent: i64,
    /// Low and high half of a coefficient below 2 ** 128.
    #[trace(skip)]
    short: [u64; 2],
    /// A longer coefficient, an int; unbound otherwise.
    long: Slot,
}

impl NativeData for Decimal {
    const NAME: &'static str = "decimal.Decimal";
}

pub type This = Gc<Native<Decimal>>;

impl Decimal {
    /// A finite number whose coefficient is not long.
    #[inline]
    pub fn short(&self) -> Option<Short> {
        if self.kind != Kind::Finite || self.long.get().is_bound() {
            return None;
        }
        let coefficient = u128::from(self.short[0]) | u128::from(self.short[1]) << 64;
        Some(Short { negative: self.negative, coefficient, exponent: self.exponent })
    }

    pub fn number(&self) -> Number {
        let coefficient = match Num::of(self.long.get()) {
            Some(long) => long.to_ibig().into_parts().1,
            None => UBig::from(u128::from(self.short[0]) | u128::from(self.short[1]) << 64),
        };
        Number { negative: self.negative, kind: self.kind, coefficient, exponent: self.exponent }
    }
}

pub fn new_decimal(cx: &mut Cx, class: Gc<Class>, number: Number) -> PyResult<This> {
    let Number { negative, kind, coefficient, exponent } = number;
    let (short, long) = match u128::try_from(&coefficient) {
        Ok(short) => ([short as u64, (short >> 64) as u64], Value::UNBOUND),
        Err(_) => ([0, 0], int::from_ubig(cx, coefficient)?),
    };
    Ok(new_native(cx, class, Decimal { kind, negative, exponent, short, long: Slot::new(long) }))
}

pub fn new_short(cx: &mut Cx, class: Gc<Class>, number: Short) -> This {
    let Short { negative, coefficient, exponent } = number;
    let short = [coefficient as u64, (coefficient >> 64) as u64];
    new_native(cx, class, Decimal { kind: Kind::Finite, negative, exponent, short, long: Slot::new(Value::UNBOUND) })
}

/// Whether a value may be an operand of an operator.
fn mixes(value: Value) -> bool {
    value.is_a::<Native<Decimal>>() || int::is_int(value)
}

/// Both operands of a binary operator; `None` when one of them is no number that mixes.
fn pair(left: Value, right: Value) -> Option<(Number, Number)> {
    Some((operand(left)?, operand(right)?))
}

fn binary(cx: &mut Cx, op: Op, left: Value, right: Value) -> PyResult {
    if !mixes(left) || !mixes(right) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let context = context::current(cx)?;
    of_values(cx, op, context, context.rules.get(), &[left, right])
}

/// An operand of a comparison: also floats, complex numbers without imaginary part and fractions, which scale the Decimal.
fn comparable(cx: &mut Cx, this: &Number, other: Value, op: CompareOp) -> PyResult<Option<(Number, Number)>> {
    if let Some(other) = operand(other) {
        return Ok(Some((this.clone(), other)));
    }
    let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let mut float = other.unwrap_payload().as_float();
    if let Some(complex) = other.downcast::<Complex>()
        && is_equality
    {
        if complex.im != 0.0 {
            return Ok(None);
        }
        float = Some(complex.re);
    }
    if let Some(f) = float {
        let context = context::current(cx)?;
        if is_equality {
            // Equality is no use of the float: it is noted, not trapped.
            context.flags.set(context.flags.get() | status::FLOAT_OPERATION);
        } else {
            context.note(cx, status::FLOAT_OPERATION)?;
        }
        return Ok(Some((this.clone(), convert::of_float(f))));
    }
    if cx.class_of(other).is_heap_type() {
        let rational = runtime::import::import_attr(cx, "numbers", "Rational")?;
        if let Some(rational) = rational.cast::<Class>()
            && runtime::types::type_check::is_instance_of(cx, other, rational.value())?
        {
            return with_fraction(cx, this, other);
        }
    }
    Ok(None)
}

/// `this * denominator` and `numerator`.
fn with_fraction(cx: &mut Cx, this: &Number, fraction: Value) -> PyResult<Option<(Number, Number)>> {
    let (numerator, denominator) = (cx.heap.intern("numerator"), cx.heap.intern("denominator"));
    let numerator = get_attr(cx, fraction, numerator)?;
    let denominator = get_attr(cx, fraction, denominator)?;
    let (Some(numerator), Some(denominator)) = (Num::of(numerator), Num::of(denominator)) else { return Ok(None) };
    let denominator = convert::of_int(denominator);
    let scaled = if this.is_finite() {
        Number { coefficient: &this.coefficient * &denominator.coefficient, ..this.clone() }
    } else {
        this.clone()
    };
    Ok(Some((scaled, convert::of_int(numerator))))
}

/// The hash that numbers of all types share: the value modulo the prime 2 ** 61 - 1.
fn hash_of_number(number: &Number) -> i64 {
    const P: u128 = (1 << 61) - 1;
    const fn power(mut base: u128, mut exponent: u64) -> u128 {
        let mut result = 1;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * base % P;
            }
            base = base * base % P;
            exponent >>= 1;
        }
        result
    }
    // The inverse of 10 modulo P.
    const INVERSE: u128 = power(10, P as u64 - 2);
    let scale = power(if number.exponent >= 0 { 10 } else { INVERSE }, number.exponent.unsigned_abs());
    let coefficient = u128::try_from(&(&number.coefficient % UBig::from(P))).unwrap_or(0);
    let hash = (coefficient * scale % P) as i64;
    match if number.negative { -hash } else { hash } {
        -1 => -2,
        hash => hash,
    }
}

/// A number rounded to a whole one, as an int.
fn rounded_int(cx: &mut Cx, number: &Number, rounding: Rounding) -> PyResult {
    let whole = number::to_integral(number, false, &Rules { rounding, ..Rules::WIDEST }, &mut 0);
    convert::to_int(cx, &whole)
}

fn to_float(cx: &mut Cx, number: &Number) -> PyResult<f64> {
    let sign = if number.negative { -1.0 } else { 1.0 };
    match number.kind {
        Kind::Signaling => Err(value_error(cx, "cannot convert signaling NaN to float")),
        Kind::Quiet => Ok(f64::NAN.copysign(sign)),
        Kind::Infinite => Ok(f64::INFINITY * sign),
        Kind::Finite => Ok(text::to_text(number, false, true).parse().unwrap_or(f64::NAN)),
    }
}

/// The rules of a context, with the rounding that a method was given.
pub fn rules_with(cx: &mut Cx, context: context::This, rounding: Value) -> PyResult<Rules> {
    let mut rules = context.rules.get();
    if rounding.is_bound() && !rounding.is_none() {
        rules.rounding = context::rounding_of(cx, rounding)?;
    }
    Ok(rules)
}

/// The method of a Decimal with a context or None behind its operands.
pub fn by_method(cx: &mut Cx, op: Op, this: This, others: &[Value], context: Value) -> PyResult {
    let context = context::given(cx, context)?;
    of_method(cx, op, this, others, context, context.rules.get())
}

/// An operation with a Decimal in front of at most two other operands.
fn of_method(cx: &mut Cx, op: Op, this: This, others: &[Value], context: context::This, rules: Rules) -> PyResult {
    let mut operands = [this.value(); 3];
    operands[1..=others.len()].copy_from_slice(others);
    of_values(cx, op, context, rules, &operands[..=others.len()])
}

/// As [`by_method`], for methods with a rounding of their own.
pub fn by_rounding(cx: &mut Cx, op: Op, this: This, others: &[Value], rounding: Value, context: Value) -> PyResult {
    let context = context::given(cx, context)?;
    let rules = rules_with(cx, context, rounding)?;
    of_method(cx, op, this, others, context, rules)
}

#[native_class(
    name = "Decimal",
    module = "decimal",
    layout = Native<Decimal>,
    flags = BASETYPE,
    doc = "Decimal(value=\"0\", context=None)\n--\n\nConstruct a new Decimal object. 'value' can be an integer, string, tuple,\nor another Decimal object. If no value is given, return Decimal('0').\nThe context does not affect the conversion and is only passed to\ndetermine if the InvalidOperation trap is active.\n\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let (mut value, mut context) = (Value::UNBOUND, Value::UNBOUND);
        let given = args.values().len();
        if given > 2 {
            return Err(type_error(cx, format_args!("function takes at most 2 arguments ({given} given)")));
        }
        for (i, &argument) in args.positional().iter().enumerate() {
            *(if i == 0 { &mut value } else { &mut context }) = argument;
        }
        for (name, argument) in args.keywords() {
            match name.as_ascii() {
                Some("value") => value = argument,
                Some("context") => context = argument,
                _ => {
                    let message = format!("this function got an unexpected keyword argument '{name}'");
                    return Err(type_error(cx, message));
                }
            }
        }
        let context = context::given(cx, context)?;
        let Some(value) = value.bound() else { return new_decimal(cx, class, Number::zero()) };
        let exact = class_of_spec(cx, &SPEC)?;
        if class == exact
            && cx.class_of(value) == exact
            && let Some(decimal) = value.cast::<Native<Decimal>>()
        {
            return Ok(decimal);
        }
        let number = convert::any(cx, value, context)?;
        let number = convert::check_exact(cx, number, context)?;
        new_decimal(cx, class, number)
    }

    fn capitals(cx: &mut Cx) -> PyResult<bool> {
        Ok(context::current(cx)?.capitals.get())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<String> {
        let capitals = capitals(cx)?;
        Ok(format!("Decimal('{}')", text::to_text(&this.number(), false, capitals)))
    }

    #[slot]
    fn str(cx: &mut Cx, this: This) -> PyResult {
        let capitals = capitals(cx)?;
        Ok(match this.short() {
            Some(short) => cx.heap.str(text::ShortText::of(short, capitals).as_str()),
            None => cx.heap.str(&text::to_text(&this.number(), false, capitals)),
        })
    }

    #[slot]
    fn hash(cx: &mut Cx, this: This) -> PyResult<i64> {
        let number = this.number();
        match number.kind {
            Kind::Signaling => Err(type_error(cx, "Cannot hash a signaling NaN value")),
            Kind::Quiet => Ok(runtime::hashing::hash_identity(this.value())),
            Kind::Infinite => Ok(if number.negative { -314_159 } else { 314_159 }),
            Kind::Finite => Ok(hash_of_number(&number)),
        }
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        if let (Some(a), Some(b)) = (this.short(), short_operand(other))
            && let Some(ordering) = short::order(a, b)
        {
            return Ok(Value::bool(op.holds(ordering)));
        }
        let own = this.number();
        let Some((a, b)) = comparable(cx, &own, other, op)? else { return Ok(Value::NOT_IMPLEMENTED) };
        if a.is_nan() || b.is_nan() {
            let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
            let is_signaling = a.kind == Kind::Signaling || b.kind == Kind::Signaling;
            if is_signaling || !is_equality {
                let context = context::current(cx)?;
                context.note(cx, status::INVALID_OPERATION)?;
            }
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        Ok(Value::bool(op.holds(number::order(&a, &b))))
    }

    #[slot]
    fn bool(_: &mut Cx, this: This) -> PyResult<bool> {
        Ok(!this.number().is_zero())
    }

    #[slot]
    fn int(cx: &mut Cx, this: This) -> PyResult {
        convert::to_int(cx, &this.number())
    }

    #[slot]
    fn float(cx: &mut Cx, this: This) -> PyResult<f64> {
        to_float(cx, &this.number())
    }

    #[slot]
    fn negative(cx: &mut Cx, this: This) -> PyResult {
        by_method(cx, Op::Minus, this, &[], Value::UNBOUND)
    }

    #[slot]
    fn positive(cx: &mut Cx, this: This) -> PyResult {
        by_method(cx, Op::Plus, this, &[], Value::UNBOUND)
    }

    #[slot]
    fn absolute(cx: &mut Cx, this: This) -> PyResult {
        by_method(cx, Op::Absolute, this, &[], Value::UNBOUND)
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary(cx, Op::Add, left, right)
    }

    #[slot(binary = Subtract)]
    fn subtract(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary(cx, Op::Subtract, left, right)
    }

    #[slot(binary = Multiply)]
    fn multiply(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary(cx, Op::Multiply, left, right)
    }

    #[slot(binary = TrueDivide)]
    fn true_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary(cx, Op::Divide, left, right)
    }

    #[slot(binary = FloorDivide)]
    fn floor_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary(cx, Op::DivideInteger, left, right)
    }

    #[slot(binary = Remainder)]
    fn remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary(cx, Op::Remainder, left, right)
    }

    #[slot(binary = Power)]
    fn power(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        power3(cx, left, right, Value::NONE)
    }

    #[slot]
    fn power3(cx: &mut Cx, left: Value, right: Value, modulus: Value) -> PyResult {
        let Some((a, b)) = pair(left, right) else { return Ok(Value::NOT_IMPLEMENTED) };
        let modulus = if modulus.is_none() {
            None
        } else {
            match operand(modulus) {
                Some(modulus) => Some(modulus),
                None => return Ok(Value::NOT_IMPLEMENTED),
            }
        };
        let context = context::current(cx)?;
        operation::power(cx, context, &a, &b, modulus.as_ref())
    }

    fn quotient_and_rest(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let Some((a, b)) = pair(left, right) else { return Ok(Value::NOT_IMPLEMENTED) };
        let context = context::current(cx)?;
        operation::both(cx, context, &a, &b)
    }

    /// Return divmod(self, value).
    #[method("__divmod__($self, value, /)")]
    fn divmod(cx: &mut Cx, this: This, value: Value) -> PyResult {
        quotient_and_rest(cx, this.value(), value)
    }

    /// Return divmod(value, self).
    #[method("__rdivmod__($self, value, /)")]
    fn rdivmod(cx: &mut Cx, this: This, value: Value) -> PyResult {
        quotient_and_rest(cx, value, this.value())
    }

    /// Class method that converts a float to a decimal number, exactly.
    ///
    /// Since 0.1 is not exactly representable in binary floating point,
    /// Decimal.from_float(0.1) is not the same as Decimal('0.1').
    #[classmethod("from_float($type, f, /)")]
    fn from_float(cx: &mut Cx, class: Gc<Class>, f: Value) -> PyResult {
        let number = match (Num::of(f), f.unwrap_payload().as_float()) {
            (Some(n), _) => convert::of_int(n),
            (None, Some(f)) => convert::of_float(f),
            (None, None) => return Err(type_error(cx, "argument must be int or float")),
        };
        of_class(cx, class, number)
    }

    /// Class method that converts a real number to a decimal number, exactly.
    #[classmethod("from_number($type, number, /)")]
    fn from_number(cx: &mut Cx, class: Gc<Class>, number: Value) -> PyResult {
        let number = match (operand(number), number.unwrap_payload().as_float()) {
            (Some(number), _) => number,
            (None, Some(f)) => convert::of_float(f),
            (None, None) => return Err(convert::not_supported(cx, number)),
        };
        of_class(cx, class, number)
    }

    fn of_class(cx: &mut Cx, class: Gc<Class>, number: Number) -> PyResult {
        let made = wrap(cx, number)?;
        if class == class_of_spec(cx, &SPEC)? { Ok(made) } else { call(cx, class.value(), &[made]) }
    }

    /// Return a tuple representation of the number.
    #[method("as_tuple($self, /)")]
    fn as_tuple(cx: &mut Cx, this: This) -> PyResult {
        let number = this.number();
        let written = match number.kind {
            Kind::Infinite => "0".to_owned(),
            Kind::Quiet | Kind::Signaling if number.coefficient.is_zero() => String::new(),
            _ => text::coefficient_text(&number.coefficient),
        };
        let written = written.as_bytes();
        let digits =
            Tuple::from_fn(&mut cx.heap, written.len(), |i| Int::from_len(usize::from(written[i] - b'0')).value());
        let digits = digits.or_raise(cx)?.value();
        let exponent = match number.kind {
            Kind::Finite => BigInt::from_i64(&mut cx.heap, number.exponent),
            Kind::Infinite => cx.heap.str("F"),
            Kind::Quiet => cx.heap.str("n"),
            Kind::Signaling => cx.heap.str("N"),
        };
        let sign = Int::from_len(usize::from(number.negative)).value();
        let class = signals::member(cx, "DecimalTuple")?;
        call(cx, class, &[sign, digits, exponent])
    }

    /// Return a pair of integers whose ratio is exactly equal to the original.
    ///
    /// The ratio is in lowest terms and has a positive denominator.
    /// Raise OverflowError on infinities and a ValueError on NaNs.
    #[method("as_integer_ratio($self, /)")]
    fn as_integer_ratio(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let number = this.number();
        match number.kind {
            Kind::Infinite => return Err(overflow_error(cx, "cannot convert Infinity to integer ratio")),
            Kind::Quiet | Kind::Signaling => {
                return Err(value_error(cx, "cannot convert NaN to integer ratio"));
            }
            Kind::Finite => {}
        }
        if number.exponent.unsigned_abs() > 1_000_000_000 && !number.coefficient.is_zero() {
            return Err(memory_error(cx));
        }
        let (mut numerator, mut denominator) = (number.coefficient, UBig::ONE);
        if number.exponent >= 0 {
            numerator *= number::power_of_ten(if numerator.is_zero() { 0 } else { number.exponent as u64 });
        } else if !numerator.is_zero() {
            denominator = number::power_of_ten(number.exponent.unsigned_abs());
            let common = dashu_int::ops::Gcd::gcd(&numerator, &denominator);
            numerator /= &common;
            denominator /= &common;
        }
        let numerator = dashu_int::IBig::from(numerator);
        let numerator = int::from_ibig(cx, if number.negative { -numerator } else { numerator })?;
        let denominator = int::from_ubig(cx, denominator)?;
        Ok(cx.heap.tuple(&[numerator, denominator]))
    }

    /// The number itself.
    #[method("__copy__($self, /)")]
    fn copy(this: This) -> This {
        this
    }

    /// The number itself.
    #[method("__deepcopy__($self, memo, /)")]
    fn deepcopy(this: This, _memo: Value) -> This {
        this
    }

    /// Class and arguments for pickles.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let text = str_of(cx, this.value())?.value();
        let args = cx.heap.tuple(&[text]).value();
        let class = cx.class_of(this.value()).value();
        Ok(cx.heap.tuple(&[class, args]))
    }

    /// Format the number by a specification.
    #[method(raw, "__format__($self, fmtarg, override=<unrepresentable>, /)", text_signature = false)]
    fn format(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        let spec = args.positional().first().copied().unwrap_or(Value::UNBOUND);
        let Some(text) = spec.downcast::<Str>() else { return Err(type_error(cx, "format arg must be str")) };
        if text.is_empty() {
            return Ok(str_of(cx, this.value())?.value());
        }
        let context = context::current(cx)?;
        match library::format(cx, &this.number(), spec, context) {
            Ok(text) => Ok(text),
            Err(raised) => {
                cx.catch(raised, cx.types().ValueError)?;
                Err(value_error(cx, "invalid format string"))
            }
        }
    }

    /// Round to the nearest int, halves to even, or to so many digits behind the point.
    #[method("__round__($self, ndigits=<unrepresentable>, /)", text_signature = false)]
    fn round(cx: &mut Cx, this: This, ndigits: Option<Value>) -> PyResult {
        let Some(digits) = ndigits else { return rounded_int(cx, &this.number(), Rounding::HalfEven) };
        let Some(n) = Num::of(digits) else { return Err(type_error(cx, "optional arg must be an integer")) };
        let Some(n) = n.to_i64().filter(|n| *n != i64::MIN) else {
            return Err(overflow_error(cx, "Python int too large to convert to C ssize_t"));
        };
        let context = context::current(cx)?;
        let exponent = Number::finite(false, UBig::ONE, -n);
        run(cx, Op::Quantize, context, &[this.number(), exponent])
    }

    /// The least int that is not less.
    #[method("__ceil__($self, /)")]
    fn ceil(cx: &mut Cx, this: This) -> PyResult {
        rounded_int(cx, &this.number(), Rounding::Ceiling)
    }

    /// The greatest int that is not greater.
    #[method("__floor__($self, /)")]
    fn floor(cx: &mut Cx, this: This) -> PyResult {
        rounded_int(cx, &this.number(), Rounding::Floor)
    }

    /// The int without what is behind the point.
    #[method("__trunc__($self, /)")]
    fn trunc(cx: &mut Cx, this: This) -> PyResult {
        convert::to_int(cx, &this.number())
    }

    /// The number as a complex one.
    #[method("__complex__($self, /)")]
    fn complex(cx: &mut Cx, this: This) -> PyResult {
        let real = to_float(cx, &this.number())?;
        let (class, real) = (cx.types().complex.value(), cx.heap.float(real));
        call(cx, class, &[real])
    }

    #[getter]
    fn real(this: This) -> This {
        this
    }

    #[getter]
    fn imag(cx: &mut Cx, _this: This) -> PyResult {
        wrap(cx, Number::zero())
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        super::super::methods::add_to_decimal(cx, class)
    }
}
