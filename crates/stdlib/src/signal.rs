//! `_signal`: handlers of signals, masks, timers.
//!
//! What arrives is noted by [`object::system`]; the Python handlers run in the main thread at its next safepoint
//! ([`run_handlers`]), or where a system call was interrupted ([`check_signals`]).

use crate::clock::{NANOS, Round, nanoseconds};
use object::system::{self, Disposition, N_SIGNALS};
use runtime::native::structseq::{Field, StructSeq, new_structseq, structseq_class};
use runtime::prelude::*;
use runtime::safepoint::write_unraisable;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// The Python side of every signal.
struct Handlers {
    /// By signal number: an int (SIG_DFL, SIG_IGN), a callable, or None for handlers that are not Python's.
    values: RootVec,
    default_int_handler: Cell<bool>,
    item_error: RootVec,
    warn_on_full_buffer: Cell<bool>,
}

const SIG_DFL: Value = Int::ZERO.value();

fn sig_ign() -> Value {
    Int::from_len(1).value()
}

fn handlers(cx: &Cx) -> Rc<Handlers> {
    let vm = cx.vm();
    vm.extension(|| {
        let values = vm.root_vec();
        (0..N_SIGNALS).for_each(|_| values.push(Value::NONE));
        Handlers {
            values,
            default_int_handler: Cell::new(false),
            item_error: vm.root_vec(),
            warn_on_full_buffer: Cell::new(true),
        }
    })
}

/// Run what waits for a safepoint, signal handlers above all. To be called when a system call was interrupted.
pub fn check_signals(cx: &mut Cx) -> PyResult<()> {
    if cx.is_safepoint_requested() { runtime::safepoint::handle(cx) } else { Ok(()) }
}

/// Call the handlers of all signals that have arrived. Installed into the runtime's safepoint.
fn run_handlers(cx: &mut Cx) -> PyResult<()> {
    let errno = system::take_wakeup_errno();
    let handlers = handlers(cx);
    if errno != 0 && (handlers.warn_on_full_buffer.get() || errno != nix::libc::EAGAIN) {
        let raised = os_error(cx, errno, None);
        let exception = cx.take_raised(raised);
        let message = "Exception ignored when trying to write to the signal wakeup fd";
        write_unraisable(cx, exception, message, Value::NONE);
    }
    for signal in 1..N_SIGNALS {
        if !system::take_signal(signal) {
            continue;
        }
        let handler = handlers.values.get(signal as usize);
        if handler.is_none() || handler.is_small_int() {
            continue;
        }
        let frame = match cx.frame() {
            Some(frame) => object::frame::frame_object(cx, frame).value(),
            None => Value::NONE,
        };
        let number = Int::from_len(signal as usize).value();
        if let Err(raised) = call(cx, handler, &[number, frame]) {
            // The others run at the next safepoint.
            cx.vm().shared_heap().safepoint().request(object::safepoint::SIGNALS);
            return Err(raised);
        }
    }
    Ok(())
}

/// As if `signal` had arrived; nothing happens when it has no Python handler.
pub fn simulate(cx: &mut Cx, signal: i32) -> PyResult<()> {
    check_range(cx, signal)?;
    let handler = handlers(cx).values.get(signal as usize);
    if !handler.is_none() && !handler.is_small_int() {
        system::note_signal(signal);
    }
    Ok(())
}

fn check_range(cx: &mut Cx, signal: i32) -> PyResult<()> {
    if (1..N_SIGNALS).contains(&signal) { Ok(()) } else { Err(value_error(cx, "signal number out of range")) }
}

fn or_os_error<T>(cx: &mut Cx, result: Result<T, i32>) -> PyResult<T> {
    result.map_err(|errno| os_error(cx, errno, None))
}

/// ItimerError of the same arguments as the OSError of this number.
fn timer_error(cx: &mut Cx, errno: i32) -> Raised {
    let raised = os_error(cx, errno, None);
    let error = cx.take_raised(raised);
    let class = handlers(cx).item_error.get(0);
    let args = error.cast::<Exception>().and_then(|e| e.args.get());
    let made = match args {
        Some(args) => call(cx, class, args.as_slice()),
        None => call(cx, class, &[]),
    };
    match made {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

fn micros(cx: &mut Cx, seconds: Value) -> PyResult<i64> {
    let nanos = nanoseconds(cx, seconds, Round::Ceiling)?;
    Ok(nanos.div_euclid(1000) + (nanos.rem_euclid(1000) != 0) as i64)
}

fn timer_value(cx: &mut Cx, timer: system::Timer) -> Value {
    let seconds = |micros: i64| micros as f64 / 1e6;
    let (value, interval) = (cx.heap.float(seconds(timer.0)), cx.heap.float(seconds(timer.1)));
    cx.heap.tuple(&[value, interval]).value()
}

/// Signal numbers of an iterable.
fn signal_numbers(cx: &mut Cx, signals: Value) -> PyResult<Vec<i32>> {
    let mut numbers = Vec::new();
    for_each(cx, signals, |cx, signal| {
        let number = runtime::number::as_i64(cx, signal)?;
        match i32::try_from(number).ok().filter(|n| (1..N_SIGNALS).contains(n)) {
            Some(number) => {
                numbers.push(number);
                Ok(())
            }
            None => Err(value_error(cx, format_args!("signal number {number} out of range [1; {}]", N_SIGNALS - 1))),
        }
    })?;
    Ok(numbers)
}

fn signal_set(cx: &mut Cx, signals: &[i32]) -> PyResult {
    let set = Set::new(&mut cx.heap);
    for &signal in signals {
        runtime::set::add(cx, set, Int::from_len(signal as usize).value())?;
    }
    Ok(set.value())
}

static SIGINFO: StructSeq = StructSeq::new(
    "signal",
    "struct_siginfo",
    "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a tuple of\n\
     (si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\n\
     or via the attributes si_signo, si_code, and so on.",
    &[
        Field::new("si_signo", "signal number"),
        Field::new("si_code", "signal code"),
        Field::new("si_errno", "errno associated with this signal"),
        Field::new("si_pid", "sending process ID"),
        Field::new("si_uid", "real user ID of sending process"),
        Field::new("si_status", "exit value or signal"),
        Field::new("si_band", "band event for SIGPOLL"),
    ],
    7,
);

fn wait_for(cx: &mut Cx, signals: &[i32], timeout: Option<Duration>) -> PyResult<Option<system::SignalInfo>> {
    let deadline = timeout.map(|t| std::time::Instant::now() + t);
    loop {
        let left = deadline.map(|d| d.saturating_duration_since(std::time::Instant::now()));
        match cx.blocking(|| system::wait_for_signal(signals, left)) {
            Ok(info) => return Ok(Some(info)),
            Err(nix::libc::EAGAIN) if timeout.is_some() => return Ok(None),
            Err(nix::libc::EINTR) => check_signals(cx)?,
            Err(errno) => return Err(os_error(cx, errno, None)),
        }
    }
}

fn info_value(cx: &mut Cx, info: system::SignalInfo) -> PyResult {
    let numbers = [
        info.signal as i64,
        info.code as i64,
        info.errno as i64,
        info.pid as i64,
        info.uid as i64,
        info.status as i64,
        info.band,
    ];
    let values = numbers.map(|n| BigInt::from_i64(&mut cx.heap, n));
    new_structseq(cx, &SIGINFO, &values)
}

/// Names of Linux' signals.
static SIGNALS: &[(&str, i32)] = &[
    ("SIGHUP", 1),
    ("SIGINT", 2),
    ("SIGQUIT", 3),
    ("SIGILL", 4),
    ("SIGTRAP", 5),
    ("SIGIOT", 6),
    ("SIGABRT", 6),
    ("SIGBUS", 7),
    ("SIGFPE", 8),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGSEGV", 11),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGSTKFLT", 16),
    ("SIGCLD", 17),
    ("SIGCHLD", 17),
    ("SIGCONT", 18),
    ("SIGSTOP", 19),
    ("SIGTSTP", 20),
    ("SIGTTIN", 21),
    ("SIGTTOU", 22),
    ("SIGURG", 23),
    ("SIGXCPU", 24),
    ("SIGXFSZ", 25),
    ("SIGVTALRM", 26),
    ("SIGPROF", 27),
    ("SIGWINCH", 28),
    ("SIGPOLL", 29),
    ("SIGIO", 29),
    ("SIGPWR", 30),
    ("SIGSYS", 31),
    ("NSIG", N_SIGNALS),
    ("SIG_DFL", 0),
    ("SIG_IGN", 1),
    ("SIG_BLOCK", 0),
    ("SIG_UNBLOCK", 1),
    ("SIG_SETMASK", 2),
    ("ITIMER_REAL", 0),
    ("ITIMER_VIRTUAL", 1),
    ("ITIMER_PROF", 2),
];

const SIGINT: i32 = 2;
const SIGPIPE: i32 = 13;
const SIGXFSZ: i32 = 25;

#[native_module(
    name = "_signal",
    doc = "This module provides mechanisms to use signal handlers in Python.\n\n\
           Functions:\n\n\
           alarm() -- cause SIGALRM after a specified time [Unix only]\n\
           setitimer() -- cause a signal (described below) after a specified\n\
           \x20              float time and the timer may restart then [Unix only]\n\
           getitimer() -- get current value of timer [Unix only]\n\
           signal() -- set the action for a given signal\n\
           getsignal() -- get the signal action for a given signal\n\
           pause() -- wait until a signal arrives [Unix only]\n\
           default_int_handler() -- default SIGINT handler\n"
)]
pub mod module {
    use super::*;

    /// The default handler for SIGINT installed by Python.
    ///
    /// It raises KeyboardInterrupt.
    #[function("default_int_handler(signalnum, frame, /)")]
    fn default_int_handler(cx: &mut Cx, signalnum: i32, frame: Value) -> PyResult<()> {
        let _ = (signalnum, frame);
        let class = cx.types().KeyboardInterrupt.value();
        let exception = call(cx, class, &[])?;
        Err(raise_object(cx, exception))
    }

    /// Set the action for the given signal.
    ///
    /// The action can be SIG_DFL, SIG_IGN, or a callable Python object.
    /// The previous action is returned.  See getsignal() for possible return values.
    ///
    /// *** IMPORTANT NOTICE ***
    /// A signal handler function is called with two arguments:
    /// the first is the signal number, the second is the interrupted stack frame.
    #[function("signal(signalnum, handler, /)")]
    fn signal(cx: &mut Cx, signalnum: i32, handler: Value) -> PyResult {
        if !cx.is_main_thread.get() {
            return Err(value_error(cx, "signal only works in main thread of the main interpreter"));
        }
        check_range(cx, signalnum)?;
        let disposition = if runtime::functions::is_callable(cx, handler) {
            Disposition::Noted
        } else if equals(cx, handler, sig_ign())? {
            Disposition::Ignore
        } else if equals(cx, handler, SIG_DFL)? {
            Disposition::Default
        } else {
            let message = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object";
            return Err(type_error(cx, message));
        };
        check_signals(cx)?;
        or_os_error(cx, system::set_disposition(signalnum, disposition))?;
        let handlers = handlers(cx);
        let previous = handlers.values.get(signalnum as usize);
        handlers.values.set(
            signalnum as usize,
            match disposition {
                Disposition::Ignore => sig_ign(),
                Disposition::Default => SIG_DFL,
                _ => handler,
            },
        );
        Ok(previous)
    }

    /// Return the current action for the given signal.
    ///
    /// The return value can be:
    ///   SIG_IGN -- if the signal is being ignored
    ///   SIG_DFL -- if the default action for the signal is in effect
    ///   None    -- if an unknown handler is in effect
    ///   anything else -- the callable Python object used as a handler
    #[function("getsignal(signalnum, /)")]
    fn getsignal(cx: &mut Cx, signalnum: i32) -> PyResult {
        check_range(cx, signalnum)?;
        Ok(handlers(cx).values.get(signalnum as usize))
    }

    /// Return the system description of the given signal.
    ///
    /// Returns the description of signal *signalnum*, such as "Interrupt"
    /// for :const:`SIGINT`. Returns :const:`None` if *signalnum* has no
    /// description. Raises :exc:`ValueError` if *signalnum* is invalid.
    #[function("strsignal(signalnum, /)")]
    fn strsignal(cx: &mut Cx, signalnum: i32) -> PyResult<Option<String>> {
        check_range(cx, signalnum)?;
        Ok(system::signal_text(signalnum).filter(|text| !text.contains("Unknown signal")))
    }

    /// Send a signal to the executing process.
    #[function("raise_signal(signalnum, /)")]
    fn raise_signal(cx: &mut Cx, signalnum: i32) -> PyResult<()> {
        or_os_error(cx, system::raise_signal(signalnum))?;
        check_signals(cx)
    }

    /// Arrange for SIGALRM to arrive after the given number of seconds.
    #[function("alarm(seconds, /)")]
    fn alarm(_: &mut Cx, seconds: i32) -> u32 {
        system::alarm(seconds as u32)
    }

    /// Wait until a signal arrives.
    #[function("pause()")]
    fn pause(cx: &mut Cx) -> PyResult<()> {
        cx.blocking(system::pause);
        check_signals(cx)
    }

    /// Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).
    ///
    /// The timer will fire after value seconds and after that every interval seconds.
    /// The itimer can be cleared by setting seconds to zero.
    ///
    /// Returns old values as a tuple: (delay, interval).
    #[function("setitimer(which, seconds, interval=0.0, /)")]
    fn setitimer(cx: &mut Cx, which: i32, seconds: Value, interval: Option<Value>) -> PyResult {
        let value = micros(cx, seconds)?;
        let interval = match interval {
            Some(interval) => micros(cx, interval)?,
            None => 0,
        };
        match system::set_timer(which, (value, interval)) {
            Ok(old) => Ok(timer_value(cx, old)),
            Err(errno) => Err(timer_error(cx, errno)),
        }
    }

    /// Returns current value of given itimer.
    #[function("getitimer(which, /)")]
    fn getitimer(cx: &mut Cx, which: i32) -> PyResult {
        match system::get_timer(which) {
            Ok(timer) => Ok(timer_value(cx, timer)),
            Err(errno) => Err(timer_error(cx, errno)),
        }
    }

    /// Sets the fd to be written to (with the signal number) when a signal comes in.
    ///
    /// A library can use this to wakeup select or poll.
    /// The previous fd or -1 is returned.
    ///
    /// The fd must be non-blocking.
    #[function("set_wakeup_fd(fd, /, *, warn_on_full_buffer=True)")]
    fn set_wakeup_fd(cx: &mut Cx, fd: i32, warn_on_full_buffer: bool) -> PyResult<i32> {
        if !cx.is_main_thread.get() {
            return Err(value_error(cx, "set_wakeup_fd only works in main thread of the main interpreter"));
        }
        if fd != -1 {
            match nix::fcntl::fcntl(fd, nix::fcntl::FcntlArg::F_GETFL) {
                Err(errno) => return Err(os_error(cx, errno as i32, None)),
                Ok(flags) if flags & nix::libc::O_NONBLOCK == 0 => {
                    return Err(value_error(cx, format_args!("the fd {fd} must be in non-blocking mode")));
                }
                Ok(_) => {}
            }
        }
        handlers(cx).warn_on_full_buffer.set(warn_on_full_buffer);
        Ok(system::set_wakeup_fd(fd))
    }

    /// Change system call restart behaviour.
    ///
    /// If flag is False, system calls will be restarted when interrupted by
    /// signal sig, else system calls will be interrupted.
    #[function("siginterrupt(signalnum, flag, /)")]
    fn siginterrupt(cx: &mut Cx, signalnum: i32, flag: i32) -> PyResult<()> {
        check_range(cx, signalnum)?;
        or_os_error(cx, system::set_interrupting(signalnum, flag != 0))
    }

    /// Send a signal to a thread.
    #[function("pthread_kill(thread_id, signalnum, /)")]
    fn pthread_kill(cx: &mut Cx, thread_id: u64, signalnum: i32) -> PyResult<()> {
        // The C library reads memory at the id: only ids of threads that exist may reach it.
        let result = if crate::thread::is_running(cx, thread_id) {
            system::send_to_thread(thread_id, signalnum)
        } else {
            Err(nix::libc::ESRCH)
        };
        or_os_error(cx, result)?;
        check_signals(cx)
    }

    /// Fetch and/or change the signal mask of the calling thread.
    #[function("pthread_sigmask(how, mask, /)")]
    fn pthread_sigmask(cx: &mut Cx, how: i32, mask: Value) -> PyResult {
        let signals = signal_numbers(cx, mask)?;
        let previous = or_os_error(cx, system::change_mask(how, &signals))?;
        check_signals(cx)?;
        signal_set(cx, &previous)
    }

    /// Examine pending signals.
    ///
    /// Returns a set of signal numbers that are pending for delivery to
    /// the calling thread.
    #[function("sigpending()")]
    fn sigpending(cx: &mut Cx) -> PyResult {
        let signals = or_os_error(cx, system::pending_signals())?;
        signal_set(cx, &signals)
    }

    /// Wait for a signal.
    ///
    /// Suspend execution of the calling thread until the delivery of one of the
    /// signals specified in the signal set sigset.
    /// The function accepts the signal and returns the signal number.
    #[function("sigwait(sigset, /)")]
    fn sigwait(cx: &mut Cx, sigset: Value) -> PyResult<i32> {
        let signals = signal_numbers(cx, sigset)?;
        Ok(wait_for(cx, &signals, None)?.map_or(0, |info| info.signal))
    }

    /// Wait synchronously until one of the signals in *sigset* is delivered.
    ///
    /// Returns a struct_siginfo containing information about the signal.
    #[function("sigwaitinfo(sigset, /)")]
    fn sigwaitinfo(cx: &mut Cx, sigset: Value) -> PyResult {
        let signals = signal_numbers(cx, sigset)?;
        match wait_for(cx, &signals, None)? {
            Some(info) => info_value(cx, info),
            None => Ok(Value::NONE),
        }
    }

    /// Like sigwaitinfo(), but with a timeout.
    ///
    /// The timeout is specified in seconds, rounded up to nanoseconds.
    #[function("sigtimedwait(sigset, timeout, /)")]
    fn sigtimedwait(cx: &mut Cx, sigset: Value, timeout: Value) -> PyResult {
        let nanos = nanoseconds(cx, timeout, Round::Ceiling)?;
        if nanos < 0 {
            return Err(value_error(cx, "timeout must be non-negative"));
        }
        let signals = signal_numbers(cx, sigset)?;
        let timeout = Duration::new((nanos / NANOS) as u64, (nanos % NANOS) as u32);
        match wait_for(cx, &signals, Some(timeout))? {
            Some(info) => info_value(cx, info),
            None => Ok(Value::NONE),
        }
    }

    /// Return a set of valid signal numbers on this platform.
    ///
    /// The signal numbers returned by this function can be safely passed to
    /// functions like `pthread_kill`.
    #[function("valid_signals()")]
    fn valid_signals(cx: &mut Cx) -> PyResult {
        signal_set(cx, &system::valid_signals())
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for &(name, number) in SIGNALS {
            set_module_attr(cx, module, name, Int::from_len(number as usize).value())?;
        }
        let (first, last) = system::realtime_signals();
        set_module_attr(cx, module, "SIGRTMIN", Int::from_len(first as usize).value())?;
        set_module_attr(cx, module, "SIGRTMAX", Int::from_len(last as usize).value())?;
        let info = structseq_class(cx, &SIGINFO)?;
        set_module_attr(cx, module, "struct_siginfo", info)?;
        let handlers = handlers(cx);
        if handlers.item_error.is_empty() {
            let error = make_timer_error(cx)?;
            handlers.item_error.push(error);
        }
        set_module_attr(cx, module, "ItimerError", handlers.item_error.get(0))?;
        install(cx, module, &handlers)
    }

    fn make_timer_error(cx: &mut Cx) -> PyResult {
        let (metaclass, base) = (cx.types().type_.value(), cx.types().OSError.value());
        let name = cx.heap.str("ItimerError");
        let bases = cx.heap.tuple(&[base]);
        let namespace = Dict::new(&mut cx.heap);
        let (key, module) = (cx.names().__module__, cx.heap.str("signal"));
        namespace.set_str(&mut cx.heap, key, module).or_raise(cx)?;
        call(cx, metaclass, &[name, bases.value(), namespace.value()])
    }

    /// Learn what signals do, and take over those that Python treats in a way of its own.
    fn install(cx: &mut Cx, module: Gc<Module>, handlers: &Handlers) -> PyResult<()> {
        if handlers.default_int_handler.replace(true) {
            return Ok(());
        }
        system::attach_signals(cx.vm().shared_heap());
        runtime::safepoint::install_signal_handler(cx, run_handlers);
        for signal in [SIGPIPE, SIGXFSZ] {
            or_os_error(cx, system::set_disposition(signal, Disposition::Ignore))?;
        }
        for signal in 1..N_SIGNALS {
            handlers.values.set(
                signal as usize,
                match system::disposition(signal) {
                    Ok(Disposition::Default) => SIG_DFL,
                    Ok(Disposition::Ignore) => sig_ign(),
                    _ => Value::NONE,
                },
            );
        }
        if handlers.values.get(SIGINT as usize).is(SIG_DFL) {
            let name = cx.heap.intern("default_int_handler");
            let handler = module.dict.expect().get_str(name).unwrap_or(Value::NONE);
            or_os_error(cx, system::set_disposition(SIGINT, Disposition::Noted))?;
            handlers.values.set(SIGINT as usize, handler);
        }
        Ok(())
    }
}
