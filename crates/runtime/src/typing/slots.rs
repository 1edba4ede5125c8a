//! Slots of Python classes: the functions through which native code reaches `__dunder__` methods, and the table that
//! connects the two.
//!
//! For each group of dunders the first class of the method resolution order that defines one decides: a native class
//! lends its own slot, a Python class gets the generic function of the group, which looks the dunder up when called.

use super::{is_subtype, subclasses};
use crate::attribute::{generic_get_attr, generic_lookup, no_attribute};
use crate::call::{call, call_args, call_found_special, with_first};
use crate::error::*;
use crate::number::int;
use object::class::*;
use object::names::Names;
use object::*;

/// A group: its dunders, and how to take the slot from a native class or install the generic function.
struct Group {
    names: fn(&Names) -> &[Gc<Str>],
    take: fn(&Slots, &Slots),
    install: fn(&Slots),
    clear: fn(&Slots),
}

macro_rules! groups {
    ($($slot:ident: $generic:expr, [$($name:ident),*];)*) => {
        const GROUPS: &[Group] = &[$(Group {
            names: |n| { groups!(@names n, $($name),*) },
            take: |to, from| to.$slot.set(from.$slot.get()),
            install: |to| to.$slot.set(Some($generic)),
            clear: |to| to.$slot.set(None),
        }),*];
    };
    (@names $n:ident, $one:ident) => { std::slice::from_ref(&$n.$one) };
}

groups! {
    repr: slot_repr, [__repr__];
    str_: slot_str, [__str__];
    hash: slot_hash, [__hash__];
    call: slot_call, [__call__];
    iter: slot_iter, [__iter__];
    next: slot_next, [__next__];
    descr_get: slot_descr_get, [__get__];
    init: slot_init, [__init__];
    finalize: slot_finalize, [__del__];
    len: slot_len, [__len__];
    getitem: slot_getitem, [__getitem__];
    contains: slot_contains, [__contains__];
    bool_: slot_bool, [__bool__];
    int: slot_int, [__int__];
    float: slot_float, [__float__];
    index: slot_index, [__index__];
    negative: slot_negative, [__neg__];
    positive: slot_positive, [__pos__];
    absolute: slot_absolute, [__abs__];
    invert: slot_invert, [__invert__];
    await_: slot_await, [__await__];
    aiter: slot_aiter, [__aiter__];
    anext: slot_anext, [__anext__];
}

/// The names of a binary operator: plain, reflected, in place.
pub fn operator_names(names: &Names, op: BinaryOp) -> (Gc<Str>, Gc<Str>, Gc<Str>) {
    match op {
        BinaryOp::Add => (names.__add__, names.__radd__, names.__iadd__),
        BinaryOp::And => (names.__and__, names.__rand__, names.__iand__),
        BinaryOp::FloorDivide => (names.__floordiv__, names.__rfloordiv__, names.__ifloordiv__),
        BinaryOp::Lshift => (names.__lshift__, names.__rlshift__, names.__ilshift__),
        BinaryOp::MatrixMultiply => (names.__matmul__, names.__rmatmul__, names.__imatmul__),
        BinaryOp::Multiply => (names.__mul__, names.__rmul__, names.__imul__),
        BinaryOp::Remainder => (names.__mod__, names.__rmod__, names.__imod__),
        BinaryOp::Or => (names.__or__, names.__ror__, names.__ior__),
        BinaryOp::Power => (names.__pow__, names.__rpow__, names.__ipow__),
        BinaryOp::Rshift => (names.__rshift__, names.__rrshift__, names.__irshift__),
        BinaryOp::Subtract => (names.__sub__, names.__rsub__, names.__isub__),
        BinaryOp::TrueDivide => (names.__truediv__, names.__rtruediv__, names.__itruediv__),
        BinaryOp::Xor => (names.__xor__, names.__rxor__, names.__ixor__),
    }
}

/// The method name of a comparison.
pub fn compare_name(names: &Names, op: CompareOp) -> Gc<Str> {
    match op {
        CompareOp::Lt => names.__lt__,
        CompareOp::Le => names.__le__,
        CompareOp::Eq => names.__eq__,
        CompareOp::Ne => names.__ne__,
        CompareOp::Gt => names.__gt__,
        CompareOp::Ge => names.__ge__,
    }
}

/// The first class in `class`'s order that defines one of `names`.
fn definer(class: Gc<Class>, names: &[Gc<Str>]) -> Option<Gc<Class>> {
    class.mro_iter().find(|c| c.dict.get().is_some_and(|d| names.iter().any(|&n| d.get_str(n).is_some())))
}

fn decide(
    class: Gc<Class>,
    names: &[Gc<Str>],
    take: impl Fn(&Slots, &Slots),
    install: impl Fn(&Slots),
    clear: impl Fn(&Slots),
) {
    match definer(class, names) {
        None => clear(&class.slots),
        Some(native) if !native.is_heap_type() => take(&class.slots, &native.slots),
        Some(_) => install(&class.slots),
    }
}

/// Compute every slot of a Python class.
pub fn fill_slots(cx: &mut Cx, class: Gc<Class>) {
    let names = cx.names();
    for group in GROUPS {
        decide(class, (group.names)(names), group.take, group.install, group.clear);
    }
    // A `__hash__` of None means unhashable.
    if cx.lookup_class(class, names.__hash__).is_none_or(Value::is_none) {
        class.slots.hash.set(None);
    }
    let comparisons = [names.__lt__, names.__le__, names.__eq__, names.__ne__, names.__gt__, names.__ge__];
    decide(
        class,
        &comparisons,
        |to, from| to.richcompare.set(from.richcompare.get()),
        |to| to.richcompare.set(Some(slot_compare)),
        |to| to.richcompare.set(None),
    );
    decide(
        class,
        &[names.__getattribute__, names.__getattr__],
        |to, from| to.getattro.set(from.getattro.get()),
        |to| to.getattro.set(Some(slot_getattr)),
        |to| to.getattro.set(None),
    );
    decide(
        class,
        &[names.__setattr__, names.__delattr__],
        |to, from| to.setattro.set(from.setattro.get()),
        |to| to.setattro.set(Some(slot_setattr)),
        |to| to.setattro.set(None),
    );
    decide(
        class,
        &[names.__setitem__, names.__delitem__],
        |to, from| to.setitem.set(from.setitem.get()),
        |to| to.setitem.set(Some(slot_setitem)),
        |to| to.setitem.set(None),
    );
    decide(
        class,
        &[names.__set__, names.__delete__],
        |to, from| to.descr_set.set(from.descr_set.get()),
        |to| to.descr_set.set(Some(slot_descr_set)),
        |to| to.descr_set.set(None),
    );
    for op in BinaryOp::ALL {
        let i = op as usize;
        let (plain, reflected, inplace) = operator_names(names, op);
        decide(
            class,
            &[plain, reflected],
            |to, from| to.binary[i].set(from.binary[i].get()),
            |to| to.binary[i].set(Some(BINARY[i])),
            |to| to.binary[i].set(None),
        );
        decide(
            class,
            &[inplace],
            |to, from| to.inplace[i].set(from.inplace[i].get()),
            |to| to.inplace[i].set(Some(INPLACE[i])),
            |to| to.inplace[i].set(None),
        );
    }
    decide(
        class,
        &[names.__pow__, names.__rpow__],
        |to, from| to.power3.set(from.power3.get()),
        |to| to.power3.set(Some(slot_power3)),
        |to| to.power3.set(None),
    );
    fill_sequence_slots(cx, class);
    fill_new(cx, class);
}

/// Slots without dunders of their own come from the nearest native class.
fn fill_sequence_slots(cx: &mut Cx, class: Gc<Class>) {
    let names = cx.names();
    let native = |name: Gc<Str>| definer(class, &[name]).filter(|c| !c.is_heap_type());
    class.slots.concat.set(native(names.__add__).and_then(|c| c.slots.concat.get()));
    class.slots.repeat.set(native(names.__mul__).and_then(|c| c.slots.repeat.get()));
    class.slots.inplace_concat.set(native(names.__iadd__).and_then(|c| c.slots.inplace_concat.get()));
    class.slots.inplace_repeat.set(native(names.__imul__).and_then(|c| c.slots.inplace_repeat.get()));
}

fn fill_new(cx: &mut Cx, class: Gc<Class>) {
    let name = cx.names().__new__;
    match definer(class, &[name]) {
        Some(c) if c.is_heap_type() => class.slots.new.set(Some(slot_new)),
        // A native `__new__` must be the one that fits the layout.
        _ => class.slots.new.set(class.base.get().and_then(|b| b.slots.new.get())),
    }
}

/// A dunder may have changed: recompute the slots of `class` and its subclasses.
pub fn update_slots(cx: &mut Cx, class: Gc<Class>, name: Gc<Str>) {
    let is_dunder = name.as_ascii().is_some_and(|n| n.starts_with("__") && n.ends_with("__"));
    if !is_dunder {
        return;
    }
    if class.is_heap_type() {
        fill_slots(cx, class);
        super::update_traits(cx, class);
    }
    let below = subclasses(cx, class);
    for i in 0..below.len() {
        if let Some(subclass) = below.get(i).cast::<Class>() {
            update_slots(cx, subclass, name);
        }
    }
}

/// Call dunder `name` of `this`; the class defines it (or has just lost it).
fn call_dunder(cx: &mut Cx, this: Value, name: Gc<Str>, args: &[Value]) -> PyResult {
    let class = cx.class_of(this);
    match cx.lookup_class(class, name) {
        Some(found) => call_found_special(cx, found, this, class, args),
        None => Err(no_attribute(cx, this, name)),
    }
}

macro_rules! simple_slots {
    ($($function:ident: $name:ident;)*) => {
        $(fn $function(cx: &mut Cx, this: Value) -> PyResult {
            let name = cx.names().$name;
            call_dunder(cx, this, name, &[])
        })*
    };
}

simple_slots! {
    slot_repr: __repr__;
    slot_str: __str__;
    slot_negative: __neg__;
    slot_positive: __pos__;
    slot_absolute: __abs__;
    slot_invert: __invert__;
    slot_aiter: __aiter__;
    slot_anext: __anext__;
    slot_await: __await__;
}

fn slot_hash(cx: &mut Cx, this: Value) -> PyResult<i64> {
    let name = cx.names().__hash__;
    let class = cx.class_of(this);
    let found = match cx.lookup_class(class, name) {
        Some(found) if !found.is_none() => found,
        _ => return Err(crate::hashing::unhashable(cx, this)),
    };
    let result = call_found_special(cx, found, this, class, &[])?;
    if let Some(i) = result.unwrap_payload().as_small_or_bool() {
        return Ok(if i == -1 { -2 } else { i });
    }
    match result.downcast::<BigInt>() {
        Some(big) => Ok(match big.to_i64() {
            Some(-1) => -2,
            Some(i) => i,
            None => big.hash(),
        }),
        None => Err(type_error(cx, "__hash__ method should return an integer")),
    }
}

fn slot_call(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult {
    let name = cx.names().__call__;
    let class = cx.class_of(this);
    let Some(found) = cx.lookup_class(class, name) else {
        return Err(crate::call::not_callable(cx, this));
    };
    call_with_args(cx, found, this, class, args)
}

/// Call `found`, looked up in `class`, for `this` with general arguments.
fn call_with_args(cx: &mut Cx, found: Value, this: Value, class: Gc<Class>, args: Args<'_>) -> PyResult {
    if cx.class_of(found).has_flag(flags::METHOD_DESCRIPTOR) {
        return with_first(cx, this, args, |cx, args| call_args(cx, found, args));
    }
    let bound = match cx.class_of(found).slots.descr_get.get() {
        Some(get) => get(cx, found, this, class.value())?,
        None => found,
    };
    call_args(cx, bound, args)
}

fn slot_init(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult<()> {
    let name = cx.names().__init__;
    let class = cx.class_of(this);
    let Some(found) = cx.lookup_class(class, name) else { return Ok(()) };
    let result = call_with_args(cx, found, this, class, args)?;
    if result.is_none() {
        return Ok(());
    }
    let found = type_name(cx, result);
    Err(type_error(cx, format_args!("__init__() should return None, not '{found}'")))
}

/// Whether `__new__` of this class is, or is inherited from, one written in Python.
pub fn has_python_new(class: Gc<Class>) -> bool {
    class.slots.new.get().is_some_and(|new| std::ptr::fn_addr_eq(new, slot_new as object::class::NewFn))
}

fn slot_new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    let name = cx.names().__new__;
    let found = crate::attribute::get_attr(cx, class.value(), name)?;
    with_first(cx, class.value(), args, |cx, args| call_args(cx, found, args))
}

fn slot_finalize(cx: &mut Cx, this: Value) -> PyResult<()> {
    let name = cx.names().__del__;
    call_dunder(cx, this, name, &[]).map(|_| ())
}

fn slot_iter(cx: &mut Cx, this: Value) -> PyResult {
    let name = cx.names().__iter__;
    let class = cx.class_of(this);
    match cx.lookup_class(class, name) {
        Some(found) if !found.is_none() => call_found_special(cx, found, this, class, &[]),
        _ => {
            let name = type_name(cx, this);
            Err(type_error(cx, format_args!("'{name}' object is not iterable")))
        }
    }
}

fn slot_next(cx: &mut Cx, this: Value) -> PyResult<Option<Value>> {
    let name = cx.names().__next__;
    match call_dunder(cx, this, name, &[]) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => {
            if !cx.raised_is(cx.types().StopIteration) {
                return Err(raised);
            }
            let exception = cx.take_raised(raised);
            if let Some(exception) = exception.cast::<Exception>() {
                cx.set_stop_value(this, exception.field(0));
            }
            Ok(None)
        }
    }
}

fn slot_len(cx: &mut Cx, this: Value) -> PyResult<usize> {
    let name = cx.names().__len__;
    let result = call_dunder(cx, this, name, &[])?;
    let index = crate::item::index_value(cx, result)?;
    if let Some(i) = index.as_int().filter(|i| i.get() >= 0) {
        return Ok(i.get() as usize);
    }
    match index.cast::<BigInt>().filter(|b| !b.is_negative()) {
        Some(big) => match big.to_i64() {
            Some(i) => Ok(i as usize),
            None => {
                let name = type_name(cx, result);
                Err(overflow_error(cx, format_args!("cannot fit '{name}' into an index-sized integer")))
            }
        },
        None => Err(value_error(cx, "__len__() should return >= 0")),
    }
}

fn slot_getitem(cx: &mut Cx, this: Value, key: Value) -> PyResult {
    let name = cx.names().__getitem__;
    call_dunder(cx, this, name, &[key])
}

fn slot_setitem(cx: &mut Cx, this: Value, key: Value, value: Option<Value>) -> PyResult<()> {
    let names = cx.names();
    let (name, args): (_, &[Value]) = match value {
        Some(value) => (names.__setitem__, &[key, value]),
        None => (names.__delitem__, &[key]),
    };
    let class = cx.class_of(this);
    match cx.lookup_class(class, name) {
        Some(found) => call_found_special(cx, found, this, class, args).map(|_| ()),
        None => Err(plain_attribute_error(cx, format_args!("{name}"))),
    }
}

fn slot_contains(cx: &mut Cx, this: Value, item: Value) -> PyResult<bool> {
    let name = cx.names().__contains__;
    let class = cx.class_of(this);
    match cx.lookup_class(class, name) {
        Some(found) if found.is_none() => {
            let name = type_name(cx, this);
            Err(type_error(cx, format_args!("'{name}' object is not a container")))
        }
        Some(found) => {
            let result = call_found_special(cx, found, this, class, &[item])?;
            crate::operate::is_true(cx, result)
        }
        None => crate::compare::contains_by_iteration(cx, this, item),
    }
}

fn slot_bool(cx: &mut Cx, this: Value) -> PyResult<bool> {
    let name = cx.names().__bool__;
    let class = cx.class_of(this);
    if cx.lookup_class(class, name).is_some_and(Value::is_none) {
        let name = type_name(cx, this);
        return Err(type_error(cx, format_args!("'{name}' cannot be interpreted as a boolean")));
    }
    let result = call_dunder(cx, this, name, &[])?;
    if !result.is_bool() {
        let name = type_name(cx, result);
        return Err(type_error(cx, format_args!("__bool__ should return bool, returned {name}")));
    }
    Ok(result.is(Value::TRUE))
}

fn slot_int(cx: &mut Cx, this: Value) -> PyResult {
    let name = cx.names().__int__;
    let result = call_dunder(cx, this, name, &[])?;
    expect_int(cx, result, "__int__")
}

fn slot_index(cx: &mut Cx, this: Value) -> PyResult {
    let name = cx.names().__index__;
    let result = call_dunder(cx, this, name, &[])?;
    expect_int(cx, result, "__index__")
}

/// The exact int of what `__int__` or `__index__` returned.
fn expect_int(cx: &mut Cx, result: Value, method: &str) -> PyResult {
    if result.is_small_int() || result.is_a::<BigInt>() {
        return Ok(result);
    }
    let name = type_name(cx, result);
    let Some(exact) = int::exact(result) else {
        return Err(type_error(cx, format_args!("{method} returned non-int (type {name})")));
    };
    let class = cx.types().DeprecationWarning;
    let message = format!(
        "{method} returned non-int (type {name}).  The ability to return an instance of a strict subclass of int is deprecated, and may be removed in a future version of Python."
    );
    crate::warnings::warn(cx, class, &message, 1)?;
    Ok(exact)
}

fn slot_float(cx: &mut Cx, this: Value) -> PyResult {
    let name = cx.names().__float__;
    let result = call_dunder(cx, this, name, &[])?;
    let f = crate::number::float::check_float_result(cx, this, result)?;
    Ok(cx.heap.float(f))
}

fn slot_power3(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> PyResult {
    let (plain, reflected) = (cx.names().__pow__, cx.names().__rpow__);
    let (left, right) = (cx.class_of(base), cx.class_of(exponent));
    let is_generic =
        |class: Gc<Class>| class.slots.power3.get().is_some_and(|f| std::ptr::fn_addr_eq(f, slot_power3 as TernaryFn));
    let attempt =
        |cx: &mut Cx, this: Value, class: Gc<Class>, name: Gc<Str>, other: Value| match cx.lookup_class(class, name) {
            Some(found) => call_found_special(cx, found, this, class, &[other, modulus]),
            None => Ok(Value::NOT_IMPLEMENTED),
        };
    let mut try_right = left != right && is_generic(right);
    if is_generic(left) {
        if try_right && is_subtype(right, left) {
            let overloaded = cx.lookup_class(right, reflected);
            if overloaded.is_some() && overloaded != cx.lookup_class(left, reflected) {
                let result = attempt(cx, exponent, right, reflected, base)?;
                if !result.is_not_implemented() {
                    return Ok(result);
                }
                try_right = false;
            }
        }
        let result = attempt(cx, base, left, plain, exponent)?;
        if !result.is_not_implemented() || left == right {
            return Ok(result);
        }
    }
    if try_right { attempt(cx, exponent, right, reflected, base) } else { Ok(Value::NOT_IMPLEMENTED) }
}

fn slot_compare(cx: &mut Cx, left: Value, right: Value, op: CompareOp) -> PyResult {
    let name = compare_name(cx.names(), op);
    let class = cx.class_of(left);
    match cx.lookup_class(class, name) {
        Some(found) => call_found_special(cx, found, left, class, &[right]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__getattribute__`, then `__getattr__`.
fn slot_getattr(cx: &mut Cx, this: Value, name: Gc<Str>) -> PyResult {
    let names = cx.names();
    let class = cx.class_of(this);
    let getattribute = cx.lookup_class(class, names.__getattribute__);
    let object = cx.types().object;
    let hook = cx.lookup_class(class, names.__getattr__);
    let plain = getattribute.is_none() || getattribute == cx.lookup_class(object, names.__getattribute__);
    let result = if plain {
        match hook {
            None => return generic_get_attr(cx, this, name),
            Some(_) => match generic_lookup(cx, this, name) {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => None,
                Err(raised) => Some(raised),
            },
        }
    } else {
        let found = getattribute.expect("found above");
        match call_found_special(cx, found, this, class, &[name.value()]) {
            Ok(value) => return Ok(value),
            Err(raised) => Some(raised),
        }
    };
    match (result, hook) {
        (Some(raised), None) => Err(raised),
        (raised, Some(hook)) => {
            if let Some(raised) = raised {
                let class = cx.types().AttributeError;
                cx.catch(raised, class)?;
            }
            call_found_special(cx, hook, this, class, &[name.value()])
        }
        (None, None) => Err(no_attribute(cx, this, name)),
    }
}

fn slot_setattr(cx: &mut Cx, this: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
    let names = cx.names();
    let result = match value {
        Some(value) => call_dunder(cx, this, names.__setattr__, &[name.value(), value]),
        None => call_dunder(cx, this, names.__delattr__, &[name.value()]),
    };
    result.map(|_| ())
}

fn slot_descr_get(cx: &mut Cx, descriptor: Value, object: Value, owner: Value) -> PyResult {
    let name = cx.names().__get__;
    let class = cx.class_of(descriptor);
    let or_none = |v: Value| if v.is_unbound() { Value::NONE } else { v };
    match cx.lookup_class(class, name) {
        Some(found) => call_found_special(cx, found, descriptor, class, &[or_none(object), or_none(owner)]),
        None => Ok(descriptor),
    }
}

fn slot_descr_set(cx: &mut Cx, descriptor: Value, object: Value, value: Option<Value>) -> PyResult<()> {
    let names = cx.names();
    let (name, args): (_, &[Value]) = match value {
        Some(value) => (names.__set__, &[object, value]),
        None => (names.__delete__, &[object]),
    };
    let class = cx.class_of(descriptor);
    match cx.lookup_class(class, name) {
        Some(found) => call_found_special(cx, found, descriptor, class, args).map(|_| ()),
        None => Err(plain_attribute_error(cx, format_args!("{name}"))),
    }
}

/// The generic function of a binary operator (CPython's `SLOT1BINFULL`).
fn slot_binary<const OP: usize>(cx: &mut Cx, left: Value, right: Value) -> PyResult {
    let op = BinaryOp::ALL[OP];
    let (plain, reflected, _) = operator_names(cx.names(), op);
    let (left_class, right_class) = (cx.class_of(left), cx.class_of(right));
    let is_generic = |class: Gc<Class>| {
        class.slots.binary[OP].get().is_some_and(|f| std::ptr::fn_addr_eq(f, slot_binary::<OP> as BinaryFn))
    };
    let mut try_right = left_class != right_class && is_generic(right_class);
    if is_generic(left_class) {
        if try_right && is_subtype(right_class, left_class) {
            let overloaded = cx.lookup_class(right_class, reflected);
            if overloaded.is_some() && overloaded != cx.lookup_class(left_class, reflected) {
                let result = call_optional(cx, right, reflected, left)?;
                if !result.is_not_implemented() {
                    return Ok(result);
                }
                try_right = false;
            }
        }
        let result = call_optional(cx, left, plain, right)?;
        if !result.is_not_implemented() || left_class == right_class {
            return Ok(result);
        }
    }
    if try_right { call_optional(cx, right, reflected, left) } else { Ok(Value::NOT_IMPLEMENTED) }
}

fn slot_inplace<const OP: usize>(cx: &mut Cx, left: Value, right: Value) -> PyResult {
    let (_, _, inplace) = operator_names(cx.names(), BinaryOp::ALL[OP]);
    call_optional(cx, left, inplace, right)
}

fn call_optional(cx: &mut Cx, this: Value, name: Gc<Str>, other: Value) -> PyResult {
    let class = cx.class_of(this);
    match cx.lookup_class(class, name) {
        Some(found) if found.is_none() => call(cx, found, &[other]),
        Some(found) => call_found_special(cx, found, this, class, &[other]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

macro_rules! per_operator {
    ($function:ident) => {
        [
            $function::<0>,
            $function::<1>,
            $function::<2>,
            $function::<3>,
            $function::<4>,
            $function::<5>,
            $function::<6>,
            $function::<7>,
            $function::<8>,
            $function::<9>,
            $function::<10>,
            $function::<11>,
            $function::<12>,
        ]
    };
}

const BINARY: [BinaryFn; 13] = per_operator!(slot_binary);
const INPLACE: [BinaryFn; 13] = per_operator!(slot_inplace);
