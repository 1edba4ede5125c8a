//! `_queue`: `SimpleQueue`.

use crate::clock::{Deadline, Round, nanoseconds};
use macros::{Trace, native_class, native_module};
use object::system::{wait_on_word, wake_word};
use runtime::native::{add_class, new_native, set_module_attr};
use runtime::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Trace)]
pub struct SimpleQueue {
    items: GcSlot<List>,
    /// Counts items put, for those who wait.
    #[trace(skip)]
    puts: Opaque<Arc<AtomicU32>>,
}

impl NativeData for SimpleQueue {
    const NAME: &'static str = "_queue.SimpleQueue";
}

type This = Gc<Native<SimpleQueue>>;

struct Empty(RootVec);

/// `_queue.Empty`.
fn empty_class(cx: &mut Cx) -> PyResult {
    let vm = cx.vm();
    let kept = vm.extension(|| Empty(vm.root_vec()));
    if kept.0.is_empty() {
        let types = cx.types();
        let bases = cx.heap.tuple(&[types.Exception.value()]);
        let namespace = Dict::new(&mut cx.heap);
        let (name, module) = (cx.heap.str("Empty"), cx.heap.str("_queue"));
        let key = cx.names().__module__;
        namespace.set_str(&mut cx.heap, key, module).or_raise(cx)?;
        let class = call(cx, types.type_.value(), &[name, bases.value(), namespace.value()])?;
        kept.0.push(class);
    }
    Ok(kept.0.get(0))
}

fn put_item(cx: &mut Cx, this: This, item: Value) -> PyResult<()> {
    this.items.expect().push(&mut cx.heap, item).or_raise(cx)?;
    let puts = this.puts.borrow().clone();
    puts.fetch_add(1, Ordering::Release);
    wake_word(&puts, 1);
    Ok(())
}

fn get_item(cx: &mut Cx, this: This, block: bool, timeout: Value) -> PyResult {
    let deadline = if !block {
        Deadline::Now
    } else if timeout.is_none() {
        Deadline::Never
    } else {
        let nanos = nanoseconds(cx, timeout, Round::Ceiling)?;
        if nanos < 0 {
            return Err(value_error(cx, "'timeout' must be a non-negative number"));
        }
        Deadline::after(nanos)
    };
    let puts = this.puts.borrow().clone();
    loop {
        let seen = puts.load(Ordering::Acquire);
        let items = this.items.expect();
        if let Some(item) = items.get(0) {
            items.remove_range(0, 1);
            return Ok(item);
        }
        if deadline.is_over() {
            let class = empty_class(cx)?;
            let error = call(cx, class, &[])?;
            return Err(raise_object(cx, error));
        }
        cx.blocking(|| wait_on_word(&puts, seen, deadline.remaining()));
        crate::signal::check_signals(cx)?;
    }
}

/// Simple, unbounded, reentrant FIFO queue.
#[native_class(name = "SimpleQueue", module = "_queue", layout = Native<SimpleQueue>, flags = BASETYPE, traits = HAS_WEAKREF)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        let items = List::empty(&mut cx.heap);
        new_native(cx, class, SimpleQueue { items: GcSlot::of(items), puts: Opaque::new(Arc::default()) }).value()
    }

    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this method
    /// never blocks.  They are provided for compatibility with the Queue class.
    #[method("put($self, /, item, block=True, timeout=None)")]
    fn put(cx: &mut Cx, this: This, item: Value, _block: bool, _timeout: Value) -> PyResult<()> {
        put_item(cx, this, item)
    }

    /// Put an item into the queue without blocking.
    ///
    /// This is exactly equivalent to `put(item)` and is only provided
    /// for compatibility with the Queue class.
    #[method("put_nowait($self, /, item)")]
    fn put_nowait(cx: &mut Cx, this: This, item: Value) -> PyResult<()> {
        put_item(cx, this, item)
    }

    /// Remove and return an item from the queue.
    ///
    /// If optional args 'block' is true and 'timeout' is None (the default),
    /// block if necessary until an item is available. If 'timeout' is
    /// a non-negative number, it blocks at most 'timeout' seconds and raises
    /// the Empty exception if no item was available within that time.
    /// Otherwise ('block' is false), return an item if one is immediately
    /// available, else raise the Empty exception ('timeout' is ignored
    /// in that case).
    #[method("get($self, /, block=True, timeout=None)")]
    fn get(cx: &mut Cx, this: This, block: bool, timeout: Value) -> PyResult {
        get_item(cx, this, block, timeout)
    }

    /// Remove and return an item from the queue without blocking.
    ///
    /// Only get an item if one is immediately available. Otherwise
    /// raise the Empty exception.
    #[method("get_nowait($self, /)")]
    fn get_nowait(cx: &mut Cx, this: This) -> PyResult {
        get_item(cx, this, false, Value::NONE)
    }

    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[method("empty($self, /)")]
    fn empty(this: This) -> bool {
        this.items.expect().is_empty()
    }

    /// Return the approximate size of the queue (not reliable!).
    #[method("qsize($self, /)")]
    fn qsize(this: This) -> usize {
        this.items.expect().len()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::types::generic_alias::class_getitem(cx, class.value(), object)
    }
}

#[native_module(name = "_queue", doc = "C implementation of the Python queue module.\nThis module is an implementation detail, please do not use it directly.")]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let empty = empty_class(cx)?;
        set_module_attr(cx, module, "Empty", empty)?;
        add_class(cx, module, &class::SPEC)?;
        Ok(())
    }
}
