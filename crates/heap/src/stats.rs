//! Counters of the collector: one record a collection, and running totals for the Coach.

/// What a collection looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CollectionKind {
    /// Objects allocated since the last collection.
    #[default]
    Minor,
    Full,
}

/// What one collection did.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectionStats {
    pub kind: CollectionKind,
    /// The collection's number, counted from 1 over the heap's life.
    pub number: u64,
    pub pause_nanoseconds: u64,
    /// Bytes handed to allocators since the collection before.
    pub allocated_bytes: usize,
    /// Bytes in use before and after (lines and large objects).
    pub live_before: usize,
    pub live_after: usize,
    pub marked_objects: usize,
    /// Objects whose `drop` was run.
    pub dropped_objects: usize,
    /// Entries of the remembered set, objects and slots (minor collections).
    pub remembered: usize,
    /// Words on native stacks that resolved to objects.
    pub conservative_roots: usize,
}

impl CollectionStats {
    /// Bytes given back by this collection.
    pub fn freed_bytes(&self) -> usize {
        self.live_before.saturating_sub(self.live_after)
    }

    /// The bytes allocated since the collection before that are still in use.
    pub fn promoted_bytes(&self) -> usize {
        self.live_after.saturating_sub(self.live_before.saturating_sub(self.allocated_bytes))
    }

    /// The part of the bytes allocated since the collection before that is still in use, 0 to 1.
    pub fn survival(&self) -> f64 {
        if self.allocated_bytes == 0 {
            return 0.0;
        }
        (self.promoted_bytes() as f64 / self.allocated_bytes as f64).min(1.0)
    }
}

/// Totals since the heap was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeapStats {
    pub minor_collections: u64,
    pub full_collections: u64,
    pub total_pause_nanoseconds: u64,
    pub longest_pause_nanoseconds: u64,
    /// Bytes handed to allocators, up to the last collection.
    pub allocated_bytes: u64,
    pub marked_objects: u64,
    /// Bytes that minor collections found alive: old from then on.
    pub promoted_bytes: u64,
    /// Words on native stacks that resolved to objects.
    pub conservative_roots: u64,
    pub large_objects: u64,
    /// Slow paths of the write barrier that remembered something, up to the last collection.
    pub remembered: u64,
    /// The largest live size (lines and large objects, fresh ones included) seen at a collection.
    pub peak_bytes: usize,
}

impl HeapStats {
    pub(crate) fn record(&mut self, collection: &CollectionStats) {
        match collection.kind {
            CollectionKind::Minor => {
                self.minor_collections += 1;
                self.promoted_bytes += collection.promoted_bytes() as u64;
            }
            CollectionKind::Full => self.full_collections += 1,
        }
        self.total_pause_nanoseconds += collection.pause_nanoseconds;
        self.longest_pause_nanoseconds = self.longest_pause_nanoseconds.max(collection.pause_nanoseconds);
        self.allocated_bytes += collection.allocated_bytes as u64;
        self.marked_objects += collection.marked_objects as u64;
        self.conservative_roots += collection.conservative_roots as u64;
        self.remembered += collection.remembered as u64;
        self.peak_bytes = self.peak_bytes.max(collection.live_before);
    }
}
