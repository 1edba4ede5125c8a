//! `object`: what every value can do.

use crate::prelude::*;
use crate::typing;
use macros::native_class;
use object::class::{flags, traits};
use object::instance::change_class;
use object::shape::{RootLayout, ShapeId};
use std::cell::RefCell;
use std::collections::HashMap;

#[native_class(
    name = "object",
    layout = Instance,
    flags = BASETYPE,
    signature = "()",
    doc = "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        object_new(cx, class, args)
    }

    #[slot]
    fn init(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult<()> {
        object_init(cx, this, args)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Value) -> PyResult {
        let class = cx.class_of(this);
        let module = super::super::type_::module_of(cx, class)?.downcast::<Str>();
        let mut builder = StrBuilder::new();
        builder.push_char('<');
        match module {
            Some(module) if !module.eq_str("builtins") => {
                builder.push_py(&module);
                builder.push_char('.');
                builder.push_py(&super::super::type_::qualname_of(cx, class));
            }
            _ => builder.push_str(&class_name(class)),
        }
        builder.push_str(&format!(" object at {:#x}>", this.id()));
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn str_(cx: &mut Cx, this: Value) -> PyResult {
        crate::text::unchecked_repr(cx, this)
    }

    #[slot]
    fn hash(this: Value) -> PyResult<i64> {
        Ok(identity_hash(this))
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Value, other: Value, op: CompareOp) -> PyResult {
        object_compare(cx, this, other, op)
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: Value, name: Gc<Str>) -> PyResult {
        generic_get_attr(cx, this, name)
    }

    #[slot]
    fn setattro(cx: &mut Cx, this: Value, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
        generic_set_attr(cx, this, name, value)
    }

    /// Default object formatter.
    ///
    /// Return str(self) if format_spec is empty. Raise TypeError otherwise.
    #[method("__format__($self, format_spec, /)")]
    fn format(cx: &mut Cx, this: Value, format_spec: Value) -> PyResult {
        let Some(spec) = format_spec.downcast::<Str>() else {
            let name = type_name(cx, format_spec);
            return Err(type_error(cx, format_args!("__format__() argument must be str, not {name}")));
        };
        if !spec.is_empty() {
            let name = type_name(cx, this);
            return Err(type_error(cx, format_args!("unsupported format string passed to {name}.__format__")));
        }
        str_value(cx, this)
    }

    /// Helper for pickle.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Value) -> PyResult {
        reduce_default(cx, this, 0)
    }

    /// Helper for pickle.
    #[method("__reduce_ex__($self, protocol, /)")]
    fn reduce_ex(cx: &mut Cx, this: Value, protocol: i32) -> PyResult {
        let name = cx.names().__reduce__;
        let class = cx.class_of(this);
        let own = get_attr_opt(cx, this, name)?;
        let overridden = cx.lookup_class(class, name) != cx.lookup_class(cx.types().object, name);
        match own {
            Some(own) if overridden => call(cx, own, &[]),
            _ => reduce_default(cx, this, protocol),
        }
    }

    /// Helper for pickle.
    #[method("__getstate__($self, /)")]
    fn getstate(cx: &mut Cx, this: Value) -> PyResult {
        default_state(cx, this, Required::No)
    }

    /// Default dir() implementation.
    #[method("__dir__($self, /)")]
    fn dir(cx: &mut Cx, this: Value) -> PyResult {
        let names = cx.names();
        let merged = Dict::new(&mut cx.heap);
        if let Some(own) = get_attr_opt(cx, this, names.__dict__)?
            && let Some(own) = own.cast::<Dict>()
        {
            own.copy_into(&mut cx.heap, merged).or_raise(cx)?;
        }
        if let Some(class) = get_attr_opt(cx, this, names.__class__)? {
            merge_class_dict(cx, merged, class)?;
        }
        Ok(to_list(cx, merged.value())?.value())
    }

    /// Size of object in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn sizeof(this: Value) -> i64 {
        this.header().map_or(0, |header| ShapeId::from_raw(header.shape()).get().instance_size() as i64)
    }

    /// This method is called when a class is subclassed.
    ///
    /// The default implementation does nothing. It may be
    /// overridden to extend subclasses.
    #[classmethod(raw, "__init_subclass__($type, /)")]
    fn init_subclass(cx: &mut Cx, class: Value, args: Args<'_>) -> PyResult {
        let name = class
            .cast::<Class>()
            .map_or_else(String::new, |class| super::super::type_::qualname_of(cx, class).to_string());
        if args.n_keywords() > 0 {
            return Err(type_error(cx, format_args!("{name}.__init_subclass__() takes no keyword arguments")));
        }
        if args.n_positional() > 0 {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("{name}.__init_subclass__() takes no arguments ({n} given)")));
        }
        Ok(Value::NONE)
    }

    /// Abstract classes can override this to customize issubclass().
    ///
    /// This is invoked early on by abc.ABCMeta.__subclasscheck__().
    /// It should return True, False or NotImplemented.  If it returns
    /// NotImplemented, the normal algorithm is used.  Otherwise, it
    /// overrides the normal algorithm (and the outcome is cached).
    #[classmethod("__subclasshook__($type, object, /)")]
    fn subclasshook(_class: Value, _object: Value) -> Value {
        Value::NOT_IMPLEMENTED
    }

    /// the object's class
    #[getter(__class__)]
    fn class_(cx: &mut Cx, this: Value) -> Gc<Class> {
        cx.class_of(this)
    }

    #[setter(__class__)]
    fn set_class(cx: &mut Cx, this: Value, value: Option<Value>) -> PyResult<()> {
        assign_class(cx, this, value)
    }

    /// The wrappers that the attribute makes would hide from the runtime that these are the default operations.
    #[init]
    fn use_plain_functions(_cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        class.slots.new.set(Some(object_new));
        class.slots.init.set(Some(object_init));
        class.slots.getattro.set(Some(generic_get_attr));
        class.slots.setattro.set(Some(generic_set_attr));
        Ok(())
    }
}

/// `object.__new__(class)`.
pub fn object_new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    if !args.is_empty() {
        let overrides_new = !is_object_new(class);
        if overrides_new {
            return Err(type_error(cx, "object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if is_object_init(class) {
            let name = class_name(class);
            return Err(type_error(cx, format_args!("{name}() takes no arguments")));
        }
    }
    if class.has_flag(flags::ABSTRACT) {
        return Err(abstract_class(cx, class)?);
    }
    if class.has_flag(flags::DISALLOW_INSTANTIATION) {
        let name = crate::error::full_class_name(class);
        return Err(type_error(cx, format_args!("cannot create '{name}' instances")));
    }
    if class.instance_kind.get() != Kind::Instance {
        let name = class_name(class);
        return Err(type_error(cx, format_args!("object.__new__({name}) is not safe, use {name}.__new__()")));
    }
    let instance = cx.heap.instance(class.instance_shape.get());
    if class.has_trait(traits::HAS_DEL) {
        cx.vm().lifetimes.register_finalizable(instance);
    }
    Ok(instance)
}

/// Whether instances of `class` are made by `object.__new__`.
pub fn is_object_new(class: Gc<Class>) -> bool {
    class.slots.new.get().is_some_and(|f| std::ptr::fn_addr_eq(f, object_new as object::class::NewFn))
}

/// Whether instances of `class` are initialised by `object.__init__`.
pub fn is_object_init(class: Gc<Class>) -> bool {
    class.slots.init.get().is_some_and(|f| std::ptr::fn_addr_eq(f, object_init as object::class::InitFn))
}

fn abstract_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<Raised> {
    let name = cx.names().__abstractmethods__;
    let methods = get_attr(cx, class.value(), name)?;
    let methods = to_list(cx, methods)?;
    let mut quoted = Vec::new();
    for i in 0..methods.len() {
        let method = methods.get(i).unwrap_or(Value::NONE);
        quoted.push(format!("'{}'", str_of(cx, method)?));
    }
    quoted.sort();
    let plural = if quoted.len() > 1 { "s" } else { "" };
    let (class, methods) = (class_name(class), quoted.join(", "));
    Ok(type_error(
        cx,
        format_args!(
            "Can't instantiate abstract class {class} without an implementation for abstract method{plural} {methods}"
        ),
    ))
}

/// `object.__init__(instance)`.
pub fn object_init(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult<()> {
    if args.is_empty() {
        return Ok(());
    }
    let class = cx.class_of(this);
    if !is_object_init(class) {
        return Err(type_error(cx, "object.__init__() takes exactly one argument (the instance to initialize)"));
    }
    if is_object_new(class) {
        let name = class_name(class);
        return Err(type_error(
            cx,
            format_args!("{name}.__init__() takes exactly one argument (the instance to initialize)"),
        ));
    }
    Ok(())
}

/// The hash of what compares by identity.
pub fn identity_hash(value: Value) -> i64 {
    value.id().rotate_right(4) as i64
}

/// `object`'s comparisons: identity, and `!=` as the opposite of `==`.
pub fn object_compare(cx: &mut Cx, this: Value, other: Value, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq if this.is(other) => Ok(Value::TRUE),
        CompareOp::Ne => {
            let Some(compare) = cx.class_of(this).slots.richcompare.get() else { return Ok(Value::NOT_IMPLEMENTED) };
            let equal = compare(cx, this, other, CompareOp::Eq)?;
            if equal.is_not_implemented() {
                return Ok(equal);
            }
            Ok(Value::bool(!is_true(cx, equal)?))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Add the names of a class and of its bases to `merged`.
pub fn merge_class_dict(cx: &mut Cx, merged: Gc<Dict>, class: Value) -> PyResult<()> {
    let names = cx.names();
    if let Some(dict) = get_attr_opt(cx, class, names.__dict__)? {
        crate::dict::update(cx, merged, dict)?;
    }
    let Some(bases) = get_attr_opt(cx, class, names.__bases__)? else { return Ok(()) };
    let Some(bases) = bases.downcast::<Tuple>() else { return Ok(()) };
    for i in 0..bases.len() {
        merge_class_dict(cx, merged, bases.get(i))?;
    }
    Ok(())
}

/// `copyreg.name`.
fn copyreg(cx: &mut Cx, name: &str) -> PyResult {
    let module = crate::import::import_module(cx, "copyreg")?;
    let name = cx.heap.intern(name);
    get_attr(cx, module, name)
}

fn cannot_pickle(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("cannot pickle '{name}' object"))
}

fn reduce_default(cx: &mut Cx, value: Value, protocol: i32) -> PyResult {
    if protocol >= 2 {
        return reduce_newobj(cx, value);
    }
    let reduce = copyreg(cx, "_reduce_ex")?;
    call(cx, reduce, &[value, Int::from_len(protocol.max(0) as usize).value()])
}

/// Arguments for `__new__` as the object says, positional and keyword; `None` when it says nothing.
fn new_arguments(cx: &mut Cx, value: Value) -> PyResult<Option<(Gc<Tuple>, Option<Gc<Dict>>)>> {
    let names = cx.names();
    if let Some(result) = call_special(cx, value, names.__getnewargs_ex__, &[])? {
        let Some(pair) = result.downcast::<Tuple>() else {
            let name = type_name(cx, result);
            return Err(type_error(cx, format_args!("__getnewargs_ex__ should return a tuple, not '{name}'")));
        };
        let &[args, kwargs] = pair.as_slice() else {
            let n = pair.len();
            return Err(value_error(cx, format_args!("__getnewargs_ex__ should return a tuple of length 2, not {n}")));
        };
        let Some(args) = args.downcast::<Tuple>() else {
            let name = type_name(cx, args);
            return Err(type_error(
                cx,
                format_args!("first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{name}'"),
            ));
        };
        let Some(kwargs) = kwargs.cast::<Dict>() else {
            let name = type_name(cx, kwargs);
            return Err(type_error(
                cx,
                format_args!("second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{name}'"),
            ));
        };
        return Ok(Some((args, Some(kwargs))));
    }
    let Some(result) = call_special(cx, value, names.__getnewargs__, &[])? else { return Ok(None) };
    match result.downcast::<Tuple>() {
        Some(args) => Ok(Some((args, None))),
        None => {
            let name = type_name(cx, result);
            Err(type_error(cx, format_args!("__getnewargs__ should return a tuple, not '{name}'")))
        }
    }
}

fn reduce_newobj(cx: &mut Cx, value: Value) -> PyResult {
    let class = cx.class_of(value);
    if class.slots.new.get().is_none() || class.has_flag(flags::DISALLOW_INSTANTIATION) {
        return Err(cannot_pickle(cx, value));
    }
    let given = new_arguments(cx, value)?;
    let (maker, arguments) = match given {
        Some((args, Some(kwargs))) if !kwargs.is_empty() => {
            let maker = copyreg(cx, "__newobj_ex__")?;
            (maker, cx.heap.tuple(&[class.value(), args.value(), kwargs.value()]))
        }
        _ => {
            let maker = copyreg(cx, "__newobj__")?;
            let args = given.map_or(cx.vm().empty_tuple(), |(args, _)| args);
            let with_class =
                Tuple::from_fn(&mut cx.heap, args.len() + 1, |i| if i == 0 { class.value() } else { args.get(i - 1) })
                    .or_raise(cx)?;
            (maker, with_class)
        }
    };
    let is_list = class.has_flag(flags::LIST_SUBCLASS);
    let is_dict = class.has_flag(flags::DICT_SUBCLASS);
    let required = if given.is_some() || is_list || is_dict { Required::No } else { Required::Yes };
    let state = state_of(cx, value, required)?;
    let list_items = if is_list { get_iter(cx, value)? } else { Value::NONE };
    let dict_items = if is_dict {
        let items = cx.names().items;
        let items = call_method(cx, value, items, &[])?;
        get_iter(cx, items)?
    } else {
        Value::NONE
    };
    Ok(cx.heap.tuple(&[maker, arguments.value(), state, list_items, dict_items]).value())
}

/// Whether an object whose state is more than its attributes cannot be pickled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Required {
    Yes,
    No,
}

fn state_of(cx: &mut Cx, value: Value, required: Required) -> PyResult {
    let name = cx.names().__getstate__;
    let class = cx.class_of(value);
    if cx.lookup_class(class, name) == cx.lookup_class(cx.types().object, name)
        && crate::attribute::own_attribute(value, name).is_none()
    {
        return default_state(cx, value, required);
    }
    let getstate = get_attr(cx, value, name)?;
    call(cx, getstate, &[])
}

/// `object.__getstate__`: the instance's dict, and a dict of its slots if there are any.
fn default_state(cx: &mut Cx, value: Value, required: Required) -> PyResult {
    let class = cx.class_of(value);
    let names = cx.names();
    if required == Required::Yes && class.instance_kind.get() != Kind::Instance && !value.is_a::<Module>() {
        return Err(cannot_pickle(cx, value));
    }
    if required == Required::Yes && value.is_a::<Module>() {
        return Err(cannot_pickle(cx, value));
    }
    let has_attributes = Attributes::of(value).is_some_and(|a| a.shape().has_dict() && !a.is_empty());
    let mut state = Value::NONE;
    if has_attributes && let Some(dict) = get_attr_opt(cx, value, names.__dict__)? {
        let is_empty = dict.cast::<Dict>().is_some_and(|d| d.is_empty());
        if !is_empty {
            state = dict;
        }
    }
    let slot_names = copyreg(cx, "_slotnames")?;
    let slot_names = call(cx, slot_names, &[class.value()])?;
    let Some(slot_names) = slot_names.cast::<List>().filter(|list| !list.is_empty()) else { return Ok(state) };
    let slots = Dict::new(&mut cx.heap);
    for i in 0..slot_names.len() {
        let Some(slot) = slot_names.get(i) else { break };
        let slot = name_from_value(cx, slot)?;
        if let Some(content) = get_attr_opt(cx, value, slot)? {
            slots.set_str(&mut cx.heap, slot, content).or_raise(cx)?;
        }
    }
    if slots.is_empty() { Ok(state) } else { Ok(cx.heap.tuple(&[state, slots.value()]).value()) }
}

/// Shapes for instances that changed their class, by the shape of the new class's own instances and the number of inline
/// slots. Shapes are never freed: no class that dies leaves an entry for another one.
#[derive(Default)]
struct MovedShapes(RefCell<HashMap<(u32, usize), ShapeId>>);

/// `instance.__class__ = class`.
fn assign_class(cx: &mut Cx, value: Value, class: Option<Value>) -> PyResult<()> {
    let Some(class) = class else { return Err(type_error(cx, "can't delete __class__ attribute")) };
    let Some(new) = class.cast::<Class>() else {
        let name = type_name(cx, class);
        return Err(type_error(cx, format_args!("__class__ must be set to a class, not '{name}' object")));
    };
    let old = cx.class_of(value);
    let module = cx.types().module;
    let are_modules = typing::is_subtype(new, module) && typing::is_subtype(old, module);
    if !are_modules && (new.has_flag(flags::IMMUTABLE) || old.has_flag(flags::IMMUTABLE)) {
        return Err(type_error(cx, "__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    if new == old {
        return Ok(());
    }
    if !same_layout(old, new) {
        let (new, old) = (class_name(new), class_name(old));
        return Err(type_error(cx, format_args!("__class__ assignment: '{new}' object layout differs from '{old}'")));
    }
    let Some(attributes) = Attributes::of(value) else {
        return change_shape(cx, value, new);
    };
    if attributes.shape().has_dict() {
        attributes.materialize(&mut cx.heap).or_raise(cx)?;
    }
    change_shape(cx, value, new)
}

/// Whether instances of both classes look alike in memory.
pub fn same_layout(a: Gc<Class>, b: Gc<Class>) -> bool {
    a.instance_kind.get() == b.instance_kind.get()
        && a.base_size.get() == b.base_size.get()
        && a.reserved_slots.get() == b.reserved_slots.get()
        && a.has_trait(traits::HAS_DICT) == b.has_trait(traits::HAS_DICT)
        && (a.reserved_slots.get() == 0 || slots_of(a) == slots_of(b))
}

/// The names of all `__slots__` of a class and its bases, in order.
fn slots_of(class: Gc<Class>) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = Some(class);
    while let Some(class) = at {
        if let Some(own) = class.slot_names.get().cast::<Tuple>() {
            names.extend(own.iter().filter_map(|n| n.cast::<Str>()).map(|n| n.to_string()));
        }
        at = class.base.get();
    }
    names
}

/// Give an object, in dict mode if it has a dict, a shape of `class` that has the same size.
fn change_shape(cx: &mut Cx, value: Value, class: Gc<Class>) -> PyResult<()> {
    let Some(header) = value.header() else { return Ok(()) };
    let old = ShapeId::from_raw(header.shape()).get();
    let own = class.instance_shape.get();
    let root = if own.get().inline_slots() == old.inline_slots() {
        own
    } else {
        let inline_slots = old.inline_slots();
        let moved = cx.vm().extension(MovedShapes::default);
        let space = cx.vm().shape_space();
        let layout = RootLayout {
            kind: class.instance_kind.get(),
            base_size: class.base_size.get() as usize,
            has_dict: old.has_dict(),
            reserved_slots: class.reserved_slots.get() as usize,
            inline_slots,
        };
        *moved.0.borrow_mut().entry((own.raw(), inline_slots)).or_insert_with(|| space.root(class.word(), layout))
    };
    let shape = if old.is_dict_mode() { cx.vm().shape_space().dict_mode(root) } else { root };
    change_class(header, shape);
    Ok(())
}
