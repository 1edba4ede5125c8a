//! Lookups in dicts that may have to run Python's `==`, and merging.
//!
//! Drives [`object::dict::Found`]: a lookup that asks for a comparison goes on afterwards, or starts over when the
//! comparison changed the table. String keys never get that far.

use crate::hashing::hash_of;
use crate::prelude::*;
use object::dict::Found;

/// Hash a key; an unhashable one is reported as CPython does for dicts.
#[inline]
pub fn hash_key(cx: &mut Cx, key: Value) -> PyResult<i64> {
    if let Some(s) = key.cast::<Str>() {
        return Ok(s.hash());
    }
    match hash_of(cx, key) {
        Ok(hash) => Ok(hash),
        Err(raised) => Err(explain_unhashable(cx, key, raised, "a dict key")),
    }
}

/// Replace the TypeError of `hash(key)` by one that says what the key was meant for.
#[cold]
pub(crate) fn explain_unhashable(cx: &mut Cx, key: Value, raised: Raised, role: &str) -> Raised {
    let cause = cx.peek_raised();
    if cx.class_of(cause) != cx.types().TypeError {
        return raised;
    }
    let cause = cx.take_raised(raised);
    let text = match str_of(cx, cause) {
        Ok(text) => text.to_string(),
        Err(raised) => return raised,
    };
    let name = type_name(cx, key);
    let raised = type_error(cx, format_args!("cannot use '{name}' as {role} ({text})"));
    let Some(exception) = cx.peek_raised().cast::<Exception>() else { return raised };
    let _ = cx.take_raised(raised);
    crate::exceptions::raise_from(cx, exception, cause)
}

/// The entry with this key.
#[inline]
pub fn find(cx: &mut Cx, dict: Gc<Dict>, key: Value, hash: i64) -> PyResult<Option<usize>> {
    match dict.find_plain(key, hash) {
        Some(found) => Ok(found),
        None => find_asking(cx, dict, key, hash),
    }
}

#[inline(never)]
fn find_asking(cx: &mut Cx, dict: Gc<Dict>, key: Value, hash: i64) -> PyResult<Option<usize>> {
    let mut found = dict.find(key, hash);
    loop {
        match found {
            Found::At(i) => return Ok(Some(i)),
            Found::Absent => return Ok(None),
            Found::Ask { key: other, index, cursor } => {
                let equal = equals(cx, other, key)?;
                found = if !cursor.is_valid(dict, index, other) {
                    dict.find(key, hash)
                } else if equal {
                    return Ok(if dict.value_at(index).is_bound() { Some(index) } else { None });
                } else {
                    dict.find_from(cursor, key, hash)
                };
            }
        }
    }
}

pub fn get(cx: &mut Cx, dict: Gc<Dict>, key: Value) -> PyResult<Option<Value>> {
    let hash = hash_key(cx, key)?;
    get_hashed(cx, dict, key, hash)
}

#[inline]
pub fn get_hashed(cx: &mut Cx, dict: Gc<Dict>, key: Value, hash: i64) -> PyResult<Option<Value>> {
    Ok(find(cx, dict, key, hash)?.map(|i| dict.value_at(i)))
}

pub fn contains(cx: &mut Cx, dict: Gc<Dict>, key: Value) -> PyResult<bool> {
    let hash = hash_key(cx, key)?;
    Ok(find(cx, dict, key, hash)?.is_some())
}

pub fn set(cx: &mut Cx, dict: Gc<Dict>, key: Value, value: Value) -> PyResult<()> {
    let hash = hash_key(cx, key)?;
    set_hashed(cx, dict, key, hash, value)
}

#[inline]
pub fn set_hashed(cx: &mut Cx, dict: Gc<Dict>, key: Value, hash: i64, value: Value) -> PyResult<()> {
    match find(cx, dict, key, hash)? {
        Some(i) => {
            dict.set_value_at(i, value);
            Ok(())
        }
        None => dict.append(&mut cx.heap, key, hash, value).or_raise(cx),
    }
}

/// Remove a key; the value that was there.
pub fn remove(cx: &mut Cx, dict: Gc<Dict>, key: Value) -> PyResult<Option<Value>> {
    let hash = hash_key(cx, key)?;
    remove_hashed(cx, dict, key, hash)
}

pub fn remove_hashed(cx: &mut Cx, dict: Gc<Dict>, key: Value, hash: i64) -> PyResult<Option<Value>> {
    Ok(find(cx, dict, key, hash)?.map(|i| dict.remove_at(i)))
}

/// The value of `key`, stored as `default` first when it is absent.
pub fn set_default(cx: &mut Cx, dict: Gc<Dict>, key: Value, default: Value) -> PyResult {
    let hash = hash_key(cx, key)?;
    match find(cx, dict, key, hash)? {
        Some(i) => Ok(dict.value_at(i)),
        None => {
            dict.append(&mut cx.heap, key, hash, default).or_raise(cx)?;
            Ok(default)
        }
    }
}

/// A new plain dict with the same items.
pub fn copy(cx: &mut Cx, dict: Gc<Dict>) -> PyResult<Gc<Dict>> {
    let new = Dict::new(&mut cx.heap);
    dict.copy_into(&mut cx.heap, new).or_raise(cx)?;
    Ok(new)
}

/// Store the items of dict `from` into `to`.
pub fn merge(cx: &mut Cx, to: Gc<Dict>, from: Gc<Dict>) -> PyResult<()> {
    merge_with(cx, to, from, true)
}

/// As [`merge`]; without `replace`, keys that are there already keep their value.
pub fn merge_with(cx: &mut Cx, to: Gc<Dict>, from: Gc<Dict>, replace: bool) -> PyResult<()> {
    if to == from || from.is_empty() {
        return Ok(());
    }
    if to.is_empty() && to.n_entries() == 0 && !to.is_cells() {
        return from.copy_into(&mut cx.heap, to).or_raise(cx);
    }
    let expected = from.len();
    let mut i = 0;
    while let Some((at, key, value)) = from.next_entry(i) {
        i = at + 1;
        let hash = from.entry_hash(at);
        match find(cx, to, key, hash)? {
            Some(_) if !replace => {}
            Some(found) => to.set_value_at(found, value),
            None => to.append(&mut cx.heap, key, hash, value).or_raise(cx)?,
        }
        if from.len() != expected {
            return Err(runtime_error(cx, "dict mutated during update"));
        }
    }
    Ok(())
}

/// `to.update(from)`: from a dict, from whatever has `keys`, or from a sequence of pairs.
pub fn update(cx: &mut Cx, to: Gc<Dict>, from: Value) -> PyResult<()> {
    if let Some(dict) = plain_dict(cx, from) {
        return merge(cx, to, dict);
    }
    let name = cx.names().keys;
    if from.is_a::<Dict>() || get_attr_opt(cx, from, name)?.is_some() {
        return merge_mapping(cx, to, from);
    }
    merge_pairs(cx, to, from)
}

/// The dict in `v` when iterating it cannot be overridden.
pub fn plain_dict(cx: &Cx, v: Value) -> Option<Gc<Dict>> {
    let dict = v.cast::<Dict>()?;
    let (class, types) = (cx.class_of(v), cx.types());
    if class == types.dict {
        return Some(dict);
    }
    let same_iter = match (class.slots.iter.get(), types.dict.slots.iter.get()) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        _ => false,
    };
    if same_iter { Some(dict) } else { None }
}

/// Store the items of a mapping with `keys` and `__getitem__`.
pub fn merge_mapping(cx: &mut Cx, to: Gc<Dict>, from: Value) -> PyResult<()> {
    let name = cx.names().keys;
    let keys = call_method(cx, from, name, &[])?;
    let iterator = get_iter(cx, keys)?;
    while let Some(key) = next(cx, iterator)? {
        let value = get_item(cx, from, key)?;
        set(cx, to, key, value)?;
    }
    Ok(())
}

/// Store pairs from a sequence of two-item sequences.
pub fn merge_pairs(cx: &mut Cx, to: Gc<Dict>, from: Value) -> PyResult<()> {
    let iterator = get_iter(cx, from)?;
    let mut n = 0;
    while let Some(item) = next(cx, iterator)? {
        if let Some(pair) = item.cast::<Tuple>()
            && pair.len() == 2
        {
            set(cx, to, pair.get(0), pair.get(1))?;
            n += 1;
            continue;
        }
        let pair = match to_list(cx, item) {
            Ok(pair) => pair,
            Err(raised) => {
                let class = cx.types().TypeError;
                if !crate::iterate::is_iterable(cx, item) {
                    cx.catch(raised, class)?;
                    let raised = type_error(cx, "object is not iterable");
                    let error = cx.take_raised(raised);
                    let text = format!("Cannot convert dictionary update sequence element #{n} to a sequence");
                    let (name, note) = (cx.heap.intern("add_note"), cx.heap.str(&text));
                    call_method(cx, error, name, &[note])?;
                    return Err(cx.raise(error));
                }
                return Err(raised);
            }
        };
        let (Some(key), Some(value), 2) = (pair.get(0), pair.get(1), pair.len()) else {
            let len = pair.len();
            return Err(value_error(
                cx,
                format_args!("dictionary update sequence element #{n} has length {len}; 2 is required"),
            ));
        };
        set(cx, to, key, value)?;
        n += 1;
    }
    Ok(())
}

/// Store keyword arguments.
pub fn merge_keywords(cx: &mut Cx, to: Gc<Dict>, args: Args<'_>) -> PyResult<()> {
    for (name, value) in args.keywords() {
        set(cx, to, name.value(), value)?;
    }
    Ok(())
}
