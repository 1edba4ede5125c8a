//! `staticmethod` and `classmethod`.

use super::generic_alias::class_getitem;
use crate::prelude::*;
use crate::typing::instance_attrs::INSTANCE_DICT;
use macros::native_class;

/// Whether a function is marked as abstract.
pub fn is_abstract(cx: &mut Cx, function: Value) -> PyResult<bool> {
    if function.is_none() || function.is_unbound() {
        return Ok(false);
    }
    let name = cx.names().__isabstractmethod__;
    match get_attr_opt(cx, function, name)? {
        Some(flag) => is_true(cx, flag),
        None => Ok(false),
    }
}

/// Take over what describes the wrapped function, as `functools.wraps` does.
fn copy_description(cx: &mut Cx, wrapper: Value, function: Value) -> PyResult<()> {
    let names = cx.names();
    for name in [names.__module__, names.__name__, names.__qualname__, names.__doc__] {
        if let Some(value) = get_attr_opt(cx, function, name)? {
            set_attr(cx, wrapper, name, value)?;
        }
    }
    Ok(())
}

fn wrapper_repr(cx: &mut Cx, kind: &str, function: Value) -> PyResult {
    let mut builder = StrBuilder::new();
    builder.push_str(&format!("<{kind}("));
    builder.push_py(&*repr_of(cx, function)?);
    builder.push_str(")>");
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

/// An attribute that is the wrapped function's, kept in the wrapper's dict once it was asked for or set.
fn forwarded(cx: &mut Cx, wrapper: Value, function: Value, name: Gc<Str>) -> PyResult {
    if let Some(own) = crate::attribute::own_attribute(wrapper, name) {
        return Ok(own);
    }
    let value = get_attr(cx, function, name)?;
    store_own(cx, wrapper, name, Some(value))?;
    Ok(value)
}

fn store_own(cx: &mut Cx, wrapper: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
    let Some(dict) = crate::attribute::instance_dict(cx, wrapper)? else { return Ok(()) };
    match value {
        Some(value) => dict.set_str(&mut cx.heap, name, value).or_raise(cx),
        None if dict.remove_str(name).is_some() => Ok(()),
        None => Err(crate::attribute::no_attribute(cx, wrapper, name)),
    }
}

#[native_class(
    name = "staticmethod",
    layout = StaticMethod,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_DICT,
    signature = "(function, /)",
    doc = "Convert a function to be a static method.\n\nA static method does not receive an implicit first argument.\nTo declare a static method, use this idiom:\n\n     class C:\n         @staticmethod\n         def f(arg1, arg2, argN):\n             ...\n\nIt can be called either on the class (e.g. C.f()) or on an instance\n(e.g. C().f()). Both the class and the instance are ignored, and\nneither is passed implicitly as the first argument to the method.\n\nStatic methods in Python are similar to those found in Java or C++.\nFor a more advanced concept, see the classmethod builtin."
)]
pub mod static_method {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult {
        Ok(cx.heap.static_method(class.instance_shape.get(), Value::NONE).value())
    }

    #[slot(init, "staticmethod(function, /)")]
    fn init(cx: &mut Cx, this: Gc<StaticMethod>, function: Value) -> PyResult<()> {
        this.function.set(this, function);
        copy_description(cx, this.value(), function)
    }

    #[slot]
    fn descr_get(this: Gc<StaticMethod>, _object: Value, _owner: Value) -> Value {
        this.function.get()
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<StaticMethod>, args: Args<'_>) -> PyResult {
        call_args(cx, this.function.get(), args)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<StaticMethod>) -> PyResult {
        wrapper_repr(cx, "staticmethod", this.function.get())
    }

    #[getter(__func__)]
    fn func(this: Gc<StaticMethod>) -> Value {
        this.function.get()
    }

    #[getter(__wrapped__)]
    fn wrapped(this: Gc<StaticMethod>) -> Value {
        this.function.get()
    }

    #[getter(__isabstractmethod__)]
    fn isabstractmethod(cx: &mut Cx, this: Gc<StaticMethod>) -> PyResult<bool> {
        is_abstract(cx, this.function.get())
    }

    #[getter(__dict__)]
    fn dict(cx: &mut Cx, this: Value) -> PyResult {
        (INSTANCE_DICT.get)(cx, this)
    }

    #[getter(__annotations__)]
    fn annotations(cx: &mut Cx, this: Gc<StaticMethod>) -> PyResult {
        let name = cx.names().__annotations__;
        forwarded(cx, this.value(), this.function.get(), name)
    }

    #[setter(__annotations__)]
    fn set_annotations(cx: &mut Cx, this: Value, value: Option<Value>) -> PyResult<()> {
        let name = cx.names().__annotations__;
        store_own(cx, this, name, value)
    }

    #[getter(__annotate__)]
    fn annotate(cx: &mut Cx, this: Gc<StaticMethod>) -> PyResult {
        let name = cx.names().__annotate__;
        forwarded(cx, this.value(), this.function.get(), name)
    }

    #[setter(__annotate__)]
    fn set_annotate(cx: &mut Cx, this: Value, value: Option<Value>) -> PyResult<()> {
        let name = cx.names().__annotate__;
        store_own(cx, this, name, value)
    }

    #[classmethod("__class_getitem__($type, object, /)")]
    fn getitem(cx: &mut Cx, class: Value, object: Value) -> PyResult {
        class_getitem(cx, class, object)
    }
}

#[native_class(
    name = "classmethod",
    layout = ClassMethod,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_DICT,
    signature = "(function, /)",
    doc = "Convert a function to be a class method.\n\nA class method receives the class as implicit first argument,\njust like an instance method receives the instance.\nTo declare a class method, use this idiom:\n\n  class C:\n      @classmethod\n      def f(cls, arg1, arg2, argN):\n          ...\n\nIt can be called either on the class (e.g. C.f()) or on an instance\n(e.g. C().f()).  The instance is ignored except for its class.\nIf a class method is called for a derived class, the derived class\nobject is passed as the implied first argument.\n\nClass methods are different than C++ or Java static methods.\nIf you want those, see the staticmethod builtin."
)]
pub mod class_method {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult {
        Ok(cx.heap.class_method(class.instance_shape.get(), Value::NONE).value())
    }

    #[slot(init, "classmethod(function, /)")]
    fn init(cx: &mut Cx, this: Gc<ClassMethod>, function: Value) -> PyResult<()> {
        this.function.set(this, function);
        copy_description(cx, this.value(), function)
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<ClassMethod>, object: Value, owner: Value) -> Value {
        let owner = if owner.is_unbound() || owner.is_none() { cx.class_of(object).value() } else { owner };
        cx.heap.bound_method(this.function.get(), owner).value()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<ClassMethod>) -> PyResult {
        wrapper_repr(cx, "classmethod", this.function.get())
    }

    #[getter(__func__)]
    fn func(this: Gc<ClassMethod>) -> Value {
        this.function.get()
    }

    #[getter(__wrapped__)]
    fn wrapped(this: Gc<ClassMethod>) -> Value {
        this.function.get()
    }

    #[getter(__isabstractmethod__)]
    fn isabstractmethod(cx: &mut Cx, this: Gc<ClassMethod>) -> PyResult<bool> {
        is_abstract(cx, this.function.get())
    }

    #[getter(__dict__)]
    fn dict(cx: &mut Cx, this: Value) -> PyResult {
        (INSTANCE_DICT.get)(cx, this)
    }

    #[getter(__annotations__)]
    fn annotations(cx: &mut Cx, this: Gc<ClassMethod>) -> PyResult {
        let name = cx.names().__annotations__;
        forwarded(cx, this.value(), this.function.get(), name)
    }

    #[setter(__annotations__)]
    fn set_annotations(cx: &mut Cx, this: Value, value: Option<Value>) -> PyResult<()> {
        let name = cx.names().__annotations__;
        store_own(cx, this, name, value)
    }

    #[getter(__annotate__)]
    fn annotate(cx: &mut Cx, this: Gc<ClassMethod>) -> PyResult {
        let name = cx.names().__annotate__;
        forwarded(cx, this.value(), this.function.get(), name)
    }

    #[setter(__annotate__)]
    fn set_annotate(cx: &mut Cx, this: Value, value: Option<Value>) -> PyResult<()> {
        let name = cx.names().__annotate__;
        store_own(cx, this, name, value)
    }

    #[classmethod("__class_getitem__($type, object, /)")]
    fn getitem(cx: &mut Cx, class: Value, object: Value) -> PyResult {
        class_getitem(cx, class, object)
    }
}
