//! Imports.

use crate::{Keep, Oparg};
use object::*;
use ops_macros::instruction;
use runtime::import;

/// `import name`, with the level and the list of names to import from it.
#[instruction(micro)]
pub fn import_name(cx: &mut Cx, frame: FrameRef, level: Value, fromlist: Value, oparg: Oparg) -> PyResult {
    let name = frame.code().name_at(oparg.get());
    let (builtins, globals) = (frame.builtins.get(), frame.globals.get().value());
    import::import_name(cx, builtins, globals, frame.namespace.get(), name, fromlist, level)
}

/// `from module import name`.
#[instruction(micro)]
pub fn import_from(cx: &mut Cx, frame: FrameRef, module: Keep, oparg: Oparg) -> PyResult {
    let name = frame.code().name_at(oparg.get());
    import::import_from(cx, module.0, name)
}
