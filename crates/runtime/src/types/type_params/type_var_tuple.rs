//! `typing.TypeVarTuple`.

use super::*;
use macros::native_class;

#[native_class(
    name = "TypeVarTuple",
    module = "typing",
    layout = Native::<TypeParameter>,
    flags = HAVE_GC | IMMUTABLE,
    traits = HAS_DICT | HAS_WEAKREF,
    signature = "(name, *, default=typing.NoDefault)",
    doc = "Type variable tuple. A specialized form of type variable that enables\nvariadic generics.\n\nThe preferred way to construct a type variable tuple is via the\ndedicated syntax for generic functions, classes, and type aliases,\nwhere a single '*' indicates a type variable tuple::\n\n    def move_first_element_to_last[T, *Ts](tup: tuple[T, *Ts]) -> tuple[*Ts, T]:\n        return (*tup[1:], tup[0])\n"
)]
pub mod class {
    use super::*;

    #[slot(new, "TypeVarTuple(name, *, default=<unrepresentable>)")]
    fn new(cx: &mut Cx, class: Gc<Class>, name: Value, default: Option<Value>) -> PyResult {
        name_argument(cx, "typevartuple", name)?;
        let data = TypeParameter::new(name, INFERRED);
        data.default.init(default.unwrap_or(Value::NO_DEFAULT));
        let made = new_native(cx, class, data).value();
        remember_module(cx, made)?;
        Ok(made)
    }

    #[slot]
    fn repr(this: Parameter) -> Value {
        this.name.get()
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Parameter) -> PyResult {
        let unpacked = unpack(cx, this.value())?;
        let items = cx.heap.tuple(&[unpacked]);
        Ok(cx.heap.tuple_iter(items).value())
    }

    #[getter(__name__)]
    fn name(this: Parameter) -> Value {
        this.name.get()
    }

    #[getter(__default__)]
    fn default(cx: &mut Cx, this: Parameter) -> PyResult {
        default_of(cx, this)
    }

    #[getter]
    fn evaluate_default(cx: &mut Cx, this: Parameter) -> PyResult {
        evaluator_of(cx, this.default.get(), this.evaluate_default.get())
    }

    #[method("__typing_subst__($self, arg, /)")]
    fn subst(cx: &mut Cx, _this: Value, _arg: Value) -> PyResult {
        Err(type_error(cx, "Substitution of bare TypeVarTuple is not supported"))
    }

    #[method("__typing_prepare_subst__($self, alias, args, /)")]
    fn prepare_subst(cx: &mut Cx, this: Value, alias: Value, args: Value) -> PyResult {
        call_typing(cx, "_typevartuple_prepare_subst", &[this, alias, args])
    }

    #[method("__reduce__($self, /)")]
    fn reduce(this: Parameter) -> Value {
        this.name.get()
    }

    #[method("__mro_entries__($self, object, /)")]
    fn mro_entries(cx: &mut Cx, _this: Parameter, _bases: Value) -> PyResult {
        Err(cannot_subclass(cx, "TypeVarTuple"))
    }

    /// Whether there is a default.
    #[method("has_default($self, /)")]
    fn has_default_method(this: Parameter) -> bool {
        has_default(this)
    }
}
