//! `sys.displayhook`, `excepthook`, `unraisablehook`, `breakpointhook` and audit hooks.

use crate::support::write_stderr;
use runtime::import::{import_module, sys_attr};
use runtime::prelude::*;

struct AuditHooks(RootVec);

/// `sys.addaudithook`: hooks that are there already may object.
pub fn add_audit_hook(cx: &mut Cx, hook: Value) -> PyResult<()> {
    let event = cx.heap.intern("sys.addaudithook");
    if let Err(raised) = audit(cx, event, &[]) {
        // An exception of class Exception keeps the hook out silently; others go on.
        return cx.catch(raised, cx.types().Exception);
    }
    let vm = cx.vm();
    vm.extension(|| AuditHooks(vm.root_vec())).0.push(hook);
    Ok(())
}

/// Tell the audit hooks of an event.
pub fn audit(cx: &mut Cx, event: Gc<Str>, args: &[Value]) -> PyResult<()> {
    let vm = cx.vm();
    let hooks = vm.extension(|| AuditHooks(vm.root_vec()));
    if hooks.0.is_empty() {
        return Ok(());
    }
    let args = cx.heap.tuple(args).value();
    for i in 0..hooks.0.len() {
        call(cx, hooks.0.get(i), &[event.value(), args])?;
    }
    Ok(())
}

/// `sys.displayhook`.
pub fn display(cx: &mut Cx, object: Value) -> PyResult<()> {
    let Some(builtins) = cx.vm().builtins.get() else { return Err(runtime_error(cx, "lost builtins module")) };
    if object.is_none() {
        return Ok(());
    }
    let underscore = cx.heap.intern("_");
    builtins.set_str(&mut cx.heap, underscore, Value::NONE).or_raise(cx)?;
    let Some(stdout) = sys_attr(cx, "stdout").filter(|f| !f.is_none()) else {
        return Err(runtime_error(cx, "lost sys.stdout"));
    };
    let text = repr_of(cx, object)?;
    let write = cx.names().write;
    if let Err(raised) = call_method(cx, stdout, write, &[text.value()]) {
        cx.catch(raised, cx.types().UnicodeEncodeError)?;
        let encoding = get_attr(cx, stdout, cx.names().encoding)?;
        let (encode, decode) = (cx.heap.intern("encode"), cx.heap.intern("decode"));
        let backslash = cx.names().backslashreplace.value();
        let strict = cx.names().strict.value();
        let bytes = call_method(cx, text.value(), encode, &[encoding, backslash])?;
        let buffer = cx.heap.intern("buffer");
        match get_attr_opt(cx, stdout, buffer)? {
            Some(buffer) => {
                call_method(cx, buffer, write, &[bytes])?;
            }
            None => {
                let text = call_method(cx, bytes, decode, &[encoding, strict])?;
                call_method(cx, stdout, write, &[text])?;
            }
        }
    }
    let newline = cx.heap.str("\n");
    call_method(cx, stdout, write, &[newline])?;
    builtins.set_str(&mut cx.heap, underscore, object).or_raise(cx)
}

/// `sys.excepthook`.
pub fn except(cx: &mut Cx, value: Value, traceback: Value) -> PyResult<()> {
    if let (Some(exception), Some(traceback)) = (value.cast::<Exception>(), traceback.cast::<Traceback>())
        && exception.traceback.get().is_unbound()
    {
        exception.traceback.set(exception, traceback);
    }
    print_exception(cx, value);
    Ok(())
}

/// Print an exception with its traceback on `sys.stderr`, as the module `traceback` shows it.
pub fn print_exception(cx: &mut Cx, value: Value) {
    if let Some(exception) = value.cast::<Exception>() {
        runtime::exceptions::report::display(cx, exception);
    }
}

/// `sys.unraisablehook`.
pub fn unraisable(cx: &mut Cx, arguments: Value) -> PyResult<()> {
    let get = |cx: &mut Cx, name: &str| {
        let name = cx.heap.intern(name);
        get_attr_opt(cx, arguments, name).map(|v| v.unwrap_or(Value::NONE))
    };
    let (object, message) = (get(cx, "object")?, get(cx, "err_msg")?);
    let (value, traceback) = (get(cx, "exc_value")?, get(cx, "exc_traceback")?);
    let mut text = String::new();
    if !object.is_none() {
        match message.downcast::<Str>() {
            Some(message) => text.push_str(&format!("{message} ")),
            None => text.push_str("Exception ignored in: "),
        }
        match repr_of(cx, object) {
            Ok(repr) => text.push_str(&repr.to_string()),
            Err(raised) => {
                cx.take_raised(raised);
                text.push_str("<object repr() failed>");
            }
        }
        text.push('\n');
    } else if let Some(message) = message.downcast::<Str>() {
        text.push_str(&format!("{message}:\n"));
    }
    write_stderr(cx, &text);
    if let (Some(exception), Some(traceback)) = (value.cast::<Exception>(), traceback.cast::<Traceback>())
        && exception.traceback.get().is_unbound()
    {
        exception.traceback.set(exception, traceback);
    }
    if !value.is_none() {
        print_exception(cx, value);
    }
    Ok(())
}

/// `sys.breakpointhook`: what `PYTHONBREAKPOINT` names, `pdb.set_trace` unless set.
pub fn breakpoint(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let target = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    if target == "0" {
        return Ok(Value::NONE);
    }
    let target = if target.is_empty() { "pdb.set_trace".to_owned() } else { target };
    let (module, name) = target.rsplit_once('.').unwrap_or(("builtins", target.as_str()));
    let found = import_module(cx, module).and_then(|module| {
        let name = cx.heap.intern(name);
        get_attr(cx, module, name)
    });
    match found {
        Ok(hook) => call_args(cx, hook, args),
        Err(raised) => {
            cx.take_raised(raised);
            let class = cx.types().RuntimeWarning;
            runtime::warnings::warn(cx, class, &format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{target}\""), 1)?;
            Ok(Value::NONE)
        }
    }
}
