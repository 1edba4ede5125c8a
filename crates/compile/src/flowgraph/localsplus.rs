//! The frame's variables: locals, cells and free variables in one array, and the instructions that set it up.

use bytecode::{CodeFlags, LocalKind};
use syntax::Interner;
use syntax::ast::Location;

use super::cfg::{Cfg, ENTRY, Instr};
use crate::op::Op;
use crate::unit::Unit;

/// Names and kinds of a frame's variables.
pub struct LocalsPlus {
    pub names: Vec<Box<str>>,
    pub kinds: Vec<LocalKind>,
}

/// Adds the instructions and gives cells and free variables their final numbers.
pub fn prepare(cfg: &mut Cfg, unit: &Unit<'_>, flags: CodeFlags, names: &Interner) -> LocalsPlus {
    let n_locals = unit.varnames.len() as u32;
    let n_cells = unit.cellvars.len() as u32;
    let n_free = unit.freevars.len() as u32;
    // By number of a cell or free variable: its place. A cell that is also a parameter has the parameter's.
    let mut places: Vec<u32> = Vec::with_capacity((n_cells + n_free) as usize);
    let mut n_dropped = 0;
    for (number, name) in (0..).zip(unit.cellvars.iter()) {
        match unit.varnames.get(name) {
            Some(place) => {
                places.push(place);
                n_dropped += 1;
            }
            None => places.push(n_locals + number - n_dropped),
        }
    }
    places.extend((n_cells..n_cells + n_free).map(|number| n_locals + number - n_dropped));

    insert_prefix(cfg, unit, flags, &places[..n_cells as usize]);
    for id in cfg.order() {
        for instr in cfg.block_mut(id).instrs_mut() {
            if matches!(
                instr.op,
                Op::MAKE_CELL
                    | Op::LOAD_CLOSURE
                    | Op::LOAD_DEREF
                    | Op::STORE_DEREF
                    | Op::DELETE_DEREF
                    | Op::LOAD_FROM_DICT_OR_DEREF
            ) {
                instr.arg = places[instr.arg as usize];
            }
        }
    }
    describe(unit, flags, names)
}

/// In front of everything: free variables, cells, and for generators the return of the generator.
fn insert_prefix(cfg: &mut Cfg, unit: &Unit<'_>, flags: CodeFlags, cell_places: &[u32]) {
    let mut prefix = Vec::new();
    let n_free = unit.freevars.len() as u32;
    if n_free > 0 {
        prefix.push(Instr::new(Op::COPY_FREE_VARS, n_free, Location::NONE));
    }
    let mut cells: Vec<u32> = (0..cell_places.len() as u32).collect();
    cells.sort_unstable_by_key(|&cell| cell_places[cell as usize]);
    prefix.extend(cells.into_iter().map(|cell| Instr::new(Op::MAKE_CELL, cell, Location::NONE)));
    if flags.has(CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR) {
        let line = unit.firstlineno;
        let loc = Location { line, end_line: line, column: -1, end_column: -1 };
        prefix.push(Instr::new(Op::RETURN_GENERATOR, 0, loc));
        prefix.push(Instr::new(Op::POP_TOP, 0, loc));
    }
    let entry = cfg.block_mut(ENTRY);
    for (i, instr) in prefix.into_iter().enumerate() {
        entry.insert(i, instr);
    }
}

fn describe(unit: &Unit<'_>, flags: CodeFlags, names: &Interner) -> LocalsPlus {
    let arg_kind = |kind: LocalKind, other: LocalKind| LocalKind(kind.0 | other.0);
    let parameter_kinds = [
        (unit.args.posonly, LocalKind::ARG_POS),
        (unit.args.positional, arg_kind(LocalKind::ARG_POS, LocalKind::ARG_KW)),
        (unit.args.kwonly, LocalKind::ARG_KW),
        (u32::from(flags.has(CodeFlags::VARARGS)), arg_kind(LocalKind::ARG_VAR, LocalKind::ARG_POS)),
        (u32::from(flags.has(CodeFlags::VARKEYWORDS)), arg_kind(LocalKind::ARG_VAR, LocalKind::ARG_KW)),
    ];
    let mut parameters = parameter_kinds.into_iter().flat_map(|(n, kind)| (0..n).map(move |_| kind));
    let mut localsplus = LocalsPlus { names: Vec::new(), kinds: Vec::new() };
    for name in unit.varnames.iter() {
        let mut kind = LocalKind::LOCAL.0 | parameters.next().unwrap_or_default().0;
        if unit.fast_hidden.contains_key(&name) {
            kind |= LocalKind::HIDDEN.0;
        }
        if unit.cellvars.contains(name) {
            kind |= LocalKind::CELL.0;
        }
        localsplus.names.push(names.text(name).into());
        localsplus.kinds.push(LocalKind(kind));
    }
    for name in unit.cellvars.iter().filter(|&name| !unit.varnames.contains(name)) {
        localsplus.names.push(names.text(name).into());
        localsplus.kinds.push(LocalKind::CELL);
    }
    for name in unit.freevars.iter() {
        localsplus.names.push(names.text(name).into());
        localsplus.kinds.push(LocalKind::FREE);
    }
    localsplus
}
