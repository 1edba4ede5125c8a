//! Native code as Python sees it: argument binding and conversion, and classes and modules made from static definitions.
//!
//! The attributes of the `macros` crate expand to calls of what is here; docs/native-code.md shows how to write a native
//! class or module. Calling is [`call_native`]; the objects that Python calls are in `types::descriptors`.

mod bind;
mod classes;
mod convert;
mod modules;
pub mod structseq;

pub use bind::{call_constructor, call_native, call_unchecked, split_receiver};
pub use classes::{add_slots, class_from_spec, class_of_spec, class_with_bases, doc_parts, finish_new, new_native};
pub use convert::{
    FromValue, IntoResult, IntoValue, Layout, Place, Receiver, VarArgs, bad_argument, default_bytes, default_str,
    keywords_dict, receiver,
};
pub use modules::{add_class, module_from_spec, set_module_attr};
