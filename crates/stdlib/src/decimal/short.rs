//! Arithmetic on finite numbers whose coefficients are below 2 ** 128, without big integers.
//!
//! Every function answers what the one of the same name in `number` does, or `None` when that takes a longer
//! coefficient, an exponent near the limits or a condition beyond rounding; `number` then does the work from the start.

use super::number::{Number, Rounding, Rules, rounds_up, status};
use dashu_int::UBig;
use std::cmp::Ordering;

/// A finite number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Short {
    pub negative: bool,
    pub coefficient: u128,
    pub exponent: i64,
}

/// The powers of ten below 2 ** 128.
const POWERS: [u128; 39] = {
    let mut powers = [1; 39];
    let mut i = 1;
    while i < 39 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// Decimal digits of a number; 1 for zero.
#[inline]
pub fn count_digits(n: u128) -> i64 {
    // 1233 / 4096 is so near the logarithm of 2 that the guess is the count or one less, up to 128 bits.
    let n = n | 1;
    let guess = ((128 - n.leading_zeros()) * 1233 >> 12) as usize;
    guess as i64 + i64::from(n >= POWERS[guess])
}

#[inline]
fn scale(coefficient: u128, n: i64) -> Option<u128> {
    if n == 0 {
        return Some(coefficient);
    }
    POWERS.get(usize::try_from(n).ok()?).and_then(|power| coefficient.checked_mul(*power))
}

/// Quotient and rest; most numbers fit in a word, of which processors make short work.
#[inline]
fn div_rem(a: u128, b: u128) -> (u128, u128) {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => (u128::from(a / b), u128::from(a % b)),
        _ => (a / b, a % b),
    }
}

/// A coefficient without its last `n` digits, rounded, and whether that changed the value.
fn round_off(coefficient: u128, n: i64, negative: bool, rounding: Rounding) -> (u128, bool) {
    let (quotient, rest, against_half) = match POWERS.get(n as usize) {
        Some(&unit) => {
            let (quotient, rest) = div_rem(coefficient, unit);
            (quotient, rest, rest.cmp(&(unit / 2)))
        }
        // Beyond all digits only their being there counts.
        None => (0, coefficient, Ordering::Less),
    };
    if rest == 0 {
        return (quotient, false);
    }
    let up = rounds_up(rounding, negative, against_half, || (quotient % 10) as u8);
    (quotient + u128::from(up), true)
}

impl Short {
    pub fn number(self) -> Number {
        Number::finite(self.negative, UBig::from(self.coefficient), self.exponent)
    }

    fn adjusted(self) -> i64 {
        self.exponent + count_digits(self.coefficient) - 1
    }

    /// See [`Number::finish`].
    #[inline]
    fn finish(self, rules: &Rules, happened: &mut u32) -> Option<Short> {
        if rules.clamp {
            return None;
        }
        if self.coefficient == 0 {
            return (rules.etiny()..=rules.emax).contains(&self.exponent).then_some(self);
        }
        let n_digits = count_digits(self.coefficient);
        if !(rules.emin..=rules.emax).contains(&(self.exponent + n_digits - 1)) {
            return None;
        }
        let surplus = n_digits - rules.prec;
        if surplus <= 0 {
            return Some(self);
        }
        let (mut coefficient, inexact) = round_off(self.coefficient, surplus, self.negative, rules.rounding);
        let mut exponent = self.exponent + surplus;
        if count_digits(coefficient) > rules.prec {
            coefficient /= 10;
            exponent += 1;
        }
        if exponent > rules.etop() {
            return None;
        }
        *happened |= if inexact { status::INEXACT | status::ROUNDED } else { status::ROUNDED };
        Some(Short { coefficient, exponent, ..self })
    }
}

pub fn add(a: Short, b: Short, rules: &Rules, happened: &mut u32) -> Option<Short> {
    let zero_is_negative = rules.rounding == Rounding::Floor && a.negative != b.negative;
    let exponent = a.exponent.min(b.exponent);
    match (a.coefficient, b.coefficient) {
        (0, 0) => {
            let negative = a.negative && b.negative || zero_is_negative;
            return Short { negative, coefficient: 0, exponent }.finish(rules, happened);
        }
        (0, _) => return if b.exponent == exponent { b.finish(rules, happened) } else { None },
        (_, 0) => return if a.exponent == exponent { a.finish(rules, happened) } else { None },
        _ => {}
    }
    let left = scale(a.coefficient, a.exponent - exponent)?;
    let right = scale(b.coefficient, b.exponent - exponent)?;
    let (negative, coefficient) = if a.negative == b.negative {
        (a.negative, left.checked_add(right)?)
    } else {
        match left.cmp(&right) {
            Ordering::Greater => (a.negative, left - right),
            Ordering::Less => (b.negative, right - left),
            Ordering::Equal => (zero_is_negative, 0),
        }
    };
    Short { negative, coefficient, exponent }.finish(rules, happened)
}

pub fn subtract(a: Short, b: Short, rules: &Rules, happened: &mut u32) -> Option<Short> {
    add(a, Short { negative: !b.negative, ..b }, rules, happened)
}

pub fn multiply(a: Short, b: Short, rules: &Rules, happened: &mut u32) -> Option<Short> {
    let coefficient = a.coefficient.checked_mul(b.coefficient)?;
    let exponent = a.exponent + b.exponent;
    Short { negative: a.negative != b.negative, coefficient, exponent }.finish(rules, happened)
}

pub fn divide(a: Short, b: Short, rules: &Rules, happened: &mut u32) -> Option<Short> {
    if a.coefficient == 0 || b.coefficient == 0 {
        return None;
    }
    let ideal = a.exponent - b.exponent;
    let shift = count_digits(b.coefficient) - count_digits(a.coefficient) + rules.prec + 1;
    let mut exponent = ideal - shift;
    let (mut quotient, rest) = div_rem(scale(a.coefficient, shift)?, b.coefficient);
    if rest != 0 {
        // A last digit of 0 or 5 would look like an exact result or a half.
        quotient += u128::from(quotient % 5 == 0);
    } else {
        for step in [16, 8, 4, 2, 1] {
            while exponent + step <= ideal {
                let (shorter, rest) = div_rem(quotient, POWERS[step as usize]);
                if rest != 0 {
                    break;
                }
                (quotient, exponent) = (shorter, exponent + step);
            }
        }
    }
    Short { negative: a.negative != b.negative, coefficient: quotient, exponent }.finish(rules, happened)
}

pub fn quantize(a: Short, exp: Short, rules: &Rules, happened: &mut u32) -> Option<Short> {
    let wanted = exp.exponent;
    if rules.clamp || !(rules.etiny()..=rules.emax).contains(&wanted) {
        return None;
    }
    if a.coefficient == 0 {
        return Some(Short { exponent: wanted, ..a });
    }
    let (coefficient, inexact) = if a.exponent >= wanted {
        (scale(a.coefficient, a.exponent - wanted)?, false)
    } else {
        round_off(a.coefficient, wanted - a.exponent, a.negative, rules.rounding)
    };
    let result = Short { coefficient, exponent: wanted, ..a };
    if count_digits(coefficient) > rules.prec
        || a.adjusted().max(result.adjusted()) > rules.emax
        || coefficient != 0 && result.adjusted() < rules.emin
    {
        return None;
    }
    if wanted > a.exponent {
        *happened |= if inexact { status::INEXACT | status::ROUNDED } else { status::ROUNDED };
    }
    Some(result)
}

/// Unary plus, minus when `negate`.
pub fn signed(a: Short, negate: bool, rules: &Rules, happened: &mut u32) -> Option<Short> {
    let mut negative = a.negative != negate;
    if a.coefficient == 0 {
        negative = negative && rules.rounding == Rounding::Floor;
    }
    Short { negative, ..a }.finish(rules, happened)
}

/// The order of two numbers.
pub fn order(a: Short, b: Short) -> Option<Ordering> {
    let sign = |n: Short| if n.coefficient == 0 { 0 } else { 1 - 2 * i32::from(n.negative) };
    let (sign_a, sign_b) = (sign(a), sign(b));
    if sign_a != sign_b || sign_a == 0 {
        return Some(sign_a.cmp(&sign_b));
    }
    let exponent = a.exponent.min(b.exponent);
    let left = scale(a.coefficient, a.exponent - exponent)?;
    let right = scale(b.coefficient, b.exponent - exponent)?;
    Some(if a.negative { right.cmp(&left) } else { left.cmp(&right) })
}

/// A number as it is usually written: a sign, at most 38 digits with a point, a small exponent.
pub fn parse(text: &[u8]) -> Option<Short> {
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut coefficient, mut n_digits, mut n_fraction, mut has_point) = (0_u128, 0, 0, false);
    while let [first, behind @ ..] = rest {
        match first {
            b'0'..=b'9' if n_digits < 38 => {
                coefficient = coefficient * 10 + u128::from(first - b'0');
                n_digits += 1;
                n_fraction += i64::from(has_point);
            }
            b'.' if !has_point => has_point = true,
            b'e' | b'E' => break,
            _ => return None,
        }
        rest = behind;
    }
    if n_digits == 0 {
        return None;
    }
    let written = match rest {
        [] => 0,
        [_, exponent @ ..] if exponent.len() <= 9 => std::str::from_utf8(exponent).ok()?.parse::<i64>().ok()?,
        _ => return None,
    };
    Some(Short { negative, coefficient, exponent: written - n_fraction })
}

#[cfg(test)]
mod tests {
    use super::super::number;
    use super::*;

    #[test]
    fn digits_are_counted() {
        assert_eq!(count_digits(0), 1);
        assert_eq!(count_digits(u128::MAX), 39);
        for (i, &power) in POWERS.iter().enumerate() {
            assert_eq!(count_digits(power), i as i64 + 1, "10 ** {i}");
            assert_eq!(count_digits(power - 1), (i as i64).max(1), "10 ** {i} - 1");
        }
        for bits in 1..128 {
            let n = 1_u128 << bits;
            assert_eq!(count_digits(n), n.to_string().len() as i64);
            assert_eq!(count_digits(n - 1), (n - 1).to_string().len() as i64);
        }
    }

    fn short_of(number: &Number) -> Option<Short> {
        let coefficient = u128::try_from(&number.coefficient).ok().filter(|_| number.is_finite())?;
        Some(Short { negative: number.negative, coefficient, exponent: number.exponent })
    }

    /// Numbers with few and many digits, zeros, and exponents far and near.
    fn samples() -> Vec<Short> {
        let coefficients = [
            0,
            1,
            5,
            9,
            10,
            25,
            99,
            100,
            12_345,
            99_995,
            99_999,
            1 << 63,
            u128::from(u64::MAX),
            10_u128.pow(28) - 1,
            10_u128.pow(37) + 5,
        ];
        let mut samples = Vec::new();
        for coefficient in coefficients {
            for exponent in [-40, -7, -6, -3, -2, -1, 0, 1, 2, 4, 9] {
                samples.extend([false, true].map(|negative| Short { negative, coefficient, exponent }));
            }
        }
        samples
    }

    type Fast = fn(Short, Short, &Rules, &mut u32) -> Option<Short>;
    type Full = fn(&Number, &Number, &Rules, &mut u32) -> Number;

    #[test]
    fn short_and_long_arithmetic_agree() {
        use Rounding::*;
        let operations: [(Fast, Full); 5] = [
            (add, number::add),
            (subtract, number::subtract),
            (multiply, number::multiply),
            (divide, number::divide),
            (quantize, number::quantize),
        ];
        let mut n_answered = 0;
        for rounding in [Up, Down, Ceiling, Floor, HalfUp, HalfDown, HalfEven, ZeroFiveUp] {
            for (prec, emin, emax) in [(1, -5, 5), (5, -20, 20), (28, -999_999, 999_999)] {
                let rules = Rules { prec, rounding, emin, emax, clamp: false };
                for (a, b) in samples().iter().flat_map(|&a| samples().into_iter().map(move |b| (a, b))) {
                    for (i, (fast, full)) in operations.iter().enumerate() {
                        let (mut happened, mut expected_happened) = (0, 0);
                        let Some(result) = fast(a, b, &rules, &mut happened) else { continue };
                        let expected = full(&a.number(), &b.number(), &rules, &mut expected_happened);
                        assert_eq!(short_of(&expected), Some(result), "operation {i} of {a:?} and {b:?} by {rules:?}");
                        assert_eq!(happened, expected_happened, "operation {i} of {a:?} and {b:?} by {rules:?}");
                        n_answered += 1;
                    }
                    if let Some(ordering) = order(a, b) {
                        assert_eq!(ordering, number::order(&a.number(), &b.number()), "{a:?} and {b:?}");
                    }
                }
                for a in samples() {
                    for negate in [false, true] {
                        let (mut happened, mut expected_happened) = (0, 0);
                        let Some(result) = signed(a, negate, &rules, &mut happened) else { continue };
                        let full = if negate { number::minus } else { number::plus };
                        let expected = full(&a.number(), &rules, &mut expected_happened);
                        assert_eq!((short_of(&expected), expected_happened), (Some(result), happened), "{a:?}");
                    }
                }
            }
        }
        assert!(n_answered > 100_000, "most are answered: {n_answered}");
    }

    #[test]
    fn texts() {
        let short = |negative, coefficient, exponent| Some(Short { negative, coefficient, exponent });
        assert_eq!(parse(b"0.00894"), short(false, 894, -5));
        assert_eq!(parse(b"-1.50e3"), short(true, 150, 1));
        assert_eq!(parse(b"+.5E-7"), short(false, 5, -8));
        assert_eq!(parse(b"5."), short(false, 5, 0));
        for left in ["", ".", "-", "1e", "e5", "1e5.", "1..2", "1_0", " 1", "nan", "1e+-3"] {
            assert_eq!(parse(left.as_bytes()), None, "{left}");
        }
    }
}
