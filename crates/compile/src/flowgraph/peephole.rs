//! Shorter forms of short runs of instructions: constants folded, jumps to jumps threaded, tests merged.

use bytecode::Constant;
use syntax::ast::{Location, Operator};

use super::Consts;
use super::cfg::{BlockId, Cfg, Instr};
use super::load_const::{loaded, small_int};
use super::swaps;
use crate::fold;
use crate::op::{NB_SUBSCR, Op, intrinsic_1};

/// Collections with more items than this are built in parts and not folded.
const STACK_USE_GUIDELINE: u32 = 30;
/// Fewer constants than this are not made a tuple to extend a list from.
const MIN_CONST_SEQUENCE_SIZE: u32 = 3;

pub fn run(cfg: &mut Cfg, consts: &mut Consts) {
    for id in cfg.order() {
        run_block(cfg, id, consts);
        swaps::run_block(cfg.block_mut(id));
    }
}

fn run_block(cfg: &mut Cfg, id: BlockId, consts: &mut Consts) {
    let mut i = 0;
    while i < cfg.block(id).instrs().len() {
        let instr = cfg.block(id).instrs()[i];
        if instr.op.has_target() {
            // Looks at the same place again after a change.
            if !thread_jump(cfg, id, i, instr) {
                i += 1;
            }
        } else {
            rewrite(cfg.block_mut(id).instrs_mut(), i, consts);
            i += 1;
        }
    }
}

/// Makes a jump to a jump go to where that one goes. Returns whether something changed.
fn thread_jump(cfg: &mut Cfg, id: BlockId, i: usize, instr: Instr) -> bool {
    let target_id = instr.jump_target();
    let Some(target) = cfg.block(target_id).instrs().first().copied() else { return false };
    let op = match (instr.op, target.op) {
        (Op::POP_JUMP_IF_NOT_NONE | Op::POP_JUMP_IF_NONE | Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE, Op::JUMP) => {
            instr.op
        }
        (Op::JUMP_IF_FALSE, Op::JUMP | Op::JUMP_IF_FALSE) | (Op::JUMP_IF_TRUE, Op::JUMP | Op::JUMP_IF_TRUE) => instr.op,
        (Op::JUMP_IF_FALSE, Op::JUMP_IF_TRUE) | (Op::JUMP_IF_TRUE, Op::JUMP_IF_FALSE) => {
            // That one will not jump.
            let next = cfg.block(target_id).next;
            cfg.block_mut(id).instrs_mut()[i].target = next;
            return next.is_some();
        }
        (Op::JUMP | Op::JUMP_NO_INTERRUPT, Op::JUMP) => Op::JUMP,
        (Op::JUMP | Op::JUMP_NO_INTERRUPT, Op::JUMP_NO_INTERRUPT) => instr.op,
        _ => return false,
    };
    let final_target = target.jump_target();
    if final_target == target_id {
        return false;
    }
    let block = cfg.block_mut(id);
    block.instrs_mut()[i].set_nop();
    block.push_jump(op, final_target, target.loc);
    true
}

fn rewrite(instrs: &mut [Instr], i: usize, consts: &mut Consts) {
    let instr = instrs[i];
    let next = instrs.get(i + 1).copied();
    let next_op = next.map_or(Op::CACHE, |next| next.op);
    match instr.op {
        Op::BUILD_TUPLE => {
            if next_op == Op::UNPACK_SEQUENCE && next.is_some_and(|next| next.arg == instr.arg) {
                match instr.arg {
                    1 => {
                        instrs[i].set_nop();
                        instrs[i + 1].set_nop();
                        return;
                    }
                    2 | 3 => {
                        instrs[i].set_nop();
                        instrs[i + 1].op = Op::SWAP;
                        return;
                    }
                    _ => {}
                }
            }
            fold_tuple(instrs, i, consts);
        }
        Op::BUILD_LIST | Op::BUILD_SET => fold_list_or_set(instrs, i, next_op, consts),
        Op::STORE_FAST => {
            // Storing twice in the same local: the first value is lost.
            if let Some(next) = next
                && next.op == Op::STORE_FAST
                && next.arg == instr.arg
                && next.loc.line == instr.loc.line
            {
                instrs[i].set(Op::POP_TOP, 0);
            }
        }
        Op::SWAP if instr.arg == 1 => instrs[i].set_nop(),
        Op::LOAD_GLOBAL if next_op == Op::PUSH_NULL && instr.arg & 1 == 0 => {
            instrs[i].arg |= 1;
            instrs[i + 1].set_nop();
        }
        Op::COMPARE_OP if next_op == Op::TO_BOOL => {
            instrs[i].set_nop();
            instrs[i + 1].set(Op::COMPARE_OP, instr.arg | 16);
        }
        Op::CONTAINS_OP | Op::IS_OP if next_op == Op::TO_BOOL => {
            instrs[i].set_nop();
            instrs[i + 1].set(instr.op, instr.arg);
        }
        Op::CONTAINS_OP | Op::IS_OP if next_op == Op::UNARY_NOT => {
            instrs[i].set_nop();
            instrs[i + 1].set(instr.op, instr.arg ^ 1);
        }
        Op::TO_BOOL if next_op == Op::TO_BOOL => instrs[i].set_nop(),
        Op::UNARY_NOT if next_op == Op::TO_BOOL => {
            instrs[i].set_nop();
            instrs[i + 1].set(Op::UNARY_NOT, 0);
        }
        Op::UNARY_NOT if next_op == Op::UNARY_NOT => {
            instrs[i].set_nop();
            instrs[i + 1].set_nop();
        }
        Op::UNARY_NOT | Op::UNARY_INVERT | Op::UNARY_NEGATIVE => fold_unary(instrs, i, consts),
        Op::CALL_INTRINSIC_1 if instr.arg == intrinsic_1::LIST_TO_TUPLE => {
            let folded = fold_built_up(instrs, i, Op::BUILD_LIST, consts);
            if !folded && next_op == Op::GET_ITER {
                instrs[i].set_nop();
            }
        }
        Op::LIST_APPEND | Op::SET_ADD if instr.arg == 1 && matches!(next_op, Op::GET_ITER | Op::CONTAINS_OP) => {
            let build = if instr.op == Op::LIST_APPEND { Op::BUILD_LIST } else { Op::BUILD_SET };
            if fold_built_up(instrs, i, build, consts) {
                instrs[i].loc = Location::NONE;
            }
        }
        Op::CALL_INTRINSIC_1 if instr.arg == intrinsic_1::UNARY_POSITIVE => fold_unary(instrs, i, consts),
        Op::BINARY_OP => fold_binary(instrs, i, consts),
        _ => {}
    }
}

/// The positions of the last `n` instructions before `end` that are not NOPs, if they all load constants.
fn const_loads(instrs: &[Instr], end: usize, n: usize) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(n);
    for i in (0..end).rev() {
        if found.len() == n {
            break;
        }
        match instrs[i].op {
            Op::NOP => {}
            op if op.loads_const() => found.push(i),
            _ => return None,
        }
    }
    found.reverse();
    (found.len() == n).then_some(found)
}

fn values(instrs: &[Instr], at: &[usize], consts: &Consts) -> Vec<Constant> {
    at.iter().map(|&i| loaded(instrs[i].op, instrs[i].arg, consts)).collect()
}

fn nop_out(instrs: &mut [Instr], at: &[usize]) {
    for &i in at {
        instrs[i].set_nop();
        instrs[i].loc = Location::NONE;
    }
}

fn make_load(instr: &mut Instr, value: Constant, consts: &mut Consts) {
    match small_int(&value) {
        Some(value) => instr.set(Op::LOAD_SMALL_INT, value),
        None => {
            let index = consts.add(value);
            instr.set(Op::LOAD_CONST, index);
        }
    }
}

fn fold_tuple(instrs: &mut [Instr], i: usize, consts: &mut Consts) {
    let n = instrs[i].arg;
    if n > STACK_USE_GUIDELINE {
        return;
    }
    let Some(loads) = const_loads(instrs, i, n as usize) else { return };
    let tuple = Constant::Tuple(values(instrs, &loads, consts));
    nop_out(instrs, &loads);
    make_load(&mut instrs[i], tuple, consts);
}

/// A big collection of constants, built by appending one by one to an empty one: a tuple, by a conversion at `end`, or a
/// list or set that is only read, whose last append is at `end`. Returns whether it was folded.
fn fold_built_up(instrs: &mut [Instr], end: usize, build: Op, consts: &mut Consts) -> bool {
    let append = if build == Op::BUILD_LIST { Op::LIST_APPEND } else { Op::SET_ADD };
    let mut loads = Vec::new();
    let mut expect_append = instrs[end].op != append;
    for at in (0..end).rev() {
        let instr = instrs[at];
        if instr.op == Op::NOP {
            continue;
        }
        if instr.op == build && instr.arg == 0 && expect_append {
            loads.reverse();
            let items = values(instrs, &loads, consts);
            let value = if build == Op::BUILD_SET { frozenset(items) } else { Constant::Tuple(items) };
            let replaced: Vec<usize> = (at..end).filter(|&at| instrs[at].op != Op::NOP).collect();
            nop_out(instrs, &replaced);
            make_load(&mut instrs[end], value, consts);
            return true;
        }
        let expected = if expect_append { instr.op == append && instr.arg == 1 } else { instr.op.loads_const() };
        if !expected {
            return false;
        }
        if !expect_append {
            loads.push(at);
        }
        expect_append = !expect_append;
    }
    false
}

fn frozenset(items: Vec<Constant>) -> Constant {
    let mut unique: Vec<Constant> = Vec::with_capacity(items.len());
    for item in items {
        if !unique.iter().any(|other| fold::equal(other, &item)) {
            unique.push(item);
        }
    }
    Constant::FrozenSet(unique)
}

/// Lists and sets of constants. One that is only iterated over or searched becomes a tuple or frozenset.
fn fold_list_or_set(instrs: &mut [Instr], i: usize, next_op: Op, consts: &mut Consts) {
    let Instr { op, arg: n, loc, .. } = instrs[i];
    let only_read = matches!(next_op, Op::GET_ITER | Op::CONTAINS_OP);
    if n > STACK_USE_GUIDELINE || (n < MIN_CONST_SEQUENCE_SIZE && !only_read) {
        return;
    }
    let Some(loads) = const_loads(instrs, i, n as usize) else {
        if only_read && op == Op::BUILD_LIST {
            instrs[i].set(Op::BUILD_TUPLE, n);
        }
        return;
    };
    let items = values(instrs, &loads, consts);
    let value = if op == Op::BUILD_SET { frozenset(items) } else { Constant::Tuple(items) };
    let index = consts.add(value);
    nop_out(instrs, &loads);
    if only_read {
        instrs[i].set(Op::LOAD_CONST, index);
    } else {
        instrs[i - 2].loc = loc;
        instrs[i - 2].set(op, 0);
        instrs[i - 1].set(Op::LOAD_CONST, index);
        instrs[i].set(if op == Op::BUILD_LIST { Op::LIST_EXTEND } else { Op::SET_UPDATE }, 1);
    }
}

fn fold_unary(instrs: &mut [Instr], i: usize, consts: &mut Consts) {
    let Some(loads) = const_loads(instrs, i, 1) else { return };
    let operand = loaded(instrs[loads[0]].op, instrs[loads[0]].arg, consts);
    let value = match instrs[i].op {
        Op::UNARY_NEGATIVE => fold::negative(&operand),
        Op::UNARY_INVERT => fold::invert(&operand),
        Op::UNARY_NOT => Some(Constant::Bool(!fold::is_true(&operand))),
        _ => fold::positive(&operand),
    };
    let Some(value) = value else { return };
    nop_out(instrs, &loads);
    make_load(&mut instrs[i], value, consts);
}

fn fold_binary(instrs: &mut [Instr], i: usize, consts: &mut Consts) {
    let Some(loads) = const_loads(instrs, i, 2) else { return };
    let operands = values(instrs, &loads, consts);
    let value = if instrs[i].arg == NB_SUBSCR {
        fold::subscript(&operands[0], &operands[1])
    } else {
        operator(instrs[i].arg).and_then(|op| fold::binary(&operands[0], op, &operands[1]))
    };
    let Some(value) = value else { return };
    nop_out(instrs, &loads);
    make_load(&mut instrs[i], value, consts);
}

/// The operator of a `BINARY_OP` operand; in-place ones have no constant on the left.
fn operator(arg: u32) -> Option<Operator> {
    Some(match arg {
        0 => Operator::Add,
        1 => Operator::BitAnd,
        2 => Operator::FloorDiv,
        3 => Operator::LShift,
        5 => Operator::Mult,
        6 => Operator::Mod,
        7 => Operator::BitOr,
        8 => Operator::Pow,
        9 => Operator::RShift,
        10 => Operator::Sub,
        11 => Operator::Div,
        12 => Operator::BitXor,
        _ => return None,
    })
}
