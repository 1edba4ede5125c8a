//! Specialisation (PEP 659): rewrites an instruction in place for what it meets, or says why it cannot.
//!
//! Called by the out-of-line step of a family's generic instruction once its counter has run down. A chooser (one a
//! family, in the files beside this one) fills the inline cache and answers the new instruction; a failure has a
//! [`Reason`], is counted for its site, and doubles the time until the next attempt.

mod attributes;
mod calls;
mod names;
mod operators;
mod reason;
mod sites;

pub use attributes::{load_attr, load_super_attr, store_attr};
pub use calls::{call, call_kw};
pub use names::load_global;
pub use operators::{binary_op, compare_op, contains_op, for_iter, send, store_subscr, to_bool, unpack_sequence};
pub use reason::Reason;
pub use sites::{Event, SiteReport, site_reports};

use crate::cache::{self, Field};
use crate::counters;
use crate::machine::Machine;
use bytecode::Opcode;
use object::*;

/// The instruction to specialise, and its operands.
pub struct Site {
    machine: Machine,
    pub code: Gc<Code>,
    pub oparg: usize,
}

type Chosen = Result<Opcode, Reason>;

impl Site {
    /// The stack's value `depth` from the top; 1 is the top.
    pub fn operand(&self, depth: usize) -> Value {
        // SAFETY: choosers ask for the instruction's own operands.
        unsafe { *self.machine.sp.sub(depth) }
    }

    pub fn frame(&self) -> FrameRef {
        self.machine.fp
    }

    /// Index of the instruction in the code.
    pub fn unit(&self) -> usize {
        self.machine.fp.unit_index()
    }

    /// Whether the next instruction is of family `base`, with this operand.
    pub fn is_followed_by(&self, base: Opcode, operand: u8) -> bool {
        // SAFETY: no code ends with an instruction that can be specialised.
        let [number, found] = unsafe { *self.machine.ip.add(1 + self.opcode().caches()) }.to_le_bytes();
        found == operand && Opcode::from_u8(number).is_some_and(|opcode| opcode.base() == base)
    }

    /// Write a cache field.
    pub fn write<T: Field>(&self, at: usize, value: T) {
        debug_assert!(at + T::UNITS <= self.opcode().caches());
        // SAFETY: the field lies in the instruction's cache.
        unsafe { cache::write(self.machine.ip, at, value) }
    }

    /// Write a pointer to three units.
    pub fn write_short<T: Field>(&self, at: usize, value: T) {
        debug_assert!(at + 3 <= self.opcode().caches());
        // SAFETY: as above.
        unsafe { cache::write_short(self.machine.ip, at, value) }
    }

    fn opcode(&self) -> Opcode {
        // SAFETY: the machine is at an instruction.
        Opcode::from_u8(unsafe { *self.machine.ip } as u8).unwrap_or(Opcode::CACHE)
    }

    /// Keep an object alive that the cache points at.
    pub fn keep(&self, cx: &mut Cx, value: Value) -> Result<(), Reason> {
        if !value.is_heap() {
            return Ok(());
        }
        let code = self.code;
        let n = code.n_cached.get();
        let array = match code.cached.get() {
            Some(array) if (0..n).any(|i| array.get(i).is(value)) => return Ok(()),
            Some(array) if n < array.capacity() => array,
            old => {
                let array = Array::new(&mut cx.heap, (n * 2).max(4)).map_err(|_| Reason::OutOfMemory)?;
                if let Some(old) = old {
                    array.copy_from(0, old, 0, n);
                }
                code.cached.set(code, array);
                array
            }
        };
        array.set(n, value);
        code.n_cached.set(n + 1);
        Ok(())
    }
}

/// Try to specialise the instruction of family `base` at which `m` is.
///
/// # Safety
/// `m` is the saved state at that instruction, which has a counter.
#[cold]
#[inline(never)]
pub unsafe fn run(cx: &mut Cx, m: Machine, base: Opcode, oparg: usize, choose: fn(&mut Cx, &Site) -> Chosen) {
    let site = Site { machine: m, code: m.fp.code(), oparg };
    let was = site.opcode();
    let misses = if was == base { 0 } else { sites::count(cx, &site, Event::Missed(was)) };
    let chosen = choose(cx, &site);
    // SAFETY: the caller's promise; code units are cells.
    unsafe {
        let unit = m.ip as *mut u16;
        let counter = unit.add(1);
        let opcode = match chosen {
            Ok(opcode) => {
                debug_assert!(opcode.base() == base);
                *counter = counters::cooldown(misses);
                sites::count(cx, &site, Event::Specialised(opcode));
                opcode
            }
            Err(reason) => {
                *counter = counters::restart(*counter);
                sites::count(cx, &site, Event::Failed(reason));
                base
            }
        };
        *unit = *unit & 0xFF00 | opcode as u16;
        if opcode != was {
            fuse(site.code, site.unit(), opcode);
        }
    }
}

/// Make the instruction before `unit` one that does both, if there is such a form for the one that now stands there, or a
/// plain one again.
fn fuse(code: Gc<Code>, unit: usize, second: Opcode) {
    let Some(before) = unit.checked_sub(1).map(|i| &code.units()[i]) else { return };
    let [number, operand] = before.get().to_le_bytes();
    let Some(is) = Opcode::from_u8(number) else { return };
    let wanted = ops::fused(is.base(), second).unwrap_or(is.base());
    if (wanted.is_fused() || is.is_fused()) && starts_instruction(code, unit - 1) {
        before.set(u16::from_le_bytes([wanted as u8, operand]));
    }
}

/// Whether the unit is an instruction and not part of a cache.
fn starts_instruction(code: Gc<Code>, unit: usize) -> bool {
    let mut at = 0;
    while at < unit {
        at += 1 + Opcode::from_u8(code.units()[at].get() as u8).map_or(0, Opcode::caches);
    }
    at == unit
}
