//! `list.sort`: stable, by natural runs and merges, with one comparison function chosen up front.
//!
//! What is sorted is a permutation of indices: plain numbers that the collector does not care about, so that merging
//! needs no write barriers. Keys of one simple type are compared without running Python and sorted by the standard
//! library's stable sort; everything else goes through `<`.

use crate::number::int::{Num, compare_nums};
use crate::prelude::*;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Sort `list` in place. It looks empty meanwhile; a change made by a comparison is an error.
pub fn sort(cx: &mut Cx, list: Gc<List>, key: Value, reverse: bool) -> PyResult<()> {
    let n = list.len();
    let Some(items) = list.storage() else { return Ok(()) };
    if n > u32::MAX as usize {
        return Err(memory_error(cx));
    }
    if key.is_none() && sort_small_ints(items, n, reverse) {
        return Ok(());
    }
    list.replace_storage(None, 0);
    let mut order: SmallVec<[u32; 64]> = (0..n as u32).collect();
    let result = sort_order(cx, items, n, key, reverse, &mut order);
    let modified = list.storage().is_some();
    match permuted(cx, items, &order) {
        Ok(sorted) => list.replace_storage(Some(sorted), n),
        Err(raised) => {
            list.replace_storage(Some(items), n);
            return Err(raised);
        }
    }
    result?;
    if modified {
        return Err(value_error(cx, "list modified during sort"));
    }
    Ok(())
}

/// Sort items that are all small ints: equal ones cannot be told apart, so that no order has to be kept beside them.
fn sort_small_ints(items: Gc<Array>, n: usize, reverse: bool) -> bool {
    let mut numbers: SmallVec<[Int; 64]> = SmallVec::new();
    for i in 0..n {
        let Some(number) = items.get(i).as_int() else { return false };
        numbers.push(number);
    }
    numbers.sort_unstable();
    if reverse {
        numbers.reverse();
    }
    for (i, number) in numbers.into_iter().enumerate() {
        items.set(i, number.value());
    }
    true
}

fn permuted(cx: &mut Cx, items: Gc<Array>, order: &[u32]) -> PyResult<Gc<Array>> {
    let sorted = Array::new(&mut cx.heap, order.len()).or_raise(cx)?;
    for (to, &from) in order.iter().enumerate() {
        sorted.set(to, items.get(from as usize));
    }
    Ok(sorted)
}

fn sort_order(cx: &mut Cx, items: Gc<Array>, n: usize, key: Value, reverse: bool, order: &mut [u32]) -> PyResult<()> {
    let keys = if key.is_none() {
        items
    } else {
        let keys = Array::new(&mut cx.heap, n).or_raise(cx)?;
        for i in 0..n {
            let k = call(cx, key, &[items.get(i)])?;
            keys.set(i, k);
        }
        keys
    };
    if n < 2 {
        return Ok(());
    }
    // Reversing before and after keeps equal items in their order.
    if reverse {
        order.reverse();
    }
    let result = sort_by_keys(cx, keys, order);
    if reverse {
        order.reverse();
    }
    result
}

/// What all keys are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    SmallInts,
    Ints,
    Floats,
    Strings,
    /// Exact tuples that are not empty.
    Tuples,
    Any,
}

fn classify(cx: &Cx, key: Value) -> Keys {
    if key.is_small_int() {
        Keys::SmallInts
    } else if let Some(f) = key.as_float() {
        if f.is_nan() { Keys::Any } else { Keys::Floats }
    } else if key.is_a::<Str>() {
        Keys::Strings
    } else if key.is_a::<BigInt>() {
        Keys::Ints
    } else if key.cast::<Tuple>().is_some_and(|t| !t.is_empty()) && cx.class_of(key) == cx.types().tuple {
        Keys::Tuples
    } else {
        Keys::Any
    }
}

fn common_kind(cx: &Cx, keys: Gc<Array>, n: usize) -> Keys {
    let mut kind = classify(cx, keys.get(0));
    for i in 1..n {
        let other = classify(cx, keys.get(i));
        if other == kind {
            continue;
        }
        kind = match (kind, other) {
            (Keys::SmallInts, Keys::Ints) | (Keys::Ints, Keys::SmallInts) => Keys::Ints,
            _ => return Keys::Any,
        };
    }
    kind
}

fn sort_by_keys(cx: &mut Cx, keys: Gc<Array>, order: &mut [u32]) -> PyResult<()> {
    let key = |i: &u32| keys.get(*i as usize);
    match common_kind(cx, keys, order.len()) {
        Keys::SmallInts => sort_pairs(order, |i| keys.get(i as usize).as_int(), |_, _| Ordering::Equal),
        Keys::Ints => order.sort_by(|a, b| match (Num::of(key(a)), Num::of(key(b))) {
            (Some(a), Some(b)) => compare_nums(a, b),
            _ => Ordering::Equal,
        }),
        Keys::Floats => order.sort_by(|a, b| {
            let (a, b) = (key(a).as_float(), key(b).as_float());
            a.partial_cmp(&b).unwrap_or(Ordering::Equal)
        }),
        Keys::Strings => {
            let compare = |a: u32, b: u32| match (key(&a).cast::<Str>(), key(&b).cast::<Str>()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => Ordering::Equal,
            };
            sort_pairs(order, |i| keys.get(i as usize).cast::<Str>().map_or(0, |s| prefix(&s)), compare);
        }
        Keys::Tuples => {
            return merge_sort(cx, order, |cx, a, b| tuple_less(cx, keys.get(a as usize), keys.get(b as usize)));
        }
        Keys::Any => return merge_sort(cx, order, |cx, a, b| less(cx, keys.get(a as usize), keys.get(b as usize))),
    }
    Ok(())
}

/// Sort by what stands beside each index; `tie` decides between equals.
fn sort_pairs<K: Ord + Copy>(order: &mut [u32], key: impl Fn(u32) -> K, tie: impl Fn(u32, u32) -> Ordering) {
    let mut pairs: SmallVec<[(K, u32); 64]> = order.iter().map(|&i| (key(i), i)).collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| tie(a.1, b.1)));
    order.iter_mut().zip(pairs).for_each(|(to, (_, i))| *to = i);
}

/// The first characters as a number that is in the order of the strings, as far as it tells.
fn prefix(s: &Str) -> u64 {
    s.iter().take(2).fold(0, |prefix, c| prefix << 32 | c as u64) << if s.len() == 1 { 32 } else { 0 }
}

/// `a < b`.
#[inline]
fn less(cx: &mut Cx, a: Value, b: Value) -> PyResult<bool> {
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        return Ok(a < b);
    }
    if let (Some(a), Some(b)) = (a.cast::<Str>(), b.cast::<Str>()) {
        return Ok(a.cmp(&b).is_lt());
    }
    if let (Some(a), Some(b)) = (a.as_float(), b.as_float()) {
        return Ok(a < b);
    }
    let result = compare(cx, a, b, CompareOp::Lt)?;
    is_true(cx, result)
}

/// `a < b` for exact tuples: the first items that differ decide.
fn tuple_less(cx: &mut Cx, a: Value, b: Value) -> PyResult<bool> {
    let (Some(a), Some(b)) = (a.cast::<Tuple>(), b.cast::<Tuple>()) else { return less(cx, a, b) };
    for i in 0..a.len().min(b.len()) {
        let (x, y) = (a.get(i), b.get(i));
        if !equals(cx, x, y)? {
            return less(cx, x, y);
        }
    }
    Ok(a.len() < b.len())
}

/// Runs shorter than this are extended by binary insertion.
fn min_run(mut n: usize) -> usize {
    let mut low_bits = 0;
    while n >= 64 {
        low_bits |= n & 1;
        n >>= 1;
    }
    n + low_bits
}

/// A sorted stretch: start, length, and its power in the merge order (powersort).
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

type Less<'a> = &'a mut dyn FnMut(&mut Cx, u32, u32) -> PyResult<bool>;

/// Sort by `less`, stably. On an error `order` is still a permutation.
pub(crate) fn merge_sort(
    cx: &mut Cx,
    order: &mut [u32],
    mut less: impl FnMut(&mut Cx, u32, u32) -> PyResult<bool>,
) -> PyResult<()> {
    let less: Less<'_> = &mut less;
    let n = order.len();
    let min = min_run(n);
    let mut runs: Vec<Run> = Vec::new();
    let mut buffer = Vec::new();
    let mut start = 0;
    while start < n {
        let mut len = count_run(cx, &mut order[start..], less)?;
        if len < min {
            let forced = min.min(n - start);
            insertion_sort(cx, &mut order[start..start + forced], len, less)?;
            len = forced;
        }
        if let Some(&last) = runs.last() {
            let power = run_power(last.start, last.len, len, n);
            while runs.len() > 1 && runs[runs.len() - 2].power > power {
                merge_last(cx, order, &mut runs, &mut buffer, less)?;
            }
            if let Some(last) = runs.last_mut() {
                last.power = power;
            }
        }
        runs.push(Run { start, len, power: 0 });
        start += len;
    }
    while runs.len() > 1 {
        merge_last(cx, order, &mut runs, &mut buffer, less)?;
    }
    Ok(())
}

/// Where in the ideal binary merge tree the boundary of two neighbouring runs lies.
fn run_power(start: usize, len: usize, next_len: usize, n: usize) -> u32 {
    let (mut a, n) = (2 * start as u64 + len as u64, n as u64);
    let mut b = a + len as u64 + next_len as u64;
    let mut power = 0;
    loop {
        power += 1;
        if a >= n {
            a -= n;
            b -= n;
        } else if b >= n {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

/// The length of the run at the start, turned ascending when it descends strictly.
fn count_run(cx: &mut Cx, order: &mut [u32], less: Less<'_>) -> PyResult<usize> {
    let n = order.len();
    if n < 2 {
        return Ok(n);
    }
    let mut len = 2;
    if less(cx, order[1], order[0])? {
        while len < n && less(cx, order[len], order[len - 1])? {
            len += 1;
        }
        order[..len].reverse();
    } else {
        while len < n && !less(cx, order[len], order[len - 1])? {
            len += 1;
        }
    }
    Ok(len)
}

/// Binary insertion; the first `sorted` are in order.
fn insertion_sort(cx: &mut Cx, order: &mut [u32], sorted: usize, less: Less<'_>) -> PyResult<()> {
    for i in sorted..order.len() {
        let pivot = order[i];
        let (mut low, mut high) = (0, i);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(cx, pivot, order[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        order[low..=i].rotate_right(1);
    }
    Ok(())
}

fn merge_last(
    cx: &mut Cx,
    order: &mut [u32],
    runs: &mut Vec<Run>,
    buffer: &mut Vec<u32>,
    less: Less<'_>,
) -> PyResult<()> {
    let right = runs.pop().expect("at least two runs");
    let left = runs.last_mut().expect("at least two runs");
    let range = &mut order[left.start..right.start + right.len];
    let middle = left.len;
    left.len += right.len;
    merge(cx, range, middle, buffer, less)
}

/// Merge two neighbouring sorted runs. The range is written once all comparisons are done.
fn merge(cx: &mut Cx, range: &mut [u32], middle: usize, buffer: &mut Vec<u32>, less: Less<'_>) -> PyResult<()> {
    // What is already in place at both ends takes no part.
    let first = upper_bound(cx, &range[..middle], range[middle], less)?;
    if first == middle {
        return Ok(());
    }
    let last = middle + lower_bound(cx, &range[middle..], range[middle - 1], less)?;
    let (left, right) = (&range[first..middle], &range[middle..last]);
    buffer.clear();
    let (mut i, mut j) = (0, 0);
    // Stretches won by one side are found by galloping once they get long.
    let (mut left_wins, mut right_wins) = (0, 0);
    while i < left.len() && j < right.len() {
        if less(cx, right[j], left[i])? {
            buffer.push(right[j]);
            j += 1;
            (left_wins, right_wins) = (0, right_wins + 1);
        } else {
            buffer.push(left[i]);
            i += 1;
            (left_wins, right_wins) = (left_wins + 1, 0);
        }
        if right_wins >= MIN_GALLOP && j < right.len() && i < left.len() {
            let n = lower_bound(cx, &right[j..], left[i], less)?;
            buffer.extend_from_slice(&right[j..j + n]);
            j += n;
            right_wins = 0;
        } else if left_wins >= MIN_GALLOP && i < left.len() && j < right.len() {
            let n = upper_bound(cx, &left[i..], right[j], less)?;
            buffer.extend_from_slice(&left[i..i + n]);
            i += n;
            left_wins = 0;
        }
    }
    buffer.extend_from_slice(&left[i..]);
    buffer.extend_from_slice(&right[j..]);
    range[first..last].copy_from_slice(buffer);
    Ok(())
}

const MIN_GALLOP: usize = 7;

/// How many at the start are not greater than `key`, by doubling steps, then bisection.
fn upper_bound(cx: &mut Cx, run: &[u32], key: u32, less: Less<'_>) -> PyResult<usize> {
    let (mut low, mut step) = (0, 1);
    while low + step <= run.len() && !less(cx, key, run[low + step - 1])? {
        low += step;
        step *= 2;
    }
    let mut high = (low + step - 1).min(run.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if less(cx, key, run[middle])? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// How many at the start are less than `key`.
fn lower_bound(cx: &mut Cx, run: &[u32], key: u32, less: Less<'_>) -> PyResult<usize> {
    let (mut low, mut step) = (0, 1);
    while low + step <= run.len() && less(cx, run[low + step - 1], key)? {
        low += step;
        step *= 2;
    }
    let mut high = (low + step - 1).min(run.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if less(cx, run[middle], key)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
