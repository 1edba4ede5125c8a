//! The module `_io`: files, buffers and text streams.
//!
//! Classes are in files of their own. Native objects talk to each other directly (a text stream writes into its buffered
//! writer, that into its file); anything else is called through its Python methods.

pub mod base;
pub mod buffered;
pub mod bytesio;
pub mod codec;
pub mod fileio;
pub mod newline;
pub mod open;
pub mod random;
pub mod streams;
pub mod stringio;
pub mod text;
mod text_read;
mod text_seek;

use macros::native_module;
use runtime::native::{add_class, set_module_attr};
use runtime::prelude::*;

pub use streams::{flush_standard_streams, install_standard_streams};

/// `io.DEFAULT_BUFFER_SIZE`.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// Classes that are made with the module: `UnsupportedOperation`.
struct Classes(RootVec);

fn unsupported_class(cx: &mut Cx) -> PyResult {
    let vm = cx.vm();
    let classes = vm.extension(|| Classes(vm.root_vec()));
    if classes.0.is_empty() {
        let types = cx.types();
        let bases = cx.heap.tuple(&[types.OSError.value(), types.ValueError.value()]);
        let namespace = Dict::new(&mut cx.heap);
        let (name, module) = (cx.heap.str("UnsupportedOperation"), cx.heap.str("io"));
        let key = cx.names().__module__;
        namespace.set_str(&mut cx.heap, key, module).or_raise(cx)?;
        let class = call(cx, types.type_.value(), &[name, bases.value(), namespace.value()])?;
        classes.0.push(class);
    }
    Ok(classes.0.get(0))
}

/// Raise `io.UnsupportedOperation(message)`.
pub fn unsupported(cx: &mut Cx, message: &str) -> Raised {
    let class = match unsupported_class(cx) {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let message = cx.heap.str(message);
    match call(cx, class, &[message]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// Call a method by name.
pub fn invoke(cx: &mut Cx, object: Value, method: &str, args: &[Value]) -> PyResult {
    let name = cx.heap.intern(method);
    call_method(cx, object, name, args)
}

/// Bytes of an argument that must be bytes-like (no text).
pub fn buffer_argument(cx: &mut Cx, value: Value) -> PyResult<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    crate::support::bytes_of(cx, value)
}

/// A size argument: None and negative mean "all".
pub fn size_argument(cx: &mut Cx, value: Value) -> PyResult<Option<usize>> {
    if value.is_none() || value.is_unbound() {
        return Ok(None);
    }
    if cx.class_of(value).slots.index.get().is_none() {
        let name = type_name(cx, value);
        return Err(type_error(cx, format!("argument should be integer or None, not '{name}'")));
    }
    let n = runtime::number::as_i64(cx, value)?;
    Ok(usize::try_from(n).ok())
}

#[native_module(
    name = "_io",
    doc = "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this \
           module."
)]
pub mod module {
    use super::*;

    /// Open file and return a stream.  Raise OSError upon failure.
    ///
    /// file is either a text or byte string giving the name (and the path
    /// if the file isn't in the current working directory) of the file to
    /// be opened or an integer file descriptor of the file to be
    /// wrapped.
    #[function(
        "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)"
    )]
    fn open(
        cx: &mut Cx,
        file: Value,
        mode: Gc<Str>,
        buffering: i32,
        encoding: Value,
        errors: Value,
        newline: Value,
        closefd: bool,
        opener: Value,
    ) -> PyResult {
        let options = open::Options { file, mode, buffering, encoding, errors, newline, closefd, opener };
        open::open(cx, options)
    }

    /// Opens the provided file with the intent to import the contents.
    ///
    /// This may perform extra validation beyond open(), but is otherwise
    /// interchangeable with calling open(path, 'rb').
    #[function("open_code(path)")]
    fn open_code(cx: &mut Cx, path: Gc<Str>) -> PyResult {
        open::open_binary(cx, path.value())
    }

    /// A helper function to choose the text encoding.
    ///
    /// When encoding is not None, this function returns it.
    /// Otherwise, this function returns the default text encoding
    /// (i.e. "locale" or "utf-8" depends on UTF-8 mode).
    #[function("text_encoding(encoding, stacklevel=2, /)")]
    fn text_encoding(cx: &mut Cx, encoding: Value, stacklevel: i32) -> PyResult {
        if !encoding.is_none() {
            return Ok(encoding);
        }
        if has_flag(cx, "warn_default_encoding")? {
            let category = cx.types().EncodingWarning;
            runtime::warnings::warn(cx, category, "'encoding' argument not specified", i64::from(stacklevel))?;
        }
        let name = if has_flag(cx, "utf8_mode")? { "utf-8" } else { "locale" };
        Ok(cx.heap.intern(name).value())
    }

    /// Whether one of `sys.flags` is set.
    fn has_flag(cx: &mut Cx, name: &str) -> PyResult<bool> {
        let flags = runtime::import::import_attr(cx, "sys", "flags")?;
        let name = cx.heap.intern(name);
        let flag = get_attr(cx, flags, name)?;
        is_true(cx, flag)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        set_module_attr(cx, module, "DEFAULT_BUFFER_SIZE", Int::from_len(DEFAULT_BUFFER_SIZE).value())?;
        let unsupported = unsupported_class(cx)?;
        set_module_attr(cx, module, "UnsupportedOperation", unsupported)?;
        let blocking = cx.types().BlockingIOError;
        set_module_attr(cx, module, "BlockingIOError", blocking)?;
        for spec in [
            &base::io_base::SPEC,
            &base::raw_base::SPEC,
            &base::buffered_base::SPEC,
            &base::text_base::SPEC,
            &fileio::class::SPEC,
            &bytesio::class::SPEC,
            &bytesio::view_class::SPEC,
            &stringio::class::SPEC,
            &buffered::reader::SPEC,
            &buffered::writer::SPEC,
            &random::random::SPEC,
            &random::pair::SPEC,
            &newline::class::SPEC,
            &text::class::SPEC,
        ] {
            add_class(cx, module, spec)?;
        }
        Ok(())
    }
}
