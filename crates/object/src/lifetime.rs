//! Weak references and finalisers: what the VM does at the end of marking.
//!
//! Order, as in CPython's collector: weak references to unreachable objects are cleared (their callbacks queued), then
//! unreachable objects with a finaliser are kept alive once more and queued (PEP 442: each at most once). The queues are
//! emptied at the next safepoint, never inside a collection.

use crate::builtins::WeakRef;
use crate::gc::Gc;
use crate::generator::{Generator, GeneratorState};
use crate::hash::AddressHasher;
use crate::value::Value;
use heap::{Header, Tracer, flags};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};

/// Words are addresses of heap objects; which of them are roots is said by `trace`.
#[derive(Default)]
pub struct Lifetimes {
    /// Weak references by target. Neither is a root.
    weak: RefCell<HashMap<u64, Vec<u64>, AddressHasher>>,
    /// What [`Lifetimes::find_weak`] has found since the last collection: targets and references.
    found: Found,
    /// Targets that gained a weak reference since the last collection: all that a minor collection looks at.
    recent_targets: RefCell<Vec<u64>>,
    /// Objects with a finaliser that has not run.
    finalizable: RefCell<Vec<u64>>,
    recent_finalizable: RefCell<Vec<u64>>,
    /// Objects whose finaliser is to run: roots.
    pending_finalizers: RefCell<VecDeque<u64>>,
    /// Weak references whose callback is to run: roots.
    pending_callbacks: RefCell<VecDeque<u64>>,
    has_pending: Cell<bool>,
    /// `gc.disable()`: what is in a cycle and would be missed lives on.
    keeps_cycles: Cell<bool>,
}

/// A table with one place for each target.
struct Found([Cell<(u64, u64)>; Found::SIZE]);

impl Default for Found {
    fn default() -> Found {
        Found([const { Cell::new((0, 0)) }; Found::SIZE])
    }
}

impl Found {
    const SIZE: usize = 64;

    fn place(&self, target: u64) -> &Cell<(u64, u64)> {
        &self.0[(target >> 4 ^ target >> 10) as usize % Found::SIZE]
    }

    fn get(&self, target: u64) -> Option<u64> {
        let (known, weak) = self.place(target).get();
        (known == target).then_some(weak)
    }

    fn clear(&self) {
        self.0.iter().for_each(|place| place.set((0, 0)));
    }
}

/// What a safepoint has to do.
pub enum Pending {
    Finalize(Value),
    Callback(Gc<WeakRef>),
}

impl Lifetimes {
    pub fn has_pending(&self) -> bool {
        self.has_pending.get()
    }

    /// Whether collections spare the cycles that a program could see die; answers what was so before.
    pub fn keep_cycles(&self, on: bool) -> bool {
        self.keeps_cycles.replace(on)
    }

    /// `object`'s class has a finaliser: it must run once the object is unreachable. Saying so twice changes nothing.
    pub fn register_finalizable(&self, object: Value) {
        if let Some(header) = object.header().filter(|h| !h.has_flag(flags::HAS_FINALIZER)) {
            header.set_flag(flags::HAS_FINALIZER);
            self.recent_finalizable.borrow_mut().push(object.word());
        }
    }

    /// Number of objects with a finaliser that has something to do and has not run. Some may be dead already.
    pub fn n_finalizable(&self) -> usize {
        let (old, recent) = (self.finalizable.borrow(), self.recent_finalizable.borrow());
        old.iter().chain(recent.iter()).filter(|&&word| !is_finished(word)).count()
    }

    /// Queue the finalisers of all objects whose turn comes late, dead or not: nothing else will run.
    pub fn queue_late(&self) {
        let mut objects = std::mem::take(&mut *self.finalizable.borrow_mut());
        objects.append(&mut self.recent_finalizable.borrow_mut());
        // SAFETY of reading the headers: registered objects live until a collection has queued them.
        let is_late = |h: &Header| h.has_flag(flags::FINALIZE_LATE) && !h.has_flag(flags::FINALIZED);
        objects.retain(|&word| Value::from_word(word).header().is_some_and(is_late));
        self.has_pending.set(true);
        self.pending_finalizers.borrow_mut().extend(objects.into_iter().rev());
    }

    /// Point `weak` at `target`.
    pub fn register_weak(&self, weak: Gc<WeakRef>, target: Value) {
        weak.target.set(target.word());
        if let Some(header) = target.header() {
            header.set_flag(flags::HAS_WEAKREFS);
            let mut all = self.weak.borrow_mut();
            let refs = all.entry(target.word()).or_default();
            // Those without a callback, which are shared and looked for, come first.
            // SAFETY: dead entries are removed at every collection that could free them.
            let is_shared = |&w: &u64| unsafe { Gc::<WeakRef>::from_word_unchecked(w) }.callback.get().is_unbound();
            let at = if is_shared(&weak.word()) { refs.partition_point(is_shared) } else { refs.len() };
            refs.insert(at, weak.word());
            self.recent_targets.borrow_mut().push(target.word());
        }
    }

    /// The weak references to `target`: those without a callback, then the others, oldest first. Nothing roots them: take what is needed before allocating.
    // tidy: allow(roots) read out at once by the callers, before anything allocates
    pub fn weak_references(&self, target: Value) -> Vec<Gc<WeakRef>> {
        if !target.header().is_some_and(|h| h.has_flag(flags::HAS_WEAKREFS)) {
            return Vec::new();
        }
        // SAFETY: dead entries are removed at every collection that could free them.
        let to_ref = |&w: &u64| unsafe { Gc::from_word_unchecked(w) };
        self.weak.borrow().get(&target.word()).map_or_else(Vec::new, |refs| refs.iter().map(to_ref).collect())
    }

    /// The oldest weak reference to `target` that `is_wanted`, which does not allocate.
    pub fn find_weak(&self, target: Value, is_wanted: impl Fn(Gc<WeakRef>) -> bool) -> Option<Gc<WeakRef>> {
        if !target.header().is_some_and(|h| h.has_flag(flags::HAS_WEAKREFS)) {
            return None;
        }
        // SAFETY: dead entries are removed at every collection that could free them.
        let to_ref = |&w: &u64| unsafe { Gc::from_word_unchecked(w) };
        if let Some(weak) = self.found.get(target.word()).as_ref().map(to_ref).filter(|&weak| is_wanted(weak)) {
            return Some(weak);
        }
        let weak = self.weak.borrow().get(&target.word())?.iter().map(to_ref).find(|&weak| is_wanted(weak))?;
        self.found.place(target.word()).set((target.word(), weak.word()));
        Some(weak)
    }

    /// Forget the target of `weak` (explicit clearing).
    pub fn clear_weak(&self, weak: Gc<WeakRef>) {
        let target = weak.target.replace(0);
        self.found.clear();
        if let Some(refs) = self.weak.borrow_mut().get_mut(&target) {
            refs.retain(|&w| w != weak.word());
        }
    }

    /// The next finaliser or callback to run.
    pub fn take_pending(&self) -> Option<Pending> {
        if let Some(word) = self.pending_callbacks.borrow_mut().pop_front() {
            // SAFETY: the queue is a root.
            return Some(Pending::Callback(unsafe { Gc::from_word_unchecked(word) }));
        }
        if let Some(word) = self.pending_finalizers.borrow_mut().pop_front() {
            return Some(Pending::Finalize(Value::from_word(word)));
        }
        self.has_pending.set(false);
        None
    }

    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        self.pending_finalizers.borrow().iter().for_each(|&w| tracer.word(w));
        self.pending_callbacks.borrow().iter().for_each(|&w| tracer.word(w));
    }

    pub(crate) fn after_mark(&self, tracer: &mut Tracer, minor: bool) {
        if self.keeps_cycles.get() {
            self.mark_cycles(tracer, minor);
        }
        self.clear_dead_targets(tracer, minor);
        let mut dead = Vec::new();
        let is_dead = |&word: &u64, tracer: &Tracer| !tracer.is_marked(word as *const Header);
        let mut recent = self.recent_finalizable.borrow_mut();
        let mut old = self.finalizable.borrow_mut();
        if !minor {
            old.retain(|w| {
                !is_finished(*w)
                    && (!is_dead(w, tracer) || {
                        dead.push(*w);
                        false
                    })
            });
        }
        for word in recent.drain(..) {
            if is_finished(word) {
                continue;
            }
            if is_dead(&word, tracer) { dead.push(word) } else { old.push(word) }
        }
        if !dead.is_empty() {
            self.pending_finalizers.borrow_mut().extend(in_order_of_finalizing(dead, tracer));
            self.has_pending.set(true);
        }
    }

    /// Mark the dead objects with finalisers or weak references that refer to themselves, directly or not. What the others
    /// of them refer to is marked with that: it dies in the next collection.
    fn mark_cycles(&self, tracer: &mut Tracer, minor: bool) {
        let (recent, old) = (self.recent_finalizable.borrow(), self.finalizable.borrow());
        let (weak, recent_targets) = (self.weak.borrow(), self.recent_targets.borrow());
        let mut candidates: Vec<u64> = recent.iter().copied().filter(|&word| !is_finished(word)).collect();
        if minor {
            candidates.extend(recent_targets.iter().filter(|target| weak.contains_key(target)));
        } else {
            candidates.extend(old.iter().copied().filter(|&word| !is_finished(word)));
            candidates.extend(weak.keys());
        }
        for word in candidates {
            let object = word as *const Header;
            if !tracer.is_marked(object) {
                // SAFETY: the memory of dead objects is intact until the sweep.
                unsafe { tracer.scan(object) };
                tracer.drain();
            }
        }
    }

    fn clear_dead_targets(&self, tracer: &mut Tracer, minor: bool) {
        self.found.clear();
        let mut weak = self.weak.borrow_mut();
        let recent = std::mem::take(&mut *self.recent_targets.borrow_mut());
        let targets: Vec<u64> = if minor { recent } else { weak.keys().copied().collect() };
        let mut callbacks = Vec::new();
        for target in targets {
            let Some(refs) = weak.get_mut(&target) else { continue };
            refs.retain(|&w| tracer.is_marked(w as *const Header));
            if tracer.is_marked(target as *const Header) {
                if refs.is_empty() {
                    weak.remove(&target);
                }
                continue;
            }
            for word in weak.remove(&target).unwrap_or_default() {
                // SAFETY: just found to be marked.
                let reference: Gc<WeakRef> = unsafe { Gc::from_word_unchecked(word) };
                reference.target.set(0);
                if reference.callback.get().is_bound() && !reference.callback.get().is_none() {
                    callbacks.push(word);
                }
            }
        }
        if !callbacks.is_empty() {
            self.pending_callbacks.borrow_mut().extend(callbacks);
            self.has_pending.set(true);
        }
    }
}

/// Keep dead objects alive for their finalisers, and put them into the order in which reference counts would call these:
/// an object before what it alone refers to, otherwise as they were made.
fn in_order_of_finalizing(dead: Vec<u64>, tracer: &mut Tracer) -> Vec<u64> {
    if let [word] = dead[..] {
        tracer.word(word);
        tracer.drain();
        return dead;
    }
    let order: HashMap<u64, usize> = dead.iter().enumerate().map(|(i, &word)| (word, i)).collect();
    // Objects that others of them reach, with the one from which each was reached.
    let mut inner: Vec<(u64, Option<u64>)> = Vec::new();
    for &word in &dead {
        let object = word as *const Header;
        if tracer.is_marked(object) {
            continue;
        }
        let start = inner.len();
        // SAFETY: the memory of dead objects is intact until the sweep.
        unsafe { tracer.scan(object) };
        tracer.drain_noting(&mut |found| {
            if order.contains_key(&(found as u64)) {
                inner.push((found as u64, Some(word)));
            }
        });
        if tracer.is_marked(object) {
            // Part of a cycle with some or all of what was found.
            inner[start..].sort_by_key(|(word, _)| order[word]);
            inner[start..].iter_mut().for_each(|(_, from)| *from = None);
        }
    }
    // How far inside an object is; whatever an object was reached from has itself been reached later or not at all.
    let mut depths: HashMap<u64, usize> = HashMap::with_capacity(inner.len());
    for &(word, from) in inner.iter().rev() {
        let depth = from.and_then(|from| depths.get(&from)).map_or(1, |depth| depth + 1);
        depths.insert(word, depth);
    }
    inner.sort_by_key(|(word, _)| depths[word]);
    let mut sorted: Vec<u64> = Vec::with_capacity(dead.len());
    sorted.extend(dead.iter().filter(|&&word| !tracer.is_marked(word as *const Header)));
    sorted.iter().for_each(|&word| tracer.word(word));
    tracer.drain();
    sorted.extend(inner.iter().map(|&(word, _)| word));
    let is_late = |word: &u64| Value::from_word(*word).header().is_some_and(|h| h.has_flag(flags::FINALIZE_LATE));
    let (mut late, mut sorted): (Vec<u64>, Vec<u64>) = sorted.into_iter().partition(is_late);
    late.sort_by_key(|word| std::cmp::Reverse(order[word]));
    sorted.append(&mut late);
    sorted
}

/// Whether the finaliser of this object, dead or not, would do nothing: a generator or coroutine that has run to its end.
fn is_finished(word: u64) -> bool {
    // SAFETY: registered objects stay intact until a collection has taken them from the list.
    let object = Value::from_word(word);
    object.cast::<Generator>().is_some_and(|g| g.state.get() == GeneratorState::Finished)
}
