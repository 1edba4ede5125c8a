//! Writing of rows.

use super::dialect::{Dialect, Quoting, Rules};
use runtime::native::new_native;
use runtime::prelude::*;

#[derive(Trace)]
pub struct Writer {
    write: Slot,
    dialect: GcSlot<Native<Dialect>>,
}

impl NativeData for Writer {
    const NAME: &'static str = "_csv.writer";
}

type This = Gc<Native<Writer>>;

pub fn make(cx: &mut Cx, file: Value, dialect: Gc<Native<Dialect>>) -> PyResult {
    let name = cx.names().write;
    let write = match get_attr_opt(cx, file, name)? {
        Some(write) if runtime::functions::is_callable(cx, write) => write,
        _ => return Err(type_error(cx, "argument 1 must have a \"write\" method")),
    };
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_native(cx, class, Writer { write: Slot::new(write), dialect: GcSlot::of(dialect) }).value())
}

/// Append a field to a line; `None` is a field that is None or not there.
fn append(
    cx: &mut Cx,
    line: &mut StrBuilder,
    rules: &Rules,
    line_end: Gc<Str>,
    field: Option<Gc<Str>>,
    quoted: bool,
) -> PyResult<()> {
    let mut quoted = quoted;
    let mut body = StrBuilder::new();
    for c in field.into_iter().flat_map(|field| (0..field.len()).map(move |i| field.get(i))) {
        let is_special = c == rules.delimiter
            || Some(c) == rules.escape
            || Some(c) == rules.quote
            || c == u32::from('\r')
            || c == u32::from('\n')
            || line_end.iter().any(|end| end == c);
        if is_special {
            let mut escaped = rules.quoting == Quoting::None;
            if !escaped {
                if Some(c) == rules.quote {
                    if rules.double_quote {
                        body.push(c);
                    } else {
                        escaped = true;
                    }
                } else if Some(c) == rules.escape {
                    escaped = true;
                }
                quoted |= !escaped;
            }
            if escaped {
                match rules.escape {
                    Some(escape) => body.push(escape),
                    None => return Err(super::error(cx, "need to escape, but no escapechar set")),
                }
            }
        }
        body.push(c);
    }
    if field.is_none_or(|field| field.is_empty()) && rules.delimiter == u32::from(' ') && rules.skip_space {
        if never_quotes(rules, field.is_none()) {
            let message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
            return Err(super::error(cx, message));
        }
        quoted = true;
    }
    let quote = rules.quote.filter(|_| quoted);
    quote.into_iter().for_each(|quote| line.push(quote));
    body.iter().for_each(|c| line.push(c));
    quote.into_iter().for_each(|quote| line.push(quote));
    Ok(())
}

/// Whether the rules forbid quotes around an empty field.
fn never_quotes(rules: &Rules, is_null: bool) -> bool {
    rules.quoting == Quoting::None || is_null && matches!(rules.quoting, Quoting::Strings | Quoting::NotNull)
}

/// Whether the field looks like a number to `QUOTE_NONNUMERIC`.
fn is_number(cx: &Cx, value: Value) -> bool {
    let slots = &cx.class_of(value).slots;
    value.downcast::<Complex>().is_some()
        || slots.index.get().is_some()
        || slots.int.get().is_some()
        || slots.float.get().is_some()
}

fn write_row(cx: &mut Cx, this: This, row: Value) -> PyResult {
    let dialect = this.dialect.expect();
    let (rules, line_end) = (dialect.rules, dialect.line_end.expect());
    if !runtime::iterate::is_iterable(cx, row) {
        let name = type_name(cx, row);
        return Err(super::error(cx, format_args!("iterable expected, not {name}")));
    }
    let iterator = get_iter(cx, row)?;
    let mut line = StrBuilder::new();
    let (mut n_fields, mut last_is_null) = (0, false);
    while let Some(field) = runtime::iterate::next(cx, iterator)? {
        let text = field.downcast::<Str>();
        let quoted = match rules.quoting {
            Quoting::NonNumeric => !is_number(cx, field),
            Quoting::All => true,
            Quoting::Strings => text.is_some(),
            Quoting::NotNull => !field.is_none(),
            Quoting::Minimal | Quoting::None => false,
        };
        last_is_null = field.is_none();
        let text = match text {
            Some(text) => Some(text),
            None if last_is_null => None,
            None => Some(str_of(cx, field)?),
        };
        if n_fields > 0 {
            line.push(rules.delimiter);
        }
        n_fields += 1;
        append(cx, &mut line, &rules, line_end, text, quoted)?;
    }
    if n_fields > 0 && line.is_empty() {
        if never_quotes(&rules, last_is_null) {
            return Err(super::error(cx, "single empty field record must be quoted"));
        }
        append(cx, &mut line, &rules, line_end, None, true)?;
    }
    line.push_py(&line_end);
    let line = line.finish(&mut cx.heap).or_raise(cx)?;
    call(cx, this.write.get(), &[line.value()])
}

#[native_class(
    name = "writer",
    module = "_csv",
    layout = Native<Writer>,
    flags = DISALLOW_INSTANTIATION,
    doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n"
)]
pub mod class {
    use super::*;

    /// Construct and write a CSV record from an iterable of fields.
    ///
    /// Non-string elements will be converted to string.
    #[method("writerow($self, row, /)")]
    fn writerow(cx: &mut Cx, this: This, row: Value) -> PyResult {
        write_row(cx, this, row)
    }

    /// Construct and write a series of iterables to a csv file.
    ///
    /// Non-string elements will be converted to string.
    #[method("writerows($self, rows, /)")]
    fn writerows(cx: &mut Cx, this: This, rows: Value) -> PyResult<()> {
        for_each(cx, rows, |cx, row| write_row(cx, this, row).map(|_| ()))
    }

    #[getter]
    fn dialect(this: This) -> Gc<Native<Dialect>> {
        this.dialect.expect()
    }
}
