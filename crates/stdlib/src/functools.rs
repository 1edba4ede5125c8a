//! `_functools`: `partial`, `reduce`, `cmp_to_key`, and the wrapper behind `lru_cache`.

use object::StrBuilder;
use runtime::native::{add_class, class_of_spec, new_native, set_module_attr};
use runtime::prelude::*;
use std::cell::Cell;

/// Call `f` with these values, of which the last are keyword arguments.
fn call_values(cx: &mut Cx, f: Value, values: Gc<Tuple>, names: Option<Gc<Tuple>>) -> PyResult {
    call_args(cx, f, Args::new(values.as_slice(), names))
}

#[derive(macros::Trace)]
pub struct PlaceholderType {}
impl NativeData for PlaceholderType {
    const NAME: &'static str = "functools._PlaceholderType";
}

/// The one placeholder of a VM.
struct Placeholder(RootVec);

fn placeholder(cx: &mut Cx) -> PyResult {
    let vm = cx.vm();
    let kept = vm.extension(|| Placeholder(vm.root_vec()));
    if kept.0.is_empty() {
        let class = class_of_spec(cx, &placeholder_type::SPEC)?;
        let object = new_native(cx, class, PlaceholderType {});
        kept.0.push(object);
    }
    Ok(kept.0.get(0))
}

#[macros::native_class(
    name = "_PlaceholderType",
    module = "functools",
    layout = Native<PlaceholderType>,
    doc = "The type of the Placeholder singleton.\n\nUsed as a placeholder for partial arguments."
)]
pub mod placeholder_type {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let _ = class;
        if !args.is_empty() {
            return Err(type_error(cx, "_PlaceholderType takes no arguments"));
        }
        placeholder(cx)
    }

    #[slot]
    fn repr(_: &mut Cx, _this: Value) -> &'static str {
        "Placeholder"
    }

    #[method("__reduce__($self, /)")]
    fn reduce(_: &mut Cx, _this: Value) -> &'static str {
        "Placeholder"
    }
}

#[derive(macros::Trace)]
pub struct Partial {
    function: Slot,
    args: GcSlot<Tuple>,
    keywords: GcSlot<Dict>,
    /// How many of `args` are placeholders.
    holes: Cell<usize>,
}
impl NativeData for Partial {
    const NAME: &'static str = "functools.partial";
}

/// `held` with its placeholders replaced by the first of `given`, then the rest of `given`.
fn fill(cx: &mut Cx, held: Gc<Tuple>, given: &[Value], rest: &[Value]) -> PyResult<Gc<Tuple>> {
    let hole = placeholder(cx)?;
    let list = List::with_capacity(&mut cx.heap, held.len() + given.len() + rest.len()).or_raise(cx)?;
    let mut given = given.iter().copied();
    for item in held.iter() {
        let item = if item.is(hole) { given.next().unwrap_or(hole) } else { item };
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    for item in given.chain(rest.iter().copied()) {
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    runtime::iterate::list_to_tuple(cx, list)
}

fn count_holes(cx: &mut Cx, args: Gc<Tuple>) -> PyResult<usize> {
    let hole = placeholder(cx)?;
    Ok(args.iter().filter(|v| v.is(hole)).count())
}

#[macros::native_class(
    name = "partial",
    module = "functools",
    layout = Native<Partial>,
    flags = BASETYPE | METHOD_DESCRIPTOR,
    traits = HAS_DICT | HAS_WEAKREF,
    doc = "Create a new function with partial application of the given arguments and keywords."
)]
pub mod partial {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Native<Partial>>> {
        let Some((&first, given)) = args.positional().split_first() else {
            return Err(type_error(cx, "type 'partial' takes at least one argument"));
        };
        if cx.class_of(first).slots.call.get().is_none() {
            return Err(type_error(cx, "the first argument must be callable"));
        }
        let hole = placeholder(cx)?;
        if given.last().is_some_and(|v| v.is(hole)) {
            return Err(type_error(cx, "trailing Placeholders are not allowed"));
        }
        if args.keywords().any(|(_, v)| v.is(hole)) {
            return Err(type_error(cx, "Placeholder cannot be passed as a keyword argument"));
        }
        let mut function = first;
        let keywords = Dict::new(&mut cx.heap);
        let mut held = cx.vm().empty_tuple();
        // A partial of a plain partial is one partial.
        let own = class_of_spec(cx, &SPEC)?;
        if let Some(inner) = first.cast::<Native<Partial>>()
            && cx.class_of(first) == own
            && Attributes::of(first).is_none_or(Attributes::is_empty)
        {
            function = inner.function.get();
            held = inner.args.expect();
            runtime::dict::merge(cx, keywords, inner.keywords.expect())?;
        }
        let args_tuple = fill(cx, held, given, &[])?;
        runtime::dict::merge_keywords(cx, keywords, args)?;
        let holes = Cell::new(count_holes(cx, args_tuple)?);
        let data = Partial {
            function: Slot::new(function),
            args: GcSlot::of(args_tuple),
            keywords: GcSlot::of(keywords),
            holes,
        };
        Ok(new_native(cx, class, data))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<Native<Partial>>, args: Args<'_>) -> PyResult {
        let (function, held, holes) = (this.function.get(), this.args.expect(), this.holes.get());
        if args.n_positional() < holes {
            let n = args.n_positional();
            return Err(type_error(
                cx,
                format_args!("missing positional arguments in 'partial' call; expected at least {holes}, got {n}"),
            ));
        }
        let keywords = this.keywords.expect();
        if keywords.is_empty() {
            let values = if holes == 0 && held.len() + args.values().len() <= SMALL {
                let mut values = [Value::UNBOUND; SMALL];
                let n = held.len();
                values[..n].copy_from_slice(held.as_slice());
                values[n..n + args.values().len()].copy_from_slice(args.values());
                return call_args(cx, function, Args::new(&values[..n + args.values().len()], args.kwnames()));
            } else {
                let keyword_values = &args.values()[args.n_positional()..];
                fill(cx, held, args.positional(), keyword_values)?
            };
            return call_values(cx, function, values, args.kwnames());
        }
        // Keywords of the call replace those held.
        let merged = runtime::dict::copy(cx, keywords)?;
        runtime::dict::merge_keywords(cx, merged, args)?;
        let names = List::empty(&mut cx.heap);
        let values = List::empty(&mut cx.heap);
        let positional = fill(cx, held, args.positional(), &[])?;
        for item in positional.iter() {
            values.push(&mut cx.heap, item).or_raise(cx)?;
        }
        let mut i = 0;
        while let Some((at, name, value)) = merged.next_entry(i) {
            i = at + 1;
            if name.downcast::<Str>().is_none() {
                return Err(type_error(cx, "keywords must be strings"));
            }
            names.push(&mut cx.heap, name).or_raise(cx)?;
            values.push(&mut cx.heap, value).or_raise(cx)?;
        }
        let names = runtime::iterate::list_to_tuple(cx, names)?;
        let values = runtime::iterate::list_to_tuple(cx, values)?;
        call_values(cx, function, values, Some(names))
    }

    /// Calls of up to so many arguments are put together on the stack.
    const SMALL: usize = 8;

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<Native<Partial>>, object: Value, _owner: Value) -> Value {
        if object.is_unbound() || object.is_none() {
            return this.value();
        }
        cx.heap.bound_method(this.value(), object).value()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<Partial>>) -> PyResult<Gc<Str>> {
        let name = full_type_name(cx, this.value());
        if !runtime::text::enter_repr(cx, this.value()) {
            return Str::from_utf8(&mut cx.heap, "...").or_raise(cx);
        }
        let mut out = StrBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        let result = write_parts(cx, &mut out, this);
        runtime::text::leave_repr(cx);
        result?;
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    fn write_parts(cx: &mut Cx, out: &mut StrBuilder, this: Gc<Native<Partial>>) -> PyResult<()> {
        // The texts of its parts may change it: what is shown was there at first.
        let (function, args) = (this.function.get(), this.args.expect());
        let keywords = runtime::dict::copy(cx, this.keywords.expect())?;
        let function = repr_of(cx, function)?;
        out.push_py(&function);
        for item in args.iter() {
            out.push_str(", ");
            let text = repr_of(cx, item)?;
            out.push_py(&text);
        }
        let mut i = 0;
        while let Some((at, name, value)) = keywords.next_entry(i) {
            i = at + 1;
            out.push_str(", ");
            let name = str_of(cx, name)?;
            out.push_py(&name);
            out.push_str("=");
            let text = repr_of(cx, value)?;
            out.push_py(&text);
        }
        Ok(())
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Native<Partial>>) -> PyResult<Gc<Tuple>> {
        let class = cx.class_of(this.value()).value();
        let function = this.function.get();
        let args = cx.heap.tuple(&[function]).value();
        let dict = match Attributes::of(this.value()) {
            Some(attributes) if !attributes.is_empty() => attributes.materialize(&mut cx.heap).or_raise(cx)?.value(),
            _ => Value::NONE,
        };
        let (held, keywords) = (this.args.expect().value(), this.keywords.expect().value());
        let state = cx.heap.tuple(&[function, held, keywords, dict]).value();
        Ok(cx.heap.tuple(&[class, args, state]))
    }

    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<Native<Partial>>, state: Value) -> PyResult<()> {
        let parts = state.downcast::<Tuple>().filter(|t| t.len() == 4);
        let Some(parts) = parts else { return Err(type_error(cx, "invalid partial state")) };
        let (function, args, keywords, dict) = (parts.get(0), parts.get(1), parts.get(2), parts.get(3));
        let callable = cx.class_of(function).slots.call.get().is_some();
        let fits =
            callable && (keywords.is_none() || keywords.is_a::<Dict>()) && (dict.is_none() || dict.is_a::<Dict>());
        let (Some(args), true) = (args.downcast::<Tuple>(), fits) else {
            return Err(type_error(cx, "invalid partial state"));
        };
        let hole = placeholder(cx)?;
        if args.iter().next_back().is_some_and(|v| v.is(hole)) {
            return Err(type_error(cx, "trailing Placeholders are not allowed"));
        }
        let new_keywords = match keywords.cast::<Dict>() {
            // A copy shares the dict; only a subclass's is made a plain one.
            Some(keywords) if cx.class_of(keywords.value()) == cx.types().dict => keywords,
            Some(keywords) => runtime::dict::copy(cx, keywords)?,
            None => Dict::new(&mut cx.heap),
        };
        this.function.set(this, function);
        this.args.set(this, args);
        this.keywords.set(this, new_keywords);
        this.holes.set(count_holes(cx, args)?);
        if let Some(attributes) = Attributes::of(this.value()) {
            let dict = dict.cast::<Dict>().unwrap_or_else(|| Dict::new(&mut cx.heap));
            attributes.install_dict(&mut cx.heap, dict);
        }
        Ok(())
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::hooks::generic_alias(cx, class.value(), object)
    }

    /// function object to use in future partial calls
    #[getter]
    fn func(_: &mut Cx, this: Gc<Native<Partial>>) -> Value {
        this.function.get()
    }

    /// tuple of arguments to future partial calls
    #[getter]
    fn args(_: &mut Cx, this: Gc<Native<Partial>>) -> Gc<Tuple> {
        this.args.expect()
    }

    /// dictionary of keyword arguments to future partial calls
    #[getter]
    fn keywords(_: &mut Cx, this: Gc<Native<Partial>>) -> Gc<Dict> {
        this.keywords.expect()
    }
}

#[derive(macros::Trace)]
pub struct Key {
    compare: Slot,
    /// Unbound for the factory that `cmp_to_key` returns.
    object: Slot,
}
impl NativeData for Key {
    const NAME: &'static str = "functools.KeyWrapper";
}

#[macros::native_class(name = "KeyWrapper", module = "functools", layout = Native<Key>, doc = "")]
pub mod key {
    use super::*;

    #[slot]
    fn call(cx: &mut Cx, this: Gc<Native<Key>>, args: Args<'_>) -> PyResult<Gc<Native<Key>>> {
        let [object] = crate::arguments::bind(cx, "K", ["obj"], 1, args)?;
        let class = class_of_spec(cx, &SPEC)?;
        Ok(new_native(cx, class, Key { compare: Slot::new(this.compare.get()), object: Slot::new(object) }))
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Native<Key>>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<Key>>() else {
            return Err(type_error(cx, "other argument must be K instance"));
        };
        let name = cx.heap.intern("object");
        if this.object.get().is_unbound() || other.object.get().is_unbound() {
            return Err(attribute_error(cx, this.value(), name, "object"));
        }
        let result = runtime::call::call(cx, this.compare.get(), &[this.object.get(), other.object.get()])?;
        runtime::compare::compare(cx, result, Int::ZERO.value(), op)
    }

    /// Value wrapped by a key function.
    #[getter]
    fn obj(cx: &mut Cx, this: Gc<Native<Key>>) -> PyResult {
        let name = cx.heap.intern("obj");
        this.object.get().bound().map_or_else(|| Err(attribute_error(cx, this.value(), name, "obj")), Ok)
    }
}

/// A result of a bounded cache in the ring of the results by their last use.
#[derive(macros::Trace)]
pub struct Link {
    key: Slot,
    hash: i64,
    value: Slot,
    /// Used before and after this one.
    before: GcSlot<Native<Link>>,
    after: GcSlot<Native<Link>>,
}
impl NativeData for Link {
    const NAME: &'static str = "functools._lru_list_elem";
}

#[macros::native_class(name = "_lru_list_elem", module = "functools", layout = Native<Link>, flags = DISALLOW_INSTANTIATION)]
pub mod link {
    use super::*;
}

type AnyLink = Gc<Native<Link>>;

/// Take a link out of the ring.
fn unlink(link: AnyLink) {
    let (before, after) = (link.before.expect(), link.after.expect());
    before.after.set(before, after);
    after.before.set(after, before);
}

/// Put a link, which is in no ring, before the root: it has been used last.
fn link_last(root: AnyLink, link: AnyLink) {
    let last = root.before.expect();
    last.after.set(last, link);
    link.before.set(link, last);
    link.after.set(link, root);
    root.before.set(root, link);
}

fn close_ring(root: AnyLink) {
    root.before.set(root, root);
    root.after.set(root, root);
}

fn new_link(cx: &mut Cx, key: Value, hash: i64, value: Value) -> PyResult<AnyLink> {
    let class = class_of_spec(cx, &link::SPEC)?;
    let none = || GcSlot::new(None);
    Ok(new_native(
        cx,
        class,
        Link { key: Slot::new(key), hash, value: Slot::new(value), before: none(), after: none() },
    ))
}

#[derive(macros::Trace)]
pub struct Cache {
    function: Slot,
    /// Results by their keys; links with the results when the cache is bounded.
    cache: GcSlot<Dict>,
    /// Where the ring of links begins and ends.
    root: GcSlot<Native<Link>>,
    info_type: Slot,
    /// Separates positional from keyword arguments in keys.
    mark: Slot,
    typed: bool,
    /// Negative = unbounded.
    max: i64,
    hits: Cell<i64>,
    misses: Cell<i64>,
}
impl NativeData for Cache {
    const NAME: &'static str = "functools._lru_cache_wrapper";
}

/// What a call is remembered by.
fn cache_key(cx: &mut Cx, this: Gc<Native<Cache>>, args: Args<'_>) -> PyResult {
    let types = cx.types();
    if !this.typed
        && let &[only] = args.values()
        && args.n_keywords() == 0
    {
        let class = cx.class_of(only);
        if class == types.int || class == types.str {
            return Ok(only);
        }
    }
    if !this.typed && args.n_keywords() == 0 {
        return Ok(Tuple::new(&mut cx.heap, args.values()).or_raise(cx)?.value());
    }
    let key = List::empty(&mut cx.heap);
    for &value in args.positional() {
        key.push(&mut cx.heap, value).or_raise(cx)?;
    }
    if args.n_keywords() > 0 {
        key.push(&mut cx.heap, this.mark.get()).or_raise(cx)?;
        for (name, value) in args.keywords() {
            key.push(&mut cx.heap, name.value()).or_raise(cx)?;
            key.push(&mut cx.heap, value).or_raise(cx)?;
        }
    }
    if this.typed {
        for &value in args.values() {
            let class = cx.class_of(value).value();
            key.push(&mut cx.heap, class).or_raise(cx)?;
        }
    }
    Ok(runtime::iterate::list_to_tuple(cx, key)?.value())
}

#[macros::native_class(
    name = "_lru_cache_wrapper",
    module = "functools",
    layout = Native<Cache>,
    flags = BASETYPE | METHOD_DESCRIPTOR,
    traits = HAS_DICT | HAS_WEAKREF,
    doc = "Create a cached callable that wraps another function.\n\nuser_function:      the function being cached\n\nmaxsize:  0         for no caching\n          None      for unlimited cache size\n          n         for a bounded cache\n\ntyped:    False     cache f(3) and f(3.0) as identical calls\n          True      cache f(3) and f(3.0) as distinct calls\n\ncache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize\n"
)]
pub mod cache {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Native<Cache>>> {
        let names = ["user_function", "maxsize", "typed", "cache_info_type"];
        let [function, maxsize, typed, info_type] = crate::arguments::bind(cx, "lru_cache", names, 4, args)?;
        if cx.class_of(function).slots.call.get().is_none() {
            return Err(type_error(cx, "the first argument must be callable"));
        }
        let max = if maxsize.is_none() {
            -1
        } else if cx.class_of(maxsize).slots.index.get().is_some() {
            (runtime::number::as_isize(cx, maxsize)? as i64).max(0)
        } else {
            return Err(type_error(cx, "maxsize should be integer or None"));
        };
        let typed = is_true(cx, typed)?;
        let object = cx.types().object.value();
        let mark = Slot::new(runtime::call::call(cx, object, &[])?);
        let cache = GcSlot::of(Dict::new(&mut cx.heap));
        let root = new_link(cx, Value::UNBOUND, 0, Value::UNBOUND)?;
        close_ring(root);
        let root = GcSlot::of(root);
        let (function, info_type) = (Slot::new(function), Slot::new(info_type));
        let (hits, misses) = (Cell::new(0), Cell::new(0));
        Ok(new_native(cx, class, Cache { function, cache, root, info_type, mark, typed, max, hits, misses }))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<Native<Cache>>, args: Args<'_>) -> PyResult {
        if this.max == 0 {
            this.misses.set(this.misses.get() + 1);
            return call_args(cx, this.function.get(), args);
        }
        let key = cache_key(cx, this, args)?;
        let hash = hash_of(cx, key)?;
        let cache = this.cache.expect();
        if let Some(i) = runtime::dict::find(cx, cache, key, hash)? {
            this.hits.set(this.hits.get() + 1);
            let found = cache.value_at(i);
            let Some(link) = found.cast::<Native<Link>>().filter(|_| this.max > 0) else { return Ok(found) };
            let root = this.root.expect();
            if link.after.get() != Some(root) {
                unlink(link);
                link_last(root, link);
            }
            return Ok(link.value.get());
        }
        this.misses.set(this.misses.get() + 1);
        let value = call_args(cx, this.function.get(), args)?;
        let cache = this.cache.expect();
        if this.max < 0 {
            runtime::dict::set_hashed(cx, cache, key, hash, value)?;
            return Ok(value);
        }
        // The call may have stored the same key.
        if runtime::dict::find(cx, cache, key, hash)?.is_none() {
            let oldest = this.root.expect().after.expect();
            if cache.len() as i64 >= this.max && oldest != this.root.expect() {
                unlink(oldest);
                close_ring(oldest);
                // Comparing keys may have changed the cache: what is missing then is gone already.
                if let Some(at) = runtime::dict::find(cx, cache, oldest.key.get(), oldest.hash)? {
                    cache.remove_at(at);
                }
            }
            let link = new_link(cx, key, hash, value)?;
            runtime::dict::set_hashed(cx, cache, key, hash, link.value())?;
            link_last(this.root.expect(), link);
        }
        Ok(value)
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<Native<Cache>>, object: Value, _owner: Value) -> Value {
        if object.is_unbound() || object.is_none() {
            return this.value();
        }
        cx.heap.bound_method(this.value(), object).value()
    }

    /// Report cache statistics
    #[method("cache_info($self, /)")]
    fn cache_info(cx: &mut Cx, this: Gc<Native<Cache>>) -> PyResult {
        let max = if this.max < 0 { Value::NONE } else { BigInt::from_i64(&mut cx.heap, this.max) };
        let hits = BigInt::from_i64(&mut cx.heap, this.hits.get());
        let misses = BigInt::from_i64(&mut cx.heap, this.misses.get());
        let size = Int::from_len(this.cache.expect().len()).value();
        runtime::call::call(cx, this.info_type.get(), &[hits, misses, max, size])
    }

    /// Clear the cache and cache statistics
    #[method("cache_clear($self, /)")]
    fn cache_clear(_: &mut Cx, this: Gc<Native<Cache>>) {
        this.hits.set(0);
        this.misses.set(0);
        this.cache.expect().clear();
        close_ring(this.root.expect());
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Native<Cache>>) -> PyResult {
        let name = cx.names().__qualname__;
        get_attr(cx, this.value(), name)
    }

    #[method("__copy__($self, /)")]
    fn copy(_: &mut Cx, this: Value) -> Value {
        this
    }

    #[method("__deepcopy__($self, memo, /)")]
    fn deepcopy(_: &mut Cx, this: Value, _memo: Value) -> Value {
        this
    }
}

#[macros::native_module(name = "_functools", doc = "Tools that operate on functions.")]
pub mod module {
    use super::*;

    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This effectively reduces the iterable to a single value.  If initial is present,
    /// it is placed before the items of the iterable in the calculation, and serves as
    /// a default when the iterable is empty.
    ///
    /// For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])
    /// calculates ((((1 + 2) + 3) + 4) + 5).
    #[function("reduce(function, iterable, /, initial=<unrepresentable>)")]
    fn reduce(cx: &mut Cx, function: Value, iterable: Value, initial: Value) -> PyResult {
        let iterator = match get_iter(cx, iterable) {
            Ok(iterator) => iterator,
            Err(raised) => {
                let class = cx.types().TypeError;
                cx.catch(raised, class)?;
                return Err(type_error(cx, "reduce() arg 2 must support iteration"));
            }
        };
        let mut result = initial;
        while let Some(item) = next(cx, iterator)? {
            result = if result.is_unbound() { item } else { call(cx, function, &[result, item])? };
        }
        match result.bound() {
            Some(result) => Ok(result),
            None => Err(type_error(cx, "reduce() of empty iterable with no initial value")),
        }
    }

    /// Convert a cmp= function into a key= function.
    ///
    ///   mycmp
    ///     Function that compares two objects.
    #[function("cmp_to_key(mycmp)")]
    fn cmp_to_key(cx: &mut Cx, mycmp: Value) -> PyResult<Gc<Native<Key>>> {
        let class = class_of_spec(cx, &super::key::SPEC)?;
        Ok(new_native(cx, class, Key { compare: Slot::new(mycmp), object: Slot::new(Value::UNBOUND) }))
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for spec in [&super::placeholder_type::SPEC, &super::partial::SPEC, &super::cache::SPEC] {
            add_class(cx, module, spec)?;
        }
        let hole = placeholder(cx)?;
        set_module_attr(cx, module, "Placeholder", hole)
    }
}
