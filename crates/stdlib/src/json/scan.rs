//! Reading JSON: `scanstring` and `make_scanner`.
//!
//! Works on the code points of the document where they lie. Errors are `json.decoder.JSONDecodeError` with the position, or
//! StopIteration with it where a value is missing, as `json.decoder` expects.

use crate::arguments;
use macros::{Trace, native_class};
use runtime::native::new_native;
use runtime::prelude::*;
use smallvec::SmallVec;
use std::cell::Cell;

/// Keys remembered while a document is read; a power of two.
const N_KEYS: usize = 64;

/// A code point of a document, in the document's width.
trait Unit: Copy + Into<u32> {
    /// How many of `text` come before the first quote, backslash or control character.
    fn plain_run(text: &[Self]) -> usize {
        text.iter().position(|&c| is_special(c.into())).unwrap_or(text.len())
    }

    /// Whether `key` is this text.
    fn is_text(key: &Str, text: &[Self]) -> bool {
        key.len() == text.len() && key.iter().eq(text.iter().map(|&c| c.into()))
    }
}

fn is_special(c: u32) -> bool {
    c == '"' as u32 || c == '\\' as u32 || c <= 0x1F
}

impl Unit for u8 {
    fn plain_run(text: &[u8]) -> usize {
        const ONES: u64 = u64::MAX / 255;
        const HIGH: u64 = ONES << 7;
        let (words, _) = text.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let (quote, slash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
            // The high bit of the lowest byte that is 0 (below 0x20), and perhaps of bytes above it.
            let zero = |x: u64| x.wrapping_sub(ONES) & !x;
            let control = word.wrapping_sub(ONES * 0x20) & !word;
            let special = (zero(quote) | zero(slash) | control) & HIGH;
            if special != 0 {
                return i * 8 + special.trailing_zeros() as usize / 8;
            }
        }
        let done = words.len() * 8;
        done + text[done..].iter().take_while(|&&c| !is_special(c as u32)).count()
    }

    fn is_text(key: &Str, text: &[u8]) -> bool {
        key.as_latin1() == Some(text)
    }
}
impl Unit for u16 {}
impl Unit for u32 {}

/// What `make_scanner(context)` took from its context.
#[derive(Trace)]
pub struct Scanner {
    strict: bool,
    object_hook: Slot,
    object_pairs_hook: Slot,
    parse_float: Slot,
    parse_int: Slot,
    parse_constant: Slot,
}

impl NativeData for Scanner {
    const NAME: &'static str = "_json.Scanner";
}

/// JSON scanner object
#[native_class(
    name = "Scanner",
    module = "_json",
    layout = Native<Scanner>,
    flags = HAVE_GC,
    doc = "JSON scanner object"
)]
pub mod class {
    use super::*;

    #[slot(new, "make_scanner(context)")]
    fn new(cx: &mut Cx, class: Gc<Class>, context: Value) -> PyResult {
        let mut attribute = |name: &str| {
            let name = cx.heap.intern(name);
            get_attr(cx, context, name)
        };
        let strict = attribute("strict")?;
        let object_hook = attribute("object_hook")?;
        let object_pairs_hook = attribute("object_pairs_hook")?;
        let parse_float = attribute("parse_float")?;
        let parse_int = attribute("parse_int")?;
        let parse_constant = attribute("parse_constant")?;
        let data = Scanner {
            strict: is_true(cx, strict)?,
            object_hook: Slot::new(object_hook),
            object_pairs_hook: Slot::new(object_pairs_hook),
            parse_float: Slot::new(parse_float),
            parse_int: Slot::new(parse_int),
            parse_constant: Slot::new(parse_constant),
        };
        Ok(new_native(cx, class, data).value())
    }

    #[slot]
    fn call(cx: &mut Cx, this: Gc<Native<Scanner>>, args: Args<'_>) -> PyResult {
        let [string, idx] = arguments::bind(cx, "scan_once", ["string", "idx"], 2, args)?;
        let idx = runtime::number::as_isize(cx, idx)?;
        let Some(source) = string.downcast::<Str>() else {
            let class = type_name(cx, string);
            return Err(type_error(cx, format_args!("first argument must be a string, not {class}")));
        };
        let Ok(idx) = usize::try_from(idx) else { return Err(value_error(cx, "idx cannot be negative")) };
        let (value, next) = match source.chars() {
            Chars::Latin1(text) => Reader::new(text, source, this).value(cx, idx)?,
            Chars::Ucs2(text) => Reader::new(text, source, this).value(cx, idx)?,
            Chars::Ucs4(text) => Reader::new(text, source, this).value(cx, idx)?,
        };
        Ok(cx.heap.tuple(&[value, Int::from_len(next).value()]).value())
    }

    #[getter]
    fn strict(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> bool {
        this.strict
    }

    #[getter]
    fn object_hook(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> Value {
        this.object_hook.get()
    }

    #[getter]
    fn object_pairs_hook(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> Value {
        this.object_pairs_hook.get()
    }

    #[getter]
    fn parse_float(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> Value {
        this.parse_float.get()
    }

    #[getter]
    fn parse_int(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> Value {
        this.parse_int.get()
    }

    #[getter]
    fn parse_constant(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> Value {
        this.parse_constant.get()
    }
}

/// A `JSONDecodeError`.
#[cold]
fn decode_error(cx: &mut Cx, message: &str, source: Gc<Str>, at: usize) -> Raised {
    let class = match runtime::import::import_attr(cx, "json.decoder", "JSONDecodeError") {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let message = cx.heap.str(message);
    match call(cx, class, &[message, source.value(), Int::from_len(at).value()]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// "There is no value here": StopIteration with the position.
#[cold]
fn no_value(cx: &mut Cx, at: usize) -> Raised {
    stop_iteration(cx, Int::from_len(at).value())
}

/// `scanstring(string, end, strict)`.
pub fn scan_string(cx: &mut Cx, string: Value, end: isize, strict: bool) -> PyResult {
    let Some(source) = string.downcast::<Str>() else {
        let class = type_name(cx, string);
        return Err(type_error(cx, format_args!("first argument must be a string, not {class}")));
    };
    let Some(end) = usize::try_from(end).ok().filter(|&end| end <= source.len()) else {
        return Err(value_error(cx, "end is out of bounds"));
    };
    let no_memo = None::<&Keys>;
    let (value, next) = match source.chars() {
        Chars::Latin1(text) => string_at(cx, text, source, end, strict, no_memo)?,
        Chars::Ucs2(text) => string_at(cx, text, source, end, strict, no_memo)?,
        Chars::Ucs4(text) => string_at(cx, text, source, end, strict, no_memo)?,
    };
    Ok(cx.heap.tuple(&[value.value(), Int::from_len(next).value()]).value())
}

/// Four hexadecimal digits at `at`.
fn hex4<T: Copy + Into<u32>>(text: &[T], at: usize) -> Option<u32> {
    text.get(at..at + 4)?.iter().try_fold(0, |n, &c| Some(n << 4 | char::from_u32(c.into())?.to_digit(16)?))
}

/// The keys of a document's objects, which tend to come again, by a hash of their text.
#[derive(Default)]
struct Keys(Cell<Option<Gc<Array>>>);

impl Keys {
    fn table(&self, cx: &mut Cx) -> PyResult<Gc<Array>> {
        if let Some(table) = self.0.get() {
            return Ok(table);
        }
        let table = Array::new(&mut cx.heap, N_KEYS).or_raise(cx)?;
        self.0.set(Some(table));
        Ok(table)
    }
}

fn slice_str<T: Unit>(
    cx: &mut Cx,
    source: Gc<Str>,
    text: &[T],
    start: usize,
    end: usize,
    keys: Option<&Keys>,
) -> PyResult<Gc<Str>> {
    let Some(keys) = keys else { return Str::substring(&mut cx.heap, source, start, end).or_raise(cx) };
    let keys = keys.table(cx)?;
    let chars = &text[start..end];
    let hash = chars.iter().fold(0usize, |h, &c| h.wrapping_mul(31).wrapping_add(c.into() as usize)) % N_KEYS;
    if let Some(key) = keys.get(hash).cast::<Str>()
        && T::is_text(&key, chars)
    {
        return Ok(key);
    }
    let key = Str::substring(&mut cx.heap, source, start, end).or_raise(cx)?;
    keys.set(hash, key.value());
    Ok(key)
}

/// The string whose first character is at `end`, and the position behind its closing quote.
fn string_at<T: Unit>(
    cx: &mut Cx,
    text: &[T],
    source: Gc<Str>,
    mut end: usize,
    strict: bool,
    keys: Option<&Keys>,
) -> PyResult<(Gc<Str>, usize)> {
    let begin = end.wrapping_sub(1);
    let start = end;
    let mut out: Option<StrBuilder> = None;
    loop {
        let mut next = end;
        let last = loop {
            let rest = text.get(next..).unwrap_or_default();
            next += T::plain_run(rest);
            let Some(&c) = text.get(next) else {
                return Err(decode_error(cx, "Unterminated string starting at", source, begin));
            };
            let c = c.into();
            if c == '"' as u32 || c == '\\' as u32 {
                break c;
            }
            if strict {
                return Err(decode_error(cx, "Invalid control character at", source, next));
            }
            next += 1;
        };
        if last == '"' as u32 {
            let result = match out {
                None => slice_str(cx, source, text, start, next, keys)?,
                Some(mut out) => {
                    out.push_slice(&source, end, next);
                    out.finish(&mut cx.heap).or_raise(cx)?
                }
            };
            return Ok((result, next + 1));
        }
        let out = out.get_or_insert_default();
        out.push_slice(&source, end, next);
        next += 1;
        let Some(&c) = text.get(next) else {
            return Err(decode_error(cx, "Unterminated string starting at", source, begin));
        };
        let c: u32 = c.into();
        if c != 'u' as u32 {
            end = next + 1;
            out.push(match char::from_u32(c) {
                Some('"' | '\\' | '/') => c,
                Some('b') => 8,
                Some('f') => 12,
                Some('n') => 10,
                Some('r') => 13,
                Some('t') => 9,
                _ => return Err(decode_error(cx, "Invalid \\escape", source, end - 2)),
            });
            continue;
        }
        next += 1;
        end = next + 4;
        if end >= text.len() {
            return Err(decode_error(cx, "Invalid \\uXXXX escape", source, next - 1));
        }
        let Some(mut c) = hex4(text, next) else {
            return Err(decode_error(cx, "Invalid \\uXXXX escape", source, end - 5));
        };
        if (0xD800..0xDC00).contains(&c)
            && end + 6 < text.len()
            && text[end].into() == '\\' as u32
            && text[end + 1].into() == 'u' as u32
        {
            let Some(low) = hex4(text, end + 2) else {
                return Err(decode_error(cx, "Invalid \\uXXXX escape", source, end + 1));
            };
            if (0xDC00..0xE000).contains(&low) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                end += 6;
            }
        }
        out.push(c);
    }
}

/// Reads one document.
struct Reader<'a, T> {
    text: &'a [T],
    source: Gc<Str>,
    scanner: Gc<Native<Scanner>>,
    keys: Keys,
}

impl<'a, T: Unit> Reader<'a, T> {
    fn new(text: &'a [T], source: Gc<Str>, scanner: Gc<Native<Scanner>>) -> Reader<'a, T> {
        Reader { text, source, scanner, keys: Keys::default() }
    }

    #[inline(always)]
    fn at(&self, i: usize) -> u32 {
        self.text.get(i).map_or(u32::MAX, |&c| c.into())
    }

    fn is(&self, i: usize, c: char) -> bool {
        self.at(i) == c as u32
    }

    fn is_digit(&self, i: usize) -> bool {
        (48..58).contains(&self.at(i))
    }

    fn skip_space(&self, mut i: usize) -> usize {
        while matches!(self.at(i), 0x20 | 0x09 | 0x0A | 0x0D) {
            i += 1;
        }
        i
    }

    fn has_word(&self, i: usize, word: &str) -> bool {
        self.text.get(i..i + word.len()).is_some_and(|t| t.iter().map(|&c| c.into()).eq(word.bytes().map(u32::from)))
    }

    /// The value at `i`, and the position behind it.
    fn value(&self, cx: &mut Cx, i: usize) -> PyResult<(Value, usize)> {
        match char::from_u32(self.at(i)) {
            None if i >= self.text.len() => Err(no_value(cx, i)),
            Some('"') => {
                let (text, next) = string_at(cx, self.text, self.source, i + 1, self.scanner.strict, None)?;
                Ok((text.value(), next))
            }
            Some('{') => {
                self.check_depth(cx, "object")?;
                self.object(cx, i + 1)
            }
            Some('[') => {
                self.check_depth(cx, "array")?;
                self.array(cx, i + 1)
            }
            Some('n') if self.has_word(i, "null") => Ok((Value::NONE, i + 4)),
            Some('t') if self.has_word(i, "true") => Ok((Value::TRUE, i + 4)),
            Some('f') if self.has_word(i, "false") => Ok((Value::FALSE, i + 5)),
            Some('N') if self.has_word(i, "NaN") => self.constant(cx, i, "NaN"),
            Some('I') if self.has_word(i, "Infinity") => self.constant(cx, i, "Infinity"),
            Some('-') if self.has_word(i, "-Infinity") => self.constant(cx, i, "-Infinity"),
            _ => self.number(cx, i),
        }
    }

    fn check_depth(&self, cx: &mut Cx, what: &str) -> PyResult<()> {
        if cx.has_native_stack() {
            return Ok(());
        }
        let message = format!("maximum recursion depth exceeded while decoding a JSON {what} from a unicode string");
        Err(recursion_error(cx, message))
    }

    fn constant(&self, cx: &mut Cx, i: usize, name: &str) -> PyResult<(Value, usize)> {
        let text = cx.heap.intern(name).value();
        let value = call(cx, self.scanner.parse_constant.get(), &[text])?;
        Ok((value, i + name.len()))
    }

    fn object(&self, cx: &mut Cx, i: usize) -> PyResult<(Value, usize)> {
        let pairs_hook = self.scanner.object_pairs_hook.get();
        let (dict, pairs) = if pairs_hook.is_none() {
            (Some(Dict::new(&mut cx.heap)), None)
        } else {
            (None, Some(List::empty(&mut cx.heap)))
        };
        let mut i = self.skip_space(i);
        if !self.is(i, '}') {
            loop {
                if !self.is(i, '"') {
                    let message = "Expecting property name enclosed in double quotes";
                    return Err(decode_error(cx, message, self.source, i));
                }
                let keys = Some(&self.keys);
                let (key, next) = string_at(cx, self.text, self.source, i + 1, self.scanner.strict, keys)?;
                i = self.skip_space(next);
                if !self.is(i, ':') {
                    return Err(decode_error(cx, "Expecting ':' delimiter", self.source, i));
                }
                i = self.skip_space(i + 1);
                let (value, next) = self.value(cx, i)?;
                if let Some(dict) = dict {
                    runtime::dict::set(cx, dict, key.value(), value)?;
                } else if let Some(pairs) = pairs {
                    let pair = cx.heap.tuple(&[key.value(), value]).value();
                    pairs.push(&mut cx.heap, pair).or_raise(cx)?;
                }
                i = self.skip_space(next);
                if self.is(i, '}') {
                    break;
                }
                i = self.comma(cx, i, '}', "object")?;
            }
        }
        if let Some(pairs) = pairs {
            return Ok((call(cx, pairs_hook, &[pairs.value()])?, i + 1));
        }
        let dict = dict.map_or(Value::NONE, Gc::value);
        let hook = self.scanner.object_hook.get();
        let value = if hook.is_none() { dict } else { call(cx, hook, &[dict])? };
        Ok((value, i + 1))
    }

    /// Behind the comma that must be at `i`.
    fn comma(&self, cx: &mut Cx, i: usize, close: char, what: &str) -> PyResult<usize> {
        if !self.is(i, ',') {
            return Err(decode_error(cx, "Expecting ',' delimiter", self.source, i));
        }
        let next = self.skip_space(i + 1);
        if self.is(next, close) {
            let message = format!("Illegal trailing comma before end of {what}");
            return Err(decode_error(cx, &message, self.source, i));
        }
        Ok(next)
    }

    fn array(&self, cx: &mut Cx, i: usize) -> PyResult<(Value, usize)> {
        let list = List::empty(&mut cx.heap);
        let mut i = self.skip_space(i);
        if !self.is(i, ']') {
            loop {
                let (value, next) = self.value(cx, i)?;
                list.push(&mut cx.heap, value).or_raise(cx)?;
                i = self.skip_space(next);
                if self.is(i, ']') {
                    break;
                }
                i = self.comma(cx, i, ']', "array")?;
            }
        }
        Ok((list.value(), i + 1))
    }

    fn number(&self, cx: &mut Cx, start: usize) -> PyResult<(Value, usize)> {
        let mut i = start + self.is(start, '-') as usize;
        if self.is(i, '0') {
            i += 1;
        } else if self.is_digit(i) {
            while self.is_digit(i) {
                i += 1;
            }
        } else {
            return Err(no_value(cx, start));
        }
        let mut is_float = false;
        if self.is(i, '.') && self.is_digit(i + 1) {
            is_float = true;
            i += 2;
            while self.is_digit(i) {
                i += 1;
            }
        }
        if self.is(i, 'e') || self.is(i, 'E') {
            let mut end = i + 1;
            if self.is(end, '+') || self.is(end, '-') {
                end += 1;
            }
            if self.is_digit(end) {
                is_float = true;
                while self.is_digit(end) {
                    end += 1;
                }
                i = end;
            }
        }
        Ok((self.make_number(cx, start, i, is_float)?, i))
    }

    fn make_number(&self, cx: &mut Cx, start: usize, end: usize, is_float: bool) -> PyResult {
        let types = cx.types();
        let (function, class) = if is_float {
            (self.scanner.parse_float.get(), types.float)
        } else {
            (self.scanner.parse_int.get(), types.int)
        };
        if function.is(class.value()) {
            // Digits, signs, a point and an exponent: all ASCII.
            let text: SmallVec<[u8; 32]> = self.text[start..end].iter().map(|&c| c.into() as u8).collect();
            let text = std::str::from_utf8(&text).expect("a number is ASCII");
            if is_float {
                if let Ok(f) = text.parse::<f64>() {
                    return Ok(cx.heap.float(f));
                }
            } else if let Ok(i) = text.parse::<i64>() {
                return Ok(int::BigInt::from_i64(&mut cx.heap, i));
            }
        }
        let text = Str::substring(&mut cx.heap, self.source, start, end).or_raise(cx)?;
        call(cx, function, &[text.value()])
    }
}
