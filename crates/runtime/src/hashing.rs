//! `hash()`.

use crate::error::*;
use object::*;

/// `hash(value)`.
#[inline]
pub fn hash_of(cx: &mut Cx, value: Value) -> PyResult<i64> {
    if let Some(s) = value.cast::<Str>() {
        return Ok(s.hash());
    }
    if let Some(i) = value.as_int() {
        return Ok(object::hash::hash_i64(i.get()));
    }
    match remembered_tuple_hash(value) {
        Some(hash) => Ok(hash),
        None => hash_slow(cx, value),
    }
}

/// The hash that a tuple, or an instance of a subclass that hashes as tuples do, has remembered.
#[inline]
fn remembered_tuple_hash(value: Value) -> Option<i64> {
    object::dict::plain_tuple(value)?.cached_hash()
}

fn hash_slow(cx: &mut Cx, value: Value) -> PyResult<i64> {
    match cx.class_of(value).slots.hash.get() {
        Some(slot) => slot(cx, value),
        None => Err(unhashable(cx, value)),
    }
}

#[cold]
pub fn unhashable(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("unhashable type: '{name}'"))
}

/// The hash of an object by its identity.
pub fn hash_identity(value: Value) -> i64 {
    match (value.id() as i64).wrapping_shr(4) ^ (value.id() as i64).wrapping_shl(60) {
        -1 => -2,
        h => h,
    }
}
