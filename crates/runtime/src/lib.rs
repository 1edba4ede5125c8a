//! What objects do: calls, attributes, operators, exceptions, import, and the methods of the built-in types.
//!
//! Calls Python code through [`object::Cx::run_frame`] alone. The interpreter and the native modules sit on this crate.
#![forbid(unsafe_code)]

pub mod code_object;
pub mod hooks;
