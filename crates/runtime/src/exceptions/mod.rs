//! Exceptions: the classes, their fields and methods, matching, chaining, tracebacks, and the report of uncaught ones.
//!
//! The interpreter uses [`matches`], [`set_context`], [`add_traceback`] and the functions of [`group`] for `except*`.

pub mod base;
pub mod chain;
pub mod display;
pub mod fields;
pub mod group;
mod hierarchy;
mod matching;
mod os_error;
pub mod report;
mod simple;
pub mod syntax_error;
pub mod traceback;
mod unicode_error;

pub use base::{add_note, new_exception, surrogates_not_allowed};
pub use chain::{add_traceback, add_traceback_entry, raise_from, set_context, set_traceback};
pub use hierarchy::{DEFINITIONS, Definition};
pub use matching::{check_except_star_type, is_exception_class, matches, matches_unchecked};
pub use os_error::class_for_errno;
pub use report::report_uncaught;
