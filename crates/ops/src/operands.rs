//! What an operation's parameters mean beside values from the stack.

use object::Value;

/// The instruction's operand, with its `EXTENDED_ARG` prefixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Oparg(pub usize);

impl Oparg {
    #[inline(always)]
    pub fn get(self) -> usize {
        self.0
    }

    /// The first of two indices packed in four bits each.
    #[inline(always)]
    pub fn high(self) -> usize {
        self.0 >> 4
    }

    /// The second of two indices packed in four bits each.
    #[inline(always)]
    pub fn low(self) -> usize {
        self.0 & 15
    }

    #[inline(always)]
    pub fn bit(self, n: u32) -> bool {
        self.0 >> n & 1 != 0
    }
}

/// A field of the inline cache that starts at cache unit `AT` (0 is the counter, where the family has one).
#[derive(Clone, Copy, Debug)]
pub struct Cached<T, const AT: usize>(pub T);

/// A pointer kept in three cache units.
#[derive(Clone, Copy, Debug)]
pub struct Cached48<T, const AT: usize>(pub T);

/// A stack input that stays where it is.
#[derive(Clone, Copy, Debug)]
pub struct Keep(pub Value);

/// The value `oparg` places below the popped inputs; it stays where it is.
#[derive(Clone, Copy, Debug)]
pub struct Peek(pub Value);
