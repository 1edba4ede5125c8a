//! `fcntl`: control of file descriptors, and locks on files.

use crate::system::descriptor;
use nix::errno::Errno;
use object::int::BigInt;
use object::system::{BUFFER, fcntl_bytes, fcntl_number, ioctl_bytes, ioctl_number};
use runtime::prelude::*;

const LOCK_SH: i32 = 1;
const LOCK_EX: i32 = 2;
const LOCK_NB: i32 = 4;
const LOCK_UN: i32 = 8;

const CONSTANTS: [(&str, i64); 71] = [
    ("DN_ACCESS", 1),
    ("DN_ATTRIB", 32),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_MODIFY", 2),
    ("DN_MULTISHOT", 2147483648),
    ("DN_RENAME", 16),
    ("FASYNC", 8192),
    ("FD_CLOEXEC", 1),
    ("FICLONE", 1074041865),
    ("FICLONERANGE", 1075876877),
    ("F_ADD_SEALS", 1033),
    ("F_DUPFD", 0),
    ("F_DUPFD_CLOEXEC", 1030),
    ("F_DUPFD_QUERY", 1027),
    ("F_EXLCK", 4),
    ("F_GETFD", 1),
    ("F_GETFL", 3),
    ("F_GETLEASE", 1025),
    ("F_GETLK", 5),
    ("F_GETLK64", 5),
    ("F_GETOWN", 9),
    ("F_GETOWN_EX", 16),
    ("F_GETPIPE_SZ", 1032),
    ("F_GETSIG", 11),
    ("F_GET_FILE_RW_HINT", 1037),
    ("F_GET_RW_HINT", 1035),
    ("F_GET_SEALS", 1034),
    ("F_NOTIFY", 1026),
    ("F_OFD_GETLK", 36),
    ("F_OFD_SETLK", 37),
    ("F_OFD_SETLKW", 38),
    ("F_OWNER_PGRP", 2),
    ("F_OWNER_PID", 1),
    ("F_OWNER_TID", 0),
    ("F_RDLCK", 0),
    ("F_SEAL_FUTURE_WRITE", 16),
    ("F_SEAL_GROW", 4),
    ("F_SEAL_SEAL", 1),
    ("F_SEAL_SHRINK", 2),
    ("F_SEAL_WRITE", 8),
    ("F_SETFD", 2),
    ("F_SETFL", 4),
    ("F_SETLEASE", 1024),
    ("F_SETLK", 6),
    ("F_SETLK64", 6),
    ("F_SETLKW", 7),
    ("F_SETLKW64", 7),
    ("F_SETOWN", 8),
    ("F_SETOWN_EX", 15),
    ("F_SETPIPE_SZ", 1031),
    ("F_SETSIG", 10),
    ("F_SET_FILE_RW_HINT", 1038),
    ("F_SET_RW_HINT", 1036),
    ("F_SHLCK", 8),
    ("F_UNLCK", 2),
    ("F_WRLCK", 1),
    ("LOCK_EX", LOCK_EX as i64),
    ("LOCK_MAND", 32),
    ("LOCK_NB", LOCK_NB as i64),
    ("LOCK_READ", 64),
    ("LOCK_RW", 192),
    ("LOCK_SH", LOCK_SH as i64),
    ("LOCK_UN", LOCK_UN as i64),
    ("LOCK_WRITE", 128),
    ("RWH_WRITE_LIFE_EXTREME", 5),
    ("RWH_WRITE_LIFE_LONG", 4),
    ("RWH_WRITE_LIFE_MEDIUM", 3),
    ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_NOT_SET", 0),
    ("RWH_WRITE_LIFE_SHORT", 2),
];

/// Number, or bytes and where they come from.
enum Argument {
    Number(i64),
    Bytes(Vec<u8>),
}

/// What `fcntl` and `ioctl` take as their argument.
fn argument(cx: &mut Cx, function: &str, value: Option<Value>) -> PyResult<Argument> {
    let Some(value) = value else { return Ok(Argument::Number(0)) };
    if let Some(text) = value.downcast::<Str>() {
        return match text.to_utf8() {
            Ok(text) => Ok(Argument::Bytes(text.into_bytes())),
            Err(_) => crate::support::fs_encode(cx, text).map(Argument::Bytes),
        };
    }
    if runtime::buffer::is_buffer(cx, value) {
        return runtime::buffer::to_vec(cx, value).map(Argument::Bytes);
    }
    if cx.class_of(value).slots.index.get().is_none() {
        let name = type_name(cx, value);
        let message =
            format!("{function}() argument 3 must be an integer, a bytes-like object, or a string, not {name}");
        return Err(type_error(cx, message));
    }
    let index = index_value(cx, value)?;
    match runtime::number::Num::of(index) {
        Some(number) => Ok(Argument::Number(runtime::number::int::low_u64(number) as i32 as i64)),
        None => Err(type_error(cx, "an integer is required")),
    }
}

/// A system call that may wait, repeated while signals interrupt it; failures raised.
fn system_call(cx: &mut Cx, mut call: impl FnMut() -> Result<i32, i32>) -> PyResult<i32> {
    crate::system::waiting(cx, || call().map_err(Errno::from_i32))
}

#[macros::native_module(
    name = "fcntl",
    doc = "This module performs file control and I/O control on file\ndescriptors.  It is an interface to the fcntl() and ioctl() Unix\nroutines.  File descriptors can be obtained with the fileno() method of\na file or socket object."
)]
pub mod module {
    use super::*;

    /// Perform the operation cmd on file descriptor fd.
    ///
    /// The values used for cmd are operating system dependent, and are
    /// available as constants in the fcntl module, using the same names as used
    /// in the relevant C header files.  The argument arg is optional, and
    /// defaults to 0; it may be an integer, a bytes-like object or a string.
    /// If arg is given as a string, it will be encoded to binary using the
    /// UTF-8 encoding.
    ///
    /// If the arg given is an integer or if none is specified, the result value
    /// is an integer corresponding to the return value of the fcntl() call in
    /// the C code.
    ///
    /// If arg is given as a bytes-like object, the return value of fcntl() is a
    /// bytes object of that length, containing the resulting value put in the
    /// arg buffer by the operating system.  The length of the arg buffer is not
    /// allowed to exceed 1024 bytes.
    #[function("fcntl(fd, cmd, arg=0, /)")]
    fn fcntl(cx: &mut Cx, fd: Value, cmd: i32, arg: Option<Value>) -> PyResult {
        let fd = descriptor(cx, fd)?;
        match argument(cx, "fcntl", arg)? {
            Argument::Number(number) => {
                let result = system_call(cx, || fcntl_number(fd, cmd, number))?;
                Ok(BigInt::from_i64(&mut cx.heap, i64::from(result)))
            }
            Argument::Bytes(data) if data.len() > BUFFER => Err(value_error(cx, "fcntl argument 3 is too long")),
            Argument::Bytes(mut data) => {
                system_call(cx, || fcntl_bytes(fd, cmd, &mut data))?;
                Ok(cx.heap.bytes(&data).or_raise(cx)?.value())
            }
        }
    }

    /// Perform the operation request on file descriptor fd.
    ///
    /// The values used for request are operating system dependent, and are
    /// available as constants in the fcntl or termios library modules, using
    /// the same names as used in the relevant C header files.
    ///
    /// The argument arg is optional, and defaults to 0; it may be an integer, a
    /// bytes-like object or a string.  If arg is given as a string, it will be
    /// encoded to binary using the UTF-8 encoding.
    ///
    /// If the arg given is an integer or if none is specified, the result value
    /// is an integer corresponding to the return value of the ioctl() call in
    /// the C code.
    ///
    /// If the argument is a mutable buffer (such as a bytearray) and the
    /// mutate_flag argument is true (default) then the buffer is (in effect)
    /// passed to the operating system and changes made by the OS will be
    /// reflected in the contents of the buffer after the call has returned.
    /// The return value is the integer returned by the ioctl() system call.
    ///
    /// If the argument is a mutable buffer and the mutable_flag argument is
    /// false, the behavior is as if an immutable buffer had been passed.
    ///
    /// If the argument is an immutable buffer then a copy of the buffer is
    /// passed to the operating system and the return value is a bytes object of
    /// the same length containing whatever the operating system put in the
    /// buffer.  The length of the arg buffer in this case is not allowed to
    /// exceed 1024 bytes.
    #[function("ioctl(fd, request, arg=0, mutate_flag=True, /)")]
    fn ioctl(cx: &mut Cx, fd: Value, request: Value, arg: Option<Value>, mutate_flag: bool) -> PyResult {
        let fd = descriptor(cx, fd)?;
        let request = index_value(cx, request)?;
        let request = runtime::number::Num::of(request).map_or(0, runtime::number::int::low_u64);
        let writable = match arg {
            Some(arg) if mutate_flag => {
                runtime::buffer::with_bytes_mut(cx, arg, |_| ()).map_err(|r| cx.take_raised(r)).is_ok()
            }
            _ => false,
        };
        match (argument(cx, "ioctl", arg)?, arg) {
            (Argument::Number(number), _) => {
                let result = system_call(cx, || ioctl_number(fd, request, number))?;
                Ok(BigInt::from_i64(&mut cx.heap, i64::from(result)))
            }
            (Argument::Bytes(mut data), Some(arg)) if writable => {
                let result = system_call(cx, || ioctl_bytes(fd, request, &mut data))?;
                crate::support::write_into(cx, arg, &data)?;
                Ok(BigInt::from_i64(&mut cx.heap, i64::from(result)))
            }
            (Argument::Bytes(data), _) if data.len() > BUFFER => Err(value_error(cx, "ioctl argument 3 is too long")),
            (Argument::Bytes(mut data), _) => {
                system_call(cx, || ioctl_bytes(fd, request, &mut data))?;
                Ok(cx.heap.bytes(&data).or_raise(cx)?.value())
            }
        }
    }

    /// Perform the lock operation on file descriptor fd.
    ///
    /// See the Unix manual page for flock(2) for details (On some systems, this
    /// function is emulated using fcntl()).
    #[function("flock(fd, operation, /)")]
    fn flock(cx: &mut Cx, fd: Value, operation: i32) -> PyResult<()> {
        use nix::fcntl::FlockArg;
        let fd = descriptor(cx, fd)?;
        let wanted = match operation & !LOCK_NB {
            LOCK_SH if operation & LOCK_NB != 0 => FlockArg::LockSharedNonblock,
            LOCK_SH => FlockArg::LockShared,
            LOCK_EX if operation & LOCK_NB != 0 => FlockArg::LockExclusiveNonblock,
            LOCK_EX => FlockArg::LockExclusive,
            LOCK_UN if operation & LOCK_NB != 0 => FlockArg::UnlockNonblock,
            LOCK_UN => FlockArg::Unlock,
            _ => return Err(os_error(cx, Errno::EINVAL as i32, None)),
        };
        crate::system::waiting(cx, || nix::fcntl::flock(fd, wanted))
    }

    /// A wrapper around the fcntl() locking calls.
    ///
    /// fd is the file descriptor of the file to lock or unlock, and operation
    /// is one of the following values:
    ///
    ///     LOCK_UN - unlock
    ///     LOCK_SH - acquire a shared lock
    ///     LOCK_EX - acquire an exclusive lock
    ///
    /// When operation is LOCK_SH or LOCK_EX, it can also be bitwise ORed with
    /// LOCK_NB to avoid blocking on lock acquisition.  If LOCK_NB is used and
    /// the lock cannot be acquired, an OSError will be raised and the exception
    /// will have an errno attribute set to EACCES or EAGAIN (depending on the
    /// operating system -- for portability, check for either value).
    ///
    /// len is the number of bytes to lock, with the default meaning to lock to
    /// EOF.  start is the byte offset, relative to whence, to that the lock
    /// starts.  whence is as with fileobj.seek(), specifically:
    ///
    ///     0 - relative to the start of the file (SEEK_SET)
    ///     1 - relative to the current buffer position (SEEK_CUR)
    ///     2 - relative to the end of the file (SEEK_END)
    #[function("lockf(fd, cmd, len=0, start=0, whence=0, /)")]
    fn lockf(cx: &mut Cx, fd: Value, cmd: i32, len: i64, start: i64, whence: i32) -> PyResult<()> {
        use nix::fcntl::FcntlArg;
        let fd = descriptor(cx, fd)?;
        let kind = match cmd {
            LOCK_UN => libc::F_UNLCK,
            cmd if cmd & LOCK_SH != 0 => libc::F_RDLCK,
            cmd if cmd & LOCK_EX != 0 => libc::F_WRLCK,
            _ => return Err(value_error(cx, "unrecognized lockf argument")),
        };
        let lock = libc::flock { l_type: kind as i16, l_whence: whence as i16, l_start: start, l_len: len, l_pid: 0 };
        crate::system::waiting(cx, || {
            let request = if cmd & LOCK_NB != 0 { FcntlArg::F_SETLK(&lock) } else { FcntlArg::F_SETLKW(&lock) };
            nix::fcntl::fcntl(fd, request).map(|_| ())
        })
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, value) in CONSTANTS {
            let value = BigInt::from_i64(&mut cx.heap, value);
            set_module_attr(cx, module, name, value)?;
        }
        Ok(())
    }
}
