//! Building tuples, lists, sets, dicts, slices and strings.

use crate::{Miss, Oparg, Peek};
use object::*;
use ops_macros::instruction;
use runtime::error::*;
use runtime::{attribute, iterate, text};

/// A tuple of the topmost values.
#[instruction(micro, run = oparg)]
pub fn build_tuple(cx: &mut Cx, items: &[Value]) -> PyResult<Gc<Tuple>> {
    Tuple::new(&mut cx.heap, items).or_raise(cx)
}

/// A list of the topmost values.
#[instruction(micro, run = oparg)]
pub fn build_list(cx: &mut Cx, items: &[Value]) -> PyResult<Gc<List>> {
    List::new(&mut cx.heap, items).or_raise(cx)
}

/// A set of the topmost values.
#[instruction(micro, run = oparg)]
pub fn build_set(cx: &mut Cx, items: &[Value]) -> PyResult<Gc<Set>> {
    let shape = cx.heap.shapes().set;
    let set = Set::with_shape(&mut cx.heap, shape);
    for &item in items {
        runtime::set::add(cx, set, item)?;
    }
    Ok(set)
}

/// A dict of the topmost pairs.
#[instruction(micro, run = 2 * oparg)]
pub fn build_map(cx: &mut Cx, items: &[Value]) -> PyResult<Gc<Dict>> {
    let dict = Dict::with_capacity(&mut cx.heap, items.len() / 2).or_raise(cx)?;
    for pair in items.chunks_exact(2) {
        runtime::dict::set(cx, dict, pair[0], pair[1])?;
    }
    Ok(dict)
}

/// A slice of two or three bounds.
#[instruction(micro, run = oparg)]
pub fn build_slice(heap: &mut Heap, bounds: &[Value]) -> Gc<Slice> {
    heap.slice(bounds[0], bounds[1], bounds.get(2).copied().unwrap_or(Value::NONE))
}

/// The concatenation of the topmost strings.
#[instruction(micro, run = oparg)]
pub fn build_string(cx: &mut Cx, pieces: &[Value]) -> PyResult<Gc<Str>> {
    Str::concat_all(&mut cx.heap, pieces).or_raise(cx)
}

/// Append to the list of a comprehension, which has room.
#[instruction(micro, inline, miss = list_append_growing)]
pub fn list_append(list: Peek, value: Value) -> Result<(), Miss> {
    if list.0.cast::<List>().ok_or(Miss)?.push_within_capacity(value) { Ok(()) } else { Err(Miss) }
}

/// Append to the list of a comprehension, which grows.
#[instruction(micro, internal)]
pub fn list_append_growing(cx: &mut Cx, list: Peek, value: Value) -> PyResult<()> {
    match list.0.cast::<List>() {
        Some(list) => list.push(&mut cx.heap, value).or_raise(cx),
        None => Err(system_error(cx, "bad internal call")),
    }
}

/// Add to the set of a comprehension.
#[instruction(micro)]
pub fn set_add(cx: &mut Cx, set: Peek, value: Value) -> PyResult<()> {
    match set.0.cast::<Set>() {
        Some(set) => runtime::set::add(cx, set, value),
        None => Err(system_error(cx, "bad internal call")),
    }
}

/// Add to the dict of a comprehension.
#[instruction(micro)]
pub fn map_add(cx: &mut Cx, map: Peek, key: Value, value: Value) -> PyResult<()> {
    match map.0.cast::<Dict>() {
        Some(dict) => runtime::dict::set(cx, dict, key, value),
        None => Err(system_error(cx, "bad internal call")),
    }
}

/// Extend a list display by an iterable: `[*iterable]`.
#[instruction(micro)]
pub fn list_extend(cx: &mut Cx, list: Peek, iterable: Value) -> PyResult<()> {
    let Some(list) = list.0.cast::<List>() else { return Err(system_error(cx, "bad internal call")) };
    if !iterate::is_iterable(cx, iterable) {
        let name = type_name(cx, iterable);
        return Err(type_error(cx, format_args!("Value after * must be an iterable, not {name}")));
    }
    iterate::extend(cx, list, iterable)
}

/// Extend a set display by an iterable: `{*iterable}`.
#[instruction(micro)]
pub fn set_update(cx: &mut Cx, set: Peek, iterable: Value) -> PyResult<()> {
    match set.0.cast::<Set>() {
        Some(set) => runtime::set::update(cx, set, iterable),
        None => Err(system_error(cx, "bad internal call")),
    }
}

/// Extend a dict display by a mapping: `{**mapping}`.
#[instruction(micro)]
pub fn dict_update(cx: &mut Cx, dict: Peek, mapping: Value) -> PyResult<()> {
    let Some(dict) = dict.0.cast::<Dict>() else { return Err(system_error(cx, "bad internal call")) };
    if runtime::dict::plain_dict(cx, mapping).is_none() {
        let name = cx.names().keys;
        if attribute::get_attr_opt(cx, mapping, name)?.is_none() {
            let name = type_name(cx, mapping);
            return Err(type_error(cx, format_args!("'{name}' object is not a mapping")));
        }
    }
    runtime::dict::update(cx, dict, mapping)
}

/// Merge the `**kwargs` of a call; a key that is there already is an error.
#[instruction(micro)]
pub fn dict_merge(cx: &mut Cx, frame: FrameRef, dict: Peek, mapping: Value, oparg: Oparg) -> PyResult<()> {
    let Some(dict) = dict.0.cast::<Dict>() else { return Err(system_error(cx, "bad internal call")) };
    let callable = frame.stack_value(frame.stack_depth() - 1 - oparg.get() - 3);
    let keys = match runtime::dict::plain_dict(cx, mapping) {
        Some(from) => {
            let keys = List::empty(&mut cx.heap);
            for (key, _) in from.iter() {
                keys.push(&mut cx.heap, key).or_raise(cx)?;
            }
            keys.value()
        }
        None => {
            let name = cx.names().keys;
            if attribute::get_attr_opt(cx, mapping, name)?.is_none() {
                let shown = function_text(cx, callable)?;
                let name = type_name(cx, mapping);
                return Err(type_error(cx, format_args!("{shown} argument after ** must be a mapping, not {name}")));
            }
            runtime::call::call_method(cx, mapping, name, &[])?
        }
    };
    iterate::for_each(cx, keys, |cx, key| {
        if runtime::dict::contains(cx, dict, key)? {
            let shown = function_text(cx, callable)?;
            if key.downcast::<Str>().is_none() {
                return Err(type_error(cx, format_args!("{shown} keywords must be strings")));
            }
            let key = text::str_of(cx, key)?;
            return Err(type_error(cx, format_args!("{shown} got multiple values for keyword argument '{key}'")));
        }
        let value = runtime::item::get_item(cx, mapping, key)?;
        runtime::dict::set(cx, dict, key, value)
    })
}

/// How messages name what is called: `module.qualname()` without the module for built-ins, else its `str`.
pub(crate) fn function_text(cx: &mut Cx, function: Value) -> PyResult<Gc<Str>> {
    let (qualname, module) = (cx.names().__qualname__, cx.names().__module__);
    let Some(qualname) = attribute::get_attr_opt(cx, function, qualname)? else {
        return text::str_of(cx, function);
    };
    let module = attribute::get_attr_opt(cx, function, module)?.unwrap_or(Value::NONE);
    let qualname = text::str_of(cx, qualname)?;
    let shown = match module.downcast::<Str>() {
        Some(module) if !module.eq_str("builtins") => format!("{module}.{qualname}()"),
        _ => format!("{qualname}()"),
    };
    Str::from_utf8(&mut cx.heap, &shown).or_raise(cx)
}

/// Convert by `str`, `repr` or `ascii`: the `!s`, `!r`, `!a` of an f-string.
#[instruction(micro)]
pub fn convert_value(cx: &mut Cx, value: Value, oparg: Oparg) -> PyResult<Gc<Str>> {
    match oparg.get() {
        1 => text::str_of(cx, value),
        2 => text::repr_of(cx, value),
        _ => text::ascii_of(cx, value),
    }
}

/// `format(value, '')`.
#[instruction(micro)]
pub fn format_simple(cx: &mut Cx, value: Value) -> PyResult {
    if value.is_a::<Str>() {
        return Ok(value);
    }
    let spec = cx.vm().empty_str();
    text::format_value(cx, value, spec).map(Gc::value)
}

/// `format(value, spec)`.
#[instruction(micro)]
pub fn format_with_spec(cx: &mut Cx, value: Value, spec: Value) -> PyResult {
    match spec.downcast::<Str>() {
        Some(spec) => text::format_value(cx, value, spec).map(Gc::value),
        None => Err(system_error(cx, "format spec is not a string")),
    }
}

/// An interpolation of a template string: value, expression, conversion (operand bits 2 and 3), format spec (bit 0).
#[instruction(micro, run = oparg & 1)]
pub fn build_interpolation(cx: &mut Cx, value: Value, expression: Value, spec: &[Value], oparg: Oparg) -> PyResult {
    let conversion = match oparg.get() >> 2 {
        1 => cx.heap.str("s"),
        2 => cx.heap.str("r"),
        3 => cx.heap.str("a"),
        _ => Value::NONE,
    };
    let spec = spec.first().copied().unwrap_or(cx.vm().empty_str().value());
    runtime::types::template::new_interpolation(cx, value, expression, conversion, spec)
}

/// A template string of its strings and interpolations.
#[instruction(micro)]
pub fn build_template(cx: &mut Cx, strings: Value, interpolations: Value) -> PyResult {
    match (strings.cast::<Tuple>(), interpolations.cast::<Tuple>()) {
        (Some(strings), Some(interpolations)) => runtime::types::template::new_template(cx, strings, interpolations),
        _ => Err(system_error(cx, "bad internal call")),
    }
}
