//! The module `sys`.
//!
//! Constants are in [`info`]; what `start` decides from the command line is applied by [`info::apply_config`].

pub mod hooks;
pub mod info;
mod jit;
mod monitoring;
mod names;

use crate::structseq::make;
use macros::native_module;
use runtime::native::set_module_attr;
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
        Ok(())
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
        let monitoring = runtime::native::module_from_spec(cx, &monitoring::module::SPEC)?;
        set_module_attr(cx, module, "monitoring", monitoring)?;
        let natives = runtime::import::native_module_names(cx);
        let list = List::empty(&mut cx.heap);
        let mut natives: Vec<&str> = natives.into_iter().chain(["builtins"]).collect();
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
