//! The objects through which Python sees native functions, methods, slots and attributes.
//!
//! `native::class_from_spec` makes them; the interpreter calls the definitions behind them directly where it can.
//! `property`, `staticmethod` and `classmethod` are not here.

use crate::attribute::no_attribute;
use crate::error::*;
use crate::native::call_native;
use crate::typing::is_subtype;
use crate::typing::wrappers::call_wrapper;
use macros::native_class;
use object::class::CompareOp;
use object::*;

/// "descriptor 'append' for 'list' objects doesn't apply to a 'int' object", unless `value` is an instance of `class`.
pub fn check_receiver(cx: &mut Cx, value: Value, class: Gc<Class>, name: &str) -> PyResult<()> {
    if cx.is_instance(value, class) {
        return Ok(());
    }
    let (owner, actual) = (class_name(class), type_name(cx, value));
    Err(type_error(cx, format_args!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{actual}' object")))
}

fn text_or_none(cx: &mut Cx, text: &str) -> Value {
    if text.is_empty() { Value::NONE } else { cx.heap.str(text) }
}

fn qualified(class: Gc<Class>, name: &str) -> String {
    match class.qualname.get() {
        Some(qualname) => format!("{qualname}.{name}"),
        None => name.to_owned(),
    }
}

/// `(getattr, (object, name))`.
fn reduce_to_getattr(cx: &mut Cx, object: Value, name: &str) -> Value {
    let getattr = cx.vm().builtins.get().and_then(|b| b.get_str(cx.names().getattr)).unwrap_or(Value::NONE);
    let name = cx.heap.str(name);
    let args = cx.heap.tuple(&[object, name]);
    cx.heap.tuple(&[getattr, args.value()]).value()
}

/// `==` and `!=` of an outcome that needs no Python.
fn equality(op: CompareOp, equal: impl FnOnce() -> Option<bool>) -> Value {
    match op {
        CompareOp::Eq => equal().map_or(Value::NOT_IMPLEMENTED, Value::bool),
        CompareOp::Ne => equal().map_or(Value::NOT_IMPLEMENTED, |e| Value::bool(!e)),
        _ => Value::NOT_IMPLEMENTED,
    }
}

/// A hash of two addresses.
fn hash_pair(object: Value, address: usize) -> i64 {
    let identity = if object.is_unbound() { 0 } else { crate::hashing::hash_identity(object) };
    match identity ^ (address as i64 >> 4) {
        -1 => -2,
        hash => hash,
    }
}

#[native_class(
    name = "builtin_function_or_method", layout = NativeFunction, flags = HAVE_GC, traits = HAS_WEAKREF, doc = ""
)]
pub mod builtin_function {
    use super::*;

    /// Whether it is a module's function, or bound to nothing.
    fn is_function(this: Gc<NativeFunction>) -> bool {
        this.this.get().is_unbound() || this.this.get().is_a::<Module>()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<NativeFunction>) -> String {
        let name = this.def.get().name;
        if is_function(this) {
            return format!("<built-in function {name}>");
        }
        let object = this.this.get();
        format!("<built-in method {name} of {} object at {:#x}>", type_name(cx, object), object.id())
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<NativeFunction>, args: Args<'_>) -> PyResult {
        call_native(cx, this.def.get(), this.this.get().bound(), args)
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: Gc<NativeFunction>, other: Value, op: CompareOp) -> Value {
        equality(op, || {
            let other = other.cast::<NativeFunction>()?;
            Some(this.this.get().is(other.this.get()) && std::ptr::eq(this.def.get(), other.def.get()))
        })
    }

    #[slot]
    fn hash(_: &mut Cx, this: Gc<NativeFunction>) -> PyResult<i64> {
        Ok(hash_pair(this.this.get(), std::ptr::from_ref(this.def.get()) as usize))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<NativeFunction>) -> Value {
        let name = this.def.get().name;
        if is_function(this) { cx.heap.str(name) } else { reduce_to_getattr(cx, this.this.get(), name) }
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<NativeFunction>) -> Value {
        text_or_none(cx, this.def.get().doc)
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<NativeFunction>) -> Value {
        cx.heap.intern(this.def.get().name).value()
    }

    #[getter(__qualname__)]
    fn qualname(cx: &mut Cx, this: Gc<NativeFunction>) -> String {
        let name = this.def.get().name;
        if is_function(this) {
            return name.to_owned();
        }
        let object = this.this.get();
        qualified(object.cast::<Class>().unwrap_or_else(|| cx.class_of(object)), name)
    }

    #[getter(__self__)]
    fn this(_: &mut Cx, this: Gc<NativeFunction>) -> Value {
        this.this.get().bound().unwrap_or(Value::NONE)
    }

    #[getter(__text_signature__)]
    fn text_signature(cx: &mut Cx, this: Gc<NativeFunction>) -> Value {
        text_or_none(cx, this.def.get().signature)
    }

    #[getter(__module__)]
    fn module(_: &mut Cx, this: Gc<NativeFunction>) -> Value {
        this.module.get().bound().unwrap_or(Value::NONE)
    }

    #[setter(__module__)]
    fn set_module(_: &mut Cx, this: Gc<NativeFunction>, value: Option<Value>) -> PyResult<()> {
        this.module.set(this, value.unwrap_or(Value::NONE));
        Ok(())
    }
}

#[native_class(name = "method_descriptor", layout = MethodDescriptor, flags = HAVE_GC | METHOD_DESCRIPTOR, doc = "")]
pub mod method_descriptor {
    use super::*;

    #[slot]
    fn repr(_: &mut Cx, this: Gc<MethodDescriptor>) -> String {
        format!("<method '{}' of '{}' objects>", this.def.get().name, class_name(this.class.expect()))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<MethodDescriptor>, args: Args<'_>) -> PyResult {
        let (class, def) = (this.class.expect(), this.def.get());
        match args.positional().first() {
            Some(&receiver) => {
                check_receiver(cx, receiver, class, def.name)?;
                call_native(cx, def, None, args)
            }
            None => {
                let method = qualified(class, def.name);
                Err(type_error(cx, format_args!("unbound method {method}() needs an argument")))
            }
        }
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<MethodDescriptor>, instance: Value, _owner: Value) -> PyResult {
        if instance.is_unbound() {
            return Ok(this.value());
        }
        let def = this.def.get();
        check_receiver(cx, instance, this.class.expect(), def.name)?;
        Ok(cx.heap.native_function(def, instance, Value::NONE).value())
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        reduce_to_getattr(cx, this.class.expect().value(), this.def.get().name)
    }

    #[getter(__objclass__)]
    fn objclass(_: &mut Cx, this: Gc<MethodDescriptor>) -> Gc<Class> {
        this.class.expect()
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        cx.heap.intern(this.def.get().name).value()
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        text_or_none(cx, this.def.get().doc)
    }

    #[getter(__qualname__)]
    fn qualname(_: &mut Cx, this: Gc<MethodDescriptor>) -> String {
        qualified(this.class.expect(), this.def.get().name)
    }

    #[getter(__text_signature__)]
    fn text_signature(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        text_or_none(cx, this.def.get().signature)
    }
}

#[native_class(name = "classmethod_descriptor", layout = MethodDescriptor, flags = HAVE_GC, doc = "")]
pub mod classmethod_descriptor {
    use super::*;

    #[slot]
    fn repr(_: &mut Cx, this: Gc<MethodDescriptor>) -> String {
        format!("<method '{}' of '{}' objects>", this.def.get().name, class_name(this.class.expect()))
    }

    /// The class that the method is to get, checked.
    fn target(cx: &mut Cx, this: Gc<MethodDescriptor>, instance: Value, owner: Value) -> PyResult<Gc<Class>> {
        let (name, class) = (this.def.get().name, this.class.expect());
        let own = class_name(class);
        let owner = match (owner.bound(), instance.bound()) {
            (Some(owner), _) => owner,
            (None, Some(instance)) => cx.class_of(instance).value(),
            (None, None) => {
                return Err(type_error(
                    cx,
                    format_args!("descriptor '{name}' for type '{own}' needs either an object or a type"),
                ));
            }
        };
        let Some(owner) = owner.cast::<Class>() else {
            let actual = type_name(cx, owner);
            return Err(type_error(
                cx,
                format_args!("descriptor '{name}' for type '{own}' needs a type, not a '{actual}' as arg 2"),
            ));
        };
        if !is_subtype(owner, class) {
            let actual = class_name(owner);
            return Err(type_error(
                cx,
                format_args!("descriptor '{name}' requires a subtype of '{own}' but received '{actual}'"),
            ));
        }
        Ok(owner)
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<MethodDescriptor>, args: Args<'_>) -> PyResult {
        let Some(&owner) = args.positional().first() else {
            let (name, own) = (this.def.get().name, class_name(this.class.expect()));
            return Err(type_error(cx, format_args!("descriptor '{name}' of '{own}' object needs an argument")));
        };
        let owner = target(cx, this, Value::UNBOUND, owner)?;
        call_native(cx, this.def.get(), Some(owner.value()), args.without_first())
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<MethodDescriptor>, instance: Value, owner: Value) -> PyResult {
        let owner = target(cx, this, instance, owner)?;
        Ok(cx.heap.native_function(this.def.get(), owner.value(), Value::NONE).value())
    }

    #[getter(__objclass__)]
    fn objclass(_: &mut Cx, this: Gc<MethodDescriptor>) -> Gc<Class> {
        this.class.expect()
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        cx.heap.intern(this.def.get().name).value()
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        text_or_none(cx, this.def.get().doc)
    }

    #[getter(__qualname__)]
    fn qualname(_: &mut Cx, this: Gc<MethodDescriptor>) -> String {
        qualified(this.class.expect(), this.def.get().name)
    }

    #[getter(__text_signature__)]
    fn text_signature(cx: &mut Cx, this: Gc<MethodDescriptor>) -> Value {
        text_or_none(cx, this.def.get().signature)
    }
}

#[native_class(name = "wrapper_descriptor", layout = SlotWrapper, flags = HAVE_GC | METHOD_DESCRIPTOR, doc = "")]
pub mod wrapper_descriptor {
    use super::*;

    #[slot]
    fn repr(_: &mut Cx, this: Gc<SlotWrapper>) -> String {
        format!("<slot wrapper '{}' of '{}' objects>", this.def.get().name, class_name(this.class.expect()))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<SlotWrapper>, args: Args<'_>) -> PyResult {
        let (class, name) = (this.class.expect(), this.def.get().name);
        let Some(&receiver) = args.positional().first() else {
            let own = class_name(class);
            return Err(type_error(cx, format_args!("descriptor '{name}' of '{own}' object needs an argument")));
        };
        if !cx.is_instance(receiver, class) {
            let (own, actual) = (class_name(class), type_name(cx, receiver));
            return Err(type_error(
                cx,
                format_args!("descriptor '{name}' requires a '{own}' object but received a '{actual}'"),
            ));
        }
        call_wrapper(cx, this, receiver, args.without_first())
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<SlotWrapper>, instance: Value, _owner: Value) -> PyResult {
        if instance.is_unbound() {
            return Ok(this.value());
        }
        check_receiver(cx, instance, this.class.expect(), this.def.get().name)?;
        Ok(cx.heap.method_wrapper(this, instance).value())
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<SlotWrapper>) -> Value {
        reduce_to_getattr(cx, this.class.expect().value(), this.def.get().name)
    }

    #[getter(__objclass__)]
    fn objclass(_: &mut Cx, this: Gc<SlotWrapper>) -> Gc<Class> {
        this.class.expect()
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<SlotWrapper>) -> Value {
        cx.heap.intern(this.def.get().name).value()
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<SlotWrapper>) -> Value {
        text_or_none(cx, this.def.get().doc)
    }

    #[getter(__qualname__)]
    fn qualname(_: &mut Cx, this: Gc<SlotWrapper>) -> String {
        qualified(this.class.expect(), this.def.get().name)
    }

    #[getter(__text_signature__)]
    fn text_signature(cx: &mut Cx, this: Gc<SlotWrapper>) -> Value {
        text_or_none(cx, this.def.get().signature)
    }
}

#[native_class(name = "method-wrapper", layout = MethodWrapper, flags = HAVE_GC, doc = "")]
pub mod method_wrapper {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<MethodWrapper>) -> String {
        let (name, object) = (this.wrapper.expect().def.get().name, this.this.get());
        format!("<method-wrapper '{name}' of {} object at {:#x}>", type_name(cx, object), object.id())
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<MethodWrapper>, args: Args<'_>) -> PyResult {
        call_wrapper(cx, this.wrapper.expect(), this.this.get(), args)
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: Gc<MethodWrapper>, other: Value, op: CompareOp) -> Value {
        equality(op, || {
            let other = other.cast::<MethodWrapper>()?;
            Some(this.wrapper.get() == other.wrapper.get() && this.this.get().is(other.this.get()))
        })
    }

    #[slot]
    fn hash(_: &mut Cx, this: Gc<MethodWrapper>) -> PyResult<i64> {
        Ok(hash_pair(this.this.get(), this.wrapper.expect().word() as usize))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<MethodWrapper>) -> Value {
        reduce_to_getattr(cx, this.this.get(), this.wrapper.expect().def.get().name)
    }

    #[getter(__self__)]
    fn this(_: &mut Cx, this: Gc<MethodWrapper>) -> Value {
        this.this.get()
    }

    #[getter(__objclass__)]
    fn objclass(_: &mut Cx, this: Gc<MethodWrapper>) -> Gc<Class> {
        this.wrapper.expect().class.expect()
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<MethodWrapper>) -> Value {
        cx.heap.intern(this.wrapper.expect().def.get().name).value()
    }

    #[getter(__qualname__)]
    fn qualname(_: &mut Cx, this: Gc<MethodWrapper>) -> String {
        let wrapper = this.wrapper.expect();
        qualified(wrapper.class.expect(), wrapper.def.get().name)
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<MethodWrapper>) -> Value {
        text_or_none(cx, this.wrapper.expect().def.get().doc)
    }

    #[getter(__text_signature__)]
    fn text_signature(cx: &mut Cx, this: Gc<MethodWrapper>) -> Value {
        text_or_none(cx, this.wrapper.expect().def.get().signature)
    }
}

/// Whether CPython keeps the attribute of the native class `class` in a field, which is read-only in other words.
#[rustfmt::skip]
fn is_member(class: &str, name: &str) -> bool {
    match class {
        "function" => matches!(name, "__builtins__" | "__closure__" | "__globals__"),
        "method" => matches!(name, "__func__" | "__self__"),
        "staticmethod" | "classmethod" => matches!(name, "__func__" | "__wrapped__"),
        "method_descriptor" | "classmethod_descriptor" | "getset_descriptor" | "member_descriptor"
        | "wrapper_descriptor" => matches!(name, "__name__" | "__objclass__"),
        "method-wrapper" => name == "__self__",
        "module" | "SimpleNamespace" => name == "__dict__",
        "property" => matches!(name, "fdel" | "fget" | "fset"),
        "range" | "slice" => matches!(name, "start" | "step" | "stop"),
        "super" => matches!(name, "__self__" | "__self_class__" | "__thisclass__"),
        "traceback" => matches!(name, "tb_frame" | "tb_lasti"),
        "type" => matches!(name, "__base__" | "__basicsize__" | "__dictoffset__" | "__flags__" | "__itemsize__" | "__weakrefoffset__"),
        "complex" => matches!(name, "imag" | "real"),
        "BaseExceptionGroup" => matches!(name, "exceptions" | "message"),
        "async_generator" => name == "ag_running",
        "coroutine" => name == "cr_origin",
        "code" => matches!(
            name,
            "co_argcount" | "co_consts" | "co_exceptiontable" | "co_filename" | "co_firstlineno" | "co_flags"
            | "co_kwonlyargcount" | "co_linetable" | "co_name" | "co_names" | "co_nlocals" | "co_posonlyargcount"
            | "co_qualname" | "co_stacksize"
        ),
        "GenericAlias" => matches!(name, "__args__" | "__origin__" | "__unpacked__"),
        "Union" => name == "__args__",
        "ReferenceType" | "weakref" => name == "__callback__",
        "Match" => matches!(name, "endpos" | "pos" | "re" | "string"),
        "Pattern" => matches!(name, "flags" | "groups" | "pattern"),
        "timedelta" => matches!(name, "days" | "microseconds" | "seconds"),
        "partial" => matches!(name, "args" | "func" | "keywords"),
        "TypeVar" => matches!(name, "__contravariant__" | "__covariant__" | "__infer_variance__" | "__name__"),
        "ParamSpec" => matches!(name, "__bound__" | "__contravariant__" | "__covariant__" | "__infer_variance__" | "__name__"),
        "TypeVarTuple" | "TypeAliasType" => name == "__name__",
        "ParamSpecArgs" | "ParamSpecKwargs" => name == "__origin__",
        _ => false,
    }
}

#[native_class(name = "getset_descriptor", layout = GetSetDescriptor, flags = HAVE_GC, doc = "")]
pub mod getset_descriptor {
    use super::*;

    #[slot]
    fn repr(_: &mut Cx, this: Gc<GetSetDescriptor>) -> String {
        format!("<attribute '{}' of '{}' objects>", this.def.get().name, class_name(this.class.expect()))
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<GetSetDescriptor>, instance: Value, _owner: Value) -> PyResult {
        if instance.is_unbound() {
            return Ok(this.value());
        }
        let def = this.def.get();
        check_receiver(cx, instance, this.class.expect(), def.name)?;
        (def.get)(cx, instance)
    }

    #[slot]
    fn descr_set(cx: &mut Cx, this: Gc<GetSetDescriptor>, instance: Value, value: Option<Value>) -> PyResult<()> {
        let (def, class) = (this.def.get(), this.class.expect());
        check_receiver(cx, instance, class, def.name)?;
        match def.set {
            Some(set) => set(cx, instance, value),
            None => {
                let (name, own) = (def.name, class_name(class));
                if is_member(class.spec.get().map_or("", |spec| spec.name), name) {
                    return Err(plain_attribute_error(cx, "readonly attribute"));
                }
                Err(plain_attribute_error(cx, format_args!("attribute '{name}' of '{own}' objects is not writable")))
            }
        }
    }

    #[getter(__objclass__)]
    fn objclass(_: &mut Cx, this: Gc<GetSetDescriptor>) -> Gc<Class> {
        this.class.expect()
    }

    #[getter(__name__)]
    fn name(cx: &mut Cx, this: Gc<GetSetDescriptor>) -> Value {
        cx.heap.intern(this.def.get().name).value()
    }

    #[getter(__doc__)]
    fn doc(cx: &mut Cx, this: Gc<GetSetDescriptor>) -> Value {
        text_or_none(cx, this.def.get().doc)
    }

    #[getter(__qualname__)]
    fn qualname(_: &mut Cx, this: Gc<GetSetDescriptor>) -> String {
        qualified(this.class.expect(), this.def.get().name)
    }
}

#[native_class(name = "member_descriptor", layout = MemberDescriptor, flags = HAVE_GC, doc = "")]
pub mod member_descriptor {
    use super::*;

    fn text(this: Gc<MemberDescriptor>) -> String {
        this.name.expect().to_string()
    }

    #[slot]
    fn repr(_: &mut Cx, this: Gc<MemberDescriptor>) -> String {
        format!("<member '{}' of '{}' objects>", this.name.expect(), class_name(this.class.expect()))
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<MemberDescriptor>, instance: Value, _owner: Value) -> PyResult {
        if instance.is_unbound() {
            return Ok(this.value());
        }
        check_receiver(cx, instance, this.class.expect(), &text(this))?;
        match Attributes::of(instance).and_then(|a| a.slot(this.slot.get()).bound()) {
            Some(value) => Ok(value),
            None => Err(no_attribute(cx, instance, this.name.expect())),
        }
    }

    #[slot]
    fn descr_set(cx: &mut Cx, this: Gc<MemberDescriptor>, instance: Value, value: Option<Value>) -> PyResult<()> {
        let name = this.name.expect();
        check_receiver(cx, instance, this.class.expect(), &text(this))?;
        if this.read_only.get() {
            return Err(plain_attribute_error(cx, "readonly attribute"));
        }
        let (slot, attributes) = (this.slot.get(), Attributes::of(instance));
        match (attributes, value) {
            (Some(attributes), Some(value)) => attributes.set_slot(slot, value),
            (Some(attributes), None) if attributes.slot(slot).is_bound() => attributes.set_slot(slot, Value::UNBOUND),
            _ => return Err(plain_attribute_error(cx, name)),
        }
        Ok(())
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<MemberDescriptor>) -> Value {
        reduce_to_getattr(cx, this.class.expect().value(), &text(this))
    }

    #[getter(__objclass__)]
    fn objclass(_: &mut Cx, this: Gc<MemberDescriptor>) -> Gc<Class> {
        this.class.expect()
    }

    #[getter(__name__)]
    fn name(_: &mut Cx, this: Gc<MemberDescriptor>) -> Gc<Str> {
        this.name.expect()
    }

    #[getter(__doc__)]
    fn doc(_: &mut Cx, _this: Gc<MemberDescriptor>) -> Value {
        Value::NONE
    }

    #[getter(__qualname__)]
    fn qualname(_: &mut Cx, this: Gc<MemberDescriptor>) -> String {
        qualified(this.class.expect(), &text(this))
    }
}
