//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`.

use super::base;
use super::fields::{field, index, no_keywords, this};
use crate::item::{index_value, machine_int};
use crate::number::int::Num;
use crate::prelude::*;

pub static GETSET: &[GetSetDef] = &[
    field::<{ index::UNICODE_ENCODING }>("encoding", "exception encoding"),
    field::<{ index::UNICODE_OBJECT }>("object", "exception object"),
    GetSetDef {
        name: "start",
        doc: "exception start",
        get: get_position::<{ index::UNICODE_START }>,
        set: Some(set_position::<{ index::UNICODE_START }>),
    },
    GetSetDef {
        name: "end",
        doc: "exception end",
        get: get_position::<{ index::UNICODE_END }>,
        set: Some(set_position::<{ index::UNICODE_END }>),
    },
    field::<{ index::UNICODE_REASON }>("reason", "exception reason"),
];

fn get_position<const I: usize>(cx: &mut Cx, value: Value) -> PyResult {
    Ok(this(cx, value)?.field(I).bound().unwrap_or(Int::ZERO.value()))
}

fn set_position<const I: usize>(cx: &mut Cx, value: Value, position: Option<Value>) -> PyResult<()> {
    let Some(position) = position else {
        return Err(type_error(cx, "can't delete numeric/char attribute"));
    };
    let Some(n) = Num::of(position) else {
        return Err(type_error(cx, "an integer is required"));
    };
    let Some(n) = n.to_i64() else {
        return Err(overflow_error(cx, "Python int too large to convert to C ssize_t"));
    };
    let n = BigInt::from_i64(&mut cx.heap, n);
    this(cx, value)?.set_field(&mut cx.heap, I, n);
    Ok(())
}

pub fn decode_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| init(cx, value, args, Flavour::Decode)));
    slots.str_.set(Some(|cx, value| describe(cx, value, Flavour::Decode)));
}

pub fn encode_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| init(cx, value, args, Flavour::Encode)));
    slots.str_.set(Some(|cx, value| describe(cx, value, Flavour::Encode)));
}

pub fn translate_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| init(cx, value, args, Flavour::Translate)));
    slots.str_.set(Some(|cx, value| describe(cx, value, Flavour::Translate)));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Encode,
    Decode,
    Translate,
}

fn init(cx: &mut Cx, value: Value, args: Args<'_>, flavour: Flavour) -> PyResult<()> {
    let class = cx.class_of(value);
    no_keywords(cx, class, &args)?;
    base::init_args(cx, value, args)?;
    let given = args.positional();
    let n = if flavour == Flavour::Translate { 4 } else { 5 };
    if given.len() != n {
        let given = given.len();
        return Err(type_error(cx, format_args!("function takes exactly {n} arguments ({given} given)")));
    }
    let exception = this(cx, value)?;
    let mut stored = [Value::UNBOUND; 5];
    let first = if flavour == Flavour::Translate { 1 } else { 0 };
    for (i, &argument) in given.iter().enumerate() {
        let at = i + first;
        stored[at] = match at {
            index::UNICODE_OBJECT if flavour == Flavour::Decode => argument,
            index::UNICODE_START | index::UNICODE_END => {
                let int = index_value(cx, argument)?;
                let Some(n) = machine_int(int) else {
                    return Err(overflow_error(cx, "Python int too large to convert to C ssize_t"));
                };
                BigInt::from_i64(&mut cx.heap, n as i64)
            }
            _ if argument.downcast::<Str>().is_some() => argument,
            _ => {
                let name = argument_type_name(cx, argument);
                let position = i + 1;
                return Err(type_error(cx, format_args!("argument {position} must be str, not {name}")));
            }
        };
    }
    if flavour == Flavour::Decode {
        stored[index::UNICODE_OBJECT] = bytes_of(cx, stored[index::UNICODE_OBJECT])?;
    }
    for (at, value) in stored.into_iter().enumerate().skip(first) {
        exception.set_field(&mut cx.heap, at, value);
    }
    Ok(())
}

fn bytes_of(cx: &mut Cx, value: Value) -> PyResult {
    if value.downcast::<Bytes>().is_some() {
        return Ok(value);
    }
    if let Some(array) = value.cast::<ByteArray>() {
        let data = array.data.borrow().clone();
        return Ok(cx.heap.bytes(&data).or_raise(cx)?.value());
    }
    Err(crate::buffer::not_bytes_like(cx, value))
}

/// The text of a field; one that was deleted shows as C's null pointer.
fn text_of(cx: &mut Cx, field: Value) -> PyResult<Gc<Str>> {
    match field.bound() {
        Some(value) => str_of(cx, value),
        None => Ok(Str::from_utf8(&mut cx.heap, "<NULL>").or_raise(cx)?),
    }
}

fn describe(cx: &mut Cx, value: Value, flavour: Flavour) -> PyResult {
    let exception = this(cx, value)?;
    let object = exception.field(index::UNICODE_OBJECT);
    if object.is_unbound() {
        // `__init__` was not run.
        return Ok(cx.vm().empty_str().value());
    }
    let reason = text_of(cx, exception.field(index::UNICODE_REASON))?;
    let mut encoding = None;
    if flavour != Flavour::Translate {
        encoding = Some(text_of(cx, exception.field(index::UNICODE_ENCODING))?);
    }
    // The texts may have been made by Python code that changed the fields.
    let object = exception.field(index::UNICODE_OBJECT);
    if flavour == Flavour::Decode && object.downcast::<Bytes>().is_none() {
        return Err(type_error(cx, "UnicodeError 'object' attribute must be a bytes"));
    }
    if flavour != Flavour::Decode && object.downcast::<Str>().is_none() {
        return Err(type_error(cx, "UnicodeError 'object' attribute must be a string"));
    }
    let position = |i| exception.field(i).as_int().map_or(0, Int::get);
    let (start, end) = (position(index::UNICODE_START), position(index::UNICODE_END));
    let mut builder = StrBuilder::new();
    if let Some(encoding) = encoding {
        builder.push_char('\'');
        builder.push_py(&encoding);
        builder.push_str("' codec ");
    }
    builder.push_str(match flavour {
        Flavour::Encode => "can't encode ",
        Flavour::Decode => "can't decode ",
        Flavour::Translate => "can't translate ",
    });
    let single = usize::try_from(start).ok().filter(|_| end == start + 1);
    let unit = single.and_then(|i| match (object.downcast::<Str>(), object.downcast::<Bytes>()) {
        (Some(s), _) if i < s.len() => Some(s.get(i)),
        (_, Some(b)) => b.as_slice().get(i).map(|&b| b.into()),
        _ => None,
    });
    let text = match unit {
        Some(byte) if flavour == Flavour::Decode => format!("byte 0x{byte:02x} in position {start}: "),
        Some(c) => {
            let escaped = match c {
                0..=0xFF => format!("\\x{c:02x}"),
                0x100..=0xFFFF => format!("\\u{c:04x}"),
                _ => format!("\\U{c:08x}"),
            };
            format!("character '{escaped}' in position {start}: ")
        }
        None => {
            let what = if flavour == Flavour::Decode { "bytes" } else { "characters" };
            format!("{what} in position {start}-{}: ", end - 1)
        }
    };
    builder.push_str(&text);
    builder.push_py(&reason);
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}
