//! `_contextvars`: context variables, contexts, tokens.
//!
//! A context's variables are a dict that is copied when the context is; the current one is in [`Cx::context`].

use macros::{Trace, native_class, native_module};
use runtime::native::{add_class, class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;

#[derive(Trace)]
pub struct ContextData {
    variables: GcSlot<Dict>,
    /// The context that was current when this one was entered.
    previous: Slot,
    entered: Cell<bool>,
}

impl NativeData for ContextData {
    const NAME: &'static str = "_contextvars.Context";
}

#[derive(Trace)]
pub struct VariableData {
    name: GcSlot<Str>,
    default: Slot,
}

impl NativeData for VariableData {
    const NAME: &'static str = "_contextvars.ContextVar";
}

#[derive(Trace)]
pub struct TokenData {
    context: GcSlot<Native<ContextData>>,
    variable: GcSlot<Native<VariableData>>,
    /// Unbound when the variable had no value.
    old: Slot,
    used: Cell<bool>,
}

impl NativeData for TokenData {
    const NAME: &'static str = "_contextvars.Token";
}

/// The type of `Token.MISSING`.
#[derive(Trace)]
pub struct MissingData {
    nothing: Cell<bool>,
}

impl NativeData for MissingData {
    const NAME: &'static str = "Token.MISSING";
}

type Context = Gc<Native<ContextData>>;
type Variable = Gc<Native<VariableData>>;
type Token = Gc<Native<TokenData>>;

struct Missing(RootVec);

/// `Token.MISSING`.
fn missing(cx: &mut Cx) -> PyResult {
    let vm = cx.vm();
    let kept = vm.extension(|| Missing(vm.root_vec()));
    if kept.0.is_empty() {
        let class = class_of_spec(cx, &missing_class::SPEC)?;
        let made = new_native(cx, class, MissingData { nothing: Cell::new(true) });
        kept.0.push(made);
    }
    Ok(kept.0.get(0))
}

fn new_context(cx: &mut Cx, variables: Gc<Dict>) -> PyResult<Context> {
    let class = class_of_spec(cx, &context::SPEC)?;
    let previous = Slot::new(Value::UNBOUND);
    Ok(new_native(cx, class, ContextData { variables: GcSlot::of(variables), previous, entered: Cell::new(false) }))
}

/// The current context; a thread starts with an empty one.
fn current(cx: &mut Cx) -> PyResult<Context> {
    if let Some(context) = cx.context.get().cast() {
        return Ok(context);
    }
    let variables = Dict::new(&mut cx.heap);
    let context = new_context(cx, variables)?;
    context.entered.set(true);
    cx.context.set(context.value());
    Ok(context)
}

/// A copy of the current context: what `copy_context()` gives.
pub fn copy_current(cx: &mut Cx) -> PyResult {
    let context = current(cx)?;
    let variables = runtime::dict::copy(cx, context.variables.expect())?;
    Ok(new_context(cx, variables)?.value())
}

fn enter(cx: &mut Cx, context: Context) -> PyResult<()> {
    if context.entered.get() {
        let shown = repr_of(cx, context.value())?;
        return Err(runtime_error(cx, format!("cannot enter context: {shown} is already entered")));
    }
    let outer = current(cx)?;
    context.previous.set(context, outer);
    context.entered.set(true);
    cx.context.set(context.value());
    Ok(())
}

fn leave(cx: &mut Cx, context: Context) {
    cx.context.set(context.previous.get());
    context.previous.clear();
    context.entered.set(false);
}

fn check_key(cx: &mut Cx, key: Value) -> PyResult<()> {
    if key.cast::<Native<VariableData>>().is_some() {
        return Ok(());
    }
    let shown = repr_of(cx, key)?;
    Err(type_error(cx, format!("a ContextVar key was expected, got {shown}")))
}

#[native_class(name = "Token.MISSING", module = "builtins", layout = Native<MissingData>)]
pub mod missing_class {
    use super::*;

    #[slot]
    fn repr(cx: &mut Cx, _this: Value) -> Value {
        cx.heap.str("<Token.MISSING>")
    }
}

/// The values of context variables.
#[native_class(name = "Context", module = "_contextvars", layout = Native<ContextData>, flags = MAPPING, traits = HAS_WEAKREF)]
pub mod context {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        if !args.is_empty() {
            return Err(type_error(cx, "Context() does not accept any arguments"));
        }
        let variables = Dict::new(&mut cx.heap);
        Ok(new_context(cx, variables)?.value())
    }

    /// Run a callable in this context.
    #[method(raw, "run($self, callable, /, *args, **kwargs)")]
    fn run(cx: &mut Cx, this: Context, args: Args<'_>) -> PyResult {
        let Some(&callable) = args.positional().first() else {
            return Err(type_error(cx, "run() missing 1 required positional argument"));
        };
        enter(cx, this)?;
        let result = call_args(cx, callable, args.without_first());
        leave(cx, this);
        result
    }

    /// Return a shallow copy of the context object.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Context) -> PyResult {
        let variables = runtime::dict::copy(cx, this.variables.expect())?;
        Ok(new_context(cx, variables)?.value())
    }

    /// Return the value for `key` if `key` has the value in the context object.
    ///
    /// If `key` does not exist, return `default`. If `default` is not given,
    /// return None.
    #[method("get($self, key, default=None, /)")]
    fn get(cx: &mut Cx, this: Context, key: Value, default: Value) -> PyResult {
        check_key(cx, key)?;
        Ok(runtime::dict::get(cx, this.variables.expect(), key)?.unwrap_or(default))
    }

    /// Return a list of all variables in the context object.
    #[method("keys($self, /)")]
    fn keys(cx: &mut Cx, this: Context) -> PyResult {
        let keys = cx.names().keys;
        call_method(cx, this.variables.expect().value(), keys, &[])
    }

    /// Return a list of all variables' values in the context object.
    #[method("values($self, /)")]
    fn values(cx: &mut Cx, this: Context) -> PyResult {
        let values = cx.names().values;
        call_method(cx, this.variables.expect().value(), values, &[])
    }

    /// Return all variables and their values in the context object.
    ///
    /// The result is returned as a list of 2-tuples (variable, value).
    #[method("items($self, /)")]
    fn items(cx: &mut Cx, this: Context) -> PyResult {
        let items = cx.names().items;
        call_method(cx, this.variables.expect().value(), items, &[])
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Context, key: Value) -> PyResult {
        check_key(cx, key)?;
        match runtime::dict::get(cx, this.variables.expect(), key)? {
            Some(value) => Ok(value),
            None => Err(key_error(cx, key)),
        }
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Context, key: Value) -> PyResult<bool> {
        check_key(cx, key)?;
        runtime::dict::contains(cx, this.variables.expect(), key)
    }

    #[slot]
    fn len(_cx: &mut Cx, this: Context) -> PyResult<usize> {
        Ok(this.variables.expect().len())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Context) -> PyResult {
        get_iter(cx, this.variables.expect().value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Context, other: Value, op: CompareOp) -> PyResult {
        match (other.cast::<Native<ContextData>>(), op) {
            (Some(other), CompareOp::Eq | CompareOp::Ne) => {
                compare(cx, this.variables.expect().value(), other.variables.expect().value(), op)
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }
}

/// A context variable.
#[native_class(name = "ContextVar", module = "_contextvars", layout = Native<VariableData>, traits = HAS_WEAKREF)]
pub mod variable {
    use super::*;

    #[slot(new, "ContextVar(name, /, *, default=<unrepresentable>)")]
    fn new(cx: &mut Cx, class: Gc<Class>, name: Value, default: Option<Value>) -> PyResult {
        let Some(name) = name.downcast::<Str>() else {
            return Err(type_error(cx, "context variable name must be a str"));
        };
        let default = Slot::new(default.unwrap_or(Value::UNBOUND));
        Ok(new_native(cx, class, VariableData { name: GcSlot::of(name), default }).value())
    }

    /// Return a value for the context variable for the current context.
    ///
    /// If there is no value for the variable in the current context, the method will:
    ///  * return the value of the default argument of the method, if provided; or
    ///  * return the default value for the context variable, if it was created
    ///    with one; or
    ///  * raise a LookupError.
    #[method("get($self, default=<unrepresentable>, /)")]
    fn get(cx: &mut Cx, this: Variable, default: Option<Value>) -> PyResult {
        if let Some(context) = cx.context.get().cast::<Native<ContextData>>()
            && let Some(value) = runtime::dict::get(cx, context.variables.expect(), this.value())?
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
    /// Returns a Token object that can be used to restore the variable to its previous
    /// value via the `ContextVar.reset()` method.
    #[method("set($self, value, /)")]
    fn set(cx: &mut Cx, this: Variable, value: Value) -> PyResult {
        let context = current(cx)?;
        let variables = context.variables.expect();
        let old = runtime::dict::get(cx, variables, this.value())?.unwrap_or(Value::UNBOUND);
        // Iterators over the context go on over what it was.
        let changed = runtime::dict::copy(cx, variables)?;
        runtime::dict::set(cx, changed, this.value(), value)?;
        context.variables.set(context, changed);
        let class = class_of_spec(cx, &token::SPEC)?;
        let token = new_native(cx, class, TokenData {
            context: GcSlot::of(context),
            variable: GcSlot::of(this),
            old: Slot::new(old),
            used: Cell::new(false),
        });
        Ok(token.value())
    }

    pub fn reset_to(cx: &mut Cx, this: Variable, token: Token) -> PyResult<()> {
        if token.used.get() {
            let shown = repr_of(cx, token.value())?;
            return Err(runtime_error(cx, format!("{shown} has already been used once")));
        }
        if token.variable.get() != Some(this) {
            let shown = repr_of(cx, token.value())?;
            return Err(value_error(cx, format!("{shown} was created by a different ContextVar")));
        }
        let context = current(cx)?;
        if token.context.get() != Some(context) {
            let shown = repr_of(cx, token.value())?;
            return Err(value_error(cx, format!("{shown} was created in a different Context")));
        }
        token.used.set(true);
        let changed = runtime::dict::copy(cx, context.variables.expect())?;
        match token.old.get().bound() {
            Some(old) => runtime::dict::set(cx, changed, this.value(), old)?,
            None => drop(runtime::dict::remove(cx, changed, this.value())?),
        }
        context.variables.set(context, changed);
        Ok(())
    }

    /// Reset the context variable.
    ///
    /// The variable is reset to the value it had before the `ContextVar.set()` that
    /// created the token was used.
    #[method("reset($self, token, /)")]
    fn reset(cx: &mut Cx, this: Variable, token: Value) -> PyResult<()> {
        match token.cast::<Native<TokenData>>() {
            Some(token) => reset_to(cx, this, token),
            None => {
                let shown = repr_of(cx, token)?;
                Err(type_error(cx, format!("expected an instance of Token, got {shown}")))
            }
        }
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::types::generic_alias::class_getitem(cx, class.value(), object)
    }

    /// The variable's name.
    #[getter]
    fn name(this: Variable) -> Gc<Str> {
        this.name.expect()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Variable) -> PyResult {
        let name = repr_of(cx, this.name.expect().value())?;
        let id = this.value().id();
        let text = match this.default.get().bound() {
            Some(default) => {
                let default = repr_of(cx, default)?;
                format!("<ContextVar name={name} default={default} at {id:#x}>")
            }
            None => format!("<ContextVar name={name} at {id:#x}>"),
        };
        Ok(cx.heap.str(&text))
    }
}

/// What `ContextVar.set()` gives.
#[native_class(name = "Token", module = "_contextvars", layout = Native<TokenData>)]
pub mod token {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, _args: Args<'_>) -> PyResult<()> {
        Err(runtime_error(cx, "Tokens can only be created by ContextVars"))
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::types::generic_alias::class_getitem(cx, class.value(), object)
    }

    /// Enter into Token context manager.
    #[method("__enter__($self, /)")]
    fn enter(this: Token) -> Value {
        this.value()
    }

    /// Exit from Token context manager, restore the linked ContextVar.
    #[method("__exit__($self, type, val, tb, /)")]
    fn exit(cx: &mut Cx, this: Token, _type: Value, _val: Value, _tb: Value) -> PyResult<()> {
        let variable = this.variable.expect();
        super::variable::reset_to(cx, variable, this)
    }

    /// The variable.
    #[getter]
    fn var(this: Token) -> Value {
        this.variable.expect().value()
    }

    /// The value that the variable had before, or Token.MISSING.
    #[getter]
    fn old_value(cx: &mut Cx, this: Token) -> PyResult {
        match this.old.get().bound() {
            Some(old) => Ok(old),
            None => missing(cx),
        }
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Token) -> PyResult {
        let variable = repr_of(cx, this.variable.expect().value())?;
        let used = if this.used.get() { " used" } else { "" };
        let id = this.value().id();
        Ok(cx.heap.str(&format!("<Token{used} var={variable} at {id:#x}>")))
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let value = missing(cx)?;
        let name = cx.heap.intern("MISSING");
        class.dict.expect().set_str(&mut cx.heap, name, value).or_raise(cx)
    }
}

#[native_module(name = "_contextvars", doc = "Context Variables")]
pub mod module {
    use super::*;

    /// Return a copy of the current context.
    #[function("copy_context()")]
    fn copy_context(cx: &mut Cx) -> PyResult {
        copy_current(cx)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &context::SPEC)?;
        add_class(cx, module, &variable::SPEC)?;
        add_class(cx, module, &token::SPEC)?;
        Ok(())
    }
}
