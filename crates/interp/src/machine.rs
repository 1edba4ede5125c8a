//! The state that runs through the handlers, and how a step changes it: push a frame, leave one, jump.
//!
//! A handler's `ip` points at the instruction being executed, never past it; `sp` is one past the top of the operand
//! stack. Both are written to the frame before anything that may collect, raise or run Python ([`Machine::save`]).

use bytecode::Opcode;
use object::{Cx, FrameOwner, FrameRef, Generator, GeneratorState, Value};
use ops::{Called, Construct};

/// Units of `SEND` and of `FOR_ITER` with their cache.
pub const RESUMER_UNITS: usize = 2;

/// Units of `UNPACK_SEQUENCE` with its cache.
const UNPACK_UNITS: usize = 2;

/// Units of a conditional jump with its cache.
const POP_JUMP_UNITS: usize = 2;

/// Keeps the compiler from computing both ways of a branch and selecting one.
#[inline(always)]
fn keep_branch() {
    // SAFETY: no instruction at all.
    unsafe { std::arch::asm!("", options(nomem, nostack, preserves_flags)) }
}

/// Where execution stands.
#[derive(Clone, Copy)]
pub struct Machine {
    pub ip: *const u16,
    pub sp: *mut Value,
    pub fp: FrameRef,
    pub cx: *mut Cx,
}

/// How a step ended.
pub enum Step {
    Next(Machine),
    /// The next unit's operand continues this one's.
    Extended(Machine),
    /// Another handler does this instruction.
    Miss,
    /// As `Miss`, when the stack pointer is to be read from the frame: it was not kept across a call.
    MissSaved,
    /// The same instruction again, after it was rewritten; the stack pointer as in `MissSaved`.
    AgainSaved,
    /// An exception is set, the frame is saved.
    Raised,
    /// The same, without a new traceback entry.
    Reraised,
    /// Leave the frame the slow way; the result is on top of the stack.
    Leave(Machine),
    /// Suspend the generator; the yielded value is on top of the stack.
    Suspend,
    /// Leave the interpreter loop with this word.
    Exit(u64),
}

/// What an out-of-line step answers: the new stack pointer, with the lowest bit set when it wants to jump, or a code.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Status(usize);

impl Status {
    pub const RAISED: Status = Status(2);
    pub const RERAISED: Status = Status(4);
    pub const MISS: Status = Status(6);
    pub const AGAIN: Status = Status(8);
    /// The innermost frame is another one.
    pub const SWITCHED: Status = Status(10);

    #[inline(always)]
    pub fn at(sp: *mut Value) -> Status {
        Status(sp as usize)
    }

    #[inline(always)]
    pub fn branching(self, taken: bool) -> Status {
        Status(self.0 | taken as usize)
    }

    #[inline(always)]
    fn is_code(self) -> bool {
        self.0 < 16
    }

    #[inline(always)]
    fn sp(self) -> *mut Value {
        (self.0 & !1) as *mut Value
    }

    #[inline(always)]
    fn taken(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline(always)]
    fn code(self) -> Step {
        match self.0 {
            2 => Step::Raised,
            4 => Step::Reraised,
            6 => Step::MissSaved,
            _ => Step::AgainSaved,
        }
    }

    /// # Safety
    /// For these: `m` is the state at the instruction that answered with this status.
    #[inline(always)]
    pub unsafe fn done(self, m: Machine, units: usize, _: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        // SAFETY: the next instruction follows.
        unsafe { Step::Next(m.at(m.ip.add(units), self.sp())) }
    }

    /// # Safety
    /// As `done`.
    #[inline(always)]
    pub unsafe fn branch(self, m: Machine, units: usize, oparg: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        // SAFETY: jump targets are in the code.
        unsafe { m.branch(m.ip.add(units), self.sp(), self.taken(), oparg) }
    }

    /// # Safety
    /// As `done`; the stack has room for the truth value.
    #[inline(always)]
    pub unsafe fn condition(self, m: Machine, units: usize, _: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        // SAFETY: the next instruction follows.
        unsafe { m.condition(m.ip.add(units), self.sp(), self.taken()) }
    }

    /// # Safety
    /// As `done`.
    #[inline(always)]
    pub unsafe fn next(self, m: Machine, units: usize, oparg: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        // SAFETY: jump targets are in the code; the one of a loop is followed by `POP_ITER`.
        unsafe { Step::Next(m.at(m.ip.add(units + if self.taken() { oparg + 1 } else { 0 }), self.sp())) }
    }

    /// # Safety
    /// As `done`; an `UNPACK_SEQUENCE` follows.
    #[inline(always)]
    pub unsafe fn next_pair(self, m: Machine, units: usize, oparg: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        // SAFETY: as in `next`.
        unsafe { Step::Next(m.at(m.ip.add(units + if self.taken() { oparg + 1 } else { UNPACK_UNITS }), self.sp())) }
    }

    /// # Safety
    /// As `done`.
    #[inline(always)]
    pub unsafe fn backward(self, m: Machine, units: usize, oparg: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        // SAFETY: jump targets are in the code.
        unsafe { Step::Next(m.at(m.ip.add(units).sub(oparg), self.sp())) }
    }

    /// # Safety
    /// As `done`.
    #[inline(always)]
    pub unsafe fn switch(self, m: Machine, units: usize, oparg: usize) -> Step {
        if self.0 == Status::SWITCHED.0 {
            // SAFETY: the innermost frame is a live one that has just been saved or made.
            return unsafe { Step::Next(Machine::innermost(m.cx)) };
        }
        // SAFETY: the caller's promise.
        unsafe { self.done(m, units, oparg) }
    }

    /// # Safety
    /// As `done`.
    #[inline(always)]
    pub unsafe fn left(self, m: Machine, _: usize, _: usize) -> Step {
        if self.is_code() {
            return self.code();
        }
        Step::Leave(m.at(m.ip, self.sp()))
    }
}

/// The operand of an instruction of which the compiler has made sure that it is bound.
///
/// # Safety
/// So it is.
#[inline(always)]
pub unsafe fn bound_value(value: Value) -> Value {
    // SAFETY: the caller's promise.
    unsafe { std::hint::assert_unchecked(value.is_bound()) };
    value
}

impl Machine {
    /// The state saved in the innermost frame.
    ///
    /// # Safety
    /// There is an innermost frame and it is saved.
    #[inline(always)]
    pub unsafe fn innermost(cx: *mut Cx) -> Machine {
        // SAFETY: the caller's promise.
        unsafe {
            let fp = (*cx).frame().unwrap_unchecked();
            Machine { ip: fp.ip.get(), sp: fp.sp.get(), fp, cx }
        }
    }

    #[inline(always)]
    pub fn at(self, ip: *const u16, sp: *mut Value) -> Machine {
        Machine { ip, sp, ..self }
    }

    /// Make the frame say where execution stands.
    #[inline(always)]
    pub fn save(self) {
        self.fp.ip.set(self.ip);
        self.fp.sp.set(self.sp);
    }

    /// Count down the site's warm-up counter; true when it is time to specialise.
    ///
    /// # Safety
    /// The instruction has a cache, whose first unit is the counter.
    #[inline(always)]
    pub unsafe fn is_warm(self) -> bool {
        // SAFETY: the caller's promise; code units are cells.
        unsafe {
            let counter = self.ip.add(1) as *mut u16;
            if crate::counters::triggers(*counter) {
                return true;
            }
            *counter = crate::counters::advance(*counter);
            false
        }
    }

    /// Go on in `frame`; this instruction takes `units` and leaves the stack at `after`.
    ///
    /// # Safety
    /// `frame` has just been pushed; `self` is the state at a call.
    #[inline(always)]
    pub unsafe fn enter(self, frame: FrameRef, after: *mut Value, units: usize) -> Machine {
        self.fp.ip.set(self.ip);
        self.fp.sp.set(after);
        self.fp.return_offset.set(units as u16);
        frame.previous.set(Some(self.fp));
        // SAFETY: the context is the running thread's.
        unsafe { (*self.cx).set_frame(Some(frame)) };
        Machine { ip: frame.ip.get(), sp: frame.sp.get(), fp: frame, cx: self.cx }
    }

    /// Go on in a generator's frame, which jumps by `oparg` when it returns and not when it yields.
    ///
    /// # Safety
    /// As `enter`.
    #[inline(always)]
    pub unsafe fn resume(self, frame: FrameRef, after: *mut Value, units: usize, oparg: usize) -> Machine {
        // SAFETY: the caller's promise; a `RESUME` is not the end of the code.
        unsafe {
            let resumed = self.enter(frame, after, units + oparg);
            let next = *resumed.ip.add(1) as usize;
            let in_yield_from = next as u8 == Opcode::JUMP_BACKWARD_NO_INTERRUPT as u8
                && *resumed.ip as u8 == Opcode::RESUME_CHECK as u8;
            if in_yield_from && !(*self.cx).is_traced() {
                // On to the `SEND` at once: neither of the two does anything here.
                return resumed.at(resumed.ip.add(2).sub(next >> 8), resumed.sp);
            }
            resumed
        }
    }

    /// # Safety
    /// As `enter`; the stack has room for the result.
    #[inline(always)]
    pub unsafe fn called_out_of_line(self, called: Called, after: *mut Value, units: usize) -> Status {
        // SAFETY: the caller's promise.
        unsafe {
            match called {
                Called::Value(value) => {
                    *after = value;
                    Status::at(after.add(1))
                }
                Called::Enter(frame) => {
                    self.enter(frame, after, units);
                    Status::SWITCHED
                }
                Called::Construct(Construct { object, frame }) => {
                    *after = object;
                    self.enter(frame, after.add(1), units);
                    Status::SWITCHED
                }
            }
        }
    }

    /// Leave the frame with `value`, which is also on top of the stack.
    ///
    /// # Safety
    /// The state is at the end of a frame.
    #[inline(always)]
    pub unsafe fn leave(self, value: Value) -> Step {
        let frame = self.fp;
        let owner = frame.owner();
        let plain = owner == FrameOwner::Call || (owner == FrameOwner::Init && value.is_none());
        if !plain || frame.object.get().is_bound() {
            return Step::Leave(self);
        }
        // SAFETY: frames called from Python have a previous one, whose stack has room for the result.
        unsafe {
            let cx = &*self.cx;
            let previous = frame.previous.get().unwrap_unchecked();
            cx.release_frame(frame);
            cx.set_frame(Some(previous));
            let caller = Machine::back_in(previous, self.cx);
            // The instance that `__init__` was called for is on the caller's stack already.
            Step::Next(if owner == FrameOwner::Call { caller.push(value) } else { caller })
        }
    }

    /// The state of a caller after its call: past the instruction.
    ///
    /// # Safety
    /// `frame` was saved by `enter`.
    #[inline(always)]
    pub unsafe fn back_in(frame: FrameRef, cx: *mut Cx) -> Machine {
        // SAFETY: the offset was stored by the call.
        let ip = unsafe { frame.ip.get().add(frame.return_offset.get() as usize) };
        Machine { ip, sp: frame.sp.get(), fp: frame, cx }
    }

    /// # Safety
    /// The stack has room.
    #[inline(always)]
    pub unsafe fn push(self, value: Value) -> Machine {
        // SAFETY: the caller's promise.
        unsafe {
            *self.sp = value;
            Machine { sp: self.sp.add(1), ..self }
        }
    }

    /// Go on after a conditional jump, at `next` or `oparg` units further. The two ways are kept apart: as one computed
    /// address, everything after it would have to wait for the condition instead of for a prediction of it.
    ///
    /// # Safety
    /// `next` and the target are in the code.
    #[inline(always)]
    pub unsafe fn branch(self, next: *const u16, sp: *mut Value, taken: bool, oparg: usize) -> Step {
        // SAFETY: the caller's promise.
        unsafe {
            if taken {
                keep_branch();
                return Step::Next(self.at(next.add(oparg), sp));
            }
            if *next as u8 == Opcode::NOT_TAKEN as u8 {
                keep_branch();
                return Step::Next(self.at(next.add(1), sp));
            }
            Step::Next(self.at(next, sp))
        }
    }

    /// Go on at `next` with a truth value to push; a conditional jump that stands there is done at once.
    ///
    /// # Safety
    /// As `branch`; the stack has room.
    #[inline(always)]
    pub unsafe fn condition(self, next: *const u16, sp: *mut Value, truth: bool) -> Step {
        // SAFETY: the caller's promise.
        unsafe {
            let unit = *next as usize;
            let after = next.add(POP_JUMP_UNITS);
            if unit as u8 == Opcode::POP_JUMP_IF_FALSE as u8 {
                return self.branch(after, sp, !truth, unit >> 8);
            }
            if unit as u8 == Opcode::POP_JUMP_IF_TRUE as u8 {
                return self.branch(after, sp, truth, unit >> 8);
            }
            *sp = Value::bool(truth);
            Step::Next(self.at(next, sp.add(1)))
        }
    }

    /// Suspend the generator whose frame this is; the yielded value is also on top of the stack. Whoever resumed it from
    /// Python is saved, at a `SEND` or `FOR_ITER`, which have one cache unit both.
    ///
    /// # Safety
    /// The frame is a generator's, at an instruction that yields.
    #[inline(always)]
    pub unsafe fn suspend(self, value: Value, in_yield_from: usize) -> Step {
        let frame = self.fp;
        if frame.owner() != FrameOwner::Generator {
            return Step::Suspend;
        }
        // SAFETY: generators resumed from Python have a previous frame, whose stack has room for the value.
        unsafe {
            let cx = &*self.cx;
            let generator = Generator::of_frame(frame);
            frame.ip.set(self.ip.add(1));
            frame.sp.set(self.sp.sub(1));
            cx.leave_generator(generator);
            generator.state.set(GeneratorState::suspended(in_yield_from != 0));
            cx.leave_depth();
            let caller = frame.previous.replace(None).unwrap_unchecked();
            cx.set_frame(Some(caller));
            generator.log_frame();
            let ip = caller.ip.get().add(RESUMER_UNITS);
            Step::Next(Machine { ip, sp: caller.sp.get(), fp: caller, cx: self.cx }.push(value))
        }
    }
}
