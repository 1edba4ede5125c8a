//! `property`.

use crate::prelude::*;
use macros::native_class;

#[native_class(
    name = "property",
    layout = Property,
    flags = BASETYPE | HAVE_GC,
    signature = "(fget=None, fset=None, fdel=None, doc=None)",
    doc = "Property attribute.\n\n  fget\n    function to be used for getting an attribute value\n  fset\n    function to be used for setting an attribute value\n  fdel\n    function to be used for del'ing an attribute\n  doc\n    docstring\n\nTypical use is to define a managed attribute x:\n\nclass C(object):\n    def getx(self): return self._x\n    def setx(self, value): self._x = value\n    def delx(self): del self._x\n    x = property(getx, setx, delx, \"I'm the 'x' property.\")\n\nDecorators make defining new properties or modifying existing ones easy:\n\nclass C(object):\n    @property\n    def x(self):\n        \"I am the 'x' property.\"\n        return self._x\n    @x.setter\n    def x(self, value):\n        self._x = value\n    @x.deleter\n    def x(self):\n        del self._x"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult {
        Ok(cx.heap.property(class.instance_shape.get()).value())
    }

    #[slot(init, "property(fget=None, fset=None, fdel=None, doc=None)")]
    fn init(cx: &mut Cx, this: Gc<Property>, fget: Value, fset: Value, fdel: Value, doc: Value) -> PyResult<()> {
        initialise(cx, this, [fget, fset, fdel], doc)
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<Property>, object: Value, _owner: Value) -> PyResult {
        if object.is_unbound() || object.is_none() {
            return Ok(this.value());
        }
        let get = this.get.get();
        if get.is_none() {
            return Err(lacks(cx, this, object, "getter"));
        }
        call(cx, get, &[object])
    }

    #[slot]
    fn descr_set(cx: &mut Cx, this: Gc<Property>, object: Value, value: Option<Value>) -> PyResult<()> {
        let (function, what) = match value {
            Some(_) => (this.set.get(), "setter"),
            None => (this.delete.get(), "deleter"),
        };
        if function.is_none() {
            return Err(lacks(cx, this, object, what));
        }
        match value {
            Some(value) => call(cx, function, &[object, value])?,
            None => call(cx, function, &[object])?,
        };
        Ok(())
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[method("getter($self, object, /)")]
    fn getter(cx: &mut Cx, this: Gc<Property>, object: Value) -> PyResult {
        copy_with(cx, this, [object, Value::NONE, Value::NONE])
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[method("setter($self, object, /)")]
    fn setter(cx: &mut Cx, this: Gc<Property>, object: Value) -> PyResult {
        copy_with(cx, this, [Value::NONE, object, Value::NONE])
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[method("deleter($self, object, /)")]
    fn deleter(cx: &mut Cx, this: Gc<Property>, object: Value) -> PyResult {
        copy_with(cx, this, [Value::NONE, Value::NONE, object])
    }

    /// Method to set name of a property.
    #[method(raw, "__set_name__($self, owner, name, /)")]
    fn set_name(cx: &mut Cx, this: Gc<Property>, args: Args<'_>) -> PyResult<()> {
        let &[_, name] = args.positional() else {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("__set_name__() takes 2 positional arguments but {n} were given")));
        };
        this.name.set(this, name);
        Ok(())
    }

    #[getter(fget)]
    fn fget(this: Gc<Property>) -> Value {
        this.get.get()
    }

    #[getter(fset)]
    fn fset(this: Gc<Property>) -> Value {
        this.set.get()
    }

    #[getter(fdel)]
    fn fdel(this: Gc<Property>) -> Value {
        this.delete.get()
    }

    #[getter(__doc__)]
    fn doc(this: Gc<Property>) -> Value {
        this.doc.get()
    }

    #[setter(__doc__)]
    fn set_doc(this: Gc<Property>, value: Option<Value>) -> PyResult<()> {
        this.doc.set(this, value.unwrap_or(Value::NONE));
        Ok(())
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<Property>) -> PyResult {
        match name_of(cx, this)? {
            Some(name) => Ok(name),
            None => {
                let attribute = cx.names().__name__;
                Err(attribute_error(cx, this.value(), attribute, "'property' object has no attribute '__name__'"))
            }
        }
    }

    #[setter(__name__)]
    fn set_name_attribute(this: Gc<Property>, value: Option<Value>) -> PyResult<()> {
        this.name.set(this, value.unwrap_or(Value::UNBOUND));
        Ok(())
    }

    #[getter(__isabstractmethod__)]
    fn isabstractmethod(cx: &mut Cx, this: Gc<Property>) -> PyResult<bool> {
        for function in [this.get.get(), this.set.get(), this.delete.get()] {
            if super::super::static_class_method::is_abstract(cx, function)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn initialise(cx: &mut Cx, this: Gc<Property>, functions: [Value; 3], doc: Value) -> PyResult<()> {
    let [get, set, delete] = functions;
    this.get.set(this, get);
    this.set.set(this, set);
    this.delete.set(this, delete);
    this.doc.set(this, Value::NONE);
    this.name.clear();
    this.getter_doc.set(false);
    let mut doc = doc;
    let name = cx.names().__doc__;
    if doc.is_none() && !get.is_none() {
        doc = get_attr_opt(cx, get, name)?.unwrap_or(Value::NONE);
        this.getter_doc.set(!doc.is_none());
    }
    if cx.class_of(this.value()) == cx.types().property {
        this.doc.set(this, doc);
        return Ok(());
    }
    // A subclass has a `__doc__` of its own in front of the field: the instance's attribute is what counts.
    if let Err(raised) = set_attr(cx, this.value(), name, doc) {
        if this.getter_doc.get() {
            return Err(raised);
        }
        // There is no place for it: dropped in silence, as it always was.
        let class = cx.types().AttributeError;
        cx.catch(raised, class)?;
    }
    Ok(())
}

/// The name: given by `__set_name__`, or the getter's.
fn name_of(cx: &mut Cx, this: Gc<Property>) -> PyResult<Option<Value>> {
    if let Some(name) = this.name.get().bound() {
        return Ok(Some(name));
    }
    if this.get.get().is_none() {
        return Ok(None);
    }
    let name = cx.names().__name__;
    get_attr_opt(cx, this.get.get(), name)
}

fn lacks(cx: &mut Cx, this: Gc<Property>, object: Value, what: &str) -> Raised {
    let describe = |cx: &mut Cx| -> PyResult<String> {
        let class = cx.class_of(object);
        let owner = super::type_::qualname_of(cx, class);
        let owner = repr_of(cx, owner.value())?;
        Ok(match name_of(cx, this)? {
            Some(name) => format!("property {} of {owner} object has no {what}", repr_of(cx, name)?),
            None => format!("property of {owner} object has no {what}"),
        })
    };
    match describe(cx) {
        Ok(message) => plain_attribute_error(cx, message),
        Err(raised) => raised,
    }
}

/// A property of the same class with some functions replaced (None keeps).
fn copy_with(cx: &mut Cx, this: Gc<Property>, [get, set, delete]: [Value; 3]) -> PyResult {
    let or = |new: Value, old: Value| if new.is_none() { old } else { new };
    let get = or(get, this.get.get());
    let set = or(set, this.set.get());
    let delete = or(delete, this.delete.get());
    let doc = if this.getter_doc.get() && !get.is_none() {
        Value::NONE
    } else if cx.class_of(this.value()) == cx.types().property {
        this.doc.get()
    } else {
        let name = cx.names().__doc__;
        get_attr_opt(cx, this.value(), name)?.unwrap_or(Value::NONE)
    };
    let class = cx.class_of(this.value()).value();
    let copy = call(cx, class, &[get, set, delete, doc])?;
    if let Some(copy) = copy.cast::<Property>()
        && let Some(name) = this.name.get().bound()
    {
        copy.name.set(copy, name);
    }
    Ok(copy)
}
