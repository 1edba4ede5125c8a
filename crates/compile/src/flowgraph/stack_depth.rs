//! The stack depth at the start of every block, and the greatest one anywhere.

use super::cfg::{BlockId, Cfg, ENTRY};
use crate::op::Op;

pub fn calculate(cfg: &mut Cfg) -> u32 {
    for id in cfg.order() {
        cfg.block_mut(id).start_depth = -1;
    }
    let mut stack = Vec::new();
    push(cfg, ENTRY, 0, &mut stack);
    let mut max_depth = 0;
    while let Some(id) = stack.pop() {
        let mut depth = cfg.block(id).start_depth;
        let mut falls_through = true;
        for i in 0..cfg.block(id).instrs().len() {
            let instr = cfg.block(id).instrs()[i];
            let new_depth = depth + instr.op.stack_effect(instr.arg, false);
            max_depth = max_depth.max(depth);
            if instr.op.has_target() && instr.op != Op::END_ASYNC_FOR {
                let target_depth = depth + instr.op.stack_effect(instr.arg, true);
                push(cfg, instr.jump_target(), target_depth, &mut stack);
            }
            depth = new_depth;
            if instr.op.is_unconditional_jump() || instr.op.is_scope_exit() {
                falls_through = false;
                break;
            }
        }
        if falls_through && let Some(next) = cfg.block(id).next {
            push(cfg, next, depth, &mut stack);
        }
    }
    u32::try_from(max_depth).unwrap_or(0)
}

fn push(cfg: &mut Cfg, id: BlockId, depth: i32, stack: &mut Vec<BlockId>) {
    let block = cfg.block_mut(id);
    debug_assert!(block.start_depth < 0 || block.start_depth == depth, "inconsistent stack depth");
    if block.start_depth < depth && block.start_depth < 0 {
        block.start_depth = depth;
        stack.push(id);
    }
}
