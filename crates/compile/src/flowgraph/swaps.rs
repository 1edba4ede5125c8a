//! Stack rotations: the shortest form of a run of SWAPs, and stores reordered so that none is needed.

use super::cfg::{Block, Instr};
use crate::op::Op;

pub fn run_block(block: &mut Block) {
    let mut i = 0;
    while i < block.instrs().len() {
        if block.instrs()[i].op == Op::SWAP {
            i += shorten_run(&mut block.instrs_mut()[i..]);
            apply_statically(block.instrs_mut(), i);
        }
        i += 1;
    }
}

/// Replaces a run of SWAPs and NOPs by the shortest with the same effect. Returns the offset of its last instruction.
fn shorten_run(instrs: &mut [Instr]) -> usize {
    let len = instrs.iter().take_while(|instr| matches!(instr.op, Op::SWAP | Op::NOP)).count();
    let run = &mut instrs[..len];
    let swaps = run.iter().filter(|instr| instr.op == Op::SWAP);
    if swaps.clone().count() < 2 {
        return 0;
    }
    let depth = swaps.map(|instr| instr.arg as usize).max().unwrap_or(0);
    let mut stack: Vec<Option<usize>> = (0..depth).map(Some).collect();
    for instr in run.iter().filter(|instr| instr.op == Op::SWAP) {
        stack.swap(0, instr.arg as usize - 1);
    }
    // Unshuffles the stack cycle by cycle, each through the top. Done backwards that shuffles it, so the run is filled from
    // its end.
    let mut current = len;
    for i in 0..depth {
        if stack[i].is_none_or(|value| value == i) {
            continue;
        }
        let mut j = i;
        loop {
            if j > 0 {
                current -= 1;
                run[current].set(Op::SWAP, j as u32 + 1);
            }
            match stack[j].take() {
                Some(next) => j = next,
                None => break,
            }
        }
    }
    run[..current].iter_mut().for_each(Instr::set_nop);
    len - 1
}

/// Whether an instruction only pops the top of the stack, perhaps into a local.
fn is_swappable(op: Op) -> bool {
    matches!(op, Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL | Op::POP_TOP)
}

fn stored_local(instr: &Instr) -> Option<u32> {
    matches!(instr.op, Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL).then_some(instr.arg)
}

fn next_swappable(instrs: &[Instr], after: usize, line: Option<i32>) -> Option<usize> {
    for (i, instr) in instrs.iter().enumerate().skip(after + 1) {
        // Bindings must not move across lines.
        if line.is_some_and(|line| line >= 0 && instr.loc.line != line) {
            return None;
        }
        if instr.op != Op::NOP {
            return is_swappable(instr.op).then_some(i);
        }
    }
    None
}

/// Swaps instructions instead of values: `SWAP 2; POP_TOP; STORE_FAST x` is `STORE_FAST x; POP_TOP`.
fn apply_statically(instrs: &mut [Instr], last: usize) {
    for i in (0..=last).rev() {
        let swap = instrs[i];
        if swap.op != Op::SWAP {
            if swap.op == Op::NOP || is_swappable(swap.op) {
                continue;
            }
            return;
        }
        let Some(first) = next_swappable(instrs, i, None) else { return };
        let line = instrs[first].loc.line;
        let mut second = first;
        for _ in 1..swap.arg {
            match next_swappable(instrs, second, Some(line)) {
                Some(next) => second = next,
                None => return,
            }
        }
        let (store_first, store_second) = (stored_local(&instrs[first]), stored_local(&instrs[second]));
        if store_first.is_some() || store_second.is_some() {
            if store_first == store_second {
                return;
            }
            let clashes = instrs[first + 1..second]
                .iter()
                .filter_map(stored_local)
                .any(|local| Some(local) == store_first || Some(local) == store_second);
            if clashes {
                return;
            }
        }
        instrs[i].set_nop();
        instrs.swap(first, second);
    }
}
