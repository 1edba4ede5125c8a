//! `stat` and its kin.

use crate::support::{PathArg, PathKind, errno_error, path_arg};
use macros::native_module;
use nix::fcntl::AtFlags;
use nix::sys::stat::{FileStat, fstat, fstatat};
use runtime::native::structseq::{Field, StructSeq, new_structseq};
use runtime::prelude::*;

pub static STAT_RESULT: StructSeq = StructSeq::new(
    "os",
    "stat_result",
    "stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  (mode, ino, \
          dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, \
          and so on.\n\nPosix/windows: If your platform supports st_blksize, st_blocks, st_rdev,\nor st_flags, they are \
          available as attributes only.\n\nSee os.stat for more information.",
    &[
        Field::new("st_mode", "protection bits"),
        Field::new("st_ino", "inode"),
        Field::new("st_dev", "device"),
        Field::new("st_nlink", "number of hard links"),
        Field::new("st_uid", "user ID of owner"),
        Field::new("st_gid", "group ID of owner"),
        Field::new("st_size", "total size, in bytes"),
        Field::UNNAMED,
        Field::UNNAMED,
        Field::UNNAMED,
        Field::new("st_atime", "time of last access"),
        Field::new("st_mtime", "time of last modification"),
        Field::new("st_ctime", "time of last change"),
        Field::new("st_atime_ns", "time of last access in nanoseconds"),
        Field::new("st_mtime_ns", "time of last modification in nanoseconds"),
        Field::new("st_ctime_ns", "time of last change in nanoseconds"),
        Field::new("st_blksize", "blocksize for filesystem I/O"),
        Field::new("st_blocks", "number of blocks allocated"),
        Field::new("st_rdev", "device type (if inode device)"),
    ],
    10,
);

pub static STATVFS_RESULT: StructSeq = StructSeq::new(
    "os",
    "statvfs_result",
    "statvfs_result: Result from statvfs or fstatvfs.\n\nThis object may be accessed either as a tuple of\n  (bsize, \
          frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax),\nor via the attributes f_bsize, f_frsize, \
          f_blocks, f_bfree, and so on.\n\nSee os.statvfs for more information.",
    &[
        Field::new("f_bsize", ""),
        Field::new("f_frsize", ""),
        Field::new("f_blocks", ""),
        Field::new("f_bfree", ""),
        Field::new("f_bavail", ""),
        Field::new("f_files", ""),
        Field::new("f_ffree", ""),
        Field::new("f_favail", ""),
        Field::new("f_flag", ""),
        Field::new("f_namemax", ""),
        Field::new("f_fsid", ""),
    ],
    10,
);

/// A `stat_result`.
pub fn result(cx: &mut Cx, stat: &FileStat) -> PyResult {
    let int = |cx: &mut Cx, n: i64| runtime::number::int::from_i64(cx, n);
    let times =
        [(stat.st_atime, stat.st_atime_nsec), (stat.st_mtime, stat.st_mtime_nsec), (stat.st_ctime, stat.st_ctime_nsec)];
    let mut values = [Value::NONE; 19];
    let plain = [
        stat.st_mode as i64,
        stat.st_ino as i64,
        stat.st_dev as i64,
        stat.st_nlink as i64,
        stat.st_uid as i64,
        stat.st_gid as i64,
        stat.st_size,
    ];
    for (slot, n) in values.iter_mut().zip(plain) {
        *slot = int(cx, n);
    }
    for (i, (seconds, nanoseconds)) in times.into_iter().enumerate() {
        values[7 + i] = int(cx, seconds);
        values[10 + i] = cx.heap.float(seconds as f64 + 1e-9 * nanoseconds as f64);
        values[13 + i] = int(cx, seconds * 1_000_000_000 + nanoseconds);
    }
    values[16] = int(cx, stat.st_blksize as i64);
    values[17] = int(cx, stat.st_blocks);
    values[18] = int(cx, stat.st_rdev as i64);
    new_structseq(cx, &STAT_RESULT, &values)
}

/// The directory descriptor of a `dir_fd` argument; None = relative to the current folder.
pub fn dir_fd(cx: &mut Cx, value: Value) -> PyResult<Option<i32>> {
    if value.is_none() || value.is_unbound() {
        return Ok(None);
    }
    if cx.class_of(value).slots.index.get().is_none() {
        let name = type_name(cx, value);
        return Err(type_error(cx, format!("argument should be integer or None, not {name}")));
    }
    let fd = runtime::number::as_i64(cx, value)?;
    Ok(Some(i32::try_from(fd).map_err(|_| overflow_error(cx, "fd is greater than maximum"))?))
}

/// `stat` of a path or descriptor.
pub fn stat_path(cx: &mut Cx, path: &PathArg, dir: Option<i32>, follow: bool) -> nix::Result<FileStat> {
    if let Some(fd) = path.fd {
        return cx.blocking(|| fstat(fd));
    }
    let flags = if follow { AtFlags::empty() } else { AtFlags::AT_SYMLINK_NOFOLLOW };
    let dir = dir.unwrap_or(libc::AT_FDCWD);
    cx.blocking(|| fstatat(dir, path.os(), flags))
}

#[native_module(name = "posix.stat")]
pub mod group {
    use super::*;

    fn stat_of(cx: &mut Cx, value: Value, kind: PathKind, dir: Value, follow: bool) -> PyResult {
        let path = path_arg(cx, value, kind)?;
        let dir = dir_fd(cx, dir)?;
        match stat_path(cx, &path, dir, follow) {
            Ok(stat) => super::result(cx, &stat),
            Err(error) => Err(errno_error(cx, error, Some(value))),
        }
    }

    /// Perform a stat system call on the given path.
    ///
    ///   path
    ///     Path to be examined; can be string, bytes, a path-like object or
    ///     open-file-descriptor int.
    ///   dir_fd
    ///     If not None, it should be a file descriptor open to a directory,
    ///     and path should be a relative string; path will then be relative to
    ///     that directory.
    ///   follow_symlinks
    ///     If False, and the last element of the path is a symbolic link,
    ///     stat will examine the symbolic link itself instead of the file
    ///     the link points to.
    ///
    /// dir_fd and follow_symlinks may not be implemented
    ///   on your platform.  If they are unavailable, using them will raise a
    ///   NotImplementedError.
    ///
    /// It's an error to use dir_fd or follow_symlinks when specifying path as
    ///   an open file descriptor.
    #[function("stat(path, *, dir_fd=None, follow_symlinks=True)")]
    fn stat(cx: &mut Cx, path: Value, dir_fd: Value, follow_symlinks: bool) -> PyResult {
        stat_of(cx, path, PathKind::of("stat", "path").fd(), dir_fd, follow_symlinks)
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    ///
    /// Like stat(), but do not follow symbolic links.
    /// Equivalent to stat(path, follow_symlinks=False).
    #[function("lstat(path, *, dir_fd=None)")]
    fn lstat(cx: &mut Cx, path: Value, dir_fd: Value) -> PyResult {
        stat_of(cx, path, PathKind::of("lstat", "path"), dir_fd, false)
    }

    /// Perform a stat system call on the given file descriptor.
    ///
    /// Like stat(), but for an open file descriptor.
    /// Equivalent to os.stat(fd).
    #[function("fstat(fd)")]
    fn fstat(cx: &mut Cx, fd: i32) -> PyResult {
        match cx.blocking(|| nix::sys::stat::fstat(fd)) {
            Ok(stat) => super::result(cx, &stat),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Perform a statvfs system call on the given path.
    ///
    /// path may always be specified as a string.
    /// On some platforms, path may also be specified as an open file descriptor.
    ///   If this functionality is unavailable, using it raises an exception.
    #[function("statvfs(path)")]
    fn statvfs(cx: &mut Cx, path: Value) -> PyResult {
        let arg = path_arg(cx, path, PathKind::of("statvfs", "path").fd())?;
        let outcome = match arg.fd {
            Some(fd) => nix::sys::statvfs::statvfs(format!("/proc/self/fd/{fd}").as_str()),
            None => nix::sys::statvfs::statvfs(arg.os()),
        };
        match outcome {
            Ok(s) => {
                let numbers = [
                    s.block_size(),
                    s.fragment_size(),
                    s.blocks(),
                    s.blocks_free(),
                    s.blocks_available(),
                    s.files(),
                    s.files_free(),
                    s.files_available(),
                    s.flags().bits(),
                    s.name_max(),
                    s.filesystem_id(),
                ];
                let mut values = [Value::NONE; 11];
                for (value, n) in values.iter_mut().zip(numbers) {
                    *value = object::BigInt::from_u64(&mut cx.heap, n);
                }
                new_structseq(cx, &STATVFS_RESULT, &values)
            }
            Err(error) => Err(errno_error(cx, error, Some(path))),
        }
    }
}
