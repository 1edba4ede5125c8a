//! The methods that carry out operations: added to `Decimal` and to `Context`.
//!
//! Each is one line over `operation`; they are here so that the classes' own files stay readable.

use super::class::{Decimal, This, by_method, by_rounding};
use super::context::{self, Context};
use super::convert::{self, expect_operand, wrap};
use super::number::{Kind, Number, status};
use super::operation::{self, Op, by_context};
use super::text;
use runtime::prelude::*;

pub fn add_to_decimal(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    crate::classes::add_members(cx, class, &[&decimal::SPEC])
}

pub fn add_to_context(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    crate::classes::add_members(cx, class, &[&of_context::SPEC])
}

fn is_normal(number: &Number, context: context::This) -> bool {
    number.is_finite() && !number.is_zero() && number.adjusted() >= context.rules.get().emin
}

fn is_subnormal(number: &Number, context: context::This) -> bool {
    number.is_finite() && !number.is_zero() && number.adjusted() < context.rules.get().emin
}

/// A number as a context's text.
fn shown(number: &Number, context: context::This, engineering: bool) -> String {
    text::to_text(number, engineering, context.capitals.get())
}

/// The sign of `b` on `a`.
fn with_sign(a: Number, b: &Number) -> Number {
    Number { negative: b.negative, ..a }
}

fn same_quantum(a: &Number, b: &Number) -> bool {
    match (a.is_finite(), b.is_finite()) {
        (true, true) => a.exponent == b.exponent,
        _ => a.is_nan() && b.is_nan() || a.is_infinite() && b.is_infinite(),
    }
}

/// What a context makes of a value: by its rules, with a NaN's payload that is too long refused.
fn create(cx: &mut Cx, context: context::This, number: Number) -> PyResult {
    let rules = context.rules.get();
    if number.is_nan() && number.digits() > rules.prec - i64::from(rules.clamp) && !number.coefficient.is_zero() {
        context.note(cx, status::CONVERSION_SYNTAX)?;
        return wrap(cx, Number::nan());
    }
    let mut happened = 0;
    let number = number.finish(&rules, &mut happened);
    context.note(cx, happened)?;
    wrap(cx, number)
}

#[native_class(name = "_DecimalMethods", module = "decimal", layout = Native<Decimal>, doc = "")]
pub mod decimal {
    use super::*;

    /// Return the value of the (natural) exponential function e**x at the given
    /// number.  The function always uses the ROUND_HALF_EVEN mode and the result
    /// is correctly rounded.
    #[method("exp($self, /, context=None)")]
    fn exp(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("exp"), this, &[], context)
    }

    /// Return the natural (base e) logarithm of the operand. The function always
    /// uses the ROUND_HALF_EVEN mode and the result is correctly rounded.
    #[method("ln($self, /, context=None)")]
    fn ln(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("ln"), this, &[], context)
    }

    /// Return the base ten logarithm of the operand. The function always uses the
    /// ROUND_HALF_EVEN mode and the result is correctly rounded.
    #[method("log10($self, /, context=None)")]
    fn log10(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("log10"), this, &[], context)
    }

    /// Return the largest number representable in the given context (or in the
    /// current default context if no context is given) that is smaller than the
    /// given operand.
    #[method("next_minus($self, /, context=None)")]
    fn next_minus(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("next_minus"), this, &[], context)
    }

    /// Return the smallest number representable in the given context (or in the
    /// current default context if no context is given) that is larger than the
    /// given operand.
    #[method("next_plus($self, /, context=None)")]
    fn next_plus(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("next_plus"), this, &[], context)
    }

    /// Normalize the number by stripping the rightmost trailing zeros and
    /// converting any result equal to Decimal('0') to Decimal('0e0').  Used
    /// for producing canonical values for members of an equivalence class.
    /// For example, Decimal('32.100') and Decimal('0.321000e+2') both normalize
    /// to the equivalent value Decimal('32.1').
    #[method("normalize($self, /, context=None)")]
    fn normalize(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Normalize, this, &[], context)
    }

    /// Return the square root of the argument to full precision. The result is
    /// correctly rounded using the ROUND_HALF_EVEN rounding mode.
    #[method("sqrt($self, /, context=None)")]
    fn sqrt(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::SquareRoot, this, &[], context)
    }

    /// For a non-zero number, return the adjusted exponent of the operand as a
    /// Decimal instance.  If the operand is a zero, then Decimal('-Infinity') is
    /// returned and the DivisionByZero condition is raised. If the operand is
    /// an infinity then Decimal('Infinity') is returned.
    #[method("logb($self, /, context=None)")]
    fn logb(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("logb"), this, &[], context)
    }

    /// Invert all its digits.
    ///
    /// The self must be logical number.
    #[method("logical_invert($self, /, context=None)")]
    fn logical_invert(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("logical_invert"), this, &[], context)
    }

    /// Return a string describing the class of the operand.  The returned value
    /// is one of the following ten strings:
    ///
    ///     * '-Infinity', indicating that the operand is negative infinity.
    ///     * '-Normal', indicating that the operand is a negative normal number.
    ///     * '-Subnormal', indicating that the operand is negative and subnormal.
    ///     * '-Zero', indicating that the operand is a negative zero.
    ///     * '+Zero', indicating that the operand is a positive zero.
    ///     * '+Subnormal', indicating that the operand is positive and subnormal.
    ///     * '+Normal', indicating that the operand is a positive normal number.
    ///     * '+Infinity', indicating that the operand is positive infinity.
    ///     * 'NaN', indicating that the operand is a quiet NaN (Not a Number).
    ///     * 'sNaN', indicating that the operand is a signaling NaN.
    #[method("number_class($self, /, context=None)")]
    fn number_class(cx: &mut Cx, this: This, context: Value) -> PyResult {
        by_method(cx, Op::Library("number_class"), this, &[], context)
    }

    /// Identical to the to_integral_value() method.  The to_integral() name has been
    /// kept for compatibility with older versions.
    #[method("to_integral($self, /, rounding=None, context=None)")]
    fn to_integral(cx: &mut Cx, this: This, rounding: Value, context: Value) -> PyResult {
        by_rounding(cx, Op::ToIntegralValue, this, &[], rounding, context)
    }

    /// Round to the nearest integer, signaling Inexact or Rounded as appropriate if
    /// rounding occurs.  The rounding mode is determined by the rounding parameter
    /// if given, else by the given context. If neither parameter is given, then the
    /// rounding mode of the current default context is used.
    #[method("to_integral_exact($self, /, rounding=None, context=None)")]
    fn to_integral_exact(cx: &mut Cx, this: This, rounding: Value, context: Value) -> PyResult {
        by_rounding(cx, Op::ToIntegralExact, this, &[], rounding, context)
    }

    /// Round to the nearest integer without signaling Inexact or Rounded.  The
    /// rounding mode is determined by the rounding parameter if given, else by
    /// the given context. If neither parameter is given, then the rounding mode
    /// of the current default context is used.
    #[method("to_integral_value($self, /, rounding=None, context=None)")]
    fn to_integral_value(cx: &mut Cx, this: This, rounding: Value, context: Value) -> PyResult {
        by_rounding(cx, Op::ToIntegralValue, this, &[], rounding, context)
    }

    /// Compare self to other.  Return a decimal value:
    ///
    ///     a or b is a NaN ==> Decimal('NaN')
    ///     a < b           ==> Decimal('-1')
    ///     a == b          ==> Decimal('0')
    ///     a > b           ==> Decimal('1')
    #[method("compare($self, /, other, context=None)")]
    fn compare(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Compare, this, &[other], context)
    }

    /// Identical to compare, except that all NaNs signal.
    #[method("compare_signal($self, /, other, context=None)")]
    fn compare_signal(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::CompareSignal, this, &[other], context)
    }

    /// Maximum of self and other.  If one operand is a quiet NaN and the other is
    /// numeric, the numeric operand is returned.
    #[method("max($self, /, other, context=None)")]
    fn max(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("max"), this, &[other], context)
    }

    /// Similar to the max() method, but the comparison is done using the absolute
    /// values of the operands.
    #[method("max_mag($self, /, other, context=None)")]
    fn max_mag(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("max_mag"), this, &[other], context)
    }

    /// Minimum of self and other. If one operand is a quiet NaN and the other is
    /// numeric, the numeric operand is returned.
    #[method("min($self, /, other, context=None)")]
    fn min(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("min"), this, &[other], context)
    }

    /// Similar to the min() method, but the comparison is done using the absolute
    /// values of the operands.
    #[method("min_mag($self, /, other, context=None)")]
    fn min_mag(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("min_mag"), this, &[other], context)
    }

    /// If the two operands are unequal, return the number closest to the first
    /// operand in the direction of the second operand.  If both operands are
    /// numerically equal, return a copy of the first operand with the sign set
    /// to be the same as the sign of the second operand.
    #[method("next_toward($self, /, other, context=None)")]
    fn next_toward(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("next_toward"), this, &[other], context)
    }

    /// Return the remainder from dividing self by other.  This differs from
    /// self % other in that the sign of the remainder is chosen so as to minimize
    /// its absolute value. More precisely, the return value is self - n * other
    /// where n is the integer nearest to the exact value of self / other, and
    /// if two integers are equally near then the even one is chosen.
    ///
    /// If the result is zero then its sign will be the sign of self.
    #[method("remainder_near($self, /, other, context=None)")]
    fn remainder_near(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("remainder_near"), this, &[other], context)
    }

    /// Compare two operands using their abstract representation rather than
    /// their numerical value.  Similar to the compare() method, but the result
    /// gives a total ordering on Decimal instances.  Two Decimal instances with
    /// the same numeric value but different representations compare unequal
    /// in this ordering:
    ///
    ///     >>> Decimal('12.0').compare_total(Decimal('12'))
    ///     Decimal('-1')
    ///
    /// Quiet and signaling NaNs are also included in the total ordering. The result
    /// of this function is Decimal('0') if both operands have the same representation,
    /// Decimal('-1') if the first operand is lower in the total order than the second,
    /// and Decimal('1') if the first operand is higher in the total order than the
    /// second operand. See the specification for details of the total order.
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    #[method("compare_total($self, /, other, context=None)")]
    fn compare_total(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("compare_total"), this, &[other], context)
    }

    /// Compare two operands using their abstract representation rather than their
    /// value as in compare_total(), but ignoring the sign of each operand.
    ///
    /// x.compare_total_mag(y) is equivalent to x.copy_abs().compare_total(y.copy_abs()).
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    #[method("compare_total_mag($self, /, other, context=None)")]
    fn compare_total_mag(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("compare_total_mag"), this, &[other], context)
    }

    /// Applies an 'and' operation between self and other's digits.
    ///
    /// Both self and other must be logical numbers.
    #[method("logical_and($self, /, other, context=None)")]
    fn logical_and(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("logical_and"), this, &[other], context)
    }

    /// Applies an 'or' operation between self and other's digits.
    ///
    /// Both self and other must be logical numbers.
    #[method("logical_or($self, /, other, context=None)")]
    fn logical_or(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("logical_or"), this, &[other], context)
    }

    /// Applies an 'xor' operation between self and other's digits.
    ///
    /// Both self and other must be logical numbers.
    #[method("logical_xor($self, /, other, context=None)")]
    fn logical_xor(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("logical_xor"), this, &[other], context)
    }

    /// Return the result of rotating the digits of the first operand by an amount
    /// specified by the second operand.  The second operand must be an integer in
    /// the range -precision through precision. The absolute value of the second
    /// operand gives the number of places to rotate. If the second operand is
    /// positive then rotation is to the left; otherwise rotation is to the right.
    /// The coefficient of the first operand is padded on the left with zeros to
    /// length precision if necessary. The sign and exponent of the first operand are
    /// unchanged.
    #[method("rotate($self, /, other, context=None)")]
    fn rotate(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("rotate"), this, &[other], context)
    }

    /// Return the first operand with the exponent adjusted the second.  Equivalently,
    /// return the first operand multiplied by 10**other. The second operand must be
    /// an integer.
    #[method("scaleb($self, /, other, context=None)")]
    fn scaleb(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("scaleb"), this, &[other], context)
    }

    /// Return the result of shifting the digits of the first operand by an amount
    /// specified by the second operand.  The second operand must be an integer in
    /// the range -precision through precision. The absolute value of the second
    /// operand gives the number of places to shift. If the second operand is
    /// positive, then the shift is to the left; otherwise the shift is to the
    /// right. Digits shifted into the coefficient are zeros. The sign and exponent
    /// of the first operand are unchanged.
    #[method("shift($self, /, other, context=None)")]
    fn shift(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        by_method(cx, Op::Library("shift"), this, &[other], context)
    }

    /// Return a value equal to the first operand after rounding and having the
    /// exponent of the second operand.
    ///
    ///     >>> Decimal('1.41421356').quantize(Decimal('1.000'))
    ///     Decimal('1.414')
    ///
    /// Unlike other operations, if the length of the coefficient after the quantize
    /// operation would be greater than precision, then an InvalidOperation is signaled.
    /// This guarantees that, unless there is an error condition, the quantized exponent
    /// is always equal to that of the right-hand operand.
    ///
    /// Also unlike other operations, quantize never signals Underflow, even if the
    /// result is subnormal and inexact.
    ///
    /// If the exponent of the second operand is larger than that of the first, then
    /// rounding may be necessary. In this case, the rounding mode is determined by the
    /// rounding argument if given, else by the given context argument; if neither
    /// argument is given, the rounding mode of the current thread's context is used.
    #[method("quantize($self, /, exp, rounding=None, context=None)")]
    fn quantize(cx: &mut Cx, this: This, exp: Value, rounding: Value, context: Value) -> PyResult {
        by_rounding(cx, Op::Quantize, this, &[exp], rounding, context)
    }

    /// Fused multiply-add.  Return self*other+third with no rounding of the
    /// intermediate product self*other.
    ///
    ///     >>> Decimal(2).fma(3, 5)
    ///     Decimal('11')
    #[method("fma($self, /, other, third, context=None)")]
    fn fma(cx: &mut Cx, this: This, other: Value, third: Value, context: Value) -> PyResult {
        by_method(cx, Op::Fused, this, &[other, third], context)
    }

    /// Return True if the argument is canonical and False otherwise.  Currently,
    /// a Decimal instance is always canonical, so this operation always returns
    /// True.
    #[method("is_canonical($self, /)")]
    fn is_canonical(_this: This) -> bool {
        true
    }

    /// Return True if the argument is a finite number, and False if the argument
    /// is infinite or a NaN.
    #[method("is_finite($self, /)")]
    fn is_finite(this: This) -> bool {
        let number = this.number();
        number.is_finite()
    }

    /// Return True if the argument is either positive or negative infinity and
    /// False otherwise.
    #[method("is_infinite($self, /)")]
    fn is_infinite(this: This) -> bool {
        let number = this.number();
        number.is_infinite()
    }

    /// Return True if the argument is a (quiet or signaling) NaN and False
    /// otherwise.
    #[method("is_nan($self, /)")]
    fn is_nan(this: This) -> bool {
        let number = this.number();
        number.is_nan()
    }

    /// Return True if the argument is a quiet NaN, and False otherwise.
    #[method("is_qnan($self, /)")]
    fn is_qnan(this: This) -> bool {
        let number = this.number();
        number.kind == Kind::Quiet
    }

    /// Return True if the argument is a signaling NaN and False otherwise.
    #[method("is_snan($self, /)")]
    fn is_snan(this: This) -> bool {
        let number = this.number();
        number.kind == Kind::Signaling
    }

    /// Return True if the argument has a negative sign and False otherwise.
    /// Note that both zeros and NaNs can carry signs.
    #[method("is_signed($self, /)")]
    fn is_signed(this: This) -> bool {
        let number = this.number();
        number.negative
    }

    /// Return True if the argument is a (positive or negative) zero and False
    /// otherwise.
    #[method("is_zero($self, /)")]
    fn is_zero(this: This) -> bool {
        let number = this.number();
        number.is_zero()
    }

    /// Return True if the argument is a normal finite non-zero number with an
    /// adjusted exponent greater than or equal to Emin. Return False if the
    /// argument is zero, subnormal, infinite or a NaN.
    #[method("is_normal($self, /, context=None)")]
    fn is_normal(cx: &mut Cx, this: This, context: Value) -> PyResult<bool> {
        let context = context::given(cx, context)?;
        Ok(super::is_normal(&this.number(), context))
    }

    /// Return True if the argument is subnormal, and False otherwise. A number is
    /// subnormal if it is non-zero, finite, and has an adjusted exponent less
    /// than Emin.
    #[method("is_subnormal($self, /, context=None)")]
    fn is_subnormal(cx: &mut Cx, this: This, context: Value) -> PyResult<bool> {
        let context = context::given(cx, context)?;
        Ok(super::is_subnormal(&this.number(), context))
    }

    /// Return the adjusted exponent of the number.  Defined as exp + digits - 1.
    #[method("adjusted($self, /)")]
    fn adjusted(this: This) -> i64 {
        let number = this.number();
        if number.is_finite() { number.adjusted() } else { 0 }
    }

    /// Return the canonical encoding of the argument.  Currently, the encoding
    /// of a Decimal instance is always canonical, so this operation returns its
    /// argument unchanged.
    #[method("canonical($self, /)")]
    fn canonical(this: This) -> This {
        this
    }

    /// Return self.
    #[method("conjugate($self, /)")]
    fn conjugate(this: This) -> This {
        this
    }

    /// Return Decimal(10), the radix (base) in which the Decimal class does
    /// all its arithmetic. Included for compatibility with the specification.
    #[method("radix($self, /)")]
    fn radix(cx: &mut Cx, _this: This) -> PyResult {
        wrap(cx, Number::finite(false, 10_u8.into(), 0))
    }

    /// Return the absolute value of the argument.  This operation is unaffected by
    /// context and is quiet: no flags are changed and no rounding is performed.
    #[method("copy_abs($self, /)")]
    fn copy_abs(cx: &mut Cx, this: This) -> PyResult {
        wrap(cx, this.number().absolute())
    }

    /// Return the negation of the argument.  This operation is unaffected by context
    /// and is quiet: no flags are changed and no rounding is performed.
    #[method("copy_negate($self, /)")]
    fn copy_negate(cx: &mut Cx, this: This) -> PyResult {
        wrap(cx, this.number().negated())
    }

    /// Return a copy of the first operand with the sign set to be the same as the
    /// sign of the second operand. For example:
    ///
    ///     >>> Decimal('2.3').copy_sign(Decimal('-1.5'))
    ///     Decimal('-2.3')
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    #[method("copy_sign($self, /, other, context=None)")]
    fn copy_sign(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult {
        context::given(cx, context)?;
        let other = expect_operand(cx, other)?;
        wrap(cx, with_sign(this.number(), &other))
    }

    /// Test whether self and other have the same exponent or whether both are NaN.
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    #[method("same_quantum($self, /, other, context=None)")]
    fn same_quantum(cx: &mut Cx, this: This, other: Value, context: Value) -> PyResult<bool> {
        context::given(cx, context)?;
        let other = expect_operand(cx, other)?;
        Ok(super::same_quantum(&this.number(), &other))
    }

    /// Convert to an engineering-type string.  Engineering notation has an exponent
    /// which is a multiple of 3, so there are up to 3 digits left of the decimal
    /// place. For example, Decimal('123E+1') is converted to Decimal('1.23E+3').
    ///
    /// The value of context.capitals determines whether the exponent sign is lower
    /// or upper case. Otherwise, the context does not affect the operation.
    #[method("to_eng_string($self, /, context=None)")]
    fn to_eng_string(cx: &mut Cx, this: This, context: Value) -> PyResult<String> {
        let context = context::given(cx, context)?;
        Ok(shown(&this.number(), context, true))
    }
}

#[native_class(name = "_ContextMethods", module = "decimal", layout = Native<Context>, doc = "")]
pub mod of_context {
    use super::*;

    type This = Gc<Native<Context>>;

    /// Return the absolute value of x.
    #[method("abs($self, x, /)")]
    fn absolute(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Absolute, this, [x])
    }

    /// Return e ** x.
    #[method("exp($self, x, /)")]
    fn exp(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("exp"), this, [x])
    }

    /// Return the natural (base e) logarithm of x.
    #[method("ln($self, x, /)")]
    fn ln(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("ln"), this, [x])
    }

    /// Return the base 10 logarithm of x.
    #[method("log10($self, x, /)")]
    fn log10(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("log10"), this, [x])
    }

    /// Minus corresponds to the unary prefix minus operator in Python, but applies
    /// the context to the result.
    #[method("minus($self, x, /)")]
    fn minus(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Minus, this, [x])
    }

    /// Return the largest representable number smaller than x.
    #[method("next_minus($self, x, /)")]
    fn next_minus(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("next_minus"), this, [x])
    }

    /// Return the smallest representable number larger than x.
    #[method("next_plus($self, x, /)")]
    fn next_plus(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("next_plus"), this, [x])
    }

    /// Reduce x to its simplest form. Alias for reduce(x).
    #[method("normalize($self, x, /)")]
    fn normalize(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Normalize, this, [x])
    }

    /// Plus corresponds to the unary prefix plus operator in Python, but applies
    /// the context to the result.
    #[method("plus($self, x, /)")]
    fn plus(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Plus, this, [x])
    }

    /// Identical to to_integral_value(x).
    #[method("to_integral($self, x, /)")]
    fn to_integral(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::ToIntegralValue, this, [x])
    }

    /// Round to an integer. Signal if the result is rounded or inexact.
    #[method("to_integral_exact($self, x, /)")]
    fn to_integral_exact(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::ToIntegralExact, this, [x])
    }

    /// Round to an integer.
    #[method("to_integral_value($self, x, /)")]
    fn to_integral_value(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::ToIntegralValue, this, [x])
    }

    /// Square root of a non-negative number to context precision.
    #[method("sqrt($self, x, /)")]
    fn sqrt(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::SquareRoot, this, [x])
    }

    /// Return the exponent of the magnitude of the operand's MSD.
    #[method("logb($self, x, /)")]
    fn logb(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("logb"), this, [x])
    }

    /// Invert all the digits in the operand.
    ///
    /// The operand must be a logical number.
    ///
    ///     >>> ExtendedContext.logical_invert(Decimal('0'))
    ///     Decimal('111111111')
    ///     >>> ExtendedContext.logical_invert(Decimal('1'))
    ///     Decimal('111111110')
    ///     >>> ExtendedContext.logical_invert(Decimal('111111111'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_invert(Decimal('101010101'))
    ///     Decimal('10101010')
    ///     >>> ExtendedContext.logical_invert(1101)
    ///     Decimal('111110010')
    #[method("logical_invert($self, x, /)")]
    fn logical_invert(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("logical_invert"), this, [x])
    }

    /// Return an indication of the class of x.
    #[method("number_class($self, x, /)")]
    fn number_class(cx: &mut Cx, this: This, x: Value) -> PyResult {
        by_context(cx, Op::Library("number_class"), this, [x])
    }

    /// Return the sum of x and y.
    #[method("add($self, x, y, /)")]
    fn add(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Add, this, [x, y])
    }

    /// Compare x and y numerically.
    #[method("compare($self, x, y, /)")]
    fn compare(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Compare, this, [x, y])
    }

    /// Compare x and y numerically.  All NaNs signal.
    #[method("compare_signal($self, x, y, /)")]
    fn compare_signal(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::CompareSignal, this, [x, y])
    }

    /// Return x divided by y.
    #[method("divide($self, x, y, /)")]
    fn divide(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Divide, this, [x, y])
    }

    /// Return x divided by y, truncated to an integer.
    #[method("divide_int($self, x, y, /)")]
    fn divide_int(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::DivideInteger, this, [x, y])
    }

    /// Compare the values numerically and return the maximum.
    #[method("max($self, x, y, /)")]
    fn max(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("max"), this, [x, y])
    }

    /// Compare the values numerically with their sign ignored.
    #[method("max_mag($self, x, y, /)")]
    fn max_mag(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("max_mag"), this, [x, y])
    }

    /// Compare the values numerically and return the minimum.
    #[method("min($self, x, y, /)")]
    fn min(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("min"), this, [x, y])
    }

    /// Compare the values numerically with their sign ignored.
    #[method("min_mag($self, x, y, /)")]
    fn min_mag(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("min_mag"), this, [x, y])
    }

    /// Return the product of x and y.
    #[method("multiply($self, x, y, /)")]
    fn multiply(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Multiply, this, [x, y])
    }

    /// Return the number closest to x, in the direction towards y.
    #[method("next_toward($self, x, y, /)")]
    fn next_toward(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("next_toward"), this, [x, y])
    }

    /// Return a value equal to x (rounded), having the exponent of y.
    #[method("quantize($self, x, y, /)")]
    fn quantize(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Quantize, this, [x, y])
    }

    /// Return the remainder from integer division.  The sign of the result,
    /// if non-zero, is the same as that of the original dividend.
    #[method("remainder($self, x, y, /)")]
    fn remainder(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Remainder, this, [x, y])
    }

    /// Return x - y * n, where n is the integer nearest the exact value of x / y
    /// (if the result is 0 then its sign will be the sign of x).
    #[method("remainder_near($self, x, y, /)")]
    fn remainder_near(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("remainder_near"), this, [x, y])
    }

    /// Return the difference between x and y.
    #[method("subtract($self, x, y, /)")]
    fn subtract(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Subtract, this, [x, y])
    }

    /// Compare x and y using their abstract representation.
    #[method("compare_total($self, x, y, /)")]
    fn compare_total(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("compare_total"), this, [x, y])
    }

    /// Compare x and y using their abstract representation, ignoring sign.
    #[method("compare_total_mag($self, x, y, /)")]
    fn compare_total_mag(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("compare_total_mag"), this, [x, y])
    }

    /// Applies the logical operation 'and' between each operand's digits.
    ///
    /// The operands must be both logical numbers.
    ///
    ///     >>> ExtendedContext.logical_and(Decimal('0'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_and(Decimal('0'), Decimal('1'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_and(Decimal('1'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_and(Decimal('1'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_and(Decimal('1100'), Decimal('1010'))
    ///     Decimal('1000')
    ///     >>> ExtendedContext.logical_and(Decimal('1111'), Decimal('10'))
    ///     Decimal('10')
    ///     >>> ExtendedContext.logical_and(110, 1101)
    ///     Decimal('100')
    ///     >>> ExtendedContext.logical_and(Decimal(110), 1101)
    ///     Decimal('100')
    ///     >>> ExtendedContext.logical_and(110, Decimal(1101))
    ///     Decimal('100')
    #[method("logical_and($self, x, y, /)")]
    fn logical_and(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("logical_and"), this, [x, y])
    }

    /// Applies the logical operation 'or' between each operand's digits.
    ///
    /// The operands must be both logical numbers.
    ///
    ///     >>> ExtendedContext.logical_or(Decimal('0'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_or(Decimal('0'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_or(Decimal('1'), Decimal('0'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_or(Decimal('1'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_or(Decimal('1100'), Decimal('1010'))
    ///     Decimal('1110')
    ///     >>> ExtendedContext.logical_or(Decimal('1110'), Decimal('10'))
    ///     Decimal('1110')
    ///     >>> ExtendedContext.logical_or(110, 1101)
    ///     Decimal('1111')
    ///     >>> ExtendedContext.logical_or(Decimal(110), 1101)
    ///     Decimal('1111')
    ///     >>> ExtendedContext.logical_or(110, Decimal(1101))
    ///     Decimal('1111')
    #[method("logical_or($self, x, y, /)")]
    fn logical_or(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("logical_or"), this, [x, y])
    }

    /// Applies the logical operation 'xor' between each operand's digits.
    ///
    /// The operands must be both logical numbers.
    ///
    ///     >>> ExtendedContext.logical_xor(Decimal('0'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_xor(Decimal('0'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_xor(Decimal('1'), Decimal('0'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_xor(Decimal('1'), Decimal('1'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_xor(Decimal('1100'), Decimal('1010'))
    ///     Decimal('110')
    ///     >>> ExtendedContext.logical_xor(Decimal('1111'), Decimal('10'))
    ///     Decimal('1101')
    ///     >>> ExtendedContext.logical_xor(110, 1101)
    ///     Decimal('1011')
    ///     >>> ExtendedContext.logical_xor(Decimal(110), 1101)
    ///     Decimal('1011')
    ///     >>> ExtendedContext.logical_xor(110, Decimal(1101))
    ///     Decimal('1011')
    #[method("logical_xor($self, x, y, /)")]
    fn logical_xor(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("logical_xor"), this, [x, y])
    }

    /// Return a copy of x, rotated by y places.
    #[method("rotate($self, x, y, /)")]
    fn rotate(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("rotate"), this, [x, y])
    }

    /// Return the first operand after adding the second value to its exp.
    #[method("scaleb($self, x, y, /)")]
    fn scaleb(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("scaleb"), this, [x, y])
    }

    /// Return a copy of x, shifted by y places.
    #[method("shift($self, x, y, /)")]
    fn shift(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        by_context(cx, Op::Library("shift"), this, [x, y])
    }

    /// Return quotient and remainder of the division x / y.
    #[method("divmod($self, x, y, /)")]
    fn divmod(cx: &mut Cx, this: This, x: Value, y: Value) -> PyResult {
        let (x, y) = (expect_operand(cx, x)?, expect_operand(cx, y)?);
        operation::both(cx, this, &x, &y)
    }

    /// Return x multiplied by y, plus z.
    #[method("fma($self, x, y, z, /)")]
    fn fma(cx: &mut Cx, this: This, x: Value, y: Value, z: Value) -> PyResult {
        by_context(cx, Op::Fused, this, [x, y, z])
    }

    /// Compute a**b. If 'a' is negative, then 'b' must be integral. The result
    /// will be inexact unless 'a' is integral and the result is finite and can
    /// be expressed exactly in 'precision' digits.  In the Python version the
    /// result is always correctly rounded, in the C version the result is almost
    /// always correctly rounded.
    ///
    /// If modulo is given, compute (a**b) % modulo. The following restrictions
    /// hold:
    ///
    ///     * all three arguments must be integral
    ///     * 'b' must be nonnegative
    ///     * at least one of 'a' or 'b' must be nonzero
    ///     * modulo must be nonzero and less than 10**prec in absolute value
    #[method("power($self, /, a, b, modulo=None)")]
    fn power(cx: &mut Cx, this: This, a: Value, b: Value, modulo: Value) -> PyResult {
        let (a, b) = (expect_operand(cx, a)?, expect_operand(cx, b)?);
        let modulo = if modulo.is_none() { None } else { Some(expect_operand(cx, modulo)?) };
        operation::power(cx, this, &a, &b, modulo.as_ref())
    }

    /// Return 10.
    #[method("radix($self, /)")]
    fn radix(cx: &mut Cx, _this: This) -> PyResult {
        wrap(cx, Number::finite(false, 10_u8.into(), 0))
    }

    /// Return True if x is canonical, False otherwise.
    #[method("is_canonical($self, x, /)")]
    fn is_canonical(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        expect_operand(cx, x)?;
        Ok(true)
    }

    /// Return True if x is finite, False otherwise.
    #[method("is_finite($self, x, /)")]
    fn is_finite(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.is_finite())
    }

    /// Return True if x is infinite, False otherwise.
    #[method("is_infinite($self, x, /)")]
    fn is_infinite(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.is_infinite())
    }

    /// Return True if x is a qNaN or sNaN, False otherwise.
    #[method("is_nan($self, x, /)")]
    fn is_nan(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.is_nan())
    }

    /// Return True if x is a quiet NaN, False otherwise.
    #[method("is_qnan($self, x, /)")]
    fn is_qnan(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.kind == Kind::Quiet)
    }

    /// Return True if x is a signaling NaN, False otherwise.
    #[method("is_snan($self, x, /)")]
    fn is_snan(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.kind == Kind::Signaling)
    }

    /// Return True if x is negative, False otherwise.
    #[method("is_signed($self, x, /)")]
    fn is_signed(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.negative)
    }

    /// Return True if x is a zero, False otherwise.
    #[method("is_zero($self, x, /)")]
    fn is_zero(cx: &mut Cx, _this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(number.is_zero())
    }

    /// Return True if x is a normal number, False otherwise.
    #[method("is_normal($self, x, /)")]
    fn is_normal(cx: &mut Cx, this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(super::is_normal(&number, this))
    }

    /// Return True if x is subnormal, False otherwise.
    #[method("is_subnormal($self, x, /)")]
    fn is_subnormal(cx: &mut Cx, this: This, x: Value) -> PyResult<bool> {
        let number = expect_operand(cx, x)?;
        Ok(super::is_subnormal(&number, this))
    }

    /// As the specification has it.
    #[method("_apply($self, x, /)")]
    fn apply(cx: &mut Cx, this: This, x: Value) -> PyResult {
        let number = expect_operand(cx, x)?;
        let mut happened = 0;
        let number = number.finish(&this.rules.get(), &mut happened);
        this.note(cx, happened)?;
        wrap(cx, number)
    }

    /// Return a new instance of x.
    #[method("canonical($self, x, /)")]
    fn canonical(cx: &mut Cx, _this: This, x: Value) -> PyResult {
        if x.is_a::<Native<Decimal>>() {
            return Ok(x);
        }
        let number = expect_operand(cx, x)?;
        wrap(cx, number)
    }

    /// Return a copy of Decimal x.
    #[method("copy_decimal($self, x, /)")]
    fn copy_decimal(cx: &mut Cx, _this: This, x: Value) -> PyResult {
        if x.is_a::<Native<Decimal>>() {
            return Ok(x);
        }
        let number = expect_operand(cx, x)?;
        wrap(cx, number)
    }

    /// Return a copy of x with the sign set to 0.
    #[method("copy_abs($self, x, /)")]
    fn copy_abs(cx: &mut Cx, _this: This, x: Value) -> PyResult {
        let number = expect_operand(cx, x)?;
        wrap(cx, number.absolute())
    }

    /// Return a copy of x with the sign inverted.
    #[method("copy_negate($self, x, /)")]
    fn copy_negate(cx: &mut Cx, _this: This, x: Value) -> PyResult {
        let number = expect_operand(cx, x)?;
        wrap(cx, number.negated())
    }

    /// Copy the sign from y to x.
    #[method("copy_sign($self, x, y, /)")]
    fn copy_sign(cx: &mut Cx, _this: This, x: Value, y: Value) -> PyResult {
        let (x, y) = (expect_operand(cx, x)?, expect_operand(cx, y)?);
        wrap(cx, with_sign(x, &y))
    }

    /// Return True if the two operands have the same exponent.
    #[method("same_quantum($self, x, y, /)")]
    fn same_quantum(cx: &mut Cx, _this: This, x: Value, y: Value) -> PyResult<bool> {
        let (x, y) = (expect_operand(cx, x)?, expect_operand(cx, y)?);
        Ok(super::same_quantum(&x, &y))
    }

    /// Convert a number to a string using scientific notation.
    #[method("to_sci_string($self, x, /)")]
    fn to_sci_string(cx: &mut Cx, this: This, x: Value) -> PyResult<String> {
        let number = expect_operand(cx, x)?;
        Ok(shown(&number, this, false))
    }

    /// Convert a number to a string, using engineering notation.
    #[method("to_eng_string($self, x, /)")]
    fn to_eng_string(cx: &mut Cx, this: This, x: Value) -> PyResult<String> {
        let number = expect_operand(cx, x)?;
        Ok(shown(&number, this, true))
    }

    /// Create a new Decimal instance from num, using self as the context. Unlike the
    /// Decimal constructor, this function observes the context limits.
    #[method("create_decimal($self, num=\"0\", /)")]
    fn create_decimal(cx: &mut Cx, this: This, num: Option<Value>) -> PyResult {
        let number = match num {
            None => Number::zero(),
            Some(num) => convert::any(cx, num, this)?,
        };
        create(cx, this, number)
    }

    /// Create a new Decimal instance from float f.  Unlike the Decimal.from_float()
    /// class method, this function observes the context limits.
    #[method("create_decimal_from_float($self, f, /)")]
    fn create_decimal_from_float(cx: &mut Cx, this: This, f: Value) -> PyResult {
        let number = match (runtime::number::Num::of(f), f.unwrap_payload().as_float()) {
            (Some(n), _) => convert::of_int(n),
            (None, Some(f)) => convert::of_float(f),
            (None, None) => return Err(type_error(cx, "argument must be int or float")),
        };
        let mut happened = 0;
        let number = number.finish(&this.rules.get(), &mut happened);
        this.note(cx, happened)?;
        wrap(cx, number)
    }
}
