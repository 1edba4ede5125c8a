//! `BytesIO`, and the object that its `getbuffer()` views look at.

use super::{base, size_argument};
use crate::support::{self, bytes_of};
use macros::{Trace, native_class};
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

#[derive(Trace)]
pub struct BytesIo {
    #[trace(skip)]
    data: Opaque<Vec<u8>>,
    position: Cell<usize>,
    closed: Cell<bool>,
    exports: Cell<usize>,
}

impl NativeData for BytesIo {
    const NAME: &'static str = "_io.BytesIO";
}

type This = Gc<Native<BytesIo>>;

fn check_closed(cx: &mut Cx, this: This) -> PyResult<()> {
    if this.closed.get() { Err(value_error(cx, "I/O operation on closed file.")) } else { Ok(()) }
}

fn check_exports(cx: &mut Cx, this: This) -> PyResult<()> {
    if runtime::buffer::has_exports(cx, &this.exports) {
        return Err(buffer_error(cx, "Existing exports of data: object cannot be re-sized"));
    }
    Ok(())
}

fn take(this: This, n: usize) -> Vec<u8> {
    let data = this.data.borrow();
    let start = this.position.get().min(data.len());
    let end = start.saturating_add(n).min(data.len());
    if end > start {
        this.position.set(end);
    }
    data[start..end].to_vec()
}

fn take_line(this: This, limit: Option<usize>) -> Vec<u8> {
    let n = {
        let data = this.data.borrow();
        let rest = &data[this.position.get().min(data.len())..];
        rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |i| i + 1)
    };
    take(this, n.min(limit.unwrap_or(usize::MAX)))
}

fn bytes_value(cx: &mut Cx, data: &[u8]) -> PyResult {
    Ok(cx.heap.bytes(data).or_raise(cx)?.value())
}

fn put(cx: &mut Cx, this: This, new: &[u8]) -> PyResult<usize> {
    check_closed(cx, this)?;
    check_exports(cx, this)?;
    if new.is_empty() {
        return Ok(0);
    }
    runtime::types::str::edit::check_length(cx, this.position.get().checked_add(new.len()))?;
    let mut data = this.data.borrow_mut();
    let start = this.position.get();
    if start > data.len() {
        data.resize(start, 0);
    }
    let overlap = new.len().min(data.len() - start);
    data[start..start + overlap].copy_from_slice(&new[..overlap]);
    data.extend_from_slice(&new[overlap..]);
    this.position.set(start + new.len());
    Ok(new.len())
}

/// Buffered I/O implementation using an in-memory bytes buffer.
#[native_class(
    name = "BytesIO", module = "_io", layout = Native<BytesIo>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::buffered_base::SPEC
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        let data = BytesIo {
            data: Opaque::new(Vec::new()),
            position: Cell::new(0),
            closed: Cell::new(false),
            exports: Cell::new(0),
        };
        if class.is_heap_type() {
            return new_native(cx, class, data).value();
        }
        // Nothing has to happen when a plain one goes.
        cx.heap.native(class.instance_shape.get(), data).value()
    }

    #[slot(init, "BytesIO(initial_bytes=b'')")]
    fn init(cx: &mut Cx, this: This, initial_bytes: Value) -> PyResult<()> {
        check_exports(cx, this)?;
        let data = if initial_bytes.is_none() { Vec::new() } else { bytes_of(cx, initial_bytes)? };
        *this.data.borrow_mut() = data;
        this.position.set(0);
        this.closed.set(false);
        Ok(())
    }

    /// Always returns False.
    ///
    /// BytesIO objects are not connected to a TTY-like device.
    #[method("isatty($self, /)")]
    fn isatty(cx: &mut Cx, this: This) -> PyResult<bool> {
        check_closed(cx, this)?;
        Ok(false)
    }

    /// Returns True if the IO object can be read.
    #[method("readable($self, /)")]
    fn readable(cx: &mut Cx, this: This) -> PyResult<bool> {
        check_closed(cx, this)?;
        Ok(true)
    }

    /// Returns True if the IO object can be written.
    #[method("writable($self, /)")]
    fn writable(cx: &mut Cx, this: This) -> PyResult<bool> {
        check_closed(cx, this)?;
        Ok(true)
    }

    /// Returns True if the IO object can be seeked.
    #[method("seekable($self, /)")]
    fn seekable(cx: &mut Cx, this: This) -> PyResult<bool> {
        check_closed(cx, this)?;
        Ok(true)
    }

    /// Does nothing.
    #[method("flush($self, /)")]
    fn flush(cx: &mut Cx, this: This) -> PyResult<()> {
        check_closed(cx, this)
    }

    /// Current file position, an integer.
    #[method("tell($self, /)")]
    fn tell(cx: &mut Cx, this: This) -> PyResult<usize> {
        check_closed(cx, this)?;
        Ok(this.position.get())
    }

    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: This, size: Option<Value>) -> PyResult {
        check_closed(cx, this)?;
        let size = size_argument(cx, size.unwrap_or(Value::NONE))?;
        let data = take(this, size.unwrap_or(usize::MAX));
        bytes_value(cx, &data)
    }

    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative or omitted, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[method("read1($self, size=-1, /)")]
    fn read1(cx: &mut Cx, this: This, size: Option<Value>) -> PyResult {
        read(cx, this, size)
    }

    /// Return at most size bytes from the current position without moving it.
    #[method("peek($self, size=1, /)")]
    fn peek(cx: &mut Cx, this: This, size: Option<i64>) -> PyResult {
        check_closed(cx, this)?;
        let position = this.position.get();
        let data = take(this, usize::try_from(size.unwrap_or(1)).unwrap_or(usize::MAX));
        this.position.set(position);
        bytes_value(cx, &data)
    }

    /// Next line from the file, as a bytes object.
    ///
    /// Retain newline.  A non-negative size argument limits the maximum
    /// number of bytes to return (an incomplete line may be returned then).
    /// Return an empty bytes object at EOF.
    #[method("readline($self, size=-1, /)")]
    fn readline(cx: &mut Cx, this: This, size: Option<Value>) -> PyResult {
        check_closed(cx, this)?;
        let limit = size_argument(cx, size.unwrap_or(Value::NONE))?;
        let line = take_line(this, limit);
        bytes_value(cx, &line)
    }

    /// List of bytes objects, each a line from the file.
    ///
    /// Call readline() repeatedly and return a list of the lines so read.
    /// The optional size argument, if given, is an approximate bound on the
    /// total number of bytes in the lines returned.
    #[method("readlines($self, size=None, /)")]
    fn readlines(cx: &mut Cx, this: This, size: Value) -> PyResult<Gc<List>> {
        check_closed(cx, this)?;
        let hint = size_argument(cx, size)?.filter(|&n| n > 0).unwrap_or(usize::MAX);
        let list = List::empty(&mut cx.heap);
        let mut total = 0;
        while total < hint {
            let line = take_line(this, None);
            if line.is_empty() {
                break;
            }
            total += line.len();
            let line = bytes_value(cx, &line)?;
            list.push(&mut cx.heap, line).or_raise(cx)?;
        }
        Ok(list)
    }

    /// Read bytes into buffer.
    ///
    /// Returns number of bytes read (0 for EOF), or None if the object
    /// is set not to block and has no data to read.
    #[method("readinto($self, buffer, /)")]
    fn readinto(cx: &mut Cx, this: This, buffer: Value) -> PyResult<usize> {
        check_closed(cx, this)?;
        let n = support::writable_len(cx, buffer)?;
        let data = take(this, n);
        support::write_into(cx, buffer, &data)?;
        Ok(data.len())
    }

    /// Truncate the file to at most size bytes.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is unchanged.  Returns the new size.
    #[method("truncate($self, size=None, /)")]
    fn truncate(cx: &mut Cx, this: This, size: Value) -> PyResult<usize> {
        check_closed(cx, this)?;
        check_exports(cx, this)?;
        let size = if size.is_none() { this.position.get() as i64 } else { runtime::number::as_i64(cx, size)? };
        let Ok(size) = usize::try_from(size) else {
            return Err(value_error(cx, format!("negative size value {size}")));
        };
        this.data.borrow_mut().truncate(size);
        Ok(size)
    }

    /// Change stream position.
    ///
    /// Seek to byte offset pos relative to position indicated by whence:
    ///      0  Start of stream (the default).  pos should be >= 0;
    ///      1  Current position - pos may be negative;
    ///      2  End of stream - pos usually negative.
    /// Returns the new absolute position.
    #[method("seek($self, pos, whence=0, /)")]
    fn seek(cx: &mut Cx, this: This, pos: i64, whence: i32) -> PyResult<usize> {
        check_closed(cx, this)?;
        let base = match whence {
            0 if pos < 0 => return Err(value_error(cx, format!("negative seek value {pos}"))),
            0 => 0,
            1 => this.position.get() as i64,
            2 => this.data.borrow().len() as i64,
            _ => return Err(value_error(cx, format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        };
        let Some(position) = base.checked_add(pos) else { return Err(overflow_error(cx, "new position too large")) };
        let position = position.max(0) as usize;
        this.position.set(position);
        Ok(position)
    }

    /// Write bytes to file.
    ///
    /// Return the number of bytes written.
    #[method("write($self, b, /)")]
    fn write(cx: &mut Cx, this: This, b: Value) -> PyResult<usize> {
        if let Some(bytes) = b.downcast::<Bytes>() {
            return put(cx, this, bytes.as_slice());
        }
        check_closed(cx, this)?;
        let data = bytes_of(cx, b)?;
        put(cx, this, &data)
    }

    /// Write lines to the file.
    ///
    /// Note that newlines are not added.  lines can be any iterable object
    /// producing bytes-like objects. This is equivalent to calling write() for
    /// each element.
    #[method("writelines($self, lines, /)")]
    fn writelines(cx: &mut Cx, this: This, lines: Value) -> PyResult<()> {
        check_closed(cx, this)?;
        let iterator = get_iter(cx, lines)?;
        while let Some(line) = next_item(cx, iterator)? {
            write(cx, this, line)?;
        }
        Ok(())
    }

    fn next_item(cx: &mut Cx, iterator: Value) -> PyResult<Option<Value>> {
        runtime::iterate::next(cx, iterator)
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[method("getbuffer($self, /)")]
    fn getbuffer(cx: &mut Cx, this: This) -> PyResult {
        check_closed(cx, this)?;
        let class = runtime::native::class_of_spec(cx, &view_class::SPEC)?;
        let view = new_native(cx, class, View { owner: GcSlot::of(this) });
        let name = cx.heap.intern("memoryview");
        match cx.vm().builtins.get().and_then(|b| b.get_str(name)) {
            Some(memoryview) => call(cx, memoryview, &[view.value()]),
            None => Err(runtime_error(cx, "lost builtins.memoryview")),
        }
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[method("getvalue($self, /)")]
    fn getvalue(cx: &mut Cx, this: This) -> PyResult {
        check_closed(cx, this)?;
        let data = this.data.borrow();
        bytes_value(cx, &data)
    }

    /// Disable all I/O operations.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: This) -> PyResult<()> {
        check_exports(cx, this)?;
        this.closed.set(true);
        *this.data.borrow_mut() = Vec::new();
        Ok(())
    }

    /// State for pickling.
    #[method("__getstate__($self, /)")]
    fn getstate(cx: &mut Cx, this: This) -> PyResult {
        let value = getvalue(cx, this)?;
        let position = Int::from_len(this.position.get()).value();
        let dict = match runtime::attribute::instance_dict(cx, this.value())? {
            Some(dict) => runtime::dict::copy(cx, dict)?.value(),
            None => Value::NONE,
        };
        Ok(cx.heap.tuple(&[value, position, dict]).value())
    }

    /// Restore the state of `__getstate__`.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: This, state: Gc<Tuple>) -> PyResult<()> {
        if state.len() != 3 {
            let name = type_name(cx, this.value());
            return Err(type_error(cx, format!("{name}.__setstate__ argument should be 3-tuple, got tuple")));
        }
        check_exports(cx, this)?;
        let data = bytes_of(cx, state.get(0))?;
        *this.data.borrow_mut() = data;
        this.closed.set(false);
        let position = runtime::number::as_i64(cx, state.get(1))?;
        let Ok(position) = usize::try_from(position) else {
            return Err(value_error(cx, "position value cannot be negative"));
        };
        this.position.set(position);
        if let (Some(own), Some(extra)) =
            (runtime::attribute::instance_dict(cx, this.value())?, state.get(2).downcast::<Dict>())
        {
            runtime::dict::update(cx, own, extra.value())?;
        }
        Ok(())
    }

    /// True if the file is closed.
    #[getter]
    fn closed(this: This) -> bool {
        this.closed.get()
    }

    #[slot]
    fn iter(cx: &mut Cx, this: This) -> PyResult {
        check_closed(cx, this)?;
        Ok(this.value())
    }

    #[slot]
    fn next(cx: &mut Cx, this: This) -> PyResult<Option<Value>> {
        check_closed(cx, this)?;
        let line = take_line(this, None);
        Ok(if line.is_empty() { None } else { Some(bytes_value(cx, &line)?) })
    }

    #[init]
    fn init_class(_cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        // As in CPython, only instances of subclasses are closed when they go.
        class.set_trait(object::class::traits::HAS_DEL, false);
        Ok(())
    }
}

/// What a memoryview of a BytesIO's content refers to.
#[derive(Trace)]
pub struct View {
    owner: GcSlot<Native<BytesIo>>,
}

impl NativeData for View {
    const NAME: &'static str = "_io._BytesIOBuffer";
}

fn owner(value: Value) -> Option<This> {
    value.cast::<Native<View>>().map(|view| view.owner.expect())
}

static EXPORTER: runtime::buffer::Exporter = runtime::buffer::Exporter {
    layout: |_, v| Ok(runtime::buffer::Layout::bytes(owner(v).map_or(0, |o| o.data.borrow().len()))),
    is_readonly: |_| false,
    acquire: |v| {
        if let Some(owner) = owner(v) {
            owner.exports.set(owner.exports.get() + 1);
        }
    },
    release: |v| {
        if let Some(owner) = owner(v) {
            owner.exports.set(owner.exports.get().saturating_sub(1));
        }
    },
    read: |v, f| {
        if let Some(owner) = owner(v) {
            f(&owner.data.borrow());
        }
    },
    write: |v, f| {
        if let Some(owner) = owner(v) {
            f(&mut owner.data.borrow_mut());
        }
    },
};

/// The content of a BytesIO as a buffer.
#[native_class(name = "_BytesIOBuffer", module = "_io", layout = Native<View>, flags = DISALLOW_INSTANTIATION)]
pub mod view_class {
    use super::*;

    #[init]
    fn init_class(cx: &mut Cx, _class: Gc<Class>) -> PyResult<()> {
        runtime::buffer::register(cx, &SPEC, &EXPORTER);
        Ok(())
    }
}
