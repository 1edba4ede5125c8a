//! Instructions to bytes: code units, location table, exception table.

use bytecode::{ExceptionEntry, ExceptionTableWriter, LocationTableWriter, Position};
use syntax::ast::Location;

use super::cfg::{BlockId, Cfg};
use crate::op::Op;
use crate::sequence::NEXT_LOCATION;

pub struct Emitted {
    pub code: Vec<u8>,
    pub linetable: Vec<u8>,
    pub exceptiontable: Vec<u8>,
}

/// An instruction in the order of the code.
struct Placed {
    op: Op,
    arg: u32,
    loc: Location,
    /// Index of the instruction that it jumps to.
    target: usize,
    handler: Option<Handler>,
    /// In code units.
    offset: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Handler {
    /// Index of its first instruction.
    target: usize,
    start_depth: i32,
    preserve_lasti: bool,
}

impl Placed {
    /// Number of code units.
    fn size(&self) -> usize {
        let extended = (self.arg > 0xFF) as usize + (self.arg > 0xFFFF) as usize + (self.arg > 0xFF_FFFF) as usize;
        extended + 1 + self.op.real().map_or(0, |opcode| opcode.caches())
    }
}

pub fn emit(cfg: &Cfg, firstlineno: i32) -> Emitted {
    let mut instrs = place(cfg);
    resolve_directions(&mut instrs);
    resolve_offsets(&mut instrs);
    resolve_next_locations(&mut instrs);
    Emitted { code: code(&instrs), linetable: linetable(&instrs, firstlineno), exceptiontable: exceptiontable(&instrs) }
}

fn place(cfg: &Cfg) -> Vec<Placed> {
    let order = cfg.order();
    let mut starts = vec![0; cfg.n_blocks()];
    let mut n = 0;
    for &id in &order {
        starts[id.0 as usize] = n;
        n += cfg.block(id).instrs().len();
    }
    let start = |id: BlockId| starts[id.0 as usize];
    let mut placed = Vec::with_capacity(n);
    for id in order {
        for instr in cfg.block(id).instrs() {
            let target = instr.target.filter(|_| instr.op.is_jump()).map(start);
            placed.push(Placed {
                op: instr.op,
                // The size of jumps is first reckoned as if this were the distance.
                arg: target.map_or(instr.arg, |target| target as u32),
                loc: instr.loc,
                target: target.unwrap_or(0),
                handler: instr.except.map(|handler| Handler {
                    target: start(handler),
                    start_depth: cfg.block(handler).start_depth,
                    preserve_lasti: cfg.block(handler).preserve_lasti,
                }),
                offset: 0,
            });
        }
    }
    placed
}

/// Unconditional jumps have different instructions for each direction.
fn resolve_directions(instrs: &mut [Placed]) {
    for (i, instr) in instrs.iter_mut().enumerate() {
        let is_forward = instr.target > i;
        instr.op = match instr.op {
            Op::JUMP | Op::JUMP_NO_INTERRUPT if is_forward => Op::JUMP_FORWARD,
            Op::JUMP => Op::JUMP_BACKWARD,
            Op::JUMP_NO_INTERRUPT => Op::JUMP_BACKWARD_NO_INTERRUPT,
            op => op,
        };
    }
}

/// Distance from `SEND` to its `END_SEND`.
const END_SEND_OFFSET: usize = 5;

/// Operands of jumps; repeated while they grow.
fn resolve_offsets(instrs: &mut [Placed]) {
    loop {
        let mut offset = 0;
        for instr in instrs.iter_mut() {
            instr.offset = offset;
            offset += instr.size();
        }
        let mut has_grown = false;
        for i in 0..instrs.len() {
            if !instrs[i].op.is_jump() {
                continue;
            }
            let size = instrs[i].size();
            let end = instrs[i].offset + size;
            let target = instrs.get(instrs[i].target).map_or(end, |target| target.offset);
            let distance =
                if instrs[i].op == Op::END_ASYNC_FOR { end - target - END_SEND_OFFSET } else { end.abs_diff(target) };
            instrs[i].arg = distance as u32;
            has_grown |= instrs[i].size() != size;
        }
        if !has_grown {
            return;
        }
    }
}

fn resolve_next_locations(instrs: &mut [Placed]) {
    let mut next = Location::NONE;
    for instr in instrs.iter_mut().rev() {
        if instr.loc == NEXT_LOCATION {
            instr.loc = if instr.op.is_terminator() { Location::NONE } else { next };
        }
        next = instr.loc;
    }
}

fn code(instrs: &[Placed]) -> Vec<u8> {
    let mut code = Vec::with_capacity(instrs.len() * 4);
    for instr in instrs {
        let opcode = instr.op.real().expect("pseudo-instructions have been replaced");
        for shift in [24, 16, 8] {
            if instr.arg >> shift != 0 {
                code.extend([Op::EXTENDED_ARG.0 as u8, (instr.arg >> shift) as u8]);
            }
        }
        code.extend([opcode as u8, instr.arg as u8]);
        code.resize(code.len() + 2 * opcode.caches(), 0);
    }
    code
}

fn linetable(instrs: &[Placed], firstlineno: i32) -> Vec<u8> {
    let mut writer = LocationTableWriter::new(u32::try_from(firstlineno).unwrap_or(0));
    let position = |loc: Location| Position {
        line: u32::try_from(loc.line).ok(),
        end_line: u32::try_from(loc.end_line).ok(),
        column: u32::try_from(loc.column).ok(),
        end_column: u32::try_from(loc.end_column).ok(),
    };
    let mut rest = instrs;
    while let Some(first) = rest.first() {
        let n = rest.iter().take_while(|instr| instr.loc == first.loc).count();
        let units = rest[..n].iter().map(Placed::size).sum();
        writer.push(position(first.loc), units);
        rest = &rest[n..];
    }
    writer.finish()
}

fn exceptiontable(instrs: &[Placed]) -> Vec<u8> {
    let mut writer = ExceptionTableWriter::new();
    let mut rest = instrs;
    while let Some(first) = rest.first() {
        let target = first.handler.map(|handler| handler.target);
        let n = rest.iter().take_while(|instr| instr.handler.map(|handler| handler.target) == target).count();
        if let Some(handler) = first.handler {
            let last = &rest[n - 1];
            let depth = handler.start_depth - 1 - i32::from(handler.preserve_lasti);
            writer.push(ExceptionEntry {
                start: first.offset * 2,
                end: (last.offset + last.size()) * 2,
                target: instrs[handler.target].offset * 2,
                depth: u32::try_from(depth).unwrap_or(0),
                push_lasti: handler.preserve_lasti,
            });
        }
        rest = &rest[n..];
    }
    writer.finish()
}
