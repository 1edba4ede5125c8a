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
    // The innermost frame is the coroutine's own.
    let mut frame = cx.frame().and_then(|own| own.previous.get());
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

/// RuntimeWarning: the coroutine was dropped without ever having been awaited. The function of `warnings` that tells where
/// it was made says so, or when there is none or it fails, a plain warning does.
pub fn warn_never_awaited(cx: &mut Cx, coroutine: Gc<Generator>) -> PyResult<()> {
    let said = match crate::import::import_attr(cx, "warnings", "_warn_unawaited_coroutine") {
        Ok(warn) => call(cx, warn, &[coroutine.value()]),
        Err(raised) => {
            cx.take_raised(raised);
            warn_plainly(cx, coroutine)
        }
    };
    let Err(raised) = said else { return Ok(()) };
    let is_warning = cx.raised_is(cx.types().RuntimeWarning);
    report_while_finalizing(cx, raised, coroutine);
    if !is_warning && let Err(raised) = warn_plainly(cx, coroutine) {
        report_while_finalizing(cx, raised, coroutine);
    }
    Ok(())
}

fn warn_plainly(cx: &mut Cx, coroutine: Gc<Generator>) -> PyResult {
    let name = coroutine.qualname.get().downcast::<Str>().map_or_else(String::new, |s| s.to_string());
    let category = cx.types().RuntimeWarning;
    crate::warnings::warn(cx, category, &format!("coroutine '{name}' was never awaited"), 1)?;
    Ok(Value::NONE)
}

fn report_while_finalizing(cx: &mut Cx, raised: Raised, coroutine: Gc<Generator>) {
    let exception = cx.take_raised(raised);
    let message = "Exception ignored while finalizing coroutine";
    crate::safepoint::write_unraisable_of(cx, exception, message, coroutine.value());
}

/// The line of the instruction at `unit`, 0 when it has none.
fn line_of(code: Gc<Code>, unit: usize) -> u32 {
    let table = code.linetable.expect();
    bytecode::position_at(table.as_slice(), code.firstlineno, unit * 2).line.unwrap_or(0)
}
