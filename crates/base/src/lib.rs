//! Small containers that every stage of the pipeline shares: typed index vectors, bit sets and a string interner.
//!
//! Depends on nothing, knows nothing of Python, and holds no heap values.
#![forbid(unsafe_code)]

mod bit_set;
mod index_vec;
mod interner;

pub use bit_set::BitSet;
pub use index_vec::{Index, IndexVec};
pub use interner::{Interner, Symbol};
