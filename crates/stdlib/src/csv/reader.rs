//! Reading of rows: an iterator over lines, and a machine of states that takes one character at a time.

use super::dialect::{Dialect, Quoting, Rules};
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

/// Where in a row the reader is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    StartRecord,
    StartField,
    EscapedChar,
    AfterEscapedNewline,
    InField,
    InQuotedField,
    EscapeInQuotedField,
    QuoteInQuotedField,
    EatNewline,
}

#[derive(Trace)]
pub struct Reader {
    source: Slot,
    dialect: GcSlot<Native<Dialect>>,
    /// The row so far.
    fields: GcSlot<List>,
    line_num: Cell<usize>,
}

impl NativeData for Reader {
    const NAME: &'static str = "_csv.reader";
}

type This = Gc<Native<Reader>>;

pub fn make(cx: &mut Cx, source: Value, dialect: Gc<Native<Dialect>>) -> PyResult {
    let source = get_iter(cx, source)?;
    let class = class_of_spec(cx, &class::SPEC)?;
    let reader = Reader {
        source: Slot::new(source),
        dialect: GcSlot::of(dialect),
        fields: GcSlot::new(None),
        line_num: Cell::new(0),
    };
    Ok(new_native(cx, class, reader).value())
}

/// One row being read.
struct Row {
    rules: Rules,
    fields: Gc<List>,
    field: StrBuilder,
    unquoted: bool,
    state: State,
    limit: i64,
}

const NEWLINE: u32 = '\n' as u32;
const RETURN: u32 = '\r' as u32;

impl Row {
    /// Take one character; `None` is the end of the line.
    fn take(&mut self, cx: &mut Cx, c: Option<u32>) -> PyResult<()> {
        let Rules { delimiter, quote, escape, quoting, double_quote, skip_space, strict } = self.rules;
        let ends_line = matches!(c, None | Some(NEWLINE | RETURN));
        let is = |special: Option<u32>| c.is_some() && c == special;
        let quotes = |quote: Option<u32>| is(quote) && quoting != Quoting::None;
        let after_line = if c.is_none() { State::StartRecord } else { State::EatNewline };
        match self.state {
            State::StartRecord => match c {
                None => Ok(()),
                Some(NEWLINE | RETURN) => {
                    self.state = State::EatNewline;
                    Ok(())
                }
                Some(_) => {
                    self.state = State::StartField;
                    self.take(cx, c)
                }
            },
            State::StartField => {
                if ends_line {
                    self.state = after_line;
                    self.save(cx)
                } else if quotes(quote) {
                    self.unquoted = false;
                    self.state = State::InQuotedField;
                    Ok(())
                } else if is(escape) {
                    self.state = State::EscapedChar;
                    Ok(())
                } else if c == Some(u32::from(' ')) && skip_space {
                    Ok(())
                } else if c == Some(delimiter) {
                    self.save(cx)
                } else {
                    self.state = State::InField;
                    self.add(cx, c)
                }
            }
            State::EscapedChar => {
                self.state = if c.is_some() && ends_line { State::AfterEscapedNewline } else { State::InField };
                self.add(cx, c.or(Some(NEWLINE)))
            }
            State::AfterEscapedNewline if c.is_none() => Ok(()),
            State::AfterEscapedNewline | State::InField => {
                if ends_line {
                    self.state = after_line;
                    self.save(cx)
                } else if is(escape) {
                    self.state = State::EscapedChar;
                    Ok(())
                } else if c == Some(delimiter) {
                    self.state = State::StartField;
                    self.save(cx)
                } else {
                    self.state = State::InField;
                    self.add(cx, c)
                }
            }
            State::InQuotedField => {
                if c.is_none() {
                    Ok(())
                } else if is(escape) {
                    self.state = State::EscapeInQuotedField;
                    Ok(())
                } else if quotes(quote) {
                    self.state = if double_quote { State::QuoteInQuotedField } else { State::InField };
                    Ok(())
                } else {
                    self.add(cx, c)
                }
            }
            State::EscapeInQuotedField => {
                self.state = State::InQuotedField;
                self.add(cx, c.or(Some(NEWLINE)))
            }
            State::QuoteInQuotedField => {
                if quotes(quote) {
                    self.state = State::InQuotedField;
                    self.add(cx, c)
                } else if c == Some(delimiter) {
                    self.state = State::StartField;
                    self.save(cx)
                } else if ends_line {
                    self.state = after_line;
                    self.save(cx)
                } else if !strict {
                    self.state = State::InField;
                    self.add(cx, c)
                } else {
                    let shown = |c: u32| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER);
                    let (delimiter, quote) = (shown(delimiter), shown(quote.unwrap_or_default()));
                    Err(super::error(cx, format_args!("'{delimiter}' expected after '{quote}'")))
                }
            }
            State::EatNewline => match c {
                None => {
                    self.state = State::StartRecord;
                    Ok(())
                }
                Some(NEWLINE | RETURN) => Ok(()),
                Some(_) => Err(super::error(
                    cx,
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                )),
            },
        }
    }

    fn add(&mut self, cx: &mut Cx, c: Option<u32>) -> PyResult<()> {
        if self.field.len() as i64 >= self.limit {
            return Err(super::error(cx, format_args!("field larger than field limit ({})", self.limit)));
        }
        if let Some(c) = c {
            self.field.push(c);
        }
        Ok(())
    }

    /// Put the field into the row.
    fn save(&mut self, cx: &mut Cx) -> PyResult<()> {
        let field = std::mem::replace(&mut self.field, StrBuilder::new());
        let unquoted = std::mem::replace(&mut self.unquoted, true);
        let is_empty = field.is_empty();
        let value = if unquoted && is_empty && matches!(self.rules.quoting, Quoting::NotNull | Quoting::Strings) {
            Value::NONE
        } else {
            let text = field.finish(&mut cx.heap).or_raise(cx)?.value();
            if unquoted && !is_empty && matches!(self.rules.quoting, Quoting::NonNumeric | Quoting::Strings) {
                let float = cx.types().float;
                call(cx, float.value(), &[text])?
            } else {
                text
            }
        };
        self.fields.push(&mut cx.heap, value).or_raise(cx)
    }
}

#[native_class(
    name = "reader",
    module = "_csv",
    layout = Native<Reader>,
    flags = DISALLOW_INSTANTIATION,
    doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: This) -> This {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: This) -> PyResult<Option<Value>> {
        let fields = List::empty(&mut cx.heap);
        // A line may come from Python code that asks this reader for a row itself.
        this.fields.set(this, fields);
        let limit = super::super::state(cx).field_limit.get();
        let mut row = Row {
            rules: this.dialect.expect().rules,
            fields,
            field: StrBuilder::new(),
            unquoted: true,
            state: State::StartRecord,
            limit,
        };
        loop {
            let Some(line) = runtime::iterate::next(cx, this.source.get())? else {
                if row.field.is_empty() && row.state != State::InQuotedField {
                    return Ok(None);
                }
                if row.rules.strict {
                    return Err(super::super::error(cx, "unexpected end of data"));
                }
                row.save(cx)?;
                break;
            };
            let Some(line) = line.downcast::<Str>() else {
                let name = type_name(cx, line);
                let message =
                    format!("iterator should return strings, not {name} (the file should be opened in text mode)");
                return Err(super::super::error(cx, message));
            };
            if this.fields.get() != Some(fields) {
                return Err(super::super::error(cx, "iterator has already advanced the reader"));
            }
            this.line_num.set(this.line_num.get() + 1);
            for i in 0..line.len() {
                row.take(cx, Some(line.get(i)))?;
            }
            row.take(cx, None)?;
            if row.state == State::StartRecord {
                break;
            }
        }
        this.fields.clear();
        Ok(Some(fields.value()))
    }

    #[getter]
    fn dialect(this: This) -> Gc<Native<Dialect>> {
        this.dialect.expect()
    }

    #[getter]
    fn line_num(this: This) -> usize {
        this.line_num.get()
    }
}
