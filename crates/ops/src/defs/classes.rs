//! Class bodies.

use crate::Oparg;
use object::*;
use ops_macros::instruction;
use runtime::error::*;

/// Push `__build_class__`.
#[instruction(micro)]
pub fn load_build_class(cx: &mut Cx, frame: FrameRef) -> PyResult {
    let name = cx.names().__build_class__;
    match super::names::lookup(cx, frame.builtins.get().value(), name)? {
        Some(value) => Ok(value),
        None => Err(name_error(cx, name, "__build_class__ not found")),
    }
}

/// Make sure that the namespace has `__annotations__`.
#[instruction(micro)]
pub fn setup_annotations(cx: &mut Cx, frame: FrameRef) -> PyResult<()> {
    let namespace = frame.namespace.get();
    if namespace.is_unbound() {
        return Err(system_error(cx, "no locals found when setting up annotations"));
    }
    let name = cx.names().__annotations__;
    if super::names::lookup(cx, namespace, name)?.is_none() {
        let dict = Dict::new(&mut cx.heap);
        runtime::item::set_item(cx, namespace, name.value(), dict.value())?;
    }
    Ok(())
}

/// TypeError unless `__init__` returned None.
#[instruction(micro)]
pub fn exit_init_check(cx: &mut Cx, result: Value) -> PyResult<()> {
    if result.is_none() {
        return Ok(());
    }
    let name = type_name(cx, result);
    Err(type_error(cx, format_args!("__init__() should return None, not '{name}'")))
}

/// Push one of the objects that the compiler takes for granted.
#[instruction(micro)]
pub fn load_common_constant(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult {
    let types = cx.types();
    let name = match oparg.get() {
        0 => return Ok(types.AssertionError.value()),
        1 => return Ok(types.NotImplementedError.value()),
        2 => return Ok(types.tuple.value()),
        3 => cx.heap.intern("all"),
        _ => cx.heap.intern("any"),
    };
    let builtins = cx.vm().builtins.get().unwrap_or(frame.builtins.get());
    match builtins.get_str(name) {
        Some(value) => Ok(value),
        None => Err(super::names::not_defined(cx, name)),
    }
}
