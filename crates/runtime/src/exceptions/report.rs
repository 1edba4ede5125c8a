//! The end of a program by an exception: the report on stderr and the exit status.

use super::display::{format_exception, plain_text};
use super::fields::index;
use crate::import::sys_attr;
use crate::prelude::*;

/// Exit status of a process that an interrupt ended, as shells report it.
pub const INTERRUPTED: i32 = 130;

/// Report an exception that nobody caught, and say with which status the process should end.
///
/// `SystemExit` is obeyed; everything else goes through `sys.excepthook`.
pub fn report_uncaught(cx: &mut Cx, exception: Value) -> i32 {
    let Some(error) = exception.cast::<Exception>() else { return 1 };
    if cx.is_instance(exception, cx.types().SystemExit) {
        return exit_status(cx, error);
    }
    print_exception(cx, error);
    if cx.is_instance(exception, cx.types().KeyboardInterrupt) { INTERRUPTED } else { 1 }
}

/// The status that a SystemExit asks for; a message is printed.
fn exit_status(cx: &mut Cx, error: Gc<Exception>) -> i32 {
    let name = cx.heap.intern("code");
    let code = match get_attr_opt(cx, error.value(), name) {
        Ok(code) => code.unwrap_or(Value::NONE),
        Err(raised) => {
            cx.take_raised(raised);
            error.field(index::SYSTEM_EXIT_CODE)
        }
    };
    if code.is_none() || code.is_unbound() {
        return 0;
    }
    let code = code.unwrap_payload();
    if let Some(status) = code.as_small_or_bool() {
        return status as i32;
    }
    if code.is_a::<BigInt>() {
        return -1;
    }
    flush(cx, "stdout");
    let text = match str_of(cx, code) {
        Ok(text) => plain_text(&text),
        Err(raised) => {
            cx.take_raised(raised);
            String::new()
        }
    };
    write_stderr(cx, &format!("{text}\n"));
    1
}

/// Call `sys.excepthook`; when that is impossible, print the report and say why.
pub fn print_exception(cx: &mut Cx, error: Gc<Exception>) {
    set_last(cx, error);
    let hook = sys_attr(cx, "excepthook");
    let class = cx.class_of(error.value()).value();
    let traceback = error.traceback.get().bound().unwrap_or(Value::NONE);
    let Some(hook) = hook.filter(|hook| !hook.is_none()) else {
        write_stderr(cx, "sys.excepthook is missing\n");
        display(cx, error);
        return;
    };
    let Err(raised) = call(cx, hook, &[class, error.value(), traceback]) else {
        flush(cx, "stdout");
        return;
    };
    let second = cx.take_raised(raised);
    if cx.is_instance(second, cx.types().SystemExit) {
        return;
    }
    flush(cx, "stdout");
    write_stderr(cx, "Error in sys.excepthook:\n");
    if let Some(second) = second.cast::<Exception>() {
        display(cx, second);
    }
    write_stderr(cx, "\nOriginal exception was:\n");
    display(cx, error);
}

fn set_last(cx: &mut Cx, error: Gc<Exception>) {
    let class = cx.class_of(error.value()).value();
    let traceback = error.traceback.get().bound().unwrap_or(Value::NONE);
    let values = [
        ("last_exc", error.value()),
        ("last_type", class),
        ("last_value", error.value()),
        ("last_traceback", traceback),
    ];
    for (name, value) in values {
        if let Err(raised) = crate::import::set_sys_attr(cx, name, value) {
            cx.take_raised(raised);
        }
    }
}

/// What the original `sys.excepthook` does: the report of the exception on stderr.
pub fn display(cx: &mut Cx, error: Gc<Exception>) {
    if may_be_misspelt(cx, error) && display_by_traceback(cx, error) {
        return;
    }
    let text = match format_exception(cx, error) {
        Ok(text) => text,
        Err(raised) => {
            cx.take_raised(raised);
            let name = type_name(cx, error.value());
            format!("{name}\n")
        }
    };
    write_stderr(cx, &text);
}

/// Whether a misspelt keyword may be behind a SyntaxError: the library's `traceback` looks for one.
fn may_be_misspelt(cx: &mut Cx, error: Gc<Exception>) -> bool {
    let class = cx.types().SyntaxError;
    cx.is_instance(error.value(), class)
        && super::syntax_error::message(error).is_some_and(|message| {
            message.eq_str("invalid syntax") || message.to_string().contains("Perhaps you forgot a comma")
        })
}

/// Let `traceback` display the exception; false when it cannot.
fn display_by_traceback(cx: &mut Cx, error: Gc<Exception>) -> bool {
    let mut print = || {
        let module = crate::import::import_module(cx, "traceback")?;
        let function = cx.heap.intern("_print_exception_bltin");
        call_method(cx, module, function, &[error.value()])
    };
    match print() {
        Ok(_) => true,
        Err(raised) => {
            cx.take_raised(raised);
            false
        }
    }
}

/// Write to `sys.stderr`, or to the process's stderr when there is none that works.
pub fn write_stderr(cx: &mut Cx, text: &str) {
    let stream = sys_attr(cx, "stderr");
    if stream.is_some_and(Value::is_none) {
        return;
    }
    if let Some(stream) = stream {
        let write = cx.names().write;
        let value = cx.heap.str(text);
        match call_method(cx, stream, write, &[value]) {
            Ok(_) => {
                flush(cx, "stderr");
                return;
            }
            Err(raised) => {
                cx.take_raised(raised);
            }
        }
    }
    // Nobody is left to tell when this fails.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
}

fn flush(cx: &mut Cx, stream: &str) {
    let Some(stream) = sys_attr(cx, stream).filter(|s| !s.is_none()) else { return };
    let name = cx.names().flush;
    if let Err(raised) = call_method(cx, stream, name, &[]) {
        cx.take_raised(raised);
    }
}
