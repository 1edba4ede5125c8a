//! `str`: the methods and slots. The algorithms are in the files beside this one, over [`Str`] and code points.

pub mod case;
pub mod edit;
pub mod escape;
pub mod iterator;
pub mod search;
pub mod split;
pub mod translate;

use super::bounds::search_range;
use crate::codec;
use crate::format;
use crate::item::sequence_index;
use crate::native::finish_new;
use crate::prelude::*;
use crate::unicode;
use edit::Ends;
use macros::native_class;
use object::StrBuilder;

/// A result under construction as a string.
fn finish(cx: &mut Cx, out: StrBuilder) -> PyResult<Gc<Str>> {
    out.finish(&mut cx.heap).or_raise(cx)
}

/// The strings between these bounds as a list.
fn pieces(cx: &mut Cx, s: Gc<Str>, pieces: split::Pieces) -> PyResult<Gc<List>> {
    let list = List::with_capacity(&mut cx.heap, pieces.len()).or_raise(cx)?;
    for &(start, end) in pieces.iter() {
        let piece = match s.chars() {
            Chars::Latin1(chars) if end - start == 1 => cx.vm().latin1_char(chars[start]),
            _ => Str::substring(&mut cx.heap, s, start, end).or_raise(cx)?,
        };
        list.push_within_capacity(piece.value());
    }
    Ok(list)
}

/// `maxsplit` as a limit.
fn limit(max: isize) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

/// The separator of `split` and `rsplit`; `None` splits at white space.
fn separator(cx: &mut Cx, sep: Value) -> PyResult<Option<Gc<Str>>> {
    if sep.is_none() {
        return Ok(None);
    }
    match sep.downcast::<Str>() {
        Some(s) if s.is_empty() => Err(value_error(cx, "empty separator")),
        Some(s) => Ok(Some(s)),
        None => {
            let name = type_name(cx, sep);
            Err(type_error(cx, format_args!("must be str or None, not {name}")))
        }
    }
}

/// The separator of `partition` and `rpartition`.
fn partition_separator(cx: &mut Cx, sep: Value) -> PyResult<Gc<Str>> {
    match sep.downcast::<Str>() {
        Some(s) if s.is_empty() => Err(value_error(cx, "empty separator")),
        Some(s) => Ok(s),
        None => {
            let name = type_name(cx, sep);
            Err(type_error(cx, format_args!("must be str, not {name}")))
        }
    }
}

fn strip_ends(cx: &mut Cx, s: Gc<Str>, chars: Value, ends: Ends, method: &str) -> PyResult<Gc<Str>> {
    let (start, end) = if chars.is_none() {
        edit::strip_bounds(&s, ends, unicode::is_space)
    } else if let Some(set) = chars.downcast::<Str>() {
        match set.len() {
            1 => {
                let only = set.get(0);
                edit::strip_bounds(&s, ends, |c| c == only)
            }
            _ => edit::strip_bounds(&s, ends, |c| set.iter().any(|member| member == c)),
        }
    } else {
        return Err(type_error(cx, format_args!("{method} arg must be None or str")));
    };
    Str::substring(&mut cx.heap, s, start, end).or_raise(cx)
}

/// The fill character of `center` and its like.
fn fill_char(cx: &mut Cx, fill: Option<Value>) -> PyResult<u32> {
    let Some(fill) = fill else { return Ok(' ' as u32) };
    match fill.downcast::<Str>() {
        Some(s) if s.len() == 1 => Ok(s.get(0)),
        Some(_) => Err(type_error(cx, "The fill character must be exactly one character long")),
        None => {
            let name = type_name(cx, fill);
            Err(type_error(cx, format_args!("The fill character must be a unicode character, not {name}")))
        }
    }
}

fn free_width(s: &Str, width: isize) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(s.len())
}

/// `startswith` and `endswith`.
fn has_affix(
    cx: &mut Cx,
    s: Gc<Str>,
    affix: Value,
    range: (Option<Value>, Option<Value>),
    method: &str,
    matches: fn(&Str, &Str, usize, usize) -> bool,
) -> PyResult<bool> {
    let (start, end) = search_range(cx, range.0, range.1, s.len())?;
    if let Some(affix) = affix.downcast::<Str>() {
        return Ok(matches(&s, &affix, start, end));
    }
    let Some(tuple) = affix.downcast::<Tuple>() else {
        let name = type_name(cx, affix);
        return Err(type_error(cx, format_args!("{method} first arg must be str or a tuple of str, not {name}")));
    };
    for item in tuple.iter() {
        let Some(affix) = item.downcast::<Str>() else {
            let name = type_name(cx, item);
            return Err(type_error(cx, format_args!("tuple for {method} must only contain str, not {name}")));
        };
        if matches(&s, &affix, start, end) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn starts_within(s: &Str, affix: &Str, start: usize, end: usize) -> bool {
    start <= end && affix.len() <= end - start && search::matches_at(s, affix, start)
}

fn ends_within(s: &Str, affix: &Str, start: usize, end: usize) -> bool {
    start <= end && affix.len() <= end - start && search::matches_at(s, affix, end - affix.len())
}

fn substring_not_found(cx: &mut Cx) -> Raised {
    value_error(cx, "substring not found")
}

#[native_class(
    name = "str",
    module = "builtins",
    layout = Str,
    flags = BASETYPE | STR_SUBCLASS | MATCH_SELF,
    doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nText: an immutable sequence of Unicode code points.\n\nWith an encoding or errors given, the object must export a buffer and is decoded; otherwise the\nresult is object.__str__() or, where that is not defined, repr(object)."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let [object, encoding, errors] = constructor_arguments(cx, args)?;
        let value = if encoding.is_none() && errors.is_none() {
            match object {
                None => cx.vm().empty_str(),
                Some(object) if class == cx.types().str => return str_value(cx, object),
                Some(object) => str_of(cx, object)?,
            }
        } else {
            let named = args.n_keywords() > 0;
            let (encoding, errors) =
                (codec_name(cx, encoding, "encoding", named)?, codec_name(cx, errors, "errors", named)?);
            match object {
                None => cx.vm().empty_str(),
                Some(object) => codec::decode_object(cx, object, encoding, errors)?,
            }
        };
        finish_new(cx, class, value.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        finish(cx, escape::repr(&this))
    }

    #[slot(str_)]
    fn to_str(_cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        Ok(this)
    }

    #[slot]
    fn hash(_cx: &mut Cx, this: Gc<Str>) -> PyResult<i64> {
        Ok(this.hash())
    }

    #[slot]
    fn len(_cx: &mut Cx, this: Gc<Str>) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<Str>) -> PyResult {
        Ok(cx.heap.str_iter(this).value())
    }

    #[slot]
    fn richcompare(_cx: &mut Cx, this: Gc<Str>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<Str>() else { return Ok(Value::NOT_IMPLEMENTED) };
        Ok(Value::bool(match op {
            CompareOp::Eq => this.equals(&other),
            CompareOp::Ne => !this.equals(&other),
            _ => op.holds(this.cmp(&other)),
        }))
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Gc<Str>, item: Value) -> PyResult<bool> {
        match item.downcast::<Str>() {
            Some(needle) => Ok(search::contains(&this, &needle)),
            None => {
                let name = type_name(cx, item);
                Err(type_error(cx, format_args!("'in <string>' requires string as left operand, not {name}")))
            }
        }
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<Str>, key: Value) -> PyResult {
        if let Some(slice) = key.cast::<Slice>() {
            let (start, _, step, count) = slice_indices(cx, slice, || this.len())?;
            return Ok(edit::slice(cx, this, start, step, count)?.value());
        }
        if !key.is_small_int() && !key.is_bool() && cx.class_of(key).slots.index.get().is_none() {
            let name = type_name(cx, key);
            return Err(type_error(cx, format_args!("string indices must be integers, not '{name}'")));
        }
        let i = as_index(cx, key)?;
        let i = if i < 0 { i + this.len() as isize } else { i };
        if i < 0 || i as usize >= this.len() {
            return Err(index_error(cx, "string index out of range"));
        }
        Ok(Str::from_char(&mut cx.heap, this.get(i as usize)).value())
    }

    #[slot]
    fn concat(cx: &mut Cx, this: Gc<Str>, other: Value) -> PyResult {
        match other.downcast::<Str>() {
            Some(other) => Ok(Str::concat(&mut cx.heap, this, other).or_raise(cx)?.value()),
            None => {
                let name = type_name(cx, other);
                Err(type_error(cx, format_args!("can only concatenate str (not \"{name}\") to str")))
            }
        }
    }

    #[slot]
    fn repeat(cx: &mut Cx, this: Gc<Str>, times: Value) -> PyResult {
        let n = sequence_index(cx, times)?;
        Ok(edit::repeat(cx, this, n)?.value())
    }

    #[slot(binary = Remainder)]
    fn remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        match left.downcast::<Str>() {
            Some(s) => Ok(format::percent::format_str_percent(cx, s, right)?.value()),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Return a copy whose first character is in title case and the rest in lower case.
    #[method("capitalize($self, /)")]
    fn capitalize(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        finish(cx, case::capitalize(&this))
    }

    /// Return a copy fit for comparisons that ignore case.
    #[method("casefold($self, /)")]
    fn casefold(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        case::fold(cx, this)
    }

    /// Return the string in the middle of a string of length width.
    ///
    /// The rest is filled with the fill character (a space by default).
    #[method("center($self, width, fillchar=' ', /)")]
    fn center(cx: &mut Cx, this: Gc<Str>, width: isize, fillchar: Option<Value>) -> PyResult<Gc<Str>> {
        let fill = fill_char(cx, fillchar)?;
        let free = free_width(&this, width);
        let left = free / 2 + (free & width as usize & 1);
        edit::pad(cx, this, left, free - left, fill)
    }

    /// Return the number of times that sub occurs in self[start:end], without overlaps.
    #[method("count($self, sub, start=None, end=None, /)")]
    fn count(cx: &mut Cx, this: Gc<Str>, sub: Gc<Str>, start: Option<Value>, end: Option<Value>) -> PyResult<usize> {
        let (start, end) = search_range(cx, start, end, this.len())?;
        Ok(search::count(&this, &sub, start, end))
    }

    /// Encode the string with the codec of this name.
    ///
    /// errors says what to do with characters that the encoding does not have: 'strict' raises a
    /// UnicodeEncodeError; 'ignore', 'replace', 'xmlcharrefreplace', 'backslashreplace' and whatever was given to
    /// codecs.register_error are other ways.
    #[method("encode($self, /, encoding='utf-8', errors='strict')")]
    fn encode(cx: &mut Cx, this: Gc<Str>, encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> PyResult {
        if let Some(text) = this.as_ascii().filter(|_| codec::keeps_ascii(encoding, errors)) {
            return Ok(Bytes::new(&mut cx.heap, text.as_bytes()).or_raise(cx)?.value());
        }
        let (encoding, errors) = (codec::name(cx, encoding)?, codec::name(cx, errors)?);
        codec::encode_str(cx, this, encoding.as_deref(), errors.as_deref())
    }

    /// Return True if self[start:end] ends with suffix, which may be a tuple of strings to try.
    #[method("endswith($self, suffix, start=None, end=None, /)")]
    fn endswith(cx: &mut Cx, this: Gc<Str>, suffix: Value, start: Option<Value>, end: Option<Value>) -> PyResult<bool> {
        has_affix(cx, this, suffix, (start, end), "endswith", ends_within)
    }

    /// Return a copy with every tab replaced by spaces up to the next multiple of tabsize.
    #[method("expandtabs($self, /, tabsize=8)")]
    fn expandtabs(cx: &mut Cx, this: Gc<Str>, tabsize: i32) -> PyResult<Gc<Str>> {
        edit::expand_tabs(cx, this, tabsize as i64)
    }

    /// Return the least index in self[start:end] at which sub is found, or -1.
    #[method("find($self, sub, start=None, end=None, /)")]
    fn find(cx: &mut Cx, this: Gc<Str>, sub: Gc<Str>, start: Option<Value>, end: Option<Value>) -> PyResult<i64> {
        let (start, end) = search_range(cx, start, end, this.len())?;
        Ok(search::find(&this, &sub, start, end).map_or(-1, |i| i as i64))
    }

    /// Return the string with its replacement fields filled in from the arguments.
    #[method(raw, "format($self, /, *args, **kwargs)")]
    fn format(cx: &mut Cx, this: Gc<Str>, args: Args<'_>) -> PyResult<Gc<Str>> {
        format::template::format_template(cx, this, args)
    }

    /// Return the string with its replacement fields filled in from the mapping.
    #[method("format_map($self, mapping, /)")]
    fn format_map(cx: &mut Cx, this: Gc<Str>, mapping: Value) -> PyResult<Gc<Str>> {
        format::template::format_map(cx, this, mapping)
    }

    /// Return the least index in self[start:end] at which sub is found; a ValueError if it is not.
    #[method("index($self, sub, start=None, end=None, /)")]
    fn index(cx: &mut Cx, this: Gc<Str>, sub: Gc<Str>, start: Option<Value>, end: Option<Value>) -> PyResult<usize> {
        let (start, end) = search_range(cx, start, end, this.len())?;
        search::find(&this, &sub, start, end).ok_or_else(|| substring_not_found(cx))
    }

    /// Return True if the string is not empty and all its characters are letters or numbers.
    #[method("isalnum($self, /)")]
    fn isalnum(this: Gc<Str>) -> bool {
        case::all(&this, unicode::is_alnum)
    }

    /// Return True if the string is not empty and all its characters are letters.
    #[method("isalpha($self, /)")]
    fn isalpha(this: Gc<Str>) -> bool {
        case::all(&this, unicode::is_alpha)
    }

    /// Return True if all characters are ASCII, which holds for the empty string.
    #[method("isascii($self, /)")]
    fn isascii(this: Gc<Str>) -> bool {
        this.is_ascii()
    }

    /// Return True if the string is not empty and all its characters are decimal digits.
    #[method("isdecimal($self, /)")]
    fn isdecimal(this: Gc<Str>) -> bool {
        case::all(&this, unicode::is_decimal)
    }

    /// Return True if the string is not empty and all its characters are digits.
    #[method("isdigit($self, /)")]
    fn isdigit(this: Gc<Str>) -> bool {
        case::all(&this, unicode::is_digit)
    }

    /// Return True if the string is an identifier of the language. Keywords are: see keyword.iskeyword.
    #[method("isidentifier($self, /)")]
    fn isidentifier(this: Gc<Str>) -> bool {
        case::is_identifier(&this)
    }

    /// Return True if there are cased characters and all of them are in lower case.
    #[method("islower($self, /)")]
    fn islower(this: Gc<Str>) -> bool {
        case::is_lower_text(&this)
    }

    /// Return True if the string is not empty and all its characters have a numeric value.
    #[method("isnumeric($self, /)")]
    fn isnumeric(this: Gc<Str>) -> bool {
        case::all(&this, unicode::is_numeric)
    }

    /// Return True if repr() would show every character as it is.
    #[method("isprintable($self, /)")]
    fn isprintable(this: Gc<Str>) -> bool {
        this.iter().all(unicode::is_printable)
    }

    /// Return True if the string is not empty and all its characters are white space.
    #[method("isspace($self, /)")]
    fn isspace(this: Gc<Str>) -> bool {
        case::all(&this, unicode::is_space)
    }

    /// Return True if capitals begin words and nothing else, and there is at least one cased character.
    #[method("istitle($self, /)")]
    fn istitle(this: Gc<Str>) -> bool {
        case::is_title_text(&this)
    }

    /// Return True if there are cased characters and all of them are in upper case.
    #[method("isupper($self, /)")]
    fn isupper(this: Gc<Str>) -> bool {
        case::is_upper_text(&this)
    }

    /// Return the strings of the iterable one after the other with this string between them.
    #[method("join($self, iterable, /)")]
    fn join(cx: &mut Cx, this: Gc<Str>, iterable: Value) -> PyResult<Gc<Str>> {
        edit::join(cx, this, iterable)
    }

    /// Return the string filled up to width on the right.
    #[method("ljust($self, width, fillchar=' ', /)")]
    fn ljust(cx: &mut Cx, this: Gc<Str>, width: isize, fillchar: Option<Value>) -> PyResult<Gc<Str>> {
        let fill = fill_char(cx, fillchar)?;
        edit::pad(cx, this, 0, free_width(&this, width), fill)
    }

    /// Return a copy in lower case.
    #[method("lower($self, /)")]
    fn lower(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        case::lower(cx, this)
    }

    /// Return a copy without the white space, or the given characters, at its start.
    #[method("lstrip($self, chars=None, /)")]
    fn lstrip(cx: &mut Cx, this: Gc<Str>, chars: Value) -> PyResult<Gc<Str>> {
        strip_ends(cx, this, chars, Ends::Left, "lstrip")
    }

    /// Return a table for str.translate().
    ///
    /// One argument is a dict from characters or their codes to codes, strings or None. Two are strings of equal
    /// length, mapped character by character; the characters of a third are deleted.
    #[staticmethod("maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)")]
    fn maketrans(cx: &mut Cx, x: Value, y: Option<Gc<Str>>, z: Option<Gc<Str>>) -> PyResult<Gc<Dict>> {
        translate::make_table(cx, x, y, z)
    }

    /// Return what is before the first sep, sep, and what is behind it; without sep the string and two empty ones.
    #[method("partition($self, sep, /)")]
    fn partition(cx: &mut Cx, this: Gc<Str>, sep: Value) -> PyResult<Gc<Tuple>> {
        let sep = partition_separator(cx, sep)?;
        let empty = cx.vm().empty_str().value();
        let Some(i) = search::find(&this, &sep, 0, this.len()) else {
            return Ok(cx.heap.tuple(&[this.value(), empty, empty]));
        };
        let before = Str::substring(&mut cx.heap, this, 0, i).or_raise(cx)?;
        let behind = Str::substring(&mut cx.heap, this, i + sep.len(), this.len()).or_raise(cx)?;
        Ok(cx.heap.tuple(&[before.value(), sep.value(), behind.value()]))
    }

    /// Return the string without prefix, if it starts with it.
    #[method("removeprefix($self, prefix, /)")]
    fn removeprefix(cx: &mut Cx, this: Gc<Str>, prefix: Gc<Str>) -> PyResult<Gc<Str>> {
        let start = if search::matches_at(&this, &prefix, 0) { prefix.len() } else { 0 };
        Str::substring(&mut cx.heap, this, start, this.len()).or_raise(cx)
    }

    /// Return the string without suffix, if it ends with it.
    #[method("removesuffix($self, suffix, /)")]
    fn removesuffix(cx: &mut Cx, this: Gc<Str>, suffix: Gc<Str>) -> PyResult<Gc<Str>> {
        let ends = ends_within(&this, &suffix, 0, this.len());
        let end = if ends { this.len() - suffix.len() } else { this.len() };
        Str::substring(&mut cx.heap, this, 0, end).or_raise(cx)
    }

    /// Return a copy with old replaced by new, at most count times if count is not negative.
    #[method("replace($self, old, new, /, count=-1)")]
    fn replace(cx: &mut Cx, this: Gc<Str>, old: Gc<Str>, new: Gc<Str>, count: isize) -> PyResult<Gc<Str>> {
        edit::replace(cx, this, old, new, limit(count))
    }

    /// Return the greatest index in self[start:end] at which sub is found, or -1.
    #[method("rfind($self, sub, start=None, end=None, /)")]
    fn rfind(cx: &mut Cx, this: Gc<Str>, sub: Gc<Str>, start: Option<Value>, end: Option<Value>) -> PyResult<i64> {
        let (start, end) = search_range(cx, start, end, this.len())?;
        Ok(search::rfind(&this, &sub, start, end).map_or(-1, |i| i as i64))
    }

    /// Return the greatest index in self[start:end] at which sub is found; a ValueError if it is not.
    #[method("rindex($self, sub, start=None, end=None, /)")]
    fn rindex(cx: &mut Cx, this: Gc<Str>, sub: Gc<Str>, start: Option<Value>, end: Option<Value>) -> PyResult<usize> {
        let (start, end) = search_range(cx, start, end, this.len())?;
        search::rfind(&this, &sub, start, end).ok_or_else(|| substring_not_found(cx))
    }

    /// Return the string filled up to width on the left.
    #[method("rjust($self, width, fillchar=' ', /)")]
    fn rjust(cx: &mut Cx, this: Gc<Str>, width: isize, fillchar: Option<Value>) -> PyResult<Gc<Str>> {
        let fill = fill_char(cx, fillchar)?;
        edit::pad(cx, this, free_width(&this, width), 0, fill)
    }

    /// Return what is before the last sep, sep, and what is behind it; without sep two empty strings and the string.
    #[method("rpartition($self, sep, /)")]
    fn rpartition(cx: &mut Cx, this: Gc<Str>, sep: Value) -> PyResult<Gc<Tuple>> {
        let sep = partition_separator(cx, sep)?;
        let empty = cx.vm().empty_str().value();
        let Some(i) = search::rfind(&this, &sep, 0, this.len()) else {
            return Ok(cx.heap.tuple(&[empty, empty, this.value()]));
        };
        let before = Str::substring(&mut cx.heap, this, 0, i).or_raise(cx)?;
        let behind = Str::substring(&mut cx.heap, this, i + sep.len(), this.len()).or_raise(cx)?;
        Ok(cx.heap.tuple(&[before.value(), sep.value(), behind.value()]))
    }

    /// Return the parts between separators, cut from the end at most maxsplit times.
    #[method("rsplit($self, /, sep=None, maxsplit=-1)")]
    fn rsplit(cx: &mut Cx, this: Gc<Str>, sep: Value, maxsplit: isize) -> PyResult<Gc<List>> {
        let found = match separator(cx, sep)? {
            None => split::rsplit_whitespace(&this, limit(maxsplit)),
            Some(sep) => split::rsplit(&this, &sep, limit(maxsplit)),
        };
        pieces(cx, this, found)
    }

    /// Return a copy without the white space, or the given characters, at its end.
    #[method("rstrip($self, chars=None, /)")]
    fn rstrip(cx: &mut Cx, this: Gc<Str>, chars: Value) -> PyResult<Gc<Str>> {
        strip_ends(cx, this, chars, Ends::Right, "rstrip")
    }

    /// Return the parts between separators, cut at most maxsplit times.
    ///
    /// Without a separator the string is cut at runs of white space, and there are no empty parts.
    #[method("split($self, /, sep=None, maxsplit=-1)")]
    fn split(cx: &mut Cx, this: Gc<Str>, sep: Value, maxsplit: isize) -> PyResult<Gc<List>> {
        let found = match separator(cx, sep)? {
            None => split::split_whitespace(&this, limit(maxsplit)),
            Some(sep) => split::split(&this, &sep, limit(maxsplit)),
        };
        pieces(cx, this, found)
    }

    /// Return the lines, without their ends unless keepends is true.
    #[method("splitlines($self, /, keepends=False)")]
    fn splitlines(cx: &mut Cx, this: Gc<Str>, keepends: bool) -> PyResult<Gc<List>> {
        pieces(cx, this, split::split_lines(&this, keepends))
    }

    /// Return True if self[start:end] starts with prefix, which may be a tuple of strings to try.
    #[method("startswith($self, prefix, start=None, end=None, /)")]
    fn startswith(
        cx: &mut Cx,
        this: Gc<Str>,
        prefix: Value,
        start: Option<Value>,
        end: Option<Value>,
    ) -> PyResult<bool> {
        has_affix(cx, this, prefix, (start, end), "startswith", starts_within)
    }

    /// Return a copy without the white space, or the given characters, at both ends.
    #[method("strip($self, chars=None, /)")]
    fn strip(cx: &mut Cx, this: Gc<Str>, chars: Value) -> PyResult<Gc<Str>> {
        strip_ends(cx, this, chars, Ends::Both, "strip")
    }

    /// Return a copy with upper case and lower case exchanged.
    #[method("swapcase($self, /)")]
    fn swapcase(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        finish(cx, case::swap_case(&this))
    }

    /// Return a copy in which words start with a capital and go on in lower case.
    #[method("title($self, /)")]
    fn title(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        finish(cx, case::title(&this))
    }

    /// Replace each character by what the table has for its code: a code, a string, or None to delete it.
    ///
    /// Characters that the table does not have (LookupError) stay.
    #[method("translate($self, table, /)")]
    fn translate(cx: &mut Cx, this: Gc<Str>, table: Value) -> PyResult<Gc<Str>> {
        translate::translate(cx, this, table)
    }

    /// Return a copy in upper case.
    #[method("upper($self, /)")]
    fn upper(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Str>> {
        case::upper(cx, this)
    }

    /// Return the string filled up to width with zeros on the left, behind its sign.
    #[method("zfill($self, width, /)")]
    fn zfill(cx: &mut Cx, this: Gc<Str>, width: isize) -> PyResult<Gc<Str>> {
        edit::zero_fill(cx, this, width)
    }

    /// Return the string formatted as the spec says.
    #[method("__format__($self, format_spec, /)")]
    fn __format__(cx: &mut Cx, this: Value, format_spec: Gc<Str>) -> PyResult<Gc<Str>> {
        if format_spec.is_empty() {
            return str_of(cx, this);
        }
        match this.downcast::<Str>() {
            Some(s) => format::format_str_value(cx, s, format_spec),
            None => {
                let name = type_name(cx, this);
                let message = format!("descriptor '__format__' requires a 'str' object but received a '{name}'");
                Err(type_error(cx, message))
            }
        }
    }

    #[method("__getnewargs__($self, /)")]
    fn __getnewargs__(cx: &mut Cx, this: Gc<Str>) -> PyResult<Gc<Tuple>> {
        Ok(cx.heap.tuple(&[this.value()]))
    }

    /// Return the size of the string in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn __sizeof__(this: Gc<Str>) -> usize {
        size_of::<Str>() + this.byte_len()
    }
}

/// `(object, encoding, errors)` of `str()`.
fn constructor_arguments(cx: &mut Cx, args: Args<'_>) -> PyResult<[Option<Value>; 3]> {
    const NAMES: [&str; 3] = ["object", "encoding", "errors"];
    let mut out: [Option<Value>; 3] = [None; 3];
    let positional = args.positional();
    if args.values().len() > 3 {
        let n = args.values().len();
        return Err(match args.n_keywords() {
            0 => type_error(cx, format_args!("str expected at most 3 arguments, got {n}")),
            _ => type_error(cx, format_args!("str() takes at most 3 arguments ({n} given)")),
        });
    }
    for (slot, &value) in out.iter_mut().zip(positional) {
        *slot = Some(value);
    }
    for (name, value) in args.keywords() {
        let Some(i) = NAMES.iter().position(|known| name.eq_str(known)) else {
            return Err(type_error(cx, format_args!("str() got an unexpected keyword argument '{name}'")));
        };
        if out[i].is_some() {
            let message = format!("argument for str() given by name ('{}') and position ({})", NAMES[i], i + 1);
            return Err(type_error(cx, message));
        }
        out[i] = Some(value);
    }
    Ok(out)
}

/// `named` says whether there are keyword arguments: messages show None otherwise with them.
fn codec_name(cx: &mut Cx, value: Option<Value>, name: &str, named: bool) -> PyResult<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let Some(s) = value.downcast::<Str>() else {
        let found = if named { argument_type_name(cx, value) } else { type_name(cx, value) };
        return Err(type_error(cx, format_args!("str() argument '{name}' must be str, not {found}")));
    };
    codec::name(cx, Some(s))
}
