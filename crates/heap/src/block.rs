//! Blocks and lines: which are free, which hold fresh or old objects, and where the next hole is.
//!
//! The allocator takes holes and blocks from here; the sweeper gives them back. Nothing here looks into objects.

use std::ptr;

use crate::region::{self, BLOCK, LINE, LINES_PER_BLOCK, MARK_BYTES_PER_BLOCK, Region};

/// States of a line, next to the two line epochs 1 and 2 that alternate with full collections.
pub const LINE_FREE: u8 = 0;
/// Freed and poisoned; becomes free at the next collection.
pub const LINE_QUARANTINED: u8 = 254;
/// Handed to an allocator since the last collection.
pub const LINE_FRESH: u8 = 255;

/// A block with fewer free lines than this is not offered to allocators: tiny holes cost more time than they save memory
/// (an eighth against a 32nd: 8% off the time of a loop whose every 64th object survives).
const WORTH_RECYCLING: usize = LINES_PER_BLOCK / 8;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockState {
    /// On the free list.
    Free,
    /// On the recyclable or the roomy list: some free lines.
    Recyclable,
    /// Being filled, or full.
    InUse,
    /// Without live lines, but with quarantined ones.
    Quarantined,
}

pub struct BlockInfo {
    pub state: BlockState,
    /// A free block whose memory is known to be zero: never used, or given back to the system.
    pub zeroed: bool,
    pub live_lines: u16,
}

/// All blocks of a heap, by index.
pub struct Blocks {
    pub region: Region,
    pub infos: Vec<BlockInfo>,
    pub free: Vec<u32>,
    pub recyclable: Vec<u32>,
    /// Those that are at least half free.
    pub roomy: Vec<u32>,
    /// Blocks that allocators have taken lines from since the last collection.
    pub touched: Vec<u32>,
    /// Lines of old objects in all blocks.
    pub live_lines: usize,
    /// The state of lines that hold old objects.
    pub line_epoch: u8,
    /// Bytes handed to allocators since the last collection.
    pub fresh_bytes: usize,
}

impl Blocks {
    pub fn new(region: Region) -> Blocks {
        Blocks {
            region,
            infos: Vec::new(),
            free: Vec::new(),
            recyclable: Vec::new(),
            roomy: Vec::new(),
            touched: Vec::new(),
            live_lines: 0,
            line_epoch: 1,
            fresh_bytes: 0,
        }
    }

    pub fn address(&self, index: u32) -> usize {
        self.region.blocks_start() + index as usize * BLOCK
    }

    /// The block that holds `address`, which may be any number.
    pub fn index_of(&self, address: usize) -> Option<u32> {
        let index = address.checked_sub(self.region.blocks_start())? / BLOCK;
        (index < self.infos.len()).then_some(index as u32)
    }

    /// The line states of a block.
    pub fn lines(&mut self, index: u32) -> &mut [u8; LINES_PER_BLOCK] {
        let first = region::line_of(self.region.base, self.address(index));
        // SAFETY: the table is committed for every block in `infos`, and `&mut self` makes the borrow unique.
        unsafe { &mut *first.cast() }
    }

    /// The mark bits of a block.
    pub fn marks(&mut self, index: u32) -> &mut [u8; MARK_BYTES_PER_BLOCK] {
        let base = self.region.base;
        let (first, _) = region::bit_of(region::mark_table(base), base, self.address(index));
        // SAFETY: as for `lines`.
        unsafe { &mut *first.cast() }
    }

    /// A block with free lines: the roomier the better, but any before one that needs memory from the system.
    pub fn take_next(&mut self) -> Option<u32> {
        if let Some(index) = self.take_roomy() {
            return Some(index);
        }
        if self.free.last().is_some_and(|&index| !self.infos[index as usize].zeroed) {
            return self.take_empty();
        }
        match self.recyclable.pop() {
            Some(index) => Some(self.hand_out(index)),
            None => self.take_empty(),
        }
    }

    /// A block that is at least half free, but not empty.
    pub fn take_roomy(&mut self) -> Option<u32> {
        let index = self.roomy.pop()?;
        Some(self.hand_out(index))
    }

    /// Notes that an allocator has this block, which is on no list any more.
    fn hand_out(&mut self, index: u32) -> u32 {
        self.infos[index as usize].state = BlockState::InUse;
        self.touched.push(index);
        index
    }

    /// An empty block, from the free list or from the system.
    pub fn take_empty(&mut self) -> Option<u32> {
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                let index = self.infos.len() as u32;
                if !self.region.commit_blocks(self.address(index) + BLOCK) {
                    return None;
                }
                self.infos.push(BlockInfo { state: BlockState::Free, zeroed: true, live_lines: 0 });
                index
            }
        };
        Some(self.hand_out(index))
    }

    /// Takes the first hole of a block at or after `from_line`: zeroed memory, its start and end. Nothing: no hole left.
    pub fn take_hole(&mut self, index: u32, from_line: usize) -> Option<(usize, usize)> {
        let lines = self.lines(index);
        let first = next_free(lines, from_line);
        if first == LINES_PER_BLOCK {
            return None;
        }
        let end = next_used(lines, first);
        lines[first..end].fill(LINE_FRESH);
        let address = self.address(index);
        let (start, size) = (address + first * LINE, (end - first) * LINE);
        let info = &mut self.infos[index as usize];
        if !info.zeroed {
            // SAFETY: free lines belong to nobody; `address` lies in committed block memory.
            unsafe { ptr::write_bytes(start as *mut u8, 0, size) };
        }
        // Only whole free blocks are marked as zeroed, and those are taken whole.
        info.zeroed = false;
        self.fresh_bytes += size;
        Some((start, start + size))
    }

    /// Recounts a block after marking and files it under its new state.
    pub fn file_swept(&mut self, index: u32, live_lines: usize, free_lines: usize) {
        let info = &mut self.infos[index as usize];
        self.live_lines = self.live_lines - info.live_lines as usize + live_lines;
        info.live_lines = live_lines as u16;
        info.state = if live_lines == 0 && free_lines == LINES_PER_BLOCK {
            self.free.push(index);
            BlockState::Free
        } else if free_lines >= WORTH_RECYCLING {
            let list = if free_lines >= LINES_PER_BLOCK / 2 { &mut self.roomy } else { &mut self.recyclable };
            list.push(index);
            BlockState::Recyclable
        } else if live_lines == 0 {
            BlockState::Quarantined
        } else {
            BlockState::InUse
        };
    }

    pub fn live_bytes(&self) -> usize {
        self.live_lines * LINE
    }
}

/// The first free line at or after `from`; `LINES_PER_BLOCK` when there is none. Eight lines at a time: allocation in
/// fragmented blocks spends its time here.
fn next_free(lines: &[u8; LINES_PER_BLOCK], mut from: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    while let Some(eight) = lines[from..].first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        // The lowest zero byte gets its high bit set; bytes above it may get it too.
        let zeros = eight.wrapping_sub(LOW) & !eight & (LOW << 7);
        if zeros != 0 {
            return from + zeros.trailing_zeros() as usize / 8;
        }
        from += 8;
    }
    lines[from..].iter().position(|&line| line == LINE_FREE).map_or(LINES_PER_BLOCK, |n| from + n)
}

/// The first line at or after `from` that is not free; `LINES_PER_BLOCK` when there is none.
fn next_used(lines: &[u8; LINES_PER_BLOCK], mut from: usize) -> usize {
    while let Some(eight) = lines[from..].first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        if eight != 0 {
            return from + eight.trailing_zeros() as usize / 8;
        }
        from += 8;
    }
    lines[from..].iter().position(|&line| line != LINE_FREE).map_or(LINES_PER_BLOCK, |n| from + n)
}

#[cfg(test)]
mod tests {
    use super::{LINE_FREE, LINES_PER_BLOCK, next_free, next_used};

    #[test]
    fn holes_are_found_at_every_offset() {
        for start in 0..40 {
            for length in 1..40 {
                let mut lines = [1; LINES_PER_BLOCK];
                lines[start..start + length].fill(LINE_FREE);
                assert_eq!((next_free(&lines, 0), next_used(&lines, start)), (start, start + length));
                assert_eq!(next_free(&lines, start + length), LINES_PER_BLOCK);
                lines[start + length..].fill(LINE_FREE);
                assert_eq!(next_used(&lines, start), LINES_PER_BLOCK);
            }
        }
    }
}
