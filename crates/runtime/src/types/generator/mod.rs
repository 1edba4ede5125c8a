//! Generators, coroutines and async generators: resuming them from native code, and their methods.
//!
//! The interpreter resumes plain generators itself in `for` loops and `yield from`; everything else comes here. A frame is
//! resumed through [`Cx::run_frame`] like any other; what it did shows in the generator's state afterwards.

pub mod async_generator;
pub mod awaitable;
pub mod coroutine;
#[allow(clippy::module_inception, reason = "the type of that name")]
pub mod generator;

use crate::prelude::*;

/// What a resumed generator did.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    Yielded(Value),
    Returned(Value),
}

/// The word for this kind of generator in messages.
pub fn kind_name(cx: &Cx, generator: Gc<Generator>) -> &'static str {
    let (class, types) = (cx.class_of(generator.value()), cx.types());
    if class == types.coroutine {
        "coroutine"
    } else if class == types.async_generator {
        "async generator"
    } else {
        "generator"
    }
}

/// Note a generator that has just been made: where it was made (coroutines), and whether it needs closing when it is
/// dropped.
pub fn created(cx: &mut Cx, generator: Gc<Generator>) -> PyResult<()> {
    let is_coroutine = cx.class_of(generator.value()) == cx.types().coroutine;
    if is_coroutine || generator.code.expect().closing_runs {
        cx.vm().lifetimes.register_finalizable(generator.value());
    }
    if is_coroutine && cx.origin_depth.get() > 0 {
        coroutine::note_origin(cx, generator)?;
    }
    Ok(())
}

/// The generator of `frame` delegates to `iterator`: if that is of a class of the program, it may have a `close` that runs
/// when the generator is dropped.
pub fn delegates_to(cx: &Cx, frame: FrameRef, iterator: Value) {
    if matches!(frame.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry)
        && cx.class_of(iterator).is_heap_type()
    {
        cx.vm().lifetimes.register_finalizable(Generator::of_frame(frame).value());
    }
}

/// The iterator or awaitable that a generator suspended in `yield from` or `await` is waiting for.
pub fn yield_from_target(generator: Gc<Generator>) -> Option<Value> {
    if generator.state.get() != GeneratorState::SuspendedYieldFrom {
        return None;
    }
    let frame = generator.frame()?;
    Some(frame.stack_value(frame.stack_depth() - 1))
}

/// Run on from where the generator is: with a value pushed, or raising `thrown`, in the context of what the generator
/// handles.
fn run(cx: &mut Cx, generator: Gc<Generator>, thrown: Option<Value>) -> PyResult<Outcome> {
    let Some(frame) = generator.frame() else { return Ok(Outcome::Returned(Value::NONE)) };
    if !cx.has_native_stack() || !cx.enter_depth() {
        return Err(recursion_error(cx, "maximum recursion depth exceeded"));
    }
    frame.set_owner(FrameOwner::GeneratorEntry);
    generator.state.set(GeneratorState::Running);
    cx.enter_generator(generator);
    if let Some(exception) = thrown {
        // What its resumer handles is no context of what is thrown.
        let handles = cx.handled().is_a::<Exception>();
        let _set = if handles { raise_object(cx, exception) } else { cx.raise(exception) };
    }
    let result = cx.run_frame(frame)?;
    Ok(if generator.state.get() == GeneratorState::Finished {
        Outcome::Returned(result)
    } else {
        Outcome::Yielded(result)
    })
}

/// `generator.send(value)`; `None` when it had finished before.
pub fn send(cx: &mut Cx, generator: Gc<Generator>, value: Value) -> PyResult<Option<Outcome>> {
    match generator.state.get() {
        GeneratorState::Running => Err(already_executing(cx, generator)),
        GeneratorState::Finished => {
            if cx.class_of(generator.value()) == cx.types().coroutine {
                return Err(runtime_error(cx, "cannot reuse already awaited coroutine"));
            }
            Ok(None)
        }
        GeneratorState::Created if !value.is_none() => {
            let kind = kind_name(cx, generator);
            Err(type_error(cx, format_args!("can't send non-None value to a just-started {kind}")))
        }
        _ => {
            let frame = generator.frame().expect("not finished");
            frame.push(value);
            generator.log_frame();
            run(cx, generator, None).map(Some)
        }
    }
}

#[cold]
fn already_executing(cx: &mut Cx, generator: Gc<Generator>) -> Raised {
    let kind = kind_name(cx, generator);
    value_error(cx, format_args!("{kind} already executing"))
}

/// Raise `exception` where the generator is suspended; `None` when it had finished before (the exception is set then).
fn throw_into(cx: &mut Cx, generator: Gc<Generator>, exception: Value) -> PyResult<Outcome> {
    match generator.state.get() {
        GeneratorState::Running => Err(already_executing(cx, generator)),
        GeneratorState::Finished => {
            if cx.class_of(generator.value()) == cx.types().coroutine {
                return Err(runtime_error(cx, "cannot reuse already awaited coroutine"));
            }
            Err(raise_object(cx, exception))
        }
        _ => run(cx, generator, Some(exception)),
    }
}

/// The exception instance that `throw(type, value, traceback)` means; the error of a class that cannot be instantiated so
/// is thrown in its place.
pub fn exception_to_throw(cx: &mut Cx, class: Value, value: Value, traceback: Value) -> PyResult {
    let traceback_given = traceback.is_bound() && !traceback.is_none();
    if traceback_given && !traceback.is_a::<Traceback>() {
        return Err(type_error(cx, "throw() third argument must be a traceback object"));
    }
    let exception = if crate::exceptions::is_exception_class(class) {
        match instantiated(cx, class, value) {
            Ok(instance) => instance,
            Err(raised) => cx.take_raised(raised),
        }
    } else if class.is_a::<Exception>() {
        if value.is_bound() && !value.is_none() {
            return Err(type_error(cx, "instance exception may not have a separate value"));
        }
        class
    } else {
        let found = type_name(cx, class);
        return Err(type_error(
            cx,
            format_args!("exceptions must be classes or instances deriving from BaseException, not {found}"),
        ));
    };
    if traceback_given && let Some(exception) = exception.cast::<Exception>() {
        crate::exceptions::set_traceback(exception, traceback);
    }
    Ok(exception)
}

/// An instance of the exception class, of `value` when there is one.
fn instantiated(cx: &mut Cx, class: Value, value: Value) -> PyResult {
    let wanted = class.cast::<Class>().expect("an exception class");
    let instance = match value.bound().filter(|v| !v.is_none()) {
        None => call(cx, class, &[])?,
        Some(value) if cx.is_instance(value, wanted) => value,
        Some(value) => match value.cast::<Tuple>() {
            Some(args) => call(cx, class, args.as_slice())?,
            None => call(cx, class, &[value])?,
        },
    };
    if !instance.is_a::<Exception>() {
        let (class, found) = (repr_of(cx, class)?, type_name(cx, instance));
        let message = format!("calling {class} should have returned an instance of BaseException, not {found}");
        return Err(type_error(cx, message));
    }
    Ok(instance)
}

/// `f` while `generator`, which waits for what `f` asks, counts as running and as its caller.
fn while_asking<R>(cx: &mut Cx, generator: Gc<Generator>, f: impl FnOnce(&mut Cx) -> R) -> R {
    let caller = cx.frame();
    generator.state.set(GeneratorState::Running);
    if let Some(frame) = generator.frame() {
        frame.previous.set(caller);
        cx.set_frame(Some(frame));
    }
    let result = f(cx);
    cx.set_frame(caller);
    if let Some(frame) = generator.frame() {
        frame.previous.set(None);
    }
    generator.state.set(GeneratorState::SuspendedYieldFrom);
    result
}

/// `generator.throw(exception)`: delegated to what the generator waits for, where there is such a thing.
pub fn throw(cx: &mut Cx, generator: Gc<Generator>, exception: Value, close_on_exit: bool) -> PyResult<Outcome> {
    let Some(target) = yield_from_target(generator) else {
        return throw_into(cx, generator, exception);
    };
    let exit = cx.types().GeneratorExit;
    if close_on_exit && cx.is_instance(exception, exit) {
        generator.state.set(GeneratorState::Running);
        let closed = close_target(cx, target);
        generator.state.set(GeneratorState::SuspendedYieldFrom);
        return match closed {
            Ok(()) => throw_into(cx, generator, exception),
            Err(raised) => {
                let raised = cx.take_raised(raised);
                throw_into(cx, generator, raised)
            }
        };
    }
    let result = if let Some(inner) = plain_generator(cx, target) {
        let result = while_asking(cx, generator, |cx| throw(cx, inner, exception, close_on_exit));
        result.and_then(|outcome| match outcome {
            Outcome::Yielded(value) => Ok(value),
            Outcome::Returned(value) => Err(stop_iteration(cx, value)),
        })
    } else {
        let name = cx.names().throw;
        let Some(method) = get_attr_opt(cx, target, name)? else {
            return throw_into(cx, generator, exception);
        };
        while_asking(cx, generator, |cx| call(cx, method, &[exception]))
    };
    match result {
        Ok(value) => Ok(Outcome::Yielded(value)),
        Err(raised) => {
            // The frame's own handler at the `yield from` turns a StopIteration into the expression's value.
            let raised = cx.take_raised(raised);
            throw_into(cx, generator, raised)
        }
    }
}

/// `target` as a generator or coroutine whose frame can be reached directly.
fn plain_generator(cx: &Cx, target: Value) -> Option<Gc<Generator>> {
    if let Some(wrapper) = target.cast::<Native<coroutine::CoroutineWrapper>>() {
        return wrapper.coroutine.get();
    }
    let class = cx.class_of(target);
    target.cast::<Generator>().filter(|_| class == cx.types().generator || class == cx.types().coroutine)
}

/// Close what a generator waits for.
fn close_target(cx: &mut Cx, target: Value) -> PyResult<()> {
    if let Some(inner) = plain_generator(cx, target) {
        close(cx, inner)?;
        return Ok(());
    }
    let name = cx.names().close;
    match get_attr_opt(cx, target, name) {
        Ok(Some(method)) => call(cx, method, &[]).map(|_| ()),
        Ok(None) => Ok(()),
        Err(raised) => {
            let exception = cx.take_raised(raised);
            crate::safepoint::write_unraisable(cx, exception, "", target);
            Ok(())
        }
    }
}

/// `generator.close()`.
pub fn close(cx: &mut Cx, generator: Gc<Generator>) -> PyResult {
    match generator.state.get() {
        GeneratorState::Created => {
            finish(cx, generator)?;
            return Ok(Value::NONE);
        }
        GeneratorState::Finished => return Ok(Value::NONE),
        GeneratorState::Running => return Err(already_executing(cx, generator)),
        _ => {}
    }
    let mut in_the_way = None;
    if let Some(target) = yield_from_target(generator) {
        generator.state.set(GeneratorState::Running);
        let closed = close_target(cx, target);
        generator.state.set(GeneratorState::SuspendedYieldFrom);
        if let Err(raised) = closed {
            in_the_way = Some(cx.take_raised(raised));
        }
    }
    let exception = match in_the_way {
        Some(exception) => exception,
        None => {
            let class = cx.types().GeneratorExit;
            let raised = raise_with(cx, class, &[]);
            cx.take_raised(raised)
        }
    };
    match throw_into(cx, generator, exception) {
        Ok(Outcome::Yielded(_)) => {
            let kind = kind_name(cx, generator);
            Err(runtime_error(cx, format_args!("{kind} ignored GeneratorExit")))
        }
        Ok(Outcome::Returned(value)) => Ok(value),
        Err(raised) => {
            let types = cx.types();
            if cx.raised_is(types.GeneratorExit) || cx.raised_is(types.StopIteration) {
                cx.take_raised(raised);
                return Ok(Value::NONE);
            }
            Err(raised)
        }
    }
}

/// Mark a generator that never ran as finished.
fn finish(cx: &mut Cx, generator: Gc<Generator>) -> PyResult<()> {
    if let Some(frame) = generator.frame() {
        if frame.object.get().is_bound() {
            object::frame::detach_frame_object(cx, frame).or_raise(cx)?;
        }
        generator.state.set(GeneratorState::Finished);
    }
    Ok(())
}

/// The result of `send` and `throw` as the methods give it: a value, or StopIteration.
fn as_method_result(cx: &mut Cx, outcome: Option<Outcome>) -> PyResult {
    match outcome {
        Some(Outcome::Yielded(value)) => Ok(value),
        Some(Outcome::Returned(value)) => Err(stop_iteration(cx, value)),
        None => Err(stop_iteration(cx, Value::NONE)),
    }
}

/// The finaliser of generators and coroutines; what clears their frames, too.
pub fn finalize(cx: &mut Cx, generator: Gc<Generator>) -> PyResult<()> {
    if generator.state.get() == GeneratorState::Finished {
        return Ok(());
    }
    let types = cx.types();
    let class = cx.class_of(generator.value());
    if class == types.async_generator {
        let hook = generator.finalizer.get();
        if hook.is_bound() && !hook.is_none() && !generator.async_closed.get() {
            call(cx, hook, &[generator.value()])?;
            return Ok(());
        }
    }
    if class == types.coroutine && generator.state.get() == GeneratorState::Created {
        coroutine::warn_never_awaited(cx, generator)?;
        return finish(cx, generator);
    }
    close(cx, generator).map(|_| ())
}

/// The frame object of a generator that has not finished, else None.
fn frame_attribute(cx: &mut Cx, generator: Gc<Generator>) -> Value {
    match generator.frame() {
        Some(frame) => object::frame::frame_object(cx, frame).value(),
        None => Value::NONE,
    }
}

fn repr(cx: &mut Cx, generator: Gc<Generator>) -> PyResult {
    let kind = type_name(cx, generator.value());
    let name = generator.qualname.get().downcast::<Str>().map_or_else(String::new, |s| s.to_string());
    let text = format!("<{kind} object {name} at {:#x}>", generator.value().id());
    Ok(Str::from_utf8(&mut cx.heap, &text).or_raise(cx)?.value())
}

/// A new `__name__` or `__qualname__`.
fn set_name(cx: &mut Cx, slot: &Slot, owner: Gc<Generator>, name: &str, value: Option<Value>) -> PyResult<()> {
    match value {
        Some(value) if value.downcast::<Str>().is_some() => {
            slot.set(owner, value);
            Ok(())
        }
        _ => Err(type_error(cx, format_args!("{name} must be set to a string object"))),
    }
}

fn is_running(generator: Gc<Generator>) -> bool {
    generator.state.get() == GeneratorState::Running
}

fn is_suspended(generator: Gc<Generator>) -> bool {
    matches!(generator.state.get(), GeneratorState::Suspended | GeneratorState::SuspendedYieldFrom)
}

/// `GET_YIELD_FROM_ITER`'s refusal and `GET_AWAITABLE`'s work for what is not a coroutine: the iterator of `__await__`.
pub fn awaitable_iterator(cx: &mut Cx, value: Value) -> PyResult {
    let types = cx.types();
    let class = cx.class_of(value);
    if class == types.coroutine {
        return Ok(value);
    }
    if let Some(generator) = value.cast::<Generator>()
        && class == types.generator
        && generator.code.expect().has_flag(bytecode::CodeFlags::ITERABLE_COROUTINE)
    {
        return Ok(value);
    }
    let Some(slot) = class.slots.await_.get() else {
        let name = type_name(cx, value);
        return Err(type_error(cx, format_args!("'{name}' object can't be awaited")));
    };
    let iterator = slot(cx, value)?;
    let found = cx.class_of(iterator);
    let is_iterable_coroutine =
        iterator.cast::<Generator>().is_some_and(|g| g.code.expect().has_flag(bytecode::CodeFlags::ITERABLE_COROUTINE));
    if found == types.coroutine || is_iterable_coroutine {
        return Err(type_error(cx, "__await__() returned a coroutine"));
    }
    if found.slots.next.get().is_none() {
        let name = type_name(cx, iterator);
        return Err(type_error(cx, format_args!("__await__() returned non-iterator of type '{name}'")));
    }
    Ok(iterator)
}
