//! Instructions with labels to basic blocks.

use super::cfg::{BlockId, Cfg, ENTRY};
use crate::op::Op;
use crate::sequence::Sequence;

pub fn build(seq: &Sequence) -> Cfg {
    let n = seq.instrs.len();
    let mut is_target = vec![false; n + 1];
    for instr in seq.instrs.iter().filter(|instr| instr.op.has_target()) {
        is_target[seq.position(instr.arg)] = true;
    }
    let mut builder = Builder { cfg: Cfg::new(), current: ENTRY, label: None, blocks: vec![None; n + 1] };
    let mut jumps = Vec::new();
    for (i, instr) in seq.instrs.iter().enumerate() {
        if instr.op == Op::ANNOTATIONS_PLACEHOLDER {
            for instr in seq.annotations.iter().flat_map(|seq| &seq.instrs) {
                builder.start_block_if_needed();
                builder.cfg.block_mut(builder.current).push(instr.op, instr.arg, instr.loc);
            }
            continue;
        }
        if is_target[i] {
            builder.label = Some(i);
            builder.start_block_if_needed();
        }
        builder.start_block_if_needed();
        let block = builder.cfg.block_mut(builder.current);
        if instr.op.has_target() {
            jumps.push((builder.current, block.instrs().len(), seq.position(instr.arg)));
            block.push(instr.op, 0, instr.loc);
        } else {
            block.push(instr.op, instr.arg, instr.loc);
        }
    }
    let Builder { mut cfg, blocks, .. } = builder;
    for (block, at, target) in jumps {
        cfg.block_mut(block).instrs_mut()[at].target = blocks[target];
    }
    cfg
}

struct Builder {
    cfg: Cfg,
    current: BlockId,
    /// A label that has yet to get a block.
    label: Option<usize>,
    blocks: Vec<Option<BlockId>>,
}

impl Builder {
    fn start_block_if_needed(&mut self) {
        if !self.is_terminated() {
            return;
        }
        let block = self.cfg.new_block();
        self.cfg.block_mut(self.current).next = Some(block);
        self.current = block;
        self.use_label();
    }

    fn use_label(&mut self) {
        if let Some(label) = self.label.take() {
            self.blocks[label] = Some(self.current);
            self.cfg.block_mut(self.current).has_label = true;
        }
    }

    fn is_terminated(&mut self) -> bool {
        let block = self.cfg.block(self.current);
        if block.last().is_some_and(|last| last.op.is_terminator()) {
            return true;
        }
        if self.label.is_some() {
            if !block.is_empty() || block.has_label {
                return true;
            }
            self.use_label();
        }
        false
    }
}
