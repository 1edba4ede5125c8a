//! Functions and classes are pickled by name: from an object to its name, and back.

use super::opcode as op;
use super::pickler::{This, emit, memoize};
use super::save::save;
use super::{pickling_error, pickling_error_after};
use runtime::import::{get_module, import_attr, import_module_level};
use runtime::prelude::*;

/// The parts of a dotted path, interned.
fn parts(cx: &mut Cx, path: Gc<Str>) -> PyResult<RootVec> {
    let parts = cx.vm().root_vec();
    let mut start = 0;
    for end in 0..=path.len() {
        if end == path.len() || path.get(end) == u32::from('.') {
            let part = Str::substring(&mut cx.heap, path, start, end).or_raise(cx)?;
            parts.push(runtime::attribute::name_from_value(cx, part.value())?);
            start = end + 1;
        }
    }
    Ok(parts)
}

/// The object at the end of a dotted path.
fn follow(cx: &mut Cx, start: Value, path: &RootVec) -> PyResult {
    let mut object = start;
    for part in path.iter().filter_map(Value::cast::<Str>) {
        object = get_attr(cx, object, part)?;
    }
    Ok(object)
}

/// Import a module; what `sys.modules` has by its name then.
pub fn imported(cx: &mut Cx, name: Value) -> PyResult {
    let package = import_module_level(cx, name, Value::NONE, Value::NONE, 0)?;
    let Some(text) = name.downcast::<Str>() else { return Ok(package) };
    match get_module(cx, text)? {
        Some(module) => Ok(module),
        None => Err(key_error(cx, name)),
    }
}

/// The name of the module that holds `object` as `name`.
fn which_module(cx: &mut Cx, object: Value, name: Gc<Str>, path: &RootVec) -> PyResult {
    let attribute = cx.names().__module__;
    let mut module_name = get_attr_opt(cx, object, attribute)?.unwrap_or(Value::NONE);
    if path.iter().filter_map(Value::cast::<Str>).any(|part| part.eq_str("<locals>")) {
        let shown = repr_of(cx, object)?;
        return Err(pickling_error(cx, format_args!("Can't pickle local object {shown}")));
    }
    if module_name.is_none() {
        if let Some(found) = search(cx, object, path)? {
            return Ok(found);
        }
        module_name = cx.heap.intern("__main__").value();
    }
    let module = match imported(cx, module_name) {
        Ok(module) => module,
        Err(raised) => {
            let types = cx.types();
            if ![types.ImportError, types.ValueError, types.KeyError].iter().any(|&class| cx.raised_is(class)) {
                return Err(raised);
            }
            let first = cx.take_raised(raised);
            let (shown, why) = (repr_of(cx, object)?, str_of(cx, first)?);
            return Err(pickling_error_after(cx, format_args!("Can't pickle {shown}: {why}"), first));
        }
    };
    let place = str_of(cx, module_name)?;
    match follow(cx, module, path) {
        Ok(found) if found.is(object) => Ok(module_name),
        Ok(_) => {
            let shown = repr_of(cx, object)?;
            let message = format!("Can't pickle {shown}: it's not the same object as {place}.{name}");
            Err(pickling_error(cx, message))
        }
        Err(raised) if cx.raised_is(cx.types().AttributeError) => {
            let first = cx.take_raised(raised);
            let shown = repr_of(cx, object)?;
            let message = format!("Can't pickle {shown}: it's not found as {place}.{name}");
            Err(pickling_error_after(cx, message, first))
        }
        Err(raised) => Err(raised),
    }
}

/// The first module that has `object` by this name, if any but the main one does.
fn search(cx: &mut Cx, object: Value, path: &RootVec) -> PyResult<Option<Value>> {
    let Some(modules) = runtime::import::sys_attr(cx, "modules") else { return Ok(None) };
    let copy = cx.heap.intern("copy");
    let modules = call_method(cx, modules, copy, &[])?;
    let Some(modules) = modules.cast::<Dict>() else { return Ok(None) };
    let mut i = 0;
    while let Some((at, module_name, module)) = modules.next_entry(i) {
        i = at + 1;
        let text = module_name.downcast::<Str>();
        if module.is_none() || text.is_some_and(|name| name.eq_str("__main__") || name.eq_str("__mp_main__")) {
            continue;
        }
        match follow(cx, module, path) {
            Ok(found) if found.is(object) => return Ok(Some(module_name)),
            Ok(_) => {}
            Err(raised) => cx.catch(raised, cx.types().AttributeError)?,
        }
    }
    Ok(None)
}

/// The same text as one object, so that it is written once.
fn shared(cx: &mut Cx, text: Value) -> Value {
    match text.cast::<Str>().and_then(|text| text.to_utf8().ok()) {
        Some(text) => cx.heap.intern(&text).value(),
        None => text,
    }
}

/// Write a reference to a function, a class or whatever else has a name.
pub fn save_global(cx: &mut Cx, this: This, object: Value, name: Option<Value>) -> PyResult<()> {
    let name = match name {
        Some(name) => name,
        None => {
            let qualified = cx.heap.intern("__qualname__");
            match get_attr_opt(cx, object, qualified)?.filter(|name| !name.is_none()) {
                Some(name) => name,
                None => {
                    let name = cx.names().__name__;
                    get_attr(cx, object, name)?
                }
            }
        }
    };
    let name = shared(cx, name);
    let text = str_of(cx, name)?;
    let path = parts(cx, text)?;
    let module_name = which_module(cx, object, text, &path)?;
    let module_name = shared(cx, module_name);
    let protocol = this.protocol.get();
    if protocol >= 2 && save_extension(cx, this, object, module_name, name)? {
        return Ok(());
    }
    if protocol >= 4 {
        save(cx, this, module_name, true)?;
        save(cx, this, name, true)?;
        emit(this, &[op::STACK_GLOBAL]);
        return memoize(cx, this, object);
    }
    let first = if path.len() == 1 { name } else { path.get(0) };
    if path.len() > 1 {
        let getattr = import_attr(cx, "builtins", "getattr")?;
        for _ in 1..path.len() {
            save(cx, this, getattr, true)?;
            if protocol < 2 {
                emit(this, &[op::MARK]);
            }
        }
    }
    save_top_level(cx, this, module_name, first)?;
    for part in path.iter().skip(1) {
        save(cx, this, part, true)?;
        emit(this, &[if protocol < 2 { op::TUPLE } else { op::TUPLE2 }, op::REDUCE]);
    }
    memoize(cx, this, object)
}

/// Write the number that `copyreg` knows the object by, if it does.
fn save_extension(cx: &mut Cx, this: This, object: Value, module_name: Value, name: Value) -> PyResult<bool> {
    let registry = import_attr(cx, "copyreg", "_extension_registry")?;
    let key = cx.heap.tuple(&[module_name, name]).value();
    let Some(code) = registry.cast::<Dict>().map(|dict| runtime::dict::get(cx, dict, key)).transpose()?.flatten()
    else {
        return Ok(false);
    };
    let code = runtime::number::as_i64(cx, code)?;
    match (u32::try_from(code), i32::try_from(code)) {
        (Ok(code), Ok(_)) if code > 0 => {
            let [a, b, c, d] = code.to_le_bytes();
            match code {
                ..=0xff => emit(this, &[op::EXT1, a]),
                ..=0xffff => emit(this, &[op::EXT2, a, b]),
                _ => emit(this, &[op::EXT4, a, b, c, d]),
            }
            Ok(true)
        }
        _ => {
            let shown = repr_of(cx, object)?;
            Err(runtime_error(cx, format_args!("Can't pickle {shown}: extension code {code} is out of range")))
        }
    }
}

/// An entry of one of the tables of names that Python 2 and 3 have for the same things.
fn mapped(cx: &mut Cx, table: &str, key: Value) -> PyResult<Option<Value>> {
    let table = import_attr(cx, "_compat_pickle", table)?;
    match table.cast::<Dict>() {
        Some(dict) => runtime::dict::get(cx, dict, key),
        None => Ok(None),
    }
}

/// A module's and a name's, by the tables for one of the directions.
fn translated(cx: &mut Cx, tables: [&str; 2], module: Value, name: Value) -> PyResult<(Value, Value)> {
    let key = cx.heap.tuple(&[module, name]).value();
    if let Some(pair) = mapped(cx, tables[0], key)? {
        let Some(pair) = pair.downcast::<Tuple>().filter(|pair| pair.len() == 2) else {
            let shown = type_name(cx, pair);
            let message = format!("_compat_pickle.{} values should be 2-tuples, not {shown}", tables[0]);
            return Err(runtime_error(cx, message));
        };
        return Ok((pair.get(0), pair.get(1)));
    }
    Ok((mapped(cx, tables[1], module)?.unwrap_or(module), name))
}

fn save_top_level(cx: &mut Cx, this: This, module: Value, name: Value) -> PyResult<()> {
    let protocol = this.protocol.get();
    let (mut module, mut name) = (module, name);
    if this.fix_imports.get() {
        (module, name) = translated(cx, ["REVERSE_NAME_MAPPING", "REVERSE_IMPORT_MAPPING"], module, name)?;
    }
    let encoding = if protocol >= 3 { "utf-8" } else { "ascii" };
    let mut out = vec![op::GLOBAL];
    for (text, what) in [(module, "module"), (name, "global")] {
        let Some(text) = text.downcast::<Str>() else {
            return Err(type_error(cx, format_args!("{what} name must be a string")));
        };
        match runtime::codec::encode_str(cx, text, Some(encoding), None) {
            Ok(encoded) => {
                runtime::buffer::with_bytes(cx, encoded, |data| out.extend_from_slice(data))?;
                out.push(b'\n');
            }
            Err(raised) if cx.raised_is(cx.types().UnicodeEncodeError) => {
                let first = cx.take_raised(raised);
                let shown = repr_of(cx, text.value())?;
                let message = format!("can't pickle {what} identifier {shown} using pickle protocol {protocol}");
                return Err(pickling_error_after(cx, message, first));
            }
            Err(raised) => return Err(raised),
        }
    }
    emit(this, &out);
    Ok(())
}

/// `Unpickler.find_class`.
pub fn find_class(cx: &mut Cx, protocol: u8, fix_imports: bool, module: Value, name: Value) -> PyResult {
    let event = cx.heap.intern("pickle.find_class");
    crate::sys::hooks::audit(cx, event, &[module, name])?;
    let (mut module_name, mut name) = (module, name);
    if protocol < 3 && fix_imports {
        (module_name, name) = translated(cx, ["NAME_MAPPING", "IMPORT_MAPPING"], module_name, name)?;
    }
    let module = imported(cx, module_name)?;
    let attribute = runtime::attribute::name_from_value(cx, name)?;
    if protocol < 4 {
        return get_attr(cx, module, attribute);
    }
    let path = parts(cx, attribute)?;
    if path.len() == 1 {
        return get_attr(cx, module, attribute);
    }
    match follow(cx, module, &path) {
        Err(raised) if cx.raised_is(cx.types().AttributeError) => {
            let first = cx.take_raised(raised);
            let (path, place) = (repr_of(cx, name)?, repr_of(cx, module_name)?);
            let message = format!("Can't resolve path {path} on module {place}");
            let raised = runtime::error::raise_class(cx, cx.types().AttributeError, message);
            if let Some(error) = cx.peek_raised().cast::<Exception>() {
                error.context.set(error, first);
            }
            Err(raised)
        }
        found => found,
    }
}
