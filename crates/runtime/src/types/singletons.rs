//! The types of `None`, `Ellipsis`, `NotImplemented` and `typing.NoDefault`.

use crate::prelude::*;
use macros::native_class;

fn singleton(cx: &mut Cx, args: Args<'_>, name: &str, value: Value) -> PyResult {
    if args.is_empty() { Ok(value) } else { Err(type_error(cx, format_args!("{name} takes no arguments"))) }
}

fn text(cx: &mut Cx, text: &str) -> Value {
    cx.heap.intern(text).value()
}

#[native_class(name = "NoneType", layout = Instance, doc = "The type of the None singleton.")]
pub mod none_type {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        singleton(cx, args, "NoneType", Value::NONE)
    }

    #[slot]
    fn repr(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "None")
    }

    #[slot]
    fn bool_(_this: Value) -> PyResult<bool> {
        Ok(false)
    }

    /// A constant, so that hashes of containers with None are the same in every run.
    #[slot]
    fn hash(_this: Value) -> PyResult<i64> {
        Ok(0xFCA8_6420)
    }
}

#[native_class(name = "ellipsis", layout = Instance, doc = "The type of the Ellipsis singleton.")]
pub mod ellipsis {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        singleton(cx, args, "EllipsisType", Value::ELLIPSIS)
    }

    #[slot]
    fn repr(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "Ellipsis")
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "Ellipsis")
    }
}

#[native_class(name = "NotImplementedType", layout = Instance, doc = "The type of the NotImplemented singleton.")]
pub mod not_implemented {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        singleton(cx, args, "NotImplementedType", Value::NOT_IMPLEMENTED)
    }

    #[slot]
    fn repr(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "NotImplemented")
    }

    #[slot]
    fn bool_(cx: &mut Cx, _this: Value) -> PyResult<bool> {
        Err(type_error(cx, "NotImplemented should not be used in a boolean context"))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "NotImplemented")
    }
}

#[native_class(name = "NoDefaultType", module = "typing", layout = Instance, doc = "The type of the NoDefault singleton.")]
pub mod no_default {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        singleton(cx, args, "NoDefaultType", Value::NO_DEFAULT)
    }

    #[slot]
    fn repr(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "typing.NoDefault")
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, _this: Value) -> Value {
        text(cx, "NoDefault")
    }
}
