//! Raising Python exceptions from Rust.
//!
//! Every function makes the exception object, chains it to the one being handled, and returns the proof that an exception
//! is set. The texts are CPython's; callers write them in full.

use object::{Class, Cx, Gc, Int, OutOfMemory, PyResult, Raised, Str, Value};
use std::fmt::Display;

/// Turns the heap's refusal into MemoryError.
pub trait OrRaise<T> {
    fn or_raise(self, cx: &mut Cx) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T, OutOfMemory> {
    #[inline(always)]
    fn or_raise(self, cx: &mut Cx) -> PyResult<T> {
        match self {
            Ok(value) => Ok(value),
            Err(OutOfMemory) => Err(memory_error(cx)),
        }
    }
}

/// Raise an exception object as it is (`raise x` has normalised it), chained to the one being handled.
#[cold]
pub fn raise_object(cx: &mut Cx, exception: Value) -> Raised {
    crate::exceptions::set_context(cx, exception);
    cx.raise(exception)
}

/// Raise `class(message)`, a built-in class whose constructor only stores its arguments.
#[cold]
pub fn raise_class(cx: &mut Cx, class: Gc<Class>, message: impl Display) -> Raised {
    let text = cx.heap.str(&message.to_string());
    raise_with(cx, class, &[text])
}

/// Raise `class(*args)`, a built-in class whose constructor only stores its arguments.
#[cold]
pub fn raise_with(cx: &mut Cx, class: Gc<Class>, args: &[Value]) -> Raised {
    let args = cx.heap.tuple(args);
    let exception = cx.heap.exception(class.instance_shape.get(), args);
    raise_object(cx, exception.value())
}

macro_rules! raisers {
    ($($(#[$meta:meta])* $name:ident: $class:ident;)*) => {
        $($(#[$meta])*
        #[cold]
        pub fn $name(cx: &mut Cx, message: impl Display) -> Raised {
            let class = cx.types().$class;
            raise_class(cx, class, message)
        })*
    };
}

raisers! {
    type_error: TypeError;
    value_error: ValueError;
    index_error: IndexError;
    overflow_error: OverflowError;
    zero_division_error: ZeroDivisionError;
    runtime_error: RuntimeError;
    recursion_error: RecursionError;
    not_implemented_error: NotImplementedError;
    system_error: SystemError;
    buffer_error: BufferError;
    lookup_error: LookupError;
    assertion_error: AssertionError;
    eof_error: EOFError;
    reference_error: ReferenceError;
    unbound_local_error: UnboundLocalError;
    arithmetic_error: ArithmeticError;
}

/// MemoryError. Its message is empty, as CPython's.
#[cold]
pub fn memory_error(cx: &mut Cx) -> Raised {
    let class = cx.types().MemoryError;
    raise_with(cx, class, &[])
}

/// KeyError with the key itself as argument.
#[cold]
pub fn key_error(cx: &mut Cx, key: Value) -> Raised {
    let class = cx.types().KeyError;
    raise_with(cx, class, &[key])
}

/// StopIteration; `value` unbound or None = without argument.
#[cold]
pub fn stop_iteration(cx: &mut Cx, value: Value) -> Raised {
    let class = cx.types().StopIteration;
    let without = value.is_unbound() || value.is_none();
    let args = if without { cx.heap.tuple(&[]) } else { cx.heap.tuple(&[value]) };
    let exception = cx.heap.exception(class.instance_shape.get(), args);
    exception.set_field(&mut cx.heap, 0, if without { Value::NONE } else { value });
    raise_object(cx, exception.value())
}

/// AttributeError that knows its object and name (for suggestions).
#[cold]
pub fn attribute_error(cx: &mut Cx, object: Value, name: Gc<Str>, message: impl Display) -> Raised {
    let text = cx.heap.str(&message.to_string());
    let args = cx.heap.tuple(&[text]);
    let exception = cx.heap.exception(cx.types().AttributeError.instance_shape.get(), args);
    exception.set_field(&mut cx.heap, 0, name.value());
    exception.set_field(&mut cx.heap, 1, object);
    raise_object(cx, exception.value())
}

/// AttributeError that knows neither the object nor the name.
#[cold]
pub fn plain_attribute_error(cx: &mut Cx, message: impl Display) -> Raised {
    let class = cx.types().AttributeError;
    raise_class(cx, class, message)
}

/// NameError that knows its name.
#[cold]
pub fn name_error(cx: &mut Cx, name: Gc<Str>, message: impl Display) -> Raised {
    let text = cx.heap.str(&message.to_string());
    let args = cx.heap.tuple(&[text]);
    let exception = cx.heap.exception(cx.types().NameError.instance_shape.get(), args);
    exception.set_field(&mut cx.heap, 0, name.value());
    raise_object(cx, exception.value())
}

/// OSError of this `errno`: the subclass that the number means, with the system's text.
#[cold]
pub fn os_error(cx: &mut Cx, errno: i32, filename: Option<Value>) -> Raised {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let (number, text) = (Int::from_len(errno as usize).value(), cx.heap.str(text));
    let class = cx.types().OSError.value();
    let made = match filename {
        Some(filename) => crate::call::call(cx, class, &[number, text, filename]),
        None => crate::call::call(cx, class, &[number, text]),
    };
    match made {
        Ok(exception) => raise_object(cx, exception),
        Err(raised) => raised,
    }
}

/// The name that messages call a value's type by (`Py_TYPE(v)->tp_name`): qualified by the module for native classes
/// outside `builtins`.
pub fn type_name(cx: &Cx, value: Value) -> String {
    class_name(cx.class_of(value))
}

/// What messages about an argument call its type: None is itself.
pub fn argument_type_name(cx: &Cx, value: Value) -> String {
    if value.is_none() { "None".to_owned() } else { type_name(cx, value) }
}

/// The class of `value` with its module, unless that is `builtins`: what CPython's messages show for `%T`.
pub fn full_type_name(cx: &Cx, value: Value) -> String {
    full_class_name(cx.class_of(value))
}

/// As [`full_type_name`], of a class.
pub fn full_class_name(class: Gc<Class>) -> String {
    if !class.is_heap_type() {
        return class_name(class);
    }
    let qualname = class.qualname.get().or(class.name.get()).map_or_else(String::new, |name| name.to_string());
    let module = class.dict.get().and_then(|dict| dict.iter().find(|(key, _)| is_module_key(*key)));
    match module.and_then(|(_, module)| module.downcast::<Str>()) {
        Some(module) if !module.eq_str("builtins") && !module.eq_str("__main__") => format!("{module}.{qualname}"),
        _ => qualname,
    }
}

fn is_module_key(key: Value) -> bool {
    key.cast::<Str>().is_some_and(|key| key.eq_str("__module__"))
}

/// As [`type_name`], of a class.
pub fn class_name(class: Gc<Class>) -> String {
    if !class.is_heap_type()
        && let Some(spec) = class.spec.get()
        && spec.module != "builtins"
        && !spec.module.is_empty()
    {
        return format!("{}.{}", spec.module, spec.name);
    }
    class.display_name()
}
