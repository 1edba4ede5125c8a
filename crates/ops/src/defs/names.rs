//! Global, built-in and class-body names.

use crate::{Cached48, Loaded, Miss, Oparg};
use object::*;
use ops_macros::{instruction, uop};
use runtime::error::*;
use runtime::item;

/// Leave unless the cell belongs to the running code's globals.
#[uop]
pub fn guard_globals_cell(frame: FrameRef, cell: Cached48<Gc<GlobalCell>, 1>) -> Result<Gc<GlobalCell>, Miss> {
    if cell.0.owner.get() == Some(frame.globals.get()) { Ok(cell.0) } else { Err(Miss) }
}

/// The global's value; leave when it is gone.
#[uop]
pub fn load_cell(cell: Gc<GlobalCell>) -> Result<Value, Miss> {
    cell.value.get().bound().ok_or(Miss)
}

/// The cell of the built-in name that the module does not define; leave when it does.
#[uop]
pub fn builtin_cell(cell: Gc<GlobalCell>) -> Result<Gc<GlobalCell>, Miss> {
    if cell.value.get().is_bound() { Err(Miss) } else { cell.fallback.get().ok_or(Miss) }
}

/// Push a value, then the place of a call's self.
#[uop]
pub fn with_null(value: Value) -> Loaded {
    Loaded::plain(value)
}

/// Push a global or built-in name's value.
#[instruction(micro, adaptive)]
pub fn load_global(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult<Loaded> {
    let name = frame.code().name_at(oparg.get() >> 1);
    match global(cx, frame, name)? {
        Some(value) => Ok(Loaded::plain(value)),
        None => Err(not_defined(cx, name)),
    }
}

/// Push a global name's value, by its cell.
#[instruction]
pub fn load_global_module(frame: FrameRef, cell: Cached48<Gc<GlobalCell>, 1>) -> Result<Loaded, Miss> {
    let cell = guard_globals_cell(frame, cell)?;
    let value = load_cell(cell)?;
    Ok(with_null(value))
}

/// Push a built-in name's value, by its cell; the module's own cell says that it does not define the name.
#[instruction]
pub fn load_global_builtin(frame: FrameRef, cell: Cached48<Gc<GlobalCell>, 1>) -> Result<Loaded, Miss> {
    let cell = guard_globals_cell(frame, cell)?;
    let cell = builtin_cell(cell)?;
    let value = load_cell(cell)?;
    Ok(with_null(value))
}

#[cold]
pub(crate) fn not_defined(cx: &mut Cx, name: Gc<Str>) -> Raised {
    name_error(cx, name, format_args!("name '{name}' is not defined"))
}

/// `name` in the globals, then in the builtins.
fn global(cx: &mut Cx, frame: FrameRef, name: Gc<Str>) -> PyResult<Option<Value>> {
    if let Some(value) = lookup(cx, frame.globals.get().value(), name)? {
        return Ok(Some(value));
    }
    lookup(cx, frame.builtins.get().value(), name)
}

/// `mapping[name]`, or `None` where that raises KeyError.
pub(crate) fn lookup(cx: &mut Cx, mapping: Value, name: Gc<Str>) -> PyResult<Option<Value>> {
    if let Some(dict) = mapping.cast::<Dict>()
        && dict.shape_id() == cx.heap.shapes().dict
    {
        return Ok(dict.get_str(name));
    }
    match item::get_item(cx, mapping, name.value()) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => {
            let class = cx.types().KeyError;
            cx.catch(raised, class)?;
            Ok(None)
        }
    }
}

/// Store a global.
#[instruction(micro)]
pub fn store_global(cx: &mut Cx, frame: FrameRef, value: Value, oparg: Oparg) -> PyResult<()> {
    let name = frame.code().name_at(oparg.get());
    frame.globals.get().set_str(&mut cx.heap, name, value).or_raise(cx)
}

/// Delete a global.
#[instruction(micro)]
pub fn delete_global(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult<()> {
    let name = frame.code().name_at(oparg.get());
    match frame.globals.get().remove_str(name) {
        Some(_) => Ok(()),
        None => Err(not_defined(cx, name)),
    }
}

/// The frame's namespace; `what` completes the sentence of the SystemError for a frame without one.
fn namespace(cx: &mut Cx, frame: FrameRef, what: &str) -> PyResult {
    match frame.namespace.get().bound() {
        Some(namespace) => Ok(namespace),
        None => Err(system_error(cx, format_args!("no locals{what}"))),
    }
}

/// Push the namespace of a class or module body.
#[instruction(micro)]
pub fn load_locals(cx: &mut Cx, frame: FrameRef) -> PyResult {
    namespace(cx, frame, "")
}

/// Push a name's value: from the namespace, the globals or the builtins.
#[instruction(micro)]
pub fn load_name(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult {
    let name = frame.code().name_at(oparg.get());
    let namespace = namespace(cx, frame, " when loading a name")?;
    if let Some(value) = lookup(cx, namespace, name)? {
        return Ok(value);
    }
    match global(cx, frame, name)? {
        Some(value) => Ok(value),
        None => Err(not_defined(cx, name)),
    }
}

/// Push a name's value: from this mapping, the globals or the builtins.
#[instruction(micro)]
pub fn load_from_dict_or_globals(cx: &mut Cx, frame: FrameRef, mapping: Value, oparg: Oparg) -> PyResult {
    let name = frame.code().name_at(oparg.get());
    if let Some(value) = lookup(cx, mapping, name)? {
        return Ok(value);
    }
    match global(cx, frame, name)? {
        Some(value) => Ok(value),
        None => Err(not_defined(cx, name)),
    }
}

/// Store a name in the namespace.
#[instruction(micro)]
pub fn store_name(cx: &mut Cx, frame: FrameRef, value: Value, oparg: Oparg) -> PyResult<()> {
    let name = frame.code().name_at(oparg.get());
    let namespace = namespace(cx, frame, " found when storing a name")?;
    match namespace.cast::<Dict>() {
        Some(dict) if dict.shape_id() == cx.heap.shapes().dict => dict.set_str(&mut cx.heap, name, value).or_raise(cx),
        _ => item::set_item(cx, namespace, name.value(), value),
    }
}

/// Delete a name from the namespace.
#[instruction(micro)]
pub fn delete_name(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult<()> {
    let name = frame.code().name_at(oparg.get());
    let namespace = namespace(cx, frame, " when deleting a name")?;
    if let Err(raised) = item::del_item(cx, namespace, name.value()) {
        let class = cx.types().KeyError;
        cx.catch(raised, class)?;
        return Err(not_defined(cx, name));
    }
    Ok(())
}
