//! `open()`.

use super::fileio::FileIo;
use super::{buffered, fileio, invoke, random, text};
use runtime::native::class_of_spec;
use runtime::prelude::*;

/// Arguments of `open`.
pub struct Options {
    pub file: Value,
    pub mode: Gc<Str>,
    pub buffering: i32,
    pub encoding: Value,
    pub errors: Value,
    pub newline: Value,
    pub closefd: bool,
    pub opener: Value,
}

#[derive(Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}

fn parse(cx: &mut Cx, mode: &str) -> PyResult<Mode> {
    let mut parsed = Mode::default();
    let mut seen = String::new();
    for c in mode.chars() {
        if seen.contains(c) {
            return Err(value_error(cx, format!("invalid mode: '{mode}'")));
        }
        seen.push(c);
        match c {
            'x' => parsed.creating = true,
            'r' => parsed.reading = true,
            'w' => parsed.writing = true,
            'a' => parsed.appending = true,
            '+' => parsed.updating = true,
            't' => parsed.text = true,
            'b' => parsed.binary = true,
            _ => return Err(value_error(cx, format!("invalid mode: '{mode}'"))),
        }
    }
    if parsed.text && parsed.binary {
        return Err(value_error(cx, "can't have text and binary mode at once"));
    }
    let kinds = [parsed.creating, parsed.reading, parsed.writing, parsed.appending].iter().filter(|&&k| k).count();
    if kinds > 1 {
        return Err(value_error(cx, "must have exactly one of create/read/write/append mode"));
    }
    Ok(parsed)
}

/// `open(…)`.
pub fn open(cx: &mut Cx, options: Options) -> PyResult {
    let mode_text = options.mode.to_string();
    let mode = parse(cx, &mode_text)?;
    for (what, value) in
        [("an encoding", options.encoding), ("an errors", options.errors), ("a newline", options.newline)]
    {
        if mode.binary && !value.is_none() {
            return Err(value_error(cx, format!("binary mode doesn't take {what} argument")));
        }
    }
    if mode.binary && options.buffering == 1 {
        let class = cx.types().RuntimeWarning;
        let message =
            "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
        runtime::warnings::warn(cx, class, message, 1)?;
    }
    let raw_mode =
        [(mode.creating, 'x'), (mode.reading, 'r'), (mode.writing, 'w'), (mode.appending, 'a'), (mode.updating, '+')];
    let raw_mode: String = raw_mode.iter().filter(|(on, _)| *on).map(|(_, c)| *c).collect();
    let raw_mode = cx.heap.str(&raw_mode);
    let class = class_of_spec(cx, &fileio::class::SPEC)?;
    let raw = call(cx, class.value(), &[options.file, raw_mode, Value::bool(options.closefd), options.opener])?;
    match wrap(cx, raw, &mode, &options) {
        Ok(stream) => Ok(stream),
        Err(raised) => {
            let error = cx.take_raised(raised);
            if let Err(raised) = invoke(cx, raw, "close", &[]) {
                cx.take_raised(raised);
            }
            Err(cx.raise(error))
        }
    }
}

fn wrap(cx: &mut Cx, raw: Value, mode: &Mode, options: &Options) -> PyResult {
    let mut buffering = options.buffering;
    let mut line_buffering = buffering == 1 && !mode.binary;
    let terminal = if buffering < 0 {
        let terminal = invoke(cx, raw, "isatty", &[])?;
        is_true(cx, terminal)?
    } else {
        false
    };
    if buffering == 1 || terminal {
        buffering = -1;
        line_buffering |= terminal && !mode.binary;
    }
    if buffering < 0 {
        let block = raw.cast::<Native<FileIo>>().map_or(super::DEFAULT_BUFFER_SIZE, |f| f.block_size.get());
        buffering = block.clamp(super::DEFAULT_BUFFER_SIZE, 8 << 20) as i32;
    }
    if buffering == 0 {
        if !mode.binary {
            return Err(value_error(cx, "can't have unbuffered text I/O"));
        }
        return Ok(raw);
    }
    let spec = if mode.updating {
        &random::random::SPEC
    } else if mode.reading {
        &buffered::reader::SPEC
    } else {
        &buffered::writer::SPEC
    };
    let class = class_of_spec(cx, spec)?;
    let buffer = call(cx, class.value(), &[raw, Int::from_len(buffering as usize).value()])?;
    if mode.binary {
        return Ok(buffer);
    }
    let class = class_of_spec(cx, &text::class::SPEC)?;
    let arguments = [buffer, options.encoding, options.errors, options.newline, Value::bool(line_buffering)];
    let stream = call(cx, class.value(), &arguments)?;
    let name = cx.names().mode;
    set_attr(cx, stream, name, options.mode.value())?;
    Ok(stream)
}

/// `open(path, "rb")`.
pub fn open_binary(cx: &mut Cx, file: Value) -> PyResult {
    let mode = cx.heap.intern("rb");
    let none = Value::NONE;
    open(
        cx,
        Options { file, mode, buffering: -1, encoding: none, errors: none, newline: none, closefd: true, opener: none },
    )
}
