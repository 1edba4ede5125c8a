//! `typing.TypeAliasType`: `type X = …`.

use super::*;
use macros::native_class;

/// A named type whose value is computed when it is first asked for.
#[derive(Trace)]
pub struct TypeAlias {
    name: Slot,
    parameters: Slot,
    evaluate: Slot,
    value: Slot,
    module: Slot,
}

impl NativeData for TypeAlias {
    const NAME: &'static str = "typing.TypeAliasType";
}

type Alias = Gc<Native<TypeAlias>>;

#[native_class(
    name = "TypeAliasType",
    module = "typing",
    layout = Native::<TypeAlias>,
    flags = HAVE_GC | IMMUTABLE,
    traits = HAS_WEAKREF,
    signature = "(name, value, *, type_params=())",
    doc = "Type alias.\n\nType aliases are created through the type statement::\n\n    type Alias = int\n\nIn this example, Alias and int will be treated equivalently by static\ntype checkers.\n"
)]
pub mod class {
    use super::*;

    #[slot(new, "TypeAliasType(name, value, *, type_params=<unrepresentable>)")]
    fn new(cx: &mut Cx, class: Gc<Class>, name: Value, value: Value, type_params: Option<Value>) -> PyResult {
        name_argument(cx, "typealias", name)?;
        let parameters = match type_params {
            Some(parameters) => check_parameters(cx, parameters)?,
            None => Value::UNBOUND,
        };
        let module = caller_module(cx);
        let data = TypeAlias {
            name: Slot::new(name),
            parameters: Slot::new(parameters),
            evaluate: Slot::new(Value::UNBOUND),
            value: Slot::new(value),
            module: Slot::new(module),
        };
        Ok(new_native(cx, class, data).value())
    }

    #[slot]
    fn repr(this: Alias) -> Value {
        this.name.get()
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Alias, item: Value) -> PyResult {
        if this.parameters.get().is_unbound() {
            return Err(type_error(cx, "Only generic type aliases are subscriptable"));
        }
        super::super::super::generic_alias::class_getitem(cx, this.value(), item)
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Alias) -> PyResult {
        let unpacked = unpack(cx, this.value())?;
        let items = cx.heap.tuple(&[unpacked]);
        Ok(cx.heap.tuple_iter(items).value())
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        super::super::super::union::type_or(cx, left, right)
    }

    #[getter(__name__)]
    fn name(this: Alias) -> Value {
        this.name.get()
    }

    #[getter(__value__)]
    fn value(cx: &mut Cx, this: Alias) -> PyResult {
        lazily(cx, this, &this.value, &this.evaluate)
    }

    #[getter]
    fn evaluate_value(cx: &mut Cx, this: Alias) -> PyResult {
        evaluator_of(cx, this.value.get(), this.evaluate.get())
    }

    #[getter(__type_params__)]
    fn type_params(cx: &mut Cx, this: Alias) -> Value {
        this.parameters.get().bound().unwrap_or(cx.vm().empty_tuple().value())
    }

    #[getter(__parameters__)]
    fn parameters(cx: &mut Cx, this: Alias) -> PyResult {
        match this.parameters.get().bound() {
            Some(parameters) => unpack_variadic(cx, parameters),
            None => Ok(cx.vm().empty_tuple().value()),
        }
    }

    #[getter(__module__)]
    fn module(this: Alias) -> Value {
        this.module.get().bound().unwrap_or(Value::NONE)
    }

    #[method("__reduce__($self, /)")]
    fn reduce(this: Alias) -> Value {
        this.name.get()
    }
}

fn caller_module(cx: &Cx) -> Value {
    let name = cx.names().__name__;
    cx.frame().and_then(|frame| frame.globals.get().get_str(name)).unwrap_or(Value::UNBOUND)
}

/// What the `type` statement makes: the name, a tuple of parameters or None, a function that gives the value.
pub fn new_alias(cx: &mut Cx, name: Value, parameters: Value, evaluate: Value) -> PyResult {
    let class = class_of_spec(cx, &class::SPEC)?;
    let module = caller_module(cx);
    let data = TypeAlias {
        name: Slot::new(name),
        parameters: Slot::new(if parameters.is_none() { Value::UNBOUND } else { parameters }),
        evaluate: Slot::new(evaluate),
        value: Slot::new(Value::UNBOUND),
        module: Slot::new(module),
    };
    Ok(new_native(cx, class, data).value())
}

/// Parameters with defaults come last; unbound when there are none at all.
fn check_parameters(cx: &mut Cx, parameters: Value) -> PyResult {
    let Some(all) = parameters.downcast::<Tuple>() else { return Err(type_error(cx, "type_params must be a tuple")) };
    let has_default_name = cx.heap.intern("has_default");
    let mut seen_default = false;
    for parameter in all.iter() {
        if get_attr_opt(cx, parameter, has_default_name)?.is_none() {
            let shown = repr_of(cx, parameter)?;
            return Err(type_error(cx, format_args!("Expected a type param, got {shown}")));
        }
        let answer = call_method(cx, parameter, has_default_name, &[])?;
        if is_true(cx, answer)? {
            seen_default = true;
        } else if seen_default {
            let shown = repr_of(cx, parameter)?;
            return Err(type_error(
                cx,
                format_args!("non-default type parameter '{shown}' follows default type parameter"),
            ));
        }
    }
    Ok(if all.is_empty() { Value::UNBOUND } else { all.value() })
}
