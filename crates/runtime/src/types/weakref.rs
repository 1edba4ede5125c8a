//! Weak references and proxies.

use crate::prelude::*;
use ::object::class::traits;
use macros::native_class;

/// The weak reference of `class` to `target`; one without callback is shared by all who ask.
pub fn new_reference(cx: &mut Cx, class: Gc<Class>, target: Value, callback: Value) -> PyResult<Gc<WeakRef>> {
    if !is_referable(cx, target) {
        let name = type_name(cx, target);
        return Err(type_error(cx, format_args!("cannot create weak reference to '{name}' object")));
    }
    let callback = if callback.is_none() { Value::UNBOUND } else { callback };
    let types = cx.types();
    let is_exact = class == types.weakref || class == types.weakproxy || class == types.weakcallableproxy;
    if callback.is_unbound() && is_exact {
        let is_shared = |r: Gc<WeakRef>| r.callback.get().is_unbound() && cx.class_of(r.value()) == class;
        let shared = cx.vm().lifetimes.find_weak(target, is_shared);
        if let Some(shared) = shared {
            return Ok(shared);
        }
    }
    Ok(cx.heap.weak_reference(class.instance_shape.get(), target, callback))
}

/// Whether objects like `target` can be weakly referenced.
pub fn is_referable(cx: &Cx, target: Value) -> bool {
    target.is_heap() && cx.class_of(target).has_trait(traits::HAS_WEAKREF)
}

#[native_class(
    name = "ReferenceType",
    module = "weakref",
    layout = WeakRef,
    flags = BASETYPE | HAVE_GC,
    signature = "(object, callback=None, /)",
    doc = ""
)]
pub mod reference {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let (target, callback) = arguments(cx, "__new__", args)?;
        Ok(new_reference(cx, class, target, callback)?.value())
    }

    #[slot]
    fn init(cx: &mut Cx, _this: Value, args: Args<'_>) -> PyResult<()> {
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "ref() takes no keyword arguments"));
        }
        arguments(cx, "__init__", args).map(|_| ())
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<WeakRef>, args: Args<'_>) -> PyResult {
        if !args.is_empty() {
            return Err(type_error(cx, "weakref.__call__() takes no arguments"));
        }
        Ok(this.target().unwrap_or(Value::NONE))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<WeakRef>) -> PyResult<String> {
        describe(cx, this)
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<WeakRef>) -> PyResult<i64> {
        if this.hash.get() != -1 {
            return Ok(this.hash.get());
        }
        let Some(target) = this.target() else { return Err(type_error(cx, "weak object has gone away")) };
        let hash = hash_of(cx, target)?;
        this.hash.set(hash);
        Ok(hash)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<WeakRef>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<WeakRef>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        match (this.target(), other.target()) {
            (Some(a), Some(b)) => compare(cx, a, b, op),
            _ => Ok(Value::bool((this == other) == (op == CompareOp::Eq))),
        }
    }

    #[getter(__callback__)]
    fn callback(this: Gc<WeakRef>) -> Value {
        if this.target().is_none() { Value::NONE } else { this.callback.get().bound().unwrap_or(Value::NONE) }
    }

    #[classmethod("__class_getitem__($type, object, /)")]
    fn getitem(cx: &mut Cx, class: Value, object: Value) -> PyResult {
        super::super::generic_alias::class_getitem(cx, class, object)
    }
}

/// The target and the callback. Keywords are for the `__init__` of subclasses.
fn arguments(cx: &mut Cx, function: &str, args: Args<'_>) -> PyResult<(Value, Value)> {
    match *args.positional() {
        [target] => Ok((target, Value::NONE)),
        [target, callback] => Ok((target, callback)),
        [] => Err(type_error(cx, format_args!("{function} expected at least 1 argument, got 0"))),
        ref more => {
            let n = more.len();
            Err(type_error(cx, format_args!("{function} expected at most 2 arguments, got {n}")))
        }
    }
}

fn describe(cx: &mut Cx, this: Gc<WeakRef>) -> PyResult<String> {
    let at = this.value().id();
    let Some(target) = this.target() else { return Ok(format!("<weakref at {at:#x}; dead>")) };
    let name = cx.names().__name__;
    let own_name = lookup_special(cx, target, name)?.and_then(|name| name.downcast::<Str>());
    let (class, to) = (full_type_name(cx, target), target.id());
    Ok(match own_name {
        Some(name) => format!("<weakref at {at:#x}; to '{class}' at {to:#x} ({name})>"),
        None => format!("<weakref at {at:#x}; to '{class}' at {to:#x}>"),
    })
}

/// The target of a proxy; anything else as it is.
fn target_of(cx: &mut Cx, value: Value) -> PyResult {
    let types = cx.types();
    let class = cx.class_of(value);
    if class != types.weakproxy && class != types.weakcallableproxy {
        return Ok(value);
    }
    match value.cast::<WeakRef>().and_then(|weak| weak.target()) {
        Some(target) => Ok(target),
        None => Err(reference_error(cx, "weakly-referenced object no longer exists")),
    }
}

/// A proxy, callable if the target is.
pub fn new_proxy(cx: &mut Cx, target: Value, callback: Value) -> PyResult {
    let callable = crate::functions::is_callable(cx, target);
    let class = if callable { cx.types().weakcallableproxy } else { cx.types().weakproxy };
    Ok(new_reference(cx, class, target, callback)?.value())
}

fn both(cx: &mut Cx, left: Value, right: Value, op: BinaryOp) -> PyResult {
    let (left, right) = (target_of(cx, left)?, target_of(cx, right)?);
    binary_op(cx, op, left, right)
}

fn both_divmod(cx: &mut Cx, left: Value, right: Value) -> PyResult {
    let (left, right) = (target_of(cx, left)?, target_of(cx, right)?);
    crate::operate::divmod(cx, left, right)
}

fn both_inplace(cx: &mut Cx, left: Value, right: Value, op: BinaryOp) -> PyResult {
    let (left, right) = (target_of(cx, left)?, target_of(cx, right)?);
    inplace_op(cx, op, left, right)
}

#[native_class(
    name = "ProxyType",
    module = "weakref",
    layout = WeakRef,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    doc = ""
)]
pub mod proxy {
    use super::*;

    #[slot]
    fn getattro(cx: &mut Cx, this: Value, name: Gc<Str>) -> PyResult {
        let target = target_of(cx, this)?;
        get_attr(cx, target, name)
    }

    #[slot]
    fn setattro(cx: &mut Cx, this: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
        let target = target_of(cx, this)?;
        match value {
            Some(value) => set_attr(cx, target, name, value),
            None => del_attr(cx, target, name),
        }
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<WeakRef>) -> PyResult<String> {
        let at = this.value().id();
        let Some(target) = this.target() else { return Ok(format!("<weakproxy at {at:#x}; dead>")) };
        Ok(format!("<weakproxy at {at:#x}; to '{}' at {:#x}>", full_type_name(cx, target), target.id()))
    }

    #[slot]
    fn str_(cx: &mut Cx, this: Value) -> PyResult<Gc<Str>> {
        let target = target_of(cx, this)?;
        str_of(cx, target)
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Value) -> PyResult<i64> {
        let name = type_name(cx, this);
        Err(type_error(cx, format_args!("unhashable type: '{name}'")))
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Value, other: Value, op: CompareOp) -> PyResult {
        let (this, other) = (target_of(cx, this)?, target_of(cx, other)?);
        compare(cx, this, other, op)
    }

    #[slot]
    fn bool_(cx: &mut Cx, this: Value) -> PyResult<bool> {
        let target = target_of(cx, this)?;
        is_true(cx, target)
    }

    #[slot]
    fn len(cx: &mut Cx, this: Value) -> PyResult<usize> {
        let target = target_of(cx, this)?;
        length(cx, target)
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Value, key: Value) -> PyResult {
        let target = target_of(cx, this)?;
        get_item(cx, target, key)
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: Value, key: Value, value: Option<Value>) -> PyResult<()> {
        let target = target_of(cx, this)?;
        match value {
            Some(value) => set_item(cx, target, key, value),
            None => del_item(cx, target, key),
        }
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Value, item: Value) -> PyResult<bool> {
        let target = target_of(cx, this)?;
        crate::compare::contains(cx, target, item)
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        get_iter(cx, target)
    }

    #[slot]
    fn next(cx: &mut Cx, this: Value) -> PyResult<Option<Value>> {
        let target = target_of(cx, this)?;
        if cx.class_of(target).slots.next.get().is_none() {
            let name = type_name(cx, target);
            return Err(type_error(cx, format_args!("Weakref proxy referenced a non-iterator '{name}' object")));
        }
        crate::iterate::next(cx, target)
    }

    #[slot]
    fn negative(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        crate::operate::negative(cx, target)
    }

    #[slot]
    fn positive(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        crate::operate::positive(cx, target)
    }

    #[slot]
    fn absolute(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        crate::operate::absolute(cx, target)
    }

    #[slot]
    fn invert(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        crate::operate::invert(cx, target)
    }

    #[slot]
    fn index(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        index_value(cx, target)
    }

    #[slot]
    fn int(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        let class = cx.types().int.value();
        call(cx, class, &[target])
    }

    #[slot]
    fn float(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        let class = cx.types().float.value();
        call(cx, class, &[target])
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Add)
    }

    #[slot(inplace = Add)]
    fn inplace_add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Add)
    }

    #[slot(binary = And)]
    fn and(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::And)
    }

    #[slot(inplace = And)]
    fn inplace_and(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::And)
    }

    #[slot(binary = FloorDivide)]
    fn floor_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::FloorDivide)
    }

    #[slot(inplace = FloorDivide)]
    fn inplace_floor_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::FloorDivide)
    }

    #[slot(binary = Lshift)]
    fn lshift(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Lshift)
    }

    #[slot(inplace = Lshift)]
    fn inplace_lshift(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Lshift)
    }

    #[slot(binary = MatrixMultiply)]
    fn matrix_multiply(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::MatrixMultiply)
    }

    #[slot(inplace = MatrixMultiply)]
    fn inplace_matrix_multiply(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::MatrixMultiply)
    }

    #[slot(binary = Multiply)]
    fn multiply(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Multiply)
    }

    #[slot(inplace = Multiply)]
    fn inplace_multiply(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Multiply)
    }

    #[slot(binary = Remainder)]
    fn remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Remainder)
    }

    #[slot(inplace = Remainder)]
    fn inplace_remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Remainder)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Or)
    }

    #[slot(inplace = Or)]
    fn inplace_or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Or)
    }

    #[slot(binary = Power)]
    fn power(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Power)
    }

    #[slot(inplace = Power)]
    fn inplace_power(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Power)
    }

    #[slot]
    fn power3(cx: &mut Cx, left: Value, right: Value, modulus: Value) -> PyResult {
        let (left, right, modulus) = (target_of(cx, left)?, target_of(cx, right)?, target_of(cx, modulus)?);
        crate::operate::power(cx, left, right, modulus)
    }

    #[slot(binary = Rshift)]
    fn rshift(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Rshift)
    }

    #[slot(inplace = Rshift)]
    fn inplace_rshift(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Rshift)
    }

    #[slot(binary = Subtract)]
    fn subtract(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Subtract)
    }

    #[slot(inplace = Subtract)]
    fn inplace_subtract(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Subtract)
    }

    #[slot(binary = TrueDivide)]
    fn true_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::TrueDivide)
    }

    #[slot(inplace = TrueDivide)]
    fn inplace_true_divide(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::TrueDivide)
    }

    #[slot(binary = Xor)]
    fn xor(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both(cx, left, right, BinaryOp::Xor)
    }

    #[slot(inplace = Xor)]
    fn inplace_xor(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_inplace(cx, left, right, BinaryOp::Xor)
    }

    /// Return divmod(self, value).
    #[method("__divmod__($self, value, /)")]
    fn divmod(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_divmod(cx, left, right)
    }

    /// Return divmod(value, self).
    #[method("__rdivmod__($self, value, /)")]
    fn rdivmod(cx: &mut Cx, right: Value, left: Value) -> PyResult {
        both_divmod(cx, left, right)
    }

    #[method("__bytes__($self, /)")]
    fn bytes(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        let name = cx.names().__bytes__;
        call_method(cx, target, name, &[])
    }

    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Value) -> PyResult {
        let target = target_of(cx, this)?;
        let class = cx.types().reversed.value();
        call(cx, class, &[target])
    }
}

#[native_class(
    name = "CallableProxyType",
    module = "weakref",
    layout = WeakRef,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    doc = ""
)]
pub mod callable_proxy {
    use super::*;

    #[slot]
    fn call(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult {
        let target = target_of(cx, this)?;
        call_args(cx, target, args)
    }

    /// Return divmod(self, value).
    #[method("__divmod__($self, value, /)")]
    fn divmod(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        both_divmod(cx, left, right)
    }

    /// Return divmod(value, self).
    #[method("__rdivmod__($self, value, /)")]
    fn rdivmod(cx: &mut Cx, right: Value, left: Value) -> PyResult {
        both_divmod(cx, left, right)
    }

    /// All other operations are as for proxies of what cannot be called.
    #[init]
    fn share_slots(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        crate::native::add_slots(cx, class, &proxy::SPEC)
    }
}
