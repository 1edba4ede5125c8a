//! Two loads or stores of locals in one instruction.

use super::cfg::{Cfg, Instr};
use super::nops;
use crate::op::Op;

pub fn run(cfg: &mut Cfg) {
    for id in cfg.order() {
        let instrs = cfg.block_mut(id).instrs_mut();
        for i in 1..instrs.len() {
            let combined = match (instrs[i - 1].op, instrs[i].op) {
                (Op::LOAD_FAST, Op::LOAD_FAST) => Op::LOAD_FAST_LOAD_FAST,
                (Op::STORE_FAST, Op::LOAD_FAST) => Op::STORE_FAST_LOAD_FAST,
                (Op::STORE_FAST, Op::STORE_FAST) => Op::STORE_FAST_STORE_FAST,
                _ => continue,
            };
            let (first, second) = instrs.split_at_mut(i);
            combine(&mut first[i - 1], &mut second[0], combined);
        }
    }
    nops::remove(cfg);
}

/// Combines instructions of one line whose operands fit in four bits each.
fn combine(first: &mut Instr, second: &mut Instr, op: Op) {
    let (line, second_line) = (first.loc.line, second.loc.line);
    if (line >= 0 && second_line >= 0 && line != second_line) || first.arg >= 16 || second.arg >= 16 {
        return;
    }
    first.set(op, first.arg << 4 | second.arg);
    second.set_nop();
}
