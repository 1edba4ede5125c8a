//! Loops over iterators.

use crate::{Exit, Keep, Miss, Next, NextPair, Resume};
use object::*;
use ops_macros::{instruction, uop};
use runtime::iterate::{self, Pairs};

/// `iter(value)`.
#[instruction(micro)]
pub fn get_iter(cx: &mut Cx, iterable: Value) -> PyResult {
    iterate::get_iter(cx, iterable)
}

/// The iterator's next item, or the end of the loop.
#[instruction(micro, adaptive)]
pub fn for_iter(cx: &mut Cx, iterator: Keep) -> PyResult<Next> {
    iterate::next(cx, iterator.0).map(Next)
}

/// The next item of a list's iterator.
#[instruction(micro)]
pub fn for_iter_list(iterator: Keep) -> Result<Next, Miss> {
    let iterator = iterator.0.cast::<ListIter>().ok_or(Miss)?;
    let Some(list) = iterator.list.get() else { return Ok(Next(None)) };
    let i = iterator.index.get();
    match list.get(i) {
        Some(item) => {
            iterator.index.set(i + 1);
            Ok(Next(Some(item)))
        }
        None => {
            iterator.list.clear();
            Ok(Next(None))
        }
    }
}

/// The next item of a tuple's iterator.
#[instruction(micro)]
pub fn for_iter_tuple(iterator: Keep) -> Result<Next, Miss> {
    let iterator = iterator.0.cast::<TupleIter>().ok_or(Miss)?;
    let Some(tuple) = iterator.tuple.get() else { return Ok(Next(None)) };
    let i = iterator.index.get();
    match tuple.try_get(i) {
        Some(item) => {
            iterator.index.set(i + 1);
            Ok(Next(Some(item)))
        }
        None => {
            iterator.tuple.clear();
            Ok(Next(None))
        }
    }
}

/// The next number of a range whose numbers are small ints.
#[instruction(micro)]
pub fn for_iter_range(iterator: Keep) -> Result<Next, Miss> {
    let iterator = iterator.0.cast::<RangeIter>().ok_or(Miss)?;
    let remaining = iterator.remaining.get();
    if remaining <= 0 {
        return Ok(Next(None));
    }
    let next = iterator.next.get();
    let item = Int::new(next).ok_or(Miss)?;
    iterator.remaining.set(remaining - 1);
    iterator.next.set(next.wrapping_add(iterator.step.get()));
    Ok(Next(Some(item.value())))
}

/// The next key or value of a dict's iterator.
#[instruction(micro)]
pub fn for_iter_dict(cx: &mut Cx, iterator: Keep) -> Result<Next, Exit> {
    let iterator = iterator.0.cast::<DictIter>().ok_or(Miss)?;
    Ok(Next(runtime::types::dict::iterators::next_part(cx, iterator)?))
}

/// The next item of a set's iterator.
#[instruction(micro)]
pub fn for_iter_set(cx: &mut Cx, iterator: Keep) -> Result<Next, Exit> {
    let iterator = iterator.0.cast::<SetIter>().ok_or(Miss)?;
    Ok(Next(runtime::types::set::next_item(cx, iterator)?))
}

/// The next pair of an iterator that would make a tuple of it for the `UNPACK_SEQUENCE` behind.
#[instruction(micro)]
pub fn for_iter_pair(cx: &mut Cx, iterator: Keep) -> Result<NextPair, Exit> {
    // A tracer wants to see both instructions.
    if cx.is_traced() {
        return Err(Exit::Miss);
    }
    let pairs = Pairs::of(cx, iterator.0).ok_or(Miss)?;
    Ok(NextPair(pairs.next(cx)?))
}

/// Leave unless this is a suspended plain generator; it becomes the running one, with `value` as the result of its `yield`.
#[uop]
pub fn wake_generator(cx: &Cx, generator: Value, value: Value) -> Result<FrameRef, Miss> {
    let generator = generator.cast::<Generator>().ok_or(Miss)?;
    match generator.state.get() {
        GeneratorState::Suspended | GeneratorState::SuspendedYieldFrom => {}
        GeneratorState::Created if value.is_none() => {}
        _ => return Err(Miss),
    }
    let frame = generator.frame().ok_or(Miss)?;
    if !cx.enter_depth() {
        return Err(Miss);
    }
    frame.push(value);
    frame.set_owner(FrameOwner::Generator);
    generator.state.set(GeneratorState::Running);
    cx.enter_generator(generator);
    Ok(frame)
}

/// Go on in a generator until it yields the next item.
#[instruction(micro)]
pub fn for_iter_gen(cx: &Cx, iterator: Keep) -> Result<Resume, Miss> {
    let frame = wake_generator(cx, iterator.0, Value::NONE)?;
    Ok(Resume(frame))
}
