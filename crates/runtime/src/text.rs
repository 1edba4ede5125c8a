//! `str()`, `repr()`, `ascii()`, `format()`.

use crate::call::{call_special, check_native_stack};
use crate::error::*;
use object::*;

/// `str(value)`: an exact string.
pub fn str_of(cx: &mut Cx, value: Value) -> PyResult<Gc<Str>> {
    if let Some(s) = value.cast::<Str>() {
        return Ok(s);
    }
    if value.is_small_int() {
        return repr_of(cx, value);
    }
    Ok(exact(str_value(cx, value)?))
}

/// `repr(value)`: an exact string.
pub fn repr_of(cx: &mut Cx, value: Value) -> PyResult<Gc<Str>> {
    if let Some(i) = value.as_int() {
        return crate::number::int_text::repr(cx, crate::number::Num::Small(i.get()));
    }
    Ok(exact(repr_value(cx, value)?))
}

/// `str(value)` as the object's method gives it: an instance of `str` or of a subclass.
pub fn str_value(cx: &mut Cx, value: Value) -> PyResult {
    let class = cx.class_of(value);
    let Some(slot) = class.slots.str_.get() else { return repr_value(cx, value) };
    check_native_stack(cx, " while getting the str of an object")?;
    let result = slot(cx, value)?;
    expect_str(cx, result, "__str__")
}

/// `repr(value)` as the object's method gives it: an instance of `str` or of a subclass.
pub fn repr_value(cx: &mut Cx, value: Value) -> PyResult {
    let result = unchecked_repr(cx, value)?;
    expect_str(cx, result, "__repr__")
}

/// What `__repr__` gives, whatever it is.
pub fn unchecked_repr(cx: &mut Cx, value: Value) -> PyResult {
    check_native_stack(cx, " while getting the repr of an object")?;
    let class = cx.class_of(value);
    let Some(slot) = class.slots.repr.get() else {
        let text = format!("<{} object at {:#x}>", class_name(class), value.id());
        return Ok(Str::from_utf8(&mut cx.heap, &text).or_raise(cx)?.value());
    };
    slot(cx, value)
}

fn expect_str(cx: &mut Cx, result: Value, method: &str) -> PyResult {
    if result.downcast::<Str>().is_some() {
        return Ok(result);
    }
    let name = type_name(cx, result);
    Err(type_error(cx, format_args!("{method} returned non-string (type {name})")))
}

fn exact(text: Value) -> Gc<Str> {
    text.downcast::<Str>().expect("checked to be a string")
}

/// `ascii(value)`: an exact string.
pub fn ascii_of(cx: &mut Cx, value: Value) -> PyResult<Gc<Str>> {
    Ok(exact(ascii_value(cx, value)?))
}

/// `ascii(value)`: what `repr` gives, if that is ASCII.
pub fn ascii_value(cx: &mut Cx, value: Value) -> PyResult {
    let result = repr_value(cx, value)?;
    let repr = exact(result);
    if repr.is_ascii() {
        return Ok(result);
    }
    let mut out = String::with_capacity(repr.len() * 2);
    for c in repr.iter() {
        match c {
            0..0x80 => out.push(c as u8 as char),
            0x80..0x100 => out.push_str(&format!("\\x{c:02x}")),
            0x100..0x10000 => out.push_str(&format!("\\u{c:04x}")),
            _ => out.push_str(&format!("\\U{c:08x}")),
        }
    }
    Ok(Str::from_utf8(&mut cx.heap, &out).or_raise(cx)?.value())
}

/// `format(value, spec)`.
pub fn format_value(cx: &mut Cx, value: Value, spec: Gc<Str>) -> PyResult<Gc<Str>> {
    if spec.is_empty() {
        if let Some(s) = value.cast::<Str>() {
            return Ok(s);
        }
        if value.is_small_int() || value.is_immediate_float() {
            return repr_of(cx, value);
        }
    } else if let Some(s) = value.cast::<Str>() {
        return crate::format::format_str_value(cx, s, spec);
    } else if value.is_small_int() {
        return crate::format::format_int_value(cx, value, spec);
    } else if let Some(x) = value.as_immediate_float() {
        return crate::format::format_float_value(cx, x, spec, "float");
    }
    let name = cx.names().__format__;
    match call_special(cx, value, name, &[spec.value()])? {
        Some(result) => match result.downcast::<Str>() {
            Some(s) => Ok(s),
            None => {
                let name = type_name(cx, result);
                Err(type_error(cx, format_args!("__format__ must return a str, not {name}")))
            }
        },
        None => {
            let name = type_name(cx, value);
            Err(type_error(cx, format_args!("Type {name} doesn't define __format__")))
        }
    }
}

/// Note that the repr of `container` is under way; false when it is already (the caller writes `...`).
pub fn enter_repr(cx: &mut Cx, container: Value) -> bool {
    let mut stack = cx.repr_stack.borrow_mut();
    if stack.contains(&container.id()) {
        return false;
    }
    stack.push(container.id());
    true
}

/// The repr of the container entered last is done.
pub fn leave_repr(cx: &mut Cx) {
    cx.repr_stack.borrow_mut().pop();
}
