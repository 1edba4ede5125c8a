//! Empties blocks that cannot be reached, and counts the predecessors of the others.

use super::cfg::{BlockId, Cfg, ENTRY};

pub fn run(cfg: &mut Cfg) {
    let order = cfg.order();
    for &id in &order {
        let block = cfg.block_mut(id);
        block.n_predecessors = 0;
        block.visited = false;
    }
    let entry = cfg.block_mut(ENTRY);
    entry.n_predecessors = 1;
    entry.visited = true;
    let mut stack = vec![ENTRY];
    while let Some(id) = stack.pop() {
        let mut reach = |cfg: &mut Cfg, target: BlockId| {
            let block = cfg.block_mut(target);
            block.n_predecessors += 1;
            if !block.visited {
                block.visited = true;
                stack.push(target);
            }
        };
        let block = cfg.block(id);
        if let Some(next) = block.next
            && !block.no_fallthrough()
        {
            reach(cfg, next);
        }
        for i in 0..cfg.block(id).instrs().len() {
            let instr = cfg.block(id).instrs()[i];
            if instr.op.has_target() {
                reach(cfg, instr.jump_target());
            }
        }
    }
    for id in order {
        let block = cfg.block_mut(id);
        if block.n_predecessors == 0 {
            block.truncate(0);
            block.is_except_handler = false;
        }
    }
}
