//! Replaces pseudo-instructions by real ones.

use super::cfg::{Cfg, Instr};
use super::nops;
use crate::op::Op;

/// `JUMP_IF_FALSE` keeps the value that it tests: `COPY 1; TO_BOOL; POP_JUMP_IF_FALSE`.
pub fn convert_conditional_jumps(cfg: &mut Cfg) {
    for id in cfg.order() {
        let block = cfg.block_mut(id);
        let Some(last) = block.last_mut() else { continue };
        last.op = match last.op {
            Op::JUMP_IF_FALSE => Op::POP_JUMP_IF_FALSE,
            Op::JUMP_IF_TRUE => Op::POP_JUMP_IF_TRUE,
            _ => continue,
        };
        let (loc, except) = (last.loc, last.except);
        let at = block.instrs().len() - 1;
        block.insert(at, Instr { except, ..Instr::new(Op::COPY, 1, loc) });
        block.insert(at + 1, Instr { except, ..Instr::new(Op::TO_BOOL, 0, loc) });
    }
}

/// The others.
pub fn convert(cfg: &mut Cfg) {
    for id in cfg.order() {
        for instr in cfg.block_mut(id).instrs_mut() {
            match instr.op {
                op if op.is_block_push() => instr.set_nop(),
                Op::LOAD_CLOSURE => instr.op = Op::LOAD_FAST,
                Op::STORE_FAST_MAYBE_NULL => instr.op = Op::STORE_FAST,
                _ => {}
            }
        }
    }
    nops::remove_nops_and_jumps(cfg);
}
