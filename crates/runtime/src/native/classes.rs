//! Class objects from their definitions.
//!
//! Built-in types exist (empty) from the first allocation and are filled at start-up; other native classes are made when
//! they are first asked for and kept in the VM.

use crate::error::*;
use crate::typing::wrappers::{NEW, SLOT_DEFS};
use object::class::{flags, traits};
use object::shape::RootLayout;
use object::*;

/// The class of `spec`, made on first use.
#[inline]
pub fn class_of_spec(cx: &mut Cx, spec: &'static TypeSpec) -> PyResult<Gc<Class>> {
    if let Some(class) = cx.vm().native_class(spec) {
        return Ok(class);
    }
    make_class_of_spec(cx, spec)
}

#[cold]
fn make_class_of_spec(cx: &mut Cx, spec: &'static TypeSpec) -> PyResult<Gc<Class>> {
    let base = match spec.base {
        Some(base) => base(cx)?,
        None => cx.types().object,
    };
    class_with_bases(cx, spec, &[base])
}

/// As [`class_of_spec`], for a class whose bases are known only at run time.
pub fn class_with_bases(cx: &mut Cx, spec: &'static TypeSpec, bases: &[Gc<Class>]) -> PyResult<Gc<Class>> {
    if let Some(class) = cx.vm().native_class(spec) {
        return Ok(class);
    }
    let metaclass = bases.first().map_or(cx.types().type_, |base| cx.class_of(base.value()));
    let class = cx.heap.new_object(Class::empty(metaclass.instance_shape.get()));
    cx.vm().set_native_class(spec, class);
    class_from_spec(cx, spec, class, bases)?;
    Ok(class)
}

/// Fill `class`, a new or start-up's empty class object, from its definition. The first base gives the layout.
pub fn class_from_spec(cx: &mut Cx, spec: &'static TypeSpec, class: Gc<Class>, bases: &[Gc<Class>]) -> PyResult<()> {
    let name = cx.heap.intern(spec.name);
    class.name.set(class, name);
    class.qualname.set(class, name);
    class.spec.set(Some(spec));
    let base = bases.first().copied();
    class.base.set_option(class, base);
    let tuple = Tuple::from_fn(&mut cx.heap, bases.len(), |i| bases[i].value()).or_raise(cx)?;
    class.bases.set(class, tuple);
    set_mro(cx, class, bases)?;
    set_flags(spec, class, base);
    set_layout(cx, spec, class, base);
    let own = Slots::default();
    (spec.slots)(&own);
    fill_slots(spec, class, &own, base);
    fill_dict(cx, spec, class, &own)?;
    for &base in bases {
        crate::typing::add_subclass(cx, base, class);
    }
    match spec.init {
        Some(init) => init(cx, class),
        None => Ok(()),
    }
}

/// The linearisation (C3) of a native class: its bases agree on an order.
fn set_mro(cx: &mut Cx, class: Gc<Class>, bases: &[Gc<Class>]) -> PyResult<()> {
    let roots = cx.vm().root_vec();
    roots.push(class);
    let n = bases.len();
    // How far each base's own order has been used up.
    let mut used = vec![0; n];
    loop {
        let head = |i: usize, used: &[usize]| bases[i].mro.get().and_then(|m| m.try_get(used[i]));
        let in_tail = |candidate: Value, used: &[usize]| {
            let behind =
                |i: usize| bases[i].mro.get().is_some_and(|m| m.iter().skip(used[i] + 1).any(|c| c.is(candidate)));
            (0..n).any(behind)
        };
        let next = (0..n).filter_map(|i| head(i, &used)).find(|&candidate| !in_tail(candidate, &used));
        let Some(next) = next else { break };
        roots.push(next);
        for i in 0..n {
            if head(i, &used).is_some_and(|c| c.is(next)) {
                used[i] += 1;
            }
        }
    }
    let mro = Tuple::from_fn(&mut cx.heap, roots.len(), |i| roots.get(i)).or_raise(cx)?;
    class.mro.set(class, mro);
    Ok(())
}

/// Flags that subclasses have from their base.
const INHERITED_FLAGS: u32 = flags::LONG_SUBCLASS
    | flags::LIST_SUBCLASS
    | flags::TUPLE_SUBCLASS
    | flags::BYTES_SUBCLASS
    | flags::STR_SUBCLASS
    | flags::DICT_SUBCLASS
    | flags::EXCEPTION_SUBCLASS
    | flags::TYPE_SUBCLASS
    | flags::SEQUENCE
    | flags::MAPPING
    | flags::MATCH_SELF
    | flags::HAVE_GC;

fn set_flags(spec: &TypeSpec, class: Gc<Class>, base: Option<Gc<Class>>) {
    class.set_flag(spec.flags | flags::READY | flags::IMMUTABLE);
    class.set_trait(spec.traits, true);
    if let Some(base) = base {
        class.set_flag(base.flags.get() & INHERITED_FLAGS);
        let inherited = traits::HAS_DICT | traits::HAS_WEAKREF | traits::HAS_DEL | traits::PAYLOAD;
        class.set_trait(base.traits.get() & inherited, true);
    }
}

/// Kind, size and shape of instances. Start-up has set those of the built-in types.
fn set_layout(cx: &mut Cx, spec: &TypeSpec, class: Gc<Class>, base: Option<Gc<Class>>) {
    if class.instance_shape.get() != ShapeId::NONE {
        return;
    }
    let (mut kind, mut size) = (spec.kind, spec.size);
    if let Some(base) = base
        && kind == Kind::Instance
    {
        (kind, size) = (base.instance_kind.get(), base.base_size.get() as usize);
    }
    let layout = RootLayout {
        kind,
        base_size: size,
        has_dict: class.has_trait(traits::HAS_DICT),
        reserved_slots: 0,
        inline_slots: 0,
    };
    class.instance_kind.set(kind);
    class.base_size.set(size as u32);
    class.instance_shape.set(cx.vm().shape_space().root(class.word(), layout));
}

fn fill_slots(spec: &TypeSpec, class: Gc<Class>, own: &Slots, base: Option<Gc<Class>>) {
    (spec.slots)(&class.slots);
    if own.richcompare.get().is_some() && own.hash.get().is_none() {
        class.slots.hash.set(Some(unhashable));
    }
    class.set_trait(traits::HAS_DEL, own.finalize.get().is_some() || class.has_trait(traits::HAS_DEL));
    let plain = |own_slot: bool, bit: u32| !own_slot && base.is_none_or(|base| base.has_trait(bit));
    let is_root = base.is_none();
    class.set_trait(traits::PLAIN_GETATTR, is_root || plain(own.getattro.get().is_some(), traits::PLAIN_GETATTR));
    class.set_trait(traits::PLAIN_SETATTR, is_root || plain(own.setattro.get().is_some(), traits::PLAIN_SETATTR));
    let Some(base) = base else { return };
    for ancestor in class.mro_iter().skip(1) {
        class.slots.inherit(&ancestor.slots);
    }
    // `object.__new__` only makes plain instances, and a class that says nothing of its making cannot be called.
    if own.new.get().is_none() && base.base.get().is_none() {
        class.set_flag(flags::DISALLOW_INSTANTIATION);
    }
    if class.has_flag(flags::DISALLOW_INSTANTIATION) {
        class.slots.new.set(None);
    }
}

/// The hash slot of types that compare by value and change.
fn unhashable(cx: &mut Cx, value: Value) -> PyResult<i64> {
    Err(crate::hashing::unhashable(cx, value))
}

/// The class's dict, in CPython's order: `__new__`, slot wrappers, methods, attributes, doc and module.
fn fill_dict(cx: &mut Cx, spec: &'static TypeSpec, class: Gc<Class>, own: &Slots) -> PyResult<()> {
    let dict = Dict::new(&mut cx.heap);
    class.dict.set(class, dict);
    let base_has_dict = class.base.get().is_some_and(|base| base.has_trait(traits::HAS_DICT));
    if spec.traits & traits::HAS_DICT != 0 && !base_has_dict {
        let descriptor = cx.heap.getset_descriptor(class, &crate::typing::instance_attrs::INSTANCE_DICT);
        let name = cx.names().__dict__;
        dict.set_str(&mut cx.heap, name, descriptor.value()).or_raise(cx)?;
    }
    if own.new.get().is_some() && !class.has_flag(flags::DISALLOW_INSTANTIATION) {
        let new = cx.heap.native_function(&NEW, class.value(), Value::NONE);
        set(cx, dict, "__new__", new.value())?;
    }
    add_wrappers(cx, class, own)?;
    for def in spec.methods {
        let value = method_object(cx, class, def);
        set(cx, dict, def.name, value)?;
    }
    for def in spec.getset {
        let value = cx.heap.getset_descriptor(class, def);
        set(cx, dict, def.name, value.value())?;
    }
    // The instances of some types have a `__doc__` of their own.
    if dict.get_str(cx.names().__doc__).is_none() {
        let (_, doc) = doc_parts(spec.doc);
        let doc = if doc.is_empty() { Value::NONE } else { cx.heap.str(doc) };
        set(cx, dict, "__doc__", doc)?;
    }
    if spec.module != "builtins" && dict.get_str(cx.names().__module__).is_none() {
        let module = cx.heap.intern(spec.module);
        set(cx, dict, "__module__", module.value())?;
    }
    Ok(())
}

/// The slot wrappers of a class that has `own` slots.
fn add_wrappers(cx: &mut Cx, class: Gc<Class>, own: &Slots) -> PyResult<()> {
    let dict = class.dict.expect();
    for slot in SLOT_DEFS {
        if slot.def.name == "__hash__" && own.hash.get().is_none() && own.richcompare.get().is_some() {
            set(cx, dict, "__hash__", Value::NONE)?;
            continue;
        }
        let function = (slot.function)(own);
        // As in CPython, a class that repeats its base's slot does not get a wrapper of its own.
        let inherited = |base: Gc<Class>| (slot.function)(&base.slots) == function;
        if function.is_some() && !class.base.get().is_some_and(inherited) {
            let name = cx.heap.intern(slot.def.name);
            if dict.get_str(name).is_none() {
                let wrapper = cx.heap.slot_wrapper(class, &slot.def);
                set(cx, dict, slot.def.name, wrapper.value())?;
            }
        }
    }
    Ok(())
}

/// Gives a class, from its `init`, the slots of another definition as well, with their wrappers. The two have no slot in
/// common.
pub fn add_slots(cx: &mut Cx, class: Gc<Class>, spec: &'static TypeSpec) -> PyResult<()> {
    let own = Slots::default();
    (spec.slots)(&own);
    (spec.slots)(&class.slots);
    for (slot, bit) in
        [(own.getattro.get().is_some(), traits::PLAIN_GETATTR), (own.setattro.get().is_some(), traits::PLAIN_SETATTR)]
    {
        if slot {
            class.set_trait(bit, false);
        }
    }
    add_wrappers(cx, class, &own)
}

fn method_object(cx: &mut Cx, class: Gc<Class>, def: &'static NativeDef) -> Value {
    let shapes = *cx.heap.shapes();
    match def.binding {
        Binding::ClassMethod => cx.heap.method_descriptor(shapes.classmethod_descriptor, class, def).value(),
        Binding::StaticMethod => {
            let function = cx.heap.native_function(def, class.value(), Value::NONE);
            cx.heap.static_method(shapes.staticmethod, function.value()).value()
        }
        Binding::Method | Binding::Function => cx.heap.method_descriptor(shapes.method_descriptor, class, def).value(),
    }
}

fn set(cx: &mut Cx, dict: Gc<Dict>, name: &str, value: Value) -> PyResult<()> {
    let name = cx.heap.intern(name);
    dict.set_str(&mut cx.heap, name, value).or_raise(cx)
}

/// The text signature in front of a class's doc text, and the text: `list(iterable=(), /)\n--\n\nBuilt-in …`.
pub fn doc_parts(doc: &'static str) -> (Option<&'static str>, &'static str) {
    match doc.split_once("\n--\n\n") {
        Some((signature, rest)) => (signature.find('(').map(|at| &signature[at..]), rest),
        None => (None, doc),
    }
}

/// A new instance of `class`, whose layout is `Native<T>`.
pub fn new_native<T: NativeData>(cx: &mut Cx, class: Gc<Class>, data: T) -> Gc<Native<T>> {
    let object = cx.heap.native(class.instance_shape.get(), data);
    if class.has_trait(traits::HAS_DEL) {
        cx.vm().lifetimes.register_finalizable(object.value());
    }
    object
}

/// `value`, an exact value of a built-in type, as an instance of `class`: itself, or inside an instance of the subclass
/// (a tuple subclass without a dict gets a copy of the items).
pub fn finish_new(cx: &mut Cx, class: Gc<Class>, value: Value) -> PyResult {
    if cx.class_of(value) == class {
        return Ok(value);
    }
    let (shape, value) = (class.instance_shape.get(), value.unwrap_payload());
    let object = match value.downcast::<Tuple>() {
        Some(tuple) if class.instance_kind.get() == Kind::SubTuple => {
            Tuple::of_subclass(&mut cx.heap, shape, tuple.as_slice()).or_raise(cx)?.value()
        }
        _ => cx.heap.payload(shape, value).value(),
    };
    if class.has_trait(traits::HAS_DEL) {
        cx.vm().lifetimes.register_finalizable(object);
    }
    Ok(object)
}
