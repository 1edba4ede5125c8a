//! The end of a program: threads, `atexit`, the standard streams, and the objects that are left.
//!
//! Called by the `vm` crate. Modules die in the order in which CPython's do: with `sys.modules` gone, whatever nobody holds
//! any more is finalised; the modules that are still there are emptied, which frees the rest.

use crate::{io, sys};
use runtime::import::{get_module, set_sys_attr, sys_attr};
use runtime::prelude::*;
use runtime::safepoint::{run_pending, write_unraisable};
use std::cell::Cell;

/// Objects with finalisers that the start-up made: the standard streams.
#[derive(Default)]
struct MadeAtStart(Cell<usize>);

/// Remember what start-up itself made.
pub fn note_start(cx: &Cx) {
    cx.vm().extension(MadeAtStart::default).0.set(cx.vm().lifetimes.n_finalizable());
}

/// Wait for threads, run `atexit` functions, finalise what is left, flush the streams. Returns the exit status of a
/// program that has none of its own.
pub fn finish(cx: &mut Cx) -> i32 {
    let threading = cx.heap.intern("threading");
    if let Ok(Some(threading)) = get_module(cx, threading) {
        let shutdown = cx.heap.intern("_shutdown");
        if let Err(raised) = call_method(cx, threading, shutdown, &[]) {
            let exception = cx.take_raised(raised);
            write_unraisable(cx, exception, "Exception ignored on threading shutdown", threading);
        }
    }
    crate::atexit::run_functions(cx);
    let mut good = io::flush_standard_streams(cx);
    cx.stop_other_threads();
    sys::set_finalizing(cx);
    if cx.vm().lifetimes.has_pending() || cx.vm().lifetimes.n_finalizable() > made_at_start(cx) {
        forget_special_attributes(cx);
        finalize_modules(cx);
        good = good && io::flush_standard_streams(cx);
        spare_standard_streams(cx);
        cx.vm().lifetimes.queue_late();
        run_pending(cx);
    }
    if good { 0 } else { 120 }
}

/// The standard streams have been flushed and stay open: there may be more to say.
fn spare_standard_streams(cx: &mut Cx) {
    for name in ["__stdin__", "__stdout__", "__stderr__"] {
        let mut stream = sys_attr(cx, name);
        for inner in ["buffer", "raw"] {
            let Some(outer) = stream else { break };
            spare(outer);
            let inner = cx.heap.intern(inner);
            stream = match get_attr_opt(cx, outer, inner) {
                Ok(found) => found,
                Err(raised) => {
                    cx.take_raised(raised);
                    None
                }
            };
        }
        if let Some(stream) = stream {
            spare(stream);
        }
    }
}

fn spare(stream: Value) {
    if let Some(header) = stream.header() {
        header.set_flag(object::header_flags::FINALIZED);
    }
}

fn made_at_start(cx: &Cx) -> usize {
    cx.vm().extension(MadeAtStart::default).0.get()
}

/// What `sys` holds on behalf of the program; the streams are the original ones again.
fn forget_special_attributes(cx: &mut Cx) {
    const NAMES: [&str; 13] = [
        "path",
        "argv",
        "ps1",
        "ps2",
        "last_exc",
        "last_type",
        "last_value",
        "last_traceback",
        "path_importer_cache",
        "meta_path",
        "path_hooks",
        "__interactivehook__",
        "_git",
    ];
    for name in NAMES {
        if sys_attr(cx, name).is_some() {
            set_quietly(cx, name, Value::NONE);
        }
    }
    for name in ["stdin", "stdout", "stderr"] {
        let original = sys_attr(cx, &format!("__{name}__")).unwrap_or(Value::NONE);
        set_quietly(cx, name, original);
    }
}

fn set_quietly(cx: &mut Cx, name: &str, value: Value) {
    if let Err(raised) = set_sys_attr(cx, name, value) {
        cx.take_raised(raised);
    }
}

fn finalize_modules(cx: &mut Cx) {
    cx.vm().lifetimes.keep_cycles(false);
    if let Some(modules) = cx.vm().modules.get().cast::<Dict>() {
        modules.clear();
    }
    collect(cx);
    let left = modules_left(cx);
    for module in left.iter().filter_map(Value::cast::<Module>) {
        if let Some(dict) = module.dict.get() {
            empty_namespace(cx, dict);
        }
    }
    drop(left);
    collect(cx);
}

/// Collect and finalise until nothing new dies.
fn collect(cx: &mut Cx) {
    /// Finalisers that make new objects with finalisers would go on for ever.
    const ROUNDS: usize = 5;
    for _ in 0..ROUNDS {
        cx.vm().method_cache.borrow_mut().fill((0, 0, 0));
        cx.vm().attribute_cache.clear();
        cx.heap.raw.collect_full();
        if !cx.vm().lifetimes.has_pending() {
            return;
        }
        run_pending(cx);
    }
}

/// The modules that somebody still holds, without `sys` and `builtins`.
fn modules_left(cx: &mut Cx) -> RootVec {
    let found = cx.vm().root_vec();
    let builtins = cx.vm().builtins.get();
    let sys = cx.vm().sys_module.get();
    cx.heap.raw.for_each_object(&mut |object| {
        let value = Value::from_word(object as u64);
        if let Some(module) = value.cast::<Module>()
            && module.dict.get() != builtins
            && !value.is(sys)
        {
            found.push(value);
        }
    });
    found
}

/// Set the names of a module to None: first those that begin with one underscore, then all but `__builtins__`.
fn empty_namespace(cx: &mut Cx, dict: Gc<Dict>) {
    for private in [true, false] {
        let names = cx.vm().root_vec();
        for (name, value) in dict.iter() {
            let Some(text) = name.downcast::<Str>() else { continue };
            let text = text.to_string();
            let is_private = text.starts_with('_') && !text.starts_with("__");
            if !value.is_none() && (if private { is_private } else { text != "__builtins__" }) {
                names.push(name);
            }
        }
        for name in names.iter() {
            if let Err(raised) = runtime::dict::set(cx, dict, name, Value::NONE) {
                cx.take_raised(raised);
            }
        }
    }
}
