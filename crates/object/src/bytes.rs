//! `bytes` (inline, immutable) and `bytearray` (a Rust buffer with an export count).

use crate::cx::Heap;
use crate::gc::{Gc, Opaque, heap_object};
use crate::hash::hash_bytes;
use crate::shape::ShapeId;
use heap::{Header, OutOfMemory, Tracer};
use std::cell::Cell;

heap_object! {
    /// Immutable bytes, inline.
    pub struct Bytes: Bytes {
        hash: Cell<i64>,
        len: usize,
    }
}

heap_object! {
    /// Mutable bytes. While `exports` is not zero (memoryviews, buffers) the length must not change.
    pub struct ByteArray: ByteArray {
        pub data: Opaque<Vec<u8>>,
        pub exports: Cell<usize>,
    }
}

pub(crate) unsafe fn size_bytes(header: *const Header) -> usize {
    // SAFETY: the kind byte says that these are bytes.
    let len = unsafe { (*(header as *const Bytes)).len };
    (size_of::<Bytes>() + len).next_multiple_of(16)
}

pub(crate) unsafe fn scan_bytes(_: *const Header, _: &mut Tracer) {}

pub(crate) unsafe fn drop_bytearray(header: *mut Header) {
    // SAFETY: the collector calls this once, on a dead bytearray.
    unsafe { std::ptr::drop_in_place(&raw mut (*(header as *mut ByteArray)).data) }
}

impl Bytes {
    pub fn new(heap: &mut Heap, data: &[u8]) -> Result<Gc<Bytes>, OutOfMemory> {
        if data.is_empty()
            && let Some(empty) = heap.vm().empty_bytes()
        {
            return Ok(empty);
        }
        let bytes = Bytes::allocate(heap, data.len())?;
        // SAFETY: the new object has room for so many bytes behind its fixed part.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), bytes.as_ptr().add(1) as *mut u8, data.len()) };
        Ok(bytes)
    }

    /// The bytes of `a`, then those of `b`.
    pub fn concat(heap: &mut Heap, a: &[u8], b: &[u8]) -> Result<Gc<Bytes>, OutOfMemory> {
        let len = a.len() + b.len();
        if len == 0 {
            return Bytes::new(heap, &[]);
        }
        let bytes = Bytes::allocate(heap, len)?;
        // SAFETY: the new object has room for so many bytes behind its fixed part.
        unsafe {
            let data = bytes.as_ptr().add(1) as *mut u8;
            std::ptr::copy_nonoverlapping(a.as_ptr(), data, a.len());
            std::ptr::copy_nonoverlapping(b.as_ptr(), data.add(a.len()), b.len());
        }
        Ok(bytes)
    }

    /// `len` bytes, zero at first, that `fill` writes in place.
    pub fn build(heap: &mut Heap, len: usize, fill: impl FnOnce(&mut [u8])) -> Result<Gc<Bytes>, OutOfMemory> {
        if len == 0 {
            return Bytes::new(heap, &[]);
        }
        let bytes = Bytes::allocate(heap, len)?;
        // SAFETY: the new object has room for so many bytes behind its fixed part, zeroed, and nobody knows it yet.
        fill(unsafe { std::slice::from_raw_parts_mut(bytes.as_ptr().add(1) as *mut u8, len) });
        Ok(bytes)
    }

    /// Zeroed bytes, for the constructors.
    fn allocate(heap: &mut Heap, len: usize) -> Result<Gc<Bytes>, OutOfMemory> {
        let size = (size_of::<Bytes>() + len).next_multiple_of(16);
        let shape = heap.shapes().bytes;
        let object = heap.allocate(size, shape.raw(), Bytes::KIND as u8)?.cast::<Bytes>();
        // SAFETY: fresh memory with room for the fixed part and the data.
        unsafe {
            (&raw mut (*object.as_ptr()).len).write(len);
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: the constructor wrote `len` bytes behind the fixed part; they never change.
        unsafe { std::slice::from_raw_parts((self as *const Bytes).add(1) as *const u8, self.len) }
    }

    pub fn hash(&self) -> i64 {
        match self.hash.get() {
            0 => {
                let h = hash_bytes(self.as_slice());
                self.hash.set(h);
                h
            }
            h => h,
        }
    }
}

impl ByteArray {
    pub fn new(heap: &mut Heap, shape: ShapeId, data: Vec<u8>) -> Gc<ByteArray> {
        let header = Header::new(shape.raw(), ByteArray::KIND as u8);
        heap.new_object(ByteArray { header, data: Opaque::new(data), exports: Cell::new(0) })
    }
}
