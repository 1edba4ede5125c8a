//! The markers `#[uop]` and `#[instruction]` of crates/ops: they only say "always inline".
//!
//! What they mean is read from the source by `cargo xtask codegen`, which sees all operations at once; rustc sees plain
//! functions.
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

/// Marks a micro-op.
#[proc_macro_attribute]
pub fn uop(_: TokenStream, item: TokenStream) -> TokenStream {
    inlined(item)
}

/// Marks an instruction: a straight line of micro-op calls, or (`micro`) one micro-op.
#[proc_macro_attribute]
pub fn instruction(_: TokenStream, item: TokenStream) -> TokenStream {
    inlined(item)
}

fn inlined(item: TokenStream) -> TokenStream {
    let mut out: TokenStream = "#[inline(always)]".parse().expect("a literal attribute");
    out.extend(item);
    out
}
