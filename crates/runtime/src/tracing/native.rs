//! Calls, as profile functions and monitoring tools see them: the call, and the return where no Python frame tells of it.

use super::monitor::{self, Monitored};
use super::{Event, profile};
use crate::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// Calls whose end is to be told: frame and unit of the call, with the callable and its first argument in `values`.
struct Calls {
    places: RefCell<Vec<(FrameRef, usize)>>,
    values: RootVec,
}

fn calls(cx: &Cx) -> Rc<Calls> {
    let vm = cx.vm();
    vm.extension(|| Calls { places: RefCell::default(), values: vm.root_vec() })
}

/// Nobody is told any more.
pub(super) fn forget(cx: &Cx) {
    let calls = calls(cx);
    calls.places.borrow_mut().clear();
    calls.values.truncate(0);
}

/// The frame is about to call `callable`; `this` is in front of the arguments, `first` is the first of them; either may be
/// unbound.
pub fn calling(cx: &mut Cx, frame: FrameRef, callable: Value, this: Value, first: Value) -> PyResult<()> {
    let unit = frame.unit_index();
    let (function, receiver) = match callable.cast::<BoundMethod>() {
        Some(method) if this.is_unbound() => (method.function.get(), method.this.get()),
        _ => (callable, this),
    };
    if let Some(native) = native_callable(cx, function, receiver)? {
        profile(cx, frame, Event::NativeCall, native)?;
    }
    let first = receiver.bound().or(first.bound());
    let argument = match first {
        Some(first) => first,
        None => monitor::state(cx)?.missing_marker(),
    };
    monitor::send_at(cx, frame, unit, Monitored::Call, &[function, argument])?;
    let is_told = cx.profile_function.get().is_bound() || monitor::wants(cx, frame.code(), Monitored::Call);
    if is_told && !function.is_a::<Function>() {
        let calls = calls(cx);
        calls.places.borrow_mut().push((frame, unit));
        calls.values.push(function);
        calls.values.push(receiver);
        calls.values.push(argument);
    }
    Ok(())
}

/// The frame goes on, after the call that it made last.
pub fn returned(cx: &mut Cx, frame: FrameRef) -> PyResult<()> {
    ended(cx, frame, Event::NativeReturn, Monitored::CReturn)
}

/// The exception that is set came to the frame, perhaps from the call that it made last.
pub fn raised(cx: &mut Cx, frame: FrameRef) {
    let Some(raised) = cx.pending() else { return };
    let exception = cx.take_raised(raised);
    if ended(cx, frame, Event::NativeException, Monitored::CRaise).is_ok() {
        let _ = cx.raise(exception);
    }
}

fn ended(cx: &mut Cx, frame: FrameRef, event: Event, monitored: Monitored) -> PyResult<()> {
    let calls = calls(cx);
    let Some(i) = calls.places.borrow().iter().rposition(|(f, _)| *f == frame) else { return Ok(()) };
    let (_, unit) = calls.places.borrow_mut().remove(i);
    let [callable, this, argument] = std::array::from_fn(|k| calls.values.get(3 * i + k));
    // What was called later in frames that are gone ended without notice.
    calls.places.borrow_mut().truncate(i);
    calls.values.truncate(3 * i);
    if let Some(native) = native_callable(cx, callable, this)? {
        profile(cx, frame, event, native)?;
    }
    monitor::send_at(cx, frame, unit, monitored, &[callable, argument])
}

/// What the profile function is told of a call of `callable` with `this` in front of the arguments, if it is native.
fn native_callable(cx: &mut Cx, callable: Value, this: Value) -> PyResult<Option<Value>> {
    if cx.profile_function.get().is_unbound() {
        return Ok(None);
    }
    if callable.is_a::<NativeFunction>() {
        return Ok(Some(callable));
    }
    if !callable.is_a::<MethodDescriptor>() || this.is_unbound() {
        return Ok(None);
    }
    match cx.class_of(callable).slots.descr_get.get() {
        Some(get) => {
            let class = cx.class_of(this).value();
            get(cx, callable, this, class).map(Some)
        }
        None => Ok(None),
    }
}
