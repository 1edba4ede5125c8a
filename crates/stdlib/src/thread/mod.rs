//! `_thread`: real threads that take turns ([`object::thread`]), locks, thread-local data.

mod handle;
mod local;
mod lock;

pub use handle::{after_fork_child, is_running};
pub use lock::MAX_TIMEOUT;

use handle::{Handle, threads};
use runtime::native::structseq::{Field, StructSeq, structseq_class};
use runtime::prelude::*;
use std::ffi::CString;

static EXCEPT_HOOK_ARGS: StructSeq = StructSeq::new(
    "_thread",
    "_ExceptHookArgs",
    "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
    &[
        Field::new("exc_type", "Exception type"),
        Field::new("exc_value", "Exception value"),
        Field::new("exc_traceback", "Exception traceback"),
        Field::new("thread", "Thread"),
    ],
    4,
);

/// Smallest stack that a thread may be given.
const MIN_STACK: isize = 53248;

/// Print an exception that ended a thread to `sys.stderr`, or to the one the thread was made with.
fn report(cx: &mut Cx, args: Gc<Tuple>) -> PyResult<()> {
    let (class, exception, thread) = (args.get(0), args.get(1), args.get(3));
    if class.is(cx.types().SystemExit.value()) {
        return Ok(());
    }
    let mut file = runtime::import::sys_attr(cx, "stderr").unwrap_or(Value::NONE);
    if file.is_none() && !thread.is_none() {
        let name = cx.heap.intern("_stderr");
        file = get_attr_opt(cx, thread, name)?.unwrap_or(Value::NONE);
    }
    if file.is_none() {
        return Ok(());
    }
    let name = if thread.is_none() {
        None
    } else {
        let key = cx.heap.intern("name");
        get_attr_opt(cx, thread, key)?
    };
    let name = match name {
        Some(name) => match str_of(cx, name) {
            Ok(name) => name.to_string(),
            Err(raised) => {
                cx.take_raised(raised);
                "<failed to get thread name>".to_owned()
            }
        },
        None => cx.thread_id.get().to_string(),
    };
    let mut text = format!("Exception in thread {name}:\n");
    match exception.cast::<Exception>() {
        Some(exception) => text.push_str(&runtime::exceptions::display::format_exception(cx, exception)?),
        None => text.push_str("<no exception>\n"),
    }
    let text = cx.heap.str(&text);
    let write = cx.heap.intern("write");
    call_method(cx, file, write, &[text])?;
    let flush = cx.heap.intern("flush");
    if let Err(raised) = call_method(cx, file, flush, &[]) {
        cx.take_raised(raised);
    }
    Ok(())
}

fn start_new(cx: &mut Cx, function: Value, args: Value, kwargs: Option<Value>) -> PyResult<u64> {
    if !runtime::functions::is_callable(cx, function) {
        return Err(type_error(cx, "first arg must be callable"));
    }
    let Some(args) = args.downcast::<Tuple>() else { return Err(type_error(cx, "2nd arg must be a tuple")) };
    if kwargs.is_some_and(|kwargs| !kwargs.is_a::<Dict>()) {
        return Err(type_error(cx, "optional 3rd arg must be a dictionary"));
    }
    let handle = handle::new_handle(cx, None)?;
    handle::start(cx, function, args, kwargs.unwrap_or(Value::NONE), handle, true)?;
    let ident = cx.heap.intern("ident");
    let ident = get_attr(cx, handle.value(), ident)?;
    Ok(runtime::number::as_i64(cx, ident)? as u64)
}

#[native_module(
    name = "_thread",
    doc = "This module provides primitive operations to write multi-threaded programs.\n\
           The 'threading' module provides a more convenient interface."
)]
pub mod module {
    use super::*;

    /// Start a new thread and return its identifier.
    ///
    /// The thread will call the function with positional arguments from the
    /// tuple args and keyword arguments taken from the optional dictionary
    /// kwargs.  The thread exits when the function returns; the return value
    /// is ignored.  The thread will also exit when the function raises an
    /// unhandled exception; a stack trace will be printed unless the exception
    /// is SystemExit.
    #[function("start_new_thread(function, args, kwargs=<unrepresentable>, /)")]
    fn start_new_thread(cx: &mut Cx, function: Value, args: Value, kwargs: Option<Value>) -> PyResult<u64> {
        start_new(cx, function, args, kwargs)
    }

    /// An obsolete synonym of start_new_thread().
    #[function("start_new(function, args, kwargs=<unrepresentable>, /)")]
    fn start_new_synonym(cx: &mut Cx, function: Value, args: Value, kwargs: Option<Value>) -> PyResult<u64> {
        start_new(cx, function, args, kwargs)
    }

    /// *For internal use only*: start a new thread.
    ///
    /// Like start_new_thread(), this starts a new thread calling the given function.
    /// Unlike start_new_thread(), this returns a handle object with methods to join
    /// or detach the given thread.
    /// This function is not for third-party code, please use the
    /// `threading` module instead. During finalization the runtime will not wait for
    /// the thread to exit if daemon is True. If handle is provided it must be a
    /// newly created thread._ThreadHandle instance.
    #[function("start_joinable_thread(function, handle=None, daemon=True)")]
    fn start_joinable_thread(cx: &mut Cx, function: Value, handle: Value, daemon: bool) -> PyResult {
        if !runtime::functions::is_callable(cx, function) {
            return Err(type_error(cx, "thread function must be callable"));
        }
        let handle = if handle.is_none() {
            handle::new_handle(cx, None)?
        } else {
            match handle.cast::<Native<Handle>>() {
                Some(handle) => handle,
                None => return Err(type_error(cx, "'handle' must be a _ThreadHandle")),
            }
        };
        let args = cx.vm().empty_tuple();
        handle::start(cx, function, args, Value::NONE, handle, daemon)?;
        Ok(handle.value())
    }

    /// Return True if daemon threads are allowed in the current interpreter,
    /// and False otherwise.
    #[function("daemon_threads_allowed()")]
    fn daemon_threads_allowed(_: &mut Cx) -> bool {
        true
    }

    /// Create a new lock object. See help(type(threading.Lock())) for
    /// information about locks.
    #[function("allocate_lock()")]
    fn allocate_lock(cx: &mut Cx) -> PyResult {
        lock::new_lock(cx)
    }

    /// An obsolete synonym of allocate_lock().
    #[function("allocate()")]
    fn allocate(cx: &mut Cx) -> PyResult {
        lock::new_lock(cx)
    }

    /// This is synonymous to ``raise SystemExit''.  It will cause the current
    /// thread to exit silently unless the exception is caught.
    #[function("exit()")]
    fn exit(cx: &mut Cx) -> PyResult<()> {
        let class = cx.types().SystemExit.value();
        let exception = call(cx, class, &[])?;
        Err(raise_object(cx, exception))
    }

    /// An obsolete synonym of exit().
    #[function("exit_thread()")]
    fn exit_thread(cx: &mut Cx) -> PyResult<()> {
        exit(cx)
    }

    /// Simulate the arrival of the given signal in the main thread,
    /// where the corresponding signal handler will be executed.
    /// If *signum* is omitted, SIGINT is assumed.
    /// A subthread can use this function to interrupt the main thread.
    ///
    /// Note: the default signal handler for SIGINT raises ``KeyboardInterrupt``.
    #[function("interrupt_main(signum=2, /)")]
    fn interrupt_main(cx: &mut Cx, signum: i32) -> PyResult<()> {
        crate::signal::simulate(cx, signum)?;
        crate::signal::check_signals(cx)
    }

    /// Return a non-zero integer that uniquely identifies the current thread
    /// amongst other threads that exist simultaneously.
    ///
    /// This may be used to identify per-thread resources.  Even though on
    /// some platforms threads identities may appear to be allocated
    /// consecutive numbers starting at 1, this behavior should not be relied
    /// upon, and the number should be seen purely as a magic cookie.
    /// A thread's identity may be reused for another thread after it exits.
    #[function("get_ident()")]
    fn get_ident(cx: &mut Cx) -> u64 {
        cx.thread_id.get()
    }

    /// Return a non-negative integer identifying the thread as reported
    /// by the OS (kernel). This may be used to uniquely identify a
    /// particular thread within a system.
    #[function("get_native_id()")]
    fn get_native_id(_: &mut Cx) -> i32 {
        nix::unistd::gettid().as_raw()
    }

    /// Return the number of currently running Python threads, excluding
    /// the main thread. The returned number comprises all threads created
    /// through `start_new_thread()` as well as `threading.Thread`, and not
    /// yet finished.
    ///
    /// This function is meant for internal and specialized purposes only.
    /// In most applications `threading.enumerate()` should be used instead.
    #[function("_count()")]
    fn count(cx: &mut Cx) -> usize {
        threads(cx).count()
    }

    /// Return the thread stack size used when creating new threads.  The
    /// optional size argument specifies the stack size (in bytes) to be used
    /// for subsequent new threads.  The size must be 0 (use platform or
    /// configured default) or a positive integer value of at least 32,768 (32k).
    #[function("stack_size(size=0, /)")]
    fn stack_size(cx: &mut Cx, size: isize) -> PyResult<usize> {
        if size != 0 && size < MIN_STACK {
            return Err(value_error(cx, format_args!("size must be at least {MIN_STACK} bytes")));
        }
        Ok(threads(cx).stack_size.replace(size as usize))
    }

    /// Handle uncaught Thread.run() exception.
    #[function("_excepthook(args, /)")]
    fn excepthook(cx: &mut Cx, args: Value) -> PyResult<()> {
        let class = structseq_class(cx, &EXCEPT_HOOK_ARGS)?;
        match args.downcast::<Tuple>() {
            Some(args_tuple) if cx.class_of(args) == class => report(cx, args_tuple),
            _ => Err(type_error(cx, "_thread.excepthook argument type must be ExceptHookArgs")),
        }
    }

    /// Return True if the current interpreter is the main Python interpreter.
    #[function("_is_main_interpreter()")]
    fn is_main_interpreter(_: &mut Cx) -> bool {
        true
    }

    /// Wait for all non-daemon threads (other than the calling thread) to stop.
    #[function("_shutdown()")]
    fn shutdown(cx: &mut Cx) {
        handle::shutdown(cx);
    }

    /// Internal only. Make a thread handle for threads not spawned
    /// by the _thread or threading module.
    #[function("_make_thread_handle(ident, /)")]
    fn make_thread_handle(cx: &mut Cx, ident: u64) -> PyResult {
        Ok(handle::new_handle(cx, Some(ident))?.value())
    }

    /// Internal only. Return a non-zero integer that uniquely identifies the main thread
    /// of the main interpreter.
    #[function("_get_main_thread_ident()")]
    fn get_main_thread_ident(cx: &mut Cx) -> u64 {
        threads(cx).main_ident()
    }

    /// Set the name of the current thread.
    #[function("set_name(name)")]
    fn set_name(cx: &mut Cx, name: Gc<Str>) -> PyResult<()> {
        let mut bytes = runtime::codec::encode_filename(cx, name)?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        bytes.truncate(end.min(object::system::THREAD_NAME_MAX));
        let name = CString::new(bytes).expect("the name ends before its first null byte");
        object::system::set_thread_name(&name).map_err(|errno| os_error(cx, errno, None))
    }

    /// Get the name of the current thread.
    #[function("_get_name()")]
    fn get_name(cx: &mut Cx) -> PyResult<Gc<Str>> {
        match object::system::thread_name() {
            Ok(name) => runtime::codec::decode_filename(cx, &name),
            Err(errno) => Err(os_error(cx, errno, None)),
        }
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        threads(cx);
        let lock = add_class(cx, module, &lock::lock_class::SPEC)?;
        set_module_attr(cx, module, "LockType", lock)?;
        add_class(cx, module, &lock::rlock::SPEC)?;
        add_class(cx, module, &handle::class::SPEC)?;
        add_class(cx, module, &local::class::SPEC)?;
        let args = structseq_class(cx, &EXCEPT_HOOK_ARGS)?;
        set_module_attr(cx, module, "_ExceptHookArgs", args)?;
        let error = cx.types().RuntimeError;
        set_module_attr(cx, module, "error", error)?;
        let max = cx.heap.float((lock::MAX_TIMEOUT / crate::clock::NANOS) as f64);
        set_module_attr(cx, module, "TIMEOUT_MAX", max)?;
        set_module_attr(cx, module, "_NAME_MAXLEN", Int::from_len(object::system::THREAD_NAME_MAX).value())
    }
}
