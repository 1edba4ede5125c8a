//! `_bisect`: binary search in sorted sequences, and insertion.

use runtime::prelude::*;

/// Where `x` belongs between `lo` and `hi`; `right` = behind equal items.
fn place(cx: &mut Cx, a: Value, x: Value, lo: isize, hi: Option<Value>, key: Value, right: bool) -> PyResult<usize> {
    if lo < 0 {
        return Err(value_error(cx, "lo must be non-negative"));
    }
    let hi = match hi {
        Some(hi) => runtime::item::sequence_index(cx, hi)?,
        None => -1,
    };
    let (mut low, mut high) = (lo as usize, if hi < 0 { length(cx, a)? } else { hi as usize });
    while low < high {
        let middle = low + (high - low) / 2;
        let index = BigInt::from_u64(&mut cx.heap, middle as u64);
        let mut item = get_item(cx, a, index)?;
        if !key.is_none() {
            item = call(cx, key, &[item])?;
        }
        let (first, second) = if right { (x, item) } else { (item, x) };
        let less = match (first.as_int(), second.as_int()) {
            (Some(first), Some(second)) => first < second,
            _ => {
                let result = compare(cx, first, second, CompareOp::Lt)?;
                is_true(cx, result)?
            }
        };
        if less == right {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

fn insert(cx: &mut Cx, a: Value, x: Value, i: usize) -> PyResult<()> {
    if let Some(list) = a.cast::<List>()
        && cx.class_of(a) == cx.types().list
    {
        return list.insert(&mut cx.heap, i.min(list.len()), x).or_raise(cx);
    }
    let name = cx.heap.intern("insert");
    let index = BigInt::from_u64(&mut cx.heap, i as u64);
    call_method(cx, a, name, &[index, x]).map(|_| ())
}

/// The key of the new item.
fn key_of(cx: &mut Cx, x: Value, key: Value) -> PyResult {
    if key.is_none() { Ok(x) } else { call(cx, key, &[x]) }
}

#[macros::native_module(
    name = "_bisect",
    doc = "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\nhaving to sort the list after each insertion. For long lists of items with\nexpensive comparison operations, this can be an improvement over the more\ncommon approach.\n"
)]
pub mod module {
    use super::*;

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e <= x, and all e in
    /// a[i:] have e > x.  So if x already appears in the list, a.insert(i, x) will
    /// insert just after the rightmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("bisect_right(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_right(cx: &mut Cx, a: Value, x: Value, lo: isize, hi: Option<Value>, key: Value) -> PyResult<i64> {
        place(cx, a, x, lo, hi, key, true).map(|i| i as i64)
    }

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e < x, and all e in
    /// a[i:] have e >= x.  So if x already appears in the list, a.insert(i, x) will
    /// insert just before the leftmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("bisect_left(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_left(cx: &mut Cx, a: Value, x: Value, lo: isize, hi: Option<Value>, key: Value) -> PyResult<i64> {
        place(cx, a, x, lo, hi, key, false).map(|i| i as i64)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("insort_right(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_right(cx: &mut Cx, a: Value, x: Value, lo: isize, hi: Option<Value>, key: Value) -> PyResult<()> {
        let k = key_of(cx, x, key)?;
        let i = place(cx, a, k, lo, hi, key, true)?;
        insert(cx, a, x, i)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function("insort_left(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_left(cx: &mut Cx, a: Value, x: Value, lo: isize, hi: Option<Value>, key: Value) -> PyResult<()> {
        let k = key_of(cx, x, key)?;
        let i = place(cx, a, k, lo, hi, key, false)?;
        insert(cx, a, x, i)
    }
}
