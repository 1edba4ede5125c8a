//! `fcntl` and `ioctl` with whatever request a Python program names.
//!
//! The buffer is copied to one of [`BUFFER`] bytes, so that no request that keeps to that size can write beside it; a
//! request with a number that the kernel takes as an address is the program's own responsibility, as it is in C.

use super::last_errno;

/// Longest argument, in bytes.
pub const BUFFER: usize = 1024;

/// Zeroes behind the argument: room for requests that write more than they were given.
const SLACK: usize = 1024;

fn checked(result: libc::c_int) -> Result<i32, i32> {
    if result < 0 { Err(last_errno()) } else { Ok(result) }
}

/// `fcntl(fd, command, number)`.
pub fn fcntl_number(fd: i32, command: i32, number: i64) -> Result<i32, i32> {
    // SAFETY: commands that take a number read no memory of ours.
    checked(unsafe { libc::fcntl(fd, command, number) })
}

/// `fcntl(fd, command, &buffer)`, with `data` at the start of the buffer; what is there afterwards.
pub fn fcntl_bytes(fd: i32, command: i32, data: &mut [u8]) -> Result<i32, i32> {
    with_buffer(data, |buffer| {
        // SAFETY: the buffer is larger than what any command of Linux reads or writes.
        unsafe { libc::fcntl(fd, command, buffer) }
    })
}

/// `ioctl(fd, request, number)`.
pub fn ioctl_number(fd: i32, request: u64, number: i64) -> Result<i32, i32> {
    // SAFETY: requests that take a number read no memory of ours.
    checked(unsafe { libc::ioctl(fd, request as libc::Ioctl, number) })
}

/// `ioctl(fd, request, &buffer)`, with `data` at the start of the buffer; what is there afterwards.
pub fn ioctl_bytes(fd: i32, request: u64, data: &mut [u8]) -> Result<i32, i32> {
    with_buffer(data, |buffer| {
        // SAFETY: the buffer has room for what a request of that size reads or writes.
        unsafe { libc::ioctl(fd, request as libc::Ioctl, buffer) }
    })
}

fn with_buffer(data: &mut [u8], call: impl FnOnce(*mut libc::c_void) -> libc::c_int) -> Result<i32, i32> {
    let mut buffer = vec![0u64; (data.len().max(BUFFER) + SLACK).div_ceil(8)];
    let bytes: &mut [u64] = &mut buffer;
    // SAFETY: bytes need no alignment, and the length is that of the words.
    let bytes = unsafe { std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast::<u8>(), bytes.len() * 8) };
    bytes[..data.len()].copy_from_slice(data);
    let result = checked(call(bytes.as_mut_ptr().cast()))?;
    data.copy_from_slice(&bytes[..data.len()]);
    Ok(result)
}

/// The attributes of a terminal, as the C library's `struct termios`.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Modes of input, output, control and local processing.
    pub modes: [u32; 4],
    /// Speeds of input and output.
    pub speeds: [u32; 2],
    pub control_characters: [u8; libc::NCCS],
}

impl Terminal {
    pub fn get(fd: i32) -> Result<Terminal, i32> {
        // SAFETY: all fields are integers.
        let mut raw: libc::termios = unsafe { std::mem::zeroed() };
        // SAFETY: `raw` is what the call fills.
        checked(unsafe { libc::tcgetattr(fd, &mut raw) })?;
        // SAFETY: these read the structure just filled.
        let speeds = unsafe { [libc::cfgetispeed(&raw), libc::cfgetospeed(&raw)] };
        let modes = [raw.c_iflag, raw.c_oflag, raw.c_cflag, raw.c_lflag];
        Ok(Terminal { modes, speeds, control_characters: raw.c_cc })
    }

    /// `when` is one of TCSANOW, TCSADRAIN and TCSAFLUSH.
    pub fn set(&self, fd: i32, when: i32) -> Result<(), i32> {
        // SAFETY: all fields are integers.
        let mut raw: libc::termios = unsafe { std::mem::zeroed() };
        // Fields that Python code does not see keep their values.
        // SAFETY: `raw` is what the call fills.
        checked(unsafe { libc::tcgetattr(fd, &mut raw) })?;
        [raw.c_iflag, raw.c_oflag, raw.c_cflag, raw.c_lflag] = self.modes;
        raw.c_cc = self.control_characters;
        // SAFETY: these change the structure alone.
        checked(unsafe { libc::cfsetispeed(&mut raw, self.speeds[0]) })?;
        // SAFETY: as above.
        checked(unsafe { libc::cfsetospeed(&mut raw, self.speeds[1]) })?;
        // SAFETY: the structure is read.
        checked(unsafe { libc::tcsetattr(fd, when, &raw) }).map(|_| ())
    }
}

/// The calls on a terminal's line that take a number: each is named as in C.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineCall {
    SendBreak,
    Drain,
    Flush,
    Flow,
}

/// Make one of the calls; `number` counts for all but `Drain`.
pub fn terminal_line(fd: i32, call: LineCall, number: i32) -> Result<(), i32> {
    // SAFETY: these take numbers alone.
    let result = unsafe {
        match call {
            LineCall::SendBreak => libc::tcsendbreak(fd, number),
            LineCall::Drain => libc::tcdrain(fd),
            LineCall::Flush => libc::tcflush(fd, number),
            LineCall::Flow => libc::tcflow(fd, number),
        }
    };
    checked(result).map(|_| ())
}
