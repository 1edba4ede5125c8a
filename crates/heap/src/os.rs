//! Everything the collector asks of the operating system and the processor: address ranges, stack bounds, registers.
//!
//! Linux on x86-64 and AArch64. A port replaces this file and nothing else.

use std::ptr;

pub const PAGE: usize = 4096;

/// Reserves `size` bytes of address space, aligned to `align` (a power of two), without access and without memory.
pub fn reserve(size: usize, align: usize) -> Option<usize> {
    let slack = size.checked_add(align)?;
    // SAFETY: an anonymous mapping at an address of the kernel's choice touches no memory in use.
    let raw = unsafe { libc::mmap(ptr::null_mut(), slack, libc::PROT_NONE, ANONYMOUS, -1, 0) };
    if raw == libc::MAP_FAILED {
        return None;
    }
    let raw = raw as usize;
    let start = (raw + align - 1) & !(align - 1);
    // The parts before and after the aligned range go back.
    if start > raw {
        unmap(raw, start - raw);
    }
    if raw + slack > start + size {
        unmap(start + size, raw + slack - (start + size));
    }
    Some(start)
}

/// Reserves `size` bytes below 4 GB, so that addresses fit 32 bits.
pub fn reserve_low(size: usize) -> Option<usize> {
    // From 256 MB on, out of the way of non-PIE images at 4 MB; step small enough to fit between other mappings.
    const FIRST: usize = 0x1000_0000;
    const STEP: usize = 0x0100_0000;
    let mut candidate = FIRST;
    while candidate + size <= 1 << 32 {
        // SAFETY: MAP_FIXED_NOREPLACE never replaces an existing mapping.
        let raw = unsafe {
            libc::mmap(candidate as *mut _, size, libc::PROT_NONE, ANONYMOUS | libc::MAP_FIXED_NOREPLACE, -1, 0)
        };
        if raw as usize == candidate {
            return Some(candidate);
        }
        if raw != libc::MAP_FAILED {
            // A kernel older than 4.17 takes the address as a mere hint.
            unmap(raw as usize, size);
        }
        candidate += STEP;
    }
    None
}

/// Makes a reserved range readable and writable; its pages read as zero. False when the system refuses.
#[must_use]
pub fn commit(start: usize, size: usize) -> bool {
    // SAFETY: callers pass ranges that they reserved.
    unsafe { libc::mprotect(start as *mut _, size, libc::PROT_READ | libc::PROT_WRITE) == 0 }
}

/// Gives the memory of a committed range back; the range stays usable and reads as zero.
pub fn discard(start: usize, size: usize) {
    // SAFETY: callers pass committed ranges that hold nothing any more.
    unsafe { libc::madvise(start as *mut _, size, libc::MADV_DONTNEED) };
}

/// Forgets pages of the program's file that hold `constants`, of whole pages: they are read again when they are needed.
/// For large tables that are read once. Does nothing for memory that does not come unchanged from a file.
pub fn forget_constants(constants: &'static [u8]) {
    let start = (constants.as_ptr() as usize).next_multiple_of(PAGE);
    let end = (constants.as_ptr() as usize + constants.len()) & !(PAGE - 1);
    let mut range = (start, end);
    // SAFETY: the callback is given the range that it expects, for the time of the call.
    if start < end && unsafe { libc::dl_iterate_phdr(Some(is_read_only), (&raw mut range).cast()) } != 0 {
        discard(start, end - start);
    }
}

/// For each loaded file: whether one of its read-only parts holds the range that `data` points to.
///
/// # Safety
/// For `dl_iterate_phdr`, with a pointer to two addresses.
unsafe extern "C" fn is_read_only(
    file: *mut libc::dl_phdr_info,
    _size: libc::size_t,
    data: *mut libc::c_void,
) -> libc::c_int {
    // SAFETY: the caller passes a description that holds during the call, and the pointer that it was given.
    let (file, &(start, end), parts) = unsafe {
        let file = &*file;
        (file, &*data.cast::<(usize, usize)>(), std::slice::from_raw_parts(file.dlpi_phdr, file.dlpi_phnum.into()))
    };
    let holds = |part: &libc::Elf64_Phdr| {
        let first = (file.dlpi_addr + part.p_vaddr) as usize;
        part.p_type == libc::PT_LOAD
            && part.p_flags & libc::PF_W == 0
            && first <= start
            && end <= first + part.p_filesz as usize
    };
    parts.iter().any(holds).into()
}

pub fn unmap(start: usize, size: usize) {
    // SAFETY: callers pass ranges that they reserved and that nothing uses any more.
    unsafe { libc::munmap(start as *mut _, size) };
}

const ANONYMOUS: i32 = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;

/// Bytes of main memory.
pub fn physical_memory() -> usize {
    // SAFETY: sysconf has no preconditions.
    let (pages, page) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    if pages <= 0 || page <= 0 { usize::MAX } else { (pages as usize).saturating_mul(page as usize) }
}

/// The highest address of the calling thread's native stack: what [`Heap::attach`](crate::Heap::attach) wants.
pub fn current_stack_base() -> usize {
    current_stack_bounds().1
}

/// Bytes of the calling thread's native stack.
pub fn current_stack_size() -> usize {
    let (start, end) = current_stack_bounds();
    end - start
}

/// The lowest address and the end of the calling thread's native stack.
fn current_stack_bounds() -> (usize, usize) {
    // SAFETY: the attributes are initialised by pthread_getattr_np before they are read, and destroyed once.
    unsafe {
        let mut attributes: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attributes) != 0 {
            panic!("the system does not tell the bounds of this thread's stack");
        }
        let mut start = ptr::null_mut();
        let mut size = 0;
        libc::pthread_attr_getstack(&attributes, &mut start, &mut size);
        libc::pthread_attr_destroy(&mut attributes);
        (start as usize, start as usize + size)
    }
}

/// The registers that a called function must preserve: an object may be known to them alone.
pub type SavedRegisters = [usize; 12];

/// Calls `then` with the address of a copy of the callee-saved registers on the stack. Everything that the callers hold
/// lies at or above that address.
#[inline(never)]
pub fn with_spilled_registers<R>(then: impl FnOnce(usize) -> R) -> R {
    let mut registers: SavedRegisters = [0; 12];
    // SAFETY: writes only to the array.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!(
            "mov [{0}], rbx", "mov [{0} + 8], rbp", "mov [{0} + 16], r12",
            "mov [{0} + 24], r13", "mov [{0} + 32], r14", "mov [{0} + 40], r15",
            in(reg) registers.as_mut_ptr(), options(nostack, preserves_flags));
    }
    // SAFETY: writes only to the array.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{0}]", "stp x21, x22, [{0}, 16]", "stp x23, x24, [{0}, 32]",
            "stp x25, x26, [{0}, 48]", "stp x27, x28, [{0}, 64]", "stp x29, x30, [{0}, 80]",
            in(reg) registers.as_mut_ptr(), options(nostack, preserves_flags));
    }
    let result = then(std::hint::black_box(registers.as_ptr()) as usize);
    std::hint::black_box(&registers);
    result
}

/// Hints that the memory at `address` will be read soon.
#[inline(always)]
pub fn prefetch(address: usize) {
    // SAFETY: a prefetch never faults.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch(address as *const i8, std::arch::x86_64::_MM_HINT_T0);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
