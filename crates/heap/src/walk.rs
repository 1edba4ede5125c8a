//! Finding objects without references to them: from interior addresses, and all of them in turn.
//!
//! Old objects are known by their mark bits. Fresh ones are found by walking the lines handed out since the last
//! collection: each run of such lines is filled from its start, and the first zero header word ends it. The result is a
//! block's start bits, built when first asked for and valid until allocation goes on.

use std::ptr::NonNull;

use crate::alloc::Heap;
use crate::block::{BlockState, Blocks, LINE_FRESH};
use crate::header::{GRANULE, Header, KindTable};
use crate::region::{BLOCK, LINE, LINES_PER_BLOCK, MARK_BYTES_PER_BLOCK};
use crate::shared::State;

impl Heap {
    /// The object that `address` points to or into; nothing when there is none. Between collections that includes dead
    /// objects which have not been reclaimed.
    pub fn identify(&mut self, address: usize) -> Option<NonNull<Header>> {
        let kinds = self.shared.kinds;
        let state = self.state();
        state.start_walk();
        state.resolve(kinds, address).and_then(|object| NonNull::new(object as *mut Header))
    }

    /// Calls `f` with every object, dead ones included that have not been reclaimed (collect first to avoid them). `f`
    /// must not allocate.
    pub fn for_each_object(&mut self, f: &mut dyn FnMut(*const Header)) {
        let kinds = self.shared.kinds;
        let state = self.state();
        state.start_walk();
        for index in 0..state.blocks.infos.len() as u32 {
            if state.blocks.infos[index as usize].state == BlockState::Free {
                continue;
            }
            state.blocks.build_starts(kinds, index);
            let start = state.blocks.address(index);
            for (i, byte) in state.blocks.starts(index).iter().enumerate() {
                for bit in (0..8).filter(|bit| byte >> bit & 1 != 0) {
                    f((start + (i * 8 + bit) * GRANULE) as *const Header);
                }
            }
        }
        state.large.for_each(f);
    }
}

impl State {
    /// Makes all start bits stale. To be called before `resolve` whenever something may have been allocated.
    pub fn start_walk(&mut self) {
        self.blocks.walk = self.blocks.walk.wrapping_add(1);
    }

    /// The object that `address`, any number, points to or into.
    pub fn resolve(&mut self, kinds: &'static KindTable, address: usize) -> Option<usize> {
        let Some(index) = self.blocks.index_of(address) else { return self.large.resolve(address) };
        if self.blocks.infos[index as usize].state == BlockState::Free {
            return None;
        }
        self.blocks.build_starts(kinds, index);
        let start = self.blocks.address(index);
        let granule = (address - start) / GRANULE;
        let object = start + last_bit(self.blocks.starts(index), granule)? * GRANULE;
        // SAFETY: start bits stand for parsable objects.
        let size = unsafe { kinds[(*(object as *const Header)).kind() as usize].size_of(object as *const Header) };
        (address < object + size).then_some(object)
    }
}

impl Blocks {
    /// Makes the block's start bits valid for the current walk.
    fn build_starts(&mut self, kinds: &'static KindTable, index: u32) {
        if self.infos[index as usize].starts_of_walk == self.walk {
            return;
        }
        self.infos[index as usize].starts_of_walk = self.walk;
        let mut starts = *self.marks(index);
        let block = self.address(index);
        let lines = self.lines(index);
        let mut line = 0;
        while line < LINES_PER_BLOCK {
            if lines[line] != LINE_FRESH {
                line += 1;
                continue;
            }
            let first = line;
            while line < LINES_PER_BLOCK && lines[line] == LINE_FRESH {
                line += 1;
            }
            let mut object = block + first * LINE;
            let end = block + line * LINE;
            // SAFETY: `object` stays inside a run that was handed to one allocator, zeroed; it holds parsable objects up
            // to the first zero word.
            while object < end && unsafe { *(object as *const u64) } != 0 {
                let granule = (object - block) / GRANULE;
                starts[granule / 8] |= 1 << (granule % 8);
                // SAFETY: as above.
                let size = unsafe {
                    let header = object as *const Header;
                    kinds[(*header).kind() as usize].size_of(header)
                };
                assert!(
                    size >= GRANULE && object + size <= block + BLOCK,
                    "heap corruption: object {object:#x} claims {size} bytes"
                );
                object += size;
            }
        }
        *self.starts(index) = starts;
    }
}

/// The index of the last bit that is set, at or before `from`.
fn last_bit(bits: &[u8; MARK_BYTES_PER_BLOCK], from: usize) -> Option<usize> {
    let mut byte = from / 8;
    let mut value = bits[byte] & (0xFF >> (7 - from % 8));
    while value == 0 {
        byte = byte.checked_sub(1)?;
        value = bits[byte];
    }
    Some(byte * 8 + 7 - value.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    #[test]
    fn last_bit_at_or_before() {
        let mut bits = [0; super::MARK_BYTES_PER_BLOCK];
        bits[0] = 0b10;
        bits[9] = 0b1000_0001;
        let last = |from| super::last_bit(&bits, from);
        assert_eq!(
            (last(0), last(1), last(71), last(72), last(78), last(79)),
            (None, Some(1), Some(1), Some(72), Some(72), Some(79))
        );
        assert_eq!(last(2047), Some(79));
    }
}
