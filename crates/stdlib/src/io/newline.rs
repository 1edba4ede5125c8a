//! Universal newlines: translation of `\r\n` and `\r`, and `IncrementalNewlineDecoder`.

use super::invoke;
use macros::{Trace, native_class};
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

/// Kinds of line ends seen so far.
pub const SEEN_LF: u8 = 1;
pub const SEEN_CR: u8 = 2;
pub const SEEN_CRLF: u8 = 4;

/// `newlines` attribute: None, one string, or a tuple.
pub fn seen_value(cx: &mut Cx, seen: u8) -> Value {
    let mut items = [Value::NONE; 3];
    let mut n = 0;
    for (bit, text) in [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")] {
        if seen & bit != 0 {
            items[n] = cx.heap.intern(text).value();
            n += 1;
        }
    }
    match n {
        0 => Value::NONE,
        1 => items[0],
        _ => cx.heap.tuple(&items[..n]).value(),
    }
}

/// Note the line ends in `text` and translate them to `\n` when `translate`. A `\r` at the very end counts as a line end:
/// callers hold it back while more may come.
pub fn process(cx: &mut Cx, text: Gc<Str>, translate: bool, seen: &Cell<u8>) -> PyResult<Gc<Str>> {
    let has_cr = match text.chars() {
        object::Chars::Latin1(bytes) => bytes.contains(&b'\r'),
        _ => text.iter().any(|c| c == '\r' as u32),
    };
    if !has_cr {
        if seen.get() & SEEN_LF == 0 && text.iter().any(|c| c == '\n' as u32) {
            seen.set(seen.get() | SEEN_LF);
        }
        return Ok(text);
    }
    let mut out = StrBuilder::with_capacity(text.len());
    let mut chars = text.iter().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' as u32 {
            seen.set(seen.get() | SEEN_LF);
        } else if c == '\r' as u32 {
            let crlf = chars.peek() == Some(&('\n' as u32));
            seen.set(seen.get() | if crlf { SEEN_CRLF } else { SEEN_CR });
            if translate {
                if crlf {
                    chars.next();
                }
                out.push_char('\n');
                continue;
            }
            if crlf {
                out.push(c);
                chars.next();
                out.push_char('\n');
                continue;
            }
        }
        out.push(c);
    }
    if translate { out.finish(&mut cx.heap).or_raise(cx) } else { Ok(text) }
}

/// State of an `IncrementalNewlineDecoder`.
#[derive(Trace)]
pub struct NewlineDecoder {
    decoder: Slot,
    translate: Cell<bool>,
    pending_cr: Cell<bool>,
    seen: Cell<u8>,
}

impl NativeData for NewlineDecoder {
    const NAME: &'static str = "_io.IncrementalNewlineDecoder";
}

/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
/// It also records the types of newlines encountered.  When used with
/// translate=False, it ensures that the newline sequence is returned in
/// one piece. When used with decoder=None, it expects unicode strings as
/// decode input and translates newlines without first invoking an external
/// decoder.
#[native_class(name = "IncrementalNewlineDecoder", module = "_io", layout = Native<NewlineDecoder>, flags = BASETYPE)]
pub mod class {
    use super::*;

    type This = Gc<Native<NewlineDecoder>>;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        let data = NewlineDecoder {
            decoder: Slot::new(Value::NONE),
            translate: Cell::new(false),
            pending_cr: Cell::new(false),
            seen: Cell::new(0),
        };
        new_native(cx, class, data).value()
    }

    #[slot(init, "IncrementalNewlineDecoder(decoder, translate, errors='strict')")]
    fn init(cx: &mut Cx, this: This, decoder: Value, translate: bool, _errors: Value) -> PyResult<()> {
        let _ = &cx;
        this.decoder.set(this, decoder);
        this.translate.set(translate);
        this.pending_cr.set(false);
        this.seen.set(0);
        Ok(())
    }

    /// Decode, with line ends translated.
    #[method("decode($self, input, final=False)")]
    fn decode(cx: &mut Cx, this: This, input: Value, last: bool) -> PyResult {
        let decoded = match this.decoder.get() {
            Value::NONE => input,
            decoder => invoke(cx, decoder, "decode", &[input, Value::bool(last)])?,
        };
        let Some(mut text) = decoded.downcast::<Str>() else {
            let name = type_name(cx, decoded);
            return Err(type_error(cx, format!("decoder should return a string result, not '{name}'")));
        };
        if this.pending_cr.get() && (last || !text.is_empty()) {
            let cr = cx.heap.intern("\r");
            text = Str::concat(&mut cx.heap, cr, text).or_raise(cx)?;
            this.pending_cr.set(false);
        }
        if !last && !text.is_empty() && text.get(text.len() - 1) == '\r' as u32 {
            text = Str::substring(&mut cx.heap, text, 0, text.len() - 1).or_raise(cx)?;
            this.pending_cr.set(true);
        }
        Ok(process(cx, text, this.translate.get(), &this.seen)?.value())
    }

    /// State of the decoder, as (input not yet decoded, flags).
    #[method("getstate($self, /)")]
    fn getstate(cx: &mut Cx, this: This) -> PyResult {
        let (mut buffer, mut flag) = (cx.heap.bytes(b"").or_raise(cx)?.value(), 0);
        if !this.decoder.get().is_none() {
            let state = invoke(cx, this.decoder.get(), "getstate", &[])?;
            let Some(state) = state.downcast::<Tuple>().filter(|s| s.len() == 2) else {
                return Err(type_error(cx, "illegal decoder state"));
            };
            buffer = state.get(0);
            flag = runtime::number::as_i64(cx, state.get(1))?;
        }
        let flag = BigInt::from_i64(&mut cx.heap, flag << 1 | this.pending_cr.get() as i64);
        Ok(cx.heap.tuple(&[buffer, flag]).value())
    }

    /// Set the state that getstate() gave.
    #[method("setstate($self, state, /)")]
    fn setstate(cx: &mut Cx, this: This, state: Value) -> PyResult<()> {
        let Some(state) = state.downcast::<Tuple>() else {
            return Err(type_error(cx, "state argument must be a tuple"));
        };
        let (Some(buffer), Some(flag)) = (state.try_get(0), state.try_get(1)) else {
            return Err(type_error(cx, "setstate(): illegal state argument"));
        };
        let flag = runtime::number::as_i64(cx, flag)?;
        this.pending_cr.set(flag & 1 != 0);
        if !this.decoder.get().is_none() {
            let flag = BigInt::from_i64(&mut cx.heap, flag >> 1);
            let inner = cx.heap.tuple(&[buffer, flag]).value();
            invoke(cx, this.decoder.get(), "setstate", &[inner])?;
        }
        Ok(())
    }

    /// Back to the initial state.
    #[method("reset($self, /)")]
    fn reset(cx: &mut Cx, this: This) -> PyResult<()> {
        this.seen.set(0);
        this.pending_cr.set(false);
        if !this.decoder.get().is_none() {
            invoke(cx, this.decoder.get(), "reset", &[])?;
        }
        Ok(())
    }

    /// Kinds of line ends seen so far.
    #[getter]
    fn newlines(cx: &mut Cx, this: This) -> Value {
        seen_value(cx, this.seen.get())
    }
}
