//! `select`: `select`, `poll` and `epoll`.

use crate::system::{self, Deadline};
use macros::{Trace, native_class};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags};
use nix::sys::epoll::{EpollCreateFlags, EpollEvent, EpollFlags, EpollOp, epoll_create1, epoll_ctl, epoll_wait};
use nix::sys::select::FdSet;
use nix::sys::time::{TimeVal, TimeValLike};
use runtime::native::{add_class, class_of_spec, new_native, set_module_attr};
use runtime::prelude::*;
use std::cell::Cell;
use std::time::Duration;

/// Descriptors that `select` can handle.
const FD_SETSIZE: i32 = 1024;

/// A timeout in seconds (`scale` = 1) or milliseconds (1000); None or nothing = for ever.
fn timeout_argument(cx: &mut Cx, value: Value, scale: f64, expected: &str) -> PyResult<Option<Option<Duration>>> {
    if value.is_unbound() || value.is_none() {
        return Ok(Some(None));
    }
    let is_number = cx.class_of(value).slots.float.get().is_some() || cx.class_of(value).slots.index.get().is_some();
    if !is_number {
        return Err(type_error(cx, expected));
    }
    let number = runtime::number::as_f64(cx, value)?;
    if number.is_nan() {
        return Err(value_error(cx, "Invalid value NaN (not a number)"));
    }
    if number < 0.0 {
        return Ok(None);
    }
    match Duration::try_from_secs_f64(number / scale) {
        Ok(timeout) if timeout.as_secs() <= i64::MAX as u64 / 1_000_000_000 => Ok(Some(Some(timeout))),
        _ => Err(overflow_error(cx, "timeout is too large")),
    }
}

/// The objects of a sequence with their descriptors.
fn descriptors(cx: &mut Cx, sequence: Value) -> PyResult<(RootVec, Vec<i32>)> {
    let (objects, mut fds) = (cx.vm().root_vec(), Vec::new());
    if !runtime::iterate::is_iterable(cx, sequence) {
        return Err(type_error(cx, "arguments 1-3 must be sequences"));
    }
    let items = to_list(cx, sequence)?;
    let mut i = 0;
    while let Some(object) = items.get(i) {
        let fd = system::descriptor(cx, object)?;
        if fd >= FD_SETSIZE {
            return Err(value_error(cx, "filedescriptor out of range in select()"));
        }
        objects.push(object);
        fds.push(fd);
        i += 1;
    }
    Ok((objects, fds))
}

fn fd_set(fds: &[i32]) -> FdSet {
    let mut set = FdSet::new();
    fds.iter().for_each(|&fd| set.insert(fd));
    set
}

/// The objects whose descriptors are in `set`.
fn ready(cx: &mut Cx, objects: &RootVec, fds: &[i32], set: &FdSet) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    for (i, &fd) in fds.iter().enumerate() {
        if set.contains(fd) {
            list.push(&mut cx.heap, objects.get(i)).or_raise(cx)?;
        }
    }
    Ok(list)
}

#[macros::native_module(
    name = "select",
    doc = "This module supports asynchronous I/O on multiple file descriptors.\n\n*** IMPORTANT NOTICE ***\nOn Windows, only sockets are supported; on Unix, all file descriptors."
)]
pub mod module {
    use super::*;

    /// Wait until one or more file descriptors are ready for some kind of I/O.
    ///
    /// The first three arguments are iterables of file descriptors to be waited for:
    /// rlist -- wait until ready for reading
    /// wlist -- wait until ready for writing
    /// xlist -- wait for an "exceptional condition"
    /// If only one kind of condition is required, pass [] for the other lists.
    ///
    /// A file descriptor is either a socket or file object, or a small integer
    /// gotten from a fileno() method call on one of those.
    ///
    /// The optional 4th argument specifies a timeout in seconds; it may be
    /// a floating-point number to specify fractions of seconds.  If it is absent
    /// or None, the call will never time out.
    ///
    /// The return value is a tuple of three lists corresponding to the first three
    /// arguments; each contains the subset of the corresponding file descriptors
    /// that are ready.
    ///
    /// *** IMPORTANT NOTICE ***
    /// On Windows, only sockets are supported; on Unix, all file
    /// descriptors can be used.
    #[function("select(rlist, wlist, xlist, timeout=None, /)")]
    fn select(cx: &mut Cx, rlist: Value, wlist: Value, xlist: Value, timeout: Value) -> PyResult {
        let timeout = match timeout_argument(cx, timeout, 1.0, "timeout must be a float or None")? {
            Some(timeout) => timeout,
            None => return Err(value_error(cx, "timeout must be non-negative")),
        };
        let (readers, read_fds) = descriptors(cx, rlist)?;
        let (writers, write_fds) = descriptors(cx, wlist)?;
        let (others, other_fds) = descriptors(cx, xlist)?;
        let deadline = Deadline::after(timeout);
        let sets = loop {
            let mut sets = (fd_set(&read_fds), fd_set(&write_fds), fd_set(&other_fds));
            let mut limit = deadline.left().map(|d| TimeVal::microseconds(d.as_nanos().div_ceil(1000) as i64));
            let (r, w, x) = (&mut sets.0, &mut sets.1, &mut sets.2);
            let result = cx.blocking(|| nix::sys::select::select(None, &mut *r, &mut *w, &mut *x, limit.as_mut()));
            match result {
                Ok(_) => break sets,
                Err(Errno::EINTR) => runtime::safepoint::handle(cx)?,
                Err(errno) => return Err(system::errno_error(cx, errno)),
            }
        };
        let read = ready(cx, &readers, &read_fds, &sets.0)?;
        let written = ready(cx, &writers, &write_fds, &sets.1)?;
        let other = ready(cx, &others, &other_fds, &sets.2)?;
        Ok(cx.heap.tuple(&[read.value(), written.value(), other.value()]).value())
    }

    /// Returns a polling object.
    ///
    /// This object supports registering and unregistering file descriptors, and then
    /// polling them for I/O events.
    #[function("poll()")]
    fn poll(cx: &mut Cx) -> PyResult {
        let class = class_of_spec(cx, &poll_class::SPEC)?;
        Ok(new_native(cx, class, Poll { fds: Opaque::new(Vec::new()), polling: Cell::new(false) }).value())
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, number) in [
            ("PIPE_BUF", 4096),
            ("POLLIN", 1),
            ("POLLPRI", 2),
            ("POLLOUT", 4),
            ("POLLERR", 8),
            ("POLLHUP", 16),
            ("POLLNVAL", 32),
            ("POLLRDNORM", 64),
            ("POLLRDBAND", 128),
            ("POLLWRNORM", 256),
            ("POLLWRBAND", 512),
            ("EPOLLIN", 1),
            ("EPOLLPRI", 2),
            ("EPOLLOUT", 4),
            ("EPOLLERR", 8),
            ("EPOLLHUP", 16),
            ("EPOLLRDNORM", 64),
            ("EPOLLRDBAND", 128),
            ("EPOLLWRNORM", 256),
            ("EPOLLWRBAND", 512),
            ("EPOLLMSG", 1024),
            ("EPOLLRDHUP", 8192),
            ("EPOLL_CLOEXEC", 0x80000),
            ("EPOLLEXCLUSIVE", 1 << 28),
            ("EPOLLWAKEUP", 1 << 29),
            ("EPOLLONESHOT", 1 << 30),
            ("EPOLLET", 1 << 31),
        ] {
            set_module_attr(cx, module, name, Int::from_len(number).value())?;
        }
        let error = cx.types().OSError;
        set_module_attr(cx, module, "error", error)?;
        add_class(cx, module, &epoll_class::SPEC)?;
        Ok(())
    }
}

/// Descriptors with the events asked for, in order of registration.
#[derive(Trace)]
pub struct Poll {
    #[trace(skip)]
    fds: Opaque<Vec<(i32, u16)>>,
    polling: Cell<bool>,
}

impl NativeData for Poll {
    const NAME: &'static str = "select.poll";
}

fn event_mask(cx: &mut Cx, mask: Value, default: u16) -> PyResult<u16> {
    let Some(mask) = mask.bound() else { return Ok(default) };
    let mask = runtime::number::as_i64(cx, mask)?;
    match u16::try_from(mask) {
        Ok(mask) => Ok(mask),
        Err(_) if mask < 0 => Err(value_error(cx, "value must be positive")),
        Err(_) => Err(overflow_error(cx, "Python int too large for C unsigned short")),
    }
}

#[native_class(name = "poll", module = "select", layout = Native<Poll>, flags = DISALLOW_INSTANTIATION)]
pub mod poll_class {
    use super::*;

    type This = Gc<Native<Poll>>;

    /// Register a file descriptor with the polling object.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning an int
    ///   eventmask
    ///     an optional bitmask describing the type of events to check for
    #[method("register($self, fd, eventmask=<unrepresentable>, /)")]
    fn register(cx: &mut Cx, this: This, fd: Value, eventmask: Value) -> PyResult<()> {
        let fd = system::descriptor(cx, fd)?;
        let mask = event_mask(cx, eventmask, 7)?;
        let mut fds = this.fds.borrow_mut();
        match fds.iter_mut().find(|(f, _)| *f == fd) {
            Some(entry) => entry.1 = mask,
            None => fds.push((fd, mask)),
        }
        Ok(())
    }

    /// Modify an already registered file descriptor.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning an int
    ///   eventmask
    ///     a bitmask describing the type of events to check for
    #[method("modify($self, fd, eventmask, /)")]
    fn modify(cx: &mut Cx, this: This, fd: Value, eventmask: Value) -> PyResult<()> {
        let fd = system::descriptor(cx, fd)?;
        let mask = event_mask(cx, eventmask, 0)?;
        match this.fds.borrow_mut().iter_mut().find(|(f, _)| *f == fd) {
            Some(entry) => entry.1 = mask,
            None => return Err(system::errno_error(cx, Errno::ENOENT)),
        }
        Ok(())
    }

    /// Remove a file descriptor being tracked by the polling object.
    #[method("unregister($self, fd, /)")]
    fn unregister(cx: &mut Cx, this: This, fd: Value) -> PyResult<()> {
        let fd = system::descriptor(cx, fd)?;
        let mut fds = this.fds.borrow_mut();
        match fds.iter().position(|(f, _)| *f == fd) {
            Some(i) => {
                fds.remove(i);
                Ok(())
            }
            None => Err(key_error(cx, Int::from_len(fd as usize).value())),
        }
    }

    /// Polls the set of registered file descriptors.
    ///
    ///   timeout
    ///     The maximum time to wait in milliseconds, or else None (or a negative
    ///     value) to wait indefinitely.
    ///
    /// Returns a list containing any descriptors that have events or errors to
    /// report, as a list of (fd, event) 2-tuples.
    #[method("poll($self, timeout=None, /)")]
    fn poll(cx: &mut Cx, this: This, timeout: Value) -> PyResult<Gc<List>> {
        let timeout = timeout_argument(cx, timeout, 1000.0, "timeout must be an integer or None")?.flatten();
        if this.polling.get() {
            return Err(runtime_error(cx, "concurrent poll() invocation"));
        }
        let registered = this.fds.borrow().clone();
        let mut fds: Vec<PollFd> =
            registered.iter().map(|&(fd, mask)| PollFd::new(fd, PollFlags::from_bits_truncate(mask as i16))).collect();
        let deadline = Deadline::after(timeout);
        this.polling.set(true);
        let result = system::waiting(cx, || nix::poll::poll(&mut fds, deadline.milliseconds()));
        this.polling.set(false);
        result?;
        let list = List::empty(&mut cx.heap);
        for (&(fd, _), polled) in registered.iter().zip(&fds) {
            let events = polled.revents().map_or(0, |e| e.bits() as u16 as usize);
            if events != 0 {
                let pair = cx.heap.tuple(&[Int::from_len(fd as usize).value(), Int::from_len(events).value()]);
                list.push(&mut cx.heap, pair.value()).or_raise(cx)?;
            }
        }
        Ok(list)
    }
}

/// An epoll descriptor; -1 once closed.
#[derive(Trace)]
pub struct Epoll {
    fd: Cell<i32>,
}

impl NativeData for Epoll {
    const NAME: &'static str = "select.epoll";
}

fn open_epoll(cx: &mut Cx, this: &Epoll) -> PyResult<i32> {
    match this.fd.get() {
        fd if fd >= 0 => Ok(fd),
        _ => Err(value_error(cx, "I/O operation on closed epoll object")),
    }
}

fn close_epoll(cx: &mut Cx, this: &Epoll) -> PyResult<()> {
    let fd = this.fd.replace(-1);
    if fd >= 0 {
        let result = cx.blocking(|| nix::unistd::close(fd));
        system::checked(cx, result)?;
    }
    Ok(())
}

fn control(cx: &mut Cx, this: &Epoll, op: EpollOp, fd: Value, mask: Option<u32>) -> PyResult<()> {
    let epoll = open_epoll(cx, this)?;
    let fd = system::descriptor(cx, fd)?;
    let flags = EpollFlags::from_bits_truncate(mask.unwrap_or(0) as i32);
    let mut event = EpollEvent::new(flags, fd as u64);
    let event = mask.map(|_| &mut event);
    let result = cx.blocking(|| epoll_ctl(epoll, op, fd, event));
    system::checked(cx, result)
}

/// select.epoll(sizehint=-1, flags=0)
///
/// Returns an epolling object
///
///   sizehint
///     The expected number of events to be registered.  It must be positive,
///     or -1 to use the default.  It is only used on older systems where
///     epoll_create1() is not available; otherwise it has no effect (though its
///     value is still checked).
///   flags
///     Deprecated and completely ignored.  However, when supplied, its value
///     must be 0 or select.EPOLL_CLOEXEC, otherwise OSError is raised.
#[native_class(name = "epoll", module = "select", layout = Native<Epoll>, flags = 0)]
pub mod epoll_class {
    use super::*;

    type This = Gc<Native<Epoll>>;

    #[slot(new, "epoll(sizehint=-1, flags=0)")]
    fn new(cx: &mut Cx, class: Gc<Class>, sizehint: i32, flags: i32) -> PyResult {
        if sizehint < -1 || sizehint == 0 {
            return Err(value_error(cx, "sizehint must be positive or -1"));
        }
        if flags & !0x80000 != 0 {
            return Err(system::errno_error(cx, Errno::EINVAL));
        }
        let fd = system::checked(cx, epoll_create1(EpollCreateFlags::EPOLL_CLOEXEC))?;
        Ok(new_native(cx, class, Epoll { fd: Cell::new(fd) }).value())
    }

    /// Create an epoll object from a given control fd.
    #[classmethod("fromfd($type, fd, /)")]
    fn fromfd(cx: &mut Cx, class: Gc<Class>, fd: i32) -> PyResult {
        Ok(new_native(cx, class, Epoll { fd: Cell::new(fd) }).value())
    }

    /// Close the epoll control file descriptor.
    ///
    /// Further operations on the epoll object will raise an exception.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: This) -> PyResult<()> {
        close_epoll(cx, &this)
    }

    /// Return the epoll control file descriptor.
    #[method("fileno($self, /)")]
    fn fileno(cx: &mut Cx, this: This) -> PyResult<i32> {
        open_epoll(cx, &this)
    }

    #[getter(doc = "True if the epoll handler is closed")]
    fn closed(this: This) -> bool {
        this.fd.get() < 0
    }

    /// Modify event mask for a registered file descriptor.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    ///   eventmask
    ///     a bit set composed of the various EPOLL constants
    #[method("modify($self, /, fd, eventmask)")]
    fn modify(cx: &mut Cx, this: This, fd: Value, eventmask: u32) -> PyResult<()> {
        control(cx, &this, EpollOp::EpollCtlMod, fd, Some(eventmask))
    }

    /// Registers a new fd or raises an OSError if the fd is already registered.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    ///   eventmask
    ///     a bit set composed of the various EPOLL constants
    ///
    /// The epoll interface supports all file descriptors that support poll.
    #[method("register($self, /, fd, eventmask=7)")]
    fn register(cx: &mut Cx, this: This, fd: Value, eventmask: u32) -> PyResult<()> {
        control(cx, &this, EpollOp::EpollCtlAdd, fd, Some(eventmask))
    }

    /// Remove a registered file descriptor from the epoll object.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    #[method("unregister($self, /, fd)")]
    fn unregister(cx: &mut Cx, this: This, fd: Value) -> PyResult<()> {
        control(cx, &this, EpollOp::EpollCtlDel, fd, None)
    }

    /// Wait for events on the epoll file descriptor.
    ///
    ///   timeout
    ///     the maximum time to wait in seconds (as float);
    ///     a timeout of None or -1 makes poll wait indefinitely
    ///   maxevents
    ///     the maximum number of events returned; -1 means no limit
    ///
    /// Returns a list containing any descriptors that have events to report,
    /// as a list of (fd, events) 2-tuples.
    #[method("poll($self, /, timeout=None, maxevents=-1)")]
    fn poll(cx: &mut Cx, this: This, timeout: Value, maxevents: i32) -> PyResult<Gc<List>> {
        let epoll = open_epoll(cx, &this)?;
        let timeout = timeout_argument(cx, timeout, 1.0, "timeout must be a number or None")?.flatten();
        let n = match maxevents {
            -1 => FD_SETSIZE as usize - 1,
            n if n > 0 => n as usize,
            n => {
                let message = format!("maxevents must be greater than 0, got {n}");
                return Err(value_error(cx, message));
            }
        };
        let mut events = vec![EpollEvent::empty(); n];
        let deadline = Deadline::after(timeout);
        let n = system::waiting(cx, || epoll_wait(epoll, &mut events, deadline.milliseconds() as isize))?;
        let list = List::empty(&mut cx.heap);
        for event in &events[..n] {
            let fd = Int::from_len(event.data() as usize).value();
            let mask = Int::from_len(event.events().bits() as u32 as usize).value();
            let pair = cx.heap.tuple(&[fd, mask]).value();
            list.push(&mut cx.heap, pair).or_raise(cx)?;
        }
        Ok(list)
    }

    #[method("__enter__($self, /)")]
    fn enter(cx: &mut Cx, this: This) -> PyResult {
        open_epoll(cx, &this)?;
        Ok(this.value())
    }

    #[method("__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)")]
    fn exit(cx: &mut Cx, this: This, exc_type: Value, exc_value: Value, exc_tb: Value) -> PyResult<()> {
        let _ = (exc_type, exc_value, exc_tb);
        close_epoll(cx, &this)
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: This) -> PyResult<()> {
        close_epoll(cx, &this)
    }
}
