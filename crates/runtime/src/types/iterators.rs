//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the iterators of `iter()`.

use crate::number::int::{self, Num};
use crate::prelude::*;
use crate::types::list::iterators::reduce_iterator;
use macros::native_class;

/// A name of the `builtins` module, for `__reduce__`.
pub fn builtin(cx: &mut Cx, name: &str) -> PyResult {
    let key = cx.heap.intern(name);
    match cx.vm().builtins.get().and_then(|dict| dict.get_str(key)) {
        Some(value) => Ok(value),
        None => Err(attribute_error(cx, Value::NONE, key, format_args!("module 'builtins' has no attribute '{name}'"))),
    }
}

/// The keyword argument `strict` of `zip` and `map`; others are errors.
fn strict_argument(cx: &mut Cx, function: &str, args: Args<'_>) -> PyResult<bool> {
    let mut strict = false;
    for (name, value) in args.keywords() {
        if !name.eq_str("strict") {
            return Err(type_error(cx, format_args!("{function}() got an unexpected keyword argument '{}'", &*name)));
        }
        strict = is_true(cx, value)?;
    }
    Ok(strict)
}

fn no_keywords(cx: &mut Cx, class: Gc<Class>, exact: Gc<Class>, args: Args<'_>) -> PyResult<()> {
    if args.n_keywords() > 0 && class == exact {
        let name = class_name(exact);
        return Err(type_error(cx, format_args!("{name}() takes no keyword arguments")));
    }
    Ok(())
}

/// Iterators over all of `iterables`.
fn iterators_of(cx: &mut Cx, iterables: &[Value]) -> PyResult<Gc<Tuple>> {
    let list = List::with_capacity(&mut cx.heap, iterables.len()).or_raise(cx)?;
    for &iterable in iterables {
        let iterator = get_iter(cx, iterable)?;
        list.push(&mut cx.heap, iterator).or_raise(cx)?;
    }
    crate::iterate::list_to_tuple(cx, list)
}

/// The message when iterator `i` (from 0) ended before or after the ones in front of it.
#[cold]
fn uneven(cx: &mut Cx, function: &str, i: usize, longer: bool) -> Raised {
    let plural = if i == 1 { " " } else { "s 1-" };
    let than = if longer { "longer" } else { "shorter" };
    value_error(cx, format_args!("{function}() argument {} is {than} than argument{plural}{i}", i + 1))
}

/// Up to so many items of `zip` and `map` are collected on the stack.
const SMALL: usize = 4;

/// One item of each iterator into `items`; false at the end.
fn next_of_each(
    cx: &mut Cx,
    function: &str,
    iterators: Gc<Tuple>,
    strict: bool,
    mut item: impl FnMut(&mut Cx, Value) -> PyResult<()>,
) -> PyResult<bool> {
    for i in 0..iterators.len() {
        match next(cx, iterators.get(i))? {
            Some(value) => item(cx, value)?,
            None if !strict => return Ok(false),
            None if i > 0 => return Err(uneven(cx, function, i, false)),
            None => {
                for j in 1..iterators.len() {
                    if next(cx, iterators.get(j))?.is_some() {
                        return Err(uneven(cx, function, j, true));
                    }
                }
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// `(type, args[, True])`: how `zip` and `map` pickle.
fn reduce_strict(cx: &mut Cx, this: Value, args: Gc<Tuple>, strict: bool) -> Gc<Tuple> {
    let class = cx.class_of(this).value();
    if strict { cx.heap.tuple(&[class, args.value(), Value::TRUE]) } else { cx.heap.tuple(&[class, args.value()]) }
}

/// The next index and item of an `enumerate`.
#[inline]
pub fn next_counted(cx: &mut Cx, this: Gc<Enumerate>) -> PyResult<Option<(Value, Value)>> {
    let Some(item) = crate::iterate::next(cx, this.iterator.get())? else { return Ok(None) };
    let index = this.index.get();
    match index.as_int().and_then(|i| i.checked_add(Int::ONE)) {
        Some(following) => this.index.set(this, following.value()),
        None => {
            let following = int::add(cx, Num::of(index).unwrap_or(Num::Small(0)), Num::Small(1))?;
            this.index.set(this, following);
        }
    }
    Ok(Some((index, item)))
}

/// The next items of the two iterators of a `zip`.
#[inline]
pub fn next_of_two(cx: &mut Cx, iterators: Gc<Tuple>) -> PyResult<Option<(Value, Value)>> {
    let Some(first) = crate::iterate::next(cx, iterators.get(0))? else { return Ok(None) };
    let Some(second) = crate::iterate::next(cx, iterators.get(1))? else { return Ok(None) };
    Ok(Some((first, second)))
}

#[native_class(
    name = "enumerate",
    layout = Enumerate,
    flags = BASETYPE,
    doc = "enumerate(iterable, start=0)\n--\n\nReturn an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ..."
)]
pub mod enumerate {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Enumerate>> {
        let (mut iterable, mut start) = (None, None);
        match *args.positional() {
            [] => {}
            [first] => iterable = Some(first),
            [first, second] if args.n_keywords() == 0 => (iterable, start) = (Some(first), Some(second)),
            _ => {
                let n = args.values().len();
                return Err(type_error(cx, format_args!("enumerate() takes at most 2 arguments ({n} given)")));
            }
        }
        for (name, value) in args.keywords() {
            let place = match () {
                () if name.eq_str("iterable") => &mut iterable,
                () if name.eq_str("start") => &mut start,
                () => {
                    let message = format!("'{}' is an invalid keyword argument for enumerate()", &*name);
                    return Err(type_error(cx, message));
                }
            };
            if place.replace(value).is_some() || (args.values().len() == 1 && name.eq_str("start")) {
                let message = format!("'{}' is an invalid keyword argument for enumerate()", &*name);
                return Err(type_error(cx, message));
            }
        }
        let Some(iterable) = iterable else {
            return Err(type_error(cx, "enumerate() missing required argument 'iterable'"));
        };
        let index = match start {
            Some(start) => index_value(cx, start)?,
            None => Int::ZERO.value(),
        };
        let iterator = get_iter(cx, iterable)?;
        Ok(cx.heap.enumerate(class.instance_shape.get(), iterator, index))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Enumerate>) -> Gc<Enumerate> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Enumerate>) -> PyResult<Option<Value>> {
        let pair = next_counted(cx, this)?;
        Ok(pair.map(|(index, item)| Tuple::of(&mut cx.heap, [index, item]).value()))
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Enumerate>) -> Gc<Tuple> {
        let class = cx.class_of(this.value()).value();
        let args = cx.heap.tuple(&[this.iterator.get(), this.index.get()]).value();
        cx.heap.tuple(&[class, args])
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}

#[native_class(
    name = "zip",
    layout = Zip,
    flags = BASETYPE,
    doc = "zip(*iterables, strict=False)\n--\n\nThe zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments to zip().  The i-th element in every tuple\ncomes from the i-th iterable argument to zip().  This continues until the\nshortest argument is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.\n\n   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]"
)]
pub mod zip {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Zip>> {
        let strict = strict_argument(cx, "zip", args)?;
        let iterators = iterators_of(cx, args.positional())?;
        Ok(cx.heap.zip(class.instance_shape.get(), iterators, strict))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Zip>) -> Gc<Zip> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Zip>) -> PyResult<Option<Value>> {
        let iterators = this.iterators.expect();
        let n = iterators.len();
        if n == 0 {
            return Ok(None);
        }
        if n == 2 && !this.strict.get() {
            let pair = next_of_two(cx, iterators)?;
            return Ok(pair.map(|(first, second)| Tuple::of(&mut cx.heap, [first, second]).value()));
        }
        if n <= SMALL {
            let mut items = [Value::UNBOUND; SMALL];
            let mut i = 0;
            let full = next_of_each(cx, "zip", iterators, this.strict.get(), |_, item| {
                items[i] = item;
                i += 1;
                Ok(())
            })?;
            return Ok(if full { Some(cx.heap.tuple(&items[..n]).value()) } else { None });
        }
        let items = List::with_capacity(&mut cx.heap, n).or_raise(cx)?;
        let push = |cx: &mut Cx, item| items.push(&mut cx.heap, item).or_raise(cx);
        if !next_of_each(cx, "zip", iterators, this.strict.get(), push)? {
            return Ok(None);
        }
        Ok(Some(crate::iterate::list_to_tuple(cx, items)?.value()))
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Zip>) -> Gc<Tuple> {
        reduce_strict(cx, this.value(), this.iterators.expect(), this.strict.get())
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<Zip>, state: Value) -> PyResult<()> {
        this.strict.set(is_true(cx, state)?);
        Ok(())
    }
}

#[native_class(
    name = "map",
    layout = Map,
    flags = BASETYPE,
    doc = "map(function, iterable, /, *iterables, strict=False)\n--\n\nMake an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError."
)]
pub mod map {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Map>> {
        let strict = strict_argument(cx, "map", args)?;
        let [function, iterables @ ..] = args.positional() else {
            return Err(type_error(cx, "map() must have at least two arguments."));
        };
        if iterables.is_empty() {
            return Err(type_error(cx, "map() must have at least two arguments."));
        }
        let iterators = iterators_of(cx, iterables)?;
        Ok(cx.heap.map(class.instance_shape.get(), *function, iterators, strict))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Map>) -> Gc<Map> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Map>) -> PyResult<Option<Value>> {
        let iterators = this.iterators.expect();
        let n = iterators.len();
        let function = this.function.get();
        if n == 1 {
            return match crate::iterate::next(cx, iterators.get(0))? {
                Some(item) => call(cx, function, &[item]).map(Some),
                None => Ok(None),
            };
        }
        if n <= SMALL {
            let mut items = [Value::UNBOUND; SMALL];
            let mut i = 0;
            let full = next_of_each(cx, "map", iterators, this.strict.get(), |_, item| {
                items[i] = item;
                i += 1;
                Ok(())
            })?;
            return if full { call(cx, function, &items[..n]).map(Some) } else { Ok(None) };
        }
        let items = List::with_capacity(&mut cx.heap, n).or_raise(cx)?;
        let push = |cx: &mut Cx, item| items.push(&mut cx.heap, item).or_raise(cx);
        if !next_of_each(cx, "map", iterators, this.strict.get(), push)? {
            return Ok(None);
        }
        let args = crate::iterate::list_to_tuple(cx, items)?;
        call(cx, function, args.as_slice()).map(Some)
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Map>) -> PyResult<Gc<Tuple>> {
        let (function, iterators) = (this.function.get(), this.iterators.expect());
        let item = |i: usize| if i == 0 { function } else { iterators.get(i - 1) };
        let args = Tuple::from_fn(&mut cx.heap, iterators.len() + 1, item).or_raise(cx)?;
        Ok(reduce_strict(cx, this.value(), args, this.strict.get()))
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<Map>, state: Value) -> PyResult<()> {
        this.strict.set(is_true(cx, state)?);
        Ok(())
    }
}

#[native_class(
    name = "filter",
    layout = Filter,
    flags = BASETYPE,
    doc = "filter(function, iterable, /)\n--\n\nReturn an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true."
)]
pub mod filter {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Filter>> {
        let exact = cx.types().filter;
        no_keywords(cx, class, exact, args)?;
        let &[function, iterable] = args.positional() else {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("filter expected 2 arguments, got {n}")));
        };
        let iterator = get_iter(cx, iterable)?;
        Ok(cx.heap.filter(class.instance_shape.get(), function, iterator))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Filter>) -> Gc<Filter> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Filter>) -> PyResult<Option<Value>> {
        let function = this.function.get();
        let plain = function.is_none() || function.is(cx.types().bool.value());
        while let Some(item) = crate::iterate::next(cx, this.iterator.get())? {
            let verdict = if plain { item } else { call(cx, function, &[item])? };
            if is_true(cx, verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Filter>) -> Gc<Tuple> {
        let class = cx.class_of(this.value()).value();
        let args = cx.heap.tuple(&[this.function.get(), this.iterator.get()]).value();
        cx.heap.tuple(&[class, args])
    }
}

#[native_class(
    name = "reversed",
    layout = ReversedIter,
    flags = BASETYPE,
    doc = "reversed(sequence, /)\n--\n\nReturn a reverse iterator over the values of the given sequence."
)]
pub mod reversed {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let exact = cx.types().reversed;
        no_keywords(cx, class, exact, args)?;
        let &[sequence] = args.positional() else {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("reversed expected 1 argument, got {n}")));
        };
        let name = cx.names().__reversed__;
        if let Some(method) = lookup_special(cx, sequence, name)? {
            if method.is_none() {
                return Err(not_reversible(cx, sequence));
            }
            return call(cx, method, &[]);
        }
        let slots = &cx.class_of(sequence).slots;
        if slots.getitem.get().is_none() || slots.len.get().is_none() || sequence.is_a::<Dict>() {
            return Err(not_reversible(cx, sequence));
        }
        let n = length(cx, sequence)?;
        Ok(cx.heap.reversed_iter(class.instance_shape.get(), sequence, n as i64 - 1).value())
    }

    fn not_reversible(cx: &mut Cx, sequence: Value) -> Raised {
        let name = type_name(cx, sequence);
        type_error(cx, format_args!("'{name}' object is not reversible"))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<ReversedIter>) -> Gc<ReversedIter> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<ReversedIter>) -> PyResult<Option<Value>> {
        let (sequence, i) = (this.sequence.get(), this.index.get());
        if sequence.is_unbound() || i < 0 {
            return Ok(None);
        }
        let key = BigInt::from_i64(&mut cx.heap, i);
        match get_item(cx, sequence, key) {
            Ok(item) => {
                this.index.set(i - 1);
                Ok(Some(item))
            }
            Err(raised) => {
                end_of_sequence(cx, raised)?;
                this.index.set(-1);
                this.sequence.clear();
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(cx: &mut Cx, this: Gc<ReversedIter>) -> PyResult<i64> {
        let (sequence, i) = (this.sequence.get(), this.index.get());
        if sequence.is_unbound() {
            return Ok(0);
        }
        let n = length(cx, sequence)? as i64;
        Ok(if n < i + 1 { 0 } else { i + 1 })
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<ReversedIter>) -> PyResult<Gc<Tuple>> {
        let class = cx.class_of(this.value()).value();
        match this.sequence.get().bound() {
            Some(sequence) => {
                let args = cx.heap.tuple(&[sequence]).value();
                let index = BigInt::from_i64(&mut cx.heap, this.index.get());
                Ok(cx.heap.tuple(&[class, args, index]))
            }
            None => {
                let empty = cx.vm().empty_tuple().value();
                let args = cx.heap.tuple(&[empty]).value();
                Ok(cx.heap.tuple(&[class, args]))
            }
        }
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<ReversedIter>, state: Value) -> PyResult<()> {
        let i = crate::number::as_i64(cx, state)?;
        if let Some(sequence) = this.sequence.get().bound() {
            let n = length(cx, sequence)? as i64;
            this.index.set(i.clamp(-1, n - 1));
        }
        Ok(())
    }
}

/// Swallow the IndexError or StopIteration that ends iteration by `__getitem__`.
fn end_of_sequence(cx: &mut Cx, raised: Raised) -> PyResult<()> {
    let types = cx.types();
    match cx.catch(raised, types.IndexError) {
        Ok(()) => Ok(()),
        Err(raised) => cx.catch(raised, types.StopIteration),
    }
}

#[native_class(name = "iterator", layout = SequenceIter, doc = "")]
pub mod sequence {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<SequenceIter>) -> Gc<SequenceIter> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<SequenceIter>) -> PyResult<Option<Value>> {
        let (sequence, i) = (this.sequence.get(), this.index.get());
        if sequence.is_unbound() {
            return Ok(None);
        }
        if i == i64::MAX {
            return Err(overflow_error(cx, "iter index too large"));
        }
        let key = BigInt::from_i64(&mut cx.heap, i);
        match get_item(cx, sequence, key) {
            Ok(item) => {
                this.index.set(i + 1);
                Ok(Some(item))
            }
            Err(raised) => {
                end_of_sequence(cx, raised)?;
                this.sequence.clear();
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(cx: &mut Cx, this: Gc<SequenceIter>) -> PyResult {
        let sequence = this.sequence.get();
        if sequence.is_unbound() {
            return Ok(Int::ZERO.value());
        }
        if cx.class_of(sequence).slots.len.get().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let n = length(cx, sequence)? as i64;
        Ok(Int::from_len((n - this.index.get()).max(0) as usize).value())
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<SequenceIter>) -> PyResult<Gc<Tuple>> {
        let function = builtin(cx, "iter")?;
        match this.sequence.get().bound() {
            Some(sequence) => reduce_iterator(cx, "iter", Some(sequence), this.index.get()),
            None => {
                let empty = cx.vm().empty_tuple().value();
                let args = cx.heap.tuple(&[empty]).value();
                Ok(cx.heap.tuple(&[function, args]))
            }
        }
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<SequenceIter>, state: Value) -> PyResult<()> {
        let i = crate::number::as_i64(cx, state)?;
        if this.sequence.get().is_bound() {
            this.index.set(i.max(0));
        }
        Ok(())
    }
}

#[native_class(name = "callable_iterator", layout = CallableIter, doc = "")]
pub mod callable {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<CallableIter>) -> Gc<CallableIter> {
        this
    }

    fn exhaust(this: Gc<CallableIter>) {
        this.callable.clear();
        this.sentinel.clear();
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<CallableIter>) -> PyResult<Option<Value>> {
        let callable = this.callable.get();
        if callable.is_unbound() {
            return Ok(None);
        }
        match call(cx, callable, &[]) {
            Ok(result) => {
                let sentinel = this.sentinel.get();
                if sentinel.is_unbound() {
                    return Ok(None);
                }
                if equals(cx, sentinel, result)? {
                    exhaust(this);
                    return Ok(None);
                }
                Ok(Some(result))
            }
            Err(raised) => {
                let class = cx.types().StopIteration;
                cx.catch(raised, class)?;
                exhaust(this);
                Ok(None)
            }
        }
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<CallableIter>) -> PyResult<Gc<Tuple>> {
        let function = builtin(cx, "iter")?;
        let (callable, sentinel) = (this.callable.get(), this.sentinel.get());
        let args = if callable.is_bound() && sentinel.is_bound() {
            cx.heap.tuple(&[callable, sentinel])
        } else {
            let empty = cx.vm().empty_tuple().value();
            cx.heap.tuple(&[empty])
        };
        Ok(cx.heap.tuple(&[function, args.value()]))
    }
}
