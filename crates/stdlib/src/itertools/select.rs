//! Iterators that pass on some items of others: `chain`, `compress`, `dropwhile`, `takewhile`, `filterfalse`,
//! `starmap`, `islice`.

use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

/// Keyword arguments are for a subclass's own `__init__` alone.
fn refuse_keywords(cx: &mut Cx, class: Gc<Class>, spec: &'static TypeSpec, args: Args<'_>) -> PyResult<()> {
    let own = runtime::native::class_of_spec(cx, spec)?;
    let init = |class: Gc<Class>| class.slots.init.get().map(|init| init as usize);
    if args.n_keywords() == 0 || (class != own && init(class) != init(own)) {
        return Ok(());
    }
    Err(type_error(cx, format_args!("{}() takes no keyword arguments", spec.name)))
}

#[derive(macros::Trace)]
pub struct Chain {
    /// Iterator over the iterables; unbound at the end.
    source: Slot,
    active: Slot,
}
impl NativeData for Chain {
    const NAME: &'static str = "itertools.chain";
}

#[macros::native_class(
    name = "chain",
    module = "itertools",
    layout = Native<Chain>,
    flags = BASETYPE,
    doc = "chain(*iterables)\n--\n\nReturn a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted."
)]
pub mod chain {
    use super::*;

    fn over(cx: &mut Cx, class: Gc<Class>, source: Value) -> Gc<Native<Chain>> {
        new_native(cx, class, Chain { source: Slot::new(source), active: Slot::new(Value::UNBOUND) })
    }

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Native<Chain>>> {
        refuse_keywords(cx, class, &SPEC, args)?;
        let tuple = Tuple::new(&mut cx.heap, args.positional()).or_raise(cx)?;
        let source = cx.heap.tuple_iter(tuple).value();
        Ok(over(cx, class, source))
    }

    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[classmethod("from_iterable($type, iterable, /)")]
    fn from_iterable(cx: &mut Cx, class: Gc<Class>, iterable: Value) -> PyResult<Gc<Native<Chain>>> {
        let source = get_iter(cx, iterable)?;
        Ok(over(cx, class, source))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Chain>>) -> Gc<Native<Chain>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Chain>>) -> PyResult<Option<Value>> {
        loop {
            if let Some(active) = this.active.get().bound() {
                if let Some(item) = runtime::iterate::next(cx, active)? {
                    return Ok(Some(item));
                }
                this.active.clear();
            }
            let Some(source) = this.source.get().bound() else { return Ok(None) };
            let following = match runtime::iterate::next(cx, source) {
                Ok(Some(iterable)) => get_iter(cx, iterable),
                Ok(None) => {
                    this.source.clear();
                    return Ok(None);
                }
                Err(raised) => Err(raised),
            };
            match following {
                Ok(iterator) => this.active.set(this, iterator),
                Err(raised) => {
                    this.source.clear();
                    return Err(raised);
                }
            }
        }
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::hooks::generic_alias(cx, class.value(), object)
    }
}

#[derive(macros::Trace)]
pub struct Compress {
    data: Slot,
    selectors: Slot,
}
impl NativeData for Compress {
    const NAME: &'static str = "itertools.compress";
}

#[macros::native_class(
    name = "compress",
    module = "itertools",
    layout = Native<Compress>,
    flags = BASETYPE,
    doc = "Return data elements corresponding to true selector elements.\n\nForms a shorter iterator from selected data elements using the selectors to\nchoose the data elements."
)]
pub mod compress {
    use super::*;

    #[slot(new, "compress(data, selectors)")]
    fn new(cx: &mut Cx, class: Gc<Class>, data: Value, selectors: Value) -> PyResult<Gc<Native<Compress>>> {
        let data = Slot::new(get_iter(cx, data)?);
        let selectors = Slot::new(get_iter(cx, selectors)?);
        Ok(new_native(cx, class, Compress { data, selectors }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Compress>>) -> Gc<Native<Compress>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Compress>>) -> PyResult<Option<Value>> {
        loop {
            let Some(item) = runtime::iterate::next(cx, this.data.get())? else { return Ok(None) };
            let Some(selector) = runtime::iterate::next(cx, this.selectors.get())? else { return Ok(None) };
            if is_true(cx, selector)? {
                return Ok(Some(item));
            }
        }
    }
}

/// A function, an iterator, and whether the function has had its say.
#[derive(macros::Trace)]
pub struct While {
    function: Slot,
    iterator: Slot,
    done: Cell<bool>,
}
impl NativeData for While {
    const NAME: &'static str = "itertools.dropwhile";
}

fn new_while(cx: &mut Cx, class: Gc<Class>, function: Value, iterable: Value) -> PyResult<Gc<Native<While>>> {
    let iterator = Slot::new(get_iter(cx, iterable)?);
    Ok(new_native(cx, class, While { function: Slot::new(function), iterator, done: Cell::new(false) }))
}

#[macros::native_class(
    name = "dropwhile",
    module = "itertools",
    layout = Native<While>,
    flags = BASETYPE,
    doc = "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted."
)]
pub mod dropwhile {
    use super::*;

    #[slot(new, "dropwhile(predicate, iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, predicate: Value, iterable: Value) -> PyResult<Gc<Native<While>>> {
        new_while(cx, class, predicate, iterable)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<While>>) -> Gc<Native<While>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<While>>) -> PyResult<Option<Value>> {
        loop {
            let Some(item) = runtime::iterate::next(cx, this.iterator.get())? else { return Ok(None) };
            if this.done.get() {
                return Ok(Some(item));
            }
            let verdict = call(cx, this.function.get(), &[item])?;
            if !is_true(cx, verdict)? {
                this.done.set(true);
                return Ok(Some(item));
            }
        }
    }
}

#[macros::native_class(
    name = "takewhile",
    module = "itertools",
    layout = Native<While>,
    flags = BASETYPE,
    doc = "Return successive entries from an iterable as long as the predicate evaluates to true for each entry."
)]
pub mod takewhile {
    use super::*;

    #[slot(new, "takewhile(predicate, iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, predicate: Value, iterable: Value) -> PyResult<Gc<Native<While>>> {
        new_while(cx, class, predicate, iterable)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<While>>) -> Gc<Native<While>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<While>>) -> PyResult<Option<Value>> {
        if this.done.get() {
            return Ok(None);
        }
        let Some(item) = runtime::iterate::next(cx, this.iterator.get())? else { return Ok(None) };
        let verdict = call(cx, this.function.get(), &[item])?;
        if is_true(cx, verdict)? {
            return Ok(Some(item));
        }
        this.done.set(true);
        Ok(None)
    }
}

#[macros::native_class(
    name = "filterfalse",
    module = "itertools",
    layout = Native<While>,
    flags = BASETYPE,
    doc = "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false."
)]
pub mod filterfalse {
    use super::*;

    #[slot(new, "filterfalse(function, iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, function: Value, iterable: Value) -> PyResult<Gc<Native<While>>> {
        new_while(cx, class, function, iterable)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<While>>) -> Gc<Native<While>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<While>>) -> PyResult<Option<Value>> {
        let function = this.function.get();
        let plain = function.is_none() || function.is(cx.types().bool.value());
        while let Some(item) = runtime::iterate::next(cx, this.iterator.get())? {
            let verdict = if plain { item } else { call(cx, function, &[item])? };
            if !is_true(cx, verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}

#[macros::native_class(
    name = "starmap",
    module = "itertools",
    layout = Native<While>,
    flags = BASETYPE,
    doc = "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence."
)]
pub mod starmap {
    use super::*;

    #[slot(new, "starmap(function, iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, function: Value, iterable: Value) -> PyResult<Gc<Native<While>>> {
        new_while(cx, class, function, iterable)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<While>>) -> Gc<Native<While>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<While>>) -> PyResult<Option<Value>> {
        let Some(item) = runtime::iterate::next(cx, this.iterator.get())? else { return Ok(None) };
        let args = to_tuple(cx, item)?;
        call(cx, this.function.get(), args.as_slice()).map(Some)
    }
}

#[derive(macros::Trace)]
pub struct Islice {
    /// Unbound at the end.
    iterator: Slot,
    next: Cell<usize>,
    /// `usize::MAX` = no end.
    stop: Cell<usize>,
    step: Cell<usize>,
    count: Cell<usize>,
}
impl NativeData for Islice {
    const NAME: &'static str = "itertools.islice";
}

#[macros::native_class(
    name = "islice",
    module = "itertools",
    layout = Native<Islice>,
    flags = BASETYPE,
    doc = "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nReturn an iterator whose next() method returns selected values from an\niterable.  If start is specified, will skip all preceding elements;\notherwise, start defaults to zero.  Step defaults to one.  If\nspecified as another value, step determines how many values are\nskipped between successive calls.  Works like a slice() on a list\nbut returns an iterator."
)]
pub mod islice {
    use super::*;

    const INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";

    /// A bound: None or an int from 0 to the largest index.
    fn bound(cx: &mut Cx, v: Value, default: usize, message: &str) -> PyResult<usize> {
        if v.is_none() {
            return Ok(default);
        }
        let n = match as_index(cx, v) {
            Ok(n) if n >= 0 => return Ok(n as usize),
            Ok(n) => Some(n),
            Err(raised) => {
                let _ = cx.take_raised(raised);
                None
            }
        };
        // -1 is what CPython's conversion answers for what is no index.
        let message = if n.is_some_and(|n| n != -1) { INDICES } else { message };
        Err(value_error(cx, message))
    }

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Native<Islice>>> {
        refuse_keywords(cx, class, &SPEC, args)?;
        const STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
        const STEP: &str = "Step for islice() must be a positive integer or None.";
        let (iterable, start, stop, step) = match *args.positional() {
            [iterable, stop] => (iterable, 0, bound(cx, stop, usize::MAX, STOP)?, Value::NONE),
            [iterable, start, stop, ref step @ ..] if step.len() <= 1 => {
                let start = bound(cx, start, 0, INDICES)?;
                let stop = bound(cx, stop, usize::MAX, STOP)?;
                (iterable, start, stop, step.first().copied().unwrap_or(Value::NONE))
            }
            _ => {
                let n = args.n_positional();
                let (least, bound) = if n < 2 { ("at least", 2) } else { ("at most", 4) };
                return Err(type_error(cx, format_args!("islice expected {least} {bound} arguments, got {n}")));
            }
        };
        let step = bound(cx, step, 1, STEP)?;
        if step == 0 {
            return Err(value_error(cx, STEP));
        }
        let iterator = Slot::new(get_iter(cx, iterable)?);
        let (next, stop, step, count) = (Cell::new(start), Cell::new(stop), Cell::new(step), Cell::new(0));
        Ok(new_native(cx, class, Islice { iterator, next, stop, step, count }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Islice>>) -> Gc<Native<Islice>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Islice>>) -> PyResult<Option<Value>> {
        let Some(iterator) = this.iterator.get().bound() else { return Ok(None) };
        let stop = this.stop.get();
        while this.count.get() < this.next.get() && this.count.get() < stop {
            if runtime::iterate::next(cx, iterator)?.is_none() {
                this.iterator.clear();
                return Ok(None);
            }
            this.count.set(this.count.get() + 1);
        }
        if this.count.get() >= stop {
            this.iterator.clear();
            return Ok(None);
        }
        let Some(item) = runtime::iterate::next(cx, iterator)? else {
            this.iterator.clear();
            return Ok(None);
        };
        this.count.set(this.count.get() + 1);
        this.next.set(this.next.get().saturating_add(this.step.get()).min(stop));
        Ok(Some(item))
    }
}
