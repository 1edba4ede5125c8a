//! Calling things: functions, methods, classes, anything with `__call__`; and binding arguments to a new frame.

use crate::error::*;
use bytecode::CodeFlags;
use object::*;

/// `callable(*args)`.
#[inline]
pub fn call(cx: &mut Cx, callable: Value, args: &[Value]) -> PyResult {
    call_args(cx, callable, Args::positional_only(args))
}

/// `callable(*args, **kwargs)`.
pub fn call_args(cx: &mut Cx, callable: Value, args: Args<'_>) -> PyResult {
    if let Some(function) = callable.cast::<Function>() {
        return call_function(cx, function, args);
    }
    if !cx.has_native_stack() {
        return Err(native_recursion(cx));
    }
    match cx.class_of(callable).slots.call.get() {
        Some(slot) => slot(cx, callable, args),
        None => Err(not_callable(cx, callable)),
    }
}

#[cold]
pub fn not_callable(cx: &mut Cx, callable: Value) -> Raised {
    if let Some(module) = callable.cast::<Module>()
        && let Some(hint) = callable_of_its_name(cx, module)
    {
        return type_error(cx, format_args!("'module' object is not callable. Did you mean: '{hint}.{hint}(...)'?"));
    }
    let name = type_name(cx, callable);
    type_error(cx, format_args!("'{name}' object is not callable"))
}

/// The name of `module` when it has something callable of the same name.
fn callable_of_its_name(cx: &mut Cx, module: Gc<Module>) -> Option<Gc<Str>> {
    let dict = module.dict.get()?;
    let name = dict.get_str(cx.names().__name__)?.downcast::<Str>()?;
    let own = dict.get_str(cx.heap.intern_str(name))?;
    cx.class_of(own).slots.call.get().map(|_| name)
}

/// RecursionError because native code nests too deeply.
#[cold]
pub fn native_recursion(cx: &mut Cx) -> Raised {
    recursion_error(cx, "maximum recursion depth exceeded")
}

/// RecursionError when native code nests too deeply; `what` completes CPython's sentence.
#[inline]
pub fn check_native_stack(cx: &mut Cx, what: &str) -> PyResult<()> {
    if cx.has_native_stack() {
        return Ok(());
    }
    Err(recursion_error(cx, format_args!("maximum recursion depth exceeded{what}")))
}

/// Run a Python function from native code.
pub fn call_function(cx: &mut Cx, function: Gc<Function>, args: Args<'_>) -> PyResult {
    if !cx.has_native_stack() {
        return Err(native_recursion(cx));
    }
    let frame = bind_frame(cx, function, args, FrameOwner::Entry)?;
    cx.run_frame(frame)
}

/// `obj.name(*args)`, without making a bound method where that can be avoided.
pub fn call_method(cx: &mut Cx, object: Value, name: Gc<Str>, args: &[Value]) -> PyResult {
    let (callable, this) = crate::attribute::load_method(cx, object, name)?;
    if this.is_unbound() {
        return call(cx, callable, args);
    }
    call_with_self(cx, callable, this, args)
}

/// `callable(this, *args)`.
pub fn call_with_self(cx: &mut Cx, callable: Value, this: Value, args: &[Value]) -> PyResult {
    match *args {
        [] => call(cx, callable, &[this]),
        [a] => call(cx, callable, &[this, a]),
        [a, b] => call(cx, callable, &[this, a, b]),
        [a, b, c] => call(cx, callable, &[this, a, b, c]),
        _ => with_first(cx, this, Args::positional_only(args), |cx, args| call_args(cx, callable, args)),
    }
}

/// Run `then` with `first` put in front of the arguments.
pub fn with_first<R>(cx: &mut Cx, first: Value, args: Args<'_>, then: impl FnOnce(&mut Cx, Args<'_>) -> R) -> R {
    const SMALL: usize = 8;
    let n = args.values().len();
    if n < SMALL {
        let mut values = [Value::UNBOUND; SMALL];
        values[0] = first;
        values[1..=n].copy_from_slice(args.values());
        return then(cx, Args::new(&values[..=n], args.kwnames()));
    }
    let roots = cx.vm().root_vec();
    roots.push(first);
    args.values().iter().for_each(|&v| roots.push(v));
    // The slice stays valid: nobody else knows this root vector, so it is not changed while `then` runs.
    // tidy: allow(roots) `roots` keeps the same values alive
    let values: std::rc::Rc<[Value]> = roots.iter().collect();
    then(cx, Args::new(&values, args.kwnames()))
}

/// The attribute `name` of the type of `object`, bound to it; `None` when the type has none.
pub fn lookup_special(cx: &mut Cx, object: Value, name: Gc<Str>) -> PyResult<Option<Value>> {
    let class = cx.class_of(object);
    let Some(found) = cx.lookup_class(class, name) else { return Ok(None) };
    match cx.class_of(found).slots.descr_get.get() {
        Some(get) => get(cx, found, object, class.value()).map(Some),
        None => Ok(Some(found)),
    }
}

/// Call the special method `name` of the type of `object`; `None` when the type has none.
pub fn call_special(cx: &mut Cx, object: Value, name: Gc<Str>, args: &[Value]) -> PyResult<Option<Value>> {
    let class = cx.class_of(object);
    let Some(found) = cx.lookup_class(class, name) else { return Ok(None) };
    call_found_special(cx, found, object, class, args).map(Some)
}

/// Unpacked arguments up to which a call needs no tuple of them.
const FEW_ARGUMENTS: usize = 12;

/// `run` with the arguments of `f(*positional, **keywords)`.
pub fn with_keywords<R>(
    cx: &mut Cx,
    positional: Gc<Tuple>,
    keywords: Option<Gc<Dict>>,
    run: impl FnOnce(&mut Cx, Args<'_>) -> PyResult<R>,
) -> PyResult<R> {
    let Some(keywords) = keywords.filter(|keywords| !keywords.is_empty()) else {
        return run(cx, Args::positional_only(positional.as_slice()));
    };
    if keywords.iter().any(|(key, _)| key.downcast::<Str>().is_none()) {
        return Err(type_error(cx, "keywords must be strings"));
    }
    let mut keys = keywords.iter().map(|(key, _)| key);
    let names = Tuple::from_fn(&mut cx.heap, keywords.len(), |_| keys.next().unwrap_or(Value::NONE)).or_raise(cx)?;
    let mut values = positional.iter().chain(keywords.iter().map(|(_, value)| value));
    let n = positional.len() + names.len();
    if n <= FEW_ARGUMENTS {
        // On the native stack, which the collector looks at.
        let mut few = [Value::UNBOUND; FEW_ARGUMENTS];
        few.iter_mut().zip(values).for_each(|(place, value)| *place = value);
        return run(cx, Args::new(&few[..n], Some(names)));
    }
    let values = Tuple::from_fn(&mut cx.heap, n, |_| values.next().unwrap_or(Value::NONE)).or_raise(cx)?;
    run(cx, Args::new(values.as_slice(), Some(names)))
}

/// Call `found`, a special method looked up in `class`, for `object`.
pub fn call_found_special(cx: &mut Cx, found: Value, object: Value, class: Gc<Class>, args: &[Value]) -> PyResult {
    let found_class = cx.class_of(found);
    if found_class.has_flag(object::class::flags::METHOD_DESCRIPTOR) {
        return call_with_self(cx, found, object, args);
    }
    let bound = match found_class.slots.descr_get.get() {
        Some(get) => get(cx, found, object, class.value())?,
        None => found,
    };
    call(cx, bound, args)
}

/// A frame for `function` with its arguments bound, pushed on the data stack but not yet on the chain: the caller runs it
/// (or links it) at once.
pub fn bind_frame(cx: &mut Cx, function: Gc<Function>, args: Args<'_>, owner: FrameOwner) -> PyResult<FrameRef> {
    let code = function.code.expect();
    let plain = args.kwnames().is_none()
        && code.kwonlyargcount == 0
        && code.flags & (CodeFlags::VARARGS.0 | CodeFlags::VARKEYWORDS.0) == 0;
    let argcount = code.argcount as usize;
    let given = args.n_positional();
    if plain && given == argcount {
        return match cx.push_counted_frame(function, args.positional(), owner) {
            Some(frame) => Ok(frame),
            None => Err(recursion_error(cx, "maximum recursion depth exceeded")),
        };
    }
    let frame = push_frame(cx, function, code, owner)?;
    if plain
        && given < argcount
        && let Some(defaults) = function.defaults_tuple()
        && given + defaults.len() >= argcount
    {
        for (i, &value) in args.positional().iter().enumerate() {
            frame.set_local(i, value);
        }
        let missing = argcount - given;
        for (i, &value) in defaults.as_slice()[defaults.len() - missing..].iter().enumerate() {
            frame.set_local(given + i, value);
        }
        return Ok(frame);
    }
    match bind_slow(cx, function, code, frame, args) {
        Ok(()) => Ok(frame),
        Err(raised) => {
            cx.release_frame(frame);
            Err(raised)
        }
    }
}

/// Memory for a frame of `function`, initialised.
#[inline]
pub fn push_frame(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, owner: FrameOwner) -> PyResult<FrameRef> {
    match cx.push_frame(code, function.globals.expect(), function.builtins.expect(), function.value(), owner) {
        Some(frame) => Ok(frame),
        None => Err(recursion_error(cx, "maximum recursion depth exceeded")),
    }
}

/// The general binding: defaults, keywords, `*args`, `**kwargs`.
fn bind_slow(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, frame: FrameRef, args: Args<'_>) -> PyResult<()> {
    let (argcount, kwonly) = (code.argcount as usize, code.kwonlyargcount as usize);
    let n_named = argcount + kwonly;
    let has_varargs = code.has_flag(CodeFlags::VARARGS);
    let positional = args.positional();
    let n_given = positional.len();
    for (i, &value) in positional.iter().take(argcount).enumerate() {
        frame.set_local(i, value);
    }
    // The frame is not on the chain yet: what is allocated here is held by Rust locals until it is stored, and the
    // arguments are held by the caller.
    let mut extra = None;
    if has_varargs {
        let rest = if n_given > argcount { &positional[argcount..] } else { &[] };
        let tuple = Tuple::new(&mut cx.heap, rest).or_raise(cx)?;
        frame.set_local(n_named, tuple.value());
        extra = Some(tuple);
    }
    let mut kwargs = None;
    if code.has_flag(CodeFlags::VARKEYWORDS) {
        let dict = Dict::new(&mut cx.heap);
        frame.set_local(n_named + has_varargs as usize, dict.value());
        kwargs = Some(dict);
    }
    for (name, value) in args.keywords() {
        bind_keyword(cx, function, code, frame, name, value, kwargs)?;
    }
    if n_given > argcount && !has_varargs {
        return Err(too_many_positional(cx, function, code, frame, n_given));
    }
    if n_given < argcount {
        fill_defaults(cx, function, code, frame, n_given)?;
    }
    if kwonly > 0 {
        fill_keyword_defaults(cx, function, code, frame)?;
    }
    std::hint::black_box((extra, kwargs));
    Ok(())
}

fn bind_keyword(
    cx: &mut Cx,
    function: Gc<Function>,
    code: Gc<Code>,
    frame: FrameRef,
    name: Gc<Str>,
    value: Value,
    kwargs: Option<Gc<Dict>>,
) -> PyResult<()> {
    let n_named = (code.argcount + code.kwonlyargcount) as usize;
    let names = code.localsplusnames.expect();
    let names = &names.as_slice()[..n_named];
    let position = names
        .iter()
        .position(|n| n.is(name.value()))
        .or_else(|| names.iter().position(|n| n.cast::<Str>().is_some_and(|n| n.equals(&name))));
    match position {
        Some(i) if i >= code.posonlyargcount as usize => {
            if frame.local(i).is_bound() {
                let function = function_name(function);
                return Err(type_error(cx, format_args!("{function}() got multiple values for argument '{name}'")));
            }
            frame.set_local(i, value);
            Ok(())
        }
        _ => match kwargs {
            Some(dict) => dict.set_str(&mut cx.heap, name, value).or_raise(cx),
            None => Err(unexpected_keyword(cx, function, code, name)),
        },
    }
}

fn function_name(function: Gc<Function>) -> String {
    function.qualname.get().downcast::<Str>().map_or_else(String::new, |s| s.to_string())
}

#[cold]
fn unexpected_keyword(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, name: Gc<Str>) -> Raised {
    let qualname = function_name(function);
    let positional_only: Vec<String> = (0..code.posonlyargcount as usize)
        .map(|i| code.local_name(i))
        .filter(|n| n.equals(&name))
        .map(|n| n.to_string())
        .collect();
    if !positional_only.is_empty() {
        let names = positional_only.join(", ");
        return type_error(
            cx,
            format_args!("{qualname}() got some positional-only arguments passed as keyword arguments: '{names}'"),
        );
    }
    let n_named = (code.argcount + code.kwonlyargcount) as usize;
    let candidates = (code.posonlyargcount as usize..n_named).map(|i| code.local_name(i).to_string());
    crate::suggest::unexpected_keyword(cx, qualname, name, candidates)
}

#[cold]
fn too_many_positional(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, frame: FrameRef, given: usize) -> Raised {
    let argcount = code.argcount as usize;
    let kwonly_given =
        (argcount..argcount + code.kwonlyargcount as usize).filter(|&i| frame.local(i).is_bound()).count();
    let n_defaults = function.defaults_tuple().map_or(0, |d| d.len());
    let qualname = function_name(function);
    let (plural, takes) = if n_defaults > 0 {
        (true, format!("from {} to {argcount}", argcount - n_defaults))
    } else {
        (argcount != 1, argcount.to_string())
    };
    let keyword_part = if kwonly_given > 0 {
        format!(
            " positional argument{} (and {kwonly_given} keyword-only argument{})",
            if given != 1 { "s" } else { "" },
            if kwonly_given != 1 { "s" } else { "" }
        )
    } else {
        String::new()
    };
    let verb = if given == 1 && kwonly_given == 0 { "was" } else { "were" };
    type_error(
        cx,
        format_args!(
            "{qualname}() takes {takes} positional argument{} but {given}{keyword_part} {verb} given",
            if plural { "s" } else { "" }
        ),
    )
}

fn fill_defaults(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, frame: FrameRef, given: usize) -> PyResult<()> {
    let argcount = code.argcount as usize;
    let defaults = function.defaults_tuple();
    let n_defaults = defaults.map_or(0, |d| d.len()).min(argcount);
    let first_default = argcount - n_defaults;
    let missing: Vec<usize> = (given..first_default).filter(|&i| frame.local(i).is_unbound()).collect();
    if !missing.is_empty() {
        return Err(missing_arguments(cx, function, code, &missing, "positional"));
    }
    if let Some(defaults) = defaults {
        let skip = defaults.len() - n_defaults;
        for i in first_default.max(given)..argcount {
            if frame.local(i).is_unbound() {
                frame.set_local(i, defaults.get(skip + i - first_default));
            }
        }
    }
    Ok(())
}

fn fill_keyword_defaults(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, frame: FrameRef) -> PyResult<()> {
    let argcount = code.argcount as usize;
    let defaults = function.kwdefaults.get().cast::<Dict>();
    let mut missing = Vec::new();
    for i in argcount..argcount + code.kwonlyargcount as usize {
        if frame.local(i).is_bound() {
            continue;
        }
        match defaults.and_then(|d| d.get_str(code.local_name(i))) {
            Some(value) => frame.set_local(i, value),
            None => missing.push(i),
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(missing_arguments(cx, function, code, &missing, "keyword-only")) }
}

#[cold]
fn missing_arguments(cx: &mut Cx, function: Gc<Function>, code: Gc<Code>, missing: &[usize], kind: &str) -> Raised {
    let names: Vec<String> = missing.iter().map(|&i| format!("'{}'", code.local_name(i))).collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        [] => String::new(),
    };
    let qualname = function_name(function);
    let n = missing.len();
    let s = if n == 1 { "" } else { "s" };
    type_error(cx, format_args!("{qualname}() missing {n} required {kind} argument{s}: {list}"))
}

fn is_plain_init(cx: &Cx, init: object::class::InitFn) -> bool {
    cx.types().object.slots.init.get().is_some_and(|plain| std::ptr::fn_addr_eq(plain, init))
}

/// `class(*args)`: `type.__call__`.
pub fn call_class(cx: &mut Cx, class: Value, args: Args<'_>) -> PyResult {
    let class = class.cast::<Class>().expect("the call slot of `type` is called for classes");
    if class == cx.types().type_ && args.n_keywords() == 0 && args.n_positional() == 1 {
        return Ok(cx.class_of(args.positional()[0]).value());
    }
    if class == cx.types().type_ && args.n_positional() != 3 {
        if args.n_positional() == 1 {
            return Err(type_error(cx, "type() takes no keyword arguments"));
        }
        return Err(type_error(cx, "type() takes 1 or 3 arguments"));
    }
    let Some(new) = class.slots.new.get() else {
        let name = class_name(class);
        return Err(type_error(cx, format_args!("cannot create '{name}' instances")));
    };
    let object = new(cx, class, args)?;
    if !cx.is_instance(object, class) {
        return Ok(object);
    }
    if class.has_trait(object::class::traits::HAS_DEL) {
        cx.vm().lifetimes.register_finalizable(object);
    }
    let made = cx.class_of(object);
    match made.slots.init.get() {
        // A native class whose `__new__` does everything: `object.__init__` has nothing to check.
        Some(init) if !made.is_heap_type() && is_plain_init(cx, init) => Ok(object),
        Some(init) => init(cx, object, args).map(|()| object),
        None => Ok(object),
    }
}
