//! The methods of `Decimal` that are operations.

use super::*;

#[native_class(name = "_DecimalMethods", module = "decimal", layout = Native<Decimal>, doc = "")]
pub mod class {
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
