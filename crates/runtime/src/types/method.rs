//! `method`: a function bound to its first argument.

use super::object::identity_hash;
use crate::prelude::*;
use macros::native_class;

#[native_class(
    name = "method",
    layout = BoundMethod,
    flags = HAVE_GC,
    traits = HAS_WEAKREF,
    signature = "(function, instance, /)",
    doc = "Create a bound instance method object."
)]
pub mod class {
    use super::*;

    #[slot(new, "method(function, instance, /)")]
    fn new(cx: &mut Cx, _class: Gc<Class>, function: Value, instance: Value) -> PyResult {
        if cx.class_of(function).slots.call.get().is_none() {
            return Err(type_error(cx, "first argument must be callable"));
        }
        if instance.is_none() {
            return Err(type_error(cx, "instance must not be None"));
        }
        Ok(cx.heap.bound_method(function, instance).value())
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<BoundMethod>, args: Args<'_>) -> PyResult {
        let function = this.function.get();
        crate::call::with_first(cx, this.this.get(), args, |cx, args| call_args(cx, function, args))
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: Gc<BoundMethod>, name: Gc<Str>) -> PyResult {
        let class = cx.class_of(this.value());
        match cx.lookup_class(class, name) {
            Some(found) => match cx.class_of(found).slots.descr_get.get() {
                Some(get) => get(cx, found, this.value(), class.value()),
                None => Ok(found),
            },
            None => get_attr(cx, this.function.get(), name),
        }
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<BoundMethod>) -> PyResult {
        let names = cx.names();
        let function = this.function.get();
        let name = match get_attr_opt(cx, function, names.__qualname__)? {
            Some(name) => Some(name),
            None => get_attr_opt(cx, function, names.__name__)?,
        };
        let instance = repr_of(cx, this.this.get())?;
        let mut builder = StrBuilder::new();
        builder.push_str("<bound method ");
        match name.and_then(|name| name.downcast::<Str>()) {
            Some(name) => builder.push_py(&name),
            None => builder.push_char('?'),
        }
        builder.push_str(" of ");
        builder.push_py(&instance);
        builder.push_char('>');
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<BoundMethod>) -> PyResult<i64> {
        let function = hash_of(cx, this.function.get())?;
        Ok(identity_hash(this.this.get()) ^ function)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<BoundMethod>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<BoundMethod>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = this.this.get().is(other.this.get()) && equals(cx, this.function.get(), other.function.get())?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[slot]
    fn descr_get(this: Gc<BoundMethod>, _object: Value, _owner: Value) -> Value {
        this.value()
    }

    /// the function (or other callable) implementing a method
    #[getter(__func__)]
    fn func(this: Gc<BoundMethod>) -> Value {
        this.function.get()
    }

    /// the instance to which a method is bound
    #[getter(__self__)]
    fn self_(this: Gc<BoundMethod>) -> Value {
        this.this.get()
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<BoundMethod>) -> PyResult {
        let name = cx.names().__doc__;
        get_attr(cx, this.function.get(), name)
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<BoundMethod>) -> PyResult {
        let name = cx.names().__name__;
        let name = get_attr(cx, this.function.get(), name)?;
        let getattr = crate::import::import_attr(cx, "builtins", "getattr")?;
        let args = cx.heap.tuple(&[this.this.get(), name]);
        Ok(cx.heap.tuple(&[getattr, args.value()]).value())
    }
}
