//! Interned identifiers.

use std::rc::Rc;

use rustc_hash::FxHashMap;

/// An identifier: an index into its [`Interner`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Name(pub u32);

/// The identifiers of one syntax tree.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    by_text: FxHashMap<Rc<str>, Name>,
    texts: Vec<Rc<str>>,
}

impl Interner {
    /// No identifiers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name for a text.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(&name) = self.by_text.get(text) {
            return name;
        }
        let name = Name(u32::try_from(self.texts.len()).expect("a source file has fewer than 2^32 bytes"));
        let text: Rc<str> = text.into();
        self.texts.push(text.clone());
        self.by_text.insert(text, name);
        name
    }

    /// The name for a text, if something has asked for it before.
    pub fn get(&self, text: &str) -> Option<Name> {
        self.by_text.get(text).copied()
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        &self.texts[name.0 as usize]
    }
}
