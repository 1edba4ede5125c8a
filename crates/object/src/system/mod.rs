//! Calls of the C library that have no safe wrapper elsewhere: waiting on a word, signals, calendar time, thread names.
//!
//! For native modules of `stdlib`, which have no unsafe code. Nothing here knows of Python values.

mod calendar;
mod control;
mod fault;
mod signal;
mod wait;

pub use calendar::{Calendar, format_time, load_timezone, local_time, make_time, utc_time};
pub use control::{BUFFER, LineCall, Terminal, fcntl_bytes, fcntl_number, ioctl_bytes, ioctl_number, terminal_line};
pub use fault::{exit_now, ignore_faults};
pub use signal::*;
pub use wait::{Waited, wait_on_word, wake_word};

use std::ffi::CStr;
use std::sync::atomic::{AtomicU8, Ordering};

/// The id of the calling thread, as `pthread_self()`.
pub fn thread_id() -> u64 {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::pthread_self() as u64 }
}

/// Longest name of a thread, in bytes.
pub const THREAD_NAME_MAX: usize = 15;

/// Name the calling thread; `name` has at most [`THREAD_NAME_MAX`] bytes.
pub fn set_thread_name(name: &CStr) -> Result<(), i32> {
    // SAFETY: the thread is this one, the name is a C string.
    match unsafe { libc::pthread_setname_np(libc::pthread_self(), name.as_ptr()) } {
        0 => Ok(()),
        errno => Err(errno),
    }
}

/// The name of the calling thread.
pub fn thread_name() -> Result<Vec<u8>, i32> {
    let mut buffer = [0u8; 64];
    // SAFETY: the buffer has the length that is passed.
    let errno = unsafe { libc::pthread_getname_np(libc::pthread_self(), buffer.as_mut_ptr().cast(), buffer.len()) };
    if errno != 0 {
        return Err(errno);
    }
    let end = buffer.iter().position(|&b| b == 0).unwrap_or(buffer.len());
    Ok(buffer[..end].to_vec())
}

/// Set or unset a variable of the environment. The caller has the turn.
pub fn set_variable(name: &CStr, value: Option<&CStr>) -> Result<(), i32> {
    // SAFETY: the C library copies both strings; threads of the VM read the environment with the turn alone.
    let result = unsafe {
        match value {
            Some(value) => libc::setenv(name.as_ptr(), value.as_ptr(), 1),
            None => libc::unsetenv(name.as_ptr()),
        }
    };
    if result == 0 { Ok(()) } else { Err(last_errno()) }
}

/// Standard file descriptors that were closed when the process started, as bits. Rust's start-up code opens the null
/// device in their place before `main`.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Whether standard file descriptor `fd` (0, 1 or 2) was closed when the process started.
pub fn was_closed_at_start(fd: i32) -> bool {
    CLOSED.load(Ordering::Relaxed) & 1 << fd != 0
}

extern "C" fn note_closed() {
    for fd in 0..3 {
        // SAFETY: F_GETFD reads a flag of any number.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << fd, Ordering::Relaxed);
        }
    }
}

// SAFETY: an entry of this section is a function of C's calling convention that takes what it likes of `main`'s arguments.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE_CLOSED: extern "C" fn() = note_closed;

fn last_errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}
