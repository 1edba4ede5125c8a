//! `_types`: the names that `types` gives to classes of the runtime which `builtins` does not name.
//!
//! `CapsuleType` is missing: the runtime has no capsules.

use macros::native_module;
use runtime::native::{class_of_spec, set_module_attr};
use runtime::prelude::*;
use runtime::types::{generic_alias, union};

#[native_module(name = "_types", doc = "Define names for built-in types.")]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let alias = class_of_spec(cx, &generic_alias::class::SPEC)?;
        let union = class_of_spec(cx, &union::class::SPEC)?;
        let types = cx.types();
        let classes = [
            ("AsyncGeneratorType", types.async_generator),
            ("BuiltinFunctionType", types.builtin_function_or_method),
            ("BuiltinMethodType", types.builtin_function_or_method),
            ("CellType", types.cell),
            ("ClassMethodDescriptorType", types.classmethod_descriptor),
            ("CodeType", types.code),
            ("CoroutineType", types.coroutine),
            ("EllipsisType", types.ellipsis),
            ("FrameType", types.frame),
            ("FunctionType", types.function),
            ("GeneratorType", types.generator),
            ("GenericAlias", alias),
            ("GetSetDescriptorType", types.getset_descriptor),
            ("LambdaType", types.function),
            ("MappingProxyType", types.mappingproxy),
            ("MemberDescriptorType", types.member_descriptor),
            ("MethodDescriptorType", types.method_descriptor),
            ("MethodType", types.method),
            ("MethodWrapperType", types.method_wrapper),
            ("ModuleType", types.module),
            ("NoneType", types.NoneType),
            ("NotImplementedType", types.NotImplementedType),
            ("SimpleNamespace", types.simple_namespace),
            ("TracebackType", types.traceback),
            ("UnionType", union),
            ("WrapperDescriptorType", types.wrapper_descriptor),
        ];
        for (name, class) in classes {
            set_module_attr(cx, module, name, class)?;
        }
        Ok(())
    }
}
