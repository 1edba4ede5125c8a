//! `_string`: the parsers of `str.format` for `string.Formatter`.

use macros::{Trace, native_class, native_module};
use object::*;
use runtime::format;
use runtime::format::template::{self, Lookup};
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;

/// Iterates over the pieces of a template.
#[derive(Trace)]
pub struct FormatterIter {
    text: GcSlot<Str>,
    at: Cell<usize>,
}

impl NativeData for FormatterIter {
    const NAME: &'static str = "formatteriterator";
}

fn slice(cx: &mut Cx, text: Gc<Str>, range: std::ops::Range<usize>) -> PyResult {
    Ok(Str::substring(&mut cx.heap, text, range.start, range.end).or_raise(cx)?.value())
}

#[native_class(name = "formatteriterator", module = "builtins", layout = Native<FormatterIter>, flags = DISALLOW_INSTANTIATION)]
pub mod formatter_iter {
    use super::*;

    #[slot]
    fn iter(_cx: &mut Cx, this: Value) -> PyResult {
        Ok(this)
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<FormatterIter>>) -> PyResult<Option<Value>> {
        let text = this.text.expect();
        let mut at = this.at.get();
        let markup = template::next_markup(&text, &mut at, text.len());
        this.at.set(at);
        let Some(markup) = format::raise(cx, markup)? else { return Ok(None) };
        let literal = slice(cx, text, markup.literal)?;
        let (mut name, mut spec, mut conversion) = (Value::NONE, Value::NONE, Value::NONE);
        if let Some(field) = markup.field {
            name = slice(cx, text, field.name)?;
            spec = slice(cx, text, field.spec)?;
            if let Some(c) = field.conversion {
                conversion = Str::from_char(&mut cx.heap, c).value();
            }
        }
        Ok(Some(cx.heap.tuple(&[literal, name, spec, conversion]).value()))
    }
}

/// Iterates over the lookups behind the first part of a field's name.
#[derive(Trace)]
pub struct NameIter {
    text: GcSlot<Str>,
    at: Cell<usize>,
}

impl NativeData for NameIter {
    const NAME: &'static str = "fieldnameiterator";
}

#[native_class(name = "fieldnameiterator", module = "builtins", layout = Native<NameIter>, flags = DISALLOW_INSTANTIATION)]
pub mod name_iter {
    use super::*;

    #[slot]
    fn iter(_cx: &mut Cx, this: Value) -> PyResult {
        Ok(this)
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<NameIter>>) -> PyResult<Option<Value>> {
        let text = this.text.expect();
        let mut at = this.at.get();
        let lookup = template::next_lookup(&text, &mut at, text.len());
        this.at.set(at);
        let (is_attribute, key) = match format::raise(cx, lookup)? {
            None => return Ok(None),
            Some(Lookup::Attribute(range)) => (true, slice(cx, text, range)?),
            Some(Lookup::Key(range)) => (false, slice(cx, text, range)?),
            Some(Lookup::Index(i)) => (false, Int::from_len(i).value()),
        };
        Ok(Some(cx.heap.tuple(&[Value::bool(is_attribute), key]).value()))
    }
}

fn template_argument(cx: &mut Cx, value: Value) -> PyResult<Gc<Str>> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let name = type_name(cx, value);
            Err(type_error(cx, format_args!("expected str, got {name}")))
        }
    }
}

#[native_module(name = "_string", doc = "string helper module")]
pub mod module {
    use super::*;

    /// Parse a template into tuples (literal_text, field_name, format_spec, conversion).
    #[function("formatter_parser(format, /)")]
    fn formatter_parser(cx: &mut Cx, format: Value) -> PyResult {
        let text = template_argument(cx, format)?;
        let class = class_of_spec(cx, &formatter_iter::SPEC)?;
        Ok(new_native(cx, class, FormatterIter { text: GcSlot::of(text), at: Cell::new(0) }).value())
    }

    /// Split a field's name into its first part and an iterator of (is_attribute, key).
    #[function("formatter_field_name_split(field_name, /)")]
    fn formatter_field_name_split(cx: &mut Cx, field_name: Value) -> PyResult<Gc<Tuple>> {
        let text = template_argument(cx, field_name)?;
        let end = template::first_part_end(&text, &(0..text.len()));
        let index = template::index_in(&text, 0..end);
        let first = match format::raise(cx, index)? {
            Some(i) => Int::from_len(i).value(),
            None => slice(cx, text, 0..end)?,
        };
        let class = class_of_spec(cx, &name_iter::SPEC)?;
        let rest = new_native(cx, class, NameIter { text: GcSlot::of(text), at: Cell::new(end) });
        Ok(cx.heap.tuple(&[first, rest.value()]))
    }
}
