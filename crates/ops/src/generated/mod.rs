//! What `cargo xtask codegen` writes.

pub mod micro_ops;
