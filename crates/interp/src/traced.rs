//! What happens in front of each instruction while a trace function, a profile function or a monitoring tool is set: its
//! events are sent.
//!
//! The executors come here before every instruction of a thread that is traced; the instructions themselves know nothing of
//! it. Code that runs already changes over when it passes a `RESUME` or a backward jump, whose safepoint is requested for
//! as long as somebody traces.

use crate::machine::Machine;
use bytecode::Opcode;
use object::{Cx, Frame, FrameRef, Generator, PyResult, Value};
use runtime::tracing::monitor::Monitored;
use runtime::tracing::{self, Event, Raise};

/// What an executor does next.
pub enum Observed {
    /// Execute the instruction.
    Go,
    /// The same; nobody is told any more.
    Ended,
    /// A debugger moved execution: go on at the frame's saved state.
    Moved,
    /// An exception is set.
    Raised,
}

/// Whether `cx` has events.
///
/// # Safety
/// A live context.
#[inline(always)]
pub unsafe fn is_traced(cx: *const Cx) -> bool {
    // SAFETY: the caller's promise.
    unsafe { (*cx).is_traced() }
}

/// Put the instruction back at which running code was to notice that it is traced; false when there is none.
///
/// The state comes word by word, here and in `observe`: a structure would be passed by its address, and a handler that
/// gives away the address of a local does not end in a jump.
///
/// # Safety
/// The words are the state of a live frame at an instruction.
#[inline(never)]
pub unsafe fn disarm(ip: *const u16, sp: *mut Value, fp: *mut Frame, cx: *mut Cx) -> bool {
    // SAFETY: the caller's promise.
    let m = unsafe { Machine { ip, sp, fp: FrameRef::from_ptr(fp), cx } };
    m.save();
    // SAFETY: the caller's promise.
    let cx = unsafe { &*m.cx };
    tracing::disarm(cx, m.fp.code(), m.fp.unit_index())
}

/// Send the events of the instruction at `ip`; `oparg` has the prefixes before it.
///
/// # Safety
/// As for `disarm`.
#[inline(never)]
pub unsafe fn observe(ip: *const u16, sp: *mut Value, fp: *mut Frame, cx: *mut Cx, oparg: usize) -> Observed {
    // SAFETY: the caller's promise.
    let m = unsafe { Machine { ip, sp, fp: FrameRef::from_ptr(fp), cx } };
    m.save();
    // SAFETY: the caller's promise.
    let cx = unsafe { &mut *m.cx };
    let frame = m.fp;
    tracing::disarm(cx, frame.code(), frame.unit_index());
    if !cx.is_traced() {
        return Observed::Ended;
    }
    if send(cx, frame, oparg).is_err() {
        return Observed::Raised;
    }
    if std::ptr::eq(frame.ip.get(), m.ip) { Observed::Go } else { Observed::Moved }
}

fn send(cx: &mut Cx, frame: FrameRef, oparg: usize) -> PyResult<()> {
    tracing::native::returned(cx, frame)?;
    let (code, unit) = (frame.code(), frame.unit_index());
    let previous = frame.traced_unit.replace(unit as u32 + 1).checked_sub(1).map(|unit| unit as usize);
    let previous = previous.and_then(|unit| Some((unit, tracing::opcode_at(cx, code, unit)?)));
    let present = tracing::opcode_at(cx, code, unit).unwrap_or(Opcode::CACHE);
    let has_moved = || frame.unit_index() != unit;
    if present == Opcode::RESUME {
        let event = if oparg & 3 == 0 { Event::Call } else { Event::Resume };
        return tracing::entered(cx, frame, event);
    }
    if let Some((from, Opcode::FOR_ITER)) = previous {
        let (event, to) = match present {
            Opcode::POP_ITER => (Monitored::BranchRight, unit + 1),
            _ => (Monitored::BranchLeft, unit),
        };
        tracing::jumped(cx, frame, event, from, to)?;
        if event == Monitored::BranchRight && top(frame, 1).is_a::<Generator>() {
            tracing::stopped(cx, frame, from, Value::NONE)?;
        }
    }
    if present == Opcode::END_SEND && frame.stack_depth() >= 2 && top(frame, 2).is_a::<Generator>() {
        tracing::stopped(cx, frame, unit, top(frame, 1))?;
    }
    // A comparison does the conditional jump behind it as well.
    if let Some((from, opcode)) = previous
        && matches!(opcode, Opcode::COMPARE_OP | Opcode::CONTAINS_OP | Opcode::IS_OP | Opcode::TO_BOOL)
    {
        let jump = from + 1 + opcode.caches();
        if matches!(tracing::opcode_at(cx, code, jump), Some(Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE))
            && unit != jump
        {
            let target = jump + 2 + usize::from(code.units()[jump].get() >> 8);
            let event = if unit == target { Monitored::BranchRight } else { Monitored::BranchLeft };
            tracing::jumped(cx, frame, event, jump, unit)?;
        }
    }
    let table = tracing::line_table(cx, code);
    if let Some(line) = table.start(unit) {
        let is_new = previous.is_none_or(|(unit, opcode)| table.line(unit) != Some(line) || opcode == Opcode::RESUME);
        if is_new {
            tracing::line(cx, frame, line)?;
        }
    }
    if !has_moved() && !matches!(present, Opcode::END_FOR | Opcode::CACHE) {
        tracing::instruction(cx, frame)?;
    }
    if has_moved() {
        return Ok(());
    }
    let next = unit + 1 + present.caches();
    match present {
        Opcode::JUMP_BACKWARD => {
            let target = next.saturating_sub(oparg);
            tracing::jumped(cx, frame, Monitored::Jump, unit, target)?;
            // A loop on one line: each round is an event.
            match table.line(unit).filter(|_| !has_moved() && table.line(target) == table.line(unit)) {
                Some(line) => tracing::trace_line(cx, frame, line),
                None => Ok(()),
            }
        }
        Opcode::JUMP_FORWARD => tracing::jumped(cx, frame, Monitored::Jump, unit, next + oparg),
        Opcode::POP_JUMP_IF_FALSE
        | Opcode::POP_JUMP_IF_TRUE
        | Opcode::POP_JUMP_IF_NONE
        | Opcode::POP_JUMP_IF_NOT_NONE => {
            let value = top(frame, 1);
            let jumps = match present {
                Opcode::POP_JUMP_IF_FALSE => value.is(Value::FALSE),
                Opcode::POP_JUMP_IF_TRUE => value.is(Value::TRUE),
                Opcode::POP_JUMP_IF_NONE => value.is_none(),
                _ => !value.is_none(),
            };
            // The way not taken begins with a mark, which is passed over with the jump.
            match (jumps, tracing::opcode_at(cx, code, next)) {
                (true, _) => tracing::jumped(cx, frame, Monitored::BranchRight, unit, next + oparg),
                (false, Some(Opcode::NOT_TAKEN)) => tracing::jumped(cx, frame, Monitored::BranchLeft, unit, next + 1),
                (false, _) => Ok(()),
            }
        }
        Opcode::RETURN_VALUE => tracing::left(cx, frame, Event::Return, top(frame, 1)),
        Opcode::YIELD_VALUE => tracing::left(cx, frame, Event::Yield, top(frame, 1)),
        Opcode::CALL => calling(cx, frame, oparg + 2, oparg),
        Opcode::CALL_KW => calling(cx, frame, oparg + 3, oparg),
        Opcode::CALL_FUNCTION_EX => calling(cx, frame, 4, 0),
        _ => Ok(()),
    }
}

/// The value `depth` places from the top of the stack.
fn top(frame: FrameRef, depth: usize) -> Value {
    frame.stack_value(frame.stack_depth() - depth)
}

/// A call whose callable is `depth` places from the top of the stack, with `n` arguments above it.
fn calling(cx: &mut Cx, frame: FrameRef, depth: usize, n: usize) -> PyResult<()> {
    let first = if n > 0 { top(frame, depth - 2) } else { Value::UNBOUND };
    tracing::native::calling(cx, frame, top(frame, depth), top(frame, depth - 1), first)
}

/// An exception was raised in the frame or came to it from a call: events, which may put another exception in its place.
#[cold]
pub fn raised(cx: &mut Cx, frame: FrameRef, how: Raise) {
    tracing::native::raised(cx, frame);
    let _ = tracing::exception(cx, frame, how);
}

/// The frame goes on at a handler. False when a callback raised.
#[cold]
pub fn handled(cx: &mut Cx, frame: FrameRef) -> bool {
    tracing::handled(cx, frame).is_ok()
}

/// The exception that is set leaves the frame.
#[cold]
pub fn unwound(cx: &mut Cx, frame: FrameRef) {
    let _ = tracing::unwound(cx, frame);
}

/// An exception is thrown into the generator whose frame this is: it goes on.
#[cold]
pub fn thrown(cx: &mut Cx, frame: FrameRef) {
    let _ = tracing::thrown(cx, frame);
}
