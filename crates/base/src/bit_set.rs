//! A growable set of small integers, one bit each: dataflow facts, liveness, visited marks.

/// Reads beyond the end answer "absent"; insertion grows the set.
#[derive(Clone, Debug, Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    pub fn new() -> BitSet {
        BitSet::default()
    }

    /// An empty set that holds `0..n_items` without growing.
    pub fn with_capacity(n_items: usize) -> BitSet {
        BitSet { words: vec![0; n_items.div_ceil(64)] }
    }

    pub fn contains(&self, item: usize) -> bool {
        self.words.get(item / 64).is_some_and(|word| word >> (item % 64) & 1 != 0)
    }

    /// Adds `item`; true when it was absent.
    pub fn insert(&mut self, item: usize) -> bool {
        let index = item / 64;
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        let bit = 1 << (item % 64);
        let added = self.words[index] & bit == 0;
        self.words[index] |= bit;
        added
    }

    /// Takes `item` out; true when it was present.
    pub fn remove(&mut self, item: usize) -> bool {
        let Some(word) = self.words.get_mut(item / 64) else { return false };
        let bit = 1 << (item % 64);
        let present = *word & bit != 0;
        *word &= !bit;
        present
    }

    /// Adds all of `other`; true when that changed `self` (the fixpoint test of a dataflow pass).
    pub fn union_with(&mut self, other: &BitSet) -> bool {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        let mut changed = false;
        for (word, &extra) in self.words.iter_mut().zip(&other.words) {
            changed |= extra & !*word != 0;
            *word |= extra;
        }
        changed
    }

    /// Keeps only what is also in `other`.
    pub fn intersect_with(&mut self, other: &BitSet) {
        for (index, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(index).copied().unwrap_or(0);
        }
    }

    pub fn clear(&mut self) {
        self.words.fill(0);
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The items in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }
}

/// Two sets are equal when they hold the same items, however far each has grown.
impl PartialEq for BitSet {
    fn eq(&self, other: &BitSet) -> bool {
        let n_words = self.words.len().max(other.words.len());
        (0..n_words).all(|i| self.words.get(i).copied().unwrap_or(0) == other.words.get(i).copied().unwrap_or(0))
    }
}

impl Eq for BitSet {}

impl FromIterator<usize> for BitSet {
    fn from_iter<I: IntoIterator<Item = usize>>(items: I) -> BitSet {
        let mut set = BitSet::new();
        for item in items {
            set.insert(item);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::BitSet;

    #[test]
    fn set_operations() {
        let mut a: BitSet = [1, 64, 200].into_iter().collect();
        assert!(a.contains(64) && !a.contains(2) && !a.contains(100_000));
        assert!(!a.insert(200) && a.insert(3));
        assert!(a.remove(64) && !a.remove(64) && !a.remove(9999));
        assert_eq!(a.iter().collect::<Vec<_>>(), [1, 3, 200]);
        let b: BitSet = [3, 5].into_iter().collect();
        assert!(a.union_with(&b) && !a.union_with(&b));
        assert_eq!(a.len(), 4);
        a.intersect_with(&b);
        assert_eq!(a, b);
        a.clear();
        assert!(a.is_empty());
    }
}
