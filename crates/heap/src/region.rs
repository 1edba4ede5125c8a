//! Where things lie in a heap's address range.
//!
//! A heap reserves one range of [`REGION_SIZE`] addresses, aligned to its size, and takes memory in it as it grows. So the
//! owner of an object is found by masking its address, and every side table is an addition and a shift away:
//!
//! | offset | what |
//! |---|---|
//! | 0 | [`RegionHeader`] |
//! | 2 GB | mark bits, one for 16 bytes |
//! | 8 GB | line states, one byte for 64 bytes |
//! | 16 GB | blocks |
//! | 128 GB | large objects |
//!
//! The mark bits cover large objects too, so that marking does not ask which space an object is in.

use crate::header::Word;
use crate::os;
use crate::shared::SharedHeap;

pub const REGION_SIZE: usize = 1 << 38;
/// A block is the unit of allocation and sweeping.
pub const BLOCK: usize = 32 << 10;
/// A line is the unit of reuse within a block.
pub const LINE: usize = 64;
pub const LINES_PER_BLOCK: usize = BLOCK / LINE;
/// Bytes of mark bits for one block.
pub const MARK_BYTES_PER_BLOCK: usize = BLOCK / 128;
/// Objects above this size live in the large-object space.
pub const LARGE_OBJECT: usize = 8 << 10;

const MARKS: usize = 2 << 30;
const LINES: usize = 8 << 30;
const BLOCKS: usize = 16 << 30;
const LARGE: usize = 128 << 30;
/// Memory is taken from the system in steps of this; the matching steps of all tables are whole pages.
const COMMIT_STEP: usize = 1 << 20;

/// At the region's first address.
pub struct RegionHeader {
    pub owner: *const SharedHeap,
}

/// One heap's address range. Knows addresses, not objects.
pub struct Region {
    pub base: usize,
    blocks_committed: usize,
    large_committed: usize,
}

impl Region {
    pub fn reserve() -> Option<Region> {
        let base = os::reserve(REGION_SIZE, REGION_SIZE)?;
        let region = Region { base, blocks_committed: base + BLOCKS, large_committed: base + LARGE };
        // Without this first page the region is useless; dropping `region` gives the addresses back.
        os::commit(base, os::PAGE).then_some(region)
    }

    /// Says who owns the region; done once, before any object exists.
    pub fn set_owner(&self, owner: *const SharedHeap) {
        // SAFETY: the first page was committed by `reserve` and holds only this header.
        unsafe { (*(self.base as *mut RegionHeader)).owner = owner };
    }

    pub fn blocks_start(&self) -> usize {
        self.base + BLOCKS
    }

    pub fn large_start(&self) -> usize {
        self.base + LARGE
    }

    /// Makes block memory and its tables usable up to `end`. False: the system or the region has no more.
    pub fn commit_blocks(&mut self, end: usize) -> bool {
        while self.blocks_committed < end {
            let start = self.blocks_committed;
            let offset = start - self.base;
            if offset + COMMIT_STEP > LARGE
                || !os::commit(start, COMMIT_STEP)
                || !os::commit(self.base + MARKS + offset / 128, COMMIT_STEP / 128)
                || !os::commit(self.base + LINES + offset / LINE, COMMIT_STEP / LINE)
            {
                return false;
            }
            self.blocks_committed += COMMIT_STEP;
        }
        true
    }

    /// Makes large-object memory and its mark bits usable up to `end`.
    pub fn commit_large(&mut self, end: usize) -> bool {
        if end <= self.large_committed {
            return true;
        }
        let start = self.large_committed;
        let Some(size) = (end - start).checked_next_multiple_of(COMMIT_STEP) else { return false };
        let offset = start - self.base;
        if size > REGION_SIZE - offset
            || !os::commit(start, size)
            || !os::commit(self.base + MARKS + offset / 128, size / 128)
        {
            return false;
        }
        self.large_committed += size;
        true
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        os::unmap(self.base, REGION_SIZE);
    }
}

/// The base of the region that holds `address`, if any does.
#[inline(always)]
pub fn region_base(address: usize) -> usize {
    address & !(REGION_SIZE - 1)
}

/// True when both addresses lie in one heap's region.
#[inline(always)]
pub fn same_region(a: usize, b: usize) -> bool {
    region_base(a) == region_base(b)
}

/// Address of the mark table of the region at `base`.
#[inline(always)]
pub fn mark_table(base: usize) -> usize {
    base + MARKS
}

/// Size of the mark table's address range (for the verifier's shadow table).
pub const MARK_TABLE_SIZE: usize = REGION_SIZE / 128;

/// The byte and the bit that stand for `address` in a bit table that starts at `table`.
#[inline(always)]
pub fn bit_of(table: usize, base: usize, address: usize) -> (*mut u8, u8) {
    let offset = address - base;
    ((table + (offset >> 7)) as *mut u8, 1 << (offset >> 4 & 7))
}

/// The state byte of the line that holds `address`.
#[inline(always)]
pub fn line_of(base: usize, address: usize) -> *mut u8 {
    (base + LINES + (address - base) / LINE) as *mut u8
}

/// True when `address` (in the region at `base`) lies below the large-object space.
#[inline(always)]
pub fn is_in_blocks(base: usize, address: usize) -> bool {
    address - base < LARGE
}

const _: () = assert!(size_of::<Word>() == 8 && (COMMIT_STEP / 128).is_multiple_of(os::PAGE));
