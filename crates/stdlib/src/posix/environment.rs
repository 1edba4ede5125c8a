//! The environment, the system's name, the terminal's size, random bytes.

use crate::support::{c_string, errno_error, fs_encode, io_error};
use macros::native_module;
use runtime::native::structseq::{Field, StructSeq, new_structseq};
use runtime::prelude::*;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

pub static TERMINAL_SIZE: StructSeq = StructSeq::new(
    "os",
    "terminal_size",
    "A tuple of (columns, lines) for holding terminal window size",
    &[
        Field::new("columns", "width of the terminal window in characters"),
        Field::new("lines", "height of the terminal window in characters"),
    ],
    2,
);

pub static UNAME_RESULT: StructSeq = StructSeq::new(
    "posix",
    "uname_result",
    "uname_result: Result from os.uname().\n\nThis object may be accessed either as a tuple of\n  (sysname, nodename, \
          release, version, machine),\nor via the attributes sysname, nodename, release, version, and machine.\n\nSee \
          os.uname for more information.",
    &[
        Field::new("sysname", "operating system name"),
        Field::new("nodename", "name of machine on network (implementation-defined)"),
        Field::new("release", "operating system release"),
        Field::new("version", "operating system version"),
        Field::new("machine", "hardware identifier"),
    ],
    5,
);

/// The environment as a dict of bytes.
pub fn environ(cx: &mut Cx) -> PyResult<Gc<Dict>> {
    let dict = Dict::new(&mut cx.heap);
    for (name, value) in std::env::vars_os() {
        let name = cx.heap.bytes(name.as_bytes()).or_raise(cx)?.value();
        let value = cx.heap.bytes(value.as_bytes()).or_raise(cx)?.value();
        runtime::dict::set(cx, dict, name, value)?;
    }
    Ok(dict)
}

fn text(cx: &mut Cx, value: Value) -> PyResult<OsString> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(OsString::from_vec(bytes.as_slice().to_vec()));
    }
    match value.downcast::<Str>() {
        Some(text) => Ok(OsString::from_vec(fs_encode(cx, text)?)),
        None => {
            let name = type_name(cx, value);
            Err(type_error(cx, format!("expected str, bytes or os.PathLike object, not {name}")))
        }
    }
}

fn set_variable(cx: &mut Cx, name: &OsStr, value: Option<&OsStr>) -> PyResult<()> {
    let name = c_string(cx, name.as_bytes())?;
    let value = value.map(|value| c_string(cx, value.as_bytes())).transpose()?;
    object::system::set_variable(&name, value.as_deref()).map_err(|errno| os_error(cx, errno, None))
}

#[native_module(name = "posix.environment")]
pub mod group {
    use super::*;

    /// Change or add an environment variable.
    #[function("putenv(name, value, /)")]
    fn putenv(cx: &mut Cx, name: Value, value: Value) -> PyResult<()> {
        let (name, value) = (text(cx, name)?, text(cx, value)?);
        if name.as_bytes().contains(&b'=') {
            return Err(value_error(cx, "illegal environment variable name"));
        }
        set_variable(cx, &name, Some(&value))
    }

    /// Delete an environment variable.
    #[function("unsetenv(name, /)")]
    fn unsetenv(cx: &mut Cx, name: Value) -> PyResult<()> {
        let name = text(cx, name)?;
        set_variable(cx, &name, None)
    }

    /// The environment as it is now.
    #[function("_create_environ()")]
    fn _create_environ(cx: &mut Cx) -> PyResult<Gc<Dict>> {
        environ(cx)
    }

    /// Return an object identifying the current operating system.
    ///
    /// The object behaves like a named tuple with the following fields:
    ///   (sysname, nodename, release, version, machine)
    #[function("uname()")]
    fn uname(cx: &mut Cx) -> PyResult {
        match nix::sys::utsname::uname() {
            Ok(name) => {
                let mut values = [Value::NONE; 5];
                let parts = [name.sysname(), name.nodename(), name.release(), name.version(), name.machine()];
                for (value, part) in values.iter_mut().zip(parts) {
                    *value = crate::support::os_str(cx, part)?;
                }
                new_structseq(cx, &UNAME_RESULT, &values)
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Return the size of the terminal window as (columns, lines).
    ///
    /// The optional argument fd (default standard output) specifies
    /// which file descriptor should be queried.
    ///
    /// If the file descriptor is not connected to a terminal, an OSError
    /// is thrown.
    #[function("get_terminal_size(fd=<unrepresentable>, /)", text_signature = false)]
    fn get_terminal_size(cx: &mut Cx, fd: Option<i32>) -> PyResult {
        let fd = fd.unwrap_or(1);
        let outcome = match fd {
            0 => rustix::termios::tcgetwinsize(std::io::stdin()),
            1 => rustix::termios::tcgetwinsize(std::io::stdout()),
            2 => rustix::termios::tcgetwinsize(std::io::stderr()),
            _ => match std::fs::File::open(format!("/proc/self/fd/{fd}")) {
                Ok(file) => rustix::termios::tcgetwinsize(file),
                Err(error) => return Err(io_error(cx, &error, None)),
            },
        };
        match outcome {
            Ok(size) => {
                let values = [size.ws_col, size.ws_row].map(|n| Int::from_len(n as usize).value());
                new_structseq(cx, &TERMINAL_SIZE, &values)
            }
            Err(error) => Err(os_error(cx, error.raw_os_error(), None)),
        }
    }

    fn random(cx: &mut Cx, size: i64) -> PyResult {
        let Ok(size) = usize::try_from(size) else { return Err(value_error(cx, "negative argument not allowed")) };
        runtime::types::str::edit::check_length(cx, Some(size))?;
        let mut data = vec![0; size];
        let outcome = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut data));
        match outcome {
            Ok(()) => Ok(cx.heap.bytes(&data).or_raise(cx)?.value()),
            Err(error) => Err(io_error(cx, &error, None)),
        }
    }

    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[function("urandom(size, /)")]
    fn urandom(cx: &mut Cx, size: i64) -> PyResult {
        random(cx, size)
    }

    /// Obtain a series of random bytes.
    #[function("getrandom(size, flags=0)")]
    fn getrandom(cx: &mut Cx, size: i64, flags: i32) -> PyResult {
        let _ = flags;
        random(cx, size)
    }

    /// Translate an error code to a message string.
    #[function("strerror(code, /)")]
    fn strerror(code: i32) -> String {
        crate::system::error_text(code)
    }

    /// Return the number of logical CPUs in the system.
    ///
    /// Return None if indeterminable.
    #[function("cpu_count()")]
    fn cpu_count(cx: &mut Cx) -> Value {
        let _ = &cx;
        match nix::unistd::sysconf(nix::unistd::SysconfVar::_NPROCESSORS_ONLN) {
            Ok(Some(n)) if n > 0 => Int::from_len(n as usize).value(),
            _ => Value::NONE,
        }
    }

    /// Return average recent system load information.
    ///
    /// Return the number of processes in the system run queue averaged over
    /// the last 1, 5, and 15 minutes as a tuple of three floats.
    /// Raises OSError if the load average was unobtainable.
    #[function("getloadavg()")]
    fn getloadavg(cx: &mut Cx) -> PyResult {
        match nix::sys::sysinfo::sysinfo() {
            Ok(info) => {
                let (a, b, c) = info.load_average();
                let values = [a, b, c].map(|f| cx.heap.float(f));
                Ok(cx.heap.tuple(&values).value())
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Return the name of the controlling terminal for this process.
    #[function("ctermid()")]
    fn ctermid() -> &'static str {
        "/dev/tty"
    }
}
