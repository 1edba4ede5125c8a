//! A run of values of fixed capacity: the storage behind lists, overflow slots and other growable things.
//!
//! Never resized in place: whoever needs more makes a new one and copies, so that a reader that still holds the old one
//! reads valid memory.

use crate::cx::Heap;
use crate::gc::{Gc, Slot, heap_object};
use crate::value::Value;
use heap::{Header, Tracer};

heap_object! {
    /// `capacity` values, inline.
    pub struct Array: Array {
        capacity: usize,
    }
}

pub(crate) unsafe fn size_array(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is an array.
    size_for(unsafe { (*(header as *const Array)).capacity })
}

pub(crate) unsafe fn scan_array(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above; the items follow the fixed part.
    unsafe {
        let array = &*(header as *const Array);
        tracer.words(array.first() as *const heap::Word, array.capacity);
    }
}

const fn size_for(capacity: usize) -> usize {
    (size_of::<Array>() + capacity * 8).next_multiple_of(16)
}

impl Array {
    /// An array of at least `capacity` unbound values (rounded up to fill its granule).
    pub fn new(heap: &mut Heap, capacity: usize) -> Result<Gc<Array>, heap::OutOfMemory> {
        let Some(size) = capacity.checked_mul(8).and_then(|n| n.checked_add(size_of::<Array>() + 16)) else {
            return Err(heap::OutOfMemory);
        };
        let size = (size - 16).next_multiple_of(16);
        let capacity = (size - size_of::<Array>()) / 8;
        let shape = heap.shapes().internal;
        let object = heap.allocate(size, shape.raw(), Array::KIND as u8)?;
        let array = object.cast::<Array>();
        // SAFETY: fresh memory of the right size; everything but the header is zero, which is a valid array of unbound
        // values once the capacity is set.
        unsafe {
            (&raw mut (*array.as_ptr()).capacity).write(capacity);
            Ok(Gc::from_word_unchecked(array.as_ptr() as u64))
        }
    }

    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    #[inline(always)]
    fn first(&self) -> *const Slot {
        // SAFETY: the items start right behind the fixed part, in the same allocation.
        unsafe { (self as *const Array).add(1) as *const Slot }
    }

    #[inline(always)]
    pub fn slot(&self, i: usize) -> &Slot {
        assert!(i < self.capacity, "array index {i} of {}", self.capacity);
        // SAFETY: just checked.
        unsafe { &*self.first().add(i) }
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Value {
        self.slot(i).get()
    }

    /// The item at `i`; unbound when out of bounds.
    #[inline(always)]
    pub fn try_get(&self, i: usize) -> Value {
        // SAFETY: checked against the capacity.
        if i < self.capacity { unsafe { (*self.first().add(i)).get() } } else { Value::UNBOUND }
    }
}

impl Gc<Array> {
    #[inline(always)]
    pub fn set(self, i: usize, value: Value) {
        self.slot(i).set(self, value);
    }

    /// Copy `n` values from `source[from..]` to `self[to..]`; the ranges may overlap when both are the same array.
    pub fn copy_from(self, to: usize, source: Gc<Array>, from: usize, n: usize) {
        assert!(n <= source.capacity && from <= source.capacity - n, "copy from within bounds");
        assert!(n <= self.capacity && to <= self.capacity - n, "copy to within bounds");
        if self.header().needs_barrier() {
            if n < self.capacity / 4 {
                return self.copy_by_item(to, source, from, n);
            }
            // SAFETY: this array is live, and the running thread has the turn.
            unsafe { heap::remember(self.as_header_ptr()) };
        }
        // SAFETY: both ranges lie in their arrays. This array is young or was just remembered as a whole: the next
        // collection looks at all of it.
        unsafe { std::ptr::copy(source.first().add(from), self.first().add(to) as *mut Slot, n) };
    }

    /// A copy of a few of an old array's values, each with its barrier.
    fn copy_by_item(self, to: usize, source: Gc<Array>, from: usize, n: usize) {
        if self == source && from < to {
            for i in (0..n).rev() {
                self.set(to + i, source.get(from + i));
            }
        } else {
            for i in 0..n {
                self.set(to + i, source.get(from + i));
            }
        }
    }

    /// Copy values that lie outside of any array to `self[to..]`.
    pub fn copy_from_slice(self, to: usize, items: &[Value]) {
        assert!(items.len() <= self.capacity && to <= self.capacity - items.len(), "copy to within bounds");
        if self.header().needs_barrier() {
            items.iter().enumerate().for_each(|(i, &item)| self.set(to + i, item));
            return;
        }
        // SAFETY: in bounds, and a young array needs no barriers.
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), self.first().add(to) as *mut Value, items.len()) };
    }

    /// Turn the first `n` values around.
    pub fn reverse(self, n: usize) {
        assert!(n <= self.capacity, "reverse within bounds");
        if self.header().needs_barrier() {
            // SAFETY: this array is live, and the running thread has the turn.
            unsafe { heap::remember(self.as_header_ptr()) };
        }
        // SAFETY: in bounds; nobody else looks at the items meanwhile, and the next collection looks at all of them.
        unsafe { std::slice::from_raw_parts_mut(self.first() as *mut Value, n) }.reverse();
    }

    /// Move values within the array like `memmove`.
    pub fn move_within(self, from: usize, to: usize, n: usize) {
        self.copy_from(to, self, from, n);
    }

    /// Make `n` values from `start` unbound.
    pub fn clear_range(self, start: usize, n: usize) {
        for i in start..start + n {
            self.slot(i).clear();
        }
    }
}
