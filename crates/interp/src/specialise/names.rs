//! `LOAD_GLOBAL`: by the name's cell.

use super::{Chosen, Reason, Site};
use bytecode::Opcode;
use object::*;

/// A namespace with more names keeps its values as they are, unless it is a module's from the start.
const MOST_CELLS: usize = 1 << 14;

pub fn load_global(cx: &mut Cx, site: &Site) -> Chosen {
    let frame = site.frame();
    let name = site.code.name_at(site.oparg >> 1);
    let globals = frame.globals.get();
    if globals.shape_id() != cx.heap.shapes().dict || globals.len() > MOST_CELLS {
        return Err(Reason::GlobalsNotModule);
    }
    if !globals.is_cells() {
        // Functions that `exec` or `eval` made in a dict of the program's.
        globals.make_cells(&mut cx.heap);
    }
    let cell = globals.cell(&mut cx.heap, name).map_err(|_| Reason::OutOfMemory)?;
    site.keep(cx, cell.value())?;
    if cell.value.get().is_bound() {
        site.write_short(1, cell);
        return Ok(Opcode::LOAD_GLOBAL_MODULE);
    }
    let builtins = frame.builtins.get();
    if !builtins.is_cells() || builtins.get_str(name).is_none() {
        return Err(Reason::NameUndefined);
    }
    let fallback = builtins.cell(&mut cx.heap, name).map_err(|_| Reason::OutOfMemory)?;
    cell.fallback.set(cell, fallback);
    site.write_short(1, cell);
    Ok(Opcode::LOAD_GLOBAL_BUILTIN)
}
