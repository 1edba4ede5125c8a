//! Iterators that combine neighbouring items: `accumulate`, `batched`, `groupby`, `pairwise`, `zip_longest`.

use runtime::iterate::list_to_tuple;
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;

#[derive(macros::Trace)]
pub struct Accumulate {
    iterator: Slot,
    function: Slot,
    /// Unbound before the first item.
    total: Slot,
    /// The initial value while it has not been given out.
    initial: Slot,
}
impl NativeData for Accumulate {
    const NAME: &'static str = "itertools.accumulate";
}

#[macros::native_class(
    name = "accumulate",
    module = "itertools",
    layout = Native<Accumulate>,
    flags = BASETYPE,
    doc = "Return series of accumulated sums."
)]
pub mod accumulate {
    use super::*;

    #[slot(new, "accumulate(iterable, func=None, *, initial=None)")]
    fn new(
        cx: &mut Cx,
        class: Gc<Class>,
        iterable: Value,
        func: Value,
        initial: Option<Value>,
    ) -> PyResult<Gc<Native<Accumulate>>> {
        let iterator = Slot::new(get_iter(cx, iterable)?);
        let (total, initial) = (Slot::new(Value::UNBOUND), Slot::new(initial.unwrap_or(Value::UNBOUND)));
        Ok(new_native(cx, class, Accumulate { iterator, function: Slot::new(func), total, initial }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Accumulate>>) -> Gc<Native<Accumulate>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Accumulate>>) -> PyResult<Option<Value>> {
        if let Some(initial) = this.initial.get().bound() {
            this.initial.clear();
            this.total.set(this, initial);
            return Ok(Some(initial));
        }
        let Some(item) = runtime::iterate::next(cx, this.iterator.get())? else { return Ok(None) };
        let total = match this.total.get().bound() {
            None => item,
            Some(total) => {
                let function = this.function.get();
                if function.is_none() {
                    binary_op(cx, BinaryOp::Add, total, item)?
                } else {
                    call(cx, function, &[total, item])?
                }
            }
        };
        this.total.set(this, total);
        Ok(Some(total))
    }
}

#[derive(macros::Trace)]
pub struct Batched {
    /// Unbound at the end.
    iterator: Slot,
    size: usize,
    strict: bool,
}
impl NativeData for Batched {
    const NAME: &'static str = "itertools.batched";
}

#[macros::native_class(
    name = "batched",
    module = "itertools",
    layout = Native<Batched>,
    flags = BASETYPE,
    doc = "Batch data into tuples of length n. The last batch may be shorter than n.\n\nLoops over the input iterable and accumulates data into tuples\nup to size n.  The input is consumed lazily, just enough to\nfill a batch.  The result is yielded as soon as a batch is full\nor when the input iterable is exhausted.\n\n    >>> for batch in batched('ABCDEFG', 3):\n    ...     print(batch)\n    ...\n    ('A', 'B', 'C')\n    ('D', 'E', 'F')\n    ('G',)\n\nIf \"strict\" is True, raises a ValueError if the final batch is shorter\nthan n."
)]
pub mod batched {
    use super::*;

    #[slot(new, "batched(iterable, n, *, strict=False)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value, n: isize, strict: bool) -> PyResult<Gc<Native<Batched>>> {
        if n < 1 {
            return Err(value_error(cx, "n must be at least one"));
        }
        let iterator = Slot::new(get_iter(cx, iterable)?);
        Ok(new_native(cx, class, Batched { iterator, size: n as usize, strict }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Batched>>) -> Gc<Native<Batched>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Batched>>) -> PyResult<Option<Value>> {
        let Some(iterator) = this.iterator.get().bound() else { return Ok(None) };
        let items = List::with_capacity(&mut cx.heap, this.size.min(1 << 16)).or_raise(cx)?;
        while items.len() < this.size {
            let Some(item) = runtime::iterate::next(cx, iterator)? else { break };
            items.push(&mut cx.heap, item).or_raise(cx)?;
        }
        if items.len() < this.size {
            this.iterator.clear();
            if items.is_empty() {
                return Ok(None);
            }
            if this.strict {
                return Err(value_error(cx, "batched(): incomplete batch"));
            }
        }
        Ok(Some(list_to_tuple(cx, items)?.value()))
    }
}

#[derive(macros::Trace)]
pub struct GroupBy {
    iterator: Slot,
    key: Slot,
    target_key: Slot,
    current_key: Slot,
    current_value: Slot,
    /// The group given out last.
    group: Slot,
}
impl NativeData for GroupBy {
    const NAME: &'static str = "itertools.groupby";
}

/// Read the next item and its key.
fn advance(cx: &mut Cx, this: Gc<Native<GroupBy>>) -> PyResult<bool> {
    let Some(item) = runtime::iterate::next(cx, this.iterator.get())? else { return Ok(false) };
    let function = this.key.get();
    let key = if function.is_none() { item } else { call(cx, function, &[item])? };
    this.current_value.set(this, item);
    this.current_key.set(this, key);
    Ok(true)
}

#[macros::native_class(
    name = "groupby",
    module = "itertools",
    layout = Native<GroupBy>,
    flags = BASETYPE,
    doc = "make an iterator that returns consecutive keys and groups from the iterable\n\n  iterable\n    Elements to divide into groups according to the key function.\n  key\n    A function for computing the group category for each element.\n    If the key function is not specified or is None, the element itself\n    is used for grouping."
)]
pub mod groupby {
    use super::*;

    #[slot(new, "groupby(iterable, key=None)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value, key: Value) -> PyResult<Gc<Native<GroupBy>>> {
        let empty = || Slot::new(Value::UNBOUND);
        let iterator = Slot::new(get_iter(cx, iterable)?);
        let data = GroupBy {
            iterator,
            key: Slot::new(key),
            target_key: empty(),
            current_key: empty(),
            current_value: empty(),
            group: empty(),
        };
        Ok(new_native(cx, class, data))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<GroupBy>>) -> Gc<Native<GroupBy>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<GroupBy>>) -> PyResult<Option<Value>> {
        this.group.clear();
        // Skip to the next group.
        loop {
            if let Some(current) = this.current_key.get().bound() {
                let Some(target) = this.target_key.get().bound() else { break };
                if !equals(cx, target, current)? {
                    break;
                }
            }
            if !advance(cx, this)? {
                return Ok(None);
            }
        }
        let key = this.current_key.get();
        this.target_key.set(this, key);
        let class = class_of_spec(cx, &super::grouper::SPEC)?;
        let grouper = new_native(cx, class, Grouper { parent: GcSlot::of(this), key: Slot::new(key) });
        this.group.set(this, grouper);
        Ok(Some(cx.heap.tuple(&[key, grouper.value()]).value()))
    }
}

#[derive(macros::Trace)]
pub struct Grouper {
    parent: GcSlot<Native<GroupBy>>,
    key: Slot,
}
impl NativeData for Grouper {
    const NAME: &'static str = "itertools._grouper";
}

#[macros::native_class(name = "_grouper", module = "itertools", layout = Native<Grouper>, doc = "")]
pub mod grouper {
    use super::*;

    #[slot(new, "_grouper(parent, tgtkey, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, parent: Value, tgtkey: Value) -> PyResult<Gc<Native<Grouper>>> {
        let Some(parent) = parent.cast::<Native<GroupBy>>() else {
            let name = type_name(cx, parent);
            let message = format!("_grouper() argument 1 must be itertools.groupby, not {name}");
            return Err(type_error(cx, message));
        };
        let new = new_native(cx, class, Grouper { parent: GcSlot::of(parent), key: Slot::new(tgtkey) });
        parent.group.set(parent, new);
        Ok(new)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Grouper>>) -> Gc<Native<Grouper>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Grouper>>) -> PyResult<Option<Value>> {
        let parent = this.parent.expect();
        if !parent.group.get().is(this.value()) {
            return Ok(None);
        }
        if parent.current_value.get().is_unbound() && !advance(cx, parent)? {
            return Ok(None);
        }
        if !equals(cx, this.key.get(), parent.current_key.get())? {
            return Ok(None);
        }
        let item = parent.current_value.get();
        parent.current_value.clear();
        Ok(item.bound())
    }
}

#[derive(macros::Trace)]
pub struct Pairwise {
    iterator: Slot,
    old: Slot,
}
impl NativeData for Pairwise {
    const NAME: &'static str = "itertools.pairwise";
}

#[macros::native_class(
    name = "pairwise",
    module = "itertools",
    layout = Native<Pairwise>,
    flags = BASETYPE,
    doc = "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ..."
)]
pub mod pairwise {
    use super::*;

    #[slot(new, "pairwise(iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value) -> PyResult<Gc<Native<Pairwise>>> {
        let iterator = Slot::new(get_iter(cx, iterable)?);
        Ok(new_native(cx, class, Pairwise { iterator, old: Slot::new(Value::UNBOUND) }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Pairwise>>) -> Gc<Native<Pairwise>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Pairwise>>) -> PyResult<Option<Value>> {
        let Some(iterator) = this.iterator.get().bound() else { return Ok(None) };
        let old = match this.old.get().bound() {
            Some(old) => old,
            None => {
                let Some(first) = runtime::iterate::next(cx, iterator)? else {
                    this.iterator.clear();
                    return Ok(None);
                };
                this.old.set(this, first);
                // Reading the first item may have run this iterator.
                if this.iterator.get().is_unbound() {
                    return Ok(None);
                }
                first
            }
        };
        let Some(new) = runtime::iterate::next(cx, iterator)? else {
            this.iterator.clear();
            this.old.clear();
            return Ok(None);
        };
        this.old.set(this, new);
        Ok(Some(cx.heap.tuple(&[old, new]).value()))
    }
}

#[derive(macros::Trace)]
pub struct ZipLongest {
    /// Unbound items are exhausted iterators.
    iterators: GcSlot<Array>,
    n: usize,
    active: Cell<usize>,
    fill: Slot,
}
impl NativeData for ZipLongest {
    const NAME: &'static str = "itertools.zip_longest";
}

#[macros::native_class(
    name = "zip_longest",
    module = "itertools",
    layout = Native<ZipLongest>,
    flags = BASETYPE,
    doc = "zip_longest(*iterables, fillvalue=None)\n--\n\nReturn a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.  The .__next__()\nmethod continues until the longest iterable in the argument sequence\nis exhausted and then it raises StopIteration.  When the shorter iterables\nare exhausted, the fillvalue is substituted in their place.  The fillvalue\ndefaults to None or can be specified by a keyword argument."
)]
pub mod zip_longest {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Native<ZipLongest>>> {
        let mut fill = Value::NONE;
        for (name, value) in args.keywords() {
            if !name.eq_str("fillvalue") {
                return Err(type_error(cx, "zip_longest() got an unexpected keyword argument"));
            }
            fill = value;
        }
        let n = args.n_positional();
        let iterators = Array::new(&mut cx.heap, n).or_raise(cx)?;
        for (i, &iterable) in args.positional().iter().enumerate() {
            let iterator = get_iter(cx, iterable)?;
            iterators.set(i, iterator);
        }
        let iterators = GcSlot::of(iterators);
        Ok(new_native(cx, class, ZipLongest { iterators, n, active: Cell::new(n), fill: Slot::new(fill) }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<ZipLongest>>) -> Gc<Native<ZipLongest>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<ZipLongest>>) -> PyResult<Option<Value>> {
        if this.active.get() == 0 {
            return Ok(None);
        }
        let iterators = this.iterators.expect();
        let items = List::with_capacity(&mut cx.heap, this.n).or_raise(cx)?;
        for i in 0..this.n {
            let mut item = this.fill.get();
            if let Some(iterator) = iterators.get(i).bound() {
                match runtime::iterate::next(cx, iterator) {
                    Ok(Some(value)) => item = value,
                    Ok(None) => {
                        this.active.set(this.active.get().saturating_sub(1));
                        if this.active.get() == 0 {
                            return Ok(None);
                        }
                        iterators.slot(i).clear();
                    }
                    Err(raised) => {
                        this.active.set(0);
                        return Err(raised);
                    }
                }
            }
            items.push(&mut cx.heap, item).or_raise(cx)?;
        }
        Ok(Some(list_to_tuple(cx, items)?.value()))
    }
}
