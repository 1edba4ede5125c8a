//! Iteration.

use crate::call::call_special;
use crate::error::*;
use object::*;

/// `iter(value)`.
pub fn get_iter(cx: &mut Cx, value: Value) -> PyResult {
    let class = cx.class_of(value);
    if let Some(slot) = class.slots.iter.get() {
        let iterator = slot(cx, value)?;
        if cx.class_of(iterator).slots.next.get().is_none() {
            let name = type_name(cx, iterator);
            return Err(type_error(cx, format_args!("iter() returned non-iterator of type '{name}'")));
        }
        return Ok(iterator);
    }
    if class.slots.getitem.get().is_some() && !value.is_a::<Dict>() {
        return Ok(cx.heap.sequence_iter(value).value());
    }
    let name = type_name(cx, value);
    Err(type_error(cx, format_args!("'{name}' object is not iterable")))
}

pub fn is_iterable(cx: &Cx, value: Value) -> bool {
    let slots = &cx.class_of(value).slots;
    slots.iter.get().is_some() || slots.getitem.get().is_some()
}

/// The next item of an iterator; `None` at its end. A StopIteration raised by `__next__` counts as the end.
#[inline]
pub fn next(cx: &mut Cx, iterator: Value) -> PyResult<Option<Value>> {
    match cx.class_of(iterator).slots.next.get() {
        Some(slot) => slot(cx, iterator),
        None => {
            let name = type_name(cx, iterator);
            Err(type_error(cx, format_args!("'{name}' object is not an iterator")))
        }
    }
}

/// Run `body` for every item of `iterable`.
pub fn for_each(cx: &mut Cx, iterable: Value, mut body: impl FnMut(&mut Cx, Value) -> PyResult<()>) -> PyResult<()> {
    let types = cx.types();
    if let Some(list) = iterable.cast::<List>()
        && cx.class_of(iterable) == types.list
    {
        let mut i = 0;
        while let Some(item) = list.get(i) {
            body(cx, item)?;
            i += 1;
        }
        return Ok(());
    }
    if let Some(tuple) = iterable.cast::<Tuple>()
        && cx.class_of(iterable) == types.tuple
    {
        for i in 0..tuple.len() {
            body(cx, tuple.get(i))?;
        }
        return Ok(());
    }
    let iterator = get_iter(cx, iterable)?;
    while let Some(item) = next(cx, iterator)? {
        body(cx, item)?;
    }
    Ok(())
}

/// A new list of the items.
pub fn to_list(cx: &mut Cx, iterable: Value) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    extend(cx, list, iterable)?;
    Ok(list)
}

/// Append the items of `iterable` to `list`.
pub fn extend(cx: &mut Cx, list: Gc<List>, iterable: Value) -> PyResult<()> {
    if let Some(tuple) = iterable.cast::<Tuple>()
        && cx.class_of(iterable) == cx.types().tuple
    {
        return list.extend_from_slice(&mut cx.heap, tuple.as_slice()).or_raise(cx);
    }
    if let Some(source) = iterable.cast::<List>()
        && cx.class_of(iterable) == cx.types().list
    {
        return list.extend_from_list(&mut cx.heap, source, 0, source.len()).or_raise(cx);
    }
    let iterator = get_iter(cx, iterable)?;
    let hint = length_hint(cx, iterable, 8)?;
    list.reserve(&mut cx.heap, list.len() + hint.min(1 << 24)).or_raise(cx)?;
    while let Some(item) = next(cx, iterator)? {
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    Ok(())
}

/// A tuple of the items; an exact tuple is itself.
pub fn to_tuple(cx: &mut Cx, iterable: Value) -> PyResult<Gc<Tuple>> {
    if let Some(tuple) = iterable.cast::<Tuple>()
        && cx.class_of(iterable) == cx.types().tuple
    {
        return Ok(tuple);
    }
    let list = to_list(cx, iterable)?;
    list_to_tuple(cx, list)
}

/// A tuple of a list's items now.
pub fn list_to_tuple(cx: &mut Cx, list: Gc<List>) -> PyResult<Gc<Tuple>> {
    let n = list.len();
    Tuple::from_fn(&mut cx.heap, n, |i| list.get(i).unwrap_or(Value::NONE)).or_raise(cx)
}

/// `operator.length_hint(value, default)`.
pub fn length_hint(cx: &mut Cx, value: Value, default: usize) -> PyResult<usize> {
    if let Some(slot) = cx.class_of(value).slots.len.get() {
        return match slot(cx, value) {
            Ok(n) => Ok(n),
            Err(raised) => {
                let class = cx.types().TypeError;
                cx.catch(raised, class)?;
                Ok(default)
            }
        };
    }
    let name = cx.names().__length_hint__;
    let hint = match call_special(cx, value, name, &[]) {
        Ok(None) => return Ok(default),
        Ok(Some(hint)) => hint,
        Err(raised) => {
            let class = cx.types().TypeError;
            cx.catch(raised, class)?;
            return Ok(default);
        }
    };
    if hint.is_not_implemented() {
        return Ok(default);
    }
    let Some(n) = hint.unwrap_payload().as_int() else {
        let name = type_name(cx, hint);
        return Err(type_error(cx, format_args!("__length_hint__ must be an integer, not {name}")));
    };
    usize::try_from(n.get()).map_err(|_| value_error(cx, "__length_hint__() should return >= 0"))
}
