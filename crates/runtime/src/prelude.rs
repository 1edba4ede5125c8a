//! What nearly every file of the runtime and of the native modules needs.

pub use crate::attribute::{
    del_attr, generic_get_attr, generic_set_attr, get_attr, get_attr_opt, load_method, name_from_value, set_attr,
};
pub use crate::call::{call, call_args, call_method, call_special, lookup_special};
pub use crate::compare::{compare, compare_bool, contains, equals};
pub use crate::error::*;
pub use crate::hashing::hash_of;
pub use crate::item::{as_index, del_item, get_item, index_value, length, set_item, slice_indices};
pub use crate::iterate::{for_each, get_iter, length_hint, next, to_list, to_tuple};
pub use crate::native::{
    FromValue, IntoResult, IntoValue, VarArgs, add_class, call_native, class_of_spec, finish_new, module_from_spec,
    new_native, set_module_attr,
};
pub use crate::operate::{absolute, binary_op, inplace_op, invert, is_true, negative, positive, power};
pub use crate::text::{ascii_of, ascii_value, format_value, repr_of, repr_value, str_of, str_value};
pub use macros::{Trace, native_class, native_module};
pub use object::*;
