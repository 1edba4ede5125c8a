//! Finding objects without references to them: from interior addresses, and all of them in turn.
//!
//! Old objects are known by their mark bits. Fresh ones are found by walking the lines handed out since the last
//! collection: each run of such lines is filled from its start, and the first zero header word ends it.

use std::ptr::NonNull;

use crate::alloc::Heap;
use crate::block::{Blocks, LINE_FREE, LINE_FRESH, LINE_QUARANTINED};
use crate::header::{GRANULE, Header, KindTable};
use crate::region::{BLOCK, LINE, LINES_PER_BLOCK, MARK_BYTES_PER_BLOCK};
use crate::shared::State;

impl Heap {
    /// The object that `address` points to or into; nothing when there is none. Between collections that includes dead
    /// objects which have not been reclaimed.
    pub fn identify(&mut self, address: usize) -> Option<NonNull<Header>> {
        let kinds = self.shared.kinds;
        let mut objects = Vec::new();
        self.state().resolve(kinds, &mut vec![address], &mut objects);
        objects.pop().and_then(|object| NonNull::new(object as *mut Header))
    }

    /// Calls `f` with every object, dead ones included that have not been reclaimed (collect first to avoid them). `f`
    /// must not allocate.
    pub fn for_each_object(&mut self, f: &mut dyn FnMut(*const Header)) {
        let kinds = self.shared.kinds;
        let state = self.state();
        for index in 0..state.blocks.infos.len() as u32 {
            state.blocks.for_each_object(kinds, index, f);
        }
        state.large.for_each(f);
    }
}

impl State {
    /// Adds the objects that `addresses`, any numbers, point to or into. Leaves `addresses` with those in fresh lines.
    pub fn resolve(&mut self, kinds: &'static KindTable, addresses: &mut Vec<usize>, objects: &mut Vec<usize>) {
        addresses.retain(|&address| {
            let Some(index) = self.blocks.index_of(address) else {
                objects.extend(self.large.resolve(address));
                return false;
            };
            let state = self.blocks.lines(index)[address % BLOCK / LINE];
            if state != LINE_FRESH && state != LINE_FREE && state != LINE_QUARANTINED {
                objects.extend(self.blocks.old_object(kinds, index, address));
            }
            state == LINE_FRESH
        });
        addresses.sort_unstable();
        let mut run = FreshRun { object: 0, end: 0 };
        for &address in addresses.iter() {
            if address >= run.end {
                run = self.blocks.fresh_run(address);
            }
            objects.extend(run.find(kinds, address));
        }
    }
}

/// What is left of a walk through a run of fresh lines.
struct FreshRun {
    /// The next object, if its header is not zero.
    object: usize,
    end: usize,
}

impl FreshRun {
    /// Size of the next object; 0 at the end of what is in use.
    fn size(&self, kinds: &'static KindTable) -> usize {
        // SAFETY: `object` stays inside a run that was handed to one allocator, zeroed; it holds parsable objects up to the
        // first zero word.
        unsafe {
            if self.object >= self.end || *(self.object as *const u64) == 0 {
                return 0;
            }
            let header = self.object as *const Header;
            let size = kinds[(*header).kind() as usize].size_of(header);
            let object = self.object;
            assert!(
                size >= GRANULE && object % BLOCK + size <= BLOCK,
                "heap corruption: object {object:#x} claims {size} bytes"
            );
            size
        }
    }

    /// Walks on to the object that holds `address`, which is not below the next object.
    fn find(&mut self, kinds: &'static KindTable, address: usize) -> Option<usize> {
        loop {
            let size = self.size(kinds);
            if size == 0 {
                return None;
            }
            if address < self.object + size {
                return Some(self.object);
            }
            self.object += size;
        }
    }
}

impl Blocks {
    /// The run of fresh lines that holds `address`.
    fn fresh_run(&mut self, address: usize) -> FreshRun {
        let block = address & !(BLOCK - 1);
        let index = self.index_of(address).expect("fresh lines lie in blocks");
        let lines = self.lines(index);
        let line = (address - block) / LINE;
        let first = lines[..line].iter().rposition(|&state| state != LINE_FRESH).map_or(0, |last| last + 1);
        let end = lines[line..].iter().position(|&state| state != LINE_FRESH).map_or(LINES_PER_BLOCK, |n| line + n);
        FreshRun { object: block + first * LINE, end: block + end * LINE }
    }

    /// The old object that holds `address`, by the block's mark bits.
    fn old_object(&mut self, kinds: &'static KindTable, index: u32, address: usize) -> Option<usize> {
        let block = self.address(index);
        let object = block + last_bit(self.marks(index), (address - block) / GRANULE)? * GRANULE;
        // SAFETY: mark bits stand for parsable objects.
        let size = unsafe { kinds[(*(object as *const Header)).kind() as usize].size_of(object as *const Header) };
        (address < object + size).then_some(object)
    }

    /// All objects of a block in the order of their addresses.
    fn for_each_object(&mut self, kinds: &'static KindTable, index: u32, f: &mut dyn FnMut(*const Header)) {
        const GRANULES_PER_LINE: usize = LINE / GRANULE;
        /// As many lines as a word of mark bits covers.
        const GROUP: usize = 64 / GRANULES_PER_LINE;
        let block = self.address(index);
        let (marks, lines) = (*self.marks(index), *self.lines(index));
        let mut fresh_end = block;
        for (i, (marks, lines)) in marks.as_chunks().0.iter().zip(lines.as_chunks::<GROUP>().0).enumerate() {
            let start = block + i * GROUP * LINE;
            let marks = u64::from_le_bytes(*marks);
            if !lines.contains(&LINE_FRESH) {
                for_each_marked(start, marks, f);
                continue;
            }
            for (j, &state) in lines.iter().enumerate() {
                let line = start + j * LINE;
                if state != LINE_FRESH {
                    let own = marks >> (j * GRANULES_PER_LINE) & ((1 << GRANULES_PER_LINE) - 1);
                    for_each_marked(line, own, f);
                } else if line >= fresh_end {
                    let mut run = self.fresh_run(line);
                    fresh_end = run.end;
                    while let size @ 1.. = run.size(kinds) {
                        f(run.object as *const Header);
                        run.object += size;
                    }
                }
            }
        }
    }
}

/// Calls `f` with the objects that the mark bits from address `start` on stand for.
fn for_each_marked(start: usize, mut marks: u64, f: &mut dyn FnMut(*const Header)) {
    while marks != 0 {
        f((start + marks.trailing_zeros() as usize * GRANULE) as *const Header);
        marks &= marks - 1;
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
