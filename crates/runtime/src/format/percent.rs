//! `%` formatting of `str` and `bytes`.
//!
//! One driver for both: a bytes template is read and written as code points below 256. Called by the types'
//! `__mod__`; the interpreter goes through it as well.

use super::float::{self, Flags as FloatFlags, Style};
use crate::number::float::as_f64;
use crate::number::int_text::decimal;
use crate::prelude::*;
use crate::types::str::edit::check_length;
use object::StrBuilder;

/// Characters of a template.
#[derive(Clone, Copy)]
enum Text {
    Str(Gc<Str>),
    Bytes(Gc<Bytes>),
}

impl Text {
    fn len(self) -> usize {
        match self {
            Text::Str(s) => s.len(),
            Text::Bytes(b) => b.len(),
        }
    }

    fn get(self, i: usize) -> Option<u32> {
        match self {
            Text::Str(s) => (i < s.len()).then(|| s.get(i)),
            Text::Bytes(b) => b.as_slice().get(i).map(|&b| b as u32),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Text::Str(_) => "string",
            Text::Bytes(_) => "bytes",
        }
    }

    /// `self[start..end]` as an object, for mapping keys.
    fn slice(self, cx: &mut Cx, start: usize, end: usize) -> PyResult {
        match self {
            Text::Str(s) => Ok(Str::substring(&mut cx.heap, s, start, end).or_raise(cx)?.value()),
            Text::Bytes(b) => {
                let part = b.as_slice()[start..end].to_vec();
                Ok(Bytes::new(&mut cx.heap, &part).or_raise(cx)?.value())
            }
        }
    }

    fn push(self, out: &mut StrBuilder, start: usize, end: usize) {
        match self {
            Text::Str(s) => out.push_slice(&s, start, end),
            Text::Bytes(b) => out.push_latin1(&b.as_slice()[start..end]),
        }
    }

    /// The next `%` from `at` on.
    fn find_percent(self, at: usize) -> Option<usize> {
        match self {
            Text::Bytes(b) => find_byte(b'%', &b.as_slice()[at..]).map(|i| at + i),
            Text::Str(s) => match s.as_latin1() {
                Some(s) => find_byte(b'%', &s[at..]).map(|i| at + i),
                None => (at..s.len()).find(|&i| s.get(i) == '%' as u32),
            },
        }
    }
}

/// Where `byte` is, without a call to the library for a few bytes.
fn find_byte(byte: u8, text: &[u8]) -> Option<usize> {
    if text.len() < 16 { text.iter().position(|&b| b == byte) } else { memchr::memchr(byte, text) }
}

/// The right operand: a tuple's items one by one, or one value; a mapping for `%(name)s`.
struct Arguments {
    values: Value,
    tuple: Option<Gc<Tuple>>,
    mapping: Option<Value>,
    used: usize,
}

impl Arguments {
    fn next(&mut self, cx: &mut Cx) -> PyResult {
        let found = match self.tuple {
            Some(tuple) => tuple.try_get(self.used),
            None => (self.used == 0).then_some(self.values),
        };
        self.used += 1;
        found.ok_or_else(|| type_error(cx, "not enough arguments for format string"))
    }

    fn has_more(&self) -> bool {
        match self.tuple {
            Some(tuple) => self.used < tuple.len(),
            None => self.used == 0,
        }
    }
}

/// `%` flags, width and precision, then the conversion.
#[derive(Default)]
struct Directive {
    left: bool,
    plus: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    conversion: u32,
    /// Index of the conversion character.
    at: usize,
}

/// What a conversion yields: a sign and a prefix are kept apart for the padding.
struct Converted {
    sign: &'static str,
    prefix: &'static str,
    body: StrBuilder,
    numeric: bool,
}

/// `format % args` for `str`.
pub fn format_str_percent(cx: &mut Cx, format: Gc<Str>, args: Value) -> PyResult<Gc<Str>> {
    let mut out = StrBuilder::with_capacity(format.len() + 32);
    run(cx, Text::Str(format), args, &mut out)?;
    out.finish(&mut cx.heap).or_raise(cx)
}

/// `format % args` for `bytes` and `bytearray`.
pub fn format_bytes_percent(cx: &mut Cx, format: Gc<Bytes>, args: Value) -> PyResult<Vec<u8>> {
    let mut out = StrBuilder::with_capacity(format.len() + 32);
    run(cx, Text::Bytes(format), args, &mut out)?;
    Ok(out.iter().map(|c| c as u8).collect())
}

fn run(cx: &mut Cx, text: Text, args: Value, out: &mut StrBuilder) -> PyResult<()> {
    let tuple = args.downcast::<Tuple>();
    let is_text = match text {
        Text::Str(_) => args.downcast::<Str>().is_some(),
        Text::Bytes(_) => args.downcast::<Bytes>().is_some() || args.is_a::<ByteArray>(),
    };
    let is_mapping = tuple.is_none() && !is_text && cx.class_of(args).slots.getitem.get().is_some();
    let mut arguments = Arguments { values: args, tuple, mapping: is_mapping.then_some(args), used: 0 };
    let mut at = 0;
    while let Some(percent) = text.find_percent(at) {
        text.push(out, at, percent);
        at = percent + 1;
        if text.get(at) == Some('%' as u32) {
            out.push('%' as u32);
            at += 1;
            continue;
        }
        if plain(cx, text, at, &mut arguments, out)? {
            at += 1;
        } else {
            let directive = parse(cx, text, &mut at, &mut arguments)?;
            let value = arguments.next(cx)?;
            if let Text::Str(_) = text
                && directive.conversion == 's' as u32
                && directive.width == 0
                && directive.precision.is_none()
            {
                let text = str_of(cx, value)?;
                out.push_py(&text);
            } else if !short_int(out, &directive, value) && !short_float(out, &directive, value) {
                let converted = convert(cx, text, &directive, value)?;
                pad(out, &directive, converted);
            }
        }
        if arguments.mapping.is_some() && arguments.has_more() {
            return Err(not_all_converted(cx, text));
        }
    }
    text.push(out, at, text.len());
    if arguments.has_more() && arguments.mapping.is_none() {
        return Err(not_all_converted(cx, text));
    }
    Ok(())
}

/// A directive without flags, width and precision whose text is at hand: `%s` of `str`, and `%d` of small ints. False
/// when it is another one.
fn plain(cx: &mut Cx, text: Text, at: usize, args: &mut Arguments, out: &mut StrBuilder) -> PyResult<bool> {
    const S: u32 = 's' as u32;
    const D: u32 = 'd' as u32;
    let conversion = match (text, text.get(at)) {
        (Text::Str(_), Some(conversion @ (S | D))) | (_, Some(conversion @ D)) => conversion,
        _ => return Ok(false),
    };
    let value = args.next(cx)?;
    if let Some(i) = value.as_int() {
        out.push_latin1(decimal(i.get(), &mut [0; 20]).as_bytes());
        return Ok(true);
    }
    if conversion == S {
        let shown = str_of(cx, value)?;
        out.push_py(&shown);
        return Ok(true);
    }
    args.used -= 1;
    Ok(false)
}

/// Write a small int in decimal or lower hexadecimal digits; false for other values and directives.
fn short_int(out: &mut StrBuilder, directive: &Directive, value: Value) -> bool {
    const X: u32 = 'x' as u32;
    let decimal_conversion = matches!(char::from_u32(directive.conversion), Some('d' | 'i' | 'u'));
    let plain = directive.precision.is_none() && !directive.alternate;
    let Some(i) = value.as_int().filter(|_| plain && (decimal_conversion || directive.conversion == X)) else {
        return false;
    };
    let magnitude = i.get().unsigned_abs();
    let (mut room, mut hex) = ([0; 20], [0; 16]);
    let digits = if decimal_conversion {
        decimal(magnitude as i64, &mut room).as_bytes()
    } else {
        let mut at = hex.len();
        let mut rest = magnitude;
        loop {
            at -= 1;
            hex[at] = b"0123456789abcdef"[(rest & 15) as usize];
            rest >>= 4;
            if rest == 0 {
                break;
            }
        }
        &hex[at..]
    };
    push_padded(out, directive, sign(directive, i.get() < 0), digits);
    true
}

/// Write a float with digits behind the point; false for other values and directives.
fn short_float(out: &mut StrBuilder, directive: &Directive, value: Value) -> bool {
    let is_fixed = directive.conversion == 'f' as u32 && !directive.alternate;
    let Some(x) = value.as_float().filter(|x| is_fixed && x.is_finite()) else { return false };
    let shown = float::text(x, Style::Fixed, directive.precision.unwrap_or(6), FloatFlags::default());
    let (negative, digits) = match shown.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, shown.as_str()),
    };
    push_padded(out, directive, sign(directive, negative), digits.as_bytes());
    true
}

/// Write a number in the directive's width.
fn push_padded(out: &mut StrBuilder, directive: &Directive, sign: &str, digits: &[u8]) {
    let fill = directive.width.saturating_sub(sign.len() + digits.len());
    match (directive.left, directive.zero) {
        (true, _) => {
            out.push_str(sign);
            out.push_latin1(digits);
            out.push_repeated(' ' as u32, fill);
        }
        (false, true) => {
            out.push_str(sign);
            out.push_repeated('0' as u32, fill);
            out.push_latin1(digits);
        }
        (false, false) => {
            out.push_repeated(' ' as u32, fill);
            out.push_str(sign);
            out.push_latin1(digits);
        }
    }
}

fn not_all_converted(cx: &mut Cx, text: Text) -> Raised {
    type_error(cx, format!("not all arguments converted during {} formatting", text.kind()))
}

/// Parse what follows a `%`, up to and including the conversion character.
fn parse(cx: &mut Cx, text: Text, at: &mut usize, args: &mut Arguments) -> PyResult<Directive> {
    let mut directive = Directive::default();
    if text.get(*at) == Some('(' as u32) {
        let Some(mapping) = args.mapping else { return Err(type_error(cx, "format requires a mapping")) };
        let start = *at + 1;
        let mut depth = 1;
        *at = start;
        while depth > 0 {
            match text.get(*at).map(char::from_u32) {
                Some(Some('(')) => depth += 1,
                Some(Some(')')) => depth -= 1,
                Some(_) => {}
                None => return Err(value_error(cx, "incomplete format key")),
            }
            *at += 1;
        }
        let key = text.slice(cx, start, *at - 1)?;
        args.values = get_item(cx, mapping, key)?;
        args.tuple = None;
        args.used = 0;
    }
    while let Some(c) = text.get(*at).and_then(char::from_u32) {
        match c {
            '-' => directive.left = true,
            '+' => directive.plus = true,
            ' ' => directive.blank = true,
            '#' => directive.alternate = true,
            '0' => directive.zero = true,
            _ => break,
        }
        *at += 1;
    }
    let width = number(cx, text, at, args, "width too big")?.unwrap_or(0);
    directive.left |= width < 0;
    directive.width = width.unsigned_abs();
    if text.get(*at) == Some('.' as u32) {
        *at += 1;
        let given = text.get(*at) == Some('*' as u32);
        let precision = number(cx, text, at, args, "precision too big")?.unwrap_or(0);
        if given && i32::try_from(precision).is_err() {
            return Err(overflow_error(cx, "Python int too large to convert to C int"));
        }
        if precision > i32::MAX as isize {
            return Err(value_error(cx, "precision too big"));
        }
        directive.precision = Some(precision.max(0) as usize);
    }
    check_length(cx, Some(directive.width.max(directive.precision.unwrap_or(0))))?;
    if let Some(c) = text.get(*at)
        && matches!(char::from_u32(c), Some('h' | 'l' | 'L'))
    {
        *at += 1;
    }
    let Some(conversion) = text.get(*at) else { return Err(value_error(cx, "incomplete format")) };
    (directive.conversion, directive.at) = (conversion, *at);
    *at += 1;
    Ok(directive)
}

/// `*` or digits.
fn number(cx: &mut Cx, text: Text, at: &mut usize, args: &mut Arguments, too_big: &str) -> PyResult<Option<isize>> {
    if text.get(*at) == Some('*' as u32) {
        *at += 1;
        let value = args.next(cx)?;
        if !cx.is_instance(value, cx.types().int) {
            return Err(type_error(cx, "* wants int"));
        }
        let precision = too_big.starts_with("precision");
        let exact = value.unwrap_payload();
        return match exact.as_small_or_bool() {
            Some(n) => Ok(Some(n as isize)),
            None => match exact.cast::<object::BigInt>().and_then(|b| b.to_i64()) {
                Some(i64::MIN) => Err(overflow_error(cx, too_big.to_owned())),
                Some(n) => Ok(Some(n as isize)),
                None if precision => Err(overflow_error(cx, "Python int too large to convert to C int")),
                None => Err(overflow_error(cx, "Python int too large to convert to C ssize_t")),
            },
        };
    }
    let mut value: Option<isize> = None;
    while let Some(digit) = text.get(*at).filter(|&c| (48..58).contains(&c)) {
        let next = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit as isize - 48));
        value = match next {
            Some(n) => Some(n),
            None => return Err(value_error(cx, too_big.to_owned())),
        };
        *at += 1;
    }
    Ok(value)
}

fn convert(cx: &mut Cx, text: Text, directive: &Directive, value: Value) -> PyResult<Converted> {
    let is_str = matches!(text, Text::Str(_));
    let mut body = StrBuilder::new();
    let Some(conversion) = char::from_u32(directive.conversion) else {
        return Err(unsupported(cx, text, directive));
    };
    match conversion {
        's' | 'r' | 'a' | 'b' => {
            let shown = match (conversion, is_str) {
                ('s', true) => Some(str_of(cx, value)?),
                ('r', true) => Some(repr_of(cx, value)?),
                ('a', _) | ('r', false) => Some(ascii_of(cx, value)?),
                ('b', true) => return Err(unsupported(cx, text, directive)),
                _ => None,
            };
            match shown {
                Some(shown) => {
                    let n = directive.precision.map_or(shown.len(), |p| p.min(shown.len()));
                    body.push_slice(&shown, 0, n);
                }
                None => {
                    let data = bytes_of(cx, value)?;
                    let n = directive.precision.map_or(data.len(), |p| p.min(data.len()));
                    body.push_latin1(&data[..n]);
                }
            }
            Ok(Converted { sign: "", prefix: "", body, numeric: false })
        }
        'c' => {
            body.push(if is_str { character(cx, value)? } else { byte(cx, value)? });
            Ok(Converted { sign: "", prefix: "", body, numeric: false })
        }
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => integer(cx, directive, conversion, value),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let x = match as_f64(cx, value) {
                Err(raised) if !is_str && cx.raised_is(cx.types().TypeError) => {
                    cx.take_raised(raised);
                    let name = type_name(cx, value);
                    return Err(type_error(cx, format!("float argument required, not {name}")));
                }
                x => x?,
            };
            let style = match conversion {
                'e' | 'E' => Style::Exponent,
                'f' | 'F' => Style::Fixed,
                _ => Style::General,
            };
            let flags = FloatFlags { alternate: directive.alternate, ..FloatFlags::default() };
            let mut shown = float::text(x, style, directive.precision.unwrap_or(6), flags);
            if conversion.is_ascii_uppercase() {
                shown.make_ascii_uppercase();
            }
            let (negative, digits) = match shown.strip_prefix('-') {
                Some(rest) => (true, rest),
                None => (false, shown.as_str()),
            };
            body.push_str(digits);
            Ok(Converted { sign: sign(directive, negative), prefix: "", body, numeric: true })
        }
        _ => Err(unsupported(cx, text, directive)),
    }
}

fn sign(directive: &Directive, negative: bool) -> &'static str {
    if negative {
        "-"
    } else if directive.plus {
        "+"
    } else if directive.blank {
        " "
    } else {
        ""
    }
}

fn unsupported(cx: &mut Cx, text: Text, directive: &Directive) -> Raised {
    let (c, at) = (directive.conversion, directive.at);
    if matches!(text, Text::Bytes(_)) && c > 127 {
        return overflow_error(cx, "character argument not in range(0x110000)");
    }
    let shown = char::from_u32(c).filter(|_| (32..127).contains(&c)).unwrap_or('?');
    value_error(cx, format!("unsupported format character '{shown}' ({c:#x}) at index {at}"))
}

fn integer(cx: &mut Cx, directive: &Directive, conversion: char, value: Value) -> PyResult<Converted> {
    let int = int_operand(cx, conversion, value)?;
    let radix = match conversion {
        'x' | 'X' => 16,
        'o' => 8,
        _ => 10,
    };
    let (negative, mut digits) = super::int_digits(cx, int, radix)?;
    if conversion == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = match (directive.alternate, conversion) {
        (true, 'x') => "0x",
        (true, 'X') => "0X",
        (true, 'o') => "0o",
        _ => "",
    };
    let mut body = StrBuilder::new();
    body.push_repeated('0' as u32, directive.precision.unwrap_or(0).saturating_sub(digits.len()));
    body.push_str(&digits);
    Ok(Converted { sign: sign(directive, negative), prefix, body, numeric: true })
}

/// The int that an integer conversion formats.
fn int_operand(cx: &mut Cx, conversion: char, value: Value) -> PyResult {
    let hexadecimal = matches!(conversion, 'x' | 'X' | 'o');
    if cx.is_instance(value, cx.types().int) {
        return Ok(value);
    }
    let class = cx.class_of(value);
    let is_number =
        class.slots.int.get().is_some() || class.slots.index.get().is_some() || class.slots.float.get().is_some();
    if is_number {
        let converted = match (hexadecimal, class.slots.int.get()) {
            (false, Some(int)) => int(cx, value),
            _ => index_value(cx, value),
        };
        match converted {
            Err(raised) if cx.raised_is(cx.types().TypeError) => {
                cx.take_raised(raised);
            }
            converted => return converted,
        }
    }
    let what = if hexadecimal { "an integer" } else { "a real number" };
    let name = type_name(cx, value);
    Err(type_error(cx, format!("%{conversion} format: {what} is required, not {name}")))
}

/// The character of `%c` in a `str`.
fn character(cx: &mut Cx, value: Value) -> PyResult<u32> {
    if let Some(s) = value.downcast::<Str>() {
        return match s.len() {
            1 => Ok(s.get(0)),
            n => {
                let message = format!("%c requires an int or a unicode character, not a string of length {n}");
                Err(type_error(cx, message))
            }
        };
    }
    let int = match index_value(cx, value) {
        Err(raised) if cx.raised_is(cx.types().TypeError) => {
            cx.take_raised(raised);
            let name = full_type_name(cx, value);
            return Err(type_error(cx, format!("%c requires an int or a unicode character, not {name}")));
        }
        int => int?,
    };
    match int.unwrap_payload().as_small_or_bool() {
        Some(c) if (0..0x110000).contains(&c) => Ok(c as u32),
        _ => Err(overflow_error(cx, "%c arg not in range(0x110000)")),
    }
}

/// The byte of `%c` in `bytes`.
fn byte(cx: &mut Cx, value: Value) -> PyResult<u32> {
    let single = if let Some(b) = value.downcast::<Bytes>() {
        Some((b.len(), b.as_slice().first().copied(), "bytes"))
    } else {
        value.cast::<ByteArray>().map(|b| {
            let data = b.data.borrow();
            (data.len(), data.first().copied(), "bytearray")
        })
    };
    if let Some((n, first, kind)) = single {
        return match (n, first) {
            (1, Some(b)) => Ok(b as u32),
            _ => Err(type_error(
                cx,
                format!("%c requires an integer in range(256) or a single byte, not a {kind} object of length {n}"),
            )),
        };
    }
    let int = match index_value(cx, value) {
        Err(raised) if cx.raised_is(cx.types().TypeError) => {
            cx.take_raised(raised);
            let name = full_type_name(cx, value);
            let message = format!("%c requires an integer in range(256) or a single byte, not {name}");
            return Err(type_error(cx, message));
        }
        int => int?,
    };
    match int.unwrap_payload().as_small_or_bool() {
        Some(c) if (0..256).contains(&c) => Ok(c as u32),
        _ => Err(overflow_error(cx, "%c arg not in range(256)")),
    }
}

/// The bytes of `%b`: a buffer's, or those of `__bytes__`.
fn bytes_of(cx: &mut Cx, value: Value) -> PyResult<Vec<u8>> {
    if let Some(b) = value.cast::<Bytes>() {
        return Ok(b.as_slice().to_vec());
    }
    if let Some(method) = lookup_special(cx, value, cx.names().__bytes__)? {
        let result = call(cx, method, &[])?;
        return match result.downcast::<Bytes>() {
            Some(b) => Ok(b.as_slice().to_vec()),
            None => {
                let name = type_name(cx, result);
                Err(type_error(cx, format!("__bytes__ returned non-bytes (type {name})")))
            }
        };
    }
    if crate::buffer::is_buffer(cx, value) {
        return crate::buffer::to_vec(cx, value);
    }
    let name = type_name(cx, value);
    let message = format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{name}'");
    Err(type_error(cx, message))
}

fn pad(out: &mut StrBuilder, directive: &Directive, converted: Converted) {
    let Converted { sign, prefix, body, numeric } = converted;
    let fill = directive.width.saturating_sub(sign.len() + prefix.len() + body.len());
    let zero = numeric && directive.zero;
    if !directive.left && !zero {
        out.push_repeated(' ' as u32, fill);
    }
    out.push_str(sign);
    out.push_str(prefix);
    if !directive.left && zero {
        out.push_repeated('0' as u32, fill);
    }
    body.iter().for_each(|c| out.push(c));
    if directive.left {
        out.push_repeated(' ' as u32, fill);
    }
}
