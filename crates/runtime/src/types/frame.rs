//! `frame`: what Python sees of a running or finished function.

mod locals;

use crate::prelude::*;
use bytecode::{CodeFlags, LocalKind};
use macros::native_class;
use object::frame::frame_object;

pub use locals::FrameLocals;

#[native_class(name = "frame", layout = FrameObject, flags = HAVE_GC | DISALLOW_INSTANTIATION, doc = "")]
pub mod class {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<FrameObject>) -> PyResult {
        let code = this.code.expect();
        let filename = repr_of(cx, code.filename.get())?;
        let name = str_of(cx, code.name.get())?;
        let line = current_line(this).unwrap_or(0);
        let mut builder = StrBuilder::new();
        builder.push_str(&format!("<frame at {:#x}, file ", this.value().id()));
        builder.push_py(&filename);
        builder.push_str(&format!(", line {line}, code "));
        builder.push_py(&name);
        builder.push_char('>');
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[getter]
    fn f_back(cx: &mut Cx, this: Gc<FrameObject>) -> Value {
        match this.live.get() {
            Some(frame) => match frame.previous.get() {
                Some(previous) => frame_object(cx, previous).value(),
                None => Value::NONE,
            },
            None => this.back.get().bound().unwrap_or(Value::NONE),
        }
    }

    #[getter]
    fn f_code(this: Gc<FrameObject>) -> Gc<Code> {
        this.code.expect()
    }

    #[getter]
    fn f_globals(this: Gc<FrameObject>) -> Gc<Dict> {
        this.globals.expect()
    }

    #[getter]
    fn f_builtins(this: Gc<FrameObject>) -> Gc<Dict> {
        this.builtins.expect()
    }

    /// Return the mapping used by the frame to look up local variables.
    #[getter]
    fn f_locals(cx: &mut Cx, this: Gc<FrameObject>) -> PyResult {
        if this.code.expect().has_flag(CodeFlags::OPTIMIZED) {
            return locals::proxy(cx, this);
        }
        let namespace = this.live.get().map_or(this.namespace.get(), |frame| frame.namespace.get());
        Ok(namespace.bound().unwrap_or(this.globals.expect().value()))
    }

    /// Return the generator or coroutine associated with this frame, or None.
    #[getter]
    fn f_generator(this: Gc<FrameObject>) -> Value {
        match this.live.get() {
            Some(frame) if matches!(frame.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry) => {
                Generator::of_frame(frame).value()
            }
            _ => Value::NONE,
        }
    }

    #[getter]
    fn f_lasti(this: Gc<FrameObject>) -> i64 {
        this.unit_index() as i64 * 2
    }

    #[getter]
    fn f_lineno(this: Gc<FrameObject>) -> Value {
        current_line(this).map_or(Value::NONE, |line| Int::from_len(line as usize).value())
    }

    #[setter(f_lineno)]
    fn set_f_lineno(cx: &mut Cx, this: Gc<FrameObject>, value: Option<Value>) -> PyResult<()> {
        match value {
            Some(value) => crate::tracing::set_line(cx, this, value),
            None => Err(plain_attribute_error(cx, "cannot delete attribute")),
        }
    }

    #[getter]
    fn f_trace(this: Gc<FrameObject>) -> Value {
        this.trace_function.get().bound().unwrap_or(Value::NONE)
    }

    #[setter(f_trace)]
    fn set_f_trace(this: Gc<FrameObject>, value: Option<Value>) -> PyResult<()> {
        this.trace_function.set(this, value.filter(|v| !v.is_none()).unwrap_or(Value::UNBOUND));
        Ok(())
    }

    #[getter]
    fn f_trace_lines(this: Gc<FrameObject>) -> bool {
        this.trace_lines.get()
    }

    #[setter(f_trace_lines)]
    fn set_f_trace_lines(cx: &mut Cx, this: Gc<FrameObject>, value: Option<Value>) -> PyResult<()> {
        let flag = boolean(cx, value)?;
        this.trace_lines.set(flag);
        Ok(())
    }

    #[getter]
    fn f_trace_opcodes(this: Gc<FrameObject>) -> bool {
        this.trace_opcodes.get()
    }

    #[setter(f_trace_opcodes)]
    fn set_f_trace_opcodes(cx: &mut Cx, this: Gc<FrameObject>, value: Option<Value>) -> PyResult<()> {
        let flag = boolean(cx, value)?;
        this.trace_opcodes.set(flag);
        Ok(())
    }

    /// Clear all references held by the frame.
    #[method("clear($self, /)")]
    fn clear(cx: &mut Cx, this: Gc<FrameObject>) -> PyResult<()> {
        if let Some(frame) = this.live.get() {
            if !matches!(frame.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry) {
                return Err(runtime_error(cx, "cannot clear an executing frame"));
            }
            let generator = Generator::of_frame(frame);
            match generator.state.get() {
                GeneratorState::Running => return Err(runtime_error(cx, "cannot clear an executing frame")),
                GeneratorState::Suspended => return Err(runtime_error(cx, "cannot clear a suspended frame")),
                _ => super::super::generator::finalize(cx, generator)?,
            }
            return Ok(());
        }
        if let Some(values) = this.values.get() {
            values.clear_range(0, values.capacity());
        }
        this.extra_locals.clear();
        Ok(())
    }

    #[method("__sizeof__($self, /)")]
    fn sizeof(this: Gc<FrameObject>) -> i64 {
        (size_of::<FrameObject>() + this.code.expect().frame_words() * 8) as i64
    }
}

fn boolean(cx: &mut Cx, value: Option<Value>) -> PyResult<bool> {
    match value {
        Some(value) if value.is_bool() => Ok(value.is(Value::TRUE)),
        Some(_) => Err(type_error(cx, "attribute value type must be bool")),
        None => Err(plain_attribute_error(cx, "cannot delete attribute")),
    }
}

/// The line being executed; `None` between lines.
pub fn current_line(frame: Gc<FrameObject>) -> Option<u32> {
    match frame.line.get() {
        0 => crate::exceptions::traceback::line_in(frame.code.expect(), frame.unit_index()),
        line => Some(line),
    }
}

/// `locals()` of a running frame.
pub fn locals_of(cx: &mut Cx, frame: FrameRef) -> PyResult {
    let code = frame.code();
    if !code.has_flag(CodeFlags::OPTIMIZED) {
        return Ok(frame.namespace.get().bound().unwrap_or(frame.globals.get().value()));
    }
    let dict = Dict::new(&mut cx.heap);
    for i in 0..code.n_localsplus as usize {
        if let Some(value) = content_of(code, i, frame.local(i)) {
            dict.set_str(&mut cx.heap, code.local_name(i), value).or_raise(cx)?;
        }
    }
    if let Some(extra) = frame.object.get().cast::<FrameObject>().and_then(|f| f.extra_locals.get().cast::<Dict>()) {
        crate::dict::merge(cx, dict, extra)?;
    }
    Ok(dict.value())
}

/// The value of variable `i`, whose place holds `stored`: the content of its cell, if it has one.
pub fn content_of(code: Gc<Code>, i: usize, stored: Value) -> Option<Value> {
    let kind = LocalKind(code.local_kind(i));
    let in_cell = kind.has(LocalKind(LocalKind::CELL.0 | LocalKind::FREE.0));
    match stored.cast::<Cell>() {
        Some(cell) if in_cell => cell.value.get().bound(),
        _ => stored.bound(),
    }
}
