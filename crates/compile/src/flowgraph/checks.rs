//! Finds loads of locals that may be unbound: those become `LOAD_FAST_CHECK`.

use super::cfg::{BlockId, Cfg, ENTRY};
use crate::op::Op;

/// Locals from here on are looked at one block at a time, so that the cost stays linear.
const MANY: u32 = 64;

pub fn run(cfg: &mut Cfg, n_locals: usize, n_params: usize) {
    if n_locals == 0 {
        return;
    }
    if n_locals > MANY as usize {
        check_many(cfg, n_locals);
    }
    cfg.clear_visited();
    let n_tracked = n_locals.min(MANY as usize);
    let start_mask = (n_params..n_tracked).fold(0u64, |mask, i| mask | 1 << i);
    let mut todo = Vec::new();
    push(cfg, ENTRY, start_mask, &mut todo);
    for id in cfg.order() {
        scan(cfg, id, &mut todo);
    }
    while let Some(id) = todo.pop() {
        cfg.block_mut(id).visited = false;
        scan(cfg, id, &mut todo);
    }
}

/// Notes locals that may be unbound on entry to a block; looks at it again if that is news.
fn push(cfg: &mut Cfg, id: BlockId, mask: u64, todo: &mut Vec<BlockId>) {
    let block = cfg.block_mut(id);
    let both = block.unsafe_locals | mask;
    if block.unsafe_locals != both {
        block.unsafe_locals = both;
        if !block.visited {
            block.visited = true;
            todo.push(id);
        }
    }
}

fn scan(cfg: &mut Cfg, id: BlockId, todo: &mut Vec<BlockId>) {
    let mut mask = cfg.block(id).unsafe_locals;
    for i in 0..cfg.block(id).instrs().len() {
        let instr = cfg.block(id).instrs()[i];
        if let Some(handler) = instr.except {
            push(cfg, handler, mask, todo);
        }
        if instr.arg >= MANY {
            continue;
        }
        let bit = 1 << instr.arg;
        match instr.op {
            Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR | Op::STORE_FAST_MAYBE_NULL => mask |= bit,
            Op::STORE_FAST | Op::LOAD_FAST_CHECK => mask &= !bit,
            Op::LOAD_FAST => {
                if mask & bit != 0 {
                    cfg.block_mut(id).instrs_mut()[i].op = Op::LOAD_FAST_CHECK;
                }
                mask &= !bit;
            }
            _ => {}
        }
    }
    let block = cfg.block(id);
    let fallthrough = block.next.filter(|_| !block.no_fallthrough());
    let jump = block.last().filter(|last| last.op.is_jump()).and_then(|last| last.target);
    for successor in [fallthrough, jump].into_iter().flatten() {
        push(cfg, successor, mask, todo);
    }
}

fn check_many(cfg: &mut Cfg, n_locals: usize) {
    // By local: the number of the block in which it is known to be bound.
    let mut bound_in = vec![0; n_locals];
    for (number, id) in (1..).zip(cfg.order()) {
        for instr in cfg.block_mut(id).instrs_mut().iter_mut().filter(|instr| instr.arg >= MANY) {
            let Some(state) = bound_in.get_mut(instr.arg as usize) else { continue };
            match instr.op {
                Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR | Op::STORE_FAST_MAYBE_NULL => *state = number - 1,
                Op::STORE_FAST => *state = number,
                Op::LOAD_FAST => {
                    if *state != number {
                        instr.op = Op::LOAD_FAST_CHECK;
                    }
                    *state = number;
                }
                _ => {}
            }
        }
    }
}
