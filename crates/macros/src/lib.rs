//! Attributes by which Rust modules describe native classes and modules.
#![forbid(unsafe_code)]
