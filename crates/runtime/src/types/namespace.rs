//! `types.SimpleNamespace`.

use crate::prelude::*;
use macros::native_class;
use object::StrBuilder;

/// The namespace's attributes now, as a dict of its own.
fn attributes(cx: &mut Cx, this: Gc<NamespaceObject>) -> PyResult<Gc<Dict>> {
    let dict = Dict::new(&mut cx.heap);
    if let Some(attributes) = Attributes::of(this.value()) {
        attributes.copy_attributes(&mut cx.heap, dict).or_raise(cx)?;
    }
    Ok(dict)
}

fn store(cx: &mut Cx, this: Gc<NamespaceObject>, from: Gc<Dict>) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, key, value)) = from.next_entry(i) {
        i = at + 1;
        if key.downcast::<Str>().is_none() {
            return Err(type_error(cx, "keywords must be strings"));
        }
        let name = name_from_value(cx, key)?;
        generic_set_attr(cx, this.value(), name, Some(value))?;
    }
    Ok(())
}

fn write_fields(cx: &mut Cx, out: &mut StrBuilder, dict: Gc<Dict>) -> PyResult<()> {
    let mut i = 0;
    while let Some((at, key, value)) = dict.next_entry(i) {
        if i > 0 {
            out.push_str(", ");
        }
        i = at + 1;
        let Some(key) = key.downcast::<Str>() else { continue };
        out.push_py(&key);
        out.push_str("=");
        let value = repr_of(cx, value)?;
        out.push_py(&value);
    }
    Ok(())
}

#[native_class(
    name = "SimpleNamespace",
    module = "types",
    layout = NamespaceObject,
    flags = BASETYPE,
    traits = HAS_DICT,
    doc = "SimpleNamespace(mapping_or_iterable=(), /, **kwargs)\n--\n\nA simple attribute-based namespace."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<NamespaceObject>> {
        let _ = args;
        Ok(cx.heap.namespace(class.instance_shape.get()))
    }

    #[slot]
    fn init(cx: &mut Cx, this: Gc<NamespaceObject>, args: Args<'_>) -> PyResult<()> {
        let all = Dict::new(&mut cx.heap);
        match *args.positional() {
            [] => {}
            [from] => crate::dict::update(cx, all, from)?,
            _ => {
                let n = args.n_positional();
                let name = cx.class_of(this.value()).display_name();
                return Err(type_error(cx, format_args!("{name} expected at most 1 argument, got {n}")));
            }
        }
        store(cx, this, all)?;
        let keywords = Dict::new(&mut cx.heap);
        crate::dict::merge_keywords(cx, keywords, args)?;
        store(cx, this, keywords)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<NamespaceObject>) -> PyResult<Gc<Str>> {
        let class = cx.class_of(this.value());
        let name = if class == cx.types().simple_namespace { "namespace".to_owned() } else { class.display_name() };
        let mut out = StrBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        if crate::text::enter_repr(cx, this.value()) {
            let result = attributes(cx, this).and_then(|dict| write_fields(cx, &mut out, dict));
            crate::text::leave_repr(cx);
            result?;
        } else {
            out.push_str("...");
        }
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<NamespaceObject>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<NamespaceObject>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let (a, b) = (attributes(cx, this)?, attributes(cx, other)?);
        compare(cx, a.value(), b.value(), op)
    }

    /// Return state information for pickling
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<NamespaceObject>) -> PyResult<Gc<Tuple>> {
        let class = cx.class_of(this.value()).value();
        let empty = cx.vm().empty_tuple().value();
        let dict = attributes(cx, this)?.value();
        Ok(cx.heap.tuple(&[class, empty, dict]))
    }

    /// Return a copy of the namespace object with new values for the specified attributes.
    #[method(raw, "__replace__($self, /, **changes)")]
    fn replace(cx: &mut Cx, this: Gc<NamespaceObject>, args: Args<'_>) -> PyResult {
        if args.n_positional() > 0 {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("__replace__() takes no positional arguments ({n} given)")));
        }
        let class = cx.class_of(this.value());
        let new = call(cx, class.value(), &[])?;
        let Some(copy) = new.cast::<NamespaceObject>() else {
            let own = full_class_name(class);
            let (want, got) = (class_name(cx.types().simple_namespace), type_name(cx, new));
            return Err(type_error(cx, format_args!("expect {want} type, but {own}() returned '{got}' object")));
        };
        let dict = attributes(cx, this)?;
        crate::dict::merge_keywords(cx, dict, args)?;
        store(cx, copy, dict)?;
        Ok(new)
    }
}
