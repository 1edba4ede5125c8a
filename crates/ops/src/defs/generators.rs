//! Generators, coroutines, `yield from`, `await`.

use super::iteration::wake_generator;
use crate::{Branch, Keep, Miss, Oparg, Resume, Suspend};
use bytecode::CodeFlags;
use object::*;
use ops_macros::instruction;
use runtime::error::*;
use runtime::iterate;
use runtime::types::generator::{self, Outcome};

/// Suspend the generator with the top of the stack; it goes on with what is sent to it.
#[instruction(micro)]
pub fn yield_value(value: Value) -> Suspend {
    Suspend(value)
}

/// Send a value to what is delegated to; when that is finished, jump with its result.
#[instruction(micro, adaptive)]
pub fn send(cx: &mut Cx, receiver: Keep, value: Value) -> PyResult<(Value, Branch)> {
    let class = cx.class_of(receiver.0);
    if let Some(inner) = receiver.0.cast::<Generator>()
        && class != cx.types().async_generator
    {
        return Ok(match generator::send(cx, inner, value)? {
            Some(Outcome::Yielded(value)) => (value, Branch(false)),
            Some(Outcome::Returned(value)) => (value, Branch(true)),
            None => (Value::NONE, Branch(true)),
        });
    }
    let has_next = class.slots.next.get().is_some();
    let sent = if value.is_none() && has_next {
        match iterate::next(cx, receiver.0) {
            Ok(Some(item)) => return Ok((item, Branch(false))),
            Ok(None) => return Ok((cx.take_stop_value(receiver.0), Branch(true))),
            Err(raised) => Err(raised),
        }
    } else {
        runtime::call::call_method(cx, receiver.0, cx.names().send, &[value])
    };
    let Err(raised) = sent else { return sent.map(|item| (item, Branch(false))) };
    let stop = cx.types().StopIteration;
    if !cx.raised_is(stop) {
        return Err(raised);
    }
    let exception = cx.take_raised(raised);
    let result = exception.cast::<Exception>().and_then(|e| e.field(0).bound());
    Ok((result.unwrap_or(Value::NONE), Branch(true)))
}

/// Go on in a generator or coroutine with the value sent.
#[instruction(micro)]
pub fn send_gen(cx: &Cx, receiver: Keep, value: Value) -> Result<Resume, Miss> {
    let frame = wake_generator(cx, receiver.0, value)?;
    Ok(Resume(frame))
}

/// The iterator to delegate to: a coroutine only inside a coroutine.
#[instruction(micro)]
pub fn get_yield_from_iter(cx: &mut Cx, frame: FrameRef, iterable: Value) -> PyResult {
    if iterable.cast::<Generator>().is_some() {
        let class = cx.class_of(iterable);
        if class == cx.types().coroutine {
            let flags = CodeFlags::COROUTINE | CodeFlags::ITERABLE_COROUTINE;
            if frame.code().flags & flags.0 == 0 {
                return Err(type_error(cx, "cannot 'yield from' a coroutine object in a non-coroutine generator"));
            }
            return Ok(iterable);
        }
        if class == cx.types().generator {
            return Ok(iterable);
        }
    }
    let iterator = iterate::get_iter(cx, iterable)?;
    generator::delegates_to(cx, frame, iterator);
    Ok(iterator)
}

/// What `await` iterates. The operand says whether `__aenter__` (1) or `__aexit__` (2) gave the object.
#[instruction(micro)]
pub fn get_awaitable(cx: &mut Cx, object: Value, oparg: Oparg) -> PyResult {
    let iterator = match generator::awaitable_iterator(cx, object) {
        Ok(iterator) => iterator,
        Err(raised) => return Err(bad_awaitable(cx, raised, object, oparg.get())),
    };
    if let Some(coroutine) = iterator.cast::<Generator>()
        && cx.class_of(iterator) == cx.types().coroutine
        && coroutine.state.get() == GeneratorState::SuspendedYieldFrom
    {
        return Err(runtime_error(cx, "coroutine is being awaited already"));
    }
    Ok(iterator)
}

#[cold]
fn bad_awaitable(cx: &mut Cx, raised: Raised, object: Value, which: usize) -> Raised {
    let class = cx.class_of(object);
    let method = match which {
        1 => "__aenter__",
        2 => "__aexit__",
        _ => return raised,
    };
    if class.slots.await_.get().is_some() {
        return raised;
    }
    cx.take_raised(raised);
    let name = type_name(cx, object);
    let text = format!("'async with' received an object from {method} that does not implement __await__: {name}");
    type_error(cx, text)
}

/// `aiter(object)` of an `async for`.
#[instruction(micro)]
pub fn get_aiter(cx: &mut Cx, object: Value) -> PyResult {
    let Some(slot) = cx.class_of(object).slots.aiter.get() else {
        let name = type_name(cx, object);
        return Err(type_error(cx, format_args!("'async for' requires an object with __aiter__ method, got {name}")));
    };
    let iterator = slot(cx, object)?;
    if cx.class_of(iterator).slots.anext.get().is_none() {
        let name = type_name(cx, iterator);
        let text = format!("'async for' received an object from __aiter__ that does not implement __anext__: {name}");
        return Err(type_error(cx, text));
    }
    Ok(iterator)
}

/// The awaitable of an `async for`'s next item.
#[instruction(micro)]
pub fn get_anext(cx: &mut Cx, iterator: Keep) -> PyResult {
    let class = cx.class_of(iterator.0);
    let Some(slot) = class.slots.anext.get() else {
        let name = type_name(cx, iterator.0);
        return Err(type_error(cx, format_args!("'async for' requires an iterator with __anext__ method, got {name}")));
    };
    let awaitable = slot(cx, iterator.0)?;
    if class == cx.types().async_generator {
        return Ok(awaitable);
    }
    match generator::awaitable_iterator(cx, awaitable) {
        Ok(iterator) => Ok(iterator),
        Err(raised) => {
            let cause = cx.take_raised(raised);
            let name = type_name(cx, awaitable);
            let text = format!("'async for' received an invalid object from __anext__: {name}");
            let raised = type_error(cx, text);
            if let Some(exception) = cx.peek_raised().cast::<Exception>() {
                exception.cause.set(exception, cause);
                exception.context.set(exception, cause);
                exception.suppress_context.set(true);
            }
            Err(raised)
        }
    }
}
