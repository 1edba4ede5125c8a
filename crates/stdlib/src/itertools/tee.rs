//! `tee`: iterators that share a chain of blocks with the items read so far.

use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;

/// Items in a block, as CPython has them.
const BLOCK: usize = 57;

#[derive(macros::Trace)]
pub struct Block {
    iterator: Slot,
    items: GcSlot<List>,
    next: GcSlot<Native<Block>>,
    /// Reading the source is under way.
    running: Cell<bool>,
}
impl NativeData for Block {
    const NAME: &'static str = "itertools._tee_dataobject";
}

#[derive(macros::Trace)]
pub struct Tee {
    block: GcSlot<Native<Block>>,
    index: Cell<usize>,
}
impl NativeData for Tee {
    const NAME: &'static str = "itertools._tee";
}

fn new_block(cx: &mut Cx, iterator: Value) -> PyResult<Gc<Native<Block>>> {
    let class = class_of_spec(cx, &data::SPEC)?;
    let items = GcSlot::of(List::empty(&mut cx.heap));
    let block = Block { iterator: Slot::new(iterator), items, next: GcSlot::new(None), running: Cell::new(false) };
    Ok(new_native(cx, class, block))
}

fn from_iterable(cx: &mut Cx, iterable: Value) -> PyResult<Gc<Native<Tee>>> {
    let iterator = get_iter(cx, iterable)?;
    if let Some(tee) = iterator.cast::<Native<Tee>>() {
        return copy_of(cx, tee);
    }
    let block = new_block(cx, iterator)?;
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_native(cx, class, Tee { block: GcSlot::of(block), index: Cell::new(0) }))
}

fn copy_of(cx: &mut Cx, this: Gc<Native<Tee>>) -> PyResult<Gc<Native<Tee>>> {
    let class = class_of_spec(cx, &class::SPEC)?;
    let block = this.block.expect();
    Ok(new_native(cx, class, Tee { block: GcSlot::of(block), index: Cell::new(this.index.get()) }))
}

/// `tee(iterable, n)`.
pub fn split(cx: &mut Cx, iterable: Value, n: isize) -> PyResult<Gc<Tuple>> {
    if n < 0 {
        return Err(value_error(cx, "n must be >= 0"));
    }
    let result = List::empty(&mut cx.heap);
    if n > 0 {
        let mut tee = from_iterable(cx, iterable)?;
        for i in 0..n {
            if i > 0 {
                tee = copy_of(cx, tee)?;
            }
            result.push(&mut cx.heap, tee.value()).or_raise(cx)?;
        }
    }
    runtime::iterate::list_to_tuple(cx, result)
}

/// Item `i` of a block, read from the source when no other iterator has yet.
fn item_at(cx: &mut Cx, block: Gc<Native<Block>>, i: usize) -> PyResult<Option<Value>> {
    let items = block.items.expect();
    if let Some(item) = items.get(i) {
        return Ok(Some(item));
    }
    if block.running.get() {
        return Err(runtime_error(cx, "cannot re-enter the tee iterator"));
    }
    block.running.set(true);
    let item = runtime::iterate::next(cx, block.iterator.get());
    block.running.set(false);
    let Some(item) = item? else { return Ok(None) };
    items.push(&mut cx.heap, item).or_raise(cx)?;
    Ok(Some(item))
}

#[macros::native_class(
    name = "_tee",
    module = "itertools",
    layout = Native<Tee>,
    traits = HAS_WEAKREF,
    doc = "Iterator wrapped to make it copyable."
)]
pub mod class {
    use super::*;

    #[slot(new, "_tee(iterable, /)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value) -> PyResult<Gc<Native<Tee>>> {
        let _ = class;
        from_iterable(cx, iterable)
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Tee>>) -> Gc<Native<Tee>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Tee>>) -> PyResult<Option<Value>> {
        if this.index.get() >= BLOCK {
            let block = this.block.expect();
            let following = match block.next.get() {
                Some(following) => following,
                None => {
                    let new = new_block(cx, block.iterator.get())?;
                    block.next.set(block, new);
                    new
                }
            };
            this.block.set(this, following);
            this.index.set(0);
        }
        let item = item_at(cx, this.block.expect(), this.index.get())?;
        if item.is_some() {
            this.index.set(this.index.get() + 1);
        }
        Ok(item)
    }

    /// Returns an independent iterator.
    #[method("__copy__($self, /)")]
    fn copy(cx: &mut Cx, this: Gc<Native<Tee>>) -> PyResult<Gc<Native<Tee>>> {
        copy_of(cx, this)
    }
}

#[macros::native_class(
    name = "_tee_dataobject",
    module = "itertools",
    layout = Native<Block>,
    doc = "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee objects."
)]
pub mod data {
    use super::*;

    #[slot(new, "_tee_dataobject(iterable, values, next, /)")]
    fn new(
        cx: &mut Cx,
        class: Gc<Class>,
        iterable: Value,
        values: Gc<List>,
        next: Value,
    ) -> PyResult<Gc<Native<Block>>> {
        let _ = class;
        let block = new_block(cx, iterable)?;
        if values.len() > BLOCK {
            return Err(value_error(cx, "Invalid arguments"));
        }
        block.items.set(block, values);
        if let Some(next) = next.cast::<Native<Block>>() {
            if values.len() != BLOCK {
                return Err(value_error(cx, "_tee_dataobject should not have a next link"));
            }
            block.next.set(block, next);
        }
        Ok(block)
    }
}
