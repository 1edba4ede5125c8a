//! `list` and its iterators.

pub mod iterators;
pub mod sort;

use crate::item::{clamped_index, sequence_index};
use crate::prelude::*;
use macros::native_class;
use object::StrBuilder;

/// The index of an item from a Python index, which may be negative.
#[inline]
pub(crate) fn position(index: isize, len: usize) -> Option<usize> {
    let i = if index < 0 { index + len as isize } else { index };
    if (0..len as isize).contains(&i) { Some(i as usize) } else { None }
}

/// Write `repr(value)`.
pub(crate) fn push_repr(cx: &mut Cx, out: &mut StrBuilder, value: Value) -> PyResult<()> {
    match value.as_int() {
        Some(i) => out.push_latin1(crate::number::int_text::decimal(i.get(), &mut [0; 20]).as_bytes()),
        None => out.push_py(&*repr_of(cx, value)?),
    }
    Ok(())
}

/// `repr` of a list-like: `open item, item close`.
pub(crate) fn repr_items(cx: &mut Cx, out: &mut StrBuilder, item: impl Fn(usize) -> Option<Value>) -> PyResult<()> {
    let mut i = 0;
    while let Some(value) = item(i) {
        if i > 0 {
            out.push_str(", ");
        }
        push_repr(cx, out, value)?;
        i += 1;
    }
    Ok(())
}

/// Compare two sequences by their items; `len` and `get` see the present state.
pub(crate) fn compare_items(
    cx: &mut Cx,
    op: CompareOp,
    len: impl Fn() -> (usize, usize),
    get: impl Fn(usize) -> (Option<Value>, Option<Value>),
) -> PyResult {
    let (n, m) = len();
    if n != m {
        match op {
            CompareOp::Eq => return Ok(Value::FALSE),
            CompareOp::Ne => return Ok(Value::TRUE),
            _ => {}
        }
    }
    let mut i = 0;
    while let (Some(a), Some(b)) = get(i) {
        if !a.is(b) && !equals(cx, a, b)? {
            return match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => compare(cx, a, b, op),
            };
        }
        i += 1;
    }
    let (n, m) = len();
    Ok(Value::bool(op.holds(n.cmp(&m))))
}

/// The array with the items of a slice.
fn slice_of(cx: &mut Cx, list: Gc<List>, start: isize, step: isize, count: usize) -> PyResult<Gc<List>> {
    if step == 1 {
        let from = (start as usize).min(list.len());
        return list.slice(&mut cx.heap, from, (from + count).min(list.len())).or_raise(cx);
    }
    let new = List::with_capacity(&mut cx.heap, count).or_raise(cx)?;
    let mut at = start;
    for _ in 0..count {
        let Some(item) = list.get(at as usize) else { break };
        new.push_within_capacity(item);
        at = at.wrapping_add(step);
    }
    Ok(new)
}

/// The items of `value` as an array that later changes of lists do not touch; `None` when `value` is `list` itself.
fn items_of(cx: &mut Cx, list: Gc<List>, value: Value, message: &str) -> PyResult<Gc<List>> {
    if value.is(list.value()) || !crate::iterate::is_iterable(cx, value) {
        if !crate::iterate::is_iterable(cx, value) {
            return Err(type_error(cx, message));
        }
        let n = list.len();
        return slice_of(cx, list, 0, 1, n);
    }
    if value.is_a::<List>() && cx.class_of(value) == cx.types().list {
        return Ok(value.cast::<List>().expect("just checked"));
    }
    to_list(cx, value)
}

/// `list[start:stop] = items` for step 1.
pub fn assign_range(cx: &mut Cx, list: Gc<List>, start: usize, stop: usize, items: Gc<List>) -> PyResult<()> {
    let len = list.len();
    let start = start.min(len);
    let stop = stop.clamp(start, len);
    let n = items.len();
    let old = stop - start;
    if n > old {
        list.open_gap(&mut cx.heap, stop, n - old).or_raise(cx)?;
    } else {
        list.remove_range(start + n, stop);
    }
    list.copy_items(start, items, n);
    Ok(())
}

fn assign_slice(cx: &mut Cx, list: Gc<List>, slice: Gc<Slice>, value: Value) -> PyResult<()> {
    let (start, stop, step, _) = slice_indices(cx, slice, || list.len())?;
    if step == 1 {
        let items = items_of(cx, list, value, "must assign iterable to extended slice")?;
        return assign_range(cx, list, start as usize, stop.max(start) as usize, items);
    }
    let items = items_of(cx, list, value, "must assign iterable to extended slice")?;
    // Making the list of items may have run Python.
    let (start, _, step, count) = slice_indices(cx, slice, || list.len())?;
    let n = items.len();
    if n != count {
        return Err(value_error(
            cx,
            format_args!("attempt to assign sequence of size {n} to extended slice of size {count}"),
        ));
    }
    for i in 0..count {
        list.set((start + i as isize * step) as usize, items.get(i).unwrap_or(Value::NONE));
    }
    Ok(())
}

fn delete_slice(cx: &mut Cx, list: Gc<List>, slice: Gc<Slice>) -> PyResult<()> {
    let (start, stop, step, count) = slice_indices(cx, slice, || list.len())?;
    if count == 0 {
        return Ok(());
    }
    if step == 1 {
        list.remove_range(start as usize, stop as usize);
        return Ok(());
    }
    // Ascending positions; keep what lies between them.
    let (first, step) = if step < 0 { (start + (count as isize - 1) * step, -step) } else { (start, step) };
    let (first, step, len) = (first as usize, step as usize, list.len());
    let mut to = first;
    for from in first..len {
        let offset = from - first;
        if offset % step == 0 && offset / step < count {
            continue;
        }
        if let Some(item) = list.get(from) {
            list.set(to, item);
        }
        to += 1;
    }
    list.remove_range(to, len);
    Ok(())
}

/// `count` copies of the items.
fn repeated(cx: &mut Cx, list: Gc<List>, count: i64) -> PyResult<Gc<List>> {
    let n = list.len();
    let count = count.max(0) as usize;
    let Some(total) = n.checked_mul(count).filter(|&t| t < 1 << 58) else { return Err(memory_error(cx)) };
    let new = List::with_capacity(&mut cx.heap, total).or_raise(cx)?;
    if let (1, Some(item)) = (n, list.get(0)) {
        (0..total).for_each(|_| {
            new.push_within_capacity(item);
        });
        return Ok(new);
    }
    for _ in 0..count {
        new.extend_from_list(&mut cx.heap, list, 0, n).or_raise(cx)?;
    }
    Ok(new)
}

/// The index of `value` from `start` to `stop`.
fn find(cx: &mut Cx, list: Gc<List>, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut i = start;
    while i < stop {
        let Some(item) = list.get(i) else { break };
        if equals(cx, item, value)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// A bound of `index`: clamped like a slice's.
pub fn search_bound(cx: &mut Cx, value: Value, len: impl FnOnce() -> usize) -> PyResult<usize> {
    if !value.is_small_int() && cx.class_of(value).slots.index.get().is_none() {
        return Err(type_error(cx, "slice indices must be integers or have an __index__ method"));
    }
    let i = clamped_index(cx, value)?;
    Ok(if i < 0 { i.saturating_add(len() as isize).max(0) as usize } else { i as usize })
}

#[native_class(
    name = "list",
    layout = List,
    flags = BASETYPE | SEQUENCE | LIST_SUBCLASS | MATCH_SELF,
    doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<List>> {
        let _ = args;
        Ok(List::with_shape(&mut cx.heap, class.instance_shape.get()))
    }

    #[slot(init, "list(iterable=(), /)")]
    fn init(cx: &mut Cx, this: Gc<List>, iterable: Option<Value>) -> PyResult<()> {
        this.clear();
        match iterable {
            Some(iterable) => crate::iterate::extend(cx, this, iterable),
            None => Ok(()),
        }
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<List>) -> PyResult {
        if this.is_empty() {
            return Ok(cx.heap.str("[]"));
        }
        if !crate::text::enter_repr(cx, this.value()) {
            return Ok(cx.heap.str("[...]"));
        }
        let mut out = StrBuilder::new();
        out.push_str("[");
        let result = repr_items(cx, &mut out, |i| this.get(i));
        crate::text::leave_repr(cx);
        result?;
        out.push_str("]");
        Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<List>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<List>() else { return Ok(Value::NOT_IMPLEMENTED) };
        compare_items(cx, op, || (this.len(), other.len()), |i| (this.get(i), other.get(i)))
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<List>) -> Gc<ListIter> {
        cx.heap.list_iter(this)
    }

    #[slot]
    fn len(_: &mut Cx, this: Gc<List>) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Gc<List>, item: Value) -> PyResult<bool> {
        Ok(find(cx, this, item, 0, usize::MAX)?.is_some())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<List>, key: Value) -> PyResult {
        if let Some(slice) = key.cast::<Slice>() {
            let (start, _, step, count) = slice_indices(cx, slice, || this.len())?;
            return Ok(slice_of(cx, this, start, step, count)?.value());
        }
        let i = index_of_key(cx, key)?;
        match position(i, this.len()).and_then(|i| this.get(i)) {
            Some(item) => Ok(item),
            None => Err(index_error(cx, "list index out of range")),
        }
    }

    fn index_of_key(cx: &mut Cx, key: Value) -> PyResult<isize> {
        if let Some(i) = key.as_int() {
            return Ok(i.get() as isize);
        }
        if cx.class_of(key).slots.index.get().is_none() {
            let name = type_name(cx, key);
            return Err(type_error(cx, format_args!("list indices must be integers or slices, not {name}")));
        }
        as_index(cx, key)
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: Gc<List>, key: Value, value: Option<Value>) -> PyResult<()> {
        if let Some(slice) = key.cast::<Slice>() {
            return match value {
                Some(value) => assign_slice(cx, this, slice, value),
                None => delete_slice(cx, this, slice),
            };
        }
        let i = index_of_key(cx, key)?;
        let Some(i) = position(i, this.len()) else {
            return Err(index_error(cx, "list assignment index out of range"));
        };
        match value {
            Some(value) => {
                this.set(i, value);
            }
            None => this.remove_range(i, i + 1),
        }
        Ok(())
    }

    #[slot]
    fn concat(cx: &mut Cx, this: Gc<List>, other: Value) -> PyResult {
        let Some(other) = other.cast::<List>() else {
            let name = type_name(cx, other);
            return Err(type_error(cx, format_args!("can only concatenate list (not \"{name}\") to list")));
        };
        let new = List::with_capacity(&mut cx.heap, this.len() + other.len()).or_raise(cx)?;
        new.extend_from_list(&mut cx.heap, this, 0, this.len()).or_raise(cx)?;
        new.extend_from_list(&mut cx.heap, other, 0, other.len()).or_raise(cx)?;
        Ok(new.value())
    }

    #[slot]
    fn inplace_concat(cx: &mut Cx, this: Gc<List>, other: Value) -> PyResult<Gc<List>> {
        extend(cx, this, other)?;
        Ok(this)
    }

    #[slot]
    fn repeat(cx: &mut Cx, this: Gc<List>, count: Value) -> PyResult<Gc<List>> {
        let count = sequence_index(cx, count)?;
        repeated(cx, this, count as i64)
    }

    #[slot]
    fn inplace_repeat(cx: &mut Cx, this: Gc<List>, count: Value) -> PyResult<Gc<List>> {
        let count = sequence_index(cx, count)?;
        let new = repeated(cx, this, count as i64)?;
        this.replace_storage(new.storage(), new.len());
        Ok(this)
    }

    /// Append object to the end of the list.
    #[method("append($self, object, /)")]
    fn append(cx: &mut Cx, this: Gc<List>, object: Value) -> PyResult<()> {
        this.push(&mut cx.heap, object).or_raise(cx)
    }

    /// Insert object before index.
    #[method("insert($self, index, object, /)")]
    fn insert(cx: &mut Cx, this: Gc<List>, index: Value, object: Value) -> PyResult<()> {
        let i = crate::number::as_isize(cx, index)?;
        let n = this.len();
        let i = if i < 0 { (i + n as isize).max(0) as usize } else { (i as usize).min(n) };
        this.insert(&mut cx.heap, i, object).or_raise(cx)
    }

    /// Extend list by appending elements from the iterable.
    #[method("extend($self, iterable, /)")]
    fn extend(cx: &mut Cx, this: Gc<List>, iterable: Value) -> PyResult<()> {
        crate::iterate::extend(cx, this, iterable)
    }

    /// Remove and return item at index (default last).
    ///
    /// Raises IndexError if list is empty or index is out of range.
    #[method("pop($self, index=-1, /)")]
    fn pop(cx: &mut Cx, this: Gc<List>, index: Option<Value>) -> PyResult {
        let i = match index {
            Some(index) => crate::number::as_isize(cx, index)?,
            None => -1,
        };
        if this.is_empty() {
            return Err(index_error(cx, "pop from empty list"));
        }
        let n = this.len();
        let Some(i) = position(i, n) else { return Err(index_error(cx, "pop index out of range")) };
        if i + 1 == n {
            return Ok(this.pop().unwrap_or(Value::NONE));
        }
        let item = this.get(i).unwrap_or(Value::NONE);
        this.remove_range(i, i + 1);
        Ok(item)
    }

    /// Remove first occurrence of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method("remove($self, value, /)")]
    fn remove(cx: &mut Cx, this: Gc<List>, value: Value) -> PyResult<()> {
        match find(cx, this, value, 0, usize::MAX)? {
            Some(i) => {
                this.remove_range(i, (i + 1).min(this.len()));
                Ok(())
            }
            None => Err(value_error(cx, "list.remove(x): x not in list")),
        }
    }

    /// Remove all items from list.
    #[method("clear($self, /)")]
    fn clear(_: &mut Cx, this: Gc<List>) {
        this.clear();
    }

    /// Return a shallow copy of the list.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Gc<List>) -> PyResult<Gc<List>> {
        let n = this.len();
        slice_of(cx, this, 0, 1, n)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method("index($self, value, start=0, stop=sys.maxsize, /)")]
    fn index(cx: &mut Cx, this: Gc<List>, value: Value, start: Option<Value>, stop: Option<Value>) -> PyResult<i64> {
        let start = match start {
            Some(start) => search_bound(cx, start, || this.len())?,
            None => 0,
        };
        let stop = match stop {
            Some(stop) => search_bound(cx, stop, || this.len())?,
            None => usize::MAX,
        };
        match find(cx, this, value, start, stop)? {
            Some(i) => Ok(i as i64),
            None => Err(value_error(cx, "list.index(x): x not in list")),
        }
    }

    /// Return number of occurrences of value.
    #[method("count($self, value, /)")]
    fn count(cx: &mut Cx, this: Gc<List>, value: Value) -> PyResult<i64> {
        let (mut n, mut i) = (0, 0);
        while let Some(item) = this.get(i) {
            n += equals(cx, item, value)? as i64;
            i += 1;
        }
        Ok(n)
    }

    /// Reverse *IN PLACE*.
    #[method("reverse($self, /)")]
    fn reverse(_: &mut Cx, this: Gc<List>) {
        if let Some(storage) = this.storage() {
            storage.reverse(this.len());
        }
    }

    /// Sort the list in ascending order and return None.
    ///
    /// The sort is in-place (i.e. the list itself is modified) and stable (i.e. the
    /// order of two equal elements is maintained).
    ///
    /// If a key function is given, apply it once to each list item and sort them,
    /// ascending or descending, according to their function values.
    ///
    /// The reverse flag can be set to sort in descending order.
    #[method("sort($self, /, *, key=None, reverse=False)")]
    fn sort(cx: &mut Cx, this: Gc<List>, key: Value, reverse: bool) -> PyResult<()> {
        sort::sort(cx, this, key, reverse)
    }

    /// Return a reverse iterator over the list.
    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Gc<List>) -> Value {
        let shape = cx.heap.shapes().list_reverseiterator;
        cx.heap.reversed_iter(shape, this.value(), this.len() as i64 - 1).value()
    }

    /// Return the size of the list in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Gc<List>) -> i64 {
        40 + 8 * this.storage().map_or(0, |s| s.capacity()) as i64
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}
