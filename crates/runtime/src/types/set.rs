//! `set`, `frozenset` and their iterator. The algorithms choose what to iterate as CPython's do, so that results come
//! out in the same order.

use crate::prelude::*;
use crate::set;
use macros::native_class;
use object::StrBuilder;

/// The plain class that results have: `set` or `frozenset`, never a subclass.
fn base_shape(cx: &Cx, this: Gc<Set>) -> ShapeId {
    let types = cx.types();
    let class = cx.class_of(this.value());
    if class == types.frozenset || class.is_subclass_of(types.frozenset) {
        types.frozenset.instance_shape.get()
    } else {
        types.set.instance_shape.get()
    }
}

fn empty_like(cx: &mut Cx, this: Gc<Set>) -> Gc<Set> {
    let shape = base_shape(cx, this);
    Set::with_shape(&mut cx.heap, shape)
}

fn copy_of(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Set>> {
    let shape = base_shape(cx, this);
    set::copy(cx, shape, this)
}

fn is_exact_frozenset(cx: &Cx, v: Value) -> bool {
    cx.class_of(v) == cx.types().frozenset
}

/// Look for `key`; an unhashable set stands for the frozenset with its elements.
fn with_hash<R>(cx: &mut Cx, key: Value, then: impl FnOnce(&mut Cx, Value, i64) -> PyResult<R>) -> PyResult<R> {
    let hash = match set::hash_element(cx, key) {
        Ok(hash) => hash,
        Err(raised) => {
            let Some(inner) = key.cast::<Set>() else { return Err(raised) };
            let class = cx.types().TypeError;
            cx.catch(raised, class)?;
            let shape = cx.types().frozenset.instance_shape.get();
            let frozen = set::copy(cx, shape, inner)?;
            let hash = frozen_hash(frozen);
            return then(cx, frozen.value(), hash);
        }
    };
    then(cx, key, hash)
}

/// The hash of the elements, independent of their order.
fn frozen_hash(this: Gc<Set>) -> i64 {
    let shuffle = |h: u64| ((h ^ 89869747) ^ (h << 16)).wrapping_mul(3644798167);
    let mut hash = 0u64;
    let mut i = 0;
    while let Some((at, _, h)) = this.next_slot(i) {
        i = at + 1;
        hash ^= shuffle(h as u64);
    }
    hash ^= (this.len() as u64 + 1).wrapping_mul(1927868237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69069).wrapping_add(907133923);
    if hash == u64::MAX { 590923713 } else { hash as i64 }
}

/// Run `body` for the elements of a set with their hashes; the set may change meanwhile.
fn each_element(
    cx: &mut Cx,
    this: Gc<Set>,
    mut body: impl FnMut(&mut Cx, Value, i64) -> PyResult<bool>,
) -> PyResult<bool> {
    let mut i = 0;
    while let Some((at, key, hash)) = this.next_slot(i) {
        i = at + 1;
        if !body(cx, key, hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Add the elements of `from` that are in `searched`, or those that are not, to an empty set.
fn select(cx: &mut Cx, from: Gc<Set>, searched: Gc<Set>, wanted: bool, into: Gc<Set>) -> PyResult<()> {
    // Until Python code runs, elements are known to be different from each other.
    let mut has_asked = false;
    each_element(cx, from, |cx, key, hash| {
        let found = match searched.contains_plain(key, hash) {
            Some(found) => found,
            None => {
                has_asked = true;
                set::contains_hashed(cx, searched, key, hash)?
            }
        };
        if found == wanted {
            if has_asked {
                set::add_hashed(cx, into, key, hash)?;
            } else {
                into.insert_new(&mut cx.heap, key, hash).or_raise(cx)?;
            }
        }
        Ok(true)
    })?;
    Ok(())
}

fn intersection(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<Gc<Set>> {
    if other.is(this.value()) {
        return copy_of(cx, this);
    }
    let result = empty_like(cx, this);
    if let Some(other) = other.cast::<Set>() {
        let (searched, iterated) = if other.len() > this.len() { (other, this) } else { (this, other) };
        select(cx, iterated, searched, true, result)?;
        return Ok(result);
    }
    for_each(cx, other, |cx, key| {
        let hash = set::hash_element(cx, key)?;
        if set::contains_hashed(cx, this, key, hash)? {
            set::add_hashed(cx, result, key, hash)?;
        }
        Ok(())
    })?;
    Ok(result)
}

fn intersection_of_all(cx: &mut Cx, this: Gc<Set>, others: &[Value]) -> PyResult<Gc<Set>> {
    if others.is_empty() {
        return copy_of(cx, this);
    }
    let mut result = this;
    for &other in others {
        result = intersection(cx, result, other)?;
    }
    Ok(result)
}

fn difference_update(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<()> {
    if other.is(this.value()) {
        this.clear();
        return Ok(());
    }
    if let Some(mut other) = other.cast::<Set>() {
        if other.len() >> 3 > this.len() {
            other = intersection(cx, this, other.value())?;
        }
        each_element(cx, other, |cx, key, hash| set::discard_hashed(cx, this, key, hash).map(|_| true))?;
    } else {
        for_each(cx, other, |cx, key| set::discard(cx, this, key).map(|_| ()))?;
    }
    // Get rid of deleted entries when there are many.
    if this.fill() - this.len() > this.mask() / 4 {
        let used = this.len();
        this.resize(&mut cx.heap, if used > 50000 { used * 2 } else { used * 4 }).or_raise(cx)?;
    }
    Ok(())
}

fn difference(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<Gc<Set>> {
    let size = match (other.cast::<Set>(), crate::dict::plain_dict(cx, other)) {
        (Some(set), _) => set.len(),
        (None, Some(dict)) => dict.len(),
        (None, None) => 0,
    };
    let keyed = other.is_a::<Set>() || crate::dict::plain_dict(cx, other).is_some();
    if !keyed || this.len() >> 2 > size {
        let result = copy_of(cx, this)?;
        difference_update(cx, result, other)?;
        return Ok(result);
    }
    let result = empty_like(cx, this);
    if let Some(set) = other.cast::<Set>() {
        select(cx, this, set, false, result)?;
    } else if let Some(dict) = other.cast::<Dict>() {
        each_element(cx, this, |cx, key, hash| {
            if crate::dict::find(cx, dict, key, hash)?.is_none() {
                set::add_hashed(cx, result, key, hash)?;
            }
            Ok(true)
        })?;
    }
    Ok(result)
}

fn difference_of_all(cx: &mut Cx, this: Gc<Set>, others: &[Value]) -> PyResult<Gc<Set>> {
    let Some((&first, rest)) = others.split_first() else { return copy_of(cx, this) };
    let result = difference(cx, this, first)?;
    for &other in rest {
        difference_update(cx, result, other)?;
    }
    Ok(result)
}

fn symmetric_update(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<()> {
    if other.is(this.value()) {
        this.clear();
        return Ok(());
    }
    let other = match other.cast::<Set>() {
        Some(set) => set,
        None => {
            let new = Set::new(&mut cx.heap);
            set::update(cx, new, other)?;
            new
        }
    };
    each_element(cx, other, |cx, key, hash| {
        if !set::discard_hashed(cx, this, key, hash)? {
            set::add_hashed(cx, this, key, hash)?;
        }
        Ok(true)
    })?;
    Ok(())
}

fn symmetric_difference(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<Gc<Set>> {
    let result = empty_like(cx, this);
    set::update(cx, result, other)?;
    symmetric_update(cx, result, this.value())?;
    Ok(result)
}

fn union_of_all(cx: &mut Cx, this: Gc<Set>, others: &[Value]) -> PyResult<Gc<Set>> {
    let result = copy_of(cx, this)?;
    for &other in others {
        if !other.is(this.value()) {
            set::update(cx, result, other)?;
        }
    }
    Ok(result)
}

fn is_subset(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<bool> {
    let Some(other) = other.cast::<Set>() else {
        let common = intersection(cx, this, other)?;
        return Ok(common.len() == this.len());
    };
    if this.len() > other.len() {
        return Ok(false);
    }
    if this == other {
        return Ok(true);
    }
    if let Some(known) = this.all_plainly(&other, true) {
        return Ok(known);
    }
    each_element(cx, this, |cx, key, hash| set::contains_hashed(cx, other, key, hash))
}

fn is_superset(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<bool> {
    if let Some(other) = other.cast::<Set>() {
        return is_subset(cx, other, this.value());
    }
    let iterator = get_iter(cx, other)?;
    while let Some(key) = next(cx, iterator)? {
        if !set::contains(cx, this, key)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_disjoint(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<bool> {
    if other.is(this.value()) {
        return Ok(this.is_empty());
    }
    if let Some(other) = other.cast::<Set>() {
        let (searched, iterated) = if other.len() > this.len() { (other, this) } else { (this, other) };
        if let Some(known) = iterated.all_plainly(&searched, false) {
            return Ok(known);
        }
        return each_element(cx, iterated, |cx, key, hash| Ok(!set::contains_hashed(cx, searched, key, hash)?));
    }
    let iterator = get_iter(cx, other)?;
    while let Some(key) = next(cx, iterator)? {
        if set::contains(cx, this, key)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn set_compare(cx: &mut Cx, this: Gc<Set>, other: Value, op: CompareOp) -> PyResult {
    let Some(other) = other.cast::<Set>() else { return Ok(Value::NOT_IMPLEMENTED) };
    if matches!(op, CompareOp::Eq | CompareOp::Ne) {
        let (left, right) = (this.hash.get(), other.hash.get());
        if left != 0 && right != 0 && left != right {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
    }
    let result = match op {
        CompareOp::Eq => this.len() == other.len() && is_subset(cx, this, other.value())?,
        CompareOp::Ne => !(this.len() == other.len() && is_subset(cx, this, other.value())?),
        CompareOp::Le => is_subset(cx, this, other.value())?,
        CompareOp::Lt => this.len() < other.len() && is_subset(cx, this, other.value())?,
        CompareOp::Ge => is_subset(cx, other, this.value())?,
        CompareOp::Gt => this.len() > other.len() && is_subset(cx, other, this.value())?,
    };
    Ok(Value::bool(result))
}

fn set_repr(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Str>> {
    let class = cx.class_of(this.value());
    let name = class.display_name();
    if this.is_empty() {
        return Str::from_utf8(&mut cx.heap, &format!("{name}()")).or_raise(cx);
    }
    if !crate::text::enter_repr(cx, this.value()) {
        return Str::from_utf8(&mut cx.heap, &format!("{name}(...)")).or_raise(cx);
    }
    let plain = class == cx.types().set;
    let mut out = StrBuilder::new();
    if !plain {
        out.push_str(&name);
        out.push_str("(");
    }
    out.push_str("{");
    let list = to_list(cx, this.value());
    let result = list.and_then(|list| crate::types::list::repr_items(cx, &mut out, |i| list.get(i)));
    crate::text::leave_repr(cx);
    result?;
    out.push_str(if plain { "}" } else { "})" });
    out.finish(&mut cx.heap).or_raise(cx)
}

/// `(class, ([elements],), state)`.
fn set_reduce(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Tuple>> {
    let list = to_list(cx, this.value())?.value();
    let args = cx.heap.tuple(&[list]).value();
    let class = cx.class_of(this.value()).value();
    let name = cx.names().__getstate__;
    let state = call_method(cx, this.value(), name, &[])?;
    Ok(cx.heap.tuple(&[class, args, state]))
}

/// Both operands as sets, or NotImplemented.
macro_rules! operands {
    ($left:ident, $right:ident) => {
        match ($left.cast::<Set>(), $right.cast::<Set>()) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

/// What `set` and `frozenset` share, expanded inside both classes.
macro_rules! set_class {
    ($(#[$attributes:meta])* $module:ident { $($own:item)* }) => {
        $(#[$attributes])*
        pub mod $module {
            use super::*;

            #[slot]
            fn repr(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Str>> {
                set_repr(cx, this)
            }

            #[slot]
            fn richcompare(cx: &mut Cx, this: Gc<Set>, other: Value, op: CompareOp) -> PyResult {
                set_compare(cx, this, other, op)
            }

            #[slot]
            fn len(_: &mut Cx, this: Gc<Set>) -> PyResult<usize> {
                Ok(this.len())
            }

            #[slot]
            fn iter(cx: &mut Cx, this: Gc<Set>) -> Gc<SetIter> {
                cx.heap.set_iter(this)
            }

            #[slot]
            fn contains(cx: &mut Cx, this: Gc<Set>, key: Value) -> PyResult<bool> {
                with_hash(cx, key, |cx, key, hash| set::contains_hashed(cx, this, key, hash))
            }

            #[slot(binary = And)]
            fn and(cx: &mut Cx, left: Value, right: Value) -> PyResult {
                let (a, _) = operands!(left, right);
                Ok(super::intersection(cx, a, right)?.value())
            }

            #[slot(binary = Or)]
            fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
                let (a, _) = operands!(left, right);
                Ok(union_of_all(cx, a, &[right])?.value())
            }

            #[slot(binary = Xor)]
            fn xor(cx: &mut Cx, left: Value, right: Value) -> PyResult {
                let (a, _) = operands!(left, right);
                Ok(super::symmetric_difference(cx, a, right)?.value())
            }

            #[slot(binary = Subtract)]
            fn sub(cx: &mut Cx, left: Value, right: Value) -> PyResult {
                let (a, _) = operands!(left, right);
                Ok(super::difference(cx, a, right)?.value())
            }

            /// Return a new set with elements common to the set and all others.
            #[method(raw, "intersection($self, /, *others)")]
            fn intersection(cx: &mut Cx, this: Gc<Set>, args: Args<'_>) -> PyResult<Gc<Set>> {
                positional_only(cx, this, "intersection", args)?;
                intersection_of_all(cx, this, args.positional())
            }

            /// Return a new set with elements from the set and all others.
            #[method(raw, "union($self, /, *others)")]
            fn union(cx: &mut Cx, this: Gc<Set>, args: Args<'_>) -> PyResult<Gc<Set>> {
                positional_only(cx, this, "union", args)?;
                union_of_all(cx, this, args.positional())
            }

            /// Return a new set with elements in the set that are not in the others.
            #[method(raw, "difference($self, /, *others)")]
            fn difference(cx: &mut Cx, this: Gc<Set>, args: Args<'_>) -> PyResult<Gc<Set>> {
                positional_only(cx, this, "difference", args)?;
                difference_of_all(cx, this, args.positional())
            }

            /// Return a new set with elements in either the set or other but not both.
            #[method("symmetric_difference($self, other, /)")]
            fn symmetric_difference(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<Gc<Set>> {
                super::symmetric_difference(cx, this, other)
            }

            /// Report whether another set contains this set.
            #[method("issubset($self, other, /)")]
            fn issubset(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<bool> {
                is_subset(cx, this, other)
            }

            /// Report whether this set contains another set.
            #[method("issuperset($self, other, /)")]
            fn issuperset(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<bool> {
                is_superset(cx, this, other)
            }

            /// Return True if two sets have a null intersection.
            #[method("isdisjoint($self, other, /)")]
            fn isdisjoint(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<bool> {
                is_disjoint(cx, this, other)
            }

            /// Return state information for pickling.
            #[method("__reduce__($self, /)")]
            fn reduce(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Tuple>> {
                set_reduce(cx, this)
            }

            /// S.__sizeof__() -> size of S in memory, in bytes.
            #[method("__sizeof__($self, /)")]
            fn sizeof(_: &mut Cx, this: Gc<Set>) -> i64 {
                if this.mask() < 8 { 200 } else { 200 + 16 * (this.mask() as i64 + 1) }
            }

            /// See PEP 585
            #[classmethod("__class_getitem__($type, object, /)")]
            fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
                crate::hooks::generic_alias(cx, class.value(), object)
            }

            $($own)*
        }
    };
}

fn positional_only(cx: &mut Cx, this: Gc<Set>, method: &str, args: Args<'_>) -> PyResult<()> {
    if args.n_keywords() > 0 {
        let owner = if cx.is_instance(this.value(), cx.types().frozenset) { "frozenset" } else { "set" };
        return Err(type_error(cx, format_args!("{owner}.{method}() takes no keyword arguments")));
    }
    Ok(())
}

set_class! {
    #[native_class(
        name = "set",
        layout = Set,
        flags = BASETYPE | MATCH_SELF,
        traits = HAS_WEAKREF,
        doc = "Build an unordered collection of unique elements."
    )]
    class {
        #[slot]
        fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Set>> {
            let _ = args;
            Ok(Set::with_shape(&mut cx.heap, class.instance_shape.get()))
        }

        #[slot(init, "set(iterable=(), /)")]
        fn init(cx: &mut Cx, this: Gc<Set>, iterable: Option<Value>) -> PyResult<()> {
            this.clear();
            match iterable {
                Some(iterable) => set::update(cx, this, iterable),
                None => Ok(()),
            }
        }

        #[slot(inplace = And)]
        fn iand(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult {
            if !other.is_a::<Set>() {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            let result = super::intersection(cx, this, other)?;
            this.take_storage(result);
            Ok(this.value())
        }

        #[slot(inplace = Or)]
        fn ior(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult {
            if !other.is_a::<Set>() {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            set::update(cx, this, other)?;
            Ok(this.value())
        }

        #[slot(inplace = Xor)]
        fn ixor(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult {
            if !other.is_a::<Set>() {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            symmetric_update(cx, this, other)?;
            Ok(this.value())
        }

        #[slot(inplace = Subtract)]
        fn isub(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult {
            if !other.is_a::<Set>() {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            super::difference_update(cx, this, other)?;
            Ok(this.value())
        }

        /// Add an element to a set.
        ///
        /// This has no effect if the element is already present.
        #[method("add($self, object, /)")]
        fn add(cx: &mut Cx, this: Gc<Set>, object: Value) -> PyResult<()> {
            set::add(cx, this, object)
        }

        /// Remove all elements from this set.
        #[method("clear($self, /)")]
        fn clear(_: &mut Cx, this: Gc<Set>) {
            this.clear();
        }

        /// Return a shallow copy of a set.
        #[method("copy($self, /)")]
        fn copy(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Set>> {
            copy_of(cx, this)
        }

        /// Remove an element from a set if it is a member.
        ///
        /// Unlike set.remove(), the discard() method does not raise
        /// an exception when an element is missing from the set.
        #[method("discard($self, object, /)")]
        fn discard(cx: &mut Cx, this: Gc<Set>, object: Value) -> PyResult<()> {
            with_hash(cx, object, |cx, key, hash| set::discard_hashed(cx, this, key, hash)).map(|_| ())
        }

        /// Remove an element from a set; it must be a member.
        ///
        /// If the element is not a member, raise a KeyError.
        #[method("remove($self, object, /)")]
        fn remove(cx: &mut Cx, this: Gc<Set>, object: Value) -> PyResult<()> {
            if with_hash(cx, object, |cx, key, hash| set::discard_hashed(cx, this, key, hash))? {
                return Ok(());
            }
            Err(key_error(cx, object))
        }

        /// Remove and return an arbitrary set element.
        ///
        /// Raises KeyError if the set is empty.
        #[method("pop($self, /)")]
        fn pop(cx: &mut Cx, this: Gc<Set>) -> PyResult {
            match this.pop() {
                Some(key) => Ok(key),
                None => {
                    let message = cx.heap.str("pop from an empty set");
                    Err(key_error(cx, message))
                }
            }
        }

        /// Update the set, adding elements from all others.
        #[method(raw, "update($self, /, *others)")]
        fn update(cx: &mut Cx, this: Gc<Set>, args: Args<'_>) -> PyResult<()> {
            positional_only(cx, this, "update", args)?;
            args.positional().iter().try_for_each(|&other| set::update(cx, this, other))
        }

        /// Update the set, keeping only elements found in it and all others.
        #[method(raw, "intersection_update($self, /, *others)")]
        fn intersection_update(cx: &mut Cx, this: Gc<Set>, args: Args<'_>) -> PyResult<()> {
            positional_only(cx, this, "intersection_update", args)?;
            let result = intersection_of_all(cx, this, args.positional())?;
            this.take_storage(result);
            Ok(())
        }

        /// Update the set, removing elements found in others.
        #[method(raw, "difference_update($self, /, *others)")]
        fn difference_update(cx: &mut Cx, this: Gc<Set>, args: Args<'_>) -> PyResult<()> {
            positional_only(cx, this, "difference_update", args)?;
            args.positional().iter().try_for_each(|&other| super::difference_update(cx, this, other))
        }

        /// Update the set, keeping only elements found in either set, but not in both.
        #[method("symmetric_difference_update($self, other, /)")]
        fn symmetric_difference_update(cx: &mut Cx, this: Gc<Set>, other: Value) -> PyResult<()> {
            symmetric_update(cx, this, other)
        }
    }
}

set_class! {
    #[native_class(
        name = "frozenset",
        layout = Set,
        flags = BASETYPE | MATCH_SELF,
        traits = HAS_WEAKREF,
        doc = "Build an immutable unordered collection of unique elements."
    )]
    frozen {
        #[slot(new, "frozenset(iterable=(), /)")]
        fn new(cx: &mut Cx, class: Gc<Class>, iterable: Option<Value>) -> PyResult<Gc<Set>> {
            if class == cx.types().frozenset
                && let Some(iterable) = iterable
                && is_exact_frozenset(cx, iterable)
                && let Some(same) = iterable.cast::<Set>()
            {
                return Ok(same);
            }
            let new = Set::with_shape(&mut cx.heap, class.instance_shape.get());
            if let Some(iterable) = iterable {
                set::update(cx, new, iterable)?;
            }
            Ok(new)
        }

        #[slot]
        fn hash(_: &mut Cx, this: Gc<Set>) -> PyResult<i64> {
            if this.hash.get() == 0 {
                this.hash.set(frozen_hash(this));
            }
            Ok(this.hash.get())
        }

        /// Return a shallow copy of a set.
        #[method("copy($self, /)")]
        fn copy(cx: &mut Cx, this: Gc<Set>) -> PyResult<Gc<Set>> {
            if is_exact_frozenset(cx, this.value()) { Ok(this) } else { copy_of(cx, this) }
        }
    }
}

/// The next item of a set iterator, which notices a change of the set's size.
pub fn next_item(cx: &mut Cx, this: Gc<SetIter>) -> PyResult<Option<Value>> {
    let Some(set) = this.set.get() else { return Ok(None) };
    if set.len() != this.expected.get() {
        this.expected.set(usize::MAX);
        return Err(runtime_error(cx, "Set changed size during iteration"));
    }
    match set.next_slot(this.slot.get()) {
        Some((at, key, _)) => {
            this.slot.set(at + 1);
            this.remaining.set(this.remaining.get().saturating_sub(1));
            Ok(Some(key))
        }
        None => {
            this.set.set_option(this, None);
            Ok(None)
        }
    }
}

#[native_class(name = "set_iterator", layout = SetIter, doc = "")]
pub mod iterator {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<SetIter>) -> Gc<SetIter> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<SetIter>) -> PyResult<Option<Value>> {
        super::next_item(cx, this)
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(_: &mut Cx, this: Gc<SetIter>) -> i64 {
        match this.set.get() {
            Some(set) if set.len() == this.expected.get() => this.remaining.get() as i64,
            _ => 0,
        }
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<SetIter>) -> PyResult<Gc<Tuple>> {
        let rest = List::empty(&mut cx.heap);
        let saved = (this.set.get(), this.slot.get(), this.remaining.get());
        while let Some(item) = next(cx, this)? {
            rest.push(&mut cx.heap, item).or_raise(cx)?;
        }
        this.set.set_option(this, saved.0);
        this.slot.set(saved.1);
        this.remaining.set(saved.2);
        let function = crate::types::iterators::builtin(cx, "iter")?;
        let args = cx.heap.tuple(&[rest.value()]).value();
        Ok(cx.heap.tuple(&[function, args]))
    }
}
