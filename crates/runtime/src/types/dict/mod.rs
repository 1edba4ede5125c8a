//! `dict`: methods and operators. Lookups are [`crate::dict`]'s; views and iterators are in files of their own.

pub mod iterators;
pub mod views;

use crate::dict;
use crate::prelude::*;
use crate::types::list::push_repr;
use macros::native_class;
use object::StrBuilder;
use object::builtins::DictPart;

/// `dict[key]` with `__missing__` for subclasses.
pub fn subscript(cx: &mut Cx, this: Gc<Dict>, key: Value) -> PyResult {
    let hash = dict::hash_key(cx, key)?;
    if let Some(value) = dict::get_hashed(cx, this, key, hash)? {
        return Ok(value);
    }
    if cx.class_of(this.value()) != cx.types().dict {
        let name = cx.names().__missing__;
        if let Some(value) = call_special(cx, this.value(), name, &[key])? {
            return Ok(value);
        }
    }
    Err(key_error(cx, key))
}

/// Whether two dicts have equal items.
pub fn equal(cx: &mut Cx, a: Gc<Dict>, b: Gc<Dict>) -> PyResult<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut i = 0;
    while let Some((at, key, value)) = a.next_entry(i) {
        i = at + 1;
        let hash = a.entry_hash(at);
        match dict::get_hashed(cx, b, key, hash)? {
            Some(other) => {
                if !equals(cx, value, other)? {
                    return Ok(false);
                }
            }
            None => return Ok(false),
        }
    }
    Ok(true)
}

fn write_items(cx: &mut Cx, out: &mut StrBuilder, this: Gc<Dict>) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, key, value)) = this.next_entry(i) {
        if i > 0 {
            out.push_str(", ");
        }
        i = at + 1;
        push_repr(cx, out, key)?;
        out.push_str(": ");
        push_repr(cx, out, value)?;
    }
    Ok(())
}

/// Store `value` under every key; dicts and sets know the hashes of theirs.
fn fill_keys(cx: &mut Cx, new: Gc<Dict>, iterable: Value, value: Value) -> PyResult<()> {
    if let Some(set) = iterable.cast::<Set>() {
        let mut i = 0;
        while let Some((at, key, hash)) = set.next_slot(i) {
            i = at + 1;
            dict::set_hashed(cx, new, key, hash, value)?;
        }
        return Ok(());
    }
    if let Some(from) = dict::plain_dict(cx, iterable) {
        let mut i = 0;
        while let Some((at, key, _)) = from.next_entry(i) {
            i = at + 1;
            let hash = from.entry_hash(at);
            dict::set_hashed(cx, new, key, hash, value)?;
        }
        return Ok(());
    }
    for_each(cx, iterable, |cx, key| dict::set(cx, new, key, value))
}

/// `update(…)` and the constructor: one optional positional argument, then keywords.
pub fn update_from_args(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>, function: &str) -> PyResult<()> {
    match *args.positional() {
        [] => {}
        [from] => dict::update(cx, this, from)?,
        _ => {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("{function} expected at most 1 argument, got {n}")));
        }
    }
    dict::merge_keywords(cx, this, args)
}

#[native_class(
    name = "dict",
    layout = Dict,
    flags = BASETYPE | MAPPING | DICT_SUBCLASS | MATCH_SELF,
    doc = "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Dict>> {
        let _ = args;
        Ok(Dict::with_shape(&mut cx.heap, class.instance_shape.get()))
    }

    #[slot]
    fn init(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>) -> PyResult<()> {
        update_from_args(cx, this, args, "dict")
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Dict>) -> PyResult {
        if this.is_empty() {
            return Ok(cx.heap.str("{}"));
        }
        if !crate::text::enter_repr(cx, this.value()) {
            return Ok(cx.heap.str("{...}"));
        }
        let mut out = StrBuilder::new();
        out.push_str("{");
        let result = write_items(cx, &mut out, this);
        crate::text::leave_repr(cx);
        result?;
        out.push_str("}");
        Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Dict>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Dict>() else { return Ok(Value::NOT_IMPLEMENTED) };
        match op {
            CompareOp::Eq => equal(cx, this, other).map(Value::bool),
            CompareOp::Ne => equal(cx, this, other).map(|eq| Value::bool(!eq)),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<Dict>) -> Gc<DictIter> {
        cx.heap.dict_iter(this, DictPart::Keys, false)
    }

    #[slot]
    fn len(_: &mut Cx, this: Gc<Dict>) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Gc<Dict>, key: Value) -> PyResult<bool> {
        dict::contains(cx, this, key)
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<Dict>, key: Value) -> PyResult {
        subscript(cx, this, key)
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: Gc<Dict>, key: Value, value: Option<Value>) -> PyResult<()> {
        match value {
            Some(value) => dict::set(cx, this, key, value),
            None => match dict::remove(cx, this, key)? {
                Some(_) => Ok(()),
                None => Err(key_error(cx, key)),
            },
        }
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (Some(a), Some(b)) = (left.cast::<Dict>(), right.cast::<Dict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let new = dict::copy(cx, a)?;
        dict::update(cx, new, b.value())?;
        Ok(new.value())
    }

    #[slot(inplace = Or)]
    fn ior(cx: &mut Cx, this: Gc<Dict>, other: Value) -> PyResult<Gc<Dict>> {
        dict::update(cx, this, other)?;
        Ok(this)
    }

    /// Create a new dictionary with keys from iterable and values set to value.
    #[classmethod("fromkeys($type, iterable, value=None, /)")]
    fn fromkeys(cx: &mut Cx, class: Gc<Class>, iterable: Value, value: Value) -> PyResult {
        let new = call(cx, class.value(), &[])?;
        if let Some(new) = new.cast::<Dict>()
            && cx.class_of(new.value()) == cx.types().dict
        {
            fill_keys(cx, new, iterable, value)?;
        } else {
            for_each(cx, iterable, |cx, key| set_item(cx, new, key, value))?;
        }
        Ok(new)
    }

    /// Return the value for key if key is in the dictionary, else default.
    #[method("get($self, key, default=None, /)")]
    fn get(cx: &mut Cx, this: Gc<Dict>, key: Value, default: Value) -> PyResult {
        Ok(dict::get(cx, this, key)?.unwrap_or(default))
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method("setdefault($self, key, default=None, /)")]
    fn setdefault(cx: &mut Cx, this: Gc<Dict>, key: Value, default: Value) -> PyResult {
        dict::set_default(cx, this, key, default)
    }

    /// D.pop(k[,d]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method("pop($self, key, default=<unrepresentable>, /)")]
    fn pop(cx: &mut Cx, this: Gc<Dict>, key: Value, default: Option<Value>) -> PyResult {
        if this.is_empty() {
            return match default {
                Some(default) => Ok(default),
                None => Err(key_error(cx, key)),
            };
        }
        match (dict::remove(cx, this, key)?, default) {
            (Some(value), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(key_error(cx, key)),
        }
    }

    /// Remove and return a (key, value) pair as a 2-tuple.
    ///
    /// Pairs are returned in LIFO (last-in, first-out) order.
    /// Raises KeyError if the dict is empty.
    #[method("popitem($self, /)")]
    fn popitem(cx: &mut Cx, this: Gc<Dict>) -> PyResult<Gc<Tuple>> {
        match this.previous_entry(usize::MAX) {
            Some((i, key, value)) => {
                this.remove_at(i);
                Ok(cx.heap.tuple(&[key, value]))
            }
            None => {
                let message = cx.heap.str("popitem(): dictionary is empty");
                Err(key_error(cx, message))
            }
        }
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    /// If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]
    /// If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v
    /// In either case, this is followed by: for k in F:  D[k] = F[k]
    #[method(raw, "update($self, /, *args, **kwargs)")]
    fn update(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>) -> PyResult<()> {
        update_from_args(cx, this, args, "update")
    }

    /// Remove all items from the dict.
    #[method("clear($self, /)")]
    fn clear(_: &mut Cx, this: Gc<Dict>) {
        this.clear();
    }

    /// Return a shallow copy of the dict.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Gc<Dict>) -> PyResult<Gc<Dict>> {
        dict::copy(cx, this)
    }

    /// Return a set-like object providing a view on the dict's keys.
    #[method("keys($self, /)")]
    fn keys(cx: &mut Cx, this: Gc<Dict>) -> Gc<DictView> {
        cx.heap.dict_view(this, DictPart::Keys)
    }

    /// Return an object providing a view on the dict's values.
    #[method("values($self, /)")]
    fn values(cx: &mut Cx, this: Gc<Dict>) -> Gc<DictView> {
        cx.heap.dict_view(this, DictPart::Values)
    }

    /// Return a set-like object providing a view on the dict's items.
    #[method("items($self, /)")]
    fn items(cx: &mut Cx, this: Gc<Dict>) -> Gc<DictView> {
        cx.heap.dict_view(this, DictPart::Items)
    }

    /// Return a reverse iterator over the dict keys.
    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Gc<Dict>) -> Gc<DictIter> {
        cx.heap.dict_iter(this, DictPart::Keys, true)
    }

    /// Return the size of the dict in memory.
    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Gc<Dict>) -> i64 {
        if this.n_entries() == 0 { 48 } else { 168 + 24 * this.n_entries() as i64 }
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}
