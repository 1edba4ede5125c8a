//! `re.Match`.

use super::engine::UNSET;
use super::pattern::Pattern;
use super::template::{self, Template};
use super::*;
use macros::{Trace, native_class};

pub type MatchClass = Gc<Class>;

/// The outcome of a match.
#[derive(Trace)]
pub struct Match {
    pattern: GcSlot<Native<Pattern>>,
    /// As it was given.
    string: Slot,
    /// A `str` or `bytes`.
    subject: Slot,
    /// `regs`, once asked for.
    regs: Slot,
    /// Starts and ends of the groups as machine words; absent without groups.
    marks: GcSlot<Bytes>,
    start: usize,
    end: usize,
    pos: usize,
    endpos: usize,
    /// 0 = none.
    last_group: u32,
}

impl NativeData for Match {
    const NAME: &'static str = "re.Match";
}

type This = Gc<Native<Match>>;

pub fn make(
    cx: &mut Cx,
    class: MatchClass,
    state: &State,
    string: Value,
    pos: usize,
    span: (usize, usize),
) -> PyResult {
    let marks = if state.scratch.marks.is_empty() {
        None
    } else {
        let mut words = [0u8; 8 * 16];
        let n = state.scratch.marks.len();
        if n <= 16 {
            for (i, mark) in state.scratch.marks.iter().enumerate() {
                words[i * 8..i * 8 + 8].copy_from_slice(&mark.to_ne_bytes());
            }
            Some(cx.heap.bytes(&words[..n * 8]).or_raise(cx)?)
        } else {
            let words: Vec<u8> = state.scratch.marks.iter().flat_map(|m| m.to_ne_bytes()).collect();
            Some(cx.heap.bytes(&words).or_raise(cx)?)
        }
    };
    let data = Match {
        pattern: GcSlot::of(state.pattern),
        string: Slot::new(string),
        subject: Slot::new(state.subject.value()),
        regs: Slot::new(Value::UNBOUND),
        marks: GcSlot::new(marks),
        start: span.0,
        end: span.1,
        pos,
        endpos: state.end,
        last_group: state.scratch.last_group,
    };
    Ok(new_native(cx, class, data).value())
}

impl Match {
    fn n_groups(&self) -> usize {
        self.marks.get().map_or(0, |m| m.len() / 16)
    }

    fn mark(&self, i: usize) -> usize {
        let word = self.marks.get().and_then(|m| m.as_slice().get(i * 8..i * 8 + 8)?.try_into().ok());
        word.map_or(UNSET, usize::from_ne_bytes)
    }

    fn span(&self, group: usize) -> Option<(usize, usize)> {
        if group == 0 {
            return Some((self.start, self.end));
        }
        let (start, end) = (self.mark(group * 2 - 2), self.mark(group * 2 - 1));
        (start != UNSET && end != UNSET && start <= end).then_some((start, end))
    }

    fn subject(&self) -> Subject {
        Subject::from_stored(self.subject.get()).expect("made from a str or bytes")
    }

    fn slice(&self, cx: &mut Cx, group: usize, otherwise: Value) -> PyResult {
        match self.span(group) {
            Some((start, end)) => {
                let string = self.string.get();
                if string.downcast::<Str>().is_some() || string.downcast::<Bytes>().is_some() {
                    return self.subject().slice(cx, start, end);
                }
                // Bytes that can change: as they are now.
                let bytes = runtime::buffer::to_vec(cx, string)?;
                let (start, end) = (start.min(bytes.len()), end.min(bytes.len()));
                Ok(cx.heap.bytes(&bytes[start..end]).or_raise(cx)?.value())
            }
            None => Ok(otherwise),
        }
    }

    /// The number of the group that `key` names.
    fn group_number(&self, cx: &mut Cx, key: Value) -> PyResult<usize> {
        let number = if let Some(i) = key.as_small_or_bool() {
            Some(i)
        } else if cx.class_of(key).slots.index.get().is_some() {
            Some(clamped(cx, key)?)
        } else {
            runtime::dict::get(cx, self.pattern.expect().groupindex.expect(), key)
                .or_else(|raised| {
                    let class = cx.types().TypeError;
                    cx.catch(raised, class).map(|()| None)
                })?
                .and_then(|i| i.as_small_or_bool())
        };
        match number.and_then(|i| usize::try_from(i).ok()).filter(|&i| i <= self.n_groups()) {
            Some(i) => Ok(i),
            None => Err(index_error(cx, "no such group")),
        }
    }
}

fn clamped(cx: &mut Cx, key: Value) -> PyResult<i64> {
    Ok(runtime::item::clamped_index(cx, key)? as i64)
}

fn span_tuple(cx: &mut Cx, span: Option<(usize, usize)>) -> Gc<Tuple> {
    let (start, end) = match span {
        Some((start, end)) => (Int::from_len(start), Int::from_len(end)),
        None => (Int::new(-1).expect("small"), Int::new(-1).expect("small")),
    };
    cx.heap.tuple(&[start.value(), end.value()])
}

/// The result of re.match() and re.search().
///
/// Match objects always have a boolean value of True.
#[native_class(
    name = "Match",
    module = "re",
    layout = Native<Match>,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True."
)]
pub mod class {
    use super::*;

    /// group([group1, ...]) -> str or tuple.
    /// Return subgroup(s) of the match by indices or names.
    /// For 0 returns the entire match.
    #[method(raw, "group($self, /, *args)")]
    fn group(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "Match.group() takes no keyword arguments"));
        }
        match *args.positional() {
            [] => this.slice(cx, 0, Value::NONE),
            [key] => {
                let group = this.group_number(cx, key)?;
                this.slice(cx, group, Value::NONE)
            }
            ref keys => {
                let items = cx.vm().root_vec();
                for &key in keys {
                    let group = this.group_number(cx, key)?;
                    items.push(this.slice(cx, group, Value::NONE)?);
                }
                Ok(Tuple::from_fn(&mut cx.heap, keys.len(), |i| items.get(i)).or_raise(cx)?.value())
            }
        }
    }

    /// Return index of the start of the substring matched by group.
    #[method("start($self, group=0, /)")]
    fn start(cx: &mut Cx, this: This, group: Value) -> PyResult<i64> {
        let group = this.group_number(cx, group)?;
        Ok(this.span(group).map_or(-1, |s| s.0 as i64))
    }

    /// Return index of the end of the substring matched by group.
    #[method("end($self, group=0, /)")]
    fn end(cx: &mut Cx, this: This, group: Value) -> PyResult<i64> {
        let group = this.group_number(cx, group)?;
        Ok(this.span(group).map_or(-1, |s| s.1 as i64))
    }

    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[method("span($self, group=0, /)")]
    fn span(cx: &mut Cx, this: This, group: Value) -> PyResult<Gc<Tuple>> {
        let group = this.group_number(cx, group)?;
        let span = this.span(group);
        Ok(span_tuple(cx, span))
    }

    /// Return a tuple containing all the subgroups of the match, from 1.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[method("groups($self, /, default=None)")]
    fn groups(cx: &mut Cx, this: This, default: Value) -> PyResult<Gc<Tuple>> {
        let items = cx.vm().root_vec();
        let n = this.n_groups();
        for i in 1..=n {
            items.push(this.slice(cx, i, default)?);
        }
        Tuple::from_fn(&mut cx.heap, n, |i| items.get(i)).or_raise(cx)
    }

    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[method("groupdict($self, /, default=None)")]
    fn groupdict(cx: &mut Cx, this: This, default: Value) -> PyResult<Gc<Dict>> {
        let (names, result) = (this.pattern.expect().groupindex.expect(), Dict::new(&mut cx.heap));
        let mut at = 0;
        while let Some((i, name, number)) = names.next_entry(at) {
            at = i + 1;
            let group = this.group_number(cx, number)?;
            let value = this.slice(cx, group, default)?;
            runtime::dict::set(cx, result, name, value)?;
        }
        Ok(result)
    }

    /// Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.
    #[method("expand($self, /, template)")]
    fn expand(cx: &mut Cx, this: This, template: Value) -> PyResult {
        let compiled = template::compile(cx, this.pattern.expect().value(), template)?;
        let Some(template) = compiled.cast::<Native<Template>>() else { return Ok(compiled) };
        match template.plain() {
            Some(literal) => Ok(literal),
            None => template.expand_match(cx, this.subject(), this.n_groups(), |group| this.span(group)),
        }
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

    #[getter(doc = "The string passed to match() or search().")]
    fn string(_cx: &mut Cx, this: This) -> Value {
        this.string.get()
    }

    #[getter(doc = "The regular expression object.")]
    fn re(_cx: &mut Cx, this: This) -> Value {
        this.pattern.expect().value()
    }

    #[getter(doc = "The index into the string at which the RE engine started looking for a match.")]
    fn pos(_cx: &mut Cx, this: This) -> usize {
        this.pos
    }

    #[getter(doc = "The index into the string beyond which the RE engine will not go.")]
    fn endpos(_cx: &mut Cx, this: This) -> usize {
        this.endpos
    }

    #[getter(doc = "The integer index of the last matched capturing group.")]
    fn lastindex(_cx: &mut Cx, this: This) -> Option<u32> {
        Some(this.last_group).filter(|&g| g > 0)
    }

    #[getter(doc = "The name of the last matched capturing group.")]
    fn lastgroup(_cx: &mut Cx, this: This) -> Value {
        match this.last_group {
            0 => Value::NONE,
            group => this.pattern.expect().indexgroup.expect().try_get(group as usize).unwrap_or(Value::NONE),
        }
    }

    #[getter]
    fn regs(cx: &mut Cx, this: This) -> PyResult {
        if let Some(regs) = this.regs.get().bound() {
            return Ok(regs);
        }
        let items = cx.vm().root_vec();
        for i in 0..=this.n_groups() {
            let span = this.span(i);
            items.push(span_tuple(cx, span));
        }
        let regs = Tuple::from_fn(&mut cx.heap, items.len(), |i| items.get(i)).or_raise(cx)?;
        this.regs.set(this, regs);
        Ok(regs.value())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: This, key: Value) -> PyResult {
        let group = this.group_number(cx, key)?;
        this.slice(cx, group, Value::NONE)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult {
        let found = this.slice(cx, 0, Value::NONE)?;
        let repr = repr_of(cx, found)?;
        let mut text = StrBuilder::new();
        text.push_str(&format!("<re.Match object; span=({}, {}), match=", this.start, this.end));
        text.push_py(&repr);
        text.push_str(">");
        Ok(text.finish(&mut cx.heap).or_raise(cx)?.value())
    }
}
