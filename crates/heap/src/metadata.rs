//! Address space below 4 GB for shapes and other records that live as long as the VM: a record's address is its 32-bit
//! id, and a shape guard compares a header with an immediate.
//!
//! Not collected: records are never freed one by one. The `object` crate traces what they refer to.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::os;
use crate::shared::OutOfMemory;

/// One VM's records. Zeroed on allocation.
pub struct MetadataRegion {
    start: usize,
    end: usize,
    /// The first unused address.
    top: AtomicUsize,
    /// Memory up to here is readable and writable.
    committed: AtomicUsize,
}

impl MetadataRegion {
    pub const DEFAULT_SIZE: usize = 256 << 20;
    const COMMIT_STEP: usize = 256 << 10;

    /// Reserves `size` bytes of addresses; memory is taken as records are made.
    pub fn new(size: usize) -> Result<MetadataRegion, OutOfMemory> {
        let size = size.next_multiple_of(os::PAGE);
        let start = os::reserve_low(size).ok_or(OutOfMemory)?;
        Ok(MetadataRegion {
            start,
            end: start + size,
            top: AtomicUsize::new(start),
            committed: AtomicUsize::new(start),
        })
    }

    /// The address of `size` zeroed bytes, or nothing when the region is full.
    pub fn try_alloc(&self, size: usize, align: usize) -> Option<u32> {
        debug_assert!(align.is_power_of_two());
        let mut top = self.top.load(Ordering::Relaxed);
        loop {
            let record = (top + align - 1) & !(align - 1);
            let end = record.checked_add(size).filter(|&end| end <= self.end)?;
            if end > self.committed.load(Ordering::Acquire) {
                // Two threads may commit the same pages: harmless.
                let start = top & !(os::PAGE - 1);
                let target = (end + Self::COMMIT_STEP).next_multiple_of(os::PAGE).min(self.end);
                if !os::commit(start, target - start) {
                    return None;
                }
                self.committed.fetch_max(target, Ordering::Release);
            }
            match self.top.compare_exchange_weak(top, end, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Some(record as u32),
                Err(current) => top = current,
            }
        }
    }

    /// As [`try_alloc`](Self::try_alloc), for callers that cannot go on without the record.
    pub fn alloc(&self, size: usize, align: usize) -> u32 {
        self.try_alloc(size, align)
            .unwrap_or_else(|| panic!("the metadata region of {} bytes is full", self.end - self.start))
    }

    pub fn contains(&self, address: usize) -> bool {
        (self.start..self.end).contains(&address)
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.top.load(Ordering::Relaxed) - self.start
    }
}

impl Drop for MetadataRegion {
    fn drop(&mut self) {
        os::unmap(self.start, self.end - self.start);
    }
}

#[cfg(test)]
mod tests {
    use super::MetadataRegion;

    #[test]
    fn records_are_low_zeroed_and_disjoint() {
        let region = MetadataRegion::new(8 << 20).unwrap();
        let other = MetadataRegion::new(8 << 20).unwrap();
        let mut previous_end = 0;
        for i in 0..10_000u32 {
            let size = 8 + (i as usize * 8) % 300;
            let id = region.alloc(size, 16);
            assert!(id.is_multiple_of(16) && id as usize >= previous_end && region.contains(id as usize));
            assert!(!other.contains(id as usize));
            previous_end = id as usize + size;
            // SAFETY: the region handed these bytes to this test alone.
            let bytes = unsafe { std::slice::from_raw_parts_mut(id as usize as *mut u8, size) };
            assert!(bytes.iter().all(|&byte| byte == 0));
            bytes.fill(0xFF);
        }
        assert!(region.used() >= 10_000 * 150);
        assert_eq!(region.try_alloc(16 << 20, 8), None);
    }
}
