//! Comparisons, containment, identity, truth.

use super::arithmetic::{guard_float, guard_ints};
use crate::{Cached, Miss, Oparg};
use object::instance::Shaped;
use object::*;
use ops_macros::{instruction, uop};
use runtime::{compare, operate};

/// `COMPARE_OP`'s operand: the operator in the upper bits, bit 4 asks for a bool, the low bits say which orderings hold.
fn operator(oparg: Oparg) -> CompareOp {
    CompareOp::from_u8((oparg.get() >> 5) as u8)
}

/// Any comparison.
#[instruction(micro, adaptive)]
pub fn compare_op(cx: &mut Cx, left: Value, right: Value, oparg: Oparg) -> PyResult {
    let result = compare::compare(cx, left, right, operator(oparg))?;
    if oparg.bit(4) { operate::is_true(cx, result).map(Value::bool) } else { Ok(result) }
}

/// Compare two ints: the operand's bits 1, 2, 3 say whether the answer is yes for less, greater, equal.
#[uop]
pub fn compare_ints(left: Int, right: Int, oparg: Oparg) -> bool {
    let bit = if left == right {
        8
    } else if left < right {
        2
    } else {
        4
    };
    oparg.get() & bit != 0
}

/// Compare two floats; nothing holds of an unordered pair but `!=`.
#[uop]
pub fn compare_floats(left: f64, right: f64, oparg: Oparg) -> bool {
    let bit = if left == right {
        8
    } else if left < right {
        2
    } else if left > right {
        4
    } else {
        1
    };
    oparg.get() & bit != 0
}

/// Compare two small ints.
#[instruction]
pub fn compare_op_int(left: Value, right: Value, oparg: Oparg) -> Result<bool, Miss> {
    let (left, right) = guard_ints(left, right)?;
    Ok(compare_ints(left, right, oparg))
}

/// Compare two floats.
#[instruction]
pub fn compare_op_float(left: Value, right: Value, oparg: Oparg) -> Result<bool, Miss> {
    let left = guard_float(left)?;
    let right = guard_float(right)?;
    Ok(compare_floats(left, right, oparg))
}

/// `==` or `!=` of two strings, or of a string and None, which are never equal.
#[instruction(micro, outline)]
pub fn compare_op_str(left: Value, right: Value, oparg: Oparg) -> Result<bool, Miss> {
    let equal = match (left.cast::<Str>(), right.cast::<Str>()) {
        (Some(left), Some(right)) => left == right || left.equals(&right),
        (Some(_), None) if right.is_none() => false,
        (None, Some(_)) if left.is_none() => false,
        _ => return Err(Miss),
    };
    Ok(oparg.get() & if equal { 8 } else { 2 } != 0)
}

/// `is`, or `is not` when the operand is 1.
#[instruction(micro)]
pub fn is_op(left: Value, right: Value, oparg: Oparg) -> bool {
    left.is(right) != oparg.bit(0)
}

/// `left in right`, or `not in` when the operand is 1.
#[instruction(micro, adaptive)]
pub fn contains_op(cx: &mut Cx, left: Value, right: Value, oparg: Oparg) -> PyResult<bool> {
    Ok(compare::contains(cx, right, left)? != oparg.bit(0))
}

/// Leave unless `value` is a key that is hashed and compared without Python: a string, a small int, or an object that is
/// equal to itself alone; its hash.
#[uop]
pub fn plain_hash(cx: &Cx, value: Value) -> Result<i64, Miss> {
    match (value.cast::<Str>(), value.as_int()) {
        (Some(s), _) => Ok(s.hash()),
        (_, Some(i)) => Ok(object::hash::hash_i64(i.get())),
        _ => identity_hash(cx, value).ok_or(Miss),
    }
}

/// The hash of an object whose class leaves hashing and comparing to `object`.
#[inline]
fn identity_hash(cx: &Cx, value: Value) -> Option<i64> {
    let (own, plain) = (&cx.class_of(value).slots, &cx.types().object.slots);
    let hashes = own.hash.get().zip(plain.hash.get()).is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b));
    let compares = own.richcompare.get().zip(plain.richcompare.get()).is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b));
    if hashes && compares { Some(runtime::hashing::hash_identity(value)) } else { None }
}

/// Whether a dict has the key; leave when only Python can tell.
#[uop]
pub fn dict_has(dict: Value, key: Value, hash: i64) -> Result<bool, Miss> {
    match dict.cast::<Dict>().ok_or(Miss)?.find(key, hash) {
        object::dict::Found::At(_) => Ok(true),
        object::dict::Found::Absent => Ok(false),
        object::dict::Found::Ask { .. } => Err(Miss),
    }
}

/// Whether a set has the item; leave when only Python can tell.
#[uop]
pub fn set_has(set: Value, key: Value, hash: i64) -> Result<bool, Miss> {
    set.cast::<Set>().ok_or(Miss)?.contains_plain(key, hash).ok_or(Miss)
}

/// The answer, or its opposite for `not in`.
#[uop]
pub fn negate_if(found: bool, oparg: Oparg) -> bool {
    found != oparg.bit(0)
}

/// Leave unless `value` is an exact dict.
#[uop]
pub fn guard_dict(cx: &Cx, value: Value) -> Result<Value, Miss> {
    Shaped::check(value, cx.heap.shapes().dict).map(Shaped::value).ok_or(Miss)
}

/// Leave unless `value` is an exact set or frozenset.
#[uop]
pub fn guard_set(cx: &Cx, value: Value) -> Result<Value, Miss> {
    let shape = Cx::shape_of(value);
    let shapes = cx.heap.shapes();
    if shape == shapes.set.raw() || shape == shapes.frozenset.raw() { Ok(value) } else { Err(Miss) }
}

/// `left in right`, a dict.
#[instruction(outline)]
pub fn contains_op_dict(cx: &Cx, left: Value, right: Value, oparg: Oparg) -> Result<bool, Miss> {
    let dict = guard_dict(cx, right)?;
    let hash = plain_hash(cx, left)?;
    let found = dict_has(dict, left, hash)?;
    Ok(negate_if(found, oparg))
}

/// `left in right`, a set or frozenset.
#[instruction(outline)]
pub fn contains_op_set(cx: &Cx, left: Value, right: Value, oparg: Oparg) -> Result<bool, Miss> {
    let set = guard_set(cx, right)?;
    let hash = plain_hash(cx, left)?;
    let found = set_has(set, left, hash)?;
    Ok(negate_if(found, oparg))
}

/// The truth of any value.
#[instruction(micro, adaptive)]
pub fn to_bool(cx: &mut Cx, value: Value) -> PyResult<bool> {
    operate::is_true(cx, value)
}

/// The truth of a bool: itself.
#[instruction(micro)]
pub fn to_bool_bool(value: Value) -> Result<bool, Miss> {
    if value.is_bool() { Ok(value.is(Value::TRUE)) } else { Err(Miss) }
}

/// False for None, which every form below takes as well as its own kind: "nothing or something" is the commonest test.
#[inline(always)]
fn none_is_false(value: Value) -> Result<bool, Miss> {
    if value.is_none() { Ok(false) } else { Err(Miss) }
}

/// The truth of a small int or None.
#[instruction(micro)]
pub fn to_bool_int(value: Value) -> Result<bool, Miss> {
    match value.as_int() {
        Some(int) => Ok(int != Int::ZERO),
        None => none_is_false(value),
    }
}

/// The truth of an exact list, dict or tuple, or of None.
#[instruction(micro)]
pub fn to_bool_list(value: Value, shape: Cached<ShapeId, 1>) -> Result<bool, Miss> {
    let Some(container) = Shaped::check(value, shape.0).map(Shaped::value) else { return none_is_false(value) };
    if let Some(list) = container.cast::<List>() {
        return Ok(!list.is_empty());
    }
    if let Some(dict) = container.cast::<Dict>() {
        return Ok(!dict.is_empty());
    }
    container.cast::<Tuple>().map(|tuple| !tuple.is_empty()).ok_or(Miss)
}

/// The truth of None.
#[instruction(micro)]
pub fn to_bool_none(value: Value) -> Result<bool, Miss> {
    none_is_false(value)
}

/// The truth of a string or None.
#[instruction(micro)]
pub fn to_bool_str(value: Value) -> Result<bool, Miss> {
    match value.cast::<Str>() {
        Some(string) => Ok(!string.is_empty()),
        None => none_is_false(value),
    }
}

/// True: the object's class says nothing about its truth; or None.
#[instruction(micro)]
pub fn to_bool_always_true(value: Value, shape: Cached<ShapeId, 1>) -> Result<bool, Miss> {
    match Shaped::check(value, shape.0) {
        Some(_) => Ok(true),
        None => none_is_false(value),
    }
}
