//! The module `sys`.
//!
//! Constants are in [`info`]; what `start` decides from the command line is applied by [`info::apply_config`].

pub mod hooks;
pub mod info;
mod jit;
mod monitoring;
mod names;

use macros::native_module;
use runtime::native::set_module_attr;
use runtime::native::structseq::new_structseq;
use runtime::prelude::*;
use std::cell::Cell;

/// Python-visible state of `sys` that is not an attribute.
#[derive(Default)]
struct State {
    finalizing: Cell<bool>,
    max_str_digits: Cell<Option<i64>>,
    dlopen_flags: Cell<i64>,
}

/// The interpreter goes down: `sys.is_finalizing()` answers so.
pub fn set_finalizing(cx: &Cx) {
    cx.vm().extension(State::default).finalizing.set(true);
}

/// The digits limit of conversions between `int` and text; 0 = none.
pub fn max_str_digits(cx: &Cx) -> i64 {
    cx.vm().extension(State::default).max_str_digits.get().unwrap_or(4300)
}

/// Frame `depth` levels up from the innermost one.
fn frame_at(cx: &mut Cx, depth: i64) -> PyResult<FrameRef> {
    let mut frame = cx.frame();
    for _ in 0..depth.max(0) {
        frame = frame.and_then(|f| f.previous.get());
    }
    frame.ok_or_else(|| value_error(cx, "call stack is not deep enough"))
}

#[native_module(
    name = "sys",
    doc = "This module provides access to some objects used or maintained by the\ninterpreter and to functions that \
           interact strongly with the interpreter."
)]
pub mod module {
    use super::*;

    /// Adds a new audit hook callback.
    #[function("addaudithook(hook)")]
    fn addaudithook(cx: &mut Cx, hook: Value) -> PyResult<()> {
        hooks::add_audit_hook(cx, hook)
    }

    /// audit(event, *args)
    ///
    /// Passes the event to any hooks that are attached.
    #[function(raw, "audit(event, /, *args)", text_signature = false)]
    fn audit(cx: &mut Cx, args: Args<'_>) -> PyResult<()> {
        let Some((&event, rest)) = args.positional().split_first() else {
            return Err(type_error(cx, "audit() missing 1 required positional argument: 'event'"));
        };
        let Some(event) = event.downcast::<Str>() else {
            let name = type_name(cx, event);
            return Err(type_error(cx, format!("expected str for argument 'event', not {name}")));
        };
        hooks::audit(cx, event, rest)
    }

    /// breakpointhook(*args, **kws)
    ///
    /// This hook function is called by built-in breakpoint().
    #[function(raw, "breakpointhook(*args, **kwargs)", text_signature = false)]
    fn breakpointhook(cx: &mut Cx, args: Args<'_>) -> PyResult {
        hooks::breakpoint(cx, args)
    }

    /// Call func(*args), while tracing is enabled.
    ///
    /// The tracing state is saved, and restored afterwards.  This is intended
    /// to be called from a debugger from a checkpoint, to recursively debug
    /// some other code.
    #[function("call_tracing(func, args, /)")]
    fn call_tracing(cx: &mut Cx, func: Value, args: Gc<Tuple>) -> PyResult {
        call(cx, func, args.as_slice())
    }

    /// Clear all internal performance-related caches.
    #[function("_clear_internal_caches()")]
    fn _clear_internal_caches(cx: &mut Cx) -> PyResult<()> {
        cx.vm().method_cache.borrow_mut().fill((0, 0, 0));
        cx.vm().attribute_cache.clear();
        Ok(())
    }

    /// Private function for clearing certain descriptors from a type's dictionary.
    ///
    /// See gh-135228 for context.
    #[function("_clear_type_descriptors(type, /)")]
    fn _clear_type_descriptors(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        if class.has_flag(object::class::flags::IMMUTABLE) {
            return Err(type_error(cx, "argument is immutable"));
        }
        let Some(dict) = class.dict.get() else { return Ok(()) };
        for name in [cx.names().__dict__, cx.names().__weakref__] {
            if dict.remove_str(name).is_some() {
                runtime::typing::class_modified(cx, class, Some(name));
            }
        }
        Ok(())
    }

    /// Clear the internal type lookup cache.
    #[function("_clear_type_cache()")]
    fn _clear_type_cache(cx: &mut Cx) -> PyResult<()> {
        cx.vm().method_cache.borrow_mut().fill((0, 0, 0));
        cx.vm().attribute_cache.clear();
        Ok(())
    }

    /// Return a dict mapping each thread's thread id to its current exception.
    ///
    /// This function should be used for specialized purposes only.
    #[function("_current_exceptions()")]
    fn _current_exceptions(cx: &mut Cx) -> PyResult {
        let dict = Dict::new(&mut cx.heap);
        let key = Int::from_len(cx.thread_id.get() as usize).value();
        let exception = cx.current_handled().map_or(Value::NONE, Gc::value);
        runtime::dict::set(cx, dict, key, exception)?;
        Ok(dict.value())
    }

    /// Return a dict mapping each thread's thread id to its current stack frame.
    ///
    /// This function should be used for specialized purposes only.
    #[function("_current_frames()")]
    fn _current_frames(cx: &mut Cx) -> PyResult {
        let dict = Dict::new(&mut cx.heap);
        for (id, frame) in cx.vm().thread_frames() {
            let Some(frame) = frame else { continue };
            let frame = object::frame::frame_object(cx, frame).value();
            runtime::dict::set(cx, dict, Int::from_len(id as usize).value(), frame)?;
        }
        Ok(dict.value())
    }

    /// Print an object to sys.stdout and also save it in builtins._
    #[function("displayhook(object, /)")]
    fn displayhook(cx: &mut Cx, object: Value) -> PyResult<()> {
        hooks::display(cx, object)
    }

    /// Handle an exception by displaying it with a traceback on sys.stderr.
    #[function("excepthook(exctype, value, traceback, /)")]
    fn excepthook(cx: &mut Cx, exctype: Value, value: Value, traceback: Value) -> PyResult<()> {
        let _ = exctype;
        hooks::except(cx, value, traceback)
    }

    /// Handle an unraisable exception.
    ///
    /// The unraisable argument has the following attributes:
    ///
    /// * exc_type: Exception type.
    /// * exc_value: Exception value, can be None.
    /// * exc_traceback: Exception traceback, can be None.
    /// * err_msg: Error message, can be None.
    /// * object: Object causing the exception, can be None.
    #[function("unraisablehook(unraisable, /)")]
    fn unraisablehook(cx: &mut Cx, unraisable: Value) -> PyResult<()> {
        hooks::unraisable(cx, unraisable)
    }

    /// Return the current exception.
    ///
    /// Return the most recent exception caught by an except clause
    /// in the current stack frame or in an older stack frame, or None
    /// if no such clause exists.
    #[function("exception()")]
    fn exception(cx: &mut Cx) -> Value {
        cx.current_handled().map_or(Value::NONE, Gc::value)
    }

    /// Return current exception information: (type, value, traceback).
    ///
    /// Return information about the most recent exception caught by an except
    /// clause in the current stack frame or in an older stack frame.
    #[function("exc_info()")]
    fn exc_info(cx: &mut Cx) -> Gc<Tuple> {
        match cx.current_handled() {
            Some(exception) => {
                let class = cx.class_of(exception.value()).value();
                let traceback = exception.traceback.get().bound().unwrap_or(Value::NONE);
                cx.heap.tuple(&[class, exception.value(), traceback])
            }
            None => cx.heap.tuple(&[Value::NONE; 3]),
        }
    }

    /// Exit the interpreter by raising SystemExit(status).
    ///
    /// If the status is omitted or None, it defaults to zero (i.e., success).
    /// If the status is an integer, it will be used as the system exit status.
    /// If it is another kind of object, it will be printed and the system
    /// exit status will be one (i.e., failure).
    #[function("exit(status=None, /)")]
    fn exit(cx: &mut Cx, status: Value) -> PyResult<()> {
        let class = cx.types().SystemExit;
        let args: &[Value] = if status.is_none() { &[] } else { &[status] };
        let items = status.cast::<Tuple>().filter(|_| cx.class_of(status) == cx.types().tuple);
        let args = items.as_ref().map_or(args, |items| items.as_slice());
        let exception = call(cx, class.value(), args)?;
        Err(raise_object(cx, exception))
    }

    /// Return the installed asynchronous generators hooks.
    ///
    /// This returns a namedtuple of the form (firstiter, finalizer).
    #[function("get_asyncgen_hooks()")]
    fn get_asyncgen_hooks(cx: &mut Cx) -> PyResult {
        let hook = |v: Value| v.bound().unwrap_or(Value::NONE);
        let values = [hook(cx.async_gen_firstiter.get()), hook(cx.async_gen_finalizer.get())];
        new_structseq(cx, &info::ASYNCGEN_HOOKS, &values)
    }

    /// set_asyncgen_hooks([firstiter] [, finalizer])
    ///
    /// Set a finalizer for async generators objects.
    #[function("set_asyncgen_hooks(firstiter=<unrepresentable>, finalizer=<unrepresentable>)", text_signature = false)]
    fn set_asyncgen_hooks(cx: &mut Cx, firstiter: Option<Value>, finalizer: Option<Value>) -> PyResult<()> {
        for (what, value) in [("finalizer", finalizer), ("firstiter", firstiter)] {
            if let Some(value) = value
                && !value.is_none()
                && !runtime::functions::is_callable(cx, value)
            {
                let name = type_name(cx, value);
                return Err(type_error(cx, format!("callable {what} expected, got {name}")));
            }
        }
        let set = |cell: &Cell<Value>, value: Option<Value>| {
            if let Some(value) = value {
                cell.set(if value.is_none() { Value::UNBOUND } else { value });
            }
        };
        set(&cx.async_gen_finalizer, finalizer);
        set(&cx.async_gen_firstiter, firstiter);
        Ok(())
    }

    /// Check status of origin tracking for coroutine objects in this thread.
    #[function("get_coroutine_origin_tracking_depth()")]
    fn get_coroutine_origin_tracking_depth(cx: &mut Cx) -> i64 {
        cx.origin_depth.get()
    }

    /// Enable or disable origin tracking for coroutine objects in this thread.
    ///
    /// Coroutine objects will track 'depth' frames of traceback information
    /// about where they came from, available in their cr_origin attribute.
    ///
    /// Set a depth of 0 to disable.
    #[function("set_coroutine_origin_tracking_depth(depth)")]
    fn set_coroutine_origin_tracking_depth(cx: &mut Cx, depth: i32) -> PyResult<()> {
        if depth < 0 {
            return Err(value_error(cx, "depth must be >= 0"));
        }
        cx.origin_depth.set(depth.into());
        Ok(())
    }

    /// Return the number of memory blocks currently allocated.
    #[function("getallocatedblocks()")]
    fn getallocatedblocks(cx: &mut Cx) -> usize {
        cx.heap.raw.bytes_in_use() / 64
    }

    /// Return the number of elements of the unicode interned dictionary.
    #[function("getunicodeinternedsize(*, _only_immortal=False)")]
    fn getunicodeinternedsize(cx: &mut Cx, _only_immortal: bool) -> usize {
        cx.vm().n_interned()
    }

    /// Return the current default encoding used by the Unicode implementation.
    #[function("getdefaultencoding()")]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
    }

    /// Return the encoding used to convert Unicode filenames to OS filenames.
    #[function("getfilesystemencoding()")]
    fn getfilesystemencoding() -> &'static str {
        "utf-8"
    }

    /// Return the error mode used for Unicode to OS filename conversion.
    #[function("getfilesystemencodeerrors()")]
    fn getfilesystemencodeerrors() -> &'static str {
        "surrogateescape"
    }

    /// Return the current value of the flags that are used for dlopen calls.
    ///
    /// The flag constants are defined in the os module.
    #[function("getdlopenflags()")]
    fn getdlopenflags(cx: &mut Cx) -> i64 {
        let flags = cx.vm().extension(State::default).dlopen_flags.get();
        if flags == 0 { libc::RTLD_NOW.into() } else { flags }
    }

    /// Set the flags used by the interpreter for dlopen calls.
    #[function("setdlopenflags(flags, /)")]
    fn setdlopenflags(cx: &mut Cx, flags: i32) {
        cx.vm().extension(State::default).dlopen_flags.set(flags.into());
    }

    /// Return a frame object from the call stack.
    ///
    /// If optional integer depth is given, return the frame object that many
    /// calls below the top of the stack.  If that is deeper than the call
    /// stack, ValueError is raised.  The default for depth is zero, returning
    /// the frame at the top of the call stack.
    ///
    /// This function should be used for internal and specialized purposes
    /// only.
    #[function("_getframe(depth=0, /)")]
    fn _getframe(cx: &mut Cx, depth: i32) -> PyResult {
        let frame = frame_at(cx, depth.into())?;
        Ok(object::frame::frame_object(cx, frame).value())
    }

    /// Return the name of the module for a calling frame.
    ///
    /// The default depth returns the module containing the call to this API.
    /// A more typical use in a library will pass a depth of 1 to get the user's
    /// module rather than the library module.
    ///
    /// If no frame, module, or name can be found, returns None.
    #[function("_getframemodulename(depth=0)")]
    fn _getframemodulename(cx: &mut Cx, depth: i32) -> PyResult {
        let Ok(frame) = frame_at(cx, depth.into()) else {
            if let Some(raised) = cx.pending() {
                cx.take_raised(raised);
            }
            return Ok(Value::NONE);
        };
        if let Some(function) = frame.function.get().cast::<Function>() {
            return Ok(function.module.get().bound().unwrap_or(Value::NONE));
        }
        Ok(frame.globals.get().get_str(cx.names().__name__).unwrap_or(Value::NONE))
    }

    /// Return the maximum string digits limit for non-binary int<->str conversions.
    #[function("get_int_max_str_digits()")]
    fn get_int_max_str_digits(cx: &mut Cx) -> i64 {
        max_str_digits(cx)
    }

    /// Set the maximum string digits limit for non-binary int<->str conversions.
    #[function("set_int_max_str_digits(maxdigits)")]
    fn set_int_max_str_digits(cx: &mut Cx, maxdigits: i32) -> PyResult<()> {
        if maxdigits != 0 && maxdigits < 640 {
            return Err(value_error(cx, "maxdigits must be >= 640 or 0 for unlimited"));
        }
        cx.vm().extension(State::default).max_str_digits.set(Some(maxdigits.into()));
        runtime::number::int_text::set_max_str_digits(cx, maxdigits as u32);
        Ok(())
    }

    /// Return the profiling function set with sys.setprofile.
    ///
    /// See the profiler chapter in the library manual.
    #[function("getprofile()")]
    fn getprofile(cx: &mut Cx) -> Value {
        cx.profile_function.get().bound().unwrap_or(Value::NONE)
    }

    /// Set the profiling function.
    ///
    /// It will be called on each function call and return.  See the profiler
    /// chapter in the library manual.
    #[function("setprofile(function, /)")]
    fn setprofile(cx: &mut Cx, function: Value) {
        runtime::tracing::set_profile(cx, if function.is_none() { Value::UNBOUND } else { function });
    }

    /// Return the global debug tracing function set with sys.settrace.
    ///
    /// See the debugger chapter in the library manual.
    #[function("gettrace()")]
    fn gettrace(cx: &mut Cx) -> Value {
        cx.trace_function.get().bound().unwrap_or(Value::NONE)
    }

    /// Set the global debug tracing function.
    ///
    /// It will be called on each function call.  See the debugger chapter
    /// in the library manual.
    #[function("settrace(function, /)")]
    fn settrace(cx: &mut Cx, function: Value) {
        runtime::tracing::set_trace(cx, if function.is_none() { Value::UNBOUND } else { function });
    }

    /// Return the current value of the recursion limit.
    ///
    /// The recursion limit is the maximum depth of the Python interpreter
    /// stack.  This limit prevents infinite recursion from causing an overflow
    /// of the C stack and crashing Python.
    #[function("getrecursionlimit()")]
    fn getrecursionlimit(cx: &mut Cx) -> i64 {
        cx.recursion_limit()
    }

    /// Set the maximum depth of the Python interpreter stack to n.
    ///
    /// This limit prevents infinite recursion from causing an overflow of the C
    /// stack and crashing Python.  The highest possible limit is platform-
    /// dependent.
    #[function("setrecursionlimit(limit, /)")]
    fn setrecursionlimit(cx: &mut Cx, limit: i32) -> PyResult<()> {
        if limit < 1 {
            return Err(value_error(cx, "recursion limit must be greater or equal than 1"));
        }
        let depth = cx.depth();
        if depth >= limit.into() {
            return Err(recursion_error(
                cx,
                format!(
                    "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
                ),
            ));
        }
        cx.set_recursion_limit(limit.into());
        Ok(())
    }

    /// Return the reference count of object.
    ///
    /// The count returned is generally one higher than you might expect,
    /// because it includes the (temporary) reference as an argument to
    /// getrefcount().
    #[function("getrefcount(object, /)")]
    fn getrefcount(object: Value) -> i64 {
        // Objects are not counted here; what a caller can rely on is a number above one, and that immortal ones have
        // CPython's number.
        if object.is_heap() { 2 } else { 3_221_225_472 }
    }

    /// getsizeof(object [, default]) -> int
    ///
    /// Return the size of object in bytes.
    #[function("getsizeof(object, default=<unrepresentable>)", text_signature = false)]
    fn getsizeof(cx: &mut Cx, object: Value, default: Option<Value>) -> PyResult {
        let size = match call_special(cx, object, cx.names().__sizeof__, &[]) {
            Ok(size) => size,
            Err(raised) => {
                let Some(default) = default else { return Err(raised) };
                cx.catch(raised, cx.types().TypeError)?;
                return Ok(default);
            }
        };
        let size = match size {
            Some(size) => size,
            None => match default {
                Some(default) => return Ok(default),
                None => {
                    let name = type_name(cx, object);
                    return Err(type_error(cx, format!("Type {name} doesn't define __sizeof__")));
                }
            },
        };
        let n = runtime::number::as_i64(cx, size)?;
        if n < 0 {
            return Err(value_error(cx, "__sizeof__() should return >= 0"));
        }
        Ok(size)
    }

    /// Return the current thread switch interval; see sys.setswitchinterval().
    #[function("getswitchinterval()")]
    fn getswitchinterval(cx: &mut Cx) -> f64 {
        cx.vm().turn.interval_micros() as f64 / 1e6
    }

    /// Set the ideal thread switching delay inside the Python interpreter.
    ///
    /// The actual frequency of switching threads can be lower if the
    /// interpreter executes long sequences of uninterruptible code
    /// (this is implementation-specific and workload-dependent).
    ///
    /// The parameter must represent the desired switching delay in seconds
    /// A typical value is 0.005 (5 milliseconds).
    #[function("setswitchinterval(interval, /)")]
    fn setswitchinterval(cx: &mut Cx, interval: f64) -> PyResult<()> {
        if interval.is_nan() || interval <= 0.0 {
            return Err(value_error(cx, "switch interval must be strictly positive"));
        }
        cx.vm().turn.set_interval_micros((interval * 1e6) as u64);
        Ok(())
    }

    /// ``Intern'' the given string.
    ///
    /// This enters the string in the (global) table of interned strings whose
    /// purpose is to speed up dictionary lookups. Return the string itself or
    /// the previously interned string object with the same value.
    #[function("intern(string, /)")]
    fn intern(cx: &mut Cx, string: Value) -> PyResult {
        match string.cast::<Str>() {
            Some(text) => Ok(cx.heap.intern_str(text).value()),
            None => {
                let name = type_name(cx, string);
                Err(if string.downcast::<Str>().is_some() {
                    type_error(cx, format!("can't intern {name}"))
                } else {
                    type_error(cx, format!("intern() argument must be str, not {name}"))
                })
            }
        }
    }

    /// Return True if the given string is "interned".
    #[function("_is_interned(string, /)")]
    fn _is_interned(string: Gc<Str>) -> bool {
        string.is_interned()
    }

    /// Return True if the given object is "immortal" per PEP 683.
    #[function("_is_immortal(op, /)")]
    fn _is_immortal(op: Value) -> bool {
        !op.is_heap()
    }

    /// Return True if Python is exiting.
    #[function("is_finalizing()")]
    fn is_finalizing(cx: &mut Cx) -> bool {
        cx.vm().extension(State::default).finalizing.get()
    }

    /// Private function for getting PyConfig.cpu_count
    #[function("_get_cpu_count_config()")]
    fn _get_cpu_count_config() -> i64 {
        std::env::var("PYTHON_CPU_COUNT").ok().and_then(|n| n.parse().ok()).unwrap_or(-1)
    }

    /// Return True if the GIL is currently enabled and False if it is disabled.
    #[function("_is_gil_enabled()")]
    fn _is_gil_enabled() -> bool {
        true
    }

    /// Return *True* if a stack profiler trampoline is active.
    #[function("is_stack_trampoline_active()")]
    fn is_stack_trampoline_active() -> bool {
        false
    }

    /// Return True if remote debugging is enabled, False otherwise.
    #[function("is_remote_debug_enabled()")]
    fn is_remote_debug_enabled() -> bool {
        false
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let jit = runtime::native::module_from_spec(cx, &super::jit::module::SPEC)?;
        set_module_attr(cx, module, "_jit", jit)?;
        let monitoring = runtime::native::module_from_spec(cx, &super::monitoring::module::SPEC)?;
        set_module_attr(cx, module, "monitoring", monitoring)?;
        cx.vm().sys_module.set(module.value());
        let modules = Dict::new(&mut cx.heap);
        cx.vm().modules.set(modules.value());
        set_module_attr(cx, module, "modules", modules)?;
        for name in ["meta_path", "path_hooks", "path", "argv", "orig_argv", "warnoptions"] {
            let list = List::empty(&mut cx.heap);
            set_module_attr(cx, module, name, list)?;
        }
        for name in ["path_importer_cache", "_xoptions"] {
            let dict = Dict::new(&mut cx.heap);
            set_module_attr(cx, module, name, dict)?;
        }
        for name in ["displayhook", "excepthook", "breakpointhook", "unraisablehook"] {
            let original = format!("__{name}__");
            let name = cx.heap.intern(name);
            let hook = module.dict.get().and_then(|d| d.get_str(name)).unwrap_or(Value::NONE);
            set_module_attr(cx, module, &original, hook)?;
        }
        names::add(cx, module)?;
        let natives = runtime::import::native_module_names(cx);
        let list = List::empty(&mut cx.heap);
        let mut natives: Vec<&str> = natives.into_iter().chain(["builtins", "sys"]).collect();
        natives.sort_unstable();
        natives.dedup();
        for name in natives {
            let name = cx.heap.intern(name);
            list.push(&mut cx.heap, name.value()).or_raise(cx)?;
        }
        let natives = to_tuple(cx, list.value())?;
        set_module_attr(cx, module, "builtin_module_names", natives)?;
        info::add_constants(cx, module)
    }
}
