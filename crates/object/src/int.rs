//! Big ints: sign and magnitude in 64-bit limbs, inline. Small ints are immediates ([`crate::Int`]).
//!
//! Arithmetic on big ones is `runtime`'s, through `dashu-int`; this is only the storage. An int that fits in 62 bits is
//! always an immediate, so a `BigInt` never equals a small int.

use crate::cx::Heap;
use crate::gc::heap_object;
use crate::hash::hash_limbs;
use crate::value::{Int, Value};
use heap::{Header, OutOfMemory, Tracer};

heap_object! {
    /// `sign_len` is the number of limbs, negative for a negative number.
    pub struct BigInt: BigInt {
        sign_len: i64,
    }
}

pub(crate) unsafe fn size_bigint(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a big int.
    let n = unsafe { (*(header as *const BigInt)).sign_len.unsigned_abs() as usize };
    (size_of::<BigInt>() + n * 8).next_multiple_of(16)
}

pub(crate) unsafe fn scan_bigint(_: *const Header, _: &mut Tracer) {}

impl BigInt {
    /// The int of this magnitude (little-endian limbs) and sign: an immediate when it fits.
    pub fn from_limbs(heap: &mut Heap, limbs: &[u64], negative: bool) -> Result<Value, OutOfMemory> {
        let n = limbs.iter().rposition(|&l| l != 0).map_or(0, |i| i + 1);
        let limbs = &limbs[..n];
        match limbs {
            [] => return Ok(Int::ZERO.value()),
            [limb] if *limb <= 1 << 61 => {
                let i = if negative { (*limb as i64).wrapping_neg() } else { *limb as i64 };
                if let Some(i) = Int::new(i) {
                    return Ok(i.value());
                }
            }
            _ => {}
        }
        let size = (size_of::<BigInt>() + n * 8).next_multiple_of(16);
        let shape = heap.shapes().int;
        let object = heap.allocate(size, shape.raw(), BigInt::KIND as u8)?.cast::<BigInt>();
        // SAFETY: fresh memory with room for the fixed part and the limbs.
        unsafe {
            (&raw mut (*object.as_ptr()).sign_len).write(if negative { -(n as i64) } else { n as i64 });
            std::ptr::copy_nonoverlapping(limbs.as_ptr(), object.as_ptr().add(1) as *mut u64, n);
            Ok(Value::from_word(object.as_ptr() as u64))
        }
    }

    /// The int whose magnitude of at most `n` limbs `fill` writes, and whose sign it tells.
    pub fn build(heap: &mut Heap, n: usize, fill: impl FnOnce(&mut [u64]) -> bool) -> Result<Value, OutOfMemory> {
        let size = |n: usize| (size_of::<BigInt>() + n * 8).next_multiple_of(16);
        let shape = heap.shapes().int;
        let object = heap.allocate(size(n), shape.raw(), BigInt::KIND as u8)?.cast::<BigInt>();
        let sign_len = |negative: bool, n: usize| if negative { -(n as i64) } else { n as i64 };
        // SAFETY: fresh zeroed memory with room for the fixed part and the limbs.
        let limbs = unsafe {
            (&raw mut (*object.as_ptr()).sign_len).write(sign_len(false, n));
            std::slice::from_raw_parts_mut(object.as_ptr().add(1) as *mut u64, n)
        };
        let negative = fill(limbs);
        let used = limbs.iter().rposition(|&l| l != 0).map_or(0, |i| i + 1);
        if used <= 1 {
            return BigInt::from_limbs(heap, &limbs[..used], negative);
        }
        let rest = size(n) - size(used);
        // SAFETY: the object is of `size(n)` bytes and nobody has seen it. What it does not need becomes an int that
        // nobody refers to, so that walks from object to object go on.
        unsafe {
            (&raw mut (*object.as_ptr()).sign_len).write(sign_len(negative, used));
            if rest > 0 {
                let filler = object.as_ptr().byte_add(size(used));
                let n_limbs = (rest - size_of::<BigInt>()) / 8;
                filler.write(BigInt { header: Header::new(shape.raw(), BigInt::KIND as u8), sign_len: n_limbs as i64 });
            }
            Ok(Value::from_word(object.as_ptr() as u64))
        }
    }

    /// Any `i64` as an int.
    #[inline]
    pub fn from_i64(heap: &mut Heap, i: i64) -> Value {
        match Int::new(i) {
            Some(i) => i.value(),
            None => BigInt::from_limbs(heap, &[i.unsigned_abs()], i < 0).expect("one limb"),
        }
    }

    /// Any `u64` as an int.
    pub fn from_u64(heap: &mut Heap, u: u64) -> Value {
        match i64::try_from(u) {
            Ok(i) => BigInt::from_i64(heap, i),
            Err(_) => BigInt::from_limbs(heap, &[u], false).expect("one limb"),
        }
    }

    /// Any `i128` as an int.
    #[inline]
    pub fn from_i128(heap: &mut Heap, i: i128) -> Value {
        let m = i.unsigned_abs();
        BigInt::from_limbs(heap, &[m as u64, (m >> 64) as u64], i < 0).expect("two limbs")
    }

    pub fn is_negative(&self) -> bool {
        self.sign_len < 0
    }

    pub fn limbs(&self) -> &[u64] {
        // SAFETY: the constructor wrote this many limbs behind the fixed part; they never change.
        unsafe {
            std::slice::from_raw_parts(
                (self as *const BigInt).add(1) as *const u64,
                self.sign_len.unsigned_abs() as usize,
            )
        }
    }

    pub fn hash(&self) -> i64 {
        hash_limbs(self.limbs(), self.is_negative())
    }

    pub fn equals(&self, other: &BigInt) -> bool {
        self.sign_len == other.sign_len && self.limbs() == other.limbs()
    }

    pub fn cmp(&self, other: &BigInt) -> std::cmp::Ordering {
        let magnitude = || self.limbs().iter().rev().cmp(other.limbs().iter().rev());
        self.sign_len
            .cmp(&other.sign_len)
            .then_with(|| if self.is_negative() { magnitude().reverse() } else { magnitude() })
    }

    /// The value as an `i64`, when it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match (self.limbs(), self.is_negative()) {
            (&[m], false) => i64::try_from(m).ok(),
            (&[m], true) if m <= 1 << 63 => Some((m as i64).wrapping_neg()),
            _ => None,
        }
    }
}
