//! Code objects and everything that reads them: instruction numbers, constants, location and exception tables, the
//! binary form of a code object, and a disassembler.
//!
//! The layout of the bytecode is CPython 3.14's: 2-byte code units, inline cache units, the same tables. Produced by
//! `compile`, executed by `interp`. Knows nothing of values, the heap or the source language.
#![forbid(unsafe_code)]

mod code;
mod constant;
mod disassemble;
mod effects;
mod exceptions;
mod locations;
mod opcode;
mod serialize;
mod wtf8;

pub use code::{CodeFlags, CodeObject, Instruction, Instructions, LocalKind};
pub use constant::{BigInt, Constant};
pub use disassemble::disassemble;
pub use effects::stack_effect;
pub use exceptions::{ExceptionEntries, ExceptionEntry, ExceptionTableWriter, find_handler};
pub use locations::{LocationEntries, LocationEntry, LocationTableWriter, Position, position_at};
pub use opcode::{
    BINARY_OPERATORS, COMMON_CONSTANTS, COMPARE_OPERATORS, HAVE_ARGUMENT, INTRINSICS_1, INTRINSICS_2, MIN_INSTRUMENTED,
    Opcode, PSEUDO, SPECIAL_METHODS,
};
pub use serialize::{FORMAT_MAGIC, ReadError, read, write};
pub use wtf8::Wtf8Buf;
