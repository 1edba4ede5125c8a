//! Which handler covers which instruction.

use super::cfg::{BlockId, Cfg, ENTRY};
use crate::op::{Op, resume};

/// Marks the blocks that are handlers.
pub fn mark_handlers(cfg: &mut Cfg) {
    for id in cfg.order() {
        for i in 0..cfg.block(id).instrs().len() {
            let instr = cfg.block(id).instrs()[i];
            if instr.op.is_block_push() {
                cfg.block_mut(instr.jump_target()).is_except_handler = true;
            }
        }
    }
}

/// Follows the flow with a stack of handlers and notes the topmost for every instruction.
pub fn label_targets(cfg: &mut Cfg) {
    cfg.clear_visited();
    let mut todo: Vec<(BlockId, Vec<BlockId>)> = vec![(ENTRY, Vec::new())];
    cfg.block_mut(ENTRY).visited = true;
    while let Some((id, mut stack)) = todo.pop() {
        let mut last_yield_depth = None;
        for i in 0..cfg.block(id).instrs().len() {
            let mut instr = cfg.block(id).instrs()[i];
            let handler = stack.last().copied();
            if instr.op.is_block_push() {
                let target = instr.jump_target();
                if !cfg.block(target).visited {
                    cfg.block_mut(target).visited = true;
                    todo.push((target, stack.clone()));
                }
                if instr.op != Op::SETUP_FINALLY {
                    cfg.block_mut(target).preserve_lasti = true;
                }
                stack.push(target);
                continue;
            }
            if instr.op == Op::POP_BLOCK {
                stack.pop();
                instr.set_nop();
            } else {
                instr.except = handler;
                if instr.op.is_jump() {
                    let target = instr.jump_target();
                    if !cfg.block(target).visited {
                        cfg.block_mut(target).visited = true;
                        todo.push((target, stack.clone()));
                    }
                } else if instr.op == Op::YIELD_VALUE {
                    last_yield_depth = Some(stack.len());
                } else if instr.op == Op::RESUME && instr.arg != resume::AT_FUNC_START {
                    if last_yield_depth == Some(1) {
                        instr.arg |= resume::DEPTH1_MASK;
                    }
                    last_yield_depth = None;
                }
            }
            cfg.block_mut(id).instrs_mut()[i] = instr;
        }
        let block = cfg.block(id);
        if let Some(next) = block.next
            && !block.no_fallthrough()
            && !cfg.block(next).visited
        {
            cfg.block_mut(next).visited = true;
            todo.push((next, stack));
        }
    }
}
