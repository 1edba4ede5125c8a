//! What happens to characters that cannot be encoded and bytes that cannot be decoded.
//!
//! The eight handlers of the language are native and are applied without making an exception object; handlers that were
//! registered get a `UnicodeError` and answer with a replacement and a position.

use super::registry;
use crate::prelude::*;
use macros::native_module;
use object::StrBuilder;

/// An error handler by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Handling {
    Strict,
    Ignore,
    Replace,
    XmlCharRefReplace,
    BackslashReplace,
    NameReplace,
    SurrogateEscape,
    SurrogatePass,
    /// Looked up when the first error happens.
    Registered(String),
}

impl Handling {
    pub fn named(name: Option<&str>) -> Handling {
        match name {
            None | Some("strict") => Handling::Strict,
            Some("ignore") => Handling::Ignore,
            Some("replace") => Handling::Replace,
            Some("xmlcharrefreplace") => Handling::XmlCharRefReplace,
            Some("backslashreplace") => Handling::BackslashReplace,
            Some("namereplace") => Handling::NameReplace,
            Some("surrogateescape") => Handling::SurrogateEscape,
            Some("surrogatepass") => Handling::SurrogatePass,
            Some(name) => Handling::Registered(name.to_owned()),
        }
    }
}

/// What stands in for characters that could not be encoded.
pub enum Replacement {
    /// To be encoded in their place.
    Text(StrBuilder),
    /// To be taken as they are.
    Bytes(Vec<u8>),
}

/// What a native handler makes of `s[start..end]`, and up to where; `None` when it does not handle it.
fn encode_replacement(
    handling: &Handling,
    encoding: &str,
    s: &Str,
    start: usize,
    end: usize,
) -> Option<(Replacement, usize)> {
    let mut text = StrBuilder::new();
    let chars = || (start..end).map(|i| s.get(i));
    match handling {
        Handling::Strict | Handling::Registered(_) => return None,
        Handling::Ignore => {}
        Handling::Replace => text.push_repeated('?' as u32, end - start),
        Handling::XmlCharRefReplace => chars().for_each(|c| text.push_str(&format!("&#{c};"))),
        Handling::BackslashReplace => {
            chars().for_each(|c| crate::types::str::escape::push_escape(&mut text, c));
        }
        Handling::NameReplace => {
            for c in chars() {
                match char::from_u32(c).and_then(unicode_names2::name) {
                    Some(name) => text.push_str(&format!("\\N{{{name}}}")),
                    None => crate::types::str::escape::push_escape(&mut text, c),
                }
            }
        }
        Handling::SurrogateEscape => {
            let bytes: Vec<u8> = chars().map_while(|c| (0xDC80..0xDD00).contains(&c).then_some(c as u8)).collect();
            if bytes.is_empty() {
                return None;
            }
            let end = start + bytes.len();
            return Some((Replacement::Bytes(bytes), end));
        }
        Handling::SurrogatePass => {
            let form = SurrogateForm::of(encoding)?;
            let mut bytes = Vec::new();
            for c in chars() {
                if !(0xD800..0xE000).contains(&c) {
                    return None;
                }
                form.push(&mut bytes, c);
            }
            return Some((Replacement::Bytes(bytes), end));
        }
    }
    Some((Replacement::Text(text), end))
}

/// What a native handler makes of undecodable `data[start..end]`, and up to where; `None` when it does not handle it.
fn decode_replacement(
    handling: &Handling,
    encoding: &str,
    data: &[u8],
    start: usize,
    end: usize,
    out: &mut StrBuilder,
) -> Option<usize> {
    match handling {
        Handling::Ignore => {}
        Handling::Replace => out.push(0xFFFD),
        Handling::BackslashReplace => data[start..end].iter().for_each(|b| out.push_str(&format!("\\x{b:02x}"))),
        Handling::SurrogateEscape => {
            let n = data[start..end.min(start + 4)].iter().take_while(|&&b| b >= 128).count();
            if n == 0 {
                return None;
            }
            data[start..start + n].iter().for_each(|&b| out.push(0xDC00 + b as u32));
            return Some(start + n);
        }
        Handling::SurrogatePass => {
            let (c, n) = SurrogateForm::of(encoding)?.read(&data[start..])?;
            out.push(c);
            return Some(start + n);
        }
        _ => return None,
    }
    Some(end)
}

/// How the standard encodings write a surrogate.
#[derive(Clone, Copy)]
enum SurrogateForm {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
}

impl SurrogateForm {
    fn of(encoding: &str) -> Option<SurrogateForm> {
        let plain: String =
            encoding.chars().filter(|&c| c != '-' && c != '_').map(|c| c.to_ascii_lowercase()).collect();
        let big_native = cfg!(target_endian = "big");
        Some(match plain.as_str() {
            "utf8" | "cp65001" => SurrogateForm::Utf8,
            "utf16" => SurrogateForm::Utf16 { big: big_native },
            "utf16le" => SurrogateForm::Utf16 { big: false },
            "utf16be" => SurrogateForm::Utf16 { big: true },
            "utf32" => SurrogateForm::Utf32 { big: big_native },
            "utf32le" => SurrogateForm::Utf32 { big: false },
            "utf32be" => SurrogateForm::Utf32 { big: true },
            _ => return None,
        })
    }

    fn push(self, out: &mut Vec<u8>, c: u32) {
        match self {
            SurrogateForm::Utf8 => {
                out.extend_from_slice(&[0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3F) as u8, 0x80 | (c & 0x3F) as u8]);
            }
            SurrogateForm::Utf16 { big: false } => out.extend_from_slice(&(c as u16).to_le_bytes()),
            SurrogateForm::Utf16 { big: true } => out.extend_from_slice(&(c as u16).to_be_bytes()),
            SurrogateForm::Utf32 { big: false } => out.extend_from_slice(&c.to_le_bytes()),
            SurrogateForm::Utf32 { big: true } => out.extend_from_slice(&c.to_be_bytes()),
        }
    }

    /// The surrogate at the start of `data` and its size.
    fn read(self, data: &[u8]) -> Option<(u32, usize)> {
        let (c, n) = match (self, data) {
            (SurrogateForm::Utf8, &[a, b, c, ..]) if a & 0xF0 == 0xE0 && b & 0xC0 == 0x80 && c & 0xC0 == 0x80 => {
                ((a as u32 & 0xF) << 12 | (b as u32 & 0x3F) << 6 | (c as u32 & 0x3F), 3)
            }
            (SurrogateForm::Utf16 { big: false }, &[a, b, ..]) => (u16::from_le_bytes([a, b]) as u32, 2),
            (SurrogateForm::Utf16 { big: true }, &[a, b, ..]) => (u16::from_be_bytes([a, b]) as u32, 2),
            (SurrogateForm::Utf32 { big: false }, &[a, b, c, d, ..]) => (u32::from_le_bytes([a, b, c, d]), 4),
            (SurrogateForm::Utf32 { big: true }, &[a, b, c, d, ..]) => (u32::from_be_bytes([a, b, c, d]), 4),
            _ => return None,
        };
        (0xD800..0xE000).contains(&c).then_some((c, n))
    }
}

/// Raise `UnicodeEncodeError(encoding, s, start, end, reason)`.
pub fn encode_error(cx: &mut Cx, encoding: &str, s: Gc<Str>, start: usize, end: usize, reason: &str) -> Raised {
    let class = cx.types().UnicodeEncodeError;
    unicode_error(cx, class, Some(encoding), s.value(), start, end, reason)
}

/// Raise `UnicodeDecodeError(encoding, data, start, end, reason)`.
pub fn decode_error(cx: &mut Cx, encoding: &str, data: Gc<Bytes>, start: usize, end: usize, reason: &str) -> Raised {
    let class = cx.types().UnicodeDecodeError;
    unicode_error(cx, class, Some(encoding), data.value(), start, end, reason)
}

fn unicode_error(
    cx: &mut Cx,
    class: Gc<Class>,
    encoding: Option<&str>,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    match make_error(cx, class, encoding, object, start, end, reason) {
        Ok(exception) => raise_object(cx, exception),
        Err(raised) => raised,
    }
}

fn make_error(
    cx: &mut Cx,
    class: Gc<Class>,
    encoding: Option<&str>,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> PyResult {
    let encoding = encoding.map(|e| cx.heap.str(e)).unwrap_or(Value::UNBOUND);
    let reason = cx.heap.str(reason);
    let args = [encoding, object, Int::from_len(start).value(), Int::from_len(end).value(), reason];
    let args = if encoding.is_unbound() { &args[1..] } else { &args[..] };
    call(cx, class.value(), args)
}

/// Ask the handler about `s[start..end]`: the replacement and the position to go on from.
pub fn handle_encode(
    cx: &mut Cx,
    handling: &Handling,
    encoding: &str,
    s: Gc<Str>,
    start: usize,
    end: usize,
    reason: &str,
) -> PyResult<(Replacement, usize)> {
    let Handling::Registered(name) = handling else {
        return encode_replacement(handling, encoding, &s, start, end)
            .ok_or_else(|| encode_error(cx, encoding, s, start, end, reason));
    };
    let handler = registry::lookup_error(cx, name)?;
    let class = cx.types().UnicodeEncodeError;
    let exception = make_error(cx, class, Some(encoding), s.value(), start, end, reason)?;
    let answer = call(cx, handler, &[exception])?;
    let wrong = "encoding error handler must return (str/bytes, int) tuple";
    let Some(tuple) = answer.cast::<Tuple>().filter(|t| t.len() == 2) else { return Err(type_error(cx, wrong)) };
    let replacement = if let Some(text) = tuple.get(0).downcast::<Str>() {
        let mut out = StrBuilder::new();
        out.push_py(&text);
        Replacement::Text(out)
    } else if let Some(bytes) = tuple.get(0).downcast::<Bytes>() {
        Replacement::Bytes(bytes.as_slice().to_vec())
    } else {
        return Err(type_error(cx, wrong));
    };
    let position = handler_position(cx, tuple.get(1), s.len(), wrong)?;
    Ok((replacement, position))
}

/// The position that a handler gave, counted from the end when negative.
fn handler_position(cx: &mut Cx, value: Value, len: usize, wrong: &str) -> PyResult<usize> {
    if !cx.is_instance(value, cx.types().int) {
        return Err(type_error(cx, wrong));
    }
    let position = crate::item::sequence_index(cx, value)?;
    let adjusted = if position < 0 { position + len as isize } else { position };
    if adjusted < 0 || adjusted as usize > len {
        return Err(index_error(cx, format_args!("position {adjusted} from error handler out of bounds")));
    }
    Ok(adjusted as usize)
}

/// Ask the handler about undecodable `data[start..end]`. Its replacement goes to `out`; `data` may be changed by it. The
/// result is the position to go on from.
#[allow(clippy::too_many_arguments, reason = "these are the fields of the exception")]
pub fn handle_decode(
    cx: &mut Cx,
    handling: &Handling,
    encoding: &str,
    data: &mut Gc<Bytes>,
    start: usize,
    end: usize,
    reason: &str,
    out: &mut StrBuilder,
) -> PyResult<usize> {
    let Handling::Registered(name) = handling else {
        if matches!(handling, Handling::XmlCharRefReplace | Handling::NameReplace) {
            let message = "don't know how to handle UnicodeDecodeError in error callback";
            return Err(type_error(cx, message));
        }
        return decode_replacement(handling, encoding, data.as_slice(), start, end, out)
            .ok_or_else(|| decode_error(cx, encoding, *data, start, end, reason));
    };
    let handler = registry::lookup_error(cx, name)?;
    let class = cx.types().UnicodeDecodeError;
    let exception = make_error(cx, class, Some(encoding), data.value(), start, end, reason)?;
    let answer = call(cx, handler, &[exception])?;
    let wrong = "decoding error handler must return (str, int) tuple";
    let Some(tuple) = answer.cast::<Tuple>().filter(|t| t.len() == 2) else { return Err(type_error(cx, wrong)) };
    let Some(text) = tuple.get(0).downcast::<Str>() else { return Err(type_error(cx, wrong)) };
    let object = error_field(cx, exception, "object")?;
    match object.downcast::<Bytes>() {
        Some(changed) => *data = changed,
        None => return Err(type_error(cx, "exception attribute object must be bytes")),
    }
    let position = handler_position(cx, tuple.get(1), data.len(), wrong)?;
    out.push_py(&text);
    Ok(position)
}

fn error_field(cx: &mut Cx, exception: Value, name: &str) -> PyResult {
    let name = cx.heap.intern(name);
    get_attr(cx, exception, name)
}

/// `start` or `end` of an exception, made to fit its object.
fn error_bound(cx: &mut Cx, exception: Value, name: &str, low: usize, len: usize) -> PyResult<usize> {
    let value = error_field(cx, exception, name)?;
    let i = crate::item::clamped_index(cx, value)?;
    Ok((i.max(low as isize) as usize).min(len))
}

fn result_tuple(cx: &mut Cx, replacement: Value, position: usize) -> PyResult {
    let position = Int::from_len(position).value();
    Ok(cx.heap.tuple(&[replacement, position]).value())
}

/// One of the native handlers called with an exception object, as `codecs.strict_errors(exc)` and the like do.
fn apply(cx: &mut Cx, handling: Handling, exception: Value) -> PyResult {
    let types = cx.types();
    let is_error = cx.is_instance(exception, types.BaseException);
    if handling == Handling::Strict {
        return Err(if is_error {
            raise_object(cx, exception)
        } else {
            type_error(cx, "codec must pass exception instance")
        });
    }
    let is_encode = is_error && cx.is_instance(exception, types.UnicodeEncodeError);
    let is_decode = is_error && cx.is_instance(exception, types.UnicodeDecodeError);
    let is_translate = is_error && cx.is_instance(exception, types.UnicodeTranslateError);
    let known = match handling {
        Handling::XmlCharRefReplace | Handling::NameReplace => is_encode,
        Handling::SurrogateEscape | Handling::SurrogatePass => is_encode || is_decode,
        _ => is_encode || is_decode || is_translate,
    };
    if !known {
        let name = type_name(cx, exception);
        return Err(type_error(cx, format_args!("don't know how to handle {name} in error callback")));
    }
    let object = error_field(cx, exception, "object")?;
    if is_decode {
        let Some(data) = object.downcast::<Bytes>() else {
            return Err(type_error(cx, "object attribute must be bytes"));
        };
        let start = error_bound(cx, exception, "start", 0, data.len().saturating_sub(1))?;
        let end = error_bound(cx, exception, "end", 1, data.len())?.max(start);
        let encoding = error_field(cx, exception, "encoding")?;
        let encoding = encoding.downcast::<Str>().map_or_else(String::new, |s| s.to_string());
        let mut out = StrBuilder::new();
        let Some(position) = decode_replacement(&handling, &encoding, data.as_slice(), start, end, &mut out) else {
            return Err(raise_object(cx, exception));
        };
        let text = out.finish(&mut cx.heap).or_raise(cx)?;
        return result_tuple(cx, text.value(), position);
    }
    let Some(s) = object.downcast::<Str>() else {
        return Err(type_error(cx, "object attribute must be unicode"));
    };
    let start = error_bound(cx, exception, "start", 0, s.len().saturating_sub(1))?;
    let end = error_bound(cx, exception, "end", 1, s.len())?.max(start);
    if is_translate && handling == Handling::Replace {
        let mut out = StrBuilder::new();
        out.push_repeated(0xFFFD, end - start);
        let text = out.finish(&mut cx.heap).or_raise(cx)?;
        return result_tuple(cx, text.value(), end);
    }
    let encoding = if is_encode { error_field(cx, exception, "encoding")? } else { Value::NONE };
    let encoding = encoding.downcast::<Str>().map_or_else(String::new, |s| s.to_string());
    // The whole range or nothing: a handler with an exception in hand cannot go half the way.
    let replaced = encode_replacement(&handling, &encoding, &s, start, end).filter(|&(_, position)| position == end);
    match replaced {
        Some((Replacement::Text(text), position)) => {
            let text = text.finish(&mut cx.heap).or_raise(cx)?;
            result_tuple(cx, text.value(), position)
        }
        Some((Replacement::Bytes(bytes), position)) => {
            let bytes = Bytes::new(&mut cx.heap, &bytes).or_raise(cx)?;
            result_tuple(cx, bytes.value(), position)
        }
        None => Err(raise_object(cx, exception)),
    }
}

/// The native handlers as functions; [`registry`] registers them under their names without `_errors`.
#[native_module(name = "codecs")]
pub mod handlers {
    use super::*;

    /// Implements the 'strict' error handling, which raises a UnicodeError on coding errors.
    #[function("strict_errors(exception, /)")]
    fn strict_errors(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::Strict, exception)
    }

    /// Implements the 'ignore' error handling, which ignores malformed data and continues.
    #[function("ignore_errors(exception, /)")]
    fn ignore_errors(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::Ignore, exception)
    }

    /// Implements the 'replace' error handling, which replaces malformed data with a replacement marker.
    #[function("replace_errors(exception, /)")]
    fn replace_errors(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::Replace, exception)
    }

    /// Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with an XML reference.
    #[function("xmlcharrefreplace_errors(exception, /)")]
    fn xmlcharrefreplace_errors(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::XmlCharRefReplace, exception)
    }

    /// Implements the 'backslashreplace' error handling, which replaces malformed data with an escape.
    #[function("backslashreplace_errors(exception, /)")]
    fn backslashreplace_errors(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::BackslashReplace, exception)
    }

    /// Implements the 'namereplace' error handling, which replaces an unencodable character with its \N{...} escape.
    #[function("namereplace_errors(exception, /)")]
    fn namereplace_errors(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::NameReplace, exception)
    }

    /// Implements the 'surrogatepass' error handling, which lets surrogates through the UTF encodings.
    #[function("surrogatepass(exception, /)")]
    fn surrogatepass(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::SurrogatePass, exception)
    }

    /// Implements the 'surrogateescape' error handling, which keeps undecodable bytes as lone surrogates.
    #[function("surrogateescape(exception, /)")]
    fn surrogateescape(cx: &mut Cx, exception: Value) -> PyResult {
        apply(cx, Handling::SurrogateEscape, exception)
    }
}
