//! What objects do: calls, attributes, operators, exceptions, import, and the methods of the built-in types.
//!
//! Calls Python code through [`object::Cx::run_frame`] alone. The interpreter and the native modules sit on this crate.
#![forbid(unsafe_code)]

extern crate self as runtime;

pub mod attribute;
pub mod buffer;
pub mod call;
pub mod code_object;
pub mod codec;
pub mod compare;
pub mod dict;
pub mod error;
pub mod exceptions;
pub mod format;
pub mod functions;
pub mod hashing;
pub mod hooks;
pub mod import;
pub mod item;
pub mod iterate;
pub mod native;
pub mod number;
pub mod operate;
pub mod prelude;
pub mod run;
pub mod safepoint;
pub mod set;
pub mod suggest;
pub mod text;
pub mod tracing;
pub mod types;
pub mod typing;
pub mod unicode;
pub mod warnings;
