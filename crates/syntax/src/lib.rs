//! Python source text to a syntax tree.
//!
//! A layer over `ruff_python_parser`: decoding of source files, the tree in the shape of CPython's `ast`, positions and
//! error messages as CPython has them. Used by `compile`, and by whatever offers the `ast` module. Does not look at
//! what names mean: that is the symbol table's work.
#![forbid(unsafe_code)]

pub mod ast;
mod diagnose;
mod error;
mod function_type;
mod lines;
mod lower;
mod names;
mod parse;
mod source;
mod strings;
mod version;

pub use diagnose::Options as EndOptions;
pub use error::{ErrorKind, SyntaxError, SyntaxWarning};
pub use function_type::{FunctionType, parse_function_type};
pub use lines::LineIndex;
pub use names::{Interner, Name};
pub use parse::{Mode, Parsed, parse};
pub use source::{DecodeError, decode, normalize_newlines, null_byte_error};
pub use version::check_version;
