//! The table of interned strings: identity instead of comparison for names.

use crate::gc::Gc;
use crate::string::Str;
use heap::Tracer;

/// Open-addressed, at most three quarters full.
#[derive(Default)]
pub(crate) struct Interner {
    table: Vec<u64>,
    used: usize,
    /// Strings that came since the last collection: the only ones that a minor collection has to be told of.
    young: Vec<u64>,
}

impl Interner {
    fn at(&self, i: usize) -> Option<Gc<Str>> {
        // SAFETY: only strings are stored, and the table is a root.
        Some(self.table[i]).filter(|&w| w != 0).map(|w| unsafe { Gc::from_word_unchecked(w) })
    }

    fn slots(&self, hash: i64) -> impl Iterator<Item = usize> + use<> {
        let mask = self.table.len().wrapping_sub(1);
        (0..self.table.len()).map(move |i| (hash as usize).wrapping_add(i) & mask)
    }

    pub fn intern(&mut self, s: Gc<Str>) -> Gc<Str> {
        if (self.used + 1) * 4 > self.table.len() * 3 {
            self.grow();
        }
        for slot in self.slots(s.hash()) {
            match self.at(slot) {
                Some(found) if found.equals(&s) => return found,
                Some(_) => {}
                None => {
                    self.table[slot] = s.word();
                    self.used += 1;
                    self.young.push(s.word());
                    s.set_interned();
                    return s;
                }
            }
        }
        unreachable!("the table always has free slots")
    }

    /// The interned string of this text, when there is one.
    pub fn find(&self, text: &str) -> Option<Gc<Str>> {
        if !text.is_ascii() || self.table.is_empty() {
            return None;
        }
        let hash = crate::hash::hash_bytes(text.as_bytes());
        for slot in self.slots(hash) {
            let found = self.at(slot)?;
            if found.hash() == hash && found.as_ascii() == Some(text) {
                return Some(found);
            }
        }
        None
    }

    pub fn len(&self) -> usize {
        self.used
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![0; (old.len() * 2).max(1024)];
        for word in old.into_iter().filter(|&w| w != 0) {
            // SAFETY: as in `at`.
            let s: Gc<Str> = unsafe { Gc::from_word_unchecked(word) };
            let slot = self.slots(s.hash()).find(|&i| self.table[i] == 0).expect("the table just grew");
            self.table[slot] = word;
        }
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        let words = if tracer.is_minor() { &self.young } else { &self.table };
        words.iter().for_each(|&w| tracer.word(w));
        self.young.clear();
    }
}
