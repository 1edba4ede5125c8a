//! `typing.Generic`.

use crate::prelude::*;
use macros::native_class;

#[native_class(
    name = "Generic",
    module = "typing",
    layout = Instance,
    flags = BASETYPE,
    traits = CLAIMS_HEAPTYPE,
    doc = "Abstract base class for generic types.\n\nOn Python 3.12 and newer, generic classes implicitly inherit from\nGeneric when they declare a parameter list after the class's name::\n\n    class Mapping[KT, VT]:\n        def __getitem__(self, key: KT) -> VT:\n            ...\n            # Etc.\n\nOn older versions of Python, however, generic classes have to\nexplicitly inherit from Generic.\n\nAfter a class has been declared to be generic, it can then be used as\nfollows::\n\n    def lookup_name[KT, VT](mapping: Mapping[KT, VT], key: KT, default: VT) -> VT:\n        try:\n            return mapping[key]\n        except KeyError:\n            return default\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        super::super::super::object::object_new(cx, class, args)
    }

    #[classmethod(raw, "__class_getitem__($type, /, *args, **kwargs)")]
    fn class_getitem(cx: &mut Cx, class: Value, args: Args<'_>) -> PyResult {
        forward(cx, "_generic_class_getitem", class, args)
    }

    #[classmethod(raw, "__init_subclass__($type, /, *args, **kwargs)")]
    fn init_subclass(cx: &mut Cx, class: Value, args: Args<'_>) -> PyResult {
        forward(cx, "_generic_init_subclass", class, args)
    }

    /// Instances are plain objects.
    #[init]
    fn use_plain_new(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        class.slots.new.set(cx.types().object.slots.new.get());
        let name = cx.names().__new__;
        if let Some(dict) = class.dict.get() {
            dict.remove_str(name);
        }
        Ok(())
    }
}

fn forward(cx: &mut Cx, function: &str, class: Value, args: Args<'_>) -> PyResult {
    let function = crate::import::import_attr(cx, "typing", function)?;
    crate::call::with_first(cx, class, args, |cx, args| call_args(cx, function, args))
}
