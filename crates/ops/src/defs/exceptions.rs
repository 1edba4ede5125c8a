//! Raising and handling exceptions.

use crate::{Exit, Keep, Oparg, Peek, Reraised};
use object::*;
use ops_macros::instruction;
use runtime::error::*;
use runtime::exceptions;

/// The exception being raised becomes the one being handled; the one before goes below it.
#[instruction(micro)]
pub fn push_exc_info(cx: &Cx, exception: Value) -> (Value, Value) {
    let previous = cx.handled().bound().unwrap_or(Value::NONE);
    cx.set_handled(exception);
    (previous, exception)
}

/// The exception handled before is the one being handled again.
#[instruction(micro)]
pub fn pop_except(cx: &Cx, exception: Value) {
    cx.set_handled(if exception.is_none() { Value::UNBOUND } else { exception });
}

/// Whether the exception belongs to an `except` clause.
#[instruction(micro)]
pub fn check_exc_match(cx: &mut Cx, exception: Keep, wanted: Value) -> PyResult<bool> {
    exceptions::matches(cx, exception.0, wanted)
}

/// Split an exception group by an `except*` clause: the rest and what matches.
#[instruction(micro)]
pub fn check_eg_match(cx: &mut Cx, exception: Value, wanted: Value) -> PyResult<(Value, Value)> {
    let (matching, rest) = exceptions::group::match_group(cx, exception, wanted)?;
    if !matching.is_none() {
        cx.set_handled(matching);
    }
    Ok((rest, matching))
}

/// `raise`, `raise exception`, `raise exception from cause`.
#[instruction(micro, run = oparg)]
pub fn raise_varargs(cx: &mut Cx, values: &[Value]) -> Result<(), Exit> {
    match *values {
        [exception, cause] => Err(Exit::Raised(raise(cx, exception, Some(cause)))),
        [exception] => Err(Exit::Raised(raise(cx, exception, None))),
        _ => match cx.current_handled() {
            Some(exception) => Err(Exit::Reraised(cx.raise(exception.value()))),
            None => Err(Exit::Raised(runtime_error(cx, "No active exception to reraise"))),
        },
    }
}

/// The exception that `value`, an exception or a class of such, stands for.
fn instantiate(cx: &mut Cx, value: Value, complaint: &str) -> PyResult<Gc<Exception>> {
    if let Some(exception) = value.cast::<Exception>() {
        return Ok(exception);
    }
    if !exceptions::is_exception_class(value) {
        return Err(type_error(cx, complaint));
    }
    let made = runtime::call::call(cx, value, &[])?;
    match made.cast::<Exception>() {
        Some(exception) => Ok(exception),
        None => {
            let class = runtime::text::repr_of(cx, value)?;
            let got = cx.class_of(made).value();
            let got = runtime::text::repr_of(cx, got)?;
            let text = format!("calling {class} should have returned an instance of BaseException, not {got}");
            Err(type_error(cx, text))
        }
    }
}

/// `raise value` or `raise value from cause`.
#[cold]
fn raise(cx: &mut Cx, value: Value, cause: Option<Value>) -> Raised {
    let exception = match instantiate(cx, value, "exceptions must derive from BaseException") {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    if let Some(cause) = cause {
        let cause = match cause {
            Value::NONE => Value::UNBOUND,
            cause => match instantiate(cx, cause, "exception causes must derive from BaseException") {
                Ok(cause) => cause.value(),
                Err(raised) => return raised,
            },
        };
        exception.cause.set(exception, cause);
        exception.suppress_context.set(true);
    }
    raise_object(cx, exception.value())
}

/// Raise an exception again where its handler gave up; the operand says that the place is on the stack.
#[instruction(micro)]
pub fn reraise(cx: &mut Cx, frame: FrameRef, lasti: Peek, exception: Value, oparg: Oparg) -> Result<(), Reraised> {
    if oparg.get() > 0
        && let Some(unit) = lasti.0.as_int()
    {
        frame.ip.set(frame.code().units_ptr().wrapping_add(unit.get() as usize));
    }
    Err(Reraised(cx.raise(exception)))
}

/// Call the `__exit__` of a `with` block that an exception left.
#[instruction(micro)]
pub fn with_except_start(
    cx: &mut Cx,
    exit: Keep,
    this: Keep,
    _lasti: Keep,
    _previous: Keep,
    exception: Keep,
) -> PyResult {
    let value = exception.0;
    let class = cx.class_of(value).value();
    let traceback = value.cast::<Exception>().and_then(|e| e.traceback.get().bound()).unwrap_or(Value::NONE);
    match this.0.bound() {
        Some(this) => runtime::call::call(cx, exit.0, &[this, class, value, traceback]),
        None => runtime::call::call(cx, exit.0, &[class, value, traceback]),
    }
}

/// The end of an `async for`: StopAsyncIteration is over and done with, anything else goes on.
#[instruction(micro)]
pub fn end_async_for(cx: &mut Cx, _awaitable: Value, exception: Value) -> Result<(), Reraised> {
    if exceptions::matches_unchecked(cx, exception, cx.types().StopAsyncIteration.value()) {
        return Ok(());
    }
    Err(Reraised(cx.raise(exception)))
}

/// After `throw` into a delegating generator: a StopIteration holds the result, anything else goes on.
#[instruction(micro)]
pub fn cleanup_throw(
    cx: &mut Cx,
    _iterator: Value,
    _last_sent: Value,
    exception: Value,
) -> Result<(Value, Value), Reraised> {
    if exceptions::matches_unchecked(cx, exception, cx.types().StopIteration.value()) {
        let value = exception.cast::<Exception>().map_or(Value::NONE, |e| e.field(0));
        return Ok((Value::NONE, value.bound().unwrap_or(Value::NONE)));
    }
    Err(Reraised(cx.raise(exception)))
}
