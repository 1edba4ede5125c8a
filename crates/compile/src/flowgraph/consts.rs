//! Drops constants that nothing loads any more.

use bytecode::Constant;

use super::cfg::Cfg;
use crate::op::Op;

/// The constants in use, renumbered. The first one stays: it may be a docstring.
pub fn remove_unused(cfg: &mut Cfg, consts: Vec<Constant>) -> Vec<Constant> {
    let mut is_used = vec![false; consts.len()];
    if let Some(first) = is_used.first_mut() {
        *first = true;
    }
    let order = cfg.order();
    for &id in &order {
        for instr in cfg.block(id).instrs().iter().filter(|instr| instr.op == Op::LOAD_CONST) {
            is_used[instr.arg as usize] = true;
        }
    }
    let mut kept = Vec::with_capacity(consts.len());
    let mut numbers = Vec::with_capacity(consts.len());
    for (constant, is_used) in consts.into_iter().zip(is_used) {
        numbers.push(kept.len() as u32);
        if is_used {
            kept.push(constant);
        }
    }
    for id in order {
        for instr in cfg.block_mut(id).instrs_mut().iter_mut().filter(|instr| instr.op == Op::LOAD_CONST) {
            instr.arg = numbers[instr.arg as usize];
        }
    }
    kept
}
