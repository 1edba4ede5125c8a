//! Exception groups: construction, `split` and `subgroup`, and what `except*` compiles to.

use super::base;
use super::fields::{index, method1, read_only, this};
use super::matching::{is_exception_class, matches_unchecked};
use crate::prelude::*;

pub fn slots(slots: &Slots) {
    slots.new.set(Some(new));
    slots.init.set(Some(base::init));
    slots.repr.set(Some(repr));
    slots.str_.set(Some(str_));
}

pub static METHODS: &[NativeDef] = &[
    crate::types::generic_alias::CLASS_GETITEM,
    method1("derive", "($self, object, /)", "", derive),
    method1("split", "($self, object, /)", "", split),
    method1("subgroup", "($self, object, /)", "", subgroup),
];

pub static GETSET: &[GetSetDef] = &[
    read_only::<{ index::GROUP_MESSAGE }>("message", "exception message"),
    read_only::<{ index::GROUP_EXCEPTIONS }>("exceptions", "nested exceptions"),
];

fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    let &[message, exceptions] = args.positional() else {
        let n = args.n_positional();
        return Err(type_error(cx, format_args!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({n} given)")));
    };
    if message.downcast::<Str>().is_none() {
        let name = argument_type_name(cx, message);
        return Err(type_error(cx, format_args!("BaseExceptionGroup.__new__() argument 1 must be str, not {name}")));
    }
    if cx.class_of(exceptions).slots.getitem.get().is_none() || exceptions.is_a::<Dict>() {
        return Err(type_error(cx, "second argument (exceptions) must be a sequence"));
    }
    let members = to_tuple(cx, exceptions)?;
    if members.is_empty() {
        return Err(value_error(cx, "second argument (exceptions) must be a non-empty sequence"));
    }
    let ordinary = cx.types().Exception;
    let mut nests_base = false;
    for (i, member) in members.iter().enumerate() {
        if !member.is_a::<Exception>() {
            return Err(value_error(cx, format_args!("Item {i} of second argument (exceptions) is not an exception")));
        }
        nests_base |= !cx.is_instance(member, ordinary);
    }
    let class = class_for(cx, class, nests_base)?;
    let in_standard = exceptions.downcast::<Tuple>().is_some() || exceptions.is_a::<List>();
    let shown = if in_standard { Value::UNBOUND } else { repr_of(cx, exceptions)?.value() };
    let group = base::new_exception(cx, class, args.positional())?;
    group.set_field(&mut cx.heap, index::GROUP_MESSAGE, message);
    group.set_field(&mut cx.heap, index::GROUP_EXCEPTIONS, members.value());
    group.set_field(&mut cx.heap, index::GROUP_SHOWN, shown);
    Ok(group.value())
}

/// `BaseExceptionGroup` becomes `ExceptionGroup` when it can; the latter refuses what is no `Exception`.
fn class_for(cx: &mut Cx, class: Gc<Class>, nests_base: bool) -> PyResult<Gc<Class>> {
    let types = cx.types();
    if class == types.BaseExceptionGroup {
        return Ok(if nests_base { class } else { types.ExceptionGroup });
    }
    if nests_base && class == types.ExceptionGroup {
        return Err(type_error(cx, "Cannot nest BaseExceptions in an ExceptionGroup"));
    }
    if nests_base && class.is_subclass_of(types.Exception) {
        let name = class_name(class);
        return Err(type_error(cx, format_args!("Cannot nest BaseExceptions in '{name}'")));
    }
    Ok(class)
}

/// `BaseExceptionGroup(message, exceptions)`.
pub fn new_group(cx: &mut Cx, message: Value, exceptions: Value) -> PyResult {
    let class = cx.types().BaseExceptionGroup.value();
    call(cx, class, &[message, exceptions])
}

/// The members of a group.
pub fn members(group: Gc<Exception>) -> Option<Gc<Tuple>> {
    group.field(index::GROUP_EXCEPTIONS).cast()
}

/// The exception as a group, if it is one.
pub fn as_group(cx: &Cx, value: Value) -> Option<Gc<Exception>> {
    if cx.is_instance(value, cx.types().BaseExceptionGroup) { value.cast() } else { None }
}

/// `ExceptionGroup('message', [members])`: as made, whatever has become of the sequence they were given in.
fn repr(cx: &mut Cx, value: Value) -> PyResult {
    let group = this(cx, value)?;
    let shown = match group.field(index::GROUP_SHOWN).downcast::<Str>() {
        Some(shown) => shown,
        None => {
            let members = group.field(index::GROUP_EXCEPTIONS).bound().unwrap_or(Value::NONE);
            let args = group.args.expect();
            let in_list = args.len() == 2 && args.get(1).is_a::<List>();
            let members = if in_list { to_list(cx, members)?.value() } else { members };
            repr_of(cx, members)?
        }
    };
    let message = repr_of(cx, group.field(index::GROUP_MESSAGE).bound().unwrap_or(Value::NONE))?;
    let mut builder = StrBuilder::new();
    builder.push_py(&cx.class_of(value).name.expect());
    builder.push_char('(');
    builder.push_py(&message);
    builder.push_str(", ");
    builder.push_py(&shown);
    builder.push_char(')');
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

fn str_(cx: &mut Cx, value: Value) -> PyResult {
    let group = this(cx, value)?;
    let n = members(group).map_or(0, |members| members.len());
    let message = str_of(cx, group.field(index::GROUP_MESSAGE).bound().unwrap_or(Value::NONE))?;
    let mut builder = StrBuilder::new();
    builder.push_py(&message);
    builder.push_str(&format!(" ({n} sub-exception{})", if n == 1 { "" } else { "s" }));
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

fn derive(cx: &mut Cx, value: Value, exceptions: Value) -> PyResult {
    let message = this(cx, value)?.field(index::GROUP_MESSAGE);
    new_group(cx, message, exceptions)
}

/// What `split` and its like select leaves and subgroups by.
enum Matcher<'a> {
    Classes(Value),
    Predicate(Value),
    /// The leaves with these identities.
    Leaves(&'a [u64]),
}

impl Matcher<'_> {
    fn of(cx: &mut Cx, value: Value) -> PyResult<Matcher<'static>> {
        let is_tuple_of_classes = |tuple: Gc<Tuple>| tuple.iter().all(is_exception_class);
        if is_exception_class(value) || value.downcast::<Tuple>().is_some_and(is_tuple_of_classes) {
            return Ok(Matcher::Classes(value));
        }
        if !value.is_a::<Class>() && cx.class_of(value).slots.call.get().is_some() {
            return Ok(Matcher::Predicate(value));
        }
        Err(type_error(
            cx,
            "expected an exception type, a tuple of exception types, or a callable (other than a class)",
        ))
    }

    fn accepts(&self, cx: &mut Cx, exception: Value) -> PyResult<bool> {
        match *self {
            Matcher::Classes(classes) => Ok(matches_unchecked(cx, exception, classes)),
            Matcher::Predicate(predicate) => {
                let answer = call(cx, predicate, &[exception])?;
                is_true(cx, answer)
            }
            Matcher::Leaves(leaves) => Ok(as_group(cx, exception).is_none() && leaves.contains(&exception.id())),
        }
    }
}

/// The parts of a split; unbound = empty.
struct Split {
    matching: Value,
    rest: Value,
}

/// Nesting of groups that is split: what CPython manages on an 8 MB stack. Deeper ones would take long before the native
/// stack ends, which is scanned at every collection.
const MAX_NESTING: usize = 5_000;

fn split_recursive(
    cx: &mut Cx,
    exception: Value,
    matcher: &Matcher<'_>,
    want_rest: bool,
    depth: usize,
) -> PyResult<Split> {
    if !cx.has_native_stack() || depth > MAX_NESTING {
        return Err(recursion_error(cx, "maximum recursion depth exceeded in exceptiongroup_split_recursive"));
    }
    if matcher.accepts(cx, exception)? {
        return Ok(Split { matching: exception, rest: Value::UNBOUND });
    }
    let Some(group) = as_group(cx, exception) else {
        return Ok(Split { matching: Value::UNBOUND, rest: if want_rest { exception } else { Value::UNBOUND } });
    };
    let matching = List::empty(&mut cx.heap);
    let rest = List::empty(&mut cx.heap);
    if let Some(members) = members(group) {
        for i in 0..members.len() {
            let part = split_recursive(cx, members.get(i), matcher, want_rest, depth + 1)?;
            for (list, value) in [(matching, part.matching), (rest, part.rest)] {
                if let Some(value) = value.bound() {
                    list.push(&mut cx.heap, value).or_raise(cx)?;
                }
            }
        }
    }
    let matching = subset(cx, group, matching)?;
    let rest = if want_rest { subset(cx, group, rest)? } else { Value::UNBOUND };
    Ok(Split { matching, rest })
}

/// A group like `original` of some of its members; unbound when there are none.
fn subset(cx: &mut Cx, original: Gc<Exception>, members: Gc<List>) -> PyResult {
    if members.is_empty() {
        return Ok(Value::UNBOUND);
    }
    let name = cx.heap.intern("derive");
    let derived = call_method(cx, original.value(), name, &[members.value()])?;
    let Some(group) = as_group(cx, derived) else {
        return Err(type_error(cx, "derive must return an instance of BaseExceptionGroup"));
    };
    if original.traceback.get().is_bound() {
        group.traceback.set(group, original.traceback.get());
    }
    group.context.set(group, original.context.get());
    group.cause.set(group, original.cause.get());
    group.suppress_context.set(group.cause.get().is_bound() || group.suppress_context.get());
    let notes_name = cx.names().__notes__;
    if let Some(notes) = get_attr_opt(cx, original.value(), notes_name)?
        && cx.class_of(notes).slots.getitem.get().is_some()
    {
        let copy = to_list(cx, notes)?;
        set_attr(cx, derived, notes_name, copy.value())?;
    }
    Ok(derived)
}

fn split(cx: &mut Cx, value: Value, matcher: Value) -> PyResult {
    this(cx, value)?;
    let matcher = Matcher::of(cx, matcher)?;
    let parts = split_recursive(cx, value, &matcher, true, 0)?;
    let or_none = |v: Value| v.bound().unwrap_or(Value::NONE);
    Ok(cx.heap.tuple(&[or_none(parts.matching), or_none(parts.rest)]).value())
}

fn subgroup(cx: &mut Cx, value: Value, matcher: Value) -> PyResult {
    this(cx, value)?;
    let matcher = Matcher::of(cx, matcher)?;
    let parts = split_recursive(cx, value, &matcher, false, 0)?;
    Ok(parts.matching.bound().unwrap_or(Value::NONE))
}

/// `CHECK_EG_MATCH`: what of `exception` an `except* wanted` clause takes, and what is left; None for nothing.
pub fn match_group(cx: &mut Cx, exception: Value, wanted: Value) -> PyResult<(Value, Value)> {
    super::check_except_star_type(cx, wanted)?;
    if exception.is_none() {
        return Ok((Value::NONE, Value::NONE));
    }
    if matches_unchecked(cx, exception, wanted) {
        if as_group(cx, exception).is_some() {
            return Ok((exception, Value::NONE));
        }
        let members = cx.heap.tuple(&[exception]).value();
        let message = cx.vm().empty_str().value();
        let wrapped = new_group(cx, message, members)?;
        if let (Some(group), Some(frame)) = (wrapped.cast::<Exception>(), cx.frame()) {
            super::add_traceback(cx, group, frame, frame.unit_index());
        }
        return Ok((wrapped, Value::NONE));
    }
    if as_group(cx, exception).is_none() {
        return Ok((Value::NONE, exception));
    }
    let name = cx.heap.intern("split");
    let pair = call_method(cx, exception, name, &[wanted])?;
    let class = type_name(cx, exception);
    let Some(tuple) = pair.downcast::<Tuple>() else {
        let got = type_name(cx, pair);
        return Err(type_error(cx, format_args!("{class}.split must return a tuple, not {got}")));
    };
    if tuple.len() < 2 {
        let n = tuple.len();
        return Err(type_error(cx, format_args!("{class}.split must return a 2-tuple, got tuple of size {n}")));
    }
    Ok((tuple.get(0), tuple.get(1)))
}

/// `PREP_RERAISE_STAR`: what to raise after the clauses of `try … except*` ran; None for nothing. `raised` holds what the
/// clauses raised or re-raised and the unmatched rest.
pub fn prepare_reraise(cx: &mut Cx, original: Value, raised: Gc<List>) -> PyResult {
    if raised.is_empty() {
        return Ok(Value::NONE);
    }
    let Some(group) = as_group(cx, original) else {
        // A bare exception was wrapped: one clause at most has run.
        return Ok(raised.get(0).unwrap_or(Value::NONE));
    };
    let new = List::empty(&mut cx.heap);
    let reraised = List::empty(&mut cx.heap);
    for i in 0..raised.len() {
        let Some(exception) = raised.get(i).and_then(|v| v.cast::<Exception>()) else { continue };
        let list = if has_same_metadata(cx, exception, group) { reraised } else { new };
        list.push(&mut cx.heap, exception.value()).or_raise(cx)?;
    }
    let kept = project(cx, group, reraised)?;
    if new.is_empty() {
        return Ok(kept.bound().unwrap_or(Value::NONE));
    }
    if let Some(kept) = kept.bound() {
        new.push(&mut cx.heap, kept).or_raise(cx)?;
    }
    if new.len() == 1 {
        return Ok(new.get(0).unwrap_or(Value::NONE));
    }
    let message = cx.vm().empty_str().value();
    new_group(cx, message, new.value())
}

/// Whether `exception` comes from `original` by splitting alone.
fn has_same_metadata(cx: &mut Cx, exception: Gc<Exception>, original: Gc<Exception>) -> bool {
    let notes = cx.names().__notes__;
    let notes_of = |e: Gc<Exception>| Attributes::of(e.value()).and_then(|a| a.get(notes)).unwrap_or(Value::UNBOUND);
    notes_of(exception).is(notes_of(original))
        && exception.traceback.get().is(original.traceback.get())
        && exception.cause.get().is(original.cause.get())
        && exception.context.get().is(original.context.get())
}

/// The part of `group` whose leaves are in any of `keep`; unbound when there is none.
fn project(cx: &mut Cx, group: Gc<Exception>, keep: Gc<List>) -> PyResult {
    let mut leaves = Vec::new();
    for exception in keep.iter() {
        collect_leaves(cx, exception, &mut leaves)?;
    }
    Ok(split_recursive(cx, group.value(), &Matcher::Leaves(&leaves), false, 0)?.matching)
}

fn collect_leaves(cx: &mut Cx, exception: Value, leaves: &mut Vec<u64>) -> PyResult<()> {
    if !cx.has_native_stack() {
        return Err(recursion_error(cx, "maximum recursion depth exceeded in collect_exception_group_leaf_ids"));
    }
    match as_group(cx, exception).and_then(members) {
        Some(members) => members.iter().try_for_each(|member| collect_leaves(cx, member, leaves)),
        None => {
            leaves.push(exception.id());
            Ok(())
        }
    }
}
