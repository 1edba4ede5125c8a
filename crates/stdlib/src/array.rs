//! `array`: sequences of machine numbers or characters.
//!
//! Items are stored as bytes in the machine's order, which is what the buffer protocol lends out. While a buffer is exported
//! the length stays.

mod reconstruct;

use macros::{Trace, native_class};
use runtime::buffer::{Exporter, Layout, register};
use runtime::native::{new_native, set_module_attr};
use runtime::prelude::*;
use std::cell::{Cell, RefCell};

/// What a typecode stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    code: char,
    size: usize,
}

impl Kind {
    fn of(code: char) -> Option<Kind> {
        let size = match code {
            'b' | 'B' => 1,
            'h' | 'H' => 2,
            'u' | 'w' | 'i' | 'I' | 'f' => 4,
            'l' | 'L' | 'q' | 'Q' | 'd' => 8,
            _ => return None,
        };
        Some(Kind { code, size })
    }

    fn is_text(self) -> bool {
        matches!(self.code, 'u' | 'w')
    }
}

#[derive(Trace)]
pub struct ArrayData {
    #[trace(skip)]
    kind: Kind,
    #[trace(skip)]
    data: RefCell<Vec<u8>>,
    exports: Cell<usize>,
}

impl NativeData for ArrayData {
    const NAME: &'static str = "array.array";
}

type This = Gc<Native<ArrayData>>;

static EXPORTER: Exporter = Exporter {
    layout: |_, v| {
        Ok(match v.cast::<Native<ArrayData>>() {
            Some(array) => {
                let code = if array.kind.is_text() { 'w' } else { array.kind.code };
                Layout::items(&code.to_string(), array.kind.size, array.len())
            }
            None => Layout::bytes(0),
        })
    },
    is_readonly: |_| false,
    acquire: |v| {
        if let Some(array) = v.cast::<Native<ArrayData>>() {
            array.exports.set(array.exports.get() + 1);
        }
    },
    release: |v| {
        if let Some(array) = v.cast::<Native<ArrayData>>() {
            array.exports.set(array.exports.get().saturating_sub(1));
        }
    },
    read: |v, f| {
        if let Some(array) = v.cast::<Native<ArrayData>>() {
            f(&array.data.borrow());
        }
    },
    write: |v, f| {
        if let Some(array) = v.cast::<Native<ArrayData>>() {
            f(&mut array.data.borrow_mut());
        }
    },
};

impl ArrayData {
    fn len(&self) -> usize {
        self.data.borrow().len() / self.kind.size
    }

    /// The bytes of item `i`, at most eight.
    fn word_at(&self, i: usize) -> Option<[u8; 8]> {
        let (data, size) = (self.data.borrow(), self.kind.size);
        let mut word = [0; 8];
        word[..size].copy_from_slice(data.get(i * size..(i + 1) * size)?);
        Some(word)
    }
}

/// Item `i` as an object; `None` past the end.
fn item(cx: &mut Cx, this: This, i: usize) -> PyResult<Option<Value>> {
    let Some(word) = this.word_at(i) else { return Ok(None) };
    let unsigned = u64::from_ne_bytes(word);
    let signed = |bits: u32| ((unsigned << (64 - bits)) as i64) >> (64 - bits);
    let heap = &mut cx.heap;
    Ok(Some(match this.kind.code {
        'b' => int::BigInt::from_i64(heap, signed(8)),
        'h' => int::BigInt::from_i64(heap, signed(16)),
        'i' => int::BigInt::from_i64(heap, signed(32)),
        'l' | 'q' => int::BigInt::from_i64(heap, signed(64)),
        'f' => heap.float(f64::from(f32::from_bits(unsigned as u32))),
        'd' => heap.float(f64::from_bits(unsigned)),
        'u' | 'w' => {
            if unsigned > 0x10FFFF {
                let message = format!("character U+{unsigned:x} is not in range [U+0000; U+10ffff]");
                return Err(value_error(cx, message));
            }
            Str::from_char(heap, unsigned as u32).value()
        }
        _ => int::BigInt::from_u64(heap, unsigned),
    }))
}

/// The bytes of `value` as an item.
fn encode(cx: &mut Cx, kind: Kind, value: Value) -> PyResult<[u8; 8]> {
    let ranged = |cx: &mut Cx, low: i64, high: i64, name: &str, noun: (&str, &str)| -> PyResult<[u8; 8]> {
        let index = index_value(cx, value)?;
        match runtime::number::Num::of(index).and_then(|n| n.to_i64()) {
            Some(i) if (low..=high).contains(&i) => Ok(i.to_ne_bytes()),
            Some(i) if i < low => Err(overflow_error(cx, format_args!("{name} is {}", noun.0))),
            Some(_) => Err(overflow_error(cx, format_args!("{name} is {}", noun.1))),
            None => Err(overflow_error(cx, "Python int too large to convert to C long")),
        }
    };
    let bounds = ("less than minimum", "greater than maximum");
    match kind.code {
        'b' => ranged(cx, -128, 127, "signed char", bounds),
        'B' => ranged(cx, 0, 255, "unsigned byte integer", bounds),
        'h' => ranged(cx, -32768, 32767, "signed short integer", bounds),
        'H' => ranged(cx, 0, 65535, "unsigned short", bounds),
        'i' => ranged(cx, i64::from(i32::MIN), i64::from(i32::MAX), "signed integer", bounds),
        'l' | 'q' => {
            let index = index_value(cx, value)?;
            match runtime::number::Num::of(index).and_then(|n| n.to_i64()) {
                Some(i) => Ok(i.to_ne_bytes()),
                None if kind.code == 'q' => Err(overflow_error(cx, "int too big to convert")),
                None => Err(overflow_error(cx, "Python int too large to convert to C long")),
            }
        }
        'I' | 'L' | 'Q' => {
            let index = index_value(cx, value)?;
            let Some(number) = runtime::number::Num::of(index) else {
                return Err(type_error(cx, "an integer is required"));
            };
            if number.is_negative() {
                return Err(overflow_error(cx, "can't convert negative value to unsigned int"));
            }
            match number.bit_length() {
                0..=32 => Ok(runtime::number::int::low_u64(number).to_ne_bytes()),
                33..=64 if kind.code != 'I' => Ok(runtime::number::int::low_u64(number).to_ne_bytes()),
                33..=64 => Err(overflow_error(cx, "unsigned int is greater than maximum")),
                _ if kind.code == 'Q' => Err(overflow_error(cx, "int too big to convert")),
                _ => Err(overflow_error(cx, "Python int too large to convert to C unsigned long")),
            }
        }
        'f' => {
            let number = runtime::number::as_f64(cx, value)? as f32;
            Ok(u64::from(number.to_bits()).to_ne_bytes())
        }
        'd' => Ok(runtime::number::as_f64(cx, value)?.to_bits().to_ne_bytes()),
        _ => match value.downcast::<Str>() {
            Some(text) if text.len() == 1 => Ok(u64::from(text.get(0)).to_ne_bytes()),
            Some(text) => {
                let n = text.len();
                Err(type_error(cx, format_args!("array item must be a string of length 1, not a string of length {n}")))
            }
            None => {
                let class = type_name(cx, value);
                Err(type_error(cx, format_args!("array item must be a unicode character, not {class}")))
            }
        },
    }
}

fn check_resizable(cx: &mut Cx, this: This) -> PyResult<()> {
    if runtime::buffer::has_exports(cx, &this.exports) {
        return Err(buffer_error(cx, "cannot resize an array that is exporting buffers"));
    }
    Ok(())
}

fn append_item(cx: &mut Cx, this: This, value: Value) -> PyResult<()> {
    let word = encode(cx, this.kind, value)?;
    check_resizable(cx, this)?;
    this.data.borrow_mut().extend_from_slice(&word[..this.kind.size]);
    Ok(())
}

fn append_bytes(cx: &mut Cx, this: This, bytes: &[u8]) -> PyResult<()> {
    if bytes.len() % this.kind.size != 0 {
        return Err(value_error(cx, "bytes length not a multiple of item size"));
    }
    if !bytes.is_empty() {
        check_resizable(cx, this)?;
    }
    this.data.borrow_mut().extend_from_slice(bytes);
    Ok(())
}

fn extend_with(cx: &mut Cx, this: This, other: Value) -> PyResult<()> {
    if let Some(other) = other.cast::<Native<ArrayData>>() {
        if other.kind != this.kind {
            return Err(type_error(cx, "can only extend with array of same kind"));
        }
        let bytes = other.data.borrow().clone();
        return append_bytes(cx, this, &bytes);
    }
    for_each(cx, other, |cx, value| append_item(cx, this, value))
}

fn make(cx: &mut Cx, class: Gc<Class>, kind: Kind, data: Vec<u8>) -> This {
    new_native(cx, class, ArrayData { kind, data: RefCell::new(data), exports: Cell::new(0) })
}

/// An array of the class itself.
fn make_like(cx: &mut Cx, this: This, data: Vec<u8>) -> PyResult<This> {
    let class = runtime::native::class_of_spec(cx, &class::SPEC)?;
    Ok(make(cx, class, this.kind, data))
}

/// Where the item at `index` is, counted from the end when negative.
fn position(cx: &mut Cx, this: This, index: isize, message: &str) -> PyResult<usize> {
    let n = this.len();
    let i = if index < 0 { index + n as isize } else { index };
    match usize::try_from(i).ok().filter(|&i| i < n) {
        Some(i) => Ok(i),
        None => Err(index_error(cx, message)),
    }
}

fn remove_at(this: This, i: usize) {
    let size = this.kind.size;
    this.data.borrow_mut().drain(i * size..(i + 1) * size);
}

/// The first item equal to `value` in `[start, stop)`.
fn find(cx: &mut Cx, this: This, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut i = start;
    while i < stop {
        let Some(item) = item(cx, this, i)? else { break };
        if equals(cx, item, value)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn repeated(cx: &mut Cx, this: This, times: isize) -> PyResult<Vec<u8>> {
    let (data, times) = (this.data.borrow(), times.max(0) as usize);
    runtime::types::str::edit::check_length(cx, data.len().checked_mul(times))?;
    Ok(data.repeat(times))
}

/// array(typecode [, initializer]) -> array
///
/// Return a new array whose items are restricted by typecode, and
/// initialized from the optional initializer value, which must be a list,
/// string or iterable over elements of the appropriate type.
#[native_class(
    name = "array",
    module = "array",
    layout = Native<ArrayData>,
    flags = BASETYPE | SEQUENCE | HAVE_GC,
    traits = HAS_WEAKREF
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let exact = runtime::native::class_of_spec(cx, &SPEC)?;
        if args.n_keywords() > 0 && class == exact {
            return Err(type_error(cx, "array.array() takes no keyword arguments"));
        }
        let (code, initial) = match *args.positional() {
            [code] => (code, Value::NONE),
            [code, initial] => (code, initial),
            ref other => {
                let (n, s) =
                    (other.len(), if other.is_empty() { "at least 1 argument" } else { "at most 2 arguments" });
                return Err(type_error(cx, format_args!("array() takes {s} ({n} given)")));
            }
        };
        let code = match code.downcast::<Str>() {
            Some(text) if text.len() == 1 => char::from_u32(text.get(0)).unwrap_or('\0'),
            _ => {
                let class = type_name(cx, code);
                let message = format!("array() argument 1 must be a unicode character, not {class}");
                return Err(type_error(cx, message));
            }
        };
        let Some(kind) = Kind::of(code) else {
            return Err(value_error(cx, "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"));
        };
        if code == 'u' {
            let category = cx.types().DeprecationWarning;
            let message = "The 'u' type code is deprecated and will be removed in Python 3.16";
            runtime::warnings::warn(cx, category, message, 1)?;
        }
        let other = initial.cast::<Native<ArrayData>>();
        let text = initial.downcast::<Str>();
        if !kind.is_text() && (text.is_some() || other.is_some_and(|o| o.kind.is_text())) {
            let what = if text.is_some() { "a str" } else { "a unicode array" };
            let message = format!("cannot use {what} to initialize an array with typecode '{code}'");
            return Err(type_error(cx, message));
        }
        let this = make(cx, class, kind, Vec::new());
        if let Some(text) = text {
            let bytes: Vec<u8> = text.iter().flat_map(u32::to_ne_bytes).collect();
            append_bytes(cx, this, &bytes)?;
        } else if initial.downcast::<Bytes>().is_some() || initial.is_a::<ByteArray>() {
            let bytes = runtime::buffer::to_vec(cx, initial)?;
            append_bytes(cx, this, &bytes)?;
        } else if let Some(other) = other.filter(|o| o.kind == kind) {
            let bytes = other.data.borrow().clone();
            append_bytes(cx, this, &bytes)?;
        } else if !initial.is_none() {
            for_each(cx, initial, |cx, value| append_item(cx, this, value))?;
        }
        Ok(this.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult {
        let code = this.kind.code;
        let name = cx.class_of(this.value()).display_name();
        if this.len() == 0 {
            return Ok(cx.heap.str(&format!("{name}('{code}')")));
        }
        let content = if this.kind.is_text() { text_of(cx, this)?.value() } else { list_of(cx, this)?.value() };
        let content = repr_of(cx, content)?;
        let mut out = StrBuilder::new();
        out.push_str(&format!("{name}('{code}', "));
        out.push_py(&content);
        out.push_str(")");
        Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn len(this: This) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: This) -> PyResult {
        Ok(cx.heap.sequence_iter(this.value()).value())
    }

    #[slot]
    fn contains(cx: &mut Cx, this: This, value: Value) -> PyResult<bool> {
        Ok(find(cx, this, value, 0, usize::MAX)?.is_some())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: This, key: Value) -> PyResult {
        if let Some(slice) = key.cast::<Slice>() {
            let (start, _, step, count) = runtime::item::slice_indices(cx, slice, || this.len())?;
            let size = this.kind.size;
            let mut out = Vec::with_capacity(count * size);
            let mut at = start;
            for _ in 0..count {
                let from = at as usize * size;
                out.extend_from_slice(&this.data.borrow()[from..from + size]);
                at = at.wrapping_add(step);
            }
            return Ok(make_like(cx, this, out)?.value());
        }
        if cx.class_of(key).slots.index.get().is_none() {
            return Err(type_error(cx, "array indices must be integers"));
        }
        let index = as_index(cx, key)?;
        let i = position(cx, this, index, "array index out of range")?;
        Ok(item(cx, this, i)?.unwrap_or(Value::NONE))
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: This, key: Value, value: Option<Value>) -> PyResult<()> {
        let size = this.kind.size;
        let Some(slice) = key.cast::<Slice>() else {
            if cx.class_of(key).slots.index.get().is_none() {
                return Err(type_error(cx, "array indices must be integers"));
            }
            let index = as_index(cx, key)?;
            let i = position(cx, this, index, "array assignment index out of range")?;
            match value {
                Some(value) => {
                    let word = encode(cx, this.kind, value)?;
                    if let Some(place) = this.data.borrow_mut().get_mut(i * size..(i + 1) * size) {
                        place.copy_from_slice(&word[..size]);
                    }
                }
                None => {
                    check_resizable(cx, this)?;
                    remove_at(this, i);
                }
            }
            return Ok(());
        };
        let new = match value {
            None => Vec::new(),
            Some(value) => match value.cast::<Native<ArrayData>>() {
                Some(other) if other.kind == this.kind => other.data.borrow().clone(),
                Some(_) => return Err(type_error(cx, "bad argument type for built-in operation")),
                None => {
                    let class = type_name(cx, value);
                    let message = format!("can only assign array (not \"{class}\") to array slice");
                    return Err(type_error(cx, message));
                }
            },
        };
        let (start, _, step, count) = runtime::item::slice_indices(cx, slice, || this.len())?;
        if step == 1 {
            if new.len() != count * size {
                check_resizable(cx, this)?;
            }
            let from = start as usize * size;
            this.data.borrow_mut().splice(from..from + count * size, new);
            return Ok(());
        }
        if value.is_none() {
            check_resizable(cx, this)?;
            let mut places: Vec<isize> = (0..count as isize).map(|k| start + k * step).collect();
            places.sort_unstable();
            places.iter().rev().for_each(|&i| remove_at(this, i as usize));
            return Ok(());
        }
        if new.len() != count * size {
            let n = new.len() / size;
            let message = format!("attempt to assign array of size {n} to extended slice of size {count}");
            return Err(value_error(cx, message));
        }
        let mut data = this.data.borrow_mut();
        for (k, word) in new.chunks(size).enumerate() {
            let at = (start + k as isize * step) as usize * size;
            data[at..at + size].copy_from_slice(word);
        }
        Ok(())
    }

    #[slot]
    fn concat(cx: &mut Cx, this: This, other: Value) -> PyResult {
        let Some(other) = other.cast::<Native<ArrayData>>() else {
            let class = type_name(cx, other);
            return Err(type_error(cx, format_args!("can only append array (not \"{class}\") to array")));
        };
        if other.kind != this.kind {
            return Err(type_error(cx, "bad argument type for built-in operation"));
        }
        let data = [&this.data.borrow()[..], &other.data.borrow()[..]].concat();
        Ok(make_like(cx, this, data)?.value())
    }

    #[slot]
    fn inplace_concat(cx: &mut Cx, this: This, other: Value) -> PyResult {
        if !other.is_a::<Native<ArrayData>>() {
            let class = type_name(cx, other);
            return Err(type_error(cx, format_args!("can only extend with array (not \"{class}\")")));
        }
        extend_with(cx, this, other)?;
        Ok(this.value())
    }

    #[slot]
    fn repeat(cx: &mut Cx, this: This, times: Value) -> PyResult {
        let times = as_index(cx, times)?;
        let data = repeated(cx, this, times)?;
        Ok(make_like(cx, this, data)?.value())
    }

    #[slot]
    fn inplace_repeat(cx: &mut Cx, this: This, times: Value) -> PyResult {
        let times = as_index(cx, times)?;
        let data = repeated(cx, this, times)?;
        if data.len() != this.data.borrow().len() {
            check_resizable(cx, this)?;
        }
        *this.data.borrow_mut() = data;
        Ok(this.value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<ArrayData>>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if this.len() != other.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        let mut i = 0;
        loop {
            let (Some(a), Some(b)) = (item(cx, this, i)?, item(cx, other, i)?) else { break };
            if !equals(cx, a, b)? {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    op => compare(cx, a, b, op),
                };
            }
            i += 1;
        }
        Ok(Value::bool(op.holds(this.len().cmp(&other.len()))))
    }

    /// Append new value v to the end of the array.
    #[method("append($self, v, /)")]
    fn append(cx: &mut Cx, this: This, v: Value) -> PyResult<()> {
        append_item(cx, this, v)
    }

    /// Remove all items from the array.
    #[method("clear($self, /)")]
    fn clear(cx: &mut Cx, this: This) -> PyResult<()> {
        check_resizable(cx, this)?;
        this.data.borrow_mut().clear();
        Ok(())
    }

    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size, RuntimeError is raised.
    #[method("byteswap($self, /)")]
    fn byteswap(this: This) {
        this.data.borrow_mut().chunks_mut(this.kind.size).for_each(<[u8]>::reverse);
    }

    /// Return number of occurrences of v in the array.
    #[method("count($self, v, /)")]
    fn count(cx: &mut Cx, this: This, v: Value) -> PyResult<usize> {
        let (mut n, mut i) = (0, 0);
        while let Some(found) = find(cx, this, v, i, usize::MAX)? {
            n += 1;
            i = found + 1;
        }
        Ok(n)
    }

    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[method("index($self, v, start=0, stop=sys.maxsize, /)")]
    fn index(cx: &mut Cx, this: This, v: Value, start: isize, stop: isize) -> PyResult<usize> {
        let n = this.len() as isize;
        let clamp = |i: isize| (if i < 0 { (i + n).max(0) } else { i }) as usize;
        match find(cx, this, v, clamp(start), clamp(stop))? {
            Some(i) => Ok(i),
            None => Err(value_error(cx, "array.index(x): x not in array")),
        }
    }

    /// Remove the first occurrence of v in the array.
    #[method("remove($self, v, /)")]
    fn remove(cx: &mut Cx, this: This, v: Value) -> PyResult<()> {
        match find(cx, this, v, 0, usize::MAX)? {
            Some(i) => {
                check_resizable(cx, this)?;
                remove_at(this, i);
                Ok(())
            }
            None => Err(value_error(cx, "array.remove(x): x not in array")),
        }
    }

    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[method("pop($self, i=-1, /)")]
    fn pop(cx: &mut Cx, this: This, i: isize) -> PyResult {
        if this.len() == 0 {
            return Err(index_error(cx, "pop from empty array"));
        }
        let i = position(cx, this, i, "pop index out of range")?;
        let value = item(cx, this, i)?.unwrap_or(Value::NONE);
        check_resizable(cx, this)?;
        remove_at(this, i);
        Ok(value)
    }

    /// Insert a new item v into the array before position i.
    #[method("insert($self, i, v, /)")]
    fn insert(cx: &mut Cx, this: This, i: isize, v: Value) -> PyResult<()> {
        let word = encode(cx, this.kind, v)?;
        check_resizable(cx, this)?;
        let (n, size) = (this.len() as isize, this.kind.size);
        let at = (if i < 0 { (i + n).max(0) } else { i.min(n) }) as usize * size;
        this.data.borrow_mut().splice(at..at, word[..size].iter().copied());
        Ok(())
    }

    /// Append items to the end of the array.
    #[method("extend($self, bb, /)")]
    fn extend(cx: &mut Cx, this: This, bb: Value) -> PyResult<()> {
        extend_with(cx, this, bb)
    }

    /// Append items to array from list.
    #[method("fromlist($self, list, /)")]
    fn fromlist(cx: &mut Cx, this: This, list: Value) -> PyResult<()> {
        let Some(list) = list.downcast::<List>() else { return Err(type_error(cx, "arg must be list")) };
        let before = this.data.borrow().len();
        for i in 0..list.len() {
            let value = list.get(i).unwrap_or(Value::NONE);
            if let Err(raised) = append_item(cx, this, value) {
                this.data.borrow_mut().truncate(before);
                return Err(raised);
            }
        }
        Ok(())
    }

    /// Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.
    #[method("frombytes($self, buffer, /)")]
    fn frombytes(cx: &mut Cx, this: This, buffer: Value) -> PyResult<()> {
        let bytes = runtime::buffer::to_vec(cx, buffer)?;
        append_bytes(cx, this, &bytes)
    }

    /// Extends this array with data from the unicode string ustr.
    #[method("fromunicode($self, ustr, /)")]
    fn fromunicode(cx: &mut Cx, this: This, ustr: Gc<Str>) -> PyResult<()> {
        if !this.kind.is_text() {
            return Err(value_error(cx, "fromunicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        let bytes: Vec<u8> = ustr.iter().flat_map(u32::to_ne_bytes).collect();
        append_bytes(cx, this, &bytes)
    }

    /// Read n objects from the file object f and append them to the end of the array.
    #[method("fromfile($self, f, n, /)")]
    fn fromfile(cx: &mut Cx, this: This, f: Value, n: isize) -> PyResult<()> {
        let Ok(n) = usize::try_from(n) else { return Err(value_error(cx, "negative count")) };
        let wanted = n * this.kind.size;
        let read = cx.names().read;
        let data = call_method(cx, f, read, &[Int::from_len(wanted).value()])?;
        let Some(data) = data.downcast::<Bytes>() else {
            return Err(type_error(cx, "read() didn't return bytes"));
        };
        append_bytes(cx, this, data.as_slice())?;
        if data.len() != wanted {
            return Err(eof_error(cx, "read() didn't return enough bytes"));
        }
        Ok(())
    }

    /// Write all items (as machine values) to the file object f.
    #[method("tofile($self, f, /)")]
    fn tofile(cx: &mut Cx, this: This, f: Value) -> PyResult<()> {
        let data = this.data.borrow().clone();
        let data = cx.heap.bytes(&data).or_raise(cx)?;
        let write = cx.names().write;
        call_method(cx, f, write, &[data.value()])?;
        Ok(())
    }

    /// Convert array to an ordinary list with the same items.
    #[method("tolist($self, /)")]
    fn tolist(cx: &mut Cx, this: This) -> PyResult<Gc<List>> {
        list_of(cx, this)
    }

    /// Convert the array to an array of machine values and return the bytes representation.
    #[method("tobytes($self, /)")]
    fn tobytes(cx: &mut Cx, this: This) -> PyResult<Gc<Bytes>> {
        let data = this.data.borrow().clone();
        cx.heap.bytes(&data).or_raise(cx)
    }

    /// Extends this array with data from the unicode string ustr.
    #[method("tounicode($self, /)")]
    fn tounicode(cx: &mut Cx, this: This) -> PyResult<Gc<Str>> {
        if !this.kind.is_text() {
            return Err(value_error(cx, "tounicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        text_of(cx, this)
    }

    /// Reverse the order of the items in the array.
    #[method("reverse($self, /)")]
    fn reverse(this: This) {
        let mut data = this.data.borrow_mut();
        data.reverse();
        data.chunks_mut(this.kind.size).for_each(<[u8]>::reverse);
    }

    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.
    #[method("buffer_info($self, /)")]
    fn buffer_info(cx: &mut Cx, this: This) -> Gc<Tuple> {
        let address = int::BigInt::from_u64(&mut cx.heap, this.data.borrow().as_ptr() as u64);
        cx.heap.tuple(&[address, Int::from_len(this.len()).value()])
    }

    #[method("__copy__($self, /)")]
    fn copy(cx: &mut Cx, this: This) -> PyResult<This> {
        let data = this.data.borrow().clone();
        make_like(cx, this, data)
    }

    #[method("__deepcopy__($self, unused, /)")]
    fn deepcopy(cx: &mut Cx, this: This, unused: Value) -> PyResult<This> {
        let _ = unused;
        let data = this.data.borrow().clone();
        make_like(cx, this, data)
    }

    #[method("__reduce_ex__($self, value, /)")]
    fn reduce_ex(cx: &mut Cx, this: This, value: Value) -> PyResult<Gc<Tuple>> {
        if !runtime::number::int::is_int(value) {
            return Err(type_error(cx, "__reduce_ex__ argument should be an integer"));
        }
        let protocol = runtime::number::as_i64(cx, value)?;
        let class = cx.class_of(this.value()).value();
        let code = cx.heap.str(&this.kind.code.to_string());
        let name = cx.names().__dict__;
        let state = get_attr_opt(cx, this.value(), name)?.unwrap_or(Value::NONE);
        if protocol < 3 {
            let items = list_of(cx, this)?;
            let args = cx.heap.tuple(&[code, items.value()]);
            return Ok(cx.heap.tuple(&[class, args.value(), state]));
        }
        let bytes = this.data.borrow().clone();
        let bytes = cx.heap.bytes(&bytes).or_raise(cx)?.value();
        let rebuild = runtime::import::import_attr(cx, "array", "_array_reconstructor")?;
        let format = Int::from_len(reconstruct::native_format(this.kind.code)).value();
        let args = cx.heap.tuple(&[class, code, format, bytes]);
        Ok(cx.heap.tuple(&[rebuild, args.value(), state]))
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::hooks::generic_alias(cx, class.value(), object)
    }

    #[getter(doc = "the typecode character used to create the array")]
    fn typecode(this: This) -> String {
        this.kind.code.to_string()
    }

    #[getter(doc = "the size, in bytes, of one array item")]
    fn itemsize(this: This) -> usize {
        this.kind.size
    }
}

fn list_of(cx: &mut Cx, this: This) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    let mut i = 0;
    while let Some(value) = item(cx, this, i)? {
        list.push(&mut cx.heap, value).or_raise(cx)?;
        i += 1;
    }
    Ok(list)
}

fn text_of(cx: &mut Cx, this: This) -> PyResult<Gc<Str>> {
    let mut out = StrBuilder::new();
    let words = this.data.borrow().clone();
    for word in words.chunks_exact(4) {
        let c = word.try_into().map_or(0, u32::from_ne_bytes);
        if c > 0x10FFFF {
            let message = format!("character U+{c:x} is not in range [U+0000; U+10ffff]");
            return Err(value_error(cx, message));
        }
        out.push(c);
    }
    out.finish(&mut cx.heap).or_raise(cx)
}

#[macros::native_module(
    name = "array",
    doc = "This module defines an object type which can efficiently represent\nan array of basic values: characters, integers, floating-point\nnumbers.  Arrays are sequence types and behave very much like lists,\nexcept that the type of objects stored in them is constrained.\n"
)]
pub mod module {
    use super::*;

    /// Internal. Used for pickling support.
    #[function("_array_reconstructor(arraytype, typecode, mformat_code, items, /)")]
    fn array_reconstructor(
        cx: &mut Cx,
        arraytype: Value,
        typecode: Value,
        mformat_code: i32,
        items: Value,
    ) -> PyResult {
        reconstruct::rebuild(cx, arraytype, typecode, mformat_code, items)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let class = runtime::native::class_of_spec(cx, &super::class::SPEC)?;
        register(cx, &super::class::SPEC, &EXPORTER);
        set_module_attr(cx, module, "array", class)?;
        set_module_attr(cx, module, "ArrayType", class)?;
        let abstract_class = runtime::import::import_attr(cx, "collections.abc", "MutableSequence")?;
        let register = cx.heap.intern("register");
        call_method(cx, abstract_class, register, &[class.value()])?;
        let codes = cx.heap.str("bBuwhHiIlLqQfd");
        set_module_attr(cx, module, "typecodes", codes)
    }
}
