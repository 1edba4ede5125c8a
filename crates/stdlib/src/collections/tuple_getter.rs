//! `_tuplegetter`: the attributes of named tuples.

use runtime::native::new_native;
use runtime::prelude::*;

#[derive(macros::Trace)]
pub struct TupleGetter {
    index: usize,
    doc: Slot,
}
impl NativeData for TupleGetter {
    const NAME: &'static str = "_collections._tuplegetter";
}

#[macros::native_class(name = "_tuplegetter", module = "_collections", layout = Native<TupleGetter>, doc = "")]
pub mod class {
    use super::*;

    #[slot(new, "_tuplegetter(index, doc, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, index: isize, doc: Value) -> Gc<Native<TupleGetter>> {
        new_native(cx, class, TupleGetter { index: index.max(0) as usize, doc: Slot::new(doc) })
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<TupleGetter>>) -> PyResult<String> {
        let doc = repr_of(cx, this.doc.get())?;
        let name = type_name(cx, this.value());
        Ok(format!("{name}({}, {})", this.index, &*doc))
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<Native<TupleGetter>>, object: Value, _owner: Value) -> PyResult {
        if object.is_unbound() || object.is_none() {
            return Ok(this.value());
        }
        let Some(tuple) = object.downcast::<Tuple>() else {
            let (index, name) = (this.index, type_name(cx, object));
            let message =
                format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{name}' object");
            return Err(type_error(cx, message));
        };
        match tuple.try_get(this.index) {
            Some(item) => Ok(item),
            None => Err(index_error(cx, "tuple index out of range")),
        }
    }

    #[slot]
    fn descr_set(cx: &mut Cx, this: Gc<Native<TupleGetter>>, object: Value, value: Option<Value>) -> PyResult<()> {
        let _ = this;
        let name = cx.vm().empty_str();
        let message = if value.is_some() { "can't set attribute" } else { "can't delete attribute" };
        Err(attribute_error(cx, object, name, message))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Native<TupleGetter>>) -> Gc<Tuple> {
        let class = cx.class_of(this.value()).value();
        let index = Int::from_len(this.index).value();
        let args = cx.heap.tuple(&[index, this.doc.get()]).value();
        cx.heap.tuple(&[class, args])
    }

    #[getter]
    fn __doc__(_: &mut Cx, this: Gc<Native<TupleGetter>>) -> Value {
        this.doc.get()
    }

    #[setter(__doc__)]
    fn set_doc(_: &mut Cx, this: Gc<Native<TupleGetter>>, value: Option<Value>) -> PyResult<()> {
        this.doc.set(this, value.unwrap_or(Value::NONE));
        Ok(())
    }
}
