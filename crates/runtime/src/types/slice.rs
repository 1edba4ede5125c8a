//! `slice`, and slice arithmetic on ints of any size.

use crate::number::int::{self, Num};
use crate::prelude::*;
use macros::native_class;
use object::StrBuilder;

const ONE: Num = Num::Small(1);
const ZERO: Num = Num::Small(0);

fn num(v: Value) -> Num {
    Num::of(v).unwrap_or(ZERO)
}

/// Start, stop and step of `slice` over `length` items (all ints), as `slice.indices` returns them.
pub fn long_indices(cx: &mut Cx, slice: Gc<Slice>, length: Value) -> PyResult<(Value, Value, Value)> {
    let step = match slice.step.get() {
        Value::NONE => ONE.value(),
        step => bound(cx, step)?,
    };
    if num(step).is_zero() {
        return Err(value_error(cx, "slice step cannot be zero"));
    }
    let negative = num(step).is_negative();
    let (lower, upper) =
        if negative { (Num::Small(-1).value(), int::sub(cx, num(length), ONE)?) } else { (ZERO.value(), length) };
    let start = match slice.start.get() {
        Value::NONE => {
            if negative {
                upper
            } else {
                lower
            }
        }
        start => clamped(cx, start, length, lower, upper)?,
    };
    let stop = match slice.stop.get() {
        Value::NONE => {
            if negative {
                lower
            } else {
                upper
            }
        }
        stop => clamped(cx, stop, length, lower, upper)?,
    };
    Ok((start, stop, step))
}

fn bound(cx: &mut Cx, v: Value) -> PyResult {
    if Num::of(v).is_none() && cx.class_of(v).slots.index.get().is_none() {
        return Err(type_error(cx, "slice indices must be integers or None or have an __index__ method"));
    }
    index_value(cx, v)
}

fn clamped(cx: &mut Cx, v: Value, length: Value, lower: Value, upper: Value) -> PyResult {
    let mut v = bound(cx, v)?;
    if num(v).is_negative() {
        v = int::add(cx, num(v), num(length))?;
        if int::compare_nums(num(v), num(lower)).is_lt() {
            v = lower;
        }
    } else if int::compare_nums(num(v), num(upper)).is_gt() {
        v = upper;
    }
    Ok(v)
}

#[native_class(
    name = "slice",
    layout = Slice,
    doc = "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2])."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Slice>> {
        let _ = class;
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "slice() takes no keyword arguments"));
        }
        let (start, stop, step) = match *args.positional() {
            [stop] => (Value::NONE, stop, Value::NONE),
            [start, stop] => (start, stop, Value::NONE),
            [start, stop, step] => (start, stop, step),
            [] => return Err(type_error(cx, "slice expected at least 1 argument, got 0")),
            _ => {
                let n = args.n_positional();
                return Err(type_error(cx, format_args!("slice expected at most 3 arguments, got {n}")));
            }
        };
        Ok(cx.heap.slice(start, stop, step))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Slice>) -> PyResult<Gc<Str>> {
        let mut out = StrBuilder::new();
        out.push_str("slice(");
        for (i, part) in [this.start.get(), this.stop.get(), this.step.get()].into_iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let text = repr_of(cx, part)?;
            out.push_py(&text);
        }
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<Slice>) -> PyResult<i64> {
        let mut hasher = object::hash::TupleHasher::default();
        for part in [this.start.get(), this.stop.get(), this.step.get()] {
            let h = hash_of(cx, part)?;
            hasher.add(h);
        }
        Ok(hasher.finish())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Slice>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Slice>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if this == other {
            return Ok(Value::bool(op.holds(std::cmp::Ordering::Equal)));
        }
        let a = cx.heap.tuple(&[this.start.get(), this.stop.get(), this.step.get()]);
        let b = cx.heap.tuple(&[other.start.get(), other.stop.get(), other.step.get()]);
        compare(cx, a.value(), b.value(), op)
    }

    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Assuming a sequence of length len, calculate the start and stop
    /// indices, and the stride length of the extended slice described by
    /// S. Out of bounds indices are clipped in a manner consistent with the
    /// handling of normal slices.
    #[method("indices($self, object, /)")]
    fn indices(cx: &mut Cx, this: Gc<Slice>, length: Value) -> PyResult<Gc<Tuple>> {
        let length = index_value(cx, length)?;
        if num(length).is_negative() {
            return Err(value_error(cx, "length should not be negative"));
        }
        let (start, stop, step) = long_indices(cx, this, length)?;
        Ok(cx.heap.tuple(&[start, stop, step]))
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Slice>) -> Gc<Tuple> {
        let args = cx.heap.tuple(&[this.start.get(), this.stop.get(), this.step.get()]).value();
        let class = cx.types().slice.value();
        cx.heap.tuple(&[class, args])
    }

    #[getter]
    fn start(_: &mut Cx, this: Gc<Slice>) -> Value {
        this.start.get()
    }

    #[getter]
    fn stop(_: &mut Cx, this: Gc<Slice>) -> Value {
        this.stop.get()
    }

    #[getter]
    fn step(_: &mut Cx, this: Gc<Slice>) -> Value {
        this.step.get()
    }
}
