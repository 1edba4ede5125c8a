//! The methods of `Context` that are operations.

use super::*;

#[native_class(name = "_ContextMethods", module = "decimal", layout = Native<Context>, doc = "")]
pub mod class {
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
        if x.is_a::<Native<Decimal>>() { Ok(true) } else { Err(type_error(cx, "argument must be a Decimal")) }
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
        if x.is_a::<Native<Decimal>>() { Ok(x) } else { Err(type_error(cx, "argument must be a Decimal")) }
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
            Some(num) => convert::any_strict(cx, num, this)?,
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
