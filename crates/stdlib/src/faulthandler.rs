//! `faulthandler`: where Python code was when a fatal signal arrived, a time has passed, or somebody asks.
//!
//! A report that a timer asks for is made by a thread that waits for its turn, so that it comes late when native code
//! does not give the turn away. `register` and stacks of native code are not there.

use crate::clock::{Round, nanoseconds};
use object::frame::FrameRef;
use object::system::{Waited, exit_now, ignore_faults, wait_on_word, wake_word};
use runtime::prelude::*;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Frames that are shown at most.
const MAX_FRAMES: usize = 100;
/// Characters of a name that are shown at most.
const MAX_NAME: usize = 500;
/// How long a thread that is to end the process waits for its turn to report before.
const GRACE: Duration = Duration::from_secs(2);

/// What the module remembers.
struct State {
    enabled: Cell<bool>,
    /// Cancels the timer that runs, when it becomes 1.
    timer: RefCell<Option<Arc<AtomicU32>>>,
}

fn state(cx: &Cx) -> std::rc::Rc<State> {
    cx.vm().extension(|| State { enabled: Cell::new(false), timer: RefCell::new(None) })
}

/// Text of a bounded length, built without allocating: reports are written in signal handlers.
struct Line {
    fd: i32,
    bytes: [u8; 256],
    len: usize,
}

impl Line {
    fn new(fd: i32) -> Line {
        Line { fd, bytes: [0; 256], len: 0 }
    }

    fn byte(&mut self, byte: u8) {
        if self.len == self.bytes.len() {
            self.flush();
        }
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
    }

    fn number(&mut self, number: u64, radix: u64, width: usize) {
        let (mut digits, mut n, mut rest) = ([b'0'; 20], 0, number);
        while rest > 0 || n < width.max(1) {
            digits[n] = b"0123456789abcdef"[(rest % radix) as usize];
            rest /= radix;
            n += 1;
        }
        digits[..n].iter().rev().for_each(|&digit| self.byte(digit));
    }

    /// A Python text in ASCII.
    fn python_text(&mut self, text: &Str) {
        for c in text.iter().take(MAX_NAME) {
            match c {
                0x20..=0x7e => self.byte(c as u8),
                0..=0xff => {
                    self.text("\\x");
                    self.number(u64::from(c), 16, 2);
                }
                0x100..=0xffff => {
                    self.text("\\u");
                    self.number(u64::from(c), 16, 4);
                }
                _ => {
                    self.text("\\U");
                    self.number(u64::from(c), 16, 8);
                }
            }
        }
        if text.len() > MAX_NAME {
            self.text("...");
        }
    }

    fn flush(&mut self) {
        let mut rest = &self.bytes[..self.len];
        while !rest.is_empty() {
            match nix::unistd::write(self.fd, rest) {
                Ok(n) if n > 0 => rest = &rest[n..],
                _ => break,
            }
        }
        self.len = 0;
    }
}

/// The frames from `frame` outwards.
fn write_frames(line: &mut Line, frame: Option<FrameRef>) {
    let (mut next, mut n) = (frame, 0);
    if next.is_none() {
        line.text("  <no Python frame>\n");
    }
    while let Some(frame) = next {
        next = frame.previous.get();
        if n == MAX_FRAMES {
            line.text("  ...\n");
            break;
        }
        n += 1;
        let code = frame.code();
        line.text("  File \"");
        if let Some(name) = code.filename.get().cast::<Str>() {
            line.python_text(&name);
        }
        line.text("\", line ");
        match runtime::exceptions::traceback::position_in(code, frame.unit_index()).line {
            Some(number) => line.number(u64::from(number), 10, 1),
            None => line.text("???"),
        }
        line.text(" in ");
        if let Some(name) = code.name.get().cast::<Str>() {
            line.python_text(&name);
        }
        line.text("\n");
    }
    line.flush();
}

/// The name of a thread of this process, in brackets.
fn thread_name(line: &mut Line, thread: u64, own: u64) {
    if thread == own
        && let Ok(name) = object::system::thread_name()
    {
        line.text(" [");
        name.iter().for_each(|&byte| line.byte(byte));
        line.text("]");
    }
}

/// All threads, the calling one last.
fn write_threads(cx: &Cx, fd: i32, current: bool) {
    let own = cx.thread_id.get();
    let mut threads = cx.vm().thread_frames();
    threads.reverse();
    threads.sort_by_key(|&(id, _)| id == own);
    let mut line = Line::new(fd);
    for (i, (id, frame)) in threads.into_iter().enumerate() {
        if i > 0 {
            line.text("\n");
        }
        line.text(if id == own && current { "Current thread 0x" } else { "Thread 0x" });
        line.number(id, 16, 16);
        thread_name(&mut line, id, own);
        line.text(" (most recent call first):\n");
        write_frames(&mut line, frame);
    }
}

/// What the handler of fatal signals calls.
fn write_current(cx: &Cx, fd: i32) {
    let mut line = Line::new(fd);
    line.text("Current thread 0x");
    line.number(cx.thread_id.get(), 16, 16);
    thread_name(&mut line, cx.thread_id.get(), cx.thread_id.get());
    line.text(" (most recent call first):\n");
    write_frames(&mut line, cx.frame());
}

/// The descriptor to write to.
fn descriptor(cx: &mut Cx, file: Value) -> PyResult<i32> {
    let file = if file.is_unbound() || file.is_none() {
        match runtime::import::sys_attr(cx, "stderr") {
            None => return Err(runtime_error(cx, "unable to get sys.stderr")),
            Some(stderr) if stderr.is_none() => return Err(runtime_error(cx, "sys.stderr is None")),
            Some(stderr) => stderr,
        }
    } else {
        file
    };
    if runtime::number::int::is_int(file) {
        if file.is_bool() {
            let category = cx.types().RuntimeWarning;
            runtime::warnings::warn(cx, category, "bool is used as a file descriptor", 1)?;
        }
        return match i32::try_from(runtime::number::as_i64(cx, file)?) {
            Ok(fd) if fd >= 0 => Ok(fd),
            _ => Err(value_error(cx, "file is not a valid file descriptor")),
        };
    }
    let name = cx.heap.intern("fileno");
    let number = call_method(cx, file, name, &[])?;
    let fd = if runtime::number::int::is_int(number) { runtime::number::as_i64(cx, number)? } else { -1 };
    let Ok(fd) = i32::try_from(fd).map_err(|_| ()).and_then(|fd| if fd < 0 { Err(()) } else { Ok(fd) }) else {
        return Err(runtime_error(cx, "file.fileno() is not a valid file descriptor"));
    };
    let flush = cx.names().flush;
    if let Err(raised) = call_method(cx, file, flush, &[]) {
        cx.take_raised(raised);
    }
    Ok(fd)
}

/// What a timer's thread is told.
#[derive(Clone)]
struct Timer {
    cancelled: Arc<AtomicU32>,
    after: Duration,
    repeat: bool,
    exit: bool,
    fd: i32,
    header: String,
}

/// A timer on its way to its thread.
#[derive(Trace)]
struct Parcel {
    #[trace(skip)]
    timer: Opaque<Timer>,
}

impl NativeData for Parcel {
    const NAME: &'static str = "faulthandler.timer";
}

#[native_class(name = "timer", module = "faulthandler", layout = Native<Parcel>, flags = DISALLOW_INSTANTIATION, doc = "")]
mod parcel {
    use super::*;
}

/// Wait for the time, or for being cancelled, which is the result.
fn is_cancelled(timer: &Timer) -> bool {
    let end = Instant::now() + timer.after;
    loop {
        if timer.cancelled.load(Ordering::Acquire) != 0 {
            return true;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        if wait_on_word(&timer.cancelled, 0, Some(left)) == Waited::TimedOut {
            return timer.cancelled.load(Ordering::Acquire) != 0;
        }
    }
}

fn timer_main(cx: &mut Cx, argument: Value) {
    let Some(parcel) = argument.cast::<Native<Parcel>>() else { return };
    let timer = parcel.timer.borrow().clone();
    loop {
        let over = cx.blocking(|| {
            if is_cancelled(&timer) {
                return true;
            }
            let mut line = Line::new(timer.fd);
            line.text(&timer.header);
            line.flush();
            if timer.exit {
                // Native code may keep the turn for ever; the process ends all the same.
                std::thread::spawn(|| {
                    std::thread::sleep(GRACE);
                    exit_now(1);
                });
            }
            false
        });
        if over {
            return;
        }
        let own = cx.thread_id.get();
        let mut line = Line::new(timer.fd);
        for (i, (id, frame)) in cx.vm().thread_frames().into_iter().rev().filter(|&(id, _)| id != own).enumerate() {
            line.text(if i > 0 { "\nThread 0x" } else { "Thread 0x" });
            line.number(id, 16, 16);
            line.text(" (most recent call first):\n");
            write_frames(&mut line, frame);
        }
        if timer.exit {
            exit_now(1);
        }
        if !timer.repeat {
            return;
        }
    }
}

fn cancel(cx: &Cx) {
    if let Some(cancelled) = state(cx).timer.borrow_mut().take() {
        cancelled.store(1, Ordering::Release);
        wake_word(&cancelled, 1);
    }
}

/// `Timeout (0:00:01.500000)!`.
fn header(after: Duration) -> String {
    let (seconds, micros) = (after.as_secs(), after.subsec_micros());
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    format!("Timeout ({hours}:{minutes:02}:{seconds:02}{fraction})!\n")
}

#[native_module(name = "faulthandler", doc = "faulthandler module.")]
pub mod module {
    use super::*;

    /// Enable the fault handler.
    #[function("enable(file=sys.stderr, all_threads=True)")]
    fn enable(cx: &mut Cx, file: Option<Value>, all_threads: bool) -> PyResult<()> {
        let _ = all_threads;
        let fd = descriptor(cx, file.unwrap_or(Value::UNBOUND))?;
        cx.report_faults(fd, write_current);
        state(cx).enabled.set(true);
        Ok(())
    }

    /// Disable the fault handler.
    #[function("disable()")]
    fn disable(cx: &mut Cx) -> bool {
        let was = state(cx).enabled.replace(false);
        if was {
            ignore_faults();
        }
        was
    }

    /// Check if the handler is enabled.
    #[function("is_enabled()")]
    fn is_enabled(cx: &mut Cx) -> bool {
        state(cx).enabled.get()
    }

    /// Dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function("dump_traceback(file=sys.stderr, all_threads=True)")]
    fn dump_traceback(cx: &mut Cx, file: Option<Value>, all_threads: bool) -> PyResult<()> {
        let fd = descriptor(cx, file.unwrap_or(Value::UNBOUND))?;
        if all_threads {
            write_threads(cx, fd, true);
        } else {
            let mut line = Line::new(fd);
            line.text("Stack (most recent call first):\n");
            write_frames(&mut line, cx.frame());
        }
        Ok(())
    }

    /// Dump the traceback of all threads in timeout seconds,
    /// or each timeout seconds if repeat is True. If exit is True, call _exit(1) which is not safe.
    #[function("dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False)")]
    fn dump_traceback_later(
        cx: &mut Cx,
        timeout: Value,
        repeat: bool,
        file: Option<Value>,
        exit: bool,
    ) -> PyResult<()> {
        let nanos = nanoseconds(cx, timeout, Round::Ceiling)?;
        if nanos <= 0 {
            return Err(value_error(cx, "timeout must be greater than 0"));
        }
        let fd = descriptor(cx, file.unwrap_or(Value::UNBOUND))?;
        cancel(cx);
        let after = Duration::from_nanos(nanos as u64);
        let cancelled = Arc::new(AtomicU32::new(0));
        let timer = Timer { cancelled: cancelled.clone(), after, repeat, exit, fd, header: header(after) };
        let class = class_of_spec(cx, &parcel::SPEC)?;
        let parcel = new_native(cx, class, Parcel { timer: Opaque::new(timer) });
        match cx.spawn(timer_main, parcel.value(), 256 * 1024) {
            Ok(_) => {
                *state(cx).timer.borrow_mut() = Some(cancelled);
                Ok(())
            }
            Err(_) => Err(runtime_error(cx, "unable to start watchdog thread")),
        }
    }

    /// Cancel the previous call to dump_traceback_later().
    #[function("cancel_dump_traceback_later()")]
    fn cancel_dump_traceback_later(cx: &mut Cx) {
        cancel(cx);
    }

    /// Raise a SIGSEGV signal.
    #[function("_sigsegv(release_gil=False, /)")]
    fn sigsegv(cx: &mut Cx, release_gil: bool) -> PyResult<()> {
        let _ = release_gil;
        raise(cx, 11)
    }

    /// Raise a SIGFPE signal.
    #[function("_sigfpe()")]
    fn sigfpe(cx: &mut Cx) -> PyResult<()> {
        raise(cx, 8)
    }

    /// Raise a SIGABRT signal.
    #[function("_sigabrt()")]
    fn sigabrt(cx: &mut Cx) -> PyResult<()> {
        raise(cx, 6)
    }

    fn raise(cx: &mut Cx, signal: i32) -> PyResult<()> {
        object::system::raise_signal(signal).map_err(|errno| os_error(cx, errno, None))
    }
}
