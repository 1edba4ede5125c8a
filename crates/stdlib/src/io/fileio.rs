//! `FileIO`: a file descriptor.

use super::{base, invoke, unsupported};
use crate::support::{self, PathKind, errno_error, path_arg};
use macros::{Trace, native_class};
use nix::fcntl::{OFlag, open};
use nix::sys::stat::{Mode, SFlag, fstat};
use nix::unistd;
use runtime::prelude::*;
use std::cell::Cell;

/// An open file descriptor; -1 = closed.
#[derive(Trace)]
pub struct FileIo {
    pub fd: Cell<i32>,
    created: Cell<bool>,
    pub readable: Cell<bool>,
    pub writable: Cell<bool>,
    appending: Cell<bool>,
    close_fd: Cell<bool>,
    /// Whether seeking works, once known.
    seekable: Cell<Option<bool>>,
    pub block_size: Cell<usize>,
}

impl NativeData for FileIo {
    const NAME: &'static str = "FileIO";
}

impl Default for FileIo {
    fn default() -> FileIo {
        FileIo {
            fd: Cell::new(-1),
            created: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            appending: Cell::new(false),
            close_fd: Cell::new(true),
            seekable: Cell::new(None),
            block_size: Cell::new(super::DEFAULT_BUFFER_SIZE),
        }
    }
}

type File = Gc<Native<FileIo>>;

/// The file's descriptor; ValueError when it is closed.
pub fn descriptor(cx: &mut Cx, file: File) -> PyResult<i32> {
    match file.fd.get() {
        fd if fd >= 0 => Ok(fd),
        _ => Err(value_error(cx, "I/O operation on closed file")),
    }
}

/// A file object around an open descriptor.
pub fn from_fd(cx: &mut Cx, fd: i32, readable: bool, close_fd: bool) -> PyResult<File> {
    let class = runtime::native::class_of_spec(cx, &class::SPEC)?;
    let file = base::new_native_stream(cx, class, FileIo::default());
    file.fd.set(fd);
    file.readable.set(readable);
    file.writable.set(!readable);
    file.close_fd.set(close_fd);
    Ok(file)
}

/// Read at most `size` bytes, once; `None` when the descriptor does not block and has nothing.
pub fn read(cx: &mut Cx, file: File, size: usize) -> PyResult<Option<Vec<u8>>> {
    let fd = descriptor(cx, file)?;
    runtime::types::str::edit::check_length(cx, Some(size))?;
    let mut buffer = vec![0; size];
    match support::blocking_call(cx, || unistd::read(fd, &mut buffer))? {
        Ok(n) => {
            buffer.truncate(n);
            Ok(Some(buffer))
        }
        Err(nix::errno::Errno::EAGAIN) => Ok(None),
        Err(error) => Err(errno_error(cx, error, None)),
    }
}

/// Write once; the number of bytes written, `None` when the descriptor does not block and takes nothing.
pub fn write(cx: &mut Cx, file: File, data: &[u8]) -> PyResult<Option<usize>> {
    let fd = descriptor(cx, file)?;
    match support::blocking_call(cx, || unistd::write(fd, data))? {
        Ok(n) => Ok(Some(n)),
        Err(nix::errno::Errno::EAGAIN) => Ok(None),
        Err(error) => Err(errno_error(cx, error, None)),
    }
}

/// Read to the end.
pub fn read_all(cx: &mut Cx, file: File) -> PyResult<Option<Vec<u8>>> {
    let fd = descriptor(cx, file)?;
    let size = fstat(fd).ok().map_or(0, |s| s.st_size.max(0) as usize);
    let position = unistd::lseek(fd, 0, unistd::Whence::SeekCur).unwrap_or(0).max(0) as usize;
    let mut chunk = size.saturating_sub(position).saturating_add(1).clamp(1024, 1 << 26);
    let mut all: Vec<u8> = Vec::new();
    loop {
        match read(cx, file, chunk)? {
            None if all.is_empty() => return Ok(None),
            None => break,
            Some(piece) if piece.is_empty() => break,
            Some(piece) if all.is_empty() => all = piece,
            Some(piece) => all.extend_from_slice(&piece),
        }
        chunk = chunk.max(super::DEFAULT_BUFFER_SIZE);
    }
    Ok(Some(all))
}

/// `lseek`; the new position.
pub fn seek(cx: &mut Cx, file: File, offset: i64, whence: i32) -> PyResult<i64> {
    let fd = descriptor(cx, file)?;
    let whence = match whence {
        0 => unistd::Whence::SeekSet,
        1 => unistd::Whence::SeekCur,
        2 => unistd::Whence::SeekEnd,
        3 => unistd::Whence::SeekData,
        4 => unistd::Whence::SeekHole,
        _ => return Err(os_error(cx, libc::EINVAL, None)),
    };
    match unistd::lseek(fd, offset, whence) {
        Ok(position) => {
            file.seekable.set(Some(true));
            Ok(position)
        }
        Err(error) => Err(errno_error(cx, error, None)),
    }
}

pub fn is_seekable(cx: &mut Cx, file: File) -> PyResult<bool> {
    let fd = descriptor(cx, file)?;
    if let Some(known) = file.seekable.get() {
        return Ok(known);
    }
    let seekable = unistd::lseek(fd, 0, unistd::Whence::SeekCur).is_ok();
    file.seekable.set(Some(seekable));
    Ok(seekable)
}

fn mode_text(file: &FileIo) -> &'static str {
    let (read, write) = (file.readable.get(), file.writable.get());
    match (file.created.get(), file.appending.get()) {
        (true, _) => {
            if read {
                "xb+"
            } else {
                "xb"
            }
        }
        (_, true) => {
            if read {
                "ab+"
            } else {
                "ab"
            }
        }
        _ if read && write => "rb+",
        _ if read => "rb",
        _ => "wb",
    }
}

/// What a mode string of `FileIO` means.
struct Parsed {
    flags: OFlag,
    readable: bool,
    writable: bool,
    created: bool,
    appending: bool,
}

fn parse_mode(cx: &mut Cx, mode: &str) -> PyResult<Parsed> {
    let mut parsed =
        Parsed { flags: OFlag::empty(), readable: false, writable: false, created: false, appending: false };
    let (mut kinds, mut plus) = (0, 0);
    for c in mode.chars() {
        match c {
            'x' => {
                kinds += 1;
                (parsed.created, parsed.writable) = (true, true);
                parsed.flags |= OFlag::O_EXCL | OFlag::O_CREAT;
            }
            'r' => {
                kinds += 1;
                parsed.readable = true;
            }
            'w' => {
                kinds += 1;
                parsed.writable = true;
                parsed.flags |= OFlag::O_CREAT | OFlag::O_TRUNC;
            }
            'a' => {
                kinds += 1;
                (parsed.writable, parsed.appending) = (true, true);
                parsed.flags |= OFlag::O_APPEND | OFlag::O_CREAT;
            }
            'b' => {}
            '+' => plus += 1,
            _ => return Err(value_error(cx, format!("invalid mode: {mode}"))),
        }
    }
    if kinds != 1 || plus > 1 {
        let message = "Must have exactly one of create/read/write/append mode and at most one plus";
        return Err(value_error(cx, message));
    }
    if plus == 1 {
        (parsed.readable, parsed.writable) = (true, true);
    }
    parsed.flags |= match (parsed.readable, parsed.writable) {
        (true, true) => OFlag::O_RDWR,
        (false, true) => OFlag::O_WRONLY,
        _ => OFlag::O_RDONLY,
    };
    parsed.flags |= OFlag::O_CLOEXEC;
    Ok(parsed)
}

fn close_descriptor(cx: &mut Cx, file: File) -> PyResult<()> {
    let fd = file.fd.replace(-1);
    if fd < 0 {
        return Ok(());
    }
    match cx.blocking(|| unistd::close(fd)) {
        Ok(()) | Err(nix::errno::Errno::EINTR) => Ok(()),
        Err(error) => Err(errno_error(cx, error, None)),
    }
}

/// Open a file.
///
/// The mode can be 'r' (default), 'w', 'x' or 'a' for reading,
/// writing, exclusive creation or appending.  The file will be created if it
/// doesn't exist when opened for writing or appending; it will be truncated
/// when opened for writing.  A FileExistsError will be raised if it already
/// exists when opened for creating. Opening a file for creating implies
/// writing so this mode behaves in a similar way to 'w'.Add a '+' to the mode
/// to allow simultaneous reading and writing. A custom opener can be used by
/// passing a callable as *opener*. The underlying file descriptor for the file
/// object is then obtained by calling opener with (*name*, *flags*).
/// *opener* must return an open file descriptor (passing os.open as *opener*
/// results in functionality similar to passing None).
#[native_class(
    name = "FileIO", module = "_io", layout = Native<FileIo>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::raw_base::SPEC
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        base::new_native_stream(cx, class, FileIo::default()).value()
    }

    #[slot(init, "FileIO(file, mode='r', closefd=True, opener=None)")]
    fn init(cx: &mut Cx, this: File, file: Value, mode: Gc<Str>, closefd: bool, opener: Value) -> PyResult<()> {
        if this.fd.get() >= 0 {
            if this.close_fd.get() { close_descriptor(cx, this)? } else { this.fd.set(-1) }
        }
        let parsed = parse_mode(cx, &mode.to_string())?;
        this.created.set(parsed.created);
        this.readable.set(parsed.readable);
        this.writable.set(parsed.writable);
        this.appending.set(parsed.appending);
        this.close_fd.set(closefd);
        this.seekable.set(None);
        if matches!(file, Value::TRUE | Value::FALSE) {
            let class = cx.types().RuntimeWarning;
            runtime::warnings::warn(cx, class, "bool is used as a file descriptor", 1)?;
        }
        let given = if let Some(fd) = file.unwrap_payload().as_small_or_bool() {
            if fd < 0 {
                return Err(value_error(cx, "negative file descriptor"));
            }
            Some(i32::try_from(fd).map_err(|_| overflow_error(cx, "signed integer is greater than maximum"))?)
        } else {
            None
        };
        let fd = match given {
            Some(fd) => fd,
            None if !closefd => return Err(value_error(cx, "Cannot use closefd=False with file name")),
            None => open_path(cx, file, &parsed, opener)?,
        };
        this.fd.set(fd);
        if let Err(raised) = check_file(cx, this, file) {
            if given.is_none() {
                // The error that is being raised says more than one of closing would.
                let _ = unistd::close(this.fd.replace(-1));
            }
            this.fd.set(-1);
            return Err(raised);
        }
        support::set_own(cx, this.value(), "name", file)?;
        if parsed.appending
            && let Err(error) = unistd::lseek(fd, 0, unistd::Whence::SeekEnd)
            && error != nix::errno::Errno::ESPIPE
        {
            return Err(errno_error(cx, error, None));
        }
        Ok(())
    }

    fn open_path(cx: &mut Cx, file: Value, parsed: &Parsed, opener: Value) -> PyResult<i32> {
        if !opener.is_none() {
            let flags = Int::from_len(parsed.flags.bits() as usize).value();
            let fd = call(cx, opener, &[file, flags])?;
            if cx.class_of(fd).slots.index.get().is_none() {
                return Err(type_error(cx, "expected integer from opener"));
            }
            let fd = runtime::number::as_i64(cx, fd)?;
            if fd < 0 {
                return Err(value_error(cx, format!("opener returned {fd}")));
            }
            return Ok(fd as i32);
        }
        let path = path_arg(cx, file, PathKind::of("open", "path"))?;
        let mode = Mode::from_bits_truncate(0o666);
        match support::blocking_call(cx, || open(path.os(), parsed.flags, mode))? {
            Ok(fd) => Ok(fd),
            Err(error) => Err(errno_error(cx, error, Some(file))),
        }
    }

    fn check_file(cx: &mut Cx, this: File, file: Value) -> PyResult<()> {
        match fstat(this.fd.get()) {
            Ok(stat) => {
                if SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFDIR {
                    return Err(os_error(cx, libc::EISDIR, Some(file)));
                }
                if stat.st_blksize > 1 {
                    this.block_size.set(stat.st_blksize as usize);
                }
                Ok(())
            }
            Err(error) if error == nix::errno::Errno::EBADF => Err(errno_error(cx, error, Some(file))),
            Err(_) => Ok(()),
        }
    }

    /// Read at most size bytes, returned as bytes.
    ///
    /// If size is less than 0, read all bytes in the file making multiple read calls.
    /// See ``FileIO.readall``.
    ///
    /// Attempts to make only one system call, retrying only per PEP 475 (EINTR). This
    /// means less data may be returned than requested.
    ///
    /// In non-blocking mode, returns None if no data is available. Return an empty
    /// bytes object at EOF.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: File, size: Option<Value>) -> PyResult {
        let size = super::super::size_argument(cx, size.unwrap_or(Value::NONE))?;
        descriptor(cx, this)?;
        if !this.readable.get() {
            return Err(unsupported(cx, "File not open for reading"));
        }
        let Some(size) = size else { return readall(cx, this) };
        match super::read(cx, this, size)? {
            Some(data) => Ok(cx.heap.bytes(&data).or_raise(cx)?.value()),
            None => Ok(Value::NONE),
        }
    }

    /// Read all data from the file, returned as bytes.
    ///
    /// Reads until either there is an error or read() returns size 0 (indicates EOF).
    /// If the file is already at EOF, returns an empty bytes object.
    ///
    /// In non-blocking mode, returns as much data as could be read before EAGAIN. If no
    /// data is available (EAGAIN is returned before bytes are read) returns None.
    #[method("readall($self, /)")]
    fn readall(cx: &mut Cx, this: File) -> PyResult {
        match read_all(cx, this)? {
            Some(data) => Ok(cx.heap.bytes(&data).or_raise(cx)?.value()),
            None => Ok(Value::NONE),
        }
    }

    /// Same as RawIOBase.readinto().
    #[method("readinto($self, buffer, /)")]
    fn readinto(cx: &mut Cx, this: File, buffer: Value) -> PyResult {
        descriptor(cx, this)?;
        if !this.readable.get() {
            return Err(unsupported(cx, "File not open for reading"));
        }
        let size = support::writable_len(cx, buffer)?;
        match super::read(cx, this, size)? {
            Some(data) => {
                support::write_into(cx, buffer, &data)?;
                Ok(Int::from_len(data.len()).value())
            }
            None => Ok(Value::NONE),
        }
    }

    /// Write buffer b to file, return number of bytes written.
    ///
    /// Only makes one system call, so not all of the data may be written.
    /// The number of bytes actually written is returned.  In non-blocking mode,
    /// returns None if the write would block.
    #[method("write($self, b, /)")]
    fn write(cx: &mut Cx, this: File, b: Value) -> PyResult<Option<Value>> {
        descriptor(cx, this)?;
        if !this.writable.get() {
            return Err(unsupported(cx, "File not open for writing"));
        }
        let data = super::super::buffer_argument(cx, b)?;
        Ok(super::write(cx, this, &data)?.map(|n| Int::from_len(n).value()))
    }

    /// Move to new file position and return the file position.
    ///
    /// Argument offset is a byte count.  Optional argument whence defaults to
    /// SEEK_SET or 0 (offset from start of file, offset should be >= 0); other values
    /// are SEEK_CUR or 1 (move relative to current position, positive or negative),
    /// and SEEK_END or 2 (move relative to end of file, usually negative, although
    /// many platforms allow seeking beyond the end of a file).
    ///
    /// Note that not all file objects are seekable.
    #[method("seek($self, pos, whence=0, /)")]
    fn seek(cx: &mut Cx, this: File, pos: i64, whence: i32) -> PyResult<i64> {
        super::seek(cx, this, pos, whence)
    }

    /// Current file position.
    ///
    /// Can raise OSError for non seekable files.
    #[method("tell($self, /)")]
    fn tell(cx: &mut Cx, this: File) -> PyResult<i64> {
        super::seek(cx, this, 0, 1)
    }

    /// Truncate the file to at most size bytes and return the truncated size.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is changed to the value of size.
    #[method("truncate($self, size=None, /)")]
    fn truncate(cx: &mut Cx, this: File, size: Value) -> PyResult<i64> {
        let fd = descriptor(cx, this)?;
        if !this.writable.get() {
            return Err(unsupported(cx, "File not open for writing"));
        }
        let size = if size.is_none() { super::seek(cx, this, 0, 1)? } else { runtime::number::as_i64(cx, size)? };
        match support::blocking_call(cx, || unistd::ftruncate(fd, size))? {
            Ok(()) => Ok(size),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Close the file.
    ///
    /// A closed file cannot be used for further I/O operations.  close() may be
    /// called more than once without error.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: File) -> PyResult<()> {
        let spec_class = runtime::native::class_of_spec(cx, &base::raw_base::SPEC)?;
        let name = cx.names().close;
        let parent = cx.lookup_class(spec_class, name);
        let flushed = match parent {
            Some(close) => call(cx, close, &[this.value()]),
            None => Ok(Value::NONE),
        };
        if !this.close_fd.get() {
            this.fd.set(-1);
        } else {
            close_descriptor(cx, this)?;
        }
        flushed.map(drop)
    }

    /// True if file supports random-access.
    #[method("seekable($self, /)")]
    fn seekable(cx: &mut Cx, this: File) -> PyResult<bool> {
        is_seekable(cx, this)
    }

    /// True if file was opened in a read mode.
    #[method("readable($self, /)")]
    fn readable(cx: &mut Cx, this: File) -> PyResult<bool> {
        descriptor(cx, this)?;
        Ok(this.readable.get())
    }

    /// True if file was opened in a write mode.
    #[method("writable($self, /)")]
    fn writable(cx: &mut Cx, this: File) -> PyResult<bool> {
        descriptor(cx, this)?;
        Ok(this.writable.get())
    }

    /// Return the underlying file descriptor (an integer).
    #[method("fileno($self, /)")]
    fn fileno(cx: &mut Cx, this: File) -> PyResult<i32> {
        descriptor(cx, this)
    }

    /// True if the file is connected to a TTY device.
    #[method("isatty($self, /)")]
    fn isatty(cx: &mut Cx, this: File) -> PyResult<bool> {
        let fd = descriptor(cx, this)?;
        Ok(unistd::isatty(fd).unwrap_or(false))
    }

    /// Whether a regular file is known not to be a terminal.
    #[method("_isatty_open_only($self, /)")]
    fn _isatty_open_only(cx: &mut Cx, this: File) -> PyResult<bool> {
        isatty(cx, this)
    }

    /// Emit a warning about an unclosed file.
    #[method("_dealloc_warn($self, source, /)")]
    fn _dealloc_warn(_this: File, _source: Value) {}

    /// True if the file is closed.
    #[getter]
    fn closed(this: File) -> bool {
        this.fd.get() < 0
    }

    /// True if the file descriptor will be closed by close().
    #[getter]
    fn closefd(this: File) -> bool {
        this.close_fd.get()
    }

    /// String giving the file mode.
    #[getter]
    fn mode(this: File) -> &'static str {
        mode_text(&this)
    }

    /// Stat st_blksize if available.
    #[getter(_blksize)]
    fn block_size(this: File) -> usize {
        this.block_size.get()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: File) -> PyResult {
        let class = cx.class_of(this.value()).display_name();
        let class = format!("{}.{class}", module_of(cx, this.value()));
        if this.fd.get() < 0 {
            return Ok(cx.heap.str(&format!("<{class} [closed]>")));
        }
        let (mode, close_fd) = (mode_text(&this), if this.close_fd.get() { "True" } else { "False" });
        let name = cx.names().name;
        let text = match get_attr_opt(cx, this.value(), name)? {
            Some(name) => {
                let name = repr_of(cx, name)?;
                format!("<{class} name={name} mode='{mode}' closefd={close_fd}>")
            }
            None => format!("<{class} fd={} mode='{mode}' closefd={close_fd}>", this.fd.get()),
        };
        Ok(cx.heap.str(&text))
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: File) -> PyResult<()> {
        if this.fd.get() < 0 {
            return Ok(());
        }
        if this.close_fd.get() {
            warn_unclosed(cx, this.value());
        }
        base::finalize(cx, this.value())
    }

    /// Never pickled: a file descriptor means nothing elsewhere.
    #[method("__getstate__($self, /)")]
    fn getstate(cx: &mut Cx, this: Value) -> PyResult<()> {
        let name = cx.class_of(this).display_name();
        Err(type_error(cx, format!("cannot pickle '_io.{name}' object")))
    }
}

/// The `__module__` of an object's class, for `repr`.
pub fn module_of(cx: &mut Cx, object: Value) -> String {
    let class = cx.class_of(object);
    match class.dict.get().and_then(|d| d.get_str(cx.names().__module__)).and_then(|m| m.downcast::<Str>()) {
        Some(module) => module.to_string(),
        None => "_io".to_owned(),
    }
}

/// The ResourceWarning about a file that was not closed.
pub fn warn_unclosed(cx: &mut Cx, file: Value) {
    let text = match repr_of(cx, file) {
        Ok(text) => text.to_string(),
        Err(raised) => {
            cx.take_raised(raised);
            return;
        }
    };
    let class = cx.types().ResourceWarning;
    if let Err(raised) = runtime::warnings::warn(cx, class, &format!("unclosed file {text}"), 1) {
        let exception = cx.take_raised(raised);
        runtime::safepoint::write_unraisable(cx, exception, "Exception ignored while finalizing file", file);
    }
}

/// The native file behind a raw stream, when its methods are the native ones.
pub fn exact(cx: &mut Cx, raw: Value) -> Option<File> {
    let file = raw.cast::<Native<FileIo>>()?;
    let class = runtime::native::class_of_spec(cx, &class::SPEC).ok()?;
    (cx.class_of(raw) == class).then_some(file)
}

/// `raw.close()`, whatever raw is.
pub fn close_raw(cx: &mut Cx, raw: Value) -> PyResult<()> {
    invoke(cx, raw, "close", &[]).map(drop)
}
