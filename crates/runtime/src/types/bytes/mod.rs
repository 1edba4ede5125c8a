//! `bytes` and `bytearray`. Both have the same searching and editing methods, written once in [`shared`]; the
//! algorithms are in [`algorithms`]; what only one of them has is in [`bytes`] and [`bytearray`].

pub mod algorithms;
pub mod bytearray;
pub mod bytes;
pub mod iterator;
pub mod methods;
mod shared;

use crate::buffer;
use crate::prelude::*;
use std::ops::Deref;

/// Which of the two types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Bytes,
    Array,
}

impl Kind {
    /// A new object of this type.
    pub fn make(self, cx: &mut Cx, data: impl AsRef<[u8]> + Into<Vec<u8>>) -> PyResult {
        match self {
            Kind::Bytes => Ok(Bytes::new(&mut cx.heap, data.as_ref()).or_raise(cx)?.value()),
            Kind::Array => {
                let shape = cx.heap.shapes().bytearray;
                Ok(ByteArray::new(&mut cx.heap, shape, data.into()).value())
            }
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Kind::Bytes => "bytes",
            Kind::Array => "bytearray",
        }
    }
}

/// A receiver: the bytes that a method works on.
#[derive(Clone, Copy)]
pub enum Source {
    Bytes(Gc<Bytes>),
    Array(Gc<ByteArray>),
}

impl From<Gc<Bytes>> for Source {
    fn from(bytes: Gc<Bytes>) -> Source {
        Source::Bytes(bytes)
    }
}

impl From<Gc<ByteArray>> for Source {
    fn from(bytes: Gc<ByteArray>) -> Source {
        Source::Array(bytes)
    }
}

impl Source {
    /// Call `f` with the bytes as they are now; `f` cannot run Python.
    pub fn with<R>(self, f: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Source::Bytes(bytes) => f(bytes.as_slice()),
            Source::Array(bytes) => f(&bytes.data.borrow()),
        }
    }

    pub fn len(self) -> usize {
        self.with(<[u8]>::len)
    }

    pub fn kind(self) -> Kind {
        match self {
            Source::Bytes(_) => Kind::Bytes,
            Source::Array(_) => Kind::Array,
        }
    }

    pub fn value(self) -> Value {
        match self {
            Source::Bytes(bytes) => bytes.value(),
            Source::Array(bytes) => bytes.value(),
        }
    }

    /// Do something that may run Python with the length fixed.
    pub fn held<R>(self, cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
        let Source::Array(bytes) = self else { return f(cx) };
        bytes.exports.set(bytes.exports.get() + 1);
        let out = f(cx);
        bytes.exports.set(bytes.exports.get().saturating_sub(1));
        out
    }

    /// Bytes `[start, end)` as a new object; an immutable whole is itself.
    pub fn slice(self, cx: &mut Cx, start: usize, end: usize) -> PyResult {
        match self {
            Source::Bytes(bytes) if start == 0 && end == bytes.len() => Ok(bytes.value()),
            Source::Bytes(bytes) => Ok(Bytes::new(&mut cx.heap, &bytes.as_slice()[start..end]).or_raise(cx)?.value()),
            Source::Array(bytes) => {
                let part = bytes.data.borrow()[start..end].to_vec();
                Kind::Array.make(cx, part)
            }
        }
    }
}

/// The bytes of a bytes-like argument: immutable ones in place, others copied.
pub enum Argument {
    Bytes(Gc<Bytes>),
    Copied(Vec<u8>),
    /// An int given where one byte is meant.
    Byte([u8; 1]),
}

impl Deref for Argument {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Argument::Bytes(bytes) => bytes.as_slice(),
            Argument::Copied(data) => data,
            Argument::Byte(byte) => byte,
        }
    }
}

/// A bytes-like argument; TypeError for anything else.
pub fn argument(cx: &mut Cx, value: Value) -> PyResult<Argument> {
    match value.downcast::<Bytes>() {
        Some(bytes) => Ok(Argument::Bytes(bytes)),
        None => Ok(Argument::Copied(buffer::to_vec(cx, value)?)),
    }
}

/// What `find` and its like look for: bytes or one byte as an int.
pub fn needle(cx: &mut Cx, value: Value) -> PyResult<Argument> {
    if buffer::is_buffer(cx, value) {
        return argument(cx, value);
    }
    if cx.class_of(value).slots.index.get().is_none() {
        let name = type_name(cx, value);
        return Err(type_error(cx, format_args!("argument should be integer or bytes-like object, not '{name}'")));
    }
    let int = index_value(cx, value)?;
    match int.as_int().and_then(|i| u8::try_from(i.get()).ok()) {
        Some(byte) => Ok(Argument::Byte([byte])),
        None => Err(value_error(cx, "byte must be in range(0, 256)")),
    }
}

/// An item of a bytearray.
pub fn byte_value(cx: &mut Cx, value: Value) -> PyResult<u8> {
    item_value(cx, value, Kind::Array)
}

/// An int as a byte, for a new object of this kind.
fn item_value(cx: &mut Cx, value: Value, kind: Kind) -> PyResult<u8> {
    let int = index_value(cx, value)?;
    match int.as_int().and_then(|i| u8::try_from(i.get()).ok()) {
        Some(byte) => Ok(byte),
        None => {
            let what = if kind == Kind::Bytes { "bytes" } else { "byte" };
            Err(value_error(cx, format_args!("{what} must be in range(0, 256)")))
        }
    }
}

/// `(source, encoding, errors)` of a constructor.
fn constructor_arguments(cx: &mut Cx, args: Args<'_>, kind: Kind) -> PyResult<[Option<Value>; 3]> {
    const NAMES: [&str; 3] = ["source", "encoding", "errors"];
    let name = kind.name();
    let mut out: [Option<Value>; 3] = [None; 3];
    let n = args.values().len();
    if n > 3 {
        return Err(type_error(cx, format_args!("{name}() takes at most 3 arguments ({n} given)")));
    }
    for (slot, &value) in out.iter_mut().zip(args.positional()) {
        *slot = Some(value);
    }
    for (key, value) in args.keywords() {
        let Some(i) = NAMES.iter().position(|known| key.eq_str(known)) else {
            return Err(type_error(cx, format_args!("{name}() got an unexpected keyword argument '{key}'")));
        };
        if out[i].is_some() {
            let message = format!("argument for {name}() given by name ('{}') and position ({})", NAMES[i], i + 1);
            return Err(type_error(cx, message));
        }
        out[i] = Some(value);
    }
    Ok(out)
}

fn codec_name(cx: &mut Cx, value: Option<Value>, parameter: &str, kind: Kind) -> PyResult<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    match value.downcast::<Str>() {
        Some(s) => crate::codec::name(cx, Some(s)),
        None => {
            let (name, found) = (kind.name(), argument_type_name(cx, value));
            Err(type_error(cx, format_args!("{name}() argument '{parameter}' must be str, not {found}")))
        }
    }
}

/// What a constructor's arguments give: an object to take as it is, or the bytes.
pub enum Constructed {
    Object(Gc<Bytes>),
    Data(Vec<u8>),
}

/// `bytes(source, encoding, errors)` and the same of `bytearray`, without making the object.
pub fn construct(cx: &mut Cx, args: Args<'_>, kind: Kind) -> PyResult<Constructed> {
    let [source, encoding, errors] = constructor_arguments(cx, args, kind)?;
    let encoding = codec_name(cx, encoding, "encoding", kind)?;
    let errors = codec_name(cx, errors, "errors", kind)?;
    let text = source.and_then(|s| s.downcast::<Str>());
    if let Some(text) = text
        && encoding.is_some()
    {
        let encoded = crate::codec::encode_str(cx, text, encoding.as_deref(), errors.as_deref())?;
        let data = argument(cx, encoded)?;
        return Ok(Constructed::Data(data.to_vec()));
    }
    if encoding.is_some() || errors.is_some() {
        let message = match (text.is_some(), encoding.is_some()) {
            (true, _) => "string argument without an encoding",
            (false, true) => "encoding without a string argument",
            (false, false) => "errors without a string argument",
        };
        return Err(type_error(cx, message));
    }
    let Some(source) = source else { return Ok(Constructed::Data(Vec::new())) };
    if kind == Kind::Bytes {
        if let Some(bytes) = source.cast::<Bytes>() {
            return Ok(Constructed::Object(bytes));
        }
        if let Some(method) = lookup_special(cx, source, cx.names().__bytes__)? {
            let result = call(cx, method, &[])?;
            return match result.downcast::<Bytes>() {
                Some(bytes) => Ok(Constructed::Object(bytes)),
                None => {
                    let name = type_name(cx, result);
                    Err(type_error(cx, format_args!("__bytes__ returned non-bytes (type {name})")))
                }
            };
        }
    }
    if text.is_some() {
        return Err(type_error(cx, "string argument without an encoding"));
    }
    if cx.class_of(source).slots.index.get().is_some() {
        match crate::item::sequence_index(cx, source) {
            Ok(n) => return zeros(cx, n).map(Constructed::Data),
            // An object that is both a number and something else may still be the something else.
            Err(raised) => cx.catch(raised, cx.types().TypeError)?,
        }
    }
    if buffer::is_buffer(cx, source) {
        return buffer::to_vec(cx, source).map(Constructed::Data);
    }
    from_iterable(cx, source, kind).map(Constructed::Data)
}

fn zeros(cx: &mut Cx, n: isize) -> PyResult<Vec<u8>> {
    let Ok(n) = usize::try_from(n) else { return Err(value_error(cx, "negative count")) };
    let n = crate::types::str::edit::check_length(cx, Some(n))?;
    Ok(vec![0; n])
}

/// The ints of an iterable as bytes.
pub fn from_iterable(cx: &mut Cx, source: Value, kind: Kind) -> PyResult<Vec<u8>> {
    if !crate::iterate::is_iterable(cx, source) {
        let (name, wanted) = (type_name(cx, source), kind.name());
        return Err(type_error(cx, format_args!("cannot convert '{name}' object to {wanted}")));
    }
    let mut out = Vec::new();
    for_each(cx, source, |cx, item| {
        out.push(item_value(cx, item, kind)?);
        Ok(())
    })?;
    Ok(out)
}

/// `repr(data)` with a type's name around it where there is one.
pub fn repr(cx: &mut Cx, data: &[u8], wrapper: Option<&str>) -> PyResult<Gc<Str>> {
    let text = algorithms::repr(data, wrapper.is_some());
    let text = match wrapper {
        Some(name) => format!("{name}({text})"),
        None => text,
    };
    Str::from_utf8(&mut cx.heap, &text).or_raise(cx)
}

/// `this <op> other` for bytes-like operands.
pub fn compare_bytes(cx: &mut Cx, this: Source, other: Value, op: CompareOp) -> PyResult {
    if let Some(other) = other.downcast::<Bytes>() {
        return Ok(Value::bool(op.holds(this.with(|data| data.cmp(other.as_slice())))));
    }
    if let Some(other) = other.cast::<ByteArray>() {
        return Ok(Value::bool(op.holds(this.with(|data| data.cmp(other.data.borrow().as_slice())))));
    }
    if matches!(this, Source::Bytes(_)) || !buffer::is_buffer(cx, other) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let other = buffer::to_vec(cx, other)?;
    Ok(Value::bool(op.holds(this.with(|data| data.cmp(other.as_slice())))))
}

/// `this + other`.
pub fn concat(cx: &mut Cx, this: Source, other: Value) -> PyResult {
    if let (Source::Bytes(left), Some(right)) = (this, other.cast::<Bytes>()) {
        return Ok(match (left.is_empty(), right.is_empty()) {
            (true, _) => right.value(),
            (_, true) => left.value(),
            _ => Bytes::concat(&mut cx.heap, left.as_slice(), right.as_slice()).or_raise(cx)?.value(),
        });
    }
    if !buffer::is_buffer(cx, other) {
        let name = type_name(cx, other);
        return Err(type_error(cx, format_args!("can't concat {name} to {}", this.kind().name())));
    }
    let other = argument(cx, other)?;
    if let (Source::Bytes(this), Argument::Bytes(other)) = (this, &other) {
        if this.is_empty() {
            return Ok(other.value());
        }
        if other.is_empty() {
            return Ok(this.value());
        }
    }
    let mut out = Vec::with_capacity(this.len() + other.len());
    this.with(|data| out.extend_from_slice(data));
    out.extend_from_slice(&other);
    this.kind().make(cx, out)
}

/// `this * times`.
pub fn repeat(cx: &mut Cx, this: Source, times: Value) -> PyResult {
    let n = crate::item::sequence_index(cx, times)?.max(0) as usize;
    if let (Source::Bytes(bytes), 1) = (this, n) {
        return Ok(bytes.value());
    }
    crate::types::str::edit::check_length(cx, this.len().checked_mul(n))?;
    let out = this.with(|data| data.repeat(n));
    this.kind().make(cx, out)
}

/// The index of an item, from the end when negative; `None` when out of range.
pub fn item_index(cx: &mut Cx, key: Value, len: impl FnOnce() -> usize, kind: Kind) -> PyResult<Option<usize>> {
    if cx.class_of(key).slots.index.get().is_none() {
        let (what, name) = (if kind == Kind::Bytes { "byte" } else { "bytearray" }, type_name(cx, key));
        return Err(type_error(cx, format_args!("{what} indices must be integers or slices, not {name}")));
    }
    let i = as_index(cx, key)?;
    let len = len();
    let i = if i < 0 { i + len as isize } else { i };
    Ok(usize::try_from(i).ok().filter(|&i| i < len))
}

/// `this[key]`.
pub fn get(cx: &mut Cx, this: Source, key: Value) -> PyResult {
    if let Some(i) = key.as_int()
        && let Some(byte) = this.with(|data| data.get(usize::try_from(i.get()).ok()?).copied())
    {
        return Ok(Int::from_len(byte as usize).value());
    }
    if let Some(slice) = key.cast::<Slice>() {
        let (start, _, step, count) = slice_indices(cx, slice, || this.len())?;
        if step == 1 {
            return this.slice(cx, start as usize, start as usize + count);
        }
        let part: Vec<u8> = this.with(|data| (0..count as isize).map(|i| data[(start + i * step) as usize]).collect());
        return this.kind().make(cx, part);
    }
    match item_index(cx, key, || this.len(), this.kind())? {
        Some(i) => Ok(Int::from_len(this.with(|data| data[i]) as usize).value()),
        None => {
            let message = match this.kind() {
                Kind::Bytes => "index out of range",
                Kind::Array => "bytearray index out of range",
            };
            Err(index_error(cx, message))
        }
    }
}

/// `item in this`.
pub fn contains(cx: &mut Cx, this: Source, item: Value) -> PyResult<bool> {
    if item.is_heap() && cx.class_of(item).slots.index.get().is_none() || buffer::is_buffer(cx, item) {
        let needle = this.held(cx, |cx| argument(cx, item))?;
        return Ok(this.with(|data| algorithms::find(data, &needle, 0, data.len())).is_some());
    }
    if cx.class_of(item).slots.index.get().is_none() {
        let name = type_name(cx, item);
        return Err(type_error(cx, format_args!("a bytes-like object is required, not '{name}'")));
    }
    let byte = this.held(cx, |cx| byte_value(cx, item))?;
    Ok(this.with(|data| memchr::memchr(byte, data)).is_some())
}
