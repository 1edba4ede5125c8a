//! Waiting until a word changes: what locks are made of. Unlike a condition variable a wait ends when a signal arrives.

use super::last_errno;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Why a wait has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waited {
    /// Woken, or the word was not the expected one.
    Woken,
    TimedOut,
    /// A signal handler has run.
    Interrupted,
}

/// Wait while `word` is `expected`, until [`wake_word`], the timeout or a signal.
pub fn wait_on_word(word: &AtomicU32, expected: u32, timeout: Option<Duration>) -> Waited {
    let limit = timeout.map(|t| libc::timespec {
        tv_sec: t.as_secs().min(i64::MAX as u64) as libc::time_t,
        tv_nsec: t.subsec_nanos() as libc::c_long,
    });
    let limit = limit.as_ref().map_or(std::ptr::null(), |l| l as *const libc::timespec);
    // SAFETY: the word and the limit live through the call.
    let result = unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, expected, limit)
    };
    match result {
        -1 if last_errno() == libc::ETIMEDOUT => Waited::TimedOut,
        -1 if last_errno() == libc::EINTR => Waited::Interrupted,
        _ => Waited::Woken,
    }
}

/// Wake up to `n` of those who wait on `word`.
pub fn wake_word(word: &AtomicU32, n: u32) {
    // SAFETY: waking reads nothing but the address.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, n) };
}
