//! `SyntaxError`: where in which source, and its `str`.

use super::base;
use super::fields::{field, index, this};
use crate::prelude::*;

pub fn slots(slots: &Slots) {
    constructor_slots(slots);
    slots.str_.set(Some(str_));
}

pub fn constructor_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(init));
}

pub static GETSET: &[GetSetDef] = &[
    field::<{ index::SYNTAX_MSG }>("msg", "exception msg"),
    field::<{ index::SYNTAX_FILENAME }>("filename", "exception filename"),
    field::<{ index::SYNTAX_LINENO }>("lineno", "exception lineno"),
    field::<{ index::SYNTAX_OFFSET }>("offset", "exception offset"),
    field::<{ index::SYNTAX_TEXT }>("text", "exception text"),
    field::<{ index::SYNTAX_END_LINENO }>("end_lineno", "exception end lineno"),
    field::<{ index::SYNTAX_END_OFFSET }>("end_offset", "exception end offset"),
    field::<{ index::SYNTAX_PRINT_FILE_AND_LINE }>("print_file_and_line", "exception print_file_and_line"),
    field::<{ index::SYNTAX_METADATA }>("_metadata", "exception private metadata"),
];

/// The message, when it is a `str`.
pub fn message(exception: Gc<Exception>) -> Option<Gc<Str>> {
    exception.field(index::SYNTAX_MSG).downcast::<Str>()
}

/// Set `_metadata`, which `traceback` reads.
pub fn set_metadata(cx: &mut Cx, exception: Gc<Exception>, metadata: Value) {
    exception.set_field(&mut cx.heap, index::SYNTAX_METADATA, metadata);
}

fn init(cx: &mut Cx, value: Value, args: Args<'_>) -> PyResult<()> {
    base::init(cx, value, args)?;
    let exception = this(cx, value)?;
    let Some(&message) = args.positional().first() else { return Ok(()) };
    exception.set_field(&mut cx.heap, index::SYNTAX_MSG, message);
    if args.n_positional() != 2 {
        return Ok(());
    }
    let info = to_tuple(cx, args.positional()[1])?;
    let n = info.len();
    if n < 4 {
        return Err(type_error(cx, format_args!("function takes at least 4 arguments ({n} given)")));
    }
    if n > 7 {
        return Err(type_error(cx, format_args!("function takes at most 7 arguments ({n} given)")));
    }
    for (i, item) in info.iter().take(6).enumerate() {
        exception.set_field(&mut cx.heap, index::SYNTAX_FILENAME + i, item);
    }
    if let Some(metadata) = info.try_get(6) {
        exception.set_field(&mut cx.heap, index::SYNTAX_METADATA, metadata);
    }
    if n == 5 {
        return Err(type_error(cx, "end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

fn str_(cx: &mut Cx, value: Value) -> PyResult {
    let exception = this(cx, value)?;
    let message = exception.field(index::SYNTAX_MSG).bound().unwrap_or(Value::NONE);
    let filename = exception.field(index::SYNTAX_FILENAME).downcast::<Str>();
    let lineno = exception.field(index::SYNTAX_LINENO);
    let has_line = lineno.as_int().is_some() || lineno.is_a::<BigInt>();
    let mut builder = StrBuilder::new();
    builder.push_py(&*str_of(cx, message)?);
    if filename.is_none() && !has_line {
        return Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value());
    }
    builder.push_str(" (");
    if let Some(filename) = filename {
        let start = filename.iter().rposition(|c| c == '/' as u32).map_or(0, |i| i + 1);
        builder.push_slice(&filename, start, filename.len());
    }
    if has_line {
        builder.push_str(if filename.is_some() { ", line " } else { "line " });
        builder.push_py(&*str_of(cx, lineno)?);
    }
    builder.push_char(')');
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}
