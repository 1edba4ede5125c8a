//! `function`: attributes of functions made by `def` and `lambda`. Calling them is `call`'s.

use crate::prelude::*;
use crate::typing::instance_attrs::INSTANCE_DICT;
use bytecode::CodeFlags;
use macros::native_class;

#[native_class(
    name = "function",
    layout = Function,
    flags = HAVE_GC | METHOD_DESCRIPTOR,
    traits = HAS_DICT | HAS_WEAKREF,
    signature = "(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)",
    doc = "Create a function object.\n\n  code\n    a code object\n  globals\n    the globals dictionary\n  name\n    a string that overrides the name from the code object\n  argdefs\n    a tuple that specifies the default argument values\n  closure\n    a tuple that supplies the bindings for free variables\n  kwdefaults\n    a dictionary that specifies the default keyword argument values"
)]
pub mod class {
    use super::*;

    #[slot(new, "function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)")]
    fn new(
        cx: &mut Cx,
        _class: Gc<Class>,
        code: Gc<Code>,
        globals: Gc<Dict>,
        name: Value,
        argdefs: Value,
        closure: Value,
        kwdefaults: Value,
    ) -> PyResult {
        make(cx, code, globals, [name, argdefs, closure, kwdefaults])
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Function>) -> PyResult {
        let qualname = str_of(cx, this.qualname.get())?;
        let mut builder = StrBuilder::new();
        builder.push_str("<function ");
        builder.push_py(&qualname);
        builder.push_str(&format!(" at {:#x}>", this.value().id()));
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<Function>, args: Args<'_>) -> PyResult {
        crate::call::call_function(cx, this, args)
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<Function>, object: Value, _owner: Value) -> PyResult {
        if object.is_unbound() || object.is_none() {
            return Ok(this.value());
        }
        Ok(cx.heap.bound_method(this.value(), object).value())
    }

    #[getter(__code__)]
    fn code(this: Gc<Function>) -> Gc<Code> {
        this.code.expect()
    }

    #[setter(__code__)]
    fn set_code(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let Some(code) = value.and_then(|v| v.cast::<Code>()) else {
            return Err(type_error(cx, "__code__ must be set to a code object"));
        };
        let closure = this.closure_tuple().map_or(0, |cells| cells.len());
        let free = code.n_free as usize;
        if closure != free {
            let name = this.name_text();
            return Err(value_error(
                cx,
                format_args!("{name}() requires a code object with {closure} free vars, not {free}"),
            ));
        }
        let kinds = CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR;
        if (this.code.expect().flags ^ code.flags) & kinds.0 != 0 {
            let class = cx.types().DeprecationWarning;
            let message = "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)";
            crate::warnings::warn(cx, class, message, 1)?;
        }
        this.version.set(0);
        this.code.set(this, code);
        Ok(())
    }

    #[getter(__defaults__)]
    fn defaults(this: Gc<Function>) -> Value {
        or_none(this.defaults.get())
    }

    #[setter(__defaults__)]
    fn set_defaults(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let value = match value.filter(|v| !v.is_none()) {
            None => Value::UNBOUND,
            Some(value) if value.is_a::<Tuple>() => value,
            Some(_) => return Err(type_error(cx, "__defaults__ must be set to a tuple object")),
        };
        this.version.set(0);
        this.defaults.set(this, value);
        Ok(())
    }

    #[getter(__kwdefaults__)]
    fn kwdefaults(this: Gc<Function>) -> Value {
        or_none(this.kwdefaults.get())
    }

    #[setter(__kwdefaults__)]
    fn set_kwdefaults(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let value = match value.filter(|v| !v.is_none()) {
            None => Value::UNBOUND,
            Some(value) if value.is_a::<Dict>() => value,
            Some(_) => return Err(type_error(cx, "__kwdefaults__ must be set to a dict object")),
        };
        this.version.set(0);
        this.kwdefaults.set(this, value);
        Ok(())
    }

    #[getter(__closure__)]
    fn closure(this: Gc<Function>) -> Value {
        or_none(this.closure.get())
    }

    #[getter(__globals__)]
    fn globals(this: Gc<Function>) -> Gc<Dict> {
        this.globals.expect()
    }

    #[getter(__builtins__)]
    fn builtins(this: Gc<Function>) -> Gc<Dict> {
        this.builtins.expect()
    }

    #[getter(__name__)]
    fn name(this: Gc<Function>) -> Value {
        this.name.get()
    }

    #[setter(__name__)]
    fn set_name(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let Some(name) = value.filter(|v| v.downcast::<Str>().is_some()) else {
            return Err(type_error(cx, "__name__ must be set to a string object"));
        };
        this.name.set(this, name);
        Ok(())
    }

    #[getter(__qualname__)]
    fn qualname(this: Gc<Function>) -> Value {
        this.qualname.get()
    }

    #[setter(__qualname__)]
    fn set_qualname(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let Some(name) = value.filter(|v| v.downcast::<Str>().is_some()) else {
            return Err(type_error(cx, "__qualname__ must be set to a string object"));
        };
        this.qualname.set(this, name);
        Ok(())
    }

    #[getter(__doc__)]
    fn doc(this: Gc<Function>) -> Value {
        or_none(this.doc.get())
    }

    #[setter(__doc__)]
    fn set_doc(this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        this.doc.set(this, value.unwrap_or(Value::NONE));
        Ok(())
    }

    #[getter(__module__)]
    fn module(this: Gc<Function>) -> Value {
        or_none(this.module.get())
    }

    #[setter(__module__)]
    fn set_module(this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        this.module.set(this, value.unwrap_or(Value::NONE));
        Ok(())
    }

    #[getter(__dict__)]
    fn dict(cx: &mut Cx, this: Value) -> PyResult {
        (INSTANCE_DICT.get)(cx, this)
    }

    #[setter(__dict__)]
    fn set_dict(cx: &mut Cx, this: Value, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "cannot delete __dict__")) };
        match INSTANCE_DICT.set {
            Some(set) => set(cx, this, Some(value)),
            None => Ok(()),
        }
    }

    #[getter(__annotations__)]
    fn annotations(cx: &mut Cx, this: Gc<Function>) -> PyResult {
        annotations_of(cx, this)
    }

    #[setter(__annotations__)]
    fn set_annotations(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let value = match value.filter(|v| !v.is_none()) {
            None => Value::UNBOUND,
            Some(value) if value.is_a::<Dict>() => value,
            Some(_) => return Err(type_error(cx, "__annotations__ must be set to a dict object")),
        };
        this.version.set(0);
        this.annotations.set(this, value);
        this.annotate.clear();
        Ok(())
    }

    #[getter(__annotate__)]
    fn annotate(this: Gc<Function>) -> Value {
        or_none(this.annotate.get())
    }

    #[setter(__annotate__)]
    fn set_annotate(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "__annotate__ cannot be deleted")) };
        if value.is_none() {
            this.annotate.set(this, value);
            return Ok(());
        }
        if cx.class_of(value).slots.call.get().is_none() {
            return Err(type_error(cx, "__annotate__ must be callable or None"));
        }
        this.annotate.set(this, value);
        this.annotations.clear();
        Ok(())
    }

    #[getter(__type_params__)]
    fn type_params(cx: &mut Cx, this: Gc<Function>) -> Value {
        this.type_params.get().bound().unwrap_or(cx.vm().empty_tuple().value())
    }

    #[setter(__type_params__)]
    fn set_type_params(cx: &mut Cx, this: Gc<Function>, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value.filter(|v| v.is_a::<Tuple>()) else {
            return Err(type_error(cx, "__type_params__ must be set to a tuple"));
        };
        this.type_params.set(this, value);
        Ok(())
    }
}

fn or_none(value: Value) -> Value {
    value.bound().unwrap_or(Value::NONE)
}

/// `FunctionType(…)`; the last four are name, defaults, closure, keyword defaults.
fn make(cx: &mut Cx, code: Gc<Code>, globals: Gc<Dict>, [name, defaults, closure, kwdefaults]: [Value; 4]) -> PyResult {
    if !name.is_none() && name.downcast::<Str>().is_none() {
        return Err(type_error(cx, "arg 3 (name) must be None or string"));
    }
    if !defaults.is_none() && !defaults.is_a::<Tuple>() {
        return Err(type_error(cx, "arg 4 (defaults) must be None or tuple"));
    }
    let free = code.n_free as usize;
    let cells = closure.cast::<Tuple>();
    match cells {
        None if free > 0 => return Err(type_error(cx, "arg 5 (closure) must be tuple")),
        None if !closure.is_none() => return Err(type_error(cx, "arg 5 (closure) must be None or tuple")),
        _ => {}
    }
    if !kwdefaults.is_none() && !kwdefaults.is_a::<Dict>() {
        return Err(type_error(cx, "arg 6 (kwdefaults) must be None or dict"));
    }
    let given = cells.map_or(0, |cells| cells.len());
    if given != free {
        let name = str_of(cx, code.name.get())?;
        return Err(value_error(cx, format_args!("{name} requires closure of length {free}, not {given}")));
    }
    if let Some(other) = cells.iter().flat_map(|cells| cells.iter()).find(|cell| !cell.is_a::<Cell>()) {
        let found = type_name(cx, other);
        return Err(type_error(cx, format_args!("arg 5 (closure) expected cell, found {found}")));
    }
    let builtins = crate::run::builtins_of(cx, globals);
    let module = globals.get_str(cx.names().__name__).unwrap_or(Value::NONE);
    let function = cx.heap.function(code, globals, builtins, module);
    if !name.is_none() {
        function.name.set(function, name);
    }
    for (slot, value) in
        [(&function.defaults, defaults), (&function.closure, closure), (&function.kwdefaults, kwdefaults)]
    {
        if !value.is_none() {
            slot.set(function, value);
        }
    }
    Ok(function.value())
}

/// `function.__annotations__`: computed by `__annotate__` when first asked for.
pub fn annotations_of(cx: &mut Cx, function: Gc<Function>) -> PyResult {
    let stored = function.annotations.get();
    if let Some(pairs) = stored.cast::<Tuple>() {
        // Names and strings, as `from __future__ import annotations` leaves them.
        let dict = Dict::new(&mut cx.heap);
        for pair in pairs.as_slice().chunks_exact(2) {
            crate::dict::set(cx, dict, pair[0], pair[1])?;
        }
        function.annotations.set(function, dict);
        return Ok(dict.value());
    }
    if stored.is_bound() && !stored.is_none() {
        return Ok(stored);
    }
    let annotations = super::type_::annotations_from(cx, function.annotate.get())?;
    function.annotations.set(function, annotations);
    Ok(annotations)
}
