//! `set` and `frozenset`: an open-addressed table of (hash, key), probed as CPython does, so that sets of numbers
//! iterate in CPython's order. Not ordered by insertion.

use crate::cx::Heap;
use crate::dict::fast_eq;
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::shape::ShapeId;
use crate::value::Value;
use heap::{Header, OutOfMemory, Tracer};
use std::cell::Cell;

heap_object! {
    pub struct Set: Set {
        used: Cell<usize>,
        storage: GcSlot<SetStorage>,
        /// A frozenset's hash, once computed (0 = not yet).
        pub hash: Cell<i64>,
    }
}

heap_object! {
    /// `mask + 1` entries inline, then a bit for each, set for the live ones; `fill` counts live and deleted ones.
    pub struct SetStorage: SetStorage {
        mask: usize,
        fill: Cell<usize>,
        /// Where [`Gc<Set>::pop`] goes on looking.
        finger: Cell<usize>,
    }
}

#[repr(C)]
struct Entry {
    key: Slot,
    hash: Cell<i64>,
}

const MIN_SIZE: usize = 8;
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

pub(crate) unsafe fn size_storage(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a set's storage.
    storage_size(unsafe { (*(header as *const SetStorage)).mask })
}

fn storage_size(mask: usize) -> usize {
    (size_of::<SetStorage>() + (mask + 1) * size_of::<Entry>() + (mask / 64 + 1) * 8).next_multiple_of(16)
}

pub(crate) unsafe fn scan_storage(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above.
    let storage = unsafe { &*(header as *const SetStorage) };
    let mut next = storage.next_live(0);
    while let Some(i) = next {
        tracer.word(storage.entry(i).key.get().word());
        next = storage.next_live(i + 1);
    }
}

impl SetStorage {
    fn new(heap: &mut Heap, size: usize) -> Result<Gc<SetStorage>, OutOfMemory> {
        let shape = heap.shapes().internal;
        let object = heap.allocate(storage_size(size - 1), shape.raw(), SetStorage::KIND as u8)?.cast::<SetStorage>();
        // SAFETY: fresh zeroed memory of the right size.
        unsafe {
            (&raw mut (*object.as_ptr()).mask).write(size - 1);
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }

    #[inline(always)]
    fn entry(&self, i: usize) -> &Entry {
        debug_assert!(i <= self.mask);
        // SAFETY: entries follow the fixed part; callers mask the index.
        unsafe { &*((self as *const SetStorage).add(1) as *const Entry).add(i) }
    }

    /// The bits of entries `64 * i` to `64 * i + 63`.
    #[inline(always)]
    fn live(&self, i: usize) -> &Cell<u64> {
        debug_assert!(i <= self.mask / 64);
        // SAFETY: the words follow the entries; callers pass indices of entries, divided.
        unsafe { &*((self as *const SetStorage).add(1) as *const Entry).add(self.mask + 1).cast::<Cell<u64>>().add(i) }
    }

    /// The first live entry from `i` on.
    #[inline(always)]
    fn next_live(&self, i: usize) -> Option<usize> {
        if i > self.mask {
            return None;
        }
        let mut word = i / 64;
        let mut bits = self.live(word).get() & u64::MAX << (i % 64);
        while bits == 0 {
            word += 1;
            if word > self.mask / 64 {
                return None;
            }
            bits = self.live(word).get();
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    /// Store a key into entry `i`, which has none.
    #[inline(always)]
    fn fill_entry(&self, owner: Gc<SetStorage>, i: usize, key: Value, hash: i64) {
        let entry = self.entry(i);
        entry.hash.set(hash);
        entry.key.set(owner, key);
        let live = self.live(i / 64);
        live.set(live.get() | 1 << (i % 64));
    }

    /// As [`SetStorage::fill_entry`], for a table that has been allocated just now: a young object needs no barrier.
    #[inline(always)]
    fn fill_young_entry(&self, i: usize, key: Value, hash: i64) {
        let entry = self.entry(i);
        entry.hash.set(hash);
        entry.key.init(key);
        let live = self.live(i / 64);
        live.set(live.get() | 1 << (i % 64));
    }

    /// Put a key that is not there into a table that has been allocated just now.
    #[inline(always)]
    fn insert_clean(&self, key: Value, hash: i64) {
        let mut walk = Walk::new(hash, self.mask);
        while self.entry(walk.slot).key.get().is_bound() {
            walk.advance();
        }
        self.fill_young_entry(walk.slot, key, hash);
    }
}

/// CPython's probe sequence: runs of up to ten neighbours, then a perturbed jump.
struct Walk {
    slot: usize,
    start: usize,
    run: usize,
    perturb: u64,
    mask: usize,
}

impl Walk {
    #[inline(always)]
    fn new(hash: i64, mask: usize) -> Walk {
        let start = hash as usize & mask;
        Walk { slot: start, start, run: run_length(start, mask), perturb: hash as u64, mask }
    }

    #[inline(always)]
    fn advance(&mut self) {
        if self.run > 0 {
            self.run -= 1;
            self.slot += 1;
            return;
        }
        self.perturb >>= PERTURB_SHIFT;
        self.start = (self.start.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize)) & self.mask;
        self.slot = self.start;
        self.run = run_length(self.start, self.mask);
    }
}

#[inline(always)]
fn run_length(start: usize, mask: usize) -> usize {
    if start + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 }
}

/// As [`crate::dict::Found`], for sets.
pub enum Found {
    At(usize),
    /// Absent; a new key belongs into this slot: the last on the way whose key was deleted, or the one that ends the way.
    Absent(usize),
    Ask {
        key: Value,
        index: usize,
        cursor: Cursor,
    },
}

/// Resumes a probe after a comparison that ran Python.
pub struct Cursor {
    storage: Gc<SetStorage>,
    walk: Walk,
    free: Option<usize>,
}

impl Cursor {
    pub fn is_valid(&self, set: Gc<Set>, index: usize, key: Value) -> bool {
        set.storage.get() == Some(self.storage) && self.storage.entry(index).key.get().is(key)
    }
}

impl Set {
    pub fn new(heap: &mut Heap) -> Gc<Set> {
        let shape = heap.shapes().set;
        Set::with_shape(heap, shape)
    }

    /// An empty set, frozenset or instance of a subclass.
    pub fn with_shape(heap: &mut Heap, shape: ShapeId) -> Gc<Set> {
        let header = Header::new(shape.raw(), Set::KIND as u8);
        heap.new_object(Set { header, used: Cell::new(0), storage: GcSlot::new(None), hash: Cell::new(0) })
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.used.get() == 0
    }

    /// Live and deleted entries of the table.
    pub fn fill(&self) -> usize {
        self.storage.get().map_or(0, |s| s.fill.get())
    }

    /// One less than the number of table slots (of the smallest table while there is none).
    pub fn mask(&self) -> usize {
        self.storage.get().map_or(MIN_SIZE - 1, |s| s.mask)
    }

    /// Number of table slots: the end of iteration.
    #[inline(always)]
    pub fn n_slots(&self) -> usize {
        self.storage.get().map_or(0, |s| s.mask + 1)
    }

    /// The live key in table slot `i`, with its hash.
    #[inline(always)]
    pub fn slot(&self, i: usize) -> Option<(Value, i64)> {
        let storage = self.storage.get()?;
        if i > storage.mask {
            return None;
        }
        let entry = storage.entry(i);
        let key = entry.key.get();
        if key.is_unbound() || key.is(Value::TOMBSTONE) { None } else { Some((key, entry.hash.get())) }
    }

    /// The next live key from table slot `i` on: (slot, key, hash).
    #[inline(always)]
    pub fn next_slot(&self, i: usize) -> Option<(usize, Value, i64)> {
        let storage = self.storage.get()?;
        let i = storage.next_live(i)?;
        let entry = storage.entry(i);
        Some((i, entry.key.get(), entry.hash.get()))
    }

    /// The keys now, in table order.
    pub fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        let mut i = 0;
        std::iter::from_fn(move || {
            let (slot, key, _) = self.next_slot(i)?;
            i = slot + 1;
            Some(key)
        })
    }

    /// Whether `key` is there, when its first table slot tells.
    #[inline(always)]
    pub fn contains_at_once(&self, key: Value, hash: i64) -> Option<bool> {
        let Some(storage) = self.storage.get() else { return Some(false) };
        let entry = storage.entry(hash as usize & storage.mask);
        let other = entry.key.get();
        if other.is(key) {
            return Some(true);
        }
        if other.is_unbound() { Some(false) } else { None }
    }

    /// The table slot of `key`, or the one that it belongs into, when no comparison needs Python; otherwise nothing is
    /// said, and [`Set::find`] starts over.
    #[inline]
    pub fn find_plain(&self, key: Value, hash: i64) -> Option<Result<usize, usize>> {
        let Some(storage) = self.storage.get() else { return Some(Err(0)) };
        let mut walk = Walk::new(hash, storage.mask);
        let mut free = None;
        loop {
            let entry = storage.entry(walk.slot);
            let other = entry.key.get();
            if other.is(key) {
                return Some(Ok(walk.slot));
            }
            if other.is_unbound() {
                return Some(Err(free.unwrap_or(walk.slot)));
            }
            if other.is(Value::TOMBSTONE) {
                free = Some(walk.slot);
            } else if entry.hash.get() == hash && fast_eq(other, key)? {
                return Some(Ok(walk.slot));
            }
            walk.advance();
        }
    }

    /// Whether `key` is there, when no comparison needs Python.
    #[inline(always)]
    pub fn contains_plain(&self, key: Value, hash: i64) -> Option<bool> {
        match self.contains_at_once(key, hash) {
            None => Some(self.find_plain(key, hash)?.is_ok()),
            known => known,
        }
    }

    /// Whether all keys are in `other` (or none is, when not `wanted`), when no comparison needs Python.
    #[inline]
    pub fn all_plainly(&self, other: &Set, wanted: bool) -> Option<bool> {
        let mut i = 0;
        while let Some((at, key, hash)) = self.next_slot(i) {
            i = at + 1;
            if other.contains_plain(key, hash)? != wanted {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Start a lookup.
    #[inline]
    pub fn find(&self, key: Value, hash: i64) -> Found {
        match self.storage.get() {
            None => Found::Absent(0),
            Some(storage) => self.walk(storage, key, hash, Walk::new(hash, storage.mask), None),
        }
    }

    /// Go on with a lookup after the comparison said "different".
    pub fn find_from(&self, cursor: Cursor, key: Value, hash: i64) -> Found {
        let mut walk = cursor.walk;
        walk.advance();
        self.walk(cursor.storage, key, hash, walk, cursor.free)
    }

    fn walk(&self, storage: Gc<SetStorage>, key: Value, hash: i64, mut walk: Walk, mut free: Option<usize>) -> Found {
        loop {
            let entry = storage.entry(walk.slot);
            let other = entry.key.get();
            if other.is_unbound() {
                return Found::Absent(free.unwrap_or(walk.slot));
            }
            if other.is(Value::TOMBSTONE) {
                free = Some(walk.slot);
            } else if entry.hash.get() == hash {
                match fast_eq(other, key) {
                    Some(true) => return Found::At(walk.slot),
                    Some(false) => {}
                    None => {
                        let index = walk.slot;
                        return Found::Ask { key: other, index, cursor: Cursor { storage, walk, free } };
                    }
                }
            }
            walk.advance();
        }
    }
}

impl Gc<Set> {
    /// Add a key that equals none that is there.
    #[inline]
    pub fn insert_new(self, heap: &mut Heap, key: Value, hash: i64) -> Result<(), OutOfMemory> {
        let Some(storage) = self.storage.get() else { return self.insert_at(heap, 0, key, hash) };
        let mut walk = Walk::new(hash, storage.mask);
        while storage.entry(walk.slot).key.get().is_bound() {
            walk.advance();
        }
        self.insert_at(heap, walk.slot, key, hash)
    }

    /// Put a key that a lookup has not found into the slot that it named.
    pub fn insert_at(self, heap: &mut Heap, slot: usize, key: Value, hash: i64) -> Result<(), OutOfMemory> {
        let Some(storage) = self.storage.get() else {
            let storage = SetStorage::new(heap, MIN_SIZE)?;
            self.storage.set(self, storage);
            storage.insert_clean(key, hash);
            storage.fill.set(1);
            self.used.set(1);
            return Ok(());
        };
        if storage.entry(slot).key.get().is_unbound() {
            storage.fill.set(storage.fill.get() + 1);
        }
        storage.fill_entry(storage, slot, key, hash);
        self.used.set(self.used.get() + 1);
        if storage.fill.get() * 5 >= storage.mask * 3 {
            let used = self.used.get();
            self.resize(heap, if used > 50000 { used * 2 } else { used * 4 })?;
        }
        Ok(())
    }

    /// A table of more than `min_used` slots without deleted entries.
    pub fn resize(self, heap: &mut Heap, min_used: usize) -> Result<(), OutOfMemory> {
        let mut size = MIN_SIZE;
        while size <= min_used {
            size *= 2;
        }
        let new = SetStorage::new(heap, size)?;
        if let Some(old) = self.storage.get() {
            let mut next = old.next_live(0);
            while let Some(i) = next {
                let entry = old.entry(i);
                new.insert_clean(entry.key.get(), entry.hash.get());
                next = old.next_live(i + 1);
            }
            new.finger.set(old.finger.get());
        }
        new.fill.set(self.used.get());
        self.storage.set(self, new);
        Ok(())
    }

    /// Take over the layout of `other` when this set is empty and its table has the same size and no deleted entries;
    /// false when that does not apply.
    pub fn copy_layout(self, heap: &mut Heap, other: Gc<Set>) -> Result<bool, OutOfMemory> {
        if self.fill() != 0 || self.mask() != other.mask() || other.fill() != other.len() {
            return Ok(false);
        }
        let new = SetStorage::new(heap, other.mask() + 1)?;
        let mut i = 0;
        while let Some((slot, key, hash)) = other.next_slot(i) {
            new.fill_young_entry(slot, key, hash);
            i = slot + 1;
        }
        new.fill.set(other.len());
        self.storage.set(self, new);
        self.used.set(other.len());
        Ok(true)
    }

    /// Delete the key in table slot `i`.
    pub fn remove_at(self, i: usize) -> Value {
        let storage = self.storage.expect();
        let entry = storage.entry(i);
        let key = entry.key.get();
        entry.key.init(Value::TOMBSTONE);
        let live = storage.live(i / 64);
        live.set(live.get() & !(1 << (i % 64)));
        self.used.set(self.used.get() - 1);
        key
    }

    /// Remove some key, as CPython picks it.
    pub fn pop(self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let storage = self.storage.expect();
        let mut i = storage.finger.get() & storage.mask;
        while self.slot(i).is_none() {
            i = (i + 1) & storage.mask;
        }
        storage.finger.set(i + 1);
        Some(self.remove_at(i))
    }

    pub fn clear(self) {
        self.used.set(0);
        self.storage.set_option(self, None);
    }

    /// Take over the table of `other` (a set just built).
    pub fn take_storage(self, other: Gc<Set>) {
        self.storage.set_option(self, other.storage.get());
        self.used.set(other.used.get());
        self.hash.set(0);
        other.storage.set_option(other, None);
        other.used.set(0);
    }
}
