//! `print` and `input`.

use crate::import::sys_attr;
use crate::prelude::*;

fn separator(cx: &mut Cx, name: &str, value: Value, default: u8) -> PyResult<Gc<Str>> {
    if value.is_none() {
        return Ok(cx.vm().latin1_char(default));
    }
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let found = type_name(cx, value);
            Err(type_error(cx, format_args!("{name} must be None or a string, not {found}")))
        }
    }
}

/// `print(*args, sep, end, file, flush)`.
pub fn print(cx: &mut Cx, args: Args<'_>) -> PyResult<()> {
    let (mut sep, mut end, mut file, mut flush) = (Value::NONE, Value::NONE, Value::NONE, Value::FALSE);
    for (name, value) in args.keywords() {
        match name.as_ascii() {
            Some("sep") => sep = value,
            Some("end") => end = value,
            Some("file") => file = value,
            Some("flush") => flush = value,
            _ => {
                let accepted = ["sep", "end", "file", "flush"].into_iter().map(str::to_owned);
                return Err(crate::suggest::unexpected_keyword(cx, "print", name, accepted));
            }
        }
    }
    if file.is_none() {
        file = match sys_attr(cx, "stdout") {
            Some(stdout) if stdout.is_none() => return Ok(()),
            Some(stdout) => stdout,
            None => return Err(runtime_error(cx, "lost sys.stdout")),
        };
    }
    let sep = separator(cx, "sep", sep, b' ')?;
    let end = separator(cx, "end", end, b'\n')?;
    let write = cx.names().write;
    for (i, &value) in args.positional().iter().enumerate() {
        if i > 0 {
            call_method(cx, file, write, &[sep.value()])?;
        }
        let text = str_of(cx, value)?;
        call_method(cx, file, write, &[text.value()])?;
    }
    call_method(cx, file, write, &[end.value()])?;
    if is_true(cx, flush)? {
        let flush = cx.names().flush;
        call_method(cx, file, flush, &[])?;
    }
    Ok(())
}

fn stream(cx: &mut Cx, name: &str) -> PyResult {
    match sys_attr(cx, name).filter(|stream| !stream.is_none()) {
        Some(stream) => Ok(stream),
        None => Err(runtime_error(cx, format_args!("input(): lost sys.{name}"))),
    }
}

/// `input(prompt)`.
pub fn input(cx: &mut Cx, prompt: Value) -> PyResult {
    let stdin = stream(cx, "stdin")?;
    let stdout = stream(cx, "stdout")?;
    let stderr = stream(cx, "stderr")?;
    let names = cx.names();
    // A stream that cannot be flushed does not keep us from reading.
    if let Err(raised) = call_method(cx, stderr, names.flush, &[]) {
        let class = cx.types().Exception;
        cx.catch(raised, class)?;
    }
    let prompt = str_of(cx, prompt)?;
    if !prompt.is_empty() {
        call_method(cx, stdout, names.write, &[prompt.value()])?;
    }
    if let Err(raised) = call_method(cx, stdout, names.flush, &[]) {
        let class = cx.types().Exception;
        cx.catch(raised, class)?;
    }
    let line = call_method(cx, stdin, names.readline, &[])?;
    let Some(line) = line.downcast::<Str>() else {
        return Err(type_error(cx, "object.readline() returned non-string"));
    };
    if line.is_empty() {
        return Err(eof_error(cx, "EOF when reading a line"));
    }
    if line.get(line.len() - 1) == '\n' as u32 {
        return Ok(Str::substring(&mut cx.heap, line, 0, line.len() - 1).or_raise(cx)?.value());
    }
    Ok(line.value())
}
