//! `isinstance` and `issubclass`, with and without the hooks of metaclasses.

use crate::prelude::*;
use crate::typing::is_subtype;

/// Tuples of classes in tuples of classes, so deep: as with CPython, the answer to more is RecursionError.
const MAX_NESTING: usize = 5000;

/// `isinstance(value, class_or_tuple)`.
pub fn is_instance_of(cx: &mut Cx, value: Value, class: Value) -> PyResult<bool> {
    is_instance_nested(cx, value, class, 0)
}

fn check_nesting(cx: &mut Cx, depth: usize, what: &str) -> PyResult<()> {
    if depth > MAX_NESTING {
        return Err(recursion_error(cx, format_args!("maximum recursion depth exceeded{what}")));
    }
    crate::call::check_native_stack(cx, what)
}

fn is_instance_nested(cx: &mut Cx, value: Value, class: Value, depth: usize) -> PyResult<bool> {
    if cx.class_of(value).value().is(class) {
        return Ok(true);
    }
    if class.is_a::<Class>() && cx.class_of(class) == cx.types().type_ {
        return real_isinstance(cx, value, class);
    }
    if super::union::is_union(class) {
        let members = super::union::members(class);
        return is_instance_of(cx, value, members.value());
    }
    if let Some(classes) = class.downcast::<Tuple>() {
        check_nesting(cx, depth, " in __instancecheck__")?;
        for i in 0..classes.len() {
            if is_instance_nested(cx, value, classes.get(i), depth + 1)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let name = cx.names().__instancecheck__;
    crate::call::check_native_stack(cx, " in __instancecheck__")?;
    match call_special(cx, class, name, &[value])? {
        Some(answer) => is_true(cx, answer),
        None => real_isinstance(cx, value, class),
    }
}

/// `issubclass(class, class_or_tuple)`.
pub fn is_subclass_of(cx: &mut Cx, derived: Value, class: Value) -> PyResult<bool> {
    is_subclass_nested(cx, derived, class, 0)
}

fn is_subclass_nested(cx: &mut Cx, derived: Value, class: Value, depth: usize) -> PyResult<bool> {
    if class.is_a::<Class>() && cx.class_of(class) == cx.types().type_ {
        if derived.is(class) {
            return Ok(true);
        }
        return real_issubclass(cx, derived, class);
    }
    if super::union::is_union(class) {
        let members = super::union::members(class);
        return is_subclass_of(cx, derived, members.value());
    }
    if let Some(classes) = class.downcast::<Tuple>() {
        check_nesting(cx, depth, " in __subclasscheck__")?;
        for i in 0..classes.len() {
            if is_subclass_nested(cx, derived, classes.get(i), depth + 1)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let name = cx.names().__subclasscheck__;
    crate::call::check_native_stack(cx, " in __subclasscheck__")?;
    match call_special(cx, class, name, &[derived])? {
        Some(answer) => is_true(cx, answer),
        None => real_issubclass(cx, derived, class),
    }
}

/// `type.__instancecheck__`: the class of the value, then what its `__class__` claims.
pub fn real_isinstance(cx: &mut Cx, value: Value, class: Value) -> PyResult<bool> {
    let name = cx.names().__class__;
    if let Some(class) = class.cast::<Class>() {
        let actual = cx.class_of(value);
        if is_subtype(actual, class) {
            return Ok(true);
        }
        // Most classes do not lie about themselves.
        if cx.lookup_class(actual, name) == cx.lookup_class(cx.types().object, name)
            && actual.has_trait(object::class::traits::PLAIN_GETATTR)
        {
            return Ok(false);
        }
        let claimed = get_attr_opt(cx, value, name)?.and_then(|c| c.cast::<Class>());
        return Ok(claimed.is_some_and(|claimed| claimed != actual && is_subtype(claimed, class)));
    }
    if bases_of(cx, class)?.is_none() {
        return Err(type_error(cx, "isinstance() arg 2 must be a type, a tuple of types, or a union"));
    }
    match get_attr_opt(cx, value, name)? {
        Some(claimed) => abstract_issubclass(cx, claimed, class),
        None => Ok(false),
    }
}

/// `type.__subclasscheck__`: by method resolution order, or by `__bases__` for what only looks like a class.
pub fn real_issubclass(cx: &mut Cx, derived: Value, class: Value) -> PyResult<bool> {
    if let (Some(derived), Some(class)) = (derived.cast::<Class>(), class.cast::<Class>()) {
        return Ok(is_subtype(derived, class));
    }
    if bases_of(cx, derived)?.is_none() {
        return Err(type_error(cx, "issubclass() arg 1 must be a class"));
    }
    if !super::union::is_union(class) && bases_of(cx, class)?.is_none() {
        return Err(type_error(cx, "issubclass() arg 2 must be a class, a tuple of classes, or a union"));
    }
    abstract_issubclass(cx, derived, class)
}

/// `class.__bases__` when it is a tuple.
fn bases_of(cx: &mut Cx, class: Value) -> PyResult<Option<Gc<Tuple>>> {
    let name = cx.names().__bases__;
    Ok(get_attr_opt(cx, class, name)?.and_then(|b| b.downcast::<Tuple>()))
}

fn abstract_issubclass(cx: &mut Cx, derived: Value, class: Value) -> PyResult<bool> {
    let mut derived = derived;
    loop {
        if derived.is(class) {
            return Ok(true);
        }
        let Some(bases) = bases_of(cx, derived)?.filter(|b| !b.is_empty()) else { return Ok(false) };
        if bases.len() == 1 {
            derived = bases.get(0);
            continue;
        }
        crate::call::check_native_stack(cx, " in __issubclass__")?;
        for i in 0..bases.len() {
            if abstract_issubclass(cx, bases.get(i), class)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
}
