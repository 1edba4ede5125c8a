//! `module`.

use crate::attribute::module_get_attr;
use crate::prelude::*;
use macros::native_class;

#[native_class(
    name = "module",
    layout = Module,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_WEAKREF,
    signature = "(name, doc=None)",
    doc = "Create a module object.\n\nThe name must be a string; the optional docstring can have any type."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult {
        let dict = Dict::new_cells(&mut cx.heap);
        Ok(cx.heap.module(class.instance_shape.get(), dict).value())
    }

    #[slot(init, "module(name, doc=None)")]
    fn init(cx: &mut Cx, this: Gc<Module>, name: Value, doc: Value) -> PyResult<()> {
        if name.downcast::<Str>().is_none() {
            let found = type_name(cx, name);
            return Err(type_error(cx, format_args!("module() argument 'name' must be str, not {found}")));
        }
        let names = cx.names();
        let dict = this.dict.expect();
        let values = [
            (names.__name__, name),
            (names.__doc__, doc),
            (names.__package__, Value::NONE),
            (names.__loader__, Value::NONE),
            (names.__spec__, Value::NONE),
        ];
        for (name, value) in values {
            dict.set_str(&mut cx.heap, name, value).or_raise(cx)?;
        }
        Ok(())
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: Value, name: Gc<Str>) -> PyResult {
        module_get_attr(cx, this, name)
    }

    #[slot]
    fn setattro(cx: &mut Cx, this: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
        generic_set_attr(cx, this, name, value)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Module>) -> PyResult {
        module_repr(cx, this)
    }

    #[getter(__dict__)]
    fn dict(this: Gc<Module>) -> Gc<Dict> {
        this.dict.expect()
    }

    #[method("__dir__($self, /)")]
    fn dir(cx: &mut Cx, this: Gc<Module>) -> PyResult {
        let name = cx.names().__dir__;
        let dict = this.dict.expect();
        match dict.get_str(name) {
            Some(function) => call(cx, function, &[]),
            None => Ok(to_list(cx, dict.value())?.value()),
        }
    }

    #[getter(__annotate__)]
    fn annotate(cx: &mut Cx, this: Gc<Module>) -> PyResult {
        let name = cx.names().__annotate__;
        let dict = this.dict.expect();
        match dict.get_str(name) {
            Some(annotate) => Ok(annotate),
            None => {
                dict.set_str(&mut cx.heap, name, Value::NONE).or_raise(cx)?;
                Ok(Value::NONE)
            }
        }
    }

    #[setter(__annotate__)]
    fn set_annotate(cx: &mut Cx, this: Gc<Module>, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "cannot delete __annotate__ attribute")) };
        if !value.is_none() && cx.class_of(value).slots.call.get().is_none() {
            return Err(type_error(cx, "__annotate__ must be callable or None"));
        }
        let names = cx.names();
        let dict = this.dict.expect();
        dict.set_str(&mut cx.heap, names.__annotate__, value).or_raise(cx)?;
        if !value.is_none() {
            dict.remove_str(names.__annotations__);
        }
        Ok(())
    }

    #[getter(__annotations__)]
    fn annotations(cx: &mut Cx, this: Gc<Module>) -> PyResult {
        let names = cx.names();
        let dict = this.dict.expect();
        if let Some(annotations) = dict.get_str(names.__annotations__) {
            return Ok(annotations);
        }
        let initializing = crate::import::is_initializing(cx, this.value())?;
        let annotate = dict.get_str(names.__annotate__).unwrap_or(Value::NONE);
        let annotations = super::super::type_::annotations_from(cx, annotate)?;
        // While the module runs, more annotations may come.
        if !initializing {
            dict.set_str(&mut cx.heap, names.__annotations__, annotations).or_raise(cx)?;
        }
        Ok(annotations)
    }

    #[setter(__annotations__)]
    fn set_annotations(cx: &mut Cx, this: Gc<Module>, value: Option<Value>) -> PyResult<()> {
        let names = cx.names();
        let dict = this.dict.expect();
        match value {
            Some(value) => dict.set_str(&mut cx.heap, names.__annotations__, value).or_raise(cx)?,
            None => {
                if dict.remove_str(names.__annotations__).is_none() {
                    return Err(attribute_error(cx, this.value(), names.__annotations__, "__annotations__"));
                }
            }
        }
        dict.remove_str(names.__annotate__);
        Ok(())
    }

    #[init]
    fn use_plain_functions(_cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        class.slots.getattro.set(Some(module_get_attr));
        class.slots.setattro.set(Some(generic_set_attr));
        Ok(())
    }
}

/// `<module 'name' from 'file'>` and its variants, from the spec where there is one.
fn module_repr(cx: &mut Cx, module: Gc<Module>) -> PyResult {
    let names = cx.names();
    let dict = module.dict.expect();
    let loader = dict.get_str(names.__loader__).filter(|v| !v.is_none());
    let mut builder = StrBuilder::new();
    builder.push_str("<module ");
    match dict.get_str(names.__spec__).filter(|v| !v.is_none()) {
        Some(spec) => describe_by_spec(cx, spec, &mut builder)?,
        None => {
            let unknown = cx.heap.intern("?").value();
            let name = dict.get_str(names.__name__).unwrap_or(unknown);
            builder.push_py(&*repr_of(cx, name)?);
            match (dict.get_str(names.__file__), loader) {
                (Some(file), _) => {
                    builder.push_str(" from ");
                    builder.push_py(&*repr_of(cx, file)?);
                }
                (None, Some(loader)) => {
                    builder.push_str(" (");
                    builder.push_py(&*repr_of(cx, loader)?);
                    builder.push_char(')');
                }
                (None, None) => {}
            }
        }
    }
    builder.push_char('>');
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

fn describe_by_spec(cx: &mut Cx, spec: Value, builder: &mut StrBuilder) -> PyResult<()> {
    let mut attribute = |name: &str| -> PyResult {
        let name = cx.heap.intern(name);
        Ok(get_attr_opt(cx, spec, name)?.unwrap_or(Value::NONE))
    };
    let (name, origin, loader) = (attribute("name")?, attribute("origin")?, attribute("loader")?);
    let has_location = attribute("has_location")?;
    let name = if name.is_none() { cx.heap.intern("?").value() } else { name };
    builder.push_py(&*repr_of(cx, name)?);
    if origin.is_none() {
        if loader.is_none() {
            return Ok(());
        }
        let path = cx.heap.intern("_path");
        if cx.class_of(loader).display_name() == "NamespaceLoader"
            && let Some(path) = get_attr_opt(cx, loader, path)?
        {
            let path = to_list(cx, path)?;
            builder.push_str(" (namespace) from ");
            builder.push_py(&*repr_of(cx, path.value())?);
            return Ok(());
        }
        builder.push_str(" (");
        builder.push_py(&*repr_of(cx, loader)?);
        builder.push_char(')');
        return Ok(());
    }
    if is_true(cx, has_location)? {
        builder.push_str(" from ");
        builder.push_py(&*repr_of(cx, origin)?);
    } else {
        builder.push_str(" (");
        builder.push_py(&*str_of(cx, origin)?);
        builder.push_char(')');
    }
    Ok(())
}
