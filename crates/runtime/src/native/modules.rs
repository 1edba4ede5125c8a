//! Module objects from their definitions.

use crate::error::*;
use object::*;

/// A new module object with the functions, constants and classes of `spec`. Not entered into `sys.modules`.
pub fn module_from_spec(cx: &mut Cx, spec: &'static ModuleSpec) -> PyResult<Gc<Module>> {
    let dict = Dict::new_cells(&mut cx.heap);
    let shape = cx.heap.shapes().module;
    let module = cx.heap.module(shape, dict);
    let name = cx.heap.intern(spec.name);
    let doc = if spec.doc.is_empty() { Value::NONE } else { cx.heap.str(spec.doc) };
    let names = cx.names();
    for (key, value) in [
        (names.__name__, name.value()),
        (names.__doc__, doc),
        (names.__package__, Value::NONE),
        (names.__loader__, Value::NONE),
        (names.__spec__, Value::NONE),
    ] {
        dict.set_str(&mut cx.heap, key, value).or_raise(cx)?;
    }
    for def in spec.functions {
        let function = cx.heap.native_function(def, module.value(), name.value());
        set_module_attr(cx, module, def.name, function.value())?;
    }
    if let Some(init) = spec.init {
        init(cx, module.value())?;
    }
    Ok(module)
}

/// Set an attribute of a module under construction.
pub fn set_module_attr(cx: &mut Cx, module: Gc<Module>, name: &str, value: impl Into<Value>) -> PyResult<()> {
    let value = value.into();
    let name = cx.heap.intern(name);
    module.dict.expect().set_str(&mut cx.heap, name, value).or_raise(cx)
}

/// Make the class of `spec` and add it to the module under its name.
pub fn add_class(cx: &mut Cx, module: Gc<Module>, spec: &'static TypeSpec) -> PyResult<Gc<Class>> {
    let class = super::class_of_spec(cx, spec)?;
    set_module_attr(cx, module, spec.name, class)?;
    Ok(class)
}
