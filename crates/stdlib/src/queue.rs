//! `_queue`: `SimpleQueue`, a queue between threads.

use crate::classes::exception_class;
use crate::clock::{Deadline, Round, nanoseconds};
use crate::signal::check_signals;
use crate::thread::MAX_TIMEOUT;
use object::system::{Waited, wait_on_word, wake_word};
use runtime::prelude::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Trace)]
pub struct SimpleQueue {
    /// Items from `first` on wait to be fetched; those before are unbound.
    items: GcSlot<List>,
    first: Cell<usize>,
    /// Changes with every item put in: what `get` waits for.
    #[trace(skip)]
    puts: AtomicU32,
}

impl NativeData for SimpleQueue {
    const NAME: &'static str = "_queue.SimpleQueue";
}

type This = Gc<Native<SimpleQueue>>;

/// Fetched items from which on the list is cut.
const CUT: usize = 32;

fn pop(this: This) -> Option<Value> {
    let (items, first) = (this.items.expect(), this.first.get());
    let item = items.get(first)?;
    items.set(first, Value::NONE);
    if first + 1 == items.len() {
        items.clear();
        this.first.set(0);
    } else if first >= CUT && first * 2 >= items.len() {
        items.remove_range(0, first + 1);
        this.first.set(0);
    } else {
        this.first.set(first + 1);
    }
    Some(item)
}

fn fetch(cx: &mut Cx, this: This, deadline: Deadline) -> PyResult {
    loop {
        let seen = this.puts.load(Ordering::Acquire);
        if let Some(item) = pop(this) {
            return Ok(item);
        }
        if deadline.is_over() {
            return Err(raise_empty(cx));
        }
        let remaining = deadline.remaining();
        if cx.blocking(|| wait_on_word(&this.puts, seen, remaining)) == Waited::Interrupted
            && let Err(raised) = check_signals(cx)
        {
            // An item may have come for the waiter that gives up.
            wake_word(&this.puts, 1);
            return Err(raised);
        }
    }
}

/// `_queue.Empty`, the same class in every instance of the module.
fn empty_class(cx: &mut Cx) -> PyResult<Gc<Class>> {
    struct Empty(RootVec);
    let vm = cx.vm();
    let kept = vm.extension(|| Empty(vm.root_vec()));
    if let Some(class) = kept.0.iter().next().and_then(Value::cast::<Class>) {
        return Ok(class);
    }
    let base = cx.types().Exception;
    let class = exception_class(cx, "_queue", "Empty", &[base])?;
    let (doc, text) = (cx.names().__doc__, cx.heap.str("Exception raised by Queue.get(block=0)/get_nowait()."));
    set_attr(cx, class.value(), doc, text)?;
    kept.0.push(class);
    Ok(class)
}

#[cold]
fn raise_empty(cx: &mut Cx) -> Raised {
    let made = empty_class(cx).and_then(|class| call(cx, class.value(), &[]));
    match made {
        Ok(exception) => raise_object(cx, exception),
        Err(raised) => raised,
    }
}

fn store(cx: &mut Cx, this: This, item: Value) -> PyResult<()> {
    this.items.expect().push(&mut cx.heap, item).or_raise(cx)?;
    this.puts.fetch_add(1, Ordering::Release);
    if cx.vm().multi_threaded.get() {
        wake_word(&this.puts, 1);
    }
    Ok(())
}

#[native_class(
    name = "SimpleQueue",
    module = "_queue",
    layout = Native<SimpleQueue>,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_WEAKREF,
    doc = "Simple, unbounded, reentrant FIFO queue."
)]
pub mod class {
    use super::*;

    #[slot(new, "SimpleQueue()")]
    fn new(cx: &mut Cx, class: Gc<Class>) -> PyResult {
        let items = GcSlot::of(List::empty(&mut cx.heap));
        let queue = SimpleQueue { items, first: Cell::new(0), puts: AtomicU32::new(0) };
        Ok(new_native(cx, class, queue).value())
    }

    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this
    /// method never blocks.  They are provided for compatibility with the
    /// Queue class.
    #[method("put($self, /, item, block=True, timeout=None)")]
    fn put(cx: &mut Cx, this: This, item: Value, block: bool, timeout: Value) -> PyResult<()> {
        let _ = (block, timeout);
        store(cx, this, item)
    }

    /// Put an item into the queue without blocking.
    ///
    /// This is exactly equivalent to `put(item)` and is only provided
    /// for compatibility with the Queue class.
    #[method("put_nowait($self, /, item)")]
    fn put_nowait(cx: &mut Cx, this: This, item: Value) -> PyResult<()> {
        store(cx, this, item)
    }

    /// Remove and return an item from the queue.
    ///
    /// If optional args 'block' is true and 'timeout' is None (the
    /// default), block if necessary until an item is available.  If
    /// 'timeout' is a non-negative number, it blocks at most 'timeout'
    /// seconds and raises the Empty exception if no item was available
    /// within that time.
    /// Otherwise ('block' is false), return an item if one is immediately
    /// available, else raise the Empty exception ('timeout' is ignored
    /// in that case).
    #[method("get($self, /, block=True, timeout=None)")]
    fn get(cx: &mut Cx, this: This, block: bool, timeout: Value) -> PyResult {
        let deadline = if !block {
            Deadline::Now
        } else if timeout.is_none() {
            Deadline::Never
        } else {
            let nanos = nanoseconds(cx, timeout, Round::Ceiling)?;
            if nanos < 0 {
                return Err(value_error(cx, "'timeout' must be a non-negative number"));
            }
            if nanos > MAX_TIMEOUT {
                return Err(overflow_error(cx, "timeout value is too large"));
            }
            Deadline::after(nanos)
        };
        fetch(cx, this, deadline)
    }

    /// Remove and return an item from the queue without blocking.
    ///
    /// Only get an item if one is immediately available. Otherwise
    /// raise the Empty exception.
    #[method("get_nowait($self, /)")]
    fn get_nowait(cx: &mut Cx, this: This) -> PyResult {
        fetch(cx, this, Deadline::Now)
    }

    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[method("empty($self, /)")]
    fn empty(_: &mut Cx, this: This) -> bool {
        this.items.expect().len() == this.first.get()
    }

    /// Return the approximate size of the queue (not reliable!).
    #[method("qsize($self, /)")]
    fn qsize(_: &mut Cx, this: This) -> usize {
        this.items.expect().len() - this.first.get()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn getitem_of_class(cx: &mut Cx, class: Value, object: Value) -> PyResult {
        runtime::types::generic_alias::class_getitem(cx, class, object)
    }
}

#[native_module(
    name = "_queue",
    doc = "C implementation of the Python queue module.\nThis module is an implementation detail, please do not use it directly."
)]
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
