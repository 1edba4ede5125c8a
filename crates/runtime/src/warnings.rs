//! Warnings that native code issues.
//!
//! The filters and what to do with a warning live in the native module `_warnings` of `stdlib`, which installs itself with
//! [`install`]. Before that (at the very start) a warning is dropped.

use crate::prelude::*;
use std::cell::Cell;

/// Issues a warning: category, message, stack level.
pub type Warn = fn(&mut Cx, Gc<Class>, Value, i64) -> PyResult<()>;
/// Issues a warning at a place: category, message, file name, line, module, registry.
pub type WarnExplicit = fn(&mut Cx, Gc<Class>, Value, Value, i64, Value, Value) -> PyResult<()>;

#[derive(Default)]
struct Installed {
    warn: Cell<Option<Warn>>,
    explicit: Cell<Option<WarnExplicit>>,
}

/// Called by the module `_warnings` when it is made.
pub fn install(cx: &Cx, warn: Warn, explicit: WarnExplicit) {
    let installed = cx.vm().extension(Installed::default);
    installed.warn.set(Some(warn));
    installed.explicit.set(Some(explicit));
}

/// Issue a warning of `category`; `Err` when a filter turns it into an exception.
pub fn warn(cx: &mut Cx, category: Gc<Class>, message: &str, stack_level: i64) -> PyResult<()> {
    let Some(warn) = cx.vm().extension(Installed::default).warn.get() else { return Ok(()) };
    let message = cx.heap.str(message);
    warn(cx, category, message, stack_level)
}

/// Issue a warning about a line of a file (the compiler's SyntaxWarnings).
pub fn warn_explicit(cx: &mut Cx, category: Gc<Class>, message: &str, file: Value, line: i64) -> PyResult<()> {
    let Some(warn) = cx.vm().extension(Installed::default).explicit.get() else { return Ok(()) };
    let message = cx.heap.str(message);
    warn(cx, category, message, file, line, Value::NONE, Value::NONE)
}
