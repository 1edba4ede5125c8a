//! Socket addresses and names, from Python and to it.

use crate::system::error_text;
use nix::sys::socket::{AddressFamily, SockaddrIn, SockaddrIn6, SockaddrLike, SockaddrStorage, UnixAddr};
use runtime::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6, ToSocketAddrs};

pub const AF_UNIX: i32 = 1;
pub const AF_INET: i32 = 2;
pub const AF_INET6: i32 = 10;

/// An address of any family.
pub enum Address {
    V4(SockaddrIn),
    V6(SockaddrIn6),
    Unix(UnixAddr),
}

impl Address {
    pub fn as_dyn(&self) -> &dyn SockaddrLike {
        match self {
            Address::V4(a) => a,
            Address::V6(a) => a,
            Address::Unix(a) => a,
        }
    }
}

/// Raise `socket.gaierror`.
#[cold]
pub fn resolve_error(cx: &mut Cx, number: i32, text: &str) -> Raised {
    let class = match runtime::import::import_attr(cx, "_socket", "gaierror") {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let (number, text) = (int::BigInt::from_i64(&mut cx.heap, i64::from(number)), cx.heap.str(text));
    match call(cx, class, &[number, text]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// The text of a host name: `str` (IDNA where it is not ASCII) or bytes.
pub fn host_text(cx: &mut Cx, value: Value) -> PyResult<String> {
    if let Some(text) = value.downcast::<Str>() {
        if let Some(ascii) = text.as_ascii() {
            return Ok(ascii.to_owned());
        }
        let (encode, idna) = (cx.heap.intern("encode"), cx.heap.str("idna"));
        let encoded = call_method(cx, value, encode, &[idna])?;
        return runtime::buffer::with_bytes(cx, encoded, |b| String::from_utf8_lossy(b).into_owned());
    }
    if value.downcast::<Bytes>().is_some() || value.is_a::<ByteArray>() {
        return runtime::buffer::with_bytes(cx, value, |b| String::from_utf8_lossy(b).into_owned());
    }
    let class = type_name(cx, value);
    Err(type_error(cx, format_args!("str, bytes or bytearray expected, not {class}")))
}

/// The addresses of a host name. Blocks.
pub fn resolve(cx: &mut Cx, host: &str) -> PyResult<Vec<IpAddr>> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![ip]);
    }
    let (name, scope_free) = (host.to_owned(), host.split('%').next().unwrap_or(host));
    if let Ok(ip) = scope_free.parse::<Ipv6Addr>() {
        return Ok(vec![IpAddr::V6(ip)]);
    }
    let found =
        cx.blocking(|| (name.as_str(), 0u16).to_socket_addrs().map(|all| all.map(|a| a.ip()).collect::<Vec<_>>()));
    match found {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(resolve_error(cx, -2, "Name or service not known")),
        Err(error) => {
            let text = error.to_string();
            if text.contains("Temporary failure") {
                Err(resolve_error(cx, -3, "Temporary failure in name resolution"))
            } else if text.contains("No address associated") {
                Err(resolve_error(cx, -5, "No address associated with hostname"))
            } else if let Some(errno) = error.raw_os_error() {
                Err(resolve_error(cx, -11, &error_text(errno)))
            } else {
                Err(resolve_error(cx, -2, "Name or service not known"))
            }
        }
    }
}

fn port_number(cx: &mut Cx, function: &str, value: Value) -> PyResult<u16> {
    let port = runtime::number::as_i64(cx, value)?;
    match u16::try_from(port) {
        Ok(port) => Ok(port),
        Err(_) => Err(overflow_error(cx, format_args!("{function}(): port must be 0-65535."))),
    }
}

/// The address that `value` is for a socket of `family`.
pub fn parse(cx: &mut Cx, family: i32, function: &str, value: Value) -> PyResult<Address> {
    match family {
        AF_UNIX => parse_unix(cx, value),
        AF_INET => {
            let Some(pair) = value.downcast::<Tuple>() else {
                let class = type_name(cx, value);
                let message = format!("{function}(): AF_INET address must be tuple, not {class}");
                return Err(type_error(cx, message));
            };
            if pair.len() != 2 {
                return Err(type_error(cx, "AF_INET address must be a pair (host, port)"));
            }
            let port = port_number(cx, function, pair.get(1))?;
            let host = host_text(cx, pair.get(0))?;
            let ip = match host.as_str() {
                "" => Ipv4Addr::UNSPECIFIED,
                "<broadcast>" => Ipv4Addr::BROADCAST,
                host => {
                    let all = resolve(cx, host)?;
                    match all.iter().find_map(|ip| if let IpAddr::V4(ip) = ip { Some(*ip) } else { None }) {
                        Some(ip) => ip,
                        None => {
                            return Err(resolve_error(cx, -9, "Address family for hostname not supported"));
                        }
                    }
                }
            };
            Ok(Address::V4(SocketAddrV4::new(ip, port).into()))
        }
        AF_INET6 => {
            let Some(tuple) = value.downcast::<Tuple>() else {
                let class = type_name(cx, value);
                let message = format!("{function}(): AF_INET6 address must be tuple, not {class}");
                return Err(type_error(cx, message));
            };
            if !(2..=4).contains(&tuple.len()) {
                let message = "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])";
                return Err(type_error(cx, message));
            }
            let port = port_number(cx, function, tuple.get(1))?;
            let mut extra = [0u32; 2];
            for (i, extra) in extra.iter_mut().enumerate() {
                if let Some(value) = tuple.try_get(i + 2) {
                    let number = runtime::number::as_i64(cx, value)?;
                    let limit = if i == 0 { 0xF_FFFF } else { u32::MAX };
                    match u32::try_from(number).ok().filter(|&n| n <= limit) {
                        Some(number) => *extra = number,
                        None => {
                            let message = format!("{function}(): flowinfo must be 0-1048575.");
                            return Err(overflow_error(cx, message));
                        }
                    }
                }
            }
            let host = host_text(cx, tuple.get(0))?;
            let ip = if host.is_empty() {
                Ipv6Addr::UNSPECIFIED
            } else {
                let all = resolve(cx, &host)?;
                match all.iter().find_map(|ip| if let IpAddr::V6(ip) = ip { Some(*ip) } else { None }) {
                    Some(ip) => ip,
                    None => return Err(resolve_error(cx, -9, "Address family for hostname not supported")),
                }
            };
            Ok(Address::V6(SocketAddrV6::new(ip, port, extra[0].to_be(), extra[1]).into()))
        }
        _ => {
            let class = cx.types().OSError;
            Err(raise_class(cx, class, format_args!("{function}(): bad family")))
        }
    }
}

fn parse_unix(cx: &mut Cx, value: Value) -> PyResult<Address> {
    let path =
        if let Some(text) = value.downcast::<Str>() { text.to_wtf8() } else { runtime::buffer::to_vec(cx, value)? };
    let address = match path.split_first() {
        Some((0, name)) => UnixAddr::new_abstract(name),
        _ => UnixAddr::new(path.as_slice()),
    };
    match address {
        Ok(address) => Ok(Address::Unix(address)),
        Err(_) => {
            let class = cx.types().OSError;
            Err(raise_class(cx, class, "AF_UNIX path too long"))
        }
    }
}

/// An address as Python sees it.
pub fn to_python(cx: &mut Cx, address: Option<&SockaddrStorage>) -> PyResult {
    let Some(address) = address else { return Ok(Value::NONE) };
    if let Some(v4) = address.as_sockaddr_in() {
        let host = cx.heap.str(&Ipv4Addr::from(v4.ip()).to_string());
        return Ok(cx.heap.tuple(&[host, Int::from_len(v4.port() as usize).value()]).value());
    }
    if let Some(v6) = address.as_sockaddr_in6() {
        let host = cx.heap.str(&v6.ip().to_string());
        let numbers = [v6.port() as usize, u32::from_be(v6.flowinfo()) as usize, v6.scope_id() as usize];
        let [port, flow, scope] = numbers.map(|n| Int::from_len(n).value());
        return Ok(cx.heap.tuple(&[host, port, flow, scope]).value());
    }
    if address.family() == Some(AddressFamily::Unix)
        && let Some(unix) = address.as_unix_addr()
    {
        if let Some(path) = unix.path() {
            return Ok(cx.heap.str(&path.to_string_lossy()));
        }
        if let Some(name) = unix.as_abstract() {
            let name: Vec<u8> = std::iter::once(0).chain(name.iter().copied()).collect();
            return Ok(cx.heap.bytes(&name).or_raise(cx)?.value());
        }
        return Ok(cx.heap.str(""));
    }
    Ok(Value::NONE)
}

/// `(host, port[, flowinfo, scope])` of a resolved address.
pub fn socket_address(cx: &mut Cx, address: SocketAddr) -> Gc<Tuple> {
    let host = cx.heap.str(&address.ip().to_string());
    let port = Int::from_len(address.port() as usize).value();
    match address {
        SocketAddr::V4(_) => cx.heap.tuple(&[host, port]),
        SocketAddr::V6(v6) => {
            let (flow, scope) = (Int::from_len(v6.flowinfo() as usize), Int::from_len(v6.scope_id() as usize));
            cx.heap.tuple(&[host, port, flow.value(), scope.value()])
        }
    }
}
