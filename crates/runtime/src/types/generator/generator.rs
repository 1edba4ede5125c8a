//! `generator`.

use super::*;

#[native_class(name = "generator", layout = Generator, traits = HAS_WEAKREF, flags = HAVE_GC, doc = "")]
pub mod class {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        super::super::repr(cx, this)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Generator>) -> PyResult {
        Ok(this.value())
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Generator>) -> PyResult<Option<Value>> {
        match super::super::send(cx, this, Value::NONE)? {
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

    #[slot]
    fn finalize(cx: &mut Cx, this: Gc<Generator>) -> PyResult<()> {
        super::super::finalize(cx, this)
    }

    /// send(arg) -> send 'arg' into generator,
    /// return next yielded value or raise StopIteration.
    #[method("send($self, arg, /)", text_signature = false)]
    fn send(cx: &mut Cx, this: Gc<Generator>, arg: Value) -> PyResult {
        let outcome = super::super::send(cx, this, arg)?;
        as_method_result(cx, outcome)
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise exception in generator, return next yielded value or raise
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

    /// close() -> raise GeneratorExit inside generator.
    #[method("close($self, /)", text_signature = false)]
    fn close(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        super::super::close(cx, this)
    }

    /// name of the generator
    #[getter]
    fn __name__(_: &mut Cx, this: Gc<Generator>) -> Value {
        this.name.get()
    }

    #[setter(__name__)]
    fn set_name(cx: &mut Cx, this: Gc<Generator>, value: Option<Value>) -> PyResult<()> {
        super::super::set_name(cx, &this.name, this, "__name__", value)
    }

    /// qualified name of the generator
    #[getter]
    fn __qualname__(_: &mut Cx, this: Gc<Generator>) -> Value {
        this.qualname.get()
    }

    #[setter(__qualname__)]
    fn set_qualname(cx: &mut Cx, this: Gc<Generator>, value: Option<Value>) -> PyResult<()> {
        super::super::set_name(cx, &this.qualname, this, "__qualname__", value)
    }

    /// object being iterated by yield from, or None
    #[getter]
    fn gi_yieldfrom(_: &mut Cx, this: Gc<Generator>) -> Value {
        yield_from_target(this).unwrap_or(Value::NONE)
    }

    #[getter]
    fn gi_running(_: &mut Cx, this: Gc<Generator>) -> bool {
        is_running(this)
    }

    #[getter]
    fn gi_suspended(_: &mut Cx, this: Gc<Generator>) -> bool {
        is_suspended(this)
    }

    #[getter]
    fn gi_frame(cx: &mut Cx, this: Gc<Generator>) -> Value {
        frame_attribute(cx, this)
    }

    #[getter]
    fn gi_code(_: &mut Cx, this: Gc<Generator>) -> Gc<Code> {
        this.code.expect()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)", text_signature = false)]
    fn __class_getitem__(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}
