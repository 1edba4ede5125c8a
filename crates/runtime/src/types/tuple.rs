//! `tuple` and its iterator.

use crate::item::sequence_index;
use crate::prelude::*;
use crate::types::list::{compare_items, position, repr_items, search_bound};
use macros::native_class;
use object::StrBuilder;

/// `tuple[start:…:step]`.
fn slice_of(cx: &mut Cx, tuple: Gc<Tuple>, start: isize, step: isize, count: usize) -> PyResult<Gc<Tuple>> {
    Tuple::from_fn(&mut cx.heap, count, |i| tuple.get((start + i as isize * step) as usize)).or_raise(cx)
}

/// Whether `this` is an exact tuple, which operators may return as it is.
fn is_exact(cx: &Cx, tuple: Gc<Tuple>) -> bool {
    cx.class_of(tuple.value()) == cx.types().tuple
}

pub fn hash(cx: &mut Cx, tuple: Gc<Tuple>) -> PyResult<i64> {
    if let Some(hash) = tuple.cached_hash() {
        return Ok(hash);
    }
    crate::call::check_native_stack(cx, " while hashing a tuple")?;
    let mut hasher = object::hash::TupleHasher::default();
    for i in 0..tuple.len() {
        let h = hash_of(cx, tuple.get(i))?;
        hasher.add(h);
    }
    let hash = hasher.finish();
    tuple.set_cached_hash(hash);
    Ok(hash)
}

#[native_class(
    name = "tuple",
    layout = Tuple,
    flags = BASETYPE | SEQUENCE | TUPLE_SUBCLASS | MATCH_SELF,
    doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the same object."
)]
pub mod class {
    use super::*;

    #[slot(new, "tuple(iterable=(), /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Option<Value>) -> PyResult {
        let tuple = match iterable {
            Some(iterable) => to_tuple(cx, iterable)?,
            None => cx.vm().empty_tuple(),
        };
        crate::native::finish_new(cx, class, tuple.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Tuple>) -> PyResult {
        if this.is_empty() {
            return Ok(cx.heap.str("()"));
        }
        if !crate::text::enter_repr(cx, this.value()) {
            return Ok(cx.heap.str("(...)"));
        }
        let mut out = StrBuilder::new();
        out.push_str("(");
        let result = repr_items(cx, &mut out, |i| this.try_get(i));
        crate::text::leave_repr(cx);
        result?;
        out.push_str(if this.len() == 1 { ",)" } else { ")" });
        Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<Tuple>) -> PyResult<i64> {
        super::hash(cx, this)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Tuple>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<Tuple>() else { return Ok(Value::NOT_IMPLEMENTED) };
        compare_items(cx, op, || (this.len(), other.len()), |i| (this.try_get(i), other.try_get(i)))
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<Tuple>) -> Gc<TupleIter> {
        cx.heap.tuple_iter(this)
    }

    #[slot]
    fn len(_: &mut Cx, this: Gc<Tuple>) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Gc<Tuple>, item: Value) -> PyResult<bool> {
        for i in 0..this.len() {
            if equals(cx, this.get(i), item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<Tuple>, key: Value) -> PyResult {
        if let Some(slice) = key.cast::<Slice>() {
            let (start, _, step, count) = slice_indices(cx, slice, || this.len())?;
            if count == this.len() && step == 1 && is_exact(cx, this) {
                return Ok(this.value());
            }
            return Ok(slice_of(cx, this, start, step, count)?.value());
        }
        let i = match key.as_int() {
            Some(i) => i.get() as isize,
            None if cx.class_of(key).slots.index.get().is_none() => {
                let name = type_name(cx, key);
                return Err(type_error(cx, format_args!("tuple indices must be integers or slices, not {name}")));
            }
            None => as_index(cx, key)?,
        };
        match position(i, this.len()) {
            Some(i) => Ok(this.get(i)),
            None => Err(index_error(cx, "tuple index out of range")),
        }
    }

    #[slot]
    fn concat(cx: &mut Cx, this: Gc<Tuple>, other: Value) -> PyResult {
        let Some(right) = other.downcast::<Tuple>() else {
            let name = type_name(cx, other);
            return Err(type_error(cx, format_args!("can only concatenate tuple (not \"{name}\") to tuple")));
        };
        if this.is_empty() && is_exact(cx, right) {
            return Ok(right.value());
        }
        if right.is_empty() && is_exact(cx, this) {
            return Ok(this.value());
        }
        let n = this.len();
        let item = |i: usize| if i < n { this.get(i) } else { right.get(i - n) };
        Ok(Tuple::from_fn(&mut cx.heap, n + right.len(), item).or_raise(cx)?.value())
    }

    #[slot]
    fn repeat(cx: &mut Cx, this: Gc<Tuple>, count: Value) -> PyResult {
        let count = sequence_index(cx, count)?.max(0) as usize;
        let n = this.len();
        if (n == 0 || count == 1) && is_exact(cx, this) {
            return Ok(this.value());
        }
        match n.checked_mul(count) {
            Some(total) => Ok(Tuple::from_fn(&mut cx.heap, total, |i| this.get(i % n)).or_raise(cx)?.value()),
            None => Err(memory_error(cx)),
        }
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method("index($self, value, start=0, stop=sys.maxsize, /)")]
    fn index(cx: &mut Cx, this: Gc<Tuple>, value: Value, start: Option<Value>, stop: Option<Value>) -> PyResult<i64> {
        let start = match start {
            Some(start) => search_bound(cx, start, || this.len())?,
            None => 0,
        };
        let stop = match stop {
            Some(stop) => search_bound(cx, stop, || this.len())?,
            None => usize::MAX,
        };
        for i in start..stop.min(this.len()) {
            if equals(cx, this.get(i), value)? {
                return Ok(i as i64);
            }
        }
        Err(value_error(cx, "tuple.index(x): x not in tuple"))
    }

    /// Return number of occurrences of value.
    #[method("count($self, value, /)")]
    fn count(cx: &mut Cx, this: Gc<Tuple>, value: Value) -> PyResult<i64> {
        let mut n = 0;
        for i in 0..this.len() {
            n += equals(cx, this.get(i), value)? as i64;
        }
        Ok(n)
    }

    #[method("__getnewargs__($self, /)")]
    fn getnewargs(cx: &mut Cx, this: Gc<Tuple>) -> PyResult<Gc<Tuple>> {
        let copy = slice_of(cx, this, 0, 1, this.len())?;
        Ok(cx.heap.tuple(&[copy.value()]))
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}

#[native_class(name = "tuple_iterator", layout = TupleIter, doc = "")]
pub mod iterator {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<TupleIter>) -> Gc<TupleIter> {
        this
    }

    #[slot]
    fn next(_: &mut Cx, this: Gc<TupleIter>) -> PyResult<Option<Value>> {
        let Some(tuple) = this.tuple.get() else { return Ok(None) };
        let i = this.index.get();
        match tuple.try_get(i) {
            Some(item) => {
                this.index.set(i + 1);
                Ok(Some(item))
            }
            None => {
                this.tuple.set_option(this, None);
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(_: &mut Cx, this: Gc<TupleIter>) -> i64 {
        this.tuple.get().map_or(0, |tuple| tuple.len().saturating_sub(this.index.get()) as i64)
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<TupleIter>) -> PyResult<Gc<Tuple>> {
        match this.tuple.get() {
            Some(tuple) => {
                crate::types::list::iterators::reduce_iterator(cx, "iter", Some(tuple.value()), this.index.get() as i64)
            }
            None => {
                let function = crate::types::iterators::builtin(cx, "iter")?;
                let empty = cx.vm().empty_tuple().value();
                let args = cx.heap.tuple(&[empty]).value();
                Ok(cx.heap.tuple(&[function, args]))
            }
        }
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<TupleIter>, state: Value) -> PyResult<()> {
        let i = crate::number::as_i64(cx, state)?;
        if let Some(tuple) = this.tuple.get() {
            this.index.set((i.max(0) as usize).min(tuple.len()));
        }
        Ok(())
    }
}
