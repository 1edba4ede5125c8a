//! What the methods that `bytes` and `bytearray` share do once their arguments have arrived.

use super::algorithms::{self as alg, FromHex, Pieces};
use super::{Argument, Kind, Source, argument, needle};
use crate::prelude::*;
use crate::types::bounds::search_range;
use crate::types::str::edit::check_length;

/// Bounds of a search.
pub type Bounds = (Option<Value>, Option<Value>);

type Search<R> = fn(&[u8], &[u8], usize, usize) -> R;

/// `find`, `rfind`, `count`: the bounds first, then the needle.
pub fn search<R>(cx: &mut Cx, this: Source, sub: Value, bounds: Bounds, search: Search<R>) -> PyResult<R> {
    let (start, end) = search_range(cx, bounds.0, bounds.1, this.len())?;
    let needle = this.held(cx, |cx| needle(cx, sub))?;
    let end = end.min(this.len());
    Ok(this.with(|data| search(data, &needle, start, end)))
}

pub fn not_found(cx: &mut Cx) -> Raised {
    value_error(cx, "subsection not found")
}

/// `startswith` and `endswith`.
pub fn has_affix(cx: &mut Cx, this: Source, affix: Value, bounds: Bounds, at_end: bool) -> PyResult<bool> {
    let method = if at_end { "endswith" } else { "startswith" };
    let (start, end) = search_range(cx, bounds.0, bounds.1, this.len())?;
    let test = |affix: &Argument| {
        this.with(|data| {
            let end = end.min(data.len());
            start <= end && if at_end { data[start..end].ends_with(affix) } else { data[start..end].starts_with(affix) }
        })
    };
    if let Some(tuple) = affix.downcast::<Tuple>() {
        for item in tuple.iter() {
            let affix = this.held(cx, |cx| argument(cx, item))?;
            if test(&affix) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !crate::buffer::is_buffer(cx, affix) {
        let name = type_name(cx, affix);
        let message = format!("{method} first arg must be bytes or a tuple of bytes, not {name}");
        return Err(type_error(cx, message));
    }
    let affix = this.held(cx, |cx| argument(cx, affix))?;
    Ok(test(&affix))
}

fn pieces(cx: &mut Cx, this: Source, pieces: Pieces) -> PyResult<Gc<List>> {
    let list = List::with_capacity(&mut cx.heap, pieces.len()).or_raise(cx)?;
    for (start, end) in pieces {
        let piece = this.slice(cx, start, end)?;
        list.push(&mut cx.heap, piece).or_raise(cx)?;
    }
    Ok(list)
}

fn limit(max: isize) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

fn separator(cx: &mut Cx, sep: Value) -> PyResult<Argument> {
    let sep = argument(cx, sep)?;
    if sep.is_empty() {
        return Err(value_error(cx, "empty separator"));
    }
    Ok(sep)
}

pub fn split(cx: &mut Cx, this: Source, sep: Value, max: isize, from_right: bool) -> PyResult<Gc<List>> {
    let limit = limit(max);
    let found = if sep.is_none() {
        this.with(|d| if from_right { alg::rsplit_whitespace(d, limit) } else { alg::split_whitespace(d, limit) })
    } else {
        let sep = this.held(cx, |cx| separator(cx, sep))?;
        this.with(|d| if from_right { alg::rsplit(d, &sep, limit) } else { alg::split(d, &sep, limit) })
    };
    pieces(cx, this, found)
}

pub fn split_lines(cx: &mut Cx, this: Source, keep_ends: bool) -> PyResult<Gc<List>> {
    let found = this.with(|data| alg::split_lines(data, keep_ends));
    pieces(cx, this, found)
}

/// `partition` and `rpartition`.
pub fn partition(cx: &mut Cx, this: Source, sep: Value, from_right: bool) -> PyResult<Gc<Tuple>> {
    let separator = separator(cx, sep)?;
    let found = this.with(|data| {
        if from_right {
            alg::rfind(data, &separator, 0, data.len())
        } else {
            alg::find(data, &separator, 0, data.len())
        }
    });
    let kind = this.kind();
    let Some(i) = found else {
        let whole = this.slice(cx, 0, this.len())?;
        let (first, second) = (kind.make(cx, Vec::new())?, kind.make(cx, Vec::new())?);
        let parts = if from_right { [first, second, whole] } else { [whole, first, second] };
        return Ok(cx.heap.tuple(&parts));
    };
    let before = this.slice(cx, 0, i)?;
    let middle = match kind {
        Kind::Bytes => sep,
        Kind::Array => kind.make(cx, separator.to_vec())?,
    };
    let behind = this.slice(cx, i + separator.len(), this.len())?;
    Ok(cx.heap.tuple(&[before, middle, behind]))
}

pub fn strip(cx: &mut Cx, this: Source, chars: Value, left: bool, right: bool) -> PyResult {
    let (start, end) = if chars.is_none() {
        this.with(|data| alg::strip_bounds(data, left, right, alg::is_space))
    } else {
        let set = argument(cx, chars)?;
        this.with(|data| alg::strip_bounds(data, left, right, |b| set.contains(&b)))
    };
    this.slice(cx, start, end)
}

pub fn replace(cx: &mut Cx, this: Source, old: Value, new: Value, count: isize) -> PyResult {
    let (old, new) = (argument(cx, old)?, argument(cx, new)?);
    match this.with(|data| alg::replace(data, &old, &new, limit(count))) {
        Some(out) => this.kind().make(cx, out),
        None => Err(memory_error(cx)),
    }
}

/// `separator.join(iterable)`.
pub fn join(cx: &mut Cx, this: Source, iterable: Value) -> PyResult {
    this.held(cx, |cx| join_held(cx, this, iterable))
}

fn join_held(cx: &mut Cx, this: Source, iterable: Value) -> PyResult {
    if !iterable.is_a::<List>() && !iterable.is_a::<Tuple>() && !crate::iterate::is_iterable(cx, iterable) {
        return Err(type_error(cx, "can only join an iterable"));
    }
    let exact_list = iterable.cast::<List>().filter(|_| cx.class_of(iterable) == cx.types().list);
    let items = match exact_list {
        Some(list) => list,
        None => to_list(cx, iterable)?,
    };
    if items.len() == 1
        && this.kind() == Kind::Bytes
        && let Some(only) = items.get(0).and_then(|v| v.cast::<Bytes>())
    {
        return Ok(only.value());
    }
    let separator = this.len();
    let size = |item: Value| item.cast::<Bytes>().map_or(0, |bytes| bytes.len() + separator);
    let mut out: Vec<u8> = Vec::with_capacity(items.iter().map(size).sum());
    let n = items.len();
    let mut i = 0;
    while let Some(item) = items.get(i) {
        if i > 0 {
            this.with(|data| out.extend_from_slice(data));
        }
        if let Some(bytes) = item.downcast::<Bytes>() {
            out.extend_from_slice(bytes.as_slice());
        } else if let Err(raised) = crate::buffer::with_bytes(cx, item, |data| out.extend_from_slice(data)) {
            cx.take_raised(raised);
            let name = type_name(cx, item);
            return Err(type_error(cx, format_args!("sequence item {i}: expected a bytes-like object, {name} found")));
        }
        if items.len() != n {
            return Err(runtime_error(cx, "sequence changed size during iteration"));
        }
        i += 1;
    }
    this.kind().make(cx, out)
}

/// The fill byte of `center` and its like.
fn fill_byte(cx: &mut Cx, fill: Option<Value>, method: &str) -> PyResult<u8> {
    let Some(fill) = fill else { return Ok(b' ') };
    let (data, kind) = if let Some(bytes) = fill.downcast::<Bytes>() {
        (bytes.as_slice().to_vec(), "bytes")
    } else if let Some(bytes) = fill.cast::<ByteArray>() {
        (bytes.data.borrow().clone(), "bytearray")
    } else {
        let name = argument_type_name(cx, fill);
        let message = format!("{method}() argument 2 must be a byte string of length 1, not {name}");
        return Err(type_error(cx, message));
    };
    match data[..] {
        [byte] => Ok(byte),
        _ => {
            let n = data.len();
            let message =
                format!("{method}(): argument 2 must be a byte string of length 1, not a {kind} object of length {n}");
            Err(type_error(cx, message))
        }
    }
}

/// Where `center`, `ljust` and `rjust` put the bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

pub fn justify(cx: &mut Cx, this: Source, width: isize, fill: Option<Value>, align: Align) -> PyResult {
    let method = match align {
        Align::Left => "ljust",
        Align::Center => "center",
        Align::Right => "rjust",
    };
    let fill = fill_byte(cx, fill, method)?;
    let free = usize::try_from(width).unwrap_or(0).saturating_sub(this.len());
    if free == 0 {
        return this.slice(cx, 0, this.len());
    }
    let left = match align {
        Align::Left => 0,
        Align::Center => free / 2 + (free & width as usize & 1),
        Align::Right => free,
    };
    let n = check_length(cx, Some(this.len() + free))?;
    let mut out = Vec::with_capacity(n);
    out.resize(left, fill);
    this.with(|data| out.extend_from_slice(data));
    out.resize(n, fill);
    this.kind().make(cx, out)
}

pub fn zero_fill(cx: &mut Cx, this: Source, width: isize) -> PyResult {
    let width = usize::try_from(width).unwrap_or(0);
    if width <= this.len() {
        return this.slice(cx, 0, this.len());
    }
    let n = check_length(cx, Some(width))?;
    let out = this.with(|data| {
        let signed = matches!(data.first(), Some(b'+' | b'-')) as usize;
        let mut out = Vec::with_capacity(n);
        out.extend_from_slice(&data[..signed]);
        out.resize(n - data.len() + signed, b'0');
        out.extend_from_slice(&data[signed..]);
        out
    });
    this.kind().make(cx, out)
}

pub fn expand_tabs(cx: &mut Cx, this: Source, tab_size: i64) -> PyResult {
    match this.with(|data| alg::expand_tabs(data, tab_size)) {
        Some(out) => this.kind().make(cx, out),
        None => Err(overflow_error(cx, "result too long")),
    }
}

/// `translate(table, delete)`.
pub fn translate(cx: &mut Cx, this: Source, table: Value, delete: Option<Value>) -> PyResult {
    let table = if table.is_none() { None } else { Some(argument(cx, table)?) };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return Err(value_error(cx, "translation table must be 256 characters long"));
    }
    if let (Some(table), None) = (&table, delete)
        && let Ok(table) = <&[u8; 256]>::try_from(&**table)
    {
        let out: Vec<u8> = this.with(|data| data.iter().map(|&b| table[b as usize]).collect());
        return this.kind().make(cx, out);
    }
    let mut deleted = [false; 256];
    if let Some(delete) = delete {
        argument(cx, delete)?.iter().for_each(|&b| deleted[b as usize] = true);
    }
    let out: Vec<u8> = this.with(|data| {
        let kept = data.iter().filter(|&&b| !deleted[b as usize]);
        match &table {
            Some(table) => kept.map(|&b| table[b as usize]).collect(),
            None => kept.copied().collect(),
        }
    });
    this.kind().make(cx, out)
}

/// `bytes.maketrans(from, to)`.
pub fn make_table(cx: &mut Cx, from: Value, to: Value) -> PyResult<Gc<Bytes>> {
    let (from, to) = (argument(cx, from)?, argument(cx, to)?);
    if from.len() != to.len() {
        return Err(value_error(cx, "maketrans arguments must have same length"));
    }
    let mut table: [u8; 256] = std::array::from_fn(|i| i as u8);
    from.iter().zip(to.iter()).for_each(|(&from, &to)| table[from as usize] = to);
    Bytes::new(&mut cx.heap, &table).or_raise(cx)
}

/// `data.hex(sep, bytes_per_sep)`.
pub fn hex(cx: &mut Cx, data: &[u8], sep: Option<Value>, group: i64) -> PyResult<Gc<Str>> {
    let separator = match sep {
        None => None,
        Some(sep) => {
            let n = length(cx, sep)?;
            if n != 1 {
                return Err(value_error(cx, "sep must be length 1."));
            }
            let c = if let Some(s) = sep.downcast::<Str>() {
                s.get(0)
            } else if let Some(b) = sep.downcast::<Bytes>() {
                b.as_slice()[0] as u32
            } else {
                return Err(type_error(cx, "sep must be str or bytes."));
            };
            if c > 127 {
                return Err(value_error(cx, "sep must be ASCII."));
            }
            Some(c as u8)
        }
    };
    let out = alg::hex(data, separator, group);
    Str::from_latin1(&mut cx.heap, &out).or_raise(cx)
}

/// The bytes that `fromhex` reads.
pub fn from_hex(cx: &mut Cx, text: Value) -> PyResult<Vec<u8>> {
    let found = if let Some(s) = text.downcast::<Str>() {
        alg::from_hex(|i| (i < s.len()).then(|| s.get(i)))
    } else if crate::buffer::is_buffer(cx, text) {
        let data = argument(cx, text)?;
        alg::from_hex(|i| data.get(i).map(|&b| b as u32))
    } else {
        let name = type_name(cx, text);
        return Err(type_error(cx, format_args!("fromhex() argument must be str or bytes-like, not {name}")));
    };
    match found {
        FromHex::Bytes(out) => Ok(out),
        FromHex::Odd => Err(value_error(cx, "fromhex() arg must contain an even number of hexadecimal digits")),
        FromHex::Wrong(i) => {
            let message = format!("non-hexadecimal number found in fromhex() arg at position {i}");
            Err(value_error(cx, message))
        }
    }
}

/// `decode(encoding, errors)`.
pub fn decode(cx: &mut Cx, this: Source, encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> PyResult<Gc<Str>> {
    if let Source::Bytes(bytes) = this
        && bytes.as_slice().is_ascii()
        && crate::codec::keeps_ascii(encoding, errors)
    {
        return Str::from_latin1(&mut cx.heap, bytes.as_slice()).or_raise(cx);
    }
    let (encoding, errors) = (crate::codec::name(cx, encoding)?, crate::codec::name(cx, errors)?);
    let data = match this {
        Source::Bytes(bytes) => bytes,
        Source::Array(bytes) => {
            let copy = bytes.data.borrow().clone();
            Bytes::new(&mut cx.heap, &copy).or_raise(cx)?
        }
    };
    crate::codec::decode_bytes(cx, this.value(), data, encoding.as_deref(), errors.as_deref())
}

/// A conversion of the bytes one by one.
pub fn map(cx: &mut Cx, this: Source, convert: fn(&[u8]) -> Vec<u8>) -> PyResult {
    let out = this.with(convert);
    this.kind().make(cx, out)
}

/// A conversion of the bytes one by one, done on a copy.
pub fn map_copy(cx: &mut Cx, this: Source, convert: fn(&mut [u8])) -> PyResult {
    match this {
        Source::Bytes(bytes) => {
            let fill = |out: &mut [u8]| {
                out.copy_from_slice(bytes.as_slice());
                convert(out);
            };
            Ok(Bytes::build(&mut cx.heap, bytes.len(), fill).or_raise(cx)?.value())
        }
        Source::Array(_) => {
            let mut out = this.with(<[u8]>::to_vec);
            convert(&mut out);
            this.kind().make(cx, out)
        }
    }
}

/// Whether there are bytes and `test` holds for all of them.
pub fn all(this: Source, test: fn(&u8) -> bool) -> bool {
    this.with(|data| !data.is_empty() && data.iter().all(test))
}

/// Whether there are letters and all of them pass `test`.
pub fn all_letters(this: Source, test: fn(&u8) -> bool) -> bool {
    this.with(|data| {
        let mut letters = data.iter().filter(|b| b.is_ascii_alphabetic()).peekable();
        letters.peek().is_some() && letters.all(test)
    })
}
