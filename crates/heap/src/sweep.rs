//! Gives unmarked lines back. Looks at line states only, never at objects.
//!
//! A minor collection sweeps the blocks that were allocated into, a full one all.

use std::ptr;

use crate::block::{BlockState, Blocks, LINE_FREE, LINE_QUARANTINED};
use crate::os;
use crate::region::{BLOCK, LINE, LINES_PER_BLOCK};
use crate::shared::State;

/// What freed lines are filled with in the poison mode: seen as a pointer it faults, seen as an address it is odd to no one.
pub const POISON: u64 = 0xDEAD_F7EE_DEAD_F7E8;

impl State {
    pub fn sweep(&mut self, full: bool) {
        let poison = self.config.checks.poison;
        let blocks = &mut self.blocks;
        let touched = std::mem::take(&mut blocks.touched);
        if full || poison {
            blocks.free.clear();
            blocks.recyclable.clear();
            blocks.roomy.clear();
            // Descending, so that the lists' ends, where the allocator takes from, hold the lowest addresses.
            for index in (0..blocks.infos.len() as u32).rev() {
                if blocks.infos[index as usize].state == BlockState::Free {
                    blocks.free.push(index);
                } else {
                    blocks.sweep_block(index, poison);
                }
            }
        } else {
            for &index in touched.iter().rev() {
                blocks.sweep_block(index, false);
            }
        }
        self.blocks.fresh_bytes = 0;
        self.large.sweep(full);
        if full {
            self.release_free_blocks();
        }
    }

    /// Gives the memory of free blocks back to the system as far as there are many more than the allocator will soon need.
    fn release_free_blocks(&mut self) {
        let slack = (2 * self.pace.nursery()).max(self.live_bytes() / 8) / BLOCK;
        let blocks = &mut self.blocks;
        let n_released = blocks.free.len().saturating_sub(slack);
        // The list is in descending order and allocators take from its end: its start is least likely to be used soon.
        let mut run_start = 0;
        let mut run_end = 0;
        for i in 0..n_released {
            let index = blocks.free[i];
            if std::mem::replace(&mut blocks.infos[index as usize].zeroed, true) {
                continue;
            }
            let address = blocks.address(index);
            if address + BLOCK != run_start {
                os::discard(run_start, run_end - run_start);
                run_end = address + BLOCK;
            }
            run_start = address;
        }
        os::discard(run_start, run_end - run_start);
    }
}

impl Blocks {
    fn sweep_block(&mut self, index: u32, poison: bool) {
        let epoch = self.line_epoch;
        let address = self.address(index);
        let lines = self.lines(index);
        let mut n_live = 0;
        let mut n_free = 0;
        if poison {
            for (i, line) in lines.iter_mut().enumerate() {
                let line_address = address + i * LINE;
                if *line == epoch {
                    n_live += 1;
                } else if *line == LINE_FREE || *line == LINE_QUARANTINED {
                    if *line == LINE_QUARANTINED {
                        check_poison(line_address);
                    }
                    *line = LINE_FREE;
                    n_free += 1;
                } else {
                    fill_poison(line_address);
                    *line = LINE_QUARANTINED;
                }
            }
        } else {
            // In groups whose counts fit a byte, for the compiler to do sixteen lines or more at once.
            for group in lines.as_chunks_mut::<128>().0 {
                let mut n_live_here = 0u8;
                for line in group {
                    let live = *line == epoch;
                    n_live_here += live as u8;
                    *line = if live { epoch } else { LINE_FREE };
                }
                n_live += n_live_here as usize;
            }
            n_free = LINES_PER_BLOCK - n_live;
        }
        self.file_swept(index, n_live, n_free);
    }
}

fn fill_poison(line: usize) {
    for i in 0..LINE / 8 {
        // SAFETY: a line that is neither live nor free any more belongs to the sweeper.
        unsafe { ptr::write((line as *mut u64).add(i), POISON) };
    }
}

fn check_poison(line: usize) {
    for i in 0..LINE / 8 {
        let slot = (line + i * 8) as *const u64;
        // SAFETY: quarantined lines are committed memory that nobody should touch.
        let word = unsafe { ptr::read(slot) };
        assert!(word == POISON, "heap corruption: {slot:p} was freed, then {word:#x} was written to it");
    }
}
