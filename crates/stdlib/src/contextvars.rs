//! `_contextvars`: context variables, contexts and tokens.
//!
//! A context is a dict from variables to values. A copy shares the dict; the first of the sharers that sets a variable
//! makes one of its own, so that copying costs nothing.

use runtime::prelude::*;
use runtime::types::generic_alias::class_getitem;
use std::cell::Cell;

#[derive(Trace)]
pub struct Context {
    values: GcSlot<Dict>,
    /// Another context may have the same dict.
    shared: Cell<bool>,
    entered: Cell<bool>,
    /// The context that was current before this one was entered; unbound = none was.
    previous: Slot,
}

impl NativeData for Context {
    const NAME: &'static str = "_contextvars.Context";
}

type ThisContext = Gc<Native<Context>>;

fn new_context(cx: &mut Cx, class: Gc<Class>, values: Gc<Dict>, shared: bool) -> ThisContext {
    let (shared, entered) = (Cell::new(shared), Cell::new(false));
    let previous = Slot::new(Value::UNBOUND);
    new_native(cx, class, Context { values: GcSlot::of(values), shared, entered, previous })
}

fn empty_context(cx: &mut Cx) -> PyResult<ThisContext> {
    let class = class_of_spec(cx, &context::SPEC)?;
    let values = Dict::new(&mut cx.heap);
    Ok(new_context(cx, class, values, false))
}

/// The calling thread's context; made on first use.
fn current(cx: &mut Cx) -> PyResult<ThisContext> {
    if let Some(current) = cx.context.get().cast::<Native<Context>>() {
        return Ok(current);
    }
    let context = empty_context(cx)?;
    context.entered.set(true);
    cx.context.set(context.value());
    Ok(context)
}

fn copy(cx: &mut Cx, context: ThisContext) -> PyResult<ThisContext> {
    let class = class_of_spec(cx, &context::SPEC)?;
    context.shared.set(true);
    Ok(new_context(cx, class, context.values.expect(), true))
}

/// The dict of `context`, which nobody else has.
fn own_values(cx: &mut Cx, context: ThisContext) -> PyResult<Gc<Dict>> {
    let values = context.values.expect();
    if !context.shared.get() {
        return Ok(values);
    }
    let own = runtime::dict::copy(cx, values)?;
    context.values.set(context, own);
    context.shared.set(false);
    Ok(own)
}

fn lookup(cx: &mut Cx, context: ThisContext, variable: Value) -> PyResult<Option<Value>> {
    let hash = key_hash(variable);
    runtime::dict::get_hashed(cx, context.values.expect(), variable, hash)
}

/// Variables are equal when they are the same.
fn key_hash(variable: Value) -> i64 {
    (variable.id() >> 4) as i64
}

fn expect_variable(cx: &mut Cx, key: Value) -> PyResult<()> {
    if key.is_a::<Native<ContextVar>>() {
        return Ok(());
    }
    let shown = repr_of(cx, key)?;
    Err(type_error(cx, format_args!("a ContextVar key was expected, got {shown}")))
}

/// Make `context` the calling thread's.
fn enter(cx: &mut Cx, context: ThisContext) -> PyResult<()> {
    if context.entered.get() {
        let shown = repr_of(cx, context.value())?;
        return Err(runtime_error(cx, format_args!("cannot enter context: {shown} is already entered")));
    }
    context.previous.set(context, cx.context.get());
    context.entered.set(true);
    cx.context.set(context.value());
    Ok(())
}

fn leave(cx: &mut Cx, context: ThisContext) {
    cx.context.set(context.previous.get());
    context.previous.clear();
    context.entered.set(false);
}

#[native_class(
    name = "Context",
    module = "_contextvars",
    layout = Native<Context>,
    flags = HAVE_GC,
    traits = HAS_WEAKREF,
    doc = ""
)]
pub mod context {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        if !args.is_empty() {
            return Err(type_error(cx, "Context() does not accept any arguments"));
        }
        let values = Dict::new(&mut cx.heap);
        Ok(new_context(cx, class, values, false).value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: ThisContext, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<Context>>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne))
        else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        compare(cx, this.values.expect().value(), other.values.expect().value(), op)
    }

    #[slot]
    fn len(_: &mut Cx, this: ThisContext) -> PyResult<usize> {
        Ok(this.values.expect().len())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: ThisContext, key: Value) -> PyResult {
        expect_variable(cx, key)?;
        match lookup(cx, this, key)? {
            Some(value) => Ok(value),
            None => Err(key_error(cx, key)),
        }
    }

    #[slot]
    fn contains(cx: &mut Cx, this: ThisContext, key: Value) -> PyResult<bool> {
        expect_variable(cx, key)?;
        Ok(lookup(cx, this, key)?.is_some())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: ThisContext) -> PyResult {
        keys(cx, this)
    }

    /// Return the value for `key` if `key` has the value in the context object.
    ///
    /// If `key` does not exist, return `default`. If `default` is not given,
    /// return None.
    #[method("get($self, key, default=None, /)")]
    fn get(cx: &mut Cx, this: ThisContext, key: Value, default: Value) -> PyResult {
        expect_variable(cx, key)?;
        Ok(lookup(cx, this, key)?.unwrap_or(default))
    }

    /// Return all variables and their values in the context object.
    ///
    /// The result is returned as a list of 2-tuples (variable, value).
    #[method("items($self, /)")]
    fn items(cx: &mut Cx, this: ThisContext) -> PyResult {
        snapshot(cx, this, |cx, values| {
            let name = cx.names().items;
            call_method(cx, values, name, &[])
        })
    }

    /// Return a list of all variables in the context object.
    #[method("keys($self, /)")]
    fn keys(cx: &mut Cx, this: ThisContext) -> PyResult {
        snapshot(cx, this, |cx, values| {
            let name = cx.names().keys;
            call_method(cx, values, name, &[])
        })
    }

    /// Return a list of all variables' values in the context object.
    #[method("values($self, /)")]
    fn values(cx: &mut Cx, this: ThisContext) -> PyResult {
        snapshot(cx, this, |cx, values| {
            let name = cx.heap.intern("values");
            call_method(cx, values, name, &[])
        })
    }

    /// An iterator over a part of the values as they are now.
    fn snapshot(cx: &mut Cx, this: ThisContext, part: fn(&mut Cx, Value) -> PyResult) -> PyResult {
        this.shared.set(true);
        let view = part(cx, this.values.expect().value())?;
        get_iter(cx, view)
    }

    /// Return a shallow copy of the context object.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: ThisContext) -> PyResult {
        Ok(super::copy(cx, this)?.value())
    }

    /// Call `callable(*args, **kwargs)` with this context as the current one.
    #[method(raw, "run($self, callable, /, *args, **kwargs)", text_signature = false)]
    fn run(cx: &mut Cx, this: ThisContext, args: Args<'_>) -> PyResult {
        let Some(&callable) = args.positional().first() else {
            return Err(type_error(cx, "run() missing 1 required positional argument"));
        };
        enter(cx, this)?;
        let result = call_args(cx, callable, args.without_first());
        leave(cx, this);
        result
    }
}

#[derive(Trace)]
pub struct ContextVar {
    name: GcSlot<Str>,
    /// Unbound = none.
    default: Slot,
}

impl NativeData for ContextVar {
    const NAME: &'static str = "_contextvars.ContextVar";
}

type ThisVar = Gc<Native<ContextVar>>;

fn store(cx: &mut Cx, variable: ThisVar, value: Option<Value>) -> PyResult<()> {
    let context = current(cx)?;
    let values = own_values(cx, context)?;
    let (key, hash) = (variable.value(), key_hash(variable.value()));
    match value {
        Some(value) => runtime::dict::set_hashed(cx, values, key, hash, value),
        None => runtime::dict::remove_hashed(cx, values, key, hash).map(|_| ()),
    }
}

fn reset(cx: &mut Cx, this: ThisVar, token: Gc<Native<Token>>) -> PyResult<()> {
    let problem = if token.used.get() {
        let shown = repr_of(cx, token.value())?;
        return Err(runtime_error(cx, format_args!("{shown} has already been used once")));
    } else if token.variable.expect() != this {
        Some("was created by a different ContextVar")
    } else if token.context.expect() != current(cx)? {
        Some("was created in a different Context")
    } else {
        None
    };
    if let Some(problem) = problem {
        let shown = repr_of(cx, token.value())?;
        return Err(value_error(cx, format_args!("{shown} {problem}")));
    }
    token.used.set(true);
    store(cx, this, token.old_value.get().bound())
}

#[native_class(
    name = "ContextVar",
    module = "_contextvars",
    layout = Native<ContextVar>,
    flags = HAVE_GC,
    doc = ""
)]
pub mod variable {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let given = args.positional();
        let name = match *given {
            [name] => name,
            [] => return Err(type_error(cx, "ContextVar() takes exactly 1 positional argument (0 given)")),
            _ => {
                let n = args.values().len();
                let message = format!("ContextVar() takes at most 1 positional argument ({n} given)");
                return Err(type_error(cx, message));
            }
        };
        let mut default = Value::UNBOUND;
        for (keyword, value) in args.keywords() {
            if !keyword.eq_str("default") {
                let message = format!("ContextVar() got an unexpected keyword argument '{keyword}'");
                return Err(type_error(cx, message));
            }
            default = value;
        }
        let given = name;
        let Some(name) = name.downcast::<Str>() else {
            return Err(type_error(cx, "context variable name must be a str"));
        };
        hash_of(cx, given)?;
        Ok(new_native(cx, class, ContextVar { name: GcSlot::of(name), default: Slot::new(default) }).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: ThisVar) -> PyResult<Gc<Str>> {
        let mut text = StrBuilder::new();
        text.push_str("<ContextVar name=");
        let name = repr_of(cx, this.name.expect().value())?;
        text.push_py(&name);
        if let Some(default) = this.default.get().bound() {
            text.push_str(" default=");
            let default = repr_of(cx, default)?;
            text.push_py(&default);
        }
        text.push_str(&format!(" at {:#x}>", this.value().id()));
        text.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn hash(_: &mut Cx, this: ThisVar) -> PyResult<i64> {
        Ok(key_hash(this.value()))
    }

    #[getter]
    fn name(_: &mut Cx, this: ThisVar) -> Gc<Str> {
        this.name.expect()
    }

    /// Return a value for the context variable for the current context.
    ///
    /// If there is no value for the variable in the current context, the method will:
    ///  * return the value of the default argument of the method, if provided; or
    ///  * return the default value for the context variable, if it was created
    ///    with one; or
    ///  * raise a LookupError.
    #[method("get($self, default=<unrepresentable>, /)")]
    fn get(cx: &mut Cx, this: ThisVar, default: Option<Value>) -> PyResult {
        if let Some(context) = cx.context.get().cast::<Native<Context>>()
            && let Some(value) = lookup(cx, context, this.value())?
        {
            return Ok(value);
        }
        match default.or(this.default.get().bound()) {
            Some(value) => Ok(value),
            None => {
                let class = cx.types().LookupError;
                Err(raise_with(cx, class, &[this.value()]))
            }
        }
    }

    /// Call to set a new value for the context variable in the current context.
    ///
    /// The required *value* argument is the new value for the context variable.
    ///
    /// Returns a Token object that can be used to restore the variable to its
    /// previous value via the `ContextVar.reset()` method.
    #[method("set($self, value, /)")]
    fn set(cx: &mut Cx, this: ThisVar, value: Value) -> PyResult {
        let context = current(cx)?;
        let old = lookup(cx, context, this.value())?.unwrap_or(Value::UNBOUND);
        store(cx, this, Some(value))?;
        let class = class_of_spec(cx, &token::SPEC)?;
        let token = Token {
            context: GcSlot::of(context),
            variable: GcSlot::of(this),
            old_value: Slot::new(old),
            used: Cell::new(false),
        };
        Ok(new_native(cx, class, token).value())
    }

    /// Reset the context variable.
    ///
    /// The variable is reset to the value it had before the `ContextVar.set()` that
    /// created the token was used.
    #[method("reset($self, token, /)")]
    fn reset(cx: &mut Cx, this: ThisVar, token: Value) -> PyResult<()> {
        match token.cast::<Native<Token>>() {
            Some(token) => super::reset(cx, this, token),
            None => {
                let shown = repr_of(cx, token)?;
                Err(type_error(cx, format_args!("expected an instance of Token, got {shown}")))
            }
        }
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn getitem_of_class(cx: &mut Cx, class: Value, object: Value) -> PyResult {
        class_getitem(cx, class, object)
    }
}

#[derive(Trace)]
pub struct Token {
    context: GcSlot<Native<Context>>,
    variable: GcSlot<Native<ContextVar>>,
    /// Unbound = the variable had none.
    old_value: Slot,
    used: Cell<bool>,
}

impl NativeData for Token {
    const NAME: &'static str = "_contextvars.Token";
}

type ThisToken = Gc<Native<Token>>;

#[native_class(name = "Token", module = "_contextvars", layout = Native<Token>, flags = HAVE_GC, doc = "")]
pub mod token {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, _args: Args<'_>) -> PyResult {
        Err(runtime_error(cx, "Tokens can only be created by ContextVars"))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: ThisToken) -> PyResult<Gc<Str>> {
        let mut text = StrBuilder::new();
        text.push_str(if this.used.get() { "<Token used var=" } else { "<Token var=" });
        let variable = repr_of(cx, this.variable.expect().value())?;
        text.push_py(&variable);
        text.push_str(&format!(" at {:#x}>", this.value().id()));
        text.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: Value, other: Value, op: CompareOp) -> PyResult {
        Ok(match op {
            CompareOp::Eq if this.is(other) => Value::TRUE,
            CompareOp::Ne if this.is(other) => Value::FALSE,
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[getter]
    fn var(_: &mut Cx, this: ThisToken) -> Value {
        this.variable.expect().value()
    }

    #[getter]
    fn old_value(cx: &mut Cx, this: ThisToken) -> PyResult {
        match this.old_value.get().bound() {
            Some(value) => Ok(value),
            None => missing_value(cx),
        }
    }

    /// Enter into Token context manager.
    #[method("__enter__($self, /)")]
    fn enter(_: &mut Cx, this: Value) -> Value {
        this
    }

    /// Exit from Token context manager, restore the linked ContextVar.
    #[method("__exit__($self, type, val, tb, /)")]
    fn exit(cx: &mut Cx, this: ThisToken, r#type: Value, val: Value, tb: Value) -> PyResult<()> {
        let _ = (r#type, val, tb);
        reset(cx, this.variable.expect(), this)
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn getitem_of_class(cx: &mut Cx, class: Value, object: Value) -> PyResult {
        class_getitem(cx, class, object)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let missing_value = missing_value(cx)?;
        let name = cx.heap.intern("MISSING");
        class.dict.expect().set_str(&mut cx.heap, name, missing_value).or_raise(cx)
    }
}

/// `Token.MISSING`'s layout.
#[derive(Trace)]
pub struct Missing {}

impl NativeData for Missing {
    const NAME: &'static str = "Token.MISSING";
}

struct MissingValue(RootVec);

fn missing_value(cx: &mut Cx) -> PyResult {
    let vm = cx.vm();
    let kept = vm.extension(|| MissingValue(vm.root_vec()));
    if kept.0.is_empty() {
        let class = class_of_spec(cx, &missing::SPEC)?;
        let value = new_native(cx, class, Missing {});
        kept.0.push(value);
    }
    Ok(kept.0.get(0))
}

#[native_class(name = "Token.MISSING", module = "builtins", layout = Native<Missing>, doc = "")]
pub mod missing {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, _this: Value) -> Value {
        cx.heap.str("<Token.MISSING>")
    }
}

#[native_module(name = "_contextvars", doc = "Context Variables")]
pub mod module {
    use super::*;

    /// Return a copy of the current context.
    #[function("copy_context()")]
    fn copy_context(cx: &mut Cx) -> PyResult {
        let context = current(cx)?;
        Ok(copy(cx, context)?.value())
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &context::SPEC)?;
        add_class(cx, module, &variable::SPEC)?;
        add_class(cx, module, &token::SPEC)?;
        Ok(())
    }
}
