//! `BufferedReader` and `BufferedWriter`, and the buffer that they and `BufferedRandom` share.

use super::fileio::{self, FileIo};
use super::{base, invoke, size_argument, unsupported};
use crate::classes::add_members;
use crate::support::{self, bytes_of};
use macros::{Trace, native_class};
use runtime::prelude::*;
use std::cell::Cell;

/// Bytes read ahead, and bytes that wait to be written. At most one of the two is not empty.
#[derive(Trace)]
pub struct Buffered {
    pub raw: Slot,
    #[trace(skip)]
    read: Opaque<ReadAhead>,
    #[trace(skip)]
    write: Opaque<Vec<u8>>,
    size: Cell<usize>,
    /// `__init__` has run.
    ready: Cell<bool>,
    detached: Cell<bool>,
}

#[derive(Default)]
struct ReadAhead {
    data: Vec<u8>,
    position: usize,
}

impl ReadAhead {
    fn rest(&self) -> &[u8] {
        &self.data[self.position..]
    }

    fn take(&mut self, n: usize) -> Vec<u8> {
        let n = n.min(self.rest().len());
        let taken = self.rest()[..n].to_vec();
        self.position += n;
        taken
    }

    fn clear(&mut self) {
        self.data.clear();
        self.position = 0;
    }
}

impl NativeData for Buffered {
    const NAME: &'static str = "_io._Buffered";
}

impl Default for Buffered {
    fn default() -> Buffered {
        Buffered {
            raw: Slot::new(Value::UNBOUND),
            read: Opaque::new(ReadAhead::default()),
            write: Opaque::new(Vec::new()),
            size: Cell::new(super::DEFAULT_BUFFER_SIZE),
            ready: Cell::new(false),
            detached: Cell::new(false),
        }
    }
}

pub type Buffer = Gc<Native<Buffered>>;

/// A new object of a buffered class, not yet initialised.
pub fn make(cx: &mut Cx, class: Gc<Class>) -> Buffer {
    base::new_native_stream(cx, class, Buffered::default())
}

pub fn initialise(cx: &mut Cx, this: Buffer, raw: Value, size: i64) -> PyResult<()> {
    this.ready.set(false);
    this.detached.set(false);
    if size <= 0 {
        return Err(value_error(cx, "buffer size must be strictly positive"));
    }
    this.raw.set(this, raw);
    this.size.set(size as usize);
    this.read.borrow_mut().clear();
    this.write.borrow_mut().clear();
    this.ready.set(true);
    Ok(())
}

/// The raw stream; ValueError when there is none.
fn raw(cx: &mut Cx, this: Buffer) -> PyResult {
    if !this.ready.get() {
        let message =
            if this.detached.get() { "raw stream has been detached" } else { "I/O operation on uninitialized object" };
        return Err(value_error(cx, message));
    }
    Ok(this.raw.get())
}

fn closed(cx: &mut Cx, this: Buffer) -> PyResult<bool> {
    let raw = raw(cx, this)?;
    match fileio::exact(cx, raw) {
        Some(file) => Ok(file.fd.get() < 0),
        None => base::is_closed(cx, raw),
    }
}

fn check_open(cx: &mut Cx, this: Buffer, message: &str) -> PyResult<()> {
    if closed(cx, this)? { Err(value_error(cx, message)) } else { Ok(()) }
}

/// One read of the raw stream; `None` when it would block.
fn raw_read(cx: &mut Cx, this: Buffer, size: usize) -> PyResult<Option<Vec<u8>>> {
    let raw = this.raw.get();
    if let Some(file) = fileio::exact(cx, raw) {
        return fileio::read(cx, file, size);
    }
    runtime::types::str::edit::check_length(cx, Some(size))?;
    let shape = cx.heap.shapes().bytearray;
    let buffer = ByteArray::new(&mut cx.heap, shape, vec![0; size]);
    let n = invoke(cx, raw, "readinto", &[buffer.value()])?;
    if n.is_none() {
        return Ok(None);
    }
    let n = match runtime::number::as_i64(cx, n) {
        Ok(n) => n,
        Err(raised) => {
            let cause = cx.take_raised(raised);
            let raised = raise_class(cx, cx.types().OSError, "raw readinto() failed");
            if let Some(error) = cx.peek_raised().cast::<Exception>() {
                error.context.set(error, cause);
                error.cause.set(error, cause);
                error.suppress_context.set(true);
            }
            return Err(raised);
        }
    };
    let data = buffer.data.borrow();
    match usize::try_from(n).ok().and_then(|n| data.get(..n)) {
        Some(data) => Ok(Some(data.to_vec())),
        None => {
            let class = cx.types().OSError;
            let message = format!("raw readinto() returned invalid length {n} (should have been between 0 and {size})");
            Err(raise_class(cx, class, message))
        }
    }
}

/// One write to the raw stream; `None` when it would block.
fn raw_write(cx: &mut Cx, this: Buffer, data: &[u8]) -> PyResult<Option<usize>> {
    let raw = this.raw.get();
    if let Some(file) = fileio::exact(cx, raw) {
        if !file.writable.get() {
            return Err(unsupported(cx, "File not open for writing"));
        }
        return fileio::write(cx, file, data);
    }
    let bytes = cx.heap.bytes(data).or_raise(cx)?.value();
    let write = cx.names().write;
    let n = call_method(cx, raw, write, &[bytes])?;
    if n.is_none() {
        return Ok(None);
    }
    let written = runtime::number::as_i64(cx, n)?;
    match usize::try_from(written).ok().filter(|&n| n <= data.len()) {
        Some(n) => Ok(Some(n)),
        None => {
            let class = cx.types().OSError;
            let n = data.len();
            let message = format!("raw write() returned invalid length {written} (should have been between 0 and {n})");
            Err(raise_class(cx, class, message))
        }
    }
}

fn would_block(cx: &mut Cx, written: usize) -> Raised {
    let class = cx.types().BlockingIOError;
    let message = cx.heap.str("write could not complete without blocking");
    let args = [Int::from_len(libc::EAGAIN as usize).value(), message, Int::from_len(written).value()];
    match call(cx, class.value(), &args) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// Write out what waits to be written.
pub fn flush_writes(cx: &mut Cx, this: Buffer) -> PyResult<()> {
    while !this.write.borrow().is_empty() {
        let data = std::mem::take(&mut *this.write.borrow_mut());
        let outcome = raw_write(cx, this, &data);
        let written = match &outcome {
            Ok(Some(n)) => *n,
            _ => 0,
        };
        if written < data.len() {
            let mut waiting = this.write.borrow_mut();
            let newer = std::mem::take(&mut *waiting);
            waiting.extend_from_slice(&data[written..]);
            waiting.extend_from_slice(&newer);
        } else {
            // Keep the memory for the next bytes.
            let mut waiting = this.write.borrow_mut();
            if waiting.is_empty() {
                let mut data = data;
                data.clear();
                *waiting = data;
            }
        }
        if outcome?.is_none() {
            return Err(would_block(cx, 0));
        }
    }
    Ok(())
}

/// Forget what was read ahead; the raw stream goes back to where the reader is.
fn drop_read_ahead(cx: &mut Cx, this: Buffer) -> PyResult<()> {
    let unread = this.read.borrow().rest().len();
    this.read.borrow_mut().clear();
    if unread > 0 {
        raw_seek(cx, this, -(unread as i64), 1)?;
    }
    Ok(())
}

/// Write bytes into the buffer, or through it when there are many.
pub fn write(cx: &mut Cx, this: Buffer, data: &[u8]) -> PyResult<()> {
    check_open(cx, this, "write to closed file")?;
    if !this.read.borrow().data.is_empty() {
        drop_read_ahead(cx, this)?;
    }
    let size = this.size.get();
    if this.write.borrow().len() + data.len() <= size {
        this.write.borrow_mut().extend_from_slice(data);
        return Ok(());
    }
    if let Err(raised) = flush_writes(cx, this) {
        // What still fits is taken all the same, when the file does not block.
        cx.catch(raised, cx.types().BlockingIOError)?;
        let room = size.saturating_sub(this.write.borrow().len());
        if room >= data.len() {
            this.write.borrow_mut().extend_from_slice(data);
            return Ok(());
        }
        this.write.borrow_mut().extend_from_slice(&data[..room]);
        return Err(would_block(cx, room));
    }
    let mut rest = data;
    while rest.len() > size {
        match raw_write(cx, this, rest)? {
            Some(n) => rest = &rest[n..],
            None => {
                this.write.borrow_mut().extend_from_slice(&rest[..size]);
                return Err(would_block(cx, data.len() - rest.len() + size));
            }
        }
    }
    this.write.borrow_mut().extend_from_slice(rest);
    Ok(())
}

/// Flush both ways: waiting bytes go out, bytes read ahead are given back.
pub fn flush(cx: &mut Cx, this: Buffer) -> PyResult<()> {
    check_open(cx, this, "flush of closed file")?;
    flush_writes(cx, this)?;
    if !this.read.borrow().data.is_empty() && is_random(cx, this) {
        drop_read_ahead(cx, this)?;
    }
    Ok(())
}

fn is_random(cx: &mut Cx, this: Buffer) -> bool {
    let random = runtime::native::class_of_spec(cx, &super::random::random::SPEC);
    random.is_ok_and(|random| cx.is_instance(this.value(), random))
}

/// Before reading: waiting bytes go out.
fn before_read(cx: &mut Cx, this: Buffer, message: &str) -> PyResult<()> {
    check_open(cx, this, message)?;
    flush_writes(cx, this)
}

/// Read `size` bytes, or to the end. `None` when the raw stream would block and nothing was there.
pub fn read(cx: &mut Cx, this: Buffer, size: Option<usize>) -> PyResult<Option<Vec<u8>>> {
    before_read(cx, this, "read of closed file")?;
    let Some(size) = size else { return read_all(cx, this) };
    let mut data = this.read.borrow_mut().take(size);
    while data.len() < size {
        let wanted = size - data.len();
        let buffer = this.size.get();
        // Whole buffers are read past the buffer, the rest fills it.
        let direct = wanted - wanted % buffer;
        match raw_read(cx, this, if direct > 0 { direct } else { buffer })? {
            None if data.is_empty() => return Ok(None),
            None => break,
            Some(piece) if piece.is_empty() => break,
            Some(piece) => {
                let n = piece.len().min(wanted);
                data.extend_from_slice(&piece[..n]);
                let mut ahead = this.read.borrow_mut();
                ahead.data = piece;
                ahead.position = n;
            }
        }
    }
    Ok(Some(data))
}

fn read_all(cx: &mut Cx, this: Buffer) -> PyResult<Option<Vec<u8>>> {
    let mut data = this.read.borrow_mut().take(usize::MAX);
    let raw = this.raw.get();
    if let Some(file) = fileio::exact(cx, raw) {
        return match fileio::read_all(cx, file)? {
            Some(rest) if data.is_empty() => Ok(Some(rest)),
            Some(rest) => {
                data.extend_from_slice(&rest);
                Ok(Some(data))
            }
            None => Ok(Some(data).filter(|d| !d.is_empty())),
        };
    }
    let readall = cx.heap.intern("readall");
    if let Some(readall) = get_attr_opt(cx, raw, readall)? {
        let rest = call(cx, readall, &[])?;
        if rest.is_none() {
            return Ok(Some(data).filter(|d| !d.is_empty()));
        }
        let Some(rest) = rest.downcast::<Bytes>() else { return Err(type_error(cx, "readall() should return bytes")) };
        data.extend_from_slice(rest.as_slice());
        return Ok(Some(data));
    }
    loop {
        let piece = invoke(cx, raw, "read", &[])?;
        if piece.is_none() {
            return Ok(Some(data).filter(|d| !d.is_empty()));
        }
        let Some(piece) = piece.downcast::<Bytes>() else { return Err(type_error(cx, "read() should return bytes")) };
        if piece.is_empty() {
            return Ok(Some(data));
        }
        data.extend_from_slice(piece.as_slice());
    }
}

/// At most one raw read.
pub fn read1(cx: &mut Cx, this: Buffer, size: Option<usize>) -> PyResult<Vec<u8>> {
    before_read(cx, this, "read of closed file")?;
    let size = size.unwrap_or(this.size.get());
    if size == 0 {
        return Ok(Vec::new());
    }
    let ready = this.read.borrow_mut().take(size);
    if !ready.is_empty() {
        return Ok(ready);
    }
    Ok(raw_read(cx, this, size)?.unwrap_or_default())
}

fn fill(cx: &mut Cx, this: Buffer) -> PyResult<bool> {
    let size = this.size.get();
    let piece = raw_read(cx, this, size)?.unwrap_or_default();
    let more = !piece.is_empty();
    let mut ahead = this.read.borrow_mut();
    ahead.data = piece;
    ahead.position = 0;
    Ok(more)
}

pub fn readline(cx: &mut Cx, this: Buffer, limit: Option<usize>) -> PyResult<Vec<u8>> {
    before_read(cx, this, "readline of closed file")?;
    let limit = limit.unwrap_or(usize::MAX);
    let mut line = Vec::new();
    loop {
        {
            let mut ahead = this.read.borrow_mut();
            let room = limit - line.len();
            let end = ahead.rest().iter().take(room).position(|&b| b == b'\n').map(|i| i + 1);
            let n = end.unwrap_or(room.min(ahead.rest().len()));
            let piece = ahead.take(n);
            if line.is_empty() {
                line = piece
            } else {
                line.extend_from_slice(&piece)
            }
            if end.is_some() || line.len() >= limit {
                return Ok(line);
            }
        }
        if !fill(cx, this)? {
            return Ok(line);
        }
    }
}

fn raw_seek(cx: &mut Cx, this: Buffer, offset: i64, whence: i64) -> PyResult<i64> {
    let raw = this.raw.get();
    if let Some(file) = fileio::exact(cx, raw) {
        return fileio::seek(cx, file, offset, whence as i32);
    }
    let (offset, whence) = (BigInt::from_i64(&mut cx.heap, offset), BigInt::from_i64(&mut cx.heap, whence));
    let position = invoke(cx, raw, "seek", &[offset, whence])?;
    check_position(cx, position)
}

fn check_position(cx: &mut Cx, position: Value) -> PyResult<i64> {
    let n = runtime::number::as_i64(cx, position)?;
    if n < 0 {
        let class = cx.types().OSError;
        return Err(raise_class(cx, class, format!("Raw stream returned invalid position {n}")));
    }
    Ok(n)
}

fn raw_tell(cx: &mut Cx, this: Buffer) -> PyResult<i64> {
    let raw = this.raw.get();
    if let Some(file) = fileio::exact(cx, raw) {
        return fileio::seek(cx, file, 0, 1);
    }
    let position = invoke(cx, raw, "tell", &[])?;
    check_position(cx, position)
}

pub fn tell(cx: &mut Cx, this: Buffer) -> PyResult<i64> {
    raw(cx, this)?;
    let position = raw_tell(cx, this)?;
    let (unread, waiting) = (this.read.borrow().rest().len() as i64, this.write.borrow().len() as i64);
    Ok((position - unread + waiting).max(0))
}

pub fn seek(cx: &mut Cx, this: Buffer, target: i64, whence: i64) -> PyResult<i64> {
    check_open(cx, this, "seek of closed file")?;
    if !(0..=4).contains(&whence) {
        return Err(value_error(cx, format!("whence value {whence} unsupported")));
    }
    let raw = this.raw.get();
    base::check_seekable(cx, raw)?;
    if whence < 2 && this.write.borrow().is_empty() && !this.read.borrow().data.is_empty() {
        // Within what was read ahead nothing has to be read again.
        let position = raw_tell(cx, this)?;
        let mut ahead = this.read.borrow_mut();
        let current = position - ahead.rest().len() as i64;
        // A character device may have no position of its own.
        let offset = if whence == 0 { target - current } else { target };
        let at = ahead.position as i64 + offset;
        if (0..=ahead.data.len() as i64).contains(&at) {
            ahead.position = at as usize;
            return Ok((current + offset).max(0));
        }
    }
    flush_writes(cx, this)?;
    let unread = this.read.borrow().rest().len() as i64;
    let target = if whence == 1 { target - unread } else { target };
    this.read.borrow_mut().clear();
    raw_seek(cx, this, target, whence)
}

/// Close: waiting bytes go out, then the raw stream is closed even when that failed.
pub fn close(cx: &mut Cx, this: Buffer) -> PyResult<()> {
    if closed(cx, this)? {
        return Ok(());
    }
    let flush = cx.names().flush;
    let flushed = call_method(cx, this.value(), flush, &[]).map(drop);
    let first = flushed.err().map(|raised| cx.take_raised(raised));
    let raw = this.raw.get();
    let closed = fileio::close_raw(cx, raw);
    this.write.borrow_mut().clear();
    match (first, closed) {
        (None, closed) => closed,
        (Some(error), Ok(())) => Err(cx.raise(error)),
        (Some(error), Err(raised)) => {
            let later = cx.take_raised(raised);
            if let Some(exception) = later.cast::<Exception>() {
                exception.context.set(exception, error);
            }
            Err(cx.raise(later))
        }
    }
}

pub fn repr(cx: &mut Cx, this: Buffer) -> PyResult {
    let class = cx.class_of(this.value()).display_name();
    let module = fileio::module_of(cx, this.value());
    let name = cx.names().name;
    let name = if this.ready.get() {
        match get_attr_opt(cx, this.raw.get(), name) {
            Ok(name) => name,
            Err(raised) => {
                cx.catch(raised, cx.types().ValueError)?;
                None
            }
        }
    } else {
        None
    };
    let text = match name {
        Some(name) => {
            let name = repr_of(cx, name)?;
            format!("<{module}.{class} name={name}>")
        }
        None => format!("<{module}.{class}>"),
    };
    Ok(cx.heap.str(&text))
}

/// The buffer behind an object, when its methods are the native ones.
pub fn exact(cx: &mut Cx, object: Value) -> Option<Buffer> {
    let buffer = object.cast::<Native<Buffered>>()?;
    // Python subclasses may override anything.
    (!cx.class_of(object).is_heap_type() && buffer.ready.get()).then_some(buffer)
}

/// What all buffered classes have.
#[native_class(name = "_Buffered", module = "_io", layout = Native<Buffered>)]
pub mod common {
    use super::*;

    /// Disconnect this buffer from its underlying raw stream and return it.
    #[method("detach($self, /)")]
    fn detach(cx: &mut Cx, this: Buffer) -> PyResult {
        let stream = super::raw(cx, this)?;
        let flush = cx.names().flush;
        call_method(cx, this.value(), flush, &[])?;
        this.raw.clear();
        this.detached.set(true);
        this.ready.set(false);
        Ok(stream)
    }

    /// Close the stream, writing out what waits.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: Buffer) -> PyResult<()> {
        super::close(cx, this)
    }

    /// Whether the raw stream can seek.
    #[method("seekable($self, /)")]
    fn seekable(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        invoke(cx, raw, "seekable", &[])
    }

    /// The raw stream's file descriptor.
    #[method("fileno($self, /)")]
    fn fileno(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        invoke(cx, raw, "fileno", &[])
    }

    /// Whether the raw stream is a terminal.
    #[method("isatty($self, /)")]
    fn isatty(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        invoke(cx, raw, "isatty", &[])
    }

    /// Warn that the stream was not closed.
    #[method("_dealloc_warn($self, source, /)")]
    fn _dealloc_warn(_this: Buffer, _source: Value) {}

    /// The current position.
    #[method("tell($self, /)")]
    fn tell(cx: &mut Cx, this: Buffer) -> PyResult<i64> {
        super::tell(cx, this)
    }

    /// Change the position; the new one is returned.
    #[method("seek($self, target, whence=0, /)")]
    fn seek(cx: &mut Cx, this: Buffer, target: i64, whence: i64) -> PyResult<i64> {
        super::seek(cx, this, target, whence)
    }

    /// Change the stream's size.
    #[method("truncate($self, pos=None, /)")]
    fn truncate(cx: &mut Cx, this: Buffer, pos: Value) -> PyResult {
        check_open(cx, this, "truncate of closed file")?;
        let stream = super::raw(cx, this)?;
        if !is_true_method(cx, this.value(), "writable")? {
            return Err(unsupported(cx, "truncate"));
        }
        super::flush(cx, this)?;
        let pos = if pos.is_none() {
            let position = super::tell(cx, this)?;
            BigInt::from_i64(&mut cx.heap, position)
        } else {
            pos
        };
        invoke(cx, stream, "truncate", &[pos])
    }

    /// Not to be pickled.
    #[method("__getstate__($self, /)")]
    fn getstate(cx: &mut Cx, this: Value) -> PyResult<()> {
        let name = cx.class_of(this).display_name();
        Err(type_error(cx, format!("cannot pickle '_io.{name}' object")))
    }

    /// Whether the stream is closed.
    #[getter]
    fn closed(cx: &mut Cx, this: Buffer) -> PyResult<bool> {
        super::closed(cx, this)
    }

    /// The raw stream.
    #[getter]
    fn raw(this: Buffer) -> Value {
        this.raw.get().bound().unwrap_or(Value::NONE)
    }

    /// The raw stream's name.
    #[getter]
    fn name(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        let name = cx.names().name;
        get_attr(cx, raw, name)
    }

    /// The raw stream's mode.
    #[getter]
    fn mode(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        let mode = cx.names().mode;
        get_attr(cx, raw, mode)
    }

    fn is_true_method(cx: &mut Cx, object: Value, name: &str) -> PyResult<bool> {
        let answer = invoke(cx, object, name, &[])?;
        is_true(cx, answer)
    }
}

/// What classes that read have.
#[native_class(name = "_Reading", module = "_io", layout = Native<Buffered>)]
pub mod reading {
    use super::*;

    fn bytes_value(cx: &mut Cx, data: &[u8]) -> PyResult {
        Ok(cx.heap.bytes(data).or_raise(cx)?.value())
    }

    /// Read size bytes; everything up to the end when size is negative or None.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: Buffer, size: Option<Value>) -> PyResult {
        raw(cx, this)?;
        let size = match size {
            Some(size) if !size.is_none() => {
                let n = runtime::number::as_i64(cx, size)?;
                if n < -1 {
                    return Err(value_error(cx, "read length must be non-negative or -1"));
                }
                usize::try_from(n).ok()
            }
            _ => None,
        };
        match super::read(cx, this, size)? {
            Some(data) => bytes_value(cx, &data),
            None => Ok(Value::NONE),
        }
    }

    /// Read at most size bytes with at most one read of the raw stream.
    #[method("read1($self, size=-1, /)")]
    fn read1(cx: &mut Cx, this: Buffer, size: Option<i64>) -> PyResult {
        raw(cx, this)?;
        let data = super::read1(cx, this, usize::try_from(size.unwrap_or(-1)).ok())?;
        bytes_value(cx, &data)
    }

    /// Bytes that are there without moving; at most one read of the raw stream is done to get some.
    #[method("peek($self, size=0, /)")]
    fn peek(cx: &mut Cx, this: Buffer, _size: Option<i64>) -> PyResult {
        before_read(cx, this, "peek of closed file")?;
        if this.read.borrow().rest().is_empty() {
            fill(cx, this)?;
        }
        let data = this.read.borrow().rest().to_vec();
        bytes_value(cx, &data)
    }

    /// Read a line.
    #[method("readline($self, size=-1, /)")]
    fn readline(cx: &mut Cx, this: Buffer, size: Option<Value>) -> PyResult {
        raw(cx, this)?;
        let limit = size_argument(cx, size.unwrap_or(Value::NONE))?;
        let line = super::readline(cx, this, limit)?;
        bytes_value(cx, &line)
    }

    /// Read bytes into buffer.
    #[method("readinto($self, buffer, /)")]
    fn readinto(cx: &mut Cx, this: Buffer, buffer: Value) -> PyResult {
        raw(cx, this)?;
        let size = support::writable_len(cx, buffer)?;
        match super::read(cx, this, Some(size))? {
            Some(data) => {
                support::write_into(cx, buffer, &data)?;
                Ok(Int::from_len(data.len()).value())
            }
            None => Ok(Value::NONE),
        }
    }

    /// Read bytes into buffer with at most one read of the raw stream.
    #[method("readinto1($self, buffer, /)")]
    fn readinto1(cx: &mut Cx, this: Buffer, buffer: Value) -> PyResult {
        raw(cx, this)?;
        let size = support::writable_len(cx, buffer)?;
        before_read(cx, this, "read of closed file")?;
        let mut data = this.read.borrow_mut().take(size);
        let room = size - data.len();
        if room > this.size.get() {
            // What does not fit the buffer goes past it, also behind bytes that were read ahead.
            match raw_read(cx, this, room)? {
                Some(more) => data.extend_from_slice(&more),
                None if data.is_empty() => return Ok(Value::NONE),
                None => {}
            }
        } else if room > 0 && data.is_empty() {
            let Some(piece) = raw_read(cx, this, this.size.get())? else { return Ok(Value::NONE) };
            let mut ahead = this.read.borrow_mut();
            *ahead = ReadAhead { data: piece, position: 0 };
            data = ahead.take(size);
        }
        support::write_into(cx, buffer, &data)?;
        Ok(Int::from_len(data.len()).value())
    }

    /// Whether the raw stream can be read.
    #[method("readable($self, /)")]
    fn readable(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        invoke(cx, raw, "readable", &[])
    }
}

/// What classes that write have.
#[native_class(name = "_Writing", module = "_io", layout = Native<Buffered>)]
pub mod writing {
    use super::*;

    /// Write bytes into the buffer.
    #[method("write($self, buffer, /)")]
    fn write(cx: &mut Cx, this: Buffer, buffer: Value) -> PyResult<usize> {
        raw(cx, this)?;
        if let Some(bytes) = buffer.downcast::<Bytes>() {
            super::write(cx, this, bytes.as_slice())?;
            return Ok(bytes.len());
        }
        let data = bytes_of(cx, buffer)?;
        super::write(cx, this, &data)?;
        Ok(data.len())
    }

    /// Write out what waits.
    #[method("flush($self, /)")]
    fn flush(cx: &mut Cx, this: Buffer) -> PyResult<()> {
        raw(cx, this)?;
        super::flush(cx, this)
    }

    /// Whether the raw stream can be written.
    #[method("writable($self, /)")]
    fn writable(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        invoke(cx, raw, "writable", &[])
    }
}

/// A line for `__next__`; `None` at the end.
pub fn next_line(cx: &mut Cx, this: Buffer) -> PyResult<Option<Value>> {
    if cx.class_of(this.value()).is_heap_type() {
        let readline = cx.names().readline;
        let line = call_method(cx, this.value(), readline, &[])?;
        return Ok(if length(cx, line)? == 0 { None } else { Some(line) });
    }
    raw(cx, this)?;
    let line = readline(cx, this, None)?;
    Ok(if line.is_empty() { None } else { Some(cx.heap.bytes(&line).or_raise(cx)?.value()) })
}

/// Create a new buffered reader using the given readable raw IO object.
#[native_class(
    name = "BufferedReader", module = "_io", layout = Native<Buffered>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::buffered_base::SPEC
)]
pub mod reader {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        make(cx, class).value()
    }

    #[slot(init, "BufferedReader(raw, buffer_size=131072)")]
    fn init(cx: &mut Cx, this: Buffer, raw: Value, buffer_size: i64) -> PyResult<()> {
        if raw.cast::<Native<FileIo>>().is_none_or(|f| !f.readable.get()) {
            base::check_readable(cx, raw)?;
        }
        initialise(cx, this, raw, buffer_size)
    }

    /// Flush the raw stream.
    #[method("flush($self, /)")]
    fn flush(cx: &mut Cx, this: Buffer) -> PyResult {
        let raw = super::raw(cx, this)?;
        invoke(cx, raw, "flush", &[])
    }

    #[slot]
    fn next(cx: &mut Cx, this: Buffer) -> PyResult<Option<Value>> {
        next_line(cx, this)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Buffer) -> PyResult {
        super::repr(cx, this)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        add_members(cx, class, &[&common::SPEC, &reading::SPEC])
    }
}

/// A buffer for a writeable sequential RawIO object.
///
/// The constructor creates a BufferedWriter for the given writeable raw
/// stream. If the buffer_size is not given, it defaults to
/// DEFAULT_BUFFER_SIZE.
#[native_class(
    name = "BufferedWriter", module = "_io", layout = Native<Buffered>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::buffered_base::SPEC
)]
pub mod writer {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        make(cx, class).value()
    }

    #[slot(init, "BufferedWriter(raw, buffer_size=131072)")]
    fn init(cx: &mut Cx, this: Buffer, raw: Value, buffer_size: i64) -> PyResult<()> {
        if raw.cast::<Native<FileIo>>().is_none_or(|f| !f.writable.get()) {
            base::check_writable(cx, raw)?;
        }
        initialise(cx, this, raw, buffer_size)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Buffer) -> PyResult {
        super::repr(cx, this)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        add_members(cx, class, &[&common::SPEC, &writing::SPEC])
    }
}
