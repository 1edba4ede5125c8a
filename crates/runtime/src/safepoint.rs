//! What a thread does when the word that it polls is not zero.
//!
//! The interpreter calls [`handle`] at back-edges and calls; native loops that may run long do so as well. Signal handlers
//! are `stdlib::signal`'s, which installs itself with [`install_signal_handler`].

use crate::prelude::*;
use object::lifetime::Pending;
use object::safepoint as bits;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Runs the Python handlers of signals that have arrived.
pub type SignalHandler = fn(&mut Cx) -> PyResult<()>;

#[derive(Default)]
struct Handlers {
    signals: Cell<Option<SignalHandler>>,
    /// Exceptions to raise in other threads: index into `exceptions` by thread id.
    asynchronous: RefCell<HashMap<u64, usize>>,
}

struct AsyncExceptions(RootVec);

/// Called by the module `_signal` when it is made.
pub fn install_signal_handler(cx: &Cx, handler: SignalHandler) {
    cx.vm().extension(Handlers::default).signals.set(Some(handler));
}

/// Have `exception` (a class or an instance) raised in the thread of this id at its next safepoint.
pub fn raise_in_thread(cx: &mut Cx, thread: u64, exception: Value) {
    let vm = cx.vm();
    let values = vm.extension(|| AsyncExceptions(vm.root_vec()));
    values.0.push(exception);
    vm.extension(Handlers::default).asynchronous.borrow_mut().insert(thread, values.0.len() - 1);
    vm.shared_heap().safepoint().request(bits::ASYNC_EXCEPTION);
}

/// Do what is asked for. `Err`: an exception is to be raised at the present instruction.
#[cold]
pub fn handle(cx: &mut Cx) -> PyResult<()> {
    let shared = cx.vm().shared_heap().clone();
    let word = shared.safepoint();
    if word.take(bits::MEMORY_PRESSURE) != 0 {
        return Err(memory_error(cx));
    }
    if word.take(bits::SWITCH_THREAD) != 0 {
        cx.yield_turn();
    }
    if word.bits() & bits::SIGNALS != 0 && is_main_thread(cx) {
        word.take(bits::SIGNALS);
        if let Some(handler) = cx.vm().extension(Handlers::default).signals.get() {
            handler(cx)?;
        }
    }
    if word.take(bits::FINALIZERS) != 0 {
        run_pending(cx);
    }
    if word.take(bits::ASYNC_EXCEPTION) != 0 {
        raise_asynchronous(cx)?;
    }
    Ok(())
}

/// What a native loop does between two items: signal handlers run, so that ^C ends it, and memory pressure raises. Threads
/// do not change: programs rely on it that `list(d)` and the like are one step for other threads.
#[cold]
pub fn handle_in_native_loop(cx: &mut Cx) -> PyResult<()> {
    let shared = cx.vm().shared_heap().clone();
    let word = shared.safepoint();
    if word.take(bits::MEMORY_PRESSURE) != 0 {
        return Err(memory_error(cx));
    }
    if word.bits() & bits::SIGNALS != 0 && is_main_thread(cx) {
        word.take(bits::SIGNALS);
        if let Some(handler) = cx.vm().extension(Handlers::default).signals.get() {
            handler(cx)?;
        }
    }
    Ok(())
}

/// Whether this is the thread that started the VM: the one that runs signal handlers.
pub fn is_main_thread(cx: &Cx) -> bool {
    cx.is_main_thread.get()
}

fn raise_asynchronous(cx: &mut Cx) -> PyResult<()> {
    let vm = cx.vm();
    let handlers = vm.extension(Handlers::default);
    let found = handlers.asynchronous.borrow_mut().remove(&cx.thread_id.get());
    if !handlers.asynchronous.borrow().is_empty() {
        vm.shared_heap().safepoint().request(bits::ASYNC_EXCEPTION);
        cx.yield_turn();
    }
    let Some(i) = found else { return Ok(()) };
    let exception = vm.extension(|| AsyncExceptions(vm.root_vec())).0.get(i);
    let exception = match exception.cast::<Class>() {
        Some(class) => call(cx, class.value(), &[])?,
        None => exception,
    };
    Err(raise_object(cx, exception))
}

/// Run finalisers and weak-reference callbacks of objects that the last collections found dead. Their exceptions go to
/// `sys.unraisablehook`.
pub fn run_pending(cx: &mut Cx) {
    while let Some(pending) = cx.vm().lifetimes.take_pending() {
        run_one_pending(cx, pending);
    }
}

/// Run one finaliser or callback.
pub fn run_one_pending(cx: &mut Cx, pending: Pending) {
    match pending {
        Pending::Finalize(object) => {
            let class = cx.class_of(object);
            if let Some(header) = object.header() {
                header.set_flag(object::header_flags::FINALIZED);
            }
            if let Some(finalize) = class.slots.finalize.get()
                && let Err(raised) = finalize(cx, object)
            {
                let exception = cx.take_raised(raised);
                let method = cx.lookup_class(class, cx.names().__del__).unwrap_or(object);
                write_unraisable_of(cx, exception, "Exception ignored while calling deallocator", method);
            }
        }
        Pending::Callback(reference) => {
            let callback = reference.callback.get();
            reference.callback.clear();
            if let Err(raised) = call(cx, callback, &[reference.value()]) {
                let exception = cx.take_raised(raised);
                write_unraisable_of(cx, exception, "Exception ignored while calling weakref callback", callback);
            }
        }
    }
}

/// Report an exception that cannot be raised; the message ends in the `repr` of `object`.
pub fn write_unraisable_of(cx: &mut Cx, exception: Value, message: &str, object: Value) {
    let shown = match repr_of(cx, object) {
        Ok(text) => text.to_string(),
        Err(raised) => {
            cx.take_raised(raised);
            "<object repr() failed>".to_owned()
        }
    };
    write_unraisable(cx, exception, &format!("{message} {shown}"), Value::UNBOUND);
}

/// Report an exception that cannot be raised, through `sys.unraisablehook`.
pub fn write_unraisable(cx: &mut Cx, exception: Value, message: &str, object: Value) {
    let hook = crate::import::sys_attr(cx, "unraisablehook");
    let Some(hook) = hook.filter(|h| !h.is_none()) else { return };
    let shape = cx.heap.shapes().simple_namespace;
    let arguments = cx.heap.namespace(shape);
    let class = cx.class_of(exception);
    let traceback = exception.cast::<Exception>().and_then(|e| e.traceback.get().bound()).unwrap_or(Value::NONE);
    let message = cx.heap.str(message);
    let object = if object.is_bound() { object } else { Value::NONE };
    let fields = [
        ("exc_type", class.value()),
        ("exc_value", exception),
        ("exc_traceback", traceback),
        ("err_msg", message),
        ("object", object),
    ];
    for (name, value) in fields {
        let name = cx.heap.intern(name);
        if let Some(attributes) = object::Attributes::of(arguments.value())
            && attributes.set(&mut cx.heap, name, value).is_err()
        {
            return;
        }
    }
    if let Err(raised) = call(cx, hook, &[arguments.value()]) {
        cx.take_raised(raised);
    }
}
