//! Attributes of objects, classes and modules.

use super::arithmetic::guard_shape;
use crate::{Cached, Enter, Exit, Loaded, Miss, Oparg};
use object::instance::{Shaped, SlotOffset};
use object::*;
use ops_macros::{instruction, uop};
use runtime::attribute;
use runtime::error::*;

/// The name that the operand's upper bits index.
#[inline(always)]
fn name(frame: FrameRef, oparg: Oparg) -> Gc<Str> {
    frame.code().name_at(oparg.get() >> 1)
}

/// Load any attribute; for a call (lowest bit set) without making a bound method.
#[instruction(micro, adaptive)]
pub fn load_attr(cx: &mut Cx, frame: FrameRef, object: Value, oparg: Oparg) -> PyResult<Loaded> {
    let name = name(frame, oparg);
    match attribute::load_cached(cx, object, name) {
        Some((value, this)) if this.is_unbound() || oparg.bit(0) => return Ok(Loaded { value, this }),
        Some((function, this)) if function.is_a::<Function>() => {
            return Ok(Loaded::plain(cx.heap.bound_method(function, this).value()));
        }
        _ => {}
    }
    load_looked_up(cx, object, name, oparg.bit(0))
}

/// Look the attribute up and remember where it was.
fn load_looked_up(cx: &mut Cx, object: Value, name: Gc<Str>, for_call: bool) -> PyResult<Loaded> {
    let loaded = if for_call {
        let (value, this) = attribute::load_method(cx, object, name)?;
        Loaded { value, this }
    } else {
        attribute::get_attr(cx, object, name).map(Loaded::plain)?
    };
    attribute::remember(cx, object, name);
    Ok(loaded)
}

/// The slot's value; leave when it was never set.
#[uop]
pub fn load_slot(object: Shaped, offset: Cached<SlotOffset, 3>) -> Result<Loaded, Miss> {
    object.load(offset.0).bound().map(Loaded::plain).ok_or(Miss)
}

/// Load an attribute that instances of the shape have in a slot inside the object.
#[instruction]
pub fn load_attr_instance_value(
    object: Value,
    shape: Cached<ShapeId, 1>,
    offset: Cached<SlotOffset, 3>,
) -> Result<Loaded, Miss> {
    let object = guard_shape(object, shape)?;
    load_slot(object, offset)
}

/// Load a member of `__slots__`.
#[instruction]
pub fn load_attr_slot(object: Value, shape: Cached<ShapeId, 1>, offset: Cached<SlotOffset, 3>) -> Result<Loaded, Miss> {
    let object = guard_shape(object, shape)?;
    load_slot(object, offset)
}

/// The value of the instance's dict or of a slot beyond the object's own, looked up by name.
#[uop]
pub fn load_by_name(frame: FrameRef, object: Shaped, oparg: Oparg) -> Result<Loaded, Miss> {
    attribute::own_attribute(object.value(), name(frame, oparg)).map(Loaded::plain).ok_or(Miss)
}

/// Load an attribute from the dict of an instance whose class does not define it.
#[instruction(outline)]
pub fn load_attr_with_hint(
    frame: FrameRef,
    object: Value,
    shape: Cached<ShapeId, 1>,
    oparg: Oparg,
) -> Result<Loaded, Miss> {
    let object = guard_shape(object, shape)?;
    load_by_name(frame, object, oparg)
}

/// What the cache found in the class: the callable, with the object as its self.
#[uop]
pub fn bind_method(object: Shaped, method: Cached<Value, 5>) -> Loaded {
    Loaded { value: method.0, this: object.value() }
}

/// Load a method for a call; the shape says that the instance has no attribute of that name.
#[instruction]
pub fn load_attr_method_with_values(
    object: Value,
    shape: Cached<ShapeId, 1>,
    method: Cached<Value, 5>,
) -> Result<Loaded, Miss> {
    let object = guard_shape(object, shape)?;
    Ok(bind_method(object, method))
}

/// Load a method for a call of an object that has no dict.
#[instruction]
pub fn load_attr_method_no_dict(
    object: Value,
    shape: Cached<ShapeId, 1>,
    method: Cached<Value, 5>,
) -> Result<Loaded, Miss> {
    let object = guard_shape(object, shape)?;
    Ok(bind_method(object, method))
}

/// The class's object as it is.
#[uop]
pub fn load_cached(value: Cached<Value, 5>) -> Loaded {
    Loaded::plain(value.0)
}

/// Load what the class defines and the instance does not.
#[instruction]
pub fn load_attr_nondescriptor_with_values(
    object: Value,
    shape: Cached<ShapeId, 1>,
    value: Cached<Value, 5>,
) -> Result<Loaded, Miss> {
    guard_shape(object, shape)?;
    Ok(load_cached(value))
}

/// Load what the class of an object without a dict defines.
#[instruction]
pub fn load_attr_nondescriptor_no_dict(
    object: Value,
    shape: Cached<ShapeId, 1>,
    value: Cached<Value, 5>,
) -> Result<Loaded, Miss> {
    guard_shape(object, shape)?;
    Ok(load_cached(value))
}

/// Leave unless this is the class itself whose address the cache holds in units 1 to 4.
#[uop]
pub fn guard_same(object: Value, expected: Cached<Value, 1>) -> Result<(), Miss> {
    if object.is(expected.0) { Ok(()) } else { Err(Miss) }
}

/// Load an attribute of a class.
#[instruction]
pub fn load_attr_class(object: Value, class: Cached<Value, 1>, value: Cached<Value, 5>) -> Result<Loaded, Miss> {
    guard_same(object, class)?;
    Ok(load_cached(value))
}

/// Leave unless this is the module whose address the cache holds.
#[uop]
pub fn guard_module(object: Value, module: Cached<Value, 1>) -> Result<(), Miss> {
    if object.is(module.0) { Ok(()) } else { Err(Miss) }
}

/// The value in a cell; leave when the name is gone.
#[uop]
pub fn load_module_cell(cell: Cached<Gc<GlobalCell>, 5>) -> Result<Loaded, Miss> {
    cell.0.value.get().bound().map(Loaded::plain).ok_or(Miss)
}

/// Load an attribute of a module, by its cell.
#[instruction]
pub fn load_attr_module(
    object: Value,
    module: Cached<Value, 1>,
    cell: Cached<Gc<GlobalCell>, 5>,
) -> Result<Loaded, Miss> {
    guard_module(object, module)?;
    load_module_cell(cell)
}

/// Push the frame of a property's getter.
#[uop]
pub fn enter_getter(cx: &Cx, getter: Cached<Gc<Function>, 5>, object: Shaped) -> Result<FrameRef, Miss> {
    cx.push_exact_frame(getter.0, None, &[object.value()], FrameOwner::Call).ok_or(Miss)
}

/// Load a property whose getter is a Python function: go on in it.
#[instruction]
pub fn load_attr_property(
    cx: &Cx,
    object: Value,
    shape: Cached<ShapeId, 1>,
    getter: Cached<Gc<Function>, 5>,
) -> Result<Enter, Miss> {
    let object = guard_shape(object, shape)?;
    Ok(Enter(enter_getter(cx, getter, object)?))
}

/// Push the frame of a class's own `__getattribute__`.
#[uop]
pub fn enter_getattribute(
    cx: &Cx,
    frame: FrameRef,
    hook: Cached<Gc<Function>, 5>,
    object: Shaped,
    oparg: Oparg,
) -> Result<FrameRef, Miss> {
    let name = name(frame, oparg);
    cx.push_exact_frame(hook.0, None, &[object.value(), name.value()], FrameOwner::Call).ok_or(Miss)
}

/// Load an attribute of an object whose class defines `__getattribute__`: go on in it.
#[instruction]
pub fn load_attr_getattribute_overridden(
    cx: &Cx,
    frame: FrameRef,
    object: Value,
    shape: Cached<ShapeId, 1>,
    hook: Cached<Gc<Function>, 5>,
    oparg: Oparg,
) -> Result<Enter, Miss> {
    let object = guard_shape(object, shape)?;
    Ok(Enter(enter_getattribute(cx, frame, hook, object, oparg)?))
}

/// Store any attribute.
#[instruction(micro, adaptive)]
pub fn store_attr(cx: &mut Cx, frame: FrameRef, value: Value, object: Value, oparg: Oparg) -> PyResult<()> {
    let name = frame.code().name_at(oparg.get());
    if attribute::store_cached(cx, object, name, value) {
        return Ok(());
    }
    attribute::set_attr(cx, object, name, value)?;
    attribute::remember(cx, object, name);
    Ok(())
}

/// Store into the slot.
#[uop]
pub fn store_slot(object: Shaped, offset: Cached<SlotOffset, 3>, value: Value) {
    object.store(offset.0, value);
}

/// Store an attribute that instances of the shape have in a slot inside the object.
#[instruction]
pub fn store_attr_instance_value(
    value: Value,
    object: Value,
    shape: Cached<ShapeId, 1>,
    offset: Cached<SlotOffset, 3>,
) -> Result<(), Miss> {
    let object = guard_shape(object, shape)?;
    store_slot(object, offset, value);
    Ok(())
}

/// Store a member of `__slots__`.
#[instruction]
pub fn store_attr_slot(
    value: Value,
    object: Value,
    shape: Cached<ShapeId, 1>,
    offset: Cached<SlotOffset, 3>,
) -> Result<(), Miss> {
    let object = guard_shape(object, shape)?;
    store_slot(object, offset, value);
    Ok(())
}

/// Leave unless the object's shape is the parent of `child`.
#[uop]
pub fn guard_parent_shape(object: Value, child: Cached<ShapeId, 1>) -> Result<Shaped, Miss> {
    Shaped::check_parent(object, child.0).ok_or(Miss)
}

/// Store into the slot by which `child` is more than the object's shape, and give the object that shape.
#[uop]
pub fn add_slot(object: Shaped, child: Cached<ShapeId, 1>, offset: Cached<SlotOffset, 3>, value: Value) {
    object.add(child.0, offset.0, value);
}

/// Store an attribute that the object gains, in a slot inside it.
#[instruction]
pub fn store_attr_add_slot(
    value: Value,
    object: Value,
    child: Cached<ShapeId, 1>,
    offset: Cached<SlotOffset, 3>,
) -> Result<(), Miss> {
    let object = guard_parent_shape(object, child)?;
    add_slot(object, child, offset, value);
    Ok(())
}

/// Add or replace the attribute by name: in the next slot of the shape's child, in an overflow chunk or in the dict.
#[uop]
pub fn store_by_name(heap: &mut Heap, frame: FrameRef, object: Shaped, value: Value, oparg: Oparg) -> Result<(), Miss> {
    let name = frame.code().name_at(oparg.get());
    if object.add_existing(name, value) {
        return Ok(());
    }
    let attributes = Attributes::of(object.value()).ok_or(Miss)?;
    attributes.set(heap, name, value).map_err(|_| Miss)
}

/// Store an attribute that the object gains, or that is not inside it; the class has nothing to say.
#[instruction]
pub fn store_attr_with_hint(
    heap: &mut Heap,
    frame: FrameRef,
    value: Value,
    object: Value,
    shape: Cached<ShapeId, 1>,
    oparg: Oparg,
) -> Result<(), Miss> {
    let object = guard_shape(object, shape)?;
    store_by_name(heap, frame, object, value, oparg)
}

/// Delete an attribute.
#[instruction(micro)]
pub fn delete_attr(cx: &mut Cx, frame: FrameRef, object: Value, oparg: Oparg) -> PyResult<()> {
    let name = frame.code().name_at(oparg.get());
    attribute::del_attr(cx, object, name)
}

/// `super().name`: bit 0 for a method call, bit 1 when `super` was called with arguments.
#[instruction(micro, adaptive)]
pub fn load_super_attr(
    cx: &mut Cx,
    frame: FrameRef,
    super_: Value,
    class: Value,
    this: Value,
    oparg: Oparg,
) -> PyResult<Loaded> {
    let name = frame.code().name_at(oparg.get() >> 2);
    let proxy = if oparg.bit(1) {
        runtime::call::call(cx, super_, &[class, this])?
    } else {
        runtime::call::call(cx, super_, &[])?
    };
    attribute::get_attr(cx, proxy, name).map(Loaded::plain)
}

/// What `super(class, this)` finds, before it is bound: leave unless all is plain.
#[inline(always)]
fn super_lookup(
    cx: &mut Cx,
    super_: Value,
    class: Value,
    this: Value,
    name: Gc<Str>,
) -> Result<(Gc<Class>, Value), Miss> {
    if !super_.is(cx.types().super_.value()) {
        return Err(Miss);
    }
    let class = class.cast::<Class>().ok_or(Miss)?;
    let actual = cx.class_of(this);
    if this.is_a::<Class>() {
        return Err(Miss);
    }
    let mut found_class = false;
    for entry in actual.mro.get().ok_or(Miss)?.iter() {
        if !found_class {
            found_class = entry.is(class.value());
            continue;
        }
        if let Some(found) = entry.cast::<Class>().and_then(|c| c.dict.get()).and_then(|d| d.get_str(name)) {
            return Ok((actual, found));
        }
    }
    Err(Miss)
}

/// `super().name` where `super` is the built-in one.
#[instruction(micro)]
pub fn load_super_attr_attr(
    cx: &mut Cx,
    frame: FrameRef,
    super_: Value,
    class: Value,
    this: Value,
    oparg: Oparg,
) -> Result<Loaded, Exit> {
    let name = frame.code().name_at(oparg.get() >> 2);
    let (actual, found) = super_lookup(cx, super_, class, this, name)?;
    match cx.class_of(found).slots.descr_get.get() {
        Some(get) => Ok(Loaded::plain(get(cx, found, this, actual.value())?)),
        None => Ok(Loaded::plain(found)),
    }
}

/// `super().name(...)` where `super` is the built-in one and the name a function or method descriptor.
#[instruction(micro)]
pub fn load_super_attr_method(
    cx: &mut Cx,
    frame: FrameRef,
    super_: Value,
    class: Value,
    this: Value,
    oparg: Oparg,
) -> Result<Loaded, Exit> {
    let name = frame.code().name_at(oparg.get() >> 2);
    let (actual, found) = super_lookup(cx, super_, class, this, name)?;
    if cx.class_of(found).has_flag(object::class::flags::METHOD_DESCRIPTOR) {
        return Ok(Loaded { value: found, this });
    }
    match cx.class_of(found).slots.descr_get.get() {
        Some(get) => Ok(Loaded::plain(get(cx, found, this, actual.value())?)),
        None => Ok(Loaded::plain(found)),
    }
}

/// Load `__enter__`, `__exit__`, `__aenter__` or `__aexit__` from the object's class.
#[instruction(micro)]
pub fn load_special(cx: &mut Cx, object: Value, oparg: Oparg) -> PyResult<(Value, Value)> {
    let names = cx.names();
    let name = [names.__enter__, names.__exit__, names.__aenter__, names.__aexit__][oparg.get() & 3];
    let class = cx.class_of(object);
    let Some(found) = cx.lookup_class(class, name) else {
        return Err(not_a_context_manager(cx, object, oparg.get()));
    };
    if cx.class_of(found).has_flag(object::class::flags::METHOD_DESCRIPTOR) {
        return Ok((found, object));
    }
    match cx.class_of(found).slots.descr_get.get() {
        Some(get) => Ok((get(cx, found, object, class.value())?, Value::UNBOUND)),
        None => Ok((found, Value::UNBOUND)),
    }
}

#[cold]
fn not_a_context_manager(cx: &mut Cx, object: Value, which: usize) -> Raised {
    let class = cx.class_of(object);
    let names = cx.names();
    let has =
        |cx: &Cx, a: Gc<Str>, b: Gc<Str>| cx.lookup_class(class, a).is_some() && cx.lookup_class(class, b).is_some();
    let name = full_type_name(cx, object);
    let (asynchronous, missed) = match which {
        0 => (false, "__enter__"),
        1 => (false, "__exit__"),
        2 => (true, "__aenter__"),
        _ => (true, "__aexit__"),
    };
    let other = if asynchronous {
        has(cx, names.__enter__, names.__exit__)
    } else {
        has(cx, names.__aenter__, names.__aexit__)
    };
    let hint = match (other, asynchronous) {
        (true, true) => " but it supports the context manager protocol. Did you mean to use 'with'?",
        (true, false) => {
            " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        }
        _ => "",
    };
    let protocol = if asynchronous { "asynchronous context manager" } else { "context manager" };
    type_error(
        cx,
        format_args!("'{name}' object does not support the {protocol} protocol (missed {missed} method){hint}"),
    )
}
