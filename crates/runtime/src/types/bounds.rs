//! The `start` and `end` arguments of the search methods of `str`, `bytes`, `list` and `tuple`.

use crate::item::clamped_index;
use crate::prelude::*;

/// One bound as a number: None and absent are the default, anything else needs `__index__` and is clamped.
fn bound(cx: &mut Cx, value: Option<Value>, default: isize) -> PyResult<isize> {
    let Some(value) = value.filter(|v| v.is_bound() && !v.is_none()) else { return Ok(default) };
    if !value.is_small_int() && !value.is_bool() && cx.class_of(value).slots.index.get().is_none() {
        return Err(type_error(cx, "slice indices must be integers or None or have an __index__ method"));
    }
    clamped_index(cx, value)
}

/// Bounds that may be negative or out of range, made to fit a sequence of `len` items. The start may be past the end.
pub fn search_range(cx: &mut Cx, start: Option<Value>, end: Option<Value>, len: usize) -> PyResult<(usize, usize)> {
    let (start, end) = (bound(cx, start, 0)?, bound(cx, end, isize::MAX)?);
    Ok(fit(start, end, len))
}

/// As [`search_range`], of numbers.
pub fn fit(start: isize, end: isize, len: usize) -> (usize, usize) {
    let n = len as isize;
    let adjust = |bound: isize| if bound < 0 { bound.saturating_add(n).max(0) } else { bound };
    (adjust(start) as usize, adjust(end).min(n) as usize)
}
