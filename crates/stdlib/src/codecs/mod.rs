//! `_codecs`: the native encoders and decoders one by one, and the registry. The work is `runtime::codec`'s.

use macros::native_module;
use object::*;
use runtime::codec::encode::{self, Order};
use runtime::codec::errors::Handling;
use runtime::codec::{charmap, decode, escape, registry, utf7};
use runtime::prelude::*;

/// `(bytes, length)` of an encoder.
fn encoded(cx: &mut Cx, data: Vec<u8>, length: usize) -> PyResult<Gc<Tuple>> {
    let bytes = Bytes::new(&mut cx.heap, &data).or_raise(cx)?.value();
    Ok(cx.heap.tuple(&[bytes, Int::from_len(length).value()]))
}

/// `(text, length)` of a decoder.
fn decoded(cx: &mut Cx, (text, length): (Gc<Str>, usize)) -> PyResult<Gc<Tuple>> {
    Ok(cx.heap.tuple(&[text.value(), Int::from_len(length).value()]))
}

/// The error handler of this name.
fn handling(cx: &mut Cx, errors: Option<Gc<Str>>) -> PyResult<Handling> {
    let name = runtime::codec::name(cx, errors)?;
    Ok(Handling::named(name.as_deref()))
}

/// The bytes that a decoder reads.
fn input(cx: &mut Cx, data: Value) -> PyResult<Gc<Bytes>> {
    runtime::buffer::to_bytes(cx, data)
}

/// The bytes of a decoder that also takes text in ASCII escapes.
fn input_or_text(cx: &mut Cx, data: Value) -> PyResult<Gc<Bytes>> {
    match data.downcast::<Str>() {
        Some(text) => {
            let data = runtime::codec::encode_utf8(cx, text)?;
            Bytes::new(&mut cx.heap, &data).or_raise(cx)
        }
        None => input(cx, data),
    }
}

fn order(byteorder: i32) -> Order {
    match byteorder {
        0 => Order::Marked,
        ..0 => Order::Little,
        _ => Order::Big,
    }
}

type WideEncoder = fn(&mut Cx, Gc<Str>, &Handling, Order) -> PyResult<Vec<u8>>;

fn encode_wide(
    cx: &mut Cx,
    codec: WideEncoder,
    text: Gc<Str>,
    errors: Option<Gc<Str>>,
    order: Order,
) -> PyResult<Gc<Tuple>> {
    let handling = handling(cx, errors)?;
    let data = codec(cx, text, &handling, order)?;
    encoded(cx, data, text.len())
}

type Wide = fn(&mut Cx, Gc<Bytes>, &Handling, i32, bool) -> PyResult<(Gc<Str>, usize, i32)>;

fn decode_wide(
    cx: &mut Cx,
    codec: Wide,
    data: Value,
    errors: Option<Gc<Str>>,
    order: i32,
    is_final: bool,
) -> PyResult<Gc<Tuple>> {
    let (data, handling) = (input(cx, data)?, handling(cx, errors)?);
    let (text, used, _) = codec(cx, data, &handling, order, is_final)?;
    decoded(cx, (text, used))
}

fn decode_wide_ex(
    cx: &mut Cx,
    codec: Wide,
    data: Value,
    errors: Option<Gc<Str>>,
    order: i32,
    is_final: bool,
) -> PyResult<Gc<Tuple>> {
    let (data, handling) = (input(cx, data)?, handling(cx, errors)?);
    let (text, used, order) = codec(cx, data, &handling, order, is_final)?;
    let order = if order < 0 { -1 } else { order as i64 };
    let order = BigInt::from_i64(&mut cx.heap, order);
    Ok(cx.heap.tuple(&[text.value(), Int::from_len(used).value(), order]))
}

#[native_module(name = "_codecs", doc = "")]
pub mod module {
    use super::*;

    /// Register a function that finds codecs by name.
    ///
    /// It is called with the name in lower case and gives a tuple (encoder, decoder, stream_reader, stream_writer), or
    /// a CodecInfo, or None.
    #[function("register(search_function, /)")]
    fn register(cx: &mut Cx, search_function: Value) -> PyResult<()> {
        registry::register(cx, search_function)
    }

    /// Forget a search function and what was found so far.
    #[function("unregister(search_function, /)")]
    fn unregister(cx: &mut Cx, search_function: Value) -> PyResult<()> {
        registry::unregister(cx, search_function)
    }

    /// Return the codec of this name.
    #[function("lookup(encoding, /)")]
    fn lookup(cx: &mut Cx, encoding: Gc<Str>) -> PyResult {
        let encoding = runtime::codec::name(cx, Some(encoding))?.unwrap_or_default();
        registry::lookup_info(cx, &encoding)
    }

    /// Register an error handler under a name.
    #[function("register_error(errors, handler, /)")]
    fn register_error(cx: &mut Cx, errors: Gc<Str>, handler: Value) -> PyResult<()> {
        registry::register_error(cx, errors, handler)
    }

    /// Forget the error handler of this name; False when there is none.
    #[function("_unregister_error(errors, /)")]
    fn _unregister_error(cx: &mut Cx, errors: Gc<Str>) -> PyResult<bool> {
        registry::unregister_error(cx, errors)
    }

    /// Return the error handler of this name.
    #[function("lookup_error(name, /)")]
    fn lookup_error(cx: &mut Cx, name: Gc<Str>) -> PyResult {
        let name = runtime::codec::name(cx, Some(name))?.unwrap_or_default();
        registry::lookup_error(cx, &name)
    }

    /// Encode the object with the codec of this name.
    #[function("encode(obj, encoding='utf-8', errors='strict')")]
    fn encode(cx: &mut Cx, obj: Value, encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> PyResult {
        let (encoding, errors) = (runtime::codec::name(cx, encoding)?, runtime::codec::name(cx, errors)?);
        registry::encode_any(cx, obj, encoding.as_deref().unwrap_or("utf-8"), errors.as_deref())
    }

    /// Decode the object with the codec of this name.
    #[function("decode(obj, encoding='utf-8', errors='strict')")]
    fn decode(cx: &mut Cx, obj: Value, encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> PyResult {
        let (encoding, errors) = (runtime::codec::name(cx, encoding)?, runtime::codec::name(cx, errors)?);
        registry::decode_any(cx, obj, encoding.as_deref().unwrap_or("utf-8"), errors.as_deref())
    }

    /// Encode text as UTF-8.
    #[function("utf_8_encode(str, errors=None, /)")]
    fn utf_8_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let handling = handling(cx, errors)?;
        let data = encode::utf8(cx, str, &handling)?;
        encoded(cx, data, str.len())
    }

    /// Decode UTF-8.
    #[function("utf_8_decode(data, errors=None, final=False, /)")]
    fn utf_8_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input(cx, data)?, handling(cx, errors)?);
        let result = decode::utf8(cx, data, &handling, is_final)?;
        decoded(cx, result)
    }

    /// Encode text as UTF-7.
    #[function("utf_7_encode(str, errors=None, /)")]
    fn utf_7_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let _ = errors;
        let data = utf7::encode(&str);
        encoded(cx, data, str.len())
    }

    /// Decode UTF-7.
    #[function("utf_7_decode(data, errors=None, final=False, /)")]
    fn utf_7_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input(cx, data)?, handling(cx, errors)?);
        let result = utf7::decode(cx, data, &handling, is_final)?;
        decoded(cx, result)
    }

    /// Encode text as UTF-16, with a byte-order mark unless an order is given.
    #[function("utf_16_encode(str, errors=None, byteorder=0, /)")]
    fn utf_16_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>, byteorder: i32) -> PyResult<Gc<Tuple>> {
        encode_wide(cx, encode::utf16, str, errors, order(byteorder))
    }

    /// Encode text as little-endian UTF-16.
    #[function("utf_16_le_encode(str, errors=None, /)")]
    fn utf_16_le_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        encode_wide(cx, encode::utf16, str, errors, Order::Little)
    }

    /// Encode text as big-endian UTF-16.
    #[function("utf_16_be_encode(str, errors=None, /)")]
    fn utf_16_be_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        encode_wide(cx, encode::utf16, str, errors, Order::Big)
    }

    /// Decode UTF-16.
    #[function("utf_16_decode(data, errors=None, final=False, /)")]
    fn utf_16_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        decode_wide(cx, decode::utf16, data, errors, 0, is_final)
    }

    /// Decode little-endian UTF-16.
    #[function("utf_16_le_decode(data, errors=None, final=False, /)")]
    fn utf_16_le_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        decode_wide(cx, decode::utf16, data, errors, -1, is_final)
    }

    /// Decode big-endian UTF-16.
    #[function("utf_16_be_decode(data, errors=None, final=False, /)")]
    fn utf_16_be_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        decode_wide(cx, decode::utf16, data, errors, 1, is_final)
    }

    /// Decode UTF-16 and tell the byte order.
    #[function("utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)")]
    fn utf_16_ex_decode(
        cx: &mut Cx,
        data: Value,
        errors: Option<Gc<Str>>,
        byteorder: i32,
        is_final: bool,
    ) -> PyResult<Gc<Tuple>> {
        decode_wide_ex(cx, decode::utf16, data, errors, byteorder, is_final)
    }

    /// Encode text as UTF-32, with a byte-order mark unless an order is given.
    #[function("utf_32_encode(str, errors=None, byteorder=0, /)")]
    fn utf_32_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>, byteorder: i32) -> PyResult<Gc<Tuple>> {
        encode_wide(cx, encode::utf32, str, errors, order(byteorder))
    }

    /// Encode text as little-endian UTF-32.
    #[function("utf_32_le_encode(str, errors=None, /)")]
    fn utf_32_le_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        encode_wide(cx, encode::utf32, str, errors, Order::Little)
    }

    /// Encode text as big-endian UTF-32.
    #[function("utf_32_be_encode(str, errors=None, /)")]
    fn utf_32_be_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        encode_wide(cx, encode::utf32, str, errors, Order::Big)
    }

    /// Decode UTF-32.
    #[function("utf_32_decode(data, errors=None, final=False, /)")]
    fn utf_32_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        decode_wide(cx, decode::utf32, data, errors, 0, is_final)
    }

    /// Decode little-endian UTF-32.
    #[function("utf_32_le_decode(data, errors=None, final=False, /)")]
    fn utf_32_le_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        decode_wide(cx, decode::utf32, data, errors, -1, is_final)
    }

    /// Decode big-endian UTF-32.
    #[function("utf_32_be_decode(data, errors=None, final=False, /)")]
    fn utf_32_be_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        decode_wide(cx, decode::utf32, data, errors, 1, is_final)
    }

    /// Decode UTF-32 and tell the byte order.
    #[function("utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)")]
    fn utf_32_ex_decode(
        cx: &mut Cx,
        data: Value,
        errors: Option<Gc<Str>>,
        byteorder: i32,
        is_final: bool,
    ) -> PyResult<Gc<Tuple>> {
        decode_wide_ex(cx, decode::utf32, data, errors, byteorder, is_final)
    }

    /// Encode text as ASCII.
    #[function("ascii_encode(str, errors=None, /)")]
    fn ascii_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let handling = handling(cx, errors)?;
        let data = encode::ascii(cx, str, &handling)?;
        encoded(cx, data, str.len())
    }

    /// Decode ASCII.
    #[function("ascii_decode(data, errors=None, /)")]
    fn ascii_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input(cx, data)?, handling(cx, errors)?);
        let result = decode::ascii(cx, data, &handling)?;
        decoded(cx, (result.0, data.len()))
    }

    /// Encode text as Latin-1.
    #[function("latin_1_encode(str, errors=None, /)")]
    fn latin_1_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let handling = handling(cx, errors)?;
        let data = encode::latin1(cx, str, &handling)?;
        encoded(cx, data, str.len())
    }

    /// Decode Latin-1.
    #[function("latin_1_decode(data, errors=None, /)")]
    fn latin_1_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let _ = errors;
        let data = input(cx, data)?;
        let text = Str::from_latin1(&mut cx.heap, data.as_slice()).or_raise(cx)?;
        decoded(cx, (text, data.len()))
    }

    /// Encode text as escapes of string literals.
    #[function("unicode_escape_encode(str, errors=None, /)")]
    fn unicode_escape_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let _ = errors;
        let data = escape::encode_unicode(&str);
        encoded(cx, data, str.len())
    }

    /// Decode the escapes of string literals.
    #[function("unicode_escape_decode(data, errors=None, final=True, /)")]
    fn unicode_escape_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, is_final: bool) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input_or_text(cx, data)?, handling(cx, errors)?);
        let result = escape::decode_unicode(cx, data, &handling, is_final)?;
        decoded(cx, result)
    }

    /// Encode text as Latin-1 with escapes for what it does not have.
    #[function("raw_unicode_escape_encode(str, errors=None, /)")]
    fn raw_unicode_escape_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let _ = errors;
        let data = escape::encode_raw_unicode(&str);
        encoded(cx, data, str.len())
    }

    /// Decode Latin-1 with escapes.
    #[function("raw_unicode_escape_decode(data, errors=None, final=True, /)")]
    fn raw_unicode_escape_decode(
        cx: &mut Cx,
        data: Value,
        errors: Option<Gc<Str>>,
        is_final: bool,
    ) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input_or_text(cx, data)?, handling(cx, errors)?);
        let result = escape::decode_raw_unicode(cx, data, &handling, is_final)?;
        decoded(cx, result)
    }

    /// Encode bytes as escapes of bytes literals.
    #[function("escape_encode(data, errors=None, /)")]
    fn escape_encode(cx: &mut Cx, data: Gc<Bytes>, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let _ = errors;
        let out = escape::encode_bytes(data.as_slice());
        encoded(cx, out, data.len())
    }

    /// Decode the escapes of bytes literals.
    #[function("escape_decode(data, errors=None, /)")]
    fn escape_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input_or_text(cx, data)?, handling(cx, errors)?);
        let out = escape::decode_bytes(cx, data.as_slice(), &handling)?;
        encoded(cx, out, data.len())
    }

    /// Encode text by a mapping from characters to bytes.
    #[function("charmap_encode(str, errors=None, mapping=None, /)")]
    fn charmap_encode(cx: &mut Cx, str: Gc<Str>, errors: Option<Gc<Str>>, mapping: Value) -> PyResult<Gc<Tuple>> {
        let handling = handling(cx, errors)?;
        let data = if mapping.is_none() {
            encode::latin1(cx, str, &handling)?
        } else {
            charmap::encode(cx, str, &handling, mapping)?
        };
        encoded(cx, data, str.len())
    }

    /// Decode bytes by a mapping to characters: a string, or anything that can be indexed.
    #[function("charmap_decode(data, errors=None, mapping=None, /)")]
    fn charmap_decode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>, mapping: Value) -> PyResult<Gc<Tuple>> {
        let (data, handling) = (input(cx, data)?, handling(cx, errors)?);
        let text = if mapping.is_none() {
            Str::from_latin1(&mut cx.heap, data.as_slice()).or_raise(cx)?
        } else {
            charmap::decode(cx, data, &handling, mapping)?
        };
        decoded(cx, (text, data.len()))
    }

    /// Return the mapping that encodes what a decoding table decodes.
    #[function("charmap_build(map, /)")]
    fn charmap_build(cx: &mut Cx, map: Gc<Str>) -> PyResult<Gc<Dict>> {
        charmap::build(cx, map)
    }

    /// Return the bytes of a buffer, or of text as UTF-8.
    #[function("readbuffer_encode(data, errors=None, /)")]
    fn readbuffer_encode(cx: &mut Cx, data: Value, errors: Option<Gc<Str>>) -> PyResult<Gc<Tuple>> {
        let _ = errors;
        let data = input_or_text(cx, data)?;
        Ok(cx.heap.tuple(&[data.value(), Int::from_len(data.len()).value()]))
    }
}
