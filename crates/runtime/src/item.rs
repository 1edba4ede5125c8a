//! Subscripts, lengths and indices.

use crate::error::*;
use object::*;

/// `object[key]`.
pub fn get_item(cx: &mut Cx, object: Value, key: Value) -> PyResult {
    if let Some(slot) = cx.class_of(object).slots.getitem.get() {
        return slot(cx, object, key);
    }
    get_item_otherwise(cx, object, key)
}

/// `object[key]` where the class of the object has no slot for it.
#[cold]
#[inline(never)]
fn get_item_otherwise(cx: &mut Cx, object: Value, key: Value) -> PyResult {
    if let Some(class) = object.cast::<Class>() {
        return class_get_item(cx, class, key);
    }
    let name = type_name(cx, object);
    Err(type_error(cx, format_args!("'{name}' object is not subscriptable")))
}

/// `class[key]` through `__class_getitem__`.
fn class_get_item(cx: &mut Cx, class: Gc<Class>, key: Value) -> PyResult {
    if class == cx.types().type_ {
        return crate::hooks::generic_alias(cx, class.value(), key);
    }
    let name = cx.names().__class_getitem__;
    match crate::attribute::get_attr_opt(cx, class.value(), name)? {
        Some(method) if !method.is_none() => crate::call::call(cx, method, &[key]),
        _ => {
            let name = class_name(class);
            Err(type_error(cx, format_args!("type '{name}' is not subscriptable")))
        }
    }
}

/// `object[key] = value`.
pub fn set_item(cx: &mut Cx, object: Value, key: Value, value: Value) -> PyResult<()> {
    match cx.class_of(object).slots.setitem.get() {
        Some(slot) => slot(cx, object, key, Some(value)),
        None => Err(unsupported(cx, object, "does not support item assignment")),
    }
}

/// The error for an object whose class has no slot for an operation on items.
#[cold]
#[inline(never)]
fn unsupported(cx: &mut Cx, object: Value, what: &str) -> Raised {
    let name = type_name(cx, object);
    type_error(cx, format_args!("'{name}' object {what}"))
}

/// `del object[key]`.
pub fn del_item(cx: &mut Cx, object: Value, key: Value) -> PyResult<()> {
    match cx.class_of(object).slots.setitem.get() {
        Some(slot) => slot(cx, object, key, None),
        None => {
            let name = type_name(cx, object);
            // Two places in CPython: one for what has the methods of sequences at all, when the key is an index.
            let slots = &cx.class_of(object).slots;
            let is_sequence =
                cx.class_of(object).is_heap_type() || slots.getitem.get().is_some() || slots.len.get().is_some();
            let verb = if is_sequence && cx.class_of(key).slots.index.get().is_some() { "doesn't" } else { "does not" };
            Err(type_error(cx, format_args!("'{name}' object {verb} support item deletion")))
        }
    }
}

/// `len(object)`.
#[inline]
pub fn length(cx: &mut Cx, object: Value) -> PyResult<usize> {
    match cx.class_of(object).slots.len.get() {
        Some(slot) => slot(cx, object),
        None => {
            let name = type_name(cx, object);
            Err(type_error(cx, format_args!("object of type '{name}' has no len()")))
        }
    }
}

/// `len(object)` of an exact list, tuple, str, dict or set.
#[inline]
pub fn plain_length(cx: &Cx, object: Value) -> Option<usize> {
    let shape = object.header()?.shape();
    let shapes = cx.heap.shapes();
    if shape == shapes.list.raw() {
        return object.cast::<List>().map(|list| list.len());
    }
    if let Some(tuple) = object.cast::<Tuple>() {
        return (shape == shapes.tuple.raw()).then(|| tuple.len());
    }
    if let Some(string) = object.cast::<Str>() {
        return Some(string.len());
    }
    if shape == shapes.dict.raw() {
        return object.cast::<Dict>().map(|dict| dict.len());
    }
    if shape == shapes.set.raw() {
        return object.cast::<Set>().map(|set| set.len());
    }
    None
}

/// `operator.index(value)`: an exact int.
pub fn index_value(cx: &mut Cx, value: Value) -> PyResult {
    if value.is_small_int() || value.is_a::<BigInt>() {
        return Ok(value);
    }
    if value.is_bool() {
        return Ok(Int::from_len(value.is(Value::TRUE) as usize).value());
    }
    let inner = value.unwrap_payload();
    if inner.is_small_int() || inner.is_a::<BigInt>() {
        return Ok(inner);
    }
    match cx.class_of(value).slots.index.get() {
        Some(slot) => slot(cx, value),
        None => {
            let name = type_name(cx, value);
            Err(type_error(cx, format_args!("'{name}' object cannot be interpreted as an integer")))
        }
    }
}

/// An index for a sequence; too large is IndexError.
#[inline]
pub fn as_index(cx: &mut Cx, value: Value) -> PyResult<isize> {
    if let Some(i) = value.as_int() {
        return Ok(i.get() as isize);
    }
    let int = index_value(cx, value)?;
    match machine_int(int) {
        Some(i) => Ok(i),
        None => {
            let name = type_name(cx, value);
            Err(index_error(cx, format_args!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

/// An exact int that fits a machine word; small ints are shorter than that.
pub(crate) fn machine_int(int: Value) -> Option<isize> {
    let i = match int.as_int() {
        Some(i) => i.get(),
        None => int.cast::<BigInt>()?.to_i64()?,
    };
    Some(i as isize)
}

/// A count for a sequence; too large is OverflowError.
#[inline]
pub fn sequence_index(cx: &mut Cx, value: Value) -> PyResult<isize> {
    if let Some(i) = value.as_int() {
        return Ok(i.get() as isize);
    }
    let int = index_value(cx, value)?;
    match machine_int(int) {
        Some(i) => Ok(i),
        None => {
            let name = type_name(cx, value);
            Err(overflow_error(cx, format_args!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

/// An index clamped to the machine's range (slices, `insert`).
#[inline]
pub fn clamped_index(cx: &mut Cx, value: Value) -> PyResult<isize> {
    if let Some(i) = value.as_int() {
        return Ok(i.get() as isize);
    }
    let int = index_value(cx, value)?;
    Ok(match machine_int(int) {
        Some(i) => i,
        None if int.cast::<BigInt>().is_some_and(|b| b.is_negative()) => isize::MIN,
        None => isize::MAX,
    })
}

/// A slice bound: None or something with `__index__`.
#[inline]
fn slice_bound(cx: &mut Cx, value: Value) -> PyResult<Option<isize>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Some(i) = value.as_int() {
        return Ok(Some(i.get() as isize));
    }
    if cx.class_of(value).slots.index.get().is_none() {
        return Err(type_error(cx, "slice indices must be integers or None or have an __index__ method"));
    }
    clamped_index(cx, value).map(Some)
}

/// Start, stop, step and number of items of `slice` over a sequence of `len` items. `len` is asked for once the bounds
/// are known, since finding them may run Python that changes the sequence.
pub fn slice_indices(
    cx: &mut Cx,
    slice: Gc<Slice>,
    len: impl FnOnce() -> usize,
) -> PyResult<(isize, isize, isize, usize)> {
    let step = slice_bound(cx, slice.step.get())?.unwrap_or(1);
    if step == 0 {
        return Err(value_error(cx, "slice step cannot be zero"));
    }
    let step = step.max(-isize::MAX);
    let start = slice_bound(cx, slice.start.get())?;
    let stop = slice_bound(cx, slice.stop.get())?;
    let len = len() as isize;
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |bound: isize| {
        if bound < 0 { bound.saturating_add(len).max(low) } else { bound.min(high) }
    };
    let start = start.map_or(if step > 0 { 0 } else { len - 1 }, clamp);
    let stop = stop.map_or(if step > 0 { len } else { -1 }, clamp);
    let count = if step > 0 && start < stop {
        (stop - start - 1) / step + 1
    } else if step < 0 && stop < start {
        (start - stop - 1) / -step + 1
    } else {
        0
    };
    Ok((start, stop, step, count as usize))
}
