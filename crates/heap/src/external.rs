//! Memory outside the heap that its objects own: buffers of arrays and streams, digits of numbers.
//!
//! The program that embeds the VM makes [`CountingAllocator`] its global allocator. The bytes that it has handed out hasten
//! collections (`collect.rs`): a dead array costs a few words of the heap, but keeps its buffer until it is found dead.
//! Without the allocator nothing is counted, and collections follow the heap alone.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Smaller pieces are not counted: their owners are about as large, and many are made in a short time.
const COUNTED: usize = 1 << 10;

/// Of the whole process, as is the allocator.
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// Bytes that are allocated in pieces of a kilobyte or more.
pub fn external_bytes() -> usize {
    BYTES.load(Ordering::Relaxed)
}

/// The system's allocator, with a count.
pub struct CountingAllocator;

impl CountingAllocator {
    #[inline(always)]
    fn add(pointer: *mut u8, size: usize) {
        if size >= COUNTED && !pointer.is_null() {
            BYTES.fetch_add(size, Ordering::Relaxed);
        }
    }

    #[inline(always)]
    fn subtract(size: usize) {
        if size >= COUNTED {
            BYTES.fetch_sub(size, Ordering::Relaxed);
        }
    }
}

// SAFETY: everything is passed on to the system's allocator as it comes.
unsafe impl GlobalAlloc for CountingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the trait's contract.
        let pointer = unsafe { System.alloc(layout) };
        CountingAllocator::add(pointer, layout.size());
        pointer
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        let pointer = unsafe { System.alloc_zeroed(layout) };
        CountingAllocator::add(pointer, layout.size());
        pointer
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) };
        CountingAllocator::subtract(layout.size());
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let new = unsafe { System.realloc(pointer, layout, size) };
        if !new.is_null() {
            CountingAllocator::add(new, size);
            CountingAllocator::subtract(layout.size());
        }
        new
    }
}
