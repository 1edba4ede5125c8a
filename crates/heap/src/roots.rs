//! Threads and their native stacks.
//!
//! A thread that blocks parks: it records where its stack ends, after its callee-saved registers have been written there,
//! and takes its bump cursor out of use. A collection scans the stacks of all threads conservatively: any word that points
//! to or into an object keeps it alive.

use std::cell::Cell;

use crate::alloc::{Heap, Run};
use crate::header::KindTable;
use crate::os;
use crate::region::region_base;
use crate::shared::State;

/// Room that is kept for the words of native stacks: a deep recursion's goes.
const KEEP_WORDS: usize = 8 << 10;

/// What other threads may see of a thread.
pub(crate) struct ThreadRecord {
    stack_base: usize,
    /// 0 while the thread runs.
    parked_at: Cell<usize>,
    /// Where a parked thread was allocating; emptied by collections.
    suspended: Cell<(usize, Run)>,
}

impl ThreadRecord {
    pub fn new(stack_base: usize) -> ThreadRecord {
        ThreadRecord { stack_base, parked_at: Cell::new(0), suspended: Cell::default() }
    }
}

impl Heap {
    /// Runs `blocking` with this thread parked: `blocking` gives the turn away, waits for something, and takes the turn
    /// again. It must not touch the heap while it does not have the turn.
    pub fn park<R>(&mut self, blocking: impl FnOnce() -> R) -> R {
        let suspended = self.suspend_run();
        let record = self.record;
        /// Ends the parking, also when `blocking` panics.
        struct Parked<'a>(&'a ThreadRecord);
        impl Drop for Parked<'_> {
            fn drop(&mut self) {
                self.0.parked_at.set(0);
            }
        }
        let result = os::with_spilled_registers(|stack_pointer| {
            // SAFETY: the record lives until `self` is dropped.
            let record = unsafe { record.as_ref() };
            record.suspended.set(suspended);
            record.parked_at.set(stack_pointer);
            let _parked = Parked(record);
            blocking()
        });
        // SAFETY: as above.
        let suspended = unsafe { record.as_ref() }.suspended.take();
        self.resume_run(suspended);
        self.adopt_checks();
        result
    }
}

impl Heap {
    /// In the child of a fork: the other threads do not exist here.
    pub fn forget_other_threads(&mut self) {
        let own: *const ThreadRecord = self.record.as_ptr();
        self.state().threads.retain(|&thread| thread == own);
    }
}

impl State {
    /// Puts parked threads' allocation runs out of use, before the lines they lie in are swept.
    pub fn retire_parked_runs(&self) {
        for &thread in &self.threads {
            // SAFETY: records are registered while their threads live; parked threads do not touch them.
            unsafe { (*thread).suspended.take() };
        }
    }

    /// The objects that native stacks may refer to: of the collecting thread, whose stack starts at `stack_pointer`, and of
    /// the parked ones.
    pub fn conservative_roots(
        &mut self,
        kinds: &'static KindTable,
        own: *const ThreadRecord,
        stack_pointer: usize,
    ) -> Vec<usize> {
        let mut addresses = std::mem::take(&mut self.stack_words);
        let mut roots = Vec::new();
        for i in 0..self.threads.len() {
            let thread = self.threads[i];
            // SAFETY: as in `retire_parked_runs`.
            let (parked_at, stack_base) = unsafe { ((*thread).parked_at.get(), (*thread).stack_base) };
            let start = if thread == own { stack_pointer } else { parked_at };
            assert!(start != 0, "a thread has given its turn away without parking");
            self.scan_stack(start, stack_base, &mut addresses);
        }
        for _ in 0..self.config.checks.fake_roots {
            addresses.push(self.random_address());
        }
        self.resolve(kinds, &mut addresses, &mut roots);
        addresses.clear();
        addresses.shrink_to(KEEP_WORDS);
        self.stack_words = addresses;
        roots
    }

    /// Adds the words of a stack that could be addresses of this heap.
    fn scan_stack(&self, start: usize, end: usize, addresses: &mut Vec<usize>) {
        let base = self.blocks.region.base;
        let mut slot = start & !7;
        while slot < end {
            // SAFETY: the slot lies in the used part of a thread's stack. Volatile: the words belong to other frames.
            let word = unsafe { std::ptr::read_volatile(slot as *const usize) };
            if region_base(word) == base {
                addresses.push(word);
            }
            slot += 8;
        }
    }

    fn random_address(&mut self) -> usize {
        let used = self.blocks.infos.len() * crate::region::BLOCK;
        self.blocks.region.blocks_start() + (self.next_random() % used.max(1) as u64) as usize
    }
}
