//! The part of a heap that all threads of a VM share, and the hooks by which the VM takes part in collections.

use std::cell::UnsafeCell;
use std::fmt;
use std::sync::Arc;

use crate::block::Blocks;
use crate::config::{Checks, Config};
use crate::header::{Header, KindTable};
use crate::large::LargeSpace;
use crate::mark::Tracer;
use crate::region::Region;
use crate::roots::ThreadRecord;
use crate::safepoint::Safepoint;
use crate::stats::{CollectionStats, HeapStats};

/// How the VM takes part in a collection. No method may allocate on the heap or run Python.
pub trait Hooks {
    /// Passes every precise root to the tracer: frames, registered root vectors, the VM's tables.
    fn roots(&self, tracer: &mut Tracer);
    /// After everything reachable has been marked: clear weak references to unmarked objects, keep objects alive whose
    /// finalisers must run first (`word` and `drain`). In a minor collection old objects count as marked.
    fn after_mark(&self, tracer: &mut Tracer, minor: bool);
    /// After memory has been reclaimed: for example to request that finalisers run at the next safepoint.
    fn after_sweep(&self, stats: &CollectionStats);
}

/// The limit or the system allows no more memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory")
    }
}

impl std::error::Error for OutOfMemory {}

/// One VM's heap. Threads allocate through their own [`Heap`](crate::Heap).
pub struct SharedHeap {
    pub(crate) base: usize,
    pub(crate) kinds: &'static KindTable,
    /// One bit for each kind with a `drop`.
    pub(crate) drop_kinds: [u8; 32],
    safepoint: Safepoint,
    state: UnsafeCell<State>,
    hooks: UnsafeCell<Option<Box<dyn Hooks>>>,
}

// SAFETY: threads take turns (crate documentation): `state` and `hooks` are only touched by the thread that has the turn,
// and passing the turn on synchronises memory. `safepoint` is atomic, the rest never changes.
unsafe impl Send for SharedHeap {}
// SAFETY: as above.
unsafe impl Sync for SharedHeap {}

/// Everything that changes. Reached through [`SharedHeap::state`] by the thread whose turn it is.
pub(crate) struct State {
    pub config: Config,
    pub blocks: Blocks,
    pub large: LargeSpace,
    pub remembered: crate::barrier::RememberedSet,
    /// Objects with a `drop`, allocated since the last collection.
    pub young_drops: Vec<*mut Header>,
    pub old_drops: Vec<*mut Header>,
    pub threads: Vec<*const ThreadRecord>,
    /// Kept between collections for its capacity.
    pub mark_stack: Vec<usize>,
    /// As the mark stack; empty between collections.
    pub stack_words: Vec<usize>,
    /// See [`Tracer::epoch`].
    pub epoch: u32,
    pub epoch_counter: u32,
    pub collecting: bool,
    pub pace: crate::collect::Pace,
    pub stats: HeapStats,
    pub last_collection: CollectionStats,
    /// For the checking modes.
    pub random: u64,
    pub stress_countdown: u32,
    pub stress_collections: u32,
}

impl SharedHeap {
    /// A heap whose objects are described by `kinds`.
    pub fn new(config: Config, kinds: &'static KindTable) -> Result<Arc<SharedHeap>, OutOfMemory> {
        let region = Region::reserve().ok_or(OutOfMemory)?;
        let mut drop_kinds = [0; 32];
        for (kind, info) in kinds.iter().enumerate() {
            if info.drop.is_some() {
                drop_kinds[kind / 8] |= 1 << (kind % 8);
            }
        }
        let state = State {
            pace: crate::collect::Pace::new(&config),
            large: LargeSpace::new(&region),
            remembered: Default::default(),
            young_drops: Vec::new(),
            old_drops: Vec::new(),
            threads: Vec::new(),
            mark_stack: Vec::new(),
            stack_words: Vec::new(),
            epoch: 1,
            epoch_counter: 1,
            collecting: false,
            stats: HeapStats::default(),
            last_collection: CollectionStats::default(),
            random: 0x9E37_79B9_7F4A_7C15,
            stress_countdown: config.checks.collect_every,
            stress_collections: 0,
            config,
            blocks: Blocks::new(region),
        };
        let shared = Arc::new(SharedHeap {
            base: state.blocks.region.base,
            kinds,
            drop_kinds,
            safepoint: Safepoint::default(),
            state: UnsafeCell::new(state),
            hooks: UnsafeCell::new(None),
        });
        // SAFETY: nobody else knows the heap yet.
        unsafe { shared.state() }.blocks.region.set_owner(Arc::as_ptr(&shared));
        Ok(shared)
    }

    /// Installs the VM's part of collections. The caller has the turn, and no collection is under way.
    pub fn install_hooks(&self, hooks: Box<dyn Hooks>) {
        // SAFETY: the caller has the turn.
        unsafe { *self.hooks.get() = Some(hooks) };
    }

    /// The word that running code polls.
    pub fn safepoint(&self) -> &Safepoint {
        &self.safepoint
    }

    /// The kind table.
    pub fn kinds(&self) -> &'static KindTable {
        self.kinds
    }

    /// # Safety
    /// The caller has the turn and holds no other reference to the state.
    #[inline(always)]
    #[allow(clippy::mut_from_ref, reason = "the turn makes the reference unique; see the impl of Sync")]
    pub(crate) unsafe fn state(&self) -> &mut State {
        // SAFETY: passed on to the caller.
        unsafe { &mut *self.state.get() }
    }

    /// # Safety
    /// The caller has the turn and does not install hooks while it uses the reference.
    pub(crate) unsafe fn hooks(&self) -> Option<&dyn Hooks> {
        // SAFETY: passed on to the caller.
        unsafe { (*self.hooks.get()).as_deref() }
    }
}

impl State {
    /// Bytes in old objects, large ones included.
    pub fn live_bytes(&self) -> usize {
        self.blocks.live_bytes() + self.large.old_bytes()
    }

    /// Bytes in old objects and bytes handed out since.
    pub fn bytes_in_use(&self) -> usize {
        self.live_bytes() + self.fresh_bytes()
    }

    /// Bytes handed to allocators since the last collection.
    pub fn fresh_bytes(&self) -> usize {
        self.blocks.fresh_bytes + self.large.young_bytes()
    }

    pub fn set_checks(&mut self, checks: Checks) {
        self.stress_countdown = checks.collect_every;
        self.config.checks = checks;
    }

    /// The next number of a xorshift sequence.
    pub fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

impl Drop for SharedHeap {
    fn drop(&mut self) {
        let state = self.state.get_mut();
        for object in state.young_drops.drain(..).chain(state.old_drops.drain(..)) {
            // SAFETY: listed objects are parsable and have not been dropped; their memory is still mapped.
            unsafe {
                if let Some(drop) = self.kinds[(*object).kind() as usize].drop {
                    drop(object);
                }
            }
        }
    }
}
