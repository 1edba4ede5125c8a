//! Classes: creation, method resolution order, slots of Python classes, and what happens when a class changes.

mod create;
pub mod instance_attrs;
mod mro;
pub mod slots;
pub mod wrappers;

pub use create::{best_base, build_class, metaclass_for, new_class, type_init, type_new};
pub use mro::{c3, compute_mro};
pub use slots::{fill_slots, update_slots};

use object::class::traits;
use object::*;

/// Whether `class` is `other` or derives from it, by the method resolution orders.
pub fn is_subtype(class: Gc<Class>, other: Gc<Class>) -> bool {
    class == other || class.is_subclass_of(other)
}

/// The direct subclasses that are still alive, oldest first.
pub fn subclasses(cx: &mut Cx, class: Gc<Class>) -> RootVec {
    let found = cx.vm().root_vec();
    if let Some(list) = class.subclasses.get().cast::<List>() {
        list.iter().filter_map(|w| w.cast::<WeakRef>()?.target()).for_each(|c| found.push(c));
    }
    found
}

/// Note that `class` is a direct subclass of `base`.
pub fn add_subclass(cx: &mut Cx, base: Gc<Class>, class: Gc<Class>) {
    let shape = cx.heap.shapes().weakref;
    let reference = cx.heap.weak_reference(shape, class.value(), Value::UNBOUND);
    let list = match base.subclasses.get().cast::<List>() {
        Some(list) => list,
        None => {
            let list = List::empty(&mut cx.heap);
            base.subclasses.set(base, list);
            list
        }
    };
    // Dead entries are dropped when the list would grow.
    if list.len() >= 8 && list.len().is_power_of_two() {
        let mut i = 0;
        while let Some(item) = list.get(i) {
            if item.cast::<WeakRef>().is_some_and(|w| w.target().is_none()) {
                list.remove_range(i, i + 1);
            } else {
                i += 1;
            }
        }
    }
    list.push(&mut cx.heap, reference.value()).expect("one more word");
}

/// Forget `class` as a direct subclass of `base` (`__bases__` changed).
pub fn remove_subclass(base: Gc<Class>, class: Gc<Class>) {
    if let Some(list) = base.subclasses.get().cast::<List>()
        && let Some(i) = list.iter().position(|w| w.cast::<WeakRef>().and_then(|w| w.target()) == Some(class.value()))
    {
        list.remove_range(i, i + 1);
    }
}

/// Attribute `name` of `class` (or anything, without a name) has changed: cached lookups and specialised code that rely
/// on it are invalidated, in subclasses too.
pub fn class_modified(cx: &mut Cx, class: Gc<Class>, name: Option<Gc<Str>>) {
    class.version.set(0);
    class.cache.clear();
    class.getitem_cache.clear();
    reset_watchers(class, name);
    let below = subclasses(cx, class);
    for i in 0..below.len() {
        if let Some(subclass) = below.get(i).cast::<Class>() {
            class_modified(cx, subclass, name);
        }
    }
}

/// Register the instruction at `unit` of `code` as relying on `name` in `class`.
pub fn watch(cx: &mut Cx, class: Gc<Class>, code: Gc<Code>, unit: usize, name: Gc<Str>) {
    let n = class.n_watchers.get();
    let array = match class.watchers.get() {
        Some(array) if array.capacity() >= (n + 1) * 3 => array,
        old => {
            let Ok(new) = Array::new(&mut cx.heap, ((n + 1) * 3 * 2).max(12)) else { return };
            if let Some(old) = old {
                new.copy_from(0, old, 0, n * 3);
            }
            class.watchers.set(class, new);
            new
        }
    };
    array.set(n * 3, code.value());
    array.set(n * 3 + 1, Int::from_len(unit).value());
    array.set(n * 3 + 2, name.value());
    class.n_watchers.set(n + 1);
}

fn reset_watchers(class: Gc<Class>, name: Option<Gc<Str>>) {
    let Some(array) = class.watchers.get() else { return };
    let n = class.n_watchers.get();
    let mut kept = 0;
    for i in 0..n {
        let entry = [array.get(i * 3), array.get(i * 3 + 1), array.get(i * 3 + 2)];
        if name.is_some_and(|name| !entry[2].is(name.value())) {
            (0..3).for_each(|j| array.set(kept * 3 + j, entry[j]));
            kept += 1;
            continue;
        }
        if let (Some(code), Some(unit)) = (entry[0].cast::<Code>(), entry[1].as_int()) {
            despecialise(code, unit.get() as usize);
        }
    }
    array.clear_range(kept * 3, (n - kept) * 3);
    class.n_watchers.set(kept);
}

/// Put the base form of the instruction at `unit` back, so that it looks afresh.
pub fn despecialise(code: Gc<Code>, unit: usize) {
    let cell = &code.units()[unit];
    let word = cell.get();
    if let Some(opcode) = bytecode::Opcode::from_u8(word as u8).filter(|op| *op != bytecode::Opcode::INSTRUMENTED_LINE)
    {
        cell.set(word & 0xFF00 | opcode.base() as u16 & 0xFF);
    }
}

/// Recompute what the specialiser asks of a class: plain attribute access, finaliser.
pub(crate) fn update_traits(cx: &mut Cx, class: Gc<Class>) {
    let names = cx.names();
    let object = cx.types().object;
    let same_as_object = |name| cx.lookup_class(class, name) == cx.lookup_class(object, name);
    let has_hook = cx.lookup_class(class, names.__getattr__).is_some();
    class.set_trait(traits::HAS_GETATTR_HOOK, has_hook);
    class.set_trait(traits::PLAIN_GETATTR, !has_hook && same_as_object(names.__getattribute__));
    class.set_trait(traits::PLAIN_SETATTR, same_as_object(names.__setattr__) && same_as_object(names.__delattr__));
    class.set_trait(traits::HAS_DEL, cx.lookup_class(class, names.__del__).is_some());
    let tuple = cx.types().tuple;
    let equality = |class| (cx.lookup_class(class, names.__eq__), cx.lookup_class(class, names.__hash__));
    class.set_trait(traits::PLAIN_TUPLE, class.is_subclass_of(tuple) && equality(class) == equality(tuple));
}

/// Recompute slots and traits of a class whose bases have changed.
pub fn refresh(cx: &mut Cx, class: Gc<Class>) {
    fill_slots(cx, class);
    update_traits(cx, class);
}
