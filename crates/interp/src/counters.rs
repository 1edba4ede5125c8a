//! The adaptive counters in the first cache unit: CPython 3.14's exponential back-off.
//!
//! Twelve bits of value over four bits of back-off exponent. The value counts down; at zero it is time to specialise.

/// A counter with this exponent never triggers.
const UNREACHABLE: u16 = 15;
const BITS: u32 = 4;
const MAX_BACKOFF: u16 = 12;

const fn make(value: u16, backoff: u16) -> u16 {
    value << BITS | backoff
}

/// A fresh site: the second execution specialises.
pub const WARMUP: u16 = make(1, 1);
/// A fresh backward jump.
pub const JUMP_BACKWARD: u16 = make(4095, 12);

#[inline(always)]
pub fn triggers(counter: u16) -> bool {
    counter < UNREACHABLE
}

#[inline(always)]
pub fn advance(counter: u16) -> u16 {
    counter.wrapping_sub(1 << BITS)
}

/// A site that has just been specialised, after `misses` times of being given up: so many misses until it is tried anew.
/// Doubles from 52, so that a site where several kinds alternate is seldom rewritten.
pub fn cooldown(misses: usize) -> u16 {
    make((52usize << misses.min(6)).min(4095) as u16, 0)
}

/// After an attempt that failed: wait twice as long.
pub fn restart(counter: u16) -> u16 {
    let backoff = (counter & ((1 << BITS) - 1)).min(MAX_BACKOFF);
    let backoff = (backoff + 1).min(MAX_BACKOFF);
    make((1 << backoff) - 1, backoff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_warms_up_and_backs_off() {
        assert!(!triggers(WARMUP));
        assert!(triggers(advance(WARMUP)));
        let mut counter = advance(WARMUP);
        let mut waits = Vec::new();
        for _ in 0..13 {
            counter = restart(counter);
            waits.push(counter >> BITS);
        }
        assert_eq!(waits[..3], [3, 7, 15]);
        assert_eq!(waits[12], 4095);
    }
}
