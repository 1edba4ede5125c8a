//! What happens when an exception is raised: its context is linked, and frames add themselves to its traceback.

use crate::prelude::*;

/// Make the exception being handled the context of `value`, without closing a cycle.
pub fn set_context(cx: &mut Cx, value: Value) {
    let Some(handled) = cx.current_handled() else { return };
    let Some(exception) = value.cast::<Exception>() else { return };
    if handled == exception {
        return;
    }
    cut_chain(handled, exception);
    exception.context.set(exception, handled);
}

/// If `wanted` is among the contexts of `start`, end the chain before it. A chain that has a cycle already is walked once
/// (Floyd's two pointers).
fn cut_chain(start: Gc<Exception>, wanted: Gc<Exception>) {
    let (mut at, mut slow, mut advance_slow) = (start, start, false);
    while let Some(context) = at.context.get().cast::<Exception>() {
        if context == wanted {
            at.context.clear();
            return;
        }
        at = context;
        if at == slow {
            return;
        }
        if advance_slow {
            match slow.context.get().cast() {
                Some(next) => slow = next,
                None => return,
            }
        }
        advance_slow = !advance_slow;
    }
}

/// `raise exception from cause`: both are instances (or the cause None, unbound here).
pub fn raise_from(cx: &mut Cx, exception: Gc<Exception>, cause: Value) -> Raised {
    exception.cause.set(exception, if cause.is_none() { Value::UNBOUND } else { cause });
    exception.suppress_context.set(true);
    raise_object(cx, exception.value())
}

/// Put an entry for `frame`, which is at `unit`, in front of the exception's traceback.
pub fn add_traceback(cx: &mut Cx, exception: Gc<Exception>, frame: FrameRef, unit: usize) {
    let frame = object::frame::frame_object(cx, frame);
    // A frame that has not begun is nowhere.
    let lasti = unit.checked_mul(2).and_then(|lasti| i32::try_from(lasti).ok()).unwrap_or(-1);
    let entry = cx.heap.traceback(exception.traceback.get(), frame, lasti, -1);
    exception.traceback.set(exception, entry);
}

/// Put an entry for `frame` in front of the traceback of the exception being raised.
pub fn add_traceback_entry(cx: &mut Cx, frame: FrameRef) {
    if let Some(exception) = cx.peek_raised().cast::<Exception>() {
        let unit = frame.unit_index();
        add_traceback(cx, exception, frame, unit);
    }
}

/// Replace the traceback; unbound or None for none.
pub fn set_traceback(exception: Gc<Exception>, traceback: Value) {
    exception.traceback.set(exception, if traceback.is_none() { Value::UNBOUND } else { traceback });
}
