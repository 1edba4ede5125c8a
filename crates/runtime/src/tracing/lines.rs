//! Where lines start, for line events: instruction by instruction, by the rules of CPython's instrumentation.

use super::armed::opcode_at;
use crate::prelude::*;
use bytecode::{ExceptionEntries, LocationEntries, Opcode};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The lines of a code object's units.
pub struct LineTable {
    /// 0 = no line.
    lines: Vec<u32>,
    starts: Vec<bool>,
}

impl LineTable {
    pub fn line(&self, unit: usize) -> Option<u32> {
        self.lines.get(unit).copied().filter(|&line| line != 0)
    }

    /// The line that starts at `unit`.
    pub fn start(&self, unit: usize) -> Option<u32> {
        if self.starts.get(unit).copied().unwrap_or(false) { self.line(unit) } else { None }
    }
}

/// The tables made since tracing began. The code objects are held so that none takes another's place.
struct Tables {
    codes: RootVec,
    by_code: RefCell<HashMap<u64, Rc<LineTable>>>,
}

fn tables(cx: &Cx) -> Rc<Tables> {
    let vm = cx.vm();
    vm.extension(|| Tables { codes: vm.root_vec(), by_code: RefCell::default() })
}

/// Tracing has ended.
pub(super) fn forget(cx: &Cx) {
    let tables = tables(cx);
    tables.by_code.borrow_mut().clear();
    tables.codes.truncate(0);
}

/// The line table of a code object, made on first use.
pub fn line_table(cx: &Cx, code: Gc<Code>) -> Rc<LineTable> {
    let tables = tables(cx);
    if let Some(table) = tables.by_code.borrow().get(&code.value().id()) {
        return table.clone();
    }
    let table = Rc::new(build(cx, code));
    tables.codes.push(code);
    tables.by_code.borrow_mut().insert(code.value().id(), table.clone());
    table
}

/// The line of each unit.
pub(super) fn lines_of(code: Gc<Code>) -> Vec<u32> {
    let mut lines = vec![0; code.n_units()];
    for entry in LocationEntries::new(code.linetable.expect().as_slice(), code.firstlineno) {
        let Some(line) = entry.position.line else { continue };
        let end = (entry.end / 2).min(lines.len());
        lines[(entry.start / 2).min(end)..end].fill(line);
    }
    lines
}

/// An instruction: its first unit (an `EXTENDED_ARG` may be), the one behind it, operation and operand.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub unit: usize,
    pub next: usize,
    pub opcode: Opcode,
    pub oparg: usize,
}

/// The instructions of a code object, specialised ones as what they stand for.
pub(super) fn instructions(cx: &Cx, code: Gc<Code>) -> Vec<At> {
    let units = code.units();
    let mut all = Vec::new();
    let mut i = 0;
    while i < units.len() {
        let unit = i;
        let mut oparg = 0;
        let opcode = loop {
            let word = units[i].get();
            let Some(opcode) = opcode_at(cx, code, i) else { return all };
            oparg = oparg << 8 | usize::from(word >> 8);
            i += 1;
            if opcode != Opcode::EXTENDED_ARG || i >= units.len() {
                break opcode;
            }
        };
        i += opcode.caches();
        all.push(At { unit, next: i, opcode, oparg });
    }
    all
}

fn build(cx: &Cx, code: Gc<Code>) -> LineTable {
    let lines = lines_of(code);
    let mut starts = vec![false; lines.len()];
    let instructions = instructions(cx, code);
    // What comes before RESUME makes cells and generators: it belongs to no line.
    let first = instructions.iter().position(|at| at.opcode == Opcode::RESUME).unwrap_or(0);
    let traceable = &instructions[first.min(instructions.len())..];
    let begin = traceable.first().map_or(0, |at| at.unit);
    let mut current = 0;
    for at in traceable {
        if is_never_start(at.opcode) {
            continue;
        }
        let line = lines[at.unit];
        starts[at.unit] = line != current && line != 0;
        current = line;
    }
    let mut start = |unit: usize| {
        if unit >= begin && unit < starts.len() {
            starts[unit] = true;
        }
    };
    for at in traceable {
        match at.opcode {
            Opcode::POP_JUMP_IF_FALSE
            | Opcode::POP_JUMP_IF_TRUE
            | Opcode::POP_JUMP_IF_NONE
            | Opcode::POP_JUMP_IF_NOT_NONE
            | Opcode::JUMP_FORWARD => start(at.next + at.oparg),
            // Behind END_FOR and END_SEND.
            Opcode::FOR_ITER | Opcode::SEND => start(at.next + at.oparg + 1),
            Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT => start(at.next.saturating_sub(at.oparg)),
            _ => {}
        }
    }
    for entry in ExceptionEntries::new(code.exceptiontable.expect().as_slice()) {
        let handler = entry.target / 2;
        let ends_loop = traceable.iter().any(|at| at.unit == handler && at.opcode == Opcode::END_ASYNC_FOR);
        if !ends_loop {
            start(handler);
        }
    }
    LineTable { lines, starts }
}

/// Instructions that are skipped by what leads to them, and RESUME, whose event is another.
fn is_never_start(opcode: Opcode) -> bool {
    use Opcode as O;
    matches!(opcode, O::END_ASYNC_FOR | O::END_FOR | O::POP_ITER | O::END_SEND | O::RESUME)
}
