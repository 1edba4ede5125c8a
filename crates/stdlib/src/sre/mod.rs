//! `_sre`: compiled patterns, matches, scanners and replacement templates.
//!
//! `re` compiles patterns to code words; [`program`] checks them and [`engine`] runs them on the code points of the subject
//! where they lie. This file holds the module's functions and what the classes share.

mod case;
mod engine;
mod matches;
mod pattern;
mod program;
mod template;

use crate::buffers;
use engine::{Request, Scratch, UNSET};
use pattern::Pattern;
use runtime::native::{new_native, set_module_attr};
use runtime::prelude::*;

/// What is searched: text, or bytes (a copy of them, where they could change).
#[derive(Clone, Copy)]
enum Subject {
    Str(Gc<Str>),
    Bytes(Gc<Bytes>),
}

impl Subject {
    fn of(cx: &mut Cx, pattern: &Pattern, string: Value) -> PyResult<Subject> {
        let subject = if let Some(text) = string.downcast::<Str>() {
            Subject::Str(text)
        } else if let Some(bytes) = string.downcast::<Bytes>() {
            Subject::Bytes(bytes)
        } else if let Some(copy) = buffers::try_bytes(cx, string)? {
            Subject::Bytes(cx.heap.bytes(&copy).or_raise(cx)?)
        } else {
            let class = type_name(cx, string);
            return Err(type_error(cx, format_args!("expected string or bytes-like object, got '{class}'")));
        };
        match (subject, pattern.is_bytes) {
            (Subject::Bytes(_), Some(false)) => {
                Err(type_error(cx, "cannot use a string pattern on a bytes-like object"))
            }
            (Subject::Str(_), Some(true)) => Err(type_error(cx, "cannot use a bytes pattern on a string-like object")),
            _ => Ok(subject),
        }
    }

    fn from_stored(value: Value) -> Option<Subject> {
        match value.cast::<Str>() {
            Some(text) => Some(Subject::Str(text)),
            None => value.cast::<Bytes>().map(Subject::Bytes),
        }
    }

    fn value(self) -> Value {
        match self {
            Subject::Str(text) => text.value(),
            Subject::Bytes(bytes) => bytes.value(),
        }
    }

    fn len(self) -> usize {
        match self {
            Subject::Str(text) => text.len(),
            Subject::Bytes(bytes) => bytes.len(),
        }
    }

    fn slice(self, cx: &mut Cx, start: usize, end: usize) -> PyResult {
        match self {
            Subject::Str(text) => Ok(Str::substring(&mut cx.heap, text, start, end).or_raise(cx)?.value()),
            Subject::Bytes(bytes) if start == 0 && end == bytes.len() => Ok(bytes.value()),
            Subject::Bytes(bytes) => Ok(cx.heap.bytes(&bytes.as_slice()[start..end]).or_raise(cx)?.value()),
        }
    }

    fn empty(self, cx: &mut Cx) -> PyResult {
        self.slice(cx, 0, 0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Match,
    FullMatch,
    Search,
}

/// A search under way: `start` moves on from match to match.
struct State {
    pattern: Gc<Native<Pattern>>,
    subject: Subject,
    start: usize,
    end: usize,
    must_advance: bool,
    scratch: Box<Scratch>,
}

impl State {
    fn new(cx: &mut Cx, pattern: Gc<Native<Pattern>>, string: Value, pos: isize, endpos: isize) -> PyResult<State> {
        let subject = Subject::of(cx, &pattern, string)?;
        let end = subject.len().min(endpos.max(0) as usize);
        let start = end.min(pos.max(0) as usize);
        let scratch = pattern.scratch.borrow_mut().take().unwrap_or_default();
        Ok(State { pattern, subject, start, end, must_advance: false, scratch })
    }

    /// Give the memory back to the pattern.
    fn release(self) {
        *self.pattern.scratch.borrow_mut() = Some(self.scratch);
    }

    /// The next match; marks are in the scratch memory.
    fn find(&mut self, cx: &mut Cx, kind: Kind) -> PyResult<Option<(usize, usize)>> {
        let request = Request {
            start: self.start,
            end: self.end,
            whole: kind == Kind::FullMatch,
            must_advance: self.must_advance,
        };
        let poll = &mut || if cx.is_safepoint_requested() { runtime::safepoint::handle(cx) } else { Ok(()) };
        let (program, scratch) = (&self.pattern.program, &mut *self.scratch);
        macro_rules! run {
            ($text:expr) => {
                if kind == Kind::Search {
                    engine::search(program, $text, request, scratch, poll)
                } else {
                    engine::match_at(program, $text, request, scratch, poll)
                        .map(|end| end.map(|end| (request.start, end)))
                }
            };
        }
        match self.subject {
            Subject::Bytes(bytes) => run!(bytes.as_slice()),
            Subject::Str(text) => match text.chars() {
                Chars::Latin1(text) => run!(text),
                Chars::Ucs2(text) => run!(text),
                Chars::Ucs4(text) => run!(text),
            },
        }
    }

    /// Go on behind the match just found.
    fn advance(&mut self, start: usize, end: usize) {
        self.must_advance = start == end;
        self.start = end;
    }

    /// Start and end of group `i` (from 1) of the match just found.
    fn group(&self, i: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.scratch.marks[i * 2 - 2], self.scratch.marks[i * 2 - 1]);
        (start != UNSET && end != UNSET).then_some((start, end))
    }

    fn group_slice(&self, cx: &mut Cx, i: usize, otherwise: Value) -> PyResult {
        match self.group(i) {
            Some((start, end)) if start <= end => self.subject.slice(cx, start, end),
            Some(_) => {
                Err(system_error(cx, "The span of capturing group is wrong, please report a bug for the re module."))
            }
            None => Ok(otherwise),
        }
    }
}

/// Collects the pieces of a result of text or bytes.
enum Joined {
    Str(StrBuilder, usize),
    Bytes(Vec<u8>, usize),
}

impl Joined {
    fn like(subject: Subject) -> Joined {
        match subject {
            Subject::Str(text) => Joined::Str(StrBuilder::with_capacity(text.len()), 0),
            Subject::Bytes(bytes) => Joined::Bytes(Vec::with_capacity(bytes.len()), 0),
        }
    }

    fn push_slice(&mut self, subject: Subject, start: usize, end: usize) {
        match (self, subject) {
            (Joined::Str(out, n), Subject::Str(text)) => {
                out.push_slice(&text, start, end);
                *n += 1;
            }
            (Joined::Bytes(out, n), Subject::Bytes(bytes)) => {
                out.extend_from_slice(&bytes.as_slice()[start..end]);
                *n += 1;
            }
            _ => {}
        }
    }

    fn push(&mut self, cx: &mut Cx, item: Value) -> PyResult<()> {
        match self {
            Joined::Str(out, n) => {
                let Some(text) = item.downcast::<Str>() else {
                    let class = type_name(cx, item);
                    return Err(type_error(
                        cx,
                        format_args!("sequence item {n}: expected str instance, {class} found"),
                    ));
                };
                out.push_py(&text);
                *n += 1;
            }
            Joined::Bytes(out, n) => {
                let Some(bytes) = buffers::try_bytes(cx, item)? else {
                    let class = type_name(cx, item);
                    return Err(type_error(
                        cx,
                        format_args!("sequence item {n}: expected a bytes-like object, {class} found"),
                    ));
                };
                out.extend_from_slice(&bytes);
                *n += 1;
            }
        }
        Ok(())
    }

    fn finish(self, cx: &mut Cx) -> PyResult {
        match self {
            Joined::Str(out, _) => Ok(out.finish(&mut cx.heap).or_raise(cx)?.value()),
            Joined::Bytes(out, _) => Ok(cx.heap.bytes(&out).or_raise(cx)?.value()),
        }
    }
}

#[macros::native_module(name = "_sre")]
pub mod module {
    use super::*;

    /// Bytes of a code word.
    #[function("getcodesize()")]
    fn getcodesize(_cx: &mut Cx) -> i64 {
        4
    }

    /// Whether the ASCII character has a case.
    #[function("ascii_iscased(character, /)")]
    fn ascii_iscased(_cx: &mut Cx, character: i32) -> bool {
        u8::try_from(character).is_ok_and(|c| c.is_ascii_alphabetic())
    }

    /// Whether the character has a case.
    #[function("unicode_iscased(character, /)")]
    fn unicode_iscased(_cx: &mut Cx, character: i32) -> bool {
        let c = character as u32;
        case::lower_unicode(c) != c || case::upper_unicode(c) != c
    }

    /// The lower-case ASCII character.
    #[function("ascii_tolower(character, /)")]
    fn ascii_tolower(_cx: &mut Cx, character: i32) -> i32 {
        case::lower_ascii(character as u32) as i32
    }

    /// The lower-case character.
    #[function("unicode_tolower(character, /)")]
    fn unicode_tolower(_cx: &mut Cx, character: i32) -> i32 {
        case::lower_unicode(character as u32) as i32
    }

    /// A pattern of code words.
    #[function(raw, "compile(pattern, flags, code, groups, groupindex, indexgroup)")]
    fn compile(cx: &mut Cx, args: Args<'_>) -> PyResult {
        pattern::compile(cx, args)
    }

    /// A replacement template of literals and group numbers.
    #[function("template(pattern, template, /)")]
    fn template(cx: &mut Cx, pattern: Value, template: Gc<List>) -> PyResult {
        let _ = pattern;
        super::template::make(cx, template)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, number) in [
            ("MAGIC", 20230612),
            ("CODESIZE", 4),
            ("MAXREPEAT", program::MAXREPEAT as usize),
            ("MAXGROUPS", pattern::MAXGROUPS),
        ] {
            set_module_attr(cx, module, name, Int::from_len(number).value())?;
        }
        let copyright = cx.heap.str(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ");
        set_module_attr(cx, module, "copyright", copyright)
    }
}
