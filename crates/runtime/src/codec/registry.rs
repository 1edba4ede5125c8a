//! The registry of codecs and error handlers: what `codecs.lookup` and `codecs.register_error` work on.
//!
//! The package `encodings`, which finds the codecs written in Python, is imported at the first lookup.

use super::{errors, normalize};
use crate::prelude::*;
use std::cell::Cell;

/// One a VM.
struct Registry {
    /// Search functions.
    search: RootVec,
    /// Normalised name to 4-tuple, then handler name to callable: two dicts.
    tables: RootVec,
    imported: Cell<bool>,
}

fn registry(cx: &mut Cx) -> PyResult<std::rc::Rc<Registry>> {
    let vm = cx.vm();
    let state = vm.extension(|| Registry { search: vm.root_vec(), tables: vm.root_vec(), imported: Cell::new(false) });
    if state.tables.is_empty() {
        let (codecs, handlers) = (Dict::new(&mut cx.heap), Dict::new(&mut cx.heap));
        state.tables.push(codecs);
        state.tables.push(handlers);
        for def in errors::handlers::SPEC.functions {
            let name = cx.heap.intern(def.name.strip_suffix("_errors").unwrap_or(def.name));
            let function = cx.heap.native_function(def, Value::UNBOUND, Value::UNBOUND);
            crate::dict::set(cx, handlers, name.value(), function.value())?;
        }
    }
    Ok(state)
}

fn table(state: &Registry, i: usize) -> Gc<Dict> {
    state.tables.get(i).cast::<Dict>().expect("the tables are dicts")
}

/// `codecs.register(function)`.
pub fn register(cx: &mut Cx, function: Value) -> PyResult<()> {
    let state = registry(cx)?;
    if cx.class_of(function).slots.call.get().is_none() {
        return Err(type_error(cx, "argument must be callable"));
    }
    state.search.push(function);
    Ok(())
}

/// `codecs.unregister(function)`.
pub fn unregister(cx: &mut Cx, function: Value) -> PyResult<()> {
    let state = registry(cx)?;
    let found = state.search.iter().position(|f| f.is(function));
    if let Some(i) = found {
        state.search.remove(i);
        table(&state, 0).clear();
    }
    Ok(())
}

/// `codecs.lookup(encoding)`: the 4-tuple.
pub fn lookup(cx: &mut Cx, encoding: &str) -> PyResult<Gc<Tuple>> {
    let state = registry(cx)?;
    if !state.imported.replace(true) {
        crate::import::import_module(cx, "encodings")?;
    }
    let name = cx.heap.intern(&normalize(encoding));
    if let Some(found) = crate::dict::get(cx, table(&state, 0), name.value())?
        && let Some(tuple) = found.downcast::<Tuple>()
    {
        return Ok(tuple);
    }
    if state.search.is_empty() {
        return Err(lookup_error_message(cx, "no codec search functions registered: can't find encoding"));
    }
    let mut i = 0;
    while i < state.search.len() {
        let function = state.search.get(i);
        let result = call(cx, function, &[name.value()])?;
        i += 1;
        if result.is_none() {
            continue;
        }
        let Some(tuple) = result.downcast::<Tuple>().filter(|t| t.len() == 4) else {
            return Err(type_error(cx, "codec search functions must return 4-tuples"));
        };
        crate::dict::set(cx, table(&state, 0), name.value(), result)?;
        // What attribute lookups on the CodecInfo need is the object itself; positions are the tuple's.
        return Ok(tuple);
    }
    Err(lookup_error_message(cx, &format!("unknown encoding: {encoding}")))
}

fn lookup_error_message(cx: &mut Cx, message: &str) -> Raised {
    crate::error::lookup_error(cx, message)
}

/// The object that the search function gave for `encoding`: a `CodecInfo`.
pub fn lookup_info(cx: &mut Cx, encoding: &str) -> PyResult {
    lookup(cx, encoding)?;
    let state = registry(cx)?;
    let name = cx.heap.intern(&normalize(encoding));
    match crate::dict::get(cx, table(&state, 0), name.value())? {
        Some(info) => Ok(info),
        None => Err(lookup_error_message(cx, &format!("unknown encoding: {encoding}"))),
    }
}

/// `codecs.register_error(name, handler)`.
pub fn register_error(cx: &mut Cx, name: Gc<Str>, handler: Value) -> PyResult<()> {
    let state = registry(cx)?;
    if cx.class_of(handler).slots.call.get().is_none() {
        return Err(type_error(cx, "handler must be callable"));
    }
    crate::dict::set(cx, table(&state, 1), name.value(), handler)
}

/// `codecs.lookup_error(name)`.
pub fn lookup_error(cx: &mut Cx, name: &str) -> PyResult {
    let state = registry(cx)?;
    let key = cx.heap.intern(name);
    match crate::dict::get(cx, table(&state, 1), key.value())? {
        Some(handler) => Ok(handler),
        None => Err(lookup_error_message(cx, &format!("unknown error handler name '{name}'"))),
    }
}

/// `codecs._unregister_error(name)`: whether there was one. The native handlers stay.
pub fn unregister_error(cx: &mut Cx, name: Gc<Str>) -> PyResult<bool> {
    let is_native = errors::handlers::SPEC
        .functions
        .iter()
        .any(|def| name.eq_str(def.name.strip_suffix("_errors").unwrap_or(def.name)));
    if is_native {
        return Err(value_error(cx, format_args!("cannot un-register built-in error handler '{name}'")));
    }
    let state = registry(cx)?;
    Ok(crate::dict::remove(cx, table(&state, 1), name.value())?.is_some())
}

/// The codec of a text encoding, for `str.encode` and `bytes.decode`.
fn lookup_text(cx: &mut Cx, encoding: &str, function: &str) -> PyResult<Gc<Tuple>> {
    let tuple = lookup(cx, encoding)?;
    let info = lookup_info(cx, encoding)?;
    if cx.class_of(info) != cx.types().tuple {
        let name = cx.heap.intern("_is_text_encoding");
        if let Some(flag) = get_attr_opt(cx, info, name)?
            && !is_true(cx, flag)?
        {
            let message = format!("'{encoding}' is not a text encoding; use {function} to handle arbitrary codecs");
            return Err(lookup_error_message(cx, &message));
        }
    }
    Ok(tuple)
}

/// Call a codec's function: `(object, errors)` gives `(result, length)`.
fn call_codec(cx: &mut Cx, function: Value, object: Value, errors: Option<&str>, what: &str) -> PyResult {
    let result = match errors {
        Some(errors) => {
            let errors = cx.heap.str(errors);
            call(cx, function, &[object, errors])?
        }
        None => call(cx, function, &[object])?,
    };
    match result.downcast::<Tuple>().filter(|t| t.len() == 2) {
        Some(tuple) => Ok(tuple.get(0)),
        None => Err(type_error(cx, format_args!("{what} must return a tuple (object, integer)"))),
    }
}

/// Note on an exception which codec it came through, as CPython does.
fn noted(cx: &mut Cx, result: PyResult, what: &str, encoding: &str) -> PyResult {
    if result.is_err() {
        let exception = cx.peek_raised();
        if exception.is_bound() && !cx.is_instance(exception, cx.types().LookupError) {
            let raised = match result {
                Err(raised) => raised,
                ok => return ok,
            };
            let exception = cx.take_raised(raised);
            let note = cx.heap.str(&format!("{what} with '{encoding}' codec failed"));
            let name = cx.heap.intern("add_note");
            call_method(cx, exception, name, &[note])?;
            return Err(cx.raise(exception));
        }
    }
    result
}

/// `codecs.encode(object, encoding, errors)`.
pub fn encode_any(cx: &mut Cx, object: Value, encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = lookup(cx, encoding)?;
    let result = call_codec(cx, codec.get(0), object, errors, "encoder");
    noted(cx, result, "encoding", encoding)
}

/// `codecs.decode(object, encoding, errors)`.
pub fn decode_any(cx: &mut Cx, object: Value, encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = lookup(cx, encoding)?;
    let result = call_codec(cx, codec.get(1), object, errors, "decoder");
    noted(cx, result, "decoding", encoding)
}

/// `s.encode(encoding, errors)` by a codec that is not native.
pub fn encode_text(cx: &mut Cx, s: Gc<Str>, encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = lookup_text(cx, encoding, "codecs.encode()")?;
    let result = call_codec(cx, codec.get(0), s.value(), errors, "encoder");
    let result = noted(cx, result, "encoding", encoding)?;
    if let Some(bytes) = result.cast::<ByteArray>() {
        let data = bytes.data.borrow().clone();
        return Ok(Bytes::new(&mut cx.heap, &data).or_raise(cx)?.value());
    }
    if result.downcast::<Bytes>().is_none() {
        let name = type_name(cx, result);
        return Err(type_error(
            cx,
            format_args!(
                "'{encoding}' encoder returned '{name}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
            ),
        ));
    }
    Ok(result)
}

/// `object.decode(encoding, errors)` by a codec that is not native.
pub fn decode_text(cx: &mut Cx, object: Value, encoding: &str, errors: Option<&str>) -> PyResult<Gc<Str>> {
    let codec = lookup_text(cx, encoding, "codecs.decode()")?;
    let result = call_codec(cx, codec.get(1), object, errors, "decoder");
    let result = noted(cx, result, "decoding", encoding)?;
    match result.downcast::<Str>() {
        Some(s) => Ok(s),
        None => {
            let name = type_name(cx, result);
            Err(type_error(
                cx,
                format_args!(
                    "'{encoding}' decoder returned '{name}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
                ),
            ))
        }
    }
}
