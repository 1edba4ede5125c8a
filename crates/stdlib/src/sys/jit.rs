//! `sys._jit`: whether a compiler to machine code is there and at work.

use macros::native_module;

#[native_module(name = "sys._jit", doc = "Utilities for observing just-in-time compilation.")]
pub mod module {
    /// Return True if the current Python executable supports JIT compilation, and False otherwise.
    #[function("is_available()")]
    fn is_available() -> bool {
        false
    }

    /// Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise.
    #[function("is_enabled()")]
    fn is_enabled() -> bool {
        false
    }

    /// Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise.
    #[function("is_active()")]
    fn is_active() -> bool {
        false
    }
}
