//! "Did you mean: …?" behind the message of NameError, AttributeError and ImportError.

use super::{plain_text, quiet_attr};
use crate::exceptions::fields::index;
use crate::prelude::*;

/// Append a suggestion to the message, if there is a good one.
pub fn append(cx: &mut Cx, exception: Gc<Exception>, traceback: Option<Gc<Traceback>>, text: &mut String) {
    let class = cx.class_of(exception.value());
    let types = cx.types();
    let is_name_error = class.is_subclass_of(types.NameError);
    let wrong = if class.is_subclass_of(types.ImportError) {
        exception.field(index::IMPORT_NAME_FROM)
    } else if is_name_error || class.is_subclass_of(types.AttributeError) {
        quiet_attr(cx, exception.value(), "name").unwrap_or(Value::NONE)
    } else {
        return;
    };
    let Some(wrong) = wrong.downcast::<Str>() else { return };
    let found = match suggest(cx, exception, traceback, wrong) {
        Ok(found) => found,
        Err(raised) => {
            cx.take_raised(raised);
            None
        }
    };
    if let Some(found) = &found {
        text.push_str(&format!(". Did you mean: '{found}'?"));
    }
    if is_name_error && is_stdlib_module(cx, wrong) {
        let wrong = plain_text(&wrong);
        let sentence = if found.is_some() { " Or did" } else { ". Did" };
        text.push_str(&format!("{sentence} you forget to import '{wrong}'?"));
    }
}

fn is_stdlib_module(cx: &mut Cx, name: Gc<Str>) -> bool {
    match crate::import::is_stdlib_name(cx, name) {
        Ok(answer) => answer,
        Err(raised) => {
            cx.take_raised(raised);
            false
        }
    }
}

fn suggest(
    cx: &mut Cx,
    exception: Gc<Exception>,
    traceback: Option<Gc<Traceback>>,
    wrong: Gc<Str>,
) -> PyResult<Option<String>> {
    let types = cx.types();
    let value = exception.value();
    let last = last_entry(traceback);
    let names = if cx.is_instance(value, types.AttributeError) {
        let object = exception.field(index::ATTRIBUTE_ERROR_OBJ).bound().unwrap_or(Value::NONE);
        let mut names = attribute_names(cx, object)?;
        let shows_private = wrong.iter().next() == Some('_' as u32) || is_self(cx, last, object)?;
        if !shows_private {
            names.retain(|name| !name.starts_with('_'));
        }
        names
    } else if cx.is_instance(value, types.ImportError) {
        let Some(module) = exception.field(index::IMPORT_NAME).downcast::<Str>() else { return Ok(None) };
        let module = crate::import::import_module(cx, &plain_text(&module))?;
        let mut names = attribute_names(cx, module)?;
        if wrong.iter().next() != Some('_' as u32) {
            names.retain(|name| !name.starts_with('_'));
        }
        names
    } else {
        let Some(entry) = last else { return Ok(None) };
        let frame = entry.frame.expect();
        let f_locals = cx.heap.intern("f_locals");
        let locals = get_attr(cx, frame.value(), f_locals)?;
        let locals = to_list(cx, locals)?;
        let mut names = Vec::new();
        names.extend(locals.iter().filter_map(|n| n.downcast::<Str>()).map(|s| plain_text(&s)));
        for dict in [frame.globals.expect(), frame.builtins.expect()] {
            names.extend(dict.iter().filter_map(|(key, _)| key.downcast::<Str>()).map(|s| plain_text(&s)));
        }
        if let Some(this) = self_of(cx, entry)?
            && get_attr_opt(cx, this, wrong)?.is_some()
        {
            return Ok(Some(format!("self.{}", plain_text(&wrong))));
        }
        names
    };
    Ok(crate::suggest::closest(&plain_text(&wrong), names.into_iter()))
}

fn last_entry(traceback: Option<Gc<Traceback>>) -> Option<Gc<Traceback>> {
    let mut at = traceback?;
    while let Some(next) = at.next.get().cast::<Traceback>() {
        at = next;
    }
    Some(at)
}

/// The sorted names of `object.__dir__()`.
fn attribute_names(cx: &mut Cx, object: Value) -> PyResult<Vec<String>> {
    let name = cx.names().__dir__;
    let names = match object.cast::<Class>() {
        Some(_) => call_special(cx, object, name, &[])?.unwrap_or(Value::NONE),
        None => call_method(cx, object, name, &[])?,
    };
    let names = to_list(cx, names)?;
    let mut names: Vec<String> = names.iter().filter_map(|n| n.downcast::<Str>()).map(|s| plain_text(&s)).collect();
    names.sort();
    Ok(names)
}

/// The variable `self` of the frame of an entry.
fn self_of(cx: &mut Cx, entry: Gc<Traceback>) -> PyResult<Option<Value>> {
    let f_locals = cx.heap.intern("f_locals");
    let locals = get_attr(cx, entry.frame.expect().value(), f_locals)?;
    let key = cx.heap.intern("self").value();
    if contains(cx, locals, key)? { get_item(cx, locals, key).map(Some) } else { Ok(None) }
}

fn is_self(cx: &mut Cx, entry: Option<Gc<Traceback>>, object: Value) -> PyResult<bool> {
    match entry {
        Some(entry) => Ok(self_of(cx, entry)?.is_some_and(|this| this.is(object))),
        None => Ok(false),
    }
}
