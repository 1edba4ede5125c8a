//! Reading and writing the fields of inline caches.
//!
//! The specialiser writes a field of some type at some unit; the generated handlers of the instruction that it chose
//! read the same type at the same unit (codegen takes both from the definition's signature).

use object::instance::SlotOffset;
use object::{Gc, NativeDef, ShapeId, Value};

/// Something that can be kept in cache units.
pub trait Field: Sized {
    const UNITS: usize;
    fn to_word(self) -> u64;
    /// # Safety
    /// `word` came from `to_word`, and what it points at is alive.
    unsafe fn from_word(word: u64) -> Self;
}

macro_rules! fields {
    ($($ty:ty, $units:literal, |$value:ident| $to:expr, |$word:ident| $from:expr;)*) => { $(
        impl Field for $ty {
            const UNITS: usize = $units;
            #[inline(always)]
            fn to_word(self) -> u64 { let $value = self; $to }
            #[inline(always)]
            unsafe fn from_word($word: u64) -> Self {
                #[allow(unused_unsafe, reason = "numbers need none")]
                // SAFETY: the caller's promise.
                unsafe { $from }
            }
        }
    )* };
}
fields! {
    u16, 1, |v| v as u64, |w| w as u16;
    SlotOffset, 1, |v| v.get() as u64, |w| SlotOffset::new(w as u16);
    u32, 2, |v| v as u64, |w| w as u32;
    ShapeId, 2, |v| v.raw() as u64, |w| ShapeId::from_raw(w as u32);
    Value, 4, |v| v.word(), |w| Value::from_word(w);
    &'static NativeDef, 4, |v| v as *const NativeDef as u64, |w| &*(w as *const NativeDef);
}

impl<T> Field for Gc<T> {
    const UNITS: usize = 4;
    #[inline(always)]
    fn to_word(self) -> u64 {
        self.word()
    }
    #[inline(always)]
    unsafe fn from_word(word: u64) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Gc::from_word_unchecked(word) }
    }
}

/// The field at cache unit `at` of the instruction at `ip`.
///
/// # Safety
/// The specialiser wrote a `T` there.
#[inline(always)]
pub unsafe fn field<T: Field>(ip: *const u16, at: usize) -> T {
    // SAFETY: the caller's promise; the units are in the code.
    unsafe {
        let unit = ip.add(1 + at);
        T::from_word(match T::UNITS {
            1 => *unit as u64,
            2 => (unit as *const u32).read_unaligned() as u64,
            _ => (unit as *const u64).read_unaligned(),
        })
    }
}

/// A pointer kept in the three units from `at` on.
///
/// # Safety
/// As `field`.
#[inline(always)]
pub unsafe fn short_field<T: Field>(ip: *const u16, at: usize) -> T {
    // SAFETY: as `field`; the unit before the field is the counter or another field of the same cache.
    unsafe { T::from_word((ip.add(at) as *const u64).read_unaligned() >> 16) }
}

/// Write a field.
///
/// # Safety
/// The instruction at `ip` has these cache units.
pub unsafe fn write<T: Field>(ip: *const u16, at: usize, value: T) {
    let word = value.to_word();
    // SAFETY: the caller's promise; code units are cells.
    unsafe {
        for i in 0..T::UNITS {
            *(ip.add(1 + at + i) as *mut u16) = (word >> (16 * i)) as u16;
        }
    }
}

/// Write a pointer to three units.
///
/// # Safety
/// As `write`; addresses have 48 bits.
pub unsafe fn write_short<T: Field>(ip: *const u16, at: usize, value: T) {
    let word = value.to_word();
    debug_assert!(word >> 48 == 0);
    // SAFETY: as `write`.
    unsafe {
        for i in 0..3 {
            *(ip.add(1 + at + i) as *mut u16) = (word >> (16 * i)) as u16;
        }
    }
}
