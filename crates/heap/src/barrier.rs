//! The write barrier and the remembered set: old objects, or single slots of big ones, that may point to young objects.

use std::cell::Cell;

use crate::header::{GC_QUIET, Header, Word, is_pointer};
use crate::region::{RegionHeader, region_base, same_region};

/// Objects with more words than this have the slot remembered instead of the whole object.
const BIG_OBJECT_BYTES: usize = 16 + 16 * 8;
/// With so many slots remembered, whole objects are remembered from then on: bounds the set in loops that store without
/// allocating.
const MAX_SLOTS: usize = 32 << 10;

/// What a minor collection must look at beside the roots.
#[derive(Default)]
pub struct RememberedSet {
    /// Their `gc` is quiet until the next collection.
    pub objects: Vec<*const Header>,
    pub slots: Vec<*const Cell<Word>>,
}

impl RememberedSet {
    pub fn len(&self) -> usize {
        self.objects.len() + self.slots.len()
    }

    pub fn clear(&mut self) {
        self.objects.clear();
        self.slots.clear();
    }
}

/// To be called with every store of `value` into `slot` of `object`, before or after the store itself. Needs no context:
/// the heap is found from the object's address.
///
/// `slot` lies in `object`, or is null when the caller does not know it.
///
/// # Safety
/// `object` is a live object, and `value` a word that may be stored in it. The thread has the turn.
#[inline(always)]
pub unsafe fn barrier(object: *const Header, slot: *const Cell<Word>, value: Word) {
    // SAFETY: the caller vouches for the object.
    unsafe {
        // Most of what is stored in old objects is immediate or old: told apart here, without a call.
        if (*object).needs_barrier() && is_pointer(value) && (*(value as *const Header)).gc() == GC_QUIET {
            std::hint::cold_path();
            barrier_slow(object, slot, value);
        }
    }
}

/// Put a whole object into the remembered set, whatever was stored in it: for objects that were written to without
/// barriers (the frame inside a generator that ran).
///
/// # Safety
/// `object` is a live object. The thread has the turn.
#[inline(always)]
pub unsafe fn remember(object: *const Header) {
    // SAFETY: the caller vouches for the object.
    unsafe {
        if (*object).needs_barrier() {
            std::hint::cold_path();
            remember_slow(object);
        }
    }
}

/// # Safety
/// As [`remember`].
#[cold]
#[inline(never)]
unsafe fn remember_slow(object: *const Header) {
    // SAFETY: a live object lies in a region, whose header leads to its heap.
    unsafe {
        let shared = &*(*(region_base(object as usize) as *const RegionHeader)).owner;
        (*object).set_gc(GC_QUIET);
        shared.state().remembered.objects.push(object);
    }
}

/// # Safety
/// As [`barrier`].
#[cold]
#[inline(never)]
pub(crate) unsafe fn barrier_slow(object: *const Header, slot: *const Cell<Word>, value: Word) {
    let target = value as *const Header;
    if !is_pointer(value) || !same_region(value as usize, object as usize) {
        return;
    }
    // SAFETY: a pointer word leads to an object; the object lies in a region, whose header leads to its heap.
    unsafe {
        if (*target).gc() != GC_QUIET {
            return;
        }
        let shared = &*(*(region_base(object as usize) as *const RegionHeader)).owner;
        let remembered = &mut shared.state().remembered;
        let info = &shared.kinds[(*object).kind() as usize];
        if !slot.is_null() && remembered.slots.len() < MAX_SLOTS && info.size_of(object) > BIG_OBJECT_BYTES {
            remembered.slots.push(slot);
        } else {
            (*object).set_gc(GC_QUIET);
            remembered.objects.push(object);
        }
    }
}
