//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, and helpers of `Counter` and `namedtuple`.

mod default_dict;
mod deque;
mod ordered_dict;
mod tuple_getter;

use runtime::native::add_class;
use runtime::number::int::{self, Num};
use runtime::prelude::*;

/// Count into a dict whose lookups nobody overrides.
fn count_into(cx: &mut Cx, dict: Gc<Dict>, iterable: Value) -> PyResult<()> {
    for_each(cx, iterable, |cx, item| {
        let hash = runtime::dict::hash_key(cx, item)?;
        let old = runtime::dict::get_hashed(cx, dict, item, hash)?.unwrap_or(Int::ZERO.value());
        let new = match old.as_int() {
            Some(n) => int::add(cx, Num::Small(n.get()), Num::Small(1))?,
            None => binary_op(cx, BinaryOp::Add, old, Int::from_len(1).value())?,
        };
        runtime::dict::set_hashed(cx, dict, item, hash, new)
    })
}

/// Whether the class of `v` reads and writes items as `dict` does.
fn has_plain_items(cx: &mut Cx, v: Value) -> bool {
    let class = cx.class_of(v);
    let get = cx.names().get;
    let plain = cx.types().dict;
    v.is_a::<Dict>()
        && cx.lookup_class(class, get) == cx.lookup_class(plain, get)
        && cx.lookup_class(class, cx.names().__setitem__) == cx.lookup_class(plain, cx.names().__setitem__)
}

#[macros::native_module(
    name = "_collections",
    doc = "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n- defaultdict:  dict subclass with a default value factory\n"
)]
pub mod module {
    use super::*;

    /// Count elements in the iterable, updating the mapping
    #[function("_count_elements(mapping, iterable, /)")]
    fn count_elements(cx: &mut Cx, mapping: Value, iterable: Value) -> PyResult<()> {
        if has_plain_items(cx, mapping)
            && let Some(dict) = mapping.cast::<Dict>()
        {
            return count_into(cx, dict, iterable);
        }
        let name = cx.names().get;
        let get = get_attr(cx, mapping, name)?;
        let (zero, one) = (Int::ZERO.value(), Int::from_len(1).value());
        for_each(cx, iterable, |cx, item| {
            let old = call(cx, get, &[item, zero])?;
            let new = binary_op(cx, BinaryOp::Add, old, one)?;
            set_item(cx, mapping, item, new)
        })
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for spec in [
            &super::deque::class::SPEC,
            &super::deque::forward::SPEC,
            &super::deque::backward::SPEC,
            &super::default_dict::class::SPEC,
            &super::ordered_dict::class::SPEC,
            &super::tuple_getter::class::SPEC,
        ] {
            add_class(cx, module, spec)?;
        }
        Ok(())
    }
}
