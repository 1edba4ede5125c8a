//! Strings to small integers and back: names in scopes, code objects and traces compare as one word.

use std::collections::HashMap;
use std::sync::Arc;

use crate::{Index, IndexVec};

crate::define_index!(
    /// An interned string; meaningful only with the interner that made it.
    pub struct Symbol = "sym";
);

#[derive(Clone, Debug, Default)]
pub struct Interner {
    symbols: HashMap<Arc<str>, Symbol>,
    names: IndexVec<Symbol, Arc<str>>,
}

impl Interner {
    pub fn new() -> Interner {
        Interner::default()
    }

    /// The symbol of `name`, the same for equal strings.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.symbols.get(name) {
            return symbol;
        }
        let name: Arc<str> = name.into();
        let symbol = self.names.push(name.clone());
        self.symbols.insert(name, symbol);
        symbol
    }

    /// The symbol of `name` when it has been interned before.
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.symbols.get(name).copied()
    }

    pub fn resolve(&self, symbol: Symbol) -> &str {
        debug_assert!(symbol.as_usize() < self.names.len(), "symbol of another interner");
        &self.names[symbol]
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Interner;

    #[test]
    fn equal_strings_share_a_symbol() {
        let mut interner = Interner::new();
        let a = interner.intern("a");
        let b = interner.intern("b");
        assert_ne!(a, b);
        assert_eq!(interner.intern("a"), a);
        assert_eq!((interner.resolve(b), interner.get("c")), ("b", None));
    }
}
