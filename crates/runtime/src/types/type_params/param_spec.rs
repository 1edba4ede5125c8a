//! `typing.ParamSpec` and its `args` and `kwargs`.

use super::*;
use macros::native_class;

#[native_class(
    name = "ParamSpec",
    module = "typing",
    layout = Native::<TypeParameter>,
    flags = HAVE_GC | IMMUTABLE,
    traits = HAS_DICT | HAS_WEAKREF,
    signature = "(name, *, bound=None, default=typing.NoDefault,\n          covariant=False, contravariant=False, infer_variance=False)",
    doc = "Parameter specification variable.\n\nThe preferred way to construct a parameter specification is via the\ndedicated syntax for generic functions, classes, and type aliases,\nwhere the use of '**' creates a parameter specification::\n\n    type IntFunc[**P] = Callable[P, int]\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, arguments: Args<'_>) -> PyResult {
        construct(cx, class, arguments)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Parameter) -> PyResult {
        parameter_repr(cx, this)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        make_union(cx, left, right)
    }

    #[getter(__name__)]
    fn name(this: Parameter) -> Value {
        this.name.get()
    }

    /// Represents positional arguments.
    #[getter]
    fn args(cx: &mut Cx, this: Parameter) -> PyResult {
        let class = class_of_spec(cx, &super::args::SPEC)?;
        Ok(new_native(cx, class, Part { origin: Slot::new(this.value()) }).value())
    }

    /// Represents keyword arguments.
    #[getter]
    fn kwargs(cx: &mut Cx, this: Parameter) -> PyResult {
        let class = class_of_spec(cx, &super::kwargs::SPEC)?;
        Ok(new_native(cx, class, KeywordPart { origin: Slot::new(this.value()) }).value())
    }

    #[getter(__bound__)]
    fn bound(this: Parameter) -> Value {
        this.bound.get().bound().unwrap_or(Value::NONE)
    }

    #[getter(__default__)]
    fn default(cx: &mut Cx, this: Parameter) -> PyResult {
        default_of(cx, this)
    }

    #[getter]
    fn evaluate_default(cx: &mut Cx, this: Parameter) -> PyResult {
        evaluator_of(cx, this.default.get(), this.evaluate_default.get())
    }

    #[getter(__covariant__)]
    fn covariant(this: Parameter) -> bool {
        this.variance.covariant
    }

    #[getter(__contravariant__)]
    fn contravariant(this: Parameter) -> bool {
        this.variance.contravariant
    }

    #[getter(__infer_variance__)]
    fn infer_variance(this: Parameter) -> bool {
        this.variance.infer
    }

    #[method("__typing_subst__($self, arg, /)")]
    fn subst(cx: &mut Cx, this: Value, arg: Value) -> PyResult {
        call_typing(cx, "_paramspec_subst", &[this, arg])
    }

    #[method("__typing_prepare_subst__($self, alias, args, /)")]
    fn prepare_subst(cx: &mut Cx, this: Value, alias: Value, arguments: Value) -> PyResult {
        call_typing(cx, "_paramspec_prepare_subst", &[this, alias, arguments])
    }

    #[method("__reduce__($self, /)")]
    fn reduce(this: Parameter) -> Value {
        this.name.get()
    }

    #[method("__mro_entries__($self, object, /)")]
    fn mro_entries(cx: &mut Cx, _this: Parameter, _bases: Value) -> PyResult {
        Err(cannot_subclass(cx, "ParamSpec"))
    }

    /// Whether there is a default.
    #[method("has_default($self, /)")]
    fn has_default_method(this: Parameter) -> bool {
        has_default(this)
    }
}

fn construct(cx: &mut Cx, class: Gc<Class>, arguments: Args<'_>) -> PyResult {
    if arguments.n_positional() > 1 {
        let n = arguments.n_positional();
        return Err(type_error(cx, format_args!("paramspec() takes at most 1 positional argument ({n} given)")));
    }
    let mut name = arguments.positional().first().copied();
    let (mut bound, mut default) = (Value::NONE, Value::NO_DEFAULT);
    let mut variance = Variance::default();
    for (key, value) in arguments.keywords() {
        match key.as_ascii() {
            Some("name") if name.is_none() => name = Some(value),
            Some("bound") => bound = value,
            Some("default") => default = value,
            Some("covariant") => variance.covariant = is_true(cx, value)?,
            Some("contravariant") => variance.contravariant = is_true(cx, value)?,
            Some("infer_variance") => variance.infer = is_true(cx, value)?,
            _ => return Err(type_error(cx, format_args!("paramspec() got an unexpected keyword argument '{key}'"))),
        }
    }
    let Some(name) = name else {
        return Err(type_error(cx, "paramspec() missing required argument 'name' (pos 1)"));
    };
    name_argument(cx, "paramspec", name)?;
    check_variance(cx, variance)?;
    let bound = if bound.is_none() { Value::UNBOUND } else { bound };
    let data = TypeParameter::new(name, variance);
    data.bound.init(bound);
    data.default.init(default);
    let made = new_native(cx, class, data).value();
    remember_module(cx, made)?;
    Ok(made)
}

/// `P.args`.
#[derive(Trace)]
pub struct Part {
    origin: Slot,
}

impl NativeData for Part {
    const NAME: &'static str = "typing.ParamSpecArgs";
}

/// `P.kwargs`.
#[derive(Trace)]
pub struct KeywordPart {
    origin: Slot,
}

impl NativeData for KeywordPart {
    const NAME: &'static str = "typing.ParamSpecKwargs";
}

fn part_repr(cx: &mut Cx, origin: Value, part: &str) -> PyResult {
    let mut builder = StrBuilder::new();
    match origin.cast::<Native<TypeParameter>>() {
        Some(parameter) => builder.push_py(&*str_of(cx, parameter.name.get())?),
        None => builder.push_py(&*repr_of(cx, origin)?),
    }
    builder.push_str(part);
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

fn compare_origins(cx: &mut Cx, a: Value, b: Option<Value>, op: CompareOp) -> PyResult {
    match b.filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne)) {
        Some(b) => compare(cx, a, b, op),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

#[native_class(
    name = "ParamSpecArgs",
    module = "typing",
    layout = Native::<Part>,
    flags = HAVE_GC | IMMUTABLE,
    traits = HAS_WEAKREF,
    doc = "The args for a ParamSpec object.\n\nGiven a ParamSpec object P, P.args returns an instance of ParamSpecArgs.\n\nParamSpecArgs objects have a reference back to their ParamSpec::\n\n    >>> P = ParamSpec(\"P\")\n    >>> P.args.__origin__ is P\n    True\n\nThis type is meant for runtime introspection and has no special meaning\nto static type checkers.\n"
)]
pub mod args {
    use super::*;

    #[slot(new, "ParamSpecArgs(origin)")]
    fn new(cx: &mut Cx, class: Gc<Class>, origin: Value) -> PyResult {
        Ok(new_native(cx, class, Part { origin: Slot::new(origin) }).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<Part>>) -> PyResult {
        part_repr(cx, this.origin.get(), ".args")
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Native<Part>>, other: Value, op: CompareOp) -> PyResult {
        let other = other.cast::<Native<Part>>().map(|part| part.origin.get());
        compare_origins(cx, this.origin.get(), other, op)
    }

    #[getter(__origin__)]
    fn origin(this: Gc<Native<Part>>) -> Value {
        this.origin.get()
    }

    #[method("__mro_entries__($self, object, /)")]
    fn mro_entries(cx: &mut Cx, _this: Value, _bases: Value) -> PyResult {
        Err(cannot_subclass(cx, "ParamSpecArgs"))
    }
}

#[native_class(
    name = "ParamSpecKwargs",
    module = "typing",
    layout = Native::<KeywordPart>,
    flags = HAVE_GC | IMMUTABLE,
    traits = HAS_WEAKREF,
    doc = "The kwargs for a ParamSpec object.\n\nGiven a ParamSpec object P, P.kwargs returns an instance of ParamSpecKwargs.\n\nParamSpecKwargs objects have a reference back to their ParamSpec::\n\n    >>> P = ParamSpec(\"P\")\n    >>> P.kwargs.__origin__ is P\n    True\n\nThis type is meant for runtime introspection and has no special meaning\nto static type checkers.\n"
)]
pub mod kwargs {
    use super::*;

    #[slot(new, "ParamSpecKwargs(origin)")]
    fn new(cx: &mut Cx, class: Gc<Class>, origin: Value) -> PyResult {
        Ok(new_native(cx, class, KeywordPart { origin: Slot::new(origin) }).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<KeywordPart>>) -> PyResult {
        part_repr(cx, this.origin.get(), ".kwargs")
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Native<KeywordPart>>, other: Value, op: CompareOp) -> PyResult {
        let other = other.cast::<Native<KeywordPart>>().map(|part| part.origin.get());
        compare_origins(cx, this.origin.get(), other, op)
    }

    #[getter(__origin__)]
    fn origin(this: Gc<Native<KeywordPart>>) -> Value {
        this.origin.get()
    }

    #[method("__mro_entries__($self, object, /)")]
    fn mro_entries(cx: &mut Cx, _this: Value, _bases: Value) -> PyResult {
        Err(cannot_subclass(cx, "ParamSpecKwargs"))
    }
}
