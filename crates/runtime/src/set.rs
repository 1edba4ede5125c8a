//! Lookups in sets that may have to run Python's `==`, and operations between sets.
//!
//! Drives [`object::set::Found`] as [`crate::dict`] does its dicts.

use crate::hashing::hash_of;
use crate::prelude::*;
use object::set::Found;

/// Hash an element; an unhashable one is reported as CPython does for sets.
#[inline]
pub fn hash_element(cx: &mut Cx, key: Value) -> PyResult<i64> {
    if let Some(s) = key.cast::<Str>() {
        return Ok(s.hash());
    }
    match hash_of(cx, key) {
        Ok(hash) => Ok(hash),
        Err(raised) => Err(crate::dict::explain_unhashable(cx, key, raised, "a set element")),
    }
}

/// The table slot of `key`, or the slot that a new key belongs into.
#[inline]
fn lookup(cx: &mut Cx, set: Gc<Set>, key: Value, hash: i64) -> PyResult<Result<usize, usize>> {
    match set.find_plain(key, hash) {
        Some(found) => Ok(found),
        None => lookup_asking(cx, set, key, hash),
    }
}

/// A lookup that has to ask Python.
#[inline(never)]
fn lookup_asking(cx: &mut Cx, set: Gc<Set>, key: Value, hash: i64) -> PyResult<Result<usize, usize>> {
    let mut found = set.find(key, hash);
    loop {
        match found {
            Found::At(i) => return Ok(Ok(i)),
            Found::Absent(i) => return Ok(Err(i)),
            Found::Ask { key: other, index, cursor } => {
                let equal = equals(cx, other, key)?;
                found = if !cursor.is_valid(set, index, other) {
                    set.find(key, hash)
                } else if equal {
                    return Ok(Ok(index));
                } else {
                    set.find_from(cursor, key, hash)
                };
            }
        }
    }
}

#[inline]
pub fn contains_hashed(cx: &mut Cx, set: Gc<Set>, key: Value, hash: i64) -> PyResult<bool> {
    if let Some(known) = set.contains_at_once(key, hash) {
        return Ok(known);
    }
    Ok(lookup(cx, set, key, hash)?.is_ok())
}

pub fn contains(cx: &mut Cx, set: Gc<Set>, key: Value) -> PyResult<bool> {
    let hash = hash_element(cx, key)?;
    contains_hashed(cx, set, key, hash)
}

/// Add a key; false when it was there.
pub fn add_hashed(cx: &mut Cx, set: Gc<Set>, key: Value, hash: i64) -> PyResult<bool> {
    match lookup(cx, set, key, hash)? {
        Ok(_) => Ok(false),
        Err(slot) => {
            set.insert_at(&mut cx.heap, slot, key, hash).or_raise(cx)?;
            Ok(true)
        }
    }
}

pub fn add(cx: &mut Cx, set: Gc<Set>, key: Value) -> PyResult<()> {
    let hash = hash_element(cx, key)?;
    add_hashed(cx, set, key, hash).map(|_| ())
}

/// Remove a key; false when it was not there.
pub fn discard_hashed(cx: &mut Cx, set: Gc<Set>, key: Value, hash: i64) -> PyResult<bool> {
    match lookup(cx, set, key, hash)? {
        Ok(slot) => {
            set.remove_at(slot);
            Ok(true)
        }
        Err(_) => Ok(false),
    }
}

pub fn discard(cx: &mut Cx, set: Gc<Set>, key: Value) -> PyResult<bool> {
    let hash = hash_element(cx, key)?;
    discard_hashed(cx, set, key, hash)
}

/// Add the items of any iterable.
pub fn update(cx: &mut Cx, set: Gc<Set>, from: Value) -> PyResult<()> {
    if let Some(other) = from.cast::<Set>() {
        return merge(cx, set, other);
    }
    if let Some(dict) = crate::dict::plain_dict(cx, from) {
        make_room(cx, set, dict.len())?;
        let mut i = 0;
        while let Some((at, key, _)) = dict.next_entry(i) {
            i = at + 1;
            let hash = dict.entry_hash(at);
            add_hashed(cx, set, key, hash)?;
        }
        return Ok(());
    }
    for_each(cx, from, |cx, item| add(cx, set, item))
}

/// One resize up front where `n` more elements might not fit, as CPython does: the order of iteration depends on it.
fn make_room(cx: &mut Cx, set: Gc<Set>, n: usize) -> PyResult<()> {
    if (set.fill() + n) * 5 >= set.mask() * 3 {
        set.resize(&mut cx.heap, (set.len() + n) * 2).or_raise(cx)?;
    }
    Ok(())
}

/// Add the elements of another set.
pub fn merge(cx: &mut Cx, set: Gc<Set>, other: Gc<Set>) -> PyResult<()> {
    if set == other || other.is_empty() {
        return Ok(());
    }
    make_room(cx, set, other.len())?;
    if set.copy_layout(&mut cx.heap, other).or_raise(cx)? {
        return Ok(());
    }
    let is_fresh = set.fill() == 0;
    let mut i = 0;
    while let Some((at, key, hash)) = other.next_slot(i) {
        i = at + 1;
        if is_fresh {
            set.insert_new(&mut cx.heap, key, hash).or_raise(cx)?;
        } else {
            add_hashed(cx, set, key, hash)?;
        }
    }
    Ok(())
}

/// A new set of class `shape` with the elements of `from`.
pub fn copy(cx: &mut Cx, shape: ShapeId, from: Gc<Set>) -> PyResult<Gc<Set>> {
    let new = Set::with_shape(&mut cx.heap, shape);
    merge(cx, new, from)?;
    Ok(new)
}
