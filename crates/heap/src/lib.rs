//! The garbage collector of Coachwhip: mark-region, non-moving, generational by sticky mark bits.
//!
//! One [`SharedHeap`] a VM, one [`Heap`] a thread. Objects start with a [`Header`]; what else an object holds is told by
//! a [`KindInfo`] per kind, installed by the `object` crate. This crate knows no Python: a [`Word`] is either an
//! immediate or a pointer to a header, and that is all.
//!
//! Invariants:
//! - Threads take turns: whoever calls into this crate holds the VM's lock, all other threads are parked
//!   ([`Heap::park`]). All mutable state of [`SharedHeap`] relies on that.
//! - An object never moves and its address is a multiple of 16. Its header word is never zero (shapes are not 0), while
//!   memory that was handed to an allocator but not yet filled is zero: that makes runs of fresh objects walkable.
//! - `Header::gc` is 1 exactly for marked (old) objects that are not in the remembered set.
//! - Between collections a mark bit means "old object", dead or alive; lines of old objects carry the current line
//!   epoch, lines handed out since the last collection are `FRESH`, everything else is free.
//!
//! Read in this order: [`header`], `region` (address layout), `block`, `alloc`, `large`, `barrier`, `roots`,
//! `walk`, `mark`, `sweep`, `collect`, `verify`.

mod alloc;
mod barrier;
mod block;
mod collect;
mod config;
mod data_stack;
mod external;
pub mod header;
mod large;
mod mark;
mod metadata;
mod os;
mod region;
mod roots;
mod safepoint;
mod shared;
mod stats;
mod sweep;
#[cfg(test)]
mod tests;
mod verify;
mod walk;

pub use alloc::Heap;
pub use barrier::{barrier, remember};
pub use config::{Checks, Config, Stress};
pub use data_stack::DataStack;
pub use external::CountingAllocator;
pub use header::{Header, KindInfo, KindTable, Word, flags, is_pointer};
pub use mark::Tracer;
pub use metadata::MetadataRegion;
pub use os::{current_stack_base, current_stack_size, forget_constants};
pub use region::LARGE_OBJECT;
pub use safepoint::Safepoint;
pub use shared::{Hooks, OutOfMemory, SharedHeap};
pub use stats::{CollectionKind, CollectionStats, HeapStats};
