//! Operators, comparisons, containers, truth, iteration, unpacking.

use super::attributes::takes_plain;
use super::{Chosen, Reason, Site};
use bytecode::Opcode;
use object::*;
use runtime::iterate::Pairs;

/// `BINARY_OP`'s operand for subscripts.
const SUBSCRIPT: usize = 26;

pub fn binary_op(cx: &mut Cx, site: &Site) -> Chosen {
    let (left, right) = (site.operand(2), site.operand(1));
    if site.oparg == SUBSCRIPT {
        return subscript(cx, site, left, right);
    }
    let op = if site.oparg >= 13 { site.oparg - 13 } else { site.oparg };
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        return match op {
            0 => int_form(a.checked_add(b), Opcode::BINARY_OP_ADD_INT),
            10 => int_form(a.checked_sub(b), Opcode::BINARY_OP_SUBTRACT_INT),
            5 => int_form(a.checked_mul(b), Opcode::BINARY_OP_MULTIPLY_INT),
            _ => extend(site, left, right),
        };
    }
    if left.as_float().is_some() && right.as_float().is_some() {
        return match op {
            0 => Ok(Opcode::BINARY_OP_ADD_FLOAT),
            10 => Ok(Opcode::BINARY_OP_SUBTRACT_FLOAT),
            5 => Ok(Opcode::BINARY_OP_MULTIPLY_FLOAT),
            _ => extend(site, left, right),
        };
    }
    if left.is_a::<Str>() && right.is_a::<Str>() && op == 0 {
        return Ok(Opcode::BINARY_OP_ADD_UNICODE);
    }
    extend(site, left, right)
}

fn int_form(result: Option<Int>, opcode: Opcode) -> Chosen {
    result.map(|_| opcode).ok_or(Reason::Overflow)
}

/// The form that covers the remaining number operators, when it can do this very operation.
fn extend(site: &Site, left: Value, right: Value) -> Chosen {
    match ops::defs::arithmetic::extend_numbers(left, right, ops::Oparg(site.oparg)) {
        Ok(_) => Ok(Opcode::BINARY_OP_EXTEND),
        Err(_) => Err(Reason::OperandTypes),
    }
}

fn subscript(cx: &mut Cx, site: &Site, container: Value, key: Value) -> Chosen {
    let shapes = cx.heap.shapes();
    if let Some(list) = container.cast::<List>() {
        if list.shape_id() != shapes.list {
            return Err(Reason::SubclassOfBuiltin);
        }
        site.write(1, shapes.list);
        if key.is_a::<Slice>() {
            return Ok(Opcode::BINARY_OP_SUBSCR_LIST_SLICE);
        }
        return in_range(key, list.len(), Opcode::BINARY_OP_SUBSCR_LIST_INT);
    }
    if let Some(tuple) = container.cast::<Tuple>() {
        return in_range(key, tuple.len(), Opcode::BINARY_OP_SUBSCR_TUPLE_INT);
    }
    if let Some(string) = container.cast::<Str>() {
        return in_range(key, string.len(), Opcode::BINARY_OP_SUBSCR_STR_INT);
    }
    if let Some(dict) = container.cast::<Dict>() {
        if dict.shape_id() != shapes.dict {
            return Err(Reason::SubclassOfBuiltin);
        }
        site.write(1, shapes.dict);
        return Ok(Opcode::BINARY_OP_SUBSCR_DICT);
    }
    getitem(cx, site, container)
}

/// A class with a `__getitem__` in Python that takes just the key.
fn getitem(cx: &mut Cx, site: &Site, container: Value) -> Chosen {
    if !container.is_heap() {
        return Err(Reason::OperandTypes);
    }
    let class = cx.class_of(container);
    let function = cx.lookup_class(class, cx.names().__getitem__).and_then(|f| f.cast::<Function>());
    let function = function.filter(|_| class.is_heap_type()).ok_or(Reason::OperandTypes)?;
    if !takes_plain(function, 2) {
        return Err(Reason::ComplexSignature);
    }
    class.getitem_cache.set(class, function);
    site.write(1, ShapeId::from_raw(Cx::shape_of(container)));
    Ok(Opcode::BINARY_OP_SUBSCR_GETITEM)
}

fn in_range(key: Value, len: usize, opcode: Opcode) -> Chosen {
    match key.as_int() {
        Some(i) if (-(len as i64)..len as i64).contains(&i.get()) => Ok(opcode),
        Some(_) => Err(Reason::IndexOutOfRange),
        None => Err(Reason::OperandTypes),
    }
}

pub fn compare_op(_: &mut Cx, site: &Site) -> Chosen {
    let (left, right) = (site.operand(2), site.operand(1));
    if left.as_int().is_some() && right.as_int().is_some() {
        return Ok(Opcode::COMPARE_OP_INT);
    }
    if left.as_float().is_some() && right.as_float().is_some() {
        return Ok(Opcode::COMPARE_OP_FLOAT);
    }
    // Equality alone: `==` is 2, `!=` is 3.
    let is_text = |value: Value| value.is_a::<Str>() || value.is_none();
    if is_text(left) && is_text(right) && !(left.is_none() && right.is_none()) && matches!(site.oparg >> 5, 2 | 3) {
        return Ok(Opcode::COMPARE_OP_STR);
    }
    Err(Reason::OperandTypes)
}

pub fn contains_op(cx: &mut Cx, site: &Site) -> Chosen {
    let (key, container) = (site.operand(2), site.operand(1));
    let shape = Cx::shape_of(container);
    let shapes = cx.heap.shapes();
    if ops::defs::comparison::plain_hash(cx, key).is_err() {
        return Err(Reason::KeyNeedsPython);
    }
    if shape == shapes.dict.raw() {
        return Ok(Opcode::CONTAINS_OP_DICT);
    }
    if shape == shapes.set.raw() || shape == shapes.frozenset.raw() {
        return Ok(Opcode::CONTAINS_OP_SET);
    }
    Err(Reason::OperandTypes)
}

pub fn to_bool(cx: &mut Cx, site: &Site) -> Chosen {
    let value = site.operand(1);
    let Some(header) = value.header() else {
        return match value {
            v if v.is_bool() => Ok(Opcode::TO_BOOL_BOOL),
            v if v.is_none() => Ok(Opcode::TO_BOOL_NONE),
            v if v.is_small_int() => Ok(Opcode::TO_BOOL_INT),
            _ => Err(Reason::OperandTypes),
        };
    };
    if value.is_a::<Str>() {
        return Ok(Opcode::TO_BOOL_STR);
    }
    let shape = ShapeId::from_raw(header.shape());
    let shapes = cx.heap.shapes();
    if shape == shapes.list || shape == shapes.dict || shape == shapes.tuple {
        site.write(1, shape);
        return Ok(Opcode::TO_BOOL_LIST);
    }
    let class = cx.class_of(value);
    if class.slots.bool_.get().is_some() || class.slots.len.get().is_some() {
        return Err(Reason::BoolOverridden);
    }
    let names = cx.names();
    for name in [names.__bool__, names.__len__] {
        runtime::typing::watch(cx, class, site.code, site.unit(), name);
    }
    site.write(1, shape);
    Ok(Opcode::TO_BOOL_ALWAYS_TRUE)
}

pub fn store_subscr(cx: &mut Cx, site: &Site) -> Chosen {
    let (container, key) = (site.operand(2), site.operand(1));
    let shape = Cx::shape_of(container);
    let shapes = cx.heap.shapes();
    if shape == shapes.list.raw()
        && let Some(list) = container.cast::<List>()
    {
        return in_range(key, list.len(), Opcode::STORE_SUBSCR_LIST_INT);
    }
    if shape == shapes.dict.raw() {
        return match ops::defs::comparison::plain_hash(cx, key) {
            Ok(_) => Ok(Opcode::STORE_SUBSCR_DICT),
            Err(_) => Err(Reason::KeyNeedsPython),
        };
    }
    Err(Reason::OperandTypes)
}

pub fn unpack_sequence(cx: &mut Cx, site: &Site) -> Chosen {
    let sequence = site.operand(1);
    if let Some(tuple) = sequence.cast::<Tuple>() {
        return match tuple.len() {
            n if n != site.oparg => Err(Reason::SequenceLength),
            2 => Ok(Opcode::UNPACK_SEQUENCE_TWO_TUPLE),
            _ => Ok(Opcode::UNPACK_SEQUENCE_TUPLE),
        };
    }
    if let Some(list) = sequence.cast::<List>()
        && list.shape_id() == cx.heap.shapes().list
    {
        return if list.len() == site.oparg { Ok(Opcode::UNPACK_SEQUENCE_LIST) } else { Err(Reason::SequenceLength) };
    }
    Err(Reason::OperandTypes)
}

pub fn for_iter(cx: &mut Cx, site: &Site) -> Chosen {
    let iterator = site.operand(1);
    if iterator.is_a::<ListIter>() {
        return Ok(Opcode::FOR_ITER_LIST);
    }
    if iterator.is_a::<TupleIter>() {
        return Ok(Opcode::FOR_ITER_TUPLE);
    }
    if iterator.is_a::<RangeIter>() {
        return Ok(Opcode::FOR_ITER_RANGE);
    }
    if let Some(generator) = iterator.cast::<Generator>() {
        return resumable(generator, Opcode::FOR_ITER_GEN);
    }
    if site.is_followed_by(Opcode::UNPACK_SEQUENCE, 2) && Pairs::of(cx, iterator).is_some() {
        return Ok(Opcode::FOR_ITER_PAIR);
    }
    if iterator.is_a::<DictIter>() {
        return Ok(Opcode::FOR_ITER_DICT);
    }
    if iterator.is_a::<SetIter>() {
        return Ok(Opcode::FOR_ITER_SET);
    }
    Err(Reason::IteratorType)
}

pub fn send(cx: &mut Cx, site: &Site) -> Chosen {
    let receiver = site.operand(2);
    match receiver.cast::<Generator>() {
        Some(generator) if cx.class_of(receiver) != cx.types().async_generator => {
            resumable(generator, Opcode::SEND_GEN)
        }
        _ => Err(Reason::NotAGenerator),
    }
}

fn resumable(generator: Gc<Generator>, opcode: Opcode) -> Chosen {
    match generator.state.get() {
        GeneratorState::Running | GeneratorState::Finished => Err(Reason::GeneratorRunning),
        _ => Ok(opcode),
    }
}
