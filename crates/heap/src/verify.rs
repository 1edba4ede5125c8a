//! The heap verifier: traces everything a second time, with mark bits of its own, and compares.
//!
//! After a collection's marking every object that can be reached must be marked, parsable and on live lines. For a minor
//! collection that proves the remembered set complete: an object which only this full trace reaches was stored into an old
//! object behind the barrier's back.

use crate::alloc::Heap;
use crate::header::{Header, KindTable};
use crate::mark::Tracer;
use crate::os;
use crate::region::{self, BLOCK, LINE, MARK_TABLE_SIZE};

/// What a verifying tracer compares with.
#[derive(Clone, Copy)]
pub struct Verifier {
    real_marks: usize,
    base: usize,
    line_epoch: u8,
    minor: bool,
}

impl Heap {
    /// Called between marking and sweeping. Panics with a description of the first wrong reference.
    pub(crate) fn verify(&mut self, roots: &[usize], minor: bool) {
        let shared = self.shared.clone();
        let base = shared.base;
        let Some(shadow) = os::reserve(MARK_TABLE_SIZE, os::PAGE).filter(|&table| os::commit(table, MARK_TABLE_SIZE))
        else {
            return;
        };
        let state = self.state();
        // Records outside the heap are to be traced again.
        state.epoch_counter = state.epoch_counter.wrapping_add(1).max(1);
        let line_epoch = state.blocks.line_epoch;
        let mut tracer = Tracer::new(base, Vec::new(), shared.kinds, line_epoch, false, state.epoch_counter);
        let verifier = Verifier { real_marks: region::mark_table(base), base, line_epoch, minor };
        tracer.verify_with(shadow, verifier);
        for &root in roots {
            tracer.word(root as u64);
        }
        // SAFETY: this thread has the turn, and nothing in a collection installs hooks.
        if let Some(hooks) = unsafe { shared.hooks() } {
            hooks.roots(&mut tracer);
        }
        tracer.drain();
        os::unmap(shadow, MARK_TABLE_SIZE);
    }
}

impl Verifier {
    /// Checks an object that the verifying trace has reached from `parent` (0: from a root).
    pub fn check(&self, kinds: &'static KindTable, object: usize, parent: usize) {
        let fail = |what: &str| -> ! {
            let minor = if self.minor { "minor" } else { "full" };
            let child = describe(kinds, self.base, object);
            let parent = if parent == 0 { "a root".to_owned() } else { describe(kinds, self.base, parent) };
            panic!("heap verification after a {minor} collection: {child}, referred to by {parent}, {what}")
        };
        if !object.is_multiple_of(16) {
            fail("is not aligned");
        }
        let (byte, bit) = region::bit_of(self.real_marks, self.base, object);
        // SAFETY: what the tracer has marked lies where the tables are committed.
        if unsafe { *byte } & bit == 0 {
            fail(if self.minor { "is not marked: a store bypassed the write barrier" } else { "is not marked" });
        }
        let header = object as *const Header;
        // SAFETY: the real trace has parsed this object already.
        let (kind, size) = unsafe {
            let info = &kinds[(*header).kind() as usize];
            (info, info.size_of(header))
        };
        // SAFETY: as above.
        if kind.name.is_empty() || unsafe { (*header).shape() } == 0 {
            fail("is not an object");
        }
        if region::is_in_blocks(self.base, object) {
            if object % BLOCK + size > BLOCK {
                fail("reaches beyond its block");
            }
            for address in (object & !(LINE - 1)..object + size).step_by(LINE) {
                // SAFETY: the line table is committed wherever blocks are.
                if unsafe { *region::line_of(self.base, address) } != self.line_epoch {
                    fail("lies on a free line");
                }
            }
        }
    }
}

fn describe(kinds: &'static KindTable, base: usize, object: usize) -> String {
    let header = object as *const Header;
    // SAFETY: only addresses that the tracer has taken for objects of this heap get here.
    let (kind, shape, gc) = unsafe { ((*header).kind(), (*header).shape(), (*header).gc()) };
    let place = if region::is_in_blocks(base, object) { "" } else { " large" };
    format!("the{place} {} object {object:#x} (kind {kind}, shape {shape:#x}, gc {gc})", kinds[kind as usize].name)
}

impl Tracer {
    /// Turns a new tracer into a verifying one with the mark table `shadow`.
    fn verify_with(&mut self, shadow: usize, verifier: Verifier) {
        self.set_mark_table(shadow);
        self.verifier = Some(verifier);
    }

    /// As `drain`, but checks every reference and changes nothing.
    pub(crate) fn drain_verifying(&mut self) {
        let verifier = self.verifier.expect("only called while verifying");
        // What is on the stack now came from roots.
        for &object in &self.stack {
            verifier.check(self.kinds(), object, 0);
        }
        while let Some(object) = self.stack.pop() {
            let n_before = self.stack.len();
            // SAFETY: the object has passed the check.
            unsafe { self.scan(object as *const Header) };
            for &child in &self.stack[n_before..] {
                verifier.check(self.kinds(), child, object);
            }
        }
    }
}
