//! The descriptors `__dict__` and `__weakref__` that a Python class adds to its instances.

use crate::attribute::instance_dict;
use crate::error::*;
use object::*;

pub static INSTANCE_DICT: GetSetDef =
    GetSetDef { name: "__dict__", doc: "dictionary for instance variables", get: get_dict, set: Some(set_dict) };

pub static INSTANCE_WEAKREF: GetSetDef =
    GetSetDef { name: "__weakref__", doc: "list of weak references to the object", get: get_weakref, set: None };

fn get_dict(cx: &mut Cx, object: Value) -> PyResult {
    match instance_dict(cx, object)? {
        Some(dict) => Ok(dict.value()),
        None => {
            let name = type_name(cx, object);
            let attribute = cx.names().__dict__;
            Err(attribute_error(cx, object, attribute, format_args!("'{name}' object has no attribute '__dict__'")))
        }
    }
}

fn set_dict(cx: &mut Cx, object: Value, value: Option<Value>) -> PyResult<()> {
    let Some(attributes) = Attributes::of(object).filter(|a| a.shape().has_dict()) else {
        return Err(type_error(cx, "this object has no dictionary"));
    };
    let dict = match value {
        None => Dict::new(&mut cx.heap),
        Some(value) => match value.cast::<Dict>() {
            Some(dict) => dict,
            None => {
                let name = type_name(cx, value);
                return Err(type_error(cx, format_args!("__dict__ must be set to a dictionary, not a '{name}'")));
            }
        },
    };
    attributes.install_dict(&mut cx.heap, dict);
    Ok(())
}

fn get_weakref(cx: &mut Cx, object: Value) -> PyResult {
    let first = cx.vm().lifetimes.weak_references(object).into_iter().next();
    Ok(first.map_or(Value::NONE, Gc::value))
}
