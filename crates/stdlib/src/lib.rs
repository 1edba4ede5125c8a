//! Native modules of the standard library, one file or folder each.
//!
//! [`modules`] lists them; the import system makes a module when it is first asked for.
#![forbid(unsafe_code)]

mod arguments;
mod buffers;
mod codecs;
mod json;
mod sre;
mod string_format;

use object::ModuleSpec;

static MODULES: &[&ModuleSpec] = &[&codecs::module::SPEC, &string_format::module::SPEC, &json::module::SPEC, &sre::module::SPEC];

/// All native modules.
pub fn modules() -> &'static [&'static ModuleSpec] {
    MODULES
}
