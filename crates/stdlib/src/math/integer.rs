//! `comb`, `perm`, `factorial`, `gcd`, `lcm`, `isqrt`: exact functions of ints.

use dashu_int::UBig;
use dashu_int::ops::SquareRoot;
use runtime::number::int::{self, Num};
use runtime::prelude::*;

fn num(v: Value) -> Num {
    Num::of(v).unwrap_or(Num::Small(0))
}

/// The product of the ints from `low` to `high`, by halves, so that factors are of like size.
fn product(low: u64, high: u64) -> UBig {
    if low > high {
        return UBig::ONE;
    }
    if high - low < 8 {
        return (low..=high).fold(UBig::ONE, |p, n| p * UBig::from(n));
    }
    let middle = low + (high - low) / 2;
    product(low, middle) * product(middle + 1, high)
}

pub fn factorial(cx: &mut Cx, n: Value) -> PyResult {
    let n = index_value(cx, n)?;
    if num(n).is_negative() {
        return Err(value_error(cx, "factorial() not defined for negative values"));
    }
    let Some(n) = num(n).to_i64() else {
        let message = format!("factorial() argument should not exceed {}", i64::MAX);
        return Err(overflow_error(cx, message));
    };
    if n > 1 << 32 {
        return Err(memory_error(cx));
    }
    int::from_ubig(cx, product(2, n as u64))
}

/// Arguments of `comb` and `perm`: ints that are not negative.
fn natural(cx: &mut Cx, v: Value, name: &str) -> PyResult {
    let v = index_value(cx, v)?;
    if num(v).is_negative() {
        return Err(value_error(cx, format_args!("{name} must be a non-negative integer")));
    }
    Ok(v)
}

/// `n * (n - 1) * … * (n - k + 1)` for big `n`.
fn falling(n: Num, k: u64) -> UBig {
    let (_, n) = n.to_ibig().into_parts();
    fn range(n: &UBig, from: u64, to: u64) -> UBig {
        if to - from <= 4 {
            return (from..to).fold(UBig::ONE, |p, i| p * (n - UBig::from(i)));
        }
        let middle = from + (to - from) / 2;
        range(n, from, middle) * range(n, middle, to)
    }
    range(&n, 0, k)
}

fn small_count(cx: &mut Cx, k: Num, function: &str) -> PyResult<u64> {
    match k.to_i64() {
        Some(k) => Ok(k as u64),
        None => Err(overflow_error(cx, format_args!("{function} must not exceed {}", i64::MAX))),
    }
}

pub fn perm(cx: &mut Cx, n: Value, k: Option<Value>) -> PyResult {
    let Some(k) = k else { return factorial(cx, n) };
    let n = natural(cx, n, "n")?;
    let k = natural(cx, k, "k")?;
    if int::compare_nums(num(n), num(k)).is_lt() {
        return Ok(Int::ZERO.value());
    }
    let k = small_count(cx, num(k), "k")?;
    int::from_ubig(cx, falling(num(n), k))
}

pub fn comb(cx: &mut Cx, n: Value, k: Value) -> PyResult {
    let n = index_value(cx, n)?;
    let k = index_value(cx, k)?;
    let (n, k) = (natural(cx, n, "n")?, natural(cx, k, "k")?);
    let rest = int::sub(cx, num(n), num(k))?;
    if num(rest).is_negative() {
        return Ok(Int::ZERO.value());
    }
    let k = if int::compare_nums(num(rest), num(k)).is_lt() { rest } else { k };
    let k = small_count(cx, num(k), "min(n - k, k)")?;
    // Small results need no big ints: every step divides exactly.
    if let Some(n) = num(n).to_i64()
        && k <= 30
        && n < 1 << 31
    {
        let mut result: u128 = 1;
        let mut fits = true;
        for i in 0..k {
            match result.checked_mul((n as u64 - i) as u128) {
                Some(product) => result = product / (i as u128 + 1),
                None => fits = false,
            }
        }
        if fits {
            return int::from_ubig(cx, UBig::from(result));
        }
    }
    int::from_ubig(cx, falling(num(n), k) / product(2, k))
}

fn no_keywords(cx: &mut Cx, function: &str, args: Args<'_>) -> PyResult<()> {
    if args.n_keywords() > 0 {
        return Err(type_error(cx, format_args!("math.{function}() takes no keyword arguments")));
    }
    Ok(())
}

pub fn gcd(cx: &mut Cx, args: Args<'_>) -> PyResult {
    no_keywords(cx, "gcd", args)?;
    let mut result = Int::ZERO.value();
    for &v in args.positional() {
        let v = index_value(cx, v)?;
        result = int::gcd(cx, num(result), num(v))?;
    }
    Ok(result)
}

pub fn lcm(cx: &mut Cx, args: Args<'_>) -> PyResult {
    no_keywords(cx, "lcm", args)?;
    let mut result = Int::from_len(1).value();
    for &v in args.positional() {
        let v = index_value(cx, v)?;
        if num(result).is_zero() || num(v).is_zero() {
            result = Int::ZERO.value();
            continue;
        }
        let common = int::gcd(cx, num(result), num(v))?;
        let part = int::floor_div(cx, num(result), num(common))?;
        let product = int::mul(cx, num(part), num(v))?;
        result = int::abs(cx, num(product))?;
    }
    Ok(result)
}

pub fn isqrt(cx: &mut Cx, n: Value) -> PyResult {
    let n = index_value(cx, n)?;
    if num(n).is_negative() {
        return Err(value_error(cx, "isqrt() argument must be nonnegative"));
    }
    if let Num::Small(i) = num(n) {
        return Ok(int::from_i64(cx, i.isqrt()));
    }
    let (_, magnitude) = num(n).to_ibig().into_parts();
    int::from_ubig(cx, magnitude.sqrt())
}
