//! Arithmetic on signed magnitudes of 64-bit limbs, for operations that are linear in their length.
//!
//! Called by [`super::int`] with the limbs where they lie in the heap; results of up to eight limbs stay on the native
//! stack. Products of long operands, divisions by more than one limb and radix conversions are `dashu`'s.

use smallvec::SmallVec;
use std::cmp::Ordering;

/// A magnitude, lowest limb first. Leading zeros are allowed in results.
pub type Limbs = SmallVec<[u64; 8]>;

/// An int as sign and magnitude; no leading zeros.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    pub limbs: &'a [u64],
    pub negative: bool,
}

/// A result: magnitude and whether it is negative.
pub type Sum = (Limbs, bool);

fn compare_magnitudes(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// `a + b` for `a` at least as long as `b`, into one limb more than `a` has.
fn add_magnitudes(a: &[u64], b: &[u64], out: &mut [u64]) {
    let (low, high) = out.split_at_mut(b.len());
    let (a_low, a_high) = a.split_at(b.len());
    let mut carry = false;
    for ((out, &x), &y) in low.iter_mut().zip(a_low).zip(b) {
        (*out, carry) = x.carrying_add(y, carry);
    }
    let (high, top) = high.split_at_mut(a_high.len());
    for (out, &x) in high.iter_mut().zip(a_high) {
        (*out, carry) = x.overflowing_add(carry as u64);
    }
    top.fill(0);
    if let Some(top) = top.first_mut() {
        *top = carry as u64;
    }
}

/// `a - b` for `a >= b`, into at least as many limbs as `a` has.
fn sub_magnitudes(a: &[u64], b: &[u64], out: &mut [u64]) {
    let (low, high) = out.split_at_mut(b.len());
    let (a_low, a_high) = a.split_at(b.len());
    let mut borrow = false;
    for ((out, &x), &y) in low.iter_mut().zip(a_low).zip(b) {
        (*out, borrow) = x.borrowing_sub(y, borrow);
    }
    let (high, top) = high.split_at_mut(a_high.len());
    for (out, &x) in high.iter_mut().zip(a_high) {
        (*out, borrow) = x.overflowing_sub(borrow as u64);
    }
    top.fill(0);
}

/// Limbs that a sum or a difference of operands with so many takes at most.
pub fn sum_length(n: usize, m: usize) -> usize {
    n.max(m) + 1
}

/// `a + b`, into [`sum_length`] limbs; whether the sum is negative.
pub fn add(a: Signed, b: Signed, out: &mut [u64]) -> bool {
    if a.negative == b.negative {
        let (long, short) = if a.limbs.len() >= b.limbs.len() { (a, b) } else { (b, a) };
        add_magnitudes(long.limbs, short.limbs, out);
        return a.negative;
    }
    match compare_magnitudes(a.limbs, b.limbs) {
        Ordering::Less => {
            sub_magnitudes(b.limbs, a.limbs, out);
            b.negative
        }
        _ => {
            sub_magnitudes(a.limbs, b.limbs, out);
            a.negative
        }
    }
}

/// `a - b`, as [`add`].
pub fn sub(a: Signed, b: Signed, out: &mut [u64]) -> bool {
    add(a, Signed { negative: !b.negative, ..b }, out)
}

/// The limbs of an int in two's complement, without end.
struct TwosComplement<'a> {
    limbs: std::slice::Iter<'a, u64>,
    negative: bool,
    carry: bool,
}

impl<'a> TwosComplement<'a> {
    fn of(int: Signed<'a>) -> Self {
        TwosComplement { limbs: int.limbs.iter(), negative: int.negative, carry: true }
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        let limb = self.limbs.next().copied().unwrap_or(0);
        if !self.negative {
            return limb;
        }
        let (limb, carry) = (!limb).overflowing_add(self.carry as u64);
        self.carry = carry;
        limb
    }
}

/// `op` on every bit of `a` and `b` in two's complement.
#[inline(always)]
pub fn bitwise(a: Signed, b: Signed, op: impl Fn(u64, u64) -> u64) -> Sum {
    let ones = |negative: bool| if negative { u64::MAX } else { 0 };
    let negative = op(ones(a.negative), ones(b.negative)) != 0;
    // One limb more than the operands have: -2^64 has a magnitude of two limbs and a complement of one.
    let n = a.limbs.len().max(b.limbs.len()) + negative as usize;
    let mut out: Limbs = SmallVec::from_elem(0, n);
    let (mut left, mut right) = (TwosComplement::of(a), TwosComplement::of(b));
    for limb in &mut out {
        *limb = op(left.next(), right.next());
    }
    if negative {
        negate(&mut out);
    }
    (out, negative)
}

/// The two's complement of the whole.
fn negate(limbs: &mut [u64]) {
    let mut carry = true;
    for limb in limbs {
        let (value, overflow) = (!*limb).overflowing_add(carry as u64);
        (*limb, carry) = (value, overflow);
    }
}

/// `a << by`.
pub fn shift_left(a: Signed, by: usize) -> Sum {
    let (skip, bits) = (by / 64, by as u32 % 64);
    let mut out: Limbs = SmallVec::from_elem(0, a.limbs.len() + skip + 1);
    let mut carry = 0;
    for (out, &limb) in out[skip..].iter_mut().zip(a.limbs) {
        *out = limb << bits | carry;
        carry = limb.checked_shr(64 - bits).unwrap_or(0);
    }
    out[a.limbs.len() + skip] = carry;
    (out, a.negative)
}

/// `a >> by`, rounded towards minus infinity.
pub fn shift_right(a: Signed, by: usize) -> Sum {
    let (skip, bits) = (by / 64, by as u32 % 64);
    let Some(kept) = a.limbs.get(skip..) else { return (SmallVec::from_elem(a.negative as u64, 1), a.negative) };
    // One limb more, for the carry of a negative number's rounding.
    let mut out: Limbs = SmallVec::from_elem(0, kept.len() + 1);
    for (i, &limb) in kept.iter().enumerate() {
        let above = kept.get(i + 1).copied().unwrap_or(0);
        out[i] = limb >> bits | above.checked_shl(64 - bits).unwrap_or(0);
    }
    if a.negative {
        let lost = a.limbs[..skip].iter().any(|&limb| limb != 0)
            || kept.first().is_some_and(|&limb| limb & ((1 << bits) - 1) != 0);
        let mut carry = lost;
        for limb in &mut out {
            (*limb, carry) = limb.overflowing_add(carry as u64);
        }
    }
    (out, a.negative)
}

/// Whether the product of operands of these lengths is better made by [`mul`] than by the library.
pub fn is_short_product(n: usize, m: usize) -> bool {
    // Up to here the library multiplies limb by limb as well, and its operands are copies.
    n.min(m) <= 24
}

/// `a * b`, in time proportional to the product of their lengths, into as many limbs as both have; whether the product
/// is negative.
pub fn mul(a: Signed, b: Signed, out: &mut [u64]) -> bool {
    let (long, short) = if a.limbs.len() >= b.limbs.len() { (a.limbs, b.limbs) } else { (b.limbs, a.limbs) };
    let Some((&first, rest)) = short.split_first() else {
        out.fill(0);
        return false;
    };
    let mut carry = 0;
    for (out, &y) in out.iter_mut().zip(long) {
        (*out, carry) = first.carrying_mul(y, carry);
    }
    out[long.len()] = carry;
    for (i, &x) in rest.iter().enumerate() {
        let (row, above) = out[i + 1..].split_at_mut(long.len());
        let mut carry = 0;
        for (out, &y) in row.iter_mut().zip(long) {
            (*out, carry) = x.carrying_mul_add(y, carry, *out);
        }
        above[0] = carry;
    }
    a.negative != b.negative
}

/// The quotient of magnitudes, the divisor of two or more limbs, where it is so short that the leading limbs tell it.
pub fn short_quotient(a: &[u64], b: &[u64]) -> Option<u64> {
    let last = b.len() - 1;
    if a.len() <= last {
        return Some(0);
    }
    let shift = b[last].leading_zeros();
    // The limb at `i` after a shift that makes the divisor's highest bit the highest of its limb.
    let shifted = |limbs: &[u64], i: usize| {
        let (here, below) = (limbs.get(i).copied().unwrap_or(0), limbs.get(i.wrapping_sub(1)).copied().unwrap_or(0));
        here << shift | below.checked_shr(64 - shift).unwrap_or(0)
    };
    if a.len() > b.len() + 1 || shifted(a, b.len() + 1) != 0 {
        return None;
    }
    let dividend = u128::from(shifted(a, b.len())) << 64 | u128::from(shifted(a, last));
    let divisor = u128::from(shifted(b, last));
    // What lies below makes the dividend and the divisor larger by less than one.
    let (least, most) = (dividend / (divisor + 1), dividend / divisor);
    if least == most { u64::try_from(most).ok() } else { None }
}

/// `a - b * q`, which is not negative, into as many limbs as `a` has.
pub fn sub_product(a: &[u64], b: &[u64], q: u64, out: &mut [u64]) {
    let (mut carry, mut borrow) = (0, false);
    for (i, (out, &x)) in out.iter_mut().zip(a).enumerate() {
        let product;
        (product, carry) = b.get(i).copied().unwrap_or(0).carrying_mul(q, carry);
        (*out, borrow) = x.borrowing_sub(product, borrow);
    }
}

/// Magnitude of `a` divided by a limb that is not 0: quotient and remainder.
pub fn div_limb(a: &[u64], by: u64) -> (Limbs, u64) {
    let mut out: Limbs = SmallVec::from_elem(0, a.len());
    let mut remainder = 0u64;
    for i in (0..a.len()).rev() {
        let part = (remainder as u128) << 64 | a[i] as u128;
        out[i] = (part / by as u128) as u64;
        remainder = (part % by as u128) as u64;
    }
    (out, remainder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::ops::DivRem;
    use dashu_int::{IBig, Sign, UBig};

    fn ibig(limbs: &[u64], negative: bool) -> IBig {
        IBig::from_parts(if negative { Sign::Negative } else { Sign::Positive }, UBig::from_words(limbs))
    }

    /// Ints around the places where limbs begin and end.
    fn samples() -> Vec<(Vec<u64>, bool)> {
        let magnitudes: [&[u64]; 12] = [
            &[],
            &[1],
            &[u64::MAX],
            &[1 << 63],
            &[0, 1],
            &[1, 1],
            &[u64::MAX, u64::MAX],
            &[0, 1 << 63],
            &[0, 0, 1],
            &[0x1234_5678_9abc_def0, 0xfedc_ba98_7654_3210, 3],
            &[u64::MAX, u64::MAX, u64::MAX],
            &[7, 0, 0, 0, 9],
        ];
        magnitudes.iter().flat_map(|m| [(m.to_vec(), false), (m.to_vec(), !m.is_empty())]).collect()
    }

    /// A result written in place, over what was there before.
    fn filled(n: usize, fill: impl FnOnce(&mut [u64]) -> bool) -> Sum {
        let mut out: Limbs = SmallVec::from_elem(0x5555, n);
        let negative = fill(&mut out);
        (out, negative)
    }

    #[test]
    fn short_quotients() {
        let mut n_told = 0;
        for (b, _) in samples().iter().filter(|(limbs, _)| limbs.len() >= 2) {
            let divisor = UBig::from_words(b);
            for q in [0_u64, 1, 2, 9, 1000, u64::from(u32::MAX), u64::MAX] {
                for rest in [UBig::ZERO, UBig::ONE, &divisor >> 1, &divisor - 1_u8] {
                    let dividend = &divisor * q + &rest;
                    let a = dividend.as_words();
                    let Some(told) = short_quotient(a, b) else { continue };
                    assert_eq!(told, q, "{dividend} / {divisor}");
                    let (left, _) = filled(a.len(), |out| {
                        sub_product(a, b, q, out);
                        false
                    });
                    assert_eq!(UBig::from_words(&left), rest);
                    n_told += 1;
                }
            }
        }
        assert!(n_told > 60, "{n_told}");
    }

    #[test]
    fn agrees_with_the_library() {
        let check = |(limbs, negative): Sum, expected: IBig| assert_eq!(ibig(&limbs, negative), expected);
        for (a, a_negative) in &samples() {
            let (x, left) = (ibig(a, *a_negative), Signed { limbs: a, negative: *a_negative });
            for (b, b_negative) in &samples() {
                let (y, right) = (ibig(b, *b_negative), Signed { limbs: b, negative: *b_negative });
                let n = sum_length(a.len(), b.len());
                check(filled(n, |out| add(left, right, out)), &x + &y);
                check(filled(n, |out| sub(left, right, out)), &x - &y);
                check(filled(a.len() + b.len(), |out| mul(left, right, out)), &x * &y);
                check(bitwise(left, right, |a, b| a & b), x.clone() & y.clone());
                check(bitwise(left, right, |a, b| a | b), x.clone() | y.clone());
                check(bitwise(left, right, |a, b| a ^ b), x.clone() ^ y.clone());
            }
            for by in [0, 1, 5, 63, 64, 65, 127, 128, 200, 320, 1000] {
                check(shift_left(left, by), x.clone() << by);
                check(shift_right(left, by), x.clone() >> by);
            }
            for by in [1, 3, 10, 1 << 40, u64::MAX] {
                let (quotient, remainder) = div_limb(a, by);
                let expected = UBig::from_words(a).div_rem(UBig::from(by));
                assert_eq!((UBig::from_words(&quotient), UBig::from(remainder)), expected);
            }
        }
    }
}
