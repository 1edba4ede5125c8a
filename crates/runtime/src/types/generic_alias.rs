//! `types.GenericAlias`: `list[int]` and the like, and the substitution of type parameters.

use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use macros::{Trace, native_class};

/// A subscripted class.
#[derive(Trace)]
pub struct GenericAlias {
    pub origin: Slot,
    pub args: GcSlot<Tuple>,
    /// Computed when first asked for.
    pub parameters: GcSlot<Tuple>,
    /// `*tuple[int, ...]`
    pub starred: bool,
}

impl NativeData for GenericAlias {
    const NAME: &'static str = "types.GenericAlias";
}

pub type Alias = Gc<Native<GenericAlias>>;

/// Names looked up on the alias itself; all others are the origin's.
const OWN: [&str; 9] = [
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];
/// Names that are not passed on either.
const BLOCKED: [&str; 3] = ["__bases__", "__copy__", "__deepcopy__"];

#[native_class(
    name = "GenericAlias",
    module = "types",
    layout = Native::<GenericAlias>,
    flags = HAVE_GC | BASETYPE,
    traits = HAS_WEAKREF,
    signature = "(origin, args, /)",
    doc = "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,)."
)]
pub mod class {
    use super::*;

    #[slot(new, "GenericAlias(origin, args, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, origin: Value, args: Value) -> PyResult {
        let args = args_tuple(cx, args);
        Ok(new_native(cx, class, data(origin, args, false)).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Alias) -> PyResult {
        let mut builder = StrBuilder::new();
        if this.starred {
            builder.push_char('*');
        }
        write_item(cx, this.origin.get(), &mut builder)?;
        builder.push_char('[');
        let args = this.args.expect();
        if args.is_empty() {
            builder.push_str("()");
        }
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                builder.push_str(", ");
            }
            match arg.cast::<List>() {
                Some(list) => write_list(cx, list, &mut builder)?,
                None => write_item(cx, arg, &mut builder)?,
            }
        }
        builder.push_char(']');
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Alias) -> PyResult<i64> {
        let origin = hash_of(cx, this.origin.get())?;
        Ok(origin ^ hash_of(cx, this.args.expect().value())?)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Alias, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<GenericAlias>>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne))
        else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = this.starred == other.starred
            && equals(cx, this.origin.get(), other.origin.get())?
            && equals(cx, this.args.expect().value(), other.args.expect().value())?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Alias, args: Args<'_>) -> PyResult {
        let object = call_args(cx, this.origin.get(), args)?;
        let name = cx.names().__orig_class__;
        if let Err(raised) = set_attr(cx, object, name, this.value()) {
            let types = cx.types();
            if !cx.raised_is(types.AttributeError) && !cx.raised_is(types.TypeError) {
                return Err(raised);
            }
            cx.take_raised(raised);
        }
        Ok(object)
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: Alias, name: Gc<Str>) -> PyResult {
        let is_own = |name: Gc<Str>| name.as_ascii().is_some_and(|n| OWN.contains(&n) || BLOCKED.contains(&n));
        if is_own(name) { generic_get_attr(cx, this.value(), name) } else { get_attr(cx, this.origin.get(), name) }
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Alias, item: Value) -> PyResult {
        let parameters = parameters_of(cx, this)?;
        let args = substitute(cx, this.value(), this.args.expect(), parameters, item)?;
        let origin = this.origin.get();
        if this.starred {
            let class = cx.class_of(this.value());
            return Ok(new_native(cx, class, data(origin, args, true)).value());
        }
        alias(cx, origin, args)
    }

    /// The one item is the unpacked alias.
    #[slot]
    fn iter(cx: &mut Cx, this: Alias) -> PyResult {
        let class = class_of_spec(cx, &SPEC)?;
        let starred = new_native(cx, class, data(this.origin.get(), this.args.expect(), true));
        let items = cx.heap.tuple(&[starred.value()]);
        Ok(cx.heap.tuple_iter(items).value())
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        super::super::union::type_or(cx, left, right)
    }

    #[getter(__origin__)]
    fn origin(this: Alias) -> Value {
        this.origin.get()
    }

    #[getter(__args__)]
    fn args(this: Alias) -> Gc<Tuple> {
        this.args.expect()
    }

    #[getter(__unpacked__)]
    fn unpacked(this: Alias) -> bool {
        this.starred
    }

    #[getter(__parameters__)]
    fn parameters(cx: &mut Cx, this: Alias) -> PyResult<Gc<Tuple>> {
        parameters_of(cx, this)
    }

    #[getter(__typing_unpacked_tuple_args__)]
    fn unpacked_tuple_args(cx: &mut Cx, this: Alias) -> Value {
        if this.starred && this.origin.get().is(cx.types().tuple.value()) {
            this.args.expect().value()
        } else {
            Value::NONE
        }
    }

    #[method("__mro_entries__($self, bases, /)")]
    fn mro_entries(cx: &mut Cx, this: Alias, _bases: Value) -> Gc<Tuple> {
        cx.heap.tuple(&[this.origin.get()])
    }

    #[method("__instancecheck__($self, instance, /)")]
    fn instancecheck(cx: &mut Cx, _this: Alias, _instance: Value) -> PyResult {
        Err(type_error(cx, "isinstance() argument 2 cannot be a parameterized generic"))
    }

    #[method("__subclasscheck__($self, cls, /)")]
    fn subclasscheck(cx: &mut Cx, _this: Alias, _cls: Value) -> PyResult {
        Err(type_error(cx, "issubclass() argument 2 cannot be a parameterized generic"))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Alias) -> PyResult {
        let (origin, args) = (this.origin.get(), this.args.expect());
        if this.starred {
            let plain = alias(cx, origin, args)?;
            let iterator = get_iter(cx, plain)?;
            let next = crate::import::import_attr(cx, "builtins", "next")?;
            let args = cx.heap.tuple(&[iterator]);
            return Ok(cx.heap.tuple(&[next, args.value()]).value());
        }
        let class = cx.class_of(this.value()).value();
        let args = cx.heap.tuple(&[origin, args.value()]);
        Ok(cx.heap.tuple(&[class, args.value()]).value())
    }

    #[method("__dir__($self, /)")]
    fn dir(cx: &mut Cx, this: Alias) -> PyResult {
        let names = crate::functions::dir_of(cx, this.origin.get())?;
        let names = to_list(cx, names)?;
        for own in OWN {
            let own = cx.heap.intern(own).value();
            if !contains(cx, names.value(), own)? {
                names.push(&mut cx.heap, own).or_raise(cx)?;
            }
        }
        Ok(names.value())
    }
}

fn data(origin: Value, args: Gc<Tuple>, starred: bool) -> GenericAlias {
    GenericAlias { origin: Slot::new(origin), args: GcSlot::of(args), parameters: GcSlot::new(None), starred }
}

fn args_tuple(cx: &mut Cx, args: Value) -> Gc<Tuple> {
    match args.downcast::<Tuple>() {
        Some(args) => args,
        None => cx.heap.tuple(&[args]),
    }
}

/// `origin[args]`.
pub fn alias(cx: &mut Cx, origin: Value, args: Gc<Tuple>) -> PyResult {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_native(cx, class, data(origin, args, false)).value())
}

/// The class method `__class_getitem__` of generic built-in classes.
pub fn class_getitem(cx: &mut Cx, class: Value, args: Value) -> PyResult {
    let args = args_tuple(cx, args);
    alias(cx, class, args)
}

/// Definition of the class method `__class_getitem__`, for tables written by hand.
pub const CLASS_GETITEM: NativeDef = NativeDef {
    name: "__class_getitem__",
    signature: "($type, object, /)",
    doc: "See PEP 585",
    owner: "type",
    binding: Binding::ClassMethod,
    params: &[
        Param { name: "type", kind: ParamKind::PositionalOnly, required: true },
        Param { name: "object", kind: ParamKind::PositionalOnly, required: true },
    ],
    min_args: 2,
    max_args: 2,
    entry: Entry::F2(class_getitem),
};

/// How messages and reprs show an argument: `int`, `collections.abc.Callable`, `...`.
pub fn write_item(cx: &mut Cx, item: Value, builder: &mut StrBuilder) -> PyResult<()> {
    let names = cx.names();
    if item.is(Value::ELLIPSIS) {
        builder.push_str("...");
        return Ok(());
    }
    let is_alias =
        get_attr_opt(cx, item, names.__origin__)?.is_some() && get_attr_opt(cx, item, names.__args__)?.is_some();
    if !is_alias
        && let Some(qualname) = get_attr_opt(cx, item, names.__qualname__)?
        && let Some(module) = get_attr_opt(cx, item, names.__module__)?
        && !module.is_none()
    {
        let module = str_of(cx, module)?;
        if !module.eq_str("builtins") {
            builder.push_py(&module);
            builder.push_char('.');
        }
        builder.push_py(&*str_of(cx, qualname)?);
        return Ok(());
    }
    builder.push_py(&*repr_of(cx, item)?);
    Ok(())
}

fn write_list(cx: &mut Cx, list: Gc<List>, builder: &mut StrBuilder) -> PyResult<()> {
    builder.push_char('[');
    let mut i = 0;
    while let Some(item) = list.get(i) {
        if i > 0 {
            builder.push_str(", ");
        }
        write_item(cx, item, builder)?;
        i += 1;
    }
    builder.push_char(']');
    Ok(())
}

fn parameters_of(cx: &mut Cx, alias: Alias) -> PyResult<Gc<Tuple>> {
    if let Some(parameters) = alias.parameters.get() {
        return Ok(parameters);
    }
    let parameters = collect_parameters(cx, alias.args.expect())?;
    alias.parameters.set(alias, parameters);
    Ok(parameters)
}

/// The type parameters in `args`, each once, in order of appearance.
pub fn collect_parameters(cx: &mut Cx, args: Gc<Tuple>) -> PyResult<Gc<Tuple>> {
    let found = cx.vm().root_vec();
    collect(cx, args, &found)?;
    Tuple::from_fn(&mut cx.heap, found.len(), |i| found.get(i)).or_raise(cx)
}

fn collect(cx: &mut Cx, args: Gc<Tuple>, found: &RootVec) -> PyResult<()> {
    crate::call::check_native_stack(cx, " in __parameter__ calculation")?;
    let names = cx.names();
    let add = |value: Value| {
        if !found.iter().any(|seen| seen.is(value)) {
            found.push(value);
        }
    };
    for i in 0..args.len() {
        let arg = args.get(i);
        if arg.is_a::<Class>() {
            // A class is no parameter, even if its instances are.
            continue;
        }
        if get_attr_opt(cx, arg, names.__typing_subst__)?.is_some() {
            add(arg);
        } else if let Some(list) = arg.cast::<List>() {
            let inner = crate::iterate::list_to_tuple(cx, list)?;
            collect(cx, inner, found)?;
        } else if let Some(inner) = arg.cast::<Tuple>() {
            collect(cx, inner, found)?;
        } else if let Some(inner) = get_attr_opt(cx, arg, names.__parameters__)?
            && let Some(inner) = inner.downcast::<Tuple>()
        {
            inner.iter().for_each(add);
        }
    }
    Ok(())
}

/// Spread unpacked tuples (`*tuple[int, str]`) in the items of a subscript.
fn unpack_items(cx: &mut Cx, item: Value) -> PyResult<RootVec> {
    let items = cx.vm().root_vec();
    let given = args_tuple(cx, item);
    let name = cx.names().__typing_unpacked_tuple_args__;
    for i in 0..given.len() {
        let item = given.get(i);
        let inner = if item.is_a::<Class>() { None } else { get_attr_opt(cx, item, name)? };
        match inner.and_then(|inner| inner.downcast::<Tuple>()) {
            // An unbounded tuple stays as it is.
            Some(inner) if inner.as_slice().last().is_none_or(|last| !last.is(Value::ELLIPSIS)) => {
                inner.iter().for_each(|value| items.push(value));
            }
            _ => items.push(item),
        }
    }
    Ok(items)
}

/// `args` with `parameters` replaced by the items of a subscript.
pub fn substitute(
    cx: &mut Cx,
    alias: Value,
    args: Gc<Tuple>,
    parameters: Gc<Tuple>,
    item: Value,
) -> PyResult<Gc<Tuple>> {
    if parameters.is_empty() {
        let shown = repr_of(cx, alias)?;
        return Err(type_error(cx, format_args!("{shown} is not a generic class")));
    }
    let items = unpack_items(cx, item)?;
    let mut items = Tuple::from_fn(&mut cx.heap, items.len(), |i| items.get(i)).or_raise(cx)?;
    let prepare = cx.names().__typing_prepare_subst__;
    for i in 0..parameters.len() {
        if let Some(prepare) = get_attr_opt(cx, parameters.get(i), prepare)?
            && !prepare.is_none()
        {
            let prepared = call(cx, prepare, &[alias, items.value()])?;
            items = args_tuple(cx, prepared);
        }
    }
    let (given, expected) = (items.len(), parameters.len());
    if given != expected {
        let shown = repr_of(cx, alias)?;
        let how = if given > expected { "many" } else { "few" };
        return Err(type_error(
            cx,
            format_args!("Too {how} arguments for {shown}; actual {given}, expected {expected}"),
        ));
    }
    let new = cx.vm().root_vec();
    substitute_into(cx, args, parameters, items, &new)?;
    Tuple::from_fn(&mut cx.heap, new.len(), |i| new.get(i)).or_raise(cx)
}

fn substitute_into(
    cx: &mut Cx,
    args: Gc<Tuple>,
    parameters: Gc<Tuple>,
    items: Gc<Tuple>,
    new: &RootVec,
) -> PyResult<()> {
    let names = cx.names();
    crate::call::check_native_stack(cx, " in __parameter__ calculation")?;
    let is_unpacked = cx.heap.intern("__typing_is_unpacked_typevartuple__");
    for i in 0..args.len() {
        let arg = args.get(i);
        if arg.is_a::<Class>() {
            new.push(arg);
            continue;
        }
        if arg.is_a::<Tuple>() || arg.is_a::<List>() {
            let inner = to_tuple(cx, arg)?;
            let replaced = cx.vm().root_vec();
            substitute_into(cx, inner, parameters, items, &replaced)?;
            let replaced = Tuple::from_fn(&mut cx.heap, replaced.len(), |i| replaced.get(i)).or_raise(cx)?;
            let value = if arg.is_a::<List>() { to_list(cx, replaced.value())?.value() } else { replaced.value() };
            new.push(value);
            continue;
        }
        let unpack = match get_attr_opt(cx, arg, is_unpacked)? {
            Some(flag) => is_true(cx, flag)?,
            None => false,
        };
        let replaced = match get_attr_opt(cx, arg, names.__typing_subst__)? {
            Some(subst) => {
                let Some(at) = parameters.iter().position(|p| p.is(arg)) else {
                    let shown = repr_of(cx, arg)?;
                    let message = format!("argument {shown} with __typing_subst__ was not found in __parameters__");
                    return Err(type_error(cx, message));
                };
                call(cx, subst, &[items.get(at)])?
            }
            None => substitute_nested(cx, arg, parameters, items)?,
        };
        if !unpack {
            new.push(replaced);
            continue;
        }
        let Some(several) = replaced.downcast::<Tuple>() else {
            let (original, found) = (type_name(cx, arg), type_name(cx, replaced));
            return Err(type_error(
                cx,
                format_args!("expected __typing_subst__ of {original} objects to return a tuple, not {found}"),
            ));
        };
        several.iter().for_each(|value| new.push(value));
    }
    Ok(())
}

/// A subscripted argument with its own parameters replaced.
fn substitute_nested(cx: &mut Cx, arg: Value, parameters: Gc<Tuple>, items: Gc<Tuple>) -> PyResult {
    let name = cx.names().__parameters__;
    let own = get_attr_opt(cx, arg, name)?.and_then(|own| own.downcast::<Tuple>()).filter(|own| !own.is_empty());
    let Some(own) = own else { return Ok(arg) };
    let values = cx.vm().root_vec();
    for parameter in own.iter() {
        match parameters.iter().position(|p| p.is(parameter)) {
            Some(at) => {
                let item = items.get(at);
                // A TypeVarTuple stands for several values.
                let is_variadic = cx.class_of(parameter).slots.iter.get().is_some();
                match item.downcast::<Tuple>().filter(|_| is_variadic) {
                    Some(several) => several.iter().for_each(|value| values.push(value)),
                    None => values.push(item),
                }
            }
            None => values.push(parameter),
        }
    }
    let values = Tuple::from_fn(&mut cx.heap, values.len(), |i| values.get(i)).or_raise(cx)?;
    get_item(cx, arg, values.value())
}
