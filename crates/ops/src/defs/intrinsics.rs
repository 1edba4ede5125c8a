//! The intrinsic functions that the compiler calls by number.

use crate::Oparg;
use object::*;
use ops_macros::instruction;
use runtime::error::*;
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
        7 => call_typing(cx, "_make_typevar", &[value, Value::NONE, Value::NONE], "TypeVar"),
        8 => call_typing(cx, "_make_paramspec", &[value], "ParamSpec"),
        9 => call_typing(cx, "_make_typevartuple", &[value], "TypeVarTuple"),
        10 => call_typing(cx, "_subscript_generic", &[value], "Generic"),
        11 => call_typing(cx, "_make_typealias", &[value], "TypeAliasType"),
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
        2 => call_typing(cx, "_make_typevar", &[first, second, Value::NONE], "TypeVar"),
        3 => call_typing(cx, "_make_typevar", &[first, Value::NONE, second], "TypeVar"),
        4 => {
            if let Some(function) = first.cast::<Function>() {
                function.type_params.set(function, second);
            }
            Ok(first)
        }
        5 => call_typing(cx, "_set_typeparam_default", &[first, second], "TypeVar"),
        _ => Err(system_error(cx, "unknown intrinsic")),
    }
}

/// A function of the native module `_typing` that makes what type parameters need.
fn call_typing(cx: &mut Cx, function: &str, args: &[Value], what: &str) -> PyResult {
    let module = runtime::import::import_module(cx, "_typing")?;
    let name = cx.heap.intern(function);
    match runtime::attribute::get_attr_opt(cx, module, name)? {
        Some(function) => runtime::call::call(cx, function, args),
        None => Err(system_error(cx, format_args!("_typing cannot make a {what}"))),
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
