//! `dict_keys`, `dict_values`, `dict_items`: live views, the first and last with set operations.

use crate::prelude::*;
use crate::{dict, set};
use macros::native_class;
use object::StrBuilder;
use object::builtins::DictPart;

fn view_len(this: Gc<DictView>) -> usize {
    this.dict.expect().len()
}

fn view_contains(cx: &mut Cx, this: Gc<DictView>, item: Value) -> PyResult<bool> {
    let owner = this.dict.expect();
    match this.part.get() {
        DictPart::Keys => dict::contains(cx, owner, item),
        DictPart::Items => {
            let Some(pair) = item.downcast::<Tuple>().filter(|t| t.len() == 2) else { return Ok(false) };
            match dict::get(cx, owner, pair.get(0))? {
                Some(value) => equals(cx, value, pair.get(1)),
                None => Ok(false),
            }
        }
        DictPart::Values => crate::compare::contains_by_iteration(cx, this.value(), item),
    }
}

fn view_repr(cx: &mut Cx, this: Gc<DictView>) -> PyResult {
    if !crate::text::enter_repr(cx, this.value()) {
        return Ok(cx.heap.str("..."));
    }
    let name = type_name(cx, this.value());
    let list = to_list(cx, this.value());
    let text = list.and_then(|list| repr_of(cx, list.value()));
    crate::text::leave_repr(cx);
    let mut out = StrBuilder::new();
    out.push_str(&name);
    out.push_str("(");
    out.push_py(&*text?);
    out.push_str(")");
    Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
}

/// Whether `v` takes part in comparisons with views.
fn is_set_like(v: Value) -> bool {
    v.is_a::<Set>() || v.cast::<DictView>().is_some_and(|view| view.part.get() != DictPart::Values)
}

/// Whether every item of `a` is in `b`.
fn all_in(cx: &mut Cx, a: Value, b: Value) -> PyResult<bool> {
    let iterator = get_iter(cx, a)?;
    while let Some(item) = next(cx, iterator)? {
        if !contains(cx, b, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn view_compare(cx: &mut Cx, this: Gc<DictView>, other: Value, op: CompareOp) -> PyResult {
    if !is_set_like(other) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (this.value(), other);
    let (n, m) = (view_len(this), length(cx, other)?);
    let result = match op {
        CompareOp::Eq => n == m && all_in(cx, a, b)?,
        CompareOp::Ne => !(n == m && all_in(cx, a, b)?),
        CompareOp::Lt => n < m && all_in(cx, a, b)?,
        CompareOp::Le => n <= m && all_in(cx, a, b)?,
        CompareOp::Gt => n > m && all_in(cx, b, a)?,
        CompareOp::Ge => n >= m && all_in(cx, b, a)?,
    };
    Ok(Value::bool(result))
}

fn set_of(cx: &mut Cx, v: Value) -> PyResult<Gc<Set>> {
    let new = Set::new(&mut cx.heap);
    set::update(cx, new, v)?;
    Ok(new)
}

fn difference(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
    let new = set_of(cx, left)?;
    for_each(cx, right, |cx, item| set::discard(cx, new, item).map(|_| ()))?;
    Ok(new)
}

fn union(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
    let new = set_of(cx, left)?;
    set::update(cx, new, right)?;
    Ok(new)
}

fn intersection(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
    // The right operand is iterated, the left one searched; a longer view on the right changes places.
    let (mut a, mut b) = if left.is_a::<DictView>() { (left, right) } else { (right, left) };
    if is_set_like(b) && length(cx, b)? > length(cx, a)? {
        (a, b) = (b, a);
    }
    let new = Set::new(&mut cx.heap);
    for_each(cx, b, |cx, item| {
        if contains(cx, a, item)? {
            set::add(cx, new, item)?;
        }
        Ok(())
    })?;
    Ok(new)
}

fn symmetric_difference(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
    let (a, b) = (set_of(cx, left)?, set_of(cx, right)?);
    for_each(cx, b.value(), |cx, item| {
        let hash = set::hash_element(cx, item)?;
        if !set::discard_hashed(cx, a, item, hash)? {
            set::add_hashed(cx, a, item, hash)?;
        }
        Ok(())
    })?;
    Ok(a)
}

fn is_disjoint(cx: &mut Cx, this: Gc<DictView>, other: Value) -> PyResult<bool> {
    if other.is(this.value()) {
        return Ok(view_len(this) == 0);
    }
    let (mut searched, mut iterated) = (this.value(), other);
    if is_set_like(other) && length(cx, other)? > view_len(this) {
        (searched, iterated) = (iterated, searched);
    }
    let iterator = get_iter(cx, iterated)?;
    while let Some(item) = next(cx, iterator)? {
        if contains(cx, searched, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

macro_rules! set_views {
    ($($module:ident = $name:tt;)*) => { $(
        #[native_class(name = $name, layout = DictView, doc = "")]
        pub mod $module {
            use super::*;

            #[slot]
            fn repr(cx: &mut Cx, this: Gc<DictView>) -> PyResult {
                view_repr(cx, this)
            }

            #[slot]
            fn len(_: &mut Cx, this: Gc<DictView>) -> PyResult<usize> {
                Ok(view_len(this))
            }

            #[slot]
            fn contains(cx: &mut Cx, this: Gc<DictView>, item: Value) -> PyResult<bool> {
                view_contains(cx, this, item)
            }

            #[slot]
            fn iter(cx: &mut Cx, this: Gc<DictView>) -> Gc<DictIter> {
                cx.heap.dict_iter(this.dict.expect(), this.part.get(), false)
            }

            #[slot]
            fn richcompare(cx: &mut Cx, this: Gc<DictView>, other: Value, op: CompareOp) -> PyResult {
                view_compare(cx, this, other, op)
            }

            #[slot(binary = Subtract)]
            fn sub(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
                difference(cx, left, right)
            }

            #[slot(binary = And)]
            fn and(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
                intersection(cx, left, right)
            }

            #[slot(binary = Or)]
            fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
                union(cx, left, right)
            }

            #[slot(binary = Xor)]
            fn xor(cx: &mut Cx, left: Value, right: Value) -> PyResult<Gc<Set>> {
                symmetric_difference(cx, left, right)
            }

            /// Return True if the view and the given iterable have a null intersection.
            #[method("isdisjoint($self, other, /)")]
            fn isdisjoint(cx: &mut Cx, this: Gc<DictView>, other: Value) -> PyResult<bool> {
                is_disjoint(cx, this, other)
            }

            /// Return a reverse iterator over the dict's entries.
            #[method("__reversed__($self, /)")]
            fn reversed(cx: &mut Cx, this: Gc<DictView>) -> Gc<DictIter> {
                cx.heap.dict_iter(this.dict.expect(), this.part.get(), true)
            }

            /// dictionary that this view refers to
            #[getter]
            fn mapping(cx: &mut Cx, this: Gc<DictView>) -> Gc<MappingProxy> {
                let dict = this.dict.expect().value();
                cx.heap.mapping_proxy(dict)
            }
        }
    )* };
}

set_views! {
    keys = "dict_keys";
    items = "dict_items";
}

#[native_class(name = "dict_values", layout = DictView, doc = "")]
pub mod values {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<DictView>) -> PyResult {
        view_repr(cx, this)
    }

    #[slot]
    fn len(_: &mut Cx, this: Gc<DictView>) -> PyResult<usize> {
        Ok(view_len(this))
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<DictView>) -> Gc<DictIter> {
        cx.heap.dict_iter(this.dict.expect(), DictPart::Values, false)
    }

    /// Return a reverse iterator over the dict's values.
    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Gc<DictView>) -> Gc<DictIter> {
        cx.heap.dict_iter(this.dict.expect(), DictPart::Values, true)
    }

    /// dictionary that this view refers to
    #[getter]
    fn mapping(cx: &mut Cx, this: Gc<DictView>) -> Gc<MappingProxy> {
        let dict = this.dict.expect().value();
        cx.heap.mapping_proxy(dict)
    }
}
