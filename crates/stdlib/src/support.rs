//! What several native modules need: file names, system errors, attributes of modules.

use runtime::prelude::*;
use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Text of the system's bytes (file names, environment); undecodable ones become lone surrogates.
pub fn fs_decode(cx: &mut Cx, bytes: &[u8]) -> PyResult<Gc<Str>> {
    runtime::codec::decode_filename(cx, bytes)
}

/// The inverse of [`fs_decode`].
pub fn fs_encode(cx: &mut Cx, text: Gc<Str>) -> PyResult<Vec<u8>> {
    runtime::codec::encode_filename(cx, text)
}

/// A path argument: its bytes, and whether results are to be bytes as well.
#[derive(Clone)]
pub struct PathArg {
    pub bytes: Vec<u8>,
    pub is_bytes: bool,
    /// A file descriptor given instead of a path.
    pub fd: Option<i32>,
}

impl PathArg {
    pub fn os(&self) -> &OsStr {
        OsStr::from_bytes(&self.bytes)
    }

    /// A name of the kind (str or bytes) of this path.
    pub fn result(&self, cx: &mut Cx, name: &[u8]) -> PyResult {
        if self.is_bytes { Ok(cx.heap.bytes(name).or_raise(cx)?.value()) } else { Ok(fs_decode(cx, name)?.value()) }
    }
}

/// What a path parameter accepts.
#[derive(Clone, Copy)]
pub struct PathKind {
    pub function: &'static str,
    pub argument: &'static str,
    pub allow_fd: bool,
    pub nullable: bool,
}

impl PathKind {
    pub const fn of(function: &'static str, argument: &'static str) -> PathKind {
        PathKind { function, argument, allow_fd: false, nullable: false }
    }

    pub const fn fd(self) -> PathKind {
        PathKind { allow_fd: true, ..self }
    }

    pub const fn null(self) -> PathKind {
        PathKind { nullable: true, ..self }
    }

    fn allowed(self) -> &'static str {
        match (self.allow_fd, self.nullable) {
            (true, true) => "string, bytes, os.PathLike, integer or None",
            (true, false) => "string, bytes, os.PathLike or integer",
            (false, true) => "string, bytes, os.PathLike or None",
            (false, false) => "string, bytes or os.PathLike",
        }
    }
}

/// Convert a path argument.
pub fn path_arg(cx: &mut Cx, value: Value, kind: PathKind) -> PyResult<PathArg> {
    if kind.nullable && (value.is_none() || value.is_unbound()) {
        return Ok(PathArg { bytes: b".".to_vec(), is_bytes: false, fd: None });
    }
    if let Some(path) = plain_path(cx, value, kind)? {
        return Ok(path);
    }
    let is_index = cx.class_of(value).slots.index.get().is_some();
    if kind.allow_fd && is_index {
        let fd = runtime::number::as_i64(cx, value)?;
        let fd = i32::try_from(fd).map_err(|_| overflow_error(cx, "fd is greater than maximum"))?;
        return Ok(PathArg { bytes: Vec::new(), is_bytes: false, fd: Some(fd) });
    }
    let converted = call_special(cx, value, cx.names().__fspath__, &[])?;
    let Some(converted) = converted else {
        let name = type_name(cx, value);
        let PathKind { function, argument, .. } = kind;
        return Err(type_error(cx, format!("{function}: {argument} should be {}, not {name}", kind.allowed())));
    };
    match plain_path(cx, converted, kind)? {
        Some(path) => Ok(path),
        None => {
            let (class, result) = (type_name(cx, value), type_name(cx, converted));
            Err(type_error(cx, format!("expected {class}.__fspath__() to return str or bytes, not {result}")))
        }
    }
}

fn plain_path(cx: &mut Cx, value: Value, kind: PathKind) -> PyResult<Option<PathArg>> {
    let (bytes, is_bytes) = if let Some(text) = value.downcast::<Str>() {
        (fs_encode(cx, text)?, false)
    } else if let Some(bytes) = value.downcast::<Bytes>() {
        (bytes.as_slice().to_vec(), true)
    } else {
        return Ok(None);
    };
    if bytes.contains(&0) {
        let PathKind { function, argument, .. } = kind;
        return Err(value_error(
            cx,
            format!("{function}: embedded null {} in {argument}", if is_bytes { "byte" } else { "character" }),
        ));
    }
    Ok(Some(PathArg { bytes, is_bytes, fd: None }))
}

/// The path of an argument as a C string.
pub fn c_string(cx: &mut Cx, bytes: &[u8]) -> PyResult<CString> {
    CString::new(bytes).map_err(|_| value_error(cx, "embedded null byte"))
}

/// As `os_error`, for calls with two names.
#[cold]
pub fn os_error_of_two(cx: &mut Cx, errno: i32, first: Value, second: Value) -> Raised {
    let class = cx.types().OSError;
    let number = Int::from_len(errno as usize).value();
    let text = cx.heap.str(&crate::system::error_text(errno));
    match call(cx, class.value(), &[number, text, first, Value::NONE, second]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// An `OSError` of a failed `nix` call.
pub fn errno_error(cx: &mut Cx, errno: nix::errno::Errno, filename: Option<Value>) -> Raised {
    os_error(cx, errno as i32, filename)
}

/// An `OSError` of a failed call of Rust's library.
pub fn io_error(cx: &mut Cx, error: &std::io::Error, filename: Option<Value>) -> Raised {
    match error.raw_os_error() {
        Some(errno) => os_error(cx, errno, filename),
        None => {
            let class = cx.types().OSError;
            raise_class(cx, class, error)
        }
    }
}

/// Run a blocking system call, without the turn, again and again while signals interrupt it.
pub fn blocking_call<R>(cx: &mut Cx, mut system_call: impl FnMut() -> nix::Result<R>) -> PyResult<nix::Result<R>> {
    loop {
        match cx.blocking(&mut system_call) {
            Err(nix::errno::Errno::EINTR) => runtime::safepoint::handle(cx)?,
            result => return Ok(result),
        }
    }
}

/// A Python string of a system string.
pub fn os_str(cx: &mut Cx, text: &OsStr) -> PyResult {
    Ok(fs_decode(cx, text.as_bytes())?.value())
}

/// System text of a Python string.
pub fn os_string(cx: &mut Cx, text: Gc<Str>) -> PyResult<OsString> {
    Ok(OsString::from_vec(fs_encode(cx, text)?))
}

/// A list of strings.
pub fn str_list<'a>(cx: &mut Cx, items: impl IntoIterator<Item = &'a OsStr>) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    for item in items {
        let item = os_str(cx, item)?;
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    Ok(list)
}

/// Set an attribute of a native object or namespace directly.
pub fn set_own(cx: &mut Cx, object: Value, name: &str, value: impl Into<Value>) -> PyResult<()> {
    let value = value.into();
    let name = cx.heap.intern(name);
    match object::Attributes::of(object) {
        Some(attributes) => attributes.set(&mut cx.heap, name, value).or_raise(cx),
        None => Ok(()),
    }
}

/// A `types.SimpleNamespace` with these attributes.
pub fn namespace(cx: &mut Cx, fields: &[(&str, Value)]) -> PyResult {
    let shape = cx.heap.shapes().simple_namespace;
    let object = cx.heap.namespace(shape).value();
    for &(name, value) in fields {
        set_own(cx, object, name, value)?;
    }
    Ok(object)
}

/// Bytes of any object that has them: bytes, bytearray, memoryview, array. The copy is the caller's.
pub fn bytes_of(cx: &mut Cx, value: Value) -> PyResult<Vec<u8>> {
    runtime::buffer::to_vec(cx, value)
}

/// Write text to `sys.stderr`; nothing happens when there is none. Errors are dropped.
pub fn write_stderr(cx: &mut Cx, text: &str) {
    let Some(stderr) = runtime::import::sys_attr(cx, "stderr").filter(|f| !f.is_none()) else { return };
    let text = cx.heap.str(text);
    let write = cx.names().write;
    if let Err(raised) = call_method(cx, stderr, write, &[text]) {
        cx.take_raised(raised);
    }
}

/// Length in bytes of an object that can be written into: bytearray, memoryview, array.
pub fn writable_len(cx: &mut Cx, buffer: Value) -> PyResult<usize> {
    match runtime::buffer::with_bytes_mut(cx, buffer, |data| data.len()) {
        Ok(n) => Ok(n),
        Err(raised) => {
            cx.take_raised(raised);
            let name = type_name(cx, buffer);
            Err(type_error(cx, format!("readinto() argument must be read-write bytes-like object, not {name}")))
        }
    }
}

/// Write `data` at the start of a writable buffer, which has room for it.
pub fn write_into(cx: &mut Cx, buffer: Value, data: &[u8]) -> PyResult<()> {
    runtime::buffer::with_bytes_mut(cx, buffer, |target| {
        let n = data.len().min(target.len());
        target[..n].copy_from_slice(&data[..n]);
    })
}
