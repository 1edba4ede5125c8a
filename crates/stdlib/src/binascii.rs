//! `binascii`: bytes as text and back (hex, Base64, uuencode, quoted-printable) and checksums.

use runtime::buffer::to_vec;
use runtime::native::set_module_attr;
use runtime::prelude::*;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Longest line of uuencoded data.
const MAX_LINE: usize = 45;

/// Make `binascii.Error` with this text.
#[cold]
fn error(cx: &mut Cx, message: impl std::fmt::Display) -> Raised {
    crate::classes::raise_from_module(cx, "binascii", "Error", message)
}

/// ASCII text or bytes.
fn ascii_bytes(cx: &mut Cx, data: Value) -> PyResult<Vec<u8>> {
    if let Some(text) = data.downcast::<Str>() {
        return match text.as_ascii() {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(value_error(cx, "string argument should contain only ASCII characters")),
        };
    }
    if !runtime::buffer::is_buffer(cx, data) {
        let class = type_name(cx, data);
        let message = format!("argument should be bytes, buffer or ASCII string, not '{class}'");
        return Err(type_error(cx, message));
    }
    to_vec(cx, data)
}

fn new_bytes(cx: &mut Cx, data: &[u8]) -> PyResult<Gc<Bytes>> {
    cx.heap.bytes(data).or_raise(cx)
}

fn base64_value(b: u8) -> Option<u8> {
    Some(BASE64_VALUES[b as usize]).filter(|&value| value != 0xFF)
}

fn hex_value(b: u8) -> Option<u8> {
    Some(HEX_VALUES[b as usize]).filter(|&value| value != 0xFF)
}

/// Base-64 digits by character; 0xFF = none.
const BASE64_VALUES: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut i = 0;
    while i < 64 {
        table[BASE64[i] as usize] = i as u8;
        i += 1;
    }
    table
};

/// Decode groups of four digits as long as there is nothing else; how many characters that were.
fn decode_quads(data: &[u8], out: &mut Vec<u8>) -> usize {
    let (quads, _) = data.as_chunks::<4>();
    for (i, quad) in quads.iter().enumerate() {
        let [a, b, c, d] = quad.map(|b| BASE64_VALUES[b as usize]);
        if (a | b | c | d) & 0xC0 != 0 {
            return i * 4;
        }
        out.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    quads.len() * 4
}

/// Decode; the error is a message.
fn decode_base64(data: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    let incomplete = |out: &[u8]| {
        let n = out.len() / 3 * 4 + 1;
        format!("Invalid base64-encoded string: number of data characters ({n}) cannot be 1 more than a multiple of 4")
    };
    let (mut quad, mut left, mut pads) = (0, 0u8, 0);
    let mut i = 0;
    while let Some(rest) = data.get(i..).filter(|rest| !rest.is_empty()) {
        if quad == 0 && pads == 0 {
            let n = decode_quads(rest, &mut out);
            if n > 0 {
                i += n;
                continue;
            }
        }
        let (b, first) = (rest[0], i == 0);
        i += 1;
        if b == b'=' {
            if strict {
                match quad {
                    0 if first => return Err("Leading padding not allowed".into()),
                    0 => return Err("Excess padding not allowed".into()),
                    1 => return Err(incomplete(&out)),
                    _ if quad + pads >= 4 => return Err("Excess padding not allowed".into()),
                    _ => {}
                }
            }
            if quad >= 2 {
                pads += 1;
            }
            continue;
        }
        let Some(value) = base64_value(b) else {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        };
        if strict && pads > 0 {
            let complete = quad + pads >= 4;
            return Err(if complete { "Excess data after padding" } else { "Discontinuous padding not allowed" }.into());
        }
        pads = 0;
        match quad {
            0 => {
                quad = 1;
                left = value;
            }
            1 => {
                quad = 2;
                out.push(left << 2 | value >> 4);
                left = value & 15;
            }
            2 => {
                quad = 3;
                out.push(left << 4 | value >> 2);
                left = value & 3;
            }
            _ => {
                quad = 0;
                out.push(left << 6 | value);
                left = 0;
            }
        }
    }
    match quad {
        0 => Ok(out),
        1 => Err(incomplete(&out)),
        _ if quad + pads >= 4 => Ok(out),
        _ => Err("Incorrect padding".into()),
    }
}

fn encode_base64(data: &[u8], newline: bool) -> Vec<u8> {
    let mut out = vec![0; data.len().div_ceil(3) * 4];
    let digit = |word: u32, shift: u32| BASE64[(word >> shift & 63) as usize];
    let (groups, rest) = data.as_chunks::<3>();
    let (places, last) = out.as_chunks_mut::<4>().0.split_at_mut(groups.len());
    for (place, &[a, b, c]) in places.iter_mut().zip(groups) {
        let word = (a as u32) << 16 | (b as u32) << 8 | c as u32;
        *place = [digit(word, 18), digit(word, 12), digit(word, 6), digit(word, 0)];
    }
    if let (Some(last), Some(&a)) = (last.first_mut(), rest.first()) {
        let b = rest.get(1).copied();
        let word = (a as u32) << 16 | (b.unwrap_or(0) as u32) << 8;
        *last = [digit(word, 18), digit(word, 12), if b.is_some() { digit(word, 6) } else { b'=' }, b'='];
    }
    if newline {
        out.push(b'\n');
    }
    out
}

/// Hexadecimal digits by character; 0xFF = none.
const HEX_VALUES: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut i = 0;
    while i < 16 {
        table[HEX[i] as usize] = i as u8;
        table[HEX[i].to_ascii_uppercase() as usize] = i as u8;
        i += 1;
    }
    table
};
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Hexadecimal digits, grouped by `sep` as `bytes.hex` does.
fn hexlify_value(cx: &mut Cx, data: Value, sep: Option<Value>, bytes_per_sep: i32) -> PyResult<Gc<Bytes>> {
    let data = to_vec(cx, data)?;
    let sep = match sep {
        None => None,
        Some(sep) => {
            let (text, length) = match (sep.downcast::<Str>(), sep.downcast::<Bytes>()) {
                (Some(text), _) if text.len() == 1 => (text.as_ascii().map(|s| s.as_bytes()[0]), 1),
                (Some(text), _) => (None, text.len()),
                (_, Some(bytes)) => (bytes.as_slice().first().copied().filter(u8::is_ascii), bytes.len()),
                _ => return Err(type_error(cx, "sep must be str or bytes.")),
            };
            if length != 1 {
                return Err(value_error(cx, "sep must be length 1."));
            }
            match text {
                Some(b) => Some(b),
                None => return Err(value_error(cx, "sep must be ASCII.")),
            }
        }
    };
    let digits = |b: u8| [HEX[(b >> 4) as usize], HEX[(b & 15) as usize]];
    if sep.is_none() {
        let fill = |out: &mut [u8]| {
            out.as_chunks_mut::<2>().0.iter_mut().zip(&data).for_each(|(out, &b)| *out = digits(b));
        };
        return Bytes::build(&mut cx.heap, data.len() * 2, fill).or_raise(cx);
    }
    let mut out = Vec::with_capacity(data.len() * 3);
    let group = bytes_per_sep.unsigned_abs() as usize;
    for (i, &b) in data.iter().enumerate() {
        if let Some(sep) = sep
            && group > 0
            && i > 0
        {
            let boundary = if bytes_per_sep > 0 { (data.len() - i) % group == 0 } else { i % group == 0 };
            if boundary {
                out.push(sep);
            }
        }
        out.extend_from_slice(&digits(b));
    }
    new_bytes(cx, &out)
}

fn unhexlify_value(cx: &mut Cx, hexstr: Value) -> PyResult<Gc<Bytes>> {
    let text = ascii_bytes(cx, hexstr)?;
    if text.len() % 2 == 1 {
        return Err(error(cx, "Odd-length string"));
    }
    let mut out = vec![0; text.len() / 2];
    let mut wrong = 0;
    for (out, pair) in out.iter_mut().zip(text.as_chunks::<2>().0) {
        let [high, low] = pair.map(|b| HEX_VALUES[b as usize]);
        wrong |= high | low;
        *out = high << 4 | low & 15;
    }
    if wrong & 0xF0 != 0 {
        return Err(error(cx, "Non-hexadecimal digit found"));
    }
    new_bytes(cx, &out)
}

/// Decode one line of uuencoded data.
fn decode_uu(data: &[u8]) -> Result<Vec<u8>, &'static str> {
    let Some((&first, mut rest)) = data.split_first() else { return Err("Missing length byte") };
    let length = (first.wrapping_sub(b' ') & 0x3F) as usize;
    let mut out = Vec::with_capacity(length);
    let (mut left, mut bits) = (0u32, 0);
    while out.len() < length {
        let value = match rest.split_first() {
            // Some encoders drop trailing blanks.
            None => 0,
            Some((&(b'\n' | b'\r'), _)) => 0,
            Some((&b, tail)) => {
                rest = tail;
                if !(b' '..=b' ' + 64).contains(&b) {
                    return Err("Illegal char");
                }
                u32::from((b - b' ') & 0x3F)
            }
        };
        left = left << 6 | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((left >> bits) as u8);
            left &= (1 << bits) - 1;
        }
    }
    if rest.iter().any(|&b| !matches!(b, b' ' | b'`' | b'\n' | b'\r')) {
        return Err("Trailing garbage");
    }
    Ok(out)
}

fn encode_uu(data: &[u8], backtick: bool) -> Vec<u8> {
    let digit = |value: u8| if backtick && value == 0 { b'`' } else { value + b' ' };
    let mut out = vec![digit(data.len() as u8)];
    for chunk in data.chunks(3) {
        let (a, b, c) = (chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0));
        out.push(digit(a >> 2));
        out.push(digit((a & 3) << 4 | b >> 4));
        out.push(digit((b & 15) << 2 | c >> 6));
        out.push(digit(c & 63));
    }
    out.push(b'\n');
    out
}

fn decode_qp(data: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        if data[i] == b'=' {
            i += 1;
            let Some(&next) = data.get(i) else { break };
            if next == b'\n' || next == b'\r' {
                if next != b'\n' {
                    while i < data.len() && data[i] != b'\n' {
                        i += 1;
                    }
                }
                i += 1;
            } else if next == b'=' {
                // A broken case from broken Python qp.
                out.push(b'=');
                i += 1;
            } else if let (Some(high), Some(low)) = (hex_value(next), data.get(i + 1).and_then(|&b| hex_value(b))) {
                out.push(high << 4 | low);
                i += 2;
            } else {
                out.push(b'=');
            }
        } else if header && data[i] == b'_' {
            out.push(b' ');
            i += 1;
        } else {
            out.push(data[i]);
            i += 1;
        }
    }
    out
}

/// Longest line of quoted-printable text.
const MAX_QP_LINE: usize = 76;

fn encode_qp(data: &[u8], quote_tabs: bool, is_text: bool, header: bool) -> Vec<u8> {
    // Lines end as the first one does.
    let crlf = data.iter().position(|&b| b == b'\n').is_some_and(|i| i > 0 && data[i - 1] == b'\r');
    let mut out: Vec<u8> = Vec::with_capacity(data.len() * 2);
    let (mut i, mut line) = (0, 0);
    let hex = |b: u8| [b"0123456789ABCDEF"[(b >> 4) as usize], b"0123456789ABCDEF"[(b & 15) as usize]];
    let soft_break = |out: &mut Vec<u8>| out.extend_from_slice(if crlf { b"=\r\n" } else { b"=\n" });
    while i < data.len() {
        let b = data[i];
        let at_end = i + 1 == data.len();
        let must_quote = b > 126
            || b == b'='
            || (header && b == b'_')
            || (b == b'.' && line == 0 && (at_end || matches!(data[i + 1], b'\n' | b'\r' | 0)))
            || (!is_text && (b == b'\r' || b == b'\n'))
            || ((b == b'\t' || b == b' ') && at_end)
            || (b < 33 && !matches!(b, b'\r' | b'\n' | b'\t' | b' '))
            || (b < 33 && b != b'\r' && b != b'\n' && (quote_tabs && (b == b'\t' || b == b' ')));
        if must_quote {
            if line + 3 >= MAX_QP_LINE {
                soft_break(&mut out);
                line = 0;
            }
            out.push(b'=');
            out.extend_from_slice(&hex(b));
            i += 1;
            line += 3;
            continue;
        }
        if is_text && (b == b'\n' || (b == b'\r' && !at_end && data[i + 1] == b'\n')) {
            line = 0;
            // Protect against end of line whitespace.
            if let Some(&last) = out.last().filter(|&&last| last == b' ' || last == b'\t') {
                out.pop();
                out.push(b'=');
                out.extend_from_slice(&hex(last));
            }
            out.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
            i += if b == b'\r' { 2 } else { 1 };
            continue;
        }
        if !at_end && data[i + 1] != b'\n' && line + 1 >= MAX_QP_LINE {
            soft_break(&mut out);
            line = 0;
        }
        line += 1;
        out.push(if header && b == b' ' { b'_' } else { b });
        i += 1;
    }
    out
}

const fn crc32_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let (mut crc, mut k) = (i as u32, 0);
        while k < 8 {
            crc = if crc & 1 == 1 { 0xEDB8_8320 ^ crc >> 1 } else { crc >> 1 };
            k += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
}

static CRC32: [u32; 256] = crc32_table();

/// The checksum of ZIP files, going on from `crc`.
pub fn crc32_of(data: &[u8], crc: u32) -> u32 {
    !data.iter().fold(!crc, |crc, &b| CRC32[((crc ^ u32::from(b)) & 255) as usize] ^ crc >> 8)
}

#[macros::native_module(name = "binascii", doc = "Conversion between binary data and ASCII")]
pub mod module {
    use super::*;

    /// Decode a line of uuencoded data.
    #[function("a2b_uu(data, /)")]
    fn a2b_uu(cx: &mut Cx, data: Value) -> PyResult<Gc<Bytes>> {
        let data = ascii_bytes(cx, data)?;
        match decode_uu(&data) {
            Ok(out) => new_bytes(cx, &out),
            Err(message) => Err(error(cx, message)),
        }
    }

    /// Uuencode line of data.
    #[function("b2a_uu(data, /, *, backtick=False)")]
    fn b2a_uu(cx: &mut Cx, data: Value, backtick: bool) -> PyResult<Gc<Bytes>> {
        let data = to_vec(cx, data)?;
        if data.len() > MAX_LINE {
            return Err(error(cx, "At most 45 bytes at once"));
        }
        new_bytes(cx, &encode_uu(&data, backtick))
    }

    /// Decode a line of base64 data.
    ///
    ///   strict_mode
    ///     When set to True, bytes that are not in the base64 standard are not allowed.
    ///     The same applies to excess data after padding (= / ==).
    #[function("a2b_base64(data, /, *, strict_mode=False)")]
    fn a2b_base64(cx: &mut Cx, data: Value, strict_mode: bool) -> PyResult<Gc<Bytes>> {
        let decoded = match data.cast::<Bytes>() {
            Some(bytes) => decode_base64(bytes.as_slice(), strict_mode),
            None => decode_base64(&ascii_bytes(cx, data)?, strict_mode),
        };
        match decoded {
            Ok(out) => new_bytes(cx, &out),
            Err(message) => Err(error(cx, message)),
        }
    }

    /// Base64-code line of data.
    #[function("b2a_base64(data, /, *, newline=True)")]
    fn b2a_base64(cx: &mut Cx, data: Value, newline: bool) -> PyResult<Gc<Bytes>> {
        let out = runtime::buffer::with_bytes(cx, data, |data| encode_base64(data, newline))?;
        new_bytes(cx, &out)
    }

    /// Compute CRC-CCITT incrementally.
    #[function("crc_hqx(data, crc, /)")]
    fn crc_hqx(cx: &mut Cx, data: Value, crc: Value) -> PyResult<i64> {
        let mut crc = runtime::number::int::low_u64(index_number(cx, crc)?) as u32 & 0xFFFF;
        for b in to_vec(cx, data)? {
            crc ^= u32::from(b) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 != 0 { (crc << 1 ^ 0x1021) & 0xFFFF } else { crc << 1 };
            }
        }
        Ok(i64::from(crc))
    }

    /// Compute CRC-32 incrementally.
    #[function("crc32(data, crc=0, /)")]
    fn crc32(cx: &mut Cx, data: Value, crc: Value) -> PyResult<u32> {
        let crc = runtime::number::int::low_u64(index_number(cx, crc)?) as u32;
        runtime::buffer::with_bytes(cx, data, |data| crc32_of(data, crc))
    }

    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "hexlify()".
    #[function("b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn b2a_hex(cx: &mut Cx, data: Value, sep: Value, bytes_per_sep: i32) -> PyResult<Gc<Bytes>> {
        hexlify_value(cx, data, sep.bound(), bytes_per_sep)
    }

    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "b2a_hex()".
    #[function("hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hexlify(cx: &mut Cx, data: Value, sep: Value, bytes_per_sep: i32) -> PyResult<Gc<Bytes>> {
        hexlify_value(cx, data, sep.bound(), bytes_per_sep)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    /// This function is also available as "unhexlify()".
    #[function("a2b_hex(hexstr, /)")]
    fn a2b_hex(cx: &mut Cx, hexstr: Value) -> PyResult<Gc<Bytes>> {
        unhexlify_value(cx, hexstr)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    #[function("unhexlify(hexstr, /)")]
    fn unhexlify(cx: &mut Cx, hexstr: Value) -> PyResult<Gc<Bytes>> {
        unhexlify_value(cx, hexstr)
    }

    /// Decode a string of qp-encoded data.
    #[function("a2b_qp(data, header=False)")]
    fn a2b_qp(cx: &mut Cx, data: Value, header: bool) -> PyResult<Gc<Bytes>> {
        let data = ascii_bytes(cx, data)?;
        new_bytes(cx, &decode_qp(&data, header))
    }

    /// Encode a string using quoted-printable encoding.
    ///
    /// On encoding, when istext is set, newlines are not encoded, and white
    /// space at end of lines is.  When istext is not set, \r and \n (CR/LF)
    /// are both encoded.  When quotetabs is set, space and tabs are encoded.
    #[function("b2a_qp(data, quotetabs=False, istext=True, header=False)")]
    fn b2a_qp(cx: &mut Cx, data: Value, quotetabs: bool, istext: bool, header: bool) -> PyResult<Gc<Bytes>> {
        let data = to_vec(cx, data)?;
        new_bytes(cx, &encode_qp(&data, quotetabs, istext, header))
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let base = cx.types().ValueError;
        let class = crate::classes::exception_class(cx, "binascii", "Error", &[base])?;
        set_module_attr(cx, module, "Error", class)?;
        let base = cx.types().Exception;
        let class = crate::classes::exception_class(cx, "binascii", "Incomplete", &[base])?;
        set_module_attr(cx, module, "Incomplete", class)
    }
}

/// The exact number behind an int argument.
fn index_number(cx: &mut Cx, value: Value) -> PyResult<runtime::number::Num> {
    let value = index_value(cx, value)?;
    match runtime::number::Num::of(value) {
        Some(number) => Ok(number),
        None => Err(type_error(cx, "an integer is required")),
    }
}
