//! The one-word value: tagged small ints, self-tagged floats, singletons and heap pointers.
//!
//! The low three bits of the word:
//!
//! | tag   | meaning |
//! |-------|---------|
//! | `000` | heap pointer, untagged; the word 0 is *unbound*, so that zeroed memory is valid |
//! | `x01` | small int, 62 bits: `(i << 2) \| 1` |
//! | `x1x` | float, self-tagged: `rotl(bits, 4) + 3` ("Float Self-Tagging", arXiv 2411.16544) |
//! | `100` | `None`, `False`, `True`, `Ellipsis`, `NotImplemented` and internal sentinels |
//!
//! Nothing here allocates: floats whose exponent does not fit the tag are boxed by [`crate::float`].

use crate::gc::{Gc, Object};
use heap::{Header, Word};
use std::marker::PhantomData;

/// One Python value. `Copy`, never `Send`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(Word, PhantomData<*mut ()>);

/// A value known to be a small int: its tagged word, so that sums and comparisons need no untagging.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Int(i64);

const fn singleton(n: u64) -> Value {
    Value(n << 3 | 4, PhantomData)
}

impl Value {
    /// No value: an unbound local, an empty slot, a missing optional argument.
    pub const UNBOUND: Value = Value(0, PhantomData);
    pub const NONE: Value = singleton(0);
    pub const FALSE: Value = singleton(1);
    pub const TRUE: Value = singleton(2);
    pub const ELLIPSIS: Value = singleton(3);
    pub const NOT_IMPLEMENTED: Value = singleton(4);
    /// A deleted entry of a dict or set; never visible to Python.
    pub const TOMBSTONE: Value = singleton(5);
    /// `typing.NoDefault`.
    pub const NO_DEFAULT: Value = singleton(6);

    #[inline(always)]
    pub const fn from_word(word: Word) -> Value {
        Value(word, PhantomData)
    }

    #[inline(always)]
    pub const fn word(self) -> Word {
        self.0
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    #[inline(always)]
    pub const fn is_unbound(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    pub const fn is_bound(self) -> bool {
        self.0 != 0
    }

    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == Value::NONE.0
    }

    #[inline(always)]
    pub const fn is_not_implemented(self) -> bool {
        self.0 == Value::NOT_IMPLEMENTED.0
    }

    /// Identity, as Python's `is`.
    #[inline(always)]
    pub const fn is(self, other: Value) -> bool {
        self.0 == other.0
    }

    /// `Some` when this is bound.
    #[inline(always)]
    pub fn bound(self) -> Option<Value> {
        if self.0 == 0 { None } else { Some(self) }
    }

    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.0 == Value::FALSE.0 || self.0 == Value::TRUE.0
    }

    #[inline(always)]
    pub const fn is_small_int(self) -> bool {
        self.0 & 3 == 1
    }

    /// The exact `int` in this word (not a `bool`, not a big int).
    #[inline(always)]
    pub const fn as_int(self) -> Option<Int> {
        if self.0 & 3 == 1 { Some(Int(self.0 as i64)) } else { None }
    }

    /// Both exact small ints: one test for two words.
    #[inline(always)]
    pub const fn as_ints(left: Value, right: Value) -> Option<(Int, Int)> {
        // Without its tag a small int ends in two zeros.
        if (left.0.wrapping_sub(1) | right.0.wrapping_sub(1)) & 3 == 0 {
            Some((Int(left.0 as i64), Int(right.0 as i64)))
        } else {
            None
        }
    }

    /// A small int or a bool as an `i64`.
    #[inline(always)]
    pub const fn as_small_or_bool(self) -> Option<i64> {
        if self.0 & 3 == 1 {
            Some(self.0 as i64 >> 2)
        } else if self.is_bool() {
            Some((self.0 == Value::TRUE.0) as i64)
        } else {
            None
        }
    }

    #[inline(always)]
    pub const fn is_immediate_float(self) -> bool {
        self.0 & 2 != 0
    }

    /// The float in this word; a boxed one is [`Value::as_float`]'s business.
    #[inline(always)]
    pub const fn as_immediate_float(self) -> Option<f64> {
        if self.0 & 2 != 0 { Some(f64::from_bits(self.0.wrapping_sub(3).rotate_right(4))) } else { None }
    }

    /// The float as an immediate, unless its exponent has no tag.
    #[inline(always)]
    pub const fn from_float(f: f64) -> Option<Value> {
        let word = f.to_bits().rotate_left(4).wrapping_add(3);
        if word & 2 != 0 { Some(Value(word, PhantomData)) } else { None }
    }

    /// The exact `float`, immediate or boxed.
    #[inline(always)]
    pub fn as_float(self) -> Option<f64> {
        match self.as_immediate_float() {
            Some(f) => Some(f),
            None => self.cast::<crate::float::Float>().map(|f| f.get()),
        }
    }

    #[inline(always)]
    pub const fn is_heap(self) -> bool {
        self.0 & 7 == 0 && self.0 != 0
    }

    /// The header of a heap object.
    #[inline(always)]
    pub fn header(&self) -> Option<&Header> {
        if self.0 & 7 == 0 {
            if self.0 == 0 {
                // Told to the compiler, so that it makes two compares that are predicted and not a computation.
                std::hint::cold_path();
                return None;
            }
            // SAFETY: an untagged non-zero word is a live heap pointer: the collector does not move, and whoever
            // holds the word keeps the object alive (precise roots or the conservative scan of this stack).
            Some(unsafe { &*(self.0 as *const Header) })
        } else {
            None
        }
    }

    /// The object as a `T`, when it is one.
    #[inline(always)]
    pub fn cast<T: Object>(self) -> Option<Gc<T>> {
        let header = self.header()?;
        // SAFETY: `T::is` has just verified the object's layout.
        if T::is(header) { Some(unsafe { Gc::from_word_unchecked(self.0) }) } else { None }
    }

    #[inline(always)]
    pub fn is_a<T: Object>(self) -> bool {
        self.header().is_some_and(T::is)
    }

    /// The identity, as Python's `id()`.
    pub const fn id(self) -> u64 {
        self.0
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Value::UNBOUND => write!(f, "<unbound>"),
            Value::NONE => write!(f, "None"),
            Value::FALSE => write!(f, "False"),
            Value::TRUE => write!(f, "True"),
            Value::ELLIPSIS => write!(f, "Ellipsis"),
            Value::NOT_IMPLEMENTED => write!(f, "NotImplemented"),
            v => match (v.as_int(), v.as_immediate_float()) {
                (Some(i), _) => write!(f, "{}", i.get()),
                (_, Some(x)) => write!(f, "{x:?}"),
                _ => write!(f, "<{:#x}>", v.0),
            },
        }
    }
}

impl Int {
    pub const MAX: Int = Int::tagged((1 << 61) - 1);
    pub const MIN: Int = Int::tagged(-(1 << 61));
    pub const ZERO: Int = Int::tagged(0);
    pub const ONE: Int = Int::tagged(1);

    const TAG: i64 = 1;

    const fn tagged(i: i64) -> Int {
        Int(i << 2 | Int::TAG)
    }

    /// The small int, when `i` fits in 62 bits.
    #[inline(always)]
    pub const fn new(i: i64) -> Option<Int> {
        if i >= Int::MIN.get() && i <= Int::MAX.get() { Some(Int::tagged(i)) } else { None }
    }

    /// A length or another number that is known to fit.
    #[inline(always)]
    pub const fn from_len(n: usize) -> Int {
        Int::tagged(n as i64)
    }

    #[inline(always)]
    pub const fn get(self) -> i64 {
        self.0 >> 2
    }

    #[inline(always)]
    pub const fn value(self) -> Value {
        Value(self.0 as u64, PhantomData)
    }

    /// Four times the int.
    #[inline(always)]
    const fn scaled(self) -> i64 {
        self.0 - Int::TAG
    }

    /// The sum, unless it needs more than 62 bits.
    #[inline(always)]
    pub const fn checked_add(self, other: Int) -> Option<Int> {
        match self.scaled().checked_add(other.0) {
            Some(tagged) => Some(Int(tagged)),
            None => None,
        }
    }

    /// The difference, unless it needs more than 62 bits.
    #[inline(always)]
    pub const fn checked_sub(self, other: Int) -> Option<Int> {
        match self.0.checked_sub(other.scaled()) {
            Some(tagged) => Some(Int(tagged)),
            None => None,
        }
    }

    /// The product, unless it needs more than 62 bits.
    #[inline(always)]
    pub const fn checked_mul(self, other: Int) -> Option<Int> {
        match self.scaled().checked_mul(other.get()) {
            Some(scaled) => Some(Int(scaled | Int::TAG)),
            None => None,
        }
    }

    /// Python's `//`; `None` for a zero divisor or an overflow.
    #[inline(always)]
    pub const fn checked_floordiv(self, other: Int) -> Option<Int> {
        let (a, b) = (self.get(), other.get());
        if b == 0 {
            return None;
        }
        let (q, r) = (a / b, a % b);
        Int::new(if r != 0 && (r ^ b) < 0 { q - 1 } else { q })
    }

    /// Python's `%`; `None` for a zero divisor.
    #[inline(always)]
    pub const fn checked_mod(self, other: Int) -> Option<Int> {
        let (a, b) = (self.get(), other.get());
        if b == 0 {
            return None;
        }
        // 32-bit division is several times as fast as 64-bit division on common machines.
        let r = if (a | b) as u64 >> 32 == 0 { (a as u32 % b as u32) as i64 } else { a % b };
        Some(Int::tagged(if r != 0 && (r ^ b) < 0 { r + b } else { r }))
    }
}

impl From<Int> for Value {
    #[inline(always)]
    fn from(i: Int) -> Value {
        i.value()
    }
}

impl From<bool> for Value {
    #[inline(always)]
    fn from(b: bool) -> Value {
        Value::bool(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_survive_the_tag() {
        for f in [0.0, -0.0, 1.0, -1.5, 3.5e300, f64::INFINITY, f64::NAN, 1e-300, 5e-324, 2.0f64.powi(-255)] {
            let Some(v) = Value::from_float(f) else { continue };
            assert_eq!(v.as_immediate_float().expect("an immediate").to_bits(), f.to_bits());
            assert!(!v.is_heap() && !v.is_small_int() && !v.is_none());
        }
        assert!(Value::from_float(1e100).is_none(), "needs a box");
    }

    #[test]
    fn int_arithmetic_stops_at_62_bits() {
        let int = |i: i64| Int::new(i).expect("small");
        assert_eq!(Int::MAX.checked_add(int(1)), None);
        assert_eq!(Int::MIN.checked_sub(int(1)), None);
        assert_eq!(int(1 << 40).checked_mul(int(1 << 30)), None);
        assert_eq!(int(-7).checked_floordiv(int(2)), Some(int(-4)));
        assert_eq!(int(-7).checked_mod(int(2)), Some(int(1)));
        assert_eq!(int(7).checked_mod(int(-2)), Some(int(-1)));
        assert_eq!(Int::MIN.checked_floordiv(int(-1)), None);
        assert_eq!(int(-5).value().as_int(), Some(int(-5)));
    }
}
