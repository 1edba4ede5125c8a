//! The tracer: marks what it is shown and scans what it has marked.
//!
//! Passed to `KindInfo::scan` and to the VM's hooks. A depth-first mark stack with a short queue in front of it, so that
//! an object's first cache line arrives before it is scanned.

use crate::header::{GC_OLD, Header, KindTable, Word};
use crate::os;
use crate::region::{self, LINE, REGION_SIZE};
use crate::verify::Verifier;

/// Objects between the mark stack and their scan; 8 prefetches in flight were best in the prototype.
const QUEUE: usize = 8;
/// Words of a big object that are scanned before the mark stack's length is looked at.
const CHUNK: usize = 1024;
/// A longer mark stack is worked off before the scan of a big object goes on: the children of a list of millions never
/// all stand on the stack.
const LONG_STACK: usize = 16 * CHUNK;
/// Scans interrupted inside one another, at most: bounds the native stack.
const MAX_INTERRUPTED: usize = 16;

pub struct Tracer {
    base: usize,
    /// The mark table; the verifier substitutes its own.
    marks: usize,
    pub(crate) stack: Vec<usize>,
    kinds: &'static KindTable,
    line_epoch: u8,
    minor: bool,
    epoch: u32,
    pub(crate) n_marked: usize,
    n_interrupted: usize,
    /// Present while the heap is being verified rather than collected.
    pub(crate) verifier: Option<Verifier>,
}

impl Tracer {
    pub(crate) fn new(
        base: usize,
        stack: Vec<usize>,
        kinds: &'static KindTable,
        line_epoch: u8,
        minor: bool,
        epoch: u32,
    ) -> Tracer {
        let marks = region::mark_table(base);
        Tracer { base, marks, stack, kinds, line_epoch, minor, epoch, n_marked: 0, n_interrupted: 0, verifier: None }
    }

    pub(crate) fn set_mark_table(&mut self, marks: usize) {
        self.marks = marks;
    }

    pub(crate) fn kinds(&self) -> &'static KindTable {
        self.kinds
    }

    /// Marks the object that `word` points to, if it points to one; it is scanned later.
    #[inline(always)]
    pub fn word(&mut self, word: Word) {
        let address = word as usize;
        // Zero, and pointers to what is not in this heap, fail the comparison.
        if address & 7 == 0 && address.wrapping_sub(self.base) < REGION_SIZE {
            self.mark(address);
        }
    }

    /// Marks what `n_words` words from `first` on point to.
    ///
    /// # Safety
    /// The words are readable.
    #[inline(always)]
    pub unsafe fn words(&mut self, first: *const Word, n_words: usize) {
        if n_words > CHUNK {
            // SAFETY: passed on to the caller.
            return unsafe { self.many_words(first, n_words) };
        }
        for i in 0..n_words {
            // SAFETY: the caller vouches for the range.
            self.word(unsafe { *first.add(i) });
        }
    }

    #[inline(never)]
    unsafe fn many_words(&mut self, first: *const Word, n_words: usize) {
        for start in (0..n_words).step_by(CHUNK) {
            for i in start..n_words.min(start + CHUNK) {
                // SAFETY: the caller vouches for the range.
                self.word(unsafe { *first.add(i) });
            }
            self.relieve();
        }
    }

    /// Works the mark stack off when it has grown long. For scan functions of objects without a bound on their size that
    /// do not use [`words`](Self::words): to be called every thousand words or so.
    pub fn relieve(&mut self) {
        if self.stack.len() > LONG_STACK && self.n_interrupted < MAX_INTERRUPTED && self.verifier.is_none() {
            self.n_interrupted += 1;
            self.drain();
            self.n_interrupted -= 1;
        }
    }

    #[inline(always)]
    fn mark(&mut self, address: usize) {
        let (byte, bit) = region::bit_of(self.marks, self.base, address);
        // SAFETY: words that look like pointers into the region do point to objects (the heap is precise), so the table
        // is committed there.
        unsafe {
            if *byte & bit == 0 {
                *byte |= bit;
                self.stack.push(address);
            }
        }
    }

    /// A number that is never 0 and is new in every full collection. A record outside the heap is traced once a
    /// collection by keeping the epoch of its last trace; compare with `!=`, epochs need not ascend.
    #[inline(always)]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// True in a minor collection: old objects count as marked and are scanned only if they are in the remembered set.
    pub fn is_minor(&self) -> bool {
        self.minor
    }

    /// True when `object` has been marked, is old in a minor collection, or lies outside the heap.
    #[inline]
    pub fn is_marked(&self, object: *const Header) -> bool {
        let address = object as usize;
        if address.wrapping_sub(self.base) >= REGION_SIZE {
            return true;
        }
        let (byte, bit) = region::bit_of(self.marks, self.base, address);
        // SAFETY: the table is committed wherever objects are.
        unsafe { *byte & bit != 0 }
    }

    /// Scans until everything reachable from what has been marked is marked.
    pub fn drain(&mut self) {
        if self.verifier.is_some() {
            return self.drain_verifying();
        }
        let mut queue = [0; QUEUE];
        let mut position = 0;
        let mut n_empty = 0;
        while n_empty < QUEUE {
            let next = self.stack.pop().unwrap_or(0);
            if next != 0 {
                os::prefetch(next);
            }
            let object = std::mem::replace(&mut queue[position], next);
            position = (position + 1) % QUEUE;
            if object != 0 {
                self.visit(object);
                n_empty = 0;
            } else if next == 0 {
                n_empty += 1;
            }
        }
    }

    /// As [`drain`](Self::drain), telling of every object that is scanned.
    pub fn drain_noting(&mut self, note: &mut dyn FnMut(*const Header)) {
        while let Some(address) = self.stack.pop() {
            note(address as *const Header);
            self.visit(address);
        }
    }

    /// Makes a marked object old and scans it.
    #[inline(always)]
    fn visit(&mut self, address: usize) {
        let object = address as *const Header;
        self.n_marked += 1;
        // SAFETY: marked addresses are objects.
        unsafe {
            let header = &*object;
            let info = &self.kinds[header.kind() as usize];
            if header.gc() != GC_OLD {
                header.set_gc(GC_OLD);
            }
            if region::is_in_blocks(self.base, address) {
                let last = address + info.size_of(object) - 1;
                let first_line = region::line_of(self.base, address);
                for i in 0..=(last / LINE - address / LINE) {
                    *first_line.add(i) = self.line_epoch;
                }
            }
            (info.scan)(object, self);
        }
    }

    /// Scans one object without marking it.
    ///
    /// # Safety
    /// `object` is an object of this heap.
    pub unsafe fn scan(&mut self, object: *const Header) {
        // SAFETY: the caller vouches for the object.
        unsafe { (self.kinds[(*object).kind() as usize].scan)(object, self) };
    }

    /// Frees what a dead object owns outside the heap.
    ///
    /// # Safety
    /// `object` is intact and has not been dropped.
    pub(crate) unsafe fn drop_object(&self, object: *mut Header) {
        // SAFETY: the caller vouches for the object.
        unsafe {
            if let Some(drop) = self.kinds[(*object).kind() as usize].drop {
                drop(object);
            }
        }
    }
}
