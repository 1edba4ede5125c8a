//! Code that is running when tracing begins: where each frame of the thread goes on, the instruction is replaced by one
//! that puts it back and goes on with events.

use crate::prelude::*;
use bytecode::Opcode;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The numbers of the replaced instructions, by address.
#[derive(Default)]
struct Armed(RefCell<HashMap<usize, u8>>);

fn armed(cx: &Cx) -> Rc<Armed> {
    cx.vm().extension(Armed::default)
}

fn address(code: Gc<Code>, unit: usize) -> usize {
    std::ptr::from_ref(&code.units()[unit]) as usize
}

/// Arm the frames of this thread.
pub(super) fn arm(cx: &mut Cx) {
    let mut at = cx.frame();
    while let Some(frame) = at {
        let (code, unit) = (frame.code(), frame.unit_index());
        let word = code.units()[unit].get();
        if let Some(opcode) = Opcode::from_u8(word as u8).map(Opcode::base) {
            let next = unit + 1 + opcode.caches();
            replace(cx, code, next);
            // A generator that ends makes these jump.
            if opcode == Opcode::FOR_ITER || opcode == Opcode::SEND {
                let over = usize::from(opcode == Opcode::FOR_ITER);
                replace(cx, code, next + usize::from(word >> 8) + over);
            }
        }
        at = frame.previous.get();
    }
}

fn replace(cx: &Cx, code: Gc<Code>, unit: usize) {
    let Some(cell) = code.units().get(unit) else { return };
    let word = cell.get();
    if word as u8 == Opcode::INSTRUMENTED_LINE as u8 {
        return;
    }
    armed(cx).0.borrow_mut().insert(address(code, unit), word as u8);
    cell.set(word & 0xFF00 | Opcode::INSTRUMENTED_LINE as u16);
}

/// Put the instruction at `unit` back; false when it was not replaced.
pub fn disarm(cx: &Cx, code: Gc<Code>, unit: usize) -> bool {
    let cell = &code.units()[unit];
    if cell.get() as u8 != Opcode::INSTRUMENTED_LINE as u8 {
        return false;
    }
    let Some(number) = armed(cx).0.borrow_mut().remove(&address(code, unit)) else { return false };
    cell.set(cell.get() & 0xFF00 | u16::from(number));
    true
}

/// The instruction at `unit`, as the compiler made it.
pub fn opcode_at(cx: &Cx, code: Gc<Code>, unit: usize) -> Option<Opcode> {
    let number = code.units().get(unit)?.get() as u8;
    let number = if number == Opcode::INSTRUMENTED_LINE as u8 {
        armed(cx).0.borrow().get(&address(code, unit)).copied().unwrap_or(number)
    } else {
        number
    };
    Opcode::from_u8(number).map(Opcode::base)
}
