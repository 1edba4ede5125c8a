//! Iteration.

use crate::call::call_special;
use crate::error::*;
use crate::number::int::Num;
use object::builtins::DictPart;
use object::*;

/// `iter(value)`.
pub fn get_iter(cx: &mut Cx, value: Value) -> PyResult {
    let class = cx.class_of(value);
    if let Some(slot) = class.slots.iter.get() {
        let iterator = slot(cx, value)?;
        if cx.class_of(iterator).slots.next.get().is_none() {
            let name = type_name(cx, iterator);
            return Err(type_error(cx, format_args!("iter() returned non-iterator of type '{name}'")));
        }
        return Ok(iterator);
    }
    if is_sequence(class) {
        return Ok(cx.heap.sequence_iter(value).value());
    }
    let name = type_name(cx, value);
    Err(type_error(cx, format_args!("'{name}' object is not iterable")))
}

pub fn is_iterable(cx: &Cx, value: Value) -> bool {
    let class = cx.class_of(value);
    class.slots.iter.get().is_some() || is_sequence(class)
}

/// Whether instances have items by number: `__getitem__` of native classes that are mappings only does not count.
fn is_sequence(class: Gc<Class>) -> bool {
    class.slots.getitem.get().is_some()
        && (class.is_heap_type() || class.has_flag(object::class::flags::SEQUENCE))
        && !class.has_flag(object::class::flags::DICT_SUBCLASS)
}

/// The next item of an iterator; `None` at its end. A StopIteration raised by `__next__` counts as the end.
///
/// Native loops call this for every item: it looks after signals that have arrived meanwhile.
#[inline]
pub fn next(cx: &mut Cx, iterator: Value) -> PyResult<Option<Value>> {
    if cx.is_safepoint_requested() {
        crate::safepoint::handle_in_native_loop(cx)?;
    }
    match cx.class_of(iterator).slots.next.get() {
        Some(slot) => slot(cx, iterator),
        None => Err(no_iterator(cx, iterator)),
    }
}

#[cold]
#[inline(never)]
fn no_iterator(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("'{name}' object is not an iterator"))
}

/// An iterator that makes a new pair for every item: its user may take the parts without the tuple.
#[derive(Clone, Copy)]
pub enum Pairs {
    Items(Gc<DictIter>),
    Enumerate(Gc<Enumerate>),
    Zip(Gc<Tuple>),
}

impl Pairs {
    /// Of `dict.items()`, of `enumerate` and of `zip` of two, themselves and not subclasses.
    #[inline]
    pub fn of(cx: &Cx, iterator: Value) -> Option<Pairs> {
        if let Some(iterator) = iterator.cast::<DictIter>() {
            return (iterator.part.get() == DictPart::Items).then_some(Pairs::Items(iterator));
        }
        if let Some(enumerate) = iterator.cast::<Enumerate>() {
            return (cx.class_of(iterator) == cx.types().enumerate).then_some(Pairs::Enumerate(enumerate));
        }
        let zip = iterator.cast::<Zip>().filter(|zip| !zip.strict.get())?;
        let iterators = zip.iterators.get().filter(|iterators| iterators.len() == 2)?;
        (cx.class_of(iterator) == cx.types().zip).then_some(Pairs::Zip(iterators))
    }

    #[inline]
    pub fn next(self, cx: &mut Cx) -> PyResult<Option<(Value, Value)>> {
        match self {
            Pairs::Items(iterator) => crate::types::dict::iterators::advance(cx, iterator),
            Pairs::Enumerate(enumerate) => crate::types::iterators::next_counted(cx, enumerate),
            Pairs::Zip(iterators) => crate::types::iterators::next_of_two(cx, iterators),
        }
    }
}

/// Run `body` for every item of `iterable`.
pub fn for_each(cx: &mut Cx, iterable: Value, mut body: impl FnMut(&mut Cx, Value) -> PyResult<()>) -> PyResult<()> {
    let mut walk = Walk::new(cx, iterable)?;
    while let Some(item) = walk.next(cx)? {
        body(cx, item)?;
    }
    Ok(())
}

/// A new list of the items.
pub fn to_list(cx: &mut Cx, iterable: Value) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    extend(cx, list, iterable)?;
    Ok(list)
}

/// Append the items of `iterable` to `list`.
pub fn extend(cx: &mut Cx, list: Gc<List>, iterable: Value) -> PyResult<()> {
    if let Some(tuple) = iterable.cast::<Tuple>()
        && cx.class_of(iterable) == cx.types().tuple
    {
        return list.extend_from_slice(&mut cx.heap, tuple.as_slice()).or_raise(cx);
    }
    if let Some(source) = iterable.cast::<List>()
        && cx.class_of(iterable) == cx.types().list
    {
        return list.extend_from_list(&mut cx.heap, source, 0, source.len()).or_raise(cx);
    }
    if let Some(set) = iterable.cast::<Set>()
        && [cx.types().set, cx.types().frozenset].contains(&cx.class_of(iterable))
    {
        list.reserve(&mut cx.heap, list.len() + set.len()).or_raise(cx)?;
        let mut i = 0;
        while let Some((at, key, _)) = set.next_slot(i) {
            i = at + 1;
            list.push(&mut cx.heap, key).or_raise(cx)?;
        }
        return Ok(());
    }
    if let Some((dict, part)) = plain_entries(cx, iterable) {
        return extend_from_dict(cx, list, dict, part);
    }
    if let Some(s) = iterable.cast::<Str>() {
        list.reserve(&mut cx.heap, list.len() + s.len()).or_raise(cx)?;
        for i in 0..s.len() {
            let c = Str::from_char(&mut cx.heap, s.get(i)).value();
            list.push(&mut cx.heap, c).or_raise(cx)?;
        }
        return Ok(());
    }
    let iterator = get_iter(cx, iterable)?;
    let hint = length_hint(cx, iterable, 8)?;
    list.reserve(&mut cx.heap, list.len() + hint.min(1 << 24)).or_raise(cx)?;
    while let Some(item) = next(cx, iterator)? {
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    Ok(())
}

/// The dict behind an exact dict or one of its views, and what of its entries is walked through.
fn plain_entries(cx: &Cx, iterable: Value) -> Option<(Gc<Dict>, DictPart)> {
    if let Some(dict) = iterable.cast::<Dict>() {
        return if cx.class_of(iterable) == cx.types().dict { Some((dict, DictPart::Keys)) } else { None };
    }
    let view = iterable.cast::<DictView>()?;
    let dict = view.dict.get()?;
    if cx.class_of(dict.value()) == cx.types().dict { Some((dict, view.part.get())) } else { None }
}

/// Append a part of the entries; nothing else runs meanwhile.
fn extend_from_dict(cx: &mut Cx, list: Gc<List>, dict: Gc<Dict>, part: DictPart) -> PyResult<()> {
    list.reserve(&mut cx.heap, list.len() + dict.len()).or_raise(cx)?;
    let mut i = 0;
    while let Some((at, key, value)) = dict.next_entry(i) {
        i = at + 1;
        let item = match part {
            DictPart::Keys => key,
            DictPart::Values => value,
            DictPart::Items => Tuple::of(&mut cx.heap, [key, value]).value(),
        };
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    Ok(())
}

/// A walk of native code through an iterable: exact lists, tuples and sets by index, everything else by its iterator.
pub enum Walk {
    List(Gc<List>, usize),
    Tuple(Gc<Tuple>, usize),
    /// The next table slot, and how many elements there were at first.
    Set(Gc<Set>, usize, usize),
    Iterator(Value),
}

impl Walk {
    pub fn new(cx: &mut Cx, iterable: Value) -> PyResult<Walk> {
        let class = cx.class_of(iterable);
        Ok(match (iterable.cast::<List>(), iterable.cast::<Tuple>()) {
            (Some(list), _) if class == cx.types().list => Walk::List(list, 0),
            (_, Some(tuple)) if class == cx.types().tuple => Walk::Tuple(tuple, 0),
            _ => match iterable.cast::<Set>().filter(|_| [cx.types().set, cx.types().frozenset].contains(&class)) {
                Some(set) => Walk::Set(set, 0, set.len()),
                None => Walk::Iterator(get_iter(cx, iterable)?),
            },
        })
    }

    #[inline]
    pub fn next(&mut self, cx: &mut Cx) -> PyResult<Option<Value>> {
        match self {
            Walk::List(list, i) => {
                *i += 1;
                Ok(list.get(*i - 1))
            }
            Walk::Tuple(tuple, i) => {
                *i += 1;
                Ok(tuple.try_get(*i - 1))
            }
            Walk::Set(set, i, expected) => {
                if set.len() != *expected {
                    return Err(runtime_error(cx, "Set changed size during iteration"));
                }
                let found = set.next_slot(*i);
                *i = found.map_or(set.n_slots(), |(at, ..)| at + 1);
                Ok(found.map(|(_, key, _)| key))
            }
            Walk::Iterator(iterator) => next(cx, *iterator),
        }
    }
}

/// A tuple of the items; an exact tuple is itself.
pub fn to_tuple(cx: &mut Cx, iterable: Value) -> PyResult<Gc<Tuple>> {
    if let Some(tuple) = iterable.cast::<Tuple>()
        && cx.class_of(iterable) == cx.types().tuple
    {
        return Ok(tuple);
    }
    if let Some(list) = iterable.cast::<List>()
        && cx.class_of(iterable) == cx.types().list
    {
        return list_to_tuple(cx, list);
    }
    let list = to_list(cx, iterable)?;
    list_to_tuple(cx, list)
}

/// A tuple of a list's items now.
pub fn list_to_tuple(cx: &mut Cx, list: Gc<List>) -> PyResult<Gc<Tuple>> {
    let n = list.len();
    Tuple::from_fn(&mut cx.heap, n, |i| list.get(i).unwrap_or(Value::NONE)).or_raise(cx)
}

/// `operator.length_hint(value, default)`.
pub fn length_hint(cx: &mut Cx, value: Value, default: usize) -> PyResult<usize> {
    if let Some(slot) = cx.class_of(value).slots.len.get() {
        return match slot(cx, value) {
            Ok(n) => Ok(n),
            Err(raised) => {
                let class = cx.types().TypeError;
                cx.catch(raised, class)?;
                Ok(default)
            }
        };
    }
    let name = cx.names().__length_hint__;
    let hint = match call_special(cx, value, name, &[]) {
        Ok(None) => return Ok(default),
        Ok(Some(hint)) => hint,
        Err(raised) => {
            let class = cx.types().TypeError;
            cx.catch(raised, class)?;
            return Ok(default);
        }
    };
    if hint.is_not_implemented() {
        return Ok(default);
    }
    let Some(n) = Num::of(hint) else {
        let name = type_name(cx, hint);
        return Err(type_error(cx, format_args!("__length_hint__ must be an integer, not {name}")));
    };
    match n.to_i64() {
        Some(n) => usize::try_from(n).map_err(|_| value_error(cx, "__length_hint__() should return >= 0")),
        None => Err(overflow_error(cx, "Python int too large to convert to C ssize_t")),
    }
}
