//! Hashes of bytes and numbers.
//!
//! Text is hashed by folded 128-bit multiplication over 16-byte steps (the scheme of wyhash) under a per-process seed;
//! numbers by CPython's rule, modulo the Mersenne prime 2^61 - 1, so that equal numbers of different types hash alike
//! and sets of numbers iterate in CPython's order.

use std::sync::OnceLock;

/// The seed is one per process, as `PYTHONHASHSEED` is; it is fixed before the first VM starts.
static SEED: OnceLock<u64> = OnceLock::new();

/// Fix the seed (`PYTHONHASHSEED`). False when some hash has been computed already.
pub fn set_seed(seed: u64) -> bool {
    SEED.set(seed).is_ok()
}

fn seed() -> u64 {
    *SEED.get_or_init(|| {
        use std::hash::{BuildHasher, Hasher};
        std::collections::hash_map::RandomState::new().build_hasher().finish()
    })
}

#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

const K0: u64 = 0xa076_1d64_78bd_642f;
const K1: u64 = 0xe703_7ed1_a0b4_28db;

/// The hash of a run of bytes; never 0 or -1.
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    let read8 = |i: usize| u64::from_le_bytes(bytes[i..i + 8].try_into().expect("eight bytes"));
    let n = bytes.len();
    let mut state = seed() ^ K0;
    let (a, b) = if n >= 16 {
        let mut i = 0;
        while i + 16 < n {
            state = fold(read8(i) ^ K1, read8(i + 8) ^ state);
            i += 16;
        }
        (read8(n - 16), read8(n - 8))
    } else if n >= 8 {
        (read8(0), read8(n - 8))
    } else if n >= 4 {
        let read4 = |i: usize| u32::from_le_bytes(bytes[i..i + 4].try_into().expect("four bytes")) as u64;
        (read4(0), read4(n - 4))
    } else if n > 0 {
        ((bytes[0] as u64) << 16 | (bytes[n / 2] as u64) << 8 | bytes[n - 1] as u64, 0)
    } else {
        return 0x5bd1_e995;
    };
    match fold(K1 ^ n as u64, fold(a ^ K1, b ^ state)) as i64 {
        0 | -1 => -2,
        h => h,
    }
}

pub const MODULUS: u64 = (1 << 61) - 1;

/// The hash of a small int.
#[inline(always)]
pub fn hash_i64(i: i64) -> i64 {
    let m = i.unsigned_abs();
    let h = if m < MODULUS { m } else { m % MODULUS } as i64;
    match if i < 0 { -h } else { h } {
        -1 => -2,
        h => h,
    }
}

/// The hash of an int given as magnitude limbs (little-endian).
pub fn hash_limbs(limbs: &[u64], negative: bool) -> i64 {
    // 2^64 == 8 (mod 2^61 - 1), and what is above bit 61 counts once more below.
    let mut h: u64 = 0;
    for &limb in limbs.iter().rev() {
        let sum = (h as u128) * 8 + limb as u128;
        let folded = (sum as u64 & MODULUS) + (sum >> 61) as u64;
        h = if folded >= MODULUS { folded - MODULUS } else { folded };
    }
    match if negative { -(h as i64) } else { h as i64 } {
        -1 => -2,
        h => h,
    }
}

/// The hash of a float (CPython's `_Py_HashDouble`); `None` for a NaN, which hashes by identity.
pub fn hash_f64(f: f64) -> Option<i64> {
    if f.is_infinite() {
        return Some(if f > 0.0 { 314159 } else { -314159 });
    }
    if f.is_nan() {
        return None;
    }
    if f == f.trunc() && f.abs() < (1u64 << 62) as f64 {
        return Some(hash_i64(f as i64));
    }
    let bits = f.to_bits();
    let raw_exponent = (bits >> 52 & 0x7ff) as i32;
    let (mantissa, exponent) = if raw_exponent == 0 {
        (bits & ((1 << 52) - 1), -1074)
    } else {
        (bits & ((1 << 52) - 1) | 1 << 52, raw_exponent - 1075)
    };
    // 2^61 == 1 (mod 2^61 - 1): multiplying by a power of two is a rotation within 61 bits.
    let rotation = exponent.rem_euclid(61) as u32;
    let m = mantissa % MODULUS;
    let h = ((m << rotation) & MODULUS) | (m >> (61 - rotation));
    Some(match if f < 0.0 { -((h % MODULUS) as i64) } else { (h % MODULUS) as i64 } {
        -1 => -2,
        h => h,
    })
}

/// Combine the hashes of a tuple's items (xxHash, as CPython does, so that orders agree).
pub struct TupleHasher {
    acc: u64,
    len: u64,
}

const PRIME_1: u64 = 11400714785074694791;
const PRIME_2: u64 = 14029467366897019727;
const PRIME_5: u64 = 2870177450012600261;

impl Default for TupleHasher {
    fn default() -> Self {
        TupleHasher { acc: PRIME_5, len: 0 }
    }
}

impl TupleHasher {
    pub fn add(&mut self, hash: i64) {
        self.acc = self.acc.wrapping_add((hash as u64).wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
        self.len += 1;
    }

    pub fn finish(self) -> i64 {
        let acc = self.acc.wrapping_add(self.len ^ (PRIME_5 ^ 3527539));
        if acc == u64::MAX { 1546275796 } else { acc as i64 }
    }
}

/// Hashes addresses of tables that no program can choose: one multiplication.
pub type AddressHasher = std::hash::BuildHasherDefault<Multiplied>;

/// See [`AddressHasher`].
#[derive(Default)]
pub struct Multiplied(u64);

impl std::hash::Hasher for Multiplied {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.write_u64(u64::from(b)));
    }

    fn write_u64(&mut self, word: u64) {
        // Addresses are multiples of 16; the high bits, which the tables use as well, get their share.
        self.0 = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_hash_as_in_cpython() {
        assert_eq!(hash_i64(-1), -2);
        assert_eq!(hash_i64((1 << 61) - 1), 0);
        assert_eq!(hash_f64(0.5), Some(1152921504606846976));
        assert_eq!(hash_f64(1.1), Some(230584300921369601));
        assert_eq!(hash_f64(-2.25), Some(-576460752303423490));
        assert_eq!(hash_f64(1e300), Some(1224995262755759164));
        assert_eq!(hash_limbs(&[0, 1], false), 8);
        let by_division = |limbs: &[u64]| {
            limbs.iter().rev().fold(0u128, |h, &limb| (h << 64 | limb as u128) % MODULUS as u128) as i64
        };
        for limbs in [&[u64::MAX, u64::MAX][..], &[MODULUS, 0, 1], &[u64::MAX; 5], &[0x1234_5678_9abc_def0; 7]] {
            assert_eq!(hash_limbs(limbs, false), by_division(limbs));
        }
    }

    #[test]
    fn tuple_hash_is_cpythons() {
        let mut hasher = TupleHasher::default();
        [1, 2, 3].into_iter().for_each(|i| hasher.add(i));
        assert_eq!(hasher.finish(), 529344067295497451);
    }
}
