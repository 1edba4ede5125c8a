//! `list`: a length and a storage array of fixed capacity.

use crate::array::Array;
use crate::cx::Heap;
use crate::gc::{Gc, GcSlot, heap_object};
use crate::shape::ShapeId;
use crate::value::Value;
use heap::{Header, OutOfMemory};
use std::cell::Cell;

heap_object! {
    /// The storage is absent while the list has never held anything.
    pub struct List: List {
        len: Cell<usize>,
        storage: GcSlot<Array>,
    }
}

heap_object! {
    pub struct ListIter: ListIter {
        /// Empty once exhausted.
        pub list: GcSlot<List>,
        pub index: Cell<usize>,
    }
}

impl List {
    pub fn empty(heap: &mut Heap) -> Gc<List> {
        let shape = heap.shapes().list;
        List::with_shape(heap, shape)
    }

    /// An empty list (or instance of a subclass).
    pub fn with_shape(heap: &mut Heap, shape: ShapeId) -> Gc<List> {
        let header = Header::new(shape.raw(), List::KIND as u8);
        heap.new_object(List { header, len: Cell::new(0), storage: GcSlot::new(None) })
    }

    pub fn with_capacity(heap: &mut Heap, n: usize) -> Result<Gc<List>, OutOfMemory> {
        let storage = if n == 0 { None } else { Some(Array::new(heap, n)?) };
        let list = List::empty(heap);
        list.storage.set_option(list, storage);
        Ok(list)
    }

    pub fn new(heap: &mut Heap, items: &[Value]) -> Result<Gc<List>, OutOfMemory> {
        let list = List::with_capacity(heap, items.len())?;
        if let Some(storage) = list.storage.get() {
            storage.copy_from_slice(0, items);
        }
        list.len.set(items.len());
        Ok(list)
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }

    #[inline(always)]
    pub fn storage(&self) -> Option<Gc<Array>> {
        self.storage.get()
    }

    /// The item at `i`, checked against the length and the storage's capacity.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Value> {
        if i >= self.len.get() {
            return None;
        }
        self.storage.get()?.try_get(i).bound()
    }

    /// The items now; the list may change while iterating (an index past the end yields nothing).
    pub fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        let mut i = 0;
        std::iter::from_fn(move || {
            let item = self.get(i)?;
            i += 1;
            Some(item)
        })
    }
}

impl Gc<List> {
    /// Replace the item at `i`; false when out of range.
    #[inline(always)]
    pub fn set(self, i: usize, value: Value) -> bool {
        match self.storage.get() {
            Some(storage) if i < self.len() && i < storage.capacity() => {
                storage.set(i, value);
                true
            }
            _ => false,
        }
    }

    /// A new list of the items `from..to`, which are in range.
    pub fn slice(self, heap: &mut Heap, from: usize, to: usize) -> Result<Gc<List>, OutOfMemory> {
        let n = to - from;
        let new = List::with_capacity(heap, n)?;
        if let (Some(source), Some(storage)) = (self.storage.get(), new.storage.get()) {
            storage.copy_from(0, source, from, n);
        }
        new.len.set(n);
        Ok(new)
    }

    /// Append without growing; false when the storage is full.
    #[inline(always)]
    pub fn push_within_capacity(self, value: Value) -> bool {
        let n = self.len.get();
        match self.storage.get() {
            Some(storage) if n < storage.capacity() => {
                storage.set(n, value);
                self.len.set(n + 1);
                true
            }
            _ => false,
        }
    }

    #[inline(always)]
    pub fn push(self, heap: &mut Heap, value: Value) -> Result<(), OutOfMemory> {
        if self.push_within_capacity(value) {
            return Ok(());
        }
        self.push_slow(heap, value)
    }

    #[cold]
    #[inline(never)]
    fn push_slow(self, heap: &mut Heap, value: Value) -> Result<(), OutOfMemory> {
        self.reserve(heap, self.len() + 1)?;
        let pushed = self.push_within_capacity(value);
        debug_assert!(pushed, "room was just made");
        Ok(())
    }

    /// Make room for `n` items in all, growing by an eighth as CPython does.
    pub fn reserve(self, heap: &mut Heap, n: usize) -> Result<(), OutOfMemory> {
        let capacity = self.storage.get().map_or(0, |s| s.capacity());
        if n <= capacity {
            return Ok(());
        }
        // One by one: 6 (a line of the heap), 12, 20, 28, 36 ...; no more than asked for when many come at once.
        let roomy = if n <= 6 { 6 } else { (n + (n >> 3) + 6) & !3 };
        let wanted = if n - self.len().min(n) > roomy - n { n } else { roomy };
        let new = Array::new(heap, wanted)?;
        if let Some(old) = self.storage.get() {
            new.copy_from(0, old, 0, self.len().min(old.capacity()));
        }
        self.storage.set(self, new);
        Ok(())
    }

    /// Append `n` items of `source` from `start` on, or as many as there are.
    pub fn extend_from_list(
        self,
        heap: &mut Heap,
        source: Gc<List>,
        start: usize,
        n: usize,
    ) -> Result<(), OutOfMemory> {
        let n = n.min(source.len().saturating_sub(start));
        if n == 0 {
            return Ok(());
        }
        let len = self.len();
        self.reserve(heap, len + n)?;
        self.storage.expect().copy_from(len, source.storage.expect(), start, n);
        self.len.set(len + n);
        Ok(())
    }

    /// Append these items, which lie outside of any list.
    pub fn extend_from_slice(self, heap: &mut Heap, items: &[Value]) -> Result<(), OutOfMemory> {
        if items.is_empty() {
            return Ok(());
        }
        let len = self.len();
        self.reserve(heap, len + items.len())?;
        self.storage.expect().copy_from_slice(len, items);
        self.len.set(len + items.len());
        Ok(())
    }

    /// Replace the items from `start` on by `n` items of `source` from its begin, all of which exist.
    pub fn copy_items(self, start: usize, source: Gc<List>, n: usize) {
        assert!(n <= source.len() && start <= self.len() && n <= self.len() - start, "copy within bounds");
        if n > 0 {
            self.storage.expect().copy_from(start, source.storage.expect(), 0, n);
        }
    }

    pub fn pop(self) -> Option<Value> {
        let n = self.len().checked_sub(1)?;
        let value = self.get(n)?;
        self.len.set(n);
        self.storage.expect().slot(n).clear();
        Some(value)
    }

    /// Insert before `i` (at most the length).
    pub fn insert(self, heap: &mut Heap, i: usize, value: Value) -> Result<(), OutOfMemory> {
        let n = self.len();
        self.reserve(heap, n + 1)?;
        let storage = self.storage.expect();
        storage.move_within(i, i + 1, n - i);
        storage.set(i, value);
        self.len.set(n + 1);
        Ok(())
    }

    /// Remove `[start, end)`.
    pub fn remove_range(self, start: usize, end: usize) {
        let n = self.len();
        if start >= end {
            return;
        }
        let storage = self.storage.expect();
        storage.move_within(end, start, n - end);
        let new_len = n - (end - start);
        self.len.set(new_len);
        storage.clear_range(new_len, n - new_len);
    }

    /// Make room for `n` unbound items at `at`; the caller fills them before anything can look.
    pub fn open_gap(self, heap: &mut Heap, at: usize, n: usize) -> Result<(), OutOfMemory> {
        let len = self.len();
        self.reserve(heap, len + n)?;
        if let Some(storage) = self.storage.get() {
            storage.move_within(at, at + n, len - at);
        }
        self.len.set(len + n);
        Ok(())
    }

    pub fn clear(self) {
        self.len.set(0);
        self.storage.set_option(self, None);
    }

    /// Take over `storage` with `len` items (sorting, slice assignment).
    pub fn replace_storage(self, storage: Option<Gc<Array>>, len: usize) {
        self.storage.set_option(self, storage);
        self.len.set(len);
    }
}

impl Heap {
    pub fn list_iter(&mut self, list: Gc<List>) -> Gc<ListIter> {
        let shape = self.shapes().list_iterator;
        self.new_object(ListIter {
            header: Header::new(shape.raw(), ListIter::KIND as u8),
            list: GcSlot::of(list),
            index: Cell::new(0),
        })
    }
}
