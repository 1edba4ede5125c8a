//! Ints of any size: conversions between values, machine words and `dashu`'s big ints, and Python's arithmetic.
//!
//! Called by the operators' slots of `int` and `bool`, by formatting and by native modules. Small operands never touch
//! a big int: their results are computed in machine words of twice the size.

use crate::number::limbs::{self, Limbs, Signed, Sum};
use crate::prelude::*;
use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::{BitTest, DivRem, Gcd};
use dashu_int::{IBig, Sign, UBig};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Results with more bits than this raise MemoryError instead of exhausting the machine; the library for big ints knows
/// no more either.
const MAX_BITS: u64 = 1 << 34;
/// Results with no more bits are made whatever the memory limit says.
const ALWAYS_BITS: u64 = 1 << 16;

/// An int as native code sees it.
#[derive(Clone, Copy)]
pub enum Num {
    Small(i64),
    Big(Gc<BigInt>),
}

impl Num {
    /// The int in `v`: an `int`, a `bool` or an instance of a subclass.
    #[inline(always)]
    pub fn of(v: Value) -> Option<Num> {
        if let Some(i) = v.as_int() {
            return Some(Num::Small(i.get()));
        }
        Num::of_other(v)
    }

    #[inline(never)]
    fn of_other(v: Value) -> Option<Num> {
        if let Some(i) = v.as_small_or_bool() {
            return Some(Num::Small(i));
        }
        let v = v.unwrap_payload();
        match v.as_small_or_bool() {
            Some(i) => Some(Num::Small(i)),
            None => v.cast::<BigInt>().map(Num::Big),
        }
    }

    pub fn to_ibig(self) -> IBig {
        match self {
            Num::Small(i) => IBig::from(i),
            Num::Big(big) => big_to_ibig(big),
        }
    }

    pub fn is_negative(self) -> bool {
        match self {
            Num::Small(i) => i < 0,
            Num::Big(big) => big.is_negative(),
        }
    }

    pub fn is_zero(self) -> bool {
        matches!(self, Num::Small(0))
    }

    pub fn is_odd(self) -> bool {
        match self {
            Num::Small(i) => i & 1 == 1,
            Num::Big(big) => big.limbs()[0] & 1 == 1,
        }
    }

    pub fn to_i64(self) -> Option<i64> {
        match self {
            Num::Small(i) => Some(i),
            Num::Big(big) => big.to_i64(),
        }
    }

    /// The value, when its magnitude has at most 127 bits.
    #[inline]
    fn to_i128(self) -> Option<i128> {
        let big = match self {
            Num::Small(i) => return Some(i as i128),
            Num::Big(big) => big,
        };
        let magnitude = match *big.limbs() {
            [low] => low as i128,
            [low, high] if high >> 63 == 0 => (high as i128) << 64 | low as i128,
            _ => return None,
        };
        Some(if big.is_negative() { -magnitude } else { magnitude })
    }

    /// The magnitude's limbs, which for a small int are put into `room`.
    fn signed<'a>(&'a self, room: &'a mut [u64; 1]) -> Signed<'a> {
        match self {
            Num::Small(i) => {
                room[0] = i.unsigned_abs();
                Signed { limbs: &room[..(*i != 0) as usize], negative: *i < 0 }
            }
            Num::Big(big) => Signed { limbs: big.limbs(), negative: big.is_negative() },
        }
    }

    /// As an exact `int`.
    pub fn value(self) -> Value {
        match self {
            Num::Small(i) => Int::new(i).expect("62 bits").value(),
            Num::Big(big) => big.value(),
        }
    }

    pub fn bit_length(self) -> u64 {
        match self {
            Num::Small(i) => 64 - i.unsigned_abs().leading_zeros() as u64,
            Num::Big(big) => limbs_bit_length(big.limbs()),
        }
    }
}

fn limbs_bit_length(limbs: &[u64]) -> u64 {
    match limbs.last() {
        Some(top) => limbs.len() as u64 * 64 - top.leading_zeros() as u64,
        None => 0,
    }
}

fn big_to_ibig(big: Gc<BigInt>) -> IBig {
    let sign = if big.is_negative() { Sign::Negative } else { Sign::Positive };
    IBig::from_parts(sign, UBig::from_words(big.limbs()))
}

/// Whether `v` is an int (or bool, or an instance of a subclass).
pub fn is_int(v: Value) -> bool {
    Num::of(v).is_some()
}

/// The exact int in `v`, for an int, a bool or an instance of a subclass.
pub fn exact(v: Value) -> Option<Value> {
    Num::of(v).map(Num::value)
}

/// The int `v` as a `dashu` int; 0 for anything else (callers have checked).
pub fn to_ibig(v: Value) -> IBig {
    Num::of(v).map_or(IBig::ZERO, Num::to_ibig)
}

/// A Python int of any size.
pub fn from_ibig(cx: &mut Cx, i: IBig) -> PyResult {
    let (sign, words) = i.as_sign_words();
    BigInt::from_limbs(&mut cx.heap, words, sign == Sign::Negative).or_raise(cx)
}

pub fn from_ubig(cx: &mut Cx, u: UBig) -> PyResult {
    BigInt::from_limbs(&mut cx.heap, u.as_words(), false).or_raise(cx)
}

#[inline]
pub fn from_i64(cx: &mut Cx, i: i64) -> Value {
    BigInt::from_i64(&mut cx.heap, i)
}

/// The value of `v` (through `__index__`) as an `i64`; OverflowError when it does not fit.
#[inline]
pub fn as_i64(cx: &mut Cx, v: Value) -> PyResult<i64> {
    if let Some(i) = v.as_int() {
        return Ok(i.get());
    }
    let index = index_value(cx, v)?;
    match Num::of(index).and_then(Num::to_i64) {
        Some(i) => Ok(i),
        None => Err(overflow_error(cx, "Python int too large to convert to C long")),
    }
}

/// As [`as_i64`] for sizes.
pub fn as_isize(cx: &mut Cx, v: Value) -> PyResult<isize> {
    if let Some(i) = v.as_int() {
        return Ok(i.get() as isize);
    }
    let index = index_value(cx, v)?;
    match Num::of(index).and_then(Num::to_i64) {
        Some(i) => Ok(i as isize),
        None => Err(overflow_error(cx, "Python int too large to convert to C ssize_t")),
    }
}

/// As [`as_i64`], but values out of range become the nearest `i64`.
pub fn as_i64_clamped(cx: &mut Cx, v: Value) -> PyResult<i64> {
    if let Some(i) = v.as_int() {
        return Ok(i.get());
    }
    let index = index_value(cx, v)?;
    Ok(match Num::of(index) {
        Some(n) => n.to_i64().unwrap_or(if n.is_negative() { i64::MIN } else { i64::MAX }),
        None => 0,
    })
}

/// The value of `v` (through `__index__`) as a `usize`; negative numbers are an OverflowError.
pub fn as_usize(cx: &mut Cx, v: Value) -> PyResult<usize> {
    let index = index_value(cx, v)?;
    match Num::of(index) {
        Some(n) if n.is_negative() => Err(overflow_error(cx, "can't convert negative value to unsigned int")),
        Some(Num::Small(i)) => Ok(i as usize),
        Some(Num::Big(big)) if big.limbs().len() == 1 => Ok(big.limbs()[0] as usize),
        _ => Err(overflow_error(cx, "Python int too large to convert to C unsigned long")),
    }
}

/// The low 64 bits of an int in two's complement.
pub fn low_u64(n: Num) -> u64 {
    match n {
        Num::Small(i) => i as u64,
        Num::Big(big) => {
            let low = big.limbs()[0];
            if big.is_negative() { low.wrapping_neg() } else { low }
        }
    }
}

// Floats.

/// The nearest float; `None` when it would be infinite.
pub fn num_to_f64(n: Num) -> Option<f64> {
    match n {
        Num::Small(i) => Some(i as f64),
        Num::Big(big) => {
            let m = limbs_to_f64(big.limbs())?;
            Some(if big.is_negative() { -m } else { m })
        }
    }
}

fn limbs_to_f64(limbs: &[u64]) -> Option<f64> {
    let (top, exponent) = top_bits(limbs);
    crate::number::float::round_scaled(top, exponent)
}

/// Up to 128 leading bits with a sticky lowest bit, and the exponent of the lowest.
fn top_bits(limbs: &[u64]) -> (u128, i64) {
    match *limbs {
        [] => (0, 0),
        [a] => (a as u128, 0),
        [a, b] => (a as u128 | (b as u128) << 64, 0),
        [ref rest @ .., a, b] => {
            let sticky = rest.iter().any(|&l| l != 0);
            ((a as u128 | (b as u128) << 64) | sticky as u128, rest.len() as i64 * 64)
        }
    }
}

/// An int as a float; OverflowError when too large.
pub fn int_to_f64(cx: &mut Cx, n: Num) -> PyResult<f64> {
    match num_to_f64(n) {
        Some(f) => Ok(f),
        None => Err(overflow_error(cx, "int too large to convert to float")),
    }
}

/// The float that is `v` truncated towards zero, as an int (`f` is finite).
pub fn from_f64_trunc(cx: &mut Cx, f: f64) -> PyResult {
    if f.abs() < (1i64 << 62) as f64 {
        return Ok(from_i64(cx, f as i64));
    }
    let (mantissa, exponent) = crate::number::float::decode(f.abs());
    let magnitude = UBig::from(mantissa) << exponent as usize;
    from_ibig(cx, IBig::from_parts(if f < 0.0 { Sign::Negative } else { Sign::Positive }, magnitude))
}

/// `float.__int__`: errors for infinities and NaNs.
pub fn from_f64(cx: &mut Cx, f: f64) -> PyResult {
    if f.is_nan() {
        return Err(value_error(cx, "cannot convert float NaN to integer"));
    }
    if f.is_infinite() {
        return Err(overflow_error(cx, "cannot convert float infinity to integer"));
    }
    from_f64_trunc(cx, f)
}

/// Compare an int with a float exactly; `None` for a NaN.
pub fn compare_with_f64(n: Num, f: f64) -> Option<Ordering> {
    if f.is_nan() {
        return None;
    }
    if let Num::Small(i) = n
        && i.unsigned_abs() <= 1 << 53
    {
        return (i as f64).partial_cmp(&f);
    }
    if f.is_infinite() {
        return Some(if f > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let negative = n.is_negative();
    if negative != (f < 0.0) || f == 0.0 {
        let sign = if n.is_zero() {
            Ordering::Equal
        } else if negative {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        return Some(if f == 0.0 {
            sign
        } else if negative {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    // Same sign: compare with the truncated float, then with what was cut off.
    let whole = f.trunc();
    let (mantissa, exponent) = crate::number::float::decode(whole.abs());
    let magnitude = if exponent >= 0 {
        UBig::from(mantissa) << exponent as usize
    } else {
        UBig::from(mantissa) >> (-exponent) as usize
    };
    let whole_int = IBig::from_parts(if whole < 0.0 { Sign::Negative } else { Sign::Positive }, magnitude);
    let ordering = n.to_ibig().cmp(&whole_int);
    Some(ordering.then_with(|| whole.partial_cmp(&f).unwrap_or(Ordering::Equal)))
}

/// Compare two ints.
#[inline]
pub fn compare_nums(a: Num, b: Num) -> Ordering {
    match (a, b) {
        (Num::Small(a), Num::Small(b)) => a.cmp(&b),
        (Num::Big(a), Num::Big(b)) => a.cmp(&b),
        (Num::Small(_), Num::Big(b)) => {
            if b.is_negative() {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (Num::Big(a), Num::Small(_)) => {
            if a.is_negative() {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    }
}

/// The digits of the int `v` in `radix`, with a minus sign; ValueError beyond the limit on decimal digits.
pub fn to_text(cx: &mut Cx, v: Value, radix: u32) -> PyResult<String> {
    match Num::of(v) {
        Some(n) => crate::number::int_text::to_text(cx, n, radix),
        None => Ok(String::new()),
    }
}

/// The float nearest to the int `v`; `None` when it is too large.
pub fn to_f64(v: Value) -> Option<f64> {
    Num::of(v).and_then(num_to_f64)
}

// Arithmetic.

fn check_size(cx: &mut Cx, bits: u64) -> PyResult<()> {
    let most = MAX_BITS.min((cx.heap.raw.limit_bytes() as u64).saturating_mul(4)).max(ALWAYS_BITS);
    if bits > most { Err(memory_error(cx)) } else { Ok(()) }
}

#[inline]
fn from_i128(cx: &mut Cx, i: i128) -> Value {
    match i64::try_from(i).ok().and_then(Int::new) {
        Some(i) => i.value(),
        None => BigInt::from_i128(&mut cx.heap, i),
    }
}

fn from_sum(cx: &mut Cx, (limbs, negative): Sum) -> PyResult {
    BigInt::from_limbs(&mut cx.heap, &limbs, negative).or_raise(cx)
}

/// An operation on two ints: in double words where they and the result fit, otherwise on their limbs.
#[inline(always)]
fn on_limbs(
    cx: &mut Cx,
    a: Num,
    b: Num,
    short: impl FnOnce(i128, i128) -> Option<i128>,
    long: impl FnOnce(Signed, Signed) -> Sum,
) -> PyResult {
    if let (Some(a), Some(b)) = (a.to_i128(), b.to_i128())
        && let Some(result) = short(a, b)
    {
        return Ok(from_i128(cx, result));
    }
    let (mut left, mut right) = ([0], [0]);
    let result = long(a.signed(&mut left), b.signed(&mut right));
    from_sum(cx, result)
}

/// As [`on_limbs`], for sums and differences, which are written where they stay.
#[inline(always)]
fn in_place(
    cx: &mut Cx,
    a: Num,
    b: Num,
    short: impl FnOnce(i128, i128) -> Option<i128>,
    long: impl FnOnce(Signed, Signed, &mut [u64]) -> bool,
) -> PyResult {
    if let (Some(a), Some(b)) = (a.to_i128(), b.to_i128())
        && let Some(result) = short(a, b)
    {
        return Ok(from_i128(cx, result));
    }
    let (mut left, mut right) = ([0], [0]);
    let (x, y) = (a.signed(&mut left), b.signed(&mut right));
    let n = limbs::sum_length(x.limbs.len(), y.limbs.len());
    BigInt::build(&mut cx.heap, n, |out| long(x, y, out)).or_raise(cx)
}

pub fn add(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    match (a, b) {
        (Num::Small(a), Num::Small(b)) => Ok(from_i64(cx, a + b)),
        _ => in_place(cx, a, b, i128::checked_add, limbs::add),
    }
}

pub fn sub(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    match (a, b) {
        (Num::Small(a), Num::Small(b)) => Ok(from_i64(cx, a - b)),
        _ => in_place(cx, a, b, i128::checked_sub, limbs::sub),
    }
}

pub fn mul(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    if let (Num::Small(a), Num::Small(b)) = (a, b) {
        return Ok(from_i128(cx, a as i128 * b as i128));
    }
    let (mut left, mut right) = ([0], [0]);
    let (x, y) = (a.signed(&mut left), b.signed(&mut right));
    if limbs::is_short_product(x.limbs.len(), y.limbs.len()) {
        return BigInt::build(&mut cx.heap, x.limbs.len() + y.limbs.len(), |out| limbs::mul(x, y, out)).or_raise(cx);
    }
    check_size(cx, a.bit_length() + b.bit_length())?;
    from_ibig(cx, a.to_ibig() * b.to_ibig())
}

/// Quotient and remainder, rounded towards minus infinity; the divisor is not zero.
pub fn div_mod_ibig(a: IBig, b: &IBig) -> (IBig, IBig) {
    let (q, r) = a.div_rem(b);
    if !r.is_zero() && (r.sign() != b.sign()) { (q - IBig::ONE, r + b) } else { (q, r) }
}

/// Quotient and remainder in double words, rounded towards minus infinity; `None` where the operands are longer.
fn div_mod_short(a: Num, b: Num) -> Option<(i128, i128)> {
    let (a, b) = (a.to_i128()?, b.to_i128()?);
    let (q, r) = (a / b, a % b);
    Some(if r != 0 && (r ^ b) < 0 { (q - 1, r + b) } else { (q, r) })
}

/// Quotient and remainder of a long dividend and a divisor of one limb, rounded towards minus infinity.
fn div_mod_limb(a: Num, b: Num) -> Option<(Sum, i128)> {
    let (mut left, mut right) = ([0], [0]);
    let (a, b) = (a.signed(&mut left), b.signed(&mut right));
    let &[by] = b.limbs else { return None };
    let (mut quotient, remainder) = limbs::div_limb(a.limbs, by);
    let negative = a.negative != b.negative;
    let mut remainder = remainder as i128;
    if negative && remainder != 0 {
        add_one(&mut quotient);
        remainder = by as i128 - remainder;
    }
    Some(((quotient, negative), if b.negative { -remainder } else { remainder }))
}

/// Quotient and remainder of long operands that are so near each other that their leading limbs tell the quotient,
/// rounded towards minus infinity. The remainder is only computed when it `is_wanted` or tells how to round.
fn div_mod_near(cx: &mut Cx, a: Num, b: Num, is_wanted: bool) -> PyResult<Option<(Value, Value)>> {
    let (mut left, mut right) = ([0], [0]);
    let (x, y) = (a.signed(&mut left), b.signed(&mut right));
    let Some(quotient) = limbs::short_quotient(x.limbs, y.limbs) else { return Ok(None) };
    if x.negative == y.negative && !is_wanted {
        return Ok(Some((BigInt::from_u64(&mut cx.heap, quotient), Value::UNBOUND)));
    }
    let rest = BigInt::build(&mut cx.heap, x.limbs.len(), |out| {
        limbs::sub_product(x.limbs, y.limbs, quotient, out);
        x.negative
    });
    let rest = rest.or_raise(cx)?;
    if x.negative == y.negative {
        return Ok(Some((BigInt::from_u64(&mut cx.heap, quotient), rest)));
    }
    let is_exact = rest == Int::ZERO.value();
    let quotient = from_i128(cx, -i128::from(quotient) - i128::from(!is_exact));
    let rest = if is_exact || !is_wanted { rest } else { add(cx, Num::of(rest).expect("an int"), b)? };
    Ok(Some((quotient, rest)))
}

/// Add one to the magnitude of a quotient that was rounded down.
fn add_one(limbs: &mut Limbs) {
    for limb in limbs.iter_mut() {
        let carry;
        (*limb, carry) = limb.overflowing_add(1);
        if !carry {
            return;
        }
    }
    limbs.push(1);
}

fn zero_division(cx: &mut Cx, message: &str) -> Raised {
    zero_division_error(cx, message)
}

pub fn div_mod(cx: &mut Cx, a: Num, b: Num) -> PyResult<(Value, Value)> {
    if b.is_zero() {
        return Err(zero_division(cx, "division by zero"));
    }
    if let (Num::Small(a), Num::Small(b)) = (a, b) {
        let (mut q, mut r) = (a / b, a % b);
        if r != 0 && (r ^ b) < 0 {
            q -= 1;
            r += b;
        }
        return Ok((from_i64(cx, q), from_i64(cx, r)));
    }
    if let Some((q, r)) = div_mod_short(a, b) {
        let q = from_i128(cx, q);
        return Ok((q, from_i128(cx, r)));
    }
    if let Some((q, r)) = div_mod_limb(a, b) {
        let q = from_sum(cx, q)?;
        return Ok((q, from_i128(cx, r)));
    }
    if let Some(both) = div_mod_near(cx, a, b, true)? {
        return Ok(both);
    }
    let (q, r) = div_mod_ibig(a.to_ibig(), &b.to_ibig());
    let q = from_ibig(cx, q)?;
    Ok((q, from_ibig(cx, r)?))
}

pub fn floor_div(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    if b.is_zero() {
        return Err(zero_division(cx, "division by zero"));
    }
    if let (Num::Small(a), Num::Small(b)) = (a, b) {
        let (q, r) = (a / b, a % b);
        return Ok(from_i64(cx, if r != 0 && (r ^ b) < 0 { q - 1 } else { q }));
    }
    if let Some((q, _)) = div_mod_short(a, b) {
        return Ok(from_i128(cx, q));
    }
    if let Some((q, _)) = div_mod_limb(a, b) {
        return from_sum(cx, q);
    }
    if let Some((q, _)) = div_mod_near(cx, a, b, false)? {
        return Ok(q);
    }
    let (q, _) = div_mod_ibig(a.to_ibig(), &b.to_ibig());
    from_ibig(cx, q)
}

pub fn modulo(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    if b.is_zero() {
        return Err(zero_division(cx, "division by zero"));
    }
    if let (Num::Small(a), Num::Small(b)) = (a, b) {
        let r = a % b;
        return Ok(from_i64(cx, if r != 0 && (r ^ b) < 0 { r + b } else { r }));
    }
    if let Some((_, r)) = div_mod_short(a, b) {
        return Ok(from_i128(cx, r));
    }
    if let Some((_, r)) = div_mod_limb(a, b) {
        return Ok(from_i128(cx, r));
    }
    if let Some((_, r)) = div_mod_near(cx, a, b, true)? {
        return Ok(r);
    }
    let (_, r) = div_mod_ibig(a.to_ibig(), &b.to_ibig());
    from_ibig(cx, r)
}

/// `a / b` as the nearest float.
pub fn true_div(cx: &mut Cx, a: Num, b: Num) -> PyResult<f64> {
    if b.is_zero() {
        return Err(zero_division(cx, "division by zero"));
    }
    if let (Num::Small(x), Num::Small(y)) = (a, b)
        && x.unsigned_abs() <= 1 << 53
        && y.unsigned_abs() <= 1 << 53
    {
        return Ok(x as f64 / y as f64);
    }
    if a.is_zero() {
        return Ok(0.0);
    }
    let negative = a.is_negative() != b.is_negative();
    let (_, a) = a.to_ibig().into_parts();
    let (_, b) = b.to_ibig().into_parts();
    // A quotient of 66 or 67 bits, whose lowest bit also stands for a remainder, rounds correctly.
    let shift = 66 - (a.bit_len() as i64 - b.bit_len() as i64);
    let (q, r) = if shift >= 0 { (a << shift as usize).div_rem(&b) } else { a.div_rem(&(b << (-shift) as usize)) };
    let words = q.as_words();
    let q = words.first().copied().unwrap_or(0) as u128 | (words.get(1).copied().unwrap_or(0) as u128) << 64;
    match crate::number::float::round_scaled(q | (!r.is_zero()) as u128, -shift) {
        Some(f) => Ok(if negative { -f } else { f }),
        None => Err(overflow_error(cx, "integer division result too large for a float")),
    }
}

pub fn neg(cx: &mut Cx, a: Num) -> PyResult {
    match a {
        Num::Small(i) => Ok(from_i64(cx, -i)),
        Num::Big(big) => from_sum(cx, (Limbs::from_slice(big.limbs()), !big.is_negative())),
    }
}

pub fn abs(cx: &mut Cx, a: Num) -> PyResult {
    if a.is_negative() { neg(cx, a) } else { Ok(a.value()) }
}

pub fn invert(cx: &mut Cx, a: Num) -> PyResult {
    match a {
        Num::Small(i) => Ok(from_i64(cx, !i)),
        Num::Big(_) => {
            // -a - 1
            let negated = neg(cx, a)?;
            sub(cx, Num::of(negated).expect("an int"), Num::Small(1))
        }
    }
}

pub fn and(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    match (a, b) {
        (Num::Small(a), Num::Small(b)) => Ok(from_i64(cx, a & b)),
        _ => on_limbs(cx, a, b, |a, b| Some(a & b), |a, b| limbs::bitwise(a, b, |a, b| a & b)),
    }
}

pub fn or(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    match (a, b) {
        (Num::Small(a), Num::Small(b)) => Ok(from_i64(cx, a | b)),
        _ => on_limbs(cx, a, b, |a, b| Some(a | b), |a, b| limbs::bitwise(a, b, |a, b| a | b)),
    }
}

pub fn xor(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    match (a, b) {
        (Num::Small(a), Num::Small(b)) => Ok(from_i64(cx, a ^ b)),
        _ => on_limbs(cx, a, b, |a, b| Some(a ^ b), |a, b| limbs::bitwise(a, b, |a, b| a ^ b)),
    }
}

pub fn shift_left(cx: &mut Cx, a: Num, by: Num) -> PyResult {
    if by.is_negative() {
        return Err(value_error(cx, "negative shift count"));
    }
    if a.is_zero() {
        return Ok(Int::ZERO.value());
    }
    let Num::Small(n) = by else {
        return Err(overflow_error(cx, "too many digits in integer"));
    };
    if let Num::Small(i) = a
        && n < 64
    {
        return Ok(from_i128(cx, (i as i128) << n));
    }
    check_size(cx, a.bit_length() + n as u64)?;
    let mut room = [0];
    let result = limbs::shift_left(a.signed(&mut room), n as usize);
    from_sum(cx, result)
}

pub fn shift_right(cx: &mut Cx, a: Num, by: Num) -> PyResult {
    if by.is_negative() {
        return Err(value_error(cx, "negative shift count"));
    }
    let Num::Small(n) = by else {
        return Ok(from_i64(cx, if a.is_negative() { -1 } else { 0 }));
    };
    match a {
        Num::Small(i) => Ok(from_i64(cx, i >> n.min(63))),
        Num::Big(_) if n as u64 >= a.bit_length() => Ok(from_i64(cx, if a.is_negative() { -1 } else { 0 })),
        Num::Big(_) => {
            if let Some(a) = a.to_i128() {
                return Ok(from_i128(cx, a >> n.min(127)));
            }
            let mut room = [0];
            let result = limbs::shift_right(a.signed(&mut room), n as usize);
            from_sum(cx, result)
        }
    }
}

/// `a ** b` for `b >= 0`.
fn pow_positive(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    match (a, b) {
        (_, Num::Small(0)) | (Num::Small(1), _) => return Ok(from_i64(cx, 1)),
        (Num::Small(0), _) => return Ok(from_i64(cx, 0)),
        (Num::Small(-1), _) => return Ok(from_i64(cx, if b.is_odd() { -1 } else { 1 })),
        _ => {}
    }
    let Num::Small(n) = b else { return Err(memory_error(cx)) };
    if let Num::Small(i) = a
        && let Ok(exponent) = u32::try_from(n)
        && let Some(result) = (i as i128).checked_pow(exponent)
    {
        return Ok(from_i128(cx, result));
    }
    let bits = (a.bit_length() - 1).max(1).saturating_mul(n as u64);
    check_size(cx, bits)?;
    from_ibig(cx, a.to_ibig().pow(n as usize))
}

/// `pow(a, b)`: a float when `b` is negative.
pub fn pow(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    if b.is_negative() {
        let (x, y) = (int_to_f64(cx, a)?, int_to_f64(cx, b)?);
        return crate::number::float::pow(cx, x, y);
    }
    pow_positive(cx, a, b)
}

/// `pow(a, b, modulus)`.
pub fn pow_mod(cx: &mut Cx, a: Num, b: Num, modulus: Num) -> PyResult {
    if modulus.is_zero() {
        return Err(value_error(cx, "pow() 3rd argument cannot be 0"));
    }
    let m = modulus.to_ibig();
    let (sign, magnitude) = m.clone().into_parts();
    if magnitude.is_one() {
        return Ok(from_i64(cx, 0));
    }
    let (mut base, exponent) = (a.to_ibig(), b.to_ibig());
    let (exponent_sign, exponent) = exponent.into_parts();
    if exponent_sign == Sign::Negative {
        base = match inverse(&base, &magnitude) {
            Some(inverse) => inverse,
            None => return Err(value_error(cx, "base is not invertible for the given modulus")),
        };
    }
    let ring = ConstDivisor::new(magnitude);
    let result = IBig::from(ring.reduce(base).pow(&exponent).residue());
    // The result has the sign of the modulus.
    from_ibig(cx, if sign == Sign::Negative && !result.is_zero() { result + m } else { result })
}

/// The inverse of `a` modulo `m > 1`.
fn inverse(a: &IBig, m: &UBig) -> Option<IBig> {
    let modulus = IBig::from(m.clone());
    let (mut r0, mut r1) = (modulus.clone(), div_mod_ibig(a.clone(), &modulus).1);
    let (mut t0, mut t1) = (IBig::ZERO, IBig::ONE);
    while !r1.is_zero() {
        let (q, r) = r0.clone().div_rem(&r1);
        let t = t0 - &q * &t1;
        (r0, r1) = (r1, r);
        (t0, t1) = (t1, t);
    }
    if r0.is_one() { Some(div_mod_ibig(t0, &modulus).1) } else { None }
}

/// The greatest common divisor, not negative.
pub fn gcd(cx: &mut Cx, a: Num, b: Num) -> PyResult {
    if let (Num::Small(a), Num::Small(b)) = (a, b) {
        let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return Ok(BigInt::from_u64(&mut cx.heap, a));
    }
    if a.is_zero() {
        return abs(cx, b);
    }
    if b.is_zero() {
        return abs(cx, a);
    }
    let (_, a) = a.to_ibig().into_parts();
    let (_, b) = b.to_ibig().into_parts();
    from_ubig(cx, a.gcd(b))
}

/// `round(a, -digits)` for `digits > 0`: to a multiple of `10 ** digits`, ties to even.
pub fn round_to_tens(cx: &mut Cx, a: Num, digits: Num) -> PyResult {
    let Num::Small(digits) = digits else { return Ok(from_i64(cx, 0)) };
    // 10 ** n exceeds 2 * |a| when n is larger than the number of decimal digits.
    if digits as u64 > a.bit_length() / 3 + 2 {
        return Ok(from_i64(cx, 0));
    }
    let unit = IBig::from(10).pow(digits as usize);
    let a = a.to_ibig();
    let (q, r) = div_mod_ibig(a.clone(), &unit);
    let twice = &r + &r;
    let up = match twice.cmp(&unit) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => q.bit(0),
    };
    from_ibig(cx, if up { a - r + unit } else { a - r })
}

/// Little-endian two's complement of `n_bytes` bytes; `None` when it does not fit.
pub fn to_le_bytes(n: Num, n_bytes: usize, signed: bool) -> Option<SmallVec<[u8; 32]>> {
    if let Num::Small(i) = n
        && n_bytes <= 8
        && (signed || i >= 0)
    {
        // The bits above the bytes, and for signed numbers the topmost of the bytes, are all alike.
        let bits = 8 * n_bytes as u32 - u32::from(signed && n_bytes > 0);
        let fits = if signed {
            matches!(i.checked_shr(bits).unwrap_or(0), 0 | -1)
        } else {
            i.checked_shr(bits).unwrap_or(0) == 0
        };
        return if fits && (n_bytes > 0 || i == 0) {
            Some(SmallVec::from_slice(&i.to_le_bytes()[..n_bytes]))
        } else {
            None
        };
    }
    let negative = n.is_negative();
    let single;
    let limbs: &[u64] = match &n {
        Num::Small(i) => {
            single = [i.unsigned_abs()];
            &single
        }
        Num::Big(big) => big.limbs(),
    };
    let mut bytes: SmallVec<[u8; 32]> = limbs.iter().flat_map(|l| l.to_le_bytes()).collect();
    if bytes.iter().skip(n_bytes).any(|&b| b != 0) {
        return None;
    }
    bytes.resize(n_bytes, 0);
    if negative {
        let mut carry = true;
        for b in bytes.iter_mut() {
            let (value, overflow) = (!*b).overflowing_add(carry as u8);
            *b = value;
            carry = overflow;
        }
    }
    if signed && !n.is_zero() {
        let top = bytes.last().is_some_and(|b| b & 0x80 != 0);
        if top != negative {
            return None;
        }
    }
    Some(bytes)
}

/// The int of little-endian bytes.
pub fn from_le_bytes(cx: &mut Cx, bytes: &[u8], signed: bool) -> PyResult {
    let negative = signed && bytes.last().is_some_and(|b| b & 0x80 != 0);
    if bytes.len() <= 8 {
        let mut word = if negative { [0xFF; 8] } else { [0; 8] };
        word[..bytes.len()].copy_from_slice(bytes);
        let word = u64::from_le_bytes(word);
        return Ok(if negative { from_i64(cx, word as i64) } else { BigInt::from_u64(&mut cx.heap, word) });
    }
    let mut bytes = bytes.to_vec();
    if negative {
        let mut carry = true;
        for b in bytes.iter_mut() {
            let (value, overflow) = (!*b).overflowing_add(carry as u8);
            *b = value;
            carry = overflow;
        }
    }
    let limbs: Vec<u64> = bytes
        .chunks(8)
        .map(|chunk| {
            let mut limb = [0; 8];
            limb[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(limb)
        })
        .collect();
    BigInt::from_limbs(&mut cx.heap, &limbs, negative).or_raise(cx)
}
