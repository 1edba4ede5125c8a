//! Names of hosts, services and protocols.

use super::address::{AF_INET, AF_INET6, host_text, resolve, resolve_error, socket_address};
use runtime::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const AI_PASSIVE: i32 = 1;
const AI_NUMERICHOST: i32 = 4;
const AI_NUMERICSERV: i32 = 1024;
const NI_NUMERICHOST: i32 = 1;
const NI_NUMERICSERV: i32 = 2;
const NI_DGRAM: i32 = 16;

/// Entries of `/etc/services`: names, port and protocol.
fn services() -> Vec<(Vec<String>, u16, String)> {
    let text = std::fs::read_to_string("/etc/services").unwrap_or_default();
    let entry = |line: &str| {
        let mut words = line.split('#').next()?.split_whitespace();
        let name = words.next()?;
        let (port, protocol) = words.next()?.split_once('/')?;
        let names = std::iter::once(name).chain(words).map(str::to_owned).collect();
        Some((names, port.parse().ok()?, protocol.to_owned()))
    };
    text.lines().filter_map(entry).collect()
}

pub fn service_port(name: &str, protocol: Option<&str>) -> Option<u16> {
    let known = [("http", 80), ("https", 443), ("ftp", 21), ("ssh", 22), ("smtp", 25), ("domain", 53), ("telnet", 23)];
    let found = services()
        .into_iter()
        .find(|(names, _, p)| names.iter().any(|n| n == name) && protocol.is_none_or(|wanted| wanted == p))
        .map(|(_, port, _)| port);
    found.or_else(|| known.iter().find(|(n, _)| *n == name).map(|&(_, port)| port))
}

pub fn service_name(port: u16, protocol: Option<&str>) -> Option<String> {
    let mut all = services().into_iter();
    let (names, ..) = all.find(|(_, p, name)| *p == port && protocol.is_none_or(|wanted| wanted == name))?;
    names.into_iter().next()
}

pub fn protocol_number(name: &str) -> Option<u32> {
    let known = [("ip", 0), ("icmp", 1), ("tcp", 6), ("udp", 17), ("ipv6", 41), ("ipv6-icmp", 58)];
    let text = std::fs::read_to_string("/etc/protocols").unwrap_or_default();
    let found = text.lines().find_map(|line| {
        let words: Vec<&str> = line.split('#').next()?.split_whitespace().collect();
        let number = words.get(1)?.parse().ok()?;
        (words[0] == name || words[2..].contains(&name)).then_some(number)
    });
    found.or_else(|| known.iter().find(|(n, _)| *n == name).map(|&(_, number)| number))
}

/// An IPv4 address in any notation of `inet_aton`: one to four parts, decimal, octal or hexadecimal.
pub fn loose_ipv4(text: &str) -> Option<Ipv4Addr> {
    let text = text.split_whitespace().next()?;
    let number = |part: &str| {
        if let Some(hex) = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
            u32::from_str_radix(hex, 16).ok()
        } else if part.len() > 1 && part.starts_with('0') {
            u32::from_str_radix(part, 8).ok()
        } else {
            part.parse().ok()
        }
    };
    let parts: Vec<u32> = text.split('.').map(number).collect::<Option<_>>()?;
    let (&last, first) = parts.split_last()?;
    let bits = 32 - 8 * first.len().min(4) as u32;
    if first.len() > 3 || first.iter().any(|&p| p > 255) || (bits < 32 && last >> bits != 0) {
        return None;
    }
    let high = first.iter().enumerate().fold(0, |n, (i, &p)| n | p << (24 - 8 * i));
    Some(Ipv4Addr::from(high | last))
}

pub fn host_by_name(cx: &mut Cx, host: Value) -> PyResult<String> {
    let name = host_text(cx, host)?;
    if name.is_empty() {
        return Ok("0.0.0.0".into());
    }
    if name == "<broadcast>" {
        return Ok("255.255.255.255".into());
    }
    if let Some(ip) = loose_ipv4(&name) {
        return Ok(ip.to_string());
    }
    match resolve(cx, &name)?.into_iter().find(IpAddr::is_ipv4) {
        Some(ip) => Ok(ip.to_string()),
        None => Err(resolve_error(cx, -9, "Address family for hostname not supported")),
    }
}

/// `(name, [aliases], [address])`. Names come from `/etc/hosts` alone: the resolver is not asked.
pub fn host_by_address(cx: &mut Cx, host: Value) -> PyResult {
    let text = host_text(cx, host)?;
    let ip = match text.parse::<IpAddr>().ok().or_else(|| loose_ipv4(&text).map(IpAddr::V4)) {
        Some(ip) => ip,
        None => {
            let found = resolve(cx, &text)?;
            found.iter().copied().find(IpAddr::is_ipv4).unwrap_or(found[0])
        }
    };
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let mut names = hosts.lines().find_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let is_it = words.next()?.parse() == Ok(ip);
        let names: Vec<String> = words.map(str::to_owned).collect();
        (is_it && !names.is_empty()).then_some(names)
    });
    if names.is_none() && ip.is_loopback() {
        names = Some(vec!["localhost".to_owned()]);
    }
    let Some(names) = names else {
        let class = runtime::import::import_attr(cx, "_socket", "herror")?;
        let error = cx.heap.str("Unknown host");
        let error = call(cx, class, &[Int::from_len(1).value(), error])?;
        return Err(raise_object(cx, error));
    };
    let (aliases, addresses) = (List::empty(&mut cx.heap), List::empty(&mut cx.heap));
    for alias in &names[1..] {
        let alias = cx.heap.str(alias);
        aliases.push(&mut cx.heap, alias).or_raise(cx)?;
    }
    let (name, ip) = (cx.heap.str(&names[0]), cx.heap.str(&ip.to_string()));
    addresses.push(&mut cx.heap, ip).or_raise(cx)?;
    Ok(cx.heap.tuple(&[name, aliases.value(), addresses.value()]).value())
}

fn port_argument(cx: &mut Cx, port: Value, kind: i32, flags: i32) -> PyResult<u16> {
    if port.is_none() {
        return Ok(0);
    }
    if runtime::number::int::is_int(port) {
        return Ok(runtime::number::as_i64(cx, port)? as u16);
    }
    let text = if let Some(text) = port.downcast::<Str>() {
        text.to_string()
    } else if port.downcast::<Bytes>().is_some() {
        runtime::buffer::with_bytes(cx, port, |b| String::from_utf8_lossy(b).into_owned())?
    } else {
        let class = cx.types().OSError;
        return Err(raise_class(cx, class, "Int or String expected"));
    };
    if let Ok(port) = text.parse::<u64>() {
        return Ok(port as u16);
    }
    let protocol = match kind {
        1 => Some("tcp"),
        2 => Some("udp"),
        _ => None,
    };
    match service_port(&text, protocol) {
        Some(port) if flags & AI_NUMERICSERV == 0 => Ok(port),
        _ if flags & AI_NUMERICSERV != 0 => Err(resolve_error(cx, -2, "Name or service not known")),
        _ => Err(resolve_error(cx, -8, "Servname not supported for ai_socktype")),
    }
}

/// `getaddrinfo`; the hints are family, type, protocol and flags.
pub fn address_info(cx: &mut Cx, host: Value, port: Value, hints: [i32; 4]) -> PyResult<Gc<List>> {
    let [family, kind, proto, flags] = hints;
    if ![0, AF_INET, AF_INET6].contains(&family) {
        return Err(resolve_error(cx, -6, "ai_family not supported"));
    }
    let port = port_argument(cx, port, kind, flags)?;
    let addresses = if host.is_none() {
        let passive = flags & AI_PASSIVE != 0;
        let v4 = if passive { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let v6 = if passive { Ipv6Addr::UNSPECIFIED } else { Ipv6Addr::LOCALHOST };
        if passive { vec![IpAddr::V4(v4), IpAddr::V6(v6)] } else { vec![IpAddr::V6(v6), IpAddr::V4(v4)] }
    } else {
        let name = host_text(cx, host)?;
        match loose_ipv4(&name) {
            Some(ip) => vec![IpAddr::V4(ip)],
            None if flags & AI_NUMERICHOST != 0 && name.parse::<IpAddr>().is_err() => {
                return Err(resolve_error(cx, -2, "Name or service not known"));
            }
            None => resolve(cx, &name)?,
        }
    };
    let protocols = [(1, 6), (2, 17), (3, 0)];
    let list = List::empty(&mut cx.heap);
    for ip in addresses {
        let own = if ip.is_ipv4() { AF_INET } else { AF_INET6 };
        if family != 0 && family != own {
            continue;
        }
        for (t, p) in protocols {
            if (kind != 0 && kind != t) || (proto != 0 && p != 0 && proto != p) {
                continue;
            }
            let address = socket_address(cx, SocketAddr::new(ip, port));
            let (empty, p) = (cx.heap.str(""), if p == 0 { proto } else { p });
            let [own, t, p] = [own, t, p].map(|n| Int::from_len(n as usize).value());
            let entry = cx.heap.tuple(&[own, t, p, empty, address.value()]);
            list.push(&mut cx.heap, entry.value()).or_raise(cx)?;
        }
    }
    if list.is_empty() {
        return Err(resolve_error(cx, -9, "Address family for hostname not supported"));
    }
    Ok(list)
}

/// `getnameinfo`. Names of hosts are not looked up: addresses stay numbers, which is what a host without a name gets.
pub fn name_info(cx: &mut Cx, address: Value, flags: i32) -> PyResult {
    let Some(address) = address.downcast::<Tuple>() else {
        return Err(type_error(cx, "getnameinfo() argument 1 must be a tuple"));
    };
    let (Some(host), Some(port)) = (address.try_get(0), address.try_get(1)) else {
        return Err(type_error(cx, "getnameinfo(): illegal sockaddr argument"));
    };
    let host = host_text(cx, host)?;
    let port = runtime::number::as_i64(cx, port)?;
    let ips = resolve(cx, &host)?;
    if ips.len() > 1 && host.parse::<IpAddr>().is_err() {
        let class = cx.types().OSError;
        return Err(raise_class(cx, class, "sockaddr resolved to multiple addresses"));
    }
    let ip = ips[0];
    let name = if flags & NI_NUMERICHOST == 0 && ip.is_loopback() { "localhost".to_owned() } else { ip.to_string() };
    let protocol = if flags & NI_DGRAM != 0 { "udp" } else { "tcp" };
    let service = if flags & NI_NUMERICSERV == 0 { service_name(port as u16, Some(protocol)) } else { None };
    let service = service.unwrap_or_else(|| port.to_string());
    let (name, service) = (cx.heap.str(&name), cx.heap.str(&service));
    Ok(cx.heap.tuple(&[name, service]).value())
}
