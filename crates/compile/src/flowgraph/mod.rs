//! The control flow graph: instructions with labels to a code object.
//!
//! One pass a file, run in the order of `assemble`. Passes replace instructions by NOPs, which later ones remove where no
//! line would lose its only instruction. Made to give CPython's result to the byte, which in a few places means to share an
//! oddity of its data structures; those say so.

mod borrow;
mod build;
mod cfg;
mod checks;
mod cold;
mod consts;
mod emit;
mod exceptions;
mod inline;
mod jumps;
mod lines;
mod load_const;
mod localsplus;
mod nops;
mod peephole;
mod pseudo;
mod stack_depth;
mod superinstructions;
mod swaps;
mod unreachable;

use std::sync::Arc;

use bytecode::{CodeFlags, CodeObject, Constant, Wtf8Buf};
use syntax::Interner;

use crate::consts::ConstPool;
use crate::unit::Unit;

/// The constants of the code object, to which passes may add.
struct Consts {
    pool: ConstPool,
}

impl Consts {
    fn get(&self, index: u32) -> &Constant {
        self.pool.get(index)
    }

    fn add(&mut self, constant: Constant) -> u32 {
        self.pool.add(constant)
    }
}

/// Optimises the instructions of a unit and makes its code object.
pub(crate) fn assemble(
    mut unit: Unit<'_>,
    flags: CodeFlags,
    n_params: usize,
    names: &Interner,
    filename: &Arc<Wtf8Buf>,
) -> CodeObject {
    let mut consts = Consts { pool: std::mem::take(&mut unit.consts) };
    let mut cfg = build::build(&unit.seq);
    exceptions::mark_handlers(&mut cfg);
    exceptions::label_targets(&mut cfg);

    inline::run(&mut cfg);
    unreachable::run(&mut cfg);
    lines::resolve(&mut cfg);
    load_const::run(&mut cfg, &mut consts);
    peephole::run(&mut cfg, &mut consts);
    nops::remove_nops_and_pairs(&mut cfg);
    unreachable::run(&mut cfg);
    nops::remove_nops_and_jumps(&mut cfg);

    let constants = consts::remove_unused(&mut cfg, consts.pool.take());
    checks::run(&mut cfg, unit.varnames.len(), n_params);
    superinstructions::run(&mut cfg);
    cold::push_to_end(&mut cfg);
    lines::resolve(&mut cfg);

    pseudo::convert_conditional_jumps(&mut cfg);
    let stacksize = stack_depth::calculate(&mut cfg).max(1);
    let localsplus = localsplus::prepare(&mut cfg, &unit, flags, names);
    pseudo::convert(&mut cfg);
    jumps::normalize(&mut cfg);
    borrow::run(&mut cfg);

    let emitted = emit::emit(&cfg, unit.firstlineno);
    CodeObject {
        argcount: unit.args.posonly + unit.args.positional,
        posonlyargcount: unit.args.posonly,
        kwonlyargcount: unit.args.kwonly,
        stacksize,
        flags,
        code: emitted.code,
        consts: constants,
        names: unit.names.iter().map(|name| names.text(name).into()).collect(),
        localsplusnames: localsplus.names,
        localspluskinds: localsplus.kinds,
        filename: filename.clone(),
        name: names.text(unit.name).into(),
        qualname: unit.qualname.into(),
        firstlineno: u32::try_from(unit.firstlineno).unwrap_or(0),
        linetable: emitted.linetable,
        exceptiontable: emitted.exceptiontable,
    }
}
