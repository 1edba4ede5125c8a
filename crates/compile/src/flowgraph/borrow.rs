//! Loads of locals that need no reference of their own: `LOAD_FAST_BORROW`.
//!
//! Follows every value from its load within a block. A load may borrow if its value is gone from the stack before the local
//! changes, before the block ends, and without being stored in a local.

use super::cfg::{BlockId, Cfg, ENTRY, Instr};
use crate::op::Op;

/// A value on the stack: the instruction that loaded it, if in this block, and the local that it is from.
#[derive(Clone, Copy)]
struct Ref {
    instr: Option<usize>,
    local: Option<u32>,
}

const UNKNOWN: Ref = Ref { instr: None, local: None };

pub fn run(cfg: &mut Cfg) {
    cfg.clear_visited();
    let mut todo = vec![ENTRY];
    cfg.block_mut(ENTRY).visited = true;
    cfg.block_mut(ENTRY).start_depth = 0;
    let mut refs = Vec::new();
    while let Some(id) = todo.pop() {
        refs.clear();
        refs.resize(cfg.block(id).start_depth.max(0) as usize, UNKNOWN);
        let mut block = Simulation { refs: &mut refs, must_own: vec![false; cfg.block(id).instrs().len()] };
        let mut reach = |cfg: &mut Cfg, target: Option<BlockId>| {
            if let Some(target) = target
                && !cfg.block(target).visited
            {
                cfg.block_mut(target).visited = true;
                todo.push(target);
            }
        };
        for i in 0..cfg.block(id).instrs().len() {
            let instr = cfg.block(id).instrs()[i];
            block.step(i, &instr);
            if instr.op.has_target() {
                reach(cfg, instr.target);
            }
        }
        let fallthrough = cfg.block(id);
        if fallthrough.last().is_some() && !fallthrough.no_fallthrough() {
            reach(cfg, fallthrough.next);
        }
        // What is left on the stack outlives the block.
        let Simulation { refs, mut must_own } = block;
        for instr in refs.iter().filter_map(|r| r.instr) {
            must_own[instr] = true;
        }
        for (instr, must_own) in cfg.block_mut(id).instrs_mut().iter_mut().zip(must_own) {
            match instr.op {
                Op::LOAD_FAST if !must_own => instr.op = Op::LOAD_FAST_BORROW,
                Op::LOAD_FAST_LOAD_FAST if !must_own => instr.op = Op::LOAD_FAST_BORROW_LOAD_FAST_BORROW,
                _ => {}
            }
        }
    }
}

struct Simulation<'a> {
    refs: &'a mut Vec<Ref>,
    must_own: Vec<bool>,
}

impl Simulation<'_> {
    fn push(&mut self, instr: usize, local: Option<u32>) {
        self.refs.push(Ref { instr: Some(instr), local });
    }

    fn pop(&mut self) -> Ref {
        self.refs.pop().unwrap_or(UNKNOWN)
    }

    fn kill_local(&mut self, local: u32) {
        for r in self.refs.iter().filter(|r| r.local == Some(local)) {
            if let Some(instr) = r.instr {
                self.must_own[instr] = true;
            }
        }
    }

    fn store_local(&mut self, local: u32) {
        let value = self.pop();
        self.kill_local(local);
        if let Some(instr) = value.instr {
            self.must_own[instr] = true;
        }
    }

    fn step(&mut self, i: usize, instr: &Instr) {
        let arg = instr.arg;
        let (high, low) = (arg >> 4, arg & 15);
        match instr.op {
            Op::DELETE_FAST => self.kill_local(arg),
            Op::LOAD_FAST => self.push(i, Some(arg)),
            Op::LOAD_FAST_AND_CLEAR => {
                self.kill_local(arg);
                self.push(i, Some(arg));
            }
            Op::LOAD_FAST_LOAD_FAST => {
                self.push(i, Some(high));
                self.push(i, Some(low));
            }
            Op::STORE_FAST => self.store_local(arg),
            Op::STORE_FAST_LOAD_FAST => {
                self.store_local(high);
                self.push(i, Some(low));
            }
            Op::STORE_FAST_STORE_FAST => {
                self.store_local(high);
                self.store_local(low);
            }
            Op::COPY => {
                let copied = self.refs.len().checked_sub(arg as usize).map_or(UNKNOWN, |at| self.refs[at]);
                self.refs.push(copied);
            }
            Op::SWAP => {
                let top = self.refs.len() - 1;
                if let Some(other) = self.refs.len().checked_sub(arg as usize) {
                    self.refs.swap(other, top);
                }
            }
            // May leave their inputs on the stack.
            Op::FORMAT_SIMPLE
            | Op::GET_ANEXT
            | Op::GET_LEN
            | Op::GET_YIELD_FROM_ITER
            | Op::IMPORT_FROM
            | Op::MATCH_KEYS
            | Op::MATCH_MAPPING
            | Op::MATCH_SEQUENCE
            | Op::WITH_EXCEPT_START => {
                // CPython attributes these to the first instructions of the block, by a slip; those then own their values.
                (0..instr.op.stack_effect(arg, false).max(0) as usize).for_each(|slip| self.push(slip, None));
            }
            // Take some and push nothing.
            Op::DICT_MERGE
            | Op::DICT_UPDATE
            | Op::LIST_APPEND
            | Op::LIST_EXTEND
            | Op::MAP_ADD
            | Op::RERAISE
            | Op::SET_ADD
            | Op::SET_UPDATE => {
                (0..-instr.op.stack_effect(arg, false)).for_each(|_| _ = self.pop());
            }
            Op::END_SEND | Op::SET_FUNCTION_ATTRIBUTE => {
                let top = self.pop();
                self.pop();
                self.refs.push(top);
            }
            Op::CHECK_EXC_MATCH => {
                self.pop();
                self.push(i, None);
            }
            Op::FOR_ITER => self.push(i, None),
            Op::LOAD_ATTR | Op::LOAD_SUPER_ATTR => {
                let object = self.pop();
                if instr.op == Op::LOAD_SUPER_ATTR {
                    self.pop();
                    self.pop();
                }
                self.push(i, None);
                if arg & 1 != 0 {
                    // For a method call the object may be pushed again.
                    self.refs.push(object);
                }
            }
            Op::LOAD_SPECIAL | Op::PUSH_EXC_INFO => {
                let top = self.pop();
                self.push(i, None);
                self.refs.push(top);
            }
            Op::SEND => {
                self.pop();
                self.push(i, None);
            }
            op if op.is_block_push() => {}
            op => {
                let n_popped = op.n_popped(arg);
                (0..n_popped).for_each(|_| _ = self.pop());
                (0..n_popped + op.stack_effect(arg, false)).for_each(|_| self.push(i, None));
            }
        }
    }
}
