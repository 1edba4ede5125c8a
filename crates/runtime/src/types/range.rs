//! `range` and its iterators, over ints of any size.

use crate::number::int::{self, Num};
use crate::prelude::*;
use macros::native_class;

fn num(v: Value) -> Num {
    Num::of(v).unwrap_or(Num::Small(0))
}

/// The number of items from `start` by `step` before `stop`.
fn length_of(cx: &mut Cx, start: Value, stop: Value, step: Value) -> PyResult {
    if let (Some(start), Some(stop), Some(step)) = (start.as_int(), stop.as_int(), step.as_int()) {
        let (start, stop, step) = (start.get() as i128, stop.get() as i128, step.get() as i128);
        let n = if step > 0 && start < stop {
            (stop - start - 1) / step + 1
        } else if step < 0 && stop < start {
            (start - stop - 1) / -step + 1
        } else {
            0
        };
        return Ok(int::from_i64(cx, n as i64));
    }
    let (low, high) = if num(step).is_negative() { (stop, start) } else { (start, stop) };
    if int::compare_nums(num(low), num(high)).is_ge() {
        return Ok(Int::ZERO.value());
    }
    let size = int::abs(cx, num(step))?;
    let distance = int::sub(cx, num(high), num(low))?;
    let distance = int::sub(cx, num(distance), Num::Small(1))?;
    let n = int::floor_div(cx, num(distance), num(size))?;
    int::add(cx, num(n), Num::Small(1))
}

/// A range of these exact ints.
pub fn make(cx: &mut Cx, start: Value, stop: Value, step: Value) -> PyResult<Gc<Range>> {
    let length = length_of(cx, start, stop, step)?;
    Ok(cx.heap.range(start, stop, step, length))
}

/// `start + i * step`.
fn item(cx: &mut Cx, start: Value, step: Value, i: Value) -> PyResult {
    let offset = int::mul(cx, num(i), num(step))?;
    int::add(cx, num(start), num(offset))
}

/// The item at an index that may be negative.
fn item_at(cx: &mut Cx, this: Gc<Range>, index: Value) -> PyResult<Option<Value>> {
    let mut i = index;
    if num(i).is_negative() {
        i = int::add(cx, num(i), num(this.length.get()))?;
    }
    if num(i).is_negative() || int::compare_nums(num(i), num(this.length.get())).is_ge() {
        return Ok(None);
    }
    item(cx, this.start.get(), this.step.get(), i).map(Some)
}

fn slice_of(cx: &mut Cx, this: Gc<Range>, slice: Gc<Slice>) -> PyResult<Gc<Range>> {
    let (start, stop, step) = crate::types::slice::long_indices(cx, slice, this.length.get())?;
    let new_step = int::mul(cx, num(this.step.get()), num(step))?;
    let new_start = item(cx, this.start.get(), this.step.get(), start)?;
    let new_stop = item(cx, this.start.get(), this.step.get(), stop)?;
    make(cx, new_start, new_stop, new_step)
}

/// Whether an int is in the range.
fn contains_int(cx: &mut Cx, this: Gc<Range>, n: Num) -> PyResult<bool> {
    let (start, stop, step) = (num(this.start.get()), num(this.stop.get()), num(this.step.get()));
    let within = if step.is_negative() {
        int::compare_nums(stop, n).is_lt() && int::compare_nums(n, start).is_le()
    } else {
        int::compare_nums(start, n).is_le() && int::compare_nums(n, stop).is_lt()
    };
    if !within {
        return Ok(false);
    }
    let distance = int::sub(cx, n, start)?;
    let rest = int::modulo(cx, num(distance), step)?;
    Ok(num(rest).is_zero())
}

/// An exact int or bool: equality with a range's items needs no Python.
fn plain_int(cx: &Cx, v: Value) -> Option<Num> {
    let class = cx.class_of(v);
    let types = cx.types();
    if class == types.int || class == types.bool { Num::of(v) } else { None }
}

/// `(length, start, step)` with None for what does not matter: equal ranges have equal keys.
fn key(cx: &mut Cx, this: Gc<Range>) -> Gc<Tuple> {
    let length = this.length.get();
    let empty = num(length).is_zero();
    let single = int::compare_nums(num(length), Num::Small(1)).is_eq();
    let start = if empty { Value::NONE } else { this.start.get() };
    let step = if empty || single { Value::NONE } else { this.step.get() };
    cx.heap.tuple(&[length, start, step])
}

/// An iterator over `length` ints from `start` by `step`.
fn iterate(cx: &mut Cx, start: Value, step: Value, length: Value) -> Value {
    if let (Some(start), Some(step), Some(length)) = (num(start).to_i64(), num(step).to_i64(), num(length).to_i64())
        && step.checked_mul(length).and_then(|d| start.checked_add(d)).is_some()
    {
        return cx.heap.range_iter(start, step, length).value();
    }
    cx.heap.long_range_iter(start, step, length).value()
}

/// `iter(range)`.
pub fn iterator(cx: &mut Cx, this: Gc<Range>) -> Value {
    iterate(cx, this.start.get(), this.step.get(), this.length.get())
}

/// `range(*args)`.
pub fn from_args(cx: &mut Cx, args: &[Value]) -> PyResult<Gc<Range>> {
    let (zero, one) = (Int::ZERO.value(), Int::from_len(1).value());
    let (start, stop, step) = match *args {
        [stop] => (zero, index_value(cx, stop)?, one),
        [start, stop] => (index_value(cx, start)?, index_value(cx, stop)?, one),
        [start, stop, step] => {
            let bounds = (index_value(cx, start)?, index_value(cx, stop)?);
            let step = index_value(cx, step)?;
            if num(step).is_zero() {
                return Err(value_error(cx, "range() arg 3 must not be zero"));
            }
            (bounds.0, bounds.1, step)
        }
        [] => return Err(type_error(cx, "range expected at least 1 argument, got 0")),
        _ => return Err(type_error(cx, format_args!("range expected at most 3 arguments, got {}", args.len()))),
    };
    make(cx, start, stop, step)
}

#[native_class(
    name = "range",
    layout = Range,
    flags = SEQUENCE,
    doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an object that produces a sequence of integers from start (inclusive)\nto stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\nstart defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\nThese are exactly the valid indices for a list of 4 elements.\nWhen step is given, it specifies the increment (or decrement)."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Range>> {
        let _ = class;
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "range() takes no keyword arguments"));
        }
        from_args(cx, args.positional())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Range>) -> PyResult<String> {
        let start = int::to_text(cx, this.start.get(), 10)?;
        let stop = int::to_text(cx, this.stop.get(), 10)?;
        if this.step.get().is(Int::from_len(1).value()) {
            return Ok(format!("range({start}, {stop})"));
        }
        let step = int::to_text(cx, this.step.get(), 10)?;
        Ok(format!("range({start}, {stop}, {step})"))
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<Range>) -> PyResult<i64> {
        let key = key(cx, this);
        crate::types::tuple::hash(cx, key)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Range>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Range>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (a, b) = (key(cx, this), key(cx, other));
        compare(cx, a.value(), b.value(), op)
    }

    #[slot]
    fn bool_(_: &mut Cx, this: Gc<Range>) -> PyResult<bool> {
        Ok(!num(this.length.get()).is_zero())
    }

    #[slot]
    fn len(cx: &mut Cx, this: Gc<Range>) -> PyResult<usize> {
        match num(this.length.get()).to_i64() {
            Some(n) => Ok(n as usize),
            None => Err(overflow_error(cx, "Python int too large to convert to C ssize_t")),
        }
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<Range>) -> Value {
        iterator(cx, this)
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Gc<Range>, value: Value) -> PyResult<bool> {
        match plain_int(cx, value) {
            Some(n) => contains_int(cx, this, n),
            None => crate::compare::contains_by_iteration(cx, this.value(), value),
        }
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<Range>, key: Value) -> PyResult {
        if let Some(slice) = key.cast::<Slice>() {
            return Ok(slice_of(cx, this, slice)?.value());
        }
        if Num::of(key).is_none() && cx.class_of(key).slots.index.get().is_none() {
            let name = type_name(cx, key);
            return Err(type_error(cx, format_args!("range indices must be integers or slices, not {name}")));
        }
        let index = index_value(cx, key)?;
        match item_at(cx, this, index)? {
            Some(item) => Ok(item),
            None => Err(index_error(cx, "range object index out of range")),
        }
    }

    /// Return a reverse iterator.
    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Gc<Range>) -> PyResult {
        let (start, step, length) = (this.start.get(), this.step.get(), this.length.get());
        let last = int::sub(cx, num(length), Num::Small(1))?;
        let first = item(cx, start, step, last)?;
        let step = int::neg(cx, num(step))?;
        Ok(iterate(cx, first, step, length))
    }

    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[method("count($self, value, /)")]
    fn count(cx: &mut Cx, this: Gc<Range>, value: Value) -> PyResult<i64> {
        if let Some(n) = plain_int(cx, value) {
            return contains_int(cx, this, n).map(i64::from);
        }
        let mut n = 0;
        for_each(cx, this.value(), |cx, item| {
            n += equals(cx, item, value)? as i64;
            Ok(())
        })?;
        Ok(n)
    }

    /// rangeobject.index(value) -> integer -- return index of value.
    /// Raise ValueError if the value is not present.
    #[method("index($self, value, /)")]
    fn index(cx: &mut Cx, this: Gc<Range>, value: Value) -> PyResult {
        if let Some(n) = plain_int(cx, value) {
            if contains_int(cx, this, n)? {
                let distance = int::sub(cx, n, num(this.start.get()))?;
                return int::floor_div(cx, num(distance), num(this.step.get()));
            }
            return Err(value_error(cx, "range.index(x): x not in range"));
        }
        let iterator = iterator(cx, this);
        let mut i = 0i64;
        while let Some(item) = next(cx, iterator)? {
            if equals(cx, item, value)? {
                return Ok(int::from_i64(cx, i));
            }
            i += 1;
        }
        Err(value_error(cx, "sequence.index(x): x not in sequence"))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Range>) -> Gc<Tuple> {
        let args = cx.heap.tuple(&[this.start.get(), this.stop.get(), this.step.get()]).value();
        let class = cx.types().range.value();
        cx.heap.tuple(&[class, args])
    }

    #[getter]
    fn start(_: &mut Cx, this: Gc<Range>) -> Value {
        this.start.get()
    }

    #[getter]
    fn stop(_: &mut Cx, this: Gc<Range>) -> Value {
        this.stop.get()
    }

    #[getter]
    fn step(_: &mut Cx, this: Gc<Range>) -> Value {
        this.step.get()
    }
}

/// `(iter, (range(start, stop, step),), index)`.
fn reduce_as_range(cx: &mut Cx, start: Value, stop: Value, step: Value, index: Value) -> PyResult<Gc<Tuple>> {
    let range = make(cx, start, stop, step)?.value();
    let function = crate::types::iterators::builtin(cx, "iter")?;
    let args = cx.heap.tuple(&[range]).value();
    Ok(cx.heap.tuple(&[function, args, index]))
}

#[native_class(name = "range_iterator", layout = RangeIter, doc = "")]
pub mod small {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<RangeIter>) -> Gc<RangeIter> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<RangeIter>) -> PyResult<Option<Value>> {
        let remaining = this.remaining.get();
        if remaining <= 0 {
            return Ok(None);
        }
        this.remaining.set(remaining - 1);
        let n = this.next.get();
        this.next.set(n.wrapping_add(this.step.get()));
        Ok(Some(int::from_i64(cx, n)))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(_: &mut Cx, this: Gc<RangeIter>) -> i64 {
        this.remaining.get()
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<RangeIter>) -> PyResult<Gc<Tuple>> {
        let (start, step, n) = (this.next.get(), this.step.get(), this.remaining.get());
        let stop = int::from_i64(cx, start.wrapping_add(step.wrapping_mul(n)));
        let (start, step) = (int::from_i64(cx, start), int::from_i64(cx, step));
        reduce_as_range(cx, start, stop, step, Value::NONE)
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<RangeIter>, state: Value) -> PyResult<()> {
        let n = crate::number::as_i64(cx, state)?.clamp(0, this.remaining.get());
        this.next.set(this.next.get().wrapping_add(n.wrapping_mul(this.step.get())));
        this.remaining.set(this.remaining.get() - n);
        Ok(())
    }
}

#[native_class(name = "longrange_iterator", layout = LongRangeIter, doc = "")]
pub mod long {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<LongRangeIter>) -> Gc<LongRangeIter> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<LongRangeIter>) -> PyResult<Option<Value>> {
        let index = this.index.get();
        if int::compare_nums(num(index), num(this.length.get())).is_ge() {
            return Ok(None);
        }
        let result = item(cx, this.start.get(), this.step.get(), index)?;
        let following = int::add(cx, num(index), Num::Small(1))?;
        this.index.set(this, following);
        Ok(Some(result))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(cx: &mut Cx, this: Gc<LongRangeIter>) -> PyResult {
        int::sub(cx, num(this.length.get()), num(this.index.get()))
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<LongRangeIter>) -> PyResult<Gc<Tuple>> {
        let (first, step) = (this.start.get(), this.step.get());
        let start = item(cx, first, step, this.index.get())?;
        let stop = item(cx, first, step, this.length.get())?;
        reduce_as_range(cx, start, stop, step, Value::NONE)
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<LongRangeIter>, state: Value) -> PyResult<()> {
        let state = index_value(cx, state)?;
        let clamped = if num(state).is_negative() {
            Int::ZERO.value()
        } else if int::compare_nums(num(state), num(this.length.get())).is_gt() {
            this.length.get()
        } else {
            state
        };
        this.index.set(this, clamped);
        Ok(())
    }
}
