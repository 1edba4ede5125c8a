//! The operations that Decimal and Context both have methods for.

use super::context::This;
use super::convert::{expect_operand, short_operand, wrap, wrap_short};
use super::library;
use super::number::{self, Number, Rules};
use super::short::{self, Short};
use runtime::prelude::*;

/// An operation with a result of its own rounding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Absolute,
    Minus,
    Plus,
    Add,
    Subtract,
    Multiply,
    Divide,
    DivideInteger,
    Remainder,
    Compare,
    CompareSignal,
    Quantize,
    Normalize,
    ToIntegralExact,
    ToIntegralValue,
    SquareRoot,
    Fused,
    /// Left to the library, by the name of its method.
    Library(&'static str),
}

/// Do an operation natively; `None` for those that are left to the library.
fn native(op: Op, operands: &[Number], rules: &Rules, happened: &mut u32) -> Option<Number> {
    use number::*;
    Some(match (op, operands) {
        (Op::Absolute, [a]) => absolute(a, rules, happened),
        (Op::Minus, [a]) => minus(a, rules, happened),
        (Op::Plus, [a]) => plus(a, rules, happened),
        (Op::Normalize, [a]) => normalize(a, rules, happened),
        (Op::ToIntegralExact, [a]) => to_integral(a, true, rules, happened),
        (Op::ToIntegralValue, [a]) => to_integral(a, false, rules, happened),
        (Op::SquareRoot, [a]) => square_root(a, rules, happened),
        (Op::Add, [a, b]) => add(a, b, rules, happened),
        (Op::Subtract, [a, b]) => subtract(a, b, rules, happened),
        (Op::Multiply, [a, b]) => multiply(a, b, rules, happened),
        (Op::Divide, [a, b]) => divide(a, b, rules, happened),
        (Op::DivideInteger, [a, b]) => divide_integer(a, b, rules, happened),
        (Op::Remainder, [a, b]) => remainder(a, b, rules, happened),
        (Op::Compare, [a, b]) => compare(a, b, false, rules, happened),
        (Op::CompareSignal, [a, b]) => compare(a, b, true, rules, happened),
        (Op::Quantize, [a, b]) => quantize(a, b, rules, happened),
        (Op::Fused, [a, b, c]) => fused(a, b, c, rules, happened),
        _ => return None,
    })
}

/// Do an operation on short numbers; `None` where that does not do.
fn native_short(op: Op, operands: &[Value], rules: &Rules, happened: &mut u32) -> Option<Short> {
    match *operands {
        [a, b] => {
            let operation = match op {
                Op::Add => short::add,
                Op::Subtract => short::subtract,
                Op::Multiply => short::multiply,
                Op::Divide => short::divide,
                Op::Quantize => short::quantize,
                _ => return None,
            };
            operation(short_operand(a)?, short_operand(b)?, rules, happened)
        }
        [a] => {
            let a = short_operand(a)?;
            let negate = match op {
                Op::Plus => false,
                Op::Minus => true,
                Op::Absolute => a.negative,
                _ => return None,
            };
            short::signed(a, negate, rules, happened)
        }
        _ => None,
    }
}

/// Do an operation on Decimals and ints by a context, with rules that may differ from the context's in their rounding.
pub fn of_values(cx: &mut Cx, op: Op, context: This, rules: Rules, values: &[Value]) -> PyResult {
    let mut happened = 0;
    if let Some(result) = native_short(op, values, &rules, &mut happened) {
        context.note(cx, happened)?;
        return wrap_short(cx, result);
    }
    let mut operands = Vec::with_capacity(values.len());
    for &value in values {
        operands.push(expect_operand(cx, value)?);
    }
    run_with(cx, op, context, rules, &operands)
}

/// Do an operation by a context, with rules that may differ from the context's in their rounding.
pub fn run_with(cx: &mut Cx, op: Op, context: This, rules: Rules, operands: &[Number]) -> PyResult {
    let mut happened = 0;
    if let Some(result) = native(op, operands, &rules, &mut happened) {
        context.note(cx, happened)?;
        return wrap(cx, result);
    }
    match op {
        Op::Library(name) => library::run(cx, name, context, rules, operands),
        _ => Err(type_error(cx, "wrong number of operands")),
    }
}

pub fn run(cx: &mut Cx, op: Op, context: This, operands: &[Number]) -> PyResult {
    run_with(cx, op, context, context.rules.get(), operands)
}

/// The method of a context: operands are Decimals or ints.
pub fn by_context<const N: usize>(cx: &mut Cx, op: Op, context: This, values: [Value; N]) -> PyResult {
    of_values(cx, op, context, context.rules.get(), &values)
}

/// `divmod`.
pub fn both(cx: &mut Cx, context: This, a: &Number, b: &Number) -> PyResult {
    let mut happened = 0;
    let (quotient, rest) = number::divide_both(a, b, &context.rules.get(), &mut happened);
    context.note(cx, happened)?;
    let (quotient, rest) = (wrap(cx, quotient)?, wrap(cx, rest)?);
    Ok(cx.heap.tuple(&[quotient, rest]).value())
}

/// `a ** b`, with a modulus or None.
pub fn power(cx: &mut Cx, context: This, a: &Number, b: &Number, modulus: Option<&Number>) -> PyResult {
    let mut happened = 0;
    if modulus.is_none()
        && let Some(result) = number::whole_power(a, b, &context.rules.get(), &mut happened)
    {
        context.note(cx, happened)?;
        return wrap(cx, result);
    }
    library::power(cx, context, a, b, modulus)
}
