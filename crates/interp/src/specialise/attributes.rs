//! `LOAD_ATTR`, `STORE_ATTR`, `LOAD_SUPER_ATTR`: by shape, by class, by module cell.
//!
//! What a shape says of its instances is guarded; what a class says is watched: when the class (or a base) changes the
//! name, `runtime::typing::class_modified` puts the generic instruction back.

use super::{Chosen, Reason, Site};
use bytecode::{CodeFlags, Opcode};
use object::class::{flags, traits};
use object::instance::SlotOffset;
use object::*;
use runtime::typing::watch;

pub fn load_attr(cx: &mut Cx, site: &Site) -> Chosen {
    let object = site.operand(1);
    let name = site.code.name_at(site.oparg >> 1);
    let for_call = site.oparg & 1 != 0;
    if let Some(module) = object.cast::<Module>() {
        return module_attr(cx, site, module, name);
    }
    if let Some(class) = object.cast::<Class>() {
        return class_attr(cx, site, class, name);
    }
    if !object.is_heap() {
        return Err(Reason::OperandTypes);
    }
    let class = cx.class_of(object);
    if !class.has_trait(traits::PLAIN_GETATTR) {
        return overridden(cx, site, class, for_call);
    }
    let chosen = instance_attr(cx, site, object, class, name, for_call)?;
    watch(cx, class, site.code, site.unit(), name);
    let hook = cx.names().__getattribute__;
    watch(cx, class, site.code, site.unit(), hook);
    Ok(chosen)
}

/// What the instance itself has under `name`.
enum Own {
    Slot(SlotOffset),
    /// Beyond the object's own slots, or in its dict.
    Elsewhere,
    Nothing,
    /// Not now, but without a change of shape it may.
    Unknown,
}

fn own(object: Value, name: Gc<Str>) -> Own {
    let Some(attributes) = Attributes::of(object) else { return Own::Nothing };
    let shape = attributes.shape();
    if shape.is_dict_mode() {
        return if attributes.get(name).is_some() { Own::Elsewhere } else { Own::Unknown };
    }
    match shape.lookup(name) {
        None => Own::Nothing,
        Some(_) if attributes.get(name).is_none() => Own::Unknown,
        Some(i) => SlotOffset::of(attributes.shape_id(), i).map_or(Own::Elsewhere, Own::Slot),
    }
}

fn instance_attr(cx: &mut Cx, site: &Site, object: Value, class: Gc<Class>, name: Gc<Str>, for_call: bool) -> Chosen {
    let shape = ShapeId::from_raw(Cx::shape_of(object));
    let found = cx.lookup_class(class, name);
    let found_class = found.map(|f| cx.class_of(f));
    if let (Some(found), Some(found_class)) = (found, found_class)
        && found_class.slots.descr_set.get().is_some()
    {
        return data_descriptor(cx, site, found, shape, for_call);
    }
    match own(object, name) {
        Own::Slot(offset) => {
            site.write(1, shape);
            site.write(3, offset);
            return Ok(Opcode::LOAD_ATTR_INSTANCE_VALUE);
        }
        Own::Elsewhere => {
            site.write(1, shape);
            return Ok(Opcode::LOAD_ATTR_WITH_HINT);
        }
        Own::Unknown => return Err(Reason::AttributeShadowed),
        Own::Nothing => {}
    }
    let (Some(found), Some(found_class)) = (found, found_class) else { return Err(Reason::NoSuchAttribute) };
    let has_dict = shape.get().has_dict();
    if found_class.has_flag(flags::METHOD_DESCRIPTOR) {
        if !for_call {
            return Err(Reason::DescriptorKind);
        }
        site.keep(cx, found)?;
        site.write(1, shape);
        site.write(5, found);
        return Ok(if has_dict { Opcode::LOAD_ATTR_METHOD_WITH_VALUES } else { Opcode::LOAD_ATTR_METHOD_NO_DICT });
    }
    if found_class.slots.descr_get.get().is_some() {
        return Err(Reason::DescriptorKind);
    }
    site.keep(cx, found)?;
    site.write(1, shape);
    site.write(5, found);
    Ok(if has_dict { Opcode::LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES } else { Opcode::LOAD_ATTR_NONDESCRIPTOR_NO_DICT })
}

fn data_descriptor(cx: &mut Cx, site: &Site, found: Value, shape: ShapeId, for_call: bool) -> Chosen {
    if let Some(member) = found.cast::<MemberDescriptor>() {
        let offset = SlotOffset::of(shape, member.slot.get()).ok_or(Reason::NotInline)?;
        site.write(1, shape);
        site.write(3, offset);
        return Ok(Opcode::LOAD_ATTR_SLOT);
    }
    let Some(property) = found.cast::<Property>() else { return Err(Reason::DescriptorKind) };
    if for_call || cx.class_of(found) != cx.types().property {
        return Err(Reason::DescriptorKind);
    }
    let getter = property.get.get().cast::<Function>().ok_or(Reason::DescriptorKind)?;
    if !takes_plain(getter, 1) {
        return Err(Reason::GetterSignature);
    }
    site.keep(cx, getter.value())?;
    site.write(1, shape);
    site.write(5, getter);
    Ok(Opcode::LOAD_ATTR_PROPERTY)
}

/// Whether `function` has just `n` positional parameters and nothing else.
pub fn takes_plain(function: Gc<Function>, n: usize) -> bool {
    let code = function.code.expect();
    code.argcount as usize == n
        && code.kwonlyargcount == 0
        && !code.has_flag(CodeFlags::VARARGS)
        && !code.has_flag(CodeFlags::VARKEYWORDS)
}

/// A class with a `__getattribute__` of its own, in Python.
fn overridden(cx: &mut Cx, site: &Site, class: Gc<Class>, for_call: bool) -> Chosen {
    let names = cx.names();
    let hook = cx.lookup_class(class, names.__getattribute__).and_then(|f| f.cast::<Function>());
    match hook {
        Some(hook) if !for_call && !class.has_trait(traits::HAS_GETATTR_HOOK) && takes_plain(hook, 2) => {
            site.keep(cx, hook.value())?;
            let shape = ShapeId::from_raw(Cx::shape_of(site.operand(1)));
            site.write(1, shape);
            site.write(5, hook);
            for name in [names.__getattribute__, names.__getattr__] {
                watch(cx, class, site.code, site.unit(), name);
            }
            Ok(Opcode::LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN)
        }
        _ => Err(Reason::CustomGetattr),
    }
}

fn module_attr(cx: &mut Cx, site: &Site, module: Gc<Module>, name: Gc<Str>) -> Chosen {
    let class = cx.class_of(module.value());
    if class != cx.types().module || cx.lookup_class(class, name).is_some() {
        return Err(Reason::ModuleHook);
    }
    let dict = module.dict.get().filter(|d| d.is_cells()).ok_or(Reason::ModuleHook)?;
    if dict.get_str(name).is_none() {
        return Err(Reason::ModuleHook);
    }
    let cell = dict.cell(&mut cx.heap, name).map_err(|_| Reason::OutOfMemory)?;
    site.keep(cx, module.value())?;
    site.keep(cx, cell.value())?;
    site.write(1, module.value());
    site.write(5, cell);
    Ok(Opcode::LOAD_ATTR_MODULE)
}

fn class_attr(cx: &mut Cx, site: &Site, class: Gc<Class>, name: Gc<Str>) -> Chosen {
    let metaclass = cx.class_of(class.value());
    if metaclass.slots.getattro.get().map(|f| f as usize) != cx.types().type_.slots.getattro.get().map(|f| f as usize) {
        return Err(Reason::Metaclass);
    }
    if cx.lookup_class(metaclass, name).is_some() {
        return Err(Reason::MetaclassDefinesName);
    }
    let found = cx.lookup_class(class, name).ok_or(Reason::NoSuchAttribute)?;
    if !found.is_a::<Function>() && cx.class_of(found).slots.descr_get.get().is_some() {
        return Err(Reason::DescriptorKind);
    }
    site.keep(cx, class.value())?;
    site.keep(cx, found)?;
    site.write(1, class.value());
    site.write(5, found);
    watch(cx, class, site.code, site.unit(), name);
    if metaclass != cx.types().type_ {
        watch(cx, metaclass, site.code, site.unit(), name);
    }
    Ok(Opcode::LOAD_ATTR_CLASS)
}

pub fn store_attr(cx: &mut Cx, site: &Site) -> Chosen {
    let object = site.operand(1);
    let name = site.code.name_at(site.oparg);
    if !object.is_heap() || object.is_a::<Class>() || object.is_a::<Module>() {
        return Err(Reason::OperandTypes);
    }
    let class = cx.class_of(object);
    if !class.has_trait(traits::PLAIN_SETATTR) {
        return Err(Reason::CustomSetattr);
    }
    let shape = ShapeId::from_raw(Cx::shape_of(object));
    let chosen = stored_attr(cx, site, object, class, shape, name)?;
    if chosen == Opcode::STORE_ATTR_ADD_SLOT {
        site.write(1, shape.get().existing_child(name).ok_or(Reason::NoSuchAttribute)?);
    } else {
        site.write(1, shape);
    }
    let names = cx.names();
    for watched in [name, names.__setattr__, names.__delattr__] {
        watch(cx, class, site.code, site.unit(), watched);
    }
    Ok(chosen)
}

fn stored_attr(cx: &mut Cx, site: &Site, object: Value, class: Gc<Class>, shape: ShapeId, name: Gc<Str>) -> Chosen {
    if let Some(found) = cx.lookup_class(class, name)
        && cx.class_of(found).slots.descr_set.get().is_some()
    {
        let member = found.cast::<MemberDescriptor>().ok_or(Reason::DescriptorKind)?;
        site.write(3, SlotOffset::of(shape, member.slot.get()).ok_or(Reason::NotInline)?);
        return Ok(Opcode::STORE_ATTR_SLOT);
    }
    if let Own::Slot(offset) = own(object, name) {
        site.write(3, offset);
        return Ok(Opcode::STORE_ATTR_INSTANCE_VALUE);
    }
    if shape.get().existing_child(name).is_some()
        && let Some(offset) = SlotOffset::of(shape, shape.get().n_slots())
    {
        site.write(3, offset);
        return Ok(Opcode::STORE_ATTR_ADD_SLOT);
    }
    if shape.get().has_dict() { Ok(Opcode::STORE_ATTR_WITH_HINT) } else { Err(Reason::NoSuchAttribute) }
}

pub fn load_super_attr(cx: &mut Cx, site: &Site) -> Chosen {
    let (super_, class, this) = (site.operand(3), site.operand(2), site.operand(1));
    if !super_.is(cx.types().super_.value()) || !class.is_a::<Class>() || this.is_a::<Class>() {
        return Err(Reason::SuperShadowed);
    }
    Ok(if site.oparg & 1 != 0 { Opcode::LOAD_SUPER_ATTR_METHOD } else { Opcode::LOAD_SUPER_ATTR_ATTR })
}
