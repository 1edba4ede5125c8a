//! `zlib.Compress`, `zlib.Decompress` and `zlib._ZlibDecompressor`.

use super::stream::{Deflater, FINISH, Failure, Inflated, Inflater};
use super::{DEF_BUF_SIZE, MAX_WBITS, stream_error};
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;

#[derive(Trace)]
pub struct Compressor {
    /// Nothing after `flush(Z_FINISH)`.
    #[trace(skip)]
    stream: Opaque<Option<Deflater>>,
}

impl NativeData for Compressor {
    const NAME: &'static str = "zlib.Compress";
}

pub fn new_compressor(cx: &mut Cx, deflater: Deflater) -> PyResult {
    let class = class_of_spec(cx, &compressor::SPEC)?;
    Ok(new_native(cx, class, Compressor { stream: Opaque::new(Some(deflater)) }).value())
}

#[native_class(name = "Compress", module = "zlib", layout = Native<Compressor>, flags = DISALLOW_INSTANTIATION)]
pub mod compressor {
    use super::*;

    type This = Gc<Native<Compressor>>;

    fn run(cx: &mut Cx, this: This, data: &[u8], flush: i32, doing: &str) -> PyResult<Gc<Bytes>> {
        let mut stream = this.stream.borrow_mut();
        let result = match &mut *stream {
            Some(stream) => stream.run(data, flush),
            None => Err(Failure { code: -2, message: None }),
        };
        if flush == FINISH && result.is_ok() {
            *stream = None;
        }
        drop(stream);
        match result {
            Ok(out) => cx.heap.bytes(&out).or_raise(cx),
            Err(failure) => Err(stream_error(cx, failure, doing)),
        }
    }

    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///
    /// After calling this function, some of the input data may still
    /// be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[method("compress($self, data, /)")]
    fn compress(cx: &mut Cx, this: This, data: Value) -> PyResult<Gc<Bytes>> {
        let data = runtime::buffer::to_bytes(cx, data)?;
        run(cx, this, data.as_slice(), 0, "while compressing data")
    }

    /// Return a bytes object containing any remaining compressed data.
    ///
    ///   mode
    ///     One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
    ///     If mode == Z_FINISH, the compressor object can no longer be
    ///     used after calling the flush() method.  Otherwise, more data
    ///     can still be compressed.
    #[method("flush($self, mode=zlib.Z_FINISH, /)")]
    fn flush(cx: &mut Cx, this: This, mode: Option<i32>) -> PyResult<Gc<Bytes>> {
        match mode.unwrap_or(FINISH) {
            0 => cx.heap.bytes(b"").or_raise(cx),
            mode => run(cx, this, b"", mode, "while flushing"),
        }
    }
}

/// Run an object's inflater. The turn is kept: the next caller must find the stream as this one leaves it.
fn inflate(
    cx: &mut Cx,
    stream: &Opaque<Inflater>,
    data: Gc<Bytes>,
    limit: Option<usize>,
    zdict: Value,
) -> PyResult<Result<Inflated, Failure>> {
    let dictionary = match zdict.bound() {
        Some(dictionary) => runtime::buffer::to_vec(cx, dictionary)?,
        None => Vec::new(),
    };
    Ok(stream.borrow_mut().run(data.as_slice(), limit, &dictionary))
}

/// An inflater, with the dictionary set where the format does not ask for it.
fn make_inflater(cx: &mut Cx, wbits: i32, zdict: Value) -> PyResult<Opaque<Inflater>> {
    if zdict.is_bound() && !runtime::buffer::is_buffer(cx, zdict) {
        return Err(type_error(cx, "zdict argument must support the buffer protocol"));
    }
    let Some(mut inflater) = Inflater::new(wbits) else {
        return Err(value_error(cx, "Invalid initialization option"));
    };
    if inflater.is_raw() && zdict.is_bound() {
        let dictionary = runtime::buffer::to_vec(cx, zdict)?;
        if !dictionary.is_empty()
            && let Err(failure) = inflater.set_dictionary(&dictionary)
        {
            return Err(stream_error(cx, failure, "while setting zdict"));
        }
    }
    Ok(Opaque::new(inflater))
}

#[derive(Trace)]
pub struct Decompressor {
    #[trace(skip)]
    stream: Opaque<Inflater>,
    zdict: Slot,
    unused: GcSlot<Bytes>,
    unconsumed: GcSlot<Bytes>,
    eof: Cell<bool>,
}

impl NativeData for Decompressor {
    const NAME: &'static str = "zlib.Decompress";
}

pub fn new_decompressor(cx: &mut Cx, wbits: i32, zdict: Value) -> PyResult {
    let stream = make_inflater(cx, wbits, zdict)?;
    let class = class_of_spec(cx, &decompressor::SPEC)?;
    let nothing = cx.heap.bytes(b"").or_raise(cx)?;
    let data = Decompressor {
        stream,
        zdict: Slot::new(zdict),
        unused: GcSlot::of(nothing),
        unconsumed: GcSlot::of(nothing),
        eof: Cell::new(false),
    };
    Ok(new_native(cx, class, data).value())
}

#[native_class(name = "Decompress", module = "zlib", layout = Native<Decompressor>, flags = DISALLOW_INSTANTIATION)]
pub mod decompressor {
    use super::*;

    type This = Gc<Native<Decompressor>>;

    /// Keep what a run left of its input where Python code finds it.
    fn keep_rest(cx: &mut Cx, this: This, data: Gc<Bytes>, taken: usize, ended: bool) -> PyResult<()> {
        let rest = data.as_slice()[taken..].to_vec();
        if ended {
            let mut unused = this.unused.expect().as_slice().to_vec();
            unused.extend_from_slice(&rest);
            let (unused, nothing) = (cx.heap.bytes(&unused).or_raise(cx)?, cx.heap.bytes(b"").or_raise(cx)?);
            this.unused.set(this, unused);
            this.unconsumed.set(this, nothing);
            this.eof.set(true);
        } else {
            let rest = cx.heap.bytes(&rest).or_raise(cx)?;
            this.unconsumed.set(this, rest);
        }
        Ok(())
    }

    /// Return a bytes object containing the decompressed version of the data.
    ///
    ///   data
    ///     The binary data to decompress.
    ///   max_length
    ///     The maximum allowable length of the decompressed data.
    ///     Unconsumed input data will be stored in
    ///     the unconsumed_tail attribute.
    ///
    /// After calling this function, some of the input data may still be
    /// stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[method("decompress($self, data, /, max_length=0)")]
    fn decompress(cx: &mut Cx, this: This, data: Value, max_length: isize) -> PyResult<Gc<Bytes>> {
        let data = runtime::buffer::to_bytes(cx, data)?;
        let limit = match max_length {
            0 => None,
            n if n > 0 => Some(n as usize),
            _ => return Err(value_error(cx, "max_length must be non-negative")),
        };
        let run = match inflate(cx, &this.stream, data, limit, this.zdict.get())? {
            Ok(run) => run,
            Err(failure) => return Err(stream_error(cx, failure, "while decompressing data")),
        };
        keep_rest(cx, this, data, run.taken, run.ended)?;
        cx.heap.bytes(&run.out).or_raise(cx)
    }

    /// Return a bytes object containing any remaining decompressed data.
    ///
    ///   length
    ///     the initial size of the output buffer.
    #[method("flush($self, length=zlib.DEF_BUF_SIZE, /)")]
    fn flush(cx: &mut Cx, this: This, length: Option<isize>) -> PyResult<Gc<Bytes>> {
        if length.unwrap_or(DEF_BUF_SIZE) <= 0 {
            return Err(value_error(cx, "length must be greater than zero"));
        }
        let data = this.unconsumed.expect();
        let run = match inflate(cx, &this.stream, data, None, this.zdict.get())? {
            Ok(run) => run,
            Err(failure) => return Err(stream_error(cx, failure, "while flushing")),
        };
        keep_rest(cx, this, data, run.taken, run.ended)?;
        cx.heap.bytes(&run.out).or_raise(cx)
    }

    #[getter]
    fn unused_data(this: This) -> Gc<Bytes> {
        this.unused.expect()
    }

    #[getter]
    fn unconsumed_tail(this: This) -> Gc<Bytes> {
        this.unconsumed.expect()
    }

    #[getter]
    fn eof(this: This) -> bool {
        this.eof.get()
    }
}

#[derive(Trace)]
pub struct Incremental {
    #[trace(skip)]
    stream: Opaque<Inflater>,
    zdict: Slot,
    unused: GcSlot<Bytes>,
    /// Input that the limit of a call left over.
    #[trace(skip)]
    pending: Opaque<Vec<u8>>,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
}

impl NativeData for Incremental {
    const NAME: &'static str = "zlib._ZlibDecompressor";
}

#[native_class(
    name = "_ZlibDecompressor",
    module = "zlib",
    layout = Native<Incremental>,
    doc = "_ZlibDecompressor(wbits=15, zdict=b'')\n--\n\nCreate a decompressor object for decompressing data incrementally.\n\n  wbits = 15\n  zdict\n     The predefined compression dictionary. This is a sequence of bytes\n     (such as a bytes object) containing subsequences that are expected\n     to occur frequently in the data that is to be compressed. Those\n     subsequences that are expected to be most common should come at the\n     end of the dictionary. This must be the same dictionary as used by the\n     compressor that produced the input data.\n\n"
)]
pub mod incremental {
    use super::*;

    type This = Gc<Native<Incremental>>;

    #[slot(new, "_ZlibDecompressor(wbits=15, zdict=b'')")]
    fn new(cx: &mut Cx, class: Gc<Class>, wbits: Option<i32>, zdict: Value) -> PyResult<This> {
        let stream = make_inflater(cx, wbits.unwrap_or(MAX_WBITS), zdict)?;
        let nothing = cx.heap.bytes(b"").or_raise(cx)?;
        let data = Incremental {
            stream,
            zdict: Slot::new(zdict),
            unused: GcSlot::of(nothing),
            pending: Opaque::new(Vec::new()),
            eof: Cell::new(false),
            needs_input: Cell::new(true),
        };
        Ok(new_native(cx, class, data))
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes
    /// of decompressed data.  If this limit is reached and further output
    /// can be produced, *self.needs_input* will be set to ``False``.  In
    /// this case, the next call to *decompress()* may provide *data* as b''
    /// to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either
    /// because this was less than *max_length* bytes, or because
    /// *max_length* was negative), *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached
    /// raises an EOFError.  Any data found after the end of the stream is
    /// ignored and saved in the unused_data attribute.
    #[method("decompress($self, /, data, max_length=-1)")]
    fn decompress(cx: &mut Cx, this: This, data: Value, max_length: isize) -> PyResult<Gc<Bytes>> {
        let data = runtime::buffer::to_bytes(cx, data)?;
        if this.eof.get() {
            return Err(eof_error(cx, "End of stream already reached"));
        }
        let mut input = std::mem::take(&mut *this.pending.borrow_mut());
        let data = if input.is_empty() {
            data
        } else {
            input.extend_from_slice(data.as_slice());
            cx.heap.bytes(&input).or_raise(cx)?
        };
        let limit = usize::try_from(max_length).ok();
        let run = match inflate(cx, &this.stream, data, limit, this.zdict.get())? {
            Ok(run) => run,
            Err(failure) => return Err(stream_error(cx, failure, "while decompressing data")),
        };
        let rest = &data.as_slice()[run.taken..];
        if run.ended {
            this.eof.set(true);
            this.needs_input.set(false);
            if !rest.is_empty() {
                let unused = cx.heap.bytes(&rest.to_vec()).or_raise(cx)?;
                this.unused.set(this, unused);
            }
        } else {
            let full = limit.is_some_and(|limit| run.out.len() >= limit);
            this.needs_input.set(rest.is_empty() && !full);
            *this.pending.borrow_mut() = rest.to_vec();
        }
        cx.heap.bytes(&run.out).or_raise(cx)
    }

    #[getter(doc = "True if the end-of-stream marker has been reached.")]
    fn eof(this: This) -> bool {
        this.eof.get()
    }

    #[getter(doc = "Data found after the end of the compressed stream.")]
    fn unused_data(this: This) -> Gc<Bytes> {
        this.unused.expect()
    }

    #[getter(doc = "True if more input is needed before more decompressed data can be produced.")]
    fn needs_input(this: This) -> bool {
        this.needs_input.get()
    }
}
