//! Encoding and decoding of text streams: natively for UTF-8, ASCII and Latin-1, by the incremental codecs of the package
//! `encodings` otherwise.

use super::invoke;
use runtime::codec::errors::Handling;
use runtime::codec::{decode, normalize, registry};
use runtime::prelude::*;

/// How a stream's text is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codec {
    Utf8,
    Ascii,
    Latin1,
    /// By encoder and decoder objects.
    Incremental,
}

impl object::gc::PlainData for Codec {}

/// The codec of an encoding's name.
pub fn by_name(name: &str) -> Codec {
    match normalize(name).as_str() {
        "utf_8" | "utf8" => Codec::Utf8,
        "ascii" | "us_ascii" | "646" => Codec::Ascii,
        "latin_1" | "latin1" | "iso_8859_1" | "iso8859_1" | "l1" => Codec::Latin1,
        _ => Codec::Incremental,
    }
}

/// An incremental encoder or decoder of `encoding`; LookupError when there is none for text.
pub fn incremental(cx: &mut Cx, encoding: &str, errors: Value, factory: &str) -> PyResult {
    let info = registry::lookup_info(cx, encoding)?;
    let is_text = cx.heap.intern("_is_text_encoding");
    if let Some(is_text) = get_attr_opt(cx, info, is_text)?
        && !is_true(cx, is_text)?
    {
        let message = format!("'{encoding}' is not a text encoding; use codecs.open() to handle arbitrary codecs");
        return Err(lookup_error(cx, message));
    }
    invoke(cx, info, factory, &[errors])
}

/// Encode natively.
pub fn encode(cx: &mut Cx, codec: Codec, text: Gc<Str>, errors: &str) -> PyResult<Vec<u8>> {
    if let Some(ascii) = text.as_ascii() {
        return Ok(ascii.as_bytes().to_vec());
    }
    let handling = Handling::named(Some(errors));
    match codec {
        Codec::Utf8 | Codec::Incremental => runtime::codec::encode::utf8(cx, text, &handling),
        Codec::Ascii => runtime::codec::encode::ascii(cx, text, &handling),
        Codec::Latin1 => match text.as_latin1() {
            Some(bytes) => Ok(bytes.to_vec()),
            None => runtime::codec::encode::latin1(cx, text, &handling),
        },
    }
}

/// Decode natively: the text, and how many bytes were used (all of them when `last`).
pub fn decode_native(cx: &mut Cx, codec: Codec, data: &[u8], errors: &str, last: bool) -> PyResult<(Gc<Str>, usize)> {
    if codec == Codec::Latin1 || data.is_ascii() {
        return Ok((Str::from_latin1(&mut cx.heap, data).or_raise(cx)?, data.len()));
    }
    if codec == Codec::Utf8
        && let Ok(text) = std::str::from_utf8(data)
    {
        return Ok((Str::from_utf8(&mut cx.heap, text).or_raise(cx)?, data.len()));
    }
    let handling = Handling::named(Some(errors));
    let bytes = cx.heap.bytes(data).or_raise(cx)?;
    match codec {
        Codec::Ascii => decode::ascii(cx, bytes, &handling),
        _ => decode::utf8(cx, bytes, &handling, last),
    }
}
