//! Moving values about on the operand stack.

use crate::{Extend, Peek};
use object::*;
use ops_macros::instruction;

/// Do nothing.
#[instruction(micro)]
pub fn nop() {}

/// Do nothing: marks the way not taken of a conditional jump.
#[instruction(micro)]
pub fn not_taken() {}

/// The next instruction's operand has these as its higher bits.
#[instruction(micro)]
pub fn extended_arg() -> Extend {
    Extend
}

/// Drop the top of the stack.
#[instruction(micro)]
pub fn pop_top(_value: Value) {}

/// Drop a loop's iterator.
#[instruction(micro)]
pub fn pop_iter(_iterator: Value) {}

/// Drop what a finished generator returned.
#[instruction(micro)]
pub fn end_for(_value: Value) {}

/// Drop the awaited object below the result.
#[instruction(micro)]
pub fn end_send(_receiver: Value, value: Value) -> Value {
    value
}

/// Push nothing: the place of a call's self.
#[instruction(micro)]
pub fn push_null() -> Value {
    Value::UNBOUND
}

/// Push the value `oparg` from the top again.
#[instruction(micro)]
pub fn copy(bottom: Peek) -> Value {
    bottom.0
}

/// Exchange the top of the stack with the value `oparg` from the top.
#[instruction(micro, run = oparg, out = oparg)]
pub fn swap(values: &mut [Value]) {
    if let [first, .., last] = values {
        std::mem::swap(first, last);
    }
}
