//! Making classes: `type(name, bases, namespace)` and the `class` statement.

use super::{add_subclass, compute_mro, fill_slots, is_subtype, update_traits};
use crate::attribute::get_attr_opt;
use crate::call::{call, call_args, call_special};
use crate::error::*;
use crate::iterate::to_tuple;
use object::class::{flags, traits};
use object::shape::RootLayout;
use object::*;

/// Slots that every object gets inside itself at most from a guess of its class's attributes.
const MAX_GUESSED_SLOTS: usize = 30;

/// The most derived metaclass of `meta` and the classes of `bases`.
pub fn metaclass_for(cx: &mut Cx, meta: Gc<Class>, bases: Gc<Tuple>) -> PyResult<Gc<Class>> {
    let mut winner = meta;
    for base in bases.iter() {
        let other = cx.class_of(base);
        if is_subtype(winner, other) {
            continue;
        }
        if is_subtype(other, winner) {
            winner = other;
            continue;
        }
        return Err(type_error(
            cx,
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// The class whose layout `class`'s instances have: itself when it adds something to its base's.
fn solid_base(class: Gc<Class>) -> Gc<Class> {
    match class.base.get() {
        Some(base) if !adds_layout(class, base) => solid_base(base),
        _ => class,
    }
}

fn adds_layout(class: Gc<Class>, base: Gc<Class>) -> bool {
    class.reserved_slots.get() != base.reserved_slots.get()
        || (!class.is_heap_type()
            && (class.instance_kind.get() != base.instance_kind.get() || class.base_size.get() != base.base_size.get()))
}

/// The base whose layout a class with these bases extends.
pub fn best_base(cx: &mut Cx, bases: Gc<Tuple>) -> PyResult<Gc<Class>> {
    let mut best: Option<(Gc<Class>, Gc<Class>)> = None;
    for base in bases.iter() {
        let Some(base) = base.cast::<Class>() else {
            return Err(type_error(cx, "bases must be types"));
        };
        if !base.has_flag(flags::BASETYPE) {
            let name = class_name(base);
            return Err(type_error(cx, format_args!("type '{name}' is not an acceptable base type")));
        }
        let solid = solid_base(base);
        match best {
            None => best = Some((base, solid)),
            Some((_, winner)) if is_subtype(winner, solid) => {}
            Some((_, winner)) if is_subtype(solid, winner) => best = Some((base, solid)),
            Some(_) => return Err(type_error(cx, "multiple bases have instance lay-out conflict")),
        }
    }
    match best {
        Some((base, _)) => Ok(base),
        None => Ok(cx.types().object),
    }
}

/// `type.__new__`.
pub fn type_new(cx: &mut Cx, meta: Gc<Class>, args: Args<'_>) -> PyResult {
    let &[name, bases, namespace] = args.positional() else {
        let n = args.n_positional();
        return Err(type_error(cx, format_args!("type.__new__() takes exactly 3 arguments ({n} given)")));
    };
    let Some(name) = name.downcast::<Str>() else {
        let found = argument_type_name(cx, name);
        return Err(type_error(cx, format_args!("type.__new__() argument 1 must be str, not {found}")));
    };
    let Some(bases) = bases.downcast::<Tuple>() else {
        let found = argument_type_name(cx, bases);
        return Err(type_error(cx, format_args!("type.__new__() argument 2 must be tuple, not {found}")));
    };
    let Some(namespace) = namespace.cast::<Dict>() else {
        let found = argument_type_name(cx, namespace);
        return Err(type_error(cx, format_args!("type.__new__() argument 3 must be dict, not {found}")));
    };
    for base in bases.iter() {
        if !base.is_a::<Class>() && get_attr_opt(cx, base, cx.names().__mro_entries__)?.is_some() {
            return Err(type_error(cx, "type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let winner = metaclass_for(cx, meta, bases)?;
    if winner != meta
        && let Some(new) = winner.slots.new.get()
        && !std::ptr::fn_addr_eq(new, type_new as object::class::NewFn)
    {
        return new(cx, winner, args);
    }
    let class = new_class(cx, winner, name, bases, namespace)?;
    set_names(cx, class)?;
    init_subclass(cx, class, args)?;
    Ok(class.value())
}

/// `type.__init__`: only checks its arguments.
pub fn type_init(cx: &mut Cx, _: Value, args: Args<'_>) -> PyResult<()> {
    if args.n_keywords() > 0 && args.n_positional() == 1 {
        return Err(type_error(cx, "type.__init__() takes no keyword arguments"));
    }
    if !matches!(args.n_positional(), 1 | 3) {
        return Err(type_error(cx, "type.__init__() takes 1 or 3 arguments"));
    }
    Ok(())
}

/// What `__slots__` asks for.
struct SlotsRequest {
    names: RootVec,
    dict: bool,
    weakref: bool,
    present: bool,
}

/// A class without `__set_name__` and `__init_subclass__` having been called.
pub fn new_class(
    cx: &mut Cx,
    meta: Gc<Class>,
    name: Gc<Str>,
    bases: Gc<Tuple>,
    namespace: Gc<Dict>,
) -> PyResult<Gc<Class>> {
    if name.iter().any(|c| c == 0) {
        return Err(value_error(cx, "type name must not contain null characters"));
    }
    if name.has_surrogates() {
        return Err(crate::exceptions::surrogates_not_allowed(cx, name.value()));
    }
    let bases = if bases.is_empty() { cx.heap.tuple(&[cx.types().object.value()]) } else { bases };
    let base = best_base(cx, bases)?;
    let dict = Dict::new(&mut cx.heap);
    namespace.copy_into(&mut cx.heap, dict).or_raise(cx)?;
    let slots = read_slots(cx, name, dict, bases, base)?;

    let class = cx.heap.new_object(Class::empty(meta.instance_shape.get()));
    class.name.set(class, name);
    class.bases.set(class, bases);
    class.base.set(class, base);
    class.dict.set(class, dict);
    let inherited = flags::SEQUENCE
        | flags::MAPPING
        | flags::MATCH_SELF
        | flags::LONG_SUBCLASS
        | flags::LIST_SUBCLASS
        | flags::TUPLE_SUBCLASS
        | flags::BYTES_SUBCLASS
        | flags::STR_SUBCLASS
        | flags::DICT_SUBCLASS
        | flags::EXCEPTION_SUBCLASS
        | flags::TYPE_SUBCLASS;
    let collections = flags::SEQUENCE | flags::MAPPING;
    let mut from_bases = 0;
    for base in bases.iter().filter_map(|b| b.cast::<Class>()) {
        let flags = base.flags.get() & inherited;
        // For patterns the first base that is a sequence or a mapping decides.
        from_bases |= if from_bases & collections == 0 { flags } else { flags & !collections };
    }
    class.flags.set(flags::HEAPTYPE | flags::BASETYPE | flags::READY | flags::HAVE_GC | from_bases);
    class.spec.set(base.spec.get());
    let mut has_dict = base.has_trait(traits::HAS_DICT) || slots.dict || !slots.present;
    let mut has_weakref = base.has_trait(traits::HAS_WEAKREF) || slots.weakref || !slots.present;
    for other in bases.iter().filter_map(|b| b.cast::<Class>()) {
        has_dict |= other.has_trait(traits::HAS_DICT);
        has_weakref |= other.has_trait(traits::HAS_WEAKREF);
    }
    if is_subtype(base, cx.types().type_) {
        has_dict = true;
    }
    if is_subtype(base, cx.types().module) {
        // Attributes of modules are in the module's own dict.
        has_dict = false;
    }
    class.set_trait(traits::HAS_DICT, has_dict);
    class.set_trait(traits::HAS_WEAKREF, has_weakref);
    if has_dict {
        class.set_flag(flags::MANAGED_DICT);
        if base.instance_kind.get() == cx.types().object.instance_kind.get() {
            class.set_flag(flags::INLINE_VALUES);
        }
    }
    set_layout(class, base, has_dict, slots.names.len());

    complete_dict(cx, class, name, dict, &slots, base)?;
    let mro = compute_mro(cx, class)?;
    class.mro.set(class, mro);
    guess_shape(cx, class, has_dict);
    for base in bases.iter().filter_map(|b| b.cast::<Class>()) {
        add_subclass(cx, base, class);
    }
    fill_slots(cx, class);
    update_traits(cx, class);
    set_class_cell(cx, class, dict)?;
    Ok(class)
}

/// Instances of subclasses of variable-size types hold an exact value of them, or are tuples when they have no dict.
fn set_layout(class: Gc<Class>, base: Gc<Class>, has_dict: bool, n_slots: usize) {
    let kind = base.instance_kind.get();
    let (kind, size) = match kind {
        Kind::Tuple | Kind::SubTuple if !has_dict => (Kind::SubTuple, size_of::<Tuple>() as u32),
        kind if is_variable(kind) => {
            class.set_trait(traits::PAYLOAD, true);
            (Kind::Payload, size_of::<Payload>() as u32)
        }
        kind => (kind, base.base_size.get()),
    };
    if base.has_trait(traits::PAYLOAD) {
        class.set_trait(traits::PAYLOAD, true);
    }
    class.instance_kind.set(kind);
    class.base_size.set(size);
    class.reserved_slots.set(base.reserved_slots.get() + n_slots as u32);
}

/// The root shape of instances, with room for the attributes that the class's methods assign.
fn guess_shape(cx: &mut Cx, class: Gc<Class>, has_dict: bool) {
    let reserved = class.reserved_slots.get() as usize;
    let mut guessed = 0;
    if has_dict {
        let name = cx.names().__static_attributes__;
        let seen = cx.vm().root_vec();
        for ancestor in class.mro_iter() {
            let attributes = ancestor.dict.get().and_then(|d| d.get_str(name)).and_then(|a| a.cast::<Tuple>());
            for attribute in attributes.iter().flat_map(|t| t.iter()) {
                if !seen.iter().any(|s| s.is(attribute)) {
                    seen.push(attribute);
                }
            }
        }
        guessed = seen.len().min(MAX_GUESSED_SLOTS);
    }
    let layout = RootLayout {
        kind: class.instance_kind.get(),
        base_size: class.base_size.get() as usize,
        has_dict,
        reserved_slots: reserved,
        inline_slots: reserved + guessed,
    };
    class.instance_shape.set(cx.vm().shape_space().root(class.word(), layout));
}

fn read_slots(
    cx: &mut Cx,
    class_name: Gc<Str>,
    dict: Gc<Dict>,
    bases: Gc<Tuple>,
    base: Gc<Class>,
) -> PyResult<SlotsRequest> {
    let names = cx.vm().root_vec();
    let mut request = SlotsRequest { names, dict: false, weakref: false, present: false };
    let Some(given) = dict.get_str(cx.names().__slots__) else { return Ok(request) };
    request.present = true;
    let list = if given.downcast::<Str>().is_some() { cx.heap.tuple(&[given]) } else { to_tuple(cx, given)? };
    if !list.is_empty() && base.has_trait(traits::PAYLOAD) | is_variable(base.instance_kind.get()) {
        let only_special =
            list.iter().all(|n| n.downcast::<Str>().is_some_and(|n| n.eq_str("__dict__") || n.eq_str("__weakref__")));
        let allowed = matches!(base.instance_kind.get(), Kind::Str | Kind::Float | Kind::Complex | Kind::Payload);
        if !only_special && !allowed {
            let base = base.display_name();
            return Err(type_error(cx, format_args!("nonempty __slots__ not supported for subtype of '{base}'")));
        }
    }
    for item in list.iter() {
        let Some(slot) = item.downcast::<Str>() else {
            let found = type_name(cx, item);
            return Err(type_error(cx, format_args!("__slots__ items must be strings, not '{found}'")));
        };
        if !is_identifier(&slot) {
            return Err(type_error(cx, "__slots__ must be identifiers"));
        }
        if slot.eq_str("__dict__") {
            if request.dict || base.has_trait(traits::HAS_DICT) {
                return Err(type_error(cx, "__dict__ slot disallowed: we already got one"));
            }
            request.dict = true;
            continue;
        }
        if slot.eq_str("__weakref__") {
            if request.weakref || base.has_trait(traits::HAS_WEAKREF) {
                return Err(type_error(cx, "__weakref__ slot disallowed: we already got one"));
            }
            request.weakref = true;
            continue;
        }
        let mangled = mangle(cx, class_name, slot)?;
        let in_dict = dict.get_str(mangled).is_some();
        if in_dict && !slot.eq_str("__qualname__") && !slot.eq_str("__classcell__") && !slot.eq_str("__classdictcell__")
        {
            return Err(value_error(cx, format_args!("'{slot}' in __slots__ conflicts with class variable")));
        }
        if !request.names.iter().any(|n| n.is(mangled.value())) {
            request.names.push(mangled);
        }
    }
    std::hint::black_box(bases);
    request.names.with_values(|names| {
        names.sort_by(|a, b| match (a.cast::<Str>(), b.cast::<Str>()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => std::cmp::Ordering::Equal,
        })
    });
    Ok(request)
}

fn is_variable(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, Str | BigInt | Bytes | Tuple | SubTuple | Float | Complex)
}

/// The name that a private `name` has inside class `class_name`.
pub fn mangle(cx: &mut Cx, class_name: Gc<Str>, name: Gc<Str>) -> PyResult<Gc<Str>> {
    let text = name.to_string();
    let class_text = class_name.to_string();
    let class_text = class_text.trim_start_matches('_');
    if !text.starts_with("__") || text.ends_with("__") || text.contains('.') || class_text.is_empty() {
        return Ok(cx.heap.intern_str(name));
    }
    Ok(cx.heap.intern(&format!("_{class_text}{text}")))
}

/// `__module__`, `__qualname__`, `__doc__`, implicit static and class methods, slot descriptors.
fn complete_dict(
    cx: &mut Cx,
    class: Gc<Class>,
    name: Gc<Str>,
    dict: Gc<Dict>,
    slots: &SlotsRequest,
    base: Gc<Class>,
) -> PyResult<()> {
    let names = cx.names();
    match dict.remove_str(names.__qualname__) {
        Some(qualname) => match qualname.downcast::<Str>() {
            Some(qualname) => class.qualname.set(class, qualname),
            None => {
                let found = type_name(cx, qualname);
                return Err(type_error(cx, format_args!("type __qualname__ must be a str, not {found}")));
            }
        },
        None => class.qualname.set(class, name),
    }
    if dict.get_str(names.__module__).is_none()
        && let Some(frame) = cx.frame()
        && let Some(module) = frame.globals.get().get_str(names.__name__)
    {
        dict.set_str(&mut cx.heap, names.__module__, module).or_raise(cx)?;
    }
    if dict.get_str(names.__doc__).is_none() {
        dict.set_str(&mut cx.heap, names.__doc__, Value::NONE).or_raise(cx)?;
    }
    if let Some(new) = dict.get_str(names.__new__).filter(|f| f.is_a::<Function>()) {
        let wrapped = cx.heap.static_method(cx.types().staticmethod.instance_shape.get(), new);
        dict.set_str(&mut cx.heap, names.__new__, wrapped.value()).or_raise(cx)?;
    }
    for implicit in [names.__init_subclass__, names.__class_getitem__] {
        if let Some(function) = dict.get_str(implicit).filter(|f| f.is_a::<Function>()) {
            let wrapped = cx.heap.class_method(cx.types().classmethod.instance_shape.get(), function);
            dict.set_str(&mut cx.heap, implicit, wrapped.value()).or_raise(cx)?;
        }
    }
    if dict.get_str(names.__eq__).is_some() && dict.get_str(names.__hash__).is_none() {
        dict.set_str(&mut cx.heap, names.__hash__, Value::NONE).or_raise(cx)?;
    }
    let first = base.reserved_slots.get() as usize;
    for (i, slot) in slots.names.iter().enumerate() {
        let slot = slot.cast::<Str>().expect("slot names are strings");
        let descriptor = cx.heap.member_descriptor(class, slot, first + i);
        dict.set_str(&mut cx.heap, slot, descriptor.value()).or_raise(cx)?;
    }
    if slots.present {
        let own = Tuple::from_fn(&mut cx.heap, slots.names.len(), |i| slots.names.get(i)).or_raise(cx)?;
        class.slot_names.set(class, own);
    }
    let adds_dict = class.has_trait(traits::HAS_DICT) && !base.has_trait(traits::HAS_DICT);
    if adds_dict && dict.get_str(names.__dict__).is_none() {
        let descriptor = cx.heap.getset_descriptor(class, &super::instance_attrs::INSTANCE_DICT);
        dict.set_str(&mut cx.heap, names.__dict__, descriptor.value()).or_raise(cx)?;
    }
    let adds_weakref = class.has_trait(traits::HAS_WEAKREF) && !base.has_trait(traits::HAS_WEAKREF);
    if adds_weakref && dict.get_str(names.__weakref__).is_none() {
        let descriptor = cx.heap.getset_descriptor(class, &super::instance_attrs::INSTANCE_WEAKREF);
        dict.set_str(&mut cx.heap, names.__weakref__, descriptor.value()).or_raise(cx)?;
    }
    Ok(())
}

/// `__class__` inside methods refers to the new class.
fn set_class_cell(cx: &mut Cx, class: Gc<Class>, dict: Gc<Dict>) -> PyResult<()> {
    let names = cx.names();
    if let Some(cell) = dict.remove_str(names.__classcell__) {
        match cell.cast::<Cell>() {
            Some(cell) => cell.value.set(cell, class),
            None => {
                let found = type_name(cx, cell);
                return Err(type_error(
                    cx,
                    format_args!("type.__new__(): '__classcell__' must be a nonlocal cell, not {found}"),
                ));
            }
        }
    }
    if let Some(cell) = dict.remove_str(names.__classdictcell__) {
        match cell.cast::<Cell>() {
            Some(cell) => cell.value.set(cell, dict),
            None => {
                let found = type_name(cx, cell);
                return Err(type_error(
                    cx,
                    format_args!("type.__new__(): '__classdictcell__' must be a nonlocal cell, not {found}"),
                ));
            }
        }
    }
    Ok(())
}

/// Call `__set_name__` of the namespace's values.
fn set_names(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    let names = cx.names();
    let copy = Dict::new(&mut cx.heap);
    class.dict.expect().copy_into(&mut cx.heap, copy).or_raise(cx)?;
    let mut i = 0;
    while let Some((index, key, value)) = copy.next_entry(i) {
        i = index + 1;
        if let Err(raised) = call_special(cx, value, names.__set_name__, &[class.value(), key]) {
            let exception = cx.take_raised(raised);
            let found = type_name(cx, value);
            let key = crate::text::repr_of(cx, key)?;
            let class = class_name(class);
            let note = format!("Error calling __set_name__ on '{found}' instance {key} in '{class}'");
            let note = cx.heap.str(&note);
            let add_note = cx.heap.intern("add_note");
            crate::call::call_method(cx, exception, add_note, &[note])?;
            return Err(cx.raise(exception));
        }
    }
    Ok(())
}

/// `super(class, class).__init_subclass__(**kwargs)`.
fn init_subclass(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<()> {
    let name = cx.names().__init_subclass__;
    let found = class.mro_iter().skip(1).find_map(|c| c.dict.get()?.get_str(name));
    let Some(found) = found else { return Ok(()) };
    let bound = match cx.class_of(found).slots.descr_get.get() {
        Some(get) => get(cx, found, Value::UNBOUND, class.value())?,
        None => found,
    };
    let keywords = &args.values()[args.n_positional()..];
    call_args(cx, bound, Args::new(keywords, args.kwnames()))?;
    Ok(())
}

/// `__build_class__(function, name, *bases, metaclass=None, **kwargs)`.
pub fn build_class(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let positional = args.positional();
    if positional.len() < 2 {
        return Err(type_error(cx, "__build_class__: not enough arguments"));
    }
    let Some(function) = positional[0].cast::<Function>() else {
        return Err(type_error(cx, "__build_class__: func must be a function"));
    };
    let Some(name) = positional[1].downcast::<Str>() else {
        return Err(type_error(cx, "__build_class__: name is not a string"));
    };
    let names = cx.names();
    let original = Tuple::new(&mut cx.heap, &positional[2..]).or_raise(cx)?;
    let bases = resolve_bases(cx, original)?;
    let mut metaclass = None;
    let keyword_names = cx.vm().root_vec();
    let keyword_values = cx.vm().root_vec();
    for (key, value) in args.keywords() {
        if key.equals(&names.metaclass) {
            metaclass = Some(value);
        } else {
            keyword_names.push(key);
            keyword_values.push(value);
        }
    }
    let meta = match metaclass {
        Some(meta) => meta,
        None => bases.try_get(0).map_or(cx.types().type_.value(), |b| cx.class_of(b).value()),
    };
    let meta = match meta.cast::<Class>() {
        Some(class) => metaclass_for(cx, class, bases)?.value(),
        None => meta,
    };
    let kwnames = Tuple::from_fn(&mut cx.heap, keyword_names.len(), |i| keyword_names.get(i)).or_raise(cx)?;
    let with_keywords = |cx: &mut Cx, callable: Value, first: [Value; 3], n: usize| -> PyResult {
        let values = cx.vm().root_vec();
        first[..n].iter().for_each(|&v| values.push(v));
        keyword_values.iter().for_each(|v| values.push(v));
        let tuple = Tuple::from_fn(&mut cx.heap, values.len(), |i| values.get(i)).or_raise(cx)?;
        call_args(cx, callable, Args::new(tuple.as_slice(), Some(kwnames)))
    };
    let namespace = match get_attr_opt(cx, meta, names.__prepare__)? {
        Some(prepare) => with_keywords(cx, prepare, [name.value(), bases.value(), Value::UNBOUND], 2)?,
        None => Dict::new(&mut cx.heap).value(),
    };
    if !namespace.is_a::<Dict>() && cx.class_of(namespace).slots.getitem.get().is_none() {
        let shown = meta.cast::<Class>().map_or_else(|| "<metaclass>".to_owned(), class_name);
        let found = type_name(cx, namespace);
        return Err(type_error(cx, format_args!("{shown}.__prepare__() must return a mapping, not {found}")));
    }
    let cell = run_body(cx, function, namespace)?;
    if bases != original {
        crate::item::set_item(cx, namespace, names.__orig_bases__.value(), original.value())?;
    }
    let class = with_keywords(cx, meta, [name.value(), bases.value(), namespace], 3)?;
    if class.is_a::<Class>()
        && let Some(cell) = cell.cast::<Cell>()
    {
        let content = cell.value.get();
        if content.is_unbound() {
            let class_repr = crate::text::repr_of(cx, class)?;
            let shown = crate::text::repr_of(cx, name.value())?;
            return Err(runtime_error(
                cx,
                format_args!(
                    "__class__ not set defining {shown} as {class_repr}. Was __classcell__ propagated to type.__new__?"
                ),
            ));
        }
        if !content.is(class) {
            let shown = crate::text::repr_of(cx, name.value())?;
            let content = crate::text::repr_of(cx, content)?;
            let class = crate::text::repr_of(cx, class)?;
            return Err(type_error(cx, format_args!("__class__ set to {content} defining {shown} as {class}")));
        }
    }
    Ok(class)
}

/// Run a class body with `namespace` as its locals.
fn run_body(cx: &mut Cx, function: Gc<Function>, namespace: Value) -> PyResult {
    let frame = crate::call::bind_frame(cx, function, Args::EMPTY, FrameOwner::Entry)?;
    frame.namespace.set(namespace);
    cx.run_frame(frame)
}

/// Replace bases that are not classes by what their `__mro_entries__` says.
fn resolve_bases(cx: &mut Cx, bases: Gc<Tuple>) -> PyResult<Gc<Tuple>> {
    if bases.iter().all(|b| b.is_a::<Class>()) {
        return Ok(bases);
    }
    let resolved = cx.vm().root_vec();
    let mut changed = false;
    for base in bases.iter() {
        let hook = if base.is_a::<Class>() { None } else { get_attr_opt(cx, base, cx.names().__mro_entries__)? };
        let Some(hook) = hook else {
            resolved.push(base);
            continue;
        };
        let entries = call(cx, hook, &[bases.value()])?;
        let Some(entries) = entries.downcast::<Tuple>() else {
            return Err(type_error(cx, "__mro_entries__ must return a tuple"));
        };
        changed = true;
        entries.iter().for_each(|e| resolved.push(e));
    }
    if !changed {
        return Ok(bases);
    }
    Tuple::from_fn(&mut cx.heap, resolved.len(), |i| resolved.get(i)).or_raise(cx)
}

/// Whether `name` could be an identifier.
fn is_identifier(name: &Str) -> bool {
    let mut chars = name.iter().map(|c| char::from_u32(c).unwrap_or(' '));
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && chars.all(|c| c == '_' || c.is_alphanumeric())
}
