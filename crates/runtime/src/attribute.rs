//! Loading, storing and deleting attributes: the descriptor protocol over instances, classes and modules.

use crate::call::call;
use crate::error::*;
use crate::typing;
use object::attribute_cache::Found;
use object::class::{flags, traits};
use object::instance::SlotOffset;
use object::*;

/// `object.name`.
#[inline]
pub fn get_attr(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult {
    match cx.class_of(object).slots.getattro.get() {
        Some(slot) => slot(cx, object, name),
        None => generic_get_attr(cx, object, name),
    }
}

/// `object.name`, or `None` where that raises AttributeError.
pub fn get_attr_opt(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult<Option<Value>> {
    let class = cx.class_of(object);
    let slot = class.slots.getattro.get();
    let found = if slot.is_none_or(|s| std::ptr::fn_addr_eq(s, generic_get_attr as object::class::GetAttrFn)) {
        generic_lookup(cx, object, name)
    } else {
        get_attr(cx, object, name).map(Some)
    };
    match found {
        Ok(value) => Ok(value),
        Err(raised) => {
            let class = cx.types().AttributeError;
            cx.catch(raised, class)?;
            Ok(None)
        }
    }
}

/// `object.name = value`.
#[inline]
pub fn set_attr(cx: &mut Cx, object: Value, name: Gc<Str>, value: Value) -> PyResult<()> {
    store_attr(cx, object, name, Some(value))
}

/// `del object.name`.
pub fn del_attr(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult<()> {
    store_attr(cx, object, name, None)
}

fn store_attr(cx: &mut Cx, object: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
    match cx.class_of(object).slots.setattro.get() {
        Some(slot) => slot(cx, object, name, value),
        None => generic_set_attr(cx, object, name, value),
    }
}

/// A name given as a Python value: an interned exact string.
pub fn name_from_value(cx: &mut Cx, value: Value) -> PyResult<Gc<Str>> {
    match value.downcast::<Str>() {
        Some(name) => Ok(cx.heap.intern_str(name)),
        None => {
            let found = type_name(cx, value);
            Err(type_error(cx, format_args!("attribute name must be string, not '{found}'")))
        }
    }
}

/// `object.name` by what an earlier lookup in an object of the same shape found: the value and, for a method, its self.
#[inline(always)]
pub fn load_cached(cx: &Cx, object: Value, name: Gc<Str>) -> Option<(Value, Value)> {
    let (object, found) = cx.cached_attribute(object, name)?;
    match found {
        Found::Slot(offset) => object.load(offset).bound().map(|value| (value, Value::UNBOUND)),
        Found::Constant(value) => Some((value, Value::UNBOUND)),
        Found::Method(method) => Some((method, object.value())),
    }
}

/// `object.name = value` where an earlier load found that the attribute is in a slot; false when nothing is known.
#[inline(always)]
pub fn store_cached(cx: &Cx, object: Value, name: Gc<Str>, value: Value) -> bool {
    match cx.cached_attribute(object, name) {
        Some((object, Found::Slot(offset)))
            if object.load(offset).is_bound() && cx.class_of(object.value()).has_trait(traits::PLAIN_SETATTR) =>
        {
            object.store(offset, value);
            true
        }
        _ => false,
    }
}

/// Remember where `name` (interned) is for the next object of this one's shape, if the shape and its class say so.
pub fn remember(cx: &mut Cx, object: Value, name: Gc<Str>) {
    let Some(attributes) = Attributes::of(object) else { return remember_of_class(cx, object, name) };
    let shape = attributes.shape_id();
    if shape.get().is_dict_mode() || object.is_a::<Class>() || object.is_a::<Module>() {
        return;
    }
    let Some(slot) = shape.get().lookup(name) else { return remember_of_class(cx, object, name) };
    let class = cx.class_of(object);
    let found = cx.lookup_class(class, name);
    // A member of `__slots__` is a descriptor that reads the slot; any other data descriptor comes before the instance.
    let is_member = |f: Value| f.cast::<MemberDescriptor>().is_some_and(|m| m.slot.get() == slot);
    let shadowed = found.is_some_and(|f| cx.class_of(f).slots.descr_set.get().is_some() && !is_member(f));
    if class.has_trait(traits::PLAIN_GETATTR)
        && !shadowed
        && let Some(offset) = SlotOffset::of(shape, slot)
    {
        cx.cache_attribute(shape, name, Found::Slot(offset));
    }
}

/// The same for a name that instances of the shape do not have themselves.
fn remember_of_class(cx: &mut Cx, object: Value, name: Gc<Str>) {
    if !object.is_heap() || object.is_a::<Class>() || object.is_a::<Module>() {
        return;
    }
    let class = cx.class_of(object);
    if !class.has_trait(traits::PLAIN_GETATTR) {
        return;
    }
    let Some(found) = cx.lookup_class(class, name) else { return };
    let kind = cx.class_of(found);
    // Classes that can change may gain `__get__` without this one noticing.
    if !kind.has_flag(flags::IMMUTABLE) {
        return;
    }
    let shape = ShapeId::from_raw(Cx::shape_of(object));
    if kind.has_flag(flags::METHOD_DESCRIPTOR) {
        cx.cache_attribute(shape, name, Found::Method(found));
    } else if kind.slots.descr_get.get().is_none() {
        cx.cache_attribute(shape, name, Found::Constant(found));
    }
}

/// The attribute that the instance itself has (not its class).
#[inline]
pub fn own_attribute(object: Value, name: Gc<Str>) -> Option<Value> {
    if let Some(module) = object.cast::<Module>() {
        return module.dict.get()?.get_str(name);
    }
    Attributes::of(object)?.get(name)
}

/// `object.__getattribute__`: `None` where it would raise AttributeError for lack of the name.
#[inline]
pub fn generic_lookup(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult<Option<Value>> {
    let class = cx.class_of(object);
    let Some(found) = cx.lookup_class(class, name) else {
        return Ok(own_attribute(object, name));
    };
    let found_slots = &cx.class_of(found).slots;
    let get = found_slots.descr_get.get();
    if let Some(get) = get
        && found_slots.descr_set.get().is_some()
    {
        return get(cx, found, object, class.value()).map(Some);
    }
    if let Some(own) = own_attribute(object, name) {
        return Ok(Some(own));
    }
    match get {
        Some(get) => get(cx, found, object, class.value()).map(Some),
        None => Ok(Some(found)),
    }
}

/// `object.__getattribute__(name)`.
pub fn generic_get_attr(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult {
    match generic_lookup(cx, object, name)? {
        Some(value) => Ok(value),
        None => Err(no_attribute(cx, object, name)),
    }
}

/// The error of `del object.name`; for instances of Python classes it does not know the name.
#[cold]
fn nothing_to_delete(cx: &mut Cx, object: Value, name: Gc<Str>) -> Raised {
    if !cx.class_of(object).is_heap_type() {
        return no_attribute(cx, object, name);
    }
    let class = type_name(cx, object);
    plain_attribute_error(cx, format_args!("'{class}' object has no attribute '{name}'"))
}

#[cold]
pub fn no_attribute(cx: &mut Cx, object: Value, name: Gc<Str>) -> Raised {
    let class = type_name(cx, object);
    attribute_error(cx, object, name, format_args!("'{class}' object has no attribute '{name}'"))
}

/// `object.__setattr__(name, value)` and, without a value, `object.__delattr__(name)`.
pub fn generic_set_attr(cx: &mut Cx, object: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
    let class = cx.class_of(object);
    let name = cx.heap.intern_str(name);
    let found = cx.lookup_class(class, name);
    if let Some(found) = found
        && let Some(set) = cx.class_of(found).slots.descr_set.get()
    {
        return set(cx, found, object, value);
    }
    if let Some(module) = object.cast::<Module>() {
        let dict = module.dict.expect();
        return match value {
            Some(value) => dict.set_str(&mut cx.heap, name, value).or_raise(cx),
            None if dict.remove_str(name).is_some() => Ok(()),
            None => Err(nothing_to_delete(cx, object, name)),
        };
    }
    let attributes = Attributes::of(object).filter(|a| a.shape().has_dict());
    match (attributes, value) {
        (Some(attributes), Some(value)) => attributes.set(&mut cx.heap, name, value).or_raise(cx),
        (Some(attributes), None) => {
            if attributes.delete(&mut cx.heap, name).or_raise(cx)? {
                Ok(())
            } else {
                Err(nothing_to_delete(cx, object, name))
            }
        }
        (None, _) => {
            let class_name = type_name(cx, object);
            Err(if found.is_some() {
                plain_attribute_error(cx, format_args!("'{class_name}' object attribute '{name}' is read-only"))
            } else if cx
                .class_of(object)
                .slots
                .setattro
                .get()
                .zip(cx.types().object.slots.setattro.get())
                .is_some_and(|(own, plain)| !std::ptr::fn_addr_eq(own, plain))
            {
                attribute_error(cx, object, name, format_args!("'{class_name}' object has no attribute '{name}'"))
            } else {
                attribute_error(
                    cx,
                    object,
                    name,
                    format_args!(
                        "'{class_name}' object has no attribute '{name}' and no __dict__ for setting new attributes"
                    ),
                )
            })
        }
    }
}

/// What `object.name(...)` calls: the callable, and the self to put in front of the arguments (unbound = none).
pub fn load_method(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult<(Value, Value)> {
    let class = cx.class_of(object);
    if !class.has_trait(traits::PLAIN_GETATTR) || object.is_a::<Class>() || object.is_a::<Module>() {
        return get_attr(cx, object, name).map(|f| (f, Value::UNBOUND));
    }
    let Some(found) = cx.lookup_class(class, name) else {
        return match own_attribute(object, name) {
            Some(value) => Ok((value, Value::UNBOUND)),
            None => Err(no_attribute(cx, object, name)),
        };
    };
    let found_class = cx.class_of(found);
    if found_class.has_flag(flags::METHOD_DESCRIPTOR) {
        return match own_attribute(object, name) {
            Some(own) => Ok((own, Value::UNBOUND)),
            None => Ok((found, object)),
        };
    }
    get_attr(cx, object, name).map(|f| (f, Value::UNBOUND))
}

/// `type.__getattribute__`.
pub fn type_get_attr(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult {
    match type_lookup(cx, object, name)? {
        Some(value) => Ok(value),
        None => {
            let class = object.cast::<Class>().map_or_else(String::new, class_name);
            Err(attribute_error(cx, object, name, format_args!("type object '{class}' has no attribute '{name}'")))
        }
    }
}

fn type_lookup(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult<Option<Value>> {
    let class = object.cast::<Class>().expect("the slot of `type` is called for classes");
    let name = cx.heap.intern_str(name);
    let meta = cx.class_of(object);
    let meta_found = cx.lookup_class(meta, name);
    let meta_get = meta_found.and_then(|m| cx.class_of(m).slots.descr_get.get());
    if let (Some(found), Some(get)) = (meta_found, meta_get)
        && cx.class_of(found).slots.descr_set.get().is_some()
    {
        return get(cx, found, object, meta.value()).map(Some);
    }
    if let Some(found) = cx.lookup_class(class, name) {
        return match cx.class_of(found).slots.descr_get.get() {
            Some(get) => get(cx, found, Value::UNBOUND, object).map(Some),
            None => Ok(Some(found)),
        };
    }
    match (meta_found, meta_get) {
        (Some(found), Some(get)) => get(cx, found, object, meta.value()).map(Some),
        (found, _) => Ok(found),
    }
}

/// `type.__setattr__` and `type.__delattr__`.
pub fn type_set_attr(cx: &mut Cx, object: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
    let class = object.cast::<Class>().expect("the slot of `type` is called for classes");
    if class.has_flag(flags::IMMUTABLE) {
        let class = class_name(class);
        return Err(type_error(cx, format_args!("cannot set '{name}' attribute of immutable type '{class}'")));
    }
    let name = cx.heap.intern_str(name);
    let meta = cx.class_of(object);
    if let Some(found) = cx.lookup_class(meta, name)
        && let Some(set) = cx.class_of(found).slots.descr_set.get()
    {
        set(cx, found, object, value)?;
        typing::class_modified(cx, class, Some(name));
        return Ok(());
    }
    let dict = class.dict.expect();
    match value {
        Some(value) => dict.set_str(&mut cx.heap, name, value).or_raise(cx)?,
        None => {
            if dict.remove_str(name).is_none() {
                let class = class_name(class);
                let message = format_args!("type object '{class}' has no attribute '{name}'");
                return Err(attribute_error(cx, object, name, message));
            }
        }
    }
    typing::class_modified(cx, class, Some(name));
    typing::update_slots(cx, class, name);
    Ok(())
}

/// Attribute loads of modules: the dict, then the module's own `__getattr__`.
pub fn module_get_attr(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult {
    if let Some(value) = generic_lookup(cx, object, name)? {
        return Ok(value);
    }
    let module = object.cast::<Module>().expect("the slot of `module` is called for modules");
    let dict = module.dict.expect();
    if let Some(hook) = dict.get_str(cx.names().__getattr__) {
        return call(cx, hook, &[name.value()]);
    }
    let Some(module_name) = dict.get_str(cx.names().__name__).and_then(|n| n.downcast::<Str>()) else {
        return Err(attribute_error(cx, object, name, format_args!("module has no attribute '{name}'")));
    };
    let initializing = is_initializing(cx, dict)?;
    let message = if initializing {
        format!(
            "partially initialized module '{module_name}' has no attribute '{name}' (most likely due to a circular import)"
        )
    } else {
        format!("module '{module_name}' has no attribute '{name}'")
    };
    Err(attribute_error(cx, object, name, message))
}

/// `object.__dict__` for instances that have one; the instance turns to dict mode.
pub fn instance_dict(cx: &mut Cx, object: Value) -> PyResult<Option<Gc<Dict>>> {
    if let Some(module) = object.cast::<Module>() {
        return Ok(module.dict.get());
    }
    match Attributes::of(object).filter(|a| a.shape().has_dict()) {
        Some(attributes) => attributes.materialize(&mut cx.heap).or_raise(cx).map(Some),
        None => Ok(None),
    }
}

/// Whether a module's import is still under way: `__spec__._initializing`.
fn is_initializing(cx: &mut Cx, dict: Gc<Dict>) -> PyResult<bool> {
    let Some(spec) = dict.get_str(cx.names().__spec__) else { return Ok(false) };
    let name = cx.names()._initializing;
    match get_attr_opt(cx, spec, name)? {
        Some(flag) => crate::operate::is_true(cx, flag),
        None => Ok(false),
    }
}
