//! Concatenation, repetition and indexing of strings, bytes and tuples.

use bytecode::{Constant, Wtf8Buf};

/// Longest string that repetition may make.
const MAX_STR_SIZE: usize = 4096;
/// Most items of a tuple that repetition may make, and most in all with nested tuples.
const MAX_COLLECTION_SIZE: usize = 256;
const MAX_TOTAL_ITEMS: isize = 1024;

pub(super) fn concat(left: &Constant, right: &Constant) -> Option<Constant> {
    match (left, right) {
        (Constant::Str(a), Constant::Str(b)) => {
            let mut text = a.clone();
            text.push_wtf8(b);
            Some(Constant::Str(text))
        }
        (Constant::Bytes(a), Constant::Bytes(b)) => Some(Constant::Bytes([&a[..], b].concat())),
        (Constant::Tuple(a), Constant::Tuple(b)) => Some(Constant::Tuple([&a[..], b].concat())),
        _ => None,
    }
}

pub(super) fn repeat(left: &Constant, right: &Constant) -> Option<Constant> {
    let (n, sequence) = match (as_int(left), as_int(right)) {
        (Some(n), None) => (n, right),
        (None, Some(n)) => (n, left),
        _ => return None,
    };
    let allowed = |size: usize, max: usize| size == 0 || usize::try_from(n).is_ok_and(|n| n <= max / size);
    let n_times = usize::try_from(n).unwrap_or(0);
    match sequence {
        Constant::Str(text) if allowed(text.code_points().count(), MAX_STR_SIZE) => {
            let mut repeated = Wtf8Buf::new();
            if !text.is_empty() {
                (0..n_times).for_each(|_| repeated.push_wtf8(text));
            }
            Some(Constant::Str(repeated))
        }
        Constant::Bytes(bytes) if allowed(bytes.len(), MAX_STR_SIZE) => {
            Some(Constant::Bytes(if bytes.is_empty() { Vec::new() } else { bytes.repeat(n_times) }))
        }
        Constant::Tuple(items) if items.is_empty() => Some(Constant::Tuple(Vec::new())),
        Constant::Tuple(items) if allowed(items.len(), MAX_COLLECTION_SIZE) => {
            if n > 0 && remaining_items(sequence, MAX_TOTAL_ITEMS / n as isize) < 0 {
                return None;
            }
            Some(Constant::Tuple((0..n_times).flat_map(|_| items.iter().cloned()).collect()))
        }
        _ => None,
    }
}

/// How many more items than those of `value`, nested ones counted, a limit allows.
fn remaining_items(value: &Constant, mut limit: isize) -> isize {
    if let Constant::Tuple(items) = value {
        limit -= items.len() as isize;
        for item in items {
            if limit < 0 {
                break;
            }
            limit = remaining_items(item, limit);
        }
    }
    limit
}

fn as_int(constant: &Constant) -> Option<i64> {
    match constant {
        Constant::Int(value) => Some(*value),
        Constant::Bool(value) => Some((*value).into()),
        _ => None,
    }
}

pub(super) fn subscript(value: &Constant, index: &Constant) -> Option<Constant> {
    match value {
        Constant::Str(text) => {
            let chars: Vec<u32> = text.code_points().collect();
            let picked = pick(&chars, index)?;
            let mut text = Wtf8Buf::new();
            picked.many().into_iter().for_each(|c| text.push_code_point(c));
            Some(Constant::Str(text))
        }
        Constant::Bytes(bytes) => Some(match pick(bytes, index)? {
            Picked::One(byte) => Constant::Int(byte.into()),
            Picked::Many(bytes) => Constant::Bytes(bytes),
        }),
        Constant::Tuple(items) => Some(match pick(items, index)? {
            Picked::One(item) => item,
            Picked::Many(items) => Constant::Tuple(items),
        }),
        _ => None,
    }
}

enum Picked<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Picked<T> {
    fn many(self) -> Vec<T> {
        match self {
            Picked::One(item) => vec![item],
            Picked::Many(items) => items,
        }
    }
}

fn pick<T: Clone>(items: &[T], index: &Constant) -> Option<Picked<T>> {
    let len = i64::try_from(items.len()).ok()?;
    if let Some(i) = as_int(index) {
        let i = if i < 0 { i + len } else { i };
        return items.get(usize::try_from(i).ok()?).cloned().map(Picked::One);
    }
    let Constant::Slice(parts) = index else { return None };
    let part = |constant: &Constant| match constant {
        Constant::None => Some(None),
        constant => as_int(constant).map(Some),
    };
    let step = part(&parts[2])?.unwrap_or(1);
    if step == 0 || step == i64::MIN {
        return None;
    }
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let bound = |value: Option<i64>, default: i64| match value {
        None => default,
        Some(value) if value < 0 => value.saturating_add(len).max(low),
        Some(value) => value.min(high),
    };
    let (start, stop) = if step > 0 {
        (bound(part(&parts[0])?, 0), bound(part(&parts[1])?, len))
    } else {
        (bound(part(&parts[0])?, len - 1), bound(part(&parts[1])?, -1))
    };
    let mut picked = Vec::new();
    let mut i = start;
    while if step > 0 { i < stop } else { i > stop } {
        picked.push(items[usize::try_from(i).ok()?].clone());
        i = i.checked_add(step)?;
    }
    Some(Picked::Many(picked))
}
