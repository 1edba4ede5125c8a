//! `typing.TypeVar`.

use super::*;
use macros::native_class;

#[native_class(
    name = "TypeVar",
    module = "typing",
    layout = Native::<TypeParameter>,
    flags = HAVE_GC | IMMUTABLE,
    traits = HAS_DICT | HAS_WEAKREF,
    signature = "(name, *constraints, bound=None, default=typing.NoDefault,\n        covariant=False, contravariant=False, infer_variance=False)",
    doc = "Type variable.\n\nThe preferred way to construct a type variable is via the dedicated\nsyntax for generic functions, classes, and type aliases::\n\n    class Sequence[T]:  # T is a TypeVar\n        ...\n\nThis syntax can also be used to create bound and constrained type\nvariables::\n\n    # S is a TypeVar bound to str\n    class StrSequence[S: str]:\n        ...\n\n    # A is a TypeVar constrained to str or bytes\n    class StrOrBytesSequence[A: (str, bytes)]:\n        ...\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        construct(cx, class, args)
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

    #[getter(__bound__)]
    fn bound(cx: &mut Cx, this: Parameter) -> PyResult {
        Ok(lazily(cx, this, &this.bound, &this.evaluate_bound)?.bound().unwrap_or(Value::NONE))
    }

    #[getter(__constraints__)]
    fn constraints(cx: &mut Cx, this: Parameter) -> PyResult {
        let empty = cx.vm().empty_tuple().value();
        Ok(lazily(cx, this, &this.constraints, &this.evaluate_constraints)?.bound().unwrap_or(empty))
    }

    #[getter(__default__)]
    fn default(cx: &mut Cx, this: Parameter) -> PyResult {
        default_of(cx, this)
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

    #[getter]
    fn evaluate_bound(cx: &mut Cx, this: Parameter) -> PyResult {
        evaluator_of(cx, this.bound.get(), this.evaluate_bound.get())
    }

    #[getter]
    fn evaluate_constraints(cx: &mut Cx, this: Parameter) -> PyResult {
        evaluator_of(cx, this.constraints.get(), this.evaluate_constraints.get())
    }

    #[getter]
    fn evaluate_default(cx: &mut Cx, this: Parameter) -> PyResult {
        evaluator_of(cx, this.default.get(), this.evaluate_default.get())
    }

    #[method("__typing_subst__($self, arg, /)")]
    fn subst(cx: &mut Cx, this: Value, arg: Value) -> PyResult {
        call_typing(cx, "_typevar_subst", &[this, arg])
    }

    #[method("__typing_prepare_subst__($self, alias, args, /)")]
    fn prepare_subst(cx: &mut Cx, this: Parameter, alias: Value, args: Value) -> PyResult {
        let name = cx.names().__parameters__;
        let parameters = get_attr(cx, alias, name)?;
        let parameters = to_tuple(cx, parameters)?;
        let given = to_tuple(cx, args)?;
        let at = parameters.iter().position(|p| p.is(this.value())).unwrap_or(0);
        if at < given.len() {
            return Ok(args);
        }
        if at == given.len() && has_default(this) {
            let default = default_of(cx, this)?;
            let n = given.len();
            let longer = Tuple::from_fn(&mut cx.heap, n + 1, |i| if i < n { given.get(i) } else { default });
            return Ok(longer.or_raise(cx)?.value());
        }
        let shown = str_of(cx, alias)?;
        Err(type_error(cx, format_args!("Too few arguments for {shown}")))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(this: Parameter) -> Value {
        this.name.get()
    }

    #[method("__mro_entries__($self, object, /)")]
    fn mro_entries(cx: &mut Cx, _this: Parameter, _bases: Value) -> PyResult {
        Err(cannot_subclass(cx, "TypeVar"))
    }

    /// Whether there is a default.
    #[method("has_default($self, /)")]
    fn has_default_method(this: Parameter) -> bool {
        has_default(this)
    }
}

fn construct(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    let mut name = args.positional().first().copied();
    let (mut bound, mut default) = (Value::NONE, Value::NO_DEFAULT);
    let mut variance = Variance::default();
    for (key, value) in args.keywords() {
        match key.as_ascii() {
            Some("name") if name.is_none() => name = Some(value),
            Some("bound") => bound = value,
            Some("default") => default = value,
            Some("covariant") => variance.covariant = is_true(cx, value)?,
            Some("contravariant") => variance.contravariant = is_true(cx, value)?,
            Some("infer_variance") => variance.infer = is_true(cx, value)?,
            _ => return Err(type_error(cx, format_args!("typevar() got an unexpected keyword argument '{key}'"))),
        }
    }
    let Some(name) = name else {
        return Err(type_error(cx, "typevar() missing required argument 'name' (pos 1)"));
    };
    name_argument(cx, "typevar", name)?;
    check_variance(cx, variance)?;
    let bound = if bound.is_none() { Value::UNBOUND } else { type_check(cx, bound, "Bound must be a type.")? };
    let constraints = args.positional().get(1..).unwrap_or(&[]);
    if constraints.len() == 1 {
        return Err(type_error(cx, "A single constraint is not allowed"));
    }
    if constraints.len() > 1 && bound.is_bound() {
        return Err(type_error(cx, "Constraints cannot be combined with bound=..."));
    }
    let data = TypeParameter::new(name, variance);
    data.bound.init(bound);
    if !constraints.is_empty() {
        let checked = cx.vm().root_vec();
        for &constraint in constraints {
            let constraint = type_check(cx, constraint, "TypeVar(name, constraint, ...): constraints must be types.")?;
            checked.push(constraint);
        }
        let constraints = Tuple::from_fn(&mut cx.heap, checked.len(), |i| checked.get(i)).or_raise(cx)?;
        data.constraints.init(constraints.value());
    }
    data.default.init(default);
    let made = new_native(cx, class, data).value();
    remember_module(cx, made)?;
    Ok(made)
}
