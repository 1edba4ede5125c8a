//! `_abc`: abstract base classes at native speed.
//!
//! A class's registry and caches are dicts from the address of a class to a weak reference to it: an entry counts while its
//! reference points at the class asked for. Dead entries are thrown out when a dict has doubled.

use object::class::flags;
use runtime::prelude::*;
use runtime::types::type_check::is_subclass_of;
use runtime::types::weakref::new_reference;
use std::cell::Cell;

/// Counts registrations: negative answers given before the last one are void.
#[derive(Default)]
struct Counter(Cell<u64>);

fn counter(cx: &Cx) -> u64 {
    cx.vm().extension(Counter::default).0.get()
}

/// What `_abc_impl` of a class holds.
#[derive(Trace)]
pub struct AbcData {
    registry: GcSlot<Dict>,
    cache: GcSlot<Dict>,
    negative: GcSlot<Dict>,
    negative_version: Cell<u64>,
}

impl NativeData for AbcData {
    const NAME: &'static str = "_abc._abc_data";
}

type Data = Gc<Native<AbcData>>;

#[native_class(
    name = "_abc_data",
    module = "_abc",
    layout = Native<AbcData>,
    flags = HAVE_GC,
    doc = "Internal state held by ABC machinery."
)]
pub mod data {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let _ = args;
        Ok(make(cx, class).value())
    }
}

fn make(cx: &mut Cx, class: Gc<Class>) -> Data {
    let none = || GcSlot::new(None);
    let version = Cell::new(counter(cx));
    new_native(cx, class, AbcData { registry: none(), cache: none(), negative: none(), negative_version: version })
}

fn data_of(cx: &mut Cx, class: Value) -> PyResult<Data> {
    let name = cx.names()._abc_impl;
    let found = get_attr(cx, class, name)?;
    match found.cast::<Native<AbcData>>() {
        Some(data) => Ok(data),
        None => Err(type_error(cx, "_abc_impl is set to a wrong type")),
    }
}

fn key_of(class: Gc<Class>) -> (Value, i64) {
    let key = Int::from_len((class.word() >> 4) as usize);
    (key.value(), key.get())
}

fn holds(set: &GcSlot<Dict>, class: Gc<Class>) -> bool {
    let Some(dict) = set.get() else { return false };
    let (key, hash) = key_of(class);
    let object::dict::Found::At(i) = dict.find(key, hash) else { return false };
    let target = dict.value_at(i).cast::<WeakRef>().and_then(|reference| reference.target());
    target.is_some_and(|target| target.is(class.value()))
}

/// Entries from which on a full dict is searched for dead ones.
const CLEAN_FROM: usize = 32;

fn add(cx: &mut Cx, data: Data, set: fn(&AbcData) -> &GcSlot<Dict>, class: Gc<Class>) -> PyResult<()> {
    let weakref = cx.types().weakref;
    let reference = new_reference(cx, weakref, class.value(), Value::NONE)?;
    let dict = match set(&data).get() {
        Some(dict) => dict,
        None => {
            let dict = Dict::new(&mut cx.heap);
            set(&data).set(data, dict);
            dict
        }
    };
    if dict.len() >= CLEAN_FROM && dict.len().is_power_of_two() {
        clean(dict);
    }
    let (key, hash) = key_of(class);
    runtime::dict::set_hashed(cx, dict, key, hash, reference.value())
}

fn clean(dict: Gc<Dict>) {
    let mut i = 0;
    while let Some((at, _, value)) = dict.next_entry(i) {
        if value.cast::<WeakRef>().is_none_or(|reference| reference.target().is_none()) {
            dict.remove_at(at);
        }
        i = at + 1;
    }
}

/// The classes (or their references) that are alive.
fn alive(cx: &mut Cx, set: &GcSlot<Dict>, references: bool) -> RootVec {
    let found = cx.vm().root_vec();
    if let Some(dict) = set.get() {
        for (_, value) in dict.iter() {
            if let Some(target) = value.cast::<WeakRef>().and_then(|reference| reference.target()) {
                found.push(if references { value } else { target });
            }
        }
    }
    found
}

fn is_abstract(cx: &mut Cx, value: Value) -> PyResult<bool> {
    let name = cx.heap.intern("__isabstractmethod__");
    match get_attr_opt(cx, value, name)? {
        Some(answer) => is_true(cx, answer),
        None => Ok(false),
    }
}

/// Set `__abstractmethods__` from the class's own dict and what its bases leave abstract.
fn compute_abstract_methods(cx: &mut Cx, class: Value) -> PyResult<()> {
    let shape = cx.heap.shapes().frozenset;
    let abstracts = Set::with_shape(&mut cx.heap, shape);
    let dunder_dict = cx.names().__dict__;
    let namespace = get_attr(cx, class, dunder_dict)?;
    let items = cx.names().items;
    let items = call_method(cx, namespace, items, &[])?;
    let items = to_list(cx, items)?;
    let mut i = 0;
    while let Some(item) = items.get(i) {
        i += 1;
        let pair = item.cast::<Tuple>().filter(|pair| pair.len() == 2);
        let Some(pair) = pair else { return Err(type_error(cx, "Iteration over a non-pair")) };
        if is_abstract(cx, pair.get(1))? {
            runtime::set::add(cx, abstracts, pair.get(0))?;
        }
    }
    let (bases, inherited) = (cx.heap.intern("__bases__"), cx.heap.intern("__abstractmethods__"));
    let bases = get_attr(cx, class, bases)?;
    let Some(bases) = bases.downcast::<Tuple>() else { return Err(type_error(cx, "__bases__ is not tuple")) };
    for base in bases.iter() {
        let Some(names) = get_attr_opt(cx, base, inherited)? else { continue };
        for_each(cx, names, |cx, key| {
            let name = name_from_value(cx, key)?;
            if let Some(value) = get_attr_opt(cx, class, name)?
                && is_abstract(cx, value)?
            {
                runtime::set::add(cx, abstracts, key)?;
            }
            Ok(())
        })?;
    }
    set_attr(cx, class, inherited, abstracts.value())
}

const COLLECTION_FLAGS: u32 = flags::SEQUENCE | flags::MAPPING;

fn set_collection_flags(cx: &mut Cx, class: Value, wanted: u32) -> PyResult<()> {
    let Some(class) = class.cast::<Class>() else { return Ok(()) };
    let unchanged = class.flags.get() & COLLECTION_FLAGS == wanted;
    if class.has_flag(flags::IMMUTABLE) || unchanged {
        return Ok(());
    }
    class.flags.set(class.flags.get() & !COLLECTION_FLAGS | wanted);
    let name = cx.heap.intern("__subclasses__");
    let type_class = cx.types().type_.value();
    let subclasses = get_attr(cx, type_class, name)?;
    let subclasses = call(cx, subclasses, &[class.value()])?;
    for_each(cx, subclasses, |cx, subclass| set_collection_flags(cx, subclass, wanted))
}

/// What `__subclasshook__` says; `None` = it does not know.
fn ask_hook(cx: &mut Cx, class: Value, subclass: Value) -> PyResult<Option<bool>> {
    let name = cx.heap.intern("__subclasshook__");
    let answer = call_method(cx, class, name, &[subclass])?;
    match answer {
        Value::TRUE => Ok(Some(true)),
        Value::FALSE => Ok(Some(false)),
        Value::NOT_IMPLEMENTED => Ok(None),
        _ => Err(assertion_error(cx, "__subclasshook__ must return either False, True, or NotImplemented")),
    }
}

fn subclass_check(cx: &mut Cx, class: Value, subclass: Value) -> PyResult<bool> {
    let Some(candidate) = subclass.cast::<Class>() else {
        return Err(type_error(cx, "issubclass() arg 1 must be a class"));
    };
    let data = data_of(cx, class)?;
    if holds(&data.cache, candidate) {
        return Ok(true);
    }
    let version = counter(cx);
    if data.negative_version.get() < version {
        data.negative.set_option(data, None);
        data.negative_version.set(version);
    } else if holds(&data.negative, candidate) {
        return Ok(false);
    }
    let found = match ask_hook(cx, class, subclass)? {
        Some(answer) => answer,
        None => {
            let direct = candidate.mro_iter().any(|ancestor| ancestor.value().is(class));
            direct || is_registered(cx, data, candidate)? || has_subclass(cx, class, subclass)?
        }
    };
    add(cx, data, if found { |d| &d.cache } else { |d| &d.negative }, candidate)?;
    Ok(found)
}

fn is_registered(cx: &mut Cx, data: Data, candidate: Gc<Class>) -> PyResult<bool> {
    if holds(&data.registry, candidate) {
        return Ok(true);
    }
    let registered = alive(cx, &data.registry, false);
    for i in 0..registered.len() {
        if is_subclass_of(cx, candidate.value(), registered.get(i))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_subclass(cx: &mut Cx, class: Value, subclass: Value) -> PyResult<bool> {
    let name = cx.heap.intern("__subclasses__");
    let subclasses = call_method(cx, class, name, &[])?;
    let Some(subclasses) = subclasses.cast::<List>() else {
        return Err(type_error(cx, "__subclasses__() must return a list"));
    };
    let mut i = 0;
    while let Some(other) = subclasses.get(i) {
        i += 1;
        if is_subclass_of(cx, subclass, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `class.__subclasscheck__(subclass)`, as Python code may have overridden it.
fn ask_subclass(cx: &mut Cx, class: Value, subclass: Value) -> PyResult<bool> {
    let name = cx.heap.intern("__subclasscheck__");
    let answer = call_method(cx, class, name, &[subclass])?;
    is_true(cx, answer)
}

fn dump(cx: &mut Cx, set: &GcSlot<Dict>) -> PyResult {
    let found = alive(cx, set, true);
    let out = Set::new(&mut cx.heap);
    for reference in found.iter() {
        runtime::set::add(cx, out, reference)?;
    }
    Ok(out.value())
}

#[native_module(name = "_abc", doc = "Module contains faster C implementation of abc.ABCMeta")]
pub mod module {
    use super::*;

    /// Internal ABC helper for class set-up. Should be never used outside abc module.
    #[function("_abc_init(self, /)")]
    fn abc_init(cx: &mut Cx, this: Value) -> PyResult<()> {
        compute_abstract_methods(cx, this)?;
        let class = class_of_spec(cx, &data::SPEC)?;
        let data = make(cx, class);
        let name = cx.names()._abc_impl;
        set_attr(cx, this, name, data.value())?;
        let name = cx.heap.intern("__abc_tpflags__");
        let Some(class) = this.cast::<Class>() else { return Ok(()) };
        let Some(wanted) = class.dict.get().and_then(|dict| dict.get_str(name)) else { return Ok(()) };
        let wanted = wanted.as_int().map_or(0, Int::get) as u32 & COLLECTION_FLAGS;
        if wanted == COLLECTION_FLAGS {
            return Err(type_error(cx, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING"));
        }
        class.set_flag(wanted);
        del_attr(cx, this, name)
    }

    /// Internal ABC helper for subclasss registration. Should be never used outside abc module.
    #[function("_abc_register(self, subclass, /)")]
    fn abc_register(cx: &mut Cx, this: Value, subclass: Value) -> PyResult {
        let Some(class) = subclass.cast::<Class>() else { return Err(type_error(cx, "Can only register classes")) };
        if is_subclass_of(cx, subclass, this)? {
            return Ok(subclass);
        }
        if is_subclass_of(cx, this, subclass)? {
            return Err(runtime_error(cx, "Refusing to create an inheritance cycle"));
        }
        let data = data_of(cx, this)?;
        add(cx, data, |d| &d.registry, class)?;
        let counter = cx.vm().extension(Counter::default);
        counter.0.set(counter.0.get() + 1);
        if let Some(own) = this.cast::<Class>()
            && own.flags.get() & COLLECTION_FLAGS != 0
        {
            set_collection_flags(cx, subclass, own.flags.get() & COLLECTION_FLAGS)?;
        }
        Ok(subclass)
    }

    /// Internal ABC helper for instance checks. Should be never used outside abc module.
    #[function("_abc_instancecheck(self, instance, /)")]
    fn abc_instancecheck(cx: &mut Cx, this: Value, instance: Value) -> PyResult<bool> {
        let data = data_of(cx, this)?;
        let name = cx.names().__class__;
        let subclass = get_attr(cx, instance, name)?;
        let class = subclass.cast::<Class>();
        if class.is_some_and(|class| holds(&data.cache, class)) {
            return Ok(true);
        }
        let actual = cx.class_of(instance);
        if subclass.is(actual.value()) {
            if data.negative_version.get() == counter(cx) && holds(&data.negative, actual) {
                return Ok(false);
            }
            return ask_subclass(cx, this, subclass);
        }
        Ok(ask_subclass(cx, this, subclass)? || ask_subclass(cx, this, actual.value())?)
    }

    /// Internal ABC helper for subclasss checks. Should be never used outside abc module.
    #[function("_abc_subclasscheck(self, subclass, /)")]
    fn abc_subclasscheck(cx: &mut Cx, this: Value, subclass: Value) -> PyResult<bool> {
        subclass_check(cx, this, subclass)
    }

    /// Internal ABC helper for cache and registry debugging.
    ///
    /// Return shallow copies of registry, of both caches, and
    /// negative cache version. Don't call this function directly,
    /// instead use ABC._dump_registry() for a nice repr.
    #[function("_get_dump(self, /)")]
    fn get_dump(cx: &mut Cx, this: Value) -> PyResult {
        let data = data_of(cx, this)?;
        let registry = dump(cx, &data.registry)?;
        let cache = dump(cx, &data.cache)?;
        let negative = dump(cx, &data.negative)?;
        let version = Int::from_len(data.negative_version.get() as usize).value();
        Ok(cx.heap.tuple(&[registry, cache, negative, version]).value())
    }

    /// Internal ABC helper to reset registry of a given class.
    ///
    /// Should be only used by refleak.py
    #[function("_reset_registry(self, /)")]
    fn reset_registry(cx: &mut Cx, this: Value) -> PyResult<()> {
        let data = data_of(cx, this)?;
        data.registry.set_option(data, None);
        Ok(())
    }

    /// Internal ABC helper to reset both caches of a given class.
    ///
    /// Should be only used by refleak.py
    #[function("_reset_caches(self, /)")]
    fn reset_caches(cx: &mut Cx, this: Value) -> PyResult<()> {
        let data = data_of(cx, this)?;
        data.cache.set_option(data, None);
        data.negative.set_option(data, None);
        Ok(())
    }

    /// Returns the current ABC cache token.
    ///
    /// The token is an opaque object (supporting equality testing) identifying the
    /// current version of the ABC cache for virtual subclasses. The token changes
    /// with every call to register() on any ABC.
    #[function("get_cache_token()")]
    fn get_cache_token(cx: &mut Cx) -> u64 {
        counter(cx)
    }
}
