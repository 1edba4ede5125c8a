//! `str.format` and `str.format_map`: the markup of templates, and the lookups that replacement fields ask for.
//!
//! The parsers are shared with `string.Formatter` through the native module `_string`. Formatting a value with its spec
//! is `format()`'s.

use super::spec::{Result as FormatResult, value_error as parse_error};
use crate::prelude::*;
use crate::unicode::decimal_value;
use object::StrBuilder;
use std::ops::Range;

/// Literal text, then perhaps a replacement field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Markup {
    pub literal: Range<usize>,
    pub field: Option<Field>,
}

/// `{name!conversion:spec}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub name: Range<usize>,
    pub conversion: Option<u32>,
    pub spec: Range<usize>,
    /// The spec has fields of its own.
    pub nested: bool,
}

const OPEN: u32 = '{' as u32;
const CLOSE: u32 = '}' as u32;

/// The next piece of the template `text[*at..end]`.
pub fn next_markup(text: &Str, at: &mut usize, end: usize) -> FormatResult<Option<Markup>> {
    let start = *at;
    if start >= end {
        return Ok(None);
    }
    let brace = (start..end).find(|&i| matches!(text.get(i), OPEN | CLOSE));
    let Some(brace) = brace else {
        *at = end;
        return Ok(Some(Markup { literal: start..end, field: None }));
    };
    let c = text.get(brace);
    *at = brace + 1;
    let doubled = *at < end && text.get(*at) == c;
    if doubled {
        *at += 1;
        return Ok(Some(Markup { literal: start..brace + 1, field: None }));
    }
    if c == CLOSE {
        return parse_error("Single '}' encountered in format string");
    }
    if *at >= end {
        return parse_error("Single '{' encountered in format string");
    }
    let field = parse_field(text, at, end)?;
    Ok(Some(Markup { literal: start..brace, field: Some(field) }))
}

fn parse_field(text: &Str, at: &mut usize, end: usize) -> FormatResult<Field> {
    let name_start = *at;
    let mut last = 0;
    while *at < end {
        last = text.get(*at);
        *at += 1;
        match char::from_u32(last) {
            Some('{') => return parse_error("unexpected '{' in field name"),
            Some('[') => {
                while *at < end && text.get(*at) != ']' as u32 {
                    *at += 1;
                }
            }
            Some('}' | ':' | '!') => break,
            _ => {}
        }
    }
    let name = name_start..*at - 1;
    let mut conversion = None;
    match char::from_u32(last) {
        Some('}') => return Ok(Field { name, conversion, spec: 0..0, nested: false }),
        Some('!') => {
            if *at >= end {
                return parse_error("end of string while looking for conversion specifier");
            }
            conversion = Some(text.get(*at));
            *at += 1;
            if *at < end {
                let c = text.get(*at);
                *at += 1;
                if c == CLOSE {
                    return Ok(Field { name, conversion, spec: 0..0, nested: false });
                }
                if c != ':' as u32 {
                    return parse_error("expected ':' after conversion specifier");
                }
            }
        }
        Some(':') => {}
        _ => return parse_error("expected '}' before end of string"),
    }
    let (spec_start, mut depth, mut nested) = (*at, 1, false);
    while *at < end {
        let c = text.get(*at);
        *at += 1;
        if c == OPEN {
            nested = true;
            depth += 1;
        } else if c == CLOSE {
            depth -= 1;
            if depth == 0 {
                return Ok(Field { name, conversion, spec: spec_start..*at - 1, nested });
            }
        }
    }
    parse_error("unmatched '{' in format spec")
}

/// The decimal number that `text[range]` is; `None` when it is something else.
pub fn index_in(text: &Str, range: Range<usize>) -> FormatResult<Option<usize>> {
    if range.is_empty() {
        return Ok(None);
    }
    let mut value: usize = 0;
    for i in range {
        let Some(digit) = decimal_value(text.get(i)) else { return Ok(None) };
        value = match value.checked_mul(10).and_then(|v| v.checked_add(digit as usize)) {
            Some(v) if v <= isize::MAX as usize => v,
            _ => return parse_error("Too many decimal digits in format string"),
        };
    }
    Ok(Some(value))
}

/// Where the first part of a field name ends.
pub fn first_part_end(text: &Str, name: &Range<usize>) -> usize {
    name.clone().find(|&i| text.get(i) == '.' as u32 || text.get(i) == '[' as u32).unwrap_or(name.end)
}

/// `.name` or `[key]` behind the first part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lookup {
    Attribute(Range<usize>),
    Index(usize),
    Key(Range<usize>),
}

/// The next lookup in `text[*at..end]`.
pub fn next_lookup(text: &Str, at: &mut usize, end: usize) -> FormatResult<Option<Lookup>> {
    if *at >= end {
        return Ok(None);
    }
    let c = text.get(*at);
    *at += 1;
    let start = *at;
    let lookup = if c == '.' as u32 {
        *at = first_part_end(text, &(start..end));
        Lookup::Attribute(start..*at)
    } else if c == '[' as u32 {
        let Some(close) = (start..end).find(|&i| text.get(i) == ']' as u32) else {
            return parse_error("Missing ']' in format string");
        };
        *at = close + 1;
        match index_in(text, start..close)? {
            Some(i) => Lookup::Index(i),
            None => Lookup::Key(start..close),
        }
    } else {
        return parse_error("Only '.' or '[' may follow ']' in format field specifier");
    };
    match &lookup {
        Lookup::Attribute(range) | Lookup::Key(range) if range.is_empty() => {
            parse_error("Empty attribute in format string")
        }
        _ => Ok(Some(lookup)),
    }
}

/// Whether fields are numbered by the template or by position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Manual,
    Automatic,
}

/// Where fields get their values.
#[derive(Clone, Copy)]
enum Source<'a> {
    Args(Args<'a>),
    Mapping(Value),
}

struct Template<'a> {
    source: Source<'a>,
    numbering: Numbering,
    next_index: usize,
}

/// `template.format(*args, **kwargs)`.
pub fn format_template(cx: &mut Cx, template: Gc<Str>, args: Args<'_>) -> PyResult<Gc<Str>> {
    run(cx, template, Source::Args(args))
}

/// `template.format_map(mapping)`.
pub fn format_map(cx: &mut Cx, template: Gc<Str>, mapping: Value) -> PyResult<Gc<Str>> {
    run(cx, template, Source::Mapping(mapping))
}

fn run(cx: &mut Cx, template: Gc<Str>, source: Source<'_>) -> PyResult<Gc<Str>> {
    let mut state = Template { source, numbering: Numbering::Unknown, next_index: 0 };
    let out = state.expand(cx, template, 0..template.len(), 2)?;
    out.finish(&mut cx.heap).or_raise(cx)
}

impl Template<'_> {
    fn expand(&mut self, cx: &mut Cx, text: Gc<Str>, range: Range<usize>, depth: u32) -> PyResult<StrBuilder> {
        if depth == 0 {
            return Err(value_error(cx, "Max string recursion exceeded"));
        }
        let mut out = StrBuilder::with_capacity(range.len());
        let mut at = range.start;
        loop {
            let Some(markup) = super::raise(cx, next_markup(&text, &mut at, range.end))? else { return Ok(out) };
            out.push_slice(&text, markup.literal.start, markup.literal.end);
            let Some(field) = markup.field else { continue };
            let value = self.value_of(cx, text, &field.name)?;
            let value = match field.conversion.map(|c| (c, char::from_u32(c))) {
                None => value,
                Some((_, Some('r'))) => repr_of(cx, value)?.value(),
                Some((_, Some('s'))) => str_of(cx, value)?.value(),
                Some((_, Some('a'))) => ascii_of(cx, value)?.value(),
                Some((c, shown)) => {
                    let shown = match shown {
                        Some(c) if (33..127).contains(&(c as u32)) => c.to_string(),
                        _ => format!("\\x{c:x}"),
                    };
                    return Err(value_error(cx, format!("Unknown conversion specifier {shown}")));
                }
            };
            let spec = if field.nested {
                let expanded = self.expand(cx, text, field.spec, depth - 1)?;
                expanded.finish(&mut cx.heap).or_raise(cx)?
            } else {
                Str::substring(&mut cx.heap, text, field.spec.start, field.spec.end).or_raise(cx)?
            };
            let text = format_value(cx, value, spec)?;
            out.push_py(&text);
        }
    }

    /// The object that a field's name stands for.
    fn value_of(&mut self, cx: &mut Cx, text: Gc<Str>, name: &Range<usize>) -> PyResult {
        let first = name.start..first_part_end(&text, name);
        let mut index = super::raise(cx, index_in(&text, first.clone()))?;
        if first.is_empty() || index.is_some() {
            self.number(cx, first.is_empty())?;
        }
        if first.is_empty() {
            index = Some(self.next_index);
            self.next_index += 1;
        }
        let mut value = match index {
            Some(i) => self.positional(cx, i)?,
            None => {
                let key = Str::substring(&mut cx.heap, text, first.start, first.end).or_raise(cx)?;
                self.named(cx, key)?
            }
        };
        let mut at = first.end;
        while let Some(lookup) = super::raise(cx, next_lookup(&text, &mut at, name.end))? {
            value = match lookup {
                Lookup::Attribute(range) => {
                    let name = Str::substring(&mut cx.heap, text, range.start, range.end).or_raise(cx)?;
                    let name = cx.heap.intern_str(name);
                    get_attr(cx, value, name)?
                }
                Lookup::Index(i) => {
                    let key = object::BigInt::from_i64(&mut cx.heap, i as i64);
                    get_item(cx, value, key)?
                }
                Lookup::Key(range) => {
                    let key = Str::substring(&mut cx.heap, text, range.start, range.end).or_raise(cx)?;
                    get_item(cx, value, key.value())?
                }
            };
        }
        Ok(value)
    }

    fn number(&mut self, cx: &mut Cx, automatic: bool) -> PyResult<()> {
        let wanted = if automatic { Numbering::Automatic } else { Numbering::Manual };
        if self.numbering == Numbering::Unknown {
            self.numbering = wanted;
        }
        if self.numbering == wanted {
            return Ok(());
        }
        Err(value_error(
            cx,
            if automatic {
                "cannot switch from manual field specification to automatic field numbering"
            } else {
                "cannot switch from automatic field numbering to manual field specification"
            },
        ))
    }

    fn positional(&self, cx: &mut Cx, i: usize) -> PyResult {
        match self.source {
            Source::Mapping(_) => Err(value_error(cx, "Format string contains positional fields")),
            Source::Args(args) => match args.positional().get(i) {
                Some(&value) => Ok(value),
                None => Err(index_error(cx, format!("Replacement index {i} out of range for positional args tuple"))),
            },
        }
    }

    fn named(&self, cx: &mut Cx, key: Gc<Str>) -> PyResult {
        match self.source {
            Source::Mapping(mapping) => get_item(cx, mapping, key.value()),
            Source::Args(args) => match args.keywords().find(|(name, _)| name.equals(&key)) {
                Some((_, value)) => Ok(value),
                None => Err(key_error(cx, key.value())),
            },
        }
    }
}
