//! `zlib`: compression, decompression and checksums, over the `zlib-rs` crate.
//!
//! Objects have no `copy`: the crate's safe interface cannot copy a stream, and CPython too leaves the method out where
//! the library lacks it. `objects` has the classes; `stream` drives the library.

mod objects;
mod stream;

use runtime::prelude::*;
use stream::{Deflater, Failure, Inflater};

pub(super) const MAX_WBITS: i32 = 15;
pub(super) const DEF_MEM_LEVEL: i32 = 8;
pub(super) const DEF_BUF_SIZE: isize = 16384;
const DEFLATED: i32 = 8;
const VERSION: &str = "1.3.1";

/// Raise `zlib.error` for a failure of the library.
#[cold]
pub(super) fn stream_error(cx: &mut Cx, failure: Failure, doing: &str) -> Raised {
    let Failure { code, message } = failure;
    let message = message.or(match code {
        -5 => Some("incomplete or truncated stream"),
        -2 => Some("inconsistent stream state"),
        -3 => Some("invalid input data"),
        _ => None,
    });
    if code == -4 {
        let message = format!("Out of memory {doing}");
        let class = cx.types().MemoryError;
        return raise_class(cx, class, message);
    }
    match message {
        Some(message) => error(cx, format_args!("Error {code} {doing}: {message}")),
        None => error(cx, format_args!("Error {code} {doing}")),
    }
}

#[cold]
pub(super) fn error(cx: &mut Cx, message: impl std::fmt::Display) -> Raised {
    crate::classes::raise_from_module(cx, "zlib", "error", message)
}

/// A checksum's start value: the low 32 bits of an int.
fn start_value(cx: &mut Cx, value: Value) -> PyResult<u32> {
    let value = index_value(cx, value)?;
    Ok(runtime::number::Num::of(value).map_or(0, |n| runtime::number::int::low_u64(n) as u32))
}

/// Data of at least this many bytes is worked on without the turn.
const LONG: usize = 5 * 1024;

/// Run `work` on the bytes of `data`; other threads run meanwhile when there is much.
fn with_data<R>(cx: &mut Cx, data: Value, work: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    let data = runtime::buffer::to_bytes(cx, data)?;
    Ok(if data.len() >= LONG { cx.blocking(|| work(data.as_slice())) } else { work(data.as_slice()) })
}

#[macros::native_module(
    name = "zlib",
    doc = "The functions in this module allow compression and decompression using the\nzlib library, which is based on GNU zip.\n\nadler32(string[, start]) -- Compute an Adler-32 checksum.\ncompress(data[, level]) -- Compress data, with compression level 0-9 or -1.\ncompressobj([level[, ...]]) -- Return a compressor object.\ncrc32(string[, start]) -- Compute a CRC-32 checksum.\ndecompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.\ndecompressobj([wbits[, zdict]]) -- Return a decompressor object.\n\n'wbits' is window buffer size and container format.\nCompressor objects support compress() and flush() methods; decompressor\nobjects support decompress() and flush()."
)]
pub mod module {
    use super::*;

    /// Compute an Adler-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function("adler32(data, value=1, /)")]
    fn adler32(cx: &mut Cx, data: Value, value: Option<Value>) -> PyResult<u32> {
        let start = value.map_or(Ok(1), |value| start_value(cx, value))?;
        with_data(cx, data, |data| zlib_rs::adler32::adler32(start, data))
    }

    /// Compute a CRC-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function("crc32(data, value=0, /)")]
    fn crc32(cx: &mut Cx, data: Value, value: Option<Value>) -> PyResult<u32> {
        let start = value.map_or(Ok(0), |value| start_value(cx, value))?;
        with_data(cx, data, |data| zlib_rs::crc32::crc32(start, data))
    }

    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///   level
    ///     Compression level, in 0-9 or -1.
    ///   wbits
    ///     The window buffer size and container format.
    #[function("compress(data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)")]
    fn compress(cx: &mut Cx, data: Value, level: Option<i32>, wbits: Option<i32>) -> PyResult<Gc<Bytes>> {
        let data = runtime::buffer::to_bytes(cx, data)?;
        let made = Deflater::new(level.unwrap_or(-1), wbits.unwrap_or(MAX_WBITS), DEF_MEM_LEVEL, 0);
        let Some(mut deflater) = made else { return Err(error(cx, "Bad compression level")) };
        match with_data(cx, data.value(), |data| deflater.run(data, stream::FINISH))? {
            Ok(out) => cx.heap.bytes(&out).or_raise(cx),
            Err(failure) => Err(stream_error(cx, failure, "while compressing data")),
        }
    }

    /// Returns a bytes object containing the uncompressed data.
    ///
    ///   data
    ///     Compressed data.
    ///   wbits
    ///     The window buffer size and container format.
    ///   bufsize
    ///     The initial output buffer size.
    #[function("decompress(data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)")]
    fn decompress(cx: &mut Cx, data: Value, wbits: Option<i32>, bufsize: Option<isize>) -> PyResult<Gc<Bytes>> {
        let data = runtime::buffer::to_bytes(cx, data)?;
        if bufsize.unwrap_or(DEF_BUF_SIZE) < 0 {
            return Err(value_error(cx, "bufsize must be non-negative"));
        }
        let Some(mut inflater) = Inflater::new(wbits.unwrap_or(MAX_WBITS)) else {
            let failure = Failure { code: -2, message: None };
            return Err(stream_error(cx, failure, "while preparing to decompress data"));
        };
        let done = with_data(cx, data.value(), |data| inflater.run(data, None, &[]))?;
        match done {
            Ok(run) if run.ended => cx.heap.bytes(&run.out).or_raise(cx),
            Ok(_) => Err(stream_error(cx, Failure { code: -5, message: None }, "while decompressing data")),
            Err(failure) => Err(stream_error(cx, failure, "while decompressing data")),
        }
    }

    /// Return a compressor object.
    ///
    ///   level
    ///     The compression level (an integer in the range 0-9 or -1; default is
    ///     currently equivalent to 6).  Higher compression levels are slower,
    ///     but produce smaller results.
    ///   method
    ///     The compression algorithm.  If given, this must be DEFLATED.
    ///   wbits
    ///     +9 to +15: The base-two logarithm of the window size.  Include a zlib
    ///         container.
    ///     -9 to -15: Generate a raw stream.
    ///     +25 to +31: Include a gzip container.
    ///   memLevel
    ///     Controls the amount of memory used for internal compression state.
    ///     Valid values range from 1 to 9.  Higher values result in higher memory
    ///     usage, faster compression, and smaller output.
    ///   strategy
    ///     Used to tune the compression algorithm.  Possible values are
    ///     Z_DEFAULT_STRATEGY, Z_FILTERED, and Z_HUFFMAN_ONLY.
    ///   zdict
    ///     The predefined compression dictionary - a sequence of bytes
    ///     containing subsequences that are likely to occur in the input data.
    #[function(
        "compressobj(level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=<unrepresentable>)"
    )]
    fn compressobj(
        cx: &mut Cx,
        level: Option<i32>,
        method: Option<i32>,
        wbits: Option<i32>,
        mem_level: Option<i32>,
        strategy: Option<i32>,
        zdict: Option<Value>,
    ) -> PyResult {
        let dictionary = zdict.map(|zdict| runtime::buffer::to_vec(cx, zdict)).transpose()?;
        let level = level.unwrap_or(-1);
        let (wbits, memory) = (wbits.unwrap_or(MAX_WBITS), mem_level.unwrap_or(DEF_MEM_LEVEL));
        let made = match method.unwrap_or(DEFLATED) {
            DEFLATED => Deflater::new(level, wbits, memory, strategy.unwrap_or(0)),
            _ => None,
        };
        let Some(mut deflater) = made else { return Err(value_error(cx, "Invalid initialization option")) };
        if dictionary.is_some_and(|dictionary| !deflater.set_dictionary(&dictionary)) {
            return Err(value_error(cx, "Invalid dictionary"));
        }
        objects::new_compressor(cx, deflater)
    }

    /// Return a decompressor object.
    ///
    ///   wbits
    ///     The window buffer size and container format.
    ///   zdict
    ///     The predefined compression dictionary.  This must be the same
    ///     dictionary as used by the compressor that produced the input data.
    #[function("decompressobj(wbits=MAX_WBITS, zdict=b'')")]
    fn decompressobj(cx: &mut Cx, wbits: Option<i32>, zdict: Value) -> PyResult {
        objects::new_decompressor(cx, wbits.unwrap_or(MAX_WBITS), zdict)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, value) in [
            ("MAX_WBITS", MAX_WBITS),
            ("DEFLATED", DEFLATED),
            ("DEF_MEM_LEVEL", DEF_MEM_LEVEL),
            ("DEF_BUF_SIZE", DEF_BUF_SIZE as i32),
            ("Z_NO_COMPRESSION", 0),
            ("Z_BEST_SPEED", 1),
            ("Z_BEST_COMPRESSION", 9),
            ("Z_DEFAULT_COMPRESSION", -1),
            ("Z_FILTERED", 1),
            ("Z_HUFFMAN_ONLY", 2),
            ("Z_RLE", 3),
            ("Z_FIXED", 4),
            ("Z_DEFAULT_STRATEGY", 0),
            ("Z_NO_FLUSH", 0),
            ("Z_PARTIAL_FLUSH", 1),
            ("Z_SYNC_FLUSH", 2),
            ("Z_FULL_FLUSH", 3),
            ("Z_FINISH", 4),
            ("Z_BLOCK", 5),
            ("Z_TREES", 6),
        ] {
            let value = int::BigInt::from_i64(&mut cx.heap, i64::from(value));
            set_module_attr(cx, module, name, value)?;
        }
        for (name, text) in [("ZLIB_VERSION", VERSION), ("ZLIB_RUNTIME_VERSION", VERSION), ("__version__", "1.0")] {
            let text = cx.heap.str(text);
            set_module_attr(cx, module, name, text)?;
        }
        let base = cx.types().Exception;
        let error = crate::classes::exception_class(cx, "zlib", "error", &[base])?;
        set_module_attr(cx, module, "error", error)?;
        add_class(cx, module, &objects::incremental::SPEC)?;
        Ok(())
    }
}
