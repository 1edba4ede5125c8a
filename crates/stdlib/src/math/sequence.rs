//! `fsum`, `hypot`, `dist`, `prod`, `sumprod`: functions of many numbers, computed with more precision than a float has.

use runtime::number::float;
use runtime::number::int::Num;
use runtime::prelude::*;

/// Exact sum by non-overlapping partial sums.
pub fn fsum(cx: &mut Cx, seq: Value) -> PyResult<f64> {
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinities) = (0.0, 0.0);
    for_each(cx, seq, |cx, item| {
        let x = float::as_f64(cx, item)?;
        if x == 0.0 {
            return Ok(());
        }
        let mut carry = x;
        let mut kept = 0;
        for j in 0..partials.len() {
            let (mut big, mut small) = (carry, partials[j]);
            if big.abs() < small.abs() {
                std::mem::swap(&mut big, &mut small);
            }
            let high = big + small;
            let low = small - (high - big);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            carry = high;
        }
        partials.truncate(kept);
        if carry == 0.0 {
            return Ok(());
        }
        if !carry.is_finite() {
            if x.is_finite() {
                return Err(overflow_error(cx, "intermediate overflow in fsum"));
            }
            if x.is_infinite() {
                infinities += x;
            }
            special += x;
            partials.clear();
        } else {
            partials.push(carry);
        }
        Ok(())
    })?;
    if special != 0.0 {
        if infinities.is_nan() {
            return Err(value_error(cx, "-inf + inf in fsum"));
        }
        return Ok(special);
    }
    Ok(sum_partials(&partials))
}

/// The sum of non-overlapping partials in ascending order, rounded once.
fn sum_partials(partials: &[f64]) -> f64 {
    let Some((&last, mut rest)) = partials.split_last() else { return 0.0 };
    let (mut high, mut low) = (last, 0.0);
    while let Some((&y, shorter)) = rest.split_last() {
        rest = shorter;
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // A tie between two floats goes the way of the partial below.
    if let Some(&below) = rest.last()
        && (low < 0.0 && below < 0.0 || low > 0.0 && below > 0.0)
    {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    high
}

/// `x + y` exactly, as high and low part.
fn two_sum(x: f64, y: f64) -> (f64, f64) {
    let s = x + y;
    let t = s - x;
    (s, (x - (s - t)) + (y - t))
}

/// The Euclidean norm, accurate to within an ulp: scaled, summed with compensation, corrected by one step.
fn norm(values: &[f64]) -> f64 {
    let max = values.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    if values.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if values.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if max == 0.0 || values.len() == 1 {
        return max;
    }
    let (_, exponent) = float::frexp(max);
    if exponent < -1023 {
        // Subnormal scale: bring the values up first.
        let scaled: Vec<f64> = values.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * norm(&scaled);
    }
    let scale = float::ldexp(1.0, -exponent);
    let (mut sum, mut low1, mut low2) = (1.0, 0.0, 0.0);
    for &x in values {
        let x = x * scale;
        let p = x * x;
        let e = x.mul_add(x, -p);
        let (s, l) = fast_sum(sum, p);
        sum = s;
        low1 += e;
        low2 += l;
    }
    let h = (sum - 1.0 + (low1 + low2)).sqrt();
    let p = -h * h;
    let e = (-h).mul_add(h, -p);
    let (s, l) = fast_sum(sum, p);
    sum = s;
    low1 += e;
    low2 += l;
    let rest = sum - 1.0 + (low1 + low2);
    (h + rest / (2.0 * h)) / scale
}

fn fast_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    (s, (a - s) + b)
}

pub fn hypot(cx: &mut Cx, args: Args<'_>) -> PyResult<f64> {
    if args.n_keywords() > 0 {
        return Err(type_error(cx, "math.hypot() takes no keyword arguments"));
    }
    let mut values = Vec::with_capacity(args.n_positional());
    for &v in args.positional() {
        values.push(float::as_f64(cx, v)?);
    }
    Ok(norm(&values))
}

pub fn dist(cx: &mut Cx, p: Value, q: Value) -> PyResult<f64> {
    let (p, q) = (to_tuple(cx, p)?, to_tuple(cx, q)?);
    if p.len() != q.len() {
        return Err(value_error(cx, "both points must have the same number of dimensions"));
    }
    let mut values = Vec::with_capacity(p.len());
    for i in 0..p.len() {
        let (a, b) = (float::as_f64(cx, p.get(i))?, float::as_f64(cx, q.get(i))?);
        values.push((a - b).abs());
    }
    Ok(norm(&values))
}

pub fn prod(cx: &mut Cx, iterable: Value, start: Value) -> PyResult {
    let total = cx.vm().root_vec();
    total.push(start);
    for_each(cx, iterable, |cx, item| {
        let product = binary_op(cx, BinaryOp::Multiply, total.get(0), item)?;
        total.set(0, product);
        Ok(())
    })?;
    Ok(total.get(0))
}

/// A sum of products in triple length.
#[derive(Clone, Copy, Default)]
struct TripleLength {
    high: f64,
    low: f64,
    tiny: f64,
}

impl TripleLength {
    fn add_product(&mut self, x: f64, y: f64) {
        let product = x * y;
        let error = x.mul_add(y, -product);
        let (high, r1) = two_sum(self.high, product);
        let (low, r2) = two_sum(self.low, error);
        let (low, r3) = two_sum(low, r1);
        *self = TripleLength { high, low, tiny: self.tiny + (r2 + r3) };
    }

    fn to_f64(&self) -> f64 {
        let (last, rest) = two_sum(self.low, self.tiny);
        let (total, rest2) = two_sum(self.high, last);
        total + (rest + rest2)
    }
}

pub fn sumprod(cx: &mut Cx, p: Value, q: Value) -> PyResult {
    let (p, q) = (get_iter(cx, p)?, get_iter(cx, q)?);
    let mut total = Int::ZERO.value();
    let mut floats: Option<TripleLength> = None;
    loop {
        let (a, b) = (next(cx, p)?, next(cx, q)?);
        let (a, b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (None, None) => break,
            _ => return Err(value_error(cx, "Inputs are not the same length")),
        };
        let is_plain = |v: Value| v.as_float().is_some() || v.as_small_or_bool().is_some();
        if (a.as_float().is_some() || b.as_float().is_some()) && is_plain(a) && is_plain(b) {
            let number = |v: Value| v.as_float().or(v.as_small_or_bool().map(|i| i as f64)).unwrap_or(0.0);
            let mut sum = floats.unwrap_or_default();
            sum.add_product(number(a), number(b));
            if sum.to_f64().is_finite() {
                floats = Some(sum);
                continue;
            }
        }
        if let Some(sum) = floats.take() {
            let sum = cx.heap.float(sum.to_f64());
            total = binary_op(cx, BinaryOp::Add, total, sum)?;
        }
        let product = match (Num::of(a), Num::of(b)) {
            (Some(x), Some(y)) if a.is_small_int() && b.is_small_int() => runtime::number::int::mul(cx, x, y)?,
            _ => binary_op(cx, BinaryOp::Multiply, a, b)?,
        };
        total = binary_op(cx, BinaryOp::Add, total, product)?;
    }
    match floats {
        Some(sum) => {
            let sum = cx.heap.float(sum.to_f64());
            binary_op(cx, BinaryOp::Add, total, sum)
        }
        None => Ok(total),
    }
}
