//! `types.MappingProxyType`: a read-only view of a mapping.

use crate::prelude::*;
use macros::native_class;
use object::StrBuilder;

fn forward(cx: &mut Cx, this: Gc<MappingProxy>, name: &str, args: &[Value]) -> PyResult {
    let name = cx.heap.intern(name);
    call_method(cx, this.mapping.get(), name, args)
}

/// The mapping behind a proxy; anything else unchanged.
fn unwrap(v: Value) -> Value {
    v.cast::<MappingProxy>().map_or(v, |proxy| proxy.mapping.get())
}

#[native_class(
    name = "mappingproxy",
    layout = MappingProxy,
    flags = MAPPING,
    doc = "Read-only proxy of a mapping."
)]
pub mod class {
    use super::*;

    #[slot(new, "mappingproxy(mapping)")]
    fn new(cx: &mut Cx, class: Gc<Class>, mapping: Value) -> PyResult<Gc<MappingProxy>> {
        let _ = class;
        let is_mapping = cx.class_of(mapping).slots.getitem.get().is_some()
            && !mapping.is_a::<List>()
            && mapping.downcast::<Tuple>().is_none();
        if !is_mapping {
            let name = type_name(cx, mapping);
            return Err(type_error(cx, format_args!("mappingproxy() argument must be a mapping, not {name}")));
        }
        Ok(cx.heap.mapping_proxy(mapping))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        let text = repr_of(cx, this.mapping.get())?;
        let mut out = StrBuilder::new();
        out.push_str("mappingproxy(");
        out.push_py(&text);
        out.push_str(")");
        Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn str_(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult<Gc<Str>> {
        str_of(cx, this.mapping.get())
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult<i64> {
        hash_of(cx, this.mapping.get())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<MappingProxy>, other: Value, op: CompareOp) -> PyResult {
        compare(cx, this.mapping.get(), unwrap(other), op)
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        get_iter(cx, this.mapping.get())
    }

    #[slot]
    fn len(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult<usize> {
        length(cx, this.mapping.get())
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Gc<MappingProxy>, key: Value) -> PyResult<bool> {
        crate::compare::contains(cx, this.mapping.get(), key)
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<MappingProxy>, key: Value) -> PyResult {
        get_item(cx, this.mapping.get(), key)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        binary_op(cx, BinaryOp::Or, unwrap(left), unwrap(right))
    }

    #[slot(inplace = Or)]
    fn ior(cx: &mut Cx, this: Gc<MappingProxy>, other: Value) -> PyResult {
        let _ = other;
        let name = type_name(cx, this.value());
        Err(type_error(cx, format_args!("'|=' is not supported by {name}; use '|' instead")))
    }

    /// Return the value for key if key is in the mapping, else default.
    #[method("get($self, key, default=None, /)")]
    fn get(cx: &mut Cx, this: Gc<MappingProxy>, key: Value, default: Value) -> PyResult {
        forward(cx, this, "get", &[key, default])
    }

    /// a set-like object providing a view on D's keys
    #[method("keys($self, /)")]
    fn keys(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        forward(cx, this, "keys", &[])
    }

    /// an object providing a view on D's values
    #[method("values($self, /)")]
    fn values(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        forward(cx, this, "values", &[])
    }

    /// a set-like object providing a view on D's items
    #[method("items($self, /)")]
    fn items(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        forward(cx, this, "items", &[])
    }

    /// a shallow copy of D
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        forward(cx, this, "copy", &[])
    }

    /// Return a reverse iterator over the keys.
    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Gc<MappingProxy>) -> PyResult {
        forward(cx, this, "__reversed__", &[])
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }
}
