//! Conditional jumps go forward; the way not taken is marked.

use super::cfg::{BlockId, Cfg};
use crate::op::Op;

pub fn normalize(cfg: &mut Cfg) {
    cfg.clear_visited();
    let mut next = Some(super::cfg::ENTRY);
    while let Some(id) = next {
        cfg.block_mut(id).visited = true;
        normalize_block(cfg, id);
        next = cfg.block(id).next;
    }
}

fn normalize_block(cfg: &mut Cfg, id: BlockId) {
    let Some(last) = cfg.block(id).last().copied().filter(|last| last.op.is_conditional_jump()) else { return };
    let target = last.jump_target();
    if !cfg.block(target).visited {
        cfg.block_mut(id).push(Op::NOT_TAKEN, 0, last.loc);
        return;
    }
    // A jump back becomes the opposite jump over an unconditional one.
    let reversed = match last.op {
        Op::POP_JUMP_IF_NOT_NONE => Op::POP_JUMP_IF_NONE,
        Op::POP_JUMP_IF_NONE => Op::POP_JUMP_IF_NOT_NONE,
        Op::POP_JUMP_IF_FALSE => Op::POP_JUMP_IF_TRUE,
        _ => Op::POP_JUMP_IF_FALSE,
    };
    let (is_cold, next) = (cfg.block(id).cold, cfg.block(id).next);
    let start_depth = cfg.block(target).start_depth;
    let back_id = cfg.new_block();
    let back = cfg.block_mut(back_id);
    back.push(Op::NOT_TAKEN, 0, last.loc);
    back.push_jump(Op::JUMP, target, last.loc);
    back.start_depth = start_depth;
    back.cold = is_cold;
    back.next = next;
    let block = cfg.block_mut(id);
    block.next = Some(back_id);
    if let Some(jump) = block.last_mut() {
        jump.op = reversed;
        jump.target = next;
    }
}
