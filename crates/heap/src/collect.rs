//! The order of events in a collection, and when collections happen.

use std::time::Instant;

use crate::alloc::Heap;
use crate::config::{Config, Stress};
use crate::external::external_bytes;
use crate::header::{GC_OLD, Header, is_pointer};
use crate::mark::Tracer;
use crate::os;
use crate::roots::ThreadRecord;
use crate::safepoint::Safepoint;
use crate::shared::State;
use crate::stats::{CollectionKind, CollectionStats};

/// In the mixed stress mode every so manyth collection is full.
const MIXED_STRESS_FULL: u32 = 8;

/// A full collection costs little beside so many times the live size in allocations: then it happens as soon as there is
/// [`WORTHWHILE`] to be had.
const ALLOCATIONS_PER_LIVE: usize = 16;
/// So many times the live size, allocated between two full collections, make these rare.
const RARE: usize = 4 * ALLOCATIONS_PER_LIVE;
/// By so much the live size has grown since the last full collection, at least; and by a tenth.
const WORTHWHILE: usize = 512 << 10;
/// The nursery grows when the live size is so many times its own.
const LIVE_PER_NURSERY: usize = 8;
/// After a full collection it is at most this part of the live size.
const LIVE_PER_NURSERY_AT_MOST: usize = 4;
/// Bytes taken outside the heap between two collections that they cause, at least.
const EXTERNAL_STEP: usize = 1 << 20;
/// The same between two full ones.
const EXTERNAL_GROWTH_MIN: usize = 4 << 20;

/// The first full collection comes at so many times the least growth: while a program starts there is little garbage.
const FIRST_FULL: usize = 3;

/// When the next collection is due.
pub(crate) struct Pace {
    nursery: usize,
    /// The nursery does not become smaller than this.
    floor: usize,
    /// Collect when so many bytes have been allocated.
    trigger: usize,
    /// The next collection is full when the live size has reached this.
    full_threshold: usize,
    full_due: bool,
    /// Bytes allocated since the last full collection, and the live size after it.
    allocated: usize,
    live_at_full: usize,
    /// Collect when so many bytes are in use outside the heap; from the second number on, everything.
    external_trigger: usize,
    external_full_threshold: usize,
}

impl Pace {
    pub fn new(config: &Config) -> Pace {
        Pace {
            nursery: config.nursery_min,
            floor: config.nursery_min,
            trigger: config.nursery_min.min(config.limit),
            full_threshold: FIRST_FULL * config.growth_min,
            full_due: false,
            allocated: 0,
            live_at_full: 0,
            external_trigger: external_bytes() + EXTERNAL_STEP,
            external_full_threshold: external_bytes() + EXTERNAL_GROWTH_MIN,
        }
    }

    pub fn nursery(&self) -> usize {
        self.nursery
    }

    fn adapt(&mut self, config: &Config, stats: &CollectionStats) {
        let live = stats.live_after;
        let external = external_bytes();
        match stats.kind {
            CollectionKind::Full => {
                self.adapt_floor(config, stats);
                let grown = (live as f64 * config.growth) as usize;
                self.full_threshold = grown.max(live + config.growth_min);
                self.allocated = 0;
                self.live_at_full = live;
                self.external_full_threshold = external + EXTERNAL_GROWTH_MIN.max(external / 2);
            }
            CollectionKind::Minor => {
                self.allocated += stats.allocated_bytes;
                // A larger nursery gives objects more time to die, but costs cache misses and memory: only where many
                // survive, and only in proportion to what the program uses anyway.
                let survival = stats.survival();
                if survival > 0.4 && live >= LIVE_PER_NURSERY * self.nursery {
                    self.nursery = (2 * self.nursery).min(config.nursery_max).max(config.nursery_min);
                } else if survival < 0.1 {
                    self.nursery = (self.nursery / 2).max(self.floor);
                }
            }
        }
        let cheap = self.allocated / ALLOCATIONS_PER_LIVE >= live;
        let worthwhile = live >= self.live_at_full + WORTHWHILE.max(self.live_at_full / 10);
        // What the nursery takes beyond its least size, garbage among the old objects may not take. That leaves some for
        // it: the nursery is a smaller part of the live size than the growth.
        self.full_due = live + self.nursery >= self.full_threshold + config.nursery_min
            || cheap && worthwhile
            || external >= self.external_full_threshold
            || live > config.limit;
        self.external_trigger = external + EXTERNAL_STEP.max(external / 4);
        self.trigger = self.nursery.min(config.limit.saturating_sub(live)).max(config.nursery_min / 4);
    }

    /// What a minor collection finds alive counts as old, though most of it dies soon after. The larger the nursery, the
    /// less such garbage for the same work. So where full collections are frequent and free most of what had become old
    /// since the last one, the nursery grows at the expense of the garbage.
    fn adapt_floor(&mut self, config: &Config, stats: &CollectionStats) {
        let live = stats.live_after;
        let old_before = stats.live_before - stats.allocated_bytes;
        let mostly_garbage = old_before.saturating_sub(live) > live.saturating_sub(self.live_at_full);
        if mostly_garbage && self.allocated < ALLOCATIONS_PER_LIVE * live {
            self.floor *= 2;
        } else if self.allocated > RARE * live {
            self.floor /= 2;
        }
        let most = (live / LIVE_PER_NURSERY_AT_MOST).clamp(config.nursery_min, config.nursery_max);
        self.floor = self.floor.clamp(config.nursery_min, most);
        self.nursery = self.nursery.clamp(self.floor, most);
    }
}

impl Heap {
    /// Reclaims everything unreachable. Finalisers are the VM's business: it learns of candidates in its hooks.
    pub fn collect_full(&mut self) -> CollectionStats {
        self.collect(CollectionKind::Full)
    }

    /// Reclaims what has become unreachable among the objects allocated since the last collection.
    pub fn collect_minor(&mut self) -> CollectionStats {
        self.collect(CollectionKind::Minor)
    }

    /// Collects when the nursery cannot take `size` more bytes.
    #[inline]
    pub(crate) fn collect_if_due(&mut self, size: usize) {
        let state = self.state();
        if state.fresh_bytes().saturating_add(size) < state.pace.trigger {
            return;
        }
        let full = state.pace.full_due || state.bytes_in_use().saturating_add(size) > state.config.limit;
        self.collect(if full { CollectionKind::Full } else { CollectionKind::Minor });
    }

    /// Collects when much memory outside the heap has been taken since the last collection. Called when an object is made
    /// that may own such memory.
    #[inline]
    pub(crate) fn collect_if_external_due(&mut self) {
        let external = external_bytes();
        let pace = &self.state().pace;
        if external < pace.external_trigger {
            return;
        }
        let full = pace.full_due || external >= pace.external_full_threshold;
        // SAFETY: this thread has the turn. Before there are hooks the roots are not known.
        if unsafe { self.shared.hooks() }.is_some() {
            self.collect(if full { CollectionKind::Full } else { CollectionKind::Minor });
        }
    }

    /// The `collect_every` checking mode: called at every allocation while it is on.
    pub(crate) fn stress_collect(&mut self) {
        let state = self.state();
        state.stress_countdown = state.stress_countdown.saturating_sub(1);
        if state.stress_countdown > 0 {
            return;
        }
        state.stress_countdown = state.config.checks.collect_every;
        state.stress_collections = state.stress_collections.wrapping_add(1);
        let full = match state.config.checks.stress {
            Stress::Minor => state.pace.full_due,
            Stress::Full => true,
            Stress::Mixed => state.stress_collections.is_multiple_of(MIXED_STRESS_FULL),
        };
        self.collect(if full { CollectionKind::Full } else { CollectionKind::Minor });
    }

    #[cold]
    #[inline(never)]
    fn collect(&mut self, kind: CollectionKind) -> CollectionStats {
        os::with_spilled_registers(|stack_pointer| self.collect_from(kind, stack_pointer))
    }

    fn collect_from(&mut self, kind: CollectionKind, stack_pointer: usize) -> CollectionStats {
        let begin = Instant::now();
        let full = kind == CollectionKind::Full;
        let minor = !full;
        let shared = self.shared.clone();
        let kinds = shared.kinds;
        self.suspend_run();

        // Preparation: find out what native stacks refer to while the old mark bits still tell where objects are.
        let state = self.state();
        assert!(!state.collecting, "a hook of the collector allocated or collected");
        state.collecting = true;
        state.retire_parked_runs();
        let mut stats = CollectionStats {
            kind,
            number: state.stats.minor_collections + state.stats.full_collections + 1,
            allocated_bytes: state.fresh_bytes(),
            live_before: state.bytes_in_use(),
            remembered: state.remembered.len(),
            ..CollectionStats::default()
        };
        let own: *const ThreadRecord = self.record.as_ptr();
        let state = self.state();
        let roots = state.conservative_roots(kinds, own, stack_pointer);
        stats.conservative_roots = roots.len();
        if full {
            state.forget_marks();
        }

        // Marking. The hooks see the tracer but not the state.
        let mut tracer = state.tracer(kinds, minor);
        if minor {
            state.scan_remembered(&mut tracer);
        }
        for &root in &roots {
            tracer.word(root as u64);
        }
        // SAFETY: this thread has the turn, and nothing in a collection installs hooks.
        let hooks = unsafe { shared.hooks() };
        if let Some(hooks) = hooks {
            hooks.roots(&mut tracer);
            tracer.drain();
            hooks.after_mark(&mut tracer, minor);
        }
        tracer.drain();
        if self.state().config.checks.verify {
            self.verify(&roots, minor);
        }

        // Reclaiming.
        let state = self.state();
        stats.marked_objects = tracer.n_marked;
        stats.dropped_objects = state.drop_dead(&tracer, full);
        state.keep_mark_stack(tracer);
        state.sweep(full);
        stats.live_after = state.live_bytes();
        stats.pause_nanoseconds = begin.elapsed().as_nanos() as u64;
        state.pace.adapt(&state.config, &stats);
        state.stats.record(&stats);
        state.last_collection = stats;
        state.collecting = false;
        if full && stats.live_after > state.config.limit {
            shared.safepoint().request(Safepoint::MEMORY_PRESSURE);
        }
        if let Some(hooks) = hooks {
            hooks.after_sweep(&stats);
        }
        stats
    }
}

impl State {
    /// Makes every object unmarked and every line's state out of date.
    fn forget_marks(&mut self) {
        self.epoch_counter = self.epoch_counter.wrapping_add(1).max(1);
        self.epoch = self.epoch_counter;
        self.blocks.line_epoch = 3 - self.blocks.line_epoch;
        for index in 0..self.blocks.infos.len() as u32 {
            if self.blocks.infos[index as usize].state != crate::block::BlockState::Free {
                self.blocks.marks(index).fill(0);
            }
        }
        self.large.clear_marks();
        self.remembered.clear();
    }

    fn tracer(&mut self, kinds: &'static crate::KindTable, minor: bool) -> Tracer {
        let stack = std::mem::take(&mut self.mark_stack);
        Tracer::new(self.blocks.region.base, stack, kinds, self.blocks.line_epoch, minor, self.epoch)
    }

    fn keep_mark_stack(&mut self, tracer: Tracer) {
        /// A stack that a large list has blown up is not kept.
        const KEEP_AT_MOST: usize = 64 << 10;
        let mut stack = tracer.stack;
        stack.shrink_to(KEEP_AT_MOST);
        self.mark_stack = stack;
    }

    /// Traces what old objects may refer to among the young ones.
    fn scan_remembered(&mut self, tracer: &mut Tracer) {
        for slot in self.remembered.slots.drain(..) {
            // SAFETY: remembered slots lie in old objects, and those are not freed before a full collection.
            let word = unsafe { (*slot).get() };
            if is_pointer(word) {
                tracer.word(word);
            }
        }
        for object in self.remembered.objects.drain(..) {
            // SAFETY: remembered objects are old, hence alive or at least intact.
            unsafe {
                (*object).set_gc(GC_OLD);
                tracer.scan(object);
            }
        }
    }

    /// Runs the `drop` of dead objects; answers how many there were.
    fn drop_dead(&mut self, tracer: &Tracer, full: bool) -> usize {
        let mut n_dropped = 0;
        let mut keep = |object: &*mut Header| {
            if tracer.is_marked(*object) {
                return true;
            }
            n_dropped += 1;
            // SAFETY: dead objects are intact until they are swept, and leave the list when they have been dropped.
            unsafe { tracer.drop_object(*object) };
            false
        };
        self.young_drops.retain(&mut keep);
        if full {
            self.old_drops.retain(&mut keep);
        }
        self.old_drops.append(&mut self.young_drops);
        n_dropped
    }
}
