//! Arithmetic on constants at compile time, with Python's results and CPython's limits on their size.
//!
//! Called by the peephole pass and the tree preprocessor. `None` means: leave it to run time, be it because it raises, is
//! too big, or because it is not worth it.

mod complex;
mod int;
mod sequence;

use bytecode::Constant;
use int::Integer;
use syntax::ast::Operator;

/// Greatest number of bits of an int that folding may make.
const MAX_INT_BITS: u64 = 128;

/// A number of the numeric tower, bools as ints.
enum Number {
    Int(Integer),
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    fn of(constant: &Constant) -> Option<Number> {
        Some(match constant {
            Constant::Bool(value) => Number::Int(Integer::from(i64::from(*value))),
            Constant::Int(value) => Number::Int(Integer::from(*value)),
            Constant::BigInt(value) => Number::Int(Integer::from_big(value)),
            Constant::Float(value) => Number::Float(*value),
            Constant::Complex { real, imag } => Number::Complex(*real, *imag),
            _ => return None,
        })
    }
}

/// Truth of a constant.
pub fn is_true(constant: &Constant) -> bool {
    match constant {
        Constant::None => false,
        Constant::Bool(value) => *value,
        Constant::Int(value) => *value != 0,
        Constant::Float(value) => *value != 0.0,
        Constant::Complex { real, imag } => *real != 0.0 || *imag != 0.0,
        Constant::Str(text) => !text.is_empty(),
        Constant::Bytes(bytes) => !bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
        Constant::BigInt(_) | Constant::Ellipsis | Constant::Slice(_) | Constant::Code(_) => true,
    }
}

/// `-value`
pub fn negative(value: &Constant) -> Option<Constant> {
    Some(match Number::of(value)? {
        Number::Int(value) => value.negate().into_constant(),
        Number::Float(value) => Constant::Float(-value),
        Number::Complex(real, imag) => Constant::Complex { real: -real, imag: -imag },
    })
}

/// `+value`
pub fn positive(value: &Constant) -> Option<Constant> {
    Some(match Number::of(value)? {
        Number::Int(value) => value.into_constant(),
        Number::Float(value) => Constant::Float(value),
        Number::Complex(real, imag) => Constant::Complex { real, imag },
    })
}

/// `~value`; not of bools, where it warns at run time.
pub fn invert(value: &Constant) -> Option<Constant> {
    match (value, Number::of(value)?) {
        (Constant::Bool(_), _) => None,
        (_, Number::Int(value)) => Some(value.invert().into_constant()),
        _ => None,
    }
}

/// `left op right`
pub fn binary(left: &Constant, op: Operator, right: &Constant) -> Option<Constant> {
    if let (Constant::Bool(left), Constant::Bool(right)) = (left, right) {
        match op {
            Operator::BitAnd => return Some(Constant::Bool(left & right)),
            Operator::BitOr => return Some(Constant::Bool(left | right)),
            Operator::BitXor => return Some(Constant::Bool(left ^ right)),
            _ => {}
        }
    }
    match (Number::of(left), Number::of(right)) {
        (Some(left), Some(right)) => numeric(left, op, right),
        _ => match op {
            Operator::Add => sequence::concat(left, right),
            Operator::Mult => sequence::repeat(left, right),
            _ => None,
        },
    }
}

/// `value[index]`
pub fn subscript(value: &Constant, index: &Constant) -> Option<Constant> {
    sequence::subscript(value, index)
}

/// Equality as a set sees it: `1 == 1.0 == True`.
pub fn equal(a: &Constant, b: &Constant) -> bool {
    let all_equal = |a: &[Constant], b: &[Constant]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b));
    match (a, b) {
        (Constant::Str(a), Constant::Str(b)) => a == b,
        (Constant::Bytes(a), Constant::Bytes(b)) => a == b,
        (Constant::Tuple(a), Constant::Tuple(b)) => all_equal(a, b),
        (Constant::Slice(a), Constant::Slice(b)) => all_equal(&a[..], &b[..]),
        (Constant::FrozenSet(a), Constant::FrozenSet(b)) => {
            a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| equal(a, b)))
        }
        (Constant::None, Constant::None) | (Constant::Ellipsis, Constant::Ellipsis) => true,
        _ => match (Number::of(a), Number::of(b)) {
            (Some(Number::Int(a)), Some(Number::Int(b))) => a == b,
            (Some(Number::Int(a)), Some(Number::Float(b))) | (Some(Number::Float(b)), Some(Number::Int(a))) => {
                a.equals_float(b)
            }
            (Some(Number::Float(a)), Some(Number::Float(b))) => a == b,
            (Some(Number::Complex(a, ai)), Some(Number::Complex(b, bi))) => a == b && ai == bi,
            (Some(Number::Complex(real, imag)), Some(other)) | (Some(other), Some(Number::Complex(real, imag))) => {
                imag == 0.0
                    && match other {
                        Number::Int(value) => value.equals_float(real),
                        Number::Float(value) => value == real,
                        Number::Complex(..) => false,
                    }
            }
            _ => false,
        },
    }
}

fn numeric(left: Number, op: Operator, right: Number) -> Option<Constant> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => int::binary(left, op, right),
        (Number::Complex(a, b), Number::Complex(c, d)) => complex::binary((a, b), op, (c, d)),
        (Number::Complex(a, b), right) => complex::with_real((a, b), op, to_float(right)?),
        (left, Number::Complex(c, d)) => complex::from_real(to_float(left)?, op, (c, d)),
        (left, right) => float_binary(to_float(left)?, op, to_float(right)?),
    }
}

fn to_float(number: Number) -> Option<f64> {
    match number {
        Number::Int(value) => value.to_f64(),
        Number::Float(value) => Some(value),
        Number::Complex(..) => None,
    }
}

fn float_binary(a: f64, op: Operator, b: f64) -> Option<Constant> {
    Some(Constant::Float(match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => float_div_mod(a, b).0,
        Operator::Mod if b != 0.0 => float_div_mod(a, b).1,
        Operator::Pow => return float_pow(a, b),
        _ => return None,
    }))
}

/// `divmod` of floats: the remainder has the divisor's sign.
fn float_div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != 0.0 {
        if (b < 0.0) != (remainder < 0.0) {
            remainder += b;
            quotient -= 1.0;
        }
    } else {
        remainder = 0f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0f64.copysign(a / b)
    };
    (floor, remainder)
}

fn float_pow(a: f64, b: f64) -> Option<Constant> {
    if a == 0.0 && b < 0.0 {
        return None;
    }
    if a.is_finite() && b.is_finite() {
        if a < 0.0 && b != b.floor() {
            return complex::pow((a, 0.0), (b, 0.0)).map(|(real, imag)| Constant::Complex { real, imag });
        }
        let result = a.powf(b);
        return result.is_finite().then_some(Constant::Float(result));
    }
    Some(Constant::Float(a.powf(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eval(a: Constant, op: Operator, b: Constant) -> String {
        binary(&a, op, &b).map_or("-".into(), |value| value.repr())
    }

    #[test]
    fn arithmetic() {
        let int = Constant::Int;
        let float = Constant::Float;
        assert_eq!(eval(int(7), Operator::FloorDiv, int(-2)), "-4");
        assert_eq!(eval(int(7), Operator::Mod, int(-2)), "-1");
        assert_eq!(eval(int(2), Operator::Pow, int(64)), "18446744073709551616");
        assert_eq!(eval(int(2), Operator::Pow, int(65)), "-");
        assert_eq!(eval(int(2), Operator::Pow, int(-1)), "0.5");
        assert_eq!(eval(int(1), Operator::Div, int(3)), "0.3333333333333333");
        assert_eq!(eval(int(1), Operator::LShift, int(64)), "18446744073709551616");
        assert_eq!(eval(int(i64::MAX), Operator::Add, int(1)), "9223372036854775808");
        assert_eq!(eval(float(5.5), Operator::Mod, float(-2.0)), "-0.5");
        assert_eq!(eval(int(1), Operator::Div, int(0)), "-");
        assert_eq!(eval(Constant::str("ab"), Operator::Mult, int(2)), "'abab'");
        assert_eq!(eval(Constant::Bool(true), Operator::BitAnd, int(3)), "1");
        assert_eq!(negative(&Constant::Float(0.0)).unwrap().repr(), "-0.0");
    }
}
