//! The collector against simple models: small objects of four kinds, precise roots in a table, everything else on the
//! native stack.
//!
//! SAFETY: for all blocks here: every object comes from the heap under test, has one of the four layouts above, and is
//! reached only while the model says that it is alive; a collector that broke this is what the tests are to find.
#![allow(clippy::undocumented_unsafe_blocks, reason = "argued once, above")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::external::external_bytes;
use crate::{
    Checks, CollectionKind, CollectionStats, Config, CountingAllocator, Header, Heap, Hooks, KindInfo, KindTable,
    LARGE_OBJECT, OutOfMemory, Safepoint, SharedHeap, Stress, Tracer, Word, barrier, current_stack_base, is_pointer,
};

/// Three words: an id and two references.
const NODE: u8 = 1;
/// A length, an id, then so many references.
const ARRAY: u8 = 2;
/// A length, an id, then so many bytes without references.
const BYTES: u8 = 3;
/// As NODE, counted in `DROPPED` when it dies.
const DROPPY: u8 = 4;
const NODE_SIZE: usize = 32;
const SHAPE: u32 = 0x1234;

static DROPPED: AtomicUsize = AtomicUsize::new(0);

static KINDS: KindTable = {
    let mut kinds = [KindInfo::UNUSED; 256];
    let node =
        KindInfo { name: "node", fixed_size: NODE_SIZE as u32, size: |_| NODE_SIZE, scan: scan_node, drop: None };
    kinds[NODE as usize] = node;
    kinds[DROPPY as usize] = KindInfo { name: "droppy", fixed_size: 0, drop: Some(count_drop), ..node };
    kinds[ARRAY as usize] = KindInfo { name: "array", fixed_size: 0, size: array_size, scan: scan_array, drop: None };
    kinds[BYTES as usize] = KindInfo { name: "bytes", fixed_size: 0, size: bytes_size, scan: |_, _| (), drop: None };
    kinds
};

unsafe fn scan_node(object: *const Header, tracer: &mut Tracer) {
    unsafe { tracer.words(word(object, 2), 2) };
}

unsafe fn array_size(object: *const Header) -> usize {
    unsafe { 24 + 8 * (*word(object, 1) as usize >> 3) }
}

unsafe fn scan_array(object: *const Header, tracer: &mut Tracer) {
    unsafe { tracer.words(word(object, 3), *word(object, 1) as usize >> 3) };
}

unsafe fn bytes_size(object: *const Header) -> usize {
    unsafe { 24 + (*word(object, 1) as usize >> 3) }
}

unsafe fn count_drop(_: *mut Header) {
    DROPPED.fetch_add(1, Ordering::SeqCst);
}

fn word(object: *const Header, i: usize) -> *mut Word {
    unsafe { (object as *mut Word).add(i) }
}

fn immediate(i: usize) -> Word {
    (i as Word) << 3 | 1
}

/// Precise roots, shared with the hooks.
#[derive(Default)]
struct Roots {
    words: RefCell<Vec<Word>>,
    collections: RefCell<Vec<CollectionKind>>,
    /// Objects that are only known weakly; cleared when they die.
    weak: RefCell<Vec<Word>>,
}

struct RootHooks(Rc<Roots>);

impl Hooks for RootHooks {
    fn roots(&self, tracer: &mut Tracer) {
        assert_ne!(tracer.epoch(), 0);
        let words = self.0.words.borrow();
        unsafe { tracer.words(words.as_ptr(), words.len()) };
    }

    fn after_mark(&self, tracer: &mut Tracer, minor: bool) {
        assert_eq!(tracer.is_minor(), minor);
        self.0.weak.borrow_mut().retain(|&word| tracer.is_marked(word as *const Header));
    }

    fn after_sweep(&self, stats: &CollectionStats) {
        self.0.collections.borrow_mut().push(stats.kind);
    }
}

fn heap_with(config: Config) -> (Heap, Rc<Roots>) {
    let shared = SharedHeap::new(config, &KINDS).unwrap();
    let roots = Rc::new(Roots::default());
    shared.install_hooks(Box::new(RootHooks(roots.clone())));
    (Heap::attach(&shared, current_stack_base()), roots)
}

fn small_config() -> Config {
    Config { nursery_min: 64 << 10, nursery_max: 256 << 10, growth_min: 128 << 10, ..Config::default() }
}

#[inline(never)]
fn node(heap: &mut Heap, id: usize) -> Word {
    let object = heap.allocate(NODE_SIZE, SHAPE, NODE).as_ptr();
    unsafe {
        assert_eq!((*word(object, 1), *word(object, 2), *word(object, 3)), (0, 0, 0));
        *word(object, 1) = immediate(id);
    }
    object as Word
}

#[inline(never)]
fn sized(heap: &mut Heap, kind: u8, n_items: usize, id: usize) -> Word {
    let size = 24 + if kind == ARRAY { 8 * n_items } else { n_items };
    let object = heap.allocate_large(size, SHAPE, kind).unwrap().as_ptr();
    unsafe {
        for i in 1..size / 8 {
            assert_eq!(*word(object, i), 0, "memory is zeroed");
        }
        *word(object, 1) = immediate(n_items);
        *word(object, 2) = immediate(id);
    }
    object as Word
}

fn store(object: Word, index: usize, value: Word) {
    let slot = word(object as *const Header, index);
    unsafe {
        *slot = value;
        barrier(object as *const Header, slot as *const Cell<Word>, value);
    }
}

fn load(object: Word, index: usize) -> Word {
    unsafe { *word(object as *const Header, index) }
}

/// Overwrites what dead frames have left on the stack, so that a test can expect objects to die.
#[inline(never)]
fn scrub_stack() {
    std::hint::black_box([0usize; 4096]);
}

fn is_live(heap: &mut Heap, address: Word) -> bool {
    let mut found = false;
    heap.for_each_object(&mut |object| found |= object as Word == address);
    found
}

#[test]
fn unreachable_objects_are_reclaimed_and_reachable_ones_stay() {
    let (mut heap, roots) = heap_with(Config::default());
    #[inline(never)]
    fn build(heap: &mut Heap, roots: &Roots) {
        for i in 0..20_000 {
            let object = node(heap, i);
            if i % 100 == 0 {
                roots.words.borrow_mut().push(object);
            }
        }
    }
    build(&mut heap, &roots);
    scrub_stack();
    let stats = heap.collect_full();
    assert_eq!(stats.kind, CollectionKind::Full);
    assert!((200..220).contains(&stats.marked_objects), "{stats:?}");
    for (i, &object) in roots.words.borrow().iter().enumerate() {
        assert_eq!(load(object, 1), immediate(i * 100));
    }
    let mut n_objects = 0;
    heap.for_each_object(&mut |_| n_objects += 1);
    assert_eq!(n_objects, stats.marked_objects);
}

#[test]
fn memory_use_stays_bounded() {
    let (mut heap, roots) = heap_with(Config::default());
    roots.words.borrow_mut().push(0);
    for i in 0..3_000_000 {
        let object = node(&mut heap, i);
        roots.words.borrow_mut()[0] = object;
    }
    let stats = heap.stats();
    assert!(stats.minor_collections >= 15 && stats.peak_bytes < 6 << 20, "{stats:?}");
    assert!(heap.bytes_allocated() >= 3_000_000 * 32);
}

#[test]
fn holes_too_small_for_an_object_are_not_searched_for_ever() {
    let (mut heap, roots) = heap_with(small_config());
    // Every fourth line stays in use: many times as many bytes of three-line holes as the nursery has.
    for i in 0..400_000 {
        let object = node(&mut heap, i);
        roots.words.borrow_mut().push(object);
    }
    let mut i = 0;
    roots.words.borrow_mut().retain(|_| {
        i += 1;
        i % 8 == 0
    });
    heap.collect_full();
    for size in [220, 1000, LARGE_OBJECT - 100] {
        let before = roots.collections.borrow().len();
        sized(&mut heap, BYTES, size, 0);
        assert!(roots.collections.borrow().len() <= before + 1);
    }
}

#[test]
fn native_frames_keep_objects_alive() {
    let (mut heap, _roots) = heap_with(Config::default());
    let object = node(&mut heap, 7);
    // Interior pointers count too.
    let array = sized(&mut heap, ARRAY, 100, 8) + 400;
    let large = sized(&mut heap, BYTES, 100_000, 9) + 50_000;
    heap.collect_full();
    for _ in 0..200_000 {
        node(&mut heap, 0);
    }
    assert_eq!(load(std::hint::black_box(object), 1), immediate(7));
    assert_eq!(load(std::hint::black_box(array) - 400, 2), immediate(8));
    assert_eq!(load(std::hint::black_box(large) - 50_000, 2), immediate(9));
}

#[test]
fn identify_resolves_interior_addresses() {
    let (mut heap, roots) = heap_with(Config::default());
    let mut objects = Vec::new();
    for i in 0..2000 {
        let (object, size) = match i % 3 {
            0 => (node(&mut heap, i), NODE_SIZE),
            1 => (sized(&mut heap, ARRAY, i % 700, i), (24 + 8 * (i % 700) + 15) & !15),
            _ => (sized(&mut heap, BYTES, i * 7, i), (24 + i * 7 + 15) & !15),
        };
        roots.words.borrow_mut().push(object);
        objects.push((object as usize, size));
        if i % 500 == 250 {
            heap.collect_minor();
        }
    }
    for collected in [false, true] {
        if collected {
            heap.collect_full();
        }
        for &(object, size) in &objects {
            let expected = NonNull::new(object as *mut Header);
            assert_eq!(heap.identify(object), expected);
            assert_eq!(heap.identify(object + size / 2), expected);
            assert_eq!(heap.identify(object + size - 1), expected);
            // The range of a large object is rounded up further.
            if size <= LARGE_OBJECT {
                assert_ne!(heap.identify(object + size), expected);
            }
        }
        assert_eq!(heap.identify(0), None);
        assert_eq!(heap.identify(&objects as *const _ as usize), None);
    }
}

#[test]
fn weak_references_are_cleared_in_both_kinds_of_collection() {
    #[inline(never)]
    fn build(heap: &mut Heap, roots: &Roots) {
        let kept = node(heap, 1);
        let lost = node(heap, 2);
        roots.words.borrow_mut().push(kept);
        roots.weak.borrow_mut().extend([kept, lost]);
    }
    let (mut heap, roots) = heap_with(Config::default());
    build(&mut heap, &roots);
    scrub_stack();
    heap.collect_minor();
    assert_eq!(*roots.weak.borrow(), *roots.words.borrow());
    roots.words.borrow_mut().clear();
    heap.collect_minor();
    assert_eq!(roots.weak.borrow().len(), 1, "old objects outlive minor collections");
    scrub_stack();
    heap.collect_full();
    assert!(roots.weak.borrow().is_empty());
}

#[test]
fn drop_runs_once_when_an_object_dies_and_at_teardown() {
    #[inline(never)]
    fn build(heap: &mut Heap, roots: &Roots) {
        for i in 0..100 {
            let object = heap.allocate(NODE_SIZE, SHAPE, DROPPY).as_ptr() as Word;
            if i % 2 == 0 {
                roots.words.borrow_mut().push(object);
            }
        }
    }
    let (mut heap, roots) = heap_with(Config::default());
    build(&mut heap, &roots);
    scrub_stack();
    let stats = heap.collect_minor();
    let early = stats.dropped_objects;
    assert!((45..=50).contains(&early), "{stats:?}");
    assert_eq!(DROPPED.load(Ordering::SeqCst), early);
    heap.collect_full();
    drop(heap);
    assert_eq!(DROPPED.load(Ordering::SeqCst), 100);
}

#[test]
fn memory_outside_the_heap_hastens_collections() {
    let (mut heap, _roots) = heap_with(small_config());
    let layout = |size| Layout::from_size_align(size, 8).unwrap();
    let before = external_bytes();
    let (piece, small) = unsafe { (CountingAllocator.alloc(layout(512 << 10)), CountingAllocator.alloc(layout(100))) };
    assert_eq!(external_bytes() - before, 512 << 10);
    heap.allocate(NODE_SIZE, SHAPE, DROPPY);
    assert_eq!(heap.stats().minor_collections, 0);
    let piece = unsafe { CountingAllocator.realloc(piece, layout(512 << 10), 3 << 20) };
    assert_eq!(external_bytes() - before, 3 << 20);
    heap.allocate(NODE_SIZE, SHAPE, DROPPY);
    heap.allocate(NODE_SIZE, SHAPE, DROPPY);
    assert_eq!((heap.stats().minor_collections, heap.stats().full_collections), (1, 0));
    let piece = unsafe { CountingAllocator.realloc(piece, layout(3 << 20), 50 << 20) };
    heap.allocate(NODE_SIZE, SHAPE, DROPPY);
    assert_eq!(heap.stats().full_collections, 1);
    unsafe {
        CountingAllocator.dealloc(piece, layout(50 << 20));
        CountingAllocator.dealloc(small, layout(100));
    }
    assert_eq!(external_bytes(), before);
}

#[test]
fn arrays_with_more_children_than_the_mark_stack_holds_are_verified() {
    /// More than the mark stack is allowed to hold, twice, and then fewer than wait on it.
    const N_NODES: usize = 33 * 1024 + 100;
    /// An array whose last item is an array of very many nodes; the other items wait on the mark stack meanwhile.
    #[inline(never)]
    fn build(heap: &mut Heap, roots: &Roots) {
        let outer = sized(heap, ARRAY, 200, 1);
        roots.words.borrow_mut().push(outer);
        for i in 0..199 {
            let child = node(heap, i);
            store(heap, outer, i, child);
        }
        let inner = sized(heap, ARRAY, N_NODES, 2);
        store(heap, outer, 199, inner);
        for i in 0..N_NODES {
            let child = node(heap, i);
            store(heap, inner, i, child);
        }
    }
    fn store(heap: &mut Heap, array: Word, i: usize, child: Word) {
        let slot = word(array as *const Header, 3 + i) as *const Cell<Word>;
        unsafe {
            (*slot).set(child);
            heap.write_barrier(array as *const Header, slot, child);
        }
    }
    let (mut heap, roots) = heap_with(small_config());
    build(&mut heap, &roots);
    scrub_stack();
    heap.set_checks(Checks { verify: true, ..Checks::default() });
    assert!(heap.collect_full().marked_objects >= N_NODES + 201);
}

#[test]
fn the_nursery_grows_where_what_becomes_old_soon_dies() {
    /// Allocates `n_bytes` in arrays of a kilobyte, the last `n_alive` of which are alive.
    fn churn(heap: &mut Heap, roots: &Roots, n_alive: usize, n_bytes: usize) {
        for i in 0..n_bytes >> 10 {
            let array = sized(heap, ARRAY, 125, i);
            if n_alive > 0 {
                let mut words = roots.words.borrow_mut();
                let n_permanent = words.len() - n_alive;
                words[n_permanent + i % n_alive] = array;
            }
        }
    }
    let (mut heap, roots) = heap_with(small_config());
    for i in 0..2000 {
        let array = sized(&mut heap, ARRAY, 125, i);
        roots.words.borrow_mut().push(array);
    }
    let nursery_min = small_config().nursery_min;
    churn(&mut heap, &roots, 0, 10 << 20);
    assert_eq!(heap.state().pace.nursery(), nursery_min);
    // A sixth of the nursery survives: too little for it to grow in minor collections.
    churn(&mut heap, &roots, 10, 100 << 20);
    assert!(heap.state().pace.nursery() > nursery_min);
    roots.words.borrow_mut().clear();
    scrub_stack();
    heap.collect_full();
    assert_eq!(heap.state().pace.nursery(), nursery_min, "it is a part of the live size at most");
}

#[test]
fn old_objects_remember_young_ones() {
    let (mut heap, roots) =
        heap_with(Config { checks: Checks { verify: true, poison: true, ..Checks::default() }, ..Config::default() });
    let small = node(&mut heap, 1);
    let big = sized(&mut heap, ARRAY, 1000, 2);
    let huge = sized(&mut heap, ARRAY, 100_000, 3);
    roots.words.borrow_mut().extend([small, big, huge]);
    for round in 0..5 {
        heap.collect_minor();
        let young = node(&mut heap, 100 + round);
        store(small, 2, young);
        let young = node(&mut heap, 200 + round);
        store(big, 500 + round, young);
        let young = node(&mut heap, 300 + round);
        store(huge, 50_000 + round, young);
        scrub_stack();
        let stats = heap.collect_minor();
        assert_eq!(stats.remembered, 3, "one object, two slots");
        assert_eq!(load(load(small, 2), 1), immediate(100 + round));
        for i in 0..=round {
            assert_eq!(load(load(big, 500 + i), 1), immediate(200 + i));
            assert_eq!(load(load(huge, 50_000 + i), 1), immediate(300 + i));
        }
    }
    // Immediates and old targets are not remembered.
    store(small, 3, immediate(5));
    store(big, 900, small);
    assert_eq!(heap.collect_minor().remembered, 0);
    // Stores without allocation in between do not let the set grow without bound.
    let young = node(&mut heap, 9);
    for i in 0..1_000_000 {
        store(huge, 3 + i % 1000, young);
    }
    assert!(heap.collect_minor().remembered < 40_000);
}

#[test]
#[should_panic(expected = "a store bypassed the write barrier")]
fn verification_finds_a_missing_barrier() {
    #[inline(never)]
    fn store_without_barrier(heap: &mut Heap, object: Word) {
        let young = node(heap, 2);
        unsafe { *word(object as *const Header, 2) = young };
    }
    let checks = Checks { verify: true, ..Checks::default() };
    let (mut heap, roots) = heap_with(Config { checks, ..Config::default() });
    let object = node(&mut heap, 1);
    roots.words.borrow_mut().push(object);
    heap.collect_minor();
    store_without_barrier(&mut heap, object);
    scrub_stack();
    heap.collect_minor();
}

#[test]
#[should_panic(expected = "was freed, then 0x21 was written to it")]
fn poison_finds_a_write_to_freed_memory() {
    #[inline(never)]
    fn dead_node(heap: &mut Heap) -> Word {
        node(heap, 2) ^ Word::MAX
    }
    let checks = Checks { poison: true, ..Checks::default() };
    let (mut heap, _roots) = heap_with(Config { checks, ..Config::default() });
    let hidden = dead_node(&mut heap);
    scrub_stack();
    heap.collect_minor();
    unsafe { *word((hidden ^ Word::MAX) as *const Header, 1) = immediate(4) };
    heap.collect_minor();
}

#[test]
fn large_objects_are_freed_and_reused() {
    let (mut heap, roots) = heap_with(Config::default());
    roots.words.borrow_mut().push(0);
    for i in 0..2000 {
        let object = sized(&mut heap, BYTES, 9000 + (i * 7919) % 300_000, i);
        unsafe { (object as *mut u8).add(24).write_bytes(0xAB, 9000) };
        roots.words.borrow_mut()[0] = object;
    }
    assert!(heap.stats().peak_bytes < 24 << 20);
    assert_eq!(heap.stats().large_objects, 2000);
}

#[test]
fn the_limit_fails_large_allocations_and_flags_small_ones() {
    let (mut heap, roots) = heap_with(Config { limit: 32 << 20, ..Config::default() });
    assert_eq!(heap.allocate_large(1 << 40, SHAPE, BYTES), Err(OutOfMemory));
    assert_eq!(heap.allocate_large(usize::MAX, SHAPE, BYTES), Err(OutOfMemory));
    let mut n_allocated = 0;
    while let Ok(object) = heap.allocate_large(1 << 20, SHAPE, BYTES) {
        unsafe { *word(object.as_ptr(), 1) = immediate((1 << 20) - 24) };
        roots.words.borrow_mut().push(object.as_ptr() as Word);
        n_allocated += 1;
    }
    assert!((28..=32).contains(&n_allocated), "{n_allocated}");
    assert!(!heap.safepoint().is_requested());
    for i in 0..500_000 {
        let object = node(&mut heap, i);
        roots.words.borrow_mut().push(object);
        if heap.safepoint().is_requested() {
            break;
        }
    }
    assert_eq!(heap.safepoint().take(Safepoint::MEMORY_PRESSURE), Safepoint::MEMORY_PRESSURE);
    roots.words.borrow_mut().clear();
    scrub_stack();
    assert!(heap.allocate_large(1 << 20, SHAPE, BYTES).is_ok());
    assert!(!heap.safepoint().is_requested());
}

#[test]
fn memory_goes_back_to_the_system() {
    let (mut heap, roots) = heap_with(Config::default());
    for i in 0..1_000_000 {
        let object = node(&mut heap, i);
        roots.words.borrow_mut().push(object);
    }
    assert_eq!(released_blocks(&mut heap), 0);
    roots.words.borrow_mut().clear();
    heap.collect_full();
    let n_blocks = heap.state().blocks.infos.len();
    assert!(released_blocks(&mut heap) > n_blocks / 3, "{} of {n_blocks}", released_blocks(&mut heap));
    // Released blocks are usable again.
    for i in 0..1_000_000 {
        let object = node(&mut heap, i);
        roots.words.borrow_mut().push(object);
    }
}

fn released_blocks(heap: &mut Heap) -> usize {
    heap.state().blocks.infos.iter().filter(|info| info.zeroed).count()
}

#[test]
fn parked_threads_keep_their_objects() {
    let turn = Arc::new(Mutex::new(()));
    let shared = SharedHeap::new(small_config(), &KINDS).unwrap();
    let threads: Vec<_> = (0..4)
        .map(|seed| {
            let (turn, shared) = (turn.clone(), shared.clone());
            std::thread::spawn(move || {
                let mut guard = Some(turn.lock().unwrap());
                let mut heap = Heap::attach(&shared, current_stack_base());
                for round in 0..300 {
                    let objects: [Word; 8] = std::array::from_fn(|i| node(&mut heap, seed * 1000 + i));
                    for _ in 0..200 {
                        node(&mut heap, 0);
                    }
                    guard = heap.park(|| {
                        drop(guard.take());
                        std::thread::yield_now();
                        Some(turn.lock().unwrap())
                    });
                    if round % 50 == 0 {
                        heap.collect_full();
                    }
                    for (i, &object) in std::hint::black_box(&objects).iter().enumerate() {
                        assert_eq!(load(object, 1), immediate(seed * 1000 + i));
                    }
                }
                drop(heap);
                drop(guard);
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn two_heaps_live_side_by_side() {
    let (mut a, roots_a) = heap_with(small_config());
    let (mut b, roots_b) = heap_with(small_config());
    for i in 0..50_000 {
        let (object_a, object_b) = (node(&mut a, i), node(&mut b, i));
        if i % 1000 == 0 {
            roots_a.words.borrow_mut().push(object_a);
            roots_b.words.borrow_mut().push(object_b);
        }
    }
    let old = roots_a.words.borrow()[0];
    let young = node(&mut a, 5);
    store(old, 2, young);
    assert_eq!(b.collect_minor().remembered, 0);
    assert_eq!(a.collect_minor().remembered, 1);
    let object_b = roots_b.words.borrow()[3];
    assert_eq!(a.identify(object_b as usize), None);
    assert!(is_live(&mut b, object_b));
}

#[test]
fn interrupted_scans_of_big_arrays_reach_everything() {
    let (mut heap, roots) = heap_with(Config::default());
    let outer = sized(&mut heap, ARRAY, 20, 0);
    roots.words.borrow_mut().push(outer);
    for i in 0..20 {
        let inner = sized(&mut heap, ARRAY, 20_000, i);
        store(outer, 3 + i, inner);
        for j in 0..20_000 {
            let leaf = node(&mut heap, j);
            store(inner, 3 + j, leaf);
            // Every array also leads to its predecessor: scans interrupt each other.
            if j == 10_000 && i > 0 {
                store(inner, 3 + j, load(outer, 3 + i - 1));
            }
        }
    }
    let stats = heap.collect_full();
    assert!(stats.marked_objects >= 20 * 20_000);
    for i in 0..20 {
        assert_eq!(load(load(load(outer, 3 + i), 3 + 19_999), 1), immediate(19_999));
    }
}

/// What an object should hold: for each slot the id of its target, 0 for none.
struct Model {
    objects: HashMap<usize, Vec<usize>>,
    roots: Vec<usize>,
    random: u64,
    next_id: usize,
}

impl Model {
    fn random(&mut self, n: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 16) as usize % n
    }
}

fn id_of(object: Word) -> usize {
    let header = object as *const Header;
    let index = if unsafe { (*header).kind() } == NODE { 1 } else { 2 };
    load(object, index) as usize >> 3
}

/// Index of the first reference, and their number.
fn references(object: Word) -> (usize, usize) {
    match unsafe { (*(object as *const Header)).kind() } {
        NODE => (2, 2),
        ARRAY => (3, load(object, 1) as usize >> 3),
        _ => (3, 0),
    }
}

/// Creates an object, links it to what is there, and answers it.
#[inline(never)]
fn create(heap: &mut Heap, roots: &Roots, model: &mut Model) -> Word {
    let id = model.next_id;
    model.next_id += 1;
    let object = match model.random(16) {
        0 => sized(heap, ARRAY, [1, 5, 14, 15, 100, 900, 1020, 1500][model.random(8)], id),
        1 => {
            let n_bytes = [1, 40, 41, 200, 300, 5000, 8168, 8169, 20_000][model.random(9)];
            let object = sized(heap, BYTES, n_bytes, id);
            unsafe { (object as *mut u8).add(24).write_bytes(id as u8, n_bytes) };
            object
        }
        _ => node(heap, id),
    };
    let (first, n_references) = references(object);
    let mut targets = vec![0; n_references];
    for _ in 0..n_references.min(3) {
        let (from, slot) = (model.random(model.roots.len()), model.random(n_references));
        // An initialising store: the object is the youngest there is.
        unsafe { *word(object as *const Header, first + slot) = roots.words.borrow()[from] };
        targets[slot] = model.roots[from];
    }
    model.objects.insert(id, targets);
    object
}

/// A random step: replace a root, or walk from a root and overwrite a reference on the way.
fn step(heap: &mut Heap, roots: &Roots, model: &mut Model) {
    let root = model.random(model.roots.len());
    if model.random(3) == 0 {
        let object = create(heap, roots, model);
        roots.words.borrow_mut()[root] = object;
        model.roots[root] = id_of(object);
        return;
    }
    let mut object = roots.words.borrow()[root];
    for _ in 0..model.random(6) {
        if !is_pointer(object) {
            return;
        }
        let (first, n_references) = references(object);
        if n_references == 0 {
            break;
        }
        let next = load(object, first + model.random(n_references));
        if !is_pointer(next) {
            break;
        }
        object = next;
    }
    if !is_pointer(object) {
        return;
    }
    let (first, n_references) = references(object);
    if n_references == 0 {
        return;
    }
    let slot = model.random(n_references);
    let (value, target) = match model.random(4) {
        0 => (immediate(77), 0),
        1 => {
            let from = model.random(model.roots.len());
            (roots.words.borrow()[from], model.roots[from])
        }
        _ => {
            let value = create(heap, roots, model);
            (value, id_of(value))
        }
    };
    store(object, first + slot, value);
    model.objects.get_mut(&id_of(object)).unwrap()[slot] = target;
}

/// Follows heap and model side by side; forgets what the model cannot reach any more.
fn compare(roots: &Roots, model: &mut Model) -> usize {
    let mut seen = HashMap::new();
    let mut pending: Vec<(Word, usize)> =
        roots.words.borrow().iter().copied().zip(model.roots.iter().copied()).collect();
    let mut n_bytes = 0;
    while let Some((object, id)) = pending.pop() {
        if id == 0 {
            assert!(!is_pointer(object));
            continue;
        }
        assert!(is_pointer(object), "object {id} is gone");
        assert_eq!(id_of(object), id);
        if let Some(previous) = seen.insert(id, object) {
            assert_eq!(previous, object, "objects do not move");
            continue;
        }
        let header = object as *const Header;
        n_bytes += unsafe { KINDS[(*header).kind() as usize].size_of(header) };
        if unsafe { (*header).kind() } == BYTES {
            let length = load(object, 1) as usize >> 3;
            let bytes = unsafe { std::slice::from_raw_parts((object as *const u8).add(24), length) };
            assert!(bytes.iter().all(|&byte| byte == id as u8));
        }
        let (first, n_references) = references(object);
        let targets = &model.objects[&id];
        assert_eq!(targets.len(), n_references);
        pending.extend((0..n_references).map(|i| (load(object, first + i), targets[i])));
    }
    model.objects.retain(|id, _| seen.contains_key(id));
    n_bytes
}

fn stress(config: Config, n_steps: usize, seed: u64) -> CollectionStats {
    let (mut heap, roots) = heap_with(config);
    let mut model = Model { objects: HashMap::new(), roots: vec![0; 40], random: seed, next_id: 1 };
    roots.words.borrow_mut().resize(40, 0);
    for i in 0..n_steps {
        step(&mut heap, &roots, &mut model);
        match model.random(n_steps.min(4000)) {
            0 => _ = heap.collect_full(),
            1 => _ = heap.collect_minor(),
            _ => (),
        }
        if i % (n_steps / 20) == 0 {
            compare(&roots, &mut model);
        }
    }
    let n_bytes = compare(&roots, &mut model);
    scrub_stack();
    heap.set_checks(Checks::default());
    heap.collect_full();
    let stats = heap.collect_full();
    assert_eq!(compare(&roots, &mut model), n_bytes);
    // Lines and the native stack retain a little more than what is reachable.
    assert!(stats.live_after < 2 * n_bytes + (1 << 20), "{n_bytes} reachable, {stats:?}");
    assert!(!roots.collections.borrow().is_empty());
    stats
}

#[test]
fn random_graphs() {
    for seed in 1..=4 {
        stress(small_config(), 200_000, seed * 0x1234_5678_9ABC);
    }
}

#[test]
fn random_graphs_verified_and_poisoned() {
    let checks = Checks { poison: true, verify: true, ..Checks::default() };
    stress(Config { checks, ..small_config() }, 100_000, 99);
}

#[test]
fn random_graphs_with_fake_roots() {
    let checks = Checks { verify: true, fake_roots: 200, ..Checks::default() };
    stress(Config { checks, ..small_config() }, 50_000, 77);
}

#[test]
fn random_graphs_collecting_all_the_time() {
    for stress_kind in [Stress::Minor, Stress::Full, Stress::Mixed] {
        let checks = Checks { collect_every: 1, stress: stress_kind, poison: true, verify: true, fake_roots: 2 };
        stress(Config { checks, ..small_config() }, 2_000, 5);
        let checks = Checks { collect_every: 13, stress: stress_kind, poison: true, verify: true, fake_roots: 2 };
        stress(Config { checks, ..small_config() }, 20_000, 6);
    }
}
