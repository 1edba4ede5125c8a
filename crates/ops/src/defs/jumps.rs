//! Jumps, and where a function begins and ends.

use crate::{Backward, Branch, Forward, Leave, Miss, Oparg};
use object::*;
use ops_macros::{instruction, uop};

/// Leave when a safepoint is requested.
#[uop]
pub fn guard_no_safepoint(cx: &Cx) -> Result<(), Miss> {
    if cx.is_safepoint_requested() { Err(Miss) } else { Ok(()) }
}

/// Jump forward.
#[instruction(micro)]
pub fn jump_forward() -> Forward {
    Forward
}

/// Jump back.
#[uop]
pub fn jump_back() -> Backward {
    Backward
}

/// Jump back to a loop's start, after a look whether something else wants to run.
#[instruction(miss = jump_backward_slow)]
pub fn jump_backward(cx: &Cx) -> Result<Backward, Miss> {
    guard_no_safepoint(cx)?;
    Ok(jump_back())
}

/// Jump back to a loop's start; nobody counts towards a trace.
#[instruction(miss = jump_backward_slow)]
pub fn jump_backward_no_jit(cx: &Cx) -> Result<Backward, Miss> {
    guard_no_safepoint(cx)?;
    Ok(jump_back())
}

/// Run what waits for a safepoint, then jump back. The cache unit of the jump lies behind it.
#[instruction(micro, internal = 1)]
pub fn jump_backward_slow(cx: &mut Cx) -> PyResult<Backward> {
    runtime::safepoint::handle(cx)?;
    Ok(Backward)
}

/// Jump back without a safepoint.
#[instruction(micro)]
pub fn jump_backward_no_interrupt() -> Backward {
    Backward
}

/// Jump if the top of the stack, a bool, is False.
#[instruction(micro)]
pub fn pop_jump_if_false(condition: Value) -> Branch {
    Branch(condition.is(Value::FALSE))
}

/// Jump if the top of the stack, a bool, is True.
#[instruction(micro)]
pub fn pop_jump_if_true(condition: Value) -> Branch {
    Branch(condition.is(Value::TRUE))
}

/// Jump if the top of the stack is None.
#[instruction(micro)]
pub fn pop_jump_if_none(value: Value) -> Branch {
    Branch(value.is_none())
}

/// Jump unless the top of the stack is None.
#[instruction(micro)]
pub fn pop_jump_if_not_none(value: Value) -> Branch {
    Branch(!value.is_none())
}

/// A function starts or a generator goes on: the code is made ready, and what waits for a safepoint runs.
#[instruction(micro)]
pub fn resume(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult<()> {
    crate::quicken::start(frame);
    // After `yield from` and `await` nothing may come between.
    if oparg.get() & 3 < 2 && cx.is_safepoint_requested() {
        runtime::safepoint::handle(cx)?;
    }
    Ok(())
}

/// A function starts or a generator goes on, and nothing waits for a safepoint.
#[instruction]
pub fn resume_check(cx: &Cx) -> Result<(), Miss> {
    guard_no_safepoint(cx)
}

/// Leave the frame with the top of the stack.
#[instruction(micro)]
pub fn return_value(value: Value) -> Leave {
    Leave(value)
}
