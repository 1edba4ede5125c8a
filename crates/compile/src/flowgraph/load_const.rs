//! What follows a constant: conditional jumps that are decided, tests for None, small ints.

use bytecode::Constant;

use super::Consts;
use super::cfg::{BlockId, Cfg, Instr};
use crate::fold;
use crate::op::Op;

pub fn run(cfg: &mut Cfg, consts: &mut Consts) {
    for id in cfg.order() {
        run_block(cfg, id, consts);
    }
}

/// The operand of `LOAD_SMALL_INT`, if a constant has one.
pub(super) fn small_int(constant: &Constant) -> Option<u32> {
    match constant {
        Constant::Int(value) => u8::try_from(*value).ok().map(u32::from),
        _ => None,
    }
}

/// The value that an instruction loads.
pub(super) fn loaded(op: Op, arg: u32, consts: &Consts) -> Constant {
    if op == Op::LOAD_SMALL_INT { Constant::Int(arg.into()) } else { consts.get(arg).clone() }
}

fn run_block(cfg: &mut Cfg, id: BlockId, consts: &mut Consts) {
    // The last instruction that is not a copy of the constant loaded by it.
    let (mut op, mut arg) = (Op::CACHE, 0);
    let instrs = cfg.block_mut(id).instrs_mut();
    for i in 0..instrs.len() {
        if instrs[i].op == Op::LOAD_CONST
            && let Some(value) = small_int(consts.get(instrs[i].arg))
        {
            instrs[i].set(Op::LOAD_SMALL_INT, value);
        }
        let is_copy = op == Op::LOAD_CONST && instrs[i].op == Op::COPY && instrs[i].arg == 1;
        if !is_copy {
            (op, arg) = (instrs[i].op, instrs[i].arg);
        }
        if !op.loads_const() {
            continue;
        }
        let Some(next) = instrs.get(i + 1) else { continue };
        match next.op {
            Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE | Op::JUMP_IF_FALSE | Op::JUMP_IF_TRUE => {
                let next_op = next.op;
                let is_true = fold::is_true(&loaded(op, arg, consts));
                if matches!(next_op, Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE) {
                    instrs[i].set_nop();
                }
                let jump_if_true = matches!(next_op, Op::POP_JUMP_IF_TRUE | Op::JUMP_IF_TRUE);
                if is_true == jump_if_true {
                    instrs[i + 1].op = Op::JUMP;
                } else {
                    instrs[i + 1].set_nop();
                }
            }
            Op::IS_OP if matches!(loaded(op, arg, consts), Constant::None) => test_for_none(&mut instrs[i..]),
            Op::TO_BOOL => {
                let truth = Constant::Bool(fold::is_true(&loaded(op, arg, consts)));
                let index = consts.add(truth);
                instrs[i].set_nop();
                instrs[i + 1].set(Op::LOAD_CONST, index);
            }
            _ => {}
        }
    }
}

/// `LOAD_CONST None; IS_OP; POP_JUMP_IF_TRUE` becomes `POP_JUMP_IF_NONE`, and so on.
fn test_for_none(instrs: &mut [Instr]) {
    let mut jump = 2;
    if instrs.get(jump).is_some_and(|instr| instr.op == Op::TO_BOOL) {
        instrs[jump].set_nop();
        jump += 1;
    }
    let Some(jump_op) = instrs.get(jump).map(|instr| instr.op) else { return };
    let is_not = instrs[1].arg != 0;
    let invert = match jump_op {
        Op::POP_JUMP_IF_FALSE => !is_not,
        Op::POP_JUMP_IF_TRUE => is_not,
        _ => return,
    };
    instrs[0].set_nop();
    instrs[1].set_nop();
    instrs[jump].op = if invert { Op::POP_JUMP_IF_NOT_NONE } else { Op::POP_JUMP_IF_NONE };
}
