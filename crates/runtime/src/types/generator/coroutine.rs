//! `coroutine`, and the iterator that its `__await__` gives.

use super::*;

#[native_class(name = "coroutine", layout = Generator, traits = HAS_WEAKREF, flags = HAVE_GC, doc = "")]
pub mod class {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        super::super::repr(cx, this)
    }

    #[slot(await_)]
    fn await_slot(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        let class = class_of_spec(cx, &wrapper::SPEC)?;
        Ok(new_native(cx, class, CoroutineWrapper { coroutine: GcSlot::of(this) }).value())
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: Gc<Generator>) -> PyResult<()> {
        super::super::finalize(cx, this)
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next yielded value or raise StopIteration.
    #[method("send($self, arg, /)", text_signature = false)]
    fn send(cx: &mut Cx, this: Gc<Generator>, arg: Value) -> PyResult {
        let outcome = super::super::send(cx, this, arg)?;
        as_method_result(cx, outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method("throw($self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", text_signature = false)]
    fn throw(
        cx: &mut Cx,
        this: Gc<Generator>,
        class: Value,
        value: Option<Value>,
        traceback: Option<Value>,
    ) -> PyResult {
        awaitable::throw_method(cx, this, class, value, traceback)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[method("close($self, /)", text_signature = false)]
    fn close(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        super::super::close(cx, this)
    }

    /// name of the coroutine
    #[getter]
    fn __name__(_: &mut Cx, this: Gc<Generator>) -> Value {
        this.name.get()
    }

    #[setter(__name__)]
    fn set_name(cx: &mut Cx, this: Gc<Generator>, value: Option<Value>) -> PyResult<()> {
        super::super::set_name(cx, &this.name, this, "__name__", value)
    }

    /// qualified name of the coroutine
    #[getter]
    fn __qualname__(_: &mut Cx, this: Gc<Generator>) -> Value {
        this.qualname.get()
    }

    #[setter(__qualname__)]
    fn set_qualname(cx: &mut Cx, this: Gc<Generator>, value: Option<Value>) -> PyResult<()> {
        super::super::set_name(cx, &this.qualname, this, "__qualname__", value)
    }

    /// object being awaited on, or None
    #[getter]
    fn cr_await(_: &mut Cx, this: Gc<Generator>) -> Value {
        yield_from_target(this).unwrap_or(Value::NONE)
    }

    #[getter]
    fn cr_running(_: &mut Cx, this: Gc<Generator>) -> bool {
        is_running(this)
    }

    #[getter]
    fn cr_suspended(_: &mut Cx, this: Gc<Generator>) -> bool {
        is_suspended(this)
    }

    #[getter]
    fn cr_frame(cx: &mut Cx, this: Gc<Generator>) -> Value {
        frame_attribute(cx, this)
    }

    #[getter]
    fn cr_code(_: &mut Cx, this: Gc<Generator>) -> Gc<Code> {
        this.code.expect()
    }

    #[getter]
    fn cr_origin(_: &mut Cx, this: Gc<Generator>) -> Value {
        this.origin.get().bound().unwrap_or(Value::NONE)
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)", text_signature = false)]
    fn __class_getitem__(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}

/// The iterator of a coroutine's `__await__`.
#[derive(Trace)]
pub struct CoroutineWrapper {
    pub coroutine: GcSlot<Generator>,
}

impl NativeData for CoroutineWrapper {
    const NAME: &'static str = "coroutine_wrapper";
}

#[native_class(
    name = "coroutine_wrapper", layout = Native<CoroutineWrapper>, flags = HAVE_GC,
    doc = "A wrapper object implementing __await__ for coroutines."
)]
pub mod wrapper {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<CoroutineWrapper>>) -> PyResult {
        Ok(this.value())
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<CoroutineWrapper>>) -> PyResult<Option<Value>> {
        let coroutine = this.coroutine.expect();
        match super::super::send(cx, coroutine, Value::NONE)? {
            Some(Outcome::Yielded(value)) => Ok(Some(value)),
            Some(Outcome::Returned(value)) => {
                cx.set_stop_value(this.value(), value);
                Ok(None)
            }
            None => {
                cx.set_stop_value(this.value(), Value::NONE);
                Ok(None)
            }
        }
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next yielded value or raise StopIteration.
    #[method("send($self, arg, /)", text_signature = false)]
    fn send(cx: &mut Cx, this: Gc<Native<CoroutineWrapper>>, arg: Value) -> PyResult {
        let coroutine = this.coroutine.expect();
        let outcome = super::super::send(cx, coroutine, arg)?;
        as_method_result(cx, outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method("throw($self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", text_signature = false)]
    fn throw(
        cx: &mut Cx,
        this: Gc<Native<CoroutineWrapper>>,
        class: Value,
        value: Option<Value>,
        traceback: Option<Value>,
    ) -> PyResult {
        awaitable::throw_method(cx, this.coroutine.expect(), class, value, traceback)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[method("close($self, /)", text_signature = false)]
    fn close(cx: &mut Cx, this: Gc<Native<CoroutineWrapper>>) -> PyResult {
        super::super::close(cx, this.coroutine.expect())
    }
}

/// Remember the frames that made the coroutine (`sys.set_coroutine_origin_tracking_depth`).
pub fn note_origin(cx: &mut Cx, coroutine: Gc<Generator>) -> PyResult<()> {
    let entries = cx.vm().root_vec();
    let mut frame = cx.frame();
    for _ in 0..cx.origin_depth.get() {
        let Some(f) = frame else { break };
        let code = f.code();
        let line = line_of(code, f.unit_index());
        let entry = cx.heap.tuple(&[code.filename.get(), Int::from_len(line as usize).value(), code.name.get()]);
        entries.push(entry);
        frame = f.previous.get();
    }
    let origin = Tuple::from_fn(&mut cx.heap, entries.len(), |i| entries.get(i)).or_raise(cx)?;
    coroutine.origin.set(coroutine, origin);
    Ok(())
}

/// RuntimeWarning: the coroutine was dropped without ever having been awaited.
pub fn warn_never_awaited(cx: &mut Cx, coroutine: Gc<Generator>) -> PyResult<()> {
    let name = coroutine.qualname.get().downcast::<Str>().map_or_else(String::new, |s| s.to_string());
    let category = cx.types().RuntimeWarning;
    if let Err(raised) = crate::warnings::warn(cx, category, &format!("coroutine '{name}' was never awaited"), 1) {
        let exception = cx.take_raised(raised);
        crate::safepoint::write_unraisable(cx, exception, "", coroutine.value());
    }
    Ok(())
}

/// The line of the instruction at `unit`, 0 when it has none.
fn line_of(code: Gc<Code>, unit: usize) -> u32 {
    let table = code.linetable.expect();
    bytecode::position_at(table.as_slice(), code.firstlineno, unit * 2).line.unwrap_or(0)
}
