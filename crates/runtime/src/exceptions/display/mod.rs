//! Exceptions as text: what CPython's `traceback` module prints for an uncaught one.
//!
//! [`format_exception`] takes everything it needs from the objects first (that may run Python code: `__str__`, `__dir__`)
//! and then lays it out. Used by [`super::report`], `sys.excepthook` and the unraisable hook.

mod expression;
mod frames;
mod source;
mod suggestions;
mod syntax;

use super::group::members;
use crate::prelude::*;
use frames::Summary;
use std::collections::HashSet;

pub use source::register_source;

/// Exceptions of a group that are shown; the rest is counted.
const MAX_GROUP_WIDTH: usize = 15;
/// Nesting of groups that is shown.
const MAX_GROUP_DEPTH: usize = 10;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// An exception and those that led to it, the newest first. Each with the sentence that introduces it.
struct Chain(Vec<(Option<&'static str>, Shown)>);

/// What is shown of one exception.
struct Shown {
    stack: Vec<Summary>,
    /// Lines of the message and the notes.
    lines: Vec<String>,
    /// Members of a group.
    members: Option<Vec<Chain>>,
}

/// The whole report of an exception, ending in a newline.
pub fn format_exception(cx: &mut Cx, exception: Gc<Exception>) -> PyResult<String> {
    let mut seen = HashSet::new();
    let chain = collect(cx, exception, &mut seen, 0)?;
    let mut page = Page { out: String::new(), depth: 0, need_close: false };
    page.chain(&chain);
    Ok(page.out)
}

/// The text of a string, lone surrogates written as escapes (as stderr writes them).
pub fn plain_text(s: &Str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.iter() {
        match char::from_u32(c) {
            Some(c) => out.push(c),
            None => out.push_str(&format!("\\u{c:04x}")),
        }
    }
    out
}

/// `str` or `repr` of a value, or what stands for it when that fails.
fn safe_text(cx: &mut Cx, value: Value, what: &str, repr: bool) -> String {
    let text = if repr { repr_of(cx, value) } else { str_of(cx, value) };
    match text {
        Ok(text) => plain_text(&text),
        Err(raised) => {
            cx.take_raised(raised);
            format!("<{what} {}() failed>", if repr { "repr" } else { "str" })
        }
    }
}

/// The attribute, or `None` when it cannot be had for whatever reason.
fn quiet_attr(cx: &mut Cx, value: Value, name: &str) -> Option<Value> {
    let name = cx.heap.intern(name);
    match get_attr_opt(cx, value, name) {
        Ok(found) => found,
        Err(raised) => {
            cx.take_raised(raised);
            None
        }
    }
}

fn collect(cx: &mut Cx, exception: Gc<Exception>, seen: &mut HashSet<u64>, depth: usize) -> PyResult<Chain> {
    let mut links = Vec::new();
    let mut next = Some((None, exception));
    while let Some((_, exception)) = next {
        seen.insert(exception.word());
        let shown = collect_one(cx, exception, seen, depth)?;
        let cause = exception.cause.get().cast::<Exception>();
        let context = exception.context.get().cast::<Exception>();
        next = match (cause, context) {
            (Some(cause), _) if !seen.contains(&cause.word()) => Some((Some(CAUSE), cause)),
            (_, Some(context)) if !exception.suppress_context.get() && !seen.contains(&context.word()) => {
                Some((Some(CONTEXT), context))
            }
            _ => None,
        };
        links.push((next.and_then(|(sentence, _)| sentence), shown));
    }
    Ok(Chain(links))
}

fn collect_one(cx: &mut Cx, exception: Gc<Exception>, seen: &mut HashSet<u64>, depth: usize) -> PyResult<Shown> {
    let traceback = exception.traceback.get().cast::<Traceback>();
    let stack = frames::stack(cx, traceback);
    let mut lines = message_lines(cx, exception, traceback);
    note_lines(cx, exception, &mut lines);
    let is_group = cx.is_instance(exception.value(), cx.types().BaseExceptionGroup);
    let inner = if is_group { members(exception) } else { None };
    let shown_members = match inner {
        Some(inner) if depth <= MAX_GROUP_DEPTH => {
            let mut chains = Vec::new();
            for i in 0..inner.len() {
                if let Some(member) = inner.get(i).cast::<Exception>() {
                    chains.push(collect(cx, member, seen, depth + 1)?);
                }
            }
            Some(chains)
        }
        Some(_) => Some(Vec::new()),
        None => None,
    };
    Ok(Shown { stack, lines, members: shown_members })
}

/// The class's name as reports show it: with the module, unless that is `builtins` or `__main__`.
pub fn class_text(cx: &mut Cx, class: Gc<Class>) -> String {
    let qualname = quiet_attr(cx, class.value(), "__qualname__").and_then(|n| n.downcast::<Str>());
    let qualname = qualname.map_or_else(|| class.display_name(), |n| plain_text(&n));
    match quiet_attr(cx, class.value(), "__module__").and_then(|m| m.downcast::<Str>()) {
        Some(module) if module.eq_str("builtins") || module.eq_str("__main__") => qualname,
        Some(module) => format!("{}.{qualname}", plain_text(&module)),
        None => format!("<unknown>.{qualname}"),
    }
}

fn message_lines(cx: &mut Cx, exception: Gc<Exception>, traceback: Option<Gc<Traceback>>) -> Vec<String> {
    let class = cx.class_of(exception.value());
    let name = class_text(cx, class);
    if class.is_subclass_of(cx.types().SyntaxError) {
        return syntax::lines(cx, exception, &name);
    }
    let mut text = safe_text(cx, exception.value(), "exception", false);
    suggestions::append(cx, exception, traceback, &mut text);
    let line = if text.is_empty() { format!("{name}\n") } else { format!("{name}: {text}\n") };
    vec![line]
}

fn note_lines(cx: &mut Cx, exception: Gc<Exception>, lines: &mut Vec<String>) {
    let name = cx.names().__notes__;
    let notes = match get_attr_opt(cx, exception.value(), name) {
        Ok(None) => return,
        Ok(Some(notes)) => notes,
        Err(raised) => {
            let error = cx.take_raised(raised);
            let error = safe_text(cx, error, "__notes__", true);
            lines.push(format!("Ignored error getting __notes__: {error}\n"));
            return;
        }
    };
    if notes.is_none() {
        return;
    }
    let class = cx.class_of(notes);
    let is_text = notes.downcast::<Str>().is_some() || notes.downcast::<Bytes>().is_some();
    if is_text || !class.has_flag(object::class::flags::SEQUENCE) {
        let text = safe_text(cx, notes, "__notes__", true);
        lines.push(format!("{text}\n"));
        return;
    }
    let notes = match to_list(cx, notes) {
        Ok(notes) => notes,
        Err(raised) => {
            cx.take_raised(raised);
            return;
        }
    };
    for i in 0..notes.len() {
        let note = notes.get(i).unwrap_or(Value::NONE);
        let note = safe_text(cx, note, "note", false);
        lines.extend(note.split('\n').map(|line| format!("{line}\n")));
    }
}

/// Lays out chains, with the margin of nested groups.
struct Page {
    out: String,
    depth: usize,
    need_close: bool,
}

impl Page {
    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    /// Text with the margin in front of every line.
    fn emit(&mut self, text: &str, margin: char) {
        let mut prefix = self.indent();
        if self.depth > 0 {
            prefix.push(margin);
            prefix.push(' ');
        }
        for line in text.split_inclusive('\n') {
            self.out.push_str(&prefix);
            self.out.push_str(line);
        }
    }

    fn chain(&mut self, chain: &Chain) {
        for (sentence, shown) in chain.0.iter().rev() {
            if let Some(sentence) = sentence {
                self.emit(sentence, '|');
            }
            match &shown.members {
                None => self.plain(shown),
                Some(_) if self.depth > MAX_GROUP_DEPTH => {
                    self.emit(&format!("... (max_group_depth is {MAX_GROUP_DEPTH})\n"), '|');
                }
                Some(members) => self.group(shown, members),
            }
        }
    }

    fn plain(&mut self, shown: &Shown) {
        if !shown.stack.is_empty() {
            self.emit("Traceback (most recent call last):\n", '|');
            self.stack(shown);
        }
        shown.lines.iter().for_each(|line| self.emit(line, '|'));
    }

    fn stack(&mut self, shown: &Shown) {
        for text in frames::fold(&shown.stack) {
            self.emit(&text, '|');
        }
    }

    fn group(&mut self, shown: &Shown, members: &[Chain]) {
        let is_outermost = self.depth == 0;
        if is_outermost {
            self.depth += 1;
        }
        if !shown.stack.is_empty() {
            let margin = if is_outermost { '+' } else { '|' };
            self.emit("Exception Group Traceback (most recent call last):\n", margin);
            self.stack(shown);
        }
        shown.lines.iter().for_each(|line| self.emit(line, '|'));
        let n = members.len().min(MAX_GROUP_WIDTH + 1);
        self.need_close = false;
        for (i, member) in members.iter().take(n).enumerate() {
            let is_last = i == n - 1;
            if is_last {
                self.need_close = true;
            }
            let is_cut = i >= MAX_GROUP_WIDTH;
            let title = if is_cut { "...".to_owned() } else { (i + 1).to_string() };
            let corner = if i == 0 { "+-" } else { "  " };
            let line = format!("{}{corner}+---------------- {title} ----------------\n", self.indent());
            self.out.push_str(&line);
            self.depth += 1;
            if is_cut {
                let rest = members.len() - MAX_GROUP_WIDTH;
                let plural = if rest > 1 { "s" } else { "" };
                self.emit(&format!("and {rest} more exception{plural}\n"), '|');
            } else {
                self.chain(member);
            }
            if is_last && self.need_close {
                let line = format!("{}+------------------------------------\n", self.indent());
                self.out.push_str(&line);
                self.need_close = false;
            }
            self.depth -= 1;
        }
        if is_outermost {
            self.depth = 0;
        }
    }
}

/// A field of an exception as text, if it is a string.
fn text_field(exception: Gc<Exception>, i: usize) -> Option<String> {
    exception.field(i).downcast::<Str>().map(|s| plain_text(&s))
}
