//! The gamma function and its logarithm by Lanczos' approximation (g = 6.024680040776729583740234375, N = 13), with the
//! care near poles and for large arguments that keeps the error within a few ulps.

const N: usize = 13;
const G: f64 = 6.024680040776729583740234375;
const G_MINUS_HALF: f64 = 5.524680040776729583740234375;
#[rustfmt::skip]
const NUMERATOR: [f64; N] = [
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];
#[rustfmt::skip]
const DENOMINATOR: [f64; N] = [
    0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0,
    1925.0, 66.0, 1.0,
];
/// Factorials that are exact floats.
#[rustfmt::skip]
const FACTORIALS: [f64; 23] = [
    1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5040.0, 40320.0, 362880.0, 3628800.0, 39916800.0, 479001600.0,
    6227020800.0, 87178291200.0, 1307674368000.0, 20922789888000.0, 355687428096000.0, 6402373705728000.0,
    121645100408832000.0, 2432902008176640000.0, 51090942171709440000.0, 1124000727777607680000.0,
];

/// `sin(pi * x)` without the loss of precision of the product.
fn sin_pi(x: f64) -> f64 {
    use std::f64::consts::PI;
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1.0f64.copysign(x) * r
}

fn lanczos_sum(x: f64) -> f64 {
    let (mut num, mut den) = (0.0, 0.0);
    if x < 5.0 {
        for i in (0..N).rev() {
            num = num * x + NUMERATOR[i];
            den = den * x + DENOMINATOR[i];
        }
    } else {
        for i in 0..N {
            num = num / x + NUMERATOR[i];
            den = den / x + DENOMINATOR[i];
        }
    }
    num / den
}

/// The gamma function; callers have refused poles.
pub fn gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    if x == x.floor() && (1.0..=FACTORIALS.len() as f64).contains(&x) {
        return FACTORIALS[x as usize - 1];
    }
    let abs = x.abs();
    if abs < 1e-20 {
        return 1.0 / x;
    }
    if abs > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = abs + G_MINUS_HALF;
    let z = if abs > G_MINUS_HALF {
        let q = y - abs;
        q - G_MINUS_HALF
    } else {
        let q = y - G_MINUS_HALF;
        q - abs
    };
    let z = z * G / y;
    let mut r;
    if x < 0.0 {
        r = -std::f64::consts::PI / sin_pi(abs) / abs * y.exp() / lanczos_sum(abs);
        r -= z * r;
        if abs < 140.0 {
            r /= y.powf(abs - 0.5);
        } else {
            let root = y.powf(abs / 2.0 - 0.25);
            r /= root;
            r /= root;
        }
    } else {
        r = lanczos_sum(abs) / y.exp();
        r += z * r;
        if abs < 140.0 {
            r *= y.powf(abs - 0.5);
        } else {
            let root = y.powf(abs / 2.0 - 0.25);
            r *= root;
            r *= root;
        }
    }
    r
}

/// The logarithm of the absolute value of the gamma function; callers have refused poles.
pub fn lgamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let abs = x.abs();
    if abs < 1e-20 {
        return -abs.ln();
    }
    let mut r = lanczos_sum(abs).ln() - G;
    r += (abs - 0.5) * ((abs + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        // ln(pi)
        r = 1.144729885849400174143427351353058711647 - sin_pi(abs).abs().ln() - abs.ln() - r;
    }
    r
}
