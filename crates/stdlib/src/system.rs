//! System calls: errors as `OSError`, file descriptors as arguments, waiting.

use nix::errno::Errno;
use runtime::prelude::*;
use std::time::{Duration, Instant};

/// The system's text for an error number.
pub fn error_text(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// `OSError(errno, text)`, of the subclass that stands for the number.
#[cold]
pub fn errno_error(cx: &mut Cx, errno: Errno) -> Raised {
    let class = cx.types().OSError;
    let (number, text) = (Int::from_len(errno as i32 as usize).value(), cx.heap.str(&error_text(errno as i32)));
    match call(cx, class.value(), &[number, text]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// The result of a system call.
pub fn checked<T>(cx: &mut Cx, result: nix::Result<T>) -> PyResult<T> {
    result.map_err(|errno| errno_error(cx, errno))
}

/// A system call that may wait: other threads run meanwhile, and signals are handled when they interrupt it.
pub fn retrying<T>(cx: &mut Cx, mut system_call: impl FnMut() -> nix::Result<T>) -> PyResult<nix::Result<T>> {
    loop {
        match cx.blocking(&mut system_call) {
            Err(Errno::EINTR) => runtime::safepoint::handle(cx)?,
            result => return Ok(result),
        }
    }
}

/// As [`retrying`], failures raised.
pub fn waiting<T>(cx: &mut Cx, system_call: impl FnMut() -> nix::Result<T>) -> PyResult<T> {
    let result = retrying(cx, system_call)?;
    checked(cx, result)
}

/// A file descriptor: an int, or what `fileno()` of an object gives.
pub fn descriptor(cx: &mut Cx, value: Value) -> PyResult<i32> {
    let number = if runtime::number::int::is_int(value) {
        value
    } else {
        let name = cx.heap.intern("fileno");
        let Some(method) = get_attr_opt(cx, value, name)? else {
            return Err(type_error(cx, "argument must be an int, or have a fileno() method."));
        };
        let number = call(cx, method, &[])?;
        if !runtime::number::int::is_int(number) {
            return Err(type_error(cx, "fileno() returned a non-integer"));
        }
        number
    };
    let fd = runtime::number::as_i64(cx, number)?;
    match i32::try_from(fd) {
        Ok(fd) if fd >= 0 => Ok(fd),
        Ok(fd) => Err(value_error(cx, format_args!("file descriptor cannot be a negative integer ({fd})"))),
        Err(_) => Err(overflow_error(cx, "Python int too large to convert to C int")),
    }
}

/// How long to wait at most.
#[derive(Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    pub fn after(timeout: Option<Duration>) -> Deadline {
        Deadline(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    /// Milliseconds left, rounded up; -1 = for ever.
    pub fn milliseconds(self) -> i32 {
        match self.0 {
            None => -1,
            Some(at) => {
                let left = at.saturating_duration_since(Instant::now());
                left.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32
            }
        }
    }

    pub fn left(self) -> Option<Duration> {
        self.0.map(|at| at.saturating_duration_since(Instant::now()))
    }
}
