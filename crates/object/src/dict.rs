//! `dict`: compact and ordered; and the cells of module dictionaries.
//!
//! A dict is a count and a storage object of immutable capacity: an append-only run of entries (hash, key, value) and an
//! open-addressed index table of 1, 2 or 4 bytes a slot, probed as CPython does. Deleting leaves a tombstone; compaction
//! makes new storage. Keys are compared here only where that cannot run Python ([`fast_eq`]); the general lookup is
//! `runtime::dict`'s, which drives [`Probe`].
//!
//! A *cell dict* (module globals, builtins) keeps each value in a [`GlobalCell`], so that code can hold on to one name's
//! cell. An unbound cell is an absent name that somebody already watches.

use crate::class::traits;
use crate::cx::Heap;
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::int::BigInt;
use crate::kind::Kind;
use crate::shape::ShapeId;
use crate::string::Str;
use crate::tuple::Tuple;
use crate::value::Value;
use heap::{Header, OutOfMemory, Tracer, flags};
use std::cell::Cell;

heap_object! {
    /// Flag `KIND_A` of the header: this is a cell dict.
    pub struct Dict: Dict {
        used: Cell<usize>,
        storage: GcSlot<DictStorage>,
    }
}

heap_object! {
    /// Entries, then the index table.
    pub struct DictStorage: DictStorage {
        capacity: u32,
        n_entries: Cell<u32>,
        /// No live entry is below this one.
        first: Cell<u32>,
        /// No live entry is at or above this one.
        end: Cell<u32>,
        log2_index: u8,
        /// All keys ever added are exact strings: lookups with a string key cannot run Python.
        str_keys: Cell<bool>,
    }
}

heap_object! {
    /// The value of one global name.
    pub struct GlobalCell: GlobalCell {
        pub value: Slot,
        /// The dict that this cell belongs to.
        pub owner: GcSlot<Dict>,
        /// For a name absent from a module's globals: the cell of the builtins' dict.
        pub fallback: GcSlot<GlobalCell>,
        /// How often the value changed after the first store; constant = 0.
        pub changes: Cell<u64>,
    }
}

#[repr(C)]
struct Entry {
    hash: Cell<i64>,
    key: Slot,
    value: Slot,
}

const EMPTY: i64 = -1;
const DUMMY: i64 = -2;
const FIXED: usize = size_of::<DictStorage>().next_multiple_of(8);

fn index_width(log2_index: u8) -> usize {
    match log2_index {
        0..=7 => 1,
        8..=15 => 2,
        _ => 4,
    }
}

fn usable(log2_index: u8) -> usize {
    (1usize << log2_index) * 2 / 3
}

fn storage_size(log2_index: u8) -> usize {
    (FIXED + usable(log2_index) * size_of::<Entry>() + (index_width(log2_index) << log2_index)).next_multiple_of(16)
}

pub(crate) unsafe fn size_storage(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a dict's storage.
    storage_size(unsafe { (*(header as *const DictStorage)).log2_index })
}

pub(crate) unsafe fn scan_storage(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above.
    let storage = unsafe { &*(header as *const DictStorage) };
    for i in 0..storage.n_entries.get() as usize {
        let entry = storage.entry(i);
        tracer.word(entry.key.get().word());
        tracer.word(entry.value.get().word());
    }
}

impl DictStorage {
    fn new(heap: &mut Heap, log2_index: u8) -> Result<Gc<DictStorage>, OutOfMemory> {
        if log2_index > 31 {
            return Err(OutOfMemory);
        }
        let shape = heap.shapes().internal;
        let object =
            heap.allocate(storage_size(log2_index), shape.raw(), DictStorage::KIND as u8)?.cast::<DictStorage>();
        // SAFETY: fresh zeroed memory of the right size; the index bytes are set to "empty" (all ones).
        unsafe {
            (&raw mut (*object.as_ptr()).capacity).write(usable(log2_index) as u32);
            (&raw mut (*object.as_ptr()).log2_index).write(log2_index);
            (&raw mut (*object.as_ptr()).str_keys).write(Cell::new(true));
            let storage = Gc::<DictStorage>::from_word_unchecked(object.as_ptr() as u64);
            std::ptr::write_bytes(storage.indices(), 0xFF, index_width(log2_index) << log2_index);
            Ok(storage)
        }
    }

    #[inline(always)]
    fn entry(&self, i: usize) -> &Entry {
        debug_assert!(i < self.capacity as usize);
        // SAFETY: entries follow the fixed part; callers stay below the capacity.
        unsafe { &*((self as *const DictStorage as *const u8).add(FIXED) as *const Entry).add(i) }
    }

    #[inline(always)]
    fn indices(&self) -> *mut u8 {
        // SAFETY: the index table follows the entries in the same allocation.
        unsafe {
            (self as *const DictStorage as *const u8).add(FIXED + self.capacity as usize * size_of::<Entry>())
                as *mut u8
        }
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        (1 << self.log2_index) - 1
    }

    #[inline(always)]
    fn index(&self, slot: usize) -> i64 {
        debug_assert!(slot <= self.mask());
        // SAFETY: `slot` is masked; the table has `mask + 1` slots of this width.
        unsafe {
            match self.log2_index {
                0..=7 => *(self.indices() as *const i8).add(slot) as i64,
                8..=15 => *(self.indices() as *const i16).add(slot) as i64,
                _ => *(self.indices() as *const i32).add(slot) as i64,
            }
        }
    }

    #[inline(always)]
    fn set_index(&self, slot: usize, i: i64) {
        // SAFETY: as in `index`; the storage is not shared while it is being changed.
        unsafe {
            match self.log2_index {
                0..=7 => *(self.indices() as *mut i8).add(slot) = i as i8,
                8..=15 => *(self.indices() as *mut i16).add(slot) = i as i16,
                _ => *(self.indices() as *mut i32).add(slot) = i as i32,
            }
        }
    }

    /// Index-table slot that holds entry `i`.
    fn slot_of(&self, hash: i64, i: usize) -> usize {
        let mut probe = Probe::new(hash, self.mask());
        while self.index(probe.slot) != i as i64 {
            probe.advance();
        }
        probe.slot
    }

    fn insert_index(&self, hash: i64, i: usize) {
        let mut probe = Probe::new(hash, self.mask());
        while self.index(probe.slot) >= 0 {
            probe.advance();
        }
        self.set_index(probe.slot, i as i64);
    }

    #[inline(always)]
    pub fn n_entries(&self) -> usize {
        self.n_entries.get() as usize
    }

    #[inline(always)]
    pub fn has_only_str_keys(&self) -> bool {
        self.str_keys.get()
    }
}

impl Gc<DictStorage> {
    /// A copy, word by word.
    fn duplicate(self, heap: &mut Heap) -> Result<Gc<DictStorage>, OutOfMemory> {
        let size = storage_size(self.log2_index);
        let shape = heap.shapes().internal;
        let object = heap.allocate(size, shape.raw(), DictStorage::KIND as u8)?.cast::<u8>();
        // SAFETY: both are storages of this size; the header of the new one is its own. What was just allocated is
        // young or, where it is not, remembered as a whole.
        unsafe {
            let from = self.as_ptr() as *const u8;
            let body = size_of::<Header>();
            std::ptr::copy_nonoverlapping(from.add(body), object.as_ptr().add(body), size - body);
            let copy = Gc::<DictStorage>::from_word_unchecked(object.as_ptr() as u64);
            heap::remember(copy.as_header_ptr());
            Ok(copy)
        }
    }
}

/// The probe sequence of CPython's dicts.
struct Probe {
    slot: usize,
    perturb: u64,
    mask: usize,
}

impl Probe {
    #[inline(always)]
    fn new(hash: i64, mask: usize) -> Probe {
        Probe { slot: hash as usize & mask, perturb: hash as u64, mask }
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.perturb >>= 5;
        self.slot = (self.slot.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1)) & self.mask;
    }
}

/// Equality that needs no Python: identity, exact strings, exact numbers, bytes. `None` = ask `runtime`.
#[inline(always)]
pub fn fast_eq(a: Value, b: Value) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    if Value::as_ints(a, b).is_some() { Some(false) } else { different_words_eq(a, b) }
}

/// The rest of [`fast_eq`], for words that differ and are not both small ints.
fn different_words_eq(a: Value, b: Value) -> Option<bool> {
    if let Some(s) = a.cast::<Str>() {
        return b.cast::<Str>().map(|t| s.equals(&t));
    }
    if let (Some(i), Some(j)) = (a.as_small_or_bool(), b.as_small_or_bool()) {
        return Some(i == j);
    }
    if let (Some(i), Some(j)) = (a.cast::<BigInt>(), b.cast::<BigInt>()) {
        return Some(i.equals(&j));
    }
    if a.is_none() || b.is_none() {
        let other = if a.is_none() { b } else { a };
        return if other.is_heap() && !other.is_a::<Str>() { None } else { Some(false) };
    }
    fast_eq_tuples(plain_tuple(a)?, plain_tuple(b)?)
}

/// A tuple, or an instance of a subclass that leaves `==` and `hash` alone.
#[inline]
pub fn plain_tuple(value: Value) -> Option<Gc<Tuple>> {
    if let Some(tuple) = value.cast::<Tuple>() {
        return Some(tuple);
    }
    let header = value.header().filter(|header| header.kind() == Kind::SubTuple as u8)?;
    let class = ShapeId::from_raw(header.shape()).get().class();
    if class.has_trait(traits::PLAIN_TUPLE) { value.downcast::<Tuple>() } else { None }
}

/// Nested tuples that are compared without a look at the native stack.
const MAX_NESTED: usize = 8;

/// As [`fast_eq`], item by item up to the first that differs or asks.
fn fast_eq_tuples(a: Gc<Tuple>, b: Gc<Tuple>) -> Option<bool> {
    fn compare(a: Gc<Tuple>, b: Gc<Tuple>, depth: usize) -> Option<bool> {
        if a.len() != b.len() {
            return Some(false);
        }
        for (&x, &y) in a.as_slice().iter().zip(b.as_slice()) {
            if x.is(y) {
                continue;
            }
            let equal = match (plain_tuple(x), plain_tuple(y)) {
                (Some(x), Some(y)) if depth < MAX_NESTED => compare(x, y, depth + 1)?,
                (Some(_), Some(_)) => return None,
                _ => fast_eq(x, y)?,
            };
            if !equal {
                return Some(false);
            }
        }
        Some(true)
    }
    compare(a, b, 0)
}

/// Where a lookup that may have to run Python stands; see [`Dict::find`].
pub enum Found {
    /// The entry's index.
    At(usize),
    Absent,
    /// The key of entry `index` has the same hash and only `==` can tell; go on with [`Dict::find_from`].
    Ask {
        key: Value,
        index: usize,
        cursor: Cursor,
    },
}

/// Resumes a probe after a comparison that ran Python.
pub struct Cursor {
    storage: Gc<DictStorage>,
    slot: usize,
    perturb: u64,
}

impl Cursor {
    /// Whether `dict` still has the storage and the key that were compared; otherwise the lookup starts over.
    pub fn is_valid(&self, dict: Gc<Dict>, index: usize, key: Value) -> bool {
        dict.storage.get() == Some(self.storage) && self.storage.entry(index).key.get().is(key)
    }
}

impl Dict {
    pub fn new(heap: &mut Heap) -> Gc<Dict> {
        let shape = heap.shapes().dict;
        Dict::with_shape(heap, shape)
    }

    pub fn with_shape(heap: &mut Heap, shape: ShapeId) -> Gc<Dict> {
        let header = Header::new(shape.raw(), Dict::KIND as u8);
        heap.new_object(Dict { header, used: Cell::new(0), storage: GcSlot::new(None) })
    }

    /// A dict for a module's globals.
    pub fn new_cells(heap: &mut Heap) -> Gc<Dict> {
        let dict = Dict::new(heap);
        dict.header.set_flag(flags::KIND_A);
        dict
    }

    pub fn with_capacity(heap: &mut Heap, n: usize) -> Result<Gc<Dict>, OutOfMemory> {
        let dict = Dict::new(heap);
        if n > 0 {
            let storage = DictStorage::new(heap, log2_for(n))?;
            dict.storage.set(dict, storage);
        }
        Ok(dict)
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.used.get() == 0
    }

    #[inline(always)]
    pub fn is_cells(&self) -> bool {
        self.header.has_flag(flags::KIND_A)
    }

    pub fn storage(&self) -> Option<Gc<DictStorage>> {
        self.storage.get()
    }

    /// Number of entries ever appended to the current storage: the end of iteration.
    #[inline(always)]
    pub fn n_entries(&self) -> usize {
        self.storage.get().map_or(0, |s| s.n_entries())
    }

    #[inline(always)]
    fn deref_cell(&self, value: Value) -> Value {
        if self.is_cells() { value.cast::<GlobalCell>().map_or(value, |c| c.value.get()) } else { value }
    }

    /// Entry `i` (key, value); `None` when deleted, absent or out of range.
    #[inline(always)]
    pub fn entry(&self, i: usize) -> Option<(Value, Value)> {
        let storage = self.storage.get()?;
        if i >= storage.n_entries() {
            return None;
        }
        let entry = storage.entry(i);
        let value = self.deref_cell(entry.value.get());
        if value.is_unbound() { None } else { Some((entry.key.get(), value)) }
    }

    /// The hash stored with entry `i`.
    pub fn entry_hash(&self, i: usize) -> i64 {
        self.storage.expect().entry(i).hash.get()
    }

    /// The entries now, in order; a change while iterating is seen.
    pub fn iter(&self) -> impl Iterator<Item = (Value, Value)> + '_ {
        let mut i = 0;
        std::iter::from_fn(move || {
            while i < self.n_entries() {
                i += 1;
                if let Some(entry) = self.entry(i - 1) {
                    return Some(entry);
                }
            }
            None
        })
    }

    /// The next live entry from `i` on, with its index.
    #[inline(always)]
    pub fn next_entry(&self, mut i: usize) -> Option<(usize, Value, Value)> {
        let storage = self.storage.get()?;
        let n = storage.n_entries();
        i = i.max(storage.first.get() as usize);
        while i < n {
            if let Some((key, value)) = self.entry(i) {
                return Some((i, key, value));
            }
            i += 1;
        }
        None
    }

    /// The last live entry before `end`, with its index.
    pub fn previous_entry(&self, end: usize) -> Option<(usize, Value, Value)> {
        let end = end.min(self.storage.get()?.end.get() as usize);
        (0..end).rev().find_map(|i| self.entry(i).map(|(k, v)| (i, k, v)))
    }

    /// The index of the entry whose key is the exact string `key`; `Err` when only Python can tell.
    #[inline]
    fn find_str_index(&self, key: Gc<Str>) -> Option<usize> {
        let storage = self.storage.get()?;
        let hash = key.hash();
        let mut probe = Probe::new(hash, storage.mask());
        loop {
            match storage.index(probe.slot) {
                EMPTY => return None,
                DUMMY => {}
                i => {
                    let entry = storage.entry(i as usize);
                    let other = entry.key.get();
                    if other.is(key.value()) {
                        return Some(i as usize);
                    }
                    if entry.hash.get() == hash
                        && let Some(other) = other.cast::<Str>()
                        && other.equals(&key)
                    {
                        return Some(i as usize);
                    }
                }
            }
            probe.advance();
        }
    }

    /// The value of string `key`. Keys that are not exact strings are never equal here; namespaces (attributes,
    /// globals, classes) have string keys in practice and `runtime::dict` handles the rest.
    #[inline]
    pub fn get_str(&self, key: Gc<Str>) -> Option<Value> {
        let storage = self.storage.get()?;
        let i = self.find_str_index(key)?;
        self.deref_cell(storage.entry(i).value.get()).bound()
    }

    /// The entry of `key`, when no comparison needs Python; otherwise nothing is said, and [`Dict::find`] starts over.
    #[inline]
    pub fn find_plain(&self, key: Value, hash: i64) -> Option<Option<usize>> {
        let Some(storage) = self.storage.get() else { return Some(None) };
        let mut probe = Probe::new(hash, storage.mask());
        loop {
            match storage.index(probe.slot) {
                EMPTY => return Some(None),
                DUMMY => {}
                i => {
                    let entry = storage.entry(i as usize);
                    let other = entry.key.get();
                    if other.is(key) || entry.hash.get() == hash && fast_eq(other, key)? {
                        let live = !self.is_cells() || self.deref_cell(entry.value.get()).is_bound();
                        return Some(live.then_some(i as usize));
                    }
                }
            }
            probe.advance();
        }
    }

    /// Start a lookup.
    #[inline]
    pub fn find(&self, key: Value, hash: i64) -> Found {
        let Some(storage) = self.storage.get() else { return Found::Absent };
        self.probe(storage, key, hash, Probe::new(hash, storage.mask()))
    }

    /// Go on with a lookup after the comparison said "different".
    pub fn find_from(&self, cursor: Cursor, key: Value, hash: i64) -> Found {
        let storage = cursor.storage;
        let mut probe = Probe { slot: cursor.slot, perturb: cursor.perturb, mask: storage.mask() };
        probe.advance();
        self.probe(storage, key, hash, probe)
    }

    #[inline(always)]
    fn probe(&self, storage: Gc<DictStorage>, key: Value, hash: i64, mut probe: Probe) -> Found {
        loop {
            match storage.index(probe.slot) {
                EMPTY => return Found::Absent,
                DUMMY => {}
                i => {
                    let index = i as usize;
                    let entry = storage.entry(index);
                    let other = entry.key.get();
                    if entry.hash.get() == hash {
                        match fast_eq(other, key) {
                            Some(true) => {
                                let live = !self.is_cells() || self.deref_cell(entry.value.get()).is_bound();
                                return if live { Found::At(index) } else { Found::Absent };
                            }
                            Some(false) => {}
                            None => {
                                let cursor = Cursor { storage, slot: probe.slot, perturb: probe.perturb };
                                return Found::Ask { key: other, index, cursor };
                            }
                        }
                    }
                }
            }
            probe.advance();
        }
    }

    /// The value of entry `i`, which a lookup has found.
    #[inline(always)]
    pub fn value_at(&self, i: usize) -> Value {
        self.deref_cell(self.storage.expect().entry(i).value.get())
    }

    #[inline(always)]
    pub fn key_at(&self, i: usize) -> Value {
        self.storage.expect().entry(i).key.get()
    }
}

/// Least index size whose usable part holds `n` entries.
fn log2_for(n: usize) -> u8 {
    let mut log2 = 3;
    while usable(log2) < n {
        log2 += 1;
    }
    log2
}

impl Gc<Dict> {
    /// Replace the value of entry `i`, which a lookup has found.
    #[inline(always)]
    pub fn set_value_at(self, i: usize, value: Value) {
        let storage = self.storage.expect();
        let entry = storage.entry(i);
        if self.is_cells()
            && let Some(cell) = entry.value.get().cast::<GlobalCell>()
        {
            cell.store(value);
            return;
        }
        entry.value.set(storage, value);
    }

    /// Append a key that a lookup has not found.
    pub fn append(self, heap: &mut Heap, key: Value, hash: i64, value: Value) -> Result<(), OutOfMemory> {
        let mut value = value;
        if self.is_cells() {
            // A watched absent name: its cell moves to the end with the key.
            let old = key.cast::<Str>().and_then(|k| self.find_str_index(k));
            let cell = match old {
                Some(i) => {
                    let cell = self.storage.expect().entry(i).value.get();
                    self.unlink(i);
                    cell.cast::<GlobalCell>().expect("every value of a cell dict is a cell")
                }
                None => GlobalCell::new(heap, self),
            };
            cell.store(value);
            value = cell.value();
        }
        self.push_entry(heap, key, hash, value)?;
        self.used.set(self.used.get() + 1);
        Ok(())
    }

    fn push_entry(self, heap: &mut Heap, key: Value, hash: i64, value: Value) -> Result<(), OutOfMemory> {
        let storage = match self.storage.get() {
            Some(storage) if storage.n_entries() < storage.capacity as usize => storage,
            _ => self.rebuild(heap, self.used.get() * 2)?,
        };
        let i = storage.n_entries();
        let entry = storage.entry(i);
        entry.hash.set(hash);
        entry.key.set(storage, key);
        entry.value.set(storage, value);
        if storage.str_keys.get() && !key.is_a::<Str>() {
            storage.str_keys.set(false);
        }
        storage.insert_index(hash, i);
        storage.n_entries.set(i as u32 + 1);
        storage.end.set(i as u32 + 1);
        Ok(())
    }

    /// New storage for at least `n` entries without the deleted ones.
    fn rebuild(self, heap: &mut Heap, n: usize) -> Result<Gc<DictStorage>, OutOfMemory> {
        let mut live = self.used.get();
        if self.is_cells() {
            live = self.n_entries();
        }
        let new = DictStorage::new(heap, log2_for(n.max(live + 1)))?;
        if let Some(old) = self.storage.get() {
            new.str_keys.set(old.str_keys.get());
            let mut to = 0;
            for i in 0..old.n_entries() {
                let from = old.entry(i);
                if from.value.get().is_unbound() {
                    continue;
                }
                let entry = new.entry(to);
                entry.hash.set(from.hash.get());
                entry.key.set(new, from.key.get());
                entry.value.set(new, from.value.get());
                new.insert_index(from.hash.get(), to);
                to += 1;
            }
            new.n_entries.set(to as u32);
            new.end.set(to as u32);
        }
        self.storage.set(self, new);
        Ok(new)
    }

    /// Take entry `i` out of the table.
    fn unlink(self, i: usize) {
        let storage = self.storage.expect();
        let entry = storage.entry(i);
        storage.set_index(storage.slot_of(entry.hash.get(), i), DUMMY);
        entry.key.clear();
        entry.value.clear();
        // Queues and stacks delete at the ends: remember how far the deleted entries reach there.
        if i == storage.first.get() as usize {
            let n = storage.n_entries();
            let first = (i..n).find(|&j| storage.entry(j).value.get().is_bound()).unwrap_or(n);
            storage.first.set(first as u32);
        }
        if i + 1 == storage.end.get() as usize {
            let end = (0..i).rev().find(|&j| storage.entry(j).value.get().is_bound()).map_or(0, |j| j + 1);
            storage.end.set(end as u32);
        }
    }

    /// Delete entry `i`, which a lookup has found; the value that was there.
    pub fn remove_at(self, i: usize) -> Value {
        let value = self.value_at(i);
        self.used.set(self.used.get() - 1);
        if self.is_cells()
            && let Some(cell) = self.storage.expect().entry(i).value.get().cast::<GlobalCell>()
        {
            cell.store(Value::UNBOUND);
        } else {
            self.unlink(i);
        }
        value
    }

    /// Store under an exact string key.
    pub fn set_str(self, heap: &mut Heap, key: Gc<Str>, value: Value) -> Result<(), OutOfMemory> {
        match self.find_str_index(key) {
            Some(i) if !self.is_cells() || self.value_at(i).is_bound() => {
                self.set_value_at(i, value);
                Ok(())
            }
            _ => self.append(heap, key.value(), key.hash(), value),
        }
    }

    /// Remove an exact string key; the value that was there.
    pub fn remove_str(self, key: Gc<Str>) -> Option<Value> {
        let i = self.find_str_index(key)?;
        if self.value_at(i).is_unbound() {
            return None;
        }
        Some(self.remove_at(i))
    }

    pub fn clear(self) {
        if self.is_cells() {
            let n = self.n_entries();
            (0..n).filter(|&i| self.entry(i).is_some()).for_each(|i| {
                self.remove_at(i);
            });
            return;
        }
        self.used.set(0);
        self.storage.set_option(self, None);
    }

    /// A shallow copy of a plain dict's table (a cell dict's copy is plain).
    pub fn copy_into(self, heap: &mut Heap, to: Gc<Dict>) -> Result<(), OutOfMemory> {
        debug_assert!(to.is_empty() && !to.is_cells());
        if self.is_empty() {
            return Ok(());
        }
        if let Some(storage) = self.storage.get()
            && !self.is_cells()
            && storage.n_entries() == self.len()
            && self.len() * 3 >= storage.capacity as usize
        {
            let copy = storage.duplicate(heap)?;
            to.storage.set(to, copy);
            to.used.set(self.len());
            return Ok(());
        }
        let storage = DictStorage::new(heap, log2_for(self.len()))?;
        to.storage.set(to, storage);
        for i in 0..self.n_entries() {
            if let Some((key, value)) = self.entry(i) {
                to.append(heap, key, self.entry_hash(i), value)?;
            }
        }
        Ok(())
    }

    /// Turn an exact dict, whose entries stay where they are, into a cell dict.
    pub fn make_cells(self, heap: &mut Heap) {
        for i in 0..self.n_entries() {
            let storage = self.storage.expect();
            let value = storage.entry(i).value.get();
            if value.is_bound() {
                let cell = GlobalCell::new(heap, self);
                cell.store(value);
                storage.entry(i).value.set(storage, cell);
            }
        }
        self.header.set_flag(flags::KIND_A);
    }

    /// The cell of global `name`, made (unbound) when there is none.
    pub fn cell(self, heap: &mut Heap, name: Gc<Str>) -> Result<Gc<GlobalCell>, OutOfMemory> {
        debug_assert!(self.is_cells());
        if let Some(i) = self.find_str_index(name) {
            return Ok(self
                .storage
                .expect()
                .entry(i)
                .value
                .get()
                .cast()
                .expect("every value of a cell dict is a cell"));
        }
        let cell = GlobalCell::new(heap, self);
        self.push_entry(heap, name.value(), name.hash(), cell.value())?;
        Ok(cell)
    }

    /// Whether entry `i` is the last one.
    pub fn is_last(self, i: usize) -> bool {
        self.storage.get().is_some_and(|storage| i + 1 == storage.end.get() as usize)
    }

    /// Move entry `i` to the end (`OrderedDict.move_to_end`).
    pub fn move_to_end(self, heap: &mut Heap, i: usize) -> Result<(), OutOfMemory> {
        let (key, hash) = (self.key_at(i), self.entry_hash(i));
        let value = self.remove_at(i);
        self.append(heap, key, hash, value)
    }
}

impl GlobalCell {
    fn new(heap: &mut Heap, owner: Gc<Dict>) -> Gc<GlobalCell> {
        let shape = heap.shapes().global_cell;
        heap.new_object(GlobalCell {
            header: Header::new(shape.raw(), GlobalCell::KIND as u8),
            value: Slot::new(Value::UNBOUND),
            owner: GcSlot::of(owner),
            fallback: GcSlot::new(None),
            changes: Cell::new(0),
        })
    }
}

impl Gc<GlobalCell> {
    #[inline(always)]
    pub fn store(self, value: Value) {
        if self.value.get().is_bound() {
            self.changes.set(self.changes.get() + 1);
        }
        self.value.set(self, value);
    }
}
