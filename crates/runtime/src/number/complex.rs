//! Complex arithmetic on pairs of floats, with CPython's special cases.

/// Real and imaginary part.
pub type Pair = (f64, f64);

pub fn mul(a: Pair, b: Pair) -> Pair {
    let (re, im) = (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    if !(re.is_nan() && im.is_nan()) {
        return (re, im);
    }
    recover_mul(a, b, (re, im))
}

/// Infinities that the product lost to NaNs (annex G of the C standard).
fn recover_mul(a: Pair, b: Pair, product: Pair) -> Pair {
    let unit = |x: f64| if x.is_infinite() { 1.0f64.copysign(x) } else { 0.0f64.copysign(x) };
    let zero = |x: f64| if x.is_nan() { 0.0f64.copysign(x) } else { x };
    let (mut a, mut b) = (a, b);
    let mut recalculate = false;
    if a.0.is_infinite() || a.1.is_infinite() {
        a = (unit(a.0), unit(a.1));
        b = (zero(b.0), zero(b.1));
        recalculate = true;
    }
    if b.0.is_infinite() || b.1.is_infinite() {
        b = (unit(b.0), unit(b.1));
        a = (zero(a.0), zero(a.1));
        recalculate = true;
    }
    let overflowed = [a.0 * b.0, a.1 * b.1, a.0 * b.1, a.1 * b.0].iter().any(|p| p.is_infinite());
    if !recalculate && overflowed {
        a = (zero(a.0), zero(a.1));
        b = (zero(b.0), zero(b.1));
        recalculate = true;
    }
    if recalculate {
        return (f64::INFINITY * (a.0 * b.0 - a.1 * b.1), f64::INFINITY * (a.0 * b.1 + a.1 * b.0));
    }
    product
}

/// The quotient; `None` for a zero divisor.
pub fn div(a: Pair, b: Pair) -> Option<Pair> {
    let (abs_re, abs_im) = (b.0.abs(), b.1.abs());
    let mut r;
    if abs_re >= abs_im {
        if abs_re == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        r = ((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator);
    } else if abs_im >= abs_re {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        r = ((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator);
    } else {
        r = (f64::NAN, f64::NAN);
    }
    if r.0.is_nan() && r.1.is_nan() {
        let unit = |x: f64| if x.is_infinite() { 1.0f64.copysign(x) } else { 0.0f64.copysign(x) };
        if (a.0.is_infinite() || a.1.is_infinite()) && b.0.is_finite() && b.1.is_finite() {
            let (x, y) = (unit(a.0), unit(a.1));
            r = (f64::INFINITY * (x * b.0 + y * b.1), f64::INFINITY * (y * b.0 - x * b.1));
        } else if (abs_re.is_infinite() || abs_im.is_infinite()) && a.0.is_finite() && a.1.is_finite() {
            let (x, y) = (unit(b.0), unit(b.1));
            r = (0.0 * (a.0 * x + a.1 * y), 0.0 * (a.1 * x - a.0 * y));
        }
    }
    Some(r)
}

/// `a ** b` by polar coordinates (`a` not zero unless `b` is).
pub fn pow(a: Pair, b: Pair) -> Pair {
    if b.0 == 0.0 && b.1 == 0.0 {
        return (1.0, 0.0);
    }
    if a.0 == 0.0 && a.1 == 0.0 {
        return (0.0, 0.0);
    }
    let modulus = a.0.hypot(a.1);
    let mut length = modulus.powf(b.0);
    let at = a.1.atan2(a.0);
    let mut phase = at * b.0;
    if b.1 != 0.0 {
        length *= (-at * b.1).exp();
        phase += b.1 * modulus.ln();
    }
    (length * phase.cos(), length * phase.sin())
}

/// `a ** n` for a small int `n`, by repeated squaring; `None` for zero to a negative power.
pub fn pow_int(a: Pair, n: i64) -> Option<Pair> {
    if n > 0 { Some(pow_unsigned(a, n)) } else { div((1.0, 0.0), pow_unsigned(a, -n)) }
}

fn pow_unsigned(a: Pair, n: i64) -> Pair {
    let (mut result, mut power, mut mask) = ((1.0, 0.0), a, 1);
    while mask > 0 && n >= mask {
        if n & mask != 0 {
            result = mul(result, power);
        }
        mask <<= 1;
        power = mul(power, power);
    }
    result
}
