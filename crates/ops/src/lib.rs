//! The one definition of the operations: micro-ops and the instructions made of them.
//!
//! Definitions are ordinary Rust functions in `defs/`, one file a family; [`operands`] and [`results`] are the types that
//! give their signatures a meaning; `generated/` holds what `cargo xtask codegen` reads out of them. Executed by `interp`
//! (and by traces). Nothing here touches the instruction pointer, the stack pointer or memory: that is the executor's.
#![forbid(unsafe_code)]

pub mod defs;
#[rustfmt::skip]
pub mod generated;
pub mod operands;
mod quicken;
pub mod results;

pub use generated::micro_ops::{EFFECTS, MICRO_OPS, MicroOp, fused};
pub use operands::{Cached, Cached48, Keep, Oparg, Peek};
pub use results::*;
