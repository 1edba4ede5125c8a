//! Which `except` clause an exception belongs to.

use crate::prelude::*;
use object::class::flags;

/// `except class_or_tuple`: TypeError for what cannot be caught.
pub fn matches(cx: &mut Cx, exception: Value, class_or_tuple: Value) -> PyResult<bool> {
    if !only_exception_classes(class_or_tuple) {
        return Err(type_error(cx, "catching classes that do not inherit from BaseException is not allowed"));
    }
    Ok(matches_unchecked(cx, exception, class_or_tuple))
}

/// As CPython's `PyErr_GivenExceptionMatches`: an exception or class against a class, a tuple of those, or itself.
pub fn matches_unchecked(cx: &Cx, exception: Value, wanted: Value) -> bool {
    if let Some(classes) = wanted.downcast::<Tuple>() {
        return classes.iter().any(|class| matches_unchecked(cx, exception, class));
    }
    let class = if exception.is_a::<Exception>() { cx.class_of(exception).value() } else { exception };
    match (class.cast::<Class>(), wanted.cast::<Class>()) {
        (Some(class), Some(wanted_class)) if is_exception_class(class.value()) && is_exception_class(wanted) => {
            class.is_subclass_of(wanted_class)
        }
        _ => class.is(wanted),
    }
}

/// Whether `value` is a class that derives from BaseException.
pub fn is_exception_class(value: Value) -> bool {
    value.cast::<Class>().is_some_and(|class| class.has_flag(flags::EXCEPTION_SUBCLASS))
}

fn only_exception_classes(value: Value) -> bool {
    match value.downcast::<Tuple>() {
        Some(classes) => classes.iter().all(is_exception_class),
        None => is_exception_class(value),
    }
}

/// Whether `except* class_or_tuple` is allowed.
pub fn check_except_star_type(cx: &mut Cx, class_or_tuple: Value) -> PyResult<()> {
    if !only_exception_classes(class_or_tuple) {
        return Err(type_error(cx, "catching classes that do not inherit from BaseException is not allowed"));
    }
    let group = cx.types().BaseExceptionGroup;
    let is_group = |value: Value| value.cast::<Class>().is_some_and(|class| class.is_subclass_of(group));
    let has_group = match class_or_tuple.downcast::<Tuple>() {
        Some(classes) => classes.iter().any(is_group),
        None => is_group(class_or_tuple),
    };
    if has_group {
        return Err(type_error(cx, "catching ExceptionGroup with except* is not allowed. Use except instead."));
    }
    Ok(())
}
