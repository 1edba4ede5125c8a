//! Encodings: the native codecs, the error handlers, and the registry of the others.
//!
//! `str.encode`, `bytes.decode` and `str()` come in here by name; the native module `_codecs` calls the codecs one by
//! one. The codecs written in Python (the package `encodings`) are found through [`registry`].

pub mod charmap;
pub mod decode;
pub mod encode;
pub mod errors;
pub mod escape;
pub mod registry;
pub mod utf7;

use crate::prelude::*;
use errors::Handling;

/// The encodings that are native.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Native {
    Utf8,
    /// With a byte-order mark when encoding; detected when decoding.
    Utf16,
    Utf32,
    Ascii,
    Latin1,
}

/// A codec name in the form that is looked up: lower case, runs of anything but letters, digits and dots as one `_`.
pub fn normalize(encoding: &str) -> String {
    let mut out = String::with_capacity(encoding.len());
    let mut gap = false;
    for c in encoding.chars().filter(char::is_ascii) {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
            gap = false;
        } else {
            gap = true;
        }
    }
    out
}

fn native(encoding: Option<&str>) -> Option<Native> {
    let Some(encoding) = encoding else { return Some(Native::Utf8) };
    match encoding {
        "utf-8" | "utf8" => return Some(Native::Utf8),
        "ascii" => return Some(Native::Ascii),
        "latin-1" => return Some(Native::Latin1),
        _ => {}
    }
    match normalize(encoding).as_str() {
        "utf_8" | "utf8" => Some(Native::Utf8),
        "utf_16" | "utf16" => Some(Native::Utf16),
        "utf_32" | "utf32" => Some(Native::Utf32),
        "ascii" | "us_ascii" => Some(Native::Ascii),
        "latin1" | "latin_1" | "iso_8859_1" | "iso8859_1" => Some(Native::Latin1),
        _ => None,
    }
}

/// Whether ASCII text is its own encoding by these names, so that nobody asks for the error handler.
pub fn keeps_ascii(encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> bool {
    let is_utf8 = encoding.is_none_or(|name| name.eq_str("utf-8") || name.eq_str("utf8"));
    is_utf8 && errors.is_none_or(|name| name.as_ascii().is_some_and(|name| !name.contains('\0')))
}

/// The name of an encoding or error handler as Rust text.
pub fn name(cx: &mut Cx, name: Option<Gc<Str>>) -> PyResult<Option<String>> {
    let Some(name) = name else { return Ok(None) };
    let text = match name.to_utf8() {
        Ok(text) => text,
        Err(_) => return Err(encode::utf8(cx, name, &Handling::Strict).err().unwrap_or_else(|| memory_error(cx))),
    };
    if text.contains('\0') {
        return Err(value_error(cx, "embedded null character"));
    }
    Ok(Some(text))
}

/// `s.encode(encoding, errors)`: a `bytes` object.
pub fn encode_str(cx: &mut Cx, s: Gc<Str>, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let Some(native) = native(encoding) else {
        return registry::encode_text(cx, s, encoding.unwrap_or("utf-8"), errors);
    };
    let handling = Handling::named(errors);
    let data = match native {
        Native::Utf8 => {
            if let Some(text) = s.as_ascii() {
                return Ok(Bytes::new(&mut cx.heap, text.as_bytes()).or_raise(cx)?.value());
            }
            encode::utf8(cx, s, &handling)?
        }
        Native::Utf16 => encode::utf16(cx, s, &handling, encode::Order::Marked)?,
        Native::Utf32 => encode::utf32(cx, s, &handling, encode::Order::Marked)?,
        Native::Ascii => encode::ascii(cx, s, &handling)?,
        Native::Latin1 => encode::latin1(cx, s, &handling)?,
    };
    Ok(Bytes::new(&mut cx.heap, &data).or_raise(cx)?.value())
}

/// `data.decode(encoding, errors)`. `object` is what a codec written in Python gets to see.
pub fn decode_bytes(
    cx: &mut Cx,
    object: Value,
    data: Gc<Bytes>,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult<Gc<Str>> {
    if data.is_empty() {
        return Ok(cx.vm().empty_str());
    }
    let Some(native) = native(encoding) else {
        return registry::decode_text(cx, object, encoding.unwrap_or("utf-8"), errors);
    };
    let handling = Handling::named(errors);
    let (text, _) = match native {
        Native::Utf8 => decode::utf8(cx, data, &handling, true)?,
        Native::Utf16 => {
            let (text, used, _) = decode::utf16(cx, data, &handling, 0, true)?;
            (text, used)
        }
        Native::Utf32 => {
            let (text, used, _) = decode::utf32(cx, data, &handling, 0, true)?;
            (text, used)
        }
        Native::Ascii => decode::ascii(cx, data, &handling)?,
        Native::Latin1 => return Str::from_latin1(&mut cx.heap, data.as_slice()).or_raise(cx),
    };
    Ok(text)
}

/// `str(object, encoding, errors)`.
pub fn decode_object(
    cx: &mut Cx,
    object: Value,
    encoding: Option<String>,
    errors: Option<String>,
) -> PyResult<Gc<Str>> {
    let data = if let Some(bytes) = object.downcast::<Bytes>() {
        bytes
    } else if object.downcast::<Str>().is_some() {
        return Err(type_error(cx, "decoding str is not supported"));
    } else if crate::buffer::is_buffer(cx, object) {
        crate::buffer::to_bytes(cx, object)?
    } else {
        let name = type_name(cx, object);
        return Err(type_error(cx, format_args!("decoding to str: need a bytes-like object, {name} found")));
    };
    decode_bytes(cx, object, data, encoding.as_deref(), errors.as_deref())
}

/// The text of UTF-8 bytes, as `str(bytes, 'utf-8')`; for native modules.
pub fn decode_utf8(cx: &mut Cx, data: &[u8]) -> PyResult<Gc<Str>> {
    if let Ok(text) = std::str::from_utf8(data) {
        return Str::from_utf8(&mut cx.heap, text).or_raise(cx);
    }
    let data = Bytes::new(&mut cx.heap, data).or_raise(cx)?;
    Ok(decode::utf8(cx, data, &Handling::Strict, true)?.0)
}

/// The UTF-8 bytes of `s`; lone surrogates raise UnicodeEncodeError. For native modules.
pub fn encode_utf8(cx: &mut Cx, s: Gc<Str>) -> PyResult<Vec<u8>> {
    encode::utf8(cx, s, &Handling::Strict)
}

/// A file name as bytes: UTF-8 with undecodable bytes as lone surrogates.
pub fn encode_filename(cx: &mut Cx, s: Gc<Str>) -> PyResult<Vec<u8>> {
    encode::utf8(cx, s, &Handling::SurrogateEscape)
}

/// The inverse of [`encode_filename`].
pub fn decode_filename(cx: &mut Cx, data: &[u8]) -> PyResult<Gc<Str>> {
    if let Ok(text) = std::str::from_utf8(data) {
        return Str::from_utf8(&mut cx.heap, text).or_raise(cx);
    }
    let data = Bytes::new(&mut cx.heap, data).or_raise(cx)?;
    Ok(decode::utf8(cx, data, &Handling::SurrogateEscape, true)?.0)
}
