//! Type parameters and type aliases: what `def f[T](…)`, `class C[*Ts]` and `type X = …` make. The module `_typing` shows
//! the classes; the intrinsics of the bytecode call the functions here.

pub mod alias;
mod evaluator;
mod generic;
mod param_spec;
mod type_var;
mod type_var_tuple;

use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use macros::Trace;

pub use alias::{TypeAlias, class as type_alias_type, new_alias};
pub use evaluator::const_evaluator;
pub use generic::class as generic_class;
pub use param_spec::{args as param_spec_args, class as param_spec_class, kwargs as param_spec_kwargs};
pub use type_var::class as type_var_class;
pub use type_var_tuple::class as type_var_tuple_class;

/// The data of a TypeVar, ParamSpec or TypeVarTuple. Bounds, constraints and defaults written in the source are functions
/// until somebody asks.
#[derive(Trace)]
pub struct TypeParameter {
    name: Slot,
    bound: Slot,
    evaluate_bound: Slot,
    constraints: Slot,
    evaluate_constraints: Slot,
    default: Slot,
    evaluate_default: Slot,
    variance: Variance,
}

impl NativeData for TypeParameter {
    const NAME: &'static str = "typing.TypeVar";
}

pub type Parameter = Gc<Native<TypeParameter>>;

/// What was said about the variance.
#[derive(Clone, Copy, Default, Trace)]
pub struct Variance {
    covariant: bool,
    contravariant: bool,
    infer: bool,
}

impl TypeParameter {
    fn new(name: Value, variance: Variance) -> TypeParameter {
        let empty = || Slot::new(Value::UNBOUND);
        TypeParameter {
            name: Slot::new(name),
            bound: empty(),
            evaluate_bound: empty(),
            constraints: empty(),
            evaluate_constraints: empty(),
            default: empty(),
            evaluate_default: empty(),
            variance,
        }
    }
}

const INFERRED: Variance = Variance { covariant: false, contravariant: false, infer: true };

/// `[T]`, `[T: bound]`, `[T: (A, B)]`: functions that give the bound or constraints, or unbound.
pub fn make_type_var(cx: &mut Cx, name: Value, evaluate_bound: Value, evaluate_constraints: Value) -> PyResult {
    let class = class_of_spec(cx, &type_var_class::SPEC)?;
    let data = TypeParameter::new(name, INFERRED);
    data.evaluate_bound.init(evaluate_bound);
    data.evaluate_constraints.init(evaluate_constraints);
    Ok(new_native(cx, class, data).value())
}

/// `[**P]`.
pub fn make_param_spec(cx: &mut Cx, name: Value) -> PyResult {
    let class = class_of_spec(cx, &param_spec_class::SPEC)?;
    Ok(new_native(cx, class, TypeParameter::new(name, INFERRED)).value())
}

/// `[*Ts]`.
pub fn make_type_var_tuple(cx: &mut Cx, name: Value) -> PyResult {
    let class = class_of_spec(cx, &type_var_tuple_class::SPEC)?;
    Ok(new_native(cx, class, TypeParameter::new(name, INFERRED)).value())
}

/// `[T = default]`: gives the parameter a function for its default.
pub fn set_default(cx: &mut Cx, parameter: Value, evaluate: Value) -> PyResult {
    match parameter.cast::<Native<TypeParameter>>() {
        Some(data) => {
            data.evaluate_default.set(data, evaluate);
            Ok(parameter)
        }
        None => {
            let name = type_name(cx, parameter);
            Err(type_error(cx, format_args!("Expected a type param, got {name}")))
        }
    }
}

/// `Generic[params]`, the implicit base of classes with type parameters.
pub fn subscript_generic(cx: &mut Cx, parameters: Value) -> PyResult {
    let generic = class_of_spec(cx, &generic_class::SPEC)?;
    let unpacked = unpack_variadic(cx, parameters)?;
    let alias = crate::import::import_attr(cx, "typing", "_GenericAlias")?;
    call(cx, alias, &[generic.value(), unpacked])
}

/// The parameters with `*Ts` in the place of `Ts`.
fn unpack_variadic(cx: &mut Cx, parameters: Value) -> PyResult {
    let parameters = to_tuple(cx, parameters)?;
    let variadic = class_of_spec(cx, &type_var_tuple_class::SPEC)?;
    if !parameters.iter().any(|p| cx.class_of(p) == variadic) {
        return Ok(parameters.value());
    }
    let unpacked = cx.vm().root_vec();
    for parameter in parameters.iter() {
        if cx.class_of(parameter) == variadic {
            let value = unpack(cx, parameter)?;
            unpacked.push(value);
        } else {
            unpacked.push(parameter);
        }
    }
    Ok(Tuple::from_fn(&mut cx.heap, unpacked.len(), |i| unpacked.get(i)).or_raise(cx)?.value())
}

/// `typing.Unpack[value]`.
fn unpack(cx: &mut Cx, value: Value) -> PyResult {
    let unpack = crate::import::import_attr(cx, "typing", "Unpack")?;
    get_item(cx, unpack, value)
}

/// `typing.name(args)`.
fn call_typing(cx: &mut Cx, name: &str, args: &[Value]) -> PyResult {
    let function = crate::import::import_attr(cx, "typing", name)?;
    call(cx, function, args)
}

/// A type argument as `typing` accepts it.
fn type_check(cx: &mut Cx, value: Value, message: &str) -> PyResult {
    if value.is_none() {
        return Ok(cx.types().NoneType.value());
    }
    let message = cx.heap.str(message);
    call_typing(cx, "_type_check", &[value, message])
}

/// The value in `stored`, computed by `evaluate` when it is not there yet; unbound when there is neither.
fn lazily<T>(cx: &mut Cx, owner: Gc<T>, stored: &Slot, evaluate: &Slot) -> PyResult {
    if let Some(value) = stored.get().bound() {
        return Ok(value);
    }
    let Some(function) = evaluate.get().bound() else { return Ok(Value::UNBOUND) };
    let value = call(cx, function, &[Int::from_len(1).value()])?;
    stored.set(owner, value);
    Ok(value)
}

/// The function in `evaluate`, or one that gives the value in `stored`; None when there is neither.
fn evaluator_of(cx: &mut Cx, stored: Value, evaluate: Value) -> PyResult {
    match (evaluate.bound(), stored.bound()) {
        (Some(function), _) => Ok(function),
        (None, Some(value)) => const_evaluator(cx, value),
        (None, None) => Ok(Value::NONE),
    }
}

/// `__default__`, `typing.NoDefault` when there is none.
fn default_of(cx: &mut Cx, this: Parameter) -> PyResult {
    Ok(lazily(cx, this, &this.default, &this.evaluate_default)?.bound().unwrap_or(Value::NO_DEFAULT))
}

fn has_default(this: Parameter) -> bool {
    this.evaluate_default.get().is_bound() || this.default.get().bound().is_some_and(|d| !d.is(Value::NO_DEFAULT))
}

/// Note in the instance's dict which module made it.
fn remember_module(cx: &mut Cx, object: Value) -> PyResult<()> {
    let name = cx.names().__name__;
    let module = cx.frame().and_then(|frame| frame.globals.get().get_str(name));
    let module = module.unwrap_or(Value::NONE);
    let key = cx.names().__module__;
    match Attributes::of(object) {
        Some(attributes) => attributes.set(&mut cx.heap, key, module).or_raise(cx),
        None => Ok(()),
    }
}

/// `left | right` of anything that `typing.Union` takes.
fn make_union(cx: &mut Cx, left: Value, right: Value) -> PyResult {
    let args = cx.heap.tuple(&[left, right]);
    super::union::from_args(cx, args)
}

fn cannot_subclass(cx: &mut Cx, class: &str) -> Raised {
    type_error(cx, format_args!("Cannot subclass an instance of {class}"))
}

fn name_argument(cx: &mut Cx, class: &str, name: Value) -> PyResult<()> {
    if name.downcast::<Str>().is_some() {
        return Ok(());
    }
    let found = type_name(cx, name);
    Err(type_error(cx, format_args!("{class}() argument 'name' must be str, not {found}")))
}

fn check_variance(cx: &mut Cx, variance: Variance) -> PyResult<()> {
    if variance.covariant && variance.contravariant {
        return Err(value_error(cx, "Bivariant types are not supported."));
    }
    if variance.infer && (variance.covariant || variance.contravariant) {
        return Err(value_error(cx, "Variance cannot be specified with infer_variance."));
    }
    Ok(())
}

/// The name with a sign for the variance.
fn parameter_repr(cx: &mut Cx, this: Parameter) -> PyResult {
    let name = str_of(cx, this.name.get())?;
    let variance = this.variance;
    if variance.infer {
        return Ok(name.value());
    }
    let sign = if variance.covariant {
        '+'
    } else if variance.contravariant {
        '-'
    } else {
        '~'
    };
    let mut builder = StrBuilder::new();
    builder.push_char(sign);
    builder.push_py(&name);
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}
