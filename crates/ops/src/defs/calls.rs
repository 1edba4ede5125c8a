//! Calls, and the making of functions.

use crate::{Cached, Called, Construct, Enter, Exit, Leave, Miss, Oparg};
use bytecode::CodeFlags;
use object::class::{flags, traits};
use object::*;
use ops_macros::{instruction, uop};
use runtime::call;
use runtime::error::*;

/// The arguments of a call: the place of self, when it is filled, and those that were written.
#[uop]
pub fn arguments(args: &[Value]) -> &[Value] {
    match args {
        [this, rest @ ..] if this.is_unbound() => rest,
        _ => args,
    }
}

/// Call anything: a Python function, or the `__init__` of a class, goes on in a frame of its own. `args` begins with the
/// place of self.
fn call_any(cx: &mut Cx, callable: Value, args: &mut [Value], kwnames: Option<Gc<Tuple>>) -> PyResult<Called> {
    let mut callable = callable;
    if args[0].is_unbound() {
        if let Some(method) = callable.cast::<BoundMethod>() {
            callable = method.function.get();
            args[0] = method.this.get();
        } else if let Some(class) = callable.cast::<Class>()
            && let Some(init) = python_init(cx, class)
        {
            let object = new_instance(cx, class);
            args[0] = object;
            let frame = call::bind_frame(cx, init, Args::new(args, kwnames), FrameOwner::Init)?;
            return Ok(Called::Construct(Construct { object, frame }));
        }
    }
    call_bound(cx, callable, Args::new(arguments(args), kwnames))
}

fn call_bound(cx: &mut Cx, callable: Value, args: Args<'_>) -> PyResult<Called> {
    match callable.cast::<Function>() {
        Some(function) => call::bind_frame(cx, function, args, FrameOwner::Call).map(Called::Enter),
        None => call::call_args(cx, callable, args).map(Called::Value),
    }
}

/// The `__init__` of a class whose metaclass is `type`, whose instances are made the plain way and whose `__init__` is a
/// Python function: what calling the class comes to.
pub fn python_init(cx: &Cx, class: Gc<Class>) -> Option<Gc<Function>> {
    let types = cx.types();
    let plain = class.is_heap_type()
        && class.instance_kind.get() == Kind::Instance
        && class.slots.new.get().map(|f| f as usize) == types.object.slots.new.get().map(|f| f as usize)
        && class.instance_shape.get() != ShapeId::NONE
        && !class.has_flag(flags::ABSTRACT)
        && !class.has_trait(traits::HAS_DEL)
        && cx.class_of(class.value()) == types.type_;
    if !plain {
        return None;
    }
    cx.lookup_class(class, cx.names().__init__)?.cast::<Function>()
}

/// Call anything with positional arguments.
#[instruction(micro, adaptive, run = oparg + 1)]
pub fn call(cx: &mut Cx, callable: Value, args: &mut [Value]) -> PyResult<Called> {
    call_any(cx, callable, args, None)
}

/// Call anything, the last arguments by keyword.
#[instruction(micro, adaptive, run = oparg + 1)]
pub fn call_kw(cx: &mut Cx, callable: Value, args: &mut [Value], kwnames: Value) -> PyResult<Called> {
    call_any(cx, callable, args, kwnames.cast::<Tuple>())
}

/// Leave unless this is a function of the cached version.
#[uop]
pub fn guard_function(callable: Value, version: Cached<u32, 1>) -> Result<Gc<Function>, Miss> {
    let function = callable.cast::<Function>().ok_or(Miss)?;
    if function.version.get() == version.0 { Ok(function) } else { Err(Miss) }
}

/// Leave unless this is a bound method of a function of the cached version; the function and its self.
#[uop]
pub fn guard_bound_function(callable: Value, version: Cached<u32, 1>) -> Result<(Gc<Function>, Value), Miss> {
    let method = callable.cast::<BoundMethod>().ok_or(Miss)?;
    let function = guard_function(method.function.get(), version)?;
    Ok((function, method.this.get()))
}

/// The arguments behind the empty place of self.
#[uop]
pub fn arguments_alone(args: &[Value]) -> Result<&[Value], Miss> {
    match args {
        [this, rest @ ..] if this.is_unbound() => Ok(rest),
        _ => Err(Miss),
    }
}

/// Put a bound method's self in the empty place in front of the arguments. Nothing may leave by a miss after that: the
/// generic instruction would put it there again.
#[uop]
pub fn fill_self(args: &mut [Value], this: Value) -> Result<&[Value], Miss> {
    match args.first_mut() {
        Some(first) if first.is_unbound() => *first = this,
        _ => return Err(Miss),
    }
    Ok(args)
}

/// Push a frame for a function that takes just these arguments; leave when the stack is full or something waits.
#[uop]
pub fn push_exact_frame(cx: &Cx, function: Gc<Function>, args: &[Value]) -> Result<FrameRef, Miss> {
    cx.push_exact_frame(function, None, args, FrameOwner::Call).ok_or(Miss)
}

/// The same with a self in front.
#[uop]
pub fn push_exact_method_frame(cx: &Cx, function: Gc<Function>, this: Value, args: &[Value]) -> Result<FrameRef, Miss> {
    cx.push_exact_frame(function, Some(this), args, FrameOwner::Call).ok_or(Miss)
}

/// Call a Python function with as many arguments as it has parameters.
#[instruction(run = oparg + 1)]
pub fn call_py_exact_args(cx: &Cx, callable: Value, args: &[Value], version: Cached<u32, 1>) -> Result<Enter, Miss> {
    let function = guard_function(callable, version)?;
    let args = arguments(args);
    let frame = push_exact_frame(cx, function, args)?;
    Ok(Enter(frame))
}

/// Call the function of a bound method with as many arguments as it has parameters.
#[instruction(run = oparg + 1)]
pub fn call_bound_method_exact_args(
    cx: &Cx,
    callable: Value,
    args: &[Value],
    version: Cached<u32, 1>,
) -> Result<Enter, Miss> {
    let (function, this) = guard_bound_function(callable, version)?;
    let args = arguments_alone(args)?;
    let frame = push_exact_method_frame(cx, function, this, args)?;
    Ok(Enter(frame))
}

/// Push a frame with the arguments bound as the function's signature says.
#[uop]
pub fn bind_frame(cx: &mut Cx, function: Gc<Function>, args: &[Value]) -> PyResult<FrameRef> {
    call::bind_frame(cx, function, Args::positional_only(args), FrameOwner::Call)
}

/// Call a Python function with positional arguments.
#[instruction(run = oparg + 1)]
pub fn call_py_general(cx: &mut Cx, callable: Value, args: &[Value], version: Cached<u32, 1>) -> Result<Enter, Exit> {
    let function = guard_function(callable, version)?;
    let args = arguments(args);
    let frame = bind_frame(cx, function, args)?;
    Ok(Enter(frame))
}

/// Call the function of a bound method with positional arguments.
#[instruction(run = oparg + 1)]
pub fn call_bound_method_general(
    cx: &mut Cx,
    callable: Value,
    args: &mut [Value],
    version: Cached<u32, 1>,
) -> Result<Enter, Exit> {
    let (function, this) = guard_bound_function(callable, version)?;
    let args = fill_self(args, this)?;
    let frame = bind_frame(cx, function, args)?;
    Ok(Enter(frame))
}

/// Call what is not a Python function, with positional arguments.
#[instruction(micro, run = oparg + 1)]
pub fn call_non_py_general(cx: &mut Cx, callable: Value, args: &mut [Value]) -> Result<Called, Exit> {
    if callable.is_a::<Function>() || callable.is_a::<BoundMethod>() {
        return Err(Exit::Miss);
    }
    Ok(call_any(cx, callable, args, None)?)
}

/// Leave unless this is the native function with this definition; its bound self.
#[uop]
pub fn native_definition(callable: Value) -> Result<Gc<NativeFunction>, Miss> {
    callable.cast::<NativeFunction>().ok_or(Miss)
}

/// Call a native function through its fixed-arity entry; leave when the number of arguments does not fit.
#[uop]
pub fn call_fixed(cx: &mut Cx, function: Gc<NativeFunction>, args: &[Value]) -> Result<Value, Exit> {
    let def = function.def.get();
    if matches!(def.binding, Binding::Function | Binding::StaticMethod) {
        return enter_fixed(cx, def, args);
    }
    let this = function.this.get();
    match *args {
        [] => enter_fixed(cx, def, &[this]),
        [a] => enter_fixed(cx, def, &[this, a]),
        [a, b] => enter_fixed(cx, def, &[this, a, b]),
        [a, b, c] => enter_fixed(cx, def, &[this, a, b, c]),
        _ => Err(Exit::Miss),
    }
}

/// Call a definition's fixed-arity entry with self in front; missing optional arguments are unbound.
#[inline(always)]
fn enter_fixed(cx: &mut Cx, def: &'static NativeDef, args: &[Value]) -> Result<Value, Exit> {
    if args.len() < def.min_args as usize || args.len() > def.max_args as usize {
        return Err(Exit::Miss);
    }
    let at = |i: usize| args.get(i).copied().unwrap_or(Value::UNBOUND);
    Ok(match def.entry {
        Entry::F0(f) => f(cx)?,
        Entry::F1(f) => f(cx, at(0))?,
        Entry::F2(f) => f(cx, at(0), at(1))?,
        Entry::F3(f) => f(cx, at(0), at(1), at(2))?,
        Entry::F4(f) => f(cx, at(0), at(1), at(2), at(3))?,
        Entry::Bound(_) | Entry::Raw(_) => return Err(Exit::Miss),
    })
}

/// Call a native function of one argument.
#[instruction(run = oparg + 1)]
pub fn call_builtin_o(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let function = native_definition(callable)?;
    let args = arguments(args);
    call_fixed(cx, function, args)
}

/// Call a native function with a fixed number of parameters.
#[instruction(run = oparg + 1)]
pub fn call_builtin_fast(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let function = native_definition(callable)?;
    let args = arguments(args);
    call_fixed(cx, function, args)
}

/// Call a native function that takes its arguments as they come or bound to its signature.
#[uop]
pub fn call_variable(cx: &mut Cx, function: Gc<NativeFunction>, args: &[Value]) -> PyResult {
    runtime::native::call_native(cx, function.def.get(), function.this.get().bound(), Args::positional_only(args))
}

/// Call a native function of any signature.
#[instruction(run = oparg + 1)]
pub fn call_builtin_fast_with_keywords(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let function = native_definition(callable)?;
    let args = arguments(args);
    Ok(call_variable(cx, function, args)?)
}

/// Leave unless this is a method of a native type, and the first argument an instance of that type.
#[uop]
pub fn guard_method_descriptor(cx: &Cx, callable: Value, args: &[Value]) -> Result<Gc<MethodDescriptor>, Miss> {
    let method = callable.cast::<MethodDescriptor>().ok_or(Miss)?;
    let this = args.first().ok_or(Miss)?;
    let is_method = method.def.get().binding == Binding::Method;
    if is_method && cx.is_instance(*this, method.class.expect()) { Ok(method) } else { Err(Miss) }
}

/// Call a native type's method through its fixed-arity entry.
#[uop]
pub fn call_method_fixed(cx: &mut Cx, method: Gc<MethodDescriptor>, args: &[Value]) -> Result<Value, Exit> {
    enter_fixed(cx, method.def.get(), args)
}

/// Call a native type's method without arguments.
#[instruction(run = oparg + 1)]
pub fn call_method_descriptor_noargs(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let args = arguments(args);
    let method = guard_method_descriptor(cx, callable, args)?;
    call_method_fixed(cx, method, args)
}

/// Call a native type's method with one argument.
#[instruction(run = oparg + 1)]
pub fn call_method_descriptor_o(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let args = arguments(args);
    let method = guard_method_descriptor(cx, callable, args)?;
    call_method_fixed(cx, method, args)
}

/// Call a native type's method with a fixed number of parameters.
#[instruction(run = oparg + 1)]
pub fn call_method_descriptor_fast(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let args = arguments(args);
    let method = guard_method_descriptor(cx, callable, args)?;
    call_method_fixed(cx, method, args)
}

/// Call a native type's method that takes its arguments as they come.
#[uop]
pub fn call_method_variable(cx: &mut Cx, method: Gc<MethodDescriptor>, args: &[Value]) -> PyResult {
    match method.def.get().entry {
        Entry::Raw(f) => f(cx, Args::positional_only(args)),
        _ => call::call(cx, method.value(), args),
    }
}

/// Call a native type's method of any signature.
#[instruction(run = oparg + 1)]
pub fn call_method_descriptor_fast_with_keywords(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let args = arguments(args);
    let method = guard_method_descriptor(cx, callable, args)?;
    Ok(call_method_variable(cx, method, args)?)
}

/// Leave unless this is the class that the cache names; its `__new__` and `__init__` are native.
#[uop]
pub fn guard_class(callable: Value) -> Result<Gc<Class>, Miss> {
    callable.cast::<Class>().ok_or(Miss)
}

/// Make an instance of a native class.
#[uop]
pub fn call_class(cx: &mut Cx, class: Gc<Class>, args: &[Value]) -> PyResult {
    call::call_class(cx, class.value(), Args::positional_only(args))
}

/// Leave unless the class's metaclass is `type`.
#[uop]
pub fn guard_plain_metaclass(cx: &Cx, class: Gc<Class>) -> Result<(), Miss> {
    if class.shape_id() == cx.types().type_.instance_shape.get() || cx.class_of(class.value()) == cx.types().type_ {
        Ok(())
    } else {
        Err(Miss)
    }
}

/// Leave unless this is a class of the cached version, whose `__init__` is the function that the class keeps.
#[uop]
pub fn guard_class_init(callable: Value, version: Cached<u32, 1>) -> Result<(Gc<Class>, Gc<Function>), Miss> {
    let class = callable.cast::<Class>().ok_or(Miss)?;
    if class.version.get() != version.0 {
        return Err(Miss);
    }
    let init = class.cache.get().cast::<Function>().ok_or(Miss)?;
    Ok((class, init))
}

/// A fresh instance.
#[uop]
pub fn new_instance(cx: &mut Cx, class: Gc<Class>) -> Value {
    cx.heap.instance(class.instance_shape.get())
}

/// Push the frame of an `__init__` that takes just these arguments.
#[uop]
pub fn push_init_frame(cx: &Cx, init: Gc<Function>, object: Value, args: &[Value]) -> Result<FrameRef, Miss> {
    cx.push_exact_frame(init, Some(object), args, FrameOwner::Init).ok_or(Miss)
}

/// Make an instance of a Python class and go on in its `__init__`.
#[instruction(run = oparg + 1)]
pub fn call_alloc_and_enter_init(
    cx: &mut Cx,
    callable: Value,
    args: &[Value],
    version: Cached<u32, 1>,
) -> Result<Construct, Miss> {
    let (class, init) = guard_class_init(callable, version)?;
    let args = arguments(args);
    let object = new_instance(cx, class);
    let frame = push_init_frame(cx, init, object, args)?;
    Ok(Construct { object, frame })
}

/// Call a class whose metaclass is `type`.
#[instruction(run = oparg + 1)]
pub fn call_builtin_class(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    let class = guard_class(callable)?;
    guard_plain_metaclass(cx, class)?;
    let args = arguments(args);
    Ok(call_class(cx, class, args)?)
}

/// `type(value)`.
#[instruction(micro, run = oparg + 1)]
pub fn call_type_1(cx: &Cx, callable: Value, args: &[Value]) -> Result<Value, Miss> {
    match *args {
        [this, value] if this.is_unbound() && callable.is(cx.types().type_.value()) => Ok(cx.class_of(value).value()),
        _ => Err(Miss),
    }
}

/// `str(value)`.
#[instruction(micro, run = oparg + 1)]
pub fn call_str_1(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    match *args {
        [this, value] if this.is_unbound() && callable.is(cx.types().str.value()) => {
            Ok(runtime::text::str_of(cx, value)?.value())
        }
        _ => Err(Exit::Miss),
    }
}

/// `tuple(value)`.
#[instruction(micro, run = oparg + 1)]
pub fn call_tuple_1(cx: &mut Cx, callable: Value, args: &[Value]) -> Result<Value, Exit> {
    match *args {
        [this, value] if this.is_unbound() && callable.is(cx.types().tuple.value()) => {
            if value.is_a::<Tuple>() {
                return Ok(value);
            }
            Ok(runtime::iterate::to_tuple(cx, value)?.value())
        }
        _ => Err(Exit::Miss),
    }
}

/// What an inline cache knows a native definition by: the lower half of its address, unique in a program's statics.
pub fn definition_id(def: &'static NativeDef) -> u32 {
    def as *const NativeDef as usize as u32
}

/// Leave unless this is the unbound native function that the cache names, with one self-less argument list.
#[inline(always)]
fn is_cached_native(callable: Value, id: u32) -> bool {
    callable.cast::<NativeFunction>().is_some_and(|f| definition_id(f.def.get()) == id)
}

/// `isinstance(value, class)`: a plain class that the value is an instance of.
#[instruction(micro, inline, run = oparg + 1, miss = call_isinstance_asking)]
pub fn call_isinstance(cx: &Cx, callable: Value, args: &[Value], id: Cached<u32, 1>) -> Result<Value, Miss> {
    let [this, value, class] = *args else { return Err(Miss) };
    if this.is_bound() || !is_cached_native(callable, id.0) {
        return Err(Miss);
    }
    let class = class.cast::<Class>().ok_or(Miss)?;
    if cx.class_of(class.value()) == cx.types().type_ && cx.is_instance(value, class) {
        Ok(Value::TRUE)
    } else {
        Err(Miss)
    }
}

/// `isinstance(value, class)`, or something else is called after all.
#[instruction(micro, internal = 3, run = oparg + 1, miss = call)]
pub fn call_isinstance_asking(cx: &mut Cx, callable: Value, args: &[Value], id: Cached<u32, 1>) -> Result<Value, Exit> {
    let [this, value, class] = *args else { return Err(Exit::Miss) };
    if this.is_bound() || !is_cached_native(callable, id.0) {
        return Err(Exit::Miss);
    }
    match class.cast::<Class>().filter(|class| cx.class_of(class.value()) == cx.types().type_) {
        Some(class) => Ok(Value::bool(runtime::types::type_check::real_isinstance(cx, value, class.value())?)),
        None => Ok(call::call(cx, callable, &[value, class])?),
    }
}

/// `len(value)` of a built-in container.
#[instruction(micro, inline, run = oparg + 1, miss = call_len_asking)]
pub fn call_len(cx: &Cx, callable: Value, args: &[Value], id: Cached<u32, 1>) -> Result<Int, Miss> {
    let [this, value] = *args else { return Err(Miss) };
    if this.is_bound() || !is_cached_native(callable, id.0) {
        return Err(Miss);
    }
    runtime::item::plain_length(cx, value).map(Int::from_len).ok_or(Miss)
}

/// `len(value)`, or something else is called after all.
#[instruction(micro, internal = 3, run = oparg + 1, miss = call)]
pub fn call_len_asking(cx: &mut Cx, callable: Value, args: &[Value], id: Cached<u32, 1>) -> Result<Int, Exit> {
    let [this, value] = *args else { return Err(Exit::Miss) };
    if this.is_bound() || !is_cached_native(callable, id.0) {
        return Err(Exit::Miss);
    }
    let n = runtime::item::length(cx, value)?;
    // What is too long for a small int makes the call again.
    Int::new(n as i64).ok_or(Exit::Miss)
}

/// `list.append(item)` where the list has room; the None that it would give is dropped by the next instruction.
#[instruction(micro, inline, run = oparg + 1, miss = call_list_append_growing)]
pub fn call_list_append(callable: Value, args: &[Value], id: Cached<u32, 1>) -> Result<Value, Miss> {
    let [this, item] = *args else { return Err(Miss) };
    let method = callable.cast::<MethodDescriptor>().ok_or(Miss)?;
    let list = this.cast::<List>().ok_or(Miss)?;
    if definition_id(method.def.get()) == id.0 && list.push_within_capacity(item) { Ok(Value::NONE) } else { Err(Miss) }
}

/// `list.append(item)` where the list has to grow, or something else is called after all.
#[instruction(micro, internal = 3, run = oparg + 1, miss = call)]
pub fn call_list_append_growing(
    cx: &mut Cx,
    callable: Value,
    args: &[Value],
    id: Cached<u32, 1>,
) -> Result<Value, Exit> {
    let [this, item] = *args else { return Err(Exit::Miss) };
    let method = callable.cast::<MethodDescriptor>().ok_or(Miss)?;
    let list = this.cast::<List>().ok_or(Miss)?;
    if definition_id(method.def.get()) != id.0 {
        return Err(Exit::Miss);
    }
    list.push(&mut cx.heap, item).or_raise(cx)?;
    Ok(Value::NONE)
}

/// Call a Python function, the last arguments by keyword.
#[instruction(micro, run = oparg + 1)]
pub fn call_kw_py(
    cx: &mut Cx,
    callable: Value,
    args: &[Value],
    kwnames: Value,
    version: Cached<u32, 1>,
) -> Result<Enter, Exit> {
    let function = guard_function(callable, version)?;
    let args = Args::new(arguments(args), kwnames.cast::<Tuple>());
    Ok(Enter(call::bind_frame(cx, function, args, FrameOwner::Call)?))
}

/// Call the function of a bound method, the last arguments by keyword.
#[instruction(micro, run = oparg + 1)]
pub fn call_kw_bound_method(
    cx: &mut Cx,
    callable: Value,
    args: &mut [Value],
    kwnames: Value,
    version: Cached<u32, 1>,
) -> Result<Enter, Exit> {
    let (function, this) = guard_bound_function(callable, version)?;
    let args = Args::new(fill_self(args, this)?, kwnames.cast::<Tuple>());
    Ok(Enter(call::bind_frame(cx, function, args, FrameOwner::Call)?))
}

/// Call what is not a Python function, the last arguments by keyword.
#[instruction(micro, run = oparg + 1)]
pub fn call_kw_non_py(cx: &mut Cx, callable: Value, args: &mut [Value], kwnames: Value) -> Result<Called, Exit> {
    if callable.is_a::<Function>() || callable.is_a::<BoundMethod>() {
        return Err(Exit::Miss);
    }
    Ok(call_any(cx, callable, args, kwnames.cast::<Tuple>())?)
}

/// `f(*args, **kwargs)`.
#[instruction(micro)]
pub fn call_function_ex(
    cx: &mut Cx,
    callable: Value,
    _null: Value,
    positional: Value,
    keywords: Value,
) -> PyResult<Called> {
    let tuple = match positional.cast::<Tuple>() {
        Some(tuple) => tuple,
        None => unpacked_arguments(cx, callable, positional)?,
    };
    call::with_keywords(cx, tuple, keywords.cast::<Dict>(), |cx, args| call_bound(cx, callable, args))
}

/// The `*args` of a call as a tuple.
fn unpacked_arguments(cx: &mut Cx, callable: Value, iterable: Value) -> PyResult<Gc<Tuple>> {
    if !runtime::iterate::is_iterable(cx, iterable) {
        let shown = super::building::function_text(cx, callable)?;
        let name = type_name(cx, iterable);
        return Err(type_error(cx, format_args!("{shown} argument after * must be an iterable, not {name}")));
    }
    runtime::iterate::to_tuple(cx, iterable)
}

/// Make a function from a code object.
#[instruction(micro)]
pub fn make_function(cx: &mut Cx, frame: FrameRef, code: Value) -> PyResult {
    let Some(code) = code.cast::<Code>() else { return Err(system_error(cx, "bad code object")) };
    let (globals, builtins) = (frame.globals.get(), frame.builtins.get());
    let module = globals.get_str(cx.names().__name__).unwrap_or(Value::NONE);
    let function = cx.heap.function(code, globals, builtins, module);
    function.version.set(code.function_version.get());
    Ok(function.value())
}

/// Give a new function its defaults, keyword defaults, annotations or closure.
#[instruction(micro)]
pub fn set_function_attribute(attribute: Value, function: Value, oparg: Oparg) -> Value {
    if let Some(f) = function.cast::<Function>() {
        let slot = match oparg.get() {
            1 => &f.defaults,
            2 => &f.kwdefaults,
            4 => &f.annotations,
            8 => &f.closure,
            _ => &f.annotate,
        };
        slot.set(f, attribute);
    }
    function
}

/// Turn the frame into a generator, coroutine or async generator, and return that.
#[instruction(micro)]
pub fn return_generator(cx: &mut Cx, frame: FrameRef) -> PyResult<Leave> {
    let code = frame.code();
    let shapes = cx.heap.shapes();
    let shape = if code.has_flag(CodeFlags::COROUTINE) {
        shapes.coroutine
    } else if code.has_flag(CodeFlags::ASYNC_GENERATOR) {
        shapes.async_generator
    } else {
        shapes.generator
    };
    let (name, qualname) = match frame.function.get().cast::<Function>() {
        Some(function) => (function.name.get(), function.qualname.get()),
        None => (code.name.get(), code.qualname.get()),
    };
    let generator = cx.heap.generator(shape, frame, name, qualname).or_raise(cx)?;
    if let Some(own) = generator.frame() {
        own.ip.set(frame.ip.get().wrapping_add(1));
    }
    runtime::types::generator::created(cx, generator)?;
    Ok(Leave(generator.value()))
}
