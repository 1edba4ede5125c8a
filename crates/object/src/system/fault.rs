//! Fatal signals: a handler that writes what happened and where Python code was, then lets the signal have its effect.

use crate::cx::Cx;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU64, AtomicUsize, Ordering};

/// Writes the calling thread's Python frames to a descriptor. Must not allocate: it runs in a signal handler.
pub type DumpFrames = fn(&Cx, i32);

/// The signals, with what messages call them.
const FATAL: [(i32, &str); 5] = [
    (libc::SIGBUS, "Bus error"),
    (libc::SIGILL, "Illegal instruction"),
    (libc::SIGFPE, "Floating-point exception"),
    (libc::SIGABRT, "Aborted"),
    (libc::SIGSEGV, "Segmentation fault"),
];

static FD: AtomicI32 = AtomicI32::new(-1);
/// The context of the thread that has asked for reports, and that thread.
static CONTEXT: AtomicPtr<Cx> = AtomicPtr::new(std::ptr::null_mut());
static THREAD: AtomicU64 = AtomicU64::new(0);
static DUMP: AtomicUsize = AtomicUsize::new(0);

fn write(fd: i32, text: &str) {
    // SAFETY: `write` may be called in handlers; the text lives through the call.
    unsafe { libc::write(fd, text.as_ptr().cast(), text.len()) };
}

extern "C" fn on_fatal_signal(signal: libc::c_int) {
    // Once: a fault while reporting has its own effect.
    set_default(signal);
    let fd = FD.load(Ordering::Acquire);
    if fd >= 0 {
        let name = FATAL.iter().find(|(number, _)| *number == signal).map_or("Fatal signal", |(_, name)| name);
        write(fd, "Fatal Python error: ");
        write(fd, name);
        write(fd, "\n\n");
        let (context, dump) = (CONTEXT.load(Ordering::Acquire), DUMP.load(Ordering::Acquire));
        if !context.is_null() && dump != 0 && THREAD.load(Ordering::Acquire) == super::thread_id() {
            // SAFETY: `report_faults` stored a function of this type.
            let dump: DumpFrames = unsafe { std::mem::transmute::<usize, DumpFrames>(dump) };
            // SAFETY: the context is that of this thread, which has not ended.
            dump(unsafe { &*context }, fd);
        } else {
            write(fd, "<no Python frame>\n");
        }
    }
    // SAFETY: the signal's own effect, once the handler returns.
    unsafe { libc::raise(signal) };
}

fn set_default(signal: i32) {
    // SAFETY: all fields are integers; zero is the default action and an empty mask.
    let action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    // SAFETY: as described.
    unsafe { libc::sigaction(signal, &action, std::ptr::null_mut()) };
}

impl Cx {
    /// Report fatal signals to `fd` from now on; frames are those of this thread.
    pub fn report_faults(&self, fd: i32, dump: DumpFrames) {
        CONTEXT.store((self as *const Cx).cast_mut(), Ordering::Release);
        THREAD.store(super::thread_id(), Ordering::Release);
        DUMP.store(dump as usize, Ordering::Release);
        FD.store(fd, Ordering::Release);
        for (signal, _) in FATAL {
            // SAFETY: all fields are integers; zero is an empty mask.
            let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
            action.sa_sigaction = on_fatal_signal as extern "C" fn(libc::c_int) as usize;
            action.sa_flags = libc::SA_ONSTACK | libc::SA_NODEFER;
            // SAFETY: the handler writes and reads memory that stays.
            unsafe { libc::sigaction(signal, &action, std::ptr::null_mut()) };
        }
    }
}

/// No longer report fatal signals.
pub fn ignore_faults() {
    FD.store(-1, Ordering::Release);
    for (signal, _) in FATAL {
        set_default(signal);
    }
}

/// End the process at once: nothing is flushed, nobody is told.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(status) }
}
