//! The `match` statement.

use crate::{Keep, Oparg};
use object::class::flags;
use object::*;
use ops_macros::instruction;
use runtime::attribute;
use runtime::error::*;

/// Whether the subject is a mapping.
#[instruction(micro)]
pub fn match_mapping(cx: &Cx, subject: Keep) -> bool {
    cx.class_of(subject.0).has_flag(flags::MAPPING)
}

/// Whether the subject is a sequence.
#[instruction(micro)]
pub fn match_sequence(cx: &Cx, subject: Keep) -> bool {
    cx.class_of(subject.0).has_flag(flags::SEQUENCE)
}

/// The values of these keys as a tuple, or None when one is missing.
#[instruction(micro)]
pub fn match_keys(cx: &mut Cx, subject: Keep, keys: Keep) -> PyResult {
    let Some(keys) = keys.0.cast::<Tuple>() else { return Err(system_error(cx, "bad internal call")) };
    if let Some(dict) = subject.0.cast::<Dict>().filter(|_| Cx::shape_of(subject.0) == cx.heap.shapes().dict.raw())
        && let [key] = *keys.as_slice()
    {
        return Ok(match runtime::dict::get(cx, dict, key)? {
            Some(value) => cx.heap.tuple(&[value]).value(),
            None => Value::NONE,
        });
    }
    let values = cx.vm().root_vec();
    if keys.is_empty() {
        return Ok(cx.vm().empty_tuple().value());
    }
    let shape = cx.heap.shapes().set;
    let seen = Set::with_shape(&mut cx.heap, shape);
    let missing = cx.heap.instance(cx.types().object.instance_shape.get());
    let name = cx.names().get;
    for key in keys.iter() {
        if runtime::set::contains(cx, seen, key)? {
            let shown = runtime::text::repr_of(cx, key)?;
            return Err(value_error(cx, format_args!("mapping pattern checks duplicate key ({shown})")));
        }
        runtime::set::add(cx, seen, key)?;
        let value = runtime::call::call_method(cx, subject.0, name, &[key, missing])?;
        if value.is(missing) {
            return Ok(Value::NONE);
        }
        values.push(value);
    }
    Tuple::from_fn(&mut cx.heap, values.len(), |i| values.get(i)).or_raise(cx).map(Gc::value)
}

/// The attributes that a class pattern binds as a tuple, or None when the subject does not match.
#[instruction(micro)]
pub fn match_class(cx: &mut Cx, subject: Value, class: Value, names: Value, oparg: Oparg) -> PyResult {
    let Some(names) = names.cast::<Tuple>() else { return Err(system_error(cx, "bad internal call")) };
    let Some(class) = class.cast::<Class>() else {
        return Err(type_error(cx, "called match pattern must be a class"));
    };
    if !isinstance(cx, subject, class)? {
        return Ok(Value::NONE);
    }
    let found = cx.vm().root_vec();
    let seen = cx.vm().root_vec();
    if oparg.get() > 0 && !match_positional(cx, subject, class, oparg.get(), &found, &seen)? {
        return Ok(Value::NONE);
    }
    for name in names.iter() {
        match match_attribute(cx, subject, class, name, &seen)? {
            Some(value) => found.push(value),
            None => return Ok(Value::NONE),
        }
    }
    Tuple::from_fn(&mut cx.heap, found.len(), |i| found.get(i)).or_raise(cx).map(Gc::value)
}

/// The positional sub-patterns, by `__match_args__`; false when an attribute is missing.
fn match_positional(
    cx: &mut Cx,
    subject: Value,
    class: Gc<Class>,
    n: usize,
    found: &RootVec,
    seen: &RootVec,
) -> PyResult<bool> {
    let name = cx.names().__match_args__;
    let args = attribute::get_attr_opt(cx, class.value(), name)?;
    let match_self = args.is_none() && class.has_flag(flags::MATCH_SELF);
    let args = match args {
        Some(args) => match args.cast::<Tuple>() {
            Some(args) => args,
            None => {
                let (class, got) = (class_name(class), type_name(cx, args));
                return Err(type_error(cx, format_args!("{class}.__match_args__ must be a tuple (got {got})")));
            }
        },
        None => cx.vm().empty_tuple(),
    };
    let allowed = if match_self { 1 } else { args.len() };
    if allowed < n {
        let class = class_name(class);
        let plural = if allowed == 1 { "" } else { "s" };
        return Err(type_error(
            cx,
            format_args!("{class}() accepts {allowed} positional sub-pattern{plural} ({n} given)"),
        ));
    }
    if match_self {
        found.push(subject);
        return Ok(true);
    }
    for name in args.iter().take(n) {
        if name.downcast::<Str>().is_none() {
            let got = type_name(cx, name);
            return Err(type_error(cx, format_args!("__match_args__ elements must be strings (got {got})")));
        }
        match match_attribute(cx, subject, class, name, seen)? {
            Some(value) => found.push(value),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// The attribute, unless the subject has none; naming one twice is an error.
fn match_attribute(
    cx: &mut Cx,
    subject: Value,
    class: Gc<Class>,
    name: Value,
    seen: &RootVec,
) -> PyResult<Option<Value>> {
    let name = attribute::name_from_value(cx, name)?;
    if seen.iter().any(|s| s.is(name.value())) {
        let class = class_name(class);
        let shown = runtime::text::repr_of(cx, name.value())?;
        return Err(type_error(cx, format_args!("{class}() got multiple sub-patterns for attribute {shown}")));
    }
    seen.push(name);
    attribute::get_attr_opt(cx, subject, name)
}

/// `isinstance(subject, class)`.
fn isinstance(cx: &mut Cx, subject: Value, class: Gc<Class>) -> PyResult<bool> {
    if cx.is_instance(subject, class) {
        return Ok(true);
    }
    if cx.class_of(class.value()) == cx.types().type_ {
        return Ok(false);
    }
    let name = cx.names().__instancecheck__;
    match runtime::call::call_special(cx, class.value(), name, &[subject])? {
        Some(result) => runtime::operate::is_true(cx, result),
        None => Ok(false),
    }
}
