//! `_json`: the fast half of `json`. [`scan`] reads, [`encode`] writes, [`escape`] quotes strings.

mod encode;
mod escape;
mod scan;

use runtime::native::{class_of_spec, set_module_attr};
use runtime::prelude::*;

#[macros::native_module(name = "_json", doc = "json speedups\n")]
pub mod module {
    use super::*;

    /// Return an ASCII-only JSON representation of a Python string
    #[function("encode_basestring_ascii(string, /)")]
    fn encode_basestring_ascii(cx: &mut Cx, string: Value) -> PyResult<Gc<Str>> {
        super::escape::quoted(cx, string, super::escape::push_ascii)
    }

    /// Return a JSON representation of a Python string
    #[function("encode_basestring(string, /)")]
    fn encode_basestring(cx: &mut Cx, string: Value) -> PyResult<Gc<Str>> {
        super::escape::quoted(cx, string, super::escape::push_plain)
    }

    /// scanstring(string, end, strict=True) -> (string, end)
    ///
    /// Scan the string s for a JSON string. End is the index of the
    /// character in s after the quote that started the JSON string.
    /// Unescapes all valid JSON string escape sequences and raises ValueError
    /// on attempt to decode an invalid string. If strict is False then literal
    /// control characters are allowed in the string.
    ///
    /// Returns a tuple of the decoded string and the index of the character in s
    /// after the end quote.
    #[function("scanstring(pystr, end, strict=True, /)")]
    fn scanstring(cx: &mut Cx, pystr: Value, end: isize, strict: bool) -> PyResult {
        super::scan::scan_string(cx, pystr, end, strict)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let scanner = class_of_spec(cx, &super::scan::class::SPEC)?;
        set_module_attr(cx, module, "make_scanner", scanner)?;
        let encoder = class_of_spec(cx, &super::encode::class::SPEC)?;
        set_module_attr(cx, module, "make_encoder", encoder)
    }
}
