//! Reading of text streams: chunks are decoded, line ends translated, and lines cut out of the decoded text.

use super::codec::{self, Codec};
use super::text::{Text, check_open, write_pending};
use super::{buffered, invoke, newline, unsupported};
use runtime::prelude::*;

/// Forget decoded text and undecoded bytes.
pub fn forget(this: Text) {
    this.decoded.clear();
    this.used.set(0);
    this.tail.borrow_mut().clear();
    let mut snapshot = this.snapshot.borrow_mut();
    snapshot.valid = false;
    snapshot.input.clear();
}

/// Decoded text that was not given out yet.
fn rest(this: Text) -> Option<(Gc<Str>, usize)> {
    let text = this.decoded.get().cast::<Str>()?;
    (this.used.get() < text.len()).then(|| (text, this.used.get()))
}

fn check_readable(cx: &mut Cx, this: Text, stream: Value) -> PyResult<()> {
    if this.codec.get() == Codec::Incremental {
        return if this.decoder.get().is_bound() { Ok(()) } else { Err(unsupported(cx, "not readable")) };
    }
    if buffered::exact(cx, stream).is_some_and(|_| cx.class_of(stream).display_name() == "BufferedReader") {
        return Ok(());
    }
    let readable = invoke(cx, stream, "readable", &[])?;
    if is_true(cx, readable)? { Ok(()) } else { Err(unsupported(cx, "not readable")) }
}

/// Decode `data` behind what was left undecoded.
pub fn decode(cx: &mut Cx, this: Text, data: &[u8], last: bool) -> PyResult<Gc<Str>> {
    if this.codec.get() == Codec::Incremental {
        return decode_by_object(cx, this, data, last);
    }
    let mut input = std::mem::take(&mut *this.tail.borrow_mut());
    let joined = if input.is_empty() {
        data
    } else {
        input.extend_from_slice(data);
        &input
    };
    // A `\r` at the end may be half of a line end: it waits.
    let held = this.universal.get() && !last && joined.last() == Some(&b'\r');
    let body = &joined[..joined.len() - held as usize];
    let handler = this.handler.borrow().clone();
    let (text, used) = codec::decode_native(cx, this.codec.get(), body, &handler, last)?;
    if used < joined.len() && !last {
        *this.tail.borrow_mut() = joined[used..].to_vec();
    }
    if this.universal.get() { newline::process(cx, text, this.translate.get(), &this.seen) } else { Ok(text) }
}

/// As [`decode`], by the decoder object; a `\r` at the end waits in `tail`.
fn decode_by_object(cx: &mut Cx, this: Text, data: &[u8], last: bool) -> PyResult<Gc<Str>> {
    let data = cx.heap.bytes(data).or_raise(cx)?.value();
    let text = invoke(cx, this.decoder.get(), "decode", &[data, Value::bool(last)])?;
    let Some(mut text) = text.downcast::<Str>() else {
        let name = type_name(cx, text);
        return Err(type_error(cx, format!("decoder should return a string result, not '{name}'")));
    };
    if !this.universal.get() {
        return Ok(text);
    }
    let waiting = !this.tail.borrow().is_empty();
    if waiting && (last || !text.is_empty()) {
        this.tail.borrow_mut().clear();
        let cr = cx.heap.intern("\r");
        text = Str::concat(&mut cx.heap, cr, text).or_raise(cx)?;
    }
    if !last && !text.is_empty() && text.get(text.len() - 1) == '\r' as u32 {
        this.tail.borrow_mut().push(b'\r');
        text = Str::substring(&mut cx.heap, text, 0, text.len() - 1).or_raise(cx)?;
    }
    newline::process(cx, text, this.translate.get(), &this.seen)
}

/// Remember where the next chunk starts, for `tell()`.
fn take_snapshot(cx: &mut Cx, this: Text) -> PyResult<()> {
    let (mut input, mut flags) = (this.tail.borrow().clone(), 0);
    if this.codec.get() == Codec::Incremental {
        let state = invoke(cx, this.decoder.get(), "getstate", &[])?;
        let Some(state) = state.downcast::<Tuple>().filter(|s| s.len() == 2) else {
            return Err(type_error(cx, "illegal decoder state"));
        };
        let held = !input.is_empty();
        input = runtime::buffer::to_vec(cx, state.get(0))?;
        flags = runtime::number::as_i64(cx, state.get(1))? << 1 | held as i64;
    }
    let mut snapshot = this.snapshot.borrow_mut();
    snapshot.input = input;
    snapshot.flags = flags;
    snapshot.valid = true;
    Ok(())
}

/// Read and decode the next chunk; false at the end.
fn read_chunk(cx: &mut Cx, this: Text, hint: usize) -> PyResult<bool> {
    let stream = this.buffer.get();
    check_readable(cx, this, stream)?;
    write_pending(cx, this)?;
    let telling = this.telling.get();
    if telling {
        take_snapshot(cx, this)?;
    }
    let size = this.chunk_size().max(hint);
    let data = match buffered::exact(cx, stream) {
        Some(buffer) => buffered::read1(cx, buffer, Some(size))?,
        None => {
            let read1 = cx.heap.intern("read1");
            let method = match get_attr_opt(cx, stream, read1)? {
                Some(method) => method,
                None => get_attr(cx, stream, cx.names().read)?,
            };
            let data = call(cx, method, &[Int::from_len(size).value()])?;
            if !runtime::buffer::is_buffer(cx, data) {
                let name = type_name(cx, data);
                return Err(type_error(
                    cx,
                    format!("underlying read1() should have returned a bytes-like object, not '{name}'"),
                ));
            }
            runtime::buffer::to_vec(cx, data)?
        }
    };
    let last = data.is_empty();
    let text = decode(cx, this, &data, last)?;
    if telling {
        this.snapshot.borrow_mut().input.extend_from_slice(&data);
    }
    this.decoded.set(this, text);
    this.used.set(0);
    Ok(!last || !text.is_empty())
}

/// Read `size` characters, or everything.
pub fn read(cx: &mut Cx, this: Text, size: Option<usize>) -> PyResult<Gc<Str>> {
    let stream = check_open(cx, this)?;
    check_readable(cx, this, stream)?;
    write_pending(cx, this)?;
    let Some(size) = size else { return read_all(cx, this, stream) };
    let mut out = StrBuilder::new();
    loop {
        if let Some((text, from)) = rest(this) {
            let n = (text.len() - from).min(size - out.len());
            if out.is_empty() && n == size {
                this.used.set(from + n);
                return Str::substring(&mut cx.heap, text, from, from + n).or_raise(cx);
            }
            out.push_slice(&text, from, from + n);
            this.used.set(from + n);
        }
        if out.len() >= size || !read_chunk(cx, this, size - out.len())? {
            return out.finish(&mut cx.heap).or_raise(cx);
        }
    }
}

fn read_all(cx: &mut Cx, this: Text, stream: Value) -> PyResult<Gc<Str>> {
    let data = match buffered::exact(cx, stream) {
        Some(buffer) => buffered::read(cx, buffer, None)?,
        None => {
            let data = call_method(cx, stream, cx.names().read, &[])?;
            if data.is_none() { None } else { Some(runtime::buffer::to_vec(cx, data)?) }
        }
    };
    let Some(data) = data else {
        let class = cx.types().BlockingIOError;
        return Err(raise_class(cx, class, "Read returned None."));
    };
    let ahead = rest(this);
    let text = decode(cx, this, &data, true)?;
    let text = match ahead {
        Some((before, from)) => {
            let before = Str::substring(&mut cx.heap, before, from, before.len()).or_raise(cx)?;
            Str::concat(&mut cx.heap, before, text).or_raise(cx)?
        }
        None => text,
    };
    forget(this);
    Ok(text)
}

/// Where a line that starts at `from` ends; `None` when `text` does not hold its end.
fn line_end(text: &Str, from: usize, universal: bool, translated: bool, newline: Option<&str>) -> Option<usize> {
    let find = |c: char, from: usize| match text.chars() {
        object::Chars::Latin1(bytes) => bytes[from..].iter().position(|&b| b == c as u8).map(|i| from + i),
        _ => (from..text.len()).find(|&i| text.get(i) == c as u32),
    };
    if translated {
        return find('\n', from).map(|i| i + 1);
    }
    if universal {
        let lf = find('\n', from);
        let cr = find('\r', from).filter(|&cr| lf.is_none_or(|lf| cr < lf));
        return match (cr, lf) {
            (Some(cr), _) if cr + 1 < text.len() && text.get(cr + 1) == '\n' as u32 => Some(cr + 2),
            (Some(cr), _) => Some(cr + 1),
            (None, lf) => lf.map(|i| i + 1),
        };
    }
    match newline {
        Some("\r") => find('\r', from).map(|i| i + 1),
        Some("\r\n") => {
            let mut at = from;
            while let Some(cr) = find('\r', at) {
                if cr + 1 < text.len() && text.get(cr + 1) == '\n' as u32 {
                    return Some(cr + 2);
                }
                at = cr + 1;
            }
            None
        }
        _ => find('\n', from).map(|i| i + 1),
    }
}

/// Read a line of at most `limit` characters; empty at the end.
pub fn readline(cx: &mut Cx, this: Text, limit: Option<usize>) -> PyResult<Gc<Str>> {
    let (universal, translated) = (this.universal.get(), this.translate.get());
    let newline = this.read_newline();
    let limit = limit.unwrap_or(usize::MAX);
    // The start of a line whose end is in a later chunk.
    let mut start: Option<Gc<Str>> = None;
    loop {
        let Some((text, from)) = rest(this) else {
            if read_chunk(cx, this, 0)? {
                continue;
            }
            forget_decoded(this);
            return Ok(start.unwrap_or(cx.vm().empty_str()));
        };
        // A line end may lie across two chunks: look at both.
        let (text, from, seam) = match start.take() {
            Some(start) => {
                let tail = Str::substring(&mut cx.heap, text, from, text.len()).or_raise(cx)?;
                let seam = start.len();
                (Str::concat(&mut cx.heap, start, tail).or_raise(cx)?, 0, seam)
            }
            None => (text, from, 0),
        };
        let search = from + seam.saturating_sub(1);
        let end = line_end(&text, search.min(text.len()), universal, translated, newline.as_deref());
        let end = end.unwrap_or(usize::MAX).min(from.saturating_add(limit));
        if end <= text.len() {
            if seam > 0 {
                // The joined text is what is read on from; positions of the chunk shift by the part in front.
                let chunk = this.decoded.get().cast::<Str>().map_or(0, |c| c.len());
                this.used.set(chunk - (text.len() - end));
            } else {
                this.used.set(end);
            }
            return Str::substring(&mut cx.heap, text, from, end).or_raise(cx);
        }
        start =
            Some(if from == 0 { text } else { Str::substring(&mut cx.heap, text, from, text.len()).or_raise(cx)? });
        this.used.set(this.decoded.get().cast::<Str>().map_or(0, |c| c.len()));
        if !read_chunk(cx, this, 0)? {
            forget_decoded(this);
            return Ok(start.unwrap_or(cx.vm().empty_str()));
        }
    }
}

/// At the end of the stream: nothing is decoded any more, the position is the buffer's.
fn forget_decoded(this: Text) {
    this.decoded.clear();
    this.used.set(0);
    let mut snapshot = this.snapshot.borrow_mut();
    snapshot.valid = false;
    snapshot.input.clear();
}
