//! `typing.Union`, also known as `types.UnionType`: `int | str`.

use super::generic_alias::{GenericAlias, collect_parameters, substitute, write_item};
use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use macros::{Trace, native_class};

/// A union of at least two different types.
#[derive(Trace)]
pub struct UnionData {
    pub args: GcSlot<Tuple>,
    /// Computed when first asked for.
    parameters: GcSlot<Tuple>,
}

impl NativeData for UnionData {
    const NAME: &'static str = "typing.Union";
}

type Union = Gc<Native<UnionData>>;

#[native_class(
    name = "Union",
    module = "typing",
    layout = Native::<UnionData>,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    traits = HAS_WEAKREF,
    doc = "Represent a union type\n\nE.g. for int | str"
)]
pub mod class {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Union) -> PyResult {
        let mut builder = StrBuilder::new();
        for (i, arg) in this.args.expect().iter().enumerate() {
            if i > 0 {
                builder.push_str(" | ");
            }
            if arg.is(cx.types().NoneType.value()) {
                builder.push_str("None");
            } else {
                write_item(cx, arg, &mut builder)?;
            }
        }
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Union) -> PyResult<i64> {
        // Independent of the order, since equality is.
        let mut hash = 0x345_678_i64;
        for arg in this.args.expect().iter() {
            hash ^= hash_of(cx, arg)?.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64).rotate_left(17);
        }
        Ok(hash)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Union, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<UnionData>>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne))
        else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let (a, b) = (this.args.expect(), other.args.expect());
        let mut equal = a.len() == b.len();
        for arg in a.iter() {
            equal = equal && contains(cx, b.value(), arg)?;
        }
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Union, item: Value) -> PyResult {
        let parameters = parameters_of(cx, this)?;
        let args = substitute(cx, this.value(), this.args.expect(), parameters, item)?;
        from_args(cx, args)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        type_or(cx, left, right)
    }

    #[getter(__args__)]
    fn args(this: Union) -> Gc<Tuple> {
        this.args.expect()
    }

    #[getter(__parameters__)]
    fn parameters(cx: &mut Cx, this: Union) -> PyResult<Gc<Tuple>> {
        parameters_of(cx, this)
    }

    #[getter(__origin__)]
    fn origin(cx: &mut Cx, _this: Union) -> PyResult<Gc<Class>> {
        class_of_spec(cx, &SPEC)
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, _this: Union) -> Value {
        cx.heap.intern("Union").value()
    }

    #[getter(__qualname__)]
    fn qualname(cx: &mut Cx, _this: Union) -> Value {
        cx.heap.intern("Union").value()
    }

    #[method("__mro_entries__($self, object, /)")]
    fn mro_entries(cx: &mut Cx, this: Union, _bases: Value) -> PyResult {
        let shown = repr_of(cx, this.value())?;
        Err(type_error(cx, format_args!("Cannot subclass {shown}")))
    }

    #[method("__instancecheck__($self, instance, /)")]
    fn instancecheck(cx: &mut Cx, this: Union, instance: Value) -> PyResult<bool> {
        let args = this.args.expect();
        super::super::type_check::is_instance_of(cx, instance, args.value())
    }

    #[method("__subclasscheck__($self, cls, /)")]
    fn subclasscheck(cx: &mut Cx, this: Union, cls: Value) -> PyResult<bool> {
        let args = this.args.expect();
        super::super::type_check::is_subclass_of(cx, cls, args.value())
    }

    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, _class: Value, item: Value) -> PyResult {
        let args = match item.downcast::<Tuple>() {
            Some(args) if args.is_empty() => {
                return Err(type_error(cx, "Cannot take a Union of no types."));
            }
            Some(args) => args,
            None => cx.heap.tuple(&[item]),
        };
        from_args(cx, args)
    }
}

/// Whether `value` is a union.
pub fn is_union(value: Value) -> bool {
    value.is_a::<Native<UnionData>>()
}

/// The members of a union, for a class check.
pub fn members(value: Value) -> Gc<Tuple> {
    value.cast::<Native<UnionData>>().expect("the caller checked that this is a union").args.expect()
}

fn parameters_of(cx: &mut Cx, union: Union) -> PyResult<Gc<Tuple>> {
    if let Some(parameters) = union.parameters.get() {
        return Ok(parameters);
    }
    let parameters = collect_parameters(cx, union.args.expect())?;
    union.parameters.set(union, parameters);
    Ok(parameters)
}

fn is_unionable(cx: &Cx, value: Value) -> bool {
    value.is_none()
        || value.is_a::<Class>()
        || value.is_a::<Native<GenericAlias>>()
        || value.is_a::<Native<UnionData>>()
        || cx.class_of(value).display_name() == "TypeAliasType"
}

/// `left | right` of types.
pub fn type_or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
    // A union takes whatever it is joined with.
    if !is_union(left) && !is_union(right) && !(is_unionable(cx, left) && is_unionable(cx, right)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let parts = cx.vm().root_vec();
    for mut part in [left, right] {
        if part.downcast::<Str>().is_some() {
            part = checked_member(cx, part)?;
        }
        add(cx, &parts, part)?;
    }
    finish(cx, &parts)
}

/// What `typing` makes of a member that is no type.
fn checked_member(cx: &mut Cx, member: Value) -> PyResult {
    let check = crate::import::import_attr(cx, "typing", "_type_check")?;
    let message = cx.heap.str("Union[arg, ...]: each arg must be a type.");
    call(cx, check, &[member, message])
}

/// `Union[args]`.
pub fn from_args(cx: &mut Cx, args: Gc<Tuple>) -> PyResult {
    let parts = cx.vm().root_vec();
    for i in 0..args.len() {
        let mut arg = args.get(i);
        if !is_unionable(cx, arg) {
            arg = checked_member(cx, arg)?;
        }
        add(cx, &parts, arg)?;
    }
    finish(cx, &parts)
}

/// Add a member, flattening unions and leaving out what is there already.
fn add(cx: &mut Cx, parts: &RootVec, value: Value) -> PyResult<()> {
    if let Some(union) = value.cast::<Native<UnionData>>() {
        let args = union.args.expect();
        for i in 0..args.len() {
            add(cx, parts, args.get(i))?;
        }
        return Ok(());
    }
    let value = if value.is_none() { cx.types().NoneType.value() } else { value };
    for i in 0..parts.len() {
        if equals(cx, parts.get(i), value)? {
            return Ok(());
        }
    }
    parts.push(value);
    Ok(())
}

fn finish(cx: &mut Cx, parts: &RootVec) -> PyResult {
    if parts.len() == 1 {
        return Ok(parts.get(0));
    }
    let args = Tuple::from_fn(&mut cx.heap, parts.len(), |i| parts.get(i)).or_raise(cx)?;
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_native(cx, class, UnionData { args: GcSlot::of(args), parameters: GcSlot::new(None) }).value())
}
