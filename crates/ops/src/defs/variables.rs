//! Locals, cells, constants.

use crate::{Exit, Miss, Oparg};
use object::*;
use ops_macros::instruction;
use runtime::error::{name_error, unbound_local_error};

/// Push a local that is known to be bound.
#[instruction(micro)]
pub fn load_fast(frame: FrameRef, oparg: Oparg) -> Value {
    frame.local(oparg.get())
}

/// Push a local that is known to be bound and stays so while the value is in use.
#[instruction(micro)]
pub fn load_fast_borrow(frame: FrameRef, oparg: Oparg) -> Value {
    frame.local(oparg.get())
}

/// Push two locals.
#[instruction(micro)]
pub fn load_fast_load_fast(frame: FrameRef, oparg: Oparg) -> (Value, Value) {
    (frame.local(oparg.high()), frame.local(oparg.low()))
}

/// Push two locals.
#[instruction(micro)]
pub fn load_fast_borrow_load_fast_borrow(frame: FrameRef, oparg: Oparg) -> (Value, Value) {
    (frame.local(oparg.high()), frame.local(oparg.low()))
}

/// Push a local; UnboundLocalError when it is unbound.
#[instruction(micro, inline, miss = load_fast_unbound)]
pub fn load_fast_check(frame: FrameRef, oparg: Oparg) -> Result<Value, Miss> {
    frame.local(oparg.get()).bound().ok_or(Miss)
}

/// The local that `LOAD_FAST_CHECK` found unbound.
#[instruction(micro, internal)]
pub fn load_fast_unbound(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult {
    Err(unbound_local(cx, frame, oparg.get()))
}

#[cold]
fn unbound_local(cx: &mut Cx, frame: FrameRef, i: usize) -> Raised {
    let name = frame.code().local_name(i);
    unbound_local_error(
        cx,
        format_args!("cannot access local variable '{name}' where it is not associated with a value"),
    )
}

/// Push a local, bound or not, and unbind it.
#[instruction(micro)]
pub fn load_fast_and_clear(frame: FrameRef, oparg: Oparg) -> Value {
    let value = frame.local(oparg.get());
    frame.set_local(oparg.get(), Value::UNBOUND);
    value
}

/// Pop into a local.
#[instruction(micro)]
pub fn store_fast(frame: FrameRef, value: Value, oparg: Oparg) {
    frame.set_local(oparg.get(), value);
}

/// Pop into one local, push another.
#[instruction(micro)]
pub fn store_fast_load_fast(frame: FrameRef, value: Value, oparg: Oparg) -> Value {
    frame.set_local(oparg.high(), value);
    frame.local(oparg.low())
}

/// Pop into two locals, the top of the stack into the first.
#[instruction(micro)]
pub fn store_fast_store_fast(frame: FrameRef, second: Value, first: Value, oparg: Oparg) {
    frame.set_local(oparg.high(), first);
    frame.set_local(oparg.low(), second);
}

/// Unbind a local; UnboundLocalError when it is unbound.
#[instruction(micro)]
pub fn delete_fast(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult<()> {
    if frame.local(oparg.get()).is_unbound() {
        return Err(unbound_local(cx, frame, oparg.get()));
    }
    frame.set_local(oparg.get(), Value::UNBOUND);
    Ok(())
}

/// Push a constant.
#[instruction(micro)]
pub fn load_const(frame: FrameRef, oparg: Oparg) -> Value {
    frame.constant(oparg.get())
}

/// Push a small int: the operand itself.
#[instruction(micro)]
pub fn load_small_int(oparg: Oparg) -> Int {
    Int::from_len(oparg.get())
}

/// Turn a local into a cell that holds its value.
#[instruction(micro)]
pub fn make_cell(heap: &mut Heap, frame: FrameRef, oparg: Oparg) {
    let cell = heap.cell(frame.local(oparg.get()));
    frame.set_local(oparg.get(), cell.value());
}

/// Copy the function's closure cells to the frame's last `oparg` locals.
#[instruction(micro, outline)]
pub fn copy_free_vars(frame: FrameRef, oparg: Oparg) {
    let closure = frame.function.get().cast::<Function>().and_then(|f| f.closure_tuple());
    let offset = frame.code().n_localsplus as usize - oparg.get();
    if let Some(closure) = closure {
        for (i, cell) in closure.iter().take(oparg.get()).enumerate() {
            frame.set_local(offset + i, cell);
        }
    }
}

/// The cell in local `i`.
#[inline(always)]
fn cell(frame: FrameRef, oparg: Oparg) -> Gc<Cell> {
    frame.local(oparg.get()).cast::<Cell>().expect("the compiler makes the cell first")
}

/// Push the content of a cell; NameError when it is empty.
#[instruction(micro, inline, miss = load_deref_unbound)]
pub fn load_deref(frame: FrameRef, oparg: Oparg) -> Result<Value, Miss> {
    let cell = frame.local(oparg.get()).cast::<Cell>().ok_or(Miss)?;
    cell.value.get().bound().ok_or(Miss)
}

/// The cell that `LOAD_DEREF` found empty.
#[instruction(micro, internal)]
pub fn load_deref_unbound(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult {
    Err(unbound_cell(cx, frame, oparg.get()))
}

#[cold]
fn unbound_cell(cx: &mut Cx, frame: FrameRef, i: usize) -> Raised {
    let name = frame.code().local_name(i);
    if frame.code().local_kind(i) & bytecode::LocalKind::FREE.0 == 0 {
        return unbound_local(cx, frame, i);
    }
    let text =
        format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
    name_error(cx, name, text)
}

/// Pop into a cell.
#[instruction(micro)]
pub fn store_deref(frame: FrameRef, value: Value, oparg: Oparg) {
    let cell = cell(frame, oparg);
    cell.value.set(cell, value);
}

/// Empty a cell; NameError when it is empty.
#[instruction(micro)]
pub fn delete_deref(cx: &mut Cx, frame: FrameRef, oparg: Oparg) -> PyResult<()> {
    let cell = cell(frame, oparg);
    if cell.value.get().is_unbound() {
        return Err(unbound_cell(cx, frame, oparg.get()));
    }
    cell.value.clear();
    Ok(())
}

/// Push the variable from the class body's namespace or, failing that, from the cell.
#[instruction(micro)]
pub fn load_from_dict_or_deref(cx: &mut Cx, frame: FrameRef, namespace: Value, oparg: Oparg) -> Result<Value, Exit> {
    let name = frame.code().local_name(oparg.get());
    if let Some(value) = super::names::lookup(cx, namespace, name)? {
        return Ok(value);
    }
    let content = cell(frame, oparg).value.get();
    content.bound().ok_or_else(|| Exit::Raised(unbound_cell(cx, frame, oparg.get())))
}
