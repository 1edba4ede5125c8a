//! Classes that native modules make as a `class` statement would.

use runtime::prelude::*;

/// A new exception class `module.name`.
pub fn exception_class(cx: &mut Cx, module: &str, name: &str, bases: &[Gc<Class>]) -> PyResult<Gc<Class>> {
    let namespace = Dict::new(&mut cx.heap);
    let (key, module) = (cx.names().__module__, cx.heap.intern(module));
    namespace.set_str(&mut cx.heap, key, module.value()).or_raise(cx)?;
    let bases = Tuple::from_fn(&mut cx.heap, bases.len(), |i| bases[i].value()).or_raise(cx)?;
    let name = cx.heap.intern(name);
    let meta = cx.types().type_;
    runtime::typing::new_class(cx, meta, name, bases, namespace)
}

/// Add the members of other definitions, which several classes share or which have a file of their own.
pub fn add_members(cx: &mut Cx, class: Gc<Class>, specs: &[&'static TypeSpec]) -> PyResult<()> {
    let shape = cx.heap.shapes().method_descriptor;
    let dict = class.dict.expect();
    for spec in specs {
        for def in spec.methods {
            let name = cx.heap.intern(def.name);
            if dict.get_str(name).is_none() {
                let method = cx.heap.method_descriptor(shape, class, def);
                dict.set_str(&mut cx.heap, name, method.value()).or_raise(cx)?;
            }
        }
        for def in spec.getset {
            let name = cx.heap.intern(def.name);
            let attribute = cx.heap.getset_descriptor(class, def);
            dict.set_str(&mut cx.heap, name, attribute.value()).or_raise(cx)?;
        }
    }
    Ok(())
}

/// Raise `module.name(message)`, a class made by [`exception_class`].
#[cold]
pub fn raise_from_module(cx: &mut Cx, module: &str, name: &str, message: impl std::fmt::Display) -> Raised {
    let class = match runtime::import::import_attr(cx, module, name) {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let text = cx.heap.str(&message.to_string());
    match call(cx, class, &[text]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}
