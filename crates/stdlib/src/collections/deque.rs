//! `deque`: a ring of values, and its iterators.

use object::StrBuilder;
use runtime::item::sequence_index;
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

/// Item `i` is at `(head + i) % capacity` of the storage.
#[derive(macros::Trace)]
pub struct Deque {
    storage: GcSlot<Array>,
    head: Cell<usize>,
    len: Cell<usize>,
    /// `usize::MAX` = unbounded.
    max: Cell<usize>,
    /// Changes with every change, so that iterators notice.
    changes: Cell<u64>,
}
impl NativeData for Deque {
    const NAME: &'static str = "collections.deque";
}

type This = Gc<Native<Deque>>;

const FIRST: usize = 8;

impl Deque {
    fn at(&self, i: usize) -> usize {
        let at = self.head.get() + i;
        let capacity = self.storage.get().map_or(1, |s| s.capacity());
        if at >= capacity { at - capacity } else { at }
    }

    fn get(&self, i: usize) -> Option<Value> {
        if i >= self.len.get() {
            return None;
        }
        self.storage.get()?.try_get(self.at(i)).bound()
    }

    fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }
}

fn set(this: This, i: usize, value: Value) {
    if let Some(storage) = this.storage.get() {
        storage.set(this.at(i), value);
    }
}

fn reserve(cx: &mut Cx, this: This) -> PyResult<()> {
    let n = this.len.get();
    let capacity = this.storage.get().map_or(0, |s| s.capacity());
    if n < capacity {
        return Ok(());
    }
    let new = Array::new(&mut cx.heap, (n * 2).max(FIRST)).or_raise(cx)?;
    for i in 0..n {
        new.set(i, this.get(i).unwrap_or(Value::NONE));
    }
    this.storage.set(this, new);
    this.head.set(0);
    Ok(())
}

fn push_back(cx: &mut Cx, this: This, value: Value) -> PyResult<()> {
    if this.max.get() == 0 {
        return Ok(());
    }
    if this.len.get() >= this.max.get() {
        pop_front(this);
    }
    reserve(cx, this)?;
    let n = this.len.get();
    set(this, n, value);
    this.len.set(n + 1);
    this.changed();
    Ok(())
}

fn push_front(cx: &mut Cx, this: This, value: Value) -> PyResult<()> {
    if this.max.get() == 0 {
        return Ok(());
    }
    if this.len.get() >= this.max.get() {
        pop_back(this);
    }
    reserve(cx, this)?;
    let capacity = this.storage.expect().capacity();
    this.head.set((this.head.get() + capacity - 1) % capacity);
    this.len.set(this.len.get() + 1);
    set(this, 0, value);
    this.changed();
    Ok(())
}

fn pop_back(this: This) -> Option<Value> {
    let n = this.len.get().checked_sub(1)?;
    let value = this.get(n);
    this.storage.expect().slot(this.at(n)).clear();
    this.len.set(n);
    this.changed();
    value
}

fn pop_front(this: This) -> Option<Value> {
    let value = this.get(0)?;
    this.storage.expect().slot(this.head.get()).clear();
    this.head.set(this.at(1));
    this.len.set(this.len.get() - 1);
    this.changed();
    Some(value)
}

fn clear_all(this: This) {
    this.storage.set_option(this, None);
    this.head.set(0);
    this.len.set(0);
    this.changed();
}

fn extend_back(cx: &mut Cx, this: This, iterable: Value) -> PyResult<()> {
    let iterable = own_items(cx, this, iterable)?;
    for_each(cx, iterable, |cx, item| push_back(cx, this, item))
}

/// A list of the items when a deque is extended by itself.
fn own_items(cx: &mut Cx, this: This, iterable: Value) -> PyResult {
    if iterable.is(this.value()) { Ok(to_list(cx, iterable)?.value()) } else { Ok(iterable) }
}

/// Rotate right by `n` steps.
fn rotate_by(cx: &mut Cx, this: This, n: isize) -> PyResult<()> {
    let len = this.len.get();
    if len <= 1 {
        return Ok(());
    }
    let mut steps = n.rem_euclid(len as isize) as usize;
    let right = steps <= len / 2;
    if !right {
        steps = len - steps;
    }
    for _ in 0..steps {
        if right {
            let item = pop_back(this).unwrap_or(Value::NONE);
            push_front(cx, this, item)?;
        } else {
            let item = pop_front(this).unwrap_or(Value::NONE);
            push_back(cx, this, item)?;
        }
    }
    Ok(())
}

fn remove_at(cx: &mut Cx, this: This, i: usize) -> PyResult<()> {
    rotate_by(cx, this, -(i as isize))?;
    pop_front(this);
    rotate_by(cx, this, i as isize)
}

/// A new deque of the same class and bound with the same items.
fn copy_of(cx: &mut Cx, this: This) -> PyResult {
    let class = cx.class_of(this.value());
    let own = runtime::native::class_of_spec(cx, &class::SPEC)?;
    if class == own {
        let new = empty(cx, class);
        new.max.set(this.max.get());
        extend_back(cx, new, this.value())?;
        return Ok(new.value());
    }
    if this.max.get() == usize::MAX {
        call(cx, class.value(), &[this.value()])
    } else {
        let max = BigInt::from_u64(&mut cx.heap, this.max.get() as u64);
        call(cx, class.value(), &[this.value(), max])
    }
}

fn empty(cx: &mut Cx, class: Gc<Class>) -> This {
    let data = Deque {
        storage: GcSlot::new(None),
        head: Cell::new(0),
        len: Cell::new(0),
        max: Cell::new(usize::MAX),
        changes: Cell::new(0),
    };
    new_native(cx, class, data)
}

/// The first index of `value` from `start` to `stop`.
fn find(cx: &mut Cx, this: This, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let changes = this.changes.get();
    let mut i = start;
    while i < stop {
        let Some(item) = this.get(i) else { break };
        let equal = equals(cx, item, value)?;
        if changes != this.changes.get() {
            return Err(runtime_error(cx, "deque mutated during iteration"));
        }
        if equal {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// Keep `count` times the items.
fn repeat_in_place(cx: &mut Cx, this: This, count: isize) -> PyResult<()> {
    if count <= 0 {
        clear_all(this);
        return Ok(());
    }
    let items = to_list(cx, this.value())?;
    let total = items.len().checked_mul(count as usize).filter(|&n| n < 1 << 40);
    if total.is_none() && this.max.get() == usize::MAX {
        return Err(memory_error(cx));
    }
    // With a bound only the last items count.
    let rounds = if this.max.get() == usize::MAX || items.is_empty() {
        count as usize - 1
    } else {
        (count as usize - 1).min(this.max.get() / items.len() + 1)
    };
    for _ in 0..rounds {
        for i in 0..items.len() {
            push_back(cx, this, items.get(i).unwrap_or(Value::NONE))?;
        }
    }
    Ok(())
}

fn position(cx: &mut Cx, this: This, key: Value) -> PyResult<usize> {
    if cx.class_of(key).slots.index.get().is_none() {
        let name = type_name(cx, key);
        return Err(type_error(cx, format_args!("sequence index must be integer, not '{name}'")));
    }
    let i = as_index(cx, key)?;
    let n = this.len.get() as isize;
    let i = if i < 0 { i + n } else { i };
    if i < 0 || i >= n {
        return Err(index_error(cx, "deque index out of range"));
    }
    Ok(i as usize)
}

#[macros::native_class(
    name = "deque",
    module = "collections",
    layout = Native<Deque>,
    flags = BASETYPE | SEQUENCE,
    traits = HAS_WEAKREF,
    doc = "A list-like sequence optimized for data accesses near its endpoints."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> This {
        let _ = args;
        empty(cx, class)
    }

    #[slot(init, "deque(iterable=None, maxlen=None)")]
    fn init(cx: &mut Cx, this: This, iterable: Value, maxlen: Option<Value>) -> PyResult<()> {
        let max = match maxlen {
            None => usize::MAX,
            Some(value) => {
                if runtime::number::Num::of(value).is_none() && cx.class_of(value).slots.index.get().is_none() {
                    return Err(type_error(cx, "an integer is required"));
                }
                let n = runtime::number::as_isize(cx, value)?;
                if n < 0 {
                    return Err(value_error(cx, "maxlen must be non-negative"));
                }
                n as usize
            }
        };
        this.max.set(max);
        clear_all(this);
        if iterable.is_none() {
            return Ok(());
        }
        extend_back(cx, this, iterable)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<Gc<Str>> {
        if !runtime::text::enter_repr(cx, this.value()) {
            return Str::from_utf8(&mut cx.heap, "[...]").or_raise(cx);
        }
        let name = cx.class_of(this.value()).display_name();
        let list = to_list(cx, this.value());
        let text = list.and_then(|list| repr_of(cx, list.value()));
        runtime::text::leave_repr(cx);
        let mut out = StrBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        out.push_py(&*text?);
        if this.max.get() != usize::MAX {
            out.push_str(&format!(", maxlen={}", this.max.get()));
        }
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<Deque>>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if this.len.get() != other.len.get() && op == CompareOp::Eq {
            return Ok(Value::FALSE);
        }
        let (a, b) = (to_list(cx, this.value())?, to_list(cx, other.value())?);
        compare(cx, a.value(), b.value(), op)
    }

    #[slot]
    fn len(_: &mut Cx, this: This) -> PyResult<usize> {
        Ok(this.len.get())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: This) -> PyResult<Gc<Native<DequeIter>>> {
        new_iterator(cx, &forward::SPEC, this)
    }

    #[slot]
    fn contains(cx: &mut Cx, this: This, item: Value) -> PyResult<bool> {
        Ok(find(cx, this, item, 0, usize::MAX)?.is_some())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: This, key: Value) -> PyResult {
        let i = position(cx, this, key)?;
        Ok(this.get(i).unwrap_or(Value::NONE))
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: This, key: Value, value: Option<Value>) -> PyResult<()> {
        let i = position(cx, this, key)?;
        match value {
            Some(value) => {
                set(this, i, value);
                Ok(())
            }
            None => remove_at(cx, this, i),
        }
    }

    #[slot]
    fn concat(cx: &mut Cx, this: This, other: Value) -> PyResult {
        if other.cast::<Native<Deque>>().is_none() {
            let name = type_name(cx, other);
            return Err(type_error(cx, format_args!("can only concatenate deque (not \"{name}\") to deque")));
        }
        let new = copy_of(cx, this)?;
        if let Some(deque) = new.cast::<Native<Deque>>() {
            extend_back(cx, deque, other)?;
        }
        Ok(new)
    }

    #[slot]
    fn inplace_concat(cx: &mut Cx, this: This, other: Value) -> PyResult<This> {
        extend_back(cx, this, other)?;
        Ok(this)
    }

    #[slot]
    fn repeat(cx: &mut Cx, this: This, count: Value) -> PyResult {
        let count = sequence_index(cx, count)?;
        let new = copy_of(cx, this)?;
        if let Some(deque) = new.cast::<Native<Deque>>() {
            repeat_in_place(cx, deque, count)?;
        }
        Ok(new)
    }

    #[slot]
    fn inplace_repeat(cx: &mut Cx, this: This, count: Value) -> PyResult<This> {
        let count = sequence_index(cx, count)?;
        repeat_in_place(cx, this, count)?;
        Ok(this)
    }

    /// Add an element to the right side of the deque.
    #[method("append($self, item, /)")]
    fn append(cx: &mut Cx, this: This, item: Value) -> PyResult<()> {
        push_back(cx, this, item)
    }

    /// Add an element to the left side of the deque.
    #[method("appendleft($self, item, /)")]
    fn appendleft(cx: &mut Cx, this: This, item: Value) -> PyResult<()> {
        push_front(cx, this, item)
    }

    /// Remove and return the rightmost element.
    #[method("pop($self, /)")]
    fn pop(cx: &mut Cx, this: This) -> PyResult {
        match pop_back(this) {
            Some(item) => Ok(item),
            None => Err(index_error(cx, "pop from an empty deque")),
        }
    }

    /// Remove and return the leftmost element.
    #[method("popleft($self, /)")]
    fn popleft(cx: &mut Cx, this: This) -> PyResult {
        match pop_front(this) {
            Some(item) => Ok(item),
            None => Err(index_error(cx, "pop from an empty deque")),
        }
    }

    /// Extend the right side of the deque with elements from the iterable.
    #[method("extend($self, iterable, /)")]
    fn extend(cx: &mut Cx, this: This, iterable: Value) -> PyResult<()> {
        extend_back(cx, this, iterable)
    }

    /// Extend the left side of the deque with elements from the iterable.
    #[method("extendleft($self, iterable, /)")]
    fn extendleft(cx: &mut Cx, this: This, iterable: Value) -> PyResult<()> {
        let iterable = own_items(cx, this, iterable)?;
        for_each(cx, iterable, |cx, item| push_front(cx, this, item))
    }

    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[method("rotate($self, n=1, /)")]
    fn rotate(cx: &mut Cx, this: This, n: isize) -> PyResult<()> {
        rotate_by(cx, this, n)
    }

    /// Reverse *IN PLACE*.
    #[method("reverse($self, /)")]
    fn reverse(_: &mut Cx, this: This) {
        let n = this.len.get();
        for i in 0..n / 2 {
            if let (Some(a), Some(b)) = (this.get(i), this.get(n - 1 - i)) {
                set(this, i, b);
                set(this, n - 1 - i, a);
            }
        }
    }

    /// Remove all elements from the deque.
    #[method("clear($self, /)")]
    fn clear(_: &mut Cx, this: This) {
        clear_all(this);
    }

    /// Return a shallow copy of a deque.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: This) -> PyResult {
        copy_of(cx, this)
    }

    /// Return a shallow copy of a deque.
    #[method("__copy__($self, /)")]
    fn dunder_copy(cx: &mut Cx, this: This) -> PyResult {
        copy_of(cx, this)
    }

    /// Return number of occurrences of value.
    #[method("count($self, value, /)")]
    fn count(cx: &mut Cx, this: This, value: Value) -> PyResult<i64> {
        let changes = this.changes.get();
        let (mut n, mut i) = (0, 0);
        while let Some(item) = this.get(i) {
            n += equals(cx, item, value)? as i64;
            if changes != this.changes.get() {
                return Err(runtime_error(cx, "deque mutated during iteration"));
            }
            i += 1;
        }
        Ok(n)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method("index($self, value, start=0, stop=<unrepresentable>, /)")]
    fn index(cx: &mut Cx, this: This, value: Value, start: Option<Value>, stop: Option<Value>) -> PyResult<i64> {
        let mut bounds = [0, usize::MAX];
        for (bound, given) in bounds.iter_mut().zip([start, stop]) {
            if let Some(given) = given {
                *bound = runtime::types::list::search_bound(cx, given, || this.len.get())?;
            }
        }
        match find(cx, this, value, bounds[0], bounds[1])? {
            Some(i) => Ok(i as i64),
            None => Err(value_error(cx, "deque.index(x): x not in deque")),
        }
    }

    /// Insert value before index.
    #[method("insert($self, index, value, /)")]
    fn insert(cx: &mut Cx, this: This, index: isize, value: Value) -> PyResult<()> {
        let n = this.len.get() as isize;
        if n as usize >= this.max.get() {
            return Err(index_error(cx, "deque already at its maximum size"));
        }
        if index >= n {
            return push_back(cx, this, value);
        }
        if index <= -n || index == 0 {
            return push_front(cx, this, value);
        }
        rotate_by(cx, this, -index)?;
        if index < 0 {
            push_back(cx, this, value)?;
        } else {
            push_front(cx, this, value)?;
        }
        rotate_by(cx, this, index)
    }

    /// Remove first occurrence of value.
    #[method("remove($self, value, /)")]
    fn remove(cx: &mut Cx, this: This, value: Value) -> PyResult<()> {
        let changes = this.changes.get();
        let mut i = 0;
        while let Some(item) = this.get(i) {
            let equal = equals(cx, item, value)?;
            if changes != this.changes.get() {
                return Err(index_error(cx, "deque mutated during remove()."));
            }
            if equal {
                return remove_at(cx, this, i);
            }
            i += 1;
        }
        Err(value_error(cx, "deque.remove(x): x not in deque"))
    }

    /// Return a reverse iterator over the deque.
    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: This) -> PyResult<Gc<Native<DequeIter>>> {
        new_iterator(cx, &backward::SPEC, this)
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let name = cx.names().__getstate__;
        let state = call_method(cx, this.value(), name, &[])?;
        let items = get_iter(cx, this.value())?;
        let class = cx.class_of(this.value()).value();
        let args = if this.max.get() == usize::MAX {
            cx.heap.tuple(&[])
        } else {
            let none = cx.heap.tuple(&[]).value();
            let max = BigInt::from_u64(&mut cx.heap, this.max.get() as u64);
            cx.heap.tuple(&[none, max])
        };
        Ok(cx.heap.tuple(&[class, args.value(), state, items]))
    }

    /// Return the size of the deque in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: This) -> i64 {
        232 + 8 * this.len.get().next_multiple_of(64).max(64) as i64
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::hooks::generic_alias(cx, class.value(), object)
    }

    /// maximum size of a deque or None if unbounded
    #[getter]
    fn maxlen(_: &mut Cx, this: This) -> Option<i64> {
        if this.max.get() == usize::MAX { None } else { Some(this.max.get() as i64) }
    }
}

#[derive(macros::Trace)]
pub struct DequeIter {
    /// Unbound once exhausted.
    deque: GcSlot<Native<Deque>>,
    index: Cell<usize>,
    changes: Cell<u64>,
}
impl NativeData for DequeIter {
    const NAME: &'static str = "_collections._deque_iterator";
}

fn new_iterator(cx: &mut Cx, spec: &'static TypeSpec, deque: This) -> PyResult<Gc<Native<DequeIter>>> {
    let class = runtime::native::class_of_spec(cx, spec)?;
    let changes = Cell::new(deque.changes.get());
    Ok(new_native(cx, class, DequeIter { deque: GcSlot::of(deque), index: Cell::new(0), changes }))
}

/// An iterator made by its class: over `deque`, `index` items skipped.
fn iterator_from_args(
    cx: &mut Cx,
    spec: &'static TypeSpec,
    deque: Value,
    index: isize,
) -> PyResult<Gc<Native<DequeIter>>> {
    let Some(deque) = deque.cast::<Native<Deque>>() else {
        let (name, given) = (spec.name, type_name(cx, deque));
        return Err(type_error(cx, format_args!("{name}() argument 1 must be collections.deque, not {given}")));
    };
    let iterator = new_iterator(cx, spec, deque)?;
    iterator.index.set((index.max(0) as usize).min(deque.len.get()));
    Ok(iterator)
}

fn next_item(cx: &mut Cx, this: Gc<Native<DequeIter>>, backwards: bool) -> PyResult<Option<Value>> {
    let Some(deque) = this.deque.get() else { return Ok(None) };
    if this.changes.get() != deque.changes.get() {
        this.deque.set_option(this, None);
        return Err(runtime_error(cx, "deque mutated during iteration"));
    }
    let (i, n) = (this.index.get(), deque.len.get());
    if i >= n {
        this.deque.set_option(this, None);
        return Ok(None);
    }
    this.index.set(i + 1);
    Ok(deque.get(if backwards { n - 1 - i } else { i }))
}

fn remaining(this: Gc<Native<DequeIter>>) -> i64 {
    this.deque.get().map_or(0, |d| d.len.get().saturating_sub(this.index.get()) as i64)
}

fn reduce_iterator(cx: &mut Cx, this: Gc<Native<DequeIter>>) -> Gc<Tuple> {
    let class = cx.class_of(this.value()).value();
    let index = Int::from_len(this.index.get()).value();
    let deque = this.deque.get().map_or(Value::NONE, Gc::value);
    let args = cx.heap.tuple(&[deque, index]).value();
    cx.heap.tuple(&[class, args])
}

macro_rules! iterators {
    ($($module:ident = $name:tt, $backwards:literal;)*) => { $(
        #[macros::native_class(name = $name, module = "_collections", layout = Native<DequeIter>, doc = "")]
        pub mod $module {
            use super::*;

            #[slot(new, "iterator(deque, index=0, /)")]
            fn new(cx: &mut Cx, class: Gc<Class>, deque: Value, index: isize) -> PyResult<Gc<Native<DequeIter>>> {
                let _ = class;
                iterator_from_args(cx, &SPEC, deque, index)
            }

            #[slot]
            fn iter(_: &mut Cx, this: Gc<Native<DequeIter>>) -> Gc<Native<DequeIter>> {
                this
            }

            #[slot]
            fn next(cx: &mut Cx, this: Gc<Native<DequeIter>>) -> PyResult<Option<Value>> {
                next_item(cx, this, $backwards)
            }

            /// Private method returning an estimate of len(list(it)).
            #[method("__length_hint__($self, /)")]
            fn length_hint(_: &mut Cx, this: Gc<Native<DequeIter>>) -> i64 {
                remaining(this)
            }

            /// Return state information for pickling.
            #[method("__reduce__($self, /)")]
            fn reduce(cx: &mut Cx, this: Gc<Native<DequeIter>>) -> Gc<Tuple> {
                reduce_iterator(cx, this)
            }
        }
    )* };
}

iterators! {
    forward = "_deque_iterator", false;
    backward = "_deque_reverse_iterator", true;
}
