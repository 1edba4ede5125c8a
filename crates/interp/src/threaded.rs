//! Threaded execution: a function an instruction, which ends by calling the next one through the table.
//!
//! At opt-level ≥ 1 LLVM turns that call into a jump; `cargo xtask verify-handlers` checks the assembly. The steps
//! themselves are generated.

use crate::generated::steps;
use crate::machine::{Machine, Step};
use crate::special;
use crate::traced::{self, Observed};
use object::{Cx, Frame, FrameRef, Value};
use std::ptr::null_mut;

/// What every handler is. `oparg` is the operand, prefixes included.
pub type Handler = unsafe extern "sysv64" fn(*const u16, *mut Value, *mut Frame, *mut Cx, *const Entry, usize) -> u64;

/// Entries of the table: a handler, as a type that can refer to itself.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Entry(Handler);

macro_rules! dispatch {
    ($m:expr, $table:ident, $prefix:expr) => {{
        let m = $m;
        let unit = *m.ip as usize;
        return ((*$table.add(unit & 0xFF)).0)(m.ip, m.sp, m.fp.as_ptr(), m.cx, $table, $prefix | unit >> 8);
    }};
}

macro_rules! body {
    ($step:expr, $miss:ident, $ip:ident, $sp:ident, $fp:ident, $cx:ident, $table:ident, $oparg:ident) => {
        match $step {
            Step::Next(m) => dispatch!(m, $table, 0),
            Step::Extended(m) => dispatch!(m, $table, $oparg << 8),
            Step::Miss => return $miss($ip, $sp, $fp, $cx, $table, $oparg),
            Step::MissSaved => return $miss($ip, (*$fp).sp.get(), $fp, $cx, $table, $oparg),
            Step::AgainSaved => {
                // Not through the table in use: a traced instruction has sent its events.
                let unit = *$ip as usize;
                return (TABLE[unit & 0xFF].0)($ip, (*$fp).sp.get(), $fp, $cx, $table, $oparg);
            }
            // The frame is saved: the stack pointer need not survive the call that raised.
            Step::Raised => return unwind($ip, null_mut(), $fp, $cx, $table, 0),
            Step::Reraised => return unwind_again($ip, null_mut(), $fp, $cx, $table, 0),
            Step::Leave(m) => return leave_slow($ip, m.sp, $fp, $cx, $table, 0),
            Step::Suspend => return suspend($ip, $sp, $fp, $cx, $table, $oparg),
            Step::Exit(word) => return word,
        }
    };
}

macro_rules! threaded {
    ($($name:ident, $number:literal, $miss:ident, $miss_number:literal;)*) => {
        $(handler!($name, steps::$name, $miss);)*

        /// The handlers by instruction number.
        pub static TABLE: [Entry; 256] = {
            let mut table = [Entry(invalid); 256];
            $(if $number < 256 { table[$number & 0xFF] = Entry($name); })*
            table[bytecode::Opcode::INSTRUMENTED_LINE as usize] = Entry(armed);
            table
        };
    };
}

macro_rules! handler {
    ($name:ident, $step:path, $miss:ident) => {
        // Never inlined: a rare path that became part of a handler would make it save registers on every path.
        #[inline(never)]
        pub unsafe extern "sysv64" fn $name(
            ip: *const u16,
            sp: *mut Value,
            fp: *mut Frame,
            cx: *mut Cx,
            table: *const Entry,
            oparg: usize,
        ) -> u64 {
            // SAFETY: called by dispatch alone, with the state of a live frame at this instruction.
            unsafe {
                if const { changes_over(stringify!($name)) } && !is_observing(table) && traced::is_traced(cx) {
                    return observe(ip, sp, fp, cx, OBSERVING.as_ptr(), oparg);
                }
                let m = Machine { ip, sp, fp: FrameRef::from_ptr(fp), cx };
                body!($step(m, oparg), $miss, ip, sp, fp, cx, table, oparg)
            }
        }
    };
}

steps::for_each_handler!(threaded);
handler!(unwind, special::unwind, invalid);
handler!(unwind_again, special::unwind_again, invalid);
handler!(leave_slow, special::leave_generator, leave_any);
handler!(leave_any, special::leave, invalid);
handler!(suspend, special::suspend, invalid);
handler!(invalid, special::invalid, invalid);

/// The table of a thread that is traced: every instruction is looked at before it is executed.
static OBSERVING: [Entry; 256] = [Entry(observe); 256];

/// Every instruction number, and the first of its pair for a fused one.
const UNFUSED: [u8; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = match bytecode::Opcode::from_u8(i as u8) {
            Some(opcode) if opcode.is_fused() => opcode.base() as u8,
            _ => i as u8,
        };
        i += 1;
    }
    table
};

fn is_observing(table: *const Entry) -> bool {
    std::ptr::eq(table, OBSERVING.as_ptr())
}

/// Whether the handler of this name is one at which running code notices that it is traced.
const fn changes_over(name: &str) -> bool {
    const fn is(a: &str, b: &str) -> bool {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        let mut i = 0;
        while i < a.len() && i < b.len() && a[i] == b[i] {
            i += 1;
        }
        i == a.len() && i == b.len()
    }
    is(name, "resume") || is(name, "jump_backward_slow")
}

/// The handler of what stands where code is to notice that it is traced.
unsafe extern "sysv64" fn armed(
    ip: *const u16,
    sp: *mut Value,
    fp: *mut Frame,
    cx: *mut Cx,
    table: *const Entry,
    oparg: usize,
) -> u64 {
    // SAFETY: called by dispatch alone, with the state of a live frame at this instruction.
    unsafe {
        if !traced::disarm(ip, sp, fp, cx) {
            return invalid(ip, sp, fp, cx, table, oparg);
        }
        let table = if traced::is_traced(cx) { OBSERVING.as_ptr() } else { table };
        ((*table.add(*ip as usize & 0xFF)).0)(ip, sp, fp, cx, table, oparg)
    }
}

/// The handler of every instruction of a thread that is traced.
unsafe extern "sysv64" fn observe(
    ip: *const u16,
    sp: *mut Value,
    fp: *mut Frame,
    cx: *mut Cx,
    table: *const Entry,
    oparg: usize,
) -> u64 {
    // SAFETY: called by dispatch alone, with the state of a live frame at this instruction.
    unsafe {
        let observed = traced::observe(ip, sp, fp, cx, oparg);
        // One event an instruction: what stands for two is taken apart.
        let handler = TABLE[UNFUSED[*ip as usize & 0xFF] as usize].0;
        match observed {
            Observed::Go => handler(ip, sp, fp, cx, table, oparg),
            Observed::Ended => handler(ip, sp, fp, cx, TABLE.as_ptr(), oparg),
            Observed::Moved => dispatch!(Machine::innermost(cx), table, 0),
            Observed::Raised => unwind(ip, sp, fp, cx, table, oparg),
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
        let table = TABLE.as_ptr();
        let unit = *m.ip as usize;
        ((*table.add(unit & 0xFF)).0)(m.ip, m.sp, m.fp.as_ptr(), cx, table, unit >> 8)
    }
}

/// As `run`, with the exception that is set raised at the frame's instruction.
///
/// # Safety
/// As `run`.
pub unsafe fn run_raising(cx: *mut Cx) -> u64 {
    // SAFETY: the caller's promise.
    unsafe {
        let m = Machine::innermost(cx);
        let table = if traced::is_traced(cx) { &OBSERVING } else { &TABLE };
        unwind(m.ip, m.sp, m.fp.as_ptr(), cx, table.as_ptr(), 0)
    }
}
