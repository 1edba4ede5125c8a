//! The word that running code polls at loop back-edges and calls.
//!
//! Zero: go on. Anything else: leave the fast path and look at the bits. The collector itself sets
//! [`Safepoint::MEMORY_PRESSURE`] alone; the other bits belong to the VM.

use std::sync::atomic::{AtomicU32, Ordering};

#[repr(transparent)]
#[derive(Default)]
pub struct Safepoint {
    bits: AtomicU32,
}

impl Safepoint {
    /// The live size is above the limit even after a full collection: raise MemoryError.
    pub const MEMORY_PRESSURE: u32 = 1 << 0;
    /// Bits from this one on are free for the VM: finalisers to run, signals, a thread waiting for its turn.
    pub const FIRST_VM_BIT: u32 = 1 << 8;

    #[inline(always)]
    pub fn is_requested(&self) -> bool {
        self.bits.load(Ordering::Relaxed) != 0
    }

    #[inline(always)]
    pub fn bits(&self) -> u32 {
        self.bits.load(Ordering::Relaxed)
    }

    /// Sets `bits`; callable from any thread and from signal handlers.
    pub fn request(&self, bits: u32) {
        self.bits.fetch_or(bits, Ordering::Release);
    }

    /// Clears `bits` and answers which of them were set.
    pub fn take(&self, bits: u32) -> u32 {
        self.bits.fetch_and(!bits, Ordering::Acquire) & bits
    }

    /// For generated code: the polled word is a plain `u32`.
    pub fn address(&self) -> *const u32 {
        self.bits.as_ptr()
    }
}
