//! Functions of `builtins` that walk over iterables.

use crate::iterate::Walk;
use crate::prelude::*;

/// Whether an item of `iterable` has truth value `wanted`.
pub fn find_truth(cx: &mut Cx, iterable: Value, wanted: bool) -> PyResult<bool> {
    let mut items = Walk::new(cx, iterable)?;
    while let Some(item) = items.next(cx)? {
        if is_true(cx, item)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A new sorted list.
pub fn sorted(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let [iterable] = *args.positional() else {
        let n = args.n_positional();
        return Err(type_error(cx, format_args!("sorted expected 1 argument, got {n}")));
    };
    let list = to_list(cx, iterable)?;
    let (mut key, mut reverse) = (Value::NONE, false);
    for (name, value) in args.keywords() {
        match name.as_ascii() {
            Some("key") => key = value,
            Some("reverse") => reverse = is_true(cx, value)?,
            _ => return Err(type_error(cx, format_args!("sort() got an unexpected keyword argument '{name}'"))),
        }
    }
    crate::types::list::sort::sort(cx, list, key, reverse)?;
    Ok(list.value())
}

/// `min` and `max`: `better` is the comparison that replaces the best item so far.
pub fn extreme(cx: &mut Cx, args: Args<'_>, function: &str, better: CompareOp) -> PyResult {
    let (mut key, mut default) = (Value::NONE, None);
    if args.n_keywords() > 2 {
        let n = args.n_keywords();
        return Err(type_error(cx, format_args!("{function}() takes at most 2 keyword arguments ({n} given)")));
    }
    for (name, value) in args.keywords() {
        match name.as_ascii() {
            Some("key") => key = value,
            Some("default") => default = Some(value),
            _ => {
                return Err(type_error(cx, format_args!("{function}() got an unexpected keyword argument '{name}'")));
            }
        }
    }
    let positional = args.positional();
    match *positional {
        [] => Err(type_error(cx, format_args!("{function} expected at least 1 argument, got 0"))),
        [iterable] => {
            let mut items = Walk::new(cx, iterable)?;
            let mut best = None;
            while let Some(item) = items.next(cx)? {
                best = Some(pick(cx, best, item, key, better)?);
            }
            match (best, default) {
                (Some((item, _)), _) => Ok(item),
                (None, Some(default)) => Ok(default),
                (None, None) => Err(value_error(cx, format_args!("{function}() iterable argument is empty"))),
            }
        }
        _ if default.is_some() => Err(type_error(
            cx,
            format_args!("Cannot specify a default for {function}() with multiple positional arguments"),
        )),
        _ => {
            let mut best = None;
            for &item in positional {
                best = Some(pick(cx, best, item, key, better)?);
            }
            Ok(best.map_or(Value::NONE, |(item, _)| item))
        }
    }
}

/// The truth of the comparison; `min` and `max` compare an item with itself, too.
#[inline]
fn is_better(cx: &mut Cx, item: Value, best: Value, better: CompareOp) -> PyResult<bool> {
    if let (Some(a), Some(b)) = (item.as_int(), best.as_int()) {
        return Ok(better.holds(a.cmp(&b)));
    }
    compare_bool(cx, item, best, better)
}

/// The better of the best so far and `item`, each with its key.
fn pick(
    cx: &mut Cx,
    best: Option<(Value, Value)>,
    item: Value,
    key: Value,
    better: CompareOp,
) -> PyResult<(Value, Value)> {
    let item_key = if key.is_none() { item } else { call(cx, key, &[item])? };
    match best {
        Some((best, best_key)) if !is_better(cx, item_key, best_key, better)? => Ok((best, best_key)),
        _ => Ok((item, item_key)),
    }
}

/// The StopIteration of an iterator that has just ended, with the value that a generator returned.
pub fn stop(cx: &mut Cx, iterator: Value) -> Raised {
    let value = cx.take_stop_value(iterator);
    stop_iteration(cx, value)
}

/// `aiter(iterable)`.
pub fn aiter(cx: &mut Cx, iterable: Value) -> PyResult {
    let Some(slot) = cx.class_of(iterable).slots.aiter.get() else {
        let name = type_name(cx, iterable);
        return Err(type_error(cx, format_args!("'{name}' object is not an async iterable")));
    };
    let iterator = slot(cx, iterable)?;
    if cx.class_of(iterator).slots.anext.get().is_none() {
        let name = type_name(cx, iterator);
        return Err(type_error(cx, format_args!("aiter() returned not an async iterator of type '{name}'")));
    }
    Ok(iterator)
}

/// `anext(iterator)`.
pub fn anext(cx: &mut Cx, iterator: Value, default: Option<Value>) -> PyResult {
    let Some(slot) = cx.class_of(iterator).slots.anext.get() else {
        let name = type_name(cx, iterator);
        return Err(type_error(cx, format_args!("'{name}' object is not an async iterator")));
    };
    let awaitable = slot(cx, iterator)?;
    match default {
        None => Ok(awaitable),
        Some(default) => crate::types::anext_awaitable::new(cx, awaitable, default),
    }
}
