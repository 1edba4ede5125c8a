//! `re.Pattern` and the scanner behind `finditer`.

use super::engine::{Scratch, UNSET};
use super::matches::{self, MatchClass};
use super::program::Program;
use super::template::{self, Template};
use super::*;
use macros::{Trace, native_class};
use std::cell::Cell;

pub const MAXGROUPS: usize = 1073741823;

/// A compiled pattern.
#[derive(Trace)]
pub struct Pattern {
    pub pattern: Slot,
    /// The dict of group names.
    pub groupindex: GcSlot<Dict>,
    pub indexgroup: GcSlot<Tuple>,
    /// The class of matches.
    match_class: GcSlot<Class>,
    pub flags: u32,
    pub groups: usize,
    /// Unknown when the pattern is None.
    #[trace(skip)]
    pub is_bytes: Option<bool>,
    #[trace(skip)]
    pub program: Program,
    #[trace(skip)]
    code: Vec<u32>,
    #[trace(skip)]
    pub scratch: std::cell::RefCell<Option<Box<Scratch>>>,
}

impl NativeData for Pattern {
    const NAME: &'static str = "re.Pattern";
}

/// `_sre.compile`.
pub fn compile(cx: &mut Cx, args: Args<'_>) -> PyResult {
    const NAMES: [&str; 6] = ["pattern", "flags", "code", "groups", "groupindex", "indexgroup"];
    let mut values = [Value::UNBOUND; 6];
    let positional = args.positional();
    if positional.len() > 6 {
        return Err(type_error(cx, format_args!("compile() takes exactly 6 arguments ({} given)", positional.len())));
    }
    values[..positional.len()].copy_from_slice(positional);
    for (name, value) in args.keywords() {
        match NAMES.iter().position(|n| name.eq_str(n)) {
            Some(i) => values[i] = value,
            None => {
                return Err(type_error(cx, format_args!("compile() got an unexpected keyword argument '{name}'")));
            }
        }
    }
    if let Some(i) = values.iter().position(|v| v.is_unbound()) {
        let message = format!("compile() missing required argument '{}' (pos {})", NAMES[i], i + 1);
        return Err(type_error(cx, message));
    }
    let [pattern, flags, code, groups, groupindex, indexgroup] = values;
    let flags = runtime::number::as_i64(cx, flags)? as u32;
    let groups = runtime::number::as_i64(cx, groups)?;
    let Some(list) = code.downcast::<List>() else {
        let class = type_name(cx, code);
        return Err(type_error(cx, format_args!("compile() argument 'code' must be list, not {class}")));
    };
    let Some(groupindex) = groupindex.downcast::<Dict>() else {
        let class = type_name(cx, groupindex);
        return Err(type_error(cx, format_args!("compile() argument 'groupindex' must be dict, not {class}")));
    };
    let Some(indexgroup) = indexgroup.downcast::<Tuple>() else {
        let class = type_name(cx, indexgroup);
        return Err(type_error(cx, format_args!("compile() argument 'indexgroup' must be tuple, not {class}")));
    };
    let mut code = Vec::with_capacity(list.len());
    for i in 0..list.len() {
        let word = list.get(i).unwrap_or(Value::NONE);
        let word = match word.as_small_or_bool() {
            Some(word) => word,
            None => runtime::number::as_i64(cx, word)?,
        };
        match u32::try_from(word) {
            Ok(word) => code.push(word),
            Err(_) => return Err(overflow_error(cx, "regular expression code size limit exceeded")),
        }
    }
    let is_bytes = if pattern.is_none() {
        None
    } else if pattern.downcast::<Str>().is_some() {
        Some(false)
    } else if buffers::try_bytes(cx, pattern)?.is_some() {
        Some(true)
    } else {
        let class = type_name(cx, pattern);
        return Err(type_error(cx, format_args!("expected string or bytes-like object, got '{class}'")));
    };
    let program = usize::try_from(groups).ok().filter(|&g| g <= MAXGROUPS.min(code.len()));
    let program = program.and_then(|groups| Program::read(&code, groups).ok());
    let Some(program) = program else { return Err(runtime_error(cx, "invalid SRE code")) };
    let class = runtime::native::class_of_spec(cx, &class::SPEC)?;
    let match_class = runtime::native::class_of_spec(cx, &matches::class::SPEC)?;
    let data = Pattern {
        pattern: Slot::new(pattern),
        groupindex: GcSlot::of(groupindex),
        indexgroup: GcSlot::of(indexgroup),
        match_class: GcSlot::of(match_class),
        flags,
        groups: groups as usize,
        is_bytes,
        program,
        code,
        scratch: Default::default(),
    };
    Ok(new_native(cx, class, data).value())
}

const FLAG_NAMES: [(&str, u32); 8] = [
    ("re.IGNORECASE", 2),
    ("re.LOCALE", 4),
    ("re.MULTILINE", 8),
    ("re.DOTALL", 16),
    ("re.UNICODE", 32),
    ("re.VERBOSE", 64),
    ("re.DEBUG", 128),
    ("re.ASCII", 256),
];

type This = Gc<Native<Pattern>>;

impl State {
    /// The match object of the match just found.
    fn match_object(&self, cx: &mut Cx, string: Value, pos: usize, span: (usize, usize)) -> PyResult {
        let class: MatchClass = self.pattern.match_class.expect();
        matches::make(cx, class, self, string, pos, span)
    }
}

/// One match from `pos`, as an object or None.
fn one(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize, kind: Kind) -> PyResult {
    let mut state = State::new(cx, this, string, pos, endpos)?;
    let start = state.start;
    let result = match state.find(cx, kind) {
        Ok(Some(span)) => state.match_object(cx, string, start, span),
        Ok(None) => Ok(Value::NONE),
        Err(raised) => Err(raised),
    };
    state.release();
    result
}

/// What replaces matches.
enum Filter {
    Literal(Value),
    Callable(Value),
    Template(Gc<Native<Template>>),
}

impl Filter {
    fn of(cx: &mut Cx, this: This, repl: Value) -> PyResult<Filter> {
        if cx.class_of(repl).slots.call.get().is_some() {
            return Ok(Filter::Callable(repl));
        }
        let is_literal = match repl.downcast::<Str>() {
            Some(text) => !text.iter().any(|c| c == '\\' as u32),
            None => buffers::try_bytes(cx, repl)?.is_some_and(|b| !b.contains(&b'\\')),
        };
        if is_literal {
            return Ok(Filter::Literal(repl));
        }
        let compiled = template::compile(cx, this.value(), repl)?;
        Ok(match compiled.cast::<Native<Template>>() {
            Some(template) => match template.plain() {
                Some(literal) => Filter::Literal(literal),
                None => Filter::Template(template),
            },
            None => Filter::Literal(compiled),
        })
    }
}

/// `sub` and `subn`: the new string and how many were replaced.
fn replace(cx: &mut Cx, this: This, repl: Value, string: Value, count: isize) -> PyResult<(Value, usize)> {
    let filter = Filter::of(cx, this, repl)?;
    let mut state = State::new(cx, this, string, 0, isize::MAX)?;
    let result = replace_all(cx, &mut state, &filter, string, count);
    state.release();
    result
}

fn replace_all(
    cx: &mut Cx,
    state: &mut State,
    filter: &Filter,
    string: Value,
    count: isize,
) -> PyResult<(Value, usize)> {
    let subject = state.subject;
    let mut out = Joined::like(subject);
    let (mut done, mut n) = (0, 0);
    while count <= 0 || n < count as usize {
        let pos = state.start;
        let Some((start, end)) = state.find(cx, Kind::Search)? else { break };
        if done < start {
            out.push_slice(subject, done, start);
        }
        match *filter {
            Filter::Literal(literal) => out.push(cx, literal)?,
            Filter::Callable(function) => {
                let found = state.match_object(cx, string, pos, (start, end))?;
                let item = call(cx, function, &[found])?;
                if !item.is_none() {
                    out.push(cx, item)?;
                }
            }
            Filter::Template(template) => template.expand_state(cx, state, (start, end), &mut out)?,
        }
        done = end;
        n += 1;
        state.advance(start, end);
    }
    if n == 0 {
        return Ok((subject.slice(cx, 0, subject.len())?, 0));
    }
    if done < state.end {
        out.push_slice(subject, done, state.end);
    }
    Ok((out.finish(cx)?, n))
}

fn split_all(cx: &mut Cx, state: &mut State, maxsplit: isize) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    let (mut last, mut n) = (state.start, 0);
    while maxsplit <= 0 || n < maxsplit as usize {
        let Some((start, end)) = state.find(cx, Kind::Search)? else { break };
        let item = state.subject.slice(cx, last, start)?;
        list.push(&mut cx.heap, item).or_raise(cx)?;
        for i in 1..=state.pattern.groups {
            let item = state.group_slice(cx, i, Value::NONE)?;
            list.push(&mut cx.heap, item).or_raise(cx)?;
        }
        n += 1;
        last = end;
        state.advance(start, end);
    }
    let item = state.subject.slice(cx, last, state.end)?;
    list.push(&mut cx.heap, item).or_raise(cx)?;
    Ok(list)
}

fn find_all(cx: &mut Cx, state: &mut State) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    let empty = state.subject.empty(cx)?;
    while let Some((start, end)) = state.find(cx, Kind::Search)? {
        let item = match state.pattern.groups {
            0 => state.subject.slice(cx, start, end)?,
            1 => state.group_slice(cx, 1, empty)?,
            n => {
                let items = cx.vm().root_vec();
                for i in 1..=n {
                    items.push(state.group_slice(cx, i, empty)?);
                }
                Tuple::from_fn(&mut cx.heap, n, |i| items.get(i)).or_raise(cx)?.value()
            }
        };
        list.push(&mut cx.heap, item).or_raise(cx)?;
        state.advance(start, end);
    }
    Ok(list)
}

fn same_pattern(cx: &mut Cx, a: This, b: This) -> PyResult<bool> {
    if a == b {
        return Ok(true);
    }
    if (a.flags, a.is_bytes, a.groups) != (b.flags, b.is_bytes, b.groups) || a.code != b.code {
        return Ok(false);
    }
    equals(cx, a.pattern.get(), b.pattern.get())
}

/// Compiled regular expression object.
#[native_class(
    name = "Pattern",
    module = "re",
    layout = Native<Pattern>,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    traits = HAS_WEAKREF,
    doc = "Compiled regular expression object."
)]
pub mod class {
    use super::*;

    /// Matches zero or more characters at the beginning of the string.
    #[method("match($self, /, string, pos=0, endpos=sys.maxsize)")]
    fn match_(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult {
        one(cx, this, string, pos, endpos, Kind::Match)
    }

    /// Matches against all of the string.
    #[method("fullmatch($self, /, string, pos=0, endpos=sys.maxsize)")]
    fn fullmatch(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult {
        one(cx, this, string, pos, endpos, Kind::FullMatch)
    }

    /// Scan through string looking for a match, and return a corresponding match object instance.
    ///
    /// Return None if no position in the string matches.
    #[method("search($self, /, string, pos=0, endpos=sys.maxsize)")]
    fn search(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult {
        one(cx, this, string, pos, endpos, Kind::Search)
    }

    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.
    #[method("sub($self, /, repl, string, count=0)")]
    fn sub(cx: &mut Cx, this: This, repl: Value, string: Value, count: isize) -> PyResult {
        Ok(replace(cx, this, repl, string, count)?.0)
    }

    /// Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.
    #[method("subn($self, /, repl, string, count=0)")]
    fn subn(cx: &mut Cx, this: This, repl: Value, string: Value, count: isize) -> PyResult {
        let (text, n) = replace(cx, this, repl, string, count)?;
        Ok(cx.heap.tuple(&[text, Int::from_len(n).value()]).value())
    }

    /// Return a list of all non-overlapping matches of pattern in string.
    #[method("findall($self, /, string, pos=0, endpos=sys.maxsize)")]
    fn findall(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult<Gc<List>> {
        let mut state = State::new(cx, this, string, pos, endpos)?;
        let result = find_all(cx, &mut state);
        state.release();
        result
    }

    /// Split string by the occurrences of pattern.
    #[method("split($self, /, string, maxsplit=0)")]
    fn split(cx: &mut Cx, this: This, string: Value, maxsplit: isize) -> PyResult<Gc<List>> {
        let mut state = State::new(cx, this, string, 0, isize::MAX)?;
        let result = split_all(cx, &mut state, maxsplit);
        state.release();
        result
    }

    /// Return an iterator over all non-overlapping matches for the RE pattern in string.
    ///
    /// For each match, the iterator returns a match object.
    #[method("finditer($self, /, string, pos=0, endpos=sys.maxsize)")]
    fn finditer(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult {
        let scanner = make_scanner(cx, this, string, pos, endpos)?;
        let name = cx.heap.intern("search");
        let search = get_attr(cx, scanner, name)?;
        Ok(cx.heap.callable_iter(search, Value::NONE).value())
    }

    /// A scanner of the string.
    #[method("scanner($self, /, string, pos=0, endpos=sys.maxsize)")]
    fn scanner(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult {
        make_scanner(cx, this, string, pos, endpos)
    }

    #[method("__copy__($self, /)")]
    fn copy(_cx: &mut Cx, this: This) -> Value {
        this.value()
    }

    #[method("__deepcopy__($self, memo, /)")]
    fn deepcopy(_cx: &mut Cx, this: This, memo: Value) -> Value {
        let _ = memo;
        this.value()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::hooks::generic_alias(cx, class.value(), object)
    }

    #[getter(doc = "The pattern string from which the RE object was compiled.")]
    fn pattern(_cx: &mut Cx, this: This) -> Value {
        this.pattern.get()
    }

    #[getter(doc = "The regex matching flags.")]
    fn flags(_cx: &mut Cx, this: This) -> u32 {
        this.flags
    }

    #[getter(doc = "The number of capturing groups in the pattern.")]
    fn groups(_cx: &mut Cx, this: This) -> usize {
        this.groups
    }

    #[getter(doc = "A dictionary mapping group names to group numbers.")]
    fn groupindex(cx: &mut Cx, this: This) -> Value {
        cx.heap.mapping_proxy(this.groupindex.expect().value()).value()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult {
        let mut flags = this.flags;
        if this.is_bytes == Some(false) && flags & (4 | 32 | 256) == 32 {
            flags &= !32;
        }
        let mut names: Vec<String> = Vec::new();
        for (name, bit) in FLAG_NAMES {
            if flags & bit != 0 {
                names.push(name.to_owned());
                flags &= !bit;
            }
        }
        if flags != 0 {
            names.push(format!("0x{flags:x}"));
        }
        let repr = repr_of(cx, this.pattern.get())?;
        let mut text = StrBuilder::new();
        text.push_str("re.compile(");
        text.push_slice(&repr, 0, repr.len().min(200));
        if !names.is_empty() {
            text.push_str(", ");
            text.push_str(&names.join("|"));
        }
        text.push_str(")");
        Ok(text.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, other.cast::<Native<Pattern>>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = same_pattern(cx, this, other)?;
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot]
    fn hash(cx: &mut Cx, this: This) -> PyResult<i64> {
        let hash = hash_of(cx, this.pattern.get())?;
        let code = this.code.iter().fold(0i64, |h, &w| h.wrapping_mul(1_000_003) ^ i64::from(w));
        let hash = hash ^ code ^ i64::from(this.flags) ^ this.groups as i64;
        Ok(if hash == -1 { -2 } else { hash })
    }
}

/// A search that goes on where it ended.
#[derive(Trace)]
pub struct Scanner {
    pattern: GcSlot<Native<Pattern>>,
    string: Slot,
    /// A `str` or `bytes`.
    subject: Slot,
    /// [`UNSET`] once nothing more was found.
    start: Cell<usize>,
    end: usize,
    must_advance: Cell<bool>,
    executing: Cell<bool>,
}

impl NativeData for Scanner {
    const NAME: &'static str = "_sre.SRE_Scanner";
}

fn make_scanner(cx: &mut Cx, this: This, string: Value, pos: isize, endpos: isize) -> PyResult {
    let state = State::new(cx, this, string, pos, endpos)?;
    let data = Scanner {
        pattern: GcSlot::of(this),
        string: Slot::new(string),
        subject: Slot::new(state.subject.value()),
        start: Cell::new(state.start),
        end: state.end,
        must_advance: Cell::new(false),
        executing: Cell::new(false),
    };
    state.release();
    let class = runtime::native::class_of_spec(cx, &scanner::SPEC)?;
    Ok(new_native(cx, class, data).value())
}

fn scan(cx: &mut Cx, this: Gc<Native<Scanner>>, kind: Kind) -> PyResult {
    if this.executing.get() {
        return Err(value_error(cx, "regular expression scanner already executing"));
    }
    let Some(subject) = Subject::from_stored(this.subject.get()).filter(|_| this.start.get() != UNSET) else {
        return Ok(Value::NONE);
    };
    let pattern = this.pattern.expect();
    let start = this.start.get();
    let scratch = pattern.scratch.borrow_mut().take().unwrap_or_default();
    let mut state = State { pattern, subject, start, end: this.end, must_advance: this.must_advance.get(), scratch };
    this.executing.set(true);
    let found = state.find(cx, kind);
    this.executing.set(false);
    let result = match found {
        Ok(Some(span)) => {
            let object = state.match_object(cx, this.string.get(), start, span);
            this.start.set(span.1);
            this.must_advance.set(span.0 == span.1);
            object
        }
        Ok(None) => {
            this.start.set(UNSET);
            Ok(Value::NONE)
        }
        Err(raised) => Err(raised),
    };
    state.release();
    result
}

#[native_class(
    name = "SRE_Scanner",
    module = "_sre",
    layout = Native<Scanner>,
    flags = HAVE_GC | DISALLOW_INSTANTIATION
)]
pub mod scanner {
    use super::*;

    /// The next match, where the last one ended.
    #[method("match($self, /)")]
    fn match_(cx: &mut Cx, this: Gc<Native<Scanner>>) -> PyResult {
        scan(cx, this, Kind::Match)
    }

    /// The next match.
    #[method("search($self, /)")]
    fn search(cx: &mut Cx, this: Gc<Native<Scanner>>) -> PyResult {
        scan(cx, this, Kind::Search)
    }

    #[getter]
    fn pattern(_cx: &mut Cx, this: Gc<Native<Scanner>>) -> Value {
        this.pattern.expect().value()
    }
}
