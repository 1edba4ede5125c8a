//! `_csv.Dialect`: the rules of a format.

use runtime::native::new_native;
use runtime::prelude::*;

/// When fields are quoted, and what quotes say of a field that is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quoting {
    Minimal,
    All,
    NonNumeric,
    None,
    Strings,
    NotNull,
}

const QUOTINGS: [Quoting; 6] =
    [Quoting::Minimal, Quoting::All, Quoting::NonNumeric, Quoting::None, Quoting::Strings, Quoting::NotNull];

#[derive(Trace)]
pub struct Dialect {
    #[trace(skip)]
    pub rules: Rules,
    pub line_end: GcSlot<Str>,
}

#[derive(Clone, Copy)]
pub struct Rules {
    pub delimiter: u32,
    pub quote: Option<u32>,
    pub escape: Option<u32>,
    pub quoting: Quoting,
    pub double_quote: bool,
    pub skip_space: bool,
    pub strict: bool,
}

impl NativeData for Dialect {
    const NAME: &'static str = "_csv.Dialect";
}

type This = Gc<Native<Dialect>>;

const NAMES: [&str; 8] =
    ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

/// The dialect that arguments describe: `base` is a dialect, the name of one, or an object with attributes.
pub fn make<'a>(cx: &mut Cx, base: Value, keywords: impl Iterator<Item = (Gc<Str>, Value)> + 'a) -> PyResult<This> {
    let mut base = base;
    let mut values = [Value::UNBOUND; NAMES.len()];
    for (name, value) in keywords {
        match NAMES.iter().position(|known| name.eq_str(known)) {
            Some(i) => values[i] = value,
            None if name.eq_str("dialect") => base = value,
            None => {
                return Err(type_error(cx, format_args!("this function got an unexpected keyword argument '{name}'")));
            }
        }
    }
    let class = class_of_spec(cx, &class::SPEC)?;
    from_values(cx, class, base, values)
}

fn from_values(cx: &mut Cx, class: Gc<Class>, base: Value, mut values: [Value; NAMES.len()]) -> PyResult<This> {
    let mut base = base.bound().filter(|base| !base.is_none());
    if let Some(name) = base.filter(|base| base.downcast::<Str>().is_some()) {
        base = Some(super::find_dialect(cx, name)?);
    }
    if let Some(base) = base {
        if let Some(dialect) = base.cast::<Native<Dialect>>()
            && values.iter().all(|value| value.is_unbound())
        {
            return Ok(dialect);
        }
        for (value, name) in values.iter_mut().zip(NAMES) {
            if value.is_unbound() {
                let name = cx.heap.intern(name);
                *value = get_attr_opt(cx, base, name)?.unwrap_or(Value::UNBOUND);
            }
        }
    }
    let [delimiter, double_quote, escape, line_end, quote, quoting, skip_space, strict] = values;
    let delimiter_char = match delimiter.bound() {
        None => u32::from(','),
        Some(value) => character(cx, "delimiter", value, false)?.unwrap_or_default(),
    };
    let double_quote = double_quote.bound().map_or(Ok(true), |value| is_true(cx, value))?;
    let escape = escape.bound().map_or(Ok(None), |value| character(cx, "escapechar", value, true))?;
    let line_end = match line_end.bound() {
        None => cx.heap.intern("\r\n"),
        Some(value) => match value.downcast::<Str>() {
            Some(text) => text,
            None => return Err(must_be(cx, "lineterminator", "a string", value)),
        },
    };
    let quote_char = quote.bound().map_or(Ok(Some(u32::from('"'))), |value| character(cx, "quotechar", value, true))?;
    let chosen = quoting.bound().map_or(Ok(0), |value| quoting_number(cx, value))?;
    let skip_space = skip_space.bound().map_or(Ok(false), |value| is_true(cx, value))?;
    let strict = strict.bound().map_or(Ok(false), |value| is_true(cx, value))?;

    let Some(&chosen) = usize::try_from(chosen).ok().and_then(|i| QUOTINGS.get(i)) else {
        return Err(type_error(cx, "bad \"quoting\" value"));
    };
    let chosen = if quote.is_none() && quoting.is_unbound() { Quoting::None } else { chosen };
    if chosen != Quoting::None && quote_char.is_none() {
        return Err(type_error(cx, "quotechar must be set if quoting enabled"));
    }
    let rules = Rules {
        delimiter: delimiter_char,
        quote: quote_char,
        escape,
        quoting: chosen,
        double_quote,
        skip_space,
        strict,
    };
    check(cx, &rules, line_end)?;
    Ok(new_native(cx, class, Dialect { rules, line_end: GcSlot::of(line_end) }))
}

/// The special characters must be distinct, and none may end or pad a line.
fn check(cx: &mut Cx, rules: &Rules, line_end: Gc<Str>) -> PyResult<()> {
    let characters = [
        ("delimiter", Some(rules.delimiter), true),
        ("escapechar", rules.escape, false),
        ("quotechar", rules.quote, false),
    ];
    for (name, c, may_be_space) in characters {
        let Some(c) = c else { continue };
        if c == u32::from('\r') || c == u32::from('\n') || c == u32::from(' ') && !may_be_space && rules.skip_space {
            return Err(value_error(cx, format_args!("bad {name} value")));
        }
        if line_end.iter().any(|end| end == c) {
            return Err(value_error(cx, format_args!("bad {name} or lineterminator value")));
        }
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let ((first, a, _), (second, b, _)) = (characters[i], characters[j]);
        if a.is_some() && a == b {
            return Err(value_error(cx, format_args!("bad {first} or {second} value")));
        }
    }
    Ok(())
}

#[cold]
fn must_be(cx: &mut Cx, name: &str, expected: &str, value: Value) -> Raised {
    let class = type_name(cx, value);
    type_error(cx, format_args!("\"{name}\" must be {expected}, not {class}"))
}

fn character(cx: &mut Cx, name: &str, value: Value, or_none: bool) -> PyResult<Option<u32>> {
    if or_none && value.is_none() {
        return Ok(None);
    }
    let expected = if or_none { "a unicode character or None" } else { "a unicode character" };
    match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => Ok(Some(text.get(0))),
        Some(text) => {
            let n = text.len();
            Err(type_error(cx, format_args!("\"{name}\" must be {expected}, not a string of length {n}")))
        }
        None => Err(must_be(cx, name, expected, value)),
    }
}

fn quoting_number(cx: &mut Cx, value: Value) -> PyResult<i64> {
    let int = cx.types().int;
    if cx.class_of(value) != int {
        return Err(must_be(cx, "quoting", "an integer", value));
    }
    runtime::number::as_i64(cx, value)
}

fn char_or_none(cx: &mut Cx, c: Option<u32>) -> Value {
    c.map_or(Value::NONE, |c| Str::from_char(&mut cx.heap, c).value())
}

#[native_class(
    name = "Dialect",
    module = "_csv",
    layout = Native<Dialect>,
    flags = BASETYPE,
    doc = "CSV dialect\n\nThe Dialect type records CSV parsing and generation options.\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let names = [
            "dialect",
            "delimiter",
            "doublequote",
            "escapechar",
            "lineterminator",
            "quotechar",
            "quoting",
            "skipinitialspace",
            "strict",
        ];
        for (name, _) in args.keywords() {
            if !names.iter().any(|known| name.eq_str(known)) {
                return Err(type_error(cx, format_args!("this function got an unexpected keyword argument '{name}'")));
            }
        }
        let [base, values @ ..] = crate::arguments::bind(cx, "function", names, 0, args)?;
        from_values(cx, class, base, values)
    }

    fn not_picklable(cx: &mut Cx, this: This) -> Raised {
        let name = cx.class_of(this.value()).display_name();
        type_error(cx, format_args!("cannot pickle '{name}' instances"))
    }

    /// raises an exception to avoid pickling
    #[method(raw, "__reduce__($self, /)", text_signature = false)]
    fn reduce(cx: &mut Cx, this: This, _args: Args<'_>) -> PyResult {
        Err(not_picklable(cx, this))
    }

    /// raises an exception to avoid pickling
    #[method(raw, "__reduce_ex__($self, /)", text_signature = false)]
    fn reduce_ex(cx: &mut Cx, this: This, _args: Args<'_>) -> PyResult {
        Err(not_picklable(cx, this))
    }

    #[getter]
    fn delimiter(cx: &mut Cx, this: This) -> Value {
        char_or_none(cx, Some(this.rules.delimiter))
    }

    #[getter]
    fn escapechar(cx: &mut Cx, this: This) -> Value {
        char_or_none(cx, this.rules.escape)
    }

    #[getter]
    fn lineterminator(this: This) -> Gc<Str> {
        this.line_end.expect()
    }

    #[getter]
    fn quotechar(cx: &mut Cx, this: This) -> Value {
        char_or_none(cx, this.rules.quote)
    }

    #[getter]
    fn quoting(this: This) -> usize {
        this.rules.quoting as usize
    }

    #[getter]
    fn skipinitialspace(this: This) -> bool {
        this.rules.skip_space
    }

    #[getter]
    fn doublequote(this: This) -> bool {
        this.rules.double_quote
    }

    #[getter]
    fn strict(this: This) -> bool {
        this.rules.strict
    }
}
