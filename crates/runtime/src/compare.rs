//! Comparisons and containment.

use crate::call::check_native_stack;
use crate::error::*;
use crate::iterate;
use crate::operate::is_true;
use object::*;

/// `left op right`.
pub fn compare(cx: &mut Cx, left: Value, right: Value, op: CompareOp) -> PyResult {
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        return Ok(Value::bool(op.holds(a.cmp(&b))));
    }
    check_native_stack(cx, " in comparison")?;
    let (left_class, right_class) = (cx.class_of(left), cx.class_of(right));
    let mut tried_right = false;
    if left_class != right_class
        && right_class.is_subclass_of(left_class)
        && let Some(slot) = right_class.slots.richcompare.get()
    {
        tried_right = true;
        let result = slot(cx, right, left, op.swapped())?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    if let Some(slot) = left_class.slots.richcompare.get() {
        let result = slot(cx, left, right, op)?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    if !tried_right && let Some(slot) = right_class.slots.richcompare.get() {
        let result = slot(cx, right, left, op.swapped())?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    match op {
        CompareOp::Eq => Ok(Value::bool(left.is(right))),
        CompareOp::Ne => Ok(Value::bool(!left.is(right))),
        _ => {
            let (l, r) = (type_name(cx, left), type_name(cx, right));
            let symbol = op.symbol();
            Err(type_error(cx, format_args!("'{symbol}' not supported between instances of '{l}' and '{r}'")))
        }
    }
}

/// The truth of `left op right`; identical objects are equal, as in containers.
pub fn compare_bool(cx: &mut Cx, left: Value, right: Value, op: CompareOp) -> PyResult<bool> {
    if left.is(right) {
        match op {
            CompareOp::Eq => return Ok(true),
            CompareOp::Ne => return Ok(false),
            _ => {}
        }
    }
    let result = compare(cx, left, right, op)?;
    is_true(cx, result)
}

/// `left is right or left == right`.
#[inline]
pub fn equals(cx: &mut Cx, left: Value, right: Value) -> PyResult<bool> {
    if let Some(known) = object::dict::fast_eq(left, right) {
        return Ok(known);
    }
    if let (Some(a), Some(b)) = (plain_tuple(cx, left), plain_tuple(cx, right)) {
        return equal_tuples(cx, a, b);
    }
    compare_bool(cx, left, right, CompareOp::Eq)
}

/// The items of a tuple, or of an instance of a subclass that compares as tuples do (a named tuple).
fn plain_tuple(cx: &Cx, value: Value) -> Option<Gc<Tuple>> {
    let tuple = value.downcast::<Tuple>()?;
    let (class, exact) = (cx.class_of(value), cx.types().tuple);
    let same_comparison = || match (class.slots.richcompare.get(), exact.slots.richcompare.get()) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        _ => false,
    };
    if class == exact || same_comparison() { Some(tuple) } else { None }
}

/// `a == b` for tuples.
fn equal_tuples(cx: &mut Cx, a: Gc<Tuple>, b: Gc<Tuple>) -> PyResult<bool> {
    if a == b {
        // Even identical tuples are compared item by item, but identical items are equal.
        return Ok(true);
    }
    if a.len() != b.len() {
        return Ok(false);
    }
    check_native_stack(cx, " in comparison")?;
    for i in 0..a.len() {
        if !equals(cx, a.get(i), b.get(i))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `item in container`.
pub fn contains(cx: &mut Cx, container: Value, item: Value) -> PyResult<bool> {
    if let Some(slot) = cx.class_of(container).slots.contains.get() {
        return slot(cx, container, item);
    }
    contains_by_iteration(cx, container, item)
}

/// `item in container` for whatever can be iterated.
pub fn contains_by_iteration(cx: &mut Cx, container: Value, item: Value) -> PyResult<bool> {
    let iterator = match iterate::get_iter(cx, container) {
        Ok(iterator) => iterator,
        Err(raised) => {
            if cx.raised_is(cx.types().TypeError) && !iterate::is_iterable(cx, container) {
                cx.take_raised(raised);
                let name = type_name(cx, container);
                return Err(type_error(cx, format_args!("argument of type '{name}' is not a container or iterable")));
            }
            return Err(raised);
        }
    };
    while let Some(value) = iterate::next(cx, iterator)? {
        if equals(cx, value, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
