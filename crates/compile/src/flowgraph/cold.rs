//! Moves what only runs after an exception behind everything else.

use syntax::ast::Location;

use super::cfg::{BlockId, Cfg, ENTRY};
use super::nops;
use crate::op::Op;

pub fn push_to_end(cfg: &mut Cfg) {
    if cfg.block(ENTRY).next.is_none() {
        return;
    }
    mark_warm(cfg);
    mark_cold(cfg);
    add_explicit_jumps(cfg);
    if move_cold_blocks(cfg) {
        nops::remove_nops_and_jumps(cfg);
    }
}

fn successors(cfg: &Cfg, id: BlockId) -> Vec<BlockId> {
    let block = cfg.block(id);
    let mut found = Vec::new();
    found.extend(block.next.filter(|_| !block.no_fallthrough()));
    found.extend(block.instrs().iter().filter(|instr| instr.op.is_jump()).filter_map(|instr| instr.target));
    found
}

fn mark_warm(cfg: &mut Cfg) {
    cfg.clear_visited();
    cfg.block_mut(ENTRY).visited = true;
    let mut stack = vec![ENTRY];
    while let Some(id) = stack.pop() {
        cfg.block_mut(id).warm = true;
        for successor in successors(cfg, id) {
            if !cfg.block(successor).visited {
                cfg.block_mut(successor).visited = true;
                stack.push(successor);
            }
        }
    }
}

fn mark_cold(cfg: &mut Cfg) {
    cfg.clear_visited();
    let mut stack = Vec::new();
    for id in cfg.order() {
        if cfg.block(id).is_except_handler {
            cfg.block_mut(id).visited = true;
            stack.push(id);
        }
    }
    while let Some(id) = stack.pop() {
        cfg.block_mut(id).cold = true;
        for successor in successors(cfg, id) {
            let block = cfg.block_mut(successor);
            if !block.warm && !block.visited {
                block.visited = true;
                stack.push(successor);
            }
        }
    }
}

/// A cold block that falls through to a warm one needs a jump once it is moved.
fn add_explicit_jumps(cfg: &mut Cfg) {
    for id in cfg.order() {
        let block = cfg.block(id);
        let Some(next) = block.next else { continue };
        if !block.cold || block.no_fallthrough() || !cfg.block(next).warm {
            continue;
        }
        let jump_id = cfg.new_block();
        let jump = cfg.block_mut(jump_id);
        jump.push_jump(Op::JUMP_NO_INTERRUPT, next, Location::NONE);
        jump.cold = true;
        jump.next = Some(next);
        jump.n_predecessors = 1;
        cfg.block_mut(next).has_label = true;
        cfg.block_mut(id).next = Some(jump_id);
    }
}

/// Relinks the blocks; returns whether there were cold ones.
fn move_cold_blocks(cfg: &mut Cfg) -> bool {
    let (cold, rest): (Vec<BlockId>, Vec<BlockId>) = cfg.order().into_iter().partition(|&id| cfg.block(id).cold);
    let any = !cold.is_empty();
    let order: Vec<BlockId> = rest.into_iter().chain(cold).collect();
    for (i, &id) in order.iter().enumerate() {
        cfg.block_mut(id).next = order.get(i + 1).copied();
    }
    any
}
