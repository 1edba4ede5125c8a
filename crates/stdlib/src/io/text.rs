//! `TextIOWrapper`: text over a buffered binary stream. Construction, writing and attributes; reading is in `text_read`,
//! positions are in `text_seek`.

use super::buffered;
use super::codec::{self, Codec};
use super::{base, fileio, invoke, size_argument, text_read, text_seek, unsupported};
use macros::{Trace, native_class};
use runtime::prelude::*;
use std::cell::Cell;

/// Bytes that are read or collected at a time.
pub const CHUNK: usize = 8192;

/// Where the current decoded chunk came from, for `tell()`.
#[derive(Default)]
pub struct Snapshot {
    /// Bytes that were left undecoded before it, then the bytes read.
    pub input: Vec<u8>,
    /// Flags of the decoder's state before it (incremental codecs).
    pub flags: i64,
    pub valid: bool,
}

#[derive(Trace)]
pub struct TextIo {
    pub buffer: Slot,
    pub encoding: Slot,
    pub errors: Slot,
    pub encoder: Slot,
    pub decoder: Slot,
    /// Decoded text, of which `used` characters have been given out.
    pub decoded: Slot,
    pub used: Cell<usize>,
    pub codec: Cell<Codec>,
    /// The error handler's name again, without a look into a Python string.
    #[trace(skip)]
    pub handler: Opaque<String>,
    /// Encoded bytes on their way to the buffer.
    #[trace(skip)]
    pending: Opaque<Vec<u8>>,
    /// Bytes read but not yet decoded: the start of a character, or a `\r` that may be the start of `\r\n`.
    #[trace(skip)]
    pub tail: Opaque<Vec<u8>>,
    #[trace(skip)]
    pub snapshot: Opaque<Snapshot>,
    #[trace(skip)]
    newline: Opaque<Option<String>>,
    pub universal: Cell<bool>,
    pub translate: Cell<bool>,
    pub seen: Cell<u8>,
    line_buffering: Cell<bool>,
    write_through: Cell<bool>,
    pub seekable: Cell<bool>,
    pub telling: Cell<bool>,
    /// Whether the buffer takes bytes.
    writable: Cell<bool>,
    ready: Cell<bool>,
    detached: Cell<bool>,
    chunk: Cell<usize>,
}

impl NativeData for TextIo {
    const NAME: &'static str = "_io.TextIOWrapper";
}

pub type Text = Gc<Native<TextIo>>;

impl Default for TextIo {
    fn default() -> TextIo {
        let unbound = || Slot::new(Value::UNBOUND);
        TextIo {
            buffer: unbound(),
            encoding: unbound(),
            errors: unbound(),
            encoder: unbound(),
            decoder: unbound(),
            decoded: unbound(),
            used: Cell::new(0),
            codec: Cell::new(Codec::Utf8),
            handler: Opaque::new("strict".to_owned()),
            pending: Opaque::new(Vec::new()),
            tail: Opaque::new(Vec::new()),
            snapshot: Opaque::new(Snapshot::default()),
            newline: Opaque::new(None),
            universal: Cell::new(true),
            translate: Cell::new(true),
            seen: Cell::new(0),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            seekable: Cell::new(false),
            telling: Cell::new(false),
            writable: Cell::new(false),
            ready: Cell::new(false),
            detached: Cell::new(false),
            chunk: Cell::new(CHUNK),
        }
    }
}

impl TextIo {
    /// The line end that readers look for; `None` = any, already told apart by `universal`.
    pub fn read_newline(&self) -> Option<String> {
        if self.universal.get() { None } else { self.newline.borrow().clone() }
    }

    pub fn chunk_size(&self) -> usize {
        self.chunk.get()
    }
}

/// Arguments of a text stream.
pub struct Options {
    pub encoding: Value,
    pub errors: Value,
    pub newline: Value,
    pub line_buffering: bool,
    pub write_through: bool,
}

/// The stream's buffer; ValueError when there is none.
pub fn buffer(cx: &mut Cx, this: Text) -> PyResult {
    if this.ready.get() {
        return Ok(this.buffer.get());
    }
    Err(value_error(
        cx,
        if this.detached.get() {
            "underlying buffer has been detached"
        } else {
            "I/O operation on uninitialized object"
        },
    ))
}

pub fn check_open(cx: &mut Cx, this: Text) -> PyResult {
    let stream = buffer(cx, this)?;
    if base::is_closed(cx, stream)? {
        return Err(value_error(cx, "I/O operation on closed file."));
    }
    Ok(stream)
}

/// ValueError when `__init__` has not run.
fn check_initialised(cx: &mut Cx, this: Text) -> PyResult<()> {
    if this.detached.get() { Ok(()) } else { buffer(cx, this).map(drop) }
}

fn newline_argument(cx: &mut Cx, newline: Value) -> PyResult<Option<String>> {
    if newline.is_none() {
        return Ok(None);
    }
    let Some(text) = newline.downcast::<Str>() else {
        let name = type_name(cx, newline);
        return Err(type_error(cx, format!("TextIOWrapper() argument 'newline' must be str or None, not {name}")));
    };
    let text = text.to_string();
    if !matches!(text.as_str(), "" | "\n" | "\r" | "\r\n") {
        return Err(value_error(cx, format!("illegal newline value: {text}")));
    }
    Ok(Some(text))
}

fn set_newline(this: Text, newline: Option<String>) {
    this.universal.set(newline.as_deref().is_none_or(str::is_empty));
    this.translate.set(newline.is_none());
    *this.newline.borrow_mut() = newline;
}

fn set_codec(cx: &mut Cx, this: Text, encoding: Value, errors: Value) -> PyResult<()> {
    let encoding = match encoding.downcast::<Str>() {
        Some(name) if name.eq_str("locale") => cx.heap.intern("UTF-8"),
        Some(name) => name,
        None => cx.heap.intern("UTF-8"),
    };
    let errors = errors.downcast::<Str>().unwrap_or(cx.names().strict);
    for text in [encoding, errors] {
        if text.to_utf8().is_err() {
            // Fails with the place of the surrogate.
            runtime::codec::encode_str(cx, text, Some("utf-8"), None)?;
        }
    }
    let name = encoding.to_string();
    if name.contains('\0') || errors.to_string().contains('\0') {
        return Err(value_error(cx, "embedded null character"));
    }
    this.encoding.set(this, encoding);
    this.errors.set(this, errors);
    *this.handler.borrow_mut() = errors.to_string();
    this.encoder.clear();
    this.decoder.clear();
    this.codec.set(codec::by_name(&name));
    let stream = this.buffer.get();
    let able = |cx: &mut Cx, method: &str| {
        let answer = invoke(cx, stream, method, &[])?;
        is_true(cx, answer)
    };
    let writable = match buffered::exact(cx, stream) {
        Some(_) => cx.class_of(stream).display_name() != "BufferedReader",
        None => able(cx, "writable")?,
    };
    this.writable.set(writable);
    if this.codec.get() != Codec::Incremental {
        return Ok(());
    }
    if able(cx, "readable")? {
        let decoder = codec::incremental(cx, &name, errors.value(), "incrementaldecoder")?;
        this.decoder.set(this, decoder);
    }
    if writable {
        let encoder = codec::incremental(cx, &name, errors.value(), "incrementalencoder")?;
        this.encoder.set(this, encoder);
    }
    Ok(())
}

/// `TextIOWrapper.__init__`.
pub fn initialise(cx: &mut Cx, this: Text, stream: Value, options: Options) -> PyResult<()> {
    this.ready.set(false);
    this.detached.set(false);
    for (value, what) in [(options.encoding, "encoding"), (options.errors, "errors")] {
        if !value.is_none() && value.downcast::<Str>().is_none() {
            let name = type_name(cx, value);
            return Err(type_error(cx, format!("TextIOWrapper() argument '{what}' must be str or None, not {name}")));
        }
    }
    let newline = newline_argument(cx, options.newline)?;
    this.buffer.set(this, stream);
    set_codec(cx, this, options.encoding, options.errors)?;
    set_newline(this, newline);
    this.line_buffering.set(options.line_buffering);
    this.write_through.set(options.write_through);
    this.pending.borrow_mut().clear();
    text_read::forget(this);
    let seekable = invoke(cx, stream, "seekable", &[])?;
    let seekable = is_true(cx, seekable)?;
    this.seekable.set(seekable);
    this.telling.set(seekable);
    this.ready.set(true);
    settle_encoder(cx, this)
}

/// Behind the start of the file no byte-order mark is written again.
fn settle_encoder(cx: &mut Cx, this: Text) -> PyResult<()> {
    if this.seekable.get() && this.encoder.get().is_bound() {
        let position = invoke(cx, this.buffer.get(), "tell", &[])?;
        if position != Int::ZERO.value() {
            invoke(cx, this.encoder.get(), "setstate", &[Int::ZERO.value()])?;
        }
    }
    Ok(())
}

fn contains(text: &Str, c: u8) -> bool {
    match text.chars() {
        object::Chars::Latin1(bytes) => bytes.contains(&c),
        _ => text.iter().any(|x| x == c as u32),
    }
}

fn translate_newlines(cx: &mut Cx, text: Gc<Str>, newline: &str) -> PyResult<Gc<Str>> {
    let mut out = StrBuilder::with_capacity(text.len() + 16);
    for c in text.iter() {
        if c == '\n' as u32 { out.push_str(newline) } else { out.push(c) }
    }
    out.finish(&mut cx.heap).or_raise(cx)
}

/// Write text: encoded, and passed on when there is enough of it or a line ends on a line-buffered stream.
pub fn write(cx: &mut Cx, this: Text, text: Gc<Str>) -> PyResult<()> {
    let stream = buffer(cx, this)?;
    let native = buffered::exact(cx, stream);
    if native.is_none() || this.pending.borrow().is_empty() {
        check_open(cx, this)?;
    }
    if !this.writable.get() {
        return Err(unsupported(cx, "not writable"));
    }
    let has_newline = contains(&text, b'\n');
    let flush = this.line_buffering.get() && (has_newline || contains(&text, b'\r'));
    let newline = if has_newline { this.newline.borrow().clone() } else { None };
    let out = match newline.as_deref() {
        Some(newline @ ("\r" | "\r\n")) => translate_newlines(cx, text, newline)?,
        _ => text,
    };
    match (this.encoder.get().bound(), out.as_ascii()) {
        (None, Some(ascii)) => collect(cx, this, ascii.as_bytes())?,
        (None, None) => {
            let handler = this.handler.borrow().clone();
            let data = codec::encode(cx, this.codec.get(), out, &handler)?;
            collect(cx, this, &data)?;
        }
        (Some(encoder), _) => {
            let data = invoke(cx, encoder, "encode", &[out.value()])?;
            let Some(data) = data.downcast::<Bytes>() else {
                let name = type_name(cx, data);
                return Err(type_error(cx, format!("encoder should return a bytes object, not '{name}'")));
            };
            collect(cx, this, data.as_slice())?;
        }
    }
    if this.pending.borrow().len() >= this.chunk.get() || flush || this.write_through.get() {
        write_pending(cx, this)?;
    }
    if flush {
        match native {
            Some(buffer) => buffered::flush(cx, buffer)?,
            None => drop(invoke(cx, stream, "flush", &[])?),
        }
    }
    if this.snapshot.borrow().valid {
        text_read::forget(this);
    }
    Ok(())
}

/// Put bytes behind those that wait, which go out first where both together are more than a chunk.
fn collect(cx: &mut Cx, this: Text, data: &[u8]) -> PyResult<()> {
    let is_too_much = || {
        let waiting = this.pending.borrow().len();
        waiting > 0 && waiting + data.len() > this.chunk.get()
    };
    while is_too_much() {
        write_pending(cx, this)?;
    }
    this.pending.borrow_mut().extend_from_slice(data);
    Ok(())
}

/// Hand the collected bytes to the buffer.
pub fn write_pending(cx: &mut Cx, this: Text) -> PyResult<()> {
    if this.pending.borrow().is_empty() {
        return Ok(());
    }
    let data = std::mem::take(&mut *this.pending.borrow_mut());
    let stream = this.buffer.get();
    if let Some(buffer) = buffered::exact(cx, stream) {
        let outcome = buffered::write(cx, buffer, &data);
        let mut pending = this.pending.borrow_mut();
        if pending.is_empty() {
            let mut data = data;
            data.clear();
            *pending = data;
        }
        return outcome;
    }
    let data = cx.heap.bytes(&data).or_raise(cx)?.value();
    let name = cx.names().write;
    call_method(cx, stream, name, &[data]).map(drop)
}

pub fn flush(cx: &mut Cx, this: Text) -> PyResult<()> {
    let stream = check_open(cx, this)?;
    this.telling.set(this.seekable.get());
    write_pending(cx, this)?;
    match buffered::exact(cx, stream) {
        Some(buffer) if cx.class_of(stream).display_name() != "BufferedReader" => buffered::flush(cx, buffer),
        _ => invoke(cx, stream, "flush", &[]).map(drop),
    }
}

fn close(cx: &mut Cx, this: Text) -> PyResult<()> {
    let stream = buffer(cx, this)?;
    if base::is_closed(cx, stream)? {
        return Ok(());
    }
    let flush = cx.names().flush;
    let flushed = call_method(cx, this.value(), flush, &[]);
    let first = flushed.err().map(|raised| cx.take_raised(raised));
    let closed = fileio::close_raw(cx, stream);
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

/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
///
/// newline controls how line endings are handled. It can be None, '',
/// '\n', '\r', and '\r\n'.
///
/// If line_buffering is True, a call to flush is implied when a call to
/// write contains a newline character.
#[native_class(
    name = "TextIOWrapper", module = "_io", layout = Native<TextIo>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::text_base::SPEC
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        base::new_native_stream(cx, class, TextIo::default()).value()
    }

    #[slot(
        init,
        "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)"
    )]
    fn init(
        cx: &mut Cx,
        this: Text,
        buffer: Value,
        encoding: Value,
        errors: Value,
        newline: Value,
        line_buffering: bool,
        write_through: bool,
    ) -> PyResult<()> {
        initialise(cx, this, buffer, Options { encoding, errors, newline, line_buffering, write_through })
    }

    /// Reconfigure the text stream with new parameters.
    ///
    /// This also does an implicit stream flush.
    #[method(
        "reconfigure($self, /, *, encoding=None, errors=None, newline=<unrepresentable>, line_buffering=None, write_through=None)"
    )]
    fn reconfigure(
        cx: &mut Cx,
        this: Text,
        encoding: Value,
        errors: Value,
        newline: Option<Value>,
        line_buffering: Value,
        write_through: Value,
    ) -> PyResult<()> {
        let changes_decoding = !encoding.is_none() || !errors.is_none() || newline.is_some();
        if changes_decoding && (this.decoded.get().is_bound() || this.snapshot.borrow().valid) {
            let message = "It is not possible to set the encoding or newline of stream after the first read";
            return Err(unsupported(cx, message));
        }
        for (value, what) in [(encoding, "encoding"), (errors, "errors")] {
            if !value.is_none() && value.downcast::<Str>().is_none() {
                let name = type_name(cx, value);
                return Err(type_error(cx, format!("reconfigure() argument '{what}' must be str or None, not {name}")));
            }
        }
        let newline = match newline {
            Some(value) => Some(newline_argument(cx, value)?),
            None => None,
        };
        let flag = |cx: &mut Cx, value: Value, old: bool| if value.is_none() { Ok(old) } else { is_true(cx, value) };
        let line_buffering = flag(cx, line_buffering, this.line_buffering.get())?;
        let write_through = flag(cx, write_through, this.write_through.get())?;
        super::flush(cx, this)?;
        if let Some(newline) = newline {
            set_newline(this, newline);
        }
        if !encoding.is_none() || !errors.is_none() {
            let errors = match (encoding.is_none(), errors.is_none()) {
                (true, _) => errors,
                (false, true) => cx.names().strict.value(),
                (false, false) => errors,
            };
            let encoding = if encoding.is_none() { this.encoding.get() } else { encoding };
            set_codec(cx, this, encoding, errors)?;
            settle_encoder(cx, this)?;
        }
        this.line_buffering.set(line_buffering);
        this.write_through.set(write_through);
        Ok(())
    }

    /// Separate the underlying buffer from the stream and return it.
    #[method("detach($self, /)")]
    fn detach(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        let flush = cx.names().flush;
        call_method(cx, this.value(), flush, &[])?;
        this.buffer.clear();
        this.detached.set(true);
        this.ready.set(false);
        Ok(stream)
    }

    /// Write a string to the stream; the number of characters is returned.
    #[method("write($self, text, /)")]
    fn write(cx: &mut Cx, this: Text, text: Value) -> PyResult<usize> {
        let Some(string) = text.downcast::<Str>() else {
            let name = type_name(cx, text);
            return Err(type_error(cx, format!("write() argument must be str, not {name}")));
        };
        super::write(cx, this, string)?;
        Ok(string.len())
    }

    /// Read size characters, or everything.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: Text, size: Option<Value>) -> PyResult {
        let size = size_argument(cx, size.unwrap_or(Value::NONE))?;
        Ok(text_read::read(cx, this, size)?.value())
    }

    /// Read a line.
    #[method("readline($self, size=-1, /)")]
    fn readline(cx: &mut Cx, this: Text, size: Option<Value>) -> PyResult {
        check_open(cx, this)?;
        let limit = size_argument(cx, size.unwrap_or(Value::NONE))?;
        Ok(text_read::readline(cx, this, limit)?.value())
    }

    /// Write out what was collected.
    #[method("flush($self, /)")]
    fn flush(cx: &mut Cx, this: Text) -> PyResult<()> {
        super::flush(cx, this)
    }

    /// Close the stream.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: Text) -> PyResult<()> {
        super::close(cx, this)
    }

    /// The buffer's file descriptor.
    #[method("fileno($self, /)")]
    fn fileno(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        invoke(cx, stream, "fileno", &[])
    }

    /// Whether the buffer can seek.
    #[method("seekable($self, /)")]
    fn seekable(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        invoke(cx, stream, "seekable", &[])
    }

    /// Whether the buffer can be read.
    #[method("readable($self, /)")]
    fn readable(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        invoke(cx, stream, "readable", &[])
    }

    /// Whether the buffer can be written.
    #[method("writable($self, /)")]
    fn writable(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        invoke(cx, stream, "writable", &[])
    }

    /// Whether the buffer is a terminal.
    #[method("isatty($self, /)")]
    fn isatty(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        invoke(cx, stream, "isatty", &[])
    }

    /// Return the stream position as an opaque number.
    ///
    /// The return value of tell() can be given as input to seek(), to restore
    /// a previous stream position.
    #[method("tell($self, /)")]
    fn tell(cx: &mut Cx, this: Text) -> PyResult {
        text_seek::tell(cx, this)
    }

    /// Set the stream position, and return the new stream position.
    ///
    ///   cookie
    ///     Zero or an opaque number returned by tell().
    ///   whence
    ///     The relative position to seek from.
    ///
    /// Four operations are supported, given by the following argument
    /// combinations:
    ///
    /// - seek(0, SEEK_SET): Rewind to the start of the stream.
    /// - seek(cookie, SEEK_SET): Restore a previous position.
    /// - seek(0, SEEK_END): Fast-forward to the end of the stream.
    /// - seek(0, SEEK_CUR): Leave the current stream position unchanged.
    ///
    /// Any other argument combinations are invalid,
    /// and may raise exceptions.
    #[method("seek($self, cookie, whence=0, /)")]
    fn seek(cx: &mut Cx, this: Text, cookie: Value, whence: i32) -> PyResult {
        text_seek::seek(cx, this, cookie, whence)
    }

    /// Change the buffer's size.
    #[method("truncate($self, pos=None, /)")]
    fn truncate(cx: &mut Cx, this: Text, pos: Value) -> PyResult {
        let stream = check_open(cx, this)?;
        super::flush(cx, this)?;
        invoke(cx, stream, "truncate", &[pos])
    }

    /// Not to be pickled.
    #[method("__getstate__($self, /)")]
    fn getstate(cx: &mut Cx, this: Value) -> PyResult<()> {
        let name = cx.class_of(this).display_name();
        Err(type_error(cx, format!("cannot pickle '_io.{name}' object")))
    }

    /// The encoding's name.
    #[getter]
    fn encoding(this: Text) -> Value {
        this.encoding.get().bound().unwrap_or(Value::NONE)
    }

    /// The error handler's name.
    #[getter]
    fn errors(cx: &mut Cx, this: Text) -> PyResult {
        check_initialised(cx, this)?;
        Ok(this.errors.get().bound().unwrap_or(Value::NONE))
    }

    /// The buffer.
    #[getter(buffer)]
    fn buffer_attribute(cx: &mut Cx, this: Text) -> PyResult {
        buffer(cx, this)
    }

    /// Whether line buffering is on.
    #[getter]
    fn line_buffering(this: Text) -> bool {
        this.line_buffering.get()
    }

    /// Whether writes go straight to the buffer.
    #[getter]
    fn write_through(this: Text) -> bool {
        this.write_through.get()
    }

    /// The buffer's name.
    #[getter]
    fn name(cx: &mut Cx, this: Text) -> PyResult {
        let stream = buffer(cx, this)?;
        let name = cx.names().name;
        get_attr(cx, stream, name)
    }

    /// Whether the buffer is closed.
    #[getter]
    fn closed(cx: &mut Cx, this: Text) -> PyResult<bool> {
        let stream = buffer(cx, this)?;
        base::is_closed(cx, stream)
    }

    /// Kinds of line ends seen so far.
    #[getter]
    fn newlines(cx: &mut Cx, this: Text) -> PyResult {
        buffer(cx, this)?;
        Ok(if this.universal.get() { super::super::newline::seen_value(cx, this.seen.get()) } else { Value::NONE })
    }

    /// Characters read or collected at a time.
    #[getter(_CHUNK_SIZE)]
    fn chunk_size(cx: &mut Cx, this: Text) -> PyResult<usize> {
        buffer(cx, this)?;
        Ok(this.chunk.get())
    }

    #[setter(_CHUNK_SIZE)]
    fn set_chunk_size(cx: &mut Cx, this: Text, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else {
            let message = "attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted";
            return Err(plain_attribute_error(cx, message));
        };
        let n = match runtime::number::as_i64(cx, value) {
            Err(raised) if cx.raised_is(cx.types().OverflowError) => {
                cx.take_raised(raised);
                let name = type_name(cx, value);
                return Err(value_error(cx, format_args!("cannot fit '{name}' into an index-sized integer")));
            }
            n => n?,
        };
        if n <= 0 {
            return Err(value_error(cx, "a strictly positive integer is required"));
        }
        this.chunk.set(n as usize);
        Ok(())
    }

    #[slot]
    fn next(cx: &mut Cx, this: Text) -> PyResult<Option<Value>> {
        this.telling.set(false);
        let line = if cx.class_of(this.value()).is_heap_type() {
            let readline = cx.names().readline;
            let line = call_method(cx, this.value(), readline, &[])?;
            match line.downcast::<Str>() {
                Some(line) => line,
                None => {
                    let class = cx.types().OSError;
                    let name = type_name(cx, line);
                    return Err(raise_class(
                        cx,
                        class,
                        format!("readline() should have returned a str object, not '{name}'"),
                    ));
                }
            }
        } else {
            if this.decoded.get().is_unbound() {
                check_open(cx, this)?;
            }
            text_read::readline(cx, this, None)?
        };
        if line.is_empty() {
            text_read::forget(this);
            this.telling.set(this.seekable.get());
            return Ok(None);
        }
        Ok(Some(line.value()))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Text) -> PyResult {
        check_initialised(cx, this)?;
        let class = cx.class_of(this.value()).display_name();
        let mut text = format!("<{}.{class}", fileio::module_of(cx, this.value()));
        for attribute in ["name", "mode"] {
            let name = cx.heap.intern(attribute);
            let found = match get_attr_opt(cx, this.value(), name) {
                Ok(found) => found,
                Err(raised) => {
                    cx.catch(raised, cx.types().ValueError)?;
                    None
                }
            };
            if let Some(value) = found {
                let value = repr_of(cx, value)?;
                text.push_str(&format!(" {attribute}={value}"));
            }
        }
        let encoding = this.encoding.get().bound().unwrap_or(Value::NONE);
        let encoding = repr_of(cx, encoding)?;
        text.push_str(&format!(" encoding={encoding}>"));
        Ok(cx.heap.str(&text))
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: Text) -> PyResult<()> {
        if !this.ready.get() { Ok(()) } else { base::finalize(cx, this.value()) }
    }
}
