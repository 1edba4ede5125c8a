//! The collector's settings: sizes for production, checking modes for tests.

use crate::os;

/// Given to [`SharedHeap::new`](crate::SharedHeap::new).
#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes allocated between two minor collections, to begin with and at least.
    pub nursery_min: usize,
    /// The nursery never grows beyond this.
    pub nursery_max: usize,
    /// A full collection happens when the live size has grown by this factor since the last one...
    pub growth: f64,
    /// ...and by at least so many bytes.
    pub growth_min: usize,
    /// The memory limit: large allocations beyond it fail, small ones raise the memory-pressure flag.
    pub limit: usize,
    pub checks: Checks,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            nursery_min: 512 << 10,
            nursery_max: 16 << 20,
            growth: 1.6,
            growth_min: 1 << 20,
            limit: os::physical_memory(),
            checks: Checks::default(),
        }
    }
}

/// Checking modes; all off by default. They may be changed at run time.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// Collect at every Nth small allocation and at every large one; 0 = only when needed.
    pub collect_every: u32,
    /// Which collections `collect_every` asks for.
    pub stress: Stress,
    /// Fill freed lines with a pattern, keep them out of use until the collection after the next, and check then that
    /// nobody has written to them.
    pub poison: bool,
    /// After each collection, trace everything again and check that every object reached is parsable and marked. After a
    /// minor collection that proves the remembered set complete.
    pub verify: bool,
    /// So many random addresses count as roots at each collection, as if they stood on a native stack.
    pub fake_roots: u32,
}

/// Which collections a stress mode asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stress {
    #[default]
    Minor,
    Full,
    /// Seven minor ones to each full one.
    Mixed,
}
