//! `async_generator` and the awaitables of its methods (PEP 525).
//!
//! A value that the body yields travels wrapped, so that it can be told from what an `await` inside the body passes up to
//! the event loop.

use super::*;
use std::cell::Cell as StdCell;

/// A value yielded by the body of an async generator.
#[derive(Trace)]
pub struct WrappedValue {
    value: Slot,
}

impl NativeData for WrappedValue {
    const NAME: &'static str = "async_generator_wrapped_value";
}

#[native_class(name = "async_generator_wrapped_value", layout = Native<WrappedValue>, flags = HAVE_GC, doc = "")]
pub mod wrapped {
    use super::*;
}

/// `INTRINSIC_ASYNC_GEN_WRAP`.
pub fn wrap(cx: &mut Cx, value: Value) -> PyResult {
    let class = class_of_spec(cx, &wrapped::SPEC)?;
    Ok(new_native(cx, class, WrappedValue { value: Slot::new(value) }).value())
}

/// Where an awaitable of an async generator's method stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Init,
    Iterating,
    Closed,
}
impl PlainData for State {}

/// What `asend`, `athrow` and `aclose` give.
#[derive(Trace)]
pub struct Step {
    generator: GcSlot<Generator>,
    /// The value to send, or the exception's parts (class, value, traceback); unbound for `aclose`.
    sent: Slot,
    throw_args: Slot,
    state: StdCell<State>,
}

impl NativeData for Step {
    const NAME: &'static str = "async_generator_asend";
}

/// The kind of a [`Step`] that throws.
#[derive(Trace)]
pub struct ThrowStep {
    step: Step,
}

impl NativeData for ThrowStep {
    const NAME: &'static str = "async_generator_athrow";
}

/// Call the event loop's hooks when the generator is first iterated.
fn initialise_hooks(cx: &mut Cx, generator: Gc<Generator>) -> PyResult<()> {
    if generator.hooks_initialised.replace(true) {
        return Ok(());
    }
    let finalizer = cx.async_gen_finalizer.get();
    if finalizer.is_bound() && !finalizer.is_none() {
        generator.finalizer.set(generator, finalizer);
        cx.vm().lifetimes.register_finalizable(generator.value());
    }
    let first = cx.async_gen_firstiter.get();
    if first.is_bound() && !first.is_none() {
        call(cx, first, &[generator.value()])?;
    }
    Ok(())
}

fn new_send(cx: &mut Cx, generator: Gc<Generator>, value: Value) -> PyResult {
    initialise_hooks(cx, generator)?;
    let class = class_of_spec(cx, &asend::SPEC)?;
    let step = Step {
        generator: GcSlot::of(generator),
        sent: Slot::new(value),
        throw_args: Slot::new(Value::UNBOUND),
        state: StdCell::new(State::Init),
    };
    // Not registered with the finalisers: `async for` makes one a turn, and awaits it at once.
    Ok(cx.heap.native(class.instance_shape.get(), step).value())
}

fn new_throw(cx: &mut Cx, generator: Gc<Generator>, args: Value) -> PyResult {
    initialise_hooks(cx, generator)?;
    let class = class_of_spec(cx, &athrow::SPEC)?;
    let step = Step {
        generator: GcSlot::of(generator),
        sent: Slot::new(Value::UNBOUND),
        throw_args: Slot::new(args),
        state: StdCell::new(State::Init),
    };
    Ok(new_native(cx, class, ThrowStep { step }).value())
}

/// What the generator did, as its awaitable's iterator shows it: an item ends the awaiting, with the item as its result.
fn unwrap(cx: &mut Cx, generator: Gc<Generator>, outcome: PyResult<Option<Outcome>>) -> PyResult<Outcome> {
    match outcome {
        Ok(Some(Outcome::Yielded(value))) => match value.cast::<Native<WrappedValue>>() {
            Some(wrapped) => {
                generator.async_running.set(false);
                Ok(Outcome::Returned(wrapped.value.get()))
            }
            None => Ok(Outcome::Yielded(value)),
        },
        Ok(_) => {
            generator.async_closed.set(true);
            generator.async_running.set(false);
            let class = cx.types().StopAsyncIteration;
            Err(raise_with(cx, class, &[]))
        }
        Err(raised) => {
            let types = cx.types();
            if cx.raised_is(types.StopAsyncIteration) || cx.raised_is(types.GeneratorExit) {
                generator.async_closed.set(true);
            }
            generator.async_running.set(false);
            Err(raised)
        }
    }
}

impl Step {
    fn is_closed(&self) -> bool {
        self.state.get() == State::Closed
    }
}

/// Go on with the step: `Returned` is the item, `Yielded` what the event loop is to wait for.
pub fn resume_send(cx: &mut Cx, this: Gc<Native<Step>>, arg: Value) -> PyResult<Outcome> {
    if this.is_closed() {
        return Err(runtime_error(cx, "cannot reuse already awaited __anext__()/asend()"));
    }
    let generator = this.generator.expect();
    let mut value = arg;
    if this.state.get() == State::Init {
        if generator.async_running.get() {
            this.state.set(State::Closed);
            return Err(runtime_error(cx, "anext(): asynchronous generator is already running"));
        }
        if value.is_none() {
            value = this.sent.get();
        }
        this.state.set(State::Iterating);
    }
    generator.async_running.set(true);
    let outcome = super::send(cx, generator, value);
    let result = unwrap(cx, generator, outcome);
    if !matches!(result, Ok(Outcome::Yielded(_))) {
        this.state.set(State::Closed);
    }
    result
}

/// RuntimeWarning: what a method of `generator` gave was dropped before it was awaited to its end.
fn warn_never_awaited(cx: &mut Cx, step: &Step, method: &str) -> PyResult<()> {
    if step.is_closed() {
        return Ok(());
    }
    let name = repr_of(cx, step.generator.expect().qualname.get())?;
    let category = cx.types().RuntimeWarning;
    crate::warnings::warn(cx, category, &format!("coroutine method '{method}' of {name} was never awaited"), 1)
}

/// A step's result as a method gives it: an item is raised as StopIteration.
fn raising(cx: &mut Cx, outcome: Outcome) -> PyResult {
    match outcome {
        Outcome::Yielded(value) => Ok(value),
        Outcome::Returned(value) => Err(stop_iteration(cx, value)),
    }
}

#[native_class(name = "async_generator_asend", layout = Native<Step>, flags = HAVE_GC, doc = "")]
pub mod asend {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Step>>) -> PyResult {
        Ok(this.value())
    }

    #[slot(await_)]
    fn await_slot(_: &mut Cx, this: Gc<Native<Step>>) -> PyResult {
        Ok(this.value())
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Step>>) -> PyResult<Option<Value>> {
        match resume_send(cx, this, Value::NONE)? {
            Outcome::Yielded(value) => Ok(Some(value)),
            Outcome::Returned(value) => {
                cx.set_stop_value(this.value(), value);
                Ok(None)
            }
        }
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: Gc<Native<Step>>) -> PyResult<()> {
        warn_never_awaited(cx, &this, "asend")
    }

    /// send(value) -> send 'value' into the generator, return next yielded value or raise StopIteration.
    #[method("send($self, arg, /)", text_signature = false)]
    fn send(cx: &mut Cx, this: Gc<Native<Step>>, arg: Value) -> PyResult {
        let outcome = resume_send(cx, this, arg)?;
        raising(cx, outcome)
    }

    /// throw(value) -> raise an exception in the generator, return next yielded value or raise StopIteration.
    #[method("throw($self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", text_signature = false)]
    fn throw(
        cx: &mut Cx,
        this: Gc<Native<Step>>,
        class: Value,
        value: Option<Value>,
        traceback: Option<Value>,
    ) -> PyResult {
        if this.is_closed() {
            return Err(runtime_error(cx, "cannot reuse already awaited __anext__()/asend()"));
        }
        let generator = this.generator.expect();
        if this.state.get() == State::Init {
            if generator.async_running.get() {
                this.state.set(State::Closed);
                return Err(runtime_error(cx, "anext(): asynchronous generator is already running"));
            }
            this.state.set(State::Iterating);
            generator.async_running.set(true);
        }
        awaitable::warn_old_signature(cx, value, traceback)?;
        let (value, traceback) = (value.unwrap_or(Value::UNBOUND), traceback.unwrap_or(Value::UNBOUND));
        let exception = exception_to_throw(cx, class, value, traceback)?;
        let outcome = super::super::throw(cx, generator, exception, false).map(Some);
        let result = unwrap(cx, generator, outcome).and_then(|outcome| raising(cx, outcome));
        if result.is_err() {
            this.state.set(State::Closed);
        }
        result
    }

    /// close() -> raise GeneratorExit inside the generator.
    #[method("close($self, /)", text_signature = false)]
    fn close(cx: &mut Cx, this: Gc<Native<Step>>) -> PyResult {
        if this.is_closed() {
            return Ok(Value::NONE);
        }
        let class = cx.types().GeneratorExit.value();
        let result = throw(cx, this, class, None, None);
        close_by(cx, result)
    }
}

/// The result of `close` on an awaitable, given what throwing GeneratorExit did.
fn close_by(cx: &mut Cx, result: PyResult) -> PyResult {
    match result {
        Ok(_) => Err(runtime_error(cx, "coroutine ignored GeneratorExit")),
        Err(raised) => {
            let types = cx.types();
            if [types.StopIteration, types.StopAsyncIteration, types.GeneratorExit].iter().any(|&c| cx.raised_is(c)) {
                cx.take_raised(raised);
                return Ok(Value::NONE);
            }
            Err(raised)
        }
    }
}

fn resume_throw(cx: &mut Cx, this: Gc<Native<ThrowStep>>, arg: Value) -> PyResult {
    let step = &this.step;
    let generator = step.generator.expect();
    if step.is_closed() {
        return Err(runtime_error(cx, "cannot reuse already awaited aclose()/athrow()"));
    }
    if generator.state.get() == GeneratorState::Finished {
        step.state.set(State::Closed);
        return Err(stop_iteration(cx, Value::NONE));
    }
    let closing = step.throw_args.get().is_unbound();
    let outcome = if step.state.get() == State::Init {
        if generator.async_running.get() {
            step.state.set(State::Closed);
            let what = if closing { "aclose" } else { "athrow" };
            return Err(runtime_error(cx, format_args!("{what}(): asynchronous generator is already running")));
        }
        if generator.async_closed.get() {
            step.state.set(State::Closed);
            let class = cx.types().StopAsyncIteration;
            return Err(raise_with(cx, class, &[]));
        }
        if !arg.is_none() {
            return Err(runtime_error(cx, "can't send non-None value to a just-started coroutine"));
        }
        step.state.set(State::Iterating);
        generator.async_running.set(true);
        let exception = match step.throw_args.get().cast::<Tuple>() {
            None => {
                generator.async_closed.set(true);
                let class = cx.types().GeneratorExit;
                let raised = raise_with(cx, class, &[]);
                cx.take_raised(raised)
            }
            Some(args) => exception_to_throw(cx, args.get(0), args.get(1), args.get(2))?,
        };
        super::throw(cx, generator, exception, false).map(Some)
    } else {
        super::send(cx, generator, arg)
    };
    finish_throw(cx, this, outcome)
}

/// What the generator did, as the awaitable shows it: for `aclose` the end is what is wanted.
fn finish_throw(cx: &mut Cx, this: Gc<Native<ThrowStep>>, outcome: PyResult<Option<Outcome>>) -> PyResult {
    let step = &this.step;
    let generator = step.generator.expect();
    if step.throw_args.get().is_unbound() {
        if let Ok(Some(Outcome::Yielded(value))) = outcome
            && value.is_a::<Native<WrappedValue>>()
        {
            generator.async_running.set(false);
            step.state.set(State::Closed);
            return Err(runtime_error(cx, "async generator ignored GeneratorExit"));
        }
        return match outcome {
            Ok(Some(Outcome::Yielded(value))) => Ok(value),
            Ok(_) => {
                generator.async_running.set(false);
                step.state.set(State::Closed);
                Err(stop_iteration(cx, Value::NONE))
            }
            Err(raised) => {
                generator.async_running.set(false);
                step.state.set(State::Closed);
                let types = cx.types();
                if cx.raised_is(types.StopAsyncIteration) || cx.raised_is(types.GeneratorExit) {
                    cx.take_raised(raised);
                    return Err(stop_iteration(cx, Value::NONE));
                }
                Err(raised)
            }
        };
    }
    let result = unwrap(cx, generator, outcome).and_then(|outcome| raising(cx, outcome));
    if result.is_err() {
        step.state.set(State::Closed);
    }
    result
}

#[native_class(name = "async_generator_athrow", layout = Native<ThrowStep>, flags = HAVE_GC, doc = "")]
pub mod athrow {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<ThrowStep>>) -> PyResult {
        Ok(this.value())
    }

    #[slot(await_)]
    fn await_slot(_: &mut Cx, this: Gc<Native<ThrowStep>>) -> PyResult {
        Ok(this.value())
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<ThrowStep>>) -> PyResult<Option<Value>> {
        resume_throw(cx, this, Value::NONE).map(Some)
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: Gc<Native<ThrowStep>>) -> PyResult<()> {
        let method = if this.step.throw_args.get().is_unbound() { "aclose" } else { "athrow" };
        warn_never_awaited(cx, &this.step, method)
    }

    /// send(value) -> send 'value' into the generator, return next yielded value or raise StopIteration.
    #[method("send($self, arg, /)", text_signature = false)]
    fn send(cx: &mut Cx, this: Gc<Native<ThrowStep>>, arg: Value) -> PyResult {
        resume_throw(cx, this, arg)
    }

    /// throw(value) -> raise an exception in the generator, return next yielded value or raise StopIteration.
    #[method("throw($self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", text_signature = false)]
    fn throw(
        cx: &mut Cx,
        this: Gc<Native<ThrowStep>>,
        class: Value,
        value: Option<Value>,
        traceback: Option<Value>,
    ) -> PyResult {
        let step = &this.step;
        let generator = step.generator.expect();
        if step.is_closed() {
            return Err(runtime_error(cx, "cannot reuse already awaited aclose()/athrow()"));
        }
        if step.state.get() == State::Init {
            if generator.async_running.get() {
                step.state.set(State::Closed);
                let what = if step.throw_args.get().is_unbound() { "aclose" } else { "athrow" };
                return Err(runtime_error(cx, format_args!("{what}(): asynchronous generator is already running")));
            }
            step.state.set(State::Iterating);
            generator.async_running.set(true);
        }
        awaitable::warn_old_signature(cx, value, traceback)?;
        let (value, traceback) = (value.unwrap_or(Value::UNBOUND), traceback.unwrap_or(Value::UNBOUND));
        let exception = exception_to_throw(cx, class, value, traceback)?;
        let outcome = super::super::throw(cx, generator, exception, false).map(Some);
        finish_throw(cx, this, outcome)
    }

    /// close() -> raise GeneratorExit inside the generator.
    #[method("close($self, /)", text_signature = false)]
    fn close(cx: &mut Cx, this: Gc<Native<ThrowStep>>) -> PyResult {
        if this.step.is_closed() {
            return Ok(Value::NONE);
        }
        let class = cx.types().GeneratorExit.value();
        let result = throw(cx, this, class, None, None);
        close_by(cx, result)
    }
}

#[native_class(name = "async_generator", layout = Generator, traits = HAS_WEAKREF, flags = HAVE_GC, doc = "")]
pub mod class {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        super::super::repr(cx, this)
    }

    #[slot]
    fn aiter(_: &mut Cx, this: Gc<Generator>) -> PyResult {
        Ok(this.value())
    }

    #[slot]
    fn anext(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        new_send(cx, this, Value::NONE)
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: Gc<Generator>) -> PyResult<()> {
        super::super::finalize(cx, this)
    }

    /// asend(v) -> send 'v' in generator.
    #[method("asend($self, value, /)", text_signature = false)]
    fn asend(cx: &mut Cx, this: Gc<Generator>, value: Value) -> PyResult {
        let step = new_send(cx, this, value)?;
        cx.vm().lifetimes.register_finalizable(step);
        Ok(step)
    }

    /// athrow(value)
    /// athrow(type[,value[,tb]])
    ///
    /// raise exception in generator.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method("athrow($self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", text_signature = false)]
    fn athrow(
        cx: &mut Cx,
        this: Gc<Generator>,
        class: Value,
        value: Option<Value>,
        traceback: Option<Value>,
    ) -> PyResult {
        awaitable::warn_old_signature(cx, value, traceback)?;
        let (value, traceback) = (value.unwrap_or(Value::NONE), traceback.unwrap_or(Value::NONE));
        let args = cx.heap.tuple(&[class, value, traceback]);
        new_throw(cx, this, args.value())
    }

    /// aclose() -> raise GeneratorExit inside generator.
    #[method("aclose($self, /)", text_signature = false)]
    fn aclose(cx: &mut Cx, this: Gc<Generator>) -> PyResult {
        new_throw(cx, this, Value::UNBOUND)
    }

    /// name of the async generator
    #[getter]
    fn __name__(_: &mut Cx, this: Gc<Generator>) -> Value {
        this.name.get()
    }

    #[setter(__name__)]
    fn set_name(cx: &mut Cx, this: Gc<Generator>, value: Option<Value>) -> PyResult<()> {
        super::super::set_name(cx, &this.name, this, "__name__", value)
    }

    /// qualified name of the async generator
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
    fn ag_await(_: &mut Cx, this: Gc<Generator>) -> Value {
        yield_from_target(this).unwrap_or(Value::NONE)
    }

    #[getter]
    fn ag_running(_: &mut Cx, this: Gc<Generator>) -> bool {
        this.async_running.get()
    }

    #[getter]
    fn ag_suspended(_: &mut Cx, this: Gc<Generator>) -> bool {
        is_suspended(this)
    }

    #[getter]
    fn ag_frame(cx: &mut Cx, this: Gc<Generator>) -> Value {
        frame_attribute(cx, this)
    }

    #[getter]
    fn ag_code(_: &mut Cx, this: Gc<Generator>) -> Gc<Code> {
        this.code.expect()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)", text_signature = false)]
    fn __class_getitem__(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}
