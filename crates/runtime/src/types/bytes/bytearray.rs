//! `bytearray`: what only the mutable type has.
//!
//! While views of it exist the length cannot change.

use super::shared::bytes_class;
use super::{Constructed, Kind, argument, byte_value, construct, from_iterable, item_index};
use crate::buffer;
use crate::format;
use crate::prelude::*;

/// Whether the length may change now.
pub fn check_exports(cx: &mut Cx, this: Gc<ByteArray>) -> PyResult<()> {
    if buffer::has_exports(cx, &this.exports) {
        return Err(buffer_error(cx, "Existing exports of data: object cannot be re-sized"));
    }
    Ok(())
}

/// Replace `[start, end)` by `new`. What Python code has taken away since the bounds were found is not there to be replaced.
fn splice(cx: &mut Cx, this: Gc<ByteArray>, start: usize, end: usize, new: &[u8]) -> PyResult<()> {
    if new.len() != end - start {
        check_exports(cx, this)?;
    }
    let mut data = this.data.borrow_mut();
    let end = end.min(data.len());
    let start = start.min(end);
    if new.len() == end - start {
        data[start..end].copy_from_slice(new);
    } else {
        data.splice(start..end, new.iter().copied());
    }
    Ok(())
}

/// What C's `PyNumber_Check` says.
fn is_number(cx: &Cx, value: Value) -> bool {
    let slots = &cx.class_of(value).slots;
    slots.index.get().is_some()
        || slots.int.get().is_some()
        || slots.float.get().is_some()
        || value.downcast::<Complex>().is_some()
}

/// The bytes that a slice is to become.
fn assigned(cx: &mut Cx, value: Value) -> PyResult<Vec<u8>> {
    if buffer::is_buffer(cx, value) {
        return Ok(argument(cx, value)?.to_vec());
    }
    if value.downcast::<Str>().is_some() || is_number(cx, value) {
        return Err(type_error(cx, "can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    let class = cx.types().bytearray.value();
    let array = call(cx, class, &[value])?;
    Ok(array.cast::<ByteArray>().map_or_else(Vec::new, |array| array.data.borrow().clone()))
}

fn set_slice(cx: &mut Cx, this: Gc<ByteArray>, slice: Gc<Slice>, value: Option<Value>) -> PyResult<()> {
    let (start, stop, step, count) = slice_indices(cx, slice, || this.data.borrow().len())?;
    let new = match value {
        Some(value) => assigned(cx, value)?,
        None => Vec::new(),
    };
    if step == 1 {
        let start = start as usize;
        return splice(cx, this, start, (stop.max(start as isize)) as usize, &new);
    }
    if new.is_empty() {
        if count == 0 {
            return Ok(());
        }
        check_exports(cx, this)?;
        let mut index = 0;
        let is_removed = |i: isize| {
            let distance = i - start;
            distance % step == 0 && (0..count as isize).contains(&(distance / step))
        };
        this.data.borrow_mut().retain(|_| {
            index += 1;
            !is_removed(index - 1)
        });
        return Ok(());
    }
    if new.len() != count {
        let message = format!("attempt to assign bytes of size {} to extended slice of size {count}", new.len());
        return Err(value_error(cx, message));
    }
    let mut data = this.data.borrow_mut();
    for (i, byte) in new.into_iter().enumerate() {
        data[(start + i as isize * step) as usize] = byte;
    }
    Ok(())
}

fn set(cx: &mut Cx, this: Gc<ByteArray>, key: Value, value: Option<Value>) -> PyResult<()> {
    if let (Some(i), Some(byte)) = (key.as_int(), value.and_then(Value::as_int))
        && let (Ok(i), Ok(byte)) = (usize::try_from(i.get()), u8::try_from(byte.get()))
        && let Some(slot) = this.data.borrow_mut().get_mut(i)
    {
        *slot = byte;
        return Ok(());
    }
    if let Some(slice) = key.cast::<Slice>() {
        return set_slice(cx, this, slice, value);
    }
    let Some(i) = item_index(cx, key, || this.data.borrow().len(), Kind::Array)? else {
        return Err(index_error(cx, "bytearray index out of range"));
    };
    match value {
        None => splice(cx, this, i, i + 1, &[]),
        Some(value) => {
            let byte = byte_value(cx, value)?;
            // `__index__` may have shortened the array.
            match this.data.borrow_mut().get_mut(i) {
                Some(slot) => {
                    *slot = byte;
                    Ok(())
                }
                None => Err(index_error(cx, "bytearray index out of range")),
            }
        }
    }
}

/// Append a bytes-like object or the ints of an iterable.
fn extend(cx: &mut Cx, this: Gc<ByteArray>, iterable: Value) -> PyResult<()> {
    let n = this.data.borrow().len();
    if buffer::is_buffer(cx, iterable) {
        let new = argument(cx, iterable)?.to_vec();
        return splice(cx, this, n, n, &new);
    }
    let new = if iterable.downcast::<Str>().is_some() {
        return Err(type_error(cx, "expected iterable of integers; got: 'str'"));
    } else if !crate::iterate::is_iterable(cx, iterable) {
        let name = type_name(cx, iterable);
        return Err(type_error(cx, format_args!("can't extend bytearray with {name}")));
    } else {
        from_iterable(cx, iterable, Kind::Array)?
    };
    let n = this.data.borrow().len();
    splice(cx, this, n, n, &new)
}

/// `(class, (text, 'latin-1'), state)` for pickling; from protocol 3 on the bytes themselves.
fn reduced(cx: &mut Cx, this: Gc<ByteArray>, protocol: i64) -> PyResult<Gc<Tuple>> {
    let data = this.data.borrow().clone();
    let args = if protocol < 3 {
        let text = Str::from_latin1(&mut cx.heap, &data).or_raise(cx)?;
        let encoding = cx.heap.str("latin-1");
        cx.heap.tuple(&[text.value(), encoding])
    } else {
        let bytes = Bytes::new(&mut cx.heap, &data).or_raise(cx)?;
        if data.is_empty() { cx.vm().empty_tuple() } else { cx.heap.tuple(&[bytes.value()]) }
    };
    let name = cx.names().__getstate__;
    let state = call_method(cx, this.value(), name, &[])?;
    let class = cx.class_of(this.value());
    Ok(cx.heap.tuple(&[class.value(), args.value(), state]))
}

bytes_class! {
    name = "bytearray",
    layout = ByteArray,
    flags = BASETYPE | MATCH_SELF,
    doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array\n\nA mutable sequence of bytes.",
    own = {
        #[slot]
        fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult {
            let object = ByteArray::new(&mut cx.heap, class.instance_shape.get(), Vec::new()).value();
            if class.has_trait(object::class::traits::HAS_DEL) {
                cx.vm().lifetimes.register_finalizable(object);
            }
            Ok(object)
        }

        #[slot]
        fn init(cx: &mut Cx, this: Gc<ByteArray>, args: Args<'_>) -> PyResult<()> {
            // What was there goes first: a constructor that fails leaves nothing.
            if !this.data.borrow().is_empty() {
                check_exports(cx, this)?;
                this.data.borrow_mut().clear();
            }
            let data = match construct(cx, args, Kind::Array)? {
                Constructed::Object(bytes) => bytes.as_slice().to_vec(),
                Constructed::Data(data) => data,
            };
            if !data.is_empty() {
                check_exports(cx, this)?;
            }
            *this.data.borrow_mut() = data;
            Ok(())
        }

        #[slot]
        fn repr(cx: &mut Cx, this: Gc<ByteArray>) -> PyResult<Gc<Str>> {
            let name = cx.class_of(this.value()).display_name();
            let data = this.data.borrow().clone();
            super::super::repr(cx, &data, Some(&name))
        }

        #[slot]
        fn iter(cx: &mut Cx, this: Gc<ByteArray>) -> PyResult {
            let shape = cx.heap.shapes().bytearray_iterator;
            Ok(cx.heap.bytes_iter(shape, this.value()).value())
        }

        #[slot]
        fn setitem(cx: &mut Cx, this: Gc<ByteArray>, key: Value, value: Option<Value>) -> PyResult<()> {
            set(cx, this, key, value)
        }

        #[slot]
        fn inplace_concat(cx: &mut Cx, this: Gc<ByteArray>, other: Value) -> PyResult {
            if !buffer::is_buffer(cx, other) {
                let name = type_name(cx, other);
                return Err(type_error(cx, format_args!("can't concat {name} to bytearray")));
            }
            let new = argument(cx, other)?;
            if !new.is_empty() {
                check_exports(cx, this)?;
            }
            let n = this.data.borrow().len();
            crate::types::str::edit::check_length(cx, n.checked_add(new.len()))?;
            this.data.borrow_mut().extend_from_slice(&new);
            Ok(this.value())
        }

        #[slot]
        fn inplace_repeat(cx: &mut Cx, this: Gc<ByteArray>, times: Value) -> PyResult {
            let n = crate::item::sequence_index(cx, times)?.max(0) as usize;
            let len = this.data.borrow().len();
            crate::types::str::edit::check_length(cx, len.checked_mul(n))?;
            if n != 1 && len > 0 {
                check_exports(cx, this)?;
                let out = this.data.borrow().repeat(n);
                *this.data.borrow_mut() = out;
            }
            Ok(this.value())
        }

        #[slot(binary = Remainder)]
        fn remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
            match left.cast::<ByteArray>() {
                Some(bytes) => {
                    let data = bytes.data.borrow().clone();
                    let template = Bytes::new(&mut cx.heap, &data).or_raise(cx)?;
                    let format = |cx: &mut Cx| format::percent::format_bytes_percent(cx, template, right);
                    let out = Source::from(bytes).held(cx, format)?;
                    Kind::Array.make(cx, out)
                }
                None => Ok(Value::NOT_IMPLEMENTED),
            }
        }

        #[init]
        fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
            let name = cx.names().__hash__;
            if let Some(dict) = class.dict.get() {
                dict.set_str(&mut cx.heap, name, Value::NONE).or_raise(cx)?;
            }
            Ok(())
        }

        /// Append an int as one byte at the end.
        #[method("append($self, item, /)")]
        fn append(cx: &mut Cx, this: Gc<ByteArray>, item: Value) -> PyResult<()> {
            let byte = byte_value(cx, item)?;
            check_exports(cx, this)?;
            this.data.borrow_mut().push(byte);
            Ok(())
        }

        /// Remove all bytes.
        #[method("clear($self, /)")]
        fn clear(cx: &mut Cx, this: Gc<ByteArray>) -> PyResult<()> {
            check_exports(cx, this)?;
            this.data.borrow_mut().clear();
            Ok(())
        }

        /// Return a copy.
        #[method("copy($self, /)")]
        fn copy(cx: &mut Cx, this: Gc<ByteArray>) -> PyResult {
            let data = this.data.borrow().clone();
            Kind::Array.make(cx, data)
        }

        /// Append the bytes of a buffer or the ints of an iterable.
        #[method("extend($self, iterable_of_ints, /)")]
        fn extend(cx: &mut Cx, this: Gc<ByteArray>, iterable_of_ints: Value) -> PyResult<()> {
            super::extend(cx, this, iterable_of_ints)
        }

        /// Insert an int as one byte before the index.
        #[method("insert($self, index, item, /)")]
        fn insert(cx: &mut Cx, this: Gc<ByteArray>, index: Value, item: Value) -> PyResult<()> {
            let index = crate::number::as_isize(cx, index)?;
            let byte = byte_value(cx, item)?;
            check_exports(cx, this)?;
            let mut data = this.data.borrow_mut();
            let n = data.len() as isize;
            let index = if index < 0 { (index + n).max(0) } else { index.min(n) };
            data.insert(index as usize, byte);
            Ok(())
        }

        /// Remove and return the byte at the index, by default the last.
        #[method("pop($self, index=-1, /)")]
        fn pop(cx: &mut Cx, this: Gc<ByteArray>, index: isize) -> PyResult<i64> {
            let n = this.data.borrow().len() as isize;
            if n == 0 {
                return Err(index_error(cx, "pop from empty bytearray"));
            }
            let index = if index < 0 { index + n } else { index };
            if !(0..n).contains(&index) {
                return Err(index_error(cx, "pop index out of range"));
            }
            check_exports(cx, this)?;
            Ok(this.data.borrow_mut().remove(index as usize) as i64)
        }

        /// Remove the first byte of this value; a ValueError if there is none.
        #[method("remove($self, value, /)")]
        fn remove(cx: &mut Cx, this: Gc<ByteArray>, value: Value) -> PyResult<()> {
            let byte = byte_value(cx, value)?;
            let Some(i) = Source::from(this).with(|data| memchr::memchr(byte, data)) else {
                return Err(value_error(cx, "value not found in bytearray"));
            };
            splice(cx, this, i, i + 1, &[])
        }

        /// Make the bytearray this long, with zeros in what is new.
        #[method("resize($self, size, /)")]
        fn resize(cx: &mut Cx, this: Gc<ByteArray>, size: isize) -> PyResult<()> {
            let Ok(n) = usize::try_from(size) else {
                return Err(value_error(cx, format_args!("Can only resize to positive sizes, got {size}")));
            };
            let n = crate::types::str::edit::check_length(cx, Some(n))?;
            if n != this.data.borrow().len() {
                check_exports(cx, this)?;
            }
            this.data.borrow_mut().resize(n, 0);
            Ok(())
        }

        /// Reverse the order of the bytes in place.
        #[method("reverse($self, /)")]
        fn reverse(this: Gc<ByteArray>) {
            this.data.borrow_mut().reverse();
        }

        /// Return the number of bytes actually allocated.
        #[method("__alloc__($self, /)")]
        fn __alloc__(this: Gc<ByteArray>) -> usize {
            // One more than the content, for the terminator that C code would see.
            this.data.borrow().capacity() + 1
        }

        /// Return the size of the object in memory, in bytes.
        #[method("__sizeof__($self, /)")]
        fn __sizeof__(this: Gc<ByteArray>) -> usize {
            size_of::<ByteArray>() + this.data.borrow().capacity()
        }

        /// Return state information for pickling.
        #[method("__reduce__($self, /)")]
        fn __reduce__(cx: &mut Cx, this: Gc<ByteArray>) -> PyResult<Gc<Tuple>> {
            reduced(cx, this, 2)
        }

        /// Return state information for pickling.
        #[method("__reduce_ex__($self, proto=0, /)")]
        fn __reduce_ex__(cx: &mut Cx, this: Gc<ByteArray>, proto: i64) -> PyResult<Gc<Tuple>> {
            reduced(cx, this, proto)
        }

        /// Return a memoryview of the bytes.
        #[method("__buffer__($self, flags, /)")]
        fn __buffer__(cx: &mut Cx, this: Value, flags: i64) -> PyResult {
            crate::types::memoryview::buffer_method(cx, this, flags)
        }

        /// Release the view that __buffer__() gave.
        #[method("__release_buffer__($self, buffer, /)")]
        fn __release_buffer__(cx: &mut Cx, _this: Value, buffer: Value) -> PyResult<()> {
            crate::types::memoryview::release_method(cx, buffer)
        }

        /// Make a bytearray of hexadecimal digits, two a byte. White space between bytes is passed over.
        #[classmethod("fromhex($type, string, /)")]
        fn fromhex(cx: &mut Cx, class: Gc<Class>, string: Value) -> PyResult {
            let data = super::super::methods::from_hex(cx, string)?;
            let value = Kind::Array.make(cx, data)?;
            if class == cx.types().bytearray { Ok(value) } else { call(cx, class.value(), &[value]) }
        }
    }
}
