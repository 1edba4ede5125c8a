//! `sys.stdin`, `sys.stdout`, `sys.stderr`.

use super::{buffered, fileio, text};
use crate::start::Config;
use crate::support::set_own;
use runtime::import::{set_sys_attr, sys_attr};
use runtime::native::class_of_spec;
use runtime::prelude::*;

/// Make the standard streams; one whose descriptor is closed is None.
pub fn install_standard_streams(cx: &mut Cx, config: &Config) -> PyResult<()> {
    let (encoding, errors) = stdio_encoding(config);
    for (fd, name, label, mode) in
        [(0, "stdin", "<stdin>", "r"), (1, "stdout", "<stdout>", "w"), (2, "stderr", "<stderr>", "w")]
    {
        let stream = match nix::sys::stat::fstat(fd) {
            Ok(_) if !object::system::was_closed_at_start(fd) => {
                let errors = if fd == 2 { "backslashreplace" } else { errors.as_str() };
                make(cx, fd, label, mode, (&encoding, errors), config)?
            }
            _ => Value::NONE,
        };
        set_sys_attr(cx, name, stream)?;
        set_sys_attr(cx, &format!("__{name}__"), stream)?;
    }
    let open = cx.heap.intern("_io");
    if let Some(module) = runtime::import::get_module(cx, open)? {
        let name = cx.names().open;
        let open = get_attr(cx, module, name)?;
        if let Some(builtins) = cx.vm().builtins.get() {
            builtins.set_str(&mut cx.heap, name, open).or_raise(cx)?;
        }
    }
    Ok(())
}

/// `PYTHONIOENCODING`, else UTF-8 with the errors that the locale asks for.
fn stdio_encoding(config: &Config) -> (String, String) {
    let variable = std::env::var("PYTHONIOENCODING").ok().filter(|v| !v.is_empty() && !config.ignore_environment);
    let (encoding, errors) = match variable.as_deref() {
        Some(text) => text.split_once(':').unwrap_or((text, "")),
        None => ("", ""),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|n| std::env::var(n).ok()).find(|v| !v.is_empty());
    let is_c = locale.as_deref().is_none_or(|l| matches!(l, "C" | "POSIX"));
    let default = if is_c && encoding.is_empty() || config.utf8_mode { "surrogateescape" } else { "strict" };
    let encoding = if encoding.is_empty() { "utf-8" } else { encoding };
    (encoding.to_owned(), if errors.is_empty() { default } else { errors }.to_owned())
}

fn make(cx: &mut Cx, fd: i32, label: &str, mode: &str, codec: (&str, &str), config: &Config) -> PyResult {
    let writing = mode == "w";
    let file = fileio::from_fd(cx, fd, !writing, false)?;
    let terminal = nix::unistd::isatty(fd).unwrap_or(false);
    let name = cx.heap.str(label);
    set_own(cx, file.value(), "name", name)?;
    let unbuffered = config.unbuffered && writing;
    let spec = if writing { &buffered::writer::SPEC } else { &buffered::reader::SPEC };
    let class = class_of_spec(cx, spec)?;
    let stream = if unbuffered {
        file.value()
    } else {
        let buffer = buffered::make(cx, class);
        buffered::initialise(cx, buffer, file.value(), super::DEFAULT_BUFFER_SIZE as i64)?;
        buffer.value()
    };
    let class = class_of_spec(cx, &text::class::SPEC)?;
    let wrapper = super::base::new_native_stream(cx, class, text::TextIo::default());
    let (encoding, errors) = (cx.heap.intern(codec.0).value(), cx.heap.intern(codec.1).value());
    let newline = cx.heap.intern("\n").value();
    let line_buffering = !unbuffered && (terminal || fd == 2);
    text::initialise(
        cx,
        wrapper,
        stream,
        text::Options {
            encoding,
            errors,
            newline: if writing { newline } else { Value::NONE },
            line_buffering,
            write_through: unbuffered,
        },
    )?;
    let mode = cx.heap.intern(mode);
    set_own(cx, wrapper.value(), "mode", mode)?;
    Ok(wrapper.value())
}

/// Flush `sys.stdout` and `sys.stderr`; false when writing the output failed.
pub fn flush_standard_streams(cx: &mut Cx) -> bool {
    let mut good = true;
    for name in ["stdout", "stderr"] {
        let Some(stream) = sys_attr(cx, name).filter(|s| !s.is_none()) else { continue };
        match super::base::is_closed(cx, stream) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(raised) => {
                cx.take_raised(raised);
            }
        }
        let flush = cx.names().flush;
        if let Err(raised) = call_method(cx, stream, flush, &[]) {
            let exception = cx.take_raised(raised);
            if name == "stdout" {
                good = false;
                runtime::safepoint::write_unraisable(
                    cx,
                    exception,
                    "Exception ignored while flushing sys.stdout",
                    Value::UNBOUND,
                );
            }
        }
    }
    good
}
