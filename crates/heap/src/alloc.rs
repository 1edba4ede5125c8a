//! A thread's view of the heap and its bump allocator.
//!
//! Fast path: add, compare, store the header word. Slow path: the next hole of the current block, the next block with
//! holes, a collection when the nursery is used up, an empty block. Objects above a line run that do not fit the current
//! hole go to a separate overflow block, so that one of them does not waste many small holes.

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::block::Blocks;
use crate::config::Checks;
use crate::header::{Header, Word, round_to_granule};
use crate::region::{LARGE_OBJECT, LINE, LINES_PER_BLOCK};
use crate::roots::ThreadRecord;
use crate::safepoint::Safepoint;
use crate::shared::{OutOfMemory, SharedHeap, State};
use crate::stats::{CollectionStats, HeapStats};

/// Objects up to this size search hole after hole; larger ones go to the overflow block when the current hole is too small.
const SMALL_OBJECT: usize = 4 * LINE;

/// So many holes are tried for an object larger than a line before it goes to the overflow block. Without a bound, a heap
/// whose holes are all too small would be searched and collected for ever.
const HOLES_TRIED: usize = 4;

/// So many half-free blocks are tried for an object before it gets an empty one; the bound is as needed as above.
const ROOMY_BLOCKS_TRIED: usize = 2;

/// Through which one thread allocates. The first fields are known to generated code.
#[repr(C)]
pub struct Heap {
    /// Next free byte of the current hole.
    cursor: usize,
    /// End of the current hole as the fast path sees it: 0 while a checking mode wants to see every allocation.
    limit: usize,
    drop_kinds: [u8; 32],
    run: Run,
    pub(crate) shared: Arc<SharedHeap>,
    pub(crate) record: NonNull<ThreadRecord>,
    every_allocation_is_slow: bool,
}

/// Where a thread allocates next, apart from the cursor.
#[derive(Clone, Copy, Default)]
pub(crate) struct Run {
    /// The true end of the current hole.
    hole_end: usize,
    /// What is left of the block being filled.
    rest: Rest,
    /// The same for objects that small holes are not searched for.
    overflow_cursor: usize,
    overflow_end: usize,
    overflow_rest: Rest,
}

/// A block and its lines that have not been searched for holes yet.
#[derive(Clone, Copy, Default)]
struct Rest {
    block: Option<u32>,
    next_line: usize,
}

impl Rest {
    fn all_of(block: u32) -> Rest {
        Rest { block: Some(block), next_line: 0 }
    }

    /// Start and end of the next hole. Behind the last one there is no block any more.
    fn take_hole(&mut self, blocks: &mut Blocks) -> Option<(usize, usize)> {
        let block = self.block?;
        if self.next_line < LINES_PER_BLOCK
            && let Some((start, end)) = blocks.take_hole(block, self.next_line)
        {
            self.next_line = (end - blocks.address(block)) / LINE;
            return Some((start, end));
        }
        self.block = None;
        None
    }
}

impl Heap {
    /// Byte offset of the bump cursor in `Heap`, for generated code.
    pub const CURSOR_OFFSET: usize = std::mem::offset_of!(Heap, cursor);
    /// Byte offset of the bump limit in `Heap`, for generated code.
    pub const LIMIT_OFFSET: usize = std::mem::offset_of!(Heap, limit);

    /// Registers the calling thread, whose native stack ends at `stack_base`
    /// ([`current_stack_base`](crate::current_stack_base)). The caller has the turn. Dropping the result, with the turn,
    /// unregisters the thread.
    pub fn attach(shared: &Arc<SharedHeap>, stack_base: usize) -> Heap {
        let record = NonNull::from(Box::leak(Box::new(ThreadRecord::new(stack_base))));
        // SAFETY: the caller has the turn.
        let state = unsafe { shared.state() };
        state.threads.push(record.as_ptr());
        let mut heap = Heap {
            cursor: 0,
            limit: 0,
            drop_kinds: shared.drop_kinds,
            run: Run::default(),
            shared: shared.clone(),
            record,
            every_allocation_is_slow: false,
        };
        heap.every_allocation_is_slow = state.config.checks.collect_every != 0;
        heap
    }

    /// A new object: its header is set, the rest is zero. `size` is in bytes with header; `shape` is not 0. May collect.
    ///
    /// For sizes up to [`LARGE_OBJECT`]; what may be larger goes through [`allocate_large`](Self::allocate_large).
    #[inline(always)]
    pub fn allocate(&mut self, size: usize, shape: u32, kind: u8) -> NonNull<Header> {
        let size = round_to_granule(size);
        let object = self.cursor;
        let end = object + size;
        if end > self.limit || self.has_drop(kind) {
            return self.allocate_slow(size, shape, kind);
        }
        self.cursor = end;
        initialise(object, shape, kind)
    }

    /// As [`allocate`](Self::allocate), for any size. Fails when the memory limit would be exceeded even after a full
    /// collection.
    pub fn allocate_large(&mut self, size: usize, shape: u32, kind: u8) -> Result<NonNull<Header>, OutOfMemory> {
        if size <= LARGE_OBJECT {
            return Ok(self.allocate(size, shape, kind));
        }
        if size > self.limit_bytes() {
            return Err(OutOfMemory);
        }
        let size = round_to_granule(size);
        if self.every_allocation_is_slow {
            self.stress_collect();
        }
        self.collect_if_due(size);
        if self.state().bytes_in_use() + size > self.limit_bytes() {
            self.collect_full();
            if self.state().bytes_in_use() + size > self.limit_bytes() {
                return Err(OutOfMemory);
            }
        }
        let mut address = self.take_large(size);
        if address.is_none() {
            self.collect_full();
            address = self.take_large(size);
        }
        Ok(self.finish(address.ok_or(OutOfMemory)?, shape, kind))
    }

    fn take_large(&mut self, size: usize) -> Option<usize> {
        let state = self.state();
        let address = state.large.allocate(&mut state.blocks.region, size)?;
        state.stats.large_objects += 1;
        Some(address)
    }

    #[inline(always)]
    fn has_drop(&self, kind: u8) -> bool {
        self.drop_kinds[kind as usize / 8] >> (kind % 8) & 1 != 0
    }

    #[cold]
    #[inline(never)]
    fn allocate_slow(&mut self, size: usize, shape: u32, kind: u8) -> NonNull<Header> {
        debug_assert!(shape != 0, "shape 0 marks unused memory");
        if size > LARGE_OBJECT {
            return self.allocate_large(size, shape, kind).unwrap_or_else(|_| no_memory());
        }
        if self.every_allocation_is_slow {
            self.stress_collect();
        }
        if self.has_drop(kind) {
            self.collect_if_external_due();
        }
        let address = self.find_space(size);
        self.finish(address, shape, kind)
    }

    fn finish(&mut self, address: usize, shape: u32, kind: u8) -> NonNull<Header> {
        let object = initialise(address, shape, kind);
        if self.has_drop(kind) {
            self.state().young_drops.push(object.as_ptr());
        }
        object
    }

    /// Space for an object that is not large.
    fn find_space(&mut self, size: usize) -> usize {
        let mut holes_tried = 0;
        loop {
            if self.cursor + size <= self.run.hole_end {
                let address = self.cursor;
                self.cursor += size;
                return address;
            }
            if size > SMALL_OBJECT || (size > LINE && holes_tried == HOLES_TRIED) {
                return self.find_overflow_space(size);
            }
            if self.next_hole() {
                holes_tried += 1;
                continue;
            }
            self.collect_if_due(0);
            let blocks = &mut self.state().blocks;
            let Some(block) = blocks.take_next() else { no_memory() };
            self.run.rest = Rest::all_of(block);
        }
    }

    /// Moves to the next hole of the current block.
    fn next_hole(&mut self) -> bool {
        let mut rest = self.run.rest;
        let hole = rest.take_hole(&mut self.state().blocks);
        self.run.rest = rest;
        if let Some((start, end)) = hole {
            self.cursor = start;
            self.run.hole_end = end;
            self.show_limit();
        }
        hole.is_some()
    }

    /// Space in a block that is empty or at least half so.
    fn find_overflow_space(&mut self, size: usize) -> usize {
        let mut blocks_tried = 0;
        loop {
            if self.run.overflow_cursor + size <= self.run.overflow_end {
                let address = self.run.overflow_cursor;
                self.run.overflow_cursor += size;
                return address;
            }
            if self.next_overflow_hole() {
                continue;
            }
            self.collect_if_due(0);
            let blocks = &mut self.state().blocks;
            let roomy = if blocks_tried < ROOMY_BLOCKS_TRIED { blocks.take_roomy() } else { None };
            blocks_tried += 1;
            let Some(block) = roomy.or_else(|| blocks.take_empty()) else { no_memory() };
            self.run.overflow_rest = Rest::all_of(block);
        }
    }

    /// Moves to the next hole of the overflow block.
    fn next_overflow_hole(&mut self) -> bool {
        let mut rest = self.run.overflow_rest;
        let hole = rest.take_hole(&mut self.state().blocks);
        self.run.overflow_rest = rest;
        if let Some((start, end)) = hole {
            (self.run.overflow_cursor, self.run.overflow_end) = (start, end);
        }
        hole.is_some()
    }

    fn show_limit(&mut self) {
        self.limit = if self.every_allocation_is_slow { 0 } else { self.run.hole_end };
    }

    /// Stops filling the current holes and answers where they were.
    pub(crate) fn suspend_run(&mut self) -> (usize, Run) {
        let suspended = (self.cursor, self.run);
        self.cursor = 0;
        self.run = Run::default();
        self.show_limit();
        suspended
    }

    pub(crate) fn resume_run(&mut self, (cursor, run): (usize, Run)) {
        self.cursor = cursor;
        self.run = run;
        self.show_limit();
    }

    /// Remembers that `value` has been or is about to be stored into `slot` of `object`. Does not store. The same as
    /// [`barrier`](crate::barrier()), for callers that have the heap at hand.
    ///
    /// # Safety
    /// As for [`barrier`](crate::barrier()).
    #[inline(always)]
    pub unsafe fn write_barrier(&mut self, object: *const Header, slot: *const Cell<Word>, value: Word) {
        // SAFETY: passed on to the caller.
        unsafe { crate::barrier::barrier(object, slot, value) };
    }

    pub fn shared(&self) -> &Arc<SharedHeap> {
        &self.shared
    }

    /// The word that running code polls.
    #[inline(always)]
    pub fn safepoint(&self) -> &Safepoint {
        self.shared.safepoint()
    }

    /// Bytes in use: old objects, and everything allocated since the last collection.
    pub fn bytes_in_use(&self) -> usize {
        self.state_ref().bytes_in_use()
    }

    /// Bytes allocated since the heap was made.
    pub fn bytes_allocated(&self) -> u64 {
        let state = self.state_ref();
        state.stats.allocated_bytes + state.fresh_bytes() as u64
    }

    pub fn stats(&self) -> HeapStats {
        self.state_ref().stats
    }

    pub fn last_collection(&self) -> CollectionStats {
        self.state_ref().last_collection
    }

    /// The memory limit in bytes.
    pub fn limit_bytes(&self) -> usize {
        self.state_ref().config.limit
    }

    pub fn set_limit_bytes(&mut self, limit: usize) {
        self.state().config.limit = limit;
    }

    pub fn checks(&self) -> Checks {
        self.state_ref().config.checks.clone()
    }

    /// Changes the checking modes. `collect_every` takes effect in other threads when they are next unparked.
    pub fn set_checks(&mut self, checks: Checks) {
        self.state().set_checks(checks);
        self.adopt_checks();
    }

    pub(crate) fn adopt_checks(&mut self) {
        self.every_allocation_is_slow = self.state().config.checks.collect_every != 0;
        self.show_limit();
    }

    #[inline(always)]
    pub(crate) fn state(&mut self) -> &mut State {
        // SAFETY: a thread that uses its `Heap` has the turn, and `&mut self` keeps a second reference away.
        unsafe { self.shared.state() }
    }

    fn state_ref(&self) -> &State {
        // SAFETY: as above; the reference is used for reading only.
        unsafe { self.shared.state() }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        let record: *const ThreadRecord = self.record.as_ptr();
        self.state().threads.retain(|&thread| thread != record);
        // SAFETY: made from a box in `attach`; the list above held the only other pointer to it.
        drop(unsafe { Box::from_raw(self.record.as_ptr()) });
    }
}

#[inline(always)]
fn initialise(address: usize, shape: u32, kind: u8) -> NonNull<Header> {
    let object = address as *mut u64;
    // SAFETY: the allocator gave these bytes to this object alone; the address is aligned and not null.
    unsafe {
        object.write(Header::initial_word(shape, kind));
        NonNull::new_unchecked(object.cast())
    }
}

/// The system refuses memory for a small object: nothing sensible can run any more.
#[cold]
fn no_memory() -> ! {
    eprintln!("coachwhip: the system has no more memory for the heap");
    std::process::abort()
}
