//! Gives artificial instructions a line: every instruction that leaves the function, or may run a signal handler, needs one
//! (PEP 626).

use syntax::ast::Location;

use super::cfg::{BlockId, Cfg};

pub fn resolve(cfg: &mut Cfg) {
    duplicate_exits(cfg);
    propagate(cfg);
}

fn needs_line(cfg: &Cfg, id: BlockId) -> bool {
    let block = cfg.block(id);
    (block.exits_scope() || block.has_eval_break()) && block.has_no_line()
}

/// Copies blocks that leave the function without a line, so that each has one predecessor to take the line from.
fn duplicate_exits(cfg: &mut Cfg) {
    let mut next = Some(super::cfg::ENTRY);
    while let Some(id) = next {
        if let Some(last) = cfg.block(id).last().copied().filter(|last| last.op.is_jump())
            && let Some(target) = cfg.next_nonempty(last.target)
            && needs_line(cfg, target)
            && cfg.block(target).n_predecessors > 1
        {
            let copied = cfg.block(target).instrs().to_vec();
            let target_next = cfg.block(target).next;
            let copy_id = cfg.new_block();
            let copy = cfg.block_mut(copy_id);
            copied.into_iter().for_each(|instr| copy.push_instr(instr));
            copy.instrs_mut()[0].loc = last.loc;
            copy.n_predecessors = 1;
            copy.next = target_next;
            copy.has_label = true;
            let target = cfg.block_mut(target);
            target.n_predecessors -= 1;
            target.next = Some(copy_id);
            if let Some(jump) = cfg.block_mut(id).last_mut() {
                jump.target = Some(copy_id);
            }
        }
        next = cfg.block(id).next;
    }
    // What remains is only fallen through to.
    for id in cfg.order() {
        let block = cfg.block(id);
        if let Some(next) = block.next
            && let Some(last) = block.last()
            && !block.no_fallthrough()
            && needs_line(cfg, next)
        {
            let loc = last.loc;
            cfg.block_mut(next).instrs_mut()[0].loc = loc;
        }
    }
}

/// Instructions without a location take the one before them, also across blocks where there is one way in.
fn propagate(cfg: &mut Cfg) {
    for id in cfg.order() {
        let Some(last) = cfg.block(id).last().copied() else { continue };
        let mut previous = Location::NONE;
        for instr in cfg.block_mut(id).instrs_mut() {
            if instr.loc.line == Location::NONE.line {
                instr.loc = previous;
            } else {
                previous = instr.loc;
            }
        }
        let block = cfg.block(id);
        let fallthrough = block.next.filter(|_| !block.no_fallthrough());
        let jump = last.target.filter(|_| last.op.is_jump());
        for successor in [fallthrough, jump].into_iter().flatten() {
            let successor = cfg.block_mut(successor);
            if successor.n_predecessors == 1
                && let Some(first) = successor.instrs_mut().first_mut()
                && first.loc.line == Location::NONE.line
            {
                first.loc = previous;
            }
        }
    }
}
