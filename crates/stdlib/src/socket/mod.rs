//! `_socket`: sockets of the families INET, INET6 and UNIX, and the resolver.
//!
//! A socket with a timeout is non-blocking for the system; [`wait`] waits for it. Ancillary data and exotic families are not
//! offered.

mod address;
mod constants;
mod names;
mod options;

use crate::system::{self, Deadline};
use address::{AF_INET, AF_INET6};
use macros::{Trace, native_class};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags};
use nix::sys::socket as sys;
use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, SockaddrStorage};
use runtime::native::{class_of_spec, new_native, set_module_attr};
use runtime::prelude::*;
use std::cell::Cell;
use std::time::Duration;

const SOCK_NONBLOCK: i32 = 0o4000;
const SOCK_CLOEXEC: i32 = 0o2000000;

/// A socket; `fd` is -1 when there is none.
#[derive(Trace)]
pub struct Socket {
    fd: Cell<i32>,
    family: Cell<i32>,
    kind: Cell<i32>,
    proto: Cell<i32>,
    /// Seconds; negative = block for ever.
    timeout: Cell<f64>,
}

impl NativeData for Socket {
    const NAME: &'static str = "_socket.socket";
}

type This = Gc<Native<Socket>>;

/// State of the module: the timeout of new sockets.
struct Defaults {
    timeout: Cell<f64>,
}

impl Default for Defaults {
    fn default() -> Defaults {
        Defaults { timeout: Cell::new(-1.0) }
    }
}

fn default_timeout(cx: &Cx) -> f64 {
    cx.vm().extension(Defaults::default).timeout.get()
}

fn seconds(timeout: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(timeout).ok()
}

/// A timeout argument: None is -1.
fn timeout_argument(cx: &mut Cx, value: Value) -> PyResult<f64> {
    if value.is_none() {
        return Ok(-1.0);
    }
    let timeout = runtime::number::as_f64(cx, value)?;
    if timeout.is_nan() {
        return Err(value_error(cx, "Invalid value NaN (not a number)"));
    }
    if timeout < 0.0 {
        return Err(value_error(cx, "Timeout value out of range"));
    }
    if seconds(timeout).is_none() {
        return Err(overflow_error(cx, "timestamp too large to convert to C PyTime_t"));
    }
    Ok(timeout)
}

fn set_nonblocking(cx: &mut Cx, fd: i32, nonblocking: bool) -> PyResult<()> {
    let flags = system::checked(cx, fcntl(fd, FcntlArg::F_GETFL))?;
    let mut flags = OFlag::from_bits_truncate(flags);
    flags.set(OFlag::O_NONBLOCK, nonblocking);
    system::checked(cx, fcntl(fd, FcntlArg::F_SETFL(flags)))?;
    Ok(())
}

#[cold]
fn timed_out(cx: &mut Cx) -> Raised {
    let class = cx.types().TimeoutError;
    raise_class(cx, class, "timed out")
}

/// Wait until the socket is ready; TimeoutError when the deadline passes.
fn wait(cx: &mut Cx, fd: i32, writing: bool, deadline: Deadline) -> PyResult<()> {
    let events = if writing { PollFlags::POLLOUT } else { PollFlags::POLLIN };
    let mut fds = [PollFd::new(fd, events)];
    match system::waiting(cx, || nix::poll::poll(&mut fds, deadline.milliseconds()))? {
        0 => Err(timed_out(cx)),
        _ => Ok(()),
    }
}

/// Run a system call on the socket, waiting for it as its timeout says.
fn socket_call<T>(
    cx: &mut Cx,
    this: This,
    writing: bool,
    deadline: Deadline,
    mut system_call: impl FnMut(i32) -> nix::Result<T>,
) -> PyResult<nix::Result<T>> {
    let fd = this.fd.get();
    loop {
        if this.timeout.get() > 0.0 {
            wait(cx, fd, writing, deadline)?;
        }
        match system::retrying(cx, || system_call(fd))? {
            Err(Errno::EAGAIN) if this.timeout.get() > 0.0 => {}
            result => return Ok(result),
        }
    }
}

fn io<T>(cx: &mut Cx, this: This, writing: bool, system_call: impl FnMut(i32) -> nix::Result<T>) -> PyResult<T> {
    let deadline = Deadline::after(seconds(this.timeout.get()));
    let result = socket_call(cx, this, writing, deadline, system_call)?;
    system::checked(cx, result)
}

fn address_family(cx: &mut Cx, family: i32) -> PyResult<AddressFamily> {
    match AddressFamily::from_i32(family) {
        Some(family) => Ok(family),
        None => Err(system::errno_error(cx, Errno::EAFNOSUPPORT)),
    }
}

fn socket_type(cx: &mut Cx, kind: i32) -> PyResult<SockType> {
    Ok(match kind & !(SOCK_NONBLOCK | SOCK_CLOEXEC) {
        1 => SockType::Stream,
        2 => SockType::Datagram,
        3 => SockType::Raw,
        4 => SockType::Rdm,
        5 => SockType::SeqPacket,
        _ => return Err(system::errno_error(cx, Errno::EINVAL)),
    })
}

fn protocol(cx: &mut Cx, proto: i32) -> PyResult<Option<SockProtocol>> {
    Ok(match proto {
        0 => None,
        6 => Some(SockProtocol::Tcp),
        17 => Some(SockProtocol::Udp),
        255 => Some(SockProtocol::Raw),
        _ => return Err(system::errno_error(cx, Errno::EPROTONOSUPPORT)),
    })
}

fn connect_address(cx: &mut Cx, this: This, address: Value) -> PyResult<nix::Result<()>> {
    let address = address::parse(cx, this.family.get(), "connect", address)?;
    let fd = this.fd.get();
    match cx.blocking(|| sys::connect(fd, address.as_dyn())) {
        // The connection goes on being made.
        Err(Errno::EINTR) => runtime::safepoint::handle(cx)?,
        Err(Errno::EINPROGRESS) if this.timeout.get() > 0.0 => {}
        result => return Ok(result),
    }
    let deadline = Deadline::after(seconds(this.timeout.get()));
    if this.timeout.get() != 0.0 {
        wait(cx, fd, true, deadline)?;
    }
    Ok(match sys::getsockopt(fd, sys::sockopt::SocketError) {
        Ok(0) | Err(_) => Ok(()),
        Ok(errno) => Err(Errno::from_i32(errno)),
    })
}

fn msg_flags(flags: i32) -> MsgFlags {
    MsgFlags::from_bits_truncate(flags)
}

/// Receive into a new buffer of `size` bytes.
fn receive(cx: &mut Cx, this: This, size: isize, flags: i32, function: &str) -> PyResult<Vec<u8>> {
    let Ok(size) = usize::try_from(size) else {
        return Err(value_error(cx, format_args!("negative buffersize in {function}")));
    };
    runtime::types::str::edit::check_length(cx, Some(size))?;
    let mut buffer = vec![0; size];
    if size == 0 {
        return Ok(buffer);
    }
    let n = io(cx, this, false, |fd| sys::recv(fd, &mut buffer, msg_flags(flags)))?;
    buffer.truncate(n);
    Ok(buffer)
}

fn receive_from(cx: &mut Cx, this: This, size: usize) -> PyResult<(Vec<u8>, Value)> {
    runtime::types::str::edit::check_length(cx, Some(size))?;
    let mut buffer = vec![0; size];
    let (n, from) = io(cx, this, false, |fd| sys::recvfrom::<SockaddrStorage>(fd, &mut buffer))?;
    buffer.truncate(n);
    let from = address::to_python(cx, from.as_ref())?;
    Ok((buffer, from))
}

/// How many bytes `recv_into` may fill.
fn fill_size(cx: &mut Cx, buffer: Value, nbytes: isize, function: &str) -> PyResult<usize> {
    let room = runtime::buffer::with_bytes_mut(cx, buffer, |b| b.len())?;
    match usize::try_from(nbytes) {
        Ok(0) => Ok(room),
        Ok(n) if n <= room => Ok(n),
        Ok(_) => Err(value_error(cx, "buffer too small for requested bytes")),
        Err(_) => Err(value_error(cx, format_args!("negative buffersize in {function}"))),
    }
}

fn close_fd(cx: &mut Cx, this: This) -> PyResult<()> {
    let fd = this.fd.replace(-1);
    if fd < 0 {
        return Ok(());
    }
    match cx.blocking(|| nix::unistd::close(fd)) {
        Ok(()) | Err(Errno::ECONNRESET) => Ok(()),
        Err(errno) => Err(system::errno_error(cx, errno)),
    }
}

/// socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
/// socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object
///
/// Open a socket of the given type.  The family argument specifies the
/// address family; it defaults to AF_INET.  The type argument specifies
/// whether this is a stream (SOCK_STREAM, this is the default)
/// or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
/// specifying the default protocol.  Keyword arguments are accepted.
/// The socket is created as non-inheritable.
///
/// When a fileno is passed in, family, type and proto are auto-detected,
/// unless they are explicitly set.
#[native_class(
    name = "socket",
    module = "_socket",
    layout = Native<Socket>,
    flags = BASETYPE
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let _ = args;
        let data = Socket {
            fd: Cell::new(-1),
            family: Cell::new(0),
            kind: Cell::new(0),
            proto: Cell::new(0),
            timeout: Cell::new(-1.0),
        };
        Ok(new_native(cx, class, data).value())
    }

    #[slot(init, "socket(family=-1, type=-1, proto=-1, fileno=None)")]
    fn init(cx: &mut Cx, this: This, family: i32, kind: i32, proto: i32, fileno: Value) -> PyResult<()> {
        let (mut family, mut kind, proto) = (family, kind, proto.max(0));
        let fd = if fileno.is_none() {
            family = if family == -1 { AF_INET } else { family };
            kind = if kind == -1 { 1 } else { kind };
            let (f, t, p) = (address_family(cx, family)?, socket_type(cx, kind)?, protocol(cx, proto)?);
            let mut flags = SockFlag::SOCK_CLOEXEC;
            flags.set(SockFlag::SOCK_NONBLOCK, kind & SOCK_NONBLOCK != 0);
            let result = cx.blocking(|| sys::socket(f, t, flags, p));
            system::checked(cx, result)?
        } else {
            if fileno.as_float().is_some() {
                return Err(type_error(cx, "integer argument expected, got float"));
            }
            let fd = runtime::number::as_i64(cx, fileno)?;
            let Some(fd) = i32::try_from(fd).ok().filter(|&fd| fd >= 0) else {
                return Err(value_error(cx, "negative file descriptor"));
            };
            let name = sys::getsockname::<SockaddrStorage>(fd);
            if family == -1 {
                let name = system::checked(cx, name)?;
                family = sys::SockaddrLike::family(&name).map_or(0, |f| f as i32);
            } else if matches!(name, Err(Errno::EBADF | Errno::ENOTSOCK)) {
                system::checked(cx, name.map(drop))?;
            }
            if kind == -1 {
                kind = system::checked(cx, options::get(fd, 1, 3))? as i32;
            }
            fd
        };
        this.fd.set(fd);
        this.family.set(family);
        this.kind.set(kind & !(SOCK_NONBLOCK | SOCK_CLOEXEC));
        this.proto.set(proto);
        if kind & SOCK_NONBLOCK != 0 {
            this.timeout.set(0.0);
        } else {
            let timeout = default_timeout(cx);
            this.timeout.set(timeout);
            if timeout >= 0.0 {
                set_nonblocking(cx, fd, true)?;
            }
        }
        Ok(())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult {
        let (fd, family, kind, proto) = (this.fd.get(), this.family.get(), this.kind.get(), this.proto.get());
        Ok(cx.heap.str(&format!("<socket object, fd={fd}, family={family}, type={kind}, proto={proto}>")))
    }

    #[slot]
    fn finalize(cx: &mut Cx, this: This) -> PyResult<()> {
        if this.fd.get() >= 0 {
            let repr = repr_of(cx, this.value())?;
            let category = cx.types().ResourceWarning;
            let warned = runtime::warnings::warn(cx, category, &format!("unclosed {repr}"), 1);
            close_fd(cx, this)?;
            warned?;
        }
        Ok(())
    }

    /// _accept() -> (integer, address info)
    ///
    /// Wait for an incoming connection.  Return a new socket file descriptor
    /// representing the connection, and the address of the client.
    /// For IP sockets, the address info is a pair (hostaddr, port).
    #[method("_accept($self, /)")]
    fn _accept(cx: &mut Cx, this: This) -> PyResult {
        let fd = io(cx, this, false, |fd| sys::accept4(fd, SockFlag::SOCK_CLOEXEC))?;
        let peer = sys::getpeername::<SockaddrStorage>(fd).ok();
        let peer = address::to_python(cx, peer.as_ref())?;
        Ok(cx.heap.tuple(&[Int::from_len(fd as usize).value(), peer]).value())
    }

    /// bind(address)
    ///
    /// Bind the socket to a local address.  For IP sockets, the address is a
    /// pair (host, port); the host must refer to the local host. For raw packet
    /// sockets the address is a tuple (ifname, proto [,pkttype [,hatype [,addr]]])
    #[method("bind($self, object, /)")]
    fn bind(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
        let address = address::parse(cx, this.family.get(), "bind", object)?;
        let fd = this.fd.get();
        let result = cx.blocking(|| sys::bind(fd, address.as_dyn()));
        system::checked(cx, result)
    }

    /// close()
    ///
    /// Close the socket.  It cannot be used after this call.
    #[method("close($self, /)")]
    fn close(cx: &mut Cx, this: This) -> PyResult<()> {
        close_fd(cx, this)
    }

    /// connect(address)
    ///
    /// Connect the socket to a remote address.  For IP sockets, the address
    /// is a pair (host, port).
    #[method("connect($self, object, /)")]
    fn connect(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
        let result = connect_address(cx, this, object)?;
        system::checked(cx, result)
    }

    /// connect_ex(address) -> errno
    ///
    /// This is like connect(address), but returns an error code (the errno value)
    /// instead of raising an exception when an error occurs.
    #[method("connect_ex($self, object, /)")]
    fn connect_ex(cx: &mut Cx, this: This, object: Value) -> PyResult<i32> {
        Ok(connect_address(cx, this, object)?.err().map_or(0, |errno| errno as i32))
    }

    /// detach()
    ///
    /// Close the socket object without closing the underlying file descriptor.
    /// The object cannot be used after this call, but the file descriptor
    /// can be reused for other purposes.  The file descriptor is returned.
    #[method("detach($self, /)")]
    fn detach(this: This) -> i32 {
        this.fd.replace(-1)
    }

    /// fileno() -> integer
    ///
    /// Return the integer file descriptor of the socket.
    #[method("fileno($self, /)")]
    fn fileno(this: This) -> i32 {
        this.fd.get()
    }

    /// getpeername() -> address info
    ///
    /// Return the address of the remote endpoint.  For IP sockets, the address
    /// info is a pair (hostaddr, port).
    #[method("getpeername($self, /)")]
    fn getpeername(cx: &mut Cx, this: This) -> PyResult {
        let address = system::checked(cx, sys::getpeername::<SockaddrStorage>(this.fd.get()))?;
        address::to_python(cx, Some(&address))
    }

    /// getsockname() -> address info
    ///
    /// Return the address of the local endpoint. The format depends on the
    /// address family. For IPv4 sockets, the address info is a pair
    /// (hostaddr, port).
    #[method("getsockname($self, /)")]
    fn getsockname(cx: &mut Cx, this: This) -> PyResult {
        let address = system::checked(cx, sys::getsockname::<SockaddrStorage>(this.fd.get()))?;
        address::to_python(cx, Some(&address))
    }

    /// getsockopt(level, option[, buffersize]) -> value
    ///
    /// Get a socket option.  See the Unix manual for level and option.
    /// If a nonzero buffersize argument is given, the return value is a
    /// string of that length; otherwise it is an integer.
    #[method("getsockopt($self, level, option, buffersize=0, /)")]
    fn getsockopt(cx: &mut Cx, this: This, level: i32, option: i32, buffersize: i32) -> PyResult {
        let fd = this.fd.get();
        if buffersize == 0 {
            let value = system::checked(cx, options::get(fd, level, option))?;
            return Ok(int::BigInt::from_i64(&mut cx.heap, value));
        }
        if !(1..=1024).contains(&buffersize) {
            let class = cx.types().OSError;
            return Err(raise_class(cx, class, "getsockopt buflen out of range"));
        }
        let value = system::checked(cx, options::get_bytes(fd, level, option, buffersize as usize))?;
        Ok(cx.heap.bytes(&value).or_raise(cx)?.value())
    }

    /// setsockopt(level, option, value: int)
    /// setsockopt(level, option, value: buffer)
    /// setsockopt(level, option, None, optlen: int)
    ///
    /// Set a socket option.  See the Unix manual for level and option.
    /// The value argument can either be an integer, a string buffer, or
    /// None, optlen.
    #[method("setsockopt($self, level, option, value, /)")]
    fn setsockopt(cx: &mut Cx, this: This, level: i32, option: i32, value: Value) -> PyResult<()> {
        let fd = this.fd.get();
        let result = if runtime::number::int::is_int(value) {
            let number = runtime::number::as_i64(cx, value)?;
            options::set(fd, level, option, number)
        } else {
            let data = runtime::buffer::to_vec(cx, value)?;
            options::set_bytes(fd, level, option, &data)
        };
        system::checked(cx, result)
    }

    /// listen([backlog])
    ///
    /// Enable a server to accept connections.  If backlog is specified, it must be
    /// at least 0 (if it is lower, it is set to 0); it specifies the number of
    /// unaccepted connections that the system will allow before refusing new
    /// connections. If not specified, a default reasonable value is chosen.
    #[method("listen($self, backlog=128, /)")]
    fn listen(cx: &mut Cx, this: This, backlog: i32) -> PyResult<()> {
        let result = sys::listen(this.fd.get(), backlog.max(0) as usize);
        system::checked(cx, result)
    }

    /// recv(buffersize[, flags]) -> data
    ///
    /// Receive up to buffersize bytes from the socket.  For the optional flags
    /// argument, see the Unix manual.  When no data is available, block until
    /// at least one byte is available or until the remote end is closed.  When
    /// the remote end is closed and all data is read, return the empty string.
    #[method("recv($self, buffersize, flags=0, /)")]
    fn recv(cx: &mut Cx, this: This, buffersize: isize, flags: i32) -> PyResult<Gc<Bytes>> {
        let data = receive(cx, this, buffersize, flags, "recv")?;
        cx.heap.bytes(&data).or_raise(cx)
    }

    /// recv_into(buffer, [nbytes[, flags]]) -> nbytes_read
    ///
    /// A version of recv() that stores its data into a buffer rather than creating
    /// a new string.  Receive up to buffersize bytes from the socket.  If buffersize
    /// is not specified (or 0), receive up to the size available in the given buffer.
    #[method("recv_into($self, buffer, nbytes=0, flags=0)")]
    fn recv_into(cx: &mut Cx, this: This, buffer: Value, nbytes: isize, flags: i32) -> PyResult<usize> {
        let size = fill_size(cx, buffer, nbytes, "recv_into")?;
        let data = receive(cx, this, size as isize, flags, "recv_into")?;
        runtime::buffer::with_bytes_mut(cx, buffer, |b| b[..data.len()].copy_from_slice(&data))?;
        Ok(data.len())
    }

    /// recvfrom(buffersize[, flags]) -> (data, address info)
    ///
    /// Like recv(buffersize, flags) but also return the sender's address info.
    #[method("recvfrom($self, buffersize, flags=0, /)")]
    fn recvfrom(cx: &mut Cx, this: This, buffersize: isize, flags: i32) -> PyResult {
        let _ = flags;
        let Ok(size) = usize::try_from(buffersize) else {
            return Err(value_error(cx, "negative buffersize in recvfrom"));
        };
        let (data, from) = receive_from(cx, this, size)?;
        let data = cx.heap.bytes(&data).or_raise(cx)?.value();
        Ok(cx.heap.tuple(&[data, from]).value())
    }

    /// recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)
    ///
    /// Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.
    #[method("recvfrom_into($self, buffer, nbytes=0, flags=0)")]
    fn recvfrom_into(cx: &mut Cx, this: This, buffer: Value, nbytes: isize, flags: i32) -> PyResult {
        let _ = flags;
        let size = fill_size(cx, buffer, nbytes, "recvfrom_into")?;
        let (data, from) = receive_from(cx, this, size)?;
        runtime::buffer::with_bytes_mut(cx, buffer, |b| b[..data.len()].copy_from_slice(&data))?;
        Ok(cx.heap.tuple(&[Int::from_len(data.len()).value(), from]).value())
    }

    /// send(data[, flags]) -> count
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  Return the number of bytes
    /// sent; this may be less than len(data) if the network is busy.
    #[method("send($self, data, flags=0, /)")]
    fn send(cx: &mut Cx, this: This, data: Value, flags: i32) -> PyResult<usize> {
        let data = runtime::buffer::to_vec(cx, data)?;
        io(cx, this, true, |fd| sys::send(fd, &data, msg_flags(flags)))
    }

    /// sendall(data[, flags])
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  This calls send() repeatedly
    /// until all data is sent.  If an error occurs, it's impossible
    /// to tell how much data has been sent.
    #[method("sendall($self, data, flags=0, /)")]
    fn sendall(cx: &mut Cx, this: This, data: Value, flags: i32) -> PyResult<()> {
        let data = runtime::buffer::to_vec(cx, data)?;
        let deadline = Deadline::after(seconds(this.timeout.get()));
        let mut sent = 0;
        while sent < data.len() {
            let result = socket_call(cx, this, true, deadline, |fd| sys::send(fd, &data[sent..], msg_flags(flags)))?;
            sent += system::checked(cx, result)?;
        }
        Ok(())
    }

    /// sendto(data[, flags], address) -> count
    ///
    /// Like send(data, flags) but allows specifying the destination address.
    /// For IP sockets, the address is a pair (hostaddr, port).
    #[method(raw, "sendto($self, /, *args)")]
    fn sendto(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<usize> {
        let (data, flags, address) = match *args.positional() {
            [data, address] => (data, 0, address),
            [data, flags, address] => (data, runtime::number::as_i64(cx, flags)? as i32, address),
            ref other => {
                let n = other.len();
                return Err(type_error(cx, format_args!("sendto() takes 2 or 3 arguments ({n} given)")));
            }
        };
        let data = runtime::buffer::to_vec(cx, data)?;
        let address = address::parse(cx, this.family.get(), "sendto", address)?;
        io(cx, this, true, |fd| sys::sendto(fd, &data, address.as_dyn(), msg_flags(flags)))
    }

    /// setblocking(flag)
    ///
    /// Set the socket to blocking (flag is true) or non-blocking (false).
    /// setblocking(True) is equivalent to settimeout(None);
    /// setblocking(False) is equivalent to settimeout(0.0).
    #[method("setblocking($self, object, /)")]
    fn setblocking(cx: &mut Cx, this: This, object: bool) -> PyResult<()> {
        this.timeout.set(if object { -1.0 } else { 0.0 });
        set_nonblocking(cx, this.fd.get(), !object)
    }

    /// getblocking()
    ///
    /// Returns True if socket is in blocking mode, or False if it
    /// is in non-blocking mode.
    #[method("getblocking($self, /)")]
    fn getblocking(this: This) -> bool {
        this.timeout.get() != 0.0
    }

    /// settimeout(timeout)
    ///
    /// Set a timeout on socket operations.  'timeout' can be a float,
    /// giving in seconds, or None.  Setting a timeout of None disables
    /// the timeout feature and is equivalent to setblocking(1).
    /// Setting a timeout of zero is the same as setblocking(0).
    #[method("settimeout($self, object, /)")]
    fn settimeout(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
        let timeout = timeout_argument(cx, object)?;
        this.timeout.set(timeout);
        set_nonblocking(cx, this.fd.get(), timeout >= 0.0)
    }

    /// gettimeout() -> timeout
    ///
    /// Returns the timeout in seconds (float) associated with socket
    /// operations. A timeout of None indicates that timeouts on socket
    /// operations are disabled.
    #[method("gettimeout($self, /)")]
    fn gettimeout(this: This) -> Option<f64> {
        Some(this.timeout.get()).filter(|&t| t >= 0.0)
    }

    /// shutdown(flag)
    ///
    /// Shut down the reading side of the socket (flag == SHUT_RD), the writing side
    /// of the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR).
    #[method("shutdown($self, object, /)")]
    fn shutdown(cx: &mut Cx, this: This, object: i32) -> PyResult<()> {
        let how = match object {
            0 => sys::Shutdown::Read,
            1 => sys::Shutdown::Write,
            2 => sys::Shutdown::Both,
            _ => return Err(system::errno_error(cx, Errno::EINVAL)),
        };
        let fd = this.fd.get();
        let result = cx.blocking(|| sys::shutdown(fd, how));
        system::checked(cx, result)
    }

    #[getter(doc = "the socket family")]
    fn family(this: This) -> i32 {
        this.family.get()
    }

    #[getter(doc = "the socket type")]
    fn r#type(this: This) -> i32 {
        this.kind.get()
    }

    #[getter(doc = "the socket protocol")]
    fn proto(this: This) -> i32 {
        this.proto.get()
    }

    #[getter(doc = "the socket timeout")]
    fn timeout(this: This) -> Option<f64> {
        Some(this.timeout.get()).filter(|&t| t >= 0.0)
    }
}

#[macros::native_module(
    name = "_socket",
    doc = "Implementation module for socket operations.\n\nSee the socket module for documentation."
)]
pub mod module {
    use super::*;

    /// close(integer) -> None
    ///
    /// Close an integer socket file descriptor.  This is like os.close(), but for
    /// sockets; on some platforms os.close() won't work for socket file descriptors.
    #[function("close(fd, /)")]
    fn close(cx: &mut Cx, fd: i32) -> PyResult<()> {
        let result = cx.blocking(|| nix::unistd::close(fd));
        system::checked(cx, result)
    }

    /// dup(integer) -> integer
    ///
    /// Duplicate an integer socket file descriptor.  This is like os.dup(), but for
    /// sockets; on some platforms os.dup() won't work for socket file descriptors.
    #[function("dup(fd, /)")]
    fn dup(cx: &mut Cx, fd: i32) -> PyResult<i32> {
        system::checked(cx, fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(0)))
    }

    /// socketpair([family[, type [, proto]]]) -> (socket object, socket object)
    ///
    /// Create a pair of socket objects from the sockets returned by the platform
    /// socketpair() function.
    /// The arguments are the same as for socket() except the default family is
    /// AF_UNIX if defined on the platform; otherwise, the default is AF_INET.
    #[function("socketpair(family=1, type=1, proto=0, /)")]
    fn socketpair(cx: &mut Cx, family: i32, kind: i32, proto: i32) -> PyResult {
        let (f, t, p) = (address_family(cx, family)?, socket_type(cx, kind)?, protocol(cx, proto)?);
        let (a, b) = system::checked(cx, sys::socketpair(f, t, p, SockFlag::SOCK_CLOEXEC))?;
        let class = class_of_spec(cx, &super::class::SPEC)?;
        let timeout = default_timeout(cx);
        let mut make = |fd: i32| {
            let data = Socket {
                fd: Cell::new(fd),
                family: Cell::new(family),
                kind: Cell::new(kind & !(SOCK_NONBLOCK | SOCK_CLOEXEC)),
                proto: Cell::new(proto),
                timeout: Cell::new(timeout),
            };
            new_native(cx, class, data)
        };
        let (a, b) = (make(a), make(b));
        if timeout >= 0.0 {
            set_nonblocking(cx, a.fd.get(), true)?;
            set_nonblocking(cx, b.fd.get(), true)?;
        }
        Ok(cx.heap.tuple(&[a.value(), b.value()]).value())
    }

    /// getdefaulttimeout() -> timeout
    ///
    /// Returns the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[function("getdefaulttimeout()")]
    fn getdefaulttimeout(cx: &mut Cx) -> Option<f64> {
        Some(default_timeout(cx)).filter(|&t| t >= 0.0)
    }

    /// setdefaulttimeout(timeout)
    ///
    /// Set the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[function("setdefaulttimeout(timeout, /)")]
    fn setdefaulttimeout(cx: &mut Cx, timeout: Value) -> PyResult<()> {
        let timeout = timeout_argument(cx, timeout)?;
        cx.vm().extension(Defaults::default).timeout.set(timeout);
        Ok(())
    }

    /// gethostname() -> string
    ///
    /// Return the current host name.
    #[function("gethostname()")]
    fn gethostname(cx: &mut Cx) -> PyResult<String> {
        let name = system::checked(cx, nix::unistd::gethostname())?;
        Ok(name.to_string_lossy().into_owned())
    }

    /// getaddrinfo(host, port [, family, type, proto, flags])
    ///     -> list of (family, type, proto, canonname, sockaddr)
    ///
    /// Resolve host and port into addrinfo struct.
    #[function("getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)")]
    fn getaddrinfo(
        cx: &mut Cx,
        host: Value,
        port: Value,
        family: i32,
        kind: i32,
        proto: i32,
        flags: i32,
    ) -> PyResult<Gc<List>> {
        super::names::address_info(cx, host, port, [family, kind, proto, flags])
    }

    /// getnameinfo(sockaddr, flags) --> (host, port)
    ///
    /// Get host and port for a sockaddr.
    #[function("getnameinfo(sockaddr, flags, /)")]
    fn getnameinfo(cx: &mut Cx, sockaddr: Value, flags: i32) -> PyResult {
        super::names::name_info(cx, sockaddr, flags)
    }

    /// gethostbyname(host) -> address
    ///
    /// Return the IP address (a string of the form '255.255.255.255') for a host.
    #[function("gethostbyname(host, /)")]
    fn gethostbyname(cx: &mut Cx, host: Value) -> PyResult<String> {
        super::names::host_by_name(cx, host)
    }

    /// gethostbyname_ex(host) -> (name, aliaslist, addresslist)
    ///
    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[function("gethostbyname_ex(host, /)")]
    fn gethostbyname_ex(cx: &mut Cx, host: Value) -> PyResult {
        let name = address::host_text(cx, host)?;
        let address = super::names::host_by_name(cx, host)?;
        let (name, address) = (cx.heap.str(&name), cx.heap.str(&address));
        let (aliases, addresses) = (List::empty(&mut cx.heap), cx.heap.list(&[address]));
        Ok(cx.heap.tuple(&[name, aliases.value(), addresses.value()]).value())
    }

    /// gethostbyaddr(host) -> (name, aliaslist, addresslist)
    ///
    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[function("gethostbyaddr(host, /)")]
    fn gethostbyaddr(cx: &mut Cx, host: Value) -> PyResult {
        super::names::host_by_address(cx, host)
    }

    /// getservbyname(servicename[, protocolname]) -> integer
    ///
    /// Return a port number from a service name and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[function("getservbyname(servicename, protocolname=None, /)")]
    fn getservbyname(cx: &mut Cx, servicename: Gc<Str>, protocolname: Value) -> PyResult<u32> {
        let protocol = protocolname.downcast::<Str>().map(|p| p.to_string());
        match super::names::service_port(&servicename.to_string(), protocol.as_deref()) {
            Some(port) => Ok(u32::from(port)),
            None => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "service/proto not found"))
            }
        }
    }

    /// getservbyport(port[, protocolname]) -> string
    ///
    /// Return the service name from a port number and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[function("getservbyport(port, protocolname=None, /)")]
    fn getservbyport(cx: &mut Cx, port: i32, protocolname: Value) -> PyResult<String> {
        let Ok(port) = u16::try_from(port) else {
            return Err(overflow_error(cx, "getservbyport: port must be 0-65535."));
        };
        let protocol = protocolname.downcast::<Str>().map(|p| p.to_string());
        match super::names::service_name(port, protocol.as_deref()) {
            Some(name) => Ok(name),
            None => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "port/proto not found"))
            }
        }
    }

    /// getprotobyname(name) -> integer
    ///
    /// Return the protocol number for the named protocol.  (Rarely used.)
    #[function("getprotobyname(name, /)")]
    fn getprotobyname(cx: &mut Cx, name: Gc<Str>) -> PyResult<u32> {
        match super::names::protocol_number(&name.to_string()) {
            Some(number) => Ok(number),
            None => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "protocol not found"))
            }
        }
    }

    /// Convert a 16-bit unsigned integer from network to host byte order.
    #[function("ntohs(x, /)")]
    fn ntohs(cx: &mut Cx, x: i64) -> PyResult<u32> {
        Ok(u32::from(u16::from_be(short(cx, x, "ntohs")?)))
    }

    /// Convert a 16-bit unsigned integer from host to network byte order.
    #[function("htons(x, /)")]
    fn htons(cx: &mut Cx, x: i64) -> PyResult<u32> {
        Ok(u32::from(short(cx, x, "htons")?.to_be()))
    }

    /// Convert a 32-bit unsigned integer from network to host byte order.
    #[function("ntohl(x, /)")]
    fn ntohl(x: u32) -> u32 {
        u32::from_be(x)
    }

    /// Convert a 32-bit unsigned integer from host to network byte order.
    #[function("htonl(x, /)")]
    fn htonl(x: u32) -> u32 {
        x.to_be()
    }

    /// Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format used in low-level network functions.
    #[function("inet_aton(ip_addr, /)")]
    fn inet_aton(cx: &mut Cx, ip_addr: Gc<Str>) -> PyResult<Gc<Bytes>> {
        match super::names::loose_ipv4(&ip_addr.to_string()) {
            Some(ip) => cx.heap.bytes(&ip.octets()).or_raise(cx),
            None => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "illegal IP address string passed to inet_aton"))
            }
        }
    }

    /// Convert an IP address from 32-bit packed binary format to string format.
    #[function("inet_ntoa(packed_ip, /)")]
    fn inet_ntoa(cx: &mut Cx, packed_ip: Value) -> PyResult<String> {
        let packed = runtime::buffer::to_vec(cx, packed_ip)?;
        match <[u8; 4]>::try_from(packed) {
            Ok(octets) => Ok(std::net::Ipv4Addr::from(octets).to_string()),
            Err(_) => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "packed IP wrong length"))
            }
        }
    }

    /// inet_pton(af, ip) -> packed IP address string
    ///
    /// Convert an IP address from string format to a packed string suitable
    /// for use with low-level network functions.
    #[function("inet_pton(af, ip, /)")]
    fn inet_pton(cx: &mut Cx, af: i32, ip: Gc<Str>) -> PyResult<Gc<Bytes>> {
        let text = ip.to_string();
        let packed = match af {
            AF_INET => text.parse::<std::net::Ipv4Addr>().ok().map(|ip| ip.octets().to_vec()),
            AF_INET6 => text.parse::<std::net::Ipv6Addr>().ok().map(|ip| ip.octets().to_vec()),
            _ => return Err(system::errno_error(cx, Errno::EAFNOSUPPORT)),
        };
        match packed {
            Some(packed) => cx.heap.bytes(&packed).or_raise(cx),
            None => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "illegal IP address string passed to inet_pton"))
            }
        }
    }

    /// inet_ntop(af, packed_ip) -> string formatted IP address
    ///
    /// Convert a packed IP address of the given family to string format.
    #[function("inet_ntop(af, packed_ip, /)")]
    fn inet_ntop(cx: &mut Cx, af: i32, packed_ip: Value) -> PyResult<String> {
        let packed = runtime::buffer::to_vec(cx, packed_ip)?;
        let text = match af {
            AF_INET => <[u8; 4]>::try_from(packed).ok().map(|o| std::net::Ipv4Addr::from(o).to_string()),
            AF_INET6 => <[u8; 16]>::try_from(packed).ok().map(|o| std::net::Ipv6Addr::from(o).to_string()),
            _ => return Err(value_error(cx, format_args!("unknown address family {af}"))),
        };
        match text {
            Some(text) => Ok(text),
            None => Err(value_error(cx, "invalid length of packed IP address string")),
        }
    }

    /// if_nametoindex(if_name)
    ///
    /// Returns the interface index corresponding to the interface name if_name.
    #[function("if_nametoindex(oname, /)")]
    fn if_nametoindex(cx: &mut Cx, oname: Gc<Str>) -> PyResult<u32> {
        match nix::net::if_::if_nametoindex(oname.to_string().as_str()) {
            Ok(index) => Ok(index),
            Err(_) => {
                let class = cx.types().OSError;
                Err(raise_class(cx, class, "no interface with this name"))
            }
        }
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for &(name, number) in super::constants::CONSTANTS {
            let number = int::BigInt::from_i64(&mut cx.heap, number);
            set_module_attr(cx, module, name, number)?;
        }
        let class = class_of_spec(cx, &super::class::SPEC)?;
        set_module_attr(cx, module, "socket", class)?;
        set_module_attr(cx, module, "SocketType", class)?;
        let error = cx.types().OSError;
        set_module_attr(cx, module, "error", error)?;
        let timeout = cx.types().TimeoutError;
        set_module_attr(cx, module, "timeout", timeout)?;
        for name in ["herror", "gaierror"] {
            let class = crate::classes::exception_class(cx, "socket", name, &[error])?;
            set_module_attr(cx, module, name, class)?;
        }
        set_module_attr(cx, module, "has_ipv6", true)
    }
}

fn short(cx: &mut Cx, x: i64, function: &str) -> PyResult<u16> {
    match u16::try_from(x) {
        Ok(x) => Ok(x),
        Err(_) if x < 0 => {
            let message = format!("{function}: can't convert negative Python int to C 16-bit unsigned integer");
            Err(overflow_error(cx, message))
        }
        Err(_) => {
            let message = format!("{function}: Python int too large to convert to C 16-bit unsigned integer");
            Err(overflow_error(cx, message))
        }
    }
}
