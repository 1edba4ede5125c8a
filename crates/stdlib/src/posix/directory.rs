//! Folders: `listdir`, `scandir`, `mkdir` and the current one.

use super::stat::{dir_fd, stat_path};
use crate::support::{PathArg, PathKind, errno_error, fs_decode, io_error, path_arg};
use macros::{Trace, native_class, native_module};
use nix::sys::stat::{Mode, SFlag};
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirEntryExt;

/// An entry that `scandir` gives.
#[derive(Trace)]
pub struct Entry {
    name: Slot,
    path: Slot,
    #[trace(skip)]
    at: Opaque<PathArg>,
    /// The type that the folder told: bits of `st_mode`; 0 = unknown.
    kind: Cell<u32>,
    inode: Cell<u64>,
    stat: Slot,
    lstat: Slot,
}

impl NativeData for Entry {
    const NAME: &'static str = "posix.DirEntry";
}

#[derive(Trace)]
pub struct Scan {
    #[trace(skip)]
    entries: Opaque<Option<fs::ReadDir>>,
    #[trace(skip)]
    folder: Opaque<PathArg>,
    /// The path was not given: entries' paths are as from ".".
    by_descriptor: Cell<bool>,
}

impl NativeData for Scan {
    const NAME: &'static str = "posix.ScandirIterator";
}

fn kind_bits(kind: fs::FileType) -> u32 {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_dir() {
        libc::S_IFDIR
    } else if kind.is_file() {
        libc::S_IFREG
    } else if kind.is_symlink() {
        libc::S_IFLNK
    } else if kind.is_fifo() {
        libc::S_IFIFO
    } else if kind.is_socket() {
        libc::S_IFSOCK
    } else if kind.is_block_device() {
        libc::S_IFBLK
    } else if kind.is_char_device() {
        libc::S_IFCHR
    } else {
        0
    }
}

/// Used by os.scandir() to represent directory entries.
#[native_class(name = "DirEntry", module = "posix", layout = Native<Entry>)]
pub mod entry {
    use super::*;

    type This = Gc<Native<Entry>>;

    fn stat_of(cx: &mut Cx, this: This, follow: bool) -> PyResult {
        let cached = if follow { &this.stat } else { &this.lstat };
        if cached.get().is_bound() {
            return Ok(cached.get());
        }
        let at = this.at.borrow().clone();
        match stat_path(cx, &at, None, follow) {
            Ok(stat) => {
                let result = super::super::stat::result(cx, &stat)?;
                cached.set(this, result);
                Ok(result)
            }
            Err(error) => Err(errno_error(cx, error, Some(this.path.get()))),
        }
    }

    fn is_kind(cx: &mut Cx, this: This, kind: u32, follow: bool) -> PyResult<bool> {
        let own = this.kind.get();
        if own != 0 && (!follow || own != libc::S_IFLNK) {
            return Ok(own == kind);
        }
        let at = this.at.borrow().clone();
        match stat_path(cx, &at, None, follow) {
            Ok(stat) => Ok((stat.st_mode & SFlag::S_IFMT.bits()) == kind),
            Err(nix::errno::Errno::ENOENT) => Ok(false),
            Err(error) => Err(errno_error(cx, error, Some(this.path.get()))),
        }
    }

    /// Return True if the entry is a directory; cached per entry.
    #[method("is_dir($self, /, *, follow_symlinks=True)")]
    fn is_dir(cx: &mut Cx, this: This, follow_symlinks: bool) -> PyResult<bool> {
        is_kind(cx, this, libc::S_IFDIR, follow_symlinks)
    }

    /// Return True if the entry is a file; cached per entry.
    #[method("is_file($self, /, *, follow_symlinks=True)")]
    fn is_file(cx: &mut Cx, this: This, follow_symlinks: bool) -> PyResult<bool> {
        is_kind(cx, this, libc::S_IFREG, follow_symlinks)
    }

    /// Return True if the entry is a symbolic link; cached per entry.
    #[method("is_symlink($self, /)")]
    fn is_symlink(cx: &mut Cx, this: This) -> PyResult<bool> {
        is_kind(cx, this, libc::S_IFLNK, false)
    }

    /// Return True if the entry is a junction; cached per entry.
    #[method("is_junction($self, /)")]
    fn is_junction(_this: This) -> bool {
        false
    }

    /// Return stat_result object for the entry; cached per entry.
    #[method("stat($self, /, *, follow_symlinks=True)")]
    fn stat(cx: &mut Cx, this: This, follow_symlinks: bool) -> PyResult {
        stat_of(cx, this, follow_symlinks)
    }

    /// Return inode of the entry; cached per entry.
    #[method("inode($self, /)")]
    fn inode(this: This) -> u64 {
        this.inode.get()
    }

    /// Returns the path for the entry.
    #[method("__fspath__($self, /)")]
    fn fspath(this: This) -> Value {
        this.path.get()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::types::generic_alias::class_getitem(cx, class.value(), object)
    }

    /// the entry's base filename, relative to scandir() "path" argument
    #[getter]
    fn name(this: This) -> Value {
        this.name.get()
    }

    /// the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)
    #[getter]
    fn path(this: This) -> Value {
        this.path.get()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult {
        let name = repr_of(cx, this.name.get())?;
        Ok(cx.heap.str(&format!("<DirEntry {name}>")))
    }
}

#[native_class(name = "ScandirIterator", module = "posix", layout = Native<Scan>)]
pub mod scan {
    use super::*;

    type This = Gc<Native<Scan>>;

    #[slot]
    fn iter(this: This) -> Value {
        this.value()
    }

    #[slot]
    fn next(cx: &mut Cx, this: This) -> PyResult<Option<Value>> {
        let item = match &mut *this.entries.borrow_mut() {
            Some(entries) => entries.next(),
            None => return Ok(None),
        };
        match item {
            None => {
                *this.entries.borrow_mut() = None;
                Ok(None)
            }
            Some(Err(error)) => Err(io_error(cx, &error, None)),
            Some(Ok(entry)) => Ok(Some(make_entry(cx, this, &entry)?)),
        }
    }

    fn make_entry(cx: &mut Cx, this: This, entry: &fs::DirEntry) -> PyResult {
        let name = entry.file_name().into_vec();
        let (mut full, is_bytes) = {
            let folder = this.folder.borrow();
            let start = if this.by_descriptor.get() { &[][..] } else { &folder.bytes };
            let mut full = Vec::with_capacity(start.len() + 1 + name.len());
            full.extend_from_slice(start);
            (full, folder.is_bytes)
        };
        if full.last().is_some_and(|&last| last != b'/') {
            full.push(b'/');
        }
        full.extend_from_slice(&name);
        let value = |cx: &mut Cx, bytes: &[u8]| -> PyResult {
            if is_bytes { Ok(cx.heap.bytes(bytes).or_raise(cx)?.value()) } else { Ok(fs_decode(cx, bytes)?.value()) }
        };
        let (name_value, path_value) = (value(cx, &name)?, value(cx, &full)?);
        let at = if this.by_descriptor.get() { entry.path().into_os_string().into_vec() } else { full };
        let class = class_of_spec(cx, &super::entry::SPEC)?;
        let made = new_native(
            cx,
            class,
            Entry {
                name: Slot::new(name_value),
                path: Slot::new(path_value),
                at: Opaque::new(PathArg { bytes: at, is_bytes, fd: None }),
                kind: Cell::new(entry.file_type().map_or(0, kind_bits)),
                inode: Cell::new(entry.ino()),
                stat: Slot::new(Value::UNBOUND),
                lstat: Slot::new(Value::UNBOUND),
            },
        );
        Ok(made.value())
    }

    /// Close the folder.
    #[method("close($self, /)")]
    fn close(this: This) {
        *this.entries.borrow_mut() = None;
    }

    /// Enter a with block.
    #[method("__enter__($self, /)")]
    fn enter(this: This) -> Value {
        this.value()
    }

    /// Close the folder.
    #[method("__exit__($self, /, *args)")]
    fn exit(this: This, _args: Gc<Tuple>) {
        *this.entries.borrow_mut() = None;
    }
}

#[native_module(name = "posix.directory")]
pub mod group {
    use super::*;

    fn folder_path(arg: &PathArg) -> std::path::PathBuf {
        match arg.fd {
            Some(fd) => std::path::PathBuf::from(format!("/proc/self/fd/{fd}")),
            None => std::path::PathBuf::from(arg.os()),
        }
    }

    /// Return a list containing the names of the files in the directory.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If path is bytes,
    ///   the filenames returned will also be bytes; in all other circumstances
    ///   the filenames returned will be str.
    /// If path is None, uses the path='.'.
    /// On some platforms, path may also be specified as an open file descriptor;\
    ///   the file descriptor must refer to a directory.
    ///   If this functionality is unavailable, using it raises NotImplementedError.
    ///
    /// The list is in arbitrary order.  It does not include the special
    /// entries '.' and '..' even if they are present in the directory.
    #[function("listdir(path=None)")]
    fn listdir(cx: &mut Cx, path: Value) -> PyResult<Gc<List>> {
        let arg = path_arg(cx, path, PathKind::of("listdir", "path").fd().null())?;
        let folder = folder_path(&arg);
        let names = cx.blocking(|| -> std::io::Result<Vec<Vec<u8>>> {
            fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name().into_vec())).collect()
        });
        let names = match names {
            Ok(names) => names,
            Err(error) => return Err(io_error(cx, &error, Some(path).filter(|p| !p.is_none()))),
        };
        let list = List::empty(&mut cx.heap);
        for name in names {
            let name = arg.result(cx, &name)?;
            list.push(&mut cx.heap, name).or_raise(cx)?;
        }
        Ok(list)
    }

    /// Return an iterator of DirEntry objects for given path.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If path
    /// is bytes, the names of yielded DirEntry objects will also be bytes; in
    /// all other circumstances they will be str.
    ///
    /// If path is None, uses the path='.'.
    #[function("scandir(path=None)")]
    fn scandir(cx: &mut Cx, path: Value) -> PyResult {
        let arg = path_arg(cx, path, PathKind::of("scandir", "path").fd().null())?;
        let folder = folder_path(&arg);
        let entries = match cx.blocking(|| fs::read_dir(&folder)) {
            Ok(entries) => entries,
            Err(error) => return Err(io_error(cx, &error, Some(path).filter(|p| !p.is_none()))),
        };
        let class = class_of_spec(cx, &scan::SPEC)?;
        let by_descriptor = Cell::new(arg.fd.is_some());
        let scan = Scan { entries: Opaque::new(Some(entries)), folder: Opaque::new(arg), by_descriptor };
        Ok(new_native(cx, class, scan).value())
    }

    /// Create a directory.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    ///   and path should be relative; path will then be relative to that directory.
    /// dir_fd may not be implemented on your platform.
    ///   If it is unavailable, using it will raise a NotImplementedError.
    ///
    /// The mode argument is ignored on Windows. Where it is used, the current umask
    /// value is first masked out.
    #[function("mkdir(path, mode=511, *, dir_fd=None)")]
    fn mkdir(cx: &mut Cx, path: Value, mode: i32, dir_fd: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("mkdir", "path"))?;
        let dir = super::dir_fd(cx, dir_fd)?.unwrap_or(libc::AT_FDCWD);
        let mode = Mode::from_bits_truncate(mode as u32);
        match cx.blocking(|| nix::sys::stat::mkdirat(dir, arg.os(), mode)) {
            Ok(()) => Ok(()),
            Err(error) => Err(errno_error(cx, error, Some(path))),
        }
    }

    /// Remove a directory.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    ///   and path should be relative; path will then be relative to that directory.
    /// dir_fd may not be implemented on your platform.
    ///   If it is unavailable, using it will raise a NotImplementedError.
    #[function("rmdir(path, *, dir_fd=None)")]
    fn rmdir(cx: &mut Cx, path: Value, dir_fd: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("rmdir", "path"))?;
        let dir = super::dir_fd(cx, dir_fd)?;
        let flag = nix::unistd::UnlinkatFlags::RemoveDir;
        match cx.blocking(|| nix::unistd::unlinkat(dir, arg.os(), flag)) {
            Ok(()) => Ok(()),
            Err(error) => Err(errno_error(cx, error, Some(path))),
        }
    }

    /// Return a unicode string representing the current working directory.
    #[function("getcwd()")]
    fn getcwd(cx: &mut Cx) -> PyResult<Value> {
        match nix::unistd::getcwd() {
            Ok(path) => Ok(fs_decode(cx, path.as_os_str().as_bytes())?.value()),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Return a bytes string representing the current working directory.
    #[function("getcwdb()")]
    fn getcwdb(cx: &mut Cx) -> PyResult<Value> {
        match nix::unistd::getcwd() {
            Ok(path) => Ok(cx.heap.bytes(path.as_os_str().as_bytes()).or_raise(cx)?.value()),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Change the current working directory to the specified path.
    ///
    /// path may always be specified as a string.
    /// On some platforms, path may also be specified as an open file descriptor.
    /// If this functionality is unavailable, using it raises an exception.
    #[function("chdir(path)")]
    fn chdir(cx: &mut Cx, path: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("chdir", "path").fd())?;
        let outcome = match arg.fd {
            Some(fd) => nix::unistd::fchdir(fd),
            None => nix::unistd::chdir(arg.os()),
        };
        outcome.map_err(|error| errno_error(cx, error, Some(path)))
    }

    /// Change to the directory of the given file descriptor.
    ///
    /// fd must be opened on a directory, not a file.
    /// Equivalent to os.chdir(fd).
    #[function("fchdir(fd)")]
    fn fchdir(cx: &mut Cx, fd: i32) -> PyResult<()> {
        nix::unistd::fchdir(fd).map_err(|error| errno_error(cx, error, None))
    }

    /// Change root directory to path.
    #[function("chroot(path)")]
    fn chroot(cx: &mut Cx, path: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("chroot", "path"))?;
        nix::unistd::chroot(arg.os()).map_err(|error| {
            let number = error as i32;
            os_error(cx, number, Some(path))
        })
    }
}
