//! Attributes by which Rust modules describe native classes and modules.
//!
//! [`macro@native_class`] and [`macro@native_module`] turn an inline module into one static descriptor
//! (`object::TypeSpec`, `object::ModuleSpec`); [`derive@Trace`] writes the scan of a struct. What the expansions call at
//! run time is in `runtime::native`. Mistakes are reported at the place in the source where they are.
#![forbid(unsafe_code)]

mod class;
mod function;
mod module;
mod signature;
mod source;
mod trace;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// A class written in Rust: `#[native_class(name = "list", module = "builtins", layout = List, …)] pub mod class { … }`
/// gains `pub static SPEC: object::TypeSpec`.
#[proc_macro_attribute]
pub fn native_class(args: TokenStream, item: TokenStream) -> TokenStream {
    class::expand(args.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A module written in Rust: `#[native_module(name = "math", doc = "…")] pub mod module { … }` gains
/// `pub static SPEC: object::ModuleSpec`.
#[proc_macro_attribute]
pub fn native_module(args: TokenStream, item: TokenStream) -> TokenStream {
    module::expand(args.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `object::Trace` by visiting every field; `#[trace(skip)]` leaves out a field that holds no heap pointer.
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(item: TokenStream) -> TokenStream {
    trace::expand(item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
