//! Objects above [`LARGE_OBJECT`](crate::LARGE_OBJECT): each has its own range of addresses, freed as soon as a
//! collection finds it dead.
//!
//! Freed ranges are kept with their old contents while they are few and zeroed at reuse; beyond a budget their memory goes
//! back to the system.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use crate::header::Header;
use crate::os;
use crate::region::{self, Region};

/// Ranges are multiples of this: small enough to waste little of a 9 KB object.
const GRAIN: usize = 512;
/// A freed range of this size gives its memory back at once.
const DISCARD_AT_ONCE: usize = 1 << 20;
/// Old contents kept in freed ranges, at most; when they are more, half of it.
const DIRTY_BUDGET: usize = 2 << 20;

pub struct LargeSpace {
    base: usize,
    start: usize,
    /// The first address never used.
    top: usize,
    /// Size of the range of every object, by address: for interior pointers.
    objects: BTreeMap<usize, usize>,
    young: Vec<usize>,
    old: Vec<usize>,
    young_bytes: usize,
    old_bytes: usize,
    /// Free ranges that read as zero.
    clean: Ranges,
    /// Free ranges with old contents.
    dirty: Ranges,
}

impl LargeSpace {
    pub fn new(region: &Region) -> LargeSpace {
        let start = region.large_start();
        LargeSpace {
            base: region.base,
            start,
            top: start,
            objects: BTreeMap::new(),
            young: Vec::new(),
            old: Vec::new(),
            young_bytes: 0,
            old_bytes: 0,
            clean: Ranges::default(),
            dirty: Ranges::default(),
        }
    }

    /// Zeroed memory for an object, or nothing when the region or the system has no more.
    pub fn allocate(&mut self, region: &mut Region, size: usize) -> Option<usize> {
        let size = size.checked_next_multiple_of(GRAIN)?;
        let address = if let Some(address) = self.dirty.take(size) {
            // SAFETY: free ranges are committed and belong to nobody.
            unsafe { ptr::write_bytes(address as *mut u8, 0, size) };
            address
        } else if let Some(address) = self.clean.take(size) {
            address
        } else {
            let end = self.top.checked_add(size)?;
            if !region.commit_large(end) {
                return None;
            }
            std::mem::replace(&mut self.top, end)
        };
        self.objects.insert(address, size);
        self.young.push(address);
        self.young_bytes += size;
        Some(address)
    }

    /// The object whose range holds `address`.
    pub fn resolve(&self, address: usize) -> Option<usize> {
        if !(self.start..self.top).contains(&address) {
            return None;
        }
        let (&object, &size) = self.objects.range(..=address).next_back()?;
        (address < object + size).then_some(object)
    }

    /// Frees what is not marked: among the young objects, or among all.
    pub fn sweep(&mut self, full: bool) {
        let young = std::mem::take(&mut self.young);
        if full {
            let old = std::mem::take(&mut self.old);
            self.old_bytes = 0;
            self.sweep_list(old);
        }
        self.sweep_list(young);
        self.young_bytes = 0;
        if self.dirty.bytes > DIRTY_BUDGET {
            while self.dirty.bytes > DIRTY_BUDGET / 2 {
                let (start, size) = self.dirty.take_last();
                give_back(start, size);
                self.clean.insert(start, size);
            }
        }
    }

    fn sweep_list(&mut self, objects: Vec<usize>) {
        for object in objects {
            let (byte, bit) = region::bit_of(region::mark_table(self.base), self.base, object);
            // SAFETY: the mark table is committed wherever objects are.
            if unsafe { *byte } & bit != 0 {
                self.old_bytes += self.objects[&object];
                self.old.push(object);
                continue;
            }
            let size = self.objects.remove(&object).expect("every large object is in the table");
            if size >= DISCARD_AT_ONCE {
                give_back(object, size);
                self.clean.insert(object, size);
            } else {
                self.dirty.insert(object, size);
            }
        }
    }

    /// Before a full collection: makes all objects unmarked.
    pub fn clear_marks(&mut self) {
        for &object in self.objects.keys() {
            let (byte, bit) = region::bit_of(region::mark_table(self.base), self.base, object);
            // SAFETY: as in `sweep_list`.
            unsafe { *byte &= !bit };
        }
    }

    pub fn for_each(&self, f: &mut dyn FnMut(*const Header)) {
        for &object in self.objects.keys() {
            f(object as *const Header);
        }
    }

    pub fn young_bytes(&self) -> usize {
        self.young_bytes
    }

    pub fn old_bytes(&self) -> usize {
        self.old_bytes
    }
}

/// Returns a free range's memory to the system; all of the range reads as zero afterwards.
fn give_back(start: usize, size: usize) {
    let end = start + size;
    let first_page = start.next_multiple_of(os::PAGE).min(end);
    let last_page = (end & !(os::PAGE - 1)).max(first_page);
    // SAFETY: the range is committed and belongs to nobody; only its own part of shared pages is written.
    unsafe {
        ptr::write_bytes(start as *mut u8, 0, first_page - start);
        ptr::write_bytes(last_page as *mut u8, 0, end - last_page);
    }
    if last_page > first_page {
        os::discard(first_page, last_page - first_page);
    }
}

/// Disjoint address ranges, neighbours merged; answers requests by best fit.
#[derive(Default)]
struct Ranges {
    by_start: BTreeMap<usize, usize>,
    by_size: BTreeSet<(usize, usize)>,
    bytes: usize,
}

impl Ranges {
    fn insert(&mut self, mut start: usize, mut size: usize) {
        self.bytes += size;
        if let Some((&before, &before_size)) = self.by_start.range(..start).next_back()
            && before + before_size == start
        {
            self.remove(before, before_size);
            start = before;
            size += before_size;
        }
        if let Some(&after_size) = self.by_start.get(&(start + size)) {
            self.remove(start + size, after_size);
            size += after_size;
        }
        self.by_start.insert(start, size);
        self.by_size.insert((size, start));
    }

    fn take(&mut self, size: usize) -> Option<usize> {
        let &(found, start) = self.by_size.range((size, 0)..).next()?;
        self.remove(start, found);
        if found > size {
            self.by_start.insert(start + size, found - size);
            self.by_size.insert((found - size, start + size));
        }
        self.bytes -= size;
        Some(start)
    }

    /// The range with the highest addresses, of those that there are.
    fn take_last(&mut self) -> (usize, usize) {
        let (&start, &size) = self.by_start.last_key_value().expect("the caller has seen that there is one");
        self.remove(start, size);
        self.bytes -= size;
        (start, size)
    }

    fn remove(&mut self, start: usize, size: usize) {
        self.by_start.remove(&start);
        self.by_size.remove(&(size, start));
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn ranges_merge_and_split() {
        let mut ranges = Ranges::default();
        ranges.insert(1000, 100);
        ranges.insert(1200, 50);
        ranges.insert(1100, 100);
        assert_eq!(ranges.by_start.iter().collect::<Vec<_>>(), [(&1000, &250)]);
        assert_eq!((ranges.take(200), ranges.take(51), ranges.take(50)), (Some(1000), None, Some(1200)));
        assert_eq!((ranges.bytes, ranges.by_size.len()), (0, 0));
        ranges.insert(0, 300);
        ranges.insert(400, 100);
        assert_eq!((ranges.take(100), ranges.bytes), (Some(400), 300));
    }
}
