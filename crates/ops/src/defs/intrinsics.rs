//! The intrinsic functions that the compiler calls by number.

use crate::Oparg;
use object::*;
use ops_macros::instruction;
use runtime::error::*;
use runtime::types::type_params;
use runtime::{iterate, operate};

/// Call a function of one argument that only the compiler knows.
#[instruction(micro)]
pub fn call_intrinsic_1(cx: &mut Cx, frame: FrameRef, value: Value, oparg: Oparg) -> PyResult {
    match oparg.get() {
        1 => print_expression(cx, value),
        2 => {
            let namespace = frame.namespace.get();
            if namespace.is_unbound() {
                return Err(system_error(cx, "no locals found during 'import *'"));
            }
            runtime::import::import_star(cx, value, namespace)?;
            Ok(Value::NONE)
        }
        3 => stop_iteration_error(cx, frame, value),
        4 => runtime::types::generator::async_generator::wrap(cx, value),
        5 => operate::positive(cx, value),
        6 => match value.cast::<List>() {
            Some(list) => iterate::list_to_tuple(cx, list).map(Gc::value),
            None => Err(system_error(cx, "bad internal call")),
        },
        7 => type_params::make_type_var(cx, value, Value::UNBOUND, Value::UNBOUND),
        8 => type_params::make_param_spec(cx, value),
        9 => type_params::make_type_var_tuple(cx, value),
        10 => type_params::subscript_generic(cx, value),
        11 => make_type_alias(cx, value),
        _ => Err(system_error(cx, "unknown intrinsic")),
    }
}

/// Call a function of two arguments that only the compiler knows.
#[instruction(micro)]
pub fn call_intrinsic_2(cx: &mut Cx, first: Value, second: Value, oparg: Oparg) -> PyResult {
    match oparg.get() {
        1 => match second.cast::<List>() {
            Some(raised) => runtime::exceptions::group::prepare_reraise(cx, first, raised),
            None => Err(system_error(cx, "bad internal call")),
        },
        2 => type_params::make_type_var(cx, first, second, Value::UNBOUND),
        3 => type_params::make_type_var(cx, first, Value::UNBOUND, second),
        4 => {
            if let Some(function) = first.cast::<Function>() {
                function.type_params.set(function, second);
            }
            Ok(first)
        }
        5 => type_params::set_default(cx, first, second),
        _ => Err(system_error(cx, "unknown intrinsic")),
    }
}

/// A type alias of the tuple (name, type parameters, evaluator).
fn make_type_alias(cx: &mut Cx, parts: Value) -> PyResult {
    match parts.cast::<Tuple>().map(|t| (t.try_get(0), t.try_get(1), t.try_get(2))) {
        Some((Some(name), Some(parameters), Some(evaluate))) => {
            type_params::alias::new_alias(cx, name, parameters, evaluate)
        }
        _ => Err(system_error(cx, "bad internal call")),
    }
}

/// Show the value of an expression typed at the prompt.
fn print_expression(cx: &mut Cx, value: Value) -> PyResult {
    match runtime::import::sys_attr(cx, "displayhook") {
        Some(hook) => runtime::call::call(cx, hook, &[value]),
        None => Err(runtime_error(cx, "lost sys.displayhook")),
    }
}

/// StopIteration that leaves a generator is a RuntimeError; the same for StopAsyncIteration and async generators.
fn stop_iteration_error(cx: &mut Cx, frame: FrameRef, value: Value) -> PyResult {
    use bytecode::CodeFlags;
    let types = cx.types();
    let code = frame.code();
    let is = |cx: &Cx, class: Gc<Class>| runtime::exceptions::matches_unchecked(cx, value, class.value());
    let message = if is(cx, types.StopIteration) {
        if code.has_flag(CodeFlags::ASYNC_GENERATOR) {
            "async generator raised StopIteration"
        } else if code.has_flag(CodeFlags::COROUTINE) {
            "coroutine raised StopIteration"
        } else {
            "generator raised StopIteration"
        }
    } else if code.has_flag(CodeFlags::ASYNC_GENERATOR) && is(cx, types.StopAsyncIteration) {
        "async generator raised StopAsyncIteration"
    } else {
        return Ok(value);
    };
    let text = cx.heap.str(message);
    let args = cx.heap.tuple(&[text]);
    let error = cx.heap.exception(types.RuntimeError.instance_shape.get(), args);
    error.cause.set(error, value);
    error.context.set(error, value);
    error.suppress_context.set(true);
    Ok(error.value())
}
