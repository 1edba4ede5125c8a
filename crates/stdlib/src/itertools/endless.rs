//! `count`, `cycle`, `repeat`.

use object::StrBuilder;
use runtime::native::new_native;
use runtime::number::int::{self, Num};
use runtime::prelude::*;
use std::cell::Cell;

#[derive(macros::Trace)]
pub struct Count {
    next: Slot,
    step: Slot,
}
impl NativeData for Count {
    const NAME: &'static str = "itertools.count";
}

fn is_number(cx: &Cx, v: Value) -> bool {
    let slots = &cx.class_of(v).slots;
    slots.index.get().is_some() || slots.int.get().is_some() || slots.float.get().is_some() || v.is_a::<Complex>()
}

#[macros::native_class(
    name = "count",
    module = "itertools",
    layout = Native<Count>,
    flags = BASETYPE,
    doc = "Return a count object whose .__next__() method returns consecutive values.\n\nEquivalent to:\n    def count(firstval=0, step=1):\n        x = firstval\n        while 1:\n            yield x\n            x += step"
)]
pub mod count {
    use super::*;

    #[slot(new, "count(start=0, step=1)")]
    fn new(cx: &mut Cx, class: Gc<Class>, start: Value, step: Value) -> PyResult<Gc<Native<Count>>> {
        if !is_number(cx, start) || !is_number(cx, step) {
            return Err(type_error(cx, "a number is required"));
        }
        Ok(new_native(cx, class, Count { next: Slot::new(start), step: Slot::new(step) }))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<Count>>) -> PyResult<Gc<Str>> {
        let name = cx.class_of(this.value()).display_name();
        let mut out = StrBuilder::new();
        out.push_str(&format!("{name}("));
        let next = repr_of(cx, this.next.get())?;
        out.push_py(&next);
        if !this.step.get().is(Int::from_len(1).value()) {
            let step = repr_of(cx, this.step.get())?;
            out.push_str(", ");
            out.push_py(&step);
        }
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Count>>) -> Gc<Native<Count>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Count>>) -> PyResult<Option<Value>> {
        let (value, step) = (this.next.get(), this.step.get());
        let following = match (value.as_int(), step.as_int()) {
            (Some(a), Some(b)) => int::add(cx, Num::Small(a.get()), Num::Small(b.get()))?,
            _ => binary_op(cx, BinaryOp::Add, value, step)?,
        };
        this.next.set(this, following);
        Ok(Some(value))
    }
}

#[derive(macros::Trace)]
pub struct Cycle {
    /// Unbound once the first pass is over.
    iterator: Slot,
    saved: GcSlot<List>,
    index: Cell<usize>,
}
impl NativeData for Cycle {
    const NAME: &'static str = "itertools.cycle";
}

#[macros::native_class(
    name = "cycle",
    module = "itertools",
    layout = Native<Cycle>,
    flags = BASETYPE,
    doc = "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely."
)]
pub mod cycle {
    use super::*;

    #[slot(new, "cycle(iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value) -> PyResult<Gc<Native<Cycle>>> {
        let iterator = Slot::new(get_iter(cx, iterable)?);
        let saved = GcSlot::of(List::empty(&mut cx.heap));
        Ok(new_native(cx, class, Cycle { iterator, saved, index: Cell::new(0) }))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Cycle>>) -> Gc<Native<Cycle>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Cycle>>) -> PyResult<Option<Value>> {
        let saved = this.saved.expect();
        if let Some(iterator) = this.iterator.get().bound() {
            if let Some(item) = runtime::iterate::next(cx, iterator)? {
                saved.push(&mut cx.heap, item).or_raise(cx)?;
                return Ok(Some(item));
            }
            this.iterator.clear();
        }
        let i = this.index.get();
        let item = saved.get(i);
        this.index.set(if i + 1 >= saved.len() { 0 } else { i + 1 });
        Ok(item)
    }
}

#[derive(macros::Trace)]
pub struct Repeat {
    object: Slot,
    /// Negative = endless.
    times: Cell<i64>,
}
impl NativeData for Repeat {
    const NAME: &'static str = "itertools.repeat";
}

#[macros::native_class(
    name = "repeat",
    module = "itertools",
    layout = Native<Repeat>,
    flags = BASETYPE,
    doc = "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly."
)]
pub mod repeat {
    use super::*;

    #[slot(new, "repeat(object, times=<unrepresentable>)")]
    fn new(cx: &mut Cx, class: Gc<Class>, object: Value, times: Option<isize>) -> Gc<Native<Repeat>> {
        let times = Cell::new(times.map_or(-1, |n| n.max(0) as i64));
        new_native(cx, class, Repeat { object: Slot::new(object), times })
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<Repeat>>) -> PyResult<Gc<Str>> {
        let name = cx.class_of(this.value()).display_name();
        let object = repr_of(cx, this.object.get())?;
        let mut out = StrBuilder::new();
        out.push_str(&format!("{name}("));
        out.push_py(&object);
        if this.times.get() >= 0 {
            out.push_str(&format!(", {}", this.times.get()));
        }
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Repeat>>) -> Gc<Native<Repeat>> {
        this
    }

    #[slot]
    fn next(_: &mut Cx, this: Gc<Native<Repeat>>) -> PyResult<Option<Value>> {
        match this.times.get() {
            0 => return Ok(None),
            n if n > 0 => this.times.set(n - 1),
            _ => {}
        }
        Ok(Some(this.object.get()))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(cx: &mut Cx, this: Gc<Native<Repeat>>) -> PyResult<i64> {
        match this.times.get() {
            n if n < 0 => Err(type_error(cx, "len() of unsized object")),
            n => Ok(n),
        }
    }
}
