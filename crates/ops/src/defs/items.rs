//! Subscripts, slices, and their stores; unpacking.

use super::arithmetic::{guard_int, guard_shape, guard_str};
use super::comparison::{guard_dict, plain_hash};
use crate::{Cached, Enter, Exit, Keep, Miss, Oparg};
use object::dict::Found;
use object::instance::Shaped;
use object::*;
use ops_macros::{instruction, uop};
use runtime::error::*;
use runtime::{item, iterate};

/// The index as a position from the start; leave when it is out of range.
#[inline(always)]
fn position(index: Int, len: usize) -> Result<usize, Miss> {
    let i = index.get();
    let i = if i < 0 { i + len as i64 } else { i };
    if (i as u64) < len as u64 { Ok(i as usize) } else { Err(Miss) }
}

/// Item of a list; leave when out of range.
#[uop]
pub fn list_item(list: Shaped, index: Int) -> Result<Value, Miss> {
    let list = list.value().cast::<List>().ok_or(Miss)?;
    list.get(position(index, list.len())?).ok_or(Miss)
}

/// Item of a tuple; leave when out of range.
#[uop]
pub fn tuple_item(tuple: Value, index: Int) -> Result<Value, Miss> {
    let tuple = tuple.cast::<Tuple>().ok_or(Miss)?;
    tuple.try_get(position(index, tuple.len())?).ok_or(Miss)
}

/// Character of a string, if it is one that is kept as a string; leave when out of range.
#[uop]
pub fn str_item(cx: &Cx, string: Gc<Str>, index: Int) -> Result<Gc<Str>, Miss> {
    let i = position(index, string.len())?;
    match u8::try_from(string.get(i)) {
        Ok(c) => Ok(cx.heap.vm().latin1_char(c)),
        Err(_) => Err(Miss),
    }
}

/// `list[int]`.
#[instruction]
pub fn binary_op_subscr_list_int(list: Value, index: Value, shape: Cached<ShapeId, 1>) -> Result<Value, Miss> {
    let list = guard_shape(list, shape)?;
    let index = guard_int(index)?;
    list_item(list, index)
}

/// `tuple[int]`.
#[instruction]
pub fn binary_op_subscr_tuple_int(tuple: Value, index: Value) -> Result<Value, Miss> {
    let index = guard_int(index)?;
    tuple_item(tuple, index)
}

/// `str[int]`.
#[instruction(outline)]
pub fn binary_op_subscr_str_int(cx: &Cx, string: Value, index: Value) -> Result<Gc<Str>, Miss> {
    let string = guard_str(string)?;
    let index = guard_int(index)?;
    str_item(cx, string, index)
}

/// Leave unless this is a slice.
#[uop]
pub fn guard_slice(value: Value) -> Result<Gc<Slice>, Miss> {
    value.cast::<Slice>().ok_or(Miss)
}

/// A new list of a slice of small bounds and step 1; leave for any other.
#[uop]
pub fn slice_list(heap: &mut Heap, list: Shaped, slice: Gc<Slice>) -> Result<Gc<List>, Miss> {
    let list = list.value().cast::<List>().ok_or(Miss)?;
    let (start, stop) = plain_bounds(slice.start.get(), slice.stop.get(), slice.step.get(), list.len())?;
    list.slice(heap, start, stop).map_err(|_| Miss)
}

/// Start and stop of a slice of step 1 whose bounds are small ints or None.
fn plain_bounds(start: Value, stop: Value, step: Value, len: usize) -> Result<(usize, usize), Miss> {
    if !step.is_none() && step.as_int().is_none_or(|s| s.get() != 1) {
        return Err(Miss);
    }
    let clamp = |bound: Value, default: usize| match bound.as_int() {
        _ if bound.is_none() => Ok(default),
        Some(i) if i.get() < 0 => Ok((i.get() + len as i64).max(0) as usize),
        Some(i) => Ok((i.get() as usize).min(len)),
        None => Err(Miss),
    };
    let (start, stop) = (clamp(start, 0)?, clamp(stop, len)?);
    Ok((start.min(stop), stop))
}

/// `list[a:b]`.
#[instruction]
pub fn binary_op_subscr_list_slice(
    heap: &mut Heap,
    list: Value,
    slice: Value,
    shape: Cached<ShapeId, 1>,
) -> Result<Gc<List>, Miss> {
    let list = guard_shape(list, shape)?;
    let slice = guard_slice(slice)?;
    slice_list(heap, list, slice)
}

/// Value of a key; KeyError when absent.
#[uop]
pub fn dict_item(cx: &mut Cx, dict: Shaped, key: Value) -> Result<Value, Exit> {
    let dict = dict.value().cast::<Dict>().ok_or(Miss)?;
    if let Ok(hash) = plain_hash(cx, key)
        && let Found::At(i) = dict.find(key, hash)
        && let Some((_, value)) = dict.entry(i)
    {
        return Ok(value);
    }
    match runtime::dict::get(cx, dict, key)? {
        Some(value) => Ok(value),
        None => Err(Exit::Raised(key_error(cx, key))),
    }
}

/// `dict[key]`.
#[instruction]
pub fn binary_op_subscr_dict(cx: &mut Cx, dict: Value, key: Value, shape: Cached<ShapeId, 1>) -> Result<Value, Exit> {
    let dict = guard_shape(dict, shape)?;
    dict_item(cx, dict, key)
}

/// `container[key] = value`.
#[instruction(micro, adaptive)]
pub fn store_subscr(cx: &mut Cx, value: Value, container: Value, key: Value) -> PyResult<()> {
    item::set_item(cx, container, key, value)
}

/// Leave unless `value` is an exact list.
#[uop]
pub fn guard_list(cx: &Cx, value: Value) -> Result<Shaped, Miss> {
    Shaped::check(value, cx.heap.shapes().list).ok_or(Miss)
}

/// Replace an item of a list; leave when out of range.
#[uop]
pub fn set_list_item(list: Shaped, index: Int, value: Value) -> Result<(), Miss> {
    let list = list.value().cast::<List>().ok_or(Miss)?;
    let i = position(index, list.len())?;
    if list.set(i, value) { Ok(()) } else { Err(Miss) }
}

/// Push the frame of the class's `__getitem__`, a Python function; leave when the class has changed.
#[uop]
pub fn enter_getitem(cx: &Cx, container: Shaped, key: Value) -> Result<FrameRef, Miss> {
    let class = cx.class_of(container.value());
    let function = class.getitem_cache.get().cast::<Function>().ok_or(Miss)?;
    cx.push_exact_frame(function, Some(container.value()), &[key], FrameOwner::Call).ok_or(Miss)
}

/// `container[key]` where the class defines `__getitem__` in Python: go on in it.
#[instruction]
pub fn binary_op_subscr_getitem(
    cx: &Cx,
    container: Value,
    key: Value,
    shape: Cached<ShapeId, 1>,
) -> Result<Enter, Miss> {
    let container = guard_shape(container, shape)?;
    let frame = enter_getitem(cx, container, key)?;
    Ok(Enter(frame))
}

/// `list[int] = value`.
#[instruction]
pub fn store_subscr_list_int(cx: &Cx, value: Value, container: Value, key: Value) -> Result<(), Miss> {
    let list = guard_list(cx, container)?;
    let index = guard_int(key)?;
    set_list_item(list, index, value)
}

/// Store under a key that is hashed and compared without Python; leave when only Python can tell.
#[uop]
pub fn set_dict_item(heap: &mut Heap, dict: Value, key: Value, hash: i64, value: Value) -> Result<(), Miss> {
    let dict = dict.cast::<Dict>().ok_or(Miss)?;
    match dict.find(key, hash) {
        Found::At(i) => {
            dict.set_value_at(i, value);
            Ok(())
        }
        Found::Absent => dict.append(heap, key, hash, value).map_err(|_| Miss),
        Found::Ask { .. } => Err(Miss),
    }
}

/// `dict[key] = value`.
#[instruction]
pub fn store_subscr_dict(cx: &mut Cx, value: Value, container: Value, key: Value) -> Result<(), Miss> {
    let dict = guard_dict(cx, container)?;
    let hash = plain_hash(cx, key)?;
    set_dict_item(&mut cx.heap, dict, key, hash, value)
}

/// `del container[key]`.
#[instruction(micro)]
pub fn delete_subscr(cx: &mut Cx, container: Value, key: Value) -> PyResult<()> {
    item::del_item(cx, container, key)
}

/// `container[start:stop]`.
#[instruction(micro)]
pub fn binary_slice(cx: &mut Cx, container: Value, start: Value, stop: Value) -> PyResult {
    if let Some(list) = Shaped::check(container, cx.heap.shapes().list)
        && let Some(list) = list.value().cast::<List>()
        && let Ok((from, to)) = plain_bounds(start, stop, Value::NONE, list.len())
    {
        return list.slice(&mut cx.heap, from, to).or_raise(cx).map(Gc::value);
    }
    let slice = cx.heap.slice(start, stop, Value::NONE);
    item::get_item(cx, container, slice.value())
}

/// `container[start:stop] = value`.
#[instruction(micro)]
pub fn store_slice(cx: &mut Cx, value: Value, container: Value, start: Value, stop: Value) -> PyResult<()> {
    let slice = cx.heap.slice(start, stop, Value::NONE);
    item::set_item(cx, container, slice.value(), value)
}

/// Unpack any iterable into just so many values, the first on top.
#[instruction(micro, adaptive, out = oparg)]
pub fn unpack_sequence(cx: &mut Cx, sequence: Value, values: &mut [Value]) -> PyResult<()> {
    if unpack_exactly(cx, sequence, values) {
        return Ok(());
    }
    unpack(cx, sequence, values.len(), None)?.fill(values);
    Ok(())
}

/// Unpack into so many values, a list of the rest, and further values: counts in the operand's bytes.
#[instruction(micro, out = (oparg & 0xFF) + 1 + (oparg >> 8))]
pub fn unpack_ex(cx: &mut Cx, sequence: Value, values: &mut [Value], oparg: Oparg) -> PyResult<()> {
    let (before, after) = (oparg.get() & 0xFF, oparg.get() >> 8);
    if unpack_in_place(cx, sequence, values, before)? {
        return Ok(());
    }
    unpack(cx, sequence, before, Some(after))?.fill(values);
    Ok(())
}

/// Unpack an exact list or tuple of just so many items; false for others.
fn unpack_exactly(cx: &Cx, sequence: Value, values: &mut [Value]) -> bool {
    let shape = Cx::shape_of(sequence);
    if shape == cx.heap.shapes().tuple.raw()
        && let Some(tuple) = sequence.cast::<Tuple>()
        && tuple.len() == values.len()
    {
        values.iter_mut().rev().zip(tuple.as_slice()).for_each(|(to, &item)| *to = item);
        return true;
    }
    if shape == cx.heap.shapes().list.raw()
        && let Some(list) = sequence.cast::<List>()
        && list.len() == values.len()
    {
        values.iter_mut().rev().zip(list.iter()).for_each(|(to, item)| *to = item);
        return true;
    }
    false
}

/// Unpack an exact list or tuple that is long enough, with a list of the rest at target `starred`; false for others.
fn unpack_in_place(cx: &mut Cx, sequence: Value, values: &mut [Value], starred: usize) -> PyResult<bool> {
    let list = match Shaped::check(sequence, cx.heap.shapes().list) {
        Some(list) => list.value().cast::<List>(),
        None => None,
    };
    let tuple = match Shaped::check(sequence, cx.heap.shapes().tuple) {
        Some(tuple) => tuple.value().cast::<Tuple>(),
        None => None,
    };
    let len = match (list, tuple) {
        (Some(list), _) => list.len(),
        (_, Some(tuple)) => tuple.len(),
        _ => return Ok(false),
    };
    let Some(n_rest) = (len + 1).checked_sub(values.len()) else { return Ok(false) };
    let rest = match (list, tuple) {
        (Some(list), _) => list.slice(&mut cx.heap, starred, starred + n_rest).or_raise(cx)?,
        (_, Some(tuple)) => List::new(&mut cx.heap, &tuple.as_slice()[starred..starred + n_rest]).or_raise(cx)?,
        _ => return Ok(false),
    };
    let item = |i: usize| list.and_then(|list| list.get(i)).or(tuple.and_then(|tuple| tuple.try_get(i)));
    let last = values.len() - 1;
    for i in 0..values.len() {
        // The first target's value goes on top of the stack.
        values[last - i] = match i.cmp(&starred) {
            std::cmp::Ordering::Less => item(i).unwrap_or(Value::NONE),
            std::cmp::Ordering::Equal => rest.value(),
            std::cmp::Ordering::Greater => item(i + n_rest - 1).unwrap_or(Value::NONE),
        };
    }
    Ok(true)
}

/// What unpacking gave, in the order of the targets.
struct Unpacked(RootVec);

impl Unpacked {
    /// The first target's value goes on top of the stack.
    fn fill(&self, values: &mut [Value]) {
        let n = values.len();
        for i in 0..n {
            values[n - 1 - i] = self.0.get(i);
        }
    }
}

/// `before` values; with a starred target, the rest as a list and `after` more.
fn unpack(cx: &mut Cx, sequence: Value, before: usize, after: Option<usize>) -> PyResult<Unpacked> {
    if !iterate::is_iterable(cx, sequence) {
        let name = type_name(cx, sequence);
        return Err(type_error(cx, format_args!("cannot unpack non-iterable {name} object")));
    }
    let iterator = iterate::get_iter(cx, sequence)?;
    let values = cx.vm().root_vec();
    while values.len() < before {
        match iterate::next(cx, iterator)? {
            Some(value) => values.push(value),
            None => return Err(not_enough(cx, before + after.unwrap_or(0), values.len(), after.is_some())),
        }
    }
    let Some(after) = after else {
        if iterate::next(cx, iterator)?.is_none() {
            return Ok(Unpacked(values));
        }
        return Err(too_many(cx, sequence, before));
    };
    let rest = iterate::to_list(cx, iterator)?;
    let Some(split) = rest.len().checked_sub(after) else {
        return Err(not_enough(cx, before + after, before + rest.len(), true));
    };
    values.push(rest);
    (split..rest.len()).filter_map(|i| rest.get(i)).for_each(|value| values.push(value));
    rest.remove_range(split, rest.len());
    Ok(Unpacked(values))
}

#[cold]
fn not_enough(cx: &mut Cx, wanted: usize, got: usize, at_least: bool) -> Raised {
    let least = if at_least { "at least " } else { "" };
    value_error(cx, format_args!("not enough values to unpack (expected {least}{wanted}, got {got})"))
}

#[cold]
fn too_many(cx: &mut Cx, sequence: Value, wanted: usize) -> Raised {
    let sized = sequence.is_a::<List>() || sequence.is_a::<Tuple>() || sequence.is_a::<Dict>();
    if sized && let Ok(got) = item::length(cx, sequence) {
        return value_error(cx, format_args!("too many values to unpack (expected {wanted}, got {got})"));
    }
    value_error(cx, format_args!("too many values to unpack (expected {wanted})"))
}

/// Unpack a tuple of two.
#[instruction(micro)]
pub fn unpack_sequence_two_tuple(sequence: Value, oparg: Oparg) -> Result<(Value, Value), Miss> {
    let _ = oparg;
    match *sequence.cast::<Tuple>().ok_or(Miss)?.as_slice() {
        [first, second] => Ok((second, first)),
        _ => Err(Miss),
    }
}

/// Unpack a tuple.
#[instruction(micro, outline, out = oparg)]
pub fn unpack_sequence_tuple(sequence: Value, values: &mut [Value]) -> Result<(), Miss> {
    let tuple = sequence.cast::<Tuple>().ok_or(Miss)?;
    if tuple.len() != values.len() {
        return Err(Miss);
    }
    values.iter_mut().rev().zip(tuple.iter()).for_each(|(to, value)| *to = value);
    Ok(())
}

/// Unpack an exact list.
#[instruction(micro, outline, out = oparg)]
pub fn unpack_sequence_list(cx: &Cx, sequence: Value, values: &mut [Value]) -> Result<(), Miss> {
    let list = guard_list(cx, sequence)?.value().cast::<List>().ok_or(Miss)?;
    if list.len() != values.len() {
        return Err(Miss);
    }
    values.iter_mut().rev().zip(list.iter()).for_each(|(to, value)| *to = value);
    Ok(())
}

/// Push the length of the top of the stack.
#[instruction(micro)]
pub fn get_len(cx: &mut Cx, object: Keep) -> PyResult {
    let n = item::length(cx, object.0)?;
    Ok(BigInt::from_u64(&mut cx.heap, n as u64))
}
