//! Exceptions: matching, chaining, tracebacks.

pub mod chain;

pub use chain::{add_traceback, add_traceback_entry, raise_from, set_context, set_traceback};
