//! `getsockopt` and `setsockopt`, for the options that a safe interface exists for; others give ENOPROTOOPT.

use nix::errno::Errno;
use nix::sys::socket::{getsockopt, setsockopt, sockopt as o};

const SOL_SOCKET: i32 = 1;
const IPPROTO_TCP: i32 = 6;
const IPPROTO_IP: i32 = 0;
const IPPROTO_IPV6: i32 = 41;

/// The value of an option that is a number.
pub fn get(fd: i32, level: i32, option: i32) -> nix::Result<i64> {
    let flag = |value: nix::Result<bool>| value.map(i64::from);
    match (level, option) {
        (SOL_SOCKET, 2) => flag(getsockopt(fd, o::ReuseAddr)),
        (SOL_SOCKET, 3) => getsockopt(fd, o::SockType).map(|t| t as i64),
        (SOL_SOCKET, 4) => getsockopt(fd, o::SocketError).map(i64::from),
        (SOL_SOCKET, 5) => flag(getsockopt(fd, o::DontRoute)),
        (SOL_SOCKET, 6) => flag(getsockopt(fd, o::Broadcast)),
        (SOL_SOCKET, 7) => getsockopt(fd, o::SndBuf).map(|n| n as i64),
        (SOL_SOCKET, 8) => getsockopt(fd, o::RcvBuf).map(|n| n as i64),
        (SOL_SOCKET, 9) => flag(getsockopt(fd, o::KeepAlive)),
        (SOL_SOCKET, 10) => flag(getsockopt(fd, o::OobInline)),
        (SOL_SOCKET, 15) => flag(getsockopt(fd, o::ReusePort)),
        (SOL_SOCKET, 16) => flag(getsockopt(fd, o::PassCred)),
        (SOL_SOCKET, 30) => flag(getsockopt(fd, o::AcceptConn)),
        (IPPROTO_TCP, 1) => flag(getsockopt(fd, o::TcpNoDelay)),
        (IPPROTO_TCP, 2) => getsockopt(fd, o::TcpMaxSeg).map(i64::from),
        (IPPROTO_TCP, 4) => getsockopt(fd, o::TcpKeepIdle).map(i64::from),
        (IPPROTO_TCP, 5) => getsockopt(fd, o::TcpKeepInterval).map(i64::from),
        (IPPROTO_TCP, 6) => getsockopt(fd, o::TcpKeepCount).map(i64::from),
        (IPPROTO_IP, 33) => getsockopt(fd, o::IpMulticastTtl).map(i64::from),
        (IPPROTO_IP, 34) => flag(getsockopt(fd, o::IpMulticastLoop)),
        _ => Err(Errno::ENOPROTOOPT),
    }
}

/// Set an option that is a number.
pub fn set(fd: i32, level: i32, option: i32, value: i64) -> nix::Result<()> {
    let (flag, size, number) = (value != 0, value.max(0) as usize, value as u32);
    match (level, option) {
        (SOL_SOCKET, 2) => setsockopt(fd, o::ReuseAddr, &flag),
        (SOL_SOCKET, 5) => setsockopt(fd, o::DontRoute, &flag),
        (SOL_SOCKET, 6) => setsockopt(fd, o::Broadcast, &flag),
        (SOL_SOCKET, 7) => setsockopt(fd, o::SndBuf, &size),
        (SOL_SOCKET, 8) => setsockopt(fd, o::RcvBuf, &size),
        (SOL_SOCKET, 9) => setsockopt(fd, o::KeepAlive, &flag),
        (SOL_SOCKET, 10) => setsockopt(fd, o::OobInline, &flag),
        (SOL_SOCKET, 15) => setsockopt(fd, o::ReusePort, &flag),
        (SOL_SOCKET, 16) => setsockopt(fd, o::PassCred, &flag),
        (IPPROTO_TCP, 1) => setsockopt(fd, o::TcpNoDelay, &flag),
        (IPPROTO_TCP, 2) => setsockopt(fd, o::TcpMaxSeg, &number),
        (IPPROTO_TCP, 4) => setsockopt(fd, o::TcpKeepIdle, &number),
        (IPPROTO_TCP, 5) => setsockopt(fd, o::TcpKeepInterval, &number),
        (IPPROTO_TCP, 6) => setsockopt(fd, o::TcpKeepCount, &number),
        (IPPROTO_IP, 2) => setsockopt(fd, o::Ipv4Ttl, &(value as i32)),
        (IPPROTO_IP, 33) => setsockopt(fd, o::IpMulticastTtl, &(value as u8)),
        (IPPROTO_IP, 34) => setsockopt(fd, o::IpMulticastLoop, &flag),
        (IPPROTO_IPV6, 26) => setsockopt(fd, o::Ipv6V6Only, &flag),
        _ => Err(Errno::ENOPROTOOPT),
    }
}

/// Set an option that is a structure, given as its bytes.
pub fn set_bytes(fd: i32, level: i32, option: i32, value: &[u8]) -> nix::Result<()> {
    let word = |at: usize| value.get(at..at + 4).and_then(|b| b.try_into().ok()).map(i32::from_ne_bytes);
    match (level, option, word(0), word(4)) {
        (SOL_SOCKET, 13, Some(on), Some(seconds)) => {
            setsockopt(fd, o::Linger, &nix::libc::linger { l_onoff: on, l_linger: seconds })
        }
        (_, _, Some(number), None) if value.len() == 4 => set(fd, level, option, i64::from(number)),
        _ => Err(Errno::ENOPROTOOPT),
    }
}

/// The bytes of an option.
pub fn get_bytes(fd: i32, level: i32, option: i32, size: usize) -> nix::Result<Vec<u8>> {
    let mut out: Vec<u8> = match (level, option) {
        (SOL_SOCKET, 13) => {
            let linger = getsockopt(fd, o::Linger)?;
            [linger.l_onoff, linger.l_linger].iter().flat_map(|n| n.to_ne_bytes()).collect()
        }
        (SOL_SOCKET, 17) => {
            let peer = getsockopt(fd, o::PeerCredentials)?;
            let numbers = [peer.pid() as u32, peer.uid(), peer.gid()];
            numbers.iter().flat_map(|n| n.to_ne_bytes()).collect()
        }
        _ => (get(fd, level, option)? as i32).to_ne_bytes().to_vec(),
    };
    out.truncate(size);
    Ok(out)
}
