//! `co_consts` in the making: each value once, where equal means equal in value and type.

use std::hash::{Hash, Hasher};

use bytecode::{CodeObject, Constant};
use rustc_hash::{FxHashMap, FxHasher};

/// The constants of one code object, in order of first use.
#[derive(Debug, Default)]
pub struct ConstPool {
    items: Vec<Constant>,
    by_hash: FxHashMap<u64, u32>,
}

impl ConstPool {
    /// The index of a constant, added if it is new.
    pub fn add(&mut self, constant: Constant) -> u32 {
        let mut hasher = FxHasher::default();
        hash(&constant, &mut hasher);
        let mut key = hasher.finish();
        // Another constant with the same hash moves this one to the next free key.
        while let Some(&index) = self.by_hash.get(&key) {
            if same(&self.items[index as usize], &constant) {
                return index;
            }
            key = key.wrapping_add(1);
        }
        let index = self.items.len() as u32;
        self.by_hash.insert(key, index);
        self.items.push(constant);
        index
    }

    pub fn get(&self, index: u32) -> &Constant {
        &self.items[index as usize]
    }

    /// The constants; the pool is spent.
    pub fn take(&mut self) -> Vec<Constant> {
        self.by_hash.clear();
        std::mem::take(&mut self.items)
    }
}

fn hash(constant: &Constant, state: &mut FxHasher) {
    std::mem::discriminant(constant).hash(state);
    match constant {
        Constant::None | Constant::Ellipsis => {}
        Constant::Bool(value) => value.hash(state),
        Constant::Int(value) => value.hash(state),
        Constant::BigInt(value) => value.hash(state),
        Constant::Float(value) => value.to_bits().hash(state),
        Constant::Complex { real, imag } => (real.to_bits(), imag.to_bits()).hash(state),
        Constant::Str(text) => text.hash(state),
        Constant::Bytes(bytes) => bytes.hash(state),
        Constant::Tuple(items) => items.iter().for_each(|item| hash(item, state)),
        Constant::FrozenSet(items) => items.len().hash(state),
        Constant::Slice(parts) => parts.iter().for_each(|part| hash(part, state)),
        Constant::Code(code) => (&code.name, code.firstlineno, &code.code).hash(state),
    }
}

/// Whether two constants can be one. Floats that are not numbers are never equal.
fn same(a: &Constant, b: &Constant) -> bool {
    let same_float = |a: f64, b: f64| a.to_bits() == b.to_bits() && !a.is_nan();
    let all_same = |a: &[Constant], b: &[Constant]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (a, b) {
        (Constant::None, Constant::None) | (Constant::Ellipsis, Constant::Ellipsis) => true,
        (Constant::Bool(a), Constant::Bool(b)) => a == b,
        (Constant::Int(a), Constant::Int(b)) => a == b,
        (Constant::BigInt(a), Constant::BigInt(b)) => a == b,
        (Constant::Float(a), Constant::Float(b)) => same_float(*a, *b),
        (Constant::Complex { real: a, imag: ai }, Constant::Complex { real: b, imag: bi }) => {
            same_float(*a, *b) && same_float(*ai, *bi)
        }
        (Constant::Str(a), Constant::Str(b)) => a == b,
        (Constant::Bytes(a), Constant::Bytes(b)) => a == b,
        (Constant::Tuple(a), Constant::Tuple(b)) => all_same(a, b),
        (Constant::FrozenSet(a), Constant::FrozenSet(b)) => {
            a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same(a, b)))
        }
        (Constant::Slice(a), Constant::Slice(b)) => all_same(&a[..], &b[..]),
        (Constant::Code(a), Constant::Code(b)) => same_code(a, b),
        _ => false,
    }
}

/// Equality of code objects as Python defines it: by content, the file name and the qualified name left out.
fn same_code(a: &CodeObject, b: &CodeObject) -> bool {
    a.name == b.name
        && a.argcount == b.argcount
        && a.posonlyargcount == b.posonlyargcount
        && a.kwonlyargcount == b.kwonlyargcount
        && a.flags == b.flags
        && a.firstlineno == b.firstlineno
        && a.code == b.code
        && a.names == b.names
        && a.localsplusnames == b.localsplusnames
        && a.linetable == b.linetable
        && a.exceptiontable == b.exceptiontable
        && a.consts.len() == b.consts.len()
        && a.consts.iter().zip(&b.consts).all(|(a, b)| same(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_and_sign_matter() {
        let mut pool = ConstPool::default();
        let values = [
            Constant::Int(0),
            Constant::Bool(false),
            Constant::Float(0.0),
            Constant::Float(-0.0),
            Constant::Tuple(vec![Constant::Float(0.0)]),
            Constant::Tuple(vec![Constant::Int(0)]),
        ];
        let first: Vec<u32> = values.iter().map(|value| pool.add(value.clone())).collect();
        assert_eq!(first, [0, 1, 2, 3, 4, 5]);
        let again: Vec<u32> = values.iter().map(|value| pool.add(value.clone())).collect();
        assert_eq!(again, first);
    }
}
