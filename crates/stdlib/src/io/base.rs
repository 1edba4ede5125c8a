//! `_IOBase` and the three abstract classes below it.

use super::{invoke, unsupported};
use crate::support::set_own;
use macros::native_class;
use runtime::prelude::*;

const CLOSED: &str = "__IOBase_closed";

/// Whether `stream.closed` is true, for any stream.
pub fn is_closed(cx: &mut Cx, stream: Value) -> PyResult<bool> {
    let name = cx.heap.intern("closed");
    let closed = get_attr(cx, stream, name)?;
    is_true(cx, closed)
}

/// ValueError when the stream is closed.
pub fn check_closed(cx: &mut Cx, stream: Value) -> PyResult<()> {
    if is_closed(cx, stream)? { Err(value_error(cx, "I/O operation on closed file.")) } else { Ok(()) }
}

fn check_able(cx: &mut Cx, stream: Value, method: &str, message: &str) -> PyResult {
    let able = invoke(cx, stream, method, &[])?;
    if able == Value::TRUE { Ok(able) } else { Err(unsupported(cx, message)) }
}

pub fn check_readable(cx: &mut Cx, stream: Value) -> PyResult {
    check_able(cx, stream, "readable", "File or stream is not readable.")
}

pub fn check_writable(cx: &mut Cx, stream: Value) -> PyResult {
    check_able(cx, stream, "writable", "File or stream is not writable.")
}

pub fn check_seekable(cx: &mut Cx, stream: Value) -> PyResult {
    check_able(cx, stream, "seekable", "File or stream is not seekable.")
}

/// `__del__` of every stream: close it, dropping errors as CPython does.
pub fn finalize(cx: &mut Cx, stream: Value) -> PyResult<()> {
    match is_closed(cx, stream) {
        Ok(true) => Ok(()),
        Ok(false) => {
            set_own(cx, stream, "_finalizing", Value::TRUE)?;
            if let Err(raised) = invoke(cx, stream, "close", &[]) {
                let exception = cx.take_raised(raised);
                let message = "Exception ignored while finalizing file";
                runtime::safepoint::write_unraisable_of(cx, exception, message, stream);
            }
            Ok(())
        }
        Err(raised) => {
            cx.take_raised(raised);
            Ok(())
        }
    }
}

/// A plain instance of a stream class.
fn new_stream(cx: &mut Cx, class: Gc<Class>) -> Value {
    let stream = cx.heap.instance(class.instance_shape.get());
    cx.vm().lifetimes.register_finalizable(stream);
    finalized_late(stream);
    stream
}

/// A stream of a native layout. Streams that die together are closed from the outermost to the innermost.
pub fn new_native_stream<T: object::NativeData>(cx: &mut Cx, class: Gc<Class>, data: T) -> Gc<Native<T>> {
    let stream = runtime::native::new_native(cx, class, data);
    finalized_late(stream.value());
    stream
}

fn finalized_late(stream: Value) {
    if let Some(header) = stream.header() {
        header.set_flag(object::header_flags::FINALIZE_LATE);
    }
}

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that
/// derived classes can override selectively; the default implementations
/// represent a file that cannot be read, written or seeked.
#[native_class(name = "_IOBase", module = "_io", flags = BASETYPE, traits = HAS_DICT | HAS_WEAKREF)]
pub mod io_base {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        new_stream(cx, class)
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: Value) -> PyResult<()> {
        super::finalize(cx, this)
    }

    /// Change the stream position to the given byte offset.
    #[method("seek($self, offset, whence=0, /)")]
    fn seek(cx: &mut Cx, _this: Value, _offset: Value, _whence: Option<Value>) -> PyResult<()> {
        Err(unsupported(cx, "seek"))
    }

    /// Return current stream position.
    #[method("tell($self, /)")]
    fn tell(cx: &mut Cx, this: Value) -> PyResult {
        invoke(cx, this, "seek", &[Int::ZERO.value(), Int::from_len(1).value()])
    }

    /// Truncate file to size bytes.
    ///
    /// File pointer is left unchanged. Size defaults to the current IO position
    /// as reported by tell(). Return the new size.
    #[method("truncate($self, size=None, /)")]
    fn truncate(cx: &mut Cx, _this: Value, _size: Value) -> PyResult<()> {
        Err(unsupported(cx, "truncate"))
    }

    /// Flush write buffers, if applicable.
    ///
    /// This is not implemented for read-only and non-blocking streams.
    #[method("flush($self, /)")]
    fn flush(cx: &mut Cx, this: Value) -> PyResult<()> {
        let name = cx.heap.intern(CLOSED);
        if get_attr_opt(cx, this, name)?.is_some() {
            return Err(value_error(cx, "I/O operation on closed file."));
        }
        Ok(())
    }

    /// Flush and close the IO object.
    ///
    /// This method has no effect if the file is already closed.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: Value) -> PyResult<()> {
        let name = cx.heap.intern(CLOSED);
        if get_attr_opt(cx, this, name)?.is_some() {
            return Ok(());
        }
        let flushed = invoke(cx, this, "flush", &[]);
        set_own(cx, this, CLOSED, Value::TRUE)?;
        flushed.map(drop)
    }

    /// Return whether object supports random access.
    ///
    /// If False, seek(), tell() and truncate() will raise OSError.
    /// This method may need to do a test seek().
    #[method("seekable($self, /)")]
    fn seekable(_this: Value) -> bool {
        false
    }

    /// Return whether object was opened for reading.
    ///
    /// If False, read() will raise OSError.
    #[method("readable($self, /)")]
    fn readable(_this: Value) -> bool {
        false
    }

    /// Return whether object was opened for writing.
    ///
    /// If False, write() will raise OSError.
    #[method("writable($self, /)")]
    fn writable(_this: Value) -> bool {
        false
    }

    /// Raise ValueError if the stream is closed.
    #[method("_checkClosed($self, msg=None, /)")]
    fn _check_closed(cx: &mut Cx, this: Value, _msg: Value) -> PyResult<()> {
        check_closed(cx, this)
    }

    /// Raise UnsupportedOperation unless the stream is seekable.
    #[method("_checkSeekable($self, msg=None, /)")]
    fn _check_seekable(cx: &mut Cx, this: Value, _msg: Value) -> PyResult {
        check_seekable(cx, this)
    }

    /// Raise UnsupportedOperation unless the stream is readable.
    #[method("_checkReadable($self, msg=None, /)")]
    fn _check_readable(cx: &mut Cx, this: Value, _msg: Value) -> PyResult {
        check_readable(cx, this)
    }

    /// Raise UnsupportedOperation unless the stream is writable.
    #[method("_checkWritable($self, msg=None, /)")]
    fn _check_writable(cx: &mut Cx, this: Value, _msg: Value) -> PyResult {
        check_writable(cx, this)
    }

    /// Return underlying file descriptor if one exists.
    ///
    /// Raise OSError if the IO object does not use a file descriptor.
    #[method("fileno($self, /)")]
    fn fileno(cx: &mut Cx, _this: Value) -> PyResult<()> {
        Err(unsupported(cx, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    ///
    /// Return False if it can't be determined.
    #[method("isatty($self, /)")]
    fn isatty(cx: &mut Cx, this: Value) -> PyResult<bool> {
        check_closed(cx, this)?;
        Ok(false)
    }

    /// Enter a with block.
    #[method("__enter__($self, /)")]
    fn enter(cx: &mut Cx, this: Value) -> PyResult {
        check_closed(cx, this)?;
        Ok(this)
    }

    /// Leave a with block.
    #[method("__exit__($self, /, *args)")]
    fn exit(cx: &mut Cx, this: Value, _args: Gc<Tuple>) -> PyResult {
        invoke(cx, this, "close", &[])
    }

    /// Read and return a line from the stream.
    ///
    /// If size is specified, at most size bytes will be read.
    ///
    /// The line terminator is always b'\n' for binary files; for text
    /// files, the newlines argument to open can be used to select the line
    /// terminator(s) recognized.
    #[method("readline($self, size=-1, /)")]
    fn readline(cx: &mut Cx, this: Value, size: Option<Value>) -> PyResult {
        let limit = super::super::size_argument(cx, size.unwrap_or(Value::NONE))?;
        let peek = cx.heap.intern("peek");
        let peek = get_attr_opt(cx, this, peek)?;
        let mut line: Vec<u8> = Vec::new();
        while limit.is_none_or(|n| line.len() < n) {
            let mut wanted = 1;
            if let Some(peek) = peek {
                let ahead = call(cx, peek, &[Int::from_len(1).value()])?;
                let Some(ahead) = ahead.downcast::<Bytes>() else {
                    let name = type_name(cx, ahead);
                    let class = cx.types().OSError;
                    return Err(raise_class(
                        cx,
                        class,
                        format!("peek() should have returned a bytes object, not '{name}'"),
                    ));
                };
                let ahead = ahead.as_slice();
                if !ahead.is_empty() {
                    wanted = ahead.iter().position(|&b| b == b'\n').map_or(ahead.len(), |i| i + 1);
                    if let Some(limit) = limit {
                        wanted = wanted.min(limit - line.len());
                    }
                }
            }
            let piece = invoke(cx, this, "read", &[Int::from_len(wanted).value()])?;
            let Some(piece) = piece.downcast::<Bytes>() else {
                let name = type_name(cx, piece);
                let class = cx.types().OSError;
                return Err(raise_class(
                    cx,
                    class,
                    format!("read() should have returned a bytes object, not '{name}'"),
                ));
            };
            if piece.is_empty() {
                break;
            }
            line.extend_from_slice(piece.as_slice());
            if line.last() == Some(&b'\n') {
                break;
            }
        }
        Ok(cx.heap.bytes(&line).or_raise(cx)?.value())
    }

    /// Return a list of lines from the stream.
    ///
    /// hint can be specified to control the number of lines read: no more
    /// lines will be read if the total size (in bytes/characters) of all
    /// lines so far exceeds hint.
    #[method("readlines($self, hint=-1, /)")]
    fn readlines(cx: &mut Cx, this: Value, hint: Option<Value>) -> PyResult<Gc<List>> {
        let hint = super::super::size_argument(cx, hint.unwrap_or(Value::NONE))?.filter(|&n| n > 0);
        let Some(hint) = hint else { return to_list(cx, this) };
        let list = List::empty(&mut cx.heap);
        let iterator = get_iter(cx, this)?;
        let mut total = 0;
        while let Some(line) = runtime::iterate::next(cx, iterator)? {
            list.push(&mut cx.heap, line).or_raise(cx)?;
            total += length(cx, line)?;
            if total > hint {
                break;
            }
        }
        Ok(list)
    }

    /// Write a list of lines to stream.
    ///
    /// Line separators are not added, so it is usual for each of the
    /// lines provided to have a line separator at the end.
    #[method("writelines($self, lines, /)")]
    fn writelines(cx: &mut Cx, this: Value, lines: Value) -> PyResult<()> {
        check_closed(cx, this)?;
        let iterator = get_iter(cx, lines)?;
        while let Some(line) = runtime::iterate::next(cx, iterator)? {
            let write = cx.names().write;
            call_method(cx, this, write, &[line])?;
        }
        Ok(())
    }

    /// Whether the stream is closed.
    #[getter]
    fn closed(cx: &mut Cx, this: Value) -> PyResult<bool> {
        let name = cx.heap.intern(CLOSED);
        Ok(get_attr_opt(cx, this, name)?.is_some())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Value) -> PyResult {
        check_closed(cx, this)?;
        Ok(this)
    }

    #[slot]
    fn next(cx: &mut Cx, this: Value) -> PyResult<Option<Value>> {
        let readline = cx.names().readline;
        let line = call_method(cx, this, readline, &[])?;
        Ok(if length(cx, line)? == 0 { None } else { Some(line) })
    }
}

/// Base class for raw binary I/O.
#[native_class(name = "_RawIOBase", module = "_io", flags = BASETYPE, base = super::io_base::SPEC)]
pub mod raw_base {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        new_stream(cx, class)
    }

    /// Read up to size bytes; all bytes until the end when size is negative.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: Value, size: Option<i64>) -> PyResult {
        let Ok(size) = usize::try_from(size.unwrap_or(-1)) else { return invoke(cx, this, "readall", &[]) };
        runtime::types::str::edit::check_length(cx, Some(size))?;
        let shape = cx.heap.shapes().bytearray;
        let buffer = ByteArray::new(&mut cx.heap, shape, vec![0; size]);
        let n = invoke(cx, this, "readinto", &[buffer.value()])?;
        if n.is_none() {
            return Ok(n);
        }
        let n = runtime::number::as_i64(cx, n)?;
        let data = buffer.data.borrow();
        let Some(data) = usize::try_from(n).ok().and_then(|n| data.get(..n)) else {
            return Err(value_error(cx, format!("readinto returned {n} outside buffer size {size}")));
        };
        Ok(cx.heap.bytes(data).or_raise(cx)?.value())
    }

    /// Read until EOF, using multiple read() call.
    #[method("readall($self, /)")]
    fn readall(cx: &mut Cx, this: Value) -> PyResult {
        let mut all: Vec<u8> = Vec::new();
        loop {
            let piece = invoke(cx, this, "read", &[Int::from_len(super::super::DEFAULT_BUFFER_SIZE).value()])?;
            if piece.is_none() {
                if all.is_empty() {
                    return Ok(piece);
                }
                break;
            }
            let Some(piece) = piece.downcast::<Bytes>() else {
                return Err(type_error(cx, "read() should return bytes"));
            };
            if piece.is_empty() {
                break;
            }
            all.extend_from_slice(piece.as_slice());
        }
        Ok(cx.heap.bytes(&all).or_raise(cx)?.value())
    }

    /// Read bytes into buffer.
    #[method("readinto($self, buffer, /)")]
    fn readinto(cx: &mut Cx, _this: Value, _buffer: Value) -> PyResult<()> {
        Err(not_implemented_error(cx, ""))
    }

    /// Write buffer to file.
    #[method("write($self, b, /)")]
    fn write(cx: &mut Cx, _this: Value, _b: Value) -> PyResult<()> {
        Err(not_implemented_error(cx, ""))
    }
}

/// Base class for buffered IO objects.
///
/// The main difference with RawIOBase is that the read() method
/// supports omitting the size argument, and does not have a default
/// implementation that defers to readinto().
#[native_class(name = "_BufferedIOBase", module = "_io", flags = BASETYPE, base = super::io_base::SPEC)]
pub mod buffered_base {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        new_stream(cx, class)
    }

    /// Disconnect this buffer from its underlying raw stream and return it.
    ///
    /// After the raw stream has been detached, the buffer is in an unusable
    /// state.
    #[method("detach($self, /)")]
    fn detach(cx: &mut Cx, _this: Value) -> PyResult<()> {
        Err(unsupported(cx, "detach"))
    }

    /// Read and return up to n bytes.
    ///
    /// If the size argument is omitted, None, or negative, read and
    /// return all data until EOF.
    ///
    /// Return an empty bytes object on EOF.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, _this: Value, _size: Option<Value>) -> PyResult<()> {
        Err(unsupported(cx, "read"))
    }

    /// Read and return up to size bytes, with at most one read() call to the underlying raw stream.
    ///
    /// Return an empty bytes object on EOF.
    /// A short result does not imply that EOF is imminent.
    #[method("read1($self, size=-1, /)")]
    fn read1(cx: &mut Cx, _this: Value, _size: Option<Value>) -> PyResult<()> {
        Err(unsupported(cx, "read1"))
    }

    /// Read bytes into buffer.
    #[method("readinto($self, buffer, /)")]
    fn readinto(cx: &mut Cx, this: Value, buffer: Value) -> PyResult<usize> {
        read_into(cx, this, buffer, "read")
    }

    /// Read bytes into buffer with at most one read() call.
    #[method("readinto1($self, buffer, /)")]
    fn readinto1(cx: &mut Cx, this: Value, buffer: Value) -> PyResult<usize> {
        read_into(cx, this, buffer, "read1")
    }

    /// Write buffer b to the IO stream.
    ///
    /// Return the number of bytes written, which is always
    /// the length of b in bytes.
    ///
    /// Raise BlockingIOError if the buffer is full and the
    /// underlying raw stream cannot accept more data at the moment.
    #[method("write($self, b, /)")]
    fn write(cx: &mut Cx, _this: Value, _b: Value) -> PyResult<()> {
        Err(unsupported(cx, "write"))
    }

    fn read_into(cx: &mut Cx, this: Value, buffer: Value, method: &str) -> PyResult<usize> {
        let size = crate::support::writable_len(cx, buffer)?;
        let data = invoke(cx, this, method, &[Int::from_len(size).value()])?;
        let Some(data) = data.downcast::<Bytes>() else { return Err(type_error(cx, "read() should return bytes")) };
        if data.len() > size {
            let n = data.len();
            return Err(value_error(
                cx,
                format!("read() returned too much data: {size} bytes requested, {n} returned"),
            ));
        }
        crate::support::write_into(cx, buffer, data.as_slice())?;
        Ok(data.len())
    }
}

/// Base class for text I/O.
///
/// This class provides a character and line based interface to stream
/// I/O. There is no readinto method because Python's character strings
/// are immutable.
#[native_class(name = "_TextIOBase", module = "_io", flags = BASETYPE, base = super::io_base::SPEC)]
pub mod text_base {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        new_stream(cx, class)
    }

    /// Separate the underlying buffer from the TextIOBase and return it.
    ///
    /// After the underlying buffer has been detached, the TextIO is in an unusable state.
    #[method("detach($self, /)")]
    fn detach(cx: &mut Cx, _this: Value) -> PyResult<()> {
        Err(unsupported(cx, "detach"))
    }

    /// Read at most size characters from stream.
    ///
    /// Read from underlying buffer until we have size characters or we hit EOF.
    /// If size is negative or omitted, read until EOF.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, _this: Value, _size: Option<Value>) -> PyResult<()> {
        Err(unsupported(cx, "read"))
    }

    /// Read until newline or EOF.
    ///
    /// Return an empty string if EOF is hit immediately.
    /// If size is specified, at most size characters will be read.
    #[method("readline($self, size=-1, /)")]
    fn readline(cx: &mut Cx, _this: Value, _size: Option<Value>) -> PyResult<()> {
        Err(unsupported(cx, "readline"))
    }

    /// Write string s to stream.
    ///
    /// Return the number of characters written
    /// (which is always equal to the length of the string).
    #[method("write($self, s, /)")]
    fn write(cx: &mut Cx, _this: Value, _s: Value) -> PyResult<()> {
        Err(unsupported(cx, "write"))
    }

    /// Encoding of the text stream.
    ///
    /// Subclasses should override.
    #[getter]
    fn encoding(_this: Value) -> Value {
        Value::NONE
    }

    /// Line endings translated so far.
    ///
    /// Only line endings translated during reading are considered.
    ///
    /// Subclasses should override.
    #[getter]
    fn newlines(_this: Value) -> Value {
        Value::NONE
    }

    /// The error setting of the decoder or encoder.
    ///
    /// Subclasses should override.
    #[getter]
    fn errors(_this: Value) -> Value {
        Value::NONE
    }
}
