//! The same steps in one `match`: for targets without the threaded handlers' calling convention.

use crate::generated::steps;
use crate::machine::{Machine, Step};
use crate::special;
use crate::traced::{self, Observed};
use bytecode::Opcode;
use object::Cx;

/// Numbers beyond the instructions': what the special steps are called by.
const UNWIND: u16 = 1000;
const UNWIND_AGAIN: u16 = 1001;
const LEAVE: u16 = 1002;
const SUSPEND: u16 = 1003;

macro_rules! match_loop {
    ($($name:ident, $number:literal, $miss:ident, $miss_number:literal;)*) => {
        unsafe fn step(number: u16, m: Machine, oparg: usize) -> Step {
            // SAFETY: `go` passes the state of a live frame at this instruction.
            unsafe {
                match number {
                    $($number => steps::$name(m, oparg),)*
                    UNWIND => special::unwind(m, oparg),
                    UNWIND_AGAIN => special::unwind_again(m, oparg),
                    LEAVE => match special::leave_generator(m, oparg) {
                        Step::Miss => special::leave(m, oparg),
                        step => step,
                    },
                    SUSPEND => special::suspend(m, oparg),
                    _ => special::invalid(m, oparg),
                }
            }
        }

        fn miss(number: u16) -> u16 {
            match number {
                $($number => $miss_number,)*
                _ => 0,
            }
        }
    };
}
steps::for_each_handler!(match_loop);

unsafe fn go(mut m: Machine, mut number: u16, mut oparg: usize) -> u64 {
    // The instruction whose events have been sent.
    let mut observed = std::ptr::null();
    loop {
        // SAFETY: the callers pass a saved frame's state, and every step leaves a valid one.
        unsafe {
            if number < 256 && traced::is_traced(m.cx) && !std::ptr::eq(observed, m.ip) {
                match traced::observe(m.ip, m.sp, m.fp.as_ptr(), m.cx, oparg) {
                    Observed::Go | Observed::Ended => {}
                    Observed::Raised => number = UNWIND,
                    Observed::Moved => {
                        m = Machine::innermost(m.cx);
                        number = *m.ip & 0xFF;
                        oparg = (*m.ip >> 8) as usize;
                        continue;
                    }
                }
                observed = m.ip;
            }
            if number == Opcode::INSTRUMENTED_LINE as u16 && traced::disarm(m.ip, m.sp, m.fp.as_ptr(), m.cx) {
                number = *m.ip & 0xFF;
                continue;
            }
            match step(number, m, oparg) {
                Step::Next(next) => {
                    m = next;
                    observed = std::ptr::null();
                    number = *m.ip & 0xFF;
                    oparg = (*m.ip >> 8) as usize;
                }
                Step::Extended(next) => {
                    m = next;
                    number = *m.ip & 0xFF;
                    oparg = oparg << 8 | (*m.ip >> 8) as usize;
                }
                Step::Miss => number = miss(number),
                Step::MissSaved => {
                    m.sp = m.fp.sp.get();
                    number = miss(number);
                }
                Step::AgainSaved => {
                    m.sp = m.fp.sp.get();
                    number = *m.ip & 0xFF;
                }
                Step::Raised => number = UNWIND,
                Step::Reraised => number = UNWIND_AGAIN,
                Step::Leave(next) => {
                    m = next;
                    number = LEAVE;
                }
                Step::Suspend => number = SUSPEND,
                Step::Exit(word) => return word,
            }
        }
    }
}

/// Run from the state saved in the innermost frame until the loop is left.
///
/// # Safety
/// `cx` has an innermost frame, which is saved.
pub unsafe fn run(cx: *mut Cx) -> u64 {
    // SAFETY: the caller's promise.
    unsafe {
        let m = Machine::innermost(cx);
        go(m, *m.ip & 0xFF, (*m.ip >> 8) as usize)
    }
}

/// As `run`, with the exception that is set raised at the frame's instruction.
///
/// # Safety
/// As `run`.
pub unsafe fn run_raising(cx: *mut Cx) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { go(Machine::innermost(cx), UNWIND, 0) }
}
