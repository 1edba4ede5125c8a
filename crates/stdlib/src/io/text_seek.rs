//! `tell` and `seek` of text streams.
//!
//! A position is the byte where decoding has to start again. With the native codecs decoding can start at every character;
//! with incremental ones the decoder's flags are part of the position (above bit 64).

use super::codec::Codec;
use super::text::{Text, check_open, flush, write_pending};
use super::{invoke, text_read, unsupported};
use runtime::prelude::*;

const FLAGS: u32 = 64;

pub fn tell(cx: &mut Cx, this: Text) -> PyResult {
    let stream = check_open(cx, this)?;
    if !this.seekable.get() {
        return Err(unsupported(cx, "underlying stream is not seekable"));
    }
    if !this.telling.get() {
        let class = cx.types().OSError;
        return Err(raise_class(cx, class, "telling position disabled by next() call"));
    }
    write_pending(cx, this)?;
    flush(cx, this)?;
    let position = invoke(cx, stream, "tell", &[])?;
    if !this.snapshot.borrow().valid {
        return Ok(position);
    }
    let position = runtime::number::as_i64(cx, position)?;
    let (input, flags) = {
        let snapshot = this.snapshot.borrow();
        (snapshot.input.clone(), snapshot.flags)
    };
    let start = position - input.len() as i64;
    let used = this.used.get();
    let (bytes, flags) = consumed(cx, this, &input, flags, used)?;
    let cookie = (start + bytes as i64).max(0) as i128 | (flags as i128) << FLAGS;
    Ok(object::BigInt::from_i128(&mut cx.heap, cookie))
}

/// How many bytes of `input` make the first `used` characters, and the decoder's flags there.
fn consumed(cx: &mut Cx, this: Text, input: &[u8], flags: i64, used: usize) -> PyResult<(usize, i64)> {
    if used == 0 {
        return Ok((0, flags));
    }
    let saved = (this.tail.borrow().clone(), this.seen.get());
    let state = match this.codec.get() {
        Codec::Incremental => Some(invoke(cx, this.decoder.get(), "getstate", &[])?),
        _ => None,
    };
    let outcome = search(cx, this, input, flags, used);
    *this.tail.borrow_mut() = saved.0;
    this.seen.set(saved.1);
    if let Some(state) = state {
        invoke(cx, this.decoder.get(), "setstate", &[state])?;
    }
    outcome
}

fn set_state(cx: &mut Cx, this: Text, flags: i64) -> PyResult<()> {
    this.tail.borrow_mut().clear();
    if this.codec.get() == Codec::Incremental {
        if flags & 1 != 0 {
            this.tail.borrow_mut().push(b'\r');
        }
        let empty = cx.heap.bytes(b"").or_raise(cx)?.value();
        let inner = BigInt::from_i64(&mut cx.heap, flags >> 1);
        let state = cx.heap.tuple(&[empty, inner]).value();
        invoke(cx, this.decoder.get(), "setstate", &[state])?;
    }
    Ok(())
}

fn search(cx: &mut Cx, this: Text, input: &[u8], flags: i64, used: usize) -> PyResult<(usize, i64)> {
    set_state(cx, this, flags)?;
    let mut characters = 0;
    // Large strides first: ASCII text has as many bytes as characters.
    let mut at = 0;
    while at < input.len() {
        let stride = ((used - characters) / 4).clamp(1, input.len() - at);
        let text = text_read::decode(cx, this, &input[at..at + stride], false)?;
        at += stride;
        characters += text.len();
        let clean = this.tail.borrow().is_empty();
        if characters == used && (clean || this.codec.get() != Codec::Incremental) {
            let held = if this.codec.get() == Codec::Incremental { 0 } else { this.tail.borrow().len() };
            return Ok((at - held, current_flags(cx, this)?));
        }
        if characters > used {
            break;
        }
    }
    if characters > used {
        let class = cx.types().OSError;
        return Err(raise_class(cx, class, "can't reconstruct logical file position"));
    }
    Ok((input.len(), current_flags(cx, this)?))
}

fn current_flags(cx: &mut Cx, this: Text) -> PyResult<i64> {
    if this.codec.get() != Codec::Incremental {
        return Ok(0);
    }
    let state = invoke(cx, this.decoder.get(), "getstate", &[])?;
    match state.downcast::<Tuple>().and_then(|s| s.try_get(1)) {
        Some(flags) => Ok(runtime::number::as_i64(cx, flags)? << 1),
        None => Ok(0),
    }
}

pub fn seek(cx: &mut Cx, this: Text, cookie: Value, whence: i32) -> PyResult {
    let stream = check_open(cx, this)?;
    if !this.seekable.get() {
        return Err(unsupported(cx, "underlying stream is not seekable"));
    }
    let is_zero = cookie == Int::ZERO.value();
    let cookie = match whence {
        1 if !is_zero => return Err(unsupported(cx, "can't do nonzero cur-relative seeks")),
        1 => {
            flush(cx, this)?;
            tell(cx, this)?
        }
        2 if !is_zero => return Err(unsupported(cx, "can't do nonzero end-relative seeks")),
        2 => {
            flush(cx, this)?;
            text_read::forget(this);
            if this.decoder.get().is_bound() {
                invoke(cx, this.decoder.get(), "reset", &[])?;
            }
            let end = invoke(cx, stream, "seek", &[Int::ZERO.value(), Int::from_len(2).value()])?;
            reset_encoder(cx, this, end == Int::ZERO.value())?;
            return Ok(end);
        }
        0 => cookie,
        _ => {
            return Err(value_error(cx, format!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    let shift = Int::from_len(FLAGS as usize).value();
    let cookie = index_value(cx, cookie)?;
    if compare_bool(cx, cookie, Int::ZERO.value(), CompareOp::Lt)? {
        let shown = repr_of(cx, cookie)?;
        return Err(value_error(cx, format!("negative seek position {shown}")));
    }
    flush(cx, this)?;
    let flags = binary_op(cx, BinaryOp::Rshift, cookie, shift)?;
    let flags = runtime::number::as_i64(cx, flags)?;
    let high = {
        let flags = runtime_int(cx, flags);
        binary_op(cx, BinaryOp::Lshift, flags, shift)
    }?;
    let position = binary_op(cx, BinaryOp::Subtract, cookie, high)?;
    invoke(cx, stream, "seek", &[position])?;
    text_read::forget(this);
    if this.decoder.get().is_bound() {
        if flags == 0 && position == Int::ZERO.value() {
            invoke(cx, this.decoder.get(), "reset", &[])?;
        } else {
            set_state(cx, this, flags)?;
        }
    }
    reset_encoder(cx, this, position == Int::ZERO.value())?;
    Ok(cookie)
}

fn runtime_int(cx: &mut Cx, n: i64) -> Value {
    object::BigInt::from_i64(&mut cx.heap, n)
}

/// The encoder starts anew at the start of the stream, and writes no byte-order mark elsewhere.
fn reset_encoder(cx: &mut Cx, this: Text, at_start: bool) -> PyResult<()> {
    if this.encoder.get().is_unbound() {
        return Ok(());
    }
    if at_start {
        invoke(cx, this.encoder.get(), "reset", &[])?;
    } else {
        invoke(cx, this.encoder.get(), "setstate", &[Int::ZERO.value()])?;
    }
    Ok(())
}
