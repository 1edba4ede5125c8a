//! Operators: binary, in-place, unary, `pow`, truth.
//!
//! The number slots are asked in CPython's order: the left operand's, unless the right one's type is a subclass that has
//! its own; then the right one's; then the sequence slots for `+` and `*`.

use crate::call::check_native_stack;
use crate::error::*;
use crate::item::sequence_index;
use object::class::BinaryFn;
use object::*;

fn number_op(cx: &mut Cx, op: BinaryOp, left: Value, right: Value) -> PyResult {
    let (left_class, right_class) = (cx.class_of(left), cx.class_of(right));
    let left_slot = left_class.slots.binary[op as usize].get();
    let mut right_slot = if left_class == right_class { None } else { right_class.slots.binary[op as usize].get() };
    if let (Some(l), Some(r)) = (left_slot, right_slot)
        && std::ptr::fn_addr_eq(l, r)
    {
        right_slot = None;
    }
    if let Some(l) = left_slot {
        if let Some(r) = right_slot
            && right_class.is_subclass_of(left_class)
        {
            let result = r(cx, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
            right_slot = None;
        }
        let result = l(cx, left, right)?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    match right_slot {
        Some(r) => r(cx, left, right),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `left op right`.
pub fn binary_op(cx: &mut Cx, op: BinaryOp, left: Value, right: Value) -> PyResult {
    let result = number_op(cx, op, left, right)?;
    if !result.is_not_implemented() {
        return Ok(result);
    }
    if let Some(result) = sequence_op(cx, op, left, right, false)? {
        return Ok(result);
    }
    Err(unsupported(cx, op.symbol(), left, right, op == BinaryOp::Rshift))
}

/// `left op= right`.
pub fn inplace_op(cx: &mut Cx, op: BinaryOp, left: Value, right: Value) -> PyResult {
    if let Some(slot) = cx.class_of(left).slots.inplace[op as usize].get() {
        let result = slot(cx, left, right)?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    let result = number_op(cx, op, left, right)?;
    if !result.is_not_implemented() {
        return Ok(result);
    }
    if let Some(result) = sequence_op(cx, op, left, right, true)? {
        return Ok(result);
    }
    Err(unsupported(cx, op.inplace_symbol(), left, right, false))
}

/// Sequence `+` and `*`.
fn sequence_op(cx: &mut Cx, op: BinaryOp, left: Value, right: Value, inplace: bool) -> PyResult<Option<Value>> {
    let left_slots = &cx.class_of(left).slots;
    match op {
        BinaryOp::Add => {
            let slot = left_slots.inplace_concat.get().filter(|_| inplace).or(left_slots.concat.get());
            slot.map(|slot| slot(cx, left, right)).transpose()
        }
        BinaryOp::Multiply => {
            let slot = left_slots.inplace_repeat.get().filter(|_| inplace).or(left_slots.repeat.get());
            if let Some(slot) = slot {
                return repeat(cx, slot, left, right).map(Some);
            }
            match cx.class_of(right).slots.repeat.get() {
                Some(slot) => repeat(cx, slot, right, left).map(Some),
                None => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

fn repeat(cx: &mut Cx, slot: BinaryFn, sequence: Value, count: Value) -> PyResult {
    if cx.class_of(count).slots.index.get().is_none() {
        let name = type_name(cx, count);
        return Err(type_error(cx, format_args!("can't multiply sequence by non-int of type '{name}'")));
    }
    let count = sequence_index(cx, count)?;
    let count = BigInt::from_i64(&mut cx.heap, count as i64);
    slot(cx, sequence, count)
}

#[cold]
fn unsupported(cx: &mut Cx, symbol: &str, left: Value, right: Value, rshift: bool) -> Raised {
    let (l, r) = (type_name(cx, left), type_name(cx, right));
    if rshift && left.cast::<NativeFunction>().is_some_and(|f| f.def.get().name == "print" && f.this.get().is_unbound())
    {
        return type_error(
            cx,
            format_args!(
                "unsupported operand type(s) for {symbol}: '{l}' and '{r}'. Did you mean \"print(<message>, file=<output_stream>)\"?"
            ),
        );
    }
    if symbol == "+" && cx.class_of(left).slots.concat.get().is_some() {
        return type_error(cx, format_args!("unsupported operand type(s) for {symbol}: '{l}' and '{r}'"));
    }
    type_error(cx, format_args!("unsupported operand type(s) for {symbol}: '{l}' and '{r}'"))
}

/// `divmod(left, right)`: there is no slot of its own; types provide `__divmod__`.
pub fn divmod(cx: &mut Cx, left: Value, right: Value) -> PyResult {
    let (name, reflected) = (cx.names().__divmod__, cx.names().__rdivmod__);
    let (left_class, right_class) = (cx.class_of(left), cx.class_of(right));
    let right_first = left_class != right_class
        && right_class.is_subclass_of(left_class)
        && cx.lookup_class(right_class, reflected) != cx.lookup_class(left_class, reflected);
    if right_first
        && let Some(result) = crate::call::call_special(cx, right, reflected, &[left])?
        && !result.is_not_implemented()
    {
        return Ok(result);
    }
    if let Some(result) = crate::call::call_special(cx, left, name, &[right])?
        && !result.is_not_implemented()
    {
        return Ok(result);
    }
    if left_class != right_class
        && !right_first
        && let Some(result) = crate::call::call_special(cx, right, reflected, &[left])?
        && !result.is_not_implemented()
    {
        return Ok(result);
    }
    Err(unsupported(cx, "divmod()", left, right, false))
}

/// `pow(base, exponent, modulus)`; `modulus` None = the two-argument form.
pub fn power(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> PyResult {
    if modulus.is_none() {
        return binary_op(cx, BinaryOp::Power, base, exponent);
    }
    let slot_of = |cx: &Cx, v: Value| cx.class_of(v).slots.power3.get();
    let (left, right, third) = (slot_of(cx, base), slot_of(cx, exponent), slot_of(cx, modulus));
    let right_first = crate::typing::is_subtype(cx.class_of(exponent), cx.class_of(base));
    let mut tried: [Option<object::class::TernaryFn>; 3] = [None; 3];
    let order = if right_first { [right, left, third] } else { [left, right, third] };
    for (i, slot) in order.into_iter().enumerate() {
        let Some(slot) = slot else { continue };
        if tried.iter().flatten().any(|&earlier| std::ptr::fn_addr_eq(earlier, slot)) {
            continue;
        }
        tried[i] = Some(slot);
        let result = slot(cx, base, exponent, modulus)?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    let (b, e, m) = (type_name(cx, base), type_name(cx, exponent), type_name(cx, modulus));
    Err(type_error(cx, format_args!("unsupported operand type(s) for ** or pow(): '{b}', '{e}', '{m}'")))
}

macro_rules! unary {
    ($($(#[$meta:meta])* $name:ident: $slot:ident, $text:literal;)*) => {
        $($(#[$meta])*
        pub fn $name(cx: &mut Cx, value: Value) -> PyResult {
            match cx.class_of(value).slots.$slot.get() {
                Some(slot) => slot(cx, value),
                None => {
                    let name = type_name(cx, value);
                    Err(type_error(cx, format_args!(concat!("bad operand type for ", $text, ": '{}'"), name)))
                }
            }
        })*
    };
}

unary! {
    /// `-value`.
    negative: negative, "unary -";
    /// `+value`.
    positive: positive, "unary +";
    /// `~value`.
    invert: invert, "unary ~";
    /// `abs(value)`.
    absolute: absolute, "abs()";
}

/// The truth of a value.
#[inline]
pub fn is_true(cx: &mut Cx, value: Value) -> PyResult<bool> {
    match value {
        Value::TRUE => return Ok(true),
        Value::FALSE | Value::NONE => return Ok(false),
        _ => {}
    }
    if let Some(i) = value.as_int() {
        return Ok(i.get() != 0);
    }
    is_true_slow(cx, value)
}

fn is_true_slow(cx: &mut Cx, value: Value) -> PyResult<bool> {
    let class = cx.class_of(value);
    if let Some(s) = value.cast::<Str>() {
        return Ok(!s.is_empty());
    }
    if let Some(slot) = class.slots.bool_.get() {
        return slot(cx, value);
    }
    match class.slots.len.get() {
        Some(slot) => {
            check_native_stack(cx, "")?;
            slot(cx, value).map(|n| n != 0)
        }
        None => Ok(true),
    }
}
