//! What `anext(iterator, default)` gives: an awaitable that ends with the default instead of StopAsyncIteration.

use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use crate::types::generator::awaitable_iterator;
use macros::{Trace, native_class};

/// The awaitable of the iterator's `__anext__`, and the default.
#[derive(Trace)]
pub struct AnextAwaitable {
    wrapped: Slot,
    default: Slot,
    /// The iterator of `wrapped.__await__()`, once it was asked for.
    iterator: Slot,
}

impl NativeData for AnextAwaitable {
    const NAME: &'static str = "anext_awaitable";
}

type Awaitable = Gc<Native<AnextAwaitable>>;

#[native_class(
    name = "anext_awaitable",
    layout = Native::<AnextAwaitable>,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    doc = ""
)]
pub mod class {
    use super::*;

    #[slot]
    fn iter(this: Awaitable) -> Value {
        this.value()
    }

    #[slot]
    fn await_(this: Awaitable) -> Value {
        this.value()
    }

    #[slot]
    fn next(cx: &mut Cx, this: Awaitable) -> PyResult<Option<Value>> {
        let iterator = iterator_of(cx, this)?;
        match crate::iterate::next(cx, iterator) {
            Ok(None) => {
                // The awaited value is the result of this awaitable too.
                let value = cx.take_stop_value(iterator);
                cx.set_stop_value(this.value(), value);
                Ok(None)
            }
            Ok(item) => Ok(item),
            Err(raised) => or_default(cx, this, raised).map(Some),
        }
    }

    /// Send a value into the awaitable.
    #[method("send($self, value, /)")]
    fn send(cx: &mut Cx, this: Awaitable, value: Value) -> PyResult {
        forward(cx, this, "send", &[value])
    }

    /// Raise an exception inside the awaitable.
    #[method(raw, "throw($self, type, value=None, traceback=None, /)")]
    fn throw(cx: &mut Cx, this: Awaitable, args: Args<'_>) -> PyResult {
        forward(cx, this, "throw", args.positional())
    }

    /// Close the awaitable.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: Awaitable) -> PyResult {
        forward(cx, this, "close", &[])
    }
}

/// The awaitable.
pub fn new(cx: &mut Cx, wrapped: Value, default: Value) -> PyResult {
    let class = class_of_spec(cx, &class::SPEC)?;
    let data = AnextAwaitable {
        wrapped: Slot::new(wrapped),
        default: Slot::new(default),
        iterator: Slot::new(Value::UNBOUND),
    };
    Ok(new_native(cx, class, data).value())
}

fn iterator_of(cx: &mut Cx, this: Awaitable) -> PyResult {
    if let Some(iterator) = this.iterator.get().bound() {
        return Ok(iterator);
    }
    let mut iterator = awaitable_iterator(cx, this.wrapped.get())?;
    if cx.class_of(iterator).slots.next.get().is_none()
        && let Some(slot) = cx.class_of(iterator).slots.await_.get()
    {
        // Coroutines are awaited through a wrapper.
        iterator = slot(cx, iterator)?;
    }
    this.iterator.set(this, iterator);
    Ok(iterator)
}

fn forward(cx: &mut Cx, this: Awaitable, method: &str, args: &[Value]) -> PyResult {
    let iterator = iterator_of(cx, this)?;
    let name = cx.heap.intern(method);
    match call_method(cx, iterator, name, args) {
        Ok(value) => Ok(value),
        Err(raised) => or_default(cx, this, raised),
    }
}

/// StopAsyncIteration becomes StopIteration with the default.
fn or_default(cx: &mut Cx, this: Awaitable, raised: Raised) -> PyResult {
    let class = cx.types().StopAsyncIteration;
    cx.catch(raised, class)?;
    Err(stop_iteration(cx, this.default.get()))
}
