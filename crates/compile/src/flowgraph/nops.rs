//! Removes instructions that do nothing, as long as every line keeps one.

use super::cfg::{BlockId, Cfg};
use crate::op::Op;

/// Removes NOPs of one block; returns how many.
fn remove_from(cfg: &mut Cfg, id: BlockId) -> usize {
    let n = cfg.block(id).instrs().len();
    let mut kept = 0;
    let mut previous_line = -1;
    for i in 0..n {
        let instr = cfg.block(id).instrs()[i];
        let line = instr.loc.line;
        if instr.op == Op::NOP {
            if line < 0 || previous_line == line {
                continue;
            }
            if i + 1 < n {
                let next = &mut cfg.block_mut(id).instrs_mut()[i + 1];
                if next.loc.line == line {
                    continue;
                }
                if next.loc.line < 0 {
                    next.loc = instr.loc;
                    continue;
                }
            } else if let Some(next) = cfg.next_nonempty(cfg.block(id).next) {
                // The first instruction of the next block that will stay.
                let mut instrs = cfg.block(next).instrs().iter();
                let first = instrs.find(|instr| instr.op != Op::NOP || instr.loc.line >= 0);
                if first.is_some_and(|first| first.loc.line == line) {
                    continue;
                }
            }
        }
        let instr = cfg.block(id).instrs()[i];
        cfg.block_mut(id).instrs_mut()[kept] = instr;
        kept += 1;
        previous_line = line;
    }
    cfg.block_mut(id).truncate(kept);
    n - kept
}

/// Removes NOPs everywhere; returns how many.
pub fn remove(cfg: &mut Cfg) -> usize {
    cfg.order().into_iter().map(|id| remove_from(cfg, id)).sum()
}

/// Removes NOPs, and pushes that are popped at once.
pub fn remove_nops_and_pairs(cfg: &mut Cfg) {
    loop {
        let mut done = true;
        let mut previous: Option<(BlockId, usize)> = None;
        for id in cfg.order() {
            remove_from(cfg, id);
            if cfg.block(id).has_label {
                previous = None;
            }
            for i in 0..cfg.block(id).instrs().len() {
                let before = previous.replace((id, i));
                if cfg.block(id).instrs()[i].op != Op::POP_TOP {
                    continue;
                }
                let Some((before_id, before_i)) = before else { continue };
                let before = &mut cfg.block_mut(before_id).instrs_mut()[before_i];
                if before.op.loads_const() || (before.op == Op::COPY && before.arg == 1) {
                    before.set_nop();
                    cfg.block_mut(id).instrs_mut()[i].set_nop();
                    done = false;
                }
            }
            let block = cfg.block(id);
            let ends_with_jump =
                previous.is_some_and(|(id, i)| cfg.block(id).instrs().get(i).is_some_and(|last| last.op.is_jump()));
            if ends_with_jump || block.no_fallthrough() {
                previous = None;
            }
        }
        if done {
            return;
        }
    }
}

/// Turns jumps to where control would go anyway into NOPs; returns how many.
fn remove_redundant_jumps(cfg: &mut Cfg) -> usize {
    let mut n = 0;
    for id in cfg.order() {
        let Some(last) = cfg.block(id).last().copied().filter(|last| last.op.is_unconditional_jump()) else {
            continue;
        };
        let target = cfg.next_nonempty(last.target);
        if target.is_some() && target == cfg.next_nonempty(cfg.block(id).next) {
            if let Some(jump) = cfg.block_mut(id).last_mut() {
                jump.set_nop();
            }
            n += 1;
        }
    }
    n
}

/// Removes NOPs and jumps to the next instruction until there are none.
pub fn remove_nops_and_jumps(cfg: &mut Cfg) {
    while remove(cfg) + remove_redundant_jumps(cfg) > 0 {}
}
