//! What every heap object starts with, and what the collector must know of a kind of object.
//!
//! The `object` crate fills the kind table and interprets shapes and the free flag bits; the collector reads `kind`, owns
//! `gc` and never looks at the rest.

use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::mark::Tracer;

/// One word of a heap object. Low three bits 000 and not zero: pointer to a [`Header`]; anything else is an immediate.
pub type Word = u64;

/// Objects are aligned to this and their sizes are multiples of it.
pub const GRANULE: usize = 16;

/// `gc` of an object that is young, or old and in the remembered set: stores need no barrier.
pub(crate) const GC_QUIET: u8 = 0;
/// `gc` of an old object that is not in the remembered set: the barrier must look at stores.
pub(crate) const GC_OLD: u8 = 1;

/// Bits of [`Header::flags`].
pub mod flags {
    /// The type has `__del__` (or an equivalent) that has not run for this object.
    pub const HAS_FINALIZER: u8 = 1 << 0;
    /// Weak references to this object exist in the VM's table.
    pub const HAS_WEAKREFS: u8 = 1 << 1;
    /// The finaliser has been called (PEP 442: once).
    pub const FINALIZED: u8 = 1 << 2;
    /// Lives as long as the VM and is reported as such to Python.
    pub const IMMORTAL: u8 = 1 << 3;
    /// The instance keeps its attributes in a dict object instead of slots.
    pub const DICT_MODE: u8 = 1 << 4;
    /// Free for the kind's own use.
    pub const KIND_A: u8 = 1 << 5;
    /// Free for the kind's own use.
    pub const KIND_B: u8 = 1 << 6;
    /// The finaliser is called after those of other objects that die in the same collection, and, among objects with this
    /// flag, in the opposite order of their making: a stream is made before what buffers it, and must not be closed first.
    pub const FINALIZE_LATE: u8 = 1 << 7;
}

/// The 8 bytes at the start of every heap object.
#[repr(C)]
pub struct Header {
    shape: Cell<u32>,
    kind: Cell<u8>,
    flags: Cell<u8>,
    lock: AtomicU8,
    gc: Cell<u8>,
}

impl Header {
    /// Byte offset of `shape`, for guards in machine code.
    pub const SHAPE_OFFSET: usize = 0;
    pub const KIND_OFFSET: usize = 4;
    pub const FLAGS_OFFSET: usize = 5;
    /// Byte offset of `gc`: the barrier's fast path is `cmp byte [object + GC_OFFSET], 0`.
    pub const GC_OFFSET: usize = 7;

    /// The header of a new object, for layouts that are built in place: young, no flags, unlocked.
    #[inline(always)]
    pub const fn new(shape: u32, kind: u8) -> Header {
        Header {
            shape: Cell::new(shape),
            kind: Cell::new(kind),
            flags: Cell::new(0),
            lock: AtomicU8::new(0),
            gc: Cell::new(GC_QUIET),
        }
    }

    /// The header word of a new object: young, no flags, unlocked.
    #[inline(always)]
    pub const fn initial_word(shape: u32, kind: u8) -> u64 {
        shape as u64 | (kind as u64) << 32
    }

    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.shape.get()
    }

    /// `shape` must not be 0.
    #[inline(always)]
    pub fn set_shape(&self, shape: u32) {
        debug_assert!(shape != 0, "shape 0 marks unused memory");
        self.shape.set(shape);
    }

    #[inline(always)]
    pub fn kind(&self) -> u8 {
        self.kind.get()
    }

    /// Changes how the object is scanned; the new kind must give the same size and fit the words that are there.
    #[inline(always)]
    pub fn set_kind(&self, kind: u8) {
        self.kind.set(kind);
    }

    #[inline(always)]
    pub fn flags(&self) -> u8 {
        self.flags.get()
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: u8) -> bool {
        self.flags.get() & flag != 0
    }

    #[inline(always)]
    pub fn set_flag(&self, flag: u8) {
        self.flags.set(self.flags.get() | flag);
    }

    #[inline(always)]
    pub fn clear_flag(&self, flag: u8) {
        self.flags.set(self.flags.get() & !flag);
    }

    /// The object's byte lock, for compound writes once threads run in parallel.
    #[inline(always)]
    pub fn lock_byte(&self) -> &AtomicU8 {
        &self.lock
    }

    pub fn is_locked(&self) -> bool {
        self.lock.load(Ordering::Relaxed) != 0
    }

    /// True when a store of a young object into this one has to be remembered.
    #[inline(always)]
    pub fn needs_barrier(&self) -> bool {
        self.gc.get() != GC_QUIET
    }

    #[inline(always)]
    pub(crate) fn gc(&self) -> u8 {
        self.gc.get()
    }

    #[inline(always)]
    pub(crate) fn set_gc(&self, gc: u8) {
        self.gc.set(gc);
    }
}

/// True for a word that points to a heap object.
#[inline(always)]
pub fn is_pointer(word: Word) -> bool {
    word != 0 && word & 7 == 0
}

/// What the collector must know of one kind of object.
#[derive(Clone, Copy)]
pub struct KindInfo {
    /// For messages. Empty: the kind is not in use, and meeting it is heap corruption.
    pub name: &'static str,
    /// Bytes with header when all objects of the kind are of one size (a multiple of 16), 0 when `size` must be asked.
    /// Saves an indirect call per marked object.
    pub fixed_size: u32,
    /// Bytes with header as passed to `allocate` (rounding up is the collector's business). Must not change while the
    /// object lives, and must work on an object whose fields are still zero unless its size was set before any other
    /// allocation.
    pub size: unsafe fn(*const Header) -> usize,
    /// Passes every word of the object that may be a pointer to the tracer.
    pub scan: unsafe fn(*const Header, &mut Tracer),
    /// Frees what the object owns outside the heap. Runs when the object is found dead and at the heap's teardown; must
    /// not touch other objects.
    pub drop: Option<unsafe fn(*mut Header)>,
}

impl KindInfo {
    /// Fills the unused entries of a kind table.
    pub const UNUSED: KindInfo = KindInfo { name: "", fixed_size: 0, size: unused_size, scan: unused_scan, drop: None };

    /// # Safety
    /// `object` must be a live object of this kind.
    #[inline(always)]
    pub(crate) unsafe fn size_of(&self, object: *const Header) -> usize {
        if self.fixed_size != 0 {
            return self.fixed_size as usize;
        }
        // SAFETY: the caller vouches for the object.
        let size = unsafe { (self.size)(object) };
        round_to_granule(size)
    }
}

#[inline(always)]
pub(crate) const fn round_to_granule(size: usize) -> usize {
    (size + (GRANULE - 1)) & !(GRANULE - 1)
}

unsafe fn unused_size(object: *const Header) -> usize {
    // SAFETY: called on memory that claims to be an object; reading its header byte is what this report needs.
    let kind = unsafe { (*object).kind() };
    panic!("heap corruption: object {object:p} has the unused kind {kind}")
}

unsafe fn unused_scan(object: *const Header, _: &mut Tracer) {
    // SAFETY: as above; the call diverges.
    unsafe { unused_size(object) };
}

/// Indexed by [`Header::kind`].
pub type KindTable = [KindInfo; 256];
