//! A contiguous range of addresses for one thread's interpreter frames: they never move while memory is taken page by
//! page as the stack deepens.
//!
//! Not scanned by the collector on its own: the VM's `Hooks::roots` walks the frames precisely.

use crate::header::Word;
use crate::os;
use crate::shared::OutOfMemory;

/// Zeroed words, fixed in place, followed by a page without access.
pub struct DataStack {
    start: usize,
    size: usize,
}

impl DataStack {
    pub const DEFAULT_SIZE: usize = 256 << 20;

    pub fn new(size: usize) -> Result<DataStack, OutOfMemory> {
        let size = size.next_multiple_of(os::PAGE);
        let start = os::reserve(size + os::PAGE, os::PAGE).ok_or(OutOfMemory)?;
        if !os::commit(start, size) {
            os::unmap(start, size + os::PAGE);
            return Err(OutOfMemory);
        }
        Ok(DataStack { start, size })
    }

    pub fn base(&self) -> *mut Word {
        self.start as *mut Word
    }

    /// One past the last word.
    pub fn end(&self) -> *mut Word {
        (self.start + self.size) as *mut Word
    }

    pub fn n_words(&self) -> usize {
        self.size / size_of::<Word>()
    }

    /// Gives back the memory above `top`, after a deep recursion; those words read as zero again.
    pub fn release_above(&mut self, top: *const Word) {
        let from = (top as usize).next_multiple_of(os::PAGE);
        let end = self.start + self.size;
        debug_assert!(from >= self.start);
        if from < end {
            os::discard(from, end - from);
        }
    }
}

impl Drop for DataStack {
    fn drop(&mut self) {
        os::unmap(self.start, self.size + os::PAGE);
    }
}

#[cfg(test)]
mod tests {
    use super::DataStack;

    #[test]
    fn words_are_zeroed_and_released() {
        let mut stack = DataStack::new(1 << 20).unwrap();
        assert_eq!(stack.n_words(), 1 << 17);
        // SAFETY: both indices are inside the stack, which this test alone uses.
        unsafe {
            let last = stack.end().sub(1);
            assert_eq!(*last, 0);
            *last = 7;
            *stack.base() = 5;
            stack.release_above(stack.base().add(1));
            assert_eq!((*last, *stack.base()), (0, 5));
        }
    }
}
