//! `tuple`: items inline.

use crate::cx::Heap;
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::kind::Kind;
use crate::shape::ShapeId;
use crate::value::Value;
use heap::{Header, OutOfMemory, Tracer};
use std::cell::Cell;

heap_object! {
    /// An exact tuple; of kind `SubTuple`, an instance of a Python subclass without a dict.
    pub struct Tuple: Tuple | SubTuple {
        len: usize,
    }
}

heap_object! {
    pub struct TupleIter: TupleIter {
        /// Empty once exhausted.
        pub tuple: GcSlot<Tuple>,
        pub index: Cell<usize>,
    }
}

pub(crate) unsafe fn size_tuple(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a tuple.
    size_for(unsafe { (*(header as *const Tuple)).len })
}

pub(crate) unsafe fn scan_tuple(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above; the items follow the fixed part.
    unsafe {
        let tuple = &*(header as *const Tuple);
        tracer.words(tuple.first() as *const heap::Word, tuple.len);
        ShapeId::from_raw(tuple.header.shape()).get().trace(tracer);
    }
}

const fn size_for(len: usize) -> usize {
    (size_of::<Tuple>() + len * 8).next_multiple_of(16)
}

impl Tuple {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    fn first(&self) -> *const Slot {
        // SAFETY: the items start right behind the fixed part.
        unsafe { (self as *const Tuple).add(1) as *const Slot }
    }

    /// The word behind an odd number of items, which rounding the size leaves: 0, or the hash.
    #[inline(always)]
    fn spare(&self) -> Option<&Cell<i64>> {
        if self.len & 1 == 0 {
            return None;
        }
        // SAFETY: `size_for` rounds up to 16 bytes, so that a zeroed word follows an odd number of items.
        Some(unsafe { &*(self.first().add(self.len) as *const Cell<i64>) })
    }

    /// The hash, if it was computed before and there was room to remember it.
    #[inline(always)]
    pub fn cached_hash(&self) -> Option<i64> {
        self.spare().map(Cell::get).filter(|&hash| hash != 0)
    }

    /// Remember the hash where there is room for it.
    #[inline(always)]
    pub fn set_cached_hash(&self, hash: i64) {
        if let Some(spare) = self.spare() {
            spare.set(hash);
        }
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Value {
        assert!(i < self.len, "tuple index {i} of {}", self.len);
        // SAFETY: just checked.
        unsafe { (*self.first().add(i)).get() }
    }

    #[inline(always)]
    pub fn try_get(&self, i: usize) -> Option<Value> {
        // SAFETY: checked against the length.
        if i < self.len { Some(unsafe { (*self.first().add(i)).get() }) } else { None }
    }

    /// The items. A tuple never changes once it is visible, so the slice stays valid while the tuple lives.
    #[inline(always)]
    pub fn as_slice(&self) -> &[Value] {
        // SAFETY: `Slot` is a transparent cell of `Value`; visible tuples are not written to.
        unsafe { std::slice::from_raw_parts(self.first() as *const Value, self.len) }
    }

    #[inline]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator + '_ {
        self.as_slice().iter().copied()
    }

    #[inline]
    fn allocate(heap: &mut Heap, shape: ShapeId, kind: Kind, len: usize) -> Result<Gc<Tuple>, OutOfMemory> {
        let size = len.checked_mul(8).filter(|&n| n < 1 << 46).map(|_| size_for(len)).ok_or(OutOfMemory)?;
        let object = heap.allocate(size, shape.raw(), kind as u8)?.cast::<Tuple>();
        // SAFETY: fresh zeroed memory of the right size.
        unsafe {
            (&raw mut (*object.as_ptr()).len).write(len);
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }

    /// A tuple of these items.
    pub fn new(heap: &mut Heap, items: &[Value]) -> Result<Gc<Tuple>, OutOfMemory> {
        if items.is_empty() {
            return Ok(heap.vm().empty_tuple());
        }
        let shape = heap.shapes().tuple;
        Tuple::filled(heap, shape, Tuple::KIND, items)
    }

    /// An instance of a Python subclass whose instances are of kind `SubTuple`.
    pub fn of_subclass(heap: &mut Heap, shape: ShapeId, items: &[Value]) -> Result<Gc<Tuple>, OutOfMemory> {
        debug_assert_eq!(shape.get().kind_byte(), Kind::SubTuple as u8);
        Tuple::filled(heap, shape, Kind::SubTuple, items)
    }

    fn filled(heap: &mut Heap, shape: ShapeId, kind: Kind, items: &[Value]) -> Result<Gc<Tuple>, OutOfMemory> {
        let tuple = Tuple::allocate(heap, shape, kind, items.len())?;
        // SAFETY: a young object: no barrier is needed.
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), tuple.first() as *mut Value, items.len()) };
        Ok(tuple)
    }

    /// A tuple of so few items that the stores are written out.
    #[inline(always)]
    pub fn of<const N: usize>(heap: &mut Heap, items: [Value; N]) -> Gc<Tuple> {
        const { assert!(N > 0 && N <= 8) };
        let shape = heap.shapes().tuple;
        let tuple = Tuple::allocate(heap, shape, Tuple::KIND, N).expect("a few words");
        // SAFETY: a young object of `N` items: no barrier is needed.
        unsafe { (tuple.first() as *mut [Value; N]).write(items) };
        tuple
    }

    /// A tuple of `len` items given by `item`, which cannot allocate.
    pub fn from_fn(
        heap: &mut Heap,
        len: usize,
        mut item: impl FnMut(usize) -> Value,
    ) -> Result<Gc<Tuple>, OutOfMemory> {
        let shape = heap.shapes().tuple;
        if len == 0 {
            return Ok(heap.vm().empty_tuple());
        }
        let tuple = Tuple::allocate(heap, shape, Tuple::KIND, len)?;
        for i in 0..len {
            // SAFETY: within the new tuple, which is young.
            unsafe { (*tuple.first().add(i)).init(item(i)) };
        }
        Ok(tuple)
    }

    /// The one empty tuple, made at start-up.
    pub(crate) fn bootstrap_empty(heap: &mut Heap) -> Gc<Tuple> {
        let shape = heap.shapes().tuple;
        Tuple::allocate(heap, shape, Tuple::KIND, 0).expect("an empty tuple at start-up")
    }
}

impl Heap {
    pub fn tuple_iter(&mut self, tuple: Gc<Tuple>) -> Gc<TupleIter> {
        let shape = self.shapes().tuple_iterator;
        self.new_object(TupleIter {
            header: Header::new(shape.raw(), TupleIter::KIND as u8),
            tuple: GcSlot::of(tuple),
            index: Cell::new(0),
        })
    }
}
