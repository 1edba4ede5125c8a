//! `bool`: an `int` with two values, whose bit operators stay within them.

use crate::number::int::{self, Num};
use crate::prelude::*;
use macros::native_class;

/// A bit operator on two bools; ints otherwise.
fn bit_op(
    cx: &mut Cx,
    left: Value,
    right: Value,
    bools: fn(bool, bool) -> bool,
    ints: fn(&mut Cx, Num, Num) -> PyResult,
) -> PyResult {
    if left.is_bool() && right.is_bool() {
        return Ok(Value::bool(bools(left.is(Value::TRUE), right.is(Value::TRUE))));
    }
    match (Num::of(left), Num::of(right)) {
        (Some(a), Some(b)) => ints(cx, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

#[native_class(
    name = "bool",
    layout = BigInt,
    base = int,
    flags = LONG_SUBCLASS | MATCH_SELF,
    doc = "Returns True when the argument is true, False otherwise.\n\nThe builtins True and False are the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be subclassed."
)]
pub mod class {
    use super::*;

    #[slot(new, "bool(object=False, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        let _ = class;
        is_true(cx, object).map(Value::bool)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Value) -> PyResult<Gc<Str>> {
        Ok(cx.heap.intern(if this.is(Value::TRUE) { "True" } else { "False" }))
    }

    #[slot]
    fn invert(cx: &mut Cx, this: Value) -> PyResult {
        let class = cx.types().DeprecationWarning;
        let message = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from the negation of a bool object. Use the 'not' operator for boolean negation or ~int(x) for the bitwise inversion of the underlying int.";
        crate::warnings::warn(cx, class, message, 1)?;
        int::invert(cx, Num::of(this).unwrap_or(Num::Small(0)))
    }

    #[slot(binary = And)]
    fn and(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        bit_op(cx, left, right, |a, b| a & b, int::and)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        bit_op(cx, left, right, |a, b| a | b, int::or)
    }

    #[slot(binary = Xor)]
    fn xor(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        bit_op(cx, left, right, |a, b| a ^ b, int::xor)
    }
}
