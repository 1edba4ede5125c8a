//! Hashes of bytes and numbers.
//!
//! Bytes and text are hashed by SipHash-1-3 under a per-process key that comes from the seed as in CPython, so that sets of
//! text iterate in CPython's order under one `PYTHONHASHSEED`; numbers by CPython's rule, modulo the Mersenne prime
//! 2^61 - 1, so that equal numbers of different types hash alike.

use std::sync::OnceLock;

/// The key is one per process, as `PYTHONHASHSEED` is; it is fixed before the first VM starts.
static KEY: OnceLock<(u64, u64)> = OnceLock::new();

/// Fix the seed (`PYTHONHASHSEED`; 0 = no randomisation). False when some hash has been computed already.
pub fn set_seed(seed: u32) -> bool {
    KEY.set(key_of(seed)).is_ok()
}

/// The key of a seed: bytes of a linear congruential generator.
fn key_of(seed: u32) -> (u64, u64) {
    if seed == 0 {
        return (0, 0);
    }
    let mut x = seed;
    let mut word = || {
        let bytes = std::array::from_fn(|_| {
            x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
            (x >> 16) as u8
        });
        u64::from_le_bytes(bytes)
    };
    (word(), word())
}

fn key() -> (u64, u64) {
    *KEY.get_or_init(|| {
        use std::hash::{BuildHasher, Hasher};
        let word = || std::collections::hash_map::RandomState::new().build_hasher().finish();
        (word(), word())
    })
}

/// A SipHash state.
struct Sip([u64; 4]);

impl Sip {
    #[inline(always)]
    fn round(&mut self) {
        let [mut a, mut b, mut c, mut d] = self.0;
        a = a.wrapping_add(b);
        c = c.wrapping_add(d);
        b = b.rotate_left(13) ^ a;
        d = d.rotate_left(16) ^ c;
        a = a.rotate_left(32);
        c = c.wrapping_add(b);
        a = a.wrapping_add(d);
        b = b.rotate_left(17) ^ c;
        d = d.rotate_left(21) ^ a;
        c = c.rotate_left(32);
        self.0 = [a, b, c, d];
    }

    #[inline(always)]
    fn word(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.0[0] ^= word;
    }
}

/// SipHash-1-3 of `bytes` under a 128-bit key.
pub fn siphash13((k0, k1): (u64, u64), bytes: &[u8]) -> u64 {
    let mut sip = Sip([
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ]);
    let chunks = bytes.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        sip.word(u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    last[7] = bytes.len() as u8;
    sip.word(u64::from_le_bytes(last));
    sip.0[2] ^= 0xFF;
    (0..3).for_each(|_| sip.round());
    sip.0.into_iter().fold(0, |hash, word| hash ^ word)
}

/// The hash of a run of bytes; never -1, and 0 for none.
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    match siphash13(key(), bytes) as i64 {
        -1 => -2,
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
