//! `math`: functions of floats here, of ints in [`integer`], of sequences in [`sequence`].

mod gamma;
pub mod hyperbolic;
mod integer;
mod sequence;

use runtime::native::set_module_attr;
use runtime::number::float;
use runtime::number::int::{self, Num};
use runtime::prelude::*;

/// The text of a float in "expected …, got x".
fn text(x: f64) -> String {
    runtime::format::float::repr(x)
}

fn domain_error(cx: &mut Cx) -> Raised {
    value_error(cx, "math domain error")
}

fn range_error(cx: &mut Cx) -> Raised {
    overflow_error(cx, "math range error")
}

/// The result of a function that must be finite for finite arguments: overflow is an error.
fn checked(cx: &mut Cx, x: f64, result: f64) -> PyResult<f64> {
    if result.is_infinite() && x.is_finite() { Err(range_error(cx)) } else { Ok(result) }
}

/// As [`checked`], with NaN for a bad argument described by `expected`.
fn domain(cx: &mut Cx, x: f64, result: f64, expected: &str) -> PyResult<f64> {
    if result.is_nan() && !x.is_nan() {
        return Err(value_error(cx, format_args!("expected {expected}, got {}", text(x))));
    }
    Ok(result)
}

/// The logarithm of an int too large for a float.
fn log_big(n: Num, log: fn(f64) -> f64) -> f64 {
    let bits = n.bit_length();
    let shift = bits.saturating_sub(64);
    let top = n.to_ibig() >> shift as usize;
    let mantissa = top.to_f64().value();
    log(mantissa) + log(2.0) * shift as f64
}

/// A logarithm of any real number.
fn logarithm(cx: &mut Cx, x: Value, log: fn(f64) -> f64) -> PyResult<f64> {
    if let Some(n) = Num::of(x) {
        if n.is_negative() || n.is_zero() {
            return Err(value_error(cx, "expected a positive input"));
        }
        return Ok(match int::num_to_f64(n) {
            Some(f) => log(f),
            None => log_big(n, log),
        });
    }
    let f = float::as_f64(cx, x)?;
    if f <= 0.0 {
        let shown = runtime::format::float::repr(f);
        return Err(value_error(cx, format_args!("expected a positive input, got {shown}")));
    }
    Ok(log(f))
}

/// `floor`, `ceil` and the like: the type's own method, else that of its float.
fn rounded(cx: &mut Cx, x: Value, name: Gc<Str>, round: fn(f64) -> f64) -> PyResult {
    if let Some(f) = x.as_float() {
        return int::from_f64(cx, round(f));
    }
    if let Some(result) = call_special(cx, x, name, &[])? {
        return Ok(result);
    }
    let f = float::as_f64(cx, x)?;
    int::from_f64(cx, round(f))
}

/// The next float after `x` towards `y`, `steps` times.
fn step_towards(x: f64, y: f64, steps: u64) -> f64 {
    if steps == 0 || x == y {
        return if x == y { y } else { x };
    }
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    // Floats as consecutive signed numbers.
    let order = |f: f64| {
        let bits = f.to_bits() as i64;
        if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
    };
    let back = |i: i64| f64::from_bits(if i < 0 { i64::MIN.wrapping_sub(i) as u64 } else { i as u64 });
    let (from, to) = (order(x), order(y));
    let distance = from.abs_diff(to);
    if steps >= distance {
        return y;
    }
    let result = if to > from { from.wrapping_add_unsigned(steps) } else { from.wrapping_sub_unsigned(steps) };
    // Coming down to zero from above keeps the sign of where it came from.
    if result == 0 && x < 0.0 { -0.0 } else { back(result) }
}

fn remainder_of(x: f64, y: f64) -> f64 {
    if y.is_infinite() {
        return x;
    }
    let (a, b) = (x.abs(), y.abs());
    let m = a % b;
    let c = b - m;
    let r = if m < c {
        m
    } else if m > c {
        -c
    } else {
        m - 2.0 * ((0.5 * (a - m)) % b)
    };
    1.0f64.copysign(x) * r
}

#[macros::native_module(
    name = "math",
    doc = "This module provides access to the mathematical functions\ndefined by the C standard."
)]
pub mod module {
    use super::*;

    /// Return the arc cosine (measured in radians) of x.
    ///
    /// The result is between 0 and pi.
    #[function("acos(x, /)")]
    fn acos(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, x.acos(), "a number in range from -1 up to 1")
    }

    /// Return the inverse hyperbolic cosine of x.
    #[function("acosh(x, /)")]
    fn acosh(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, hyperbolic::acosh(x), "argument value not less than 1")
    }

    /// Return the arc sine (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function("asin(x, /)")]
    fn asin(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, x.asin(), "a number in range from -1 up to 1")
    }

    /// Return the inverse hyperbolic sine of x.
    #[function("asinh(x, /)")]
    fn asinh(x: f64) -> f64 {
        hyperbolic::asinh(x)
    }

    /// Return the arc tangent (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function("atan(x, /)")]
    fn atan(x: f64) -> f64 {
        x.atan()
    }

    /// Return the arc tangent (measured in radians) of y/x.
    ///
    /// Unlike atan(y/x), the signs of both x and y are considered.
    #[function("atan2(y, x, /)")]
    fn atan2(y: f64, x: f64) -> f64 {
        y.atan2(x)
    }

    /// Return the inverse hyperbolic tangent of x.
    #[function("atanh(x, /)")]
    fn atanh(cx: &mut Cx, x: f64) -> PyResult<f64> {
        let result = hyperbolic::atanh(x);
        domain(cx, x, result, "a number between -1 and 1")
    }

    /// Return the cube root of x.
    #[function("cbrt(x, /)")]
    fn cbrt(x: f64) -> f64 {
        x.cbrt()
    }

    /// Return the ceiling of x as an Integral.
    ///
    /// This is the smallest integer >= x.
    #[function("ceil(x, /)")]
    fn ceil(cx: &mut Cx, x: Value) -> PyResult {
        let name = cx.names().__ceil__;
        rounded(cx, x, name, f64::ceil)
    }

    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    ///
    /// On platforms that support signed zeros, copysign(1.0, -0.0)
    /// returns -1.0.
    #[function("copysign(x, y, /)")]
    fn copysign(x: f64, y: f64) -> f64 {
        x.copysign(y)
    }

    /// Return the cosine of x (measured in radians).
    #[function("cos(x, /)")]
    fn cos(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, x.cos(), "a finite input")
    }

    /// Return the hyperbolic cosine of x.
    #[function("cosh(x, /)")]
    fn cosh(cx: &mut Cx, x: f64) -> PyResult<f64> {
        checked(cx, x, x.cosh())
    }

    /// Convert angle x from radians to degrees.
    #[function("degrees(x, /)")]
    fn degrees(x: f64) -> f64 {
        x * (180.0 / std::f64::consts::PI)
    }

    /// Error function at x.
    #[function("erf(x, /)")]
    fn erf(x: f64) -> f64 {
        libm::erf(x)
    }

    /// Complementary error function at x.
    #[function("erfc(x, /)")]
    fn erfc(x: f64) -> f64 {
        libm::erfc(x)
    }

    /// Return e raised to the power of x.
    #[function("exp(x, /)")]
    fn exp(cx: &mut Cx, x: f64) -> PyResult<f64> {
        checked(cx, x, x.exp())
    }

    /// Return 2 raised to the power of x.
    #[function("exp2(x, /)")]
    fn exp2(cx: &mut Cx, x: f64) -> PyResult<f64> {
        checked(cx, x, x.exp2())
    }

    /// Return exp(x)-1.
    ///
    /// This function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.
    #[function("expm1(x, /)")]
    fn expm1(cx: &mut Cx, x: f64) -> PyResult<f64> {
        checked(cx, x, x.exp_m1())
    }

    /// Return the absolute value of the float x.
    #[function("fabs(x, /)")]
    fn fabs(x: f64) -> f64 {
        x.abs()
    }

    /// Return the floor of x as an Integral.
    ///
    /// This is the largest integer <= x.
    #[function("floor(x, /)")]
    fn floor(cx: &mut Cx, x: Value) -> PyResult {
        let name = cx.names().__floor__;
        rounded(cx, x, name, f64::floor)
    }

    /// Fused multiply-add operation.
    ///
    /// Compute (x * y) + z with a single round.
    #[function("fma(x, y, z, /)")]
    fn fma(cx: &mut Cx, x: f64, y: f64, z: f64) -> PyResult<f64> {
        let r = x.mul_add(y, z);
        if r.is_finite() {
            return Ok(r);
        }
        if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
            return Err(value_error(cx, "invalid operation in fma"));
        }
        if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
            return Err(overflow_error(cx, "overflow in fma"));
        }
        Ok(r)
    }

    /// Return fmod(x, y), according to platform C.
    ///
    /// x % y may differ.
    #[function("fmod(x, y, /)")]
    fn fmod(cx: &mut Cx, x: f64, y: f64) -> PyResult<f64> {
        if y.is_infinite() && x.is_finite() {
            return Ok(x);
        }
        let r = x % y;
        if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain_error(cx)) } else { Ok(r) }
    }

    /// Return the mantissa and exponent of x, as pair (m, e).
    ///
    /// m is a float and e is an int, such that x = m * 2.**e.
    /// If x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0.
    #[function("frexp(x, /)")]
    fn frexp(cx: &mut Cx, x: f64) -> Gc<Tuple> {
        let (m, e) = float::frexp(x);
        let m = cx.heap.float(m);
        let e = int::from_i64(cx, e as i64);
        cx.heap.tuple(&[m, e])
    }

    /// Gamma function at x.
    #[function("gamma(x, /)")]
    fn gamma(cx: &mut Cx, x: f64) -> PyResult<f64> {
        if x == f64::NEG_INFINITY || x.is_finite() && x <= 0.0 && x == x.floor() {
            return Err(value_error(cx, format_args!("expected a noninteger or positive integer, got {}", text(x))));
        }
        checked(cx, x, super::gamma::gamma(x))
    }

    /// Natural logarithm of absolute value of Gamma function at x.
    #[function("lgamma(x, /)")]
    fn lgamma(cx: &mut Cx, x: f64) -> PyResult<f64> {
        if x.is_finite() && x <= 0.0 && x == x.floor() {
            return Err(value_error(cx, format_args!("expected a noninteger or positive integer, got {}", text(x))));
        }
        checked(cx, x, super::gamma::lgamma(x))
    }

    /// Determine whether two floating-point numbers are close in value.
    ///
    ///   rel_tol
    ///     maximum difference for being considered "close", relative to the
    ///     magnitude of the input values
    ///   abs_tol
    ///     maximum difference for being considered "close", regardless of the
    ///     magnitude of the input values
    ///
    /// Return True if a is close in value to b, and False otherwise.
    ///
    /// For the values to be considered close, the difference between them
    /// must be smaller than at least one of the tolerances.
    ///
    /// -inf, inf and NaN behave similarly to the IEEE 754 Standard.  That
    /// is, NaN is not close to anything, even itself.  inf and -inf are
    /// only close to themselves.
    #[function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(cx: &mut Cx, a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> PyResult<bool> {
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(value_error(cx, "tolerances must be non-negative"));
        }
        if a == b {
            return Ok(true);
        }
        if a.is_infinite() || b.is_infinite() {
            return Ok(false);
        }
        let difference = (b - a).abs();
        Ok(difference <= (rel_tol * b).abs() || difference <= (rel_tol * a).abs() || difference <= abs_tol)
    }

    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[function("isfinite(x, /)")]
    fn isfinite(x: f64) -> bool {
        x.is_finite()
    }

    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[function("isinf(x, /)")]
    fn isinf(x: f64) -> bool {
        x.is_infinite()
    }

    /// Return True if x is a NaN (not a number), and False otherwise.
    #[function("isnan(x, /)")]
    fn isnan(x: f64) -> bool {
        x.is_nan()
    }

    /// Return x * (2**i).
    ///
    /// This is essentially the inverse of frexp().
    #[function("ldexp(x, i, /)")]
    fn ldexp(cx: &mut Cx, x: f64, i: Value) -> PyResult<f64> {
        if Num::of(i).is_none() {
            return Err(type_error(cx, "Expected an int as second argument to ldexp."));
        }
        let exponent = int::as_i64_clamped(cx, i)?.clamp(-5000, 5000);
        if x == 0.0 || !x.is_finite() {
            return Ok(x);
        }
        // Normal mantissa first, so that the result is rounded once.
        let (m, e) = float::frexp(x);
        let total = exponent + e as i64;
        if total > 1024 {
            return Err(range_error(cx));
        }
        let (bits, shift) = float::decode(m.abs());
        match float::round_scaled(bits as u128, shift as i64 + total) {
            Some(f) => Ok(f.copysign(x)),
            None => Err(range_error(cx)),
        }
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[function("log(x, base=<unrepresentable>, /)")]
    fn log(cx: &mut Cx, x: Value, base: Option<Value>) -> PyResult<f64> {
        let numerator = logarithm(cx, x, f64::ln)?;
        let Some(base) = base else { return Ok(numerator) };
        let denominator = logarithm(cx, base, f64::ln)?;
        if denominator == 0.0 {
            return Err(zero_division_error(cx, "division by zero"));
        }
        Ok(numerator / denominator)
    }

    /// Return the base 10 logarithm of x.
    #[function("log10(x, /)")]
    fn log10(cx: &mut Cx, x: Value) -> PyResult<f64> {
        logarithm(cx, x, f64::log10)
    }

    /// Return the natural logarithm of 1+x (base e).
    ///
    /// The result is computed in a way which is accurate for x near zero.
    #[function("log1p(x, /)")]
    fn log1p(cx: &mut Cx, x: f64) -> PyResult<f64> {
        if x <= -1.0 {
            return Err(value_error(cx, format_args!("expected argument value > -1, got {}", text(x))));
        }
        Ok(x.ln_1p())
    }

    /// Return the base 2 logarithm of x.
    #[function("log2(x, /)")]
    fn log2(cx: &mut Cx, x: Value) -> PyResult<f64> {
        logarithm(cx, x, f64::log2)
    }

    /// Return the fractional and integer parts of x.
    ///
    /// Both results carry the sign of x and are floats.
    #[function("modf(x, /)")]
    fn modf(cx: &mut Cx, x: f64) -> Gc<Tuple> {
        let whole = x.trunc();
        let fraction = if x.is_infinite() { 0.0 } else { x - whole };
        let (fraction, whole) = (cx.heap.float(fraction.copysign(x)), cx.heap.float(whole));
        cx.heap.tuple(&[fraction, whole])
    }

    /// Return the floating-point value the given number of steps after x towards y.
    ///
    /// If steps is not specified or is None, it defaults to 1.
    ///
    /// Raises a TypeError, if x or y is not a double, or if steps is not an integer.
    /// Raises ValueError if steps is negative.
    #[function("nextafter(x, y, /, *, steps=None)")]
    fn nextafter(cx: &mut Cx, x: f64, y: f64, steps: Option<Value>) -> PyResult<f64> {
        let steps = match steps {
            None => {
                let next = step_towards(x, y, 1);
                // A step down to zero keeps the sign of where it came from.
                return Ok(if next == 0.0 && x != 0.0 { 0.0f64.copysign(x) } else { next });
            }
            Some(steps) => {
                let steps = index_value(cx, steps)?;
                if Num::of(steps).is_some_and(Num::is_negative) {
                    return Err(value_error(cx, "steps must be a non-negative integer"));
                }
                u64::try_from(int::to_ibig(steps)).unwrap_or(u64::MAX)
            }
        };
        Ok(step_towards(x, y, steps))
    }

    /// Return x**y (x to the power of y).
    #[function("pow(x, y, /)")]
    fn pow(cx: &mut Cx, x: f64, y: f64) -> PyResult<f64> {
        let r = x.powf(y);
        if r.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(domain_error(cx));
        }
        if r.is_infinite() && x.is_finite() && y.is_finite() {
            return Err(if x == 0.0 { domain_error(cx) } else { range_error(cx) });
        }
        Ok(r)
    }

    /// Convert angle x from degrees to radians.
    #[function("radians(x, /)")]
    fn radians(x: f64) -> f64 {
        x * (std::f64::consts::PI / 180.0)
    }

    /// Difference between x and the closest integer multiple of y.
    ///
    /// Return x - n*y where n*y is the closest integer multiple of y.
    /// In the case where x is exactly halfway between two multiples of
    /// y, the nearest even value of n is used. The result is always exact.
    #[function("remainder(x, y, /)")]
    fn remainder(cx: &mut Cx, x: f64, y: f64) -> PyResult<f64> {
        if x.is_nan() || y.is_nan() {
            return Ok(if x.is_nan() { x } else { y });
        }
        if x.is_infinite() || y == 0.0 {
            return Err(domain_error(cx));
        }
        Ok(remainder_of(x, y))
    }

    /// Return the sine of x (measured in radians).
    #[function("sin(x, /)")]
    fn sin(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, x.sin(), "a finite input")
    }

    /// Return the hyperbolic sine of x.
    #[function("sinh(x, /)")]
    fn sinh(cx: &mut Cx, x: f64) -> PyResult<f64> {
        checked(cx, x, x.sinh())
    }

    /// Return the square root of x.
    #[function("sqrt(x, /)")]
    fn sqrt(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, x.sqrt(), "a nonnegative input")
    }

    /// Return the tangent of x (measured in radians).
    #[function("tan(x, /)")]
    fn tan(cx: &mut Cx, x: f64) -> PyResult<f64> {
        domain(cx, x, x.tan(), "a finite input")
    }

    /// Return the hyperbolic tangent of x.
    #[function("tanh(x, /)")]
    fn tanh(x: f64) -> f64 {
        x.tanh()
    }

    /// Truncates the Real x to the nearest Integral toward 0.
    ///
    /// Uses the __trunc__ magic method.
    #[function("trunc(x, /)")]
    fn trunc(cx: &mut Cx, x: Value) -> PyResult {
        if let Some(f) = x.as_float() {
            return int::from_f64(cx, f);
        }
        let name = cx.names().__trunc__;
        match call_special(cx, x, name, &[])? {
            Some(result) => Ok(result),
            None => {
                let name = type_name(cx, x);
                Err(type_error(cx, format_args!("type {name} doesn't define __trunc__ method")))
            }
        }
    }

    /// Return the value of the least significant bit of the float x.
    #[function("ulp(x, /)")]
    fn ulp(x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        let x = x.abs();
        if x.is_infinite() {
            return x;
        }
        let next = step_towards(x, f64::INFINITY, 1);
        if next.is_infinite() { x - step_towards(x, 0.0, 1) } else { next - x }
    }

    /// Number of ways to choose k items from n items without repetition and without order.
    ///
    /// Evaluates to n! / (k! * (n - k)!) when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// Also called the binomial coefficient because it is equivalent
    /// to the coefficient of k-th term in polynomial expansion of the
    /// expression (1 + x)**n.
    ///
    /// Raises TypeError if either of the arguments are not integers.
    /// Raises ValueError if either of the arguments are negative.
    #[function("comb(n, k, /)")]
    fn comb(cx: &mut Cx, n: Value, k: Value) -> PyResult {
        integer::comb(cx, n, k)
    }

    /// Number of ways to choose k items from n items without repetition and with order.
    ///
    /// Evaluates to n! / (n - k)! when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// If k is not specified or is None, then k defaults to n
    /// and the function returns n!.
    ///
    /// Raises TypeError if either of the arguments are not integers.
    /// Raises ValueError if either of the arguments are negative.
    #[function("perm(n, k=None, /)")]
    fn perm(cx: &mut Cx, n: Value, k: Option<Value>) -> PyResult {
        integer::perm(cx, n, k)
    }

    /// Find n!.
    #[function("factorial(n, /)")]
    fn factorial(cx: &mut Cx, n: Value) -> PyResult {
        integer::factorial(cx, n)
    }

    /// Greatest Common Divisor.
    #[function(raw, "gcd(*integers)")]
    fn gcd(cx: &mut Cx, args: Args<'_>) -> PyResult {
        integer::gcd(cx, args)
    }

    /// Least Common Multiple.
    #[function(raw, "lcm(*integers)")]
    fn lcm(cx: &mut Cx, args: Args<'_>) -> PyResult {
        integer::lcm(cx, args)
    }

    /// Return the integer part of the square root of the input.
    #[function("isqrt(n, /)")]
    fn isqrt(cx: &mut Cx, n: Value) -> PyResult {
        integer::isqrt(cx, n)
    }

    /// Return the Euclidean distance between two points p and q.
    ///
    /// The points should be specified as sequences (or iterables) of
    /// coordinates.  Both inputs must have the same dimension.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum((px - qx) ** 2.0 for px, qx in zip(p, q)))
    #[function("dist(p, q, /)")]
    fn dist(cx: &mut Cx, p: Value, q: Value) -> PyResult<f64> {
        sequence::dist(cx, p, q)
    }

    /// Return an accurate floating-point sum of values in the iterable seq.
    ///
    /// Assumes IEEE-754 floating-point arithmetic.
    #[function("fsum(seq, /)")]
    fn fsum(cx: &mut Cx, seq: Value) -> PyResult<f64> {
        sequence::fsum(cx, seq)
    }

    /// Multidimensional Euclidean distance from the origin to a point.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum(x**2 for x in coordinates))
    ///
    /// For a two dimensional point (x, y), gives the hypotenuse
    /// using the Pythagorean theorem:  sqrt(x*x + y*y).
    ///
    /// For example, the hypotenuse of a 3/4/5 right triangle is:
    ///
    ///     >>> hypot(3.0, 4.0)
    ///     5.0
    #[function(raw, "hypot(*coordinates)")]
    fn hypot(cx: &mut Cx, args: Args<'_>) -> PyResult<f64> {
        sequence::hypot(cx, args)
    }

    /// Calculate the product of all the elements in the input iterable.
    ///
    /// The default start value for the product is 1.
    ///
    /// When the iterable is empty, return the start value.  This function is
    /// intended specifically for use with numeric values and may reject
    /// non-numeric types.
    #[function("prod(iterable, /, *, start=1)")]
    fn prod(cx: &mut Cx, iterable: Value, start: Value) -> PyResult {
        sequence::prod(cx, iterable, start)
    }

    /// Return the sum of products of values from two iterables p and q.
    ///
    /// Roughly equivalent to:
    ///
    ///     sum(map(operator.mul, p, q, strict=True))
    ///
    /// For float and mixed int/float inputs, the intermediate products
    /// and sums are computed with extended precision.
    #[function("sumprod(p, q, /)")]
    fn sumprod(cx: &mut Cx, p: Value, q: Value) -> PyResult {
        sequence::sumprod(cx, p, q)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        use std::f64::consts::{E, PI, TAU};
        for (name, value) in [("pi", PI), ("e", E), ("tau", TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
            let value = cx.heap.float(value);
            set_module_attr(cx, module, name, value)?;
        }
        Ok(())
    }
}
