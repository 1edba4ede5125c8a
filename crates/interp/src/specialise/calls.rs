//! `CALL` and `CALL_KW`: by what is called.

use super::attributes::takes_plain;
use super::{Chosen, Reason, Site};
use bytecode::Opcode;
use object::*;
use ops::defs::calls::{definition_id, python_init};

pub fn call(cx: &mut Cx, site: &Site) -> Chosen {
    let (callable, this) = (site.operand(site.oparg + 2), site.operand(site.oparg + 1));
    let n = site.oparg + this.is_bound() as usize;
    if let Some(function) = callable.cast::<Function>() {
        site.write(1, version(cx, function)?);
        return Ok(if takes_plain(function, n) { Opcode::CALL_PY_EXACT_ARGS } else { Opcode::CALL_PY_GENERAL });
    }
    if let Some(method) = callable.cast::<BoundMethod>()
        && let Some(function) = method.function.get().cast::<Function>()
        && this.is_unbound()
    {
        site.write(1, version(cx, function)?);
        return Ok(match takes_plain(function, n + 1) {
            true => Opcode::CALL_BOUND_METHOD_EXACT_ARGS,
            false => Opcode::CALL_BOUND_METHOD_GENERAL,
        });
    }
    if let Some(class) = callable.cast::<Class>() {
        return call_class(cx, site, class, this, n);
    }
    if let Some(function) = callable.cast::<NativeFunction>() {
        return Ok(call_native(site, function, this, n));
    }
    if let Some(method) = callable.cast::<MethodDescriptor>()
        && this.is_bound()
        && method.def.get().binding == Binding::Method
    {
        return Ok(call_method(cx, site, method, n));
    }
    Ok(Opcode::CALL_NON_PY_GENERAL)
}

/// The version by which inline caches know the function's code.
fn version(cx: &mut Cx, function: Gc<Function>) -> Result<u32, Reason> {
    let code = function.code.expect();
    if code.function_version.get() == 0 {
        let next = cx.vm().next_function_version.get();
        cx.vm().next_function_version.set(next.checked_add(1).ok_or(Reason::NoVersion)?);
        code.function_version.set(next);
    }
    function.version.set(code.function_version.get());
    Ok(function.version.get())
}

fn call_class(cx: &mut Cx, site: &Site, class: Gc<Class>, this: Value, n: usize) -> Chosen {
    let types = cx.types();
    if n == 1 && this.is_unbound() {
        if class == types.type_ {
            return Ok(Opcode::CALL_TYPE_1);
        }
        if class == types.str {
            return Ok(Opcode::CALL_STR_1);
        }
        if class == types.tuple {
            return Ok(Opcode::CALL_TUPLE_1);
        }
    }
    if cx.class_of(class.value()) != types.type_ {
        return Ok(Opcode::CALL_NON_PY_GENERAL);
    }
    match python_init(cx, class) {
        Some(init) if takes_plain(init, n + 1) && class.version.get() != 0 => {
            class.cache.set(class, init);
            site.write(1, class.version.get());
            Ok(Opcode::CALL_ALLOC_AND_ENTER_INIT)
        }
        Some(_) => Ok(Opcode::CALL_NON_PY_GENERAL),
        None => Ok(Opcode::CALL_BUILTIN_CLASS),
    }
}

/// Whether the definition has an entry of fixed arity.
fn is_fixed(def: &NativeDef) -> bool {
    !matches!(def.entry, Entry::Raw(_) | Entry::Bound(_))
}

fn accepts(def: &NativeDef, n: usize) -> bool {
    (def.min_args as usize..=def.max_args as usize).contains(&n)
}

fn call_native(site: &Site, function: Gc<NativeFunction>, this: Value, n: usize) -> Opcode {
    let def = function.def.get();
    let receives = matches!(def.binding, Binding::Method | Binding::ClassMethod);
    let in_builtins = function.module.get().cast::<Str>().is_some_and(|m| m.eq_str("builtins"));
    if in_builtins && this.is_unbound() && !receives {
        match (def.name, n) {
            ("len", 1) => {
                site.write(1, definition_id(def));
                return Opcode::CALL_LEN;
            }
            ("isinstance", 2) => {
                site.write(1, definition_id(def));
                return Opcode::CALL_ISINSTANCE;
            }
            _ => {}
        }
    }
    let total = n + receives as usize;
    match (is_fixed(def) && accepts(def, total), n) {
        (true, 1) => Opcode::CALL_BUILTIN_O,
        (true, _) => Opcode::CALL_BUILTIN_FAST,
        _ => Opcode::CALL_BUILTIN_FAST_WITH_KEYWORDS,
    }
}

fn call_method(cx: &mut Cx, site: &Site, method: Gc<MethodDescriptor>, n: usize) -> Opcode {
    let def = method.def.get();
    if def.name == "append" && method.class.get() == Some(cx.types().list) && n == 2 {
        site.write(1, definition_id(def));
        return Opcode::CALL_LIST_APPEND;
    }
    match (is_fixed(def) && accepts(def, n), n) {
        (true, 1) => Opcode::CALL_METHOD_DESCRIPTOR_NOARGS,
        (true, 2) => Opcode::CALL_METHOD_DESCRIPTOR_O,
        (true, _) => Opcode::CALL_METHOD_DESCRIPTOR_FAST,
        _ => Opcode::CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS,
    }
}

pub fn call_kw(cx: &mut Cx, site: &Site) -> Chosen {
    let (callable, this) = (site.operand(site.oparg + 3), site.operand(site.oparg + 2));
    if let Some(function) = callable.cast::<Function>() {
        site.write(1, version(cx, function)?);
        return Ok(Opcode::CALL_KW_PY);
    }
    if let Some(method) = callable.cast::<BoundMethod>() {
        let function = method.function.get().cast::<Function>().ok_or(Reason::CallableType)?;
        if this.is_bound() {
            return Err(Reason::CallableType);
        }
        site.write(1, version(cx, function)?);
        return Ok(Opcode::CALL_KW_BOUND_METHOD);
    }
    Ok(Opcode::CALL_KW_NON_PY)
}
