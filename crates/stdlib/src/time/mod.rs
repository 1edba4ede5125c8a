//! `time`: clocks, sleeping, and calendar time. Calendar arithmetic and `strftime` are the C library's, as in CPython.

mod calendar;

use crate::clock::{NANOS, Round, nanoseconds};
use crate::signal::check_signals;
use calendar::{STRUCT_TIME, from_calendar, import_zone};
use nix::sys::time::TimeSpec;
use nix::time::{ClockId, clock_getcpuclockid, clock_getres, clock_gettime};
use object::system;
use runtime::native::structseq::structseq_class;
use runtime::prelude::*;
use std::time::{Duration, Instant};

fn clock(id: i32) -> ClockId {
    ClockId::from_raw(id)
}

fn to_nanos(time: TimeSpec) -> i64 {
    time.tv_sec() * NANOS + time.tv_nsec()
}

fn read(cx: &mut Cx, id: i32) -> PyResult<i64> {
    match clock_gettime(clock(id)) {
        Ok(time) => Ok(to_nanos(time)),
        Err(errno) => Err(os_error(cx, errno as i32, None)),
    }
}

/// Seconds as a float: whole seconds and the rest apart, so that no digit is lost.
fn seconds(nanos: i64) -> f64 {
    if nanos % NANOS == 0 { (nanos / NANOS) as f64 } else { nanos as f64 / NANOS as f64 }
}

const REALTIME: i32 = nix::libc::CLOCK_REALTIME;
const MONOTONIC: i32 = nix::libc::CLOCK_MONOTONIC;
const PROCESS: i32 = nix::libc::CLOCK_PROCESS_CPUTIME_ID;
const THREAD: i32 = nix::libc::CLOCK_THREAD_CPUTIME_ID;

/// `(name, clock, name in the system, monotonic, adjustable)`.
static CLOCKS: &[(&str, i32, &str, bool, bool)] = &[
    ("time", REALTIME, "clock_gettime(CLOCK_REALTIME)", false, true),
    ("monotonic", MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true, false),
    ("perf_counter", MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true, false),
    ("process_time", PROCESS, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
    ("thread_time", THREAD, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
];

/// Sleep until `deadline`; signal handlers run meanwhile, and may end it with an exception.
fn sleep_until(cx: &mut Cx, deadline: Instant) -> PyResult<()> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return check_signals(cx);
        }
        let word = std::sync::atomic::AtomicU32::new(0);
        cx.blocking(|| system::wait_on_word(&word, 0, Some(left)));
        check_signals(cx)?;
    }
}

fn settime(cx: &mut Cx, id: i32, nanos: i64) -> PyResult<()> {
    let time = TimeSpec::from_duration(Duration::from_nanos(nanos.max(0) as u64));
    let result = if nanos < 0 { Err(nix::errno::Errno::EINVAL) } else { nix::time::clock_settime(clock(id), time) };
    result.map_err(|errno| os_error(cx, errno as i32, None))
}

#[native_module(
    name = "time",
    doc = "This module provides various functions to manipulate time values.\n\n\
           There are two standard representations of time.  One is the number\n\
           of seconds since the Epoch, in UTC (a.k.a. GMT).  It may be an integer\n\
           or a floating-point number (to represent fractions of seconds).\n\
           The epoch is the point where the time starts, the return value of time.gmtime(0).\n\
           It is January 1, 1970, 00:00:00 (UTC) on all platforms.\n\n\
           The other representation is a tuple of 9 integers giving local time.\n\
           The tuple items are:\n\
           \x20 year (including century, e.g. 1998)\n\
           \x20 month (1-12)\n\
           \x20 day (1-31)\n\
           \x20 hours (0-23)\n\
           \x20 minutes (0-59)\n\
           \x20 seconds (0-59)\n\
           \x20 weekday (0-6, Monday is 0)\n\
           \x20 Julian day (day in the year, 1-366)\n\
           \x20 DST (Daylight Savings Time) flag (-1, 0 or 1)\n\
           If the DST flag is 0, the time is given in the regular time zone;\n\
           if it is 1, the time is given in the DST time zone;\n\
           if it is -1, mktime() should guess based on the date and time.\n"
)]
pub mod module {
    use super::*;

    /// time() -> floating-point number
    ///
    /// Return the current time in seconds since the Epoch.
    /// Fractions of a second may be present if the system clock provides them.
    #[function("time()")]
    fn time(cx: &mut Cx) -> PyResult<f64> {
        read(cx, REALTIME).map(seconds)
    }

    /// time_ns() -> int
    ///
    /// Return the current time in nanoseconds since the Epoch.
    #[function("time_ns()")]
    fn time_ns(cx: &mut Cx) -> PyResult<i64> {
        read(cx, REALTIME)
    }

    /// monotonic() -> float
    ///
    /// Monotonic clock, cannot go backward.
    #[function("monotonic()")]
    fn monotonic(cx: &mut Cx) -> PyResult<f64> {
        read(cx, MONOTONIC).map(seconds)
    }

    /// monotonic_ns() -> int
    ///
    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[function("monotonic_ns()")]
    fn monotonic_ns(cx: &mut Cx) -> PyResult<i64> {
        read(cx, MONOTONIC)
    }

    /// perf_counter() -> float
    ///
    /// Performance counter for benchmarking.
    #[function("perf_counter()")]
    fn perf_counter(cx: &mut Cx) -> PyResult<f64> {
        read(cx, MONOTONIC).map(seconds)
    }

    /// perf_counter_ns() -> int
    ///
    /// Performance counter for benchmarking as nanoseconds.
    #[function("perf_counter_ns()")]
    fn perf_counter_ns(cx: &mut Cx) -> PyResult<i64> {
        read(cx, MONOTONIC)
    }

    /// process_time() -> float
    ///
    /// Process time for profiling: sum of the kernel and user-space CPU time.
    #[function("process_time()")]
    fn process_time(cx: &mut Cx) -> PyResult<f64> {
        read(cx, PROCESS).map(seconds)
    }

    /// process_time() -> int
    ///
    /// Process time for profiling as nanoseconds:
    /// sum of the kernel and user-space CPU time.
    #[function("process_time_ns()")]
    fn process_time_ns(cx: &mut Cx) -> PyResult<i64> {
        read(cx, PROCESS)
    }

    /// thread_time() -> float
    ///
    /// Thread time for profiling: sum of the kernel and user-space CPU time.
    #[function("thread_time()")]
    fn thread_time(cx: &mut Cx) -> PyResult<f64> {
        read(cx, THREAD).map(seconds)
    }

    /// thread_time() -> int
    ///
    /// Thread time for profiling as nanoseconds:
    /// sum of the kernel and user-space CPU time.
    #[function("thread_time_ns()")]
    fn thread_time_ns(cx: &mut Cx) -> PyResult<i64> {
        read(cx, THREAD)
    }

    /// Return the time of the specified clock clk_id as a float.
    #[function("clock_gettime(clk_id, /)")]
    fn clock_gettime_seconds(cx: &mut Cx, clk_id: i32) -> PyResult<f64> {
        read(cx, clk_id).map(seconds)
    }

    /// Return the time of the specified clock clk_id as nanoseconds (int).
    #[function("clock_gettime_ns(clk_id, /)")]
    fn clock_gettime_ns(cx: &mut Cx, clk_id: i32) -> PyResult<i64> {
        read(cx, clk_id)
    }

    /// clock_getres(clk_id) -> floating-point number
    ///
    /// Return the resolution (precision) of the specified clock clk_id.
    #[function("clock_getres(clk_id, /)", text_signature = false)]
    fn clock_resolution(cx: &mut Cx, clk_id: i32) -> PyResult<f64> {
        match clock_getres(clock(clk_id)) {
            Ok(time) => Ok(seconds(to_nanos(time))),
            Err(errno) => Err(os_error(cx, errno as i32, None)),
        }
    }

    /// clock_settime(clk_id, time)
    ///
    /// Set the time of the specified clock clk_id.
    #[function("clock_settime(clk_id, time, /)", text_signature = false)]
    fn clock_settime(cx: &mut Cx, clk_id: i32, time: Value) -> PyResult<()> {
        let nanos = nanoseconds(cx, time, Round::Floor)?;
        settime(cx, clk_id, nanos)
    }

    /// clock_settime_ns(clk_id, time)
    ///
    /// Set the time of the specified clock clk_id with nanoseconds.
    #[function("clock_settime_ns(clk_id, time, /)", text_signature = false)]
    fn clock_settime_ns(cx: &mut Cx, clk_id: i32, time: Value) -> PyResult<()> {
        if !runtime::number::int::is_int(time) {
            let name = type_name(cx, time);
            return Err(type_error(cx, format_args!("expect int, got {name}")));
        }
        let nanos = runtime::number::as_i64(cx, time)?;
        settime(cx, clk_id, nanos)
    }

    /// pthread_getcpuclockid(thread_id) -> int
    ///
    /// Return the clk_id of a thread's CPU time clock.
    #[function("pthread_getcpuclockid(thread_id, /)", text_signature = false)]
    fn pthread_getcpuclockid(cx: &mut Cx, thread_id: u64) -> PyResult<i32> {
        if thread_id == cx.thread_id.get() {
            // How Linux numbers the clock of a thread: its inverted id, and bits for "thread" and "scheduler's time".
            return Ok(!nix::unistd::gettid().as_raw() << 3 | 6);
        }
        let process = crate::thread::is_running(cx, thread_id)
            .then(|| clock_getcpuclockid(nix::unistd::Pid::this()).ok())
            .flatten();
        match process {
            Some(id) => Ok(id.as_raw()),
            None => Err(os_error(cx, nix::libc::ESRCH, None)),
        }
    }

    /// get_clock_info(name: str) -> dict
    ///
    /// Get information of the specified clock.
    #[function("get_clock_info(name, /)", text_signature = false)]
    fn get_clock_info(cx: &mut Cx, name: Gc<Str>) -> PyResult {
        let found = CLOCKS.iter().find(|(clock, ..)| name.eq_str(clock));
        let Some(&(_, id, implementation, monotonic, adjustable)) = found else {
            return Err(value_error(cx, "unknown clock"));
        };
        let resolution = clock_resolution(cx, id)?;
        let fields = [
            ("implementation", cx.heap.str(implementation)),
            ("monotonic", Value::bool(monotonic)),
            ("adjustable", Value::bool(adjustable)),
            ("resolution", cx.heap.float(resolution)),
        ];
        crate::support::namespace(cx, &fields)
    }

    /// sleep(seconds)
    ///
    /// Delay execution for a given number of seconds.  The argument may be
    /// a floating-point number for subsecond precision.
    #[function("sleep(object, /)")]
    fn sleep(cx: &mut Cx, object: Value) -> PyResult<()> {
        let nanos = nanoseconds(cx, object, Round::Up)?;
        if nanos < 0 {
            return Err(value_error(cx, "sleep length must be non-negative"));
        }
        if nanos == 0 {
            cx.yield_turn();
            cx.blocking(std::thread::yield_now);
            return check_signals(cx);
        }
        let now = Instant::now();
        match now.checked_add(Duration::from_nanos(nanos as u64)) {
            Some(deadline) => sleep_until(cx, deadline),
            None => Err(overflow_error(cx, "timestamp too large to convert to C PyTime_t")),
        }
    }

    /// gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,
    ///                        tm_sec, tm_wday, tm_yday, tm_isdst)
    ///
    /// Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.
    /// GMT).  When 'seconds' is not passed in, convert the current time instead.
    ///
    /// If the platform supports the tm_gmtoff and tm_zone, they are available as
    /// attributes only.
    #[function("gmtime(seconds=None, /)", text_signature = false)]
    fn gmtime(cx: &mut Cx, seconds: Value) -> PyResult {
        let time = calendar::from_argument(cx, seconds, system::utc_time)?;
        from_calendar(cx, &time)
    }

    /// localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,
    ///                           tm_sec,tm_wday,tm_yday,tm_isdst)
    ///
    /// Convert seconds since the Epoch to a time tuple expressing local time.
    /// When 'seconds' is not passed in, convert the current time instead.
    #[function("localtime(seconds=None, /)", text_signature = false)]
    fn localtime(cx: &mut Cx, seconds: Value) -> PyResult {
        let time = calendar::from_argument(cx, seconds, system::local_time)?;
        from_calendar(cx, &time)
    }

    /// asctime([time_tuple]) -> string
    ///
    /// Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
    /// When the time tuple is not present, current time as returned by localtime()
    /// is used.
    #[function("asctime(time_tuple=<unrepresentable>, /)", text_signature = false)]
    fn asctime(cx: &mut Cx, time_tuple: Option<Value>) -> PyResult<String> {
        let time = calendar::from_tuple_or_now(cx, time_tuple, "asctime")?;
        Ok(calendar::asctime(&time))
    }

    /// ctime([seconds]) -> string
    ///
    /// Convert a time in seconds since the Epoch to a string in local time.
    /// This is equivalent to asctime(localtime(seconds)). When 'seconds' is not
    /// passed in, convert the current time instead.
    #[function("ctime(seconds=None, /)", text_signature = false)]
    fn ctime(cx: &mut Cx, seconds: Value) -> PyResult<String> {
        let time = calendar::from_argument(cx, seconds, system::local_time)?;
        Ok(calendar::asctime(&time))
    }

    /// mktime(time_tuple) -> floating-point number
    ///
    /// Convert a time tuple in local time to seconds since the Epoch.
    /// Note that mktime(gmtime(0)) will not generally return zero for most
    /// time zones; instead the returned value will either be equal to that
    /// of the timezone or altzone attributes on the time module.
    #[function("mktime(object, /)")]
    fn mktime(cx: &mut Cx, object: Value) -> PyResult<f64> {
        let time = calendar::from_tuple(cx, object, "mktime")?;
        match system::make_time(&time) {
            Some(seconds) => Ok(seconds as f64),
            None => Err(overflow_error(cx, "mktime argument out of range")),
        }
    }

    /// strftime(format[, time_tuple]) -> string
    ///
    /// Convert a time tuple to a string according to a format specification.
    /// See the library reference manual for formatting codes. When the time tuple
    /// is not present, current time as returned by localtime() is used.
    ///
    /// Commonly used format codes:
    ///
    /// %Y  Year with century as a decimal number.
    /// %m  Month as a decimal number [01,12].
    /// %d  Day of the month as a decimal number [01,31].
    /// %H  Hour (24-hour clock) as a decimal number [00,23].
    /// %M  Minute as a decimal number [00,59].
    /// %S  Second as a decimal number [00,61].
    /// %z  Time zone offset from UTC.
    /// %a  Locale's abbreviated weekday name.
    /// %A  Locale's full weekday name.
    /// %b  Locale's abbreviated month name.
    /// %B  Locale's full month name.
    /// %c  Locale's appropriate date and time representation.
    /// %I  Hour (12-hour clock) as a decimal number [01,12].
    /// %p  Locale's equivalent of either AM or PM.
    ///
    /// Other codes may be available on your platform.  See documentation for
    /// the C library strftime function.
    #[function("strftime(format, time_tuple=<unrepresentable>, /)", text_signature = false)]
    fn strftime(cx: &mut Cx, format: Gc<Str>, time_tuple: Option<Value>) -> PyResult<Gc<Str>> {
        let time = calendar::from_tuple_or_now(cx, time_tuple, "strftime")?;
        calendar::strftime(cx, format, &time)
    }

    /// strptime(string[, format]) -> struct_time
    ///
    /// Parse a string to a time tuple according to a format specification.
    /// See the library reference manual for formatting codes (same as
    /// strftime()).
    ///
    /// Commonly used format codes:
    ///
    /// %Y  Year with century as a decimal number.
    /// %m  Month as a decimal number [01,12].
    /// %d  Day of the month as a decimal number [01,31].
    /// %H  Hour (24-hour clock) as a decimal number [00,23].
    /// %M  Minute as a decimal number [00,59].
    /// %S  Second as a decimal number [00,61].
    /// %z  Time zone offset from UTC.
    /// %a  Locale's abbreviated weekday name.
    /// %A  Locale's full weekday name.
    /// %b  Locale's abbreviated month name.
    /// %B  Locale's full month name.
    /// %c  Locale's appropriate date and time representation.
    /// %I  Hour (12-hour clock) as a decimal number [01,12].
    /// %p  Locale's equivalent of either AM or PM.
    ///
    /// Other codes may be available on your platform.  See documentation for
    /// the C library strftime function.
    #[function(raw, "strptime(string, format, /)", text_signature = false)]
    fn strptime(cx: &mut Cx, args: Args<'_>) -> PyResult {
        let parse = runtime::import::import_attr(cx, "_strptime", "_strptime_time")?;
        call_args(cx, parse, args)
    }

    /// tzset()
    ///
    /// Initialize, or reinitialize, the local timezone to the value stored in
    /// os.environ['TZ']. The TZ environment variable should be specified in
    /// standard Unix timezone format as documented in the tzset man page
    /// (eg. 'US/Eastern', 'Europe/Amsterdam'). Unknown timezones will silently
    /// fall back to UTC. If the TZ environment variable is not set, the local
    /// timezone is set to the systems best guess of wallclock time.
    /// Changing the TZ environment variable without calling tzset *may* change
    /// the local timezone used by methods such as localtime, but this behaviour
    /// should not be relied on.
    #[function("tzset()")]
    fn tzset(cx: &mut Cx) -> PyResult<()> {
        system::load_timezone();
        let name = cx.heap.intern("time");
        match runtime::import::get_module(cx, name)?.and_then(Value::cast::<Module>) {
            Some(module) => import_zone(cx, module),
            None => Ok(()),
        }
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let class = structseq_class(cx, &STRUCT_TIME)?;
        set_module_attr(cx, module, "struct_time", class)?;
        set_module_attr(cx, module, "_STRUCT_TM_ITEMS", Int::from_len(11).value())?;
        for (name, id) in [
            ("CLOCK_REALTIME", REALTIME),
            ("CLOCK_MONOTONIC", MONOTONIC),
            ("CLOCK_MONOTONIC_RAW", nix::libc::CLOCK_MONOTONIC_RAW),
            ("CLOCK_BOOTTIME", nix::libc::CLOCK_BOOTTIME),
            ("CLOCK_TAI", nix::libc::CLOCK_TAI),
            ("CLOCK_PROCESS_CPUTIME_ID", PROCESS),
            ("CLOCK_THREAD_CPUTIME_ID", THREAD),
        ] {
            set_module_attr(cx, module, name, Int::from_len(id as usize).value())?;
        }
        system::load_timezone();
        import_zone(cx, module)
    }
}
