//! Copies small blocks that leave the function to where they are jumped to from.

use super::cfg::{BlockId, Cfg};
use crate::op::Op;

/// Greatest number of instructions of a block that is copied.
const MAX_COPY_SIZE: usize = 4;

/// Runs until nothing changes. Every change removes a jump.
pub fn run(cfg: &mut Cfg) {
    let order = cfg.order();
    loop {
        let mut changed = false;
        for &id in &order {
            changed |= inline_target(cfg, id);
        }
        if !changed {
            return;
        }
    }
}

/// If the block ends with a jump to a small one that leaves the function, or to one without line numbers, appends that one
/// instead.
fn inline_target(cfg: &mut Cfg, id: BlockId) -> bool {
    let Some(last) = cfg.block(id).last().copied().filter(|last| last.op.is_unconditional_jump()) else {
        return false;
    };
    let target_id = last.jump_target();
    let target = cfg.block(target_id);
    let is_small_exit = target.exits_scope() && target.instrs().len() <= MAX_COPY_SIZE;
    let has_no_line = target.has_no_line() && target.no_fallthrough();
    if !is_small_exit && !has_no_line {
        return false;
    }
    let copied = target.instrs().to_vec();
    let block = cfg.block_mut(id);
    if let Some(jump) = block.last_mut() {
        jump.set_nop();
    }
    copied.into_iter().for_each(|instr| block.push_instr(instr));
    // A jump that looks for signals must not be lost.
    if has_no_line
        && last.op == Op::JUMP
        && let Some(jump) = block.last_mut()
        && jump.op.is_unconditional_jump()
    {
        jump.op = Op::JUMP;
    }
    cfg.block_mut(target_id).n_predecessors -= 1;
    true
}
