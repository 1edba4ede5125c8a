//! Descriptors and names of files.

use super::stat::dir_fd;
use crate::support::{self, PathKind, errno_error, os_error_of_two, path_arg};
use macros::native_module;
use nix::fcntl::{AtFlags, FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::stat::{FchmodatFlags, Mode};
use nix::sys::time::TimeSpec;
use nix::unistd;
use runtime::prelude::*;

fn done<T>(cx: &mut Cx, result: nix::Result<T>, name: Option<Value>) -> PyResult<T> {
    result.map_err(|error| errno_error(cx, error, name))
}

#[native_module(name = "posix.files")]
pub mod group {
    use super::*;

    /// Open a file for low level IO.  Returns a file descriptor (integer).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    ///   and path should be relative; path will then be relative to that directory.
    /// dir_fd may not be implemented on your platform.
    ///   If it is unavailable, using it will raise a NotImplementedError.
    #[function("open(path, flags, mode=511, *, dir_fd=None)")]
    fn open(cx: &mut Cx, path: Value, flags: i32, mode: i32, dir_fd: Value) -> PyResult<i32> {
        let arg = path_arg(cx, path, PathKind::of("open", "path"))?;
        let dir = super::dir_fd(cx, dir_fd)?.unwrap_or(libc::AT_FDCWD);
        let flags = OFlag::from_bits_truncate(flags) | OFlag::O_CLOEXEC;
        let mode = Mode::from_bits_truncate(mode as u32);
        let fd = support::blocking_call(cx, || nix::fcntl::openat(dir, arg.os(), flags, mode))?;
        done(cx, fd, Some(path))
    }

    /// Close a file descriptor.
    #[function("close(fd)")]
    fn close(cx: &mut Cx, fd: i32) -> PyResult<()> {
        let result = cx.blocking(|| unistd::close(fd));
        done(cx, result, None)
    }

    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[function("closerange(fd_low, fd_high, /)")]
    fn closerange(fd_low: i32, fd_high: i32) {
        for fd in fd_low.max(0)..fd_high {
            let _ = unistd::close(fd);
        }
    }

    /// Read from a file descriptor.  Returns a bytes object.
    #[function("read(fd, length, /)")]
    fn read(cx: &mut Cx, fd: i32, length: i64) -> PyResult {
        let Ok(length) = usize::try_from(length) else { return Err(os_error(cx, libc::EINVAL, None)) };
        let length = length.min(0x7fff_f000);
        runtime::types::str::edit::check_length(cx, Some(length))?;
        let mut buffer = vec![0; length];
        let n = support::blocking_call(cx, || unistd::read(fd, &mut buffer))?;
        let n = done(cx, n, None)?;
        Ok(cx.heap.bytes(&buffer[..n]).or_raise(cx)?.value())
    }

    /// Read into a buffer object from a file descriptor.
    ///
    /// The buffer should be mutable and bytes-like. On success, returns the number of
    /// bytes read. Less bytes may be read than the size of the buffer. The underlying
    /// system call will be retried when interrupted by a signal, unless the signal
    /// handler raises an exception. Other errors will not be retried and an error will
    /// be raised.
    ///
    /// Returns 0 if *fd* is at end of file or if the provided *buffer* has length 0
    /// (which can be used to check for errors without reading data). Never returns
    /// negative.
    #[function("readinto(fd, buffer, /)")]
    fn readinto(cx: &mut Cx, fd: i32, buffer: Value) -> PyResult<usize> {
        let size = support::writable_len(cx, buffer)?;
        let mut data = vec![0; size];
        let n = support::blocking_call(cx, || unistd::read(fd, &mut data))?;
        let n = done(cx, n, None)?;
        support::write_into(cx, buffer, &data[..n])?;
        Ok(n)
    }

    /// Write a bytes object to a file descriptor.
    #[function("write(fd, data, /)")]
    fn write(cx: &mut Cx, fd: i32, data: Value) -> PyResult<usize> {
        let data = support::bytes_of(cx, data)?;
        let n = support::blocking_call(cx, || unistd::write(fd, &data))?;
        done(cx, n, None)
    }

    /// Read a number of bytes from a file descriptor starting at a particular offset.
    ///
    /// Read length bytes from file descriptor fd, starting at offset bytes from
    /// the beginning of the file.  The file offset remains unchanged.
    #[function("pread(fd, length, offset, /)")]
    fn pread(cx: &mut Cx, fd: i32, length: usize, offset: i64) -> PyResult {
        runtime::types::str::edit::check_length(cx, Some(length))?;
        let mut buffer = vec![0; length];
        let n = support::blocking_call(cx, || nix::sys::uio::pread(fd, &mut buffer, offset))?;
        let n = done(cx, n, None)?;
        Ok(cx.heap.bytes(&buffer[..n]).or_raise(cx)?.value())
    }

    /// Write bytes to a file descriptor starting at a particular offset.
    ///
    /// Write buffer to fd, starting at offset bytes from the beginning of
    /// the file.  Returns the number of bytes written.  Does not change the
    /// current file offset.
    #[function("pwrite(fd, buffer, offset, /)")]
    fn pwrite(cx: &mut Cx, fd: i32, buffer: Value, offset: i64) -> PyResult<usize> {
        let data = support::bytes_of(cx, buffer)?;
        let n = support::blocking_call(cx, || nix::sys::uio::pwrite(fd, &data, offset))?;
        done(cx, n, None)
    }

    /// Set the position of a file descriptor.  Return the new position.
    ///
    /// The return value is the number of bytes relative to the beginning of the file.
    #[function("lseek(fd, position, whence, /)")]
    fn lseek(cx: &mut Cx, fd: i32, position: i64, whence: i32) -> PyResult<i64> {
        let whence = match whence {
            0 => unistd::Whence::SeekSet,
            1 => unistd::Whence::SeekCur,
            2 => unistd::Whence::SeekEnd,
            3 => unistd::Whence::SeekData,
            4 => unistd::Whence::SeekHole,
            _ => return Err(os_error(cx, libc::EINVAL, None)),
        };
        let position = unistd::lseek(fd, position, whence);
        done(cx, position, None)
    }

    /// Truncate a file, specified by file descriptor, to a specific length.
    #[function("ftruncate(fd, length, /)")]
    fn ftruncate(cx: &mut Cx, fd: i32, length: i64) -> PyResult<()> {
        let result = cx.blocking(|| unistd::ftruncate(fd, length));
        done(cx, result, None)
    }

    /// Truncate a file, specified by path, to a specific length.
    ///
    /// On some platforms, path may also be specified as an open file descriptor.
    /// If this functionality is unavailable, using it raises an exception.
    #[function("truncate(path, length)")]
    fn truncate(cx: &mut Cx, path: Value, length: i64) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("truncate", "path").fd())?;
        let result = match arg.fd {
            Some(fd) => unistd::ftruncate(fd, length),
            None => unistd::truncate(arg.os(), length),
        };
        done(cx, result, Some(path))
    }

    /// Force write of fd to disk.
    #[function("fsync(fd)")]
    fn fsync(cx: &mut Cx, fd: i32) -> PyResult<()> {
        let result = cx.blocking(|| unistd::fsync(fd));
        done(cx, result, None)
    }

    /// Force write of fd to disk without forcing update of metadata.
    #[function("fdatasync(fd)")]
    fn fdatasync(cx: &mut Cx, fd: i32) -> PyResult<()> {
        let result = cx.blocking(|| unistd::fdatasync(fd));
        done(cx, result, None)
    }

    /// Return True if the fd is connected to a terminal.
    ///
    /// Return True if the file descriptor is an open file descriptor
    /// connected to the slave end of a terminal.
    #[function("isatty(fd, /)")]
    fn isatty(fd: i32) -> bool {
        unistd::isatty(fd).unwrap_or(false)
    }

    /// Return a duplicate of a file descriptor.
    #[function("dup(fd, /)")]
    fn dup(cx: &mut Cx, fd: i32) -> PyResult<i32> {
        let result = fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(0));
        done(cx, result, None)
    }

    /// Duplicate file descriptor.
    #[function("dup2(fd, fd2, inheritable=True)")]
    fn dup2(cx: &mut Cx, fd: i32, fd2: i32, inheritable: bool) -> PyResult<i32> {
        let result = unistd::dup2(fd, fd2);
        let result = done(cx, result, None)?;
        if !inheritable {
            set_inheritable(cx, fd2, 0)?;
        }
        Ok(result)
    }

    /// Create a pipe.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    #[function("pipe()")]
    fn pipe(cx: &mut Cx) -> PyResult {
        pipe2(cx, libc::O_CLOEXEC)
    }

    /// Create a pipe with flags set atomically.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    ///
    /// flags can be constructed by ORing together one or more of these values:
    /// O_NONBLOCK, O_CLOEXEC.
    #[function("pipe2(flags, /)")]
    fn pipe2(cx: &mut Cx, flags: i32) -> PyResult {
        let result = unistd::pipe2(OFlag::from_bits_truncate(flags));
        let (read, write) = done(cx, result, None)?;
        let ends = [Int::from_len(read as usize).value(), Int::from_len(write as usize).value()];
        Ok(cx.heap.tuple(&ends).value())
    }

    /// Get the close-on-exe flag of the specified file descriptor.
    #[function("get_inheritable(fd, /)")]
    fn get_inheritable(cx: &mut Cx, fd: i32) -> PyResult<bool> {
        let flags = fcntl(fd, FcntlArg::F_GETFD);
        Ok(done(cx, flags, None)? & libc::FD_CLOEXEC == 0)
    }

    /// Set the inheritable flag of the specified file descriptor.
    #[function("set_inheritable(fd, inheritable, /)")]
    fn set_inheritable(cx: &mut Cx, fd: i32, inheritable: i32) -> PyResult<()> {
        let flags = if inheritable != 0 { FdFlag::empty() } else { FdFlag::FD_CLOEXEC };
        let result = fcntl(fd, FcntlArg::F_SETFD(flags));
        done(cx, result, None).map(drop)
    }

    /// Get the blocking mode of the file descriptor.
    ///
    /// Return False if the O_NONBLOCK flag is set, True if the flag is cleared.
    #[function("get_blocking(fd, /)")]
    fn get_blocking(cx: &mut Cx, fd: i32) -> PyResult<bool> {
        let flags = fcntl(fd, FcntlArg::F_GETFL);
        Ok(done(cx, flags, None)? & libc::O_NONBLOCK == 0)
    }

    /// Set the blocking mode of the specified file descriptor.
    ///
    /// Set the O_NONBLOCK flag if blocking is False,
    /// clear the O_NONBLOCK flag otherwise.
    #[function("set_blocking(fd, blocking, /)")]
    fn set_blocking(cx: &mut Cx, fd: i32, blocking: bool) -> PyResult<()> {
        let flags = fcntl(fd, FcntlArg::F_GETFL);
        let flags = OFlag::from_bits_truncate(done(cx, flags, None)?);
        let flags = if blocking { flags - OFlag::O_NONBLOCK } else { flags | OFlag::O_NONBLOCK };
        let result = fcntl(fd, FcntlArg::F_SETFL(flags));
        done(cx, result, None).map(drop)
    }

    fn unlink_at(cx: &mut Cx, path: Value, dir: Value, function: &'static str) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of(function, "path"))?;
        let dir = super::dir_fd(cx, dir)?;
        let result = cx.blocking(|| unistd::unlinkat(dir, arg.os(), unistd::UnlinkatFlags::NoRemoveDir));
        done(cx, result, Some(path))
    }

    /// Remove a file (same as remove()).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    ///   and path should be relative; path will then be relative to that directory.
    /// dir_fd may not be implemented on your platform.
    ///   If it is unavailable, using it will raise a NotImplementedError.
    #[function("unlink(path, *, dir_fd=None)")]
    fn unlink(cx: &mut Cx, path: Value, dir_fd: Value) -> PyResult<()> {
        unlink_at(cx, path, dir_fd, "unlink")
    }

    /// Remove a file (same as unlink()).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    ///   and path should be relative; path will then be relative to that directory.
    /// dir_fd may not be implemented on your platform.
    ///   If it is unavailable, using it will raise a NotImplementedError.
    #[function("remove(path, *, dir_fd=None)")]
    fn remove(cx: &mut Cx, path: Value, dir_fd: Value) -> PyResult<()> {
        unlink_at(cx, path, dir_fd, "remove")
    }

    fn rename_at(cx: &mut Cx, names: [Value; 2], dirs: [Value; 2], function: &'static str) -> PyResult<()> {
        let from = path_arg(cx, names[0], PathKind::of(function, "src"))?;
        let to = path_arg(cx, names[1], PathKind::of(function, "dst"))?;
        let (from_dir, to_dir) = (super::dir_fd(cx, dirs[0])?, super::dir_fd(cx, dirs[1])?);
        let result = cx.blocking(|| nix::fcntl::renameat(from_dir, from.os(), to_dir, to.os()));
        result.map_err(|error| os_error_of_two(cx, error as i32, names[0], names[1]))
    }

    /// Rename a file or directory.
    ///
    /// If either src_dir_fd or dst_dir_fd is not None, it should be a file
    ///   descriptor open to a directory, and the respective path string (src or dst)
    ///   should be relative; the path will then be relative to that directory.
    /// src_dir_fd and dst_dir_fd, may not be implemented on your platform.
    ///   If they are unavailable, using them will raise a NotImplementedError.
    #[function("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn rename(cx: &mut Cx, src: Value, dst: Value, src_dir_fd: Value, dst_dir_fd: Value) -> PyResult<()> {
        rename_at(cx, [src, dst], [src_dir_fd, dst_dir_fd], "rename")
    }

    /// Rename a file or directory, overwriting the destination.
    ///
    /// If either src_dir_fd or dst_dir_fd is not None, it should be a file
    ///   descriptor open to a directory, and the respective path string (src or dst)
    ///   should be relative; the path will then be relative to that directory.
    /// src_dir_fd and dst_dir_fd, may not be implemented on your platform.
    ///   If they are unavailable, using them will raise a NotImplementedError.
    #[function("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn replace(cx: &mut Cx, src: Value, dst: Value, src_dir_fd: Value, dst_dir_fd: Value) -> PyResult<()> {
        rename_at(cx, [src, dst], [src_dir_fd, dst_dir_fd], "replace")
    }

    /// Create a hard link to a file.
    ///
    /// If either src_dir_fd or dst_dir_fd is not None, it should be a file
    ///   descriptor open to a directory, and the respective path string (src or dst)
    ///   should be relative; the path will then be relative to that directory.
    /// If follow_symlinks is False, and the last element of src is a symbolic
    ///   link, link will create a link to the symbolic link itself instead of the
    ///   file the link points to.
    #[function("link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)")]
    fn link(
        cx: &mut Cx,
        src: Value,
        dst: Value,
        src_dir_fd: Value,
        dst_dir_fd: Value,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        let from = path_arg(cx, src, PathKind::of("link", "src"))?;
        let to = path_arg(cx, dst, PathKind::of("link", "dst"))?;
        let (from_dir, to_dir) = (super::dir_fd(cx, src_dir_fd)?, super::dir_fd(cx, dst_dir_fd)?);
        let flags =
            if follow_symlinks { unistd::LinkatFlags::SymlinkFollow } else { unistd::LinkatFlags::NoSymlinkFollow };
        let result = cx.blocking(|| unistd::linkat(from_dir, from.os(), to_dir, to.os(), flags));
        result.map_err(|error| os_error_of_two(cx, error as i32, src, dst))
    }

    /// Create a symbolic link pointing to src named dst.
    ///
    /// target_is_directory is required on Windows if the target is to be
    ///   interpreted as a directory.  (On Windows, symlink requires
    ///   Windows 6.0 or greater, and raises a NotImplementedError otherwise.)
    ///   target_is_directory is ignored on non-Windows platforms.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    ///   and path should be relative; path will then be relative to that directory.
    /// dir_fd may not be implemented on your platform.
    ///   If it is unavailable, using it will raise a NotImplementedError.
    #[function("symlink(src, dst, target_is_directory=False, *, dir_fd=None)")]
    fn symlink(cx: &mut Cx, src: Value, dst: Value, target_is_directory: bool, dir_fd: Value) -> PyResult<()> {
        let _ = target_is_directory;
        let from = path_arg(cx, src, PathKind::of("symlink", "src"))?;
        let to = path_arg(cx, dst, PathKind::of("symlink", "dst"))?;
        let dir = super::dir_fd(cx, dir_fd)?;
        let result = cx.blocking(|| unistd::symlinkat(from.os(), dir, to.os()));
        result.map_err(|error| os_error_of_two(cx, error as i32, src, dst))
    }

    /// Return a string representing the path to which the symbolic link points.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to a directory,
    /// and path should be relative; path will then be relative to that directory.
    ///
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    #[function("readlink(path, *, dir_fd=None)")]
    fn readlink(cx: &mut Cx, path: Value, dir_fd: Value) -> PyResult {
        let arg = path_arg(cx, path, PathKind::of("readlink", "path"))?;
        let dir = super::dir_fd(cx, dir_fd)?.unwrap_or(libc::AT_FDCWD);
        let result = cx.blocking(|| nix::fcntl::readlinkat(dir, arg.os()));
        let target = done(cx, result, Some(path))?;
        arg.result(cx, std::os::unix::ffi::OsStrExt::as_bytes(target.as_os_str()))
    }

    /// Change the access permissions of a file.
    ///
    ///   path
    ///     Path to be modified.  May always be specified as a str, bytes, or a path-like object.
    ///     On some platforms, path may also be specified as an open file descriptor.
    ///     If this functionality is unavailable, using it raises an exception.
    ///   mode
    ///     Operating-system mode bitfield.
    #[function("chmod(path, mode, *, dir_fd=None, follow_symlinks=True)")]
    fn chmod(cx: &mut Cx, path: Value, mode: i32, dir_fd: Value, follow_symlinks: bool) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("chmod", "path").fd())?;
        let dir = super::dir_fd(cx, dir_fd)?;
        let mode = Mode::from_bits_truncate(mode as u32);
        let flag = if follow_symlinks { FchmodatFlags::FollowSymlink } else { FchmodatFlags::NoFollowSymlink };
        let result = match arg.fd {
            Some(fd) => nix::sys::stat::fchmod(fd, mode),
            None => nix::sys::stat::fchmodat(dir, arg.os(), mode, flag),
        };
        done(cx, result, Some(path))
    }

    /// Change the access permissions of the file given by file descriptor.
    ///
    /// Equivalent to os.chmod(fd, mode).
    #[function("fchmod(fd, mode)")]
    fn fchmod(cx: &mut Cx, fd: i32, mode: i32) -> PyResult<()> {
        let result = nix::sys::stat::fchmod(fd, Mode::from_bits_truncate(mode as u32));
        done(cx, result, None)
    }

    /// Change the owner and group id of path to the numeric uid and gid.
    #[function("chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True)")]
    fn chown(cx: &mut Cx, path: Value, uid: i64, gid: i64, dir_fd: Value, follow_symlinks: bool) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("chown", "path").fd())?;
        let dir = super::dir_fd(cx, dir_fd)?;
        let uid = u32::try_from(uid).ok().map(unistd::Uid::from_raw);
        let gid = u32::try_from(gid).ok().map(unistd::Gid::from_raw);
        let flag =
            if follow_symlinks { unistd::FchownatFlags::FollowSymlink } else { unistd::FchownatFlags::NoFollowSymlink };
        let result = match arg.fd {
            Some(fd) => unistd::fchown(fd, uid, gid),
            None => unistd::fchownat(dir, arg.os(), uid, gid, flag),
        };
        done(cx, result, Some(path))
    }

    /// Use the real uid/gid to test for access to a path.
    ///
    ///   path
    ///     Path to be tested; can be string, bytes, or a path-like object.
    ///   mode
    ///     Operating-system mode bitfield.  Can be F_OK to test existence,
    ///     or the inclusive-OR of R_OK, W_OK, and X_OK.
    ///
    /// Note that most operations will use the effective uid/gid, therefore this
    ///   routine can be used in a suid/sgid environment to test if the invoking user
    ///   has the specified access to the path.
    #[function("access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)")]
    fn access(
        cx: &mut Cx,
        path: Value,
        mode: i32,
        dir_fd: Value,
        effective_ids: bool,
        follow_symlinks: bool,
    ) -> PyResult<bool> {
        let arg = path_arg(cx, path, PathKind::of("access", "path"))?;
        let dir = super::dir_fd(cx, dir_fd)?;
        let mut flags = AtFlags::empty();
        // `AT_EACCESS`, which the crate has no name for.
        if effective_ids {
            flags |= AtFlags::from_bits_truncate(libc::AT_EACCESS);
        }
        flags.set(AtFlags::AT_SYMLINK_NOFOLLOW, !follow_symlinks);
        let mode = unistd::AccessFlags::from_bits_truncate(mode);
        Ok(cx.blocking(|| unistd::faccessat(dir, arg.os(), mode, flags)).is_ok())
    }

    /// Set the access and modified time of path.
    ///
    /// If times is not None, it must be a tuple (atime, mtime);
    ///     atime and mtime should be expressed as float seconds since the epoch.
    /// If ns is specified, it must be a tuple (atime_ns, mtime_ns);
    ///     atime_ns and mtime_ns should be expressed as integer nanoseconds
    ///     since the epoch.
    /// If times is None and ns is unspecified, utime uses the current time.
    /// Specifying tuples for both times and ns is an error.
    #[function(
        "utime(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)",
        text_signature = false
    )]
    fn utime(
        cx: &mut Cx,
        path: Value,
        times: Value,
        ns: Option<Value>,
        dir_fd: Value,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("utime", "path").fd())?;
        if !times.is_none() && ns.is_some() {
            return Err(value_error(cx, "utime: you may specify either 'times' or 'ns' but not both"));
        }
        let dir = super::dir_fd(cx, dir_fd)?;
        let pair = match (ns, times) {
            (Some(ns), _) => Some((two(cx, ns, "ns")?, true)),
            (None, Value::NONE) => None,
            (None, times) => Some((two(cx, times, "times")?, false)),
        };
        let [atime, mtime] = match pair {
            None => [TimeSpec::new(0, libc::UTIME_NOW), TimeSpec::new(0, libc::UTIME_NOW)],
            Some((items, in_ns)) => {
                let mut specs = [TimeSpec::new(0, 0); 2];
                for (spec, item) in specs.iter_mut().zip(items) {
                    let ns = if in_ns {
                        runtime::number::as_i64(cx, item)?
                    } else {
                        match item.unwrap_payload().as_float() {
                            Some(f) => (f * 1e9).floor() as i64,
                            None => runtime::number::as_i64(cx, item)?.saturating_mul(1_000_000_000),
                        }
                    };
                    *spec = TimeSpec::new(ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000));
                }
                specs
            }
        };
        let result = match arg.fd {
            Some(fd) => nix::sys::stat::futimens(fd, &atime, &mtime),
            None => {
                let flag = if follow_symlinks {
                    nix::sys::stat::UtimensatFlags::FollowSymlink
                } else {
                    nix::sys::stat::UtimensatFlags::NoFollowSymlink
                };
                nix::sys::stat::utimensat(dir, arg.os(), &atime, &mtime, flag)
            }
        };
        done(cx, result, Some(path))
    }

    fn two(cx: &mut Cx, value: Value, what: &str) -> PyResult<[Value; 2]> {
        match value.downcast::<Tuple>().filter(|t| t.len() == 2) {
            Some(pair) => Ok([pair.get(0), pair.get(1)]),
            None => {
                let message = if what == "ns" {
                    "utime: 'ns' must be a tuple of two ints"
                } else {
                    "utime: 'times' must be either a tuple of two ints or None"
                };
                Err(type_error(cx, message))
            }
        }
    }

    /// Create a "fifo" (a POSIX named pipe).
    #[function("mkfifo(path, mode=438, *, dir_fd=None)")]
    fn mkfifo(cx: &mut Cx, path: Value, mode: i32, dir_fd: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("mkfifo", "path"))?;
        let dir = super::dir_fd(cx, dir_fd)?;
        let result = unistd::mkfifoat(dir, arg.os(), Mode::from_bits_truncate(mode as u32));
        done(cx, result, Some(path))
    }

    /// Set the current numeric umask and return the previous umask.
    #[function("umask(mask, /)")]
    fn umask(mask: i32) -> u32 {
        nix::sys::stat::umask(Mode::from_bits_truncate(mask as u32)).bits()
    }

    /// Return a string describing the encoding of a terminal's file descriptor.
    ///
    /// The file descriptor must be attached to a terminal.
    /// If the device is not a terminal, return None.
    #[function("device_encoding(fd)")]
    fn device_encoding(cx: &mut Cx, fd: i32) -> Value {
        if unistd::isatty(fd).unwrap_or(false) { cx.heap.str("UTF-8") } else { Value::NONE }
    }

    /// Force write of everything to disk.
    #[function("sync()")]
    fn sync(cx: &mut Cx) {
        cx.blocking(unistd::sync);
    }
}
