//! Signals of the process: a handler that notes what has arrived, and the masks and timers around it.
//!
//! A signal belongs to the process, so that at most one VM sees them: the one that called [`attach_signals`] last.

use super::last_errno;
use heap::SharedHeap;
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};
use std::time::Duration;

/// One more than the highest signal number.
pub const N_SIGNALS: i32 = 65;

#[allow(clippy::declare_interior_mutable_const, reason = "the initial element of an array")]
const NOT_ARRIVED: AtomicBool = AtomicBool::new(false);
static ARRIVED: [AtomicBool; N_SIGNALS as usize] = [NOT_ARRIVED; N_SIGNALS as usize];
/// The heap whose safepoint is asked for. Never freed, since a handler may be reading it.
static HEAP: AtomicPtr<SharedHeap> = AtomicPtr::new(std::ptr::null_mut());
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);
/// The errno of a failed write to the wake-up descriptor.
static WAKEUP_ERRNO: AtomicI32 = AtomicI32::new(0);

/// What a signal does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    Default,
    Ignore,
    /// Notes the signal for the VM.
    Noted,
    /// Somebody else's handler.
    Foreign,
}

/// Have signals ask for `bits` of this heap's safepoint: the constant of `cx::safepoint`.
pub fn attach_signals(heap: &Arc<SharedHeap>) {
    HEAP.store(Arc::into_raw(heap.clone()).cast_mut(), Ordering::Release);
}

extern "C" fn on_signal(signal: libc::c_int) {
    // SAFETY: reading and restoring the thread's errno is allowed in a handler.
    unsafe {
        let errno = *libc::__errno_location();
        note_signal(signal);
        *libc::__errno_location() = errno;
    }
}

/// What the handler does; also for signals that Python code simulates.
pub fn note_signal(signal: i32) {
    let Some(arrived) = ARRIVED.get(signal as usize) else { return };
    arrived.store(true, Ordering::Release);
    let heap = HEAP.load(Ordering::Acquire);
    if !heap.is_null() {
        // SAFETY: the reference taken by `attach_signals` is never given back.
        unsafe { (*heap).safepoint().request(crate::cx::safepoint::SIGNALS) };
    }
    let fd = WAKEUP_FD.load(Ordering::Relaxed);
    if fd >= 0 {
        let byte = signal as u8;
        // SAFETY: one byte of a local; `write` may be called in handlers.
        let written = unsafe { libc::write(fd, (&raw const byte).cast(), 1) };
        if written < 0 {
            WAKEUP_ERRNO.store(last_errno(), Ordering::Relaxed);
        }
    }
}

/// Whether `signal` has arrived since the last call.
pub fn take_signal(signal: i32) -> bool {
    ARRIVED[signal as usize].swap(false, Ordering::AcqRel)
}

/// The errno of the last failed write to the wake-up descriptor; 0 = none since the last call.
pub fn take_wakeup_errno() -> i32 {
    WAKEUP_ERRNO.swap(0, Ordering::Relaxed)
}

/// Write the numbers of arriving signals to `fd`; -1 = nowhere. The result is the previous one.
pub fn set_wakeup_fd(fd: i32) -> i32 {
    WAKEUP_FD.swap(fd, Ordering::Relaxed)
}

fn check(result: libc::c_int) -> Result<(), i32> {
    if result == 0 { Ok(()) } else { Err(last_errno()) }
}

/// What `signal` does now.
pub fn disposition(signal: i32) -> Result<Disposition, i32> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: only reads the present action into a local.
    let action = unsafe {
        check(libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()))?;
        action.assume_init()
    };
    Ok(match action.sa_sigaction {
        libc::SIG_DFL => Disposition::Default,
        libc::SIG_IGN => Disposition::Ignore,
        handler if handler == on_signal as extern "C" fn(libc::c_int) as usize => Disposition::Noted,
        _ => Disposition::Foreign,
    })
}

/// Change what `signal` does. System calls that it interrupts are not restarted.
pub fn set_disposition(signal: i32, disposition: Disposition) -> Result<(), i32> {
    // SAFETY: all fields are integers; zero is an empty mask.
    let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    action.sa_sigaction = match disposition {
        Disposition::Default => libc::SIG_DFL,
        Disposition::Ignore => libc::SIG_IGN,
        Disposition::Noted => on_signal as extern "C" fn(libc::c_int) as usize,
        Disposition::Foreign => return Ok(()),
    };
    action.sa_flags = libc::SA_ONSTACK;
    // SAFETY: the handler only stores atomics and writes.
    check(unsafe { libc::sigaction(signal, &action, std::ptr::null_mut()) })
}

/// Whether system calls that `signal` interrupts fail with EINTR (`true`) or are restarted.
pub fn set_interrupting(signal: i32, interrupting: bool) -> Result<(), i32> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: the action is read and written back with one flag changed.
    unsafe {
        check(libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()))?;
        let mut action = action.assume_init();
        if interrupting {
            action.sa_flags &= !libc::SA_RESTART;
        } else {
            action.sa_flags |= libc::SA_RESTART;
        }
        check(libc::sigaction(signal, &action, std::ptr::null_mut()))
    }
}

/// Send `signal` to the calling thread.
pub fn raise_signal(signal: i32) -> Result<(), i32> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::raise(signal) })
}

/// Send `signal` to the thread of this id, which must not have ended (as in C, the system cannot always tell).
pub fn send_to_thread(thread: u64, signal: i32) -> Result<(), i32> {
    // SAFETY: no memory is passed; the C library rejects ids that it knows to be wrong.
    match unsafe { libc::pthread_kill(thread as libc::pthread_t, signal) } {
        0 => Ok(()),
        errno => Err(errno),
    }
}

/// The system's description of `signal`.
pub fn signal_text(signal: i32) -> Option<String> {
    // SAFETY: the result is a C string that lives until the next call, which needs the turn, as this one does.
    unsafe {
        let text = libc::strsignal(signal);
        if text.is_null() { None } else { Some(std::ffi::CStr::from_ptr(text).to_string_lossy().into_owned()) }
    }
}

/// First and last real-time signal.
pub fn realtime_signals() -> (i32, i32) {
    (libc::SIGRTMIN(), libc::SIGRTMAX())
}

fn to_set(signals: &[i32]) -> Result<libc::sigset_t, i32> {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: `sigemptyset` initialises the set.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for &signal in signals {
            check(libc::sigaddset(set.as_mut_ptr(), signal))?;
        }
        Ok(set.assume_init())
    }
}

fn from_set(set: &libc::sigset_t) -> Vec<i32> {
    // SAFETY: the set is initialised.
    (1..N_SIGNALS).filter(|&signal| unsafe { libc::sigismember(set, signal) } == 1).collect()
}

/// Signals that programs may use: all but those that the C library keeps for itself.
pub fn valid_signals() -> Vec<i32> {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: `sigfillset` initialises the set.
    unsafe {
        libc::sigfillset(set.as_mut_ptr());
        from_set(&set.assume_init())
    }
}

/// Change the calling thread's mask; `how` is SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK. The result is the previous mask.
pub fn change_mask(how: i32, signals: &[i32]) -> Result<Vec<i32>, i32> {
    let set = to_set(signals)?;
    let mut previous = MaybeUninit::zeroed();
    // SAFETY: both sets are locals.
    unsafe {
        match libc::pthread_sigmask(how, &set, previous.as_mut_ptr()) {
            0 => Ok(from_set(&previous.assume_init())),
            errno => Err(errno),
        }
    }
}

/// Have no signal delivered to the calling thread: they go to other threads of the process, started before.
pub fn block_all_signals() {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: `sigfillset` initialises the set; the previous mask is not asked for.
    unsafe {
        libc::sigfillset(set.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, set.as_ptr(), std::ptr::null_mut());
    }
}

/// Signals that have arrived but are blocked.
pub fn pending_signals() -> Result<Vec<i32>, i32> {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: the set is a local that the call fills.
    unsafe {
        check(libc::sigpending(set.as_mut_ptr()))?;
        Ok(from_set(&set.assume_init()))
    }
}

/// What is known of a signal that was waited for.
#[derive(Clone, Copy, Debug)]
pub struct SignalInfo {
    pub signal: i32,
    pub code: i32,
    pub errno: i32,
    pub pid: i32,
    pub uid: u32,
    pub status: i32,
    pub band: i64,
}

/// Wait for one of `signals`, which are blocked. EAGAIN is the error when the time is over.
pub fn wait_for_signal(signals: &[i32], timeout: Option<Duration>) -> Result<SignalInfo, i32> {
    let set = to_set(signals)?;
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let limit = timeout.map(|t| libc::timespec {
        tv_sec: t.as_secs().min(i64::MAX as u64) as libc::time_t,
        tv_nsec: t.subsec_nanos() as libc::c_long,
    });
    // SAFETY: all pointers are to locals; the accessors read fields that were zeroed where the system has not set them.
    unsafe {
        let signal = match &limit {
            Some(limit) => libc::sigtimedwait(&set, info.as_mut_ptr(), limit),
            None => libc::sigwaitinfo(&set, info.as_mut_ptr()),
        };
        if signal < 0 {
            return Err(last_errno());
        }
        let info = info.assume_init();
        Ok(SignalInfo {
            signal: info.si_signo,
            code: info.si_code,
            errno: info.si_errno,
            pid: info.si_pid(),
            uid: info.si_uid(),
            status: info.si_status(),
            band: 0,
        })
    }
}

/// Wait until a signal handler has run.
pub fn pause() {
    // SAFETY: no arguments.
    unsafe { libc::pause() };
}

/// Seconds until SIGALRM; 0 = never. The result is what was left.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: no memory is passed.
    unsafe { libc::alarm(seconds) }
}

/// An interval timer: time until it fires, and between later firings, in microseconds.
pub type Timer = (i64, i64);

fn from_timer(timer: &libc::itimerval) -> Timer {
    let micros = |t: libc::timeval| t.tv_sec * 1_000_000 + t.tv_usec;
    (micros(timer.it_value), micros(timer.it_interval))
}

/// Set the interval timer `which`; the result is the previous one.
pub fn set_timer(which: i32, timer: Timer) -> Result<Timer, i32> {
    let part = |micros: i64| libc::timeval { tv_sec: micros / 1_000_000, tv_usec: micros % 1_000_000 };
    let new = libc::itimerval { it_value: part(timer.0), it_interval: part(timer.1) };
    let mut old = MaybeUninit::zeroed();
    // SAFETY: both are locals.
    unsafe {
        check(libc::setitimer(which as _, &new, old.as_mut_ptr()))?;
        Ok(from_timer(&old.assume_init()))
    }
}

/// The interval timer `which`.
pub fn get_timer(which: i32) -> Result<Timer, i32> {
    let mut timer = MaybeUninit::zeroed();
    // SAFETY: a local that the call fills.
    unsafe {
        check(libc::getitimer(which as _, timer.as_mut_ptr()))?;
        Ok(from_timer(&timer.assume_init()))
    }
}
