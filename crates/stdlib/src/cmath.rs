//! `cmath`: functions of complex numbers, with the branch cuts of the C standard's annex G.
//!
//! Infinities and NaNs go through the real functions, whose special values give those of the formulas used; where a
//! formula alone would lose one, the function says so.

use runtime::native::set_module_attr;
use runtime::number::complex::{Pair, div};
use runtime::prelude::*;
use runtime::types::complex::as_complex;

/// Larger than this, squares overflow.
const LARGE: f64 = f64::MAX / 4.0;
const LN_2: f64 = std::f64::consts::LN_2;

fn domain(cx: &mut Cx) -> Raised {
    value_error(cx, "math domain error")
}

fn range(cx: &mut Cx) -> Raised {
    overflow_error(cx, "math range error")
}

fn finite(z: Pair) -> bool {
    z.0.is_finite() && z.1.is_finite()
}

fn complex(cx: &mut Cx, z: Pair) -> Gc<Complex> {
    cx.heap.complex(z.0, z.1)
}

/// The result, unless a finite argument overflowed.
fn checked(cx: &mut Cx, argument: Pair, result: Pair) -> PyResult<Gc<Complex>> {
    if finite(argument) && (result.0.is_infinite() || result.1.is_infinite()) {
        return Err(range(cx));
    }
    Ok(complex(cx, result))
}

fn sqrt_of(z: Pair) -> Pair {
    let (re, im) = z;
    if im.is_infinite() {
        return (f64::INFINITY, im);
    }
    if re.is_infinite() {
        return if re > 0.0 {
            (re, if im.is_nan() { im } else { 0.0f64.copysign(im) })
        } else {
            (if im.is_nan() { im } else { 0.0 }, f64::INFINITY.copysign(im))
        };
    }
    if re == 0.0 && im == 0.0 {
        return (0.0, im);
    }
    let (ax, ay) = (re.abs(), im.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE && (ax > 0.0 || ay > 0.0) {
        // Subnormal parts: scale up first.
        let ax = ax * 2f64.powi(54);
        (ax + ax.hypot(ay * 2f64.powi(54))).sqrt() * 2f64.powi(-27) / std::f64::consts::SQRT_2
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    if re >= 0.0 { (s, d.copysign(im)) } else { (d, s.copysign(im)) }
}

fn log_of(z: Pair) -> Pair {
    let (ax, ay) = (z.0.abs(), z.1.abs());
    let re = if ax.is_infinite() || ay.is_infinite() {
        f64::INFINITY
    } else if ax > LARGE || ay > LARGE {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        (ax * 2f64.powi(53)).hypot(ay * 2f64.powi(53)).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            let (big, small) = if ax > ay { (ax, ay) } else { (ay, ax) };
            ((big - 1.0) * (big + 1.0) + small * small).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    (re, z.1.atan2(z.0))
}

fn acos_of(z: Pair) -> Pair {
    if z.0.abs() > LARGE || z.1.abs() > LARGE {
        let re = z.1.abs().atan2(z.0);
        let length = log_of((z.0 / 2.0, z.1 / 2.0)).0 + LN_2 * 2.0;
        return (re, if z.1.is_nan() { z.1 } else { -length.copysign(z.1) });
    }
    let s1 = sqrt_of((1.0 - z.0, -z.1));
    let s2 = sqrt_of((1.0 + z.0, z.1));
    (2.0 * s1.0.atan2(s2.0), crate::math::hyperbolic::asinh(s2.0 * s1.1 - s2.1 * s1.0))
}

fn acosh_of(z: Pair) -> Pair {
    if z.0.abs() > LARGE || z.1.abs() > LARGE {
        return (log_of((z.0 / 2.0, z.1 / 2.0)).0 + LN_2 * 2.0, z.1.atan2(z.0));
    }
    let s1 = sqrt_of((z.0 - 1.0, z.1));
    let s2 = sqrt_of((z.0 + 1.0, z.1));
    (crate::math::hyperbolic::asinh(s1.0 * s2.0 + s1.1 * s2.1), 2.0 * s1.1.atan2(s2.0))
}

fn asinh_of(z: Pair) -> Pair {
    if z.0.abs() > LARGE || z.1.abs() > LARGE {
        let length = log_of((z.0 / 2.0, z.1 / 2.0)).0 + LN_2 * 2.0;
        return (length.copysign(z.0), z.1.atan2(z.0.abs()));
    }
    let s1 = sqrt_of((1.0 + z.1, -z.0));
    let s2 = sqrt_of((1.0 - z.1, z.0));
    (crate::math::hyperbolic::asinh(s1.0 * s2.1 - s2.0 * s1.1), z.1.atan2(s1.0 * s2.0 - s1.1 * s2.1))
}

/// `-i * f(i * z)`.
fn rotated(z: Pair, f: fn(Pair) -> Pair) -> Pair {
    let r = f((-z.1, z.0));
    (r.1, -r.0)
}

/// `None` at the poles.
fn atanh_of(z: Pair) -> Option<Pair> {
    use std::f64::consts::FRAC_PI_2;
    if z.0 < 0.0 || z.0 == 0.0 && z.0.is_sign_negative() {
        return atanh_of((-z.0, -z.1)).map(|r| (-r.0, -r.1));
    }
    let ay = z.1.abs();
    if z.0 > LARGE.sqrt() || ay > LARGE.sqrt() {
        let h = (z.0 / 2.0).hypot(z.1 / 2.0);
        return Some((if h.is_infinite() { 0.0 } else { z.0 / 4.0 / h / h }, FRAC_PI_2.copysign(z.1)));
    }
    if z.0 == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return None;
        }
        return Some((-(ay.sqrt() / ay.hypot(2.0).sqrt()).ln(), (2.0f64.atan2(-ay) / 2.0).copysign(z.1)));
    }
    let re = (4.0 * z.0 / ((1.0 - z.0) * (1.0 - z.0) + ay * ay)).ln_1p() / 4.0;
    Some((re, -(-2.0 * z.1).atan2((1.0 - z.0) * (1.0 + z.0) - ay * ay) / 2.0))
}

/// A part of a product with a sine or cosine: an exact zero stays zero beside an infinity.
fn times(a: f64, b: f64) -> f64 {
    if b == 0.0 && a.is_infinite() { b.copysign(a * b.signum()) } else { a * b }
}

/// `exp`, `cosh` and `sinh` of an infinite real part need a finite imaginary one.
fn needs_finite_angle(z: Pair) -> bool {
    z.1.is_infinite() && !(z.0 == f64::NEG_INFINITY) && !z.0.is_nan()
}

fn exp_of(z: Pair) -> Pair {
    if z.0.is_infinite() && !z.1.is_finite() {
        return if z.0 < 0.0 { (0.0, 0.0f64.copysign(z.1)) } else { (f64::INFINITY, f64::NAN) };
    }
    if z.1 == 0.0 {
        return (z.0.exp(), z.1);
    }
    if z.0 > 700.0 && z.0.is_finite() {
        let l = (z.0 - 1.0).exp();
        return (l * z.1.cos() * std::f64::consts::E, l * z.1.sin() * std::f64::consts::E);
    }
    let l = z.0.exp();
    (times(l, z.1.cos()), times(l, z.1.sin()))
}

fn cosh_of(z: Pair) -> Pair {
    if z.0.is_infinite() && !z.1.is_finite() {
        return (f64::INFINITY, f64::NAN);
    }
    if z.1 == 0.0 {
        return (z.0.cosh(), if z.0.is_nan() { z.1 } else { z.1 * 1.0f64.copysign(z.0) });
    }
    if z.0 == 0.0 && !z.1.is_finite() {
        return (f64::NAN, 0.0f64.copysign(z.0));
    }
    if z.0.abs() > 709.0 && z.0.is_finite() {
        let shifted = z.0 - 1.0f64.copysign(z.0);
        return (z.1.cos() * shifted.cosh() * std::f64::consts::E, z.1.sin() * shifted.sinh() * std::f64::consts::E);
    }
    (z.1.cos() * z.0.cosh(), z.1.sin() * z.0.sinh())
}

fn sinh_of(z: Pair) -> Pair {
    if z.0.is_infinite() && !z.1.is_finite() {
        return (z.0, f64::NAN);
    }
    if z.1 == 0.0 {
        return (z.0.sinh(), z.1);
    }
    if z.0 == 0.0 && !z.1.is_finite() {
        return (z.0, f64::NAN);
    }
    if z.0.abs() > 709.0 && z.0.is_finite() {
        let shifted = z.0 - 1.0f64.copysign(z.0);
        return (z.1.cos() * shifted.sinh() * std::f64::consts::E, z.1.sin() * shifted.cosh() * std::f64::consts::E);
    }
    (z.1.cos() * z.0.sinh(), z.1.sin() * z.0.cosh())
}

fn tanh_of(z: Pair) -> Pair {
    if z.0.is_infinite() {
        let sign = if z.1.is_finite() { 2.0 * z.1.sin() * z.1.cos() } else { z.1 };
        return (1.0f64.copysign(z.0), 0.0f64.copysign(sign));
    }
    if z.1 == 0.0 {
        return (z.0.tanh(), z.1);
    }
    if z.0 == 0.0 && !z.1.is_finite() {
        return (z.0, f64::NAN);
    }
    if z.0.abs() > 354.0 {
        return (1.0f64.copysign(z.0), 4.0 * z.1.sin() * z.1.cos() * (-2.0 * z.0.abs()).exp());
    }
    let (tx, ty) = (z.0.tanh(), z.1.tan());
    let cx = 1.0 / z.0.cosh();
    let txty = tx * ty;
    let denominator = 1.0 + txty * txty;
    (tx * (1.0 + ty * ty) / denominator, ty / denominator * cx * cx)
}

/// `f(i * z)`.
fn turned(z: Pair, f: fn(Pair) -> Pair) -> Pair {
    f((-z.1, z.0))
}

/// Sine and the like of an infinite angle.
fn angle(cx: &mut Cx, z: Pair, infinite: bool) -> PyResult<Pair> {
    if infinite { Err(domain(cx)) } else { Ok(z) }
}

#[macros::native_module(
    name = "cmath",
    doc = "This module provides access to mathematical functions for complex\nnumbers."
)]
pub mod module {
    use super::*;

    /// Return the arc cosine of z.
    #[function("acos(z, /)")]
    fn acos(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        Ok(complex(cx, acos_of(z)))
    }

    /// Return the inverse hyperbolic cosine of z.
    #[function("acosh(z, /)")]
    fn acosh(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        Ok(complex(cx, acosh_of(z)))
    }

    /// Return the arc sine of z.
    #[function("asin(z, /)")]
    fn asin(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        Ok(complex(cx, rotated(z, asinh_of)))
    }

    /// Return the inverse hyperbolic sine of z.
    #[function("asinh(z, /)")]
    fn asinh(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        Ok(complex(cx, asinh_of(z)))
    }

    /// Return the arc tangent of z.
    #[function("atan(z, /)")]
    fn atan(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        match atanh_of((-z.1, z.0)) {
            Some(r) => Ok(complex(cx, (r.1, -r.0))),
            None => Err(domain(cx)),
        }
    }

    /// Return the inverse hyperbolic tangent of z.
    #[function("atanh(z, /)")]
    fn atanh(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        match atanh_of(z) {
            Some(r) => Ok(complex(cx, r)),
            None => Err(domain(cx)),
        }
    }

    /// Return the cosine of z.
    #[function("cos(z, /)")]
    fn cos(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, z.0.is_infinite() && !z.1.is_nan())?;
        checked(cx, z, turned(z, cosh_of))
    }

    /// Return the hyperbolic cosine of z.
    #[function("cosh(z, /)")]
    fn cosh(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, z.1.is_infinite() && !z.0.is_nan())?;
        checked(cx, z, cosh_of(z))
    }

    /// Return the exponential value e**z.
    #[function("exp(z, /)")]
    fn exp(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, needs_finite_angle(z))?;
        checked(cx, z, exp_of(z))
    }

    /// log(z[, base]) -> the logarithm of z to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of z.
    #[function("log(z, base=<unrepresentable>, /)")]
    fn log(cx: &mut Cx, z: Value, base: Option<Value>) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        if z == (0.0, 0.0) {
            return Err(domain(cx));
        }
        let mut r = log_of(z);
        if let Some(base) = base {
            let base = as_complex(cx, base)?;
            if base == (0.0, 0.0) {
                return Err(domain(cx));
            }
            r = match div(r, log_of(base)) {
                Some(r) => r,
                None => return Err(domain(cx)),
            };
        }
        Ok(complex(cx, r))
    }

    /// Return the base-10 logarithm of z.
    #[function("log10(z, /)")]
    fn log10(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        if z == (0.0, 0.0) {
            return Err(domain(cx));
        }
        let r = log_of(z);
        Ok(complex(cx, (r.0 / std::f64::consts::LN_10, r.1 / std::f64::consts::LN_10)))
    }

    /// Return argument, also known as the phase angle, of a complex.
    #[function("phase(z, /)")]
    fn phase(cx: &mut Cx, z: Value) -> PyResult<f64> {
        let z = as_complex(cx, z)?;
        Ok(z.1.atan2(z.0))
    }

    /// Convert a complex from rectangular coordinates to polar coordinates.
    ///
    /// r is the distance from 0 and phi the phase angle.
    #[function("polar(z, /)")]
    fn polar(cx: &mut Cx, z: Value) -> PyResult<Gc<Tuple>> {
        let z = as_complex(cx, z)?;
        let r = z.0.hypot(z.1);
        if r.is_infinite() && finite(z) {
            return Err(range(cx));
        }
        let (r, phi) = (cx.heap.float(r), cx.heap.float(z.1.atan2(z.0)));
        Ok(cx.heap.tuple(&[r, phi]))
    }

    /// Convert from polar coordinates to rectangular coordinates.
    #[function("rect(r, phi, /)")]
    fn rect(cx: &mut Cx, r: f64, phi: f64) -> PyResult<Gc<Complex>> {
        if phi.is_infinite() && r != 0.0 && !r.is_nan() {
            return Err(domain(cx));
        }
        let z = if phi == 0.0 {
            // The imaginary part keeps the signs of both.
            (r, if r.is_nan() { 0.0 } else { phi * 1.0f64.copysign(r) })
        } else if r.is_infinite() && phi.is_finite() {
            (r * phi.cos().signum(), r * phi.sin().signum())
        } else if r == 0.0 && !phi.is_finite() {
            (0.0, 0.0)
        } else if r.is_infinite() {
            (f64::INFINITY, f64::NAN)
        } else {
            (r * phi.cos(), r * phi.sin())
        };
        Ok(complex(cx, z))
    }

    /// Return the sine of z.
    #[function("sin(z, /)")]
    fn sin(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, z.0.is_infinite() && !z.1.is_nan())?;
        let r = turned(z, sinh_of);
        checked(cx, z, (r.1, -r.0))
    }

    /// Return the hyperbolic sine of z.
    #[function("sinh(z, /)")]
    fn sinh(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, z.1.is_infinite() && !z.0.is_nan())?;
        checked(cx, z, sinh_of(z))
    }

    /// Return the square root of z.
    #[function("sqrt(z, /)")]
    fn sqrt(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        Ok(complex(cx, sqrt_of(z)))
    }

    /// Return the tangent of z.
    #[function("tan(z, /)")]
    fn tan(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, z.0.is_infinite() && z.1.is_finite())?;
        let r = turned(z, tanh_of);
        Ok(complex(cx, (r.1, -r.0)))
    }

    /// Return the hyperbolic tangent of z.
    #[function("tanh(z, /)")]
    fn tanh(cx: &mut Cx, z: Value) -> PyResult<Gc<Complex>> {
        let z = as_complex(cx, z)?;
        let z = angle(cx, z, z.1.is_infinite() && z.0.is_finite())?;
        Ok(complex(cx, tanh_of(z)))
    }

    /// Determine whether two complex numbers are close in value.
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
    /// For the values to be considered close, the difference between them must be
    /// smaller than at least one of the tolerances.
    ///
    /// -inf, inf and NaN behave similarly to the IEEE 754 Standard. That is, NaN is
    /// not close to anything, even itself. inf and -inf are only close to themselves.
    #[function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(cx: &mut Cx, a: Value, b: Value, rel_tol: f64, abs_tol: f64) -> PyResult<bool> {
        let (a, b) = (as_complex(cx, a)?, as_complex(cx, b)?);
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(value_error(cx, "tolerances must be non-negative"));
        }
        if a == b {
            return Ok(true);
        }
        let infinite = |z: Pair| z.0.is_infinite() || z.1.is_infinite();
        if infinite(a) || infinite(b) {
            return Ok(false);
        }
        let difference = (a.0 - b.0).hypot(a.1 - b.1);
        let (size_a, size_b) = (a.0.hypot(a.1), b.0.hypot(b.1));
        Ok(difference <= rel_tol * size_b || difference <= rel_tol * size_a || difference <= abs_tol)
    }

    /// Return True if both the real and imaginary parts of z are finite, else False.
    #[function("isfinite(z, /)")]
    fn isfinite(cx: &mut Cx, z: Value) -> PyResult<bool> {
        as_complex(cx, z).map(finite)
    }

    /// Checks if the real or imaginary part of z is infinite.
    #[function("isinf(z, /)")]
    fn isinf(cx: &mut Cx, z: Value) -> PyResult<bool> {
        as_complex(cx, z).map(|z| z.0.is_infinite() || z.1.is_infinite())
    }

    /// Checks if the real or imaginary part of z not a number (NaN).
    #[function("isnan(z, /)")]
    fn isnan(cx: &mut Cx, z: Value) -> PyResult<bool> {
        as_complex(cx, z).map(|z| z.0.is_nan() || z.1.is_nan())
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        use std::f64::consts::{E, PI, TAU};
        for (name, value) in [("pi", PI), ("e", E), ("tau", TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
            let value = cx.heap.float(value);
            set_module_attr(cx, module, name, value)?;
        }
        for (name, im) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let value = cx.heap.complex(0.0, im);
            set_module_attr(cx, module, name, value)?;
        }
        Ok(())
    }
}
