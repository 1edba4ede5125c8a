//! Threads that are running or have run: `_thread._ThreadHandle`, and starting them.

use super::lock::MAX_TIMEOUT;
use crate::clock::{Deadline, Round, nanoseconds};
use crate::signal::check_signals;
use object::system::{Waited, wait_on_word, wake_word};
use runtime::prelude::*;
use runtime::safepoint::write_unraisable;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    NotStarted,
    Starting,
    Running,
    Done,
}

/// What a thread and those who wait for it share.
#[derive(Default)]
pub struct State {
    ident: AtomicU64,
    /// 0 not started, 1 starting, 2 running, 3 done.
    stage: AtomicU32,
    daemon: std::sync::atomic::AtomicBool,
}

impl State {
    fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Acquire) {
            0 => Stage::NotStarted,
            1 => Stage::Starting,
            2 => Stage::Running,
            _ => Stage::Done,
        }
    }

    fn set_stage(&self, stage: Stage) {
        self.stage.store(stage as u32, Ordering::Release);
        wake_word(&self.stage, i32::MAX as u32);
    }
}

/// All threads of the VM but the first.
#[derive(Default)]
pub struct Threads {
    running: RefCell<Vec<Arc<State>>>,
    pub stack_size: Cell<usize>,
    main_ident: Cell<u64>,
}

pub fn threads(cx: &Cx) -> Rc<Threads> {
    let threads = cx.vm().extension(Threads::default);
    if cx.is_main_thread.get() {
        threads.main_ident.set(cx.thread_id.get());
    }
    threads
}

impl Threads {
    pub fn count(&self) -> usize {
        self.running.borrow().len()
    }

    pub fn main_ident(&self) -> u64 {
        self.main_ident.get()
    }
}

#[derive(Trace)]
pub struct Handle {
    #[trace(skip)]
    state: Arc<State>,
}

impl NativeData for Handle {
    const NAME: &'static str = "_thread._ThreadHandle";
}

type This = Gc<Native<Handle>>;

pub fn new_handle(cx: &mut Cx, ident: Option<u64>) -> PyResult<This> {
    let class = class_of_spec(cx, &class::SPEC)?;
    let state = Arc::new(State::default());
    if let Some(ident) = ident {
        state.ident.store(ident, Ordering::Relaxed);
        state.set_stage(Stage::Running);
    }
    Ok(new_native(cx, class, Handle { state }))
}

/// Wait until the thread has ended; false when the time is over.
fn join(cx: &mut Cx, state: &State, deadline: Deadline) -> PyResult<bool> {
    match state.stage() {
        Stage::NotStarted => return Err(runtime_error(cx, "thread not started")),
        Stage::Running if state.ident.load(Ordering::Relaxed) == cx.thread_id.get() => {
            return Err(runtime_error(cx, "Cannot join current thread"));
        }
        _ => {}
    }
    loop {
        let stage = state.stage();
        if stage == Stage::Done {
            return Ok(true);
        }
        if deadline.is_over() {
            return Ok(false);
        }
        let remaining = deadline.remaining();
        if cx.blocking(|| wait_on_word(&state.stage, stage as u32, remaining)) == Waited::Interrupted {
            check_signals(cx)?;
        }
    }
}

/// Bytes of native stack for a thread when the program says nothing.
const DEFAULT_STACK: usize = 16 << 20;
/// A thread gets no less, whatever the program says: it could not even report that its stack is at its end.
const SMALLEST_STACK: usize = 1 << 20;

/// Start a thread that calls `function(*args, **kwargs)`; `kwargs` is a dict or None.
pub fn start(cx: &mut Cx, function: Value, args: Gc<Tuple>, kwargs: Value, handle: This, daemon: bool) -> PyResult<()> {
    if handle.state.stage() != Stage::NotStarted {
        return Err(runtime_error(cx, "thread already started"));
    }
    let threads = threads(cx);
    let state = handle.state.clone();
    state.daemon.store(daemon, Ordering::Relaxed);
    state.set_stage(Stage::Starting);
    let argument = cx.heap.tuple(&[handle.value(), function, args.value(), kwargs]);
    let size = match threads.stack_size.get() {
        0 => DEFAULT_STACK,
        size => size.max(SMALLEST_STACK),
    };
    threads.running.borrow_mut().push(state.clone());
    match cx.spawn(thread_main, argument.value(), size) {
        Ok(ident) => {
            state.ident.store(ident, Ordering::Relaxed);
            if state.stage() == Stage::Starting {
                state.set_stage(Stage::Running);
            }
            Ok(())
        }
        Err(_) => {
            threads.running.borrow_mut().retain(|other| !Arc::ptr_eq(other, &state));
            state.set_stage(Stage::NotStarted);
            Err(runtime_error(cx, "can't start new thread"))
        }
    }
}

fn thread_main(cx: &mut Cx, argument: Value) {
    let Some(parts) = argument.cast::<Tuple>() else { return };
    let Some(handle) = parts.get(0).cast::<Native<Handle>>() else { return };
    let state = handle.state.clone();
    state.ident.store(cx.thread_id.get(), Ordering::Relaxed);
    let function = parts.get(1);
    if let Err(raised) = call_with(cx, function, parts.get(2), parts.get(3)) {
        let exception = cx.take_raised(raised);
        let system_exit = cx.types().SystemExit;
        if !cx.is_instance(exception, system_exit) {
            let shown = repr_of(cx, function).map(|text| text.to_string()).unwrap_or_else(|raised| {
                cx.take_raised(raised);
                "<unprintable>".to_owned()
            });
            let message = format!("Exception ignored in thread started by {shown}");
            write_unraisable(cx, exception, &message, Value::NONE);
        }
    }
    super::local::thread_ends(cx);
    threads(cx).running.borrow_mut().retain(|other| !Arc::ptr_eq(other, &state));
    state.set_stage(Stage::Done);
}

fn call_with(cx: &mut Cx, function: Value, args: Value, kwargs: Value) -> PyResult {
    let args = args.cast::<Tuple>().unwrap_or_else(|| cx.vm().empty_tuple());
    runtime::call::with_keywords(cx, args, kwargs.cast::<Dict>(), |cx, args| call_args(cx, function, args))
}

/// Wait for all threads that are no daemons.
pub fn shutdown(cx: &mut Cx) {
    loop {
        let own = cx.thread_id.get();
        let is_next =
            |state: &&Arc<State>| !state.daemon.load(Ordering::Relaxed) && state.ident.load(Ordering::Relaxed) != own;
        let next = threads(cx).running.borrow().iter().find(is_next).cloned();
        let Some(state) = next else { return };
        if let Err(raised) = join(cx, &state, Deadline::Never) {
            let exception = cx.take_raised(raised);
            write_unraisable(
                cx,
                exception,
                "Exception ignored while joining a thread in _thread._shutdown()",
                Value::NONE,
            );
            return;
        }
    }
}

/// Whether `ident` is a thread of the VM.
pub fn is_running(cx: &Cx, ident: u64) -> bool {
    let threads = threads(cx);
    let running = threads.running.borrow();
    ident == threads.main_ident()
        || ident == cx.thread_id.get()
        || running.iter().any(|state| state.ident.load(Ordering::Relaxed) == ident)
}

/// In the child of a fork: all other threads are gone.
pub fn after_fork_child(cx: &mut Cx) {
    let own = cx.thread_id.get();
    let threads = threads(cx);
    let gone: Vec<Arc<State>> = threads.running.borrow_mut().drain(..).collect();
    for state in gone {
        if state.ident.load(Ordering::Relaxed) != own {
            state.set_stage(Stage::Done);
        }
    }
}

#[native_class(name = "_ThreadHandle", module = "_thread", layout = Native<Handle>, flags = HAVE_GC, doc = "")]
pub mod class {
    use super::*;

    #[slot(new, "_ThreadHandle()")]
    fn new(cx: &mut Cx, class: Gc<Class>) -> PyResult {
        Ok(new_native(cx, class, Handle { state: Arc::default() }).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> String {
        let (name, ident) = (type_name(cx, this.value()), this.state.ident.load(Ordering::Relaxed));
        format!("<{name} object: ident={ident}>")
    }

    #[getter]
    fn ident(_: &mut Cx, this: This) -> u64 {
        this.state.ident.load(Ordering::Relaxed)
    }

    /// Wait until the thread has ended, or for the timeout.
    #[method("join($self, timeout=None, /)", text_signature = false)]
    fn join(cx: &mut Cx, this: This, timeout: Value) -> PyResult<()> {
        let deadline = if timeout.is_none() {
            Deadline::Never
        } else {
            match nanoseconds(cx, timeout, Round::Up)? {
                nanos if nanos < 0 => Deadline::Never,
                nanos => Deadline::after(nanos.min(MAX_TIMEOUT)),
            }
        };
        let state = this.state.clone();
        super::join(cx, &state, deadline).map(|_| ())
    }

    /// Mark the thread as ended.
    #[method("_set_done($self, /)")]
    fn set_done(cx: &mut Cx, this: This) -> PyResult<()> {
        match this.state.stage() {
            Stage::NotStarted | Stage::Starting => Err(runtime_error(cx, "thread not started")),
            _ => {
                this.state.set_stage(Stage::Done);
                Ok(())
            }
        }
    }

    /// Whether the thread has ended.
    #[method("is_done($self, /)")]
    fn is_done(_: &mut Cx, this: This) -> bool {
        this.state.stage() == Stage::Done
    }
}
