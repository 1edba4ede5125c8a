//! Decimal numbers and the operations of the General Decimal Arithmetic specification that are done natively. Knows
//! nothing of Python.
//!
//! A coefficient is a binary big integer; its decimal digits are counted when a rule asks for them. Every operation
//! takes the [`Rules`] of a context and adds what happened to a set of [`status`] bits.

use dashu_int::UBig;
use std::cmp::Ordering;

/// Bits for what may happen; the numbers are internal.
pub mod status {
    pub const CLAMPED: u32 = 1;
    pub const CONVERSION_SYNTAX: u32 = 2;
    pub const DIVISION_BY_ZERO: u32 = 4;
    pub const DIVISION_IMPOSSIBLE: u32 = 8;
    pub const DIVISION_UNDEFINED: u32 = 0x10;
    pub const INEXACT: u32 = 0x40;
    pub const INVALID_CONTEXT: u32 = 0x80;
    pub const INVALID_OPERATION: u32 = 0x100;
    pub const OVERFLOW: u32 = 0x800;
    pub const ROUNDED: u32 = 0x1000;
    pub const SUBNORMAL: u32 = 0x2000;
    pub const UNDERFLOW: u32 = 0x4000;
    pub const FLOAT_OPERATION: u32 = 0x8000;
    /// A result would need more memory than there is.
    pub const OUT_OF_MEMORY: u32 = 0x200;
    /// All that count as the signal InvalidOperation.
    pub const ANY_INVALID: u32 =
        CONVERSION_SYNTAX | DIVISION_IMPOSSIBLE | DIVISION_UNDEFINED | INVALID_CONTEXT | INVALID_OPERATION;
}

pub const MAX_PREC: i64 = 999_999_999_999_999_999;
pub const MAX_EMAX: i64 = 999_999_999_999_999_999;
pub const MIN_EMIN: i64 = -MAX_EMAX;
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);

/// How a result that is too long is made shorter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    ZeroFiveUp,
}

pub const ROUNDINGS: [(Rounding, &str); 8] = [
    (Rounding::Up, "ROUND_UP"),
    (Rounding::Down, "ROUND_DOWN"),
    (Rounding::Ceiling, "ROUND_CEILING"),
    (Rounding::Floor, "ROUND_FLOOR"),
    (Rounding::HalfUp, "ROUND_HALF_UP"),
    (Rounding::HalfDown, "ROUND_HALF_DOWN"),
    (Rounding::HalfEven, "ROUND_HALF_EVEN"),
    (Rounding::ZeroFiveUp, "ROUND_05UP"),
];

/// What a context prescribes.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub prec: i64,
    pub rounding: Rounding,
    pub emin: i64,
    pub emax: i64,
    pub clamp: bool,
}

impl Rules {
    /// The widest limits: what exact conversions go by.
    pub const WIDEST: Rules =
        Rules { prec: MAX_PREC, rounding: Rounding::HalfEven, emin: MIN_EMIN, emax: MAX_EMAX, clamp: false };

    pub fn etiny(&self) -> i64 {
        self.emin - self.prec + 1
    }

    pub fn etop(&self) -> i64 {
        self.emax - self.prec + 1
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Finite,
    Infinite,
    Quiet,
    Signaling,
}

/// A decimal number; the coefficient of a NaN is its payload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Number {
    pub negative: bool,
    pub kind: Kind,
    pub coefficient: UBig,
    pub exponent: i64,
}

/// `10 ** n`.
pub fn power_of_ten(n: u64) -> UBig {
    match u32::try_from(n) {
        Ok(n) if n <= 38 => UBig::from(10_u128.pow(n)),
        _ => UBig::from(10_u8).pow(n as usize),
    }
}

/// Zeros that a coefficient gets at most at once: some hundred megabytes.
const MAX_ZEROS: u64 = 1_000_000_000;

/// A coefficient with `n` zeros behind it.
fn scale(coefficient: &UBig, n: u64, happened: &mut u32) -> UBig {
    if n == 0 || coefficient.is_zero() {
        return coefficient.clone();
    }
    if n > MAX_ZEROS {
        *happened |= status::OUT_OF_MEMORY;
        return coefficient.clone();
    }
    coefficient * power_of_ten(n)
}

/// Decimal digits of a number; 1 for zero.
pub fn count_digits(n: &UBig) -> i64 {
    if let Ok(short) = u128::try_from(n) {
        return super::short::count_digits(short);
    }
    let bits = dashu_int::ops::BitTest::bit_len(n);
    // 30102/100000 is a little less than the logarithm of 2.
    let guess = ((bits as u128 - 1) * 30_102_999_566 / 100_000_000_000) as u64;
    i64::try_from(guess).unwrap_or(i64::MAX) + i64::from(*n >= power_of_ten(guess + 1)) + 1
}

impl Number {
    pub fn finite(negative: bool, coefficient: UBig, exponent: i64) -> Number {
        Number { negative, kind: Kind::Finite, coefficient, exponent }
    }

    pub fn infinity(negative: bool) -> Number {
        Number { negative, kind: Kind::Infinite, coefficient: UBig::ZERO, exponent: 0 }
    }

    pub fn nan() -> Number {
        Number { negative: false, kind: Kind::Quiet, coefficient: UBig::ZERO, exponent: 0 }
    }

    pub fn zero() -> Number {
        Number::finite(false, UBig::ZERO, 0)
    }

    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }

    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinite
    }

    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Quiet | Kind::Signaling)
    }

    pub fn is_zero(&self) -> bool {
        self.is_finite() && self.coefficient.is_zero()
    }

    pub fn digits(&self) -> i64 {
        count_digits(&self.coefficient)
    }

    /// The exponent of the first digit.
    pub fn adjusted(&self) -> i64 {
        self.exponent + self.digits() - 1
    }

    pub fn negated(mut self) -> Number {
        self.negative = !self.negative;
        self
    }

    pub fn absolute(mut self) -> Number {
        self.negative = false;
        self
    }

    /// The number shortened and bounded as the rules ask.
    pub fn finish(self, rules: &Rules, happened: &mut u32) -> Number {
        match self.kind {
            Kind::Infinite => return self,
            Kind::Quiet | Kind::Signaling => return self.shorten_payload(rules),
            Kind::Finite => {}
        }
        let (etiny, etop) = (rules.etiny(), rules.etop());
        if self.coefficient.is_zero() {
            let most = if rules.clamp { etop } else { rules.emax };
            let exponent = self.exponent.max(etiny).min(most);
            if exponent != self.exponent {
                *happened |= status::CLAMPED;
            }
            return Number { exponent, ..self };
        }
        let n_digits = self.digits();
        let mut least = n_digits.saturating_add(self.exponent) - rules.prec;
        if least > etop {
            return overflow(self.negative, rules, happened);
        }
        let is_subnormal = least < etiny;
        if is_subnormal {
            least = etiny;
        }
        if self.exponent < least {
            let (mut coefficient, inexact) =
                round_off(&self.coefficient, n_digits, least - self.exponent, self.negative, rules.rounding);
            if count_digits(&coefficient) > rules.prec {
                coefficient /= 10_u8;
                least += 1;
            }
            let result = if least > etop {
                overflow(self.negative, rules, happened)
            } else {
                Number::finite(self.negative, coefficient, least)
            };
            if inexact && is_subnormal {
                *happened |= status::UNDERFLOW;
            }
            if is_subnormal {
                *happened |= status::SUBNORMAL;
            }
            if inexact {
                *happened |= status::INEXACT;
            }
            *happened |= status::ROUNDED;
            if result.is_zero() {
                *happened |= status::CLAMPED;
            }
            return result;
        }
        if is_subnormal {
            *happened |= status::SUBNORMAL;
        }
        if rules.clamp && self.exponent > etop {
            *happened |= status::CLAMPED;
            let coefficient = scale(&self.coefficient, (self.exponent - etop) as u64, happened);
            return Number::finite(self.negative, coefficient, etop);
        }
        self
    }

    fn shorten_payload(mut self, rules: &Rules) -> Number {
        let most = rules.prec - i64::from(rules.clamp);
        if !self.coefficient.is_zero() && self.digits() > most {
            self.coefficient %= power_of_ten(most as u64);
        }
        self
    }

    /// The same value with another exponent, shortened by the rounding where that takes digits away.
    fn rescaled(&self, exponent: i64, rounding: Rounding, happened: &mut u32) -> Number {
        if self.coefficient.is_zero() {
            return Number::finite(self.negative, UBig::ZERO, exponent);
        }
        let coefficient = if self.exponent >= exponent {
            scale(&self.coefficient, (self.exponent - exponent) as u64, happened)
        } else {
            round_off(&self.coefficient, self.digits(), exponent - self.exponent, self.negative, rounding).0
        };
        Number::finite(self.negative, coefficient, exponent)
    }
}

/// A coefficient without its last `n` digits, rounded, and whether that changed the value.
fn round_off(coefficient: &UBig, n_digits: i64, n: i64, negative: bool, rounding: Rounding) -> (UBig, bool) {
    // Beyond all digits only their being there counts.
    let (quotient, against_half, exact) = if n > n_digits {
        (UBig::ZERO, Ordering::Less, coefficient.is_zero())
    } else {
        let unit = power_of_ten(n as u64);
        let (quotient, rest) = dashu_int::ops::DivRem::div_rem(coefficient, &unit);
        let exact = rest.is_zero();
        let against_half = (rest * 2_u8).cmp(&unit);
        (quotient, against_half, exact)
    };
    if exact {
        return (quotient, false);
    }
    let up = rounds_up(rounding, negative, against_half, || &quotient % 10_u8);
    (if up { quotient + 1_u8 } else { quotient }, true)
}

/// Whether the digit before what is cut off, `last`, goes up by one.
#[inline]
pub fn rounds_up(rounding: Rounding, negative: bool, against_half: Ordering, last: impl Fn() -> u8) -> bool {
    match rounding {
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::HalfUp => against_half.is_ge(),
        Rounding::HalfDown => against_half.is_gt(),
        Rounding::HalfEven => against_half.is_gt() || against_half.is_eq() && last() % 2 == 1,
        Rounding::ZeroFiveUp => matches!(last(), 0 | 5),
    }
}

fn overflow(negative: bool, rules: &Rules, happened: &mut u32) -> Number {
    *happened |= status::OVERFLOW | status::INEXACT | status::ROUNDED;
    let is_infinite = match rules.rounding {
        Rounding::Up | Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven => true,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::Down | Rounding::ZeroFiveUp => false,
    };
    if is_infinite {
        Number::infinity(negative)
    } else {
        // All nines; so many that memory is not enough are refused.
        let n = rules.prec as u64;
        let nines = scale(&UBig::ONE, n, happened) - 1_u8;
        Number::finite(negative, nines, rules.etop())
    }
}

pub fn invalid(happened: &mut u32) -> Number {
    *happened |= status::INVALID_OPERATION;
    Number::nan()
}

/// The answer of an operation with a NaN among its operands: a signaling one first.
pub fn nan_of(operands: &[&Number], rules: &Rules, happened: &mut u32) -> Option<Number> {
    let found = operands
        .iter()
        .find(|number| number.kind == Kind::Signaling)
        .inspect(|_| *happened |= status::INVALID_OPERATION)
        .or_else(|| operands.iter().find(|number| number.kind == Kind::Quiet))?;
    Some(Number { kind: Kind::Quiet, ..(*found).clone() }.shorten_payload(rules))
}

pub fn add(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        return nan;
    }
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) if a.negative != b.negative => return invalid(happened),
        (true, _) => return a.clone(),
        (false, true) => return b.clone(),
        (false, false) => {}
    }
    let exponent = a.exponent.min(b.exponent);
    let zero_is_negative = rules.rounding == Rounding::Floor && a.negative != b.negative;
    match (a.is_zero(), b.is_zero()) {
        (true, true) => {
            let negative = a.negative && b.negative || zero_is_negative;
            return Number::finite(negative, UBig::ZERO, exponent).finish(rules, happened);
        }
        (true, false) => {
            let exponent = exponent.max(b.exponent.saturating_sub(rules.prec + 1));
            return b.rescaled(exponent, rules.rounding, happened).finish(rules, happened);
        }
        (false, true) => {
            let exponent = exponent.max(a.exponent.saturating_sub(rules.prec + 1));
            return a.rescaled(exponent, rules.rounding, happened).finish(rules, happened);
        }
        (false, false) => {}
    }
    let (large, small) = if a.exponent < b.exponent { (b, a) } else { (a, b) };
    // A number so small that it changes no digit of the result is replaced by a one that far away.
    let mut tail = (small.coefficient.clone(), small.exponent);
    if large.exponent != small.exponent {
        let bound = large.exponent + (large.digits() - rules.prec - 2).min(-1);
        if small.digits().saturating_add(small.exponent) - 1 < bound {
            tail = (UBig::ONE, bound);
        }
    }
    let head = scale(&large.coefficient, (large.exponent - tail.1) as u64, happened);
    let (coefficient, negative) = if large.negative == small.negative {
        (head + tail.0, large.negative)
    } else {
        match head.cmp(&tail.0) {
            Ordering::Greater => (head - tail.0, large.negative),
            Ordering::Less => (tail.0 - head, small.negative),
            Ordering::Equal => {
                return Number::finite(zero_is_negative, UBig::ZERO, exponent).finish(rules, happened);
            }
        }
    };
    Number::finite(negative, coefficient, tail.1).finish(rules, happened)
}

pub fn subtract(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Number {
    match nan_of(&[a, b], rules, happened) {
        Some(nan) => nan,
        None => add(a, &b.clone().negated(), rules, happened),
    }
}

pub fn multiply(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        return nan;
    }
    let negative = a.negative != b.negative;
    if a.is_infinite() || b.is_infinite() {
        return if a.is_zero() || b.is_zero() { invalid(happened) } else { Number::infinity(negative) };
    }
    Number::finite(negative, &a.coefficient * &b.coefficient, a.exponent + b.exponent).finish(rules, happened)
}

/// `a * b + c`, rounded once. A product that is invalid is so even when the third operand is a NaN.
pub fn fused(a: &Number, b: &Number, c: &Number, rules: &Rules, happened: &mut u32) -> Number {
    let factors = [a, b];
    if factors.iter().any(|factor| factor.kind == Kind::Signaling) {
        return nan_of(&factors, rules, happened).expect("one of them is a NaN");
    }
    let negative = a.negative != b.negative;
    let product = if let Some(nan) = factors.into_iter().find(|factor| factor.is_nan()) {
        nan.clone()
    } else if a.is_infinite() || b.is_infinite() {
        if a.is_zero() || b.is_zero() {
            return invalid(happened);
        }
        Number::infinity(negative)
    } else {
        Number::finite(negative, &a.coefficient * &b.coefficient, a.exponent + b.exponent)
    };
    add(&product, c, rules, happened)
}

pub fn divide(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        return nan;
    }
    let negative = a.negative != b.negative;
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) => return invalid(happened),
        (true, false) => return Number::infinity(negative),
        (false, true) => {
            *happened |= status::CLAMPED;
            return Number::finite(negative, UBig::ZERO, rules.etiny());
        }
        (false, false) => {}
    }
    if b.is_zero() {
        if a.is_zero() {
            *happened |= status::DIVISION_UNDEFINED;
            return Number::nan();
        }
        *happened |= status::DIVISION_BY_ZERO;
        return Number::infinity(negative);
    }
    let ideal = a.exponent - b.exponent;
    if a.is_zero() {
        return Number::finite(negative, UBig::ZERO, ideal).finish(rules, happened);
    }
    let shift = b.digits() - a.digits() + rules.prec + 1;
    let mut exponent = ideal - shift;
    let (mut quotient, rest) = if shift >= 0 {
        dashu_int::ops::DivRem::div_rem(scale(&a.coefficient, shift as u64, happened), &b.coefficient)
    } else {
        dashu_int::ops::DivRem::div_rem(&a.coefficient, scale(&b.coefficient, -shift as u64, happened))
    };
    if !rest.is_zero() {
        // A last digit of 0 or 5 would look like an exact result or a half.
        if (&quotient % 5_u8) == 0 {
            quotient += 1_u8;
        }
    } else {
        (quotient, exponent) = without_zeros(quotient, exponent, ideal);
    }
    Number::finite(negative, quotient, exponent).finish(rules, happened)
}

/// A coefficient without zeros at its end, as long as the exponent stays at most `limit`.
fn without_zeros(mut coefficient: UBig, mut exponent: i64, limit: i64) -> (UBig, i64) {
    let mut step = 16_u32;
    while step > 0 && exponent < limit {
        let unit = UBig::from(10_u128.pow(step));
        while exponent + i64::from(step) <= limit {
            let (quotient, rest) = dashu_int::ops::DivRem::div_rem(&coefficient, &unit);
            if !rest.is_zero() {
                break;
            }
            (coefficient, exponent) = (quotient, exponent + i64::from(step));
        }
        step /= 2;
    }
    (coefficient, exponent)
}

/// Integer quotient and remainder of finite numbers, the divisor not zero; `None` when the quotient is too long.
fn divide_whole(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Option<(Number, Number)> {
    let negative = a.negative != b.negative;
    let ideal = if b.is_infinite() { a.exponent } else { a.exponent.min(b.exponent) };
    let distance = a.adjusted().saturating_sub(b.adjusted());
    if a.is_zero() || b.is_infinite() || distance <= -2 {
        return Some((Number::finite(negative, UBig::ZERO, 0), a.rescaled(ideal, rules.rounding, happened)));
    }
    if distance > rules.prec {
        return None;
    }
    let dividend = scale(&a.coefficient, a.exponent.saturating_sub(b.exponent).max(0) as u64, happened);
    let divisor = scale(&b.coefficient, b.exponent.saturating_sub(a.exponent).max(0) as u64, happened);
    let (quotient, rest) = dashu_int::ops::DivRem::div_rem(dividend, divisor);
    if count_digits(&quotient) > rules.prec {
        return None;
    }
    Some((Number::finite(negative, quotient, 0), Number::finite(a.negative, rest, ideal)))
}

pub fn divide_integer(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        return nan;
    }
    let negative = a.negative != b.negative;
    if a.is_infinite() {
        return if b.is_infinite() { invalid(happened) } else { Number::infinity(negative) };
    }
    if b.is_zero() {
        if a.is_zero() {
            *happened |= status::DIVISION_UNDEFINED;
            return Number::nan();
        }
        *happened |= status::DIVISION_BY_ZERO;
        return Number::infinity(negative);
    }
    match divide_whole(a, b, rules, happened) {
        Some((quotient, _)) => quotient.finish(rules, happened),
        None => {
            *happened |= status::DIVISION_IMPOSSIBLE;
            Number::nan()
        }
    }
}

pub fn remainder(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        return nan;
    }
    if a.is_infinite() {
        return invalid(happened);
    }
    if b.is_zero() {
        if a.is_zero() {
            *happened |= status::DIVISION_UNDEFINED;
            return Number::nan();
        }
        return invalid(happened);
    }
    match divide_whole(a, b, rules, happened) {
        Some((_, rest)) => rest.finish(rules, happened),
        None => {
            *happened |= status::DIVISION_IMPOSSIBLE;
            Number::nan()
        }
    }
}

/// `divmod(a, b)`.
pub fn divide_both(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> (Number, Number) {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        return (nan.clone(), nan);
    }
    let negative = a.negative != b.negative;
    if a.is_infinite() {
        let rest = invalid(happened);
        return (if b.is_infinite() { Number::nan() } else { Number::infinity(negative) }, rest);
    }
    if b.is_zero() {
        if a.is_zero() {
            *happened |= status::DIVISION_UNDEFINED;
            return (Number::nan(), Number::nan());
        }
        *happened |= status::DIVISION_BY_ZERO;
        return (Number::infinity(negative), invalid(happened));
    }
    match divide_whole(a, b, rules, happened) {
        Some((quotient, rest)) => (quotient.finish(rules, happened), rest.finish(rules, happened)),
        None => {
            *happened |= status::DIVISION_IMPOSSIBLE;
            (Number::nan(), Number::nan())
        }
    }
}

/// The order of two numbers that are no NaNs.
pub fn order(a: &Number, b: &Number) -> Ordering {
    let sign = |number: &Number| match (number.is_zero(), number.negative) {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let (sign_a, sign_b) = (sign(a), sign(b));
    if sign_a != sign_b || sign_a == 0 {
        return sign_a.cmp(&sign_b);
    }
    let magnitude = match (a.is_infinite(), b.is_infinite()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => magnitude_order(a, b),
    };
    if a.negative { magnitude.reverse() } else { magnitude }
}

/// The order of the absolute values of finite numbers that are not zero.
fn magnitude_order(a: &Number, b: &Number) -> Ordering {
    let by_place = a.adjusted().cmp(&b.adjusted());
    if by_place.is_ne() {
        return by_place;
    }
    // The places are the same, so that the exponents differ by no more than there are digits.
    match a.exponent.cmp(&b.exponent) {
        Ordering::Equal => a.coefficient.cmp(&b.coefficient),
        Ordering::Greater => (&a.coefficient * power_of_ten((a.exponent - b.exponent) as u64)).cmp(&b.coefficient),
        Ordering::Less => a.coefficient.cmp(&(&b.coefficient * power_of_ten((b.exponent - a.exponent) as u64))),
    }
}

/// The operation `compare`: -1, 0, 1 or NaN. `signal` makes every NaN an invalid operation.
pub fn compare(a: &Number, b: &Number, signal: bool, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, b], rules, happened) {
        if signal {
            *happened |= status::INVALID_OPERATION;
        }
        return nan;
    }
    match order(a, b) {
        Ordering::Less => Number::finite(true, UBig::ONE, 0),
        Ordering::Equal => Number::zero(),
        Ordering::Greater => Number::finite(false, UBig::ONE, 0),
    }
}

pub fn quantize(a: &Number, exp: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a, exp], rules, happened) {
        return nan;
    }
    if a.is_infinite() || exp.is_infinite() {
        return if a.is_infinite() && exp.is_infinite() { a.clone() } else { invalid(happened) };
    }
    let wanted = exp.exponent;
    if !(rules.etiny()..=rules.emax).contains(&wanted) {
        return invalid(happened);
    }
    if a.is_zero() {
        return Number::finite(a.negative, UBig::ZERO, wanted).finish(rules, happened);
    }
    let place = a.adjusted();
    if place > rules.emax || place - wanted + 1 > rules.prec {
        return invalid(happened);
    }
    let result = a.rescaled(wanted, rules.rounding, happened);
    if result.adjusted() > rules.emax || result.digits() > rules.prec {
        return invalid(happened);
    }
    if !result.is_zero() && result.adjusted() < rules.emin {
        *happened |= status::SUBNORMAL;
    }
    if wanted > a.exponent {
        if order(&result, a).is_ne() {
            *happened |= status::INEXACT;
        }
        *happened |= status::ROUNDED;
    }
    result.finish(rules, happened)
}

/// Unary plus: the number by the rules. Zero loses its sign unless rounding goes down.
pub fn plus(a: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a], rules, happened) {
        return nan;
    }
    let mut result = a.clone();
    if a.is_zero() {
        result.negative = a.negative && rules.rounding == Rounding::Floor;
    }
    result.finish(rules, happened)
}

pub fn minus(a: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a], rules, happened) {
        return nan;
    }
    let mut result = a.clone().negated();
    if a.is_zero() {
        result.negative = !a.negative && rules.rounding == Rounding::Floor;
    }
    result.finish(rules, happened)
}

pub fn absolute(a: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if a.negative { minus(a, rules, happened) } else { plus(a, rules, happened) }
}

/// Without zeros at the end.
pub fn normalize(a: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a], rules, happened) {
        return nan;
    }
    let result = a.clone().finish(rules, happened);
    if !result.is_finite() {
        return result;
    }
    if result.is_zero() {
        return Number::finite(result.negative, UBig::ZERO, 0);
    }
    let most = if rules.clamp { rules.etop() } else { rules.emax };
    let (coefficient, exponent) = without_zeros(result.coefficient, result.exponent, most);
    Number::finite(result.negative, coefficient, exponent)
}

/// Rounded to a whole number; `exact` tells of what is lost.
pub fn to_integral(a: &Number, exact: bool, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a], rules, happened) {
        return nan;
    }
    if a.is_infinite() || a.exponent >= 0 {
        return a.clone();
    }
    if a.is_zero() {
        return Number::finite(a.negative, UBig::ZERO, 0);
    }
    let result = a.rescaled(0, rules.rounding, happened);
    if exact {
        if order(&result, a).is_ne() {
            *happened |= status::INEXACT;
        }
        *happened |= status::ROUNDED;
    }
    result
}

pub fn square_root(a: &Number, rules: &Rules, happened: &mut u32) -> Number {
    if let Some(nan) = nan_of(&[a], rules, happened) {
        return nan;
    }
    if a.is_zero() {
        return Number::finite(a.negative, UBig::ZERO, a.exponent.div_euclid(2)).finish(rules, happened);
    }
    if a.negative {
        return invalid(happened);
    }
    if a.is_infinite() {
        return a.clone();
    }
    // The root of a coefficient with two digits for each that is wanted, and one more.
    let wanted = rules.prec + 1;
    let n = a.digits();
    let mut half = a.exponent.div_euclid(2);
    let (mut coefficient, length) = if a.exponent.rem_euclid(2) == 1 {
        (&a.coefficient * 10_u8, (n >> 1) + 1)
    } else {
        (a.coefficient.clone(), (n + 1) >> 1)
    };
    let shift = wanted - length;
    let mut exact = true;
    if shift >= 0 {
        coefficient = scale(&coefficient, (2 * shift) as u64, happened);
    } else {
        let (quotient, rest) = dashu_int::ops::DivRem::div_rem(&coefficient, &power_of_ten((-2 * shift) as u64));
        (coefficient, exact) = (quotient, rest.is_zero());
    }
    half -= shift;
    let mut root = dashu_int::ops::SquareRoot::sqrt(&coefficient);
    exact = exact && &root * &root == coefficient;
    if exact {
        if shift >= 0 {
            root /= power_of_ten((shift as u64).min(MAX_ZEROS));
        } else {
            root = scale(&root, -shift as u64, happened);
        }
        half += shift;
    } else if (&root % 5_u8) == 0 {
        root += 1_u8;
    }
    let rules = Rules { rounding: Rounding::HalfEven, ..*rules };
    Number::finite(false, root, half).finish(&rules, happened)
}

/// A power with a whole exponent, by multiplication with some digits more; `None` for operands that have rules of their
/// own: zeros, ones, infinities, NaNs, and exponents that are not whole or very large.
pub fn whole_power(a: &Number, b: &Number, rules: &Rules, happened: &mut u32) -> Option<Number> {
    let one = Number::finite(false, UBig::ONE, 0);
    if !a.is_finite() || !b.is_finite() || a.is_zero() || b.is_zero() || order(&a.clone().absolute(), &one).is_eq() {
        return None;
    }
    if b.adjusted() > 9 || b.exponent < -30 {
        return None;
    }
    let whole = to_integral(b, false, &Rules { rounding: Rounding::Down, ..Rules::WIDEST }, &mut 0);
    if order(&whole, b).is_ne() {
        return None;
    }
    let n = u64::try_from(&(&whole.coefficient * power_of_ten(whole.exponent.max(0) as u64))).ok()?;
    // The digits that rounding at every step may spoil.
    let extra = b.digits() + b.exponent + 2 + i64::from(b.negative);
    let prec = rules.prec.checked_add(extra.max(2)).filter(|&prec| prec <= MAX_PREC)?;
    let work = Rules { prec, rounding: Rounding::HalfEven, clamp: false, ..*rules };
    if prec.min((a.digits() as u64).saturating_mul(n).min(i64::MAX as u64) as i64) > MAX_ZEROS as i64 {
        *happened |= status::OUT_OF_MEMORY;
        return Some(Number::nan());
    }
    let mut noted = 0;
    let base = if b.negative { divide(&one, a, &work, &mut noted) } else { a.clone() };
    let mut result = base.clone();
    for bit in (0..n.ilog2()).rev() {
        result = multiply(&result, &result, &work, &mut noted);
        if n >> bit & 1 == 1 {
            result = multiply(&result, &base, &work, &mut noted);
        }
        if !result.is_finite() || result.is_zero() && noted & status::CLAMPED != 0 {
            break;
        }
    }
    let negative = a.negative && n % 2 == 1;
    result.negative = negative;
    if result.is_infinite() {
        // Rounding may want the greatest finite number instead.
        result = Number::finite(negative, UBig::ONE, 2 * MAX_EMAX);
    }
    *happened |= noted;
    Some(result.finish(rules, happened))
}
