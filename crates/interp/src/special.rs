//! What handlers do when the straight path ends: exceptions, frames that leave the slow way, generators that suspend.

use crate::machine::{Machine, Step};
use crate::traced;
use object::frame::detach_frame_object;
use object::{Cx, FrameOwner, FrameRef, Generator, GeneratorState, Int, Value};
use runtime::error::{memory_error, system_error, type_error, type_name};
use runtime::exceptions::add_traceback_entry;
use runtime::tracing::Raise;

/// An exception was raised by the frame's instruction: find its handler, here or in a caller.
///
/// # Safety
/// The innermost frame is saved and an exception is set.
#[inline(always)]
pub unsafe fn unwind(m: Machine, _: usize) -> Step {
    // SAFETY: the caller's promise.
    unsafe { unwound(m, true) }
}

/// The same for an exception that goes on: its traceback has this frame already.
///
/// # Safety
/// As `unwind`.
#[inline(always)]
pub unsafe fn unwind_again(m: Machine, _: usize) -> Step {
    // SAFETY: the caller's promise.
    unsafe { unwound(m, false) }
}

#[inline(always)]
unsafe fn unwound(m: Machine, traceback: bool) -> Step {
    // SAFETY: the caller's promise: a live context; a handler's frame is saved.
    unsafe {
        if find_handler(&mut *m.cx, m.ip, traceback) { Step::Next(Machine::innermost(m.cx)) } else { Step::Exit(0) }
    }
}

/// Leave frames until one handles the exception that is set; false when the loop's entry frame was left. `ip` is where
/// the innermost frame raises: after a `RERAISE` the frame itself tells of the instruction that raised first.
#[inline(never)]
fn find_handler(cx: &mut Cx, ip: *const u16, mut traceback: bool) -> bool {
    let mut at = Some(ip);
    loop {
        let frame = cx.frame().expect("an exception is raised in a frame");
        if traceback {
            add_traceback_entry(cx, frame);
        }
        if cx.is_traced() {
            traced::raised(cx, frame, if traceback { Raise::New } else { Raise::Again });
        }
        traceback = true;
        let ip = at.take().unwrap_or(frame.ip.get());
        if handle(cx, frame, ip) {
            if !cx.is_traced() || traced::handled(cx, frame) {
                return true;
            }
            continue;
        }
        if cx.is_traced() {
            traced::unwound(cx, frame);
        }
        let entered = matches!(frame.owner(), FrameOwner::Entry | FrameOwner::GeneratorEntry);
        drop_frame(cx, frame);
        if entered {
            return false;
        }
    }
}

/// Continue at the frame's handler for the instruction at `ip`, when it has one.
fn handle(cx: &mut Cx, frame: FrameRef, ip: *const u16) -> bool {
    let code = frame.code();
    let table = code.exceptiontable.expect();
    let offset = ip as usize - code.units_ptr() as usize;
    let Some(entry) = bytecode::find_handler(table.as_slice(), offset) else { return false };
    let raised = cx.pending().expect("unwinding starts with an exception set");
    let exception = cx.take_raised(raised);
    // SAFETY: the table's depth is below the present one; the handler's stack has room for what it finds.
    frame.sp.set(unsafe { frame.stack_base().add(entry.depth as usize) });
    if entry.push_lasti {
        frame.push(Int::from_len(frame.unit_index()).value());
    }
    frame.push(exception);
    // SAFETY: the table's targets are in the code.
    frame.ip.set(unsafe { code.units_ptr().add(entry.target / 2) });
    true
}

/// Take the innermost frame off the chain. Its owner's business is done: memory given back, generator finished.
fn drop_frame(cx: &mut Cx, frame: FrameRef) {
    if frame.object.get().is_bound() && detach_frame_object(cx, frame).is_err() && cx.pending().is_none() {
        let _ = memory_error(cx);
    }
    let previous = frame.previous.get();
    match frame.owner() {
        FrameOwner::Call | FrameOwner::Entry | FrameOwner::Init => {
            cx.set_frame(previous);
            cx.release_frame(frame);
        }
        FrameOwner::Generator | FrameOwner::GeneratorEntry => {
            finish_generator(cx, frame);
            cx.set_frame(previous);
        }
    }
}

/// Leave the frame of a generator that Python code resumed; a miss for every other frame that cannot be left at once.
///
/// # Safety
/// As [`leave`].
#[inline(always)]
pub unsafe fn leave_generator(m: Machine, _: usize) -> Step {
    let frame = m.fp;
    if frame.owner() != FrameOwner::Generator || frame.object.get().is_bound() {
        return Step::Miss;
    }
    // SAFETY: the caller's promise; generators resumed from Python have a previous frame, whose stack has room.
    unsafe {
        let value = *m.sp.sub(1);
        let previous = frame.previous.get().unwrap_unchecked();
        finish_generator(&*m.cx, frame);
        (*m.cx).set_frame(Some(previous));
        Step::Next(Machine::back_in(previous, m.cx).push(value))
    }
}

/// A generator's frame is left for good.
#[inline(always)]
fn finish_generator(cx: &Cx, frame: FrameRef) {
    let generator = Generator::of_frame(frame);
    cx.leave_generator(generator);
    generator.handled.clear();
    generator.state.set(GeneratorState::Finished);
    cx.leave_depth();
    frame.previous.set(None);
}

/// Leave a frame that native code entered, that has a frame object, or that belongs to an `__init__`.
///
/// # Safety
/// The result is on top of the stack.
#[inline(always)]
pub unsafe fn leave(m: Machine, _: usize) -> Step {
    // SAFETY: the caller's promise; callers are saved.
    unsafe {
        let value = *m.sp.sub(1);
        match leave_work(&mut *m.cx, m.fp, m.ip, m.sp, value) {
            Left::Loop => Step::Exit(value.word()),
            Left::Caller(caller) => Step::Next(Machine::back_in(caller, m.cx).push(value)),
            Left::Init(caller) => Step::Next(Machine::back_in(caller, m.cx)),
            // The frame is gone: the exception is the caller's, at its call.
            Left::Raised => {
                let caller = Machine::innermost(m.cx);
                unwound(caller, true)
            }
        }
    }
}

/// Where execution goes on after a frame was left.
enum Left {
    Loop,
    Caller(FrameRef),
    Init(FrameRef),
    Raised,
}

#[inline(never)]
fn leave_work(cx: &mut Cx, frame: FrameRef, ip: *const u16, sp: *mut Value, value: Value) -> Left {
    frame.ip.set(ip);
    frame.sp.set(sp);
    let owner = frame.owner();
    if owner == FrameOwner::Init && !value.is_none() {
        let name = type_name(cx, value);
        let _ = type_error(cx, format_args!("__init__() should return None, not '{name}'"));
        drop_frame(cx, frame);
        return Left::Raised;
    }
    drop_frame(cx, frame);
    match (owner, cx.frame()) {
        (FrameOwner::Call | FrameOwner::Generator, Some(caller)) => Left::Caller(caller),
        (FrameOwner::Init, Some(caller)) => Left::Init(caller),
        _ => Left::Loop,
    }
}

/// Suspend a generator that native code resumed.
///
/// # Safety
/// The yielded value is on top of the stack.
#[inline(always)]
pub unsafe fn suspend(m: Machine, oparg: usize) -> Step {
    // SAFETY: the caller's promise.
    unsafe {
        let value = *m.sp.sub(1);
        suspend_work(&*m.cx, m.fp, m.ip.add(1), m.sp.sub(1), oparg != 0);
        Step::Exit(value.word())
    }
}

#[inline(never)]
fn suspend_work(cx: &Cx, frame: FrameRef, ip: *const u16, sp: *mut Value, in_yield_from: bool) {
    let generator = Generator::of_frame(frame);
    frame.ip.set(ip);
    frame.sp.set(sp);
    cx.leave_generator(generator);
    generator.state.set(GeneratorState::suspended(in_yield_from));
    cx.leave_depth();
    cx.set_frame(frame.previous.replace(None));
    generator.log_frame();
}

/// An instruction number that nothing executes.
///
/// # Safety
/// The state is a live frame's.
#[inline(always)]
pub unsafe fn invalid(m: Machine, _: usize) -> Step {
    m.save();
    // SAFETY: a live context.
    unsafe { raise_invalid(&mut *m.cx) };
    Step::Raised
}

#[cold]
#[inline(never)]
fn raise_invalid(cx: &mut Cx) {
    let _ = system_error(cx, "unknown opcode");
}
