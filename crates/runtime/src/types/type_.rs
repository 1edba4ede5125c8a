//! `type`: attributes and methods of classes. Their creation is `typing`'s, calling them `call`'s.

use super::object::{merge_class_dict, same_layout};
use crate::attribute::{type_get_attr, type_set_attr};
use crate::prelude::*;
use crate::typing::{self, is_subtype};
use macros::native_class;
use object::class::{flags, traits};

#[native_class(
    name = "type",
    layout = Class,
    flags = BASETYPE | HAVE_GC | TYPE_SUBCLASS,
    traits = HAS_DICT | HAS_WEAKREF,
    doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        typing::type_new(cx, class, args)
    }

    #[slot]
    fn init(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult<()> {
        typing::type_init(cx, this, args)
    }

    #[slot]
    fn call(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult {
        crate::call::call_class(cx, this, args)
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: Value, name: Gc<Str>) -> PyResult {
        type_get_attr(cx, this, name)
    }

    #[slot]
    fn setattro(cx: &mut Cx, this: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
        type_set_attr(cx, this, name, value)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        let module = module_of(cx, this)?.downcast::<Str>();
        let mut builder = StrBuilder::new();
        builder.push_str("<class '");
        match module {
            Some(module) if !module.eq_str("builtins") => {
                builder.push_py(&module);
                builder.push_char('.');
                builder.push_py(&qualname_of(cx, this));
            }
            _ => builder.push_py(&this.name.expect()),
        }
        builder.push_str("'>");
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        super::super::union::type_or(cx, left, right)
    }

    #[getter(__name__)]
    fn name(this: Gc<Class>) -> Gc<Str> {
        this.name.expect()
    }

    #[setter(__name__)]
    fn set_name(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let value = check_special(cx, this, "__name__", value)?;
        let Some(name) = value.downcast::<Str>() else {
            let (class, found) = (class_name(this), type_name(cx, value));
            return Err(type_error(cx, format_args!("can only assign string to {class}.__name__, not '{found}'")));
        };
        if name.iter().any(|c| c == 0) {
            return Err(value_error(cx, "type name must not contain null characters"));
        }
        if name.has_surrogates() {
            return Err(crate::exceptions::surrogates_not_allowed(cx, value));
        }
        this.name.set(this, name);
        Ok(())
    }

    #[getter(__qualname__)]
    fn qualname(cx: &mut Cx, this: Gc<Class>) -> Gc<Str> {
        qualname_of(cx, this)
    }

    #[setter(__qualname__)]
    fn set_qualname(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let value = check_special(cx, this, "__qualname__", value)?;
        let Some(name) = value.downcast::<Str>() else {
            let (class, found) = (class_name(this), type_name(cx, value));
            return Err(type_error(cx, format_args!("can only assign string to {class}.__qualname__, not '{found}'")));
        };
        this.qualname.set(this, name);
        Ok(())
    }

    #[getter(__module__)]
    fn module(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        match module_of(cx, this)? {
            module if module.is_unbound() => {
                let name = cx.names().__module__;
                Err(attribute_error(cx, this.value(), name, "__module__"))
            }
            module => Ok(module),
        }
    }

    #[setter(__module__)]
    fn set_module(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let value = check_special(cx, this, "__module__", value)?;
        let dict = this.dict.expect();
        let names = cx.names();
        dict.set_str(&mut cx.heap, names.__module__, value).or_raise(cx)?;
        dict.remove_str(names.__firstlineno__);
        typing::class_modified(cx, this, None);
        Ok(())
    }

    #[getter(__bases__)]
    fn bases(cx: &mut Cx, this: Gc<Class>) -> Gc<Tuple> {
        this.bases.get().unwrap_or(cx.vm().empty_tuple())
    }

    #[setter(__bases__)]
    fn set_bases(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        assign_bases(cx, this, value)
    }

    #[getter(__base__)]
    fn base(this: Gc<Class>) -> Value {
        this.base.get().map_or(Value::NONE, Gc::value)
    }

    #[getter(__mro__)]
    fn mro_tuple(this: Gc<Class>) -> Value {
        this.mro.get().map_or(Value::NONE, Gc::value)
    }

    #[getter(__basicsize__)]
    fn basicsize(this: Gc<Class>) -> i64 {
        let words = this.reserved_slots.get() + u32::from(this.has_trait(traits::HAS_DICT));
        i64::from(this.base_size.get() + words * 8)
    }

    #[getter(__itemsize__)]
    fn itemsize(this: Gc<Class>) -> i64 {
        if this.has_flag(flags::TUPLE_SUBCLASS) {
            8
        } else if this.has_flag(flags::LONG_SUBCLASS) {
            4
        } else {
            i64::from(this.has_flag(flags::BYTES_SUBCLASS))
        }
    }

    #[getter(__flags__)]
    fn flags_(this: Gc<Class>) -> i64 {
        let heap_type = if this.has_trait(traits::CLAIMS_HEAPTYPE) { flags::HEAPTYPE } else { 0 };
        i64::from(this.flags.get() | heap_type)
    }

    #[getter(__dictoffset__)]
    fn dictoffset(this: Gc<Class>) -> i64 {
        if !this.has_trait(traits::HAS_DICT) {
            0
        } else if this.has_flag(flags::MANAGED_DICT) {
            -1
        } else {
            i64::from(this.base_size.get())
        }
    }

    #[getter(__weakrefoffset__)]
    fn weakrefoffset(this: Gc<Class>) -> i64 {
        if this.has_trait(traits::HAS_WEAKREF) { i64::from(this.base_size.get()) } else { 0 }
    }

    #[getter(__dict__)]
    fn dict(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        match this.dict.get() {
            Some(dict) => Ok(cx.heap.mapping_proxy(dict.value()).value()),
            None => Ok(Value::NONE),
        }
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        let name = cx.names().__doc__;
        if let Some(spec) = this.spec.get().filter(|_| !this.is_heap_type()) {
            let (_, doc) = crate::native::doc_parts(spec.doc);
            return Ok(if doc.is_empty() { Value::NONE } else { cx.heap.str(doc) });
        }
        let Some(found) = this.dict.get().and_then(|d| d.get_str(name)) else { return Ok(Value::NONE) };
        match cx.class_of(found).slots.descr_get.get() {
            Some(get) => get(cx, found, Value::UNBOUND, this.value()),
            None => Ok(found),
        }
    }

    #[setter(__doc__)]
    fn set_doc(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let value = check_special(cx, this, "__doc__", value)?;
        let name = cx.names().__doc__;
        set_in_dict(cx, this, name, value)
    }

    #[getter(__text_signature__)]
    fn text_signature(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        text_signature_of(cx, this)
    }

    #[getter(__abstractmethods__)]
    fn abstractmethods(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        let name = cx.names().__abstractmethods__;
        // `type` itself has the descriptor under that name.
        if this != cx.types().type_
            && let Some(found) = this.dict.get().and_then(|d| d.get_str(name))
        {
            return Ok(found);
        }
        Err(attribute_error(cx, this.value(), name, "__abstractmethods__"))
    }

    #[setter(__abstractmethods__)]
    fn set_abstractmethods(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let name = cx.names().__abstractmethods__;
        let dict = this.dict.expect();
        let is_abstract = match value {
            Some(value) => {
                let is_abstract = is_true(cx, value)?;
                dict.set_str(&mut cx.heap, name, value).or_raise(cx)?;
                is_abstract
            }
            None if dict.remove_str(name).is_some() => false,
            None => return Err(attribute_error(cx, this.value(), name, "__abstractmethods__")),
        };
        typing::class_modified(cx, this, None);
        let bits = this.flags.get() & !flags::ABSTRACT;
        this.flags.set(if is_abstract { bits | flags::ABSTRACT } else { bits });
        Ok(())
    }

    #[getter(__annotate__)]
    fn annotate(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        get_annotate(cx, this)
    }

    #[setter(__annotate__)]
    fn set_annotate(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "cannot delete __annotate__ attribute")) };
        refuse_immutable(cx, this, "__annotate__")?;
        if !value.is_none() && cx.class_of(value).slots.call.get().is_none() {
            return Err(type_error(cx, "__annotate__ must be callable or None"));
        }
        let names = cx.names();
        let dict = this.dict.expect();
        dict.set_str(&mut cx.heap, names.__annotate_func__, value).or_raise(cx)?;
        if !value.is_none() {
            dict.remove_str(names.__annotations_cache__);
        }
        typing::class_modified(cx, this, None);
        Ok(())
    }

    #[getter(__annotations__)]
    fn annotations(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        get_annotations(cx, this)
    }

    #[setter(__annotations__)]
    fn set_annotations(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        refuse_immutable(cx, this, "__annotations__")?;
        let names = cx.names();
        let dict = this.dict.expect();
        match value {
            Some(value) => {
                let own = dict.get_str(names.__annotations__).is_some();
                let key = if own { names.__annotations__ } else { names.__annotations_cache__ };
                dict.set_str(&mut cx.heap, key, value).or_raise(cx)?;
            }
            None => {
                let removed = dict.remove_str(names.__annotations__).is_some()
                    || dict.remove_str(names.__annotations_cache__).is_some();
                if !removed {
                    return Err(attribute_error(cx, this.value(), names.__annotations__, "__annotations__"));
                }
            }
        }
        dict.remove_str(names.__annotate_func__);
        dict.remove_str(names.__annotate__);
        typing::class_modified(cx, this, None);
        Ok(())
    }

    #[getter(__type_params__)]
    fn type_params(cx: &mut Cx, this: Gc<Class>) -> Value {
        let name = cx.names().__type_params__;
        let own = this.dict.get().filter(|_| this != cx.types().type_).and_then(|d| d.get_str(name));
        own.unwrap_or(cx.vm().empty_tuple().value())
    }

    #[setter(__type_params__)]
    fn set_type_params(cx: &mut Cx, this: Gc<Class>, value: Option<Value>) -> PyResult<()> {
        let value = check_special(cx, this, "__type_params__", value)?;
        let name = cx.names().__type_params__;
        set_in_dict(cx, this, name, value)
    }

    /// Return a type's method resolution order.
    #[method("mro($self, /)")]
    fn mro(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        let mro = typing::c3(cx, this)?;
        Ok(List::new(&mut cx.heap, mro.as_slice()).or_raise(cx)?.value())
    }

    /// Return a list of immediate subclasses.
    #[method("__subclasses__($self, /)")]
    fn subclasses(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        let found = typing::subclasses(cx, this);
        let list = List::with_capacity(&mut cx.heap, found.len()).or_raise(cx)?;
        for class in found.iter() {
            list.push(&mut cx.heap, class).or_raise(cx)?;
        }
        Ok(list.value())
    }

    /// Create the namespace for the class statement
    #[classmethod(raw, "__prepare__($cls, name, bases, /, **kwds)")]
    fn prepare(cx: &mut Cx, _class: Value, _args: Args<'_>) -> Gc<Dict> {
        Dict::new(&mut cx.heap)
    }

    /// Check if an object is an instance.
    #[method("__instancecheck__($self, instance, /)")]
    fn instancecheck(cx: &mut Cx, this: Gc<Class>, instance: Value) -> PyResult<bool> {
        crate::types::type_check::real_isinstance(cx, instance, this.value())
    }

    /// Check if a class is a subclass.
    #[method("__subclasscheck__($self, subclass, /)")]
    fn subclasscheck(cx: &mut Cx, this: Gc<Class>, subclass: Value) -> PyResult<bool> {
        crate::types::type_check::real_issubclass(cx, subclass, this.value())
    }

    /// Specialized __dir__ implementation for types.
    #[method("__dir__($self, /)")]
    fn dir(cx: &mut Cx, this: Gc<Class>) -> PyResult {
        let merged = Dict::new(&mut cx.heap);
        merge_class_dict(cx, merged, this.value())?;
        Ok(to_list(cx, merged.value())?.value())
    }

    /// Return memory consumption of the type object.
    #[method("__sizeof__($self, /)")]
    fn sizeof(_this: Gc<Class>) -> i64 {
        size_of::<Class>() as i64
    }

    /// The wrappers that the attribute makes would hide from the runtime that these are the default operations.
    #[init]
    fn use_plain_functions(_cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        class.slots.new.set(Some(typing::type_new));
        class.slots.init.set(Some(typing::type_init));
        class.slots.call.set(Some(crate::call::call_class));
        class.slots.getattro.set(Some(type_get_attr));
        class.slots.setattro.set(Some(type_set_attr));
        Ok(())
    }
}

/// `class.__module__` without running metaclass code; unbound when there is none.
pub fn module_of(cx: &mut Cx, class: Gc<Class>) -> PyResult {
    let name = cx.names().__module__;
    if class.is_heap_type() {
        return Ok(class.dict.get().and_then(|d| d.get_str(name)).unwrap_or(Value::UNBOUND));
    }
    let module = class.spec.get().map_or("builtins", |spec| spec.module);
    Ok(cx.heap.intern(module).value())
}

/// `class.__qualname__`.
pub fn qualname_of(_cx: &mut Cx, class: Gc<Class>) -> Gc<Str> {
    class.qualname.get().unwrap_or_else(|| class.name.expect())
}

fn refuse_immutable(cx: &mut Cx, class: Gc<Class>, attribute: &str) -> PyResult<()> {
    if class.has_flag(flags::IMMUTABLE) {
        let name = class_name(class);
        return Err(type_error(cx, format_args!("cannot set '{attribute}' attribute of immutable type '{name}'")));
    }
    Ok(())
}

/// What all setters check: the class may be changed, and the attribute is not being deleted.
fn check_special(cx: &mut Cx, class: Gc<Class>, attribute: &str, value: Option<Value>) -> PyResult {
    refuse_immutable(cx, class, attribute)?;
    match value {
        Some(value) => Ok(value),
        None => {
            let name = class_name(class);
            Err(type_error(cx, format_args!("cannot delete '{attribute}' attribute of immutable type '{name}'")))
        }
    }
}

fn set_in_dict(cx: &mut Cx, class: Gc<Class>, name: Gc<Str>, value: Value) -> PyResult<()> {
    class.dict.expect().set_str(&mut cx.heap, name, value).or_raise(cx)?;
    typing::class_modified(cx, class, Some(name));
    Ok(())
}

fn get_annotate(cx: &mut Cx, class: Gc<Class>) -> PyResult {
    let names = cx.names();
    if !class.is_heap_type() {
        let name = class_name(class);
        let message = format_args!("type object '{name}' has no attribute '__annotate__'");
        return Err(attribute_error(cx, class.value(), names.__annotate__, message));
    }
    let dict = class.dict.expect();
    // An explicit `__annotate__` in the body wins over the compiler's.
    match dict.get_str(names.__annotate__).or_else(|| dict.get_str(names.__annotate_func__)) {
        Some(found) => match cx.class_of(found).slots.descr_get.get() {
            Some(get) => get(cx, found, Value::UNBOUND, class.value()),
            None => Ok(found),
        },
        None => {
            dict.set_str(&mut cx.heap, names.__annotate_func__, Value::NONE).or_raise(cx)?;
            Ok(Value::NONE)
        }
    }
}

fn get_annotations(cx: &mut Cx, class: Gc<Class>) -> PyResult {
    let names = cx.names();
    if !class.is_heap_type() {
        let name = class_name(class);
        let message = format_args!("type object '{name}' has no attribute '__annotations__'");
        return Err(attribute_error(cx, class.value(), names.__annotations__, message));
    }
    let dict = class.dict.expect();
    if let Some(found) = dict.get_str(names.__annotations__).or_else(|| dict.get_str(names.__annotations_cache__)) {
        return match cx.class_of(found).slots.descr_get.get() {
            Some(get) => get(cx, found, Value::UNBOUND, class.value()),
            None => Ok(found),
        };
    }
    let annotate = get_annotate(cx, class)?;
    let annotations = annotations_from(cx, annotate)?;
    dict.set_str(&mut cx.heap, names.__annotations_cache__, annotations).or_raise(cx)?;
    typing::class_modified(cx, class, None);
    Ok(annotations)
}

/// What an `__annotate__` function says for format VALUE; an empty dict when it is None.
pub fn annotations_from(cx: &mut Cx, annotate: Value) -> PyResult {
    if annotate.is_unbound() || annotate.is_none() || cx.class_of(annotate).slots.call.get().is_none() {
        return Ok(Dict::new(&mut cx.heap).value());
    }
    let annotations = call(cx, annotate, &[Int::from_len(1).value()])?;
    if !annotations.is_a::<Dict>() {
        let name = type_name(cx, annotations);
        return Err(type_error(cx, format_args!("__annotate__() must return a dict, not {name}")));
    }
    Ok(annotations)
}

/// `class.__bases__ = bases`.
fn assign_bases(cx: &mut Cx, class: Gc<Class>, value: Option<Value>) -> PyResult<()> {
    let value = check_special(cx, class, "__bases__", value)?;
    let name = class_name(class);
    let Some(bases) = value.downcast::<Tuple>() else {
        let found = type_name(cx, value);
        return Err(type_error(cx, format_args!("can only assign tuple to {name}.__bases__, not {found}")));
    };
    if bases.is_empty() {
        return Err(type_error(cx, format_args!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    for base in bases.iter() {
        let Some(base) = base.cast::<Class>() else {
            let found = type_name(cx, base);
            return Err(type_error(cx, format_args!("{name}.__bases__ must be tuple of classes, not '{found}'")));
        };
        if is_subtype(base, class) || is_in_base_chain(base, class) {
            return Err(type_error(cx, "a __bases__ item causes an inheritance cycle"));
        }
    }
    let new_base = typing::best_base(cx, bases)?;
    let old_base = class.base.expect();
    if !same_layout(new_base, old_base) {
        let (new, old) = (class_name(new_base), class_name(old_base));
        return Err(type_error(cx, format_args!("__bases__ assignment: '{new}' object layout differs from '{old}'")));
    }
    let old_bases = class.bases.expect();
    class.bases.set(class, bases);
    class.base.set(class, new_base);
    if let Err(raised) = update_mro(cx, class) {
        if class.bases.get() != Some(bases) {
            return Err(raised);
        }
        class.bases.set(class, old_bases);
        class.base.set(class, old_base);
        let exception = cx.take_raised(raised);
        update_mro(cx, class)?;
        return Err(cx.raise(exception));
    }
    if class.bases.get() != Some(bases) {
        // An `mro()` of the program's has set others meanwhile, which have been dealt with.
        return Ok(());
    }
    for base in old_bases.iter().filter_map(|b| b.cast::<Class>()) {
        typing::remove_subclass(base, class);
    }
    for base in bases.iter().filter_map(|b| b.cast::<Class>()) {
        typing::add_subclass(cx, base, class);
    }
    typing::class_modified(cx, class, None);
    refill(cx, class);
    Ok(())
}

/// Whether `class` is `base` or one of those that it takes its layout from; method resolution orders may be out of date.
fn is_in_base_chain(base: Gc<Class>, class: Gc<Class>) -> bool {
    let mut at = Some(base);
    while let Some(base) = at {
        if base == class {
            return true;
        }
        at = base.base.get();
    }
    false
}

/// Recompute the method resolution orders of `class` and everything below.
fn update_mro(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    let before = class.mro.get();
    let mro = typing::compute_mro(cx, class)?;
    if class.mro.get() != before {
        // Computing it has run `mro()`, which gave the class other bases: theirs is the newer one.
        return Ok(());
    }
    class.mro.set(class, mro);
    let below = typing::subclasses(cx, class);
    for i in 0..below.len() {
        if let Some(subclass) = below.get(i).cast::<Class>() {
            update_mro(cx, subclass)?;
        }
    }
    Ok(())
}

/// Recompute the slots of `class` and everything below.
fn refill(cx: &mut Cx, class: Gc<Class>) {
    typing::refresh(cx, class);
    let below = typing::subclasses(cx, class);
    for i in 0..below.len() {
        if let Some(subclass) = below.get(i).cast::<Class>() {
            refill(cx, subclass);
        }
    }
}

/// `__text_signature__` of a native class; None for others.
fn text_signature_of(cx: &mut Cx, class: Gc<Class>) -> PyResult {
    let signature = match class.spec.get() {
        Some(spec) if !class.is_heap_type() => crate::native::doc_parts(spec.doc).0,
        _ => None,
    };
    // Defaults that cannot be written down make the whole useless to tools.
    let signature = signature.filter(|text| !text.contains("<unrepresentable>"));
    Ok(signature.map_or(Value::NONE, |text| cx.heap.str(text)))
}
