//! Complex numbers. A real operand has no imaginary part at all, rather than one of zero, except of `**`: that decides
//! the signs of zeros.

use bytecode::Constant;
use syntax::ast::Operator;

type Complex = (f64, f64);

pub(super) fn binary(a: Complex, op: Operator, b: Complex) -> Option<Constant> {
    let (real, imag) = match op {
        Operator::Add => (a.0 + b.0, a.1 + b.1),
        Operator::Sub => (a.0 - b.0, a.1 - b.1),
        Operator::Mult => (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0),
        Operator::Div => divide(a, b)?,
        Operator::Pow => pow(a, b)?,
        _ => return None,
    };
    Some(Constant::Complex { real, imag })
}

/// A complex and a real operand.
pub(super) fn with_real(a: Complex, op: Operator, b: f64) -> Option<Constant> {
    let (real, imag) = match op {
        Operator::Add => (a.0 + b, a.1),
        Operator::Sub => (a.0 - b, a.1),
        Operator::Mult => (a.0 * b, a.1 * b),
        Operator::Div if b != 0.0 => (a.0 / b, a.1 / b),
        Operator::Pow => pow(a, (b, 0.0))?,
        _ => return None,
    };
    Some(Constant::Complex { real, imag })
}

/// A real and a complex operand.
pub(super) fn from_real(a: f64, op: Operator, b: Complex) -> Option<Constant> {
    let (real, imag) = match op {
        Operator::Add => (a + b.0, b.1),
        Operator::Sub => (a - b.0, -b.1),
        Operator::Mult => (a * b.0, a * b.1),
        Operator::Div => divide_real(a, b)?,
        Operator::Pow => pow((a, 0.0), b)?,
        _ => return None,
    };
    Some(Constant::Complex { real, imag })
}

fn divide_real(a: f64, b: Complex) -> Option<Complex> {
    if b == (0.0, 0.0) {
        return None;
    }
    if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some((a / denominator, (-a * ratio) / denominator))
    } else {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some(((a * ratio) / denominator, -a / denominator))
    }
}

fn divide(a: Complex, b: Complex) -> Option<Complex> {
    if b == (0.0, 0.0) {
        return None;
    }
    if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator))
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// `a ** b`
pub(super) fn pow(a: Complex, b: Complex) -> Option<Complex> {
    const MAX_INTEGER_EXPONENT: f64 = 100.0;
    let result = if b.1 == 0.0 && b.0 == b.0.floor() && b.0.abs() <= MAX_INTEGER_EXPONENT {
        integer_pow(a, b.0 as i32)?
    } else {
        general_pow(a, b)?
    };
    (result.0.is_finite() && result.1.is_finite()).then_some(result)
}

fn integer_pow(base: Complex, exponent: i32) -> Option<Complex> {
    let multiply = |a: Complex, b: Complex| (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    let mut result = (1.0, 0.0);
    let mut power = base;
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        if rest & 1 != 0 {
            result = multiply(result, power);
        }
        rest >>= 1;
        power = multiply(power, power);
    }
    if exponent < 0 { divide((1.0, 0.0), result) } else { Some(result) }
}

fn general_pow(a: Complex, b: Complex) -> Option<Complex> {
    if b == (0.0, 0.0) {
        return Some((1.0, 0.0));
    }
    if a == (0.0, 0.0) {
        return (b.1 == 0.0 && b.0 >= 0.0).then_some((0.0, 0.0));
    }
    let modulus = a.0.hypot(a.1);
    let mut length = modulus.powf(b.0);
    let angle = a.1.atan2(a.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        length *= (-angle * b.1).exp();
        phase += b.1 * modulus.ln();
    }
    Some((length * phase.cos(), length * phase.sin()))
}
