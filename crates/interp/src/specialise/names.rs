//! `LOAD_GLOBAL`: by the name's cell.

use super::{Chosen, Reason, Site};
use bytecode::Opcode;
use object::*;

pub fn load_global(cx: &mut Cx, site: &Site) -> Chosen {
    let frame = site.frame();
    let name = site.code.name_at(site.oparg >> 1);
    let globals = frame.globals.get();
    if !globals.is_cells() || globals.shape_id() != cx.heap.shapes().dict {
        return Err(Reason::GlobalsNotModule);
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
