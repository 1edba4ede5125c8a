//! `_heapq`: heaps in lists, the least (or, for the `_max` forms, the greatest) item first.

use runtime::prelude::*;

/// Whether `a` belongs above `b`.
fn before(cx: &mut Cx, a: Value, b: Value, max: bool) -> PyResult<bool> {
    let (a, b) = if max { (b, a) } else { (a, b) };
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        return Ok(a < b);
    }
    let result = compare(cx, a, b, CompareOp::Lt)?;
    is_true(cx, result)
}

/// Item `i`; a comparison may have changed the list.
fn item(cx: &mut Cx, heap: Gc<List>, i: usize, n: usize) -> PyResult {
    if heap.len() != n {
        return Err(runtime_error(cx, "list changed size during iteration"));
    }
    match heap.get(i) {
        Some(v) => Ok(v),
        None => Err(index_error(cx, "index out of range")),
    }
}

fn swap(heap: Gc<List>, i: usize, j: usize) {
    if let (Some(a), Some(b)) = (heap.get(i), heap.get(j)) {
        heap.set(i, b);
        heap.set(j, a);
    }
}

/// Move the item at `at` up to its place below `top`.
fn sift_down(cx: &mut Cx, heap: Gc<List>, top: usize, at: usize, max: bool) -> PyResult<()> {
    let n = heap.len();
    let mut at = at;
    while at > top {
        let parent = (at - 1) / 2;
        let (child_item, parent_item) = (item(cx, heap, at, n)?, item(cx, heap, parent, n)?);
        let is_before = before(cx, child_item, parent_item, max)?;
        item(cx, heap, at, n)?;
        if !is_before {
            break;
        }
        swap(heap, at, parent);
        at = parent;
    }
    Ok(())
}

/// Move the item at `at` down to a leaf, then up to its place.
fn sift_up(cx: &mut Cx, heap: Gc<List>, at: usize, max: bool) -> PyResult<()> {
    let n = heap.len();
    let (start, mut at) = (at, at);
    while 2 * at + 1 < n {
        let mut child = 2 * at + 1;
        if child + 1 < n {
            let (left, right) = (item(cx, heap, child, n)?, item(cx, heap, child + 1, n)?);
            if !before(cx, left, right, max)? {
                child += 1;
            }
            item(cx, heap, child, n)?;
        }
        swap(heap, at, child);
        at = child;
    }
    sift_down(cx, heap, start, at, max)
}

fn push(cx: &mut Cx, heap: Gc<List>, value: Value, max: bool) -> PyResult<()> {
    heap.push(&mut cx.heap, value).or_raise(cx)?;
    let last = heap.len() - 1;
    sift_down(cx, heap, 0, last, max)
}

fn pop(cx: &mut Cx, heap: Gc<List>, max: bool) -> PyResult {
    let Some(last) = heap.pop() else { return Err(index_error(cx, "index out of range")) };
    let Some(top) = heap.get(0) else { return Ok(last) };
    heap.set(0, last);
    sift_up(cx, heap, 0, max)?;
    Ok(top)
}

fn replace(cx: &mut Cx, heap: Gc<List>, value: Value, max: bool) -> PyResult {
    let Some(top) = heap.get(0) else { return Err(index_error(cx, "index out of range")) };
    heap.set(0, value);
    sift_up(cx, heap, 0, max)?;
    Ok(top)
}

fn push_pop(cx: &mut Cx, heap: Gc<List>, value: Value, max: bool) -> PyResult {
    let Some(top) = heap.get(0) else { return Ok(value) };
    if !before(cx, top, value, max)? {
        return Ok(value);
    }
    if heap.is_empty() {
        return Err(index_error(cx, "index out of range"));
    }
    replace(cx, heap, value, max)
}

fn heapify_all(cx: &mut Cx, heap: Gc<List>, max: bool) -> PyResult<()> {
    for i in (0..heap.len() / 2).rev() {
        sift_up(cx, heap, i, max)?;
    }
    Ok(())
}

#[macros::native_module(
    name = "_heapq",
    doc = "Heap queue algorithm (a.k.a. priority queue).\n\nHeaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for\nall k, counting elements from 0.  For the sake of comparison,\nnon-existing elements are considered to be infinite.  The interesting\nproperty of a heap is that a[0] is always its smallest element."
)]
pub mod module {
    use super::*;

    /// Push item onto heap, maintaining the heap invariant.
    #[function("heappush(heap, item, /)")]
    fn heappush(cx: &mut Cx, heap: Gc<List>, item: Value) -> PyResult<()> {
        push(cx, heap, item, false)
    }

    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[function("heappop(heap, /)")]
    fn heappop(cx: &mut Cx, heap: Gc<List>) -> PyResult {
        pop(cx, heap, false)
    }

    /// Pop and return the current smallest value, and add the new item.
    ///
    /// This is more efficient than heappop() followed by heappush(), and can be
    /// more appropriate when using a fixed-size heap.  Note that the value
    /// returned may be larger than item!  That constrains reasonable uses of
    /// this routine unless written as part of a conditional replacement:
    ///
    ///     if item > heap[0]:
    ///         item = heapreplace(heap, item)
    #[function("heapreplace(heap, item, /)")]
    fn heapreplace(cx: &mut Cx, heap: Gc<List>, item: Value) -> PyResult {
        replace(cx, heap, item, false)
    }

    /// Push item on the heap, then pop and return the smallest item from the heap.
    ///
    /// The combined action runs more efficiently than heappush() followed by
    /// a separate call to heappop().
    #[function("heappushpop(heap, item, /)")]
    fn heappushpop(cx: &mut Cx, heap: Gc<List>, item: Value) -> PyResult {
        push_pop(cx, heap, item, false)
    }

    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[function("heapify(heap, /)")]
    fn heapify(cx: &mut Cx, heap: Gc<List>) -> PyResult<()> {
        heapify_all(cx, heap, false)
    }

    /// Push item onto max heap, maintaining the heap invariant.
    #[function("heappush_max(heap, item, /)")]
    fn heappush_max(cx: &mut Cx, heap: Gc<List>, item: Value) -> PyResult<()> {
        push(cx, heap, item, true)
    }

    /// Maxheap variant of heappop.
    #[function("heappop_max(heap, /)")]
    fn heappop_max(cx: &mut Cx, heap: Gc<List>) -> PyResult {
        pop(cx, heap, true)
    }

    /// Maxheap variant of heapreplace.
    #[function("heapreplace_max(heap, item, /)")]
    fn heapreplace_max(cx: &mut Cx, heap: Gc<List>, item: Value) -> PyResult {
        replace(cx, heap, item, true)
    }

    /// Maxheap variant of heappushpop.
    ///
    /// The combined action runs more efficiently than heappush_max() followed by
    /// a separate call to heappop_max().
    #[function("heappushpop_max(heap, item, /)")]
    fn heappushpop_max(cx: &mut Cx, heap: Gc<List>, item: Value) -> PyResult {
        push_pop(cx, heap, item, true)
    }

    /// Maxheap variant of heapify.
    #[function("heapify_max(heap, /)")]
    fn heapify_max(cx: &mut Cx, heap: Gc<List>) -> PyResult<()> {
        heapify_all(cx, heap, true)
    }
}
