//! Unary and binary operators.

use crate::{Cached, Miss, Oparg};
use object::instance::Shaped;
use object::*;
use ops_macros::{instruction, uop};
use runtime::{item, operate};

/// `BINARY_OP`'s operand for subscripts.
const SUBSCRIPT: usize = 26;

/// Leave unless `value` is a small int.
#[uop]
pub fn guard_int(value: Value) -> Result<Int, Miss> {
    value.as_int().ok_or(Miss)
}

/// Leave unless both are small ints.
#[uop]
pub fn guard_ints(left: Value, right: Value) -> Result<(Int, Int), Miss> {
    Value::as_ints(left, right).ok_or(Miss)
}

/// Leave unless `value` is a float.
#[uop]
pub fn guard_float(value: Value) -> Result<f64, Miss> {
    value.as_float().ok_or(Miss)
}

/// Leave unless `value` is a `str`.
#[uop]
pub fn guard_str(value: Value) -> Result<Gc<Str>, Miss> {
    value.cast::<Str>().ok_or(Miss)
}

/// Leave unless `object` has this shape.
#[uop]
pub fn guard_shape(object: Value, shape: Cached<ShapeId, 1>) -> Result<Shaped, Miss> {
    Shaped::check(object, shape.0).ok_or(Miss)
}

/// The sum; leave when it does not fit.
#[uop]
pub fn add_int(left: Int, right: Int) -> Result<Int, Miss> {
    left.checked_add(right).ok_or(Miss)
}

/// The difference; leave when it does not fit.
#[uop]
pub fn subtract_int(left: Int, right: Int) -> Result<Int, Miss> {
    left.checked_sub(right).ok_or(Miss)
}

/// The product; leave when it does not fit.
#[uop]
pub fn multiply_int(left: Int, right: Int) -> Result<Int, Miss> {
    left.checked_mul(right).ok_or(Miss)
}

/// The sum.
#[uop]
pub fn add_float(left: f64, right: f64) -> f64 {
    left + right
}

/// The difference.
#[uop]
pub fn subtract_float(left: f64, right: f64) -> f64 {
    left - right
}

/// The product.
#[uop]
pub fn multiply_float(left: f64, right: f64) -> f64 {
    left * right
}

/// The float as a value; leave when it needs a box.
#[uop]
pub fn tag_float(float: f64) -> Result<Value, Miss> {
    Value::from_float(float).ok_or(Miss)
}

/// Any binary or in-place operator, or a subscript.
#[instruction(micro, adaptive)]
pub fn binary_op(cx: &mut Cx, left: Value, right: Value, oparg: Oparg) -> PyResult {
    match oparg.get() {
        SUBSCRIPT => item::get_item(cx, left, right),
        n if n < 13 => operate::binary_op(cx, BinaryOp::from_u8(n as u8), left, right),
        n => operate::inplace_op(cx, BinaryOp::from_u8(n as u8 - 13), left, right),
    }
}

/// `left + right`, both small ints.
#[instruction]
pub fn binary_op_add_int(left: Value, right: Value) -> Result<Int, Miss> {
    let (left, right) = guard_ints(left, right)?;
    add_int(left, right)
}

/// `left - right`, both small ints.
#[instruction]
pub fn binary_op_subtract_int(left: Value, right: Value) -> Result<Int, Miss> {
    let (left, right) = guard_ints(left, right)?;
    subtract_int(left, right)
}

/// `left * right`, both small ints.
#[instruction]
pub fn binary_op_multiply_int(left: Value, right: Value) -> Result<Int, Miss> {
    let (left, right) = guard_ints(left, right)?;
    multiply_int(left, right)
}

/// `left + right`, both floats.
#[instruction]
pub fn binary_op_add_float(left: Value, right: Value) -> Result<Value, Miss> {
    let left = guard_float(left)?;
    let right = guard_float(right)?;
    tag_float(add_float(left, right))
}

/// `left - right`, both floats.
#[instruction]
pub fn binary_op_subtract_float(left: Value, right: Value) -> Result<Value, Miss> {
    let left = guard_float(left)?;
    let right = guard_float(right)?;
    tag_float(subtract_float(left, right))
}

/// `left * right`, both floats.
#[instruction]
pub fn binary_op_multiply_float(left: Value, right: Value) -> Result<Value, Miss> {
    let left = guard_float(left)?;
    let right = guard_float(right)?;
    tag_float(multiply_float(left, right))
}

/// The concatenation; leave when memory is short.
#[uop]
pub fn concat_str(heap: &mut Heap, left: Gc<Str>, right: Gc<Str>) -> Result<Gc<Str>, Miss> {
    Str::concat(heap, left, right).map_err(|_| Miss)
}

/// `left + right` or `left += right`, both strings.
#[instruction]
pub fn binary_op_add_unicode(heap: &mut Heap, left: Value, right: Value) -> Result<Gc<Str>, Miss> {
    let left = guard_str(left)?;
    let right = guard_str(right)?;
    concat_str(heap, left, right)
}

/// The other operators on small ints and floats: `// % << >> & | ^ **` and `/`, and `+ - * / **` of an int and a float.
#[uop]
pub fn extend_numbers(left: Value, right: Value, oparg: Oparg) -> Result<Value, Miss> {
    let op = if oparg.get() >= 13 { oparg.get() - 13 } else { oparg.get() };
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        let result = match op {
            1 => Int::new(a.get() & b.get()),
            2 => a.checked_floordiv(b),
            3 if (0..62).contains(&b.get()) => {
                let shifted = a.get() << b.get();
                if shifted >> b.get() == a.get() { Int::new(shifted) } else { None }
            }
            6 => a.checked_mod(b),
            7 => Int::new(a.get() | b.get()),
            8 if (0..62).contains(&b.get()) => a.get().checked_pow(b.get() as u32).and_then(Int::new),
            9 if b.get() >= 0 => Int::new(a.get() >> b.get().min(63)),
            11 => return divide_small(a, b),
            12 => Int::new(a.get() ^ b.get()),
            _ => None,
        };
        return result.map(Int::value).ok_or(Miss);
    }
    let a = number(left).ok_or(Miss)?;
    let b = number(right).ok_or(Miss)?;
    let result = match op {
        0 => a + b,
        5 => a * b,
        // Other bases and an infinite result may have to raise, or to be complex.
        8 if a > 0.0 && a.is_finite() => Some(a.powf(b)).filter(|power| power.is_finite()).ok_or(Miss)?,
        10 => a - b,
        11 if b != 0.0 => a / b,
        _ => return Err(Miss),
    };
    Value::from_float(result).ok_or(Miss)
}

/// `a / b` where both are exact as floats, so that the quotient is rounded once.
#[inline(always)]
fn divide_small(a: Int, b: Int) -> Result<Value, Miss> {
    const EXACT: i64 = 1 << 53;
    if b.get() == 0 || a.get().abs() > EXACT || b.get().abs() > EXACT {
        return Err(Miss);
    }
    Value::from_float(a.get() as f64 / b.get() as f64).ok_or(Miss)
}

/// A float, or a small int that is exact as a float.
#[inline(always)]
fn number(value: Value) -> Option<f64> {
    match value.as_immediate_float() {
        Some(f) => Some(f),
        None => value.as_int().filter(|i| i.get().abs() <= 1 << 53).map(|i| i.get() as f64),
    }
}

/// The operators on small ints and floats that have no form of their own.
#[instruction]
pub fn binary_op_extend(left: Value, right: Value, oparg: Oparg) -> Result<Value, Miss> {
    extend_numbers(left, right, oparg)
}

/// `-value`.
#[instruction(micro)]
pub fn unary_negative(cx: &mut Cx, value: Value) -> PyResult {
    operate::negative(cx, value)
}

/// `~value`.
#[instruction(micro)]
pub fn unary_invert(cx: &mut Cx, value: Value) -> PyResult {
    operate::invert(cx, value)
}

/// `not value`, a bool.
#[instruction(micro)]
pub fn unary_not(value: Value) -> bool {
    value.is(Value::FALSE)
}
