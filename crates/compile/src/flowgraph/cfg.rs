//! Basic blocks and their instructions.

use syntax::ast::Location;

use crate::op::Op;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockId(pub u32);

#[derive(Clone, Copy, Debug)]
pub struct Instr {
    pub op: Op,
    pub arg: u32,
    pub loc: Location,
    /// Where a jump goes.
    pub target: Option<BlockId>,
    /// The handler of an exception raised here.
    pub except: Option<BlockId>,
}

impl Instr {
    pub fn new(op: Op, arg: u32, loc: Location) -> Instr {
        Instr { op, arg, loc, target: None, except: None }
    }

    pub fn set(&mut self, op: Op, arg: u32) {
        self.op = op;
        self.arg = arg;
    }

    pub fn set_nop(&mut self) {
        self.set(Op::NOP, 0);
    }

    pub fn jump_target(&self) -> BlockId {
        self.target.expect("a jump has a target")
    }
}

/// A straight run of instructions; only the last may jump.
///
/// Instructions are removed by lowering `used`. What lies behind it is reused with the exception handler that it happened to
/// have: CPython does that too, and it shows in exception tables.
#[derive(Clone, Debug, Default)]
pub struct Block {
    slots: Vec<Instr>,
    used: usize,
    /// The block that control falls through to.
    pub next: Option<BlockId>,
    /// Whether a label stands in front of it.
    pub has_label: bool,
    pub n_predecessors: i32,
    /// Stack depth on entry; negative while unknown.
    pub start_depth: i32,
    /// Bit i: local i may be unbound on entry.
    pub unsafe_locals: u64,
    pub visited: bool,
    pub is_except_handler: bool,
    /// Whether the handler finds the offset of the raising instruction on the stack.
    pub preserve_lasti: bool,
    pub cold: bool,
    pub warm: bool,
}

impl Block {
    pub fn instrs(&self) -> &[Instr] {
        &self.slots[..self.used]
    }

    pub fn instrs_mut(&mut self) -> &mut [Instr] {
        &mut self.slots[..self.used]
    }

    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    pub fn last(&self) -> Option<&Instr> {
        self.instrs().last()
    }

    pub fn last_mut(&mut self) -> Option<&mut Instr> {
        self.instrs_mut().last_mut()
    }

    fn add_slot(&mut self) -> &mut Instr {
        if self.used == self.slots.len() {
            self.slots.push(Instr::new(Op::CACHE, 0, Location::NONE));
        }
        self.used += 1;
        &mut self.slots[self.used - 1]
    }

    /// Appends an instruction; its exception handler is the slot's.
    pub fn push(&mut self, op: Op, arg: u32, loc: Location) {
        let slot = self.add_slot();
        *slot = Instr { except: slot.except, ..Instr::new(op, arg, loc) };
    }

    pub fn push_jump(&mut self, op: Op, target: BlockId, loc: Location) {
        self.push(op, 0, loc);
        self.slots[self.used - 1].target = Some(target);
    }

    pub fn push_instr(&mut self, instr: Instr) {
        *self.add_slot() = instr;
    }

    pub fn insert(&mut self, at: usize, instr: Instr) {
        self.add_slot();
        self.slots[at..self.used].rotate_right(1);
        self.slots[at] = instr;
    }

    pub fn truncate(&mut self, n: usize) {
        self.used = n;
    }

    /// Whether control never leaves at the end.
    pub fn no_fallthrough(&self) -> bool {
        self.last().is_some_and(|last| last.op.is_scope_exit() || last.op.is_unconditional_jump())
    }

    pub fn exits_scope(&self) -> bool {
        self.last().is_some_and(|last| last.op.is_scope_exit())
    }

    pub fn has_eval_break(&self) -> bool {
        self.instrs().iter().any(|instr| instr.op.has_eval_break())
    }

    pub fn has_no_line(&self) -> bool {
        self.instrs().iter().all(|instr| instr.loc.line < 0)
    }
}

/// A control flow graph; the first block is the entry.
#[derive(Clone, Debug, Default)]
pub struct Cfg {
    blocks: Vec<Block>,
}

pub const ENTRY: BlockId = BlockId(0);

impl Cfg {
    pub fn new() -> Cfg {
        let mut cfg = Cfg::default();
        cfg.new_block();
        cfg
    }

    pub fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block { start_depth: -1, ..Block::default() });
        BlockId(self.blocks.len() as u32 - 1)
    }

    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    /// The blocks in order of the code.
    pub fn order(&self) -> Vec<BlockId> {
        let mut order = Vec::with_capacity(self.blocks.len());
        let mut next = Some(ENTRY);
        while let Some(id) = next {
            order.push(id);
            next = self.block(id).next;
        }
        order
    }

    /// Makes all blocks unvisited.
    pub fn clear_visited(&mut self) {
        self.blocks.iter_mut().for_each(|block| block.visited = false);
    }

    /// The block itself or the first one after it that has instructions.
    pub fn next_nonempty(&self, mut id: Option<BlockId>) -> Option<BlockId> {
        while let Some(block) = id.filter(|&id| self.block(id).is_empty()) {
            id = self.block(block).next;
        }
        id
    }

    pub fn n_blocks(&self) -> usize {
        self.blocks.len()
    }
}
