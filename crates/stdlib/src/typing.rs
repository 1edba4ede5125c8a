//! `_typing`: the classes of `typing` that the language itself makes.

use macros::native_module;
use runtime::native::{add_class, class_of_spec, set_module_attr};
use runtime::prelude::*;
use runtime::types::{type_params, union};

#[native_module(name = "_typing", doc = "Primitives and accelerators for the typing module.\n")]
pub mod module {
    use super::*;

    /// Return the argument.
    #[function("_idfunc(x, /)")]
    fn idfunc(x: Value) -> Value {
        x
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for spec in [
            &type_params::type_var_class::SPEC,
            &type_params::type_var_tuple_class::SPEC,
            &type_params::param_spec_class::SPEC,
            &type_params::param_spec_args::SPEC,
            &type_params::param_spec_kwargs::SPEC,
            &type_params::generic_class::SPEC,
            &type_params::type_alias_type::SPEC,
        ] {
            add_class(cx, module, spec)?;
        }
        let union = class_of_spec(cx, &union::class::SPEC)?;
        set_module_attr(cx, module, "Union", union)?;
        set_module_attr(cx, module, "NoDefault", Value::NO_DEFAULT)
    }
}
