//! Inverse hyperbolic functions by the formulas of the common C libraries, on top of the system's logarithms, so that
//! results agree with CPython's to the last digit.

use std::f64::consts::LN_2;

/// Below this, and above its inverse, the leading term is the result.
const TINY: f64 = 1.0 / (1u64 << 28) as f64;

pub fn acosh(x: f64) -> f64 {
    if x < 1.0 {
        f64::NAN
    } else if x >= 1.0 / TINY {
        x.ln() + LN_2
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let t = x - 1.0;
        (t + (2.0 * t + t * t).sqrt()).ln_1p()
    }
}

pub fn asinh(x: f64) -> f64 {
    let a = x.abs();
    if !x.is_finite() || a < TINY {
        return x;
    }
    let result = if a > 1.0 / TINY {
        a.ln() + LN_2
    } else if a > 2.0 {
        (2.0 * a + 1.0 / ((x * x + 1.0).sqrt() + a)).ln()
    } else {
        let t = x * x;
        (a + t / (1.0 + (1.0 + t).sqrt())).ln_1p()
    };
    result.copysign(x)
}

/// NaN outside `(-1, 1)`.
pub fn atanh(x: f64) -> f64 {
    let a = x.abs();
    if a < TINY {
        return x;
    }
    let result = if a < 0.5 {
        let t = a + a;
        0.5 * (t + t * a / (1.0 - a)).ln_1p()
    } else if a < 1.0 {
        0.5 * ((a + a) / (1.0 - a)).ln_1p()
    } else {
        f64::NAN
    };
    result.copysign(x)
}
