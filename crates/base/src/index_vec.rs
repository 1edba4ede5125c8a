//! A vector that is indexed by its own type: `uops[uop_id]` compiles, `uops[block_id]` does not.

use std::fmt;
use std::marker::PhantomData;
use std::ops;

/// A newtype over `u32` that indexes one kind of thing. Made by [`define_index!`](crate::define_index).
pub trait Index: Copy + 'static {
    fn from_usize(index: usize) -> Self;
    fn as_usize(self) -> usize;
}

/// `define_index!(pub struct BlockId = "block");` declares an [`Index`] whose `Debug` output reads `block3`.
#[macro_export]
macro_rules! define_index {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident = $prefix:literal;) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(pub u32);

        impl $crate::Index for $name {
            fn from_usize(index: usize) -> Self {
                $name(u32::try_from(index).expect("an index vector holds fewer than 2^32 items"))
            }
            fn as_usize(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

#[derive(Clone, PartialEq, Eq)]
pub struct IndexVec<I: Index, T> {
    items: Vec<T>,
    index: PhantomData<fn(I)>,
}

impl<I: Index, T> IndexVec<I, T> {
    pub fn new() -> Self {
        IndexVec::from_vec(Vec::new())
    }

    pub fn with_capacity(n_items: usize) -> Self {
        IndexVec::from_vec(Vec::with_capacity(n_items))
    }

    pub fn from_vec(items: Vec<T>) -> Self {
        IndexVec { items, index: PhantomData }
    }

    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// Appends `item` and answers its index.
    pub fn push(&mut self, item: T) -> I {
        let index = self.next_index();
        self.items.push(item);
        index
    }

    /// The index that the next `push` will answer.
    pub fn next_index(&self) -> I {
        I::from_usize(self.items.len())
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn get(&self, index: I) -> Option<&T> {
        self.items.get(index.as_usize())
    }

    pub fn get_mut(&mut self, index: I) -> Option<&mut T> {
        self.items.get_mut(index.as_usize())
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::from_usize)
    }

    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(index, item)| (I::from_usize(index), item))
    }

    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    pub fn truncate(&mut self, n_items: usize) {
        self.items.truncate(n_items);
    }

    pub fn clear(&mut self) {
        self.items.clear();
    }
}

impl<I: Index, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        IndexVec::new()
    }
}

impl<I: Index, T> ops::Index<I> for IndexVec<I, T> {
    type Output = T;
    fn index(&self, index: I) -> &T {
        &self.items[index.as_usize()]
    }
}

impl<I: Index, T> ops::IndexMut<I> for IndexVec<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.as_usize()]
    }
}

impl<I: Index, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<Items: IntoIterator<Item = T>>(items: Items) -> Self {
        IndexVec::from_vec(items.into_iter().collect())
    }
}

impl<I: Index, T> IntoIterator for IndexVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, I: Index, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<I: Index + fmt::Debug, T: fmt::Debug> fmt::Debug for IndexVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter_enumerated()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::IndexVec;

    define_index!(
        struct NodeId = "node";
    );

    #[test]
    fn push_and_index() {
        let mut nodes: IndexVec<NodeId, &str> = IndexVec::new();
        let a = nodes.push("a");
        let b = nodes.push("b");
        nodes[a] = "c";
        assert_eq!((nodes[a], nodes[b], nodes.get(NodeId(2))), ("c", "b", None));
        assert_eq!(format!("{nodes:?}"), r#"{node0: "c", node1: "b"}"#);
        assert_eq!(nodes.indices().collect::<Vec<_>>(), [a, b]);
    }
}
