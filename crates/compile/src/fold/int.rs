//! Integers of any size.

use bytecode::{BigInt, Constant};
use dashu_int::{IBig, Sign, UBig};
use syntax::ast::Operator;

use super::{MAX_INT_BITS, float_binary, float_pow};

/// A Python int.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Integer(IBig);

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Integer(value.into())
    }
}

impl Integer {
    pub fn from_big(value: &BigInt) -> Self {
        let bytes: Vec<u8> = value.limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        let sign = if value.negative { Sign::Negative } else { Sign::Positive };
        Integer(IBig::from_parts(sign, UBig::from_le_bytes(&bytes)))
    }

    pub fn into_constant(self) -> Constant {
        if let Ok(value) = i64::try_from(&self.0) {
            return Constant::Int(value);
        }
        let (sign, magnitude) = self.0.into_parts();
        let bytes = magnitude.to_le_bytes();
        let limbs = bytes.chunks(8).map(|chunk| {
            let mut limb = [0; 8];
            limb[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(limb)
        });
        Constant::BigInt(BigInt { negative: sign == Sign::Negative, limbs: limbs.collect() })
    }

    pub fn negate(self) -> Self {
        Integer(-self.0)
    }

    pub fn invert(self) -> Self {
        Integer(-self.0 - IBig::ONE)
    }

    fn is_zero(&self) -> bool {
        self.0 == IBig::ZERO
    }

    fn is_negative(&self) -> bool {
        self.0 < IBig::ZERO
    }

    fn bits(&self) -> u64 {
        let magnitude: UBig = self.0.clone().into_parts().1;
        dashu_int::ops::BitTest::bit_len(&magnitude) as u64
    }

    /// The nearest float; `None` if there is none.
    pub fn to_f64(&self) -> Option<f64> {
        let value = self.0.to_f64().value();
        value.is_finite().then_some(value)
    }

    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(&self.0).ok()
    }

    pub fn equals_float(&self, float: f64) -> bool {
        float.is_finite() && float.fract() == 0.0 && self.to_f64() == Some(float) && {
            IBig::try_from(float).is_ok_and(|exact| exact == self.0)
        }
    }
}

pub(super) fn binary(left: Integer, op: Operator, right: Integer) -> Option<Constant> {
    let result = match op {
        Operator::Add => left.0 + right.0,
        Operator::Sub => left.0 - right.0,
        Operator::Mult => {
            if !left.is_zero() && !right.is_zero() && left.bits() + right.bits() > MAX_INT_BITS {
                return None;
            }
            left.0 * right.0
        }
        Operator::Div => return true_divide(&left, &right).map(Constant::Float),
        Operator::FloorDiv => floor_div_mod(left.0, right.0)?.0,
        Operator::Mod => floor_div_mod(left.0, right.0)?.1,
        Operator::Pow => return power(left, right),
        Operator::LShift => {
            if right.is_negative() {
                return None;
            }
            if left.is_zero() {
                left.0
            } else {
                let shift = right.to_usize()?;
                if right.0 != IBig::ZERO && (shift as u64 > MAX_INT_BITS || left.bits() > MAX_INT_BITS - shift as u64) {
                    return None;
                }
                left.0 << shift
            }
        }
        Operator::RShift => {
            if right.is_negative() {
                return None;
            }
            match right.to_usize() {
                Some(shift) if (shift as u64) < left.bits() + 1 => left.0 >> shift,
                _ if left.is_negative() => -IBig::ONE,
                _ => IBig::ZERO,
            }
        }
        Operator::BitOr => left.0 | right.0,
        Operator::BitXor => left.0 ^ right.0,
        Operator::BitAnd => left.0 & right.0,
        Operator::MatMult => return None,
    };
    Some(Integer(result).into_constant())
}

/// Quotient rounded down, and the remainder with the divisor's sign.
fn floor_div_mod(a: IBig, b: IBig) -> Option<(IBig, IBig)> {
    if b == IBig::ZERO {
        return None;
    }
    let quotient = &a / &b;
    let remainder = a - &quotient * &b;
    if remainder != IBig::ZERO && (remainder < IBig::ZERO) != (b < IBig::ZERO) {
        return Some((quotient - IBig::ONE, remainder + b));
    }
    Some((quotient, remainder))
}

fn power(base: Integer, exponent: Integer) -> Option<Constant> {
    if exponent.is_negative() {
        let (base, exponent) = (base.to_f64()?, exponent.to_f64()?);
        return float_pow(base, exponent);
    }
    let n = exponent.to_usize()?;
    if n > 0 && !base.is_zero() && base.bits() > MAX_INT_BITS / n as u64 {
        return None;
    }
    if base.is_zero() && n > 0 {
        return Some(Constant::Int(0));
    }
    Some(Integer(base.0.pow(n)).into_constant())
}

/// The correctly rounded quotient.
fn true_divide(a: &Integer, b: &Integer) -> Option<f64> {
    const EXACT: u64 = 53;
    if b.is_zero() {
        return None;
    }
    if a.bits() <= EXACT && b.bits() <= EXACT {
        return match float_binary(a.to_f64()?, Operator::Div, b.to_f64()?)? {
            Constant::Float(value) => Some(value),
            _ => None,
        };
    }
    let (sign_a, a) = a.0.clone().into_parts();
    let (sign_b, b) = b.0.clone().into_parts();
    let bits = |n: &UBig| dashu_int::ops::BitTest::bit_len(n) as i64;
    // A quotient of 66 bits or more and a sticky bit round as the exact one would.
    let shift = 66 - (bits(&a) - bits(&b));
    let (numerator, denominator) = match usize::try_from(shift) {
        Ok(shift) => (a << shift, b),
        Err(_) => (a, b << usize::try_from(-shift).ok()?),
    };
    let mut quotient = &numerator / &denominator;
    if &quotient * &denominator != numerator {
        quotient |= UBig::ONE;
    }
    let rounded = u128::try_from(&quotient).ok()? as f64;
    let exponent = i32::try_from(-shift).ok().filter(|e| (-1000..900).contains(e))?;
    let value = rounded * 2f64.powi(exponent);
    Some(if sign_a == sign_b { value } else { -value })
}
