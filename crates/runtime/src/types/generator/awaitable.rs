//! What several of the generator types share: the old signature of `throw`.

use super::*;

/// `throw(type[, value[, traceback]])` of generators and coroutines.
pub fn throw_method(
    cx: &mut Cx,
    generator: Gc<Generator>,
    class: Value,
    value: Option<Value>,
    traceback: Option<Value>,
) -> PyResult {
    warn_old_signature(cx, value, traceback)?;
    let (value, traceback) = (value.unwrap_or(Value::UNBOUND), traceback.unwrap_or(Value::UNBOUND));
    let exception = exception_to_throw(cx, class, value, traceback)?;
    let outcome = throw(cx, generator, exception, true)?;
    as_method_result(cx, Some(outcome))
}

/// DeprecationWarning for more than one argument of `throw`.
pub fn warn_old_signature(cx: &mut Cx, value: Option<Value>, traceback: Option<Value>) -> PyResult<()> {
    if value.is_none() && traceback.is_none() {
        return Ok(());
    }
    let category = cx.types().DeprecationWarning;
    crate::warnings::warn(
        cx,
        category,
        "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
        1,
    )
}
