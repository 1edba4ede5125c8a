//! `BufferedRandom` and `BufferedRWPair`.

use super::buffered::{self, Buffer, Buffered, common, make, next_line, reading, writing};
use super::{base, invoke};
use crate::classes::add_members;
use macros::{Trace, native_class};
use runtime::prelude::*;

/// A buffered interface to random access streams.
///
/// The constructor creates a reader and writer for a seekable stream,
/// raw, given in the first argument. If the buffer_size is omitted it
/// defaults to DEFAULT_BUFFER_SIZE.
#[native_class(
    name = "BufferedRandom", module = "_io", layout = Native<Buffered>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::buffered_base::SPEC
)]
pub mod random {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        make(cx, class).value()
    }

    #[slot(init, "BufferedRandom(raw, buffer_size=131072)")]
    fn init(cx: &mut Cx, this: Buffer, raw: Value, buffer_size: i64) -> PyResult<()> {
        base::check_seekable(cx, raw)?;
        base::check_readable(cx, raw)?;
        base::check_writable(cx, raw)?;
        buffered::initialise(cx, this, raw, buffer_size)
    }

    #[slot]
    fn next(cx: &mut Cx, this: Buffer) -> PyResult<Option<Value>> {
        next_line(cx, this)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Buffer) -> PyResult {
        buffered::repr(cx, this)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        add_members(cx, class, &[&common::SPEC, &reading::SPEC, &writing::SPEC])
    }
}

/// A reader and a writer.
#[derive(Trace)]
pub struct Pair {
    reader: Slot,
    writer: Slot,
}

impl NativeData for Pair {
    const NAME: &'static str = "_io.BufferedRWPair";
}

/// A buffered reader and writer object together.
///
/// A buffered reader object and buffered writer object put together to
/// form a sequential IO object that can read and write. This is typically
/// used with a socket or two-way pipe.
///
/// reader and writer are RawIOBase objects that are readable and
/// writeable respectively. If the buffer_size is omitted it defaults to
/// DEFAULT_BUFFER_SIZE.
#[native_class(
    name = "BufferedRWPair", module = "_io", layout = Native<Pair>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::buffered_base::SPEC
)]
pub mod pair {
    use super::*;

    type This = Gc<Native<Pair>>;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        base::new_native_stream(
            cx,
            class,
            Pair { reader: Slot::new(Value::UNBOUND), writer: Slot::new(Value::UNBOUND) },
        )
        .value()
    }

    #[slot(init, "BufferedRWPair(reader, writer, buffer_size=131072, /)")]
    fn init(cx: &mut Cx, this: This, reader: Value, writer: Value, buffer_size: Value) -> PyResult<()> {
        base::check_readable(cx, reader)?;
        base::check_writable(cx, writer)?;
        let class = runtime::native::class_of_spec(cx, &buffered::reader::SPEC)?;
        let reader = call(cx, class.value(), &[reader, buffer_size])?;
        let class = runtime::native::class_of_spec(cx, &buffered::writer::SPEC)?;
        let writer = call(cx, class.value(), &[writer, buffer_size])?;
        this.reader.set(this, reader);
        this.writer.set(this, writer);
        Ok(())
    }

    fn forward(cx: &mut Cx, object: Value, name: &str, args: &[Value]) -> PyResult {
        if object.is_unbound() {
            return Err(value_error(cx, "I/O operation on uninitialized object"));
        }
        invoke(cx, object, name, args)
    }

    /// Read from the reader.
    #[method(raw, "read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        forward(cx, this.reader.get(), "read", args.positional())
    }

    /// Peek into the reader.
    #[method(raw, "peek($self, size=0, /)")]
    fn peek(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        forward(cx, this.reader.get(), "peek", args.positional())
    }

    /// Read from the reader with at most one read of its raw stream.
    #[method(raw, "read1($self, size=-1, /)")]
    fn read1(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        forward(cx, this.reader.get(), "read1", args.positional())
    }

    /// Read into a buffer.
    #[method("readinto($self, buffer, /)")]
    fn readinto(cx: &mut Cx, this: This, buffer: Value) -> PyResult {
        forward(cx, this.reader.get(), "readinto", &[buffer])
    }

    /// Read into a buffer with at most one read of the raw stream.
    #[method("readinto1($self, buffer, /)")]
    fn readinto1(cx: &mut Cx, this: This, buffer: Value) -> PyResult {
        forward(cx, this.reader.get(), "readinto1", &[buffer])
    }

    /// Write to the writer.
    #[method("write($self, b, /)")]
    fn write(cx: &mut Cx, this: This, b: Value) -> PyResult {
        forward(cx, this.writer.get(), "write", &[b])
    }

    /// Flush the writer.
    #[method("flush($self, /)")]
    fn flush(cx: &mut Cx, this: This) -> PyResult {
        forward(cx, this.writer.get(), "flush", &[])
    }

    /// Whether the reader can be read.
    #[method("readable($self, /)")]
    fn readable(cx: &mut Cx, this: This) -> PyResult {
        forward(cx, this.reader.get(), "readable", &[])
    }

    /// Whether the writer can be written.
    #[method("writable($self, /)")]
    fn writable(cx: &mut Cx, this: This) -> PyResult {
        forward(cx, this.writer.get(), "writable", &[])
    }

    /// Close both.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: This) -> PyResult {
        let written = forward(cx, this.writer.get(), "close", &[]);
        let first = written.err().map(|raised| cx.take_raised(raised));
        let read = forward(cx, this.reader.get(), "close", &[]);
        match (first, read) {
            (Some(error), Ok(_)) => Err(cx.raise(error)),
            (_, read) => read,
        }
    }

    /// Whether one of the two is a terminal.
    #[method("isatty($self, /)")]
    fn isatty(cx: &mut Cx, this: This) -> PyResult {
        let writer = forward(cx, this.writer.get(), "isatty", &[])?;
        if writer != Value::FALSE { Ok(writer) } else { forward(cx, this.reader.get(), "isatty", &[]) }
    }

    /// Whether the writer is closed.
    #[getter]
    fn closed(cx: &mut Cx, this: This) -> PyResult {
        if this.writer.get().is_unbound() {
            return Err(runtime_error(cx, "the BufferedRWPair object is being garbage-collected"));
        }
        let name = cx.heap.intern("closed");
        get_attr(cx, this.writer.get(), name)
    }
}
